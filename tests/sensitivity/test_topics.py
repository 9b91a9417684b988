"""What one types first: a topic's name answers with its functions, and public names stay."""

from __future__ import annotations

import pkgutil
import sys

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import sensitivity
from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import hints


@pytest.mark.parametrize("name", sorted(m.name for m in pkgutil.iter_modules(sensitivity.__path__)))
def test_a_topic_that_is_called_names_its_functions(name):
    topic = getattr(sensitivity, name, None)
    if not isinstance(topic, hints.Topic):
        return  # not loaded with the package, or a function of that name
    with pytest.raises(TypeError, match=f"sensitivity.{name} is a module; ") as refusal:
        topic([[1, 5]], [2])
    for offered in sensitivity.__all__:
        made = getattr(getattr(sensitivity, offered), "__module__", "")
        assert (offered in str(refusal.value)) or made != topic.__name__


def test_every_module_that_gives_a_function_answers():
    given = {getattr(getattr(sensitivity, name), "__module__", "") for name in sensitivity.__all__}
    own = {sys.modules[name] for name in given if name.startswith("ogp_analysis.sensitivity.")}
    assert len(own) > 10
    assert {module.__name__ for module in own if not isinstance(module, hints.Topic)} == set()


def test_the_first_guess_leads_to_the_function():
    with pytest.raises(TypeError, match="category_acceptability"):
        sensitivity.acceptability([[1, 5]])
    with pytest.raises(TypeError, match="stability_interval"):
        sensitivity.stability([[1, 5]])
    assert all(callable(getattr(sensitivity, name)) for name in sensitivity.__all__)


SCORES = pd.DataFrame([[1.0, 5.0, 2.0], [4.0, 2.0, 3.5]], columns=["a", "b", "c"], index=["P", "Q"])
WEIGHTS = pd.Series({"c": 0.2, "a": 0.5, "b": 0.3})
IN_ORDER = [0.5, 0.3, 0.2]


@pytest.mark.parametrize(
    "call",
    [
        lambda x, w: sensitivity.stability_interval(x, w, [2.5, 3.5]),
        lambda x, w: sensitivity.smallest_flip(x, w, 3.0).distance,
        lambda x, w: sensitivity.sides(x, w, [2.4]),
        lambda x, w: sensitivity.reaches(x, w, [2.4]),
        lambda x, w: sensitivity.concentrated_probability(x, w, [2.5], concentration=7.3),
        lambda x, w: sensitivity.threshold_probability(x, [2.5], alpha=w),
        lambda x, w: sensitivity.nearest_category(
            [x, x], [w, w], cuts=[[2.5, 3.5]] * 2, table=[[0, 0, 0], [0, 2, 2], [0, 2, 1]]
        ).weights[0],
    ],
)
def test_named_weights_follow_names_and_not_places(call):
    truth = call(SCORES.to_numpy(), IN_ORDER)
    assert np.array_equal(call(SCORES, WEIGHTS), truth, equal_nan=True)
    assert np.array_equal(call(SCORES, WEIGHTS.to_dict()), truth, equal_nan=True)
    with pytest.raises(StatisticsError, match="same names"):
        call(SCORES, WEIGHTS.rename({"c": "d"}))


def test_a_belief_follows_names_too():
    belief = sensitivity.read_belief("c at least 2 times a", ("c", "a", "b"))
    turned = SCORES[["c", "a", "b"]]
    truth = sensitivity.belief_probability(turned.to_numpy(), [2.5], belief)
    assert np.array_equal(sensitivity.belief_probability(SCORES, [2.5], belief), truth)
    assert np.array_equal(
        sensitivity.pairwise_winning(SCORES, belief=belief),
        sensitivity.pairwise_winning(turned.to_numpy(), belief=belief),
    )


@pytest.mark.parametrize("room", [1e-9, 1e-11, 1e-12, 1e-13])
def test_narrow_bounds_leave_a_symmetrical_share_at_one_half(room):
    """By symmetry: 1 and 5 reach 3 for every second half of the weights near one half."""
    bounds = {"low": [0.5 - room] * 2, "high": [0.5 + room] * 2}
    assert sensitivity.interval_probability([[1, 5]], [3], **bounds) == pytest.approx(0.5, abs=1e-3)


def test_bounds_and_constraints_with_names_follow_the_columns():
    named = pd.Series({"c": 0.0, "a": 0.5, "b": 0.0})
    by_place = sensitivity.interval_probability(SCORES.to_numpy(), [3], low=[0.5, 0.0, 0.0])
    assert (sensitivity.interval_probability(SCORES, [3], low=named) == by_place).all()
    normals = pd.DataFrame({"c": [0.0], "b": [0.0], "a": [1.0]})
    by_place = sensitivity.polytope_probability(SCORES.to_numpy(), [3], normals=[[1, 0, 0]], bounds=[0.3])
    assert (sensitivity.polytope_probability(SCORES, [3], normals=normals, bounds=[0.3]) == by_place).all()
    corners = pd.DataFrame({"c": [1.0], "a": [0.0], "b": [0.0]})
    assert sensitivity.simplex_scores(SCORES, corners).tolist() == [[2.0], [3.5]]


def test_criteria_with_proposals_in_another_order_are_put_together_by_name():
    table = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
    cuts = [[2.5, 3.5]] * 2
    right = sensitivity.category_acceptability((SCORES, SCORES), cuts, table=table)
    turned = sensitivity.category_acceptability((SCORES, SCORES.iloc[::-1]), cuts, table=table)
    assert (np.asarray(right) == np.asarray(turned)).all()
    with pytest.raises(StatisticsError, match="all need the same"):
        sensitivity.category_acceptability((SCORES, SCORES.rename(index={"Q": "R"})), cuts, table=table)
