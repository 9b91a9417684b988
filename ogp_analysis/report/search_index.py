"""An index of words in pieces that a page loads as it needs them: which of very many texts hold a word."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator

# One sign a digit: the lower half ends a number, the upper half goes on. None of them ends a text or script.
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%()*+,-./:;=?@[]^_{"
BASE = len(SIGNS) // 2
# Characters of one piece: loaded in milliseconds from a disk, and not too many files.
PIECE = 150_000
WORD = re.compile(r"[^\W_]+")


def numbers_as_text(numbers: Iterable[int]) -> str:
    """Write rising numbers by their distances, the first from -1; small ones take one sign.

    >>> numbers_as_text([0, 1, 5, 100])
    '114iB'
    """
    text, last = [], -1
    for number in numbers:
        distance, last = number - last, number
        digits = [SIGNS[distance % BASE]]
        while distance >= BASE:
            distance //= BASE
            digits.append(SIGNS[BASE + distance % BASE])
        text.append("".join(reversed(digits)))
    return "".join(text)


class WordIndex:
    """Words of texts, and in which texts each stands.

    Examples
    --------
    >>> index = WordIndex()
    >>> index.add(0, "agua limpia", "")
    >>> index.add(1, "agua", "ec_1")
    >>> [(first, words) for first, words in index.pieces()]
    [('agua', {'agua': '11', 'ec_1': '2', 'limpia': '1'})]
    """

    def __init__(self) -> None:
        self.texts: dict[str, array[int]] = {}

    def add(self, number: int, text: str, code: str) -> None:
        """Add a text under its number, which rises; its code is found whole too."""
        for word in {*WORD.findall(text), *([code] if code else [])}:
            self.texts.setdefault(word, array("I")).append(number)

    def pieces(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Give pieces in the order of words: the first word of each, and the texts of its words."""
        piece: dict[str, str] = {}
        size = 0
        for word in sorted(self.texts):
            numbers = numbers_as_text(self.texts[word])
            if piece and size + len(word) + len(numbers) > PIECE:
                yield next(iter(piece)), piece
                piece, size = {}, 0
            piece[word] = numbers
            size += len(word) + len(numbers)
        if piece:
            yield next(iter(piece)), piece
