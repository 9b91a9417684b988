"""Every score a proposal could have under other rules and resampled evaluators, computed once.

A rule set is one choice for each rule that the plan leaves open; an evaluator pattern says whose ratings
are used: each seat of a panel is filled again from that panel's evaluators, an evaluator's ratings staying
together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd

from ogp_analysis.assessment import adjudication, assessment, conflicts
from ogp_analysis.assessment.scoring import COUNTED
from ogp_analysis.model.params import Parameters, with_values
from ogp_analysis.model.records import (
    EVALUATOR,
    INDEPENDENT,
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    ROLE,
    THIRD,
    Criterion,
)

RULE_CHOICES = {
    "third_rule": adjudication.THIRD_RULES,
    "matching_rule": adjudication.MATCHING_RULES,
    "blind_pair": ("within_panels", "between_panels"),
    "feasibility_rule": ("mean", "minimum", "lead"),
}
NO_TOLERANCE = 1e300  # a pair that no third evaluation decides always "matches"
PATTERNS = 36  # evaluator patterns drawn where there are too many to list
SEED_OF_PATTERNS = 0


def rule_choices(parameters: Parameters, criteria: Sequence[Criterion]) -> dict[str, tuple]:
    """List the choices of each rule (our choice): tolerances one point around the baseline, every named rule.

    A panel alone is a choice only for the criteria whose scores several panels give, each its own panels.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> choices = rule_choices(parameters, parameters.method.criteria)
    >>> choices["tolerance"], choices["feasibility_rule"]
    ((0.0, 1.0, 2.0), ('mean', 'minimum', 'lead'))
    """
    base = parameters.tolerance
    tolerances = tuple(sorted({max(0.0, base - 1), base, base + 1}))
    panels = dict.fromkeys(
        panel for criterion in criteria if _by_panels(criterion) for panel in criterion.panels
    )
    return {"tolerance": tolerances, "panel_rule": ("mean", "minimum", *panels), **RULE_CHOICES}


def _by_panels(criterion: Criterion) -> bool:
    return criterion.raters_per_panel > 1 and len(criterion.panels) > 1


@dataclass(frozen=True)
class ScoreBank:
    """Scores of one criterion under every rule set and evaluator pattern.

    Parameters
    ----------
    scores : numpy.ndarray, shape (S, K, m, n)
        Rule sets, patterns, proposals, indicators; no NaN: a rule that cannot be applied to a score (a panel
        that did not rate) leaves it at the baseline.
    shares : numpy.ndarray, shape (K,)
        Probability of each pattern; pattern 0 is the evaluators as they were.
    rules : tuple of dict
        The S rule sets; number ``baseline`` is the one of the parameters.
    baseline : int
        Place of the baseline rule set.
    unresolved : numpy.ndarray of int, shape (S,)
        Pairs that call for a third evaluation the data lack; their mean stands in (stated with the results).
    """

    scores: np.ndarray
    shares: np.ndarray
    rules: tuple[Mapping[str, object], ...]
    baseline: int
    unresolved: np.ndarray = field(repr=False)

    @property
    def own(self) -> np.ndarray:
        """Scores under the baseline rules with the evaluators as they were, shape (m, n)."""
        return self.scores[self.baseline, 0]


@dataclass(frozen=True)
class Sheets:
    """Ratings of one criterion as arrays: (m, n, panels, seats), third ratings (m, n, panels)."""

    ratings: np.ndarray
    third: np.ndarray


def sheets(ratings: pd.DataFrame, criterion: Criterion, proposals: Sequence[str]) -> Sheets:
    """Put the coded ratings of one criterion into arrays; NaN where not given."""
    names = [indicator.name for indicator in criterion.indicators]
    coded = ratings[
        ratings[INDICATOR].isin(names)
        & ratings[PANEL].isin(criterion.panels)
        & ratings[PROPOSAL].isin(proposals)
    ]
    coded = coded.assign(**{RATING: adjudication.coded_ratings(coded, criterion)})
    independent, third = coded[coded[ROLE] == INDEPENDENT], coded[coded[ROLE] == THIRD]
    # Evaluators are numbered within a proposal and panel, so that a seat is one person across indicators.
    seat = independent.groupby([PROPOSAL, PANEL])[EVALUATOR].rank(method="dense").astype(int) - 1
    size = int(seat.max()) + 1 if len(seat) else 1
    shape = (len(proposals), len(names), len(criterion.panels), size)
    filled = np.full(shape, np.nan)
    filled[*_places(independent, names, criterion, proposals), seat.to_numpy()] = independent[RATING]
    thirds = third.groupby([PROPOSAL, INDICATOR, PANEL], as_index=False)[RATING].mean()
    third_ratings = np.full(shape[:3], np.nan)
    third_ratings[_places(thirds, names, criterion, proposals)] = thirds[RATING]
    return Sheets(filled, third_ratings)


def _places(
    frame: pd.DataFrame, names: list[str], criterion: Criterion, proposals: Sequence[str]
) -> tuple[np.ndarray, ...]:
    keys = ((PROPOSAL, proposals), (INDICATOR, names), (PANEL, criterion.panels))
    return tuple(pd.Index(values).get_indexer(frame[column]) for column, values in keys)


def seat_patterns(panels: int, seats: int) -> tuple[np.ndarray, np.ndarray]:
    """List who fills the seats of each panel when they are drawn again with replacement, and how likely.

    Two evaluators drawn again are both of them half the time, else one of them twice:

    >>> patterns, shares = seat_patterns(1, 2)
    >>> patterns[:, 0].tolist(), shares.tolist()
    ([[0, 1], [0, 0], [1, 1]], [0.5, 0.25, 0.25])
    """
    one = sorted({tuple(sorted(fill)) for fill in product(range(seats), repeat=seats)}) if seats <= 3 else []
    if not one or len(one) ** panels > PATTERNS:
        rng = np.random.default_rng(SEED_OF_PATTERNS)
        drawn = rng.integers(0, seats, size=(PATTERNS, panels, seats))
        drawn[0] = np.arange(seats)  # the baseline is pattern 0 for everyone who reads a bank
        return drawn, np.full(PATTERNS, 1 / PATTERNS)
    # Drawings of the same evaluators are one pattern: a pair that changes seats is no other pair.
    counts = {fill: 0 for fill in one}
    for fill in product(range(seats), repeat=seats):
        counts[tuple(sorted(fill))] += 1
    own = tuple(range(seats))
    fills = [own, *(fill for fill in one if fill != own)]
    patterns = list(product(fills, repeat=panels))
    shares = np.array([np.prod([counts[fill] for fill in pattern]) for pattern in patterns], dtype=float)
    return np.array(patterns), shares / shares.sum()


def score_bank(
    inputs: object, parameters: Parameters, criterion: Criterion, *, proposals: Sequence[str]
) -> ScoreBank:
    """Compute the scores of one criterion under every rule set and evaluator pattern."""
    rated = inputs.ratings
    if parameters.conflict == "exclude":
        rated = conflicts.without_conflicts(
            rated, inputs.evaluators, inputs.proposals, seats=parameters.method.seats
        )
    sheet = sheets(rated, criterion, proposals)
    seated = criterion.raters_per_panel == 1
    if seated:  # lead and counterpart are the two evaluators of one pair
        sheet = Sheets(np.swapaxes(sheet.ratings[..., :1], 2, 3), sheet.third)
    patterns, shares = seat_patterns(*sheet.ratings.shape[2:])
    filled = np.stack([_fill(sheet.ratings, pattern) for pattern in patterns])
    rules, baseline = _rule_sets(parameters, criterion)
    results = [_settle(filled, sheet.third, rule, parameters, criterion) for rule in rules]
    scores = np.stack([score for score, _ in results])
    scores = _with_counted(scores, inputs, parameters, criterion, proposals)
    # A rule that cannot be applied (a panel that did not rate) leaves the score where it is.
    scores = np.where(np.isnan(scores), scores[baseline, 0], scores)
    return ScoreBank(scores, shares, rules, baseline, np.array([unresolved for _, unresolved in results]))


def _fill(ratings: np.ndarray, pattern: np.ndarray) -> np.ndarray:
    """Fill the seats anew; an empty seat of a shorter panel is filled by that panel's first evaluator."""
    chosen = np.stack([ratings[:, :, panel, seats] for panel, seats in enumerate(pattern)], axis=2)
    if np.array_equal(pattern, np.broadcast_to(np.arange(pattern.shape[1]), pattern.shape)):
        return chosen
    return np.where(np.isnan(chosen), ratings, chosen)


