"""The words of the product in Spanish and English: gettext catalogues, looked up by key."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from numbers import Integral

LANGUAGES = ("en", "es")
# Variant of a language whose method has one stage of recorded decisions.
ONE_STAGE = "one_stage"
# And of one whose proposals juries alone rate: no pairs, no third evaluations.
JURY = "jury"
# And of one whose scores rest on one indicator each: no weights to vary.
UNWEIGHTED = "unweighted"
# And of one in whose panels never more than two rate a proposal.
TWOS = "twos"
# And of one that belongs to no published plan.
WITHOUT_PLAN = "without_plan"
# A panel whose title begins with that word stands after it once: panel docente, not panel panel docente.
ONCE = re.compile(r"\b(panel) \1\b", re.IGNORECASE)
# An entry of a gettext catalogue: comments, then a key and a text, each of one quoted line or several.
ENTRY = re.compile(
    r"(?m)^(?P<comments>(?:#[^\n]*\n)*)"
    r"msgid (?P<key>(?:\"[^\n]*\"\n)+)msgstr (?P<text>(?:\"[^\n]*\"(?:\n|\Z))+)"
)
KEYWORD = re.compile(r"(?m)^msg")
FUZZY = re.compile(r"(?m)^#,.*\bfuzzy\b")
ESCAPED = re.compile(r"\\(.)")
OF_LETTER = {"n": "\n", "t": "\t", "r": "\r"}
MINUS = "−"  # a hyphen is none
NOISELESS = 9  # decimals up to which a computed number is what it means


class Language(str):
    """A reader's language, with the titles that a method gives to its own codes.

    It is the text ``"en"`` or ``"es"`` wherever a language is wanted; beside that, `say` and `has` look a key
    such as ``"criterion.merit"`` up among its titles before they look into the catalogues.

    Examples
    --------
    >>> language = Language("es", {"criterion.merit": "mérito"})
    >>> language == "es", say("criterion.merit", language), say("level.high", language)
    (True, 'mérito', 'alto')
    """

    titles: Mapping[str, str]
    variant: str
    elsewhere: Mapping[str, Mapping[str, str]]

    def __new__(
        cls,
        code: str,
        titles: Mapping[str, str] | None = None,
        variant: str = "",
        elsewhere: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Language:
        """Make the text of a language's code that carries titles.

        Where there is a ``variant``, the text under ``key.variant`` stands in the place of ``key``; of
        several, with blanks between them, the first that has a text. ``elsewhere`` holds the titles in the
        other languages, by their codes.
        """
        made = super().__new__(cls, code)
        made.titles, made.variant, made.elsewhere = dict(titles or {}), variant, dict(elsewhere or {})
        return made

    def __reduce__(self) -> tuple[type[Language], tuple[str, Mapping[str, str], str, Mapping]]:
        return Language, (str(self), self.titles, self.variant, self.elsewhere)

    def to(self, code: str) -> Language:
        """Give another language, with the same method's titles in it.

        >>> merit = {"en": {"criterion.merit": "merit"}, "es": {"criterion.merit": "mérito"}}
        >>> say("criterion.merit", Language("en", merit["en"], elsewhere=merit).to("es"))
        'mérito'
        """
        known = {**self.elsewhere, str(self): self.titles}
        return Language(code, known.get(code, {}), self.variant, known)


def every_language(language: str) -> tuple[str, ...]:
    """Give the languages of the product, with the titles that a language carries.

    >>> every_language("es")
    ('en', 'es')
    """
    return tuple(language.to(code) if isinstance(language, Language) else code for code in LANGUAGES)


def _titles(language: str) -> Mapping[str, str]:
    return language.titles if isinstance(language, Language) else {}


def _chosen(key: str, language: str) -> str:
    """Give the key under which a text stands: that of the language's variant, where there is one."""
    if isinstance(language, Language) and language.variant:
        own = (f"{key}.{variant}" for variant in language.variant.split())
        return next((one for one in own if one in catalogue(language)), key)
    return key


@cache
def catalogue(language: str) -> dict[str, str]:
    """Read every catalogue of one language.

    >>> catalogue("es")["level.high"]
    'alto'
    """
    if language not in LANGUAGES:
        message = f"language {language!r} is not one of {', '.join(LANGUAGES)}"
        raise LookupError(message)
    texts: dict[str, str] = {}
    for file in sorted(_folder(language).iterdir(), key=lambda path: path.name):
        if file.name.endswith(".po"):
            texts |= _read(file.read_bytes())
    return texts


def _folder(language: str) -> Traversable:
    return resources.files("ogp_analysis") / "data" / "texts" / language


def _read(content: bytes) -> dict[str, str]:
    r"""Read the translated texts of a catalogue that has no plurals and no contexts, as all of ours.

    >>> _read(b'# how high\nmsgid "high"\nmsgstr ""\n"a \\"high\\""\n" level"\n')
    {'high': 'a "high" level'}
    """
    # Read as they are, so that no compiled file can be older than its .po, and without babel: every command
    # would wait for it a tenth of a second.
    lines = content.decode("utf-8").replace("\r\n", "\n")
    entries = list(ENTRY.finditer(lines))
    if len(entries) * 2 != len(KEYWORD.findall(lines)):
        message = f"{len(entries)} texts in a catalogue of {len(KEYWORD.findall(lines))} keywords"
        raise ValueError(message)
    texts = {
        _joined(entry["key"]): _joined(entry["text"])
        for entry in entries
        if not FUZZY.search(entry["comments"])
    }
    # The empty key is the header.
    return {key: text for key, text in texts.items() if key and text}


