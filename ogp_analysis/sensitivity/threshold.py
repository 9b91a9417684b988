"""P(w.x >= cut): the share of weightings under which a weighted mean reaches a cut, without simulation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.sensitivity import arguments
from ogp_analysis.sensitivity.simplices import dirichlet_tail
from ogp_analysis.sensitivity.ties import above

CHUNK = 1 << 16  # rows of scores at a time: bounds the memory whatever the number of proposals
LARGEST_REPEAT = (
    64  # whole-number Dirichlet parameters up to this sum repeat columns, above it they are inverted
)


def threshold_probability(
    scores: ArrayLike, cuts: ArrayLike, *, alpha: ArrayLike | None = None
) -> np.ndarray:
    """Compute the probability that the weighted mean of each row reaches each cut point.

    The weights are random on the simplex (not negative, sum 1): uniform, or Dirichlet.

    Parameters
    ----------
    scores : array_like, shape (m, n)
        Indicator scores of m proposals on n indicators; finite.
    cuts : array_like, shape (r,)
        Cut points in the unit of the scores, closed below: a score equal to the cut reaches it. Each is its
        own question, so any order is allowed.
    alpha : array_like, shape (n,), optional
        Dirichlet parameters, not negative; a zero drops its indicator. None means uniform, that is all ones.

    Returns
    -------
    numpy.ndarray, shape (m, r)
        Probability in [0, 1].

    Raises
    ------
    StatisticsError
        Scores, cuts or alpha are not finite or have the wrong shape.
    StatisticsError
        An alpha is negative, or all are zero.

    Notes
    -----
    With a_i = x_i - cut split into positives p_1..p_k and the others q = -a >= 0, start with F[0] = 0 and
    F[1..k] = 1; for each q, for j = 1..k: F[j] = (p_j F[j] + q F[j-1]) / (p_j + q). The answer is F[k]: only
    convex sums, hence exact to a few units in the last place in the tails as well. Whole-number Dirichlet
    parameters repeat their column; any others are inverted numerically (`inversion`). A row whose scores all
    equal the cut gives 1.

    References
    ----------
    Varsi, G. (1973). The multidimensional content of the frustum of the simplex. Pacific Journal of
    Mathematics 46(1), 303-314. https://doi.org/10.2140/pjm.1973.46.303

    Examples
    --------
    Two indicators rated 1 and 5 reach 2 as soon as the second weighs a quarter:

    >>> threshold_probability([[1, 5]], [2]).tolist()
    [[0.75]]

    Ratings 2, 2 and 8 reach their mid-range 5 only if the third weighs half or more: (1 / 2)^2.

    >>> threshold_probability([[2, 2, 8], [5, 5, 5]], [5]).tolist()
    [[0.25], [1.0]]

    A first weight with density 2 w (alpha 2 and 1) is below three quarters with probability (3 / 4)^2:

    >>> threshold_probability([[1, 5]], [2], alpha=[2, 1]).round(4).tolist()
    [[0.5625]]
    """
    alpha = None if alpha is None else arguments.in_order(alpha, scores, "alpha")
    scores, cuts = arguments.score_matrix(scores), arguments.cut_vector(cuts)
    if alpha is None:
        return _in_chunks(simplex_tail, scores, cuts)
    alpha = arguments.alpha_vector(alpha, scores.shape[1])
    # A weight with parameter 0 is 0 for certain; no gamma variable has that shape, so it leaves before.
    scores, alpha = scores[:, alpha > 0], alpha[alpha > 0]
    whole = np.rint(alpha)
    # 10 x 0.3 may be 3.0000000000000004, and is meant as 3.
    if np.all(np.abs(alpha - whole) <= 1e-14 * whole) and whole.sum() <= LARGEST_REPEAT:
        return _in_chunks(simplex_tail, np.repeat(scores, whole.astype(int), axis=1), cuts)
    return _in_chunks(lambda a: dirichlet_tail(a, alpha), scores, cuts)


def _in_chunks(tail: Callable[[np.ndarray], np.ndarray], scores: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    result = np.empty((len(scores), len(cuts)))
    for start in range(0, len(scores), CHUNK):
        rows = scores[start : start + CHUNK].T
        result[start : start + CHUNK] = tail(above(rows[:, :, None], cuts))
    return result


def simplex_tail(a: np.ndarray) -> np.ndarray:
    """Compute P(sum v_i a_i >= 0) for v uniform on the simplex; a has shape (n, ...), the result (...).

    One score 1 above the cut and two 1 below: the first must weigh half or more, (1 / 2)^2.

    >>> float(simplex_tail(np.array([1.0, -1.0, -1.0])))
    0.25
    """
    # Positives first: one loop serves rows with different numbers of them, since a positive i has q = 0 and
    # its step multiplies by 1 and adds 0.
    a = np.sort(a, axis=0)[::-1]
    p, q = np.maximum(a, 0), np.maximum(-a, 0)
    k = np.count_nonzero(a > 0, axis=0)
    F = np.ones_like(a)
    with np.errstate(invalid="ignore"):  # 0 / 0 beyond the k positives: computed, never read
        for i in range(len(a) - 1, 0, -1):
            total = p[:i] + q[i]
            keep, pass_on = p[:i] / total, q[i] / total
            F[0] *= keep[0]
            # Upwards and in place: the recursion takes the new value of its left neighbour.
            for j in range(1, i):
                F[j] = keep[j] * F[j] + pass_on[j] * F[j - 1]
    # No score above the cut: only a row that lies on it altogether reaches it; other ties have no volume.
    reached = np.take_along_axis(F, np.maximum(k - 1, 0)[None], axis=0)[0]
    return np.where(k == 0, a[-1] >= 0, reached)
