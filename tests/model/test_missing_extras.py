"""A package that is not installed ends a program in one sentence; a module of ours that lacks is a defect."""

from __future__ import annotations

import pytest

from ogp_analysis.model.missing_extras import FAILED, end_without


@pytest.mark.parametrize("module", ["matplotlib", "matplotlib.figure"])
def test_a_package_that_is_not_installed_is_named(module, capsys):
    with pytest.raises(SystemExit) as ended:
        end_without(ModuleNotFoundError(f"No module named {module!r}", name=module))
    assert ended.value.code == FAILED
    assert "matplotlib" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["ogp_analysis.figures", None])
def test_a_module_of_our_own_is_a_defect_and_not_hidden(name, capsys):
    error = ImportError("cannot import name", name=name)
    with pytest.raises(ImportError) as raised:
        end_without(error)
    assert raised.value is error
    assert not capsys.readouterr().err
