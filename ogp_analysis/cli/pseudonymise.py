"""``ogp pseudonymise``: replace names by keyed pseudonyms, once, before any run."""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.cli.params import PACKAGED
from ogp_analysis.language import texts
from ogp_analysis.language.escaping import in_line

if TYPE_CHECKING:
    import pandas as pd

    from ogp_analysis.tabular import Table

# Our choice: more lines than that are searched in the file, not read.
MOST_TOLD = 50
# A key is a line of text; far above any, far below what takes long to read.
KEY_FILE_BYTES = 100_000
HELP = "replace names by keyed pseudonyms, once, before any run"
# A number with a decimal comma, or with a point.
COMMA, POINT = re.compile(r"\s*[-+]?\d+,\d+\s*"), re.compile(r"\s*[-+]?\d+\.\d+\s*")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("source", nargs="?", type=Path, metavar="IN")
    parser.add_argument("target", nargs="?", type=Path, metavar="OUT")
    parser.add_argument("--key-file", type=Path, metavar="FILE")
    parser.add_argument("--new-key", type=Path, metavar="FILE")
    parser.add_argument("--columns", nargs="+", default=["evaluator"])
    parser.add_argument("--drop", nargs="+", default=[], metavar="COLUMN")
    parser.add_argument("--also", nargs="+", default=[], metavar="WORD")
    parser.add_argument("--sheet")
    parser.add_argument("--method", default=PACKAGED, metavar="METHOD")


def run(arguments: argparse.Namespace) -> int:
    """Make a key, or pseudonymise a file with one; both when both are asked for."""
    language = getattr(arguments, "lang", "en")
    key_file = arguments.new_key or arguments.key_file
    if key_file is None or (arguments.source is None) != (arguments.target is None):
        print(texts.say("people.usage_pseudonymise", language), file=sys.stderr)
        return 2
    # Typed in quotes, or by a program, the shell does not read it.
    key_file = key_file.expanduser()
    lines = [new_key(key_file, language=language)] if arguments.new_key else []
    if arguments.source is not None:
        lines += _pseudonymise_file(arguments, read_key(key_file, arguments.target), language)
    elif not arguments.new_key:
        print(texts.say("people.usage_pseudonymise", language), file=sys.stderr)
        return 2
    if os.name == "posix" and key_file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        lines.append(texts.say("people.key_open", language))
    if getattr(arguments, "json", False):
        print(json.dumps({"ok": True, "said": lines}, ensure_ascii=False))
    else:
        print("\n".join(lines))
    return 0


