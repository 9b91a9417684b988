"""Names and places of runs: what names no folder, who holds one, what a killed run or a full disk leaves."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from sample_project import base, break_with, places
from tiny_notebooks import (
    TELL_PID,
    bytes_of,
    environment,
    is_gone,
    ogp,
    start,
    strangers,
    wait_for,
    write_params,
)

from ogp_analysis import run
from ogp_analysis.errors import ParameterError, RunError
from ogp_analysis.run import place

pytestmark = pytest.mark.usefixtures("unchanged_code")


def test_every_params_file_is_checked_before_any_starts(project: Path) -> None:
    break_with(project, TELL_PID)
    broken = write_params(project / "params", "broken", tolerance=-1)
    with pytest.raises(ParameterError, match="tolerance"):
        run.run_scenarios([project / "params" / "base.yaml", broken], places(project))
    assert not (project / "params" / "kernel.pid").exists()


@pytest.mark.parametrize("name", ["a{b}", "..", "con", "a..b", "ends.", "x.failed"])
def test_a_scenario_name_that_is_no_plain_folder_is_refused(name: str) -> None:
    with pytest.raises(RunError, match="cannot name a folder"):
        place.check_name(name)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_spanish_scenario_name_gives_a_plain_folder_however_it_is_encoded(project: Path, form: str) -> None:
    write_params(project / "params", unicodedata.normalize("NFC", "más pequeño"))
    given = project / "params" / (unicodedata.normalize(form, "más pequeño") + ".yaml")
    if form == "NFD":
        (project / "params" / "más pequeño.yaml").rename(given)
    (found,) = run.read_all([given], places(project))
    assert (found.name, found.target.name) == ("mas pequeno", "mas pequeno")


def test_two_names_that_differ_in_accents_only_are_refused(project: Path) -> None:
    files = [write_params(project / "params", name) for name in ("año", "ano")]
    with pytest.raises(RunError, match="two params files give the name ano"):
        run.read_all(files, places(project))


@pytest.mark.parametrize("folder", ["../elsewhere", "outputs/{name}", "a/../../b"])
def test_an_output_folder_that_climbs_or_holds_braces_is_refused(project: Path, folder: str) -> None:
    code, _, err = ogp(project, "run", "params/base.yaml", "--outputs", folder)
    assert code == 2
    assert "no part of it may be" in err
    assert not strangers(project, "notebooks", "params", "outputs")


def test_a_home_folder_with_braces_spaces_and_enye_works(good_run: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(good_run, tmp_path / "año {x} nuevo"))
    code, out, err = ogp(home, "run", "params/base.yaml", "--force")
    assert (code, err) == (0, "")
    assert "In the synthetic example, the tolerance is 1.0." in out


def test_two_runs_into_one_place_the_second_is_refused_and_names_the_holder(project: Path) -> None:
    target = base(project)
    with place.held(target):
        break_with(project, "1")
        with pytest.raises(
            RunError, match=rf"base is being written by another run \(process {os.getpid()}\)"
        ):
            run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert not strangers(project / "outputs", "base")


def test_a_stale_lock_and_stale_folders_hold_nobody_up(project: Path) -> None:
    outputs = project / "outputs"
    (outputs / ".lock-base").write_text('{"pid": 999999999}', encoding="utf-8")
    (outputs / ".building-base-abcd1234" / "base").mkdir(parents=True)
    shutil.move(outputs / "base", outputs / ".replaced-base-abcd1234")
    other = outputs / ".building-base-2-abcd1234"
    other.mkdir()
    with place.held(outputs / "base"):
        assert (outputs / "base" / "results.json").is_file(), "a run that was replaced halfway comes back"
    assert strangers(outputs, "base") == [other.name], "another scenario's folder is left alone"


def test_the_sockets_of_killed_kernels_are_cleared_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("ogp-kernel-999999999-abc", f"ogp-kernel-{os.getpid()}-abc", "ogp-kernel-x", "other"):
        (tmp_path / name).mkdir()
    place.clear_stale_folders()
    left = {"ogp-kernel-x", f"ogp-kernel-{os.getpid()}-abc", "other"}
    assert {path.name for path in tmp_path.iterdir()} == left


def test_a_run_killed_outright_leaves_the_previous_one_and_no_kernel(project: Path) -> None:
    before = bytes_of(base(project))
    break_with(project, TELL_PID, "import time\ntime.sleep(600)")
    process = start(project, "run", "params/base.yaml")
    kernel = int(wait_for(project / "params" / "kernel.pid", process))
    process.kill()
    process.communicate()
    assert is_gone(kernel)
    assert bytes_of(base(project)) == before
    break_with(project, "3 + 3")
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert not strangers(project / "outputs", "base")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_ends_clean(project: Path, how: signal.Signals) -> None:
    before = bytes_of(base(project))
    break_with(project, TELL_PID, "import time\ntime.sleep(600)")
    process = start(project, "run", "params/base.yaml", "--lang", "es")
    kernel = int(wait_for(project / "params" / "kernel.pid", process))
    os.killpg(process.pid, how)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "detenido; los resultados anteriores no se tocaron\n")
    assert is_gone(kernel)
    assert bytes_of(base(project)) == before
    assert not strangers(project / "outputs", "base")


@contextlib.contextmanager
def small_disk(folder: Path):
    """Mount a disk of 300 KiB where that is allowed; say in the test's name of the means which it was."""
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)], capture_output=True
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", str(folder)], check=True)


def limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))


@pytest.mark.skipif(sys.platform == "win32", reason="no small disk can be made")
@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("print('y' * 1_500_000)", "base/notebooks/01_tiny.ipynb"),
        ("open(f'{output_dir}/much', 'wb').write(bytes(1_500_000))", "base: 01_tiny.ipynb, cell 3 stopped"),
    ],
    ids=["while the run is laid out", "in a cell"],
)
def test_a_full_disk_is_named_and_loses_nothing(
    good_run: Path, project: Path, record_property: pytest.fixture, cell: str, named: str
) -> None:
    shutil.rmtree(project / "outputs")
    break_with(project, cell)
    with small_disk(project / "outputs") as mounted:
        record_property("disk", "tmpfs of 300 KiB" if mounted else "file-size limit of 300 kB")
        print("full disk made by", "tmpfs" if mounted else "RLIMIT_FSIZE")
        small = {"results.json": b"{}", "tables/a.csv": b"a\n1\n"}
        for name, content in small.items():
            path = base(project) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-m", "ogp_analysis", "run", "params/base.yaml"],
            cwd=project,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            preexec_fn=None if mounted else limit_file_size,
        )
        assert done.returncode == 3, done.stderr
        assert named in done.stderr
        assert "No space left on device" in done.stderr or "File too large" in done.stderr
        assert bytes_of(base(project)) == small
        assert not strangers(project / "outputs", "base", "base.failed")
