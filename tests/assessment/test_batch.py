"""Many scenarios at once: each is what plain loops over fractions give, and what it gives on its own."""

from __future__ import annotations

import itertools
import random
import statistics
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import yaml
from depth import deep_after

from ogp_analysis.assessment import categories, whole_assessment
from ogp_analysis.assessment.batch import combine, different, same_tolerances, score
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs

SEEDS = range(16)
SCENARIOS = 6
NONE = pd.DataFrame()


def method_of(rng, folder):
    """Draw a method: up to three panels of up to seven, up to three indicators, halves or tenths."""
    criteria = []
    for name in "ab":
        raters = rng.choice([1, 2, 2, 3, 7])
        panels = [f"{name}{k}" for k in range(2 if raters == 1 else rng.choice([1, 2, 3]))]
        indicators = [
            {
                "name": f"{name}i{k}",
                "minimum": rng.choice([0, 1]),
                "maximum": rng.choice([3, 5]),
                "step": rng.choice([1, 0.5, 0.1]),
                "direction": rng.choice(["higher is better", "lower is better"]),
                "coding": rng.choice(["rated", "pass_fail", "share"]) if k else "rated",
            }
            for k in range(rng.choice([1, 2, 3]))
        ]
        criteria.append(
            {"name": name, "panels": panels, "raters_per_panel": raters, "indicators": indicators}
        )
    table = [[rng.choice([1, 2, 3, 4, "route"]) for _ in range(3)] for _ in range(3)]
    (folder / "m.yaml").write_text(
        yaml.safe_dump({"name": "m", "criteria": criteria, "category_table": table})
    )
    return criteria


def scenario(rng, criteria, folder, **shared):
    weights, cuts = {}, {}
    for criterion in criteria:
        parts = [rng.randint(1, 4) for _ in criterion["indicators"]]
        names = [item["name"] for item in criterion["indicators"]]
        weights |= {name: f"{part}/{sum(parts)}" for name, part in zip(names, parts, strict=True)}
        cuts[criterion["name"]] = sorted(rng.sample([1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 3], 2))
    panels = [panel for criterion in criteria for panel in criterion["panels"]]
    paired = any(len(criterion["panels"]) > 1 for criterion in criteria)
    values = {
        "method": "m.yaml",
        "indicator_weights": weights,
        "criterion_weights": {"a": 0.5, "b": 0.5},
        "cut_points": cuts,
        "tolerance": rng.choice([0, 0.3, 0.5, 1, 2]),
        "third_rule": rng.choice(["replace", "median", "closest", "mean"]),
        "matching_rule": rng.choice(["mean", "lower", "higher"]),
        "third_for": rng.choice([["a"], ["b"], ["a", "b"], []]),
        # Between panels only where a criterion has two.
        "blind_pair": rng.choice(["within_panels", "between_panels"][: 1 + paired]),
        "panel_rule": rng.choice(["mean", "minimum", *panels]),
        "feasibility_rule": rng.choice(["mean", "minimum", "lead"]),
        "missing_third": rng.choice(["bounds", "mean"]),
        "missing": rng.choice(["refuse", "available"]),
    }
    return params.from_values(params.baseline() | values | shared, folder=folder)


def drawn_rating(rng, item):
    steps = round((item["maximum"] - item["minimum"]) / item["step"])
    return round(item["minimum"] + rng.randint(0, steps) * item["step"], 10)


def inputs_of(rng, criteria):
    gaps, thirds, rows, proposals = (
        rng.choice([0, 0.2]),
        rng.choice([0, 0.5, 1]),
        [],
        ["S1", "S2", "S3", "S4"],
    )
    for code, criterion in itertools.product(proposals, criteria):
        for item, panel in itertools.product(criterion["indicators"], criterion["panels"]):
            rows += [
                (code, item["name"], panel, f"{panel}e{seat}", "independent", drawn_rating(rng, item))
                for seat in range(criterion["raters_per_panel"])
                if rng.random() >= gaps
            ]
            rows += [(code, item["name"], panel, "T", "third", drawn_rating(rng, item))] * (
                rng.random() < thirds
            )
    columns = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
    listed = pd.DataFrame({"proposal": proposals, "reiterations": [3, 1, 2, 4], "route": ["x", "", "y", " "]})
    ratings = pd.DataFrame(rows, columns=columns)
    return Inputs(ratings=ratings, proposals=listed, decisions=NONE, evaluators=NONE)


