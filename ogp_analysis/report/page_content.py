"""From a run to what is written on the page: words, cells and figures in one language, no markup yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ogp_analysis import __version__
from ogp_analysis.language import labels, texts
from ogp_analysis.report import caption_numbers, explorer, where
from ogp_analysis.report.run_files import Pack
from ogp_analysis.report.sections import (
    COLUMNS,
    MET,
    METHOD,
    ON_SYNTHETIC,
    PARTLY,
    PARTS,
    PLAN,
    SECTIONS,
    Section,
    review_points,
)

# Bounds we chose: rows and characters that a page shows unfolded; characters and columns from which a row
# is no longer read across; characters from which a column needs width.
LONG_TABLE, LONG_IN_ALL = 12, 700
LONG_ROW = 600
LONG_CELL = 60
# Characters from which the head of a column needs width, and much of it.
LONG_HEADS = (16, 34)
# Columns whose numbers are lines of the transcription.
CITING = ("line", "lines")
MOST_COLUMNS = 16
LONGEST_ALT = 250


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
    names : tuple of str
        The columns' own names; empty where they do not matter.
    titles_in : str
        Language of the titles of proposals, where it is another than the page's; else empty.
    why : str
        Why there are no rows, where it is not that there is nothing to list.

    Examples
    --------
    >>> view = TableView("t", "Counts", "", ["text", "n"], [False, True], [["x" * 61, "43"]], marked=False)
    >>> view.kinds, view.long, view.records
    (['wide', 'number'], False, False)
    >>> TableView("t", "", "", ["of the method", "x" * 35], [False, True], [], marked=False).head_kinds
    ['', 'number longest']
    """

    id: str
    title: str
    note: str
    header: list[str]
    numeric: list[bool]
    rows: list[list[str]]
    marked: bool
    names: tuple[str, ...] = ()
    titles_in: str = ""

    @property
    def languages(self) -> list[str]:
        """Give the language of each column where it is not the page's: a screen reader must know it."""
        return [self.titles_in if name == "title" else "" for name in self.names or self.header]

    why: str = ""

    @cached_property
    def kinds(self) -> list[str]:
        """Say of each column what it holds: ``number``, ``wide`` (long texts), ``cite`` (lines), empty."""
        texts_of = [[row[column] for row in self.rows] for column in range(len(self.header))]
        wide = [any(len(cell) > LONG_CELL for cell in cells) for cells in texts_of]
        names = self.names or ("",) * len(self.header)
        return [
            "cite" if name in CITING else "number" if number else "wide" if long else ""
            for name, number, long in zip(names, self.numeric, wide, strict=True)
        ]

    @property
    def head_kinds(self) -> list[str]:
        """Say of each column how its head is set: ``number``, and by its length ``long`` or ``longest``."""
        lengths = [sum(len(head) > most for most in LONG_HEADS) for head in self.header]
        sizes = [("", "long", "longest")[length] for length in lengths]
        return [
            " ".join(filter(None, ("number" if number else "", size)))
            for number, size in zip(self.numeric, sizes, strict=True)
        ]

    @property
    def long(self) -> bool:
        """Whether the page folds it."""
        characters = sum(len(cell) for row in self.rows for cell in row)
        return len(self.rows) > LONG_TABLE or characters > LONG_IN_ALL

    @property
    def records(self) -> bool:
        """Whether its rows are too long for a grid and are shown one below the other."""
        characters = sum(len(cell) for row in self.rows for cell in row)
        return characters > LONG_ROW * max(len(self.rows), 1) or len(self.header) > MOST_COLUMNS


@dataclass(frozen=True)
class FigureView:
    """A figure: its SVG, title (what it shows), alternative text, and a note on how to read it.

    ``narrow``: the SVG that a narrow screen shows, empty where there is none.

    ``marked``: it rests on synthetic ratings.
    """

    id: str
    title: str
    alt: str
    svg: str
    marked: bool
    note: str = ""
    narrow: str = ""


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


def parts(pack: Pack, language: str) -> list[PartView]:
    """Put the whole report into words, part by part.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> [(part.id, part.marked) for part in parts(run, "en")]
    [('plan', False), ('method', True), ('record', False)]
    """
    everything = sections(pack, language)
    return [
        PartView(
            id=part,
            title=pack.say(f"part.{part}.title", language),
            text=pack.say(f"part.{part}.text", language),
            marked=rests_on_ratings(pack, part),
            sections=[section for section in everything if section.part == part],
        )
        for part in PARTS
        if pack.planned or part != PLAN
    ]


def rests_on_ratings(pack: Pack, part: str) -> bool:
    """Say whether all of a part of the report rests on synthetic ratings."""
    return pack.synthetic and part == METHOD


