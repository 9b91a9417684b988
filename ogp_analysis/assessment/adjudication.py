"""From blind ratings to one score: note 20 of the plan, with every choice it leaves open as a parameter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.assessment.criterion_rule import CriterionRule, criterion_rule
from ogp_analysis.assessment.rating_arrays import Sheet, Sheets, sheets_of
from ogp_analysis.errors import StatisticsError, keyed_error
from ogp_analysis.language import texts
from ogp_analysis.model import arguments
from ogp_analysis.model.labelled import by_labels, labels_of
from ogp_analysis.model.matching import NEGLIGIBLE, differ
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import CRITERION, INDICATOR, PROPOSAL, SCORE, Criterion

MATCHED, THIRD_USED, UNRESOLVED, SINGLE, COMBINED = range(5)
STATUSES = ("matched", "third", "unresolved", "single", "combined")
ABSENT = -1  # nobody of the pair rated
THIRD_RULES = ("replace", "median", "closest", "mean")
MATCHING_RULES = ("mean", "lower", "higher")
SHORT = 7  # sides up to which numpy adds one after the other, so that the bits are the same either way
NO_TOLERANCE = 1e300  # without a third evaluation no difference is too large; `settle` refuses infinity


@dataclass(frozen=True, eq=False)
class Pairs:
    """The blind pairs of one criterion side by side, k of them a proposal and indicator.

    Parameters
    ----------
    first, second : ndarray, shape (..., m, n, k)
        The two sides; NaN where not given. Of more than two, the lowest and the highest.
    centre : ndarray
        Mean of all sides; NaN where nobody rated.
    third : ndarray
        Third ratings of the pair.
    lead : ndarray
        The side that is named first in the method.
    """

    first: np.ndarray
    second: np.ndarray
    centre: np.ndarray
    third: np.ndarray
    lead: np.ndarray

    def of(self, proposals: np.ndarray) -> Pairs:
        """Take the pairs of some proposals, by their places."""
        return Pairs(*(side[..., proposals, :, :] for side in self._sides))

    def draws(self, some: slice) -> Pairs:
        """Take the pairs of some draws, the first axis."""
        return Pairs(*(side[some] for side in self._sides))

    @property
    def _sides(self) -> tuple[np.ndarray, ...]:
        return self.first, self.second, self.centre, self.third, self.lead


def pairs_of(sheet: Sheet, *, between: bool) -> Pairs:
    """Put the sides of each pair side by side: the evaluators of a panel, or the panels with their means.

    >>> none = np.full((1, 1), np.nan)
    >>> ratings = np.array([2.0, 5.0, 4.0, 4.0]).reshape(1, 1, 2, 2)
    >>> sheet = Sheet(Criterion("relevance", (), ("p", "q"), 2), ratings, np.full((1, 1, 2), np.nan), none)
    >>> [pairs_of(sheet, between=side).first.ravel().tolist() for side in (False, True)]
    [[2.0, 4.0], [3.5]]
    """
    sides = given_mean(sheet.ratings)[..., None, :] if between else sheet.ratings
    third = given_mean(sheet.thirds)[..., None] if between else sheet.thirds
    if between and sides.shape[-1] == 2:
        # Two panels keep their own sides: a reader sees who gave what.
        first, second = sides[..., 0], sides[..., 1]
    else:
        first, second = _compared(sides, between)
    return Pairs(first, second, given_mean(sides), third, sides[..., 0])


def _compared(sides: np.ndarray, between: bool) -> tuple[np.ndarray, np.ndarray]:
    """Two evaluators stay in their order; of more the extremes are compared; one has no second side."""
    count = _over_last(np.add, (~np.isnan(sides)).astype(int))
    first, second = _last_given(sides[..., ::-1]), _last_given(sides)
    if between or sides.shape[-1] > 2:
        extremes = (count > 2) | between
        first = np.where(extremes, _over_last(np.fmin, sides), first)
        second = np.where(extremes, _over_last(np.fmax, sides), second)
    return first, np.where(count > 1, second, np.nan)


def _last_given(sides: np.ndarray) -> np.ndarray:
    return reduce(lambda known, side: np.where(np.isnan(side), known, side), np.moveaxis(sides, -1, 0))


def _over_last(operation: np.ufunc, values: np.ndarray) -> np.ndarray:
    """Reduce over the last axis; a short one column by column: along it numpy takes 40 times as long."""
    if not 0 < values.shape[-1] <= SHORT:
        return operation.reduce(values, axis=-1)
    return reduce(operation, np.moveaxis(values, -1, 0))


def given_mean(values: np.ndarray) -> np.ndarray:
    """Average over the last axis what is given; NaN where nothing is.

    >>> given_mean(np.array([[1.0, np.nan], [np.nan, np.nan]])).tolist()
    [1.0, nan]
    """
    given = ~np.isnan(values)
    if given.all() and values.shape[-1]:
        return _over_last(np.add, values) / values.shape[-1]
    with np.errstate(invalid="ignore"):  # no rating at all: 0 / 0 is the NaN that is meant
        return _over_last(np.add, np.where(given, values, 0)) / _over_last(np.add, given.astype(int))


def settle_pairs(
    pairs: Pairs, rule: CriterionRule, *, tolerance: float | np.ndarray | None = NO_TOLERANCE
) -> tuple[np.ndarray, np.ndarray]:
    """Settle the pairs of a criterion by its rule; a lacking third evaluation leaves no score.

    ``tolerance`` broadcasts against the pairs: many of them are one call. The status is that of `settle`, or
    4 where two ratings are combined that nobody compares, or -1 where nobody rated.
    """
    if not rule.foreseen and rule.seated:
        score, status = _combined(pairs, rule.feasibility_rule)
    else:
        score, status = _settled(
            pairs.first,
            pairs.second,
            pairs.third if rule.foreseen else np.array(np.nan),
            tolerance=NO_TOLERANCE if tolerance is None or not rule.foreseen else tolerance,
            third_rule=rule.third_rule,
            matching_rule=rule.matching_rule,
            centre=pairs.centre,
        )
    if not rule.foreseen:
        # Where nobody compares two ratings, none of them "match": they are combined.
        status = np.where(status == MATCHED, COMBINED, status)
    return score, np.where(np.isnan(pairs.centre), ABSENT, status)


def _combined(pairs: Pairs, feasibility_rule: str | None) -> tuple[np.ndarray, np.ndarray]:
    low = np.fmin(pairs.first, pairs.second)
    rules: dict[str | None, np.ndarray] = {"mean": pairs.centre, "minimum": low, "lead": pairs.lead}
    score = rules[feasibility_rule]
    # Where the lead did not rate, its counterpart stands in (reached only with missing: available).
    score = np.where(np.isnan(score), low, score)
    return score, np.where(np.isnan(pairs.first) | np.isnan(pairs.second), SINGLE, COMBINED)


def settle(
    first: np.ndarray,
    second: np.ndarray,
    third: np.ndarray,
    *,
    tolerance: float | np.ndarray = 1.0,
    third_rule: str = "replace",
    matching_rule: str = "mean",
    centre: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Settle pairs of blind ratings into one score each (note 20 of the plan).

    Parameters
    ----------
    first, second, third : array_like, any shapes that broadcast
        The two independent ratings and the third one; NaN where not given. A pandas column is read by the
        labels of ``first``.
    tolerance : float or array_like
        Points by which two ratings may differ and still match.
    third_rule : str
        What a third rating does: ``"replace"`` it decides alone; ``"median"`` of the three; ``"closest"``
        mean of the two closest, of all three where the third lies exactly between; ``"mean"`` of all three.
    matching_rule : str
        What a matching pair gives: ``"mean"``, ``"lower"`` or ``"higher"``.
    centre : array_like, optional
        Mean of all independent ratings where there are more than two; then ``first`` and ``second`` are the
        lowest and the highest, and a third rating is held against these two alone.

    Returns
    -------
    score : ndarray
        The settled score; NaN where it is unresolved.
    status : ndarray of int
        0 matched, 1 third evaluation used, 2 unresolved (differ, no third), 3 one rating only.

    Raises
    ------
    StatisticsError
        A rule is not one of those above, a tolerance is negative or not finite, a rating is infinite or no
        number, or shapes or labels do not fit together.

    Examples
    --------
    >>> score, status = settle([4, 1, 1], [5, 4, 4], [np.nan, 2, np.nan])
    >>> score.tolist(), status.tolist()
    ([4.5, 2.0, nan], [0, 1, 2])
    """
    _check_rules(tolerance, third_rule, matching_rule)
    given = {"first": first, "second": second, "third": third, "tolerance": tolerance}
    sides = _aligned(given if centre is None else given | {"centre": centre})
    first, second, third, tolerance = (sides[name] for name in given)
    centre = sides.get("centre", (first + second) / 2)
    return _settled(
        first,
        second,
        third,
        tolerance=tolerance,
        third_rule=third_rule,
        matching_rule=matching_rule,
        centre=centre,
    )


