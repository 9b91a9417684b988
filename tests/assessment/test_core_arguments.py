"""Arguments that do not fit are refused in words; nothing ends in a bare error of numpy, pandas or Python."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement, ratings
from ogp_analysis import sensitivity as s
from ogp_analysis.errors import OgpError, StatisticsError
from ogp_analysis.model import params
from ogp_analysis.sensitivity.sampling import RankTask

TABLE = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
NAN = math.nan
SCORES, WEIGHTS, CUTS = [[[1, 5]], [[4, 4]]], [[0.5, 0.5]] * 2, [[2.5, 3.5]] * 2
BELIEF = s.read_belief("b at least a", ("a", "b"))
TASK = RankTask(np.array([[1.0, 2.0], [2.0, 1.0]]))
PARAMETERS = params.from_values(params.baseline())
INPUTS = ratings.load(PARAMETERS)
COUNTS = [s.Counts(2, {"a": np.array([1])}), s.Counts(3, {"a": np.array([3])})]


def rng():
    return np.random.default_rng(1)


BAD = {
    "empty list": [],
    "empty array": np.empty((0, 0)),
    "nan": NAN,
    "list of nan": [NAN],
    "rows of nan": [[NAN, NAN]],
    "cube of nan": [[[NAN]]],
    "one row": [1.0, 2.0, 9.0],
    "three rows": [[1, 2], [3, 4], [5, 6]],
    "wide": [[1.0, 2, 3, 4, 5, 6, 7]],
    "cube": [[[1, 2], [3, 4]]],
    "negative": -1,
    "negative list": [-1, -2],
    "negative rows": [[-1, -2]],
    "word": "x",
    "words": ["a", "b"],
    "rows of words": [["a", "b"]],
    "none": None,
    "infinite": math.inf,
    "infinite list": [math.inf],
    "half": 2.5,
    "zero": 0,
    "ragged": [[1, 2], [3]],
    "object": object(),
    "complex": 1j,
}

CALLS = {
    "aggregated_probability": {"scores": SCORES[0], "cuts": CUTS[0]},
    "acceptability_curve": {
        "scores": SCORES,
        "weights": WEIGHTS,
        "cuts": CUTS,
        "table": TABLE,
        "route": [True],
    }
    | {"concentrations": [math.inf, 2]},
    "band_probability": {"reached": [[0.75, 0.25]]},
    "belief_probability": {"scores": [[1, 5]], "cuts": [3], "belief": BELIEF},
    "category_acceptability": {"scores": SCORES, "cuts": CUTS, "table": TABLE, "route": [True]}
    | {"beliefs": (None, None)},
    "category_central_weights": {"scores": SCORES, "cuts": CUTS, "table": TABLE, "route": [True]}
    | {"beliefs": (None, None)},
    "category_probability": {
        "first": [[0, 0.5, 0.5]],
        "second": [[0, 0, 1.0]],
        "table": TABLE,
        "route": None,
    },
    "central_weights": {"scores": [[1, 5]], "cuts": [3], "belief": None},
    "concentrated_probability": {"scores": [[1, 5]], "weights": [0.5, 0.5], "cuts": [3], "concentration": 2},
    "cut_margin": {"scores": [1, 5], "cuts": [3]},
    "cut_sweep": {"scores": [[3, 4]], "cuts": [CUTS], "table": TABLE, "route": [True]},
    "draw_cuts": {"cuts": CUTS, "half_width": 0.2, "size": 3, "rng": rng()},
    "draw_weights": {"n": 2, "size": 3, "rng": rng(), "belief": None},
    "exact_mean": {"scores": [2, 3], "weights": [0.5, 0.5]},
    "expected_rank": {"scores": [[1, 5], [2, 2]], "belief": None},
    "interval_probability": {"scores": [[1, 5]], "cuts": [3], "low": 0.2, "high": 0.6},
    "joint_probability": {"scores": [[1, 5], [5, 2]], "cut": 3, "constraints": None},
    "leave_each_out": {"inputs": INPUTS, "parameters": PARAMETERS, "reveal": False},
    "merge": {"parts": COUNTS},
    "mixture_probability": {"scores": [[1, 5]], "cuts": [3], "mixture": (np.ones(1), np.eye(2)[None])},
    "nearest_category": {"scores": SCORES, "weights": WEIGHTS, "cuts": CUTS, "table": TABLE, "norm": "L1"},
    "noise_probability": {"values": [[[1, 3], [3, 5]]], "pmf": [[[0.5, 0.5]] * 2], "cuts": [3]}
    | {"weights": [0.5, 0.5], "belief": None},
    "noisy_scores": {"scores": [[5]], "errors": [-1, 0], "probability": [0.5, 0.5], "scale": (1, 5)},
    "ordered_probability": {"scores": [[1, 5]], "cuts": [4], "order": [1, 0]},
    "ordered_scores": {"scores": [[1, 5]], "order": [1, 0]},
    "own_ratings": {"ratings": [[[3, 5]]]},
    "pairwise_winning": {"scores": [[1, 5], [2, 2]], "belief": None},
    "partial_order_probability": {"scores": [[1, 5]], "cuts": [4], "pairs": [(1, 0)]},
    "pattern_probability": {"ratings": [[1, 5]], "cuts": [2], "scale": [1, 2, 3, 4, 5], "belief": None},
    "polytope_probability": {"scores": [[1, 5]], "cuts": [4], "normals": [[1, -1]], "bounds": [0]},
    "rank_acceptability": {"scores": [[5, 5], [1, 1]], "draws": 9, "seed": 1, "belief": None, "pairs": True},
    "rating_error": {"differences": [0, 1, -1], "step": 1.0},
    "ratio_chain_probability": {"scores": [[1, 5]], "cuts": [4], "order": [1, 0], "ratios": [2.0]},
    "reaches": {"scores": [[1, 5]], "weights": [0.5, 0.5], "cuts": [3]},
    "sides": {"scores": [[1, 5]], "weights": [0.5, 0.5], "cuts": [3]},
    "read_belief": {"text": "b at least a", "indicators": ("a", "b"), "baseline": None, "others": ("c",)},
    "read_statement": {"text": "dirichlet 3", "criteria": {"x": ("a", "b")}, "baselines": {"x": [0.5, 0.5]}},
    "set_stability": {"chosen": [[1, 0], [1, 1]], "baseline": [1, 0]},
    "settling_chance": {"gap": [0.3], "variance": [0.1], "rating_variance": 0.5, "added": 4, "level": 0.95},
    "shapley_shares": {"explained": [0, 1, 2, 5]},
    "shares": {"model": lambda drawn: drawn["a"], "samplers": {"a": lambda size, rng: rng.random(size)}}
    | {"draws": 40, "seed": 1, "batch": 0},
    "simplex_scores": {"scores": [[1, 5]], "vertices": [[1, 0], [0, 1]]},
    "simulate": {"task": TASK, "draws": 10, "seed": 1},
    "smallest_flip": {"scores": [[1, 5]], "weights": [0.75, 0.25], "cut": 3, "norm": "L1"},
    "stability_interval": {"scores": [[1, 5]], "weights": [0.5, 0.5], "cuts": [2.5]},
    "standard_error": {"counts": [50, 0], "draws": 100},
    "threshold_probability": {"scores": [[1, 5]], "cuts": [2], "alpha": [1, 2]},
}


def answer(call, arguments):
    """Say how a call ends: with a value, in the package's own words, or else with what bare error."""
    try:
        with np.errstate(all="ignore"):
            call(**arguments)
    except OgpError:
        return "refused"
    except Exception as error:
        return repr(error)
    return "value"


