"""What a run wrote, read back for reporting."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis.assessment.results import OF_THIRDS
from ogp_analysis.errors import RunError
from ogp_analysis.language import labels, texts
from ogp_analysis.language.escaping import HIDDEN, everywhere, visible
from ogp_analysis.language.texts import Language
from ogp_analysis.model.method_words import variant_of
from ogp_analysis.model.records import CATEGORIES
from ogp_analysis.model.results import SYNTHETIC, TABLES_OF_WEIGHTINGS
from ogp_analysis.output import canonical
from ogp_analysis.report.sections import PLAN, SECTIONS, Section, order_of_tables

# Name of the packaged method, which a method of one's own does not have.
PLANS_METHOD = "ecuador-2019"
LEDGER, PARAMETERS, REGISTER = "ledger", "parameters", "proposals_register"
PLANS_NOTEBOOK = "05_plan_tables"
# Of a section of another part, and yet nothing where there is no plan.
OF_A_PLAN = frozenset({"review_points", "proposals_participation", "top_outside"})
# Tables that compare the panels of a criterion; of an older version, where there was one panel too.
OF_TWO_PANELS = frozenset({"panels", "panel_scores", "differences"})
OF_PANELS = OF_TWO_PANELS | {"categories_by_side"}
# In the register the share of pairs that match; elsewhere a column of this name may be another thing.
OF_THE_REGISTER = {"ledger": frozenset({"agreement"})}


@dataclass(frozen=True)
class Pack:
    """One run as a reader needs it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Every table of the run, in the order of the report.
    figures : mapping of str to str
        SVG text by file stem, such as ``"flow.es"``.
    results : mapping of str to mapping
        Results by notebook.
    language : str
        Language of the run.
    synthetic : bool
        Whether the ratings are synthetic: then everything of part ``method`` is marked.
    first : str
        Language whose files bear no code in their names; empty: that of the run.
    hashes : mapping of str to str
        SHA-256 of the file of each table, by its id.

    Examples
    --------
    >>> pack = Pack({"flow": pd.DataFrame(), "ledger": pd.DataFrame()}, {}, {}, "en", synthetic=True)
    >>> sorted(pack.marked), pack.files("es")["page"]
    (['ledger'], 'report.es.html')
    """

    tables: Mapping[str, pd.DataFrame]
    figures: Mapping[str, str]
    results: Mapping[str, Mapping[str, object]]
    language: str
    synthetic: bool
    first: str = ""
    hashes: Mapping[str, str] = field(default_factory=dict)

    def files(self, language: str) -> dict[str, str]:
        """Name the page, the PDF and the workbooks in a language; the first language's have no code."""
        ending = "" if language == (self.first or self.language) else f".{language}"
        return {
            "page": f"report{ending}.html",
            "pdf": f"report{ending}.pdf",
            "workbook": f"tables{ending}.xlsx",
            "annex": f"annex{ending}.xlsx",
            "proposals": f"proposals{ending}.html",
        }

    @cached_property
    def marked(self) -> frozenset[str]:
        """Ids of the tables that rest on synthetic ratings."""
        if not self.synthetic:
            return frozenset()
        # A table that no section holds is marked too: better a mark too many than a number taken for real.
        clear = [section for section in SECTIONS if section.part != "method"]
        plan = {name for name in self.tables if any(section.holds(name) for section in clear)}
        return frozenset(set(self.tables) - plan - {PARAMETERS})

    @property
    def method(self) -> Mapping | None:
        """The method that the run recorded (`parameters_and_gaps.method_in_use`); None where it did not."""
        recorded_methods = (results.get("method") for results in self.results.values())
        return next((method for method in recorded_methods if isinstance(method, dict)), None)

    @property
    def language_of_titles(self) -> str:
        """Code of the language of the proposals' titles; empty where the run did not record it."""
        return str((self.method or {}).get("language_of_titles", ""))

    @property
    def criteria(self) -> list[str]:
        """Keys of the criteria of that method, in its order; empty where there is none."""
        return [criterion["name"] for criterion in self.method["criteria"]] if self.method else []

    @property
    def categories(self) -> list[int]:
        """Numbers of the categories of that method."""
        return list((self.method or {}).get("categories", CATEGORIES))

    @property
    def planned(self) -> bool:
        """Whether the method belongs to a published plan, whose facts are then shown."""
        # A run that recorded no plan of its method is one of an older version, which knew no other.
        return self.method is None or bool(self.method.get("plan", PLANS_METHOD))

    @property
    def thirds_foreseen(self) -> bool:
        """Whether a third evaluation is foreseen in any criterion of that method."""
        listed = (self.method or {}).get("criteria", [])
        # A run of an older version did not say it: then nothing is left out.
        return any(criterion.get("foreseen", True) for criterion in listed) or not listed

    @property
    def unfit(self) -> frozenset[str]:
        """Ids of the tables that a method without a plan, or with one panel a criterion, cannot have."""
        method = self.method or {}
        panels = OF_TWO_PANELS if method.get("unpaired") else frozenset()
        panels |= OF_PANELS if method.get("one_panel") else frozenset()
        weightings = TABLES_OF_WEIGHTINGS if method.get("unweighted") else frozenset()
        return frozenset() if self.planned else OF_A_PLAN | panels | weightings

    def key(self, key: str) -> str:
        """Give the key of a text that speaks of the method: with another than the plan's it ends in _own."""
        own = (
            self.planned and self.method is not None and self.method.get("name", PLANS_METHOD) != PLANS_METHOD
        )
        return f"{key}_own" if own and texts.has(f"{key}_own") else key

    def reader(self, language: str) -> Language:
        """Give a language that knows the titles of the run's method.

        >>> words = {"en": {"category.1": "Category 1: goes on"}}
        >>> run = Pack({}, {}, {"06": {"method": {"plan": "", "words": words}}}, "en", synthetic=False)
        >>> texts.say("category.1", run.reader("en"))
        'Category 1: goes on'
        """
        method = self.method or {}
        words = method.get("words", {})
        variant = variant_of(
            self.planned,
            bool(method.get("juried")),
            bool(method.get("composite")),
            one_stage=bool(method.get("one_stage")),
            unweighted=bool(method.get("unweighted")),
            twos=bool(method.get("twos")),
        )
        return Language(language, words.get(language, {}), variant, words)

    def say(self, key: str, language: str, **values: object) -> str:
        """Say a text of the report in the words of the run's method; ``{case}`` is its case or title."""
        reader = self.reader(language)
        titled = (key for key in ("case.title", "method.title") if texts.has(key, reader))
        case = next((texts.say(key, reader) for key in titled), "")
        return texts.say(self.key(key), reader, **values, **({} if self.planned else {"case": case}))

    @property
    def organisations(self) -> bool:
        """Whether the run was given the organisation of any evaluator who rated."""
        conflicts = self.tables.get("ratings_stakes")
        return conflicts is not None and bool(
            (conflicts["organisation_unknown"] < conflicts["all_ratings"]).any()
        )

    def shown(self, name: str) -> pd.DataFrame:
        """Give a table as a page, a sheet or LaTeX shows it, whose mark says what ``synthetic`` says.

        >>> rated = pd.DataFrame({"proposals": [43], "synthetic": ["yes"]})
        >>> list(Pack({"fates": rated}, {}, {}, "en", synthetic=True).shown("fates"))
        ['proposals']
        """
        return self.tables[name].drop(columns=SYNTHETIC, errors="ignore")

    def tables_of(self, section: Section) -> list[str]:
        """List the tables of a section that this run has."""
        return [name for name in self.tables if section.takes_table(name)]

    def figures_of(self, section: Section, language: str) -> dict[str, str]:
        """Give the figures of a section by id, each in the reader's language where it was drawn in it."""
        drawn: dict[str, str] = {}
        for stem, svg in self.figures.items():
            name, _, code = stem.partition(".")
            if section.takes_figure(name) and code in ("", language):
                drawn[name] = svg
        return drawn


