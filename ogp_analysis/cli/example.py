"""``ogp example FOLDER``: write the synthetic example as CSV files, a pattern for one's own data."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "write the synthetic example as CSV files, a pattern for your own data"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=None)


def run(arguments: argparse.Namespace) -> int:
    """Write the four tables; files that stand in the folder already are left alone and refused."""
    from ogp_analysis.example import example
    from ogp_analysis.language import texts
    from ogp_analysis.output import canonical

    language = getattr(arguments, "lang", None) or "en"
    frames = example.make() if arguments.seed is None else example.make(arguments.seed)
    taken = [name for name in frames if (arguments.folder / f"{name}.csv").exists()]
    if taken:
        print(texts.say("example.taken", language, folder=arguments.folder, names=", ".join(taken)))
        return 2
    for name, frame in frames.items():
        path = canonical.write(arguments.folder / f"{name}.csv", canonical.csv_text(frame))
        print(texts.say("example.written", language, path=path, rows=len(frame)))
    print(texts.say("synthetic.mark", language))
    return 0
