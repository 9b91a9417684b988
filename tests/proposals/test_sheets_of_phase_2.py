"""Sheets of classification and of groups: what is filled comes back, and every slip in them is named."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.figures import proposals as figures
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.proposals import (
    classification,
    classification_sheets,
    folder,
    grouping_sheets,
    register,
    results,
    similar_texts,
)
from ogp_analysis.proposals.classification import CRITERIA
from ogp_analysis.proposals.group_ledger import membership
from ogp_analysis.proposals.grouping_agreement import classifier_agreement
from ogp_analysis.proposals.similar_texts import Suggestion

PROPOSALS = pd.DataFrame(
    {"proposal": ["P1", "P2", "P3"], "title": ["Uno", "Dos", "Tres"], "problem": "", "solution": "Texto"}
)


def rules(caught: pytest.ExceptionInfo[DataError]) -> list[tuple[str, str]]:
    return [(problem.rule, problem.value) for problem in caught.value.problems]


def filled(path: Path, answers: dict[str, dict[str, str]], *, roles: dict[str, str] | None = None) -> Path:
    """Write a form and answer: by classifier and proposal, one letter a criterion (y, n or -)."""
    classifiers = [(code, (roles or {}).get(code, "independent")) for code in answers]
    path.write_bytes(classification_sheets.form(PROPOSALS, classifiers, language="en"))
    book = openpyxl.load_workbook(path)
    words = {"y": "yes", "n": "No", "-": None}
    for code, by_proposal in answers.items():
        for row in book[code].iter_rows(min_row=2):
            for cell, letter in zip(row[5:9], by_proposal.get(row[0].value, "----"), strict=True):
                cell.value = words[letter]
    book.save(path)
    return path


def test_thirds_alone_settle_nothing(tmp_path, capsys):
    received = "proposal,title,text_hash\nP1,Uno,x\n"
    (tmp_path / "proposals.csv").write_text(received, encoding="utf-8")
    third = filled(tmp_path / "t.xlsx", {"C3": {"P1": "yyyy"}}, roles={"C3": "third"})
    words = ["--proposals", str(tmp_path / "proposals.csv"), "--out", str(tmp_path / "classified.csv")]
    assert main.main(["classify", str(third), *words, "--lang", "en"]) == 1
    assert "name the workbooks of the first ones too" in capsys.readouterr().err
    assert not (tmp_path / "classified.csv").exists()
    first = filled(tmp_path / "a.xlsx", {"C1": {"P1": "yyyy"}, "C2": {"P1": "yyyn"}})
    third = filled(tmp_path / "t.xlsx", {"C3": {"P1": "yyy-"}}, roles={"C3": "third"})
    assert main.main(["classify", str(first), str(third), *words, "--lang", "en"]) == 0
    assert "undecided after a third classifier too" in capsys.readouterr().out


def test_answers_come_back_and_differences_wait_for_a_third(tmp_path):
    answers = {
        "C1": {"P1": "yyyy", "P2": "yyyn", "P3": "nyyy"},
        "C2": {"P1": "yyyy", "P2": "yyyy", "P3": "nnyy"},
    }
    first = filled(tmp_path / "a.xlsx", answers)
    third = filled(tmp_path / "b.xlsx", {"C3": {"P2": "---n"}}, roles={"C3": "third"})
    one = classification.classify(classification_sheets.read([first]).answers)
    assert one["related"].tolist() == ["yes", "undecided", "no"]
    both = classification.classify(classification_sheets.read([first, third]).answers)
    assert both[["related", "reason", "settled_by"]].to_numpy().tolist() == [
        ["yes", "", "classifiers"],
        ["no", "public_policy", "third"],
        ["no", "precision", "classifiers"],
    ]


def test_a_third_does_not_count_where_two_agree(tmp_path):
    answers = {"C1": {"P1": "yyyy"}, "C2": {"P1": "yyyy"}, "C3": {"P1": "nnnn"}}
    path = filled(tmp_path / "a.xlsx", answers, roles={"C3": "third"})
    assert classification.classify(classification_sheets.read([path]).answers)["related"].tolist() == ["yes"]


def test_slips_in_recorded_decisions_are_named():
    answers = pd.DataFrame({"proposal": "P1", "criterion": CRITERIA, "classifier": "C1", "met": "yes"})
    decisions = pd.DataFrame(
        [("P1", "perhaps", "x"), ("P9", "no", ""), ("P1", "no", "x")],
        columns=["proposal", "related", "reason"],
    )
    with pytest.raises(DataError) as caught:
        classification.classify(answers, decisions=decisions)
    assert set(rules(caught)) == {
        ("people.related", "perhaps"),
        ("people.decided_twice", "P1"),
        ("people.not_classified", "P9"),
        ("people.decision_reason", ""),
    }


def test_classifiers_are_codes_and_each_has_one_sheet():
    with pytest.raises(DataError) as caught:
        classification_sheets.form(
            PROPOSALS, [("Ana Pérez", "independent"), ("C1", "judge"), ("C1", "third")]
        )
    assert {rule for rule, _ in rules(caught)} == {"template.person", "people.role", "template.sheet_name"}


@pytest.mark.parametrize("header", ["a,b", "proposal,title"])
def test_a_file_without_a_classification_is_refused(tmp_path, header):
    (tmp_path / "n.csv").write_text(f"{header}\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        classification_sheets.read([tmp_path / "n.csv"])
    assert rules(caught) == [("people.no_classification", "")]


@pytest.fixture
def groups(tmp_path):
    members = PROPOSALS[["proposal", "title"]].assign(
        suggested_group=["P1", "P1", "P3"],
        copy=["near", "near", ""],
        nearest=["P2", "P1", ""],
        similarity=[0.7, 0.7, 0.0],
        words="datos",
    )
    listed = pd.DataFrame({"suggested_group": ["P1", "P3"], "size": [2, 1], "words": ["datos", ""]})
    listed["similarity"] = [0.7, 1.0]
    chosen = {"groups": 2, "similarity": 0.7, "largest": 2, "alone": 1, "chosen": "yes"}
    suggestion = Suggestion(members, listed, pd.DataFrame([chosen]))
    path = tmp_path / "groups.xlsx"
    path.write_bytes(grouping_sheets.form(suggestion, PROPOSALS, language="en"))
    return path


def edit(path: Path, sheet: str, changes: dict[str, str | None]) -> None:
    book = openpyxl.load_workbook(path)
    for cell, value in changes.items():
        book[sheet][cell].value = value
    book.save(path)


def test_confirmed_groups_come_back_with_what_was_moved(groups):
    edit(groups, "groups", {"F2": "yes", "F3": "Sí", "C2": "Datos"})
    edit(groups, "members", {"E3": "G002"})
    of, titles = grouping_sheets.read(groups)
    assert of.to_dict() == {"P1": "G001", "P2": "G002", "P3": "G002"}
    assert titles == {"G001": "Datos", "G002": "Tres"}
    assert grouping_sheets.suggestion(groups).to_dict() == {"P1": "G001", "P2": "G001", "P3": "G002"}


def test_the_reason_and_the_curve_are_shown(groups):
    book = openpyxl.load_workbook(groups)
    cells = {
        sheet: [[cell.value for cell in row] for row in book[sheet].iter_rows()] for sheet in book.sheetnames
    }
    assert cells["groups"][1][4:] == ["datos", None, "0.70"]
    assert cells["members"][1][5:] == ["nearly word for word", "P2", "0.70", "datos"]
    assert cells["curve"][1] == ["2", "0.70", "2", "1", "yes"]


def test_what_nobody_has_confirmed_is_refused(groups):
    edit(groups, "groups", {"F3": "no", "C2": None})
    edit(groups, "members", {"E2": "G009", "E3": None})
    with pytest.raises(DataError) as caught:
        grouping_sheets.read(groups)
    assert set(rules(caught)) == {
        ("people.no_group", ""),
        ("people.group_unknown", "G009"),
        ("people.group_refused", "G002"),
    }


def test_a_group_without_a_title_and_one_with_two_rows_are_refused(groups):
    edit(groups, "groups", {"C2": None, "F2": "yes", "A4": "G002", "C4": "Tres", "F4": "yes", "F3": "yes"})
    with pytest.raises(DataError) as caught:
        grouping_sheets.read(groups)
    assert set(rules(caught)) == {("people.group_untitled", "G001"), ("people.group_twice", "G002")}


def test_a_file_without_the_table_that_is_asked_for_is_refused(groups, tmp_path):
    (tmp_path / "n.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for read, rule in (
        (grouping_sheets.read, "people.no_groups"),
        (folder.received, "people.no_received"),
    ):
        with pytest.raises(DataError) as caught:
            read(tmp_path / "n.csv")
        assert [(one.rule, one.file) for one in caught.value.problems] == [(rule, "n.csv")]
        assert all(texts.has(f"problem.{rule}", code) or texts.has(rule, code) for code in texts.LANGUAGES)


def test_tables_are_told_by_their_columns_and_texts_are_masked_again(tmp_path):
    rows = "proposal,title,text_hash\nP1,Llame al 02-245-6789,x\n"
    (tmp_path / "ratings.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "b.csv").write_text("proposal,related,reason\nP1,no,pillars\n", encoding="utf-8")
    early = folder.load(tmp_path)
    assert sorted(early.tables) == ["classified", "received"]
    (row,) = register.register(early).to_dict("records")
    assert (row["title"], row["related"], row["reason"]) == ("Llame al […]", "no", "pillars")
    (tmp_path / "c.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        folder.load(tmp_path)
    assert rules(caught) == [("people.two_tables", "received")]


def test_a_classification_of_what_was_not_received_is_refused():
    tables = {
        "received": PROPOSALS,
        "classified": pd.DataFrame({"proposal": ["P9"], "related": "no", "reason": "x"}),
    }
    with pytest.raises(DataError) as caught:
        register.register(folder.Early(tables))
    assert rules(caught) == [("people.not_received", "P9")]


def test_every_step_of_the_flow_closes_with_what_is_open():
    rows = {"proposal": list("abcde"), "channel": ["online", "online", "workshop", "", "online"]}
    listed = pd.DataFrame(
        rows | {"related": ["yes", "yes", "no", "undecided", "yes"], "group": ["G1", "G1", "", "", "G2"]}
    )
    steps = register.flow(listed, pd.Series({"G1": 1, "G2": None}, dtype="Int64"))
    counts = steps.set_index("node")["proposals"].to_dict()
    assert (counts["no_channel"], counts["undecided"], counts["integrated"], counts["no_category"]) == (
        1,
        1,
        2,
        1,
    )
    totals = register.flow_totals(steps)
    assert totals["closes"].all()
    assert totals["arithmetic"].tolist() == ["3 + 1 + 1 = 5", "3 + 1 + 1 = 5", "1 + 1 = 2"]


def test_without_a_classification_or_a_plan_the_flow_stops_where_the_records_do():
    listed = register.register(folder.Early({"received": PROPOSALS}))
    assert listed["related"].tolist() == ["", "", ""]
    steps = register.flow(listed.assign(channel="online"))
    assert steps["node"].tolist() == ["received", "online"]
    grouped = listed.assign(channel="online", related="yes", group=["G1", "G1", "G2"])
    nodes = register.flow(grouped, pd.Series({"G1": 2, "G2": 3}), planned=False)["node"].tolist()
    assert nodes[-3:] == ["integrated", "category_2", "category_3"]
    assert "commitments" not in register.flow(grouped, pd.Series({"G1": 2, "G2": 3}))["node"].tolist()


RECORDS = {
    "proposals": "proposal,title,text_hash,channel\nP1,Uno,x,online\nP2,Dos,y,workshop\nP3,Tres,z,online\n",
    "answers": "proposal,criterion,classifier,met,role\nP1,pillars,C1,yes,independent\n"
    "P1,pillars,C2,yes,independent\nP3,pillars,C1,no,independent\nP3,pillars,C2,yes,independent\n"
    "P3,pillars,C3,no,third\n",
    "classified": "proposal,related,reason,settled_by,decided_by\nP1,yes,,classifiers,\n"
    "P2,yes,,classifiers,\nP3,no,pillars,decision,Comisión técnica\n",
    "membership": "proposal,related,reason,group\nP1,yes,,G1\nP2,yes,,G1\nP3,no,pillars,\n",
    "groups": "proposal,title,members,reiterations\nG1,Uno y dos,P1; P2,2\n",
}


def test_notebook_0_counts_what_the_records_hold(tmp_path):
    for name, text in RECORDS.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    computed = results.compute(params.from_values(params.baseline() | {"data": str(tmp_path)}))
    counts = {"received": 3, "related": 2, "not_related": 1, "undecided": 0, "integrated": 1, "set_aside": 0}
    assert computed.summary.items() >= (counts | {"skipped": False, "totals_close": True}).items()
    assert computed.tables["classification"].to_numpy().tolist() == [
        ["no", "decision", 1],
        ["yes", "classifiers", 2],
    ]
    assert computed.tables["proposals_groups"]["reiterations"].tolist() == [2]
    assert computed.tables["proposals_register"]["decided_by"].tolist() == ["", "", "Comisión técnica"]
    assert "classifier_agreement" in computed.tables
    said = computed.bottom_line.values()
    assert not [text for text in said if "1 integrated proposals" in text or "1 propuestas" in text]
    assert all("3" in text and "1" in text for text in said)
    assert list(figures.all_of(computed)) == ["proposals_flow"]


def test_a_method_without_a_plan_and_without_records_draws_nothing():
    method, _ = read_method("fund-with-weights", Path())
    computed = results.compute(params.from_values(defaults_of(method) | {"method": "fund-with-weights"}))
    assert computed.summary == {"skipped": True}
    assert (computed.tables, figures.all_of(computed)) == ({}, {})


ONE_CLASSIFIER = "proposal,criterion,classifier,met,role\nP1,pillars,C1,yes,independent\n"
NOBODY_SETTLED = "proposal,related,reason\nP1,yes,\nP2,yes,\nP3,no,pillars\n"


@pytest.mark.parametrize(
    "records",
    [{}, {"answers": ONE_CLASSIFIER}, {"classified": NOBODY_SETTLED}],
    ids=["nothing", "one classifier", "nobody settled"],
)
def test_of_records_that_are_not_there_no_table_is_made(tmp_path, records):
    for name, text in ({"proposals": RECORDS["proposals"]} | records).items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    computed = results.compute(params.from_values(params.baseline() | {"data": str(tmp_path)}))
    assert computed.summary["received"] == 3
    assert not {"classifier_agreement", "classification", "proposals_groups"} & set(computed.tables)


PERSON = "Canariela Pajarínez"


def test_a_sheet_with_a_persons_name_is_refused_by_its_number_and_the_name_is_not_repeated(tmp_path):
    path = filled(tmp_path / "a.xlsx", {"C1": {"P1": "yyyy"}, "C2": {"P1": "yyyy"}})
    book = openpyxl.load_workbook(path)
    book["C2"].title = PERSON
    book.save(path)
    with pytest.raises(DataError) as caught:
        classification_sheets.read([path])
    (problem,) = caught.value.problems
    assert (problem.rule, problem.file) == ("people.classifier_sheet_named", "a.xlsx")
    for language in ("en", "es"):
        assert "2" in problem.say(language)
        assert "Canariela" not in problem.say(language)


def test_a_persons_name_in_a_table_of_answers_is_refused_by_row(tmp_path):
    table = f"proposal,criterion,classifier,met\nP1,pillars,C1,yes\nP1,pillars,{PERSON},yes\n"
    (tmp_path / "answers.csv").write_text(table, encoding="utf-8")
    for read in (
        lambda: folder.load(tmp_path),
        lambda: classification_sheets.read([tmp_path / "answers.csv"]),
    ):
        with pytest.raises(DataError) as caught:
            read()
        (problem,) = caught.value.problems
        assert (problem.rule, problem.file, problem.row) == ("people.classifier_named", "answers.csv", 3)


@pytest.mark.parametrize(("body", "refused"), [(PERSON, True), ("Grupo Núcleo", False), ("", False)])
def test_who_decided_on_a_classification_is_a_body_or_a_code(tmp_path, body, refused):
    path = filled(tmp_path / "a.xlsx", {"C1": {"P1": "yyyy"}})
    edit(path, "decisions", {"A2": "P1", "B2": "no", "C2": "x", "D2": body or None})
    if not refused:
        assert len(classification_sheets.read([path]).decisions) == 1
        return
    with pytest.raises(DataError) as caught:
        classification_sheets.read([path])
    (problem,) = caught.value.problems
    assert (problem.rule, problem.sheet, problem.row) == ("ratings.no_body", "decisions", 2)
    assert problem.column == "decided by", "as the sheet calls it"


def test_who_settled_a_classification_is_kept_by_code_and_a_page_names_bodies_alone(tmp_path):
    answers = {
        "C1": {"P1": "yyyy", "P2": "yyyn", "P3": "yyyn"},
        "C2": {"P1": "yyyy", "P2": "yyyy", "P3": "yyyy"},
    }
    first = filled(tmp_path / "a.xlsx", answers)
    third = filled(tmp_path / "b.xlsx", {"C3": {"P2": "---n"}}, roles={"C3": "third"})
    edit(first, "decisions", {"A2": "P3", "B2": "no", "C2": "A complaint", "D2": "Grupo Núcleo"})
    both = classification_sheets.read([first, third])
    decided = classification.classify(both.answers, decisions=both.decisions)
    assert decided["decided_by"].tolist() == ["C1 + C2", "C3", "Grupo Núcleo"]
    ledger = membership(decided.assign(group=["G1", "", ""]), received=["P1", "P2", "P3"])
    assert ledger["decided_by"].tolist() == decided["decided_by"].tolist()
    tables = {"received": PROPOSALS, "membership": ledger}
    assert register.register(folder.Early(tables))["decided_by"].tolist() == ["", "", "Grupo Núcleo"]


@pytest.mark.parametrize("table", ["proposal,related,reason", "proposal,related,group,reason"])
def test_a_persons_name_written_later_as_who_decided_is_refused_by_row(tmp_path, table):
    rows = "".join(f"{cells},{'C1 + C2' if cells == 'P1' else PERSON}\n" for cells in ("P1", "P2"))
    filled_cells = rows.replace(",", "," * table.count(",") + ",")
    (tmp_path / "n.csv").write_text(f"{table},decided_by\n{filled_cells}", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        folder.load(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.row, problem.column) == ("ratings.no_body", 3, "decided_by")


def test_typed_reasons_and_titles_are_masked_and_it_is_said_in_which_rows(tmp_path, groups):
    path = filled(tmp_path / "a.xlsx", {"C1": {"P1": "yyyn"}})
    edit(path, "C1", {"J2": "Llame al 0991234567"})
    edit(path, "decisions", {"A2": "P1", "B2": "no", "C2": "Lo pidió @canario_uno"})
    read = classification_sheets.read([path])
    assert set(read.answers["reason"]) == {"Llame al […]"}
    assert read.decisions["reason"].tolist() == ["Lo pidió […]"]
    assert [dict(note.values) for note in read.masked] == [
        {"place": "a.xlsx · C1", "rows": "2"},
        {"place": "a.xlsx · decisions", "rows": "2"},
    ]
    edit(groups, "groups", {"F2": "yes", "F3": "yes", "C2": "Datos, canario@inventado.ec"})
    assert grouping_sheets.read(groups)[1]["G001"] == "Datos, […]"
    assert [dict(note.values)["rows"] for note in grouping_sheets.masked(groups)] == ["2"]


@pytest.mark.parametrize(
    ("kind", "header", "column"),
    [
        ("classified", "proposal,related,reason", "reason"),
        ("membership", "proposal,related,group,reason", "reason"),
        ("answers", "proposal,criterion,met,classifier,reason", "reason"),
        ("groups", "proposal,reiterations,members,title", "title"),
    ],
)
def test_what_was_typed_into_a_table_later_is_masked_where_it_is_read(tmp_path, kind, header, column):
    cells = ",".join("Tel. 099 123 4567" if name == column else "C1" for name in header.split(","))
    (tmp_path / "n.csv").write_text(f"{header}\n{cells}\n", encoding="utf-8")
    assert folder.load(tmp_path).tables[kind][column].tolist() == ["Tel. […]"]


def test_a_slip_is_named_by_the_file_the_sheet_and_its_own_row(tmp_path):
    path = filled(tmp_path / "a.xlsx", {"C1": {"P1": "yyyy"}, "C2": {"P2": "yyyy"}})
    edit(path, "C2", {"G3": "maybe"})
    with pytest.raises(DataError) as caught:
        classification_sheets.read([path])
    (problem,) = caught.value.problems
    assert (problem.file, problem.sheet, problem.row, problem.proposal) == ("a.xlsx", "C2", 3, "P2")
    assert problem.column != "met"
    edit(path, "C2", {"G3": "yes", "A3": "P9"})
    (stranger,) = classification_sheets.read([path]).strangers(["P1", "P2", "P3"])
    assert (stranger.file, stranger.sheet, stranger.row, stranger.value) == ("a.xlsx", "C2", 3, "P9")


def test_a_member_pasted_twice_and_one_that_was_not_received_are_named_with_their_rows(groups):
    book = openpyxl.load_workbook(groups)
    book["members"].append([cell.value for cell in book["members"][2]])
    stranger = [cell.value for cell in book["members"][3]]
    stranger[0] = "P9"
    book["members"].append(stranger)
    book.save(groups)
    last = book["members"].max_row
    with pytest.raises(DataError) as caught:
        grouping_sheets.read(groups, PROPOSALS["proposal"])
    named = {problem.rule: problem for problem in caught.value.problems}
    twice, strange = named["people.member_twice"], named["people.not_received"]
    assert dict(twice.detail)["rows"] == f"2, {last - 1}"
    assert (twice.proposal, twice.sheet, twice.row) == (book["members"]["A2"].value, "members", 2)
    assert (strange.value, strange.sheet, strange.row) == ("P9", "members", last)


def test_members_that_are_not_related_and_related_ones_without_a_row_are_named_in_the_sheet(groups):
    with pytest.raises(DataError) as caught:
        grouping_sheets.read(groups, [*PROPOSALS["proposal"], "P8"], ["P2", "P3", "P8"])
    named = {one.proposal: one for one in caught.value.problems if one.proposal}
    assert {code: (one.rule, one.sheet, one.row > 0) for code, one in named.items()} == {
        "P1": ("people.group_of_unrelated", "members", True),
        "P8": ("people.no_group", "members", False),
    }


def test_a_workbook_of_groups_that_is_there_is_not_called_empty(tmp_path, capsys):
    received = "proposal,title,text_hash,solution\nP1,Uno,x,Texto\n"
    (tmp_path / "proposals.csv").write_text(received, encoding="utf-8")
    (tmp_path / "classified.csv").write_text("proposal,related,reason\nP1,yes,\n", encoding="utf-8")
    (tmp_path / "groups.xlsx").write_bytes(b"filled")
    words = ["group", str(tmp_path / "proposals.csv"), "--classified", str(tmp_path / "classified.csv")]
    assert main.main([*words, "--out", str(tmp_path / "groups.xlsx"), "--lang", "en"]) == 1
    told = capsys.readouterr().err
    assert "new suggestions" in told
    assert "empty workbook" not in told
    assert (tmp_path / "groups.xlsx").read_bytes() == b"filled"


@pytest.fixture
def related(tmp_path, monkeypatch):
    """Three proposals, one of them twice, all found related; in the folder that commands are called in."""
    monkeypatch.chdir(tmp_path)
    rows = "P1,Datos abiertos,x\nP2,Datos abiertos,y\nP3,Agua potable,z\n"
    (tmp_path / "proposals.csv").write_text(f"proposal,title,text_hash\n{rows}", encoding="utf-8")
    yes = "".join(f"P{n},yes,\n" for n in (1, 2, 3))
    (tmp_path / "classified.csv").write_text(f"proposal,related,reason\n{yes}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("most", [1, 5000])
@pytest.mark.parametrize(("asked", "key"), [(3, "people.fewer_groups"), (2, ""), (1, "people.more_groups")])
def test_another_number_of_groups_than_asked_for_is_said_with_its_cause(
    related, capsys, monkeypatch, language, most, asked, key
):
    """Copies stay together and no word ties the two texts; the executor of many texts is open, and idle."""
    monkeypatch.setattr(similar_texts, "WHOLE_UP_TO", most)
    assert main.main(["group", "proposals.csv", "--groups", str(asked), "--lang", language]) == 0
    printed = capsys.readouterr().out
    for each in ("people.fewer_groups", "people.more_groups"):
        assert (texts.say(each, language, groups=2, asked=asked) in printed) == (each == key)


@pytest.mark.parametrize(
    ("words", "key", "values"),
    [
        (["--groups", "99"], "statistics.target_groups", {"groups": 99, "proposals": 3}),
        (["--size", "0"], "statistics.target_size", {"size": 0.0, "proposals": 3}),
        (["--threshold", "2"], "statistics.share", {"threshold": 2.0}),
        (["--groups", "2", "--size", "3"], "statistics.one_target", {"given": "groups 2, size 3.0"}),
    ],
)
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_number_of_groups_that_cannot_be_is_refused_in_the_readers_language(
    related, capsys, language, words, key, values
):
    assert main.main(["group", "proposals.csv", *words, "--lang", language]) == 1
    assert texts.say(key, language, **values) in capsys.readouterr().err
    assert not (related / "groups.xlsx").exists()


def test_groups_of_ones_own_are_not_compared_with_suggestions_that_were_taken_out(related, capsys):
    assert main.main(["group", "proposals.csv", "--lang", "en"]) == 0
    book = openpyxl.load_workbook("groups.xlsx")
    columns = {cell.value: cell.column for cell in book["members"][1]}
    for row in range(2, 5):
        book["members"].cell(row, columns[texts.say("sheets.column.suggested_group", "en")]).value = None
    for row in range(2, book["groups"].max_row + 1):
        book["groups"].cell(row, 6).value = "yes"
    book.save("groups.xlsx")
    capsys.readouterr()
    assert main.main(["group", "proposals.csv", "--confirmed", "groups.xlsx", "--json", "--lang", "en"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["integrated"]) == (True, 2)
    assert "suggest" not in answer["words"]


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        (["import", "export.csv", "--out", "ratings.csv"], "ratings.csv"),
        (["classify", "filled.xlsx", "--out", "ratings.csv"], "ratings.csv"),
        (["classify", "filled.xlsx", "--out", "new.csv"], "answers.csv"),
    ],
)
def test_a_table_of_something_else_is_not_replaced(related, capsys, words, taken):
    filled(related / "filled.xlsx", {"C1": {"P1": "yyyy"}, "C2": {"P1": "yyyn"}})
    (related / "export.csv").write_text("código;título\nA;Uno\n", encoding="utf-8")
    for name in ("ratings.csv", "answers.csv"):
        (related / name).write_text("evaluator,rating\nE1,4\n", encoding="utf-8")
    for language in texts.LANGUAGES:
        assert main.main([*words, "--lang", language]) == 3
        assert texts.say("export.of_others", language, path=taken) in capsys.readouterr().err
    assert (related / taken).read_text(encoding="utf-8") == "evaluator,rating\nE1,4\n"
    assert not (related / "new.csv").exists()


def test_an_earlier_import_that_cannot_be_read_any_more_is_replaced(related, capsys):
    """What was typed into it since may be faulty: the export is still the export."""
    (related / "export.csv").write_text("código;título\nA;Uno\n", encoding="utf-8")
    (related / "proposals.csv").write_text("proposal,title,text_hash\nP1,a,b,c,d\n", encoding="utf-8")
    assert main.main(["import", "export.csv", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 1
    assert list(pd.read_csv("proposals.csv")["proposal"]) == ["A"]


def decide(path: Path, *rows: tuple[str, ...]) -> None:
    book = openpyxl.load_workbook(path)
    for row in rows:
        book[book.sheetnames[-1]].append(row)
    book.save(path)


def test_slips_of_answers_and_decisions_are_told_at_once_under_the_headers_of_the_sheets(tmp_path):
    book = filled(tmp_path / "c.xlsx", {"C1": {"P1": "yyyy", "P2": "yyyy", "P3": "yyyy"}})
    decide(book, ("P8", "no", "a complaint", "", ""), ("P2", "no", "a complaint", "", "yesterday"))
    decide(
        book, ("P1", "perhaps", "", "", ""), ("P1", "no", "a complaint", "", ""), ("", "no", "why", "", "")
    )
    with pytest.raises(DataError) as caught:
        classification_sheets.read([book], ["P1", "P2"])
    found = [(problem.rule, problem.sheet, problem.row) for problem in caught.value.problems]
    assert sorted(found) == [
        ("people.code_lacking", "decisions", 6),
        ("people.decided_twice", "decisions", 4),
        ("people.decided_twice", "decisions", 5),
        ("people.decision_reason", "decisions", 4),
        ("people.not_received", "C1", 4),
        ("people.not_received", "decisions", 2),
        ("people.related", "decisions", 4),
        ("ratings.not_iso_date", "decisions", 3),
    ]


def test_a_decision_without_a_reason_is_named_under_the_header_that_was_typed(tmp_path):
    path = tmp_path / "c.xlsx"
    path.write_bytes(classification_sheets.form(PROPOSALS, [("C1", "independent")], language="es"))
    decide(path, ("P1", "no", "", "", ""))
    with pytest.raises(DataError) as caught:
        classification_sheets.read([path])
    named = {problem.rule: problem.column for problem in caught.value.problems}
    assert named["people.decision_reason"] == "motivo"


@pytest.mark.parametrize(
    ("sheet", "header", "lacking"),
    [("C2", "H1", "pillars"), ("C2", "A1", "proposal"), ("decisions", "B1", "related")],
)
def test_a_sheet_that_lost_a_column_is_not_passed_over_in_silence(tmp_path, sheet, header, lacking):
    book = filled(tmp_path / "c.xlsx", {"C1": {"P1": "yyyy"}, "C2": {"P1": "nnnn"}})
    decide(book, ("P1", "no", "a complaint", "", ""))
    edit(book, sheet, {header: "otra cosa"})
    with pytest.raises(DataError) as caught:
        classification_sheets.read([book], ["P1"])
    [problem] = caught.value.problems
    assert (problem.rule, problem.sheet) == ("people.columns_lacking", sheet)
    assert dict(problem.detail) == {"lacking_headers": lacking}


def test_what_one_classifier_alone_answered_and_sheets_of_something_else_are_said(tmp_path, capsys):
    (tmp_path / "proposals.csv").write_text("proposal,title,text_hash\nP1,a,x\nP2,b,y\n", encoding="utf-8")
    book = filled(
        tmp_path / "c.xlsx", {"C1": {"P1": "yyyy", "P2": "yyyy"}, "C2": {"P1": "yyy-", "P2": "yyyy"}}
    )
    sheets = openpyxl.load_workbook(book)
    sheets.create_sheet("notas").append(["Uno", "Dos"])
    sheets.save(book)
    words = ["--proposals", str(tmp_path / "proposals.csv"), "--out", str(tmp_path / "classified.csv")]
    assert main.main(["classify", str(book), *words, "--lang", "es"]) == 0
    said = capsys.readouterr().out
    assert "respondió un solo clasificador, así que nada se comparó: 1 (P1)" in said
    assert "pasadas por alto: notas\n" in said


def test_a_decision_against_agreeing_classifiers_is_said(tmp_path, capsys):
    (tmp_path / "proposals.csv").write_text("proposal,title,text_hash\nP1,a,x\nP2,b,y\n", encoding="utf-8")
    book = filled(
        tmp_path / "c.xlsx", {"C1": {"P1": "yyyy", "P2": "yyyy"}, "C2": {"P1": "yyyy", "P2": "yyyn"}}
    )
    decide(book, ("P1", "no", "a complaint", "", "2019-10-01"), ("P2", "no", "a complaint", "", ""))
    words = ["--proposals", str(tmp_path / "proposals.csv"), "--out", str(tmp_path / "classified.csv")]
    assert main.main(["classify", str(book), *words, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "decisions that go against what the classifiers agreed on: 1 (P1)" in said


def test_classifiers_who_all_say_yes_agree_whatever_chance_is():
    rows = [(code, name, who, "yes") for code in ("P1", "P2") for name in CRITERIA for who in "ab"]
    answers = pd.DataFrame(rows, columns=["proposal", "criterion", "classifier", "met"])
    table = classifier_agreement(answers)
    assert set(table.loc[table["statistic"] == "gwet_ac", "value"]) == {1.0}


@pytest.mark.parametrize("language", ["en", "es"])
def test_where_nothing_is_related_there_is_nothing_to_group_or_to_rate(
    language, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "export.csv").write_text("código;título\nA;Uno\n", encoding="utf-8")
    (tmp_path / "classified.csv").write_text("proposal,related,reason\nA,no,x\n", encoding="utf-8")
    (tmp_path / "empty.csv").write_text("proposal,title\n", encoding="utf-8")
    assert main.main(["import", "export.csv"]) == 0
    for words, key in (
        (["group", "proposals.csv"], "people.none_related"),
        (["template", "ratings.xlsx", "--proposals", "empty.csv"], "template.no_proposal"),
    ):
        assert main.main([*words, "--lang", language]) == 1
        printed = capsys.readouterr()
        assert texts.say(key, language) in printed.out + printed.err
    assert not (tmp_path / "groups.xlsx").exists()
