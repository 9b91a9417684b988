"""Every example in a docstring gives what it shows, in an empty folder and without warnings."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import ogp_analysis

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
NAMES = sorted(
    module.name
    for module in pkgutil.walk_packages(ogp_analysis.__path__, f"{ogp_analysis.__name__}.")
    if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_module(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    said = []
    for example in doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name), name):
        # Most docstrings have none, and to run nothing takes a millisecond each.
        if example.examples:
            runner.run(example, out=said.append)
    assert runner.failures == 0, "".join(said)
    assert list(tmp_path.iterdir()) == [], "an example leaves nothing on the disk"


def test_no_literal_begins_with_a_space():
    """The site cannot be built from one: to its markup it never ends."""
    package = Path(ogp_analysis.__file__).parent
    texts = {path: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    assert [str(path) for path, text in texts.items() if re.search(r"(^|[\s(])`` ", text)] == []


def test_there_are_examples_in_every_part_that_computes():
    finder = doctest.DocTestFinder(exclude_empty=True)
    for part in ("agreement", "assessment", "model.params", "plan", "sensitivity"):
        names = [name for name in NAMES if name.startswith(f"ogp_analysis.{part}")]
        found = [test for name in names for test in finder.find(importlib.import_module(name), name)]
        assert sum(len(test.examples) for test in found) > 0, part


def test_a_wrong_example_is_noticed():
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    runner.run(wrong, out=lambda text: None)
    assert runner.failures == 1
