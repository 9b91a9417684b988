"""From a path to checked inputs: find the tables, read them, apply every rule, report everything at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.model import EVALUATOR, PROPOSAL, RATING, RATING_COLUMNS
from ogp_analysis.ratings import design_rules, shapes, side_tables, sources, values, words
from ogp_analysis.ratings import said as told
from ogp_analysis.tabular import Limits, Note, Table

if TYPE_CHECKING:
    from ogp_analysis.params import Parameters


@dataclass(frozen=True)
class Inputs:
    """Everything a run reads, checked.

    Parameters
    ----------
    ratings : DataFrame
        Columns ``proposal, indicator, panel, evaluator, role, rating``, one row a rating, sorted, so that the
        order of the file says nothing; empty ratings are left out.
    proposals : DataFrame
        Columns ``proposal, title, lead, counterparts, sector, route, if_not_confirmed, reiterations``; where
        no table was given, the codes that occur in the ratings.
    decisions : DataFrame
        Columns ``proposal, stage, category, reason, decided_by, date``; may be empty.
    evaluators : DataFrame
        Columns ``evaluator, organisation, sector``; may be empty.
    synthetic : bool
        Whether the data says of itself that it was invented.
    said : tuple of str
        How it was read, what was translated, assumed, dropped or is doubtful, in the run's language.
    warnings : tuple of Problem
        What is doubtful, for programs.
    """

    ratings: pd.DataFrame
    proposals: pd.DataFrame
    decisions: pd.DataFrame
    evaluators: pd.DataFrame
    synthetic: bool = False
    said: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Found:
    """Everything found in a source before it is refused or accepted.

    Parameters
    ----------
    inputs : Inputs
        What could be read; faulty rows are left out.
    problems : tuple of Problem
        Everything that must be mended first.
    lacking : DataFrame
        Cells with fewer independent ratings than the design wants.
    changes : DataFrame
        What reading changed: ``column, typed, read, cells``.
    """

    inputs: Inputs
    problems: tuple[Problem, ...]
    lacking: pd.DataFrame
    changes: pd.DataFrame


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
    >>> from ogp_analysis import params
    >>> inputs = load(params.from_values(params.baseline()))
    >>> inputs.synthetic, len(inputs.proposals)
    (True, 43)
    """
    found = examine(parameters, limits=limits)
    if found.problems:
        raise DataError(found.problems, parameters.language)
    return found.inputs


def examine(parameters: Parameters, *, limits: Limits | None = None) -> Found:
    """Read as ``load`` does and hand over what is wrong instead of refusing it.

    Raises
    ------
    DataError
        There is no such file, or it cannot be read as a whole.
    """
    try:
        tables = sources.sorted_out(
            sources.tables_of(parameters.data, limits), words.Vocabulary(parameters.method)
        )
    except DataError as error:
        raise DataError(error.problems, parameters.language) from None
    return _checked(tables, parameters)


def _checked(tables: dict[str, list[Table]], parameters: Parameters) -> Found:
    vocabulary = words.Vocabulary(parameters.method)
    said: list[str] = []
    problems = _source_problems(tables)
    language = parameters.language
    proposals = _side("proposals", tables, vocabulary, (), said, language)
    known = tuple(code for code in dict.fromkeys(proposals.frame[PROPOSAL]) if code)
    valued = _ratings(tables["ratings"], parameters, known, said)
    rated = valued.frame[valued.frame[RATING].notna()].reset_index(drop=True)
    codes = known or tuple(sorted(rated[PROPOSAL].unique()))
    judged = design_rules.judge(rated, parameters, proposals=codes, unread=valued.unread)
    sides = {
        kind: _side(kind, tables, vocabulary, codes, said, language) for kind in ("decisions", "evaluators")
    }
    problems += [
        *proposals.problems,
        *valued.problems,
        *(p for side in sides.values() for p in side.problems),
    ]
    problems = sorted(problems, key=lambda problem: (problem.file, problem.sheet, problem.row))
    if not any(problem.rule in ("ratings.no_ratings", "ratings.lacking_column") for problem in problems):
        problems += judged.problems
    said += told.also(tables, rated, sides["evaluators"].frame, parameters)
    said += [warning.say(language) for warning in judged.warnings]
    kept = _kept(rated, codes, judged.lacking, parameters, said)
    inputs = Inputs(
        ratings=_final(kept),
        proposals=_proposals(proposals.frame, codes if not known else ()),
        decisions=sides["decisions"].frame,
        evaluators=sides["evaluators"].frame,
        synthetic=any(sources.says_synthetic(table) for group in tables.values() for table in group),
        said=tuple(said),
        warnings=judged.warnings,
    )
    return Found(inputs, tuple(problems), judged.lacking, valued.changes)


