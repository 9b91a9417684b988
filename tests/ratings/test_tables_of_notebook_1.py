"""What came in, by hand: given, lacking and left out, who rates both criteria, stakes that are not known."""

from __future__ import annotations

import json

import pytest
import sample_ratings as sample
import yaml

from ogp_analysis import ratings
from ogp_analysis.cli import main
from ogp_analysis.language import bottom_line
from ogp_analysis.model import params
from ogp_analysis.output import tables

PROPOSALS = ("P01", "P02", "P03")
# Each proposal: four indicators by two seats, three indicators by two panels of two.
EACH = 4 * 2 + 3 * 4


@pytest.fixture
def file(tmp_path):
    return tmp_path / "notas.csv"


def studied(path, **changes):
    parameters = sample.parameters(path, **changes)
    inputs = ratings.load(parameters)
    found = ratings.results.compute(inputs, parameters)
    return inputs, found.tables, found.summary


def gappy():
    """Three proposals; P02 lacks a rating of the Core Group and has a third evaluation of the other panel."""
    rows = sample.complete(PROPOSALS)
    place = {"proposal": "P02", "indicator": "alignment"}
    rows[sample.row_of(rows, **place, evaluator="W2")]["rating"] = "1"
    third = dict(rows[sample.row_of(rows, **place, evaluator="W1")], evaluator="W9", role="third")
    del rows[sample.row_of(rows, **place, evaluator="G2")]
    return [*rows, third]


# What was given is counted as given, also where it is left out


def test_ratings_of_a_proposal_that_is_left_out_were_given(file):
    inputs, found, summary = studied(sample.write(file, gappy()), missing="drop")
    assert inputs.left_out == ("P02",)
    assert set(inputs.ratings["proposal"]) == {"P01", "P03"}
    assert len(inputs.given) == len(gappy())
    counts = {"ratings": 3 * EACH - 1, "thirds": 1, "lacking": 1, "proposals": 3, "evaluators": 7}
    assert counts.items() <= summary.items()
    assert (summary["left_out"], summary["left_out_ratings"], summary["left_out_thirds"]) == (1, EACH - 1, 1)
    covered = found["ratings_coverage"].set_index(["proposal", "panel"])
    assert covered.loc[("P02", "core_group"), ["wanted", "given"]].tolist() == [6, 5]
    assert covered.loc[("P02", "lead"), ["wanted", "given"]].tolist() == [4, 4]
    assert covered["left_out"].groupby("proposal").all().to_dict() == {
        "P01": False,
        "P02": True,
        "P03": False,
    }
    assert found["ratings_spread"]["count"].sum() == 3 * EACH - 1
    # Agreement is measured on what is left, where nothing is lacking.
    assert found["design"]["fewest"].tolist() == [1, 1, 2, 2]


def test_where_nothing_is_left_out_nothing_says_so(file):
    inputs, found, summary = studied(sample.write(file, gappy()), missing="available")
    assert inputs.left_out == ()
    assert inputs.given is inputs.ratings
    assert "left_out" not in found["ratings_coverage"]
    assert (summary["left_out"], summary["left_out_ratings"], summary["left_out_thirds"]) == (0, 0, 0)
    assert (summary["ratings"], summary["lacking"]) == (3 * EACH - 1, 1)


def test_a_proposal_that_nobody_rated_is_left_out_too(tmp_path):
    sample.write(tmp_path / "ratings.csv", gappy())
    (tmp_path / "proposals.csv").write_text("proposal,title\nP01,A\nP02,B\nP03,C\nP04,D\n", encoding="utf-8")
    inputs, found, summary = studied(tmp_path, missing="drop")
    assert inputs.left_out == ("P02", "P04")
    assert (summary["lacking"], summary["left_out_ratings"]) == (1 + EACH, EACH - 1)
    assert found["ratings_coverage"]["left_out"].sum() == 2 * 4


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "7 evaluators gave 59 independent ratings and 1 third evaluation of 3 proposals; 1 rating that "
            "the design wants is lacking; 1 proposal is left out for it (missing: drop), with 19 of these "
            "ratings and 1 of the third evaluations, and no breach of the double blind was found.",
        ),
        (
            "es",
            "7 evaluadores dieron 59 calificaciones independientes y 1 tercera evaluación de 3 propuestas; "
            "falta 1 calificación que el diseño pide; por ello queda fuera 1 propuesta (missing: drop), con "
            "19 de estas calificaciones y 1 de las terceras evaluaciones, y no se halló ninguna falta al "
            "doble ciego.",
        ),
    ],
)
def test_the_headline_says_what_is_left_out(file, language, words):
    summary = studied(sample.write(file, gappy()), missing="drop")[2]
    assert bottom_line.headline("headline.ratings", language=language, synthetic=False, **summary) == words
    kept = summary | {"left_out": 0}
    said = bottom_line.headline("headline.ratings", language=language, synthetic=False, **kept)
    assert "drop" not in said
    assert "  " not in said


