"""What notebook 4 shows: every frame of the sensitivity, the numbers texts quote, the table of scenarios."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
import pandas as pd

from ogp_analysis.errors import StatisticsError
from ogp_analysis.language import texts
from ogp_analysis.language.bottom_line import in_each_language
from ogp_analysis.language.percentages import percent
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import CATEGORIES, CATEGORY_IN_PLAN
from ogp_analysis.model.results import TABLES_OF_WEIGHTINGS, Results
from ogp_analysis.sensitivity import result_tables
from ogp_analysis.sensitivity.adding_up import questions
from ogp_analysis.sensitivity.assumptions import assumption_counts, assumption_frame, largest_of
from ogp_analysis.sensitivity.audit_sentences import audit_words
from ogp_analysis.sensitivity.caption_sentences import findings
from ogp_analysis.sensitivity.constrained import joint_probability
from ogp_analysis.sensitivity.core_set import core_counts, core_frame
from ogp_analysis.sensitivity.cut_steps import steps_frame
from ogp_analysis.sensitivity.headline import (
    Summary,
    count_words,
    first_words,
    fragile_frame,
    holding_words,
    in_doubt_words,
    largest_words,
    scope_words,
    then_held,
    unjudged_words,
    varying_words,
    verdict_words,
)
from ogp_analysis.sensitivity.leave_one_out import left_out, left_out_frame, on_one_frame, person_counts
from ogp_analysis.sensitivity.other_ways import ways_counts, ways_frame
from ogp_analysis.sensitivity.sampling import Counts, simulate
from ogp_analysis.sensitivity.settling import errors_known, settling_counts, settling_frame, settling_known
from ogp_analysis.sensitivity.shapley import Shares
from ogp_analysis.sensitivity.study import (
    ALWAYS,
    FRAGILE,
    REVIEW,
    ROBUST,
    UNDETERMINED,
    VERDICTS,
    Study,
    falls_short,
    prepare,
    verdict_frame,
)


def compute(inputs: Inputs, parameters: Parameters, *, executor: Executor | None = None) -> Results:
    """Find everything that notebook 4 shows: how far the categories depend on what was assumed.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings, proposals, decisions and evaluators.
    parameters : params.Parameters
        Baseline, ``weight_belief``, ``n_draws`` and ``seed``.
    executor : concurrent.futures.Executor, optional
        Where the draws are made; the result is the same anywhere.

    Returns
    -------
    Results
        Tables ``sensitivity_verdicts, sensitivity_fragile, sensitivity_influence`` (each assumption in doubt
        alone, or held at the baseline), ``sensitivity_shapley, sensitivity_decisions,
        sensitivity_rules, sensitivity_adding, sensitivity_sweep, sensitivity_cut_steps, sensitivity_curve,
        sensitivity_stability, sensitivity_central, sensitivity_ranks``, and what `audit_frames` adds; those
        of ``TABLES_OF_WEIGHTINGS`` only where weights can vary; the
        summary is what `scenario_table` compares. Further are ``study`` (from `prepare`), ``counts`` (all
        assumptions drawn together), ``influence`` (Shapley shares of the assumptions), ``audit`` (by
        language, three sentences: ``person, settling, core``), ``first`` (by language, what would move each
        proposal of category 1) and ``ways`` (by language, a sentence on other ways of adding up).

    Raises
    ------
    StatisticsError
        As in `prepare`.

    Examples
    --------
    >>> from ogp_analysis import ratings
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline() | {"n_draws": 100})
    >>> frames = compute(ratings.load(parameters), parameters)
    >>> frames.summary["fragile"], len(frames.tables["sensitivity_fragile"])
    (18, 18)
    """
    study = prepare(inputs, parameters)
    counts = result_tables.sample(study, executor=executor)
    influence = result_tables.assumption_shares(study)
    some = bool((study.portfolio.baseline() == CATEGORY_IN_PLAN).any())
    assumptions = assumption_frame(assumption_counts(study, executor=executor), some=some)
    frames, audited = audit_frames(study, counts, inputs)
    frames = tables(study, counts, influence, assumptions) | frames
    run_summary = summary(study, counts, frames["sensitivity_verdicts"], assumptions)
    ways = ways_counts(frames["sensitivity_adding"])
    numbers: dict[str, object] = {**run_summary, **audited, **ways}
    languages = languages_of(parameters.method)
    audit = {str(language): audit_words(numbers, language) for language in languages}
    sentences = {
        str(code): findings(run_summary, ways, frames["sensitivity_cut_steps"], code)
        | {"left_out": audit[str(code)]["person"]}
        | ({} if settling_known(numbers) else {"settling": audit[str(code)]["settling"]})
        for code in languages
    }
    numbers |= {"findings": sentences}
    bottom_line = in_each_language(
        headline_key(run_summary),
        lambda language: headline_values(run_summary, language),
        synthetic=inputs.synthetic,
        languages=languages,
    )
    return Results(
        tables=_that_say_something(frames, parameters),
        summary=numbers,
        bottom_line={code: f"{line} {audit[code]['person']}" for code, line in bottom_line.items()},
        synthetic=inputs.synthetic,
        further={
            "study": study,
            "counts": counts,
            "influence": influence,
            "audit": audit,
            "first": {str(one): first_words(frames["sensitivity_verdicts"], one) for one in languages},
            "ways": {code: words["adding"] for code, words in sentences.items()},
        },
    )


def _that_say_something(
    frames: Mapping[str, pd.DataFrame], parameters: Parameters
) -> dict[str, pd.DataFrame]:
    """Leave out tables of weightings where no weight can vary."""
    method = parameters.method
    idle = TABLES_OF_WEIGHTINGS if method.unweighted and not method.plan else frozenset[str]()
    return {name: frame for name, frame in frames.items() if name not in idle}


def audit_frames(
    study: Study, counts: Counts, inputs: Inputs
) -> tuple[dict[str, pd.DataFrame], dict[str, object]]:
    """Answer what an auditor asks first: four tables by name, and what the texts quote of them.

    Parameters
    ----------
    study : Study
        From `prepare`.
    counts : Counts
        Draws of everything in doubt.
    inputs : Inputs
        Who gave each rating.

    Returns
    -------
    tables : dict of str to DataFrame
        ``sensitivity_left_out`` (without one evaluator, indicator or panel), ``sensitivity_on_one`` (by
        proposal), ``sensitivity_settling`` (further evaluations) and ``sensitivity_core`` (category 1).
    numbers : dict
        For the summary.
    """
    without, base = left_out(study, inputs), study.portfolio.baseline()
    settling = settling_frame(study)
    frames = {
        "sensitivity_left_out": left_out_frame(study, without),
        "sensitivity_on_one": on_one_frame(study, without),
        "sensitivity_settling": settling,
        "sensitivity_core": core_frame(study.proposals, base, counts),
    }
    numbers = {
        **person_counts(study, without),
        **settling_counts(study, settling),
        **core_counts(counts),
        "in_doubt": list(study.portfolio.doubtful),
    }
    return frames, numbers


def tables(
    study: Study, counts: Counts, influence: Shares, assumptions: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Make every table of notebook 4, by name."""
    verdicts = verdict_frame(study, counts)
    return {
        "sensitivity_verdicts": verdicts,
        "sensitivity_fragile": fragile_frame(study, verdicts),
        "sensitivity_influence": assumptions.assign(
            ten_all=float(counts.share("ten")[0]) if assumptions["ten_held"].notna().any() else math.nan,
            mean_all=_mean(counts.share("kept")),
        ),
        "sensitivity_shapley": result_tables.share_frame(
            influence, counts=counts, doubtful=study.portfolio.doubtful
        ),
        "sensitivity_decisions": result_tables.decision_frame(study),
        "sensitivity_rules": result_tables.rule_frame(study),
        "sensitivity_adding": ways_frame(study),
        "sensitivity_sweep": result_tables.sweep_frame(study),
        "sensitivity_cut_steps": steps_frame(study),
        "sensitivity_curve": result_tables.curve_frame(study),
        "sensitivity_stability": result_tables.stability_frame(study),
        "sensitivity_central": result_tables.central_frame(study),
        "sensitivity_ranks": result_tables.rank_frame(study, counts),
    }