@pytest.mark.parametrize("name", list(CALLS))
def test_no_argument_of_the_sensitivity_ends_in_a_bare_error(name):
    call, good = getattr(s, name), CALLS[name]
    call(**good)
    ends = {(key, kind): answer(call, good | {key: bad}) for key in good for kind, bad in BAD.items()}
    assert {key: end for key, end in ends.items() if end not in ("value", "refused")} == {}
    assert all("refused" in {ends[key, kind] for kind in BAD} for key in good if key != "baseline")


def test_every_function_of_the_sensitivity_is_held_against_bad_arguments():
    public = {name for name in s.__all__ if not isinstance(getattr(s, name), type)}
    assert public == set(CALLS)


@pytest.mark.parametrize(
    ("name", "changed", "message"),
    [
        ("category_acceptability", {"scores": [[[1, 5]]]}, "scores is .* must have 2 entries"),
        ("category_acceptability", {"scores": [[[1, 5]], [[4, 4], [1, 1]]]}, r"criteria have \[1, 2\] rows"),
        ("category_acceptability", {"cuts": [[2.5], [3.5]]}, r"cuts are \[2.5\]; 3 levels want 2"),
        ("category_acceptability", {"table": [[1, 2], [3, 4]]}, r"cuts are .*; 2 levels want 1"),
        ("category_acceptability", {"table": [[1.5, 2, 3]] * 3}, "must hold the numbers of the categories"),
        ("category_acceptability", {"route": [True, False]}, r"route of shape \(2,\) .* must be \(1,\)"),
        ("category_acceptability", {"route": [NAN]}, "True or False for each proposal"),
        ("category_acceptability", {"beliefs": (BELIEF, 3)}, "belief is 3; it must be a WeightBelief"),
        (
            "category_acceptability",
            {"beliefs": (s.read_belief("uniform", ("a", "b", "c")), None)},
            "belief is about 3 indicators, but the scores have 2",
        ),
        (
            "category_probability",
            {"first": [[0.5, 0.5]]},
            r"first has shape \(1, 2\); it must be \(m, 3",
        ),
        ("category_probability", {"first": [[0.5, 0.5, 0.5]]}, r"first at \(0,\) sums to 1.5"),
        (
            "category_probability",
            {"second": [[0, 0, 1]] * 2},
            r"second has shape \(2, 3\); it must be \(1, 3\)",
        ),
        (
            "category_probability",
            {"first": [[-0.5, 0.5, 1]]},
            "negative value -0.5; a probability is 0 or more",
        ),
        ("polytope_probability", {"normals": [[NAN, -1]]}, r"normals at \(0, 0\) is nan"),
        ("polytope_probability", {"bounds": [NAN]}, r"bounds at \(0,\) is nan"),
        ("polytope_probability", {"normals": [[1, -1, 0]]}, r"normals .* must be \(c, 2\)"),
        ("polytope_probability", {"bounds": [0, 1]}, r"bounds has shape \(2,\); it must be \(1,\)"),
        (
            "joint_probability",
            {"constraints": (np.ones((1, 3)), [0])},
            r"normals .* must be \(c, 2\)",
        ),
        ("joint_probability", {"cut": [2, 4]}, r"cut is \[2, 4\]; it must be one number"),
        ("noise_probability", {"pmf": [[[0.5, 0.4]] * 2]}, r"pmf at \(0, 0\) sums to 0.9; .* must sum to 1"),
        ("noise_probability", {"pmf": [[[0.5, 0.5], [1.5, -0.5]]]}, "pmf holds the negative value -0.5"),
        ("noise_probability", {"pmf": [[[0.5, 0.5], [1, NAN]]]}, r"pmf at \(0, 1, 1\) is nan"),
        ("noise_probability", {"values": [[[1, 3], [3, NAN]]]}, r"values at \(0, 1, 1\) is nan"),
        ("noisy_scores", {"errors": [5, 9]}, r"no error keeps score 5 at \(0, 0\) on the scale"),
        ("noisy_scores", {"scale": (1, NAN)}, "each end must be one number, or 1"),
        ("smallest_flip", {"cut": [2, 4]}, r"cut is \[2, 4\]; it must be one number"),
        ("smallest_flip", {"norm": 2}, "norm 2 is not one of L1, L2, Linf"),
        ("nearest_category", {"cuts": [[2.5, 3.5]]}, "cuts is .* must have 2 entries"),
        ("nearest_category", {"scores": [[[1, 5]], [[4, 4], [1, 1]]]}, r"criteria have \[1, 2\] rows"),
        ("leave_each_out", {"inputs": [5]}, "inputs is of type list; it must be Inputs"),
        ("leave_each_out", {"parameters": None}, "parameters is of type NoneType; it must be Parameters"),
        ("simulate", {"draws": 2.5}, "draws is 2.5; it is a whole number of at least 1"),
        ("simulate", {"draws": 0}, "draws is 0; it is a whole number of at least 1"),
        ("simulate", {"draws": True}, "draws is True; it is a whole number of at least 1"),
        ("simulate", {"seed": -1}, "seed is -1; it is a whole number of at least 0"),
        ("simulate", {"task": 3}, "task is 3; it must have chunk_size"),
        ("merge", {"parts": [COUNTS[0], s.Counts(1, {"b": np.ones(1)})]}, "counts of other tables: {'b': "),
        ("merge", {"parts": [COUNTS[0], s.Counts(1, {"a": np.ones(2)})]}, "counts of other tables: {'a': "),
        ("merge", {"parts": [COUNTS[0], 3]}, "3 is no Counts"),
        ("rating_error", {"step": 0}, "step 0 must be above 0"),
        ("rating_error", {"step": NAN}, "step at .* is nan"),
        ("rating_error", {"differences": [math.inf]}, "differences at .* is inf"),
        ("pattern_probability", {"scale": [1, 2, 4]}, "must be values that rise in even steps"),
        ("standard_error", {"counts": [101]}, "counts from 101 to 101 must lie between 0 and 100 draws"),
        ("exact_mean", {"weights": [0, 0]}, "sum to 0; a mean needs weights"),
        ("own_ratings", {"ratings": [[3, 5]]}, r"ratings of shape \(1, 2\) must be finite or NaN"),
        ("draw_weights", {"rng": 1}, "rng is 1; it must be a numpy.random.Generator"),
        ("read_belief", {"text": 3}, "weight statement 3 must be text"),
        ("read_belief", {"indicators": "ab"}, "indicators is 'ab'; it must be a sequence of names"),
        ("read_statement", {"baselines": {"y": [1]}}, "must be mappings with the same names"),
        (
            "threshold_probability",
            {"scores": [["a", 1]]},
            r"scores at \(0, 0\) is 'a'; it must be a number$",
        ),
        ("reaches", {"weights": [0.5, "1/3"]}, r"weights at \(1,\) is '1/3'; .* write 1/3 without quotation"),
        ("cut_margin", {"cuts": "2,5"}, "cuts is '2,5'; it must be a number: write 2.5"),
        ("cut_sweep", {"table": [[0, 0, "route"]] * 3}, r"at \(0, 2\) is 'route'; .* write 0 for the route"),
        ("cut_margin", {"scores": [[1, 2], [3]]}, "it must be numbers, in rows of one length"),
    ],
)
def test_a_refusal_names_the_argument_and_the_rule(name, changed, message):
    with pytest.raises(StatisticsError, match=message):
        getattr(s, name)(**CALLS[name] | changed)


