"""Several exports of one consultation as one table; a code that stands in an earlier file is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.proposals.importing import Imported

REJECTED = ("row", "reason")


@dataclass(frozen=True)
class Joined:
    """Proposals of several files.

    Parameters
    ----------
    proposals : pandas.DataFrame
        Of all files, sorted by code.
    parts : tuple of (str, Imported)
        Name of each file, and what was read from it.
    repeated : pandas.DataFrame
        Proposals whose code stands in an earlier file too: set aside, with ``file`` and ``first``.
    """

    proposals: pd.DataFrame
    parts: tuple[tuple[str, Imported], ...]
    repeated: pd.DataFrame

    @property
    def problems(self) -> list[Problem]:
        """What is wrong in every file, and the codes that stand in two of them."""
        own = [problem for _, part in self.parts for problem in part.problems]
        return own + [
            Problem("people.code_in_two_files", row.file, value=row.proposal, detail=(("first", row.first),))
            for row in self.repeated.itertuples()
        ]

    def rejected_rows(self, language: str = "en") -> pd.DataFrame:
        """Give the rows that were set aside with their reasons; with the file where there are several."""
        frames = [
            part.rejected_rows(language).assign(file=name) for name, part in self.parts if len(part.rejected)
        ]
        if len(self.repeated):
            reasons = [p.say(language) for p in self.problems if p.rule == "people.code_in_two_files"]
            frames.append(self.repeated.assign(row="", reason=reasons))
        columns = [*(["file"] if len(self.parts) > 1 else []), *REJECTED]
        rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
        return rows[columns]


def join(parts: Sequence[tuple[str, Imported]]) -> Joined:
    r"""Put the proposals of several files together; the first file that has a code keeps it.

    >>> from ogp_analysis.proposals.importing import parse
    >>> parts = [(n, parse(f"código;título\n1;{n}\n".encode(), file=n)) for n in ("a.csv", "b.csv")]
    >>> joined = join(parts)
    >>> joined.proposals["title"].tolist(), joined.problems[0].say("en")
    (['a.csv'], 'b.csv: the code 1 stands in a.csv too; write another one in one of the files')
    """
    every = pd.concat([part.proposals.assign(file=name) for name, part in parts], ignore_index=True)
    first = every.groupby(PROPOSAL)["file"].transform("first")
    again = every[PROPOSAL].duplicated()
    kept = every[~again].drop(columns="file").sort_values(PROPOSAL, kind="stable", ignore_index=True)
    return Joined(kept, tuple(parts), every[again].assign(first=first[again]))
