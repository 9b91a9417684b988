"""The bottom line of the sensitivity in words: who stays, how many, and the flips of fragile proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import numpy as np
import pandas as pd

from ogp_analysis.assessment.adding import SHARE
from ogp_analysis.language import labels, texts
from ogp_analysis.language.percentages import percent
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.records import CATEGORY_IN_PLAN, PROPOSAL
from ogp_analysis.sensitivity.flips import CategoryFlip
from ogp_analysis.sensitivity.moved_weight import (
    NOTHING,
    and_words,
    points_columns,
    points_in_all,
    points_moved,
)
from ogp_analysis.sensitivity.study import ALWAYS, FRAGILE, REVIEW, ROBUST, Study, nearest

MOST_NAMED = 20  # proposals of category 1; of more the table tells
SHOWN_CHANGE = 0.0005  # of a weight: a smaller change is not put in words, whose percentages have one decimal


class Summary(TypedDict):
    """What `results.compute` finds of a run, for the bottom line and for the table of scenarios."""

    judged: int
    errors_known: bool
    not_drawn: NotRequired[list[dict[str, object]]]
    in_doubt: list[str]
    category_by_rule: dict[str, int | None]
    in_category_1: int
    robust: int
    review: int
    fragile: int
    undetermined: int
    fragile_near: int
    ten_stay: float
    ten_stay_error: float
    ten_stay_weights: float
    ten_stay_weights_error: float
    weights_believed: bool
    largest_assumption: str
    largest_assumption_share: float
    largest_assumptions: dict[str, float]
    draws: int
    cut_half_width: dict[str, float]
    score_error: dict[str, float]
    reliability: dict[str, float]
    left_out: list[str]
    third_lacking: int
    third_filled: int


def fragile_frame(study: Study, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Say for each fragile proposal which nearest weighting would move it, in words."""
    flip = nearest(study)
    points = points_moved(flip, study.axes)
    judged = verdicts["verdict"].reindex(study.proposals)
    kept = verdicts["keeps_weights"].reindex(study.proposals).to_numpy(dtype=float)
    rows = [k for k, verdict in enumerate(judged) if verdict == FRAGILE]
    frame = pd.DataFrame(
        {
            "category_by_rule": flip.current[rows],
            "nearest_category": flip.category[rows],
            **points_columns(points[rows], study.axes),
            **{
                f"words_{lang}": [flip_words(study, flip, k, lang, kept=kept[k]) for k in rows]
                for lang in languages_of(study.parameters.method)
            },
        },
        index=study.proposals[rows].rename(PROPOSAL),
    )
    order = np.argsort(points_in_all(points[rows]), kind="stable")
    return frame.iloc[order]


def flip_words(study: Study, flip: CategoryFlip, row: int, language: str, *, kept: float) -> str:
    """Word one flip: which weights become what, and what that does to the score and the category.

    Parameters
    ----------
    study : Study
        From `study.prepare`.
    flip : CategoryFlip
        From `study.nearest`.
    row : int
        Place of the proposal, from 0.
    language : str
        ``"en"`` or ``"es"``.
    kept : float
        Share of all weightings that keep the category, in [0, 1].

    Returns
    -------
    str
        A sentence for each criterion whose level changes, or one that no weighting moves the proposal; one
        more where all weightings but a share of zero keep the category, so that no reader sees both numbers
        and takes one for a mistake.
    """
    if not np.isfinite(flip.distance[row]):
        return texts.say("sensitivity.flip.never", language)
    sentences = []
    for k, axis in enumerate(study.axes):
        before, after = flip.levels[row, k], flip.target[row, k]
        if before == after:
            continue
        cut = axis.cuts[max(before, after) - 1]
        changes = _changes(axis.indicators, axis.weights, flip.weights[k][row], language)
        key = "up" if after > before else "down"
        if not changes:
            moved = 100 * np.abs(flip.weights[k][row] - axis.weights).max()
            # A share of the weight can be just enough while the score lies anywhere above the cut point.
            exactly = "at_the_share" if study.portfolio.adding.kind == SHARE else "on_the_cut"
            key = "near_the_cut" if moved > NOTHING else exactly
        sentences.append(
            texts.say(
                f"sensitivity.flip.{key}",
                language,
                criterion=labels.name_label("criterion", axis.name, language),
                changes=changes,
                cut=texts.number(cut, language, 2),
            )
        )
    if kept > 1 - ALWAYS:
        sentences.append(texts.say("sensitivity.flip.edge", language))
    return " ".join(sentences)


