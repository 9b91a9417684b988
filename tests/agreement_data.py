"""Reference data sets of agreement, read once; every one with its source in tests/reference/agreement."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "reference" / "agreement"


def read(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def sources():
    return {row["dataset"]: row for row in read("sources.csv")}


@cache
def ratings(dataset):
    """Ratings of one data set, every item a row; numbers as floats, text as objects."""
    about = sources()[dataset]
    width, text = int(about["raters"]), about["text"] == "1"
    rows = []
    for row in read("ratings.csv"):
        if row["dataset"] == dataset:
            cells = [row[f"rater{j + 1}"] for j in range(width)]
            rows += [[_cell(cell, text) for cell in cells]] * int(row["items"])
    return np.array(rows, dtype=object if text else float)


def _cell(cell, text):
    if cell == "":
        return None if text else np.nan
    return cell if text else float(cell)


def half_a_digit(printed):
    """Half a unit in the last printed digit, with a little room for the printed value's own rounding."""
    decimals = len(printed.partition(".")[2])
    return 0.5000001 * 10.0**-decimals