def _settled(
    first: np.ndarray,
    second: np.ndarray,
    third: np.ndarray,
    *,
    tolerance: float | np.ndarray,
    third_rule: str,
    matching_rule: str | None,
    centre: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    low = np.fmin(first, second)
    by_rule: dict[str | None, np.ndarray] = {"mean": centre, "lower": low, "higher": np.fmax(first, second)}
    matched = by_rule[matching_rule]
    # Note 20 says nothing of results that differ, but not significantly: here they match.
    apart = differ(first, second, tolerance)
    single = np.isnan(first) | np.isnan(second)
    score = np.where(apart, decide(first, second, third, third_rule), np.where(single, low, matched))
    status = np.where(apart, np.where(np.isnan(third), UNRESOLVED, THIRD_USED), MATCHED)
    return np.where(status == UNRESOLVED, np.nan, score), np.where(single, SINGLE, status)


def _aligned(given: dict[str, Any]) -> dict[str, np.ndarray]:
    """Read ratings as arrays that fit together, by the labels of the first where they carry labels."""
    labels = labels_of(given["first"])
    read = {}
    for name, values in given.items():

        def differ(own: list, wanted: list, name: str = name) -> StatisticsError:
            return keyed_error(key="statistics.other_labels", name=name, own=own[:5], labels=wanted[:5])

        read[name] = arguments.numbers(by_labels(values, labels, differ), name)
        infinite = np.argwhere(np.isinf(read[name]))
        if len(infinite):
            place = tuple(map(int, infinite[0]))
            raise keyed_error(
                key="statistics.infinite", name=name, place=place, value=float(read[name][place])
            )
    try:
        np.broadcast_shapes(*(array.shape for array in read.values()))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in read.values())
        raise keyed_error(key="statistics.shapes_differ", names=", ".join(read), shapes=shapes) from None
    return read


