"""JupyterLab as ``make lab`` starts it, in a real browser: from start page to results, by keyboard alone.

``make lab-test`` runs this: JupyterLab has an environment of its own, the browser's driver that of the tests.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import page_walk
import pytest
import sample_run
import ten_mistakes
from playwright.sync_api import expect
from project_files import ROOT, script
from tiny_notebooks import write_notebook

LAB = os.environ.get("OGP_LAB", "")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not LAB, reason="JupyterLab has an environment of its own: make lab-test"),
    pytest.mark.skipif(sample_run.CHROMIUM is None, reason=sample_run.NO_CHROMIUM),
]
TOKEN = "of-this-test"
# Kernels, a server and a run, on a busy machine.
LONG = 120_000


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(address: str, process: subprocess.Popen) -> None:
    for _ in range(LONG // 500):
        assert process.poll() is None, "JupyterLab ended"
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    raise AssertionError(address)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """Copy what the start page wants, with a tiny notebook to run: what is executed there is saved there."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "lab", folder / "lab")
    write_notebook(folder / "notebooks", "01_tiny")
    return folder


@pytest.fixture(scope="module")
def jupyter(project, tmp_path_factory):
    """Start JupyterLab with the words of ``make lab``, without anything of the user's own."""
    port, own = free_port(), tmp_path_factory.mktemp("jupyter")
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    process = subprocess.Popen(
        [
            *(LAB, "-m", "jupyterlab", *script("make.py").LAB_WORDS, "--no-browser", "--allow-root"),
            *(f"--port={port}", f"--IdentityProvider.token={TOKEN}"),
        ],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | {name: str(own / name) for name in places},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/api", process)
        yield f"http://127.0.0.1:{port}/lab/tree/lab"
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def browser():
    with sample_run.chromium() as opened:
        yield opened


@pytest.fixture
def opened(browser, jupyter):
    """Open a notebook of JupyterLab; nothing may be asked for outside this machine."""
    context = browser.new_context()
    asked = []
    context.on("request", lambda request: asked.append(request.url))

    def visit(name):
        page = context.new_page()
        # Without what an earlier visit left open: keys would go to that tab.
        page.goto(f"{jupyter}/{name}.ipynb?token={TOKEN}&reset")
        expect(page.locator(".lm-DockPanel-tabBar .lm-mod-current")).to_contain_text(name, timeout=LONG)
        expect(page.locator(".jp-Notebook .jp-mod-active")).to_be_focused(timeout=LONG)
        # Whoever runs a cell before there is a kernel is asked for one.
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=LONG)
        expect(page.get_by_role("alert")).to_have_count(0)
        return page

    yield visit
    context.close()
    outside = [url for url in asked if url.startswith("http") and "://127.0.0.1:" not in url]
    assert outside == []


def run_cells(lab, number: int) -> None:
    """Run the first cells, each once the one before was left: a busy machine mixes up quick presses."""
    for at in range(1, number + 1):
        lab.keyboard.press("Shift+Enter")
        expect(lab.locator("#jp-main-statusbar")).to_contain_text(f"Cell {at + 1}/", timeout=LONG)


def the_page(lab):
    """Run the cell of the start page and open its link, by the keyboard."""
    link = lab.locator(".jp-OutputArea-output a")
    # Two cells of text come before it.
    run_cells(lab, 3)
    expect(link).to_be_visible(timeout=LONG)
    lab.keyboard.press("Shift+Tab")
    expect(link).to_be_focused()
    with lab.context.expect_page() as found:
        lab.keyboard.press("Enter")
    page = found.value
    page.wait_for_load_state()
    # Asked for at the beginning: a chooser that opens before anybody waits for it is the system's own.
    page.on("filechooser", lambda chooser: chooser.set_files(page.to_give))
    return page


def in_language(page, language: str) -> None:
    """Switch the language at the top of the page where it is the other one."""
    if page.evaluate("document.documentElement.lang") != language:
        page_walk.press(page, "other-language")
        expect(page.locator(f"html[lang={language}]")).to_be_attached()


def give(page, path: Path) -> None:
    """Choose a file as if in the chooser that Enter opens."""
    page.to_give = str(path)
    page_walk.press(page, "upload", key="Shift+Tab")
    expect(page.locator("#upload-message")).to_contain_text(path.name)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_walk_from_the_start_page_by_keyboard_alone(opened, tmp_path, language):
    page = the_page(opened("start"))
    in_language(page, language)

    # One of the ten mistakes: a rating off the scale.
    good = ten_mistakes.filled(tmp_path / f"buenas-{language}.xlsx")
    spoilt = ten_mistakes.spoil(shutil.copy(good, tmp_path / f"malas-{language}.xlsx"))
    page_walk.tab_to(page, "check-button")
    give(page, spoilt)
    page_walk.press(page, "check-button")
    expect(page.locator("#problems tbody tr").first).to_be_visible(timeout=LONG)
    assert "(F2)" in page.inner_text("#problems")

    # The good one, to its results.
    give(page, good)
    page_walk.press(page, "check-button")
    expect(page.locator("#check-part .good")).to_contain_text("80", timeout=LONG)
    page_walk.press(page, "form-button")
    expect(page.locator("#f-name")).to_have_value(good.stem)
    page.keyboard.press("Enter")
    expect(page.locator("#run-name")).to_have_value(good.stem)
    page_walk.press(page, "run-button")
    expect(page.locator("#results-part h3")).to_have_text(good.stem, timeout=LONG)
    words = {"es": "informe", "en": "report"}[language]
    assert page.locator("#results-part a", has_text=words).count() > 0

    # A method of one's own.
    for path in page_walk.own_method(tmp_path):
        give(page, path)
    page_walk.press(page, "check-button")
    expect(page.locator("#check-part .good")).to_contain_text("12", timeout=LONG)


def test_the_explore_notebook_shows_no_change_before_a_slider_moves(opened, project):
    shutil.copytree(ROOT / "params", project / "params", dirs_exist_ok=True)
    lab = opened("explore")
    # Text, imports, text, data, text, controls.
    run_cells(lab, 6)
    moved = lab.locator(".jp-OutputArea-output", has_text="In the synthetic example, ").last
    expect(moved).to_contain_text("none of 43 proposals", timeout=LONG)
    slider = lab.locator(".widget-slider [role=slider], .widget-slider .noUi-handle").first
    slider.focus()
    lab.keyboard.press("ArrowRight")
    expect(lab.locator(".jp-OutputArea-output", has_text="4/13").last).to_be_visible(timeout=LONG)
