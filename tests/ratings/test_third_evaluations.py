"""Third evaluations: what the check says of those that are lacking, needless or given twice."""

from __future__ import annotations

import pytest
import sample_ratings as sample
import yaml

from ogp_analysis import ratings
from ogp_analysis.assessment import adjudication
from ogp_analysis.cli import check, main
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model import params

PLACES = {"indicator": "alignment", "panel": "working_group"}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "notas.csv"


def rate(rows, rating, **wanted):
    """Give every row with these values this rating."""
    for row in rows:
        if all(row[name] == value for name, value in wanted.items()):
            row["rating"] = rating


def apart(proposals=sample.PROPOSALS, panel="working_group"):
    """Ratings of 4, but 1 by the second evaluator of a panel in alignment: a pair apart for each proposal."""
    rows = sample.complete(proposals)
    rate(rows, "1", indicator="alignment", panel=panel, evaluator=sample.SEATS[panel][1])
    return rows


def third(rows, evaluator="W9", **wanted):
    return dict(rows[sample.row_of(rows, **(PLACES | wanted))], evaluator=evaluator, role="third", rating="2")


def problems(path, **changes):
    parameters = sample.parameters(path, missing_third="refuse", **changes)
    return check.with_lacking_thirds(ratings.examine(parameters), parameters).problems


def lacking(file, rows, **changes):
    """Proposal, indicator and panels of each pair that is said to lack its third evaluation."""
    found = problems(sample.write(file, rows), **changes)
    assert {problem.rule for problem in found} <= {"ratings.third_lacking"}
    return [(p.proposal, p.indicator, dict(p.detail)["panel"]) for p in found]


def test_a_refused_lack_is_found_by_the_check_and_not_by_the_run_alone(file):
    rows = apart()
    assert lacking(file, rows) == [
        ("P01", "alignment", "working_group"),
        ("P02", "alignment", "working_group"),
    ]
    rows.append(third(rows, proposal="P01"))
    assert lacking(file, rows) == [("P02", "alignment", "working_group")]
    assert lacking(file, rows, tolerance=3) == []
    assert lacking(file, rows, third_for=[]) == []
    mild = sample.parameters(file, missing_third="bounds")
    assert check.with_lacking_thirds(ratings.examine(mild), mild).problems == ()


def test_a_pair_between_panels_is_named_after_both(file):
    # Means of the panels: 2.5 and 4, which is 1.5 apart.
    rows = apart(("P01",))
    assert lacking(file, rows, blind_pair="between_panels") == [
        ("P01", "alignment", "working_group, core_group")
    ]
    assert lacking(file, rows, blind_pair="between_panels", tolerance=1.5) == []


def test_a_third_evaluation_with_a_conflict_that_is_excluded_is_lacking(tmp_path):
    rows = apart(("P01",))
    sample.write(tmp_path / "ratings.csv", [*rows, third(rows)])
    (tmp_path / "proposals.csv").write_text("proposal,lead,reiterations\nP01,Mintel,2\n", encoding="utf-8")
    (tmp_path / "evaluators.csv").write_text("evaluator,organisation\nW9,MINTEL\n", encoding="utf-8")
    found = {how: problems(tmp_path, conflict=how) for how in ("flag", "exclude")}
    assert [problem.rule for problem in found["exclude"]] == ["ratings.third_lacking"]
    assert found["flag"] == ()


@pytest.mark.parametrize("wrong", [{"rating": "x"}, {"panel": "?"}, {"proposal": ""}, {"indicator": "?"}])
def test_a_third_evaluation_in_a_row_that_cannot_be_read_is_not_lacking(file, wrong):
    rows = apart(("P01",))
    found = problems(sample.write(file, [*rows, third(rows) | wrong]))
    assert len(found) == 1
    assert found[0].rule != "ratings.third_lacking"


def test_an_unreadable_row_elsewhere_excuses_no_pair(file):
    rows = apart(("P01",))
    rate(rows, "x", indicator="time", panel="lead")
    found = problems(sample.write(file, rows))
    assert [problem.rule for problem in found] == ["ratings.not_a_number", "ratings.third_lacking"]


def test_a_third_independent_rating_is_one_problem_not_two(file):
    rows = apart(("P01",))
    found = problems(sample.write(file, [*rows, third(rows) | {"role": "independent"}]))
    assert [problem.rule for problem in found] == ["ratings.surplus"]
    assert "mark one as third" in found[0].say()