def _check_rules(tolerance: float | np.ndarray, third_rule: str, matching_rule: str) -> None:
    for name, value, allowed in (
        ("third_rule", third_rule, THIRD_RULES),
        ("matching_rule", matching_rule, MATCHING_RULES),
    ):
        arguments.word(value, allowed, name)
    values = arguments.numbers(tolerance, "tolerance")
    if not np.all(np.isfinite(values) & (values >= 0)):
        raise keyed_error(key="statistics.tolerance", tolerance=tolerance)


def decide(first: np.ndarray, second: np.ndarray, third: np.ndarray, third_rule: str) -> np.ndarray:
    """Give what a third rating makes of a pair that differs.

    >>> first, second, third = np.array([1.0]), np.array([5.0]), np.array([2.0])
    >>> [decide(first, second, third, rule).item() for rule in ("replace", "median", "closest")]
    [2.0, 2.0, 1.5]
    """
    if third_rule == "replace":
        return third
    if third_rule == "mean":
        return (first + second + third) / 3
    lower, upper = np.minimum(first, second), np.maximum(first, second)
    low, high = np.minimum(lower, third), np.maximum(upper, third)
    # By order, never by sums: 1.9 + 3.6 + 2.5 - 1.9 - 3.6 is 2.4999999999999996 and falls below a cut of 2.5.
    median = np.maximum(lower, np.minimum(upper, third))
    if third_rule == "median":
        return median
    lower_gap, upper_gap = median - low, high - median
    closest = np.where(lower_gap < upper_gap, (low + median) / 2, (median + high) / 2)
    return np.where(np.abs(lower_gap - upper_gap) <= NEGLIGIBLE, (low + median + high) / 3, closest)


