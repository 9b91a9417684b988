"""Run notebooks for one or more params files, on any executor; publish each run whole or not at all."""

from __future__ import annotations

from ogp_analysis.model.missing_extras import need

need("papermill", "ipykernel", "psutil")

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ogp_analysis.errors import RunError
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.runs import (
    executors,
    inputs,
    notebook_file,
    provenance,
    run_folder,
    run_results,
    scenarios_table,
    warm_kernels,
)
from ogp_analysis.runs.execute_notebook import Job, Outcome, execute, shared_environment
from ogp_analysis.runs.publish import Executed, prepare_report, publish_all
from ogp_analysis.runs.run_errors import refuse
from ogp_analysis.runs.scenario import PACKAGED, Scenario, changed, read_notebooks, read_scenario, utc_now
from ogp_analysis.runs.scenarios_table import SCENARIOS
from ogp_analysis.runs.signals import Stopped, masked

REPORT_WORKERS = len(texts.LANGUAGES)


@dataclass(frozen=True)
class Finished:
    """One scenario after `run_scenarios`.

    Parameters
    ----------
    name : str
        Name of the scenario.
    folder : Path
        Where its run is.
    ran : bool
        False when it was up to date already.
    because : tuple of str
        What had changed since the previous run; empty when there was none.
    results : dict
        The merged results.

    Examples
    --------
    >>> Finished("baseline", Path("outputs/baseline"), False, (), {"03_categories": {}}).ran
    False
    """

    name: str
    folder: Path
    ran: bool
    because: tuple[str, ...]
    results: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Places:
    """Where things are.

    Parameters
    ----------
    notebooks : Path
        Folder of the notebooks.
    outputs : Path
        Folder that gets one folder per scenario.
    """

    notebooks: Path
    outputs: Path


@dataclass(frozen=True)
class Workers:
    """Who does the work.

    Parameters
    ----------
    scheduler : str
        Address of a Dask scheduler; empty for processes of this machine.
    jobs : int
        How many processes; 0 for one per core.
    """

    scheduler: str = ""
    jobs: int = 0


LOCAL = Workers()


def run_scenarios(
    files: Sequence[Path],
    places: Places,
    *,
    workers: Workers = LOCAL,
    force: bool = False,
    language: str = "",
    on_event: Callable[..., None] = lambda **_: None,
) -> list[Finished]:
    """Run every notebook of a folder for every params file that is out of date.

    Parameters
    ----------
    files : sequence of Path
        Params files; each names one scenario.
    places : Places
        Where the notebooks are and where the runs go.
    workers : Workers
        Who executes them.
    force : bool
        Run also what is up to date.
    language : str
        In which the names in a refusal of the data are given; that of the run where it is empty.
    on_event : callable
        Told of the progress by keywords: ``kind`` (``"start"``, ``"notebook"``) and the values of the event.

    Returns
    -------
    list of Finished
        One per params file, in their order.

    Raises
    ------
    ParameterError
        A params file breaks the rules; nothing was started.
    RunError
        Something cannot be run, a notebook failed, another run holds the place or it holds what no run wrote;
        earlier runs are untouched.
    Stopped
        Ctrl-C; tells which scenarios were in place by then.
    """
    started = utc_now()
    scenarios = read_all(files, places)
    for scenario in scenarios:
        run_folder.restore(scenario.target.parent)
        run_folder.check_target(scenario.target)
    if len(scenarios) > 1:
        scenarios_table.check_table(
            scenarios[0].target.with_name(SCENARIOS), [each.name for each in scenarios]
        )
    reasons = {s.name: (True, ()) if force else out_of_date(s) for s in scenarios}
    due = [scenario for scenario in scenarios if reasons[scenario.name][0]]
    check_places(due, scenarios, places.notebooks)
    with _telling_what_is_finished() as published:
        with contextlib.ExitStack() as stack:
            enter = stack.enter_context
            buildings = {scenario.name: enter(run_folder.held(scenario.target)) for scenario in due}
            if due:
                count = sum(len(s.notebooks) for s in due)
                # It imports while the data is read; before the reports it is gone, and its memory.
                with _source(0 if workers.scheduler else count) as source:
                    data = {scenario.name: inputs.load(scenario, language=language) for scenario in due}
                    on_event(kind="start", notebooks=count, scenarios=len(due))
                    far, near = enter(_pools(workers, jobs=count))
                    outcomes = execute_all(due, buildings, far, near=near, source=source, on_event=on_event)
                runs = [_executed(s, buildings[s.name], data[s.name], outcomes, started) for s in due]
                publish_all(runs, near, published=published)
        finished = [Finished(s.name, s.target, *reasons[s.name], results_of(s.target)) for s in scenarios]
        if len(finished) > 1:
            _write_table(scenarios, finished)
    return finished


def _executed(
    scenario: Scenario, scratch: Path, loaded: inputs.Loaded, outcomes: list[Outcome], started: str
) -> Executed:
    own = [outcome for outcome in outcomes if outcome.scenario == scenario.name]
    return Executed(scenario, scratch / scenario.name, loaded, own, started)


