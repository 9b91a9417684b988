"""Notes below a table: the reader is given the numbers of their rows, not a count of them."""

from __future__ import annotations

import pytest

from ogp_analysis import tabular
from ogp_analysis.model import params
from ogp_analysis.ratings.known_words import Vocabulary
from ogp_analysis.ratings.not_rated import only_ratings


@pytest.mark.parametrize(
    ("below", "es", "en"),
    [("Fuente: actas,,,\n", "fila 3", "row 3"), ("Fuente,,,\nNota,,,\n", "filas 3, 4", "rows 3, 4")],
)
def test_rows_of_notes_are_named_by_number(below, es, en):
    vocabulary = Vocabulary(params.from_values(params.baseline()).method)
    content = "propuesta,panel,evaluador,tiempo\nP01,lead,E01,4\n" + below
    note = only_ratings(tabular.parse(content.encode(), file="n.csv")[0], vocabulary).notes[-1]
    assert note.say("es").endswith(f": {es}")
    assert note.say("en").endswith(f": {en}")
