"""A belief about the weights of one criterion, as data: what it allows, and which algorithm serves it."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product

import numpy as np

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import checks, simplices, walk
from ogp_analysis.sensitivity.constrained import CANCELLATION
from ogp_analysis.sensitivity.simplices import Mixture
from ogp_analysis.sensitivity.ties import exact


@dataclass(frozen=True)
class WeightBelief:
    """A distribution over the weights of one criterion.

    Parameters
    ----------
    indicators : tuple of str
        Names, in the order of the weights.
    alpha : tuple of float or None
        Dirichlet parameters; None means uniform on the set that the constraints leave.
    low, high : tuple of float
        Bounds of each weight.
    pairs : tuple of (int, int, float)
        ``(i, j, r)``: weight i is at least r times weight j.
    sample : numpy.ndarray, shape (walks, points, n), or None
        Drawn weights (`sampled`): where there are too many constraints for an exact answer, these stand for
        the set, and every share has a standard error (`belief_error`).

    Examples
    --------
    >>> WeightBelief(("time", "complexity"), pairs=((0, 1, 2.0),)).route
    'polytope'
    """

    indicators: tuple[str, ...]
    alpha: tuple[float, ...] | None = None
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    pairs: tuple[tuple[int, int, float], ...] = ()
    sample: np.ndarray | None = field(default=None, compare=False, repr=False)

    @property
    def bounded(self) -> bool:
        """Whether a bound restricts the weights beyond 0 to 1."""
        return any(value > 0 for value in self.low) or any(value < 1 for value in self.high)

    @property
    def route(self) -> str:
        """Name of the algorithm: sample, or an exact one: uniform, dirichlet, interval, orders, polytope."""
        if self.sample is not None:
            return "sample"
        if self.alpha is not None:
            return "dirichlet"
        if not self.pairs:
            return "interval" if self.bounded else "uniform"
        # Up to 6 indicators at most 720 total orders are averaged; beyond, corners are searched instead.
        plain = all(ratio == 1 for _, _, ratio in self.pairs) and not longest_paths(self)[1]
        return "orders" if plain and not self.bounded and len(self.indicators) <= 6 else "polytope"

    def mixture(self) -> Mixture:
        """Return the allowed weights as a mixture of simplices (not for a Dirichlet belief).

        Raises
        ------
        StatisticsError
            No weights obey the constraints, or there are too many to search.

        Examples
        --------
        >>> WeightBelief(("a", "b"), pairs=((1, 0, 1.0),)).mixture()[1].tolist()
        [[[0.0, 1.0], [0.5, 0.5]]]
        """
        n = len(self.indicators)
        if self.route == "interval":
            # Narrow bounds: signed shares would cancel, pieces of the polytope have shares of one sign.
            bounds = np.array(self.low, dtype=float), np.array(self.high, dtype=float)
            mixture, digits = simplices.interval_simplices(*bounds)
            return mixture if digits >= CANCELLATION else simplices.polytope_simplices(*self.constraints())
        if self.route == "orders":
            return simplices.order_simplices([(i, j) for i, j, _ in self.pairs], n)
        return simplices.polytope_simplices(*self.constraints())

    @property
    def searchable(self) -> bool:
        """Whether an exact answer exists: other beliefs have to be `sampled`."""
        n = len(self.indicators)
        return self.route != "polytope" or simplices.searchable(n + len(self.constraints()[0]), n)

    def sampled(self, *, draws: int, rng: np.random.Generator) -> WeightBelief:
        """Return the belief with drawn weights in place of an exact set (hit-and-run; not for Dirichlet).

        Examples
        --------
        >>> belief = WeightBelief(("a", "b", "c"), pairs=((0, 1, 2.0),))
        >>> belief.sampled(draws=1000, rng=np.random.default_rng(1)).route
        'sample'
        """
        if self.alpha is not None:
            message = "a dirichlet belief is drawn by draw_weights; it needs no sample"
            raise StatisticsError(message)
        draws = checks.whole_number(draws, "draws", least=1)
        found = walk.walked(*self.constraints(), draws=draws, rng=checks.generator(rng))
        return replace(self, sample=found)

    def with_sample(self, sample: np.ndarray) -> WeightBelief:
        """Return the belief with these drawn weights, (walks, points, n)."""
        return replace(self, sample=sample)

    def constraints(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the constraints as normals (c, n) and bounds (c,): normals w <= bounds.

        Examples
        --------
        A first weight of at least twice the second: 2 w_2 - w_1 <= 0.

        >>> WeightBelief(("a", "b"), pairs=((0, 1, 2.0),)).constraints()[0].tolist()
        [[-1.0, 2.0]]
        """
        n = len(self.indicators)
        eye, rows, limits = np.eye(n), [], []
        for i in range(n):
            # A bound of 0 or 1 says nothing new, and the search for corners grows fast with constraints.
            if self.low and self.low[i] > 0:
                rows.append(-eye[i]), limits.append(-self.low[i])
            if self.high and self.high[i] < 1:
                rows.append(eye[i]), limits.append(self.high[i])
        for i, j, ratio in self.pairs:
            rows.append(ratio * eye[j] - eye[i]), limits.append(0.0)
        return np.array(rows).reshape(-1, n), np.array(limits, dtype=float)


def named_as(scores: object, belief: object) -> object:
    """Put the columns of a frame into the order of the belief's indicators where both have the same names.

    Examples
    --------
    >>> import pandas as pd
    >>> named_as(pd.DataFrame([[1, 5]], columns=["b", "a"]), WeightBelief(("a", "b"))).values.tolist()
    [[5, 1]]
    """
    columns, names = getattr(scores, "columns", None), getattr(belief, "indicators", None)
    if columns is None or names is None or sorted(map(str, columns)) != sorted(map(str, names)):
        return scores
    return scores[list(names)]


def fitting(belief: WeightBelief | None, n: int) -> WeightBelief | None:
    """Take a belief about n weights, or None; refuse anything else.

    Raises
    ------
    StatisticsError
        It is no `WeightBelief`, or is about another number of indicators.

    Examples
    --------
    >>> fitting(WeightBelief(("a", "b")), 3)
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: belief is about 2 indicators, but the scores have 3
    """
    if belief is not None and not isinstance(belief, WeightBelief):
        message = f"belief is {reprlib.repr(belief)}; it must be a WeightBelief (see read_belief) or None"
        raise StatisticsError(message, belief=belief)
    if belief is not None and len(belief.indicators) != n:
        message = f"belief is about {len(belief.indicators)} indicators, but the scores have {n}"
        raise StatisticsError(message, indicators=belief.indicators, n=n)
    return belief


def longest_paths(belief: WeightBelief) -> tuple[dict[tuple[int, int], Fraction], bool]:
    """Give how many times each weight is at least each other one by the pairs, and whether some are equal.

    A cycle of ratios contradicts itself only where its product is above 1; exactly 1 makes its weights equal
    up to the ratios, and below 1 they bound each other from both sides.

    Examples
    --------
    >>> longest_paths(WeightBelief(("a", "b"), pairs=((0, 1, 2.0), (1, 0, 0.5))))[1]
    True
    """
    times: dict[tuple[int, int], Fraction] = {}
    for i, j, ratio in belief.pairs:
        times[i, j] = max(times.get((i, j), Fraction(0)), exact(ratio))
    places = range(len(belief.indicators))
    for k, i, j in product(places, repeat=3):  # i above k above j means i above j
        if (i, k) in times and (k, j) in times:
            times[i, j] = max(times.get((i, j), Fraction(0)), times[i, k] * times[k, j])
    return times, any(times.get((i, i)) == 1 for i in places)
