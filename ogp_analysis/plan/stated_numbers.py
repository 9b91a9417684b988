"""Every stated number of the plan, recomputed from counts and sums of the transcribed tables."""

from __future__ import annotations

import re
from typing import Protocol

import numpy as np
import pandas as pd

from ogp_analysis.plan.arithmetic import (
    NOISE,
    PERCENT,
    decimals,
    fitting_counts,
    number_of_splits,
    rounded,
    span_in_months,
)
from ogp_analysis.plan.bilingual_columns import bilingual, first_text
from ogp_analysis.plan.commitments import touched
from ogp_analysis.plan.published import STATED, Tables

EQUAL, DIFFERS, NOT_COMPUTABLE = OUTCOMES = ("equal", "differs", "not computable")
# Of a number that the plan does not print there is nothing to compare with what follows from its text.
NOT_PRINTED = "not printed"
CHECK_STATUSES = (*OUTCOMES, NOT_PRINTED)
COLUMNS = [
    "id",
    "quantity",
    "statement_en",
    "statement_es",
    "line",
    "origin",
    "printed",
    "published",
    "unit",
    "recomputed",
    "difference",
    "derived",
    "status",
    "arithmetic",
    "cause_en",
    "cause_es",
]
# The arithmetic of a statement is written with names of facts, such as "n_proposals - related".
NAME = re.compile(r"[a-z_][a-z_0-9]*")


def plan_checks(tables: Tables) -> pd.DataFrame:
    """Recompute every number of the plan from the others and from the transcribed tables.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan (`ogp_analysis.plan.published.read_all`).

    Returns
    -------
    DataFrame
        One row a number: ``id``, ``quantity`` (item of the inventory), ``statement_en``, ``statement_es``,
        ``line``, ``origin`` (stated, derived, inferred), ``unit``, ``arithmetic``, ``status`` (equal,
        differs, not computable, not printed), ``cause_en``, ``cause_es``. Of stated numbers: ``printed`` (as
        in the plan), ``published`` (its value), ``recomputed`` and ``difference`` (published less recomputed,
        rounded as printed). Of derived and inferred ones: ``derived``, what follows from the plan's text; the
        plan prints no such number, so nothing of it stands under ``published``.

    Notes
    -----
    A percentage without a count is checked against the whole numbers k that print as it: equal where there
    is one. ``recomputed`` is then the share of the nearest k. Several numbers of one identity are each a row
    here: see `ogp_analysis.plan.identities.plan_identities` for how many identities there are.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> plan_checks(published.read_all()).set_index("id").loc["ethnic_indigenous", "arithmetic"]
    'k/297 = 5.40%: no k; 16/297 = 5.39%'
    """
    statements = tables["statements"]
    names = facts(tables)
    computed = _recomputed(statements, names)
    stated = (statements["status"] == STATED).to_numpy()
    recomputed = np.where(stated, computed, np.nan)
    # Compared as printed: the plan's 3.88% agrees with 13 / 335 = 3.8806%, because only two digits are
    # claimed.
    digits = decimals(statements["printed"])
    # Adding 0.0 turns a rounded -0.0 into 0.0, which would show as a difference with a sign.
    difference = rounded(statements["value"].to_numpy() - rounded(recomputed, digits), digits) + 0.0
    frame = statements[["id", "quantity", "line", "unit"]].assign(
        origin=statements["status"],
        printed=statements["printed"].where(stated),
        published=statements["value"].where(stated),
        recomputed=recomputed,
        difference=difference,
        derived=np.where(stated, np.nan, computed),
        status=np.select(
            [np.isnan(computed), ~stated, np.abs(difference) < NOISE],
            [NOT_COMPUTABLE, NOT_PRINTED, EQUAL],
            DIFFERS,
        ),
        arithmetic=_shown_arithmetic(statements, names, computed),
    )
    return _worded(frame, statements["reason"])


