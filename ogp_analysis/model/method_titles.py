"""Titles of a method that would be read as one another's: a header or an answer names one part, or none."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ogp_analysis.errors import Problem
from ogp_analysis.language import texts
from ogp_analysis.language.folding import key_of
from ogp_analysis.model.method_checks import fault

# Columns that head every sheet to fill, and the one that heads the indicators of a long table.
HEADS = ("proposal", "title", "evaluator", "panel", "role", "indicator")


def title_clashes(values: Mapping[str, Any]) -> list[Problem]:
    """Find titles that another part of the same kind bears as its title or its name.

    Who fills a table in writes titles, or names, in any language: where both lead to different parts, ratings
    would be taken for those of another indicator.

    >>> pair = [{"name": "merit", "title": "quality"}, {"name": "quality", "title": "merit"}]
    >>> [problem.parameter for problem in title_clashes({"criteria": [{"indicators": pair}]})]
    ['indicators.title']
    """
    criteria = [one for one in _listed(values, "criteria") if isinstance(one, dict)]
    indicators = [one for criterion in criteria for one in _listed(criterion, "indicators")]
    panels = [one for part in (*criteria, values) for one in _listed(part, "panels")]
    levels = [one for part in (*criteria, values) for one in _listed(part, "levels")]
    faults = [
        *_clashes(criteria, "criteria.title"),
        *_clashes(indicators, "indicators.title"),
        *_headers(indicators),
        *_clashes(panels, "panels.title"),
        *_clashes(_listed(values, "stages"), "stages.title"),
        *_two_titles(panels, "panels.title"),
        *_two_titles(levels, "levels.title"),
        # How near two categories or answers may come is a remark; the very same words are not.
        *_clashes(_titled(values, "categories"), "categories", read_as=str.strip),
    ]
    for at, criterion in enumerate(criteria, start=1):
        faults += _clashes(_listed(criterion, "levels"), f"criteria[{at}].levels")
        for one in _listed(criterion, "indicators"):
            faults += _clashes(_titled(one, "labels"), f"criteria[{at}].indicators.labels", read_as=str.strip)
    return [*faults, *_clashes(_listed(values, "levels"), "levels")]


def _listed(values: Any, key: str) -> list[Any]:
    given = values.get(key) if isinstance(values, dict) else None
    return given if isinstance(given, list) else []


def _titled(values: Any, key: str) -> list[Any]:
    """Give the items of a list in which a text alone is a title, not a name."""
    return [item if isinstance(item, dict) else {"title": item} for item in _listed(values, key)]


def _words(item: Any) -> tuple[str, ...]:
    """Give the titles of a part in every language."""
    title = item.get("title") if isinstance(item, dict) else ""
    given = title.values() if isinstance(title, dict) else [title]
    return tuple(words for words in given if isinstance(words, str))


def _name(item: Any) -> str:
    name = item.get("name") if isinstance(item, dict) else item
    return name if isinstance(name, str) else ""


def _folded(words: str) -> str:
    # Words in other letters than ours fold to nothing.
    return key_of(words) or words.strip().casefold()


def _clashes(items: list[Any], where: str, read_as: Callable[[str], str] = _folded) -> Iterator[Problem]:
    read = [
        (_name(one), {read_as(words): words for words in (*_words(one), _name(one)) if words})
        for one in items
    ]
    for (first, words), (second, others) in itertools.combinations(read, 2):
        # The same name twice is one part that is named again, or a fault of its own.
        if words.keys() & others.keys() and not (first and first == second):
            key = next(key for key in words if key in others)
            yield fault(where, words[key], "title_of_one", [first or words[key], second or others[key]])


def _headers(indicators: list[Any]) -> Iterator[Problem]:
    """Find indicators whose column would be taken for another one of a table of ratings."""
    heads = {_folded(texts.say(f"template.column.{one}", code)) for one in HEADS for code in texts.LANGUAGES}
    for one in indicators:
        taken = [words for words in (*_words(one), _name(one)) if _folded(words) in heads]
        if taken:
            yield fault("indicators.title", taken[0], "no_header")


def _two_titles(items: list[Any], where: str) -> Iterator[Problem]:
    titles: dict[str, list[Any]] = {}
    for item in items:
        if isinstance(item, dict) and _name(item) and "title" in item:
            known = titles.setdefault(_name(item), [])
            known += [item["title"]] * (item["title"] not in known)
    return (fault(where, given, "one_title", [name]) for name, given in titles.items() if len(given) > 1)
