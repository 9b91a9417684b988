"""What tests of runs ask of a project: its places, a broken notebook, a refusal that loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_notebooks import (
    bytes_of,
    strangers,
    write_notebook,
)

from ogp_analysis.errors import RunError
from ogp_analysis.model import params
from ogp_analysis.runs import run, warm_kernels
from ogp_analysis.runs.execute_notebook import Job

# As the product starts it: while tests run, `conftest` puts one that they share in its place.
OWN_SOURCE = warm_kernels.source


def places(folder: Path) -> run.Places:
    return run.Places(folder / "notebooks", folder / "outputs")


def base(project: Path) -> Path:
    return project / "outputs" / "base"


def break_with(project: Path, *sources: str) -> None:
    write_notebook(project / "notebooks", "01_tiny", *sources)


def refused(project: Path, match: str) -> RunError:
    """Run, and hold that it fails with this message and leaves the previous run byte-identical."""
    before = bytes_of(base(project))
    with pytest.raises(RunError, match=match) as caught:
        run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert bytes_of(base(project)) == before
    assert not strangers(project / "outputs", "base", "base.failed")
    return caught.value


def job_of(folder: Path, *sources: str) -> Job:
    """One notebook of some cells with the baseline's parameters, to be executed in this process."""
    path = write_notebook(folder / "notebooks", "01_tiny", *sources)
    return Job(
        scenario="base",
        name=path.name,
        content=path.read_bytes(),
        parameters=params.baseline(),
        kernel_folder=str(folder),
        scratch=str(folder),
        cell_timeout=60,
    )
