"""The twenty points: graded no better than what they name allows, with the reason and where to look."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from project_files import ROOT
from sample_run import make

from ogp_analysis import report
from ogp_analysis.language import texts
from ogp_analysis.plan import results
from ogp_analysis.report import page, page_content, paper, pdf, sections, where

GRADES = ["met", "met on synthetic only", "partly", "not possible"]


@pytest.fixture(scope="module")
def points():
    return report.review_points(synthetic=True).set_index("point")


@pytest.fixture(scope="module")
def plan_tables():
    return results.compute().tables


def named(points, column):
    return [(point, name) for point, names in points[column].items() for name in names.split()]


def test_every_point_has_a_grade_and_a_reason_in_both_languages(points):
    assert points.index.tolist() == list(range(1, 21))
    assert set(points["answer"]) == set(GRADES)
    for language in texts.LANGUAGES:
        assert points[f"why_{language}"].is_unique
        assert all(texts.has(f"answer.{grade}", language) for grade in GRADES)
    assert (points["why_es"] != points["why_en"]).all()


def test_what_a_point_names_exists_and_stands_in_a_section_that_it_names(points):
    known = {section.id: section for section in sections.SECTIONS}
    for column, holds in (("tables", sections.Section.holds), ("figures", sections.Section.takes_figure)):
        for point, name in named(points, column):
            shown_in = points.loc[point, "sections"].split()
            assert any(holds(known[key], name) for key in shown_in), (point, name)
            kind = column.removesuffix("s")
            assert all(texts.has(f"{kind}.{name}.title", language) for language in texts.LANGUAGES), name


def test_what_rests_on_ratings_is_met_on_synthetic_only_until_they_are_real(points):
    own = report.review_points(synthetic=False).set_index("point")
    changed = points["answer"] != own["answer"]
    assert points.index[changed].tolist() == [5, 6, 7, 8, 9]
    assert set(points.loc[changed, "answer"]) == {"met on synthetic only"}
    assert set(own.loc[changed, "answer"]) == {"met"}
    # And nothing that names a table of the ratings is called met on synthetic ones.
    part = {section.id: section.part for section in sections.SECTIONS}
    for point in points.index[points["answer"] == "met"]:
        assert {part[key] for key in points.loc[point, "sections"].split()} <= {"plan", "record"}


def test_five_points_are_met_without_a_rating(points):
    assert points.index[points["answer"] == "met"].tolist() == [1, 13, 14, 15, 18]


def names_an_evaluator(frame):
    if "name" in frame and "kind" in frame:  # what is left out: indicators and panels have a name
        frame = frame[frame["kind"] == "evaluator"].drop(columns="kind").dropna(axis="columns", how="all")
    return bool({"evaluator", "name", "email"} & set(frame))


# What a grade claims of the tables that its point names, looked up in the tables.
CLAIMS = {
    1: lambda tables: (
        {"stated", "derived", "inferred"} == set(tables["flow"]["origin"])
        and not tables["plan_flow_totals"]["tests"].all()
    ),
    # The integrated proposals only: no row of one that was received.
    2: lambda tables: len(tables["proposals_published"]) == 43,
    10: lambda tables: (
        "inferred" in set(tables["conflict_by_commitment"]["origin"])
        and tables["commission_stakes"]["commission"].nunique() == 2
    ),
    11: lambda tables: (
        "private sector" not in set(tables["participation_workshop_sector"]["group"])
        and tables["plan_inventory"].set_index("id").loc["F15", "state"] == "lost"
    ),
    12: lambda tables: (tables["plan_inventory"]["state"] == "lost").any() and len(tables["errata"]) > 0,
    13: lambda tables: (
        (tables["commitments_ogp"]["Identifier Origin"] == "inferred").sum() == 4
        and tables["plan_value_mapping"]["ogp_column"].isna().any()
    ),
    14: lambda tables: {"deliverable", "product", "out_of_order", "dating"} <= set(tables["milestones"]),
}


# What is claimed of a run's own tables: those of the committed baseline.
CLAIMS_OF_RUN = {
    # One row a pair and indicator with its ratings; the register has a row a proposal and no rating.
    3: lambda tables: (
        {"first", "second", "third", "score"} <= set(tables["settled"])
        and not {"first", "second"} & set(tables["ledger"])
        and {"category_by_rule", "category_final"} <= set(tables["categories"])
    ),
    10: lambda tables: {"organisation_unknown", "all_ratings"} <= set(tables["ratings_stakes"]),
    16: lambda tables: {"seed", "tolerance"} <= set(tables["parameters"]["parameter"]),
    5: lambda tables: (
        {"lower", "upper"} <= set(tables["note_20"])
        and {"ac_lower", "alpha_upper"} <= set(tables["agreement"])
        and tables["by_category"]["specific"].notna().any()
    ),
    6: lambda tables: (
        len(tables["third_list"]) == tables["third_evaluations"]["third"].sum()
        and {"tolerance", "third_rule"} <= set(tables["sensitivity_rules"]["rule"])
    ),
    7: lambda tables: (
        {"verdict", "points_relevance", "share_1"} <= set(tables["sensitivity_verdicts"])
        and len(tables["sensitivity_fragile"]) > 0
    ),
    8: lambda tables: tables["decisions"][["decision_reason", "decided_by", "date"]].notna().all(axis=None),
    9: lambda tables: (
        2 in set(tables["fates"]["category_by_rule"]) | set(tables["fates"]["category_selection"])
    ),
    15: lambda tables: len(tables["influence_evidence"]) == 7 and "grade" not in tables["influence_evidence"],
    18: lambda tables: not any(map(names_an_evaluator, tables.values())),
}


@pytest.fixture(scope="module")
def pack():
    return report.read(ROOT / "outputs" / "baseline")


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_where_a_point_is_answered_on_the_page_there_it_stands(pack, points, language):
    html = page.render(pack, language=language, other_page="")
    rows = page_content.points(pack, language)
    for row, (point, wanted) in zip(rows, points.iterrows(), strict=True):
        found = row["places"]
        assert found, point
        for place in found:
            if place.href.startswith("#"):
                assert f'id="{place.href[1:]}"' in html, place
            else:
                assert (ROOT / "outputs" / "baseline" / place.href).is_file(), place
            section = html.partition(f'id="{place.section}"')[2].partition("</section>")[0]
            drawn = page_content.drawn(pack, language)
            for name in place.named if place.section else ():
                assert f'id="table-{name}"' in section or name in drawn, (point, name)
        # All that a point names has a place: in a section, the search or a file.
        named = {name for place in found for name in place.named}
        files = {place.href.removeprefix("tables/").removesuffix(".csv") for place in found}
        rest = {*wanted["tables"].split(), *wanted["figures"].split()} - named - files
        assert rest <= set(where.SEARCHED), (point, rest)


def test_where_a_point_is_answered_in_the_pdf_there_it_is_printed(pack, points):
    content = pdf.content(pack, "en")
    shown = [*content["parts"], {"sections": content["opening"]}]
    sections_of = {section.id: section for part in paper.parts(pack, "en") for section in part.sections}
    assert {section["id"] for part in shown for section in part["sections"]} == set(sections_of)
    for row in page_content.points(pack, "en"):
        found = paper.places_of_point(row["places"], pack, "en")
        for place, (_, key, remark) in zip(row["places"], found, strict=True):
            if not key:
                assert remark, row["point"]
                continue
            printed = {view.id for kind in ("tables", "figures") for view in getattr(sections_of[key], kind)}
            assert not place.named or printed & set(place.named), (row["point"], key)
            assert bool(remark) == bool(set(place.named) - printed), (row["point"], key)


# Of the text of each: what the PDF does not print is not announced there.
NOT_PRINTED = {
    "ratings": ("who rated what, by panel", "whether each pair is blind"),
    "agreement": ("Then coefficients",),
    "third": ("what the third evaluation did; then",),
    "conflicts": ("the table has the date",),
    "errata": ("and its evidence",),
}


def test_the_pdf_announces_nothing_that_it_does_not_print(pack):
    for part in paper.parts(pack, "en"):
        for section in part.sections:
            said = " ".join([*section.paragraphs, *(table.note for table in section.tables)])
            assert not any(words in said for words in (*NOT_PRINTED.get(section.id, ()), "Wilson")), (
                section.id
            )


def test_the_committed_page_links_to_nothing_that_is_not_committed(pack):
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8")
    kept = re.findall(r"^!outputs/baseline/(.+)$", ignored, re.MULTILINE)
    html = page.render(pack, language="en", other_page="report.es.html")
    links = {link for link in re.findall(r'href="([^"#]+)"', html) if "://" not in link}
    folders = tuple(name for name in kept if name.endswith("/"))
    assert [link for link in sorted(links) if link not in kept and not link.startswith(folders)] == []
    assert all((ROOT / "outputs" / "baseline" / link).is_file() for link in links)


@pytest.mark.skipif(not (ROOT / "outputs" / "baseline").is_dir(), reason="make report writes the baseline")
def test_grades_of_what_rests_on_a_run_fit_its_tables(points, pack):
    tables = pack.tables
    assert [point for point, holds in CLAIMS_OF_RUN.items() if not holds(tables)] == []
    # Every point that is called met is looked up, here or above.
    assert set(points.index[points["answer"].str.startswith("met")]) <= {*CLAIMS, *CLAIMS_OF_RUN}
    assert [name for _, name in named(points, "tables") if name not in tables] == []


@pytest.mark.parametrize("point", CLAIMS)
def test_a_grade_fits_the_content_of_what_it_names(points, plan_tables, point):
    assert CLAIMS[point](plan_tables), points.loc[point, "why_en"]


def test_the_evidence_by_phase_states_only_what_the_plan_says():
    for language, guesses in (
        ("en", ("the government (", "was invited")),
        ("es", ("el gobierno (", "recibió una invitación")),
    ):
        phase_7 = [texts.say(f"influence.7.{part}", language) for part in ("who", "public")]
        assert not any(guess in said for guess in guesses for said in phase_7)
        # Where and when we looked, beside "not found".
        assert "2026" in texts.say("influence.6.public", language)
        assert "2026" in texts.say("gap.received.why", language)


def test_a_table_that_a_run_lacks_makes_the_point_partly_met(tmp_path):
    pack = report.read(make(tmp_path))
    lacking = page_content.points(pack, "en")[12]["answer"]
    assert lacking.startswith("partly: ")
    full = dict(pack.tables) | {name: pd.DataFrame() for name in ("commitments_ogp", "plan_value_mapping")}
    assert page_content.points(replace(pack, tables=full), "en")[12]["answer"].startswith("met: ")


@pytest.mark.parametrize(("synthetic", "origin"), [(True, "synthetic"), (False, "own")])
def test_the_search_never_mixes_what_the_plan_published_with_the_rows_of_a_run(tmp_path, synthetic, origin):
    pack = report.read(make(tmp_path, synthetic=synthetic))
    # A run's own table may have a column of the plan's name.
    ledger = pack.tables["ledger"].assign(commitment=1)
    lists = page.searched(replace(pack, tables=dict(pack.tables) | {"ledger": ledger}), "en")
    assert [each["origin"] for each in lists] == ["plan", origin]
    plans, runs = lists
    assert all("ods" not in row["search"].split() for row in runs["rows"])
    titles = {page.plain(title) for title in pack.tables["proposals_published"]["title"]}
    assert not any(title in row["search"] for title in titles for row in runs["rows"])
    assert len(plans["rows"]) == len(pack.tables["proposals_published"])


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_hits_are_counted_apart_and_never_added(language):
    for key in ("report.script.found", "report.script.found_synthetic"):
        said = texts.catalogue(language)[key]
        assert "{count}" not in said
        assert said.index("{plan}") < said.index(".") < said.index("{method}")


def test_the_column_that_says_synthetic_is_in_files_and_not_on_the_page(tmp_path):
    pack = report.read(make(tmp_path))
    marked = replace(pack, tables={"ledger": pack.tables["ledger"].assign(synthetic="yes")})
    assert "synthetic" in marked.tables["ledger"]
    assert "synthetic" not in marked.shown("ledger")
    assert "synthetic" not in page_content.table(marked, "ledger", "en").header


@pytest.mark.parametrize(("unknown", "given"), [([80, 81], False), ([0, 81], True)])
def test_point_10_says_whether_this_run_was_given_organisations(tmp_path, unknown, given):
    pack = report.read(make(tmp_path))
    sizes = {"panel": ["working_group", "core_group"], "all_ratings": [80, 81]}
    stakes = pd.DataFrame(sizes | {"organisation_unknown": unknown})
    answer = page_content.points(replace(pack, tables=dict(pack.tables) | {"ratings_stakes": stakes}), "en")[
        9
    ]
    assert answer["point"] == 10
    assert ("those given with this run" in answer["answer"]) is given
    assert ("and none were given" in answer["answer"]) is not given
    row = report.review_points(organisations=given).set_index("point").loc[10, "why_es"]
    assert ("las entregadas con esta corrida" in row) is given
