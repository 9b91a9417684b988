"""The command line: its verbs, exit codes, languages, and what it never shows."""

from __future__ import annotations

import importlib
import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from depth import deep_after
from tiny_notebooks import ROOT, environment, ogp, ogp_here

import ogp_analysis
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError, Problem, RunError
from ogp_analysis.language import texts

HEAVY = ("numpy", "pandas", "scipy", "matplotlib", "papermill", "nbclient", "sklearn", "typst")


# One process for all verbs: after each, what it brought along. A name that stays there counts once.
HELP_OF_ALL = f"""
import json, sys
from ogp_analysis.cli import main
seen = {{}}
for verb in {list(main.VERBS)}:
    for code in ("en", "es"):
        assert main.main([verb, "--help", "--lang", code]) == 0, verb
    seen[verb] = [name for name in {HEAVY} if name in sys.modules]
print(json.dumps(seen))
"""


def test_every_verb_has_help_in_both_languages_and_no_heavy_import() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELP_OF_ALL], env=environment(), capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {verb: [] for verb in main.VERBS}
    for verb in main.VERBS:
        for language in texts.LANGUAGES:
            assert texts.has(f"cli.verb.{verb}", language)


@pytest.mark.parametrize("verb", main.VERBS)
def test_every_verb_follows_the_contract(verb: str) -> None:
    module = main.module_of(verb)
    assert isinstance(module.HELP, str)
    assert callable(module.add_arguments)
    assert callable(module.run)
    assert module is importlib.import_module(f"ogp_analysis.cli.{main.VERBS[verb]}")


def test_every_other_module_of_the_command_line_is_a_verb() -> None:
    folder = Path(ogp_analysis.__file__).parent / "cli"
    of_all_verbs = {"main", "streams", "jobs", "replacing"}
    assert {path.stem for path in folder.glob("[a-z]*.py")} - of_all_verbs == set(main.VERBS.values())


def test_version_and_help_say_what_to_do(tmp_path: Path) -> None:
    assert ogp(tmp_path, "--version") == (0, f"ogp {ogp_analysis.__version__}\n", "")
    code, out, _ = ogp(tmp_path, "--help", LANG="es_EC.UTF-8", LC_ALL="es_EC.UTF-8")
    assert code == 0
    assert "Ejemplo: ogp run params/baseline.yaml" in out
    assert "ejecutar los cuadernos" in out


def test_wrong_usage_is_two_and_no_traceback(tmp_path: Path) -> None:
    assert ogp(tmp_path, "fly") == ogp_here(tmp_path, "fly"), "a process says what its function says"
    for words in ([], ["fly"], ["run"], ["run", "a.yaml", "--jobs", "0"], ["run", "--nope"]):
        code, out, err = ogp_here(tmp_path, *words)
        assert (code, out) == (2, ""), words
        assert "usage: ogp" in err, words
        assert "Traceback" not in err, words


def test_what_is_missing_is_said_in_the_language_asked_for_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    code, _, err = ogp_here(tmp_path, "run", "nada.yaml", "--lang", "es")
    assert code == 2
    assert err.startswith("Error: no existe el archivo de parámetros nada.yaml")
    (tmp_path / "algo.yaml").write_text("seed: 1", encoding="utf-8")
    code, _, err = ogp_here(tmp_path, "run", "algo.yaml", "--lang", "es")
    assert code == 2
    assert err.startswith("Error: no hay ningún cuaderno en notebooks")
    code, out, err = ogp_here(tmp_path, "run", "nada.yaml", "--json")
    assert (code, err) == (2, "")
    assert json.loads(out)["exit_code"] == 2
    with pytest.raises(RunError, match=r"nada\.yaml"):
        ogp_here(tmp_path, "run", "nada.yaml", "--debug")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RunError("x"), 3),
        (RunError("x", key="run.no_params_file"), 2),
        (RunError("x", key="run.cell_failed"), 3),
        (DataError([Problem("check.more", detail=(("count", "1"),))]), 1),
        (PermissionError(13, "Permission denied", "f.xlsx"), 3),
        (ZeroDivisionError("x"), 4),
    ],
)
def test_exit_codes(error: Exception, code: int) -> None:
    assert main.exit_code(error) == code


def test_a_defect_of_ours_is_named_as_such_in_both_languages() -> None:
    assert main.wording(KeyError("x"), "en").startswith("this is a defect of ogp, not of your data: KeyError")
    assert main.wording(KeyError("x"), "es").startswith("es un defecto de ogp, no de sus datos: KeyError")
    words = main.wording(PermissionError(13, "Permission denied", "f.xlsx"), "en")
    assert words == "f.xlsx: Permission denied"


@pytest.mark.parametrize(
    ("words", "system", "language"),
    [
        (["--lang", "es"], "en_US.UTF-8", "es"),
        (["--lang=en"], "es_EC.UTF-8", "en"),
        ([], "es_EC.UTF-8", "es"),
        ([], "fr_FR.UTF-8", "en"),
        (["--lang"], "C", "en"),
    ],
)
def test_the_language_is_asked_for_else_the_systems(
    monkeypatch: pytest.MonkeyPatch, words: list[str], system: str, language: str
) -> None:
    monkeypatch.setenv("LC_ALL", system)
    assert main.chosen_language(words) == language


