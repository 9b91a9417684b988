"""Texts that people type into our tables are masked as those of an import are, and it is said where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from ogp_analysis.privacy.masking import mask_columns
from ogp_analysis.ratings.problems import ranges
from ogp_analysis.tabular import Note


def masked(
    frame: pd.DataFrame, columns: Iterable[str], *, places: Sequence[str], rows: Sequence[int]
) -> tuple[pd.DataFrame, list[Note]]:
    """Mask what reaches a person; one note for each place (a file, or a file and a sheet) that held some.

    >>> frame = pd.DataFrame({"proposal": ["P1", "P2"], "reason": ["A complaint", "Write to ana@ejemplo.ec"]})
    >>> result, notes = masked(frame, ["reason"], places=["d.csv", "d.csv"], rows=[2, 3])
    >>> result["reason"].tolist()[1], dict(notes[0].values)["rows"]
    ('Write to […]', '3')
    """
    result, changed = mask_columns(frame, columns)
    by_place: dict[str, set[int]] = {}
    for at, _ in changed:
        by_place.setdefault(places[at], set()).add(int(rows[at]))
    return result, [
        Note("ratings.masked_typed", (("place", place), ("rows", ranges(sorted(own)))))
        for place, own in by_place.items()
    ]
