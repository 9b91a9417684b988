"""Who took part: what is printed, the counts that can stand behind it, and what is left over."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from ogp_analysis.plan.arithmetic import fitting_counts
from ogp_analysis.plan.published import DERIVED, INFERRED, STATED, Tables

# Remainder of each breakdown: group, statement with its count, statement with its share.
REMAINDERS = {
    "sdg": ("aligned with the SDGs", "aligned", ""),
    "age": ("other ages", "", ""),
    "ethnic": ("other or not stated", "ethnic_other_count", "ethnic_other"),
    "sector": ("others (not stated)", "", "sector_rest"),
    "province": ("other 13 provinces", "provinces_other_sum", ""),
}
# The plan prints no base for these two: one is a sum, and that the other has the same is our reading.
UNPRINTED_BASES = {"gender": DERIVED, "workshop_sector": INFERRED}
# Lines 594, 610 and 636 print whole percentages, the others two decimals.
DIGITS = {"age": 0, "sector": 0, "workshop_sector": 0}
PRINTED_DIGITS = 2
COLUMNS = [
    "table",
    "group",
    "count",
    "count_origin",
    "percentage",
    "percentage_origin",
    "base",
    "base_origin",
    "counts_that_fit",
    "counted",
    "line",
]


def participation(tables: Tables) -> pd.DataFrame:
    """List every published breakdown of participation with what follows from it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        ``table``, ``group``, ``count``, ``count_origin``, ``percentage`` (0 to 100), ``percentage_origin``,
        ``base``, ``base_origin`` (the 419 people of the workshops are derived as a sum, and inferred as the
        base of their split by sector), ``counts_that_fit`` (whole numbers that print as the percentage, where
        no count is printed), ``line``. Origins are stated, derived or inferred; lost numbers stay missing.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> shown = participation(published.read_all()).query("table == 'age'")
    >>> shown[["group", "percentage", "percentage_origin", "counts_that_fit"]].values.tolist()
    [['26 to 45', 68.0, 'stated', '201, 202, 203'], ['other ages', 32.0, 'derived', '94, 95, 96']]
    """
    printed = tables["participation"].drop(columns=["status", "note"])
    rows = pd.concat([printed, _remainders(tables)], ignore_index=True)
    # The plan never states how many came to the workshops: 223 men and 196 women (line 630) make 419.
    people = int(printed.loc[printed["table"] == "gender", "count"].sum())
    bases = rows["base"].mask(rows["table"].isin(list(UNPRINTED_BASES)), people).astype(int)
    base_origin = rows["table"].map(UNPRINTED_BASES).fillna(STATED)
    rows = _with_origins(rows.assign(base=bases, base_origin=base_origin))
    order = [*dict.fromkeys(printed["table"])]
    # In the plan's order, each remainder behind the groups that are printed.
    rows = rows.sort_values("table", key=lambda names: names.map(order.index), kind="stable")
    return rows[COLUMNS].reset_index(drop=True)


def participation_tables(tables: Tables) -> dict[str, pd.DataFrame]:
    """Split the participation by breakdown, under the ids ``participation_<table>``.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    dict of str to DataFrame
        One frame a breakdown, without the column ``table``.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> split = participation_tables(published.read_all())
    >>> list(split)[:3]
    ['participation_sdg', 'participation_age', 'participation_ethnic']
    >>> split["participation_gender"][["group", "count"]].values.tolist()
    [['men', 223], ['women', 196]]
    """
    groups = participation(tables).groupby("table", sort=False)
    return {
        f"participation_{name}": rows.drop(columns="table").reset_index(drop=True) for name, rows in groups
    }


def _remainders(tables: Tables) -> pd.DataFrame:
    statements = tables["statements"].set_index("id")
    first = tables["participation"].groupby("table").first()
    rows = []
    for table, (group, count, share) in REMAINDERS.items():
        known = [name for name in (count, share) if name]
        rows.append(
            {
                "table": table,
                "group": group,
                "count": statements["value"].get(count),
                "percentage": statements["value"].get(share, _left(tables, table)),
                "origin": statements.loc[known[0], "status"] if known else DERIVED,
                "base": first.loc[table, "base"],
                "counted": first.loc[table, "counted"],
                "line": first.loc[table, "line"],
            }
        )
    return pd.DataFrame(rows)


def _left(tables: Tables, table: str) -> float:
    """Percentage left to 100 where a breakdown prints only percentages; elsewhere missing."""
    rows = tables["participation"].query("table == @table")
    return 100 - rows["percentage"].sum() if rows["count"].isna().all() else float("nan")


def _with_origins(rows: pd.DataFrame) -> pd.DataFrame:
    share = 100 * rows["count"].astype("float64") / rows["base"]
    printed = rows["origin"].isna()
    has_count, has_share = rows["count"].notna(), rows["percentage"].notna()
    given = rows["origin"].fillna(STATED)
    # Where a count is printed nothing has to be guessed, and where no percentage is nothing can be.
    fits = [_fits(row) for row in rows.itertuples()]
    return rows.assign(
        count=rows["count"].astype("Int64"),
        percentage=rows["percentage"].fillna(share),
        count_origin=given.where(has_count),
        percentage_origin=given.where(has_share, DERIVED).mask(~has_share & ~printed, given),
        counts_that_fit=fits,
    )


class _Answer(Protocol):
    """A row of the survey: what is printed of one answer."""

    count: float
    percentage: float
    base: int
    table: str


def _fits(row: _Answer) -> str:
    if pd.notna(row.count) or pd.isna(row.percentage):
        return ""
    counts = fitting_counts(row.percentage, row.base, DIGITS.get(row.table, PRINTED_DIGITS))
    return ", ".join(map(str, counts)) or "–"
