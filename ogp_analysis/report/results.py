"""What notebook 6 shows: the plan and what became of every proposal, why, and what cannot be answered."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ogp_analysis import plan
from ogp_analysis.agreement.without_intervals import sentences
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.assessment.exchange import exchange_words
from ogp_analysis.assessment.whole_assessment import Assessment
from ogp_analysis.errors import StatisticsError
from ogp_analysis.language import texts
from ogp_analysis.language.bottom_line import in_each_language
from ogp_analysis.model.early_tables import RECEIVED
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import EVALUATOR, PROPOSAL
from ogp_analysis.model.results import Results
from ogp_analysis.proposals import folder
from ogp_analysis.proposals import register as public_register
from ogp_analysis.ratings import results as given
from ogp_analysis.report import answers, dispositions, parameters_and_gaps, sections
from ogp_analysis.report.answers_claims import Known
from ogp_analysis.sensitivity import study
from ogp_analysis.sensitivity.leave_one_out import left_out, on_one_frame
from ogp_analysis.sensitivity.other_ways import ways_counts, ways_frame

# The other tables say what was asked, given or not found, whatever the ratings.
RESTS_ON_RATINGS = frozenset(
    {"ledger", "fates", "answers", "answers_facts", "answers_category_1", "whole_flow", "whole_flow_totals"}
)


def compute(inputs: Inputs, parameters: Parameters) -> Results:
    """Find everything that notebook 6 shows.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings, proposals, decisions and evaluators.
    parameters : params.Parameters
        Of the run.

    Returns
    -------
    Results
        Tables ``answers``, ``answers_facts`` and ``answers_category_1`` (`answers.tables`), ``ledger`` (one
        row a proposal), ``fates``, ``parameters``, ``not_computable`` and, where the method has a plan,
        ``review_points``, ``influence_evidence`` and ``method_followed``. The summary has the counts of
        `dispositions.summary`, the ``method`` in use (its words, and what the weight explorer needs) and the
        ``language`` of the run.
        Further are ``plan`` (the results of `plan.results.compute`; None without a plan) and ``assigned``
        (categories, index proposal).

    Examples
    --------
    >>> from ogp_analysis import ratings
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> found = compute(ratings.load(parameters), parameters)
    >>> len(found.tables["ledger"]), found.tables["fates"]["proposals"].sum().item()
    (43, 43)
    """
    assessed = whole_assessment.assess(inputs, parameters)
    published = plan.results.compute() if parameters.method.plan else None
    languages = languages_of(parameters.method)
    studied = studied_of(inputs, parameters)
    ledger = register(assessed, inputs, studied, parameters)
    tables = {
        "ledger": ledger,
        "fates": dispositions.fates(ledger),
        "parameters": parameters_and_gaps.parameter_table(parameters),
        "not_computable": parameters_and_gaps.not_computable(
            assessed.assigned, inputs, lost=_lost(published), planned=published is not None
        ),
        **({} if published is None else of_the_plan(published, inputs)),
        **_whole_flow(ledger, parameters),
    }
    known = _known(tables, published, inputs=inputs, parameters=parameters, studied=studied)
    counts = dispositions.summary(ledger, categories=parameters.method.category_numbers)
    return Results(
        tables=answers.tables(known, languages) | tables,
        summary={
            **counts,
            "method": parameters_and_gaps.method_in_use(parameters),
            "language": str(parameters.language),
        },
        bottom_line=in_each_language(
            "headline.review" if "fixed_1" in counts else "headline.review_without_weights",
            lambda language: {
                **counts,
                **_all_fixed(counts, language),
                "exchanged": exchange_words(ledger, language),
            },
            synthetic=inputs.synthetic,
            languages=languages,
        ),
        synthetic=inputs.synthetic,
        further={"plan": published, "assigned": assessed.assigned},
        unrated=frozenset(tables) - RESTS_ON_RATINGS,
    )


def _all_fixed(counts: Mapping[str, int], language: str) -> dict[str, str]:
    """Word it as all where every one of several stays: "102 of these 102" is no sentence."""
    final = counts["final_1"]
    if not counts.get("fixed_1") == final > 1:
        return {}
    return {"fixed_1": texts.say("headline.review.all_fixed_1", language, count=final)}


def _whole_flow(ledger: pd.DataFrame, parameters: Parameters) -> dict[str, pd.DataFrame]:
    """Follow the proposals received down to the categories, where the data hold those of phases 1 and 2."""
    early = folder.load(parameters.data)
    if early.get(RECEIVED) is None:
        return {}
    final = ledger.set_index(PROPOSAL)["category_final"]
    steps = public_register.flow(
        public_register.register(early),
        final,
        planned=bool(parameters.method.plan),
        set_aside=early.set_aside,
    )
    return {"whole_flow": steps, "whole_flow_totals": public_register.flow_totals(steps)}


def studied_of(inputs: Inputs, parameters: Parameters) -> study.Study | None:
    """Prepare the sensitivity; None where it cannot be computed at all, and notebook 4 says why."""
    try:
        return study.prepare(inputs, parameters)
    except StatisticsError:
        return None


def register(
    assessed: Assessment, inputs: Inputs, studied: study.Study | None, parameters: Parameters
) -> pd.DataFrame:
    """Join all that is known of each proposal, with ``another_round`` where errors of rating can be judged.

    ``evaluators_cross`` counts who alone decides whether it is in category 1. Where the sensitivity cannot be
    computed at all, these columns are lacking.
    """
    ledger = dispositions.build(
        assessed.assigned,
        assessed.settled,
        inputs,
        study=studied,
        languages=languages_of(parameters.method),
        stages=[stage.name for stage in parameters.method.stages],
        by_route=dispositions.left_to_the_route(assessed.assigned, parameters.method),
        veto=parameters.veto_limit,
    )
    if not (parameters.method.plan or parameters.method.routed):
        # Nothing of its table asks for one.
        ledger = ledger.drop(columns="route")
    if studied is None:
        return ledger
    alone = on_one_frame(studied, left_out(studied, inputs))[["evaluators_cross"]].astype("Int64")
    for frame in (another_round(studied), alone.reset_index()):
        ledger = ledger.merge(frame, on=PROPOSAL, how="left", validate="1:1")
    return ledger


def another_round(studied: study.Study) -> pd.DataFrame:
    """Compute the probability that another round of ratings keeps each category, at the baseline weights."""
    probability, _ = study.chances_of_another_round(studied)
    base = studied.portfolio.baseline()
    kept = probability[np.arange(len(base)), base - 1]  # categories count from 1
    return pd.DataFrame({PROPOSAL: studied.proposals, "another_round": kept})


def of_the_plan(published: Results, inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Give what notebook 6 shows of a method with a published plan alone."""
    phases = published.further["transcribed"]["phases"]
    return {
        "review_points": sections.review_points(
            # Conflicts of seats and of people who did not rate are not computed; and
            # the record of a run, which names no organisation, must lead to the same sentence.
            organisations=not inputs.organisations.empty,
            synthetic=inputs.synthetic,
        ),
        "influence_evidence": parameters_and_gaps.influence_evidence(phases),
        "method_followed": parameters_and_gaps.method_followed(phases),
    }


