"""A method of one's own from `ogp method new` to ratings that are read, as a new user would go."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
import yaml
from documentation import fill

from ogp_analysis import ratings
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.cli import main
from ogp_analysis.language import texts
from ogp_analysis.model import method_file, params


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_file_to_start_from_goes_all_the_way_to_categories(here, language, capsys):
    """new, check, template, filling in, check, params: every step with what the one before wrote."""
    assert main.main(["method", "new", "own", "--lang", language]) == 0
    assert main.main(["check", "--method", "own.yaml", "--lang", language]) == 0
    words = ["--method", "own.yaml", "--lang", language]
    assert main.main(["template", "book.xlsx", "--proposals", "4", *words]) == 0
    fill(here / "book.xlsx")
    assert main.main(["check", "book.xlsx", *words]) == 0
    assert main.main(["params", "own-params.yaml", "--data", "book.xlsx", *words]) == 0
    parameters = params.read(here / "own-params.yaml")
    parameters = params.with_values(parameters, data="book.xlsx")
    assigned = whole_assessment.assess(ratings.load(parameters), parameters).assigned
    assert len(assigned) == 4
    assert set(assigned["category_by_rule"].dropna()) <= {1, 2, 3}
    capsys.readouterr()


def test_both_languages_write_the_same_method(here, capsys):
    found = []
    for language in texts.LANGUAGES:
        assert main.main(["method", "new", language, "--lang", language]) == 0
        values = yaml.safe_load((here / f"{language}.yaml").read_text(encoding="utf-8"))
        # What is written in a reader's language.
        del values["name"], values["origin"], values["case"]["language_of_titles"]
        found.append(values)
    assert found[0] == found[1]
    capsys.readouterr()


def test_a_file_that_stands_there_is_left_alone(here, capsys):
    (here / "own.yaml").write_text("mine", encoding="utf-8")
    assert main.main(["method", "new", "own"]) == 1
    assert (here / "own.yaml").read_text(encoding="utf-8") == "mine"
    assert main.main(["method", "new", "own", "--force"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("name", ["no", "2026", "1e3"])
def test_any_name_is_a_text(here, name, capsys):
    assert main.main(["method", "new", name]) == 0
    assert method_file.read_method(f"{name}.yaml", here)[0].name == name
    capsys.readouterr()


def test_a_wrong_method_is_refused_with_all_that_is_wrong(here, capsys):
    assert main.main(["method", "new", "own", "--lang", "es"]) == 0
    text = (here / "own.yaml").read_text(encoding="utf-8")
    spoilt = text.replace("raters: 2", "raters: 0").replace("minimum: 1", "minimum: 9")
    (here / "own.yaml").write_text(spoilt, encoding="utf-8")
    capsys.readouterr()
    assert main.main(["check", "--method", "own.yaml", "--lang", "es"]) == 1
    said = capsys.readouterr()
    for key in (
        "criteria[1].raters",
        "criteria[2].raters",
        "criteria[1].indicators[1]",
        "criteria[2].indicators[1]",
    ):
        assert key in said.out + said.err
    assert "se admite" in said.out + said.err


def test_nothing_to_check_is_a_slip_of_the_command_line(here, capsys):
    assert main.main(["check"]) == 2
    assert "FILE" in capsys.readouterr().err


@pytest.mark.parametrize("method", method_file.packaged_methods())
def test_invented_ratings_fit_every_packaged_method(here, method, capsys):
    assert main.main(["example", "data", "--method", method, "--proposals", "6", "--seed", "3"]) == 0
    assert main.main(["check", "data", "--method", method, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["synthetic"]


@pytest.mark.parametrize("method", [m for m in method_file.packaged_methods() if m != "ecuador-2019"])
def test_the_packaged_examples_are_what_the_command_writes(here, method, capsys):
    assert main.main(["example", "data", "--method", method]) == 0
    packaged = Path(method_file.__file__).parents[1] / "data" / "examples" / method
    for path in sorted(packaged.glob("*.csv")):
        assert path.read_bytes() == (here / "data" / path.name).read_bytes(), path.name
    capsys.readouterr()


DATA = Path(method_file.__file__).parents[1] / "data"
GRID = "Proyecto;Claridad - Juez 1;Claridad - Juez 2;Acuerdo - Juez 1;Acuerdo - Juez 2\n"
GRID += "A;2,5;4;2 - algo;1 - nada\nB;5;3;3 - mucho;2 - algo\nC;3;3;1 - nada;3 - mucho\n"


@pytest.mark.parametrize(
    "source", ["example", "examples/jury-of-labels", "examples/fund-with-weights", "grid"]
)
def test_a_method_drafted_from_ratings_reads_them(here, source, capsys):
    """Without a line changed by hand, for one row a rating and for a column an evaluator."""
    file = here / "r.csv"
    file.write_text(GRID if source == "grid" else (DATA / source / "ratings.csv").read_text("utf-8"), "utf-8")
    assert main.main(["method", "new", "own", "--ratings", "r.csv", "--lang", "es"]) == 0
    assert main.main(["check", "r.csv", "--method", "own.yaml", "--json"]) == 0
    capsys.readouterr()


def test_a_draft_says_what_the_ratings_show(here, capsys):
    """The scale, the step, the answers in their order and the evaluators of a proposal, counted by hand."""
    (here / "r.csv").write_text(GRID, encoding="utf-8")
    assert main.main(["method", "new", "own", "--ratings", "r.csv", "--lang", "es"]) == 0
    method = method_file.read_method("own.yaml", here)[0]
    clear, agreed = method.indicators
    assert (clear.minimum, clear.maximum, clear.step) == (2.5, 5, 0.5)
    assert [one.titles["es"] for one in agreed.labels] == ["1 - nada", "2 - algo", "3 - mucho"]
    assert [criterion.raters_per_panel for criterion in method.criteria] == [2]
    capsys.readouterr()


def test_a_draft_from_a_filled_workbook_leaves_out_what_holds_no_ratings(here, capsys):
    """Its sheets of evaluators are read, none of its other sheets, nor one of means that was added."""
    words = ["--method", "fund-with-weights", "--lang", "es"]
    assert main.main(["template", "book.xlsx", "--proposals", "4", *words]) == 0
    fill(here / "book.xlsx")
    book = openpyxl.load_workbook(here / "book.xlsx")
    for row in (["propuesta", "rigor"], ["P01", 3.3]):
        (book["Promedios"] if "Promedios" in book.sheetnames else book.create_sheet("Promedios")).append(row)
    book.save(here / "book.xlsx")
    assert main.main(["method", "new", "own", "--ratings", "book.xlsx", "--lang", "es"]) == 0
    (criterion,) = method_file.read_method("own.yaml", here)[0].criteria
    assert (criterion.raters_per_panel, len(criterion.indicators), len(criterion.panels)) == (2, 5, 1)
    assert main.main(["check", "book.xlsx", "--method", "own.yaml"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("content", "raters", "scale"),
    [
        # Letters, which are words of a question too; both sexes; a row of means, a column of ranks, rounding.
        ("Proyecto,Juez A,Juez B,Juez C\nP1,1,2,3\nP2,3,2,1\n", 3, (1, 3, 1)),
        ("Proyecto,Evaluador/a 1,Evaluador/a 2\nP1,1,2\nP2,3,2\n", 2, (1, 3, 1)),
        ("Proyecto,Juez 1,Juez 2,Puesto\nP1,1,2,7\nP2,3,2,8\nPromedio,2.1,2.3,\n", 2, (1, 3, 1)),
        ("Proyecto,Juez 1,Juez 2\nP1,9.700000000000001,9\nP2,8.5,9\n", 2, (8.5, 9.7, 0.1)),
        # One who rates a project twice is one; a gap in twenty cells is a gap, which check accepts.
        ("propuesta,juez,nota\nP1,j1,4\nP1,j2,5\nP1,j2,5\nP2,j1,4\nP2,j2,5\n", 2, (4, 5, 1)),
        (
            "propuesta,juez,nota\n" + "".join(f"P{k},j1,4\nP{k},j2,5\n" for k in range(20)) + "P9a,j1,4\n",
            2,
            (4, 5, 1),
        ),
    ],
)
def test_what_a_draft_takes_for_ratings(here, content, raters, scale, capsys):
    (here / "r.csv").write_text(content, encoding="utf-8")
    assert main.main(["method", "new", "own", "--ratings", "r.csv"]) == 0
    (criterion,) = method_file.read_method("own.yaml", here)[0].criteria
    (indicator,) = criterion.indicators
    fewest = 1 if "P9a" in content else raters
    assert (criterion.raters_per_panel, criterion.fewest) == (raters, fewest)
    assert (indicator.minimum, indicator.maximum, indicator.step) == scale
    capsys.readouterr()


def test_answers_that_indicators_share_have_one_order(here, capsys):
    """A number among words is one more answer, for the reader to take out."""
    rows = "P1,j1,bajo,alto\nP2,j1,alto,bajo\nP3,j1,bajo,alto\nP4,j1,alto,bajo\nP5,j1,2,bajo\nP6,j1,2,alto\n"
    (here / "r.csv").write_text("propuesta,juez,Rigor,Alcance\n" + rows, encoding="utf-8")
    assert main.main(["method", "new", "own", "--ratings", "r.csv"]) == 0
    rigour, reach = yaml.safe_load((here / "own.yaml").read_text("utf-8"))["criteria"][0]["indicators"]
    assert (rigour["labels"], reach["labels"]) == (["bajo", "alto", "2"], ["bajo", "alto"])
    capsys.readouterr()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("", "ratings.empty_file"),
        ("Nombre,Edad\nx,4\n", "ratings.lacking_column"),
        ("propuesta,nota\n", "ratings"),
    ],
)
def test_a_file_without_ratings_gives_no_draft(here, content, rule, capsys):
    (here / "r.csv").write_text(content, encoding="utf-8")
    assert main.main(["method", "new", "own", "--ratings", "r.csv", "--json"]) == 1
    assert not (here / "own.yaml").exists()
    assert rule in capsys.readouterr().out
