"""Words for the size of a coefficient, and how sure the word is: interpretation, never a verdict."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import special

from ogp_analysis.agreement import arguments
from ogp_analysis.model.records import Estimate

# Lower end of each class, best first (Landis and Koch 1977, doi 10.2307/2529310; Fleiss 1981, page 218;
# Altman 1991, page 404).
SCALES: dict[str, tuple[tuple[str, float], ...]] = {
    "landis_koch": (
        ("almost_perfect", 0.8),
        ("substantial", 0.6),
        ("moderate", 0.4),
        ("fair", 0.2),
        ("slight", 0.0),
        ("poor", -math.inf),
    ),
    "fleiss": (("excellent", 0.75), ("intermediate", 0.4), ("poor", -math.inf)),
    "altman": (
        ("very_good", 0.8),
        ("good", 0.6),
        ("moderate", 0.4),
        ("fair", 0.2),
        ("poor", -math.inf),
    ),
}


def benchmark(
    estimate: Estimate, *, scale: str = "landis_koch", probability: float = 0.95
) -> tuple[str, pd.DataFrame]:
    """Gwet's probabilistic benchmark: the best class that the coefficient reaches with some certainty.

    The membership probability of a class is that of Student's t around the value (degrees of freedom: items,
    or the clusters that the coefficient was made with, less one), cut off above 1 (Gwet 2014, chapter 6). The
    class is the best whose cumulative probability is at least ``probability``; a value alone would claim more
    than the data hold.

    Two rules are ours, so that few items never give certainty. Without an error there is no class, however
    high the value. And a class that begins at c asks for n items with c^n <= 1 - ``probability``, 14 of them
    for 0.8: if only a share c of all pairs agreed, fewer would all agree by chance more often than that.

    Parameters
    ----------
    estimate : Estimate
        A coefficient with its standard error.
    scale : str
        ``"landis_koch"``, ``"fleiss"``, ``"altman"``.
    probability : float
        Certainty asked for, in (0, 1).

    Returns
    -------
    tuple of str and pandas.DataFrame
        The class, ``""`` where none can be given; and by class: ``lower``, ``membership`` and ``cumulative``
        probability, and in ``note`` why no class, or none better, is given: ``standard_error_zero`` (or the
        note of the estimate), ``no_standard_error``, ``one_item``, ``too_few_items``.

    Raises
    ------
    StatisticsError
        Unknown scale, or a probability outside (0, 1).

    Examples
    --------
    >>> word, table = benchmark(Estimate(0.7, 0.1, n_items=43))
    >>> word, table["cumulative"].round(3).tolist()
    ('moderate', [0.16, 0.838, 0.998, 1.0, 1.0, 1.0])

    A value of 0.7 alone would be called substantial; with a standard error of 0.01 it is.

    >>> benchmark(Estimate(0.7, 0.01, n_items=43))[0]
    'substantial'

    Of two items that agree in full nothing is certain.

    >>> word, table = benchmark(Estimate(1.0, 0.0, n_items=2, note="standard_error_zero"))
    >>> word, table["note"][0]
    ('', 'standard_error_zero')
    """
    arguments.estimated(estimate, "estimate"), arguments.word(scale, tuple(SCALES), "scale")
    arguments.between(probability, "probability")
    words, lower = zip(*SCALES[scale], strict=True)
    table = pd.DataFrame({"word": words, "lower": lower})
    # Units, not items: with clusters the error has only as many degrees of freedom as clusters less one.
    n = getattr(estimate, "n_units", 0) or estimate.n_items
    if why := _undetermined(estimate, n):
        return "", table.assign(membership=math.nan, cumulative=math.nan, note=why)
    cumulative = _above(estimate, np.array(lower), n)
    table = table.assign(membership=np.diff(cumulative, prepend=0.0), cumulative=cumulative)
    # Best first: the first that holds. The last class has no lower end, so its cumulative probability is 1.
    reached = cumulative >= probability - 1e-12
    enough = np.clip(lower, 0.0, None) ** n <= 1 - probability + 1e-12
    # What is known of a whole population needs no more items than it has.
    shown = reached & (enough | (estimate.standard_error == 0))
    best = int(np.argmax(shown))
    return words[best], table.assign(note="too_few_items" if best > np.argmax(reached) else "")


def _undetermined(estimate: Estimate, n: int) -> str:
    """Why no class can be given; empty where one can."""
    if not math.isfinite(estimate.value) or not estimate.standard_error >= 0:
        return estimate.note or "no_standard_error"
    if estimate.standard_error == 0 and estimate.note != "all_rated":
        return "standard_error_zero"
    return "one_item" if n < 2 else ""


def _above(estimate: Estimate, lower: np.ndarray, n: int) -> np.ndarray:
    """Probability of lying above each lower end, given that it lies below 1."""
    if estimate.standard_error == 0:
        return (estimate.value >= lower).astype(np.float64)
    z = (np.append(lower, 1.0) - estimate.value) / estimate.standard_error
    below = special.stdtr(n - 1, z)
    return (below[-1] - below[:-1]) / below[-1]
