"""What steers a terminal or turns a line is shown as such: on terminals, in pages, in workbooks."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from ogp_analysis.cli import main
from ogp_analysis.compare import page as compare_page
from ogp_analysis.compare.comparison import Side, compare
from ogp_analysis.errors import Problem
from ogp_analysis.language.escaping import Shown, everywhere, in_line, visible
from ogp_analysis.output import canonical, tables
from ogp_analysis.report import run_files
from ogp_analysis.tabular import Note

# Bidirectional controls: Unicode Standard Annex 9, table 4; C0, DEL and C1: ECMA-48 (ISO 6429).
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = "".join(map(chr, [*range(32), *range(127, 160)])).replace("\n", "").replace("\t", "")
HOSTILE = "a\x1b[31m\x1b]0;pwn\x07\x9b2J\u202e\x7f"


def steers(text: str) -> list[str]:
    """List what is left of Unicode's own categories of controls and the marks of direction."""
    return [sign for sign in text if sign in BIDI or (unicodedata.category(sign) in "Cc Cs" and sign != "\n")]


def test_every_control_and_mark_of_direction_is_shown_once_and_as_json_writes_it():
    shown = visible(CONTROLS + BIDI + "\ud800")
    assert steers(shown) == []
    assert visible(shown) == shown
    # An independent reader of the form: JSON.
    assert json.loads(f'"{shown}"') == CONTROLS + BIDI + "\ud800"


@pytest.mark.parametrize(
    "plain", ["Año 2, «Núcleo» – ñandú", "👩\u200d🔧", "नमस्ते", "a\r\nb\tc", "e\u0301", "\\u202e", "שלום"]
)
def test_what_steers_nothing_stays(plain):
    assert visible(plain) == plain


def test_lines_that_are_written_together_are_shown_too():
    stream = io.StringIO()
    Shown(stream).writelines(["a\x07\n", "\rb\r"])
    assert stream.getvalue() == "a\\u0007\n\rb\\u000d"


def test_a_value_within_a_line_begins_no_line_of_its_own():
    problem = Problem("people.age", file="a\nError: none\r\n.csv", row=3, value="x\x1b[2J\ty")
    for language in ("en", "es"):
        assert problem.say(language).count("\n") == 0
        assert steers(problem.say(language)) == []
    assert "\\u001b[2J\\ty" in problem.say()
    assert in_line("a\r\nb") == "a\\u000d\\nb"
    assert Note("tabular.separator", (("separator", "\x1b"),)).say() == 'separator "\\u001b"'


def table(folder: Path, name: str, content: str) -> str:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return str(path)


def cases(folder: Path) -> list[list[str]]:
    """Give one command for each way by which a text of others reaches the terminal."""
    header = table(folder, "header.csv", f"{HOSTILE};b\n1;2\n")
    named = table(folder, f"{HOSTILE.replace('/', '')}.csv", "proposal,rating\nS01,3\n")
    cell = table(folder, "cell.csv", f"proposal,indicator,panel,evaluator,rating\n{HOSTILE},time,lead,L1,x\n")
    keys = table(folder, "keys.yaml", json.dumps({HOSTILE: HOSTILE}))
    broken = table(folder, "broken.yaml", f"tolerance: {HOSTILE}")
    crate = folder / f"run{HOSTILE.replace('/', '')}"
    (crate / "tables").mkdir(parents=True)
    (crate / "tables" / f"{HOSTILE.replace('/', '')}.csv").write_text("n\n1\n", encoding="utf-8")
    other = folder / "other"
    (other / "tables").mkdir(parents=True)
    (other / "tables" / "flow.csv").write_text(f"{HOSTILE}\n1,2\n", encoding="utf-8")
    words = [[verb, path] for verb in ("check", "import") for path in (header, named, cell, f"{HOSTILE}.csv")]
    words += [["run", path] for path in (keys, broken, named, f"{HOSTILE}.yaml")]
    words += [["check", cell, "--params", path] for path in (keys, broken)]
    words += [["verify", str(crate)], ["verify", str(crate), str(other)], ["compare", str(crate), str(crate)]]
    words += [["compare", str(crate), str(other)], ["report", str(other)], ["template", f"{HOSTILE}/x.xlsx"]]
    words += [["pseudonymise", header, str(folder / "out.csv"), "--key-file", f"{HOSTILE}"]]
    words += [["check", header, f"--{HOSTILE}"], [HOSTILE], ["check", header, "--lang", HOSTILE]]
    return [[*each, *more] for each in words for more in ([], ["--lang", "es", "--json"])]


def test_no_text_of_others_steers_the_terminal(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before, told = (sys.stdout, sys.stderr), 0
    for words in cases(tmp_path):
        main.main(words)
        printed = capsys.readouterr()
        assert steers(printed.out + printed.err) == [], words
        assert "\\\\u" not in printed.err, "nothing is doubled"
        told += "\\u001b" in printed.out + printed.err
    assert told > 20, "many of these commands repeat the text"
    assert (sys.stdout, sys.stderr) == before


def test_a_file_name_of_half_characters_is_said(tmp_path, capsys):
    assert main.main(["check", str(tmp_path / "a\udc80\udcff.csv")]) in (1, 3)
    assert "a\\udc80\\udcff.csv" in capsys.readouterr().err


def test_the_traceback_of_debug_is_shown_too(tmp_path, monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(Exception, match="ogp"):
        main.main(["run", str(tmp_path / "\x1b[2Jogp.yaml"), "--debug"])
    sys.stderr.write("\x1b[2J")
    assert out.getvalue() == "\\u001b[2J"


def test_json_says_the_very_text_to_a_program(tmp_path, capsys):
    main.main(["check", str(tmp_path / "a\x85\u202e.csv"), "--json"])
    printed = capsys.readouterr().out
    assert steers(printed) == []
    assert "\\u202e" in json.loads(printed)["error"], "a message is words: shown there once"


def test_pages_workbooks_and_shown_tables_turn_no_line(tmp_path):
    frame = pd.DataFrame({"title": [f"Ley {HOSTILE}"], "score": [2.5]})
    canonical.write(tmp_path / "tables" / "flow.csv", canonical.csv_text(frame))
    canonical.write(tmp_path / "results.json", json.dumps({"01": {"headline": HOSTILE, "n": 1}}))
    read = run_files.read(tmp_path)
    said = json.dumps([read.tables["flow"].to_dict("records"), everywhere(read.results)], ensure_ascii=False)
    assert steers(said) == []
    assert read.tables["flow"]["score"].tolist() == [2.5]
    shown = tables.show(frame, "flow")
    assert steers(repr(shown) + shown._repr_html_()) == []
    sides = [Side(HOSTILE, {}, {}, {"flow": frame.assign(title=one)}) for one in (HOSTILE, "b")]
    assert steers(compare_page.page(compare(*sides))) == []


def test_the_comparison_page_allows_its_own_style_and_no_other():
    import base64
    import hashlib
    import re

    side = Side("a", {}, {}, {"flow": pd.DataFrame({"n": [1]})})
    page = compare_page.page(compare(side, side))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "style=" not in page
    assert {"default-src 'none'", "base-uri 'none'", "form-action 'none'"} <= set(policy.split("; "))
