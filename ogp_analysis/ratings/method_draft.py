"""A method file drafted from ratings that are there: indicators, scales, panels, and how many rate what.

What nobody typed cannot be seen: an end of a scale that nobody used, the criteria behind the indicators, the
categories. The file says so where it stands, and `ogp check --method` reads what comes of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.language import texts
from ogp_analysis.language.folding import key_of
from ogp_analysis.model.method_checks import LARGEST_SCALE
from ogp_analysis.model.records import (
    CRITERION,
    EVALUATOR,
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    ROLE,
    THIRD,
)
from ogp_analysis.ratings.columns import header_place
from ogp_analysis.ratings.draft_cells import lone_cells, plain, without_missing_marks
from ogp_analysis.ratings.draft_columns import Sheet, differs_within, meant, unread
from ogp_analysis.ratings.draft_criteria import Groups, by_sheets, criteria_of, decided, groups_of
from ogp_analysis.ratings.draft_directions import directions
from ogp_analysis.ratings.draft_lone import lone_answers, lone_numbers
from ogp_analysis.ratings.draft_raters import Raters
from ogp_analysis.ratings.draft_scales import (
    Span,
    are_brackets,
    are_numbered,
    numbers_in,
    ranks_of,
    shares_a_scale,
)
from ogp_analysis.ratings.evaluator_columns import evaluator_in
from ogp_analysis.ratings.header_rows import gives_values, over_seats
from ogp_analysis.ratings.implausible_ratings import without_total_lines
from ogp_analysis.ratings.known_words import (
    is_added_by_a_tool,
    is_remark,
    is_summary,
    is_total,
    meanings,
    packaged,
    table_of,
)
from ogp_analysis.ratings.layout import columns_of, lacking_columns
from ogp_analysis.ratings.proposal_column import STANDING_IN, are_codes, meanings_in, proposal_by_cells
from ogp_analysis.ratings.proposal_sheets import titles_as_proposals
from ogp_analysis.ratings.stated_scales import stated_ends
from ogp_analysis.tabular import Table, inspect

PROPOSALS = "proposals"
# Kinds of tables that may hold ratings.
RATED = ("", "ratings")
HIDDEN = ("tabular.hidden_sheet", "tabular.hidden_rows", "tabular.hidden_columns")
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
        "n_o",
        "nro",
        "num",
        "numero",
        "number",
        "",
    }
)
# Table, position of the row and of the column of a rating.
PLACE = ("table", "at", "column")
COLUMNS = (PROPOSAL, PANEL, ROLE, CRITERION, EVALUATOR, INDICATOR, RATING)
# More different texts than these are remarks, not answers of a scale; our choice.
MOST_ANSWERS = 12
# Of a header, where only the column of proposals has a name that we know; our choice.
FEWEST_TITLES = 3


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
        ``criteria``, ``categories`` and ``decision_table`` (rules on levels, our choice), ``third`` and
        ``remarks``: sentences. Scales go from the lowest to the highest rating typed, by the largest usual
        step that reaches all of them; indicators have one in common unless their ratings show otherwise (our
        choice). ``raters`` are the fewest and the most independent evaluators of a proposal in a panel, so
        that `ogp check` accepts the file that the draft was made from. Two answers give two levels.

    Raises
    ------
    DataError
        The file cannot be read, holds no column of proposals or no ratings, or columns that may be evaluators
        or indicators.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "notas.csv"
    >>> _ = file.write_text("propuesta,juez,Claridad\nA,j1,2.5\nA,j2,4\nA,j3,5\nB,j1,5\n", encoding="utf-8")
    >>> seen = drafted(file)["criteria"][0]
    >>> seen["raters"], seen["indicators"]
    ([1, 3], [{'name': 'claridad', 'title': 'Claridad', 'minimum': 2.5, 'maximum': 5, 'step': 0.5}])
    """
    read = _read(path, language)
    rows = read.rows
    groups = groups_of(rows, texts.say("method.draft.criterion", language))
    other = texts.say("method.draft.other", language)
    criteria = criteria_of(rows, groups, read.proposals, other)
    names = [criterion["name"] for criterion in criteria]
    thirds = bool((rows[ROLE] == THIRD).any())
    lone = lone_cells(rows)
    _refuse_too_fine(criteria, lone, language)
    odd = [
        *read.remarks,
        *lone_answers(criteria, other),
        *lone_numbers(rows, criteria),
        *_shared_scales(rows, criteria),
        *lone,
    ]
    return {
        "criteria": criteria,
        **decided(criteria),
        "third": {"for": names if thirds else [], "when": "differ" if thirds else "never"},
        "remarks": [
            problem.say(language)
            for problem in (*odd, *_orders(criteria), *_turned(rows, criteria), *_gaps(rows, groups, read))
        ],
    }


