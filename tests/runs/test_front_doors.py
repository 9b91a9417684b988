"""Each room's one call on the synthetic example: what it gives is what the committed baseline names.

That it gives the committed bytes is what test_backtest holds, through the notebooks.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from ogp_analysis import plan, ratings
from ogp_analysis.agreement import results as agreement_results
from ogp_analysis.assessment import results as assessment_results
from ogp_analysis.errors import StatisticsError
from ogp_analysis.figures import agreement, categories, sensitivity
from ogp_analysis.figures import plan as plan_figures
from ogp_analysis.figures import proposals as proposals_figures
from ogp_analysis.figures import ratings as ratings_figures
from ogp_analysis.model import params
from ogp_analysis.proposals import results as proposals_results
from ogp_analysis.report import results as report_results
from ogp_analysis.runs.notebook_file import code_of, source_of
from ogp_analysis.sensitivity import results as sensitivity_results

ROOT = Path(__file__).resolve().parents[2]
BASELINE = ROOT / "outputs" / "baseline"
ROOMS = {
    "00_proposals": (lambda _, parameters: proposals_results.compute(parameters), proposals_figures),
    "01_ratings": (ratings.results.compute, ratings_figures),
    "02_agreement": (agreement_results.compute, agreement),
    "03_categories": (assessment_results.compute, categories),
    "04_sensitivity": (sensitivity_results.compute, sensitivity),
    "05_plan_tables": (lambda *_: plan.results.compute(), plan_figures),
    "06_irm_review": (report_results.compute, None),
}


@pytest.fixture(scope="module")
def parameters():
    return params.with_values(params.read(ROOT / "params" / "baseline.yaml"), n_draws=200)


@pytest.fixture(scope="module")
def inputs(parameters):
    return ratings.load(parameters)


@pytest.fixture(scope="module")
def found(inputs, parameters):
    return {name: compute(inputs, parameters) for name, (compute, _) in ROOMS.items()}


@pytest.mark.parametrize("name", [name for name in ROOMS if ROOMS[name][1]])
def test_its_figures_are_those_of_the_baseline(found, name):
    drawings = ROOMS[name][1].all_of(found[name])
    files = {f"{drawing}.en.svg" for drawing in drawings}
    assert files
    assert files <= {path.name for path in (BASELINE / "figures").iterdir()}


def test_the_rooms_together_write_every_table_of_the_baseline_once(found):
    named = [table for results in found.values() for table in results.tables]
    assert sorted(named) == sorted(path.stem for path in (BASELINE / "tables").iterdir())


@pytest.mark.parametrize("name", ROOMS)
def test_only_the_plan_does_not_rest_on_synthetic_ratings(found, name):
    assert found[name].synthetic == (name not in ("00_proposals", "05_plan_tables"))


@pytest.mark.parametrize("name", ["03_categories", "04_sensitivity", "06_irm_review"])
def test_a_lacking_third_evaluation_is_refused_through_the_front_door(inputs, parameters, name):
    # Reading B of the blind pair calls for third evaluations that the example does not hold.
    strict = params.with_values(parameters, blind_pair="between_panels", missing_third="refuse")
    with pytest.raises(StatisticsError) as refusal:
        ROOMS[name][0](inputs, strict)
    lacking = refusal.value.values["cells"]
    bounded = params.with_values(parameters, blind_pair="between_panels", missing_third="bounds")
    assert len(lacking) == assessment_results.compute(inputs, bounded).summary["lacking"] > 0


@pytest.mark.parametrize("name", ROOMS)
def test_its_notebook_computes_once_and_publishes_once(name):
    notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    nodes = [node for _, cell in code_of(notebook) for node in ast.walk(ast.parse(source_of(cell)))]
    called = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    assert called.count("compute") == called.count("output.publish") == 1
    assert "output.save" not in called
