"""Scores under other rules: a rule set is one choice for each rule that the plan leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, product

import numpy as np

from ogp_analysis.assessment import adjudication
from ogp_analysis.assessment.adjudication import NO_TOLERANCE, Pairs, pairs_of, settle_pairs, stand_in
from ogp_analysis.assessment.batch import combine, different
from ogp_analysis.assessment.criterion_rule import CriterionRule, criterion_rule
from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.assessment.scoring import over_pairs
from ogp_analysis.model.params import Parameters, with_values
from ogp_analysis.model.records import Criterion
from ogp_analysis.sensitivity.rounds import Round

RULE_CHOICES = {
    "third_rule": adjudication.THIRD_RULES,
    "matching_rule": adjudication.MATCHING_RULES,
    "blind_pair": ("within_panels", "between_panels"),
    "feasibility_rule": ("mean", "minimum", "lead"),
}

# One choice for each rule that the plan leaves open, by name: points of tolerance, or a word.
RuleSet = Mapping[str, float | str]


def with_rules(parameters: Parameters, rules: RuleSet) -> Parameters:
    """Give the same parameters under other rules; those that a rule set does not name stay.

    >>> from ogp_analysis.model import params
    >>> with_rules(params.from_values(params.baseline()), {"tolerance": 0.0}).tolerance
    0.0
    """
    words = {name: str(rules.get(name, getattr(parameters, name))) for name in (*RULE_CHOICES, "panel_rule")}
    return replace(
        parameters,
        tolerance=float(rules.get("tolerance", parameters.tolerance)),
        third_rule=words["third_rule"],
        matching_rule=words["matching_rule"],
        blind_pair=words["blind_pair"],
        panel_rule=words["panel_rule"],
        feasibility_rule=words["feasibility_rule"],
    )


def rule_choices(parameters: Parameters, criteria: Sequence[Criterion]) -> dict[str, tuple[float | str, ...]]:
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


@dataclass(frozen=True, eq=False)
class Scoring:
    """How the ratings of one criterion become scores under every rule set.

    Parameters
    ----------
    sheet : Sheet
        The ratings at hand.
    rules : tuple of dict
        The rule sets; number ``baseline`` is the one of the parameters.
    baseline : int
        Place of the baseline rule set.
    given : tuple of CriterionRule
        The same as the assessment takes them.
    own : numpy.ndarray, shape (m, n)
        Scores under the baseline rules with the ratings at hand; the mean of a pair where a third evaluation
        is lacking.
    """

    sheet: Sheet
    rules: tuple[RuleSet, ...]
    baseline: int
    given: tuple[CriterionRule, ...]
    own: np.ndarray

    def scores(self, places: np.ndarray, ratings: Round) -> np.ndarray:
        """Settle and combine ratings, draw by draw under one rule set each; (draws,) -> (draws, m, n).

        A rule that cannot be applied (a panel that did not rate) leaves the score where it is.
        """
        scores = np.empty((len(places), *self.own.shape))
        for between in (False, True):
            rows = np.flatnonzero(self._between[places] == between)
            if len(rows):
                # Draws that are settled alike side by side: a way to settle takes a slice, not a copy.
                rows = rows[np.argsort(self._ways_to_settle[places[rows]], kind="stable")]
                thirds = ratings.between if between else ratings.within
                sheet = replace(self.sheet, ratings=ratings.ratings[rows], thirds=thirds[rows])
                scores[rows] = self._settled(pairs_of(sheet, between=between), places[rows])
        scores = np.where(self.sheet.counted, self.sheet.points, scores)
        return np.where(np.isnan(scores), self.own, scores)

    def _settled(self, pairs: Pairs, places: np.ndarray) -> np.ndarray:
        """Settle pairs (draws, m, n, k) whose draws lie in the order of their ways, and combine panels."""
        settled = np.empty(pairs.centre.shape)
        tolerances = self._tolerances[places][:, None, None, None]
        _, starts = np.unique(self._ways_to_settle[places], return_index=True)
        for start, end in pairwise([*starts.tolist(), len(places)]):
            rule, part = self.given[places[start]], pairs.draws(slice(start, end))
            score, status = settle_pairs(part, rule, tolerance=tolerances[start:end])
            settled[start:end] = stand_in(score, status, part, rule)
        scores = np.empty((len(places), *self.own.shape))
        ways = self._ways_to_combine[places]
        for way in np.unique(ways):
            rows = np.flatnonzero(ways == way)
            rule = self.given[places[rows[0]]]
            # What is missing is passed over (`scoring_of`): which pairs rated at all decides nothing.
            scores[rows] = over_pairs(
                settled[rows], np.array([]), panel_rule=rule.panel_rule, skip_missing=True
            )
        return scores

    @cached_property
    def _between(self) -> np.ndarray:
        return np.array([rule.between for rule in self.given])

    @cached_property
    def _tolerances(self) -> np.ndarray:
        return np.array([NO_TOLERANCE if rule.tolerance is None else rule.tolerance for rule in self.given])

    @cached_property
    def _ways_to_settle(self) -> np.ndarray:
        return different(
            (rule.between, rule.third_rule, rule.matching_rule, rule.feasibility_rule) for rule in self.given
        )[1]

    @cached_property
    def _ways_to_combine(self) -> np.ndarray:
        return different((rule.between, rule.panel_rule) for rule in self.given)[1]


def scoring_of(sheet: Sheet, parameters: Parameters) -> Scoring:
    """Say how the ratings of one criterion become scores under every rule set."""
    rules, baseline = _rule_sets(parameters, sheet.criterion)
    # A third evaluation that nobody gave is drawn; at the baseline its pair's mean stands in.
    lenient = replace(parameters, missing_third="mean", missing="available")
    given = tuple(criterion_rule(sheet.criterion, with_rules(lenient, rule)) for rule in rules)
    own = combine(sheet, [given[baseline]]).scores[0]
    return Scoring(sheet, rules, baseline, given, own)


def _rule_sets(parameters: Parameters, criterion: Criterion) -> tuple[tuple[RuleSet, ...], int]:
    third = criterion.name in parameters.third_for
    names = ["tolerance", "third_rule", "matching_rule"] if third else []
    if criterion.seated:
        names = names or ["feasibility_rule"]
    elif _by_panels(criterion):
        # Of three evaluators or more the panels are never the two sides of one pair.
        names += ["panel_rule"] if criterion.juried else ["blind_pair", "panel_rule"]
    choices = rule_choices(parameters, [criterion])
    sets = product(*(choices[name] for name in names))
    rules: tuple[RuleSet, ...] = tuple(dict(zip(names, values, strict=True)) for values in sets)
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
