"""The errors of the package: one base, few children, each keeps the offending values."""

from __future__ import annotations

import errno
import os
import reprlib
from dataclasses import dataclass
from numbers import Integral
from typing import Any, TypedDict

from ogp_analysis.language import texts
from ogp_analysis.language.escaping import in_line

# A terminal's worth; a file with a thousand faults has one fault a thousand times.
SHOWN_PROBLEMS = 50
LONG_TEXT = 2000  # a text of a message longer than this is shortened
PLACES = ("file", "sheet", "row", "column", "parameter", "proposal", "indicator", "evaluator", "value")


# Named by keys of the method or of this package; a reader sees the words of the catalogue where it has them.
WORDED = {
    "indicator": "indicator",
    "panel": "panel",
    "panels": "panel",
    "criterion": "criterion",
    "our_columns": "column",
    "lacking_headers": "sheets.column",
    "stages": "stage",
    "way": "way",
    "remedy": "remedy",
}


def worded(fields: dict[str, Any], language: str) -> dict[str, Any]:
    """Word the values that are keys of the method, or our names of columns; all others stay as they are.

    Parameters
    ----------
    fields : dict
        Value by placeholder; several keys are joined by ``", "``.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    dict
        The same placeholders.

    Examples
    --------
    >>> worded({"panel": "lead, jury", "our_columns": "proposal", "value": "lead"}, "es")
    {'panel': 'institución responsable, jury', 'our_columns': 'propuesta', 'value': 'lead'}
    """
    if "nearest" in fields:
        near = fields["nearest"]
        # Where nothing is like it, nothing is offered.
        fields = fields | {"like": texts.say("ratings.like", language, nearest=near) if near else ""}
    return fields | {
        name: _words(WORDED[name], str(fields[name]), language) for name in WORDED if name in fields
    }


def _words(kind: str, names: str, language: str) -> str:
    keys = [(name, f"{kind}.{name}") for name in names.split(", ")]
    return ", ".join(texts.say(key, language) if texts.has(key, language) else name for name, key in keys)


# What a system says, in English only, and the end of the key of our words for it.
SYSTEM = {
    os.strerror(getattr(errno, name)): name for name in ("ENOENT", "EACCES", "EPERM", "ENOTDIR", "EISDIR")
}
SYSTEM |= {os.strerror(getattr(errno, name)): name for name in ("ENOSPC", "EROFS", "EEXIST", "ENAMETOOLONG")}
SYSTEM |= {os.strerror(getattr(errno, name)): name for name in ("EMFILE", "EIO", "EBUSY", "ELOOP", "EINVAL")}
KINDS = {"FileNotFoundError": "ENOENT", "PermissionError": "EACCES", "IsADirectoryError": "EISDIR"}
KINDS |= {"NotADirectoryError": "ENOTDIR", "FileExistsError": "EEXIST"}


def system_words(text: Any, language: str = "en") -> Any:
    """Word what the operating system says of a file; anything else stays as it is.

    Parameters
    ----------
    said : object
        A system's message, or the name of an OSError.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    object
        Words of the catalogue where it has them.

    Examples
    --------
    >>> system_words("Permission denied", "es"), system_words("FileNotFoundError", "es"), system_words(3)
    ('no hay permiso', 'no existe', 3)
    """
    name = (SYSTEM | KINDS).get(text, "") if isinstance(text, str) else ""
    return texts.say(f"system.{name}", language) if name else text


class RowPlace(TypedDict):
    """Where a row is: fields of `Problem`, handed on by name."""

    file: str
    sheet: str
    row: int


class CellPlace(RowPlace):
    """Where a cell is: fields of `Problem`, handed on by name."""

    column: str


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it is, and what is allowed.

    Parameters
    ----------
    rule : str
        Key of the rule that is broken; ``texts.say(rule, language, **fields)`` words it in either language
        and says what is allowed and how to mend it.
    file, sheet, column, parameter, proposal, indicator, evaluator : str
        Where it is; empty where it does not apply.
    row : int
        Line of the file as a spreadsheet or editor counts it (the header is 1); 0 where it does not apply.
    value : str
        The offending value as typed.
    detail : tuple of (str, str)
        Further named values that the wording of the rule uses, such as the allowed range.

    Examples
    --------
    >>> Problem("people.key_short", detail=(("bits", "64"),)).say()
    'the key has 64 bits; it must have 128 or more. Make one with --new-key'
    >>> Problem("people.age", row=3, column="age", value="abc").say("es")
    'fila 3, columna age: abc no es una edad de 0 a 120 años'
    """

    rule: str
    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    parameter: str = ""
    proposal: str = ""
    indicator: str = ""
    evaluator: str = ""
    value: str = ""
    detail: tuple[tuple[str, str], ...] = ()

    def say(self, language: str = "en") -> str:
        """Word the problem in one line: place first, then what is wrong and what is allowed."""
        fields = self._fields(language)
        places = [
            texts.say(f"place.{name}", language, value=fields[name])
            for name in PLACES
            if name != "value" and fields[name]
        ]
        return ", ".join(places) + (": " if places else "") + self.words(language)

    def words(self, language: str = "en") -> str:
        """Say what is wrong, what is allowed and how to mend it, without the place.

        >>> Problem("people.age", row=3, column="age", value="abc").words("es")
        'abc no es una edad de 0 a 120 años'
        """
        return texts.say(self.rule, language, **self._fields(language))

    def words_of(self, name: str, language: str) -> str:
        """Give one of its places as a reader knows it."""
        return str(self._fields(language)[name])

    def _fields(self, language: str) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in PLACES} | self.detail_in(language)
        fields = {name: system_words(value, language) for name, value in fields.items()}
        # Values as typed: one that holds a line end must not look like a line of the program's own.
        fields = {name: in_line(item) if isinstance(item, str) else item for name, item in fields.items()}
        return worded(fields, language)

    def detail_in(self, language: str) -> dict[str, str]:
        """Give the named values that the wording uses, in the reader's language where they are words."""
        return dict(self.detail)


