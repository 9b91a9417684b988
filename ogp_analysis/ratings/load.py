"""From a path to checked inputs: find the tables, read them, apply every rule, report everything at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.model.inputs import Inputs, in_order
from ogp_analysis.model.records import EVALUATOR, PROPOSAL, RATING, RATING_COLUMNS
from ogp_analysis.ratings import (
    columns,
    design_rules,
    evaluator_codes,
    identifiers,
    implausible_ratings,
    known_words,
    layout,
    nearest_word,
    not_rated,
    published_names,
    rating_cells,
    reading_notes,
    side_tables,
    sources,
)
from ogp_analysis.ratings.evaluator_codes import may_be_an_identity_number
from ogp_analysis.ratings.missing_ratings import complete_proposals
from ogp_analysis.ratings.problems import LISTED
from ogp_analysis.ratings.titles_beside_ratings import titles_of
from ogp_analysis.tabular import Limits, Note, Table

if TYPE_CHECKING:
    from ogp_analysis.model.params import Parameters

# After these the ratings were not read whole: what the design lacks would only repeat it.
UNREAD = (
    "ratings.empty_file",
    "ratings.no_ratings",
    "ratings.no_rating",
    "ratings.lacking_column",
    "ratings.lacking_column_near",
    "ratings.same_meaning",
    "ratings.grid_indicator",
    "ratings.nearly_read",
    "ratings.unread_sheet",
    "ratings.labels",
    "ratings.spelled_scale",
    "ratings.spelled_mixed",
    "ratings.spelled_letters",
    "ratings.no_answer",
)


@dataclass(frozen=True)
class Examined:
    """Everything found in a source before it is refused or accepted.

    Parameters
    ----------
    inputs : Inputs
        What could be read; faulty rows are left out.
    problems : tuple of Problem
        Everything that must be mended first.
    missing_cells : DataFrame
        Cells with fewer independent ratings than the design wants.
    changes : DataFrame
        What reading changed: ``column, typed, read, cells``.
    unread : DataFrame
        Cells that faulty rows were probably meant for: ``proposal, indicator, panel``.
    """

    inputs: Inputs
    problems: tuple[Problem, ...]
    missing_cells: pd.DataFrame
    changes: pd.DataFrame
    unread: pd.DataFrame


def load(parameters: Parameters, *, limits: Limits | None = None) -> Inputs:
    """Load and check the ratings and the tables beside them.

    Parameters
    ----------
    parameters : params.Parameters
        ``data`` names the source: ``"example"``, a workbook, a folder of CSV files or one ratings table;
        ``method``, ``blind_pair``, ``third_for``, ``tolerance`` and ``missing`` are what it must obey.
    limits : tabular.Limits, optional
        How large a file may be.

    Returns
    -------
    Inputs
        Checked tables and how they were read.

    Raises
    ------
    DataError
        One or more rows break a rule, or a file cannot be read; everything found is listed at once.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> inputs = load(params.from_values(params.baseline()))
    >>> inputs.synthetic, len(inputs.proposals)
    (True, 43)
    """
    examined = examine(parameters, limits=limits, published=True)
    if examined.problems:
        raise DataError(examined.problems, parameters.language)
    return examined.inputs


def examine(parameters: Parameters, *, limits: Limits | None = None, published: bool = False) -> Examined:
    """Read as ``load`` does and hand over what is wrong instead of refusing it.

    Parameters
    ----------
    parameters, limits
        As for `load`.
    published : bool
        Whether ``said`` will be published, as what `load` gives is: names of files and headers of columns
        that may be a person's name are then replaced by numbers. Problems, for the user, name them.

    Returns
    -------
    Examined
        What could be read, and every problem.

    Raises
    ------
    DataError
        There is no such file, or it cannot be read as a whole.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> examined = examine(params.from_values(params.baseline()))
    >>> len(examined.inputs.ratings), examined.problems, len(examined.missing_cells)
    (889, (), 0)
    """
    try:
        vocabulary = known_words.Vocabulary(parameters.method)
        tables = sources.sorted_out(sources.tables_of(parameters.data, limits, vocabulary), vocabulary)
    except DataError as error:
        # The reader of tables does not know the language of the run.
        raise DataError(error.problems, parameters.language) from None
    others = sources.not_read(parameters.data, limits)
    files = published_names.shown_files(
        [table for group in tables.values() for table in group]
        + [Table("", other.file, [], [], []) for other in others],
        parameters.method,
    )
    return _checked(_Reading(tables, parameters, vocabulary, files if published else {}, tuple(others)))


@dataclass(frozen=True)
class _Reading:
    """One source on its way from tables to inputs; ``remarks`` grow."""

    tables: dict[str, list[Table]]
    parameters: Parameters
    vocabulary: known_words.Vocabulary
    files: dict[str, str] = field(default_factory=dict)
    others: tuple[Problem, ...] = ()
    remarks: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def doubt(self, notes: list[Note]) -> None:
        shown = (published_names.placed(note, self.files, self.vocabulary.parts) for note in notes)
        joined = reading_notes.over_sheets(shown)
        self.doubts.extend(note.say(self.parameters.language) for note in joined)

    def say(self, note: Note) -> None:
        self.remarks.append(note.say(self.parameters.language))

    def shown(self, table: Table, notes: tuple[Note, ...] = ()) -> tuple[Table, tuple[Note, ...]]:
        return published_names.shown(table, notes, self.files)


def _checked(reading: _Reading) -> Examined:
    tables, parameters = reading.tables, reading.parameters
    proposals = _side(reading, "proposals")
    known = tuple(code for code in dict.fromkeys(proposals.frame[PROPOSAL]) if code)
    tables["ratings"] = [
        not_rated.only_ratings(table, reading.vocabulary, known) for table in tables["ratings"]
    ]
    valued = _ratings(reading, known)
    rated = valued.frame[valued.frame[RATING].notna()].reset_index(drop=True)
    # Without a table of proposals, one that nobody rated cannot be missed.
    codes = known or tuple(sorted(rated[PROPOSAL].unique()))
    sides = {
        kind: _side(reading, kind, known=codes, listed=bool(known)) for kind in ("decisions", "evaluators")
    }
    sides["evaluators"] = _respelt(reading, sides["evaluators"], rated)
    judged = design_rules.judge(rated, parameters, proposals=codes, unread=valued.unread)
    problems = _problems(reading, [proposals, valued, *sides.values()], rated, codes)
    _remark_also(reading, rated, sides["evaluators"].frame)
    reading.remarks.extend(warning.say(parameters.language) for warning in judged.warnings)
    left_out = _left_out(reading, codes, judged.missing_cells)
    aside = rated[PROPOSAL].isin(left_out)
    listed = proposals.frame if known else _bare_proposals(codes, _titles(reading, codes))
    doubts = _doubts(reading, rated, valued.problems, evaluators=sides["evaluators"].frame)
    inputs = Inputs(
        ratings=_final(rated[~aside]),
        proposals=listed,
        decisions=sides["decisions"].frame,
        evaluators=sides["evaluators"].frame,
        synthetic=any(sources.says_synthetic(table) for group in tables.values() for table in group),
        said=(*reading.remarks, *reading_notes.marked(doubts, parameters.language)),
        warnings=judged.warnings,
        doubts=doubts,
        left_out=left_out,
        set_aside=_final(rated[aside]) if left_out else None,
        seats=parameters.method.seats,
    )
    return Examined(
        inputs, _in_order(problems, judged.problems), judged.missing_cells, valued.changes, valued.unread
    )


def _problems(
    reading: _Reading,
    parts: Sequence[side_tables.Side | rating_cells.Valued],
    rated: pd.DataFrame,
    codes: tuple[str, ...],
) -> list[Problem]:
    """List what cannot be read, and a panel without a rating only where nothing else says why."""
    tables, parameters = reading.tables, reading.parameters
    problems = [*_source_problems(reading, codes), *(problem for part in parts for problem in part.problems)]
    if not tables["ratings"]:
        # What was taken for the proposals may be the ratings: there each proposal has several rows.
        problems = [problem for problem in problems if problem.rule != "ratings.repeated_row"]
    problems = evaluator_codes.with_commands(problems, parameters.data, parameters.as_given["method"])
    return problems + _no_rating(tables, rated, problems)


def _respelt(reading: _Reading, side: side_tables.Side, rated: pd.DataFrame) -> side_tables.Side:
    codes, pairs = identifiers.respelt(side.frame[EVALUATOR], rated[EVALUATOR])
    if pairs:
        reading.say(
            Note("ratings.folded", (("our_columns", EVALUATOR), ("pairs", "; ".join(pairs[:LISTED]))))
        )
    return replace(side, frame=side.frame.assign(**{EVALUATOR: codes}))


def _remark_also(reading: _Reading, rated: pd.DataFrame, evaluators: pd.DataFrame) -> None:
    named = {kind: [reading.shown(table)[0] for table in group] for kind, group in reading.tables.items()}
    reading.remarks.extend(
        reading_notes.also(named, rated, evaluators=evaluators, parameters=reading.parameters)
    )


def _doubts(
    reading: _Reading, rated: pd.DataFrame, problems: tuple[Problem, ...], *, evaluators: pd.DataFrame
) -> tuple[str, ...]:
    # Who rated in a faulty row only is not without a rating.
    faulty = {problem.evaluator for problem in problems if problem.evaluator}
    if reading.tables["ratings"]:
        reading.doubt(
            [reading_notes.not_read(other, reading.parameters.language) for other in reading.others]
        )
    anew = implausible_ratings.counted_anew(rated, reading.tables["ratings"])
    if anew:
        reading.doubt([Note("ratings.counted_anew", (("names", ", ".join(anew[:LISTED])),))])
    for name in (PROPOSAL, EVALUATOR):
        groups = ["/".join(group) for group in nearest_word.alike(rated[name])]
        if groups:
            reading.doubt([Note("ratings.alike_codes", (("names", ", ".join(groups[:LISTED])),))])
    roster = reading_notes.roster_doubts(rated, evaluators, parameters=reading.parameters, faulty=faulty)
    odd = implausible_ratings.doubts(rated, reading.parameters)
    return (*reading.doubts, *roster, *odd)


def _in_order(problems: list[Problem], judged: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Rows in the order of the files, then the design; without a readable table it cannot be judged."""
    rows = sorted(problems, key=lambda problem: (problem.file, problem.sheet, problem.row))
    unread = any(problem.rule in UNREAD for problem in problems)
    return tuple(rows) if unread else (*rows, *judged)


