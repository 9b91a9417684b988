"""Runs never report a false success and never lose a previous result: each way to fail is made to happen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample_project import base, break_with, places, refused
from tiny_notebooks import (
    TELL_PID,
    bytes_of,
    is_gone,
    write_notebook,
    write_params,
)

from ogp_analysis import run
from ogp_analysis.errors import ParameterError

pytestmark = pytest.mark.usefixtures("unchanged_code")


def test_a_good_run_holds_everything_and_names_no_place_of_this_machine(good_run: Path) -> None:
    files = bytes_of(base(good_run))
    assert {"notebooks/01_tiny.ipynb", "tables/01_tiny.csv", "results.json", "report.html"} <= set(files)
    assert files["tables/01_tiny.csv"] == b"tolerance,share\n1,0.3333333333\n"
    results = json.loads(files["results.json"])
    assert results["01_tiny"]["headline"] == "In the synthetic example, the tolerance is 1.0."
    for name, content in files.items():
        assert str(good_run).encode() not in content, name


def test_an_error_in_a_cell_names_notebook_cell_and_cause(project: Path) -> None:
    break_with(project, "1 / 0")
    error = refused(project, r"base: 01_tiny\.ipynb, cell 3 stopped: ZeroDivisionError: division by zero")
    assert error.values["kept"] == "base.failed/01_tiny.ipynb"
    kept = json.loads((project / "outputs" / "base.failed" / "01_tiny.ipynb").read_text(encoding="utf-8"))
    assert "ZeroDivisionError" in json.dumps(kept)


def test_a_killed_kernel_is_no_success(project: Path) -> None:
    break_with(project, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "1 + 1")
    refused(project, r"01_tiny\.ipynb, cell 3: its kernel ended \(by its own exit")


@pytest.mark.parametrize("ending", ["import sys; sys.exit(0)", "exit()"])
def test_a_cell_that_exits_with_zero_is_no_success(project: Path, ending: str) -> None:
    break_with(project, ending, "1 + 1")
    refused(project, r"01_tiny\.ipynb, (the )?cell \d")


def test_a_cell_that_is_skipped_or_may_fail_is_no_success(project: Path) -> None:
    path = write_notebook(project / "notebooks", "01_tiny", "1 / 0")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][2]["metadata"]["tags"] = ["raises-exception"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    refused(project, r"cell 3 stopped: ZeroDivisionError")
    notebook["cells"][2]["metadata"]["tags"] = ["skip-execution"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    refused(project, r"cell 3 did not run in its turn")


def test_a_promised_file_that_is_not_written_is_no_success(project: Path) -> None:
    break_with(project, "output_dir = ''")
    refused(project, r"did not write what it promises: tables/01_tiny\.csv, results/01_tiny\.json")


def test_a_hanging_cell_is_stopped_at_the_limit_and_its_kernel_ends(project: Path) -> None:
    write_params(project / "params", cell_timeout=1)
    break_with(project, TELL_PID, "while True:\n    pass")
    refused(project, r"cell 4 ran longer than 1 seconds")
    assert is_gone(int((project / "params" / "kernel.pid").read_text()))


def test_fifty_megabytes_of_print_are_stopped(project: Path) -> None:
    break_with(project, "for _ in range(50):\n    print('x' * 1_000_000)")
    refused(project, r"cell 3 printed more than 2 million characters")
    kept = project / "outputs" / "base.failed" / "01_tiny.ipynb"
    assert kept.stat().st_size < 3_000_000


def test_endless_print_is_stopped(project: Path) -> None:
    break_with(project, "import time\nwhile True:\n    print('x' * 10_000)\n    time.sleep(0.001)")
    refused(project, r"cell 3 printed more than 2 million characters")


@pytest.mark.parametrize("tag", ["", "parameter"])
def test_a_missing_parameters_tag_is_refused_before_anything_starts(project: Path, tag: str) -> None:
    write_notebook(project / "notebooks", "01_tiny", TELL_PID, tag=tag)
    refused(project, r"01_tiny\.ipynb: 0 cells are tagged")
    assert not (project / "params" / "kernel.pid").exists()


def test_a_parameters_cell_that_computes_is_refused(project: Path) -> None:
    path = project / "notebooks" / "01_tiny.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("seed = 20191001", "seed = hash('a')"))
    refused(project, r"01_tiny\.ipynb, cell 2: the parameters cell may only assign plain values")


def test_a_parameter_that_the_notebook_does_not_declare_is_refused(project: Path) -> None:
    path = project / "notebooks" / "01_tiny.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("tolerance = 1.0", "tolerence = 1.0"))
    refused(project, r"parameter 'tolerance' is not in its parameters cell \(nearest: tolerence\)")


def test_a_parameter_name_that_is_code_never_runs(project: Path) -> None:
    file = project / "params" / "base.yaml"
    mark = project / "executed"
    with file.open("a", encoding="utf-8") as stream:
        stream.write(f"\"a=1;open({str(mark)!r}, 'w');b\": 1\n")
    before = bytes_of(base(project))
    with pytest.raises(ParameterError, match="a=1"):
        run.run_scenarios([file], places(project))
    assert not mark.exists()
    assert bytes_of(base(project)) == before
