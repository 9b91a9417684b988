"""What one other rule does to the categories; what lacking third evaluations leave open stays open."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ogp_analysis.assessment import assessment, categories
from ogp_analysis.assessment.adjudication import UNRESOLVED
from ogp_analysis.assessment.batch import score
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.sensitivity.study import Study


@dataclass(frozen=True, eq=False)
class Changed:
    """Categories of the judged proposals under another rule.

    Parameters
    ----------
    ruled : ndarray of int, shape (m,)
        Categories; -1 where lacking third evaluations leave it open.
    possible : ndarray of bool, shape (m, categories)
        Those that it could be.
    unresolved : int
        Pairs that call for a third evaluation that nobody gave.
    """

    ruled: np.ndarray
    possible: np.ndarray
    unresolved: int

    def changes(self, base: np.ndarray) -> np.ndarray:
        """Say which proposals leave their category ``base``, whatever third evaluations would say; (m,)."""
        return ~self.possible[np.arange(len(base)), base - 1]

    def could(self, base: np.ndarray) -> np.ndarray:
        """Say which proposals keep or leave it as third evaluations that nobody gave would say; (m,)."""
        return ~self.changes(base) & (self.possible.sum(axis=1) > 1)


def under_rule(study: Study, rule: str, choice: object) -> Changed:
    """Assess the judged proposals with one rule changed."""
    # With a stand-in for lacking third evaluations another tolerance could hardly change anything.
    other = replace(study.parameters, missing_third="bounds", **{rule: choice})
    sheets = [scoring.sheet for scoring in study.portfolio.scorings]
    scored = [score(sheet, [criterion_rule(sheet.criterion, other)]) for sheet in sheets]
    axes, alone = assessment.axes_of(scored, other), np.zeros(1, dtype=int)
    how = categories.category_rule(other.method)
    ruling = categories.categorise(axes, [alone] * len(axes), how, study.portfolio.route)
    ruled = ruling.ruled[0]
    possible = ruled[:, None] == np.array(how.numbers)
    possible[ruling.open_cases[1]] = ruling.possible
    unresolved = sum(int(one.statuses[0, UNRESOLVED]) for one in scored)
    return Changed(ruled, possible, unresolved)
