"""What the columns of a ratings table are, told from all its headers; which to rename if none is one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from ogp_analysis.errors import Problem, RowPlace
from ogp_analysis.language import texts
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PANEL, PROPOSAL, RATING
from ogp_analysis.ratings import known_words as header_words
from ogp_analysis.ratings.evaluator_columns import evaluator_columns, rating_something
from ogp_analysis.ratings.known_words import (
    CODES,
    Header,
    Vocabulary,
    both_words,
    column_of,
    packaged,
)
from ogp_analysis.ratings.proposal_column import meanings_in, proposal_by_cells
from ogp_analysis.tabular import DateText, Table, decimal_of, key_of, number

# Our choice: two thirds of the letters in common, or a whole word.
LEAST_ALIKE = 0.66
# Four in five letters in common, or an abbreviation of four letters or more: a slip, not another word.
SLIP, SHORTEST = 0.8, 4
# A header that begins with a word of so many letters means it, with so much likeness (our choice).
WHOLE_WORD, LIKE_ITS_BEGINNING = 7, 0.95
# Key columns of KoboToolbox and ODK.
TOOL_KEYS = ("_index", "_parent_index", "_submission_time", "_submission__id", "_uuid", "parent_key")
# "10:11", "10:11:12 a. m.", a date before it or not: what a tool notes, and no rating.
CLOCK = re.compile(r"(?:[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}[T ,]*)?[0-9]{1,2}:[0-9]{2}\b.*")
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
    evaluators : dict of int to (str, str)
        Evaluator and indicator of each column that holds the ratings of one evaluator.
    by_cells : bool
        Whether the column of proposals was told by its cells: its header is no word for them.
    """

    columns: dict[str, int]
    questions: dict[int, tuple[str, str]]
    added: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    doubtful: bool = False
    evaluators: dict[int, tuple[str, str]] = field(default_factory=dict)
    by_cells: bool = False


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
    clocks = _clocks(table, asked)
    asked = {at: read for at, read in asked.items() if at not in clocks}
    known_headers = meanings_in(table)
    columns: dict[str, int] = {}
    for at, meaning in enumerate(known_headers):
        if at not in asked:
            columns.setdefault(meaning, at)
    columns.pop("", None)
    # A table of proposals counts reiterations under the name of the indicator.
    whole = {known_headers[at]: at for at in asked}
    codes = _codes(table, asked, proposals=columns.get(PROPOSAL), known=known)
    questions = {at: (codes.get(at, ""), read.indicators[0]) for at, read in asked.items()}
    asides = {at: read.aside for at, read in headers.items()}
    asides |= dict.fromkeys(header_words.giving_way(table.header), "tool")
    asides |= dict.fromkeys(clocks, "tool")
    named = {
        aside: tuple(table.header[at] for at, other in asides.items() if other == aside)
        for aside in ("tool", "total")
    }
    known_columns = {name: at for name, at in whole.items() if name and name not in columns} | columns
    doubtful = any(read.codes for read in asked.values()) and not any(codes.values())
    by_cells = _proposal_by_cells(table, known_columns, questions, vocabulary)
    if by_cells is not None:
        known_columns = {name: at for name, at in known_columns.items() if at != by_cells}
        known_columns[PROPOSAL] = by_cells
    evaluators = _evaluators(table, known_columns, vocabulary)
    questions = {at: read for at, read in questions.items() if at not in evaluators}
    known_columns = {name: at for name, at in known_columns.items() if at not in evaluators}
    return Heads(
        known_columns,
        questions,
        named["tool"],
        named["total"],
        doubtful,
        evaluators,
        by_cells=by_cells is not None,
    )


def _proposal_by_cells(
    table: Table, columns: dict[str, int], questions: dict[int, tuple[str, str]], vocabulary: Vocabulary
) -> int | None:
    """Give the column that names what is judged where no header says so, of a table that holds ratings."""
    if PROPOSAL in columns or any(code for code, _ in questions.values()):
        return None
    if RATING in columns and {EVALUATOR, INDICATOR} & {*columns}:
        keys = [columns[name] for name in (EVALUATOR, INDICATOR, PANEL) if name in columns]
        return proposal_by_cells(table, {columns[RATING], *columns.values()} - {*keys}, keys)
    seats = evaluator_columns(table.header, vocabulary, table.name or Path(table.file).stem)
    asked = {*questions, *seats}
    whole = {indicator for _, indicator in questions.values()} == {*vocabulary.allowed["indicator"]}
    if len(asked) < 2 and not (whole and asked):
        return None
    keys = [columns[name] for name in (EVALUATOR, INDICATOR) if name in columns]
    return proposal_by_cells(table, asked, keys)


