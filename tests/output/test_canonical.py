"""Canonical CSV, Spanish-Excel CSV, results and atomic writing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import RunError
from ogp_analysis.figures import style
from ogp_analysis.output import canonical

HOSTILE = ["=1+1", "+SUM(A1)", "-2+3+cmd|' /C calc'!A0", "@x", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1", "''=1"]


def test_an_empty_folder_name_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert canonical.save("", "03_categories", tables={"a": pd.DataFrame({"x": [1]})}, results={"n": 1}) == []
    assert list(tmp_path.iterdir()) == []


def test_save_names_what_it_wrote_and_writes_it(tmp_path):
    frame = pd.DataFrame({"score": [1 / 3, np.nan], "name": ["a", None]})
    written = canonical.save(
        tmp_path,
        "03_categories",
        tables={"scores": frame},
        figures={"f": "<svg/>"},
        results={"n": np.int64(2)},
    )
    assert written == ["tables/scores.csv", "figures/f.svg", "results/03_categories.json"]
    assert (tmp_path / "tables/scores.csv").read_bytes() == b"score,name\n0.3333333333,a\n,\n"
    assert json.loads((tmp_path / "results/03_categories.json").read_text("utf-8")) == {"n": 2}


def test_a_drawing_function_is_saved_in_both_languages(tmp_path):
    @style.styled
    def draw(*, language):
        figure = style.new(height=2)
        figure.subplots().set_title(language)
        return figure

    assert canonical.save(tmp_path, "x", figures={"f": draw}) == ["figures/f.en.svg", "figures/f.es.svg"]
    assert ">es</text>" in (tmp_path / "figures/f.es.svg").read_text("utf-8")


def test_a_finished_figure_is_saved_as_it_is(tmp_path):
    figure = style.nothing(style.new(height=1.0), "335 → 43")
    assert canonical.save(tmp_path, "x", figures={"f": figure}) == ["figures/f.svg"]
    assert (tmp_path / "figures/f.svg").read_text("utf-8") == style.svg(figure)


def test_a_named_index_is_a_column_and_an_unnamed_one_is_not():
    named = pd.DataFrame({"x": [1]}, index=pd.Index(["S01"], name="proposal"))
    assert canonical.csv_text(named) == "proposal,x\nS01,1\n"
    assert canonical.csv_text(pd.DataFrame({"x": [1]}, index=[7])) == "x\n1\n"


def test_a_table_written_in_parts_is_that_of_one(monkeypatch):
    frame = pd.DataFrame(
        {"x": pd.array([1, None, 3], dtype="Int64"), "y": [0.5, 1, 2], "z": ["a,b", "", "=1"]}
    )
    whole = canonical.csv_text(frame)
    assert whole == 'x,y,z\n1,0.5,"a,b"\n,1,\n3,2,\'=1\n'
    monkeypatch.setattr(canonical, "ROWS", 2)
    assert canonical.csv_text(frame) == whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-7, "1e-07"),
        (-0.0, "0"),
        (12345678901, "12345678901"),
        (np.float64(2.5), "2.5"),
        (np.True_, "true"),
        (pd.Timestamp("2019-10-01"), "2019-10-01"),
        (dt.datetime(2019, 10, 1, 9, 30), "2019-10-01T09:30:00"),
        (dt.date(2019, 10, 1), "2019-10-01"),
        (pd.NaT, ""),
        (pd.NA, ""),
        (float("inf"), "inf"),
        (-3, "-3"),
    ],
)
def test_a_cell_has_one_canonical_text(value, text):
    assert canonical.cell_text(value) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_becomes_text_and_comes_back(text):
    written = canonical.safe_text(text)
    assert written.startswith("'")
    assert canonical.plain_text(written) == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_no_text_is_lost_and_none_starts_like_a_formula(text):
    written = canonical.safe_text(text)
    assert canonical.plain_text(written) == text
    assert written[:1] not in {"=", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}
    assert written[:1] not in {"+", "-"} or canonical.PLAIN_NUMBER.fullmatch(written)


def test_tables_come_back_as_they_were_written(tmp_path):
    frame = pd.DataFrame(
        {
            "id": ["007", "012"],
            "n": [1, -2],
            "x": [0.5, np.nan],
            "t": ["=1", 'a "b", c\nd'],
            "b": [True, False],
        }
    )
    canonical.save(tmp_path, "x", tables={"t": frame})
    back = canonical.read_table(tmp_path / "tables/t.csv")
    assert back["id"].tolist() == ["007", "012"]
    assert back["n"].tolist() == [1, -2]
    assert back["t"].tolist() == frame["t"].tolist()
    assert back["b"].tolist() == [True, False]
    assert np.isnan(back["x"][1])


@pytest.mark.parametrize("texts", [["3", "\uff10"], ["3", "007"], ["1."], ["true", "3"], ["1;5"]])
def test_texts_that_are_not_all_numbers_of_ours_stay_texts(tmp_path, texts):
    (tmp_path / "t.csv").write_text("\n".join(["a", *texts, ""]), encoding="utf-8")
    assert canonical.read_table(tmp_path / "t.csv")["a"].tolist() == texts


def test_the_spanish_excel_variant_has_mark_semicolon_and_decimal_comma():
    content = canonical.excel_csv_bytes(pd.DataFrame({"zz": [0.5, -1.25], "t": ["a;b", "1.5"]}))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    # A Spanish Excel would read 1.5 as the first of May.
    assert [row for row in rows[1:]] == [["0,5", "a;b"], ["-1,25", "1,5"]]


def test_the_excel_variant_words_codes_and_truth_as_the_reader_does():
    frame = pd.DataFrame(
        {
            "relevance_level": ["high", "medium", None],
            "pair": ["lead-counterpart", "lead-counterpart", "=1+1"],
            "coefficient": ["gwet_ac", "cohen_kappa", "my_own"],
            "benchmark": ["substantial", "almost_perfect", ""],
            "decided": [True, False, True],
            "n": pd.array([1, None, 3], dtype="Int64"),
        }
    )
    text = canonical.excel_csv_bytes(frame).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[1:] == [
        ["alto", "responsable y contraparte", "AC de Gwet", "sustancial", "sí", "1"],
        ["medio", "responsable y contraparte", "kappa de Cohen", "casi perfecto", "no", ""],
        ["", "'=1+1", "my_own", "", "sí", "3"],
    ]
    english = canonical.excel_csv_bytes(frame, language="en").decode("utf-8-sig")
    assert english.splitlines()[1].endswith(";yes;1")


def test_results_have_no_nan_and_sorted_keys():
    text = canonical.json_text({"b": float("nan"), "a": [np.float64(1 / 3), {"z"}], "c": True, "d": None})
    assert json.loads(text) == {"a": [0.3333333333, ["z"]], "b": None, "c": True, "d": None}
    assert text.index('"a"') < text.index('"b"')


def test_a_refused_write_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch):
    path = canonical.write(tmp_path / "t.csv", "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(canonical.Path, "replace", full)
    with pytest.raises(RunError, match="No space left on device"):
        canonical.write(path, "new")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize("name", ["../x", "a b", "x:y", ""])
def test_an_id_that_is_no_file_name_is_refused(tmp_path, name):
    with pytest.raises(RunError, match="may hold letters"):
        canonical.write(tmp_path / "tables" / f"{name}?.csv", "x")


def test_an_svg_is_the_same_bytes_whatever_the_readers_settings():
    import matplotlib as mpl

    @style.styled
    def draw(language="en"):
        figure = style.new(height=2)
        figure.subplots().bar([1, 2], [3, 4], hatch="//", clip_on=True)
        return style.synthetic_mark(figure, language)

    first = style.svg(draw())
    with mpl.rc_context({"svg.hashsalt": "other", "font.size": 20, "svg.fonttype": "path"}):
        assert style.svg(draw()) == first
    assert "SYNTHETIC DATA" in first
    assert "DATOS SINTÉTICOS" in style.svg(draw("es"))
    assert "dc:date" not in first
    assert "Matplotlib v" not in first
    assert style.show(draw())._repr_svg_() == first
    assert repr(style.show(draw())) == "<figure>"
