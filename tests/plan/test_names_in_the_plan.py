"""A plan that calls one thing one name has no inconsistency of names."""

from __future__ import annotations

from ogp_analysis.plan import published
from ogp_analysis.plan.errata import names_of_one_base, names_of_the_irm


def test_one_name_of_the_mechanism_is_no_inconsistency():
    tables = published.read_all()
    assert len(names_of_the_irm(tables)) == 3
    tables["irm_names"] = tables["irm_names"].query("name == 'Independent Review Mechanism'")
    assert names_of_the_irm(tables) == []


def test_one_word_for_a_base_is_no_inconsistency():
    tables = published.read_all()
    assert len(names_of_one_base(tables)) == 3
    tables["participation"] = tables["participation"].query("counted == 'proposals'")
    assert names_of_one_base(tables) == []
