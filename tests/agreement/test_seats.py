"""Seats and who sits in them: one person throughout is a fixed pair, several are counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis.agreement import blind_pairs, results
from ogp_analysis.agreement.fitting_coefficients import design
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs

PARAMETERS = params.from_values(params.baseline() | {"n_resamples": 100})


def ratings_of(leads, counterparts, *, proposals=24, without=()):
    """Feasibility alone matters here: as many leads and counterparts take turns as is asked for."""
    rng = np.random.default_rng(5)
    turn = {"lead": leads, "counterpart": counterparts, "working_group": 5, "core_group": 5}
    rows = [
        (f"S{n:02d}", indicator.name, panel, f"{panel}{(n + seat) % turn[panel]}", "independent")
        for n in range(proposals)
        for criterion in PARAMETERS.method.criteria
        for indicator in criterion.indicators
        for panel in criterion.panels
        for seat in range(criterion.raters_per_panel)
        if (n, panel) not in without
    ]
    rated = pd.DataFrame(rows, columns=["proposal", "indicator", "panel", "evaluator", "role"])
    rated = rated.assign(rating=rng.integers(1, 6, len(rated)).astype(float))
    empty = pd.DataFrame()
    return Inputs(ratings=rated, proposals=empty, decisions=empty, evaluators=empty)


def tables_of(inputs, parameters=PARAMETERS):
    compared = blind_pairs.comparisons(inputs, parameters)
    found = results.designs(compared).query("criterion == 'feasibility'")
    cautions = results.cautions(compared).query("criterion == 'feasibility'")["caution"]
    return found, cautions, compared


def test_one_person_in_each_seat_is_a_fixed_pair():
    found, cautions, compared = tables_of(ratings_of(1, 1))
    assert len(found) == 4 + 2
    assert set(found["design"]) == set(found["fits"]) == {"crossed"}
    assert set(found["n_raters"]) == {2}
    assert set(found["caution"]) == set(cautions) == {"one_rater_pair"}
    used = results.coefficients([one for one in compared if one.seats], PARAMETERS)
    assert "cohen_kappa" not in set(used["coefficient"])
    assert {"conger_kappa", "ICC(A,1)"} <= set(used["coefficient"])


def test_several_people_in_a_seat_are_counted():
    found, cautions, compared = tables_of(ratings_of(3, 4))
    assert set(found["design"]) == {"seats"}
    assert set(found["n_raters"]) == {3 + 4}
    assert set(cautions) == set()
    used = results.coefficients([one for one in compared if one.seats], PARAMETERS)
    assert set(used["n_raters"]) == {7}
    assert "all" in set(used["indicator"])


def test_one_seat_held_by_one_person_alone_is_no_fixed_pair():
    found, cautions, _ = tables_of(ratings_of(1, 4))
    assert set(found["design"]) == {"seats"}
    assert set(found["n_raters"]) == {5}
    assert "one_rater_pair" not in set(cautions)


def test_one_pair_with_a_gap_is_still_one_pair():
    """One rating each is missing: nobody rated throughout, and it is about the same two people."""
    found, cautions, _ = tables_of(ratings_of(1, 1, without={(0, "lead")}))
    assert set(found["design"]) == {"seats"}
    assert set(found["n_raters"]) == {2}
    assert set(cautions) == {"one_rater_pair", "single_ratings"}


def test_panels_that_face_each_other_count_their_people():
    between = params.with_values(PARAMETERS, blind_pair="between_panels")
    compared = blind_pairs.comparisons(ratings_of(1, 1), between)
    relevance = results.designs(compared).query("criterion == 'relevance'")
    assert set(relevance["design"]) == {"seats"}
    assert set(relevance["n_raters"]) == {5 + 5}


@pytest.mark.parametrize(
    ("people", "kind", "n_raters", "pair"),
    [
        ((), "seats", 2, False),
        ([{"ana"}, {"luz"}], "crossed", 2, True),
        ([{"ana", "luz"}, {"ana", "luz"}], "seats", 2, True),
        ([{"ana", "eva"}, {"luz"}], "seats", 3, False),
    ],
)
def test_a_design_of_seats_is_read_from_who_sat_there(people, kind, n_raters, pair):
    found = design([[1, 2]] * 25 + [[3, 3]], seats=True, people=people)
    assert (found.kind, found.n_raters) == (kind, n_raters)
    assert ("one_rater_pair" in found.cautions) == pair


@pytest.mark.parametrize(("language", "word"), [("en", "several people"), ("es", "varias personas")])
def test_seats_are_said_to_be_held_by_several(language, word):
    assert word in texts.say("fits.seats", language)
