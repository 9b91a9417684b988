"""How fast the report is made and opened.

    python benchmarks/report.py [RUN]     (default outputs/baseline; prints a Markdown table)

Making: every form in both languages, against typst alone on the same document. Opening: the page in headless
Chromium, from navigation to the load event, against an empty page in the same browser; and one move of a
slider (every proposal again, with its exact shares). Exit code 1 when a limit is broken.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
TRIES = 7
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
EMPTY = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>empty</title><p>empty</p></html>'
SLIDE = """() => {
  const slider = document.getElementById("slider-0-weights-0");
  const started = performance.now();
  for (let k = 0; k < 100; k += 1) {
    slider.value = (k % 50) / 50;
    slider.dispatchEvent(new Event("input"));
  }
  return (performance.now() - started) / 100;
}"""
LIMITS = {"page opens, ms": 1500.0, "slider moves, ms": 16.0, "made / its two PDFs alone": 3.0}


def seconds(action: Callable[[], object], *, times: int = 3) -> float:
    """Give the median wall time of a few tries."""
    tries = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        tries.append(time.perf_counter() - started)
    return statistics.median(tries)


def making(run: Path) -> dict[str, float]:
    """Measure `report.build` on a copy of a run, and the PDFs alone."""
    from ogp_analysis import report
    from ogp_analysis.language import texts
    from ogp_analysis.report import pdf

    with tempfile.TemporaryDirectory() as folder:
        for name in ("tables", "figures"):
            shutil.copytree(run / name, Path(folder) / name)
        shutil.copy(run / "results.json", folder)
        pack = report.read(folder)
        whole = seconds(lambda: report.build(folder))
        paper = seconds(lambda: [pdf.render(pack, language=code) for code in texts.LANGUAGES])
    return {"made in both languages, s": whole, "made / its two PDFs alone": whole / paper}


def opening(run: Path) -> dict[str, float]:
    """Measure the page in Chromium; nothing where no Chromium is installed."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        return {}
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty.html"
        empty.write_text(EMPTY, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        page = browser.new_context(offline=True).new_page()

        def opened(path: Path) -> float:
            return 1000 * seconds(lambda: page.goto(path.as_uri(), wait_until="load"), times=TRIES)

        floor, full = opened(empty), opened((run / "report.html").resolve())
        moved = page.evaluate(SLIDE)
        browser.close()
    return {"empty page opens, ms": floor, "page opens, ms": full, "slider moves, ms": moved}


def main() -> int:
    run = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "outputs" / "baseline"
    measured = making(run) | opening(run)
    print("| what | measured | limit |\n|---|---|---|")
    for name, value in measured.items():
        print(f"| {name} | {value:.3g} | {LIMITS.get(name, '')} |")
    return int(any(measured[name] > limit for name, limit in LIMITS.items() if name in measured))


if __name__ == "__main__":
    sys.exit(main())
