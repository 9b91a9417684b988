"""Tables of any number of axes: shares, central weights and nearest category against enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity import category_acceptability, nearest_category, smallest_flip
from ogp_analysis.sensitivity.acceptability import category_central_weights, category_probability
from ogp_analysis.sensitivity.stability import cut_sweep

# Loops over every cell sum in another order; nothing else differs.
ROUNDING = 1e-12


def made(seed: int):
    """One to four criteria of two to six levels, two to five categories, scores in quarters."""
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, 5))
    lengths = rng.integers(2, 7 if k < 4 else 4, size=k)
    categories = int(rng.integers(2, 6))
    table = rng.integers(0, categories + 1, size=lengths)
    sizes = rng.integers(1, 4, size=k)
    scores = [rng.integers(4, 21, size=(9, n)) / 4 for n in sizes]
    cuts = [np.sort(rng.choice(np.arange(1.0, 5.0, 0.25), n - 1, replace=False)) for n in lengths]
    by_route = tuple(int(c) for c in rng.integers(1, categories + 1, size=2))
    route = rng.random(9) < 0.5
    how = {"table": table, "route": route, "categories": categories, "by_route": by_route}
    return rng, scores, cuts, how


def category(how, levels, row):
    cell = int(how["table"][tuple(levels)])
    return cell or how["by_route"][0 if how["route"][row] else 1]


@pytest.mark.parametrize("seed", range(25))
def test_probabilities_are_sums_over_the_cells(seed):
    rng, _, cuts, how = made(seed)
    bands = [rng.dirichlet(np.ones(len(cut) + 1), size=9) for cut in cuts]
    wanted = np.zeros((9, how["categories"]))
    for levels in itertools.product(*(range(len(cut) + 1) for cut in cuts)):
        chance = np.prod([band[:, level] for band, level in zip(bands, levels, strict=True)], axis=0)
        for row in range(9):
            wanted[row, category(how, levels, row) - 1] += chance[row]
    assert category_probability(*bands, **how) == pytest.approx(wanted, abs=ROUNDING)


@pytest.mark.parametrize("seed", range(12))
def test_shares_and_central_weights_are_those_of_drawn_weights(seed):
    """Four standard errors of 20,000 uniform weightings."""
    rng, scores, cuts, how = made(seed)
    draws = 20_000
    weights = [rng.dirichlet(np.ones(x.shape[1]), size=draws) for x in scores]
    levels = [
        ((x @ w.T)[..., None] >= cut - 1e-12).sum(axis=-1)
        for x, w, cut in zip(scores, weights, cuts, strict=True)
    ]
    found = np.array(
        [[category(how, [lv[row, b] for lv in levels], row) for b in range(draws)] for row in range(2)]
    )
    shares = category_acceptability(scores, cuts, **how)[:2]
    central = category_central_weights(scores, cuts, **how)
    for c in range(how["categories"]):
        hit = found == c + 1
        error = np.sqrt(shares[:, c] * (1 - shares[:, c]) / draws)
        assert np.all(np.abs(hit.mean(axis=1) - shares[:, c]) <= 4 * error + 1e-9)
        for row in np.flatnonzero(hit.sum(axis=1) > 500):
            for axis, w in enumerate(weights):
                mean, spread = w[hit[row]].mean(axis=0), w[hit[row]].std(axis=0)
                assert np.all(
                    np.abs(mean - central[axis][row, c]) <= 5 * spread / np.sqrt(hit[row].sum()) + 1e-9
                )


@pytest.mark.parametrize("norm", ["L1", "L2", "Linf"])
@pytest.mark.parametrize("seed", range(8))
def test_the_nearest_category_is_the_nearest_cell(seed, norm):
    _, scores, cuts, how = made(seed)
    weights = [np.full(x.shape[1], 1 / x.shape[1]) for x in scores]
    flip = nearest_category(scores, weights, cuts=cuts, norm=norm, **how)
    for row in range(9):
        far = [
            level_distances(x[row : row + 1], w, cut, norm)
            for x, w, cut in zip(scores, weights, cuts, strict=True)
        ]
        now = [int(np.flatnonzero(np.array(d) == 0)[0]) if 0 in d else 0 for d in far]
        now = [
            int((x[row] @ w >= cut - 1e-12).sum()) for x, w, cut in zip(scores, weights, cuts, strict=True)
        ]
        current = category(how, now, row)
        best = np.inf
        for levels in itertools.product(*(range(len(cut) + 1) for cut in cuts)):
            if category(how, levels, row) == current:
                continue
            parts = [
                0.0 if level == own else d[level] for d, level, own in zip(far, levels, now, strict=True)
            ]
            size = {"L1": np.sum, "L2": np.linalg.norm, "Linf": np.max}[norm](parts)
            best = min(best, float(size))
        assert flip.current[row] == current
        assert flip.distance[row] == pytest.approx(best, abs=1e-9)


def level_distances(x, w, cut, norm):
    """Distance to each level from the flips of single cuts, which have tests of their own."""
    flips = [float(smallest_flip(x, w, c, norm=norm).distance[0]) for c in cut]
    own = int((x[0] @ w >= cut - 1e-12).sum())
    return [
        0.0 if level == own else flips[level - 1] if level > own else flips[level]
        for level in range(len(cut) + 1)
    ]


def test_cuts_may_be_of_different_numbers():
    table = np.array([[2, 2, 1], [3, 2, 1]])
    settings = [[[3.0], [2.0, 4.0]], [[2.0], [2.0, 3.0]]]
    found = cut_sweep([[2.5, 3.5], [3.5, 1.0]], settings, table=table, categories=3)
    assert found.tolist() == [[0, 1, 1], [1, 0, 1]]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"table": [[1, 5], [2, 2]]}, "sensitivity.table"),
        ({"table": [1]}, "sensitivity.table"),
        ({"cuts": [[3], [2, 4]]}, "sensitivity.cut_count"),
        ({"cuts": [[3]]}, "sensitivity.entries"),
        ({"scores": [[[1, 2]], [[1], [2]]]}, "sensitivity.rows"),
    ],
)
def test_what_does_not_fit_is_refused_by_key(change, key):
    given = {"scores": [[[1, 2]], [[1]]], "cuts": [[3], [3]], "table": [[1, 2], [2, 2]]} | change
    scores, cuts = given["scores"], given["cuts"]
    if key == "sensitivity.table" and len(np.shape(given["table"])) == 1:
        scores, cuts = scores[:1], [[]]
    with pytest.raises(StatisticsError) as caught:
        category_acceptability(scores, cuts, table=given["table"])
    assert caught.value.values["key"] == key
