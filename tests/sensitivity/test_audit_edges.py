"""What an auditor asks first, where there is nothing to answer from: a sentence instead of a failure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ogp_analysis import ratings
from ogp_analysis.model import params
from ogp_analysis.sensitivity import result_tables, study
from ogp_analysis.sensitivity.audit_sentences import audit_words
from ogp_analysis.sensitivity.results import audit_frames
from tests.sensitivity.any_method import of_method, rated


@pytest.fixture
def parameters(tmp_path):
    return of_method("jury-of-labels", tmp_path, n_draws=100)


def audited(inputs, parameters):
    """Tables and sentences, in both languages, without the other tables of the notebook."""
    prepared = study.prepare(inputs, parameters)
    frames, numbers = audit_frames(prepared, result_tables.sample(prepared), inputs)
    base = prepared.portfolio.baseline()
    numbers |= {"in_category_1": int((base == 1).sum()), "judged": len(base)}
    return frames, [audit_words(numbers, language) for language in ("en", "es")]


def test_a_single_proposal(parameters):
    frames, (english, spanish) = audited(rated(parameters, proposals=1), parameters)
    assert len(frames["sensitivity_on_one"]) == len(frames["sensitivity_core"]) == 1
    assert english["person"].startswith("Of 5 evaluators, each left out in turn, ")
    assert "For 1 score, " in english["settling"]
    assert spanish["core"].startswith("La regla no ubica ninguna en la categoría 1")


def test_one_evaluator_who_rated_everything(parameters):
    inputs = rated(parameters, proposals=12)
    inputs = replace(inputs, ratings=inputs.ratings[inputs.ratings["evaluator"] == "jury0"])
    frames, (english, spanish) = audited(inputs, replace(parameters, missing="available"))
    row = frames["sensitivity_left_out"].iloc[0]
    assert (row["times"], row["changed"], row["no_category"]) == (1, 0, 12)
    assert (frames["sensitivity_on_one"]["evaluators_change"] == 1).all()
    assert english["person"] == "Whether one evaluator decides cannot be asked: there is only one."
    assert spanish["settling"].startswith(
        "No se puede decir qué resolverían más evaluaciones: en un panel que cuenta nadie"
    )
    assert "6 are in it in every simulation, none only in some, 6 in none" in english["core"]


def test_each_proposal_rated_by_another_person_alone_hangs_on_that_person(parameters):
    inputs = rated(parameters, proposals=12)
    alone = inputs.ratings[inputs.ratings["evaluator"] == "jury0"]
    inputs = replace(inputs, ratings=alone.assign(evaluator=alone["proposal"].str.replace("P", "E")))
    _, (english, _) = audited(inputs, replace(parameters, missing="available"))
    words = (
        "12 change the category of at least one proposal by their absence (12 because nobody else rated "
        "it), and 6 of these evaluators move one"
    )
    assert words in english["person"]


def test_no_codes_of_evaluators(parameters):
    inputs = rated(parameters, proposals=12)
    inputs = replace(inputs, ratings=inputs.ratings.assign(evaluator=None))
    frames, (english, _) = audited(inputs, parameters)
    assert frames["sensitivity_left_out"].empty
    assert english["person"].endswith("the ratings bear no codes of evaluators.")


def test_where_every_category_is_open_nothing_is_judged():
    parameters = params.from_values(
        params.baseline() | {"n_draws": 100, "tolerance": 0.0, "blind_pair": "between_panels"}
    )
    loaded = ratings.load(parameters)
    codes = study.prepare(loaded, parameters).undetermined.index[:5]
    few = replace(
        loaded,
        ratings=loaded.ratings[loaded.ratings["proposal"].isin(codes)],
        proposals=loaded.proposals[loaded.proposals["proposal"].isin(codes)],
    )
    frames, (english, spanish) = audited(few, parameters)
    by_proposal = ("sensitivity_on_one", "sensitivity_settling", "sensitivity_core")
    assert [len(frames[name]) for name in by_proposal] == [0, 0, 0]
    assert english["person"] == "Whether one evaluator decides cannot be said: no proposal is judged."
    assert (
        spanish["core"]
        == spanish["settling"]
        == "No se juzga ninguna propuesta, así que de esto no se puede decir nada."
    )
