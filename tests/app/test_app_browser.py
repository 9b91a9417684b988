"""The page in a real browser: the whole walk, with mistakes, by keyboard, in both languages, reloaded."""

from __future__ import annotations

import io
import re
import shutil
from importlib.resources import files
from pathlib import Path

import openpyxl
import page_walk
import pytest
import sample_app
import sample_run
import ten_mistakes
from playwright.sync_api import expect
from project_files import ROOT
from tiny_notebooks import bytes_of, ogp_here

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sample_run.CHROMIUM is None, reason=sample_run.NO_CHROMIUM),
]
SHIPPED = sorted((ROOT / "params").glob("*.yaml"))
# One whose weights are no quarters, and one whose cut points lie elsewhere.
EXPLORED = ("relevance-first", "strict")
# A run of a process and a kernel of its own, on a busy machine.
LONG = 120_000


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        # The process of a run finds the package as this one does.
        patch.setenv("PYTHONPATH", str(ROOT))
        with sample_app.served(tmp_path_factory.mktemp("page")) as page:
            page.workspace.params.mkdir(parents=True)
            for file in SHIPPED:
                shutil.copy(file, page.workspace.params)
            yield page


@pytest.fixture(scope="module")
def browser():
    with sample_run.chromium() as opened:
        yield opened


