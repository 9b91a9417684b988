"""What one other rule does to the categories; what lacking third evaluations leave open stays open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ogp_analysis.assessment import categories, whole_assessment
from ogp_analysis.assessment.adjudication import UNRESOLVED
from ogp_analysis.assessment.batch import score
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.model.params import Parameters
from ogp_analysis.sensitivity.rescoring import with_rules
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

    def moves(self, base: np.ndarray, proposals: pd.Index) -> str:
        """Write what every proposal that changes, or could, has before and after: ``S12 1→2, S13 1→1/2``."""
        rows = np.flatnonzero(self.changes(base) | self.could(base)).tolist()
        return ", ".join(f"{proposals[row]} {base[row]}→{'/'.join(self._numbers(row))}" for row in rows)

    def _numbers(self, row: int) -> Iterator[str]:
        return (str(place + 1) for place in np.flatnonzero(self.possible[row]))


def under_rule(study: Study, rule: str, choice: float | str) -> Changed:
    """Assess the judged proposals with one rule changed."""
    return under(study, with_rules(study.parameters, {rule: choice}))


def under(study: Study, parameters: Parameters) -> Changed:
    """Assess the judged proposals under other parameters."""
    # With a stand-in for lacking third evaluations another tolerance could hardly change anything.
    other = replace(parameters, missing_third="bounds")
    sheets = [scoring.sheet for scoring in study.portfolio.scorings]
    scored = [score(sheet, [criterion_rule(sheet.criterion, other)]) for sheet in sheets]
    axes, alone = whole_assessment.axes_of(scored, other), np.zeros(1, dtype=int)
    how = categories.category_rule(other.method)
    ruling = categories.categorise(axes, [alone] * len(axes), how, study.portfolio.route)
    ruled = ruling.ruled[0]
    possible = ruled[:, None] == np.array(how.numbers)
    possible[ruling.open_cases[1]] = ruling.possible
    unresolved = sum(int(one.statuses[0, UNRESOLVED]) for one in scored)
    return Changed(ruled, possible, unresolved)
