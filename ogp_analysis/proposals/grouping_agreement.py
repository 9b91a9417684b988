"""Audit of phase 2: do classifiers agree, and how far are two groupings of the same proposals the same?"""

from __future__ import annotations

from ogp_analysis.model.missing_extras import need

need("sklearn")

from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score, homogeneity_completeness_v_measure

from ogp_analysis import agreement
from ogp_analysis.errors import keyed_error
from ogp_analysis.model.records import PROPOSAL, Estimate
from ogp_analysis.proposals.classification import (
    CLASSIFIER,
    CRITERIA,
    CRITERION,
    MET,
    NO,
    RELATED,
    YES,
    read_answers,
)
from ogp_analysis.proposals.group_ledger import GROUP

ALL = "all four"


def classifier_agreement(classification: pd.DataFrame, *, confidence_level: float = 0.95) -> pd.DataFrame:
    """Measure how far classifiers agree, criterion by criterion and on the whole.

    Parameters
    ----------
    classification : pandas.DataFrame
        Columns ``proposal, criterion, classifier, met``; any number of classifiers, some may be missing.
    confidence_level : float
        Of the intervals, in (0, 1).

    Returns
    -------
    pandas.DataFrame
        One row a criterion (last ``all four``: does the classifier find all of them met) and statistic:
        ``criterion, statistic, value, low, high, n_proposals, n_classifiers, n_answers, note``. Percent
        agreement in [0, 1]; Krippendorff's alpha (nominal) and Gwet's AC1 at most 1. A statistic that is
        undefined has no value and a note that names why.

    Raises
    ------
    DataError
        See ``grouping.read_answers``.

    Examples
    --------
    >>> from ogp_analysis.proposals.classification import CRITERIA
    >>> told = {"P1": "yes", "P2": "no", "P3": "yes"}
    >>> rows = [(code, name, who, told[code]) for code in told for name in CRITERIA for who in "ab"]
    >>> answers = pd.DataFrame(rows, columns=["proposal", "criterion", "classifier", "met"])
    >>> table = classifier_agreement(answers).set_index(["criterion", "statistic"])
    >>> float(table.loc[("pillars", "krippendorff_alpha"), "value"])
    1.0
    """
    answers = read_answers(classification)
    rows = []
    for criterion in (*CRITERIA, ALL):
        table = _whole(answers) if criterion == ALL else answers[answers[CRITERION] == criterion]
        if table.empty:
            continue
        ratings = agreement.from_long(table, item=PROPOSAL, rater=CLASSIFIER, value=MET)
        for statistic, estimate in _estimates(ratings, confidence_level).items():
            rows.append({"criterion": criterion, "statistic": statistic, **_row(estimate)})
    return pd.DataFrame(rows)


def _whole(answers: pd.DataFrame) -> pd.DataFrame:
    answered = answers.groupby([PROPOSAL, CLASSIFIER])[MET].agg(
        lambda met: "yes" if (met == YES).all() else "no"
    )
    # Who left one criterion open has said nothing of the whole.
    complete = answers.groupby([PROPOSAL, CLASSIFIER])[CRITERION].nunique() == len(CRITERIA)
    return answered[complete].reset_index()


def _estimates(ratings: agreement.Ratings, confidence_level: float) -> dict[str, Estimate]:
    options: dict[str, Any] = {"confidence_level": confidence_level}
    return {
        "percent_agreement": agreement.percent_agreement(ratings, **options),
        "krippendorff_alpha": agreement.krippendorff_alpha(ratings, measurement="nominal", **options),
        # Two answers were possible, whether or not somebody gave both.
        "gwet_ac": agreement.gwet_ac(ratings, categories=[NO, YES], **options),
    }


def _row(estimate: Estimate) -> dict[str, float | int | str]:
    return {
        "value": estimate.value,
        "low": estimate.interval[0],
        "high": estimate.interval[1],
        "n_proposals": estimate.n_items,
        "n_classifiers": estimate.n_raters,
        "n_answers": estimate.n_ratings,
        "note": estimate.note,
    }


