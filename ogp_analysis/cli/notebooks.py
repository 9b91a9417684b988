"""``ogp notebooks FOLDER``: write the notebooks to work in, in the reader's language and not yet executed."""

from __future__ import annotations

import argparse
import json
import os
import re
from pathlib import Path
from typing import Any

from ogp_analysis.language import texts

HELP = "write the notebooks to work in, with their prose in the reader's language"
OWN_LANGUAGE = "en"
ASSIGNMENT = re.compile(r"(?P<name>\w+) = (?P<value>.*?)(?P<comment>  # .*)?")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--notebooks", type=Path, metavar="FROM")


def run(arguments: argparse.Namespace) -> int:
    """Write all notebooks, or none where one of them is there already: somebody may have worked in it."""
    from ogp_analysis.errors import DataError, Problem
    from ogp_analysis.output import canonical
    from ogp_analysis.runs.notebook_file import HERE, INSTALLED

    folder, language = arguments.folder, arguments.lang
    # Not first those here: they may be the ones that somebody worked in.
    source = arguments.notebooks or (INSTALLED if INSTALLED.is_dir() else HERE)
    made = notebooks_in(language, source)
    taken = [name for name in made if os.path.lexists(folder / name)]
    if taken:
        raise DataError(
            [Problem("lab.notebooks.exists", file=str(folder / name)) for name in taken], language
        )
    files = [str(canonical.write(folder / name, text)) for name, text in made.items()]
    sentence = texts.say("lab.notebooks.done", language, count=len(files), folder=folder)
    print(json.dumps({"ok": True, "files": files}, ensure_ascii=False) if arguments.json else sentence)
    return 0


def notebooks_in(language: str, source: Path) -> dict[str, str]:
    """Give the notebooks of a folder by name: no output, the prose and the parameters in a language."""
    from ogp_analysis.output.canonical import NAME
    from ogp_analysis.runs.notebook_file import check_form
    from ogp_analysis.runs.notebook_prose import in_language
    from ogp_analysis.runs.run_errors import refuse
    from ogp_analysis.runs.scenario import read_notebooks
    from ogp_analysis.runs.verify import as_committed

    made = {}
    for name, content in read_notebooks(source).items():
        check_form(content, name=name)
        if not NAME.fullmatch(name.lower()):
            # Before the first one is written, so that it is all of them or none.
            refuse("export.bad_name", path=name, name=name)
        notebook = json.loads(in_language(as_committed(content, name=name), language))
        _word_parameters(notebook, language)
        made[name] = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    return made


def _word_parameters(notebook: dict[str, Any], language: str) -> None:
    from ogp_analysis.runs.notebook_file import PARAMETERS_TAG, source_of

    for cell in notebook["cells"]:
        if PARAMETERS_TAG in cell["metadata"].get("tags", []):
            cell["source"] = parameters_source(source_of(cell), language)


def parameters_source(source: str, language: str) -> str:
    r"""Set the language in the source of a parameters cell, and say in it what each parameter means.

    >>> print(parameters_source('language = "en"  # en | es: tables\nmine = 1  # own', "es"))
    language = "es"  # idioma de tablas, leyendas y mensajes: en | es
    mine = 1  # own
    """
    from ogp_analysis.cli.params import meaning
    from ogp_analysis.model import params
    from ogp_analysis.model.method_words import reader_language
    from ogp_analysis.model.parameter_rules import RULES

    method = params.from_values(params.baseline()).method
    reader = reader_language(language, method)
    comments = {} if language == OWN_LANGUAGE else {r.name: meaning(r, method, reader) for r in RULES}
    heads = {
        texts.say("lab.parameters", code): texts.say("lab.parameters", language) for code in texts.LANGUAGES
    }
    return "\n".join(heads.get(line, _worded(line, language, comments)) for line in source.split("\n"))


def _worded(line: str, language: str, comments: dict[str, str]) -> str:
    assigned = ASSIGNMENT.fullmatch(line)
    if not assigned:
        return line
    name = assigned["name"]
    value = json.dumps(language) if name == "language" else assigned["value"]
    comment = f"  # {comments[name]}" if name in comments else assigned["comment"] or ""
    return f"{name} = {value}{comment}"
