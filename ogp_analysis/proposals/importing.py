"""Exports of participation platforms -> the canonical record of proposals, with nobody in it.

Decidim (current and older), CONSUL Democracy (proposals, budget investments, Decide Madrid's research copy)
and plain tables of proposals. Only columns that the record needs are read; authors, e-mail addresses, likes,
supports, addresses and coordinates are dropped, and what was dropped is said.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ogp_analysis import tabular
from ogp_analysis.errors import DataError, ParameterError, Problem
from ogp_analysis.proposals import archive, records
from ogp_analysis.proposals.platforms import COLUMNS, PLATFORMS, TRANSLATED, Layout
from ogp_analysis.proposals.records import Keyed
from ogp_analysis.tabular import Limits, Note, Table, key_of

__all__ = ["COLUMNS", "PLATFORMS", "Imported", "parse", "read"]


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

    def say(self, language: str = "en") -> list[str]:
        """Word the notes, one line each."""
        return [note.say(language) for note in self.notes]


def read(
    path: str | os.PathLike[str],
    *,
    platform: str = "auto",
    sheet: str | None = None,
    limits: Limits | None = None,
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

    Returns
    -------
    Imported
        The proposals and how they were read.

    Raises
    ------
    ParameterError
        The platform is not one of these.
    DataError
        The file cannot be read, is of another platform, or has rows that cannot be trusted; all are listed.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "propuestas.csv"
    >>> _ = file.write_text("código;título;autor\n007;Datos abiertos;Ana Ruiz\n", encoding="utf-8")
    >>> done = read(file)
    >>> done.proposals[["code", "title"]].values.tolist(), done.dropped
    ([['007', 'Datos abiertos']], ('autor',))
    """
    limits = limits or Limits()
    content = tabular.content_of(path, limits)
    return parse(content, file=Path(path).name, platform=platform, sheet=sheet, limits=limits)


def parse(
    content: bytes,
    *,
    file: str,
    platform: str = "auto",
    sheet: str | None = None,
    limits: Limits | None = None,
) -> Imported:
    r"""Import an export that is already in memory; see ``read``.

    Parameters
    ----------
    content : bytes
        The whole file.
    file : str
        Its name, for messages.
    platform, sheet, limits
        As for ``read``.

    Returns
    -------
    Imported
        The proposals and how they were read.

    Raises
    ------
    ParameterError
        The platform is not one of these.
    DataError
        As for ``read``.

    Examples
    --------
    >>> done = parse(b"id;title;body;reference\n1;Datos;Abrirlos;EC-1\n", file="p.csv", platform="plain")
    >>> done.layout, done.proposals.loc[0, "code"]
    ('plain', 'EC-1')
    """
    if platform not in PLATFORMS:
        allowed = (("allowed", ", ".join(PLATFORMS)),)
        raise ParameterError([Problem("people.platform", value=platform, detail=allowed)])
    limits, notes = limits or Limits(), []
    if archive.is_archive(content):
        content, member = archive.read_member(content, file=file, limits=limits)
        notes.append(Note("people.zip_member", (("member", member),)))
        file = f"{file}/{member}"
    tables = tabular.parse(content, file=file, sheet=sheet, limits=limits)
    keyed, layout = _recognise(tables, platform, file)
    made = records.make(keyed, layout)
    problems = [*_reading_problems(keyed), *made.problems]
    if problems:
        raise DataError(sorted(problems, key=lambda problem: problem.row))
    recognised = Note("people.layout", (("layout", layout.name), ("rows", str(len(made.frame)))))
    notes += [*keyed.table.notes, recognised, *made.notes]
    return Imported(made.frame, layout.name, tuple(notes), made.personal)


def _recognise(tables: list[Table], platform: str, file: str) -> tuple[Keyed, Layout]:
    # The most telling layouts stand first; "plain", which asks for a title only, comes last.
    for layout in PLATFORMS[platform]:
        for table in tables:
            keyed = _keyed(table, layout, by_position=platform == "consul")
            if keyed is not None:
                return keyed, layout
    header = ", ".join(name for table in tables for name in table.header)[:500]
    detail = (("platform", platform), ("header", header))
    raise DataError([Problem("people.not_recognised", file, row=1, detail=detail)])


def _keyed(table: Table, layout: Layout, *, by_position: bool) -> Keyed | None:
    """Name the columns as the layout does; None where it is not this layout."""
    keys = [key_of(name) for name in table.header]
    if layout.positions:
        # Headers of CONSUL's investments follow the language of whoever exported them.
        keys = [TRANSLATED.get(key, key) for key in keys]
    if all(
        any(key in keys or Keyed(table, keys).find(key) for key in sign.split("|")) for sign in layout.signs
    ):
        return Keyed(table, keys)
    for positions in layout.positions if by_position else ():
        # By position only when the platform was named: the number of columns alone would take a stranger's
        # table.
        if len(positions) == len(keys) and keys[0] in ("id", ""):
            return Keyed(table, list(positions))
    return None


def _reading_problems(keyed: Keyed) -> list[Problem]:
    # A research copy written by pandas has a first column without a name: the running number of the row.
    indexed = bool(keyed.keys) and not keyed.keys[0]
    return [
        problem
        for problem in keyed.table.problems
        if not (
            indexed and problem.rule == "tabular.empty_header" and problem.column == keyed.table.letters[0]
        )
    ]
