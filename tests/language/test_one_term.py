"""One term for one thing in the Spanish texts: the words that were chosen against stand nowhere."""

from __future__ import annotations

import re

import pytest
from project_files import text

from ogp_analysis.language import texts
from ogp_analysis.model.parameter_rules import RULES
from ogp_analysis.runs import notebook_prose

# What is said, and what was chosen against (by an editor who read the Spanish texts), with the keys where the
# word means something else.
CHOSEN = {
    "corrida": (r"ejecuci(ón|ones)", ()),
    # Specific agreement, limits of agreement and the percentage keep the statistician's word.
    "concordancia": (
        r"(?<!porcentaje de )(?<!de )acuerdos?(?! (específico|porcentual))",
        ("agreement.weights_diagonal",),
    ),
    "panel": (r"grupo evaluador|en todos los lados", ()),
    "calificación": (r"valoraci(ón|ones)", ()),
    "motivo": (r"(razón|razones) (de la decisión|en la confirmación)", ()),
    "dirimencia": (r"adjudicaci(ón|ones)", ()),
    "par ciego": (r"par(es)? a ciegas", ()),
    "escenario base": (r"casos? base|pesos base", ()),
    "simulación": (r"sorteos?", ()),
    "huella criptográfica": (r"resumen criptográfico|huella digital", ()),
    "malla": (r"cuadrículas?", ()),
    "declarado": (r"enunciados?", ()),
    "robustez": (r"dict[aá]men(es)?", ()),
    "ponderación": (r"creencias?", ()),
    "sin determinar": (r"sin decidir", ()),
    "posición": (r"puestos? (medio|según)", ()),
    "decisión nuestra": (r"elección nuestra", ()),
    # Of draws; the standard error of an estimate from ratings keeps its name.
    "error de simulación": (r"error estándar \((simulado|ponderaciones|media|categoría|15|todas)", ()),
}


def all_texts() -> dict[str, str]:
    """Give the Spanish texts of the catalogues by their keys, and of the notebooks by notebook and cell."""
    prose = {f"{entry.notebook} {entry.cell}": entry.text for entry in notebook_prose.catalogue("es")}
    return texts.catalogue("es") | prose


@pytest.mark.parametrize("term", CHOSEN)
def test_no_text_uses_a_word_that_another_was_chosen_for(term):
    against, elsewhere = CHOSEN[term]
    found = [
        key
        for key, said in all_texts().items()
        if key not in elsewhere and re.search(rf"\b({against})\b", said, re.IGNORECASE)
    ]
    assert found == []


def test_levels_are_called_as_in_the_glossary():
    """Medium is no mean: a level is bajo, medio or alto, as the glossary says, and "media" is the mean."""
    row = next(
        line for line in text("docs/glossary.es.md").splitlines() if line.startswith("| umbral; nivel |")
    )
    low, medium, high = (texts.say(f"level.{level}", "es") for level in ("low", "medium", "high"))
    assert f"{low}, {medium} o {high}" in row


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_choice_of_a_parameter_never_takes_the_words_of_another_thing_of_its_name(language):
    """The code "circular" is a title of the plan that says nothing, and weights of a coefficient, too."""
    codes = {code for rule in RULES if rule.kind == "choice" for code in rule.allowed}
    # The seat whose score decides has the name of its panel.
    assert [code for code in codes - {"lead"} if not texts.has(f"setting.{code}", language)] == []
    weights = next(rule.allowed for rule in RULES if rule.name == "disagreement_weights")
    for code in weights:
        assert texts.say(f"setting.{code}", language) == texts.say(f"weights.{code}", language)
