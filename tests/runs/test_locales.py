"""The same bytes under the locale of every reader, Ecuador's first: figures, pages and PDF.

Whether a locale exists is asked of the machine: a name that the system does not know falls back to "C", and a
test under it proves nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.textpath import TextToPath

from ogp_analysis.figures import lettering, style

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "outputs" / "baseline" / "figures"
LOCALES = ["C", "es_EC.UTF-8", "tr_TR.UTF-8"]
# Every ligature of DejaVu Sans, before what stands at their end: a legend, an axis, a title.
DRAW = """
import hashlib, json, locale, pathlib, sys
sys.path[:0] = sys.argv[2:]
import sample_run
from ogp_analysis import report, plan
from ogp_analysis.figures import plan as drawn, style

try:
    named = locale.setlocale(locale.LC_CTYPE, "")
except locale.Error:
    sys.exit(print("null"))

def digest(content):
    return hashlib.sha256(content).hexdigest()

@style.styled
def letters(language="en"):
    figure = style.new()
    axes = figure.subplots()
    axes.barh(["oficina difícil fi fl ffi ffl", "Iı İi flow offices suffice"], [1, 2], label="affluent fi")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    axes.set_xlabel("$fi$ eficacia")
    style.legend_below(axes)
    return figure

folder = sample_run.make(pathlib.Path(sys.argv[1]))
found = {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in report.build(folder)}
found["letters"] = digest(style.svg(letters()).encode())
for name, drawing in drawn.all_of(plan.results.compute()).items():
    found |= {f"{name}.{each}.svg": digest(drawing.svg(each).encode()) for each in ("en", "es")}
print(json.dumps([named, found]))
"""


def drawn_under(name: str, folder: Path) -> dict[str, str]:
    """Give the hash of every file made in a process of its own under a locale; skip where there is none."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
    done = subprocess.run(
        [sys.executable, "-c", DRAW, str(folder / "run"), str(ROOT), str(ROOT / "tests")],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env=kept | {"LC_ALL": name, "PYTHONCOERCECLOCALE": "0"},
    )
    answer = json.loads(done.stdout)
    if answer is None:
        pytest.skip(f"this machine has no locale {name}; .ci/run makes it")
    assert answer[0].lower().replace("-", "") == name.lower().replace("-", "")
    return answer[1]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return drawn_under("C", tmp_path_factory.mktemp("C"))


@pytest.mark.slow
@pytest.mark.parametrize("name", LOCALES[1:])
def test_figures_pages_and_pdfs_are_the_same_bytes_under_every_locale(
    name: str, here: dict[str, str], tmp_path: Path
) -> None:
    there = drawn_under(name, tmp_path)
    assert there == here
    assert {"report.html", "report.pdf", "letters", "flow.es.svg"} <= set(there)


def test_figures_are_the_committed_ones(here: dict[str, str]) -> None:
    committed = [name for name in here if (FIGURES / name).is_file()]
    assert len(committed) >= 10
    for name in committed:
        assert here[name] == hashlib.sha256((FIGURES / name).read_bytes()).hexdigest(), name


def test_a_matplotlib_that_knows_no_language_of_text_draws_as_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lettering, "SETTING", "text.no_such_setting")
    with style.applied():
        assert getattr(TextToPath, lettering.MEASURE) is lettering.ORIGINAL[TextToPath]


def test_whoever_plots_besides_measures_as_before() -> None:
    with style.applied(), style.applied():
        assert mpl.rcParams["text.language"] == "en"
    assert getattr(TextToPath, lettering.MEASURE) is lettering.ORIGINAL[TextToPath]
