"""Write what a notebook found: canonical CSV, figures and results, atomically and the same bytes every time.

Canonical CSV is UTF-8 without a mark, comma, LF, RFC 4180 quoting, ten significant digits, empty for missing,
``true`` and ``false``. Text that a spreadsheet would run as a formula is written with a leading apostrophe
(OWASP, "CSV Injection"); `read_table` takes it off again, so nothing is lost.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import math
import numbers
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

import pandas as pd

from ogp_analysis.errors import RunError
from ogp_analysis.language import labels, texts
from ogp_analysis.language.labels import is_missing, is_truth
from ogp_analysis.model.given_file import put_whole

if TYPE_CHECKING:
    from ogp_analysis.figures import style
    from ogp_analysis.model.results import Results

    Drawn = style.Drawing | style.Figure | str | Callable[..., style.Figure]
SIGNIFICANT_DIGITS = 10
# Names the file in which `save` notes what it wrote; set by who runs a notebook, and by nobody else.
NOTES = "OGP_EXPORT_NOTES"
# What spreadsheets take for the start of a formula, in ASCII and in full-width forms.
RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
PLAIN_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?\s?%?")
# A leading zero is part of a code (007), not of a number.
NUMBER = re.compile(r"-?(?!0[0-9])([0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?|inf)")
TRUTHS = {"true": True, "false": False}
NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")
# Rows whose cells are text at one time: a million rows of them take gigabytes; our choice.
ROWS = 10_000


def save(
    output_dir: str | Path,
    notebook: str,
    *,
    tables: Mapping[str, pd.DataFrame] | None = None,
    figures: Mapping[str, Drawn] | None = None,
    results: Mapping[str, object] | None = None,
    languages: Sequence[str] = texts.LANGUAGES,
) -> list[str]:
    """Write the tables, figures and results of one notebook.

    Parameters
    ----------
    output_dir : str or Path
        Folder to write into; empty writes nothing.
    notebook : str
        Name of the notebook, such as ``"03_categories"``; names the results file.
    tables : mapping of str to DataFrame, optional
        Each becomes ``tables/<id>.csv``; an index that has a name becomes the first column.
    figures : mapping of str to Drawing, Figure, SVG text or function, optional
        Each becomes ``figures/<id>.svg``. A drawing, or a function of ``language=``, is drawn in every
        language and becomes ``figures/<id>.en.svg`` and ``figures/<id>.es.svg``, with a form for narrow
        screens also ``figures/<id>.en.narrow.svg`` and so on; an empty drawing, nothing.
    results : mapping, optional
        Numbers and words that texts quote; become ``results/<notebook>.json`` (NaN as null).
    languages : sequence of str, optional
        Those in which figures are drawn, such as the ones that know the titles of a method.

    Returns
    -------
    list of str
        What was written, relative to the folder, in the order of writing.

    Raises
    ------
    RunError
        An id is no plain file name, or the disk refuses; earlier files stay whole.

    Examples
    --------
    >>> save("", "03_categories", tables={"counts": pd.DataFrame({"n": [1]})})
    []
    """
    if not str(output_dir):
        return []
    contents = {f"tables/{key}.csv": csv_text(frame) for key, frame in (tables or {}).items()}
    for key, drawn in (figures or {}).items():
        contents |= _svg_files(key, drawn, languages)
    if results is not None:
        contents[f"results/{notebook}.json"] = json_text(results)
    for name, content in contents.items():
        _note(write(Path(output_dir) / name, content))
    return list(contents)


def publish(
    output_dir: str | Path,
    notebook: str,
    results: Results,
    *,
    figures: Mapping[str, Drawn] | None = None,
    language: str,
) -> list[str]:
    """Write all that one room found, in one call: its tables, its figures and what texts quote of it.

    Parameters
    ----------
    output_dir : str or Path
        Folder to write into; empty writes nothing.
    notebook : str
        Name of the notebook, such as ``"03_categories"``; names the results file.
    results : Results
        From the ``results.compute`` of a room; its tables are written with a last column ``synthetic``.
    figures : mapping, optional
        As for `save`; usually the ``all_of`` of the figures of that room.
    language : str
        ``"en"`` or ``"es"``: the language of the headline in the results file. That of a run
        (``parameters.language``) has figures drawn with the titles of its method.

    Returns
    -------
    list of str
        What was written, relative to the folder, in the order of writing.

    Raises
    ------
    RunError
        As for `save`.
    LookupError
        The results have no bottom line in that language.

    Examples
    --------
    >>> from ogp_analysis.plan.results import compute
    >>> publish("", "05_plan_tables", compute(), language="en")
    []
    """
    quoted = results.quoted(language)
    return save(
        output_dir,
        notebook,
        tables=results.marked_tables(),
        figures=figures,
        results=quoted,
        languages=texts.every_language(language),
    )


def _note(path: Path) -> None:
    """Tell whoever runs the notebook what was written, so that a later change of it does not pass unseen."""
    notes = os.environ.get(NOTES, "")
    if notes:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with Path(notes).open("a", encoding="utf-8") as file:
            file.write(f"{digest} {path.resolve()}\n")


def _svg_files(key: str, drawn: Drawn, languages: Sequence[str]) -> dict[str, str]:
    # Imported here: who writes tables only, as the end of a run does, need not wait for matplotlib.
    from ogp_analysis.figures import style

    if isinstance(drawn, str):
        return {f"figures/{key}.svg": drawn}
    if isinstance(drawn, style.Figure):
        return {f"figures/{key}.svg": style.svg(drawn)}
    drawing = drawn if isinstance(drawn, style.Drawing) else style.Drawing(drawn)
    if drawing.empty:
        return {}
    forms = {".narrow": True, "": False} if drawing.narrow else {"": False}
    return {
        f"figures/{key}.{code}{ending}.svg": drawing.svg(code, narrow=narrow)
        for code in languages
        for ending, narrow in forms.items()
    }


def write(path: Path, content: str | bytes) -> Path:
    r"""Write a file whole or not at all: beside its place first, then moved into it.

    Parameters
    ----------
    path : Path
        Where; missing folders are made.
    content : str or bytes
        Text is written as UTF-8 with its line ends as they are.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    RunError
        The name is not plain, or the disk refuses; a file that was there before is untouched.

    Examples
    --------
    >>> import tempfile
    >>> path = write(Path(tempfile.mkdtemp()) / "tables" / "counts.csv", "n\n43\n")
    >>> path.read_bytes()
    b'n\n43\n'
    """
    if not NAME.fullmatch(path.name.lower()):
        msg = f"file name {path.name!r} may hold letters, digits, '.', '_' and '-' only"
        raise RunError(msg, key="export.bad_name", path=str(path), name=path.name)
    if path.exists() and not (path.is_file() or path.is_dir()):
        # It would be taken away, and whatever reads from it would wait for ever.
        msg = f"{path} is no file"
        raise RunError(msg, key="export.not_a_file", path=str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put_whole(path, content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as error:
        cause = error.strerror or str(error)
        msg = f"cannot write {path}: {cause} (is the disk full, or the file open in Excel?)"
        raise RunError(msg, key="export.cannot_write", path=str(path), cause=cause) from error
    return path


def csv_text(frame: pd.DataFrame) -> str:
    """Write a frame as canonical CSV text.

    Parameters
    ----------
    frame : DataFrame
        Tidy, with plain column names; a named index becomes the leading columns.

    Returns
    -------
    str
        The CSV text.

    Examples
    --------
    >>> print(csv_text(pd.DataFrame({"score": [-0.5, 1 / 3], "reason": ["=1+1", "a, b"]})), end="")
    score,reason
    -0.5,'=1+1
    0.3333333333,"a, b"
    """
    return _delimited(with_index(frame), cell=cell_text, delimiter=",", end="\n")


def excel_csv_bytes(frame: pd.DataFrame, *, language: str = "es", table: str = "") -> bytes:
    r"""Write a frame as the CSV that a Spanish Excel opens by a double click.

    Semicolons, decimal comma, CRLF and a byte-order mark; headers, coded values and truth values in the
    reader's language, in the words of the workbook.

    Parameters
    ----------
    frame : DataFrame
        Tidy frame.
    language : str
        ``"es"`` (decimal comma) or ``"en"``.
    table : str
        Id of the table, as for `ogp_analysis.language.labels.value_label`.

    Returns
    -------
    bytes
        The CSV file.

    Examples
    --------
    >>> excel_csv_bytes(pd.DataFrame({"score": [2.5], "pair": ["lead-counterpart"]})).decode("utf-8-sig")
    'puntaje;par ciego\r\n2,5;responsable y contraparte\r\n'
    """

    def cell(value: object) -> str:
        text = cell_text(value)
        return text.replace(".", ",") if language == "es" and _is_number(value) else text

    plain = labels.localised(with_index(frame), language)
    columns = {
        name: [_worded(str(name), value, language, table) for value in plain[name]] for name in plain.columns
    }
    # As objects: whole numbers beside a missing one must not become floats.
    shown = pd.DataFrame(columns, dtype=object)
    shown.columns = [labels.column_label(name, language) for name in plain.columns]
    return _delimited(shown, cell=cell, delimiter=";", end="\r\n").encode("utf-8-sig")


def _worded(column: str, value: object, language: str, table: str) -> object:
    if is_truth(value):
        return texts.say("report.yes" if value else "report.no", language)
    return labels.value_label(column, value, language, table) if isinstance(value, str) else value


def _delimited(frame: pd.DataFrame, *, cell: Callable[[object], str], delimiter: str, end: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow([cell(str(name)) for name in frame.columns])
    for start in range(0, len(frame), ROWS):
        part = frame.iloc[start : start + ROWS]
        # Column by column: a row of pandas would turn whole numbers beside a decimal one into floats.
        columns = [[cell(value) for value in part.iloc[:, place]] for place in range(part.shape[1])]
        writer.writerows(zip(*columns, strict=True))
    return out.getvalue()


def with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Copy a frame with its named index as leading columns; an unnamed index is row numbers and goes.

    >>> counts = pd.Series([2], index=["high"], name="n")
    >>> list(with_index(counts.rename_axis("level").to_frame())), list(with_index(counts.to_frame()))
    (['level', 'n'], ['n'])
    """
    named = all(name is not None for name in frame.index.names)
    return frame.reset_index(drop=not named)


