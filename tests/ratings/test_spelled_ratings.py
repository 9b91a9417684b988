"""Ratings spelled as stars, as ``4/5`` or as ``80%``: read where the scale is certain, else refused once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ogp_analysis import tabular
from ogp_analysis.errors import Problem
from ogp_analysis.model import params
from ogp_analysis.ratings import layout, rating_cells
from ogp_analysis.ratings.known_words import Vocabulary
from ogp_analysis.ratings.problems import listed

METHOD = params.from_values(params.baseline()).method


def on_scale(minimum: float, maximum: float):
    """The plan's method with another scale for every indicator."""
    criteria = tuple(
        replace(
            one, indicators=tuple(replace(each, minimum=minimum, maximum=maximum) for each in one.indicators)
        )
        for one in METHOD.criteria
    )
    return replace(METHOD, criteria=criteria)


def valued(cells: list[str], method=METHOD, *, columns: tuple[str, ...] = ("Tiempo", "Recursos")):
    """Read a table with the same cells in each column of an indicator, one proposal a cell."""
    lines = [";".join(("Propuesta", "Panel", "Evaluador", *columns))]
    lines += [";".join((f"P{k:02}", "lead", "L1", *([cell] * len(columns)))) for k, cell in enumerate(cells)]
    table = tabular.parse(("\n".join(lines) + "\n").encode(), file="n.csv")[0]
    return rating_cells.value(layout.lengthen(table, Vocabulary(method)).frame, method)


# Cells, scale and what they mean; nothing where they are refused by this rule, in one line for both columns.
READ = {
    "stars": (["★★★★", "★"], (1, 5), [4, 1]),
    "stars of five": (["★★★★☆", "★☆☆☆☆"], (1, 5), [4, 1]),
    "emoji with the sign of how it is drawn": (["⭐️⭐️⭐️", "⭐️"], (1, 5), [3, 1]),
    "slash": (["4/5", "1/5"], (1, 5), [4, 1]),
    "slash with blanks": (["4 / 5", "0 / 5"], (0, 5), [4, 0]),
    "spanish": (["4 de 5", "2 DE 5"], (1, 5), [4, 2]),
    "english": (["4 of 5", "2 out of 5"], (1, 5), [4, 2]),
    "sobre": (["40 sobre 100", "99 sobre 100"], (0, 100), [40, 99]),
    "words for stars": (["4 stars", "1 star"], (1, 5), [4, 1]),
    "estrellas": (["4 estrellas", "1 estrella"], (1, 5), [4, 1]),
    "points": (["4 pts.", "1 pto"], (1, 5), [4, 1]),
    "points above what stars have": (["40 puntos", "9 puntos"], (0, 100), [40, 9]),
    "ten stars, given once": (["★" * 10, "★★"], (1, 10), [10, 2]),
    "in rings": (["①", "③"], (1, 5), [1, 3]),
    "in black rings": (["❹", "❶"], (1, 5), [4, 1]),
    "in brackets of one sign": (["⑴", "⑵"], (1, 5), [1, 2]),
    "on keys": (["4️⃣", "1️⃣"], (1, 5), [4, 1]),
    "in brackets": (["(4)", "(1)"], (1, 5), [4, 1]),
    "in square brackets": (["[4]", "[ 10 ]"], (0, 10), [4, 10]),
    "roman": (["IV", "I", "V"], (1, 5), [4, 1, 5]),
    "roman of a longer scale": (["IX", "X", "VIII"], (1, 10), [9, 10, 8]),
    "roman, signs of their own": (["Ⅳ", "Ⅰ"], (1, 5), [4, 1]),
    "per cent of a hundred": (["80%", "5 %"], (0, 100), [80, 5]),
    "per cent of a hundred, none empty": (["80%", "", "100%"], (0, 100), [80, 100]),
}
REFUSED = {
    "brackets where they may be a minus": (["(1)", "(2)"], (-3, 3), "ratings.spelled_scale", "?"),
    "roman or letters": (["V", "X", "V"], (1, 10), "ratings.spelled_letters", ""),
    "rings among numerals": (["①", "II"], (1, 5), "ratings.spelled_mixed", ""),
    "another top": (["4/10", "9/10"], (1, 5), "ratings.spelled_scale", "10"),
    "stars of another top": (["★★☆", "★☆☆"], (1, 5), "ratings.spelled_scale", "3"),
    "stars on a scale that nobody reaches with them": (["★★★★", "★"], (1, 10), "ratings.spelled_scale", "?"),
    "per cent of five": (["80%", "20%"], (1, 5), "ratings.spelled_scale", "100"),
    "per cent that could not be none": (["80%", "20%"], (1, 100), "ratings.spelled_scale", "100"),
    "beside plain numbers": (["4/5", "3/5", "4"], (1, 5), "ratings.spelled_mixed", ""),
    "two ways": (["4/5", "★★"], (1, 5), "ratings.spelled_mixed", ""),
}


