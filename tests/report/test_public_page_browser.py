"""The public page in a browser: search, choices, accessibility, no request, hostile texts stay texts."""

from __future__ import annotations

import pandas as pd
import pytest
import sample_run
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from ogp_analysis.report import public_page

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


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("public") / "proposals.html"
    html = public_page.render(listed(), "es", ledger=LEDGER, other_page="proposals.en.html")
    path.write_text(html, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=sample_run.CHROMIUM, args=sample_run.CHROMIUM_FLAGS
        )
        opened = browser.new_context(offline=True).new_page()
        opened.asked = []
        opened.on("request", lambda request: opened.asked.append(request.url))
        opened.goto(path.as_uri())
        yield opened
        browser.close()


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
        ("PORTAL", {}, ["p-ec_1"]),
        ("ciclovias", {}, ["p-ec_2"]),
        ("ods 16", {}, ["p-ec_1"]),
        ("sercop", {}, ["p-ec_1"]),
        ("", {"related": "no"}, ["p-ec_2"]),
        ("", {"category": "3"}, ["p-ec_3"]),
        ("", {"sdg": "9"}, ["p-ec_1"]),
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
