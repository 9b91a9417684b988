"""Counts of none, one and two are worded as such, in both languages."""

from __future__ import annotations

import itertools
import re

import pandas as pd
import pytest

from ogp_analysis.language import labels, texts

PLACE = re.compile(r"\{(\w+)\}")
# One of many: "1 pares"; "1 mes" is one. A verb with none for its subject: "0 son".
WRONG = {
    "es": re.compile(
        r"(?<![\d.,])1 (?!mes\b|es\b|tras\b)\w+s\b"
        r"|(?<![\d.,])0 (?:son|no|requieren|terminan|conservan|cambian|reciben|de)\b"
    ),
    "en": re.compile(
        r"(?<![\d.,])1 (?:blind )?(?:files|pairs|rows|proposals|ratings|evaluators|scenarios|keys|cells"
        r"|points|comparisons|decisions|evaluations|numbers|panels|are|do|get|keep|need|lie|change)\b"
        r"|(?<![\d.,])0 (?:are|do|need|keep|get|change|of)\b"
    ),
}
# What is never below two: the plan's own numbers, and totals that a sentence in words of its own precedes.
WHOLES = {"all", "compared", "proposals", "files", "scenarios", "pairs"}
NEVER_FEW = {"computable", "derived", "errata"}


def counted_keys(language: str) -> list[str]:
    """List the texts of which a placeholder has words of its own."""
    known = texts.catalogue(language)
    return sorted(
        key for key, text in known.items() if any(f"{key}.{name}" in known for name in PLACE.findall(text))
    )


def placeholders(key: str, language: str) -> set[str]:
    """Collect the placeholders of a text and of the words of its counts."""
    known = texts.catalogue(language)
    family = [text for name, text in known.items() if name == key or name.startswith(f"{key}.")]
    return {name for text in family for name in PLACE.findall(text)} - {"count"}


def renderings(key: str, language: str) -> list[str]:
    known = texts.catalogue(language)
    names = placeholders(key, language) | set(PLACE.findall(known[key]))
    counts = [
        name for name in names if any(k.startswith(f"{key}.") and k.split(".").count(name) for k in known)
    ]
    fixed = {name: "7" if name in NEVER_FEW else "x" for name in names - set(counts)}
    return [texts.say(key, language, **fixed, **few) for few in combinations(counts)]


def combinations(counts: list[str]) -> list[dict[str, int]]:
    """Vary one count after the other, with the rest at none, one and two; no part exceeds its whole."""
    found = []
    for rest, value, name in itertools.product((0, 1, 2), (0, 1, 2), counts):
        few = dict.fromkeys(counts, rest) | {name: value}
        whole = min((few[total] for total in counts if total in WHOLES), default=2)
        if max(few.values()) <= whole:
            found.append(few)
    return found


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_counted_sentence_reads_right_with_none_one_and_two(language: str) -> None:
    keys = counted_keys(language)
    assert len(keys) > 15
    found = {said for key in keys for said in renderings(key, language) if WRONG[language].search(said)}
    assert sorted(found) == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_word_of_a_count_reads_right(language: str) -> None:
    known = texts.catalogue(language)
    families = [key for key in known if f"{key}.one" in known and "{count}" in known[key]]
    assert len(families) > 30
    wrong = []
    for key in families:
        names = set(PLACE.findall(known[key] + known[f"{key}.one"])) - {"count"}
        said = [texts.counted(key, count, language, **dict.fromkeys(names, "x")) for count in (1, 2)]
        wrong += [line for line in said if WRONG[language].search(line)]
    assert wrong == []


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("1 pares", False),
        ("0 son frágiles", False),
        ("1 par", True),
        ("11 pares", True),
        ("2,1 puntos", True),
    ],
)
def test_the_rule_finds_what_is_wrong(said: str, right: bool) -> None:
    assert (WRONG["es"].search(said) is None) == right


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_both_languages_count_the_same_things(language: str) -> None:
    other = next(code for code in texts.LANGUAGES if code != language)
    known = texts.catalogue(other)
    assert [key for key in counted_keys(language) if key not in known] == []


def test_the_sentences_an_editor_marked_are_as_the_editor_wrote_them() -> None:
    say = texts.say
    pairs = {"within": "100,0", "tolerance": texts.points(1.0, "es")}
    assert say("headline.pairs", "es", pairs=1, **pairs).startswith(
        "con un único par ciego, el 100,0 % de los pares"
    )
    assert (
        say("headline.pairs", "es", pairs=5, **pairs)
        == "el 100,0 % de los 5 pares ciegos difieren en no más de 1 punto"
    )
    assert "1 de las 43 propuestas con categoría en todos los paneles recibe" in say(
        "headline.sides", "es", same=1, compared=43
    )
    assert "ninguna de las 43" in say("headline.sides", "es", same=0, compared=43)
    assert "la única propuesta" in say("headline.sides", "es", same=1, compared=1)
    assert (
        say("cli.verify.touched", "es", run="r", count=1, files=60)
        == "r: 1 de 60 archivos no está como lo escribió la corrida"
    )
    assert say("report.unfold", "es", title="T", count=1) == "T (1 fila)"
    assert texts.points(0.5, "es") == "0,5 puntos"


WORDS_THAT_ARE_IDS = ["laws", "edition", "related", "medium", "lead", "time", "rule", "1.2", "code"]


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("column", sorted(labels.IDS | labels.FREE))
def test_ids_and_free_texts_are_never_translated(column: str, language: str) -> None:
    frame = pd.DataFrame({column: WORDS_THAT_ARE_IDS})
    assert list(labels.displayed(frame, language)[column]) == WORDS_THAT_ARE_IDS


def test_codes_beside_ids_still_are() -> None:
    frame = pd.DataFrame({"id": ["laws"], "status": ["differs"], "origin": ["stated"], "printed": ["88.6"]})
    shown = labels.displayed(frame, "es").iloc[0]
    assert shown["id"] == "laws"
    assert shown["origin"] == "declarado"
    assert shown["printed"] == "88,6"
