"""The review pack as files: complete, in two languages, inert, the same bytes everywhere."""

from __future__ import annotations

import html
import json
import re
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
from project_files import installed
from sample_run import HOSTILE, make

from ogp_analysis import plan, report
from ogp_analysis.cli import report as verb
from ogp_analysis.errors import RunError
from ogp_analysis.language import labels, texts
from ogp_analysis.output import canonical
from ogp_analysis.plan import published
from ogp_analysis.report import explorer, page, page_content, paper, pdf, sections
from ogp_analysis.report.sections import SECTIONS

ROOT = Path(__file__).parents[2]
PARTS = ROOT / "ogp_analysis" / "data" / "report"


class Page(HTMLParser):
    """What a test needs of a page: ids, links, text, and the attributes of every element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = make(tmp_path_factory.mktemp("a run with ñ"))
    report.build(folder)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = make(tmp_path_factory.mktemp("hostile"), hostile=True)
    report.build(folder)
    return folder


def read(path):
    return path.read_text(encoding="utf-8")


def said(path):
    return html.unescape(read(path))


def test_all_forms_are_made_in_both_languages(run):
    names = {path.name for path in run.iterdir() if path.is_file()}
    assert names == {
        f"{stem}{code}.{end}"
        for code in ("", ".es")
        for stem, end in (("report", "html"), ("report", "pdf"), ("tables", "xlsx"), ("annex", "xlsx"))
    }
    assert (
        len(list(run.glob("excel/*.csv")))
        == len(list(run.glob("tables/*.csv")))
        == len(list(run.glob("latex/*")))
    )
    assert '<html lang="en">' in read(run / "report.html")
    assert '<html lang="es">' in read(run / "report.es.html")


def test_paper_is_light_whatever_the_screen(run):
    pack = report.read(run)
    assert all("prefers-color-scheme:dark" in svg for svg in pack.figures.values())
    content = json.dumps(pdf.content(pack, "es"))
    assert "<svg" in content
    assert "prefers-color-scheme" not in content


def test_a_narrow_screen_gets_the_narrow_form_of_a_figure_that_has_one(run):
    """`category_counts` of the sample has one, `flow` none; a figure is named once, whatever its forms."""
    page_text = read(run / "report.es.html")
    assert page_text.count("<picture>") == page_text.count('srcset="data:image/svg+xml,') == 1
    assert page_text.count('src="data:image/svg+xml,') == 2
    # A blank would end an address in a srcset.
    assert all(" " not in address for address in re.findall(r'srcset="([^"]*)"', page_text))


def test_the_asked_language_comes_first(tmp_path):
    make(tmp_path)
    names = {path.name for path in report.build(tmp_path, language="es")}
    assert "report.en.html" in names
    assert '<html lang="es">' in read(tmp_path / "report.html")
    assert 'href="report.html"' in read(tmp_path / "report.en.html")
    assert 'href="report.en.html"' in read(tmp_path / "report.html")


def test_the_language_of_the_run_comes_first_when_none_is_asked(tmp_path):
    make(tmp_path, language="es")
    report.build(tmp_path)
    assert '<html lang="es">' in read(tmp_path / "report.html")


def test_a_folder_without_tables_is_refused(tmp_path):
    with pytest.raises(RunError, match=r"holds no tables/\*\.csv"):
        report.build(tmp_path)


def test_broken_results_are_refused(tmp_path):
    make(tmp_path)
    (tmp_path / "results.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunError, match="no JSON"):
        report.build(tmp_path)


def test_merged_results_count_as_the_single_ones(run, tmp_path):
    make(tmp_path)
    merged = {path.stem: json.loads(read(path)) for path in tmp_path.glob("results/*.json")}
    (tmp_path / "results.json").write_text(canonical.json_text(merged), encoding="utf-8")
    report.build(tmp_path)
    assert read(tmp_path / "report.html") == read(run / "report.html")


# The twenty points.


def test_there_are_twenty_points_and_each_leads_to_sections_of_the_page(run):
    points = report.review_points()
    assert points["point"].tolist() == list(range(1, 21))
    # Left out where the run has nothing for it, as this one has not; then nothing leads there either.
    ids = set(Page(read(run / "report.html")).ids) | {one.id for one in SECTIONS if one.optional}
    for point in points.itertuples():
        assert point.sections
        assert set(point.sections.split()) <= ids
        assert f"point-{point.point}" in ids


def test_each_section_has_words_in_both_languages_and_says_what_it_lacks(run):
    pack = report.read(run)
    for language in texts.LANGUAGES:
        for section in page_content.sections(pack, language):
            assert section.title
            assert section.paragraphs
            wanted = next(known for known in sections.SECTIONS if known.id == section.id)
            plain = [name for name in wanted.tables if "*" not in name]
            assert len(section.missing) == sum(name not in pack.tables for name in plain)


# No typed numbers.

# Names that hold a digit and count nothing.
NAMES = re.compile(
    r"note 20|nota 20|CC BY 4\.0|"
    r"[Pp]art[es]* [123]|categor\w+ [1-4](?:(?:,| y| and| o| or) (?:la )?[2-4])*|a la [34]"
    r"(?: o a la 4)?|2019-2021|\{\w+\}"
)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_number_is_typed_into_a_text_of_the_report(language):
    words = {
        key: text
        for key, text in texts.catalogue(language).items()
        if key.startswith(("section.", "part.", "report.", "point.")) and not key.startswith("report.latex")
    }
    assert len(words) > 100
    assert {key: text for key, text in words.items() if re.search(r"\d", NAMES.sub("", text))} == {}


def test_no_number_is_typed_into_a_template():
    page_text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "", read(PARTS / "page.html.j2"), flags=re.DOTALL)
    assert re.findall(r"\d+", page_text) == []
    typst = re.sub(r"//.*|\"[^\"]*\"", "", read(PARTS / "report.typ"))
    in_brackets = re.findall(r"\[([^\[\]#]*)\]", typst)
    assert [text for text in in_brackets if re.search(r"\d", text)] == []


def test_every_number_of_a_table_is_in_the_page_in_the_sign_of_its_language(run):
    pack = report.read(run)
    shown = labels.displayed(pack.tables["categories"], "es")
    page_text = " ".join(Page(read(run / "report.es.html")).words)
    for value in shown["feasibility"]:
        assert value in page_text
    assert re.search(r"\d,\d", page_text)
    assert not re.search(r"\b\d\.\d\d\b", " ".join(shown["feasibility"]))


# Synthetic and published do not mix.


def test_each_table_and_heading_of_part_two_is_marked_and_none_of_part_one(run):
    text = said(run / "report.html")
    first, second = text.index('id="part-plan"'), text.index('id="part-method"')
    third = text.index('id="part-record"')
    mark = texts.say("synthetic.mark", "en")
    assert mark not in text[first:second]
    tables = len(re.findall(r"<table", text[second:third]))
    assert tables >= 2
    assert text[second:third].count(mark) >= tables
    headings = re.findall(r"<h3.*?</h3>", text[second:third])
    assert all(texts.say("report.synthetic_tag", "en") in heading for heading in headings)


def test_real_ratings_carry_no_mark(tmp_path):
    make(tmp_path, synthetic=False)
    report.build(tmp_path)
    assert "SYNTHETIC" not in read(tmp_path / "report.html")
    assert report.read(tmp_path).marked == frozenset()


def test_no_title_of_the_plan_stands_in_the_synthetic_part(run):
    text = read(run / "report.html")
    part = text[text.index('id="part-method"') : text.index('id="part-record"')]
    assert [title for title in report.read(run).tables["proposals_published"]["title"] if title in part] == []


# Hostile texts.


@pytest.mark.parametrize("name", ["report.html", "report.es.html"])
def test_hostile_texts_make_no_element_and_no_handler(run, hostile, name):
    calm, bad = Page(read(run / name)), Page(read(hostile / name))
    tags = lambda parsed: {tag for tag, _ in parsed.elements}  # noqa: E731
    assert tags(bad) == tags(calm)
    assert [attrs for _, attrs in bad.elements if any(key.startswith("on") for key in attrs)] == []
    assert [
        attrs for tag, attrs in bad.elements if tag == "img" and not attrs["src"].startswith("data:")
    ] == []
    scripts = [attrs for tag, attrs in bad.elements if tag == "script"]
    assert len(scripts) == len([attrs for tag, attrs in calm.elements if tag == "script"])
    for text in HOSTILE[:-1]:
        assert text in "\n".join(bad.words)


def test_the_policy_names_the_script_and_the_style_by_their_hash(run):
    text = read(run / "report.html")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text).group(1).replace("&#39;", "'")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert [tag for tag, attrs in Page(text).elements if "style" in attrs] == []


def test_nothing_on_the_page_is_fetched(run):
    for _, attrs in Page(read(run / "report.html")).elements:
        address = attrs.get("src") or ""
        assert address == "" or address.startswith("data:")
        assert not str(attrs.get("href", "")).startswith(("http", "//"))


def test_ids_are_unique_and_links_lead_somewhere(run):
    parsed = Page(read(run / "report.html"))
    assert len(parsed.ids) == len(set(parsed.ids))
    links = [attrs["href"] for tag, attrs in parsed.elements if tag == "a" and attrs["href"].startswith("#")]
    assert {link[1:] for link in links} <= set(parsed.ids)


def test_every_image_has_words_in_its_place(run):
    images = [attrs for tag, attrs in Page(read(run / "report.html")).elements if tag == "img"]
    assert images
    assert all(attrs["alt"] for attrs in images)


# PDF.


@installed("pdftotext", "poppler-utils")
def test_hostile_texts_stay_text_in_the_pdf(hostile):
    words = subprocess.run(
        ["pdftotext", "-layout", str(hostile / "report.pdf"), "-"], check=True, capture_output=True
    ).stdout.decode()
    joined = re.sub(r"\s+", "", words)
    for text in ('#read("/etc/passwd")', "#panic(1)$x$*b*_i_<label>@ref", "=1+1", "</script>"):
        assert text in joined
    assert "root:" not in words


@installed("qpdf", "qpdf")
def test_the_pdf_is_tagged_and_sound(run):
    for name in ("report.pdf", "report.es.pdf"):
        subprocess.run(["qpdf", "--check", str(run / name)], check=True, capture_output=True)
    with pikepdf.open(run / "report.es.pdf") as opened:
        assert bool(opened.Root.MarkInfo.Marked)
        assert "/CreationDate" not in opened.docinfo
        assert opened.open_metadata()["pdfuaid:part"] == "1"


def test_the_pdf_has_every_section_that_its_plan_names_and_every_plan_names_a_section(run):
    content = pdf.content(report.read(run), "en")
    parts = [*content["parts"], {"sections": content["opening"]}]
    titles = [section["title"] for part in parts for section in part["sections"]]
    everything = [section for sections_of in paper.PARTS.values() for section in sections_of]
    named = [section.id for section in sorted(everything, key=lambda section: section.opens)]
    assert titles == [texts.say(f"section.{name}.title", "en") for name in named]
    known = {section.id: section for section in sections.SECTIONS}
    assert set(named) <= set(known)
    for sections_of in paper.PARTS.values():
        for section in sections_of:
            assert all(known[section.id].takes_figure(name) for name in section.figures)
            assert all(any(s.holds(table.id) for s in known.values()) for table in section.tables)


def test_the_pdf_is_portrait_and_its_type_is_at_least_eight_points(run):
    with pikepdf.open(run / "report.pdf") as opened:
        for page in opened.pages:
            left, bottom, right, top = map(float, page.mediabox)
            assert right - left < top - bottom
    sizes = [float(size) for size in re.findall(r"size: ([\d.]+)pt", read(PARTS / "report.typ"))]
    assert len(sizes) > 5
    assert min(sizes) >= 8


def test_the_first_page_of_the_pdf_says_what_it_is_and_who_to_write_to(run):
    pack = report.read(run)
    for language in texts.LANGUAGES:
        block = pdf.content(pack, language)["block"]
        heads = {texts.say(f"report.block.{name}", language) for name in BLOCK}
        assert {head for head, _ in block} == heads
        assert all(text for _, text in block)


BLOCK = ("version", "data", "commit", "licence", "reference", "citation", "contact")


def test_a_column_that_says_the_same_in_each_row_is_a_sentence():
    rows = [["S01", "yes", "1"], ["S02", "yes", "2"], ["S03", "yes", "3"]]
    table = page_content.TableView("t", "", "Note.", ["code", "blind", "n"], [False] * 3, rows, marked=False)
    told = paper.without_constant_columns(table, "en")
    assert told.header == ["code", "n"]
    assert told.rows == [["S01", "1"], ["S02", "2"], ["S03", "3"]]
    assert told.note == "In every row, blind yes. Note."
    two = replace(table, rows=rows[:2])
    assert paper.without_constant_columns(two, "en") == two


# Small. That it is the same bytes wherever and whenever is held by tests/runs/test_locales.py.


def test_the_pack_is_small(run):
    assert sum(path.stat().st_size for path in run.rglob("*") if path.is_file()) < 5e6


# Pieces.


def test_a_paragraph_without_its_facts_is_left_out():
    assert page_content._filled("{a} of {b}", {"a": "1"}) == ""
    assert page_content._filled("{a} of {b}", {"a": "1", "b": "2"}) == "1 of 2"


def test_facts_are_named_by_notebook_and_written_in_the_language(run):
    pack = report.read(run)
    assert page_content.facts(pack, "es")["plan_tables_n"] == "335"
    assert page_content._fact(0.5, "es") == "0,5"
    assert page_content._fact([1, 2.25], "en") == "1, 2.25"
    assert page_content._fact(None, "en") == "–"


def test_search_words_are_plain_and_in_both_languages(run):
    rows = page.searched(report.read(run), "en")[0]["rows"]
    assert "educacion ambiental" in rows[0]["search"]
    assert rows[1]["category"] == "1"


def test_titles_in_another_language_say_so():
    """WCAG 2.2, success criterion 3.1.2: what reads a page aloud must know the language of its parts."""
    named = pd.DataFrame({"proposal": ["P01"], "title": ["Datos abiertos"]})
    recorded = {"03_categories": {"method": {"criteria": [], "language_of_titles": "es"}}}
    pack = report.Pack({"named": named}, {}, recorded, "en", synthetic=False)
    assert page_content.table(pack, "named", "en").languages == ["", "es"]
    assert page_content.table(pack, "named", "es").languages == ["", ""]


def test_who_decides_and_when_stand_in_the_title_block():
    words = {"es": {"case.body": "el comité del fondo"}}
    method = {"criteria": [], "plan": "", "period": "2026", "words": words}
    pack = report.Pack({}, {}, {"03_categories": {"method": method}}, "es", synthetic=False)
    shown = dict(page_content.title_block(pack, "es"))
    assert [shown.get(texts.say(f"report.block.{key}", "es")) for key in ("decided_by", "period")] == [
        "el comité del fondo",
        "2026",
    ]
    silent = report.Pack(
        {}, {}, {"03_categories": {"method": {"criteria": [], "plan": ""}}}, "es", synthetic=False
    )
    assert len(page_content.title_block(silent, "es")) == len(shown) - 2


def test_spanish_words_find_every_published_title_and_are_never_shown(run):
    titles = published.read("proposals_published").set_index("id")["title"]
    assert set(sections.SPANISH_WORDS) == set(titles[titles.notna() & (titles != "")].index)
    assert not any(
        words in said(run / "report.es.html").replace("data-search", "") for words in ["rediseño y act"]
    )
    row = page.searched(report.read(run), "es")[0]["rows"][1]
    assert "rediseno y actualizacion" in row["search"]


def test_a_pair_of_columns_shows_the_readers_one():
    frame = pd.DataFrame({"id": [1], "why_en": ["because"], "why_es": [None], "x_en": [2]})
    assert list(labels.localised(frame, "es").columns) == ["id", "why", "x_en"]
    assert labels.localised(frame, "es")["why"].tolist() == ["because"]


def test_the_verb_says_where_the_pages_are(tmp_path, capsys):
    import argparse

    make(tmp_path)
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    assert verb.run(parser.parse_args([str(tmp_path), "--lang", "es"])) == 0
    said = capsys.readouterr().out
    assert str(tmp_path / "report.html") in said
    assert "archivos en excel/" in said


# The committed baseline, once it is there.


# What reviewers missed once.


def test_the_parameters_show_key_meaning_and_code_beside_the_words():
    frame = pd.DataFrame(
        {
            "parameter": ["third_rule", "cut_points"],
            "item": [None, "relevance"],
            "value": ["median", "2.5; 3.5"],
        }
    )
    assert labels.displayed(frame, "es").values.tolist() == [
        ["third_rule", "–", "mediana (median)"],
        ["cut_points", "pertinencia (relevance)", "2,5; 3,5"],
    ]


def test_percentages_have_the_decimals_of_the_plan():
    frame = pd.DataFrame({"percentage": [39.73, 60.2693602694]})
    assert labels.displayed(frame, "en")["percentage"].tolist() == ["39.73", "60.27"]


def test_every_language_names_its_own_files(tmp_path):
    make(tmp_path, language="es")
    report.build(tmp_path)
    contact = {
        name: said(tmp_path / name).split('id="contact"')[1] for name in ("report.html", "report.en.html")
    }
    assert "report.pdf" in contact["report.html"]
    assert "tables.xlsx" in contact["report.html"]
    assert "report.en.pdf" in contact["report.en.html"]
    assert "tables.en.xlsx" in contact["report.en.html"]
    assert "annex.en.xlsx" in contact["report.en.html"]


def test_criteria_of_ones_own_show_with_scores_and_levels(tmp_path):
    make(tmp_path)
    pack = report.read(tmp_path)
    own = pd.DataFrame(
        {"proposal": ["R01"], "viabilidad": [4.5], "viabilidad_level": ["high"], "composite": [4.5]}
    )
    found = {"method": {"criteria": [{"name": "viabilidad"}]}}
    pack = replace(pack, tables={"categories": own}, results={"06": found})
    assert page_content.table(pack, "categories", "en").header == [
        "proposal",
        "viabilidad",
        "level of viabilidad",
        "composite (points)",
    ]
    assert page_content.table(pack, "categories", "en").rows[0][1:3] == ["4.5", "high"]


def test_categories_1_and_2_of_october_2019_are_inferred_in_the_plans_table():
    proposals = plan.results.compute().tables["proposals_published"]
    lost = proposals["category_1_oct_2019"].isin([1, 2])
    assert lost.sum() == 16
    assert proposals["category_origin"].eq("inferred").tolist() == lost.tolist()
    assert proposals["note_es"].notna().tolist() == proposals["note_en"].notna().tolist()


def own_method(folder, name):
    path = next(folder.glob("results/06*.json"))
    found = json.loads(read(path))
    path.write_text(json.dumps(found | {"method": found["method"] | {"name": name}}), encoding="utf-8")
    return report.read(folder)


PLANS = {
    "en": (
        "runs the plan's method",
        "what its method gives",
        "The plan's text states the steps of its method",
    ),
    "es": (
        "aplica el método del plan",
        "aplicar su método a",
        "El texto del plan enuncia los pasos de su método",
    ),
}


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("name", ["ecuador-2019", "iclr"])
def test_a_method_of_ones_own_is_not_called_the_plans(tmp_path, language, name):
    pack = own_method(make(tmp_path), name)
    shown = (
        page.render(pack, language=language, other_page="x.html"),
        json.dumps(pdf.content(pack, language), ensure_ascii=False),
    )
    for text in map(html.unescape, shown):
        assert [words in text for words in PLANS[language]] == [name == "ecuador-2019"] * 3


def test_the_explorer_takes_no_name_of_the_method(tmp_path):
    drawn = explorer.inputs(own_method(make(tmp_path), "iclr"))
    assert set(drawn["method"]) == {"criteria", "category_table", "categories", "route", "composite"}
