"""``ogp compare``: what differs between two runs, and why."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ogp_analysis.cli.replacing import check_replaceable
from ogp_analysis.language import texts

if TYPE_CHECKING:
    from ogp_analysis.compare.causes_by_replay import Source
    from ogp_analysis.compare.comparison import Comparison, Side
    from ogp_analysis.errors import Problem

HELP = "what differs between two runs, and why"
# How a page begins, whoever wrote it.
PAGE = b"<!doctype html"
# The columns of the tables in which causes are looked for.
NEEDED = {
    "categories": ("proposal", "category_by_rule", "category_final"),
    "indicator_scores": ("proposal",),
    "settled": ("proposal", "indicator", "criterion", "pair", "first", "second", "third", "score"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("first", type=Path, metavar="A")
    parser.add_argument("second", type=Path, metavar="B")
    parser.add_argument("--page", type=Path, metavar="FILE.html")


def run(arguments: argparse.Namespace) -> int:
    """Compare two runs; 1 when a table differs."""
    from ogp_analysis.compare.comparison import compare
    from ogp_analysis.compare.page import page, warnings
    from ogp_analysis.output import canonical

    if arguments.page:
        check_replaceable(arguments.page, PAGE)
    comparison = compare(read_side(arguments.first), read_side(arguments.second))
    for line in warnings(comparison, arguments.lang):
        print(line, file=sys.stderr)
    if arguments.page:
        canonical.write(arguments.page, page(comparison, arguments.lang))
    if arguments.json:
        print(json.dumps(as_record(comparison), ensure_ascii=False, allow_nan=False, default=str))
    else:
        print(as_text(comparison, arguments.lang))
    return 0 if comparison.same_results else 1


def read_side(folder: Path) -> Side:
    """Read one run; one without a record, such as a folder of tables, gives its tables only."""
    from ogp_analysis.compare.comparison import Side
    from ogp_analysis.errors import RunError
    from ogp_analysis.ratings.published_names import shown_contents
    from ogp_analysis.runs import provenance
    from ogp_analysis.runs.recorded_inputs import recorded_method, shown_names
    from ogp_analysis.runs.ro_crate import DESCRIPTOR
    from ogp_analysis.runs.run_errors import refuse

    if not folder.is_dir():
        refuse("run.not_a_folder" if folder.exists() else "run.no_such_folder", folder=str(folder))
    folder = folder.resolve()
    tables = read_tables(folder)
    synthetic = is_synthetic(folder)
    try:
        entities = provenance.read(folder)
    except RunError as error:
        key = error.values["key"]
        if key == "run.record_denied":
            raise
        # One that is no record was written by no run.
        broken = (DESCRIPTOR,) if key == "run.broken_record" else ()
        method = recorded_method(folder)
        return Side(folder.name, {}, {}, tables, synthetic, touched=broken, method=method)
    given = provenance.parameters(entities) | shown_names(entities, folder)
    contents = shown_contents(provenance.contents(entities))
    touched = tuple(finding.file for finding in provenance.check(folder))
    method, source = recorded_method(folder), read_source(folder)
    return Side(folder.name, given, contents, tables, synthetic, source, touched, method)


def read_source(folder: Path) -> Source | None:
    """Read what a run can be computed again from."""
    from ogp_analysis import ratings
    from ogp_analysis.compare.causes_by_replay import Source
    from ogp_analysis.errors import OgpError
    from ogp_analysis.model import params
    from ogp_analysis.runs.recorded_inputs import INPUTS, PARAMETERS
    from ogp_analysis.runs.sweep import placed

    inputs = folder / INPUTS
    try:
        parameters = params.read(inputs / PARAMETERS)
        data = placed("data", parameters.data, inputs)
        return Source(ratings.load(params.with_values(parameters, data=data)), parameters)
    except OgpError:
        return None


def read_tables(folder: Path) -> dict[str, Any]:
    """Read every table of a run."""
    from ogp_analysis.errors import CheckError
    from ogp_analysis.model.results import SYNTHETIC
    from ogp_analysis.output import canonical
    from ogp_analysis.runs.run_errors import refuse

    if (folder / "tables").is_dir():
        # A glob finds nothing where nothing may be read.
        next((folder / "tables").iterdir(), None)
    paths = sorted((folder / "tables").glob("*.csv"))
    if not paths:
        refuse("compare.no_tables", folder=folder.name)
    problems = _alike([problem for path in paths for problem in table_problems(path)])
    if problems:
        raise CheckError(problems)
    # Whether a run is synthetic is said once, and is no result of it that could differ.
    return {path.stem: canonical.read_table(path).drop(columns=SYNTHETIC, errors="ignore") for path in paths}


def table_problems(path: Path) -> list:
    r"""Say why a table of a run cannot be compared.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "flow.csv"
    >>> _ = path.write_text("step,proposals\nco-created,335\nsorted\n", encoding="utf-8")
    >>> [problem.rule for problem in table_problems(path)]
    ['compare.cut_off']
    """
    from ogp_analysis.errors import Problem

    name = f"{path.parents[1].name}/tables/{path.name}"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        return [unreadable(name, error, form="CSV")]
    if not rows:
        return [Problem("compare.empty", file=name)]
    header = rows[0]
    cut = [number for number, row in enumerate(rows, start=1) if len(row) != len(header)]
    problems = [Problem("compare.repeated_column", file=name)] if len({*header}) < len(header) else []
    missing = ", ".join(column for column in NEEDED.get(path.stem, ()) if column not in header)
    if missing:
        problems.append(Problem("compare.lacking_column", file=name, value=missing))
    if cut:
        cells = (("cells", str(len(rows[cut[0] - 1]))), ("columns", str(len(header))))
        problems.append(Problem("compare.cut_off", file=name, row=cut[0], detail=cells))
    return problems or _repeated(path.stem, rows, name)


def _alike(problems: list[Problem]) -> list[Problem]:
    """Say once, of all tables, what differs in the name of the table only."""
    groups: dict[Problem, list[str]] = {}
    for problem in problems:
        groups.setdefault(replace(problem, file=""), []).append(problem.file)
    joined = {first: [names[0], *(Path(name).name for name in names[1:])] for first, names in groups.items()}
    return [replace(first, file=", ".join(names)) for first, names in joined.items()]


def unreadable(name: str, error: Exception, *, form: str) -> Problem:
    """Say why a file of a run cannot be read: what the system says, or what it is not, and from which line.

    >>> [unreadable("r.json", ValueError(), form="JSON").say(language) for language in ("en", "es")]
    ['r.json: the file cannot be read (it is not JSON)', 'r.json: el archivo no se puede leer (no es JSON)']
    """
    from ogp_analysis.errors import Problem

    if isinstance(error, OSError):
        return Problem("compare.unreadable", file=name, value=error.strerror or str(error))
    form = "UTF-8" if isinstance(error, UnicodeDecodeError) else form
    # A list where names have values.
    form = f"{form} {{…}}" if isinstance(error, AttributeError) else form
    return Problem("compare.not_of_form", file=name, row=getattr(error, "lineno", 0), value=form)


def _repeated(table: str, rows: list[list[str]], name: str) -> list:
    from ogp_analysis.errors import Problem

    if table not in ("categories", "indicator_scores"):
        return []
    at = rows[0].index("proposal")
    codes = [row[at] for row in rows[1:]]
    again = sorted({code for code in codes if codes.count(code) > 1})
    return [Problem("compare.repeated_proposal", file=name, value=", ".join(again))] if again else []


def is_synthetic(folder: Path) -> bool:
    """Say whether any notebook of a run says that its ratings were invented.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "results.json").write_text('{"01_ratings": {"synthetic": true}}', encoding="utf-8")
    >>> is_synthetic(folder)
    True
    """
    from ogp_analysis.errors import CheckError

    path = folder / "results.json"
    try:
        results = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        parts = results.values()
    except (OSError, ValueError, AttributeError) as error:
        # What it says of the ratings is not known: a comparison without the mark might be of invented ones.
        name = f"{folder.name}/{path.name}"
        raise CheckError([unreadable(name, error, form="JSON")]) from None
    return any(part.get("synthetic") is True for part in parts if isinstance(part, dict))


def as_record(comparison: Comparison) -> dict[str, object]:
    """Give a comparison as plain data; what is missing is None."""
    from ogp_analysis.compare.page import PARTS

    frames = {name: _plain(getattr(comparison, name).to_dict("records")) for name in PARTS}
    shared, alone = comparison.proposals or (None, None)
    common: dict[str, object] = {
        "proposals_in_both": shared,
        "proposals_in_one": alone,
        "recorded": comparison.has_records,
    }
    touched = dict(zip(("first", "second"), map(list, comparison.touched), strict=True))
    named = {"first": comparison.first, "second": comparison.second}
    apart = dict(zip(("first", "second"), map(list, comparison.criteria), strict=True))
    return {
        "ok": comparison.same_results,
        **named,
        **common,
        "criteria_in_one": apart,
        "not_as_written": touched,
        **frames,
    }


def _plain(value: Any) -> Any:
    """Replace what JSON has no word for, at any depth."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    from ogp_analysis.language.labels import is_missing

    return None if is_missing(value) or value in (float("inf"), -float("inf")) else value


def as_text(comparison: Comparison, language: str) -> str:
    """Word a comparison for a terminal.

    >>> import pandas as pd
    >>> from ogp_analysis.compare.comparison import Side, compare
    >>> flow = {"flow": pd.DataFrame({"proposals": [335]})}
    >>> print(as_text(compare(Side("a", {}, {}, flow), Side("b", {}, {}, flow)), "en").splitlines()[0])
    What differs from a to b
    """
    from ogp_analysis.compare.page import PARTS, cell_text, mark, reader, remarks, warnings, worded

    language = reader(comparison, language)
    lines = [texts.say("compare.title", language, first=comparison.first, second=comparison.second)]
    lines += [mark(comparison, language)] if comparison.synthetic else []
    lines += warnings(comparison, language)
    for name in PARTS:
        frame = getattr(comparison, name)
        lines += ["", texts.say(f"compare.{name}", language)]
        lines += [f"  {line}" for line in remarks(comparison, name, language)]
        if len(frame):
            shown = worded(frame, language).map(lambda value: cell_text(value, language))
            lines += [f"  {line}" for line in shown.to_string(index=False).splitlines()]
    return "\n".join(lines)
