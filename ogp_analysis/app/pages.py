"""The page and its parts, from packaged templates; every text comes from the catalogues and is escaped."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jinja2

from ogp_analysis.language import labels, texts
from ogp_analysis.language.percentages import percent
from ogp_analysis.packaged import DATA


def asset(name: str) -> str:
    """Read a packaged part of the page.

    >>> "prefers-reduced-motion" in asset("app.css")
    True
    """
    return (DATA / "app" / name).read_text(encoding="utf-8")


@cache
def environment() -> jinja2.Environment:
    """Templates; a name that a template misses stops the page."""
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(asset),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def part(name: str, language: str, /, **values: Any) -> str:
    """Make a part of the page.

    Parameters
    ----------
    name : str
        Of its template, without ending.
    language : str
        ``"en"`` or ``"es"``.
    **values
        What the template shows.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> part("refusal", "es", message="<b>no</b>")
    '<p class="refusal" role="alert">&lt;b&gt;no&lt;/b&gt;</p>'
    """
    template = environment().get_template(f"{name}.html.j2")
    return template.render(
        language=str(language),
        say=lambda key, **given: texts.say(f"app.{key}", language, **given),
        column=lambda column: labels.column_label(column, language),
        category=lambda number: category_name(number, language),
        percent=lambda share: percent(share, language),
        shown=lambda value: shown(value, language),
        mark=texts.say("synthetic.mark", language),
        **values,
    ).strip()


def script_words(language: str) -> str:
    """Give the few words that the script itself shows, as JSON for a data attribute."""
    names = ("working", "lost", "problems", "file_kept", "no_scenario")
    return json.dumps({name: texts.say(f"app.script.{name}", language) for name in names}, ensure_ascii=False)


def category_name(number: Any, language: str) -> str:
    """Word a category, or that there is none.

    >>> category_name(None, "en"), category_name("2", "es")
    ('undetermined', 'Categoría 2: posibles propuestas que se incluyen en el plan')
    """
    if labels.is_missing(number) or number == "undetermined":
        return texts.say("app.explore.undetermined", language)
    key = f"category.{number}"
    return texts.say(key, language) if texts.has(key, language) else str(number)


def shown(value: Any, language: str) -> str:
    """Write a number with the decimal sign of the language, a missing one as a dash."""
    if labels.is_missing(value):
        return "–"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace(".", ",") if language == "es" and isinstance(value, float) else text
