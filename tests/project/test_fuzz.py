"""The fuzzer finds what it looks for, and the same seed gives the same cases."""

from __future__ import annotations

import random
import time

import pytest

pytest.importorskip("resource")

from project_files import tool

from ogp_analysis import tabular

fuzz = tool("fuzz")


@pytest.mark.parametrize("reader", fuzz.READERS)
def test_the_same_seed_gives_the_same_cases_and_another_gives_others(reader):
    seeds = fuzz.corpus(reader)
    one, same, other = (
        [fuzz.case(reader, seeds, chance) for _ in range(5)]
        for chance in (random.Random("1"), random.Random("1"), random.Random("2"))
    )
    assert one == same != other


@pytest.mark.parametrize("reader", ["csv", "sheet", "parts", "zip"])
def test_what_it_begins_with_is_read(reader):
    assert fuzz.of_table(fuzz.corpus(reader)[0])


@pytest.mark.parametrize(("reader", "begins"), [("yaml", fuzz.of_yaml), ("import", fuzz.of_export)])
def test_what_the_others_begin_with_is_read_too(reader, begins):
    assert all(begins(content) for content in fuzz.corpus(reader))


def test_a_defect_is_an_escape_with_its_place_and_its_bytes(monkeypatch, tmp_path):
    def defect(*_: object, **__: object):
        raise RecursionError("planted")

    monkeypatch.setattr(tabular, "parse", defect)
    found = fuzz.run("csv", 0.3, 1, tmp_path)
    ((name, count),) = found["escapes"].items()
    assert name.startswith("RecursionError at ")
    assert name.endswith("planted")
    assert count == found["cases"]
    assert len(list(tmp_path.iterdir())) == 1


def busy(*_, **__):
    """Work for longer than a case may: what only waits uses no time of the processor."""
    while time.process_time() < 1e9:
        pass


def test_a_case_that_does_not_end_is_an_escape(monkeypatch, tmp_path):
    monkeypatch.setattr(fuzz, "CASE_SECONDS", 0.2)
    monkeypatch.setattr(tabular, "parse", busy)
    found = fuzz.run("csv", 0.3, 1, tmp_path)
    assert [name.split()[0] for name in found["escapes"]] == ["TooSlowError"]