def _recomputed(statements: pd.DataFrame, names: dict[str, float]) -> np.ndarray:
    shares = 100 * statements["id"].map(lambda key: names.get(f"fit_{key}", np.nan))
    shares = shares / statements["base"].map(names)
    given = statements["arithmetic"].notna()
    values = [_evaluated(expression, names) for expression in statements.loc[given, "arithmetic"]]
    return shares.mask(given, pd.Series(values, index=statements.index[given])).to_numpy(dtype=float)


def _evaluated(expression: str, names: dict[str, float]) -> float:
    used = set(NAME.findall(expression))
    # A group without rows counts nothing: a table that lost its rows must differ, not break off.
    # The engine named, so that results do not depend on whether numexpr happens to be installed.
    return float(pd.eval(expression, local_dict={name: names.get(name, 0) for name in used}, engine="python"))


def _shown_arithmetic(statements: pd.DataFrame, names: dict[str, float], recomputed: np.ndarray) -> list[str]:
    counts = fitting(statements)
    return [
        _shown_fit(row, counts[row.id], names)
        if row.id in counts.index
        else _shown_expression(row.arithmetic, names, value)
        for row, value in zip(statements.itertuples(), recomputed, strict=True)
    ]


def _shown_expression(expression: object, names: dict[str, float], value: float) -> str:
    if not isinstance(expression, str):
        return ""
    shown = expression
    # A lone name stays a name ("n_signatories = 12"): as a number it would read "12 = 12".
    if not NAME.fullmatch(expression):
        shown = NAME.sub(lambda match: f"{names.get(match[0], 0):g}", expression)
    return f"{shown} = {value:.6g}"


class _Stated(Protocol):
    """A row of the statements."""

    id: str
    base: str
    printed: str


def _shown_fit(row: _Stated, counts: list[int], names: dict[str, float]) -> str:
    base, nearest = int(names[row.base]), int(names[f"fit_{row.id}"])
    asked = f"k/{base} = {row.printed}"
    if counts:
        return f"{asked}: k = {', '.join(map(str, counts))}"
    digits = int(decimals(pd.Series([row.printed]))[0])
    return f"{asked}: no k; {nearest}/{base} = {100 * nearest / base:.{digits}f}%"


def _worded(frame: pd.DataFrame, reasons: pd.Series) -> pd.DataFrame:
    statement = bilingual("statement", [f"plan.statement.{key}" for key in frame["id"]])
    causes = [
        first_text(_cause_keys(key, status, reason))
        for key, status, reason in zip(frame["id"], frame["status"], reasons, strict=True)
    ]
    frame = pd.concat([frame, statement, bilingual("cause", causes)], axis=1)
    return frame[COLUMNS]


def _cause_keys(key: str, status: str, reason: object) -> list[str]:
    if status == NOT_COMPUTABLE:
        return [f"plan.reason.{reason}"]
    # A remark is rare, and no text at all is right for it; a difference must always name a cause.
    return [f"plan.cause.{key}", "plan.cause.unknown"] if status == DIFFERS else [f"plan.remark.{key}"]


# Prefix of the name, table, column: one fact for each value of the column, the number of its rows.
GROUPS = (
    ("commitments_in_sector_", "commitments", "sector"),
    ("list_", "lists", "list"),
    ("members_", "core_group", "sector"),
    ("indicators_", "indicators", "criterion"),
    ("milestones_of_", "milestones", "commitment"),
    ("sdg_links_to_", "sdg_links", "sdg"),
    ("value_links_to_", "value_links", "value"),
    ("commission_", "commissions", "commission"),
    ("sources_", "sources", "kind"),
    ("roles_", "actors", "kind"),
    ("organisations_", "collaborators", "role"),
)


