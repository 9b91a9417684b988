"""``ogp sweep``: compute many scenarios of a grid into one table."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sized
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.cli.jobs import add_workers
from ogp_analysis.cli.replacing import check_replaceable
from ogp_analysis.language import texts

if TYPE_CHECKING:
    import pandas as pd

# A column that no other table has.
COLUMN = b"moved_undetermined"
HELP = "compute many scenarios of a grid into one table"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("sweep", type=Path, metavar="SWEEP.yaml")
    parser.add_argument("--output", type=Path, metavar="FILE.csv")
    add_workers(parser)
    # Not the language of the machine: without it the base's own words the table, the same everywhere.
    parser.add_argument("--lang", choices=texts.LANGUAGES, default=None)


def run(arguments: argparse.Namespace) -> int:
    """Compute the sweep and write its table; 1 when a run would refuse every scenario."""
    from ogp_analysis.model import params
    from ogp_analysis.output import canonical
    from ogp_analysis.runs import executors
    from ogp_analysis.runs.sweep import read_sweep
    from ogp_analysis.runs.sweep_table import run_sweep

    asked = arguments.lang
    arguments.lang = asked or getattr(arguments, "reader", texts.LANGUAGES[0])
    sweep = read_sweep(arguments.sweep)
    if asked:
        sweep = replace(sweep, base=params.with_values(sweep.base, language=asked))
    table_file = arguments.output or Path("outputs") / f"{arguments.sweep.stem}-sweep.csv"
    check_replaceable(table_file, COLUMN)
    progress = Progress(len(sweep), arguments.lang) if sys.stderr.isatty() else lambda rows: None
    with executors.executor(arguments.scheduler, jobs=arguments.jobs, language=arguments.lang) as pool:
        table = run_sweep(sweep, pool, on_done=progress)
    canonical.write(table_file, canonical.csv_text(table))
    refused = int((table["refused"] != "").sum())
    values = counts_of(table) | {"file": str(table_file)}
    if arguments.json:
        more = {"refused": refused} if refused else {}
        print(json.dumps({"ok": refused < len(table), **values, **more}, ensure_ascii=False))
    else:
        key = "cli.sweep.synthetic" if table["synthetic"].any() else "cli.sweep.done"
        print(texts.say(key, arguments.lang, **values))
        undetermined = int((table["moved_undetermined"] > 0).sum())
        if undetermined:
            print("  " + texts.counted("cli.sweep.undetermined", undetermined, arguments.lang))
        if refused:
            print("  " + texts.counted("cli.sweep.refused", refused, arguments.lang))
    return 0 if refused < len(table) else 1


def counts_of(table: pd.DataFrame) -> dict[str, int]:
    """Count scenarios, the different decisions among them, and those that decide as the base.

    >>> import pandas as pd
    >>> columns = {"moved": [0, 2, 0], "moved_undetermined": [0, 0, 1], "same_as": [1, 2, 3]}
    >>> counts_of(pd.DataFrame(columns))
    {'scenarios': 3, 'outcomes': 3, 'steady': 1}
    """
    steady = (table["moved"] == 0) & (table["moved_undetermined"] == 0)
    outcomes = int(table["same_as"].nunique())
    return {"scenarios": len(table), "outcomes": outcomes, "steady": int(steady.sum())}


class Progress:
    """How many scenarios are done, on one line of the terminal."""

    def __init__(self, total: int, language: str) -> None:
        self.total, self.language, self.done = total, language, 0

    def __call__(self, rows: Sized) -> None:
        """Tell that some rows are done."""
        self.done += len(rows)
        line = texts.say("cli.sweep.progress", self.language, done=self.done, total=self.total)
        print(f"\r{line}", end="\n" if self.done == self.total else "", file=sys.stderr, flush=True)
