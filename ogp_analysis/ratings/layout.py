"""Four shapes of ratings to one long table: a row a rating, a column an indicator or an evaluator, a form.

Nothing is judged here: every cell keeps its text and its address.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import (
    EVALUATOR,
    INDEPENDENT,
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    RATING_COLUMNS,
    ROLE,
)
from ogp_analysis.ratings.columns import Heads, header_place, heads_of, is_of_a_tool, nearly_read, renamed
from ogp_analysis.ratings.evaluator_columns import is_a_person
from ogp_analysis.ratings.known_words import CODE, Vocabulary, both_words, column_of, is_total
from ogp_analysis.ratings.problems import LISTED, problems_at
from ogp_analysis.ratings.proposal_column import meanings_in
from ogp_analysis.ratings.reading_notes import Translated
from ogp_analysis.tabular import Note, Table, decimal_of

LONG, WIDE, FORM, GRID = "long", "wide", "form", "grid"
SHAPE = "ratings.shape."
# "Overall evaluation: 2"; so many cells of a column are looked at (our choice).
SCORE = re.compile(r"([^\W\d][^:\n;|]{0,60}):\s*[-+]?[0-9]+(?:[.,][0-9]+)?\s*(?:[\n;|,]|$)")
PACKED_CELLS = 20
# REDCap: a column for each answer, in exports of codes and of labels.
CHECK_BOX = re.compile(r"___[0-9]+$|\(choice=")
PLACE = ("file", "sheet", "row", "cell", "heads")
TYPED_COLUMNS = (*RATING_COLUMNS, "date", *PLACE, "decimal", "faulty", "unread")
# Known headers without a rating: what a form adds, which may identify people, and the mark of invented data.
DROPPED = ("timestamp", "email", "comment", "synthetic")


@dataclass(frozen=True)
class Typed:
    """One table turned long: rating cells as text with their addresses.

    Parameters
    ----------
    frame : DataFrame
        Columns ``TYPED_COLUMNS``, all text but ``row``, ``heads`` (header and letter by column), ``faulty``
        (letters of the cells of the row that could not be read, an empty one for the row as a whole) and
        ``unread`` (whether the rating, or whose it is, is among them).
    notes : tuple of Note
        What was translated, assumed or not used.
    problems : tuple of Problem
        Columns that lack or occur twice, and codes in headers that contradict the column of proposals.
    totals : tuple of str
        Headers of columns of sums or means, which are not read.
    """

    frame: pd.DataFrame
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    totals: tuple[str, ...] = ()


def columns_of(table: Table) -> dict[str, int]:
    r"""Position of each column we know by our name; the first where several mean the same.

    >>> from ogp_analysis import tabular
    >>> columns_of(tabular.parse("Código,Calificación,Nota\nS01,4,5\n".encode(), file="n.csv")[0])
    {'rating': 1}
    """
    positions: dict[str, int] = {}
    for position, meaning in enumerate(meanings_in(table)):
        positions.setdefault(meaning, position)
    # Headers that are no known name all came under the empty one.
    positions.pop("", None)
    return positions


def shape_of(table: Table, vocabulary: Vocabulary) -> str:
    """Tell the shape of a ratings table, empty where it holds no ratings.

    Parameters
    ----------
    table : Table
        As typed.
    vocabulary : Vocabulary
        The words of the method.

    Returns
    -------
    str
        ``"long"`` (a row a rating), ``"wide"`` (a column an indicator), ``"form"`` (a row a submission),
        ``"grid"`` (a column an evaluator) or ``""``.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> heads = (b"proposal,indicator,rating", b"proposal,time", b"panel,S01 [time]", b"proposal,title")
    >>> [shape_of(tabular.parse(head, file="n.csv")[0], vocabulary) for head in heads]
    ['long', 'wide', 'form', '']
    """
    return form_of(heads_of(table, vocabulary))


def form_of(heads: Heads) -> str:
    """Tell the shape of a ratings table from its headers, as `shape_of` does."""
    columns, questions = heads.columns, heads.questions
    if heads.evaluators:
        return GRID
    # A method may call an indicator "rating"; without a column of indicators it is one column an indicator.
    if INDICATOR in columns or (RATING in columns and not questions):
        return LONG
    if PROPOSAL not in columns and questions:
        # Whose ratings they are must still be told: a summary by indicator is none.
        coded = heads.doubtful or any(proposal for proposal, _ in questions.values())
        return FORM if coded or EVALUATOR in columns else ""
    names = {indicator for _, indicator in questions.values()}
    # A table of proposals may count reiterations; a column of that name alone is no rating.
    if PROPOSAL not in columns or not names - ({"reiterations"} if EVALUATOR not in columns else set()):
        return ""
    return FORM if "timestamp" in columns else WIDE


def names_proposals(table: Table, vocabulary: Vocabulary) -> bool:
    """Say whether a table has a column of proposals, or their codes in its headers."""
    heads = heads_of(table, vocabulary)
    return PROPOSAL in heads.columns or any(proposal for proposal, _ in heads.questions.values())


def lengthen(table: Table, vocabulary: Vocabulary, known: Collection[str] = ()) -> Typed:
    r"""Turn a ratings table of any shape into one row a rating.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> content = b"proposal,panel,evaluator,time,resources\nS01,lead,L1,4,2\n"
    >>> typed = lengthen(tabular.parse(content, file="n.csv")[0], vocabulary).frame
    >>> typed[["proposal", "indicator", "rating", "row"]].values.tolist()
    [['S01', 'time', '4', 2], ['S01', 'resources', '2', 2]]
    """
    heads = heads_of(table, vocabulary, known)
    shape = form_of(heads) or LONG
    columns, questions = heads.columns, heads.questions
    if shape == GRID:
        questions = {at: ("", indicator) for at, (_, indicator) in heads.evaluators.items()}
    if shape == LONG:
        columns = {name: at for name, at in columns.items() if name in TYPED_COLUMNS or name in DROPPED}
        questions = {}
    else:
        columns = {name: at for name, at in columns.items() if at not in questions}
    panel = "" if PANEL in columns else panel_of(table, vocabulary)
    problems = _twice(table, questions, heads.evaluators, vocabulary) + _missing_columns(
        table, columns, shape=shape, questions=questions, panel=panel, sole_panels=vocabulary.sole_panels
    )
    nearly = nearly_read(table, heads, vocabulary) if shape in (WIDE, FORM) else []
    problems += nearly if problems else []
    rated = [columns[RATING]] if shape == LONG and RATING in columns else []
    problems += packed(table, None if problems else rated)
    if problems:
        return Typed(pd.DataFrame(columns=list(TYPED_COLUMNS), dtype=object), (), tuple(problems))
    evaluators = {at: evaluator for at, (evaluator, _) in heads.evaluators.items()}
    table = _totals_named(table, columns.get(PROPOSAL))
    frame = _long(table, columns) if shape == LONG else _melted(table, columns, questions, evaluators)
    frame, contradicted = _agreeing(frame)
    notes = [Note(f"{SHAPE}{shape}", (("count", str(len(frame))),)), *_by_cells(table, heads)]
    if panel:
        frame[PANEL] = panel
        notes.append(Note("ratings.panel_is_title", (("panel", panel),)))
    used = _used(columns, questions)
    totals = heads.totals if shape != LONG else ()
    notes += _empty_columns(table, heads.evaluators)
    notes += _translated(table, questions, used) + _unused(table, used, heads.added, totals=totals)
    if ROLE not in columns:
        notes.append(Note("ratings.no_role"))
    elif unsaid := _without_a_role(frame):
        notes.append(Note("ratings.empty_role", (("count", str(unsaid)),)))
    if EVALUATOR not in columns and shape != GRID:
        notes.append(Note("ratings.evaluator_is_sheet"))
    return Typed(frame, tuple(notes), (*contradicted, *nearly), totals)


def _totals_named(table: Table, proposals: int | None) -> Table:
    """Name a row of totals where its proposal stands, if another cell of the row says what it is.

    >>> rows = [["1", "Sol", "4"], ["TOTAL", "", "4"]]
    >>> _totals_named(Table("", "n.csv", ["N.º", "Obra", "Rigor"], rows, [2, 3]), 1).rows[1]
    ['TOTAL', 'TOTAL', '4']
    """
    if proposals is None:
        return table
    rows = [list(row) for row in table.rows]
    for row in rows:
        first = next(filter(None, row), "")
        row[proposals] = first if not row[proposals] and is_total(first) else row[proposals]
    return replace(table, rows=rows) if rows != table.rows else table


def _by_cells(table: Table, heads: Heads) -> list[Note]:
    """Say which column was read as that of proposals though its header is no word for them."""
    if not heads.by_cells:
        return []
    header = table.header[heads.columns[PROPOSAL]]
    return [Note("ratings.proposal_by_cells", (("header", header),))]


def _without_a_role(frame: pd.DataFrame) -> int:
    """Read an empty role as an independent evaluator's, as where there is no column; count the ratings."""
    empty = frame[ROLE].astype(str).str.strip() == ""
    frame.loc[empty, ROLE] = INDEPENDENT
    return int((empty & (frame[RATING].astype(str) != "")).sum())


