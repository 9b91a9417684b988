"""What the weight explorer of the report does with a run that does not fit together."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.report import explorer
from ogp_analysis.report.run_files import Pack


def run(*names: str) -> Pack:
    """One proposal with two scores, and a recorded method with these indicators."""
    method = {"criteria": [{"name": "feasibility", "indicators": list(names)}], "category_table": []}
    tables = {
        "indicator_scores": pd.DataFrame({"proposal": ["S01"], "time": [4.5], "complexity": [float("nan")]}),
        "ledger": pd.DataFrame({"proposal": ["S01"], "route": ["yes"], "category_by_rule": [pd.NA]}),
    }
    return Pack(tables, {}, {"06": {"method": method}}, "en", synthetic=True)


def test_scores_of_the_recorded_method_are_explored():
    found = explorer.inputs(run("time", "complexity"))
    assert found["proposals"] == [
        {"code": "S01", "scores": [4.5, None], "exact": [[9, 2], None], "route": True, "baseline": None}
    ]


def test_scores_of_another_method_are_not_explored():
    assert explorer.inputs(run("time", "cost")) is None
