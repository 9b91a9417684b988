"""The tables of notebook 2 against counts and calls made by hand, on the example and on awkward data."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement, ratings
from ogp_analysis.agreement import blind_pairs, results
from ogp_analysis.agreement.headline import BEYOND_CHANCE
from ogp_analysis.language import labels, texts
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.records import INDEPENDENT, THIRD
from ogp_analysis.output import tables

FEASIBILITY = ("time", "complexity", "resources", "willingness")
RELEVANCE = ("reiterations", "potential_impact", "alignment")


@pytest.fixture(scope="module")
def parameters():
    return params.from_values(params.baseline() | {"n_resamples": 200})


@pytest.fixture(scope="module")
def example(parameters):
    return ratings.load(parameters)


@pytest.fixture(scope="module")
def found(example, parameters):
    return results.tables(example, parameters)


def invented(*, proposals=12, seed=1, spread=1, one_rater=False, evaluators=6):
    """Blind ratings in the shape that ratings.load gives, and third evaluations where pairs differ."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(proposals):
        code = f"S{number + 1:02d}"
        for indicator in (*FEASIBILITY, *RELEVANCE):
            quality = int(rng.integers(1, 6))
            panels = ("lead", "counterpart") if indicator in FEASIBILITY else ("working_group", "core_group")
            for panel in panels:
                count = 1 if indicator in FEASIBILITY or one_rater else 2
                people = [f"{panel[:1]}{(number + k) % evaluators}" for k in range(count)]
                given = [float(np.clip(quality + rng.integers(-spread, spread + 1), 1, 5)) for _ in people]
                rows += [
                    (code, indicator, panel, person, INDEPENDENT, value)
                    for person, value in zip(people, given, strict=True)
                ]
                if count == 2 and abs(given[0] - given[1]) > 1:
                    rows.append((code, indicator, panel, "third", THIRD, float(quality)))
    columns = ["proposal", "indicator", "panel", "evaluator", "role", "rating"]
    empty = pd.DataFrame()
    return Inputs(
        ratings=pd.DataFrame(rows, columns=columns), proposals=empty, decisions=empty, evaluators=empty
    )


def test_note_20_counts_the_pairs_of_one_indicator(example, found, parameters):
    """Share and rate of the Working Group on alignment, by a group-by."""
    rated = example.ratings.query(
        "indicator == 'alignment' and panel == 'working_group' and role == 'independent'"
    )
    spread = rated.groupby("proposal")["rating"].agg(lambda pair: pair.max() - pair.min())
    row = found["note_20"].query("indicator == 'alignment' and pair == 'working_group'").iloc[0]
    assert row["within"] == pytest.approx((spread <= parameters.tolerance).mean())
    assert row["third_rate"] == pytest.approx(1 - row["within"])
    assert row["third_foreseen"]
    assert row["n_cases"] == len(spread)
    assert (row["third_lower"], row["third_upper"]) == pytest.approx((1 - row["upper"], 1 - row["lower"]))


def test_third_rates_are_the_pairs_that_adjudication_calls_for(example, found, parameters):
    """Where a third evaluation is foreseen, the pairs beyond the tolerance are those that used one."""
    from ogp_analysis.assessment import adjudication

    settled = adjudication.resolve(example.ratings, parameters)
    used = settled.query("status in ['third', 'unresolved']").groupby(["indicator", "pair"]).size()
    rows = found["note_20"].query("third_foreseen and grain == 'indicator' and indicator != 'all'")
    for row in rows.itertuples():
        assert round(row.third_rate * row.n_cases) == used.get((row.indicator, row.pair), 0)


def test_designs_are_read_from_the_data(found):
    designs = (
        found["designs"].set_index(["grain", "criterion", "pair"])["design"].groupby(level=[0, 1, 2]).first()
    )
    assert designs[("indicator", "feasibility", "lead-counterpart")] == "seats"
    assert designs[("indicator", "relevance", "working_group")] == "changing"


