"""Refuse notebooks that are none, or not all that belong together, before anything starts."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from ogp_analysis.run.refusal import refuse

MARK = b"\xef\xbb\xbf"
FORMAT = 4
KINDS = ("code", "markdown", "raw")
# Of this project; who runs some of them wants all, and a run without one would pass for whole.
SIX = tuple(
    f"{name}.ipynb"
    for name in (
        "01_ratings", "02_agreement", "03_categories", "04_sensitivity", "05_plan_tables", "06_irm_review",
    )
)  # fmt: skip
# Characters of a wrong entry that a message shows; ours.
FOUND_LENGTH = 60


def check_complete(notebooks: Collection[str], *, folder: str) -> None:
    """Refuse a folder that holds some of the project's six notebooks and not all.

    Parameters
    ----------
    notebooks : collection of str
        File names.
    folder : str
        For messages.

    Raises
    ------
    RunError
        One of the six is missing; each is named.

    Examples
    --------
    >>> check_complete(["own.ipynb"], folder="notebooks")
    >>> check_complete(SIX[1:], folder="notebooks")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.RunError: notebooks holds some of the six ... but not 01_ratings.ipynb; ...
    """
    missing = [name for name in SIX if name not in notebooks]
    if missing and len(missing) < len(SIX):
        refuse("run.notebooks_missing", folder=folder, missing=", ".join(missing))


def check_form(content: bytes, *, name: str) -> None:
    """Refuse a notebook that cannot be executed as format 4 is meant, before anything starts.

    Parameters
    ----------
    content : bytes
        JSON that holds ``cells``.
    name : str
        File name for messages.

    Raises
    ------
    RunError
        It begins with a byte-order mark, or an entry is missing or not what the format allows.

    Examples
    --------
    >>> check_form(b'{"nbformat": 4, "metadata": {}, "cells": 5}', name="own.ipynb")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.RunError: own.ipynb is not a valid notebook of format 4: cells is 5; ...
    """
    if content.startswith(MARK):
        refuse("run.notebook_mark", notebook=name)
    notebook = json.loads(content)
    _check_entry(notebook, "nbformat", "4", lambda value: value == FORMAT, name=name)
    _check_entry(notebook, "metadata", "{...}", _is_mapping, name=name)
    _check_entry(notebook, "cells", "[...]", lambda value: isinstance(value, list), name=name)
    for number, cell in enumerate(notebook["cells"], start=1):
        where = f"cell {number}"
        _check_entry({where: cell}, where, "{...}", _is_mapping, name=name)
        for entry, allowed, fits in CELL_ENTRIES:
            _check_entry(cell, entry, allowed, fits, name=name, where=f"{where}: ")
        tags = {"tags": [], **cell["metadata"]}
        _check_entry(tags, "tags", '["..."]', _is_list_of_text, name=name, where=f"{where}: metadata: ")


def _check_entry(
    owner: dict[str, Any],
    entry: str,
    allowed: str,
    fits: Callable[[Any], bool],
    *,
    name: str,
    where: str = "",
) -> None:
    if entry not in owner:
        refuse("run.notebook_lacks", notebook=name, entry=f"{where}{entry}")
    if not fits(owner[entry]):
        found = json.dumps(owner[entry], ensure_ascii=False)[:FOUND_LENGTH]
        refuse("run.notebook_entry", notebook=name, entry=f"{where}{entry}", found=found, allowed=allowed)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


CELL_ENTRIES = (
    ("cell_type", " | ".join(KINDS), lambda value: value in KINDS),
    ("metadata", "{...}", _is_mapping),
    ("source", '"..."', lambda value: isinstance(value, str) or _is_list_of_text(value)),
)
