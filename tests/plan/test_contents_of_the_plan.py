"""Commitments, milestones, participation and what the notebook shows; what is inferred says so."""

from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis import plan
from ogp_analysis.language import labels, texts
from tests.plan.changed_tables import change

# Column names that read the same in both languages.
NAMES_OF_THEIR_OWN = {"id"}


def test_commitments_are_laid_out_as_in_the_plan(tables):
    frame = plan.commitments(tables).set_index("number")
    assert frame["milestones"].tolist() == [7, 5, 9, 4, 5, 4, 9, 5, 5, 6]
    assert frame["months"].tolist() == [16, 18, 20, 12, 20, 20, 18, 16, 17, 19]
    assert frame.loc[3, "sdgs"] == "8 9 10 12 16 17"
    assert frame.loc[5, "counterparts"].count(";") == 3


def test_ogp_columns_keep_the_reviewers_judgements_empty(tables):
    frame = plan.commitments_ogp(tables)
    assert frame["Commitment Unique Identifier"].tolist()[::9] == ["EC0001", "EC0010"]
    flags = [column for column in frame if column.startswith("OGP Value")]
    assert frame[flags].sum().to_dict() == {
        "OGP Value Access To Information": 6,
        "OGP Value Civic Participation": 8,
        "OGP Value Public Accountability": 0,
        "OGP Value Technology": 1,
    }
    assert frame[["Specificity", "Potential Impact", "Completion (Progress Report)"]].isna().all(axis=None)


def test_mapping_of_values_is_shown_and_collaboration_has_no_column(tables):
    mapping = plan.value_mapping(tables).set_index("value")
    assert pd.isna(mapping.loc["collaboration", "ogp_column"])
    assert mapping.loc["technology", "ogp_column"] == "OGP Value Technology"
    assert mapping["commitments"].str.split().map(len).sum() == 16


def test_nine_of_ten_commitments_are_touched_by_the_core_group(tables):
    frame = plan.conflict_by_commitment(tables).set_index("commitment")
    assert frame.index[~frame["touched"]].tolist() == [10]
    matrix = plan.conflict_matrix(tables).set_index("institution")
    assert matrix.filter(regex=r"^C\d+$").shape == (12, 10)
    assert matrix.loc["Presidencia de la República del Ecuador", "stakes"] == 2
    assert matrix.loc["Fundación Ciudadanía y Desarrollo", "C3"] == "counterpart"
    assert matrix.loc["Universidad Técnica Particular de Loja", "stakes"] == 0


def test_the_strongest_of_two_roles_is_shown(tables):
    # The Defensoría leads commitment 6; as an extra other actor there it would still be its lead.
    extra = tables["actors"].query("commitment == 6 and kind == 'state'").head(1)
    extra = extra.assign(institution="Defensoría del Pueblo", order=99)
    tables["actors"] = pd.concat([extra, tables["actors"]], ignore_index=True)
    assert plan.conflict_matrix(tables).set_index("institution").loc["Defensoría del Pueblo", "C6"] == "lead"


def test_timetable_shows_undated_milestones_as_such(tables):
    table = plan.milestones(tables)
    assert len(table) == 59
    undated = table[table["dating"] != "dated"]
    assert undated[["commitment", "milestone", "dating"]].to_numpy().tolist() == [
        [3, 1, "dates shared (inferred)"],
        [3, 3, "dates shared (inferred)"],
        [3, 8, "no dates"],
        [9, 1, "no start"],
    ]
    printed = undated[undated["dating"] != "no start"]
    assert printed[["start", "end", "months"]].isna().all(axis=None)
    assert table.set_index(["commitment", "milestone"]).loc[(3, 3), "shares_dates_with"] == 2


def test_a_product_is_named_in_the_words_of_its_milestone(tables):
    table = plan.milestones(tables)
    named = table["deliverable"] == "product named"
    assert named.equals(table["product"].notna())
    assert all(row.product in row.text for row in table[named].itertuples())
    # What would say it was lost with the label: nothing is told of it.
    assert table.loc[table["deliverable"] == "cannot tell", "damaged"].all()
    by_commitment = plan.verifiability(tables)[["product_named", "activity_only", "cannot_tell"]]
    assert by_commitment.sum().sum() == 59


def test_milestones_lie_inside_their_commitments_and_end_with_them(tables):
    frame = plan.verifiability(tables).set_index("commitment")
    assert (frame["last_end"] == frame["end"]).all()
    assert (frame["first_start"] >= frame["start"]).all()
    assert frame["dates_agree"].drop(9).all()
    assert pd.isna(frame.loc[9, "dates_agree"])
    assert frame["milestones"].sum() == 59


def test_participation_marks_what_is_derived_and_lost(tables):
    frame = plan.participation(tables).set_index(["table", "group"])
    rest = frame.loc[("province", "other 13 provinces")]
    assert (rest["count"], rest["count_origin"]) == (40, "derived")
    assert frame.loc[("age", "26 to 45"), "counts_that_fit"] == "201, 202, 203"
    assert pd.isna(frame.loc[("age", "26 to 45"), "count"])
    assert frame.loc[("ethnic", "indigenous"), "counts_that_fit"] == "–"
    assert frame.loc[("ethnic", "other or not stated"), "count_origin"] == "inferred"


def test_breakdowns_with_counts_close_on_their_base(tables):
    for key in ("participation_province", "participation_sdg", "participation_gender"):
        rows = plan.participation_tables(tables)[key]
        assert rows["count"].sum() == rows["base"].iloc[0]
        # 3.88 is printed with two decimals, so a sum may miss 100 by half of its last digit.
        assert rows["percentage"].sum() == pytest.approx(100, abs=0.011)


