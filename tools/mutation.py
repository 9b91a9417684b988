"""Change the core kernels one operator at a time and see whether a test notices.

python3 make.py mutation                      # every group, one process for each core, at most an hour
python tools/mutation.py core agreement       # these groups; the rows of the others stay as they are
python tools/mutation.py core --only scoring  # only modules whose path contains the word

Writes docs/dev/mutation.csv (every mutant) and docs/dev/mutation.md (counts, survivors, explanations). No
file of the library is touched: pytest collects the tests once, and each mutant is a fork in which the
function's code is replaced and the tests that execute the changed statement run until the first failure.
Hence not on Windows.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml
from mutators import Mutant, mutants, put_in

ROOT = Path(__file__).resolve().parent.parent
PLAN = ROOT / "tools" / "mutation.yaml"
TABLE, PAGE = ROOT / "docs" / "dev" / "mutation.csv", ROOT / "docs" / "dev" / "mutation.md"
HEADER = ("module", "function", "line", "statement", "mutant", "outcome", "explanation")
OUTCOMES = ("killed", "time limit", "explained", "survived", "not covered", "not run")
SECONDS_OF_TESTS = 4.0  # of the processor for one mutant, cheapest tests first
MEMORY = 6 << 30


def in_child(work: Callable[[], bool], seconds: float, *, quiet: bool = False) -> int:
    """Run in a fork with limits of time and memory; 0 it said True, 1 False, negative a limit's signal."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        result = 70
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            for stream in (1, 2) if quiet else (1,):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
            signal.alarm(int(60 * seconds))
            result = 0 if work() else 1
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(result)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Mutations:
    """A pytest plugin that runs the collected tests against the mutants instead of once."""

    def __init__(self, modules: Sequence[str], known: Container[Any], deadline: float) -> None:
        self.modules, self.known, self.deadline = modules, known, deadline
        self.tracer: Any = None
        self.reports: list[Any] = []
        self.outcomes: list[tuple[Mutant, str]] = []

    def pytest_sessionstart(self) -> None:
        """Let a property fail at its first counterexample instead of looking for the smallest."""
        import hypothesis

        phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
        hypothesis.settings.register_profile("mutation", phases=phases, database=None)
        hypothesis.settings.load_profile("mutation")

    def pytest_runtest_setup(self, item: Any) -> None:
        """Note that the lines that follow prepare the tests of a file."""
        self._enter(f"{item.path} ")

    def pytest_runtest_call(self, item: Any) -> None:
        """Note that the lines that follow belong to one test."""
        self._enter(item.nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep what a test came to."""
        self.reports.append(report)

    def _enter(self, context: str) -> None:
        if self.tracer:
            self.tracer.switch_context(context)

    def pytest_runtestloop(self, session: Any) -> bool:
        """Record which test executes which line, then try each mutant."""
        path = session.config._tmp_path_factory.getbasetemp() / "lines.json"
        if in_child(lambda: self._record(session.items, path), 1200):
            message = "the tests do not pass on the unchanged library"
            raise RuntimeError(message)
        seconds, covered = json.loads(path.read_text(encoding="utf-8"))
        for mutant in (mutant for module in self.modules for mutant in mutants(module)):
            if mutant.key() in self.known:
                continue
            outcome = self._outcome(mutant, session.items, covered[mutant.module], seconds)
            self.outcomes.append((mutant, outcome))
            if outcome not in ("killed", "time limit"):
                print(f"{outcome}: {':'.join(map(str, (mutant.module, mutant.lines[0], mutant.function)))}")
                print(f"    {mutant.statement}\n    {mutant.mutant}", flush=True)
        return True

    def _record(self, items: Sequence[Any], path: Path) -> bool:
        import coverage

        files = [str(ROOT / module) for module in self.modules]
        self.tracer = coverage.Coverage(data_file=None, include=files)
        self.tracer.set_option("run:disable_warnings", ["no-data-collected"])
        self.tracer.start()
        seconds = self._passes(items)
        self.tracer.stop()
        data = self.tracer.get_data()
        lines = {m: data.contexts_by_lineno(file) for m, file in zip(self.modules, files, strict=True)}
        path.write_text(json.dumps((seconds, lines)), encoding="utf-8")
        return bool(seconds)

    def _outcome(self, mutant: Mutant, items: Sequence[Any], covered: Mapping[str, Any], seconds: Any) -> str:
        if time.monotonic() > self.deadline:
            return "not run"
        first, last = mutant.lines
        contexts = {c for line in range(first, last + 1) for c in covered.get(str(line), ())}
        chosen, total = _chosen(
            [item for item in items if {item.nodeid, f"{item.path} "} & contexts], seconds
        )
        if not chosen:
            return "not covered"

        def work() -> bool:
            put_in(mutant)
            return bool(self._passes(chosen))

        code = in_child(work, 10 + 3 * total, quiet=True)
        # By the clock a mutant is only given up: on a busy machine that says nothing of it.
        ends = {0: "survived", -signal.SIGXCPU: "time limit", -signal.SIGALRM: "not run"}
        return ends.get(code, "killed")

    def _passes(self, items: Sequence[Any]) -> dict[str, tuple[float, float]]:
        """Run tests up to the first failure: seconds of each and of what it shares; {} after a failure."""
        own, shared = {}, defaultdict(float)
        for item, following in zip(items, [*items[1:], None], strict=True):
            start, self.reports = time.process_time(), []
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if failed := [report for report in self.reports if report.failed]:
                print(f"{item.nodeid}: {failed[0].longrepr}", file=sys.stderr)
                return {}
            whole = max(sum(report.duration for report in self.reports), 1e-9)
            part = (time.process_time() - start) / whole
            own[item.nodeid] = part * sum(report.duration for report in self.reports[1:])
            shared[item.path] += part * self.reports[0].duration
        return {
            item.nodeid: (own[item.nodeid], shared[item.path] if _shares(item) else 0.0) for item in items
        }


def _chosen(items: Sequence[Any], seconds: Mapping[str, Any]) -> tuple[list[Any], float]:
    """Take the cheapest tests, file by file, since a file's tests share fixtures, which count once."""
    total, taken, begun = 0.0, [], set()
    for item in sorted(items, key=lambda item: sum(seconds[item.nodeid])):
        own, shared = seconds[item.nodeid]
        cost = own if item.path in begun else own + shared
        if taken and total + cost > SECONDS_OF_TESTS:
            continue
        total += cost
        taken.append(item)
        begun |= {item.path} if shared else set()
    files = list(dict.fromkeys(item.path for item in taken))
    return sorted(taken, key=lambda item: files.index(item.path)), total


def _shares(item: Any) -> bool:
    return any(
        definitions[-1].scope == "module" for definitions in item._fixtureinfo.name2fixturedefs.values()
    )


def run(
    modules: Sequence[str], tests: Sequence[str], *, known: Container[Any], minutes: float
) -> list[tuple[Mutant, str]]:
    """Collect the tests once and try every mutant of the modules that is not known."""
    import pytest

    plugin = Mutations(modules, known, time.monotonic() + 60 * minutes)
    options = ["--rootdir", str(ROOT), "-s", "--tb=no", "-p", "no:cacheprovider"]
    code = pytest.main([*options, *(str(ROOT / test) for test in tests)], plugins=[plugin])
    if code:
        message = f"pytest ended with {code!r} before every mutant was tried"
        raise RuntimeError(message)
    return plugin.outcomes


def rows(outcomes: Sequence[tuple[Mutant, str]], explained: Mapping[Any, str]) -> list[tuple[Any, ...]]:
    """Write outcomes as rows of the table; a survivor with an explanation is "explained"."""
    table = []
    for mutant, outcome in outcomes:
        why = explained.get(mutant.key(), "") if outcome in ("survived", "not covered") else ""
        words = (mutant.module, mutant.function, mutant.lines[0], mutant.statement, mutant.mutant)
        table.append((*words, "explained" if why else outcome, why))
    return table


def explanations(plan: Mapping[str, Any]) -> dict[tuple[str, str, str, str], str]:
    """Read the explanations of equivalent mutants: one for each mutant that it names."""
    return {
        (entry["module"], entry["function"], entry["statement"], mutant): " ".join(entry["why"].split())
        for entry in plan["equivalent"]
        for mutant in entry["mutants"]
    }


def page(table: Sequence[Sequence[Any]], groups: Mapping[str, Any]) -> str:
    """Write the page: counts for each module, then what survived or is explained."""
    counts = Counter((row[0], row[5]) for row in table)
    lines = [*groups["introduction"].splitlines(), "", "| module | mutants | " + " | ".join(OUTCOMES) + " |"]
    lines.append("| --- " * (len(OUTCOMES) + 2) + "|")
    for module in [*dict.fromkeys(row[0] for row in table), "total"]:
        each = [
            sum(n for (m, o), n in counts.items() if module in (m, "total") and o == out) for out in OUTCOMES
        ]
        lines.append("| " + " | ".join(map(str, (module, sum(each), *each))) + " |")
    # What was not run is counted above, and every row of it is in the table.
    for outcome in OUTCOMES[2:5]:
        for row in (row for row in table if row[5] == outcome):
            lines += ["", f"- {outcome}: `{row[0]}` `{row[1]}`, line {row[2]}", "", "  ```text"]
            lines += [f"  {row[3]}  # was", f"  {row[4]}  # mutant", "  ```"]
            lines += ["", f"  {row[6]}"] if row[6] else []
    return "\n".join(lines) + "\n"


def key_of(row: Sequence[str]) -> tuple[str, str, str, str]:
    """Give the part of a row that names its mutant wherever its line has moved."""
    return (row[0], row[1], row[3], row[4])


def settled(modules: Sequence[str], *, again: bool) -> list[list[str]]:
    """Read the rows of the last run that stay: of other modules, and with ``again`` what was settled.

    Their lines are today's; a mutant whose statement is gone is left out.
    """
    old = list(csv.reader(TABLE.open(encoding="utf-8", newline="")))[1:] if TABLE.exists() else []
    lines = {m.key(): str(m.lines[0]) for module in modules for m in mutants(module)}
    kept = [row for row in old if row[0] not in modules]
    if again:
        same = [row for row in old if key_of(row) in lines and row[5] in OUTCOMES[:3]]
        kept += [[*row[:2], lines[key_of(row)], *row[3:]] for row in same]
    return kept


def in_parallel(names: Sequence[str], options: argparse.Namespace) -> list[list[str]]:
    """Run each group in a process of its own, as many at once as there are cores."""
    words = ["--only", options.only, "--minutes", str(options.minutes)]
    words += [flag for flag in ("--again", "--quick") if getattr(options, flag[2:])]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = [Path(folder) / f"{name}.csv" for name in names]
        commands = [
            [sys.executable, __file__, name, *words, "--part", str(part)]
            for name, part in zip(names, parts, strict=True)
        ]
        if any(pool.map(subprocess.call, commands)):
            message = "a group did not come to its end"
            raise RuntimeError(message)
        return [row for part in parts for row in csv.reader(part.open(encoding="utf-8", newline=""))]


def write(table: Sequence[Sequence[Any]], plan: Mapping[str, Any]) -> None:
    """Write the table and the page."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *table])
    PAGE.write_text(page(table, plan), encoding="utf-8", newline="\n")


def asked(plan: Mapping[str, Any]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="*", default=list(plan["groups"]))
    parser.add_argument("--only", default="")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--again", action="store_true", help="only what was not settled the last time")
    parser.add_argument("--quick", action="store_true", help="only the tests named test_kernels_*")
    parser.add_argument("--part", type=Path, help="write the rows of one group here, and no page")
    return parser.parse_args()


def main() -> int:
    """Run the groups, merge their rows into the table, write the page; 1 if a survivor is unexplained."""
    plan = yaml.safe_load(PLAN.read_text(encoding="utf-8"))
    options = asked(plan)
    chosen = [plan["groups"][group] for group in options.groups]
    modules = [module for group in chosen for module in group["modules"] if options.only in module]
    kept = settled(modules, again=options.again)
    if options.part:
        tests = [t for group in chosen for t in group["tests"] if not options.quick or "_kernels_" in t]
        sys.path[:0] = [str(ROOT)]
        outcomes = run(modules, tests, known={key_of(row) for row in kept}, minutes=options.minutes)
        done = rows(outcomes, explanations(plan))
        csv.writer(options.part.open("w", encoding="utf-8", newline="")).writerows(done)
        return 0
    done = in_parallel(options.groups, options)
    order = [module for group in plan["groups"].values() for module in group["modules"]]
    kept = [row for row in kept if row[0] in order]
    table = sorted([*done, *kept], key=lambda row: (order.index(row[0]), int(row[2]), *row[3:5]))
    write(table, plan)
    return int(any(row[5] in OUTCOMES[3:] for row in table))


if __name__ == "__main__":
    raise SystemExit(main())
