"""Finish the runs whose notebooks are done: laid out, reported, recorded, put in place; or told why not."""

from __future__ import annotations

import importlib
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ogp_analysis.errors import RunError
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.method_words import in_language
from ogp_analysis.runs import executors, inputs, provenance, run_folder, run_results
from ogp_analysis.runs.execute_notebook import Outcome
from ogp_analysis.runs.inputs import Loaded
from ogp_analysis.runs.run_errors import refuse, run_error
from ogp_analysis.runs.run_folder import forget_failed, keep_failed
from ogp_analysis.runs.scenario import Scenario, code_state, utc_now
from ogp_analysis.runs.signals import deferred


@dataclass(frozen=True)
class Executed:
    """One run whose notebooks were executed: what was read and came out, and where it is put together."""

    scenario: Scenario
    building: Path
    loaded: Loaded = field(repr=False)
    outcomes: list[Outcome] = field(repr=False)
    started: str

    @property
    def failed(self) -> list[Outcome]:
        """The notebooks that stopped."""
        return [outcome for outcome in self.outcomes if outcome.failure]


def publish_all(runs: list[Executed], pool: Executor, *, published: list[str]) -> None:
    """Publish every run whose notebooks all ran, then tell of those that failed."""
    failures = []
    for run in runs:
        refused = _refused(run)
        failures += refused
        if refused:
            continue
        _build(run, pool)
        run_folder.check_replaceable(run.scenario.target, list(run.scenario.notebooks))
        with deferred():
            run_folder.put_in_place(run.building, run.scenario.target)
            forget_failed(run.scenario.target)
            published.append(run.scenario.name)
    if failures:
        raise failures[0] if len(failures) == 1 else _several(failures)


def _refused(run: Executed) -> list[RunError]:
    touched = inputs.changed_since(run.scenario, run.loaded)
    if touched:
        return [touched]
    if not run.failed:
        return []
    kept = keep_failed(run.scenario.target, {outcome.name: outcome.notebook for outcome in run.failed})
    return [_failure(outcome, kept) for outcome in run.failed]


def _build(run: Executed, pool: Executor) -> None:
    building, scenario = run.building, run.scenario
    try:
        building.mkdir()
        run_results.lay_out(building, run.outcomes)
        build_report(building, scenario.parameters.language, pool)
        given, data_recorded = inputs.record(building, scenario, run.loaded)
        given |= inputs.shown(scenario)
        facts = facts_of(scenario, given, started=run.started, data_recorded=data_recorded)
        provenance.write(building, facts)
    except OSError as error:
        refuse("run.disk_full", folder=scenario.name, cause=error.strerror or str(error))


def _failure(outcome: Outcome, kept: Path | None) -> RunError:
    values = {name: value for name, value in outcome.failure.items() if name != "key"}
    kept_name = f"{kept.name}/{outcome.name}" if kept else "-"
    return run_error(
        outcome.failure["key"], scenario=outcome.scenario, notebook=outcome.name, kept=kept_name, **values
    )


def _several(failures: list[RunError]) -> RunError:
    lines = "\n".join(f"  - {failure}" for failure in failures)
    return run_error("run.several_failed", count=len(failures), failures=lines, errors=failures)


def build_report(building: Path, language: str, pool: Executor) -> None:
    """Build every form of the report of a run, on workers."""
    # Single tables beside a language each: a worker of their own would have to read all tables again.
    shares = list(zip(texts.LANGUAGES, ("excel", "latex"), strict=True))
    executors.complete(pool, _build_forms, [(str(building), forms, language) for forms in shares])


def prepare_report() -> None:
    """Import what reports need, in a worker that has nothing else to do."""
    for name in ("page", "pdf", "workbooks"):
        importlib.import_module(f"ogp_analysis.report.{name}")


def _build_forms(task: tuple[str, tuple[str, ...], str]) -> None:
    """Build some forms of a report: folder of the run, forms, first language; for a worker."""
    # Imported by the workers only: this process has no use for the PDF and workbook libraries.
    from ogp_analysis import report

    folder, forms, language = task
    report.build_form(folder, *forms, language=language)


def facts_of(
    scenario: Scenario, given: dict[str, Any], *, started: str, data_recorded: bool
) -> provenance.Facts:
    """Say what the record of a run says besides its files."""
    commit, clean = code_state()
    method = scenario.parameters.method
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
        planned=bool(method.plan),
        case=in_language(method.case.titles, scenario.parameters.language),
    )
