"""Addresses of cells as spreadsheets write them."""

from __future__ import annotations

from functools import reduce


def letter(position: int) -> str:
    """Spreadsheet letter of a column position.

    Parameters
    ----------
    position : int
        From 0.

    Returns
    -------
    str
        A to Z, then AA and on.

    Examples
    --------
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

    Parameters
    ----------
    address : str
        Such as ``"AB12"``, without dollar signs.

    Returns
    -------
    row : int
        From 1; 0 where the address names a whole column.
    column : int
        Position, from 0; -1 where the address names a whole row.

    Examples
    --------
    >>> corner("A1"), corner("AB12")
    ((1, 0), (12, 27))
    """
    letters = address.rstrip("0123456789")
    column = reduce(lambda total, name: total * 26 + ord(name) - ord("A") + 1, letters, 0)
    return int(address[len(letters) :] or 0), column - 1
