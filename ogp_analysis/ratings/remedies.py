"""What to type where evaluators are given by what may be names: the whole command, for the file at hand."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

from ogp_analysis import privacy
from ogp_analysis.errors import ParameterError, Problem

NAMED = "ratings.personal"
KEY, KEY_ELSEWHERE = "ogp-key.txt", "FILE"


def with_command(problem: Problem, data: str) -> Problem:
    """Add to a refusal of names the command that replaces them.

    Parameters
    ----------
    problem : Problem
        Any.
    data : str
        The file or folder that was read.

    Returns
    -------
    Problem
        The same, unless it is about what may be a name.

    Examples
    --------
    >>> problem = with_command(Problem(NAMED, file="n.csv"), "data/n.csv")
    >>> dict(problem.detail)["command"].split(" --new-key ")[0]
    'ogp pseudonymise data/n.csv data/n-pseudonyms.csv'
    """
    if problem.rule != NAMED or problem.detail:
        return problem
    return replace(problem, detail=(("command", command(data, problem.file)),))


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
