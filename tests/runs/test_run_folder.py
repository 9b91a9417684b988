"""Names and places of runs: what names no folder, who holds one, what a killed run or a full disk leaves."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import psutil
import pytest
from sample_project import base, break_with, places
from tiny_notebooks import (
    TELL_PID,
    bytes_of,
    environment,
    is_gone,
    ogp_here,
    start,
    strangers,
    wait_for,
    write_notebook,
    write_params,
)

from ogp_analysis.errors import ParameterError, RunError
from ogp_analysis.runs import provenance, run, run_folder

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
        run_folder.check_name(name)


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
    code, _, err = ogp_here(project, "run", "params/base.yaml", "--outputs", folder)
    assert code == 2
    assert "no part of it may be" in err
    assert not strangers(project, "notebooks", "params", "outputs")


def test_a_home_folder_with_braces_spaces_and_enye_works(good_run: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(good_run, tmp_path / "año {x} nuevo"))
    code, out, err = ogp_here(home, "run", "params/base.yaml", "--force")
    assert (code, err) == (0, "")
    assert "In the synthetic example, the tolerance is 1.0." in out


def test_two_runs_into_one_place_the_second_is_refused_and_names_the_holder(project: Path) -> None:
    target = base(project)
    with run_folder.held(target):
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
    with run_folder.held(outputs / "base"):
        assert (outputs / "base" / "results.json").is_file(), "a run that was replaced halfway comes back"
    assert strangers(outputs, "base") == [other.name], "another scenario's folder is left alone"


def test_the_sockets_of_killed_kernels_are_cleared_and_no_others(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A short name: in a folder with a long one there are no sockets, and nothing of theirs to clear.
    tmp_path = tmp_path_factory.mktemp("t")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("ogp-kernel-999999999-abc", f"ogp-kernel-{os.getpid()}-abc", "ogp-kernel-x", "other"):
        (tmp_path / name).mkdir()
    run_folder.clear_stale_folders()
    left = {"ogp-kernel-x", f"ogp-kernel-{os.getpid()}-abc", "other"}
    assert {path.name for path in tmp_path.iterdir()} == left


def test_a_run_killed_outright_leaves_the_previous_one_and_no_kernel(project: Path) -> None:
    before = bytes_of(base(project))
    break_with(project, TELL_PID, "import time\ntime.sleep(600)")
    # Two kernels are forked; of one that is not, a stopped run is told below.
    other = write_notebook(project / "notebooks", "02_tiny")
    process = start(project, "run", "params/base.yaml", "--jobs", "1")
    kernel = int(wait_for(project / "params" / "kernel.pid", process))
    started = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    assert kernel in {each.pid for each in started}
    assert all(is_gone(each.pid) for each in started)
    assert bytes_of(base(project)) == before
    other.unlink()
    break_with(project, "3 + 3")
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    left = strangers(project / "outputs", "base")
    assert not left, left


@pytest.mark.parametrize(
    ("how", "notebooks"), [pytest.param(signal.SIGINT, 1, marks=pytest.mark.deep), (signal.SIGTERM, 2)]
)
def test_a_stopped_run_ends_clean(project: Path, tmp_path: Path, how: signal.Signals, notebooks: int) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    before = bytes_of(base(project))
    break_with(project, TELL_PID, "import time\ntime.sleep(600)")
    for number in range(2, notebooks + 1):
        write_notebook(project / "notebooks", f"{number:02}_tiny")
    words = ("run", "params/base.yaml", "--jobs", "1", "--lang", "es")
    process = start(project, *words, TMPDIR=str(temporary))
    kernel = int(wait_for(project / "params" / "kernel.pid", process))
    started = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, how)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "detenido; los resultados anteriores no se tocaron\n")
    assert kernel in {each.pid for each in started}
    assert all(is_gone(each.pid) for each in started)
    assert not list(temporary.glob("ogp-*"))
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


def run_here(project: Path) -> tuple[int, str]:
    code, _, err = ogp_here(project, "run", "params/base.yaml")
    return code, err


def limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))


def run_with_small_files(project: Path) -> tuple[int, str]:
    """Run in a process of its own: a limit on the size of files cannot be taken back."""
    done = subprocess.run(
        [sys.executable, "-m", "ogp_analysis", "run", "params/base.yaml"],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=limit_file_size,
    )
    return done.returncode, done.stderr


FILL = "open(f'{output_dir}/much', 'wb').write(bytes(1_500_000))"


@pytest.mark.skipif(sys.platform == "win32", reason="no small disk can be made")
@pytest.mark.parametrize(
    ("cell", "named", "left"),
    [
        ("print('y' * 1_500_000)", "base/notebooks/01_tiny.ipynb", []),
        (FILL, "base: 01_tiny.ipynb, cell 3 stopped", ["base.failed"]),
        (f"print('y' * 400_000)\n{FILL}", "base: 01_tiny.ipynb, cell 3 stopped", []),
    ],
    ids=["while the run is laid out", "in a cell", "in a cell, and while its notebook is kept"],
)
def test_a_full_disk_is_named_and_loses_nothing(
    good_run: Path, project: Path, record_property: pytest.fixture, cell: str, named: str, left: list[str]
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
        code, err = run_here(project) if mounted else run_with_small_files(project)
        assert code == 3, err
        assert named in err
        assert "No space left on device" in err or "File too large" in err
        assert bytes_of(base(project)) == small
        assert strangers(project / "outputs", "base") == left


@pytest.mark.skipif(sys.platform == "win32", reason="no small disk can be made")
def test_a_disk_without_room_for_a_kernel_is_named_in_one_line(project: Path) -> None:
    shutil.rmtree(project / "outputs")
    with small_disk(project / "outputs") as mounted:
        if not mounted:
            pytest.skip("no disk can be mounted here")
        fill = project / "outputs" / "fill"
        with contextlib.suppress(OSError), fill.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        code, out, err = ogp_here(project, "run", "params/base.yaml", "--json", "--lang", "en")
        assert (code, err) == (3, "")
        cause = "base: 01_tiny.ipynb, cell 0: the disk refused to write: No space left on device"
        assert cause in json.loads(out)["error"]
        assert not strangers(project / "outputs", "fill")


# What may not be replaced


def started_nothing(project: Path) -> bool:
    return not (project / "params" / "kernel.pid").exists()


def refused_place(project: Path, match: str, *, outputs: str = "outputs", params: str = "params/base.yaml"):
    """Run by force from the project's folder; hold that nothing started and not one file changed."""
    break_with(project, TELL_PID)
    before = bytes_of(project)
    with pytest.raises(RunError, match=match) as caught:
        run.run_scenarios(
            [project / params], run.Places(project / "notebooks", project / outputs), force=True
        )
    assert started_nothing(project)
    assert bytes_of(project) == before
    return caught.value


