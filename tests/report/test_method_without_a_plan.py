"""A method of one's own: its words on every page, and nothing of another country's plan in any output."""

from __future__ import annotations

import functools
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
from depth import deep_after

from ogp_analysis import output, ratings, report
from ogp_analysis.assessment import results as categories
from ogp_analysis.figures import categories as drawn
from ogp_analysis.language import labels, texts
from ogp_analysis.model import params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.model.results import Results
from ogp_analysis.plan import results as plans
from ogp_analysis.ratings import results as given
from ogp_analysis.report import pdf, run_files
from ogp_analysis.report import results as review
from ogp_analysis.report.run_files import OF_PANELS
from ogp_analysis.runs import ro_crate
from ogp_analysis.runs.notebook_file import for_own_method, source_of, tags_of

METHODS = ("jury-of-labels", "fund-with-weights")
# What only Ecuador's plan has: its name, bodies, phases, criteria and words, in both languages.
OF_THE_PLAN = re.compile(
    r"ecuador|ecuatorian|\bplan\b|core group|grupo núcleo|working group|grupo de trabajo|\bphase \d|\bfase \d"
    r"|commitment|compromiso|open government|gobierno abierto|partnership|\balianza\b|\birm\b|\bmri\b"
    r"|note 20|nota 20|feasib|factib|relevan|pertinen|\bcounterparts?\b|contraparte|lead institution"
    r"|los diez|\bthe ten\b|category 4|categoría 4"
    r"|lead agenc|institución responsable|lead alone|solo la responsable|nobody else leads"
    r"|\btop 15\b|nadie más es responsable|states no formula|four criteria|cuatro criterios"
    r"|reiteration|reiteraci|institutional|\binstitucional",
    re.IGNORECASE,
)

# What is no text of a reader: drawings, style, the program of the page, names of the software's verbs.
OUTSIDE = r"data:image[^\"]*|<style>.*?</style>|<script>.*?</script>|<path[^>]*>|\bogp[- ]\w+"


def parameters_of(method: str) -> params.Parameters:
    values = defaults_of(read_method(method, Path())[0])
    return params.from_values(values | {"method": method, "data": "example", "n_draws": 100})


@functools.cache
def results_of_the_plan() -> Results:
    """Compute what stands in the plan once: it depends on no method."""
    return plans.compute()


@functools.cache
def pack_of(folder: Path) -> run_files.Pack:
    """Read the folder of a run once for all tests, which only look at it."""
    return report.read(folder)


def made(folder: Path, method: str) -> Path:
    parameters = parameters_of(method)
    inputs = ratings.load(parameters)
    for name, room in (("01_ratings", given), ("03_categories", categories), ("06_irm_review", review)):
        found = room.compute(inputs, parameters)
        figures = drawn.all_of(found) if room is categories else {}
        output.publish(folder, name, found, figures=figures, language=parameters.language)
    # A run of an older version saved the plan's tables whatever the method.
    output.publish(folder, "05_plan_tables", results_of_the_plan(), language="en")
    report.build(folder)
    return folder


@pytest.fixture(scope="module", params=deep_after(1, METHODS))
def run(request, tmp_path_factory):
    return request.param, made(tmp_path_factory.mktemp(request.param), request.param)