def sections(pack: Pack, language: str) -> list[SectionView]:
    """Put every section into words.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> [(section.id, section.missing) for section in sections(run, "en")][1]
    ('flow', ['From the proposals received to the commitments', 'Do the parts add up to the whole?'])
    """
    values = facts(pack, language)
    shown = [section for section in SECTIONS if _shown(pack, section)]
    return [_section(pack, section, values=values, language=language) for section in shown]


SETTLING, EXPLORER = "sensitivity_settling", "explorer"
# Tables of simulations of everything in doubt at once.
SIMULATED = tuple(f"sensitivity_{each}" for each in ("verdicts", "core", "influence", "shapley", "ranks"))
# The points are those that a reviewer of the Partnership asks of a plan.
OF_A_PLAN = ("points",)


def _shown(pack: Pack, section: Section) -> bool:
    if section.part not in PARTS or (section.optional and not pack.tables_of(section)):
        return False
    return pack.planned or (section.part != PLAN and section.id not in OF_A_PLAN)


def _section(pack: Pack, section: Section, *, values: Mapping[str, str], language: str) -> SectionView:
    # A pattern asks for whatever there is: nothing of it can be missing.
    wanted = [name for name in section.tables if "*" not in name and not section.optional]
    wanted = [name for name in wanted if name not in pack.unfit]
    figures = pack.figures_of(section, language)
    return SectionView(
        id=section.id,
        part=section.part,
        widget=section.widget,
        title=texts.say(f"section.{section.id}.title{_ending(section, pack)}", language),
        paragraphs=paragraphs(f"section.{section.id}.text", values, language),
        figures=[
            figure(pack, name, svg, part=section.part, values=values, language=language)
            for name, svg in figures.items()
        ],
        tables=[table(pack, name, language) for name in pack.tables_of(section)],
        missing=[labels.table_title(name, language) for name in wanted if name not in pack.tables],
    )


def _ending(section: Section, pack: Pack) -> str:
    return explorer.without_rules(pack.method) if section.widget == EXPLORER else ""


def drawn(pack: Pack, language: str) -> dict[str, str]:
    """Give every figure of the run by id, in the reader's language where it was drawn in it."""
    drawn: dict[str, str] = {}
    for stem, svg in pack.figures.items():
        name, _, code = stem.partition(".")
        if code in ("", language):
            drawn[name] = svg
    return drawn


def figure(
    pack: Pack, name: str, svg: str, *, part: str, values: Mapping[str, str], language: str
) -> FigureView:
    """Put one figure into words: what it shows, how to read it, and that again for who does not see it.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> seen = figure(run, "my_figure", "<svg/>", part="plan", values={}, language="en")
    >>> seen.title, seen.alt, seen.note, seen.marked
    ('my figure', 'my figure', '', False)
    """
    finding = _figure_text(name, "finding", values, language)
    title = finding or _figure_text(name, "title", values, language) or labels.plain_words(name)
    # Its kind and form, then what it shows: the alternative text alone must tell it.
    origin = values.get("figure_origin", "") if part == METHOD and finding else ""
    form = _figure_text(name, "alt", values, language)
    alt = _fitting([form, finding, origin], [finding, origin], [form, origin]) or title
    known = "" if _rounds_known(pack) else ".round_unknown"
    ways = (_figure_text(name, f"how{ending}", values, language) for ending in (known, _drawn_as(pack), ""))
    note = next(filter(None, ways), "")
    narrow = pack.figures.get(f"{name}.{language}.narrow", "")
    # A title that finds nothing is no sentence: what follows it would run on.
    title += "." if note and title[-1] not in ".?!" else ""
    return FigureView(name, title, alt, svg, marked=rests_on_ratings(pack, part), note=note, narrow=narrow)


def _drawn_as(pack: Pack) -> str:
    """Give the ending of the captions of a method of one axis or more than two: a strip, or strips."""
    axes = 1 if (pack.method or {}).get("composite") else len(pack.criteria)
    return {0: "", 1: ".strip", 2: ""}.get(axes, ".strips")


def _rounds_known(pack: Pack) -> bool:
    """Say whether a chance of another round is drawn: not where nobody rated beside another."""
    verdicts = pack.tables.get("sensitivity_verdicts", pd.DataFrame())
    return "another_round" not in verdicts or bool(verdicts["another_round"].notna().any())


def _fitting(*choices: Sequence[str]) -> str:
    """Join the first of some choices of sentences that is no longer than an alternative text may be."""
    joined = [" ".join(filter(None, choice)) for choice in choices]
    return next((text for text in joined if len(text) <= LONGEST_ALT), joined[-1])


