"""YAML without its traps: no repeated keys, no ``no`` that means False, no 010 that means 8, no objects."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

from ogp_analysis.errors import Problem
from ogp_analysis.model import given_file

# Our choice: packaged params files have some two thousand bytes and a hundred names and values, three deep.
LARGEST_FILE = 1_000_000
TOO_MANY, TOO_DEEP = "yaml.too_many", "yaml.too_deep"
MOST_NODES = 10_000
DEEPEST = 20
# What is no text: control characters that an escape can make, halves of surrogate pairs, no characters.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
REFUSALS = {
    "none": "yaml.no_file",
    "denied": "yaml.no_permission",
    "bytes": "yaml.too_large",
    "other": "yaml.unreadable",
}
# What the YAML reader says, which it says in English only, and the text that stands for it.
NO_COLON = "could not find expected ':'"
SLIPS = (
    (r"mapping values are not allowed", "colon"),
    (re.escape(NO_COLON), "no_colon"),
    (r"found character '\\t' that cannot start", "tab"),
    (r"found character ('.*') that cannot start", "character"),
    (r"expected ',' or '\]'", "list"),
    (r"expected ',' or '\}'", "mapping"),
    (r"found unexpected end of stream", "quotes"),
    (r"expected <block end>|expected the node content|expected '<document start>'", "indentation"),
    (r"^aliases ", "alias"),
    (r"constructor for the tag '(.*)'", "tag"),
    (r"special characters are not allowed", "control"),
)


class _ExcessError(Exception):
    """More than a file of parameters can need; found while it is read, so that reading stops."""

    def __init__(self, rule: str, row: int, limit: int) -> None:
        super().__init__(rule)
        self.rule, self.row, self.limit = rule, row, limit


class _Loader(yaml.SafeLoader):
    """A safe loader that knows only true, false, null, decimal integers and decimal floats."""

    # The library's own table stands on the class too; its types call it an instance's.
    yaml_implicit_resolvers: ClassVar[dict] = {}  # type: ignore[misc]

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.repeated: list[tuple[str, int]] = []
        self.nodes = self.depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        mark = self.peek_event().start_mark
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise _ExcessError(TOO_MANY, mark.line + 1, MOST_NODES)
        if self.depth >= DEEPEST:
            raise _ExcessError(TOO_DEEP, mark.line + 1, DEEPEST)
        # Aliases let a small file grow without end ("billion laughs"); parameters need none.
        if self.check_event(yaml.events.AliasEvent):
            event = self.peek_event()
            raise yaml.constructor.ConstructorError(
                None, None, "aliases (*name) are not allowed", event.start_mark
            )
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        if isinstance(node, yaml.ScalarNode) and NO_TEXT.search(node.value):
            raise yaml.constructor.ConstructorError(
                None, None, "special characters are not allowed", node.start_mark
            )
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict:
        seen = set()
        for key_node, _ in node.value:
            if key_node.value in seen and isinstance(key_node.value, str):
                self.repeated.append((key_node.value, key_node.start_mark.line + 1))
            seen.add(key_node.value if isinstance(key_node.value, str) else id(key_node))
        return super().construct_mapping(node, deep=True)


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"true|false", "tf"),
    ("tag:yaml.org,2002:null", r"null|~|", ["n", "~", ""]),
    ("tag:yaml.org,2002:int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
):
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), list(_first))
_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: _float(node.value))
_Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: _int(node.value))


def _float(text: str) -> float | str:
    # A leading zero (007.5, 01e3) is more often an identifier than a number: kept as text, refused later.
    if re.match(r"^[-+]?0[0-9]", text):
        return text
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


def _int(text: str) -> int | str:
    # Python refuses to read whole numbers of thousands of digits; no parameter has 30.
    return int(text) if len(text) <= 30 else text


def read_mapping(path: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    r"""Read a YAML file that holds one mapping.

    Parameters
    ----------
    path : Path
        File to read, UTF-8, at most ``LARGEST_FILE`` bytes.

    Returns
    -------
    tuple
        The mapping, None where the file cannot be read as one, and the problems found.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "own.yaml"
    >>> _ = file.write_text("language: no\nseed: 010\n", encoding="utf-8")
    >>> read_mapping(file)
    ({'language': 'no', 'seed': '010'}, [])
    """
    name = path.name
    try:
        content = given_file.read(path, LARGEST_FILE)
    except given_file.NotReadError as error:
        rule = REFUSALS.get(error.why, f"given.{error.why}")
        return None, [Problem(rule, file=name, value=error.reason)]
    try:
        # Notepad begins UTF-8 with a byte order mark.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [Problem("yaml.not_utf8", file=name, value=str(error.start))]
    return read_text(text, name)


def read_text(text: str, name: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    r"""Read YAML text that holds one mapping; see :func:`read_mapping`.

    >>> read_text("seed: 1\nseed: 2\n", "own.yaml")[1][0].say()
    'own.yaml, row 2, parameter seed: the key is repeated; each key may stand once'
    """
    try:
        loader = _Loader(text)
        values = loader.get_single_data()
    except _ExcessError as error:
        limit = (("limit", str(error.limit)),)
        return None, [Problem(error.rule, file=name, row=error.row, detail=limit)]
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        return None, [_syntax_problem(error, name)]
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        return None, [_form_problem(values, name)]
    return values, [
        Problem("yaml.repeated", file=name, row=line, parameter=key) for key, line in loader.repeated
    ]


def _form_problem(values: Any, name: str) -> Problem:
    if values is None:
        return Problem("yaml.empty", file=name)
    if isinstance(values, list):
        return Problem("yaml.a_list", file=name)
    shown = next(key for key in values if not isinstance(key, str)) if isinstance(values, dict) else values
    return Problem("yaml.not_a_mapping", file=name, value=repr(shown)[:80])


def _syntax_problem(error: Exception, name: str) -> Problem:
    """Name what is wrong by key where it is a usual slip, else in the words of the YAML reader."""
    mark = getattr(error, "problem_mark", None)
    what = str(getattr(error, "problem", None) or error).splitlines()[0]
    if what == NO_COLON:
        # Noticed only on a later line; the key without a colon began on this one.
        mark = getattr(error, "context_mark", None)
    row = mark.line + 1 if mark else 0
    for words, kind in SLIPS:
        match = re.search(words, what)
        if match:
            shown = match[1] if match.groups() else ""
            return Problem(f"yaml.syntax.{kind}", file=name, row=row, value=shown)
    return Problem("yaml.syntax", file=name, row=row, value=what)
