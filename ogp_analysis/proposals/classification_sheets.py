"""The classification as a workbook: one sheet a classifier, filled apart from the others, and read back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    DECIDED_BY,
    MET,
    PLACE,
    RELATED,
    faults_of_decisions,
    place_of,
    read_answers,
)
from ogp_analysis.proposals.fillable_workbook import Sheet, columns_of, workbook, yes_no
from ogp_analysis.ratings.evaluator_codes import names_a_body
from ogp_analysis.ratings.rating_cells import ISO_DATE
from ogp_analysis.ratings.side_tables import masked_texts
from ogp_analysis.tabular import Note, Table, key_of

SHOWN = (PROPOSAL, "title", "problem", "solution")
COLUMNS = (*SHOWN, ROLE, *CRITERIA, REASON)
DECISIONS = (PROPOSAL, RELATED, REASON, DECIDED_BY, "date")
# A sheet that is one of ours but for a column or two.
INCOMPLETE = "incomplete"
ANSWERS = (PROPOSAL, CRITERION, CLASSIFIER, ROLE, MET, REASON)


@dataclass(frozen=True)
class Classification:
    """What classifiers found and what was decided: columns `ANSWERS` and `DECISIONS`.

    ``places`` gives the file, the sheet and the row of each proposal that was answered; ``masked`` says where
    reasons held something that reaches a person; ``headers`` what each sheet calls its columns;
    ``passed_over`` names sheets in which nothing of a classification was recognised.
    """

    answers: pd.DataFrame
    decisions: pd.DataFrame
    places: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[PROPOSAL, *PLACE]))
    masked: tuple[Note, ...] = ()
    headers: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    passed_over: tuple[str, ...] = ()

    def as_typed(self, problems: Sequence[Problem]) -> list[Problem]:
        """Name columns as the sheets do in which the problems stand.

        >>> none = pd.DataFrame()
        >>> sheet = Classification(none, none, headers={("c.xlsx", "decisiones"): {"reason": "motivo"}})
        >>> sheet.as_typed([Problem("people.decision_reason", "c.xlsx", "decisiones", 2, "reason")])[0].column
        'motivo'
        """
        return [_named_as_typed(problem, self.headers) for problem in problems]

    def strangers(self, received: Sequence[str]) -> list[Problem]:
        """Name each row that answers or decides on a proposal that was not received.

        >>> answers = pd.DataFrame({"proposal": ["P9"]})
        >>> place = answers.assign(file="c.xlsx", sheet="C1", row=2, column="")
        >>> [one.row for one in Classification(answers, answers, place).strangers(["P1"])]
        [2]
        """
        columns = [PROPOSAL, "file", "sheet", "row"]
        typed = [frame[columns] for frame in (self.places, self.decisions) if set(columns) <= set(frame)]
        every = pd.concat(typed, ignore_index=True).drop_duplicates()
        rows = every[~every[PROPOSAL].isin(set(received))]
        return [
            Problem("people.not_received" if code else "people.code_lacking", **place_of(rows, k), value=code)
            for k, code in enumerate(rows[PROPOSAL])
        ]

    def faults(self, received: Sequence[str] | None) -> list[Problem]:
        """Name what is wrong with proposals and decisions, so that it is told together with the answers."""
        codes = set(self.places[PROPOSAL])
        # A decision on what was never received is told once, as that.
        known = codes if received is None else codes | (set(self.decisions[PROPOSAL]) - set(received))
        return [
            *(self.strangers(received) if received is not None else ()),
            *faults_of_decisions(self.decisions, known),
        ]


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


def read(paths: Sequence[str | os.PathLike[str]], received: Sequence[str] | None = None) -> Classification:
    """Read filled workbooks, or long tables of answers, into one classification.

    Parameters
    ----------
    paths : sequence of path-like
        Workbooks of `form`, or tables with ``proposal, criterion, classifier, met``.
    received : sequence of str, optional
        Codes of the proposals received; with these, answers and decisions on others are refused.

    Returns
    -------
    Classification
        Answers sorted; empty cells are no answer.

    Raises
    ------
    DataError
        A file cannot be read, holds no classification or a sheet that lacks columns of one, has an answer
        that is none, or one on a proposal that was not received; a classifier, or who decided, may be a
        person's name; a decision is faulty. All are listed.

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
    problems: list[Problem] = []
    headers: dict[tuple[str, str], dict[str, str]] = {}
    passed_over: list[str] = []
    for path in paths:
        kinds = [_part(table) for table in tabular.read(path)]
        if not any(kind for kind, _ in kinds):
            problems.append(Problem("people.no_classification", file=Path(path).name))
        passed_over += [frame.attrs["title"] for kind, frame in kinds if not kind]
        headers |= {(f["file"].iloc[0], f["sheet"].iloc[0]): f.attrs["header"] for _, f in kinds if len(f)}
        problems += [*_lost_columns(kinds), *_people(kinds), *_dates(kinds)]
        answers += [frame for kind, frame in kinds if kind == "answers" and len(frame)]
        decisions += [frame for kind, frame in kinds if kind == "decisions" and len(frame)]
    every = pd.concat(answers, ignore_index=True).astype("str")
    every[MET] = every[MET].fillna("")
    decided = pd.concat(decisions, ignore_index=True).astype("str")
    places = every.loc[every[MET].str.strip() != ""].reindex(columns=[PROPOSAL, *PLACE])
    typed = Classification(every, decided, places, headers=headers)
    problems += typed.faults(received)
    checked = _checked(every, problems)
    if problems:
        raise DataError(typed.as_typed(problems))
    every, masked = without_contacts(every, [REASON])
    decided, of_decisions = without_contacts(decided, [REASON])
    reasons = every.set_index([PROPOSAL, CRITERION, CLASSIFIER])[REASON]
    keys = pd.MultiIndex.from_frame(checked[[PROPOSAL, CRITERION, CLASSIFIER]])
    checked[REASON] = reasons.reindex(keys).fillna("").to_numpy() if len(checked) else ""
    remarks = (*masked, *of_decisions)
    instructions = {texts.say("template.sheet.instructions", code) for code in texts.LANGUAGES}
    others = tuple(title for title in passed_over if title not in instructions)
    return Classification(checked[list(ANSWERS)], decided, places, remarks, headers, others)


