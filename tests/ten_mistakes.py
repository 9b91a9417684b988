"""A workbook of ``ogp template``, filled as a new user would, with ten mistakes; what ``ogp check`` answers.

``python -m tests.ten_mistakes`` writes the transcript that stands in ``docs/dev/check-transcript.md``.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from ogp_analysis.cli import main
from ogp_analysis.model import params
from ogp_analysis.ratings import template

TRANSCRIPT = Path(__file__).resolve().parents[1] / "docs" / "dev" / "check-transcript.md"
SHEETS = ("L1", "C1", "WG1", "WG2", "CG1", "CG2")
INTRODUCTION = """# What `ogp check` answers

A workbook made by `ogp template calificaciones.xlsx --proposals 4`, filled as a new user would, with ten
mistakes: a rating off the scale, a word for a rating, a date where 4/5 was typed, a half point, a proposal
code retyped, N/A for a missing rating, a name for a code, a panel that does not exist, a row copied twice,
and a decision with a category that does not exist and no reason. The name is not repeated in the answer.
This page is made by `python -m tests.ten_mistakes`, and a test keeps it true.

"""


def filled(path: Path, *, proposals: int = 4) -> Path:
    """Write the template and rate everything 3 or 4."""
    method = params.from_values(params.baseline()).method
    codes = [(f"R{k:02d}", f"Propuesta de prueba {k}") for k in range(1, proposals + 1)]
    template.write(path, method, proposals=codes, language="es")
    book = openpyxl.load_workbook(path)
    for seat, name in enumerate(SHEETS):
        sheet = book[name]
        for row in range(2, proposals + 2):
            for column in range(6, sheet.max_column + 1):
                sheet.cell(row, column).value = 3 + (row + column + seat) % 2
    book.save(path)
    return path


def spoil(path: Path) -> Path:
    """Make ten mistakes that new users make."""
    book = openpyxl.load_workbook(path)
    lead, counterpart, first, second = (book[name] for name in ("L1", "C1", "WG1", "WG2"))
    lead["F2"] = 7  # 1 off the scale
    lead["G3"] = "alta"  # 2 a word
    counterpart["F2"] = datetime.date(2026, 5, 4)  # 3 "4/5" became a date
    counterpart["G2"] = "3,5"  # 4 a half, with a decimal comma
    counterpart["A5"] = "R4"  # 5 a proposal code retyped
    first["F3"] = "N/A"  # 6 a word for missing
    first["C4"] = "Juan Pérez"  # 7 a name instead of the code
    second["D2"] = "Comité"  # 8 a panel that does not exist
    for column, cell in enumerate([cell.value for cell in second[5]], start=1):
        second.cell(6, column).value = cell  # 9 a row copied twice
    book["decisiones"].append(["R02", "selección", 5, ""])  # 10 a category that does not exist, and no reason
    book.save(path)
    return path


def answer(path: Path, language: str) -> tuple[int, str]:
    """Give exit code and text of ``ogp check`` in the folder of the workbook."""
    here, out = Path.cwd(), io.StringIO()
    os.chdir(path.parent)
    try:
        # What is offered for names depends on the key files of the reader's folder: an empty one here.
        with contextlib.redirect_stdout(out), tempfile.TemporaryDirectory() as home, at_home(home):
            code = main.main(["check", path.name, "--lang", language])
    finally:
        os.chdir(here)
    return code, out.getvalue()


@contextlib.contextmanager
def at_home(folder: str) -> Iterator[None]:
    """Make a folder the user's own for a while, on POSIX and on Windows."""
    names = ("HOME", "USERPROFILE")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, folder))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def transcript(folder: Path) -> str:
    """Word the page."""
    path = spoil(filled(folder / "calificaciones.xlsx"))
    blocks = []
    for language in ("es", "en"):
        code, text = answer(path, language)
        blocks.append(
            f"```console\n$ ogp check calificaciones.xlsx --lang {language}\n{text}$ echo $?\n{code}\n```"
        )
    return INTRODUCTION + "\n\n".join(blocks) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        TRANSCRIPT.parent.mkdir(exist_ok=True)
        TRANSCRIPT.write_text(transcript(Path(made)), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{TRANSCRIPT.name}\n")
