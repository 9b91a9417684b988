"""How fast a run is, as ratios to what its tools alone need, measured in the same minutes.

    make bench        or: python benchmarks/run.py [--quick]

The floor of a run is papermill itself on as many notebooks that only import the libraries that the product
imports; the floor of nbval is nbval on those, each in a fresh kernel, while ours are forked as `make test`
forks them. The floor of a sweep is the import of pandas and scipy.stats.
Exit code 1 when a limit is broken.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
IMPORTS = "import matplotlib.pyplot\nimport numpy\nimport pandas\nimport scipy.stats"
WORKERS = 2
LIMITS = {
    "notebooks of the baseline / floor": 1.5,
    "whole run with reports / floor": 2.0,
    "nbval / its floor": 1.5,
    "ogp --help, seconds": 0.3,
    "up-to-date run, seconds": 1.0,
    "page: from drop to summary / ogp run of the same": 1.25,
    "page: an answer of the explorer, seconds": 1.0,
    "sweep of 288 rule sets / import of pandas and scipy.stats": 2.0,
    "sweep: microseconds a scenario beyond the first": 50.0,
    "sweep of 999,936 scenarios on two workers: memory of all processes, GB": 1.0,
}


def seconds(action: Callable[[], object], *, times: int = 1) -> float:
    """Give the shortest wall time of a few tries."""
    tries = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        tries.append(time.perf_counter() - started)
    return min(tries)


def command(*words: object, cwd: Path = ROOT, more: Path | None = None) -> Callable[[], object]:
    """Make an action of a command, which must succeed."""
    line = [sys.executable, *map(str, words)]

    def action() -> None:
        done = subprocess.run(line, cwd=cwd, capture_output=True, encoding="utf-8", env=environment(more))
        if done.returncode:
            sys.exit(f"{' '.join(line)} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")

    return action


def environment(more: Path | None = None) -> dict[str, str]:
    import os

    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": os.pathsep.join(map(str, filter(None, (ROOT, more))))}


def floor_notebook(path: Path) -> Path:
    """Write a notebook that only imports, executed once so that nbval has something to compare."""
    import nbformat

    cells = [
        nbformat.v4.new_code_cell("seed = 1", metadata={"tags": ["parameters"]}, execution_count=1),
        nbformat.v4.new_code_cell(IMPORTS, execution_count=2),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def papermill_alone(path: str) -> None:
    from papermill.execute import execute_notebook

    target = path.replace(".ipynb", ".out.ipynb")
    execute_notebook(path, target, parameters={"seed": 2}, progress_bar=False)


def floor_run(paths: list[Path]) -> None:
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        list(pool.map(papermill_alone, map(str, paths)))


def measure_runs(folder: Path, measured: dict[str, float]) -> None:
    """Measure the baseline, with and without its reports, and an up-to-date run."""
    from ogp_analysis.runs import executors, run, warm_kernels
    from ogp_analysis.runs.execute_notebook import shared_environment

    count = len(list((ROOT / "notebooks").glob("*.ipynb")))
    floors = [floor_notebook(folder / "floor" / f"{n:02}.ipynb") for n in range(count)]
    floor = seconds(lambda: floor_run(floors), times=2)
    places = run.Places(ROOT / "notebooks", folder / "outputs")
    (scenario,) = run.read_all([ROOT / "params" / "baseline.yaml"], places)
    scratch = folder / "scratch"
    scratch.mkdir()

    def execute() -> None:
        shared = shared_environment(scratch)
        with warm_kernels.source(count, shared) as source, executors.executor(jobs=WORKERS) as pool:
            run.execute_all([scenario], {scenario.name: scratch}, pool, source=source)

    notebooks = seconds(execute, times=2)
    words = (
        "-m",
        "ogp_analysis",
        "run",
        "params/baseline.yaml",
        "--outputs",
        folder / "outputs",
        "--jobs",
        WORKERS,
    )
    whole = seconds(command(*words, "--force"), times=2)
    measured["floor: papermill on import-only notebooks, seconds"] = floor
    measured["notebooks of the baseline / floor"] = notebooks / floor
    measured["whole run with reports / floor"] = whole / floor
    measured["up-to-date run, seconds"] = seconds(command(*words), times=3)


def measure_nbval(folder: Path, measured: dict[str, float]) -> None:
    """Measure nbval on the notebooks and on notebooks that only import."""
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env")
    parallel = ("-n", WORKERS, "--dist", "loadscope", "--no-loadscope-reorder")
    empty = command(*words, *parallel, "--rootdir", folder / "floor", ".", cwd=folder / "floor")
    # As make.py does it: the largest first, kernels forked.
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"), key=lambda path: -path.stat().st_size)
    options = ("-p", "forked_kernels", "--nbval-sanitize-with", "tests/nbval.cfg", *notebooks)
    ours = command(*words, *parallel, *options, more=ROOT / "tests")
    floor = seconds(empty, times=2)
    measured["floor: nbval on import-only notebooks, seconds"] = floor
    measured["nbval / its floor"] = seconds(ours, times=2) / floor


def measure_sweep(folder: Path, measured: dict[str, float], tolerances: int) -> None:
    """Measure the sweep of all rules against an import, and what a scenario more costs."""
    from ogp_analysis.model import params
    from ogp_analysis.runs.sweep import Sweep, read_sweep
    from ogp_analysis.runs.sweep_table import run_sweep

    rules = ROOT / "params" / "sweeps" / "rules.yaml"
    floor = seconds(
        lambda: subprocess.run([sys.executable, "-c", "import pandas, scipy.stats"], check=True), times=5
    )
    words = ("-m", "ogp_analysis", "sweep", rules, "--output", folder / "sweep.csv")
    measured["sweep of 288 rule sets / import of pandas and scipy.stats"] = (
        seconds(command(*words), times=5) / floor
    )
    sweep, base = read_sweep(rules), params.read(ROOT / "params" / "baseline.yaml")
    # Cut points of its own in every scenario beside each rule set: none is another one again.
    cuts = [[2 + k / 1000, 3.5] for k in range(tolerances)]
    many = Sweep(sweep.base, {**sweep.grid, "cut_points.relevance": cuts})
    with ThreadPoolExecutor(1) as pool:
        alone = seconds(lambda: run_sweep(Sweep(base, {"seed": [1]}), pool), times=3)
        whole = seconds(lambda: run_sweep(many, pool, here=len(many)))
    measured["sweep: scenarios"] = len(many)
    measured["sweep: microseconds a scenario beyond the first"] = 1e6 * (whole - alone) / (len(many) - 1)


def measure_million(folder: Path, measured: dict[str, float]) -> None:
    """Measure time and memory of a sweep of a million scenarios into its table, on two workers."""
    import psutil
    import yaml

    rules = yaml.safe_load((ROOT / "params" / "sweeps" / "rules.yaml").read_text(encoding="utf-8"))
    grid = rules["grid"] | {
        "cut_points.relevance": [[2 + k / 1000, 3.5] for k in range(62)],
        "cut_points.feasibility": [[2 + k / 1000, 3.5] for k in range(56)],
    }
    sweep, table = folder / "million.yaml", folder / "million.csv"
    base = str(ROOT / "params" / "baseline.yaml")
    sweep.write_text(yaml.safe_dump({"base": base, "grid": grid}), encoding="utf-8")
    words = ("-m", "ogp_analysis", "sweep", sweep, "--output", table, "--jobs", WORKERS)
    started, peak = time.perf_counter(), 0
    with subprocess.Popen([sys.executable, *map(str, words)], stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            peak = max(peak, memory(psutil.Process(running.pid)))
            time.sleep(0.2)
    if running.returncode:
        sys.exit("the sweep of a million scenarios failed")
    measured["sweep of 999,936 scenarios on two workers, seconds"] = time.perf_counter() - started
    measured["sweep of 999,936 scenarios on two workers: memory of all processes, GB"] = peak / 1e9
    measured["sweep of 999,936 scenarios: its table, GB"] = table.stat().st_size / 1e9


def memory(process: Any) -> int:
    """Add what a process and all that it started hold; pages that they share count in each of them."""
    import psutil

    total = 0
    for one in (process, *children(process)):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += one.memory_info().rss
    return total


def children(process: Any) -> list[Any]:
    import psutil

    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def measure_page(folder: Path, measured: dict[str, float]) -> None:
    """Measure the page: from dropped ratings to the summary of their run, and an answer of the explorer."""
    from ogp_analysis.app import controls, finished_run, forms, runs_of_the_page
    from ogp_analysis.app.workspace import Workspace, keep, write_scenario
    from ogp_analysis.assessment import whole_assessment
    from ogp_analysis.model import params

    dropped, work = folder / "dropped", Workspace(folder / "work", ROOT / "notebooks")
    command("-m", "ogp_analysis", "example", dropped)()

    def walk() -> None:
        for file in sorted(dropped.glob("*.csv")):
            keep(work, file.name, file.read_bytes(), group="dropped")
        sources = forms.Sources(work, "dropped", params.baseline()["method"])
        values = params.baseline() | sources.keys | {"output_dir": ""}
        write_scenario(work, "dropped", forms.text_of(values, sources, "en"), replace=True)
        at = runs_of_the_page.start(work, "dropped")
        while at.kind == "running":
            time.sleep(0.1)
            at = runs_of_the_page.state(work, "dropped")
        if at.kind != "done":
            sys.exit(f"the run of the page ended as {at.kind}: {at.messages}")
        finished_run.outcome(work.run_folder("dropped"), "en")

    whole = seconds(walk)
    line = ("-m", "ogp_analysis", "run", work.scenario_file("dropped"), "--outputs", folder / "again")
    measured["page: from drop to summary, seconds"] = whole
    measured["page: from drop to summary / ogp run of the same"] = whole / seconds(command(*line))
    case = controls.case(work, "dropped", "en")
    one = seconds(lambda: whole_assessment.assess(case.inputs, case.parameters), times=5)
    moved = seconds(lambda: controls.answer(case, {"tolerance": ["0"]}), times=5)
    measured["page: an answer of the explorer, seconds"] = moved
    measured["page: an answer of the explorer / one assessment"] = moved / one


def main() -> int:
    """Measure everything, print a table and JSON, and say whether a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a short sweep, and none of a million")
    arguments = parser.parse_args()
    measured: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "floor").mkdir()
        measured["ogp --help, seconds"] = seconds(command("-m", "ogp_analysis", "--help"), times=5)
        measure_runs(folder, measured)
        for extra in (folder / "floor").glob("*.out.ipynb"):
            extra.unlink()
        measure_nbval(folder, measured)
        measure_page(folder, measured)
        measure_sweep(folder, measured, 20 if arguments.quick else 200)
        if not arguments.quick:
            measure_million(folder, measured)
    broken = [name for name, value in measured.items() if value > LIMITS.get(name, value)]
    for name, value in measured.items():
        limit = f"   limit {LIMITS[name]:.2f}" if name in LIMITS else ""
        print(f"{name:75}{value:10.2f}{limit}{'   BROKEN' if name in broken else ''}")
    print(json.dumps({name: round(value, 3) for name, value in measured.items()}))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
