"""The page of very many proposals without a browser: what its pieces hold, and that they hold it once."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
import sample_run
from hypothesis import given, settings
from hypothesis import strategies as st
from test_public_page_browser import HOSTILE, LEDGER, listed, many

from ogp_analysis import output, report
from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.language import texts
from ogp_analysis.proposals import folder, register
from ogp_analysis.report import public_page, public_pages, search_index


def numbers_of(text: str) -> list[int]:
    """Read numbers as the page's script does, sign by sign."""
    numbers, at, distance = [], -1, 0
    for sign in text:
        value = search_index.SIGNS.index(sign)
        distance = distance * search_index.BASE + value % search_index.BASE
        if value < search_index.BASE:
            at, distance = at + distance, 0
            numbers.append(at)
    return numbers


@settings(deadline=None, derandomize=True)
@given(st.sets(st.integers(0, 10**7)))
def test_numbers_come_back(numbers):
    assert numbers_of(search_index.numbers_as_text(sorted(numbers))) == sorted(numbers)


def test_texts_without_a_word_have_no_index():
    index = search_index.WordIndex()
    index.add(0, "— … !", "")
    assert list(index.pieces()) == []


def files(**options) -> dict[str, str]:
    return dict(
        public_pages.files(
            many(), "en", name="proposals.en.html", ledger=LEDGER, other_page="x.html", **options
        )
    )


def content(text: str) -> object:
    return json.loads(re.fullmatch(r'ogpPiece\("[a-z0-9-]+",(.*)\);\n', text, re.DOTALL)[1])


def test_few_stand_on_the_page_itself():
    assert list(files()) == ["proposals.en.html"]
    assert files()["proposals.en.html"] == public_page.render(
        many(), "en", ledger=LEDGER, other_page="x.html"
    )


def test_every_word_of_every_proposal_leads_to_it(monkeypatch):
    monkeypatch.setattr(search_index, "PIECE", 400)
    made = files(on_the_page=2)
    assert list(made)[-1] == "proposals.en.html"
    pieces = [content(text) for name, text in made.items() if "/words-" in name]
    assert len(pieces) > 3
    texts = [one for name, text in made.items() if "/texts-" in name for one in content(text)]
    assert [one[1] for one in texts] == many()["proposal"].tolist()
    index = {word: numbers_of(numbers) for piece in pieces for word, numbers in piece.items()}
    assert list(index) == sorted(index)
    for number, (_, code, title, rows, _) in enumerate(texts):
        text_of = public_page.plain(" ".join([code, title, *(text for _, text in rows)]))
        assert all(number in index[word] for word in search_index.WORD.findall(text_of))
    shown = json.loads(re.search(r'id="words">(.*?)</script>', made["proposals.en.html"])[1])
    assert shown["pieces"] == [next(iter(piece)) for piece in pieces]
    assert shown["count"] == len(texts) == 253


def test_without_a_script_every_proposal_is_read_on_plain_pages(monkeypatch):
    monkeypatch.setattr(public_pages, "EACH", 20)
    made = files(on_the_page=2)
    pages = [text for name, text in made.items() if "/plain-" in name]
    assert len(pages) == 3, "253 proposals, 100 a page"
    articles = [code for page in pages for code in re.findall(r'<h3 id="[^"]+">([^ ]+) ·', page)]
    assert articles == many()["proposal"].tolist()
    links = re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', made["proposals.en.html"])
    assert [link for link, _ in links] == [name for name in made if "/plain-" in name]
    assert [words.split(" – ")[0] for _, words in links] == [articles[0], articles[100], articles[200]]
    assert all("<script" not in page and HOSTILE not in page for page in pages)
    assert 'href="plain-0.html"' in pages[1]
    assert 'href="plain-2.html"' in pages[1]
    assert 'href="../proposals.en.html"' in pages[1]