def _no_rating(tables: dict[str, list[Table]], rated: pd.DataFrame, problems: list[Problem]) -> list[Problem]:
    """Refuse, once, tables of ratings that hold none, where nothing else says why."""
    if len(rated) or not tables["ratings"] or problems:
        return []
    table = tables["ratings"][0]
    return [Problem("ratings.no_rating", file=table.file, sheet=table.name)]


def _source_problems(reading: _Reading, codes: tuple[str, ...]) -> list[Problem]:
    tables = reading.tables
    problems = [problem for kind in sources.KINDS for table in tables[kind] for problem in table.problems]
    problems += columns.unread_sheets(tables["unused"], codes, reading.vocabulary)
    if not any(table.header for group in tables.values() for table in group):
        # A workbook of charts alone has no sheet that could tell its name.
        source = Path(reading.parameters.data).name
        file = next((table.file for group in tables.values() for table in group), source)
        return [*problems, Problem("ratings.empty_file", file=file), *reading.others]
    if not tables["ratings"]:
        problems.append(columns.no_ratings_found(tables, reading.vocabulary, reading.parameters.language))
        problems += [problem for table in tables["unused"] for problem in layout.packed(table)]
        problems += reading.others
    for kind in sources.KINDS[1:]:
        if len(tables[kind]) > 1:
            names = ", ".join(table.name or table.file for table in tables[kind])
            problems.append(Problem("ratings.two_tables", file=tables[kind][0].file, value=names))
    return problems


