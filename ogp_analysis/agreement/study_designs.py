"""Who rated what in each comparison, which coefficients fit, and what to be careful about."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.agreement.blind import Comparison
from ogp_analysis.agreement.design import SEATS, Design, design
from ogp_analysis.agreement.study_rows import WHERE, where


def design_of(one: Comparison) -> Design:
    """Read the design of a comparison: its seats are people where one person each holds them throughout.

    Parameters
    ----------
    one : Comparison
        From `blind.comparisons`.

    Returns
    -------
    Design
        Kind, sizes, coefficients that fit, and cautions.

    Examples
    --------
    >>> from ogp_analysis.agreement import as_ratings
    >>> table = as_ratings([[1, 1], [3, 5]])
    >>> people = (frozenset({"ana"}), frozenset({"luz"}))
    >>> one = Comparison("indicator", "feasibility", "time", "lead-counterpart", True, table, people)
    >>> found = design_of(one)
    >>> found.kind, found.cautions
    ('crossed', ('few_items', 'one_rater_pair'))
    """
    return design(one.table, seats=one.seats, people=one.people)


def designs(compared: list[Comparison]) -> pd.DataFrame:
    """Which design each comparison has and which coefficients fit it.

    Parameters
    ----------
    compared : list of Comparison
        From `blind.comparisons`.

    Returns
    -------
    DataFrame
        Columns ``grain, criterion, indicator, pair, design, n_items, n_raters, fewest, most, fits`` (the
        design again; its words name the coefficients and say why) and ``caution`` (the first of `cautions`).

    Examples
    --------
    >>> from ogp_analysis.agreement import as_ratings
    >>> table = as_ratings([[1, 1], [3, 5]])
    >>> one = Comparison("indicator", "relevance", "alignment", "core_group", False, table)
    >>> designs([one])[["design", "n_items", "n_raters", "caution"]].values.tolist()
    [['crossed', 2, 2, 'few_items']]
    """
    rows = []
    for one in compared:
        found = design_of(one)
        sizes = (found.n_items, found.n_raters, found.fewest, found.most)
        fits = "several_seats" if found.kind == SEATS and one.table.values.shape[1] > 2 else found.kind
        first = found.cautions[0] if found.cautions else ""
        rows.append((*where(one), found.kind, *sizes, fits, first))
    columns = [*WHERE, "design", "n_items", "n_raters", "fewest", "most", "fits", "caution"]
    return pd.DataFrame(rows, columns=columns)


def cautions(compared: list[Comparison]) -> pd.DataFrame:
    """What to be careful about, one row a comparison and caution; empty where there is nothing.

    Parameters
    ----------
    compared : list of Comparison
        From `blind.comparisons`.

    Returns
    -------
    DataFrame
        Columns ``grain, criterion, indicator, pair, caution`` (a key of the catalogues).
    """
    rows = [(*where(one), caution) for one in compared for caution in design_of(one).cautions]
    return pd.DataFrame(rows, columns=[*WHERE, "caution"])
