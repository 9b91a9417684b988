"""Whatever a draft is made from, `ogp check` accepts with it: panels and answers at random, with gaps."""

from __future__ import annotations

import json
import random

import pytest
import yaml

from ogp_analysis.cli import main
from ogp_analysis.cli.check import parameters_of
from ogp_analysis.cli.method import draft_of, method_text
from ogp_analysis.model.method_file import read_method
from ogp_analysis.model.params import as_dict, from_values
from ogp_analysis.ratings import examine
from ogp_analysis.ratings.draft_scales import scales_of

SCALES = (
    [str(n) for n in range(1, 6)],
    [str(n) for n in range(0, 101)],
    [f"{n / 4:g}" for n in range(0, 41)],
    [f"{n / 10:g}" for n in range(600, 1001, 7)],
    ["0", "1"],
    ["Sí", "No"],
    ["reject", "minor revision", "accept"],
    ["tin", "gold"],
)


def drawn(seed: int) -> tuple[list[dict], int]:
    """Draw panels, indicators, how many rate, and gaps; one row a rating."""
    rng = random.Random(seed)
    panels = [f"Panel {letter}" for letter in "ABC"[: rng.randint(1, 3)]]
    most, gaps = rng.randint(1, 5), rng.choice((0, 0.02, 0.3, 0.7))
    rows = []
    for indicator in ("Rigor", "Alcance", "Uso")[: rng.randint(1, 3)]:
        scale, serving = rng.choice(SCALES), rng.sample(panels, rng.randint(1, len(panels)))
        for proposal in range(rng.randint(4, 12)):
            for panel in serving:
                seats = rng.sample(range(1, 7), rng.randint(max(1, most - 1), most))
                rows += [
                    {"proposal": f"P{proposal:02d}", "panel": panel, "evaluator": f"{panel[-1]}{seat}"}
                    | {"indicator": indicator, "rating": rng.choice(scale)}
                    for seat in seats
                    if rng.random() >= gaps
                ]
    return rows, len(panels)


def draft(folder, rows: list[dict], language: str = "en") -> str:
    """Write the ratings and the method drafted from them; give the path of the ratings."""
    names = ("proposal", "panel", "evaluator", "indicator", "rating")
    lines = [",".join(names), *(",".join(row[name] for name in names) for row in rows)]
    file = folder / "r.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    text = method_text("own", language, draft_of(file, language))
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    return str(file)


class Given:
    """What the command line hands over."""

    params, lang = None, "es"

    def __init__(self, file: str, method: str) -> None:
        self.file, self.method = file, method


@pytest.mark.parametrize("seed", range(16))
def test_check_accepts_the_file_that_a_draft_was_made_from(tmp_path, seed):
    rows, _ = drawn(seed)
    file = draft(tmp_path, rows)
    given = Given(file, str(tmp_path / "own.yaml"))
    examined = examine(parameters_of(given, None))
    assert [problem.say() for problem in examined.problems] == []
    assert len(examined.inputs.ratings) == len(rows)
    # The most and the fewest are reached: nothing wider than the ratings was drafted.
    for criterion in read_method(given.method, tmp_path)[0].criteria:
        ratings = examined.inputs.ratings
        own = ratings[ratings["indicator"].isin([one.name for one in criterion.indicators])]
        counts = own.groupby(["proposal", "indicator", "panel"]).size()
        assert counts.max() == criterion.raters_per_panel or criterion.raters_per_panel == 2


def test_a_cell_without_a_rating_is_a_gap_unless_the_params_file_refuses_it(tmp_path):
    rows = [
        {"proposal": f"P{k}", "panel": "jury", "evaluator": f"E{seat}", "indicator": asked, "rating": "3"}
        for k in range(5)
        for asked in ("Rigor", "Uso")
        for seat in (1, 2, 3)
        if (k, asked) != (2, "Uso")
    ]
    rows[0]["rating"] = "5"
    file = draft(tmp_path, rows)
    values = yaml.safe_load((tmp_path / "own.yaml").read_text(encoding="utf-8"))
    assert values["criteria"][0]["raters"] == [0, 3]
    given = parameters_of(Given(file, str(tmp_path / "own.yaml")), None)
    assert given.missing == "available"
    refusing = from_values(as_dict(given) | {"missing": "refuse"})
    assert [one.proposal for one in examine(refusing).problems] == ["P2"]


@pytest.mark.parametrize(
    ("typed", "scales"),
    [
        # One scale where nothing shows another one.
        (["12345", "2345", "34", "124"], ["1-5"] * 4),
        (["12345", "3", "44"], ["1-5"] * 3),
        (["2345", "1234"], ["1-5"] * 2),
        # Yes or no beside points; a long scale beside a short one; two that begin apart.
        (["12345", "01"], ["1-5", "0-1"]),
        (["12345", "12"], ["1-5", "1-2"]),
    ],
)
def test_indicators_have_one_scale_unless_their_ratings_show_otherwise(typed, scales):
    drafted = scales_of({f"i{at}": list(cells) for at, cells in enumerate(typed)}).values()
    assert [f"{one['minimum']}-{one['maximum']}" for one in drafted] == scales


def test_scales_of_other_lengths_stay_apart():
    drafted = scales_of({"a": ["0", "35", "90", "100"], "b": ["1", "3", "5"], "c": ["60", "72", "85"]})
    assert [one["maximum"] for one in drafted.values()] == [100, 5, 100]


@pytest.mark.parametrize("answers", [("Sí", "No"), ("pass", "fail"), ("0", "1")])
@pytest.mark.parametrize("language", ["en", "es"])
def test_two_answers_give_two_levels_and_two_categories(tmp_path, answers, language):
    rows = [
        {"proposal": f"P{k}", "panel": "jury", "evaluator": f"E{seat}", "indicator": "Uso"}
        | {"rating": answers[(k + seat) % 2]}
        for k in range(6)
        for seat in (1, 2, 3)
    ]
    draft(tmp_path, rows, language)
    method = read_method("own.yaml", tmp_path)[0]
    assert (method.criteria[0].levels, method.category_numbers) == (("low", "high"), (1, 2))
    assert method.category_table == (2, 1)


def test_means_of_many_decimals_are_no_scale(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    cells = "\n".join(f"P{k},{1 + k / 7:.6f},{2 + k / 11:.6f}" for k in range(12))
    (tmp_path / "r.csv").write_text(f"Project,Judge 1,Judge 2\n{cells}", encoding="utf-8")
    assert main.main(["method", "new", "m", "--ratings", "r.csv", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in said["problems"]] == ["method.draft.too_fine"]
    assert not (tmp_path / "m.yaml").exists()