def grouping_agreement(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, float | int]:
    """Compare two groupings of the same proposals, whatever their groups are called.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Ledgers: columns ``proposal, related, group``, each related proposal in one group.

    Returns
    -------
    dict
        ``n_proposals`` related in both; ``adjusted_rand`` (Hubert and Arabie 1985, J. Classif. 2:193; 1 the
        same, 0 as by chance); ``homogeneity``, ``completeness`` and ``v_measure`` in [0, 1] (Rosenberg and
        Hirschberg 2007, EMNLP-CoNLL, 410-420); ``n_groups_before`` and ``n_groups_after`` among them.

    Raises
    ------
    StatisticsError
        A proposal is in several groups, or no proposal is related in both.

    Examples
    --------
    >>> one = pd.DataFrame({"proposal": list("abcd"), "related": "yes", "group": ["x", "x", "y", "y"]})
    >>> other = one.assign(group=["1", "1", "2", "2"])
    >>> float(grouping_agreement(one, other)["adjusted_rand"])
    1.0
    """
    both = _both(before, after)
    first, second = both["group_before"].to_numpy(dtype=str), both["group_after"].to_numpy(dtype=str)
    homogeneity, completeness, v_measure = homogeneity_completeness_v_measure(first, second)
    return {
        "n_proposals": len(both),
        "n_groups_before": len(set(first)),
        "n_groups_after": len(set(second)),
        "adjusted_rand": float(adjusted_rand_score(first, second)),
        "homogeneity": float(homogeneity),
        "completeness": float(completeness),
        "v_measure": float(v_measure),
    }


def _one_group(ledger: pd.DataFrame) -> pd.Series:
    related = ledger[ledger[RELATED] == YES]
    if related[PROPOSAL].duplicated().any():
        several = sorted(related.loc[related[PROPOSAL].duplicated(), PROPOSAL])
        listed = ", ".join(several[:10])
        raise keyed_error(key="statistics.several_groups", listed=listed, codes=several)
    return related.set_index(PROPOSAL)[GROUP].astype(str)


def _both(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat(
        {"group_before": _one_group(before), "group_after": _one_group(after)}, axis=1, join="inner"
    )
    if both.empty:
        raise keyed_error(key="statistics.no_shared_proposal")
    return both.sort_index()


def moved(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """List the proposals that changed place between two groupings.

    Groups are matched one to one so that as many proposals as possible stay (Kuhn 1955, Naval Research
    Logistics 2:83), since a group that was only renamed has not moved anybody.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Ledgers: columns ``proposal, related, group``.

    Returns
    -------
    pandas.DataFrame
        One row a proposal that moved: ``proposal, change, group_before, group_after``; ``change`` is
        ``moved``, ``joined`` (related only after), ``left`` (related only before).

    Raises
    ------
    StatisticsError
        A proposal is in several groups, or no proposal is related in both.

    Examples
    --------
    >>> before = pd.DataFrame({"proposal": list("abcd"), "related": "yes", "group": ["x", "x", "y", "y"]})
    >>> after = before.assign(group=["1", "1", "1", "2"])
    >>> moved(before, after).values.tolist()
    [['c', 'moved', 'y', '1']]
    """
    both = _both(before, after)
    counts = pd.crosstab(both["group_before"], both["group_after"])
    table = counts.to_numpy()
    # It looks for the least sum, so the counts change sign.
    rows, columns = linear_sum_assignment(-table)
    # A pair without a common member is no match: the assignment only fills up.
    partner = {counts.index[i]: counts.columns[j] for i, j in zip(rows, columns, strict=True) if table[i, j]}
    stays = np.array([partner.get(row.group_before) == row.group_after for row in both.itertuples()])
    changed = both[~stays].assign(change="moved")
    first, second = _one_group(before), _one_group(after)
    joined = second[~second.index.isin(first.index)].to_frame("group_after").assign(change="joined")
    left = first[~first.index.isin(second.index)].to_frame("group_before").assign(change="left")
    moves = pd.concat([changed, joined, left]).rename_axis(PROPOSAL).sort_index().reset_index()
    return moves.reindex(columns=[PROPOSAL, "change", "group_before", "group_after"]).fillna("")