def test_a_folder_that_holds_the_params_file_is_not_replaced(project: Path) -> None:
    write_params(project / "fast", "fast")
    refused_place(
        project, r"fast holds fast\.yaml, which the run reads", outputs=".", params="fast/fast.yaml"
    )


@pytest.mark.parametrize(("outputs", "name"), [(".", "notebooks"), (".", "own"), (".", "met")])
def test_a_folder_that_holds_notebooks_data_or_method_is_not_replaced(
    project: Path, outputs: str, name: str
) -> None:
    for given in ("own", "met"):
        (project / given).mkdir()
    example = Path(run.__file__).parents[1] / "data" / "example"
    for table in ("ratings", "proposals", "decisions"):
        shutil.copy(example / f"{table}.csv", project / "own")
    shutil.copy(example.parent / "methods" / "ecuador-2019.yaml", project / "met" / "mine.yaml")
    write_params(project / "params", name, data="../own", method="../met/mine.yaml")
    held = {"notebooks": "notebooks", "own": "own", "met": r"mine\.yaml"}[name]
    match = rf"{name} holds {held}, which the run reads"
    refused_place(project, match, outputs=outputs, params=f"params/{name}.yaml")


def test_a_folder_that_is_no_run_is_not_replaced(project: Path) -> None:
    shutil.rmtree(base(project))
    base(project).mkdir()
    (base(project) / "thesis.txt").write_text("the only copy", encoding="utf-8")
    refused_place(project, r"base holds what no run wrote \(thesis\.txt\)")
    (base(project) / "tables").mkdir()
    (base(project) / "thesis.txt").rename(base(project) / "tables" / "thesis.csv")
    refused_place(project, r"base holds what no run wrote \(tables/thesis\.csv\)")


