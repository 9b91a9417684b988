"""The workbook to fill with ratings: one sheet an evaluator, drop-downs and ranges from the method.

The same arguments give the same bytes. Read back by ``ratings.load`` it gives what was typed.
"""

from __future__ import annotations

import datetime
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.given_file import put_whole
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_summary import answer_words, as_typed, scale_words
from ogp_analysis.model.method_words import in_language, reader_language
from ogp_analysis.model.records import (
    INDEPENDENT,
    ROLES,
    Indicator,
    Method,
    Stage,
)
from ogp_analysis.ratings import is_code

# A fixed date, so that the same arguments give the same bytes: the day of the plan's categories (line 727).
CREATED = datetime.datetime(2019, 10, 1)
# Excel refuses a longer name.
LONGEST_SHEET_NAME = 31
# Ours; Excel holds a list of numbers in 255 characters.
LONGEST_LIST = 20
LONGEST_SOURCE = 255
SIDE_SHEETS = ("proposals", "decisions", "evaluators")
# Rows that get drop-downs although nothing stands in them yet; our choice.
EMPTY_ROWS = 50
ENDING = ".xlsx"


# Sheets of a panel of many that are made unasked; our choice.
MOST_SHEETS = 12


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

    Examples
    --------
    >>> Seat("WG1", "working_group").role
    'independent'
    """

    evaluator: str
    panel: str
    role: str = INDEPENDENT


def roles_of(method: Method) -> tuple[str, ...]:
    """Name the roles that an evaluator may have under a method: of a jury nobody is a third.

    Parameters
    ----------
    method : Method
        Of juries, or of pairs.

    Returns
    -------
    tuple of str
        ``"independent"``, and ``"third"`` where there are pairs.

    Examples
    --------
    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> [roles_of(read_method(name, Path())[0]) for name in ("jury-of-labels", "ecuador-2019")]
    [('independent',), ('independent', 'third')]
    """
    return (INDEPENDENT,) if method.juried else ROLES


def seats_of(method: Method) -> tuple[Seat, ...]:
    """Give the seats that a method's design wants, with codes made from the panels' names.

    Parameters
    ----------
    method : Method
        Its panels and how many evaluators each has.

    Returns
    -------
    tuple of Seat
        Codes are the initials of the panel and a number; where a panel may have more or fewer evaluators, as
        many as it may have.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> [seat.evaluator for seat in seats_of(params.from_values(params.baseline()).method)]
    ['L1', 'C1', 'WG1', 'WG2', 'CG1', 'CG2']
    """
    sizes: dict[str, int] = {}
    for criterion in method.criteria:
        for panel in criterion.panels:
            wanted = max(criterion.fewest, min(criterion.raters_per_panel, MOST_SHEETS))
            sizes[panel] = max(sizes.get(panel, 0), wanted)
    initials = {panel: "".join(word[0] for word in panel.split("_")).upper() for panel in sizes}
    alike = Counter(initials.values())
    # Two panels of the same initials, such as core_group and citizen_group, are told apart by whole names.
    codes = {panel: short if alike[short] == 1 else panel.upper() for panel, short in initials.items()}
    return tuple(
        Seat(f"{codes[panel]}{number}", panel)
        for panel, size in sizes.items()
        for number in range(1, size + 1)
    )


def write(
    path: Path | str,
    method: Method,
    *,
    proposals: Sequence[tuple[str, str]],
    evaluators: Sequence[Seat] = (),
    reiterations: Mapping[str, str] | None = None,
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
        Who rates; without it the seats that the method's design wants. An evaluator of a jury that rates
        several criteria has a seat in a panel of each, and one sheet for all.
    reiterations : mapping of str to str, optional
        How many proposals each integrated proposal brings together, by its code.
    language : str
        ``"es"`` or ``"en"``: language of headers and drop-downs; the instructions are in both.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        An evaluator, panel or role is not allowed, a code occurs twice, the name does not end in .xlsx, or
        the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> method = params.from_values(params.baseline()).method
    >>> file = Path(tempfile.mkdtemp()) / "ratings.xlsx"
    >>> made = write(file, method, proposals=[("S01", "Compras")], language="en")
    >>> [table.name for table in tabular.read(made)]
    ['instructions', 'L1', 'C1', 'WG1', 'WG2', 'CG1', 'CG2', 'proposals', 'decisions', 'evaluators']
    """
    target = Path(path)
    if target.suffix.lower() != ENDING:
        # Excel refuses to open a workbook of another name.
        raise DataError(
            [Problem("template.ending", file=target.name, value=f"{target.stem}{ENDING}")], language
        )
    if not target.parent.is_dir():
        folder = Problem("template.no_folder", file=target.name, value=str(target.parent))
        raise DataError([folder], language)
    content = workbook(
        method, proposals=proposals, evaluators=evaluators, reiterations=reiterations, language=language
    )
    try:
        put_whole(target, content)
    except OSError as error:
        detail = (("reason", error.strerror or type(error).__name__),)
        raise DataError([Problem("template.unwritable", file=target.name, detail=detail)], language) from None
    return target


