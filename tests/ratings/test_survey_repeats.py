"""Repeat groups and events: read cell by cell as the content they were made from, or refused by their keys.

Layouts after the makers' documentation; the addresses stand in ``tests/exports/README.md``.
"""

from __future__ import annotations

import pytest
import sample_ratings as sample
import survey_exports as exports

from ogp_analysis import ratings

openpyxl = pytest.importorskip("openpyxl")

NAMES = ("proposal", "indicator", "panel", "evaluator", "rating")
MAIN = ["start", "end", "quien/evaluador", "quien/panel", "_id", "_uuid", "_submission_time", "_index"]
KEYS = ["_index", "_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid"]
FORM = "Evaluación de las propuestas ciudadanas"[:31]


def cells(found: ratings.Examined) -> set[tuple]:
    return set(found.inputs.ratings[list(NAMES)].itertuples(index=False, name=None))


def rules(found: ratings.Examined) -> set[str]:
    return {problem.rule for problem in found.problems}


def book(path, sheets: dict[str, list[list]]):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append([None if cell == "" else int(cell) if str(cell).isdigit() else cell for cell in row])
    made.save(path)
    return ratings.examine(sample.parameters(path))


def main_rows() -> list[list]:
    """One submission an evaluator; their numbers are not in the order of the rows."""
    panels = sorted(exports.PANELS.items(), reverse=True)
    return [MAIN] + [
        ["x", "x", evaluator, panel, 900 + int(evaluator[1:]), "x", exports.TIME, number]
        for number, (evaluator, panel) in enumerate(panels, start=1)
    ]


def numbers() -> dict[str, int]:
    return {row[2]: row[7] for row in main_rows()[1:]}


def repeat_rows(group: str = "propuestas", title: str = FORM) -> list[list]:
    head = [f"{group}/propuesta", *(f"{group}/{word}" for word in exports.INDICATORS), *KEYS]
    rows = [
        [
            p,
            *(exports.rating(e, p, w) for w in exports.INDICATORS),
            0,
            title,
            numbers()[e],
            900 + int(e[1:]),
            "x",
        ]
        for e in exports.PANELS
        for p in exports.PROPOSALS
    ]
    return [head, *([*row[:8], k, *row[9:]] for k, row in enumerate(rows, start=1))]


@pytest.mark.parametrize(
    "group", ["propuestas", "calificaciones", "evaluadores", "bloque", "Grupo de Trabajo"]
)
@pytest.mark.parametrize("title", [FORM, "Calificaciones 2026", "decisiones"])
def test_a_repeat_group_is_joined_to_its_main_sheet(tmp_path, group, title):
    found = book(tmp_path / "n.xlsx", {title: main_rows(), group: repeat_rows(group, title)})
    assert [problem.say() for problem in found.problems] == []
    assert cells(found) == exports.content()
    assert any("_parent_index = _index" in line for line in found.inputs.said)


def test_other_repeat_groups_beside_it_are_not_taken_for_ratings(tmp_path):
    roster = [["nombre", "edad", *KEYS], ["x", 30, 1, FORM, 1, 906, "x"]]
    found = book(tmp_path / "n.xlsx", {FORM: main_rows(), "hogar": roster, "p": repeat_rows("p")})
    assert [problem.say() for problem in found.problems] == []
    assert cells(found) == exports.content()


def test_nested_repeat_groups_are_joined_through_each_other(tmp_path):
    pairs = [(e, p) for e in exports.PANELS for p in exports.PROPOSALS]
    middle = [["propuesta", *KEYS]]
    middle += [[p, k, FORM, numbers()[e], "", ""] for k, (e, p) in enumerate(pairs, start=1)]
    inner = [["indicador", "calificación", *KEYS[1:]]]
    inner += [
        [word, exports.rating(e, p, word), "bloque", k, "", ""]
        for k, (e, p) in enumerate(pairs, start=1)
        for word in exports.INDICATORS
        if exports.rating(e, p, word)
    ]
    found = book(tmp_path / "n.xlsx", {FORM: main_rows(), "bloque": middle, "puntos": inner})
    assert [problem.say() for problem in found.problems] == []
    assert cells(found) == exports.content()


@pytest.mark.parametrize("title", ["E01", "evaluador 3", "WG1", "Grupo de Trabajo", "ratings"])
def test_a_repeat_sheet_alone_never_gives_its_title_as_evaluator(tmp_path, title):
    found = book(tmp_path / "n.xlsx", {title: repeat_rows()})
    assert len(found.inputs.ratings) == 0
    said = "\n".join(problem.say("es") for problem in found.problems)
    assert "ratings.repeat_alone" in rules(found)
    for word in ("_parent_index", "columna _index", "evaluador", "panel", "KoboToolbox"):
        assert word in said


def test_a_main_sheet_without_evaluator_never_gives_its_title_as_evaluator(tmp_path):
    head = ["panel", "propuesta", *exports.INDICATORS, "_id", "_submission_time", "_index"]
    rows = [[*row[1:], 1, exports.TIME, k] for k, row in enumerate(exports.rows(), start=1)]
    found = book(tmp_path / "n.xlsx", {"E01": [head, *rows]})
    assert "ratings.lacking_column" in rules(found)
    assert len(found.inputs.ratings) == 0