@pytest.mark.parametrize(("language", "word"), [("en", "third"), ("es", "tercera")])
def test_where_no_third_is_foreseen_none_is_advised(file, language, word):
    rows = apart(("P01",))
    found = problems(sample.write(file, [*rows, third(rows) | {"role": "independent"}]), third_for=[])
    assert [problem.rule for problem in found] == ["ratings.surplus"]
    assert word not in found[0].say(language)


def test_the_check_of_a_scenario_that_refuses_is_one_line_a_panel(tmp_path, file, capsys):
    rows = apart(tuple(f"P{k:02d}" for k in range(1, 6)))
    rate(rows, "1", indicator="potential_impact", proposal="P01", evaluator="W1")
    values = params.baseline() | {"data": str(sample.write(file, rows)), "missing_third": "refuse"}
    scenario = tmp_path / "own.yaml"
    scenario.write_text(yaml.safe_dump(values), encoding="utf-8")
    code = main.main(["check", str(file), "--params", str(scenario), "--lang", "es"])
    out = capsys.readouterr().out
    assert code == 1
    assert (
        "  - panel Grupo de Trabajo: las dos calificaciones difieren en más de lo que admite la tolerancia"
        in out
    )
    assert "(6 pares de 5 propuestas: P01, P02, P03, P04, P05)" in out
    assert "Problemas encontrados: 6" in out


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "2 third evaluations are lacking and missing_third is 'refuse': P01/alignment/working_group, P02",
        ),
        (
            "es",
            "faltan 2 terceras evaluaciones y missing_third es «refuse»: P01/alignment/working_group, P02",
        ),
    ],
)
def test_a_run_refuses_in_its_language(file, language, words):
    parameters = sample.parameters(sample.write(file, apart()), language=language)
    rated = sample.load(file).ratings
    with pytest.raises(StatisticsError, match=words):
        adjudication.resolve(rated, params.with_values(parameters, missing_third="refuse"))


def test_one_lacking_third_evaluation_has_words_of_its_own(file):
    parameters = sample.parameters(sample.write(file, apart(("P01",))), language="es")
    with pytest.raises(StatisticsError, match="falta 1 tercera evaluación y"):
        adjudication.resolve(
            sample.load(file).ratings, params.with_values(parameters, missing_third="refuse")
        )


# What is said of third evaluations that change nothing


def warned(file, rows, **changes):
    """Rule and count of each warning."""
    sample.write(file, rows)
    parameters = sample.parameters(file, **changes)
    return [(w.rule, dict(w.detail)["count"]) for w in ratings.examine(parameters).inputs.warnings]


def test_a_third_evaluation_of_one_rating_matches_no_pair(file):
    rows = apart(("P01",))
    del rows[sample.row_of(rows, **PLACES, evaluator="W2")]
    rows.append(third(rows))
    assert warned(file, rows) == [("ratings.third_without_pair", "1")]
    assert warned(file, [*apart(("P01",)), third(rows)]) == []
    matching = [*sample.complete(("P01",)), third(rows)]
    assert warned(file, matching) == [("ratings.third_not_needed", "1")]


def test_a_third_evaluation_of_one_panel_matches_no_pair_between_panels(file):
    rows = [row for row in apart(("P01",)) if row["panel"] != "core_group"]
    rows.append(third(rows))
    assert warned(file, rows, blind_pair="between_panels") == [("ratings.third_without_pair", "1")]


def test_two_third_evaluations_of_one_panel_are_not_said_to_be_of_both(file):
    rows = apart(("P01",))
    rows += [third(rows, "W8"), third(rows, "W9")]
    for reading in ("within_panels", "between_panels"):
        assert not [rule for rule, _ in warned(file, rows, blind_pair=reading) if "both" in rule]
    # In reading B: 2.5 and 4 are 1.5 apart, the tolerance is 1.
    rows = [*apart(("P01",)), third(rows, "W9"), third(rows, "G9", panel="core_group")]
    both = warned(file, rows, blind_pair="between_panels")
    assert both == [("ratings.third_of_both_panels", "1")]


def test_two_third_evaluations_of_single_seats_are_refused_and_not_averaged(file):
    rows = sample.complete(("P01",))
    seats = {"indicator": "time", "panel": "lead"}
    rows += [third(rows, "W8", **seats), third(rows, "W9", **(seats | {"panel": "counterpart"}))]
    found = [problem.rule for problem in sample.problems(sample.write(file, rows), third_for=["feasibility"])]
    assert found == ["ratings.second_third"]
    assert warned(file, rows, third_for=["feasibility"]) == [("ratings.third_not_needed", "2")]
