"""Texts as readers see them, and telephones typed so that no program takes them for one.

A sign that is not seen parts a number or an address for a program and for nobody else; so do blanks that
only look like one, digits in boxes, and a letter O for the zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogp_analysis.language.unseen_signs import SPACES, UNSEEN
from ogp_analysis.privacy.leads import words_read
from ogp_analysis.privacy.spoken_numbers import NUMBER, VALUES

# Within words, numbers and addresses only: between emoji the same signs join several into one picture.
_INSIDE = re.compile(rf"(?<=[\w@.+()-])(?:{UNSEEN.pattern})+(?=[\w@.+()-])")
# A digit in a box counts the points of a list; seven behind one another are a number.
_BOXED = re.compile(r"(?:\d\ufe0f?\u20e3[ -]?){7,}")
_BOX = re.compile("[\ufe0f\u20e3]")
# Mobile telephones of Ecuador: 09 and eight digits, some of them as letters.
_WITH_LETTERS = re.compile(r"(?<![\w.,/-])[0Oo]9(?:[ .-]?[\dOoIl]){8}(?!\w)")
_CALLED = r"(?:tel(?:[ée]fono)?|celular|cel|fono|m[óo]vil|whats?app|wasap|contacto)"
_GLUED = re.compile(rf"(?:(?<!\w)|(?<=\d_)|\b{_CALLED}_?)(?P<number>0?9[2-9]\d{{7}})(?!\d)", re.IGNORECASE)
_BROKEN = re.compile(r"(?<![\w.,/-])09[2-9](?:[ .-]?\d){0,5} ?\n(?:[ .-]?\d){2,7}(?!\w)")
_BEGINS = re.compile(rf"(?<!\w)(?:{NUMBER.pattern}[\s,.-]{{1,3}}){{1,8}}\d(?:[ .-]?\d){{3,8}}(?!\w)")
_TELEPHONE = re.compile(r"09[2-9]\d{7}|0[2-7][2-7]\d{6}")
FEWEST_DIGITS = 6


def as_seen(text: str) -> str:
    r"""Write a text without the signs within its words that nobody sees, and with plain blanks and digits.

    >>> as_seen("09\u200b91\u2060234\u00a0567"), as_seen("👩\u200d🌾"), as_seen("1\ufe0f\u20e3 Agua")
    ('0991234 567', '👩\u200d🌾', '1️⃣ Agua')
    """
    if text.isascii() or _has_letters_of_the_west_only(text):
        return text
    text = _BOXED.sub(lambda run: _BOX.sub("", run[0]), text)
    return SPACES.sub(" ", _INSIDE.sub("", text))


def _has_letters_of_the_west_only(text: str) -> bool:
    """Say whether a text has none of the signs that are taken out: a quick look at what most texts are."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return "\xa0" not in text and "\xad" not in text


def may_hold(text: str) -> bool:
    """Say whether a number is broken over two lines, which the quick looks of others leave out."""
    return "\n" in text and _BROKEN.search(text) is not None


def telephones(text: str) -> Iterator[tuple[int, int]]:
    r"""Find mobile telephones with letters for digits, glued to a word, broken over two lines, half in words.

    >>> texts = ("cel: O99l234567", "tel0991234567ana", "09912\n34567")
    >>> [text[start:end] for text in texts for start, end in telephones(text)]
    ['O99l234567', '0991234567', '09912\n34567']
    """
    for match in _WITH_LETTERS.finditer(text):
        signs = re.findall(r"\w", match[0])
        if FEWEST_DIGITS <= sum(sign.isdigit() for sign in signs) < len(signs):
            yield match.span()
    for match in _GLUED.finditer(text):
        glued = match.start() < match.start("number") or text[match.end() : match.end() + 1].isalpha()
        if glued and match["number"].startswith("09"):
            yield match.span("number")
    yield from (match.span() for match in _BROKEN.finditer(text) if _is_whole(match[0]))
    yield from _half_in_words(text)


def _is_whole(typed: str) -> bool:
    return _TELEPHONE.fullmatch(re.sub(r"\D", "", typed)) is not None


def _half_in_words(text: str) -> Iterator[tuple[int, int]]:
    small = text.lower()
    if words_read(text).isdisjoint(VALUES) or len(small) != len(text):  # a sign may have a small form of two
        return
    for match in _BEGINS.finditer(small):
        words = re.findall(r"[a-z]+|\d+", match[0])
        if _is_whole("".join(str(VALUES.get(word, word)) for word in words)):
            yield match.span()
