"""Names say the thing: words that say nothing of what they name are no identifiers of the package."""

import ast
from collections.abc import Iterator
from pathlib import Path

from project_files import syntax_tree

import ogp_analysis

PACKAGE = Path(ogp_analysis.__file__).parent
WORDS = frozenset(
    "derive finish found gather its lacking mine recorded refusal said stakes told written".split()  # noqa: SIM905
)
# A place is the address of a cell or a position in an array; of a folder of runs it says nothing.
NO_PLACE = ("cli", "compare", "report", "runs")
# Notebooks print ``inputs.said``, also those of runs that are recorded already.
EXCEPTIONS = frozenset({("model/inputs.py", "said")})


def defined(tree: ast.AST) -> Iterator[str]:
    """Give every name that a module gives to functions, classes, arguments, variables and attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name


def empty_words(tree: ast.Module, file: str) -> set[str]:
    """Give the words that say nothing among the names of a module and the module's own."""
    words = WORDS | ({"place"} if file.startswith(NO_PLACE) else set())
    names = {*defined(tree), Path(file).stem}
    return {name for name in names if name.strip("_").lower() in words}


def test_no_name_is_a_word_that_says_nothing():
    modules = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    pairs = {(file, name) for file, path in modules.items() for name in empty_words(syntax_tree(path), file)}
    assert pairs == EXCEPTIONS


def test_every_kind_of_name_is_looked_at():
    text = """
import os as told
class Found: _said = 1
def _finish(mine, *, its=0):
    self.stakes = [lacking for lacking in mine]
    for place in mine: pass
"""
    kinds = {"told", "Found", "_said", "_finish", "mine", "its", "stakes", "lacking"}
    tree = ast.parse(text)
    assert empty_words(tree, "plan/refusal.py") == kinds | {"refusal"}
    assert empty_words(tree, "runs/run.py") == kinds | {"place"}
