"""The whole sensitivity for methods of any shape: against the assessment, and against weights drawn here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from depth import deep_after

from ogp_analysis.assessment import whole_assessment
from ogp_analysis.figures import sensitivity as drawn
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.sensitivity import results, simulate, study, threshold_probability
from tests.sensitivity.any_method import NAMES, of_method, rated

DRAWS = 20_000


@pytest.fixture(scope="module", params=deep_after(4, NAMES))
def studied(request, tmp_path_factory):
    parameters = of_method(request.param, tmp_path_factory.mktemp("method"), n_draws=200)
    inputs = rated(parameters)
    return parameters, inputs, study.prepare(inputs, parameters)


def test_the_baseline_is_the_category_of_the_assessment(studied):
    parameters, inputs, prepared = studied
    ruled = whole_assessment.assess(inputs, parameters).assigned["category_by_rule"].dropna()
    assert prepared.portfolio.baseline().tolist() == ruled.tolist()
    assert prepared.proposals.tolist() == ruled.index.tolist()


def test_shares_are_those_of_weights_drawn_on_the_simplex_of_each_axis(studied):
    """Under the composite all indicators share one simplex: the products of weights are any weighting."""
    parameters, inputs, prepared = studied
    method, rng = parameters.method, np.random.default_rng(1)
    whole = whole_assessment.assess(inputs, params.with_values(parameters, missing_third="mean"))
    table = whole.scores.loc[prepared.proposals]
    levels = []
    for axis in method.axes:
        names = [indicator.name for indicator in axis.indicators]
        values = table[names].to_numpy()
        weights = rng.dirichlet(np.ones(len(names)), size=DRAWS)
        cuts = np.array(parameters.cut_points[axis.name])
        levels.append(((values @ weights.T)[..., None] >= cuts - 1e-12).sum(axis=-1))
    category = np.array(method.category_table)[tuple(levels)]
    category = np.where(category == 0, method.route[1], category)
    found = study.weight_acceptability(prepared)
    for place, number in enumerate(method.category_numbers):
        share = (category == number).mean(axis=1)
        error = np.sqrt(np.maximum(share * (1 - share), 1e-4) / DRAWS)
        assert np.all(np.abs(found[:, place] - share) < 4.5 * error)


def test_all_of_category_1_under_weights_alone(studied):
    _, _, prepared = studied
    share, _ = results.ten_under_weights(prepared)
    only = simulate(replace(prepared.portfolio, vary=("weights",)), draws=DRAWS, seed=2)
    if (prepared.portfolio.baseline() == 1).any():
        assert abs(only.share("ten")[0] - share) < 5 * only.standard_error("ten")[0] + 0.03


def test_every_table_figure_and_sentence_is_made(studied, request):
    parameters, inputs, _ = studied
    found = results.compute(inputs, parameters)
    verdicts = found.tables["sensitivity_verdicts"]
    numbers = parameters.method.category_numbers
    shares = verdicts[[f"share_{number}" for number in numbers]].dropna()
    assert shares.sum(axis=1).tolist() == pytest.approx([1] * len(shares))
    sweep = found.tables["sensitivity_sweep"]
    cuts = sum(len(axis.levels) - 1 for axis in parameters.method.axes)
    assert sweep.loc[sweep["cut"] != "all", ["cut", "level"]].drop_duplicates().shape[0] == cuts
    first = found.further["first"]["en"]
    shared = {True: "that all indicators share", False: "that the indicators of a criterion share"}
    assert shared[not parameters.method.by_composite] not in first
    for language in texts.LANGUAGES:
        assert found.bottom_line[language]
    # One language for each method by turns: to draw is half of the time.
    language = texts.LANGUAGES[NAMES.index(request.node.callspec.params["studied"]) % 2]
    for drawing in drawn.all_of(found).values():
        assert drawing.show(language)


def test_one_indicator_leaves_no_doubt_about_weights(tmp_path):
    parameters = of_method("jury-of-labels", tmp_path, n_draws=200)
    portfolio = study.prepare(rated(parameters), parameters).portfolio
    assert portfolio.doubtful == ("cuts", "evaluators")
    assert results.ten_under_weights(study.prepare(rated(parameters), parameters)) == (1.0, 0.0)


def test_a_share_of_exactly_the_bound_is_enough():
    """One score falls short of 4 by a tenth, the others reach it by 0, 0.9 and 0.1: of weightings whose mean
    does not reach it there are 0.1/0.1 x 0.1/1.0 x 0.1/0.2 = 1/20."""
    share = threshold_probability([[4, 3.9, 4.9, 4.1]], [4])
    assert share.item() == pytest.approx(19 / 20, abs=1e-15)
    assert not study.falls_short(share).any()
    assert study.falls_short([0.9499, 0.95, np.nan]).tolist() == [True, False, False]
