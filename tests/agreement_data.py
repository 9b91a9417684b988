"""Data sets of agreement that others published, as `tools/reference.py` reads them from tests/reference."""

from __future__ import annotations

from project_files import tool

reference = tool("reference")
ratings = reference.data
half_a_digit = reference.half_a_digit


def published():
    """Names of the data sets of publications, with what is known of them."""
    return {name: about for name, about in reference.datasets().items() if about["package"] == "publications"}


def recorded(quantity):
    """Numbers of one quantity that irrCAC gave when it was run, as rows of text."""
    rows = (one for one in reference.numbers("irrcac") if one.source == "run" and one.quantity == quantity)
    return [
        {
            "dataset": one.example,
            "function": one.function,
            "weights": one.options.removeprefix("weights="),
            "theirs": one.theirs,
        }
        for one in rows
    ]
