"""What the page of answers rests on, and what stands out: claims, each on a row that a reader can open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ogp_analysis.language import texts
from ogp_analysis.model.records import CATEGORY_IN_PLAN, PROPOSAL
from ogp_analysis.model.results import NO, SYNTHETIC, YES
from ogp_analysis.plan.identities import COULD_FAIL, FAILS, HOLDS
from ogp_analysis.plan.milestones import DATED, SHARED
from ogp_analysis.plan.published import INFERRED
from ogp_analysis.report.dispositions import without_reason

FACT, PROBLEM, REQUEST = "fact", "problem", "request"
SEVERITIES = ("severe", "moderate", "slight")
MOST_PROBLEMS = 3
Row = dict[str, str]


def facts(known: Known, language: str) -> list[Row]:
    """List at most five facts: of the plan where there is one, else of the ratings."""
    if not known.plan:
        return _facts_of_the_run(known, language)
    return [
        _flow(known.plan["flow"], language),
        _responsible_members(known.plan["conflict_by_commitment"], language),
        _claim(FACT, "own_feasibility", language, at=("plan_quotes", "own_feasibility", "influence")),
        _dates(known.plan["milestones"], language),
        _identities(known.plan["plan_identities"], language),
    ]


def _flow(table: pd.DataFrame, language: str) -> Row:
    numbers = table.set_index("node")["proposals"].astype(int)
    steps = {name: int(numbers[name]) for name in ("received", "related", "integrated", "final_commitments")}
    return _claim(FACT, "flow", language, at=("flow", " ".join(steps), "flow"), **steps)


def _responsible_members(table: pd.DataFrame, language: str) -> Row:
    rows = " ".join(f"C{number}" for number in table.loc[table["touched"], "commitment"])
    counts = {"touched": int(table["touched"].sum()), "inferred": int((table["origin"] == INFERRED).sum())}
    at = ("conflict_by_commitment", rows, "conflicts")
    return _claim(FACT, "stakes", language, at=at, all=len(table), **counts)


def _dates(table: pd.DataFrame, language: str) -> Row:
    undated = table[table["dating"] != DATED]
    rows = " ".join(f"C{row.commitment}M{row.milestone}" for row in undated.itertuples())
    at = ("milestones", rows, "milestones")
    counts = {"count": len(undated), "all": len(table), "shared": int((undated["dating"] == SHARED).sum())}
    return _claim(FACT, "milestones", language, at=at, **counts)


def _identities(table: pd.DataFrame, language: str) -> Row:
    tests = table[table["test"] == COULD_FAIL]
    at = ("plan_identities", " ".join(tests.loc[tests["outcome"] == FAILS, "id"]), "checks")
    hold = int((tests["outcome"] == HOLDS).sum())
    return _claim(FACT, "identities", language, at=at, hold=hold, all=len(tests))


def _facts_of_the_run(known: Known, language: str) -> list[Row]:
    counts, ledger = known.counts, known.ledger
    values = {
        "ratings": int(counts["ratings"]),
        "evaluators": int(counts["evaluators"]),
        "proposals": len(ledger),
    }
    final = ledger[ledger["category_final"] == CATEGORY_IN_PLAN]
    first = texts.say(f"category.{CATEGORY_IN_PLAN}", language)
    rows = [
        _claim(FACT, "ratings", language, at=("ratings_summary", "", "ratings"), **values),
        _claim(
            FACT,
            "final",
            language,
            at=("ledger", " ".join(final[PROPOSAL]), "ledger"),
            count=len(final),
            all=len(ledger),
            first=first,
        ),
    ]
    return [row | {SYNTHETIC: YES if known.synthetic else NO} for row in rows]


def problems(known: Known, language: str) -> list[Row]:
    """List at most three problems: the plan's own that touch a decision, or what these ratings lack."""
    if not known.plan:
        return _problems_of_the_run(known, language)
    errata = known.plan["errata"]
    rank = errata["severity"].map(SEVERITIES.index) + len(SEVERITIES) * (errata["touches"] != "a decision")
    worst = errata.assign(rank=rank).sort_values(["rank", "id"]).head(MOST_PROBLEMS)
    return [
        _row(PROBLEM, f"{row[f'finding_{language}']}.", ("errata", row["id"], "errata"))
        for row in worst.to_dict("records")
    ]


def _problems_of_the_run(known: Known, language: str) -> list[Row]:
    ledger = known.ledger
    unresolved = ledger["unresolved"] > 0
    bare = without_reason(ledger)
    claims = []
    for name, rows, where in (("lacking", unresolved, "third"), ("bare", bare, "decisions")):
        if rows.any():
            codes = " ".join(ledger.loc[rows, PROPOSAL])
            claims.append(_claim(PROBLEM, name, language, at=("ledger", codes, where), count=int(rows.sum())))
    return [row | {SYNTHETIC: YES if known.synthetic else NO} for row in claims]


def requests(known: Known, language: str) -> list[Row]:
    """List at most three requests to whoever published the plan: each asks for something that a row lacks."""
    if not known.plan:
        return []
    inventory = known.plan["plan_inventory"].set_index("id")
    lost = set(inventory.index[inventory["state"] == "lost"])
    received = int(known.plan["flow"].set_index("node").loc["received", "proposals"])
    asked = [
        ("ratings", ("plan_inventory", "F03 F04 F15", "inventory"), bool(lost & {"F03", "F04", "F15"})),
        ("received", ("not_computable", "received", "not_computable"), True),
        ("category_2", ("plan_inventory", "T01 T02", "inventory"), bool(lost & {"T01", "T02"})),
    ]
    return [_claim(REQUEST, name, language, at=at, received=received) for name, at, needed in asked if needed]


def _claim(kind: str, name: str, language: str, *, at: tuple[str, str, str], **values: object) -> Row:
    return _row(kind, texts.say(f"answers.{kind}.{name}", language, **values), at)


def _row(kind: str, text: str, at: tuple[str, str, str]) -> Row:
    table, row, where = at
    return {"kind": kind, "text": text, "table": table, "row": row, "where": where, SYNTHETIC: NO}


@dataclass(frozen=True)
class Known:
    """What the answers rest on.

    Parameters
    ----------
    plan : mapping of str to DataFrame
        Tables of the plan (`ogp_analysis.plan.results.compute`); empty where the method has no plan.
    ledger : DataFrame
        From `dispositions.build`; ``another_round`` and ``evaluators_cross`` beside it where computed.
    not_computable : DataFrame
        From `parameters_and_gaps.not_computable`.
    counts : mapping of str to number
        ``ratings, evaluators, lacking_ratings, broken`` and the ``tolerance`` in points; where the
        sensitivity was computed, those of `other_ways.ways_counts`.
    synthetic : bool
        Whether the ratings are invented.
    agreement : mapping of str to str
        How far evaluators agree, by language (`without_intervals.sentences`), where no pairs with third
        evaluations show it.
    """

    plan: Mapping[str, pd.DataFrame]
    ledger: pd.DataFrame
    not_computable: pd.DataFrame
    counts: Mapping[str, float]
    synthetic: bool
    agreement: Mapping[str, str] = field(default_factory=dict)