def test_a_score_that_waits_has_no_margin():
    """NaN in is NaN out: an undetermined proposal lies nowhere."""
    assert np.isnan(s.cut_margin([NAN, 3], [2.5])[0, 0])
    assert s.cut_margin([NAN, 3], [2.5])[1, 0] == 0.5


@pytest.mark.parametrize(
    ("text", "low"), [("a at least .1", 0.1), ("a at least 1.e-1", 0.1), ("a at least 0", 0)]
)
def test_a_number_without_its_zero_is_a_number(text, low):
    assert s.read_belief(text, ("a", "b")).low == (low, 0)
    assert s.read_belief("dirichlet .5", ("a", "b")).alpha == (0.25, 0.25)
    with pytest.raises(StatisticsError) as refused:
        s.read_belief("a at least .", ("a", "b"))
    assert refused.value.values["key"] == "params.belief_name"
    assert (refused.value.values["name"], refused.value.values["allowed"]) == (".", "a, b")


FIVE = [[1, 1], [2, 2], [3, 2], [1, 1], [4, 5]]
LONG = pd.DataFrame({"item": [1, 1, 2], "rater": ["a", "b", "a"], "value": [3, 4, 5]})
OPTIONS = {
    "interval": "analytic",
    "confidence_level": 0.95,
    "n_resamples": 20,
    "rng": 1,
    "cluster": list("abcde"),
    "population": 50,
}
SCALED = {"ratings": FIVE, "categories": [1, 2, 3, 4, 5], **OPTIONS}
WEIGHTED = SCALED | {"weights": "linear"}
MADE = agreement.gwet_ac(FIVE)
SPLIT = agreement.variance_components([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6]])
COEFFICIENTS = {
    **dict.fromkeys(
        ("percent_agreement", "cohen_kappa", "conger_kappa", "scott_pi", "fleiss_kappa", "gwet_ac"), WEIGHTED
    ),
    "brennan_prediger": WEIGHTED,
    "krippendorff_alpha": SCALED | {"measurement": "interval"},
    "per_category_agreement": SCALED,
    "prevalence_bias": SCALED,
    "share_within": {"ratings": FIVE, "tolerance": 1.0, **OPTIONS},
    "third_evaluation_rate": {"ratings": FIVE, "tolerance": 1.0, **OPTIONS},
    "kendall_w": {"ratings": FIVE, **OPTIONS},
    "lin_ccc": {"ratings": FIVE, **OPTIONS},
    "icc": {"ratings": FIVE, "form": "ICC(1)", "model": "random", "null_value": 0.0, **OPTIONS},
    "bland_altman": {"ratings": FIVE, "share": 0.95, "confidence_level": 0.95},
    "design": {"ratings": FIVE, "seats": False},
    "rater_effects": {"ratings": FIVE, "panel": None, "reveal": False},
    "variance_components": {"ratings": FIVE, "panel": None, "confidence_level": 0.95},
    "decision_study": {"components": SPLIT, "n_raters": [1, 2], "target": 0.8, "n_panels": 1},
    "as_ratings": {"ratings": FIVE},
    "from_long": {"frame": LONG, "item": "item", "rater": "rater", "value": "value", "categories": [3, 4, 5]},
    "difference": {"first": MADE, "second": MADE, "cluster": None, "population": None}
    | {"confidence_level": 0.95},
    "from_counts": {"table": [[0, 3], [2, 1]], "categories": ["low", "high"]},
    "benchmark": {"estimate": MADE, "scale": "altman", "probability": 0.9},
    "from_table": {"table": [[0, 3], [2, 1]], "categories": ["low", "high"]},
    "marginal_homogeneity": {"ratings": [row[:2] for row in FIVE], "method": "bhapkar"}
    | {"categories": [1, 2, 3, 4, 5], "n_resamples": 20, "rng": 1},
    "smallest_difference": {"ratings": FIVE, "tolerance": 1.0, "n_raters": 1, "confidence_level": 0.95},
    "summary": {"ratings": FIVE, "weights": "linear", "categories": [1, 2, 3, 4, 5], "seats": False}
    | {"confidence_level": 0.95, "n_resamples": 20, "rng": 1},
    "plan_interval": {"coefficient": "gwet_ac", "value": 0.6, "width": 1.9, "n_items": 8, "n_raters": 2}
    | {"shares": [0.5, 0.5], "weights": "linear", "rater_share": 0.0, "confidence_level": 0.9}
    | {"n_simulations": 2, "rng": 1},
}


