"""What follows from a cell that cannot be read is not reported as a fault of its own."""

from __future__ import annotations

import datetime
from dataclasses import replace

import openpyxl
import pytest
import sample_ratings as sample

from ogp_analysis import ratings
from ogp_analysis.errors import Problem
from ogp_analysis.tabular import Table, parse
from ogp_analysis.tabular.table import corner, letter

PROPOSALS = ("P01", "P02", "P03")


def book(path, rows, **cells):
    """Write rows as a sheet, then cells by their address; ``merge`` is an area."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "calificaciones"
    sheet.append(list(sample.COLUMNS))
    for row in rows:
        sheet.append([int(value) if name == "rating" else value for name, value in row.items()])
    merge = cells.pop("merge", None)
    for address, value in cells.items():
        sheet[address] = value
    if merge:
        sheet.merge_cells(merge)
    made.save(path)
    return path


def rules(path, **changes):
    return [problem.rule for problem in sample.problems(path, **changes)]


def sheet_row(rows, **wanted):
    return sample.row_of(rows, **wanted) + 2


@pytest.mark.parametrize(("value", "rule"), [("=2+2", "tabular.formula"), ("#N/A", "tabular.cell_error")])
@pytest.mark.parametrize("column", ["proposal", "indicator", "panel", "evaluator", "rating"])
def test_a_cell_without_a_value_is_one_problem(tmp_path, column, value, rule):
    rows = sample.complete(PROPOSALS)
    address = f"{letter(sample.COLUMNS.index(column))}{sheet_row(rows, panel='core_group', proposal='P02')}"
    assert rules(book(tmp_path / "n.xlsx", rows, **{address: value})) == [rule]


def test_a_cell_left_empty_is_still_missing(tmp_path):
    rows = sample.complete(PROPOSALS)
    place = {"panel": "core_group", "proposal": "P02"}
    address = f"F{sheet_row(rows, **place)}"
    assert rules(book(tmp_path / "n.xlsx", rows, **{address: None})) == ["ratings.too_few"]
    # A formula elsewhere in the column does not excuse it.
    spoilt = {address: None, f"F{sheet_row(rows, panel='core_group', proposal='P03')}": "=1"}
    assert rules(book(tmp_path / "m.xlsx", rows, **spoilt)) == ["tabular.formula", "ratings.too_few"]


def test_merged_proposals_say_nothing_of_the_design(tmp_path):
    rows = sorted(
        sample.complete(PROPOSALS), key=lambda row: (row["panel"], row["indicator"], row["proposal"])
    )
    at = [k for k, row in enumerate(rows, start=2) if row["panel"] == "core_group"]
    pairs = [(row, row + 1) for row in at[::2]]
    path = book(tmp_path / "n.xlsx", rows)
    made = openpyxl.load_workbook(path)
    for first, second in pairs:
        made.active.merge_cells(f"A{first}:A{second}")
    made.save(path)
    found = sample.problems(path)
    assert {problem.rule for problem in found} == {"tabular.merged"}
    assert len(found) == len(pairs) == 9


def test_a_design_of_one_rating_is_told_where_all_was_read_and_not_beside_unread_rows(tmp_path):
    rows = [row for row in sample.complete(PROPOSALS) if row["evaluator"] != "G2"]
    assert rules(sample.write(tmp_path / "n.csv", rows)) == ["ratings.single_panel"]
    rows[sample.row_of(rows, panel="core_group", proposal="P02")]["rating"] = "x"
    found = rules(sample.write(tmp_path / "m.csv", rows))
    assert found[0] == "ratings.not_a_number"
    assert set(found[1:]) == {"ratings.too_few"}


def test_a_panel_of_unread_rows_only_is_not_called_absent(tmp_path):
    rows = sample.complete(PROPOSALS)
    for row in rows:
        if row["panel"] == "lead":
            row["rating"] = "x"
    assert set(rules(sample.write(tmp_path / "n.csv", rows))) == {"ratings.not_a_number"}


def test_rows_of_no_proposal_fill_no_more_gaps_than_they_are(tmp_path):
    rows = sample.complete(PROPOSALS)
    at = sample.row_of(rows, panel="lead", indicator="time", proposal="P02")
    rows[at]["proposal"] = ""
    assert rules(sample.write(tmp_path / "n.csv", rows)) == ["ratings.empty_code"]
    del rows[sample.row_of(rows, panel="lead", indicator="time", proposal="P03")]
    found = sample.problems(sample.write(tmp_path / "m.csv", rows))
    assert [(p.rule, p.proposal) for p in found[1:]] == [
        ("ratings.too_few", "P02"),
        ("ratings.too_few", "P03"),
    ]


def test_a_row_that_is_too_short_lacks_nothing_else(tmp_path):
    text = sample.text_of(sample.complete(PROPOSALS)).splitlines()
    text[1] = text[1].rpartition(",")[0]
    (tmp_path / "n.csv").write_text("\n".join(text), encoding="utf-8")
    assert rules(tmp_path / "n.csv") == ["tabular.short_row"]


def test_an_error_in_a_side_table_is_one_problem(tmp_path):
    made = openpyxl.load_workbook(book(tmp_path / "n.xlsx", sample.complete(PROPOSALS)))
    made.create_sheet("decisiones")
    for row in (["propuesta", "etapa", "categoría", "razón"], ["P01", "selection", "#N/A", "urgent"]):
        made["decisiones"].append(row)
    made["decisiones"].append(["P02", "selection", 5, "urgent"])
    made.save(tmp_path / "n.xlsx")
    assert rules(tmp_path / "n.xlsx") == ["tabular.cell_error", "ratings.not_one_of"]


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (False, "'P11' no es una propuesta de las calificaciones, y no hay tabla de propuestas"),
        (True, "'P11' no está en la tabla de propuestas"),
    ],
)
def test_a_decision_on_an_unknown_proposal_names_no_table_that_was_not_given(tmp_path, listed, words):
    sample.write(tmp_path / "ratings.csv", sample.complete())
    decisions = "proposal,stage,category,reason\nP11,selection,1,urgent\n"
    (tmp_path / "decisions.csv").write_text(decisions, encoding="utf-8")
    if listed:
        (tmp_path / "proposals.csv").write_text("proposal,title\nP01,Uno\nP02,Dos\n", encoding="utf-8")
    (problem,) = sample.problems(tmp_path)
    assert words in problem.say("es")
    assert "(most similar: P01)" in problem.say("en")


# The cells that a table says it could not read


def test_cells_that_could_not_be_read_are_told_by_row_and_letter():
    short = parse(b"code,time,cost\nS01,4\nS02,4,5\n", file="n.csv")[0]
    assert short.unread == {(2, "")}
    assert Table("", "n.csv", ["code"], [["S01"]], [2], ["A"]).unread == frozenset()


@pytest.mark.parametrize("position", [0, 25, 26, 701, 702, 16383])
def test_an_address_is_read_as_it_is_written(position):
    assert corner(f"{letter(position)}7") == (7, position)


def test_merged_cells_are_unread_but_for_the_first(tmp_path):
    path = book(tmp_path / "n.xlsx", sample.complete(("P01",)), merge="A2:B4")
    (table,) = ratings.sources.inspect(path)
    assert table.unread == {(2, "B"), (3, "A"), (3, "B"), (4, "A"), (4, "B")}


@pytest.mark.parametrize(("language", "rows"), [("en", "2 rows: 5, 12"), ("es", "2 filas: 5, 12")])
def test_two_refusals_that_differ_in_their_row_are_one_line(language, rows):
    """Another value, another detail or another column stays a line of its own."""
    problem = Problem("ratings.empty_code", file="n.csv", row=5, column="panel", proposal="S01")
    other = replace(problem, row=7, value="x")
    problems = [
        problem,
        other,
        replace(problem, row=12, proposal="S02"),
        replace(problem, row=9, column="role"),
    ]
    lines = ratings.listed(problems, language).splitlines()[1:]
    assert [line.endswith(f"({rows})") for line in lines] == [True, False, False]
    assert lines[1:] == [f"  - {one.say(language)}" for one in (other, problems[3])]
    # Whose proposal it is cannot be said of both.
    assert "S01" not in lines[0]


def test_formulas_of_sums_and_of_columns_that_are_not_read_are_no_fault(tmp_path):
    """A row TOTAL and two more columns of formulas that no program has computed, as scripts write them."""
    rows = sample.complete()
    sums = {f"A{len(rows) + 2}": "TOTAL", f"F{len(rows) + 2}": "=SUM(F2:F9)"}
    more = {"G1": "Total", "G2": "=F2", "H1": "comentario", "H2": '="x"', "H3": "#N/A"}
    assert rules(book(tmp_path / "n.xlsx", rows, **sums, **more)) == []


def test_a_legend_beside_the_table_is_named_by_its_column(tmp_path):
    """Cells beyond the header of a workbook shift no row, and are no matter of separators."""
    path = book(tmp_path / "n.xlsx", sample.complete(), I3="Leyenda", I4="1 = muy bajo", K4="x")
    problems = sample.problems(path)
    assert [(p.rule, p.row, p.column) for p in problems] == [("tabular.empty_header", 1, "I:K")]


@pytest.mark.parametrize("column", ["proposal", "evaluator"])
def test_a_code_that_became_a_date_is_refused(tmp_path, column):
    """Typed 3-4, which a spreadsheet takes for the fourth of March."""
    address = f"{letter(sample.COLUMNS.index(column))}2"
    path = book(tmp_path / "n.xlsx", sample.complete(), **{address: datetime.date(2026, 3, 4)})
    (problem,) = [each for each in sample.problems(path) if each.rule == "ratings.date_code"]
    assert (problem.row, problem.value) == (2, "2026-03-04")


def test_codes_that_differ_in_a_zero_are_to_be_looked_at(tmp_path):
    """The same evaluator as W1 and W01 counts as two, whom leaving one out cannot take away."""
    rows = sample.complete()
    rows[sample.row_of(rows, evaluator="W1")] |= {"evaluator": "W01"}
    examined = ratings.examine(sample.parameters(sample.write(tmp_path / "n.csv", rows)))
    assert [doubt for doubt in examined.inputs.doubts if "W01/W1" in doubt]