def test_coefficients_are_those_of_a_direct_call(example, found, parameters):
    """Alpha and AC of one indicator from the long table, on the declared scale 1 to 5."""
    rated = example.ratings.query(
        "indicator == 'alignment' and panel == 'core_group' and role == 'independent'"
    )
    table = agreement.from_long(
        rated, item="proposal", rater="evaluator", value="rating", categories=[1, 2, 3, 4, 5]
    )
    rows = found["agreement"].set_index(["indicator", "pair"]).loc[("alignment", "core_group")]
    assert rows["ac"] == pytest.approx(agreement.gwet_ac(table, weights="quadratic").value)
    # Quadratic weights are the interval metric, and the row says so.
    alpha = agreement.krippendorff_alpha(table, measurement="interval")
    assert rows["alpha"] == pytest.approx(alpha.value)
    assert (rows["weights"], rows["metric"]) == ("quadratic", "interval")
    assert rows["kappa"] == pytest.approx(agreement.fleiss_kappa(table, weights="quadratic").value)
    assert rows["icc"] == pytest.approx(agreement.icc(table).value)


def test_pooled_rows_are_clustered_by_proposal(found):
    """Pooling seven times as many rows narrows the interval, but not by the square root of their number."""
    rows = found["coefficients"].query(
        "criterion == 'feasibility' and coefficient == 'krippendorff_alpha' and grain == 'indicator'"
    )
    pooled = rows[rows["indicator"] == "all"].iloc[0]
    single = rows[rows["indicator"] != "all"]["standard_error"].mean()
    assert pooled["n_cases"] == 4 * 43
    assert 0.4 * single < pooled["standard_error"] < single


@pytest.mark.parametrize(
    ("language", "header", "case"),
    [("en", "cases", "a proposal and one indicator"), ("es", "casos", "una propuesta con un indicador")],
)
@pytest.mark.parametrize("name", ["note_20", "coefficients"])
def test_what_pooled_rows_count_is_not_called_proposals(found, name, language, header, case):
    """43 proposals by 4 indicators are 172 cases; the note under the table says what a case is."""
    shown = tables.show(found[name], name, language=language).cells
    assert shown[header].tolist().count("172") >= 1
    assert labels.column_label("n_items", language) not in shown
    assert case in labels.table_note(name, language)
    assert "172" not in tables.show(found["by_score"], "by_score").cells["proposals"].tolist()


def test_every_interval_holds_its_value_and_notes_have_words(found):
    rows = found["coefficients"].dropna(subset=["lower"])
    assert len(rows) > 100
    assert ((rows["lower"] <= rows["value"]) & (rows["value"] <= rows["upper"])).all()
    for table, column in (("coefficients", "benchmark"), ("designs", "fits"), ("cautions", "caution")):
        for key in set(found[table][column]) - {""}:
            for language in texts.LANGUAGES:
                assert texts.say(f"{column}.{key}", language)


def test_every_note_of_the_package_has_words_in_both_languages():
    """Whatever a coefficient can name as a reason, a reader finds in words."""
    notes = (
        *("no_variation", "one_category", "no_pair", "one_item", "one_cluster", "constant_rater"),
        *("standard_error_zero", "resamples_undefined", "undefined_without_one_item"),
        *("incomplete_items_dropped", "assumes_no_interaction", "zero_variance", "few_levels"),
        *("not_determined", "category_unused", "studentized_to_fisher", "studentized_to_analytic"),
        *("nested_raters", "denominator_not_positive", "items_alike", "only_raters_differ", "below_range"),
        *("more_raters_than_items", "first_column_numbers_rows", "panels_left_out"),
        *("not_computed", "no_fisher_z", "no_residual"),
        *("error_not_seen", "all_rated", "no_standard_error", "too_few_items", "resamples_one_side"),
    )
    cautions = ["few_items", "one_rater_pair", "no_variation", "single_ratings", "no_pair"]
    cautions.append("more_raters_than_items")
    for key in [f"note.{note}" for note in notes] + [f"caution.{caution}" for caution in cautions]:
        english, spanish = (texts.say(key, language) for language in ("en", "es"))
        assert english != spanish


def test_specific_agreement_of_a_rating_by_hand(example, found):
    """Feasibility: of all fives by lead or counterpart, the share whose other seat gave a five too."""
    rated = example.ratings.query("panel in ['lead', 'counterpart']")
    wide = rated.pivot(index=["proposal", "indicator"], columns="panel", values="rating")
    both = ((wide["lead"] == 5) & (wide["counterpart"] == 5)).sum()
    expected = 2 * both / (wide == 5).to_numpy().sum()
    row = found["by_category"].query("criterion == 'feasibility' and rating == 5").iloc[0]
    assert row["specific"] == pytest.approx(expected)


