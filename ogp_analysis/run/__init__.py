"""Run notebooks for one or more params files, on any executor; publish each run whole or not at all."""

from __future__ import annotations

import contextlib
import importlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ogp_analysis import params, provenance, texts
from ogp_analysis.errors import RunError
from ogp_analysis.run import gather, inputs, place, schedule
from ogp_analysis.run.notebook import Job, Outcome, execute
from ogp_analysis.run.refusal import refusal, refuse
from ogp_analysis.run.scenario import (
    Scenario,
    changed,
    code_state,
    read_notebooks,
    read_scenario,
    utc_now,
)

SCENARIOS = "scenarios.csv"
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
        Something cannot be run, a notebook failed or another run holds the place; earlier runs are untouched.
    """
    started = utc_now()
    scenarios = read_all(files, places)
    with contextlib.ExitStack() as stack:
        found = {s.name: (True, ()) if force else out_of_date(s) for s in scenarios}
        due = [scenario for scenario in scenarios if found[scenario.name][0]]
        buildings = {scenario.name: stack.enter_context(place.held(scenario.target)) for scenario in due}
        if due:
            data = {scenario.name: inputs.load(scenario) for scenario in due}
            on_event(kind="start", notebooks=sum(len(s.notebooks) for s in due), scenarios=len(due))
            far, near = stack.enter_context(_pools(workers, jobs=sum(len(s.notebooks) for s in due)))
            outcomes = execute_all(due, buildings, far, near=near, on_event=on_event)
            _publish_all(due, buildings, near, outcomes=outcomes, data=data, started=started)
    finished = [Finished(s.name, s.target, *found[s.name], results_of(s.target)) for s in scenarios]
    if len(finished) > 1:
        _write_table(scenarios, finished, places.outputs)
    return finished


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
    found = read_notebooks(places.notebooks)
    scenarios = [read_scenario(Path(file), notebooks=found, outputs=places.outputs) for file in files]
    names = [scenario.name.lower() for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            refuse("run.same_name", name=name)
    return scenarios


def out_of_date(scenario: Scenario) -> tuple[bool, tuple[str, ...]]:
    """Say whether a scenario must run, and what changed since its last run.

    Parameters
    ----------
    scenario : Scenario
        As it would run now.

    Returns
    -------
    due : bool
        True also where the previous run cannot be read or its files were touched.
    because : tuple of str
        Names of what changed; empty where there is no previous run.
    """
    try:
        entities = provenance.read(scenario.target)
        altered = [finding.file for finding in provenance.check(scenario.target)]
    except RunError:
        return True, ()
    because = changed(provenance.contents(entities), scenario.contents) + altered
    return bool(because), tuple(because)


def results_of(folder: Path) -> dict[str, Any]:
    """Read the merged results of a run.

    Parameters
    ----------
    folder : Path
        Folder of a finished run.

    Returns
    -------
    dict
        Results by name of the notebook.
    """
    return json.loads((folder / gather.RESULTS).read_text(encoding="utf-8"))


@contextlib.contextmanager
def _pools(workers: Workers, *, jobs: int) -> Iterator[tuple[Executor, Executor]]:
    """Open who executes notebooks and who builds reports: these here, where the folders of the runs are."""
    jobs = min(workers.jobs or schedule.available_cores(), jobs)
    with schedule.executor(jobs=jobs) as near:
        if not workers.scheduler:
            yield near, near
            return
        with schedule.executor(workers.scheduler) as far:
            yield far, near


def execute_all(
    due: list[Scenario],
    scratch: dict[str, Path],
    pool: Executor,
    *,
    near: Executor | None = None,
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
    work = [job for s in due for job in jobs_of(s, scratch[s.name], elsewhere=elsewhere)]
    left = len(work)

    def tell(outcome: Outcome) -> None:
        nonlocal left
        left -= 1
        if near is not None and left < REPORT_WORKERS:
            near.submit(prepare_report)
        on_event(
            kind="notebook",
            scenario=outcome.scenario,
            notebook=outcome.name,
            seconds=outcome.seconds,
            failed=bool(outcome.failure),
        )

    return schedule.complete(pool, execute, work, on_done=tell)


def _publish_all(
    due: list[Scenario],
    buildings: dict[str, Path],
    pool: Executor,
    *,
    outcomes: list[Outcome],
    data: dict[str, Any],
    started: str,
) -> None:
    failures = []
    for scenario in due:
        own = [outcome for outcome in outcomes if outcome.scenario == scenario.name]
        building = buildings[scenario.name] / scenario.name
        failures += _finish(scenario, own, building, pool=pool, data=data[scenario.name], started=started)
    if failures:
        raise failures[0] if len(failures) == 1 else _several(failures)


def jobs_of(scenario: Scenario, scratch: Path, *, elsewhere: bool = False) -> list[Job]:
    """Make one job per notebook of a scenario.

    Parameters
    ----------
    scenario : Scenario
        What to execute.
    scratch : Path
        Folder to work in.
    elsewhere : bool
        Whether workers may be on other machines: then each checks that it has the same code.

    Returns
    -------
    list of Job
        In the order of the notebooks.
    """
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
        )
        for name, content in scenario.notebooks.items()
    ]


def _finish(
    scenario: Scenario,
    outcomes: list[Outcome],
    building: Path,
    *,
    pool: Executor,
    data: Any,
    started: str,
) -> list[Exception]:
    failed = [outcome for outcome in outcomes if outcome.failure]
    if failed:
        kept = place.keep_failed(scenario.target, {outcome.name: outcome.notebook for outcome in failed})
        return [_failure(outcome, kept) for outcome in failed]
    building.mkdir()
    gather.lay_out(building, outcomes)
    _report(building, scenario, pool)
    given, data_recorded = inputs.record(building, scenario, data)
    facts = facts_of(scenario, given, started=started, data_recorded=data_recorded)
    provenance.write(building, facts)
    place.publish(building, scenario.target)
    place.forget_failed(scenario.target)
    return []


def _failure(outcome: Outcome, kept: Path) -> Exception:
    values = {name: value for name, value in outcome.failure.items() if name != "key"}
    kept_name = f"{kept.name}/{outcome.name}"
    return refusal(
        outcome.failure["key"], scenario=outcome.scenario, notebook=outcome.name, kept=kept_name, **values
    )


def _several(failures: list[Exception]) -> Exception:
    lines = "\n".join(f"  - {failure}" for failure in failures)
    return refusal("run.several_failed", count=len(failures), failures=lines, errors=failures)


def _report(building: Path, scenario: Scenario, pool: Executor) -> None:
    tasks = [(str(building), form, scenario.parameters.language) for form in (*texts.LANGUAGES, "tables")]
    schedule.complete(pool, build_form, tasks)


def prepare_report() -> None:
    """Import what reports need, in a worker that has nothing else to do."""
    importlib.import_module("ogp_analysis.report")


def build_form(task: tuple[str, str, str]) -> None:
    """Build one form of a report: folder of the run, form, first language; for a worker.

    Parameters
    ----------
    task : tuple of (str, str, str)
        One argument, because pools map over one.
    """
    # Imported by the workers only: this process has no use for the PDF and workbook libraries.
    from ogp_analysis import report

    folder, form, language = task
    report.build_form(folder, form, language=language)


def facts_of(
    scenario: Scenario, given: dict[str, Any], *, started: str, data_recorded: bool
) -> provenance.Facts:
    """Say what the record of a run says besides its files.

    Parameters
    ----------
    scenario : Scenario
        What was run.
    given : dict
        Its parameters as they are recorded, places made relative.
    started : str
        UTC, ISO 8601.
    data_recorded : bool
        Whether a copy of the data lies in the run.

    Returns
    -------
    provenance.Facts
        With the commit of the code, and now as the end of the run.
    """
    commit, clean = code_state()
    return provenance.Facts(
        name=scenario.name,
        parameters=given,
        origins=params.origins(scenario.parameters),
        contents=scenario.contents,
        started=started,
        ended=utc_now(),
        commit=commit,
        clean=clean,
        data_recorded=data_recorded,
    )


def _shown(scenario: Scenario) -> dict[str, Any]:
    # Folders are nobody else's business; the name of the data is what a reader compares.
    given = params.as_dict(scenario.parameters)
    return given | {kind: Path(given[kind]).name for kind in ("data", "method")}


def _write_table(scenarios: list[Scenario], finished: list[Finished], outputs: Path) -> None:
    runs = {
        done.name: (_shown(scenario), done.results)
        for scenario, done in zip(scenarios, finished, strict=True)
    }
    path = outputs / SCENARIOS
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(gather.scenario_table(runs), encoding="utf-8", newline="")
    beside.replace(path)