@dataclass(frozen=True)
class _Read:
    """One row a rating of all tables; every proposal that a table lists; what is odd about the tables."""

    rows: pd.DataFrame
    proposals: tuple[str, ...]
    remarks: list[Problem]


def _read(path: Path, language: str) -> _Read:
    """Read every table of a file."""
    inspected = inspect(path, is_header=_is_header, join_headers=over_seats)
    every = titles_as_proposals([table for table in inspected if table.header])
    tables = [
        without_total_lines(table, _columns(table).get(PROPOSAL))[0]
        for table in every
        if _may_rate(table, every)
    ]
    sheets = [sheet for table in tables if (sheet := _sheet(table)) is not None]
    try:
        read, remarks = meant(sheets, texts.say("method.draft.score", language))
    except DataError as error:
        raise DataError(list(error.problems), language) from None
    rated = [_rated(sheet, asked) for sheet, asked in zip(sheets, read, strict=True)]
    rows = pd.concat(rated) if rated else pd.DataFrame()
    if rows.empty:
        raise DataError(_without_ratings(tables, path), language)
    rows, codes = without_missing_marks(by_sheets(rows))
    remarks += codes
    for sheet, asked in zip(sheets, read, strict=True):
        remarks += [*_empty_columns(sheet, asked), *_by_cells(sheet), *_left_out(sheet)]
    return _Read(rows, _proposals(rows, every), [*_of_sheets(every), *remarks])


def _proposals(rows: pd.DataFrame, every: list[Table]) -> tuple[str, ...]:
    """List the proposals that were rated, and those that a table of proposals lists beside."""
    listed = [
        code
        for table in every
        if table_of(table.name) == PROPOSALS and PROPOSAL in (columns := columns_of(table))
        for code in table.column(columns[PROPOSAL])
    ]
    return tuple(dict.fromkeys([*listed, *rows[PROPOSAL]]))


def _of_sheets(every: list[Table]) -> list[Problem]:
    """Name the sheets that are hidden, and those that are left out as summaries of others."""
    hidden = [(table, note) for table in every for note in table.notes if note.key in HIDDEN]
    remarks = [
        Problem(
            note.key, table.file, table.name, detail=tuple((name, str(value)) for name, value in note.values)
        )
        for table, note in hidden
    ]
    left = [table for table in every if is_summary(table.name) and not _may_rate(table, every)]
    return remarks + [Problem("method.draft.summary", table.file, table.name) for table in left]


def _may_rate(table: Table, beside: list[Table]) -> bool:
    """Leave out sheets of proposals, decisions and evaluators, and summaries beside sheets of ratings."""
    others = any(not is_summary(other.name) and table_of(other.name) in RATED for other in beside)
    repeats = is_summary(table.name) and others and EVALUATOR not in _columns(table)
    return not repeats and table_of(table.name) in RATED


def _is_header(cells: Iterable[str]) -> int:
    """Count the columns that a row names, words beside a column of proposals among them; 0 for no header."""
    row = list(cells)
    read = meanings(row)
    known = {*read, *(evaluator_in(cell)[0] for cell in row)} - {""}
    # What juries rate has names of its own: a column of proposals and words beside it are a header too.
    filled = [cell for cell in row if cell]
    titled = len(filled) >= FEWEST_TITLES and not any(numbers_in([cell]) for cell in filled)
    if gives_values(row):
        return 0
    if titled and PROPOSAL in read and len({*filled}) == len(filled):
        return len(filled)
    return len(known) if len(known) > 1 else 0


