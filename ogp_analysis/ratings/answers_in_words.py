"""Answers such as ``3: Accept`` become points, where the method gives its scale in words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from ogp_analysis.model.records import Indicator
from ogp_analysis.ratings.known_words import key_of

# A number before the words ("3: Accept", "3 - Accept", "3) Accept") or after them ("Accept (3)").
BEFORE = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)\s*[:.)=\-\u2013\u2014]*\s*(\D.*)")
AFTER = re.compile(r"(.*\D)\s*\(\s*(-?\d+(?:[.,]\d+)?)\s*\)\s*")


def points_of(answer: str, indicator: Indicator) -> float:
    """Give the points of an answer in words; NaN where it is none of the labels.

    A number beside the words must be the label's points or its place in the list, else nothing is read.

    Parameters
    ----------
    answer : str
        As typed; accents, case, spacing and punctuation do not matter.
    indicator : Indicator
        Its labels, from the lowest to the highest.

    Returns
    -------
    float
        Points of the label.

    Examples
    --------
    >>> from ogp_analysis.model.records import Label
    >>> labels = Label(-1, {"en": "Weak reject"}), Label(1, {"en": "Weak accept", "es": "Aceptación débil"})
    >>> indicator = Indicator("overall", "merit", -1, 1, labels=labels)
    >>> [points_of(answer, indicator) for answer in ("aceptacion debil", "1: Weak Accept", "2 - weak accept")]
    [1.0, 1.0, 1.0]
    >>> points_of("-1: weak accept", indicator), points_of("maybe", indicator)
    (nan, nan)
    """
    for number, words in _parts(answer):
        for place, label in enumerate(indicator.labels, start=1):
            if key_of(words) in _words(label.titles.values()) and number in (None, label.points, place):
                return float(label.points)
    return math.nan


def _words(titles: Iterable[str]) -> set[str]:
    """Fold the titles of a label, with and without a number that stands in them."""
    return {key_of(words) for title in titles for _, words in _parts(title)}


def _parts(answer: str) -> Iterator[tuple[float | None, str]]:
    yield None, answer
    if before := BEFORE.fullmatch(answer):
        yield _number(before[1]), before[2]
    if after := AFTER.fullmatch(answer):
        yield _number(after[2]), after[1]


def _number(text: str) -> float:
    return float(text.replace(",", "."))
