"""The types of the package hold, and what checks them is awake: one run over it and a page of slips."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import ogp_analysis

ROOT = Path(ogp_analysis.__file__).parents[1]
LINE = re.compile(r"(?P<file>.+?):(?P<line>\d+): error: .*\[(?P<code>[a-z-]+)\]")
# What happens when a name changes in one place only, each with the code of the error it must give.
SLIPS = {
    "inputs.rating": "attr-defined",
    "Inputs(table, evaluator=table)": "call-arg",
    "complete_proposals('S01', 7)": "arg-type",
    "whole_assessment.asses(inputs, parameters)": "attr-defined",
    "no_such_name": "name-defined",
}
PAGE = """\
import pandas as pd

from ogp_analysis.assessment import whole_assessment
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.params import Parameters
from ogp_analysis.ratings.missing_ratings import complete_proposals

def slips(inputs: Inputs, parameters: Parameters, table: pd.DataFrame) -> None:
"""


@pytest.mark.slow
def test_types_hold_and_a_slip_is_found(tmp_path: Path) -> None:
    page = tmp_path / "slips.py"
    page.write_text(PAGE + "".join(f"    {slip}\n" for slip in SLIPS), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--no-pretty", "--show-error-codes", "ogp_analysis", str(page)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    errors = [found for line in done.stdout.splitlines() if (found := LINE.match(line))]
    assert not [found[0] for found in errors if Path(found["file"]).name != page.name], done.stderr
    first = PAGE.count("\n") + 1
    wanted = {first + at: code for at, code in enumerate(SLIPS.values())}
    assert {int(found["line"]): found["code"] for found in errors} == wanted
