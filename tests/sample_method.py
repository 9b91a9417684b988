"""A small method file, changed in one place and read, for tests of what it may hold."""

from __future__ import annotations

from pathlib import Path

import yaml

from ogp_analysis.model import method_file

ONE = {
    "name": "jury",
    "criteria": [
        {
            "name": "merit",
            "panels": ["jury"],
            "raters": [2, 7],
            "cut_points": [2.5],
            "indicators": [{"name": "overall", "minimum": 1, "maximum": 5}],
        }
    ],
    "categories": ["yes", {"name": "out", "title": {"es": "no"}}],
    "decision_table": ["out", 1],
}


def read(tmp_path: Path, values: dict | str):
    text = values if isinstance(values, str) else yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    return method_file.read_method("own.yaml", tmp_path)


def changed(path: tuple, value: object, base: dict = ONE) -> dict:
    """Give a method with one value replaced; ``...`` removes it."""
    made = yaml.safe_load(yaml.safe_dump(base))
    place = made
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return made


def indicators(*parts: dict) -> dict:
    scale = {"minimum": 1, "maximum": 5}
    return changed(("criteria", 0, "indicators"), [scale | part for part in parts])