def test_another_programs_crate_is_not_replaced(project: Path) -> None:
    shutil.rmtree(base(project))
    base(project).mkdir()
    (base(project) / "thesis.txt").write_text("the only copy", encoding="utf-8")
    crate = '{"@graph": [{"@id": "thesis.txt", "@type": "File"}]}'
    (base(project) / "ro-crate-metadata.json").write_text(crate, encoding="utf-8")
    refused_place(project, r"base holds what no run wrote \(thesis\.txt\)")


@pytest.mark.parametrize("record", ["whole", "broken", "lost"])
def test_a_file_of_ones_own_in_a_run_is_not_replaced(project: Path, record: str) -> None:
    if record == "broken":
        (base(project) / "ro-crate-metadata.json").write_text('{"@graph": [', encoding="utf-8")
    if record == "lost":
        (base(project) / "ro-crate-metadata.json").unlink()
    for number in range(6):
        (base(project) / f"notes{number}.txt").write_text("mine", encoding="utf-8")
    names = ", ".join(rf"notes{number}\.txt" for number in range(5))
    refused_place(project, rf"base holds what no run wrote \({names}, …\)")


def test_a_link_of_ones_own_in_a_run_is_not_replaced(project: Path, tmp_path: Path) -> None:
    (base(project) / "more").symlink_to(tmp_path, target_is_directory=True)
    refused_place(project, r"base holds what no run wrote \(more\)")


def test_a_file_of_ones_own_among_failed_notebooks_is_not_removed(project: Path) -> None:
    failed = project / "outputs" / "base.failed"
    failed.mkdir()
    for name in ("01_tiny.ipynb", "notes.txt"):
        (failed / name).write_text("mine", encoding="utf-8")
    refused_place(project, r"base\.failed holds what no run wrote \(notes\.txt\)")
    (failed / "notes.txt").unlink()
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert not failed.exists()


def test_a_file_that_comes_while_a_run_works_is_not_replaced(project: Path) -> None:
    note = base(project) / "notes.txt"
    before = bytes_of(base(project))
    break_with(project, f"from pathlib import Path; _ = Path({str(note)!r}).write_text('mine')")
    with pytest.raises(RunError, match=r"base holds what no run wrote \(notes\.txt\)"):
        run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert bytes_of(base(project)) == before | {"notes.txt": b"mine"}
    assert not strangers(project / "outputs", "base")


@pytest.mark.parametrize("how", ["file changed", "file lost", "record broken", "record lost", "a trace"])
def test_a_damaged_run_is_replaced(project: Path, how: str) -> None:
    table, record = base(project) / "tables" / "01_tiny.csv", base(project) / "ro-crate-metadata.json"
    if how == "file changed":
        table.write_text("mine", encoding="utf-8")
    if how == "file lost":
        table.unlink()
    if how == "record broken":
        record.write_bytes(b"\xff\xfe{")
    if how == "record lost":
        record.unlink()
    if how == "a trace":
        (base(project) / ".DS_Store").write_bytes(b"\0")
    (done,) = run.run_scenarios([project / "params" / "base.yaml"], places(project))
    # What a system leaves there is no damage: the run is up to date.
    assert done.ran == (how != "a trace")
    assert table.read_bytes() == b"tolerance,share\n1,0.3333333333\n"
    assert not provenance.check(base(project))


@pytest.mark.parametrize("kind", ["file", "link", "dangling link"])
@pytest.mark.parametrize("name", ["base", "base.failed"])
def test_a_link_or_a_file_in_the_place_of_a_run_is_refused(project: Path, kind: str, name: str) -> None:
    path = project / "outputs" / name
    shutil.rmtree(path, ignore_errors=True)
    if kind == "file":
        path.write_text("precious", encoding="utf-8")
    else:
        path.symlink_to(project / ("params" if kind == "link" else "nowhere"), target_is_directory=True)
    refused_place(project, f"{name} is not a folder" if kind == "file" else f"{name} is a link")
    assert path.is_symlink() == (kind != "file")


def test_the_refusal_is_worded_in_spanish_and_as_json(project: Path) -> None:
    (base(project) / "notas.txt").write_text("mías", encoding="utf-8")
    code, out, err = ogp_here(project, "run", "params/base.yaml", "--force", "--lang", "es", "--json")
    assert (code, err) == (3, "")
    told = json.loads(out)
    assert "contiene lo que ninguna corrida escribió (notas.txt)" in told["error"]
    assert (base(project) / "notas.txt").is_file()