def workbook(
    method: Method,
    *,
    proposals: Sequence[tuple[str, str]],
    evaluators: Sequence[Seat] = (),
    reiterations: Mapping[str, str] | None = None,
    language: str = "es",
) -> bytes:
    """Make the workbook in memory; see ``write``.

    >>> from ogp_analysis.model import params
    >>> method = params.from_values(params.baseline()).method
    >>> workbook(method, proposals=[("S01", "")])[:2]
    b'PK'
    """
    import xlsxwriter  # imported here: the command line's help needs no Excel

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    seats = tuple(evaluators) or seats_of(method)
    language = reader_language(language, method)
    made = _Template(book, _formats(book), method, tuple(proposals), seats, language, reiterations or {})
    problems = _seat_problems(made) + _proposal_problems([code for code, _ in proposals])
    if problems:
        raise DataError(problems, language)
    book.set_properties({"title": made.say("title"), "created": CREATED})
    _instructions(made)
    for one in dict.fromkeys(seat.evaluator for seat in seats):
        _evaluator(made, [seat for seat in seats if seat.evaluator == one])
    for name in SIDE_SHEETS:
        _side(made, name)
    book.close()
    return content.getvalue()


@dataclass(frozen=True)
class _Template:
    book: Any
    formats: dict[str, Any]
    method: Method
    proposals: tuple[tuple[str, str], ...]
    seats: tuple[Seat, ...]
    language: str
    reiterations: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        return texts.say(f"template.{key}", self.language, **values)

    @property
    def foresees_thirds(self) -> bool:
        """Whether a third evaluation may be needed, under the defaults of the method."""
        return bool(defaults_of(self.method)["third_for"])

    def columns(self, name: str) -> list[str]:
        """Head a side sheet; that of proposals has the columns that the method takes something from."""
        columns = self.say(f"columns.{name}").split(",")
        if name != "proposals" or self.method.plan:
            return columns
        counted = any(indicator.counted for indicator in self.method.indicators)
        further = [one for one, taken in (("route", self.method.routed), ("reiterations", counted)) if taken]
        return columns + [self.say(f"column.{one}") for one in further]

    def sheet(self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Any:
        """Add a sheet of text: a header and rows, so that nothing typed becomes a formula or a date."""
        sheet = self.book.add_worksheet(title)
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, self.formats["head"])
        for row, cells in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell, self.formats["text"])
        return sheet


def _formats(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "fill": book.add_format({"bg_color": "#FFF9DB", "border": 1, "border_color": "#BBBBBB"}),
    }


def _seat_problems(made: _Template) -> list[Problem]:
    problems = [
        Problem("template.seat", value=value, detail=(("allowed", ", ".join(allowed)),))
        for seat in made.seats
        for value, allowed in ((seat.panel, made.method.panels), (seat.role, ROLES))
        if value not in allowed
    ]
    reserved = [made.say(f"sheet.{name}").casefold() for name in ("instructions", *SIDE_SHEETS)]
    codes = dict.fromkeys(seat.evaluator for seat in made.seats)
    taken = Counter([*reserved, *(code.casefold() for code in codes)])
    for seat in made.seats:
        if not is_code(seat.evaluator):
            problems.append(Problem("template.person"))
        elif taken[seat.evaluator.casefold()] > 1 or len(seat.evaluator) > LONGEST_SHEET_NAME:
            problems.append(Problem("template.sheet_name", value=seat.evaluator))
    return problems + [problem for code in codes for problem in _jury_problems(made, code)]


