"""Ways of adding up scores of indicators: means of three kinds, and the score that a share of weight has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

from ogp_analysis.model.params import Parameters, as_fraction

MEAN, GEOMETRIC, HARMONIC, SHARE = "mean", "geometric", "harmonic", "share"
# A share of weight and, of floats, what their sum is off.
HALF, ALL, NOISE = Fraction(1, 2), Fraction(1), 1e-12
MOST_DIGITS = 4000  # of logarithms that are compared; two rationals of ratings part long before


@dataclass(frozen=True)
class Adding:
    """A way of adding up. What has no effect is set aside: the median is the score that half the weight has.

    Parameters
    ----------
    kind : str
        ``"mean"``, ``"geometric"`` or ``"harmonic"`` mean, or ``"share"``: the highest score that indicators
        with at least this share of the weight reach.
    share : Fraction
        That share: 1 gives the lowest score, 1/2 the (upper) median; 1 for means.
    """

    kind: str = MEAN
    share: Fraction = ALL


PLAIN = Adding()
SHARES = {"median": HALF, "minimum": ALL}


def adding_of(parameters: Parameters) -> Adding:
    """Take from the parameters how scores are added up.

    >>> from ogp_analysis.model import params
    >>> given = params.from_values(params.baseline() | {"aggregation": "majority", "majority": 0.6})
    >>> adding_of(given)
    Adding(kind='share', share=Fraction(3, 5))
    """
    way = parameters.aggregation
    if way == "majority":
        return Adding(SHARE, as_fraction(parameters.as_given["majority"]))
    return Adding(SHARE, SHARES[way]) if way in SHARES else Adding(way)


def scaled(scores: np.ndarray, kind: str) -> np.ndarray:
    """Give what a mean is linear in: scores, their logarithms or -1 / score; the order stays.

    >>> scaled(np.array([1.0, 2.0]), "harmonic").tolist()
    [-1.0, -0.5]
    """
    if kind == GEOMETRIC:
        return np.log(scores)
    return -1 / scores if kind == HARMONIC else scores


def unscaled(values: np.ndarray, kind: str) -> np.ndarray:
    """Give scores back.

    >>> unscaled(np.array([-0.5]), "harmonic").tolist()
    [2.0]
    """
    if kind == GEOMETRIC:
        return np.exp(values)
    return -1 / values if kind == HARMONIC else values


def added(scores: np.ndarray, weights: np.ndarray, adding: Adding) -> np.ndarray:
    """Add up scores (..., n) with weights (..., n) that sum to 1, in floats; NaN where a score is NaN.

    >>> scores, weights = np.array([[1.0, 4.0, 4.0]]), np.array([0.5, 0.25, 0.25])
    >>> ways = [Adding(GEOMETRIC), Adding(HARMONIC), Adding(SHARE, HALF), Adding(SHARE, ALL)]
    >>> [added(scores, weights, way).round(6).tolist() for way in ways]
    [[2.0], [1.6], [4.0], [1.0]]
    """
    if adding.kind == SHARE:
        return score_of_share(scores, weights, float(adding.share) - NOISE)
    return unscaled((scaled(scores, adding.kind) * weights).sum(axis=-1), adding.kind)


def score_of_share(scores: np.ndarray, parts: np.ndarray, wanted: np.ndarray | float) -> np.ndarray:
    """Give the highest score that indicators with the wanted weight reach; (..., n) -> (...); NaN if any is.

    >>> score_of_share(np.array([[5.0, 3.0, 1.0]]), np.array([1, 1, 2]), np.array([2])).tolist()
    [3.0]
    """
    scores, parts = np.broadcast_arrays(scores, parts)
    order = np.argsort(-scores, axis=-1, kind="stable")
    reached = np.cumsum(np.take_along_axis(parts, order, axis=-1), axis=-1)
    first = (reached >= np.asarray(wanted)[..., None]).astype(bool).argmax(axis=-1)
    ranked = np.take_along_axis(scores, order, axis=-1)
    score = np.take_along_axis(ranked, first[..., None], axis=-1)[..., 0]
    return np.where(np.isnan(scores).any(axis=-1), np.nan, score)


def reaches_exactly(scores: list[Fraction], parts: list[int], cut: Fraction, adding: Adding) -> bool:
    """Say on fractions whether scores with whole weights reach a cut point; means that are on it do.

    >>> two, eight = Fraction(2), Fraction(8)
    >>> ways = (Adding(GEOMETRIC), Adding(HARMONIC), PLAIN)
    >>> [reaches_exactly([two, eight], [1, 1], Fraction(4), way) for way in ways]
    [True, False, True]
    """
    total, pairs = sum(parts), list(zip(scores, parts, strict=True))
    if adding.kind == SHARE:
        return sum(part for score, part in pairs if score >= cut) >= adding.share * total
    if adding.kind == HARMONIC:
        return sum((part / score for score, part in pairs), Fraction(0)) * cut <= total
    if adding.kind == GEOMETRIC:
        return _product_reaches([*pairs, (cut, -total)])
    return sum((part * score for score, part in pairs), Fraction(0)) >= total * cut


def _product_reaches(powers: list[tuple[Fraction, int]]) -> bool:
    """Say whether a product of powers of positive fractions is 1 or more."""
    parts = [
        (number, power * sign)
        for base, power in powers
        for number, sign in ((base.numerator, 1), (base.denominator, -1))
    ]
    factors = coprime_factors([number for number, _ in parts])
    exponents = {factor: sum(power * _times(factor, number) for number, power in parts) for factor in factors}
    kept = {factor: power for factor, power in exponents.items() if power}
    # Products of coprime numbers are 1 only where every power is 0: a tie is one, however large powers are.
    return not kept or _sum_of_logarithms(kept) > 0


def coprime_factors(numbers: list[int]) -> list[int]:
    """Part whole numbers into factors without a common divisor, of which each number is a product.

    By greatest common divisors alone: nothing is searched, however long the numbers are.

    >>> sorted(coprime_factors([12, 18, 35]))
    [2, 3, 35]
    """
    factors: list[int] = []
    pending = [number for number in numbers if number > 1]
    while pending:
        number = pending.pop()
        for place, factor in enumerate(factors):
            common = math.gcd(number, factor)
            if common > 1:
                del factors[place]
                parts = (common, factor // common, number // common)
                pending += [part for part in parts if part > 1]
                break
        else:
            factors.append(number)
    return factors


def _times(factor: int, number: int) -> int:
    count = 0
    while number % factor == 0:
        number //= factor
        count += 1
    return count


def _sum_of_logarithms(powers: dict[int, int]) -> Decimal:
    """Add logarithms with as many digits as it takes to tell the sum from 0, which it is not."""
    digits = 40
    while True:
        with localcontext() as context:
            context.prec = digits
            parts = [Decimal(power) * Decimal(factor).ln() for factor, power in powers.items()]
            total = sum(parts, Decimal(0))
            off = sum(abs(part) for part in parts) * Decimal(10) ** (3 - digits)
        if abs(total) > off or digits > MOST_DIGITS:
            return total
        digits *= 2
