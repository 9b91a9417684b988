"""The page of answers as the page and the PDF show it: read back from a run's tables, in one language."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ogp_analysis.language import labels, texts
from ogp_analysis.model.results import SYNTHETIC, YES
from ogp_analysis.report import page_content
from ogp_analysis.report.answers_claims import FACT, PROBLEM, REQUEST
from ogp_analysis.report.page_content import TableView
from ogp_analysis.report.run_files import Pack

ANSWERS, CLAIMS, FIRST = "answers", "answers_facts", "answers_category_1"
HEADS = ("asked", "answer", "certainty", "evidence", "where")


@dataclass(frozen=True)
class Section:
    """A section or a table that one can go to: its id and its title."""

    id: str
    title: str


@dataclass(frozen=True)
class AnswerView:
    """One question with its answer; ``marked``: it rests on synthetic ratings."""

    question: str
    answer: str
    certainty: str
    evidence: tuple[Section, ...]
    where: tuple[Section, ...]
    marked: bool


@dataclass(frozen=True)
class ClaimView:
    """One fact, problem or request, with the table and its rows on which it rests, and their section."""

    text: str
    table: Section
    rows: str
    where: Section
    marked: bool

    @property
    def rests_on(self) -> str:
        """Say table and rows in one."""
        return f"{self.table.title}: {self.rows}" if self.rows else self.table.title


@dataclass(frozen=True)
class Answers:
    """The page of answers.

    ``heads`` are the words over the columns, ``claims`` the facts, problems and requests under their heading;
    ``first`` is the table of category 1, which is not shown here of invented ratings of the plan's method.
    """

    heads: tuple[str, ...]
    rows: tuple[AnswerView, ...]
    claims: tuple[tuple[str, tuple[ClaimView, ...]], ...]
    first: TableView | None


def read(pack: Pack, language: str) -> Answers | None:
    """Read the page of answers of a run; None where it has none, as those of older versions.

    >>> read(Pack({}, {}, {}, "en", synthetic=True), "en") is None
    True
    """
    if ANSWERS not in pack.tables:
        return None
    rows = _records(pack.tables[ANSWERS], language)
    claims = _records(pack.tables.get(CLAIMS, pd.DataFrame()), language)
    by_kind = [
        (kind, tuple(_claim(pack, row, language) for row in claims if row["kind"] == kind)) for kind in KINDS
    ]
    return Answers(
        heads=tuple(texts.say(f"column.{name}", language) for name in HEADS),
        rows=tuple(_answer(row, language) for row in rows),
        claims=tuple((texts.say(f"answers.{kind}s", language), some) for kind, some in by_kind if some),
        first=_first(pack, language),
    )


KINDS = (FACT, PROBLEM, REQUEST)


def _records(frame: pd.DataFrame, language: str) -> list[dict[str, str]]:
    return labels.localised(frame, language).fillna("").astype(str).to_dict("records")


def _answer(row: dict[str, str], language: str) -> AnswerView:
    return AnswerView(
        row["asked"],
        row["answer"],
        row["certainty"],
        tuple(_table(name, language) for name in row["evidence"].split()),
        tuple(_section(name, language) for name in row["where"].split()),
        marked=row[SYNTHETIC] == YES,
    )


def _section(name: str, language: str) -> Section:
    return Section(name, texts.say(f"section.{name}.title", language))


def _table(name: str, language: str) -> Section:
    return Section(name, labels.table_title(name, language))


def _claim(pack: Pack, row: dict[str, str], language: str) -> ClaimView:
    return ClaimView(
        row["text"],
        _table(row["table"], language),
        rows_in_words(pack, row["table"], row["row"], language),
        _section(row["where"], language),
        marked=row[SYNTHETIC] == YES,
    )


# Tables whose rows a reader knows by words, not by their ids: the column of ids, and that of the words.
IN_WORDS = {
    "flow": ("node", "step"),
    "plan_quotes": ("id", "subject"),
    "plan_identities": ("id", "statement"),
    "not_computable": ("id", "gap"),
}


def rows_in_words(pack: Pack, table: str, ids: str, language: str) -> str:
    """Name rows as the table shows them: by words where its ids are not shown, else by the ids.

    >>> flow = pd.DataFrame({"node": ["received"], "step_en": ["Received"], "step_es": ["Recibidas"]})
    >>> run = Pack({"flow": flow}, {}, {}, "en", synthetic=False)
    >>> rows_in_words(run, "flow", "received", "es"), rows_in_words(run, "errata", "I18 I24", "es")
    ('Recibidas', 'I18 I24')
    """
    if table not in IN_WORDS or table not in pack.tables:
        return ids
    key, words = IN_WORDS[table]
    shown = labels.localised(pack.tables[table], language).set_index(key)[words]
    return "; ".join(str(shown[name]) for name in ids.split())


def _first(pack: Pack, language: str) -> TableView | None:
    # Of invented ratings of the plan's method the codes name nothing: the section on sensitivity has them.
    if FIRST not in pack.tables or (pack.planned and pack.synthetic) or pack.tables[FIRST].empty:
        return None
    return page_content.table(pack, FIRST, language)
