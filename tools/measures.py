"""Measure the tree by the measures of the anchors, and write the table into ``docs/dev/architecture.md``.

    python tools/measures.py            # print the table
    python tools/measures.py --write    # put it into docs/dev/architecture.md

A code line is a line with a token that is not comment, docstring or blank. The length of a function is its
code lines, signature included. The rows of the anchors (``anchors.csv``) were measured once, with the same
definitions, on the snapshot named.
"""

from __future__ import annotations

import ast
import csv
import graphlib
import io
import statistics
import sys
import tokenize
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pages

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "ogp_analysis"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DOCUMENTED = (ast.Module, ast.ClassDef, *FUNCTIONS)
SILENT = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)


@dataclass(frozen=True)
class Source:
    """One Python file, parsed."""

    path: Path
    text: str
    tree: ast.Module
    code: frozenset[int]
    comments: frozenset[int]
    docstrings: frozenset[int]

    @property
    def lines(self) -> int:
        """Count all lines."""
        return len(self.text.splitlines())


def read(path: Path) -> Source:
    """Parse one file and sort its lines into code, comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    docstrings = frozenset(line for node in ast.walk(tree) for line in docstring_lines(node))
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    spans = [(token.start[0], token.end[0]) for token in tokens if token.type not in SILENT]
    code = frozenset(line for first, last in spans for line in range(first, last + 1)) - docstrings
    comments = frozenset(token.start[0] for token in tokens if token.type == tokenize.COMMENT) - code
    return Source(path, text, tree, code, comments, docstrings)


def docstring_lines(node: ast.AST) -> Iterable[int]:
    """Give the lines of the docstring of a module, class or function."""
    if not isinstance(node, DOCUMENTED) or ast.get_docstring(node, clean=False) is None:
        return ()
    return range(node.body[0].lineno, node.body[0].end_lineno + 1)


def functions(source: Source) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """List every function and method."""
    return [node for node in ast.walk(source.tree) if isinstance(node, FUNCTIONS)]


def code_lines(source: Source, node: ast.AST) -> int:
    """Count the code lines of a function, signature included."""
    return len(source.code.intersection(range(node.lineno, node.end_lineno + 1)))


def public_functions(source: Source) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """List functions and methods that others may call: not nested, no leading underscore."""
    classes = [node for node in source.tree.body if isinstance(node, ast.ClassDef)]
    bodies = [source.tree.body, *(node.body for node in classes if not node.name.startswith("_"))]
    members = [node for body in bodies for node in body if isinstance(node, FUNCTIONS)]
    return [node for node in members if not node.name.startswith("_")]


def is_typed(node: ast.FunctionDef) -> bool:
    """Say whether every argument and the result have a type."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    given = [item for item in (node.args.vararg, node.args.kwarg) if item is not None]
    needed = [item for item in arguments if item.arg not in ("self", "cls")] + given
    return node.returns is not None and all(item.annotation is not None for item in needed)


def spread(values: Sequence[int]) -> str:
    """Write median, ninetieth percentile and maximum."""
    ordered = sorted(values)
    p90 = ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))]
    return f"{statistics.median(ordered):.0f}/{p90}/{ordered[-1]}"


def share(part: int, whole: int) -> str:
    """Write a percentage without decimals."""
    return f"{100 * part / whole:.0f}" if whole else "–"


def imports(source: Source, known: set[str]) -> set[str]:
    """Give the modules of the package that a module imports when it is loaded."""
    modules: set[str] = set()
    for node in source.tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            modules |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    return modules & known


def module_name(path: Path) -> str:
    """Give the dotted name of a file of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loops(sources: Sequence[Source]) -> str:
    """Name an import loop between modules, or say that there is none."""
    named = {module_name(source.path): source for source in sources}
    graph = {name: imports(source, set(named)) - {name, PACKAGE} for name, source in named.items()}
    # A package imports its own parts: that is no loop unless a part imports the package back by value.
    graph = {
        name: {other for other in needs if not name.startswith(f"{other}.")} for name, needs in graph.items()
    }
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        return " → ".join(error.args[1])
    return "none"


def raises(tests: Sequence[Source]) -> tuple[int, int]:
    """Count ``pytest.raises`` that look at the error (``match=`` or ``as``), and all."""
    checked = total = 0
    for source in tests:
        for node in ast.walk(source.tree):
            for item in getattr(node, "items", ()) if isinstance(node, ast.With) else ():
                call = item.context_expr
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.raises":
                    total += 1
                    matched = any(keyword.arg == "match" for keyword in call.keywords)
                    checked += matched or item.optional_vars is not None
    return checked, total


def test_count(tests: Sequence[Source]) -> int:
    """Count test functions (a parametrised one counts once)."""
    return sum(node.name.startswith("test_") for source in tests for node in functions(source))


def documented(sources: Sequence[Source]) -> str:
    """Write shares of docstring lines, documented public functions, comment lines and typed signatures."""
    every = [(source, node) for source in sources for node in functions(source)]
    public = [node for source in sources for node in public_functions(source)]
    lines, code = sum(source.lines for source in sources), sum(len(source.code) for source in sources)
    parts = (
        share(sum(len(source.docstrings) for source in sources), lines),
        share(sum(ast.get_docstring(node) is not None for node in public), len(public)),
        share(sum(len(source.comments) for source in sources), code),
        share(sum(is_typed(node) for _, node in every), len(every)),
    )
    return " · ".join(parts)


def row(sources: Sequence[Source], tests: Sequence[Source]) -> tuple[str, ...]:
    """Measure the tree: one row of the table."""
    lengths = [code_lines(source, node) for source in sources for node in functions(source)]
    code = [sum(len(source.code) for source in group) for group in (tests, sources)]
    checked, total = raises(tests)
    return (
        f"**ogp_analysis** (MIT, {pages.version()})",
        f"{len(sources)} / {sum(source.lines for source in sources) / 1000:.1f}k",
        spread([source.lines for source in sources]),
        f"{spread(lengths)} ({sum(length > 50 for length in lengths)})",
        documented(sources),
        f"{code[0] / code[1]:.1f} · {test_count(tests)}",
        f"{share(checked, total)}%",
        loops(sources),
    )


def table() -> str:
    """Write the table: this tree first, then the anchors."""
    sources = [read(path) for path in sorted((ROOT / PACKAGE).rglob("*.py"))]
    tests = [read(path) for path in sorted((ROOT / "tests").rglob("*.py"))]
    with (ROOT / "tools" / "anchors.csv").open(encoding="utf-8", newline="") as file:
        header, *anchors = csv.reader(file)
    return pages.markdown_table(header, [row(sources, tests), *anchors])


def main(arguments: list[str]) -> int:
    """Print the table, or write it into the architecture page."""
    if "--write" in arguments:
        pages.fill(ROOT / "docs" / "dev" / "architecture.md", {"measures": table()})
    else:
        print(table())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
