"""From a run to what is written on the page: words, cells and figures in one language, no markup yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ogp_analysis.language import labels, texts
from ogp_analysis.report.run_files import Pack
from ogp_analysis.report.sections import (
    MET,
    ON_SYNTHETIC,
    PARTLY,
    PARTS,
    PLAN,
    SECTIONS,
    SHAPES,
    Section,
    Shape,
    review_points,
)

# Bounds we chose: rows that a page shows unfolded; characters and columns from which a row is no longer read
# across; characters from which a column needs width.
LONG_TABLE = 30
LONG_ROW = 600
LONG_CELL = 60
MOST_COLUMNS = 16


@dataclass(frozen=True)
class TableView:
    """A table as texts: ``header`` and ``rows`` of strings, ``numeric`` by column.

    Parameters
    ----------
    id : str
        Id of the table.
    title, note : str
        Above and below it.
    header : list of str, length c
        Labels of the columns.
    numeric : list of bool, length c
        Whether a column holds numbers, which are set to the right.
    rows : list of list of str, shape (r, c)
        Every cell as the reader sees it.
    marked : bool
        Whether it rests on synthetic ratings.

    Examples
    --------
    >>> view = TableView("t", "Counts", "", ["text", "n"], [False, True], [["x" * 61, "43"]], marked=False)
    >>> view.kinds, view.long, view.records
    (['wide', 'number'], False, False)
    """

    id: str
    title: str
    note: str
    header: list[str]
    numeric: list[bool]
    rows: list[list[str]]
    marked: bool

    @cached_property
    def kinds(self) -> list[str]:
        """Say of each column whether it holds numbers, long texts or neither: ``number``, ``wide``, empty."""
        texts_of = [[row[column] for row in self.rows] for column in range(len(self.header))]
        wide = [any(len(cell) > LONG_CELL for cell in cells) for cells in texts_of]
        return [
            "number" if number else "wide" if long else ""
            for number, long in zip(self.numeric, wide, strict=True)
        ]

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
    """A figure: its SVG, title (the caption), alternative text, and whether it rests on synthetic ratings."""

    id: str
    title: str
    alt: str
    svg: str
    marked: bool


@dataclass(frozen=True)
class SectionView:
    """A section as a reader sees it; ``id``, ``part`` and ``widget`` are those of `sections.Section`.

    ``missing`` holds the titles of the tables that it asks for and the run lacks.
    """

    id: str
    part: str
    widget: str
    title: str
    paragraphs: list[str]
    figures: list[FigureView]
    tables: list[TableView]
    missing: list[str]


@dataclass(frozen=True)
class PartView:
    """One of the three parts of the report, with its sections; ``marked``: all rests on synthetic ratings."""

    id: str
    title: str
    text: str
    marked: bool
    sections: list[SectionView]


def parts(pack: Pack, language: str, *, paper: bool = False) -> list[PartView]:
    """Put the whole report into words, part by part.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> [(part.id, part.marked) for part in parts(run, "en")]
    [('plan', False), ('method', True), ('record', False)]
    """
    everything = sections(pack, language, paper=paper)
    return [
        PartView(
            id=part,
            title=pack.say(f"part.{part}.title", language),
            text=pack.say(f"part.{part}.text", language),
            marked=_rests_on_ratings(pack, part),
            sections=[section for section in everything if section.part == part],
        )
        for part in PARTS
        if pack.planned or part != PLAN
    ]


def _rests_on_ratings(pack: Pack, part: str) -> bool:
    return pack.synthetic and part == "method"


def sections(pack: Pack, language: str, *, paper: bool = False) -> list[SectionView]:
    """Put every section into words.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> [(section.id, section.missing) for section in sections(run, "en")][0]
    ('flow', ['From the proposals received to the commitments', 'Do the parts add up to the whole?'])
    """
    values = facts(pack, language)
    shown = [section for section in SECTIONS if _shown(pack, section)]
    return [_section(pack, section, values=values, language=language, paper=paper) for section in shown]


# The points are those that a reviewer of the Partnership asks of a plan.
OF_A_PLAN = ("points",)


def _shown(pack: Pack, section: Section) -> bool:
    if section.part not in PARTS or (section.optional and not pack.tables_of(section)):
        return False
    return pack.planned or (section.part != PLAN and section.id not in OF_A_PLAN)


def _section(
    pack: Pack, section: Section, *, values: Mapping[str, str], language: str, paper: bool
) -> SectionView:
    names = [name for name in pack.tables_of(section) if not paper or SHAPES.get(name, Shape()).on_paper]
    # A pattern asks for whatever there is: nothing of it can be missing.
    wanted = [name for name in section.tables if "*" not in name and not section.optional]
    figures = pack.figures_of(section, language)
    return SectionView(
        id=section.id,
        part=section.part,
        widget=section.widget,
        title=texts.say(f"section.{section.id}.title", language),
        paragraphs=paragraphs(f"section.{section.id}.text", values, language),
        figures=[
            figure(pack, name, svg, section=section, language=language) for name, svg in figures.items()
        ],
        tables=[table(pack, name, language, paper=paper) for name in names],
        missing=[labels.table_title(name, language) for name in wanted if name not in pack.tables],
    )


def figure(pack: Pack, name: str, svg: str, *, section: Section, language: str) -> FigureView:
    """Put one figure into words; without a text of its own its alternative text is the title.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> drawn = figure(run, "my_figure", "<svg/>", section=Section("flow", "plan"), language="en")
    >>> drawn.title, drawn.alt, drawn.marked
    ('my figure', 'my figure', False)
    """
    title_key, alt_key = f"figure.{name}.title", f"figure.{name}.alt"
    title = texts.say(title_key, language) if texts.has(title_key, language) else labels.plain_words(name)
    alt = texts.say(alt_key, language) if texts.has(alt_key, language) else title
    return FigureView(name, title, alt, svg, marked=_rests_on_ratings(pack, section.part))


def table(pack: Pack, name: str, language: str, *, paper: bool = False) -> TableView:
    """Put one table into words, with the columns (and on paper the rows) that ``tables.yaml`` names.

    >>> counts = pd.DataFrame({"category": [1], "share": [0.25]})
    >>> run = Pack({"counts": counts}, {}, {}, "en", synthetic=False)
    >>> table(run, "counts", "es").rows
    [['1', '0,25']]
    """
    everything = labels.localised(pack.shown(name), language)
    shape = SHAPES.get(name, Shape())
    wanted = _with_criteria((paper and shape.paper_columns) or shape.columns, pack.criteria)
    # A table of one's own method may have none of the columns that are named.
    columns = [column for column in wanted if column in everything] or list(everything.columns)
    rows = pd.Series(True, index=everything.index)
    for column, values in shape.paper_rows if paper else ():
        rows &= everything[column].isin(values)
    frame = everything.loc[rows, columns]
    shown = labels.displayed(frame, language)
    note = labels.table_note(name, language)
    if len(frame) < len(everything):
        only = texts.say("report.paper_rows", language, shown=len(frame), count=len(everything), name=name)
        note = f"{note} {only}".strip()
    if not len(everything):
        note = f"{note} {texts.say('report.no_rows', language)}".strip()
    return TableView(
        id=name,
        title=labels.table_title(name, language),
        note=note,
        header=[labels.column_label(column, language) for column in frame.columns],
        numeric=[pd.api.types.is_numeric_dtype(frame[column]) for column in frame.columns],
        rows=[list(row) for row in shown.itertuples(index=False, name=None)],
        marked=name in pack.marked,
    )


def _with_criteria(wanted: tuple[str, ...], criteria: list[str]) -> list[str]:
    """Write out ``{criterion}`` for every criterion of the run's method."""
    return [
        column.format(criterion=name)
        for column in wanted
        for name in (criteria if "{criterion}" in column else [""])
    ]