def _clocks(table: Table, asked: dict[int, Header]) -> set[int]:
    """Give the columns of hours or dates that are called like an indicator which has another column."""
    holding = {at: [cell for cell in table.column(at) if cell] for at in asked}
    clocks = {
        at
        for at, cells in holding.items()
        if cells and all(isinstance(cell, DateText) or CLOCK.fullmatch(cell) for cell in cells)
    }
    rated = {asked[at].indicators for at in asked if at not in clocks}
    return {at for at in clocks if asked[at].indicators in rated}


def _evaluators(table: Table, columns: dict[str, int], vocabulary: Vocabulary) -> dict[int, tuple[str, str]]:
    """Give the columns of one evaluator each; none where other columns say who rated, or what."""
    if PROPOSAL not in columns:
        return {}
    named = evaluator_columns(table.header, vocabulary, table.name or Path(table.file).stem)
    named = rating_something(named, table)
    # A row for each thing judged and indicator, a column a judge: the row says what they rate.
    by_row = INDICATOR in columns and not any(indicator for _, indicator in named.values())
    asked = () if by_row else (INDICATOR,)
    others = [columns[name] for name in (EVALUATOR, *asked, RATING) if name in columns]
    # The points of a quiz, which a form adds to whatever it asks, are no ratings beside others.
    others = [
        at for at in others if not header_words.gives_way(table.header[at], in_a_form="timestamp" in columns)
    ]
    # Codes as the proposals have them are those of proposals.
    like = {_pattern(cell) for cell in table.column(columns[PROPOSAL])}
    of_proposals = any(_pattern(evaluator) in like for evaluator, _ in named.values())
    return {} if of_proposals or any(at not in named for at in others) else named


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
        if column == PROPOSAL and key in CODES:
            return LEAST_ALIKE
        if any(f"_{word}_" in f"_{key}_" for word in words):
            return 1.0
        # HotCRP: "reviewername" is who reviewed, and more like it than "review".
        if any(len(word) >= WHOLE_WORD and key.startswith(word) for word in words):
            return LIKE_ITS_BEGINNING
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

    >>> renamed(["evaluator", "proposal"], ["Evaluador de turno", "Resumen"])
    {'evaluator': 'Evaluador de turno'}
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


def is_of_a_tool(table: Table) -> bool:
    """Say whether a sheet has the key columns of KoboToolbox or ODK: a form's or group's title."""
    return any(header.strip().casefold() in TOOL_KEYS for header in table.header)


def header_place(table: Table) -> RowPlace:
    """Name file, sheet and row of a header, for a ``Problem``."""
    row = max(table.row_numbers[0] - 1, 1) if table.rows else 1
    return {"file": table.file, "sheet": table.name, "row": row}


def nearly_read(table: Table, heads: Heads, vocabulary: Vocabulary) -> list[Problem]:
    r"""Name the columns that are like an indicator which is lacking, though the same people are asked it.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import tabular
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> table = tabular.parse("propuesta,Tiempo,Recurso,Volun.,Edad\n".encode(), file="n.csv")[0]
    >>> found = nearly_read(table, heads_of(table, vocabulary), vocabulary)
    >>> [(problem.column, problem.indicator) for problem in found]
    [('Recurso', 'resources'), ('Volun.', 'willingness')]
    """
    asked = {indicator for _, indicator in heads.questions.values()}
    together = {panel for indicator in asked for panel in vocabulary.panels_of[indicator]}
    absent = [
        name
        for name in vocabulary.allowed["indicator"]
        if name not in asked and together & set(vocabulary.panels_of[name])
    ]
    free = [header for at, header in enumerate(table.header) if header and at not in heads.questions]
    like = {header: _like_one(header, absent, vocabulary) for header in free}
    return [
        Problem("ratings.nearly_read", column=header, indicator=name, **header_place(table))
        for header, name in like.items()
        if name
    ]


def _like_one(header: str, absent: list[str], vocabulary: Vocabulary) -> str:
    """Give the one lacking indicator that a header mentions, abbreviates or misspells."""
    read = vocabulary.header(header)
    turned = read.aside == "reversed" and len(read.indicators) == 1
    if column_of(header) or header_words.is_added_by_a_tool(header) or (read.aside and not turned):
        return ""
    mentioned = read.indicators[0] if turned else nearest_indicator(header, vocabulary)
    core = header_words.core(header)
    words = {
        w: name for w in vocabulary.words_of("indicator") if (name := vocabulary.resolve("indicator", w))
    }
    like = {
        name
        for word, name in words.items()
        if (len(core) >= SHORTEST and word.startswith(core))
        or difflib.SequenceMatcher(None, core, word).ratio() >= SLIP
    }
    meant = ({mentioned} if mentioned else like) & set(absent)
    return meant.pop() if len(meant) == 1 else ""


