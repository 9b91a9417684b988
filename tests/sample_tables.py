"""Tables to read: helpers that parse a text or a workbook made on the spot, whole, faulty or broken."""

from __future__ import annotations

import io
import zipfile

import openpyxl

from ogp_analysis import tabular
from ogp_analysis.errors import DataError
from ogp_analysis.language import texts


def read(content: bytes | str, name: str = "notas.csv", **options):
    content = content.encode("utf-8") if isinstance(content, str) else content
    (table,) = tabular.parse(content, file=name, **options)
    return table


def refused(content: bytes | str, **options):
    try:
        problems = read(content, **options).problems
    except DataError as error:
        problems = error.problems
    assert problems
    for problem in problems:
        for language in texts.LANGUAGES:
            assert "notas" in problem.say(language)
    return problems


def workbook(fill) -> bytes:
    book = openpyxl.Workbook()
    fill(book.active)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content: bytes, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry.filename)))
    return out.getvalue()


def inside(book: bytes, part: str, change) -> bytes:
    """The same workbook with one part changed, or left out where ``change`` gives None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = change(old.read(name)) if name.endswith(f"/{part}") else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


SMALL_BOOK = workbook(lambda sheet: [sheet.append(["id", "n"]), sheet.append(["1", 4.5])])
