"""Recognise tables of counts and in long form that were passed as if they were items by raters."""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.agreement.mistaken_columns import no_rater_in
from ogp_analysis.agreement.text_ratings import is_number, like_number
from ogp_analysis.errors import keyed_error, phrase
from ogp_analysis.model.column_names import ID, ITEMS, no_rater, sums_up, words_of

Codes = npt.NDArray[np.integer]
# Names of columns as people write them, in English and Spanish, without accents and case.
RATERS = frozenset(
    [
        "rater",
        "raters",
        "reviewer",
        "reviewers",
        "judge",
        "judges",
        "evaluator",
        "evaluators",
        "assessor",
        "assessors",
        "coder",
        "coders",
        "annotator",
        "annotators",
        "referee",
        "referees",
        "observer",
        "observers",
        "grader",
        "scorer",
        "examiner",
        "panelist",
        "juror",
        "evaluador",
        "evaluadora",
        "evaluadores",
        "evaluadoras",
        "calificador",
        "calificadora",
        "calificadores",
        "juez",
        "jueza",
        "jueces",
        "revisor",
        "revisora",
        "revisores",
        "codificador",
        "codificadora",
        "observador",
        "observadora",
        "anotador",
        "jurado",
        "arbitro",
        "dictaminador",
        "dictaminadora",
    ]
)
VALUES = frozenset(
    [
        "value",
        "values",
        "rating",
        "ratings",
        "score",
        "scores",
        "grade",
        "grades",
        "mark",
        "marks",
        "points",
        "label",
        "labels",
        "code",
        "category",
        "valor",
        "valores",
        "calificacion",
        "calificaciones",
        "puntaje",
        "puntajes",
        "puntuacion",
        "puntuaciones",
        "nota",
        "notas",
        "puntos",
        "etiqueta",
        "categoria",
        "codigo",
    ]
)


WIDEST = 12  # a long table has an item, a rater, a value and a few columns more
FEWEST = 4  # rows; below, chance alone makes such tables
NARROW = 10  # rows; below, only tables of three columns are looked at
AT_FIRST = 400  # rows that are looked at before all
# How probable it is, as a logarithm, that chance alone made the table: below this it is refused. The more
# speaks for ids (they stand in order; there are more of them than different ratings), the less is asked.
ORDERED, SHUFFLED, INCOMPLETE, SORTED = -12.0, -20.0, -16.0, -9.0
NUMBERED, NUMBERED_APART, SORTED_MANY = -10.0, -16.0, -5.0
NUMBERED_SHUFFLED = -14.0  # ids from 1 to as many as there are, in any order


def refuse_long(values: npt.NDArray[Any], names: Sequence[Hashable] = ()) -> None:
    """Refuse ratings whose columns are an item, a rater and a rating.

    >>> try:
    ...     refuse_long(np.array([[1, 1, 4], [1, 2, 5]]), ["propuesta", "evaluador", "nota"])
    ... except ValueError as error:
    ...     print(str(error).partition(";")[0])
    the table is in long form (item 'propuesta', rater 'evaluador', value 'nota'): one rating a row
    """
    named = _by_names(names)
    if named is None and len(names) and values.ndim == 2:
        _refuse_id_column(names)
    if named is None and _has_shape(values):
        named = _by_structure(values, names)
    if named is None and values.dtype != object:
        _refuse_no_rater(values, names)
    if named is not None:
        item, rater, value = named
        if item == rater:
            raise keyed_error(key="agreement.long_form_index", item=item, rater=rater, value=value)
        table = "table" if len(names) else "pandas.DataFrame(table)"
        raise keyed_error(key="agreement.long_form", item=item, rater=rater, value=value, table=table)


def _has_shape(values: npt.NDArray[Any]) -> bool:
    """Whether a table is as wide and as long as one of ids whose structure tells."""
    if values.ndim != 2 or not 3 <= values.shape[1] <= WIDEST:
        return False
    return _mixes(values) or len(values) >= (FEWEST if values.shape[1] == 3 else NARROW)


def _mixes(values: npt.NDArray[Any]) -> bool:
    """Whether some columns are names and others numbers: no table of ratings, whatever it is."""
    if values.dtype != object:
        return False
    text = [[isinstance(value, str) for value in column] for column in values.T]
    names = any(
        all(is_text) and not all(map(like_number, column))
        for is_text, column in zip(text, values.T, strict=True)
    )
    return names and not all(map(all, text)) and all(any(one) == all(one) for one in text)


def _is(name: Hashable, kind: frozenset[str]) -> bool:
    """Whether a name is a word of that kind, alone or with "id"; "rater 1" is one of the raters."""
    words = words_of(name)
    kinds = [word for word in words if word in kind]
    return len(kinds) == 1 and all(word in kind or word in ID for word in words)


def _by_names(names: Sequence[Hashable]) -> tuple[Hashable, Hashable, Hashable] | None:
    matches = {
        what: [name for name in names if _is(name, kind)]
        for what, kind in (("item", ITEMS), ("rater", RATERS), ("value", VALUES))
    }
    # Three kinds of words, or the two ids: nobody names two raters "item" and "rater".
    if not matches["rater"] or not (matches["item"] or matches["value"]):
        return None
    others = [name for name in names if name not in matches["rater"][:1] + matches["item"][:1]]
    value = (matches["value"] or others[-1:] or [names[-1]])[0]
    left = [name for name in others if name != value] or list(names)
    return (matches["item"] or left)[0], matches["rater"][0], value