def read(folder: Path | str) -> Pack:
    r"""Read the tables, figures and results of a run.

    Parameters
    ----------
    folder : Path or str
        The run's folder.

    Returns
    -------
    Pack
        All that the report needs.

    Raises
    ------
    RunError
        The folder holds no ``tables/*.csv``, or its results are no JSON.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = canonical.write(folder / "tables" / "flow.csv", "node,proposals\nreceived,335\n")
    >>> _ = canonical.write(folder / "results.json", '{"05_plan_tables": {"language": "es"}}')
    >>> pack = read(folder)
    >>> list(pack.tables), pack.language, pack.synthetic
    (['flow'], 'es', False)
    """
    folder = Path(folder)
    paths = {path.stem: path for path in folder.glob("tables/*.csv")}
    if not paths:
        msg = f"{folder} holds no tables/*.csv: is it the folder of a finished run?"
        raise RunError(msg, key="report.no_tables", path=str(folder))
    results = read_results(folder)
    whole = Pack(
        # Shown once, here: every form of the report says the same.
        tables={name: _shown(canonical.read_table(paths[name])) for name in order_of_tables(paths)},
        figures={
            path.name.removesuffix(".svg"): visible(path.read_text(encoding="utf-8"))
            for path in sorted(folder.glob("figures/*.svg"))
        },
        results=results,
        language=_language(results),
        # One is enough: the notebooks of a run read the same ratings.
        synthetic=any(bool(result.get("synthetic")) for result in results.values()),
        hashes={name: hashlib.sha256(paths[name].read_bytes()).hexdigest() for name in sorted(paths)},
    )
    if whole.planned:
        return whole
    whole = whole if whole.thirds_foreseen else _without_thirds(whole)
    return _without_plan(whole if not (whole.method or {}).get("unweighted") else _without_weights(whole))


