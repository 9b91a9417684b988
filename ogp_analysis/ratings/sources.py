"""Where ratings come from: the packaged example, a folder, a workbook or one file; which table is which."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.model import early_tables
from ogp_analysis.model.given_file import is_there
from ogp_analysis.model.records import EVALUATOR, PROPOSAL
from ogp_analysis.packaged import DATA
from ogp_analysis.ratings import early_forms, header_rows, known_words, layout, side_tables, survey_exports
from ogp_analysis.ratings.evaluator_codes import names_nobody
from ogp_analysis.ratings.evaluator_columns import evaluator_columns, evaluator_in
from ogp_analysis.ratings.proposal_sheets import titles_as_proposals
from ogp_analysis.tabular import Limits, Table, inspect, key_of

EXAMPLE = "example"
KINDS = ("ratings", "proposals", "decisions", "evaluators")
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
# Endings of tables in formats that are not read: in a folder they are named, not passed over.
OTHER_SUFFIXES = (
    *(".xls", ".xlt", ".xlsb", ".xltx", ".xltm", ".xml", ".ods", ".ots", ".fods", ".sxc", ".numbers"),
    *(".htm", ".html", ".xhtml", ".mht", ".mhtml", ".sav", ".dta", ".mdb", ".accdb", ".gsheet"),
)
OTHER_FORMATS = ("tabular.old_excel", "tabular.other_format")
SYNTHETIC_WORDS = ("synthetic", "sintétic", "sintetic")


def titles(path: str) -> list[tuple[str, str]]:
    r"""Read code and title of each proposal from a table of proposals.

    Parameters
    ----------
    path : str
        A CSV or XLSX file.

    Returns
    -------
    list of (str, str)
        Title is empty where the table has none.

    Raises
    ------
    DataError
        The file cannot be read or has no column of proposals.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "propuestas.csv"
    >>> _ = file.write_text("propuesta;título\nS01;Compras\n", encoding="utf-8")
    >>> titles(file)
    [('S01', 'Compras')]
    """
    for table in inspect(path):
        columns = layout.columns_of(table)
        if PROPOSAL in columns:
            if table.problems:
                raise DataError(table.problems)
            return [
                (row[columns[PROPOSAL]], row[columns["title"]] if "title" in columns else "")
                for row in table.rows
            ]
    raise DataError([Problem("ratings.no_proposals", file=Path(path).name)])


def tables_of(source: str, limits: Limits | None, vocabulary: known_words.Vocabulary) -> list[Table]:
    """Read every table of a source.

    >>> from ogp_analysis.model import params
    >>> vocabulary = known_words.Vocabulary(params.from_values(params.baseline()).method)
    >>> [table.file for table in tables_of("example", None, vocabulary)]
    ['decisions.csv', 'evaluators.csv', 'proposals.csv', 'ratings.csv']
    """
    if source == EXAMPLE:
        return _folder(_example_of(vocabulary.method), limits, vocabulary)
    path = Path(source)
    if path.is_dir():
        return _folder(path, limits, vocabulary)
    # What is there and is no file, such as a pipe, is refused by the reader, which says what it is.
    if not is_there(path):
        raise DataError([Problem("ratings.no_file", file=path.name, value=source)])
    return _inspected(path, limits, vocabulary)


def _example_of(method: str) -> Path:
    """Give the packaged ratings of a packaged method; any other one is tried with the example of the plan."""
    own = DATA / "examples" / method
    # A name of a method of one's own may be any text: it must not lead out of the folder.
    return own if re.fullmatch(r"[a-z0-9-]+", method) and own.is_dir() else DATA / EXAMPLE


def prepared(path: Path, vocabulary: known_words.Vocabulary, sheet: str | None = None) -> list[Table]:
    r"""Read the tables of one file as a run does: titles apart, header rows and repeat groups joined.

    Parameters
    ----------
    path : pathlib.Path
        One file.
    vocabulary : Vocabulary
        The words of the method.
    sheet : str, optional
        Give this sheet of a workbook only; what it takes from others is there.

    Returns
    -------
    list of Table
        With their faults in ``problems``; whether they hold ratings is not judged.

    Raises
    ------
    DataError
        The file as a whole cannot be read, or has no such sheet.

    Examples
    --------
    >>> import tempfile
    >>> from ogp_analysis.model import params
    >>> vocabulary = known_words.Vocabulary(params.from_values(params.baseline()).method)
    >>> file = Path(tempfile.mkdtemp()) / "notas.csv"
    >>> _ = file.write_text("Panel A\n\npropuesta;evaluador\nS01;Ana\n", encoding="utf-8")
    >>> prepared(file, vocabulary)[0].header
    ['propuesta', 'evaluador']
    """
    tables = survey_exports.joined(_inspected(path, None, vocabulary), vocabulary).tables
    tables = [survey_exports.filled(table, vocabulary) for table in tables]
    named = [table for table in tables if sheet is None or table.name == sheet]
    # A sheet that is not there, or is empty, is refused or given by the reader.
    return named or inspect(path, sheet=sheet)


def _inspected(path: Path, limits: Limits | None, vocabulary: known_words.Vocabulary) -> list[Table]:
    tables = inspect(
        path,
        limits=limits,
        is_header=partial(is_header, vocabulary=vocabulary),
        join_headers=partial(header_rows.joined, vocabulary=vocabulary),
    )
    return titles_as_proposals(tables)


def is_header(cells: list[str], vocabulary: known_words.Vocabulary) -> int:
    """Count the columns and indicators that a row names; 0 where it is no header: fewer than two, or pairs.

    >>> from ogp_analysis.model import params
    >>> vocabulary = known_words.Vocabulary(params.from_values(params.baseline()).method)
    >>> rows = (["Calificaciones"], ["Propuesta", "Tiempo"], ["S01", "4"])
    >>> [is_header(cells, vocabulary) for cells in rows]
    [0, 2, 0]
    """
    named = {known_words.column_of(cell) or vocabulary.question(cell)[1] for cell in cells}
    # Names alone do not tell: a row of ratings may hold two of them.
    coded = {at for at, cell in enumerate(cells) if evaluator_in(cell)[0]}
    named |= {who for at, (who, _) in evaluator_columns(cells, vocabulary).items() if at in coded}
    count = len(named - {""})
    return count if count > 1 and not header_rows.gives_values(cells) else 0


def not_read(source: str, limits: Limits | None = None) -> list[Problem]:
    """Name the files of a folder that are tables in a format that is not read, and what to save them as.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "notas.xls").write_bytes(b"<table><tr><td>S01</td></tr></table>")
    >>> [(problem.file, problem.rule) for problem in not_read(str(folder))]
    [('notas.xls', 'tabular.other_format')]
    """
    folder = Path(source)
    if source == EXAMPLE or not folder.is_dir():
        return []
    return [_why_not(file, limits) for file in _files(folder, OTHER_SUFFIXES)]


def _why_not(file: Path, limits: Limits | None) -> Problem:
    try:
        inspect(file, limits=limits)
    except DataError as error:
        if error.problems[0].rule in OTHER_FORMATS:
            return error.problems[0]
    # What its content is does not matter then: the readers of a run take files by their endings.
    endings = (("endings", ", ".join(SUFFIXES)),)
    return Problem("ratings.other_ending", file=file.name, value=file.suffix, detail=endings)


def _files(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    return [
        file
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in endings and not file.is_dir() and not file.name.startswith((".", "~"))
    ]


def _folder(folder: Path, limits: Limits | None, vocabulary: known_words.Vocabulary) -> list[Table]:
    files = _files(folder, SUFFIXES)
    if not files:
        empty = Problem("ratings.empty_folder", file=folder.name)
        raise DataError([empty, *not_read(str(folder), limits)])
    tables: list[Table] = []
    problems: list[Problem] = []
    for file in files:
        try:
            tables += _inspected(file, limits, vocabulary)
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return tables


def sorted_out(tables: list[Table], vocabulary: known_words.Vocabulary) -> dict[str, list[Table]]:
    """Sort tables by what they hold: by name where they are named, else by their columns.

    >>> from ogp_analysis.model import params
    >>> vocabulary = known_words.Vocabulary(params.from_values(params.baseline()).method)
    >>> found = sorted_out(tables_of("example", None, vocabulary), vocabulary)
    >>> {kind: len(tables) for kind, tables in found.items() if tables}
    {'ratings': 1, 'proposals': 1, 'decisions': 1, 'evaluators': 1}
    """
    by_kind: dict[str, list[Table]] = {kind: [] for kind in (*KINDS, "ignored", "forms", "joined", "unused")}
    unnamed: list[Table] = []
    sheets: Counter[str] = Counter()
    forms, tables = _without_forms(tables)
    by_kind["forms"] = forms
    whole = survey_exports.joined(tables, vocabulary)
    for at, table in enumerate(survey_exports.filled(table, vocabulary) for table in whole.tables):
        sheets[table.file] += 1
        # A repeat group may have the name of a side table, such as "propuestas", and holds ratings.
        name = "ratings" if at in whole.rated else "joined" if at in whole.mains else _name_of(table)
        # Of phases 1 and 2, which `proposals.folder` reads, whatever its file is called.
        name = "ignored" if early_tables.kind_of(map(key_of, table.header)) else name
        known = name or layout.panel_of(table, vocabulary)
        shown = table if known else masked(table, sheets[table.file], vocabulary)
        (by_kind[name] if name else unnamed).append(shown)
    # Where a sheet is called ratings, an unnamed one that looks like ratings may be a copy or a draft.
    named_ratings = bool(by_kind["ratings"])
    for table in unnamed:
        shape = layout.shape_of(table, vocabulary)
        kind = (
            "ratings"
            if shape and not named_ratings
            else ""
            if shape
            else side_tables.kind_of(table, vocabulary)
        )
        if kind and kind != "ratings" and by_kind[kind]:
            # Beside a workbook that was made from it, the table of groups serves the page of the proposals.
            kind = "ignored" if early_tables.lists_groups(map(key_of, table.header)) else ""
        by_kind[kind or "unused"].append(table)
    return _without_summaries(by_kind, vocabulary)


def _without_forms(tables: list[Table]) -> tuple[list[Table], list[Table]]:
    """Part the sheets that were made to classify and to group from all others: they hold no ratings."""
    files = dict.fromkeys(table.file for table in tables)
    parted: dict[bool, list[Table]] = {True: [], False: []}
    for file in files:
        own = [table for table in tables if table.file == file]
        for table, is_form in zip(own, early_forms.forms_among(own), strict=True):
            parted[is_form].append(table)
    return parted[True], parted[False]


def _without_summaries(
    by_kind: dict[str, list[Table]], vocabulary: known_words.Vocabulary
) -> dict[str, list[Table]]:
    """Leave out tables by indicator that name no proposal, where another table does."""
    names = [table for table in by_kind["ratings"] if not _is_summary(table)]
    # What repeats the ratings of other sheets; a sheet of that name that stands alone is read.
    whole = [table for table in names if _name_of(table) or layout.names_proposals(table, vocabulary)]
    partial = [table for table in by_kind["ratings"] if not any(table is other for other in whole)]
    if whole and partial:
        return by_kind | {"ratings": whole, "unused": [*by_kind["unused"], *partial]}
    return by_kind


def _is_summary(table: Table) -> bool:
    return known_words.is_summary(table.name) and EVALUATOR not in layout.columns_of(table)


def masked(table: Table, position: int, vocabulary: known_words.Vocabulary | None = None) -> Table:
    """Give a sheet whose title may be a person's name its number instead, wherever it is mentioned.

    >>> sheets = [Table(name, "n.xlsx", [], [], []) for name in ("WG1", "Ana Pérez")]
    >>> [masked(sheet, position).name for position, sheet in enumerate(sheets, start=1)]
    ['WG1', '#2']
    """
    # A sheet of totals is left out by its title, as a row of them is.
    if known_words.is_summary(table.name) or names_nobody(
        table.name, vocabulary.parts if vocabulary else frozenset()
    ):
        return table
    name = f"#{position}"
    return replace(
        table, name=name, problems=tuple(replace(problem, sheet=name) for problem in table.problems)
    )


def _name_of(table: Table) -> str:
    return known_words.table_of(table.name) or (
        "" if table.name else known_words.table_of(Path(table.file).stem)
    )


def says_synthetic(table: Table) -> bool:
    """Say whether a table says of itself that it was invented: by a comment line or a column.

    Parameters
    ----------
    table : Table
        As typed.

    Returns
    -------
    bool
        True where one row is enough to make the whole table doubtful.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> vocabulary = known_words.Vocabulary(params.from_values(params.baseline()).method)
    >>> [says_synthetic(table) for table in tables_of("example", None, vocabulary)]
    [True, True, True, True]
    """
    if any(word in line.casefold() for line in table.comments for word in SYNTHETIC_WORDS):
        return True
    at = layout.columns_of(table).get("synthetic")
    return at is not None and any(known_words.means_yes(cell) for cell in set(table.column(at)))
