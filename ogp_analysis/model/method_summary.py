"""A method in words, for ``ogp check --method FILE``: what was understood, and which defaults hold."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ogp_analysis.language import texts
from ogp_analysis.language.labels import name_label
from ogp_analysis.model.method_defaults import FITTED, defaults_of
from ogp_analysis.model.method_words import in_language, reader_language
from ogp_analysis.model.records import Criterion, Indicator, Method

UPWARDS = "higher is better"


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
        # What turns the scores round is said; that more is better goes without saying.
        turned = f" ({texts.say('template.lower', reader)})" if indicator.direction != UPWARDS else ""
        label = name_label("indicator", indicator.name, reader)
        yield f"      {label}: {scale_words(indicator, reader)}{turned}"


def scale_words(indicator: Indicator, language: str) -> str:
    """Word what may be typed: the answers with their points, else the ends of the scale and its step.

    >>> scale_words(Indicator("use", "merit", 0, 10, step=0.25), "es")
    '0 … 10 en pasos de 0,25'
    """
    if indicator.labels:
        return "; ".join(answer_words(indicator, language))
    numbers = (("low", indicator.minimum), ("high", indicator.maximum), ("step", indicator.step))
    words = {name: as_typed(value, language) for name, value in numbers}
    return texts.say("scale.by_ones" if indicator.step == 1 else "scale.by_steps", language, **words)


def answer_words(indicator: Indicator, language: str) -> list[str]:
    """Word the answers of a scale in words, each with its points in front."""
    return [f"{label.points:g}: {in_language(label.titles, language)}" for label in indicator.labels]


def as_typed(value: float, language: str) -> str:
    """Write a number as a reader types it: as short as it is, with the decimal sign of the language."""
    return f"{value:g}".replace(".", ",") if language == "es" else f"{value:g}"
