"""The explorer's rules in a real browser give what the package gives under the same parameters."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import sample_run

from ogp_analysis import ratings
from ogp_analysis.app import controls
from ogp_analysis.assessment import categories, whole_assessment
from ogp_analysis.assessment.adjudication import THIRD_RULES
from ogp_analysis.model import params
from ogp_analysis.report import explorer, page, parameters_and_gaps
from ogp_analysis.report.run_files import Pack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sample_run.CHROMIUM is None, reason=sample_run.NO_CHROMIUM),
]
BASELINE = params.from_values(params.baseline())
PANEL_RULES = ("mean", "minimum", "working_group", "core_group")


@pytest.fixture(scope="module")
def inputs():
    return ratings.load(BASELINE)


@pytest.fixture(scope="module")
def pack(inputs):
    assessed = whole_assessment.assess(inputs, BASELINE)
    assigned = assessed.assigned.reset_index()
    route = categories.recorded_route(pd.Index(assigned["proposal"]), inputs.proposals)
    ledger = assigned[["proposal", "category_by_rule", "category_final"]].assign(route=route)
    tables = {
        "settled": assessed.settled,
        "indicator_scores": assessed.scores.reset_index(),
        "ledger": ledger,
    }
    results = {
        "06_irm_review": {"method": json.loads(json.dumps(parameters_and_gaps.method_in_use(BASELINE)))}
    }
    return Pack(tables, {}, results, "en", synthetic=True)


@pytest.fixture(scope="module")
def opened(pack, tmp_path_factory):
    file = tmp_path_factory.mktemp("rules") / "report.html"
    file.write_text(page.render(pack, language="en", other_page="report.es.html"), encoding="utf-8")
    with sample_run.chromium() as browser:
        shown = browser.new_page()
        shown.complaints = []
        shown.on("pageerror", lambda error: shown.complaints.append(str(error)))
        shown.goto(file.as_uri())
        yield shown


@pytest.fixture(autouse=True)
def from_the_start(opened):
    opened.evaluate("() => history.replaceState(null, '', location.pathname)")
    opened.reload()


def positions(count):
    """Positions of the controls as a reader could choose them."""
    rng = np.random.default_rng(20191001)
    for _ in range(count):
        cuts = np.sort(rng.choice(np.arange(20, 101), (2, 2), replace=False), axis=1) / 20
        weights = rng.integers(1, 100, 7) / 100
        yield {
            "rules": {
                "third_rule": str(rng.choice(THIRD_RULES)),
                "panel_rule": str(rng.choice(PANEL_RULES)),
                "tolerance": float(rng.choice([0, 0, 0.5, 1, 2])),
                "missing_third": str(rng.choice(["bounds", "bounds", "mean"])),
                "matching_rule": str(rng.choice(["mean", "lower", "higher"])),
            },
            "veto": [None, 2.5, 3, 3.5][rng.integers(4)],
            "cuts": cuts.tolist(),
            "weights": weights.tolist(),
        }


def by_python(inputs, position):
    criteria = BASELINE.method.criteria
    names = [indicator.name for criterion in criteria for indicator in criterion.indicators]
    values = params.as_dict(BASELINE) | position["rules"]
    values["indicator_weights"] = normed(dict(zip(names, position["weights"], strict=True)), criteria)
    values["cut_points"] = {
        criterion.name: cuts for criterion, cuts in zip(criteria, position["cuts"], strict=True)
    }
    values["veto"] = "none" if position["veto"] is None else position["veto"]
    parameters = params.from_values(values)
    result = whole_assessment.assess(inputs, parameters)
    return result.assigned, controls.weighting_shares(inputs, result, parameters)


def normed(weights, criteria):
    """As exact texts that sum to 1 within each criterion."""
    texts = {}
    for criterion in criteria:
        own = {one.name: round(100 * weights[one.name]) for one in criterion.indicators}
        texts |= {name: f"{weight}/{sum(own.values())}" for name, weight in own.items()}
    return texts


SCRIPT = """([data, positions]) => positions.map(({ rules, cuts, weights, veto }) => {
  const method = veto === null ? data.method : { ...data.method, veto: String(veto) };
  const setting = [{ weights: weights.slice(0, 4).map(String), cuts: cuts[0].map(String) },
                   { weights: weights.slice(4).map(String), cuts: cuts[1].map(String) }];
  return data.proposals.map((proposal) => {
    const found = ogp.evaluateUnder(method, proposal, setting, { ...data.method.rules, ...rules });
    return { category: found.category, possible: found.possible || [found.category],
      means: found.means, vetoed: found.vetoed || null, shares: found.acceptability }; }); })"""


def test_every_rule_gives_the_categories_of_the_package(opened, pack, inputs):
    data, chosen = explorer.inputs(pack), list(positions(20))
    shown = opened.evaluate(SCRIPT, [data, chosen])
    names = [name for criterion in data["method"]["criteria"] for name in criterion["indicators"]]
    undetermined = vetoed = 0
    for position, rows in zip(chosen, shown, strict=True):
        assigned, shares = by_python(inputs, position)
        expected = [None if pd.isna(one) else int(one) for one in assigned["category_by_rule"]]
        assert [row["category"] for row in rows] == expected, position
        possible = [[int(one) for one in str(some).split()] for some in assigned["possible"]]
        assert [row["possible"] for row in rows] == possible, position
        undetermined += expected.count(None)
        for row, (_, given) in zip(rows, assigned.iterrows(), strict=True):
            for shown_mean, name in zip(row["means"], ("feasibility", "relevance"), strict=True):
                if shown_mean is not None and pd.notna(given[name]):
                    assert abs(shown_mean - given[name]) < 1e-9
        for row, (code, given) in zip(rows, assigned.iterrows(), strict=True):
            if row["vetoed"] is not None:
                assert " ".join(names[at] for at in row["vetoed"]) == given.get("vetoed", ""), position
                vetoed += len(row["vetoed"])
            if row["shares"] is not None and code in shares.index:
                assert row["shares"] == pytest.approx(shares.loc[code].tolist(), abs=1e-9), position
    # Small tolerances call for third evaluations that nobody gave.
    assert undetermined > 10
    assert vetoed > 10


CELLS = "rows => rows.map((row) => [row.dataset.code, row.cells[2].textContent, row.cells[3].textContent])"


def test_a_veto_that_decides_is_named_in_its_row(opened, pack, inputs, tmp_path):
    strict = params.with_values(BASELINE, veto=4)
    assessed = whole_assessment.assess(inputs, strict)
    base = assessed.assigned
    ledger = pack.tables["ledger"].assign(category_by_rule=base["category_by_rule"].to_numpy())
    method = json.loads(json.dumps(parameters_and_gaps.method_in_use(strict)))
    run = Pack(
        pack.tables | {"ledger": ledger}, {}, {"06_irm_review": {"method": method}}, "en", synthetic=True
    )
    file = tmp_path / "report.html"
    file.write_text(page.render(run, language="en", other_page="report.es.html"), encoding="utf-8")
    first = opened.url
    opened.goto(file.as_uri())
    rows = opened.locator("#explorer-box tbody tr").evaluate_all(CELLS)
    opened.goto(first)
    now = base["category_by_rule"].map(lambda one: "undetermined" if pd.isna(one) else str(one))
    assert {code: category for code, category, _ in rows} == dict(now)
    named = {code: text for code, _, text in rows if text}
    assert set(named) == set(base.index[base["vetoed"].fillna("") != ""])
    assert named
    assert all("4 points" in text for text in named.values())


def choose(shown, **rules):
    for name, value in rules.items():
        shown.eval_on_selector(
            f"#rule-{name}",
            "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }",
            str(value),
        )


def test_controls_start_at_the_runs_rules_and_change_nothing_until_moved(opened):
    assert opened.input_value("#rule-third_rule") == "replace"
    assert opened.input_value("#rule-panel_rule") == "mean"
    assert opened.inner_text("#rule-tolerance-value") == "1.0"
    assert opened.locator("#explorer-box tr.moved").count() == 0


def test_a_rule_moves_proposals_and_stands_in_the_address(opened, inputs):
    choose(opened, panel_rule="minimum", tolerance=2)
    values = params.as_dict(BASELINE) | {"panel_rule": "minimum", "tolerance": 2.0}
    now = whole_assessment.assess(inputs, params.from_values(values)).assigned["category_by_rule"]
    base = whole_assessment.assess(inputs, BASELINE).assigned["category_by_rule"]
    moved = [code for code in now.index if now[code] != base[code]]
    codes = "#explorer-box tr.moved"
    assert opened.locator(codes).evaluate_all("rows => rows.map((row) => row.dataset.code)") == moved
    address = opened.evaluate("location.hash")
    opened.reload()
    assert opened.evaluate("location.hash") == address
    assert opened.input_value("#rule-panel_rule") == "minimum"
    assert opened.locator(codes).count() == len(moved)
    opened.click("#explorer-reset")
    assert opened.locator(codes).count() == 0
    assert opened.evaluate("location.hash") in ("", "#")


def test_what_a_lacking_third_evaluation_leaves_open_is_named(opened):
    choose(opened, tolerance=0)
    row = opened.locator("#explorer-box tr[data-code=S06] td")
    assert row.nth(1).inner_text() == "undetermined"
    assert "as a lacking third evaluation would decide" in row.nth(2).inner_text()
    # Of 43 each has a category, and stands in a box, or is told apart.
    boxes = sum(int(count) for count in opened.locator("[id^=explorer-count-]").all_inner_texts())
    message = opened.inner_text("#explorer-message")
    assert f"; undetermined: {43 - boxes} (" in message
    assert message.startswith("Proposals that change category: 0 of 43 (–)")
    assert opened.complaints == []


def test_a_proposal_is_marked_from_the_keyboard_and_the_mark_is_sent_along(opened):
    button = opened.locator("#explorer-box tr[data-code=S07] th button")
    button.focus()
    opened.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    opened.reload()
    assert opened.locator("#explorer-box tr.chosen").count() == 1
    opened.locator("#explorer-box tr[data-code=S07] th button").click()
    assert opened.evaluate("location.hash") in ("", "#")


def test_nonsense_in_the_address_is_left_aside(opened):
    opened.evaluate("() => { location.hash = '#x=r:third_rule:nonsense,r:tolerance:-1,r:else:1&m=S99'; }")
    opened.reload()
    assert opened.input_value("#rule-third_rule") == "replace"
    assert opened.locator("#explorer-box tr.moved, #explorer-box tr.chosen").count() == 0
    assert opened.complaints == []
