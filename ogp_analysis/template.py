"""A workbook ready to fill: one sheet an evaluator, drop-downs and ranges from the method, nothing to guess.

The same arguments give the same bytes. Read back by ``ratings.load`` it gives what was typed.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ogp_analysis import texts
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.model import CATEGORIES, INDEPENDENT, ROLES, THIRD, Indicator, Method

CREATED = datetime.datetime(2019, 10, 1)
LONGEST_SHEET_NAME = 31
LONGEST_LIST = 20
SIDE_SHEETS = ("proposals", "decisions", "evaluators")
EMPTY_ROWS = 50


@dataclass(frozen=True)
class Seat:
    """One evaluator's place.

    Parameters
    ----------
    evaluator : str
        Pseudonym, at most 31 characters; it names the sheet.
    panel : str
        Panel of the method.
    role : str
        ``"independent"`` or ``"third"``.
    """

    evaluator: str
    panel: str
    role: str = INDEPENDENT


def seats_of(method: Method) -> tuple[Seat, ...]:
    """Give the seats that a method's design wants, with codes made from the panels' names.

    Examples
    --------
    >>> from ogp_analysis import params
    >>> [seat.evaluator for seat in seats_of(params.from_values(params.baseline()).method)]
    ['L1', 'C1', 'WG1', 'WG2', 'CG1', 'CG2']
    """
    return tuple(
        Seat("".join(word[0] for word in panel.split("_")).upper() + str(number), panel)
        for criterion in method.criteria
        for panel in criterion.panels
        for number in range(1, criterion.raters_per_panel + 1)
    )


def write(
    path: Path | str,
    method: Method,
    *,
    proposals: Sequence[tuple[str, str]],
    evaluators: Sequence[Seat] = (),
    language: str = "es",
) -> Path:
    """Write the workbook.

    Parameters
    ----------
    path : path-like
        Where to; an existing file is replaced.
    method : Method
        Indicators, scales and panels.
    proposals : sequence of (str, str)
        Code and title of each proposal.
    evaluators : sequence of Seat, optional
        Who rates; without it the seats that the method's design wants.
    language : str
        ``"es"`` or ``"en"``: language of headers and drop-downs; the instructions are in both.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        An evaluator, panel or role is not allowed, a code occurs twice, or the file cannot be written.
    """
    content = workbook(method, proposals=proposals, evaluators=evaluators, language=language)
    target = Path(path)
    try:
        target.write_bytes(content)
    except OSError as error:
        detail = (("reason", type(error).__name__),)
        raise DataError([Problem("template.unwritable", file=target.name, detail=detail)], language) from None
    return target


def workbook(
    method: Method,
    *,
    proposals: Sequence[tuple[str, str]],
    evaluators: Sequence[Seat] = (),
    language: str = "es",
) -> bytes:
    """Make the workbook in memory; see ``write``."""
    import xlsxwriter  # imported here: the command line's help needs no Excel

    seats = tuple(evaluators) or seats_of(method)
    _check(seats, method, proposals, language)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": texts.say("template.title", language), "created": CREATED})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "fill": book.add_format({"bg_color": "#FFF9DB", "border": 1, "border_color": "#BBBBBB"}),
    }
    _instructions(book, formats, method, language)
    for seat in seats:
        _evaluator(book.add_worksheet(seat.evaluator), formats, seat, (method, proposals, language))
    for name in SIDE_SHEETS:
        _side(
            book.add_worksheet(texts.say(f"template.sheet.{name}", language)),
            formats,
            name,
            (proposals, seats, language),
        )
    book.close()
    return content.getvalue()


def _check(
    seats: Sequence[Seat], method: Method, proposals: Sequence[tuple[str, str]], language: str
) -> None:
    problems = [
        Problem(
            "template.seat", evaluator=seat.evaluator, value=value, detail=(("allowed", ", ".join(allowed)),)
        )
        for seat in seats
        for value, allowed in ((seat.panel, method.panels), (seat.role, ROLES))
        if value not in allowed
    ]
    reserved = [texts.say(f"template.sheet.{name}", language) for name in ("instructions", *SIDE_SHEETS)]
    names = [name.casefold() for name in (*reserved, *(seat.evaluator for seat in seats))]
    problems += [
        Problem("template.sheet_name", value=seat.evaluator)
        for seat in seats
        if names.count(seat.evaluator.casefold()) > 1 or not _can_name_a_sheet(seat.evaluator)
    ]
    codes = [code for code, _ in proposals]
    problems += [
        Problem("template.proposal", value=code)
        for k, code in enumerate(codes)
        if not code or code in codes[:k]
    ]
    if not codes:
        problems.append(Problem("template.proposal"))
    if problems:
        raise DataError(problems, language)


def _can_name_a_sheet(name: str) -> bool:
    return 0 < len(name) <= LONGEST_SHEET_NAME and all(
        c.isascii() and (c.isalnum() or c in "._-") for c in name
    )


def _instructions(book: Any, formats: dict[str, Any], method: Method, language: str) -> None:
    sheet = book.add_worksheet(texts.say("template.sheet.instructions", language))
    sheet.set_column(0, 1, 70, formats["text"])
    for column, name in enumerate(("es", "en")):
        sheet.write_string(0, column, texts.say("template.title", name), formats["head"])
        lines = texts.say("template.instructions", name).split("\n")
        lines += [_scale_line(indicator, name) for indicator in method.indicators]
        for row, line in enumerate(lines, start=1):
            sheet.write_string(row, column, line, formats["text"])


def _scale_line(indicator: Indicator, language: str) -> str:
    scale = f"{indicator.minimum:g} … {indicator.maximum:g}"
    better = texts.say(f"template.{indicator.direction.split()[0]}", language)
    return f"{label('indicator', indicator.name, language)}: {scale} ({better})"


def label(kind: str, name: str, language: str) -> str:
    """Give the reader's word for a name of the method; the name itself where the catalogue has none."""
    key = f"{kind}.{name}"
    return texts.say(key, language) if texts.has(key, language) else name


