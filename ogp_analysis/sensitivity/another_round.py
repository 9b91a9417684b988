"""Would another round of ratings keep the category? Errors of scores, and predictions of the next ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import ndtr

from ogp_analysis.assessment import adjudication
from ogp_analysis.assessment.adjudication import THIRD_USED
from ogp_analysis.assessment.criterion_rule import CriterionRule
from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.sensitivity.acceptability import CategoryTable, category_of, category_probability
from ogp_analysis.sensitivity.axes import Axis
from ogp_analysis.sensitivity.rating_noise import Raters

FEWEST_PROPOSALS = (
    10  # below, nothing is said of how much proposals differ, and all scores count alike (ours)
)
THIRD_COUNTS = {"replace": 1, "mean": 3}  # ratings in a score that a third one decided ...
OTHERWISE = 2  # ... as a median or as the mean of two of the three
DRAWN = 20_000  # scores of axes that the same evaluators rate, where they are drawn
NO_CHANCE = 1e-300
KNOWN = 1e9  # degrees of freedom of an error that is as good as known
REACH, STEPS = 8.0, 200  # standard deviations to either side, and points, of an average over what is unknown


@dataclass(frozen=True, eq=False)
class Settled:
    """What stands behind the scores of each group of evaluators.

    Parameters
    ----------
    centre : tuple of ndarray, shapes (m, N)
        Score of each indicator by each group: of the pair, or what a third evaluation made of it.
    by_third : tuple of ndarray of bool, shapes (m, N)
        Whether a third evaluation decided it.
    """

    centre: tuple[np.ndarray, ...]
    by_third: tuple[np.ndarray, ...]


def settled_by(groups: Sequence[Raters], sheets: Sequence[Sheet], rules: Sequence[CriterionRule]) -> Settled:
    """Settle the ratings of each group, as the rule of each criterion says."""
    parts = [_settled_group(group, sheets, rules) for group in groups]
    return Settled(*(tuple(part[k] for part in parts) for k in range(2)))


def _settled_group(
    group: Raters, sheets: Sequence[Sheet], rules: Sequence[CriterionRule]
) -> tuple[np.ndarray, np.ndarray]:
    centres, thirds = [], []
    for place in group.places:
        sheet, rule = sheets[place.criterion], rules[place.criterion]
        pairs = adjudication.pairs_of(sheet, between=rule.between)
        score, status = adjudication.settle_pairs(pairs, rule, tolerance=rule.tolerance)
        pair = 0 if rule.between else place.panels[0]
        decided = status[..., pair] == THIRD_USED
        seats = sheet.ratings[:, :, place.panels, :]
        own = adjudication.given_mean(seats.reshape(*decided.shape, seats.shape[2] * seats.shape[3]))
        centres.append(np.where(decided, score[..., pair], own))
        thirds.append(decided)
    return np.concatenate(centres, axis=1), np.concatenate(thirds, axis=1)


def third_counts(rules: Sequence[CriterionRule]) -> list[int]:
    """Say of how many ratings a score is made that a third evaluation decided, by criterion."""
    return [THIRD_COUNTS.get(rule.third_rule, OTHERWISE) for rule in rules]


def shares_of_groups(
    groups: Sequence[Raters], axes: Sequence[Axis], rules: Sequence[CriterionRule], sheets: Sequence[Sheet]
) -> list[np.ndarray]:
    """Say what one point of each group on each indicator adds to each axis; shapes (k, N)."""
    shares_of = []
    for group in groups:
        shares = np.zeros((len(axes), group.covariance.shape[0]))
        for place in group.places:
            share = _say(place.panels, rules[place.criterion], sheets[place.criterion])
            for a, axis in enumerate(axes):
                if place.criterion in axis.parts:
                    shares[a, place.columns] = share * _weights(axis, place.criterion, sheets)
        shares_of.append(shares)
    return shares_of


def _say(panels: tuple[int, ...], rule: CriterionRule, sheet: Sheet) -> float:
    if not isinstance(rule.panel_rule, str):
        return float(rule.panel_rule in panels)
    # The lower of two panels is taken for their mean: which of them is lower, chance decides too.
    return len(panels) / len(sheet.criterion.panels)


def _weights(axis: Axis, criterion: int, sheets: Sequence[Sheet]) -> np.ndarray:
    lengths = [sheets[part].ratings.shape[1] for part in axis.parts]
    start = sum(lengths[: axis.parts.index(criterion)])
    weights = axis.weights[start : start + lengths[axis.parts.index(criterion)]]
    return np.where(sheets[criterion].counted, 0.0, weights)


def error_covariance(
    groups: Sequence[Raters],
    shares: Sequence[np.ndarray],
    by_third: Sequence[np.ndarray],
    counts: Sequence[np.ndarray],
) -> np.ndarray:
    """Compute the covariance of the errors of the axis scores of each proposal, (m, k, k), in squared points.

    Parameters
    ----------
    groups, shares : sequences
        From `raters_of` and `shares_of_groups`.
    by_third : sequence of ndarray of bool, shapes (m, N)
        Indicators that a third evaluation decided: an evaluator apart, who erred apart.
    counts : sequence of ndarray, shapes (N,)
        Ratings behind such a score.
    """
    total = 0.0
    for group, share, third, behind in zip(groups, shares, by_third, counts, strict=True):
        pair = share * ~third[:, None, :]
        alone = share * third[:, None, :] / np.sqrt(behind)
        raters = np.maximum(group.count, 1)[:, None, None]
        both = [np.einsum("man,nl,mbl->mab", part, group.covariance, part) for part in (pair, alone)]
        total = total + both[0] / raters + both[1]
    return np.asarray(total)


@dataclass(frozen=True, eq=False)
class Prediction:
    """Scores of another round, as the ratings at hand predict them.

    Parameters
    ----------
    error : ndarray, shape (m, k)
        Standard error of each axis score, in points; NaN where nobody rated side by side.
    reliability : ndarray, shape (k,)
        Share of the variance of scores that is of proposals, not of errors; 1 where it is not estimated.
    mean : ndarray, shape (m, k)
        Predicted score: the group's mean and, of what the proposal lies above it, the reliable part.
    covariance : ndarray, shape (m, k, k)
        Of the score of another round about it.
    flat : bool
        Whether there are too few proposals to estimate reliability: then scores are not drawn to the mean.
    reliable : ndarray, shape (m, k)
        The part by proposal: less where a third evaluation decided alone.
    doubt : ndarray, shape (m, k)
        Variance of the true score about the predicted one, in squared standard errors.
    step : ndarray, shape (m, k)
        Points between neighbouring scores: a score of half a step below a cut point stands for the one on it.
    """

    error: np.ndarray
    reliability: np.ndarray
    mean: np.ndarray
    covariance: np.ndarray
    flat: bool
    reliable: np.ndarray
    doubt: np.ndarray
    step: np.ndarray

    @property
    def usual_error(self) -> np.ndarray:
        """Root mean square of the standard errors of each axis, in points; NaN where there is none."""
        if not len(self.error):
            return np.full(self.error.shape[1], np.nan)
        return np.sqrt(np.square(self.error).mean(axis=0))


def predict(
    scores: np.ndarray,
    errors: np.ndarray,
    anew: np.ndarray,
    *,
    step: np.ndarray | float = 0.0,
    freedom: np.ndarray | float = KNOWN,
) -> Prediction:
    """Predict the scores of another round.

    Parameters
    ----------
    scores : ndarray, shape (m, k)
        Axis scores.
    errors : ndarray, shape (m, k, k)
        Covariance of their errors.
    anew : ndarray, shape (m, k, k)
        Covariance of the errors of another round.
    step : ndarray, shape (m, k), or float
        Points between neighbouring scores.
    freedom : ndarray, shape (k,), or float
        Degrees of freedom that the variance of errors is estimated with; left out, it is as good as known.

    Returns
    -------
    Prediction

    Notes
    -----
    With t the variance of true scores and r = t / (t + SE^2): mean = m + r (x - m), variance = r SE^2 +
    SE_new^2. Neither t nor the size of errors is known: both are averaged over what they can be, given the
    scores (`_possible`), and the mean and variance are those of the mixture.

    Examples
    --------
    Scores of variance 1.25 with errors of 0.25: true ones differ by 1, so that r is 0.8.

    >>> scores = np.array([[1.0], [3.0]] * 1000) * (1.25 * 1999 / 2000) ** 0.5
    >>> known = np.full((2000, 1, 1), 0.25)
    >>> predicted = predict(scores, known, known)
    >>> predicted.reliability.round(2).tolist(), predicted.covariance[0].round(2).tolist()
    ([0.8], [[0.45]])
    """
    square, fresh = (np.diagonal(part, axis1=1, axis2=2) for part in (errors, anew))
    flat = len(scores) < FEWEST_PROPOSALS
    centre = scores.mean(axis=0) if len(scores) else np.zeros(scores.shape[1])
    r, true, again = np.ones_like(square), np.array(square), np.array(fresh)
    for a, degrees in enumerate(np.broadcast_to(freedom, scores.shape[1])):
        if not flat and square[:, a].any():
            r[:, a], true[:, a], size = _mixed(scores[:, a], square[:, a], float(degrees))
            again[:, a] *= size
    covariance = r[:, :, None] * r[:, None, :] * errors + anew
    if not flat:
        covariance = covariance + _left_open(scores, errors, r)
    np.einsum("mkk->mk", covariance)[...] = true + again
    with np.errstate(invalid="ignore", divide="ignore"):
        doubt = np.where(square > 0, true / square, 1.0)
    return Prediction(
        np.sqrt(square),
        r.mean(axis=0) if len(r) else np.ones(r.shape[1]),
        centre + r * (scores - centre),
        covariance,
        flat,
        r,
        doubt,
        np.broadcast_to(step, scores.shape),
    )


def _mixed(scores: np.ndarray, square: np.ndarray, freedom: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Average the reliability and the variance of true scores, (m,) each, and the size of errors."""
    m, usual = len(scores), float(square.mean())
    weights, noisy, size = _possible(float(scores.var(ddof=1)) / usual, m, freedom)
    r = (1 - noisy)[:, None] / ((1 - noisy)[:, None] + np.outer(noisy, square / usual))
    # The mean of the proposals is an estimate as well: what is drawn to it is off with it.
    centre = (1 - r) ** 2 * (usual / noisy / m)[:, None]
    within = weights @ (size[:, None] * (r * square + centre))
    reliable = weights @ r
    between = weights @ np.square(r - reliable) * np.square(scores - scores.mean())
    return reliable, within + between, float(weights @ size)


