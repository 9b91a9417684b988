"""The notebooks' prose in another language: a text for each markdown cell whose English is known."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ogp_analysis.language.texts import LANGUAGES
from ogp_analysis.packaged import DATA
from ogp_analysis.runs.notebook_file import INSTALLED, source_of

OWN = "en"
# Of SHA-256: enough to notice that the English of a cell is another now.
DIGITS = 12
HEAD = re.compile(rf"^<!-- cell (\S+), English ([0-9a-f]{{{DIGITS}}}) -->$", re.MULTILINE)


class Translated(NamedTuple):
    """The text of one cell, and what it was made from."""

    notebook: str
    cell: str
    english: str
    text: str


def english_digest(source: str) -> str:
    """Hash the English text of a cell, so that a translation of another text is noticed.

    >>> english_digest("## The bottom line")
    '1366f9930502'
    """
    return hashlib.sha256(source.encode()).hexdigest()[:DIGITS]


@cache
def catalogue(language: str) -> tuple[Translated, ...]:
    """Read the texts of every cell in a language; none in that of the notebooks themselves.

    >>> catalogue("en")
    ()
    """
    folder = DATA / "notebooks" / language
    files = sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else []
    return tuple(
        entry
        for file in files
        for entry in entries(file.read_text(encoding="utf-8"), notebook=file.name.removesuffix(".md"))
    )


def entries(text: str, *, notebook: str) -> Iterator[Translated]:
    r"""Take a file of the catalogue apart: a line for the program stands before the words of each cell.

    >>> text = "<!-- cell md-04, English 1366f9930502 -->\n\n## La conclusión\n"
    >>> [one] = entries(text, notebook="01_ratings")
    >>> one.cell, one.text
    ('md-04', '## La conclusión')
    """
    # What stands before the first line of that kind is for whoever reads the file.
    _, *parts = HEAD.split(text)
    for cell, english, words in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        yield Translated(notebook, cell, english, words.strip())


def in_language(content: bytes, language: str) -> bytes:
    """Put the prose of a language into a notebook; other cells, and whatever else is in it, stay as they are.

    A cell is known by its id and by its text together: what somebody wrote is never replaced. The English is
    that of this installation's notebooks; without them prose of another language stays.

    >>> prose = {"cell_type": "markdown", "id": "md-04"}
    >>> cells = [prose | {"source": text} for text in ("## The bottom line", "## Mine")]
    >>> own = json.dumps({"cells": cells}).encode()
    >>> [cell["source"] for cell in json.loads(in_language(own, "es"))["cells"]]
    ['## La conclusión', '## Mine']
    >>> in_language(own, "en") is own
    True
    """
    known = known_texts(language)
    notebook, replaced = json.loads(content), False
    for cell in notebook["cells"]:
        key = str(cell.get("id")), english_digest(source_of(cell))
        if cell["cell_type"] == "markdown" and key in known:
            cell["source"], replaced = known[key], True
    return json.dumps(notebook, ensure_ascii=False).encode() if replaced else content


@cache
def known_texts(language: str) -> dict[tuple[str, str], str]:
    """Give the text of a language by the id of its cell and the hash of the same text in another one."""
    if language != OWN:
        return {(entry.cell, entry.english): entry.text for entry in catalogue(language)}
    english = _installed()
    others = [entry for code in LANGUAGES for entry in catalogue(code)]
    return {
        (entry.cell, english_digest(entry.text)): english[entry.cell, entry.english]
        for entry in others
        if (entry.cell, entry.english) in english
    }


def _installed() -> dict[tuple[str, str], str]:
    """Give the English prose of this installation's notebooks, by cell and hash; none where it has none."""
    cells = [
        cell for path in sorted(INSTALLED.glob("*.ipynb")) for cell in json.loads(path.read_bytes())["cells"]
    ]
    prose = [(str(cell.get("id")), source_of(cell)) for cell in cells if cell["cell_type"] == "markdown"]
    return {(name, english_digest(text)): text for name, text in prose}
