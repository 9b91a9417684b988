"""The shape of the package: imports go down only, siblings stay apart, edges alone touch the disk."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from project_files import syntax_tree

import ogp_analysis

PACKAGE = Path(ogp_analysis.__file__).parent
NAME = "ogp_analysis"

# Who may touch the disk; texts, published, method_file and listed_words read packaged data.
EDGES = (
    *("language.texts", "plan.published", "model.given_file", "model.strict_yaml", "model.method_file"),
    *("tabular", "ratings", "proposals.importing", "proposals.archive", "privacy.pseudonyms"),
    "privacy.listed_words",
    *("output.canonical", "report", "runs", "cli"),
    *("app.workspace", "app.job", "app.runs_of_the_page", "app.finished_run", "app.pages"),
)
IMPORTS = (ast.Import, ast.ImportFrom)
DISK = {
    *("open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir", "rmdir", "unlink", "touch"),
    *("rmtree", "mkdtemp", "copytree", "copyfile", "load_workbook", "ZipFile"),
    *("read_csv", "read_excel", "read_json", "to_csv", "to_excel", "to_json"),
}


def _dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


NAMES = [_dotted(path) for path in sorted(PACKAGE.rglob("*.py"))]


def _path(dotted: str) -> Path:
    folder = PACKAGE.joinpath(*dotted.split("."))
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")


def parsed(dotted: str) -> ast.Module:
    """Parse a module; only those that a test asks for, since each worker of the tests begins anew."""
    return syntax_tree(_path(dotted))


def modules() -> dict[str, ast.Module]:
    """Parse every module, by its dotted name inside the package."""
    return {dotted: parsed(dotted) for dotted in NAMES}


@cache
def imports() -> dict[str, set[str]]:
    """Give the full names of everything each module imports, wherever in it the import stands."""
    return {dotted: imported(tree) for dotted, tree in modules().items()}


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def unit(dotted: str) -> str:
    return dotted.split(".")[0]


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a process of its own: it silences every logger that is there."""
    start = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    config = ["--config", str(PACKAGE.parent / "pyproject.toml"), "--no-cache"]
    command = [sys.executable, "-c", start, *config]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")


def test_the_contracts_of_imports_hold() -> None:
    """A room imports from the floors below, every room has its floor, nothing goes in circles."""
    done = linted(PACKAGE.parent)
    assert done.returncode == 0, done.stdout + done.stderr


# A line that may not stand in a module, and what must be said of it: upward, to a neighbour, in a circle, and
# a room that stands on no floor.
SLIPS = {
    ("model/records.py", "from ogp_analysis.assessment import scoring"): (
        "- ogp_analysis.model.records -> ogp_analysis.assessment.scoring"
    ),
    ("ratings/load.py", "from ogp_analysis.agreement import icc"): (
        "- ogp_analysis.ratings.load -> ogp_analysis.agreement.icc"
    ),
    ("agreement/function_of_sums.py", "from ogp_analysis.agreement import kappas"): (
        "- .function_of_sums -> .kappas"
    ),
    ("attic/__init__.py", ""): "- ogp_analysis.attic",
}


