"""What the PDF shows, as plain data: the same tables and figures as the page, fewer of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from ogp_analysis.language import labels, texts
from ogp_analysis.plan.citations import in_places, short_places
from ogp_analysis.report import answers_view, page_content
from ogp_analysis.report.page_content import FigureView, TableView
from ogp_analysis.report.run_files import Pack
from ogp_analysis.report.sections import PLAN, packaged
from ogp_analysis.report.where import Destination

QUOTES, LINES = "plan_quotes", "plan_lines"
POINTS = "points"
# Rows from which a column that says the same in each is told in a sentence.
FEWEST_ALIKE = 3


@dataclass(frozen=True)
class PaperTable:
    """One table of the PDF: which columns, in their order, and which rows."""

    id: str
    columns: tuple[str, ...] = ()
    rows: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class PaperSection:
    """One section of the PDF as ``paper.yaml`` describes it."""

    id: str
    text: bool = True
    figures: tuple[str, ...] = ()
    tables: tuple[PaperTable, ...] = ()
    quotes: tuple[str, ...] = ()
    widget: str = ""
    floats: bool = False
    opens: bool = False


def _section(entry: dict) -> PaperSection:
    tables = tuple(
        PaperTable(table["id"], tuple(table.get("columns", ())), table.get("rows", {}))
        for table in entry.get("tables", ())
    )
    given = {name: tuple(entry.get(name, ())) for name in ("figures", "quotes")}
    return PaperSection(
        entry["id"],
        entry.get("text", True),
        tables=tables,
        widget=entry.get("widget", ""),
        floats=entry.get("floats", False),
        opens=entry.get("opens", False),
        **given,
    )


PARTS = {part["id"]: tuple(map(_section, part["sections"])) for part in packaged("paper.yaml")}

# The tables that the PDF shows.
ON_PAPER = frozenset(table.id for some in PARTS.values() for section in some for table in section.tables)


@dataclass(frozen=True)
class SectionOnPaper:
    """A section as the PDF shows it; ``missing`` names the tables that the run lacks.

    ``floats``: its first figure may stand on the next page, with the text that follows before it; further
    ones stand behind the tables. ``opens``: it stands on the page that says what the document is.
    """

    id: str
    title: str
    paragraphs: list[str]
    quotes: list[tuple[str, str, str]]
    figures: list[FigureView]
    tables: list[TableView]
    missing: list[str]
    floats: bool = False
    opens: bool = False


@dataclass(frozen=True)
class PartOnPaper:
    """A part of the PDF; ``marked``: all of it rests on synthetic ratings."""

    title: str
    text: str
    marked: bool
    sections: list[SectionOnPaper]


def places(sections: Iterable[tuple[str, str]], pack: Pack, language: str) -> list[list[str]]:
    """Give titles of sections, the id of each that the PDF holds, and a remark; others are on the page alone.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> places([("ledger", "Register"), ("third", "Third evaluations")], run, "en")
    [['Register', '', 'web page'], ['Third evaluations', 'third', '']]
    """
    held = _held(pack)
    on_the_page = texts.say("report.on_the_page", language)
    return [[title, *((key, "") if key in held else ("", on_the_page))] for key, title in sections]


def places_of_point(destinations: Iterable[Destination], pack: Pack, language: str) -> list[list[str]]:
    """Give where the PDF answers a point; what it does not print is said to be on the page or in a file.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> looked_up = [Destination("Agreement", "#agreement", "agreement", ("note_20", "by_category"))]
    >>> places_of_point([*looked_up, Destination("Scores", "tables/settled.csv")], run, "en")
    [['Agreement', 'agreement', 'the rest: web page'], ['Scores', '', 'tables/settled.csv']]
    """
    held = _held(pack)
    return [_place_of_point(destination, held, language) for destination in destinations]


def _place_of_point(destination: Destination, held: Mapping[str, PaperSection], language: str) -> list[str]:
    if not destination.section:
        is_file = not destination.href.startswith("#")
        return [
            destination.title,
            "",
            destination.href if is_file else texts.say("report.on_the_page", language),
        ]
    section = held.get(destination.section)
    printed = {*section.figures, *(table.id for table in section.tables)} if section else set()
    named = set(destination.named)
    if section is None or (named and not named & printed):
        return [destination.title, "", texts.say("report.on_the_page", language)]
    rest = "" if named <= printed else texts.say("report.rest_on_the_page", language)
    return [destination.title, destination.section, rest]


def _held(pack: Pack) -> dict[str, PaperSection]:
    """Give the sections that the PDF holds, by id."""
    return {
        section.id: section
        for part, some in PARTS.items()
        for section in some
        if (pack.planned or part != PLAN) and _has_something(pack, section)
    }


def parts(pack: Pack, language: str) -> list[PartOnPaper]:
    """Put what the PDF shows into words.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> [part.marked for part in parts(run, "en")]
    [False, True, False]
    """
    values = page_content.facts(pack, language)
    cited = _places(pack, language)
    # The page of answers shows a table already, where there is one.
    read = answers_view.read(pack, language)
    above = read.first.id if read is not None and read.first is not None else ""
    return [
        PartOnPaper(
            title=pack.say(f"part.{part}.title", language),
            text=pack.say(f"part.{part}.text", language),
            marked=page_content.rests_on_ratings(pack, part),
            sections=[
                _on_paper(pack, section, part, values=values, places=cited, above=above, language=language)
                for section in sections
                if _has_something(pack, section)
            ],
        )
        for part, sections in PARTS.items()
        if pack.planned or part != PLAN
    ]


def _has_something(pack: Pack, section: PaperSection) -> bool:
    """Say whether one's own method has anything of a section: the plan's has all, or says what it lacks."""
    if pack.planned:
        return True
    drawn = {stem.partition(".")[0] for stem in pack.figures}
    has = drawn.intersection(section.figures) or any(table.id in pack.tables for table in section.tables)
    return section.widget != POINTS and (bool(has) or not (section.figures or section.tables))


def _on_paper(
    pack: Pack,
    section: PaperSection,
    part: str,
    *,
    values: Mapping[str, str],
    places: Mapping[int, str],
    above: str,
    language: str,
) -> SectionOnPaper:
    tables = [
        _in_places(_table(pack, wanted, language), places, language)
        for wanted in section.tables
        if wanted.id in pack.tables and wanted.id != above
    ]
    drawn = page_content.drawn(pack, language)
    if section.widget == POINTS:
        tables.append(page_content.points_table(pack, language))
    if section.widget == page_content.FINGERPRINTS:
        tables.append(page_content.hashes_table(pack, language, only=ON_PAPER))
    return SectionOnPaper(
        id=section.id,
        title=texts.say(f"section.{section.id}.title", language),
        paragraphs=[in_places(text, places) for text in _text(section, values, language)],
        quotes=_quotes(pack, section.quotes, language),
        figures=[
            page_content.figure(pack, name, drawn[name], part=part, values=values, language=language)
            for name in section.figures
            if name in drawn
        ],
        tables=[table for table in tables if table.rows],
        missing=[table.title for table in tables if not table.rows],
        floats=section.floats,
        opens=section.opens,
    )


def _places(pack: Pack, language: str) -> dict[int, str]:
    """Name the place of every cited line in the plan: on paper no sentence opens at the number of a line."""
    return short_places(pack.tables[LINES], language) if LINES in pack.tables else {}


def _in_places(table: TableView, places: Mapping[int, str], language: str) -> TableView:
    cites = [name in page_content.CITING for name in table.names]
    if not places or not table.names:
        return table
    return replace(
        table,
        note=in_places(table.note, places),
        header=[
            texts.say("column.place", language) if cite else head
            for cite, head in zip(cites, table.header, strict=True)
        ],
        rows=[[in_places(cell, places) for cell in row] for row in table.rows],
    )


def _text(section: PaperSection, values: Mapping[str, str], language: str) -> list[str]:
    """Give the text of a section: of its own where the PDF shows less than the page."""
    key = f"section.{section.id}.text"
    on_paper = f"{key}.on_paper"
    key = on_paper if texts.has(on_paper, language) else key
    return page_content.paragraphs(key, values, language) if section.text else []


def _quotes(pack: Pack, wanted: tuple[str, ...], language: str) -> list[tuple[str, str, str]]:
    if QUOTES not in pack.tables or not wanted:
        return []
    rows = labels.localised(pack.tables[QUOTES], language).set_index("id")
    return [(row["subject"], row["quote"], row["place"]) for row in rows.loc[list(wanted)].to_dict("records")]


def _table(pack: Pack, wanted: PaperTable, language: str) -> TableView:
    frame = pack.shown(wanted.id)
    kept = pd.Series(True, index=frame.index)
    for column, values in wanted.rows.items():
        kept &= frame[column].isin(values)
    view = page_content.table(pack, wanted.id, language, columns=wanted.columns, rows=kept)
    # What the PDF does not show of a table its note does not explain there.
    note = f"table.{wanted.id}.note.on_paper"
    view = replace(view, note=texts.say(note, language)) if texts.has(note, language) else view
    return without_constant_columns(view, language)


def without_constant_columns(table: TableView, language: str) -> TableView:
    """Say in a sentence what is the same in every row.

    >>> rows = [["S01", "yes"], ["S02", "yes"], ["S03", "yes"]]
    >>> table = TableView("t", "", "", ["code", "blind"], [False] * 2, rows, False)
    >>> told = without_constant_columns(table, "en")
    >>> told.header, told.note
    (['code'], 'In every row, blind yes.')
    """
    columns = range(len(table.header))
    alike = [at for at in columns if at and len({row[at] for row in table.rows}) == 1]
    if len(table.rows) < FEWEST_ALIKE or not alike:
        return table
    kept = [at for at in columns if at not in alike]
    repeated = "; ".join(f"{table.header[at]} {table.rows[0][at]}" for at in alike)
    sentence = texts.say("report.alike", language, said=repeated)
    return replace(
        table,
        note=f"{sentence} {table.note}".strip(),
        header=[table.header[at] for at in kept],
        numeric=[table.numeric[at] for at in kept],
        names=tuple(table.names[at] for at in kept) if table.names else (),
        rows=[[row[at] for at in kept] for row in table.rows],
    )
