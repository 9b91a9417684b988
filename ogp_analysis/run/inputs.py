"""The data of a scenario: checked before anything starts, and recorded as checked and pseudonymous."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ogp_analysis import params
from ogp_analysis.run.derive import INPUTS, PARAMETERS
from ogp_analysis.run.scenario import PACKAGED, Scenario

DATA, METHOD = "data", "method.yaml"
RECORDED = ("ratings", "proposals", "decisions")


def load(scenario: Scenario) -> Any:
    """Read and check the data of a scenario, as its notebooks will; None for the packaged example.

    Parameters
    ----------
    scenario : Scenario
        With its parameters and the folder that its paths are relative to.

    Returns
    -------
    ratings.Inputs or None
        Checked ratings, proposals, decisions and evaluators.

    Raises
    ------
    DataError
        The data break the rules; every problem is listed.
    StatisticsError
        ``weight_belief`` cannot be read or contradicts itself.
    """
    # Imported here, as `ratings` below: a command that only reads a scenario shall not wait for them.
    from ogp_analysis.sensitivity.statement import beliefs_of

    beliefs_of(scenario.parameters)
    if scenario.parameters.data == PACKAGED:
        return None
    from ogp_analysis import ratings

    place = scenario.kernel_folder / scenario.parameters.data
    given = str(place) if place.exists() else scenario.parameters.data
    return ratings.load(params.with_values(scenario.parameters, data=given))


def record(building: Path, scenario: Scenario, inputs: Any) -> tuple[dict[str, Any], bool]:
    """Write what the run can be derived from again into its folder.

    Parameters
    ----------
    building : Path
        The run being built.
    scenario : Scenario
        What it is made from.
    inputs : ratings.Inputs or None
        From `load`.

    Returns
    -------
    dict
        The parameters as recorded: paths lead to the recorded inputs.
    bool
        False where something that the results depend on stays out: who the evaluators are is never recorded.
    """
    from ogp_analysis import export

    folder = building / INPUTS
    given = params.as_dict(scenario.parameters) | {"output_dir": ""}
    if inputs is not None:
        for name in RECORDED:
            frame = getattr(inputs, name)
            # The mark travels with the rows: a run derived from the record must be marked too.
            marked = frame.assign(synthetic="yes") if inputs.synthetic else frame
            export.write(folder / DATA / f"{name}.csv", export.csv_text(marked))
        given["data"] = DATA
    method = scenario.kernel_folder / given["method"]
    if method.is_file():
        export.write(folder / METHOD, method.read_bytes())
        given["method"] = METHOD
    text = yaml.safe_dump(given, allow_unicode=True, sort_keys=False)
    export.write(folder / PARAMETERS, text)
    return given, inputs is None or inputs.evaluators.empty
