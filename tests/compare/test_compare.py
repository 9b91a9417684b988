"""Two runs compared: each step of the road is made to be the one that parts them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from sample_sides import bare, side

from ogp_analysis.assessment import whole_assessment
from ogp_analysis.cli.compare import as_record, as_text
from ogp_analysis.compare import comparison
from ogp_analysis.compare.causes_by_replay import EACH, TOGETHER, Source, joined
from ogp_analysis.compare.causes_from_tables import UNTOLD
from ogp_analysis.compare.page import cell_text, page, worded
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs

WAYS = pytest.mark.parametrize("of", [lambda made: made, bare], ids=["recomputed", "tables"])


def test_a_run_does_not_differ_from_itself(baseline: comparison.Side) -> None:
    found = comparison.compare(baseline, baseline)
    assert found.same_results
    assert found.parameters.empty
    assert found.categories.empty


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"cut_points": {"feasibility": [2.5, 3.0], "relevance": [2.5, 3.5]}}, "cut_points"),
        ({"matching_rule": "lower"}, "adjudication"),
        ({"panel_rule": "minimum"}, "combination"),
        (
            {
                "indicator_weights": {
                    **{"time": 1.0, "complexity": 0.0, "resources": 0.0, "willingness": 0.0},
                    **{"reiterations": "1/3", "potential_impact": "1/3", "alignment": "1/3"},
                }
            },
            "weights",
        ),
    ],
)
@pytest.mark.parametrize("of", [lambda made: made, bare], ids=["recomputed", "tables"])
def test_a_changed_parameter_is_found_as_the_parting_step(
    inputs: Inputs, baseline: comparison.Side, changes: dict, step: str, of
) -> None:
    found = comparison.compare(of(baseline), of(side(inputs, **changes)))
    assert list(found.parameters["parameter"]) == list(changes)
    assert len(found.categories) > 0
    assert set(found.categories["step"]) == {step}
    before = baseline.tables["categories"].set_index("proposal")["category_final"]
    for row in found.categories.itertuples():
        assert before[row.proposal] == row.first != row.second


@WAYS
def test_changed_ratings_are_found_as_the_parting_step(inputs: Inputs, baseline: comparison.Side, of) -> None:
    best = inputs.ratings.assign(
        rating=inputs.ratings["rating"].where(inputs.ratings["proposal"] != "S03", 5)
    )
    other = side(Inputs(best, inputs.proposals, inputs.decisions, inputs.evaluators))
    found = comparison.compare(of(baseline), of(other))
    assert list(found.categories["proposal"]) == ["S03"]
    assert list(found.categories["step"]) == ["ratings"]


@WAYS
def test_a_changed_decision_is_found_as_the_parting_step(
    inputs: Inputs, baseline: comparison.Side, of
) -> None:
    none = inputs.decisions.iloc[0:0]
    other = side(Inputs(inputs.ratings, inputs.proposals, none, inputs.evaluators))
    found = comparison.compare(of(baseline), of(other))
    decided = baseline.tables["categories"].query("decided")
    assert set(found.categories["proposal"]) <= set(decided["proposal"])
    assert set(found.categories["step"]) == {"decision"}


@WAYS
def test_a_recorded_route_parts_at_the_category_table(inputs: Inputs, baseline: comparison.Side, of) -> None:
    routed = inputs.proposals.assign(route="")
    other = side(Inputs(inputs.ratings, routed, inputs.decisions, inputs.evaluators))
    found = comparison.compare(of(baseline), of(other))
    assert set(found.categories["step"]) == {"category_table"}
    assert set(found.categories["first"]) == {3}
    assert set(found.categories["second"]) == {4}


def statistics(*values: float) -> dict[str, pd.DataFrame]:
    frame = pd.DataFrame({"indicator": ["time", "alignment"], "coefficient": "AC2", "value": values})
    return {"agreement": frame.assign(low=frame["value"] - 0.1, high=frame["value"] + 0.1)}


def test_a_coefficient_beyond_its_interval_is_told_from_one_that_stirred() -> None:
    found = comparison.moved_coefficients(statistics(0.5, 0.5), statistics(0.55, 0.75))
    assert found.to_dict("records") == [
        {"table": "agreement", "statistic": "time AC2", "first": 0.5, "second": 0.55, "beyond": False},
        {"table": "agreement", "statistic": "alignment AC2", "first": 0.5, "second": 0.75, "beyond": True},
    ]
    assert comparison.moved_coefficients(statistics(0.5, 0.5), statistics(0.5, 0.5)).empty


def test_tables_of_one_side_only_are_named() -> None:
    one = {"a": pd.DataFrame({"x": [1]}), "b": pd.DataFrame({"x": [1]})}
    other = {"b": pd.DataFrame({"x": [2]}), "c": pd.DataFrame({"x": [1]})}
    found = comparison.changed_tables(one, other)
    assert found.to_numpy().tolist() == [["a", "only in first"], ["b", "differs"], ["c", "only in second"]]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_escapes_everything_and_loads_nothing(language: str) -> None:
    hostile = "<img src=x onerror=document.title='PWN'>"
    one = comparison.Side(hostile, {"data": hostile}, {}, {hostile: pd.DataFrame({"x": [1]})}, synthetic=True)
    other = comparison.Side("b", {"data": "x"}, {}, {})
    text = page(comparison.compare(one, other), language)
    assert "<img" not in text
    assert "&lt;img" in text
    assert "http" not in text.replace("http-equiv", "")
    assert ("SYNTHETIC EXAMPLE" if language == "en" else "EJEMPLO SINTÉTICO") in text


def test_an_empty_table_of_coefficients_says_nothing(baseline: comparison.Side) -> None:
    """A run in reading B has no two panels to compare."""
    columns = ["criterion", "value", "low", "high"]
    full = pd.DataFrame([["relevance", 0.5, 0.4, 0.6]], columns=columns)
    one, other = (
        replace(baseline, tables=dict(baseline.tables) | {"differences": table})
        for table in (full, full.iloc[:0].astype({"criterion": "str"}))
    )
    assert comparison.compare(one, other).coefficients.empty
    assert len(
        comparison.compare(
            one, replace(one, tables=one.tables | {"differences": full.assign(value=0.9)})
        ).coefficients
    )


def renamed(made: comparison.Side, change) -> comparison.Side:
    """The same run with other codes of proposals."""
    tables = {
        name: frame.assign(proposal=frame["proposal"].map(change)) for name, frame in made.tables.items()
    }
    return replace(made, tables=tables)


NO_COMMON = {"en": "no proposal is in both runs", "es": "ninguna propuesta está en las dos corridas"}
NOTHING = {"en": "no difference", "es": "sin diferencias"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_runs_without_a_common_proposal_are_not_said_to_agree(
    baseline: comparison.Side, language: str
) -> None:
    found = comparison.compare(baseline, renamed(baseline, lambda code: f"X{code}"))
    assert found.proposals == (0, 86)
    for text in (as_text(found, language), page(found, language)):
        part = text.split("Proposals whose" if language == "en" else "Propuestas cuya")[1]
        part = part.split("Statistics with" if language == "en" else "Estadísticos con")[0]
        assert NO_COMMON[language] in part
        assert NOTHING[language] not in part


def test_proposals_of_one_run_only_are_counted(baseline: comparison.Side) -> None:
    found = comparison.compare(baseline, renamed(baseline, lambda code: "X1" if code == "S01" else code))
    assert found.proposals == (42, 2)
    assert "the proposals in both runs (42); in one run only: 2" in as_text(found, "en")
    assert "in one run only" not in as_text(comparison.compare(baseline, baseline), "en")


def test_what_has_no_record_is_not_said_to_be_without_difference(baseline: comparison.Side) -> None:
    bare = replace(baseline, parameters={}, contents={})
    text = as_text(comparison.compare(baseline, bare), "es")
    assert text.count("no se sabe: una corrida no tiene registro") == 2
    no_tables = replace(baseline, tables={"a": pd.DataFrame({"x": [1]})})
    assert "no se comparan: una corrida no tiene tabla" in as_text(
        comparison.compare(baseline, no_tables), "es"
    )


def test_the_comparison_in_spanish_has_no_english_code(inputs: Inputs, baseline: comparison.Side) -> None:
    other = side(inputs, matching_rule="lower", panel_rule="minimum")
    contents = {"code": "b", "library numpy": "2", "notebook 01.ipynb": "x", "input data ratings.csv": "y"}
    tables = other.tables | statistics(0.55, 0.75) | {"extra": pd.DataFrame({"x": [1]})}
    one = replace(baseline, tables=baseline.tables | statistics(0.5, 0.5))
    text = as_text(comparison.compare(one, replace(other, contents=contents, tables=tables)), "es")
    for word in (
        "differs",
        "only in",
        "True",
        "False",
        "feasibility",
        "relevance",
        "medium",
        "high",
        "alignment",
    ):
        assert word not in text
    for word in ("difiere", "solo en la segunda", "pertinencia alto → medio", "tiempo AC2", "0,55", "sí"):
        assert word in text
    for word in ("código", "biblioteca numpy", "cuaderno 01.ipynb", "calificaciones ratings.csv"):
        assert word in text
    assert "relevance high → medium" in as_text(
        comparison.compare(one, replace(other, contents=contents, tables=tables)), "en"
    )


def test_only_the_entries_of_a_parameter_that_changed_are_shown(baseline: comparison.Side) -> None:
    weights = baseline.parameters["indicator_weights"] | {"time": 0.4, "complexity": 0.1}
    cuts = {"feasibility": [2.5, 3.5], "relevance": [2.5, 4.0]}
    given = {**baseline.parameters, "indicator_weights": weights, "cut_points": cuts, "data": "other"}
    found = comparison.compare(baseline, replace(baseline, parameters=given))
    shown = worded(found.parameters, "es").map(lambda value: cell_text(value, "es"))
    rows = {row[0]: row[1:] for row in shown.to_numpy().tolist()}
    assert rows == {
        "data": ["example", "other"],
        "indicator_weights: time": ["0,25", "0,4"],
        "indicator_weights: complexity": ["0,25", "0,1"],
        "cut_points: relevance": ["2,5; 3,5", "2,5; 4"],
    }
    assert list(found.parameters["parameter"]) == ["data", "indicator_weights", "cut_points"]
    text = as_text(found, "es")
    assert "{" not in text
    assert "willingness" not in text


def test_an_entry_that_one_run_lacks_is_a_dash() -> None:
    one, other = {"time": 1.0}, {"time": 0.5, "cost": 0.5}
    frame = pd.DataFrame({"parameter": ["weights"], "first": [one], "second": [other]})
    shown = worded(frame, "en").map(cell_text).to_numpy().tolist()
    assert shown == [["weights: time", "1", "0.5"], ["weights: cost", "–", "0.5"]]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_parameter_with_entries_that_one_run_lacks_stands_whole(language: str) -> None:
    """As where a run of an earlier version has no key `scales`."""
    scales = {"merit": [0, 10], "cost": [1.5, 5]}
    side = comparison.Side("a", {"seed": 1}, {"code": "x"}, {})
    other = replace(side, name="b", parameters={"seed": 1, "scales": scales})
    shown = worded(comparison.compare(side, other).parameters, language)
    cells = [cell_text(value, language) for value in shown.to_numpy()[0]]
    assert cells == [
        "scales",
        "–",
        {"en": "merit (0; 10); cost (1.5; 5)", "es": "merit (0; 10); cost (1,5; 5)"}[language],
    ]
    assert cells[-1] in page(comparison.compare(side, other), language)


def agreement_tables(value: float, benchmark: str, note: str | None) -> dict[str, pd.DataFrame]:
    row = {"grain": "criterion", "criterion": "feasibility", "pair": "lead-counterpart"}
    row |= {"coefficient": "cohen_kappa", "value": value, "lower": value - 0.1, "upper": value + 0.1}
    own = {"weights": "quadratic", "note": note, "benchmark": benchmark}
    panels = row | {"statistic": "lower_limit", "grain": None, "coefficient": None}
    frames = {"by_score": row, "coefficients": row | own, "panels": panels}
    return {name: pd.DataFrame([cells]) for name, cells in frames.items()}


def test_a_statistic_stands_once_and_is_matched_whatever_was_said_of_it() -> None:
    first = agreement_tables(0.5, "substantial", None)
    second = agreement_tables(0.9, "almost_perfect", "studentized_to_fisher")
    found = comparison.moved_coefficients(first, second)
    assert found[["table", "statistic"]].to_numpy().tolist() == [
        ["coefficients", "criterion feasibility lead-counterpart cohen_kappa quadratic"],
        ["panels", "feasibility lead-counterpart lower_limit"],
    ]
    alone = [{"by_score": tables["by_score"]} for tables in (first, second)]
    assert list(comparison.moved_coefficients(*alone)["table"]) == ["by_score"]


def test_statistics_and_tables_are_named_in_spanish() -> None:
    sides = [
        comparison.Side(name, {}, {}, agreement_tables(value, "substantial", None))
        for name, value in (("a", 0.5), ("b", 0.9))
    ]
    text = as_text(comparison.compare(*sides), "es")
    assert "puntaje de criterio factibilidad responsable y contraparte kappa de Cohen cuadrática" in text
    assert "factibilidad responsable y contraparte límite inferior de acuerdo" in text
    assert "Todos los coeficientes de concordancia con su intervalo (coefficients)" in text
    for word in ("criterion", "cohen_kappa", "lower_limit", "quadratic", "lead-counterpart", "substantial"):
        assert word not in text


@WAYS
def test_a_pair_that_one_run_lacks_parts_the_two_at_the_ratings(inputs: Inputs, of) -> None:
    """S08 without its Core Group: of 3 and 3.5 for reiterations 3.5 is left, and (3.5 + 1 + 3) / 3 is 2.5."""
    gone = (inputs.ratings["proposal"] == "S08") & (inputs.ratings["panel"] == "core_group")
    fewer = Inputs(inputs.ratings[~gone], inputs.proposals, inputs.decisions, inputs.evaluators)
    found = comparison.compare(of(side(inputs, missing="available")), of(side(fewer, missing="available")))
    assert found.categories.to_dict("records") == [
        {
            "proposal": "S08",
            "first": 3,
            "second": 2,
            "step": "ratings",
            "detail": "relevance low → medium; relevance 2.417 → 2.5; reiterations 3.25 → 3.5",
        }
    ]


def test_a_step_that_the_ratings_of_the_other_run_refuse_is_no_cause(inputs: Inputs) -> None:
    """Without its Core Group S08 is rated under "available" alone: its other ratings are the cause."""
    gone = (inputs.ratings["proposal"] == "S08") & (inputs.ratings["panel"] == "core_group")
    fewer = replace(inputs, ratings=inputs.ratings[~gone])
    found = comparison.compare(side(fewer, missing="available"), side(inputs, missing="refuse"))
    assert found.categories[["proposal", "step"]].to_numpy().tolist() == [["S08", "ratings"]]


@pytest.mark.parametrize("known", ["record", "record without counts", "tables"])
def test_other_counts_of_an_indicator_that_nobody_rates_are_the_cause(inputs: Inputs, known: str) -> None:
    parameters = params.from_values(params.baseline())
    first, second = parameters.method.criteria
    indicators = tuple(
        replace(one, coding="share") if one.name == "reiterations" else one for one in second.indicators
    )
    method = replace(parameters.method, criteria=(first, replace(second, indicators=indicators)))
    counted = replace(parameters, method=method)
    counts = inputs.proposals["reiterations"].where(inputs.proposals["proposal"] != "S08", 500)
    others = replace(inputs, proposals=inputs.proposals.assign(reiterations=counts))
    sides = []
    for one in (inputs, others):
        done = whole_assessment.assess(one, counted)
        tables = {"categories": done.assigned.reset_index(), "settled": done.settled}
        tables["indicator_scores"] = done.scores.reset_index()
        # What a run was made of can have lost what it needs: then its tables say what they can.
        gone = one.proposals.assign(reiterations=None) if "without" in known else one.proposals
        source = Source(replace(one, proposals=gone), counted) if "record" in known else None
        sides.append(replace(side(inputs), tables=tables, source=source))
    found = comparison.compare(*sides).categories.set_index("proposal")
    assert found.loc["S08", "step"] == "ratings"


def test_what_runs_drop_for_their_gaps_is_dropped_where_steps_are_mixed(inputs: Inputs) -> None:
    """S08 without its Core Group is of no run that drops what is incomplete; two rules part the rest."""
    gone = (inputs.ratings["proposal"] == "S08") & (inputs.ratings["panel"] == "core_group")
    rest = inputs.ratings["proposal"] != "S08"
    given = {"proposals": inputs.proposals[inputs.proposals["proposal"] != "S08"]}
    fewer = replace(inputs, ratings=inputs.ratings[rest], set_aside=inputs.ratings[~rest & ~gone], **given)
    changes = {"matching_rule": "lower", "panel_rule": "minimum"}
    found = comparison.compare(side(fewer, missing="drop"), side(fewer, missing="drop", **changes))
    whole = comparison.compare(side(inputs), side(inputs, **changes)).categories
    assert len(found.categories) > 0
    pd.testing.assert_frame_equal(
        found.categories.reset_index(drop=True), whole[whole["proposal"] != "S08"].reset_index(drop=True)
    )


@WAYS
def test_a_score_that_rose_is_no_cause_of_a_lower_level(
    inputs: Inputs, baseline: comparison.Side, of
) -> None:
    """S01 scores 4.5, 3, 3.5, 5 in feasibility: 0.26 x 4.5 + 0.24 x 3 + 0.25 x 8.5 is 4.015, above 4."""
    weights = params.baseline()["indicator_weights"] | {"time": 0.26, "complexity": 0.24}
    cuts = {"feasibility": [3.0, 4.2], "relevance": [3.0, 4.2]}
    other = side(inputs, indicator_weights=weights, cut_points=cuts)
    found = comparison.compare(of(baseline), of(other)).categories.set_index("proposal")
    for proposal in ("S01", "S32", "S41"):
        assert found.loc[proposal, "step"] == "cut_points"
    assert found.loc["S01", "detail"] == (
        "feasibility high → medium; feasibility 4 → 4.015; cut_points 2.5, 3.5 → 3, 4.2; "
        "relevance high → medium (4.083); cut_points 2.5, 3.5 → 3, 4.2"
    )


@WAYS
@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        ({"blind_pair": "between_panels"}, {"blind_pair"}),
        ({"conflict": "exclude", "missing": "available"}, {"ratings_used"}),
        ({"tolerance": 0.0, "third_rule": "mean"}, {"adjudication"}),
        ({"third_for": [], "matching_rule": "higher"}, {"adjudication"}),
    ],
)
def test_the_same_ratings_are_never_called_the_cause(
    inputs: Inputs, baseline: comparison.Side, changes: dict, steps: set, of
) -> None:
    found = comparison.compare(of(baseline), of(side(inputs, **changes))).categories
    assert len(found) > 0
    assert set(found["step"]) == steps


def test_every_cause_that_is_told_holds_when_it_is_tried(inputs: Inputs, baseline: comparison.Side) -> None:
    """Computed here from params alone: the first run with the steps that are said, and with fewer of them."""
    changes = {
        "matching_rule": "lower",
        "panel_rule": "minimum",
        "cut_points": {"feasibility": [2.75, 3.75], "relevance": [2.75, 3.75]},
    }
    steps = dict(zip(("adjudication", "combination", "cut_points"), changes, strict=True))
    found = comparison.compare(baseline, side(inputs, **changes)).categories
    signs = set()

    @cache
    def finals(taken: frozenset[str]) -> pd.Series:
        given = params.baseline() | {steps[step]: changes[steps[step]] for step in taken}
        return whole_assessment.assess(inputs, params.from_values(given)).assigned["category_final"]

    def final(taken: list[str], proposal: str) -> object:
        return finals(frozenset(taken))[proposal]

    for row in found.itertuples():
        causes = [cause.split(TOGETHER) for cause in row.step.split(EACH)]
        assert all(final(named, row.proposal) == row.second for named in causes)
        for named in causes:
            fewer = [[step for step in named if step != one] for one in named]
            assert all(final(left, row.proposal) != row.second for left in fewer)
        signs |= {sign for sign in (EACH, TOGETHER) if sign in row.step}
    assert signs == {EACH, TOGETHER}


@pytest.mark.parametrize(
    ("enough", "told"),
    [
        (lambda taken: "b" in taken, "b"),
        (lambda taken: bool(taken & {"a", "b"}), "a / b"),
        (lambda taken: {"a", "c"} <= taken, "a + c"),
        (lambda taken: len(taken) > 1, "a + b / a + c / b + c"),
        (lambda taken: len(taken) > 2, "a + b + c"),
    ],
)
def test_steps_are_joined_by_what_they_do(enough, told: str) -> None:
    assert joined(("a", "b", "c"), enough) == told


def test_steps_that_only_tables_tell_are_not_set_apart(inputs: Inputs, baseline: comparison.Side) -> None:
    changes = {"matching_rule": "lower", "panel_rule": "minimum"}
    found = comparison.compare(bare(baseline), bare(side(inputs, **changes)))
    assert all("cut_points" not in step for step in found.categories["step"])
    row = found.categories.iloc[[0]].assign(step=UNTOLD.join(["adjudication", "combination"]))
    assert "(one or more of them; the tables do not tell which)" in worded(row, "en").iloc[0, 3]
    joint = worded(row.assign(step="weights + cut_points"), "es").iloc[0, 3]
    assert joint == "los pesos + los umbrales (solo juntos)"
    assert worded(row.assign(step="weights / cut_points"), "en").iloc[0, 3] == (
        "the weights / the cut points (each is enough)"
    )


def test_other_ratings_beside_another_reading_are_still_told(
    inputs: Inputs, baseline: comparison.Side
) -> None:
    best = inputs.ratings.assign(
        rating=inputs.ratings["rating"].where(inputs.ratings["proposal"] != "S03", 5)
    )
    given = Inputs(best, inputs.proposals, inputs.decisions, inputs.evaluators)
    other = replace(side(given, blind_pair="between_panels"), contents={"code": "b"})
    found = comparison.compare(baseline, other).categories.set_index("proposal")
    assert found.loc["S03", "step"] == "ratings"
    tables = comparison.compare(bare(baseline), bare(other)).categories.set_index("proposal")
    assert tables.loc["S03", "step"] == "ratings, blind_pair"
    assert tables.loc["S36", "step"] == "blind_pair"


@WAYS
def test_methods_that_rate_otherwise_are_the_cause(inputs: Inputs, baseline: comparison.Side, of) -> None:
    method = baseline.source.parameters.method
    first, second = method.criteria
    turned = replace(first.indicators[0], direction="lower is better")
    criteria = (replace(first, indicators=(turned, *first.indicators[1:])), second)
    parameters = replace(baseline.source.parameters, method=replace(method, criteria=criteria))
    done = whole_assessment.assess(inputs, parameters)
    tables = {"categories": done.assigned.reset_index(), "settled": done.settled}
    tables["indicator_scores"] = done.scores.reset_index()
    given = {**baseline.parameters, "method": "own.yaml"}
    other = replace(baseline, tables=tables, parameters=given, source=Source(inputs, parameters))
    found = comparison.compare(of(baseline), of(other)).categories
    assert len(found) > 0
    assert set(found["step"]) == {"method"}


@pytest.mark.parametrize("change", [{"aggregation": "minimum"}, {"aggregation": "median"}], ids=str)
@pytest.mark.parametrize("known", [True, False], ids=["computed again", "from the tables"])
def test_another_way_of_adding_up_is_the_cause(
    inputs: Inputs, baseline: comparison.Side, change, known
) -> None:
    one, other = baseline, side(inputs, **change)
    if not known:
        one, other = (replace(each, source=None) for each in (one, other))
    found = comparison.compare(one, other).categories
    assert len(found) > 3
    assert set(found["step"]) == {"aggregation"}


def test_steps_mixed_with_a_refusing_run_are_bounded_instead(
    inputs: Inputs, baseline: comparison.Side
) -> None:
    """With a tolerance of 4 points no pair on a scale from 1 to 5 needs a third evaluation: none lacks."""
    refusing = side(inputs, missing_third="refuse", tolerance=4.0)
    found = comparison.compare(refusing, side(inputs, tolerance=0.0)).categories
    assert len(found) > 0
    assert set(found["step"]) == {"adjudication"}


def test_the_record_for_programs_is_json(inputs: Inputs, baseline: comparison.Side) -> None:
    other = side(inputs, tolerance=0.0)
    tables = other.tables | statistics(float("nan"), 0.75)
    one = replace(baseline, tables=baseline.tables | statistics(0.5, 0.5))
    found = as_record(comparison.compare(one, replace(other, tables=tables)))
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text)["categories"][0]["second"] is None
    moved = {row["statistic"]: (row["second"], row["beyond"]) for row in found["coefficients"]}
    # Nobody can say whether what is missing lies beyond an interval.
    assert moved == {"time AC2": (None, None), "alignment AC2": (0.75, True)}