def _figure_text(name: str, kind: str, values: Mapping[str, str], language: str) -> str:
    key = f"figure.{name}.{kind}"
    return _filled(texts.say(key, language), values) if texts.has(key, language) else ""


def table(
    pack: Pack,
    name: str,
    language: str,
    *,
    columns: tuple[str, ...] = (),
    rows: pd.Series | None = None,
) -> TableView:
    """Put one table into words.

    Parameters
    ----------
    pack : Pack
        The run.
    name : str
        Id of the table.
    language : str
        The reader's language.
    columns : tuple of str, optional
        In this order, those that the run has; by default those of ``tables.yaml``, else all.
    rows : Series of bool, optional
        Which rows; all by default.

    Returns
    -------
    TableView
        Texts.

    Examples
    --------
    >>> counts = pd.DataFrame({"category": [1], "score": [0.25]})
    >>> run = Pack({"counts": counts}, {}, {}, "en", synthetic=False)
    >>> table(run, "counts", "es").rows
    [['1', '0,25']]
    """
    everything = labels.localised(pack.shown(name), language)
    wanted = _written_out(columns, pack) if columns else columns_of(name, pack)
    # A table of one's own method may have none of the columns that are named.
    kept = [column for column in wanted if column in everything] or list(everything.columns)
    frame = everything[kept] if rows is None else everything.loc[rows, kept]
    shown = labels.displayed(frame, language, name)
    empty = "" if len(everything) else texts.say("report.no_rows", language)
    notes = (labels.table_note(name, language), _of_simulations(name, pack, language), empty)
    return TableView(
        id=name,
        title=labels.table_title(name, language),
        note=" ".join(filter(None, notes)),
        header=[labels.column_label(column, language) for column in frame.columns],
        numeric=[pd.api.types.is_numeric_dtype(frame[column]) for column in frame.columns],
        rows=[list(row) for row in shown.itertuples(index=False, name=None)],
        marked=name in pack.marked,
        names=tuple(frame.columns),
        titles_in=pack.language_of_titles.replace(language, ""),
        why="" if len(everything) else _why_empty(name, pack, language),
    )


def _why_empty(name: str, pack: Pack, language: str) -> str:
    """Say why a table has no rows, where it is not that there is nothing to list."""
    return facts(pack, language).get("sensitivity_finding_settling", "") if name == SETTLING else ""


def _of_simulations(name: str, pack: Pack, language: str) -> str:
    """Say below a table of simulations which ratings they leave as they are; mostly none.

    >>> held = {"04_sensitivity": {"findings": {"en": {"held": "Those of the office stay."}}}}
    >>> _of_simulations("sensitivity_core", Pack({}, {}, held, "en", synthetic=False), "en")
    'Those of the office stay.'
    """
    return facts(pack, language).get("sensitivity_finding_held", "") if name in SIMULATED else ""


def columns_of(name: str, pack: Pack) -> list[str]:
    """List the columns of a table that are shown, in their order; none where all are.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> columns_of("third_list", run)[:2], columns_of("my_own_table", run)
    (['proposal', 'indicator'], [])
    """
    return _written_out(COLUMNS.get(name, ()), pack)


def _written_out(wanted: tuple[str, ...], pack: Pack) -> list[str]:
    """Write out ``{criterion}`` and ``{category}`` for every criterion and category of the run's method.

    >>> method = {"criteria": [], "categories": [1, 2]}
    >>> run = Pack({}, {}, {"06": {"method": method}}, "en", synthetic=True)
    >>> _written_out(("proposal", "share_{category} share_{category}_error"), run)
    ['proposal', 'share_1', 'share_1_error', 'share_2', 'share_2_error']
    """
    named: dict[str, list] = {"criterion": pack.criteria, "category": pack.categories}
    return [column for entry in wanted for column in _for_each(entry, named)]


def _for_each(entry: str, named: Mapping[str, list]) -> list[str]:
    key = next((key for key in named if f"{{{key}}}" in entry), "")
    return [column for name in named.get(key, [""]) for column in entry.format(**{key: name}).split()]


