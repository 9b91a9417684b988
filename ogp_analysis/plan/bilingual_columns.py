"""Columns in both languages, from the catalogues."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import pandas as pd

from ogp_analysis.language import texts


def bilingual(column: str, keys: Iterable[str], **values: object) -> pd.DataFrame:
    """Look texts up in both languages.

    >>> bilingual("title", ["table.errata.title"]).loc[0, "title_es"]
    'Lo que no cuadra: inconsistencias del propio plan'
    """
    keys = list(keys)
    return pd.DataFrame(
        {
            f"{column}_{language}": [texts.say(key, language, **values) if key else "" for key in keys]
            for language in texts.LANGUAGES
        }
    )


def filled(column: str, keys: Iterable[str], values: Iterable[Mapping[Hashable, object]]) -> pd.DataFrame:
    """Look texts up in both languages, each with the values of its own row.

    >>> filled("row", ["plan.row.milestone"], [{"which": 7}]).to_dict("records")
    [{'row_en': 'milestone 7', 'row_es': 'hito 7'}]
    """
    pairs = list(zip(keys, values, strict=True))
    return pd.DataFrame(
        {
            f"{column}_{language}": [
                texts.say(key, language, **{str(name): value for name, value in row.items()}) if key else ""
                for key, row in pairs
            ]
            for language in texts.LANGUAGES
        }
    )


def first_text(keys: Iterable[str]) -> str:
    """Return the first key that has a text, or an empty key.

    >>> first_text(["plan.cause.no_such_number", "plan.cause.unknown"])
    'plan.cause.unknown'
    """
    return next((key for key in keys if texts.has(key)), "")