def test_nothing_that_a_proposal_says_can_end_a_script():
    assert all(
        "</script" not in text and "<img" not in text
        for name, text in files(on_the_page=2).items()
        if name.endswith(".js")
    )


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_same_proposals_give_the_same_bytes(language):
    options = {"name": "p.html", "on_the_page": 1, "ledger": LEDGER, "other_page": "x.html"}
    assert list(public_pages.files(listed(), language, **options)) == list(
        public_pages.files(listed(), language, **options)
    )


def test_codes_that_differ_in_one_sign_have_ids_of_their_own():
    codes = ["A 1", "A-1", "A_1", "a-1", "A.1", "A/1", "Ñ1", "N1", "A_20_1"]
    assert len({public_page.anchor(code) for code in codes}) == len(codes)


def test_criteria_in_a_reason_are_those_not_met_or_open():
    assert public_page.reason_words("precision", "es", "no") == "no cumple: Precisión y claridad"
    assert public_page.reason_words("precision", "es", "undecided") == "sin determinar: Precisión y claridad"


def test_the_page_names_deciding_bodies_and_no_code():
    ledger = pd.DataFrame(
        {
            "proposal": ["G1", "G2"],
            "category_final": [1, 3],
            "selection_decided_by": ["Grupo Núcleo", "D1"],
            "confirmation_decided_by": [None, "C3"],
        }
    )
    received = pd.DataFrame({"proposal": ["P1", "P2"], "title": "t"})
    book = pd.DataFrame({"proposal": ["P1", "P2"], "related": "yes", "reason": "", "group": ["G1", "G2"]})
    listed = register.register(folder.Early({"received": received, "membership": book}))
    page = public_page.render(listed, "es", ledger=ledger, other_page="")
    assert page.count("Quién decidió") == 1
    assert "Grupo Núcleo" in page
    assert not {"<dd>D1</dd>", "<dd>C3</dd>"} & set(page.split("\n"))


def test_the_reason_of_a_decision_by_a_code_stays_and_the_code_does_not():
    received = pd.DataFrame({"proposal": ["P1", "P2"], "title": "t"})
    rows = {"proposal": ["P1", "P2"], "related": "no", "reason": ["es una queja", "es otra"]}
    rows |= {"settled_by": "decision", "decided_by": ["D1", "Comisión técnica"]}
    listed = register.register(folder.Early({"received": received, "classified": pd.DataFrame(rows)}))
    assert listed["decided_by"].tolist() == ["", "Comisión técnica"]
    assert listed["reason"].tolist() == ["es una queja", "es otra"]


def test_what_classifiers_wrote_about_a_no_is_told_once_and_without_their_codes():
    received = pd.DataFrame({"proposal": ["P1", "P2"], "title": "t"})
    rows = {"proposal": ["P1", "P2"], "related": ["no", "yes"], "reason": ["precision", ""]}
    answers = {
        "proposal": ["P1", "P1", "P1", "P2"],
        "criterion": "precision",
        "classifier": ["C1", "C2", "C3", "C1"],
    }
    answers |= {
        "met": ["no", "no", "yes", "no"],
        "reason": ["no se entiende", "no se entiende", "clara", "x"],
    }
    tables = {
        "classified": pd.DataFrame(rows | {"settled_by": "classifiers"}),
        "answers": pd.DataFrame(answers),
    }
    listed = register.register(folder.Early({"received": received} | tables))
    assert listed["remarks"].tolist() == ["no se entiende", ""]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_before_anything_is_rated_the_page_shows_no_categories_and_nothing_of_an_older_page(
    language, tmp_path, capsys
):
    data, out = tmp_path / "data", tmp_path / "page"
    for folder_of_pieces in ("proposals.en", "proposals.es"):
        (out / folder_of_pieces).mkdir(parents=True)
        for name in ("texts-0.js", "words-a.js", "choices.js", "plain-1.html", "own.txt"):
            (out / folder_of_pieces / name).write_text("withdrawn", encoding="utf-8")
    data.mkdir()
    rows = "proposal,title,text_hash\nP1,Datos abiertos,x\n"
    (data / "proposals.csv").write_text(rows, encoding="utf-8")
    assert main.main(["page", str(data), "--out", str(out), "--lang", language]) == 0
    assert texts.say("public.without_ratings", language) in capsys.readouterr().err
    left = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.*") if path.is_file())
    assert left == [
        *("proposals.en.html", "proposals.en/own.txt", "proposals.es.html", "proposals.es/own.txt"),
    ]
    assert "Datos abiertos" in (out / "proposals.es.html").read_text(encoding="utf-8")


