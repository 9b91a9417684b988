"""Measure the branch coverage of the whole library, also in its worker processes, and explain what is left.

python3 make.py coverage          # runs the tests once, measured (about twice their time)

Writes docs/dev/coverage.md: what no test executes, statement by statement, each with its reason from
tools/coverage.yaml. Exit code 1 when something is neither executed nor explained.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
REASONS = ROOT / "tools" / "coverage.yaml"
PAGE = ROOT / "docs" / "dev" / "coverage.md"
INTRODUCTION = """# Branch coverage

Written by `python3 make.py coverage`, never by hand: the whole library, by the whole test suite, in its own
processes and in the workers of runs. Notebook kernels are ended without ceremony and leave no record; what
they call is tested directly. Doctests count, nbval does not.

{statements} statements and {branches} branches in {modules} modules: {percent}% executed. Of what is left,
{explained} places are explained and {open} are open.
"""


@dataclass(frozen=True)
class Gap:
    """A statement that no test executes, or one that never went on to another.

    Parameters
    ----------
    module : str
        Path from the project's root.
    line : int
        Its line.
    statement : str
        Its first line of source.
    goes_to : str
        Empty when it is not executed at all; else the statement that never followed it, or "the end".
    """

    module: str
    line: int
    statement: str
    goes_to: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Give what names it wherever its line moves."""
        return self.module, self.statement, self.goes_to


def measured(words: Sequence[str]) -> dict[str, Any]:
    """Run the tests under coverage in every process and return coverage's own report."""
    with tempfile.TemporaryDirectory() as folder:
        data, report = Path(folder) / "data", Path(folder) / "report.json"
        settings = Path(folder) / "coverage.ini"
        settings.write_text(
            f"[run]\nbranch = true\nsource = {ROOT / 'ogp_analysis'}\ndata_file = {data}\nparallel = true\n"
            "patch =\n    subprocess\n    _exit\nconcurrency =\n    multiprocessing\n    thread\n"
            "sigterm = true\n",
            encoding="utf-8",
        )
        coverage = [sys.executable, "-m", "coverage"]
        tests = ["-m", "pytest", "-n", "2", "-p", "no:cacheprovider", *words]
        if subprocess.call([*coverage, "run", f"--rcfile={settings}", *tests], cwd=ROOT):
            print("some tests fail: what they execute counts up to their failure", file=sys.stderr)
        subprocess.check_call([*coverage, "combine", f"--rcfile={settings}", "--quiet"], cwd=ROOT)
        subprocess.check_call(
            [*coverage, "json", f"--rcfile={settings}", "-o", str(report), "--quiet"], cwd=ROOT
        )
        return json.loads(report.read_text(encoding="utf-8"))


def gaps(report: Mapping[str, Any]) -> list[Gap]:
    """List what was not executed, by module and line."""
    uncovered = []
    for name, file in sorted(report["files"].items()):
        module = Path(name).resolve().relative_to(ROOT).as_posix()
        source = (ROOT / module).read_text(encoding="utf-8").splitlines()
        missing = set(file["missing_lines"])
        uncovered += [Gap(module, line, source[line - 1].strip()) for line in sorted(missing)]
        for start, end in sorted(file["missing_branches"]):
            # A branch into or out of a statement that is missing itself says nothing more.
            if start in missing or end in missing:
                continue
            to = source[end - 1].strip() if end > 0 else "the end"
            uncovered.append(Gap(module, start, source[start - 1].strip(), to))
    return uncovered


def reasons() -> dict[tuple[str, str, str], str]:
    """Read the reasons: each names a module, its statements and why no test executes them."""
    entries = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    return {
        (entry["module"], statement, ""): " ".join(entry["why"].split())
        for entry in entries
        for statement in entry.get("statements", [])
    } | {
        (entry["module"], start, end): " ".join(entry["why"].split())
        for entry in entries
        for start, end in entry.get("branches", [])
    }


def page(report: Mapping[str, Any], why: Mapping[tuple[str, str, str], str]) -> str:
    """Write the page."""
    uncovered = gaps(report)
    unexplained = [gap for gap in uncovered if gap.key not in why]
    totals = report["totals"]
    counts = {
        "statements": totals["num_statements"],
        "branches": totals["num_branches"],
        "modules": len(report["files"]),
        "percent": f"{totals['percent_covered']:.1f}",
        "explained": len(uncovered) - len(unexplained),
        "open": len(unexplained),
    }
    lines = INTRODUCTION.format(**counts).splitlines()
    for title, chosen in (("Open", unexplained), ("Explained", [gap for gap in uncovered if gap.key in why])):
        if chosen:
            lines += ["", f"## {title}", "", "| module | statement | why |", "| --- | --- | --- |"]
            lines += [f"| `{gap.module}` | {_shown(gap)} | {why.get(gap.key, '')} |" for gap in chosen]
    return "\n".join(lines) + "\n"


def _shown(gap: Gap) -> str:
    statement = f"line {gap.line}: `{gap.statement}`".replace("|", "\\|")
    return f"{statement}, never followed by `{gap.goes_to}`".replace("|", "\\|") if gap.goes_to else statement


def main() -> int:
    """Measure, write the page, and say whether anything is unexplained."""
    report, why = measured(sys.argv[1:]), reasons()
    PAGE.write_text(page(report, why), encoding="utf-8", newline="\n")
    uncovered = gaps(report)
    stale = sorted(set(why) - {gap.key for gap in uncovered})
    for module, statement, _ in stale:
        print(f"explained but executed: {module}: {statement}")
    still = [gap for gap in uncovered if gap.key not in why]
    for gap in still:
        print(f"open: {gap.module}:{gap.line}: {gap.statement} {gap.goes_to and '-> ' + gap.goes_to}")
    return int(bool(still or stale))


if __name__ == "__main__":
    raise SystemExit(main())
