"""What to type where evaluators are given by what may be names: the whole command, for the file at hand."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ogp_analysis import privacy
from ogp_analysis.errors import ParameterError, Problem

NAMED = "ratings.personal"
KEY, KEY_ELSEWHERE = "ogp-key.txt", "FILE"


def with_commands(problems: Iterable[Problem], data: str) -> list[Problem]:
    """Add to every refusal of names the command that replaces them.

    Parameters
    ----------
    problems : iterable of Problem
        Any; of one file there may be as many as it has rows.
    data : str
        The file or folder that was read.

    Returns
    -------
    list of Problem
        The same, but those about what may be a name.

    Examples
    --------
    >>> problem = with_commands([Problem(NAMED, file="n.csv")], "data/n.csv")[0]
    >>> dict(problem.detail)["command"].split(" --new-key ")[0]
    'ogp pseudonymise data/n.csv data/n-pseudonyms.csv'
    """
    found = list(problems)
    lacking = [problem.rule == NAMED and not problem.detail for problem in found]
    # Where the key may lie is asked of the disk, so once a file.
    files = {problem.file for problem, lacks in zip(found, lacking, strict=True) if lacks}
    told = {file: (("command", command(data, file)),) for file in files}
    return [
        replace(problem, detail=told[problem.file]) if lacks else problem
        for problem, lacks in zip(found, lacking, strict=True)
    ]


def command(data: str, file: str) -> str:
    """Give the command that writes a file without names; the key goes to the reader's own folder.

    Parameters
    ----------
    data : str
        The file or folder that was read.
    file : str
        Name of the file in it.

    Returns
    -------
    str
        To be typed as it is.
    """
    source = Path(data) / file if Path(data).name != file and Path(data).is_dir() else Path(data)
    target = source.with_name(f"{source.stem}-pseudonyms.csv")
    words = [shlex.quote(word) for word in ("ogp", "pseudonymise", str(source), str(target))]
    return " ".join([*words, _key(target.resolve().parent)])


def _key(folder: Path) -> str:
    """Name a key file where the command accepts one: not beside the output, not in a project."""
    for place, written in ((Path.home(), "~/"), (folder.parent, f"{folder.parent}/")):
        file = place / KEY
        try:
            privacy.check_key_place(file, apart_from=[folder])
        except ParameterError:
            continue
        option = "--key-file" if file.exists() else "--new-key"
        return f"{option} {written}{KEY}" if written == "~/" else f"{option} {shlex.quote(str(file))}"
    return f"--new-key {KEY_ELSEWHERE}"
