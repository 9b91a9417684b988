"""Texts of tests in which braces stand around what a mask has to hide."""

from __future__ import annotations

from ogp_analysis.privacy.mask_sign import MASK


def with_braces(text: str) -> tuple[str, str]:
    """Give a text as it is typed, and as it is when all in its braces is masked and nothing else."""
    before, inside = text.split("{")
    inside, after = inside.split("}")
    return before + inside + after, before + MASK + after
