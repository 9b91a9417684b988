"""Problems of an import by kind and column, with the first rows and values: thousands alike are one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ogp_analysis.errors import Problem
from ogp_analysis.tabular.table import Note

# Our choice: enough to find the first and to see what the others are like.
SHOWN = 3


@dataclass(frozen=True)
class Kind:
    """All problems of one rule in one column.

    Parameters
    ----------
    first : Problem
        The first of them.
    count : int
        How many there are.
    rows : tuple of int
        Rows of the first of them.
    examples : tuple of str
        Their values, each once.
    """

    first: Problem
    count: int
    rows: tuple[int, ...]
    examples: tuple[str, ...]

    def say(self, language: str = "en") -> str:
        """Word the kind in one line: the first in full, then how many more there are and where."""
        if self.count == 1:
            return self.first.say(language)
        rows = ", ".join(map(str, self.rows)) + (", …" if self.count > len(self.rows) else "")
        values = "; ".join(self.examples) if len(self.examples) > 1 else ""
        sentence = replace(self.first, row=0).say(language)
        values_said = (("sentence", sentence), ("count", str(self.count)), ("rows", rows), ("values", values))
        return Note("people.alike_values" if values else "people.alike", values_said).say(language)

    def record(self, language: str = "en") -> dict[str, str | int | list[int] | list[str]]:
        """Give the kind to programs: rule, file, column, count, first rows and values, and its words."""
        named: dict[str, str | int | list[int] | list[str]] = {
            "kind": self.first.rule,
            "file": self.first.file,
            "column": self.first.column,
        }
        named |= {"count": self.count, "rows": list(self.rows), "examples": list(self.examples)}
        return named | {"said": self.say(language)}


def kinds(problems: Sequence[Problem]) -> list[Kind]:
    """Group problems by rule, file, sheet and column, in the order of the first of each.

    >>> late = [Problem("people.age", row=row, column="edad", value=f"{row}x") for row in (2, 5, 7, 9)]
    >>> print(kinds(late)[0].say())
    column edad: 2x is not an age from 0 to 120 years (4 times; rows 2, 5, 7, …; such as 2x; 5x; 7x)
    """
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        # The row of an address, as in "fecha (B7)", is no part of the column.
        column = problem.column.split(" (")[0]
        groups.setdefault((problem.rule, problem.file, problem.sheet, column, problem.parameter), []).append(
            problem
        )
    return [_kind(group, key[3]) for key, group in groups.items()]


def _kind(group: list[Problem], column: str) -> Kind:
    rows = tuple(dict.fromkeys(problem.row for problem in group if problem.row))[:SHOWN]
    examples = tuple(dict.fromkeys(problem.value for problem in group if problem.value))[:SHOWN]
    first = group[0] if len(group) == 1 else replace(group[0], column=column)
    return Kind(first, len(group), rows, examples)
