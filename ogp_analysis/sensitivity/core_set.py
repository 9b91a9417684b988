"""Core and borderline of category 1: who is always in it, who never, and who comes in for whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.records import CATEGORY_IN_PLAN, PROPOSAL
from ogp_analysis.sensitivity import arguments
from ogp_analysis.sensitivity.sampling import Counts

CORE, BORDERLINE, NEVER = STANDINGS = ("core", "borderline", "never")


@dataclass(frozen=True, eq=False)
class SetStability:
    """How steady a set of chosen proposals is over draws.

    Parameters
    ----------
    share : ndarray, shape (m,)
        Share of draws in which each proposal is in the set; NaN without a draw.
    standing : ndarray of str, shape (m,)
        ``core`` (in the set in every draw), ``borderline`` or ``never``.
    overlap, overlap_error : float
        Mean number of the baseline's members that are in the set, and its simulation error.
    size, size_error : float
        Mean size of the set, and its simulation error.
    exchanged : ndarray of int, shape (b, m - b)
        Draws in which a member of the baseline (row) is out and another proposal (column) is in.
    """

    share: np.ndarray
    standing: np.ndarray
    overlap: float
    overlap_error: float
    size: float
    size_error: float
    exchanged: np.ndarray


def set_stability(chosen: ArrayLike, baseline: ArrayLike) -> SetStability:
    """Say which proposals are in a set in every draw, in some or in none, and who comes in for whom.

    Parameters
    ----------
    chosen : array_like of bool, shape (draws, m)
        Whether each proposal is in the set in each draw; at least one draw.
    baseline : array_like of bool, shape (m,)
        Whether it is in the set that the draws are held against.

    Returns
    -------
    SetStability

    Raises
    ------
    StatisticsError
        The shapes do not fit each other, there is no draw, or an entry is not true or false.

    Notes
    -----
    "In every draw" is of the draws that were made: more of them can only move proposals from core and never
    to borderline. The share of draws is the rank acceptability of SMAA-2 summed over the chosen places, here
    for a set of no fixed size (Lahdelma and Salminen 2001, doi:10.1287/opre.49.3.444.11220).

    Examples
    --------
    >>> stability = set_stability([[1, 1, 0, 0], [1, 0, 1, 0]], [1, 1, 0, 0])
    >>> stability.standing.tolist(), stability.overlap, stability.size
    (['core', 'borderline', 'borderline', 'never'], 1.5, 2.0)
    >>> stability.exchanged.tolist()  # the second member is out once, and then the third proposal is in
    [[0, 0], [1, 0]]
    """
    baseline = arguments.in_order(baseline, chosen, "baseline")
    chosen, baseline = _booleans(chosen, "chosen", 2), _booleans(baseline, "baseline", 1)
    if chosen.shape[1] != len(baseline) or not len(chosen):
        raise keyed_error(key="sensitivity.drawn_sets", shape=chosen.shape, count=len(baseline))
    return stability_of(Counts(len(chosen), set_counts(chosen, baseline)))


def _booleans(values: ArrayLike, name: str, dimensions: int) -> np.ndarray:
    array = arguments.numbers(values, name)
    if array.ndim != dimensions or not np.isin(array, (0, 1)).all():
        raise keyed_error(
            key="sensitivity.true_or_false", name=name, shape=array.shape, dimensions=dimensions
        )
    return array.astype(bool)


def set_counts(chosen: np.ndarray, baseline: np.ndarray) -> dict[str, np.ndarray]:
    """Count over draws (d, m) what `stability_of` needs; counts of several chunks add up."""
    # Sums of ones stay exact in floats, and only these have a fast matrix product.
    out, in_place = (~chosen[:, baseline]).astype(float), chosen[:, ~baseline].astype(float)
    size = chosen.shape[1] + 1
    return {
        "inside": chosen.sum(axis=0),
        "overlap": np.bincount(chosen[:, baseline].sum(axis=1), minlength=size),
        "in_plan": np.bincount(chosen.sum(axis=1), minlength=size),
        "exchanged": (out.T @ in_place).astype(int),
    }


def stability_of(counts: Counts) -> SetStability:
    """Read the stability of a set off its counts."""
    inside = counts.tables["inside"]
    standing = np.where(inside == counts.draws, CORE, np.where(inside == 0, NEVER, BORDERLINE))
    (overlap, overlap_error), (size, size_error) = (
        _mean_of(counts.tables[name]) for name in ("overlap", "in_plan")
    )
    share = inside / counts.draws
    return SetStability(share, standing, overlap, overlap_error, size, size_error, counts.tables["exchanged"])


def _mean_of(histogram: np.ndarray) -> tuple[float, float]:
    """Mean of whole numbers counted by value, and its standard error."""
    values, draws = np.arange(len(histogram)), histogram.sum()
    mean = float(values @ histogram / draws)
    return mean, float(np.sqrt(np.square(values - mean) @ histogram) / draws)


def core_frame(proposals: pd.Index, base: np.ndarray, counts: Counts) -> pd.DataFrame:
    """Say how often each proposal is in category 1 with everything in doubt, and whose place it takes."""
    members = base == CATEGORY_IN_PLAN
    stability = stability_of(counts)
    partner, share = _partners(proposals, stability, members, counts)
    frame = pd.DataFrame(
        {
            "category_by_rule": base,
            "standing": stability.standing.astype(str),
            "in_category_1": stability.share,
            "in_category_1_error": counts.standard_error("inside"),
            "exchanged_with": partner,
            "exchanged_share": share,
        },
        index=proposals.rename(PROPOSAL),
    )
    order = frame.assign(member=~members).sort_values(
        ["member", "in_category_1"], ascending=[True, False], kind="stable"
    )
    return order.drop(columns="member").astype({"standing": "str", "exchanged_with": "str"})


def _partners(
    proposals: pd.Index, stability: SetStability, members: np.ndarray, counts: Counts
) -> tuple[list[str], np.ndarray]:
    """For a member who is in most often while it is out, for another who is out most often while it is in."""
    names, share = [""] * len(members), np.full(len(members), np.nan)
    inner, outer, inside = np.flatnonzero(members), np.flatnonzero(~members), counts.tables["inside"]
    own_sides = (inner, outer, stability.exchanged, counts.draws - inside)
    for own, others, exchanged, times in (own_sides, (outer, inner, stability.exchanged.T, inside)):
        for row, k in enumerate(own if len(others) else ()):
            if exchanged[row].any():
                best = int(exchanged[row].argmax())
                names[k] = str(proposals[others[best]])
                share[k] = exchanged[row, best] / times[k]
    return names, share


def core_counts(counts: Counts) -> dict[str, float]:
    """Count what the texts say of category 1 with everything in doubt."""
    stability = stability_of(counts)
    return {
        **{name: int((stability.standing == name).sum()) for name in STANDINGS},
        "expected_overlap": stability.overlap,
        "expected_overlap_error": stability.overlap_error,
        "expected_size": stability.size,
        "expected_size_error": stability.size_error,
    }
