"""Columns in both languages, from the catalogues."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ogp_analysis.language import texts


def bilingual(column: str, keys: Iterable[str], **values: object) -> pd.DataFrame:
    """Look texts up in both languages.

    Parameters
    ----------
    column : str
        Stem of the columns.
    keys : iterable of str
        Keys of texts; an empty key gives an empty text.
    **values
        What the placeholders of the texts stand for.

    Returns
    -------
    DataFrame
        Columns ``<column>_en`` and ``<column>_es``, one row a key.

    Examples
    --------
    >>> bilingual("title", ["table.errata.title"]).loc[0, "title_es"]
    'Erratas: inconsistencias del plan'
    """
    keys = list(keys)
    return pd.DataFrame(
        {
            f"{column}_{language}": [texts.say(key, language, **values) if key else "" for key in keys]
            for language in texts.LANGUAGES
        }
    )


def first_text(keys: Iterable[str]) -> str:
    """Return the first key that has a text, or an empty key.

    Parameters
    ----------
    keys : iterable of str
        Keys of texts, the most particular first.

    Returns
    -------
    str
        A key of the catalogues, or ``""``.

    Examples
    --------
    >>> first_text(["plan.cause.no_such_number", "plan.cause.unknown"])
    'plan.cause.unknown'
    """
    return next((key for key in keys if texts.has(key)), "")
