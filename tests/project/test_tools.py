"""The audit names what is wrong, and never takes a check that could not be made for a pass."""

from __future__ import annotations

import nbformat
import pytest
from nbformat import v4
from project_files import script, tool

script("tools/codecheck.py")
script("tools/offline_validators.py")
audit = tool("audit")


@pytest.fixture
def audited(tmp_path):
    (tmp_path / "run" / "notebooks").mkdir(parents=True)
    return audit.Audit(tmp_path / "run", tmp_path)


def write_notebook(audited, *counts, output=None):
    cells = [
        v4.new_code_cell("1", execution_count=count, outputs=[output] if output else []) for count in counts
    ]
    nbformat.write(v4.new_notebook(cells=cells), audited.run / "notebooks" / "99_mine.ipynb")


@pytest.mark.parametrize(
    ("counts", "output", "said"),
    [
        ((1, 3), None, "99_mine.ipynb: cells were not executed in order"),
        ((None, 1), None, "99_mine.ipynb: cells were not executed in order"),
        (
            (1,),
            v4.new_output("error", ename="E", evalue="", traceback=[]),
            "99_mine.ipynb: an error is among the outputs",
        ),
    ],
)
def test_a_notebook_that_did_not_run_through_fails(audited, counts, output, said):
    write_notebook(audited, *counts, output=output)
    assert said in list(audit.notebooks(audited))


def test_a_notebook_that_ran_through_passes(audited):
    write_notebook(audited, 1, 2)
    assert not [said for said in audit.notebooks(audited) if said.startswith("99_mine")]


def test_what_a_run_lacks_is_skipped_with_its_reason(audited):
    for check in (audit.pages, audit.documents):
        said, why = audit.verdict(check, audited)
        assert said == "skip"
        assert "has no report" in why or "is not installed" in why


def test_a_validator_that_says_no_is_a_failure(audited):
    def check(audit_of):
        yield from audit.complaints(
            audit.sys.executable, "-c", "import sys; print('line 3 is bad'); sys.exit(1)"
        )

    assert audit.verdict(check, audited) == ("fail", "line 3 is bad")


def test_locks_without_hash_or_with_a_host_are_found(audited, monkeypatch, tmp_path):
    (tmp_path / "tools").mkdir()
    for name in (*audit.LOCKS, "tools/requirements.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(
            "a==1 \\\n    --hash=sha256:00\nb==2\n--index-url https://x\n", encoding="utf-8"
        )
    monkeypatch.setattr(audit, "ROOT", tmp_path)
    said = list(audit.locks(audited))
    assert "requirements.lock: b has no hash" in said
    assert "docs/requirements.lock names a host" in said
    assert not [line for line in said if ": a has" in line]


def test_the_locks_of_this_project_pass(audited):
    assert list(audit.locks(audited)) == []


def test_the_reports_must_hold_the_stated_flow_of_proposals():
    assert {"335", "181", "43"} <= set(audit.published_counts())


def test_every_check_says_which_check_of_the_list_it_is():
    numbers = [int(check.__doc__.partition(":")[0]) for check in audit.CHECKS]
    assert numbers == [2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 20]