def _joined(lines: str) -> str:
    """Join the quoted lines of one text; an escaped letter stands for what it does in C."""
    text = "".join(line.strip()[1:-1] for line in lines.split("\n"))
    return ESCAPED.sub(lambda letter: OF_LETTER.get(letter[1], letter[1]), text) if "\\" in text else text


def say(key: str, language: str = "en", **values: object) -> str:
    """Look a text up and fill in its values.

    Parameters
    ----------
    key : str
        Key of the text, such as ``"category.1"``.
    language : str
        ``"en"`` or ``"es"``.
    **values
        What the placeholders of the text stand for. Where a whole number has words of its own, under the key
        of the text, a point and the name of the placeholder, `counted` puts them in its place.

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
    >>> say("ratings.absent_panel", "es", panel="panel docente")[:25]
    'el panel docente no tiene'
    >>> counts = {"evaluators": 1, "ratings": 9, "thirds": 0, "proposals": 1, "lacking": 0}
    >>> counts |= {"left_out": 0, "broken": 0}
    >>> say("headline.ratings", **counts)[:78]
    '1 evaluator gave 9 independent ratings and no third evaluation of 1 proposal; '
    """
    if key in _titles(language):
        return _titles(language)[key]
    try:
        text = catalogue(language)[_chosen(key, language)]
    except KeyError:
        message = f"no text {key!r} in the {language!r} catalogues"
        raise LookupError(message) from None
    if not values:
        return text
    worded = {
        name: counted(f"{key}.{name}", int(value), language, **values)
        for name, value in values.items()
        if isinstance(value, Integral) and f"{key}.{name}" in catalogue(language)
    }
    return ONCE.sub(r"\1", text.format(**(values | worded)))


def counted(key: str, count: int, language: str = "en", /, **values: object) -> str:
    """Say a count with its words, which differ for one and for none where the catalogue says so.

    Parameters
    ----------
    key : str
        Key of the words for many; those for one and none, where they differ, end in ``.one`` and ``.none``.
    count : int
        The number, 0 or more: the placeholder ``count``.
    language : str
        ``"en"`` or ``"es"``.
    **values
        What other placeholders of the words stand for.

    Returns
    -------
    str
        The words.

    Raises
    ------
    LookupError
        The key is in no catalogue of the language.

    Examples
    --------
    >>> [counted("headline.review.lacking", count) for count in (0, 1, 2)]
    ['none is lacking', '1 is lacking', '2 are lacking']
    """
    key = _chosen(key, language)
    special = f"{key}.{'one' if count else 'none'}"
    chosen = special if count <= 1 and has(special, language) else key
    return say(chosen, language, **{**values, "count": count})


def has(key: str, language: str = "en") -> bool:
    """Say whether a key has a text.

    Parameters
    ----------
    key : str
        Key of a text.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    bool
        Whether `say` would find it.

    Examples
    --------
    >>> has("category.1"), has("category.9")
    (True, False)
    """
    return key in _titles(language) or key in catalogue(language)


def titled(key: str, language: str) -> bool:
    """Say whether a method gives its own title under a key.

    Parameters
    ----------
    key : str
        Such as ``"category.1"``.
    language : str
        A code; only a `Language` has titles.

    Returns
    -------
    bool
        False where the text is that of the catalogues.

    Examples
    --------
    >>> titled("category.1", Language("es", {"category.1": "sigue"})), titled("category.1", "es")
    (True, False)
    """
    return key in _titles(language)


def exact(value: float, language: str = "en") -> str:
    """Write a number with the decimals that it has, at least one: ``0.25`` in English, ``0,25`` in Spanish.

    >>> exact(1), exact(0.25, "es")
    ('1.0', '0,25')
    """
    text = str(float(value))
    return text.replace(".", ",") if language == "es" else text


def points(value: float, language: str = "en") -> str:
    """Write a number of points of a scale with its unit, which is one point for 1 alone.

    >>> points(1.0), points(0.5, "es"), points(0, "es"), points(25.0)
    ('1 point', '0,5 puntos', '0 puntos', '25 points')
    """
    count = str(int(value)) if float(value).is_integer() else exact(value, language)
    return say("points.one" if count == "1" else "points", language, count=count)


def number(value: float, language: str = "en", digits: int = 2) -> str:
    """Write a number with fixed decimals: ``3.14`` in English, ``3,14`` in Spanish, as Ecuador writes it.

    Parameters
    ----------
    value : float
        NaN gives an en dash, what has no end its sign.
    language : str
        ``"en"`` or ``"es"``.
    digits : int
        Decimals, 0 or more.

    Returns
    -------
    str
        Rounded half to even where the value lies exactly halfway, as 0.125 does; 2.675 does not, because the
        nearest float is a little less. What rounds to zero has no sign; the sign is a minus, no hyphen.

    Examples
    --------
    >>> number(0.125, "es"), number(-0.001), number(float("nan")), number(float("inf"))
    ('0,12', '0.00', '–', '∞')
    >>> number(9.25, digits=1), number(9.250000000000002, digits=1)
    ('9.2', '9.2')
    """
    # NaN is the one number that is not itself.
    if value != value:
        return "–"
    if value in (math.inf, -math.inf):
        return f"{MINUS if value < 0 else ''}∞"
    # z: no negative zero. Rounded before, so that the noise of floats decides no tie: 9.25 and what was
    # computed as 9.250000000000002 are shown alike.
    return signs(f"{round(value, NOISELESS):z.{digits}f}", language)


def signs(text: str, language: str = "en") -> str:
    """Put the reader's decimal sign and a true minus into a number that is written already.

    >>> signs("-0.25", "es"), signs("-5")
    ('−0,25', '−5')
    """
    text = text.replace("-", MINUS)
    return text.replace(".", ",") if language == "es" else text