@pytest.mark.parametrize("name", list(COEFFICIENTS))
def test_no_argument_of_the_agreement_ends_in_a_bare_error(name):
    call, good = getattr(agreement, name), COEFFICIENTS[name]
    call(**good)
    ends = {(key, kind): answer(call, good | {key: bad}) for key in good for kind, bad in BAD.items()}
    assert {key: end for key, end in ends.items() if end not in ("value", "refused")} == {}
    unread = ("rng",)  # only a bootstrap draws
    assert all("refused" in {ends[key, kind] for kind in BAD} for key in good if key not in unread)


def test_every_function_of_the_agreement_is_held_against_bad_arguments():
    public = {name for name in agreement.__all__ if not isinstance(getattr(agreement, name), type)}
    assert public == set(COEFFICIENTS)


@pytest.mark.parametrize(
    ("name", "changed", "message"),
    [
        ("gwet_ac", {"categories": [1, 2, 3, 4, 5, NAN]}, "categories holds nan at place 5"),
        ("gwet_ac", {"categories": [1, None]}, "categories holds None at place 1"),
        ("krippendorff_alpha", {"categories": [NAN, 1]}, "categories holds nan at place 0"),
        ("per_category_agreement", {"categories": 5}, "categories is 5; it is a list of names or numbers"),
        ("from_long", {"categories": [3, 4, 5, pd.NA]}, "categories holds <NA> at place 3"),
        ("gwet_ac", {"cluster": ["a", "a", "b", None, "c"]}, "cluster holds None at place 3"),
        ("gwet_ac", {"cluster": 3}, "cluster is 3; it is a list"),
        ("gwet_ac", {"population": 7.5}, "population is 7.5; it is a whole number of at least 1"),
        ("gwet_ac", {"confidence_level": "95"}, "confidence_level is '95'; it lies between 0 and 1"),
        ("gwet_ac", {"n_resamples": 2.5}, "n_resamples is 2.5; it is a whole number of at least 1"),
        ("gwet_ac", {"interval": "bootstrap", "rng": -1}, "rng is -1; it is a numpy.random.Generator"),
        ("gwet_ac", {"weights": [["a", "b"]]}, "weights is .* it is a name or a matrix of numbers"),
        ("krippendorff_alpha", {"measurement": [[0, NAN], [NAN, 0]]}, "finite, symmetric, 0 on the diagonal"),
        ("as_ratings", {"ratings": 3}, "ratings are 3; a table with items in rows"),
        ("from_long", {"frame": [1]}, "it is a pandas.DataFrame with one rating a row"),
        ("from_long", {"item": []}, r"item \[\], rater 'rater' and value 'value' are names of columns"),
        ("difference", {"first": 0.5}, "first is 0.5; it is an Estimate"),
        ("benchmark", {"estimate": 0.5}, "estimate is 0.5; it is an Estimate"),
        ("benchmark", {"probability": 95}, "probability is 95; it lies between 0 and 1"),
        ("decision_study", {"components": 3}, "it is the result of variance_components"),
        ("decision_study", {"n_raters": [1.5]}, "n_raters is 1.5; it is a whole number of at least 1"),
        ("decision_study", {"n_panels": 0}, "n_panels is 0; it is a whole number of at least 1"),
        ("variance_components", {"panel": 3}, "panel is 3; it is a list of names"),
        ("rater_effects", {"reveal": "no"}, "reveal is 'no'; it is True or False"),
        ("share_within", {"tolerance": "1"}, "tolerance is '1'; it is 0 points or more"),
        ("share_within", {"interval": "wald"}, "interval 'wald' is not one of 'wilson', 'analytic'"),
    ],
)
def test_a_refusal_of_the_agreement_names_the_argument_and_the_rule(name, changed, message):
    with pytest.raises(StatisticsError, match=message):
        getattr(agreement, name)(**COEFFICIENTS[name] | changed)


