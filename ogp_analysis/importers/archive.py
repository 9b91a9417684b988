"""Exports that come as a ZIP: read in memory, never unpacked to disk, refused when any member is hostile."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from pathlib import PurePosixPath

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.tabular import Limits, refuse

# Bounds of ours, far above any platform's export.
MEMBERS = 10_000
# Text packs 5 to 20 times; a thousand is a bomb.
PACKED = 1_000
SMALL = 1_000_000
PROPOSALS = re.compile(
    r"(^|[-_/])(proposals|propuestas|investments|budget_investments)\.(csv|xlsx)$", re.IGNORECASE
)
TABLE = re.compile(r"\.(csv|tsv|txt|xlsx)$", re.IGNORECASE)


def is_archive(content: bytes) -> bool:
    r"""Tell a ZIP of files from a workbook, which is a ZIP too.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    bool
        True for a ZIP, damaged or not, that is no workbook.

    Examples
    --------
    >>> is_archive(b"id,title\n1,Datos\n"), is_archive(b"PK\x03\x04 damaged")
    (False, True)
    """
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return True


def read_member(content: bytes, *, file: str, limits: Limits) -> tuple[bytes, str]:
    """Read the table of proposals of a ZIP.

    Parameters
    ----------
    content : bytes
        The whole ZIP.
    file : str
        Its name, for messages.
    limits : Limits
        What is accepted; ``uncompressed_bytes`` holds for all members together.

    Returns
    -------
    content : bytes
        The member.
    name : str
        Its name.

    Raises
    ------
    DataError
        The ZIP is damaged or too large, has a member that is encrypted, a symbolic link or points outside
        (all are listed), or has no table or several that could be meant.

    Examples
    --------
    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as archive:
    ...     archive.writestr("readme.txt", "Open data")
    ...     archive.writestr("ec-open-data-proposals.csv", "id;title")
    >>> read_member(packed.getvalue(), file="open-data.zip", limits=Limits())
    (b'id;title', 'ec-open-data-proposals.csv')
    """
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
    if len(members) > MEMBERS:
        refuse("people.zip_members", file=file, count=len(members), limit=MEMBERS)
    problems = [Problem(rule, file, value=one.filename) for one in members if (rule := _fault(one))]
    if problems:
        raise DataError(problems)
    if sum(member.file_size for member in members) > limits.uncompressed_bytes:
        refuse("people.zip_size", file=file, value=file, limit=limits.uncompressed_bytes)


def _fault(member: zipfile.ZipInfo) -> str:
    name = member.filename
    # Nothing is unpacked, but a member that points outside shows that the ZIP was not made by the platform.
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name) or "\\" in name:
        return "people.zip_outside"
    # The upper half of the attributes holds the mode of Unix.
    if stat.S_ISLNK(member.external_attr >> 16):
        return "people.zip_link"
    if member.flag_bits & 0x1:
        return "people.zip_encrypted"
    if member.file_size > SMALL and member.file_size > PACKED * max(member.compress_size, 1):
        return "people.zip_bomb"
    return ""


def _choose(names: list[str], file: str) -> str:
    tables = [name for name in names if TABLE.search(name) and not PurePosixPath(name).name.startswith(".")]
    meant = [name for name in tables if PROPOSALS.search(name)] or tables
    if len(meant) != 1:
        shown = ", ".join(sorted(meant or names)[:20])
        refuse("people.zip_choice" if meant else "people.zip_no_table", file=file, members=shown)
    return meant[0]
