"""The classification as a workbook: one sheet a classifier, filled apart from the others, and read back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ogp_analysis import ratings, tabular
from ogp_analysis.errors import DataError, Problem
from ogp_analysis.language import texts
from ogp_analysis.model.records import INDEPENDENT, PROPOSAL, REASON, ROLE, ROLES
from ogp_analysis.proposals.classification import (
    CLASSIFIER,
    CRITERIA,
    CRITERION,
    MET,
    RELATED,
    read_answers,
)
from ogp_analysis.proposals.sheets import Sheet, columns_of, workbook, yes_no
from ogp_analysis.tabular import Table, key_of

SHOWN = (PROPOSAL, "title", "problem", "solution")
COLUMNS = (*SHOWN, ROLE, *CRITERIA, REASON)
DECISIONS = (PROPOSAL, RELATED, REASON, "decided_by", "date")
ANSWERS = (PROPOSAL, CRITERION, CLASSIFIER, ROLE, MET, REASON)


@dataclass(frozen=True)
class Classification:
    """What classifiers found and what was decided: columns `ANSWERS` and `DECISIONS`."""

    answers: pd.DataFrame
    decisions: pd.DataFrame


def form(proposals: pd.DataFrame, classifiers: Sequence[tuple[str, str]], *, language: str = "es") -> bytes:
    """Make the workbook: one sheet a classifier with every proposal, the four criteria and a reason.

    Parameters
    ----------
    proposals : pandas.DataFrame
        Received, as ``ogp import`` writes them.
    classifiers : sequence of (str, str)
        Code and role (independent or third) of each.
    language : str
        ``"es"`` or ``"en"``.

    Returns
    -------
    bytes
        The workbook.

    Raises
    ------
    DataError
        A code may be a person's name, a role is not known, or a code occurs twice.

    Examples
    --------
    >>> received = pd.DataFrame({"proposal": ["P1"], "title": "Datos", "problem": "", "solution": ""})
    >>> form(received, [("C1", "independent"), ("C2", "independent")])[:2]
    b'PK'
    """
    codes = [code for code, _ in classifiers]
    problems = [Problem("template.person") for code in codes if not ratings.is_code(code)]
    problems += [Problem("template.sheet_name", value=code) for code in codes if codes.count(code) > 1]
    roles = (("allowed", ", ".join(ROLES)),)
    problems += [
        Problem("people.role", value=role, detail=roles) for _, role in classifiers if role not in ROLES
    ]
    if problems:
        raise DataError(problems, language)
    shown = proposals[list(SHOWN)].fillna("").astype("str")
    blank = ("",) * (len(CRITERIA) + 1)
    lists = dict.fromkeys(CRITERIA, yes_no(language))
    sheets = [
        Sheet(
            code,
            COLUMNS,
            [
                (*row, texts.say(f"template.role.{role}", language), *blank)
                for row in shown.itertuples(index=False)
            ],
            lists,
            (*CRITERIA, REASON),
        )
        for code, role in classifiers
    ]
    decided = Sheet(
        texts.say("template.sheet.decisions", language), DECISIONS, [], {RELATED: yes_no(language)}
    )
    return workbook([*sheets, decided], instructions="classification", language=language)


def read(paths: Sequence[str | os.PathLike[str]]) -> Classification:
    """Read filled workbooks, or long tables of answers, into one classification.

    Parameters
    ----------
    paths : sequence of path-like
        Workbooks of `form`, or tables with ``proposal, criterion, classifier, met``.

    Returns
    -------
    Classification
        Answers sorted; empty cells are no answer.

    Raises
    ------
    DataError
        A file cannot be read, holds no classification, or has an answer that is none; all are listed.

    Examples
    --------
    >>> import tempfile
    >>> received = pd.DataFrame({"proposal": ["P1"], "title": "Datos", "problem": "", "solution": ""})
    >>> file = Path(tempfile.mkdtemp()) / "classification.xlsx"
    >>> _ = file.write_bytes(form(received, [("C1", "independent")]))
    >>> read([file]).answers.empty
    True
    """
    answers, decisions = [pd.DataFrame(columns=list(ANSWERS))], [pd.DataFrame(columns=list(DECISIONS))]
    for path in paths:
        kinds = [_part(table) for table in tabular.read(path)]
        if not any(kind for kind, _ in kinds):
            raise DataError([Problem("people.no_classification", file=Path(path).name)])
        answers += [frame for kind, frame in kinds if kind == "answers" and len(frame)]
        decisions += [frame for kind, frame in kinds if kind == "decisions" and len(frame)]
    every = pd.concat(answers, ignore_index=True).astype("str")
    every[MET] = every[MET].fillna("")
    checked = read_answers(every)
    reasons = every.set_index([PROPOSAL, CRITERION, CLASSIFIER])[REASON]
    keys = pd.MultiIndex.from_frame(checked[[PROPOSAL, CRITERION, CLASSIFIER]])
    checked[REASON] = reasons.reindex(keys).fillna("").to_numpy() if len(checked) else ""
    return Classification(checked[list(ANSWERS)], pd.concat(decisions, ignore_index=True).astype("str"))


def _part(table: Table) -> tuple[str, pd.DataFrame]:
    """Read one sheet: a classifier's, a long table of answers, decisions, or something else."""
    columns = columns_of(table, (*COLUMNS, *DECISIONS, CRITERION, CLASSIFIER, MET))
    cells = {name: [row[at] for row in table.rows] for name, at in columns.items()}
    frame = pd.DataFrame(cells, index=range(len(table.rows)), dtype="str")
    if PROPOSAL not in columns:
        return "", frame
    if {CRITERION, CLASSIFIER, MET} <= set(columns):
        return "answers", _with_role(frame.reindex(columns=list(ANSWERS), fill_value=""))
    if set(CRITERIA) <= set(columns):
        long = frame.melt([PROPOSAL, *({ROLE, REASON} & set(columns))], list(CRITERIA), CRITERION, MET)
        long[CLASSIFIER] = table.name or Path(table.file).stem
        return "answers", _with_role(long.reindex(columns=list(ANSWERS), fill_value=""))
    if RELATED in columns:
        return "decisions", frame.reindex(columns=list(DECISIONS), fill_value="")
    return "", frame


def _with_role(frame: pd.DataFrame) -> pd.DataFrame:
    words = {
        key_of(word): role
        for role in ROLES
        for word in (role, *(texts.say(f"template.role.{role}", code) for code in texts.LANGUAGES))
    }
    roles = [words.get(key_of(cell), cell) if cell else INDEPENDENT for cell in frame[ROLE]]
    return frame.assign(**{ROLE: roles})
