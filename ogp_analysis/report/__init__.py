"""The review pack: pages, PDF, workbook, CSV and LaTeX rebuilt from what a run wrote, without notebooks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ogp_analysis import export, latex, texts, workbook
from ogp_analysis.report import document, page
from ogp_analysis.report.pack import Pack, read
from ogp_analysis.report.sections import review_points

__all__ = ["build", "read", "review_points"]


def build(run_folder: Path | str, *, language: str | None = None) -> list[Path]:
    """Rebuild every readable form of a run from its tables, figures and results.

    Parameters
    ----------
    run_folder : Path or str
        Folder that holds ``tables/``, ``figures/`` and ``results.json`` (or ``results/``).
    language : str, optional
        ``"en"`` or ``"es"``: which of the two is ``report.html``, ``report.pdf`` and ``tables.xlsx``; the
        other stands beside them with its code in the name. Default: the language of the run.

    Returns
    -------
    list of Path
        The files written: for both languages a page, a PDF and a workbook; for every table a CSV for a
        Spanish Excel in ``excel/`` and LaTeX in ``latex/``.

    Raises
    ------
    RunError
        The folder holds no tables, or the disk refuses.
    """
    folder = Path(run_folder)
    pack = read(folder)
    first = language or pack.language
    pack = replace(pack, first=first)
    contents: dict[str, str | bytes] = {}
    for code in texts.LANGUAGES:
        mine, other = pack.files(code), pack.files(_other(code))
        contents[mine["page"]] = page.render(pack, language=code, other_page=other["page"])
        contents[mine["pdf"]] = document.render(pack, language=code)
        contents[mine["workbook"]] = workbook.build(pack.tables, language=code, marked=pack.marked)
    contents |= _single_tables(pack, first)
    return [export.write(folder / name, content) for name, content in contents.items()]


def _other(language: str) -> str:
    return next(code for code in texts.LANGUAGES if code != language)


def _single_tables(pack: Pack, language: str) -> dict[str, str | bytes]:
    contents: dict[str, str | bytes] = {}
    for name, frame in pack.tables.items():
        contents[f"excel/{name}.csv"] = export.excel_csv_bytes(frame, language="es")
        contents[f"latex/{name}.tex"] = latex.table(
            frame, name=name, language=language, synthetic=name in pack.marked
        )
    return contents