def facts(pack: Pack, language: str) -> dict[str, str]:
    """Name every single result of the run and write it in the reader's language.

    >>> run = Pack({}, {}, {"03_categories": {"final": 10, "share": 0.25}}, "es", synthetic=False)
    >>> said = facts(run, "es")
    >>> said["categories_final"], said["categories_share"], said["file_page"]
    ('10', '0,25', 'report.html')
    """
    files = {f"file_{kind}": name for kind, name in pack.files(language).items()}
    return files | {
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


def paragraphs(key: str, values: Mapping[str, str], language: str) -> list[str]:
    """Split a text into paragraphs and fill in the facts; one whose facts the run lacks is left out."""
    filled = (_filled(part, values) for part in texts.say(key, language).split("\n\n"))
    return [part for part in filled if part]


def _filled(text: str, values: Mapping[str, str]) -> str:
    # A paragraph on what the run did not compute is left out, not half filled in.
    try:
        return text.format_map(values)
    except KeyError:
        return ""


def points(pack: Pack, language: str) -> list[dict[str, object]]:
    """Put the twenty points of review into words, with what this run lacks for an answer.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> first = points(run, "en")[0]
    >>> first["point"], first["sections"][0][0]
    (1, 'flow')
    """
    rows = []
    known = review_points(organisations=pack.organisations, synthetic=pack.synthetic)
    for row in labels.localised(known, language).to_dict("records"):
        ids = row["sections"].split()
        wanted = row["tables"].split()
        missing = [labels.table_title(name, language) for name in wanted if name not in pack.tables]
        whys = [row["why"]]
        whys += [texts.say("report.missing_table", language, title=", ".join(missing))] if missing else []
        # The packaged grade is that of a run that has everything.
        answer = PARTLY if missing and row["answer"] in (MET, ON_SYNTHETIC) else row["answer"]
        verdict = ": ".join([texts.say(f"answer.{answer}", language), *whys])
        titles = [(key, texts.say(f"section.{key}.title", language)) for key in ids]
        rows.append({"point": row["point"], "asked": row["asked"], "answer": verdict, "sections": titles})
    return rows
