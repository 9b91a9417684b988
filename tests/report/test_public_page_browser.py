"""The public page in a browser: search, choices, accessibility, no request, hostile texts stay texts."""

from __future__ import annotations

import pandas as pd
import pytest
import sample_run
from axe_playwright_python.sync_playwright import Axe

from ogp_analysis.report import public_page, public_pages

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sample_run.CHROMIUM is None, reason=sample_run.NO_CHROMIUM),
]
HOSTILE = "<img src=x onerror=document.title='PWN'></script><script>document.title='PWN'</script>"


def listed() -> pd.DataFrame:
    common = {"problem": "", "institution": "", "channel": "online", "submitted": "2018-11-30", "place": ""}
    common |= {"sector": "", "state": "", "answer": "", "topic": "obras", "settled_by": "classifiers"}
    rows = [
        (
            "EC-1",
            "Portal de compras",
            "Abrir los datos",
            "9 16",
            "Pichincha",
            "yes",
            "",
            "G001",
            "Compras",
            "1",
        ),
        ("EC-2", "Ciclovías", HOSTILE, "11", "Loja", "no", "pillars", "", "", ""),
        ("EC-3", HOSTILE, "Texto", "", "", "yes", "", "G002", HOSTILE, "1"),
    ]
    names = ["proposal", "title", "solution", "sdg", "province", "related", "reason", "group", "group_title"]
    frame = pd.DataFrame(rows, columns=[*names, "reiterations"]).assign(**common)
    return frame.assign(url=["https://ejemplo.ec/1", "javascript:alert(1)", ""])


LEDGER = pd.DataFrame(
    {
        "proposal": ["G001", "G002"],
        "category_final": [1, 3],
        "lead": ["SERCOP", ""],
        "account_en": ["By the rule.", HOSTILE],
        "account_es": ["Por la regla.", HOSTILE],
    }
)


def many() -> pd.DataFrame:
    """The three, and so many others that there are several pieces and more than one screen of results."""
    rows = [listed().iloc[0] for _ in range(250)]
    others = pd.DataFrame(rows, index=range(250)).assign(proposal=[f"ZZ-{n:03d}" for n in range(250)])
    others["title"] = [f"Vereda {'norte' if n % 50 == 0 else 'sur'} {1000 + n}" for n in range(250)]
    return pd.concat(
        [listed(), others.assign(solution="Otra", sdg="3", province="", group="")], ignore_index=True
    )


@pytest.fixture(scope="module")
def browser_page(tmp_path_factory):
    """Open a page in a browser that has no network."""
    with sample_run.chromium() as browser:
        opened = browser.new_context(offline=True).new_page()
        opened.asked = []
        opened.on("request", lambda request: opened.asked.append(request.url))
        yield opened


@pytest.fixture(scope="module")
def page(browser_page, tmp_path_factory):
    path = tmp_path_factory.mktemp("public") / "proposals.html"
    html = public_page.render(listed(), "es", ledger=LEDGER, other_page="proposals.en.html")
    path.write_text(html, encoding="utf-8")
    browser_page.goto(path.as_uri())
    return browser_page


@pytest.fixture(scope="module")
def large(browser_page, tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    contents = public_pages.files(
        many(), "es", name="proposals.es.html", on_the_page=2, ledger=LEDGER, other_page="proposals.en.html"
    )
    for name, content in contents:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    browser_page.asked.clear()
    browser_page.goto((folder / "proposals.es.html").as_uri())
    browser_page.wait_for_selector("article.proposal")
    return browser_page, folder


def shown(page) -> list[str]:
    return [one.get_attribute("id") for one in page.locator("article.proposal:visible").all()]


def test_it_is_accessible_and_asks_nobody(page):
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:2]) for one in violations] == []
    assert len(page.asked) == 1
    assert page.title() == "Qué pasó con cada propuesta"


@pytest.mark.parametrize(
    ("words", "choice", "expected"),
    [
        ("PORTAL", {}, ["p-EC-1"]),
        ("ciclovias", {}, ["p-EC-2"]),
        ("ods 16", {}, ["p-EC-1"]),
        ("sercop", {}, ["p-EC-1"]),
        ("", {"related": "no"}, ["p-EC-2"]),
        ("", {"category": "3"}, ["p-EC-3"]),
        ("", {"sdg": "9"}, ["p-EC-1"]),
        ("nada de esto", {}, []),
    ],
)
def test_search_and_choices(page, words, choice, expected):
    page.get_by_role("button", name="Mostrar todas").click()
    page.get_by_label("Código o palabras").fill(words)
    for name, value in choice.items():
        page.locator(f"#search-{name}").select_option(value)
    assert shown(page) == expected
    assert page.locator("#search-count").inner_text().startswith(f"se muestran {len(expected)} de 3")


