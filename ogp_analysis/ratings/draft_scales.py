"""The scales that ratings show: the lowest and the highest typed, the step between them; lone values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from math import gcd
from typing import Any

from ogp_analysis.language.folding import key_of
from ogp_analysis.ratings.known_words import packaged
from ogp_analysis.ratings.spelled_ratings import PERCENT, spelled, values_spelled
from ogp_analysis.ratings.stated_scales import stated_ends
from ogp_analysis.tabular import decimal_of, number

# Beyond so many decimals a number is what a spreadsheet computed.
PLACES = 6
# Fewer ratings show no habit; one cell in so many may stand alone. Both are our choice.
FEWEST, ONE_IN = 5, 50
# Different values that the rest must have.
FEWEST_OTHERS = 3
# Steps that scales have, from the largest on; and how much longer than one of them a common scale may be.
STEPS = tuple(
    map(Decimal, ("100", "50", "25", "20", "10", "5", "1", "0.5", "0.25", "0.1", "0.05", "0.01", "0.001"))
)
LONGER = Decimal("1.5")
# Words of a bracket that has no lower bound.
BELOW = frozenset({"menos", "hasta", "menor", "debajo", "inferior", "less", "under", "below", "fewer"})


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
    """Give the largest number that reaches all from the lowest; 1 where all are one whole number."""
    places = max(max(-int(value.normalize().as_tuple().exponent), 0) for value in values)
    units = [int(value.scaleb(places)) for value in values]
    return Decimal(reduce(gcd, (unit - units[0] for unit in units)) or 1).scaleb(-places)


def numbers_in(typed: Iterable[str]) -> list[Decimal]:
    """Give the numbers among cells, none where fewer than half of them are numbers.

    >>> numbers_in(["★★★", "★"]), numbers_in(["IV", "II"]), numbers_in(["yes", "no"])
    ([Decimal('3.0'), Decimal('1.0')], [Decimal('4.0'), Decimal('2.0')], [])
    """
    cells = values_spelled(typed)
    sign = decimal_of(cells)
    read = [number(cell, sign)[0] for cell in cells]
    values = [Decimal(repr(round(value, PLACES))) for value in read if value is not None]
    return values if len(values) > len(cells) / 2 else []


def scales_of(typed: Mapping[str, list[str]], other: str = "another answer") -> dict[str, dict[str, Any]]:
    """Draw a scale for each indicator from what was typed: its ends and step, or its answers.

    A title that states its ends has these. Other indicators have one scale in common unless their ratings
    show another one (our choice, `_is_shared`), and the answers of another one where theirs are among them.
    ``other`` stands below an answer that is alone.

    >>> scales_of({"a": ["1", "2", "4"], "b": ["2", "5"], "c": ["no", "yes"]})["b"]
    {'minimum': 1, 'maximum': 5, 'step': 1}
    >>> scales_of({"a": ["Pass", "Fail"]})["a"]
    {'labels': ['Fail', 'Pass']}
    """
    numbers = {
        title: values + _ends_in(typed[title]) for title in typed if (values := numbers_in(typed[title]))
    }
    # Indicators that share answers have them in one order.
    in_words = [cell for title, cells in typed.items() if title not in numbers for cell in cells]
    ranks = {key_of(answer): at for at, answer in enumerate(_answers(in_words))}
    answered = {title: _answers(cells) for title, cells in typed.items() if title not in numbers}
    stated = {title: ends for title in numbers if (ends := stated_ends(title, numbers[title]))}
    common = _common_spans({title: Span.of(numbers[title]) for title in numbers if title not in stated})
    common |= {title: Span.of([*numbers[title], *ends]) for title, ends in stated.items()}
    scales: dict[str, dict[str, Any]] = {}
    for title in typed:
        if title in common:
            scales[title] = common[title].as_scale()
            continue
        answers = sorted(_longest(answered[title], answered.values()), key=lambda one: ranks[key_of(one)])
        usual = ranks_of(answers)
        ordered = sorted(answers, key=lambda one: usual.get(key_of(one), 0))
        scales[title] = {"labels": ordered if len(ordered) > 1 else [other, *ordered]}
    return scales


def _longest(own: list[str], every: Iterable[list[str]]) -> list[str]:
    """Give the longest list of usual answers in which these are; one alone takes any list that has it."""
    keys = {*map(key_of, own)}
    wider = [each for each in every if keys <= {*map(key_of, each)} and (len(own) == 1 or ranks_of(each))]
    return max([own, *wider], key=len)


def _ends_in(typed: Iterable[str]) -> list[Decimal]:
    """Give the ends that spelled ratings say themselves: ``4/5`` the upper one, ``80%`` both."""
    parts = [one for cell in typed if (one := spelled(cell))]
    tops = [Decimal(one.top) for one in parts if one.top]
    return [*tops, Decimal(0)] if any(one.form == PERCENT for one in parts) else tops


@dataclass(frozen=True)
class Span:
    """The lowest and the highest of some numbers, and the largest usual step that reaches all of them."""

    low: Decimal
    high: Decimal
    step: Decimal

    @classmethod
    def of(cls, values: Iterable[Decimal]) -> Span:
        """Give the span of numbers.

        >>> Span.of(map(Decimal, ("1", "3", "5"))), Span.of(map(Decimal, ("0", "50", "75"))).step
        (Span(low=Decimal('1'), high=Decimal('5'), step=Decimal('1')), Decimal('25'))
        """
        ordered = sorted({*values})
        step = _step(ordered)
        usual = next((one for one in STEPS if not step % one), step)
        return cls(ordered[0], ordered[-1], usual)

    @property
    def length(self) -> Decimal:
        """From end to end; 0 where all numbers are one."""
        return self.high - self.low

    def with_other(self, other: Span) -> Span:
        """Give the span of both."""
        return Span.of(
            [self.low, self.high, self.low + self.step, other.low, other.high, other.low + other.step]
        )

    def as_scale(self) -> dict[str, Any]:
        """Give the keys of an indicator; of one number alone a scale of two."""
        ends = self.low, max(self.high, self.low + self.step), self.step
        return dict(zip(("minimum", "maximum", "step"), map(_plain, ends), strict=True))


def _common_spans(spans: Mapping[str, Span]) -> dict[str, Span]:
    """Give each indicator the span of all that share a scale with it: the longest one decides which do."""
    left, common = sorted(spans, key=lambda title: -spans[title].length), dict[str, Span]()
    while left:
        longest = spans[left[0]]
        group = [title for title in left if _is_shared(spans[title], longest)]
        whole = reduce(Span.with_other, (spans[title] for title in group))
        common |= dict.fromkeys(group, whole)
        left = [title for title in left if title not in group]
    return common


def shares_a_scale(one: Span, other: Span) -> bool:
    """Say whether two spans may lie on one scale.

    >>> five, hundred = Span.of(map(Decimal, "125")), Span.of(map(Decimal, ("3", "70", "98")))
    >>> shares_a_scale(five, five), shares_a_scale(five, hundred)
    (True, False)
    """
    return _is_shared(one, other) if one.length <= other.length else _is_shared(other, one)


def _is_shared(own: Span, longest: Span) -> bool:
    """Say whether ratings may lie on the scale of the indicator whose ratings lie furthest apart.

    They reach over half of it, or lie inside where no scale of its own would begin: above 1 and not all of
    them near the lower end. 0 and 1 alone are an answer of yes or no.
    """
    together = max(own.high, longest.high) - min(own.low, longest.low)
    alone = own.low == 0 and own.high == 1 and own != longest
    if together > LONGER * longest.length or alone:
        return own == longest
    inside = longest.low < own.low and own.high <= longest.high
    far = own.low > 1 and (own.high - longest.low) * 4 >= longest.length
    return own.length * 2 >= longest.length or (inside and far)


def is_yes_or_no(scale: Mapping[str, Any]) -> bool:
    """Say whether a scale has two ratings: yes and no, pass and fail, 0 and 1.

    >>> is_yes_or_no({"labels": ["no", "yes"]}), is_yes_or_no({"minimum": 1, "maximum": 5, "step": 1})
    (True, False)
    """
    if "labels" in scale:
        return len(scale["labels"]) == 2
    return (scale["minimum"], scale["maximum"], scale["step"]) == (0, 1, 1)


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
    elif are_brackets(answers):
        answers.sort(key=_bounds)
    return answers


def are_brackets(answers: Iterable[str]) -> bool:
    """Say whether answers are parts of a scale of numbers, each with bounds of its own.

    >>> are_brackets(["1000 a 1999", "Menos de 1000", "2000 o más"]), are_brackets(["yes", "1 of 2"])
    (True, False)
    """
    listed = list(answers)
    if not all(re.search(r"\d", text) for text in listed):
        return False
    return len({_bounds(text) for text in listed}) == len(listed) > 1


def _bounds(text: str) -> tuple[int, int]:
    """Give the lower and the upper bound of a bracket; one alone is the upper one of "less than"."""
    numbers = [int(re.sub(r"[.,' ]", "", one)) for one in re.findall(r"\d+(?:[.,' ]\d{3})*(?!\d)", text)]
    below = {*key_of(text).split("_")} & BELOW
    return (-1 if below else numbers[0], numbers[-1])
