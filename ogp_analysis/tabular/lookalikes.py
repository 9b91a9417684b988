"""Characters that look like others: a code typed with one of them matches nothing, and nobody sees why."""

from __future__ import annotations

import re
import unicodedata

from ogp_analysis.language.unseen_signs import SPACES, UNSEEN

# Letters of Greek and Cyrillic that are drawn as these of the Latin alphabet.
LATIN = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲ",
        "ABESIJKMHOPCTYXaesijopcyxdqwhABEZHIKMNOPTYXoc",
        strict=True,
    )
)
HYPHENS = "\u2010\u2011\u2212\ufe63\uff0d"
# Longer is prose, where a strange letter changes no meaning.
LONGEST = 40
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+# -]*|[+-]?[0-9.,]+")
# A code of letters and a number, which a space that cannot be seen parts; 1 234 and 5 % are something else.
PARTED = re.compile("[A-Za-z]{1,12} +[0-9]+")


def look_alike(cell: str) -> tuple[str, str, tuple[tuple[str, str], ...]] | None:
    r"""Name the first character of a code that only looks like what it should be.

    >>> look_alike("\u0405\u200d01")[1:]
    ('U+0405', (('name', 'CYRILLIC CAPITAL LETTER DZE'), ('position', '1'), ('meant', 'S')))
    >>> look_alike("S01"), look_alike("Núcleo"), look_alike("Проект-1")
    (None, None, None)
    """
    if cell.isascii() or len(cell) > LONGEST:
        return None
    plain = [meant for meant in map(_plain, cell) if meant is not None]
    if len(plain) < len(cell) or not CODE.fullmatch("".join(plain).strip(" ")):
        return None
    strange = [k for k, character in enumerate(cell) if not character.isascii()]
    if not any(_tells(cell, plain, k) for k in strange):
        return None
    first = next(k for k in strange if _tells(cell, plain, k))
    name = unicodedata.name(cell[first], "?")
    detail = (("name", name), ("position", str(first + 1)), ("meant", plain[first]))
    return "tabular.look_alike", f"U+{ord(cell[first]):04X}", detail


def as_drawn(text: str) -> str:
    r"""Write a text with the plain characters that its own look like.

    >>> as_drawn("y\u0435s\u200b"), as_drawn("\uff13"), as_drawn("sí")
    ('yes', '3', 'sí')
    """
    if text.isascii():
        return text
    plain = [(character, _plain(character)) for character in text]
    return "".join(character if drawn is None else drawn for character, drawn in plain)


def _tells(cell: str, plain: list[str], position: int) -> bool:
    """Say whether a strange character shows a code, and not a word of another alphabet or a plain text."""
    character, meant = cell[position], plain[position]
    word = "".join(plain)
    if SPACES.match(character):
        return bool(PARTED.fullmatch(word))
    one_word = " " not in cell
    # A mark that is not seen is harmless in a text, as where a word was divided on a page.
    if not meant:
        return one_word and any(c.isdigit() for c in word)
    if character in HYPHENS:
        return one_word and any(c.isdigit() for c in word)
    return any(c.isascii() and c.isalnum() for c in cell) or any(c.isdigit() for c in word)


def _plain(character: str) -> str | None:
    """Give what a character looks like in ASCII; None for one that looks like itself."""
    if character.isascii():
        return character
    if UNSEEN.match(character):
        return ""
    if SPACES.match(character):
        return " "
    if character in HYPHENS:
        return "-"
    if character in LATIN:
        return LATIN[character]
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    # Full-width letters and those made for formulas; not punctuation, which a text may want so.
    folded = unicodedata.normalize("NFKC", character)
    wide = character.isalpha() and (
        "\uff21" <= character <= "\uff5a" or "\U0001d400" <= character <= "\U0001d7ff"
    )
    return folded if wide and len(folded) == 1 and folded.isascii() else None
