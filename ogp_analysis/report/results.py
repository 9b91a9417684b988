"""What notebook 6 shows: the plan and what became of every proposal, why, and what cannot be answered."""

from __future__ import annotations

from ogp_analysis import plan
from ogp_analysis.assessment import assessment
from ogp_analysis.language.bottom_line import in_each_language
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.results import Results
from ogp_analysis.report import dispositions, review, sections
from ogp_analysis.sensitivity import study

# The other tables say what was asked, given or not found, whatever the ratings.
RESTS_ON_RATINGS = frozenset({"ledger", "fates"})


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
        Tables ``ledger`` (one row a proposal), ``fates``, ``parameters``, ``not_computable``,
        ``review_points`` and ``influence_evidence``. The summary has the counts of `dispositions.summary`,
        the ``method`` in use (for the weight explorer) and the ``language`` of the run. Further are ``plan``
        (the results of `plan.results.compute`) and ``assigned`` (categories, index proposal).

    Raises
    ------
    StatisticsError
        As in `ogp_analysis.sensitivity.study.prepare`.

    Examples
    --------
    >>> from ogp_analysis import ratings
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> found = compute(ratings.load(parameters), parameters)
    >>> len(found.tables["ledger"]), found.tables["fates"]["proposals"].sum().item()
    (43, 43)
    """
    assessed = assessment.assess(inputs, parameters)
    published = plan.results.compute()
    ledger = dispositions.build(
        assessed.assigned, assessed.settled, inputs, study=study.prepare(inputs, parameters)
    )
    lost = published.tables["plan_inventory"].query("state == 'lost'")[["id", "caption"]]
    tables = {
        "ledger": ledger,
        "fates": dispositions.fates(ledger),
        "parameters": review.parameter_table(parameters),
        "not_computable": review.not_computable(
            assessed.assigned, inputs, lost=list(lost.itertuples(index=False, name=None))
        ),
        "review_points": sections.review_points(
            organisations=bool((inputs.evaluators["organisation"] != "").any()),
            synthetic=inputs.synthetic,
        ),
        "influence_evidence": review.influence_evidence(published.further["transcribed"]["phases"]),
    }
    counts = dispositions.summary(ledger)
    return Results(
        tables=tables,
        summary={
            **counts,
            "method": review.method_in_use(parameters),
            "language": parameters.language,
        },
        bottom_line=in_each_language(
            "headline.review",
            lambda _: counts,
            synthetic=inputs.synthetic,
            languages=languages_of(parameters.method),
        ),
        synthetic=inputs.synthetic,
        further={"plan": published, "assigned": assessed.assigned},
        unrated=frozenset(tables) - RESTS_ON_RATINGS,
    )
