"""One criterion under several rules at once: levels and vetoes against every third rating, in words."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from ogp_analysis.assessment.adding import PLAIN
from ogp_analysis.assessment.adjudication import UNRESOLVED, pairs_of, settle_pairs, stand_in
from ogp_analysis.assessment.batch import combine, same_tolerances, score
from ogp_analysis.assessment.criterion_rule import CriterionRule, Weighing
from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.assessment.scoring import over_pairs
from ogp_analysis.assessment.vetoes import BARRED, MAY_BE_BARRED
from ogp_analysis.model.records import Criterion, Indicator

NAN = float("nan")
SCALE = (1, 2, 3, 4, 5)
WEIGHTS, CUTS = (Fraction(1, 4), Fraction(3, 4)), (Fraction(5, 2), Fraction(7, 2))
# The ratings of two evaluators on two indicators; a difference of 2 or more asks for a third.
PROPOSALS = [
    ((1, 2), (1, 2)),
    ((1, 5), (2, 2)),
    ((4, 4), (1, 3)),
    ((1, 3), (5, 3)),
    ((1, 5), (NAN, NAN)),
    ((3, 3), (NAN, NAN)),
    ((5, 4), (4, 4)),
    ((2, 4), (3, 5)),
    ((5, 5), (1, 3)),
]
RULES = [("replace", None, False), ("median", Fraction(3), False), ("replace", Fraction(2), True)]


def rule_of(third_rule, veto, skip):
    return CriterionRule(
        seated=False,
        between=False,
        foreseen=True,
        feasibility_rule=None,
        third_rule=third_rule,
        matching_rule="mean",
        tolerance=1.0,
        mean_stands_in=False,
        panel_rule="mean",
        skip_missing=skip,
        weighing=Weighing(WEIGHTS, CUTS, PLAIN),
        veto=veto,
    )


def sheet():
    indicators = tuple(Indicator(name, "a", 1, 5) for name in "xy")
    ratings = np.array(PROPOSALS, dtype=float)[:, :, None, :]
    none = np.full(ratings.shape[:2], NAN)
    return Sheet(Criterion("a", indicators, ("p",), 2), ratings, none[:, :, None], none)


def scored():
    return score(sheet(), [rule_of(*rule) for rule in RULES])


def options_of(pair, third_rule):
    """Every score that a pair may end with; none where nobody rated."""
    first, second = pair
    if np.isnan(first):
        return []
    if abs(first - second) <= 1:
        return [Fraction(first + second, 2)]
    ends = [third if third_rule == "replace" else statistics.median((*pair, third)) for third in SCALE]
    return sorted({Fraction(end) for end in ends})


def means_of(options, skip):
    """Every criterion score; none where nothing is known."""
    if not skip and not all(options):
        return set()
    known = [(weight, own) for weight, own in zip(WEIGHTS, options, strict=True) if own]
    total = sum(weight for weight, _ in known)
    return {
        sum(weight * one for (weight, _), one in zip(known, chosen, strict=True)) / total
        for chosen in itertools.product(*(own for _, own in known))
    }


def test_levels_and_scores_of_every_rule_and_proposal_are_those_of_every_third_rating():
    found = scored()
    cases = list(itertools.product(range(len(RULES)), range(len(PROPOSALS))))
    levels = found.levels(*(np.array(part) for part in zip(*cases, strict=True)))
    for (place, proposal), reached in zip(cases, levels.tolist(), strict=True):
        third_rule, _, skip = RULES[place]
        options = [options_of(pair, third_rule) for pair in PROPOSALS[proposal]]
        means = means_of(options, skip)
        known = {sum(mean >= cut for cut in CUTS) for mean in means} or {0, 1, 2}
        assert reached == [level in known for level in range(3)]
        one = len(known) == 1 and all(len(own) < 2 for own in options)
        assert found.codes[place, proposal] == (known.pop() if one else -1)
        assert found.open_scores(place, proposal) == sorted(means)
        assert found.options(place, proposal) == (options if skip or all(options) else None)


def test_the_veto_of_each_rule_bars_what_no_third_rating_lifts_to_the_limit():
    """Of what waits: barred whatever the third says, or as it says; of what nobody rated nothing is known."""
    found = scored()
    for place, (third_rule, limit, skip) in enumerate(RULES):
        for proposal, pairs in enumerate(PROPOSALS):
            options = [options_of(pair, third_rule) for pair in pairs]
            known = [own for own in options if own]
            waits = any(len(own) > 1 for own in options)
            if limit is None:
                wanted = 0
            elif any(len(own) == 1 and own[0] < limit for own in known):
                wanted = BARRED
            elif waits and not skip and len(known) < 2:
                wanted = MAY_BE_BARRED
            else:
                wanted = BARRED if any(max(own) < limit for own in known) else 0
                wanted = wanted or MAY_BE_BARRED * any(min(own) < limit for own in known)
            assert found.barred[place, proposal] == wanted


def test_tolerances_that_part_no_two_ratings_are_one():
    """Here ratings differ by 0, 1, 2 or 4 points."""
    rule = rule_of(*RULES[0])
    given = [replace(rule, tolerance=points) for points in (1.5, 1.0, 0.0, None, 3.9, 2.0, 4.0, 9.0, 0.5)]
    found = same_tolerances(sheet(), given)
    assert [one.tolerance for one in found] == [1.5, 1.5, 0.0, None, 3.9, 3.9, 4.0, 4.0, 0.0]


CHOICES = {
    "third_rule": ("replace", "median", "closest", "mean"),
    "matching_rule": ("mean", "lower", "higher"),
    "tolerance": (0.0, 1.0, 2.0),
    "mean_stands_in": (False, True),
    "panel_rule": ("mean", "minimum", 0, 1),
    "skip_missing": (False, True),
    "between": (False, True),
    "foreseen": (True, True, False),
}


def drawn_rule(rng):
    drawn = {name: choices[rng.integers(len(choices))] for name, choices in CHOICES.items()}
    if drawn["between"] and not isinstance(drawn["panel_rule"], str):
        drawn["panel_rule"] = "mean"
    return replace(rule_of(*RULES[0]), **drawn)


@pytest.mark.parametrize("front", [(), (2,), (2, 3)])
def test_each_of_many_rules_gives_what_it_gives_alone(front):
    """Whatever axes stand in front: pairs are settled, counted by status and combined, rule by rule."""
    rng = np.random.default_rng(len(front))
    ratings = rng.integers(1, 6, (*front, 5, 2, 2, 3)).astype(float)
    ratings[rng.random(ratings.shape) < 0.3] = NAN
    thirds = rng.integers(1, 6, ratings.shape[:-1]).astype(float)
    thirds[rng.random(thirds.shape) < 0.5] = NAN
    criterion = Criterion("a", tuple(Indicator(name, "a", 1, 5) for name in "xy"), ("p", "q"), 3)
    given = Sheet(criterion, ratings, thirds, np.full((5, 2), NAN))
    rules = [drawn_rule(rng) for _ in range(14)]
    found = combine(given, rules)
    assert found.statuses.shape == (14, *front, 5)
    for place, rule in enumerate(rules):
        pairs = pairs_of(given, between=rule.between)
        settled, status = settle_pairs(pairs, rule, tolerance=rule.tolerance)
        kept = stand_in(settled, status, pairs, rule)
        there = ~np.isnan(pairs.centre).all(axis=(-3, -2))
        wanted = over_pairs(kept, there, panel_rule=rule.panel_rule, skip_missing=rule.skip_missing)
        np.testing.assert_array_equal(found.scores[place], wanted)
        for at in np.ndindex(front):
            counts = np.bincount(status[at].ravel() + 1, minlength=6)[1:]
            assert found.statuses[place][at].tolist() == counts.tolist()
            for m in range(5):
                lacks = status[at][m] == UNRESOLVED
                assert found.unresolved[place][at][m] == lacks.any()
                asked = lacks if isinstance(rule.panel_rule, str) else lacks[:, [rule.panel_rule]]
                assert found.waits[place][at][m] == (asked.any() and not rule.mean_stands_in)
