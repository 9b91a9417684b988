"""How much two different categories agree: the eight agreement weightings of Gwet (2014), or a matrix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement import arguments, synonyms
from ogp_analysis.agreement.category_codes import Coded
from ogp_analysis.agreement.text_ratings import how_to_write
from ogp_analysis.errors import keyed_error

Matrix = npt.NDArray[np.float64]
MOST_CATEGORIES = 4096


def _linear(x: Matrix) -> Matrix:
    return np.abs(x[:, None] - x)


def _quadratic(x: Matrix) -> Matrix:
    return (x[:, None] - x) ** 2


def _radical(x: Matrix) -> Matrix:
    return np.sqrt(np.abs(x[:, None] - x))


def _ordinal(x: Matrix) -> Matrix:
    # Gwet's ordinal weights count pairs of categories, (s + 1 over 2) for s steps. They do not depend on the
    # data and are not Krippendorff's ordinal metric, which is `krippendorff.ordinal_metric`.
    steps = np.abs(np.subtract.outer(np.arange(len(x)), np.arange(len(x)))).astype(np.float64)
    return steps * (steps + 1) / 2


def _ratio(x: Matrix) -> Matrix:
    if x.min() < 0:
        raise keyed_error(key="agreement.ratio_weights_negative", value=float(x.min()), categories=x.tolist())
    total = x[:, None] + x
    # 0 against 0 is no disagreement; dividing would make every weight NaN where 0 is a category.
    return np.divide(x[:, None] - x, total, out=np.zeros_like(total), where=total > 0) ** 2


def _circular(x: Matrix) -> Matrix:
    # The circle closes 1 after the largest category: of whole numbers, the last and the first are neighbours.
    return np.sin(np.pi * (x[:, None] - x) / (x.max() - x.min() + 1)) ** 2


def _bipolar(x: Matrix) -> Matrix:
    total = x[:, None] + x
    width = (total - 2 * x.min()) * (2 * x.max() - total)
    # The width is 0 only where both are the lowest or both the highest: no disagreement.
    return np.divide((x[:, None] - x) ** 2, width, out=np.zeros_like(total), where=width > 0)


DISAGREEMENTS: dict[str, Callable[[Matrix], Matrix]] = {
    "linear": _linear,
    "quadratic": _quadratic,
    "ordinal": _ordinal,
    "radical": _radical,
    "ratio": _ratio,
    "circular": _circular,
    "bipolar": _bipolar,
}
NAMES = ("identity", *DISAGREEMENTS)


def scores(coded: Coded, what: str) -> Matrix:
    """Number behind each category: its own value, or its place in the declared order of text labels.

    Numbers count by their value, whatever needs an order or a distance: a declared order may rise or fall
    with them (turned round, every weighting and metric is the same), but not contradict them.

    >>> from ogp_analysis.agreement.category_codes import code
    >>> from ogp_analysis.agreement.ratings_table import as_ratings
    >>> table = as_ratings([["low", "high"], ["medium", "high"]])
    >>> scores(code(table, ["low", "medium", "high"]), "linear weights")
    array([1., 2., 3.])
    """
    if coded.numeric:
        return _in_their_order(coded, what)
    if not coded.declared:
        text = next(iter(coded.categories))
        how = how_to_write(text) if isinstance(text, str) else None
        listed = ", ".join(map(repr, coded.categories))
        key = "agreement.order_needed_written" if how else "agreement.order_needed"
        raise keyed_error(
            key=key, what=what, listed=listed, text=text, written=how or "", categories=coded.categories
        )
    return np.arange(1.0, coded.q + 1.0)


def _in_their_order(coded: Coded, what: str) -> Matrix:
    given, rising = list(coded.categories), sorted(coded.categories)
    if coded.declared and given not in (rising, rising[::-1]):
        raise keyed_error(key="agreement.order_of_numbers", what=what, categories=coded.categories)
    return np.array(given, dtype=np.float64)


def agreement_weights(coded: Coded, weights: str | npt.ArrayLike, *, among_used: bool = False) -> Matrix:
    """Agreement between every two categories: 1 on the diagonal, 0 for the pair furthest apart.

    On a scale of three steps, neighbours agree by 1/2 with linear and by 3/4 with quadratic weights.

    >>> from ogp_analysis.agreement.category_codes import code
    >>> from ogp_analysis.agreement.ratings_table import as_ratings
    >>> coded = code(as_ratings([[1, 2], [2, 3]]))
    >>> [agreement_weights(coded, name)[0].tolist() for name in ("linear", "quadratic")]
    [[1.0, 0.5, 0.0], [1.0, 0.75, 0.0]]
    """
    if coded.q > MOST_CATEGORIES:
        raise keyed_error(key="agreement.too_many_categories", n_categories=coded.q)
    if weights is not None and not isinstance(weights, str):
        return _custom(arguments.labelled_matrix(weights, coded.categories, "weights"), coded)
    if weights not in NAMES:
        raise arguments.refused_word(weights, NAMES, "weights", synonyms.WEIGHTS)
    # A single category has no furthest pair to scale by.
    if weights == "identity" or coded.q == 1:
        return np.eye(coded.q)
    x = scores(coded, f"weights={weights!r}")
    if weights != "ordinal" and np.any(np.diff(np.sort(x)) <= 0):
        raise keyed_error(key="agreement.categories_not_apart", categories=coded.categories)
    disagreement = DISAGREEMENTS[weights](x)
    return 1.0 - disagreement / _furthest(disagreement, coded, among_used=among_used)


def _furthest(disagreement: Matrix, coded: Coded, *, among_used: bool) -> float:
    if among_used:
        used = np.unique(coded.codes[coded.codes >= 0])
        # If only one category was used, every pair is 0 apart: then the whole scale gives the unit.
        among = disagreement[np.ix_(used, used)].max()
        if among > 0:
            return float(among)
    return float(disagreement.max())


def _custom(matrix: Matrix, coded: Coded) -> Matrix:
    if matrix.shape != (coded.q, coded.q):
        raise keyed_error(
            key="agreement.weights_shape",
            shape=matrix.shape,
            n_categories=coded.q,
            categories=coded.categories,
        )
    if not np.isfinite(matrix).all() or not np.allclose(matrix, matrix.T, rtol=0, atol=1e-12):
        raise keyed_error(key="agreement.weights_symmetric", weights=matrix)
    if not np.allclose(np.diag(matrix), 1.0, rtol=0, atol=1e-12) or matrix.max() > 1 + 1e-12:
        diagonal = np.diag(matrix).tolist()
        raise keyed_error(key="agreement.weights_diagonal", diagonal=diagonal, weights=matrix)
    return matrix
