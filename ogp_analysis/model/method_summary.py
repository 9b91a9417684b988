"""A method in words, for ``ogp check --method FILE``: what was understood, and which defaults hold."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.model.records import Criterion, Method, Titles

FITTED = ("indicator_weights", "criterion_weights", "cut_points", "tolerance", "third_for")


def method_lines(method: Method, language: str) -> list[str]:
    """Word a method: criteria, scales, panels, levels, categories, and the defaults of what it does not say.

    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> method_lines(read_method("jury-of-labels", Path())[0], "en")[1]
    '  - merit: jury, 2 to 7 evaluators; levels weak < fair < strong'
    """
    reader = reader_language(language, method)
    lines = [texts.say("method.check.criteria", reader, name=method.name)]
    for criterion in method.criteria:
        lines += _criterion_lines(criterion, reader, cut=not method.by_composite)
    lines.append(
        texts.say("method.check.by_composite" if method.by_composite else "method.check.by_table", reader)
    )
    lines += [f"  - {texts.say(f'category.{number}', reader)}" for number in method.category_numbers]
    defaults = defaults_of(method)
    lines.append(texts.say("method.check.defaults", reader))
    lines += [f"  {name}: {json.dumps(defaults[name], ensure_ascii=False)}" for name in FITTED]
    return lines


def _criterion_lines(criterion: Criterion, reader: str, *, cut: bool) -> Iterator[str]:
    fewest, most = criterion.fewest, criterion.raters_per_panel
    key = "method.check.raters" if fewest == most else "method.check.raters_between"
    levels = " < ".join(name_label("level", level, reader) for level in criterion.levels)
    line = f"  - {name_label('criterion', criterion.name, reader)}: "
    line += ", ".join(name_label("panel", panel, reader) for panel in criterion.panels)
    line += f", {texts.say(key, reader, fewest=fewest, most=most)}"
    yield line + (f"; {texts.say('method.check.levels', reader, levels=levels)}" if cut else "")
    for indicator in criterion.indicators:
        scale = f"{indicator.minimum:g} … {indicator.maximum:g}"
        if indicator.labels:
            scale = "; ".join(f"{one.points:g} {_either(one.titles, reader)}" for one in indicator.labels)
        yield f"      {name_label('indicator', indicator.name, reader)}: {scale}"


def _either(titles: Titles, reader: str) -> str:
    return titles.get(str(reader)) or next(iter(titles.values()))
