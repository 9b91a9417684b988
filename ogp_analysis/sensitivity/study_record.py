"""What is studied: one run's proposals with everything that is in doubt about them, as one record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.model.params import Parameters
from ogp_analysis.sensitivity.acceptability import CategoryTable
from ogp_analysis.sensitivity.another_round import Prediction
from ogp_analysis.sensitivity.axes import Axis, axis_scores
from ogp_analysis.sensitivity.portfolio import Portfolio


@dataclass(frozen=True)
class Study:
    """Everything the frames are made from.

    Parameters
    ----------
    parameters : params.Parameters
        Baseline.
    assigned : DataFrame
        From ``categories.assign``, in order, the proposals whose category the rule decides.
    portfolio : Portfolio
        Everything that is in doubt: weights, cuts, rules and evaluators.
    axes : tuple of Axis
        What the categories follow from: the criteria, or their composite.
    prediction : Prediction
        Errors of scores, and the scores of another round.
    left_out : tuple of str
        Proposals without a score on some indicator: no weighting can be judged for them.
    undetermined : DataFrame
        From ``categories.assign``, the proposals that the rule leaves without a category because third
        evaluations are lacking: nothing is judged for them.
    third_lacking : int
        Third evaluations that the baseline calls for and the data lack, those of all proposals.
    third_filled : int
        Those of proposals that are judged: the mean of the pair stands in.
    """

    parameters: Parameters
    assigned: pd.DataFrame
    portfolio: Portfolio
    axes: tuple[Axis, ...]
    prediction: Prediction
    left_out: tuple[str, ...]
    undetermined: pd.DataFrame
    third_lacking: int
    third_filled: int

    @property
    def proposals(self) -> pd.Index:
        """Codes of the proposals that are judged, in order."""
        return self.assigned.index

    @property
    def scores(self) -> tuple[np.ndarray, ...]:
        """Baseline indicator scores of each axis."""
        return self.portfolio.scores()

    @property
    def means(self) -> np.ndarray:
        """Baseline score of each axis, shape (m, axes)."""
        return axis_scores(self.scores, self.axes, self.portfolio.adding)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the categories, from the best to the last."""
        return self.parameters.method.category_numbers

    @property
    def table(self) -> CategoryTable:
        """Category table and routes as the functions of this package take them."""
        return self.portfolio.category_table
