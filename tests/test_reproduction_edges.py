"""A plan that calls one thing one name has no inconsistency of names."""

from __future__ import annotations

from ogp_analysis import plan
from ogp_analysis.reproduction import errata_words


def test_one_name_of_the_mechanism_is_no_inconsistency():
    tables = plan.read_all()
    assert len(errata_words.names_of_the_irm(tables)) == 3
    tables["irm_names"] = tables["irm_names"].query("name == 'Independent Review Mechanism'")
    assert errata_words.names_of_the_irm(tables) == []


def test_one_word_for_a_base_is_no_inconsistency():
    tables = plan.read_all()
    assert len(errata_words.names_of_one_base(tables)) == 3
    tables["participation"] = tables["participation"].query("counted == 'proposals'")
    assert errata_words.names_of_one_base(tables) == []