def test_the_repeat_sheet_saved_as_csv_is_refused_with_what_to_export(tmp_path):
    path = tmp_path / "bloque.csv"
    path.write_text(exports.text([[str(c) for c in row] for row in repeat_rows()]), encoding="utf-8")
    found = ratings.examine(sample.parameters(path))
    assert "ratings.repeat_alone" in rules(found)
    assert len(found.inputs.ratings) == 0


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "rule", "where"),
    [
        (1, 3, 10, 77, "ratings.repeat_unmatched", ("p", 4, "_parent_index", "77")),
        (1, 3, 10, "", "ratings.repeat_unmatched", ("p", 4, "_parent_index", "")),
        (1, 3, 11, 902, "ratings.repeat_contradicts", ("p", 4, "_submission__id", "902")),
        (0, 2, 7, 1, "ratings.repeat_twice", (FORM, 3, "_index", "1")),
    ],
)
def test_rows_that_do_not_fit_are_refused_by_sheet_row_and_key(
    tmp_path, sheet, row, column, value, rule, where
):
    sheets = [main_rows(), repeat_rows("p")]
    sheets[sheet][row][column] = value
    found = book(tmp_path / "n.xlsx", dict(zip((FORM, "p"), sheets, strict=True)))
    places = [(p.sheet, p.row, p.column, p.value) for p in found.problems if p.rule == rule]
    title = ratings.examine(sample.parameters(tmp_path / "n.xlsx")).problems[0].sheet if sheet == 0 else ""
    assert where in places or (title, *where[1:]) in places
    assert cells(found) < exports.content()


def test_a_name_in_the_main_sheet_is_refused_with_its_place(tmp_path):
    rows = main_rows()
    rows[1][2] = "Zoraida Quispe"
    found = book(tmp_path / "n.xlsx", {"form": rows, "p": repeat_rows("p")})
    named = [problem for problem in found.problems if problem.rule == "ratings.personal"]
    assert {problem.column for problem in named} == {"quien/evaluador (form!C)"}, found.problems
    assert "Zoraida" not in "\n".join(problem.say() for problem in found.problems)


def test_files_of_odk_are_joined_by_their_keys(tmp_path):
    main = [["SubmissionDate", "evaluador", "panel", "KEY"]]
    main += [[exports.TIME, e, panel, f"uuid:{e}"] for e, panel in exports.PANELS.items()]
    group = [["propuesta", *exports.INDICATORS, "PARENT_KEY", "KEY"]]
    group += [[*row[2:], f"uuid:{row[0]}", f"uuid:{row[0]}/p[{k}]"] for k, row in enumerate(exports.rows())]
    (tmp_path / "form.csv").write_text(exports.text(main), encoding="utf-8")
    (tmp_path / "form-p.csv").write_text(exports.text(group), encoding="utf-8")
    found = ratings.examine(sample.parameters(tmp_path))
    assert [problem.say() for problem in found.problems] == []
    assert cells(found) == exports.content()


# --- REDCap ---

CODES = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"]
LABELS = ["Record ID", "Event Name", "Repeat Instrument", "Repeat Instance"]


def redcap(head: list[str], *, repeating: bool, longitudinal: bool) -> list[list[str]]:
    """A row of the record with who evaluates, then one a proposal that holds the ratings only."""
    lines = [[*head, "evaluador", "panel", "propuesta", *exports.INDICATORS]]
    for record, (evaluator, panel) in enumerate(exports.PANELS.items(), start=1):
        first = "inicio_arm_1" if longitudinal else ""
        lines.append([str(record), first, "", "", evaluator, panel, "", *[""] * 7])
        for k, p in enumerate(exports.PROPOSALS, start=1):
            event = f"ronda_{'' if repeating else k}_arm_1" if longitudinal else ""
            instance = ["calificacion" if not longitudinal else "", str(k)] if repeating else ["", ""]
            given = [exports.rating(evaluator, p, word) for word in exports.INDICATORS]
            lines.append([str(record), event, *instance, "", "", p, *given])
    used = [0, *([1] if longitudinal else []), *([2, 3] if repeating else []), *range(4, 14)]
    return [[line[at] for at in used] for line in lines]


def examined(path, lines: list[list[str]]) -> ratings.Examined:
    path.write_text(exports.text(lines), encoding="utf-8")
    return ratings.examine(sample.parameters(path))


@pytest.mark.parametrize("head", [CODES, LABELS], ids=["codes", "labels"])
@pytest.mark.parametrize(("repeating", "longitudinal"), [(True, False), (False, True), (True, True)])
def test_instances_and_events_get_who_evaluates_from_their_record(tmp_path, head, repeating, longitudinal):
    lines = redcap(head, repeating=repeating, longitudinal=longitudinal)
    found = examined(tmp_path / "n.csv", lines)
    assert [problem.say() for problem in found.problems] == []
    assert cells(found) == exports.content()
    taken = "taken from the other rows of the record: "
    said = [line.partition(taken)[2].partition(";")[0] for line in found.inputs.said if taken in line]
    assert [set(names.split(", ")) for names in said] == [{"evaluator", "panel"}]


def test_a_proposal_that_somebody_left_out_is_not_filled(tmp_path):
    lines = redcap(CODES, repeating=True, longitudinal=False)
    lines[2][lines[0].index("propuesta")] = ""
    found = examined(tmp_path / "n.csv", lines)
    assert [(p.rule, p.row) for p in found.problems if p.rule == "ratings.empty_code"] == [
        ("ratings.empty_code", 3)
    ]
    assert cells(found) < exports.content()


def test_a_record_with_two_evaluators_is_refused_by_row_and_column(tmp_path):
    lines = redcap(CODES, repeating=False, longitudinal=True)
    other = list(lines[1])
    other[1], other[lines[0].index("evaluador")] = "cierre_arm_1", "E09"
    found = examined(tmp_path / "n.csv", [*lines, other])
    several = [problem for problem in found.problems if problem.rule == "ratings.redcap_several"]
    assert [problem.row for problem in several] == [3, 4, 5, 6]
    assert {problem.column for problem in several} == {"evaluador"}
    assert "record 1" in several[0].say()
    assert cells(found) < exports.content()
