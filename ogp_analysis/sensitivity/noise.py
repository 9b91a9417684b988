"""Evaluators' errors times weights, exactly: every pattern of errors is enumerated or convolved."""

from __future__ import annotations

from functools import reduce
from math import prod

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import Phrase, StatisticsError, keyed_error, phrase
from ogp_analysis.model.arguments import argument_refusal
from ogp_analysis.sensitivity import arguments
from ogp_analysis.sensitivity.beliefs import WeightBelief, belief_probability, fitting, named_as
from ogp_analysis.sensitivity.draws import draw_weights
from ogp_analysis.sensitivity.ties import slack

ROWS_AT_ONCE = 1 << 16
FITTING_ROUNDS = 2000
NEGLIGIBLE = 1e-9  # points, or steps of a scale: what float arithmetic on ratings can be off


def rating_error(differences: ArrayLike, *, step: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Fit the error distribution of one rating to the differences of blind pairs.

    Both errors of a pair are taken as independent with the same symmetric distribution on multiples of
    ``step``; the likelihood of the differences is maximised (EM).

    Parameters
    ----------
    differences : array_like, shape (N,)
        First minus second rating of each pair, in points; NaN is passed over.
    step : float
        Distance of neighbouring ratings on the scale.

    Returns
    -------
    errors : numpy.ndarray, shape (L,)
        Error sizes in points, symmetric around 0.
    probability : numpy.ndarray, shape (L,)
        Their probabilities, sum 1.

    Raises
    ------
    StatisticsError
        There is no difference, one is infinite or not a multiple of the step, or the step is not above 0.

    References
    ----------
    Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood from incomplete data via the EM
    algorithm. Journal of the Royal Statistical Society B 39(1), 1-38.

    Examples
    --------
    Errors of -1, 0, 1 with shares 1, 2, 1 give differences of 0, 1, 2 points with shares 6, 8, 2:

    >>> errors, probability = rating_error([0] * 6 + [1, -1] * 4 + [2, -2])
    >>> errors.tolist(), probability.round(6).tolist()
    ([-1.0, 0.0, 1.0], [0.25, 0.5, 0.25])
    """
    step = arguments.one_number(step, "step")
    if not step > 0:
        raise keyed_error(key="sensitivity.step", step=step)
    given = arguments.numbers(differences, "differences")
    known = given[~np.isnan(given)] / step
    arguments.refuse_non_finite(known, "differences")
    if not len(known):
        raise keyed_error(key="sensitivity.no_pair")
    whole = np.rint(known).astype(int)
    bad = known[np.abs(known - whole) > NEGLIGIBLE]
    if len(bad):
        raise keyed_error(key="sensitivity.difference", difference=float(bad[0] * step), step=step)
    # A difference is made of two errors: the largest error is at least half of it, rounded up.
    reach = -(-int(np.abs(whole).max()) // 2)
    counts = np.bincount(np.abs(whole), minlength=2 * reach + 1).astype(float)
    return np.arange(-reach, reach + 1) * step, _fit_symmetric(counts, reach)


def _fit_symmetric(counts: np.ndarray, reach: int) -> np.ndarray:
    """EM for p with p(e) = p(-e) from counts of |e - e'|; counts has length 2 reach + 1."""
    e = np.arange(-reach, reach + 1)
    gap = np.abs(e[:, None] - e)
    # Every error starts possible: EM never brings back a probability of 0.
    p = np.exp(-np.abs(e).astype(float))
    p /= p.sum()
    for _ in range(FITTING_ROUNDS):
        joint = np.outer(p, p)
        likelihood = np.bincount(gap.ravel(), weights=joint.ravel())
        posterior = joint * (counts / np.where(likelihood > 0, likelihood, 1))[gap]
        q = posterior.sum(axis=0) + posterior.sum(axis=1)
        # Only symmetric errors: a pair's difference does not tell who erred, nor in which direction.
        q = (q + q[::-1]) / (2 * q.sum())
        if np.abs(q - p).max() < 1e-14:
            break
        p = q
    return p


def noisy_scores(
    scores: ArrayLike, errors: ArrayLike, probability: ArrayLike, *, scale: tuple[ArrayLike, ArrayLike]
) -> tuple[np.ndarray, np.ndarray]:
    """List what each score could have been had the error of one more rating been added, kept on the scale.

    Parameters
    ----------
    scores : array_like, shape (m, n)
        Indicator scores.
    errors, probability : array_like, shape (L,)
        Error distribution of one rating (`rating_error`).
    scale : tuple of array_like, one number or shape (n,)
        Lowest and highest rating; errors that leave it are cut off and the rest rescaled.

    Returns
    -------
    values, pmf : numpy.ndarray, shape (m, n, L)
        Possible scores and their probabilities, which sum to 1 over the last axis.

    Raises
    ------
    StatisticsError
        A score lies off the scale, or no error keeps it on the scale; errors and probability do not fit each
        other, or are no distribution.

    Examples
    --------
    A 5 of 5 cannot be higher; the other two errors keep their ratio of 1 to 2:

    >>> values, pmf = noisy_scores([[5]], [-1, 0, 1], [0.25, 0.5, 0.25], scale=(1, 5))
    >>> pmf.round(4).tolist()
    [[[0.3333, 0.6667, 0.0]]]
    """
    scale = _named_ends(scale, scores)
    scores = arguments.score_matrix(scores)
    errors = arguments.finite_numbers(errors, "errors", ("L",))
    probability = arguments.finite_numbers(probability, "probability", (len(errors),))
    arguments.probabilities(probability[None], "probability")
    low, high = _ends(scale, scores.shape[1])
    # A mean of three ratings of 4.9 may come out a step of the last digit above 4.9.
    outside = np.argwhere((scores < low - NEGLIGIBLE) | (scores > high + NEGLIGIBLE))
    if len(outside):
        place = tuple(int(k) for k in outside[0])
        raise keyed_error(
            key="sensitivity.off_scale",
            score=float(scores[place]),
            place=place,
            low=float(low[place[1]]),
            high=float(high[place[1]]),
        )
    values = scores[:, :, None] + errors
    inside = (values >= low[:, None] - NEGLIGIBLE) & (values <= high[:, None] + NEGLIGIBLE)
    pmf = np.where(inside, probability, 0.0)
    total = pmf.sum(axis=2, keepdims=True)
    if np.any(total == 0):
        place = tuple(int(k) for k in np.argwhere(total[:, :, 0] == 0)[0])
        raise keyed_error(key="sensitivity.no_error_fits", score=float(scores[place]), place=place)
    # What cannot happen keeps probability 0 and any score on the scale: the array stays rectangular.
    return np.where(inside, values, scores[:, :, None]), pmf / total


def _named_ends(scale: tuple[ArrayLike, ArrayLike], scores: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
    """Put ends of the scale that name their indicators into the order of the scores' columns."""
    if not isinstance(scale, tuple | list) or len(scale) != 2:
        return scale  # refused with what is wrong
    low, high = (arguments.in_order(end, scores, "scale") for end in scale)
    return low, high


def _ends(scale: tuple[ArrayLike, ArrayLike], n: int) -> np.ndarray:
    if not isinstance(scale, tuple | list) or len(scale) != 2:
        raise argument_refusal(scale, "scale", "sensitivity.scale_ends")
    ends = [arguments.numbers(end, "scale") for end in scale]
    if any(end.shape not in ((), (n,)) or np.isnan(end).any() for end in ends):
        raise argument_refusal(scale, "scale", "sensitivity.scale_shape", n=n)
    return np.array([np.broadcast_to(end, (n,)) for end in ends])


def own_ratings(ratings: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Second model: each score is replaced by one of its own ratings, all alike likely.

    Parameters
    ----------
    ratings : array_like, shape (m, n, L)
        The ratings behind each score; NaN where there are fewer.

    Returns
    -------
    values, pmf : numpy.ndarray, shape (m, n, L)

    Raises
    ------
    StatisticsError
        The ratings are no (m, n, L) numbers, or a score has no rating at all.

    Examples
    --------
    >>> own_ratings([[[3, 5, float("nan")]]])[1].tolist()
    [[[0.5, 0.5, 0.0]]]
    """
    ratings = arguments.numbers(ratings, "ratings")
    if ratings.ndim != 3 or np.isinf(ratings).any():
        raise keyed_error(key="sensitivity.ratings_shape", shape=ratings.shape)
    given = ~np.isnan(ratings)
    count = given.sum(axis=2, keepdims=True)
    if np.any(count == 0):
        place = tuple(int(k) for k in np.argwhere(count[:, :, 0] == 0)[0])
        raise keyed_error(key="sensitivity.no_rating", place=place)
    # Missing ratings get probability 0, but also a value: 0 times NaN would be NaN.
    fill = np.nanmin(ratings, axis=2, keepdims=True)
    return np.where(given, ratings, fill), given / count


def noise_probability(
    values: ArrayLike,
    pmf: ArrayLike,
    cuts: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    belief: WeightBelief | None = None,
) -> np.ndarray:
    """Compute P(w.X >= cut) over the evaluators' errors and the weights together.

    Parameters
    ----------
    values, pmf : array_like, shape (m, n, L)
        Possible scores and their probabilities, independent between indicators.
    cuts : array_like, shape (r,)
        Cut points, closed below.
    weights : array_like, shape (n,), optional
        Fixed weights. Without them the weights are random as ``belief`` says (None is uniform).
    belief : WeightBelief, optional
        What is believed about the weights.

    Returns
    -------
    numpy.ndarray, shape (m, r)

    Raises
    ------
    StatisticsError
        There are more patterns than can be enumerated or added up (`sampled_noise`); the shapes
        differ, a score is not finite, or the probabilities of a score are negative or do not sum to 1.

    Notes
    -----
    The sum over all L^n patterns of their probability times the exact P(w.x >= cut) of the pattern. Where
    these are more than 200,000, equal scores are merged first and those with a probability below 1e-12 are
    dropped; with fixed weights sums are then convolved.

    Examples
    --------
    With equal weights the means are 2, 3, 3 and 4. Over all weights, 1 and 3 reach 3 with probability 0, 1
    and 5 with one half, the other two patterns always:

    >>> noise_probability([[[1, 3], [3, 5]]], [[[0.5, 0.5]] * 2], [3], weights=[0.5, 0.5]).tolist()
    [[0.75]]
    >>> noise_probability([[[1, 3], [3, 5]]], [[[0.5, 0.5]] * 2], [3]).round(4).tolist()
    [[0.625]]
    """
    values, pmf = arguments.numbers(values, "values"), arguments.numbers(pmf, "pmf")
    cuts = arguments.cut_vector(cuts)
    if values.ndim != 3 or values.shape != pmf.shape:
        raise keyed_error(key="sensitivity.values_shape", shape=values.shape, pmf=pmf.shape)
    m, n, size = values.shape
    belief = fitting(belief, n)
    arguments.refuse_non_finite(values, "values")
    arguments.probabilities(pmf, "pmf")
    if weights is not None:
        weights = arguments.weight_vector(weights, n)
    if belief is not None and belief.route == "sample" and weights is None:
        raise too_many(phrase("sensitivity.patterns_of_sample", values=size, n=n))
    if size**n > LARGEST_PATTERNS:
        return merged_probability(values, pmf, cuts, weights, belief)
    pattern = np.stack(np.unravel_index(np.arange(size**n), (size,) * n), axis=1)  # (L^n, n)
    result = np.empty((m, len(cuts)))
    step = max(1, ROWS_AT_ONCE // len(pattern))
    for start in range(0, m, step):
        rows = slice(start, start + step)
        x = values[rows][:, np.arange(n), pattern]  # (rows, L^n, n)
        p = pmf[rows][:, np.arange(n), pattern].prod(axis=2)
        reached = pattern_reached(x.reshape(-1, n), cuts, weights, belief)
        result[rows] = np.einsum("mp,mpr->mr", p, reached.reshape(*p.shape, -1))
    return np.clip(result, 0, 1)


def sampled_noise(
    values: ArrayLike,
    pmf: ArrayLike,
    cuts: ArrayLike,
    *,
    draws: int,
    rng: np.random.Generator,
    weights: ArrayLike | None = None,
    belief: WeightBelief | None = None,
) -> np.ndarray:
    """Draw patterns of errors where there are too many for `noise_probability`.

    >>> found = sampled_noise([[[1, 3], [3, 5]]], [[[0.5, 0.5]] * 2], [3], weights=[0.5, 0.5], draws=4000,
    ...                       rng=np.random.default_rng(1))
    >>> found.shape, found.mean().round(1).item()
    ((4000, 1, 1), 0.8)
    """
    values, pmf = arguments.numbers(values, "values"), arguments.numbers(pmf, "pmf")
    cuts, draws, rng = (
        arguments.cut_vector(cuts),
        arguments.whole_number(draws, "draws", least=1),
        arguments.generator(rng),
    )
    if values.ndim != 3 or values.shape != pmf.shape:
        raise keyed_error(key="sensitivity.values_shape", shape=values.shape, pmf=pmf.shape)
    arguments.refuse_non_finite(values, "values")
    arguments.probabilities(pmf, "pmf")
    m, n, _ = values.shape
    belief = fitting(belief, n)
    steps = np.cumsum(pmf, axis=2)
    # The last value that can happen takes what rounding leaves: no draw lands on a probability of 0.
    place = (rng.random((draws, m, n))[..., None] * steps[..., -1:] >= steps).sum(axis=3)
    x = np.take_along_axis(np.broadcast_to(values, (draws, *values.shape)), place[..., None], axis=3)[..., 0]
    if weights is None and belief is not None and belief.route == "sample":
        # One weighting a draw: all of a sample for each pattern would be far more than is needed.
        chosen = draw_weights(n, size=draws, rng=rng, belief=belief)
        return (np.einsum("dmn,dn->dm", x, chosen)[..., None] >= cuts - slack(cuts)).astype(float)
    weights = None if weights is None else arguments.weight_vector(weights, n)
    return pattern_reached(x.reshape(-1, n), cuts, weights, belief).reshape(draws, m, len(cuts))


def pattern_probability(
    ratings: ArrayLike, cuts: ArrayLike, *, scale: ArrayLike, belief: WeightBelief | None = None
) -> np.ndarray:
    """Compute P(w.x >= cut) for many proposals with scores on a short scale, through a table of all patterns.

    Parameters
    ----------
    ratings : array_like, shape (m, n)
        Scores, each one of the values of the scale.
    cuts : array_like, shape (r,)
        Cut points, closed below.
    scale : array_like, shape (L,)
        Every allowed value, rising, evenly spaced.
    belief : WeightBelief, optional
        Uniform by default.

    Returns
    -------
    numpy.ndarray, shape (m, r)
        The same numbers as `belief_probability`, at the cost of L^n rows and a look-up.

    Raises
    ------
    StatisticsError
        The scale does not rise in even steps, a score is not a value of it, or there are too many patterns.

    Examples
    --------
    >>> pattern_probability([[1, 5], [5, 1]], [2], scale=[1, 2, 3, 4, 5]).tolist()
    [[0.75], [0.75]]
    """
    ratings, scale = (
        arguments.score_matrix(named_as(ratings, belief)),
        arguments.finite_numbers(scale, "scale", ("L",)),
    )
    steps = np.diff(scale)
    if not len(scale) or np.any(steps <= 0) or np.ptp(steps if len(steps) else [0]) > NEGLIGIBLE:
        raise keyed_error(key="sensitivity.scale_steps", scale=scale.tolist())
    n = ratings.shape[1]
    if len(scale) ** n > LARGEST_PATTERNS:
        raise keyed_error(key="sensitivity.patterns", values=len(scale), n=n, most=LARGEST_PATTERNS)
    digits = (ratings - scale[0]) / (steps[0] if len(steps) else 1.0)
    # Steps such as 0.1 divide inexactly: round first, then see how far that was.
    codes = np.rint(digits).astype(np.int64)
    if np.any(np.abs(digits - codes) > NEGLIGIBLE) or np.any((codes < 0) | (codes >= len(scale))):
        raise keyed_error(
            key="sensitivity.not_on_scale",
            low=float(ratings.min()),
            high=float(ratings.max()),
            scale=scale.tolist(),
        )
    pattern = np.stack(np.unravel_index(np.arange(len(scale) ** n), (len(scale),) * n), axis=1)
    table = belief_probability(scale[pattern], cuts, belief)
    return table[np.ravel_multi_index(tuple(codes.T), (len(scale),) * n)]


LARGEST_PATTERNS = 200_000  # patterns of one proposal
LARGEST_TOTAL = 2_000_000  # patterns of all proposals, where equal ratings are merged first
IMPOSSIBLE = 1e-12  # a score less likely than this is dropped: over n indicators at most n L times as much


def too_many(patterns: Phrase) -> StatisticsError:
    """Make the refusal of a number of patterns."""
    return keyed_error(key="sensitivity.patterns_many", patterns=patterns)


def _supports(values: np.ndarray, pmf: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Different scores of each indicator of one proposal (n, L) and their probabilities."""
    return [_gathered(x[p >= IMPOSSIBLE], p[p >= IMPOSSIBLE]) for x, p in zip(values, pmf, strict=True)]


def _gathered(values: np.ndarray, pmf: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add the probabilities of values that are equal but for rounding; they sum to 1 again."""
    _, first, place = np.unique(np.round(values, 9), return_index=True, return_inverse=True)
    total = np.bincount(place, weights=pmf)
    return values[first], total / total.sum()


def merged_probability(
    values: np.ndarray,
    pmf: np.ndarray,
    cuts: np.ndarray,
    weights: np.ndarray | None,
    belief: WeightBelief | None,
) -> np.ndarray:
    """P(w.X >= cut) of each proposal, (m, n, L) -> (m, r), after merging equal scores."""
    rows = [_supports(x, p) for x, p in zip(values, pmf, strict=True)]
    if weights is not None:
        reached = np.array([_convolved(row, weights, cuts) for row in rows])
        return reached.reshape(len(values), len(cuts))
    sizes = [prod(len(x) for x, _ in row) for row in rows]
    if max(sizes, default=0) > LARGEST_PATTERNS or sum(sizes) > LARGEST_TOTAL:
        raise too_many(phrase("sensitivity.patterns_of_proposals", largest=max(sizes), total=sum(sizes)))
    probabilities = []
    for row in rows:
        x = np.stack([axis.ravel() for axis in np.meshgrid(*(x for x, _ in row), indexing="ij")], axis=1)
        p = reduce(np.multiply.outer, (p for _, p in row)).ravel()
        probabilities.append(p @ pattern_reached(x, cuts, None, belief))
    return np.clip(np.array(probabilities).reshape(len(values), len(cuts)), 0, 1)


def _convolved(row: list[tuple[np.ndarray, np.ndarray]], weights: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """P(w.X >= cut) of one proposal: weighted scores are added one indicator at a time, equal sums merged."""
    sums, chance = np.zeros(1), np.ones(1)
    for (x, p), weight in zip(row, weights, strict=True):
        if len(sums) * len(x) > LARGEST_TOTAL:
            raise too_many(phrase("sensitivity.patterns_of_sums", sums=len(sums), values=len(x)))
        added = np.add.outer(sums, weight * x).ravel()
        sums, chance = _gathered(added, np.multiply.outer(chance, p).ravel())
    return np.clip(chance @ (sums[:, None] >= cuts - slack(cuts)), 0, 1)


def pattern_reached(
    x: np.ndarray, cuts: np.ndarray, weights: np.ndarray | None, belief: WeightBelief | None
) -> np.ndarray:
    """P(w.x >= cut) of each pattern, (N, n) -> (N, r)."""
    if weights is None and (belief is None or belief.route == "uniform"):
        return belief_probability(x, cuts)
    if weights is None:  # slower routes: scores on a short scale repeat, so each pattern is computed once
        patterns, place = np.unique(x, axis=0, return_inverse=True)
        return belief_probability(patterns, cuts, belief)[place.ravel()]
    # A tolerance here: rationals for every pattern would cost more than the whole sum.
    return ((x @ weights)[:, None] >= cuts - slack(cuts)).astype(float)