def test_only_addresses_of_pages_are_linked(page):
    links = [link.get_attribute("href") for link in page.locator("article.proposal a").all()]
    assert links == ["https://ejemplo.ec/1"]


# --- very many proposals: the page loads pieces; these tests come last, as they share the page ---


def searched(page, words: str, count: int) -> list[str]:
    page.get_by_label("Código o palabras").fill(words)
    page.wait_for_selector("#search-list[aria-busy=false]", state="attached")
    assert page.locator("#search-count").inner_text().startswith(f"{count} de 253 ")
    return shown(page)


@pytest.mark.parametrize(
    ("words", "count", "first"),
    [
        ("PORTAL", 1, ["p-EC-1"]),
        ("ciclovias", 1, ["p-EC-2"]),
        ("ods 16", 1, ["p-EC-1"]),
        ("zz-007", 1, ["p-ZZ-007"]),
        ("vereda nort", 5, ["p-ZZ-000", "p-ZZ-050", "p-ZZ-100", "p-ZZ-150", "p-ZZ-200"]),
        ("vereda portal", 0, []),
        ("nada de esto", 0, []),
    ],
)
def test_many_are_found_by_beginnings_of_words(large, words, count, first):
    page, _ = large
    assert searched(page, words, count) == first


def test_many_are_chosen_listed_by_twenty_and_nothing_hostile_runs(large):
    page, folder = large
    searched(page, "", 253)
    page.locator("#search-related").select_option("no")
    assert searched(page, "", 1) == ["p-EC-2"]
    page.locator("#search-related").select_option("")
    assert len(searched(page, "", 253)) == 20
    page.get_by_role("button", name="Mostrar 20 más").click()
    page.wait_for_function("() => document.querySelectorAll('article.proposal').length === 40")
    assert page.evaluate("() => document.activeElement.id") == shown(page)[20]
    assert page.title() == "Qué pasó con cada propuesta"
    assert HOSTILE in page.locator("#p-EC-2").inner_text()
    links = {link.get_attribute("href") for link in page.locator("article.proposal a").all()}
    assert links == {"https://ejemplo.ec/1"}
    assert Axe().run(page).response["violations"] == []
    assert all(address.startswith(folder.as_uri()) for address in page.asked)


def test_a_link_to_one_of_many_opens_it(large):
    page, folder = large
    page.goto((folder / "proposals.es.html").as_uri() + "#p-ZZ-123")
    page.wait_for_selector("#p-ZZ-123")
    assert shown(page) == ["p-ZZ-123"]


@pytest.mark.parametrize(("address", "count"), [("#p-zz%5F123", 1), ("#p-%E0%A4%A", 0)])
def test_a_malformed_address_is_searched_as_it_stands(large, address, count):
    page, _ = large
    page.evaluate("address => { location.hash = address; }", address)
    page.wait_for_function(
        "count => document.getElementById('search-count').textContent.startsWith(`${count} `)", arg=count
    )
    assert len(shown(page)) == count


def test_without_a_script_all_of_many_are_one_link_away(large, browser_page):
    _, folder = large
    context = browser_page.context.browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((folder / "proposals.es.html").as_uri())
    page.locator("#plain-pages a").first.click()
    page.wait_for_load_state()
    assert page.locator("article.proposal").count() == 253
    assert page.locator("#p-ZZ-123").is_visible()
    assert page.title() == "Qué pasó con cada propuesta: EC-1 – ZZ-249"
    page.get_by_role("link", name="Búsqueda y totales").click()
    assert page.url.endswith("proposals.es.html")
    context.close()


def test_a_lost_folder_is_named(large):
    page, folder = large
    page.goto("about:blank")
    (folder / "proposals.es").rename(folder / "elsewhere")
    page.goto((folder / "proposals.es.html").as_uri())
    page.wait_for_function(
        "() => document.getElementById('search-count').textContent.includes('proposals.es')"
    )
    assert shown(page) == []


@pytest.mark.parametrize("address", ["#p-EC-2", "#p-ec_2", "#p-EC%2D2"])
def test_an_address_leads_to_its_proposal_however_the_code_is_written(browser_page, tmp_path, address):
    page, path = browser_page, tmp_path / "proposals.html"
    path.write_text(public_page.render(listed(), "es", ledger=LEDGER, other_page=""), encoding="utf-8")
    page.goto(path.as_uri())
    page.fill("#search-words", "portal")
    page.evaluate("address => { location.hash = ''; location.hash = address; }", address)
    page.wait_for_function("!document.getElementById('p-EC-2').hidden")
    top = page.evaluate("document.getElementById('p-EC-2').getBoundingClientRect().top")
    assert 0 <= top < page.viewport_size["height"]
    page.evaluate("location.hash = '#p-%E0%A4%A'")
    assert page.locator("article.proposal:visible").count() == 3
