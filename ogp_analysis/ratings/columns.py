"""What the columns of a ratings table are, told from all its headers; which to rename if none is one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass

from ogp_analysis.errors import Problem
from ogp_analysis.language import texts
from ogp_analysis.model.records import EVALUATOR, PANEL, PROPOSAL
from ogp_analysis.ratings import known_words as header_words
from ogp_analysis.ratings.known_words import Header, Vocabulary, both_words, column_of, packaged
from ogp_analysis.tabular import Table, key_of

# Our choice: two thirds of the letters in common, or a whole word.
LEAST_ALIKE = 0.66
FIRST_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True)
class Heads:
    """The columns of one table.

    Parameters
    ----------
    columns : dict of str to int
        Position of each column we know by our name.
    questions : dict of int to (str, str)
        Code of a proposal (or empty) and indicator of each column that holds ratings of one indicator.
    added : tuple of str
        Headers of columns that a survey tool adds by itself.
    totals : tuple of str
        Headers of columns of sums or means.
    doubtful : bool
        Whether headers hold what may be codes of proposals, but it is not clear that they are.
    """

    columns: dict[str, int]
    questions: dict[int, tuple[str, str]]
    added: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    doubtful: bool = False


def heads_of(table: Table, vocabulary: Vocabulary, known: Collection[str] = ()) -> Heads:
    r"""Read the headers of a table together.

    A code in a header is a proposal only where that is clear: it is in the table of proposals, or the same
    indicator stands under several codes. Where there is a column of proposals, that column decides; a code
    in a header is kept only to be compared with it.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> read = lambda text: heads_of(tabular.parse(text, file="n.csv")[0], vocabulary).questions
    >>> read(b"Panel,Tiempo [P01],Tiempo [P02]\n")
    {1: ('P01', 'time'), 2: ('P02', 'time')}
    >>> read(b"propuesta,Q4[tiempo]\nP01,4\n"), read(b"propuesta,P02[tiempo]\nP01,4\n")
    ({1: ('', 'time')}, {1: ('P02', 'time')})
    """
    headers = {at: vocabulary.header(header) for at, header in enumerate(table.header)}
    asked = {at: read for at, read in headers.items() if len(read.indicators) == 1 and not read.aside}
    columns: dict[str, int] = {}
    for at, header in enumerate(table.header):
        if at not in asked:
            columns.setdefault(column_of(header), at)
    columns.pop("", None)
    # A table of proposals counts reiterations under the name of the indicator.
    whole = {column_of(table.header[at]): at for at in asked}
    codes = _codes(table, asked, proposals=columns.get(PROPOSAL), known=known)
    questions = {at: (codes.get(at, ""), read.indicators[0]) for at, read in asked.items()}
    named = {
        aside: tuple(table.header[at] for at, read in headers.items() if read.aside == aside)
        for aside in ("tool", "total")
    }
    known_columns = {name: at for name, at in whole.items() if name and name not in columns} | columns
    doubtful = any(read.codes for read in asked.values()) and not any(codes.values())
    return Heads(known_columns, questions, named["tool"], named["total"], doubtful)


def _codes(
    table: Table, asked: dict[int, Header], *, proposals: int | None, known: Collection[str]
) -> dict[int, str]:
    listed = {code.casefold(): code for code in known}
    coded = {at: _code(read, listed) for at, read in asked.items()}
    coded = {at: code for at, code in coded.items() if code}
    if proposals is not None:
        values = {cell.casefold() for cell in table.column(proposals)}
        like = {_pattern(value) for value in (*values, *listed)}
        return {
            at: code
            for at, code in coded.items()
            if code.casefold() in values or code.casefold() in listed or _pattern(code) in like
        }
    under: dict[str, set[str]] = {}
    for at, code in coded.items():
        under.setdefault(asked[at].indicators[0], set()).add(code.casefold())
    several = any(len(codes) > 1 for codes in under.values())
    return coded if several or (coded and all(code.casefold() in listed for code in coded.values())) else {}


def _code(read: Header, listed: dict[str, str]) -> str:
    words = [*read.codes, *read.others, *(part.split()[0] for part in read.others)]
    in_table = {listed[word.casefold()] for word in words if word.casefold() in listed}
    if in_table:
        return in_table.pop() if len(in_table) == 1 else ""
    return read.codes[0] if len(read.codes) == 1 else ""


def _pattern(code: str) -> tuple[str, bool]:
    """Give the letters in front of a code, and whether a digit follows: P07 is like P01, Q4 is not."""
    letters = FIRST_DIGIT.split(code.casefold(), maxsplit=1)[0]
    return letters, len(letters) < len(code)


def mentions_indicator(table: Table, vocabulary: Vocabulary) -> bool:
    r"""Say whether the name of an indicator stands in a header, alone or among other words.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> table = tabular.parse("evaluador,¿Hay tiempo y recursos?\n".encode(), file="n.csv")[0]
    >>> mentions_indicator(table, vocabulary)
    True
    """
    words = [f"_{word}_" for word in vocabulary.words_of("indicator")]
    headers = [
        f"_{key_of(header)}_" for header in table.header if not header_words.is_added_by_a_tool(header)
    ]
    return any(word in header for word in words for header in headers)


def nearest_header(column: str, headers: list[str]) -> str:
    """Give the header that most looks like a column that is lacking, empty where none does.

    >>> nearest_header("proposal", ["Edad", "Nombre de la propuesta evaluada"])
    'Nombre de la propuesta evaluada'
    """
    words = {column} | {word for word, key in packaged()["column"].items() if key == column}
    words = {word for word in words | {header_words.core(word) for word in words} if len(word) > 2}
    # Whatever is known to be something else is not offered; nor is what a tool adds.
    free = [
        header
        for header in headers
        if header and not column_of(header) and not header_words.is_added_by_a_tool(header)
    ]

    def likeness(header: str) -> float:
        key = key_of(header)
        if any(f"_{word}_" in f"_{key}_" for word in words):
            return 1.0
        return max(
            (
                difflib.SequenceMatcher(None, word, core).ratio()
                for word in words
                for core in {key, header_words.core(header)}
            ),
            default=0.0,
        )

    best = max(free, key=likeness, default="")
    return best if best and likeness(best) >= LEAST_ALIKE else ""


def renamed(columns: list[str], headers: list[str]) -> dict[str, str]:
    """Give the header to rename for each column that is lacking, each header once.

    >>> renamed(["evaluator", "proposal"], ["Nombre del evaluador", "Resumen"])
    {'evaluator': 'Nombre del evaluador'}
    """
    renames: dict[str, str] = {}
    for column in columns:
        near = nearest_header(column, [header for header in headers if header not in renames.values()])
        if near:
            renames[column] = near
    return renames


def nearest_indicator(header: str, vocabulary: Vocabulary) -> str:
    """Give the one indicator that a header mentions without being read as it, empty where it is none or two.

    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> [nearest_indicator(header, vocabulary) for header in ("¿Alcanza el tiempo?", "Tiempo", "Edad")]
    ['time', '', '']
    """
    read = vocabulary.header(header)
    if read.aside or len(read.indicators) == 1:
        return ""
    key = f"_{key_of(header)}_"
    mentioned = {
        vocabulary.resolve("indicator", w) for w in vocabulary.words_of("indicator") if f"_{w}_" in key
    }
    return mentioned.pop() if len(mentioned) == 1 else ""


NEEDED = (PROPOSAL, PANEL, EVALUATOR)


def no_ratings_found(tables: dict[str, list[Table]], vocabulary: Vocabulary, language: str) -> Problem:
    """Refuse a source without a table of ratings, with its own headers and what to rename.

    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> table = Table("", "n.csv", ["Nombre de la idea", "¿Alcanza el tiempo?"], [], [])
    >>> found = no_ratings_found({"ratings": [], "unused": [table]}, vocabulary, "en")
    >>> print(found.say().split("; ", 2)[2])
    headers of n.csv: Nombre de la idea, ¿Alcanza el tiempo?; rename 'Nombre de la idea' to proposal;
    rename '¿Alcanza el tiempo?' to time; no header is like panel, evaluator / evaluador
    """
    others = [table for kind, group in tables.items() if kind not in ("ignored", "forms") for table in group]
    unused = tables["unused"] or others
    hints = [part for table in unused if table.header for part in _help(table, vocabulary, language)]
    unused_names = ", ".join(table.name or table.file for table in tables["unused"]) or "–"
    file = next((table.file for group in tables.values() for table in group), "")
    detail = (("found", unused_names), ("help", "".join(f"; {part}" for part in hints)))
    return Problem("ratings.no_ratings", file=file, detail=detail)


def _help(table: Table, vocabulary: Vocabulary, language: str) -> list[str]:
    headers = [header for header in table.header if header]
    lines = [
        texts.say(
            "ratings.no_ratings.headers", language, name=table.name or table.file, headers=", ".join(headers)
        )
    ]
    present = {column_of(header) for header in headers}
    missing = [column for column in NEEDED if column not in present]
    near = renamed(missing, headers)
    pairs = [(header, column) for column, header in near.items()]
    taken = {*near.values()}
    for header in headers:
        indicator = "" if header in taken or column_of(header) else nearest_indicator(header, vocabulary)
        pairs += [(header, indicator)] if indicator else []
    lines += [
        texts.say("ratings.no_ratings.rename", language, header=header, column=name) for header, name in pairs
    ]
    without = [both_words(column) for column in missing if column not in near]
    if without:
        lines.append(texts.say("ratings.no_ratings.none_like", language, columns=", ".join(without)))
    return lines