class ByHand:
    """Note 20 once more, one cell at a time, on fractions and in words."""

    def __init__(self, inputs, parameters):
        self.parameters, self.cells = parameters, {}
        self.counts = inputs.proposals.set_index("proposal")["reiterations"]
        for row in inputs.ratings.itertuples():
            key = (row.proposal, row.indicator, row.panel, row.role)
            self.cells.setdefault(key, []).append(Fraction(str(row.rating)))
        self.rated = sorted({key[0] for key in self.cells if key[3] == "independent"})

    def given(self, code, item, panel, role):
        low, high = Fraction(str(item.minimum)), Fraction(str(item.maximum))
        turned = self.cells.get((code, item.name, panel, role), [])
        if item.direction == "lower is better":
            turned = [low + high - value for value in turned]
        if item.coding == "pass_fail":
            turned = [high if value >= (low + high) / 2 else low for value in turned]
        return turned

    def pairs(self, code, item, criterion):
        """Sides and third of each pair."""
        p = self.parameters
        panels = [self.given(code, item, panel, "independent") for panel in criterion.panels]
        thirds = [self.given(code, item, panel, "third") for panel in criterion.panels]
        # Where there is one panel there is nothing between panels.
        within = p.blind_pair == "within_panels" or len(panels) == 1
        if criterion.raters_per_panel > 1 and within:
            return [(sides, third[0] if third else None) for sides, third in zip(panels, thirds, strict=True)]
        means = [statistics.mean(sides) if sides else None for sides in panels]
        every = [value for third in thirds for value in third]
        return [(means, statistics.mean(every) if every else None)]

    def settled(self, sides, third, item, criterion):
        """The scores that one pair may end with: one, every one that a lacking third could give, or none."""
        p = self.parameters
        given = [side for side in sides if side is not None]
        foreseen = criterion.name in p.third_for
        if not given:
            return []
        if not foreseen and criterion.raters_per_panel == 1:
            lead = sides[0] if sides[0] is not None else min(given)
            return [{"mean": statistics.mean(given), "minimum": min(given), "lead": lead}[p.feasibility_rule]]
        low, high = min(given), max(given)
        if len(given) == 1 or not foreseen or high - low <= Fraction(str(p.tolerance)):
            return [{"mean": statistics.mean(given), "lower": low, "higher": high}[p.matching_rule]]
        if third is None:
            if p.missing_third == "mean":
                return [statistics.mean(given)]
            scale = (item.minimum, item.maximum) if item.coding == "pass_fail" else item.scale
            return sorted({self.decided(low, high, Fraction(str(value))) for value in scale})
        return [self.decided(low, high, third)]

    def decided(self, low, high, third):
        rule, three = self.parameters.third_rule, sorted((low, high, third))
        if rule == "closest":
            gaps = three[1] - three[0], three[2] - three[1]
            if gaps[0] == gaps[1]:
                return statistics.mean(three)
            return statistics.mean(three[:2] if gaps[0] < gaps[1] else three[1:])
        return {"replace": third, "median": three[1], "mean": statistics.mean(three)}[rule]

    def scores(self, code, item, criterion, rating_panels):
        """The scores of one indicator; None where none can be."""
        p = self.parameters
        if item.coding == "share":
            share = Fraction(int(self.counts[code]), int(max(self.counts[one] for one in self.rated)))
            share = 1 - share if item.direction == "lower is better" else share
            low, high = Fraction(str(item.minimum)), Fraction(str(item.maximum))
            return [low + (high - low) * share]
        options = [self.settled(*pair, item, criterion) for pair in self.pairs(code, item, criterion)]
        if len(options) > 1 and p.panel_rule in criterion.panels:
            options = [options[criterion.panels.index(p.panel_rule)]]
        elif len(options) > 1:
            options = [one for one, rated in zip(options, rating_panels, strict=True) if rated]
        if p.missing == "available":
            options = [one for one in options if one]
        if not options or not all(options):
            return None
        combine = min if p.panel_rule == "minimum" else statistics.mean
        return sorted({combine(chosen) for chosen in itertools.product(*options)})

    def levels(self, code, criterion):
        """Every level that the proposal could have; None where that is not known."""
        p = self.parameters
        judged = [item for item in criterion.indicators if item.coding != "share"]
        rating_panels = [
            any(self.given(one, item, panel, "independent") for one in self.rated for item in judged)
            for panel in criterion.panels
        ]
        parts, total = [], 0
        for item in criterion.indicators:
            weight = p.exact("indicator_weights")[item.name]
            options = self.scores(code, item, criterion, rating_panels)
            if options is None and p.missing == "available":
                continue
            if options is None:
                return None
            total += weight
            parts.append([weight * option for option in options])
        if not parts:
            return None
        cuts = p.exact_cuts(criterion.name)
        sums = {Fraction(0)}
        for part in parts:
            sums = {one + other for one in sums for other in part}
        return {sum(value / total >= cut for cut in cuts) for value in sums}

    def category(self, code, route):
        """The category, or -1 where more than one is possible."""
        levels = [self.levels(code, criterion) for criterion in self.parameters.method.criteria]
        if None in levels and not any(len(one) > 1 for one in levels if one):
            return -1
        every = [one or set(range(3)) for one in levels]
        table = self.parameters.method.category_table
        found = {table[a][b] or (3 if route else 4) for a, b in itertools.product(*every)}
        return found.pop() if len(found) == 1 else -1


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("methods")


