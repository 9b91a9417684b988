"""Every score a proposal could have under other rules and resampled evaluators, computed once.

A rule set is one choice for each rule that the plan leaves open; an evaluator pattern says whose ratings
are used: each seat of a panel is filled again from that panel's evaluators, an evaluator's ratings staying
together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from ogp_analysis.assessment import adjudication
from ogp_analysis.assessment.adjudication import UNRESOLVED
from ogp_analysis.assessment.batch import combine
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.assessment.sheets import Sheet
from ogp_analysis.model.params import Parameters, with_values
from ogp_analysis.model.records import Criterion

RULE_CHOICES = {
    "third_rule": adjudication.THIRD_RULES,
    "matching_rule": adjudication.MATCHING_RULES,
    "blind_pair": ("within_panels", "between_panels"),
    "feasibility_rule": ("mean", "minimum", "lead"),
}
AT_ONCE = 24  # rule sets
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
    return not criterion.seated and len(criterion.panels) > 1


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


def score_bank(sheet: Sheet, parameters: Parameters) -> ScoreBank:
    """Compute the scores of one criterion under every rule set and evaluator pattern."""
    criterion, ratings = sheet.criterion, sheet.ratings
    seated = criterion.seated
    if seated:  # lead and counterpart are the two evaluators of one pair
        ratings = np.swapaxes(ratings[..., :1], -2, -1)
    patterns, shares = seat_patterns(*ratings.shape[2:])
    filled = np.stack([_fill(ratings, pattern) for pattern in patterns])
    filled = np.swapaxes(filled, -2, -1) if seated else filled
    rules, baseline = _rule_sets(parameters, criterion)
    found = _combined(replace(sheet, ratings=filled), rules, parameters)
    scores, unresolved = (np.concatenate(part) for part in zip(*found, strict=True))
    # A rule that cannot be applied (a panel that did not rate) leaves the score where it is.
    scores = np.where(np.isnan(scores), scores[baseline, 0], scores)
    return ScoreBank(scores, shares, rules, baseline, unresolved)


def _combined(
    sheet: Sheet, rules: Sequence[Mapping[str, object]], parameters: Parameters
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Score a few rule sets at a time, so that many proposals fit; and count what their evaluators lack."""
    # Under other rules more pairs call for a third evaluation that nobody made: their mean stands in.
    lenient = replace(parameters, missing_third="mean", missing="available")
    given = [criterion_rule(sheet.criterion, replace(lenient, **rule)) for rule in rules]
    for start in range(0, len(given), AT_ONCE):
        found = combine(sheet, given[start : start + AT_ONCE])
        yield found.scores, found.statuses[:, 0, UNRESOLVED]


def _fill(ratings: np.ndarray, pattern: np.ndarray) -> np.ndarray:
    """Fill the seats anew; an empty seat of a shorter panel is filled by that panel's first evaluator."""
    chosen = np.stack([ratings[:, :, panel, seats] for panel, seats in enumerate(pattern)], axis=2)
    if np.array_equal(pattern, np.broadcast_to(np.arange(pattern.shape[1]), pattern.shape)):
        return chosen
    return np.where(np.isnan(chosen), ratings, chosen)


def _rule_sets(parameters: Parameters, criterion: Criterion) -> tuple[tuple[dict[str, object], ...], int]:
    third = criterion.name in parameters.third_for
    names = ["tolerance", "third_rule", "matching_rule"] if third else []
    if criterion.seated:
        names = names or ["feasibility_rule"]
    elif _by_panels(criterion):
        # Of three evaluators or more the panels are never the two sides of one pair.
        names += ["panel_rule"] if criterion.juried else ["blind_pair", "panel_rule"]
    choices = rule_choices(parameters, [criterion])
    rules = tuple(dict(zip(names, values, strict=True)) for values in product(*(choices[n] for n in names)))
    own = {name: getattr(parameters, name) for name in names}
    if own.get("panel_rule", "mean") not in choices["panel_rule"]:
        own["panel_rule"] = "mean"  # a panel of another criterion: here the panels are averaged
    return rules, rules.index(own)


def parameters_without_refusal(parameters: Parameters) -> Parameters:
    """Return the parameters with the mean of the pair for lacking third evaluations (sensitivity only).

    >>> from ogp_analysis.model import params
    >>> parameters_without_refusal(params.from_values(params.baseline())).missing_third
    'mean'
    """
    return with_values(parameters, missing_third="mean")
