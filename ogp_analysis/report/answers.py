"""The page of answers: four questions answered from a run's tables, and what stands out, each on a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from ogp_analysis.assessment.categories import decided_otherwise
from ogp_analysis.language import texts
from ogp_analysis.model.records import CATEGORY_IN_PLAN, PROPOSAL
from ogp_analysis.model.results import NO, SYNTHETIC, YES
from ogp_analysis.plan.published import STATED
from ogp_analysis.plan.stated_numbers import NOT_COMPUTABLE
from ogp_analysis.report.answers_claims import Known, facts, problems, requests
from ogp_analysis.report.answers_moved import moved_by, points_names, standing
from ogp_analysis.report.dispositions import without_reason
from ogp_analysis.sensitivity.moved_weight import points_in_all
from ogp_analysis.sensitivity.other_ways import ways_words
from ogp_analysis.sensitivity.study import ROBUST_SHARE, falls_short

# Bounds we chose: what counts as a small move of weight; another round has that of the verdicts.
SMALL_MOVE = 5.0
SURE_ROUND = ROBUST_SHARE
ALWAYS = 1 - 1e-9

Say = Callable[..., str]


def tables(known: Known, languages: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Answer the four questions, and list what stands out.

    Parameters
    ----------
    known : Known
        What the run found.
    languages : sequence of str
        The languages of words, with the titles of the method (`method_words.languages_of`).

    Returns
    -------
    dict of str to DataFrame
        ``answers``: one row a question with ``asked, answer, certainty`` in both languages, ``evidence``
        (ids of tables), ``where`` (ids of sections). ``answers_facts``: at most five facts, three problems
        and three requests, ``kind, text`` in both languages, ``table`` and ``row`` on which each rests.
        ``answers_category_1``: the proposals that are in category 1, were moved out of it, or that a small
        move brings into it, with what moves them.

    Examples
    --------
    See notebook ``06_irm_review``.
    """
    return {
        "answers": _both(languages, lambda language: _answers(known, language)),
        "answers_facts": _both(languages, lambda language: _claims(known, language)),
        "answers_category_1": _both(languages, lambda language: category_1(known, language)),
    }


