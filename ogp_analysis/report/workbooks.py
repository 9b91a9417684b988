"""The tables of a run as two workbooks: what a reader needs, and the annex with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import pandas as pd

from ogp_analysis.output import xlsx_writer
from ogp_analysis.report.page_content import columns_of
from ogp_analysis.report.run_files import Pack
from ogp_analysis.report.sections import groups, packaged

IN_MAIN: tuple[str, ...] = tuple(packaged("workbook.yaml"))


def main(pack: Pack, language: str) -> bytes:
    """Make the workbook that a reader opens first: its tables have the columns that the page shows."""
    tables = {name: _as_on_the_page(pack, name) for name in pack.tables if _in_main(pack, name)}
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