@pytest.fixture
def opened(browser, served):
    """Open the page; it notes what it asks for (``asked``) and complains of (``complaints``)."""
    contexts = []

    def visit(language="en", **options):
        context = browser.new_context(accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{served.way_in}&language={language}")
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("workbooks")
    spoilt = ten_mistakes.spoil(ten_mistakes.filled(folder / "con-errores.xlsx"))
    return {"good": ten_mistakes.filled(folder / "buenas.xlsx"), "spoilt": spoilt}


def upload(page, path: Path) -> None:
    page.set_input_files("#upload", str(path))
    expect(page.locator("#upload-message")).to_contain_text(path.name)


def save(page, name: str, **changes: str) -> None:
    page.click("#form-button")
    page.fill("#f-name", name)
    for control, value in changes.items():
        page.fill(f"[id='f-{control}']", value)
    page.click("#parameters button[type=submit]")
    expect(page.locator("#run-name")).to_have_value(name)


def explore(page, name: str) -> None:
    page.select_option("#run-name", name)
    page.click("#explore-button")
    expect(page.locator(f"#explorer[data-name='{name}'] ~ #answer table")).to_be_visible()


def move(page, control: str, value: str) -> None:
    page.eval_on_selector(
        f"[id='x-{control}']",
        "(s, value) => { s.value = value; s.dispatchEvent(new Event('input', { bubbles: true })); }",
        value,
    )


def serious(page) -> list[tuple[str, str]]:
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [(hit["id"], hit["nodes"][0]["html"]) for hit in found if hit["impact"] in ("serious", "critical")]


def test_the_walk_with_a_good_workbook_and_again_after_a_reload(opened, served, workbooks, tmp_path):
    page = opened("es")
    upload(page, workbooks["good"])
    page.click("#check-button")
    expect(page.locator("#check-part .good")).to_contain_text("80")
    save(page, "caminata")
    page.click("#run-button")
    expect(page.locator("#run-part [data-state=done]")).to_be_visible(timeout=LONG)
    expect(page.locator("#results-part h3")).to_have_text("caminata")
    assert page.locator("#results-part .lines li").count() == 1
    page.reload()
    # The address names the run; where it stands is read from what it left.
    expect(page.locator("#run-part [data-state=done]")).to_be_visible()
    expect(page.locator("#results-part h3")).to_have_text("caminata")
    with page.context.expect_page() as report:
        page.click("#results-part a[href='/runs/caminata/report.html']")
    assert report.value.evaluate("document.documentElement.lang") == "es"
    assert page.complaints == []
    assert {url.split("/")[2] for url in page.asked if url.startswith("http")} == {f"127.0.0.1:{served.port}"}

    # What was clicked, run from the command line, gives the same bytes.
    code, _, error = ogp_here(
        tmp_path,
        *("run", str(served.workspace.params / "caminata.yaml"), "--outputs", str(tmp_path / "outputs")),
        *("--notebooks", str(served.workspace.notebooks), "--quiet"),
    )
    assert code == 0, error
    ours, theirs = (
        {name: body for name, body in bytes_of(folder).items() if name != "ro-crate-metadata.json"}
        for folder in (served.workspace.outputs / "caminata", tmp_path / "outputs" / "caminata")
    )
    assert ours == theirs
    assert len(ours) > 5


def test_a_run_is_stopped_and_a_failure_is_said_with_what_to_mend(opened, served, workbooks):
    page = opened()
    page.click("#form-button")
    page.click("#parameters details summary")
    page.fill("#f-name", "waits")
    page.fill("#f-seed", str(sample_app.SEED_THAT_WAITS))
    page.click("#parameters button[type=submit]")
    expect(page.locator("#run-name")).to_have_value("waits")
    page.click("#run-button")
    expect(page.locator("#run-bar")).to_be_visible(timeout=LONG)
    page.reload()
    # A press that lies on both sides of a look at where the run stands counts.
    expect(page.locator("#run-bar")).to_be_visible(timeout=LONG)
    page.hover("#stop-button")
    page.mouse.down()
    with page.expect_response(re.compile("/run")):
        pass
    page.mouse.up()
    expect(page.locator("#run-part [data-state=stopped]")).to_be_visible(timeout=LONG)
    assert not (served.workspace.outputs / "waits").exists()

    upload(page, workbooks["spoilt"])
    save(page, "fails")
    page.click("#run-button")
    failed = page.locator("#run-part [data-state=failed]")
    expect(failed).to_be_visible(timeout=LONG)
    expect(page.locator("#stop-button")).to_be_hidden()
    assert "N/A" in failed.inner_text()
    assert "R04" in failed.inner_text()
    page.click("#other-language")
    expect(failed).to_contain_text("indicador")


def test_ten_mistakes_stand_in_a_table_that_is_sorted_and_kept_as_a_sheet(opened, workbooks):
    page = opened("es")
    upload(page, workbooks["spoilt"])
    page.click("#check-button")
    rows = page.locator("#problems tbody tr")
    expect(rows.first).to_be_visible()
    cells = [row.split("\t") for row in rows.all_inner_texts()]
    # Sheet, row, column with address and what was typed, as `ten_mistakes.spoil` typed it.
    for sheet, row, address, typed in (
        ("L1", "2", "F2", "7"),
        ("L1", "3", "G3", "alta"),
        ("C1", "2", "G2", "3,5"),
        ("C1", "5", "A5", "R4"),
        ("WG1", "3", "F3", "N/A"),
        ("WG2", "2", "D2", "Comité"),
    ):
        assert [c for c in cells if c[1:3] == [sheet, row] and f"({address})" in c[3] and c[5] == typed]
    assert "Juan Pérez" not in page.content()
    sort = page.locator("#problems .sort").nth(2)
    sort.click()
    numbers = [int(row.split("\t")[2]) for row in rows.all_inner_texts()]
    assert numbers == sorted(numbers)
    sort.click()
    assert [int(row.split("\t")[2]) for row in rows.all_inner_texts()] == sorted(numbers, reverse=True)
    with page.expect_download() as kept:
        page.click("#check-part a[download]")
    book = openpyxl.load_workbook(io.BytesIO(Path(kept.value.path()).read_bytes()))
    sheet = book[book.sheetnames[-1]]
    assert sheet.max_row - 3 == len(cells)
    assert serious(page) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert serious(page) == []


def test_the_empty_workbook_has_the_seats_that_were_typed(opened):
    page = opened("es")
    page.click("#template-box summary")
    page.fill("#proposals", "3")
    page.locator("#seats input").first.fill("EV-9")
    page.click("#more-seats")
    page.locator("#seats input").last.fill("EV-10")
    with page.expect_download() as kept:
        page.click("#template-form button[type=submit]")
    book = openpyxl.load_workbook(io.BytesIO(Path(kept.value.path()).read_bytes()))
    assert {"EV-9", "EV-10", "C1"} <= set(book.sheetnames)
    assert [row[0].value for row in book["propuestas"].iter_rows(min_row=2)] == ["R01", "R02", "R03"]
    page.locator("#seats input").first.fill("Ana Pérez")
    page.click("#template-form button[type=submit]")
    expect(page.locator("#template-message .refusal")).to_be_visible()


def test_the_form_says_what_is_wrong_while_one_types(opened):
    page = opened()
    page.click("#form-button")
    page.fill("[id='f-indicator_weights.time']", "0,5")
    expect(page.locator("#e-indicator_weights")).to_contain_text("1.25")
    page.fill("[id='f-cut_points.relevance.1']", "9")
    expect(page.locator("#e-cut_points")).to_contain_text("1 to 5")
    assert page.locator("#f-name").input_value() == "example"
    assert serious(page) == []
    page.fill("[id='f-indicator_weights.time']", "1/4")
    expect(page.locator("#e-indicator_weights")).to_be_empty()


def test_a_method_of_ones_own_from_its_file_to_the_explorer(opened, tmp_path):
    method, data = page_walk.own_method(tmp_path)
    page = opened("es")
    # A run of no scenario is not passed over in silence.
    page.click("#run-button")
    expect(page.locator("#run-part")).to_contain_text("paso 3")
    page.set_input_files("#upload", [str(method), str(data)])
    expect(page.locator("#upload-message")).to_contain_text(f"{method.name}, {data.name}")
    assert page.input_value("#method") == method.name
    page.click("#check-button")
    expect(page.locator("#check-part .good")).to_contain_text("12")
    save(page, "jurado")
    assert "mérito" in page.inner_text("#parameters")
    explore(page, "jurado")
    # By hand: A1 has 2 and 3, A2 3 and 1, A3 1 and 2; means 2.5, 2, 1.5 against the cut point 2.
    now = page.locator("#answer tbody tr td:nth-of-type(2)").all_inner_texts()
    assert now == ["1", "1", "2"]
    # Of A2's weightings w * 3 + (1 - w) * 1 >= 2 holds for half.
    assert page.locator("#answer tbody tr").nth(1).locator("td").nth(2).inner_text() == "50,0\u00a0%"
    move(page, "cut.merit.0", "2.1")
    expect(page.locator("#moved-count")).to_have_attribute("data-moved", "1")
    assert page.locator("#answer tr.moved th").inner_text() == "A2"
    page.click("#explorer [type=reset]")
    expect(page.locator("#moved-count")).to_have_attribute("data-moved", "0")
    assert page.complaints == []


def test_nothing_moves_before_a_control_does_whatever_the_parameters(opened):
    page = opened()
    bodies = []
    page.on("request", lambda sent: bodies.append(sent.post_data) if sent.method == "POST" else None)
    for name in EXPLORED:
        explore(page, name)
        expect(page.locator("#moved-count")).to_have_attribute("data-moved", "0")
        with page.expect_response(re.compile("/explore")):
            page.eval_on_selector(
                "#explorer input", "s => s.dispatchEvent(new Event('input', { bubbles: true }))"
            )
        expect(page.locator("#moved-count")).to_have_attribute("data-moved", "0")
    assert bodies == [None] * len(EXPLORED)
    assert serious(page) == []


def test_the_keyboard_alone_goes_the_whole_way(opened, workbooks):
    page = opened()
    # Asked for at the beginning: a chooser that opens before anybody waits for it is the system's own.
    page.on("filechooser", lambda chooser: chooser.set_files(str(workbooks["good"])))

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page_walk.tab_to(page, "upload")
    page.keyboard.press("Enter")
    expect(page.locator("#upload-message")).to_contain_text("buenas")
    page_walk.tab_to(page, "check-button")
    page.keyboard.press("Enter")
    expect(page.locator("#check-title")).to_be_focused()
    expect(page.locator("#check-part .good")).to_be_visible()
    page_walk.tab_to(page, "form-button")
    page.keyboard.press("Enter")
    expect(page.locator("#f-name")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("by keyboard")
    page.keyboard.press("Enter")
    expect(page.locator("#run-name")).to_have_value("by keyboard")
    page_walk.tab_to(page, "run-button")
    page_walk.tab_to(page, "explore-button")
    page.keyboard.press("Enter")
    expect(page.locator("[id='x-indicator.time']")).to_be_focused()
    page.keyboard.press("ArrowRight")
    # Four of thirteen points.
    expect(page.locator("#answer")).to_contain_text("4/13")


def test_no_page_scrolls_sideways_and_the_other_language_is_one_step_away(opened):
    page = opened("es")
    page.click("#template-box summary")
    expect(page.locator("#seats")).to_be_visible()
    explore(page, "strict")
    for width in (1280, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("#other-language")
    assert page.evaluate("document.documentElement.lang") == "en"
    # The address keeps what was chosen.
    assert page.input_value("#run-name") == "strict"