def headline_key(summary: Summary) -> str:
    """Choose the sentence of the bottom line: whether category 1 is empty, and whether anything moves it.

    Draws that all say the same have no variance to divide: either all of category 1 always stay, or never.

    >>> headline_key({"in_category_1": 0})
    'headline.sensitivity_none'
    >>> headline_key({"in_category_1": 9, "largest_assumption": "", "ten_stay": 1.0, "ten_stay_weights": 1.0})
    'headline.sensitivity_still'
    """
    if not summary["in_category_1"]:
        return "headline.sensitivity_none"
    if summary["largest_assumption"]:
        return "headline.sensitivity"
    always = min(summary["ten_stay"], summary["ten_stay_weights"]) > 1 - ALWAYS
    return "headline.sensitivity_still" if always else "headline.sensitivity_alike"


def headline_values(summary: Summary, language: str) -> dict[str, object]:
    """Write the numbers of the bottom line in the reader's language, for the text of `headline_key`."""
    ten = summary["in_category_1"]
    # The rule may put one whose ratings are not complete in category 1: it is not among those counted here.
    judged = "_judged" if summary["left_out"] else ""
    return {
        **verdict_words(summary, language),
        "scope": scope_words(summary, language),
        "unjudged": unjudged_words(summary, language),
        "nobody": texts.say(f"sensitivity.nobody{judged}", language),
        **{name: count_words(f"{name}{judged}", ten, language) for name in ("ten", "ten_always")},
        "holding": holding_words(summary, language),
        "all": percent(summary["ten_stay"], language),
        "weights": texts.say(
            "sensitivity.exact" if summary["ten_stay_weights_error"] == 0 else "sensitivity.sampled",
            language,
            share=percent(summary["ten_stay_weights"], language),
            error=texts.number(100 * summary["ten_stay_weights_error"], language, 2),
        ),
        "error": texts.number(100 * summary["ten_stay_error"], language, 2),
        "vary": varying_words(summary, language),
        "held": then_held(summary, language),
        "tried": in_doubt_words("tried", summary["in_doubt"], language),
        "largest": largest_words(summary, language),
    }


