"""How large a table file may be before it is refused (uploads: `app/server`; YAML: `model/strict_yaml`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How much a reader accepts before it refuses a file.

    Parameters
    ----------
    file_bytes : int
        Size of the file on disk.
    uncompressed_bytes : int
        Size of everything inside a workbook, unpacked: as stated before anything is parsed, and as found.
    rows, columns, sheets : int
        Rows with content and columns of one table, sheets of one workbook.
    cell_characters : int
        Length of one cell.
    parts : int
        Entries of a ZIP.
    cells, empty_cells : int
        Cells of one file; cells and rows of a workbook, and lines of a text file, without content.
    strings, formats, names, merged_areas : int
        Shared texts, cell formats, defined names and merged areas of one workbook.
    elements : int
        Other elements in the XML of one part.
    faults : int
        Faulty rows and cells that are listed before reading stops.

    Examples
    --------
    >>> Limits(rows=10).rows, Limits().rows
    (10, 1000000)
    """

    file_bytes: int = 200_000_000
    uncompressed_bytes: int = 250_000_000
    rows: int = 1_000_000
    columns: int = 1_000
    sheets: int = 500
    cell_characters: int = 100_000
    parts: int = 10_000
    cells: int = 10_000_000
    empty_cells: int = 300_000
    strings: int = 500_000
    formats: int = 100_000
    names: int = 100_000
    merged_areas: int = 10_000
    elements: int = 300_000
    faults: int = 10_000