def _changes(names: Sequence[str], before: np.ndarray, after: np.ndarray, language: str) -> str:
    parts = []
    for name, old, new in zip(names, before, after, strict=True):
        if abs(new - old) >= SHOWN_CHANGE:
            label = labels.name_label("indicator", name, language)
            old_text, new_text = (texts.number(100 * value, language, 1) for value in (old, new))
            parts.append(
                texts.say("sensitivity.flip.change", language, name=label, old=old_text, new=new_text)
            )
    return and_words(parts, language) if parts else ""


def count_words(name: str, count: int, language: str, **values: object) -> str:
    """Say a count of the bottom line; one and none have words of their own.

    >>> count_words("review", 0, "en")
    'none holds under other weights and may yet move in another round of ratings'
    >>> count_words("fragile", 2, "es", near=0)
    '2 dependen de los pesos (ninguna de estas con pesos cercanos al escenario base)'
    """
    return texts.counted(f"sensitivity.count.{name}", count, language, **values)


def verdict_words(summary: Summary, language: str) -> dict[str, str]:
    """Say how many hold, may move in another round and depend on the weights.

    Where nobody rated beside another, nothing is known of another round.
    """
    known = "" if summary["errors_known"] else "_unknown"
    near = summary["fragile_near"]
    return {
        ROBUST: count_words(f"{ROBUST}{known}", summary["robust"], language, near=near),
        REVIEW: count_words(f"{REVIEW}{known}", summary["review"], language, near=near),
        FRAGILE: count_words(FRAGILE, summary["fragile"], language, near=near),
    }


def scope_words(summary: Summary, language: str) -> str:
    """Say of how many proposals how many are judged, and where the mean of a pair stands in.

    >>> counts = {"category_by_rule": {"S1": 1, "S2": None}, "left_out": ["S3"], "undetermined": 1}
    >>> scope_words(counts | {"third_filled": 0, "third_lacking": 2}, "en")
    '3 proposals 1 is judged:'
    """
    known, left_out = len(summary["category_by_rule"]), len(summary["left_out"])
    total = count_words("proposals", known + left_out, language)
    filled, missing = summary["third_filled"], summary["third_lacking"]
    name = "filled_part" if filled < missing else "filled"
    stands = count_words(name, filled, language, lacking=missing) if filled else ""
    unclear = summary["undetermined"]
    if not unclear and not left_out:
        return f"{total}{stands}"
    return f"{count_words('judged', known - unclear, language, total=total)}{stands}:"


def unjudged_words(summary: Summary, language: str) -> str:
    """Say how many proposals are not judged, and why.

    >>> unjudged_words({"undetermined": 0, "left_out": ["S3"]}, "en")
    '; 1 is left out because ratings are missing'
    """
    counts = {"unjudged": summary["undetermined"], "left_out": len(summary["left_out"])}
    words = [count_words(name, count, language) for name, count in counts.items() if count]
    if len(words) > 1:
        words = [texts.say("sensitivity.both", language, first=words[0], second=words[1])]
    return "".join(f"; {each}" for each in words)


def holding_words(summary: Summary, language: str) -> str:
    """Say what it means to hold: under which weightings, and in another round where its errors are known.

    >>> holding_words({"errors_known": False, "weights_believed": True}, "en")[-60:]
    ' supposes (our choice); otherwise it depends on the weights.'
    """
    belief = "believed" if summary["weights_believed"] else "all"
    weightings = texts.say(f"sensitivity.weightings.{belief}", language)
    known = "" if summary["errors_known"] else ".weights"
    return texts.say(f"sensitivity.holding{known}", language, weightings=weightings)


def varying_words(summary: Summary, language: str) -> str:
    """Name all that the simulations vary at once; a single indicator has no weights, a jury no rules.

    >>> varying_words({"in_doubt": ["weights", "cuts"]}, "en")
    'vary weights and cut points all at once'
    """
    names = in_doubt_words("vary", summary["in_doubt"], language)
    count = len(summary["in_doubt"])
    return texts.counted("sensitivity.vary.together", count, language, names=names)


def held_words(summary: Mapping[str, Any], language: str) -> str:
    """Say which ratings the simulations leave as they are, though they draw others anew; else nothing.

    >>> alone = [{"criterion": "need", "indicators": ["income"], "panels": ["office"]}]
    >>> held_words({"in_doubt": ["cuts", "evaluators"], "not_drawn": alone}, "en")[:74]
    'In the simulations the ratings on need: income (panel: office) stay as the'
    >>> held_words({"in_doubt": ["cuts"], "not_drawn": alone}, "en")
    ''
    """
    if not summary.get("not_drawn") or "evaluators" not in summary["in_doubt"]:
        return ""
    return texts.say("sensitivity.held", language, ratings=not_drawn_words(summary, language))