def test_the_check_counts_what_was_given_and_names_what_is_left_out(file, tmp_path, capsys):
    values = params.baseline() | {"missing": "drop", "data": str(sample.write(file, gappy()))}
    scenario = tmp_path / "own.yaml"
    scenario.write_text(yaml.safe_dump(values), encoding="utf-8")
    assert main.main(["check", str(file), "--params", str(scenario), "--lang", "es"]) == 0
    out = capsys.readouterr().out
    assert "Calificaciones: 60; propuestas: 3.\nDe ellas quedan fuera" in out
    assert "1 propuesta con 20 calificaciones, contando las terceras" in out
    assert "Qué diseño es (de las propuestas que no quedan fuera)" in out
    assert "propuestas que se dejan fuera por ello (missing: drop): 1 (P02)" in out


# Who rates both criteria


def test_whoever_rates_a_proposal_in_both_criteria_is_told_and_is_no_breach(file):
    rows = sample.complete()
    assert studied(sample.write(file, rows))[2]["rate_both_criteria"] == 0
    for row in rows:
        # The lead of P01 also sits in the Working Group, for every proposal.
        if row["evaluator"] == "W1" or (row["evaluator"] == "L1" and row["proposal"] == "P01"):
            row["evaluator"] = "E1"
    _, found, summary = studied(sample.write(file, rows))
    told = found["ratings_blindness"].set_index("blind_rule").loc["one_criterion"]
    # E1, W2, G1, G2, L1 and C1 rate; E1 alone in both criteria.
    assert told[["looked_at", "broken"]].tolist() == [6, 1]
    assert (summary["rate_both_criteria"], summary["broken"]) == (1, 0)


def test_one_evaluator_of_two_criteria_but_not_of_one_proposal_is_not_meant(file):
    rows = sample.complete()
    for row in rows:
        if (row["proposal"], row["evaluator"]) in (("P01", "L1"), ("P02", "W1")):
            row["evaluator"] = "E1"
    assert studied(sample.write(file, rows))[2]["rate_both_criteria"] == 0


def test_the_rule_of_one_panel_says_that_it_looks_inside_one_criterion(file):
    rules = studied(sample.write(file, sample.complete()))[1]["ratings_blindness"]
    shown = {language: repr(tables.show(rules, "x", language=language)) for language in ("en", "es")}
    assert "nobody sits in two panels of one criterion for one proposal" in shown["en"]
    assert "nadie está en dos paneles de un mismo criterio para una propuesta" in shown["es"]


# Stakes


def test_without_a_table_of_evaluators_stakes_are_unknown_and_not_none(file):
    _, _, summary = studied(sample.write(file, sample.complete()))
    assert summary["with_stake"] is None
    assert json.dumps(summary["with_stake"]) == "null"


@pytest.mark.parametrize(
    ("organisations", "with_stake"),
    [
        ({"W1": "MINTEL", "W2": "FCD", "G1": "FCD", "G2": "FCD"}, 3),
        ({"W1": "FCD", "W2": "FCD", "G1": "FCD", "G2": "FCD"}, 0),
        # Of the Core Group nothing is known: what was found is a number, none found is not.
        ({"W1": "MINTEL", "W2": "FCD"}, 3),
        ({"W1": "FCD", "W2": "FCD"}, None),
        ({"W1": "", "W2": " ", "G1": "", "G2": ""}, None),
    ],
)
def test_stakes_are_counted_as_far_as_they_are_known(tmp_path, organisations, with_stake):
    sample.write(tmp_path / "ratings.csv", sample.complete(("P01",)))
    (tmp_path / "proposals.csv").write_text("proposal,lead,reiterations\nP01,Mintel,1\n", encoding="utf-8")
    listed = "".join(f"{code},{name}\n" for code, name in organisations.items())
    (tmp_path / "evaluators.csv").write_text("evaluator,organisation\n" + listed, encoding="utf-8")
    assert studied(tmp_path)[2]["with_stake"] == with_stake
