"""The hashes of a run's tables as a table: what is read here can be compared with a file, without Python."""

from __future__ import annotations

from collections.abc import Collection

from ogp_analysis.language import labels, texts
from ogp_analysis.report.page_content import TableView
from ogp_analysis.report.run_files import Pack

FINGERPRINTS = "hashes"


def table(pack: Pack, language: str, only: Collection[str] = ()) -> TableView:
    """List the SHA-256 of the file of each table that the report has, or of those among them that are named.

    >>> import pandas as pd
    >>> tables = {"flow": pd.DataFrame(), "errata": pd.DataFrame()}
    >>> run = Pack(tables, {}, {}, "en", synthetic=False, hashes={"flow": "ab12", "errata": "cd34"})
    >>> table(run, "en", only=["flow"]).rows
    [['tables/flow.csv', 'ab12']]
    """
    rows = [
        [f"tables/{name}.csv", digest]
        for name, digest in pack.hashes.items()
        if name in pack.tables and (not only or name in only)
    ]
    header = [texts.say(f"column.{name}", language) for name in ("file", "sha256")]
    title, note = labels.table_title(FINGERPRINTS, language), labels.table_note(FINGERPRINTS, language)
    return TableView(FINGERPRINTS, title, note, header, [False, False], rows, marked=False)
