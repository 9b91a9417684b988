"""The titles of a method in a reader's language: names of criteria, levels, categories and the case."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogp_analysis.language import texts
from ogp_analysis.language.texts import JURY, ONE_STAGE, TWOS, UNWEIGHTED, WITHOUT_PLAN, Language
from ogp_analysis.model.records import Method, Stage, Titles

# Beside the endings of `texts`: where the composite is cut, so that all indicators share the weight.
COMPOSITE_CUT = "composite"


def reader_language(code: str, method: Method) -> Language:
    """Give a language that knows the titles of a method.

    Parameters
    ----------
    code : str
        ``"en"`` or ``"es"``.
    method : Method
        Its titles come before the words of the catalogues.

    Returns
    -------
    Language
        The code, to be passed wherever a language is wanted.

    Examples
    --------
    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> language = reader_language("es", read_method("ecuador-2019", Path())[0])
    >>> language, texts.say("criterion.relevance", language)
    ('es', 'pertinencia')
    """
    titles = {each: {key: words for key, words in _titles(method, each) if words} for each in texts.LANGUAGES}
    variant = variant_of(
        bool(method.plan),
        method.without_thirds,
        method.by_composite,
        one_stage=len(method.stages) == 1,
        unweighted=method.unweighted,
        twos=method.of_twos,
    )
    return Language(code, titles[code], variant, titles)


def variant_of(
    planned: bool,
    juried: bool,
    by_composite: bool,
    *,
    one_stage: bool = False,
    unweighted: bool = False,
    twos: bool = False,
) -> str:
    """Give the endings of the texts that a method takes, the first that has one; none with a plan.

    >>> variant_of(planned=False, juried=True, by_composite=False), variant_of(True, False, False)
    ('jury without_plan', '')
    """
    own = (
        UNWEIGHTED if unweighted else "",
        JURY if juried else "",
        TWOS if twos else "",
        COMPOSITE_CUT if by_composite else "",
        ONE_STAGE if one_stage else "",
        WITHOUT_PLAN,
    )
    return "" if planned else " ".join(filter(None, own))


def languages_of(method: Method) -> tuple[Language, ...]:
    """Give every language of the product with the titles of a method.

    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> languages_of(read_method("jury-of-labels", Path())[0])
    ('en', 'es')
    """
    return tuple(reader_language(code, method) for code in texts.LANGUAGES)


def in_language(titles: Titles, code: str) -> str:
    """Give the words of a language; those of English or of the first language where it has none.

    >>> in_language({"pt": "mérito", "en": "merit"}, "es"), in_language({"pt": "mérito"}, "es")
    ('merit', 'mérito')
    """
    return titles.get(code) or titles.get("en") or next(iter(titles.values()), "")


def _titles(method: Method, code: str) -> Iterator[tuple[str, str]]:
    # A method without a title is called by its name, in headings too.
    title = method.titles or ({} if method.plan else {code: method.name})
    named: list[tuple[str, str, Titles]] = [("method", "title", title)]
    named += [("criterion", one.name, one.titles) for one in method.criteria]
    named += [("indicator", one.name, one.titles) for one in method.indicators]
    named += [("panel", name, titles) for name, titles in method.panel_titles.items()]
    named += [("level", name, titles) for name, titles in method.level_titles.items()]
    named += [("stage", one.name, one.titles) for one in method.stages]
    named += [("case", "title", method.case.titles), ("case", "body", method.case.body)]
    yield from _numbered_levels(method, code)
    for family, name, titles in named:
        key = f"{family}.{name}"
        # A name without a title is its own words: the catalogues may mean another thing by the same code.
        untitled = "" if method.plan or family in ("method", "case") or texts.has(key, code) else name
        yield key, in_language(titles, code) or untitled.replace("_", " ")
    yield from _category_titles(method, code)
    yield from _stage_titles(method, code)


def _stage_titles(method: Method, code: str) -> Iterator[tuple[str, str]]:
    """Head the columns of what stood before the last step with the method's own name of that step."""
    if method.plan:
        return
    yield "column.confirmation_reason", texts.say("column.last_reason", code)
    if not method.stages:
        return
    yield "value.confirmation", _stage_words(method.stages[-1], code)
    yield from _columns_of_decisions(method, code)
    before = method.stages[-2] if len(method.stages) > 1 else method.stages[0]
    stage = _stage_words(before, code)
    yield "column.after_selection", texts.say("column.after_stage", code, stage=stage)
    yield "column.category_selection", texts.say("column.category_after_stage", code, stage=stage)


def _numbered_levels(method: Method, code: str) -> Iterator[tuple[str, str]]:
    """Word the levels that a method file leaves without a name: level_1, level_2 ..."""
    for level in dict.fromkeys(level for axis in method.axes for level in axis.levels):
        if numbered := re.fullmatch(r"level_(\d+)", level):
            yield f"level.{level}", texts.say("level.numbered", code, number=numbered[1])


def _columns_of_decisions(method: Method, code: str) -> Iterator[tuple[str, str]]:
    for stage in method.stages:
        for column in ("decided_by", "date"):
            name = f"column.{stage.name}_{column}"
            if stage.titles or not texts.has(name, code):
                yield name, texts.say(f"column.stage_{column}", code, stage=_stage_words(stage, code))


def _stage_words(stage: Stage, code: str) -> str:
    key = f"stage.{stage.name}"
    untitled = texts.say(key, code) if texts.has(key, code) else stage.name.replace("_", " ")
    return in_language(stage.titles, code) or untitled


def _category_titles(method: Method, code: str) -> Iterator[tuple[str, str]]:
    # The catalogues hold what the categories of Ecuador's plan mean: no other method may borrow their words.
    if method.plan:
        return
    for category in method.categories:
        numbered = texts.say("category.numbered", code, number=category.number)
        title = in_language(category.titles, code)
        yield f"category.{category.number}", f"{numbered}: {title}" if title else numbered
