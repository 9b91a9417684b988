"""Two foreign methods from command to run: tables against pandas, no word of Ecuador in any output."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from depth import deep_after
from project_files import ROOT

from ogp_analysis.cli import main

# What belongs to Ecuador's plan, in both languages; the citation of the software may name it.
WORDS = re.compile(
    r"ecuador|commitment|compromiso|action plan|plan de acci|core group|grupo n[uú]cleo|working group|"
    r"grupo de trabajo|note 20|nota 20|open government|gobierno abierto|feasibility\b|factibilidad|"
    r"pertinencia|phase 5|fase 5",
    re.IGNORECASE,
)
ALLOWED = re.compile(
    r"feasibility_rule|ogp_analysis[^\n]{0,200}|Reproducible audit of how Ecuador[^\n]{0,120}", re.IGNORECASE
)


@pytest.fixture(scope="module", params=deep_after(1, ["jury-of-labels", "fund-with-weights"]))
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run one of the packaged methods on invented ratings of its own, in Spanish."""
    folder = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
        words = ["--method", request.param]
        assert main.main(["example", "data", *words, "--proposals", "12", "--seed", "7"]) == 0
        assert main.main(["params", "own.yaml", "--data", "data", "--lang", "es", *words]) == 0
        given = yaml.safe_load((folder / "own.yaml").read_text(encoding="utf-8"))
        # Small numbers: what is tested is the shape of the method, not precision.
        small = {"n_draws": 200, "n_resamples": 100}
        (folder / "own.yaml").write_text(yaml.safe_dump(given | small, allow_unicode=True), encoding="utf-8")
        assert main.main(["run", "own.yaml", "--lang", "es", "--quiet"]) == 0
        assert main.main(["verify", "outputs/own", "--hashes-only"]) == 0
    return folder / "outputs" / "own"


def texts_of(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix in (".xlsx", ".zip"):
        archive = zipfile.ZipFile(path)
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if path.suffix == ".ipynb":
        cells = json.loads(content)["cells"]
        return "\n".join("".join(cell["source"]) + json.dumps(cell.get("outputs", "")) for cell in cells)
    return content.decode("utf-8", "replace")


@pytest.mark.slow
def test_no_output_holds_a_word_of_another_plan(ran):
    found = {}
    for path in sorted(path for path in ran.rglob("*") if path.is_file() and path.suffix != ".pdf"):
        hits = {match[0].casefold() for match in WORDS.finditer(ALLOWED.sub("", texts_of(path)))}
        if hits:
            found[path.relative_to(ran).as_posix()] = sorted(hits)
    assert found == {}


@pytest.mark.slow
def test_categories_are_those_of_a_few_lines_of_pandas(ran):
    """The mean of all independent ratings a cell, a third in their place where two differ by more than 1."""
    ratings = pd.read_csv(ran.parents[1] / "data" / "ratings.csv")
    cells = ratings[ratings["role"] == "independent"].groupby(["proposal", "indicator"])["rating"]
    scores = cells.mean().unstack()
    thirds = ratings[ratings["role"] == "third"].set_index(["proposal", "indicator"])["rating"]
    for (proposal, indicator), rating in thirds.items():
        scores.loc[proposal, indicator] = rating
    if "overall" in scores:
        wanted = 3 - (scores["overall"].to_numpy()[:, None] >= np.array([2.5, 3.5]) - 1e-9).sum(axis=1)
    else:
        quality, viability = (
            scores[["rigour", "novelty"]].mean(axis=1),
            scores[["team", "budget"]].mean(axis=1),
        )
        composite = 0.5 * quality + 0.3 * scores["reach"] + 0.2 * viability
        wanted = 3 - (composite.to_numpy()[:, None] >= np.array([3.0, 3.5]) - 1e-9).sum(axis=1)
    table = pd.read_csv(ran / "tables" / "categories.csv").set_index("proposal")
    assert table.loc[scores.index, "category_by_rule"].tolist() == wanted.tolist()
