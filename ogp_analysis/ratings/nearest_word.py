"""The word most like a mistyped one; compared so often only that no file stalls a reader."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from ogp_analysis.tabular import key_of

# Our choice: some seconds of comparing. A file with more words that nobody knows is no file of slips.
MOST_COMPARED = 200_000
# S1 is S01: spreadsheets drop the zeros of a number, and people those of a code.
ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
SIGN = re.compile(r"(?<=[a-z])_(?=[0-9])")


class Likeness:
    """Words there are, each with what it stands for, by their folded form.

    Parameters
    ----------
    known : mapping of str to str
        What each folded word stands for.
    cutoff : float
        From which ratio of ``difflib`` on two words are alike.
    most : int
        How many words are compared in all; of what is asked for beyond nothing is like it.

    Examples
    --------
    >>> words = Likeness({"tiempo": "time", "recursos": "resources"}, cutoff=0.6)
    >>> words.nearest("tienpo"), words.nearest("belleza")
    ('time', '')
    >>> Likeness({"tiempo": "time", "recursos": "resources"}, cutoff=0.6, most=1).nearest("tienpo")
    ''
    """

    def __init__(self, known: Mapping[str, str], *, cutoff: float, most: int = MOST_COMPARED) -> None:
        self.known, self.cutoff, self.left = known, cutoff, most
        self.answers: dict[str, str] = {}

    def nearest(self, word: str) -> str:
        """Give what the word most like this one stands for, empty where none is like it."""
        folded = key_of(word)
        if folded not in self.answers:
            self.answers[folded] = self._compared(folded)
        return self.answers[folded]

    def _compared(self, folded: str) -> str:
        self.left -= len(self.known)
        if self.left < 0:
            return ""
        close = difflib.get_close_matches(folded, list(self.known), n=1, cutoff=self.cutoff)
        return self.known[close[0]] if close else ""


class Codes:
    """Codes there are, asked for the one most like a code that is none of them.

    Parameters
    ----------
    known : iterable of str
        As typed.

    Examples
    --------
    >>> [Codes(["S01", "S11"]).nearest("S1"), Codes(["7", "70"]).nearest("007"), Codes(["S01"]).nearest("x")]
    ['S01', '7', '']
    """

    def __init__(self, known: Iterable[str]) -> None:
        folded = {key_of(code): code for code in known}
        self.plain: dict[str, str] = {}
        for key, code in folded.items():
            self.plain.setdefault(ZEROS.sub("", key), code)
        self.likeness = Likeness(folded, cutoff=0.5)

    def nearest(self, code: str) -> str:
        """Give the code that differs in leading zeros only, else the one most like this; often empty."""
        return self.plain.get(ZEROS.sub("", key_of(code))) or self.likeness.nearest(code)


def alike(codes: Iterable[str]) -> list[list[str]]:
    """Group codes that differ only in zeros in front of a number or in a sign between letters and number.

    >>> alike(["E1", "E02", "E01", "e-1", "1-1", "11"])
    [['E1', 'E01', 'e-1']]
    """
    groups: dict[str, list[str]] = {}
    for code in dict.fromkeys(codes):
        groups.setdefault(ZEROS.sub("", SIGN.sub("", key_of(code))), []).append(code)
    return [group for group in groups.values() if len(group) > 1]
