"""How our numbers and those of other packages hang together; each number is in test_reference.py."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import agreement
from tests.agreement_data import published, ratings, recorded, reference

# What is compared with is imported where it is used: each worker of pytest imports this module.

ALPHA = "alpha_with_weights"  # what irrCAC calls alpha
ERRORS = recorded("standard_error")
VALUES = recorded("value")
NUMBERS = [name for name, about in published().items() if about["text"] == "0"]


def test_there_are_at_least_thirty_published_data_sets_and_each_has_a_source():
    assert len(published()) >= 30
    assert all(about["source"] for about in published().values())


# test_reference.py holds the tables and remembers results. Here nothing is remembered: a slip that is put
# into a formula while the tests run (tools/mutation.py) is noticed.
@pytest.mark.parametrize(
    "number", reference.numbers("publications"), ids=lambda one: f"{one.example}-{one.options}"
)
def test_published_number(number):
    """The printed number, to half a unit of its last digit."""
    found = reference.result.__wrapped__(number.function, number.example, number.options)
    assert reference.agrees(reference.quantity(found, number.quantity), number.theirs, number.within)


@pytest.mark.parametrize("dataset", sorted({row["dataset"] for row in VALUES}))
def test_values_recorded_from_irrcac(dataset):
    """irrCAC 0.4.4, all eight weightings: values to 1e-9 (it returns 14 decimals)."""
    for row in (row for row in VALUES if row["dataset"] == dataset and row["function"] != ALPHA):
        found = getattr(agreement, row["function"])(ratings(dataset), weights=row["weights"], interval=None)
        assert found.value == pytest.approx(float(row["theirs"]), abs=1e-9), row


@pytest.mark.parametrize("dataset", sorted({row["dataset"] for row in ERRORS}))
def test_standard_errors_recorded_from_irrcac(dataset):
    """Equal where every item has two ratings; else irrCAC adds (n / n2 I - 1) c, which is no influence."""
    table = ratings(dataset)
    table = table[~pd.isna(table).all(axis=1)]  # irrCAC drops items without a rating
    counts = (~pd.isna(table)).sum(axis=1)
    n, paired = len(table), counts >= 2
    for row in (row for row in ERRORS if row["dataset"] == dataset):
        if row["function"] == ALPHA:
            continue
        found = getattr(agreement, row["function"])(table, weights=row["weights"])
        excess = (n * paired / paired.sum() - 1) * found.value
        theirs = math.sqrt(((n * found.influence + excess) ** 2).sum() / (n * (n - 1)))
        assert theirs == pytest.approx(float(row["theirs"]), rel=1e-8, abs=1e-12), row
        if paired.all():
            assert found.standard_error == pytest.approx(float(row["theirs"]), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("dataset", sorted({row["dataset"] for row in ERRORS}))
def test_standard_errors_of_alpha_recorded_from_irrcac(dataset):
    """irrCAC linearises alpha without its 1 / N term, so it is ours times N / (N - 1).

    Where items have unequal numbers of ratings it subtracts the corrected p_a, an error of up to 2e-4.
    """
    counts = (~pd.isna(ratings(dataset))).sum(axis=1)
    n = int(counts[counts > 1].sum())
    equal = len(set(counts[counts > 1].tolist())) == 1
    for row in (row for row in ERRORS if row["dataset"] == dataset):
        measurement = {"identity": "nominal", "quadratic": "interval"}.get(row["weights"])
        if row["function"] == ALPHA and measurement:
            ours = agreement.krippendorff_alpha(ratings(dataset), measurement=measurement).standard_error
            theirs = float(row["theirs"]) * (n - 1) / n
            assert ours == pytest.approx(theirs, rel=1e-9 if equal else 2e-4)


def test_weighted_kappa_of_fleiss_cohen_and_everitt():
    """Their own weights: 0.507, and the error of statsmodels, which divides by n."""
    from statsmodels.stats import inter_rater

    table = ratings("fleiss_cohen_everitt_1969")
    weights = np.array([[1, 0, 0.4444], [0, 1, 0.6667], [0.4444, 0.6667, 1]])
    counts = np.array(
        [[np.sum((table[:, 0] == k) & (table[:, 1] == m)) for m in (1, 2, 3)] for k in (1, 2, 3)]
    )
    theirs = inter_rater.cohens_kappa(counts, weights=1 - weights)
    ours = agreement.cohen_kappa(table, weights=weights)
    assert ours.value == pytest.approx(0.507, abs=0.0005)
    assert ours.value == pytest.approx(theirs.kappa, abs=1e-12)
    assert ours.standard_error * math.sqrt(199 / 200) == pytest.approx(theirs.std_kappa, abs=1e-12)


def test_irrcac_overstates_the_error_where_items_have_one_rating():
    """On each such set its error of AC1 is larger than the exact one, by 3 to 58 per cent."""
    ratios = []
    for row in (row for row in ERRORS if (row["function"], row["weights"]) == ("gwet_ac", "identity")):
        table = ratings(row["dataset"])
        if ((~pd.isna(table)).sum(axis=1) < 2).any():
            ratios.append(float(row["theirs"]) / agreement.gwet_ac(table).standard_error)
    assert len(ratios) >= 3
    assert min(ratios) > 1.03
    assert max(ratios) < 1.6


def test_the_ordinal_alpha_of_irrcac_is_alpha_with_gwets_fixed_weights():
    """Its alpha with weights w is ours with distance 1 - w; its "ordinal" is not Krippendorff's metric."""
    four = ratings("krippendorff_2011_four")
    steps = np.abs(np.subtract.outer(np.arange(5), np.arange(5)))
    gwets = agreement.krippendorff_alpha(four, measurement=steps * (steps + 1) / 2).value
    about = ("krippendorff_2011_four", ALPHA, "ordinal")
    rows = [row for row in VALUES if (row["dataset"], row["function"], row["weights"]) == about]
    assert [gwets] == pytest.approx([float(row["theirs"]) for row in rows], abs=1e-9)
    assert agreement.krippendorff_alpha(four).value == pytest.approx(0.8154, abs=5e-5)
    assert gwets == pytest.approx(0.8336, abs=5e-5)


