"""Addresses of cells as spreadsheets write them."""

from __future__ import annotations

from functools import reduce


def letter(position: int) -> str:
    """Spreadsheet letter of a column position.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def corner(address: str) -> tuple[int, int]:
    """Read the address of a cell.

    >>> corner("A1"), corner("AB12")
    ((1, 0), (12, 27))
    """
    letters = address.rstrip("0123456789")
    column = reduce(lambda total, name: total * 26 + ord(name) - ord("A") + 1, letters, 0)
    return int(address[len(letters) :] or 0), column - 1
