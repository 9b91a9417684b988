"""Commands of the documentation: fenced ``console`` blocks, and what the comment before each asks for.

``<!-- test: run -->`` the commands are run; ``<!-- test: known -->`` (and no comment) only their words are
checked; ``<!-- test: fill FILE -->`` rate everything in a workbook; ``<!-- test: copy A B -->``;
``<!-- test: edit FILE -->`` put the lines of the following ``yaml`` block into a parameters file;
``<!-- test: write FILE -->`` make a file of it.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import yaml

STEP = re.compile(
    r"^<!-- test: (?P<said>[^\n]+?) -->$|^```(?P<kind>console|yaml)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Step:
    """One thing to do: what is named above, its words, and the text of the block."""

    action: str
    words: tuple[str, ...] = ()
    body: str = ""


def steps(page: str) -> Iterator[Step]:
    """Read the steps of a page in their order."""
    waiting: list[str] = []
    for found in STEP.finditer(page):
        if found["said"]:
            action, *words = found["said"].split()
            if action in ("fill", "copy"):
                yield Step(action, tuple(words))
            else:
                waiting = [action, *words]
        elif found["kind"] == "console" or waiting:
            action, *words = waiting or ["known"]
            yield Step(action, tuple(words), found["body"])
            waiting = []


def commands(body: str) -> list[list[str]]:
    """Split a block into commands and their words; beside lines with a prompt, the others are answers."""
    lines = body.splitlines()
    prompted = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    split = (shlex.split(line, comments=True) for line in prompted or lines)
    return [words for words in split if words]


def fill(path: Path) -> dict[tuple[str, str, str], float]:
    """Rate everything in a workbook, so that some pairs match and some do not; say what was typed where."""
    book = openpyxl.load_workbook(path)
    typed = {}
    sheets = [sheet for sheet in book if sheet.cell(1, 3).value in ("evaluator", "evaluador")]
    for number, sheet in enumerate(sheets):
        header = [cell.value for cell in sheet[1]]
        # Ratings stand behind the role; the drop-down or range of each column says its scale.
        first = 2 + next(at for at, word in enumerate(header) if word in ("role", "rol"))
        tenfold = 20 if any(rule.type == "whole" for rule in sheet.data_validations.dataValidation) else 1
        for row in range(2, sheet.max_row + 1):
            for column in range(first, sheet.max_column + 1):
                place = row * column + number % 2 * (row + 1)
                answers = _answers(sheet, column)
                rating = answers[place % len(answers)] if answers else tenfold * (1 + place % 5)
                sheet.cell(row, column).value = rating
                typed[sheet.title, sheet.cell(row, 1).value, header[column - 1]] = rating
    book.save(path)
    return typed


def _answers(sheet, column: int) -> list[str]:
    """Answers in words of a column's drop-down; none where they are numbers."""
    for rule in sheet.data_validations.dataValidation:
        listed = str(rule.formula1).strip('"').split(",")
        if (
            rule.type == "list"
            and any(one.min_col == column for one in rule.sqref.ranges)
            and ":" in listed[0]
        ):
            return [] if listed[0].startswith("'") else listed
    return []


def edit(path: Path, body: str) -> None:
    """Replace the lines of a parameters file that name the same keys, as a person would by hand."""
    text = path.read_text(encoding="utf-8")
    for line in body.splitlines():
        key = line.partition(":")[0]
        text, count = re.subn(rf"^{key}: .*$", line, text, flags=re.MULTILINE)
        assert count == 1, f"{path.name} has {count} lines for {key}"
    path.write_text(text, encoding="utf-8", newline="\n")
    assert yaml.safe_load(text).items() >= yaml.safe_load(body).items()


def prepare(step: Step, folder: Path) -> None:
    """Do what stands between two commands."""
    places = [folder / word for word in step.words]
    if step.action == "fill":
        fill(*places)
    elif step.action == "write":
        places[0].write_text(step.body, encoding="utf-8", newline="\n")
    elif step.action == "copy":
        shutil.copyfile(*places)
    elif step.action == "edit":
        edit(*places, step.body)
