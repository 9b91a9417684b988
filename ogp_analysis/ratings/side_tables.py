"""The tables beside the ratings: proposals, decisions and evaluators, each checked row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from ogp_analysis.errors import Problem, RowPlace
from ogp_analysis.model.records import (
    CATEGORY,
    EVALUATOR,
    INDICATOR,
    PROPOSAL,
    RATING,
    REASON,
    STAGE,
)
from ogp_analysis.ratings.columns import mentions_indicator
from ogp_analysis.ratings.evaluator_codes import is_code, names_a_body, shown, without_article
from ogp_analysis.ratings.known_words import Vocabulary, column_of
from ogp_analysis.ratings.layout import columns_of, lacking_columns
from ogp_analysis.ratings.nearest_word import Codes
from ogp_analysis.ratings.problems import ranges
from ogp_analysis.ratings.rating_cells import date_fault
from ogp_analysis.tabular import Note, Table, decimal_of, number

COLUMNS = {
    "proposals": (
        PROPOSAL,
        "title",
        "lead",
        "counterparts",
        "sector",
        "route",
        "if_not_confirmed",
        "reiterations",
    ),
    "decisions": (PROPOSAL, STAGE, CATEGORY, REASON, "decided_by", "date"),
    "evaluators": (EVALUATOR, "organisation", "sector"),
}
# Written in words of one's own, and published.
TYPED = {
    "proposals": ("title", "lead", "counterparts", "sector", "route"),
    "decisions": (REASON,),
    "evaluators": ("organisation", "sector"),
}
KEYS = {"proposals": (PROPOSAL,), "decisions": (PROPOSAL, STAGE), "evaluators": (EVALUATOR,)}
NEEDED = {
    "proposals": (PROPOSAL,),
    "decisions": (PROPOSAL, STAGE, CATEGORY, REASON),
    "evaluators": (EVALUATOR,),
}
# What broke these rules may name a person: it is never repeated.
PERSONAL = ("ratings.personal", "ratings.no_body")


@dataclass(frozen=True)
class Side:
    """One side table.

    Parameters
    ----------
    frame : DataFrame
        The columns of design, all text except ``category`` (whole numbers) and ``reiterations`` (floats).
    notes : tuple of Note
        What was translated or not used.
    problems : tuple of Problem
        Every faulty row.
    doubts : tuple of Note
        Where something that reaches a person was masked.
    """

    frame: pd.DataFrame
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Note, ...] = ()


def empty(kind: str) -> pd.DataFrame:
    """Make the frame of a table that was not given.

    >>> list(empty("evaluators").columns), str(empty("decisions")["category"].dtype)
    (['evaluator', 'organisation', 'sector'], 'Int64')
    """
    return _empty(kind).copy()


@cache
def _empty(kind: str) -> pd.DataFrame:
    return _typed(pd.DataFrame({name: pd.Series([], dtype="str") for name in COLUMNS[kind]}), kind)


def _typed(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    if kind == "decisions":
        frame[CATEGORY] = pd.to_numeric(frame[CATEGORY], errors="coerce").astype("Int64")
    if kind == "proposals":
        # Read as the rule `_count` reads them: to_numeric takes "12,0" for no number at all.
        counts = [number(cell, decimal_of([cell]))[0] for cell in frame["reiterations"]]
        frame["reiterations"] = pd.Series(counts, index=frame.index, dtype=float)
    return frame


def kind_of(table: Table, vocabulary: Vocabulary | None = None) -> str:
    """Tell by its columns which side table this is, empty where it is none.

    >>> from ogp_analysis import tabular
    >>> heads = (b"proposal,title", b"proposal,stage,category", b"evaluator,organisation", b"proposal,stage")
    >>> [kind_of(tabular.parse(head, file="n.csv")[0]) for head in heads]
    ['proposals', 'decisions', 'evaluators', '']
    """
    columns = columns_of(table)
    if PROPOSAL in columns and STAGE in columns and CATEGORY in columns:
        return "decisions"
    if PROPOSAL not in columns and EVALUATOR in columns:
        rates = {RATING, INDICATOR} & set(columns) or (vocabulary and mentions_indicator(table, vocabulary))
        return "" if rates or _is_longer_than_a_roster(table, columns) else "evaluators"
    own = {"title", "lead", "counterparts", "route", "if_not_confirmed", "reiterations"}
    return "proposals" if PROPOSAL in columns and own & set(columns) else ""


def _is_longer_than_a_roster(table: Table, columns: dict[str, int]) -> bool:
    """Say whether evaluators have several rows each and no organisation: answers, not a roster."""
    codes = [code for code in table.column(columns[EVALUATOR]) if code]
    return "organisation" not in columns and len(codes) >= 2 * len(set(codes)) > 0


def read(
    table: Table, kind: str, *, vocabulary: Vocabulary, known: tuple[str, ...] = (), listed: bool = True
) -> Side:
    r"""Read a side table.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> table = tabular.parse(b"proposal;stage;category;reason\nS01;selection;5;urgent\n", file="d.csv")[0]
    >>> for problem in read(table, "decisions", vocabulary=vocabulary).problems:
    ...     print(problem.say())
    d.csv, row 2, column category, proposal S01: '5' is not allowed; allowed are 1, 2, 3, 4
    """
    columns = {name: at for name, at in columns_of(table).items() if name in COLUMNS[kind]}
    missing = [name for name in NEEDED[kind] if name not in columns]
    if missing:
        return Side(empty(kind), (), tuple(lacking_columns(table, missing)))
    text = {
        name: [str(c) for c in table.column(columns[name])] if name in columns else ""
        for name in COLUMNS[kind]
    }
    frame = pd.DataFrame(text, index=range(len(table.rows)), dtype="str")
    _spell(frame, vocabulary, known)
    rules = _rules(kind, known, listed=listed, vocabulary=vocabulary)
    problems = _checked(frame, table, rules, kind=kind)
    if kind == "decisions":
        frame[CATEGORY] = frame[CATEGORY].where(frame[CATEGORY].isin(vocabulary.allowed[CATEGORY]), "")
    place = " · ".join(part for part in (table.file, table.name) if part)
    frame, doubts = masked_texts(frame, TYPED[kind], places=[place] * len(frame), rows=table.row_numbers)
    return Side(_typed(frame, kind), tuple(_notes(table, kind)), tuple(problems), tuple(doubts))


def _spell(frame: pd.DataFrame, vocabulary: Vocabulary, known: tuple[str, ...]) -> None:
    """Use the known spelling of codes, and our words for stages."""
    if PROPOSAL in frame and known:
        spelling = {code.casefold(): code for code in known}
        frame[PROPOSAL] = [spelling.get(code.casefold(), code) for code in frame[PROPOSAL]]
    if STAGE in frame:
        stages = {word: vocabulary.resolve("stage", word) or word for word in frame[STAGE].unique()}
        frame[STAGE] = frame[STAGE].map(stages).astype("str")
    if CATEGORY in frame:
        numbers = {word: vocabulary.resolve(CATEGORY, word) or word for word in frame[CATEGORY].unique()}
        frame[CATEGORY] = frame[CATEGORY].map(numbers).astype("str")


def _notes(table: Table, kind: str) -> list[Note]:
    notes = [Note(f"ratings.table.{kind}", (("count", str(len(table.rows))),))]
    used = (*COLUMNS[kind], "synthetic")
    unused = [header for header in table.header if header and column_of(header) not in used]
    if unused:
        notes.append(Note("ratings.unused_columns", (("names", ", ".join(unused)),)))
    return notes


Rule = Callable[[dict], tuple[str, tuple[tuple[str, str], ...]] | None]


def _checked(frame: pd.DataFrame, table: Table, rules: list[tuple[str, Rule]], *, kind: str) -> list[Problem]:
    columns = columns_of(table)
    problems = []
    rows = frame.to_dict("records")
    # What could not be read is named already, and is empty here.
    unread = {(row, table.letters.index(at)) for row, at in table.unread if at}
    for position, row in enumerate(rows):
        for column, rule in rules:
            broken = rule(row) if column in columns else None
            if broken and (table.row_numbers[position], columns[column]) not in unread:
                shown_value = "" if broken[0] in PERSONAL else str(row[column])[:60]
                place = table.place(position, columns[column])
                code = row.get(PROPOSAL, "") if column != PROPOSAL else ""
                problems.append(
                    Problem(broken[0], value=shown_value, proposal=code, detail=broken[1], **place)
                )
    return problems + _repeated(frame, kind, table)


def _repeated(frame: pd.DataFrame, kind: str, table: Table) -> list[Problem]:
    key = list(KEYS[kind])
    first: dict[tuple, int] = {}
    problems = []
    for position, values in enumerate(frame[key].itertuples(index=False, name=None)):
        if values in first and all(values):
            place: RowPlace = {"file": table.file, "sheet": table.name, "row": table.row_numbers[position]}
            detail = (("other", str(table.row_numbers[first[values]])), ("columns", ", ".join(key)))
            shown_value = (
                " ".join(shown(part) or "…" for part in values) if kind == "evaluators" else " ".join(values)
            )
            problems.append(Problem("ratings.repeated_row", value=shown_value, detail=detail, **place))
        first.setdefault(values, position)
    return problems


def _rules(
    kind: str, known: tuple[str, ...], *, listed: bool, vocabulary: Vocabulary
) -> list[tuple[str, Rule]]:
    if kind == "evaluators":
        return [(EVALUATOR, _filled(EVALUATOR)), (EVALUATOR, _coded)]
    rules: list[tuple[str, Rule]] = [(PROPOSAL, _filled(PROPOSAL))]
    if kind == "proposals":
        marks = _one_of("if_not_confirmed", ("3", "4", ""))
        return [*rules, ("if_not_confirmed", marks), ("reiterations", _count)]
    return [
        *rules,
        (PROPOSAL, _known(known, listed=listed)),
        (STAGE, _stage(vocabulary)),
        (CATEGORY, _one_of(CATEGORY, vocabulary.allowed[CATEGORY])),
        (REASON, _filled(REASON)),
        ("decided_by", _body(vocabulary)),
        ("date", _date),
    ]


def _filled(column: str) -> Rule:
    return lambda row: (
        None if row[column] else ("ratings.empty_reason" if column == REASON else "ratings.empty_code", ())
    )


def _one_of(column: str, allowed: tuple[str, ...]) -> Rule:
    words = ", ".join(word or "–" for word in allowed)
    return lambda row: None if row[column] in allowed else ("ratings.not_one_of", (("allowed", words),))


def _stage(vocabulary: Vocabulary) -> Rule:
    broken = ("ratings.no_stage", (("stages", vocabulary.stages),))
    return lambda row: None if row[STAGE] in vocabulary.allowed[STAGE] else broken


def _known(known: tuple[str, ...], *, listed: bool) -> Rule:
    key = "ratings.unknown_proposal" if listed else "ratings.unrated_proposal"
    codes, near = frozenset(known), Codes(known)

    def rule(row: dict) -> tuple[str, tuple[tuple[str, str], ...]] | None:
        if not codes or not row[PROPOSAL] or row[PROPOSAL] in codes:
            return None
        return key, (
            ("nearest", near.nearest(row[PROPOSAL])),
            ("allowed", ""),
        )

    return rule


def _coded(row: dict) -> tuple[str, tuple] | None:
    return None if not row[EVALUATOR] or is_code(row[EVALUATOR]) else ("ratings.personal", ())


def _body(vocabulary: Vocabulary) -> Rule:
    own = frozenset(without_article(name) for name in vocabulary.bodies)

    def rule(row: dict) -> tuple[str, tuple] | None:
        named = row["decided_by"]
        return None if not named or names_a_body(named, own) else ("ratings.no_body", ())

    return rule


def _count(row: dict) -> tuple[str, tuple] | None:
    value, _ = number(row["reiterations"], decimal_of([row["reiterations"]]))
    whole = value is not None and value >= 0 and float(value).is_integer()
    return None if whole or not row["reiterations"] else ("ratings.not_a_count", ())


def _date(row: dict) -> tuple[str, tuple] | None:
    fault = date_fault(row["date"]) if row["date"] else ""
    return (fault, ()) if fault else None


def masked_texts(
    frame: pd.DataFrame, columns: Iterable[str], *, places: Sequence[str], rows: Sequence[int]
) -> tuple[pd.DataFrame, list[Note]]:
    """Mask what reaches a person; one note for each place (a file, or a file and a sheet) that held some.

    >>> frame = pd.DataFrame({"proposal": ["P1", "P2"], "reason": ["A complaint", "Write to ana@ejemplo.ec"]})
    >>> result, notes = masked_texts(frame, ["reason"], places=["d.csv", "d.csv"], rows=[2, 3])
    >>> result["reason"].tolist()[1], dict(notes[0].values)["rows"]
    ('Write to […]', '3')
    """
    # Its patterns take a quarter of a second, and a command that only reads names of files needs none.
    from ogp_analysis.privacy.masking import mask_columns

    result, changed = mask_columns(frame, columns)
    by_place: dict[str, set[int]] = {}
    for at, _ in changed:
        by_place.setdefault(places[at], set()).add(int(rows[at]))
    return result, [
        Note("ratings.masked_typed", (("place", place), ("rows", ranges(sorted(own)))))
        for place, own in by_place.items()
    ]
