"""Ratings that are all one number show no scale; a draft says that the one it writes is a stopgap."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogp_analysis.cli.method import draft_of


def remarks(folder: Path, lines: list[str], language: str = "en") -> list[str]:
    source = folder / "given.csv"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return draft_of(source, language)["remarks"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "every rating is 3"), ("es", "toda calificación es 3")]
)
def test_ratings_that_are_all_one_number_show_no_scale(tmp_path, language, words):
    rows = [f"{code},J{seat},3" for code in "AB" for seat in (1, 2, 3)]
    assert [one for one in remarks(tmp_path, ["proposal,judge,score", *rows], language) if words in one]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("proposal,judge,score", "4"),  # 3 and 4 are both given
        ("proposal,judge,score (1-5)", "3"),  # the header states the ends
        ("proposal,judge,rigor,use", "3,4"),  # the other one has the scale in common
    ],
)
def test_a_scale_that_ratings_or_a_header_show_is_no_stopgap(tmp_path, head, cells):
    more = "3,3" if "," in cells else "3"
    rows = [f"{code},J{seat},{cells if seat == 1 else more}" for code in "AB" for seat in (1, 2, 3)]
    assert not [one for one in remarks(tmp_path, [head, *rows]) if "every rating is" in one]
