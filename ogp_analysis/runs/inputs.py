"""The data of a scenario: checked before anything starts, and recorded as checked and pseudonymous."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from ogp_analysis.errors import RunError
from ogp_analysis.model import params
from ogp_analysis.runs.recorded_inputs import (
    DATA,
    INPUTS,
    METHOD,
    PARAMETERS,
    YAML,
)
from ogp_analysis.runs.ro_crate import EARLY_RECORDED, KINDS_RECORDED
from ogp_analysis.runs.run_errors import refuse, run_error
from ogp_analysis.runs.scenario import PACKAGED, Scenario, digest

if TYPE_CHECKING:
    from ogp_analysis.model.inputs import Inputs
    from ogp_analysis.proposals.folder import Early


@dataclass(frozen=True)
class Loaded:
    """What a scenario reads, as it was when the run began.

    Parameters
    ----------
    tables : Inputs or None
        Checked ratings, proposals, decisions and evaluators; None for the packaged example.
    method : bytes or None
        A method file of one's own; None for a packaged method.
    early : Early or None
        Tables of phases 1 and 2 beside the ratings; None for the packaged example.
    stamps : dict
        SHA-256, size, times and number of each file that is read, by the path that the params file gives.
    """

    tables: Inputs | None = field(repr=False)
    method: bytes | None = field(repr=False)
    stamps: dict[str, tuple[str | int, ...]]
    early: Early | None = field(repr=False, default=None)


def load(scenario: Scenario, *, language: str = "") -> Loaded:
    """Read and check the data of a scenario, as its notebooks will; refuse in the language of a reader."""
    # Imported here, as `ratings` below: a command that only reads a scenario shall not wait for them.
    from ogp_analysis.sensitivity.beliefs import check_belief

    check_belief(scenario.parameters, file=scenario.file.name, language=language or None)
    # Before the files are read: a change while they are read must show in the end.
    stamps = _stamps(scenario)
    tables, method = _tables(scenario, language), _method(scenario)
    known = set(scenario.contents.values())
    changed = [name for name, stamp in stamps.items() if stamp[0] not in known]
    if changed or (method is not None and digest(method) not in known):
        refuse("run.input_changed", scenario=scenario.name, files=", ".join(changed or [_given(scenario)[1]]))
    return Loaded(tables, method, stamps, None if tables is None else _early(scenario))


def _given(scenario: Scenario) -> tuple[str, str]:
    given = params.as_dict(scenario.parameters)
    return given["data"], given["method"]


def _tables(scenario: Scenario, language: str) -> Inputs | None:
    data, _ = _given(scenario)
    if data == PACKAGED:
        return None
    from ogp_analysis import ratings

    given = scenario.parameters
    read = params.with_values(given, data=_data_path(scenario), language=language or given.language)
    return ratings.load(read)


def _data_path(scenario: Scenario) -> str:
    data, _ = _given(scenario)
    tables_path = scenario.kernel_folder / data
    return str(tables_path) if tables_path.exists() else data


def _early(scenario: Scenario) -> Early:
    from ogp_analysis.proposals import folder

    return folder.load(_data_path(scenario))


def _method(scenario: Scenario) -> bytes | None:
    path = _own(scenario).get("method")
    return path.read_bytes() if path else None


def _own(scenario: Scenario) -> dict[str, Path]:
    """Give the places of data and method that are the user's own, not packaged."""
    data, method = _given(scenario)
    named = {"data": data if data != PACKAGED else "", "method": method if method.endswith(YAML) else ""}
    return {kind: scenario.kernel_folder / given for kind, given in named.items() if given}


def _stamps(scenario: Scenario) -> dict[str, tuple[str | int, ...]]:
    given = dict(zip(("data", "method"), _given(scenario), strict=True))
    stamps: dict[str, tuple[str | int, ...]] = {}
    for kind, own_path in _own(scenario).items():
        inside = _tables_in(own_path) if own_path.is_dir() else []
        stamps |= {f"{given[kind]}/{path.name}": _stamp(path) for path in inside}
        stamps |= {given[kind]: _stamp(own_path)} if own_path.is_file() else {}
    return stamps


def _tables_in(folder: Path) -> list[Path]:
    from ogp_analysis.ratings.sources import SUFFIXES

    # What the notebooks read: Excel and others put lock files beside it, and runs may go below it.
    hidden = (".", "~")
    visible = (path for path in sorted(folder.iterdir()) if not path.name.startswith(hidden))
    return [path for path in visible if path.suffix.lower() in SUFFIXES and path.is_file()]


def _stamp(path: Path) -> tuple[str | int, ...]:
    # Times too: a file that was rewritten and put back has the same bytes, and was another one between.
    state = path.stat()
    return digest(path.read_bytes()), state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def changed_since(scenario: Scenario, loaded: Loaded) -> RunError | None:
    """Say which of the files that a run reads were touched while it ran.

    Its notebooks read them one after another, so that results would mix what stood there before and after.
    """
    try:
        now = _stamps(scenario)
    except OSError:
        now = {}
    names = sorted(name for name in {*loaded.stamps, *now} if loaded.stamps.get(name) != now.get(name))
    if not names:
        return None
    return run_error("run.input_changed", scenario=scenario.name, files=", ".join(names))


def record(building: Path, scenario: Scenario, loaded: Loaded | None = None) -> tuple[dict[str, Any], bool]:
    """Write what the run can be derived from again into its folder."""
    from ogp_analysis.output import canonical

    loaded = loaded or load(scenario)
    folder, tables = building / INPUTS, loaded.tables
    given = params.as_dict(scenario.parameters) | {"output_dir": ""}
    if tables is not None:
        for name in KINDS_RECORDED:
            # Ratings of proposals that `missing: drop` leaves out, too: the tables count what was given.
            frame = tables.given if name == "ratings" else getattr(tables, name)
            # The mark travels with the rows: a run derived from the record must be marked too.
            marked = frame.assign(synthetic="yes") if tables.synthetic else frame
            canonical.write(folder / DATA / f"{name}.csv", canonical.csv_text(marked))
        for name in EARLY_RECORDED:
            frame = loaded.early.get(name) if loaded.early else None
            if frame is not None:
                canonical.write(folder / DATA / f"{name}.csv", canonical.csv_text(frame))
        given["data"] = DATA
    if loaded.method is not None:
        canonical.write(folder / METHOD, loaded.method)
        given["method"] = METHOD
    text = yaml.safe_dump(given, allow_unicode=True, sort_keys=False)
    canonical.write(folder / PARAMETERS, text)
    people = loaded.early is not None and loaded.early.get("participants") is not None
    return given, tables is None or (tables.organisations.empty and not people)


def shown(scenario: Scenario) -> dict[str, str]:
    """Give data and method by the names that the tables of the run show.

    The recorded copies have names of their own, and `ogp_analysis.runs.verify` has to show these again.
    """
    from ogp_analysis.ratings.published_names import NAMELESS, file_name

    given = params.as_dict(scenario.parameters)
    return {kind: file_name(given[kind], kind, scenario.parameters.method) for kind in NAMELESS}