def words_of(path: Path) -> str:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            kept = [name for name in book.namelist() if "haredStrings" in name or "docProps" in name]
            return " ".join(book.read(name).decode() for name in kept)
    # Of a drawing only what is written in it; names of files and of verbs are the software's own.
    text = re.sub(OUTSIDE, "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return text.replace('"plan":""', "").replace("note_20", "")


# What no jury has, whose mean counts: the one sentence says that no third evaluation is foreseen.
OF_PAIRS = re.compile(
    r"blind pairs?|par(es)? ciegos?|each pair|third lacking|falta la tercera|tercera evaluación necesaria"
    r"|(?<!no )third evaluations?|terceras evaluaciones|within_panels",
    re.IGNORECASE,
)


def foreign(text: str) -> list[str]:
    return [text[max(0, hit.start() - 40) : hit.end() + 40] for hit in OF_THE_PLAN.finditer(text)]


def test_no_output_has_a_word_of_the_plan(run):
    _, folder = run
    kinds = ("*.html", "*.xlsx", "latex/*", "excel/*", "tables/*", "figures/*.svg")
    of_a_plan = results_of_the_plan().tables  # those of the older version, see `made`
    files = [path for kind in kinds for path in sorted(folder.glob(kind)) if path.stem not in of_a_plan]
    assert len(files) > 20
    found = {path.name: hits for path in files if (hits := foreign(words_of(path)))}
    assert found == {}


def test_a_register_speaks_of_a_route_only_where_the_table_asks_for_one(run):
    method, folder = run
    assert "route" not in pd.read_csv(folder / "tables" / "ledger.csv")
    parameters = parameters_of(method)
    cells = replace(parameters.method, category_table=((3, (2, 0)),))
    assert (parameters.method.routed, cells.routed) == (False, True)


def test_the_pdf_has_no_word_of_the_plan_and_says_what_was_decided(run):
    method, folder = run
    for language in texts.LANGUAGES:
        content = pdf.content(pack_of(folder), language)
        said = re.sub(r"'svg': '.*?</svg>\\n'", "", str(content), flags=re.DOTALL)
        assert foreign(re.sub(r"\bogp[- ]\w+|note_20", "", said)) == []
        case = read_method(method, Path())[0].case.titles[language]
        assert content["title"].startswith(case)
    with pikepdf.open(folder / "report.pdf") as opened:
        assert not OF_THE_PLAN.search(str(opened.docinfo.get("/Title")))


def test_categories_and_levels_have_the_words_of_the_method(run):
    method, folder = run
    for language, name in (("en", "report.html"), ("es", "report.es.html")):
        page = (folder / name).read_text(encoding="utf-8")
        for category in read_method(method, Path())[0].categories:
            assert category.titles[language] in page


def test_the_tables_of_a_plan_are_left_out_even_where_they_were_saved(run):
    _, folder = run
    pack = pack_of(folder)
    assert (folder / "tables" / "flow.csv").exists()
    assert {"flow", "errata", "plan_checks", "review_points"} & set(pack.tables) == set()
    assert not (folder / "excel" / "flow.csv").exists()


def test_third_evaluations_are_spoken_of_only_where_some_are_foreseen(run):
    """The jury's mean counts; of the fund's two readers a third may decide."""
    method, folder = run
    pack = pack_of(folder)
    foreseen = method == "fund-with-weights"
    assert pack.thirds_foreseen == foreseen
    assert ("third_list" in pack.tables) == foreseen
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert ('id="third"' in page) == foreseen


def test_an_explorer_speaks_of_rules_only_where_it_has_some(run):
    """A jury's mean counts, and one panel has no other to be joined with: no rule changes anything."""
    method, folder = run
    page = (folder / "report.html").read_text(encoding="utf-8")
    offered = 'id="explorer-rules"' in page
    assert offered is (method == "fund-with-weights")
    heading = re.search(r'<h\d id="explorer-title">([^<]*)', page)[1]
    caption = re.search(r'aria-label="(Category by rule at[^"]*)"', page)[1]
    assert ["rules" in heading, "rules" in caption] == [offered] * 2


@pytest.mark.parametrize("name", ["report.html", "report.es.html"])
def test_the_register_is_not_called_the_second_of_one_list(run, name):
    page = (run[1] / name).read_text(encoding="utf-8")
    assert page.count("data-searched=") == 1
    assert not re.search("second list|segunda lista", page)


def test_a_jury_is_told_of_no_pairs(run):
    method, folder = run
    files = [path for kind in ("*.html", "*.xlsx", "figures/*.svg") for path in sorted(folder.glob(kind))]
    # The explorer's texts lie in the page and are shown where a rule calls for a third evaluation.
    read = {path: re.sub(r"<script.*?</script>", "", words_of(path), flags=re.DOTALL) for path in files}
    told = {path.name: hit[0] for path, text in read.items() if (hit := OF_PAIRS.search(text))}
    assert bool(told) == (method != "jury-of-labels"), told


def test_one_stage_and_one_panel_are_not_shown_as_two(run):
    """Both methods decide once, and every criterion has one panel: nothing stands before or beside it."""
    method, folder = run
    assert not set(OF_PANELS) & set(pack_of(folder).tables)
    page = (folder / "report.es.html").read_text(encoding="utf-8")
    assert "tras: " not in page
    assert "anteriores a la última etapa" not in page
    rated = pd.DataFrame({"third_rate": [0.2], "after_selection": [1], "final": [1]})
    reader = reader_language("es", read_method(method, Path())[0])
    known = ["final"] if method == "jury-of-labels" else ["third_rate", "final"]
    assert list(labels.localised(rated, reader)) == known
    with (folder / "report.html").open(encoding="utf-8") as opened:
        assert "Not made by this run: Top composites" not in opened.read()


@pytest.mark.parametrize("method", METHODS)
def test_notebooks_of_a_jury_have_no_cell_on_pairs(method):
    tags = tags_of(read_method(method, Path())[0])
    cells = [
        source_of(cell)
        for path in sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
        for cell in json.loads(for_own_method(path.read_bytes(), tags) or b'{"cells": []}')["cells"]
        if cell["cell_type"] == "markdown" or "third" in source_of(cell)
    ]
    hits = [hit[0] for text in cells for hit in re.finditer(OF_PAIRS.pattern + "|lead and", text)]
    assert bool(hits) == (method == "fund-with-weights"), hits


def test_as_many_categories_and_criteria_as_the_method_has(run):
    method, folder = run
    record = read_method(method, Path())[0]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert re.findall(r'id="explorer-count-(\d)"', page) == [str(n) for n in record.category_numbers]
    # One group of sliders a criterion, and one of the composite where that is what is cut.
    assert page.count("<fieldset>") == len(record.criteria) + record.by_composite


def test_the_record_of_a_run_names_the_case(tmp_path):
    facts = ro_crate.Facts("mine", {}, {}, {"code": "e3"}, "", "", planned=False, case="Seed fund")
    named = ro_crate.graph(facts, {})[1]
    assert named["name"] == "Run mine: Seed fund"
    assert not OF_THE_PLAN.search(named["description"])


def test_no_origin_of_a_parameter_is_a_line_of_the_plan():
    for method in METHODS:
        parameters = parameters_of(method)
        assert set(params.origins(parameters).values()) == {"ours", "the file of the method"}
        table = report.results.parameters_and_gaps.parameter_table(parameters)
        assert not any(OF_THE_PLAN.search(str(cell)) for row in table.values.tolist() for cell in row)


def test_the_ecuadorian_run_keeps_its_plan():
    # The words above are found where they belong: the test can fail.
    assert foreign(texts.say("report.title", "en"))
    assert foreign(texts.say("report.title", "es"))


# Keys that tables and files of another method show, whatever room makes them.
SHOWN = (
    "column.lead",
    "column.counterparts",
    "rule.feasibility_rule",
    "choice.lead",
    "parameter.feasibility_rule",
    "table.sensitivity_settling.note",
    "params.head",
    "people.no_classification",
    "table.sensitivity_ranks.title",
)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_words_of_other_rooms_are_not_those_of_the_plan(language):
    own = reader_language(language, read_method("jury-of-labels", Path())[0])
    assert {key: hits for key in SHOWN if (hits := foreign(texts.say(key, own, method="x")))} == {}


def test_the_notebook_that_every_method_runs_speaks_of_no_plan_s_formula():
    text = (Path(__file__).parents[2] / "notebooks" / "04_sensitivity.ipynb").read_text(encoding="utf-8")
    assert "plan states no formula" not in text
