"""Every regenerated table and figure of the plan, cell by cell against what was published."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.language import texts
from ogp_analysis.plan.arithmetic import cross_counts, decimals, rounded
from ogp_analysis.plan.bilingual_columns import bilingual
from ogp_analysis.plan.milestones import verifiability
from ogp_analysis.plan.published import STATED, Tables
from ogp_analysis.plan.stated_numbers import DIFFERS, EQUAL, NOT_COMPUTABLE, OUTCOMES, plan_checks

# Written out, because calendar.month_name follows the locale of the machine.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
COLUMNS = [
    "table",
    "row",
    "row_en",
    "row_es",
    "column",
    "line",
    "published",
    "regenerated",
    "status",
    "cause_en",
    "cause_es",
]
# A row that holds one number of the text; the rest of its name is the statement's key.
NUMBER = "number"
# The first commitment's matrix is the plan's fifth table.
FIRST_MATRIX = 4
# Numbers of the text that a lost or kept image showed too.
STATEMENTS_OF = {
    "F01": ("participation_levels",),
    "F02": ("result_phases",),
    "F05": ("not_aligned", "not_aligned_share", "aligned"),
    "F07": ("age_26_45", "age_gap"),
    "F08": ("ethnic_mestizo", "ethnic_montubio", "ethnic_indigenous", "ethnic_other"),
    "F09": ("sector_citizens", "sector_society", "sector_rest"),
    "F10": (
        "province_pichincha",
        "province_pichincha_share",
        "province_guayas",
        "province_guayas_share",
        "province_manabi",
        "province_azuay",
        "province_loja",
        "province_tungurahua",
        "province_imbabura",
        "provinces_other_sum",
    ),
    "F11": ("workshop_men", "workshop_women"),
    "F12": ("workshop_society", "workshop_public", "workshop_academia"),
    "F16": ("related", "not_related", "integrated"),
    "F17": ("category_3_rows", "category_4_rows", "category_1_2", "category_2"),
}


def plan_inventory(tables: Tables, *, cells: pd.DataFrame | None = None) -> pd.DataFrame:
    """Say of every figure and table of the plan whether it is regenerated, in part, or lost.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.
    cells : DataFrame, optional
        What `plan_cells` gave for the same tables, where it is there already.

    Returns
    -------
    DataFrame
        ``id``, ``kind``, ``caption`` (the plan's words), ``line``, ``state``, ``lost_en``, ``lost_es``,
        ``regenerated_as`` (our table), ``cells``, ``equal``, ``differs``, ``not_computable``.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> inventory = plan_inventory(published.read_all()).set_index("id")
    >>> inventory["state"].value_counts().to_dict()
    {'in part': 18, 'lost': 8, 'regenerated': 5}
    >>> inventory.loc["F03", "lost_en"]
    'scale, weights and rubric'
    """
    figures = tables["figures"]
    lost = [
        f"plan.lost.{key}" if lost else ""
        for key, lost in zip(figures["id"], figures["lost"].notna(), strict=True)
    ]
    cells = plan_cells(tables) if cells is None else cells
    counts = cross_counts(cells["table"], cells["status"], OUTCOMES)
    counts = counts.reindex(figures["id"], fill_value=0)
    counts.insert(0, "cells", counts.sum(axis=1))
    frame = figures[["id", "kind", "caption", "line", "state"]]
    frame = pd.concat([frame, bilingual("lost", lost), figures[["regenerated_as"]]], axis=1)
    return frame.join(counts, on="id")


def plan_cells(tables: Tables, *, checks: pd.DataFrame | None = None) -> pd.DataFrame:
    """Regenerate the cells of the plan's tables and figures and put each beside the published one.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.
    checks : DataFrame, optional
        What `plan_checks` gave for the same tables, where it is there already.

    Returns
    -------
    DataFrame
        ``table`` (F01 to F17, T01 to T14), ``row`` (what kind of row and which), ``row_en``, ``row_es``,
        ``column``, ``line``, ``published``, ``regenerated`` (text), ``status`` (equal, differs, not
        computable), ``cause_en``, ``cause_es``.

    Notes
    -----
    Regenerated means made from another place than the cell itself: a commitment's dates from its milestones,
    a milestone's printed date from the typed one, or, where it "starts with" another milestone, from that
    one, a title from the table of contents, a goal's name from the other commitments, a count from the rows.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> cells = plan_cells(published.read_all())
    >>> cells.groupby("status").size().to_dict()
    {'differs': 61, 'equal': 325, 'not computable': 33}
    >>> differing = cells[(cells["table"] == "T11") & (cells["status"] == "differs")]
    >>> differing[["row_en", "column", "published", "regenerated"]].iloc[0].tolist()
    ['milestone 7', 'start', 'November 2020 (25 Nov 2019)', 'November 2020']
    """
    parts = [
        _matrix_dates(tables),
        _matrix_titles(tables),
        _milestone_starts(tables["milestones"]),
        _milestone_ends(tables["milestones"]),
        _commonest(tables["sdg_links"], "sdg", "objective"),
        _commonest(tables["value_links"], "value", "label"),
        _institutions(tables["actors"]),
        _category(tables["category_3"], "T03", ("note", "institution")),
        _category(tables["category_4"], "T04", ("reason",)),
        _numbers(tables, plan_checks(tables) if checks is None else checks),
        _lost(tables["figures"]),
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.assign(status=_status(frame)).sort_values("table", kind="stable", ignore_index=True)
    causes = np.where(frame["status"] == EQUAL, "", "plan.cell." + frame["cause"])
    frame = pd.concat([frame, _row_words(frame["row"]), bilingual("cause", causes)], axis=1)
    return frame[COLUMNS]


def _row_words(rows: pd.Series) -> pd.DataFrame:
    parts = rows.str.split(" ", n=1)
    return pd.DataFrame(
        {
            f"row_{language}": [_row_text(kind, which, language) for kind, which in parts]
            for language in texts.LANGUAGES
        }
    )


def _row_text(kind: str, which: str, language: str) -> str:
    if kind == NUMBER:
        return texts.say(f"plan.statement.{which}", language)
    shown = texts.say(f"value.{which}", language) if texts.has(f"value.{which}", language) else which
    return texts.say(f"plan.row.{kind}", language, which=shown)


def _status(frame: pd.DataFrame) -> np.ndarray:
    # A cell left blank because it is merged with the row above (lines 758-776) is a difference to show, not
    # a number that cannot be computed.
    missing = frame["regenerated"].isna() | (frame["published"].isna() & (frame["cause"] != "merged"))
    return np.select([missing, frame["published"] == frame["regenerated"]], [NOT_COMPUTABLE, EQUAL], DIFFERS)


def _cells(table: object, row: object, column: str, **cells: object) -> pd.DataFrame:
    frame = pd.DataFrame({"table": table, "row": row, "column": column, **cells})
    # One type for parts that hold numbers, texts or nothing at all.
    return frame.astype({"row": "str", "published": "str", "regenerated": "str", "cause": "str"})


def _row(kind: str, which: pd.Series) -> pd.Series:
    return kind + " " + which.astype(str)


def _matrix(commitment: pd.Series) -> pd.Series:
    return "T" + (commitment + FIRST_MATRIX).astype(str).str.zfill(2)


def _printed_month(year_month: pd.Series) -> pd.Series:
    parts = year_month.str.extract(r"^(\d{4})-(\d{2})$")
    return parts[1].astype("float64").map(dict(enumerate(MONTHS, start=1))).astype("str") + " " + parts[0]


def _matrix_dates(tables: Tables) -> pd.DataFrame:
    table = tables["commitments"]
    agree = verifiability(tables).set_index("commitment")
    # Where a milestone has no start, the first month cannot be told from the milestones.
    known = agree["dates_agree"].notna()
    spans = pd.DataFrame({"start": agree["first_start"].where(known), "end": agree["last_end"]})
    parts = [
        _cells(
            _matrix(table["number"]),
            _row("commitment", table["number"]),
            name,
            line=table["line_dates"],
            published=table[f"{name}_printed"],
            regenerated=_printed_month(table["number"].map(spans[name])),
            cause=np.where(table["number"].map(known), "dates", "undated"),
        )
        for name in ("start", "end")
    ]
    return pd.concat(parts)


def _matrix_titles(tables: Tables) -> pd.DataFrame:
    table = tables["commitments"]
    return _cells(
        _matrix(table["number"]),
        _row("commitment", table["number"]),
        "title",
        line=table["line"],
        published=table["title"],
        regenerated=table["title_contents"],
        cause="title",
    )


def _milestone_starts(table: pd.DataFrame) -> pd.DataFrame:
    # "Starts with milestone 3": the date is then the other's, so a wrong copy of it would show.
    named = table["starts_with"].str.extract(r"(\d+)$")[0].astype("float64")
    starts = table.set_index(["commitment", "milestone"])["start"]
    others = pd.Series(
        starts.reindex(pd.MultiIndex.from_arrays([table["commitment"], named])).to_numpy(), index=table.index
    )
    month = _printed_month(table["start"].where(named.isna(), others))
    remark = (" (starts with " + table["starts_with"] + ")").fillna("")
    regenerated = month + remark
    return _dates(table, "start", regenerated)


def _milestone_ends(table: pd.DataFrame) -> pd.DataFrame:
    return _dates(table, "end", _printed_month(table["end"]))


def _dates(table: pd.DataFrame, name: str, regenerated: pd.Series) -> pd.DataFrame:
    published = table[f"{name}_printed"]
    return _cells(
        _matrix(table["commitment"]),
        _row("milestone", table["milestone"]),
        name,
        line=table["line"],
        published=published,
        regenerated=regenerated,
        cause=np.select(
            [published.isna() & table["shares_dates_with"].notna(), published.isna()],
            ["shared", "undated"],
            "bracket",
        ),
    )


def _commonest(table: pd.DataFrame, key: str, column: str) -> pd.DataFrame:
    # The plan has no list of the goals' names: the wording of most commitments stands for it.
    usual = table.groupby(key)[column].agg(lambda words: words.value_counts().index[0])
    return _cells(
        _matrix(table["commitment"]),
        _row(key, table[key]),
        column,
        line=table["line"],
        published=table[column],
        regenerated=table[key].map(usual),
        cause="wording",
    )


def _institutions(table: pd.DataFrame) -> pd.DataFrame:
    # The remark stands behind the name in the plan's own cells; it names a part, not another institution.
    printed = table["printed"].str.replace(r" \(Counterpart\)$", "", regex=True)
    return _cells(
        _matrix(table["commitment"]),
        table["kind"] + " " + table["order"].astype(str),
        "institution",
        line=table["line"],
        published=printed,
        regenerated=table["institution"],
        cause=np.where(table["repair"].isna(), "short_name", "repaired"),
    )


def _category(table: pd.DataFrame, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    # The rows counted anew: a printed number that skips or repeats then differs.
    order = np.arange(1, len(table) + 1)
    # What the cell is, as printed and as read, and why the two may differ.
    pairs = [("number", table["number"], order, "order")]
    pairs += [(column, table[f"{column}_printed"], table[column], "merged") for column in columns]
    return pd.concat(
        _cells(
            name,
            _row("row", pd.Series(order)),
            column,
            line=table["line"],
            published=published,
            regenerated=regenerated,
            cause=cause,
        )
        for column, published, regenerated, cause in pairs
    )


def _numbers(tables: Tables, checks: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        [(figure, key) for figure, keys in STATEMENTS_OF.items() for key in keys], columns=["table", "id"]
    )
    chosen = checks.set_index("id").loc[rows["id"]].reset_index()
    printed = tables["statements"].set_index("id")["printed"].reindex(rows["id"])
    digits = decimals(printed)
    follows = chosen["recomputed"].fillna(chosen["derived"])
    return _cells(
        rows["table"],
        _row(NUMBER, rows["id"]),
        "number",
        line=chosen["line"],
        published=_with_digits(chosen["published"], digits),
        regenerated=_with_digits(follows, digits),
        cause=np.select([chosen["origin"] != STATED, follows.isna()], ["left_over", "alone"], "number"),
    )


def _with_digits(values: pd.Series, digits: np.ndarray) -> list[str | None]:
    pairs = zip(rounded(values, digits), digits, strict=True)
    return [None if np.isnan(value) else f"{value:.{digit}f}" for value, digit in pairs]


def _lost(figures: pd.DataFrame) -> pd.DataFrame:
    table = figures[figures["state"] == "lost"]
    return _cells(
        table["id"], "all 1", "all", line=table["line"], published=None, regenerated=None, cause="image"
    )
