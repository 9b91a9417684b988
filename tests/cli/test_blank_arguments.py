"""Texts of blanks in place of names and files, as a variable of a shell that was never set leaves them."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from ogp_analysis.cli import main
from ogp_analysis.language import texts
from ogp_analysis.runs import scenario


def actions_of(verb: str) -> list[argparse.Action]:
    parser = argparse.ArgumentParser(add_help=False)
    main.module_of(verb).add_arguments(parser)
    return parser._actions


def words_with(verb: str, tested: argparse.Action, text: str) -> list[str]:
    """Put a command together up to the argument that is tested; others have a choice, or any word."""
    words = [verb]
    for action in (each for each in actions_of(verb) if not each.option_strings):
        if action.dest == tested.dest:
            break
        words.append(str(next(iter(action.choices or ["x"]))))
    return [*words, *tested.option_strings[:1], text]


TAKEN = [
    pytest.param(verb, action, id=f"{verb} {action.dest}")
    for verb in main.VERBS
    for action in actions_of(verb)
    if action.nargs != 0 and action.choices is None and action.default != ""
]


@pytest.mark.parametrize("blank", ["", " \t"])
@pytest.mark.parametrize(("verb", "action"), TAKEN)
def test_a_text_of_blanks_is_refused_by_its_name(
    verb: str, action: argparse.Action, blank: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main.main([*words_with(verb, action, blank), "--lang", "es"]) == main.USAGE
    name = "/".join(action.option_strings) or action.metavar or action.dest
    assert texts.say("cli.usage.empty", "es", name=name) in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_nobody_may_see_is_not_called_absent(monkeypatch) -> None:
    def denied(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("ogp_analysis.model.given_file.os.lstat", denied)
    with pytest.raises(PermissionError):
        scenario.check_files([Path("closed/own.yaml")])
