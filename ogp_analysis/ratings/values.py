"""From typed cells to ratings: names to our keys, text to numbers; a cell that cannot be read is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model import (
    EVALUATOR,
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    RATING_COLUMNS,
    ROLE,
    Indicator,
    Method,
)
from ogp_analysis.ratings.pseudonyms import is_code, shown
from ogp_analysis.ratings.words import Vocabulary, closest
from ogp_analysis.tabular import Note, number

ISO_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?:[ T].*)?")
NEGLIGIBLE = 1e-9
LISTED = 12


@dataclass(frozen=True)
class Valued:
    """Ratings with our keys and numbers, and what was found on the way.

    Parameters
    ----------
    frame : DataFrame
        The typed frame with keys instead of words and ``rating`` a float (NaN where empty); rows with a
        problem are left out.
    notes : tuple of Note
        Translations and foldings to say.
    problems : tuple of Problem
        Every row that cannot be read.
    changes : DataFrame
        Columns ``column, typed, read, cells``: what reading changed, each change once with how often.
    unread : DataFrame
        Columns ``proposal, indicator, panel``: cells that rows with a problem were probably meant for.
    """

    frame: pd.DataFrame
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    changes: pd.DataFrame
    unread: pd.DataFrame


def problems_at(frame: pd.DataFrame, rule: str, describe: Callable[[dict], dict]) -> list[Problem]:
    """Make one problem for each row of ``frame``; ``describe`` adds what is particular to a row."""
    found = []
    for row in frame.to_dict("records"):
        place = {"file": row["file"], "sheet": row["sheet"], "row": int(row["row"])}
        named = {
            PROPOSAL: str(row[PROPOSAL]),
            INDICATOR: str(row[INDICATOR]),
            EVALUATOR: shown(row[EVALUATOR]),
        }
        found.append(Problem(rule, **(place | named | describe(row))))
    return found


def column_at(row: dict, name: str) -> str:
    """Name a column as its header does, in a workbook with the address of the cell: ``propuesta (A5)``."""
    header, letter = row["heads"].get(name, (name, ""))
    return f"{header} ({letter}{row['row']})" if row["sheet"] and letter else header


def value(typed: pd.DataFrame, method: Method, *, known: tuple[str, ...] = ()) -> Valued:
    """Read names and numbers.

    Parameters
    ----------
    typed : DataFrame
        Long table of text from ``shapes.lengthen``.
    method : Method
        Indicators, panels and scales that are allowed.
    known : tuple of str
        Codes of the proposals; empty where there is no table of proposals.

    Returns
    -------
    Valued
        Ratings, notes and problems.
    """
    vocabulary, frame = Vocabulary(method), typed.copy()
    notes: list[Note] = []
    problems: list[Problem] = []
    bad = pd.Series(False, index=frame.index)
    for step in (_proposals, _evaluators):
        frame, faulty = step(frame, known, notes, problems)
        bad |= faulty
    for kind in (INDICATOR, PANEL, ROLE):
        frame[kind], faulty = _words(frame, kind, vocabulary, notes, problems)
        bad |= faulty
    bad |= _panels(frame, method, bad, problems)
    frame["typed"] = frame[RATING]
    frame[RATING], faulty = _numbers(frame, problems)
    bad |= faulty
    bad |= _off_scale(frame, method, bad, problems)
    _dates(frame, problems)
    changes = _changes(typed, frame, bad)
    unread = _unread(typed[bad], vocabulary, known)
    kept = frame[~bad].reset_index(drop=True)
    return Valued(kept, tuple(notes), tuple(problems), changes, unread)


def _unread(bad: pd.DataFrame, vocabulary: Vocabulary, known: tuple[str, ...]) -> pd.DataFrame:
    """Say which cells the faulty rows were probably meant for, so that these are not called missing too."""
    codes = {code: closest(code, known) or code for code in bad[PROPOSAL].astype(str).unique()}
    frame = pd.DataFrame({PROPOSAL: bad[PROPOSAL].astype(str).map(codes).astype("str")})
    for kind in (INDICATOR, PANEL):
        words = bad[kind].astype(str)
        meant = {
            word: vocabulary.resolve(kind, word) or vocabulary.nearest(kind, word) for word in words.unique()
        }
        frame[kind] = words.map(meant).astype("str")
    return frame[bad[RATING] != ""].drop_duplicates(ignore_index=True)


def _changes(typed: pd.DataFrame, read: pd.DataFrame, bad: pd.Series) -> pd.DataFrame:
    parts = []
    for name in RATING_COLUMNS:
        before, after = typed.loc[~bad, name].astype(str), read.loc[~bad, name]
        if name == RATING:
            after = after.map(lambda rating: "" if np.isnan(rating) else f"{rating:g}")
        changed = before != after
        pairs = pd.DataFrame({"column": name, "typed": before[changed], "read": after[changed]})
        parts.append(pairs.groupby(["column", "typed", "read"], as_index=False).size())
    return pd.concat(parts, ignore_index=True).rename(columns={"size": "cells"})


def _folded(column: pd.Series, known: tuple[str, ...]) -> dict[str, str]:
    """Spelling to use for each spelling found: the known code, else the first spelling met."""
    spelling = {code.casefold(): code for code in known}
    for cell in column.unique():
        spelling.setdefault(str(cell).casefold(), str(cell))
    return {cell: spelling[str(cell).casefold()] for cell in column.unique()}


def _fold(frame: pd.DataFrame, name: str, known: tuple[str, ...], notes: list[Note]) -> pd.Series:
    change = _folded(frame[name], known)
    # Two spellings of a name would be shown here; a name is refused later without showing it.
    told = [
        (old, new)
        for old, new in change.items()
        if str(old) != new and (name != EVALUATOR or is_code(str(old)))
    ]
    pairs = sorted(f"{old} → {new}" for old, new in told)
    if pairs:
        notes.append(Note("ratings.folded", (("column", name), ("pairs", "; ".join(pairs[:LISTED])))))
    return frame[name].map(change).astype(str)


def _proposals(
    frame: pd.DataFrame, known: tuple[str, ...], notes: list[Note], problems: list[Problem]
) -> tuple[pd.DataFrame, pd.Series]:
    frame = frame.assign(**{PROPOSAL: _fold(frame, PROPOSAL, known, notes)})
    empty = frame[PROPOSAL] == ""
    problems += problems_at(
        _rows(frame[empty]),
        "ratings.empty_code",
        lambda row: {"column": column_at(row, PROPOSAL), "indicator": ""},
    )
    unknown = ~frame[PROPOSAL].isin(known) & ~empty if known else pd.Series(False, index=frame.index)
    near = {code: closest(code, known) for code in frame.loc[unknown, PROPOSAL].unique()}
    problems += problems_at(
        _rows(frame[unknown]),
        "ratings.unknown_proposal",
        lambda row: {
            "column": column_at(row, PROPOSAL),
            "value": row[PROPOSAL],
            "proposal": "",
            "indicator": "",
            "detail": _near(near[row[PROPOSAL]]),
        },
    )
    return frame, empty | unknown


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    """One line for each row of the file: a fault of a row of several ratings is one fault."""
    return frame.drop_duplicates(["file", "sheet", "row"])


def _near(name: str, allowed: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    return (("nearest", name or "–"), ("allowed", ", ".join(allowed)))


def _evaluators(
    frame: pd.DataFrame, known: tuple[str, ...], notes: list[Note], problems: list[Problem]
) -> tuple[pd.DataFrame, pd.Series]:
    # A row that a form or template left without a rating may lack its evaluator too.
    empty = (frame[EVALUATOR] == "") & (frame[RATING] != "")
    frame = frame.assign(**{EVALUATOR: _fold(frame, EVALUATOR, (), notes)})
    problems += problems_at(
        _rows(frame[empty]),
        "ratings.empty_code",
        lambda row: {"column": column_at(row, EVALUATOR), "indicator": ""},
    )
    codes = {code: is_code(code) for code in frame[EVALUATOR].unique()}
    personal = ~frame[EVALUATOR].map(codes).astype(bool) & (frame[EVALUATOR] != "")
    rows = _rows(frame[personal])
    problems += problems_at(
        rows,
        "ratings.personal",
        lambda row: {"column": column_at(row, EVALUATOR), "indicator": ""},
    )
    return frame, empty | personal


def _words(
    frame: pd.DataFrame, kind: str, vocabulary: Vocabulary, notes: list[Note], problems: list[Problem]
) -> tuple[pd.Series, pd.Series]:
    words = [str(word) for word in frame[kind].unique()]
    meaning = {word: vocabulary.resolve(kind, word) for word in words}
    if kind == PANEL and vocabulary.sole_panels:
        meaning[""] = ""
    pairs = [f"{word} → {key}" for word, key in meaning.items() if key and key != word]
    if pairs:
        notes.append(Note("ratings.translated_values", (("column", kind), ("pairs", "; ".join(pairs)))))
    read = frame[kind].astype(str).map(meaning).astype(str)
    if kind == PANEL and vocabulary.sole_panels:
        read = read.where(read != "", frame[INDICATOR].map(vocabulary.sole_panels).fillna(""))
    faulty = read == ""
    allowed = vocabulary.allowed[kind]
    rows = frame[faulty].drop_duplicates(["file", "sheet", "row", kind])
    problems += problems_at(
        rows,
        "ratings.unknown_word" if kind != INDICATOR else "ratings.unknown_indicator",
        lambda row: {
            "column": column_at(row, kind),
            "value": str(row[kind]),
            "indicator": "",
            "detail": _near(vocabulary.nearest(kind, row[kind]), allowed),
        },
    )
    return read, faulty


def _panels(frame: pd.DataFrame, method: Method, bad: pd.Series, problems: list[Problem]) -> pd.Series:
    panels = {
        indicator.name: criterion.panels
        for criterion in method.criteria
        for indicator in criterion.indicators
    }
    pairs = list(zip(frame[INDICATOR], frame[PANEL], strict=True))
    wrong = {pair: pair[0] in panels and pair[1] not in panels[pair[0]] for pair in set(pairs)}
    # A wide sheet has a column for every indicator; cells of the other panel's indicators are just empty.
    faulty = pd.Series([wrong[pair] for pair in pairs], index=frame.index, dtype=bool)
    problems += problems_at(
        frame[faulty & ~bad & (frame[RATING] != "")],
        "ratings.wrong_panel",
        lambda row: {
            "column": column_at(row, PANEL),
            "value": row[PANEL],
            "detail": (("allowed", ", ".join(panels[row[INDICATOR]])),),
        },
    )
    return faulty


def _numbers(frame: pd.DataFrame, problems: list[Problem]) -> tuple[pd.Series, pd.Series]:
    # A cell of a workbook that is a number or a date equals the same text typed: its type is part of the key.
    cells = [(type(cell), cell, sign) for cell, sign in zip(frame[RATING], frame["decimal"], strict=True)]
    known = {key: number(key[1], key[2]) for key in set(cells)}
    read = [known[key] for key in cells]
    values = pd.Series(
        [np.nan if found is None else found for found, _ in read], index=frame.index, dtype=float
    )
    faults = pd.Series([fault for _, fault in read], index=frame.index, dtype=object)
    for fault in ("not_a_number", "not_finite", "ambiguous", "date"):
        problems += problems_at(
            frame[faults == fault],
            f"ratings.{fault}",
            lambda row: {"column": row["cell"], "value": _short(row[RATING])},
        )
    return values, ~faults.isin(["", "empty"])


def _short(text: str) -> str:
    return str(text) if len(text) <= 40 else f"{text[:37]}..."


def scale_text(indicator: Indicator) -> str:
    """Word a rating scale: every rating where they are few, else its ends and step.

    Examples
    --------
    >>> [scale_text(Indicator("time", "feasibility", 0, most)) for most in (3, 100)]
    ['0, 1, 2, 3', '0, 1 ... 100']
    """
    scale = [f"{rating:g}" for rating in indicator.scale]
    return ", ".join(scale) if len(scale) <= LISTED else f"{scale[0]}, {scale[1]} ... {scale[-1]}"


def on_scale(values: np.ndarray, indicator: Indicator) -> np.ndarray:
    """Say which values are ratings of the scale; NaN is none."""
    steps = (values - indicator.minimum) / indicator.step
    whole = np.abs(steps - np.round(steps)) <= NEGLIGIBLE * np.maximum(1, np.abs(steps))
    return whole & (values >= indicator.minimum - NEGLIGIBLE) & (values <= indicator.maximum + NEGLIGIBLE)


def _off_scale(frame: pd.DataFrame, method: Method, bad: pd.Series, problems: list[Problem]) -> pd.Series:
    off = pd.Series(False, index=frame.index)
    for indicator in method.indicators:
        mine = (frame[INDICATOR] == indicator.name) & frame[RATING].notna() & ~bad
        off |= mine & ~on_scale(frame[RATING].to_numpy(dtype=float), indicator)
    scales = {indicator.name: scale_text(indicator) for indicator in method.indicators}
    problems += problems_at(
        frame[off],
        "ratings.off_scale",
        lambda row: {
            "column": row["cell"],
            "value": _short(row["typed"]),
            "detail": (("allowed", scales[row[INDICATOR]]),),
        },
    )
    return off


def _dates(frame: pd.DataFrame, problems: list[Problem]) -> None:
    cells = frame["date"].astype(str)
    wrong = {cell for cell in cells.unique() if cell and not ISO_DATE.fullmatch(cell)}
    problems += problems_at(
        _rows(frame[cells.isin(wrong)]),
        "ratings.not_iso_date",
        lambda row: {"column": column_at(row, "date"), "value": _short(row["date"]), "indicator": ""},
    )


def row_text(row: dict, beside: dict) -> str:
    """Word where another row is: its number, with the sheet where that is another one."""
    same = (row["file"], row["sheet"]) == (beside["file"], beside["sheet"])
    return f"{row['row']}" if same else f"{shown(row['sheet']) or row['file']}!{row['row']}"
