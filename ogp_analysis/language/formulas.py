"""Arithmetic as a reader sees it: counted facts in words, numbers with the decimal sign of the language."""

from __future__ import annotations

import re

from ogp_analysis.language import texts

# Columns that hold arithmetic.
COLUMNS = ("arithmetic", "evidence")
# Of a formula that is one name: "n_sectors = 4".
NAMED = re.compile(r"([a-z]+(?:_[a-z0-9]+)+) = (-?[\d.]+)")
DECIMAL = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?![\d.])")
PER_CENT = re.compile(r"(\d)%")
NO_COUNT = "no k"
# The plan prints the number a second time, in a note, a total or its list of laws.
ELSEWHERE = ("decree_732_note", "proposals_total", "proposals_workshop")
LISTED = "source_"


def worded(formula: str, language: str) -> str:
    r"""Write a formula for a reader.

    >>> worded("k/297 = 5.40%: no k; 16/297 = 5.39%", "es")
    'k/297 = 5,40\xa0%: ningún k; 16/297 = 5,39\xa0%'
    >>> worded("n_sectors = 4", "en"), worded("297 + 38 = 335", "en")
    ('counted in our transcription: 4', '297 + 38 = 335')
    """
    named = NAMED.fullmatch(formula)
    if named:
        return texts.say(f"formula.{_origin(named[1])}", language, value=named[2])
    shown = formula.replace(NO_COUNT, texts.say("formula.no_count", language))
    return PER_CENT.sub("\\1\u00a0%", DECIMAL.sub(r"\1,\2", shown)) if language == "es" else shown


def _origin(name: str) -> str:
    return "elsewhere" if name in ELSEWHERE else "listed" if name.startswith(LISTED) else "counted"