def new_key(path: Path, *, language: str = "en") -> str:
    """Make a random key of 256 bits in a file that only its owner reads.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "key.txt"
    >>> _ = new_key(file)
    >>> len(bytes.fromhex(file.read_text(encoding="ascii")))
    32
    """
    from ogp_analysis.errors import ParameterError, Problem
    from ogp_analysis.privacy import pseudonyms as privacy

    privacy.check_key_place(path)
    key = secrets.token_bytes(privacy.KEY_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ParameterError([Problem("people.key_exists", file=str(path))]) from None
    except FileNotFoundError as error:
        error.filename = str(path.parent)  # it is the folder that is not there
        raise
    with os.fdopen(handle, "w", encoding="ascii", newline="") as file:
        file.write(key.hex() + "\n")
    return texts.say("people.key_made", language, name=privacy.key_name(key))


def read_key(path: Path, target: Path | None = None) -> bytes:
    """Read a key that lies apart from the project, the run and the folder of the output.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "key.txt"
    >>> _ = new_key(file)
    >>> len(read_key(file))
    32
    """
    from ogp_analysis.errors import ParameterError, Problem
    from ogp_analysis.model import given_file
    from ogp_analysis.privacy import pseudonyms as privacy

    privacy.check_key_place(path, apart_from=[target.parent] if target else [])
    try:
        # What is no text is no key either: each sign that cannot be read counts as one that is no digit.
        text = given_file.read(path, KEY_FILE_BYTES).decode("ascii", "replace")
    except given_file.NotReadError as error:
        # What no key file can be is named; one that lacks is made with --new-key.
        unread = error.why in ("none", "denied", "other", given_file.BYTES)
        rule = "people.key_unreadable" if unread else f"given.{error.why}"
        raise ParameterError([Problem(rule, file=str(path), detail=(("why", error.reason),))]) from None
    return privacy.parse_key(text)


def _pseudonymise_file(arguments: argparse.Namespace, key: bytes, language: str) -> list[str]:
    from ogp_analysis.errors import ParameterError, Problem
    from ogp_analysis.output import canonical
    from ogp_analysis.privacy import pseudonyms as privacy

    if os.path.realpath(arguments.target) == os.path.realpath(arguments.source):
        raise ParameterError([Problem("people.same_file", file=str(arguments.target))])
    frame, places, lines = _read(arguments, language)
    arguments.columns = [_as_read(column, frame) for column in arguments.columns]
    frame, places, aside = _without_totals(frame, places, arguments)
    dropped = [column for column in frame.columns if column in arguments.drop]
    frame, further = _without_forms(frame.drop(columns=dropped), places, arguments, key)
    clean = privacy.pseudonymise(frame, arguments.columns, key=key)
    canonical.write(arguments.target, canonical.csv_text(clean))
    values = {
        "path": arguments.target,
        "rows": len(clean),
        "names": len(set(clean[arguments.columns].to_numpy().ravel()) - {""}),
        "columns": ", ".join(arguments.columns),
        "name": privacy.key_name(key),
    }
    lines.append(texts.say("people.pseudonymised", language, **values))
    kept = [column for column in clean.columns if column not in arguments.columns]
    lines += [texts.say("people.totals_left_out", language, rows=", ".join(aside))] if aside else []
    if dropped:
        lines.append(texts.say("people.columns_dropped", language, columns=", ".join(dropped)))
    lines.append(texts.say("people.columns_kept", language, columns=", ".join(kept) or "-"))
    if arguments.source.suffix.lower() in (".xlsx", ".xlsm"):
        lines.append(texts.say("people.not_copied", language))
    return lines + further


def _as_read(column: str, frame: pd.DataFrame) -> str:
    """Give the name under which a column was read: the file may call it otherwise."""
    from ogp_analysis.model.records import EVALUATOR
    from ogp_analysis.ratings.known_words import column_of

    return EVALUATOR if column not in frame.columns and column_of(column) == EVALUATOR else column


def _without_totals(
    frame: pd.DataFrame, places: list[str], arguments: argparse.Namespace
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Leave out rows of means: with a pseudonym for a name they would be those of one more person."""
    from ogp_analysis.ratings.known_words import is_total

    named = frame[[column for column in arguments.columns if column in frame.columns]]
    totals = [any(is_total(name) for name in row) for row in named.fillna("").to_numpy()]
    kept = [address for address, total in zip(places, totals, strict=True) if not total]
    aside = [address for address, total in zip(places, totals, strict=True) if total]
    rows = [not total for total in totals]
    return frame[rows].reset_index(drop=True), kept, aside


def _without_forms(
    frame: pd.DataFrame, places: list[str], arguments: argparse.Namespace, key: bytes
) -> tuple[pd.DataFrame, list[str]]:
    """Replace the other forms of the names in cells and headers; say what is left for the user to judge."""
    from ogp_analysis.privacy import name_forms
    from ogp_analysis.privacy import pseudonyms as privacy
    from ogp_analysis.ratings.published_names import common_words

    columns = [column for column in arguments.columns if column in frame.columns]
    listed = {privacy.normalise(name): str(name) for name in _values(frame, columns)}
    forms = name_forms.forms_of(list(listed.values()), common=common_words())
    pseudonyms = {name: privacy.pseudonym(name, key=key) for name in listed.values()}
    also = {name_forms.folded(word) for word in arguments.also}

    def clean(text: str) -> str:
        return name_forms.replaced(text, forms, pseudonyms, also=also)

    others = [c for c in frame.columns if c not in arguments.columns and c not in privacy.VOCABULARY]
    changed = frame.assign(**{column: frame[column].map(clean) for column in others})
    count = int((changed[others] != frame[others]).to_numpy().sum()) if others else 0
    renamed = _renamed(others, clean)
    left = [
        (address, renamed[column], word)
        for column in others
        for address, text in zip(["1", *places], [renamed[column], *changed[column]], strict=True)
        for word in name_forms.left_in(text, forms)
    ]
    apart = [
        address
        for column in columns
        for address, name in zip(places, frame[column], strict=True)
        if name_forms.others_meant(listed.get(privacy.normalise(name), ""), forms)
    ]
    count += sum(old != new for old, new in renamed.items())
    named = name_forms.replaced(arguments.target.name, forms, pseudonyms, also=also)
    in_name = named != arguments.target.name or name_forms.left_in(arguments.target.stem, forms)
    lines = _lines(arguments, count=count, left=left, apart=apart, in_name=bool(in_name))
    return changed.rename(columns=renamed), lines


def _values(frame: pd.DataFrame, columns: list[str]) -> list[str]:
    """List what stands in some columns, each once, in order, without empty cells."""
    return [name for column in columns for name in dict.fromkeys(frame[column].fillna("")) if name.strip()]


def _renamed(columns: list[str], clean: Callable[[str], str]) -> dict[str, str]:
    """Clean headers; two that become alike get numbers."""
    renamed: dict[str, str] = {}
    for column in columns:
        name = made = clean(column)
        number = 1
        while made != column and (made in renamed.values() or made in columns):
            number += 1
            made = f"{name} {number}"
        renamed[column] = made
    return renamed


def _lines(
    arguments: argparse.Namespace,
    *,
    count: int,
    left: list[tuple[str, str, str]],
    apart: list[str],
    in_name: bool,
) -> list[str]:
    language = getattr(arguments, "lang", "en")
    lines = [texts.say("people.forms_replaced", language, count=count)] if count else []
    if apart:
        rows = ", ".join([*apart[:MOST_TOLD], *(["..."] if len(apart) > MOST_TOLD else [])])
        lines.append(texts.say("people.spelt_apart", language, rows=rows))
    if in_name:
        lines.append(texts.say("people.target_named", language))
    if left:
        lines.append(texts.say("people.left", language, count=len(left)))
        lines += [
            "  " + texts.say("people.left_at", language, row=in_line(row), column=in_line(column), word=word)
            for row, column, word in left[:MOST_TOLD]
        ]
        if len(left) > MOST_TOLD:
            lines.append("  " + texts.say("check.more", language, count=len(left) - MOST_TOLD))
    return lines


def _read(arguments: argparse.Namespace, language: str) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Read one table, or stack the sheets of a workbook; with the address of each row."""
    import pandas as pd

    from ogp_analysis.errors import DataError, ParameterError, Problem
    from ogp_analysis.model import method_file
    from ogp_analysis.ratings import known_words, layout, sources

    method, faults = method_file.read_method(arguments.method, Path())
    if method is None:
        raise ParameterError(faults, language)
    vocabulary = known_words.Vocabulary(method)
    tables = sources.prepared(arguments.source, vocabulary, arguments.sheet)
    problems = [problem for table in tables for problem in table.problems]
    if problems:
        raise DataError(problems)
    rated = [table for table in tables if layout.shape_of(table, vocabulary)]
    panels = {id(table): layout.panel_of(table, vocabulary) for table in rated}
    rated = rated if len(tables) > 1 else tables
    if not rated:
        names = (("sheets", ", ".join(table.name for table in tables)),)
        raise DataError([Problem("people.which_sheet", file=arguments.source.name, detail=names)])
    commas = _typed_with_commas(rated)
    frames = [_frame(table, panels.get(id(table)), commas=commas) for table in rated]
    frame = pd.concat(frames, ignore_index=True).fillna("")
    lines = [rated[0].say(language)]
    if len(tables) > 1:
        # Sheets may be called by the names of people, so they are counted and not named.
        left = len(tables) - len(rated)
        lines.append(texts.say("people.stacked", language, count=len(rated), left=left))
    places = [
        f"{f'#{number} ' if len(tables) > 1 else ''}{row}"
        for number, table in enumerate(tables, start=1)
        if any(table is each for each in rated)
        for row in table.row_numbers
    ]
    return frame, places, lines


def _typed_with_commas(tables: Sequence[Table]) -> bool:
    """Say whether texts have decimal commas and no decimal point: numbers are written so then.

    A workbook tells its numbers from texts; a CSV file with both signs would be refused.
    """
    from ogp_analysis.tabular.table import NumberText

    typed = {
        cell for table in tables for row in table.rows for cell in row if not isinstance(cell, NumberText)
    }
    return any(map(COMMA.fullmatch, typed)) and not any(map(POINT.fullmatch, typed))


def _with_commas(cell: str) -> str:
    from ogp_analysis.tabular.table import NumberText

    return cell.replace(".", ",") if isinstance(cell, NumberText) else cell


def _frame(table: Table, panel: str | None, *, commas: bool) -> pd.DataFrame:
    """Give the cells of one table; of ratings, also what `ogp check` reads from the title of a sheet or file.

    ``panel`` is the panel that the title names, empty where it names none, None where there are no ratings.
    """
    import pandas as pd

    from ogp_analysis.errors import DataError, Problem
    from ogp_analysis.model.records import EVALUATOR, PANEL
    from ogp_analysis.ratings.columns import is_of_a_tool
    from ogp_analysis.ratings.evaluator_columns import PERSONAL_HEADERS, has_persons
    from ogp_analysis.ratings.known_words import column_of
    from ogp_analysis.ratings.layout import lacking_columns
    from ogp_analysis.ratings.sources import says_synthetic

    if panel is not None and has_persons(table.header):
        raise DataError([Problem(PERSONAL_HEADERS, table.file)])
    names = [EVALUATOR if column_of(name) == EVALUATOR else name for name in table.header]
    rows = [[_with_commas(cell) if commas else cell for cell in row] for row in table.rows]
    frame = pd.DataFrame(rows, columns=names, dtype="str")
    in_title = panel if panel and PANEL not in map(column_of, table.header) else ""
    if panel is not None and EVALUATOR not in names and table.name:
        # A title that a survey tool gave, or that names the panel, is nobody's.
        if in_title or is_of_a_tool(table):
            raise DataError(lacking_columns(table, [EVALUATOR]))
        frame[EVALUATOR] = table.name
    if in_title:
        frame[PANEL] = in_title
    # Comment lines are not copied, they may name people; that ratings were invented must survive.
    if says_synthetic(table) and "synthetic" not in names:
        frame["synthetic"] = "yes"
    return frame
