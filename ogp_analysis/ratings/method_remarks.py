"""What a method file may hold and can hardly mean: said by ``ogp check --method``, never refused."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import fits, values_of
from ogp_analysis.model.method_summary import scale_words
from ogp_analysis.model.method_words import in_language, reader_language
from ogp_analysis.model.parameter_rules import as_fraction
from ogp_analysis.model.records import Criterion, Method, Titles
from ogp_analysis.ratings.draft_directions import may_be_unwanted
from ogp_analysis.tabular import key_of

# Our choice: a scale twice as long decides twice as much as its weight says.
MIXED_LENGTHS = 2


def method_remarks(method: Method, source: str, folder: Path, language: str) -> list[str]:
    """Say what of a method can hardly be meant.

    Parameters
    ----------
    method : Method
        As read.
    source : str
        Its name or path, as given to `read_method`.
    folder : Path
        What a relative path is relative to.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    list of str
        Sentences; empty where there is nothing to say.

    Examples
    --------
    >>> from ogp_analysis.model.method_file import read_method
    >>> method_remarks(read_method("jury-of-labels", Path())[0], "jury-of-labels", Path(), "en")
    []
    """
    reader = reader_language(language, method)
    return [
        *_cuts_out_of_reach(method, reader),
        *_levels_without_effect(method, values_of(source, folder), reader),
        *_dead_rules(method, values_of(source, folder), reader),
        *_categories_alike(method, reader),
        *_answers_alike(method, reader),
        *_scales_apart(method, reader),
        *_without_direction(method, values_of(source, folder), reader),
    ]


def _without_direction(method: Method, values: Mapping[str, Any], reader: str) -> Iterator[str]:
    """Say which indicators are called as what nobody wants more of, and have no direction."""
    given = [one for each in values.get("criteria", []) for one in each["indicators"]]
    silent = [
        name_label("indicator", one.name, reader)
        for one, each in zip(method.indicators, given, strict=True)
        if "direction" not in each and not one.labels
        if any(map(may_be_unwanted, (one.name, *one.titles.values())))
    ]
    if silent:
        yield texts.say("method.remark.no_direction", reader, names=", ".join(silent))


def _scales_apart(method: Method, reader: str) -> Iterator[str]:
    """Say where a mean joins points of a short scale with points of one that is far longer."""
    for axis in method.axes:
        by_length = sorted(axis.indicators, key=lambda one: one.maximum - one.minimum)
        short, long = by_length[0], by_length[-1]
        if long.maximum - long.minimum >= MIXED_LENGTHS * (short.maximum - short.minimum):
            ends = {"short": short, "long": long}
            words = {name: name_label("indicator", one.name, reader) for name, one in ends.items()}
            words |= {f"{name}_scale": scale_words(one, reader) for name, one in ends.items()}
            name = name_label("criterion", axis.name, reader)
            yield texts.say("method.remark.scales_apart", reader, axis=name, **words)


def _cuts_out_of_reach(method: Method, reader: str) -> Iterator[str]:
    cuts = defaults_of(method)["cut_points"]
    for axis in method.axes:
        low, high = _reach(method, axis)
        for cut in cuts[axis.name]:
            side = "above" if as_fraction(cut) > high else "below" if as_fraction(cut) <= low else ""
            if side:
                values = {"cut": cut, "low": f"{float(low):.6g}", "high": f"{float(high):.6g}"}
                name = name_label("criterion", axis.name, reader)
                yield texts.say(f"method.remark.cut_{side}", reader, axis=name, **values)


def _reach(method: Method, axis: Criterion) -> tuple[Fraction, Fraction]:
    """Give the lowest and highest score of an axis under the default weights: means of the ends of scales."""
    weights = defaults_of(method)
    criteria = method.criteria if method.by_composite else (axis,)
    low = high = Fraction(0)
    for criterion in criteria:
        whole = as_fraction(weights["criterion_weights"][criterion.name]) if method.by_composite else 1
        for one in criterion.indicators:
            share = whole * as_fraction(weights["indicator_weights"][one.name])
            low, high = low + share * as_fraction(one.minimum), high + share * as_fraction(one.maximum)
    return low, high


def _levels_without_effect(method: Method, values: Mapping[str, Any], reader: str) -> Iterator[str]:
    """Say which criteria have levels or cut points of their own where the composite alone is cut."""
    given = values.get("criteria", []) if method.by_composite else []
    for criterion, each in zip(method.criteria, given, strict=False):
        keys = [key for key in ("cut_points", "levels") if key in each]
        if keys:
            name = name_label("criterion", criterion.name, reader)
            yield texts.say("method.remark.levels_unused", reader, criterion=name, keys=", ".join(keys))


def _dead_rules(method: Method, values: Mapping[str, Any], reader: str) -> Iterator[str]:
    table = values.get("decision_table")
    if not isinstance(table, dict):
        return
    first: set[int] = set()
    holding: dict[int, set[int]] = {}
    names = [criterion.name for criterion in method.criteria]
    for cell in itertools.product(*(criterion.levels for criterion in method.criteria)):
        levels = dict(zip(names, cell, strict=True))
        places = [at for at, rule in enumerate(table["rules"], start=1) if fits(rule["when"], levels)]
        first |= set(places[:1])
        for at in places:
            holding.setdefault(at, set()).update(places[:1])
    for at in sorted(set(holding) - first):
        earlier = ", ".join(map(str, sorted(holding[at])))
        yield texts.say("method.remark.dead_rule", reader, rule=at, earlier=earlier)


def _categories_alike(method: Method, reader: str) -> Iterator[str]:
    for first, second in _alike([category.titles for category in method.categories]):
        pair = (method.categories[first], method.categories[second])
        numbers = {"first": pair[0].number, "second": pair[1].number}
        names = " / ".join(in_language(one.titles, reader) for one in pair)
        yield texts.say("method.remark.categories_alike", reader, names=names, **numbers)


def _answers_alike(method: Method, reader: str) -> Iterator[str]:
    for indicator in method.indicators:
        labels = indicator.labels
        for first, second in _alike([label.titles for label in labels]):
            pair = (labels[first], labels[second])
            points = {"first": f"{pair[0].points:g}", "second": f"{pair[1].points:g}"}
            names = " / ".join(in_language(one.titles, reader) for one in pair)
            name = name_label("indicator", indicator.name, reader)
            yield texts.say("method.remark.answers_alike", reader, indicator=name, names=names, **points)


def _alike(titles: Sequence[Titles]) -> Iterator[tuple[int, int]]:
    """Pair the places of names that are read as one: case, accents and punctuation do not count."""
    keys = [{key_of(words) for words in one.values()} for one in titles]
    return ((a, b) for a, b in itertools.combinations(range(len(keys)), 2) if keys[a] & keys[b])
