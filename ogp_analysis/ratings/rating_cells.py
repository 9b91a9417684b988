"""From typed cells to ratings: numbers and answers in words to points; what cannot be read is named."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import INDICATOR, RATING, RATING_COLUMNS, Indicator, Method, Titles
from ogp_analysis.ratings.identifiers import is_no_rating, read_names, unread_cells
from ogp_analysis.ratings.known_words import key_of
from ogp_analysis.ratings.missing_codes import is_missing_code
from ogp_analysis.ratings.problems import LISTED, Findings, column_at, short
from ogp_analysis.ratings.spelled_ratings import read_spelled
from ogp_analysis.tabular import Note, PercentText, number

# A time may follow, as workbooks and forms write it.
ISO_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?:[ T].*)?")
# In steps of the scale: what is closer is the same rating, off by float noise.
NEGLIGIBLE = 1e-9
# Two texts in a column of two are answer texts; three are named to show what is meant.
FEWEST_LABELS, SHOWN_LABELS = 2, 3
# LimeSurvey gives answers such codes: A1, AO01.
ANSWER_CODE = re.compile(r"[A-Z]{1,2}[0-9]{1,2}")
NO_NUMBER = ("not_a_number", "not_finite", "too_precise", "ambiguous", "date", "percent")


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


def value(
    typed: pd.DataFrame, method: Method, *, known: tuple[str, ...] = (), language: str = "en"
) -> Valued:
    r"""Read names and numbers.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> from ogp_analysis.ratings import layout, known_words
    >>> method = params.from_values(params.baseline()).method
    >>> content = b"proposal,panel,evaluator,time\nS01,lead,L1,4\nS02,lead,L1,6\n"
    >>> table = tabular.parse(content, file="n.csv")[0]
    >>> read = value(layout.lengthen(table, known_words.Vocabulary(method)).frame, method)
    >>> read.frame["rating"].tolist(), [problem.rule for problem in read.problems]
    ([4.0], ['ratings.off_scale'])
    """
    findings = Findings()
    frame, bad = read_names(typed, findings, method=method, known=known, language=language)
    frame["typed"] = frame[RATING]
    bad |= _numbers(frame, findings, method) | typed["unread"].astype(bool)
    bad |= _off_scale(frame[~bad], findings, method=method).reindex(frame.index, fill_value=False)
    _dates(frame, findings)
    changes = _changes(typed[~bad], frame[~bad])
    unread = unread_cells(typed[bad], method, known=known)
    kept = frame[~bad].reset_index(drop=True)
    return Valued(kept, tuple(findings.notes), tuple(findings.problems), changes, unread)


def _changes(typed: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    changes: list[tuple[str, str, str, int]] = []
    for name in RATING_COLUMNS:
        after = [_numeral(cell) for cell in read[name]] if name == RATING else read[name].tolist()
        # Lists, not frames: most columns hold no change, and pandas takes its time to group none.
        counts = Counter(zip(map(str, typed[name].tolist()), after, strict=True))
        changes += sorted((name, *pair, count) for pair, count in counts.items() if pair[0] != pair[1])
    return pd.DataFrame(changes, columns=["column", "typed", "read", "cells"])


def _numeral(rating: float) -> str:
    return "" if math.isnan(rating) else f"{rating:g}"


def _numbers(frame: pd.DataFrame, findings: Findings, method: Method) -> pd.Series:
    # A cell of a workbook that is a number or a date equals the same text typed: its type is part of the key.
    cells = [(type(cell), cell, sign) for cell, sign in zip(frame[RATING], frame["decimal"], strict=True)]
    read = {key: number(key[1], key[2]) for key in set(cells)}
    faults = pd.Series([read[key][1] for key in cells], index=frame.index, dtype=object)
    numbers = [np.nan if read[key][0] is None else read[key][0] for key in cells]
    frame[RATING] = pd.Series(numbers, index=frame.index, dtype=float)
    _read_answers(frame, faults, method)
    labelled = _told_by_column(frame, faults, findings, method)
    faults[_shown_as_percent(frame, method)] = "percent"
    present = {*faults}
    for fault in [fault for fault in NO_NUMBER if fault in present]:
        findings.refuse(
            frame[(faults == fault) & ~labelled],
            f"ratings.{fault}",
            lambda row: {"column": row["cell"], "value": short(row["typed"])},
        )
    return faults.isin(NO_NUMBER)


def _told_by_column(frame: pd.DataFrame, faults: pd.Series, findings: Findings, method: Method) -> pd.Series:
    """Read columns of spelled ratings, name those of marks and words; say which cells need no more words."""
    # Most tables hold numbers alone: to look for the columns of nothing takes as long as to read them.
    if not (faults == "not_a_number").any():
        return pd.Series(False, index=frame.index)
    once = read_spelled(frame, faults, _columns(frame), findings=findings, method=method)
    marked = once | _marks(frame, findings, faults)
    return marked | _labels(frame, findings, faults.mask(marked, ""), method=method)


def _shown_as_percent(frame: pd.DataFrame, method: Method) -> pd.Series:
    """Say which cells store another number than they show: 100% is stored as 1, and 1 may be on the scale."""
    shares = {one.name for one in method.indicators if -1 <= one.minimum <= one.maximum <= 1}
    percent = pd.Series([isinstance(cell, PercentText) for cell in frame["typed"]], index=frame.index)
    return percent & ~frame[INDICATOR].isin(shares)


def _read_answers(frame: pd.DataFrame, faults: pd.Series, method: Method) -> None:
    """Put the points of answers in words into the frame, where the method gives a scale in words."""
    typed = frame["typed"].astype(str)
    for indicator in method.indicators:
        if not indicator.labels:
            continue
        cells = (frame[INDICATOR] == indicator.name) & faults.isin(NO_NUMBER)
        points = typed[cells].map({cell: points_of(cell, indicator) for cell in typed[cells].unique()})
        frame.loc[points.index, RATING] = points.astype(float)
        faults[points.index[points.notna()]] = ""


def _columns(frame: pd.DataFrame) -> pd.Series:
    """Name the column of each cell without the address that the name of a cell of a workbook ends in."""
    heads = frame["cell"].astype(str)
    return heads.where(frame["sheet"] == "", heads.str.replace(r" \([A-Z]+[0-9]+\)$", "", regex=True))


def _marks(frame: pd.DataFrame, findings: Findings, faults: pd.Series) -> pd.Series:
    """Name the columns of tables with several marks that there is no rating; say which cells these are."""
    typed, marked = frame["typed"].astype(str), pd.Series(False, index=frame.index)
    words = frame[faults == "not_a_number"]
    marks = words[typed[words.index].map(is_no_rating).astype(bool)]
    for _, table in marks.assign(column=_columns(marks)).groupby(["file", "sheet"], sort=False):
        # A single one is named where it stands; with a column an evaluator each may hold one of several.
        if len(table) >= FEWEST_LABELS:
            marked[table.index] = True
            columns = table.groupby("column", sort=False)
            findings.problems += [_column_problem("ratings.no_rating_mark", group) for _, group in columns]
    return marked


def _labels(frame: pd.DataFrame, findings: Findings, faults: pd.Series, *, method: Method) -> pd.Series:
    """Name once each column whose ratings are texts such as ``5 - Very high``; say which cells these are."""
    typed = frame["typed"].astype(str)
    words = (faults == "not_a_number") & typed.map(
        lambda cell: any(letter.isalpha() for letter in cell)
    ).astype(bool)
    if not words.any():
        return words
    labelled, in_words = pd.Series(False, index=frame.index), _in_words(method)
    for _, group in frame.assign(column=_columns(frame), words=words)[typed != ""].groupby(
        ["file", "sheet", "column"]
    ):
        texts = group[group["words"]]
        # One such cell among numbers is a slip, named where it stands.
        if len(texts) < FEWEST_LABELS or 2 * len(texts) <= len(group):
            continue
        # One column of several scales, in a long table: each cell is answered by its own.
        if (texts[INDICATOR] != texts[INDICATOR].iloc[0]).any() and texts[INDICATOR].isin(in_words).any():
            continue
        labelled[texts.index] = True
        findings.problems.append(_label_problem(texts, in_words))
    answers = words & ~labelled & frame[INDICATOR].isin(in_words)
    _refuse_off_scale(frame[answers], findings, method)
    return labelled | answers


def _in_words(method: Method) -> dict[str, str]:
    """Give the allowed answers by indicator, for those that have a scale in words."""
    return {one.name: scale_text(one) for one in method.indicators if one.labels}


def _label_problem(texts: pd.DataFrame, in_words: Mapping[str, str]) -> Problem:
    allowed = in_words.get(texts[INDICATOR].iloc[0])
    if allowed:
        return _column_problem("ratings.no_answer", texts, allowed=allowed)
    codes = all(ANSWER_CODE.fullmatch(str(cell)) for cell in texts["typed"])
    return _column_problem("ratings.answer_codes" if codes else "ratings.labels", texts)


def _column_problem(rule: str, texts: pd.DataFrame, **detail: str) -> Problem:
    """Name cells of one column: some of their texts, how many there are and the first rows."""
    first = texts.iloc[0]
    rows = ", ".join(str(row) for row in list(dict.fromkeys(texts["row"]))[:SHOWN_LABELS])
    shown = ", ".join(f"'{short(str(cell))}'" for cell in list(dict.fromkeys(texts["typed"]))[:SHOWN_LABELS])
    place = {"file": first["file"], "sheet": first["sheet"], "column": first["column"]}
    counted = {"count": str(len(texts)), "rows": rows, **detail}
    return Problem(rule, value=shown, detail=tuple(counted.items()), **place)


def scale_text(indicator: Indicator) -> str:
    """Word a rating scale: every rating where they are few, else its ends and step.

    >>> [scale_text(Indicator("time", "feasibility", 0, most)) for most in (3, 100)]
    ['0, 1, 2, 3', '0, 1 ... 100']
    """
    if indicator.labels:
        return "; ".join(f"{label.points:g} ({_either(label.titles)})" for label in indicator.labels)
    scale = [f"{rating:g}" for rating in indicator.scale]
    return ", ".join(scale) if len(scale) <= LISTED else f"{scale[0]}, {scale[1]} ... {scale[-1]}"


def _either(titles: Titles) -> str:
    return " / ".join(dict.fromkeys(titles.values()))


def on_scale(values: np.ndarray, indicator: Indicator) -> np.ndarray:
    """Say which values are ratings of the scale; NaN is none.

    >>> tenths = Indicator("time", "feasibility", 1, 5, step=0.1)
    >>> on_scale(np.array([1.3, 1.35, 5.1, np.nan]), tenths).tolist()
    [True, False, False, False]
    """
    if indicator.labels:
        return (np.abs(values[:, None] - np.array(indicator.scale)) <= NEGLIGIBLE).any(axis=1)
    steps = (values - indicator.minimum) / indicator.step
    whole = np.abs(steps - np.round(steps)) <= NEGLIGIBLE * np.maximum(1, np.abs(steps))
    return whole & (values >= indicator.minimum - NEGLIGIBLE) & (values <= indicator.maximum + NEGLIGIBLE)


def _off_scale(frame: pd.DataFrame, findings: Findings, *, method: Method) -> pd.Series:
    values = frame[RATING].to_numpy(dtype=float)
    off = np.zeros(len(frame), dtype=bool)
    for indicator in method.indicators:
        off |= (frame[INDICATOR] == indicator.name).to_numpy() & ~on_scale(values, indicator)
    off &= ~np.isnan(values)
    rows = frame[off]
    _refuse_off_scale(rows[~_missing_codes(rows, findings, method)], findings, method)
    return pd.Series(off, index=frame.index)


def _missing_codes(off: pd.DataFrame, findings: Findings, method: Method) -> pd.Series:
    """Name once each column with several codes of a missing rating; say which cells these are."""
    coded = pd.Series(False, index=off.index)
    scales = {indicator.name: scale_text(indicator) for indicator in method.indicators}
    codes = off[off[RATING].map(is_missing_code).astype(bool)]
    by = ["file", "sheet", "column", INDICATOR, RATING]
    for (*_, indicator, _), group in codes.assign(column=_columns(codes)).groupby(by, sort=False):
        # A single one may be a slip, and is named where it stands.
        if len(group) >= FEWEST_LABELS:
            coded[group.index] = True
            problem = _column_problem("ratings.missing_code", group, allowed=scales[indicator])
            findings.problems.append(problem)
    return coded


def _refuse_off_scale(rows: pd.DataFrame, findings: Findings, method: Method) -> None:
    scales = {indicator.name: scale_text(indicator) for indicator in method.indicators}
    findings.refuse(
        rows,
        "ratings.off_scale",
        lambda row: {
            "column": row["cell"],
            "value": short(row["typed"]),
            "detail": (("allowed", scales[row[INDICATOR]]),),
        },
    )


def _dates(frame: pd.DataFrame, findings: Findings) -> None:
    cells = frame["date"].astype(str)
    wrong = {cell: rule for cell in cells.unique() if cell and (rule := date_fault(cell))}
    for rule in dict.fromkeys(wrong.values()):
        findings.refuse_rows(
            frame[cells.map(wrong) == rule],
            rule,
            lambda row: {"column": column_at(row, "date"), "value": short(row["date"])},
        )


def date_fault(text: str) -> str:
    """Name what is wrong with a date that was typed: how it is written, or that no calendar has it.

    >>> date_fault("2026-04-30 10:00"), date_fault("30/04/2026"), date_fault("2026-04-31")
    ('', 'ratings.not_iso_date', 'ratings.no_such_date')
    """
    if not ISO_DATE.fullmatch(text):
        return "ratings.not_iso_date"
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return "ratings.no_such_date"
    return ""


# A number before the words ("3: Accept", "3 - Accept", "3) Accept") or after them ("Accept (3)").
BEFORE = re.compile(r"\s*(-?\d+(?:[.,]\d+)?)\s*[:.)=\-\u2013\u2014]*\s*(\D.*)")
AFTER = re.compile(r"(.*\D)\s*\(\s*(-?\d+(?:[.,]\d+)?)\s*\)\s*")


def points_of(answer: str, indicator: Indicator) -> float:
    """Give the points of an answer in words; NaN where it is none of the labels.

    A number beside the words must be the label's points or its place in the list, else nothing is read.

    Parameters
    ----------
    answer : str
        As typed; accents, case, spacing and punctuation do not matter.
    indicator : Indicator
        Its labels, from the lowest to the highest.

    Returns
    -------
    float
        Points of the label.

    Examples
    --------
    >>> from ogp_analysis.model.records import Label
    >>> labels = Label(-1, {"en": "Weak reject"}), Label(1, {"en": "Weak accept", "es": "Aceptación débil"})
    >>> indicator = Indicator("overall", "merit", -1, 1, labels=labels)
    >>> [points_of(answer, indicator) for answer in ("aceptacion debil", "1: Weak Accept", "2 - weak accept")]
    [1.0, 1.0, 1.0]
    >>> points_of("-1: weak accept", indicator), points_of("maybe", indicator)
    (nan, nan)
    """
    for beside, words in _parts(answer):
        for place, label in enumerate(indicator.labels, start=1):
            if key_of(words) in _words(label.titles.values()) and beside in (None, label.points, place):
                return float(label.points)
    return math.nan


def _words(titles: Iterable[str]) -> set[str]:
    """Fold the titles of a label, with and without a number that stands in them."""
    return {key_of(words) for title in titles for _, words in _parts(title)}


def _parts(answer: str) -> Iterator[tuple[float | None, str]]:
    yield None, answer
    if before := BEFORE.fullmatch(answer):
        yield _number(before[1]), before[2]
    if after := AFTER.fullmatch(answer):
        yield _number(after[2]), after[1]


def _number(text: str) -> float:
    return float(text.replace(",", "."))