def _side(
    reading: _Reading, kind: str, *, known: tuple[str, ...] = (), listed: bool = True
) -> side_tables.Side:
    tables = reading.tables[kind]
    if not tables:
        if kind == "evaluators":
            reading.say(Note("ratings.no_evaluators"))
        return side_tables.Side(side_tables.empty(kind))
    table, notes = (
        implausible_ratings.without_total_lines(tables[0]) if kind != "decisions" else (tables[0], [])
    )
    reading.doubt(notes)
    side = side_tables.read(table, kind, vocabulary=reading.vocabulary, known=known, listed=listed)
    reading.doubt(list(side.doubts))
    reading.remarks.append(
        reading_notes.line(*reading.shown(tables[0], side.notes), reading.parameters.language)
    )
    return side


def _ratings(reading: _Reading, known: tuple[str, ...]) -> rating_cells.Valued:
    tables, language = reading.tables["ratings"], reading.parameters.language
    parts = [layout.lengthen(table, reading.vocabulary, known) for table in tables]
    parted = [implausible_ratings.read_without_totals(part, reading.vocabulary, known) for part in parts]
    typed = [part for part, _ in parted]
    shown = [reading.shown(table, part.notes) for table, part in zip(tables, typed, strict=True)]
    reading.remarks.extend(
        reading_notes.alike([table for table, _ in shown], [notes for _, notes in shown], language)
    )
    frames = [part.frame for part in typed if len(part.frame)]
    none = pd.DataFrame(columns=list(layout.TYPED_COLUMNS))
    frame = pd.concat(frames, ignore_index=True) if frames else none
    reading.doubt([note for _, notes in parted for note in notes])
    pairs = zip(tables, typed, strict=True)
    reading.doubt(
        [note for table, part in pairs for note in implausible_ratings.of_columns(table, part.totals)]
    )
    valued = rating_cells.value(frame, reading.parameters.method, known=known, language=language)
    reading.remarks.extend(reading_notes.worded(valued.notes, language))
    problems = tuple(problem for part in typed for problem in part.problems) + valued.problems
    if any(may_be_an_identity_number(code) for code in valued.frame[EVALUATOR].unique()):
        reading.doubt([Note("ratings.long_numbers")])
    return replace(valued, problems=problems)