def _checked(every: pd.DataFrame, problems: list[Problem]) -> pd.DataFrame:
    """Check the answers; what is wrong with them is added to the other problems."""
    try:
        return read_answers(every)
    except DataError as error:
        problems += error.problems
        return every


def _named_as_typed(problem: Problem, headers: Mapping[tuple[str, str], Mapping[str, str]]) -> Problem:
    names = headers.get((problem.file, problem.sheet), {})
    return replace(problem, column=names.get(problem.column, problem.column))


def without_contacts(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[pd.DataFrame, list[Note]]:
    """Mask what reaches a person in typed texts, by the file, the sheet and the row in which they stand.

    >>> frame = pd.DataFrame({"reason": ["Tel. 0991234567"], "file": "c.xlsx", "sheet": "C1", "row": "2"})
    >>> without_contacts(frame, ["reason"])[0]["reason"].tolist()
    ['Tel. […]']
    """
    if frame.empty:
        return frame, []
    places = [
        " · ".join(part for part in pair if part) for pair in zip(frame["file"], frame["sheet"], strict=True)
    ]
    return masked_texts(frame, columns, places=places, rows=[int(row) for row in frame["row"]])


def _lost_columns(kinds: Sequence[tuple[str, pd.DataFrame]]) -> Iterator[Problem]:
    """Name a sheet that has lost columns: passed over, it would leave the others to decide alone."""
    for kind, frame in kinds:
        if kind == INCOMPLETE and len(frame):
            sheet = frame["sheet"].iloc[0]
            detail = (("lacking_headers", ", ".join(frame.attrs["lacking"])),)
            shown = sheet if ratings.is_code(sheet) or CLASSIFIER not in frame else ""
            yield Problem("people.columns_lacking", frame["file"].iloc[0], shown, detail=detail)


def _people(kinds: Sequence[tuple[str, pd.DataFrame]]) -> Iterator[Problem]:
    """Name what may be a person: a sheet of a classifier by its number, because its title is the name."""
    sheets = 0
    for kind, frame in kinds:
        one_sheet = kind in ("answers", INCOMPLETE) and "column" in frame
        sheets += one_sheet
        if one_sheet and len(frame) and not ratings.is_code(frame[CLASSIFIER].iloc[0]):
            file = frame["file"].iloc[0]
            yield Problem("people.classifier_sheet_named", file=file, detail=(("sheet_number", str(sheets)),))
        elif kind == "answers" and not one_sheet:
            for k, code in enumerate(frame[CLASSIFIER]):
                if not ratings.is_code(code):
                    yield Problem("people.classifier_named", **place_of(frame, k), column=CLASSIFIER)
        for k, body in enumerate(frame[DECIDED_BY] if kind == "decisions" else ()):
            if body and not names_a_body(body):
                header = frame.attrs["header"]
                yield Problem("ratings.no_body", **place_of(frame, k), column=header[DECIDED_BY])


def _dates(kinds: Sequence[tuple[str, pd.DataFrame]]) -> Iterator[Problem]:
    """Name each date of a decision that is none: the same rule as for decisions on categories."""
    for kind, frame in kinds:
        for k, date in enumerate(frame["date"] if kind == "decisions" else ()):
            if date and not ISO_DATE.fullmatch(date):
                yield Problem("ratings.not_iso_date", **place_of(frame, k), column="date", value=date[:60])


def _part(table: Table) -> tuple[str, pd.DataFrame]:
    """Read one sheet: a classifier's, a long table of answers, decisions, or something else."""
    columns = columns_of(table, (*COLUMNS, *DECISIONS, CRITERION, CLASSIFIER, MET))
    cells = {name: [row[at] for row in table.rows] for name, at in columns.items()}
    frame = pd.DataFrame(cells, index=range(len(table.rows)), dtype="str")
    frame = frame.assign(file=table.file, sheet=table.name, row=[str(row) for row in table.row_numbers])
    frame.attrs = {"header": {name: table.header[at] for name, at in columns.items()}}
    frame.attrs["title"] = table.name or table.file
    place = ["file", "sheet", "row"]
    frame.attrs["lacking"] = _lost(set(columns), len(table.header))
    if frame.attrs["lacking"]:
        of_one = (
            {CLASSIFIER: table.name or Path(table.file).stem, "column": ""}
            if set(CRITERIA) & set(columns)
            else {}
        )
        return INCOMPLETE, frame.assign(**of_one)
    if PROPOSAL not in columns:
        return "", frame
    if {CRITERION, CLASSIFIER, MET} <= set(columns):
        return "answers", _with_role(frame.reindex(columns=[*ANSWERS, *place], fill_value=""))
    if set(CRITERIA) <= set(columns):
        kept = [PROPOSAL, *sorted({ROLE, REASON} & set(columns)), *place]
        long = frame.melt(kept, list(CRITERIA), CRITERION, MET)
        # What the sheet calls the column in which an answer stands.
        long["column"] = [table.header[columns[name]] for name in long[CRITERION]]
        long[CLASSIFIER] = table.name or Path(table.file).stem
        return "answers", _with_role(long.reindex(columns=[*ANSWERS, *PLACE], fill_value=""))
    if RELATED in columns:
        return "decisions", frame.reindex(columns=[*DECISIONS, *place], fill_value="")
    return "", frame


def _lost(columns: set[str], width: int) -> list[str]:
    """Name the columns that a sheet of answers or of decisions would need beside those it has."""
    needed: tuple[str, ...] = ()
    if columns & {CRITERION, MET}:
        needed = (PROPOSAL, CRITERION, CLASSIFIER, MET)
    elif columns & set(CRITERIA):
        needed = (PROPOSAL, *CRITERIA)
    # Decisions on categories have these columns too, and more of them.
    elif RELATED in columns or ({REASON, DECIDED_BY} <= columns and width <= len(DECISIONS)):
        needed = (PROPOSAL, RELATED)
    return [name for name in needed if name not in columns]


def _with_role(frame: pd.DataFrame) -> pd.DataFrame:
    words = {
        key_of(word): role
        for role in ROLES
        for word in (role, *(texts.say(f"template.role.{role}", code) for code in texts.LANGUAGES))
    }
    roles = [words.get(key_of(cell), cell) if cell else INDEPENDENT for cell in frame[ROLE]]
    return frame.assign(**{ROLE: roles})
