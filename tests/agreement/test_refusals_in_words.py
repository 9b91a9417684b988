"""Every refusal of the agreement has a key, its values, and words in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ogp_analysis
from ogp_analysis import agreement
from ogp_analysis.agreement.ratings_table import Ratings
from ogp_analysis.errors import StatisticsError
from ogp_analysis.language import texts
from tests.language.test_language_of_errors import english

NAN = np.nan
OPTIONS = ("weights", "value")  # typed as they are
PAIRS = [[1, 2], [2, 2], [3, 1]]
COUNTS = agreement.from_counts([[3, 0], [0, 3], [2, 1]])
LONG = pd.DataFrame({"item": [1, 1, 2], "rater": ["a", "b", "a"], "value": [3, 4, 5]})
FRAME = pd.DataFrame(PAIRS, columns=["Ana", "Eva"])
TALLY = pd.DataFrame({"low": [3, 0], "high": [0, 3]})
ORDERED = pd.CategoricalDtype(["low", "high"], ordered=True)
OTHER = pd.CategoricalDtype(["high", "low"], ordered=True)


def one(name, *given, **options):
    return lambda: getattr(agreement, name)(*given, **options)


CALLS = {
    "agreement.labels_differ": (
        one(
            "gwet_ac", pd.DataFrame(PAIRS, index=list("abc")), cluster=pd.Series([1, 1, 2], index=list("abd"))
        ),
        {"name": "cluster", "lost": "c"},
    ),
    "agreement.matrix": (one("gwet_ac", PAIRS, weights=[["x"]]), {"name": "weights"}),
    "agreement.matrix_labels": (
        one("gwet_ac", PAIRS, weights=pd.DataFrame(np.eye(3), index=list("abc"), columns=list("abc"))),
        {"categories": "[1.0, 2.0, 3.0]"},
    ),
    "agreement.estimate": (lambda: agreement.difference(0.7, agreement.gwet_ac(PAIRS)), {"first": 0.7}),
    "agreement.all_empty": (one("gwet_ac", [[None, None]]), {"shape": (1, 2)}),
    "agreement.categories_twice": (one("gwet_ac", PAIRS, categories=[1, 1, 2]), {"categories": (1, 1, 2)}),
    "agreement.outside": (
        one("gwet_ac", PAIRS, categories=[1, 2]),
        {"found": [(3.0, 2)], "categories": (1, 2)},
    ),
    "agreement.kendall_none": (one("kendall_w", [[1, None], [None, 2]]), {"n_complete": 0, "n_items": 2}),
    "agreement.kendall_many": (
        one("kendall_w", np.tile([1.0, 2.0], (3001, 1))),
        {"n_complete": 3001, "most": 3000},
    ),
    "agreement.counts_kind": (one("from_counts", [["a", "b"]]), {}),
    "agreement.counts_shape": (one("from_counts", [1, 2]), {"shape": (2,)}),
    "agreement.counts_whole": (
        one("from_counts", [[1, -1], [0.5, 2]]),
        {"cells": [(0, 1, -1.0), (1, 0, 0.5)]},
    ),
    "agreement.counts_columns": (one("from_counts", [[1, 2]], categories=["a"]), {"n_columns": 2}),
    "agreement.counts_too_large": (one("from_counts", [[20_000_001 - 1, 1]]), {"n_items": 1}),
    "agreement.labels_mixed": (one("from_counts", [[1, 2]], categories=["a", 1]), {"categories": ["a", 1]}),
    "agreement.one_item_each": (one("rater_effects", [[1, 2, NAN, NAN], [NAN, NAN, 3, 5]]), {"n_raters": 4}),
    "agreement.icc_model": (one("icc", PAIRS, model="mixed"), {"model": "mixed", "form": "ICC(1)"}),
    "agreement.icc_reml_options": (
        one("icc", [[1, 2, NAN], [2, NAN, 3], [4, 5, 6]], form="ICC(A,1)", interval="bca"),
        {"given": ["interval"]},
    ),
    "agreement.population": (one("gwet_ac", PAIRS, population=2), {"population": 2, "n": 3}),
    "agreement.clusters_differ": (
        lambda: agreement.difference(
            agreement.gwet_ac(PAIRS, cluster=[1, 1, 2]), agreement.gwet_ac(PAIRS, cluster=[1, 2, 2])
        ),
        {},
    ),
    "agreement.populations_differ": (
        lambda: agreement.difference(agreement.gwet_ac(PAIRS, population=9), agreement.gwet_ac(PAIRS)),
        {"population": [9, None]},
    ),
    "agreement.no_influence": (
        lambda: agreement.difference(agreement.gwet_ac(PAIRS, interval=None), agreement.gwet_ac(PAIRS)),
        {},
    ),
    "agreement.other_items": (
        lambda: agreement.difference(agreement.gwet_ac(PAIRS), agreement.gwet_ac(PAIRS[:2])),
        {"n_first": 3, "n_second": 2},
    ),
    "agreement.one_column": (one("gwet_ac", [[1], [2]]), {"n_raters": 1}),
    "agreement.scott_of_two": (one("scott_pi", [[1, 2, 2]]), {"most": 3}),
    "agreement.cohen_of_two": (one("cohen_kappa", [[1, 2, 2]]), {"n_raters": 3}),
    "agreement.ratio_negative": (one("krippendorff_alpha", [[-1, 2]], measurement="ratio"), {"value": -1.0}),
    "agreement.distances": (one("krippendorff_alpha", PAIRS, measurement=np.eye(3)), {"shape": (3, 3)}),
    "agreement.no_item_with_two": (one("share_within", [[1, None], [None, 2]], tolerance=1), {"n_items": 2}),
    "agreement.long_form": (
        one("gwet_ac", LONG.assign(rater=[1, 2, 1])),
        {"item": "item", "rater": "rater", "value": "value"},
    ),
    "agreement.long_form_index": (
        one("gwet_ac", LONG.assign(rater=[1, 2, 1]).set_index("item")),
        {"rater": "rater", "value": "value"},
    ),
    "agreement.id_column": (one("gwet_ac", pd.DataFrame({"item": [5, 7], "a": [1, 2], "b": [2, 2]})), {}),
    "agreement.looks_like_counts": (
        one("gwet_ac", pd.DataFrame([[3, 0], [0, 3]], columns=["yes", "no"])),
        {"row_sum": 3.0},
    ),
    "agreement.ratings_shape": (one("gwet_ac", [1, 2]), {"shape": (2,)}),
    "agreement.ratings_kind": (one("gwet_ac", 3), {"ratings": 3}),
    "agreement.scales_differ": (
        one(
            "gwet_ac",
            pd.DataFrame({"a": pd.Series(["low"], dtype=ORDERED), "b": pd.Series(["low"], dtype=OTHER)}),
        ),
        {"column": "b", "first": "a"},
    ),
    "agreement.no_rating": (one("gwet_ac", [[1, np.inf]]), {"value": np.inf, "item": 0, "column": 1}),
    "agreement.need_raters": (one("conger_kappa", COUNTS), {"n_raters": 3}),
    "agreement.need_numbers": (one("icc", [["a", "b"], ["b", "b"]]), {"value": "a", "item": 0, "rater": 0}),
    "agreement.unnamed_ratings": (one("from_long", LONG.assign(rater=["a", None, "b"])), {"n": 1, "row": 1}),
    "agreement.long_frame": (one("from_long", 3), {"frame": 3}),
    "agreement.long_columns": (one("from_long", LONG, rater=["a"]), {"rater": ["a"]}),
    "agreement.no_column": (one("from_long", LONG, value="nota"), {"columns": ["nota"]}),
    "agreement.rated_twice": (
        one("from_long", pd.concat([LONG, LONG])),
        {"pairs": [(1, "a"), (1, "b"), (2, "a")]},
    ),
    "agreement.cluster_length": (one("gwet_ac", PAIRS, cluster=[1, 2]), {"n_cluster": 2, "n_items": 3}),
    "agreement.mixed": (one("gwet_ac", [[1, "a"], [2, "b"]]), {"numbers": [0], "text": [1]}),
    "agreement.mixed_written": (one("gwet_ac", [[1, "2,5"], [2, "3"]]), {"odd": "2,5"}),
    "agreement.spelt_twice": (one("gwet_ac", [["a", "a "], ["b", "b"]]), {"spellings": [["a", "a "]]}),
    "agreement.two_raters_only": (one("lin_ccc", [[1, 2, 3]]), {"n_raters": 3}),
    "agreement.no_complete_pair": (one("lin_ccc", [[1, None], [None, 2]]), {"n_items": 2}),
    "agreement.panel_length": (one("variance_components", PAIRS, panel=["a"]), {"n_panel": 1, "n_raters": 2}),
    "agreement.three_ratings": (one("variance_components", [[1, 2]]), {"n_ratings": 2}),
    "agreement.components_kind": (one("decision_study", 3), {"components": 3}),
    "agreement.ratio_weights_negative": (one("gwet_ac", [[-1, 2]], weights="ratio"), {"value": -1.0}),
    "agreement.order_needed": (one("gwet_ac", [["a", "b"]], weights="linear"), {"categories": ("a", "b")}),
    "agreement.order_needed_written": (one("gwet_ac", [["1,5", "2"]], weights="linear"), {"text": "1,5"}),
    "agreement.order_of_numbers": (
        one("gwet_ac", PAIRS, weights="linear", categories=[1, 3, 2]),
        {"categories": (1, 3, 2)},
    ),
    "agreement.weights_shape": (
        one("gwet_ac", PAIRS, weights=np.eye(2)),
        {"shape": (2, 2), "n_categories": 3},
    ),
    "agreement.weights_symmetric": (one("gwet_ac", PAIRS, weights=np.tri(3)), {}),
    "agreement.weights_diagonal": (one("gwet_ac", PAIRS, weights=np.zeros((3, 3))), {"diagonal": [0, 0, 0]}),
    "statistics.word_meant": (one("icc", PAIRS, form="ICC2"), {"form": "ICC2", "meant": "ICC(A,1)"}),
    "statistics.word": (one("gwet_ac", PAIRS, weights="cubic"), {"weights": "cubic"}),
    "statistics.between": (one("gwet_ac", PAIRS, confidence_level=95), {"confidence_level": 95}),
    "statistics.between_closed": (one("icc", PAIRS, null_value=1), {"null_value": 1}),
    "statistics.whole": (one("gwet_ac", PAIRS, population=0), {"population": 0, "least": 1}),
    "statistics.flag": (one("design", PAIRS, seats="no"), {"seats": "no"}),
    "statistics.points": (one("share_within", PAIRS, tolerance=-1), {"tolerance": -1}),
    "statistics.names": (one("gwet_ac", PAIRS, cluster=3), {"cluster": 3}),
    "statistics.set": (one("gwet_ac", PAIRS, categories={1, 2, 3}), {"categories": {1, 2, 3}}),
    "statistics.mapping": (one("gwet_ac", PAIRS, categories={1: 0, 2: 1}), {"name": "categories"}),
    "agreement.sum_column": (one("gwet_ac", FRAME.assign(Promedio=2)), {"column": "Promedio"}),
    "agreement.sum_row": (one("gwet_ac", FRAME.set_axis(["p", "q", "Total"])), {"row": "Total"}),
    "agreement.sum_rater": (
        one("from_long", LONG.replace({"rater": {"b": "mean"}})),
        {"rater": "mean", "column": "rater"},
    ),
    "agreement.counts_id": (one("from_counts", TALLY.assign(proposal=[1, 2])), {"column": "proposal"}),
    "agreement.counts_sum_column": (
        one("from_counts", TALLY.assign(Total=TALLY.sum(axis=1))),
        {"column": "Total"},
    ),
    "agreement.counts_sum_row": (
        one("from_counts", pd.concat([TALLY, TALLY.sum().to_frame("All").T])),
        {"row": "All"},
    ),
    "agreement.looks_like_table": (
        one("cohen_kappa", pd.crosstab(pd.Series([1, 2, 2], name="ann"), pd.Series([1, 2, 1], name="bob"))),
        {"rows": "ann", "columns": "bob", "categories": "[1, 2]"},
    ),
    "agreement.raters_spelt_twice": (
        one("gwet_ac", FRAME.set_axis(["José", "Jose"], axis=1)),
        {"one": "José", "other": "Jose"},
    ),
    "agreement.items_spelt_twice": (
        one("gwet_ac", FRAME.set_axis(["p1", "P1", "p2"])),
        {"one": "p1", "other": "P1"},
    ),
    "statistics.name_missing": (one("gwet_ac", PAIRS, cluster=["a", None, "b"]), {"entry": None, "place": 1}),
    "statistics.generator_or_seed": (one("gwet_ac", PAIRS, interval="bca", rng="x"), {"rng": "x"}),
}


@pytest.mark.parametrize("key", CALLS)
def test_a_refusal_has_its_key_and_values_and_is_said_in_spanish(key):
    call, values = CALLS[key]
    with pytest.raises(StatisticsError) as refused:
        call()
    error = refused.value
    assert error.values["key"] == key
    assert {name: error.values[name] for name in values} == values
    assert str(error) == error.say("en")
    assert [word for word in english(error.say("es")) if word not in OPTIONS] == []


def test_no_refusal_of_the_agreement_is_without_a_key():
    """No sentence is written where it is raised."""
    for path in sorted((Path(ogp_analysis.__file__).parent / "agreement").glob("*.py")):
        assert not re.findall(r"raise StatisticsError\(", path.read_text(encoding="utf-8")), path.name


def test_the_texts_of_the_refusals_show_the_same_values_in_both_languages():
    for key in texts.catalogue("en"):
        if key.startswith(("statistics.", "agreement.")) and key not in ("agreement.what.bland_altman",):
            fields = [
                {name for _, name, _, _ in string.Formatter().parse(texts.catalogue(language)[key]) if name}
                for language in ("en", "es")
            ]
            assert fields[0] == fields[1], key
            assert texts.catalogue("en")[key] != texts.catalogue("es")[key], key


def test_many_values_outside_the_scale_are_counted():
    with pytest.raises(StatisticsError) as refused:
        agreement.gwet_ac(np.arange(200.0).reshape(100, 2), categories=[1, 2])
    assert refused.value.values["key"] == "agreement.outside_more"
    assert refused.value.values["more"].values["count"] == 148


@pytest.mark.parametrize(
    ("form", "meant"),
    [
        *(("ICC1", "ICC(1)"), ("ICC(2,1)", "ICC(A,1)"), ("ICC3", "ICC(C,1)"), ("ICC(1,k)", "ICC(k)")),
        *(("ICC2k", "ICC(A,k)"), ("ICC(3,k)", "ICC(C,k)"), ("icc(a,1)", "ICC(A,1)")),
    ],
)
def test_forms_by_their_other_names_are_hinted_at(form, meant):
    """The names of Shrout and Fleiss (1979) as pingouin, psych and irr write them."""
    with pytest.raises(StatisticsError) as refused:
        agreement.icc(PAIRS, form=form)
    assert refused.value.values["meant"] == meant


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        (one("cohen_kappa", PAIRS, weights="squared"), "quadratic"),
        (one("cohen_kappa", PAIRS, weights="unweighted"), "identity"),
        (one("krippendorff_alpha", PAIRS, measurement="quadratic"), "interval"),
    ],
)
def test_weightings_and_metrics_by_their_other_names_are_hinted_at(call, meant):
    with pytest.raises(StatisticsError) as refused:
        call()
    assert refused.value.values["meant"] == meant


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (one("krippendorff_alpha", PAIRS, level_of_measurement="nominal"), r"use measurement$"),
        (one("krippendorff_alpha", PAIRS, value_domain=[1, 2, 3]), r"use categories$"),
        (one("icc", PAIRS, type="agreement"), r"use form$"),
        (one("gwet_ac", PAIRS, conflev=0.9), r"use confidence_level$"),
        (one("fleiss_kappa", PAIRS, table=PAIRS), r"use ratings=agreement\.from_table"),
        (one("gwet_ac", PAIRS, level_of_measurement="nominal"), r"use one of ratings, weights"),
    ],
)
def test_options_by_their_other_names_are_hinted_at(call, said):
    with pytest.raises(TypeError, match=said):
        call()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("intraclass_corr", "icc"),
        ("kappa2", "cohen_kappa"),
        ("kappam_fleiss", "fleiss_kappa"),
        ("kripp_alpha", "krippendorff_alpha"),
        ("stuart_maxwell_mh", "marginal_homogeneity"),
        ("cohen_kappa_score", "cohen_kappa"),
        ("ICC2", "icc"),
        ("SquareTable", "marginal_homogeneity"),
        ("StuartMaxwellTest", "marginal_homogeneity"),
        ("CAC", "summary"),
        ("crosstab", "from_table"),
        ("sample_size", "plan_interval"),
    ],
)
def test_functions_by_their_other_names_are_hinted_at(name, meant):
    with pytest.raises(AttributeError, match=rf"use agreement\.{meant}\b"):
        getattr(agreement, name)


def test_a_rating_too_many_for_the_scale_is_shown_with_its_item():
    table = Ratings(np.array([[1.0, 7.0]]), ["S01"], ["a", "b"])
    with pytest.raises(StatisticsError) as refused:
        agreement.gwet_ac(table, categories=[1, 2])
    assert refused.value.values["found"] == [(7.0, "S01")]
    assert "S01" in refused.value.say("es")
