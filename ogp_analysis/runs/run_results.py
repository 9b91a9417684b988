"""Put together what the notebooks of a scenario brought back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ogp_analysis.model.results import NO, SYNTHETIC, YES
from ogp_analysis.runs.execute_notebook import Outcome
from ogp_analysis.runs.run_errors import refuse

RESULTS = "results.json"
REFERENCE = "baseline"
# Notebook and key of the results that name the category of each proposal.
SENSITIVITY, CATEGORIES = "04_sensitivity", "category_by_rule"
# Notebook and key of the results that hold the method for the explorer, each rating of each scale among it.
REVIEW, METHOD = "06_irm_review", "method"
FOLDERS = ("notebooks", "tables", "figures")


def lay_out(building: Path, outcomes: Sequence[Outcome]) -> None:
    """Write notebooks, tables, figures and the merged results into the folder that is being built."""
    kept, name = laid_out(outcomes), ""
    try:
        for folder in FOLDERS:
            (building / folder).mkdir(exist_ok=True)
        for name, body in kept.items():
            path = building / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
    except OSError as error:
        refuse("run.disk_full", folder=f"{building.name}/{name}", cause=error.strerror or str(error))


def laid_out(outcomes: Sequence[Outcome]) -> dict[str, bytes]:
    """Give every file of a run by its place: tables, figures, executed notebooks, merged results.

    >>> done = Outcome("baseline", "03.ipynb", b"{}", {"results/03.json": b'{"final": 10}'}, 1.0, {})
    >>> sorted(laid_out([done])), json.loads(laid_out([done])["results.json"])
    (['notebooks/03.ipynb', 'results.json'], {'03': {'final': 10}})
    """
    files = merged_files(outcomes)
    results = {
        Path(name).stem: json.loads(body) for name, body in files.items() if name.startswith("results/")
    }
    kept = {name: body for name, body in files.items() if not name.startswith("results/")}
    kept |= {f"notebooks/{outcome.name}": outcome.notebook for outcome in outcomes}
    return kept | {RESULTS: results_text(results).encode()}


def merged_files(outcomes: Sequence[Outcome]) -> dict[str, bytes]:
    r"""Join the files of several notebooks; the same name twice must hold the same bytes.

    >>> one, other = (Outcome("a", name, b"", {"tables/t.csv": b"n\n1\n"}, 1.0, {}) for name in ("01", "02"))
    >>> merged_files([one, other])
    {'tables/t.csv': b'n\n1\n'}
    """
    files: dict[str, bytes] = {}
    for outcome in outcomes:
        for name, body in outcome.files.items():
            if files.setdefault(name, body) != body:
                refuse("run.written_twice", file=name, notebook=outcome.name)
    return dict(sorted(files.items()))


def results_text(results: dict[str, Any]) -> str:
    """Write results as JSON text: keys sorted, numbers with ten significant digits.

    >>> print(results_text({"b": 1 / 3, "a": [2, True]}), end="")
    {
     "a": [
      2,
      true
     ],
     "b": 0.3333333333
    }
    """
    return json.dumps(_rounded(results), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return float(f"{value:.10g}") if isinstance(value, float) else value


def headlines(results: dict[str, Any], language: str = "en") -> list[str]:
    """List the bottom lines that the notebooks computed, in the order of the notebooks.

    Parameters
    ----------
    results : dict
        Results by name of the notebook.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    list of str
        One sentence a notebook that has one.

    Examples
    --------
    >>> headlines({"b": {"headline": "No."}, "a": {"headline": "Yes.", "bottom_line": {"es": "Sí."}}}, "es")
    ['Sí.', 'No.']
    """
    parts = [results[name] for name in sorted(results) if isinstance(results[name], dict)]
    worded = [part.get("bottom_line") if isinstance(part.get("bottom_line"), dict) else {} for part in parts]
    lines = [words.get(language, part.get("headline")) for words, part in zip(worded, parts, strict=True)]
    return [line for line in lines if isinstance(line, str)]


def scenario_table(runs: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> str:
    """Lay scenarios side by side as CSV text, held against the baseline, else the first.

    >>> runs = {"strict": ({"tolerance": 0}, {"03": {"final": 8}})}
    >>> runs["baseline"] = ({"tolerance": 1}, {"03": {"final": 10}})
    >>> print(scenario_table(runs), end="")
    scenario,tolerance,03.final
    baseline,1,10
    strict,0,8
    """
    names = sorted(runs, key=lambda name: (name != REFERENCE, name))
    given = {name: flatten(runs[name][0]) for name in names}
    moves = _moves(names, runs)
    numbers = {name: moves[name] | _numbers(runs[name][1]) for name in names}
    given_names = _differing(list(given.values()))
    found_names = list(dict.fromkeys(key for name in names for key in numbers[name]))
    # csv and not pandas: an up-to-date run needs no science.
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    marks = {name: _synthetic(runs[name][1]) for name in names}
    # A run that recorded nothing of it is one of an older version: then nothing is said of any.
    last = [SYNTHETIC] if all(marks.values()) else []
    writer.writerow(["scenario", *given_names, *found_names, *last])
    for name in names:
        cells = [given[name].get(key, "") for key in given_names]
        cells += [numbers[name].get(key, "") for key in found_names]
        writer.writerow([name, *cells, *[marks[name] for _ in last]])
    return out.getvalue()


def _synthetic(results: dict[str, Any]) -> str:
    """Say whether the ratings of a scenario are synthetic; empty where no notebook recorded it.

    >>> _synthetic({"03": {"synthetic": True}, "05": {"synthetic": False}}), _synthetic({"03": {"final": 8}})
    ('yes', '')
    """
    flags = [result[SYNTHETIC] for result in results.values() if SYNTHETIC in result]
    return (YES if any(flags) else NO) if flags else ""


def _moves(
    names: list[str], runs: dict[str, tuple[dict[str, Any], dict[str, Any]]]
) -> dict[str, dict[str, Any]]:
    """Name the proposals that enter or leave category 1 against the first scenario, or cannot be compared."""
    sensitivity = {name: runs[name][1].get(SENSITIVITY, {}) for name in names}
    if not all(CATEGORIES in results for results in sensitivity.values()):
        return {name: {} for name in names}
    # Imported here: an up-to-date run needs no science.
    from ogp_analysis.sensitivity.results import scenario_table as moves

    moved = moves(sensitivity).set_index("scenario")[["changed", "entered", "left"]].to_dict("index")
    given = {name: results[CATEGORIES] for name, results in sensitivity.items()}
    return {
        name: moved[name] | {"not_compared": _not_compared(given[name], given[names[0]])} for name in names
    }


def _not_compared(given: dict[str, int], first: dict[str, int]) -> str:
    """Name the proposals that the rule leaves undetermined in either scenario, or that one of them lacks.

    >>> _not_compared({"S01": 1, "S02": 0, "S03": 2}, {"S01": 2, "S02": 1, "S04": 1})
    'S02 S03 S04'
    """
    return " ".join(sorted(code for code in {*given, *first} if not (given.get(code) and first.get(code))))


def _numbers(results: dict[str, Any]) -> dict[str, Any]:
    flat = flatten(results)
    kept = (key for key in sorted(flat) if _is_number(flat[key]) and not _is_no_finding(key))
    return {key: flat[key] for key in kept}


def _is_no_finding(key: str) -> bool:
    """Say whether a number is a category, told beside it as moves, or part of the method that was given."""
    return f".{CATEGORIES}." in key or key.startswith(f"{REVIEW}.{METHOD}.")


def _differing(rows: list[dict[str, Any]]) -> list[str]:
    names = dict.fromkeys(key for row in rows for key in row)
    return [name for name in names if len({str(row.get(name)) for row in rows}) > 1]


def flatten(value: Any, prefix: str = "") -> dict[str, Any]:
    """Flatten nested mappings and lists to one level, with dotted names.

    >>> flatten({"cut": {"low": [2.5, 3.5]}, "n": 1})
    {'cut.low.0': 2.5, 'cut.low.1': 3.5, 'n': 1}
    """
    if isinstance(value, dict):
        pairs: Iterable[tuple[object, Any]] = value.items()
    elif isinstance(value, list | tuple):
        pairs = enumerate(value)
    else:
        return {prefix: value}
    flat: dict[str, Any] = {}
    for key, item in pairs:
        flat |= flatten(item, f"{prefix}.{key}" if prefix else str(key))
    return flat


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