def _refuse_id_column(names: Sequence[Hashable]) -> None:
    # An id, or the sum of the others, beside the raters' columns would be read as one more rater.
    column = no_rater(names)
    if column is not None:
        raise keyed_error(
            key="agreement.sum_column" if sums_up(column) else "agreement.id_column", column=column
        )


def _refuse_no_rater(values: npt.NDArray[np.float64], names: Sequence[Hashable]) -> None:
    odd = no_rater_in(values)
    if odd is not None:
        place, kind = odd
        name = names[place] if len(names) else place
        table = "table" if len(names) else "pandas.DataFrame(table)"
        raise keyed_error(key=f"agreement.column_of_{kind}", column=name, table=table)


def _by_structure(
    values: npt.NDArray[Any], names: Sequence[Hashable]
) -> tuple[Hashable, Hashable, Hashable] | None:
    first, mixed = values[:AT_FIRST], _mixes(values)
    begun = {j: _codes(first[:, j]) for j in range(values.shape[1]) if _may_be_id(first[:, j])}
    for one, other in itertools.combinations(begun, 2):
        # A few rows tell most tables that are none; only what passes them is looked at whole.
        if _clash(begun[one], begun[other]):
            continue
        a, b = _codes(values[:, one]), _codes(values[:, other])
        if not _clash(a, b) and (mixed or _number_cells(values, one, other, codes=(a, b))):
            item, rater = (one, other) if a.max() >= b.max() else (other, one)
            value = _value_column(values, one, other)
            named = names if len(names) else range(values.shape[1])
            return named[item], named[rater], named[value]
    return None


def _may_be_id(column: npt.NDArray[Any]) -> bool:
    """Whether values are whole numbers, texts or dates, none of them missing, some of them repeated."""
    if pd.isna(column).any():
        return False
    if column.dtype == object:
        kinds = {type(value) for value in column}
        if not all(issubclass(kind, int | float | np.number) for kind in kinds):
            return len(kinds) == 1 and 1 < len(pd.unique(column)) < len(column)
        column = column.astype(np.float64)
    whole = bool((column == np.floor(column)).all())
    return whole and 1 < len(np.unique(column)) < len(column)


def _codes(column: npt.NDArray[Any]) -> Codes:
    return pd.factorize(column, sort=True)[0]


def _clash(a: Codes, b: Codes) -> bool:
    """Whether some pair of values comes twice."""
    pairs = a.astype(np.int64) * (int(b.max(initial=0)) + 1) + b
    return len(np.unique(pairs)) < len(pairs)


def _number_cells(values: npt.NDArray[Any], one: int, other: int, *, codes: tuple[Codes, Codes]) -> bool:
    a, b = codes
    n, cells = len(a), (int(a.max()) + 1) * (int(b.max()) + 1)
    in_blocks = _in_blocks(a, b) or _in_blocks(b, a)
    numbered = in_blocks and _consecutive(values[:, one]) and _consecutive(values[:, other])
    if n == cells:  # every item by every rater
        # All pairs of that many values and none twice: n! of n^n tables; n! of q^2n on a scale of q points.
        log_chance, log_rows = math.lgamma(n + 1) - n * math.log(n), math.lgamma(n + 1)
        points = _points(values[:, [one, other, _value_column(values, one, other)]])
        from_one_end = _from_one_end(values[:, [one, other]])
        by_scale = log_rows - 2 * n * math.log(points)
        if numbered and by_scale <= (NUMBERED if from_one_end else NUMBERED_APART):
            return True
        ids = [_consecutive(values[:, column]) for column in (one, other)]
        if values.dtype != object and from_one_end and all(ids) and by_scale <= NUMBERED_SHUFFLED:
            return True
        return log_chance <= (ORDERED if in_blocks else SHUFFLED)
    rest = [values[:, j] for j in range(values.shape[1]) if j not in (one, other)]
    many = numbered and max(a.max(), b.max()) >= max(len(pd.unique(column)) for column in rest)
    # With gaps: how many pairs chance would make come twice, given how often each value does. None did.
    repeats = [np.bincount(code).astype(np.float64) for code in codes]
    tied = [float((count * (count - 1)).sum()) for count in repeats]
    log_chance = -tied[0] * tied[1] / (2 * n * (n - 1))
    return log_chance <= (SORTED_MANY if many else SORTED if numbered else INCOMPLETE)


def _value_column(values: npt.NDArray[Any], one: int, other: int) -> int:
    return next(j for j in reversed(range(values.shape[1])) if j not in (one, other))


def _from_one_end(ids: npt.NDArray[Any]) -> bool:
    """Whether ids are text, or both number from 0 or both from 1."""
    return ids.dtype == object or bool((ids.min(axis=0) == 0).all() or (ids.min(axis=0) == 1).all())


def _points(columns: npt.NDArray[Any]) -> float:
    """Points of the smallest scale that all columns could be ratings on."""
    filled = columns[~pd.isna(columns)]
    different = len(set(filled.tolist()))
    if columns.dtype == object:
        return different
    return max(different, float(filled.max() - filled.min()) + 1)


def _in_blocks(outer: Codes, inner: Codes) -> bool:
    """Whether outer values stand together, each once, and inner ones start again, rising, in each block."""
    step = np.diff(outer) != 0
    together = 1 + int(step.sum()) == int(outer.max()) + 1
    return together and bool((np.diff(inner)[~step] > 0).all())


def _consecutive(column: npt.NDArray[Any]) -> bool:
    if not all(map(is_number, column[:1])):  # texts and dates
        return True
    different = np.unique(column.astype(np.float64))
    return bool((np.diff(different) == 1).all())


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
