"""From the ratings at hand to one model of their errors: of scores, of another round, and of its draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ogp_analysis.assessment.criterion_rule import CriterionRule, criterion_rule
from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.model.params import Parameters
from ogp_analysis.sensitivity.another_round import (
    Prediction,
    Settled,
    error_covariance,
    predict,
    settled_by,
    shares_of_groups,
    third_counts,
)
from ogp_analysis.sensitivity.axes import Axis
from ogp_analysis.sensitivity.rating_noise import Raters, raters_of, scale_of
from ogp_analysis.sensitivity.rounds import Rounds, rounds_of
from ogp_analysis.sensitivity.score_steps import score_steps


@dataclass(frozen=True, eq=False)
class Noise:
    """What is known of errors.

    Parameters
    ----------
    groups : tuple of Raters
        Who rates side by side.
    prediction : Prediction
        Axis scores of another round.
    rounds : Rounds
        The same on the scale, rating by rating.
    """

    groups: tuple[Raters, ...]
    prediction: Prediction
    rounds: Rounds


def noise_of(
    used: Sequence[Sheet],
    wide: Sequence[Sheet],
    parameters: Parameters,
    axes: Sequence[Axis],
    means: np.ndarray,
) -> Noise:
    """Learn errors from all proposals and predict another round of those that are judged.

    Parameters
    ----------
    used, wide : sequence of Sheet
        Ratings of the proposals that are judged, and of all that errors are learnt from.
    parameters : params.Parameters
        The baseline.
    axes : sequence of Axis
        What the categories follow from.
    means : ndarray, shape (m, k)
        Scores of the axes.
    """
    lenient = replace(parameters, missing_third="mean", missing="available")
    rules = [criterion_rule(sheet.criterion, lenient) for sheet in used]
    groups = raters_of(used, wide)
    settled = settled_by(groups, used, rules)
    behind = _behind(groups, rules)
    shares = shares_of_groups(groups, axes, rules, used)
    errors, anew = _errors(groups, shares, settled, behind)
    scales = [
        [scale_of(one) for p in g.places for one in used[p.criterion].criterion.indicators] for g in groups
    ]
    step = score_steps(shares, scales, [group.count for group in groups])
    prediction = predict(means, errors, anew, step=step)
    unknown = _unknown(groups, axes)
    seen = replace(prediction, error=np.where(unknown, np.nan, prediction.error))
    reliable = [_of_indicators(group, prediction.reliable, axes) for group in groups]
    rounds = rounds_of(groups, tuple(used), settled, reliable=reliable, behind=behind)
    return Noise(groups, seen, rounds)


def _behind(groups: Sequence[Raters], rules: Sequence[CriterionRule]) -> list[np.ndarray]:
    counts = third_counts(rules)
    lengths = [[p.columns.stop - p.columns.start for p in group.places] for group in groups]
    return [
        np.repeat([counts[place.criterion] for place in group.places], length).astype(float)
        for group, length in zip(groups, lengths, strict=True)
    ]


def _errors(
    groups: Sequence[Raters], shares: list[np.ndarray], settled: Settled, behind: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    errors = error_covariance(groups, shares, settled.by_third, behind)
    nobody = [np.zeros_like(third) for third in settled.by_third]
    pairs = error_covariance(groups, shares, nobody, behind)
    # Another round calls for third evaluations as often as this one, though for others.
    more = (errors - pairs).mean(axis=0) if len(errors) else 0.0
    return errors, pairs + more


def _unknown(groups: Sequence[Raters], axes: Sequence[Axis]) -> np.ndarray:
    """Say of which axes nothing is known of errors: one of the groups that rate it has no pair; (k,)."""
    silent = {place.criterion for group in groups if not group.known for place in group.places}
    return np.array([bool(silent & set(axis.parts)) for axis in axes])


def _of_indicators(group: Raters, reliable: np.ndarray, axes: Sequence[Axis]) -> np.ndarray:
    parts = []
    for place in group.places:
        axis = next(a for a, axis in enumerate(axes) if place.criterion in axis.parts)
        parts.append(np.repeat(reliable[:, [axis]], place.columns.stop - place.columns.start, axis=1))
    return np.concatenate(parts, axis=1)
