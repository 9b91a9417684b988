"""What is cut into levels: every criterion, or the composite alone, with its weights and cut points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ogp_analysis.assessment.adding import MEAN, Adding, added
from ogp_analysis.assessment.composite import composite_weighing
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import Criterion

# Of the scale: a quarter of a point from 1 to 5. Our choice: the plan says nothing of doubt.
DOUBTED_SHARE = 1 / 16
DIGITS = 12  # decimals of a width: float arithmetic on the ends of scales is off by less


@dataclass(frozen=True, eq=False)
class Axis:
    """One axis of the category table.

    Parameters
    ----------
    criterion : Criterion
        Its name, levels and indicators; for the composite the indicators of all criteria.
    parts : tuple of int
        Places of the criteria whose indicators these are.
    weights : numpy.ndarray, shape (n,)
        Baseline weights; of the composite the products of criterion and indicator weights.
    cuts : numpy.ndarray, shape (r,)
        Baseline cut points.
    span : float
        Points from the lowest score that can be reached to the highest.
    """

    criterion: Criterion
    parts: tuple[int, ...]
    weights: np.ndarray
    cuts: np.ndarray
    span: float

    @property
    def name(self) -> str:
        """Code of the criterion, or ``composite``."""
        return self.criterion.name

    @property
    def indicators(self) -> tuple[str, ...]:
        """Names of the indicators, in the order of the weights."""
        return tuple(indicator.name for indicator in self.criterion.indicators)

    @property
    def half_width(self) -> float:
        """How far cut points are in doubt: less where two lie so close that they would change places."""
        return min(round(self.span * DOUBTED_SHARE, DIGITS), *np.diff(self.cuts) / 2, np.inf)


def axes_of(parameters: Parameters) -> tuple[Axis, ...]:
    """Give the axes of a method with the weights and cut points of the parameters.

    >>> from ogp_analysis.model import params
    >>> [(axis.name, axis.span, axis.half_width) for axis in axes_of(params.from_values(params.baseline()))]
    [('feasibility', 4.0, 0.25), ('relevance', 4.0, 0.25)]
    """
    method = parameters.method
    if method.by_composite:
        weights = np.array([float(w) for w in composite_weighing(parameters).joint.weights])
        return (_axis(method.axes[0], tuple(range(len(method.criteria))), weights, parameters),)
    return tuple(
        _axis(criterion, (place,), np.array(parameters.weights_of(criterion.name)), parameters)
        for place, criterion in enumerate(method.criteria)
    )


def _axis(criterion: Criterion, parts: tuple[int, ...], weights: np.ndarray, parameters: Parameters) -> Axis:
    ends = np.array([(one.minimum, one.maximum) for one in criterion.indicators], dtype=float)
    span = round(float(weights @ (ends[:, 1] - ends[:, 0])), DIGITS)
    cuts = np.array(parameters.cut_points[criterion.name], dtype=float)
    return Axis(criterion, parts, weights, cuts, span)


def axis_scores(scores: Sequence[np.ndarray], axes: Sequence[Axis], adding: Adding) -> np.ndarray:
    """Add up the indicator scores of each axis with its baseline weights; (m, axes)."""
    pairs = zip(scores, axes, strict=True)
    if adding.kind == MEAN:
        return np.stack([x @ axis.weights for x, axis in pairs], axis=1)
    return np.stack([added(x, axis.weights, adding) for x, axis in pairs], axis=1)
