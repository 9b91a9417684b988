"""Names of files, folders and columns that may be a person's, in what a run publishes; all invented."""

from __future__ import annotations

import pytest
import sample_ratings as sample

from ogp_analysis import ratings
from ogp_analysis.model import params
from ogp_analysis.model.records import Method
from ogp_analysis.ratings.evaluator_codes import names_nobody
from ogp_analysis.ratings.published_names import file_name, input_names, is_plain
from ogp_analysis.runs.scenario import contents_of

PERSONAL = (
    "Zoraida Quispe",
    "zoraida_quispe",
    "nota Zoraida Quispe",
    "ANA",
    "Зораида",
    "山田",
    "Rosa",
    "Núñez-2",
)
PLAIN = (
    "ratings",
    "Calificaciones 2019",
    "notas_v2",
    "WG-01",
    "correo electrónico",
    "mi método",
    "Respuestas",
)


@pytest.mark.parametrize("name", PERSONAL)
def test_what_may_be_a_name_is_masked_in_every_form(name):
    assert not is_plain(name)
    assert not names_nobody(name) or name == "ANA"
    for ending in (".csv", ".XLSX", ".xlsx"):
        assert file_name(f"../datos/{name}{ending}") == f"data{ending.lower()}"
        assert file_name(rf"C:\datos\{name}{ending}") == f"data{ending.lower()}"
    assert file_name(f"/home/x/{name}/") == "data"
    assert file_name(f"x.{name}") == "data", "an ending that says nothing of the kind of file may be a name"
    assert file_name(f"{name}/{name}.yaml", "method") == "method.yaml"


@pytest.mark.parametrize("name", PLAIN)
def test_common_words_and_codes_stay_and_a_masked_name_is_masked_no_further(name):
    assert is_plain(name)
    assert file_name(f"../Zoraida/{name}.csv") == f"{name}.csv"
    masked = file_name("Zoraida.csv")
    assert file_name(masked) == masked


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("../premio-cuadra.yaml", "premio-cuadra.yaml"),
        ("premio_cuadra_v2.yaml", "premio_cuadra_v2.yaml"),
        ("Zoraida/premio-cuadra.yaml", "premio-cuadra.yaml"),
        ("premio-zoraida.yaml", "method.yaml"),
        ("zoraida.yaml", "method.yaml"),
    ],
)
def test_a_file_may_bear_the_words_under_which_its_method_is_published(file, shown):
    method = Method("block-prize", (), (), titles={"es": "Premio de la cuadra"})
    assert file_name(file, "method", method) == shown
    assert file_name(shown, "method", method) == shown
    assert file_name("../premio-cuadra.yaml", "method") == "method.yaml"


def test_files_of_a_folder_are_known_by_their_hash():
    hashes = {"ratings.csv": "0" * 64, "Zoraida/Quispe.csv": "ab" * 32, "Rosa.docx": "cd" * 32}
    named = input_names(hashes)
    assert list(named.values()) == ["ratings.csv", "abababab.csv", "cdcdcdcd.docx"]
    # A record that has been masked, or of a run before, is masked to the same names.
    assert input_names({named[name]: value for name, value in hashes.items()}) == {
        n: n for n in named.values()
    }


def test_the_record_of_contents_names_no_file_and_does_not_depend_on_its_name(tmp_path):
    found = []
    for name in ("Zoraida Quispe.csv", "Luz Mora.csv"):
        sample.write(tmp_path / name, sample.complete())
        given = params.from_values(params.baseline() | {"data": name})
        found.append(contents_of(tmp_path / "base.yaml", given, {}))
    assert found[0] == found[1]
    assert "input data data.csv" in found[0]


def test_a_record_of_an_earlier_version_is_compared_under_masked_names(tmp_path, capsys):
    from ogp_analysis.cli import main
    from ogp_analysis.runs import provenance
    from ogp_analysis.runs.ro_crate import Facts

    for name, file in (("first", "Zoraida Quispe.csv"), ("second", "Luz Mora.csv"), ("third", "Ana.csv")):
        (tmp_path / name / "tables").mkdir(parents=True)
        (tmp_path / name / "tables" / "flow.csv").write_text("n\n1\n", encoding="utf-8")
        content = {"code": "ee", f"input data {file}": ("ab" if name != "third" else "cd") * 32}
        given = {"data": file, "tolerance": 1.0}
        times = ("2019-12-01T09:00Z", "2019-12-01T09:01Z")
        provenance.write(tmp_path / name, Facts(name, given, {}, content, *times))
    page = tmp_path / "pages" / "page.html"
    for other, differs in (("second", False), ("third", True)):
        words = [
            "compare",
            str(tmp_path / "first"),
            str(tmp_path / other),
            "--page",
            str(page),
            "--lang",
            "en",
        ]
        assert main.main(words) == 0
        printed = capsys.readouterr().out + page.read_text(encoding="utf-8")
        assert not any(name in printed for name in ("Zoraida", "Luz", "Ana"))
        assert ("data.csv" in printed) == differs, "matched by hash"


@pytest.mark.parametrize("language", ["en", "es"])
def test_headers_are_published_by_number_and_told_in_words(tmp_path, language):
    rows = [dict(row, **{"nota Zoraida Quispe": "x", "nombre": "y"}) for row in sample.complete()]
    path = sample.write(tmp_path / "Zoraida Quispe.csv", rows)
    parameters = sample.parameters(path, language=language)
    published = "\n".join(ratings.load(parameters).said)
    assert "Zoraida" not in published
    assert "#7" in published
    assert "nombre" in published
    assert "data.csv" in published or "#1.csv" in published
    told = "\n".join(ratings.examine(parameters).inputs.said)
    assert "nota Zoraida Quispe" in told
    assert "Zoraida Quispe.csv" in told
    assert "→ email" not in told + published


def test_a_refusal_names_the_file_and_header_to_whoever_has_it(tmp_path):
    rows = [{"Zoraida Quispe": "x", **row} for row in sample.complete()]
    for row in rows:
        del row["panel"]
    path = sample.write(tmp_path / "Zoraida.csv", rows)
    assert "Zoraida.csv" in "".join(problem.file for problem in sample.problems(path))
