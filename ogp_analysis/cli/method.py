"""``ogp method new NAME``: write a commented method file to start from."""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ogp_analysis.packaged import DATA

# Keys that a draft from ratings fills.
DRAFTED = ("criteria", "decision_table", "third")
TWO = 2
# Of a line of a comment, in characters.
WIDTH = 110
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
    from ogp_analysis.language.escaping import as_typed
    from ogp_analysis.output import canonical

    language = getattr(arguments, "lang", "en")
    target = Path(arguments.name)
    target = target if target.suffix in (".yaml", ".yml") else target.with_name(f"{target.name}.yaml")
    if target.exists() and not arguments.force:
        raise DataError([Problem("params.exists", file=target.name)], language)
    ratings = arguments.ratings
    draft = draft_of(ratings, language) if ratings else {}
    canonical.write(target, method_text(target.stem, language, draft))
    remarks = draft.get("remarks", [])
    if getattr(arguments, "json", False):
        print(json.dumps({"ok": True, "file": str(target), "remarks": remarks}, ensure_ascii=False))
        return 0
    rest = {"ratings": as_typed(ratings)} if ratings else {}
    print(
        texts.say("method.drafted" if ratings else "method.written", language, file=as_typed(target), **rest)
    )
    if remarks:
        print(texts.say("method.draft.look", language), *(f"  - {each}" for each in remarks), sep="\n")
    return 0


def method_text(name: str, language: str, draft: Mapping[str, Any] | None = None) -> str:
    """Give the text of a method file to start from, its comments in the reader's language.

    What a draft from ratings shows stands in place of the invented criteria.

    >>> method_text("own", "es").splitlines()[0][:16]
    '# Un método prop'
    """
    # A name in quotes, as YAML takes any text: one such as "no" or "2026" would be read as something else.
    parts = _parts(language).items()
    values = {"name": json.dumps(name, ensure_ascii=False)}
    drafted = _drafted_parts({**values, **draft}, language) if draft else {}
    return "\n\n".join(drafted.get(key) or part.format(**values) for key, part in parts) + "\n"


def _parts(name: str) -> dict[str, str]:
    """Give the parts of a packaged file by key: comment and value, an empty line between two of them."""
    file = DATA / "method_to_start_from" / f"{name}.yaml"
    parts = file.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    return {_key(part): part for part in parts}


def _key(part: str) -> str:
    """Give the key of a part; a line of a comment may look like one, and counts where nothing else does."""
    plain, comments = (re.findall(rf"^{mark}([a-z_]+):", part, re.MULTILINE) for mark in ("", "# "))
    return str([*plain, *comments][0])


def draft_of(ratings: Path, language: str) -> dict[str, Any]:
    """Give what a file of ratings shows of a method, for `method_text`."""
    from ogp_analysis.ratings.method_draft import drafted

    return drafted(ratings, language) | {"file": ratings.name}


def _drafted_parts(draft: Mapping[str, Any], language: str) -> dict[str, str]:
    from ogp_analysis.language import texts

    values = {key: draft[key] for key in ("name", "file")}
    named = {
        one: {each: texts.say(f"method.draft.{one}", each) for each in texts.LANGUAGES}
        for one in draft["categories"]
    }
    values["categories"] = "\n".join(
        f"  - {{name: {one}, title: {{{', '.join(f'{each}: {words}' for each, words in titles.items())}}}}}"
        for one, titles in named.items()
    )
    values["ways"] = texts.say(f"method.draft.{'none_low' if len(named) > TWO else 'all_high'}", language)
    values |= {key: _as_yaml(draft[key], flow=key == "third") for key in DRAFTED}
    look = [texts.say("method.draft.look", language), *draft["remarks"]] if draft["remarks"] else []
    values["remarks"] = "".join(f"\n# {line}" for each in look for line in textwrap.wrap(each, WIDTH))
    return {key: part.format(**values) for key, part in _parts(f"drafted.{language}").items()}


def _as_yaml(value: object, *, flow: bool) -> str:
    import yaml

    text = yaml.safe_dump(
        value, default_flow_style=True if flow else None, allow_unicode=True, sort_keys=False, width=10**6
    )
    return text.strip() if flow else textwrap.indent(text.rstrip(), "  ")