def _sheet(table: Table) -> Sheet | None:
    """Give a table with its columns; nothing where no proposals are in it, or criteria in one column."""
    columns = _columns(table)
    if PROPOSAL not in columns or (RATING in columns and CRITERION in columns and INDICATOR not in columns):
        return None
    rated = [at for at in range(len(table.header)) if at not in columns.values() and _is_rated(table, at)]
    if RATING in columns and INDICATOR in columns:
        return Sheet(table, columns, [])
    own = columns.get(RATING)
    described = _describing(table, columns[PROPOSAL], rated if own is None else [*rated, own])
    rated = [at for at in rated if at not in described]
    if own is None:
        return Sheet(table, columns, rated, tuple(described))
    # "Rating" beside columns of the same scale is one indicator among others.
    beside = [at for at in rated if _on_one_scale(table, at, own)]
    if beside:
        columns = {name: at for name, at in columns.items() if name != RATING}
        return Sheet(table, columns, sorted([*beside, own]), tuple(described))
    return Sheet(table, columns, [])


def _on_one_scale(table: Table, at: int, other: int) -> bool:
    """Say whether two columns of ratings may be on one scale, or are answers in words both."""
    numbers = [numbers_in([cell for cell in table.column(each) if cell]) for each in (at, other)]
    return shares_a_scale(*map(Span.of, numbers)) if all(numbers) else not any(numbers)


def _describing(table: Table, proposals: int, rated: list[int]) -> list[int]:
    """Give the columns that say the same of a proposal in all its rows while others do not: no ratings."""
    codes = [key_of(cell) for cell in table.column(proposals)]
    several = {code for code, count in Counter(codes).items() if count > 1 and code}
    if 2 * len(several) <= len({*codes}):
        return []
    differing = [
        at
        for at in rated
        if len(
            {
                (code, cell)
                for code, cell in zip(codes, table.column(at), strict=True)
                if code in several and cell
            }
        )
        > len(several)
    ]
    of_nobody = [at for at in rated if not evaluator_in(table.header[at])[0]]
    return [at for at in of_nobody if at not in differing] if differing else []


def _rated(sheet: Sheet, asked: Mapping[int, tuple[str, str]]) -> pd.DataFrame:
    """Give one row a rating of a table of any shape: ``COLUMNS`` and ``PLACE``."""
    table, columns = sheet.table, sheet.columns
    cells = pd.DataFrame(table.rows, columns=range(len(table.header)), dtype=object)
    who = pd.DataFrame({name: cells[columns[name]] if name in columns else "" for name in COLUMNS[:5]})
    who[ROLE] = [packaged()["role"].get(key_of(role), "") for role in who[ROLE]]
    # Who is named nowhere is the sheet, or whoever filled the row.
    who[EVALUATOR] = who[EVALUATOR].where(who[EVALUATOR] != "", table.name or who.index.astype(str))
    who["table"], who["at"] = [table] * len(who), range(len(who))
    if RATING in columns:
        at = columns[RATING]
        name = cells[columns[INDICATOR]] if INDICATOR in columns else table.header[at]
        parts = [who.assign(**{INDICATOR: name, RATING: cells[at], "column": at})]
    else:
        parts = [
            who.assign(
                **{EVALUATOR: seat or who[EVALUATOR], RATING: cells[at], "column": at},
                **{INDICATOR: cells[columns[INDICATOR]] if seat and INDICATOR in columns else name},
            )
            for at, (seat, name) in asked.items()
        ]
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=[*COLUMNS, *PLACE])
    named = frame[INDICATOR].map(lambda one: bool(one) and not is_total(one)).astype(bool)
    return frame[named & (frame[RATING] != "") & (frame[PROPOSAL] != "")]


