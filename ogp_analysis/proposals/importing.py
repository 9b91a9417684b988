"""Exports of participation platforms -> the canonical record of proposals, with nobody in it.

Decidim (current and older), CONSUL Democracy (proposals, budget investments, Decide Madrid's research copy)
and plain tables of proposals. Only columns that the record needs are read; authors, e-mail addresses, likes,
supports, addresses and coordinates are dropped, and what was dropped is said.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

import pandas as pd

from ogp_analysis import tabular
from ogp_analysis.errors import DataError, ParameterError, Problem
from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.privacy.mask_sign import MASK
from ogp_analysis.privacy.masking import countries, mask
from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_parts import WORD
from ogp_analysis.privacy.name_shapes import has_the_shape, looks_like_a_name
from ogp_analysis.proposals import (
    archive,
    dates,
    export_columns,
    export_rows,
    header_lines,
    problem_kinds,
    single_question,
)
from ogp_analysis.proposals.export_rows import SHIFTED, Options
from ogp_analysis.proposals.no_proposals import without_totals_and_notes
from ogp_analysis.proposals.platforms import (
    COLUMNS,
    PLAIN,
    PLATFORMS,
    TRANSLATED,
    Keyed,
    Layout,
    asks_for_a_title,
    keys_of,
)
from ogp_analysis.tabular import Limits, Note, Table, key_of
from ogp_analysis.tabular.table_from_records import without_headers_again

__all__ = ["COLUMNS", "PLATFORMS", "Imported", "Options", "parse", "read"]

# Broken letters and characters of control are mended in texts (`markup.legible`); prose may hold any letter.
MENDED = ("tabular.mojibake", "tabular.control", "tabular.look_alike")
# Only the user knows: which of two columns, and whether the day comes first.
UNSETTLED = ("people.dates_ambiguous", "tabular.duplicate_header")

EMPTY = Table("", "", [], [], [])


@dataclass(frozen=True)
class Imported:
    r"""Proposals as imported, and how.

    Parameters
    ----------
    proposals : pandas.DataFrame
        Columns ``COLUMNS``, all text, one row a proposal, sorted by code.
    layout : str
        Which kind of export it was.
    notes : tuple of Note
        How it was read, what was dropped, masked and made.
    dropped : tuple of str
        Columns that were left out because they concern persons.
    problems : tuple of Problem
        Rows that were set aside, and cells that were left empty or mended.
    rejected : pandas.DataFrame
        ``row`` of the file of those that cannot be used.

    Examples
    --------
    >>> done = parse("título;correo\nDatos abiertos;ana@ejemplo.ec\n".encode(), file="p.csv")
    >>> done.dropped
    ('correo',)
    """

    proposals: pd.DataFrame
    layout: str
    notes: tuple[Note, ...]
    dropped: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    rejected: pd.DataFrame = field(default_factory=pd.DataFrame)

    def say(self, language: str = "en") -> list[str]:
        """Word the notes and the problems, one line for each kind and column."""
        return [note.say(language) for note in self.notes] + [
            kind.say(language) for kind in problem_kinds.kinds(self.problems)
        ]

    def rejected_rows(self, language: str = "en") -> pd.DataFrame:
        """Give the rows that were set aside with the reason in words: what ``rejected.csv`` holds.

        Nothing of their cells: in a row that is not as its header, any may hold a name.
        """
        reasons: dict[int, list[str]] = {}
        shifted = {problem.row for problem in self.problems if problem.rule in SHIFTED}
        for problem in self.problems:
            # Under the header of a shifted cell may stand the author's name: nothing of it is repeated.
            if _sets_aside(problem) and (problem.rule in SHIFTED or problem.row not in shifted):
                sentence = replace(problem, file="", sheet="", row=0).say(language)
                reasons.setdefault(problem.row, []).append(sentence)
        worded = ["; ".join(reasons[row]) for row in self.rejected["row"]]
        return self.rejected[["row"]].assign(reason=worded)


def read(
    path: str | os.PathLike[str],
    *,
    platform: str = "auto",
    sheet: str | None = None,
    limits: Limits | None = None,
    options: Options | None = None,
    strict: bool = False,
) -> Imported:
    r"""Import an export file: CSV, XLSX, or a ZIP that holds one.

    Parameters
    ----------
    path : path-like
        The file; a ZIP is read without unpacking it.
    platform : str
        ``"decidim"``, ``"consul"``, ``"plain"``, or ``"auto"`` to tell it from the header.
    sheet : str, optional
        Sheet of a workbook.
    limits : Limits, optional
        What is accepted before a file is refused.
    options : Options, optional
        The order of day and month where the column does not prove it, and the country of the telephones.
    strict : bool
        Refuse the whole file where any cell or row cannot be trusted, instead of setting it aside.

    Returns
    -------
    Imported
        The proposals and how they were read.

    Raises
    ------
    ParameterError
        The platform is not one of these, the order of dates none of `dates.ORDERS`, or the country none whose
        telephones are known.
    DataError
        The file cannot be read, is of another platform, has dates of which nothing proves whether the day
        comes first, or no row that can be used; with ``strict``, any row that cannot be trusted. All are
        listed.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "propuestas.csv"
    >>> _ = file.write_text("código;título;autor\n007;Datos abiertos;Ana Ruiz\n", encoding="utf-8")
    >>> done = read(file)
    >>> done.proposals[["proposal", "title"]].values.tolist(), done.dropped
    ([['007', 'Datos abiertos']], ('autor',))
    """
    limits = limits or Limits()
    content = tabular.content_of(path, limits)
    return parse(
        content,
        file=Path(path).name,
        platform=platform,
        sheet=sheet,
        limits=limits,
        options=options,
        strict=strict,
    )


def parse(
    content: bytes,
    *,
    file: str,
    platform: str = "auto",
    sheet: str | None = None,
    limits: Limits | None = None,
    options: Options | None = None,
    strict: bool = False,
) -> Imported:
    r"""Import an export that is already in memory; see ``read``.

    Parameters
    ----------
    content : bytes
        The whole file.
    file : str
        Its name, for messages.
    platform, sheet, limits, options, strict
        As for ``read``.

    Returns
    -------
    Imported
        The proposals and how they were read.

    Raises
    ------
    ParameterError
        As for ``read``.
    DataError
        As for ``read``.

    Examples
    --------
    >>> done = parse(b"id;title;body;reference\n1;Datos;Abrirlos;EC-1\n", file="p.csv", platform="plain")
    >>> done.layout, done.proposals.loc[0, "proposal"]
    ('plain', 'EC-1')
    >>> parse(b"title\nDatos\n<script>x</script>\n", file="p.csv").rejected_rows()["reason"].tolist()
    ['column title: a proposal needs a title; write one or delete the row']
    """
    options = options or Options()
    _check(platform, options)
    limits, notes = limits or Limits(), []
    if archive.is_archive(content):
        content, member = archive.read_member(content, file=file, limits=limits)
        notes.append(Note("people.zip_member", (("member", member),)))
        file = f"{file}/{member}"
    # Every faulty cell is wanted: thousands of one kind are one line.
    tables = tabular.parse(
        content,
        file=file,
        sheet=sheet,
        limits=replace(limits, faults=limits.rows),
        is_header=partial(_is_header, layouts=PLATFORMS[platform]),
        join_headers=header_lines.joined,
    )
    tables = [without_headers_again(table) for table in tables]
    keyed, layout = _recognise(tables, platform, file)
    keyed = without_totals_and_notes(keyed, notes=layout.name == export_columns.PLAIN)
    made = export_rows.make(keyed, layout, options)
    problems = sorted([*_reading_problems(keyed, made.used), *made.problems], key=lambda problem: problem.row)
    problems = _without_names(problems, made.parts)
    _refuse(problems, strict)
    proposals, rejected = export_rows.usable(made, [problem for problem in problems if _sets_aside(problem)])
    if proposals.empty and problems:
        raise DataError(problems)
    recognised = Note("people.layout", (("layout", layout.name), ("rows", str(len(proposals)))))
    repeated = int(proposals["text_hash"].duplicated().sum())
    notes += [*keyed.table.notes, recognised, *made.notes]
    notes += [Note("people.same_text", (("count", str(repeated)),))] if repeated else []
    return Imported(proposals, layout.name, tuple(notes), made.personal, tuple(problems), rejected)


def _is_header(cells: list[str], layouts: tuple[Layout, ...]) -> bool:
    """Say whether a row names the columns of an export: two at least, with all that tell the layout."""
    keys = keys_of([cell for cell in cells if cell])
    return len(keys) > 1 and any(_fits(Keyed(EMPTY, keys), layout) for layout in layouts)


def _fits(keyed: Keyed, layout: Layout) -> bool:
    by_words = layout.name == export_columns.PLAIN and any(map(asks_for_a_title, keyed.keys))
    return by_words or all(
        any(key in keyed.keys or keyed.find(key) for key in sign.split("|")) for sign in layout.signs
    )


def _check(platform: str, options: Options) -> None:
    if platform not in PLATFORMS:
        allowed = (("allowed", ", ".join(PLATFORMS)),)
        raise ParameterError([Problem("people.platform", value=platform, detail=allowed)])
    if options.order not in ("", *dates.ORDERS):
        allowed = (("allowed", ", ".join(dates.ORDERS)),)
        raise ParameterError([Problem("people.order", value=options.order, detail=allowed)])
    if options.country not in countries():
        allowed = (("allowed", ", ".join(sorted(countries()))),)
        raise ParameterError([Problem("people.country", value=options.country, detail=allowed)])


def _sets_aside(problem: Problem) -> bool:
    return problem.rule in (*export_rows.OF_ROWS, *SHIFTED)


def _refuse(problems: list[Problem], strict: bool) -> None:
    """Refuse what nobody but the user can settle, and with ``strict`` everything."""
    # What is masked, and mended, is no fault of a row.
    refused = problems if strict else [problem for problem in problems if problem.rule in UNSETTLED]
    if refused:
        raise DataError(refused)


def _recognise(tables: list[Table], platform: str, file: str) -> tuple[Keyed, Layout]:
    # The most telling layouts stand first; "plain", which asks for a title only, comes last.
    for layout in PLATFORMS[platform]:
        for table in tables:
            keyed = _keyed(table, layout, by_position=platform == "consul")
            if keyed is not None:
                return keyed, layout
    if PLAIN in PLATFORMS[platform]:
        for table in tables:
            keyed = single_question.read(Keyed(table, keys_of(table.header)))
            if keyed is not None:
                return keyed, PLAIN
    # A file without a header has its first proposal there.
    header = ", ".join(
        MASK if looks_like_a_name(name) else mask(name) for table in tables for name in table.header
    )[:500]
    rule = "people.recognised_by_none" if platform == "auto" else "people.not_recognised"
    detail = (("platform", platform), ("header", header))
    raise DataError([Problem(rule, file, row=1, detail=detail)])


def layout_of(table: Table) -> Layout | None:
    """Tell which export a table is by its header alone; None where it is none."""
    return next((one for one in PLATFORMS["auto"] if _keyed(table, one, by_position=False)), None)


def _keyed(table: Table, layout: Layout, *, by_position: bool) -> Keyed | None:
    """Name the columns as the layout does; None where it is not this layout."""
    keys = keys_of(table.header)
    if layout.positions:
        # Headers of CONSUL's investments follow the language of whoever exported them.
        keys = [TRANSLATED.get(key, key) for key in keys]
    if _fits(Keyed(table, keys), layout):
        return Keyed(table, keys)
    for positions in layout.positions if by_position else ():
        # By position only when the platform was named: the number of columns alone would take a stranger's
        # table.
        if len(positions) == len(keys) and keys[0] in ("id", ""):
            return Keyed(table, list(positions))
    return None


def _reading_problems(keyed: Keyed, used: set[int]) -> list[Problem]:
    """Faults of the cells and headers that are read; what is dropped cannot stop an import."""
    table = keyed.table
    headers = {table.header[k] for k in used} | {f"{table.header[k]} ({table.letters[k]})" for k in used}
    letters = {table.letters[k] for k in used}
    return [problem for problem in table.problems if _is_read(problem, table, headers, letters)]


def _is_read(problem: Problem, table: Table, headers: set[str], letters: set[str]) -> bool:
    if problem.rule in MENDED or problem.rule == "tabular.empty_header":
        return False
    if problem.rule in SHIFTED or not problem.column:
        return True
    if problem.rule == "tabular.duplicate_header":
        return problem.column in headers and _doubled(problem.value, table, letters)
    # A cell of a workbook is named by its address, or by its header and address.
    address = re.search(r"([A-Z]{1,3})\d+", problem.column)
    named = problem.column in headers or problem.column.split(" (")[0] in headers
    return named or bool(table.name and address and address[1] in letters)


def _without_names(problems: list[Problem], parts: Collection[str]) -> list[Problem]:
    """Show no cell of a shifted row, and of others none that may name a person."""
    shifted = {problem.row for problem in problems if problem.rule in SHIFTED}
    shown = cache(partial(_shown, parts=parts))  # a fault of many rows has few values
    masked = (
        MASK if problem.row in shifted and problem.value else shown(problem.value) for problem in problems
    )
    return [
        problem if value == problem.value else replace(problem, value=value)
        for problem, value in zip(problems, masked, strict=True)
    ]


def _shown(cell: str, parts: Collection[str]) -> str:
    named = any(folded(word) in parts for word in WORD.findall(cell))
    return MASK if named or looks_like_a_name(cell) or has_the_shape(cell) else mask(cell)


def _doubled(header: str, table: Table, letters: set[str]) -> bool:
    """Say whether columns of one name are read that differ: which of them is meant, nobody can tell."""
    same = [k for k, name in enumerate(table.header) if key_of(name) == key_of(header)]
    return any(table.letters[k] in letters for k in same) and any(
        len({row[k] for k in same}) > 1 for row in table.rows
    )


REJECTED = ("row", "reason")


@dataclass(frozen=True)
class Joined:
    """Proposals of several files.

    Parameters
    ----------
    proposals : pandas.DataFrame
        Of all files, sorted by code.
    parts : tuple of (str, Imported)
        Name of each file, and what was read from it.
    repeated : pandas.DataFrame
        Proposals whose code stands in an earlier file too: set aside, with ``file`` and ``first``.
    """

    proposals: pd.DataFrame
    parts: tuple[tuple[str, Imported], ...]
    repeated: pd.DataFrame

    @property
    def problems(self) -> list[Problem]:
        """What is wrong in every file, and the codes that stand in two of them."""
        own = [problem for _, part in self.parts for problem in part.problems]
        return own + [
            Problem("people.code_in_two_files", row.file, value=row.proposal, detail=(("first", row.first),))
            for row in self.repeated.itertuples()
        ]

    def rejected_rows(self, language: str = "en") -> pd.DataFrame:
        """Give the rows that were set aside with their reasons; with the file where there are several."""
        frames = [
            part.rejected_rows(language).assign(file=name) for name, part in self.parts if len(part.rejected)
        ]
        if len(self.repeated):
            reasons = [p.say(language) for p in self.problems if p.rule == "people.code_in_two_files"]
            frames.append(self.repeated.assign(row="", reason=reasons))
        columns = [*(["file"] if len(self.parts) > 1 else []), *REJECTED]
        rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
        return rows[columns]


def joined_files(parts: Sequence[tuple[str, Imported]]) -> Joined:
    r"""Put the proposals of several files together; the first file that has a code keeps it.

    >>> parts = [(n, parse(f"código;título\n1;{n}\n".encode(), file=n)) for n in ("a.csv", "b.csv")]
    >>> joined = joined_files(parts)
    >>> joined.proposals["title"].tolist(), joined.problems[0].say("en")
    (['a.csv'], 'b.csv: the code 1 stands in a.csv too; write another one in one of the files')
    """
    every = pd.concat([part.proposals.assign(file=name) for name, part in parts], ignore_index=True)
    first = every.groupby(PROPOSAL)["file"].transform("first")
    again = every[PROPOSAL].duplicated()
    kept = every[~again].drop(columns="file").sort_values(PROPOSAL, kind="stable", ignore_index=True)
    return Joined(kept, tuple(parts), every[again].assign(first=first[again]))
