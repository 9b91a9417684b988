"""Ways of adding up and sets of rules: shares in closed form, and every choice listed by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from ogp_analysis.assessment.adding import GEOMETRIC, HARMONIC, MEAN, PLAIN, SHARE, Adding
from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import adding_up, rescoring

MAJORITY = Adding(SHARE, Fraction(3, 5))
# Of 1 and 4 with the cut at 2: the least weight of the second with which it is reached.
NEEDED = {PLAIN: 1 / 3, Adding(GEOMETRIC): 1 / 2, Adding(HARMONIC): 2 / 3, MAJORITY: 3 / 5}


def table(cells, categories):
    return {"table": cells, "route": None, "categories": categories, "by_route": (3, 4)}


def test_what_is_barred_from_the_best_category_has_the_next():
    reached_by = [np.array([[0.8, 0.3], [0.8, 0.3]])]
    free, barred = adding_up.shares_of_categories(reached_by, table([3, 2, 1], 3), np.array([False, True]))
    assert free == pytest.approx([0.3, 0.5, 0.2])
    assert barred == pytest.approx([0, 0.8, 0.2])
    of_two = adding_up.shares_of_categories([np.array([[0.75]])], table([2, 1], 2), np.array([True]))
    assert of_two.tolist() == [[0, 1]]
    # With a single category there is none to fall to.
    of_one = adding_up.shares_of_categories([np.array([[0.75]])], table([1, 1], 1), np.array([True]))
    assert of_one.tolist() == [[1]]


@pytest.mark.parametrize("adding", NEEDED, ids=str)
@pytest.mark.parametrize("concentration", [2.0, 7.5])
def test_near_the_baseline_two_weights_are_beta(adding, concentration):
    weights, cuts = np.array([0.6, 0.4]), np.array([2.0, 4.0])
    found = adding_up.near_probability(
        np.array([[1.0, 4.0]]), weights, cuts, adding, concentration=concentration
    )
    first = stats.beta.sf(NEEDED[adding], 0.4 * concentration, 0.6 * concentration)
    second = stats.beta.sf(0.6, 0.4 * concentration, 0.6 * concentration) if adding is MAJORITY else 0
    assert found[0] == pytest.approx([first, second], abs=1e-9)


@pytest.mark.parametrize("adding", NEEDED, ids=str)
def test_at_the_baseline_itself_it_is_decided_on_fractions(adding):
    """Exactly on the cut, and a hair below."""
    least = Fraction(NEEDED[adding]).limit_denominator(10)
    for share, reached in ((least, True), (least - Fraction(1, 1000), False)):
        weights = np.array([float(1 - share), float(share)])
        found = adding_up.near_probability(
            np.array([[1.0, 4.0]]), weights, np.array([2.0]), adding, concentration=np.inf
        )
        assert found.tolist() == [[float(reached)]]
        assert found.dtype == float
        exact = adding_up.reached(np.array([[1.0, 4.0]]), weights, np.array([1.0, 2.0]), adding)
        assert exact.tolist() == [[True, reached]]


@pytest.mark.parametrize("adding", NEEDED, ids=str)
def test_questions_have_the_answers_of_weighted_means(adding):
    """Uniform weights of two indicators: the share is what the second has above the least it needs."""
    none = adding_up.reach_probability(np.array([[1.0, 4.0]]), np.array([]), None, adding)
    assert none.shape == (1, 0)
    rows = np.array([[1.0, 4.0], [4.0, 1.0], [2.0 - 1e-15, 2.0], [1.0, 1.5]])
    found = adding_up.reach_probability(rows, np.array([2.0]), None, adding)
    assert found[:, 0] == pytest.approx([1 - NEEDED[adding]] * 2 + [1, 0], abs=1e-12)


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1, 1e7, 1e11])
def test_what_harmonic_means_are_asked_by_is_between_one_and_two(size):
    """Whatever the unit, and in the same order: -1 / x up to a factor."""
    scores, cuts = np.array([[2.0, 8.0], [4.0, 3.0]]) * size, np.array([2.5, 5.0]) * size
    [(asked, limits)] = adding_up.questions(scores, cuts, Adding(HARMONIC))
    assert 1 <= np.abs(asked).max() <= 2
    assert asked * scores == pytest.approx(np.full((2, 2), asked[0, 0] * scores[0, 0]), rel=1e-15)
    assert limits * cuts == pytest.approx(np.full(2, asked[0, 0] * scores[0, 0]), rel=1e-15)
    assert asked[0, 0] < 0


@pytest.mark.parametrize("part", [1e-3, 1e-5, 3e-7, 1e-7, 1e-9])
def test_geometric_means_of_scores_about_one_are_told_apart(part):
    """Of 1 + 2e and 1 - e the mean reaches 1 where the first weighs a third: in two thirds of weightings."""
    found = adding_up.aggregated_probability([[1 + 2 * part, 1 - part]], [1.0], aggregation="geometric")
    # Logarithms differ from e by half of its square.
    assert found[0, 0] == pytest.approx(2 / 3, abs=max(part, 1e-6))


@pytest.mark.parametrize("way", ["geometric", "harmonic"])
@pytest.mark.parametrize(
    ("scores", "cuts"), [([[0.0, 3.0]], [2.0]), ([[1.0, 3.0]], [2.0, -1.0]), ([[1.0, 3.0]], [0.0])]
)
def test_scores_and_cut_points_of_logarithms_and_quotients_are_above_zero(way, scores, cuts):
    with pytest.raises(StatisticsError) as refused:
        adding_up.aggregated_probability(scores, cuts, aggregation=way)
    wanted = {"key": "sensitivity.above_zero", "lowest": min(*scores[0], *cuts)}
    assert refused.value.values.items() >= wanted.items()
    assert adding_up.aggregated_probability(scores, cuts, aggregation="mean").shape == (1, len(cuts))


def test_ways_of_adding_up_have_names():
    named = {way: adding_up.adding_named(way, 0.7) for way in ("mean", "geometric", "median", "minimum")}
    assert (named["mean"].kind, named["geometric"].kind) == (MEAN, GEOMETRIC)
    assert (named["median"].share, named["minimum"].share) == (Fraction(1, 2), 1)
    assert adding_up.adding_named("majority", 0.7).share == Fraction(7, 10)
    assert adding_up.adding_named("majority", 1).share == 1


@pytest.mark.parametrize(
    ("tolerance", "tolerances"),
    [(1.0, (0, 1, 2)), (0.5, (0, 0.5, 1.5)), (2.5, (1.5, 2.5, 3.5)), (0.0, (0, 1))],
)
def test_tolerances_are_a_point_around_the_one_given_and_never_below_zero(tolerance, tolerances):
    parameters = SimpleNamespace(tolerance=tolerance)
    assert rescoring.rule_choices(parameters, [])["tolerance"] == tolerances


def criterion(name, panels, *, seated=False, juried=False):
    return SimpleNamespace(name=name, panels=panels, seated=seated, juried=juried)


def test_a_panel_alone_is_a_choice_where_several_give_scores():
    criteria = [
        criterion("a", ("lead", "other"), seated=True),
        criterion("b", ("jury",)),
        criterion("c", ("p", "q")),
        criterion("d", ("q", "r")),
    ]
    choices = rescoring.rule_choices(SimpleNamespace(tolerance=1.0), criteria)
    assert choices["panel_rule"] == ("mean", "minimum", "p", "q", "r")


GIVEN = {
    "tolerance": 1.0,
    "third_rule": "median",
    "matching_rule": "lower",
    "blind_pair": "between_panels",
    "panel_rule": "q",
    "feasibility_rule": "lead",
}


@pytest.mark.parametrize(
    ("one", "third", "names"),
    [
        (criterion("a", ("lead", "other"), seated=True), False, ["feasibility_rule"]),
        (
            criterion("a", ("lead", "other"), seated=True),
            True,
            ["tolerance", "third_rule", "matching_rule"],
        ),
        (criterion("a", ("p",)), False, []),
        (criterion("a", ("p", "q")), False, ["blind_pair", "panel_rule"]),
        (criterion("a", ("p", "q"), juried=True), False, ["panel_rule"]),
        (
            criterion("a", ("p", "q")),
            True,
            ["tolerance", "third_rule", "matching_rule", "blind_pair", "panel_rule"],
        ),
    ],
)
def test_rule_sets_are_all_choices_of_what_has_an_effect(one, third, names):
    parameters = SimpleNamespace(**GIVEN, third_for=("a",) if third else ("b",))
    rules, baseline = rescoring._rule_sets(parameters, one)
    choices = rescoring.rule_choices(parameters, [one])
    expected = [dict(zip(names, each, strict=True)) for each in product(*(choices[name] for name in names))]
    assert list(rules) == expected
    assert rules[baseline] == {name: GIVEN[name] for name in names}


def test_the_panel_of_another_criterion_leaves_the_mean():
    parameters = SimpleNamespace(**GIVEN | {"panel_rule": "elsewhere"}, third_for=())
    rules, baseline = rescoring._rule_sets(parameters, criterion("a", ("p", "q"), juried=True))
    assert rules[baseline] == {"panel_rule": "mean"}
