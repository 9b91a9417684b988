"""``ogp method new NAME``: write a commented method file to start from."""

from __future__ import annotations

import argparse
import json
from importlib import resources
from pathlib import Path

HELP = "write a commented method file to start from"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("action", choices=["new"], metavar="new")
    parser.add_argument("name", metavar="NAME")
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
    canonical.write(target, method_text(target.stem, language))
    if getattr(arguments, "json", False):
        print(json.dumps({"ok": True, "file": str(target)}, ensure_ascii=False))
    else:
        print(texts.say("method.written", language, file=target))
    return 0


def method_text(name: str, language: str) -> str:
    """Give the text of a method file to start from, its comments in the reader's language.

    >>> method_text("own", "es").splitlines()[0][:16]
    '# Un método prop'
    """
    folder = resources.files("ogp_analysis") / "data" / "method_to_start_from"
    text = (folder / f"{language}.yaml").read_text(encoding="utf-8")
    # A name in quotes, as YAML takes any text: one such as "no" or "2026" would be read as something else.
    return text.format(name=json.dumps(name, ensure_ascii=False))