def _jury_problems(made: _Template, code: str) -> list[Problem]:
    # One evaluator may sit in a panel of each criterion; twice in one criterion is no second opinion.
    own = [seat for seat in made.seats if seat.evaluator == code and seat.panel in made.method.panels]
    sat = [c.name for c in made.method.criteria for seat in own if seat.panel in c.panels]
    once = len(set(sat)) == len(sat) and len({seat.panel for seat in own}) == len(own)
    if once and len({seat.role for seat in own}) <= 1:
        return []
    return [Problem("template.seat_twice", value=code)]


def _proposal_problems(codes: list[str]) -> list[Problem]:
    counts = Counter(codes)
    wrong = [code for code in counts if not code or counts[code] > 1] if codes else [""]
    return [Problem("template.proposal", value=", ".join(wrong))] if wrong else []


def _instructions(made: _Template) -> None:
    columns = []
    for language in ("es", "en"):
        own = reader_language(language, made.method)
        third = "\n".join([*_thirds_line(made, own), *_range_lines(made.method, own)])
        text = texts.say("template.instructions", own, third=third, **_ways_to_fill(made.method, own))
        lines = [line for line in text.split("\n") if line]
        columns.append(lines + [_scale_line(indicator, own) for indicator in made.method.indicators])
    header = [texts.say("template.title", language) for language in ("es", "en")]
    sheet = made.sheet(made.say("sheet.instructions"), header, list(zip(*columns, strict=True)))
    sheet.set_column(0, 1, 70)


def _thirds_line(made: _Template, language: str) -> list[str]:
    return [texts.say("template.third", language)] if made.foresees_thirds else []


def _range_lines(method: Method, language: str) -> list[str]:
    """Say how many of a panel rate a proposal, where that is no fixed number."""
    return [
        texts.say(
            "template.some_rate",
            language,
            criterion=name_label("criterion", criterion.name, language),
            fewest=criterion.fewest,
            most=criterion.raters_per_panel,
        )
        for criterion in method.criteria
        if criterion.fewest < criterion.raters_per_panel
    ]


def _ways_to_fill(method: Method, language: str) -> dict[str, str]:
    """Say whether cells offer a list, and what nobody may write where there is no rating."""
    judged = [indicator for indicator in method.indicators if not indicator.counted]
    lists = [_validation(indicator, language)["validate"] == "list" for indicator in judged]
    choosing = "all" if all(lists) else "some" if any(lists) else ""
    zero = any(0 in indicator.scale for indicator in judged)
    return {
        "choosing": texts.say(f"template.choosing.{choosing}", language) if choosing else "",
        "fillers": texts.say("template.fillers_beside_zero" if zero else "template.fillers", language),
    }


def _scale_line(indicator: Indicator, language: str) -> str:
    better = texts.say(f"template.{indicator.direction.split()[0]}", language)
    return (
        f"{name_label('indicator', indicator.name, language)}: {scale_words(indicator, language)} ({better})"
    )


def _evaluator(made: _Template, seats: Sequence[Seat]) -> None:
    rated = {seat.panel: _rated(made.method, seat.panel) for seat in seats}
    # One panel a criterion: the indicator tells the panel, and all of a proposal stands in one row.
    alone = all(len(criterion.panels) == 1 for criterion in made.method.criteria) and len(seats) > 1
    panels = [tuple(rated)] if alone else [(panel,) for panel in rated]
    indicators = [indicator for each in rated.values() for indicator in each]
    names = ("proposal", "title", "evaluator", *(() if alone else ("panel",)), "role")
    header = [made.say(f"column.{name}") for name in names]
    first, role = len(header), made.say(f"role.{seats[0].role}")
    header += [name_label("indicator", indicator.name, made.language) for indicator in indicators]
    lines = [(proposal, of) for proposal in made.proposals for of in panels]
    words = [() if alone else (name_label("panel", of[0], made.language),) for _, of in lines]
    rows = [
        (*proposal, seats[0].evaluator, *panel, role)
        for (proposal, _), panel in zip(lines, words, strict=True)
    ]
    sheet = made.sheet(seats[0].evaluator, header, rows)
    for column, indicator in enumerate(indicators, start=first):
        for row, (_, of) in enumerate(lines, start=1):
            # What a panel does not rate stays white.
            if any(indicator in rated[panel] for panel in of):
                sheet.write_blank(row, column, None, made.formats["fill"])
        sheet.data_validation(1, column, len(lines), column, _validation(indicator, made.language))
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, len(header) - 1, 15)
    sheet.freeze_panes(1, 2)