def resolve(ratings: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Resolve checked ratings into one row for each proposal, indicator and blind pair.

    Parameters
    ----------
    ratings : DataFrame
        Columns ``proposal, indicator, panel, evaluator, role, rating``, checked.
    parameters : params.Parameters
        Rules, tolerance and the reading of the blind pair.

    Returns
    -------
    DataFrame
        Columns ``proposal, indicator, criterion, pair, first, second, centre, third, difference, status,
        score, low, high``, sorted by proposal and the order of the method. ``first`` and ``second`` are the
        originals (for more than two evaluators their extremes, for reading B the means of the two panels);
        ``low`` and ``high`` bound the score over every rating that a lacking third evaluation could give.

    Raises
    ------
    StatisticsError
        ``missing_third`` is ``"refuse"`` and third evaluations are lacking; the pairs are listed.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> settled = resolve(ratings.load(parameters).ratings, parameters)
    >>> settled["status"].value_counts().to_dict()
    {'matched': 229, 'combined': 172, 'third': 29}
    """
    sheets = sheets_of(ratings, parameters.method)
    settled = settled_frame(sheets, parameters)
    refuse_unresolved(settled, parameters)
    return settled


def refuse_unresolved(settled: pd.DataFrame, parameters: Parameters) -> None:
    """Refuse, where the parameters ask for it, pairs that lack the third evaluation their rule calls for."""
    if parameters.missing_third != "refuse":
        return
    unresolved = settled[settled["status"] == STATUSES[UNRESOLVED]]
    cells = ["/".join(cell) for cell in unresolved[[PROPOSAL, INDICATOR, "pair"]].itertuples(index=False)]
    if cells:
        key = "ratings.thirds_refused" if len(cells) > 1 else "ratings.thirds_refused.one"
        values = {"count": len(cells), "listed": ", ".join(cells)}
        # In the run's language: what stops a notebook is shown as it is.
        raise StatisticsError(texts.say(key, parameters.language, **values), key=key, cells=cells, **values)


def settled_frame(sheets: Sheets, parameters: Parameters) -> pd.DataFrame:
    """Show every settled pair as a row, as `resolve` does; nothing is refused."""
    parts = [_settled_part(sheet, parameters, sheets.proposals) for sheet in sheets.criteria]
    settled = pd.concat(parts, ignore_index=True)
    order = {indicator.name: place for place, indicator in enumerate(parameters.method.indicators)}
    settled = settled.sort_values(
        [PROPOSAL, INDICATOR, "pair"],
        key=lambda column: column.map(order) if column.name == INDICATOR else column,
    )
    return settled.reset_index(drop=True)


def _settled_part(sheet: Sheet, parameters: Parameters, proposals: pd.Index) -> pd.DataFrame:
    criterion, rule = sheet.criterion, criterion_rule(sheet.criterion, parameters)
    pairs = pairs_of(sheet, between=rule.between)
    score, status = settle_pairs(pairs, rule, tolerance=rule.tolerance)
    low, high = third_bounds(pairs, criterion, rule, score=score, status=status)
    m, n, k = here = np.nonzero(status != ABSENT)
    names = np.array([indicator.name for indicator in criterion.indicators], dtype=object)
    codes = {PROPOSAL: proposals[m], INDICATOR: names[n], CRITERION: criterion.name}
    sides = {name: getattr(pairs, name)[here] for name in ("first", "second", "centre", "third")}
    results = {
        "difference": np.abs(sides["first"] - sides["second"]),
        "status": np.array(STATUSES, dtype=object)[status[here]],
        SCORE: stand_in(score, status, pairs, rule)[here],
        # Also where a stand-in is the score: its bounds say how far it may be off.
        "low": low[here],
        "high": high[here],
    }
    return pd.DataFrame(
        codes | {"pair": np.array(pair_names(criterion, rule), dtype=object)[k]} | sides | results
    )


def pair_names(criterion: Criterion, rule: CriterionRule) -> list[str]:
    """Name the pairs of a criterion: its panels, or all of them joined by dashes."""
    return ["-".join(criterion.panels)] if rule.between else list(criterion.panels)


def stand_in(score: np.ndarray, status: np.ndarray, pairs: Pairs, rule: CriterionRule) -> np.ndarray:
    """Put the mean of the pair where a third evaluation is lacking and the rule takes that."""
    return np.where(status == UNRESOLVED, pairs.centre, score) if rule.mean_stands_in else score


def third_bounds(
    pairs: Pairs, criterion: Criterion, rule: CriterionRule, *, score: np.ndarray, status: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give the lowest and highest score over every rating that a lacking third evaluation could give."""
    scores = third_scores(pairs, criterion, rule.third_rule)
    unresolved = status == UNRESOLVED
    return np.where(unresolved, scores.min(axis=-1), score), np.where(unresolved, scores.max(axis=-1), score)


def third_scores(pairs: Pairs, criterion: Criterion, third_rule: str) -> np.ndarray:
    """Give the score of each pair for every rating a third evaluator could give; shape (..., m, n, k, v).

    Of a shorter scale the highest rating is repeated. A third evaluation that replaces the pair can end
    anywhere on the scale; the median cannot leave the pair:

    >>> from ogp_analysis.model.records import Indicator
    >>> alignment = Criterion("relevance", (Indicator("alignment", "relevance", 1, 5),), ("p",), 2)
    >>> first, second = np.full((1, 1, 1), 2.0), np.full((1, 1, 1), 4.0)
    >>> pairs = Pairs(first, second, first, first, first)
    >>> [third_scores(pairs, alignment, rule).ravel().tolist() for rule in ("replace", "median")]
    [[1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 2.0, 3.0, 4.0, 4.0]]
    """
    scales = third_scales(criterion)
    first, second = pairs.first[..., None], pairs.second[..., None]
    thirds = np.broadcast_to(scales[:, None, :], (*first.shape[:-1], scales.shape[1]))
    return decide(first, second, thirds, third_rule)


def third_scales(criterion: Criterion) -> np.ndarray:
    """List what a third evaluator could give on each indicator; shape (n, v)."""
    scales = [
        # Under pass/fail coding a third rating too can only become the top or the foot of the scale.
        np.array((one.minimum, one.maximum) if one.coding == "pass_fail" else one.scale)
        for one in criterion.indicators
    ]
    width = max(len(scale) for scale in scales)
    return np.stack([np.pad(scale, (0, width - len(scale)), mode="edge") for scale in scales])