def _source_problems(tables: dict[str, list[Table]]) -> list[Problem]:
    problems = [problem for kind in sources.KINDS for table in tables[kind] for problem in table.problems]
    if not tables["ratings"]:
        others = ", ".join(table.name or table.file for table in tables["unused"]) or "–"
        file = next((table.file for group in tables.values() for table in group), "")
        problems.append(Problem("ratings.no_ratings", file=file, detail=(("found", others),)))
    for kind in sources.KINDS[1:]:
        if len(tables[kind]) > 1:
            names = ", ".join(table.name or table.file for table in tables[kind])
            problems.append(Problem("ratings.two_tables", file=tables[kind][0].file, value=names))
    return problems


def _side(
    kind: str,
    tables: dict[str, list[Table]],
    vocabulary: words.Vocabulary,
    known: tuple[str, ...],
    said: list[str],
    language: str,
) -> side_tables.Side:
    if not tables[kind]:
        if kind == "evaluators":
            said.append(Note("ratings.no_evaluators").say(language))
        return side_tables.Side(side_tables.empty(kind))
    side = side_tables.read(tables[kind][0], kind, vocabulary, known=known)
    said.append(told.line(tables[kind][0], side.notes, language))
    return side


def _ratings(
    tables: list[Table], parameters: Parameters, known: tuple[str, ...], said: list[str]
) -> values.Valued:
    vocabulary = words.Vocabulary(parameters.method)
    typed = [shapes.lengthen(table, vocabulary) for table in tables]
    said += told.alike(tables, [part.notes for part in typed], parameters.language)
    frames = [part.frame for part in typed if len(part.frame)]
    frame = (
        pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(shapes.TYPED_COLUMNS))
    )
    valued = values.value(frame, parameters.method, known=known)
    said += [note.say(parameters.language) for note in valued.notes]
    problems = tuple(problem for part in typed for problem in part.problems) + valued.problems
    return replace(valued, problems=problems)


def _kept(
    rated: pd.DataFrame,
    codes: tuple[str, ...],
    lacking: pd.DataFrame,
    parameters: Parameters,
    said: list[str],
) -> pd.DataFrame:
    if parameters.missing == "refuse" or lacking.empty:
        return rated
    cells = (("count", str(len(lacking))), ("proposals", str(lacking[PROPOSAL].nunique())))
    said.append(Note(f"ratings.missing_{parameters.missing}", cells).say(parameters.language))
    if parameters.missing == "available":
        return rated
    return rated[rated[PROPOSAL].isin(design_rules.complete_proposals(codes, lacking))]


def _final(rated: pd.DataFrame) -> pd.DataFrame:
    frame = rated[list(RATING_COLUMNS)].copy()
    for name in RATING_COLUMNS[:-1]:
        frame[name] = frame[name].astype("str")
    frame[RATING] = frame[RATING].astype(float)
    order = [PROPOSAL, "indicator", "panel", "role", EVALUATOR]
    return frame.sort_values(order, kind="stable", ignore_index=True)


def _proposals(frame: pd.DataFrame, codes: tuple[str, ...]) -> pd.DataFrame:
    if not codes:
        return frame
    return (
        side_tables.empty("proposals")
        .reindex(range(len(codes)))
        .assign(proposal=list(codes))
        .fillna(dict.fromkeys(side_tables.COLUMNS["proposals"][1:-1], ""))
    )
