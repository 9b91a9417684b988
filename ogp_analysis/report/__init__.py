"""The review pack of a run: what became of each proposal, four answers, page, PDF, workbooks, CSV, LaTeX."""

from __future__ import annotations

from ogp_analysis.model.missing_extras import need

need("jinja2", "typst", "pikepdf")

from dataclasses import replace
from pathlib import Path

from ogp_analysis.language import texts
from ogp_analysis.output import canonical, latex
from ogp_analysis.report.run_files import LEDGER, REGISTER, Pack, read
from ogp_analysis.report.sections import review_points

__all__ = ["FORMS", "build", "build_form", "read", "review_points"]

EXCEL, LATEX = "excel", "latex"
FORMS = (*texts.LANGUAGES, EXCEL, LATEX)


def build(run_folder: Path | str, *, language: str | None = None) -> list[Path]:
    """Rebuild every readable form of a run from its tables, figures and results.

    Parameters
    ----------
    run_folder : Path or str
        Folder that holds ``tables/``, ``figures/`` and ``results.json`` (or ``results/``).
    language : str, optional
        ``"en"`` or ``"es"``: which of the two is ``report.html``, ``report.pdf``, ``tables.xlsx`` and
        ``annex.xlsx``; the other stands beside them with its code in the name. Default: the language of the
        run.

    Returns
    -------
    list of Path
        The files written: for both languages a page, a PDF, a workbook of what a reader needs and one of the
        rest; for every table a CSV for a Spanish Excel in ``excel/`` and LaTeX in ``latex/``.

    Raises
    ------
    RunError
        The folder holds no tables, or the disk refuses.
    """
    folder = Path(run_folder)
    pack = _opened(folder, language)
    # Everything is made before anything is written: a table that breaks leaves the old pages whole.
    return _write(folder, _contents(pack, *FORMS))


def build_form(run_folder: Path | str, *forms: str, language: str | None = None) -> list[Path]:
    """Rebuild some forms of `build`, so that several processes can share the work.

    Parameters
    ----------
    run_folder, language
        As for `build`.
    *forms : str
        Of `FORMS`: ``"en"`` or ``"es"`` (page, PDF and workbooks in that language), ``"excel"`` (a CSV
        for each table) or ``"latex"`` (a LaTeX file for each).

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    RunError
        As for `build`.
    """
    return _write(Path(run_folder), _contents(_opened(Path(run_folder), language), *forms))


def _opened(folder: Path, language: str | None) -> Pack:
    pack = read(folder)
    return replace(pack, first=language or pack.language)


def _write(folder: Path, contents: dict[str, str | bytes]) -> list[Path]:
    return [canonical.write(folder / name, content) for name, content in contents.items()]


def _contents(pack: Pack, *forms: str) -> dict[str, str | bytes]:
    single = {EXCEL: _excel, LATEX: _latex}
    parts = [single[form](pack) if form in single else _in_language(pack, form) for form in forms]
    return {name: content for part in parts for name, content in part.items()}


def _in_language(pack: Pack, language: str) -> dict[str, str | bytes]:
    # A run asks this package for names of parameters, notebook 6 for its review points only: what makes the
    # forms would take each of their processes half a second to load.
    from ogp_analysis.report import page, pdf, workbooks

    files, other = pack.files(language), pack.files(_other(language))
    return _public(pack, language, files, other) | {
        files["page"]: page.render(pack, language=language, other_page=other["page"]),
        files["pdf"]: pdf.render(pack, language=language),
        files["workbook"]: workbooks.main(pack, language),
        files["annex"]: workbooks.annex(pack, language),
    }


def _public(
    pack: Pack, language: str, files: dict[str, str], other: dict[str, str]
) -> dict[str, str | bytes]:
    """Make the public page, where the run has the register of the proposals received."""
    if REGISTER not in pack.tables:
        return {}
    from ogp_analysis.proposals.register import set_aside_in
    from ogp_analysis.report import public_pages

    ledger = pack.tables.get(LEDGER)
    made = public_pages.files(
        pack.tables[REGISTER],
        pack.reader(language),
        name=files["proposals"],
        ledger=ledger,
        other_page=other["proposals"],
        report_page=files["page"],
        synthetic=pack.synthetic,
        set_aside=set_aside_in(pack.tables["proposals_flow"]),
    )
    return dict(made)


def _other(language: str) -> str:
    return next(code for code in texts.LANGUAGES if code != language)


def _excel(pack: Pack) -> dict[str, str | bytes]:
    # Always Spanish: Excel in Ecuador takes a decimal point for text or for thousands; the canonical CSV is
    # in tables/.
    spanish = pack.reader("es")
    return {
        f"excel/{name}.csv": canonical.excel_csv_bytes(frame, language=spanish, table=name)
        for name, frame in pack.tables.items()
    }


def _latex(pack: Pack) -> dict[str, str | bytes]:
    from ogp_analysis.report import page_content

    return {
        f"latex/{name}.tex": latex.table(
            pack.shown(name),
            name=name,
            language=pack.reader(pack.first),
            synthetic=name in pack.marked,
            columns=page_content.columns_of(name, pack),
        )
        for name in pack.tables
    }
