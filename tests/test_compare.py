"""Two runs compared: each step of the road is made to be the one that parts them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from tiny_notebooks import ogp

from ogp_analysis import assessment, compare, export, params
from ogp_analysis.commands.compare import as_text
from ogp_analysis.compare_page import cell_text, page, worded
from ogp_analysis.ratings import Inputs, load


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return load(params.from_values(params.baseline()))


def side(inputs: Inputs, name: str = "run", **changes: object) -> compare.Side:
    """Make a run's tables through the library, as its notebooks do."""
    given = params.baseline() | changes
    done = assessment.assess(inputs, params.from_values(given))
    tables = {
        "categories": done.assigned.reset_index(),
        "indicator_scores": done.scores.reset_index(),
        "settled": done.settled,
    }
    return compare.Side(name, given, {"code": "a"}, tables)


@pytest.fixture(scope="module")
def baseline(inputs: Inputs) -> compare.Side:
    return side(inputs)


def test_a_run_does_not_differ_from_itself(baseline: compare.Side) -> None:
    found = compare.compare(baseline, baseline)
    assert found.same_results
    assert found.parameters.empty
    assert found.categories.empty


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"cut_points": {"feasibility": [2.5, 3.0], "relevance": [2.5, 3.5]}}, "cut_points"),
        ({"matching_rule": "lower"}, "adjudication"),
        ({"panel_rule": "minimum"}, "combination"),
        (
            {
                "indicator_weights": {
                    **{"time": 1.0, "complexity": 0.0, "resources": 0.0, "willingness": 0.0},
                    **{"reiterations": "1/3", "potential_impact": "1/3", "alignment": "1/3"},
                }
            },
            "weights",
        ),
    ],
)
def test_a_changed_parameter_is_found_as_the_parting_step(
    inputs: Inputs, baseline: compare.Side, changes: dict, step: str
) -> None:
    found = compare.compare(baseline, side(inputs, **changes))
    assert list(found.parameters["parameter"]) == list(changes)
    assert len(found.categories) > 0
    assert set(found.categories["step"]) == {step}
    before = baseline.tables["categories"].set_index("proposal")["category_final"]
    for row in found.categories.itertuples():
        assert before[row.proposal] == row.first != row.second


def test_changed_ratings_are_found_as_the_parting_step(inputs: Inputs, baseline: compare.Side) -> None:
    best = inputs.ratings.assign(
        rating=inputs.ratings["rating"].where(inputs.ratings["proposal"] != "S03", 5)
    )
    other = side(Inputs(best, inputs.proposals, inputs.decisions, inputs.evaluators))
    found = compare.compare(baseline, other)
    assert list(found.categories["proposal"]) == ["S03"]
    assert list(found.categories["step"]) == ["ratings"]


def test_a_changed_decision_is_found_as_the_parting_step(inputs: Inputs, baseline: compare.Side) -> None:
    none = inputs.decisions.iloc[0:0]
    other = side(Inputs(inputs.ratings, inputs.proposals, none, inputs.evaluators))
    found = compare.compare(baseline, other)
    decided = baseline.tables["categories"].query("decided")
    assert set(found.categories["proposal"]) <= set(decided["proposal"])
    assert set(found.categories["step"]) == {"decision"}


def test_a_recorded_route_parts_at_the_category_table(inputs: Inputs, baseline: compare.Side) -> None:
    routed = inputs.proposals.assign(route="")
    other = side(Inputs(inputs.ratings, routed, inputs.decisions, inputs.evaluators))
    found = compare.compare(baseline, other)
    assert set(found.categories["step"]) == {"category_table"}
    assert set(found.categories["first"]) == {3}
    assert set(found.categories["second"]) == {4}


def statistics(*values: float) -> dict[str, pd.DataFrame]:
    frame = pd.DataFrame({"indicator": ["time", "alignment"], "coefficient": "AC2", "value": values})
    return {"agreement": frame.assign(low=frame["value"] - 0.1, high=frame["value"] + 0.1)}


def test_a_coefficient_beyond_its_interval_is_told_from_one_that_stirred() -> None:
    found = compare.moved_coefficients(statistics(0.5, 0.5), statistics(0.55, 0.75))
    assert found.to_dict("records") == [
        {"table": "agreement", "statistic": "time AC2", "first": 0.5, "second": 0.55, "beyond": False},
        {"table": "agreement", "statistic": "alignment AC2", "first": 0.5, "second": 0.75, "beyond": True},
    ]
    assert compare.moved_coefficients(statistics(0.5, 0.5), statistics(0.5, 0.5)).empty