def test_a_run_with_the_register_of_proposals_received_reports_them_too(tmp_path):
    """By hand: two were received and three rows set aside; nobody was asked yet which are related."""
    received = pd.DataFrame({"proposal": ["EC-1", "EC-2"], "title": ["Datos abiertos", HOSTILE]})
    rows = register.register(folder.Early({"received": received.assign(channel="online")}))
    tables = {"proposals_register": rows, "proposals_flow": register.flow(rows, set_aside=3)}
    output.save(sample_run.make(tmp_path / "base"), "00_proposals", tables=tables)
    names = [path.name for path in report.build_form(tmp_path / "base", "es")]
    assert names[0] == "proposals.es.html"
    page = (tmp_path / "base" / "proposals.es.html").read_text(encoding="utf-8")
    assert "Datos abiertos" in page
    assert "<img" not in page
    assert 'href="report.es.html"' in page
    assert 'href="proposals.html"' in page


def test_ratings_that_a_run_would_refuse_make_no_page(tmp_path, capsys):
    rows = "proposal,title,text_hash\nP1,Datos abiertos,x\n"
    (tmp_path / "proposals.csv").write_text(rows, encoding="utf-8")
    ratings = "proposal,indicator,panel,evaluator,role,rating\nP1,time,lead,E1,independent,9\n"
    (tmp_path / "ratings.csv").write_text(ratings, encoding="utf-8")
    assert main.main(["page", str(tmp_path), "--out", str(tmp_path / "page"), "--json"]) == 1
    kinds = {problem["kind"] for problem in json.loads(capsys.readouterr().out)["problems"]}
    assert kinds == {"ratings.off_scale"}
    assert not (tmp_path / "page").exists()


@pytest.mark.parametrize(
    ("change", "rule", "row"),
    [
        ({"classified": {"related": ["yes", "yes"]}}, "people.stale_related", 3),
        ({"groups": {"proposal": ["G7", "G8"]}}, "people.stale_group", 2),
    ],
)
def test_tables_that_contradict_each_other_are_refused_by_row(change, rule, row):
    base = {"proposal": ["P1", "P2"], "related": ["yes", "no"], "reason": ["", "x"]}
    tables = {
        "received": {"proposal": ["P1", "P2"], "title": "t"},
        "membership": base | {"group": ["G1", ""]},
    }
    tables |= {"classified": base, "groups": {"proposal": ["G1", "G2"], "title": "t"}}
    good = {kind: pd.DataFrame(cells) for kind, cells in tables.items()}
    assert len(register.register(folder.Early(good))) == 2
    kind, cells = next(iter(change.items()))
    with pytest.raises(DataError) as caught:
        register.register(folder.Early(good | {kind: good[kind].assign(**cells)}))
    assert [(problem.rule, problem.row) for problem in caught.value.problems] == [(rule, row)]


def test_a_day_is_shown_as_its_readers_write_it_and_found_both_ways():
    row = listed().assign(submitted="2016-01-22").astype(str).to_dict("records")[0]
    spanish = public_page.entry(row, {}, "es")
    assert "22/01/2016" in dict(spanish["rows"])["Recibida el"]
    assert {"22/01/2016", "2016-01-22"} <= set(spanish["search"].split())
