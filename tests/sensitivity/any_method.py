"""Methods of many shapes and random ratings for them, whoever tests with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method

COLUMNS = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
THREE = ["class one", "class two", "class three"]


def _rated(name: str, count: int, *scale: float) -> list[dict]:
    low, high, step = scale
    return [{"name": f"{name}{k}", "minimum": low, "maximum": high, "step": step} for k in range(count)]


def _method(criteria: list[dict], table: object, categories: list[str] = THREE, **more: object) -> dict:
    return {"name": "own", "criteria": criteria, "categories": categories, "decision_table": table, **more}


def _criterion(name: str, indicators: list[dict], raters: object, **more: object) -> dict:
    return {"name": name, "panels": ["jury"], "raters": raters, "indicators": indicators, **more}


CORNER = {"rules": [{"when": {"a": ["level_5"]}, "category": 1}], "default": 3}
FILES = {
    "ones up to a hundred, two criteria": _method(
        [_criterion("a", _rated("a", 3, 0, 100, 1), 3), _criterion("b", _rated("b", 2, 0, 100, 1), 3)],
        [[3, 3, 2], [3, 2, 1], [2, 1, 1]],
    ),
    "tenths, seven indicators, up to seven raters": _method(
        [_criterion("a", _rated("a", 7, 0, 10, 0.1), [3, 7])], [3, 2, 1]
    ),
    "four criteria of five levels": _method(
        [_criterion(name, _rated(name, 2, 0, 5, 1), 2, cut_points=[1, 2, 3, 4]) for name in "abcd"],
        CORNER,
        ["v", "w", "x", "y", "z"],
        third={"when": "never"},
    ),
    "one indicator": _method([_criterion("a", _rated("a", 1, 1, 5, 1), 2)], [3, 2, 1]),
    "two levels on scales apart": _method(
        [
            _criterion("a", _rated("a", 2, 1, 5, 1), 2, cut_points=[3]),
            _criterion("b", _rated("b", 2, 0, 20, 1), 2, cut_points=[8, 14]),
        ],
        [[3, 3, 2], [3, 2, 1]],
    ),
}
PACKAGED = ("jury-of-labels", "fund-with-weights")
NAMES = (*PACKAGED, *FILES)


def of_method(name: str, folder: Path, **changes: object) -> params.Parameters:
    """Read a packaged method, or one of the files above, with the defaults that it has."""
    if name in FILES:
        (folder / "own.yaml").write_text(yaml.safe_dump(FILES[name]), encoding="utf-8")
        name = "own.yaml"
    method, problems = read_method(name, folder)
    assert not problems, [problem.say() for problem in problems]
    values = params.baseline() | defaults_of(method) | {"method": name, **changes}
    return params.from_values(values, folder=folder)


def rated(parameters: params.Parameters, *, proposals: int = 15, seed: int = 1) -> Inputs:
    """Ratings that scatter about one place of the scale for each proposal and indicator."""
    rng, method, rows = np.random.default_rng(seed), parameters.method, []
    for number in range(proposals):
        middle = {one.name: rng.integers(len(one.scale)) for one in method.indicators}
        for panel in method.panels:
            served = [criterion for criterion in method.criteria if panel in criterion.panels]
            fewest, most = (max(getattr(c, k) for c in served) for k in ("fewest", "raters_per_panel"))
            for seat in range(rng.integers(fewest, most + 1)):
                for one in method.rated_by(panel):
                    error = np.rint(rng.normal(0, len(one.scale) / 8))
                    place = int(np.clip(middle[one.name] + error, 0, len(one.scale) - 1))
                    rows.append((f"P{number:03}", one.name, panel, f"{panel}{seat}", "independent"))
                    rows[-1] += (one.scale[place],)
    table = pd.DataFrame(rows, columns=COLUMNS)
    listed = pd.DataFrame({"proposal": sorted(table["proposal"].unique())})
    none = pd.DataFrame()
    return Inputs(ratings=table, proposals=listed, decisions=none, evaluators=none, synthetic=True)
