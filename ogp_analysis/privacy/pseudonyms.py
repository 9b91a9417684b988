"""Nobody exposed: keyed pseudonyms for evaluators and citizens.

A pseudonym is HMAC-SHA256 (Krawczyk, Bellare and Canetti 1997, RFC 2104) of the normalised name under a
secret key that is kept apart from the data. An unkeyed hash of a short list of names is undone by hashing the
list (ENISA 2019, "Pseudonymisation techniques and best practices"); a keyed one is not, as long as the key
stays outside the project. Nothing here reads a file: ``cli.pseudonymise`` does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ogp_analysis.errors import DataError, ParameterError, Problem
from ogp_analysis.model.records import INDICATOR, PANEL, PROPOSAL, RATING, ROLE

KEY_BYTES = 32
SMALLEST_KEY_BYTES = 16
# A random key of 16 bytes has fewer than 8 distinct ones with a chance below 1e-13.
DISTINCT_KEY_BYTES = 8
# 80 bits: short enough for a column, and no two of a million names share one by chance.
PSEUDONYM_BYTES = 10
PSEUDONYM = re.compile(r"p-[a-z2-7]{16}")
SHORTEST_NAME_SEARCHED = 4
WORD = re.compile(r"\w+")
# Columns of known words and codes: a seat may be called as its panel, and that names nobody.
VOCABULARY = (PROPOSAL, INDICATOR, PANEL, ROLE, RATING)
RECORD = "ro-crate-metadata.json"
PROJECT_MARKS = (".git", ".hg", ".svn", "pyproject.toml", RECORD)
# Where runs are published if nobody names another folder.
PUBLISHED = "outputs"


def normalise(name: str) -> str:
    r"""Reduce the spellings of one name to one: NFC, stripped, single spaces, casefolded.

    Parameters
    ----------
    name : str
        A name or an e-mail address as typed.

    Returns
    -------
    str
        The name that is hashed; empty where nothing but space was typed.

    Examples
    --------
    >>> normalise("  JOSE\u0301  Pérez ")
    'josé pérez'
    """
    # An accent is one character or two, depending on where it was typed.
    composed = " ".join(unicodedata.normalize("NFC", str(name)).split())
    # Casefolding can undo the composition (U+0345), hence the second NFC.
    return unicodedata.normalize("NFC", composed.casefold())


def pseudonym(name: str, *, key: bytes) -> str:
    """Give the pseudonym of one name: ``p-`` and the first 80 bits of HMAC-SHA256 in base 32.

    Parameters
    ----------
    name : str
        A name as typed; an empty one stays empty.
    key : bytes
        The secret key, at least 16 bytes.

    Returns
    -------
    str
        16 characters after ``p-``, so that no spreadsheet takes it for a number; with a million names two
        share a pseudonym with a chance below 1e-12.

    Raises
    ------
    ParameterError
        The key is shorter than 128 bits or plainly not random.

    Examples
    --------
    >>> pseudonym("Ana Ejemplo", key=bytes(range(32))) == pseudonym("ANA EJEMPLO ", key=bytes(range(32)))
    True
    """
    check_key(key)
    return _pseudonym(name, key)


def _pseudonym(name: str, key: bytes) -> str:
    normal = normalise(name)
    if not normal:
        return ""
    digest = hmac.new(key, normal.encode("utf-8"), hashlib.sha256).digest()
    return "p-" + base64.b32encode(digest[:PSEUDONYM_BYTES]).decode("ascii").lower()


def pseudonymise(frame: pd.DataFrame, columns: Sequence[str], *, key: bytes) -> pd.DataFrame:
    """Replace the names in some columns by pseudonyms and sort the rows.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table of text.
    columns : sequence of str
        Columns that hold names; the same name gets the same pseudonym in each.
    key : bytes
        The secret key, at least 16 bytes.

    Returns
    -------
    pandas.DataFrame
        A copy with rows sorted by all columns, because the order of the input is often the order of
        submission and gives people away.

    Raises
    ------
    ParameterError
        The key is weak.
    DataError
        A column is missing, or a value already is a pseudonym, or a name of these columns stands in another
        column too; every such cell is listed.

    Examples
    --------
    >>> table = pd.DataFrame({"evaluator": ["Ana", "ana "], "rating": ["3", "4"]})
    >>> pseudonymise(table, ["evaluator"], key=bytes(range(32)))["evaluator"].nunique()
    1
    """
    check_key(key)
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        known = ", ".join(map(str, frame.columns))
        raise DataError([Problem("people.no_column", column=c, detail=(("known", known),)) for c in missing])
    problems = _already(frame, columns) + still_named(frame, columns)
    if problems:
        raise DataError(problems)
    result = frame.copy()
    for column in columns:
        known_names = {name: _pseudonym(name, key) for name in frame[column].fillna("").unique()}
        result[column] = frame[column].fillna("").map(known_names)
    return sort_rows(result)


def sort_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort rows by all columns as text, so that the order of the input leaks nothing.

    >>> sort_rows(pd.DataFrame({"evaluator": ["p-z", "p-a"], "rating": [3, 5]})).values.tolist()
    [['p-a', 5], ['p-z', 3]]
    """
    # As text, because a column of mixed types cannot be sorted.
    order = frame.astype(str).sort_values(list(frame.columns), kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _already(frame: pd.DataFrame, columns: Sequence[str]) -> list[Problem]:
    return [
        # A second round would give each person a second pseudonym, and the two files would not join.
        Problem("people.already_pseudonym", row=place + 2, column=column, value=str(value))
        for column in columns
        for place, value in enumerate(frame[column].fillna(""))
        if PSEUDONYM.fullmatch(str(value).strip())
    ]


def still_named(frame: pd.DataFrame, columns: Sequence[str]) -> list[Problem]:
    """Find names of some columns that also stand, whole, in the text of another column.

    >>> table = pd.DataFrame({"evaluator": ["Ana Ruiz"], "comment": ["as ana ruiz said"]})
    >>> [(problem.row, problem.column) for problem in still_named(table, ["evaluator"])]
    [(2, 'comment')]
    """
    names = {_words(name) for column in columns for name in frame[column].dropna().unique() if _tells(name)}
    longest = max(map(len, names), default=0)
    others = [column for column in frame.columns if column not in columns and column not in VOCABULARY]
    # The name itself is not repeated in the message: messages are outputs too.
    return [
        Problem("people.name_elsewhere", row=place + 2, column=str(column))
        for column in others
        for place, value in enumerate(frame[column].fillna(""))
        if longest and value and _holds(_words(value), names, longest)
    ]


def _tells(name: str) -> bool:
    normal = normalise(name)
    return len(normal) >= SHORTEST_NAME_SEARCHED and any(map(str.isalpha, normal))


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(normalise(text)))


