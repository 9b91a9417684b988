"""The identities among the plan's numbers, each counted once: which could fail, and which test nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.language.texts import LANGUAGES
from ogp_analysis.plan.arithmetic import PERCENT, always_fits, decimals
from ogp_analysis.plan.bilingual_columns import bilingual
from ogp_analysis.plan.published import STATED, Tables
from ogp_analysis.plan.stated_numbers import DIFFERS, NAME, NOT_COMPUTABLE, plan_checks

COULD_FAIL, CIRCULAR, VACUOUS = TESTS = ("could fail", "circular", "vacuous")
HOLDS, FAILS = "holds", "fails"
# What `statements.csv` says of a number whose parts are stated and must add up to 100%.
WHOLE = "whole"
COLUMNS = ["id", "statement_en", "statement_es", "numbers", "lines", "arithmetic", "test", "outcome"]


def plan_identities(tables: Tables, *, checks: pd.DataFrame | None = None) -> pd.DataFrame:
    """List the identities that the plan's stated numbers can be held against, each once.

    335 = 297 + 38 is one identity, whichever of the three numbers is recomputed from the other two. An
    identity that no printed number could have broken tests nothing, and says why.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.
    checks : DataFrame, optional
        What `plan_checks` gave for the same tables, where it is there already.

    Returns
    -------
    DataFrame
        ``id`` (of one of its numbers), ``statement_en``, ``statement_es``, ``numbers`` (ids of the stated
        numbers that it holds against each other), ``lines``, ``arithmetic``, ``test`` (could fail, circular,
        vacuous), ``outcome`` (holds, fails), ``why_en``, ``why_es``: why it tests nothing, or what is known
        of the failure.

    Examples
    --------
    >>> from ogp_analysis.plan import published
    >>> found = plan_identities(published.read_all()).set_index("id")
    >>> found.loc["proposals_total", ["numbers", "arithmetic", "test"]].tolist()
    ['proposals_online proposals_total proposals_workshop', '297 + 38 = 335', 'could fail']
    >>> found["test"].value_counts().to_dict()
    {'could fail': 39, 'vacuous': 6, 'circular': 1}
    """
    statements = tables["statements"].set_index("id")
    checks = (plan_checks(tables) if checks is None else checks).set_index("id")
    rows = _once(checks.join(_numbers_of_each(statements, checks), how="inner"))
    fails = _fails(rows, statements)
    frame = rows.assign(
        lines=[_lines(numbers, statements) for numbers in rows["numbers"]],
        test=[_test(row, statements) for _, row in statements.loc[rows.index].iterrows()],
        outcome=np.where(fails, FAILS, HOLDS),
    )
    return _with_reasons(frame.reset_index())


def _numbers_of_each(statements: pd.DataFrame, checks: pd.DataFrame) -> pd.Series:
    """Name the stated numbers of each identity, by a number of it; one that stands alone is in none."""
    recomputed = (checks["origin"] == STATED) & (checks["status"] != NOT_COMPUTABLE)
    chosen = statements[recomputed | (statements["check"] == WHOLE)]
    stated = set(statements.index[statements["status"] == STATED])
    return pd.Series(
        {key: " ".join(sorted({key, *_named(row)} & stated)) for key, row in chosen.iterrows()},
        name="numbers",
    )


def _named(row: pd.Series) -> list[str]:
    return NAME.findall(row["arithmetic"]) if isinstance(row["arithmetic"], str) else [row["base"]]


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    # Of 335 = 297 + 38 and 297 = 335 - 38, which are one, the sum reads better.
    subtracted = rows["arithmetic"].str.contains(" - ", regex=False)
    kept = rows[["numbers"]].assign(subtracted=subtracted).sort_values("subtracted", kind="stable")
    return rows[rows.index.isin(kept.drop_duplicates("numbers").index)]


def _lines(numbers: str, statements: pd.DataFrame) -> str:
    lines = statements.loc[numbers.split(), "line"].drop_duplicates().sort_values()
    return " ".join(f"L{line}" for line in lines)


def _test(row: pd.Series, statements: pd.DataFrame) -> str:
    if row["check"] == CIRCULAR:
        return CIRCULAR
    if pd.isna(row["base"]):
        return COULD_FAIL
    digits = int(decimals(pd.Series([row["printed"]]))[0])
    return VACUOUS if always_fits(statements.loc[row["base"], "value"], digits) else COULD_FAIL


def _fails(rows: pd.DataFrame, statements: pd.DataFrame) -> pd.Series:
    whole = statements.loc[rows.index, "check"] == WHOLE
    return (rows["status"] == DIFFERS) | (whole & (rows["derived"] != PERCENT))


def _with_reasons(frame: pd.DataFrame) -> pd.DataFrame:
    idle = frame["test"] != COULD_FAIL
    why = bilingual("why", np.where(idle, "plan.identity." + frame["test"], ""))
    for language in LANGUAGES:
        # What is known of a failure is what its check says.
        known = frame[f"cause_{language}"].where(frame["outcome"] == FAILS, "")
        why[f"why_{language}"] = why[f"why_{language}"].where(idle, known)
    return pd.concat([frame[COLUMNS], why], axis=1)
