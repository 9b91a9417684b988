"""What stands behind a reference to a line: the cited words, their section and its printed page."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Set
from typing import Any

import pandas as pd

from ogp_analysis.errors import PlanError
from ogp_analysis.language import texts
from ogp_analysis.plan.bilingual_columns import filled
from ogp_analysis.plan.published import Tables

# "L600", "L584-L591", and what follows "line", "lines", "línea" or "líneas": "490, 504, 703" or "433-455".
_RANGE = r"\d{1,4}(?:\s?[-–]\s?L?\d{1,4})?"
_LETTER = re.compile(rf"\bL({_RANGE})")
_WORD = re.compile(rf"\b(?:lines?|líneas?)\s({_RANGE}(?:(?:,\s|\sand\s|\sy\s){_RANGE})*)")
_LETTERS = re.compile(rf"\bL{_RANGE}(?:\s+L{_RANGE})*")
_NUMBER = re.compile(r"\d+(?:\.0)?")
# Columns of tables that hold numbers of lines; `evidence`, causes and the like name them in their words.
LINE_COLUMN = re.compile(r"line(?:s|_.+)?|printed_again")
OF_COMMITMENTS = "4"
COLUMNS = ["line", "place_en", "place_es", "section", "section_title", "section_page", "text", "withheld"]


def plan_lines(tables: Tables) -> pd.DataFrame:
    """List every cited line of our transcription with its words and its place in the plan.

    Nobody outside has the transcription: a reader is given the words, the section and, where the plan's table
    of contents prints it, the page on which that section begins.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.published.read_all`).

    Returns
    -------
    DataFrame
        One row a line: ``line`` (of our transcription), ``place_en``, ``place_es`` (in words), ``section``
        (its printed number; missing where it has none), ``section_title``, ``section_page`` (printed page, 6
        to 68; missing where the contents print none), ``text`` (a bar stands between two cells of a table,
        […] for what is personal and kept out), ``withheld`` (whether something was).

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> lines = plan_lines(published.read_all()).set_index("line")
    >>> lines.loc[752, "place_en"]
    'section 3.3.4, Phase 4: proposal selection (begins on page 31)'
    """
    return _with_places(tables["plan_lines"])


def _with_places(rows: pd.DataFrame) -> pd.DataFrame:
    """Say in words where each line stands."""
    keys = ["plan.place.part" if missing else "plan.place.section" for missing in rows["section"].isna()]
    keys = [
        key if missing else f"{key}_page"
        for key, missing in zip(keys, rows["section_page"].isna(), strict=True)
    ]
    values = rows[["section", "section_title", "section_page"]].to_dict("records")
    return pd.concat([rows, filled("place", keys, values)], axis=1)[COLUMNS]


def lines_in(reference: str | float) -> list[int]:
    """Read the lines that a cell or a text refers to; the ends of a range stand for all between them.

    Parameters
    ----------
    reference : str or number
        A number of a line (``600``), or a text that names lines: ``"L246 L1214"``, ``"C7 M6 (L1084)"``,
        ``"lines 433-455"``, ``"líneas 490, 504 y 703"``.

    Returns
    -------
    list of int
        The lines, in the order of the text, each once; empty where none is named.

    Examples
    --------
    >>> lines_in(600), lines_in("L306 L308"), lines_in("(lines 490, 503-504 and 703)"), lines_in("16 of 297")
    ([600], [306, 308], [490, 503, 504, 703], [])
    """
    text = "" if pd.isna(reference) else str(reference).strip()
    if _NUMBER.fullmatch(text):
        return [int(float(text))]
    named = [match[1] for pattern in (_LETTER, _WORD) for match in pattern.finditer(text)]
    ranges = [part for group in named for part in re.findall(_RANGE, group)]
    return list(dict.fromkeys(line for part in ranges for line in _span(part)))


def in_places(text: str, places: Mapping[int, str]) -> str:
    """Put the place in the plan where a text names lines of our transcription, which its reader may not have.

    >>> in_places("the Core Group (lines 522, 709-710)", {522: "section 3.2", 709: "section 3.3.4"})
    'the Core Group (section 3.2; section 3.3.4)'
    >>> in_places("L906 L907", {906: "section 4", 907: "section 4"}), in_places("1 of 3", {})
    ('section 4', '1 of 3')
    """

    def placed(match: re.Match[str]) -> str:
        known = [places[line] for line in lines_in(match[0]) if line in places]
        return "; ".join(dict.fromkeys(known)) or match[0]

    return _LETTERS.sub(placed, _WORD.sub(placed, text))


def short_places(lines: pd.DataFrame, language: str) -> dict[int, str]:
    """Name the place of each line in few words: its section and the printed page on which that begins.

    >>> row = {"line": 1085, "section": "4", "section_title": "Commitment 7", "section_page": 55.0}
    >>> short_places(pd.DataFrame([row]), "en")
    {1085: 'section 4, Commitment 7, from p. 55'}
    """
    return {int(row["line"]): _short_place(row, language) for row in lines.to_dict("records")}


def _short_place(row: Mapping[Hashable, Any], language: str) -> str:
    section, title = row["section"], row["section_title"]
    # The commitments share one section, which says too little.
    named = pd.isna(section) or str(section) == OF_COMMITMENTS
    place = title if pd.isna(section) else texts.say("plan.place.short", language, section=section)
    place = f"{place}, {title}" if named and not pd.isna(section) else place
    if pd.isna(row["section_page"]):
        return str(place)
    return texts.say("plan.place.from_page", language, place=place, page=int(row["section_page"]))


def _span(part: str) -> range:
    numbers = [int(number) for number in re.findall(r"\d+", part)]
    return range(numbers[0], numbers[-1] + 1)


def cited(reference: str | float, tables: Tables) -> pd.DataFrame:
    """Give the sentences behind a reference to lines of the plan.

    Parameters
    ----------
    reference : str or number
        As for `lines_in`.
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        The rows of `plan_lines` that are referred to, in the order of the reference.

    Raises
    ------
    PlanError
        A line that is named alone, or both ends of a range, have no words: they are blank or not transcribed.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> cited("C9 M1 (L1148)", published.read_all())["text"].item()[:45]
    'Milestone 1: Drafting and issuance of the tec'
    """
    known = tables["plan_lines"].set_index("line", drop=False)
    return _with_places(known.loc[_with_words(reference, set(known.index))].reset_index(drop=True))


def _with_words(reference: str | float, known: Set[int]) -> list[int]:
    wanted = lines_in(reference)
    # Inside a range blank lines are no gap; a line cited alone must have words.
    present = [line for line in wanted if line in known]
    missing = [line for line in wanted if line not in known and not _between(line, present)]
    if missing:
        message = f"{reference!r} cites line {missing[0]} of the plan, which table 'plan_lines' does not have"
        raise PlanError(message, key="plan.unknown_line", reference=str(reference), line=missing[0])
    return present


def _between(line: int, present: list[int]) -> bool:
    return any(other < line for other in present) and any(other > line for other in present)


def citations(frame: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Find every reference to a line of the plan in a table, whichever column holds it.

    Parameters
    ----------
    frame : DataFrame
        A table of `ogp_analysis.plan.results.compute`, or of the plan.
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        One row a reference: ``row`` (position, from 0), ``column``, ``line`` (a key of `plan_lines`).

    Raises
    ------
    PlanError
        As for `cited`.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> frame = pd.DataFrame({"finding": ["a", "b"], "line": [600, 594], "cause": ["see L610", ""]})
    >>> citations(frame, published.read_all())
       row column  line
    0    0   line   600
    1    1   line   594
    2    0  cause   610
    """
    known = set(tables["plan_lines"]["line"])
    present = [
        (row, column, line)
        for column in frame.columns
        if LINE_COLUMN.fullmatch(str(column)) or _is_text(frame[column])
        for row, cell in enumerate(frame[column])
        if LINE_COLUMN.fullmatch(str(column)) or not _NUMBER.fullmatch(str(cell).strip())
        for line in _with_words(cell, known)
    ]
    return pd.DataFrame(present, columns=["row", "column", "line"])


def _is_text(column: pd.Series) -> bool:
    return column.dtype == object or pd.api.types.is_string_dtype(column)