class OgpError(Exception):
    """Base of every error that this package raises on purpose.

    Parameters
    ----------
    message : str
        What is wrong, with the value and what is allowed, in English.
    **values
        The offending values, kept as ``error.values`` for programs.

    Examples
    --------
    >>> OgpError("threshold 1.5 is not in (0, 1]", threshold=1.5).values
    {'threshold': 1.5}
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.values = values


class StatisticsError(OgpError, ValueError):
    """An argument of a statistical function is not what its docstring allows."""

    def say(self, language: str) -> str:
        """Word it in a reader's language; English where it has no words there.

        >>> keyed_error(key="statistics.whole", name="draws", value=1.5, least=1).say("es")
        'draws es 1.5; debe ser un número entero de al menos 1'
        """
        key = str(self.values.get("key", ""))
        return _worded(key, language, self.values) if texts.has(key, language) else str(self)


def keyed_error(*, key: str, **values: Any) -> StatisticsError:
    """Make the error of a statistical function that a catalogue words.

    Parameters
    ----------
    key : str
        Key of the text, such as ``"statistics.between"``.
    **values
        The offending values: what the placeholders of the text stand for and whatever else a program may
        want; kept as ``error.values`` together with ``key``.

    Returns
    -------
    StatisticsError
        Its message is the English text.

    Examples
    --------
    >>> error = keyed_error(key="statistics.whole", name="draws", value=1.5, least=1)
    >>> print(error)
    draws is 1.5; it is a whole number of at least 1
    >>> error.values["key"], error.values["value"]
    ('statistics.whole', 1.5)
    """
    return StatisticsError(_worded(key, "en", values), key=key, **values)


LISTED = reprlib.Repr()  # lists of categories and labels are shown whole where they are short
LISTED.maxlist = LISTED.maxtuple = LISTED.maxset = 20


class _Shortened(str):
    """What a value looks like, shortened already: a text that is not put into quotation marks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Phrase:
    """A part of a message that is worded in the reader's language too.

    >>> str(phrase("place.row", value=3)), phrase("place.row", value=3).say("es")
    ('row 3', 'fila 3')
    """

    key: str
    values: dict[str, Any]

    def say(self, language: str) -> str:
        """Word it."""
        return _worded(self.key, language, self.values)

    def __str__(self) -> str:
        return self.say("en")


def phrase(key: str, **values: Any) -> Phrase:
    """Make a part of a message from its key and the values it is about."""
    return Phrase(key, values)


def _worded(key: str, language: str, values: dict[str, Any]) -> str:
    shown = {name: _shown(value, language) for name, value in values.items() if name != "key"}
    return texts.say(key, language, **shown)


def _shown(value: Any, language: str) -> Any:
    """Show numbers and texts as they are, phrases in words and joined, anything else shortened."""
    if isinstance(value, Phrase):
        return _Shortened(value.say(language))
    if isinstance(value, tuple) and value and all(isinstance(part, Phrase) for part in value):
        shown = "; ".join(part.say(language) for part in value[:SHOWN_PROBLEMS])
        more = len(value) - SHOWN_PROBLEMS
        rest = " " + texts.say("statistics.more", language, count=more) if more > 0 else ""
        return _Shortened(shown + rest)
    if isinstance(value, str):
        return _Shortened(reprlib.repr(value)) if len(value) > LONG_TEXT else value
    if isinstance(value, Integral | float) and not isinstance(value, bool):
        return int(value) if isinstance(value, Integral) else float(value)  # numpy's show their type
    return _Shortened(LISTED.repr(value))


class CheckError(OgpError, ValueError):
    """Checked input broke one or more rules; every problem found is listed at once.

    Parameters
    ----------
    problems : sequence of Problem
        All problems found, in the order of the input.
    language : str
        Language of the message, ``"en"`` or ``"es"``.

    Examples
    --------
    >>> error = CheckError([Problem("people.age", row=row, column="age", value="-1") for row in (2, 5)])
    >>> print(error.say("es"))
    Problemas encontrados: 2
      - fila 2, columna age: -1 no es una edad de 0 a 120 años
      - fila 5, columna age: -1 no es una edad de 0 a 120 años
    """

    def __init__(self, problems: list[Problem] | tuple[Problem, ...], language: str = "en") -> None:
        self.problems = tuple(problems)
        super().__init__(self.say(language), problems=self.problems)

    def say(self, language: str) -> str:
        """List the problems, one line each, the first ``SHOWN_PROBLEMS`` of them and a count of the rest."""
        lines = [texts.say("check.heading", language, count=len(self.problems))]
        lines += [f"  - {problem.say(language)}" for problem in self.problems[:SHOWN_PROBLEMS]]
        hidden = len(self.problems) - SHOWN_PROBLEMS
        if hidden > 0:
            lines.append("  " + texts.say("check.more", language, count=hidden))
        return "\n".join(lines)


class ParameterError(CheckError):
    """Run parameters broke one or more rules."""


class DataError(CheckError):
    """Input data (ratings, proposals, decisions, evaluators, exports) broke one or more rules."""


class PlanError(OgpError, ValueError):
    """The transcribed plan is not what its data package describes."""


class RunError(OgpError, RuntimeError):
    """A run of notebooks did not finish, or its record does not hold."""
