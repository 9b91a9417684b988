"""How fast the public page of 100,000 proposals is made, and how fast it answers in a browser, offline.

    python benchmarks/public_page.py [--write]

The proposals are synthetic (benchmarks/labelled_set.py). Made: seconds, peak memory, files and megabytes of
one language. Answered: in headless Chromium, from a word that is typed to its first result on the page, the
page freshly opened from the disk for each. Exit code 1 when a limit is broken.
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
COUNT = 100_000
# A common word, a rare one, two together, the beginning of many words, none, a code, a goal with a place.
SEARCHES = ("transparencia", "gerontológicos", "agua juntas", "pro", "zzzz", "S050000", "ods16 Loja")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LIMIT = 1_000.0
# The clock starts with the key and stops when the list shows what fits, or the count says that nothing does.
TYPE = """(text) => new Promise((resolve) => {
  const field = document.getElementById("search-words"), list = document.getElementById("search-list");
  const status = document.getElementById("search-count");
  const started = performance.now();
  const watch = new MutationObserver(() => {
    if (!list.children.length && !status.textContent.startsWith("0 ")) return;
    watch.disconnect();
    const end = () => resolve([performance.now() - started, list.children.length, status.textContent]);
    requestAnimationFrame(end);
  });
  watch.observe(status, { childList: true, characterData: true, subtree: true });
  watch.observe(list, { childList: true });
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
})"""


def listed(count: int) -> pd.DataFrame:
    """Make a register of so many synthetic proposals."""
    from benchmarks import labelled_set
    from ogp_analysis.proposals.register import SHOWN

    made = labelled_set.make(groups=max(30, count // 8), proposals=count)
    numbers = pd.Series(range(count))
    frame = made.reindex(columns=SHOWN, fill_value="")
    return frame.assign(
        sdg=(numbers % 17 + 1).astype(str),
        province=numbers.map(lambda n: labelled_set.PLACES[n % len(labelled_set.PLACES)]),
        related=numbers.map(lambda n: "yes" if n % 3 else "no"),
        reason=numbers.map(lambda n: "" if n % 3 else "precision"),
        settled_by="",
        decided_by="",
        remarks="",
        group=numbers.map(lambda n: f"G{n // 8:06d}" if n % 3 else ""),
        group_title="Propuesta sintética",
        reiterations=numbers.map(lambda n: "5" if n % 3 else ""),
        channel="online",
        submitted="2018-11-30",
    ).astype("str")


def make(folder: Path, count: int) -> dict[str, float]:
    """Write the page in Spanish."""
    from ogp_analysis.output import canonical
    from ogp_analysis.report import public_pages

    frame = listed(count)
    started, sizes = time.perf_counter(), []
    name = "proposals.es.html"
    for file, content in public_pages.files(frame, "es", name=name, other_page="proposals.en.html"):
        canonical.write(folder / file, content)
        sizes.append(len(content.encode()))
    return {
        "made in one language, s": time.perf_counter() - started,
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "files": len(sizes),
        "all files, MB": sum(sizes) / 1e6,
        "largest file, MB": max(sizes) / 1e6,
    }


def answer(folder: Path) -> dict[str, float]:
    """Type each word into a page that was just opened; nothing where no Chromium is installed."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        return {}
    from playwright.sync_api import sync_playwright

    times, opened = [], []
    with sync_playwright() as playwright:
        for words in SEARCHES:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            page = browser.new_context(offline=True).new_page()
            started = time.perf_counter()
            page.goto((folder / "proposals.es.html").as_uri())
            page.wait_for_selector("article.proposal")
            opened.append(1000 * (time.perf_counter() - started))
            milliseconds, results, status = page.evaluate(TYPE, words)
            print(f"{words}: {milliseconds:.0f} ms, {results} listed; {status}", file=sys.stderr)
            times.append(milliseconds)
            browser.close()
    return {
        "opens with its first proposals, ms": statistics.median(opened),
        "first result, median, ms": statistics.median(times),
        "first result, slowest, ms": max(times),
    }


def main() -> int:
    """Measure, print a table and keep it where asked to."""
    if sys.argv[1:2] == ["--make"]:
        print(json.dumps(make(Path(sys.argv[2]), COUNT)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--make", folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        measured = json.loads(done.stdout) | answer(Path(folder))
    slowest = "first result, slowest, ms"
    lines = ["| what | measured | limit |", "|---|---:|---:|"]
    lines += [
        f"| {name} | {value:,.4g} | {f'{LIMIT:,.0f}' if name == slowest else ''} |"
        for name, value in measured.items()
    ]
    print("\n".join(lines))
    if "--write" in sys.argv:
        head = (
            "# The public page of 100,000 proposals\n\nMade by `python benchmarks/public_page.py --write` on "
            "two cores that others used at the same time;\nthe proposals are synthetic. Each search is the "
            f"first on a page just opened: {', '.join(SEARCHES)}.\n\n"
        )
        Path(__file__).with_suffix(".md").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return int(measured.get(slowest, 0.0) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
