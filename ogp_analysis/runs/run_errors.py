"""Refuse by key: the English message for programs, the key and values for a reader's own language."""

from __future__ import annotations

from typing import Any, NoReturn

from ogp_analysis.errors import RunError
from ogp_analysis.language import texts


def refuse(key: str, **values: Any) -> NoReturn:
    """Raise the refusal that a catalogue words.

    Parameters
    ----------
    key : str
        Key of the text, such as ``"run.locked"``.
    **values
        What its placeholders stand for; kept as ``error.values`` together with ``key``.

    Raises
    ------
    RunError
        Always.

    Examples
    --------
    >>> refuse("run.no_params_file", file="own.yaml")
    Traceback (most recent call last):
    ogp_analysis.errors.RunError: there is no params file own.yaml
    """
    raise run_error(key, **values)


def run_error(key: str, **values: Any) -> RunError:
    """Make the error that `refuse` raises.

    >>> run_error("run.no_params_file", file="own.yaml").values
    {'key': 'run.no_params_file', 'file': 'own.yaml'}
    """
    return RunError(texts.say(key, "en", **values), key=key, **values)
