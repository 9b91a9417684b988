"""What ``ogp check`` finds, as a table for the page and as a sheet for whoever filled the workbook in."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ogp_analysis import ratings
from ogp_analysis.cli import check
from ogp_analysis.errors import CheckError, Problem
from ogp_analysis.language import texts
from ogp_analysis.model import method_defaults
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.model.params import Parameters
from ogp_analysis.output import xlsx_writer
from ogp_analysis.ratings.method_remarks import method_remarks

COLUMNS = ("file", "sheet", "row", "column", "concerns", "typed", "what_to_do")
TABLE = "to_mend"
# So many rows are still read on a page; the sheet has all of them. Our choice.
MOST_ROWS = 500


@dataclass(frozen=True)
class Checked:
    """What was found.

    Parameters
    ----------
    problems : DataFrame
        One row a problem, columns ``COLUMNS``; text, and ``row`` a whole number, 0 where there is none.
    read, look, design : tuple of str
        How it was read; what to look at first; which design it is and what fits it.
    usable : str
        The verdict in words; empty where something must be mended.
    foreign : bool
        Whether the ratings look as if they were made for another method.
    """

    problems: pd.DataFrame
    read: tuple[str, ...] = ()
    look: tuple[str, ...] = ()
    design: tuple[str, ...] = ()
    usable: str = ""
    foreign: bool = False


def checked(data: str, method: str, language: str) -> Checked:
    """Check a source of ratings against a method, as the command does.

    Parameters
    ----------
    data : str
        ``"example"`` or a path.
    method : str
        Name or path of a method.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    Checked
        Problems that stop the reading altogether stand in the same table.

    Examples
    --------
    >>> found = checked("example", "ecuador-2019", "en")
    >>> len(found.problems), found.usable
    (0, 'Usable. Ratings: 889; proposals: 43.')
    """
    given = Namespace(file=data, method=method, lang=language, params=None)
    try:
        parameters = check.parameters_of(given, None)
        examined = check.with_lacking_thirds(ratings.examine(parameters), parameters)
    except CheckError as error:
        return Checked(problem_rows(error.problems, language))
    return _as_checked(examined, parameters, method)


def _as_checked(examined: ratings.Examined, parameters: Parameters, method: str) -> Checked:
    language, inputs = parameters.language, examined.inputs
    read = inputs.said[: len(inputs.said) - len(inputs.doubts)]
    if inputs.synthetic:
        read = (*read, texts.say("synthetic.mark", reader_language(language, parameters.method)))
    counts = {"ratings": len(inputs.given), "proposals": len(inputs.proposals)}
    usable = "" if examined.problems else texts.say("ratings.check.usable", language, **counts)
    doubts = method_defaults.remarks(parameters.method, parameters.tolerance, language)
    doubts += method_remarks(parameters.method, method, Path(), language)
    design = check.design_lines(examined, parameters)
    foreign = ratings.of_another_method(examined.problems, readable=len(inputs.ratings))
    if foreign:
        doubts = [texts.say("app.check.another_method", language), *doubts]
    return Checked(
        problem_rows(examined.problems, language),
        tuple(read),
        (*inputs.doubts, *doubts),
        tuple(line.strip().removeprefix("- ") for line in design),
        usable,
        foreign,
    )


def problem_rows(problems: tuple[Problem, ...], language: str) -> pd.DataFrame:
    """Lay problems out, one a row.

    >>> found = problem_rows((Problem("people.age", file="n.csv", row=3, column="age", value="x"),), "en")
    >>> found.loc[0, ["column", "typed", "what_to_do"]].tolist()
    ['age', 'x', 'x is not an age from 0 to 120 years']
    """
    return pd.DataFrame([_row(problem, language) for problem in problems], columns=list(COLUMNS))


def _row(problem: Problem, language: str) -> dict[str, str | int]:
    concerned = [
        texts.say(f"place.{name}", language, value=value)
        for name in ("proposal", "indicator", "evaluator", "parameter")
        if (value := problem.words_of(name, language))
    ]
    place = {name: getattr(problem, name) for name in ("file", "sheet", "row", "column")}
    words = {"concerns": ", ".join(concerned), "typed": problem.value, "what_to_do": problem.words(language)}
    return place | words


def sheet(checked: Checked, language: str) -> bytes:
    """Make the workbook that says what to mend: one row a problem, with filters.

    >>> sheet(checked("example", "ecuador-2019", "en"), "en")[:2]
    b'PK'
    """
    # A problem of the whole file has no row.
    frame = checked.problems.astype({"row": "Int64"}).replace({"row": {0: pd.NA}})
    return xlsx_writer.build(
        {TABLE: frame}, language=language, title=texts.say("app.check.sheet_title", language)
    )
