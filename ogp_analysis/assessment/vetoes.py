"""The veto: an indicator below a limit bars a proposal from the best category, whatever the others say."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from ogp_analysis.language import texts
from ogp_analysis.model.records import VETOED

MAY_BE_BARRED, BARRED = 1, 2
# Scores are means of few ratings: two that differ are 1e-10 or more apart.
NOISE = 1e-11


def below(scores: np.ndarray, limit: Fraction) -> np.ndarray:
    """Say which proposals have an indicator below the limit, (..., n) -> (...); on it is not below it.

    >>> below(np.array([[2.0, 5.0], [1.9, 5.0], [np.nan, 5.0]]), Fraction(2)).tolist()
    [False, True, False]
    """
    return np.asarray((scores < float(limit) - NOISE).any(axis=-1))


def lowest_and_highest(options: Sequence[Sequence[Fraction]]) -> tuple[Fraction, Fraction]:
    """Give the lowest score that any indicator could have, and the lowest of their highest ones.

    >>> lowest_and_highest([[Fraction(1), Fraction(4)], [Fraction(3)], []])
    (Fraction(1, 1), Fraction(3, 1))
    """
    known = [scores for scores in options if scores]
    return min(min(scores) for scores in known), min(max(scores) for scores in known)


def veto_words(assigned: pd.DataFrame, limit: Fraction, language: str) -> str:
    """Say how many proposals the veto keeps out of category 1.

    >>> veto_words(pd.DataFrame({"vetoed": ["time", "", "time cost"]}), Fraction(5, 2), "en")
    'the veto (an indicator below 2.5 points) keeps 2 out of category 1'
    """
    count = int((assigned[VETOED] != "").sum())
    return texts.counted("veto.keeps_out", count, language, limit=texts.points(float(limit), language))
