"""Criteria of a draft, with their indicators and levels, and the categories that they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ogp_analysis.language.folding import key_of
from ogp_analysis.model.records import CRITERION, INDICATOR, PANEL, RATING
from ogp_analysis.ratings.draft_raters import Raters
from ogp_analysis.ratings.draft_scales import is_yes_or_no, scales_of
from ogp_analysis.ratings.evaluator_columns import evaluator_in
from ogp_analysis.ratings.known_words import is_unnamed

Groups = dict[tuple[str, tuple[str, ...]], list[str]]
# As many letters as a name may have.
LONGEST_NAME = 40
LEVELS, TWO_LEVELS = ("low", "medium", "high"), ("low", "high")


def by_sheets(rows: pd.DataFrame) -> pd.DataFrame:
    """Take sheets for criteria where each has indicators of its own, and no other column names criteria.

    A sheet that is called as its only indicator, or as an evaluator, is none.
    """
    if rows[CRITERION].ne("").any():
        return rows
    of_sheets: dict[str, set[str]] = {}
    for table, cells in zip(rows["table"], rows[INDICATOR], strict=True):
        of_sheets.setdefault(table.name, set()).add(key_of(cells))
    if len(of_sheets) < 2 or not all(map(_may_be_a_criterion, of_sheets)):
        return rows
    every = [indicator for indicators in of_sheets.values() for indicator in indicators]
    alone = all(len(indicators) == 1 for indicators in of_sheets.values())
    if alone or len(every) > len({*every}):
        return rows
    return rows.assign(**{CRITERION: [table.name for table in rows["table"]]})


def _may_be_a_criterion(sheet: str) -> bool:
    return not (is_unnamed(sheet) or evaluator_in(sheet)[0])


def groups_of(rows: pd.DataFrame, untitled: str) -> Groups:
    """Put indicators under the criterion that the file names, apart where other panels rate them."""
    order = {panel: at for at, panel in enumerate(dict.fromkeys(rows[PANEL]))}
    groups: Groups = {}
    for title, cells in rows.groupby(INDICATOR, sort=False):
        panels = tuple(sorted({*cells[PANEL]}, key=lambda panel: order[panel]))
        groups.setdefault((str(cells[CRITERION].iloc[0]) or untitled, panels), []).append(str(title))
    return groups


def criteria_of(
    rows: pd.DataFrame, groups: Groups, proposals: tuple[str, ...], other: str
) -> list[dict[str, Any]]:
    """Give each criterion as a method file has it; ``other`` stands for answers that nobody gave."""
    names = _names(_different([title for title, _ in groups]))
    panels = _names(dict.fromkeys(panel or "panel" for _, group in groups for panel in group), "panel")
    indicators = _names([title for group in groups.values() for title in group], "indicator")
    scales = scales_of(
        {str(title): list(cells[RATING]) for title, cells in rows.groupby(INDICATOR, sort=False)}, other
    )
    return [
        {
            "name": name,
            "title": names[name],
            "panels": [_named(panels, panel or "panel") for panel in group],
            "raters": Raters.of(rows[rows[INDICATOR].isin(titles)], proposals).as_written,
            "levels": list(TWO_LEVELS if all(is_yes_or_no(scales[title]) for title in titles) else LEVELS),
            "indicators": [_named(indicators, title) | scales[title] for title in titles],
        }
        for name, ((_, group), titles) in zip(names, groups.items(), strict=True)
    ]


def decided(criteria: list[dict[str, Any]]) -> dict[str, Any]:
    """Give categories and the rules that lead to them: all high, none low; of two levels there are two."""
    best = {criterion["name"]: criterion["levels"][-1] for criterion in criteria}
    good = {criterion["name"]: criterion["levels"][1:] for criterion in criteria}
    several = any(len(levels) > 1 for levels in good.values())
    rules = [{"when": best, "category": "upper"}] + [{"when": good, "category": "middle"}] * several
    return {
        "categories": ["upper", *["middle"] * several, "lower"],
        "decision_table": {"rules": rules, "default": "lower"},
    }


def _different(titles: list[str]) -> list[str]:
    """Number what has the title of an earlier one."""
    earlier = [titles[:at].count(title) for at, title in enumerate(titles)]
    return [f"{title} {count + 1}" if count else title for title, count in zip(titles, earlier, strict=True)]


def _names(titles: Iterable[str], kind: str = CRITERION) -> dict[str, str]:
    """Make a code of each title, the titles by their codes."""
    names: dict[str, str] = {}
    for title in titles:
        code = key_of(title)
        code = code if code[:1].isalpha() else f"{kind}_{code}".strip("_")
        code = code[: LONGEST_NAME - 3].rstrip("_")
        alike = sum(re.fullmatch(rf"{re.escape(code)}(_\d+)?", name) is not None for name in names)
        names[f"{code}_{alike + 1}" if alike else code] = title
    return names


def _named(names: Mapping[str, str], title: str) -> dict[str, str]:
    return {"name": next(name for name, one in names.items() if one == title), "title": title}
