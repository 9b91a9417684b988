"""What a new user did wrong in a trial, and what the product must answer; nothing of theirs may be lost."""

from __future__ import annotations

import re

import numpy as np
import pytest

from ogp_analysis.cli.main import main
from ogp_analysis.figures import categories, style
from ogp_analysis.model import params
from ogp_analysis.model.strict_yaml import read_text


@pytest.mark.parametrize(("language", "words"), [("en", "a file of this name already"), ("es", "ya existe")])
def test_a_template_never_replaces_a_filled_workbook(tmp_path, capsys, language, words):
    mine = tmp_path / "mine.xlsx"
    mine.write_bytes(b"filled for hours")
    asked = ["template", str(mine), "--proposals", "3", "--lang", language]
    assert main(asked) == 1
    assert words in capsys.readouterr().err
    assert mine.read_bytes() == b"filled for hours"
    assert main([*asked, "--force"]) == 0
    assert mine.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("before", [["--lang", "es"], ["--lang=es"], ["--debug", "--lang", "es"]])
def test_options_of_every_verb_may_stand_before_it(tmp_path, capsys, before):
    assert main([*before, "check", "--help"]) == 0
    assert capsys.readouterr().out.startswith("uso: ogp check")


def test_other_options_may_not(capsys):
    assert main(["--force", "run", "params/baseline.yaml", "--lang", "en"]) == 2
    assert "--force" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "words"), [("en", "behind data:"), ("es", "en data: de la copia")])
def test_a_workbook_is_no_params_file(tmp_path, capsys, language, words):
    mine = tmp_path / "mine.xlsx"
    mine.write_bytes(b"PK")
    assert main(["run", str(mine), "--lang", language]) == 3
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(("language", "words"), [("en", "is no folder"), ("es", "no existe la carpeta")])
def test_a_missing_run_is_a_missing_folder(tmp_path, capsys, language, words):
    assert main(["verify", str(tmp_path / "nada"), "--lang", language]) == 3
    assert words in capsys.readouterr().err


def test_a_key_without_colon_is_named_by_its_own_line():
    _, (problem,) = read_text("seed: 1\ntolerance 1.0\nlanguage: es\n", "own.yaml")
    assert (problem.rule, problem.row) == ("yaml.syntax.no_colon", 2)


@pytest.fixture(scope="module")
def assigned():
    from ogp_analysis import ratings
    from ogp_analysis.assessment import whole_assessment

    parameters = params.from_values(params.baseline())
    return whole_assessment.assess(ratings.load(parameters), parameters).assigned, parameters.cut_points


def test_the_map_counts_what_it_cannot_place_and_writes_decimal_commas(assigned):
    frame, cuts = assigned
    lacking = frame.copy()
    lacking.iloc[:3, lacking.columns.get_loc("relevance")] = np.nan
    english = style.svg(categories.category_map(lacking, cut_points=cuts))
    spanish = style.svg(categories.category_map(lacking, cut_points=cuts, language="es"))
    # The words stand on several lines.
    in_english, in_spanish = (
        " ".join(re.findall(r">([^<>]*[^<>\s][^<>]*)<", svg)) for svg in (english, spanish)
    )
    assert "not drawn, because a criterion score is still open: 3" in in_english
    assert "sigue abierto: 3" in in_spanish
    assert ">3.5<" in english
    assert ">3,5<" in spanish
    assert ">3.5<" not in spanish
    assert "not drawn" not in style.svg(categories.category_map(frame, cut_points=cuts))