def _rule_sets(parameters: Parameters, criterion: Criterion) -> tuple[tuple[dict[str, object], ...], int]:
    third = criterion.name in parameters.third_for
    names = ["tolerance", "third_rule", "matching_rule"] if third else []
    if criterion.raters_per_panel == 1:
        names = names or ["feasibility_rule"]
    elif _by_panels(criterion):
        names += ["blind_pair", "panel_rule"]
    choices = rule_choices(parameters, [criterion])
    rules = tuple(dict(zip(names, values, strict=True)) for values in product(*(choices[n] for n in names)))
    own = {name: getattr(parameters, name) for name in names}
    if own.get("panel_rule", "mean") not in choices["panel_rule"]:
        own["panel_rule"] = "mean"  # a panel of another criterion: here the panels are averaged
    return rules, rules.index(own)


def _settle(
    filled: np.ndarray, third: np.ndarray, rule: dict, parameters: Parameters, criterion: Criterion
) -> tuple[np.ndarray, int]:
    """Scores (K, m, n) of one rule set from filled seats (K, m, n, panels, seats)."""
    foreseen = criterion.name in parameters.third_for
    if criterion.raters_per_panel == 1 and not foreseen:
        return _combine_seats(filled[..., 0, :], rule["feasibility_rule"]), 0
    sides, thirds = filled, third
    if criterion.raters_per_panel > 1 and rule.get("blind_pair", parameters.blind_pair) == "between_panels":
        sides, thirds = _mean(filled)[..., None, :], _mean(third)[..., None]
    elif criterion.raters_per_panel == 1:
        thirds = _mean(third)[..., None]
    first, second = np.fmin.reduce(sides, axis=-1), np.fmax.reduce(sides, axis=-1)
    # A single rating is no pair: it must not match itself.
    second = np.where(np.isfinite(sides).sum(axis=-1) > 1, second, np.nan)
    centre = _mean(sides)
    score, status = adjudication.settle(
        first,
        second,
        np.broadcast_to(thirds if foreseen else np.nan, first.shape),
        tolerance=rule.get("tolerance", NO_TOLERANCE),
        third_rule=rule.get("third_rule", parameters.third_rule),
        matching_rule=rule.get("matching_rule", parameters.matching_rule),
        centre=centre,
    )
    unresolved = status == adjudication.UNRESOLVED
    # Under other rules more pairs call for a third evaluation that nobody made.
    score = np.where(unresolved, centre, score)
    return _combine_panels(score, rule.get("panel_rule", "mean"), criterion), int(unresolved[0].sum())


