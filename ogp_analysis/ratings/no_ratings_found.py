"""No table of ratings was found: which headers there are, and which of them to rename to what."""

from __future__ import annotations

from ogp_analysis.errors import Problem
from ogp_analysis.language import texts
from ogp_analysis.model.records import EVALUATOR, PANEL, PROPOSAL
from ogp_analysis.ratings.columns import nearest_indicator, renamed
from ogp_analysis.ratings.known_words import Vocabulary, both_words, column_of
from ogp_analysis.tabular import Table

NEEDED = (PROPOSAL, PANEL, EVALUATOR)


def problem(tables: dict[str, list[Table]], vocabulary: Vocabulary, language: str) -> Problem:
    """Refuse a source without a table of ratings, with its own headers and what to rename.

    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> table = Table("", "n.csv", ["Nombre de la idea", "¿Alcanza el tiempo?"], [], [])
    >>> found = problem({"ratings": [], "unused": [table]}, vocabulary, "en")
    >>> print(found.say().split("; ", 2)[2])
    headers of n.csv: Nombre de la idea, ¿Alcanza el tiempo?; rename 'Nombre de la idea' to proposal;
    rename '¿Alcanza el tiempo?' to time; no header is like panel, evaluator / evaluador
    """
    others = [table for kind, group in tables.items() if kind not in ("ignored", "forms") for table in group]
    unused = tables["unused"] or others
    hints = [part for table in unused if table.header for part in _help(table, vocabulary, language)]
    unused_names = ", ".join(table.name or table.file for table in tables["unused"]) or "–"
    file = next((table.file for group in tables.values() for table in group), "")
    detail = (("found", unused_names), ("help", "".join(f"; {part}" for part in hints)))
    return Problem("ratings.no_ratings", file=file, detail=detail)


def _help(table: Table, vocabulary: Vocabulary, language: str) -> list[str]:
    headers = [header for header in table.header if header]
    lines = [
        texts.say(
            "ratings.no_ratings.headers", language, name=table.name or table.file, headers=", ".join(headers)
        )
    ]
    present = {column_of(header) for header in headers}
    missing = [column for column in NEEDED if column not in present]
    near = renamed(missing, headers)
    pairs = [(header, column) for column, header in near.items()]
    taken = {*near.values()}
    for header in headers:
        indicator = "" if header in taken or column_of(header) else nearest_indicator(header, vocabulary)
        pairs += [(header, indicator)] if indicator else []
    lines += [
        texts.say("ratings.no_ratings.rename", language, header=header, column=name) for header, name in pairs
    ]
    without = [both_words(column) for column in missing if column not in near]
    if without:
        lines.append(texts.say("ratings.no_ratings.none_like", language, columns=", ".join(without)))
    return lines
