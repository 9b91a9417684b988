"""The generator of the example gives up where no ratings can give what was planned."""

from __future__ import annotations

import pytest

from ogp_analysis.example import rated_proposals


def test_a_category_that_no_ratings_give_is_not_drawn_for_ever(monkeypatch):
    """With a route outside the plan the rule gives 3, never 4."""
    fate = rated_proposals.Plan(rule=4, decided=4, route=True, mark="")
    monkeypatch.setattr(rated_proposals, "_plans", lambda: [fate] * rated_proposals.PROPOSALS)
    monkeypatch.setattr(rated_proposals, "ATTEMPTS", 3)
    with pytest.raises(RuntimeError, match="no ratings for S01 gave category 4 in 3 attempts"):
        rated_proposals.make()
