"""The project's folder and the scripts in ``tools/``, which are no package."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def script(path: str) -> ModuleType:
    """Import a Python file by its path from the project's folder, under its own name."""
    name = Path(path).stem
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / path)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def tool(name: str) -> ModuleType:
    """Import ``tools/<name>.py``; the others may import ``pages``, so it comes first."""
    script("tools/pages.py")
    return script(f"tools/{name}.py")


def text(name: str) -> str:
    """Read a text file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def syntax_tree(path: Path) -> ast.Module:
    """Parse a Python file, once for all who look at its tree; nobody changes it."""
    return ast.parse(path.read_text(encoding="utf-8"))


def installed(tool: str, package: str) -> pytest.MarkDecorator:
    """Skip a test where a tool of the system is not there."""
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} ({package}) is not installed")
