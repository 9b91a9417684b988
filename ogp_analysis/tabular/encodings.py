"""The encoding of a text: told by a mark, by being valid, or by the letters that it gives; never by hope."""

from __future__ import annotations

import codecs
import re

from ogp_analysis.tabular.table import refuse

BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 (BOM)"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
ASSUMED = "cp1252"
# Others in which Excel for Mac and old programs save; each has all letters of Spanish at other places.
OTHERS = {"mac_roman": "Mac Roman", "cp850": "MS-DOS (cp850)"}
SPANISH = "áéíóúüñÁÉÍÓÚÜÑ"
OPENING, APOSTROPHE = "¿¡", "’"
# French (où) and Italian (più) have it at the end of words only.
LAST = "ùÙ"
# Marks that stand beside words in Spanish texts, and tell nothing of the encoding.
TYPOGRAPHIC = "“”‘’–—…«»•·ªº°€"
# Ours: what decides is long decided after so many letters.
EVIDENCE = 20_000
HIGH = re.compile(rb"[\x80-\xff]")
# A letter that cannot stand where it does weighs more than one that can.
LETTER, MARK, BROKEN_WORD = 1.0, 0.5, -3.0


def decode(content: bytes, file: str) -> tuple[str, str]:
    """Decode bytes; return the text and the name of the encoding.

    Parameters
    ----------
    content : bytes
        The whole file.
    file : str
        Its name, for messages.

    Returns
    -------
    text : str
        Without its byte order mark.
    encoding : str
        Name of the encoding for a reader.

    Raises
    ------
    DataError
        A NUL byte, or bytes that are no UTF-8, and of which it is not certain whether they are cp1252 (of
        which Latin-1 is a part), Mac Roman or cp850.

    Examples
    --------
    >>> decode("Núcleo".encode("cp1252"), "n.csv"), decode("Núcleo".encode("utf-16"), "n.csv")
    (('Núcleo', 'cp1252'), ('Núcleo', 'UTF-16'))
    >>> decode("Núcleo, opción".encode("mac_roman"), "n.csv")
    ('Núcleo, opción', 'Mac Roman')
    """
    for mark, codec, name in BOMS:
        if content.startswith(mark):
            return _checked(_decoded(content[len(mark) :], codec, name=name, file=file), file), name
    if b"\0" in content:
        codec = _bare_utf16(content)
        if not codec:
            refuse("tabular.nul", file=file, row=content[: content.index(b"\0")].count(b"\n") + 1)
        return _checked(_decoded(content, codec, name="UTF-16", file=file), file), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _one_byte(content, file)


def _one_byte(content: bytes, file: str) -> tuple[str, str]:
    places = [match.start() for match, _ in zip(HIGH.finditer(content), range(EVIDENCE), strict=False)]
    texts = {codec: content.decode(codec, "replace") for codec in (ASSUMED, *OTHERS)}
    weights = {codec: sum(_weight(text, place) for place in places) for codec, text in texts.items()}
    certain = [codec for codec in OTHERS if _alone_makes_sense(codec, texts, places)]
    if certain:
        return texts[certain[0]], OTHERS[certain[0]]
    likely = max(OTHERS, key=weights.__getitem__)
    assumed, other = weights[ASSUMED], weights[likely]
    # Where both make Spanish words alike, it is not for us to choose.
    if other > max(assumed, 0) or (other == assumed > 0) or (other > assumed and assumed < 0):
        _doubt(texts[ASSUMED], texts[likely], places, likely=likely, file=file)
    return _decoded(content, ASSUMED, name=ASSUMED, file=file), ASSUMED


def _alone_makes_sense(codec: str, texts: dict[str, str], places: list[int]) -> bool:
    """Say whether all is Spanish in this encoding, while each other one puts letters where none can stand."""
    found = [_weight(texts[codec], place) for place in places]
    spanish = LETTER in found and all(
        weight > 0 or (weight == 0 and texts[codec][place] in TYPOGRAPHIC)
        for weight, place in zip(found, places, strict=True)
    )
    others = (text for other, text in texts.items() if other != codec)
    return spanish and all(any(_weight(text, place) < 0 for place in places) for text in others)


def _weight(text: str, place: int) -> float:
    """Weigh how well a character fits between its neighbours in Spanish."""
    character, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if character.isalpha() and character not in "ªº":
        if (character.islower() and after.isupper()) or (character.isupper() and before.islower()):
            return BROKEN_WORD
        if character in LAST and after.isalpha():
            return BROKEN_WORD
        # A letter alone, without a word, tells nothing.
        return LETTER if character in SPANISH and (before.isalpha() or after.isalpha()) else 0
    if before.isalpha() and after.isalpha() and character != APOSTROPHE:
        return BROKEN_WORD
    return MARK if character in OPENING and after.isalpha() else 0


def _doubt(assumed: str, other: str, places: list[int], *, likely: str, file: str) -> None:
    first = max(places[:1000], key=lambda place: _weight(other, place) - _weight(assumed, place))
    around = slice(max(first - 1, 0), first + 2)
    tried = ", ".join(("UTF-8", ASSUMED, *OTHERS.values()))
    detail = {"likely": OTHERS[likely], "meant": other[around].strip(), "tried": tried}
    row = assumed.count("\n", 0, first) + 1
    refuse("tabular.encoding_doubtful", file=file, row=row, value=assumed[around].strip(), **detail)


def _decoded(content: bytes, codec: str, *, name: str, file: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        refuse("tabular.undecodable", file=file, row=row, encoding=name)


def _checked(text: str, file: str) -> str:
    if "\0" in text:
        refuse("tabular.nul", file=file, row=text.count("\n", 0, text.index("\0")) + 1)
    return text


def _bare_utf16(content: bytes) -> str:
    # Mostly Latin text in UTF-16 has a NUL in nearly every second byte, always on the same side.
    sample = content[:2000]
    half = max(len(sample) // 2, 1)
    if len(content) % 2 == 0 and sample[1::2].count(0) / half > 0.7 and not sample[0::2].count(0):
        return "utf-16-le"
    if len(content) % 2 == 0 and sample[0::2].count(0) / half > 0.7 and not sample[1::2].count(0):
        return "utf-16-be"
    return ""
