"""Numbers of other packages: ours agree, or differ for a reason that is written beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from project_files import text, tool

reference = tool("reference")
PACKAGES = (
    "irr",
    "irrcac",
    "krippendorff",
    "others",
    "pingouin",
    "psych",
    "publications",
    "pysensmcda",
    "salib",
)


@pytest.fixture(scope="module")
def outcomes():
    return {package: list(reference.compared(package)) for package in reference.packages()}


def test_the_packages_are_there():
    assert reference.packages() == [*PACKAGES, "statsmodels"]


@pytest.mark.parametrize("package", [*PACKAGES, "statsmodels"])
def test_every_number_of_a_package_comes_out_as_the_tables_say(package, outcomes):
    assert [one for one in outcomes[package] if not one.expected] == []
    assert sum(one.agreed for one in outcomes[package]) >= 3


def test_most_numbers_agree(outcomes):
    known = [one for package in outcomes.values() for one in package]
    assert len(known) > 2500
    assert sum(one.agreed for one in known) > 0.8 * len(known)


def test_the_page_is_as_the_tables(outcomes):
    known = [one for package in reference.packages() for one in outcomes[package]]
    assert reference.page(known) == text("docs/dev/reference.md")


def test_every_number_and_data_set_has_an_address():
    for package in reference.packages():
        known = {row["source"]: row["address"] for row in reference.read(package, "sources.csv")}
        used = [number.source for number in reference.numbers(package)]
        used += [row["source"] for row in reference.read(package, "datasets.csv")]
        assert all(known[source] for source in used), package
        assert set(known) == set(used), package


def test_every_data_set_is_named_once_and_used_or_published():
    rows = [row["dataset"] for name in reference.packages() for row in reference.read(name, "datasets.csv")]
    assert len(rows) == len(set(rows))
    used = {number.example for name in reference.packages() for number in reference.numbers(name)}
    beside = {"smaa_weights"}  # read by the call
    published = {name for name, row in reference.datasets().items() if row["package"] == "publications"}
    assert set(rows) - used - beside <= published


def test_reasons_are_known_and_needed():
    known = {row["why"] for row in reference.read("reasons.csv")}
    used = {number.why for name in reference.packages() for number in reference.numbers(name)} - {""}
    assert used == known
    assert all(row["text"] and row["source"] for row in reference.read("reasons.csv"))
    assert all(row["why"] for row in reference.read("not_read.csv"))


def test_a_wrong_number_a_missing_reason_and_a_stale_reason_are_noticed(outcomes):
    good = next(one for one in outcomes["publications"] if one.number.theirs == "0.743")
    assert good.expected
    wrong = reference.agrees(good.ours, "0.744", "")
    assert not wrong
    assert not replace(good, agreed=wrong).expected
    assert not replace(good, number=replace(good.number, why="by_position")).expected


@pytest.mark.parametrize(
    ("ours", "theirs", "within", "agreed"),
    [
        (0.7434, "0.743", "", True),
        (0.7436, "0.743", "", False),
        (0.16476, "0.16472", "1.5e-4", True),
        (4.8e-8, "4.79e-08", "", False),
        ("refused", "0.5", "", False),
        ("refused", "refused", "", True),
        (float("nan"), "0.5", "", False),
        ([0.5, 0.25], "[0.5, 0.3]", "", True),
        ([0.5], "[0.5, 0.3]", "", False),
    ],
)
def test_what_agrees(ours, theirs, within, agreed):
    assert reference.agrees(ours, theirs, within) is agreed


def test_the_command_prints_the_table_and_its_totals(capsys, monkeypatch):
    monkeypatch.setattr(reference, "packages", lambda: ["salib", "statsmodels"])
    assert reference.main([]) == 0
    printed = capsys.readouterr().out
    assert (
        "| statsmodels | SAS example | `cohens_kappa(table10)` | `cohen_kappa()` | value, table_error |"
        in printed
    )
    assert "Limits by the normal distribution" in printed
    assert "| together | 21 | 15 | 6 | 0 |" in printed
