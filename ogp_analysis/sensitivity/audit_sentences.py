"""What an auditor asks first, in words: does one person decide, what would settle it, what is the core."""

from __future__ import annotations

from collections.abc import Mapping

from ogp_analysis.language import labels, texts
from ogp_analysis.sensitivity.headline import in_doubt_words, not_drawn_words, then_held
from ogp_analysis.sensitivity.settling import MOST

HALF = 50  # per cent: below it the true score is more likely on the other side


def _count(name: str, count: object, language: str, **values: object) -> str:
    return texts.counted(f"sensitivity.audit.{name}", int(str(count)), language, **values)


def _some(name: str, count: object, language: str, **values: object) -> str:
    return _count(name, count, language, **values) if count else ""


def person_words(summary: Mapping[str, object], language: str) -> str:
    """Say how many evaluators decide a category alone.

    >>> counts = dict.fromkeys(["evaluators_crossing", "evaluators_could", "evaluators_only"], 0)
    >>> counts |= {"evaluators": 3, "evaluators_changing": 1, "judged": 2}
    >>> person_words(counts, "en")[40:106]
    '1 changes the category of at least one proposal by their absence, '
    """
    if not summary["judged"]:
        return texts.say("sensitivity.audit.nothing_judged", language)
    if int(str(summary["evaluators"])) <= 1:
        return _count("nobody_else", summary["evaluators"], language)
    parts = {name: _count(name, summary[f"evaluators_{name}"], language) for name in ("changing", "crossing")}
    if summary["evaluators_changing"] == summary["evaluators_crossing"] == 1:
        parts["crossing"] = texts.say("sensitivity.audit.crossing.same", language)
    parts |= {name: _some(name, summary[f"evaluators_{name}"], language) for name in ("only", "could")}
    return _count("person", summary["evaluators"], language, **parts)


def settling_words(summary: Mapping[str, object], language: str) -> str:
    """Say how many scores are not settled, and what four more evaluations each would do."""
    if not summary["judged"]:
        return texts.say("sensitivity.audit.none_judged", language)
    if not summary["settling_answered"]:
        return texts.say("sensitivity.audit.not_linear", language)
    if not summary["errors_known"] and not summary["unsettled"]:
        return texts.say("sensitivity.audit.errors_unknown", language)
    words = _count(
        "unsettled",
        summary["unsettled"],
        language,
        settled=texts.number(float(str(summary["settled_by_4"])), language, 1),
        many=_some("many", summary["unsettled_long"], language, most=MOST),
        seats=_seats_words(summary, language),
        first=_first_words(summary, language) if summary["unsettled"] else "",
        least=_quoted(summary["least_sure"], language),
    )
    if not summary.get("not_drawn"):
        return words
    ratings = not_drawn_words(summary, language)
    return f"{words} {texts.say('sensitivity.audit.partly', language, ratings=ratings)}"


def _seats_words(summary: Mapping[str, object], language: str) -> str:
    """Say for how many of the scores the method has seats left for further evaluations.

    >>> _seats_words({"unsettled": 3, "unsettled_seats": {"left": 0}}, "en")
    'The method has no seat left for a further evaluator: anyone asked would be added to those it foresees.'
    """
    left = _seats(summary)["left"]
    every = bool(left) and left == summary["unsettled"]
    return _count("seats_for_all" if every else "seats", left, language)


def _first_words(summary: Mapping[str, object], language: str) -> str:
    """Name the scores of which an evaluation settles most, of those that are asked for first."""
    seats = _seats(summary)
    kinds = [name for name, count in seats.items() if count]
    among = f"first.{kinds[0]}" if len(kinds) > 1 else "first"
    codes = _quoted(summary["first_to_rate"], language)
    return _count(among, seats["alone"], language, codes=codes)


def _seats(summary: Mapping[str, object]) -> Mapping[str, int]:
    seats = summary["unsettled_seats"]
    return seats if isinstance(seats, Mapping) else {}


def _quoted(rows: object, language: str) -> str:
    """Name scores, each with the probability that the true one lies on its side of the cut point.

    >>> _quoted([{"proposal": "S1", "criterion": "relevance", "side_sure": 0.931}], "en")
    'S1 (relevance: 93%)'
    """
    return ", ".join(_quoted_one(row, language) for row in (rows if isinstance(rows, list) else []))


def _quoted_one(row: Mapping[str, object], language: str) -> str:
    sure = round(100 * float(str(row["side_sure"])))
    return texts.say(
        f"sensitivity.audit.quoted{'.other' if sure < HALF else ''}",
        language,
        proposal=row["proposal"],
        criterion=labels.name_label("criterion", str(row["criterion"]), language),
        sure=sure,
    )


def core_words(summary: Mapping[str, object], language: str) -> str:
    """Say how many of category 1 are expected to stay, and how many proposals are always or never in it."""
    if not summary["judged"]:
        return texts.say("sensitivity.audit.none_judged", language)
    numbers = {
        name: texts.number(float(str(summary[name])), language, 1)
        for name in ("expected_overlap", "expected_size")
    }
    standing = {name: _count(name, summary[name], language) for name in ("core", "borderline", "never")}
    standing |= {"vary": _varying_words(summary, language), "held": then_held(summary, language)}
    return _count("core_set", summary["in_category_1"], language, **numbers, **standing)


def _varying_words(summary: Mapping[str, object], language: str) -> str:
    groups = summary["in_doubt"]
    listed = list(map(str, groups)) if isinstance(groups, list) else []
    return _count("vary", len(listed), language, names=in_doubt_words("vary", listed, language))


def audit_words(summary: Mapping[str, object], language: str) -> dict[str, str]:
    """Give the three sentences of a summary of `results.compute` by what they are about."""
    ways = {"person": person_words, "settling": settling_words, "core": core_words}
    return {name: words(summary, language) for name, words in ways.items()}