def test_tables_of_one_side_only_are_named() -> None:
    one = {"a": pd.DataFrame({"x": [1]}), "b": pd.DataFrame({"x": [1]})}
    other = {"b": pd.DataFrame({"x": [2]}), "c": pd.DataFrame({"x": [1]})}
    found = compare.changed_tables(one, other)
    assert found.to_numpy().tolist() == [["a", "only in first"], ["b", "differs"], ["c", "only in second"]]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_escapes_everything_and_loads_nothing(language: str) -> None:
    hostile = "<img src=x onerror=document.title='PWN'>"
    one = compare.Side(hostile, {"data": hostile}, {}, {hostile: pd.DataFrame({"x": [1]})}, synthetic=True)
    other = compare.Side("b", {"data": "x"}, {}, {})
    text = page(compare.compare(one, other), language)
    assert "<img" not in text
    assert "&lt;img" in text
    assert "http" not in text.replace("http-equiv", "")
    assert ("SYNTHETIC EXAMPLE" if language == "en" else "EJEMPLO SINTÉTICO") in text


def write_run(folder: Path, made: compare.Side) -> Path:
    for name, frame in made.tables.items():
        export.write(folder / "tables" / f"{name}.csv", export.csv_text(frame))
    (folder / "results.json").write_text('{"03": {"synthetic": true}}', encoding="utf-8")
    return folder


