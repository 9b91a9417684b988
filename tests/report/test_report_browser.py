"""The page in a real browser: search, explorer, language, keyboard, print, accessibility, hostile texts."""

from __future__ import annotations

import io
import re
from fractions import Fraction
from importlib.resources import files

import numpy as np
import pytest
import sample_run
from PIL import Image
from playwright.sync_api import expect

from ogp_analysis import report
from ogp_analysis.assessment import scoring
from ogp_analysis.assessment.categories import CategoryRule, category_codes
from ogp_analysis.language import texts
from ogp_analysis.plan import results as plan_results
from ogp_analysis.report import explorer, page
from ogp_analysis.report.run_files import Pack
from ogp_analysis.sensitivity.acceptability import category_acceptability

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sample_run.CHROMIUM is None, reason=sample_run.NO_CHROMIUM),
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    made = {}
    for name, hostile in (("calm", False), ("hostile", True)):
        made[name] = sample_run.make(tmp_path_factory.mktemp(name), hostile=hostile)
        report.build(made[name])
    return made


@pytest.fixture(scope="module")
def browser():
    with sample_run.chromium() as opened:
        yield opened


@pytest.fixture
def opened(browser, folders):
    """Open a page of a folder; it notes what it asks for (``asked``) and complains of (``complaints``)."""
    contexts = []

    def visit(name="calm", file="report.html", **options):
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.goto((folders[name] / file).as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()


def visible(page, table):
    return page.locator(f"#searched-{table} tbody tr:visible th").all_inner_texts()


# Inert and self-contained.


@pytest.mark.parametrize("file", ["report.html", "report.es.html"])
def test_hostile_texts_do_nothing_and_nothing_is_fetched(opened, folders, file):
    page = opened("hostile", file)
    assert "PWN" not in page.title()
    page.fill("#search-words", "<img")
    assert visible(page, "proposals_published") == ["P01"]
    assert page.complaints == []
    assert {url.split(":")[0] for url in page.asked} <= {"file", "data"}
    assert sum(url.startswith("file:") for url in page.asked) == 1
    assert page.evaluate("document.querySelectorAll('[onerror],[onmouseover]').length") == 0


def test_the_policy_stops_a_script_that_was_not_written_by_us(opened):
    page = opened()
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = \"document.title = 'PWN'\";"
        " document.body.append(s); const i = document.createElement('img'); i.src = 'x';"
        " i.setAttribute('onerror', \"document.title = 'PWN'\"); document.body.append(i); }"
    )
    page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    assert "PWN" not in page.title()
    assert any("Content Security Policy" in text for text in page.complaints)


# Search.


