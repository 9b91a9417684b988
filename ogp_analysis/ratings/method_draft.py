"""A method file drafted from ratings that are there: indicators, scales, panels, and how many rate what.

What nobody typed cannot be seen: an end of a scale that nobody used, the criteria behind the indicators, the
categories. The file says so where it stands, and `ogp check --method` reads what comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.language import texts
from ogp_analysis.language.folding import key_of
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PANEL, PROPOSAL, RATING, ROLE, THIRD
from ogp_analysis.ratings.evaluator_columns import evaluator_in
from ogp_analysis.ratings.implausible_ratings import without_total_lines
from ogp_analysis.ratings.known_words import (
    column_of,
    is_added_by_a_tool,
    is_remark,
    is_total,
    packaged,
    table_of,
)
from ogp_analysis.ratings.layout import columns_of, lacking_columns
from ogp_analysis.tabular import Table, decimal_of, inspect, number

CRITERION = "criterion"
# Headers of a column that says to which criterion an indicator belongs; a run needs none.
CRITERION_WORDS = frozenset({"criterion", "criterio", "dimension"})
# Headers of columns of numbers that are an order or a count of rows.
RANKS = frozenset(
    {
        "rank",
        "ranking",
        "puesto",
        "posicion",
        "position",
        "lugar",
        "orden",
        "order",
        "n",
        "no",
        "nro",
        "num",
        "",
    }
)
COLUMNS = (PROPOSAL, PANEL, ROLE, CRITERION, EVALUATOR, INDICATOR, RATING)
# As many letters as a name may have.
LONGEST_NAME = 40
# More different texts than these are remarks, not answers of a scale; our choice.
MOST_ANSWERS = 12
LEVELS = ("low", "medium", "high")


def drafted(path: Path, language: str = "en") -> dict[str, Any]:
    r"""Say in the keys of a method file what a file of ratings shows of its method.

    Parameters
    ----------
    path : pathlib.Path
        A CSV or XLSX file: a row for each rating, a column for each indicator or a column for each evaluator.
    language : str
        Of the title of a criterion that the file does not name.

    Returns
    -------
    dict
        ``criteria``, ``decision_table`` (rules on levels, our choice) and ``third``. Scales go from the
        lowest to the highest rating typed, by the largest step that reaches all of them; ratings that lie on
        the scale of another indicator which is less than twice as long take that scale (our choice).
        ``raters`` are the fewest and the most independent evaluators of a proposal in a panel; the most
        alone where nine cells in ten have it.

    Raises
    ------
    DataError
        The file cannot be read, or holds no column of proposals or no ratings.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "notas.csv"
    >>> _ = file.write_text("propuesta,juez,Claridad\nA,j1,2.5\nA,j2,4\nA,j3,5\nB,j1,5\n", encoding="utf-8")
    >>> seen = drafted(file)["criteria"][0]
    >>> seen["raters"], seen["indicators"]
    ([1, 3], [{'name': 'claridad', 'title': 'Claridad', 'minimum': 2.5, 'maximum': 5, 'step': 0.5}])
    """
    tables = [
        without_total_lines(table)[0]
        for table in inspect(path, is_header=_is_header)
        if table.header and _may_rate(table)
    ]
    rows = pd.concat([_rated(table) for table in tables]) if tables else pd.DataFrame()
    if rows.empty:
        raise DataError(_without_ratings(tables, path), language)
    criteria = _criteria(rows, texts.say("method.draft.criterion", language))
    names = [criterion["name"] for criterion in criteria]
    best = {"when": dict.fromkeys(names, LEVELS[-1]), "category": "funded"}
    good = {"when": {name: list(LEVELS[1:]) for name in names}, "category": "reserve"}
    thirds = bool((rows[ROLE] == THIRD).any())
    return {
        "criteria": criteria,
        "decision_table": {"rules": [best, good], "default": "refused"},
        "third": {"for": names if thirds else [], "when": "differ" if thirds else "never"},
    }


def _may_rate(table: Table) -> bool:
    """Leave out sheets of totals, and those of proposals, decisions and evaluators."""
    return not is_total(table.name) and table_of(table.name) in ("", "ratings")


def _is_header(cells: Iterable[str]) -> bool:
    known = {column_of(cell) or evaluator_in(cell)[0] for cell in cells}
    return len(known - {""}) > 1


def _rated(table: Table) -> pd.DataFrame:
    """Give one row a rating of a table of any shape, ``COLUMNS``; no row where it holds none."""
    columns = _columns(table)
    if PROPOSAL not in columns or (RATING in columns and CRITERION in columns and INDICATOR not in columns):
        return pd.DataFrame(columns=list(COLUMNS))
    cells = pd.DataFrame(table.rows, columns=range(len(table.header)), dtype=object)
    who = pd.DataFrame({name: cells[columns[name]] if name in columns else "" for name in COLUMNS[:5]})
    who[ROLE] = [packaged()["role"].get(key_of(role), "") for role in who[ROLE]]
    # Who is named nowhere is the sheet, or whoever filled the row.
    who[EVALUATOR] = who[EVALUATOR].where(who[EVALUATOR] != "", table.name or who.index.astype(str))
    if RATING in columns:
        name = cells[columns[INDICATOR]] if INDICATOR in columns else table.header[columns[RATING]]
        parts = [who.assign(**{INDICATOR: name, RATING: cells[columns[RATING]]})]
    else:
        parts = []
        for at, name in _asked(table, cells, set(columns.values())).items():
            seat = evaluator_in(table.header[at])[0]
            own = who.assign(**{EVALUATOR: seat}) if seat else who
            parts.append(own.assign(**{INDICATOR: name, RATING: cells[at]}))
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=list(COLUMNS))
    return frame[(frame[RATING] != "") & (frame[PROPOSAL] != "") & (frame[INDICATOR] != "")]


def _columns(table: Table) -> dict[str, int]:
    """Give the columns that are no ratings, and the one of criteria where indicators have another one."""
    columns = columns_of(table)
    headers = dict(enumerate(table.header))
    seats = {at for at, header in headers.items() if evaluator_in(header)[0]}
    columns = {name: at for name, at in columns.items() if len(seats) < 2 or at not in seats}
    criteria = [at for at, header in headers.items() if key_of(header) in CRITERION_WORDS]
    others = [at for at, header in headers.items() if column_of(header) == INDICATOR and at not in criteria]
    # An English table may call its indicators criteria: where nothing else does, that is what they are.
    if columns.get(INDICATOR) in criteria and not others:
        return columns
    return (
        columns
        | dict(zip([CRITERION], criteria, strict=False))
        | dict(zip([INDICATOR], others, strict=False))
    )


def _asked(table: Table, cells: pd.DataFrame, known: Collection[int]) -> dict[int, str]:
    """Name the indicator of each column that holds ratings: of all evaluators, or of one of them."""
    asked = {}
    for at, header in enumerate(table.header):
        aside = is_total(header) or is_added_by_a_tool(header) or key_of(header) in RANKS
        if at in known or not header or aside:
            continue
        evaluator, others = evaluator_in(header)
        if evaluator and not any(is_remark(part) or is_total(part) for part in others):
            asked[at] = " ".join(others) or table.name or Path(table.file).stem
        elif not evaluator and _are_ratings(cells[at][cells[at] != ""]):
            asked[at] = header
    return asked


def _are_ratings(typed: pd.Series) -> bool:
    """Say whether cells are numbers, or few answers that come again and again."""
    return bool(_numbers(typed)) or 0 < len(set(typed)) <= min(MOST_ANSWERS, len(typed) / 2)


def _criteria(rows: pd.DataFrame, untitled: str) -> list[dict[str, Any]]:
    """Put indicators under the criterion that the file names, apart where other panels rate them."""
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for title, cells in rows.groupby(INDICATOR, sort=False):
        key = (str(cells[CRITERION].iloc[0]), tuple(dict.fromkeys(cells[PANEL])))
        groups.setdefault(key, []).append(str(title))
    titles_of_criteria = _different([title or untitled for title, _ in groups])
    names = _names(titles_of_criteria)
    panels = _names(dict.fromkeys(panel or "panel" for _, group in groups for panel in group), "panel")
    indicators = _names([title for group in groups.values() for title in group], "indicator")
    scales = _scales(
        {str(title): list(cells[RATING]) for title, cells in rows.groupby(INDICATOR, sort=False)}
    )
    return [
        {
            "name": name,
            "title": names[name],
            "panels": [_named(panels, panel or "panel") for panel in group],
            "raters": _raters(rows[rows[INDICATOR].isin(titles)], len(group)),
            "levels": list(LEVELS),
            "indicators": [_named(indicators, title) | scales[title] for title in titles],
        }
        for name, ((_, group), titles) in zip(names, groups.items(), strict=True)
    ]


def _different(titles: list[str]) -> list[str]:
    """Number what has the title of an earlier one."""
    earlier = [titles[:at].count(title) for at, title in enumerate(titles)]
    return [f"{title} {count + 1}" if count else title for title, count in zip(titles, earlier, strict=True)]


def _names(titles: Iterable[str], kind: str = CRITERION) -> dict[str, str]:
    """Make a code of each title, the titles by their codes."""
    names: dict[str, str] = {}
    for title in titles:
        code = key_of(title)
        code = code if code[:1].isalpha() else f"{kind}_{code}".strip("_")
        code = code[: LONGEST_NAME - 3].rstrip("_")
        alike = sum(re.fullmatch(rf"{re.escape(code)}(_\d+)?", name) is not None for name in names)
        names[f"{code}_{alike + 1}" if alike else code] = title
    return names


def _named(names: Mapping[str, str], title: str) -> dict[str, str]:
    return {"name": next(name for name, one in names.items() if one == title), "title": title}


def _raters(rows: pd.DataFrame, panels: int) -> int | list[int]:
    """Count the independent ratings of a cell, the fewest and the most."""
    counts = rows[rows[ROLE] != THIRD].groupby([PROPOSAL, INDICATOR, PANEL])[EVALUATOR].nunique()
    fewest, most = (int(counts.min()), int(counts.max())) if len(counts) else (2, 2)
    # Few cells with fewer: ratings are missing there, and no design asks for less. Nine in ten is our choice.
    fewest = most if len(counts) and (counts == most).mean() >= 0.9 else fewest
    # One evaluator in one panel is no blind rating: the least that a method can ask for stands there.
    most = most if most > 1 or panels == 2 else 2
    return most if fewest >= most or most <= 2 else [fewest, most]


def _without_ratings(tables: list[Table], path: Path) -> list[Problem]:
    if not tables:
        return [Problem("ratings.empty_file", file=path.name)]
    named = next((table for table in tables if columns_of(table)), tables[0])
    columns = _columns(named)
    absent = [name for name in (PROPOSAL, RATING) if name not in columns][:1]
    # Ratings of several criteria in one column: what they rate would be one indicator.
    absent = absent or ([INDICATOR] if CRITERION in columns and INDICATOR not in columns else [])
    missing = lacking_columns(named, absent)
    return missing or [Problem("ratings.no_rating", named.file, named.name)]
