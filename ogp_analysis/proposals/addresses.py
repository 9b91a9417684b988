"""The address of a proposal on its platform, without what leads to whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise
from urllib.parse import unquote

from ogp_analysis.privacy.accounts import PERSONAL_PARAMETER
from ogp_analysis.privacy.masking import mask
from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_parts import LONG, ORDINARY, WORD, parts_of
from ogp_analysis.privacy.other_names import OtherNames

URL = re.compile(r"(?:https?://[^\s<>\"']+|/[^\s<>\"'/][^\s<>\"']*)", re.IGNORECASE)
# The part of an address that leads to whoever wrote the proposal: without it the proposal is found too.
PROFILE_PART = re.compile(
    r"(?<=[^/:])/(?:profiles?|users?|usuari[oa]s?|usuaris|perfil|perfiles|perfils|people|persons?|personas?|members?"
    r"|authors?|autor(?:es)?|accounts?|cuentas?|citizens?|ciudadanos?)/[^/?#]+(?:/|$)|/@[^/?#]+(?:/|$)"
    rf"|[?&#;]{PERSONAL_PARAMETER}[^&#;]*|(?<=://)[^/@\s]+@",
    re.IGNORECASE,
)
# Platforms write the title behind the number: without it the number leads to the same page.
NUMBERED = re.compile(r"(\d+)[-_].*")


def without_people(cell: str, names: str, others: OtherNames | None, *, country: str) -> str | None:
    """Take profiles and names out of an address; None where it is none.

    Parameters
    ----------
    cell : str
        As typed.
    names : str
        Of whoever handed the proposal in, parted by semicolons.
    others : OtherNames, optional
        Of all who handed proposals in.
    country : str
        Whose telephones are masked.

    Returns
    -------
    str or None
        The part that names somebody is cut down to its number, or left out.

    Examples
    --------
    >>> address = "https://e.ec/proposals/17-zoraida-quishpe-pide"
    >>> without_people(address, "Zoraida Quishpe", None, country="EC")
    'https://e.ec/proposals/17'
    """
    if not URL.fullmatch(cell):
        return None if cell else ""
    head, *parts = re.split(r"(?<=[^/:])/", _without_parts(cell))
    own = {part for part in parts_of(names) if len(part) >= LONG and part not in ORDINARY}
    pairs = others.pairs if others else frozenset()
    kept = [part for each in parts if (part := _without_names(each, own, pairs)) is not None]
    return mask("/".join([head, *kept]), country=country)


def _without_parts(cell: str) -> str:
    """Leave out what leads to a person, and the signs that then stand alone.

    >>> _without_parts("https://ana:x1@e.ec/p/17?token=ab&lang=es&pwd=1")
    'https://e.ec/p/17?lang=es'
    """
    cut = PROFILE_PART.sub(lambda match: match[0][0] if match[0][0] in "/?" else "", cell)
    return re.sub(r"\?$|\?(?=#)", "", cut.replace("?&", "?"))


def _without_names(part: str, own: Collection[str], pairs: Collection[tuple[str, str]]) -> str | None:
    """Cut a part that names somebody down to its number; None where it has none."""
    if not _names(part, own, pairs):
        return part
    cut = NUMBERED.sub(r"\1", part)
    return None if cut == part or _names(cut, own, pairs) else cut


def _names(part: str, own: Collection[str], pairs: Collection[tuple[str, str]]) -> bool:
    words = [folded(word) for word in WORD.findall(unquote(part))]
    return any(word in own for word in words) or any(pair in pairs for pair in pairwise(words))
