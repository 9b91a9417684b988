"""What the tests of the sensitivity share: the baseline of the example, drawn once; none changes it."""

from __future__ import annotations

import pytest

from ogp_analysis import ratings
from ogp_analysis.model import params
from ogp_analysis.sensitivity import result_tables, study
from ogp_analysis.sensitivity.assumptions import assumption_counts, assumption_frame


@pytest.fixture(scope="session")
def parameters():
    return params.from_values(params.baseline() | {"n_draws": 4000})


@pytest.fixture(scope="session")
def inputs(parameters):
    return ratings.load(parameters)


@pytest.fixture(scope="session")
def prepared(inputs, parameters):
    return study.prepare(inputs, parameters)


@pytest.fixture(scope="session")
def counts(prepared):
    return result_tables.sample(prepared)


@pytest.fixture(scope="session")
def verdicts(prepared, counts):
    return study.verdict_frame(prepared, counts)


@pytest.fixture(scope="session")
def influence(prepared):
    return result_tables.assumption_shares(prepared)


@pytest.fixture(scope="session")
def assumptions(prepared):
    return assumption_frame(assumption_counts(prepared))