def summary(study: Study, counts: Counts, verdicts: pd.DataFrame, assumptions: pd.DataFrame) -> Summary:
    """Collect what texts quote and what `scenario_table` compares."""
    largest = largest_of(assumptions, float(counts.share("ten")[0]))
    base = verdicts["category_by_rule"]
    some = bool((base == CATEGORY_IN_PLAN).any())
    stays, stays_error = ten_under_weights(study)
    judged = {name: int((verdicts["verdict"] == name).sum()) for name in VERDICTS}
    counted: Summary = {
        "judged": len(study.portfolio.baseline()),
        "errors_known": errors_known(study),
        "in_doubt": list(study.portfolio.doubtful),
        "category_by_rule": {code: None if pd.isna(kept) else int(kept) for code, kept in base.items()},
        "in_category_1": int((base == CATEGORY_IN_PLAN).sum()),
        "robust": judged[ROBUST],
        "review": judged[REVIEW],
        "fragile": judged[FRAGILE],
        "undetermined": judged[UNDETERMINED],
        "fragile_near": int(((verdicts["verdict"] == FRAGILE) & falls_short(verdicts["keeps_near"])).sum()),
        "ten_stay": float(counts.share("ten")[0]) if some else math.nan,
        "ten_stay_error": float(counts.standard_error("ten")[0]) if some else math.nan,
        "ten_stay_weights": stays,
        "ten_stay_weights_error": stays_error,
        "weights_believed": any(belief and belief.route != "uniform" for belief in study.portfolio.beliefs),
        "largest_assumption": next(iter(largest), ""),
        "largest_assumption_share": next(iter(largest.values()), 0.0),
        "largest_assumptions": largest,
        "draws": counts.draws,
        "cut_half_width": _by_axis(study, study.portfolio.half_width),
        "score_error": _by_axis(study, study.prediction.usual_error),
        "reliability": _by_axis(study, study.prediction.reliability),
        "left_out": list(study.left_out),
        "third_lacking": study.third_lacking,
        "third_filled": study.third_filled,
    }
    if kept := study.portfolio.rounds.unseen():
        counted["not_drawn"] = kept
    return counted


def _by_axis(study: Study, values: Iterable[float]) -> dict[str, float]:
    return {axis.name: float(value) for axis, value in zip(study.axes, values, strict=True)}


