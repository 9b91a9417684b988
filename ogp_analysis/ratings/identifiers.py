"""Proposals, evaluators, indicators, panels and roles as typed become our keys; unknown ones are named."""

from __future__ import annotations

from functools import partial

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PANEL, PROPOSAL, RATING, ROLE, Method
from ogp_analysis.ratings.evaluator_codes import is_code
from ogp_analysis.ratings.evaluator_columns import PERSONAL_HEADERS
from ogp_analysis.ratings.known_words import Vocabulary, with_keys, word_of
from ogp_analysis.ratings.nearest_word import Codes
from ogp_analysis.ratings.problems import LISTED, Findings, column_at
from ogp_analysis.ratings.reading_notes import Translated
from ogp_analysis.tabular import DateText, key_of

# Marks that programs and people set where there is no rating, and what else such a mark is made of.
NO_RATING = frozenset(
    (
        *("na", "n_a", "nan", "none", "null", "nd", "n_d", "s_d", "ns_nc", "no_aplica", "not_applicable"),
        *(
            "coi",
            "conflict",
            "conflict_of_interest",
            "conflicto",
            "conflicto_de_interes",
            "recused",
            "excusado",
        ),
        *(
            "abstain",
            "abstained",
            "abstention",
            "abstencion",
            "se_abstiene",
            "abstencao",
            "absent",
            "ausente",
        ),
    )
)
DASHES = " .-\u2013\u2014"


def is_no_rating(cell: str) -> bool:
    """Say whether a cell holds a mark that there is no rating, where it should be empty.

    >>> [is_no_rating(cell) for cell in ("NA", "n/a", "-", "—", "", "No", "4-", "**")]
    [True, True, True, True, False, False, False, False]
    """
    return bool(cell) and (not cell.strip(DASHES) or key_of(cell) in NO_RATING)


def read_names(
    typed: pd.DataFrame, findings: Findings, *, method: Method, known: tuple[str, ...], language: str = "en"
) -> tuple[pd.DataFrame, pd.Series]:
    """Read every name of a typed long table.

    See ``ratings.values.value``, which calls it.
    """
    frame, vocabulary = typed.copy(), Vocabulary(method)
    bad = _dated(frame, findings)
    bad |= _proposals(frame, findings, known=known) | _evaluators(frame, findings)
    for kind in (INDICATOR, PANEL, ROLE):
        bad |= _words(frame, findings, kind=kind, vocabulary=vocabulary, language=language)
    return frame, bad | _wrong_panels(frame, findings, method=method, bad=bad)


def unread_cells(bad: pd.DataFrame, method: Method, *, known: tuple[str, ...]) -> pd.DataFrame:
    """Say which cells faulty rows were probably meant for, so that these are not called missing too.

    >>> from ogp_analysis.model import params
    >>> method = params.from_values(params.baseline()).method
    >>> bad = pd.DataFrame({"proposal": ["S1"], "indicator": "tiempoo", "panel": "?", "rating": "4"})
    >>> unread_cells(bad.assign(unread=False), method, known=("S01", "S02")).values.tolist()
    [['S01', 'time', '']]
    """
    if bad.empty:
        return pd.DataFrame({name: pd.Series([], dtype="str") for name in (PROPOSAL, INDICATOR, PANEL)})
    vocabulary, near = Vocabulary(method), Codes(known)
    codes = {
        code: near.nearest(code) or ("" if known else code) for code in bad[PROPOSAL].astype(str).unique()
    }
    frame = pd.DataFrame({PROPOSAL: bad[PROPOSAL].astype(str).map(codes).astype("str")})
    for kind in (INDICATOR, PANEL):
        words = bad[kind].astype(str)
        meant = {
            word: vocabulary.resolve(kind, word) or vocabulary.nearest(kind, word) for word in words.unique()
        }
        frame[kind] = words.map(meant).astype("str")
    return frame[(bad[RATING] != "") | bad["unread"].astype(bool)].reset_index(drop=True)


