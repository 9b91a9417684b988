"""The bottom line of notebook 2 in words; what the data do not allow is left out of the sentence."""

from __future__ import annotations

from collections.abc import Mapping

from ogp_analysis.language import texts
from ogp_analysis.model.params import Parameters

BEYOND_CHANCE = ("ac_lowest", "ac_highest", "alpha_lowest", "alpha_highest")


def words(numbers: Mapping[str, float | int | str], parameters: Parameters) -> dict[str, object]:
    """The numbers of `results.summary` as the bottom line writes them in the run's language.

    >>> from ogp_analysis.model import params
    >>> numbers = dict.fromkeys(BEYOND_CHANCE, 0.5)
    >>> numbers |= {"pairs": 40, "within": 0.6, "tolerance": 1.0, "same": 0, "compared": 0}
    >>> numbers["metric"] = "interval"
    >>> written = words(numbers, params.from_values(params.baseline()))
    >>> written["within"], written["ac_lowest"], written["sides"]
    ('60.0', '0.50', '')
    >>> written["chance"].partition(" (Gwet's AC, ")[2]
    'quadratic weights) is 0.50 and alpha (interval metric) is 0.50'
    """
    language = parameters.language
    phrases: dict[str, object] = dict(numbers)
    phrases |= {name: texts.number(float(numbers[name]), language, 2) for name in BEYOND_CHANCE}
    phrases["within"] = texts.number(100 * float(numbers["within"]), language, 1)
    if "others" in numbers:
        phrases["within_others"] = texts.number(100 * float(numbers["within_others"]), language, 1)
    phrases["tolerance"] = texts.points(float(numbers["tolerance"]), language)
    phrases["weights"] = texts.say(f"weights.{parameters.disagreement_weights}", language)
    metric = str(numbers.get("metric", ""))
    named = texts.say(f"metric.{metric}", language) if metric else ""
    phrases["metric"] = texts.say("headline.metric", language, metric=named) if named else ""
    phrases |= _spans(phrases, language)
    return phrases | {
        part: texts.say(f"headline.{key}", language, **phrases) if key else ""
        for part, key in _parts(numbers).items()
    }


def _spans(phrases: dict[str, object], language: str) -> dict[str, str]:
    spans, verb = {}, "runs"
    for name in ("ac", "alpha"):
        lowest, highest = phrases[f"{name}_lowest"], phrases[f"{name}_highest"]
        # As written: from 0.70 to 0.70 is no range either.
        how = "is" if lowest == highest else verb
        spans[name] = texts.say(f"headline.span_{how}", language, lowest=lowest, highest=highest)
        # After a first range the second needs no verb of its own.
        verb = "from" if how == "runs" else "runs"
    return spans


def _parts(numbers: Mapping[str, float | int | str]) -> dict[str, str]:
    # NaN alone differs from itself; one undefined end and the sentence about the range is left out.
    defined = all(numbers[name] == numbers[name] for name in BEYOND_CHANCE)
    pairs = "pairs_of_both" if numbers.get("others") else "pairs"
    counted = "cells" if numbers.get("cells") else pairs if numbers.get("pairs") else "nothing"
    # "Within 0 points of each other" is no way to say it.
    equal = "" if numbers["tolerance"] or counted == "nothing" else "_equal"
    return {
        "matching": f"{counted}{equal}",
        "chance": "chance" if defined else "",
        "sides": "sides" if numbers["compared"] else "",
    }
