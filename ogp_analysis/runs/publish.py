"""Finish the runs whose notebooks are done: laid out, reported, recorded, put in place; or told why not."""

from __future__ import annotations

import importlib
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.method_words import in_language
from ogp_analysis.runs import executors, inputs, provenance, run_folder, run_results
from ogp_analysis.runs.execute import Outcome
from ogp_analysis.runs.run_errors import refuse, run_error
from ogp_analysis.runs.run_folder import forget_failed, keep_failed
from ogp_analysis.runs.scenario import Scenario, code_state, utc_now
from ogp_analysis.runs.signals import deferred


def publish_all(
    due: list[Scenario],
    buildings: dict[str, Path],
    pool: Executor,
    *,
    outcomes: list[Outcome],
    data: dict[str, Any],
    started: str,
    published: list[str],
) -> None:
    """Publish every scenario whose notebooks all ran, then tell of those that failed."""
    failures = []
    for scenario in due:
        own = [outcome for outcome in outcomes if outcome.scenario == scenario.name]
        touched = inputs.changed_since(scenario, data[scenario.name])
        if touched:
            failures.append(touched)
            continue
        failed = [outcome for outcome in own if outcome.failure]
        if failed:
            kept = keep_failed(scenario.target, {outcome.name: outcome.notebook for outcome in failed})
            failures += [_failure(outcome, kept) for outcome in failed]
            continue
        building = buildings[scenario.name] / scenario.name
        _build(building, scenario, own, pool=pool, data=data[scenario.name], started=started)
        run_folder.check_replaceable(scenario.target, list(scenario.notebooks))
        with deferred():
            run_folder.publish(building, scenario.target)
            forget_failed(scenario.target)
            published.append(scenario.name)
    if failures:
        raise failures[0] if len(failures) == 1 else _several(failures)


def _build(
    building: Path, scenario: Scenario, outcomes: list[Outcome], *, pool: Executor, data: Any, started: str
) -> None:
    try:
        building.mkdir()
        run_results.lay_out(building, outcomes)
        _report(building, scenario, pool)
        given, data_recorded = inputs.record(building, scenario, data)
        given |= inputs.shown(scenario)
        facts = facts_of(scenario, given, started=started, data_recorded=data_recorded)
        provenance.write(building, facts)
    except OSError as error:
        refuse("run.disk_full", folder=scenario.name, cause=error.strerror or str(error))


def _failure(outcome: Outcome, kept: Path | None) -> Exception:
    values = {name: value for name, value in outcome.failure.items() if name != "key"}
    kept_name = f"{kept.name}/{outcome.name}" if kept else "-"
    return run_error(
        outcome.failure["key"], scenario=outcome.scenario, notebook=outcome.name, kept=kept_name, **values
    )


def _several(failures: list[Exception]) -> Exception:
    lines = "\n".join(f"  - {failure}" for failure in failures)
    return run_error("run.several_failed", count=len(failures), failures=lines, errors=failures)


def _report(building: Path, scenario: Scenario, pool: Executor) -> None:
    tasks = [(str(building), form, scenario.parameters.language) for form in (*texts.LANGUAGES, "tables")]
    executors.complete(pool, build_form, tasks)


def prepare_report() -> None:
    """Import what reports need, in a worker that has nothing else to do."""
    importlib.import_module("ogp_analysis.report")


def build_form(task: tuple[str, str, str]) -> None:
    """Build one form of a report: folder of the run, form, first language; for a worker."""
    # Imported by the workers only: this process has no use for the PDF and workbook libraries.
    from ogp_analysis import report

    folder, form, language = task
    report.build_form(folder, form, language=language)


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
