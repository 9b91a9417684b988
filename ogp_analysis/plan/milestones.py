"""The timetable of the 59 milestones, and what helps or hinders verifying them."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.plan.arithmetic import cross_counts, month_number, span_in_months
from ogp_analysis.plan.published import Tables

# The printed ones in the order in which `_dating` counts.
DATED, NO_START, NO_END, NO_DATES = PRINTED = ("dated", "no start", "no end", "no dates")
# One cell of dates stands for several milestones: inferred, as the merged cells of categories 3 and 4 are.
SHARED = "dates shared (inferred)"
PRODUCT, ACTIVITY, UNKNOWN = DELIVERABLES = ("product named", "activity only", "cannot tell")


def milestones(tables: Tables) -> pd.DataFrame:
    """List the milestones with their dates; missing dates are missing.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        ``commitment``, ``milestone``, ``text``, ``start``, ``end`` (year-month), ``months`` (both ends
        included), ``dating`` (dated, no start, no end, no dates, dates shared (inferred)),
        ``shares_dates_with`` (milestone whose cell of dates stands for this one too, inferred; ``start`` and
        ``end`` stay missing, because none is printed for it), ``starts_with`` (declared parallel start, as
        printed), ``out_of_order`` (starts before the dated milestone numbered before it, and is not declared
        to start with an earlier one), ``before_made`` (discloses from before those milestones end which make
        what it discloses: our reading), ``deliverable`` (our reading: product named, activity only, cannot
        tell), ``product`` (the words that name it), ``damaged``, ``line``.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> milestones(published.read_all())["dating"].value_counts().to_dict()
    {'dated': 55, 'dates shared (inferred)': 2, 'no dates': 1, 'no start': 1}
    """
    table = tables["milestones"]
    frame = table[["commitment", "milestone", "text", "start", "end"]].assign(
        months=span_in_months(table["start"], table["end"]).astype("Int64"),
        dating=_dating(table),
        shares_dates_with=table["shares_dates_with"],
        starts_with=table["starts_with"],
        out_of_order=_starts_before_previous(table) & table["starts_with"].isna(),
        before_made=discloses_before_made(table),
        deliverable=table["deliverable"],
        product=table["product"],
        damaged=table["damaged"],
        line=table["line"],
    )
    return frame.sort_values(["commitment", "milestone"], kind="stable").reset_index(drop=True)


def _dating(table: pd.DataFrame) -> pd.Series:
    # Two bits, read off in the order of PRINTED: no start counts 1, no end 2.
    missing = 2 * table["end"].isna() + table["start"].isna()
    printed = missing.map(dict(enumerate(PRINTED)))
    return printed.mask((printed == NO_DATES) & table["shares_dates_with"].notna(), SHARED)


def _starts_before_previous(table: pd.DataFrame) -> pd.Series:
    ordered = table.sort_values(["commitment", "milestone"])
    start = month_number(ordered["start"])
    # Filled forward first: a milestone after an undated one is compared with the last that has a date.
    previous = start.groupby(ordered["commitment"]).ffill().groupby(ordered["commitment"]).shift()
    return (start < previous).reindex(table.index)


def discloses_before_made(table: pd.DataFrame) -> pd.Series:
    """Say which milestones disclose from before those end which make what they disclose.

    >>> from ogp_analysis.plan import published
    >>> table = published.read("milestones")
    >>> table.loc[discloses_before_made(table), "line"].tolist()
    [834]
    """
    ends = month_number(table["end"]).set_axis(pd.MultiIndex.from_frame(table[["commitment", "milestone"]]))
    made = [
        # A disclosure may wait for some of the earlier milestones only: `discloses` names them (our reading).
        ends.reindex([(row.commitment, int(number)) for number in str(row.discloses).split()]).max()
        if isinstance(row.discloses, str)
        else float("nan")
        for row in table.itertuples()
    ]
    return month_number(table["start"]) < pd.Series(made, index=table.index)


def verifiability(tables: Tables) -> pd.DataFrame:
    """Count, by commitment, what a reviewer can verify against a date and what not.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        ``commitment``, ``milestones``, ``dated``, ``dates_shared`` (inferred), ``no_start``, ``no_dates``,
        ``out_of_order``, ``product_named``, ``activity_only``, ``cannot_tell`` (our reading), ``damaged``
        (label lost in the recognised text), ``first_start``, ``last_end``, ``start``, ``end``,
        ``dates_agree``: whether the commitment's dates are those of its first and last milestone; missing
        where they are not and a milestone's missing start may be why.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> counts = verifiability(published.read_all()).set_index("commitment")
    >>> counts.loc[3, ["milestones", "dated", "no_dates", "damaged"]].to_dict()
    {'milestones': 9, 'dated': 6, 'no_dates': 1, 'damaged': 0}
    """
    listed = milestones(tables)
    dating = listed["dating"].replace(SHARED, "dates shared")
    order = [DATED, "dates shared", NO_START, NO_DATES]
    counts = cross_counts(listed["commitment"], dating, order)
    products = cross_counts(listed["commitment"], listed["deliverable"], DELIVERABLES)
    groups = listed.groupby("commitment")
    spans = groups.agg(
        milestones=("milestone", "size"),
        out_of_order=("out_of_order", "sum"),
        damaged=("damaged", "sum"),
        first_start=("start", "min"),
        last_end=("end", "max"),
    )
    dates = tables["commitments"].set_index("number")[["start", "end"]]
    frame = spans[["milestones"]].join([counts, products, spans.drop(columns="milestones"), dates])
    starts = (frame["first_start"] == frame["start"]).astype("boolean")
    # Not "differs" but "unknown": the milestone whose start is missing may be the first one.
    starts = starts.mask(~starts & (frame["dated"] < frame["milestones"]))
    return (
        frame.assign(dates_agree=starts & (frame["last_end"] == frame["end"]))
        .rename_axis("commitment")
        .reset_index()
    )
