"""Recognise a table of counts, items by categories, that was passed as if it were items by raters."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ogp_analysis.agreement.mistaken_long_form import RATERS
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.column_names import words_of

# Names of categories that nobody has, in English and Spanish, without accents and case.
CATEGORIES = frozenset(
    [
        "yes",
        "no",
        "si",
        "true",
        "false",
        "low",
        "medium",
        "high",
        "very",
        "none",
        "other",
        "neutral",
        "agree",
        "disagree",
        "strongly",
        "positive",
        "negative",
        "pass",
        "fail",
        "good",
        "bad",
        "fair",
        "poor",
        "excellent",
        "accept",
        "reject",
        "approve",
        "bajo",
        "baja",
        "medio",
        "media",
        "alto",
        "alta",
        "muy",
        "ninguno",
        "ninguna",
        "otro",
        "otra",
        "acuerdo",
        "desacuerdo",
        "positivo",
        "positiva",
        "negativo",
        "negativa",
        "bueno",
        "buena",
        "malo",
        "mala",
        "regular",
        "excelente",
        "aprobado",
        "rechazado",
        "aceptar",
        "rechazar",
        "mid",
        "middle",
        "moderate",
        "partial",
        "partially",
        "minor",
        "major",
        "critical",
        "weak",
        "strong",
        "unclear",
        "unknown",
        "never",
        "rarely",
        "sometimes",
        "often",
        "always",
        "moderado",
        "moderada",
        "intermedio",
        "intermedia",
        "parcial",
        "parcialmente",
        "nulo",
        "nula",
        "menor",
        "mayor",
        "critico",
        "critica",
        "debil",
        "fuerte",
        "nunca",
        "casi",
        "veces",
        "siempre",
    ]
)
AT_FIRST = 400  # rows that are looked at before all
# How probable it is, as a logarithm, that all rows of ratings add up alike by chance: one table in a million.
CHANCE = math.log(1e-6)
MOST = 1_000_000  # largest sum of a row whose distribution is computed


def refuse_counts(values: npt.NDArray[Any], names: Sequence[Hashable] = ()) -> None:
    """Refuse ratings that are counts of raters, unless a column is named as a rater."""
    if values.ndim != 2 or values.dtype == object or values.shape[1] < 2 or not len(values):
        return
    named = _named_as_categories(names)
    # A few rows tell most tables that are none; only what passes them is looked at whole.
    if not all(_may_be_counts(part, named=named) for part in (values[:AT_FIRST], values)):
        return
    if any(set(words_of(name)) & RATERS for name in names):
        return
    sums = values.sum(axis=1)
    alike = bool((sums == sums[0]).all())
    if not named and not _beyond_chance(values, int(sums[0])):
        return
    row_sum = float(sums[0]) if alike else None
    raise keyed_error(
        key="agreement.looks_like_counts",
        first=values[0].tolist(),
        added=phrase("agreement.rows_alike", sum=row_sum)
        if alike
        else phrase("agreement.named_as_categories"),
        mirrored=phrase("agreement.mirrored") if values.shape[1] == 2 else "",
        given="table" if len(names) else "table, categories=[...]",
        row_sum=row_sum,
        names=list(names),
    )


def _may_be_counts(values: npt.NDArray[np.float64], *, named: bool) -> bool:
    """Whether rows of whole numbers of 0 or more add up alike, or their columns are named as categories."""
    with np.errstate(invalid="ignore", over="ignore"):
        sums = values.sum(axis=1)
        # Not a number where a rating is missing, and then unlike itself.
        if not (np.isfinite(sums).all() and sums.max() >= 2 and (named or (sums == sums[0]).all())):
            return False
    return bool((values >= 0).all() and (values == np.floor(values)).all())


def _named_as_categories(names: Sequence[Hashable]) -> bool:
    words = [words_of(name) for name in names]
    return bool(words) and all(one and set(one) <= CATEGORIES for one in words)


def _beyond_chance(values: npt.NDArray[np.float64], total: int) -> bool:
    """Whether raters who rate on a scale from 0 would hardly ever make all rows add up to the same."""
    # On a scale from 1 no rating is 0, and few tables of counts have none.
    if values.min() > 0 or not 2 <= total <= MOST or len(np.unique(values, axis=0)) < 3:
        return False
    unanimous = bool((values.max(axis=1) == total).any())
    ranked = np.sort(values, axis=1)
    if (ranked == ranked[0]).all() and not unanimous:  # rankings, with raters in rows
        return False
    chance = _chances_of_sums(int(values.max()), values.shape[1])
    if unanimous:  # counts then add up to the largest of them, one sum of many
        return len(values) * math.log(chance[total]) <= CHANCE
    return math.log(float((chance ** len(values)).sum()) or 5e-324) <= CHANCE


def _chances_of_sums(largest: int, columns: int) -> npt.NDArray[np.float64]:
    """Distribution of the sum of a row whose entries are 0 to ``largest``, all equally probable."""
    chance = np.ones(1)
    for _ in range(columns):
        # A sum over a sliding window: adding one uniform number.
        running = np.cumsum(np.pad(chance, (0, largest)))
        before = np.pad(running, (largest + 1, 0))[: len(running)]
        chance = np.maximum(running - before, 1e-300) / (largest + 1)
    return chance