def _left_out(reading: _Reading, codes: tuple[str, ...], missing_cells: pd.DataFrame) -> tuple[str, ...]:
    missing = reading.parameters.missing
    if missing == "refuse" or missing_cells.empty:
        return ()
    complete = set(complete_proposals(codes, missing_cells))
    gaps = tuple(code for code in codes if code not in complete)
    names = ", ".join(gaps[:LISTED]) + (", ..." if len(gaps) > LISTED else "")
    cells = (("count", str(len(missing_cells))), ("proposals", str(len(gaps))), ("names", names))
    reading.say(Note(f"ratings.missing_{missing}", cells))
    return gaps if missing == "drop" else ()


def _final(rated: pd.DataFrame) -> pd.DataFrame:
    frame = rated[list(RATING_COLUMNS)].copy()
    for name in RATING_COLUMNS[:-1]:
        frame[name] = frame[name].astype("str")
    frame[RATING] = frame[RATING].astype(float)
    return in_order(frame)


def _titles(reading: _Reading, codes: tuple[str, ...]) -> list[str]:
    """Take the titles that stand beside the ratings, and say so."""
    titles, doubts = titles_of(reading.tables["ratings"], reading.vocabulary, codes)
    reading.doubt(doubts)
    if any(titles):
        reading.say(Note("ratings.titles_beside", (("count", sum(map(bool, titles))),)))
    return titles


def _bare_proposals(codes: tuple[str, ...], titles: list[str]) -> pd.DataFrame:
    """Make the table of proposals where only their codes are known, and what ratings call them."""
    frame = side_tables.empty("proposals").reindex(range(len(codes)))
    frame = frame.assign(proposal=list(codes), title=titles)
    return frame.fillna(dict.fromkeys(side_tables.COLUMNS["proposals"][1:-1], ""))
