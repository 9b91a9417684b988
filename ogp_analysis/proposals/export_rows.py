"""Rows of an export -> the canonical record: texts, codes, days and goals, and what is wrong with each row.

A cell that cannot be read is left empty, a row that cannot be used is set aside; both are said.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pandas as pd

from ogp_analysis.errors import ParameterError, Problem, RowPlace
from ogp_analysis.privacy import house_numbers
from ogp_analysis.privacy.mask_sign import MASK, spans_masked
from ogp_analysis.privacy.masking import COUNTRY, KINDS, PROSE, mask
from ogp_analysis.privacy.name_parts import parts_of
from ogp_analysis.privacy.name_shapes import has_the_shape, looks_like_a_name
from ogp_analysis.privacy.other_names import OtherNames, names_known, spans
from ogp_analysis.privacy.pseudonyms import normalise
from ogp_analysis.proposals import addresses, codes, dates, name_columns
from ogp_analysis.proposals.export_columns import SHORT, Columns
from ogp_analysis.proposals.markup import legible, to_text
from ogp_analysis.proposals.platforms import (
    CHANNELS,
    COLUMNS,
    PERSONAL,
    TRUTHS,
    Keyed,
    Layout,
)
from ogp_analysis.tabular import Note, key_of

TEXTS = (
    "title",
    "problem",
    "solution",
    "institution",
    "answer",
    "topic",
    "state",
    "province",
    "place",
    "sector",
)
# In these a cell may hold a person's name by mistake.
LISTED = ("institution", "state", "topic", "sector")
# Asked where, people answer where they live.
WHERE = ("province", "place", "sector")
# A column of these is none of names, whatever stands in it: titles and places may be called after persons.
KEPT = (
    "id",
    "code",
    "title",
    "problem",
    "solution",
    "answer",
    "url",
    "sdg",
    "submitted",
    "province",
    "place",
)
NUMBER = re.compile(r"\d+")
NO_OBJECTIVE = {"", "-", "0", "no", "ninguno", "none", "cap", "nenhum", "aucun"}
# The Sustainable Development Goals of the 2030 Agenda.
OBJECTIVES = range(1, 18)
# With one of these the row is set aside; with any other a cell is left empty or mended.
OF_ROWS = ("people.title", "people.code", "people.code_twice")
# Cells of such a row may stand under other headers.
SHIFTED = ("tabular.long_row", "tabular.short_row", "tabular.row_order", "tabular.long_cell")
LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Options:
    """What the user says of an export: order of day and month, country of telephones, columns."""

    order: str = ""
    country: str = COUNTRY
    code: str = ""
    personal: tuple[str, ...] = ()
    not_personal: tuple[str, ...] = ()


@dataclass
class Made:
    """What became of the rows.

    Parameters
    ----------
    frame : DataFrame
        The canonical records of all rows in the order of the file, with the row of the file in ``row``.
    problems : list of Problem
        Every cell and row that cannot be trusted.
    used : set of int
        Positions of the columns that were read.
    notes : list of Note
        What was dropped, masked and made.
    personal : tuple of str
        Headers that were dropped because they concern persons.
    parts : frozenset of str
        Words of the names of those who handed the proposals in, which no message may show.
    """

    frame: pd.DataFrame
    problems: list[Problem] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    personal: tuple[str, ...] = ()
    parts: frozenset[str] = frozenset()


def make(keyed: Keyed, layout: Layout, options: Options | None = None) -> Made:
    r"""Turn the rows of an export into canonical records.

    >>> from ogp_analysis import tabular
    >>> from ogp_analysis.proposals.platforms import PLAIN
    >>> table = tabular.parse(b"codigo,titulo,ods\n7,Datos,ODS 16\n", file="p.csv")[0]
    >>> made = make(Keyed(table, [key_of(name) for name in table.header]), PLAIN)
    >>> made.frame.loc[0, ["proposal", "title", "sdg"]].tolist()
    ['7', 'Datos', '16']
    """
    options = options or Options()
    columns, of_names = _columns(keyed, layout, options)
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    persons = _persons(columns, options)
    names = columns.names(persons)
    others = names_known(names, (cell for name in PROSE for cell in columns.cells(name)))
    others = replace(others, places=_places(columns, others))
    masking = partial(mask, country=options.country, places=others.places, others=others, counts=counts)
    fields = {
        name: _texts(
            columns.cells(name), names, partial(masking, prose=name in PROSE), counts, persons.get(name)
        )
        for name in TEXTS
    }
    fields |= {name: _without_houses(fields[name], counts) for name in WHERE}
    fields["url"] = _addresses(columns, names, others, options, problems)
    days = _days(columns, options, problems)
    fields["submitted"] = list(days.days)
    fields["sdg"] = _checked(columns, "sdg", objectives, problems)
    fields["channel"] = _channels(columns, problems)
    fields["state"] = _states(columns, fields["state"])
    problems += [
        _problem("people.title", columns, row, "title", "") for row, t in enumerate(fields["title"]) if not t
    ]
    texts = zip(fields["title"], fields["problem"], fields["solution"], strict=True)
    fields["text_hash"] = [text_hash(*each) for each in texts]
    fields["proposal"], made = _codes(columns, fields["text_hash"], problems)
    frame = pd.DataFrame({name: fields[name] for name in COLUMNS}, dtype="str")
    frame = frame.assign(row=keyed.table.row_numbers)
    notes, personal = columns.notes()
    notes += of_names
    notes += _notes_of_days(days, columns.cells("submitted"))
    notes += _counted(counts, days.order)
    notes += [Note("people.codes_made", (("count", str(made)),))] if made else []
    amended = sum(map(_true, columns.cells("amendment")))
    notes += [Note("people.amendments", (("count", str(amended)),))] if amended else []
    parts = frozenset(part for name in set(names) for part in parts_of(name))
    return Made(frame, problems, columns.used, notes, personal, parts)


def _columns(keyed: Keyed, layout: Layout, options: Options) -> tuple[Columns, list[Note]]:
    """Find the columns of a table, those that hold names under another header among them."""
    code = options.code and _code_column(keyed, options.code)
    columns = Columns(keyed, layout, code)
    texts = {k for name in KEPT for part in columns.places.get(name, []) for k in part}
    named, notes = name_columns.judged(
        keyed,
        texts=texts,
        fields=columns.used,
        personal=name_columns.positions(keyed, options.personal),
        not_personal=name_columns.positions(keyed, options.not_personal),
    )
    return (columns if named.keys == keyed.keys else Columns(named, layout, code)), notes


def _code_column(keyed: Keyed, named: str) -> str:
    """Find the column that the user named as that of the codes; one that concerns persons is none."""
    allowed = [
        name for name, key in zip(keyed.table.header, keyed.keys, strict=True) if not PERSONAL.search(key)
    ]
    if key_of(named) not in map(key_of, allowed):
        detail = (("known", ", ".join(allowed)),)
        raise ParameterError([Problem("people.no_column", file=keyed.table.file, value=named, detail=detail)])
    return keyed.keys[[key_of(name) for name in keyed.table.header].index(key_of(named))]


def _counted(counts: Counter[str], order: str) -> list[Note]:
    notes = [
        Note(f"people.{what}", (("count", str(counts[what])),))
        for what in ("legible", "markup")
        if counts[what]
    ]
    kinds = tuple((kind, str(counts[kind])) for kind in KINDS)
    # Numbers of what was masked, kind by kind, so that a reader sees whether it can be all.
    notes += [Note("people.masked", (("count", str(counts["masked"])), *kinds))] if counts["masked"] else []
    return notes + ([Note(f"people.{order.replace('-', '_')}")] if order else [])


def _places(columns: Columns, others: OtherNames) -> frozenset[str]:
    """Words that the export uses for places: where they stand alone in a text, they name nobody.

    The name of somebody that slipped into such a column is no place.
    """
    cells = {cell for name in ("province", "place") for cell in columns.cells(name)}
    cells = {cell for cell in cells if not spans(cell, others, two_parts=True)}
    return frozenset(word for cell in cells for word in key_of(cell).split("_"))


def _persons(columns: Columns, options: Options) -> dict[str, list[bool]]:
    """Say which cells of bodies, topics and states are names of persons, unless the user says not."""
    kept = name_columns.positions(columns.keyed, options.not_personal)
    return {
        name: name_columns.persons_among(columns.cells(name))
        for name in LISTED
        if not kept & {k for part in columns.places.get(name, []) for k in part}
    }


def _texts(
    cells: list[str],
    names: list[str],
    masking: Callable[..., str],
    counts: Counter[str],
    persons: list[bool] | None,
) -> list[str]:
    results = []
    times = Counter(cells)
    for cell, name, is_person in zip(cells, names, persons or [False] * len(cells), strict=True):
        if not cell:
            results.append("")
            continue
        if is_person:
            counts.update(author=1, masked=1)
            results.append(MASK)
            continue
        mended = legible(cell)
        counts["legible"] += mended != cell
        text = to_text(mended)
        counts["markup"] += text != mended
        # A cell that is a name and nothing else slipped into this column.
        is_copy = len(cell) > SHORT and times[cell] > 1
        masked = masking(text, name, two_parts=is_copy or looks_like_a_name(text) or has_the_shape(text))
        counts["masked"] += masked != text
        results.append(masked)
    return results


def _without_houses(cells: list[str], counts: Counter[str]) -> list[str]:
    masked = [spans_masked(cell, house_numbers.houses(cell), counts) if cell else "" for cell in cells]
    counts["masked"] += sum(new != old and MASK not in old for old, new in zip(cells, masked, strict=True))
    return masked


def _checked(
    columns: Columns, name: str, convert: Callable[[str], str | None], problems: list[Problem]
) -> list[str]:
    results = []
    for row, cell in enumerate(columns.cells(name)):
        value = convert(cell)
        if value is None:
            problems.append(_problem(f"people.{name}", columns, row, name, cell))
        results.append(value or "")
    return results


def _problem(rule: str, columns: Columns, row: int, name: str, value: str, **detail: str) -> Problem:
    table = columns.table
    place: RowPlace = {"file": table.file, "sheet": table.name, "row": table.row_numbers[row]}
    shown = mask(value)[:LONGEST_SHOWN] if value else ""
    return Problem(rule, **place, column=columns.header(name), value=shown, detail=tuple(detail.items()))


def _days(columns: Columns, options: Options, problems: list[Problem]) -> dates.Days:
    # The day only: the second at which somebody sent a proposal can give them away.
    cells = columns.cells("submitted")
    read = dates.read(cells, options.order)
    for rule, rows in (
        ("people.submitted", read.unread),
        ("people.dates_ambiguous", read.ambiguous),
        ("people.date_unsettled", read.unsettled),
    ):
        problems += [_problem(rule, columns, row, "submitted", cells[row]) for row in rows]
    return read


def _notes_of_days(days: dates.Days, cells: list[str]) -> list[Note]:
    """Say how many days were counted as Excel does, and which two cannot both be written in one order."""
    counted = sum(map(dates.is_counted, cells))
    notes = [Note("people.dates_counted", (("count", str(counted)),))] if counted else []
    if not days.contrary:
        return notes
    day_first, month_first = (cells[row] for row in days.contrary)
    return [*notes, Note("people.dates_contradict", (("day_first", day_first), ("month_first", month_first)))]


def objectives(cell: str) -> str | None:
    """Read Sustainable Development Goals: the numbers 1 to 17 in a text, sorted, once each.

    >>> objectives("ODS 16, ODS 9"), objectives(""), objectives("18")
    ('9 16', '', None)
    """
    if cell.strip().casefold() in NO_OBJECTIVE:
        return ""
    # Four digits are enough to be wrong, and int() refuses a cell of thousands.
    numbers = sorted({int(digits[:4]) for digits in NUMBER.findall(cell)})
    known = bool(numbers) and all(number in OBJECTIVES for number in numbers)
    return " ".join(map(str, numbers)) if known else None


def _channels(columns: Columns, problems: list[Problem]) -> list[str]:
    cells = columns.cells("channel")
    if any(cells):
        return _checked(columns, "channel", _channel, problems)
    meetings = [k for header in columns.layout.meetings for k in columns.keyed.find(header)]
    return [
        "workshop" if any(_true(row[k]) or "/" in row[k] for k in meetings) else columns.layout.channel
        for row in columns.table.rows
    ]


def _channel(cell: str) -> str | None:
    """Read a channel: what is known as a whole, else by its words where all that are known mean the same."""
    key = key_of(cell)
    meant = {CHANNELS[word] for word in (key, *key.split("_")) if word in CHANNELS}
    return meant.pop() if len(meant) == 1 else (None if cell else "")


def _true(cell: str) -> bool:
    return key_of(cell) in TRUTHS


def _states(columns: Columns, states: list[str]) -> list[str]:
    positions = [(k, state) for h, state in columns.layout.truths.items() for k in columns.keyed.find(h)]
    return [
        next((state for k, state in positions if _true(row[k]) or dates.is_date(row[k])), given)
        for row, given in zip(columns.table.rows, states, strict=True)
    ]


def text_hash(title: str, problem: str, solution: str) -> str:
    """Fingerprint of what a proposal says: SHA-256 of its texts without case and spacing.

    Parameters
    ----------
    title, problem, solution : str
        Texts of the record.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> text_hash("Datos  abiertos", "", "") == text_hash("datos ABIERTOS", "", "")
    True
    """
    # A separator that no text holds, so that words moved from title to problem make another fingerprint.
    folded = "\x1f".join(normalise(text) for text in (title, problem, solution))
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()


def _addresses(
    columns: Columns,
    names: list[str],
    others: OtherNames,
    options: Options,
    problems: list[Problem],
) -> list[str]:
    own = iter(names)
    return _checked(
        columns,
        "url",
        lambda cell: addresses.without_people(cell, next(own), others, country=options.country),
        problems,
    )


def _codes(columns: Columns, digests: list[str], problems: list[Problem]) -> tuple[list[str], int]:
    """Give each proposal its code, say what is wrong with those that were typed, and count those made."""
    given, numbers = columns.cells("code"), columns.cells("id")
    assigned, made = codes.assign(given, numbers, digests, columns.layout)
    typed = [bool(code or number) for code, number in zip(given, numbers, strict=True)]
    problems += _code_problems(columns, list(assigned), typed, problems)
    return list(assigned), made


def _code_problems(
    columns: Columns, assigned: list[str], typed: list[bool], so_far: Sequence[Problem]
) -> list[Problem]:
    # A code that masking would change holds an e-mail address or a telephone: a person, not a proposal. One
    # made from the text holds none, whatever its digits look like.
    problems = [
        _problem("people.code", columns, row, "code", code)
        for row, code in enumerate(assigned)
        if typed[row] and (codes.is_personal(code) or looks_like_a_name(code))
    ]
    # A row that is set aside keeps its code from nobody.
    aside = {each.row for each in (*so_far, *columns.table.problems) if each.rule in (*OF_ROWS, *SHIFTED)}
    first: dict[str, int] = {}
    for row, code in enumerate(assigned):
        if code in first:
            number = str(columns.table.row_numbers[first[code]])
            problems.append(_problem("people.code_twice", columns, row, "code", code, first=number))
        elif columns.table.row_numbers[row] not in aside:
            first[code] = row
    return problems


def usable(made: Made, problems: list[Problem]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the records into those that can be used, sorted by code, and those set aside, with their rows."""
    aside = made.frame["row"].isin({problem.row for problem in problems})
    frame = made.frame[~aside].sort_values(["proposal", "text_hash"], kind="stable").reset_index(drop=True)
    return frame[list(COLUMNS)], made.frame.loc[aside, ["row"]].reset_index(drop=True)
