"""``ogp example FOLDER``: write the synthetic example as CSV files, a pattern for one's own data."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.cli.params import PACKAGED
from ogp_analysis.cli.template import MOST_PROPOSALS

if TYPE_CHECKING:
    import pandas as pd

HELP = "write the synthetic example as CSV files, a pattern for your own data"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--method", default=PACKAGED, metavar="METHOD")
    parser.add_argument("--proposals", type=int, default=None, metavar="N")


def run(arguments: argparse.Namespace) -> int:
    """Write the four tables; files that stand in the folder already are left alone and refused."""
    from ogp_analysis.language import texts
    from ogp_analysis.output import canonical

    language = getattr(arguments, "lang", None) or "en"
    frames, language = _frames(arguments, language)
    taken = [name for name in frames if (arguments.folder / f"{name}.csv").exists()]
    if taken:
        print(texts.say("example.taken", language, folder=arguments.folder, names=", ".join(taken)))
        return 2
    for name, frame in frames.items():
        path = canonical.write(arguments.folder / f"{name}.csv", canonical.csv_text(frame))
        print(texts.say("example.written", language, path=path, rows=len(frame)))
    print(texts.say("synthetic.mark", language))
    return 0


def _frames(arguments: argparse.Namespace, language: str) -> tuple[dict[str, pd.DataFrame], str]:
    """Make the example of the plan's method, or invent ratings that fit any other, and the words for it."""
    from ogp_analysis.errors import DataError, ParameterError, Problem
    from ogp_analysis.example import any_method, rated_proposals
    from ogp_analysis.model import method_file, params
    from ogp_analysis.model.method_defaults import defaults_of
    from ogp_analysis.model.method_words import reader_language

    if arguments.seed is not None and arguments.seed < 0:
        raise DataError([Problem("example.seed", value=str(arguments.seed))], language)
    seed = {} if arguments.seed is None else {"seed": arguments.seed}
    if arguments.method == PACKAGED and arguments.proposals is None:
        return rated_proposals.make(**seed), language
    if arguments.proposals is not None and not 1 <= arguments.proposals <= MOST_PROPOSALS:
        detail = (("most", str(MOST_PROPOSALS)),)
        raise DataError([Problem("example.count", value=str(arguments.proposals), detail=detail)], language)
    method, problems = method_file.read_method(arguments.method, Path())
    if method is None:
        raise ParameterError(problems, language)
    parameters = params.from_values(defaults_of(method) | {"method": arguments.method})
    size = {} if arguments.proposals is None else {"proposals": arguments.proposals}
    return any_method.invented(parameters, **seed, **size), reader_language(language, method)