def test_the_command_compares_runs_without_a_record_too(
    tmp_path: Path, inputs: Inputs, baseline: compare.Side
) -> None:
    write_run(tmp_path / "a", baseline)
    write_run(tmp_path / "b", side(inputs, matching_rule="lower"))
    assert ogp(tmp_path, "compare", "a", "a")[0] == 0
    code, out, err = ogp(tmp_path, "compare", "a", "b", "--lang", "es", "--page", "c.html")
    assert (code, err) == (1, "")
    assert "adjudicación: cómo un par ciego se volvió un puntaje" in out
    assert "EJEMPLO SINTÉTICO" in out
    assert (tmp_path / "c.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    code, out, _ = ogp(tmp_path, "compare", "a", "b", "--json")
    steps = {row["step"] for row in json.loads(out)["categories"]}
    assert (code, steps) == (1, {"adjudication"})


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    code, _, err = ogp(tmp_path, "compare", ".", ".")
    assert code == 2
    assert "holds no tables of a run" in err


def test_an_empty_table_of_coefficients_says_nothing(baseline: compare.Side) -> None:
    """A run in reading B has no two panels to compare."""
    columns = ["criterion", "value", "low", "high"]
    full = pd.DataFrame([["relevance", 0.5, 0.4, 0.6]], columns=columns)
    one, other = (
        replace(baseline, tables=dict(baseline.tables) | {"differences": table})
        for table in (full, full.iloc[:0].astype({"criterion": "str"}))
    )
    assert compare.compare(one, other).coefficients.empty
    assert len(
        compare.compare(
            one, replace(one, tables=one.tables | {"differences": full.assign(value=0.9)})
        ).coefficients
    )


def renamed(made: compare.Side, change) -> compare.Side:
    """The same run with other codes of proposals."""
    tables = {
        name: frame.assign(proposal=frame["proposal"].map(change)) for name, frame in made.tables.items()
    }
    return replace(made, tables=tables)


NO_COMMON = {"en": "no proposal is in both runs", "es": "ninguna propuesta está en las dos ejecuciones"}
NOTHING = {"en": "no difference", "es": "sin diferencias"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_runs_without_a_common_proposal_are_not_said_to_agree(baseline: compare.Side, language: str) -> None:
    found = compare.compare(baseline, renamed(baseline, lambda code: f"X{code}"))
    assert found.proposals == (0, 86)
    for text in (as_text(found, language), page(found, language)):
        part = text.split("Proposals whose" if language == "en" else "Propuestas cuya")[1]
        part = part.split("Statistics that" if language == "en" else "Estadísticos que")[0]
        assert NO_COMMON[language] in part
        assert NOTHING[language] not in part


def test_proposals_of_one_run_only_are_counted(baseline: compare.Side) -> None:
    found = compare.compare(baseline, renamed(baseline, lambda code: "X1" if code == "S01" else code))
    assert found.proposals == (42, 2)
    assert "the proposals in both runs (42); in one run only: 2" in as_text(found, "en")
    assert "in one run only" not in as_text(compare.compare(baseline, baseline), "en")


def test_what_has_no_record_is_not_said_to_be_without_difference(baseline: compare.Side) -> None:
    bare = replace(baseline, parameters={}, contents={})
    text = as_text(compare.compare(baseline, bare), "es")
    assert text.count("no se sabe: una ejecución no tiene registro") == 2
    no_tables = replace(baseline, tables={"a": pd.DataFrame({"x": [1]})})
    assert "no se comparan: una ejecución no tiene tabla" in as_text(
        compare.compare(baseline, no_tables), "es"
    )


def test_the_comparison_in_spanish_has_no_english_code(inputs: Inputs, baseline: compare.Side) -> None:
    other = side(inputs, matching_rule="lower", panel_rule="minimum")
    contents = {"code": "b", "library numpy": "2", "notebook 01.ipynb": "x", "input data ratings.csv": "y"}
    tables = other.tables | statistics(0.55, 0.75) | {"extra": pd.DataFrame({"x": [1]})}
    one = replace(baseline, tables=baseline.tables | statistics(0.5, 0.5))
    text = as_text(compare.compare(one, replace(other, contents=contents, tables=tables)), "es")
    for word in (
        "differs",
        "only in",
        "True",
        "False",
        "feasibility",
        "relevance",
        "medium",
        "high",
        "alignment",
    ):
        assert word not in text
    for word in ("difiere", "solo en la segunda", "pertinencia alta → media", "tiempo AC2", "0,55", "sí"):
        assert word in text
    for word in ("código", "biblioteca numpy", "cuaderno 01.ipynb", "calificaciones ratings.csv"):
        assert word in text
    assert "relevance high → medium" in as_text(
        compare.compare(one, replace(other, contents=contents, tables=tables)), "en"
    )


def test_only_the_entries_of_a_parameter_that_changed_are_shown(baseline: compare.Side) -> None:
    weights = baseline.parameters["indicator_weights"] | {"time": 0.4, "complexity": 0.1}
    cuts = {"feasibility": [2.5, 3.5], "relevance": [2.5, 4.0]}
    given = {**baseline.parameters, "indicator_weights": weights, "cut_points": cuts, "data": "other"}
    found = compare.compare(baseline, replace(baseline, parameters=given))
    shown = worded(found.parameters, "es").map(lambda value: cell_text(value, "es"))
    rows = {row[0]: row[1:] for row in shown.to_numpy().tolist()}
    assert rows == {
        "data": ["example", "other"],
        "indicator_weights: time": ["0,25", "0,4"],
        "indicator_weights: complexity": ["0,25", "0,1"],
        "cut_points: relevance": ["2,5; 3,5", "2,5; 4"],
    }
    assert list(found.parameters["parameter"]) == ["data", "indicator_weights", "cut_points"]
    text = as_text(found, "es")
    assert "{" not in text
    assert "willingness" not in text


def test_an_entry_that_one_run_lacks_is_a_dash() -> None:
    one, other = {"time": 1.0}, {"time": 0.5, "cost": 0.5}
    frame = pd.DataFrame({"parameter": ["weights"], "first": [one], "second": [other]})
    shown = worded(frame, "en").map(cell_text).to_numpy().tolist()
    assert shown == [["weights: time", "1", "0.5"], ["weights: cost", "–", "0.5"]]


def agreement_tables(value: float, benchmark: str, note: str | None) -> dict[str, pd.DataFrame]:
    row = {"grain": "criterion", "criterion": "feasibility", "pair": "lead-counterpart"}
    row |= {"coefficient": "cohen_kappa", "value": value, "lower": value - 0.1, "upper": value + 0.1}
    own = {"weights": "quadratic", "note": note, "benchmark": benchmark}
    panels = row | {"statistic": "lower_limit", "grain": None, "coefficient": None}
    frames = {"by_score": row, "coefficients": row | own, "panels": panels}
    return {name: pd.DataFrame([cells]) for name, cells in frames.items()}


def test_a_statistic_stands_once_and_is_matched_whatever_was_said_of_it() -> None:
    first = agreement_tables(0.5, "substantial", None)
    second = agreement_tables(0.9, "almost_perfect", "studentized_to_fisher")
    found = compare.moved_coefficients(first, second)
    assert found[["table", "statistic"]].to_numpy().tolist() == [
        ["coefficients", "criterion feasibility lead-counterpart cohen_kappa quadratic"],
        ["panels", "feasibility lead-counterpart lower_limit"],
    ]
    alone = [{"by_score": tables["by_score"]} for tables in (first, second)]
    assert list(compare.moved_coefficients(*alone)["table"]) == ["by_score"]


def test_statistics_and_tables_are_named_in_spanish() -> None:
    sides = [
        compare.Side(name, {}, {}, agreement_tables(value, "substantial", None))
        for name, value in (("a", 0.5), ("b", 0.9))
    ]
    text = as_text(compare.compare(*sides), "es")
    assert "puntaje de criterio factibilidad responsable y contraparte kappa de Cohen cuadrática" in text
    assert "factibilidad responsable y contraparte límite inferior de acuerdo" in text
    assert "Todos los coeficientes de acuerdo con su intervalo (coefficients)" in text
    for word in ("criterion", "cohen_kappa", "lower_limit", "quadratic", "lead-counterpart", "substantial"):
        assert word not in text


def test_a_pair_that_one_run_lacks_parts_the_two_at_the_ratings(inputs: Inputs) -> None:
    """S08 without its Core Group: of 3 and 3.5 for reiterations 3.5 is left, and (3.5 + 1 + 3) / 3 is 2.5."""
    gone = (inputs.ratings["proposal"] == "S08") & (inputs.ratings["panel"] == "core_group")
    fewer = Inputs(inputs.ratings[~gone], inputs.proposals, inputs.decisions, inputs.evaluators)
    found = compare.compare(side(inputs, missing="available"), side(fewer, missing="available"))
    assert found.categories.to_dict("records") == [
        {
            "proposal": "S08",
            "first": 3,
            "second": 2,
            "step": "ratings",
            "detail": "relevance low → medium; relevance 2.417 → 2.5; reiterations 3.25 → 3.5",
        }
    ]