@pytest.mark.parametrize("name", READ)
def test_a_column_that_spells_alike_on_the_scale_is_read(name: str) -> None:
    cells, scale, expected = READ[name]
    found = valued(cells, on_scale(*scale))
    assert found.problems == ()
    assert found.frame.loc[found.frame["indicator"] == "time", "rating"].dropna().tolist() == expected
    assert [note.key for note in found.notes].count("ratings.spelled") == 1


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_spelled_on_another_scale_or_in_two_ways_is_refused_once(name: str) -> None:
    cells, scale, rule, top = REFUSED[name]
    found = valued(cells, on_scale(*scale))
    (problem,) = found.problems
    assert (problem.rule, problem.column, dict(problem.detail)["top"]) == (rule, "Tiempo, Recursos", top)
    assert cells[0] in problem.value
    assert dict(problem.detail)["allowed"] == "{:g} – {:g}".format(*scale)


def test_a_number_off_the_scale_is_off_it_however_it_is_spelled() -> None:
    assert {problem.rule for problem in valued(["6 / 5", "4 / 5"]).problems} == {"ratings.off_scale"}


def test_a_single_spelled_cell_among_numbers_is_named_where_it_stands() -> None:
    found = valued(["4", "4/5", "3"], columns=("Tiempo",))
    assert [(p.rule, p.row, p.value) for p in found.problems] == [("ratings.not_a_number", 3, "4/5")]


@pytest.mark.parametrize("cell", ["2 años", "***", "1/2/5", "★4", "4 5", "de 5", "4/", "%"])
def test_what_is_no_spelled_rating_stays_what_it_is(cell: str) -> None:
    assert not any(problem.rule.startswith("ratings.spelled") for problem in valued([cell, cell]).problems)


@pytest.mark.parametrize(("columns", "lines"), [(3, 3), (4, 1)])
def test_one_fault_in_many_columns_is_one_line_to_read(columns: int, lines: int) -> None:
    rows = [
        Problem(
            "ratings.off_scale", "n.csv", row=row, column=f"C{at}", value="9", detail=(("allowed", "1, 2"),)
        )
        for at in range(columns)
        for row in (2, 3)
    ]
    shown = [line for line in listed(rows, "en").splitlines() if line.startswith("  - ")]
    assert len(shown) == lines
    named = "(and 7 more of this kind in 4 columns: C0, C1, C2, C3; first row 2 '9', row 3 '9', ...)"
    assert shown[0].endswith(named) == (lines == 1)


def test_columns_of_answers_in_words_are_one_line_to_read() -> None:
    found = valued(["muy alto", "bajo"])
    assert [problem.column for problem in found.problems] == ["Recursos", "Tiempo"]
    lines = listed(found.problems, "en").splitlines()
    assert len(lines) == 2
    assert "column Recursos, Tiempo: " in lines[1]
    assert "(cells: 4, first in rows 2, 3)" in lines[1]
