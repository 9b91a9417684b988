"""The report as one HTML file that opens offline: own template, no outside request, strict content policy."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any
from urllib.parse import quote

import jinja2
import pandas as pd
from markupsafe import Markup

from ogp_analysis import __version__
from ogp_analysis.assessment.adjudication import THIRD_RULES
from ogp_analysis.language import labels, texts
from ogp_analysis.model.parameter_rules import PANEL_RULES
from ogp_analysis.packaged import DATA
from ogp_analysis.plan import published
from ogp_analysis.report import answers_view, explorer, page_content, paper, workbooks
from ogp_analysis.report.page_content import title_block
from ogp_analysis.report.run_files import LEDGER, REGISTER, Pack, bottom_lines
from ogp_analysis.report.sections import SPANISH_WORDS

SAFE_IN_ADDRESS = "!$'()*+,-./:;=@_~"
# Of the plan's criteria.
LEVELS = ("low", "medium", "high")
WORDS_OF_SCRIPT = (
    "found",
    "moved",
    "changed",
    "unusable",
    "unresolved",
    "open",
    "possible",
    "vetoed",
    "mark",
)
PUBLISHED, LINES, ACTORS = "proposals_published", "plan_lines", "actors"
FIRST_CATEGORY = "category_1_oct_2019"
TABLES_OF_CATEGORIES = {"3": "category_3", "4": "category_4"}
CATEGORY_COLUMNS = ("category_final", "category_by_rule", "category")


def render(pack: Pack, *, language: str, other_page: str) -> str:
    """Write the page."""
    language = pack.reader(language)
    style, script = asset("page.css"), asset("kernel.js") + asset("page.js")
    parts = page_content.parts(pack, language)
    template = environment().get_template("page.html.j2")
    html = template.render(
        language=language,
        other_page=other_page,
        proposals_page=pack.files(language)["proposals"] if REGISTER in pack.tables else "",
        say=lambda key, **values: pack.say(f"report.{key}", language, **values),
        mark_text=texts.say("synthetic.mark", language),
        # Even a text that got through the escaping could run nothing and ask nobody.
        policy=f"default-src 'none'; script-src {source_hash(script)}; style-src {source_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'",
        style=Markup(style),
        script=Markup(script),
        words=script_json(_words(language, synthetic=pack.synthetic)),
        version=__version__,
        synthetic=pack.synthetic,
        block=title_block(pack, language),
        answers=answers_view.read(pack, language),
        bottom_lines=bottom_lines(pack, language),
        parts=parts,
        # The first of the document; further ones of a section are folded, so that the page stays short.
        in_body={section.figures[0] for each in paper.PARTS.values() for section in each if section.figures},
        on_paper=paper.ON_PAPER,
        known={section.id for part in parts for section in part.sections},
        shown_tables={table.id for part in parts for section in part.sections for table in section.tables},
        points=page_content.points(pack, language),
        hashes=page_content.hashes_table(pack, language),
        searched=searched(pack, language),
        categories=pack.categories,
        explorer=_explorer(pack, language),
        lines=script_json(cited_lines(pack, language)),
        cites=LINES in pack.tables,
        workbook_of=lambda table: workbooks.holding(pack, table, language),
        data_url=_data_url,
    )
    # The template's own tags leave blanks at the ends of lines.
    return "\n".join(line.rstrip() for line in html.strip().splitlines()) + "\n"


def asset(name: str) -> str:
    """Read a packaged part of the page.

    >>> "@media print" in asset("page.css")
    True
    """
    return (DATA / "report" / name).read_text(encoding="utf-8")


@cache
def environment() -> jinja2.Environment:
    """Templates of the pages; a name that a template misses stops the page."""
    # StrictUndefined: a name that the template misses must stop the page, not leave a gap in it.
    loader = jinja2.FunctionLoader(asset)
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def source_hash(text: str) -> str:
    """Name a script or style by its hash, as a content policy does."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def script_json(data: object) -> Markup:
    """Write data for an element of script, which none of it can end."""
    # Inside <script>: no "<" may end the element or open a comment.
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _data_url(svg: str) -> str:
    # Shorter than base64; line ends must go, because an address may hold none.
    return "data:image/svg+xml," + quote(" ".join(svg.split()), safe=SAFE_IN_ADDRESS)


def _words(language: str, *, synthetic: bool) -> dict[str, str]:
    words = {word: texts.say(f"report.script.{word}", language) for word in WORDS_OF_SCRIPT}
    if synthetic:
        words["found"] = texts.say("report.script.found_synthetic", language)
    return words | {"language": language}