def ordered(*scale):
    return pd.CategoricalDtype(scale, ordered=True)


def test_a_wide_table_of_ordered_categoricals_declares_its_scale():
    words = pd.DataFrame({"x": ["low", "mid", "high", "low"], "y": ["low", "high", "high", None]})
    typed = words.astype(ordered("low", "mid", "high"))
    assert agreement.as_ratings(typed).categories == ("low", "mid", "high")
    told = agreement.cohen_kappa(words, weights="quadratic", categories=["low", "mid", "high"])
    assert agreement.cohen_kappa(typed, weights="quadratic") == told
    long = (
        typed.rename_axis("item")
        .reset_index()
        .melt("item", var_name="rater")
        .astype({"value": typed.dtypes["x"]})
    )
    assert agreement.cohen_kappa(agreement.from_long(long), weights="quadratic") == told
    numbers = pd.DataFrame({"x": [1, 2, 3], "y": [1, 3, 3]})
    found = agreement.gwet_ac(numbers.astype(ordered(1, 2, 3, 4, 5)))
    assert found == agreement.gwet_ac(numbers, categories=[1, 2, 3, 4, 5])
    # Categories without an order declare none.
    assert agreement.as_ratings(words.astype("category")).categories is None


def test_ordered_categoricals_of_two_scales_are_refused():
    words = pd.DataFrame({"x": ["low", "high"], "y": ["low", "high"]})
    for other, shown in ((ordered("high", "low"), r"\['high', 'low'\]"), ("str", "no scale")):
        table = words.astype({"x": ordered("low", "high"), "y": other})
        with pytest.raises(StatisticsError, match=f"column 'y' declares {shown}, but column 'x' the scale"):
            agreement.as_ratings(table)