def test_study_names_every_table_and_its_summary_counts_them(tables):
    found_tables = plan.results.tables(tables)
    counts = plan.results.summary(found_tables)
    assert counts["stated_differs"] == len(counts["differs_ids"]) == 2
    assert (counts["errata"], counts["errata_code"], counts["errata_reading"]) == (31, 27, 4)
    assert (counts["received"], counts["integrated"], counts["category_1_2"]) == (335, 43, 16)
    assert counts["totals_close"] is True
    assert counts["cells"] == counts["cells_equal"] + counts["cells_differs"] + counts["cells_not_computable"]
    by_origin = found_tables["plan_checks_by_origin"]
    assert by_origin["numbers"].sum() == counts["numbers"] == len(found_tables["plan_checks"])


def test_every_table_of_the_study_has_a_title_and_named_columns_in_both_languages(tables):
    for name, frame in plan.results.tables(tables).items():
        for language in texts.LANGUAGES:
            assert texts.has(f"table.{name}.title", language), name
            shown = labels.localised(frame, language).columns
            coded = [column for column in shown if not column[0].isupper()]
            assert all(labels.column_label(column, language) for column in coded)
    plain = {
        c
        for f in plan.results.tables(tables).values()
        for c in labels.localised(f, "es")
        if not c[0].isupper()
    }
    unnamed = {column for column in plain if not texts.has(f"column.{column}", "es")}
    assert unnamed <= NAMES_OF_THEIR_OWN


def test_headline_follows_the_checks(tables):
    values = plan.results.headline_values(plan.results.tables(tables), "en")
    assert values["holds"] + values["fails"] == values["could_fail"]
    assert "L600" in values["which"]
    changed = change(tables, "statements", "id == 'not_aligned'", value=14.0)
    after = plan.results.headline_values(plan.results.tables(changed), "es")
    assert after["fails"] == values["fails"] + 1
    assert "ODS" in after["which"]


def test_what_rests_on_a_damaged_name_is_inferred(tables):
    by_commitment = plan.conflict_by_commitment(tables).set_index("commitment")
    assert by_commitment.index[by_commitment["origin"] == "inferred"].tolist() == [3]
    matrix = plan.conflict_matrix(tables).set_index("institution")
    assert matrix["inferred"].to_dict() == {
        name: "C3" if name == "Fundación Ciudadanía y Desarrollo" else "" for name in matrix.index
    }
    laid = plan.commitments(tables).set_index("number")
    assert laid.index[laid["counterparts_inferred"] != ""].tolist() == [3]


def test_members_who_joined_after_the_ratings_could_have_begun_are_dated(tables):
    joined = plan.conflict_matrix(tables).set_index("institution")["joined"].dropna()
    assert joined.to_dict() == {"Fundación Esquel": "2019-08-26", "Defensoría del Pueblo": "2019-08-26"}


def test_bases_and_final_categories_that_the_plan_does_not_state_say_so(tables):
    origins = plan.participation(tables).groupby("table")["base_origin"].unique().map(list)
    assert origins.pop("gender") == ["derived"]
    assert origins.pop("workshop_sector") == ["inferred"]
    assert all(origin == ["stated"] for origin in origins)
    shown = plan.results.tables(tables)["proposals_published"].set_index("id")
    stated = shown.index[shown["category_final_origin"] == "stated"].tolist()
    assert stated == [f"P{number:02d}" for number in range(1, 11)]
    assert shown.loc["P17":"P43", "category_final_origin"].eq("inferred").all()


def test_identifiers_of_the_partnership_are_not_the_plans(tables):
    sheet = plan.commitments_ogp(tables)
    inferred = sheet.loc[sheet["Identifier Origin"] == "inferred", "Commitment Number"]
    assert inferred.tolist() == [2, 5, 7, 8]


def test_quotes_are_the_plans_words(tables):
    quotes = plan.plan_quotes(tables).set_index("id")
    lines = plan.plan_lines(tables).set_index("line")["text"]
    assert all(row.quote in lines[row.line] for row in quotes.itertuples())
    assert {"note_20", "own_feasibility", "top_15"} <= set(quotes.index)
    assert quotes.loc["note_20", "quote"].startswith("The double blind peer review consists of two")
    assert quotes[["leaves_open_en", "leaves_open_es"]].ne("").all(axis=None)


def test_both_commissions_hold_stakes(tables):
    stakes = plan.commission_stakes(tables)
    held = (stakes["leads"] + stakes["counterpart_of"]).ne("")
    assert held.all()
    rows = stakes.set_index(["commission", "institution"])
    # Lines 846-868 and 1136-1158.
    assert rows.loc[("grouping", "Fundación de Ayuda por Internet"), "counterpart_of"] == "C2"
    assert rows.loc[("grouping", "Instituto de Altos Estudios Nacionales"), "counterpart_of"] == "C9"
    assert rows.loc[("assessment", "Fundación Ciudadanía y Desarrollo"), "inferred"] == "C3"


def test_totals_that_close_by_construction_say_so(tables):
    totals = plan.flow_totals(tables).set_index("arithmetic")
    assert totals["tests"].to_dict()["181 + 154 = 335"]
    assert totals["tests"].to_dict()["297 + 38 = 335"]
    # 322, 16 and 33 are differences, and 10 + 6 is inferred: these close whatever the plan prints.
    assert totals["tests"].sum() == 2
