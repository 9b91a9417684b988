"""Names as they are compared: case, accents and punctuation do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Headers and words come again in every table; texts of people, which do not, soon leave.
FOLDED = 4096


@lru_cache(maxsize=FOLDED)
def key_of(text: str) -> str:
    """Fold a name for comparison: no accents, no case, words joined by ``_``.

    Parameters
    ----------
    text : str
        A header, word or code as typed.

    Returns
    -------
    str
        Small plain letters, digits and ``_``; empty where there is none of them.

    Examples
    --------
    >>> key_of("  Institución   Responsable ")
    'institucion_responsable'
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    plain = plain if text.isascii() else "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.casefold()
    return re.sub(r"[^0-9a-z]+", "_", plain).strip("_")
