"""What to tell the reader about how ratings were read, and which words were read as which of ours."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.language import texts
from ogp_analysis.language.escaping import in_line
from ogp_analysis.model.inputs import known_organisations
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PANEL, Method
from ogp_analysis.ratings.evaluator_codes import is_code
from ogp_analysis.ratings.known_words import word_of
from ogp_analysis.ratings.nearest_word import MOST_COMPARED, ZEROS
from ogp_analysis.ratings.problems import LISTED
from ogp_analysis.tabular import Note, Table, key_of
from ogp_analysis.tabular.table import NoteValue

if TYPE_CHECKING:
    from ogp_analysis.model.params import Parameters

# As ``sources.masked`` writes it.
SHEET_NUMBER = re.compile(r"#[0-9]+")
# As for unknown proposals: half of the letters in common.
LEAST_ALIKE = 0.5
# Of a table with a column for each of many evaluators; our choice.
MOST_PAIRS = 12


def line(table: Table, notes: tuple[Note, ...], language: str) -> str:
    r"""Say how one table was read.

    >>> from ogp_analysis import tabular
    >>> line(tabular.parse(b"proposal;rating\nS01;4,5\n", file="n.csv")[0], (), "es")
    'n.csv: leído como UTF-8, separador «;», coma decimal'
    """
    where = " · ".join(part for part in (table.file, table.name) if part)
    return f"{where}: " + ", ".join(worded((*table.notes, *notes), language))


def worded(notes: Iterable[Note], language: str) -> list[str]:
    """Word notes; one that has nothing to tell in this language is left out.

    >>> from ogp_analysis.ratings.reading_notes import Translated
    >>> note = Translated("ratings.translated_columns", (("Panel", "panel"), ("Tiempo", ("", "time"))))
    >>> worded([note], "es"), worded([note], "en")
    ([], ['columns translated: Tiempo → time'])
    """
    return [sentence for note in notes if (sentence := note.say(language))]


def not_read(problem: Problem, language: str) -> Note:
    """Turn the refusal of a file beside tables that were read into a remark.

    >>> not_read(Problem("tabular.old_excel", file="n.xls"), "es").say("es").partition(" (")[0]
    'n.xls no se leyó: este es un libro de Excel antiguo'
    """
    why = texts.say(problem.rule, language, value=problem.value, **dict(problem.detail))
    return Note("ratings.not_read", (("place", problem.file), ("why", why)))


def alike(tables: list[Table], notes: list[tuple[Note, ...]], language: str) -> list[str]:
    """Say once what holds for several sheets of one file.

    >>> from ogp_analysis import tabular
    >>> sheets = [tabular.Table(name, "n.xlsx", [], [], []) for name in ("WG1", "WG2")]
    >>> alike(sheets, [(Note("ratings.no_role"),)] * 2, "en")
    ['n.xlsx · WG1, WG2: no column for the role: every rating read as independent']
    """
    groups: dict[tuple, list[Table]] = {}
    for table, own_notes in zip(tables, notes, strict=True):
        groups.setdefault((table.file, *table.notes, *own_notes), []).append(table)
    lines = []
    for (file, *shared), group in groups.items():
        where = " · ".join(part for part in (file, ", ".join(table.name for table in group)) if part)
        lines.append(f"{where}: " + ", ".join(worded(shared, language)))
    return lines


def over_sheets(notes: Iterable[Note]) -> list[Note]:
    """Join notes that say the same of several sheets of one file, in the value ``place``.

    >>> notes = [Note("ratings.x", (("place", f"n.xlsx · E{seat}"), ("rows", rows))) for seat, rows in (
    ...     (1, "9"), (2, "9"), (3, "8"))]
    >>> [dict(note.values)["place"] for note in over_sheets(notes)]
    ['n.xlsx · E1, E2', 'n.xlsx · E3']
    """
    groups: dict[tuple, list[str]] = {}
    for note in notes:
        file, _, sheet = str(dict(note.values).get("place", "")).partition(" · ")
        others = tuple((name, value) for name, value in note.values if name != "place")
        groups.setdefault((note, note.key) if not file else (file, note.key, others), []).append(sheet)
    return [_over(group, sheets) for group, sheets in groups.items()]


def _over(group: tuple, sheets: list[str]) -> Note:
    first, key, *others = group
    if not others:
        return first
    place = " · ".join(part for part in (first, ", ".join(filter(None, dict.fromkeys(sheets)))) if part)
    return Note(key, (("place", place), *others[0]))


def also(
    tables: dict[str, list[Table]], rated: pd.DataFrame, *, evaluators: pd.DataFrame, parameters: Parameters
) -> list[str]:
    """Say which tables were not used, what the number of a sheet means, and whose conflicts are unknown."""
    notes = []
    if tables["unused"]:
        names = ", ".join(table.name or table.file for table in tables["unused"])
        notes.append(Note("ratings.unused_tables", (("names", names),)))
    # Their titles are codes of persons, or names: they are counted, not named.
    forms = len(tables.get("forms", ()))
    notes += [Note("ratings.forms_passed_over", (("count", str(forms)),))] if forms else []
    notes += _numbered(tables)
    # Whoever rates as lead or counterpart has a stake by design; conflicts concern the blind panels.
    blind = [panel for panel in parameters.method.panels if panel not in parameters.method.seats]
    raters = set(rated.loc[rated[PANEL].isin(blind), EVALUATOR])
    unlisted = raters - set(known_organisations(evaluators).index)
    if len(evaluators) and raters and unlisted == raters:
        notes.append(Note("ratings.no_organisations"))
    elif len(evaluators) and unlisted:
        notes.append(Note("ratings.unlisted_evaluators", (("count", str(len(unlisted))),)))
    return [note.say(parameters.language) for note in notes]


def _numbered(tables: dict[str, list[Table]]) -> list[Note]:
    """Explain the numbers that stand for titles of sheets, where there are any."""
    every = (table.name for kind, group in tables.items() if kind != "forms" for table in group)
    names = sorted({name for name in every if SHEET_NUMBER.fullmatch(name)}, key=lambda name: int(name[1:]))
    return [Note("ratings.numbered_sheets", (("names", ", ".join(names)),))] if names else []


def marked(doubts: tuple[str, ...], language: str) -> list[str]:
    """Mark lines that must not be passed over among others.

    >>> marked(("two sheets are alike",), "en")
    ['LOOK AT THIS: two sheets are alike']
    """
    return [texts.say("ratings.look", language, doubt=doubt) for doubt in doubts]


def roster_doubts(
    rated: pd.DataFrame, evaluators: pd.DataFrame, *, parameters: Parameters, faulty: Collection[str] = ()
) -> list[str]:
    """Say which codes rated without being in the table of evaluators, and which of the table rated nothing.

    >>> from ogp_analysis.model import params
    >>> rated = pd.DataFrame({"evaluator": ["C1", "Cl1"], "panel": "counterpart"})
    >>> table = pd.DataFrame({"evaluator": ["L1", "C1"]})
    >>> for line in roster_doubts(rated, table, parameters=params.from_values(params.baseline())):
    ...     print(line.split(";")[0])
    evaluators who rated but are not in the table of evaluators: Cl1 (most similar: C1)
    in the table of evaluators but without a rating: L1
    """
    listed = [code for code in dict.fromkeys(evaluators[EVALUATOR]) if is_code(code)]
    active = {*rated[EVALUATOR], *faulty}
    silent = [code for code in listed if code not in active]
    language = parameters.language
    strangers = _strangers(rated, listed, {*silent}, method=parameters.method) if listed else {}
    likes = [
        texts.say("ratings.most_similar", language, code=code, nearest=near) if near else code
        for code, near in strangers.items()
    ]
    odd_codes = {"ratings.not_in_the_table": likes, "ratings.without_a_rating": silent}
    return [texts.say(key, language, names=_joined(names)) for key, names in odd_codes.items() if names]


def _strangers(rated: pd.DataFrame, listed: list[str], silent: set[str], *, method: Method) -> dict[str, str]:
    """Give the most similar listed code for each code that rated and is not listed."""
    seats = set(method.seats)
    likely: dict[str, str] = {}
    known = set(listed)
    # Beyond so many, what a stranger may have been meant for is not looked for.
    left = MOST_COMPARED // len(listed)
    for panel, group in rated.groupby(PANEL, sort=False):
        codes = dict.fromkeys(group[EVALUATOR])
        beside = known & codes.keys()
        strange = [code for code in codes if code not in known]
        near = dict.fromkeys(strange, "")
        near |= {code: _meant(code, listed, silent, beside) for code in strange[:left]}
        left = max(left - len(strange), 0)
        # A table of evaluators may leave out the single seats of lead and counterpart altogether.
        if panel not in seats or set(near.values()) & {*silent, *beside}:
            likely |= {code: like for code, like in near.items() if code not in likely}
    return likely


@lru_cache(maxsize=10_000)
def _folded(code: str) -> tuple[str, str]:
    """Fold a code, and take the zeros out of it: every stranger is held against the same ones."""
    return key_of(code), ZEROS.sub("", key_of(code))


def _meant(code: str, listed: list[str], silent: Collection[str], beside: Collection[str]) -> str:
    """Give the listed code that was probably meant, empty where none is like it."""
    folded, bare = _folded(code)
    bound = difflib.SequenceMatcher(None, "", folded)

    def likeness(known: str) -> tuple:
        other, without_zeros = _folded(known)
        same = without_zeros == bare
        bound.set_seq1(other)
        # A ratio below the least that counts need not be known; the bounds are the same from either side.
        near = same or (bound.real_quick_ratio() >= LEAST_ALIKE and bound.quick_ratio() >= LEAST_ALIKE)
        ratio = difflib.SequenceMatcher(None, folded, other).ratio() if near else 0.0
        # Cl1 is as like L1 as C1: the initial decides, then who has rated nothing so far, then the panel.
        return same, ratio, other[:1] == folded[:1], known in silent, known in beside

    best = max(listed, key=likeness)
    return best if likeness(best)[:2] >= (False, LEAST_ALIKE) else ""


def _joined(names: list[str]) -> str:
    return ", ".join(names[:LISTED]) + (", ..." if len(names) > LISTED else "")


@dataclass(frozen=True)
class Translated(Note):
    """A note of words as typed and what each was read as.

    Parameters
    ----------
    key : str
        Key of a text of the catalogues.
    values : tuple of (str, str or (str, str))
        Each word as typed, and our key for it; for a header that asks for an indicator, the proposal
        (or empty) and the indicator.
    kind : str
        Kind of the keys: ``"column"``, ``"panel"``, ``"role"`` or ``"indicator"``.

    Examples
    --------
    >>> note = Translated("ratings.translated_values", (("CN", "core_group"),), "panel")
    >>> note.say("es"), note.say("en")
    ('panel, leído así: CN → Grupo Núcleo', 'panel translated: CN → Core Group')
    """

    kind: str = "column"

    def say(self, language: str = "en") -> str:
        """Word the note; empty where every word as typed is the reader's own."""
        # A key of the method as typed was not translated, whatever language the reader's is.
        read = [(typed, self._meaning(key, language)) for typed, key in self.values if typed != key]
        translated = [f"{typed} → {word}" for typed, word in read if key_of(typed) != key_of(word)]
        more = f"; ... ({len(translated)})" if len(translated) > MOST_PAIRS else ""
        pairs = "; ".join(translated[:MOST_PAIRS]) + more
        column = word_of("column", self.kind, language)
        return texts.say(self.key, language, pairs=in_line(pairs), our_columns=column) if pairs else ""

    def _meaning(self, meaning: NoteValue, language: str) -> str:
        if not isinstance(meaning, tuple):
            return word_of(self.kind, str(meaning), language)
        proposal, indicator = meaning
        word = word_of(INDICATOR, indicator, language)
        return (
            texts.say("ratings.question", language, proposal=proposal, indicator=word) if proposal else word
        )