def test_search_ignores_accents_and_capitals_and_finds_by_institution_sdg_and_code(opened):
    page = opened(file="report.es.html")
    for words, found in (
        ("EDUCACION", ["P01"]),
        ("niñez", ["P03"]),
        ("esquel", ["P03"]),
        # Words of ours find P03 of the plan, which is about open procurement.
        ("contratacion sercop", ["P02", "P03"]),
        ("p02", ["P02"]),
        ("ODS 16", ["P02", "P03"]),
        ("sdg13", ["P01"]),
    ):
        page.fill("#search-words", words)
        assert visible(page, "proposals_published") == found
    assert re.match(
        r"En lo que publicó el plan: 1\. En el ejemplo sintético, lista aparte: \d+\.",
        page.inner_text("#search-count"),
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A page of what the plan published, with its own proposals, institutions and goals."""
    plan = plan_results.compute().tables
    tables = {name: plan[name] for name in ("proposals_published", "actors", "sdg_links", "commitments")}
    pack = Pack(tables, {}, {}, "en", synthetic=False)
    path = tmp_path_factory.mktemp("published") / "report.html"
    path.write_text(page.render(pack, language="en", other_page="x.html"), encoding="utf-8")
    return path


# Read in the plan's text: leads, counterparts and other actors of section 4, tables of section 3.3.4.
QUERIES = {
    "SDG 5": ["P07"],
    "objetivo 5": ["P07"],
    "category 3": [f"P{number}" for number in range(17, 25)],
    "SERCOP": ["P03", "P17"],
    "FARO": ["P05", "P06", "P08"],
    "MINTEL": ["P01", "P02", "P03", "P06", "P08", "P10"],
    "compras públicas": ["P03", "P17"],
    "femicidio": ["P07"],
    "C7": ["P07"],
    "compromiso 7": ["P07"],
}


def test_the_plans_proposals_are_found_by_field_acronym_and_spanish_word(browser, published):
    page = browser.new_page()
    page.goto(published.as_uri())
    found = {}
    for words in QUERIES:
        page.fill("#search-words", words)
        found[words] = visible(page, "proposals_published")
    assert found == QUERIES
    # What was found leads to its row among the commitments.
    assert page.get_attribute("#searched-proposals_published tr:visible th a", "href") == "#table-commitments"
    page.close()


def test_search_by_category_and_clear(opened, folders):
    page = opened()
    ledger = report.read(folders["calm"]).tables["ledger"]
    page.select_option("#search-category", "2")
    assert len(visible(page, "ledger")) == (ledger["category_final"] == 2).sum()
    assert visible(page, "proposals_published") == []
    assert page.is_visible("#searched-proposals_published-none")
    page.click("button[type=reset]")
    expect(page.locator("#searched-ledger tbody tr:visible")).to_have_count(43)
    assert len(visible(page, "ledger")) == len(ledger)


def test_the_keyboard_alone_reaches_search_and_sliders(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search-words"
    page.keyboard.type("S07")
    assert visible(page, "ledger") == ["S07"]
    page.focus("#slider-0-weights-0")
    before = page.inner_text("#slider-0-weights-0-value")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#slider-0-weights-0-value") != before
    assert page.get_attribute("#slider-0-weights-0", "aria-valuetext") == page.inner_text(
        "#slider-0-weights-0-value"
    )


# Explorer.


def settings(method, *, count):
    """Settings as a user could choose them: hundredths for weights, twentieths for cuts, some zeros."""
    rng = np.random.default_rng(20191001)
    for _ in range(count):
        setting = []
        for criterion in method["criteria"]:
            units = rng.integers(0, 101, len(criterion["indicators"])) * (
                rng.random(len(criterion["indicators"])) > 0.1
            )
            units[rng.integers(len(units))] += 1
            cuts = np.sort(rng.choice(np.arange(20, 101), 2, replace=False))
            setting.append(
                {"weights": [str(unit / 100) for unit in units], "cuts": [str(cut / 20) for cut in cuts]}
            )
        yield setting


def by_python(method, proposals, setting):
    """The same numbers from the package."""
    given = [row for row in proposals if None not in row["scores"]]
    scores = np.array([row["scores"] for row in given])
    route = np.array([row["route"] for row in given])
    means, codes, split, at = [], [], [], 0
    for criterion, chosen in zip(method["criteria"], setting, strict=True):
        part = scores[:, at : at + len(criterion["indicators"])]
        at += len(criterion["indicators"])
        weights = [Fraction(weight) for weight in chosen["weights"]]
        weights = [weight / sum(weights) for weight in weights]
        mean, code = scoring.exact_level_codes(part, weights, [Fraction(cut) for cut in chosen["cuts"]])
        means.append(mean)
        codes.append(code)
        split.append(part)
    cuts = [[float(cut) for cut in chosen["cuts"]] for chosen in setting]
    table = np.array(method["category_table"])
    acceptability = category_acceptability(split, cuts, table=table, route=route)
    return (
        np.array(means).T,
        category_codes(codes, CategoryRule(table, (3, 4), (1, 2, 3, 4)), route),
        acceptability,
    )


def test_the_explorer_gives_the_numbers_of_python_on_hundreds_of_settings(opened, folders):
    data = explorer.inputs(report.read(folders["calm"]))
    method, proposals = data["method"], data["proposals"]
    given = [row for row in proposals if None not in row["scores"]]
    chosen = list(settings(method, count=200))
    shown = opened().evaluate(
        "([method, proposals, settings]) => settings.map((setting) => proposals.map((p) => {"
        " const r = ogp.evaluate(method, p, setting);"
        " return [...r.means, r.category, ...r.acceptability]; }))",
        [method, given, chosen],
    )
    worst = 0.0
    for setting, rows in zip(chosen, np.array(shown), strict=True):
        means, categories, acceptability = by_python(method, given, setting)
        assert (rows[:, 2] == categories).all()
        worst = max(worst, np.abs(rows[:, :2] - means).max(), np.abs(rows[:, 3:] - acceptability).max())
    assert worst < 1e-12
    assert len(given) == 42


def test_an_unresolved_proposal_has_no_category(opened, folders):
    page = opened()
    unresolved = [
        row["code"]
        for row in explorer.inputs(report.read(folders["calm"]))["proposals"]
        if None in row["scores"]
    ]
    assert unresolved == ["S06"]
    row = page.locator("#explorer-box tr[data-code=S06] td")
    assert row.nth(1).inner_text() == "undetermined"
    assert page.inner_text("#explorer-message").endswith("0 of 43 (–); undetermined: 1 (S06)")
    assert row.nth(6).inner_text() == "–"


def test_at_the_baseline_nothing_has_moved_and_the_table_is_the_ledgers(opened, folders):
    page = opened()
    ledger = report.read(folders["calm"]).tables["ledger"].set_index("proposal")["category_by_rule"].dropna()
    assert page.locator("#explorer-box tr.moved").count() == 0
    for code, category in ledger.items():
        assert page.locator(f"#explorer-box tr[data-code={code}]").get_attribute("data-now") == str(
            int(category)
        )


def test_a_slider_moves_proposals_and_the_button_brings_them_back(opened):
    page = opened()
    page.eval_on_selector("#slider-0-cuts-1", "s => { s.value = 4.8; s.dispatchEvent(new Event('input')); }")
    moved = page.locator("#explorer-box tr.moved")
    assert moved.count() > 0
    assert re.match(
        r"Proposals that change category: \d+ of 43 \(S\d\d", page.inner_text("#explorer-message")
    )
    assert "→" in moved.first.inner_text()
    page.check("#explorer-only")
    assert page.locator("#explorer-box tbody tr:visible").count() == moved.count()
    page.click("#explorer-reset")
    assert page.locator("#explorer-box tr.moved").count() == 0
    assert page.complaints == []


def test_cut_points_out_of_order_are_refused_in_words(opened):
    page = opened()
    page.eval_on_selector("#slider-0-cuts-0", "s => { s.value = 4.9; s.dispatchEvent(new Event('input')); }")
    assert page.inner_text("#explorer-message") == texts.say("report.script.unusable", "en")
    # The counts and categories of the setting before do not stand beside the refusal.
    counts = page.locator("[id^=explorer-count-]").all_inner_texts()
    assert counts == ["–"] * 4
    assert page.locator("#explorer-box tbody td:nth-child(3)").all_inner_texts() == ["–"] * 43


def test_spanish_numbers_have_a_decimal_comma(opened):
    page = opened(file="report.es.html")
    assert page.inner_text("#slider-1-weights-0-value") == "33,3\u00a0%"
    assert page.inner_text("#slider-0-cuts-0-value") == "2,50"
    assert "," in page.locator("#explorer-box tr[data-code=S01] td").nth(3).inner_text()


# Languages, print, phone, accessibility.


def test_the_language_switch_goes_there_and_back(opened):
    page = opened()
    page.click("header a[hreflang=es]")
    assert page.evaluate("document.documentElement.lang") == "es"
    page.click("header a[hreflang=en]")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_print_shows_the_folded_tables_of_the_pdf_and_leaves_annex_and_controls_out(opened):
    page = opened()
    folded = page.locator("details:not([open]):not([data-paper])").count()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details[data-paper]:not([open])").count() == 0
    assert page.locator("details:not([open])").count() == folded
    page.emulate_media(media="print")
    assert not page.is_visible("nav")
    assert not page.is_visible("#search-form")
    assert page.is_visible("text=SYNTHETIC EXAMPLE >> nth=0")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0


def test_a_phone_scrolls_no_page_sideways(opened):
    page = opened(viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")


@pytest.mark.parametrize(("width", "drawn"), [(390, 389), (1280, 624)])
def test_figures_are_shown_at_the_size_they_are_drawn_for_the_screen(opened, width, drawn):
    page = opened(viewport={"width": width, "height": 844})
    unfold(page)
    sizes = page.evaluate(
        "[...document.querySelectorAll('figure picture img')].map("
        "i => [Math.round(i.naturalWidth), Math.round(i.getBoundingClientRect().width)])"
    )
    assert sizes == [[drawn, drawn]]


@pytest.mark.parametrize(("scheme", "ground"), [("light", (255, 255, 255)), ("dark", (21, 25, 29))])
def test_a_figure_is_as_light_or_dark_as_the_page(opened, scheme, ground):
    page = opened(color_scheme=scheme)
    unfold(page)
    shot = page.locator("figure picture img").screenshot()
    assert Image.open(io.BytesIO(shot)).convert("RGB").getpixel((12, 3)) == ground


def test_without_scripts_everything_can_be_read(opened):
    page = opened(java_script_enabled=False)
    assert len(visible(page, "ledger")) == 43
    assert "need JavaScript" in page.locator("noscript p").first.inner_text()


# Each width and each language once: eight seconds a page. make audit looks at both pages at both widths.
@pytest.mark.parametrize(
    ("file", "viewport"),
    [("report.html", {"width": 1280, "height": 900}), ("report.es.html", PHONE)],
    ids=["desk", "phone"],
)
def test_axe_finds_nothing_serious(opened, file, viewport):
    page = opened(file=file, viewport=viewport)
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    assert [(hit["id"], hit["impact"]) for hit in found if hit["impact"] in ("serious", "critical")] == []
    assert page.complaints == []


# Methods of other shapes: the arithmetic of the page, worked out by hand.

ONE_AXIS = {
    "criteria": [{"indicators": ["overall"]}],
    "category_table": [3, 2, 1],
    "categories": [1, 2, 3],
    "route": [3, 4],
    "composite": None,
}
COMPOSITE = {
    "criteria": [{"indicators": ["a", "b"]}, {"indicators": ["c"]}],
    "category_table": [2, 1],
    "categories": [1, 2],
    "route": [3, 4],
    "composite": {},
}


def evaluated(page, method, exact, setting):
    proposal = {"scores": [n / d for n, d in exact], "exact": exact, "route": False}
    return page.evaluate("([m, p, s]) => ogp.evaluate(m, p, s)", [method, proposal, setting])


def test_the_explorer_reads_a_table_of_one_axis(opened):
    page = opened()
    for score, category in (([7, 2], 1), ([5, 2], 2), ([12, 5], 3)):
        found = evaluated(page, ONE_AXIS, [score], [{"weights": ["1"], "cuts": ["2.5", "3.5"]}])
        assert found["category"] == category
        assert found["acceptability"] == [float(category == number) for number in (1, 2, 3)]


def test_the_explorer_cuts_a_composite_exactly(opened):
    page = opened()
    # (2 * 3 + 1 * 0) / 3 = 2 and 5: with weights 2 and 1 the composite is (2 * 2 + 5) / 3 = 3, on the cut.
    parts = [{"weights": ["2", "1"], "cuts": []}, {"weights": ["1"], "cuts": []}]
    exact = [[3, 1], [0, 1], [5, 1]]
    on_it = evaluated(page, COMPOSITE, exact, [*parts, {"weights": ["2", "1"], "cuts": ["3"]}])
    assert (on_it["category"], on_it["means"]) == (1, [2, 5, 3])
    assert on_it["acceptability"] is None
    above_it = evaluated(page, COMPOSITE, exact, [*parts, {"weights": ["2", "1"], "cuts": ["3.01"]}])
    assert above_it["category"] == 2


# What a reader sends, sorts and looks up.


def test_what_was_searched_stands_in_the_address_and_comes_back(opened, folders):
    page = opened()
    page.fill("#search-words", "sdg 16")
    page.select_option("#search-category", "1")
    address = page.evaluate("location.hash")
    assert "q=sdg+16" in address
    assert "c=1" in address
    again = opened()
    again.goto((folders["calm"] / "report.html").as_uri() + address)
    again.reload()
    assert again.input_value("#search-words") == "sdg 16"
    assert visible(again, "proposals_published") == ["P02"]


def test_fields_find_whole_words(opened):
    page = opened()
    # No proposal is linked to goal 1, though goals 13, 16 and 17 begin with it.
    page.fill("#search-words", "SDG 1")
    assert visible(page, "proposals_published") == []
    page.fill("#search-words", "category 3")
    assert visible(page, "proposals_published") == ["P03"]


def test_the_explorer_keeps_what_was_moved_in_the_address(opened, folders):
    page = opened()
    page.eval_on_selector("#slider-0-cuts-1", "s => { s.value = 4.2; s.dispatchEvent(new Event('input')); }")
    address = page.evaluate("location.hash")
    said = page.inner_text("#explorer-message")
    again = opened()
    again.goto((folders["calm"] / "report.html").as_uri() + address)
    again.reload()
    assert again.inner_text("#explorer-message") == said
    assert again.inner_text("#slider-0-cuts-1-value") == "4.20"
    again.click("#explorer-reset")
    assert again.evaluate("location.hash") in ("", "#")


def test_a_head_sorts_by_its_column_and_turns_the_order_round(opened):
    page = opened()
    head = page.locator("#searched-ledger thead th").first
    for order, first in (("ascending", "S01"), ("descending", "S43")):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == order
        assert visible(page, "ledger")[0] == first


def test_every_heading_has_a_link_and_every_table_its_files(opened, folders):
    page = opened()
    assert (
        page.locator("main section section h3 a.anchor").count()
        == page.locator("main section section h3").count()
    )
    links = page.locator(".files a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    assert links
    assert all((folders["calm"] / link).exists() for link in links)


def test_contents_stay_in_sight_on_a_wide_screen(opened):
    page = opened(viewport={"width": 1280, "height": 800})
    page.evaluate("document.getElementById('decisions').scrollIntoView()")
    box = page.locator("nav").bounding_box()
    assert 0 <= box["y"] < 100
