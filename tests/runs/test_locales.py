"""The same bytes under the locale of every reader, Ecuador's first: figures, pages and PDF.

Whether a locale exists is asked of the machine: a name that the system does not know falls back to "C", and a
test under it proves nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import drawn_files
import matplotlib as mpl
import pytest
from matplotlib.textpath import TextToPath

from ogp_analysis.figures import lettering, style

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "outputs" / "baseline" / "figures"
# In which language the figures of the plan are drawn under a locale: those of the baseline were drawn under
# C, which test_backtest holds, and all of them in both languages would take seconds more.
LOCALES = {"es_EC.UTF-8": "es", "tr_TR.UTF-8": "en"}


def drawn_under(name: str, folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Give the hash of every file made in a process of its own under a locale; skip where there is none."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
    place = folder / "otra carpeta ñ"
    place.mkdir()
    changes = {"LC_ALL": name, "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    changes |= {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "drawn_files.py"), str(place / "run"), LOCALES[name]],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=place,
        env=kept | changes,
    )
    answer = json.loads(done.stdout)
    if answer is None:
        pytest.skip(f"this machine has no locale {name}; .ci/run makes it")
    assert answer[0].lower().replace("-", "") == name.lower().replace("-", "")
    return answer[1], answer[2]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages as this process makes them, whatever its locale is."""
    return drawn_files.pages(tmp_path_factory.mktemp("here") / "run")


@pytest.mark.slow
@pytest.mark.parametrize("name", LOCALES)
@pytest.mark.deep
def test_figures_pages_and_pdfs_are_the_same_bytes_under_every_locale(
    name: str, here: dict[str, str], tmp_path: Path
) -> None:
    pages, figures = drawn_under(name, tmp_path)
    assert pages == here
    assert {"report.html", "report.pdf", "letters"} <= set(pages)
    assert len(pages) > 10
    committed = [name for name in figures if (FIGURES / name).is_file()]
    assert len(committed) >= 5
    for name in committed:
        assert figures[name] == drawn_files.digest((FIGURES / name).read_bytes()), name


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
