"""Text of platforms: markup taken off, contact details masked. The result is text, never markup."""

from __future__ import annotations

import html
import re
import unicodedata

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
MASK = "[…]"
AUTHORS = re.compile(r"[,;]")
EMAIL = re.compile(r"[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
# Ecuador: an identity card (ten digits, province first), a telephone with or without the country's prefix.
NUMBER = re.compile(
    r"(?<![\w.,-])(?:\+?593[ -]?\d{1,2}[ -]?\d{3}[ -]?\d{3,4}"
    r"|(?:0\d|1\d|2[0-4]|30)\d{8}|09\d[ -]\d{3}[ -]\d{4})(?!\w)"
)


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
    kept, place = [], 0
    while True:
        begin = folded.find(start, place)
        stop = folded.find(end, begin) if begin >= 0 else -1
        if stop < 0:
            return "".join([*kept, text[place:]])
        close = stop + len(end) if end.endswith(">") else folded.find(">", stop) + 1
        kept.append(text[place:begin])
        place = close or len(text)


def mask(text: str, name: str = "") -> str:
    """Mask e-mail addresses, telephone and identity-card numbers, and the author's own full name.

    >>> mask("Soy Ana Ruiz, ana@ejemplo.ec, 0991234567", "ana ruiz")
    'Soy […], […], […]'
    """
    if "@" in text:
        text = EMAIL.sub(MASK, text)
    if any(digit in text for digit in "0123"):
        text = NUMBER.sub(MASK, text)
    for each in AUTHORS.split(name):
        text = _without_name(text, each.split())
    return text


def _without_name(text: str, words: list[str]) -> str:
    # A pattern for each author costs more than all the rest: only where the name is there at all.
    if len(words) < 2 or " ".join(words).casefold() not in " ".join(text.split()).casefold():
        return text
    pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)"
    return re.sub(pattern, MASK, text, flags=re.IGNORECASE)
