"""What is judged may be called by numbers, and one evaluator alone may judge all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogp_analysis import ratings
from ogp_analysis.cli.method import draft_of, method_text
from ogp_analysis.model import params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method

CODES = ["00001", "00008", "00015", "00022"]
SCORES = [(3, 4), (2, 5), (1, 1), (5, 3)]


def table(head: str, who: str) -> str:
    rows = [f"{code}{who},{one},{other}" for code, (one, other) in zip(CODES, SCORES, strict=True)]
    return "\n".join([head, *rows]) + "\n"


@pytest.mark.parametrize(
    ("head", "who"),
    [
        ("code,evaluator,Rigor,Use", ",E1"),
        ("Código,Evaluadora,Rigor,Uso", ",E1"),
        ("Expediente,Juez,Rigor,Uso", ",Juez 1"),
    ],
)
def test_the_codes_of_one_evaluators_proposals_are_no_ratings(tmp_path: Path, head: str, who: str) -> None:
    source, method = tmp_path / "given.csv", tmp_path / "method.yaml"
    source.write_text(table(head, who), encoding="utf-8")
    text = method_text("trial", "en", draft_of(source, "en"))
    method.write_text(text, encoding="utf-8")
    read = read_method(str(method), Path())[0]
    titles = [str(one.titles["en"]) for criterion in read.criteria for one in criterion.indicators]
    assert titles == head.split(",")[2:]
    parameters = params.from_values(defaults_of(read) | {"method": str(method), "data": str(source)})
    loaded = ratings.load(parameters).ratings
    assert sorted(loaded["proposal"].unique()) == CODES
    assert len(loaded) == len(CODES) * len(SCORES[0])


def test_codes_of_numbers_come_again_for_each_evaluator(tmp_path: Path) -> None:
    source = tmp_path / "given.csv"
    more = table("code,evaluator,Rigor,Use", ",E2").partition("\n")[2]
    source.write_text(table("code,evaluator,Rigor,Use", ",E1") + more, encoding="utf-8")
    text = method_text("trial", "en", draft_of(source, "en"))
    assert "title: Rigor" in text
    assert "title: code" not in text
