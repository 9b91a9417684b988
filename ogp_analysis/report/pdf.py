"""The report as a PDF, typeset by typst: tagged for screen readers (PDF/UA-1), the same bytes every time."""

from __future__ import annotations

import io
import json
import os
import re
from functools import cache
from typing import Final

import pikepdf
import typst

from ogp_analysis.figures import dark, style
from ogp_analysis.language import texts
from ogp_analysis.output.columns import Limits, share_line
from ogp_analysis.report import answers_view, page_content, paper
from ogp_analysis.report.page import asset
from ogp_analysis.report.page_content import title_block
from ogp_analysis.report.run_files import Pack, bottom_lines

STANDARD: Final = "ua-1"
VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
# Millimetres: the width of the column, and what fits a page with heading and caption.
WIDEST_FIGURE, TALLEST_FIGURE = 165.0, 226.0
# Letters of 8 points that a line of the page holds, and a column of it.
WHOLE_CELL = 12
# Rows and characters up to which a table stands on one page.
WHOLE_TABLE, WHOLE_TEXT = 12, 1000
WIDTHS = Limits(narrowest=4, widest=80, word=18, line=128, bolder=1.25)
WORDS = ("title", "kicker", "lead", "synthetic_lead", "contents", "summary", "how_to_read")


def render(pack: Pack, *, language: str) -> bytes:
    """Typeset the report.

    Parameters
    ----------
    pack : Pack
        The run.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    bytes
        A PDF/UA-1 file without a date; every figure has its alternative text, every table a header row.
    """
    return packed(
        typst.compile(
            asset("report.typ").encode("utf-8"),
            sys_inputs={"pack": json.dumps(content(pack, language), ensure_ascii=False)},
            font_paths=_fonts(),
            pdf_standards=[STANDARD],
        )
    )


@cache
def _fonts() -> typst.Fonts:
    """Read the fonts once for all documents; those of the machine would give other line breaks and bytes."""
    return typst.Fonts(include_system_fonts=False, font_paths=[os.fspath(style.font_folder())])


def packed(document: bytes) -> bytes:
    """Pack a PDF tightly: the tags for screen readers are most of it, and typst writes them plainly.

    >>> plain = io.BytesIO()
    >>> pikepdf.new().save(plain)
    >>> packed(plain.getvalue())[:5], packed(plain.getvalue()) == packed(plain.getvalue())
    (b'%PDF-', True)
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as opened:
        opened.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            recompress_flate=True,
            deterministic_id=True,
        )
    return out.getvalue()


def content(pack: Pack, language: str) -> dict[str, object]:
    """Collect what the document shows, as plain data.

    >>> shown = content(Pack({}, {}, {}, "en", synthetic=True), "es")
    >>> shown["language"], [part["marked"] for part in shown["parts"]]
    ('es', [False, True, False])
    """
    language = pack.reader(language)
    words = {word: pack.say(f"report.{word}", language) for word in WORDS}
    parts = paper.parts(pack, language)
    return words | {
        "language": language,
        "short": pack.say("report.kicker", language),
        "mark": texts.say("synthetic.mark", language),
        "tag": texts.say("report.synthetic_tag", language),
        "page": texts.say("report.page_of", language),
        "page_short": texts.say("report.page_short", language),
        "synthetic": pack.synthetic,
        "planned": pack.planned,
        "block": title_block(pack, language),
        "bottom_lines": bottom_lines(pack, language),
        "answers": _answers(pack, language),
        "opening": [
            _section(section, pack, language) for part in parts for section in part.sections if section.opens
        ],
        "parts": [_part(part, pack, language) for part in parts],
    }


def _answers(pack: Pack, language: str) -> dict[str, object] | None:
    answers = answers_view.read(pack, language)
    if answers is None:
        return None
    rows = [
        [
            row.question,
            row.answer,
            row.certainty,
            paper.places(((one.id, one.title) for one in row.where), pack, language),
        ]
        for row in answers.rows
    ]
    claims = [
        {"title": title, "items": [[claim.text, claim.rests_on] for claim in some]}
        for title, some in answers.claims
    ]
    heads = [answers.heads[at] for at in (0, 1, 2, 4)]
    first = None if answers.first is None else _table(answers.first)
    return {"heads": heads, "rows": rows, "claims": claims, "first": first}


def _part(part: paper.PartOnPaper, pack: Pack, language: str) -> dict[str, object]:
    sections = [_section(section, pack, language) for section in part.sections if not section.opens]
    return {"title": part.title, "text": part.text, "marked": part.marked, "sections": sections}


def _section(section: paper.SectionOnPaper, pack: Pack, language: str) -> dict[str, object]:
    tables = [
        # What the section is called its only table is not called again.
        _table(table) | ({"title": ""} if table.title == section.title else {})
        for table in section.tables
    ]
    if section.id == paper.POINTS:
        tables[0]["places"] = [
            paper.places_of_point(point["places"], pack, language)
            for point in page_content.points(pack, language)
        ]
    return {
        "id": section.id,
        "title": section.title,
        "paragraphs": section.paragraphs,
        "quotes": [list(quote) for quote in section.quotes],
        "figures": [_figure(figure) for figure in section.figures],
        "tables": tables,
        "floats": section.floats,
        "missing": [texts.say("report.empty_table", language, title=title) for title in section.missing],
    }


def _figure(figure: page_content.FigureView) -> dict[str, object]:
    shape = VIEW_BOX.search(figure.svg)
    ratio = float(shape[1]) / float(shape[2]) if shape else 1.0
    width = round(min(WIDEST_FIGURE, TALLEST_FIGURE * ratio), 1)
    return {
        "title": figure.title,
        "note": figure.note,
        "alt": figure.alt,
        # Paper is white, whatever the screen of who makes the document.
        "svg": dark.light_only(figure.svg),
        "marked": figure.marked,
        "width": width,
    }


def _whole(cell: str) -> str:
    """Keep a short cell, such as a list of codes, on one line.

    >>> _whole("7 9 16 17") == "7\u00a09\u00a016\u00a017", _whole("in, by a recorded decision")
    (True, 'in, by a recorded decision')
    """
    return cell.replace(" ", "\u00a0") if len(cell) <= WHOLE_CELL else cell


def _table(table: page_content.TableView) -> dict[str, object]:
    rows = [[_whole(cell) for cell in row] for row in table.rows]
    columns = [[row[at] for row in rows] for at in range(len(table.header))]
    return {
        "title": table.title,
        "note": table.note,
        "header": table.header,
        "numeric": table.numeric,
        "rows": rows,
        "breaks": len(rows) > WHOLE_TABLE or sum(len(cell) for row in rows for cell in row) > WHOLE_TEXT,
        "marked": table.marked,
        "widths": share_line(table.header, columns, WIDTHS),
    }
