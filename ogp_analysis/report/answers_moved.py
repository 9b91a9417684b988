"""Words for one proposal in or near category 1: where it stands, and what would move it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.language import invented, texts
from ogp_analysis.model.records import CATEGORY_IN_PLAN
from ogp_analysis.sensitivity.moved_weight import changing_rounds, points_in_all


def points_names(columns: Iterable[str]) -> list[str]:
    """Pick the columns with the points of weight that must move, one a criterion."""
    return [name for name in columns if str(name).startswith("points_")]


def standing(row: Mapping[str, Any], language: str) -> str:
    """Say how a proposal stands to category 1.

    >>> standing({"category_by_rule": 2, "category_final": 1}, "en")
    'in, by a recorded decision'
    """
    ruled, final = (row[name] == CATEGORY_IN_PLAN for name in ("category_by_rule", "category_final"))
    if pd.isna(row["category_by_rule"]):
        return texts.say("answers.standing.open", language)
    key = {(True, True): "in", (True, False): "moved_out", (False, True): "moved_in"}.get(
        (bool(ruled), bool(final))
    )
    return texts.say(f"answers.standing.{key or 'near'}", language)


def moved_by(row: Mapping[str, Any], language: str, *, small: float, sure: float) -> str:
    """Say what moves a proposal: a small move of weight, another round of ratings, a decision, a gap.

    Parameters
    ----------
    row : mapping
        Of the ledger.
    language : str
        The reader's language.
    small : float
        The most points of weight, of 100, that count as a small move.
    sure : float
        The probability that another round keeps it, from which it counts as held.

    Returns
    -------
    str
        Sentences; where nothing small moves it, that.

    Examples
    --------
    >>> row = {"category_by_rule": 1, "category_final": 1, "points_a": 30.0, "another_round": 0.99}
    >>> moved_by(row, "en", small=5.0, sure=0.9)
    'Neither a small move of weights nor another round moves it.'
    """
    sentences = [
        *_by_weights(row, language, small),
        *_by_a_round(row, language, sure),
        *_by_decision(row, language),
    ]
    if pd.isna(row["category_by_rule"]):
        sentences.append(texts.say("answers.moved.open", language))
    return " ".join(sentences) or texts.say(f"answers.moved.{_nothing(row)}", language)


def _nothing(row: Mapping[str, Any]) -> str:
    """Say what was looked at where nothing moves a proposal: weights, another round, both, or neither."""
    if "another_round" not in row:
        return "nothing" if points_names(row) else "not_computed"
    weighed, known = bool(points_names(row)), not pd.isna(row["another_round"])
    endings = {(True, True): "", (False, True): ".no_weights", (True, False): ".no_round"}
    return f"nothing{endings.get((weighed, known), '.neither')}"


def _by_weights(row: Mapping[str, Any], language: str, small: float) -> list[str]:
    names = points_names(row)
    points = float(points_in_all(np.array([[row[name] for name in names]], dtype=float))[0])
    # Where no weighting moves it the points are NaN, and above nothing.
    if not names or not points <= small:
        return []
    if not points:
        return [texts.say("answers.moved.on_the_cut", language)]
    shown = texts.number(points, language, 1)
    return [texts.say("answers.moved.weights", language, points=shown, words=row.get(f"flip_{language}", ""))]


def _by_a_round(row: Mapping[str, Any], language: str, sure: float) -> list[str]:
    kept = row.get("another_round")
    if kept is None or pd.isna(kept) or float(kept) >= sure:
        return []
    count = changing_rounds(float(kept))
    # What a decision placed elsewhere keeps, in another round, is the category of the rule.
    before, after = row["category_by_rule"], row["category_final"]
    if pd.isna(before) or pd.isna(after) or before == after:
        return [texts.say("answers.moved.round", language, count=count)]
    return [texts.say("answers.moved.round_of_the_rule", language, count=count, category=int(before))]


def _by_decision(row: Mapping[str, Any], language: str) -> list[str]:
    before, after = row["category_by_rule"], row["category_final"]
    if pd.isna(before) or pd.isna(after) or before == after:
        return []
    reason = next(
        (row[name] for name in ("decision_reason", "confirmation_reason") if _given(row.get(name))), "–"
    )
    marked = invented.worded(reason, language)
    return [texts.say("answers.moved.decision", language, category=int(after), reason=marked)]


def _given(value: object) -> bool:
    return isinstance(value, str) and value != ""
