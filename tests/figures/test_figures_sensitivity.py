"""Figures of notebook 4: deterministic, marked while synthetic, in both languages, every proposal named."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from ogp_analysis import ratings
from ogp_analysis.figures import left_out, sensitivity, style
from ogp_analysis.model import params
from ogp_analysis.sensitivity import results


@pytest.fixture(scope="module")
def found():
    parameters = params.from_values(params.baseline() | {"n_draws": 1000})
    return results.compute(ratings.load(parameters), parameters)


@pytest.mark.parametrize("language", ["en", "es"])
def test_figures_are_the_same_bytes_twice_and_carry_the_mark(found, language):
    word = {"en": "SYNTHETIC EXAMPLE", "es": "EJEMPLO SINTÉTICO"}[language]
    for draw in sensitivity.all_of(found).values():
        first, second = (style.svg(draw(language=language)) for _ in range(2))
        assert first == second
        assert word in first


def test_without_synthetic_ratings_there_is_no_mark(found):
    drawn = sensitivity.all_of(replace(found, synthetic=False))
    assert all("SYNTHETIC" not in style.svg(draw(language="en")) for draw in drawn.values())


def test_every_proposal_and_its_verdict_are_on_the_bars(found):
    verdicts = found.tables["sensitivity_verdicts"]
    text = style.svg(sensitivity.acceptability_bars(verdicts))
    for code, verdict in verdicts["verdict"].items():
        assert f">{code} {sensitivity.VERDICT_MARKS[verdict]}<" in text


def test_fragile_proposals_are_named_on_the_curve(found):
    text = style.svg(sensitivity.trust_curve(found.tables["sensitivity_curve"]))
    verdicts = found.tables["sensitivity_verdicts"]
    for code in verdicts.index[verdicts["verdict"] == "fragile"]:
        assert f">{code}<" in text


def test_of_many_proposals_the_most_doubtful_are_shown(found):
    verdicts = found.tables["sensitivity_verdicts"]
    many = pd.concat([verdicts.rename(index=lambda code, k=k: f"{code}-{k}") for k in range(3)])
    text = style.svg(sensitivity.acceptability_bars(many, language="es"))
    assert "las 80 más dudosas de 129 propuestas" in text
    assert text.count("○") > text.count(">S02-0 ")


def test_assumptions_are_named_in_words(found):
    text = style.svg(sensitivity.assumption_map(found.tables["sensitivity_influence"], language="es"))
    assert "pesos de los indicadores" in text
    assert "elección de evaluadores" in text


def test_undetermined_proposals_have_no_bars_and_are_counted():
    parameters = params.from_values(params.baseline() | {"n_draws": 200, "blind_pair": "between_panels"})
    found = results.compute(ratings.load(parameters), parameters)
    verdicts = found.tables["sensitivity_verdicts"]
    unclear = verdicts.index[verdicts["verdict"] == "undetermined"]
    text = style.svg(sensitivity.acceptability_bars(verdicts))
    assert f"{len(unclear)} undetermined proposals are not shown" in text
    assert not any(f">{code} " in text for code in unclear)
    alone = {**found.tables, "sensitivity_verdicts": verdicts.loc[unclear]}
    alone["sensitivity_curve"] = alone["sensitivity_curve"].head(0)
    drawn = sensitivity.all_of(replace(found, tables=alone))
    assert all("<svg" in style.svg(draw()) for draw in drawn.values())


def test_every_proposal_that_hangs_on_one_person_is_named_and_no_person_is(found):
    text = style.svg(sensitivity.all_of(found)["sensitivity_left_out"]("en"))
    alone = found.tables["sensitivity_on_one"]
    assert all(f">{code}<" in text for code in alone.index)
    codes = set(ratings.load(params.from_values(params.baseline())).ratings["evaluator"])
    assert not any(f">{code}<" in text for code in codes)
    assert "change none: 95" in text
    assert "5 of them decide on category 1" in text


def test_of_many_proposals_those_that_hang_on_one_person_are_shown(found):
    counted, alone = (found.tables[f"sensitivity_{name}"] for name in ("left_out", "on_one"))
    many = pd.concat([alone.rename(index=lambda code, k=k: f"{code}-{k}") for k in range(3)])
    text = style.svg(left_out.left_out(counted, many, language="es"))
    doubt = many[(many["evaluators_change"] > 0) | (many["evaluators_could"] > 0)]
    assert f"({len(doubt)} de 129)" in text
    assert "S01-0" not in text
    assert "S13-2" in text


def test_with_nobody_to_leave_out_it_says_so(found):
    counted, alone = (found.tables[f"sensitivity_{name}"] for name in ("left_out", "on_one"))
    assert "nothing to leave out" in style.svg(left_out.left_out(counted, alone.head(0)))
    named = counted[counted["kind"] != "evaluator"]
    assert "nada que dejar fuera" in style.svg(left_out.left_out(named, alone, language="es"))
