"""Rows of an export, imported as a file of them is."""

from __future__ import annotations

from ogp_analysis.proposals import importing


def imported(text: str | bytes, **options) -> importing.Imported:
    return importing.parse(text.encode() if isinstance(text, str) else text, file="p.csv", **options)
