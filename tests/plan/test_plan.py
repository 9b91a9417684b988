"""The transcribed plan: described, complete, typed, and free of personal data."""

from __future__ import annotations

import json
import re
import shutil
import warnings

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.errors import PlanError
from ogp_analysis.language import texts
from ogp_analysis.packaged import DATA
from ogp_analysis.plan import published

FOLDER = DATA / "plan"
LINES_OF_THE_PLAN = 1232
# Counted by hand in the plan: the domain notes, part a.
SIZES = {
    "commitments": 10,
    "milestones": 59,
    "sdg_links": 40,
    "value_links": 16,
    "category_3": 8,
    "category_4": 19,
    "core_group": 12,
    "signatories": 12,
    "acronyms": 20,
    "organisations_thanked": 65,
    "notes": 26,
    "sources": 21,
    "phases": 7,
    "criteria": 2,
    "indicators": 7,
    "classification_criteria": 4,
    "categories": 4,
    "workshop_cities": 8,
    "figures": 31,
    "errata": 31,
    "proposals_published": 43,
}


def frictionless_errors(package, only=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # frictionless and its parts warn of their own futures
        import frictionless

        described = frictionless.Package(str(package))
        report = (described.get_resource(only) if only else described).validate()
    return [
        (task.name, error.row_number, error.type)
        for task in report.tasks
        for error in task.errors
        if hasattr(error, "row_number")
    ] + [("package", 0, error.type) for error in report.errors]


@pytest.fixture
def copied(tmp_path):
    shutil.copytree(str(FOLDER), tmp_path / "plan")
    return tmp_path / "plan"


def replace_cell(folder, name, row, column, value):
    table = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
    table.loc[row, column] = value
    table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def test_data_package_is_valid(copied):
    assert frictionless_errors(copied / "datapackage.json") == []


@pytest.mark.parametrize(
    ("name", "row", "column", "value"),
    [
        ("milestones", 4, "start", "March 2020"),
        ("milestones", 4, "commitment", "11"),
        ("sdg_links", 0, "sdg", "18"),
        ("statements", 0, "line", ""),
        ("statements", 1, "id", "edition"),
        ("errata", 3, "found_by", "guess"),
        ("signatories", 2, "institution", "Nobody"),
    ],
)
def test_data_package_fails_on_a_corrupted_cell(copied, name, row, column, value):
    replace_cell(copied, name, row, column, value)
    # The header is line 1 of the file, so the first row is line 2.
    assert (name, row + 2) in [error[:2] for error in frictionless_errors(copied / "datapackage.json", name)]


def test_every_file_is_described_and_every_description_has_its_file():
    files = {path.name for path in FOLDER.iterdir() if path.name.endswith(".csv")}
    assert files == {f"{name}.csv" for name in published.names()}


def test_data_package_is_version_2_and_describes_every_field():
    package = published.package()
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    fields = [field for resource in package["resources"] for field in resource["schema"]["fields"]]
    assert all(field["description"] for field in fields)
    assert all("Plan text, L" in resource["description"] for resource in package["resources"])


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_tables_have_the_sizes_counted_in_the_plan(name, size):
    assert len(published.read(name)) == size


@pytest.mark.parametrize("name", published.names())
def test_every_row_names_its_line_and_its_origin(name):
    table = published.read(name)
    assert table["line"].between(1, LINES_OF_THE_PLAN).all()
    assert table["status"].isin(published.STATUSES).all()


def test_all_51_quantities_have_a_statement():
    quantities = set(published.read("statements")["quantity"])
    assert {f"Q{number:02d}" for number in range(1, 52)} <= quantities


def test_no_email_or_telephone_number_of_a_person_is_transcribed():
    cells = pd.Series(
        np.concatenate([published.read(name).astype(str).to_numpy().ravel() for name in published.names()])
    )
    assert not cells.str.contains(r"\w@\w", regex=True).any()
    assert not cells.str.contains(r"\b02 \d{3} \d{4}\b", regex=True).any()


def test_contacts_are_posts():
    posts = published.read("commitments")["contact_post"]
    assert posts.str.match(r"(Undersecretary|Coordinator|Director|Vice Minister)\b").all()


def test_missing_dates_are_missing():
    table = published.read("milestones")
    undated = table[table["start"].isna() & table["end"].isna()]
    assert undated[["commitment", "milestone"]].to_numpy().tolist() == [[3, 1], [3, 3], [3, 8]]
    only_end = table[table["start"].isna() & table["end"].notna()]
    assert only_end[["commitment", "milestone", "end"]].to_numpy().tolist() == [[9, 1, "2020-03"]]


def test_repaired_rows_name_the_line_that_proves_the_repair_or_are_inferred():
    actors = published.read("actors").dropna(subset=["repair"])
    proven = actors["repair"].str.contains(r"L\d")
    assert (proven | (actors["status"] == published.INFERRED)).all()
    assert actors["status"].eq(published.INFERRED).any()


def test_six_titles_of_the_43_proposals_are_lost_and_inferred():
    proposals = published.read("proposals_published")
    lost = proposals[proposals["title"].isna()]
    assert len(lost) == 6
    assert lost["status"].eq(published.INFERRED).all()
    assert proposals["category_1_oct_2019"].value_counts().to_dict() == {1: 10, 2: 6, 3: 8, 4: 19}
    assert not proposals["id"].str.match(r"S\d").any()


def test_printed_participation_is_that_of_the_statements():
    printed = published.read("participation")
    statements = published.read("statements").query("status == 'stated'")
    values = set(statements["value"].dropna())
    assert set(printed["count"].dropna().astype(float)) <= values
    assert set(printed["percentage"].dropna()) <= values


def test_statements_and_errata_read_in_both_languages():
    statements = published.read("statements")
    assert [texts.say(f"plan.statement.{key}") for key in statements["id"]] == statements[
        "statement"
    ].tolist()
    errata = published.read("errata")
    assert [texts.say(f"plan.errata.{key}") for key in errata["id"]] == errata["finding"].tolist()
    spanish = [texts.say(f"plan.errata.{key}", "es") for key in errata["id"]]
    assert not set(spanish) & set(errata["finding"])


def test_catalogues_of_the_plan_have_the_same_keys_and_placeholders():
    english, spanish = (texts.catalogue(language) for language in texts.LANGUAGES)
    own = [key for key in english if key.startswith("plan.")]
    assert own == [key for key in spanish if key.startswith("plan.")]
    fields = re.compile(r"{\w+}")
    assert all(sorted(fields.findall(english[key])) == sorted(fields.findall(spanish[key])) for key in own)


def test_tables_are_typed():
    milestones = published.read("milestones")
    assert milestones["commitment"].dtype == "int64"
    assert milestones["printed_again"].dtype == "Int64"
    assert milestones["damaged"].dtype == "bool"
    assert published.read("statements")["value"].dtype == "float64"


def test_a_reader_cannot_spoil_the_tables():
    table = published.read("errata")
    table.loc[0, "finding"] = "spoiled"
    assert published.read("errata").loc[0, "finding"] != "spoiled"


def test_unknown_table_is_refused():
    with pytest.raises(PlanError, match="no table 'mile'; it has statements, commitments") as refused:
        published.read("mile")
    assert (refused.value.values["key"], refused.value.values["table"]) == ("plan.no_table", "mile")
    with pytest.raises(PlanError, match="no table 'mile'"):
        published.describe("mile")


RESOURCE = {
    "name": "small",
    "schema": {
        "fields": [
            {"name": "n", "type": "integer", "constraints": {"required": True}},
            {"name": "yes", "type": "boolean"},
        ]
    },
}


def test_other_columns_than_described_are_refused():
    with pytest.raises(PlanError, match=r"table 'small' has columns \['n'\]; described are \['n', 'yes'\]"):
        published.typed(pd.DataFrame({"n": ["1"]}), RESOURCE)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"n": ["1", "x"], "yes": ["true", "true"]}, "column 'n': 'x' in row 3; allowed is integer"),
        ({"n": ["1", "1.5"], "yes": ["true", "true"]}, "column 'n': '1.5' in row 3; allowed is integer"),
        ({"n": ["1", None], "yes": ["true", "true"]}, "column 'n': nan in row 3; allowed is integer"),
        ({"n": ["1", "2"], "yes": ["true", "maybe"]}, "column 'yes': 'maybe' in row 3; allowed is boolean"),
    ],
)
def test_cells_of_another_type_are_refused(table, message):
    with pytest.raises(PlanError, match=re.escape(message)):
        published.typed(pd.DataFrame(table, dtype="str"), RESOURCE)


def test_package_is_json_with_utf_8_text():
    raw = (FOLDER / "datapackage.json").read_text(encoding="utf-8")
    assert json.loads(raw) == published.package()
    assert b"\r" not in b"".join(path.read_bytes() for path in FOLDER.iterdir() if path.name.endswith(".csv"))
