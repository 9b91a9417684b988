"""Numbers that stand for a missing rating (9999, -1): out of a drafted scale, and one line of a check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.ratings.method_draft import drafted

CYCLE = (3, 5, 1, 4, 2, 4, 1)


def saved(
    folder: Path, code: object, cells: int, *, indicators: tuple[str, ...] = ("Claridad", "Rigor")
) -> Path:
    """Twelve proposals of three evaluators; every third rating of the first ones is the code."""
    rows = [["propuesta", "evaluador", *indicators]]
    rows += [
        [f"P{k // 3}", f"E{k % 3}", *(CYCLE[(k + 2 * at) % 7] for at, _ in enumerate(indicators))]
        for k in range(36)
    ]
    for at in range(cells):
        rows[1 + 3 * at][2] = code
    file = folder / "r.csv"
    file.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    return file


@pytest.mark.parametrize(("code", "cells"), [("9999", 10), ("99", 4), ("-1", 6), ("-99", 1), ("999.0", 5)])
def test_a_draft_leaves_them_out_and_names_the_first(tmp_path, code, cells):
    draft = drafted(saved(tmp_path, code, cells))
    scales = [(one["minimum"], one["maximum"]) for one in draft["criteria"][0]["indicators"]]
    assert scales == [(1, 5), (1, 5)]
    assert [line for line in draft["remarks"] if line.startswith("r.csv, row 2, column Claridad")]
    # Their proposals have fewer ratings then.
    assert draft["criteria"][0]["raters"] == [2, 3]


@pytest.mark.parametrize("mark", ["n/a", "-", "pendiente"])
def test_marks_and_words_among_numbers_are_left_out_and_the_first_is_named(tmp_path, mark):
    draft = drafted(saved(tmp_path, mark, 4))
    scales = [(one["minimum"], one["maximum"]) for one in draft["criteria"][0]["indicators"]]
    assert scales == [(1, 5), (1, 5)]
    [line] = [line for line in draft["remarks"] if "row 2" in line and "Claridad" in line]
    assert mark in line
    assert "4" in line


def test_a_file_without_any_cell_cannot_be_drafted_from(tmp_path):
    file = tmp_path / "r.csv"
    file.write_text("\n\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        drafted(file)
    assert [(problem.rule, problem.file) for problem in caught.value.problems] == [
        ("ratings.empty_file", "r.csv")
    ]


def test_a_column_of_sums_named_by_a_sigma_is_no_indicator(tmp_path):
    file = saved(tmp_path, "", 0)
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    sums = [f"{row},{sum(int(cell) for cell in row.split(',')[2:] if cell)}" for row in rows]
    file.write_text("\n".join([f"{header},Σ", *sums]), encoding="utf-8")
    titles = [one["title"] for one in drafted(file)["criteria"][0]["indicators"]]
    assert titles == ["Claridad", "Rigor"]


@pytest.mark.parametrize(("code", "low"), [("9", 1), ("0", 0), ("7", 1)])
def test_what_may_be_a_rating_stays_on_the_scale(tmp_path, code, low):
    scale = drafted(saved(tmp_path, code, 5))["criteria"][0]["indicators"][0]
    assert (scale["minimum"], scale["maximum"]) == (low, max(int(code), 5))


def test_a_slip_of_one_cell_is_named_where_the_scale_would_be_too_long(tmp_path):
    with pytest.raises(DataError) as caught:
        drafted(saved(tmp_path, "5432", 1))
    assert [(problem.rule, problem.row) for problem in caught.value.problems] == [("method.draft.lone", 2)]


@pytest.mark.parametrize("code", ["9999", "-1", "88"])
def test_a_check_counts_them_in_one_line(tmp_path, code, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main.main(["method", "new", "own", "--ratings", str(saved(tmp_path, "", 0))]) == 0
    file = saved(tmp_path, code, 12)
    capsys.readouterr()
    assert main.main(["check", str(file), "--method", "own.yaml", "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(one["rule"], one["column"], one["value"]) for one in problems] == [
        ("ratings.missing_code", "Claridad", f"'{code}'")
    ]
    # One alone may be a slip: it has its row.
    assert main.main(["check", str(saved(tmp_path, code, 1)), "--method", "own.yaml", "--json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(one["rule"], one["row"]) for one in problems] == [("ratings.off_scale", 2)]
