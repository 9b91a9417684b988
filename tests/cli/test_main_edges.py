"""The main module only starts a command where it is the program that was asked for."""

from __future__ import annotations

import runpy
import sys

import pytest

MODULE, APP = "ogp_analysis.__main__", "ogp_analysis.app.__main__"


def test_a_worker_that_imports_the_main_module_anew_starts_no_command(monkeypatch):
    """A spawned worker runs it once more under the name __mp_main__, with the arguments of the command."""
    monkeypatch.setattr(sys, "argv", ["ogp_analysis", "no-such-verb"])
    found = runpy.run_module(MODULE, run_name="__mp_main__")
    assert callable(found["main"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(MODULE, run_name="__main__")
    assert ended.value.code == 2


def _below(package):
    return [name for name in sys.modules if name.startswith(f"{package}.")]


@pytest.mark.parametrize("lacking", ["numpy", "tornado"])
def test_a_command_without_its_packages_ends_in_one_sentence_of_both_languages(lacking, monkeypatch, capsys):
    """What raises is Python's own import: a module that is None in sys.modules is not found."""
    before = dict(sys.modules)
    for name in [name for name in before if name.partition(".")[0] == "ogp_analysis"]:
        del sys.modules[name]
    sys.modules.update(dict.fromkeys([lacking, *_below(lacking)]))
    monkeypatch.setattr(sys, "argv", ["ogp_analysis", "check", "example"])
    try:
        with pytest.raises(SystemExit) as ended:
            runpy.run_module(MODULE if lacking == "numpy" else APP, run_name="__main__")
    finally:
        sys.modules.clear()
        sys.modules.update(before)
    lines = capsys.readouterr().err.splitlines()
    assert ended.value.code == 3
    assert len(lines) == 1
    assert lines[0].count(f"{lacking} ") == 2
