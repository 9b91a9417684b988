"""Signs that steer a terminal or turn the order of a line are shown by their numbers."""

from __future__ import annotations

import re
import shlex
from typing import Any

# C0 but tab and line end, DEL, C1; marks and overrides of direction (Unicode Standard Annex 9, 2.1 to 2.7);
# separators of lines, deprecated formats, marks of annotation and tags; halves of characters.
STEERING = (
    "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f"
    "\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff"
    "\\U000e0000-\\U000e007f"
)
# A return before a line end is how Windows ends a line.
HIDDEN = re.compile(f"[{STEERING}]|\\r(?!\n)")
HIDDEN_IN_LINE = re.compile(f"[\\t\\r\\n{STEERING}]")
# Of a command: no shell obeys any of it.
PLAIN_WORD = re.compile(r"[\w@%+=:,./~\\ -]+")


def visible(text: str) -> str:
    r"""Show what steers a terminal or the direction of a text as such; line ends and tabs stay.

    The form is that of JSON, so that a text of JSON stays one and says the same to a program. What was shown
    once has nothing left to show, so nothing is ever doubled.

    Parameters
    ----------
    text : str
        Any text, also with halves of characters, as names of files can have them.

    Returns
    -------
    str
        The same where nothing in it steers anything.

    Examples
    --------
    >>> print(visible("a\x1b[31m \u202egnp.exe"))
    a\u001b[31m \u202egnp.exe
    >>> visible(visible("\x9b")) == visible("\x9b")
    True
    """
    return HIDDEN.sub(_shown, text)


def in_line(text: str) -> str:
    r"""Show the same, and line ends and tabs too: a value within a line must not begin another line.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> print(in_line("Ana\nError: none"))
    Ana\nError: none
    """
    return HIDDEN_IN_LINE.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    sign = match[0]
    if sign in "\t\n":
        return "\\t" if sign == "\t" else "\\n"
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def everywhere(value: Any) -> Any:
    r"""Show the same in every text of nested lists and mappings, such as a file of JSON.

    Parameters
    ----------
    value : object
        Texts, numbers, lists, mappings.

    Returns
    -------
    object
        Of the same form.

    Examples
    --------
    >>> everywhere({"title": ["a\x9b"], "n": 1}) == {"title": ["a" + chr(92) + "u009b"], "n": 1}
    True
    """
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {everywhere(key): everywhere(item) for key, item in value.items()}
    return [everywhere(item) for item in value] if isinstance(value, list) else value


class Shown:
    r"""A stream that shows what steers a terminal instead of obeying it.

    Parameters
    ----------
    stream : text stream
        Where the text goes.

    Examples
    --------
    >>> import io
    >>> stream = io.StringIO()
    >>> _ = Shown(stream).write("a\x07\n")
    >>> stream.getvalue()
    'a\\u0007\n'
    """

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write a text; a return at its start is ogp's own, for a line of progress that is written over.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        int
            How many characters were given.
        """
        start = "\r" if text.startswith("\r") else ""
        self.stream.write(start + visible(text[len(start) :]))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write several texts.

        Parameters
        ----------
        lines : iterable of str
            Any texts.
        """
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def as_typed(*words: object) -> str:
    """Join words of a command as they are typed, here and on Windows: in double quotes where a blank is.

    >>> as_typed("ogp", "check", "mis notas.xlsx")
    'ogp check "mis notas.xlsx"'
    >>> as_typed("año.csv", "$(cal).csv")
    "año.csv '$(cal).csv'"
    """
    return " ".join(map(_as_typed, map(str, words)))


def _as_typed(word: str) -> str:
    # Double quotes are those of both; what a shell would obey needs its own.
    if not PLAIN_WORD.fullmatch(word):
        return shlex.quote(word)
    return f'"{word}"' if " " in word else word
