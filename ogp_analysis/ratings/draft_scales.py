"""The scales that ratings show: the lowest and the highest typed, the step between them; lone values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from math import gcd
from typing import Any

from ogp_analysis.language.folding import key_of
from ogp_analysis.ratings.known_words import packaged
from ogp_analysis.tabular import decimal_of, number

# Beyond so many decimals a number is what a spreadsheet computed.
PLACES = 6
# Fewer ratings show no habit; one cell in so many may stand alone. Both are our choice.
FEWEST, ONE_IN = 8, 50
# Different values that the rest must have.
FEWEST_OTHERS = 3


def lone_values(values: Sequence[Decimal]) -> set[Decimal]:
    """Give the values of one cell, or of one in fifty, that alone make a scale longer or its step finer.

    Beyond an end they lie further from all others than those from each other; between two steps they halve
    the step, or more.

    >>> [sorted(map(str, lone_values([*map(Decimal, "12345" * 3), Decimal(x)]))) for x in ("55", "4.5", "6")]
    [['55'], ['4.5'], []]
    """
    counts = Counter(values)
    few = max(1, len(values) // ONE_IN)
    ordered = sorted(counts)
    if len(values) < FEWEST or len(counts) <= FEWEST_OTHERS:
        return set()
    between = {
        value
        for value in ordered[1:-1]
        if counts[value] <= few and 2 * _step(ordered) <= _step([one for one in ordered if one != value])
    }
    return between | _beyond(ordered, counts, few) | _beyond(ordered[::-1], counts, few)


def _beyond(ordered: list[Decimal], counts: Counter[Decimal], few: int) -> set[Decimal]:
    """Give the first values, where they lie further from all others than these from each other."""
    for at in range(1, len(ordered) - FEWEST_OTHERS + 1):
        lone, others = ordered[:at], ordered[at:]
        if sum(counts[value] for value in lone) > few:
            break
        if abs(lone[-1] - others[0]) > abs(others[-1] - others[0]):
            return set(lone)
    return set()


def _step(values: list[Decimal]) -> Decimal:
    places = max(max(-int(value.normalize().as_tuple().exponent), 0) for value in values)
    units = [int(value.scaleb(places)) for value in values]
    return Decimal(_span(units)[2]).scaleb(-places)


def numbers_in(typed: Iterable[str]) -> list[Decimal]:
    """Give the numbers among cells, none where fewer than half of them are numbers."""
    cells = list(typed)
    sign = decimal_of(cells)
    read = [number(cell, sign)[0] for cell in cells]
    values = [Decimal(repr(round(value, PLACES))) for value in read if value is not None]
    return values if len(values) > len(cells) / 2 else []


def scales_of(typed: Mapping[str, list[str]]) -> dict[str, dict[str, Any]]:
    """Draw a scale for each indicator from what was typed: its ends and step, or its answers.

    >>> scales_of({"a": ["1", "2", "5"], "b": ["2", "5"], "c": ["no", "yes"]})["b"]
    {'minimum': 1, 'maximum': 5, 'step': 1}
    >>> scales_of({"a": ["Pass", "Fail"]})["a"]
    {'labels': ['Fail', 'Pass']}
    """
    numbers = {title: values for title, cells in typed.items() if (values := numbers_in(cells))}
    places = max(
        (max(-int(v.normalize().as_tuple().exponent), 0) for values in numbers.values() for v in values),
        default=0,
    )
    spans = {
        title: _span([int(value.scaleb(places)) for value in values]) for title, values in numbers.items()
    }
    # Indicators that share answers have them in one order.
    in_words = [cell for title, cells in typed.items() if title not in spans for cell in cells]
    ranks = {key_of(answer): at for at, answer in enumerate(_answers(in_words))}
    scales: dict[str, dict[str, Any]] = {}
    for title, cells in typed.items():
        if title not in spans:
            answers = sorted(_answers(cells), key=lambda one: ranks[key_of(one)])
            usual = ranks_of(answers)
            scales[title] = {"labels": sorted(answers, key=lambda one: usual.get(key_of(one), 0))}
            continue
        span = max(
            (wide for wide in spans.values() if _holds(wide, spans[title])), key=lambda one: one[1] - one[0]
        )
        ends = [_plain(Decimal(units).scaleb(-places)) for units in span]
        scales[title] = dict(zip(("minimum", "maximum", "step"), ends, strict=True))
    return scales


def _span(units: list[int]) -> tuple[int, int, int]:
    """Give the lowest, the highest and the largest step that reaches all, in units of the last place."""
    low, high = min(units), max(units)
    step = reduce(gcd, (unit - low for unit in units)) or 1
    return low, max(high, low + step), step


def _holds(wide: tuple[int, int, int], span: tuple[int, int, int]) -> bool:
    on_it = (
        wide[0] <= span[0] and span[1] <= wide[1] and (span[0] - wide[0]) % wide[2] == span[2] % wide[2] == 0
    )
    return on_it and wide[1] - wide[0] < 2 * (span[1] - span[0])


def _plain(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def ranks_of(answers: Sequence[str]) -> dict[str, int]:
    """Give the usual ranks of answers by what they say, from the worst up; nothing where one has none.

    >>> [sorted(ranks_of(given)) for given in (["B", "A"], ["Sí", "no"], ["Sí", "blue"], ["yes", "sí"])]
    [['a', 'b'], ['no', 'si'], [], []]
    """
    keys = [key_of(answer) for answer in answers]
    # Of grades in letters A is the best.
    grades = {letter: -at for at, letter in enumerate("abcdef")}
    ranks = {word: int(rank) for word, rank in packaged()["answer"].items()}
    for known in (grades, ranks):
        given = {key: known[key] for key in keys if key in known}
        if len(keys) == len(given) == len({*given.values()}):
            return given
    return {}


def are_numbered(answers: Iterable[str]) -> bool:
    """Say whether each answer carries one number, which orders them."""
    return all(len(re.findall(r"\d+", text)) == 1 for text in answers)


def _answers(typed: Iterable[str]) -> list[str]:
    """List different answers as they came, or by the number of each where each carries one."""
    answers = list({key_of(text): str(text) for text in typed}.values())
    if are_numbered(answers):
        answers.sort(key=lambda text: int(re.findall(r"\d+", text)[0]))
    return answers