def test_specific_agreement_of_agreement_counts_pairs_and_ours_counts_ratings():
    """Every item taken as often as it has ratings less one gives the numbers that the R package prints."""
    table = ratings("girard_ordered")
    by_pairs = np.repeat(table, (~pd.isna(table)).sum(axis=1) - 1, axis=0)
    found = agreement.per_category_agreement(by_pairs, interval=None)
    assert [round(one.specific.value, 3) for one in found] == [0.812, 0.605, 0.483, 0.519]


@pytest.mark.parametrize("dataset", NUMBERS)
def test_krippendorff_on_the_data_sets(dataset):
    """krippendorff 0.9, all four metrics, to 1e-10."""
    import krippendorff

    table = ratings(dataset)
    for measurement in ("nominal", "ordinal", "interval", "ratio"):
        theirs = krippendorff.alpha(table.T, level_of_measurement=measurement)
        ours = agreement.krippendorff_alpha(table, measurement=measurement, interval=None)
        assert ours.value == pytest.approx(theirs, abs=1e-10)


def random_design(seed):
    """Ratings of 4 to 60 items by 2 to 6 raters on 2 to 7 categories, a tenth to a third missing in half."""
    rng = np.random.default_rng(seed)
    n, m, q = rng.integers(4, 61), rng.integers(2, 7), rng.integers(2, 8)
    truth = rng.integers(1, q + 1, size=(n, 1))
    table = np.clip(truth + rng.integers(-1, 2, size=(n, m)), 1, q).astype(float)
    if seed % 2:
        table[rng.random((n, m)) < rng.uniform(0.1, 0.33)] = np.nan
    return table


# pingouin's own: it runs an ANOVA without replications, and calls pandas in a way that pandas will drop.
@pytest.mark.filterwarnings("ignore:.*inplace.*", "ignore:divide by zero", "ignore:invalid value")
@pytest.mark.parametrize("first", range(0, 100, 20))
def test_random_designs_agree_with_the_peers(first):
    """A hundred random designs: krippendorff, statsmodels, scikit-learn and pingouin to 1e-10."""
    compared = 0
    for seed in range(first, first + 20):
        table = random_design(seed)
        compared += compare_alpha(table)
        if not np.isnan(table).any():
            compared += compare_kappas(table) + compare_icc(table)
    assert compared > 100


def compare_alpha(table):
    import krippendorff

    compared = 0
    if np.unique(table[~np.isnan(table)]).size < 2 or ((~np.isnan(table)).sum(axis=1) > 1).sum() < 1:
        return compared
    for measurement in ("nominal", "ordinal", "interval", "ratio"):
        theirs = krippendorff.alpha(table.T, level_of_measurement=measurement)
        ours = agreement.krippendorff_alpha(table, measurement=measurement, interval=None).value
        assert ours == pytest.approx(theirs, abs=1e-10, nan_ok=True)
        compared += 1
    return compared


def compare_kappas(table):
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats import inter_rater

    counts, _ = inter_rater.aggregate_raters(table)
    fleiss = agreement.fleiss_kappa(table, interval=None).value
    assert fleiss == pytest.approx(inter_rater.fleiss_kappa(counts), abs=1e-10, nan_ok=True)
    free = agreement.brennan_prediger(table, interval=None).value
    assert free == pytest.approx(inter_rater.fleiss_kappa(counts, method="randolph"), abs=1e-10)
    pair = table[:, :2]
    scale = list(range(1, int(table.max()) + 1))
    if np.unique(pair).size < 2:
        return 2
    for weights in ("identity", "linear", "quadratic"):
        named = None if weights == "identity" else weights
        theirs = cohen_kappa_score(pair[:, 0], pair[:, 1], weights=named, labels=[float(k) for k in scale])
        ours = agreement.cohen_kappa(pair, weights=weights, categories=scale)
        assert ours.value == pytest.approx(theirs, abs=1e-10)
    return 5 + compare_table_error(pair, scale)


def compare_table_error(pair, scale):
    from statsmodels.stats import inter_rater

    table = np.array([[np.sum((pair[:, 0] == k) & (pair[:, 1] == m)) for m in scale] for k in scale])
    with np.errstate(all="ignore"):
        theirs = inter_rater.cohens_kappa(table)
    ours = agreement.cohen_kappa(pair, categories=scale)
    n = len(pair)
    if np.isnan(theirs.std_kappa) or ours.note:
        return 0
    assert ours.standard_error * math.sqrt((n - 1) / n) == pytest.approx(theirs.std_kappa, abs=1e-10)
    return 1


def compare_icc(table):
    import pingouin

    if len(table) < 5 or np.all(table == table[0, 0]):
        return 0
    long = pd.DataFrame(table).reset_index().melt("index")
    theirs = pingouin.intraclass_corr(long, targets="index", raters="variable", ratings="value")
    forms = ("ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)")
    for form, row in zip(forms, theirs.itertuples(), strict=True):
        ours = agreement.icc(table, form=form)
        if ours.note:
            continue
        assert ours.value == pytest.approx(row.ICC, abs=1e-10)
        assert ours.f_value == pytest.approx(row.F, rel=1e-10)
        assert ours.p_value == pytest.approx(row.pval, abs=1e-10)
        assert ours.interval == pytest.approx(tuple(row.CI95), abs=0.00501)  # pingouin rounds to 2 decimals
    return 6
