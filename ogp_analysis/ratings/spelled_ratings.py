"""Ratings that are spelled and not typed as numbers: stars, ``4/5``, ``4 de 5``, ``80%``, ``④``, ``IV``.

Read only where a whole column spells alike and says, or cannot but mean, the scale of the method; what else
is spelled so is refused once, with what would make it readable.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import INDICATOR, RATING, Method
from ogp_analysis.ratings.problems import LISTED, Findings, short
from ogp_analysis.tabular import decimal_of, number

STARS, OF, POINTS, PERCENT = "stars", "of", "points", "percent"
RING, BRACKETS, ROMAN = "ring", "brackets", "roman"
NUMBER = r"(?P<value>[0-9]+(?:[.,][0-9]+)?)"
FULL, EMPTY = "★⭐🌟✭✮✯✪", "☆✩"
# An emoji may be followed by a sign that only says how it is drawn.
DRAWN = re.compile("[\ufe0e\ufe0f\\s]")
DRAWN_STARS = re.compile(rf"(?P<full>[{re.escape(FULL)}]+)(?P<empty>[{EMPTY}]*)")
PATTERNS = {
    OF: re.compile(rf"{NUMBER}\s*(?:/|de|of|out of|sobre|on)\s*(?P<top>[0-9]+)", re.IGNORECASE),
    STARS: re.compile(rf"{NUMBER}\s*(?:stars?|estrellas?)", re.IGNORECASE),
    POINTS: re.compile(rf"{NUMBER}\s*(?:points?|puntos?|pts?\.?|ptos?\.?)", re.IGNORECASE),
    PERCENT: re.compile(rf"{NUMBER}\s*%"),
}
# "(4)" is minus four in accounts: read only where the scale has nothing below 0.
IN_BRACKETS = re.compile(r"[(\[]\s*(?P<value>[0-9]+(?:[.,][0-9]+)?)\s*[)\]]")
# Capitals up to 39. I, V and X alone may be letters or ticks: a column must hold a numeral of two or more.
NUMERAL = re.compile(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})")
LETTERS = {"I": 1, "V": 5, "X": 10}
# A digit drawn as a key of a telephone.
KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")
# What people give stars out of, where nothing else is said.
USUAL_STARS, HUNDRED = 5, 100
# One such cell is a slip and named where it stands; so many texts and rows are shown.
FEWEST, SHOWN = 2, 3


@dataclass(frozen=True)
class Spelled:
    """One spelled rating: in which form, the number that it means, and the top of its scale (0: not said)."""

    form: str
    value: str
    top: int = 0


def spelled(cell: str) -> Spelled | None:
    """Take a spelled rating apart; None where the cell is none.

    >>> spelled("★★★☆☆"), spelled("4 de 5"), spelled("80 %")
    (Spelled(form='stars', value='3', top=5), Spelled(form='of', value='4', top=5), \
Spelled(form='percent', value='80', top=100))
    >>> spelled("④").value, spelled("(4)").value, spelled("IV").value
    ('4', '4', '4')
    >>> spelled("4"), spelled("2 años"), spelled("4²"), spelled("IIII")
    (None, None, None, None)
    """
    drawn = DRAWN_STARS.fullmatch(DRAWN.sub("", cell))
    if drawn:
        full, empty = len(drawn["full"]), len(drawn["empty"])
        return Spelled(STARS, str(full), full + empty if empty else 0)
    for form, value in ((RING, _in_a_ring(cell.strip())), (ROMAN, _roman(cell.strip()))):
        if value:
            return Spelled(form, value)
    bracketed = IN_BRACKETS.fullmatch(cell.strip())
    if bracketed:
        return Spelled(BRACKETS, bracketed["value"])
    for form, pattern in PATTERNS.items():
        match = pattern.fullmatch(cell.strip())
        if match:
            top = HUNDRED if form == PERCENT else int(match["top"]) if form == OF else 0
            return Spelled(form, match["value"], top)
    return None


def _in_a_ring(cell: str) -> str:
    """Give the number that one sign is, drawn in a ring, in brackets or on a key; empty where it is none."""
    if key := KEYCAP.fullmatch(cell):
        return key[1]
    name = unicodedata.name(cell, "") if len(cell) == 1 else ""
    ringed = (
        unicodedata.category(cell) == "No" and ("CIRCLED" in name or name.startswith("PARENTHESIZED"))
        if name
        else False
    )
    return f"{unicodedata.numeric(cell):g}" if ringed else ""


def _roman(cell: str) -> str:
    """Give the number that a Roman numeral is, of letters or of signs of its own; empty where it is none."""
    letters = (
        unicodedata.normalize("NFKC", cell)
        if cell and "ROMAN NUMERAL" in unicodedata.name(cell[0], "")
        else cell
    )
    if not NUMERAL.fullmatch(letters):
        return ""
    values = [LETTERS[letter] for letter in letters]
    after = [*values[1:], 0]
    return str(sum(-one if one < next_one else one for one, next_one in zip(values, after, strict=True)))


def read_spelled(
    frame: pd.DataFrame, faults: pd.Series, columns: pd.Series, *, findings: Findings, method: Method
) -> pd.Series:
    """Put spelled ratings into the frame as numbers, in place; say which cells were refused once instead.

    Faults lose the cells that were read; ``columns`` names the column of each cell.
    """
    refused = pd.Series(False, index=frame.index)
    texts = frame["typed"][faults == "not_a_number"].astype(str)
    known = {text: one for text in texts.unique() if (one := spelled(text))}
    if not known:
        return refused
    cells = frame.loc[texts.index[texts.isin(list(known))]].assign(column=columns)
    tops, filled = _tops(cells, known, method), frame["typed"].astype(str) != ""
    places = [frame["file"], frame["sheet"], columns]
    counts = filled.groupby(places).sum()
    wrong: dict[tuple[str, ...], list[pd.DataFrame]] = {}
    forms: dict[str, str] = {}
    for place, group in cells.groupby(["file", "sheet", "column"], sort=False):
        why = _why_not(group, known, tops, alone=len(group) == counts[place])
        if not why:
            _read(frame, faults, group, known)
            forms.setdefault(known[str(group["typed"].iloc[0])].form, str(group["typed"].iloc[0]))
        elif len(group) >= FEWEST:
            refused[group.index] = True
            wrong.setdefault((*place[:2], *why), []).append(group)
    for cell in forms.values():
        findings.say("ratings.spelled", typed=short(cell), number=known[cell].value)
    findings.problems += [_problem(why, groups, method) for why, groups in wrong.items()]
    return refused


def _tops(cells: pd.DataFrame, known: Mapping[str, Spelled], method: Method) -> dict[tuple[str, str], float]:
    """Give the top of its scale by indicator and form, 0 where such ratings cannot be told to be of it."""
    tops: dict[tuple[str, str], float] = {}
    for one in method.indicators:
        own = [known[cell] for cell in cells["typed"][cells[INDICATOR] == one.name].astype(str)]
        most = max((float(each.value.replace(",", ".")) for each in own if each.form == STARS), default=0)
        # Four stars are four of five, unless somebody gave as many as the scale has.
        counted = one.maximum in (USUAL_STARS, most) or any(each.top for each in own)
        tops |= {(one.name, form): float(one.maximum) for form in (OF, POINTS, RING, ROMAN)}
        tops[one.name, BRACKETS] = float(one.maximum) if one.minimum >= 0 else 0.0
        tops[one.name, STARS] = float(one.maximum) if counted else 0.0
        tops[one.name, PERCENT] = float(one.maximum) if one.minimum == 0 else 0.0
    return tops


def _why_not(
    group: pd.DataFrame, known: Mapping[str, Spelled], tops: Mapping[tuple[str, str], float], *, alone: bool
) -> tuple[str, ...]:
    """Say by which rule a column is refused, and of how many it counts; nothing where it is read."""
    parts = [known[cell] for cell in group["typed"].astype(str)]
    if not alone or len({one.form for one in parts}) > 1:
        return ("ratings.spelled_mixed", "")
    if parts[0].form == ROMAN and _are_letters(group["typed"].astype(str)):
        return ("ratings.spelled_letters", "")
    for one, indicator in zip(parts, group[INDICATOR], strict=True):
        top = tops.get((indicator, one.form), float(one.top))
        if not top or one.top not in (0, top):
            return ("ratings.spelled_scale", str(one.top or "?"))
    return ()


def _are_letters(cells: Iterable[str]) -> bool:
    return all(cell.strip() in LETTERS for cell in cells)


def values_spelled(typed: Iterable[str]) -> list[str]:
    """Give the numbers that cells spell where a run would read them: all in one form; else cells as typed.

    >>> values_spelled(["④", "①"]), values_spelled(["④", "IV"]), values_spelled(["X", "V"])
    (['4', '1'], ['④', 'IV'], ['X', 'V'])
    """
    cells = list(typed)
    parts = [spelled(cell) for cell in cells]
    read = [one for one in parts if one]
    whole = len(read) == len(cells) > 0 and len({one.form for one in read}) == 1
    letters = whole and read[0].form == ROMAN and _are_letters(cells)
    return [one.value for one in read] if whole and not letters else cells


def _read(frame: pd.DataFrame, faults: pd.Series, group: pd.DataFrame, known: Mapping[str, Spelled]) -> None:
    values = [known[cell].value for cell in group["typed"].astype(str)]
    sign = decimal_of(values)
    for at, value in zip(group.index, values, strict=True):
        rating, faults[at] = number(value, sign)
        frame.loc[at, RATING] = math.nan if rating is None else rating


def _problem(why: tuple[str, ...], groups: list[pd.DataFrame], method: Method) -> Problem:
    """Name all columns of one file or sheet that are refused for the same reason."""
    file, sheet, rule, top = why
    cells = pd.concat(groups)
    texts = list(dict.fromkeys(cells["typed"].astype(str)))[:SHOWN]
    scales = {
        f"{one.minimum:g} – {one.maximum:g}" for one in method.indicators if one.name in set(cells[INDICATOR])
    }
    detail = {
        "count": str(len(cells)),
        "rows": ", ".join(str(row) for row in sorted(set(cells["row"]))[:SHOWN]),
        "top": top,
        "allowed": ", ".join(sorted(scales)) or "–",
    }
    column = ", ".join(list(dict.fromkeys(cells["column"]))[:LISTED])
    value = ", ".join(f"'{short(text)}'" for text in texts)
    return Problem(rule, file, sheet, column=column, value=value, detail=tuple(detail.items()))