def read_all(files: Sequence[Path], places: Places) -> list[Scenario]:
    """Read and check every params file before anything starts.

    Parameters
    ----------
    files : sequence of Path
        Params files; each names one scenario.
    places : Places
        Where the notebooks are and where the runs go.

    Returns
    -------
    list of Scenario
        In the order of the files.

    Raises
    ------
    ParameterError, RunError
        As for `run_scenarios`.
    """
    notebooks = read_notebooks(places.notebooks)
    for name, content in notebooks.items():
        notebook_file.check_form(content, name=name)
    notebook_file.check_complete(list(notebooks), folder=str(places.notebooks))
    scenarios = [read_scenario(Path(file), notebooks=notebooks, outputs=places.outputs) for file in files]
    names = [scenario.name.lower() for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            refuse("run.same_name", name=name)
    return scenarios


def check_places(due: list[Scenario], scenarios: list[Scenario], notebooks: Path) -> None:
    """Refuse to replace anything that no run wrote, or that a run reads, before anything starts."""
    read = [notebooks, *(path for scenario in scenarios for path in _inputs_of(scenario))]
    for scenario in due:
        run_folder.check_inputs(scenario.target, read)
        run_folder.check_replaceable(scenario.target, list(scenario.notebooks))


def _inputs_of(scenario: Scenario) -> list[Path]:
    given = params.as_dict(scenario.parameters)
    # "example" is no place, though a run may be called so.
    named = [scenario.kernel_folder / given[kind] for kind in ("data", "method") if given[kind] != PACKAGED]
    return [scenario.file, *(path for path in named if path.exists())]


@contextlib.contextmanager
def _telling_what_is_finished() -> Iterator[list[str]]:
    published: list[str] = []
    try:
        yield published
    except KeyboardInterrupt as stop:
        raise Stopped(published) from stop


def out_of_date(scenario: Scenario) -> tuple[bool, tuple[str, ...]]:
    """Say whether a scenario must run, and what changed since its last run."""
    try:
        entities = provenance.read(scenario.target)
        altered = [finding.file for finding in provenance.check(scenario.target)]
    except RunError:
        return True, ()
    because = changed(provenance.contents(entities), scenario.contents) + altered
    return bool(because), tuple(because)


def results_of(folder: Path) -> dict[str, Any]:
    """Read the merged results of a run."""
    return json.loads((folder / run_results.RESULTS).read_text(encoding="utf-8"))


def _source(kernels: int) -> AbstractContextManager[str]:
    return warm_kernels.source(kernels, shared_environment(Path()))


@contextlib.contextmanager
def _pools(workers: Workers, *, jobs: int) -> Iterator[tuple[Executor, Executor]]:
    """Open who executes notebooks and who builds reports: these here, where the folders of the runs are."""
    jobs = min(workers.jobs or executors.available_cores(), jobs)
    with executors.executor(jobs=jobs) as near:
        if not workers.scheduler:
            yield near, near
            return
        with executors.executor(workers.scheduler) as far:
            yield far, near


def execute_all(
    due: list[Scenario],
    scratch: dict[str, Path],
    pool: Executor,
    *,
    near: Executor | None = None,
    source: str = "",
    on_event: Callable[..., None] = lambda **_: None,
) -> list[Outcome]:
    """Execute every notebook of some scenarios; a notebook that fails is an outcome, not an exception.

    Parameters
    ----------
    due : list of Scenario
        What to execute.
    scratch : dict of str to Path
        Folder to work in, by name of the scenario.
    pool : concurrent.futures.Executor
        Who executes them.
    near : concurrent.futures.Executor, optional
        Who builds the reports afterwards; its workers are prepared as soon as they have no notebook left.
        Another executor than ``pool`` says that the notebooks run on other machines.
    source : str
        Address of the process that kernels are forked from; empty for kernels that start anew.
    on_event : callable
        As for `run_scenarios`.

    Returns
    -------
    list of Outcome
        One per notebook and scenario, in their order.

    Raises
    ------
    RunError
        A worker process died, or the cluster was lost.
    """
    elsewhere = near is not None and near is not pool
    work = [job for s in due for job in jobs_of(s, scratch[s.name], elsewhere=elsewhere, source=source)]
    left = len(work)

    def tell(outcome: Outcome) -> None:
        nonlocal left
        left -= 1
        if near is not None and left < REPORT_WORKERS:
            with masked():
                near.submit(prepare_report)
        on_event(
            kind="notebook",
            scenario=outcome.scenario,
            notebook=outcome.name,
            seconds=outcome.seconds,
            failed=bool(outcome.failure),
        )

    return executors.complete(pool, execute, work, on_done=tell, size=Job.size)


def jobs_of(scenario: Scenario, scratch: Path, *, elsewhere: bool = False, source: str = "") -> list[Job]:
    """Make one job per notebook of a scenario."""
    return [
        Job(
            scenario=scenario.name,
            name=name,
            content=content,
            parameters=params.as_dict(scenario.parameters),
            kernel_folder=str(scenario.kernel_folder),
            scratch=str(scratch),
            cell_timeout=scenario.parameters.cell_timeout,
            code=scenario.contents["code"] if elsewhere else "",
            source=source,
            shown=inputs.shown(scenario),
        )
        for name, content in scenario.notebooks.items()
    ]


def _write_table(scenarios: list[Scenario], finished: list[Finished]) -> None:
    from ogp_analysis.ratings.published_names import file_names

    given = {scenario.name: params.as_dict(scenario.parameters) for scenario in scenarios}
    # Folders are nobody else's business, nor is a person's name; whether the data differ is what is compared.
    for kind in ("data", "method"):
        methods = {given[one.name][kind]: one.parameters.method for one in scenarios}
        shown = file_names((values[kind] for values in given.values()), kind, methods)
        given = {name: values | {kind: shown[values[kind]]} for name, values in given.items()}
    runs = {done.name: (given[done.name], done.results) for done in finished}
    scenarios_table.write_table(runs, scenarios[0].target.with_name(SCENARIOS))