def cited_lines(pack: Pack, language: str) -> dict[str, list[str]]:
    """Give the sentence of each line of the transcription that is cited: its place and its text.

    >>> line = {"line": [516], "place_en": ["note 20"], "place_es": ["nota 20"], "text": ["If"]}
    >>> cited_lines(Pack({"plan_lines": pd.DataFrame(line)}, {}, {}, "en", synthetic=False), "es")
    {'516': ['nota 20', 'If']}
    """
    if LINES not in pack.tables:
        return {}
    frame = labels.localised(pack.tables[LINES], language)[["line", "place", "text"]].fillna("")
    return {str(line): [where, text] for line, where, text in frame.itertuples(index=False, name=None)}


def searched(pack: Pack, language: str) -> list[dict[str, object]]:
    """Give the two tables of proposals with, for each row, what the search looks through.

    They are two lists and stay two: each says whose rows it holds (``plan``, ``synthetic`` or ``own``), and
    no word of one is in the other.

    >>> published = pd.DataFrame({"title": ["Educación ambiental"], "category_final": [3]})
    >>> run = Pack({"proposals_published": published}, {}, {}, "es", synthetic=False)
    >>> searched(run, "es")[0]["rows"][0]["search"]
    'educacion ambiental 3 educacion ambiental 3   category3'
    """
    parts = [(PUBLISHED, "plan"), (LEDGER, "method")]
    return [_searched(pack, name, part, language) for name, part in parts if name in pack.tables]


def _searched(pack: Pack, name: str, part: str, language: str) -> dict[str, object]:
    shown = page_content.table(pack, name, language)
    frame = pack.tables[name]
    # In both languages: whoever reads in Spanish may know a proposal by its English title, and the other
    # way round.
    everything = [
        [" ".join(row) for row in page_content.table(pack, name, code).rows] for code in texts.LANGUAGES
    ]
    if name == PUBLISHED:
        # The goals are those of the plan's commitments, whatever the columns of a run's own table are called.
        everything.append(_goals(pack, frame))
        everything.append(_actors(pack, frame))
    if name == PUBLISHED and "id" in frame:
        everything.append([SPANISH_WORDS.get(key, "") for key in frame["id"]])
    column = next((column for column in CATEGORY_COLUMNS if column in frame), None)
    categories = [_category(value) for value in frame[column]] if column else [""] * len(frame)
    places = _rows_of(frame) if name == PUBLISHED else [""] * len(frame)
    rows = [
        {
            "cells": cells,
            "search": plain(" ".join([*words, f"category{category}"])),
            "category": category,
            "place": table_row,
        }
        for cells, words, category, table_row in zip(
            shown.rows, zip(*everything, strict=True), categories, places, strict=True
        )
    ]
    origin = part if name == PUBLISHED else "synthetic" if pack.synthetic else "own"
    return {"part": part, "origin": origin, "table": shown, "rows": rows}


def _rows_of(frame: pd.DataFrame) -> list[str]:
    """Say for each published proposal which table of the plan has its row.

    >>> _rows_of(pd.DataFrame({"commitment": [7, None, None], "category_1_oct_2019": [1, 3, 2]}))
    ['commitments', 'category_3', '']
    """
    if not {"commitment", FIRST_CATEGORY} <= set(frame):
        return [""] * len(frame)
    pairs = zip(frame["commitment"], frame[FIRST_CATEGORY], strict=True)
    return [
        "commitments" if labels.is_number(commitment) else TABLES_OF_CATEGORIES.get(_category(category), "")
        for commitment, category in pairs
    ]


def _goals(pack: Pack, frame: pd.DataFrame) -> list[str]:
    """Name for each row the development goals of its commitment, as readers of either language type them."""
    links = pack.tables.get("sdg_links")
    if links is None or "commitment" not in frame:
        return [""] * len(frame)
    # One word each, because "sdg 5" must not find 15.
    words = links["sdg"].map("sdg{0}".format)
    by_commitment = words.groupby(links["commitment"]).agg(" ".join)
    return frame["commitment"].map(by_commitment).fillna("").tolist()


def _actors(pack: Pack, frame: pd.DataFrame) -> list[str]:
    """Name for each row the institutions of its commitment with their acronyms, and the commitment's code."""
    actors = pack.tables.get(ACTORS)
    if actors is None or "commitment" not in frame:
        return [""] * len(frame)
    named = actors.dropna(subset=["institution"])
    by_commitment = named["institution"].groupby(named["commitment"]).agg(" ".join)
    institutions = frame["commitment"].map(by_commitment).fillna("")
    codes = frame["commitment"].map(lambda number: "" if pd.isna(number) else f"c{int(number)}")
    return [f"{code} {names} {_acronyms(names)}" for code, names in zip(codes, institutions, strict=True)]


def _acronyms(names: str) -> str:
    known = published.read("acronyms")
    whole = plain(names)
    return " ".join(
        short for short, long in zip(known["acronym"], known["name"], strict=True) if plain(long) in whole
    )