def _without_thirds(pack: Pack) -> Pack:
    """Leave out what speaks of third evaluations, where the method calls for none."""
    tables = {name: frame for name, frame in pack.tables.items() if name not in OF_THIRDS}
    for name, frame in tables.items():
        dropped = labels.OF_THIRDS | OF_THE_REGISTER.get(name, frozenset())
        tables[name] = frame.drop(columns=[column for column in frame if str(column) in dropped])
    figures = {stem: svg for stem, svg in pack.figures.items() if stem.partition(".")[0] not in OF_THIRDS}
    return replace(pack, tables=tables, figures=figures)


def _without_weights(pack: Pack) -> Pack:
    """Leave out what speaks of other weightings, where no weight can vary."""
    tables = {
        name: frame.drop(columns=[column for column in frame if labels.OF_WEIGHTINGS.fullmatch(str(column))])
        for name, frame in pack.tables.items()
        if name not in TABLES_OF_WEIGHTINGS
    }
    return replace(pack, tables=tables)


def _without_plan(pack: Pack) -> Pack:
    """Leave out what speaks of a plan that the method does not have."""
    plans = [section for section in SECTIONS if section.part == PLAN]
    rest = [section for section in SECTIONS if section.part != PLAN]

    def kept(takes: str, name: str) -> bool:
        takes_it = [getattr(section, takes)(name) for section in plans]
        return not any(takes_it) or any(getattr(section, takes)(name) for section in rest)

    return replace(
        pack,
        tables={
            name: frame.drop(columns=[column for column in frame if column in labels.OF_A_PLAN])
            for name, frame in pack.tables.items()
            if name not in pack.unfit and kept("holds", name)
        },
        figures={
            stem: svg for stem, svg in pack.figures.items() if kept("takes_figure", stem.partition(".")[0])
        },
        results={name: result for name, result in pack.results.items() if name != PLANS_NOTEBOOK},
    )


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Show in a table of texts what would turn their direction or steer a reader's program."""
    texts_only = {
        name: column.map(everywhere)
        for name, column in frame.items()
        # Most columns hold nothing to show: to look is a tenth of the work of making each anew.
        if column.dtype in ("str", object) and any(map(_is_steering, column.tolist()))
    }
    shown = frame.assign(**texts_only) if texts_only else frame
    return shown.rename(columns=everywhere)


def _is_steering(value: object) -> bool:
    return isinstance(value, str) and HIDDEN.search(value) is not None


def read_results(folder: Path) -> dict[str, dict[str, object]]:
    """Read ``results.json``, or merge ``results/*.json`` where a run has not merged them yet.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = canonical.write(folder / "results" / "03_categories.json", '{"final": 10}')
    >>> read_results(folder)
    {'03_categories': {'final': 10}}
    """
    try:
        if (folder / "results.json").exists():
            merged = _record_of(folder / "results.json")
            merged = merged.get("notebooks", merged)
            return {name: result for name, result in merged.items() if isinstance(result, dict)}
        return {path.stem: _record_of(path) for path in sorted(folder.glob("results/*.json"))}
    except ValueError as error:
        msg = f"the results in {folder} are no JSON: {error}"
        raise RunError(msg, key="report.broken_results", path=str(folder), cause=str(error)) from error


def _record_of(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        # The place alone: what Python says of it is English.
        message = f"{path.name}:{error.lineno}:{error.colno}"
        raise ValueError(message) from error
    if not isinstance(record, dict):
        message = f"{path.name}: {str(record)[:40]}"
        raise ValueError(message)
    return everywhere(record)


def _language(results: Mapping[str, Mapping[str, object]]) -> str:
    named = [str(result["language"]) for result in results.values() if "language" in result]
    # A run has one language, so the first notebook that says it speaks for all.
    return named[0] if named and named[0] in texts.LANGUAGES else texts.LANGUAGES[0]


def bottom_lines(pack: Pack, language: str) -> list[str]:
    """Collect the bottom lines of the notebooks; one in the run's language alone stands on that page only.

    >>> results = {"05_plan_tables": {"bottom_line": {"en": "335 close.", "es": "335 cierran."}}}
    >>> bottom_lines(Pack({}, {}, results, "en", synthetic=False), "es")
    ['335 cierran.']
    """
    return [
        line for _, results in sorted(pack.results.items()) if (line := _bottom_line(pack, results, language))
    ]


def _bottom_line(pack: Pack, results: Mapping[str, object], language: str) -> str:
    lines = results.get("bottom_line")
    if isinstance(lines, Mapping):
        return str(lines.get(language, ""))
    return str(results.get("headline", "")) if language == pack.language else ""
