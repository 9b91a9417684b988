"""What the record of a run says of its inputs, and where it contradicts them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ogp_analysis.errors import OgpError
from ogp_analysis.model import params, strict_yaml
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.model.records import Method
from ogp_analysis.runs import provenance, scenario
from ogp_analysis.runs.provenance import Finding
from ogp_analysis.runs.ro_crate import DATA_RECORDED, DESCRIPTOR
from ogp_analysis.runs.scenario import PACKAGED, versions

INPUTS, PARAMETERS = "inputs", "params.yaml"
DATA, METHOD = "data", "method.yaml"
YAML = (".yaml", ".yml")
LIBRARY = "library "
# Tells how many ratings are of evaluators whose organisation was given; notebook 1 writes it.
CONFLICTS_TABLE = "tables/ratings_stakes.csv"


def recorded_method(folder: Path) -> Method | None:
    """Read the method of a run from what the run keeps of its inputs; None where that cannot be read.

    >>> recorded_method(Path("nowhere")) is None
    True
    """
    try:
        return params.read(folder / INPUTS / PARAMETERS).method
    except OgpError:
        return None


def language_of(folder: Path, language: str) -> str:
    """Give a reader's language that knows the titles of a run's method, as far as the run tells it.

    >>> language_of(Path("nowhere"), "es")
    'es'
    """
    method = recorded_method(folder)
    return reader_language(language, method) if method else language


def data_recorded(entities: dict[str, Any]) -> bool | None:
    """Say whether all that a run read is in its record, as the record says; None where it says nothing.

    >>> data_recorded({"#data-recorded": {"value": True}}), data_recorded({})
    (True, None)
    """
    value = entities.get(DATA_RECORDED, {}).get("value")
    return value if isinstance(value, bool) else None


def shown_names(entities: dict[str, Any], folder: Path) -> dict[str, str]:
    """Give the names that tables of a run show for data and method, never a path that leads elsewhere.

    >>> shown_names({"#parameter/data": {"name": "data", "value": '"../ratings.csv"'}}, Path("nowhere"))
    {'data': 'ratings.csv'}
    """
    from ogp_analysis.ratings.published_names import NAMELESS, file_name

    given, method = provenance.parameters(entities), recorded_method(folder)
    named = {kind: file_name(str(given[kind]), kind, method) for kind in NAMELESS if kind in given}
    return {kind: name for kind, name in named.items() if name.isprintable()}


def recorded_parameters(folder: Path) -> dict[str, Any] | None:
    """Read the recorded params file."""
    path = folder / INPUTS / PARAMETERS
    return params.as_dict(params.read(path)) if provenance.is_plain(path) else None


def parameters_as_written(folder: Path) -> dict[str, Any] | None:
    """Read the recorded params file as it stands there, without what today's version makes of it."""
    path = folder / INPUTS / PARAMETERS
    return strict_yaml.read_mapping(path)[0] if provenance.is_plain(path) else None


def lacking_inputs(folder: Path) -> list[str]:
    """List what is needed to derive a run and is not in its record, evaluators apart: paths in the run."""
    given = recorded_parameters(folder)
    if given is None:
        return [f"{INPUTS}/{PARAMETERS}"]
    data, method = folder / INPUTS / DATA, folder / INPUTS / METHOD
    missing = []
    if given["data"] != PACKAGED and not (given["data"] == DATA and (data / "ratings.csv").is_file()):
        missing.append(f"{INPUTS}/{DATA}")
    if given["method"].endswith(YAML) and not (given["method"] == METHOD and method.is_file()):
        missing.append(f"{INPUTS}/{METHOD}")
    return missing


def contradictions(folder: Path, entities: dict[str, Any]) -> list[Finding]:
    """Compare what the record says of the inputs with those in the run; each finding names the record."""
    stated, missing = data_recorded(entities), lacking_inputs(folder)
    findings = []
    if stated is None:
        findings.append(Finding("run.record_lacks", DESCRIPTOR, DATA_RECORDED))
    if stated and missing:
        findings.append(Finding("run.inputs_lack", DESCRIPTOR, ", ".join(missing)))
    given = recorded_parameters(folder)
    # The packaged example has its evaluators with it.
    if stated is False and given and not missing and given["data"] == PACKAGED:
        findings.append(Finding("run.inputs_there", DESCRIPTOR))
    # A later version may have more parameters than those of the run.
    as_recorded = parameters_as_written(folder)
    names = shown_names(entities, folder)
    differing = _differing(as_recorded, provenance.parameters(entities), names) if as_recorded else []
    return findings + (
        [Finding("run.other_parameters", DESCRIPTOR, ", ".join(differing))] if differing else []
    )


def _differing(given: dict[str, Any], stated: dict[str, Any], names: dict[str, str]) -> list[str]:
    # The recorded copies have names of their own; the record keeps those that the tables show.
    shown = {kind: name for kind, name in names.items() if given.get(kind) in (DATA, METHOD)}
    expected = {name: _text(value) for name, value in (given | shown).items()}
    # A record of an earlier version names the file as it was.
    stated = stated | shown
    recorded_values = {name: _text(value) for name, value in stated.items()}
    return sorted(
        name for name in {*expected, *recorded_values} if expected.get(name) != recorded_values.get(name)
    )


def _text(value: Any) -> str:
    # As text, because 1, 1.0 and true are equal, and only one of them was given.
    return json.dumps(value, sort_keys=True)


def rests_on_evaluators(folder: Path) -> bool:
    """Say whether a run can have results that rest on who the evaluators are.

    Parameters
    ----------
    folder : Path
        The run.

    Returns
    -------
    bool
        False for the packaged example, whose evaluators are packaged too, and where the run's own table says
        that the organisation of nobody who rated was given.
    """
    from ogp_analysis.output import canonical

    path, given = folder / CONFLICTS_TABLE, recorded_parameters(folder)
    if given and given["data"] == PACKAGED:
        return False
    if not path.is_file():
        return True
    counts = canonical.read_table(path)
    return bool((counts["organisation_unknown"] < counts["all_ratings"]).any())


def other_versions(entities: dict[str, Any]) -> list[str]:
    """List what is not the same here as where a run was made: the code and the libraries.

    >>> name = "library no-such-library"
    >>> other_versions({f"#content/{name}": {"name": name, "value": "1.0"}})
    ['no-such-library 1.0 → none']
    """
    then, now = provenance.contents(entities), {"code": scenario.code_digest(), **versions()}
    # Hashes of inputs and notebooks are of the files that the user had.
    made = {name: value for name, value in then.items() if name == "code" or name.startswith(LIBRARY)}
    return [
        name if name == "code" else f"{name.removeprefix(LIBRARY)} {value} → {now.get(name, 'none')}"
        for name, value in sorted(made.items())
        if value != now.get(name, "none")
    ]
