"""Check ``codecheck.yml`` against the CODECHECK 2.0 rules a file can answer; list its manifest anew.

    python tools/codecheck.py            # one line a rule
    python tools/codecheck.py --write    # the manifest again, from what a run of the baseline writes

Rule identifiers are those of the specification (2.0, dated 2026-09-11). What only a codechecker can supply
(name, certificate, report) is not made up: those rules are reported as open.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
NAME = "codecheck.yml"
REGENERATED = ("tables", "figures")
REGENERATED_FILES = ("results.json", "report*.html", "report*.pdf")
PLACEHOLDER = re.compile(r"FIXME|TODO|XXXX", re.IGNORECASE)
VERSION = "https://codecheck.org.uk/spec/config/2.0/"
# What the specification asks of the person who checks, not of the authors.
FOR_THE_CODECHECKER = ("CC-CFG-008", "CC-CFG-011", "CC-CFG-024", "CC-CFG-025")


def outputs(root: Path = ROOT) -> list[str]:
    """List what a run of the baseline writes and the repository keeps, as paths from its root."""
    baseline = root / "outputs" / "baseline"
    paths = [path for folder in REGENERATED for path in (baseline / folder).glob("*") if path.is_file()]
    paths += [path for pattern in REGENERATED_FILES for path in baseline.glob(pattern)]
    return sorted(path.relative_to(root).as_posix() for path in paths)


def manifest_paths(config: dict[str, Any]) -> list[str]:
    """Give the paths of the manifest, empty text where an item has none."""
    return [
        str(item.get("file", "")) if isinstance(item, dict) else "" for item in config.get("manifest") or ()
    ]


def is_relative(path: str) -> bool:
    """Say whether a path stays inside the folder of the file."""
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts


def authors(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the authors of the paper."""
    return list((config.get("paper") or {}).get("authors") or ())


def rules(text: str, config: dict[str, Any], root: Path) -> dict[str, Callable[[], object]]:
    """Give each rule as a question whose answer is true where it is met."""
    paper = config.get("paper") or {}
    paths = manifest_paths(config)
    return {
        "CC-CFG-002": lambda: text.startswith("---\n"),
        "CC-CFG-003": lambda: (root / NAME).is_file(),
        "CC-CFG-004": lambda: paths,
        "CC-CFG-005": lambda: all(paths),
        "CC-CFG-006": lambda: all(is_relative(path) for path in paths),
        "CC-CFG-007": lambda: all(item.get("comment") for item in config.get("manifest") or ()),
        "CC-CFG-008": lambda: config.get("codechecker"),
        "CC-CFG-011": lambda: config.get("report"),
        "CC-CFG-014": lambda: config.get("version"),
        "CC-CFG-015": lambda: config.get("version") == VERSION,
        "CC-CFG-016": lambda: paper,
        "CC-CFG-017": lambda: paper.get("title"),
        "CC-CFG-018": lambda: authors(config),
        "CC-CFG-019": lambda: all(author.get("name") for author in authors(config)),
        "CC-CFG-020": lambda: all(author.get("ORCID") for author in authors(config)),
        "CC-CFG-021": lambda: paper.get("reference"),
        "CC-CFG-023": lambda: not PLACEHOLDER.search(text),
        "CC-CFG-024": lambda: config.get("summary"),
        "CC-CFG-025": lambda: config.get("certificate"),
        "CC-BUN-001": lambda: paths and all((root / path).is_file() for path in paths),
        "CC-BUN-005": lambda: (root / "LICENSE").is_file(),
        "manifest = outputs": lambda: paths == outputs(root),
    }


def check(root: Path = ROOT) -> dict[str, bool]:
    """Answer every rule for the ``codecheck.yml`` in a folder."""
    text = (root / NAME).read_text(encoding="utf-8")
    config = yaml.safe_load(text)
    return {rule: bool(answer()) for rule, answer in rules(text, config, root).items()}


def comment(path: str) -> str:
    """Say what a file of the manifest is."""
    place = PurePosixPath(path)
    kinds = {"tables": "table", "figures": "figure"}
    language = {"en": ", English", "es": ", Spanish"}.get(place.stem.rpartition(".")[2], "")
    plain = place.stem.removesuffix(".en").removesuffix(".es").replace("_", " ")
    return f"{kinds.get(place.parent.name, place.suffix.lstrip('.'))}: {plain}{language}"


def manifest(head: str, paths: list[str]) -> Iterator[str]:
    """Write the file anew: everything before the manifest as it is, then one item a path."""
    yield head
    yield "manifest:\n"
    for path in paths:
        yield f'  - file: {path}\n    comment: "{comment(path)}"\n'


def main(arguments: list[str]) -> int:
    """Report the rules, or write the manifest anew; 1 where a rule of the authors' is not met."""
    file = ROOT / NAME
    if "--write" in arguments:
        head = file.read_text(encoding="utf-8").partition("manifest:\n")[0]
        file.write_text("".join(manifest(head, outputs())), encoding="utf-8", newline="\n")
    answers = check()
    for rule, met in answers.items():
        who = "open, for the codechecker" if rule in FOR_THE_CODECHECKER else "not met"
        print(f"{rule:20} {'met' if met else who}")
    missed = [rule for rule, met in answers.items() if not met and rule not in FOR_THE_CODECHECKER]
    return int(any(rule.startswith(("CC-BUN", "manifest")) for rule in missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
