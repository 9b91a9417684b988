"""Methods of any shape: categories against a reading of the method file in plain Python, on fractions."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pandas as pd
import pytest
import yaml
from depth import deep_after

from ogp_analysis.assessment.whole_assessment import assess
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method

COLUMNS = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]


def random_method(rng: random.Random) -> dict:
    """One to four criteria, one panel for all, two to six levels each, a table, rules or the composite."""
    criteria = []
    for c in range(rng.randint(1, 4)):
        cuts = sorted(rng.sample([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4], rng.randint(1, 5)))
        indicators = [
            {"name": f"i{c}_{k}", "minimum": 0, "maximum": 5, "step": 0.5, "weight": rng.randint(1, 4)}
            for k in range(rng.randint(1, 3))
        ]
        one = {"name": f"c{c}", "weight": rng.randint(1, 5), "panels": ["jury"], "raters": [2, 5]}
        criteria.append(one | {"cut_points": cuts, "indicators": indicators})
    categories = [f"class {k}" for k in range(rng.randint(2, 5))]
    values = {"name": "random", "criteria": criteria, "categories": categories, "third": {"when": "never"}}
    kind = rng.choice(["table", "rules", "composite"])
    numbers = range(1, len(categories) + 1)
    if kind == "composite":
        chosen = rng.sample([0.5, 1, 1.25, 2, 2.5, 3, 3.75, 4], len(categories) - 1)
        return values | {"cut_points": sorted(chosen)}
    lengths = [len(one["cut_points"]) + 1 for one in criteria]
    if kind == "rules":
        rules = [
            {
                "when": {one["name"]: [f"level_{k + 1}" for k in rng.sample(range(n), rng.randint(1, n))]},
                "category": rng.choice([*numbers, "route"]),
            }
            for one, n in zip(criteria, lengths, strict=True)
            if n != 3
        ]
        if rules:
            return values | {"decision_table": {"rules": rules, "default": rng.choice(numbers)}}
    return values | {"decision_table": nested(lengths, lambda: rng.choice([*numbers, "route"]))}


def nested(lengths: list[int], cell) -> object:
    return [nested(lengths[1:], cell) for _ in range(lengths[0])] if lengths else cell()


def random_ratings(rng: random.Random, method: dict) -> list[tuple]:
    rows = []
    for proposal, one in itertools.product([f"P{k}" for k in range(8)], method["criteria"]):
        judges = rng.sample(["J1", "J2", "J3", "J4", "J5"], rng.randint(2, 5))
        rows += [
            (proposal, item["name"], "jury", judge, "independent", rng.randint(0, 10) / 2)
            for item in one["indicators"]
            for judge in judges
        ]
    return rows


def by_hand(method: dict, rows: list[tuple], proposal: str, route: bool, **way: object) -> int:
    """The category of one proposal, read off the file; ``aggregation`` minimum and ``veto`` too."""
    category = before_veto(method, rows, proposal, route, lowest=way.get("aggregation") == "minimum")
    items = {row[1] for row in rows}
    given = {name: [Fraction(r[5]) for r in rows if r[:2] == (proposal, name)] for name in items}
    limit = way.get("veto", 0)
    barred = any(sum(marks) / len(marks) < limit for marks in given.values())
    return 2 if barred and category == 1 else category


def before_veto(method: dict, rows: list[tuple], proposal: str, route: bool, *, lowest: bool) -> int:
    means, levels = [], []
    for one in method["criteria"]:
        total = sum(item["weight"] for item in one["indicators"])
        mean, scores = Fraction(0), []
        for item in one["indicators"]:
            given = [Fraction(r[5]) for r in rows if r[0] == proposal and r[1] == item["name"]]
            scores.append(sum(given) / len(given))
            mean += Fraction(item["weight"], total) * scores[-1]
        mean = min(scores) if lowest else mean
        means.append(mean)
        levels.append(sum(mean >= Fraction(cut) for cut in one["cut_points"]))
    count = len(method["categories"])
    if "cut_points" in method:
        weights = [one["weight"] for one in method["criteria"]]
        composite = sum(w * mean for w, mean in zip(weights, means, strict=True)) / sum(weights)
        composite = min(means) if lowest else composite
        return count - sum(composite >= Fraction(cut) for cut in method["cut_points"])
    cell = looked_up(method, levels)
    return ((count - 1) if route else count) if cell == "route" else cell


def looked_up(method: dict, levels: list[int]) -> object:
    table = method["decision_table"]
    if isinstance(table, list):
        for level in levels:
            table = table[level]
        return table
    named = {one["name"]: f"level_{k + 1}" for one, k in zip(method["criteria"], levels, strict=True)}
    for rule in table["rules"]:
        if all(named[name] in wanted for name, wanted in rule["when"].items()):
            return rule["category"]
    return table["default"]


@pytest.mark.parametrize("seed", deep_after(8, range(24)))
def test_categories_of_any_method_follow_from_its_file(tmp_path, seed):
    rng = random.Random(seed)
    method = random_method(rng)
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(method), encoding="utf-8")
    made, problems = read_method("own.yaml", tmp_path)
    assert not problems, [problem.say() for problem in problems]
    (tmp_path / "p.yaml").write_text("method: own.yaml\n", encoding="utf-8")
    parameters = params.read(tmp_path / "p.yaml")
    assert parameters.third_for == ()
    rows = random_ratings(rng, method)
    codes = sorted({row[0] for row in rows})
    routes = [rng.random() < 0.5 for _ in codes]
    listed = pd.DataFrame({"proposal": codes, "route": ["by law" if route else "" for route in routes]})
    inputs = Inputs(
        ratings=pd.DataFrame(rows, columns=COLUMNS),
        proposals=listed,
        decisions=pd.DataFrame(),
        evaluators=pd.DataFrame(),
    )
    assigned = assess(inputs, parameters).assigned
    wanted = [by_hand(method, rows, code, route) for code, route in zip(codes, routes, strict=True)]
    assert assigned["category_by_rule"].tolist() == wanted
    for way in ({"aggregation": "minimum"}, {"veto": 2.5}):
        assigned = assess(inputs, params.with_values(parameters, **way)).assigned
        pairs = zip(codes, routes, strict=True)
        wanted = [by_hand(method, rows, code, route, **way) for code, route in pairs]
        assert assigned["category_by_rule"].tolist() == wanted
    assert defaults_of(made)["tolerance"] == 1.0
