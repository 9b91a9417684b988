"""The page of a comparison: one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from html import escape as escaped_signs

import pandas as pd

from ogp_analysis.compare.causes_by_replay import EACH, TOGETHER
from ogp_analysis.compare.causes_from_tables import UNTOLD
from ogp_analysis.compare.comparison import Comparison
from ogp_analysis.language import texts
from ogp_analysis.language.escaping import visible
from ogp_analysis.language.labels import column_label, is_missing, name_label, table_title, value_label
from ogp_analysis.language.texts import WITHOUT_PLAN
from ogp_analysis.model.method_words import reader_language, variant_of
from ogp_analysis.model.records import CRITERION

# How the steps of a cause are joined in a comparison, and the words for it.
JOINED = {EACH: "compare.each", TOGETHER: "compare.together", UNTOLD: "compare.untold"}
PARTS = ("parameters", "contents", "categories", "coefficients", "tables")
STYLE = (
    "body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #767676;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#eee}"
)
CODE = re.compile(r"\b[a-z][a-z0-9_]*")
# The columns whose words name a statistic, beside those of the method.
NAMING = ("grain", "coefficient", "weights", "pair", "statistic", "question")
DECIMAL = re.compile(r"\b([0-9]+)\.([0-9]+)\b")
# Files of a touched run that are named; all are in the JSON.
SHOWN_FILES = 5
# The page may load nothing and run nothing: names in it come from files of others. Its one style is named by
# its hash, as in the report.
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode("ascii")
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'"
)


def page(comparison: Comparison, language: str = "en") -> str:
    """Write a comparison as a page.

    Parameters
    ----------
    comparison : Comparison
        What differs.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        A whole HTML document; every text in it is escaped, and it may load nothing.

    Examples
    --------
    >>> from ogp_analysis.compare.comparison import Side, compare
    >>> flow = {"flow": pd.DataFrame({"n": [335]})}
    >>> text = page(compare(Side("a", {}, {}, flow), Side("<b>", {}, {}, flow)))
    >>> "<b>" in text, "&lt;b&gt;" in text
    (False, True)
    """
    language = reader(comparison, language)
    title = texts.say("compare.title", language, first=comparison.first, second=comparison.second)
    parts = [_part(comparison, name, language) for name in PARTS]
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n{_mark(comparison, language)}{''.join(parts)}</main>\n</body>\n</html>\n"
    )


def escape(text: str) -> str:
    """Write a text as HTML that runs nothing and turns no line round."""
    return escaped_signs(visible(text))


def reader(comparison: Comparison, language: str) -> str:
    """Give a language with the titles of both methods; a code that they title differently keeps none.

    >>> from ogp_analysis.compare.comparison import Side, compare
    >>> side = Side("a", {}, {}, {})
    >>> reader(compare(side, side), "es")
    'es'
    """
    known = [reader_language(language, method) for method in comparison.methods]
    if not known:
        return language
    titles = {key: words for one in known for key, words in one.titles.items()}
    alike = {
        key: words
        for key, words in titles.items()
        if all(one.titles.get(key, words) == words for one in known)
    }
    planned = any(method.plan for method in comparison.methods)
    juried = all(method.without_thirds for method in comparison.methods)
    cut = all(method.by_composite for method in comparison.methods)
    single = all(len(method.stages) == 1 for method in comparison.methods)
    bare = all(method.unweighted for method in comparison.methods)
    variant = variant_of(planned, juried, cut, one_stage=single, unweighted=bare)
    return texts.Language(language, alike, variant)


def mark(comparison: Comparison, language: str) -> str:
    """Say that ratings were invented; that they are not the plan's only where that could be thought."""
    variant = "" if comparison.of_plan else WITHOUT_PLAN
    return texts.say("synthetic.mark", texts.Language(language, variant=variant))


def _mark(comparison: Comparison, language: str) -> str:
    marks = ([escape(mark(comparison, language))] if comparison.synthetic else []) + [
        escape(each) for each in warnings(comparison, language)
    ]
    return "".join(f"<p><strong>{each}</strong></p>\n" for each in marks)