def _holds(words: tuple[str, ...], names: set[tuple[str, ...]], longest: int) -> bool:
    return any(
        words[start : start + length] in names
        for start in range(len(words))
        for length in range(1, min(longest, len(words) - start) + 1)
    )


def check_key(key: bytes) -> None:
    """Refuse a key shorter than 128 bits or with too few distinct bytes to be random.

    >>> check_key(bytes(8))
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.ParameterError: Problems found: 1
      - the key has 64 bits; it must have 128 or more. Make one with --new-key
    """
    if len(key) < SMALLEST_KEY_BYTES:
        raise ParameterError([Problem("people.key_short", detail=(("bits", str(8 * len(key))),))])
    # A key typed by hand, such as 32 zeros, is long enough and no secret.
    if len(set(key)) < DISTINCT_KEY_BYTES:
        raise ParameterError([Problem("people.key_plain")])


def parse_key(text: str) -> bytes:
    """Read a key from the text of a key file: hexadecimal digits, 32 of them or more.

    Parameters
    ----------
    text : str
        Content of the file.

    Returns
    -------
    bytes
        The key.

    Raises
    ------
    ParameterError
        The text is not hexadecimal, or the key is weak.

    Examples
    --------
    >>> len(parse_key("000102030405060708090a0b0c0d0e0f"))
    16
    """
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        raise ParameterError([Problem("people.key_not_hex")]) from None
    check_key(key)
    return key


def check_key_place(path: Path, *, apart_from: Sequence[Path] = ()) -> None:
    """Refuse a key file that would travel with the project, a run or the data.

    Parameters
    ----------
    path : pathlib.Path
        Where the key is; symbolic links are followed.
    apart_from : sequence of pathlib.Path
        Folders that must not hold it, such as the folder of the output.

    Raises
    ------
    ParameterError
        The file lies in or below one of these folders, a version-controlled project, a run, or a folder of
        runs.

    Examples
    --------
    >>> check_key_place(Path("/private/key.txt"), apart_from=[Path("/data")])
    >>> check_key_place(Path("/data/run/key.txt"), apart_from=[Path("/data")])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.ParameterError: ...
    """
    # Resolved first: a link from a private folder into the project would pass by its name alone.
    # As `resolve`, but a link that leads to itself is left for the reader to name.
    place = Path(os.path.realpath(path))
    folders = [Path(os.path.realpath(folder)) for folder in apart_from]
    folders += [folder for folder in place.parents if any((folder / mark).exists() for mark in PROJECT_MARKS)]
    folders += [folder for folder in place.parents if folder.name == PUBLISHED]
    folders += [place.parent] if any(place.parent.glob(f"*/{RECORD}")) else []
    inside = [folder for folder in folders if place.is_relative_to(folder)]
    if inside:
        raise ParameterError(
            [Problem("people.key_inside", file=str(path), detail=(("folder", str(inside[0])),))]
        )


def key_name(key: bytes) -> str:
    """Name a key by eight hexadecimal digits that give nothing of it away, to tell two keys apart.

    Parameters
    ----------
    key : bytes
        The secret key.

    Returns
    -------
    str
        First 32 bits of an HMAC of a fixed text under the key.

    Examples
    --------
    >>> key_name(bytes(range(32)))
    'd908776c'
    """
    return hmac.new(key, b"ogp-analysis key name", hashlib.sha256).hexdigest()[:8]