def _rated(method: Method, panel: str) -> list[Indicator]:
    # Scores computed from counts of merged proposals are no judgement: nobody rates them.
    return [indicator for indicator in method.rated_by(panel) if not indicator.counted]


def _validation(indicator: Indicator, language: str) -> dict[str, Any]:
    scale = indicator.scale
    whole = all(rating.is_integer() for rating in map(float, scale))
    words = {"error_title": texts.say("template.error_title", language)} | {
        f"{kind}_message": _message(f"template.{kind}", indicator, language) for kind in ("error", "input")
    }
    answers = answer_words(indicator, language)
    if answers and _fits_a_list(answers):
        return words | {"validate": "list", "source": answers}
    if whole and len(scale) <= LONGEST_LIST:
        return words | {"validate": "list", "source": [int(rating) for rating in scale]}
    # A list of decimals would be shown with a point, which Excel in Spanish takes for a date.
    limits = {"criteria": "between", "minimum": indicator.minimum, "maximum": indicator.maximum}
    return words | limits | {"validate": "integer" if whole else "decimal"}


def _message(key: str, indicator: Indicator, language: str) -> str:
    """Say beside a cell what may be typed; of answers too long for Excel the points."""
    points = [as_typed(point, language) for point in indicator.scale]
    shorter = ("; ".join(points), f"{points[0]} … {points[-1]}")
    lines = [
        texts.say(key, language, allowed=words) for words in (scale_words(indicator, language), *shorter)
    ]
    return next(message for message in lines if len(message) <= LONGEST_SOURCE)


def _side(made: _Template, name: str) -> None:
    rows: dict[str, Sequence[Sequence[str]]] = {
        "proposals": _listed(made),
        "evaluators": [(code,) for code in dict.fromkeys(seat.evaluator for seat in made.seats)],
        "decisions": [],
    }
    columns = made.columns(name)
    sheet = made.sheet(made.say(f"sheet.{name}"), columns, rows[name])
    sheet.set_column(0, len(columns) - 1, 20)
    sheet.freeze_panes(1, 1)
    if name == "decisions":
        _decision_lists(made, sheet)


def _listed(made: _Template) -> Sequence[Sequence[str]]:
    """Rows of the sheet of proposals: code and title, and the last column where reiterations are known."""
    columns = made.columns("proposals")
    if not made.reiterations or made.say("column.reiterations") not in columns:
        return made.proposals
    between = ("",) * (len(columns) - 3)
    return [(code, title, *between, made.reiterations.get(code, "")) for code, title in made.proposals]


def _decision_lists(made: _Template, sheet: Any) -> None:
    last = max(len(made.proposals) * 2, EMPTY_ROWS)
    codes = f"='{made.say('sheet.proposals')}'!$A$2:$A${len(made.proposals) + 1}"
    stages = [_stage(made, stage) for stage in made.method.stages]
    # A list is parted at commas: such titles give way to their codes.
    if not _fits_a_list(stages):
        stages = [stage.name for stage in made.method.stages]
    listed = (codes, stages if _fits_a_list(stages) else (), list(made.method.category_numbers))
    for column, source in enumerate(listed):
        if source:
            sheet.data_validation(1, column, last, column, {"validate": "list", "source": source})


def _fits_a_list(items: Sequence[str]) -> bool:
    """Say whether a list in a cell can hold these: Excel parts it at commas and takes so many letters."""
    return len(",".join(items)) <= LONGEST_SOURCE and not any("," in item for item in items)


def _stage(made: _Template, stage: Stage) -> str:
    key = f"template.stage.{stage.name}"
    known = not stage.titles and texts.has(key, made.language)
    return texts.say(key, made.language) if known else in_language(stage.titles, made.language) or stage.name