def warnings(comparison: Comparison, language: str) -> list[str]:
    """Say of each run that is not as it was written which of its files were touched.

    Parameters
    ----------
    comparison : Comparison
        What differs.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    list of str
        One sentence a run; empty where both are as written, or have no record to tell.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from ogp_analysis.compare.comparison import Side, compare
    >>> side = Side("strict", {}, {}, {})
    >>> warnings(compare(side, replace(side, touched=("tables/flow.csv",))), "en")
    ['strict (second) is not as it was written: tables/flow.csv; compared are the files as they are now']
    """
    named = zip(("first", "second"), (comparison.first, comparison.second), comparison.touched, strict=True)
    return [
        texts.say("compare.touched", language, run=run, which=which, files=_shortened(files, language))
        for which, run, files in (
            (texts.say(f"compare.column.{side}", language), run, files) for side, run, files in named
        )
        if files
    ]


def _shortened(files: tuple[str, ...], language: str) -> str:
    rest = len(files) - SHOWN_FILES
    more = [texts.say("compare.more_files", language, count=rest)] if rest > 0 else []
    return ", ".join([*files[:SHOWN_FILES], *more])


def _part(comparison: Comparison, name: str, language: str) -> str:
    frame = getattr(comparison, name)
    heading = f"<h2>{escape(texts.say(f'compare.{name}', language))}</h2>\n"
    notes = "".join(f"<p>{escape(line)}</p>\n" for line in remarks(comparison, name, language))
    return heading + notes + ("" if frame.empty else _table(worded(frame, language), language))


def remarks(comparison: Comparison, name: str, language: str) -> list[str]:
    """Say what a part of the comparison cannot show, or that it shows no difference.

    Parameters
    ----------
    comparison : Comparison
        What differs.
    name : str
        One of ``PARTS``.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    list of str
        Sentences; empty where the table says everything.

    Examples
    --------
    >>> from ogp_analysis.compare.comparison import Side, compare
    >>> flow = {"flow": pd.DataFrame({"n": [335]})}
    >>> found = compare(Side("a", {}, {}, flow), Side("b", {}, {}, flow))
    >>> remarks(found, "tables", "en"), remarks(found, "categories", "en")
    (['no difference'], ['not compared: a run has no table of categories'])
    """
    empty = getattr(comparison, name).empty
    nothing = [texts.say("compare.nothing", language)] if empty else []
    if name in ("parameters", "contents") and not comparison.has_records:
        return [texts.say("compare.no_record", language)] if empty else []
    if name != "categories":
        return nothing
    if comparison.proposals is None:
        return [texts.say("compare.no_categories", language)]
    shared, alone = comparison.proposals
    if not shared:
        return [texts.say("compare.no_common_proposal", language)]
    some = texts.say("compare.some_common_proposals", language, shared=shared, alone=alone)
    return ([some] if alone else []) + _criteria_apart(comparison, language) + nothing


def _criteria_apart(comparison: Comparison, language: str) -> list[str]:
    first, second = (
        ", ".join(name_label(CRITERION, name, language) for name in names) or "–"
        for names in comparison.criteria
    )
    values = {"first": first, "second": second}
    return [texts.say("compare.criteria_apart", language, **values)] if any(comparison.criteria) else []


