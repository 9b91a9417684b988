"""``ogp pseudonymise``: replace names by keyed pseudonyms, once, before any run."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis import texts

if TYPE_CHECKING:
    import pandas as pd

    from ogp_analysis.tabular import Table

HELP = "replace names by keyed pseudonyms, once, before any run"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("source", nargs="?", type=Path, metavar="IN")
    parser.add_argument("target", nargs="?", type=Path, metavar="OUT")
    parser.add_argument("--key-file", type=Path, metavar="FILE")
    parser.add_argument("--new-key", type=Path, metavar="FILE")
    parser.add_argument("--columns", nargs="+", default=["evaluator"])
    parser.add_argument("--drop", nargs="+", default=[], metavar="COLUMN")
    parser.add_argument("--sheet")


def run(arguments: argparse.Namespace) -> int:
    """Make a key, or pseudonymise a file with one; both when both are asked for."""
    language = getattr(arguments, "lang", "en")
    key_file = arguments.new_key or arguments.key_file
    if key_file is None or (arguments.source is None) != (arguments.target is None):
        print(texts.say("people.usage_pseudonymise", language), file=sys.stderr)
        return 2
    # Typed in quotes, or by a program, the shell does not read it.
    key_file = key_file.expanduser()
    said = [new_key(key_file, language=language)] if arguments.new_key else []
    if arguments.source is not None:
        said += _pseudonymise_file(arguments, read_key(key_file, arguments.target), language)
    elif not arguments.new_key:
        print(texts.say("people.usage_pseudonymise", language), file=sys.stderr)
        return 2
    if os.name == "posix" and key_file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        said.append(texts.say("people.key_open", language))
    if getattr(arguments, "json", False):
        print(json.dumps({"ok": True, "said": said}, ensure_ascii=False))
    else:
        print("\n".join(said))
    return 0


def new_key(path: Path, *, language: str = "en") -> str:
    """Make a random key of 256 bits in a file that only its owner reads.

    Parameters
    ----------
    path : pathlib.Path
        A file that does not exist yet, outside any project or run.
    language : str
        Language of what is said.

    Returns
    -------
    str
        What to tell the user; the key itself is never shown.

    Raises
    ------
    ParameterError
        The file exists, or lies inside a project or a run.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "key.txt"
    >>> _ = new_key(file)
    >>> len(bytes.fromhex(file.read_text(encoding="ascii")))
    32
    """
    from ogp_analysis import privacy
    from ogp_analysis.errors import ParameterError, Problem

    privacy.check_key_place(path)
    key = secrets.token_bytes(privacy.KEY_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ParameterError([Problem("people.key_exists", file=str(path))]) from None
    with os.fdopen(handle, "w", encoding="ascii", newline="") as file:
        file.write(key.hex() + "\n")
    return texts.say("people.key_made", language, name=privacy.key_name(key))


def read_key(path: Path, target: Path | None = None) -> bytes:
    """Read a key that lies apart from the project, the run and the folder of the output.

    Parameters
    ----------
    path : pathlib.Path
        The key file.
    target : pathlib.Path, optional
        The output; the key may not lie in or below its folder.

    Returns
    -------
    bytes
        The key.

    Raises
    ------
    ParameterError
        The key is weak, misplaced or unreadable.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "key.txt"
    >>> _ = new_key(file)
    >>> len(read_key(file))
    32
    """
    from ogp_analysis import privacy
    from ogp_analysis.errors import ParameterError, Problem

    privacy.check_key_place(path, apart_from=[target.parent] if target else [])
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        why = (("why", type(error).__name__),)
        raise ParameterError([Problem("people.key_unreadable", file=str(path), detail=why)]) from None
    return privacy.parse_key(text)


def _pseudonymise_file(arguments: argparse.Namespace, key: bytes, language: str) -> list[str]:
    from ogp_analysis import export, privacy
    from ogp_analysis.errors import ParameterError, Problem

    if arguments.target.resolve() == arguments.source.resolve():
        raise ParameterError([Problem("people.same_file", file=str(arguments.target))])
    frame, said = _read(arguments, language)
    dropped = [column for column in frame.columns if column in arguments.drop]
    clean = privacy.pseudonymise(frame.drop(columns=dropped), arguments.columns, key=key)
    export.write(arguments.target, export.csv_text(clean))
    values = {
        "path": arguments.target,
        "rows": len(clean),
        "names": len(set(clean[arguments.columns].to_numpy().ravel()) - {""}),
        "columns": ", ".join(arguments.columns),
        "name": privacy.key_name(key),
    }
    said.append(texts.say("people.pseudonymised", language, **values))
    kept = [column for column in clean.columns if column not in arguments.columns]
    if dropped:
        said.append(texts.say("people.columns_dropped", language, columns=", ".join(dropped)))
    return [*said, texts.say("people.columns_kept", language, columns=", ".join(kept) or "-")]


def _read(arguments: argparse.Namespace, language: str) -> tuple[pd.DataFrame, list[str]]:
    """Read one table, or put the sheets of a workbook with one sheet per evaluator into one."""
    import pandas as pd

    from ogp_analysis import tabular
    from ogp_analysis.errors import DataError, Problem

    tables = tabular.read(arguments.source, sheet=arguments.sheet)
    rated = tables if len(tables) == 1 else [table for table in tables if _holds_ratings(table)]
    if not rated:
        names = (("sheets", ", ".join(table.name for table in tables)),)
        raise DataError([Problem("people.which_sheet", file=arguments.source.name, detail=names)])
    frame = pd.concat([_frame(table, alone=len(tables) == 1) for table in rated], ignore_index=True).fillna(
        ""
    )
    said = [rated[0].say(language)]
    if len(tables) > 1:
        # Sheets may be called by the names of people, so they are counted and not named.
        left = len(tables) - len(rated)
        said.append(texts.say("people.stacked", language, count=len(rated), left=left))
    return frame, said


def _holds_ratings(table: Table) -> bool:
    from ogp_analysis import params
    from ogp_analysis.ratings import shapes, words

    vocabulary = words.Vocabulary(params.from_values(params.baseline()).method)
    return bool(shapes.shape_of(table, vocabulary))


def _frame(table: Table, *, alone: bool) -> pd.DataFrame:
    import pandas as pd

    from ogp_analysis.model import EVALUATOR
    from ogp_analysis.ratings.sources import says_synthetic
    from ogp_analysis.ratings.words import column_of

    names = [EVALUATOR if column_of(name) == EVALUATOR else name for name in table.header]
    frame = pd.DataFrame(table.rows, columns=names, dtype="str")
    if not alone and EVALUATOR not in names:
        frame[EVALUATOR] = table.name
    # Comment lines are not copied, they may name people; that ratings were invented must survive.
    if says_synthetic(table) and "synthetic" not in names:
        frame["synthetic"] = "yes"
    return frame
