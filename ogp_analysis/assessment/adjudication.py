"""From blind ratings to one score: note 20 of the plan, with every choice it leaves open as a parameter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.errors import StatisticsError
from ogp_analysis.language import texts
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import (
    CRITERION,
    EVALUATOR,
    INDEPENDENT,
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    ROLE,
    SCORE,
    THIRD,
    Criterion,
)

MATCHED, THIRD_USED, UNRESOLVED, SINGLE, COMBINED = range(5)
STATUSES = ("matched", "third", "unresolved", "single", "combined")
THIRD_RULES = ("replace", "median", "closest", "mean")
MATCHING_RULES = ("mean", "lower", "higher")
# Ratings are written in tenths at the finest: what is closer than this is equal.
NEGLIGIBLE = 1e-9
COUNTED = ("binned", "rank", "share")  # computed from counts: no judgement to adjudicate
PAIR_COLUMNS = ("first", "second", "centre", "third")


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
        The two independent ratings and the third one; NaN where not given.
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
        A rule is not one of those above, or a tolerance is negative or not finite.

    Examples
    --------
    >>> score, status = settle([4, 1, 1], [5, 4, 4], [np.nan, 2, np.nan])
    >>> score.tolist(), status.tolist()
    ([4.5, 2.0, nan], [0, 1, 2])
    """
    _check_rules(tolerance, third_rule, matching_rule)
    first, second, third, tolerance = np.broadcast_arrays(
        *(np.asarray(values, dtype=float) for values in (first, second, third, tolerance))
    )
    middle = (first + second) / 2 if centre is None else np.broadcast_to(centre, first.shape)
    matched = {"mean": middle, "lower": np.fmin(first, second), "higher": np.fmax(first, second)}[
        matching_rule
    ]
    decided = _decide(first, second, third, third_rule)
    status = _status(first, second, third, tolerance)
    single = np.fmin(first, second)
    score = np.choose(status, [matched, decided, np.full_like(decided, np.nan), single])
    return score, status


def _check_rules(tolerance: float | np.ndarray, third_rule: str, matching_rule: str) -> None:
    for name, value, allowed in (
        ("third_rule", third_rule, THIRD_RULES),
        ("matching_rule", matching_rule, MATCHING_RULES),
    ):
        if value not in allowed:
            message = f"{name} {value!r} is not one of {', '.join(allowed)}"
            raise StatisticsError(message, **{name: value})
    values = np.asarray(tolerance, dtype=float)
    if not np.all(np.isfinite(values) & (values >= 0)):
        message = f"tolerance {tolerance!r} must be finite and not negative"
        raise StatisticsError(message, tolerance=tolerance)


