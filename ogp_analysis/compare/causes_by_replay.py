"""Causes put to the test: the first run computed again, with one step after another of the second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Any

import pandas as pd

from ogp_analysis.assessment import categories, whole_assessment
from ogp_analysis.errors import OgpError
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.params import FrozenDict, Parameters
from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.ratings.missing_ratings import complete_proposals, lacking_cells

FINAL, BY_RULE = "category_final", "category_by_rule"
# What each step of the road from the ratings to the final category takes from the parameters; the others take
# ratings, category table and decisions from what was read.
TAKEN = {
    "ratings_used": ("conflict", "missing"),
    "blind_pair": ("blind_pair",),
    "adjudication": (
        *("tolerance", "third_rule", "matching_rule", "third_for", "missing_third", "feasibility_rule"),
    ),
    "combination": ("panel_rule",),
    "weights": ("indicator_weights", "criterion_weights"),
    "aggregation": ("aggregation", "majority", "veto"),
    "cut_points": ("cut_points",),
}
STEPS = ("ratings", *TAKEN, "category_table", "decision")
# What each takes from the table of proposals: counts, who has a stake, routes, marks of phase 5.
COLUMNS = {
    "ratings": ("reiterations",),
    "ratings_used": ("lead", "counterparts"),
    "category_table": ("route",),
    "decision": ("if_not_confirmed",),
}
# How the steps of a cause are joined: any one of them is enough; none is without the others.
EACH, TOGETHER = " / ", " + "


@dataclass(frozen=True)
class Source:
    """What a run can be computed again from.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings, proposals, decisions and evaluators.
    parameters : params.Parameters
        Every choice of the method.
    """

    inputs: Inputs = field(repr=False)
    parameters: Parameters = field(repr=False)


def joined(steps: Sequence[str], outcome: Callable[[frozenset[str]], Any]) -> str:
    """Name the fewest steps that turn the first outcome into the second.

    >>> def level(steps: frozenset[str]) -> str:
    ...     score, cut = 4.0 + 0.015 * ("weights" in steps), 3.5 + 0.7 * ("cut_points" in steps)
    ...     return "high" if score >= cut else "medium"
    >>> joined(("weights", "cut_points"), level)
    'cut_points'
    >>> joined(("a", "b", "c"), lambda taken: {"a", "b"} <= taken)
    'a + b'
    >>> joined(("a", "b"), bool)
    'a / b'
    """
    target = outcome(frozenset(steps))
    for count in range(1, len(steps)):
        enough = [taken for taken in combinations(steps, count) if outcome(frozenset(taken)) == target]
        if enough:
            return EACH.join(TOGETHER.join(taken) for taken in enough)
    return TOGETHER.join(steps)


@dataclass(frozen=True)
class Replay:
    """Two runs of the same criteria, and what comes out where some steps are taken from the second.

    Parameters
    ----------
    first, second : Source
        The runs.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = [params.from_values(params.baseline() | {"panel_rule": r}) for r in ("mean", "minimum")]
    >>> inputs = ratings.load(parameters[0])
    >>> replay = Replay(*(Source(inputs, given) for given in parameters))
    >>> replay.differing, replay.final(frozenset()).head(2).tolist()
    (('combination',), [1, 1])
    """

    first: Source
    second: Source
    _known: dict[frozenset[str], pd.Series] = field(default_factory=dict, repr=False, compare=False)

    @property
    def possible(self) -> bool:
        """Whether steps can be exchanged: both methods have the same criteria, indicators and panels."""
        return self.first.parameters.method.criteria == self.second.parameters.method.criteria

    @cached_property
    def differing(self) -> tuple[str, ...]:
        """Name the steps at which the runs are not the same, from the ratings to the decisions."""
        return tuple(step for step in STEPS if not _same(_part(self.first, step), _part(self.second, step)))

    def final(self, steps: frozenset[str]) -> pd.Series:
        """Compute the final categories of the first run with some steps of the second, by proposal.

        0 where undetermined; none at all where that is refused.
        """
        if steps not in self._known:
            self._known[steps] = self._categories(steps)
        return self._known[steps]

    def cause(self, proposal: str) -> str:
        """Name the steps that gave a proposal another final category, as `joined` does."""
        return joined(self.differing, lambda steps: self.final(steps).get(proposal))

    def explains(self, proposal: str, first: object, second: object) -> bool:
        """Say whether both runs, computed again, give a proposal the final category that their tables say."""
        ends: tuple[frozenset[str], ...] = (frozenset(), frozenset(self.differing))
        stated = [0 if pd.isna(category) else category for category in (first, second)]
        return [self.final(end).get(proposal) for end in ends] == stated

    def _categories(self, steps: frozenset[str]) -> pd.Series:
        parameters = self._parameters(steps)
        try:
            final = whole_assessment.final_categories(self._inputs(steps, parameters), parameters)
        except OgpError:
            return pd.Series(dtype=int)
        return final.mask(final == categories.UNDETERMINED, 0)

    def _from(self, step: str, steps: frozenset[str]) -> Source:
        return self.second if step in steps else self.first

    def _parameters(self, steps: frozenset[str]) -> Parameters:
        base = self.first.parameters
        names = {name: self._from(step, steps).parameters for step, own in TAKEN.items() for name in own}
        values = {name: getattr(given, name) for name, given in names.items()}
        as_given = dict(base.as_given) | {name: given.as_given[name] for name, given in names.items()}
        table = self._from("category_table", steps).parameters.method.category_table
        # A run that refuses lacking third evaluations lacks none; where steps are mixed, some may.
        if values["missing_third"] == "refuse":
            values["missing_third"] = "bounds"
        method = replace(base.method, category_table=table)
        return replace(base, **values, method=method, as_given=FrozenDict(as_given))

    def _inputs(self, steps: frozenset[str], parameters: Parameters) -> Inputs:
        read = {step: self._from(step, steps).inputs for step in COLUMNS}
        proposals = read["ratings"].proposals.set_index(PROPOSAL)
        for step, columns in COLUMNS.items():
            given = read[step].proposals.set_index(PROPOSAL)[list(columns)]
            proposals[list(columns)] = given.reindex(proposals.index)
        ratings = _kept(read["ratings"], parameters)
        decisions, evaluators = read["decision"].decisions, read["ratings_used"].evaluators
        return Inputs(ratings, proposals.reset_index(), decisions, evaluators)


def _kept(inputs: Inputs, parameters: Parameters) -> pd.DataFrame:
    """Give the ratings of the proposals that are not left out, as reading them under the parameters would."""
    if parameters.missing != "drop":
        return inputs.given
    codes = tuple(inputs.proposals[PROPOSAL])
    complete = complete_proposals(codes, lacking_cells(inputs.given, parameters, codes))
    return inputs.given[inputs.given[PROPOSAL].isin(complete)]


def _part(source: Source, step: str) -> tuple:
    """Give what a run has for a step, to be compared."""
    inputs, parameters = source.inputs, source.parameters
    listed = inputs.proposals.set_index(PROPOSAL)[list(COLUMNS.get(step, ()))]
    read = {
        "ratings": inputs.given,
        "ratings_used": inputs.evaluators,
        "category_table": parameters.method.category_table,
        "decision": inputs.decisions,
    }
    return (listed, read.get(step), *(getattr(parameters, name) for name in TAKEN.get(step, ())))


def _same(first: tuple, second: tuple) -> bool:
    pairs = zip(first, second, strict=True)
    return all(a.equals(b) if isinstance(a, pd.DataFrame | pd.Series) else a == b for a, b in pairs)
