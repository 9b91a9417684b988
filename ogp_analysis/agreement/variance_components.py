"""Variance components of ratings by REML, for raters who are not crossed with items; the decision study."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, special

from ogp_analysis.agreement import arguments, reml
from ogp_analysis.agreement.kappas import AnyRatings, prepared
from ogp_analysis.agreement.ratings_table import Ratings, need_raters
from ogp_analysis.agreement.text_ratings import need_numbers
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.records import Estimate

Array = npt.NDArray[np.float64]
ITEM, RATER, PANEL, RESIDUAL = "item", "rater", "panel", "residual"
LARGEST = 1e6  # times the residual; perfect agreement has no residual at all
FEW_LEVELS = 200  # of all factors but the first, up to which a model is fitted in milliseconds
MOST_LEVELS = 3000  # of all factors but the largest: the time grows with their third power
NESTED = "nested_raters"
NEGLIGIBLE = 1e-7  # a component below this share of the residual is at its bound of zero


@dataclass(frozen=True, eq=False)
class VarianceComponents:
    """Where the variance of the ratings comes from.

    Parameters
    ----------
    components : dict of str to Estimate
        Variances, in squared points: ``"item"``, ``"rater"``, ``"panel"`` (where panels are given) and
        ``"residual"``, which also holds the interaction of rater and item.
    mean : float
        Estimated mean rating.
    n_items, n_raters, n_ratings : int
        Size of the data.
    model : reml.Mixed
        The fitted model.

    Examples
    --------
    Mean squares 4 of items, 9 of raters and 1 of what is left: (4 - 1) / 2, (9 - 1) / 2 and 1.

    >>> found = variance_components([[1, 3], [2, 6]])
    >>> found.frame()[["component", "variance", "share"]].round(4).values.tolist()
    [['item', 1.5, 0.2308], ['rater', 4.0, 0.6154], ['residual', 1.0, 0.1538]]
    >>> found.variance("panel")
    0.0
    """

    components: dict[str, Estimate]
    mean: float
    n_items: int
    n_raters: int
    n_ratings: int
    model: reml.Mixed

    def variance(self, name: str) -> float:
        """Variance of one component, 0 where the model has none of that name.

        Parameters
        ----------
        name : str
            ``"item"``, ``"rater"``, ``"panel"`` or ``"residual"``.

        Returns
        -------
        float
            In squared points.
        """
        return self.components[name].value if name in self.components else 0.0

    def frame(self) -> pd.DataFrame:
        """Components as a table: variance, standard error, limits, share of the total.

        Returns
        -------
        pandas.DataFrame
            Columns ``component, variance, standard_error, lower, upper`` (squared points), ``share`` (of the
            total, in [0, 1]; NaN where nothing varies) and ``note``.
        """
        total = sum(component.value for component in self.components.values())
        rows = [
            (
                name,
                component.value,
                component.standard_error,
                *component.interval,
                _share(component.value, total),
                component.note,
            )
            for name, component in self.components.items()
        ]
        columns = ["component", "variance", "standard_error", "lower", "upper", "share", "note"]
        return pd.DataFrame(rows, columns=columns)


def _share(variance: float, total: float) -> float:
    return variance / total if total > 0 else math.nan


@dataclass(frozen=True, eq=False)
class DecisionStudy:
    """How reliable the mean of k raters would be.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``n_raters``, ``generalizability`` (order of items, only where the same raters rate all of
        them; where raters change, their severity disturbs the order too) and ``dependability`` (level of
        items, and their order where raters change from item to item).
    target : float
        The reliability aimed at.
    needed_generalizability, needed_dependability : int or None
        Smallest number of raters that reaches it; None where no number does.
    """

    table: pd.DataFrame
    target: float
    needed_generalizability: int | None
    needed_dependability: int | None


def variance_components(
    ratings: AnyRatings,
    *,
    panel: Sequence[Hashable] | None = None,
    confidence_level: float = 0.95,
) -> VarianceComponents:
    """Split the variance of ratings into item, rater, panel and residual by restricted maximum likelihood.

    y = mean + item + rater (+ panel) + residual, all effects random and independent (Patterson and Thompson
    1971, doi 10.1093/biomet/58.3.545). Any design: raters need not be crossed with items. Intervals are
    Satterthwaite's, from the expected information.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Numbers, items in rows, raters in columns; NaN where there is no rating.
    panel : sequence, with length M
        Panel of each rater; left out, the model has no panels.
    confidence_level : float
        Nominal coverage of the intervals, in (0, 1).

    Returns
    -------
    VarianceComponents
        Variances with intervals; note ``zero_variance`` where one is at its bound of zero, ``few_levels``
        where a factor has fewer than five levels, ``no_variation`` where all ratings are equal,
        ``not_determined`` where the data say too little for an interval, ``one_item`` and NaN for a single
        item, ``nested_raters`` where each rater rated one item: there is no component of raters then, the
        residual holds it; ``panels_left_out`` (of the residual) where there is one panel, or one for each
        rater: no component of panels then, nothing tells it from the mean or from the raters.

    Raises
    ------
    StatisticsError
        Text, raters who are not identified, a panel for each of another number of raters, too few ratings, or
        more than 3000 levels of all factors but the largest (it would take minutes).

    Examples
    --------
    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> found = variance_components(table)
    >>> [round(found.variance(name), 3) for name in ("item", "rater", "residual")]
    [2.556, 5.244, 1.019]
    """
    arguments.between(confidence_level, "confidence_level")
    table, panel = _checked(prepared(ratings), panel)
    factors = _factors(table, panel)
    nested = RATER not in factors
    observed = table.values[~table.missing]
    model = reml.Mixed(observed, factors)
    ratio = _optimum(model) if np.ptp(observed) else np.zeros(len(factors))
    # At the end of the search there is no residual to be in ratio to: the effects are then seen exactly.
    if ratio.max(initial=0.0) > 0.9 * LARGEST:
        variances = _without_residual(model, ratio)
    else:
        residual = model.residual_variance(ratio)
        variances = reml.polished(model, np.append(ratio * residual, residual))
    ratio = variances[:-1] / variances[-1] if variances[-1] > 0 else ratio
    errors = reml.standard_errors(model, variances)
    by_factor = dict(zip([*factors, RESIDUAL], zip(variances, errors, strict=True), strict=True))
    sizes: dict[str, Any] = {"n_items": int((table.per_item > 0).sum()), "n_raters": table.n_raters}
    made = {
        name: replace(_component(name, model, *by_factor[name], confidence_level=confidence_level), **sizes)
        for name in (ITEM, RATER, PANEL, RESIDUAL)
        if name in by_factor
    }
    if panel is not None and PANEL not in factors:
        made[RESIDUAL] = replace(made[RESIDUAL], note="panels_left_out")
    if nested:
        made[RESIDUAL] = replace(made[RESIDUAL], note=NESTED)
    if model.factors[ITEM].max() == 0:
        # Of a single item nothing tells one source of variance from another: what comes out is the start.
        made = {name: replace(one, value=math.nan, note="one_item") for name, one in made.items()}
    return VarianceComponents(
        made, model.mean(ratio), **sizes, n_ratings=table.n_ratings, model=model.at(ratio)
    )


def _checked(table: Ratings, panel: Sequence[Hashable] | None) -> tuple[Ratings, list[Hashable] | None]:
    panel = None if panel is None else arguments.in_order(panel, table.raters, "panel")
    need_numbers(table, phrase("agreement.needs.variance_components"))
    need_raters(table, phrase("agreement.needs.variance_components"))
    if panel is not None and len(panel) != table.values.shape[1]:
        raise keyed_error(key="agreement.panel_length", n_panel=len(panel), n_raters=table.values.shape[1])
    if table.n_ratings < 3:
        raise keyed_error(key="agreement.three_ratings", n_ratings=table.n_ratings)
    return table, panel


def _factors(table: Ratings, panel: Sequence[Hashable] | None) -> dict[str, npt.NDArray[np.integer]]:
    rows, columns = np.nonzero(~table.missing)
    factors: dict[str, npt.NDArray[np.integer]] = {ITEM: rows, RATER: columns}
    if panel is not None:
        place = {name: k for k, name in enumerate(dict.fromkeys(panel))}
        factors[PANEL] = np.array([place[panel[column]] for column in columns.tolist()])
    # Numbered without gaps: an item, a rater or a panel without a rating is no level of its factor.
    factors = {name: np.unique(index, return_inverse=True)[1] for name, index in factors.items()}
    if PANEL in factors and factors[PANEL].max() in (0, factors[RATER].max()):
        # One panel is part of the mean, one for each rater is the rater: shared out, either would be made up.
        del factors[PANEL]
    if len(set(columns.tolist())) == len(columns) > len(set(rows.tolist())) > 1:
        # Each rater rated one item: one's level and the error of one's rating are the same number.
        del factors[RATER]
    return _largest_first(factors)


def _largest_first(
    factors: dict[str, npt.NDArray[np.integer]],
) -> dict[str, npt.NDArray[np.integer]]:
    """Put the factor first whose levels cost nothing; refuse what would take minutes."""
    levels = {name: int(index.max()) + 1 for name, index in factors.items()}
    rest = sum(levels.values()) - levels[ITEM]
    largest = max(levels, key=lambda name: levels[name])
    # The order of small models stays: their last digits depend on it.
    if rest > FEW_LEVELS and largest != ITEM:
        factors = {largest: factors[largest]} | factors
        rest = sum(levels.values()) - levels[largest]
    if rest > MOST_LEVELS:
        sizes = tuple(phrase(f"agreement.levels.{name}", count=count) for name, count in levels.items())
        raise keyed_error(key="agreement.components_too_large", sizes=sizes, most=MOST_LEVELS, levels=levels)
    return factors


def _optimum(model: reml.Mixed) -> Array:
    # In ratios of variances, not of standard deviations: there the slope at the bound of zero is not zero, so
    # the search cannot rest on the bound by mistake. Two starts guard against a second hollow.
    small = sum(model.sizes[1:]) <= FEW_LEVELS
    precise = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 200}
    runs = [
        optimize.minimize(
            model.criterion_and_slope,
            np.full(len(model.factors), start),
            jac=True,
            method="L-BFGS-B",
            bounds=[(0, LARGEST)] * len(model.factors),
            options=precise if small else {"ftol": 1e-11, "gtol": 1e-6, "maxiter": 50},
        )
        # A large model costs seconds a start, and its criterion is smooth: one is enough.
        for start in ((0.1, 2.0) if small else (0.3,))
    ]
    ratio = min(runs, key=lambda run: run.fun).x
    # The search stops near its bound, not on it; a variance of zero is what it found.
    return np.where(ratio < NEGLIGIBLE, 0.0, ratio)


def _without_residual(model: reml.Mixed, ratio: Array) -> Array:
    """Factors explain every rating: their effects are seen exactly, REML is their sample variance."""
    index = list(model.factors.values())
    dummies = [np.eye(int(one.max()) + 1)[one] for one, share in zip(index, ratio, strict=True) if share > 0]
    effects = np.linalg.lstsq(np.hstack(dummies), model.observed, rcond=None)[0]
    parts = np.split(effects, np.cumsum([one.shape[1] for one in dummies])[:-1])
    variances = np.zeros(len(ratio) + 1)
    variances[np.flatnonzero(ratio > 0)] = [part.var(ddof=1) for part in parts]
    return variances


def _component(
    name: str, model: reml.Mixed, variance: float, error: float, *, confidence_level: float
) -> Estimate:
    levels = len(model.observed) if name == RESIDUAL else int(model.factors[name].max()) + 1
    note = "few_levels" if levels < 5 else ""
    interval = (math.nan, math.nan)
    if variance <= 0:
        note = "zero_variance" if np.ptp(model.observed) else "no_variation"
    elif math.isnan(error):
        note = "not_determined"
    else:
        # Satterthwaite: the degrees of freedom of a chi-square with this mean and this standard error.
        df = 2 * (variance / error) ** 2
        tail = (1 - confidence_level) / 2
        if df < 1:  # an upper limit of thousands of times the variance says only this
            note = note or "not_determined"
        else:
            interval = tuple(df * variance / special.chdtri(df, [tail, 1 - tail]))
    return Estimate(
        float(variance),
        float(error),
        (float(interval[0]), float(interval[1])),
        confidence_level,
        f"REML variance, {name}",
        n_ratings=len(model.observed),
        note=note,
    )


def decision_study(
    components: VarianceComponents,
    *,
    n_raters: Iterable[int] = range(1, 11),
    target: float = 0.8,
    n_panels: int = 1,
) -> DecisionStudy:
    """Reliability of the mean of k raters, and how many would reach a target (Brennan 2001, chapter 4).

    generalizability = s_item / (s_item + s_residual / k); dependability adds s_rater / k and
    s_panel / n_panels to the error. Where raters change from item to item, dependability is the reliability
    of the order as well. Where each rater rated one item, generalizability is NaN: the residual holds the
    raters, who could not be told from it.

    Parameters
    ----------
    components : VarianceComponents
        Of `variance_components`.
    n_raters : iterable of int
        Numbers of raters an item, at least 1.
    target : float
        Reliability aimed at, in (0, 1).
    n_panels : int
        Panels that rate each item.

    Returns
    -------
    DecisionStudy
        The table and the numbers needed.

    Raises
    ------
    StatisticsError
        A target outside (0, 1), or fewer than one rater or panel.

    Examples
    --------
    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> fitted = variance_components(table)
    >>> decision_study(fitted).needed_dependability
    10

    With item, rater and residual variance 2.56, 5.24 and 1.02, one rater alone tells items apart with 2.56 /
    8.82 = 0.29, which is ICC(A,1) of the same ratings.

    >>> found = decision_study(fitted, n_raters=[1, 4])
    >>> found.table.round(2).values.tolist()
    [[1.0, 0.71, 0.29], [4.0, 0.91, 0.62]]
    """
    if not isinstance(components, VarianceComponents):
        raise keyed_error(key="agreement.components_kind", components=components)
    numbers = np.array(
        [arguments.whole(n, "n_raters", least=1) for n in arguments.names(n_raters, "n_raters")]
    )
    arguments.whole(n_panels, "n_panels", least=1), arguments.between(target, "target")
    item, residual = components.variance(ITEM), components.variance(RESIDUAL)
    nested = components.components[RESIDUAL].note == NESTED
    same = math.nan if nested else residual  # error of the order where the same raters rate everything
    rater, panel = components.variance(RATER), components.variance(PANEL) / n_panels
    with np.errstate(invalid="ignore"):
        table = pd.DataFrame(
            {
                "n_raters": numbers,
                "generalizability": np.divide(item, item + same / numbers),
                "dependability": np.divide(item, item + (rater + residual) / numbers + panel),
            }
        )
    return DecisionStudy(
        table,
        target,
        None if nested else _needed(item, residual, fixed=0.0, target=target),
        _needed(item, rater + residual, fixed=panel, target=target),
    )


def _needed(item: float, error: float, *, fixed: float, target: float) -> int | None:
    room = item * (1 - target) / target - fixed  # error variance that the target allows
    if not room > 0:  # nor where the variances are not known
        return None
    # Rounding must not ask for one rater more where a whole number just reaches the target.
    return max(1, math.ceil(error / room - 1e-9))
