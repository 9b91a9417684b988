"""The order of the report's sections and tables, and the points of review, all from packaged data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pandas as pd
import yaml

from ogp_analysis.language import texts
from ogp_analysis.packaged import DATA

# In C where PyYAML was built with it, a tenth of the time: packaged data need no messages of our own.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLAN, METHOD, RECORD = PARTS = ("plan", "method", "record")
MET, ON_SYNTHETIC, PARTLY, NOT_POSSIBLE = ("met", "met on synthetic only", "partly", "not possible")


@dataclass(frozen=True)
class Section:
    """One section of the report.

    Parameters
    ----------
    id : str
        Anchor, and key of its texts ``section.<id>.title`` and ``section.<id>.text``.
    part : str
        ``plan``, ``method``, ``record``; or ``summary``, which stands before them.
    tables, figures : tuple of str
        Ids; one that ends in ``*`` stands for all that begin so.
    held : tuple of str
        Ids of tables that belong here and are shown elsewhere (by the search, or in the workbook only).
    widget : str
        ``explorer`` or ``points`` where the section is more than text, tables and figures.
    optional : bool
        Whether it is left out where the run has none of its tables.

    Examples
    --------
    >>> section = Section("flow", "plan", tables=("plan_flow*",), held=("plan_cells",))
    >>> section.takes_table("plan_flow_totals"), section.takes_table("plan_cells")
    (True, False)
    >>> section.holds("plan_cells")
    True
    """

    id: str
    part: str
    tables: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    widget: str = ""
    optional: bool = False

    def takes_table(self, name: str) -> bool:
        """Say whether a table belongs here."""
        # fnmatchcase, because fnmatch takes small and capital letters for the same on Windows.
        return any(fnmatchcase(name, pattern) for pattern in self.tables)

    def holds(self, name: str) -> bool:
        """Say whether a table belongs here, drawn or not."""
        return any(fnmatchcase(name, pattern) for pattern in (*self.tables, *self.held))

    def takes_figure(self, name: str) -> bool:
        """Say whether a figure belongs here."""
        return any(fnmatchcase(name, pattern) for pattern in self.figures)


def packaged(name: str) -> Any:
    """Read one of the packaged descriptions of the report."""
    file = DATA / "report" / name
    return yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)


def _section(entry: dict) -> Section:
    return Section(
        id=entry["id"],
        part=entry["part"],
        tables=tuple(entry.get("tables", ())),
        figures=tuple(entry.get("figures", ())),
        held=tuple(entry.get("held", ())),
        widget=entry.get("widget", ""),
        optional=entry.get("optional", False),
    )


SECTIONS = tuple(_section(entry) for entry in packaged("sections.yaml"))


# The columns of a table that the page shows, in this order; a table that is not named shows all.
COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns) for name, columns in packaged("tables.yaml").items()
}


# By id of a published proposal; the search alone uses them.
SPANISH_WORDS: dict[str, str] = packaged("search_words.yaml")


def order_of_tables(names: Iterable[str]) -> list[str]:
    """Sort table ids by the section that shows them; those that no section shows come last, by name.

    >>> order_of_tables(["zz", "ledger", "flow"])
    ['flow', 'ledger', 'zz']
    """
    patterns = [pattern for section in SECTIONS for pattern in (*section.tables, *section.held)]

    def rank(name: str) -> tuple[int, str]:
        hits = (at for at, pattern in enumerate(patterns) if fnmatchcase(name, pattern))
        return next(hits, len(patterns)), name

    return sorted(names, key=rank)


def groups(names: Iterable[str]) -> dict[str, str]:
    """Give the part of the report to which each table belongs; ``record`` where no section holds it.

    >>> groups(["ledger", "flow", "answers", "zz"])
    {'ledger': 'method', 'flow': 'plan', 'answers': 'summary', 'zz': 'record'}
    """
    return {name: next((s.part for s in SECTIONS if s.holds(name)), RECORD) for name in names}


def review_points(*, organisations: bool = False, synthetic: bool = True) -> pd.DataFrame:
    """List the twenty points of review, how far the pack answers each, why, and where to look.

    Parameters
    ----------
    organisations : bool
        Whether the run was given the organisations of evaluators, which the plan did not publish.
    synthetic : bool
        Whether the ratings of the run are synthetic: what rests on them is then met on synthetic only.

    Returns
    -------
    DataFrame
        Columns ``point`` (1 to 20), ``asked_en``, ``asked_es``, ``answer`` (met, met on synthetic only,
        partly, not possible), ``why_en``, ``why_es`` (the reason, for every grade), ``sections``, ``tables``
        and ``figures`` (ids of what to look at, with blanks between).

    Examples
    --------
    >>> review_points()["answer"].value_counts().to_dict()
    {'partly': 9, 'met': 5, 'met on synthetic only': 5, 'not possible': 1}
    """
    return pd.DataFrame(
        [_point(entry, organisations=organisations, synthetic=synthetic) for entry in _review_points()]
    )


@cache
def _review_points() -> tuple[dict, ...]:
    """Read the points once: every form of a report lists them several times."""
    return tuple(packaged("review_points.yaml"))


def _point(entry: dict, *, organisations: bool, synthetic: bool) -> dict[str, object]:
    key = f"point.{entry['point']:02d}"
    row: dict[str, object] = {"point": entry["point"]}
    row |= {f"asked_{code}": texts.say(f"{key}.asked", code) for code in texts.LANGUAGES}
    row["answer"] = (
        ON_SYNTHETIC if entry["grade"] == MET and entry.get("rated") and synthetic else entry["grade"]
    )
    why = f"{key}.why_given" if organisations and texts.has(f"{key}.why_given") else f"{key}.why"
    row |= {f"why_{code}": texts.say(why, code) for code in texts.LANGUAGES}
    return row | {name: " ".join(entry.get(name, ())) for name in ("sections", "tables", "figures")}