def _named(frame: pd.DataFrame, column: str) -> pd.Series:
    """Say whose cell of a column the reader of tables has refused already: it is empty for that reason."""
    letters = (heads.get(column, ("", ""))[1] for heads in frame["heads"])
    refused = [
        bool(refused_columns) and (at in refused_columns or "" in refused_columns)
        for at, refused_columns in zip(letters, frame["faulty"], strict=True)
    ]
    return pd.Series(refused, index=frame.index, dtype=bool)


def _fold(frame: pd.DataFrame, findings: Findings, *, name: str, known: tuple[str, ...]) -> None:
    """Use one spelling for codes that differ in case only: the known one, else the first met."""
    spelling = {code.casefold(): code for code in known}
    cells = [str(cell) for cell in frame[name].unique()]
    for cell in cells:
        spelling.setdefault(cell.casefold(), cell)
    change = {cell: spelling[cell.casefold()] for cell in cells}
    # Two spellings of a name would be shown here; a name is refused later without showing it.
    with_other_case = [
        cell for cell in cells if cell != change[cell] and (name != EVALUATOR or is_code(cell))
    ]
    pairs = sorted(f"{cell} → {change[cell]}" for cell in with_other_case)
    if pairs:
        findings.say("ratings.folded", our_columns=name, pairs="; ".join(pairs[:LISTED]))
    frame[name] = frame[name].map(change).astype(str)


def respelt(codes: pd.Series, rated: pd.Series) -> tuple[pd.Series, tuple[str, ...]]:
    """Spell the codes of the table of evaluators as the ratings do, where they differ in case only.

    >>> respelt(pd.Series(["wg1", "CG1", "cg1"]), pd.Series(["WG1", "CG1"]))[1]
    ('wg1 → WG1',)
    """
    spelling = {code.casefold(): code for code in rated}
    meant = {code: spelling.get(code.casefold(), code) for code in codes}
    own = set(codes)
    change = {code: other for code, other in meant.items() if code != other and other not in own}
    pairs = (f"{code} → {other}" for code, other in change.items() if is_code(code))
    return codes.replace(change), tuple(pairs)


def _dated(frame: pd.DataFrame, findings: Findings) -> pd.Series:
    """Refuse codes that the spreadsheet turned into dates, as 3-4 into the fourth of March."""
    bad = pd.Series(False, index=frame.index)
    for name in (PROPOSAL, EVALUATOR):
        dated = pd.Series([isinstance(cell, DateText) for cell in frame[name]], index=frame.index, dtype=bool)
        findings.refuse_rows(frame[dated], "ratings.date_code", partial(_date_code, name=name))
        bad |= dated
    return bad


def _date_code(row: dict, *, name: str) -> dict:
    return {"column": column_at(row, name), "value": str(row[name]), name: ""}


def _proposals(frame: pd.DataFrame, findings: Findings, *, known: tuple[str, ...]) -> pd.Series:
    _fold(frame, findings, name=PROPOSAL, known=known)
    empty = frame[PROPOSAL] == ""
    findings.refuse_rows(
        frame[empty & ~_named(frame, PROPOSAL)],
        "ratings.empty_code",
        lambda row: {"column": column_at(row, PROPOSAL)},
    )
    unknown = ~frame[PROPOSAL].isin(known) & ~empty & bool(known)
    near = Codes(known)
    findings.refuse_rows(
        frame[unknown],
        "ratings.unknown_proposal",
        lambda row: {
            "column": column_at(row, PROPOSAL),
            "value": row[PROPOSAL],
            "proposal": "",
            "detail": nearest(near.nearest(row[PROPOSAL])),
        },
    )
    return empty | unknown


