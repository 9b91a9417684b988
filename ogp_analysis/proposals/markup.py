"""Text of platforms: markup taken off, broken letters mended. The result is text, never markup."""

from __future__ import annotations

import html
import re
import unicodedata

from ogp_analysis.tabular.table_from_records import MOJIBAKE, repaired

BLOCKS = (
    "address article blockquote br dd div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li ol p pre "
    "section table td th tr ul"
)
INLINE = (
    "a abbr audio b big body button center cite code del em embed font form head html i iframe img input "
    "ins kbd label link mark meta object q s samp small source span strike strong sub sup svg tbody thead "
    "title tt u var video"
)
DROPPED = ("script", "style")
BLOCK = re.compile(rf"</?(?:{'|'.join(BLOCKS.split())})(?:[\s/][^<>]*)?>", re.IGNORECASE)
ANY = re.compile(rf"</?(?:{'|'.join(INLINE.split() + list(DROPPED))})(?:[\s/][^<>]*)?>", re.IGNORECASE)
# Not the single blanks, which are nearly all there are.
SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
LINES = re.compile(r" ?\n ?(?:\n ?)*")
# As `tabular` names them in cells: characters that control something, and halves of broken letters.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def to_text(markup: str) -> str:
    r"""Take HTML off a text: elements of HTML go, scripts and styles with their content, all else stays.

    What only looks like a tag, such as ``a <b y c``, stays as typed. Every step takes time in proportion to
    the length of the text, however hostile it is.

    >>> to_text("<p>Datos&nbsp;abiertos</p><p>3 < 4 <img src=x onerror=alert(1)></p>")
    'Datos abiertos\n3 < 4'
    """
    if "<" not in markup and "&" not in markup:
        return markup
    text = _without(markup, "<!--", "-->")
    for name in DROPPED:
        text = _without(text, f"<{name}", f"</{name}")
    text = html.unescape(ANY.sub("", BLOCK.sub("\n", text)))
    return LINES.sub("\n", SPACES.sub(" ", unicodedata.normalize("NFC", text))).strip()


def _without(text: str, start: str, end: str) -> str:
    folded = text.lower()
    # Lower case can change the length of a text (U+0130): then positions would not fit.
    if start not in folded or len(folded) != len(text):
        return text
    kept: list[str] = []
    place = 0
    while True:
        begin = folded.find(start, place)
        stop = folded.find(end, begin) if begin >= 0 else -1
        if stop < 0:
            return "".join([*kept, text[place:]])
        close = stop + len(end) if end.endswith(">") else folded.find(">", stop) + 1
        kept.append(text[place:begin])
        place = close or len(text)


def legible(text: str) -> str:
    r"""Mend what was broken when an export was saved: UTF-8 read as cp1252, and characters of control.

    >>> legible("ParticipaciÃ³n"), legible("uno\x96dos"), legible("Núcleo")
    ('Participación', 'unodos', 'Núcleo')
    """
    if text.isascii() and text.isprintable():
        return text
    # Letter by letter: one text may hold broken letters beside whole ones.
    mended = MOJIBAKE.sub(lambda broken: repaired(broken[0]), text)
    return CONTROL.sub("", mended)
