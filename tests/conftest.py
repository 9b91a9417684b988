"""Fixtures that several modules of tests share: a project with one tiny notebook and a good run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_project import places
from tiny_notebooks import write_notebook, write_params

from ogp_analysis import run


@pytest.fixture(scope="module")
def unchanged_code() -> Iterator[None]:
    """Hold the hash of the code still: whoever works on the package while the tests run changes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ogp_analysis.run.scenario.code_digest", lambda: "unchanged")
        yield


@pytest.fixture(scope="module")
def good_run(unchanged_code: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of one tiny notebook; the tests copy its folder."""
    folder = tmp_path_factory.mktemp("project")
    write_notebook(folder / "notebooks", "01_tiny", "2 + 2")
    run.run_scenarios([write_params(folder / "params")], places(folder))
    return folder


@pytest.fixture
def project(good_run: Path, tmp_path: Path) -> Path:
    """A project whose scenario ``base`` has a good previous run."""
    return Path(shutil.copytree(good_run, tmp_path / "project"))