def _possible(ratio: float, m: int, freedom: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List shares of noise in the variance of scores, how likely each is, and the size of errors with it.

    ``ratio`` is the variance of the m scores over their mean squared error. With b = 1 - r it is 1 / b times
    a quotient of mean squares, so that its likelihood is that of F(m - 1, freedom). All that b does to the
    logarithm of ``ratio`` is to shift it, so its own logarithm is as likely everywhere beforehand; times r,
    which leaves out that all proposals are alike. Given b, the variance of errors has an inverse gamma
    distribution, whose mean is taken, in units of the estimated one.
    """
    width = np.sqrt(2 / (m - 1) + 2 / freedom)
    top = min(-np.log(ratio) + REACH * width, 0.0) if ratio > 0 else 0.0
    bottom = min(-np.log(ratio) if ratio > 0 else 0.0, 0.0) - REACH * width
    log_noisy = bottom + (np.arange(STEPS) + 0.5) / STEPS * (top - bottom)
    noisy = np.exp(log_noisy)
    surplus = (m - 1) * ratio * noisy / freedom
    log_weights = np.log1p(-noisy) + (m - 1) / 2 * log_noisy - (freedom + m - 1) / 2 * np.log1p(surplus)
    weights = np.exp(log_weights - log_weights.max())
    size = freedom * (1 + surplus) / (freedom + m - 3)
    return weights / weights.sum(), noisy, size


def _left_open(scores: np.ndarray, errors: np.ndarray, r: np.ndarray) -> np.ndarray:
    """What the observed score does not tell of the true one, beyond its own error: (1 - r) (1 - r') t t'."""
    true = np.cov(scores, rowvar=False, ddof=1).reshape(2 * scores.shape[1:]) - errors.mean(axis=0)
    diagonal = np.maximum(np.diag(true), 0)
    limit = np.sqrt(np.outer(diagonal, diagonal))
    true = np.clip(true, -limit, limit)
    np.fill_diagonal(true, diagonal)
    # Axes that no evaluator shares are taken as independent.
    shared = (errors != 0).any(axis=0) | np.eye(len(true), dtype=bool)
    return (1 - r[:, :, None]) * (1 - r[:, None, :]) * np.where(shared, true, 0.0)


def level_chances(prediction: Prediction, cuts: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Compute the chance of each level of each axis in another round, (m, L_1) ... (m, L_k)."""
    spread = np.sqrt(np.diagonal(prediction.covariance, axis1=1, axis2=2))
    mean = prediction.mean + prediction.step / 2 * (spread > 0)
    return [_bands(mean[:, a], spread[:, a], limits) for a, limits in enumerate(cuts)]


def _bands(mean: np.ndarray, spread: np.ndarray, limits: np.ndarray) -> np.ndarray:
    gap = mean[:, None] - limits
    # Without any error a score is where it is; on the cut it reaches it.
    above = np.where(spread[:, None] > 0, ndtr(gap / np.maximum(spread, NO_CHANCE)[:, None]), gap >= 0)
    edges = np.concatenate([np.ones((len(mean), 1)), above, np.zeros((len(mean), 1))], axis=1)
    return edges[:, :-1] - edges[:, 1:]


def category_chances(
    prediction: Prediction, cuts: Sequence[np.ndarray], table: CategoryTable, *, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the chance of each category in another round at the baseline weights, and its standard error.

    A product over axes that share no evaluator is exact; else 20,000 joint scores are drawn.

    Parameters
    ----------
    prediction : Prediction
        From `predict`.
    cuts : sequence of ndarray
        Cut points of each axis.
    table : CategoryTable
        Category table, routes, number of categories and what a route gives, as `category_probability` takes
        them.
    seed : int
        Of the draws.

    Returns
    -------
    chances, errors : ndarray, shape (m, categories)
        Errors are 0 where nothing is drawn.
    """
    pairs = combinations(range(prediction.mean.shape[1]), 2)
    if not any((prediction.covariance[:, a, b] != 0).any() for a, b in pairs):
        chances = category_probability(*level_chances(prediction, cuts), **table)
        return chances, np.zeros_like(chances)
    rng = np.random.Generator(np.random.PCG64(seed))
    normal = rng.standard_normal((DRAWN, prediction.mean.shape[1]))
    count = table["categories"]
    chances = np.empty((len(prediction.mean), count))
    means = prediction.mean + prediction.step / 2
    written_out = category_of(m=len(means), **table)
    for row, (mean, covariance) in enumerate(zip(means, prediction.covariance, strict=True)):
        scores = mean + normal @ _root(covariance).T
        levels = [(scores[:, a, None] >= limits).sum(axis=1) for a, limits in enumerate(cuts)]
        drawn = written_out[row][tuple(levels)]
        chances[row] = np.bincount(drawn, minlength=count + 1)[1:] / DRAWN
    return chances, np.sqrt(chances * (1 - chances) / DRAWN)


def _root(covariance: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(np.maximum(values, 0))
