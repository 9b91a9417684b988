"""The empty workbook from the page: the same as ``ogp template`` writes."""

from __future__ import annotations

from collections.abc import Sequence

from ogp_analysis.cli import template as command
from ogp_analysis.model.records import Method
from ogp_analysis.ratings import template
from ogp_analysis.ratings.template import Seat


def seats(method: Method) -> tuple[Seat, ...]:
    """Give the seats that the form shows first: those that the method's design wants."""
    return template.seats_of(method)


def chosen_seats(codes: Sequence[str], panels: Sequence[str], roles: Sequence[str]) -> tuple[Seat, ...]:
    """Read the rows of the form; a row without a code is none.

    >>> chosen_seats(["E1", " "], ["lead", "lead"], ["third", "independent"])
    (Seat(evaluator='E1', panel='lead', role='third'),)
    """
    rows = zip(codes, panels, roles, strict=True)
    return tuple(Seat(code.strip(), panel, role) for code, panel, role in rows if code.strip())


def empty(method: Method, proposals: str, seats: Sequence[Seat], language: str) -> bytes:
    """Make the workbook.

    Parameters
    ----------
    method : Method
        Its indicators, scales and panels.
    proposals : str
        How many, or the path of a table of them.
    seats : sequence of Seat
        Who rates.
    language : str
        Of headers and drop-downs.

    Returns
    -------
    bytes
        The xlsx file.

    Raises
    ------
    DataError
        A code, panel, role or number is not allowed.
    """
    return template.workbook(
        method,
        proposals=command.proposals_of(proposals, language),
        evaluators=seats,
        reiterations=command.reiterations_of(proposals),
        language=language,
    )