def _columns(table: Table) -> dict[str, int]:
    """Give the columns that are no ratings, and the one of criteria where indicators have another one."""
    columns = columns_of(table)
    seats = {at for at, header in enumerate(table.header) if evaluator_in(header)[0]}
    columns = {name: at for name, at in columns.items() if len(seats) < 2 or at not in seats}
    groups = [at for at, header in enumerate(table.header) if key_of(header) in packaged()["group"]]
    # A table may call its indicators criteria: where nothing else does, that is what they are.
    apart = [at for at in groups if columns.get(INDICATOR) != at]
    columns |= dict(zip([CRITERION], apart, strict=False))
    if PROPOSAL not in columns:
        at = _proposal_at(table, columns)
        columns = {name: other for name, other in columns.items() if other != at}
        columns |= {} if at is None else {PROPOSAL: at}
    at = columns.get("reiterations")
    if at is not None and PROPOSAL in columns and differs_within(table, columns[PROPOSAL], at):
        # A count is the same in all rows of a proposal: this is an indicator of that name.
        columns = {name: other for name, other in columns.items() if name != "reiterations"}
    return columns


def _proposal_at(table: Table, columns: Mapping[str, int]) -> int | None:
    """Give the column that names what is judged, told by its cells; none in a table without ratings."""
    known = {at for name, at in columns.items() if name not in STANDING_IN}
    keys = [columns[name] for name in (EVALUATOR, INDICATOR, PANEL, CRITERION) if name in columns]
    if RATING in columns:
        return proposal_by_cells(table, known - {*keys}, keys) if keys else None
    rated = [at for at in range(len(table.header)) if at not in known and _is_rated(table, at)]
    # Codes of what is judged come again as answers do, once for each evaluator.
    texts_only = [at for at in rated if keys and not numbers_in([cell for cell in table.column(at) if cell])]
    return proposal_by_cells(table, {*rated, *known} - {*keys, *texts_only}, keys) if rated else None


def _is_rated(table: Table, at: int) -> bool:
    """Say whether a column holds ratings: it is headed by an evaluator, or its cells are such."""
    header = table.header[at]
    if not header or is_total(header) or is_added_by_a_tool(header) or key_of(header) in RANKS:
        return False
    if key_of(header) in packaged()["of_evaluator"] or are_codes(header, table.column(at)):
        return False
    seat, others = evaluator_in(header)
    if seat:
        return not any(is_remark(part) or is_total(part) for part in others)
    return not _counts_rows(table, at) and _are_ratings([cell for cell in table.column(at) if cell])


def _counts_rows(table: Table, at: int) -> bool:
    """Say whether a column left of all other numbers counts the rows of the table, from 1 on."""
    cells = [cell for cell in table.column(at) if cell and not is_total(cell)]
    left = all(not numbers_in([cell for cell in table.column(other) if cell]) for other in range(at))
    return left and len(cells) > 1 and cells == [str(k) for k in range(1, len(cells) + 1)]


def _are_ratings(typed: list[str]) -> bool:
    """Say whether cells are numbers, or few answers that come again and again."""
    return bool(numbers_in(typed)) or 0 < len(set(typed)) <= min(MOST_ANSWERS, len(typed) / 2)


def _empty_columns(sheet: Sheet, asked: Mapping[int, tuple[str, str]]) -> list[Problem]:
    """Name the columns of evaluators who rated nothing."""
    table = sheet.table
    return [
        Problem("method.draft.empty_column", column=table.header[at], **header_place(table))
        for at, (seat, _) in asked.items()
        if seat and not any(table.column(at))
    ]


def _by_cells(sheet: Sheet) -> list[Problem]:
    """Say which column was read as what is judged, where its header is no word for it."""
    header = sheet.table.header[sheet.columns[PROPOSAL]]
    if PROPOSAL in meanings_in(sheet.table):
        return []
    return [Problem("method.draft.proposal_by_cells", column=header, **header_place(sheet.table))]


