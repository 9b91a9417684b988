"""From a run to what is written on the page: words, cells and figures in one language, no markup yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from ogp_analysis import labels, texts
from ogp_analysis.report.pack import Pack
from ogp_analysis.report.sections import SECTIONS, Section

LONG_TABLE = 30
LONG_ROW = 600
MOST_COLUMNS = 16


@dataclass(frozen=True)
class TableView:
    """A table as texts: ``header`` and ``rows`` of strings, ``numeric`` by column."""

    id: str
    title: str
    note: str
    header: list[str]
    numeric: list[bool]
    rows: list[list[str]]
    marked: bool

    @property
    def long(self) -> bool:
        """Whether the page folds it."""
        return len(self.rows) > LONG_TABLE

    @property
    def records(self) -> bool:
        """Whether its rows are too long for a grid and are shown one below the other."""
        characters = sum(len(cell) for row in self.rows for cell in row)
        return characters > LONG_ROW * max(len(self.rows), 1) or len(self.header) > MOST_COLUMNS


@dataclass(frozen=True)
class FigureView:
    """A figure: its SVG, title (the caption) and alternative text."""

    id: str
    title: str
    alt: str
    svg: str
    marked: bool


@dataclass(frozen=True)
class SectionView:
    """A section as a reader sees it."""

    id: str
    part: str
    widget: str
    title: str
    paragraphs: list[str]
    figures: list[FigureView]
    tables: list[TableView]
    missing: list[str]


def sections(pack: Pack, language: str) -> list[SectionView]:
    """Put every section into words.

    Parameters
    ----------
    pack : Pack
        The run.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    list of SectionView
        In the order of ``data/report/sections.yaml``.
    """
    said = facts(pack, language)
    return [_section(pack, section, said=said, language=language) for section in SECTIONS]


def _section(pack: Pack, section: Section, *, said: Mapping[str, str], language: str) -> SectionView:
    names = pack.tables_of(section)
    wanted = [name for name in section.tables if "*" not in name]
    figures = pack.figures_of(section, language)
    return SectionView(
        id=section.id,
        part=section.part,
        widget=section.widget,
        title=texts.say(f"section.{section.id}.title", language),
        paragraphs=paragraphs(f"section.{section.id}.text", said, language),
        figures=[
            figure(pack, name, svg, section=section, language=language) for name, svg in figures.items()
        ],
        tables=[table(pack, name, language) for name in names],
        missing=[labels.table_title(name, language) for name in wanted if name not in names],
    )


def figure(pack: Pack, name: str, svg: str, *, section: Section, language: str) -> FigureView:
    """Put one figure into words; without a text of its own its alternative text is the title."""
    title_key, alt_key = f"figure.{name}.title", f"figure.{name}.alt"
    title = texts.say(title_key, language) if texts.has(title_key, language) else labels.plain_words(name)
    alt = texts.say(alt_key, language) if texts.has(alt_key, language) else title
    return FigureView(name, title, alt, svg, marked=pack.synthetic and section.part == "method")


def table(pack: Pack, name: str, language: str) -> TableView:
    """Put one table into words."""
    frame = labels.localised(pack.tables[name], language)
    shown = labels.displayed(frame, language)
    return TableView(
        id=name,
        title=labels.table_title(name, language),
        note=labels.table_note(name, language),
        header=[labels.column_label(column, language) for column in frame.columns],
        numeric=[pd.api.types.is_numeric_dtype(frame[column]) for column in frame.columns],
        rows=[list(row) for row in shown.itertuples(index=False, name=None)],
        marked=name in pack.marked,
    )


def facts(pack: Pack, language: str) -> dict[str, str]:
    """Name every single result of the run and write it in the reader's language.

    Parameters
    ----------
    pack : Pack
        The run.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    dict
        Text by name: ``categories_n_proposals`` is the key ``n_proposals`` of ``03_categories``; nested keys
        are joined by ``_``.
    """
    return {
        f"{re.sub(r'^[0-9]+_', '', notebook)}_{name}": _fact(value, language)
        for notebook, results in pack.results.items()
        for name, value in _leaves(results)
    }


def _leaves(results: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in results.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}_")
        else:
            yield f"{prefix}{key}", value


def _fact(value: object, language: str) -> str:
    if labels.is_number(value):
        return texts.number(float(value), language, labels.digits_needed([float(value)]))
    if isinstance(value, list):
        return ", ".join(_fact(item, language) for item in value)
    return "–" if value is None else str(value)


def paragraphs(key: str, said: Mapping[str, str], language: str) -> list[str]:
    """Split a text into paragraphs and fill in the facts; one whose facts the run lacks is left out."""
    filled = (_filled(part, said) for part in texts.say(key, language).split("\n\n"))
    return [part for part in filled if part]


def _filled(text: str, said: Mapping[str, str]) -> str:
    try:
        return text.format_map(said)
    except KeyError:
        return ""


def bottom_lines(pack: Pack, language: str) -> list[str]:
    """Collect the computed bottom line of every notebook, in their order."""
    found = [results.get("bottom_line") for _, results in sorted(pack.results.items())]
    return [str(line[language]) for line in found if isinstance(line, Mapping) and language in line]