def not_drawn_words(summary: Mapping[str, Any], language: str) -> str:
    """Name the ratings that nobody gave beside another, by criterion and panel."""
    return "; ".join(_held_by(one, language) for one in summary["not_drawn"])


def then_held(summary: Mapping[str, Any], language: str) -> str:
    """Say the same after another sentence."""
    words = held_words(summary, language)
    return f" {words}" if words else ""


def _held_by(ratings: Mapping[str, Any], language: str) -> str:
    name = labels.name_label("criterion", ratings["criterion"], language)
    indicators = [labels.name_label("indicator", one, language) for one in ratings["indicators"]]
    panels = [labels.name_label("panel", one, language) for one in ratings["panels"]]
    whole = f"{name}: {and_words(indicators, language)}" if indicators else name
    return texts.counted(
        "sensitivity.held.by", len(panels), language, name=whole, panels=and_words(panels, language)
    )


def in_doubt_words(kind: str, groups: Sequence[str], language: str) -> str:
    """Join the names of what varies: all of a kind (``vary``), or each single one of it (``tried``).

    >>> in_doubt_words("tried", ["weights", "cuts"], "es"), in_doubt_words("vary", [], "es")
    ('ponderación y umbral', '')
    """
    names = [texts.say(f"sensitivity.{kind}.{name}", language) for name in groups]
    return and_words(names, language) if names else ""


def largest_words(summary: Summary, language: str) -> str:
    """Name what matters most for category 1: held at the baseline, it lets most stay.

    >>> stay = {"ten_stay_weights": 0.2, "ten_stay": 0.1, "in_category_1": 3, "in_doubt": ["cuts", "rule"]}
    >>> largest_words({"largest_assumptions": {"cuts": 0.5}} | stay, "en")[65:150]
    'all 3 of category 1 stay in 50.0% of the simulations; if everything varies, in 10.0%.'
    """
    largest = summary["largest_assumptions"]
    if not largest:
        return ""
    first, *others = largest
    if summary["in_doubt"] == [first]:
        name = labels.value_label("assumption", first, language)
        return texts.say("sensitivity.largest.alone", language, name=name)
    count, share = summary["in_category_1"], largest[first]
    words = [
        texts.say(
            "sensitivity.largest",
            language,
            fixed=texts.say(f"sensitivity.fixed.{first}", language),
            stay=texts.counted("sensitivity.gain.stay", count, language),
            share=percent(share, language),
            all=percent(summary["ten_stay"], language),
            gain=_gain_words({name: largest[name] for name in others}, language),
            lost=_lost_words(count, share, language),
        )
    ]
    # Shares of the variance count what assumptions do together: weights can have one and yet move nothing.
    if "weights" in largest and summary["ten_stay_weights"] > 1 - ALWAYS:
        words.append(texts.say("sensitivity.weights_alone", language))
    return ". ".join(words)


def _gain_words(others: dict[str, float], language: str) -> str:
    if not others:
        return texts.say("sensitivity.gain.only", language)
    further = [
        _further(labels.value_label("assumption", name, language), share, language)
        for name, share in others.items()
    ]
    return texts.say("sensitivity.gain.shared", language, others=and_words(further, language))


def _lost_words(count: int, share: float, language: str) -> str:
    if share > 1 - ALWAYS:
        return ""
    return texts.counted("sensitivity.gain.lost", count, language, rest=percent(1 - share, language))


def _further(name: str, share: float, language: str) -> str:
    return texts.say("sensitivity.largest.further", language, name=name, share=percent(share, language))


def first_words(verdicts: pd.DataFrame, language: str) -> str:
    """Say of each proposal that the rule puts in category 1 what would move it; those alike together.

    >>> rows = {"category_by_rule": [1, 2, 1], "verdict_en": ["holds", "holds", "holds"]}
    >>> first_words(pd.DataFrame(rows, index=["S1", "S2", "S3"]), "en")[-15:]
    'S1, S3 (holds).'
    """
    first = verdicts[verdicts["category_by_rule"].eq(CATEGORY_IN_PLAN).fillna(False)]
    if len(first) > MOST_NAMED:
        return texts.say("sensitivity.first.many", language, count=len(first))
    groups = [
        texts.say("sensitivity.first.group", language, codes=", ".join(map(str, rows.index)), words=words)
        for words, rows in first.groupby(f"verdict_{language}", sort=False)
    ]
    return texts.counted("sensitivity.first", len(first), language, groups="; ".join(groups))
