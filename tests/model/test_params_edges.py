"""Rarer refusals of parameters and method files, and what else may lie in the folder of the words."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages import pofile

from ogp_analysis.errors import ParameterError
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method

METHOD = """
name: small
criteria:
  - name: cost
    panels: [a, b]
    raters_per_panel: 1
    indicators: [{name: money, minimum: 0, maximum: 10}]
  - name: use
    panels: [c]
    raters_per_panel: 3
    indicators: [{name: need, minimum: -2, maximum: 2}]
category_table: [[4, 4, 4], [4, 2, 2], [4, 2, 1]]
"""
SMALL = {
    "method": "small.yaml",
    "indicator_weights": {"money": 1, "need": 1},
    "criterion_weights": {"cost": 0.5, "use": 0.5},
    "cut_points": {"cost": [3, 6], "use": [-1, 1]},
    "third_for": ["use"],
}


def refused(tmp_path, text, **changes):
    """Write a method file and return the lines of its refusal."""
    (tmp_path / "small.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        params.from_values(params.baseline() | SMALL | changes, folder=tmp_path)
    return [problem.say() for problem in caught.value.problems]


def test_the_method_file_that_the_refusals_spoil_is_right(tmp_path):
    (tmp_path / "small.yaml").write_text(METHOD, encoding="utf-8")
    parameters = params.from_values(params.baseline() | SMALL, folder=tmp_path)
    assert [criterion.name for criterion in parameters.method.criteria] == ["cost", "use"]


def test_a_method_file_that_is_no_mapping_is_refused(tmp_path):
    [said] = refused(tmp_path, "- cost\n- use\n")
    assert "small.yaml" in said
    assert "list" in said


@pytest.mark.parametrize("name", ["panel_rule", "third_rule"])
def test_what_is_no_text_is_told_once_and_alone(name):
    """It is not compared with the names of the method, or with a list of choices, as well."""
    with pytest.raises(ParameterError) as caught:
        params.from_values(params.baseline() | {name: 3})
    assert [problem.say() for problem in caught.value.problems] == [
        f"parameter {name}: 3 is of type int; allowed: a text"
    ]


def test_a_cut_point_without_bounds_is_refused():
    cuts = {"feasibility": [2.5, float("inf")], "relevance": [2.5, 3.5]}
    with pytest.raises(ParameterError, match=r"feasibility: \[2\.5, inf\] is not a finite number"):
        params.from_values(params.baseline() | {"cut_points": cuts})


def test_another_method_is_read_anew_when_a_value_is_changed():
    before = params.from_values(params.baseline())
    after = params.with_values(before, method="ecuador-2019", tolerance=0)
    assert (after.method, after.tolerance, before.tolerance) == (before.method, 0.0, 1.0)
    with pytest.raises(ParameterError, match="peru-2030 is neither a packaged method"):
        params.with_values(before, method="peru-2030")


def test_only_catalogues_in_the_folder_of_the_words_are_read(tmp_path, monkeypatch):
    (tmp_path / "level.po").write_text('msgid "level.high"\nmsgstr "alta"\n', encoding="utf-8")
    (tmp_path / "level.po.license").write_text("CC0-1.0", encoding="utf-8")
    monkeypatch.setattr(texts, "_folder", lambda _: tmp_path)
    # Past the cache, which must not keep the words of this folder.
    assert texts.catalogue.__wrapped__("es") == {"level.high": "alta"}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_catalogues_are_read_as_babel_reads_them(language):
    for path in texts._folder(language).glob("*.po"):
        entries = pofile.read_po(io.BytesIO(path.read_bytes()))
        # The empty key is the header.
        wanted = {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}
        assert texts._read(path.read_bytes()) == wanted, path.name


@pytest.mark.parametrize(
    "content",
    [
        '#, python-brace-format\n#: x.py:1\nmsgid "a"\nmsgstr "b \\"c\\" \\\\n \\n\\t\\\\"\n',
        '#, fuzzy\nmsgid "a"\nmsgstr "b"\n\n#, c-format, fuzzy\nmsgid "c"\nmsgstr "d"\nmsgid "e"\nmsgstr "f"',
        'msgid ""\nmsgstr ""\n"Language: es\\n"\nmsgid "a"\nmsgstr ""\n"b \u2028"\n"c\x85d"\n# end\n',
        'msgid "a"\r\nmsgstr "b"\r\n\r\nmsgid "none"\r\nmsgstr ""\r\n#~ msgid "old"\r\n#~ msgstr "x"\r\n',
    ],
)
def test_any_catalogue_is_read_as_babel_reads_it(content):
    entries = pofile.read_po(io.BytesIO(content.encode()))
    wanted = {
        str(each.id): str(each.string) for each in entries if each.id and each.string and not each.fuzzy
    }
    assert wanted
    assert texts._read(content.encode()) == wanted


@pytest.mark.parametrize(
    "content",
    [
        'msgctxt "menu"\nmsgid "a"\nmsgstr "b"\n',
        'msgid "a"\nmsgid_plural "as"\nmsgstr[0] "b"\n',
        'msgid "a"\nmsgstr b\n',
    ],
)
def test_a_catalogue_of_which_a_text_would_be_lost_is_not_read(content):
    with pytest.raises(ValueError, match="keywords"):
        texts._read(content.encode())


def test_no_key_of_a_catalogue_has_two_texts():
    """Of two texts of one key a reader of catalogues takes one without a word."""
    for path in (path for code in texts.LANGUAGES for path in texts._folder(code).glob("*.po")):
        starts = [line.split(b" ")[0] for line in path.read_bytes().splitlines()]
        assert starts.count(b"msgid") == starts.count(b"msgstr"), path.name


def test_panels_are_set_against_each_other_only_where_there_are_two():
    """The jury is one panel; the baseline's relevance has two."""
    method = read_method("jury-of-labels", Path())[0]
    values = defaults_of(method) | {"method": "jury-of-labels", "blind_pair": "between_panels"}
    with pytest.raises(ParameterError) as caught:
        params.from_values(values)
    assert [(one.rule, one.parameter) for one in caught.value.problems] == [
        ("params.one_panel", "blind_pair")
    ]
    assert params.from_values(params.baseline() | {"blind_pair": "between_panels"})
    alone = method.criteria[0]
    assert not alone.paired_between("between_panels")
    assert replace(alone, panels=("jury", "public")).paired_between("between_panels")
