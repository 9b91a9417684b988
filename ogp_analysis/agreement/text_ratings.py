"""Text among ratings: refused beside numbers and where numbers are needed, with how to write it."""

from __future__ import annotations

import numbers
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ogp_analysis.errors import Phrase, keyed_error, phrase
from ogp_analysis.tabular.lookalikes import as_drawn

SHOWN = 10
NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)")
CODE = re.compile(r"[A-Za-z0-9_-]+")
FRACTION = re.compile(r"(\d+)\s*/\s*(0*[1-9]\d*)")
PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
# Functions that take ratings given as names; a test calls every one of them with names.
TAKE_NAMES = (
    "percent_agreement",
    "cohen_kappa",
    "conger_kappa",
    "scott_pi",
    "fleiss_kappa",
    "brennan_prediger",
    "gwet_ac",
    "krippendorff_alpha",
    "per_category_agreement",
    "prevalence_bias",
)


class Cells(Protocol):
    """What is read of ratings here; `data.Ratings`, which these checks are part of."""

    @property
    def values(self) -> npt.NDArray[Any]:
        """Items by raters."""

    @property
    def numeric(self) -> bool:
        """Whether all are numbers."""

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Where there is no rating."""

    def item(self, row: int) -> Hashable:
        """Label of a row."""

    def rater(self, column: int) -> Hashable:
        """Label of a column."""

    def plain(self, row: int, column: int) -> Any:
        """A rating as a plain number or text."""


def like_number(text: str) -> bool:
    """Whether a text is a number in some spelling: 3, 2,5, 1/3, 80 %."""
    stripped = text.strip()
    return any(pattern.fullmatch(stripped) for pattern in (NUMBER, FRACTION, PERCENT))


def how_to_write(text: str) -> Phrase | None:
    """Say how a text that is a number in some spelling is written as a number; None for a name."""
    stripped = text.strip()
    if NUMBER.fullmatch(stripped):
        number = f"{float(stripped.replace(',', '.')):.12g}"
        if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", stripped):
            return phrase("agreement.write_either", number=number, other=stripped.replace(",", ""))
        return phrase("agreement.write_number", number=number)
    if fraction := FRACTION.fullmatch(stripped):
        over, under = map(int, fraction.groups())
        return phrase("agreement.write_fraction", quotient=f"{over / under:.6g}", over=over, under=under)
    if percent := PERCENT.fullmatch(stripped):
        points = float(percent[1].replace(",", "."))
        return phrase("agreement.write_percent", number=f"{points:.12g}", share=f"{points / 100:.12g}")
    return None


def is_number(value: Any) -> bool:
    """Whether a rating is a number of any kind."""
    return isinstance(value, numbers.Number | np.number | np.bool_)


def need_numbers(ratings: Cells, needs: Phrase) -> None:
    """Refuse ratings that are text, with the first that is no number, where it is, and the way on."""
    if ratings.numeric:
        return
    cells = [(int(row), int(column)) for row, column in np.argwhere(~ratings.missing)]
    names = [cell for cell in cells if not _spelt(ratings.plain(*cell))]
    # Of ratings that are all spelt as numbers, the first that a reader of numbers would stumble over.
    odd = [cell for cell in cells if not _plain_number(ratings.plain(*cell))]
    cell = (names or odd or cells)[0]
    value = ratings.plain(*cell)
    if not names:
        advice = phrase("agreement.write_read", written=_spelt(value))
    elif len(names) < len(cells):
        advice = phrase("agreement.write_missing")
    else:
        advice = phrase("agreement.names_go", functions=", ".join(TAKE_NAMES))
    item, rater = ratings.item(cell[0]), ratings.rater(cell[1])
    raise keyed_error(
        key="agreement.need_numbers", needs=needs, value=value, item=item, rater=rater, advice=advice
    )


def _spelt(value: Any) -> Phrase | None:
    """How to write a rating that is no float as one; None for a name."""
    if isinstance(value, str):
        return how_to_write(value)
    return phrase("agreement.write_float", value=repr(value)) if hasattr(value, "__float__") else None


def _plain_number(value: Any) -> bool:
    if isinstance(value, str):
        return bool(re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", value))
    return is_number(value)


def refuse_mixed(ratings: Cells) -> None:
    """Refuse numbers and text in one table: 3 and "3" would count as different ratings."""
    cells = {"numbers": is_number, "text": lambda value: isinstance(value, str)}
    holds = {kind: _columns_with(ratings, test) for kind, test in cells.items()}
    if not holds["numbers"] or not holds["text"]:
        return
    kinds, way, odd = [], None, None
    for kind, columns in holds.items():
        column = columns[0]
        row = next(i for i, value in enumerate(ratings.values[:, column]) if cells[kind](value))
        listed = ", ".join(repr(ratings.rater(one)) for one in columns[:SHOWN])
        more = phrase("statistics.more", count=len(columns) - SHOWN) if len(columns) > SHOWN else ""
        value = ratings.plain(row, column)
        key = f"agreement.{kind}_in{'_more' if more else ''}"
        kinds.append(phrase(key, listed=listed, more=more, value=value, item=ratings.item(row)))
        way, odd = (how_to_write(value), value) if kind == "text" else (way, odd)
    key = "agreement.mixed_written" if way else "agreement.mixed"
    sides = {"first": kinds[0], "second": kinds[1], "odd": odd, "written": way or ""}
    raise keyed_error(key=key, **sides, numbers=holds["numbers"], text=holds["text"])


def _columns_with(ratings: Cells, test: Callable[[Any], bool]) -> list[int]:
    columns = range(ratings.values.shape[1])
    return [column for column in columns if any(test(value) for value in ratings.values[:, column])]


def refuse_spellings(ratings: Cells) -> None:
    """Refuse text that spells one rating in two ways: "3" and "3.0", "sí" and "Si " would not agree."""
    spelt: dict[str, Any] = {}
    for text in {value for value in ratings.values[~ratings.missing] if isinstance(value, str)}:
        spelt.setdefault(_canonical(text), []).append(text)
    twice = [sorted(texts) for texts in spelt.values() if len(texts) > 1]
    if not twice:
        return
    spellings = []
    for texts in sorted(twice)[:SHOWN]:
        cells = [np.argwhere(ratings.values == text)[0] for text in texts]
        places = [
            phrase("agreement.spelt_at", text=text, item=ratings.item(cell[0]), rater=ratings.rater(cell[1]))
            for text, cell in zip(texts, cells, strict=True)
        ]
        spellings.append(phrase("agreement.spelt_and", one=places[0], other=places[1]))
    raise keyed_error(key="agreement.spelt_twice", listed=tuple(spellings), spellings=twice)


def _canonical(text: str) -> str:
    if CODE.fullmatch(text):  # most names, of which there may be many: nothing is to be taken off
        return text.casefold() if len(text) > 1 else text
    # Only what cannot be another code: "1.10" and "1.1" may be two sections of a code book.
    stripped = _one_form(text)
    if NUMBER.fullmatch(stripped):
        return re.sub(r"\.0+$", "", stripped.replace(",", "."))
    # Of single letters a capital or an accent may be another code: alleles A and a.
    return _unaccented(stripped.casefold()) if len(stripped) > 1 else stripped


def _unaccented(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _one_form(text: str) -> str:
    """Write as one what no reader tells apart: accents, spaces, letters of another alphabet, joiners."""
    return " ".join(as_drawn(unicodedata.normalize("NFC", text)).split())


def refuse_alike_names(
    names: Iterable[Hashable], *, column: Hashable = None, key: str = "agreement.names_spelt_twice"
) -> None:
    """Refuse names of items or raters that no reader tells apart: "p1" and "P1 ", José and Jose, 1 and "1".

    >>> refuse_alike_names(["p1", "p1 "], column="item")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: column 'item' spells one name in two ways: 'p1' and 'p1 '; ...
    """
    different = list(dict.fromkeys(names))
    if not any(isinstance(name, str) for name in different):
        return  # of numbers none is spelt like another
    spellings = [_canonical(str(name)) for name in different]
    if len(set(spellings)) == len(spellings):
        return
    spelt: dict[str, list[Hashable]] = {}
    for canonical, name in zip(spellings, different, strict=True):
        spelt.setdefault(canonical, []).append(name)
    twice = [alike for alike in spelt.values() if len(alike) > 1]
    first = sorted(twice, key=repr)[0]
    raise keyed_error(key=key, column=column, one=first[0], other=first[1], count=len(twice))
