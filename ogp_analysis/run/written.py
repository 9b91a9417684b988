"""Examine what a notebook left in its output folder, before anybody else reads it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ogp_analysis.provenance_crate import DESCRIPTOR

# What the run writes itself, and folders that a file would stand in the way of.
RESERVED = re.compile(
    rf"{re.escape(DESCRIPTOR)}|results\.json|(report|tables)\.[^/]+|tables|figures|results"
    r"|(inputs|notebooks|excel|latex)(/.*)?"
)
SVG = re.compile(r"(\{http://www\.w3\.org/2000/svg\})?svg")


def flaw(files: Mapping[str, bytes], saved: Mapping[str, str]) -> dict[str, Any]:
    r"""Find the first kind of flaw in what a notebook left.

    Parameters
    ----------
    files : mapping of str to bytes
        Content by path relative to the output folder.
    saved : mapping of str to str
        SHA-256 (hex) by path, as ``export.save`` noted when it wrote; from `read_notes`.

    Returns
    -------
    dict
        Empty when all is well; else ``key`` of the text that words it, ``cell`` (0: none in particular),
        ``file`` and what else the text names.

    Examples
    --------
    >>> flaw({"tables/a.csv": b"n\n1\n"}, {}), flaw({"tables/a.csv": b"n,m\n1\n"}, {})["key"]
    ({}, 'run.output_ragged')
    """
    reserved = [name for name in files if RESERVED.fullmatch(name) or not name.isprintable()]
    if reserved:
        return _told("run.output_reserved", reserved)
    for name, body in files.items():
        found = _examiner(name)(body)
        if found:
            return {"cell": 0, "file": name, **found}
    changed = [name for name, digest in saved.items() if _digest(files.get(name)) != digest]
    return _told("run.output_changed", changed) if changed else {}


def _told(key: str, names: list[str]) -> dict[str, Any]:
    return {"key": key, "cell": 0, "file": ", ".join(ascii(name)[1:-1] for name in names)}


def _digest(body: bytes | None) -> str:
    return "" if body is None else hashlib.sha256(body).hexdigest()


def read_notes(notes: Path, folder: Path) -> dict[str, str]:
    """Read what ``export.save`` noted of the files that it wrote.

    Parameters
    ----------
    notes : Path
        File with the SHA-256 and the place of one file a line; it need not exist.
    folder : Path
        The output folder; what was saved elsewhere does not count.

    Returns
    -------
    dict of str to str
        SHA-256 (hex) by path relative to the folder; of a file saved twice, the last.
    """
    saved = {}
    for line in notes.read_text(encoding="utf-8").splitlines() if notes.is_file() else ():
        digest, _, written = line.partition(" ")
        if Path(written).is_relative_to(folder.resolve()):
            saved[Path(written).relative_to(folder.resolve()).as_posix()] = digest
    return saved


def _examiner(name: str) -> Callable[[bytes], dict[str, Any]]:
    if name.startswith("tables/") and name.endswith(".csv"):
        return _table_flaw
    if name.startswith("figures/") and name.endswith(".svg"):
        return _figure_flaw
    return _results_flaw if name.startswith("results/") else lambda _: {}


def _table_flaw(body: bytes) -> dict[str, Any]:
    try:
        rows = list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))
    except UnicodeDecodeError:
        return {"key": "run.output_not_text"}
    except csv.Error as error:
        return {"key": "run.output_not_csv", "cause": str(error)}
    header = rows[0] if rows else []
    if not any(header):
        return {"key": "run.output_no_header"}
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            return {"key": "run.output_ragged", "row": number, "cells": len(row), "header": len(header)}
    return {}


def _figure_flaw(body: bytes) -> dict[str, Any]:
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        return {"key": "run.output_not_svg", "cause": str(error)}
    return {} if SVG.fullmatch(root.tag) else {"key": "run.output_not_svg", "cause": f"<{root.tag}>"}


def _results_flaw(body: bytes) -> dict[str, Any]:
    try:
        cause = _results_cause(json.loads(body.decode()))
    except (ValueError, RecursionError) as error:
        cause = type(error).__name__ if isinstance(error, RecursionError) else str(error)
    return {"key": "run.output_not_results", "cause": cause} if cause else {}


def _results_cause(results: Any) -> str:
    if not isinstance(results, dict):
        return type(results).__name__
    found = list(results.values())
    while found:
        value = found.pop()
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        found += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ""