@pytest.mark.parametrize(("highest", "listed"), [(5, [1, 2, 3, 4, 5]), (100, [1, 2, 5])])
def test_ratings_that_nobody_gave_are_listed_of_short_scales_alone(highest, listed, parameters):
    scale = tuple(map(float, range(1, highest + 1)))
    table = agreement.Ratings(np.array([[1.0, 2], [5, 5]]), ["S01", "S02"], ["a", "b"], scale)
    one = blind_pairs.Comparison(blind_pairs.BY_INDICATOR, "relevance", "alignment", "core", False, table)
    assert results.by_category([one], parameters)["rating"].tolist() == listed


def test_disagreements_lists_every_pair(example, found, parameters):
    assert len(found["disagreements"]) == 43 * (4 + 2 * 3)
    wide = found["disagreements"].query("indicator == 'time'").set_index("proposal")["difference"]
    rated = example.ratings.query("indicator == 'time'").pivot(
        index="proposal", columns="panel", values="rating"
    )
    assert (wide == (rated["lead"] - rated["counterpart"]).abs()).all()


def test_panels_face_each_other_on_blind_means(example, found):
    """Working Group's mean of both evaluators and three indicators, by a group-by."""
    rated = example.ratings.query("panel == 'working_group' and role == 'independent'")
    expected = rated.groupby("proposal")["rating"].mean()
    scores = found["panel_scores"].query("criterion == 'relevance'").set_index("proposal")["score_first"]
    pd.testing.assert_series_equal(scores, expected, check_names=False, check_exact=False)
    bias = found["panels"].query("criterion == 'relevance' and statistic == 'bias'")["value"].iloc[0]
    second = found["panel_scores"].query("criterion == 'relevance'").set_index("proposal")["score_second"]
    assert bias == pytest.approx((scores - second).mean())


def test_differences_of_panels_are_differences_of_their_coefficients(found):
    rows = found["differences"].query("question == 'panels'").set_index("indicator")
    ac = found["agreement"].set_index(["indicator", "pair"])["ac"]
    for indicator in RELEVANCE:
        expected = ac[(indicator, "working_group")] - ac[(indicator, "core_group")]
        assert rows.loc[indicator, "value"] == pytest.approx(expected)


def test_third_evaluations_change_nothing_where_no_pair_differs(parameters):
    """Without a pair beyond the tolerance, before and after are the same: 0, and no certainty of it."""
    calm = invented(spread=0)
    rows = results.tables(calm, parameters)["differences"].query("question == 'third'")
    assert len(rows) == 3
    assert (rows["value"] == 0).all()
    assert set(rows["note"]) == {"error_not_seen"}
    assert rows[["lower", "upper"]].isna().all(axis=None)


def test_categories_by_side_by_hand(example, found, parameters):
    """One proposal: criterion scores of one panel each, cut at 2.5 and 3.5, high with high is category 1."""
    wide = (
        example.ratings.query("role == 'independent'")
        .groupby(["proposal", "panel"])["rating"]
        .mean()
        .unstack()
    )
    high = wide[(wide["lead"] >= 3.5) & (wide["core_group"] >= 3.5 - 1e-9)].index
    assert len(high) > 5
    assert (found["categories_by_side"].loc[high, "lead + core_group"] == 1).all()
    low = wide[(wide["counterpart"] < 2.5 - 1e-9)].index
    assert set(found["categories_by_side"].loc[low, "counterpart + working_group"]) <= {3, 4}


def test_reading_b_compares_panels(example, parameters):
    between = results.tables(example, replace(parameters, blind_pair="between_panels"))
    assert set(between["agreement"]["pair"]) == {"lead-counterpart", "working_group-core_group"}
    assert between["differences"].empty
    assert between["components"].empty


