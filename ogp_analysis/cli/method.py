"""``ogp method new NAME``: write a commented method file to start from."""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from importlib import resources
from pathlib import Path

HELP = "write a commented method file to start from"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("action", choices=["new"], metavar="new")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--ratings", type=Path, metavar="FILE")
    parser.add_argument("--force", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Write NAME.yaml in this folder, or where NAME leads."""
    from ogp_analysis.errors import DataError, Problem
    from ogp_analysis.language import texts
    from ogp_analysis.output import canonical

    language = getattr(arguments, "lang", "en")
    target = Path(arguments.name)
    target = target if target.suffix in (".yaml", ".yml") else target.with_name(f"{target.name}.yaml")
    if target.exists() and not arguments.force:
        raise DataError([Problem("params.exists", file=target.name)], language)
    ratings = arguments.ratings
    canonical.write(target, method_text(target.stem, language, ratings))
    if getattr(arguments, "json", False):
        print(json.dumps({"ok": True, "file": str(target)}, ensure_ascii=False))
    else:
        rest = {"ratings": ratings} if ratings else {}
        print(texts.say("method.drafted" if ratings else "method.written", language, file=target, **rest))
    return 0


def method_text(name: str, language: str, ratings: Path | None = None) -> str:
    """Give the text of a method file to start from, its comments in the reader's language.

    Where a file of ratings is given, what it shows stands in place of the invented criteria.

    >>> method_text("own", "es").splitlines()[0][:16]
    '# Un método prop'
    """
    # A name in quotes, as YAML takes any text: one such as "no" or "2026" would be read as something else.
    parts = _parts(language).items()
    values = {"name": json.dumps(name, ensure_ascii=False)}
    drafted = _drafted_parts(ratings, language) if ratings else {}
    return "\n\n".join(drafted.get(key) or part.format(**values) for key, part in parts) + "\n"


def _parts(name: str) -> dict[str, str]:
    """Give the parts of a packaged file by key: comment and value, an empty line between two of them."""
    file = resources.files("ogp_analysis") / "data" / "method_to_start_from" / f"{name}.yaml"
    parts = file.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    return {re.findall(r"^(?:# )?([a-z_]+):", part, re.MULTILINE)[0]: part for part in parts}


def _drafted_parts(ratings: Path, language: str) -> dict[str, str]:
    from ogp_analysis.ratings.method_draft import drafted

    values = {key: _as_yaml(value, flow=key == "third") for key, value in drafted(ratings, language).items()}
    return {
        key: part.format(file=ratings.name, **values) for key, part in _parts(f"drafted.{language}").items()
    }


def _as_yaml(value: object, *, flow: bool) -> str:
    import yaml

    text = yaml.safe_dump(
        value, default_flow_style=True if flow else None, allow_unicode=True, sort_keys=False, width=10**6
    )
    return text.strip() if flow else textwrap.indent(text.rstrip(), "  ")
