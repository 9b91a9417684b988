"""Every refusal has a key of both catalogues, so that each reader hears it in their own language.

Read from the syntax trees: where an error is made, its key stands there, or comes as an argument of the
function that makes it and is then looked for where that function is called.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from project_files import syntax_tree

import ogp_analysis
from ogp_analysis.language import texts

PACKAGE = Path(ogp_analysis.__file__).parent
# Errors that take a message and a key; those of problems (CheckError) are worded by the rule of each problem.
MESSAGES = {"OgpError", "StatisticsError", "NoWeightsError", "PlanError", "RunError"}
# Who makes one from a key, and the place of the key among the arguments; None where it is given by name.
MAKERS = {"keyed_error": None, "phrase": 0, "refuse": 0, "run_error": 0, "argument_refusal": 2, "Problem": 0}
# Places without a key of their own, each with the reason why no reader meets them.
UNREACHED = {
    "errors.py": "the class and its makers: the key is theirs to pass on",
    "plan/published.py": "tables and data packages are packaged: a test reads each of them",
}


@cache
def trees() -> dict[str, ast.Module]:
    """The syntax tree of each module; made when a test asks, since every worker imports this file."""
    return {path.relative_to(PACKAGE).as_posix(): syntax_tree(path) for path in PACKAGE.rglob("*.py")}


@cache
def calls(tree: ast.Module) -> list[tuple[ast.Call, str, ast.AST]]:
    """Every call with the name of what is called and the innermost function that it stands in."""
    found, waiting = [], [(tree, tree)]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, ast.Call):
            found.append((node, getattr(node.func, "id", getattr(node.func, "attr", "")), function))
        inner = node if isinstance(node, ast.FunctionDef) else function
        waiting += [(child, inner) for child in ast.iter_child_nodes(node)]
    return found


def key_of(call: ast.Call, place: int | None) -> ast.expr | None:
    """What stands for the key in a call."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    for name in ("key", "rule"):
        if name in named:
            return named[name]
    return call.args[place] if place is not None and len(call.args) > place else None


def constants(node: ast.expr, function: ast.AST) -> list[str]:
    """The texts that an expression may be; none for what comes from elsewhere."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return constants(node.body, function) + constants(node.orelse, function)
    if isinstance(node, ast.Name):
        given = [
            each.value
            for each in ast.walk(function)
            if isinstance(each, ast.Assign) and any(ast.unparse(t) == node.id for t in each.targets)
        ]
        return [
            text for value in given if not isinstance(value, ast.Name) for text in constants(value, function)
        ]
    return []


def test_every_error_with_a_message_has_a_key() -> None:
    bare = [
        f"{file}:{call.lineno}"
        for file, tree in trees().items()
        for call, name, _ in calls(tree)
        if name in MESSAGES and key_of(call, None) is None and all(each.arg for each in call.keywords)
        if file not in UNREACHED
    ]
    assert bare == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_keys_of_errors_are_in_the_catalogues(language: str) -> None:
    lost = {
        f"{file}:{call.lineno} {key}"
        for file, tree in trees().items()
        for call, name, function in calls(tree)
        if name in MESSAGES | MAKERS.keys() and file not in UNREACHED
        for key in constants(key_of(call, MAKERS.get(name)) or ast.List(), function)
        if not texts.has(key, language)
    }
    assert lost == set()


def test_an_error_without_a_key_or_with_an_unknown_one_is_found() -> None:
    """The two tests above fail where they should: on these lines."""
    tree = ast.parse(
        "def f(x):\n    key = 'no.such' if x else 'statistics.word'\n    raise keyed_error(key=key)"
    )
    ((call, name, function),) = [one for one in calls(tree) if one[1] in MAKERS]
    assert constants(key_of(call, MAKERS[name]), function) == ["no.such", "statistics.word"]
    ((bare, _, _),) = calls(ast.parse("StatisticsError('no', weights=3)"))
    assert key_of(bare, None) is None


def test_the_list_of_places_without_a_key_names_nothing_that_is_gone() -> None:
    for file in UNREACHED:
        assert any(name in MESSAGES | {"_worded"} for _, name, _ in calls(trees()[file])), file