def worded(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Put the columns, steps and codes of a comparison's table into the reader's language.

    Parameters
    ----------
    frame : DataFrame
        One of the frames of a comparison.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    DataFrame
        A new frame with the columns in words.

    Examples
    --------
    >>> row = {"proposal": "S01", "step": "cut_points", "detail": "relevance medium → high (3.5)"}
    >>> worded(pd.DataFrame([row]), "es").to_dict("records")
    [{'propuesta': 'S01', 'paso': 'los umbrales', 'qué se separó': 'pertinencia medio → alto (3,5)'}]
    """
    shown = entries(frame) if "parameter" in frame else frame.copy()
    for name, word in WORDS.items():
        if name in shown:
            shown[name] = [word(str(value), language) for value in shown[name]]
    # Only in the list of tables: beside hundreds of statistics a title would push the numbers off a terminal.
    if "state" in shown:
        shown["table"] = [_title(name, language) for name in shown["table"]]
    if "beyond" in shown:
        shown["beyond"] = [_yes(far, language) for far in shown["beyond"]]
    shown.columns = [texts.say(f"compare.column.{name}", language) for name in shown.columns]
    return shown


def entries(parameters: pd.DataFrame) -> pd.DataFrame:
    """Put in place of a parameter that has entries, such as weights by indicator, those that differ.

    >>> weights = {"time": 0.25, "complexity": 0.25, "resources": 0.5}
    >>> other = weights | {"time": 0.4, "complexity": 0.1}
    >>> row = {"parameter": "indicator_weights", "first": weights, "second": other}
    >>> entries(pd.DataFrame([row])).values.tolist()
    [['indicator_weights: time', 0.25, 0.4], ['indicator_weights: complexity', 0.25, 0.1]]
    """
    rows = [entry for row in parameters.itertuples(index=False) for entry in _entries(*row)]
    # As objects: a whole number must stay one beside a missing value.
    return pd.DataFrame(rows, columns=parameters.columns, dtype=object)


def _entries(name: str, first: object, second: object) -> list[tuple]:
    if not (isinstance(first, Mapping) and isinstance(second, Mapping)):
        return [(name, first, second)]
    # The order of the first, then what only the second has.
    keys = [key for key in {**first, **second} if first.get(key) != second.get(key)]
    parts = [_entries(f"{name}: {key}", first.get(key), second.get(key)) for key in keys]
    return [entry for part in parts for entry in part]


def _yes(true: bool | None, language: str) -> str | None:
    return None if true is None else texts.say("value.yes" if true else "value.no", language)


def _step(step: str, language: str) -> str:
    for sign, key in JOINED.items():
        if sign in step:
            parts = [_step(part, language) for part in step.split(sign)]
            return texts.say(key, language, steps=("; " if sign == UNTOLD else sign).join(parts))
    return texts.say(f"compare.step.{step}", language)


def _state(state: str, language: str) -> str:
    return texts.say(f"compare.state.{state.replace(' ', '_')}", language)


def _content(content: str, language: str) -> str:
    """Word the kind of a content; what follows is a name: ``library numpy``, ``input data ratings.csv``."""
    kind, _, name = content.partition(" ")
    part, _, file = name.partition(" ")
    key = f"compare.content.{part}"
    if kind == "input" and texts.has(key, language):
        return f"{texts.say(key, language)} {file}".strip()
    key = f"compare.content.{kind}"
    return f"{texts.say(key, language)} {name}".strip() if texts.has(key, language) else content


def _statistic(statistic: str, language: str) -> str:
    return " ".join(_named(word, language) for word in statistic.split(" "))


def _named(word: str, language: str) -> str:
    keys = (f"{column}.{word}" for column in NAMING)
    known = next((key for key in keys if texts.has(key, language)), "")
    return texts.say(known, language) if known else _codes(word, language)


def _title(table: str, language: str) -> str:
    return f"{table_title(table, language)} ({table})"


def _codes(text: str, language: str) -> str:
    """Word every code of the method in a text, and write its numbers as the language does."""
    worded_text = CODE.sub(lambda code: _code(code[0], language), text)
    return DECIMAL.sub(r"\1,\2", worded_text) if language == "es" else worded_text


def _code(code: str, language: str) -> str:
    return column_label(code, language) if code == "category" else value_label("", code, language)


WORDS = {
    "step": _step,
    "state": _state,
    "content": _content,
    "detail": _codes,
    "statistic": _statistic,
}


def _table(frame: pd.DataFrame, language: str) -> str:
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in frame.columns)
    rows = (
        "<tr>" + "".join(f"<td>{escape(cell_text(value, language))}</td>" for value in row) + "</tr>\n"
        for row in frame.itertuples(index=False)
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table>\n"


def cell_text(value: object, language: str = "en") -> str:
    """Write one cell: a SHA-256 by its first digits, a number as the language does, nothing as a dash.

    Of a list or a mapping, the items; a list within a mapping stands in brackets.

    Parameters
    ----------
    value : object
        A cell of any frame of a comparison.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        Not escaped.

    Examples
    --------
    >>> cell_text(0.25, "es"), cell_text(None), cell_text("0f" * 32)
    ('0,25', '–', '0f0f0f0f0f0f…')
    >>> cell_text({"time": 0.25, "resources": 0.75}, "es")
    'time 0,25; resources 0,75'
    >>> cell_text({"merit": [0, 10], "cost": [1, 5]})
    'merit (0; 10); cost (1; 5)'
    """
    if is_missing(value):
        return "–"
    if isinstance(value, list | tuple):
        return "; ".join(cell_text(item, language) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_entry_text(item, language)}" for name, item in value.items())
    if isinstance(value, float):
        text = f"{value:.6g}"
        return text.replace(".", ",") if language == "es" else text
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 and text.isalnum() else text


def _entry_text(value: object, language: str) -> str:
    text = cell_text(value, language)
    return f"({text})" if isinstance(value, list | tuple) else text
