"""Ratings invented for any method: nobody rates what is counted, and a third decides between two seats."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ogp_analysis.example.any_method import invented
from ogp_analysis.model import params
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import INDEPENDENT, THIRD


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    return params.from_values(params.baseline())


def test_a_counted_indicator_has_counts_and_no_ratings(parameters: Parameters) -> None:
    feasibility, relevance = parameters.method.criteria
    indicators = tuple(
        replace(one, coding="share") if one.name == "reiterations" else one for one in relevance.indicators
    )
    method = replace(parameters.method, criteria=(feasibility, replace(relevance, indicators=indicators)))
    made = invented(replace(parameters, method=method), proposals=5)
    assert "reiterations" not in set(made["ratings"]["indicator"])
    assert (made["proposals"]["reiterations"] >= 1).all()
    assert "reiterations" not in invented(parameters, proposals=5)["proposals"]


def test_of_two_seats_a_third_rates_exactly_where_they_differ_by_more_than_the_tolerance(
    parameters: Parameters,
) -> None:
    third_for = tuple(criterion.name for criterion in parameters.method.criteria)
    made = invented(replace(parameters, third_for=third_for), proposals=20)["ratings"]
    seats = made[made["panel"].isin(["lead", "counterpart"])]
    thirds = 0
    for _, cell in seats.groupby(["proposal", "indicator"]):
        own, third = (cell[cell["role"] == role] for role in (INDEPENDENT, THIRD))
        apart = own["rating"].max() - own["rating"].min() > parameters.tolerance
        assert (len(own), len(third)) == (2, int(apart))
        assert not set(third["evaluator"]) & set(own["evaluator"])
        thirds += len(third)
    assert 0 < thirds < 20 * 4
