"""Wrong input of every verb: with ``--lang es`` nothing that is said is English."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml
from tiny_notebooks import write_notebook, write_params

from ogp_analysis.cli import main
from ogp_analysis.errors import RunError
from ogp_analysis.model import params
from ogp_analysis.model.method_file import packaged_methods
from ogp_analysis.output import canonical

# Words that no Spanish sentence has; names of keys, codes and files are quoted or have no such word.
ENGLISH = (
    "the|is|are|was|not|of|must|be|cannot|file|folder|holds|with|and|or|it|its|allowed|from|such|that|which"
    "|this|needs|no such|than|has|have|value|expected|invalid|unknown|denied|directory|sum|to|by"
    "|named|names|weight|weights|statement|understood|written|read|found|only"
)
BELIEFS = {
    "nothing is said": "time at least bananas",
    "no grammar": "time is important",
    "decimal comma": "time at most 0,3",
    "bounds": "time between 0.9 and 0.1",
    "over 1": "time at most 3",
    "two criteria": "time at least alignment",
    "itself": "time at least time",
    "alone": "uniform; time at most 0.3",
    "none": "dirichlet 0",
    "cycle": "time at least 2 times complexity; complexity at least 2 times time",
    "too high": "between 0.5 and 0.9",
    "too low": "at most 0.1",
    "leaves none": "time at least 4 times complexity; complexity at least 0.4",
}


def english(said: str) -> list[str]:
    """Give the English words of a message, without what is quoted from the reader's own input."""
    plain = re.sub(
        r"«[^»]*»|'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|\S+/\S*|\S+\.(?:yaml|csv|xlsx|json)\S*", " ", said
    )
    # Names of packaged methods are codes.
    plain = re.sub("|".join(packaged_methods()), " ", plain)
    plain = re.sub(r"(?ms)^uso: .*?(?=^ogp)", " ", plain)
    # Keys and metavariables are typed as they are.
    plain = re.sub(r"\w+_\w+|\([^()]*\)$|\b[A-Z.]{3,}\b|--[\w-]+", " ", plain)
    return re.findall(rf"(?i)\b(?:{ENGLISH})\b", plain)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out files that are wrong in many ways, and a project with one small notebook."""
    folder = tmp_path_factory.mktemp("wrong")
    write_notebook(folder / "notebooks", "01_x")
    for number, statement in enumerate(BELIEFS.values()):
        write_params(folder, f"belief{number}", weight_belief=statement)
    write_params(folder)
    write_params(folder, "types", tolerance="x", seed=1.5, third_for="x", missing="no", cut_points=[1])
    write_params(folder, "scale", cut_points={"feasibility": [0, 9], "relevance": [3, 2]}, method="x.yaml")
    write_params(folder, "sums", criterion_weights={"feasibility": 0.4, "relevance": 0.5}, n_draws=1)
    (folder / "short.yaml").write_text("tolerence: 1\nseed: 1\nseed: 2\n", encoding="utf-8")
    (folder / "broken.yaml").write_text("a: [1\nb: 2\n", encoding="utf-8")
    (folder / "method.yaml").write_text("name: x\ncriteria: 3\ncategory_table: 2\n", encoding="utf-8")
    (folder / "ratings.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "bytes.csv").write_bytes(b"\x00\xff\xfe" * 50)
    (folder / "no.xlsx").write_bytes(b"PK no workbook")
    (folder / "void").mkdir()
    for name, results in (("broken_run", "{"), ("odd_run", "[]")):
        (folder / name / "tables").mkdir(parents=True)
        (folder / name / "tables" / "flow.csv").write_text("a\n1\n", encoding="utf-8")
        (folder / name / "results.json").write_text(results, encoding="utf-8")
    openpyxl.Workbook().save(folder / "empty.xlsx")
    for name, grid in (
        ("range", {"tolerance": [1, -1]}),
        ("entry", {"tolerance.x": [1]}),
        ("key", {"x": [1]}),
    ):
        text = yaml.safe_dump({"base": "base.yaml", "grid": grid})
        (folder / f"sweep_{name}.yaml").write_text(text, encoding="utf-8")
    return folder


WRONG = [
    *(f"check example --params belief{number}.yaml" for number in range(len(BELIEFS))),
    *(f"run belief{number}.yaml" for number in range(len(BELIEFS))),
    *(
        f"{verb} {name}.yaml"
        for name in ("types", "scale", "sums", "short", "broken")
        for verb in ("run", "sweep")
    ),
    *(
        f"check example --params {name}.yaml"
        for name in ("types", "scale", "sums", "short", "broken", "nope")
    ),
    *(
        "check nope.csv",
        "check void",
        "check ratings.csv",
        "check bytes.csv",
        "check no.xlsx",
        "check empty.xlsx",
    ),
    *(
        "check example --method nope",
        "check example --method method.yaml",
        "check example --params ratings.csv",
    ),
    *("template notes.txt", "template void/no/notes.xlsx", "template n.xlsx --proposals 0", "template void"),
    *("template n.xlsx --evaluators foo A:b", "template n.xlsx --proposals no.xlsx", "template empty.xlsx"),
    *(
        "template n.xlsx --method nope",
        "template n.xlsx --evaluators",
        "template n.xlsx --evaluators E1:lead E1:lead",
    ),
    *("report void", "report nope", "report broken_run", "report odd_run"),
    *("example /proc/x", "example void --seed x"),
    *("compare void nope", "compare void void", "compare broken_run", "compare ratings.csv broken_run"),
    *("verify void", "verify nope", "verify broken_run", "verify ratings.csv"),
    *("sweep nope.yaml", "sweep sweep_range.yaml", "sweep sweep_entry.yaml", "sweep sweep_key.yaml"),
    *("sweep base.yaml --jobs 0", "sweep base.yaml --jobs x"),
    *("pseudonymise ratings.csv", "pseudonymise ratings.csv out.csv --key-file nope", "pseudonymise"),
    *("pseudonymise nope.csv out.csv --key-file base.yaml", "pseudonymise --new-key base.yaml"),
    *(
        "import nope",
        "import void",
        "import ratings.csv",
        "import bytes.csv",
        "import ratings.csv --platform x",
    ),
    *("run nope.yaml", "run ratings.csv", "run base.yaml --notebooks void", "run base.yaml --outputs ../x"),
    *(
        "run base.yaml --jobs x",
        "run base.yaml --jobs",
        "frob",
        "run",
        "check example --params",
        "check --nope x",
    ),
]


@pytest.mark.parametrize("words", WRONG)
def test_nothing_that_is_said_of_wrong_input_is_english(
    words: str, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(here)
    code = main.main([*words.split(), "--lang", "es"])
    said = "".join(capsys.readouterr())
    assert code in (1, 2, 3), said
    assert not english(said), said


def test_english_is_found_and_what_is_quoted_is_not_taken_for_it() -> None:
    assert english("Error: it is a file of the wrong kind") == ["it", "is", "file", "of", "the"]
    assert english("mio.yaml: «time at least the» no es un indicador del método") == []


@pytest.mark.parametrize("number", range(len(BELIEFS)))
def test_check_refuses_a_statement_about_weights_as_run_does(
    number: int, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(here)
    told = []
    for words in (["run", f"belief{number}.yaml"], ["check", "example", "--params", f"belief{number}.yaml"]):
        # A run speaks in the language of the command line, too.
        assert main.main([*words, "--lang", "es"]) == 1
        told.append(capsys.readouterr().err)
    assert told[0] == told[1]
    assert f"belief{number}.yaml, parámetro weight_belief: «" in told[0]


def test_a_run_lists_panels_in_the_language_of_who_asks_and_not_of_its_params_file(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(here)
    row = "proposal,indicator,panel,evaluator,role,rating\nS01,time,jury,E01,independent,3\n"
    (here / "jury.csv").write_text(row, encoding="utf-8")
    write_params(here, "jury", data="jury.csv", language="en")
    for words in (["run", "jury.yaml"], ["check", "jury.csv", "--params", "jury.yaml"]):
        assert main.main([*words, "--lang", "es"]) == 1
        said = "".join(capsys.readouterr())
        assert "'jury' no está entre institución responsable (lead), contraparte (counterpart)" in said
        assert not english(said), said


def test_the_same_wrong_names_are_refused_by_check_and_by_run(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(here)
    write_params(here, "con:dos")
    for words in (["run", "con:dos.yaml"], ["check", "example", "--params", "con:dos.yaml"]):
        assert main.main([*words, "--lang", "es"]) == 2
        assert "con:dos" in capsys.readouterr().err


def test_refused_rows_of_a_sweep_are_worded_in_the_language_asked_for(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(here)
    grid = {"weight_belief": ["uniform", *BELIEFS.values()]}
    (here / "beliefs.yaml").write_text(yaml.safe_dump({"base": "base.yaml", "grid": grid}), encoding="utf-8")
    assert main.main(["sweep", "beliefs.yaml", "--output", "b.csv", "--jobs", "1", "--lang", "es"]) == 0
    refused = pd.read_csv(here / "b.csv", keep_default_na=False)["refused"]
    assert refused.iloc[0] == ""
    assert [line for line in refused.iloc[1:] if not line.startswith("parámetro weight_belief: «")] == []
    assert [line for line in refused if english(line)] == []
    capsys.readouterr()


def test_json_speaks_the_language_too(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(here)
    assert main.main(["report", "void", "--lang", "es", "--json"]) == 3
    assert not english(json.loads(capsys.readouterr().out)["error"])


def test_the_language_of_the_system_is_that_of_a_report_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("LC_ALL", "es_EC.UTF-8")
    assert main.main(["report", str(tmp_path)]) == 3
    assert "no contiene tables/*.csv" in capsys.readouterr().err


def test_a_file_in_place_of_the_folder_is_said_and_left(here: Path) -> None:
    before = (here / "base.yaml").read_bytes()
    with pytest.raises(RunError, match="cannot write"):
        canonical.write(here / "base.yaml" / "x.csv", "a\n")
    assert (here / "base.yaml").read_bytes() == before


def test_the_statement_of_the_baseline_is_understood() -> None:
    assert params.baseline()["weight_belief"] not in BELIEFS.values()
