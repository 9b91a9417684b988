"""Runs never report a false success and never lose a previous result: each way to fail is made to happen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample_project import base, break_with, places, refused
from tiny_notebooks import (
    ROOT,
    TELL_PID,
    bytes_of,
    is_gone,
    write_notebook,
    write_params,
)

from ogp_analysis.errors import ParameterError
from ogp_analysis.runs import notebook_file, run

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


# What a notebook leaves

LEFT = "01_tiny.ipynb left tables/01_tiny.csv"
TABLE, RESULTS = "tables/01_tiny.csv", "results/01_tiny.json"


def tamper(project: Path, code: str) -> None:
    """Let the last cell do something more after it has exported everything."""
    path = write_notebook(project / "notebooks", "01_tiny")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"] += f"\nfrom pathlib import Path\nleft = Path(output_dir)\n{code}"
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        (TABLE, b"", rf"{LEFT}, a table without a header"),
        (TABLE, b"\n1,2\n", rf"{LEFT}, a table without a header"),
        (TABLE, bytes(range(256)), rf"{LEFT}, which is not text in UTF-8"),
        (TABLE, "n\nñandú\n".encode("latin-1"), rf"{LEFT}, which is not text in UTF-8"),
        (TABLE, b"a,b\n1,2\n3\n", rf"{LEFT}, whose row 3 has 1 cells where the header has 2"),
        (TABLE, b'a,b\n1,"2', rf"{LEFT}, which cannot be read as CSV \(unexpected end of data\)"),
        ("figures/map.en.svg", b"", r"left figures/map\.en\.svg, which is no SVG \(no element found"),
        ("figures/map.en.svg", b"<svg><broken", r"left figures/map\.en\.svg, which is no SVG \(unclosed"),
        ("figures/map.en.svg", b"<html/>", r"left figures/map\.en\.svg, which is no SVG \(<html>\)"),
        (RESULTS, b"{broken", r"left results/01_tiny\.json, which is no JSON object .*\(Expecting"),
        (RESULTS, b"[1]", r"left results/01_tiny\.json, which is no JSON object .*\(list\)"),
        (RESULTS, b'{"a": [{"b": NaN}]}', r"no JSON object whose numbers are all finite \(nan\)"),
        (RESULTS, b'{"a": -1e999}', r"no JSON object whose numbers are all finite \(-inf\)"),
        (RESULTS, b"[" * 100_000, r"no JSON object whose numbers are all finite \(RecursionError\)"),
        ("ro-crate-metadata.json", b"{}", r"wrote ro-crate-metadata\.json, a name that belongs to the run"),
        ("inputs/params.yaml", b"", r"wrote inputs/params\.yaml, a name that belongs to the run"),
    ],
)
def test_an_output_that_is_not_what_it_should_be_is_no_success(
    project: Path, file: str, content: bytes, told: str
) -> None:
    write = f"(left / {file!r}).parent.mkdir(exist_ok=True); (left / {file!r}).write_bytes("
    tamper(project, f"{write}{content!r})" if len(content) < 1000 else f"{write}b'[' * {len(content)})")
    refused(project, told)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("table.write_text(''.join(table.read_text().splitlines(True)[:1]))", r"tables/01_tiny\.csv"),
        ("table.unlink()", r"tables/01_tiny\.csv"),
        ("(left / 'results/01_tiny.json').write_text('{}')", r"results/01_tiny\.json"),
    ],
    ids=["cut to its header", "removed", "other results"],
)
def test_an_output_that_changes_after_it_was_exported_is_no_success(
    project: Path, change: str, named: str
) -> None:
    path = project / "notebooks" / "01_tiny.ipynb"
    tamper(project, f"table = left / 'tables/01_tiny.csv'\n{change}")
    # Not named in so many words, so that nothing but the note of the export promises it.
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("tables={", "tables=dict(**{").replace("]})},", "]})}),"), encoding="utf-8")
    refused(project, f"01_tiny.ipynb: after output.save had written {named}, it was changed or removed")


def test_a_file_in_the_place_of_the_tables_is_no_success(project: Path) -> None:
    tamper(project, "import shutil\nshutil.rmtree(left / 'tables')\n_ = (left / 'tables').write_text('x')")
    refused(project, r"01_tiny\.ipynb wrote tables, a name that belongs to the run itself")


def test_what_a_notebook_writes_twice_or_elsewhere_is_held_against_the_last_of_its_own(
    project: Path, tmp_path: Path
) -> None:
    again = "output.save(output_dir, '01_tiny', tables={'01_tiny': pd.DataFrame({'n': [43]})})"
    tamper(
        project, f"{again}\ntitle = 'x'\noutput.save({str(tmp_path / 'copy')!r}, title, results={{'n': 1}})"
    )
    run.run_scenarios([project / "params" / "base.yaml"], places(project))
    assert (base(project) / "tables" / "01_tiny.csv").read_bytes() == b"n\n43\n"
    assert (tmp_path / "copy" / "results" / "x.json").is_file()


# A kernel that ends


@pytest.mark.parametrize("place", ["before", "after the export"])
def test_a_cell_that_quits_is_named_though_later_cells_ran(project: Path, place: str) -> None:
    if place == "before":
        break_with(project, "quit()", "1 + 1", "2 + 2")
        refused(project, r"01_tiny\.ipynb, cell 3 told its own kernel to end \(quit or exit\)")
    else:
        tamper(project, "quit()")
        refused(project, r"01_tiny\.ipynb, cell 3 told its own kernel to end \(quit or exit\)")


def test_a_kernel_that_leaves_by_itself_is_not_said_to_be_killed(project: Path) -> None:
    tamper(project, "import os; os._exit(0)")
    refused(project, r"cell 3: its kernel ended \(by its own exit, from outside or for want of memory\)")


# Notebooks that are none, or not all


def change_notebook(project: Path, change) -> None:
    path = write_notebook(project / "notebooks", "01_tiny", TELL_PID)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda n: n.update(cells=5), r"cells is 5; it must be \[\.\.\.\]"),
        (lambda n: n.pop("metadata"), "it has no metadata"),
        (lambda n: n.pop("nbformat"), "it has no nbformat"),
        (lambda n: n.update(nbformat=99), "nbformat is 99; it must be 4"),
        (lambda n: n.update(nbformat=3), "nbformat is 3; it must be 4"),
        (lambda n: n["cells"].insert(0, 7), "cell 1 is 7; it must be"),
        (lambda n: n["cells"][2].pop("metadata"), "it has no cell 3: metadata"),
        (lambda n: n["cells"][2].pop("cell_type"), "it has no cell 3: cell_type"),
        (lambda n: n["cells"][2].update(cell_type="heading"), 'cell 3: cell_type is "heading"; it must be'),
        (lambda n: n["cells"][2].pop("source"), "it has no cell 3: source"),
        (lambda n: n["cells"][2].update(source=5), "cell 3: source is 5"),
        (lambda n: n["cells"][2]["metadata"].update(tags=None), "cell 3: metadata: tags is null"),
    ],
)
def test_a_notebook_of_another_form_is_refused_before_anything_starts(
    project: Path, change, told: str
) -> None:
    change_notebook(project, change)
    refused(project, rf"01_tiny\.ipynb is not a valid notebook of format 4: {told}")
    assert not (project / "params" / "kernel.pid").exists()


def test_a_notebook_with_a_byte_order_mark_is_refused(project: Path) -> None:
    path = write_notebook(project / "notebooks", "01_tiny", TELL_PID)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    refused(project, r"01_tiny\.ipynb is not a valid notebook: it begins with a byte-order mark")
    assert not (project / "params" / "kernel.pid").exists()


def test_one_of_the_six_that_is_gone_is_named_before_anything_starts(project: Path) -> None:
    write_notebook(project / "notebooks", "03_categories", TELL_PID)
    others = r"01_ratings\.ipynb, 02_agreement\.ipynb, 04_sensitivity\.ipynb, 05_plan_tables\.ipynb"
    refused(project, rf"holds some of the six notebooks of this project, but not {others}, 06_irm_review")
    assert not (project / "params" / "kernel.pid").exists()


def test_the_six_are_those_of_this_project_beside_that_of_the_proposals() -> None:
    names = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert names == ["00_proposals.ipynb", *notebook_file.GO_TOGETHER]