def test_output_survives_an_ascii_terminal(tmp_path: Path) -> None:
    changes = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code, out, _ = ogp(tmp_path, "--help", "--lang", "es", **changes)
    assert code == 0
    assert "auditoría" in out.lower()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "faltan estos argumentos: VERB"),
        (["fly"], "argumento VERB: 'fly' no se admite (se admite: 'run', 'check'"),
        (["run"], "faltan estos argumentos: PARAMS.yaml"),
        (["run", "a.yaml", "--jobs", "0"], "argumento --jobs: 0 es menor que 1"),
        (["run", "a.yaml", "--jobs", "x"], "argumento --jobs: 'x' no es un número entero"),
        (["check", "a", "b"], "argumentos desconocidos: b"),
        (["check", "a", "--method"], "argumento --method: necesita un valor"),
        (["template", "a.xlsx", "--evaluators"], "argumento --evaluators: necesita al menos un valor"),
        (["check", "a", "--lang", "qu"], "argumento --lang: 'qu' no se admite (se admite: 'en', 'es')"),
        (["check", "a", "--json=1"], "argumento --json: no lleva valor, pero se dio '1'"),
        (["check", "a", "--m", "x", "--p"], "argumento --params: necesita un valor"),
    ],
)
def test_wrong_usage_is_told_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, words: list[str], message: str
) -> None:
    monkeypatch.setenv("LC_ALL", "es_EC.UTF-8")
    assert main.main(words) == 2
    said = capsys.readouterr().err
    assert said.startswith("uso: ogp")
    assert f": error: {message}" in said.replace('"', "'")
    assert "usage" not in said


def test_help_has_no_english_heading_in_spanish(capsys: pytest.CaptureFixture) -> None:
    assert main.main(["check", "--help", "--lang", "es"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("uso: ogp check")
    for word in ("usage:", "options:", "positional", "show this help"):
        assert word not in said


def test_an_error_of_argparse_that_has_no_words_of_ours_stays_as_it_is() -> None:
    assert main.usage_error("argument X: something new", "es") == "argument X: something new"


def test_problems_of_data_are_listed_once_for_equal_rows() -> None:
    rows = [Problem("ratings.empty_code", file="n.csv", row=row, column="panel") for row in range(2, 500)]
    said = main.wording(DataError(rows), "es")
    assert said.count("la celda está vacía") == 1
    assert "(498 filas: 2-499)" in said


@pytest.mark.parametrize("verb", main.VERBS)
def test_every_argument_has_help_in_both_languages(verb: str) -> None:
    parser = main.Parser(language="en")
    shared = {action.dest for action in parser._actions}
    main.module_of(verb).add_arguments(parser)
    own = {action.dest for action in parser._actions} - shared
    assert own
    lacking = {
        name for name in own for code in texts.LANGUAGES if not texts.has(f"cli.help.{verb}.{name}", code)
    }
    assert not lacking


def test_a_worker_that_imports_the_main_module_starts_no_command(capsys: pytest.CaptureFixture) -> None:
    # A spawned process imports the module that its parent was started with, under this name.
    assert runpy.run_module("ogp_analysis.__main__", run_name="__mp_main__")["main"] is main.main
    assert capsys.readouterr() == ("", "")


# Streams that fail, memory that is limited


VERBS_THAT_PRINT = [["params"], ["params", "--json"], ["--help"], ["--version"], ["check", "example"]]


def shell(folder: Path, words: list[str], after: str, **changes: str) -> tuple[int, str]:
    """Call the command in a shell that does something to its streams: exit code, standard error."""
    command = f'"{sys.executable}" -m ogp_analysis {" ".join(words)} {after}'
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env={**environment(), **changes}, capture_output=True, text=True
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", VERBS_THAT_PRINT, ids=" ".join)
@pytest.mark.parametrize("unbuffered", deep_after(1, ["", "1"]))
def test_a_standard_output_that_fails_is_named(tmp_path: Path, words: list[str], unbuffered: str) -> None:
    code, err = shell(tmp_path, [*words, "--lang en"], "> /dev/full", PYTHONUNBUFFERED=unbuffered)
    assert (code, err) == (3, "Error: standard output: No space left on device\n")


@pytest.mark.skipif(sys.platform == "win32", reason="shells of POSIX systems")
@pytest.mark.parametrize(
    "after", [">&-", "| true; exit ${PIPESTATUS[0]}", "| head -1; exit ${PIPESTATUS[0]}"]
)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["check", "bad.csv"], 1),
        *(pytest.param([word], 0, marks=pytest.mark.deep) for word in ("params", "--help")),
    ],
)
def test_whoever_reads_nothing_gets_the_right_exit_code(
    tmp_path: Path, words: list[str], code: int, after: str
) -> None:
    (tmp_path / "bad.csv").write_text("proposal,panel,evaluator,time\nS01,lead,L1,9\n", encoding="utf-8")
    assert shell(tmp_path, words, after) == (code, "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of address space")
@pytest.mark.parametrize("limit", [100_000, 250_000])
def test_too_little_memory_is_named_with_its_limit(tmp_path: Path, limit: int) -> None:
    done = subprocess.run(
        ["sh", "-c", f'ulimit -v {limit}; "{sys.executable}" -m ogp_analysis check example --lang en'],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert f"not enough memory here (limit of this process: {limit // 1024} MiB" in done.stderr
    assert "defect" not in done.stderr
