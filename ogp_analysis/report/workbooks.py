"""The tables of a run as two workbooks: what a reader needs, and the annex with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import pandas as pd

from ogp_analysis.language import texts
from ogp_analysis.output import xlsx_writer
from ogp_analysis.report.page_content import columns_of
from ogp_analysis.report.run_files import Pack
from ogp_analysis.report.sections import groups, packaged

IN_MAIN: tuple[str, ...] = tuple(packaged("workbook.yaml"))
# Columns of the answers and the review points that hold ids with blanks between: what their words are.
TITLES = {
    "evidence": "table.{}.sheet",
    "table": "table.{}.sheet",
    "tables": "table.{}.sheet",
    "where": "section.{}.title",
    "sections": "section.{}.title",
    "figures": "figure.{}.title",
}
OF_IDS = ("answers", "answers_facts", "review_points")


def main(pack: Pack, language: str) -> bytes:
    """Make the workbook that a reader opens first: its tables have the columns that the page shows."""
    reader = pack.reader(language)
    tables = {
        name: titled(_as_on_the_page(pack, name), reader) if name in OF_IDS else _as_on_the_page(pack, name)
        for name in pack.tables
        if _in_main(pack, name)
    }
    return _build(pack, tables, language, other="annex")


def annex(pack: Pack, language: str) -> bytes:
    """Make the workbook of all other tables, and of those that the first one cuts, whole."""
    tables = {name: pack.shown(name) for name in pack.tables if not _is_whole_in_main(pack, name)}
    return _build(pack, tables, language, other="workbook")


def holding(pack: Pack, name: str, language: str) -> str:
    """Name the workbook in which a table is found: the first one, else the annex.

    >>> run = Pack({"flow": pd.DataFrame({"n": [335]}), "zz": pd.DataFrame()}, {}, {}, "en", synthetic=False)
    >>> [holding(run, name, "en") for name in run.tables]
    ['tables.xlsx', 'annex.xlsx']
    """
    return pack.files(language)["workbook" if _in_main(pack, name) else "annex"]


def titled(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Put the titles of tables, sections and figures in place of their ids.

    >>> titled(pd.DataFrame({"evidence": ["flow note_20"], "n": [1]}), "en")["evidence"].tolist()
    ['From received to adopted; Note 20']
    """
    worded = {
        name: frame[name].fillna("").map(lambda ids, key=key: _titles(ids, key, language))
        for name, key in TITLES.items()
        if name in frame
    }
    return frame.assign(**worded)


def _titles(ids: str, key: str, language: str) -> str:
    known = [(one, key.format(one)) for one in ids.split()]
    return "; ".join(texts.say(of, language) if texts.has(of, language) else one for one, of in known)


def _build(pack: Pack, tables: Mapping[str, pd.DataFrame], language: str, *, other: str) -> bytes:
    return xlsx_writer.build(
        tables,
        title=pack.say("report.title" if other == "annex" else "report.annex_title", language),
        language=pack.reader(language),
        marked=pack.marked,
        groups=groups(tables),
        beside=pack.say(f"report.beside_{other}", language, file=pack.files(language)[other]),
    )


def _in_main(pack: Pack, name: str) -> bool:
    # An empty sheet tells nobody anything: the page says in a sentence that a table has no rows.
    return len(pack.tables[name]) > 0 and any(fnmatchcase(name, pattern) for pattern in IN_MAIN)


def _as_on_the_page(pack: Pack, name: str) -> pd.DataFrame:
    """Give a table with the columns that the page shows, in both languages where it has both."""
    frame = pack.shown(name)
    wanted = columns_of(name, pack)
    kept = [column for key in wanted for column in (key, f"{key}_en", f"{key}_es") if column in frame]
    return frame[kept] if kept else frame


def _is_whole_in_main(pack: Pack, name: str) -> bool:
    whole = pack.shown(name)
    return _in_main(pack, name) and set(_as_on_the_page(pack, name)) == set(whole)
