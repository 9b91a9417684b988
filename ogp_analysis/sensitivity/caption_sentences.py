"""What the figures of the sensitivity find, as sentences of both languages for their captions."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ogp_analysis.language import labels, texts
from ogp_analysis.sensitivity.headline import (
    Summary,
    count_words,
    held_words,
    largest_words,
    then_held,
    verdict_words,
)
from ogp_analysis.sensitivity.other_ways import ways_words


def findings(
    summary: Summary, ways: Mapping[str, object], steps: pd.DataFrame, language: str
) -> dict[str, str]:
    """Word what the figures on ways of adding up, robustness, cut points and assumptions find.

    Parameters
    ----------
    summary : Summary
        Of `results.summary`.
    ways : mapping
        The counts of `other_ways.ways_counts`.
    steps : DataFrame
        Table ``sensitivity_cut_steps``.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    dict of str to str
        ``adding, robustness, cuts, assumptions``; ``held`` where simulations leave ratings as they are.
    """
    held = held_words(summary, language)
    return {
        "adding": ways_words(ways, language),
        "robustness": _robustness(summary, language),
        "cuts": cut_words(steps, language),
        "assumptions": _assumptions(summary, language),
        **({"held": held} if held else {}),
    }


def _robustness(summary: Summary, language: str) -> str:
    proposals = count_words("proposals", summary["judged"], language)
    counts = verdict_words(summary, language)
    return texts.say("sensitivity.finding.robustness", language, proposals=proposals, **counts)


def _assumptions(summary: Summary, language: str) -> str:
    if not summary["in_category_1"]:
        return texts.say("sensitivity.finding.assumptions_none", language)
    if not summary["largest_assumption"]:
        return texts.say("sensitivity.finding.assumptions_alike", language)
    largest = largest_words(summary, language)
    finding = texts.say("sensitivity.finding.assumptions", language, largest=largest)
    return finding + then_held(summary, language)


def cut_words(steps: pd.DataFrame, language: str) -> str:
    """Name the single cut point that changes the size of category 1 most, and say how far.

    >>> still = {"cut": ["a", "b"], "level": "high", "shift": [0.5, 12.5], "category_1": 3}
    >>> cut_words(pd.DataFrame(still), "en")
    'No cut point, moved by up to an eighth of its scale, changes the size of category 1.'
    >>> rows = {"cut": "relevance", "level": "high", "shift": [-0.5, 0.5], "category_1": [12, 5]}
    >>> cut_words(pd.DataFrame(rows), "en")[:65]
    'Of the cut points, the one from which relevance is high changes t'
    """
    single = steps[steps["cut"] != "all"]
    if single.empty:
        return texts.say("sensitivity.finding.cuts_none", language)
    sizes = single.groupby(["cut", "level"], sort=False)["category_1"].agg(["min", "max"])
    reach = single["shift"].abs().groupby([single["cut"], single["level"]]).max().round(6)
    spread = sizes["max"] - sizes["min"]
    if not spread.any():
        key = "cuts_still" if reach.min() == reach.max() else "cuts_still_scales"
        points = texts.points(float(reach.max()), language)
        return texts.say(f"sensitivity.finding.{key}", language, points=points)
    cut, level = spread.idxmax()
    # Each moves by the same part of its scale, which may be another one's.
    points = texts.points(float(reach[(cut, level)]), language)
    name = texts.say(
        "sensitivity.finding.cut",
        language,
        criterion=labels.name_label("criterion", str(cut), language),
        level=labels.value_label("level", str(level), language),
    )
    least, most = (int(sizes.loc[(cut, level), end]) for end in ("min", "max"))
    return texts.say("sensitivity.finding.cuts", language, name=name, points=points, least=least, most=most)