def _agreeing(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Keep the ratings whose proposal is the one that the header names too, where it names one."""
    other = frame["code"].astype(str).str.casefold() != frame[PROPOSAL].astype(str).str.casefold()
    # A row whose proposal is empty is refused as such later.
    against = (frame["code"] != "") & other & (frame[PROPOSAL] != "")
    rated = frame[against & (frame[RATING] != "")]
    problems = problems_at(
        rated,
        "ratings.header_contradicts",
        lambda row: {"column": row["cell"], "value": row[PROPOSAL], "detail": (("code", row["code"]),)},
    )
    return frame.loc[~against, list(TYPED_COLUMNS)].reset_index(drop=True), problems


def panel_of(table: Table, vocabulary: Vocabulary) -> str:
    """Give the panel whose name a sheet has, or a text file without its ending; empty where it is none.

    Parameters
    ----------
    table : Table
        As typed.
    vocabulary : Vocabulary
        The words of the method.

    Returns
    -------
    str
        A panel of the method or ``""``.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> sheets = [Table(name, "n.xlsx", [], [], []) for name in ("Grupo de Trabajo", "Hoja1")]
    >>> [panel_of(sheet, vocabulary) for sheet in sheets]
    ['working_group', '']
    """
    return vocabulary.resolve(PANEL, table.name or Path(table.file).stem)


def _long(table: Table, columns: dict[str, int]) -> pd.DataFrame:
    cells = table.column(columns[RATING])
    frame = _frame(table, columns, range(len(table.rows)))
    frame[INDICATOR] = _objects(table.column(columns[INDICATOR]))
    frame[RATING] = _objects(cells)
    frame["cell"] = [table.column_name(columns[RATING], row) for row in range(len(cells))]
    frame["decimal"] = decimal_of(cells)
    frame["unread"] = _unread(frame, table.letters[columns[RATING]])
    return frame.assign(code="")


def _melted(
    table: Table,
    columns: dict[str, int],
    questions: dict[int, tuple[str, str]],
    evaluators: dict[int, str],
) -> pd.DataFrame:
    parts = []
    # All columns together: one that holds whole numbers only cannot tell the sign.
    decimal = decimal_of(row[position] for row in table.rows for position in questions)
    # What a row says beside its ratings is the same for each question.
    beside = _frame(table, columns, range(len(table.rows)))
    for position, (proposal, indicator) in questions.items():
        part = beside.copy()
        by_row = not indicator and INDICATOR in columns
        part[INDICATOR] = _objects(table.column(columns[INDICATOR])) if by_row else indicator
        part[RATING] = _objects(table.column(position))
        part["cell"] = [table.column_name(position, row) for row in range(len(table.rows))]
        part["code"] = proposal
        if PROPOSAL not in columns:
            part[PROPOSAL] = proposal
        if position in evaluators:
            part[EVALUATOR] = evaluators[position]
        part["unread"] = _unread(part, table.letters[position])
        parts.append(part)
    names = [*TYPED_COLUMNS, "code"]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)
    frame["decimal"] = decimal
    return frame[names].sort_values("row", kind="stable", ignore_index=True)


def _frame(table: Table, columns: dict[str, int], rows: range) -> pd.DataFrame:
    frame = pd.DataFrame(index=rows)
    defaults = {ROLE: INDEPENDENT, EVALUATOR: table.name}
    for name in (PROPOSAL, PANEL, EVALUATOR, ROLE, "date"):
        known = name in columns
        frame[name] = _objects(table.column(columns[name])) if known else defaults.get(name, "")
        frame[name] = frame[name].astype(object)
    frame["file"], frame["sheet"], frame["row"] = table.file, table.name, table.row_numbers
    heads = {name: (table.header[at], table.letters[at]) for name, at in columns.items()}
    letters: dict[int, frozenset[str]] = {}
    for row, name in table.unread:
        letters[row] = letters.get(row, frozenset()) | {name}
    faulty = [letters.get(row, frozenset()) for row in table.row_numbers]
    return frame.assign(heads=[heads] * len(frame), faulty=faulty)


def _unread(frame: pd.DataFrame, letter: str) -> list[bool]:
    cells = zip(frame["faulty"], frame["heads"], frame[RATING], strict=True)
    return [bool(faulty) and _is_unread(faulty, heads, letter, rating) for faulty, heads, rating in cells]


def _is_unread(faulty: frozenset[str], heads: dict, letter: str, rating: str) -> bool:
    if letter in faulty:
        return True
    # An empty cell of a row that is whole is a rating that was not given, whatever else the row lacks.
    whose = {heads[name][1] for name in RATING_COLUMNS[:-1] if name in heads}
    return bool(whose & faulty) if rating else "" in faulty


def _objects(cells: list[str]) -> pd.Series:
    # Kept as objects: a cell that a workbook stores as a number or a date is a text that knows so.
    return pd.Series(cells, dtype=object)


def _twice(
    table: Table,
    questions: dict[int, tuple[str, str]],
    evaluators: dict[int, tuple[str, str]],
    vocabulary: Vocabulary,
) -> list[Problem]:
    names: dict[str | tuple[str, str], list[str]] = {}
    known = meanings_in(table)
    for position, header in enumerate(table.header):
        meaning = evaluators.get(position) or questions.get(position) or known[position]
        if meaning and meaning not in DROPPED:
            names.setdefault(meaning, []).append(header)
    several = {_meaning(meaning): headers for meaning, headers in names.items() if len(headers) > 1}
    boxes = {name: headers for name, headers in several.items() if all(map(CHECK_BOX.search, headers))}
    problems = [
        _several(table, name, headers, vocabulary) for name, headers in several.items() if name not in boxes
    ]
    if boxes:
        headers = next(iter(boxes.values()))
        place = header_place(table)
        problems.append(
            Problem("ratings.check_boxes", column=", ".join(headers), value=", ".join(boxes), **place)
        )
    return problems


def packed(table: Table, columns: Iterable[int] | None = None) -> list[Problem]:
    r"""Refuse columns of which each cell holds several ratings, as the scores of EasyChair's reviews do.

    >>> [problem.column for problem in packed(Table("", "n.csv", ["scores"], [["Merit: 2\nReach: 4"]], [2]))]
    ['scores']
    """
    problems = []
    for at in range(len(table.header)) if columns is None else columns:
        cells = [cell for cell in table.column(at) if cell][:PACKED_CELLS]
        names = [SCORE.findall(cell) for cell in cells]
        if cells and all(len(each) > 1 for each in names):
            detail = (("names", ", ".join(name.strip() for name in names[0])),)
            problems.append(
                Problem("ratings.packed", column=table.header[at], detail=detail, **header_place(table))
            )
    return problems


def _several(table: Table, name: str, headers: list[str], vocabulary: Vocabulary) -> Problem:
    codes = [vocabulary.header(header).codes for header in headers]
    place, named_as = header_place(table), (("our_columns", name),)
    column = ", ".join(headers)
    several = Problem("ratings.same_meaning", column=column, value=name, detail=named_as, **place)
    if any(len(each) != 1 for each in codes) or len(set(codes)) < len(codes):
        return several
    # A column an evaluator: whoever keeps one of them loses the ratings of all others.
    named = ", ".join(code for (code,) in codes)
    return replace(several, rule="ratings.coded_headers", detail=(*named_as, ("codes", named)))


def _meaning(meaning: str | tuple[str, str]) -> str:
    return meaning if isinstance(meaning, str) else " ".join(part for part in meaning if part)


def _missing_columns(
    table: Table, columns: dict, *, shape: str, questions: dict, panel: str, sole_panels: dict[str, str]
) -> list[Problem]:
    # Where every criterion has one panel, the indicator tells it.
    needed = [PROPOSAL] if panel or sole_panels else [PROPOSAL, PANEL]
    if shape == LONG:
        needed += [INDICATOR, RATING]
    if all(proposal for proposal, _ in questions.values()) and questions:
        needed.remove(PROPOSAL)
    # A title that names the panel cannot name the evaluator too, nor does one that a survey tool gave.
    if shape != GRID and (panel or not table.name or is_of_a_tool(table)):
        needed.append(EVALUATOR)
    missing = [name for name in needed if name not in columns]
    absent = lacking_columns(table, missing, taken={table.header[at] for at in questions})
    # Of columns of evaluators, headers, the title or the method have to tell what they rate.
    unsaid = [table.header[at] for at, (_, indicator) in questions.items() if shape == GRID and not indicator]
    if unsaid and INDICATOR not in columns:
        place, detail = header_place(table), (("first", unsaid[0]),)
        return [*absent, Problem("ratings.grid_indicator", value=", ".join(unsaid), detail=detail, **place)]
    across = [header for header in table.header if CODE.fullmatch(header) and not column_of(header)]
    if shape == LONG and {PROPOSAL, RATING} <= {*missing} and len(across) > 1:
        problem = Problem("ratings.codes_across", value=", ".join(across[:LISTED]), **header_place(table))
        rest = [name for name in missing if name not in (PROPOSAL, RATING)]
        return [problem, *lacking_columns(table, rest, taken=across)]
    return absent


def lacking_columns(table: Table, missing: list[str], taken: Collection[str] = ()) -> list[Problem]:
    """Name every column that lacks, with the headers there are and the one that may be meant.

    Parameters
    ----------
    table : Table
        As typed.
    missing : list of str
        Our names of the columns.
    taken : collection of str
        Headers that are known to be something else.

    Returns
    -------
    list of Problem
        One a column.

    Examples
    --------
    >>> table = Table("", "n.csv", ["Nombre de la idea evaluada"], [], [])
    >>> print(lacking_columns(table, ["proposal"])[0].say().partition("; ")[2])
    rename 'Nombre de la idea evaluada' to proposal if it holds that
    """
    headers = ", ".join(header for header in table.header if header)
    near = renamed(missing, [header for header in table.header if header not in taken])
    return [
        Problem(
            "ratings.lacking_column_near" if name in near else "ratings.lacking_column",
            value=both_words(name),
            detail=(("found", headers), ("header", near.get(name, "")), ("our_columns", name)),
            **header_place(table),
        )
        for name in missing
    ]


def _used(columns: dict[str, int], questions: dict[int, tuple[str, str]]) -> set[int]:
    """Positions of the columns that are read as something."""
    return {at for name, at in columns.items() if name in TYPED_COLUMNS or name == "synthetic"} | set(
        questions
    )


def _translated(table: Table, questions: dict[int, tuple[str, str]], used: set[int]) -> list[Note]:
    read, known = [], meanings_in(table)
    for position, header in enumerate(table.header):
        meaning = questions.get(position) or known[position]
        # Of a column of an evaluator whose rows say what is rated, there is nothing to translate.
        meaning = meaning if any(meaning) else ""
        # A column that is not read is not read as anything: it stands among those not used.
        if position in used and meaning and meaning not in DROPPED and not is_a_person(header):
            read.append((header, meaning))
    return [Translated("ratings.translated_columns", tuple(read))] if read else []


def _empty_columns(table: Table, evaluators: Collection[int]) -> list[Note]:
    """Name the columns of evaluators without any rating: these evaluators count nowhere."""
    empty = [table.header[at] for at in evaluators if not any(table.column(at))]
    return [Note("ratings.empty_columns", (("names", ", ".join(empty)),))] if empty else []


def _unused(table: Table, used: set[int], added: tuple[str, ...], *, totals: tuple[str, ...]) -> list[Note]:
    names = [header for position, header in enumerate(table.header) if position not in used and header]
    groups = {
        "ratings.tool_columns": [name for name in names if name in added],
        # Totals have a remark of their own.
        "ratings.unused_columns": [name for name in names if name not in (*added, *totals)],
    }
    return [Note(key, (("names", ", ".join(group)),)) for key, group in groups.items() if group]