def test_the_contracts_of_imports_can_fail(tmp_path: Path) -> None:
    other = tmp_path / NAME
    shutil.copytree(PACKAGE, other, ignore=shutil.ignore_patterns("data", "__pycache__"))
    for module, line in SLIPS:
        changed = other / module
        changed.parent.mkdir(exist_ok=True)
        with changed.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    done = linted(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert [slip for slip in SLIPS.values() if slip not in done.stdout] == []


def disk_calls(tree: ast.Module) -> set[str]:
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [getattr(function, "attr", getattr(function, "id", "")) for function in called]
    return {name for name in names if name in DISK}


@pytest.mark.parametrize(
    "dotted", [name for name in NAMES if not f"{name}.".startswith(tuple(f"{edge}." for edge in EDGES))]
)
def test_only_edges_touch_the_disk(dotted: str) -> None:
    assert not disk_calls(parsed(dotted))


@pytest.mark.parametrize(
    ("library", "home"),
    [("matplotlib", "figures"), ("papermill", "runs"), ("nbclient", "runs"), ("distributed", "runs")],
)
def test_a_library_stays_at_home(library: str, home: str) -> None:
    users = {
        dotted for dotted, names in imports().items() if any(name.split(".")[0] == library for name in names)
    }
    assert {unit(dotted) for dotted in users} == {home}, sorted(users)


def test_what_takes_long_to_load_is_imported_where_it_is_used() -> None:
    """Every notebook begins with a fresh kernel: what it loads is waited for seven times a run."""
    slow = ("scipy.stats", "scipy.optimize", "sklearn")
    at_once = {
        dotted
        for dotted, tree in modules().items()
        for name in imported(ast.Module([node for node in tree.body if isinstance(node, IMPORTS)], []))
        if name.startswith(slow)
    }
    # Notebook 2 computes what needs them; those of `proposals` are imported by name (its docstring).
    agreement = {"agreement.evaluator_effects", "agreement.variance_components"}
    assert at_once == agreement | {"proposals.grouping_agreement", "proposals.text_features"}


def at_once(dotted: str) -> set[str]:
    """Give the full names that a module imports when it is loaded itself."""
    return imported(ast.Module([node for node in parsed(dotted).body if isinstance(node, IMPORTS)], []))


def loaded_with(dotted: str) -> tuple[set[str], set[str]]:
    """Give the modules of the package that are loaded with one of them, and the names that these import."""
    known, waiting, names = set(NAMES), [dotted], set()
    loaded: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module in known - loaded:
            loaded.add(module)
            names |= at_once(module)
            own = [name.removeprefix(f"{NAME}.") for name in at_once(module) if name.startswith(f"{NAME}.")]
            # What stands above a module is loaded before it.
            waiting += [part for name in (module, *own) for part in (name, name.rpartition(".")[0])]
    return loaded, names


def test_an_up_to_date_run_waits_for_no_report_no_masks_and_no_scipy() -> None:
    loaded, names = loaded_with("runs.run")
    assert {"runs.scenario", "ratings.published_names", "ratings.load"} <= loaded
    assert {module for module in loaded if module.startswith(("report", "privacy.masking"))} == set()
    assert {name for name in names if name.startswith("scipy")} == set()


def test_only_the_command_line_prints() -> None:
    printing = {
        dotted
        for dotted, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    }
    assert {unit(dotted) for dotted in printing} <= {"cli"}


def code_lines(node: ast.FunctionDef) -> int:
    """Count the lines of a function that hold code: no docstring, no blank lines, no comments."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    lines = {line for part in body for n in ast.walk(part) for line in _span(n)}
    return len(lines) + 1


def module_lines(dotted: str) -> int:
    """Count the lines of a module that hold code: what explains it need not be held in the head."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    explaining = {
        line
        for node in ast.walk(parsed(dotted))
        if isinstance(node, documented) and ast.get_docstring(node) is not None
        for line in _span(node.body[0])
    }
    lines = enumerate(_path(dotted).read_text(encoding="utf-8").splitlines(), start=1)
    return sum(bool(text.strip()) and text.strip()[0] != "#" for at, text in lines if at not in explaining)


def _span(node: ast.AST) -> range:
    return range(node.lineno, node.end_lineno + 1) if hasattr(node, "lineno") else range(0)


@pytest.mark.parametrize("dotted", NAMES)
def test_functions_and_modules_stay_small(dotted: str) -> None:
    tree = parsed(dotted)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert code_lines(node) <= 40, f"{node.name} is {code_lines(node)} lines"
            positional = [each.arg for each in node.args.posonlyargs + node.args.args]
            public = not node.name.startswith("_")
            assert not public or len(positional) <= 5, f"{node.name} takes {positional} by position"
    assert module_lines(dotted) <= 400


def test_there_is_no_module_of_odds_and_ends() -> None:
    assert not {name.split(".")[-1] for name in NAMES} & {"utils", "helpers", "common", "misc"}


def test_every_direct_import_is_a_declared_dependency() -> None:
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = " ".join(project["dependencies"] + extras["run"] + extras["cluster"]).lower()
    named = {"yaml": "pyyaml", "sklearn": "scikit-learn", "distributed": "dask[distributed]"}
    # They come with a declared one, whose own interface they are.
    named |= {"nbformat": "nbclient", "jupyter_client": "ipykernel", "markupsafe": "jinja2"}
    for dotted, names in imports().items():
        for name in {full.split(".")[0] for full in names} - {NAME} - sys.stdlib_module_names:
            assert named.get(name, name) in declared, f"{dotted} imports {name}"


def _taken(path: Path) -> set[tuple[str, str]]:
    """Names that a script takes from the package, also inside its functions."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    found = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    inside = [node for node in found if node.module.split(".")[0] == NAME]
    return {(node.module, alias.name) for node in inside for alias in node.names}


def _is_there(module: str, name: str) -> bool:
    owner = importlib.import_module(module)
    is_package = hasattr(owner, "__path__")
    return hasattr(owner, name) or (is_package and importlib.util.find_spec(f"{module}.{name}") is not None)


def test_benchmarks_and_tools_take_only_what_is_there():
    # Nothing else runs the benchmarks between sessions of measuring: one of them named a list that had gone.
    scripts = [path for folder in ("benchmarks", "tools") for path in (PACKAGE.parent / folder).glob("*.py")]
    taken = {pair for path in scripts for pair in _taken(path)}
    assert ("ogp_analysis", "agreement") in taken
    assert not [f"{module}.{name}" for module, name in sorted(taken) if not _is_there(module, name)]


def test_no_two_modules_of_tests_bear_one_name():
    # Run room by room both pass; together pytest collects the first alone, and the whole run fails.
    modules = [path.name for path in (PACKAGE.parent / "tests").glob("*/test_*.py")]
    assert len(modules) > 100
    assert sorted({name for name in modules if modules.count(name) > 1}) == []
