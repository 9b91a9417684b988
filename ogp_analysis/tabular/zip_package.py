"""The ZIP that a workbook or an export is: its directory is judged first, its sizes are never believed."""

from __future__ import annotations

import io
import posixpath
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NoReturn

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.tabular.limits import Limits
from ogp_analysis.tabular.table import refuse

# What zipfile raises on a broken file. Only its own calls are guarded: the same error from our code is a
# defect and has to be seen.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError),
    *(ValueError, TypeError, LookupError, ArithmeticError, AttributeError),
)
# Every entry of the directory begins so; counted before zipfile makes an object of each.
ENTRY = b"PK\x01\x02"
# Text packs 5 to 20 times; a thousand is a bomb.
PACKED = 1_000
SMALL = 1_000_000
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CHUNK = 1 << 16
LARGE = 5_000_000


def fault_of(entry: zipfile.ZipInfo) -> str:
    """Name what makes an entry of a ZIP hostile.

    Parameters
    ----------
    entry : ZipInfo
        As the directory of the ZIP has it.

    Returns
    -------
    str
        ``outside``, ``link``, ``encrypted``, ``packing``, ``bomb``, or empty.

    Examples
    --------
    >>> fault_of(zipfile.ZipInfo("../evil.csv")), fault_of(zipfile.ZipInfo("xl/workbook.xml"))
    ('outside', '')
    """
    name = entry.filename
    # Nothing is unpacked, but an entry that points outside shows that no honest program made the ZIP.
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name) or "\\" in name:
        return "outside"
    # The upper half of the attributes holds the mode of Unix.
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "link"
    if entry.flag_bits & 0x1:
        return "encrypted"
    if entry.compress_type not in PACKINGS:
        return "packing"
    if entry.file_size > SMALL and entry.file_size > PACKED * max(entry.compress_size, 1):
        return "bomb"
    return ""


class Package:
    r"""A workbook as a ZIP of parts, each read in pieces and no further than allowed.

    Parameters
    ----------
    content : bytes
        The whole file.
    file : str
        Its name, for messages.
    limits : Limits
        What is accepted; ``uncompressed_bytes`` holds for all parts that are read together.

    Raises
    ------
    DataError
        It is no ZIP, too large, or an entry is hostile or stands twice.

    Examples
    --------
    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as archive:
    ...     archive.writestr("[Content_Types].xml", "<Types/>")
    >>> b"".join(Package(packed.getvalue(), "n.xlsx", Limits()).pieces("/[content_types].xml"))
    b'<Types/>'
    """

    def __init__(self, content: bytes, file: str, limits: Limits) -> None:
        self.file, self.limits, self.unpacked = file, limits, 0
        entries = content.count(ENTRY)
        if entries > limits.parts:
            refuse("tabular.parts", file=file, count=entries, limit=limits.parts)
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
        except BROKEN as error:
            damaged(error, file)
        # Names of parts differ by more than case, says the format.
        self.entries = {entry.filename.casefold(): entry for entry in self.archive.infolist()}

    def judge(self) -> None:
        """Refuse a workbook with parts that are hostile, stand twice or are too large together."""
        entries = self.archive.infolist()
        counts = Counter(entry.filename.casefold() for entry in entries)
        faults = [
            (fault_of(entry) or ("twice" if counts[entry.filename.casefold()] > 1 else ""), entry.filename)
            for entry in entries
        ]
        problems = [
            Problem(f"tabular.part_{fault}", self.file, value=name)
            for fault, name in dict.fromkeys(faults)
            if fault
        ]
        if problems:
            raise DataError(problems)
        size = sum(entry.file_size for entry in entries)
        if size > self.limits.uncompressed_bytes:
            refuse("tabular.unpacked", file=self.file, count=size, limit=self.limits.uncompressed_bytes)

    def has(self, part: str) -> bool:
        """Say whether there is such a part."""
        return part.lstrip("/").casefold() in self.entries

    def is_large(self, part: str) -> bool:
        """Say whether a part is so large that counting first pays."""
        return self.entries[part.lstrip("/").casefold()].file_size > LARGE

    def pieces(self, part: str) -> Iterator[bytes]:
        """Give the bytes of a part in pieces; its checksum is compared at the end."""
        limit = self.limits.uncompressed_bytes
        try:
            stream = self.archive.open(self.entries[part.lstrip("/").casefold()])
        except BROKEN as error:
            damaged(error, self.file)
        with stream:
            while True:
                try:
                    piece = stream.read(CHUNK)
                except BROKEN as error:
                    damaged(error, self.file)
                if not piece:
                    return
                self.unpacked += len(piece)
                if self.unpacked > limit:
                    refuse("tabular.unpacked", file=self.file, count=f"> {limit}", limit=limit)
                yield piece


def damaged(error: Exception | str, file: str, **place: object) -> NoReturn:
    """Refuse a workbook that is broken, with what broke."""
    refuse(
        "tabular.damaged",
        file=file,
        reason=error if isinstance(error, str) else type(error).__name__,
        **place,
    )


def resolved(target: str, base: str, file: str) -> str:
    """Name the part that a relationship points to.

    >>> resolved("worksheets/sheet1.xml", "xl/workbook.xml", "n.xlsx"), resolved("/a.xml", "b.xml", "n.xlsx")
    ('xl/worksheets/sheet1.xml', 'a.xml')
    """
    path = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    parts = posixpath.normpath(path.lstrip("/")).split("/")
    if ".." in parts or "\\" in target or ":" in target:
        refuse("tabular.leads_out", file=file, value=target[:12])
    return "/".join(parts)
