"""Is a file the raw export of proposals, with columns that concern persons, and no table of ratings?"""

from __future__ import annotations

from ogp_analysis import tabular
from ogp_analysis.errors import DataError
from ogp_analysis.model import early_tables
from ogp_analysis.proposals import archive
from ogp_analysis.proposals.importing import layout_of
from ogp_analysis.proposals.platforms import NAMING, PERSONAL, PLAIN
from ogp_analysis.ratings import early_forms
from ogp_analysis.ratings.known_words import column_of
from ogp_analysis.tabular import Table, key_of

# One of these columns is enough for a table of ratings or one beside it, whatever else it has.
OF_RATINGS = frozenset(
    (
        "evaluator",
        "rating",
        "panel",
        "indicator",
        "role",
        "counterparts",
        "route",
        "mark",
        "category",
        "organisation",
    )
)


def is_raw_export(content: bytes, file: str) -> bool:
    r"""Say whether a file is an export that `ogp import` has yet to take persons out of.

    >>> export = "Folio;Título;Autor/a;Correo\nA1;Datos;Ana Ruiz;ana@ejemplo.ec\n".encode()
    >>> is_raw_export(export, "e.csv"), is_raw_export(b"proposal,evaluator,time\nS01,E1,4\n", "n.csv")
    (True, False)
    """
    if archive.is_archive(content):
        return archive.has_tables(content)
    try:
        tables = tabular.parse(content, file=file)
    except DataError:
        return False  # what cannot be read is named by those who read it
    forms = early_forms.forms_among(tables)
    return any(_is_raw(table) for table, is_form in zip(tables, forms, strict=True) if not is_form)


def _is_raw(table: Table) -> bool:
    keys = [key_of(name) for name in table.header]
    if early_tables.kind_of(keys) or OF_RATINGS & set(map(column_of, table.header)):
        return False
    layout = layout_of(table)
    reached = any(
        PERSONAL.search(key) and (NAMING.match(key) or "mail" in key or "correo" in key) for key in keys
    )
    return layout is not None and (layout is not PLAIN or reached)