def _evaluator(sheet: Any, formats: dict[str, Any], seat: Seat, context: tuple) -> None:
    method, proposals, language = context
    (criterion,) = [criterion for criterion in method.criteria if seat.panel in criterion.panels][:1]
    fixed = [
        texts.say(f"template.column.{name}", language)
        for name in ("proposal", "title", "evaluator", "panel", "role")
    ]
    header = fixed + [label("indicator", indicator.name, language) for indicator in criterion.indicators]
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, formats["head"])
    who = (
        seat.evaluator,
        label("panel", seat.panel, language),
        texts.say(f"template.role.{seat.role}", language),
    )
    for row, (code, title) in enumerate(proposals, start=1):
        for column, cell in enumerate((code, title, *who)):
            sheet.write_string(row, column, cell, formats["text"])
        for column in range(len(fixed), len(header)):
            sheet.write_blank(row, column, None, formats["fill"])
    for column, indicator in enumerate(criterion.indicators, start=len(fixed)):
        sheet.data_validation(1, column, len(proposals), column, _validation(indicator, language))
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, len(header) - 1, 15)
    sheet.freeze_panes(1, 2)


def _validation(indicator: Indicator, language: str) -> dict[str, Any]:
    scale = [rating for rating in indicator.scale]
    whole = all(rating.is_integer() for rating in map(float, scale))
    allowed = f"{indicator.minimum:g} … {indicator.maximum:g}"
    words = {
        "error_title": texts.say("template.error_title", language),
        "error_message": texts.say("template.error", language, allowed=allowed),
        "input_message": texts.say("template.input", language, allowed=allowed),
    }
    if whole and len(scale) <= LONGEST_LIST:
        return words | {"validate": "list", "source": [int(rating) for rating in scale]}
    # A list of decimals would be shown with a point, which Excel in Spanish takes for a date.
    limits = {"criteria": "between", "minimum": indicator.minimum, "maximum": indicator.maximum}
    return words | limits | {"validate": "integer" if whole else "decimal"}


def _side(sheet: Any, formats: dict[str, Any], name: str, context: tuple) -> None:
    proposals, seats, language = context
    columns = texts.say(f"template.columns.{name}", language).split(",")
    for column, head in enumerate(columns):
        sheet.write_string(0, column, head, formats["head"])
    sheet.set_column(0, len(columns) - 1, 20)
    sheet.freeze_panes(1, 1)
    rows = {"proposals": proposals, "evaluators": [(seat.evaluator,) for seat in seats], "decisions": []}[
        name
    ]
    for row, cells in enumerate(dict.fromkeys(rows), start=1):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, formats["text"])
    if name == "decisions":
        stages = [texts.say(f"template.stage.{stage}", language) for stage in ("selection", "confirmation")]
        last = max(len(proposals) * 2, EMPTY_ROWS)
        listed = f"='{texts.say('template.sheet.proposals', language)}'!$A$2:$A${len(proposals) + 1}"
        sheet.data_validation(1, 0, last, 0, {"validate": "list", "source": listed})
        sheet.data_validation(1, 1, last, 1, {"validate": "list", "source": stages})
        sheet.data_validation(1, 2, last, 2, {"validate": "list", "source": list(CATEGORIES)})


def third_seats(panels: Sequence[str]) -> tuple[Seat, ...]:
    """Give one third evaluator for each of these panels."""
    return tuple(Seat(f"T{number}", panel, THIRD) for number, panel in enumerate(panels, start=1))
