"""The notebooks in Spanish: whole, of today's English, typed as Ecuador types, and nothing else touched."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from tiny_notebooks import ogp_here

from ogp_analysis.runs import notebook_prose, scenario, verify
from ogp_analysis.runs.notebook_file import declared_parameters, source_of

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = {path.stem: path.read_bytes() for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
SPANISH = {(entry.notebook, entry.cell): entry for entry in notebook_prose.catalogue("es")}
CODE = re.compile(r"`[^`]*`")
# The question stands in Spanish in the English notebooks already; the Spanish ones need it once.
QUESTION = re.compile(r"^\*En español: .*\*$", re.MULTILINE)
# Words that any English sentence has one of.
ENGLISH = re.compile(r"\b(the|and|of|which|with|is|are|that|from|its|this)\b", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\w.,/])\d+(?:[.,]\d+)*")


def prose(name: str) -> dict[str, str]:
    """Give the English of every markdown cell by its id."""
    cells = json.loads(COMMITTED[name])["cells"]
    return {cell["id"]: source_of(cell) for cell in cells if cell["cell_type"] == "markdown"}


def pairs() -> list[tuple[str, str, str]]:
    """Give the name, the English and the Spanish of every cell that has both."""
    return [
        (f"{name} {cell}", QUESTION.sub("", english), SPANISH[name, cell].text)
        for name in COMMITTED
        for cell, english in prose(name).items()
        if (name, cell) in SPANISH
    ]


@pytest.mark.parametrize("name", COMMITTED)
def test_every_cell_of_prose_has_spanish_that_was_made_from_its_english(name: str) -> None:
    today = {cell: notebook_prose.english_digest(english) for cell, english in prose(name).items()}
    known = {cell: entry.english for (notebook, cell), entry in SPANISH.items() if notebook == name}
    stale = {cell: digest for cell, digest in today.items() if known.get(cell) != digest}
    assert not stale, f"translate again in data/notebooks/es/{name}.md, then set these digests"
    assert list(known) == list(today), "in the order of the notebook, and none of a cell that is gone"
    assert all(entry.text for entry in SPANISH.values())


def test_a_text_that_stands_in_several_notebooks_is_the_same_in_spanish() -> None:
    spanish: dict[str, set[str]] = {}
    for _, english, text in pairs():
        spanish.setdefault(english, set()).add(text)
    assert [texts for texts in spanish.values() if len(texts) > 1] == []


@pytest.mark.parametrize(
    ("wrong", "of"),
    [
        (re.compile(r"\d%"), "a space stands before the sign of per cent"),
        (re.compile(r"\d\.\d"), "numbers have a decimal comma"),
        (re.compile(r"[\"“”]"), "quotation marks are « »"),
        (re.compile(r"(?<=\s)-\d"), "a minus is no hyphen"),
        (ENGLISH, "no English is left"),
        (re.compile(r"\b(baseline|draws?|ratings?)\b"), "the words of the glossary"),
    ],
)  # fmt: skip
def test_it_is_typed_as_the_rest_of_the_spanish_is(wrong: re.Pattern, of: str) -> None:
    # Addresses of papers and code are the same in every language.
    plain = {name: re.sub(r"doi \S+", "", CODE.sub("", text)) for name, _, text in pairs()}
    assert {name: wrong.findall(text) for name, text in plain.items() if wrong.search(text)} == {}, of


def numbers(text: str) -> Counter[str]:
    """Count the numbers of a text however they are typed: 0.26 and 0,26, 8,329 and 8329 are alike."""
    return Counter(re.sub(r"[.,]", "", number) for number in NUMBER.findall(CODE.sub("", text)))


def test_both_languages_name_the_same_numbers_and_have_the_same_headings() -> None:
    assert numbers("0.26 over 8,329") == numbers("0,26 en 8329") != numbers("0,27 en 8329")
    for name, english, spanish in pairs():
        assert numbers(spanish) == numbers(english), name
        levels = [re.findall(r"^#+ ", text, re.MULTILINE) for text in (english, spanish)]
        assert levels[0] == levels[1], name
        assert english.count("**") == spanish.count("**"), name


def test_the_spanish_names_the_pages_in_spanish() -> None:
    pages = {page for _, _, text in pairs() for page in re.findall(r"(?:docs|params)/[\w.-]+\.md", text)}
    assert pages
    for page in pages:
        assert (ROOT / page).is_file(), page
        assert page.endswith(".es.md") or not (ROOT / page.replace(".md", ".es.md")).exists(), page


@pytest.mark.parametrize("name", COMMITTED)
def test_nothing_but_the_prose_is_replaced(name: str) -> None:
    english = json.loads(COMMITTED[name])
    spanish = json.loads(notebook_prose.in_language(COMMITTED[name], "es"))
    assert notebook_prose.in_language(COMMITTED[name], "en") == COMMITTED[name]
    words = {source_of(cell) for cell in spanish["cells"] if cell["cell_type"] == "markdown"}
    assert words == {entry.text for (notebook, _), entry in SPANISH.items() if notebook == name}
    for notebook in (english, spanish):
        for cell in notebook["cells"]:
            cell["source"] = "" if cell["cell_type"] == "markdown" else cell["source"]
    assert spanish == english


@pytest.mark.parametrize("name", COMMITTED)
def test_a_run_in_english_of_spanish_notebooks_has_english_prose_again(name: str) -> None:
    spanish = notebook_prose.in_language(COMMITTED[name], "es")
    again = json.loads(notebook_prose.in_language(spanish, "en"))
    assert list(map(source_of, again["cells"])) == list(map(source_of, json.loads(COMMITTED[name])["cells"]))
    assert notebook_prose.in_language(spanish, "es") is spanish
    own = spanish.replace(b"propuestas", "propuestas mías".encode())
    kept = json.loads(notebook_prose.in_language(own, "en"))
    assert any("propuestas mías" in source_of(cell) for cell in kept["cells"]), "what somebody wrote stays"


@pytest.mark.parametrize(
    "own",
    [
        {"cell_type": "markdown", "id": "md-04", "source": "## The bottom line, mine"},
        {"cell_type": "markdown", "id": "mine", "source": "## The bottom line"},
        {"cell_type": "markdown", "source": "## The bottom line"},
        {"cell_type": "markdown", "id": ["md-04"], "source": "## The bottom line"},
        {"cell_type": "raw", "id": "md-04", "source": "## The bottom line"},
    ],
)
def test_what_somebody_wrote_is_left_as_it_is(own: dict) -> None:
    known = {"cell_type": "markdown", "id": "md-04", "source": ["## The bottom", " line"]}
    cells = json.loads(notebook_prose.in_language(json.dumps({"cells": [own, known]}).encode(), "es"))[
        "cells"
    ]
    assert [cells[0], cells[1]["source"]] == [own, "## La conclusión"]


# Runs, and what verifies them


@pytest.mark.parametrize(
    ("language", "first"), [("en", "# 1. The ratings"), ("es", "# 1. Las calificaciones")]
)
def test_a_run_has_the_prose_of_its_language_and_verify_knows_it(
    tmp_path: Path, language: str, first: str
) -> None:
    (tmp_path / "mine.yaml").write_text(f"language: {language}\n", encoding="utf-8")
    name = "01_ratings.ipynb"
    given = {name: COMMITTED["01_ratings"]}
    read = scenario.read_scenario(tmp_path / "mine.yaml", notebooks=given, outputs=tmp_path)
    content = read.notebooks[name]
    assert source_of(json.loads(content)["cells"][0]).startswith(first)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / name).write_bytes(content)
    assert verify.foreign_notebooks(tmp_path) == []
    (tmp_path / "notebooks" / name).write_bytes(content.replace(first.encode(), first.encode() + b"x"))
    assert verify.foreign_notebooks(tmp_path) == [name]


# ogp notebooks


def test_the_notebooks_to_work_in_are_in_the_language_asked_for_and_not_executed(tmp_path: Path) -> None:
    code, out, _ = ogp_here(tmp_path, "notebooks", "cuadernos", "--lang", "es")
    assert (code, out.split(" en ")[0]) == (0, "7 cuadernos")
    for name, content in COMMITTED.items():
        made = json.loads((tmp_path / "cuadernos" / f"{name}.ipynb").read_bytes())
        theirs = json.loads(content)
        declared = declared_parameters(theirs, name=name)
        assert declared_parameters(made, name=name) == declared | {"language": "es"}
        assert [cell["id"] for cell in made["cells"]] == [cell["id"] for cell in theirs["cells"]]
        code_cells = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
        assert all((cell["outputs"], cell["execution_count"]) == ([], None) for cell in code_cells)
        comments = next(source_of(c) for c in code_cells if "parameters" in c["metadata"]["tags"])
        assert not ENGLISH.search(re.sub(r'".*?"', "", comments)), name


def test_notebooks_that_somebody_may_have_worked_in_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    worked_in = tmp_path / "mine" / "03_categories.ipynb"
    worked_in.write_bytes(b"mine")
    code, _, err = ogp_here(tmp_path, "notebooks", "mine", "--lang", "es")
    assert code == 1
    assert "03_categories.ipynb: ya existe un archivo con este nombre" in err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == [worked_in.name]
    assert worked_in.read_bytes() == b"mine"


def test_a_name_that_cannot_be_used_is_named_before_anything_is_there(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    for name in ("a", "mi cuaderno"):
        (tmp_path / "own" / f"{name}.ipynb").write_bytes(COMMITTED["01_ratings"])
    code, _, err = ogp_here(tmp_path, "notebooks", "made", "--notebooks", "own", "--lang", "es")
    assert (code, "mi cuaderno.ipynb" in err, (tmp_path / "made").exists()) == (3, True, False)