def _mean(values: np.ndarray) -> np.ndarray:
    given = np.isfinite(values)
    with np.errstate(invalid="ignore"):  # no rating at all: 0 / 0 is the NaN that is meant
        return np.where(given, values, 0).sum(axis=-1) / given.sum(axis=-1)


def _combine_seats(seats: np.ndarray, rule: str) -> np.ndarray:
    low = np.fmin.reduce(seats, axis=-1)
    if rule == "lead":
        return np.where(np.isnan(seats[..., 0]), low, seats[..., 0])
    return low if rule == "minimum" else _mean(seats)


def _combine_panels(score: np.ndarray, rule: str, criterion: Criterion) -> np.ndarray:
    if score.shape[-1] == 1 or rule == "mean":
        return _mean(score)
    return np.fmin.reduce(score, axis=-1) if rule == "minimum" else score[..., criterion.panels.index(rule)]


def _with_counted(
    scores: np.ndarray, inputs: object, parameters: Parameters, criterion: Criterion, proposals: Sequence[str]
) -> np.ndarray:
    """Indicators computed from counts are no judgement: no rule and no evaluator changes them."""
    counted = [k for k, indicator in enumerate(criterion.indicators) if indicator.coding in COUNTED]
    if not counted:
        return scores
    known = assessment.assess(inputs, parameters_without_refusal(parameters)).scores.loc[list(proposals)]
    for k in counted:
        scores[..., k] = known[criterion.indicators[k].name].to_numpy()
    return scores


def parameters_without_refusal(parameters: Parameters) -> Parameters:
    """Return the parameters with the mean of the pair for lacking third evaluations (sensitivity only).

    >>> from ogp_analysis.model import params
    >>> parameters_without_refusal(params.from_values(params.baseline())).missing_third
    'mean'
    """
    return with_values(parameters, missing_third="mean")
