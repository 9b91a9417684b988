"""The main module only starts a command where it is the program that was asked for."""

from __future__ import annotations

import runpy
import sys

import pytest

MODULE = "ogp_analysis.__main__"


def test_a_worker_that_imports_the_main_module_anew_starts_no_command(monkeypatch):
    """A spawned worker runs it once more under the name __mp_main__, with the arguments of the command."""
    monkeypatch.setattr(sys, "argv", ["ogp_analysis", "no-such-verb"])
    found = runpy.run_module(MODULE, run_name="__mp_main__")
    assert callable(found["main"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(MODULE, run_name="__main__")
    assert ended.value.code == 2
