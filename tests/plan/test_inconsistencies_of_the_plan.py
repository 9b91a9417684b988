"""Inconsistencies found again by code, whose they are, and identities counted once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ogp_analysis import plan
from ogp_analysis.language import labels, texts
from ogp_analysis.plan import arithmetic
from ogp_analysis.plan.errata import FINDERS
from tests.plan.changed_tables import change, found, unchanged_errata


def test_all_31_inconsistencies_are_there_and_27_are_found_by_code(tables):
    errata = plan.errata(tables)
    assert errata["id"].tolist() == [f"I{number:02d}" for number in range(1, 32)]
    assert errata["found_by"].tolist() == tables["errata"]["found_by"].tolist()
    assert set(FINDERS) == set(tables["errata"].query("found_by == 'code'")["id"])
    assert (errata["evidence"] != "").tolist() == (errata["found_by"] == "code").tolist()


@pytest.mark.parametrize(
    ("key", "evidence"),
    [
        ("I02", "202 - 13 = 2 * 94 + 1; 107 + 94 = 201; 108 + 95 = 203"),
        ("I04", "8: ® (L320); 9: ® (L320); 21: – (L556); 23: – (L700)"),
        ("I10", "C3 M8 (L926)"),
        ("I14", "C1 M5 (L834)"),
        ("I15", "C7 M6 (L1084); C7 M8 (L1086); C7 M9 (L1087)"),
        ("I11", "C9 M1 (L1148)"),
        ("I23", "C4 (L111, L947); C10 (L115, L1161); Capacity strenghtening for transparency (L720)"),
        ("I26", "2 (L478, L684); 3 (L479, L685); 4 (L480, L686)"),
    ],
)
def test_evidence_is_the_one_that_the_domain_notes_name(key, evidence):
    assert unchanged_errata().loc[key, "evidence"] == evidence


def test_reversed_and_broken_ranges_stand_in_the_nine_lines_of_the_notes():
    lines = (
        pd.Series([unchanged_errata().loc["I09", "evidence"]]).str.extractall(r"\(L(\d+)\)")[0].astype(int)
    )
    assert sorted(set(lines)) == [827, 855, 996, 1032, 1075, 1082, 1121, 1145, 1174]


def test_a_disclosure_is_early_only_before_what_it_discloses_is_made(tables):
    # Commitment 7, milestone 7 publishes what milestone 6 drafts; milestone 4 goes on to June 2021 beside it.
    late = change(tables, "milestones", "commitment == 7 and milestone == 6", end="2021-01")
    assert "C7 M7 (L1085)" in found(late, "I14")["evidence"]


def test_parallel_starts_that_the_plan_declares_are_not_out_of_order(tables):
    # The six starts with a remark in brackets: lines 974, 975, 1151, 1152, 1178 and 1182.
    table = plan.milestones(tables)
    declared = table[table["starts_with"].notna()]
    assert declared[["commitment", "milestone"]].to_numpy().tolist() == [
        [4, 2],
        [4, 3],
        [9, 4],
        [9, 5],
        [10, 2],
        [10, 6],
    ]
    assert not declared["out_of_order"].any()
    alone = change(tables, "milestones", "commitment == 9 and milestone == 4", starts_with=None)
    assert plan.milestones(alone).set_index(["commitment", "milestone"]).loc[(9, 4), "out_of_order"]


def test_whose_error_each_is_can_be_told_in_both_languages(tables):
    errata = plan.errata(tables)
    own = errata["whose"] == "plan"
    assert errata.loc[own, "id"].tolist() == [
        f"I{number:02d}" for number in (1, 3, 5, 6, 7, 14, 15, 16, 19, 20, 21, 22, 24, 27, 29)
    ]
    for language in texts.LANGUAGES:
        assert (errata[f"why_{language}"] == "").equals(own)
        for column in ("whose", "severity", "touches"):
            words = [labels.value_label(column, code, language) for code in errata[column].unique()]
            assert len(set(words)) == len(words)
            assert language == "en" or not set(words) & set(errata[column])
    # "Ministerio de Irrabajo" is text recognition's.
    assert errata.set_index("id").loc["I25", "whose"] == "our copy"


def test_only_the_plans_own_stand_in_the_main_table(tables):
    shown = plan.results.tables(tables)
    assert len(shown["errata"]) == 15
    assert set(shown["errata"]["id"]) | set(shown["errata_annex"]["id"]) == set(plan.errata(tables)["id"])
    assert shown["errata_annex"]["whose"].ne("plan").all()


def test_an_identity_is_counted_once_whichever_number_is_recomputed(tables):
    identities = plan.plan_identities(tables)
    assert identities["numbers"].is_unique
    sums = identities[identities["arithmetic"] == "297 + 38 = 335"]
    assert sums["numbers"].tolist() == ["proposals_online proposals_total proposals_workshop"]
    for pair in ("related", "common_regime_2017", "common_regime_2018", "one_supplier"):
        assert identities["numbers"].str.split().map(lambda names, one=pair: one in names).sum() == 1


def test_identities_that_could_not_fail_say_why(tables):
    identities = plan.plan_identities(tables).set_index("id")
    vacuous = identities.index[identities["test"] == "vacuous"].tolist()
    # The whole percentages of 297 (lines 594, 610, 612) and of 419 (line 636).
    assert vacuous == [
        *("age_26_45", "sector_citizens", "sector_society"),
        *("workshop_society", "workshop_public", "workshop_academia"),
    ]
    assert identities.index[identities["test"] == "circular"].tolist() == ["integrated"]
    idle = identities["test"] != "could fail"
    assert identities.loc[idle, ["why_en", "why_es"]].ne("").all(axis=None)
    assert identities.index[identities["outcome"] == "fails"].tolist() == [
        "decree_732_laws",
        "ethnic_indigenous",
    ]


@pytest.mark.parametrize("base", [297, 419])
def test_a_whole_percentage_of_more_than_a_hundred_always_fits(base):
    every = [len(arithmetic.fitting_counts(share, base, 0)) for share in range(101)]
    assert min(every) > 0
    assert arithmetic.always_fits(base, 0)


def test_two_decimals_of_297_can_miss_every_count():
    shares = np.arange(0, 10001) / 100
    missed = [share for share in shares if not len(arithmetic.fitting_counts(share, 297, 2))]
    assert missed
    assert not arithmetic.always_fits(297, 2)


def test_a_broken_sum_of_shares_is_an_identity_that_fails(tables):
    changed = change(tables, "statements", "id == 'workshop_public'", value=35.0, printed="35%")
    identities = plan.plan_identities(changed).set_index("id")
    assert identities.loc["workshop_sector_sum", "outcome"] == "fails"
    # Still vacuous: 35% of 419 fits some count as 34% does.
    assert identities.loc["workshop_public", ["test", "outcome"]].tolist() == ["vacuous", "holds"]


@pytest.mark.parametrize(
    ("key", "name", "where", "cells"),
    [
        ("I01", "statements", "id == 'ethnic_indigenous'", {"value": 5.39, "printed": "5.39%"}),
        ("I02", "statements", "id == 'age_26_45'", {"value": 67.68, "printed": "67.68%"}),
        (
            "I03",
            "milestones",
            "commitment == 7 and milestone == 7",
            {"start_printed": "November 2020 (25 Nov 2020)"},
        ),
        ("I05", "phases", "phase == 7", {"line_results": 797}),
        (
            "I06",
            "signatories",
            "order == 2",
            {"institution": 'Secretaría Técnica de Planificación "Planifica Ecuador"'},
        ),
        ("I07", "sources", "line == 1214", {"year": 2019}),
        ("I11", "milestones", "commitment == 9 and milestone == 1", {"start": "2020-01"}),
        ("I13", "commitments", "number == 10", {"dates_printed_again": None}),
        ("I21", "commitments", "number == 5", {"contact_printed": "person"}),
        ("I28", "figures", "id == 'F06'", {"caption": "Participants"}),
        (
            "I31",
            "category_3",
            "number == 1",
            {"note": 'line of action "Open Information Platform for Public Procurement"'},
        ),
    ],
)
def test_a_mended_cell_is_no_longer_found(tables, key, name, where, cells):
    assert unchanged_errata().loc[key, "found_by"] == "code"
    mended = found(change(tables, name, where, **cells), key)
    assert (mended["found_by"], mended["evidence"]) == ("not found", "")
