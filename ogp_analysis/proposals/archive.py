"""Exports that come as a ZIP: read in memory, never unpacked to disk, refused when any member is hostile."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from pathlib import PurePosixPath

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.tabular import Limits, refuse
from ogp_analysis.tabular.zip_package import ENTRY, fault_of

# Our choice of a bound, far above any platform's export.
MEMBERS = 10_000
PROPOSALS = re.compile(
    r"(^|[-_/])(proposals|propuestas|investments|budget_investments)\.(csv|xlsx)$", re.IGNORECASE
)
TABLE = re.compile(r"\.(csv|tsv|txt|xlsx)$", re.IGNORECASE)


def is_archive(content: bytes) -> bool:
    r"""Tell a ZIP of files from a workbook, which is a ZIP too.

    >>> is_archive(b"id,title\n1,Datos\n"), is_archive(b"PK\x03\x04 damaged")
    (False, True)
    """
    if not content.startswith(b"PK\x03\x04"):
        return False
    # Counted before zipfile makes an object of each; `read_member` says so.
    if content.count(ENTRY) > MEMBERS:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return True


def has_tables(content: bytes) -> bool:
    r"""Say whether a ZIP of files holds any table; of one that cannot be opened nobody knows.

    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as archive:
    ...     archive.writestr("word/document.xml", "<letter/>")
    >>> has_tables(packed.getvalue()), has_tables(b"PK\x03\x04 damaged")
    (False, False)
    """
    if content.count(ENTRY) > MEMBERS:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(TABLE.search(name) for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def read_member(content: bytes, *, file: str, limits: Limits) -> tuple[bytes, str]:
    """Read the table of proposals of a ZIP.

    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as archive:
    ...     archive.writestr("readme.txt", "Open data")
    ...     archive.writestr("ec-open-data-proposals.csv", "id;title")
    >>> read_member(packed.getvalue(), file="open-data.zip", limits=Limits())
    (b'id;title', 'ec-open-data-proposals.csv')
    """
    _count(content.count(ENTRY), file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check(members, file, limits)
            name = _choose([member.filename for member in members], file)
            with archive.open(name) as stream:
                # What the directory of a ZIP says of sizes may be a lie.
                data = stream.read(limits.uncompressed_bytes + 1)
    except DataError:
        raise
    except Exception as error:  # zipfile lets anything escape on a damaged file
        refuse("people.zip_damaged", file=file, reason=type(error).__name__)
    if len(data) > limits.uncompressed_bytes:
        refuse("people.zip_size", file=file, value=name, limit=limits.uncompressed_bytes)
    return data, name


def _check(members: list[zipfile.ZipInfo], file: str, limits: Limits) -> None:
    _count(len(members), file)
    counts = Counter(member.filename for member in members)
    faults = [
        (fault_of(one) or ("twice" if counts[one.filename] > 1 else ""), one.filename) for one in members
    ]
    problems = [
        Problem(f"people.zip_{fault}", file, value=name) for fault, name in dict.fromkeys(faults) if fault
    ]
    if problems:
        raise DataError(problems)
    if sum(member.file_size for member in members) > limits.uncompressed_bytes:
        refuse("people.zip_size", file=file, value=file, limit=limits.uncompressed_bytes)


def _count(members: int, file: str) -> None:
    if members > MEMBERS:
        refuse("people.zip_members", file=file, count=members, limit=MEMBERS)


def _choose(names: list[str], file: str) -> str:
    tables = [name for name in names if TABLE.search(name) and not PurePosixPath(name).name.startswith(".")]
    meant = [name for name in tables if PROPOSALS.search(name)] or tables
    if len(meant) != 1:
        shown = ", ".join(sorted(meant or names)[:20])
        refuse("people.zip_choice" if meant else "people.zip_no_table", file=file, members=shown)
    return meant[0]
