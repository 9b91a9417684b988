"""Who took part and what they sent: the plan's participation tables, from records or from the plan itself.

Counts of persons are hidden where they are small (``privacy_cells``); counts of proposals are not, and
neither are the figures that the plan published.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.plan import published as plan
from ogp_analysis.privacy import small_cells

PROPOSALS, PERSONS = "proposals", "persons"
PROPOSAL_TABLES = ("channel", "sdg", "sector", "province")
PERSON_TABLES = ("age", "ethnic", "gender", "workshop_sector", "city")
NOT_STATED, NOT_ALIGNED = "not stated", "not aligned with the SDGs"
# Our copy lacks the chart of ages; only "26 to 45, two groups" is known: these bands are our choice.
AGE_BANDS = (0, 18, 26, 36, 46, 56, 66)
WORKSHOP = "workshop"
COLUMNS = ("table", "group", "count", "percentage", "base", "counted", "status")
TYPES = {"count": "Int64", "percentage": "Float64", "base": "Int64"}
FROM_RECORDS = "from records"
OLDEST = 120


def tables(
    proposals: pd.DataFrame | None = None,
    participants: pd.DataFrame | None = None,
    *,
    small_cell: int = small_cells.DEFAULT_THRESHOLD,
) -> pd.DataFrame:
    """Give the participation tables: from records where there are any, else what the plan published.

    Parameters
    ----------
    proposals : pandas.DataFrame, optional
        Canonical records of the proposals received: ``channel, sdg, sector, province``.
    participants : pandas.DataFrame, optional
        One row a person, no names: any of ``age`` (years or a band), ``ethnic``, ``gender``, ``sector``,
        ``city`` and ``channel`` (online or workshop).
    small_cell : int
        Smallest count of persons that is published, 3 or more.

    Returns
    -------
    pandas.DataFrame
        Columns ``table, group, count, percentage, base, counted, status``: a count, its percentage of the
        base (0 to 100) and what is counted. A hidden count of persons is missing, and so is its percentage.

    Raises
    ------
    DataError
        An age is no age; every such row is listed.
    StatisticsError
        ``small_cell`` is below 3.

    Examples
    --------
    >>> received = pd.DataFrame({"channel": ["online", "online", "workshop"]})
    >>> found = tables(received)
    >>> found[found["table"] == "channel"][["group", "count", "status"]].values.tolist()
    [['online', 2, 'from records'], ['workshop', 1, 'from records']]
    >>> sorted(set(found["table"]))
    ['age', 'channel', 'ethnic', 'gender', 'province', 'sdg', 'sector', 'workshop_sector']
    """
    parts = []
    if proposals is not None:
        parts.append(of_proposals(proposals))
    if participants is not None:
        parts.append(of_persons(participants, small_cell=small_cell))
    # An empty frame would make concat guess the types of its columns.
    parts = [part for part in parts if not part.empty]
    computed = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    published = from_plan()[list(COLUMNS)].astype(TYPES)
    # A table made from records replaces the plan's whole table: rows of both would not share a base.
    missing = published[~published["table"].isin(computed["table"])]
    return pd.concat([computed.astype(TYPES), missing], ignore_index=True)


def of_proposals(proposals: pd.DataFrame) -> pd.DataFrame:
    """Count proposals by channel, Sustainable Development Goal, sector and province.

    Parameters
    ----------
    proposals : pandas.DataFrame
        Canonical records; columns that are absent or all empty give no table.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``tables``. A proposal with several goals counts under each, so their percentages add up
        to more than 100; ``not aligned with the SDGs`` counts those without any.

    Examples
    --------
    >>> received = pd.DataFrame({"sdg": ["16", "9 16", ""], "channel": ["online"] * 3})
    >>> of_proposals(received)[["table", "group", "count"]].values.tolist()[1:]
    [['sdg', '9', 1], ['sdg', '16', 2], ['sdg', 'not aligned with the SDGs', 1]]
    """
    parts = []
    for name in PROPOSAL_TABLES:
        # An empty goal says that there is none; an empty province of a workshop says that nobody asked.
        values = _stated(proposals if name in ("sdg", "channel") else _asked(proposals, name), name)
        if values is None:
            continue
        counts = _objective_counts(values) if name == "sdg" else _counts(values)
        parts.append(_frame(name, counts, len(values), counted=PROPOSALS))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def of_persons(
    participants: pd.DataFrame, *, small_cell: int = small_cells.DEFAULT_THRESHOLD
) -> pd.DataFrame:
    """Count persons by age, ethnic group, gender, sector of the workshops and city, small counts hidden.

    The base of a table is the persons of those channels in which anybody answered: a question that the
    workshops did not ask says nothing about them.

    Parameters
    ----------
    participants : pandas.DataFrame
        One row a person; see ``tables``.
    small_cell : int
        Smallest count of persons that is published.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``tables``.

    Raises
    ------
    DataError
        An age is no age; every such row is listed.
    StatisticsError
        ``small_cell`` is below 3.

    Examples
    --------
    >>> people = pd.DataFrame({"gender": ["women"] * 30 + ["men"] * 25 + ["other"] * 2})
    >>> shown = of_persons(people)
    >>> shown["group"].tolist(), shown["count"].isna().tolist()
    (['women', 'men', 'other'], [False, True, True])
    """
    parts = []
    for name in PERSON_TABLES:
        persons, column = participants, name
        if name == "workshop_sector":
            persons, column = _of_channel(participants, WORKSHOP), "sector"
        values = _stated(_asked(persons, column), column)
        if values is None:
            continue
        counts = _counts(age_bands(values) if name == "age" else values)
        published = small_cells.protect(counts, threshold=small_cell).iloc[:, 0]
        parts.append(_frame(name, published.iloc[:-1], published.iloc[-1], counted=PERSONS))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def crossed(
    participants: pd.DataFrame,
    rows: str,
    columns: str,
    *,
    small_cell: int = small_cells.DEFAULT_THRESHOLD,
) -> pd.DataFrame:
    """Cross two features of persons, with totals, small counts and those that would give them back hidden.

    Parameters
    ----------
    participants : pandas.DataFrame
        One row a person.
    rows, columns : str
        Two of its columns.
    small_cell : int
        Smallest count of persons that is published.

    Returns
    -------
    pandas.DataFrame
        ``Int64`` counts with a row and a column ``total``; missing where hidden.

    Raises
    ------
    DataError
        A feature is no column, or is empty throughout; or an age is no age.
    StatisticsError
        ``small_cell`` is below 3.

    Examples
    --------
    >>> sectors = ["public"] * 65 + ["academia"] * 15
    >>> people = pd.DataFrame({"gender": ["women", "men"] * 40, "sector": sectors})
    >>> crossed(people, "gender", "sector").loc["women"].isna().tolist()
    [True, True, False]
    """
    features = {name: _stated(participants, name) for name in (rows, columns)}
    absent = [name for name, values in features.items() if values is None]
    if absent:
        known = (("known", ", ".join(participants.columns)),)
        raise DataError([Problem("people.no_column", column=name, detail=known) for name in absent])
    banded = {name: age_bands(values) if name == "age" else values for name, values in features.items()}
    return small_cells.protect(pd.crosstab(banded[rows], banded[columns]), threshold=small_cell)


def from_plan() -> pd.DataFrame:
    """Give what the plan published, and the counts that its percentages allow.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``tables`` and ``fewest``, ``most``: the whole numbers that give the printed percentage
        of its base. ``count`` is filled in, as derived, only where there is one; both are missing where there
        is none (the percentage is then a mistake of the plan or has another base).

    See Also
    --------
    ogp_analysis.plan.participation.participation : The same, with what each breakdown leaves over.

    Examples
    --------
    Line 594 prints 68% of 297 and no count; three whole numbers give it:

    >>> published = from_plan().set_index("group")
    >>> published.loc["26 to 45", ["fewest", "most"]].tolist(), int(published.loc["mestizo", "count"])
    ([201, 203], 237)
    """
    published = plan.read("participation").rename(columns={"line": "plan_line"})
    ranges = [whole_numbers(row.percentage, row.base) for row in published.itertuples()]
    published["fewest"], published["most"] = (
        pd.array(side, dtype="Int64") for side in zip(*ranges, strict=True)
    )
    one = published["count"].isna() & (published["fewest"] == published["most"]).fillna(False)
    published.loc[one, "count"] = published.loc[one, "fewest"]
    published.loc[one, "status"] = plan.DERIVED
    return published[[*COLUMNS, "fewest", "most", "plan_line"]]


def whole_numbers(percentage: float, base: float) -> tuple[int, int] | tuple[None, None]:
    """Say which whole numbers give a printed percentage of a base.

    Parameters
    ----------
    percentage : float
        As printed, 0 to 100; the plan prints none or two decimals.
    base : float
        Whole number, 1 or more.

    Returns
    -------
    tuple of int or None
        The smallest and the largest; None where no whole number does, or something is missing.

    See Also
    --------
    plan.arithmetic.fitting_counts : The same question, answered as a list of counts.

    Examples
    --------
    >>> whole_numbers(79.80, 297), whole_numbers(44, 297), whole_numbers(5.40, 297)
    ((237, 237), (130, 132), (None, None))
    """
    if pd.isna(percentage) or pd.isna(base):
        return None, None
    # The number has lost its printed zeros: 79.80 is 79.8, and the plan never prints one decimal.
    decimals = 0 if float(percentage).is_integer() else 2
    half = 0.5 * 10.0**-decimals
    # A hair wider, so that a percentage that ends in exactly half is kept, whichever way it was rounded.
    fewest = int(np.ceil((percentage - half) * base / 100 - 1e-9))
    most = int(np.floor((percentage + half) * base / 100 + 1e-9))
    return (fewest, most) if fewest <= most else (None, None)


def age_bands(ages: pd.Series, *, bands: Sequence[int] = AGE_BANDS) -> pd.Series:
    """Put ages in years into bands; text that is a band already stays as it is.

    Parameters
    ----------
    ages : pandas.Series
        Ages in years, or bands such as ``26-35``, as text.
    bands : sequence of int
        First year of each band, ascending.

    Returns
    -------
    pandas.Series
        Bands: ``0-17``, ..., ``66+``.

    Raises
    ------
    DataError
        A number is no age from 0 to 120; every such row is listed.

    Examples
    --------
    >>> age_bands(pd.Series(["26", "35", "70", "no contesta"])).tolist()
    ['26-35', '26-35', '66+', 'no contesta']
    """
    numbers = pd.to_numeric(ages, errors="coerce")
    wrong = numbers.notna() & ~numbers.between(0, OLDEST)
    if wrong.any():
        places = np.flatnonzero(wrong.to_numpy())
        raise DataError(
            [Problem("people.age", row=int(k) + 2, column="age", value=str(ages.iloc[k])) for k in places]
        )
    names = [f"{low}-{high - 1}" for low, high in pairwise(bands)] + [f"{bands[-1]}+"]
    # Closed on the left: 26 is in 26-35. pandas closes on the right unless told.
    banded = pd.cut(numbers, [*bands, OLDEST + 1], right=False, labels=names).astype("object")
    return banded.where(numbers.notna(), ages)


def _stated(frame: pd.DataFrame, name: str) -> pd.Series | None:
    """Give a column as text with ``not stated`` where it is empty; None where it is absent or all empty."""
    if name not in frame.columns:
        return None
    values = frame[name].astype("object").where(frame[name].notna(), "").astype("str").str.strip()
    if (values == "").all():
        return None
    return values.mask(values == "", NOT_STATED if name != "sdg" else "")


def _of_channel(participants: pd.DataFrame, channel: str) -> pd.DataFrame:
    return (
        participants[participants["channel"] == channel]
        if "channel" in participants.columns
        else participants
    )


def _asked(participants: pd.DataFrame, column: str) -> pd.DataFrame:
    if column not in participants.columns or "channel" not in participants.columns:
        return participants
    answered = participants[column].notna() & (participants[column].astype("str").str.strip() != "")
    return participants[participants["channel"].isin(participants.loc[answered, "channel"].unique())]


def _counts(values: pd.Series) -> pd.Series:
    counts = values.value_counts()
    # Largest first and names in order, so that ties do not depend on the input.
    return counts.sort_index().sort_values(ascending=False, kind="stable")


def _objective_counts(values: pd.Series) -> pd.Series:
    numbers = values.str.split().explode().dropna()
    counts = numbers.value_counts()
    counts = counts.loc[sorted(counts.index, key=int)]
    return pd.concat([counts, pd.Series({NOT_ALIGNED: int((values == "").sum())})])


def _frame(table: str, counts: pd.Series, base: int, *, counted: str) -> pd.DataFrame:
    frame = pd.DataFrame({"group": counts.index.astype("str"), "count": counts.astype("Int64").to_numpy()})
    frame["base"] = pd.array([base] * len(frame), dtype="Int64")
    frame["percentage"] = (100 * frame["count"] / frame["base"]).astype("Float64")
    return frame.assign(table=table, counted=counted, status=FROM_RECORDS)[list(COLUMNS)]