def _status(first: np.ndarray, second: np.ndarray, third: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        # Note 20 says nothing of results that differ, but not significantly: here they match.
        differ = np.abs(first - second) > tolerance + NEGLIGIBLE
    status = np.where(differ, np.where(np.isnan(third), UNRESOLVED, THIRD_USED), MATCHED)
    return np.where(np.isnan(first) | np.isnan(second), SINGLE, status)


def _decide(first: np.ndarray, second: np.ndarray, third: np.ndarray, third_rule: str) -> np.ndarray:
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
    parts = [_resolve_criterion(ratings, criterion, parameters) for criterion in parameters.method.criteria]
    settled = pd.concat(parts, ignore_index=True)
    order = {indicator.name: position for position, indicator in enumerate(parameters.method.indicators)}
    settled = settled.sort_values(
        [PROPOSAL, INDICATOR, "pair"],
        key=lambda column: column.map(order) if column.name == INDICATOR else column,
    ).reset_index(drop=True)
    _refuse_unresolved(settled, parameters)
    return settled


def _refuse_unresolved(settled: pd.DataFrame, parameters: Parameters) -> None:
    if parameters.missing_third != "refuse":
        return
    unresolved = settled[settled["status"] == STATUSES[UNRESOLVED]]
    cells = ["/".join(cell) for cell in unresolved[[PROPOSAL, INDICATOR, "pair"]].itertuples(index=False)]
    if cells:
        message = texts.counted(
            "ratings.thirds_refused", len(cells), parameters.language, cells=", ".join(cells)
        )
        raise StatisticsError(message, cells=cells)


def _resolve_criterion(ratings: pd.DataFrame, criterion: Criterion, parameters: Parameters) -> pd.DataFrame:
    names = [indicator.name for indicator in criterion.indicators if indicator.coding not in COUNTED]
    rated = ratings[ratings[INDICATOR].isin(names) & ratings[PANEL].isin(criterion.panels)]
    rated = rated[rated[RATING].notna()]
    # Before the pairs are compared, so that difference and tolerance are in points of the turned scale.
    rated = rated.assign(**{RATING: coded_ratings(rated, criterion)})
    pairs = pair_ratings(rated, criterion, blind_pair=parameters.blind_pair)
    pairs.insert(2, CRITERION, criterion.name)
    pairs["difference"] = (pairs["first"] - pairs["second"]).abs()
    if criterion.raters_per_panel == 1 and criterion.name not in parameters.third_for:
        return _combined(pairs, parameters.feasibility_rule)
    return _settled(pairs, parameters, foreseen=criterion.name in parameters.third_for)


def coded_ratings(ratings: pd.DataFrame, criterion: Criterion) -> pd.Series:
    """Turn ratings of indicators that are "lower is better" round, and apply pass/fail coding.

    Parameters
    ----------
    ratings : DataFrame
        Columns ``indicator, rating`` (points).
    criterion : Criterion
        Scale, direction and coding of its indicators.

    Returns
    -------
    Series of float
        A rating for each row, in points of the same scale, higher is better; with pass/fail coding the top of
        the scale from its middle on, else its foot.

    Examples
    --------
    >>> from ogp_analysis.model.records import Indicator
    >>> cost = Indicator("cost", "feasibility", 1, 5, direction="lower is better")
    >>> time = Indicator("time", "feasibility", 1, 5, coding="pass_fail")
    >>> ratings = pd.DataFrame({"indicator": ["cost", "time", "time"], "rating": [2, 3, 2]})
    >>> coded_ratings(ratings, Criterion("feasibility", (cost, time), ("lead",), 1)).tolist()
    [4.0, 5.0, 1.0]
    """
    values = ratings[RATING].astype(float)
    for indicator in criterion.indicators:
        of_indicator = ratings[INDICATOR] == indicator.name
        if indicator.direction == "lower is better":
            values = values.mask(of_indicator, indicator.minimum + indicator.maximum - values)
        if indicator.coding == "pass_fail":
            middle = (indicator.minimum + indicator.maximum) / 2
            passed = values.where(
                values.isna(),
                np.where(values >= middle - NEGLIGIBLE, indicator.maximum, indicator.minimum),
            )
            values = values.mask(of_indicator, passed)
    return values


def pair_ratings(ratings: pd.DataFrame, criterion: Criterion, *, blind_pair: str) -> pd.DataFrame:
    """Put the independent ratings of one criterion side by side, and the third ones with them.

    >>> from ogp_analysis.model import params
    >>> relevance = params.from_values(params.baseline()).method.criterion("relevance")
    >>> cell = {"proposal": "S01", "indicator": "alignment", "panel": "core_group", "role": "independent"}
    >>> ratings = pd.DataFrame(cell | {"evaluator": ["CG1", "CG2"], "rating": [2, 5]})
    >>> pairs = pair_ratings(ratings, relevance, blind_pair="within_panels")
    >>> pairs[["pair", "first", "second"]].values.tolist()
    [['core_group', 2, 5]]
    """
    independent = ratings[ratings[ROLE] == INDEPENDENT]
    thirds = ratings[ratings[ROLE] == THIRD]
    if criterion.raters_per_panel == 1 or blind_pair == "between_panels":
        return _pairs_between(independent, thirds, criterion)
    return _pairs_within(independent, thirds)


def _pairs_between(independent: pd.DataFrame, thirds: pd.DataFrame, criterion: Criterion) -> pd.DataFrame:
    key = [PROPOSAL, INDICATOR]
    sides = independent.groupby([*key, PANEL])[RATING].mean().unstack(PANEL).reindex(columns=criterion.panels)
    pairs = pd.DataFrame(
        {"first": sides.min(axis=1), "second": sides.max(axis=1), "centre": sides.mean(axis=1)}
    )
    # Two panels keep their own sides: a reader sees who gave what. Of more, the extremes are compared.
    if len(criterion.panels) == 2:
        pairs = pd.DataFrame(
            {"first": sides.iloc[:, 0], "second": sides.iloc[:, 1], "centre": sides.mean(axis=1)}
        )
    pairs["third"] = thirds.groupby(key)[RATING].mean().reindex(pairs.index)
    pairs = pairs.reset_index()
    pairs.insert(2, "pair", "-".join(criterion.panels))
    return pairs


def _pairs_within(independent: pd.DataFrame, thirds: pd.DataFrame) -> pd.DataFrame:
    key = [PROPOSAL, INDICATOR, PANEL]
    # By evaluator, so that the sides do not depend on the order of the rows in a file.
    ordered = independent.sort_values([*key, EVALUATOR])
    groups = ordered.groupby(key)[RATING]
    pairs = groups.agg(first="first", second="last", centre="mean", count="size", least="min", most="max")
    # One rating has no second side; more than two are represented by their extremes.
    pairs["second"] = pairs["second"].where(pairs["count"] > 1)
    many = pairs["count"] > 2
    pairs["first"] = pairs["first"].mask(many, pairs["least"])
    pairs["second"] = pairs["second"].mask(many, pairs["most"])
    pairs["third"] = thirds.groupby(key)[RATING].mean().reindex(pairs.index)
    return pairs[list(PAIR_COLUMNS)].reset_index().rename(columns={PANEL: "pair"})


def _combined(pairs: pd.DataFrame, feasibility_rule: str) -> pd.DataFrame:
    sides = pairs[["first", "second"]]
    rules = {"mean": sides.mean(axis=1), "minimum": sides.min(axis=1), "lead": pairs["first"]}
    pairs["status"] = np.where(sides.isna().any(axis=1), STATUSES[SINGLE], STATUSES[COMBINED])
    # Where the lead did not rate, its counterpart stands in (reached only with missing: available).
    pairs[SCORE] = rules[feasibility_rule].fillna(sides.min(axis=1))
    pairs["low"] = pairs["high"] = pairs[SCORE]
    return pairs


def _settled(pairs: pd.DataFrame, parameters: Parameters, *, foreseen: bool) -> pd.DataFrame:
    third = pairs["third"] if foreseen else pairs["third"] * np.nan
    # Without a third evaluation no difference is too large. Finite, because `settle` refuses infinity.
    tolerance = parameters.tolerance if foreseen else 1e300
    options = {"third_rule": parameters.third_rule, "matching_rule": parameters.matching_rule}
    sides = [pairs[name].to_numpy() for name in ("first", "second")]
    centre = pairs["centre"].to_numpy()
    score, status = settle(*sides, third.to_numpy(), tolerance=tolerance, centre=centre, **options)
    unresolved = status == UNRESOLVED
    if not foreseen:
        # Where nobody compares two ratings, none of them "match": they are combined.
        status = np.where(status == MATCHED, COMBINED, status)
    pairs["status"] = np.array(STATUSES, dtype=object)[status]
    pairs[SCORE] = np.where(unresolved & (parameters.missing_third == "mean"), centre, score)
    options_of_third = third_scores(pairs, parameters)
    # Also where missing_third is "mean": that score is a stand-in, and its bounds say how far it may be off.
    pairs["low"] = np.where(unresolved, options_of_third.min(axis=1), score)
    pairs["high"] = np.where(unresolved, options_of_third.max(axis=1), score)
    return pairs


def third_scores(pairs: pd.DataFrame, parameters: Parameters) -> np.ndarray:
    """Give the score of each pair for every rating a third evaluator could give.

    A third evaluation that replaces the pair can end anywhere on the scale; the median cannot leave the pair:

    >>> from ogp_analysis.model import params
    >>> pairs = pd.DataFrame({"indicator": ["alignment"], "first": [2.0], "second": [4.0]})
    >>> for rule in ("replace", "median"):
    ...     parameters = params.from_values(params.baseline() | {"third_rule": rule})
    ...     print(rule, third_scores(pairs, parameters)[0].tolist())
    replace [1.0, 2.0, 3.0, 4.0, 5.0]
    median [2.0, 2.0, 3.0, 4.0, 4.0]
    """
    scales = {
        # Under pass/fail coding a third rating too can only become the top or the foot of the scale.
        one.name: (one.minimum, one.maximum) if one.coding == "pass_fail" else one.scale
        for one in parameters.method.indicators
    }
    width = max(len(scale) for scale in scales.values())
    padded = {
        name: np.pad(np.array(scale), (0, width - len(scale)), mode="edge") for name, scale in scales.items()
    }
    # np.stack refuses an empty list, and a method may have pairs of counted indicators only.
    if pairs.empty:
        return np.empty((0, width))
    thirds = np.stack([padded[name] for name in pairs[INDICATOR]])
    first, second = (pairs[name].to_numpy()[:, None] for name in ("first", "second"))
    return _decide(first, second, thirds, parameters.third_rule)
