"""What stands in a text for what was masked, and how it comes there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

MASK = "[…]"


def patterns_masked(
    text: str,
    *patterns: tuple[re.Pattern[str], str],
    counts: Counter[str],
    spares: Callable[[re.Match[str], str], bool] = lambda match, typed: False,
) -> str:
    r"""Mask what patterns find, but a part whose name begins with ``kept`` and what ``spares`` lets stand.

    >>> counts = Counter()
    >>> patterns_masked("tel 1, 2", (re.compile(r"(?P<kept>tel )?\d"), "telephone"), counts=counts)
    'tel […], […]'
    >>> dict(counts)
    {'telephone': 2}
    """

    def behind_what_is_kept(kind: str, match: re.Match[str]) -> str:
        named = match.groupdict()
        kept = next((part for name, part in named.items() if name.startswith("kept") and part), "")
        if spares(match, match[0][len(kept) :]):
            return match[0]
        counts[kind] += 1
        return kept + MASK

    for pattern, kind in patterns:
        text = pattern.sub(partial(behind_what_is_kept, kind), text)
    return text


def spans_masked(text: str, spans: Iterable[tuple[int, int, str]], counts: Counter[str]) -> str:
    """Mask spans of a text, each with its kind; what overlaps one that is masked is masked with it.

    >>> spans_masked("Soy Ana Ruiz", [(4, 7, "author"), (4, 12, "author")], Counter())
    'Soy […]'
    """
    kept, place = [], 0
    # By where they begin, the longer of two first.
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= place:
            kept += [text[place:start], MASK]
            counts[kind] += 1
        place = max(place, end)
    return "".join([*kept, text[place:]]) if kept else text