def facts(pack: Pack, language: str) -> dict[str, str]:
    """Name every single result of the run and write it in the reader's language.

    >>> run = Pack({}, {}, {"03_categories": {"final": 10, "share": 0.25}}, "es", synthetic=False)
    >>> said = facts(run, "es")
    >>> said["categories_final"], said["categories_share"], said["file_page"]
    ('10', '0,25', 'report.html')

    A sentence that a notebook left in several languages is found under one name:

    >>> sentences = {"04_sensitivity": {"findings": {"es": {"cuts": "Ninguno."}}}}
    >>> facts(Pack({}, {}, sentences, "es", synthetic=False), "es")["sensitivity_finding_cuts"]
    'Ninguno.'
    """
    own = f"findings_{language}_"
    files = {f"file_{kind}": name for kind, name in pack.files(language).items()}
    return (
        files
        | caption_numbers.of(pack.tables, language, synthetic=pack.synthetic)
        | _tolerance(pack, language)
        | _shares(pack)
        | {
            f"{re.sub(r'^[0-9]+_', '', notebook)}_{name.replace(own, 'finding_')}": _fact(value, language)
            for notebook, results in pack.results.items()
            for name, value in _leaves(results)
        }
    )


def _tolerance(pack: Pack, language: str) -> dict[str, str]:
    """Name the run's tolerance where the explorer can change it."""
    method = pack.method or {}
    if "rules" not in method or not any(criterion["foreseen"] for criterion in method["criteria"]):
        return {}
    return {"explorer_tolerance": texts.points(float(method["rules"]["tolerance"]), language)}


def _shares(pack: Pack) -> dict[str, str]:
    """Count the explorer's columns of shares, which it has where a table decides."""
    if pack.method is None or pack.method.get("composite"):
        return {}
    return {"explorer_shares": str(len(pack.categories))}


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


def points(pack: Pack, language: str) -> list[dict[str, Any]]:
    """Put the twenty points of review into words, with what this run lacks for an answer.

    >>> run = Pack({}, {}, {}, "en", synthetic=True)
    >>> first = points(run, "en")[0]
    >>> first["point"], first["places"][0].href
    (1, '#flow')
    """
    rows = []
    known = review_points(organisations=pack.organisations, synthetic=pack.synthetic)
    for row in labels.localised(known, language).to_dict("records"):
        wanted = row["tables"].split()
        missing = [labels.table_title(name, language) for name in wanted if name not in pack.tables]
        whys = [row["why"]]
        whys += [texts.say("report.missing_table", language, title=", ".join(missing))] if missing else []
        # The packaged grade is that of a run that has everything.
        answer = PARTLY if missing and row["answer"] in (MET, ON_SYNTHETIC) else row["answer"]
        verdict = ": ".join([texts.say(f"answer.{answer}", language), *whys])
        destinations = where.places(row, pack, language)
        rows.append({"point": row["point"], "asked": row["asked"], "answer": verdict, "places": destinations})
    return rows


def points_table(pack: Pack, language: str) -> TableView:
    """Give the points of review as a table: number, question, answer with its reason, where to look."""
    rows = [
        [
            str(point["point"]),
            point["asked"],
            point["answer"],
            "; ".join(destination.title for destination in point["places"]),
        ]
        for point in points(pack, language)
    ]
    header = [texts.say(f"report.{key}", language) for key in ("point", "asked", "answer", "where")]
    title = texts.say("section.points.title", language)
    return TableView("points", title, "", header, [False] * len(header), rows, marked=False)


def title_block(pack: Pack, language: str) -> list[list[str]]:
    """List what identifies the document: heads and texts."""
    rows = [
        ("version", pack.say("report.block.version_text", language, version=__version__)),
        ("data", pack.say("report.block.data_text", language)),
        ("commit", pack.say("report.block.commit_text", language)),
        ("licence", pack.say("report.block.licence_text", language)),
        ("citation", pack.say("report.block.citation_text", language, version=__version__)),
        ("contact", pack.say("report.block.contact_text", language)),
    ]
    if pack.planned:
        rows.insert(4, ("reference", texts.say("plan.reference", language)))
    else:
        rows = [*_who_and_when(pack, language), *rows]
    return [[texts.say(f"report.block.{name}", language), text] for name, text in rows]


def _who_and_when(pack: Pack, language: str) -> list[tuple[str, str]]:
    """Name who decides and the period, as far as the method says it."""
    reader = pack.reader(language)
    body = texts.say("case.body", reader) if texts.has("case.body", reader) else ""
    given = (("decided_by", body), ("period", str((pack.method or {}).get("period", ""))))
    return [(name, text) for name, text in given if text]


FINGERPRINTS = "hashes"


def hashes_table(pack: Pack, language: str, only: Collection[str] = ()) -> TableView:
    """List the SHA-256 of the file of each table that the report has, or of those among them that are named.

    >>> import pandas as pd
    >>> tables = {"flow": pd.DataFrame(), "errata": pd.DataFrame()}
    >>> run = Pack(tables, {}, {}, "en", synthetic=False, hashes={"flow": "ab12", "errata": "cd34"})
    >>> hashes_table(run, "en", only=["flow"]).rows
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
