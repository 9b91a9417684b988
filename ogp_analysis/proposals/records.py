"""Rows of an export -> the canonical record: texts, codes, dates and objectives, and every bad row named."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.privacy.pseudonyms import normalise
from ogp_analysis.proposals.markup import mask, to_text
from ogp_analysis.proposals.platforms import CHANNELS, COLUMNS, LANGUAGES, PERSONAL, TRUTHS, Layout
from ogp_analysis.tabular import Note, Table, key_of

TEXTS = ("title", "problem", "solution", "answer", "group", "state", "province", "sector")
DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:[T ].*)?")
URL = re.compile(r"(?:https?://[^\s<>\"']+|/[^\s<>\"'/][^\s<>\"']*)", re.IGNORECASE)
NUMBER = re.compile(r"\d+")
NO_OBJECTIVE = {"", "-", "0", "no", "ninguno", "none"}
# The Sustainable Development Goals of the 2030 Agenda.
OBJECTIVES = range(1, 18)
PARAGRAPH = "\n\n"
LONGEST_CODE = 100


@dataclass(frozen=True)
class Keyed:
    r"""A table and the folded names of its columns.

    Parameters
    ----------
    table : Table
        As typed.
    keys : list of str
        For each column its header without accents, case and punctuation, or the name its layout gives it.

    Examples
    --------
    >>> from ogp_analysis import tabular
    >>> table = tabular.parse("title/en,title/es\nOpen data,Datos abiertos\n".encode(), file="p.csv")[0]
    >>> Keyed(table, [key_of(name) for name in table.header]).find("title")
    [1, 0]
    """

    table: Table
    keys: list[str]

    def find(self, header: str) -> list[int]:
        """Positions of the columns a header is read from: itself, else its languages, Spanish first."""
        if header in self.keys:
            return [self.keys.index(header)]
        wanted = [f"{header}_{language}" for language in LANGUAGES]
        return [self.keys.index(key) for key in wanted if key in self.keys]


@dataclass
class Made:
    """What became of the rows: the frame, what is wrong, what there is to say.

    Parameters
    ----------
    frame : DataFrame
        The canonical records.
    problems : list of Problem
        Every row that cannot be trusted.
    notes : list of Note
        What was dropped, masked and made.
    personal : tuple of str
        Headers that were dropped because they concern persons.
    """

    frame: pd.DataFrame
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    personal: tuple[str, ...] = ()


def make(keyed: Keyed, layout: Layout) -> Made:
    r"""Turn the rows of an export into canonical records.

    >>> from ogp_analysis import tabular
    >>> from ogp_analysis.proposals.platforms import PLAIN
    >>> table = tabular.parse(b"codigo,titulo,ods\n7,Datos,ODS 16\n", file="p.csv")[0]
    >>> made = make(Keyed(table, [key_of(name) for name in table.header]), PLAIN)
    >>> made.frame.loc[0, ["code", "title", "sdg"]].tolist()
    ['7', 'Datos', '16']
    """
    used, columns, headers = _columns(keyed, layout)
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    fields = {name: _texts(columns[name], columns["name"], counts) for name in TEXTS}
    fields["url"] = _checked(keyed, "url", columns["url"], _url, problems)
    fields["submitted"] = _checked(keyed, "submitted", columns["submitted"], _date, problems)
    fields["sdg"] = _checked(keyed, "sdg", columns["sdg"], objectives, problems)
    fields["channel"] = _channels(keyed, layout, columns["channel"], problems)
    fields["state"] = _states(keyed, layout, fields["state"])
    problems += _untitled(keyed, fields["title"])
    fields["text_hash"] = [
        text_hash(*texts)
        for texts in zip(fields["title"], fields["problem"], fields["solution"], strict=True)
    ]
    fields["code"] = _codes(keyed, layout, columns, fields, problems)
    frame = pd.DataFrame({name: fields[name] for name in COLUMNS}, dtype="str")
    frame = frame.sort_values(["code", "text_hash"], kind="stable").reset_index(drop=True)
    notes, personal = _notes_on_reading(keyed, layout, used, counts)
    notes += _counted(frame, columns)
    named = [replace(problem, column=headers.get(problem.column, problem.column)) for problem in problems]
    return Made(frame, named, notes, personal)


def _columns(keyed: Keyed, layout: Layout) -> tuple[set[int], dict[str, list[str]], dict[str, str]]:
    """Give the positions used, the cells of each column of the record, and its header as typed."""
    used: set[int] = set()
    columns: dict[str, list[str]] = {}
    headers: dict[str, str] = {}
    for name in (*COLUMNS, "id", "name", "amendment"):
        positions: list[list[int]] = []
        for source in layout.fields.get(name, ()):
            parts = [keyed.find(part) for part in source.split(" + ")]
            # A column is read once: what is the title is not the solution as well.
            free = [[k for k in part if k not in used] for part in parts]
            if all(free):
                positions = free
                break
        columns[name] = _joined(keyed.table, positions)
        if positions:
            headers[name] = keyed.table.header[positions[0][0]]
        # The author's column is read to mask the name in the texts, and yet counts as dropped.
        used |= {k for part in positions for k in part} if name != "name" else set()
    meeting = {k for header in (*layout.meetings, *layout.truths) for k in keyed.find(header)}
    return used | meeting, columns, headers


def _joined(table: Table, positions: list[list[int]]) -> list[str]:
    if not positions:
        return [""] * len(table.rows)
    if len(positions) == 1 and len(positions[0]) == 1:
        return table.column(positions[0][0])
    # The first language that is not empty; then the parts of a joined text, the same words once.
    return [
        PARAGRAPH.join(
            dict.fromkeys(text for part in positions if (text := next((row[k] for k in part if row[k]), "")))
        )
        for row in table.rows
    ]


def _texts(cells: list[str], names: list[str], counts: Counter[str]) -> list[str]:
    results = []
    for cell, name in zip(cells, names, strict=True):
        if not cell:
            results.append("")
            continue
        text = to_text(cell)
        counts["markup"] += text != cell
        masked = mask(text, name)
        counts["masked"] += masked != text
        results.append(masked)
    return results


def _checked(
    keyed: Keyed, name: str, cells: list[str], convert: Callable[[str], str | None], problems: list[Problem]
) -> list[str]:
    results = []
    for row, cell in enumerate(cells):
        value = convert(cell)
        if value is None:
            problems.append(_problem(f"people.{name}", keyed, row, name, cell))
        results.append(value or "")
    return results


def _problem(rule: str, keyed: Keyed, row: int, column: str, value: str, **detail: Any) -> Problem:
    shown = mask(value)[:80]
    place = {"file": keyed.table.file, "sheet": keyed.table.name, "row": keyed.table.row_numbers[row]}
    return Problem(rule, **place, column=column, value=shown, detail=tuple(detail.items()))


def _url(cell: str) -> str | None:
    return mask(cell) if not cell or URL.fullmatch(cell) else None


def _date(cell: str) -> str | None:
    match = DATE.fullmatch(cell)
    if not cell:
        return ""
    # The day only: the second at which somebody sent a proposal can give them away.
    return cell[:10] if match else None


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


def _channels(keyed: Keyed, layout: Layout, cells: list[str], problems: list[Problem]) -> list[str]:
    if any(cells):
        return _checked(
            keyed, "channel", cells, lambda cell: CHANNELS.get(key_of(cell), None if cell else ""), problems
        )
    meetings = [k for header in layout.meetings for k in keyed.find(header)]
    return [
        "workshop" if any(_true(row[k]) or "/" in row[k] for k in meetings) else layout.channel
        for row in keyed.table.rows
    ]


def _true(cell: str) -> bool:
    return key_of(cell) in TRUTHS


def _states(keyed: Keyed, layout: Layout, states: list[str]) -> list[str]:
    positions = [(k, state) for header, state in layout.truths.items() for k in keyed.find(header)]
    return [
        next((state for k, state in positions if _true(row[k]) or DATE.fullmatch(row[k])), given)
        for row, given in zip(keyed.table.rows, states, strict=True)
    ]


def _untitled(keyed: Keyed, titles: list[str]) -> list[Problem]:
    return [
        _problem("people.title", keyed, row, "title", "") for row, title in enumerate(titles) if not title
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


def _codes(
    keyed: Keyed,
    layout: Layout,
    columns: dict[str, list[str]],
    fields: dict[str, list[str]],
    problems: list[Problem],
) -> list[str]:
    """Give each proposal one code: its reference, else its number on the platform, else one from its text."""
    prefix = layout.name.split("-")[0]
    seen: Counter[str] = Counter()
    codes = []
    for row, (given, number, digest) in enumerate(
        zip(columns["code"], columns["id"], fields["text_hash"], strict=True)
    ):
        code = given or (f"{prefix}-{number}" if number else "")
        # From the text, so that importing the same file again gives the same codes.
        if not code:
            made = f"T-{digest[:12]}"
            seen[made] += 1
            code = made if seen[made] == 1 else f"{made}-{seen[made]}"
        codes.append(code)
        # A code that masking would change holds an e-mail address or a telephone: a person, not a proposal.
        if len(code) > LONGEST_CODE or mask(code) != code:
            problems.append(_problem("people.code", keyed, row, "code", code))
    counts = Counter(codes)
    first = {code: keyed.table.row_numbers[codes.index(code)] for code, count in counts.items() if count > 1}
    problems += [
        _problem("people.code_twice", keyed, row, "code", code, first=str(first[code]))
        for row, code in enumerate(codes)
        if counts[code] > 1
    ]
    return codes


def _notes_on_reading(
    keyed: Keyed, layout: Layout, used: set[int], counts: Counter[str]
) -> tuple[list[Note], tuple[str, ...]]:
    left = [(key, keyed.table.header[k]) for k, key in enumerate(keyed.keys) if k not in used and key]
    names = {source for source in layout.fields.get("name", ())}
    personal = tuple(header for key, header in left if PERSONAL.search(key) or key in names)
    unused = [header for _, header in left if header not in personal]
    notes = []
    if personal:
        notes.append(Note("people.dropped_personal", (("columns", ", ".join(personal)),)))
    if unused:
        notes.append(Note("people.dropped_unused", (("columns", ", ".join(unused)),)))
    notes += [Note(f"people.{what}", (("count", str(n)),)) for what, n in sorted(counts.items()) if n]
    return notes, personal


def _counted(frame: pd.DataFrame, columns: dict[str, list[str]]) -> list[Note]:
    made = int(frame["code"].str.fullmatch(r"T-[0-9a-f]{12}(-\d+)?").sum())
    counts = {
        "people.codes_made": made,
        "people.same_text": int(frame["text_hash"].duplicated().sum()),
        "people.amendments": sum(map(_true, columns["amendment"])),
    }
    return [Note(key, (("count", str(n)),)) for key, n in counts.items() if n]