def _both(languages: Sequence[str], made: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Put a frame of one language beside the same in the others: columns of words get the language's code."""
    frames = {str(language): made(language) for language in languages}
    first = next(iter(frames.values()))
    columns: dict[str, pd.Series] = {}
    for name in first:
        if name in WORDED:
            columns |= {f"{name}_{code}": frame[name] for code, frame in frames.items()}
        else:
            columns[name] = first[name]
    return pd.DataFrame(columns)


WORDED = ("asked", "answer", "certainty", "text", "standing", "moved_by")


def _answers(known: Known, language: str) -> pd.DataFrame:
    def say(key: str, **values: object) -> str:
        return texts.say(f"answers.{key}", language, **values)

    rows = [
        _row(say, "followed", _followed(known, say), known),
        _row(say, "reliable", _reliable(known, say, language), known),
        _row(say, "choices", _choices(known, say, language), known),
        _row(say, "unknown", _unknown(known, say), known),
    ]
    return pd.DataFrame(rows)


# Tables and sections that an answer rests on: of the plan, and of the ratings.
EVIDENCE = {
    "followed": (
        ("method_followed", "plan_quotes", "plan_inventory", "errata"),
        ("ratings_blindness", "third_evaluations", "decisions"),
    ),
    "reliable": ((), ("ratings_summary", "note_20", "agreement", "third_evaluations")),
    "choices": (
        (),
        (
            "answers_category_1",
            "sensitivity_verdicts",
            "sensitivity_on_one",
            "sensitivity_adding",
            "decisions",
        ),
    ),
    "unknown": (("plan_inventory", "plan_checks"), ("not_computable",)),
}
WHERE = {
    "followed": (("method", "inventory", "errata"), ("ratings", "third", "decisions")),
    "reliable": ((), ("ratings", "agreement", "third")),
    "choices": ((), ("sensitivity", "decisions")),
    "unknown": (("inventory", "checks"), ("not_computable",)),
}
# What a run need not have: evidence where its sentence stands.
COMPUTED: Mapping[str, Callable[[Known], bool]] = {
    # Of a jury the answer itself names the coefficients.
    "agreement": lambda known: bool(known.agreement),
    "third_evaluations": lambda known: bool(known.ledger["blind_pairs"].sum()),
    "sensitivity_verdicts": lambda known: "share_1" in known.ledger,
    "sensitivity_on_one": lambda known: "evaluators_cross" in known.ledger,
    "sensitivity_adding": lambda known: bool(known.counts.get("ways")),
}
# Sections, likewise.
HELD: Mapping[str, Callable[[Known], bool]] = {"third": COMPUTED["third_evaluations"]}
# The first question is answered from the plan's text, the last from what is lacking, invented ratings or not.
OF_THE_RATINGS = ("reliable", "choices")


def _row(say: Say, question: str, answer: str, known: Known) -> dict[str, str]:
    rests = question in OF_THE_RATINGS or not known.plan
    invented = known.synthetic and rests
    certain = "synthetic" if invented else "run" if rests else "both" if not known.synthetic else "plan"
    if known.plan and invented:
        certain = "nothing"
    # Of invented ratings nothing is said where the plan itself is asked about.
    of_the_run = question != "followed" or not (known.plan and known.synthetic)
    # Ratings given for a run of the plan's method are not those of the plan's ten.
    own = ".own" if question == "choices" and known.plan and not known.synthetic else ""
    return {
        "asked": say(f"{question}.question{own}"),
        "answer": answer,
        "certainty": say(f"certainty.{certain}"),
        "evidence": _places(EVIDENCE[question], COMPUTED, known, of_the_run=of_the_run),
        "where": _places(WHERE[question], HELD, known, of_the_run=of_the_run),
        SYNTHETIC: YES if invented else NO,
    }


def _places(
    places: tuple[tuple[str, ...], tuple[str, ...]],
    there: Mapping[str, Callable[[Known], bool]],
    known: Known,
    *,
    of_the_run: bool,
) -> str:
    of_the_plan, of_the_ratings = places
    named = [*(of_the_plan if known.plan else ()), *(of_the_ratings if of_the_run else ())]
    return " ".join(name for name in named if there.get(name, lambda _: True)(known))


def _led(known: Known, sentence: str, language: str) -> str:
    """Lead a sentence on the ratings in by the mark, where they are invented."""
    if not known.synthetic:
        return sentence[:1].upper() + sentence[1:]
    return f"{texts.say('synthetic.lead', language)}, {sentence}"


def _followed(known: Known, say: Say) -> str:
    parts = []
    if known.plan:
        errata, inventory = known.plan["errata"], known.plan["plan_inventory"]
        parts.append(
            say(
                "followed.plan",
                phases=len(known.plan["influence_evidence"]),
                lost=int((inventory["state"] == "lost").sum()),
                deciding=int((errata["touches"] == "a decision").sum()),
            )
        )
    if not known.plan or not known.synthetic:
        counts = known.counts
        parts.append(
            say(
                "followed.run",
                broken=int(counts["broken"]),
                lacking=int(counts["lacking_ratings"]),
                thirds=int(known.ledger["unresolved"].sum()),
                changed=int(decided_otherwise(known.ledger).sum()),
                bare=int(without_reason(known.ledger).sum()),
            )
        )
    return " ".join(parts)


def _reliable(known: Known, say: Say, language: str) -> str:
    ledger = known.ledger
    pairs, thirds = int(ledger["blind_pairs"].sum()), int(ledger["third_evaluations"].sum())
    apart = thirds + int(ledger["unresolved"].sum())
    given = {"ratings": int(known.counts["ratings"]), "evaluators": int(known.counts["evaluators"])}
    if pairs:
        points = float(known.counts["tolerance"])
        numbers = {"matched": pairs - apart, "pairs": pairs, "thirds": thirds}
        tolerance = texts.points(points, language)
        sentence = say(f"reliable.run{'' if points else '_equal'}", tolerance=tolerance, **numbers, **given)
    elif known.agreement:
        sentence = say("reliable.jury", agreement=known.agreement[str(language)], **given)
    else:
        sentence = say("reliable.alone", **given)
    unknown = [say("reliable.unpublished")] if known.plan and known.synthetic else []
    return " ".join([*unknown, _led(known, sentence, language), say("reliable.not_validity")])


def _choices(known: Known, say: Say, language: str) -> str:
    ledger, first = known.ledger, _first(known, language)
    ruled, final = (
        ledger["category_by_rule"] == CATEGORY_IN_PLAN,
        ledger["category_final"] == CATEGORY_IN_PLAN,
    )
    sentences = [say("choices.rule", ruled=int(ruled.sum()), proposals=len(ledger), first=first)]
    if ledger["category_by_rule"].isna().any():
        sentences.append(_without_category(ledger, say))
    if "share_1" in ledger and ruled.any():
        fixed = ruled & (ledger["share_1"] > ALWAYS)
        some = {"count": int(fixed.sum()), "ruled": int(ruled.sum())}
        whole = some["count"] == some["ruled"] > 1
        one = say("choices.fixed", **some, codes=_codes(ledger, fixed))
        sentences.append(say("choices.all_fixed", ruled=some["ruled"]) if whole else one)
    sentences += _by_weights(ledger, ruled, say, language)
    if "another_round" in ledger and ruled.any():
        sentences.append(_in_another_round(ledger, ruled, say, language))
    if "evaluators_cross" in ledger:
        sentences.append(_person(known, say, language))
    if known.counts.get("ways"):
        sentences.append(ways_words(known.counts, language))
    out, entered = ruled & ~final.fillna(False), final & ~ruled.fillna(False)
    if (out | entered).fillna(False).any():
        moved = _out_and_in(ledger, out, entered)
        sentences.append(
            say("choices.decided", **moved, firm=_firm_words(ledger[out.fillna(False)], language))
        )
    else:
        sentences.append(say("choices.undecided"))
    unknown = [say("choices.unpublished")] if known.plan and known.synthetic else []
    return " ".join([*unknown, _led(known, sentences[0], language), *sentences[1:]])


def _by_weights(ledger: pd.DataFrame, ruled: pd.Series, say: Say, language: str) -> list[str]:
    """Say what a small move of weight changes, or that there is no weight to move."""
    if texts.UNWEIGHTED in getattr(language, "variant", "").split():
        return [say("choices.no_weights")]
    if not points_names(ledger):
        return []
    near = small_moves(ledger)
    moved = _out_and_in(ledger, near & ruled, near & ~ruled.fillna(False))
    return [say("choices.small" if ruled.any() else "choices.small_of_none", **moved, ruled=int(ruled.sum()))]


def _person(known: Known, say: Say, language: str) -> str:
    """Say which proposals one evaluator alone decides, where anybody else could decide otherwise."""
    ledger, evaluators = known.ledger, int(known.counts["evaluators"])
    if evaluators <= 1:
        return texts.counted("sensitivity.audit.nobody_else", evaluators, language)
    if _rated_alone(known):
        return say("choices.one_each")
    alone = (ledger["evaluators_cross"] > 0).fillna(False)
    count = int(alone.sum())
    return say("choices.person", count=count, codes=_codes(ledger, alone)) if count else say("choices.nobody")


def _rated_alone(known: Known) -> bool:
    """Say whether nobody rated beside another, in one panel or in two, so that no other round is known."""
    ledger = known.ledger
    # Two nurses and one doctor: another round cannot be predicted, yet nobody decides alone.
    beside = int(known.counts.get("evaluators_of_one", 1)) > 1
    return not beside and "another_round" in ledger and bool(ledger["another_round"].isna().all())


def _in_another_round(ledger: pd.DataFrame, ruled: pd.Series, say: Say, language: str) -> str:
    """Say which of category 1 another round may take out; of which that is not known, it is no safe one."""
    known = ruled & ledger["another_round"].notna()
    if not known.any():
        return texts.counted("answers.choices.round_unknown", int(ruled.sum()), language)
    unsure = known & (ledger["another_round"] < SURE_ROUND)
    return _at_risk(int(unsure.sum()), int(known.sum()), _codes(ledger, unsure), say)


def _at_risk(count: int, ruled: int, codes: object, say: Say) -> str:
    """Say how many another round may take out: "8 of these 8" is no sentence."""
    key = "all_in_the_round" if count == ruled > 1 else "round"
    return say(f"choices.{key}", count=count, ruled=ruled, codes=codes)


def _without_category(ledger: pd.DataFrame, say: Say) -> str:
    """Say which proposals the rule leaves open, and which of these it might put into category 1."""
    unruled = ledger["category_by_rule"].isna()
    perhaps = unruled & _may_be_first(ledger)
    codes = {"codes": _codes(ledger, unruled), "could_codes": _codes(ledger, perhaps)}
    counts = {"count": int(unruled.sum()), "could": int(perhaps.sum())}
    if counts["count"] == 1:
        return say(f"choices.open_{'perhaps' if counts['could'] else 'never'}", **codes)
    return say("choices.open", **counts, **codes)


def _may_be_first(ledger: pd.DataFrame) -> pd.Series:
    """Say of which proposals category 1 is among the possible ones."""
    return ledger["possible"].fillna("").str.split().map(lambda numbers: str(CATEGORY_IN_PLAN) in numbers)


def _out_and_in(ledger: pd.DataFrame, out: pd.Series, entered: pd.Series) -> dict[str, object]:
    """Count and name what leaves category 1, and what enters it."""
    groups = {"out": out.fillna(False), "entered": entered.fillna(False)}
    codes: dict[str, object] = {f"{name}_codes": _codes(ledger, chosen) for name, chosen in groups.items()}
    return {name: int(chosen.sum()) for name, chosen in groups.items()} | codes


def _firm_words(moved_out: pd.DataFrame, language: str) -> str:
    """Say how many of those taken out the rule would hold in, where that was computed."""
    if not {"share_1", "another_round"} <= set(moved_out):
        return ""
    shares = moved_out[["share_1", "another_round"]].dropna()
    count = int((~falls_short(shares)).all(axis=1).sum())
    return texts.counted("answers.choices.firm", count, language) if count else ""


def _first(known: Known, language: str) -> str:
    """Name category 1: by its number in the plan, whose words are long, else by the method's words."""
    if known.plan:
        return texts.say("answers.category_1", language)
    return texts.say(f"category.{CATEGORY_IN_PLAN}", language)


def _codes(ledger: pd.DataFrame, chosen: pd.Series) -> str:
    return ", ".join(ledger.loc[chosen.to_numpy(dtype=bool), PROPOSAL]) or "–"


def small_moves(ledger: pd.DataFrame) -> pd.Series:
    """Say which proposals a small move of weight takes out of category 1 or brings into it.

    >>> rows = {"category_by_rule": [1, 1, 2], "flips_to": [2, 2, 1], "points_a": [0.0, 20.0, 4.0]}
    >>> small_moves(pd.DataFrame(rows)).tolist()
    [True, False, True]
    """
    touches = (ledger["category_by_rule"] == CATEGORY_IN_PLAN) | (ledger["flips_to"] == CATEGORY_IN_PLAN)
    points = points_in_all(ledger[points_names(ledger)].to_numpy(dtype=float, na_value=np.nan))
    return touches.fillna(False).astype(bool) & (points <= SMALL_MOVE)


def _unknown(known: Known, say: Say) -> str:
    gaps = len(known.not_computable)
    if not known.plan:
        return say("unknown.run", gaps=gaps) if gaps else say("unknown.run_nothing")
    lost = int((known.plan["plan_inventory"]["state"] == "lost").sum())
    checks = known.plan["plan_checks"]
    alone = ((checks["origin"] == STATED) & (checks["status"] == NOT_COMPUTABLE)).sum()
    return say(
        "unknown.plan_synthetic" if known.synthetic else "unknown.plan",
        lost=lost,
        alone=int(alone),
        gaps=gaps,
    )


def category_1(known: Known, language: str) -> pd.DataFrame:
    """List the proposals that are in category 1 or next to it, each with what moves it.

    Parameters
    ----------
    known : Known
        What the run found.
    language : str
        The reader's language.

    Returns
    -------
    DataFrame
        ``proposal``, ``title`` (where the run has titles), ``category_by_rule, category_final, standing,
        moved_by`` (words), and where they were computed ``points_<criterion>`` (of weight, of
        100) and ``another_round`` (probability, 0 to 1).
    """
    ledger = known.ledger
    ruled = (ledger["category_by_rule"] == CATEGORY_IN_PLAN).fillna(False)
    final = (ledger["category_final"] == CATEGORY_IN_PLAN).fillna(False)
    near = small_moves(ledger) if points_names(ledger) else pd.Series(False, index=ledger.index)
    wider = _may_be_first(ledger) & ledger["category_by_rule"].isna()
    shown = ledger[ruled | final | near | wider].reset_index(drop=True)
    bounds = {"small": SMALL_MOVE, "sure": SURE_ROUND}
    measured = [*points_names(shown), "another_round"]
    names = [PROPOSAL, "title", "category_by_rule", "category_final", *measured]
    # Where no weight can move anything, as with one indicator, there is no change of weights to show.
    empty = [name for name in measured if name in shown and not shown[name].notna().any()]
    empty += ["title"] if "title" in shown and shown["title"].fillna("").eq("").all() else []
    frame = shown[[name for name in names if name in shown and name not in empty]].copy()
    at = list(frame).index("category_final") + 1
    rows = shown.to_dict("records")
    frame.insert(at, "standing", [standing(row, language) for row in rows])
    frame.insert(at + 1, "moved_by", [moved_by(row, language, **bounds) for row in rows])
    return frame.assign(**{SYNTHETIC: YES if known.synthetic else NO})


def _claims(known: Known, language: str) -> pd.DataFrame:
    rows = [*facts(known, language), *problems(known, language), *requests(known, language)]
    return pd.DataFrame(rows, columns=["kind", "text", "table", "row", "where", SYNTHETIC])