def unread_sheets(unused: list[Table], codes: Collection[str], vocabulary: Vocabulary) -> list[Problem]:
    """Refuse a table of ratings that was passed over because its column of proposals has another name.

    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> sheet = Table("E2", "n.xlsx", ["Código", "Tiempo"], [["P01", "4"], ["P02", "5"]], [2, 3])
    >>> [problem.rule for problem in unread_sheets([sheet], ["P01", "P02"], vocabulary)]
    ['ratings.unread_sheet']
    """
    listed = {code.casefold() for code in codes}
    refused = []
    for table in unused:
        heads = heads_of(table, vocabulary)
        names = {name for _, name in heads.questions.values()} - {"reiterations"}
        if PROPOSAL in heads.columns or not names:
            continue
        free = (at for at, header in enumerate(table.header) if header and at not in heads.questions)
        at = next((at for at in free if _lists(table.column(at), listed)), None)
        if at is not None:
            detail = (("header", table.header[at]), ("our_columns", PROPOSAL))
            refused.append(Problem("ratings.unread_sheet", table.file, table.name, detail=detail))
    return refused


def _lists(cells: list[str], codes: Collection[str]) -> bool:
    given = [cell.casefold() for cell in cells if cell]
    return len(given) > 1 and 2 * sum(cell in codes for cell in given) > len(given)


def _needed(table: Table, vocabulary: Vocabulary) -> list[str]:
    """Give the columns that a table of one column an indicator cannot do without."""
    # The title of a sheet is the evaluator; where every criterion has one panel, the indicator tells it.
    panel = bool(vocabulary.sole_panels) or bool(vocabulary.resolve(PANEL, table.name))
    evaluator = bool(table.name) and not is_of_a_tool(table)
    return [PROPOSAL, *([] if panel else [PANEL]), *([] if evaluator else [EVALUATOR])]


def no_ratings_found(tables: dict[str, list[Table]], vocabulary: Vocabulary, language: str) -> Problem:
    """Refuse a source without a table of ratings, with its own headers and what to rename.

    >>> from ogp_analysis.model import params
    >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    >>> table = Table("", "n.csv", ["Nombre de la idea", "¿Alcanza el tiempo?"], [], [])
    >>> found = no_ratings_found({"ratings": [], "unused": [table]}, vocabulary, "en")
    >>> print(found.say().split("; ", 2)[2])
    headers of n.csv (row 1): Nombre de la idea, ¿Alcanza el tiempo?; rename 'Nombre de la idea' to proposal;
    rename '¿Alcanza el tiempo?' to time; no header is like panel, evaluator / evaluador
    """
    others = [table for kind, group in tables.items() if kind not in ("ignored", "forms") for table in group]
    unused = tables["unused"] or others
    hints = [part for table in unused if table.header for part in _help(table, vocabulary, language)]
    unused_names = ", ".join(table.name or table.file for table in tables["unused"]) or "–"
    file = next((table.file for group in tables.values() for table in group), "")
    detail = (("found", unused_names), ("help", "".join(f"; {part}" for part in hints)))
    return Problem("ratings.no_ratings", file=file, detail=detail)


def _scored(table: Table, vocabulary: Vocabulary) -> list[str]:
    """Give the headers of the columns of numbers that have no meaning: each may be one evaluator's."""
    at_all = [(header, list(filter(None, table.column(at)))) for at, header in enumerate(table.header)]
    unknown = [(header, cells) for header, cells in at_all if header and cells and not column_of(header)]
    plain = [(header, cells) for header, cells in unknown if not vocabulary.header(header).aside]
    return [
        header
        for header, cells in plain
        if all(number(cell, decimal_of(cells))[0] is not None for cell in cells)
    ]


def _help(table: Table, vocabulary: Vocabulary, language: str) -> list[str]:
    headers = [header for header in table.header if header]
    lines = [
        texts.say(
            "ratings.no_ratings.headers",
            language,
            name=table.name or table.file,
            row=header_place(table)["row"],
            headers=", ".join(headers),
        )
    ]
    present = {column_of(header) for header in headers}
    missing = [column for column in _needed(table, vocabulary) if column not in present]
    near = renamed(missing, [header for header in headers if not vocabulary.question(header)[1]])
    pairs = [(header, header_words.word_of("column", column, language)) for column, header in near.items()]
    taken = {*near.values()}
    for header in headers:
        indicator = "" if header in taken or column_of(header) else nearest_indicator(header, vocabulary)
        pairs += [(header, header_words.word_of("indicator", indicator, language))] if indicator else []
    lines += [
        texts.say("ratings.no_ratings.rename", language, header=header, column=name) for header, name in pairs
    ]
    scored = _scored(table, vocabulary) if PROPOSAL in present else []
    if len(scored) > 1:
        lines.append(texts.say("ratings.no_ratings.evaluators", language, headers=", ".join(scored)))
    without = [both_words(column) for column in missing if column not in near]
    if without:
        lines.append(texts.say("ratings.no_ratings.none_like", language, columns=", ".join(without)))
    return lines
