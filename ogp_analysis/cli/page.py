"""``ogp page``: the public page of a folder of tables, in both languages, without running notebooks."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.language import texts

if TYPE_CHECKING:
    import pandas as pd

    from ogp_analysis.model.params import Parameters

HELP = "make the public page of what became of each proposal"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--params", type=Path)
    parser.add_argument("--out", type=Path, default=Path("page"))


def run(arguments: argparse.Namespace) -> int:
    """Write the page in both languages and say where it is."""
    from ogp_analysis.errors import DataError, Problem
    from ogp_analysis.model.method_words import reader_language
    from ogp_analysis.output import canonical
    from ogp_analysis.proposals import folder, register
    from ogp_analysis.report import public_page, public_pages

    language = getattr(arguments, "lang", "en")
    early = folder.load(arguments.data)
    if early.get(folder.RECEIVED) is None:
        raise DataError([Problem("people.no_received", file=arguments.data.name)], language)
    listed = register.register(early)
    parameters = parameters_of(arguments)
    ledger, synthetic = ledger_of(parameters, language)
    names = {code: f"{public_page.PAGE}.{code}.html" for code in texts.LANGUAGES}
    files = []
    for code, other in zip(texts.LANGUAGES, reversed(texts.LANGUAGES), strict=True):
        _clear(arguments.out / Path(names[code]).stem)
        contents = public_pages.files(
            listed,
            reader_language(code, parameters.method),
            name=names[code],
            ledger=ledger,
            other_page=names[other],
            synthetic=synthetic,
            set_aside=early.set_aside,
        )
        for name, content in contents:
            canonical.write(arguments.out / name, content)
        files.append(str(arguments.out / names[code]))
    answer = json.dumps({"ok": True, "files": files, "proposals": len(listed)}, ensure_ascii=False)
    print(answer if getattr(arguments, "json", False) else "\n".join(files))
    return 0


def _clear(folder: Path) -> None:
    """Take away what an older page loaded: a proposal that was withdrawn must not stay in it."""
    for kind in ("texts-*.js", "words-*.js", "choices.js", "plain-*.html"):
        for path in sorted(folder.glob(kind)):
            path.unlink()


def parameters_of(arguments: argparse.Namespace) -> Parameters:
    """Give the parameters of the params file, or the baseline's, on the data of the folder."""
    from ogp_analysis.model import params

    given = params.read(arguments.params) if arguments.params else params.from_values(params.baseline())
    # A refusal names indicators and panels in the reader's language; the page has a word for each language.
    reader = getattr(arguments, "lang", given.language)
    return params.with_values(given, data=str(arguments.data), language=reader)


def ledger_of(parameters: Parameters, language: str) -> tuple[pd.DataFrame | None, bool]:
    """Compute the categories where the folder has ratings, as a run does, and whether these are synthetic."""
    from ogp_analysis import ratings
    from ogp_analysis.assessment import whole_assessment
    from ogp_analysis.errors import DataError
    from ogp_analysis.model.method_words import languages_of
    from ogp_analysis.report import dispositions

    try:
        inputs = ratings.load(parameters)
    except DataError as error:
        # Before anything is rated there are no categories; what is wrong with ratings is said.
        if all(problem.rule in ("ratings.no_ratings", "ratings.empty_folder") for problem in error.problems):
            print(texts.say("public.without_ratings", language), file=sys.stderr)
            return None, False
        raise
    assessed = whole_assessment.assess(inputs, parameters)
    ledger = dispositions.build(
        assessed.assigned,
        assessed.settled,
        inputs,
        languages=languages_of(parameters.method),
        stages=[stage.name for stage in parameters.method.stages],
        veto=parameters.veto_limit,
    )
    return ledger, inputs.synthetic
