"""Make the mutants of a module: one operator, number, condition, result or name changed at a time."""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_PAIRS = [("min", "max"), ("minimum", "maximum"), ("fmin", "fmax"), ("any", "all"), ("floor", "ceil")]
_PAIRS += [("argmin", "argmax"), ("zeros", "ones"), ("zeros_like", "ones_like"), ("first", "last")]
BUILTINS = ("min", "max", "any", "all")
NAMES = dict(_PAIRS) | {there: here for here, there in _PAIRS}


@dataclass(frozen=True)
class Mutant:
    """One changed function: where it is, what the statement was and became, and its code."""

    module: str
    function: str
    lines: tuple[int, int]
    statement: str
    mutant: str
    code: CodeType

    def key(self) -> tuple[str, str, str, str]:
        """Name the mutant without line numbers, so that explanations outlive edits elsewhere."""
        return self.module, self.function, self.statement, self.mutant


def changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """List the fields of a node that are to be replaced, and by what."""
    match node:
        case ast.Compare(ops=ops):
            for place, old in enumerate(ops):
                for new in COMPARISONS[type(old)]:
                    yield "ops", [*ops[:place], new(), *ops[place + 1 :]]
        case ast.BinOp() | ast.AugAssign() | ast.BoolOp() if type(node.op) in OPERATORS:
            yield "op", OPERATORS[type(node.op)]()
        case ast.UnaryOp(op=op, operand=operand):
            yield "operand", ast.UnaryOp(op, operand)
        case ast.Return(value=ast.expr()):
            yield "value", ast.Constant(None)
        case _:
            yield from _changes_of_values(node)


def _changes_of_values(node: ast.AST) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.Constant(value=bool() as value):
            yield "value", not value
        case ast.Constant(value=int() | float() as value):
            yield "value", value + 1
        case ast.Attribute(attr=name) if name in NAMES:
            yield "attr", NAMES[name]
        case ast.Name(id=name) if name in BUILTINS:
            yield "id", NAMES[name]
        case ast.If(test=test) | ast.IfExp(test=test) if not isinstance(test, ast.Compare):
            yield "test", ast.UnaryOp(ast.Not(), test)
        case ast.comprehension(ifs=[test, *others]) if not isinstance(test, ast.Compare):
            yield "ifs", [ast.UnaryOp(ast.Not(), test), *others]


def sites(node: ast.AST, statement: ast.stmt) -> Iterator[tuple[ast.AST, ast.stmt]]:
    """Walk the nodes that compute something, each with its statement; wording of messages is passed over."""
    if isinstance(node, ast.JoinedStr | ast.Raise | ast.arguments) or _guards(node):
        return
    statement = node if isinstance(node, ast.stmt) else statement
    yield node, statement
    passed_over = (getattr(node, "annotation", None), getattr(node, "returns", None))
    for child in ast.iter_child_nodes(node):
        if not any(child is other for other in passed_over):
            yield from sites(child, statement)


def _guards(node: ast.AST) -> bool:
    """Say whether a node words a message or only guards against a caller's slip, as ``zip(strict=True)``."""
    message = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("message", "msg")
    return message or (isinstance(node, ast.keyword) and node.arg == "strict")


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """List functions and methods with their qualified names."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{f.name}", f) for f in node.body if isinstance(f, ast.FunctionDef))


def mutants(module: str) -> Iterator[Mutant]:
    """Make every mutant of a module, in the order of the text."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    for name, function in functions(tree):
        made = set()
        for node, statement in [place for line in function.body for place in sites(line, line)]:
            was, lines = _header(statement), _lines(statement)
            for field, new in list(changes(node)):
                old = getattr(node, field)
                setattr(node, field, new)
                text = _header(statement)
                code = _code(compile(ast.fix_missing_locations(tree), str(ROOT / module), "exec"), name)
                setattr(node, field, old)
                if (lines, text) not in made and text != was:
                    yield Mutant(module, name, lines, was, text, code)
                made.add((lines, text))


def _header(statement: ast.stmt) -> str:
    short = copy.copy(statement)
    for field in ("body", "orelse", "handlers", "finalbody"):
        if hasattr(short, field):
            setattr(short, field, [ast.Expr(ast.Constant(...))] if field == "body" else [])
    return " ".join(ast.unparse(short).removesuffix("...").split())


def _lines(statement: ast.stmt) -> tuple[int, int]:
    body = getattr(statement, "body", None)
    return statement.lineno, max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno


def _code(code: CodeType, name: str) -> CodeType:
    for part in name.split("."):
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == part)
    return code


def put_in(mutant: Mutant) -> None:
    """Give the imported function the mutant's code; every name bound to it follows."""
    owner: Any = importlib.import_module(mutant.module.removesuffix(".py").replace("/", "."))
    *classes, name = mutant.function.split(".")
    for part in classes:
        owner = getattr(owner, part)
    attribute = inspect.getattr_static(owner, name)
    attribute = (
        getattr(attribute, "fget", None)
        or getattr(attribute, "func", None)
        or getattr(attribute, "__func__", attribute)
    )
    inspect.unwrap(attribute).__code__ = mutant.code