def _is_number(value: object) -> TypeGuard[float]:
    # Unlike `labels.is_number`, infinities too: a file keeps what a reader need not see.
    return isinstance(value, numbers.Real) and not is_truth(value)


def cell_text(value: object) -> str:
    """Write one cell as canonical text.

    >>> cell_text(2 / 3), cell_text(-2), cell_text(True), cell_text(None), cell_text("@x")
    ('0.6666666667', '-2', 'true', '', "'@x")
    """
    if is_missing(value):
        return ""
    if is_truth(value):
        return "true" if value else "false"
    if _is_number(value):
        return number_text(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return safe_text(str(value))


def number_text(value: float) -> str:
    """Write a number with ten significant digits, whole numbers in full and never a negative zero.

    >>> number_text(1 / 3), number_text(12345678901), number_text(-0.0), number_text(1e-7)
    ('0.3333333333', '12345678901', '0', '1e-07')
    """
    if isinstance(value, numbers.Integral):
        return str(int(value))
    text = f"{float(value):.{SIGNIFICANT_DIGITS}g}"
    return "0" if text == "-0" else text


def safe_text(text: str) -> str:
    """Make text inert in a spreadsheet; undone by `plain_text`.

    >>> safe_text("=HYPERLINK(1)"), safe_text("-5,2"), plain_text(safe_text("'=1"))
    ("'=HYPERLINK(1)", '-5,2', "'=1")
    """
    # A zero byte ends a text for many readers of CSV.
    text = text.replace("\0", "\ufffd")
    return f"'{text}" if RISKY.match(text) and not PLAIN_NUMBER.fullmatch(text) else text


def plain_text(text: str) -> str:
    """Take off the apostrophe that `safe_text` put before a risky text.

    Parameters
    ----------
    text : str
        As read from a file.

    Returns
    -------
    str
        As it was before `safe_text`.

    Examples
    --------
    >>> plain_text("'=1+1"), plain_text("'quoted'")
    ('=1+1', "'quoted'")
    """
    return text[1:] if text.startswith("'") and RISKY.match(text) else text


def read_table(path: Path | str) -> pd.DataFrame:
    """Read a canonical CSV back.

    Parameters
    ----------
    path : Path or str
        File written by `save`.

    Returns
    -------
    DataFrame
        Columns in which every value is a number are numbers, the others text; missing is NaN.

    Examples
    --------
    >>> import tempfile
    >>> path = write(Path(tempfile.mkdtemp()) / "t.csv", csv_text(pd.DataFrame({"code": ["007"], "n": [7]})))
    >>> read_table(path).to_dict("records")
    [{'code': '007', 'n': 7}]
    """
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")
    if frame.empty:
        return frame
    # Of whole columns, not by assigning: that puts each into the frame again.
    return pd.DataFrame({name: _typed(column) for name, column in frame.items()})


def _typed(column: pd.Series) -> pd.Series:
    given = [text for text in column.tolist() if isinstance(text, str)]
    if given and all(text in TRUTHS for text in given):
        return column.map(TRUTHS)
    if all(map(NUMBER.fullmatch, given)):
        return pd.to_numeric(column)
    if any(map(RISKY.match, given)):
        return column.map(plain_text, na_action="ignore")
    return column


def json_text(results: object) -> str:
    """Write results as JSON text: keys sorted, ten significant digits, NaN as null.

    >>> print(json_text({"n": 43, "share": 1 / 3, "none": float("nan")}), end="")
    {
     "n": 43,
     "none": null,
     "share": 0.3333333333
    }
    """
    return (
        json.dumps(_jsonable(results), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    )


def _jsonable(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        # The order of a set changes from process to process.
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [_jsonable(item) for item in items]
    if is_truth(value):
        return bool(value)
    if _is_number(value):
        return _rounded(value)
    return None if is_missing(value) else str(value)


def _rounded(value: float) -> int | float | None:
    if isinstance(value, numbers.Integral):
        return int(value)
    return float(number_text(value)) if math.isfinite(float(value)) else None
