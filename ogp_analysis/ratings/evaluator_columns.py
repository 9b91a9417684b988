"""A table with a row a proposal and a column an evaluator, as juries keep it: which columns those are."""

from __future__ import annotations

import re

from ogp_analysis.model.records import EVALUATOR, RATING
from ogp_analysis.ratings.known_words import Vocabulary, column_of, core, parts_of

# "Juez 1", "Juez N.º 1", "juez_2", "Reviewer R3"; letters need a sign before them: "Jueza" has none.
SEAT = (
    r"(?P<word>[^\W\d_]+)(?:[\s_.-]*(?:n[.ºo°]*\s*|\#\s*)?[0-9]{1,3}"
    r"|[\s_-]+(?:[a-z]|(?P<code>[a-z]{1,3}[-_]?[0-9]{1,3})))"
)
# A code alone: E01, ev-2, J3, R4. Our choice: with other letters it may be the code of a question.
CODE = r"(?P<code>(?:e|ev|eval|j|jz|r|rev)[-_]?[0-9]{1,3})(?P<word>)"
# "Evaluador/a", "Juez(a)": for whoever it is.
BOTH = re.compile(r"(?<=[^\W\d_])(?:/(?:as?|os?)\b|\((?:as?|os?)\))", re.IGNORECASE)
# At the end of a header, or at its beginning.
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for one in (SEAT, CODE)
    for pattern in (rf"(?P<rest>.*?)(?<!\w)(?P<seat>{one})", rf"(?P<seat>{one})(?!\w)(?P<rest>.*)")
)


def evaluator_columns(
    headers: list[str], vocabulary: Vocabulary, title: str = ""
) -> dict[int, tuple[str, str]]:
    """Tell the columns that hold the ratings of one evaluator, by a word for evaluators and a code.

    Parameters
    ----------
    headers : list of str
        Of one table.
    vocabulary : Vocabulary
        The words of the method.
    title : str
        Of the sheet or file; it may name the indicator where headers name none.

    Returns
    -------
    dict of int to (str, str)
        Evaluator and indicator by position, the indicator empty where neither header, title nor method tells
        it; nothing where fewer than two columns are such.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> evaluator_columns(["Propuesta", "Tiempo - Juez 1", "Tiempo - Juez 2"], vocabulary)
    {1: ('Juez 1', 'time'), 2: ('Juez 2', 'time')}
    >>> evaluator_columns(["Propuesta", "Jueza", "Puntaje del jurado B", "Jurado C"], vocabulary, "Recursos")
    {2: ('jurado B', 'resources'), 3: ('Jurado C', 'resources')}
    """
    every = vocabulary.allowed["indicator"]
    only = every[0] if len(every) == 1 else vocabulary.indicator_of(title)
    read = {at: _evaluator_of(header, vocabulary) for at, header in enumerate(headers)}
    seats = {at: (seat, indicator or only) for at, (seat, indicator) in read.items() if seat}
    return seats if len(seats) > 1 else {}


def evaluator_in(header: str) -> tuple[str, list[str]]:
    """Give the evaluator that a header names, and what else it says; empty where it names none.

    >>> evaluator_in("Rigor - Juez 1"), evaluator_in("Nota de la evaluadora A"), evaluator_in("Jueza")
    (('Juez 1', ['Rigor']), ('evaluadora A', []), ('', []))
    """
    for pattern in PATTERNS:
        match = pattern.fullmatch(BOTH.sub("", header).strip(" )]}:"))
        if match and (not match["word"] or column_of(match["word"]) == EVALUATOR):
            parts = parts_of(match["rest"])
            return match["code"] or match["seat"], [
                part for part in parts if core(part) and column_of(core(part)) != RATING
            ]
    return "", []


def _evaluator_of(header: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Give evaluator and indicator of a header; both empty where it says something else too."""
    evaluator, others = evaluator_in(header)
    asked = {vocabulary.indicator_of(one) for one in others if not vocabulary.resolve("criterion", one)}
    return ("", "") if "" in asked or len(asked) > 1 else (evaluator, next(iter(asked), ""))
