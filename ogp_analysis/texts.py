"""The words of the product in Spanish and English: gettext catalogues, looked up by key."""

from __future__ import annotations

import gettext
import io
from functools import cache
from importlib import resources

LANGUAGES = ("en", "es")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Read every catalogue of one language.

    Parameters
    ----------
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    dict
        Text by key; the key's first part is the name of its file.

    Raises
    ------
    LookupError
        The language has no catalogue.
    """
    if language not in LANGUAGES:
        message = f"language {language!r} is not one of {', '.join(LANGUAGES)}"
        raise LookupError(message)
    texts: dict[str, str] = {}
    for file in sorted(_folder(language).iterdir(), key=lambda path: path.name):
        if file.name.endswith(".po"):
            texts |= _read(file.read_bytes())
    return texts


def _folder(language: str):
    return resources.files("ogp_analysis") / "data" / "texts" / language


def _read(content: bytes) -> dict[str, str]:
    # Imported here: babel costs more than a command line's --help may take.
    from babel.messages import mofile, pofile

    compiled = io.BytesIO()
    mofile.write_mo(compiled, pofile.read_po(io.BytesIO(content)))
    compiled.seek(0)
    entries = gettext.GNUTranslations(compiled)._catalog
    return {key: text for key, text in entries.items() if key}


def say(key: str, language: str = "en", **values: object) -> str:
    """Look a text up and fill in its values.

    Parameters
    ----------
    key : str
        Key of the text, such as ``"category.1"``.
    language : str
        ``"en"`` or ``"es"``.
    **values
        What the placeholders of the text stand for.

    Returns
    -------
    str
        The text.

    Raises
    ------
    LookupError
        The key is in no catalogue of the language.

    Examples
    --------
    >>> say("category.1", "es")
    'Categoría 1: propuestas que se incluyen en el plan como compromisos'
    """
    try:
        text = catalogue(language)[key]
    except KeyError:
        message = f"no text {key!r} in the {language!r} catalogues"
        raise LookupError(message) from None
    return text.format(**values) if values else text


def has(key: str, language: str = "en") -> bool:
    """Say whether a key has a text."""
    return key in catalogue(language)


def number(value: float, language: str = "en", digits: int = 2) -> str:
    """Write a number with fixed decimals, half to even: ``3.14`` in English, ``3,14`` in Spanish.

    Ecuador writes a decimal comma; the digits are rounded from the decimal text of the value, so that 0.125
    at two digits is 0.12 everywhere.
    """
    if value != value:
        return "–"
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language == "es" else text
