"""Ratings that nobody gave beside another: no round of the simulations draws them, and every text says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from ogp_analysis.agreement import results as agreement
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.ratings import results as given
from ogp_analysis.report import page_content
from ogp_analysis.report.run_files import Pack
from ogp_analysis.sensitivity import results
from ogp_analysis.sensitivity.study import prepare

COLUMNS = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
PROPOSALS = [f"P{k:02}" for k in range(12)]


def criterion(name: str, panels: list[str], *indicators: str) -> dict:
    rated = [{"name": one, "minimum": 1, "maximum": 5} for one in indicators]
    return {"name": name, "panels": panels, "raters": [1, 2], "cut_points": [3], "indicators": rated}


# By criterion, panels and the number of evaluators that each indicator has in each of them.
PANELS_APART = {"merit": {("readers", "idea"): 2}, "need": {("office", "income"): 1}}
ONE_PANEL = {"merit": {("readers", "idea"): 2}, "need": {("readers", "income"): 1}}
TWO_PANELS = {"merit": {("readers", "idea"): 2, ("office", "idea"): 1}}
ONE_INDICATOR = {"merit": {("readers", "idea"): 2, ("readers", "plan_of_work"): 1}}
ALL_IN_PAIRS = {"merit": {("readers", "idea"): 2}}
NO_PAIR = {"merit": {("readers", "idea"): 1}}


def run(design: dict, folder) -> tuple[Inputs, params.Parameters]:
    criteria = [
        criterion(name, list(dict.fromkeys(p for p, _ in cells)), *dict.fromkeys(i for _, i in cells))
        for name, cells in design.items()
    ]
    table: object = {
        "rules": [{"when": {c["name"]: "level_2" for c in criteria}, "category": 1}],
        "default": 2,
    }
    values = {"name": "own", "criteria": criteria, "categories": ["yes", "no"], "decision_table": table}
    (folder / "own.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    method, problems = read_method("own.yaml", folder)
    assert not problems, [problem.say() for problem in problems]
    chosen = params.baseline() | defaults_of(method) | {"method": "own.yaml", "n_draws": 200}
    rng, rows = np.random.default_rng(3), []
    for code in PROPOSALS:
        for cells in design.values():
            for (panel, indicator), seats in cells.items():
                for seat in range(seats):
                    rated = int(rng.integers(1, 6))
                    rows.append((code, indicator, panel, f"{panel}{seat}", "independent", rated))
    ratings, none = pd.DataFrame(rows, columns=COLUMNS), pd.DataFrame()
    listed = pd.DataFrame({"proposal": PROPOSALS})
    inputs = Inputs(ratings=ratings, proposals=listed, decisions=none, evaluators=none, synthetic=True)
    return inputs, params.from_values(chosen, folder=folder)


@pytest.mark.parametrize(
    ("design", "held"),
    [
        (PANELS_APART, [{"criterion": "need", "indicators": [], "panels": ["office"]}]),
        (ONE_PANEL, [{"criterion": "need", "indicators": [], "panels": ["readers"]}]),
        (TWO_PANELS, [{"criterion": "merit", "indicators": [], "panels": ["office"]}]),
        (ONE_INDICATOR, [{"criterion": "merit", "indicators": ["plan_of_work"], "panels": ["readers"]}]),
        (NO_PAIR, [{"criterion": "merit", "indicators": [], "panels": ["readers"]}]),
        (ALL_IN_PAIRS, []),
    ],
)
def test_what_no_round_draws_is_named_and_its_scores_have_no_known_error(design, held, tmp_path):
    study = prepare(*run(design, tmp_path))
    assert study.portfolio.rounds.unseen() == held
    silent = {one["criterion"] for one in held}
    unknown = np.isnan(study.prediction.error).all(axis=0).tolist()
    assert unknown == [name in silent for name in design]


@pytest.mark.parametrize("design", [PANELS_APART, ONE_PANEL, TWO_PANELS, ONE_INDICATOR])
def test_ratings_of_which_nothing_is_known_stay_as_they_are(design, tmp_path):
    """In every draw, however the others are drawn anew."""
    inputs, parameters = run(design, tmp_path)
    portfolio = prepare(inputs, parameters).portfolio
    drawn = portfolio.rounds.draw(50, np.random.default_rng(1))
    for one in portfolio.rounds.unseen():
        place = list(design).index(one["criterion"])
        sheet, anew = portfolio.rounds.sheets[place], drawn[place].ratings
        names = [item.name for item in sheet.criterion.indicators]
        own = [names.index(name) for name in one["indicators"] or names]
        panel = sheet.criterion.panels.index(one["panels"][0])
        for indicator in own:
            given, again = sheet.ratings[:, indicator, panel], anew[:, :, indicator, panel]
            assert np.array_equal(again, np.broadcast_to(given, again.shape), equal_nan=True)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_headline_core_figure_and_tables_say_which_ratings_the_simulations_keep(language, tmp_path):
    computed = results.compute(*run(PANELS_APART, tmp_path))
    held = computed.summary["findings"][language]["held"]
    assert "need" in held
    assert "office" in held
    texts_of_a_run = (
        computed.bottom_line[language],
        computed.further["audit"][language]["core"],
        computed.summary["findings"][language]["assumptions"],
    )
    assert [held in each for each in texts_of_a_run] == [True] * 3
    name = "sensitivity_verdicts"
    pack = Pack(
        {name: computed.tables[name]}, {}, {"04_sensitivity": computed.summary}, language, synthetic=True
    )
    assert held in page_content.table(pack, name, language).note


@pytest.mark.parametrize(("design", "word"), [(PANELS_APART, False), (ALL_IN_PAIRS, True)])
def test_the_figure_is_read_without_rounds_where_none_is_drawn(design, word, tmp_path):
    computed, name = results.compute(*run(design, tmp_path)), "sensitivity_acceptability"
    pack = Pack(computed.tables, {}, {"04_sensitivity": computed.summary}, "en", synthetic=True)
    how = page_content.figure(pack, name, "<svg/>", part="method", values={}, language="en").note
    assert ("another round" in how) is word


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_what_further_evaluations_would_settle_is_not_said_of_such_ratings(language, tmp_path):
    computed = results.compute(*run(PANELS_APART, tmp_path))
    words = computed.further["audit"][language]["settling"]
    assert computed.summary["unsettled"] > 0
    assert "office" in words
    assert "settling" not in computed.summary["findings"][language]
    nothing = results.compute(*run(NO_PAIR, tmp_path)).summary
    assert nothing["unsettled"] == 0
    assert nothing["findings"][language]["settling"]


@pytest.mark.parametrize("design", [ALL_IN_PAIRS, NO_PAIR])
def test_nothing_is_said_where_all_ratings_are_drawn_or_none(design, tmp_path):
    """Where nobody rated beside another no ratings vary, and none are named among what does."""
    computed = results.compute(*run(design, tmp_path))
    assert "held" not in computed.summary["findings"]["en"]
    assert "evaluators" not in computed.summary["in_doubt"] or "not_drawn" not in computed.summary


@pytest.mark.parametrize(("design", "alone"), [(PANELS_APART, [False, True]), (TWO_PANELS, [False, False])])
def test_a_panel_of_one_evaluator_is_compared_with_another_only_where_there_is_one(design, alone, tmp_path):
    inputs, parameters = run(design, tmp_path)
    design_table = given.compute(inputs, parameters).tables["design"]
    words = texts.say("ratings.fit.single.alone", "es")
    assert (design_table["fits_es"] == words).tolist() == alone


def test_no_coefficient_is_said_to_fit_where_nobody_rates_beside_another(tmp_path):
    inputs, parameters = run(PANELS_APART, tmp_path)
    fits = agreement.compute(inputs, parameters).tables["designs"].set_index("criterion")["fits"]
    assert set(fits["need"]) == {"nobody"}
    assert "nobody" not in set(fits["merit"])


@pytest.mark.parametrize(
    ("design", "columns"), [(PANELS_APART, []), (ONE_INDICATOR, ["points_merit"]), (ALL_IN_PAIRS, [])]
)
def test_no_points_of_weight_are_shown_of_a_criterion_of_one_indicator(design, columns, tmp_path):
    verdicts = results.compute(*run(design, tmp_path)).tables["sensitivity_verdicts"]
    assert [name for name in verdicts if name.startswith("points_")] == columns
