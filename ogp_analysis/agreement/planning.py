"""How many proposals and evaluators an interval of a given width asks for, by simulation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import special

from ogp_analysis.agreement import arguments, kappas
from ogp_analysis.agreement.category_codes import code
from ogp_analysis.agreement.icc import icc
from ogp_analysis.agreement.krippendorff import METRICS, alpha_by
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.agreement.summary import recommended_interval
from ogp_analysis.agreement.weights import agreement_weights
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.records import Estimate

Array = npt.NDArray[np.float64]
Simulation = Callable[[int, int, np.random.Generator], Array]
PLANNED = (
    "cohen_kappa",
    "conger_kappa",
    "fleiss_kappa",
    "krippendorff_alpha",
    "gwet_ac",
    "ICC(1)",
    "ICC(A,1)",
    "ICC(C,1)",
)
MOST_ITEMS, MOST_RATERS = 20_000, 30
DEFAULT_SEED, RESAMPLES, STEPS = 0, 400, 12


@dataclass(frozen=True)
class IntervalPlan:
    """What a design would give.

    Parameters
    ----------
    coefficient, interval : str
        What is estimated, and the kind of interval that is recommended at that size.
    n_items, n_raters : int or None
        Items, and ratings of each; None where no number up to the largest tried is enough.
    expected_width : float
        Mean width of the simulated intervals.
    simulation_error : float
        Standard error of that mean.
    share_not_wider : float
        Share of the simulated intervals that are not wider than was asked for, in [0, 1]: about half, as the
        width aimed at is the mean.
    n_simulations : int
        Tables that were simulated at that size.
    """

    coefficient: str
    interval: str
    n_items: int | None
    n_raters: int | None
    expected_width: float
    simulation_error: float
    share_not_wider: float
    n_simulations: int


def plan_interval(
    coefficient: str,
    *,
    value: float,
    width: float,
    n_items: int | None = None,
    n_raters: int | None = 2,
    shares: Sequence[float] | None = None,
    weights: str = "identity",
    rater_share: float = 0.0,
    confidence_level: float = 0.95,
    n_simulations: int = 200,
    rng: np.random.Generator | int | None = None,
) -> IntervalPlan:
    """Find the items, or the raters, whose interval is not wider than asked for, in the mean of simulated
    tables.

    Categories: an item has a category, drawn by ``shares``, which all its raters see, or none, and each
    rater then draws one; how often is what makes ``value`` true. Scores: item, rater and residual are normal.
    Real raters differ from both; the plan is a first answer, and a pilot a better one.

    Parameters
    ----------
    coefficient : str
        ``"cohen_kappa"`` (two raters), ``"conger_kappa"``, ``"fleiss_kappa"``, ``"krippendorff_alpha"``,
        ``"gwet_ac"``, ``"ICC(1)"``, ``"ICC(A,1)"`` or ``"ICC(C,1)"``.
    value : float
        The value that is expected, in [0, 1).
    width : float
        The largest width, upper limit less lower, in (0, 2).
    n_items : int, optional
        Items there are; left out, they are looked for.
    n_raters : int or None
        Ratings of each item; None, with ``n_items`` given, looks for them.
    shares : sequence of float, optional
        Share of the items in each category, with sum 1; needed for all but the ICC.
    weights : str
        Weighting of the categories, as in `percent_agreement`; alpha takes the metric that says the same.
    rater_share : float
        ICC(A,1): share of a rating's error variance that is the rater's level, in [0, 1).
    confidence_level : float
        Nominal coverage, in (0, 1).
    n_simulations : int
        Tables simulated at each size.
    rng : numpy.random.Generator or int, optional
        Source of randomness; None is the seed 0.

    Returns
    -------
    IntervalPlan
        The smallest number found; for items it is exact to the simulation error.

    Raises
    ------
    StatisticsError
        A coefficient that is none of these, numbers outside their ranges, shares that are missing or do not
        sum to 1, AC of a value that no such ratings have, or neither items nor raters given.

    Examples
    --------
    >>> found = plan_interval("ICC(1)", value=0.85, width=0.2, n_raters=4, n_simulations=50)
    >>> 17 <= found.n_items <= 24
    True
    """
    name = arguments.word(coefficient, PLANNED, "coefficient")
    arguments.between(value, "value", closed=True), arguments.between(width, "width", high=2.0)
    arguments.between(rater_share, "rater_share", closed=True)
    arguments.between(confidence_level, "confidence_level")
    arguments.whole(n_simulations, "n_simulations", least=2)
    if name == "cohen_kappa" and n_raters != 2:
        raise keyed_error(
            key="agreement.two_raters_only", what=phrase("agreement.what.cohen_kappa"), n_raters=n_raters
        )
    simulate = _simulation(name, value, shares=shares, weights=weights, rater_share=rater_share)
    call = _call(name, weights, shares)
    study = _Study(name, call, simulate, width, confidence_level, n_simulations, weights != "identity")
    generator = arguments.generator(rng, DEFAULT_SEED)
    if n_items is not None:
        arguments.whole(n_items, "n_items", least=2)
        return study.fixed_items(n_items, n_raters, generator)
    if n_raters is None:
        raise keyed_error(key="agreement.plan_items_or_raters")
    arguments.whole(n_raters, "n_raters", least=2)
    begin = icc_items(value, width=width, n_raters=n_raters, confidence_level=confidence_level)
    return study.fewest_items(n_raters, generator, begin=math.ceil(begin) if name.startswith("ICC") else 40)


def icc_items(value: float, *, width: float, n_raters: int, confidence_level: float = 0.95) -> float:
    """Items for an interval of ICC(1) of a given width, before rounding (Bonett 2002, doi 10.1002/sim.1108,
    eq. 3).

    An approximation for large samples: where the simulation begins.

    >>> round(icc_items(0.85, width=0.2, n_raters=4), 1)
    19.2
    """
    z = float(special.ndtri((1 + confidence_level) / 2))
    k = n_raters
    spread = (1 - value) ** 2 * (1 + (k - 1) * value) ** 2 / (k * (k - 1))
    return 8 * z**2 * spread / width**2 + 1


@dataclass(frozen=True)
class _Study:
    name: str
    call: Callable[..., Estimate]
    simulate: Simulation
    width: float
    level: float
    n_simulations: int
    weighted: bool

    def at(self, n_items: int, n_raters: int, rng: np.random.Generator) -> IntervalPlan:
        """Simulate one size."""
        kind = recommended_interval(self.name, weighted=self.weighted, n_items=n_items)
        options = {"interval": kind, "confidence_level": self.level, "n_resamples": RESAMPLES, "rng": rng}
        tables = (self.simulate(n_items, n_raters, rng) for _ in range(self.n_simulations))
        intervals = np.array([self.call(Ratings(table), **options).interval for table in tables])
        widths = (intervals[:, 1] - intervals[:, 0])[np.isfinite(intervals).all(axis=1)]
        if len(widths) < 2:
            return IntervalPlan(
                self.name, kind, n_items, n_raters, math.inf, math.nan, 0.0, self.n_simulations
            )
        return IntervalPlan(
            self.name,
            kind,
            n_items,
            n_raters,
            float(widths.mean()),
            float(widths.std(ddof=1) / math.sqrt(len(widths))),
            float((widths <= self.width).mean()),
            self.n_simulations,
        )

    def fixed_items(self, n_items: int, n_raters: int | None, rng: np.random.Generator) -> IntervalPlan:
        """Of given items: the width of so many raters, or the fewest raters."""
        if n_raters is not None:
            return self.at(n_items, arguments.whole(n_raters, "n_raters", least=2), rng)
        for raters in range(2, MOST_RATERS + 1):
            plan = self.at(n_items, raters, rng)
            if plan.expected_width <= self.width:
                return plan
        return replace(plan, n_raters=None)

    def fewest_items(self, n_raters: int, rng: np.random.Generator, *, begin: int) -> IntervalPlan:
        """Widths fall with the root of the items: one size leads to the next, until two neighbours remain."""
        low, n, best = 3, min(max(begin, 3), MOST_ITEMS), None
        high = MOST_ITEMS + 1
        for _ in range(STEPS):
            plan = self.at(n, n_raters, rng)
            if plan.expected_width <= self.width:
                best, high = plan, n
            else:
                low = n + 1
            if low >= high or (best is not None and high - low <= high // 50):
                break
            ratio = (plan.expected_width / self.width) ** 2
            n = min(max(math.ceil(n * min(ratio, 50.0)), low), high - 1, MOST_ITEMS)
        if best is None:
            return replace(plan, n_items=None)
        return best


def _call(name: str, weights: str, shares: Sequence[float] | None) -> Callable[..., Estimate]:
    if name.startswith("ICC"):
        return partial(icc, form=name)
    scale = list(range(1, len(shares or ()) + 1))
    if name == "krippendorff_alpha":
        return partial(alpha_by, metric=METRICS.get(weights, weights), categories=scale)
    return partial(getattr(kappas, name), weights=weights, categories=scale)


def _simulation(
    name: str, value: float, *, shares: Sequence[float] | None, weights: str, rater_share: float
) -> Simulation:
    if name.startswith("ICC"):
        own = rater_share if name == "ICC(A,1)" else 0.0
        return partial(_normal, item=value, rater=(1 - value) * own, residual=(1 - value) * (1 - own))
    chance = _shares(shares)
    return partial(_categories, shares=chance, certain=_certain(name, value, chance, weights))


def _shares(shares: Sequence[float] | None) -> Array:
    given = np.zeros(0) if shares is None else np.array(arguments.names(shares, "shares"), dtype=object)
    try:
        plan = given.astype(np.float64)
    except (TypeError, ValueError):
        plan = np.full(1, np.nan)
    if len(plan) < 2 or not (plan >= 0).all() or abs(plan.sum() - 1) > 1e-9 or (plan == 1).any():
        raise keyed_error(key="agreement.plan_shares", shares=shares)
    return plan


def _certain(name: str, value: float, shares: Array, weights: str) -> float:
    """How often all raters see the item's category, so that the coefficient is ``value``."""
    q = len(shares)
    coded = code(Ratings(np.array([[1.0, 1.0]])), list(range(1, q + 1)))
    w = agreement_weights(coded, weights)
    by_chance = float((shares[:, None] * w * shares).sum())
    if name != "gwet_ac":  # the marginals are the shares, so chance is the same for all the others
        return value
    expected = float(w.sum() / (q * (q - 1)) * (shares * (1 - shares)).sum())
    certain = (expected + value * (1 - expected) - by_chance) / (1 - by_chance)
    if not 0 <= certain < 1:
        least = (by_chance - expected) / (1 - expected)
        raise keyed_error(key="agreement.plan_value", value=value, least=least)
    return certain


def _categories(
    n_items: int, n_raters: int, rng: np.random.Generator, *, shares: Array, certain: float
) -> Array:
    own = rng.choice(len(shares), size=(n_items, n_raters), p=shares)
    seen = rng.choice(len(shares), size=(n_items, 1), p=shares)
    return np.where(rng.random((n_items, 1)) < certain, seen, own) + 1.0


def _normal(
    n_items: int, n_raters: int, rng: np.random.Generator, *, item: float, rater: float, residual: float
) -> Array:
    return (
        math.sqrt(item) * rng.normal(size=(n_items, 1))
        + math.sqrt(rater) * rng.normal(size=(1, n_raters))
        + math.sqrt(residual) * rng.normal(size=(n_items, n_raters))
    )