def _lost(published: Results | None) -> list[tuple[str, str]]:
    if published is None:
        return []
    rows = published.tables["plan_inventory"].query("state == 'lost'")[["id", "caption"]]
    return list(rows.itertuples(index=False, name=None))


def _known(
    tables: dict[str, pd.DataFrame],
    published: Results | None,
    *,
    inputs: Inputs,
    parameters: Parameters,
    studied: study.Study | None,
) -> Known:
    counted = given.compute(inputs, parameters).summary
    numbers: dict[str, float] = {name: counted[name] for name in ("ratings", "evaluators", "broken")}
    facts = (
        {} if published is None else {**published.tables, "influence_evidence": tables["influence_evidence"]}
    )
    of_one = inputs.ratings.groupby(PROPOSAL)[EVALUATOR].nunique()
    numbers["evaluators_of_one"] = int(of_one.max()) if len(of_one) else 0
    ways = {} if studied is None else ways_counts(ways_frame(studied))
    languages = languages_of(parameters.method)
    return Known(
        plan=facts,
        ledger=tables["ledger"],
        not_computable=tables["not_computable"],
        counts=numbers | {"lacking_ratings": counted["lacking"], "tolerance": parameters.tolerance} | ways,
        synthetic=inputs.synthetic,
        agreement={} if tables["ledger"]["blind_pairs"].sum() else sentences(inputs, parameters, languages),
    )
