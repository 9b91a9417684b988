"""How many independent evaluators each cell of a file of ratings has: the fewest, the most, and the gaps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import product

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PANEL, PROPOSAL, ROLE, THIRD


@dataclass(frozen=True)
class Raters:
    """Independent ratings of the cells of one criterion.

    Parameters
    ----------
    counts : Series
        One a proposal, indicator and panel.
    panels : int
        How many rate the criterion.
    """

    counts: pd.Series
    panels: int

    @classmethod
    def of(cls, rows: pd.DataFrame, proposals: Collection[str]) -> Raters:
        """Count them; a cell that should have one and has none counts too.

        >>> rows = pd.DataFrame({PROPOSAL: ["A", "A", "B"], EVALUATOR: list("xyx")})
        >>> Raters.of(rows.assign(indicator="use", panel="", role=""), ["A", "B", "C"]).as_written
        [0, 2]
        """
        given = rows[rows[ROLE] != THIRD].groupby([PROPOSAL, INDICATOR, PANEL])[EVALUATOR].nunique()
        panels = list(dict.fromkeys(rows[PANEL]))
        cells = product(proposals, dict.fromkeys(rows[INDICATOR]), panels)
        every = pd.MultiIndex.from_tuples(cells, names=given.index.names)
        return cls(given.reindex(every, fill_value=0), len(panels))

    @property
    def most(self) -> int:
        """The most that a cell has; a method asks for two where there is one panel."""
        most = max(int(self.counts.max()), 1)
        return 2 if most == 1 and self.panels != 2 else most

    @property
    def as_written(self) -> int | list[int]:
        """As a method file has it: one number where all cells have as many."""
        fewest = int(self.counts.min())
        return self.most if fewest == self.most else [fewest, self.most]

    def remarks(self, title: str) -> list[Problem]:
        """Say how many cells have fewer ratings than the most, and what to write where these are missing."""
        fewer = int((self.counts < self.counts.max()).sum())
        if self.most > self.counts.max():
            return [Problem("method.draft.one_rating", value=title)]
        if not fewer:
            return []
        counts = {"fewer": fewer, "cells": len(self.counts), "none": int((self.counts == 0).sum())}
        detail = tuple((name, str(count)) for name, count in (*counts.items(), ("most", self.most)))
        key = "method.draft.gaps" if counts["none"] else "method.draft.few"
        return [Problem(key, value=title, detail=(*detail, ("raters", str(self.as_written))))]
