"""Tables as typed, from CSV or XLSX: every cell is text with its address, and how it was read is said.

Nothing is converted here: ``007`` stays ``007``, ``NA`` stays ``NA``, an empty cell is empty text. ``read``
refuses a table with faults; ``inspect`` hands the faults over so that a caller can report them with its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ogp_analysis.errors import DataError
from ogp_analysis.language.folding import key_of
from ogp_analysis.model import given_file
from ogp_analysis.tabular import text_file, xlsx_reader
from ogp_analysis.tabular.limits import Limits
from ogp_analysis.tabular.numbers import decimal_of, number
from ogp_analysis.tabular.table import DateText, Note, NumberText, PercentText, Table, refuse
from ogp_analysis.tabular.table_from_records import IsHeader, Rows, build

__all__ = [
    "DateText",
    "Limits",
    "Note",
    "NumberText",
    "PercentText",
    "Table",
    "content_of",
    "decimal_of",
    "inspect",
    "key_of",
    "number",
    "parse",
    "read",
    "refuse",
]

# What some systems call .xls is a page with a table, or a workbook as XML of 2003.
PAGES = (
    b"<html",
    b"<!doctype html",
    b"<table",
    b"<meta",
    b"<head",
    b"<body",
    b"<div",
    b"<style",
    b"mime-version:",
)
XML_2003 = (b'progid="excel.sheet"', b"urn:schemas-microsoft-com:office:spreadsheet")
ODS = b"opendocument.spreadsheet"
HEAD = 2000
# How files of other kinds begin, which people take for tables or rename to them.
MARKS_OF_OTHERS = {
    b"%PDF-": "PDF",
    b"{\\rtf": "RTF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "gzip (.gz)",
    b"BZh9": "bzip2 (.bz2)",
    b"\xfd7zXZ": "XZ (.xz)",
    b"7z\xbc\xaf": "7-Zip (.7z)",
    b"Rar!": "RAR",
    b"SQLite format 3": "SQLite",
    b"$FL2": "SPSS (.sav)",
    b"$FL3": "SPSS (.zsav)",
    b"<stata_dta>": "Stata (.dta)",
}
PARQUET = b"PAR1"
# Files of packages of other kinds; a workbook may hold a document in itself.
WORKBOOK = b"xl/workbook"
PACKED = {
    b"Index/Document.iwa": "Apple Numbers (.numbers)",
    b"Index.zip": "Apple Numbers (.numbers)",
    b"word/document.xml": "Word (.docx)",
    b"ppt/presentation.xml": "PowerPoint (.pptx)",
}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read(
    path: str | os.PathLike[str], *, sheet: str | None = None, limits: Limits | None = None
) -> list[Table]:
    r"""Read the tables of a CSV or XLSX file and refuse faulty ones.

    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "notas.csv"
    >>> _ = file.write_bytes("propuesta;calificación\n007;4,5\n".encode("cp1252"))
    >>> table = read(file)[0]
    >>> table.rows, table.say()
    ([['007', '4,5']], 'read as cp1252, separator ";", decimal comma')
    """
    tables = inspect(path, sheet=sheet, limits=limits)
    problems = [problem for table in tables for problem in table.problems]
    if problems:
        raise DataError(problems)
    return tables


def inspect(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    limits: Limits | None = None,
    is_header: IsHeader | None = None,
    join_headers: Callable[[Rows], tuple[Rows, list[Note]]] | None = None,
) -> list[Table]:
    r"""Read as ``read`` does, but leave the faults of each table in ``Table.problems``.

    Parameters
    ----------
    path, sheet, limits
        As for `read`.
    is_header : callable, optional
        Says of the cells of a row how many columns they name, 0 where they are no header; titles above it are
        then left out, and this is said. Without it the first row is the header.
    join_headers : callable, optional
        Puts a header of several rows into one: rows (number and cells) in, rows and what to say out.

    Returns
    -------
    list of Table
        As `read` gives them, faulty ones too.

    Raises
    ------
    DataError
        The file as a whole cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "notas.csv"
    >>> _ = file.write_text("propuesta;nota\nS01;4;5\n", encoding="utf-8")
    >>> [(problem.row, problem.rule) for problem in inspect(file)[0].problems]
    [(2, 'tabular.long_row')]
    """
    limits = limits or Limits()
    content = content_of(path, limits)
    return parse(
        content,
        file=Path(path).name,
        sheet=sheet,
        limits=limits,
        is_header=is_header,
        join_headers=join_headers,
    )


def content_of(path: str | os.PathLike[str], limits: Limits) -> bytes:
    """Read a file of data whole, if it is one and not too large.

    Parameters
    ----------
    path : path-like
        What somebody named.
    limits : Limits
        ``file_bytes`` is how large it may be.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    DataError
        It cannot be read: a folder, a pipe, a device, a link to itself, too large, or not there.

    Examples
    --------
    >>> import tempfile
    >>> content_of(tempfile.mkdtemp(prefix="datos-"), Limits())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ogp_analysis.errors.DataError: Problems found: 1
      - datos-...: this is a folder, and no file; name a file in it
    """
    name = Path(path).name
    try:
        return given_file.read(path, limits.file_bytes)
    except given_file.NotReadError as error:
        if error.why == "bytes":
            refuse("tabular.bytes", file=name, count=error.reason, limit=limits.file_bytes)
        if error.why == "none":
            refuse("tabular.no_file", file=name)
        if error.why in ("denied", "other"):
            refuse("tabular.unreadable", file=name, reason=error.reason)
        refuse(f"given.{error.why}", file=name)


def parse(
    content: bytes,
    *,
    file: str,
    sheet: str | None = None,
    limits: Limits | None = None,
    is_header: IsHeader | None = None,
    join_headers: Callable[[Rows], tuple[Rows, list[Note]]] | None = None,
) -> list[Table]:
    r"""Read the tables of a file that is already in memory; see ``inspect``.

    Parameters
    ----------
    content : bytes
        The whole file.
    file : str
        Its name, for messages.
    sheet, limits, is_header, join_headers
        As for `inspect`.

    Returns
    -------
    list of Table
        As `inspect` gives them; sheets without content are left out.

    Raises
    ------
    DataError
        The file as a whole cannot be read.

    Examples
    --------
    >>> parse(b"proposal\trating\nS01\t4\n", file="n.tsv")[0].say()
    'read as UTF-8, separator "TAB"'
    """
    limits = limits or Limits()
    if content.startswith(OLE):
        refuse("tabular.old_excel", file=file)
    kind = other_format(content)
    if kind:
        refuse("tabular.other_format", file=file, kind=kind)
    if content.startswith(ZIP):
        parts = xlsx_reader.read(content, file=file, limits=limits, sheet=sheet)
    else:
        parts = [text_file.read(content, file=file, limits=limits)]
    return [
        build(records, limits, is_header, join_headers)
        for records in parts
        if records.rows or len(parts) == 1
    ]


def other_format(content: bytes) -> str:
    r"""Name the format of a file that is neither text nor XLSX; empty for any other.

    >>> [other_format(content) for content in (b"<!DOCTYPE html><p>", b"a;b", b"<?xml version='1.0'?><html>")]
    ['HTML', '', 'HTML']
    >>> other_format(b"%PDF-1.7"), other_format(b"PK\x03\x04..Index/Document.iwa")
    ('PDF', 'Apple Numbers (.numbers)')
    """
    for mark, name in MARKS_OF_OTHERS.items():
        if content.startswith(mark):
            return name
    # These four letters begin many a header too.
    if content.startswith(PARQUET) and content.endswith(PARQUET):
        return "Parquet"
    packed = [name for mark, name in PACKED.items() if mark in content]
    if packed and content.startswith(ZIP) and WORKBOOK not in content:
        return packed[0]
    head = content[:HEAD].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if ODS in (head if head.startswith(b"<?xml") else head[:200]):
        return "OpenDocument (.ods)"
    if head.startswith(b"<?xml") and any(mark in head for mark in XML_2003):
        return "XML (Excel 2003)"
    page = head.startswith((b"<?xml", b"<!--")) and any(mark in head for mark in PAGES[:3])
    return "HTML" if page or head.startswith(PAGES) else ""
