"""Texts of the synthetic example in the reader's language: its files hold the English ones, as codes do."""

from __future__ import annotations

from functools import cache

from ogp_analysis.language import texts

FAMILY = "invented."


def worded(text: str, language: str) -> str:
    """Give a reason or a name that the synthetic example invented in words; any other text as it is.

    >>> worded("invented panel (synthetic)", "es"), worded("Core Group", "es")
    ('panel inventado (sintético)', 'Core Group')
    """
    key = _keys().get(text)
    return texts.say(key, language) if key else text


@cache
def _keys() -> dict[str, str]:
    return {text: key for key, text in texts.catalogue("en").items() if key.startswith(FAMILY)}
