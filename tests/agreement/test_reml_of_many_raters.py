"""Variance components of hundreds and thousands of evaluators: the optimum, the inverse, the last bits."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy import sparse

from ogp_analysis import agreement
from ogp_analysis.agreement import reml
from ogp_analysis.agreement.block_inverse import inverse


def drawn(items, raters, seed=0):
    """Three ratings an item, by raters drawn from all; variances 0.49, 0.25 and 0.64."""
    rng = np.random.default_rng(seed)
    values, severity = np.full((items, raters), np.nan), 0.5 * rng.normal(size=raters)
    for row in values:
        chosen = rng.choice(raters, 3, replace=False)
        row[chosen] = 3 + 0.7 * rng.normal() + severity[chosen] + 0.8 * rng.normal(size=3)
    return values


@pytest.mark.parametrize("size", [1, 40, 64, 65, 300])
@pytest.mark.parametrize("share", [0.01, 0.5])
def test_the_inverse_and_the_determinant_are_those_of_lapack(size, share):
    rng = np.random.default_rng(size)
    root = rng.normal(size=(size, size)) * (rng.random((size, size)) < share)
    matrix = np.eye(size) + root @ root.T
    found, log_determinant = inverse(sparse.csr_array(matrix))
    assert found == pytest.approx(np.linalg.inv(matrix), abs=1e-12)
    assert log_determinant == pytest.approx(np.linalg.slogdet(matrix)[1], rel=1e-12, abs=1e-12)


def test_a_nearly_empty_matrix_is_made_smaller_step_by_step():
    """A cycle of four hundred, in a random order."""
    order = np.random.default_rng(5).permutation(400)
    places = (np.r_[order, order], np.r_[np.roll(order, 1), np.roll(order, -1)])
    matrix = sparse.coo_array((np.full(800, -1.0), places)).tocsr() + 3.5 * sparse.eye_array(400)
    found, log_determinant = inverse(matrix.tocsr())
    assert found == pytest.approx(np.linalg.inv(matrix.toarray()), abs=1e-13)
    assert log_determinant == pytest.approx(np.linalg.slogdet(matrix.toarray())[1], rel=1e-13)


def test_a_thousand_proposals_by_three_thousand_evaluators():
    """The estimates are where the restricted likelihood is level, and near what was simulated."""
    found = agreement.variance_components(drawn(1000, 3000))
    variances = np.array([found.variance(name) for name in ("item", "rater", "residual")])
    order = [["item", "rater"].index(name) for name in found.model.factors]
    slope, information = reml.score_and_information(found.model, variances[[*order, 2]])
    assert np.abs(slope / np.sqrt(np.diag(information))).max() < 1e-6
    errors = np.array([one.standard_error for one in found.components.values()])
    assert (np.abs(variances - [0.49, 0.25, 0.64]) < 3.5 * errors).all()


def test_the_information_of_two_hundred_evaluators_is_that_of_the_written_out_matrix():
    """I_ij = tr(P V_i P V_j) / 2 (Searle et al. 1992, page 252)."""
    table = drawn(150, 200)
    rows, columns = np.nonzero(~np.isnan(table))
    parts = [(index[:, None] == index).astype(float) for index in (rows, columns, np.arange(len(rows)))]
    variances = np.array([0.5, 0.3, 0.6])
    whole = np.linalg.inv(sum(v * part for v, part in zip(variances, parts, strict=True)))
    along = whole.sum(axis=1)
    p = whole - np.outer(along, along) / along.sum()
    y = table[rows, columns]
    expected = [[np.trace(p @ a @ p @ b) / 2 for b in parts] for a in parts]
    slope = [(y @ p @ a @ p @ y - np.trace(p @ a)) / 2 for a in parts]
    model = reml.Mixed(y, {"item": rows, "rater": np.unique(columns, return_inverse=True)[1]})
    found = reml.score_and_information(model, variances)
    assert found[0] == pytest.approx(slope, rel=1e-9, abs=1e-9)
    assert found[1] == pytest.approx(np.array(expected), rel=1e-10)


PRINT = """
import numpy as np
from tests.agreement.test_reml_of_many_raters import drawn
from ogp_analysis import agreement, sensitivity
found = agreement.variance_components(drawn(300, 250))
print(*[float(one.value).hex() + float(one.standard_error).hex() for one in found.components.values()])
some = drawn(120, 100)
print(repr([agreement.icc(some, form=form) for form in ("ICC(A,1)", "ICC(C,1)", "ICC(1)")]))
print(repr([agreement.krippendorff_alpha(some, measurement="interval"), agreement.gwet_ac(some)]))
print(repr(agreement.icc(np.nan_to_num(some, nan=3.0), form="ICC(A,1)")), repr(agreement.rater_effects(some)))
scores = np.random.default_rng(1).uniform(1, 5, size=(300, 12))
print(sensitivity.threshold_probability(scores, [2, 3, 4]).tobytes().hex())
print(sensitivity.rank_acceptability(scores[:40], draws=20_000, seed=1).share("ranks").tobytes().hex())
"""


@pytest.mark.deep
def test_the_same_last_bits_with_one_thread_and_with_two():
    told = []
    for threads in ("1", "2"):
        own = {
            "OPENBLAS_NUM_THREADS": threads,
            "OMP_NUM_THREADS": threads,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        run = subprocess.run(
            [sys.executable, "-c", PRINT], env=os.environ | own, capture_output=True, text=True, check=True
        )
        told.append(run.stdout)
    assert told[0] == told[1]
    assert "0x" in told[0]
