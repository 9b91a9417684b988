"""The page of a comparison: one HTML file that needs nothing else."""

from __future__ import annotations

from html import escape

import pandas as pd

from ogp_analysis import texts
from ogp_analysis.compare import Comparison

PARTS = ("parameters", "contents", "categories", "coefficients", "tables")
STYLE = (
    "body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #767676;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#eee}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


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
    """
    title = texts.say("compare.title", language, first=comparison.first, second=comparison.second)
    parts = [_part(comparison, name, language) for name in PARTS]
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n{_mark(comparison, language)}{''.join(parts)}</main>\n</body>\n</html>\n"
    )


def _mark(comparison: Comparison, language: str) -> str:
    mark = escape(texts.say("synthetic.mark", language))
    return f"<p><strong>{mark}</strong></p>\n" if comparison.synthetic else ""


def _part(comparison: Comparison, name: str, language: str) -> str:
    frame = getattr(comparison, name)
    heading = f"<h2>{escape(texts.say(f'compare.{name}', language))}</h2>\n"
    if frame.empty:
        return f"{heading}<p>{escape(texts.say('compare.nothing', language))}</p>\n"
    return heading + _table(worded(frame, language))


def worded(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Put the columns and the steps of a comparison's table into the reader's language."""
    shown = frame.copy()
    if "step" in shown:
        shown["step"] = [texts.say(f"compare.step.{step}", language) for step in shown["step"]]
    shown.columns = [texts.say(f"compare.column.{name}", language) for name in shown.columns]
    return shown


def _table(frame: pd.DataFrame) -> str:
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in frame.columns)
    rows = (
        "<tr>" + "".join(f"<td>{escape(cell_text(value))}</td>" for value in row) + "</tr>\n"
        for row in frame.itertuples(index=False)
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table>\n"


def cell_text(value: object) -> str:
    """Write one cell; a SHA-256 by its first digits."""
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 and text.isalnum() else text
