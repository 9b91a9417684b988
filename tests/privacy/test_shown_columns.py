"""No column of words that an import, a run or the public page shows leaves out the masks.

The columns are those of the records themselves, so that a new one is looked at without being named here.
"""

from __future__ import annotations

import pandas as pd
import pytest

from ogp_analysis import tabular
from ogp_analysis.errors import DataError
from ogp_analysis.model import params
from ogp_analysis.model.early_tables import ANSWERS, CLASSIFIED, MEMBERSHIP, RECEIVED
from ogp_analysis.privacy.mask_sign import MASK
from ogp_analysis.proposals import folder, group_ledger, importing, platforms
from ogp_analysis.proposals.classification import CRITERIA, classify
from ogp_analysis.proposals.register import register
from ogp_analysis.ratings import side_tables
from ogp_analysis.ratings.known_words import Vocabulary
from ogp_analysis.report import public_page

# Invented, and of nobody: a telephone, an address, a name with a title.
PLANTED = "Ver con la Dra. Zoraida Canariño, 0999000111, zoraida@correo-inventado.ec"
CANARIES = ("canari", "0999000111", "zoraida")
CODES = ("proposal", "text_hash", "group", "members", "classifier", "criterion", "decided_by")


def shows(frame: pd.DataFrame) -> list[str]:
    """Columns in which a canary stands."""
    return [
        name
        for name in frame
        if any(canary in str(cell).casefold() for cell in frame[name] for canary in CANARIES)
    ]


def early_tables() -> dict[str, pd.DataFrame]:
    """Tables of phases 1 and 2, with the columns that the commands write."""
    received = pd.DataFrame("", index=range(2), columns=list(platforms.COLUMNS)).assign(
        proposal=["P1", "P2"], title=["Datos abiertos", "Agua"], text_hash=["a" * 64, "b" * 64]
    )
    answers = pd.DataFrame(
        [
            (code, criterion, "C1", "yes" if code == "P1" else "no", "")
            for code in ("P1", "P2")
            for criterion in CRITERIA
        ],
        columns=["proposal", "criterion", "classifier", "met", "reason"],
    )
    classified = classify(answers)
    ledger = group_ledger.membership(
        classified.assign(group=["G1", ""]), received=list(classified["proposal"])
    )
    groups = group_ledger.groups(ledger, {"G1": "Datos"})
    tables = {RECEIVED: received, ANSWERS: answers, CLASSIFIED: classified, MEMBERSHIP: ledger}
    return {**tables, folder.GROUPS: groups}


EARLY = [(kind, name) for kind, frame in early_tables().items() for name in frame if name not in CODES]


def test_every_column_that_an_import_writes_is_masked():
    # Places are told by words in their headers.
    fields = {"place": "barrio"} | {name: heads[0] for name, heads in platforms.PLAIN.fields.items()}
    written = {name: fields[name] for name in platforms.COLUMNS if name in fields}
    assert set(platforms.COLUMNS) - set(written) <= {"proposal", "text_hash"}
    rows = [
        dict.fromkeys(written.values(), "") | {fields["title"]: f"Agua {k}"} | {head: PLANTED}
        for k, head in enumerate(written.values())
    ]
    done = importing.parse(pd.DataFrame(rows).to_csv(index=False).encode(), file="p.csv")
    assert shows(done.proposals) == []
    # What people write in sentences is kept, without what was planted.
    for name in ("title", "problem", "solution", "answer", "institution"):
        assert any(MASK in cell for cell in done.proposals[name]), name


@pytest.mark.parametrize(("kind", "column"), EARLY)
def test_every_column_of_the_public_page_is_masked_anew(kind, column, tmp_path):
    """The tables may have been edited since a command wrote them; what a column does not allow is refused."""
    tables = early_tables()
    tables[kind] = tables[kind].astype("str").assign(**{column: PLANTED})
    for name, frame in tables.items():
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    try:
        shown = register(folder.load(tmp_path))
    except DataError:
        return
    assert shows(shown) == []
    for language in ("es", "en"):
        page = public_page.render(shown, language, other_page="o.html").casefold()
        assert not [canary for canary in CANARIES if canary in page]


@pytest.mark.parametrize(
    ("kind", "column", "value", "fits"),
    [
        (RECEIVED, "channel", "asamblea", "workshop"),
        (RECEIVED, "sdg", "18", "9 16"),
        (RECEIVED, "submitted", "ayer", "2019-01-31"),
        (CLASSIFIED, "settled_by", "alguien", "third"),
    ],
)
def test_a_cell_edited_to_what_no_command_writes_is_named_and_not_lost(kind, column, value, fits, tmp_path):
    tables = early_tables()
    for cell in (fits, value):
        tables[kind] = tables[kind].astype("str").assign(**{column: ["", cell]})
        for name, frame in tables.items():
            frame.to_csv(tmp_path / f"{name}.csv", index=False)
        if cell == fits:
            assert folder.load(tmp_path).tables[kind][column].tolist() == ["", fits]
    with pytest.raises(DataError) as refused:
        folder.load(tmp_path)
    (problem,) = refused.value.problems
    assert (problem.rule, problem.row, problem.column) == ("people.not_coded", 3, column)
    assert problem.value == value


@pytest.mark.parametrize("column", ["channel", "ethnic", "age", "gender", "sector", "city"])
def test_every_column_of_the_table_of_participants_is_masked(column, tmp_path):
    row = dict.fromkeys(("channel", "ethnic", "age", "gender", "sector", "city"), "online")
    pd.DataFrame([row | {column: PLANTED}]).to_csv(tmp_path / "people.csv", index=False)
    assert shows(folder.load(tmp_path).tables["participants"]) == []


@pytest.mark.parametrize(
    ("kind", "column"),
    [(kind, name) for kind, names in side_tables.COLUMNS.items() for name in names if name != "proposal"],
)
def test_every_column_beside_the_ratings_is_masked(kind, column):
    valid = {
        "proposals": {"proposal": "S01", "title": "Datos", "reiterations": "2"},
        "decisions": {"proposal": "S01", "stage": "selection", "category": "2", "reason": "Urgente"},
        "evaluators": {"evaluator": "L1", "organisation": "Ministerio"},
    }[kind]
    row = dict.fromkeys(side_tables.COLUMNS[kind], "") | valid
    header, cells = pd.DataFrame([row | {column: PLANTED}]).to_csv(index=False).splitlines()
    table = tabular.parse(f"{header}\n{cells}\n".encode(), file="t.csv")[0]
    vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    side = side_tables.read(table, kind, vocabulary=vocabulary)
    assert side.problems or shows(side.frame) == []


def test_a_proposal_that_is_listed_twice_is_named(tmp_path):
    for name, frame in early_tables().items():
        doubled = pd.concat([frame, frame[:1]]) if name == RECEIVED else frame
        doubled.to_csv(tmp_path / f"{name}.csv", index=False)
    with pytest.raises(DataError) as refused:
        folder.load(tmp_path)
    (problem,) = refused.value.problems
    assert (problem.rule, problem.row, problem.value) == ("people.listed_twice", 4, "P1")
    assert dict(problem.detail) == {"first": "2"}


def test_groups_without_their_memberships_are_refused(tmp_path):
    for name, frame in early_tables().items():
        if name != MEMBERSHIP:
            frame.to_csv(tmp_path / f"{name}.csv", index=False)
    with pytest.raises(DataError) as refused:
        folder.load(tmp_path)
    assert [problem.rule for problem in refused.value.problems] == ["people.groups_alone"]