def _mean(shares: np.ndarray) -> float:
    return float(shares.mean()) if len(shares) else math.nan


def ten_under_weights(study: Study) -> tuple[float, float]:
    """Give the share of weightings alone under which every proposal in category 1 stays in it."""
    portfolio = study.portfolio
    ten = portfolio.baseline() == CATEGORY_IN_PLAN
    if not ten.any():
        return math.nan, math.nan
    box = portfolio.box_of(CATEGORY_IN_PLAN)
    exact = math.nan
    if box is not None:
        # Only then does staying in category 1 split into one question an axis, whose weights are independent.
        exact = float(np.prod([_joint(study, k, lowest, ten) for k, lowest in enumerate(box)]))
    if not math.isnan(exact):
        return exact, 0.0
    # The weights are those of the sample of everything: each group of inputs has a seed of its own.
    only = replace(portfolio, vary=("weights",))
    counts = simulate(only, draws=study.parameters.n_draws, seed=study.parameters.seed)
    return float(counts.share("ten")[0]), float(counts.standard_error("ten")[0])


def _joint(study: Study, k: int, lowest: int, ten: np.ndarray) -> float:
    """Exact share for one axis; NaN where no exact route exists (Dirichlet, too many constraints)."""
    if not lowest:
        return 1.0
    belief = study.portfolio.beliefs[k]
    if belief is not None and belief.route == "dirichlet":
        return math.nan
    constraints = None if belief is None else belief.constraints()
    asked = [
        (x, cut)
        for x, cuts in questions(study.scores[k][ten], study.axes[k].cuts, study.portfolio.adding)
        for cut in cuts
    ]
    try:
        return joint_probability(*asked[lowest - 1], constraints=constraints)
    except StatisticsError:
        return math.nan


def scenario_table(runs: Mapping[str, Summary]) -> pd.DataFrame:
    """Compare several runs' results of this notebook; the first one is the reference.

    Parameters
    ----------
    runs : mapping of str to Summary
        Scenario name to the summary of `compute` (``results/04_sensitivity.json``).

    Returns
    -------
    DataFrame
        One row a scenario: ``scenario``, ``category_1`` to ``category_4`` (counts by rule), ``changed``
        (number of proposals in another category than in the first scenario), ``entered`` and ``left`` (codes
        that enter or leave category 1; what is undetermined in either scenario moves nowhere), ``robust``,
        ``review``, ``fragile``, ``undetermined``, ``ten_stay`` and ``ten_stay_error``.

    Examples
    --------
    >>> one = {"category_by_rule": {"S01": 1, "S02": 2}, "robust": 2, "review": 0, "fragile": 0,
    ...        "undetermined": 0, "ten_stay": 0.5, "ten_stay_error": 0.01}
    >>> two = one | {"category_by_rule": {"S01": 2, "S02": 1}}
    >>> table = scenario_table({"baseline": one, "strict": two})
    >>> table[["scenario", "changed", "entered", "left"]].values.tolist()
    [['baseline', 0, '', ''], ['strict', 2, 'S02', 'S01']]
    """
    reference: Mapping[str, int | None] | None = None
    last = max(
        (each for results in runs.values() for each in results["category_by_rule"].values() if each),
        default=1,
    )
    numbers = range(1, max(last, len(CATEGORIES)) + 1)
    records = []
    for scenario, results in runs.items():
        category = results["category_by_rule"]
        reference = category if reference is None else reference
        codes = sorted(c for c in set(category) & set(reference) if category[c] and reference[c])
        inside, before = (
            {c for c in codes if table[c] == CATEGORY_IN_PLAN} for table in (category, reference)
        )
        counts = {f"category_{k}": sum(value == k for value in category.values()) for k in numbers}
        records.append(
            {
                "scenario": scenario,
                **counts,
                "changed": sum(category[code] != reference[code] for code in codes),
                "entered": " ".join(sorted(inside - before)),
                "left": " ".join(sorted(before - inside)),
                "robust": results["robust"],
                "review": results["review"],
                "fragile": results["fragile"],
                "undetermined": results["undetermined"],
                "ten_stay": results["ten_stay"],
                "ten_stay_error": results["ten_stay_error"],
            }
        )
    return pd.DataFrame(records)
