"""Titles and names of a method: which come first, which two parts may not share, what stands in headings."""

from __future__ import annotations

import pandas as pd
import pytest
from sample_method import ONE, changed, indicators, read

from ogp_analysis.language import texts
from ogp_analysis.language.labels import column_label, displayed, value_label
from ogp_analysis.model import params
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.report.run_files import Pack


def test_titles_come_before_the_words_of_the_catalogues(tmp_path):
    values = changed(("criteria", 0, "title"), {"es": "mérito técnico"})
    values = changed(("categories", 0), {"title": {"en": "go", "es": "adelante"}}, values)
    assert not read(tmp_path, values)[1]
    (tmp_path / "p.yaml").write_text("method: own.yaml\nlanguage: es\n", encoding="utf-8")
    language = params.read(tmp_path / "p.yaml").language
    assert language == "es"
    assert texts.say("criterion.merit", language) == "mérito técnico"
    assert texts.say("category.1", language) == "Categoría 1: adelante"
    # Three levels or four categories are Ecuador's words nowhere else.
    assert texts.say("category.2", language) == "Categoría 2: no"


def test_levels_without_a_name_are_numbered_in_words(tmp_path):
    language = reader_language("es", read(tmp_path, ONE)[0])
    assert texts.say("level.level_2", language) == "nivel 2"
    assert texts.say("level.level_2", language.to("en")) == "level 2"


def test_without_a_stage_columns_keep_words_that_name_none(tmp_path):
    language = reader_language("es", read(tmp_path, changed(("stages",), []))[0])
    assert column_label("confirmation_reason", language) == "razón en la última etapa"
    assert column_label("after_selection", language) == "tras las decisiones"


def test_columns_of_decisions_are_headed_by_the_stage(tmp_path):
    stages = ["jury", {"name": "appeal", "title": {"en": "appeal", "es": "apelación"}}]
    language = reader_language("es", read(tmp_path, changed(("stages",), stages))[0])
    assert column_label("appeal_decided_by", language) == "apelación: quién decidió"
    assert column_label("jury_date", language.to("en")) == "jury: date"
    assert column_label("confirmation_reason", language) == "razón en la última etapa"
    assert value_label("final_step", "confirmation", language) == "apelación"
    assert value_label("final_step", "confirmation", "es") == "confirmación"
    assert column_label("selection_decided_by", "en") == "decided by"


CLASHES = [
    (
        indicators({"name": "merit", "title": "quality"}, {"name": "quality", "title": "merit"}),
        "indicators.title",
    ),
    (
        indicators({"name": "a", "title": {"en": "Use"}}, {"name": "b", "title": {"es": "USE "}}),
        "indicators.title",
    ),
    (
        changed(("criteria", 0, "levels"), [{"name": "a", "title": "x"}, {"name": "b", "title": "x"}]),
        "criteria[1].levels",
    ),
    (changed(("criteria", 0, "panels"), ["b", {"name": "a", "title": "B"}]), "panels.title"),
    (changed(("panels",), [{"name": "jury", "title": "x"}, {"name": "other", "title": "x"}]), "panels.title"),
    (changed(("stages",), ["a", {"name": "b", "title": "A"}]), "stages.title"),
    (changed(("categories",), ["same", "same"]) | {"decision_table": [2, 1]}, "categories"),
    (changed(("categories",), ["out", {"name": "out", "title": "no"}]), "categories"),
    # What heads another column of the workbook to fill, in either language, by title or by name.
    (indicators({"name": "a", "title": "Título"}), "indicators.title"),
    (indicators({"name": "a", "title": {"en": "proposal "}}), "indicators.title"),
    (indicators({"name": "role", "title": "part"}), "indicators.title"),
    (indicators({"name": "a", "title": "Indicador"}), "indicators.title"),
    (indicators({"name": "a", "title": "Calidad de la propuesta"}), ""),
    (indicators({"name": "a"}), ""),
]


@pytest.mark.parametrize(("values", "key"), CLASHES)
def test_a_title_that_leads_to_two_parts_is_refused(tmp_path, values, key):
    problems = read(tmp_path, values)[1]
    assert {problem.parameter for problem in problems} == ({key} if key else set())
    for language in texts.LANGUAGES:
        assert all(problem.value in problem.say(language) for problem in problems)


def test_one_name_has_one_title(tmp_path):
    second = {"name": "cost", "panels": [{"name": "jury", "title": "y"}], "raters": 2}
    second |= {"indicators": [{"name": "price", "minimum": 1, "maximum": 5}], "cut_points": [3]}
    values = changed(("criteria", 0, "panels"), [{"name": "jury", "title": "x"}])
    values["criteria"].append(second)
    values |= {"decision_table": [["out", 1], [1, 1]]}
    (problem,) = read(tmp_path, values)[1]
    assert (problem.parameter, dict(problem.detail)["wanted"]) == ("panels.title", "one_title")


def test_a_title_by_language_stands_for_an_answer_or_a_category(tmp_path):
    labels = [{"es": "Muy bajo", "en": "Very low"}, {"title": "Medio"}, {"es": "Alto", "en": "High"}]
    values = changed(("criteria", 0, "indicators", 0), {"name": "overall", "labels": labels})
    values["categories"] = [{"es": "sí", "en": "yes"}, {"name": "out", "title": "no"}]
    method, problems = read(tmp_path, values)
    assert problems == []
    assert [label.points for label in method.indicators[0].labels] == [1, 2, 3]
    assert method.indicators[0].labels[0].titles == {"es": "Muy bajo", "en": "Very low"}
    assert method.categories[0].titles["es"] == "sí"


@pytest.mark.parametrize(
    ("title", "case", "heading"),
    [(..., ..., "jury"), ({"es": "Premio"}, ..., "Premio"), ("Premio", {"title": "A quién"}, "A quién")],
)
def test_a_report_has_a_heading_whatever_the_file_leaves_out(tmp_path, title, case, heading):
    values = ONE | {key: given for key, given in (("title", title), ("case", case)) if given is not ...}
    method, _ = read(tmp_path, values)
    words = {"words": {"es": dict(reader_language("es", method).titles)}, "plan": ""}
    pack = Pack({}, {}, {"06": {"method": words}}, "es", synthetic=False)
    assert pack.say("report.title", "es") == f"{heading}: informe de las calificaciones"


@pytest.mark.parametrize("title", [{}, {"title": {"en": "code", "es": "code"}}])
def test_a_name_of_the_method_is_no_other_word_of_the_tool(tmp_path, title):
    """In the catalogues "code" is who confirmed an erratum, and "mean" is a setting."""
    given = indicators({"name": "code"} | title, {"name": "mean"})
    language = reader_language("es", read(tmp_path, given)[0])
    assert value_label("indicator", "code", language) == "code"
    assert value_label("name", "code", language) == "code"
    table = pd.DataFrame(
        {"parameter": "indicator_weights", "item": ["code", "mean"], "value": ["0.5", "mean"]}
    )
    assert displayed(table, language)["item"].tolist() == ["code", "mean"]
    assert displayed(table, language)["value"].tolist() == ["0,5", "media (mean)"]