def test_computed_indicators_stay_out_of_agreement(parameters):
    """Reiterations counted from merged proposals were judged by nobody."""
    method = parameters.method
    relevance = method.criteria[1]
    counted = tuple(
        replace(one, coding="share") if one.name == "reiterations" else one for one in relevance.indicators
    )
    changed = replace(method, criteria=(method.criteria[0], replace(relevance, indicators=counted)))
    compared = blind_pairs.comparisons(invented(), replace(parameters, method=changed))
    assert "reiterations" not in {one.indicator for one in compared}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (lambda: invented(one_rater=True), "no_pair"),
        (lambda: invented(evaluators=2), "one_rater_pair"),
        (lambda: invented(proposals=5), "few_items"),
    ],
)
def test_awkward_data_are_named_and_not_refused(data, expected, parameters):
    found = results.tables(data(), parameters)
    assert expected in set(found["cautions"]["caution"])
    assert math.isfinite(results.summary(found, parameters)["within"])


def test_ratings_without_variation_are_named(parameters):
    flat = invented(spread=0)
    flat.ratings["rating"] = 3.0
    found = results.tables(flat, parameters)
    alpha = found["coefficients"].query("coefficient == 'krippendorff_alpha'")
    assert set(alpha["note"]) == {"no_variation"}
    assert "no_variation" in set(found["cautions"]["caution"])


def test_half_of_the_ratings_missing(parameters):
    whole = invented(proposals=20)
    sparse = replace(whole, ratings=whole.ratings.sample(frac=0.6, random_state=1).sort_index())
    found = results.tables(sparse, parameters)
    assert "single_ratings" in set(found["cautions"]["caution"])
    assert found["note_20"]["within"].notna().any()


def test_order_of_rows_changes_nothing(example, parameters, found):
    shuffled = replace(example, ratings=example.ratings.sample(frac=1, random_state=3))
    again = results.tables(shuffled, parameters)
    for name, table in found.items():
        pd.testing.assert_frame_equal(again[name], table, check_exact=False, rtol=1e-9, atol=1e-12)


def test_bottom_line_is_written_in_the_language(found, parameters):
    summary = results.summary(found, parameters)
    english = results.words(summary, parameters)
    spanish = results.words(summary, replace(parameters, language="es"))
    assert english["ac_lowest"].replace(".", ",") == spanish["ac_lowest"]
    assert spanish["weights"] == "cuadrática"
    assert (summary["pairs"], summary["others"]) == (3 * 2 * 43, 4 * 43)


@pytest.mark.parametrize(
    ("ac", "alpha", "english", "spanish"),
    [
        (
            (0.7, 0.87),
            (0.59, 0.76),
            "runs from 0.70 to 0.87 and alpha from 0.59 to 0.76",
            "va de 0,70 a 0,87 y el alfa de 0,59 a 0,76",
        ),
        (
            (0.53, 1.0),
            (0.0, 0.0),
            "runs from 0.53 to 1.00 and alpha is 0.00",
            "va de 0,53 a 1,00 y el alfa es 0,00",
        ),
        (
            (1.0, 1.0),
            (0.2, 0.4),
            "is 1.00 and alpha runs from 0.20 to 0.40",
            "es 1,00 y el alfa va de 0,20 a 0,40",
        ),
        ((0.698, 0.702), (0.5, 0.5), "is 0.70 and alpha is 0.50", "es 0,70 y el alfa es 0,50"),
    ],
)
def test_one_value_is_no_range(ac, alpha, english, spanish, parameters):
    numbers = dict(zip(BEYOND_CHANCE, (*ac, *alpha), strict=True))
    numbers |= {"pairs": 40, "within": 0.625, "tolerance": 1.0, "same": 0, "compared": 0}
    for language, said in (("en", english), ("es", spanish)):
        words = results.words(numbers, replace(parameters, language=language))
        assert words["chance"].endswith(f") {said}")


def test_half_a_percent_of_the_pairs_is_not_rounded_away(parameters):
    """5 of 8 pairs and 31 of 40: 62.5 and 77.5%, which no decimal would write as 62 and 78."""
    numbers = dict.fromkeys(BEYOND_CHANCE, math.nan) | {"tolerance": 1.0, "same": 0, "compared": 0}
    for within, english, spanish in ((5 / 8, "62.5%", "62,5 %"), (31 / 40, "77.5%", "77,5 %")):
        for language, said in (("en", english), ("es", spanish)):
            options = replace(parameters, language=language)
            words = results.words(numbers | {"pairs": 40, "within": within}, options)
            assert said in words["matching"]
