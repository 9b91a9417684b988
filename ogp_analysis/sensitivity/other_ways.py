"""Would another way of adding up choose others? Each way with what changes, and its share of weightings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ogp_analysis.assessment.adding import Adding, adding_of
from ogp_analysis.errors import ParameterError, Problem, worded
from ogp_analysis.language import texts
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.parameter_rules import AGGREGATIONS, NO_VETO
from ogp_analysis.model.params import Parameters, with_values
from ogp_analysis.model.records import CATEGORY_IN_PLAN
from ogp_analysis.sensitivity.adding_study import acceptability, shares_of_walks
from ogp_analysis.sensitivity.beliefs import spread_error
from ogp_analysis.sensitivity.rule_changes import under
from ogp_analysis.sensitivity.study import Study

# Our choices: a second majority beside that of the parameters, and vetoes at a quarter and half of the scale.
QUALIFIED = 0.75
VETOES = (0.25, 0.5)
# What ways are called together where a sentence names them.
KINDS = {
    "means": ("mean", "geometric", "harmonic"),
    "majorities": ("median", "majority"),
    "lowest": ("minimum",),
    "vetoes": ("veto", "no_veto"),
}
# Counts that stay whole where a way cannot be taken.
COUNTS = ("stays", "could_change", "changed", "category_1", "undetermined", "unresolved")


@dataclass(frozen=True)
class Way:
    """One other way of adding up, or of barring from category 1.

    Parameters
    ----------
    name : str
        ``"mean"``, ... as the parameter ``aggregation``, ``"veto"`` or ``"no_veto"``.
    value : float
        Share of weight of a majority, limit of a veto in points; else NaN.
    changes : dict
        Of the parameters.
    """

    name: str
    value: float
    changes: Mapping[str, object]


def other_ways(parameters: Parameters) -> list[Way]:
    """List the ways that are not the parameters' own.

    >>> from ogp_analysis.model import params
    >>> [(way.name, way.value) for way in other_ways(params.from_values(params.baseline()))][3:]
    [('minimum', nan), ('majority', 0.6), ('majority', 0.75), ('veto', 2.0), ('veto', 3.0)]
    """
    # Of one score each way gives the same.
    ways = [] if parameters.method.unweighted else _ways_of_adding(parameters)
    low = min(indicator.minimum for indicator in parameters.method.indicators)
    high = max(indicator.maximum for indicator in parameters.method.indicators)
    limits = [round(low + part * (high - low), 9) for part in VETOES]
    ways += [Way("veto", limit, {"veto": limit}) for limit in limits if limit != parameters.veto]
    if parameters.veto_limit is not None:
        ways.append(Way("no_veto", np.nan, {"veto": NO_VETO}))
    own = adding_of(parameters)
    return [way for way in ways if "veto" in way.changes or not _same(way, parameters, own)]


def _ways_of_adding(parameters: Parameters) -> list[Way]:
    ways = [Way(name, np.nan, {"aggregation": name}) for name in AGGREGATIONS if name != "majority"]
    shares = sorted({parameters.majority, QUALIFIED})
    return ways + [Way("majority", one, {"aggregation": "majority", "majority": one}) for one in shares]


def _same(way: Way, parameters: Parameters, own: Adding) -> bool:
    given = dict(parameters.as_given) | dict(way.changes)
    changed = replace(parameters, aggregation=str(way.changes["aggregation"]), as_given=given)
    return adding_of(changed) == own


def ways_frame(study: Study) -> pd.DataFrame:
    """Assess the judged proposals in every other way of adding up.

    Parameters
    ----------
    study : Study
        From `study.prepare`.

    Returns
    -------
    DataFrame
        One row a way: ``way, value``; counts of proposals that stay, could change (as third evaluations that
        nobody gave would say) and change; ``moves`` (every one of these with its categories before and
        after); codes that enter and leave category 1; its size, undetermined proposals, third evaluations
        lacking; ``keeps_weights`` (mean share of the weightings of ``weight_belief`` under which a proposal
        keeps the baseline's category) and ``expected_category_1`` (mean size of category 1 over weightings),
        with a standard error where weightings are sampled. A way that the scales or the method do not allow
        has blanks, and ``remark_en, remark_es`` say why.
    """
    rows = [_row(study, way) for way in other_ways(study.parameters)]
    frame = pd.DataFrame(rows)
    if not frame["expected_category_1_error"].any():
        frame = frame.drop(columns="expected_category_1_error")
    return frame.astype(dict.fromkeys(COUNTS, "Int64"))


def _row(study: Study, way: Way) -> dict[str, object]:
    named = {"way": way.name, "value": way.value}
    blank = {f"remark_{code}": "" for code in texts.LANGUAGES}
    try:
        parameters = with_values(study.parameters, **way.changes)
    except ParameterError as error:
        readers = languages_of(study.parameters.method)
        reasons = {f"remark_{reader}": _reason(error.problems[0], reader) for reader in readers}
        none = dict.fromkeys(COUNTS, pd.NA) | dict.fromkeys(("moves", "entering", "leaving"), "")
        shares = dict.fromkeys(("keeps_weights", "expected_category_1", "expected_category_1_error"), np.nan)
        return _ordered(named | none | shares | reasons)
    return _ordered(named | _counted(study, parameters) | _weighted(study, parameters) | blank)


def _reason(problem: Problem, language: str) -> str:
    """Say why a way is not taken; its name stands beside it, and nobody writes its code here."""
    own = f"sensitivity.ways.{problem.rule.rpartition('.')[2]}"
    if not texts.has(own, language):
        return problem.words(language)
    fields = worded(problem.detail_in(language), language)
    ends = {name: texts.signs(str(fields[name]), language) for name in ("low", "high") if name in fields}
    return texts.say(own, language, **fields | ends)


def _ordered(row: Mapping[str, object]) -> dict[str, object]:
    order = ["way", "value", "stays", "could_change", "changed", "moves", "entering", "leaving"]
    order += ["category_1", "undetermined", "unresolved"]
    order += ["keeps_weights", "expected_category_1", "expected_category_1_error"]
    return {name: row[name] for name in (*order, *(f"remark_{code}" for code in texts.LANGUAGES))}


def _counted(study: Study, parameters: Parameters) -> dict[str, object]:
    base, changed = study.portfolio.baseline(), under(study, parameters)
    moved, could = changed.changes(base), changed.could(base)
    inside, before = changed.ruled == CATEGORY_IN_PLAN, base == CATEGORY_IN_PLAN
    # What is undetermined neither enters nor leaves.
    left = before & ~inside & (changed.ruled > 0)
    return {
        "stays": int((~moved & ~could).sum()),
        "could_change": int(could.sum()),
        "changed": int(moved.sum()),
        "moves": changed.moves(base, study.proposals),
        "entering": " ".join(study.proposals[inside & ~before]),
        "leaving": " ".join(study.proposals[left]),
        "category_1": int(inside.sum()),
        "undetermined": int((changed.ruled < 0).sum()),
        "unresolved": changed.unresolved,
    }


def _weighted(study: Study, parameters: Parameters) -> dict[str, float]:
    portfolio = replace(study.portfolio, adding=adding_of(parameters), veto=parameters.veto_limit)
    other, base = replace(study, portfolio=portfolio), study.portfolio.baseline()
    shares, walks = acceptability(other, portfolio.beliefs), shares_of_walks(other)
    first = CATEGORY_IN_PLAN - 1
    kept = shares[np.arange(len(base)), base - 1]
    error = spread_error(walks.sum(axis=1))[first] if walks.shape[0] and len(base) else 0.0
    return {
        "keeps_weights": float(kept.mean()) if len(base) else np.nan,
        "expected_category_1": float(shares[:, first].sum()),
        "expected_category_1_error": float(error),
    }


def ways_counts(frame: pd.DataFrame) -> dict[str, int]:
    """Count for the texts: ways that were taken, of each kind, proposals that any moves, sizes of category 1.

    >>> rows = {"way": ["median", "minimum", "geometric"], "changed": [1, 0, None]}
    >>> rows |= {"moves": ["S1 1→2", "", ""], "category_1": [9, 10, None]}
    >>> counts = ways_counts(pd.DataFrame(rows).astype({"changed": "Int64", "category_1": "Int64"}))
    >>> [counts[f"ways_{name}"] for name in ("refused", "moving", "least", "most", "means", "majorities")]
    [1, 1, 9, 10, 0, 1]
    """
    taken = frame[frame["changed"].notna()] if len(frame) else frame
    if not len(taken):
        return {"ways": 0, "ways_refused": len(frame), "ways_moving": 0, "ways_least": 0, "ways_most": 0}
    moving = {
        move.rpartition(" ")[0] for text in taken["moves"] for move in text.split(", ") if "/" not in move
    }
    sizes = taken["category_1"].astype(int)
    return {
        "ways": len(taken),
        "ways_refused": len(frame) - len(taken),
        "ways_moving": len(moving - {""}),
        "ways_least": int(sizes.min()),
        "ways_most": int(sizes.max()),
        **{f"ways_{kind}": int(taken["way"].isin(names).sum()) for kind, names in KINDS.items()},
    }


def ways_words(counts: Mapping[str, object], language: str) -> str:
    """Say in a sentence what other ways of adding up would change.

    >>> counts = {"ways": 8, "ways_refused": 0, "ways_moving": 16, "ways_least": 6, "ways_most": 13}
    >>> ways_words(counts | {"ways_lowest": 1}, "en")[-45:]
    ' would go from 6 to 13, depending on the way.'
    """
    numbers = {name: int(str(counts[f"ways_{name}"])) for name in ("refused", "moving", "least", "most")}
    if not counts["ways"]:
        return texts.say("sensitivity.ways.none_taken", language)
    size = "size" if numbers["least"] == numbers["most"] else "sizes"
    return texts.counted(
        "sensitivity.ways.moving",
        numbers["moving"],
        language,
        ways=counts["ways"],
        kinds=", ".join(
            texts.say(f"sensitivity.ways.{kind}", language) for kind in KINDS if counts.get(f"ways_{kind}")
        ),
        size=texts.say(f"sensitivity.ways.{size}", language, least=numbers["least"], most=numbers["most"]),
        refused=(
            texts.counted("sensitivity.ways.refused", numbers["refused"], language)
            if numbers["refused"]
            else ""
        ),
    )