def nearest(name: str, allowed: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    """Give the details of a message about an unknown word.

    >>> nearest("", ("lead", "counterpart"))
    (('nearest', ''), ('allowed', 'lead, counterpart'))
    """
    return (("nearest", name), ("allowed", ", ".join(allowed)))


def _evaluators(frame: pd.DataFrame, findings: Findings) -> pd.Series:
    # A row that a form or template left without a rating may lack its evaluator too.
    empty = (frame[EVALUATOR] == "") & (frame[RATING] != "")
    _fold(frame, findings, name=EVALUATOR, known=())
    codes = {code: is_code(code) for code in frame[EVALUATOR].unique()}
    personal = ~frame[EVALUATOR].map(codes).astype(bool) & (frame[EVALUATOR] != "")
    left_empty = empty & ~_named(frame, EVALUATOR)
    titled = personal & pd.Series([EVALUATOR not in heads for heads in frame["heads"]], index=frame.index)
    for faulty, rule in ((left_empty, "ratings.empty_code"), (personal & ~titled, "ratings.personal")):
        findings.refuse_rows(frame[faulty], rule, lambda row: {"column": column_at(row, EVALUATOR)})
    # A title is one fault, however many rows the sheet has.
    in_header = titled & (frame[EVALUATOR] != frame["sheet"])
    for rows, rule in ((titled & ~in_header, "ratings.personal_title"), (in_header, PERSONAL_HEADERS)):
        for file, sheet in dict.fromkeys(zip(frame[rows]["file"], frame[rows]["sheet"], strict=True)):
            findings.problems.append(Problem(rule, file, sheet))
    return empty | personal


def _words(
    frame: pd.DataFrame, findings: Findings, *, kind: str, vocabulary: Vocabulary, language: str
) -> pd.Series:
    typed = frame[kind].astype(str)
    meaning = {word: vocabulary.resolve(kind, word) for word in typed.unique()}
    read = tuple((word, key) for word, key in meaning.items() if key and key != word)
    if read:
        findings.notes.append(Translated("ratings.translated_values", read, kind))
    frame[kind] = typed.map(meaning).astype(str)
    if kind == PANEL and vocabulary.sole_panels:
        sole = frame[INDICATOR].map(vocabulary.sole_panels).fillna("")
        frame[kind] = frame[kind].where(typed != "", sole)
    faulty = frame[kind] == ""
    if not faulty.any():
        return faulty
    rule = "ratings.unknown_indicator" if kind == INDICATOR else "ratings.unknown_word"
    near = {word: vocabulary.nearest(kind, word) for word in typed[faulty].unique()}
    near = {word: word_of(kind, key, language) if key else "" for word, key in near.items()}
    allowed = vocabulary.allowed[kind]
    worded = ("words", with_keys(kind, allowed, language))
    # Of an indicator that is not known nobody asks for the panel too.
    follows = (frame[INDICATOR] == "") if kind == PANEL and vocabulary.sole_panels else False
    unread = faulty & ~((typed == "") & (_named(frame, kind) | follows))
    findings.refuse_rows(
        frame[unread].assign(word=typed[unread]),
        rule,
        lambda row: {
            "column": column_at(row, kind),
            "value": row["word"],
            "detail": (*nearest(near[row["word"]], allowed), worded),
        },
    )
    return faulty


def _wrong_panels(frame: pd.DataFrame, findings: Findings, *, method: Method, bad: pd.Series) -> pd.Series:
    panels = {i.name: criterion.panels for criterion in method.criteria for i in criterion.indicators}
    pairs = list(zip(frame[INDICATOR], frame[PANEL], strict=True))
    wrong = {pair: pair[0] in panels and pair[1] not in panels[pair[0]] for pair in set(pairs)}
    faulty = pd.Series([wrong[pair] for pair in pairs], index=frame.index, dtype=bool)
    rated = frame[faulty & ~bad & (frame[RATING] != "")]
    # A wide sheet has a column for every indicator; cells of the other panel's indicators are just empty.
    findings.refuse(
        rated[~rated[RATING].map(lambda cell: is_no_rating(str(cell))).astype(bool)],
        "ratings.wrong_panel",
        lambda row: {
            "column": column_at(row, PANEL),
            "value": row[PANEL],
            "detail": ((PANEL, row[PANEL]), ("panels", ", ".join(panels[row[INDICATOR]]))),
        },
    )
    return faulty
