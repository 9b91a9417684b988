"""``ogp compare``: what differs between two runs, and why."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ogp_analysis import texts

HELP = "what differs between two runs, and why"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("first", type=Path, metavar="A")
    parser.add_argument("second", type=Path, metavar="B")
    parser.add_argument("--page", type=Path, metavar="FILE.html")


def run(arguments: argparse.Namespace) -> int:
    """Compare two runs; 1 when a table differs."""
    from ogp_analysis import export
    from ogp_analysis.compare import compare
    from ogp_analysis.compare_page import page

    found = compare(read_side(arguments.first), read_side(arguments.second))
    if arguments.page:
        export.write(arguments.page, page(found, arguments.lang))
    if arguments.json:
        print(json.dumps(as_record(found), ensure_ascii=False, default=str))
    else:
        print(as_text(found, arguments.lang))
    return 0 if found.same_results else 1


def read_side(folder: Path):
    """Read one run; one without a record, such as the committed baseline, gives its tables only.

    Parameters
    ----------
    folder : Path
        Folder of a run.

    Returns
    -------
    compare.Side
        Tables by the names of their files.

    Raises
    ------
    RunError
        The folder holds no tables.
    """
    from ogp_analysis import export, provenance
    from ogp_analysis.compare import Side
    from ogp_analysis.errors import RunError

    folder = folder.resolve()
    tables = {path.stem: export.read_table(path) for path in sorted((folder / "tables").glob("*.csv"))}
    if not tables:
        message = texts.say("compare.no_tables", "en", folder=folder.name)
        raise RunError(message, key="compare.no_tables", folder=folder.name)
    synthetic = is_synthetic(folder)
    try:
        entities = provenance.read(folder)
    except RunError:
        return Side(folder.name, {}, {}, tables, synthetic)
    given, contents = provenance.parameters(entities), provenance.contents(entities)
    return Side(folder.name, given, contents, tables, synthetic)


def is_synthetic(folder: Path) -> bool:
    """Say whether any notebook of a run says that its ratings were invented.

    Parameters
    ----------
    folder : Path
        Folder of a run.

    Returns
    -------
    bool
        False also where the run has no results.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "results.json").write_text('{"01_ratings": {"synthetic": true}}', encoding="utf-8")
    >>> is_synthetic(folder)
    True
    """
    path = folder / "results.json"
    results = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return any(part.get("synthetic") is True for part in results.values() if isinstance(part, dict))


def as_record(found) -> dict[str, object]:
    """Give a comparison as plain data."""
    from ogp_analysis.compare_page import PARTS

    frames = {name: getattr(found, name).to_dict("records") for name in PARTS}
    shared, alone = found.proposals or (None, None)
    common = {"proposals_in_both": shared, "proposals_in_one": alone, "recorded": found.recorded}
    return {"ok": found.same_results, "first": found.first, "second": found.second, **common, **frames}


def as_text(found, language: str) -> str:
    """Word a comparison for a terminal.

    Parameters
    ----------
    found : compare.Comparison
        What differs.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        The same parts as the page.

    Examples
    --------
    >>> import pandas as pd
    >>> from ogp_analysis.compare import Side, compare
    >>> flow = {"flow": pd.DataFrame({"proposals": [335]})}
    >>> print(as_text(compare(Side("a", {}, {}, flow), Side("b", {}, {}, flow)), "en").splitlines()[0])
    What differs from a to b
    """
    from ogp_analysis.compare_page import PARTS, cell_text, remarks, worded

    lines = [texts.say("compare.title", language, first=found.first, second=found.second)]
    lines += [texts.say("synthetic.mark", language)] if found.synthetic else []
    for name in PARTS:
        frame = getattr(found, name)
        lines += ["", texts.say(f"compare.{name}", language)]
        lines += [f"  {line}" for line in remarks(found, name, language)]
        if len(frame):
            shown = worded(frame, language).map(lambda value: cell_text(value, language))
            lines += [f"  {line}" for line in shown.to_string(index=False).splitlines()]
    return "\n".join(lines)
