"""Names of columns that hold no rating and no score: ids, numbers of rows, and what sums others up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Sequence

# Names of columns as people write them, in English and Spanish, without accents and case.
ITEMS = frozenset(
    [
        "item",
        "items",
        "subject",
        "subjects",
        "proposal",
        "proposals",
        "application",
        "applications",
        "submission",
        "submissions",
        "paper",
        "papers",
        "manuscript",
        "project",
        "projects",
        "unit",
        "object",
        "case",
        "target",
        "ratee",
        "commitment",
        "entry",
        "essay",
        "document",
        "propuesta",
        "propuestas",
        "postulacion",
        "postulaciones",
        "solicitud",
        "solicitudes",
        "proyecto",
        "proyectos",
        "unidad",
        "objeto",
        "caso",
        "sujeto",
        "compromiso",
        "compromisos",
        "articulo",
        "trabajo",
        "documento",
        "ensayo",
        "aspirante",
        "candidatura",
    ]
)
ID = frozenset({"id", "ids", "code", "codigo", "no", "num", "number", "numero", "name", "nombre", "key"})
LINKS = frozenset({"de", "del", "la", "el", "of", "the"})
# Alone, or with what they number, these count rows; "no" and "n" alone may be anybody.
ROWS = frozenset(
    {"id", "ids", "uid", "code", "codigo", "num", "number", "numero", "nro", "key", "clave", "folio"}
    | {"index", "indice", "row", "fila"}
)
ABBREVIATED = re.compile(r"\s*n\s*[°º.]\s*|\s*n[or]\s*\.\s*|\s*(#|№)\s*", re.IGNORECASE)
# What pandas and R call an index that had no name.
UNNAMED = re.compile(r"level_\d+|Unnamed: 0(\.\d+)*|\.\.\.1")
TOTALS = frozenset(
    {"total", "totals", "totales", "subtotal", "sum", "suma", "sumatoria", "all", "todos", "todas"}
)
MEANS = frozenset({"mean", "average", "avg", "promedio", "media", "median", "mediana"})
BESIDE = frozenset(
    {"score", "scores", "rating", "ratings", "points", "puntaje", "puntajes", "puntos", "puntuacion"}
    | {"nota", "notas", "calificacion", "calificaciones", "general", "final", "grand", "gran", "overall"}
)


def words_of(name: Hashable) -> list[str]:
    """Words of a name of a column, without accents, case and links."""
    if not isinstance(name, str):
        return []
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    plain = unicodedata.normalize("NFKD", split).encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z]+|\d+", plain) if word not in LINKS]


def is_id(name: Hashable) -> bool:
    """Whether a column is named as an id or a number of its rows, in English or Spanish.

    >>> [is_id(name) for name in ("propuesta_id", "N°", "Unnamed: 0", "level_0", "código", "Ana", "n", "no")]
    [True, True, True, True, True, False, False, False]
    """
    if isinstance(name, str) and (ABBREVIATED.fullmatch(name) or UNNAMED.fullmatch(name)):
        return True
    words = set(words_of(name))
    return bool(words & (ITEMS | ROWS)) and words <= ITEMS | ROWS | ID


def sums_up(name: Hashable, kinds: frozenset[str] = TOTALS | MEANS) -> bool:
    """Whether a row or column is named as the sum or the mean of others.

    >>> [sums_up(name) for name in ("Total", "promedio final", "Puntaje total", "mean", "Ana", "final")]
    [True, True, True, True, False, False]
    """
    words = set(words_of(name))
    return bool(words & kinds) and words <= kinds | BESIDE


def no_rater(names: Sequence[Hashable]) -> Hashable | None:
    """Find the first column that is named as neither a rater's nor an indicator's; None where there is none.

    >>> no_rater(["Ana", "Eva"]), no_rater(["Ana", "Eva", "Promedio"])
    (None, 'Promedio')
    """
    return next((name for name in names if is_id(name) or sums_up(name)), None)