def _category(value: object) -> str:
    return str(int(value)) if labels.is_number(value) else ""


def plain(text: str) -> str:
    """Write a text in lower case without accents.

    >>> plain("Educación Ñ")
    'educacion n'
    """
    split = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in split if not unicodedata.combining(letter)).lower()


def _explorer(pack: Pack, language: str) -> dict[str, Any] | None:
    data = explorer.inputs(pack)
    if data is None:
        return None
    method = data["method"]
    names = [labels.name_label("criterion", criterion["name"], language) for criterion in method["criteria"]]
    groups = [
        {"name": name, "sliders": _sliders(criterion, language)}
        for name, criterion in zip(names, method["criteria"], strict=True)
    ]
    if method["composite"]:
        name = texts.say("report.explorer_composite", language)
        groups.append({"name": name, "sliders": _composite_sliders(method, names, language)})
    if "veto" in method:
        every = [name for criterion in method["criteria"] for name in criterion["indicators"]]
        method["names"] = [labels.name_label("indicator", name, language) for name in every]
        method["limit"] = texts.points(float(Fraction(method["veto"])), language)
    return {
        "data": script_json(data),
        "criteria": groups,
        "rules": _rules(method, language) if "rules" in method else None,
        "shares": []
        if method["composite"] or (pack.method or {}).get("unweighted")
        else method["categories"],
        "caption": texts.say(f"report.explorer_caption{explorer.without_rules(method)}", language),
        "categories": method["categories"],
        "rows": [_explored(row) for row in data["proposals"]],
    }


def _rules(method: Mapping, language: str) -> dict[str, object] | None:
    """Give the rules that the page can change; none where no third evaluation and no second panel is."""
    panels = [
        pair for criterion in method["criteria"] if len(criterion["pairs"]) > 1 for pair in criterion["pairs"]
    ]
    foreseen = any(criterion["foreseen"] for criterion in method["criteria"])
    values = {
        "third_rule": THIRD_RULES if foreseen else (),
        "panel_rule": (*PANEL_RULES, *panels) if panels else (),
    }
    choices = [
        {
            "name": name,
            "label": texts.say(f"rule.{name}", language),
            "options": [(value, labels.value_label("choice", value, language)) for value in allowed],
        }
        for name, allowed in values.items()
        if allowed
    ]
    spans = [float(one["maximum"]) - float(one["minimum"]) for one in method["criteria"] if one["foreseen"]]
    tolerance = {"label": texts.say("rule.tolerance", language), "maximum": f"{max(spans, default=0):g}"}
    return {"choices": choices, "tolerance": tolerance} if choices else None


def _explored(row: dict[str, object]) -> dict[str, object]:
    return {"code": row["code"], "baseline": "–" if row["baseline"] is None else row["baseline"]}


def _decimal(weight: str) -> str:
    return str(round(float(Fraction(weight)), 4))


def _sliders(criterion: dict, language: str) -> list[dict[str, object]]:
    names = [labels.name_label("indicator", name, language) for name in criterion["indicators"]]
    scale = {"minimum": criterion["minimum"], "maximum": criterion["maximum"], "step": "0.05"}
    return _weights(names, criterion["weights"]) + _cuts(criterion, scale, language)


def _composite_sliders(method: dict, names: list[str], language: str) -> list[dict[str, object]]:
    ends = [(float(criterion["minimum"]), float(criterion["maximum"])) for criterion in method["criteria"]]
    scale = {
        "minimum": str(min(low for low, _ in ends)),
        "maximum": str(max(high for _, high in ends)),
        "step": "0.05",
    }
    labelled = [texts.say("report.weight_of", language, criterion=name) for name in names]
    composite = method["composite"]
    return _weights(labelled, composite["weights"]) + _cuts(composite, scale, language)


def _weights(names: list[str], weights: list[str]) -> list[dict[str, object]]:
    total = sum(Fraction(weight) for weight in weights)
    return [
        {"label": name, "kind": "weights", "at": at, "minimum": "0", "maximum": "1", "step": "0.01"}
        | {"value": _decimal(str(Fraction(weights[at]) / total))}
        # One weight alone is all of it wherever its slider stands.
        for at, name in enumerate(names if len(names) > 1 else ())
    ]


def _cuts(axis: dict, scale: dict[str, str], language: str) -> list[dict[str, object]]:
    # Runs of older versions did not record the levels, which were three.
    levels = axis.get("levels", LEVELS)
    return [
        {
            "label": _cut_label(levels[at + 1], language),
            "kind": "cuts",
            "at": at,
            "value": _decimal(cut) if "/" in cut else cut,
        }
        | scale
        for at, cut in enumerate(axis["cuts"])
    ]


def _cut_label(level: str, language: str) -> str:
    return texts.say("report.cut_from", language, level=labels.name_label("level", level, language))
