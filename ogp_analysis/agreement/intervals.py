"""Standard errors and intervals of a coefficient from its units, cut at the values it can take."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from ogp_analysis.agreement import arguments, resampling
from ogp_analysis.agreement.resampling import Units

Array = npt.NDArray[np.float64]
INTERVALS = ("analytic", "fisher", "jackknife", "bootstrap", "bca", "studentized", None)
ROUNDING = 1e-11  # a standard error below this is zero
UNDEFINED = math.nan, math.nan
ZERO = 1e-14  # of a coefficient, whose size is of the order of 1: below this rounding made it


def without_rounding(value: float) -> float:
    """Give exactly 0 for what only rounding keeps off it, and never a minus zero.

    >>> without_rounding(-4.2e-17), without_rounding(-0.0), without_rounding(1e-9)
    (0.0, 0.0, 1e-09)
    """
    return 0.0 if abs(value) <= ZERO else value


DEFAULT_SEED = 0
# When the studentized bootstrap is not believed (our choice): its interval is this many times as wide as
# Student's, or this share of resamples has no error to divide by.
TOO_WIDE = 3.0
TOO_MANY_UNDEFINED = 0.05


@dataclass(frozen=True, eq=False)
class Inference:
    """How to make the standard error and the interval.

    Parameters
    ----------
    interval : str or None
        ``"analytic"``, ``"fisher"``, ``"jackknife"``, ``"bootstrap"``, ``"bca"``, ``"studentized"``; None
        for neither. What each is, and when it covers what it promises, is in ``docs/methods-agreement.md``.
    confidence_level : float
        Nominal coverage, in (0, 1).
    n_resamples : int
        Bootstrap resamples.
    rng : numpy.random.Generator or int or None
        Source of randomness or its seed; None is the seed 0.
    cluster : sequence or None
        Cluster of each item; clusters are then what is resampled and summed over.
    population : int or None
        Number of items (or clusters) the rated ones were drawn from; None for infinitely many.

    Raises
    ------
    StatisticsError
        An interval that is none of these, a level outside (0, 1), or fewer than one resample or unit.

    Examples
    --------
    >>> Inference("bca", confidence_level=0.9).n_resamples
    2000
    """

    interval: str | None = "analytic"
    confidence_level: float = 0.95
    n_resamples: int = 2000
    rng: np.random.Generator | int | None = None
    cluster: Sequence[Hashable] | None = None
    population: int | None = None

    def __post_init__(self) -> None:
        arguments.word(self.interval, INTERVALS, "interval")
        arguments.between(self.confidence_level, "confidence_level")
        arguments.whole(self.n_resamples, "n_resamples", least=1)
        if self.population is not None:
            arguments.whole(self.population, "population", least=1)


def uncertainty(
    drawn: Units, value: float, *, inference: Inference, correction: float
) -> tuple[float, tuple[float, float], str]:
    """Standard error, interval and note of a coefficient.

    The mean of 2, 4 and 6 has the textbook standard error 2 / sqrt(3) and t(2) = 4.3027.

    >>> from ogp_analysis.agreement.function_of_sums import FunctionOfSums
    >>> from ogp_analysis.agreement.resampling import units
    >>> used, terms = np.ones(3, dtype=bool), np.array([[1, 2.0], [1, 4.0], [1, 6.0]])
    >>> mean = FunctionOfSums(terms, np.ones(3), np.arange(3), used, lambda s: s[..., 1] / s[..., 0])
    >>> error, limits, _ = uncertainty(units(mean, None), 4.0, inference=Inference(), correction=1.0)
    >>> round(error, 4), [round(limit, 4) for limit in limits]
    (1.1547, [-0.9683, 8.9683])
    """
    if inference.interval in ("bootstrap", "bca", "studentized"):
        return _bootstrap(drawn, value, inference=inference, correction=correction)
    if inference.interval == "analytic":
        error = standard_error(drawn.influence(), drawn.multiplicity) * correction
    else:
        # Fisher's z takes the delete-one error of the value, divided by 1 - v^2: with few items and missing
        # ratings the infinitesimal one is a little too small for Fleiss' kappa and alpha (Hughes, arXiv
        # 2210.13265, favours this one).
        left_out = drawn.without_one()
        error = resampling.jackknife_standard_error(left_out, drawn.multiplicity) * correction
    if math.isnan(error):
        return error, UNDEFINED, "undefined_without_one_item"
    if error < ROUNDING:
        return without_spread(value, correction)
    interval = fisher_interval if inference.interval == "fisher" else t_interval
    return error, interval(value, error, df=drawn.n - 1, confidence_level=inference.confidence_level), ""


def _bootstrap(
    drawn: Units, value: float, *, inference: Inference, correction: float
) -> tuple[float, tuple[float, float], str]:
    rng = arguments.generator(inference.rng, DEFAULT_SEED)
    blocks = resampling.bootstrap_weights(drawn.multiplicity, n_resamples=inference.n_resamples, rng=rng)
    if inference.interval == "studentized":
        return _studentized(drawn, value, blocks=blocks, inference=inference, correction=correction)
    # The weights come block by block: a million items times every resample would not fit into memory.
    resampled = np.concatenate([drawn.values(block) for block in blocks])
    defined = resampled[np.isfinite(resampled)]
    if len(defined) < 2:
        return math.nan, UNDEFINED, "resamples_undefined"
    error = float(defined.std(ddof=1)) * correction
    if error < ROUNDING:
        return without_spread(value, correction)
    limits = _limits(drawn, value, defined=defined, inference=inference)
    # Resamples are drawn as from an infinite population, so the correction has to come afterwards.
    limits = (value + (limits[0] - value) * correction, value + (limits[1] - value) * correction)
    if math.isnan(limits[0]):
        return error, limits, "resamples_one_side"
    return error, limits, "resamples_undefined" if len(defined) < 0.99 * len(resampled) else ""


def without_spread(value: float, correction: float = 1.0) -> tuple[float, tuple[float, float], str]:
    """Error, interval and note where no unit moves the value.

    Of full agreement every package says an error of 0 and an interval of 1 to 1 (irrCAC among them), and so
    do we, with a note. Any other value that no unit moves is an accident of few units: an interval without
    width would claim certainty. Where all of the population was rated there is indeed no error.

    >>> without_spread(1.0), without_spread(0.5)[2], without_spread(0.5, correction=0.0)
    ((0.0, (1.0, 1.0), 'standard_error_zero'), 'error_not_seen', (0.0, (0.5, 0.5), 'all_rated'))
    """
    if correction == 0:
        return 0.0, (value, value), "all_rated"
    if abs(value - 1) <= ROUNDING:
        return 0.0, (value, value), "standard_error_zero"
    return math.nan, UNDEFINED, "error_not_seen"


def _limits(drawn: Units, value: float, *, defined: Array, inference: Inference) -> tuple[float, float]:
    if inference.interval == "bootstrap":
        return resampling.percentile_interval(defined, confidence_level=inference.confidence_level)
    left_out = drawn.without_one()
    return resampling.bca_interval(
        defined,
        value,
        left_out=left_out,
        multiplicity=drawn.multiplicity,
        confidence_level=inference.confidence_level,
    )


def _studentized(
    drawn: Units, value: float, *, blocks: Iterator[Array], inference: Inference, correction: float
) -> tuple[float, tuple[float, float], str]:
    # Efron and Tibshirani (1993), section 12.5: quantiles of (theta* - theta) / SE*, both from the resample.
    error = standard_error(drawn.influence(), drawn.multiplicity) * correction
    if error < ROUNDING:
        return without_spread(value, correction)
    with np.errstate(all="ignore"):
        pairs = [drawn.values_and_errors(block) for block in blocks]
        ratio = np.concatenate([(values - value) / errors for values, errors in pairs])
    defined = ratio[np.isfinite(ratio)]
    if len(defined) < max(2, (1 - TOO_MANY_UNDEFINED) * len(ratio)):
        return _instead_of_studentized(drawn, value, inference=inference, correction=correction)
    low, high = resampling.percentile_interval(defined, confidence_level=inference.confidence_level)
    usual = 2 * special.stdtrit(drawn.n - 1, (1 + inference.confidence_level) / 2)
    if high - low > TOO_WIDE * usual:
        return _instead_of_studentized(drawn, value, inference=inference, correction=correction)
    note = "resamples_undefined" if len(defined) < 0.99 * len(ratio) else ""
    # The upper quantile of the ratio makes the lower limit: the ratio has the resample's error of the value.
    return error, (value - high * error, value - low * error), note


def _instead_of_studentized(
    drawn: Units, value: float, *, inference: Inference, correction: float
) -> tuple[float, tuple[float, float], str]:
    # A few resamples without variation divide by next to nothing and carry the quantiles away.
    fisher, student = (replace(inference, interval=kind) for kind in ("fisher", "analytic"))
    error, limits, _ = uncertainty(drawn, value, inference=fisher, correction=correction)
    if not math.isnan(limits[0]):
        return error, limits, "studentized_to_fisher"
    error, limits, _ = uncertainty(drawn, value, inference=student, correction=correction)
    return error, limits, "studentized_to_analytic"


def standard_error(influence: Array, multiplicity: Array) -> float:
    """Infinitesimal-jackknife standard error, sqrt(n / (n - 1) * sum of squared influences).

    A mean has influences (x_i - mean) / n; of 2 and 4 its standard error is s / sqrt(n) = sqrt(2) / sqrt(2).

    >>> standard_error(np.array([-0.5, 0.5]), np.ones(2))
    1.0
    """
    n = multiplicity.sum()
    return math.sqrt(n / (n - 1) * (multiplicity @ influence**2))


def t_interval(value: float, error: float, *, df: float, confidence_level: float) -> tuple[float, float]:
    """Interval of Student's t: value -+ t(df) * standard error.

    With 10 degrees of freedom 95 per cent lie within 2.228, as every printed table of t says.

    >>> [round(limit, 3) for limit in t_interval(0.0, 1.0, df=10, confidence_level=0.95)]
    [-2.228, 2.228]
    """
    half = special.stdtrit(df, (1 + confidence_level) / 2) * error
    return float(value - half), float(value + half)


def fisher_interval(value: float, error: float, *, df: float, confidence_level: float) -> tuple[float, float]:
    """Interval symmetric in Fisher's z: tanh(atanh(v) -+ t(df) * SE / (1 - v^2)), inside -1 and 1.

    Student's interval of the same coefficient would end at 1.0114.

    >>> [round(limit, 4) for limit in fisher_interval(0.9, 0.05, df=10, confidence_level=0.95)]
    [0.7093, 0.9679]
    """
    if abs(value) >= 1:
        return math.nan, math.nan
    # By the delta method: the slope of atanh is 1 / (1 - value^2).
    z = t_interval(math.atanh(value), error / (1 - value**2), df=df, confidence_level=confidence_level)
    return math.tanh(z[0]), math.tanh(z[1])


# Disagreements that are squared distances of points, whatever the numbers of the categories: of a simplex, a
# line (|x - y| and its root too: Schoenberg 1938, doi 10.1090/S0002-9947-1938-1501980-0), a circle; for ratio
# weights tanh^2 of half the distance of logarithms.
SQUARED_DISTANCES = frozenset(["identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular"])
MOST_CHECKED = 500  # categories of a matrix that is looked at; its eigenvalues take their cube


def least_of_pairs(per_item: npt.NDArray) -> float:
    """Least kappa, pi, alpha or one-way ICC of items with that many ratings: -1 / (r - 1), r the fewest.

    With D_o the mean squared distance of two ratings of an item and D_e that of two ratings of any, the sum
    of squares within items is at most the whole, so that D_o <= D_e r / (r - 1) and 1 - D_o / D_e is at least
    -1 / (r - 1). With fixed raters the same follows: the variance of their sum is not below 0.

    >>> least_of_pairs(np.array([3, 4, 1])), least_of_pairs(np.array([1]))
    (-0.5, -inf)
    """
    paired = per_item[per_item >= 2]
    return -1 / (float(paired.min()) - 1) if len(paired) else -math.inf


def least_kappa(per_item: npt.NDArray, disagreement: Array, name: str) -> float:
    """Least coefficient 1 - D_o / D_e where disagreements are squared distances; else none is known.

    >>> far = np.array([[0, 1, 10], [1, 0, 1], [10, 1, 0.0]])
    >>> [least_kappa(np.array([2, 2]), far, name) for name in ("quadratic", "own weights")]
    [-1.0, -inf]
    """
    known = name in SQUARED_DISTANCES or are_squared_distances(disagreement)
    return least_of_pairs(per_item) if known else -math.inf


def least_by_chance(weights: Array) -> float:
    """Least coefficient whose chance agreement is the mean weight, or at most that (Gwet): no pair agrees.

    Of q categories -1 / (q - 1): with two of them -1, with five -0.25.

    >>> least_by_chance(np.eye(2)), least_by_chance(np.eye(5))
    (-1.0, -0.25)
    """
    expected = float(weights.mean())
    return (float(weights.min()) - expected) / (1 - expected) if expected < 1 else -math.inf


def are_squared_distances(disagreement: Array) -> bool:
    """Whether a matrix has the squared distances of some points (Schoenberg 1935, doi 10.2307/1968654).

    Two steps of 1 cannot make one of 10, whose root is longer than both together.

    >>> far = np.array([[0, 1, 10], [1, 0, 1], [10, 1, 0.0]])
    >>> are_squared_distances(far), are_squared_distances(np.minimum(far, 4.0))
    (False, True)
    """
    if len(disagreement) > MOST_CHECKED:
        return False
    centred = disagreement - disagreement.mean(axis=0) - disagreement.mean(axis=1)[:, None]
    centred += disagreement.mean()
    largest = np.abs(disagreement).max(initial=0.0)
    return bool(np.linalg.eigvalsh(-centred).min(initial=0.0) >= -1e-9 * largest)
