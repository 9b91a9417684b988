"""Names whose letters somebody spaced out: M A R Í A  P É R E Z."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogp_analysis.privacy.leads import is_led_in
from ogp_analysis.privacy.name_extent import NAMES, OTHER
from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_parts import WELL_KNOWN_PLACES
from ogp_analysis.privacy.name_shapes import is_made_of_names

# Single letters with one blank between them, words with two or more; "y a o" and other small words are none.
SPACED = re.compile(r"(?<![\w.])[^\W\d_a-zà-öø-ÿ](?:[ \xa0]{1,4}[^\W\d_a-zà-öø-ÿ]){2,60}(?![\w.])")
BETWEEN_WORDS = re.compile(r"[ \xa0]{2,4}")
# Our choice: fewer letters are initials, or the points of a list.
FEWEST = 3


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Find names in capitals with blanks between their letters.

    >>> text = "P A R Q U E  N U E V O; firma: A N A  P É R E Z; M A R I A P E R E Z"
    >>> [text[start:end] for start, end in spans(text)]
    ['A N A  P É R E Z', 'M A R I A P E R E Z']
    """
    for match in SPACED.finditer(text):
        words = [folded(re.sub(r"\s", "", word)) for word in BETWEEN_WORDS.split(match[0])]
        if not OTHER.isdisjoint(words) or max(map(len, words)) < FEWEST:
            continue
        known = not NAMES.isdisjoint(words) or any(
            is_made_of_names(word) and word not in WELL_KNOWN_PLACES for word in words
        )
        if known or (len(words) > 1 and is_led_in(text[: match.start()])):
            yield match.span()
