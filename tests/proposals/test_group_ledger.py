"""Phases 1 and 2: classification, membership ledger, suggestions and the audit of a regrouping."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.errors import DataError, StatisticsError
from ogp_analysis.example import early_tables as example_records
from ogp_analysis.language import texts
from ogp_analysis.proposals import classification, group_ledger, grouping_agreement, similar_texts
from ogp_analysis.proposals.text_features import text_features

QUICK = settings(deadline=None, derandomize=True, max_examples=60)


def answers(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["proposal", "criterion", "classifier", "met"])


def ledger_of(groups: dict[str, str]) -> pd.DataFrame:
    rows = [
        (code, "yes" if group else "no", "" if group else "precision", group)
        for code, group in groups.items()
    ]
    return pd.DataFrame(rows, columns=["proposal", "related", "reason", "group"])


# --- classification ---


def test_all_four_by_majority():
    rows = [("P1", criterion, who, "Sí") for criterion in classification.CRITERIA for who in "abc"]
    rows[0] = ("P1", classification.CRITERIA[0], "a", "no")
    decided = classification.classify(answers(*rows)).iloc[0]
    assert decided["related"] == "yes"
    assert decided["precision"] == pytest.approx(2 / 3)
    assert decided["reason"] == ""


def test_a_tie_and_a_missing_criterion_are_undecided():
    rows = [("P1", criterion, who, "yes") for criterion in classification.CRITERIA for who in "ab"]
    rows[1] = ("P1", "precision", "b", "no")
    rows += [("P2", criterion, "a", "yes") for criterion in classification.CRITERIA[:3]]
    decided = classification.classify(answers(*rows)).set_index("proposal")
    assert decided["related"].tolist() == ["undecided", "undecided"]
    assert decided["reason"].tolist() == ["precision", "public_policy"]


def test_fewer_criteria_can_be_needed():
    rows = [
        ("P1", criterion, "a", "no" if criterion == "pillars" else "yes")
        for criterion in classification.CRITERIA
    ]
    assert classification.classify(answers(*rows))["related"].item() == "no"
    assert classification.classify(answers(*rows), needed=3)["related"].item() == "yes"
    with pytest.raises(StatisticsError, match="needed is 5"):
        classification.classify(answers(*rows), needed=5)


def test_the_synthetic_classification_gives_the_synthetic_decisions():
    records = example_records.make()
    decided = classification.classify(records["classification"])
    joined = decided.merge(records["memberships"], on="proposal", suffixes=("_found", "_taken"))
    assert (joined["related_found"] == joined["related_taken"]).all()
    assert (joined["reason_found"] == joined["reason_taken"]).all()


def test_bad_answers_are_listed_at_once():
    with pytest.raises(DataError) as caught:
        classification.classify(
            answers(
                ("P1", "precision", "a", "maybe"),
                ("P1", "beauty", "a", "yes"),
                ("P2", "pillars", "a", "yes"),
                ("P2", "pillars", "a", "no"),
            )
        )
    found = [(problem.row, problem.rule) for problem in caught.value.problems]
    assert found == [
        (2, "people.answer"),
        (3, "people.criterion"),
        (4, "people.answer_twice"),
        (5, "people.answer_twice"),
    ]
    assert "los criterios son: precision" in caught.value.say("es")


def test_criteria_are_worded_as_the_plan_words_them():
    assert texts.say("people.criterion.precision", "en") == "Precision and clarity"
    assert all(texts.has(f"people.criterion.{name}", "es") for name in classification.CRITERIA)


# --- ledger ---


def test_totals_close_and_reiterations_are_members():
    ledger = group_ledger.membership(ledger_of({"a": "G2", "b": "G1", "c": "G2", "d": ""}), received="dcba")
    assert group_ledger.groups(ledger).to_dict("list") == {
        "proposal": ["G1", "G2"],
        "title": ["", ""],
        "reiterations": [1, 2],
        "members": ["b", "a c"],
    }
    counts = dict(group_ledger.totals(ledger).itertuples(index=False))
    assert counts["received"] == counts["related"] + counts["not_related"] == 4


def test_every_gap_of_a_ledger_is_listed():
    rows = [
        ("a", "yes", "", ""),
        ("b", "no", "", ""),
        ("c", "no", "precision", "G1"),
        ("d", "perhaps", "", "G1"),
        ("e", "yes", "", "G1"),
        ("e", "yes", "", "G2"),
        ("z", "yes", "", "G1"),
    ]
    decisions = pd.DataFrame(rows, columns=["proposal", "related", "reason", "group"])
    with pytest.raises(DataError) as caught:
        group_ledger.membership(decisions, received=list("abcdef"))
    assert [(problem.proposal, problem.rule) for problem in caught.value.problems] == [
        ("a", "people.no_group"),
        ("b", "people.no_reason"),
        ("c", "people.group_of_unrelated"),
        ("d", "people.related"),
        ("e", "people.decided_twice"),
        ("e", "people.decided_twice"),
        ("z", "people.not_received"),
        ("f", "people.no_decision"),
    ]


def test_several_groups_only_where_allowed():
    twice = pd.DataFrame(
        [("a", "yes", "", "G1"), ("a", "yes", "", "G2"), ("b", "no", "pillars", "")],
        columns=["proposal", "related", "reason", "group"],
    )
    ledger = group_ledger.membership(twice, received=["a", "b"], several=True)
    counts = dict(group_ledger.totals(ledger).itertuples(index=False))
    assert (counts["related"], counts["memberships"], counts["received"]) == (1, 2, 2)
    with pytest.raises(DataError, match="more than one row"):
        group_ledger.membership(pd.concat([twice, twice]), received=["a", "b"], several=True)


@QUICK
@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3), st.sampled_from(["", "G1", "G2", "G3"]), min_size=1
    )
)
def test_totals_always_close(groups):
    ledger = group_ledger.membership(ledger_of(groups), received=groups)
    counts = dict(group_ledger.totals(ledger).itertuples(index=False))
    assert counts["received"] == counts["related"] + counts["not_related"] == len(groups)
    assert group_ledger.groups(ledger)["reiterations"].sum() == counts["related"]


# --- suggestions ---


def proposals(*titles: str, topics: list[str] | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "proposal": [f"P{n}" for n in range(len(titles))],
            "title": titles,
            "problem": "",
            "solution": "",
            "topic": topics or "",
        }
    )


LIKE = (
    "Publicar datos abiertos de contratación pública",
    "Publicación de DATOS ABIERTOS en la contratacion publica",
    "Ciclovías seguras para Loja",
    "Ciclovia segura en Loja",
    "Open data on public procurement",
    "Publish open data of public procurement contracts",
)


@pytest.mark.parametrize("whole_up_to", [100, 1])
def test_alike_proposals_are_suggested_together_in_both_languages(whole_up_to):
    members = similar_texts.suggest(proposals(*LIKE), groups=3, whole_up_to=whole_up_to).members
    groups = members.groupby("suggested_group")["proposal"].agg(tuple).to_dict()
    assert groups == {"P0": ("P0", "P1"), "P2": ("P2", "P3"), "P4": ("P4", "P5")}
    assert (members["confirmed"] == "").all()
    assert members.set_index("proposal").loc["P2", "nearest"] == "P3"


def test_topics_do_not_keep_copies_apart():
    table = proposals("Agua limpia", "¡AGUA, limpia!", topics=["a", "b"])
    assert similar_texts.suggest(table, whole_up_to=1).members["size"].tolist() == [2, 2]


def test_features_have_length_one_and_words_that_differ_share_nothing():
    words = ["Zeta", "zétá", "omicron"]
    features = text_features(words, words)
    alike = (features @ features.T).toarray()
    # Sums of a few squares: 1e-12 is thousands of rounding errors.
    assert alike == pytest.approx(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]]), abs=1e-12)


def test_equal_texts_are_put_together_even_at_the_highest_threshold():
    members = similar_texts.suggest(
        proposals("Agua limpia", "agua LIMPIA", "Otra cosa"), threshold=1.0
    ).members
    assert members["size"].tolist() == [2, 2, 1]
    assert members["similarity"].tolist()[:2] == [1.0, 1.0]
    assert members["copy"].tolist() == ["exact", "exact", ""]


@pytest.mark.parametrize("whole_up_to", [100, 1])
def test_texts_without_words_stay_alone(whole_up_to):
    members = similar_texts.suggest(
        proposals("", "de la", "", "!!"), groups=1, whole_up_to=whole_up_to
    ).members
    assert members["size"].tolist() == [1] * 4
    assert set(members["nearest"]) == {""}


def test_suggestions_of_one_and_of_none():
    assert similar_texts.suggest(proposals("Solo")).members["size"].tolist() == [1]
    nothing = similar_texts.suggest(proposals())
    assert nothing.members.empty
    assert nothing.groups.empty


@pytest.mark.parametrize("whole_up_to", [100, 1])
def test_suggestions_do_not_depend_on_the_order(whole_up_to):
    table = proposals(*LIKE)
    first = similar_texts.suggest(table, whole_up_to=whole_up_to)
    turned = similar_texts.suggest(table.iloc[::-1], whole_up_to=whole_up_to)
    for name in ("members", "groups", "curve"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(turned, name))


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ({"threshold": 0}, "statistics.share"),
        ({"threshold": 1.01}, "statistics.share"),
        ({"threshold": math.nan}, "statistics.share"),
        ({"groups": 0}, "statistics.target_groups"),
        ({"groups": 4}, "statistics.target_groups"),
        ({"size": 0.5}, "statistics.target_size"),
        ({"size": 4}, "statistics.target_size"),
        ({"size": math.nan}, "statistics.target_size"),
        ({"size": 2, "groups": 2}, "statistics.one_target"),
    ],
)
def test_targets_out_of_range_are_refused_by_key_and_value(target, key):
    with pytest.raises(StatisticsError) as caught:
        similar_texts.suggest(proposals("a", "b", "c"), **target)
    assert caught.value.values["key"] == key
    assert all(str(value) in caught.value.say("es") for value in target.values())


def test_suggestions_find_back_much_of_the_synthetic_grouping():
    """Members of a synthetic group share their subject, so suggestions must be far better than chance."""
    records = example_records.make()
    related = records["memberships"].query("related == 'yes'")
    table = records["proposals"][records["proposals"]["proposal"].isin(related["proposal"])]
    members = similar_texts.suggest(table, groups=43).members.set_index("proposal")
    after = related.assign(group=related["proposal"].map(members["suggested_group"]))
    assert grouping_agreement.grouping_agreement(related, after)["adjusted_rand"] > 0.5


# --- audit of a regrouping ---


def adjusted_rand_by_hand(first: list[str], second: list[str]) -> float:
    """Hubert and Arabie (1985, equation 5), by counting pairs one by one."""
    pairs = list(itertools.combinations(range(len(first)), 2))
    same_first = [first[i] == first[j] for i, j in pairs]
    same_second = [second[i] == second[j] for i, j in pairs]
    both = sum(a and b for a, b in zip(same_first, same_second, strict=True))
    expected = sum(same_first) * sum(same_second) / len(pairs)
    most = (sum(same_first) + sum(same_second)) / 2
    return (both - expected) / (most - expected)


def v_measure_by_hand(first: list[str], second: list[str]) -> float:
    """Rosenberg and Hirschberg (2007), from entropies."""
    n = len(first)

    def entropy(labels):
        return -sum(c / n * math.log(c / n) for c in pd.Series(labels).value_counts())

    joint = entropy([f"{a}|{b}" for a, b in zip(first, second, strict=True)])
    homogeneity = 1 - (joint - entropy(second)) / entropy(first)
    completeness = 1 - (joint - entropy(first)) / entropy(second)
    return 2 * homogeneity * completeness / (homogeneity + completeness)


def test_two_groupings_are_compared_as_by_hand():
    first, second = list("aaabbbcccd"), list("xxyyyyzzzx")
    codes = [f"P{n}" for n in range(10)]
    before, after = (ledger_of(dict(zip(codes, groups, strict=True))) for groups in (first, second))
    found = grouping_agreement.grouping_agreement(before, after)
    assert found["adjusted_rand"] == pytest.approx(adjusted_rand_by_hand(first, second), rel=1e-12)
    assert found["v_measure"] == pytest.approx(v_measure_by_hand(first, second), rel=1e-12)
    assert (found["n_proposals"], found["n_groups_before"], found["n_groups_after"]) == (10, 4, 3)


def test_renamed_groups_move_nobody():
    before = ledger_of({"a": "x", "b": "x", "c": "y", "d": ""})
    after = ledger_of({"a": "1", "b": "1", "c": "2", "d": ""})
    assert grouping_agreement.moved(before, after).empty
    assert grouping_agreement.grouping_agreement(before, after)["adjusted_rand"] == 1.0


def test_who_moved_joined_and_left():
    before = ledger_of({"a": "x", "b": "x", "c": "y", "d": "y", "e": "", "f": "y"})
    after = ledger_of({"a": "x", "b": "y", "c": "y", "d": "y", "e": "y", "f": ""})
    assert grouping_agreement.moved(before, after).to_numpy().tolist() == [
        ["b", "moved", "x", "y"],
        ["e", "joined", "", "y"],
        ["f", "left", "y", ""],
    ]


def test_a_new_group_moves_its_members():
    before = ledger_of({"a": "x", "b": "x", "c": "x"})
    after = ledger_of({"a": "x", "b": "x", "c": "new"})
    assert grouping_agreement.moved(before, after)["proposal"].tolist() == ["c"]


def test_groupings_that_cannot_be_compared_are_refused():
    several = pd.concat([ledger_of({"a": "x"}), ledger_of({"a": "y"})])
    with pytest.raises(StatisticsError, match="several groups"):
        grouping_agreement.moved(several, ledger_of({"a": "x"}))
    with pytest.raises(StatisticsError, match="nothing to compare"):
        grouping_agreement.grouping_agreement(ledger_of({"a": "x"}), ledger_of({"b": "x"}))


# --- agreement between classifiers ---


def test_agreement_between_two_classifiers_by_hand():
    """Three of four alike; alpha nominal by Krippendorff's formula 1 - (n - 1) o / (n0 n1), n = 8."""
    pairs = [("yes", "yes"), ("no", "no"), ("yes", "no"), ("yes", "yes")]
    rows = [
        (f"P{n}", "pillars", who, met)
        for n, pair in enumerate(pairs)
        for who, met in zip("ab", pair, strict=True)
    ]
    found = grouping_agreement.classifier_agreement(answers(*rows)).set_index(["criterion", "statistic"])[
        "value"
    ]
    assert set(found.index.get_level_values(0)) == {"pillars"}
    assert found["pillars", "percent_agreement"] == pytest.approx(0.75, rel=1e-12)
    assert found["pillars", "krippendorff_alpha"] == pytest.approx(1 - 7 * 1 / (5 * 3), rel=1e-12)
    chance = 2 * (5 / 8) * (3 / 8)
    assert found["pillars", "gwet_ac"] == pytest.approx((0.75 - chance) / (1 - chance), rel=1e-12)


def test_agreement_on_the_synthetic_answers_and_on_all_four():
    found = grouping_agreement.classifier_agreement(example_records.make()["classification"])
    assert found["criterion"].unique().tolist() == [*classification.CRITERIA, "all four"]
    assert (found["n_proposals"] == 335).all()
    assert (found["low"] <= found["value"]).all()
    assert (found["value"] <= found["high"]).all()


def test_no_variation_has_a_named_reason():
    rows = [(f"P{n}", "pillars", who, "yes") for n in range(4) for who in "ab"]
    found = grouping_agreement.classifier_agreement(answers(*rows)).set_index("statistic")
    assert math.isnan(found.loc["krippendorff_alpha", "value"])
    assert found.loc["krippendorff_alpha", "note"]
