"""A finished run on the page: its bottom lines, its files, a zip of it, and what changed against another."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis.cli.compare import is_synthetic, read_side
from ogp_analysis.compare import comparison as comparing
from ogp_analysis.compare import page as comparison_page
from ogp_analysis.language import texts
from ogp_analysis.output import canonical
from ogp_analysis.runs.run_results import RESULTS, headlines

# What a reader opens first, in this order; the rest is in the zip.
SHOWN: tuple[str, ...] = (
    "report.html",
    "report.es.html",
    "report.en.html",
    "report.pdf",
    "report.es.pdf",
    "report.en.pdf",
)
SHOWN += ("tables.xlsx", "tables.es.xlsx", "tables.en.xlsx", "annex.xlsx", "annex.es.xlsx", "annex.en.xlsx")
SHOWN += ("proposals.html", "proposals.es.html", "proposals.en.html")
# Of the same files the same bytes: a zip keeps a date of each, and none may be older.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Outcome:
    """What the page shows of a run.

    Parameters
    ----------
    name : str
        Of the run.
    lines : tuple of str
        What its notebooks found, a sentence each.
    files : tuple of str
        Files to open, those that exist.
    synthetic : bool
        Whether its ratings were invented.
    counts : DataFrame or None
        Proposals by category, where the run has that table.
    """

    name: str
    lines: tuple[str, ...]
    files: tuple[str, ...]
    synthetic: bool
    counts: pd.DataFrame | None


def outcome(folder: Path, language: str) -> Outcome:
    """Read what a run found.

    Parameters
    ----------
    folder : Path
        Of a finished run.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    Outcome
        In words of that language.
    """
    results: dict[str, Any] = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    table = folder / "tables" / "category_counts.csv"
    return Outcome(
        folder.name,
        tuple(headlines(results, language)),
        tuple(name for name in SHOWN if (folder / name).is_file()),
        is_synthetic(folder),
        canonical.read_table(table).drop(columns="synthetic", errors="ignore") if table.is_file() else None,
    )


def zipped(folder: Path) -> bytes:
    """Put a run into one file: the same run gives the same bytes.

    >>> import tempfile
    >>> run = Path(tempfile.mkdtemp()) / "base"
    >>> run.mkdir()
    >>> _ = (run / "results.json").write_text("{}", encoding="utf-8")
    >>> zipfile.ZipFile(io.BytesIO(zipped(run))).namelist()
    ['base/results.json']
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                name = path.relative_to(folder.parent).as_posix()
                info = zipfile.ZipInfo(name, ZIP_DATE)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(info, path.read_bytes())
    return content.getvalue()


def content(path: Path) -> bytes:
    """Read a file of a run."""
    return path.read_bytes()


def changes(first: Path, second: Path, language: str) -> str:
    """Write the page of what differs from one run to another: that of ``ogp compare --page``."""
    return comparison_page.page(comparing.compare(read_side(first), read_side(second)), language)


def file_label(name: str, language: str) -> str:
    """Word a file of a run for its link.

    >>> file_label("report.es.pdf", "en")
    'report as PDF (Spanish)'
    """
    stem, *code, ending = name.split(".")
    words = texts.say(f"app.results.{stem}_{ending}", language)
    if not code:
        return words
    named = texts.say(f"app.language.{code[0]}", language)
    return texts.say("app.results.in_language", language, file=words, in_language=named)
