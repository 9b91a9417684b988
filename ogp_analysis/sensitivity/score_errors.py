"""One model of the errors of ratings: of scores and the steps between them, of another round, its draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from ogp_analysis.assessment.criterion_rule import CriterionRule, criterion_rule
from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.model.params import Parameters
from ogp_analysis.sensitivity.another_round import (
    KNOWN,
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
from ogp_analysis.sensitivity.ties import exact


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
    prediction = predict(means, errors, anew, step=step, freedom=_freedom(groups, shares))
    unknown = _unknown(groups, axes)
    seen = replace(prediction, error=np.where(unknown, np.nan, prediction.error))
    # Of what errs nobody knows how far, the ratings at hand stay as they are.
    reliable = [
        np.where(group.unseen, 1.0, _of_indicators(group, prediction.reliable, axes)) for group in groups
    ]
    doubt = [_of_indicators(group, prediction.doubt, axes) for group in groups]
    rounds = rounds_of(groups, tuple(used), settled, reliable=reliable, doubt=doubt, behind=behind)
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


def _freedom(groups: Sequence[Raters], shares: Sequence[np.ndarray]) -> np.ndarray:
    """Compute the degrees of freedom of the error of each axis score, as Satterthwaite adds those of groups.

    *Source.* Satterthwaite (1946), Biometrics Bulletin 2, 110-114, doi:10.2307/3002019.
    """
    m = max(len(groups[0].count), 1)
    own = np.array(
        [
            np.einsum("an,nl,al->a", share, group.covariance, share) / max(group.count.sum() / m, 1)
            for group, share in zip(groups, shares, strict=True)
        ]
    )
    degrees = np.array([max(group.freedom, 1.0) for group in groups])[:, None]
    apart = (np.square(own) / degrees).sum(axis=0)
    return np.where(apart > 0, np.square(own.sum(axis=0)) / np.where(apart > 0, apart, 1.0), KNOWN)


def _unknown(groups: Sequence[Raters], axes: Sequence[Axis]) -> np.ndarray:
    """Say of which axes nothing is known of errors: one of its indicators has no pair in a group; (k,)."""
    silent = {p.criterion for group in groups for p in group.places if group.unseen[p.columns].any()}
    return np.array([bool(silent & set(axis.parts)) for axis in axes])


def _of_indicators(group: Raters, by_axis: np.ndarray, axes: Sequence[Axis]) -> np.ndarray:
    parts = []
    for place in group.places:
        axis = next(a for a, axis in enumerate(axes) if place.criterion in axis.parts)
        parts.append(np.repeat(by_axis[:, [axis]], place.columns.stop - place.columns.start, axis=1))
    return np.concatenate(parts, axis=1)


def common_step(steps: Iterable[Fraction]) -> Fraction:
    """Find the largest step of which all given ones are multiples; 0 where there is none.

    >>> common_step([Fraction(1, 2), Fraction(1, 3)]), common_step([])
    (Fraction(1, 6), Fraction(0, 1))
    """
    parts = [step for step in steps if step]
    if not parts:
        return Fraction(0)
    below = lcm(*(step.denominator for step in parts))
    return Fraction(gcd(*(int(step * below) for step in parts)), below)


def score_steps(
    shares: Sequence[np.ndarray], scales: Sequence[Sequence[np.ndarray]], counts: Sequence[np.ndarray]
) -> np.ndarray:
    """Compute the step of each axis score of each proposal, in points.

    Parameters
    ----------
    shares : sequence of ndarray, shapes (k, N)
        What a point of each group of evaluators on each indicator adds to each axis.
    scales : sequence of sequence of ndarray
        The ratings that each indicator allows, for each group.
    counts : sequence of ndarray of int, shapes (m,)
        Evaluators of each group, by proposal.

    Returns
    -------
    ndarray, shape (m, k)

    Examples
    --------
    Two evaluators, two indicators of equal weight in steps of one point: scores lie a quarter apart.

    >>> share, scale = np.array([[0.5, 0.5]]), np.arange(1.0, 6)
    >>> score_steps([share], [[scale, scale]], [np.array([2, 1])]).tolist()
    [[0.25], [0.5]]
    """
    between = [[common_step(exact(x) for x in np.diff(scale)) for scale in group] for group in scales]
    weighed = [
        [common_step(exact(part) * step for part, step in zip(row, steps, strict=True)) for row in share]
        for share, steps in zip(shares, between, strict=True)
    ]
    known: dict[tuple[int, ...], list[float]] = {}
    rows = []
    for given in zip(*(count.tolist() for count in counts), strict=True):
        if given not in known:
            known[given] = [
                float(common_step(row[a] / max(k, 1) for row, k in zip(weighed, given, strict=True)))
                for a in range(len(weighed[0]))
            ]
        rows.append(known[given])
    return np.array(rows, dtype=float).reshape(-1, len(shares[0]))