def drawn(seed, folder):
    rng = random.Random(seed)
    criteria = method_of(rng, folder)
    first = scenario(rng, criteria, folder)
    shared = {"blind_pair": first.blind_pair, "missing": first.missing}
    others = [scenario(rng, criteria, folder, **shared) for _ in range(SCENARIOS - 1)]
    return inputs_of(rng, criteria), [first, *others]


def at_once(inputs, scenarios):
    """Categories by the rule of all scenarios in one call."""
    sheets, scored, which = whole_assessment.used_sheets(inputs, scenarios[0]), [], []
    for sheet in sheets.criteria:
        rules = same_tolerances(sheet, [criterion_rule(sheet.criterion, one) for one in scenarios])
        rules, places = different(rules)
        scored.append(score(sheet, rules))
        which.append(places)
    route = categories.recorded_route(sheets.proposals, inputs.proposals)
    rule = categories.category_rule(scenarios[0].method)
    return sheets, scored, which, categories.categorise(scored, which, rule, route).ruled, route


@pytest.mark.parametrize("seed", deep_after(6, SEEDS))
def test_every_scenario_of_a_batch_is_what_it_is_alone_and_by_hand(seed, folder):
    inputs, scenarios = drawn(seed, folder)
    sheets, scored, which, ruled, route = at_once(inputs, scenarios)
    for row, parameters in enumerate(scenarios):
        alone = whole_assessment.assess(inputs, parameters)
        assert alone.assigned["category_by_rule"].fillna(-1).tolist() == ruled[row].tolist()
        for one, places in zip(scored, which, strict=True):
            name = one.sheet.criterion.name
            assert np.array_equal(alone.assigned[name].to_numpy(), one.means[places[row]], equal_nan=True)
        by_hand = ByHand(inputs, parameters)
        assert by_hand.rated == sheets.proposals.tolist()
        expected = [by_hand.category(code, way) for code, way in zip(by_hand.rated, route, strict=True)]
        assert ruled[row].tolist() == expected


def test_what_is_refused_alone_is_found_lacking_in_a_batch(folder):
    lacking = 0
    for seed in SEEDS[::3]:
        inputs, scenarios = drawn(seed, folder)
        _, scored, which, _, _ = at_once(inputs, scenarios)
        for row, parameters in enumerate(scenarios):
            found = any(one.unresolved[places[row]].any() for one, places in zip(scored, which, strict=True))
            lacking += found
            try:
                whole_assessment.assess(inputs, params.with_values(parameters, missing_third="refuse"))
            except StatisticsError:
                assert found
            else:
                assert not found
    assert lacking


def test_evaluator_patterns_in_front_are_settled_each_on_its_own(folder):
    inputs, scenarios = drawn(3, folder)
    sheets = whole_assessment.used_sheets(inputs, scenarios[0])
    rng = np.random.default_rng(1)
    for sheet in sheets.criteria:
        left_out = np.where(rng.random((5, *sheet.ratings.shape)) < 0.3, np.nan, sheet.ratings)
        rules, _ = different(criterion_rule(sheet.criterion, one) for one in scenarios)
        many = combine(replace(sheet, ratings=left_out), rules)
        for pattern, ratings in enumerate(left_out):
            one = combine(replace(sheet, ratings=ratings), rules)
            assert np.array_equal(many.scores[:, pattern], one.scores, equal_nan=True)
            assert np.array_equal(many.statuses[:, pattern], one.statuses)
