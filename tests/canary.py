"""Canaries: names and addresses planted in inputs, and a search of every byte that was produced."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import json
import re
import shutil
import subprocess
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

NAMES = (
    "Zoraida Quishpe Canariño",
    "Wellington Yánez-Canarí",
    "zoraida.canario@correo-inventado.ec",
    "@wyanez_canario",
    "0999000111",
    "1799999996",
)
# Of persons, too, but where texts are published as typed, by the user's choice: docs/privacy.md says so.
PUBLISHED = ("Anselmo Canarión", "Eufraxiu Canarival")
DEEPEST = 4
BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")


def spellings(name: str) -> set[bytes]:
    """The forms in which a name can hide: accents, case, encodings, escapes of JSON, HTML and URLs."""
    from html import escape
    from urllib.parse import quote

    forms = {name, name.lower(), name.upper(), name.casefold()}
    forms |= {unicodedata.normalize("NFD", form) for form in forms}
    found = {form.encode("utf-8") for form in forms}
    for form in forms:
        found.add(form.encode("utf-16-le"))
        found.add(form.encode("utf-16-be"))
        found.add(json.dumps(form)[1:-1].encode())
        found.add(form.encode("ascii", "xmlcharrefreplace"))
        found.add(escape(form).encode("utf-8"))
        found.add(quote(form).encode())
        found.add(form.encode("cp1252", "replace"))
    return {form for form in found if len(form) >= 4}


def contents(name: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield a file and everything packed in it: ZIP (XLSX, DOCX, crates), gzip, PDF, base64."""
    yield name, data
    if depth >= DEEPEST:
        return
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield f"{name}!{member.filename}", member.filename.encode() + member.comment + member.extra
                yield from contents(f"{name}!{member.filename}", archive.read(member), depth + 1)
    elif data.startswith(b"\x1f\x8b"):
        yield from contents(f"{name}!gzip", gzip.decompress(data), depth + 1)
    elif data.startswith(b"%PDF"):
        yield from _pdf(name, data)
    else:
        # Images in notebooks and pages; a text that only looks like it gives bytes that hold nothing.
        for number, part in enumerate(BASE64.findall(data)):
            try:
                yield f"{name}!base64 {number}", base64.b64decode(part, validate=True)
            except binascii.Error:
                continue


def _pdf(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    for number, part in enumerate(data.split(b"stream\n")[1:]):
        try:
            yield f"{name}!stream {number}", zlib.decompressobj().decompress(part)
        except zlib.error:
            continue
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=False)
        yield f"{name}!text", done.stdout


def found_in(data: bytes, names: Iterable[str], *, file: str = "data") -> list[str]:
    """List where names stand in some bytes, packed or not."""
    wanted = [(name, spellings(name)) for name in names]
    return [
        f"{place}: {name}"
        for place, inner in contents(file, data)
        for name, forms in wanted
        if any(form in inner for form in forms)
    ]


def search(folder: Path, names: Iterable[str]) -> list[str]:
    """Search every file below a folder, and the names of files and folders themselves.

    Parameters
    ----------
    folder : Path
        What was produced: a run, a table, a report.
    names : iterable of str
        What was planted in the inputs.

    Returns
    -------
    list of str
        ``place: name`` for each find; empty when nothing leaked. A folder without files fails: a search of
        nothing proves nothing.
    """
    names = list(names)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert files, f"nothing was produced in {folder}"
    found = []
    for path in files:
        relative = str(path.relative_to(folder))
        found += found_in(relative.encode("utf-8"), names, file=f"name of {relative}")
        found += found_in(path.read_bytes(), names, file=relative)
    return found
