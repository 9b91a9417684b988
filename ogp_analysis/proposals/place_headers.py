"""Headers of places that are more than one word: "Parroquia / Barrio", "¿En qué cantón vive?"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ogp_analysis.proposals.platforms import PERSONAL, PLACES, PLAIN

PROVINCES = frozenset(PLAIN.fields["province"])
# Words for a place that alone are too little, or say something else (a sector of the economy).
BESIDE = frozenset(
    (
        *(
            "sector",
            "comunidad",
            "comunidade",
            "comuna",
            "recinto",
            "localidad",
            "poblado",
            "caserio",
            "comunitat",
        ),
        *(
            "community",
            "village",
            "aldea",
            "vereda",
            "pueblo",
            "town",
            "cooperativa",
            "urbanizacion",
            "ciudadela",
        ),
    )
)
# What stands around them in a question.
SMALL = re.compile(
    r"(?:de|del|d|la|el|los|las|lo|en|o|u|y|e|ou|or|and|of|the|in|que|qual|cual|quin|quina|which|what|es|e|su|tu|seu|sua|your|do|da|a|al|where|donde|is"
    r"|nombre|nome|nom|name|vive|vives|mora|reside|residencia|live|you|propuesta|proposta|proposal|pertenece|ubica|se|encuentra|ubicacion"
    r"|rural|urbana|urbano|usted|voce|referencia|intervencion|i|et)"
)


def positions(keys: Sequence[str], taken: Collection[int]) -> dict[str, list[int]]:
    """Find headers of more than one word that name places, the larger places first.

    >>> positions(["parroquia_barrio", "que_provincia", "provincia_canton", "barrio", "sector"], set())
    {'province': [1], 'place': [2, 0]}
    >>> positions(["director_de_distrito", "barrio_del_autor", "participacion_en_barrios"], set())
    {'province': [], 'place': []}
    >>> positions(["sector_comunidad", "nombre_del_sector"], set())  # of the economy, or a group of people
    {'province': [], 'place': []}
    """
    ranked: dict[str, list[tuple[int, int]]] = {"province": [], "place": []}
    for k, key in enumerate(keys):
        words = [word for word in key.split("_") if not SMALL.fullmatch(word)]
        if k in taken or "_" not in key or PERSONAL.search(key) or not words:
            continue
        known = [PLACES.index(word) for word in words if word in PLACES]
        provinces = [word for word in words if word in PROVINCES]
        if len(known) + len(provinces) + len(BESIDE.intersection(words).difference(PLACES)) < len(words):
            continue
        if known:
            ranked["place"].append((-1 if provinces else min(known), k))
        elif provinces:
            ranked["province"].append((0, k))
    return {name: [k for _, k in sorted(each)] for name, each in ranked.items()}