def _left_out(sheet: Sheet) -> list[Problem]:
    """Name the columns of numbers or answers that are no ratings: they describe proposals, or evaluators."""
    table, place = sheet.table, header_place(sheet.table)
    own = [at for at, header in enumerate(table.header) if key_of(header) in packaged()["of_evaluator"]]
    columns = {
        "of_the_proposal": sheet.described,
        "of_the_evaluator": own if RATING not in sheet.columns else (),
        "not_read": unread(sheet, MOST_ANSWERS) if {RATING, INDICATOR} <= {*sheet.columns} else (),
    }
    return [
        Problem(f"method.draft.{key}", column=", ".join(table.header[at] for at in listed), **place)
        for key, listed in columns.items()
        if listed
    ]


def _orders(criteria: list[dict[str, Any]]) -> list[Problem]:
    """Name the order in which answers in words stand: a wrong one turns every score round."""
    in_words = [one for each in criteria for one in each["indicators"] if "labels" in one]
    return [
        Problem(
            f"method.draft.{_order_of(one['labels'])}",
            indicator=one["title"],
            value=" < ".join(one["labels"]),
        )
        for one in in_words
        if not are_numbered(one["labels"])
    ]


def _turned(rows: pd.DataFrame, criteria: list[dict[str, Any]]) -> list[Problem]:
    """Name the indicators of numbers of which less may be better; of answers the order is remarked."""
    every = [one for each in criteria for one in each["indicators"]]
    return directions(rows, [one["title"] for one in every if "labels" not in one])


def _order_of(labels: list[str]) -> str:
    """Say how answers came into their order."""
    if ranks_of(labels):
        return "usual_order"
    return "order_of_numbers" if are_brackets(labels) else "order_as_typed"


def _gaps(rows: pd.DataFrame, groups: Groups, read: _Read) -> list[Problem]:
    """Say where cells have fewer ratings than others."""
    return [
        problem
        for (title, _), titles in groups.items()
        for problem in Raters.of(rows[rows[INDICATOR].isin(titles)], read.proposals).remarks(title)
    ]


def _refuse_too_fine(criteria: list[dict[str, Any]], lone: list[Problem], language: str) -> None:
    """Refuse ratings that lie on no scale: means and the like, of more steps than a scale may have.

    Where one cell alone makes it so long, that cell is named.
    """
    numbered = [one for each in criteria for one in each["indicators"] if "labels" not in one]
    fine = [one for one in numbered if (one["maximum"] - one["minimum"]) / one["step"] >= LARGEST_SCALE]
    if fine:
        slips = [problem for problem in lone if problem.indicator in {one["title"] for one in fine}]
        if slips:
            raise DataError(slips, language)
        names = ", ".join(one["title"] for one in fine)
        steps = ", ".join(dict.fromkeys(format(Decimal(repr(one["step"])), "f") for one in fine))
        limit = (("limit", str(LARGEST_SCALE)),)
        problem = Problem("method.draft.too_fine", indicator=names, value=steps, detail=limit)
        raise DataError([problem], language)


def _shared_scales(rows: pd.DataFrame, criteria: list[dict[str, Any]]) -> list[Problem]:
    """Say which indicators take a scale in common though their own ratings go less far, or their header's."""
    typed = {str(title): numbers_in(cells[RATING]) for title, cells in rows.groupby(INDICATOR, sort=False)}
    shared: dict[tuple[str, Any, Any], list[str]] = {}
    for one in (one for each in criteria for one in each["indicators"] if "labels" not in one):
        values = typed[one["title"]]
        ends = [plain(end) for end in (min(values), max(values))]
        if min(values) < max(values) and [float(end) for end in ends] != [one["minimum"], one["maximum"]]:
            key = "stated" if stated_ends(one["title"], values) else "shared"
            listed = f"{one['title']} {ends[0]}–{ends[1]}"
            shared.setdefault((key, one["minimum"], one["maximum"]), []).append(listed)
    return [
        Problem(
            f"method.draft.{key}",
            value=", ".join(each),
            detail=(("low", f"{low:g}"), ("high", f"{high:g}")),
        )
        for (key, low, high), each in shared.items()
    ]


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