def facts(tables: Tables) -> dict[str, float]:
    """Count and sum the tables.

    >>> from ogp_analysis.plan import published
    >>> found = facts(published.read_all())
    >>> found["n_milestones"], found["milestones_of_3"], found["months_longest"]
    (59, 9.0, 20.0)
    """
    statements = tables["statements"].set_index("id")["value"].dropna()
    numbers: dict[str, float] = {f"n_{name}": len(table) for name, table in tables.items()}
    for prefix, table, column in GROUPS:
        numbers |= _named(tables[table][column].value_counts(), prefix)
    numbers |= _sums(tables) | _sources(tables["sources"]) | _spans(tables["commitments"]) | _rest(tables)
    # The statements come last, so that arithmetic which names one takes the plan's own number.
    return numbers | _fits(tables["statements"]) | statements.to_dict()


def _named(values: pd.Series, prefix: str) -> dict[str, float]:
    # The names stand in arithmetic, where a blank would end them.
    names = prefix + values.index.astype(str).str.replace(" ", "_")
    return dict(zip(names, values.astype(float), strict=True))


def _sums(tables: Tables) -> dict[str, float]:
    people = tables["collaborators"].groupby("role")["people"].sum()
    provinces = tables["participation"].query("table == 'province'")["count"]
    return _named(people, "people_") | {
        "provinces_printed": provinces.count(),
        "provinces_count_sum": float(provinces.sum()),
    }


def _sources(sources: pd.DataFrame) -> dict[str, float]:
    numbers = sources.melt("line", ["year", "register", "act"]).dropna(subset=["value"])
    names = "source_" + numbers["line"].astype(str) + "_" + numbers["variable"]
    return dict(zip(names, numbers["value"].astype(float), strict=True))


def _spans(commitments: pd.DataFrame) -> dict[str, float]:
    months = span_in_months(commitments["start"], commitments["end"]).set_axis(commitments["number"])
    return _named(months, "months_of_") | {
        "months_longest": float(months.max()),
        "last_commitment_year": float(commitments["end"].str[:4].astype(float).max()),
    }


def _rest(tables: Tables) -> dict[str, float]:
    actors = tables["actors"]
    return {
        "signing_institutions": tables["signatories"]["institution"].nunique(),
        "institutions_lead": actors.loc[actors["kind"] == "lead", "institution"].nunique(),
        "commitments_touched": len(touched(tables)),
        "phases_in_results": tables["phases"]["line_results"].count(),
        "members_joined_later": tables["core_group"]["joined"].count(),
        "milestones_label_lost": tables["milestones"]["damaged"].sum(),
        "notes_with_text": tables["notes"]["text"].count(),
        "splits_workshop_sector": _splits(tables),
    }


def _splits(tables: Tables) -> int:
    rows = tables["statements"].set_index("id")
    shares = rows.loc[["workshop_society", "workshop_public", "workshop_academia"]]
    base = int(rows.loc["workshop_people", "value"])
    return number_of_splits(shares["value"].to_numpy(), base, decimals(shares["printed"]))


def _fits(statements: pd.DataFrame) -> dict[str, float]:
    """Whole number nearest to each printed share, under ``fit_<id>``."""
    values = statements.set_index("id")["value"]
    shares = statements.loc[statements["base"].notna(), ["id", "value", "base"]]
    counts = (shares["value"] * shares["base"].map(values) / PERCENT).round()
    return dict(zip("fit_" + shares["id"], counts, strict=True))


def fitting(statements: pd.DataFrame) -> pd.Series:
    """List, for each printed share, the counts that print as it.

    >>> from ogp_analysis.plan import published
    >>> fitting(published.read("statements"))[["sector_citizens", "ethnic_indigenous"]].tolist()
    [[130, 131, 132], []]
    """
    values = statements.set_index("id")["value"]
    shares = statements[statements["base"].notna()]
    bases = shares["base"].map(values).astype(int)
    rows = zip(shares["value"], bases, decimals(shares["printed"]), strict=True)
    return pd.Series([fitting_counts(*row).tolist() for row in rows], index=shares["id"], dtype=object)
