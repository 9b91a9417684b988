"""Evaluators who look like a copied sheet or a reversed scale, and a tolerance that cannot be meant.

Remarks only: nothing is changed. The limits are ours, chosen so that invented ratings in which nothing is odd
draw none.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ogp_analysis import texts
from ogp_analysis.model import EVALUATOR, INDEPENDENT, INDICATOR, PROPOSAL, RATING, ROLE
from ogp_analysis.ratings.findings import LISTED

if TYPE_CHECKING:
    from ogp_analysis.params import Parameters

# Two sheets of a proposal or two are alike by chance.
FEWEST_COPIED = 6
# Fewer proposals do not tell a direction.
FEWEST_PROPOSALS = 5
AGAINST, WITH = -0.6, 0.2
# A scale of more points than this is read in tens, not in single points.
MANY_POINTS = 20
SMALL_PART = 0.05


def doubts(rated: pd.DataFrame, parameters: Parameters) -> list[str]:
    """Say what is odd about who rated how.

    Parameters
    ----------
    rated : DataFrame
        Ratings with our keys.
    parameters : params.Parameters
        Method, tolerance and language.

    Returns
    -------
    list of str
        Worded remarks; often none.

    Examples
    --------
    >>> from ogp_analysis import params, ratings
    >>> parameters = params.from_values(params.baseline())
    >>> doubts(ratings.load(parameters).ratings, parameters)
    []
    """
    independent = rated[rated[ROLE] == INDEPENDENT]
    cells = independent.drop_duplicates([EVALUATOR, PROPOSAL, INDICATOR])
    language = parameters.language
    said = [texts.say("ratings.copied", language, **pair) for pair in copied(cells)[:LISTED]]
    for found in reversed_scales(cells)[:LISTED]:
        key = "ratings.odd_pair" if found["other"] else "ratings.odd_one"
        word = _worded(found[INDICATOR], language)
        said.append(texts.say(key, language, **(found | {INDICATOR: word})))
    return [*said, *tolerance_doubts(parameters)]


def _worded(indicator: str, language: str) -> str:
    key = f"indicator.{indicator}"
    return texts.say(key, language) if texts.has(key, language) else indicator


def copied(cells: pd.DataFrame) -> list[dict]:
    """Find pairs of evaluators who rated the same cells and gave the same rating in each.

    Parameters
    ----------
    cells : DataFrame
        Columns ``evaluator, proposal, indicator, rating``, each cell of an evaluator once.

    Returns
    -------
    list of dict
        ``first, second, cells``; sheets of fewer than ``FEWEST_COPIED`` cells, or of one rating throughout,
        are left out: they may be alike by chance.

    Examples
    --------
    >>> rows = [(e, p, "time", r) for e in ("E1", "E2") for p, r in zip("abcdef", (1, 2, 3, 4, 5, 1))]
    >>> copied(pd.DataFrame(rows, columns=["evaluator", "proposal", "indicator", "rating"]))
    [{'first': 'E1', 'second': 'E2', 'cells': 6}]
    """
    sheets: dict[tuple, list[str]] = {}
    ordered = cells.sort_values([EVALUATOR, PROPOSAL, INDICATOR], kind="stable")
    for evaluator, group in ordered.groupby(EVALUATOR, sort=True):
        if len(group) >= FEWEST_COPIED and group[RATING].min() < group[RATING].max():
            key = tuple(group[[PROPOSAL, INDICATOR, RATING]].itertuples(index=False, name=None))
            sheets.setdefault(key, []).append(str(evaluator))
    return [
        {"first": first, "second": second, "cells": len(key)}
        for key, names in sheets.items()
        for first, second in combinations(names, 2)
    ]


def reversed_scales(cells: pd.DataFrame) -> list[dict]:
    """Find evaluators who rate one indicator against all others, and the rest as they do.

    Parameters
    ----------
    cells : DataFrame
        As for `copied`.

    Returns
    -------
    list of dict
        ``evaluator, other, indicator, cells``: ``other`` is empty where the rest agree among themselves, so
        that it is clear who is unlike them; with two evaluators it is not, and both are named.

    Examples
    --------
    >>> given = {"E1": (1, 2, 3, 4, 5), "E2": (1, 3, 3, 4, 5), "E3": (5, 4, 3, 2, 1)}
    >>> rows = [(e, p, "time", r) for e, all_ in given.items() for p, r in zip("abcde", all_)]
    >>> rows += [(e, p, "resources", r) for e in given for p, r in zip("abcde", (2, 1, 5, 4, 3))]
    >>> frame = pd.DataFrame(rows, columns=["evaluator", "proposal", "indicator", "rating"])
    >>> reversed_scales(frame)
    [{'evaluator': 'E3', 'other': '', 'indicator': 'time', 'cells': 5}]
    """
    found: list[dict] = []
    correlations: dict[tuple[str, str], tuple[float, int]] = {}
    tables = {
        str(indicator): group.pivot(index=PROPOSAL, columns=EVALUATOR, values=RATING)
        for indicator, group in cells.groupby(INDICATOR, sort=False)
    }
    for indicator, table in tables.items():
        for evaluator in table.columns:
            others = table.drop(columns=evaluator)
            correlations[evaluator, indicator] = _correlation(table[evaluator], others.mean(axis=1))
    for indicator, table in tables.items():
        against = [name for name in table.columns if _is_against(correlations, name, indicator)]
        found += _told(table, against, indicator, correlations)
    return found


def _is_against(correlations: dict, evaluator: str, indicator: str) -> bool:
    here = correlations[evaluator, indicator][0]
    elsewhere = [
        value
        for (name, other), (value, _) in correlations.items()
        if name == evaluator and other != indicator
    ]
    known = [value for value in elsewhere if not np.isnan(value)]
    return here <= AGAINST and bool(known) and min(known) > AGAINST and float(np.median(known)) >= WITH


def _told(table: pd.DataFrame, against: list[str], indicator: str, correlations: dict) -> list[dict]:
    if len(against) == 2 and _only_two(table, against):
        count = correlations[against[0], indicator][1]
        return [{"evaluator": against[0], "other": against[1], INDICATOR: indicator, "cells": count}]
    return [
        {"evaluator": name, "other": "", INDICATOR: indicator, "cells": correlations[name, indicator][1]}
        for name in against
        if _rest_agree(table.drop(columns=name))
    ]


def _only_two(table: pd.DataFrame, pair: list[str]) -> bool:
    both = table[pair].dropna()
    rest = table.loc[both.index].drop(columns=pair)
    return len(both) >= FEWEST_PROPOSALS and not rest.notna().to_numpy().any()


def _rest_agree(rest: pd.DataFrame) -> bool:
    own = [_correlation(rest[name], rest.drop(columns=name).mean(axis=1))[0] for name in rest.columns]
    known = [value for value in own if not np.isnan(value)]
    return bool(known) and float(np.median(known)) >= WITH


def _correlation(one: pd.Series, other: pd.Series) -> tuple[float, int]:
    both = pd.concat([one, other], axis=1).dropna().to_numpy(dtype=float)
    if len(both) < FEWEST_PROPOSALS or (both == both[0]).all(axis=0).any():
        return float("nan"), len(both)
    return float(np.corrcoef(both.T)[0, 1]), len(both)


def tolerance_doubts(parameters: Parameters) -> list[str]:
    """Say where the tolerance cannot be meant for the scale: almost none of its points, or all of them.

    Parameters
    ----------
    parameters : params.Parameters
        Method, tolerance and language.

    Returns
    -------
    list of str
        One line a scale; none for the tolerance of 1 point on a scale from 1 to 5.

    Examples
    --------
    >>> from ogp_analysis import params
    >>> tolerance_doubts(params.from_values(params.baseline()))
    []
    """
    scales: dict[tuple[float, float, float], list[str]] = {}
    for indicator in parameters.method.indicators:
        scale = (indicator.minimum, indicator.maximum, indicator.step)
        scales.setdefault(scale, []).append(indicator.name)
    said = []
    for (low, high, step), names in scales.items():
        width = high - low
        small = width / step > MANY_POINTS and parameters.tolerance < SMALL_PART * width
        if not small and parameters.tolerance < width:
            continue
        words = ", ".join(_worded(name, parameters.language) for name in names[:LISTED])
        values = {"tolerance": parameters.tolerance, "low": low, "high": high}
        values = {name: f"{value:g}" for name, value in values.items()} | {"indicators": words}
        key = f"ratings.tolerance_{'small' if small else 'large'}"
        said.append(texts.say(key, parameters.language, **values))
    return said
