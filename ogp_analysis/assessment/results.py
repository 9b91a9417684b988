"""What notebook 3 shows: the categories of a run, how each came about, and what was decided besides."""

from __future__ import annotations

from ogp_analysis.assessment import whole_assessment
from ogp_analysis.assessment.exchange import exchange_words
from ogp_analysis.assessment.third_shares import third_shares
from ogp_analysis.assessment.vetoes import veto_words
from ogp_analysis.language import texts
from ogp_analysis.language.bottom_line import in_each_language
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.results import Results

# Tables of third evaluations; one figure has the name of the first.
OF_THIRDS = frozenset({"third_evaluations", "third_list", "unresolved"})


def compute(inputs: Inputs, parameters: Parameters) -> Results:
    """Find everything that notebook 3 shows: settled scores, categories and decisions.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings, proposals, decisions and evaluators.
    parameters : params.Parameters
        Every choice of the method.

    Returns
    -------
    Results
        Tables ``settled`` (one row a proposal, indicator and blind pair), ``indicator_scores`` (points),
        ``third_evaluations``, ``third_list``, ``unresolved`` (none where no third evaluation is ever called),
        ``categories``, ``category_counts``, ``decisions`` and ``top_outside``; the summary is that of
        `whole_assessment.summary`. Further are
        ``method``, ``cut_points``, those of each axis, in points, and ``third_shares`` (see `third_shares`).

    Raises
    ------
    StatisticsError
        A third evaluation is lacking and ``missing_third`` is ``"refuse"``.

    Examples
    --------
    >>> from ogp_analysis import ratings
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> found = compute(ratings.load(parameters), parameters)
    >>> found.tables["category_counts"]["by_rule"].tolist()
    [10, 10, 5, 18, 0]
    """
    assessed = whole_assessment.assess(inputs, parameters)
    counts = whole_assessment.summary(assessed, parameters)
    tables = whole_assessment.tables(assessed, parameters, decisions=inputs.decisions)
    if parameters.method.without_thirds:
        tables = {name: frame for name, frame in tables.items() if name not in OF_THIRDS}
    limit, languages = parameters.veto_limit, languages_of(parameters.method)
    vetoed = {str(one): veto_words(assessed.assigned, limit, one) for one in languages if limit is not None}
    findings = {one: {"veto": f"{words[0].upper()}{words[1:]}."} for one, words in vetoed.items()}
    return Results(
        tables=tables,
        summary=counts | ({"findings": findings} if findings else {}),
        bottom_line=in_each_language(
            "headline.categories",
            lambda language: {
                **counts,
                # Moves that no decision makes, and that a count of decisions leaves out.
                "marked": texts.counted("headline.review.marked", int(str(counts["marked"])), language),
                "exchanged": exchange_words(assessed.assigned, language),
                "vetoed": f"; {vetoed[str(language)]}" if vetoed else "",
            },
            synthetic=inputs.synthetic,
            languages=languages,
        ),
        synthetic=inputs.synthetic,
        further={
            "method": parameters.method,
            "third_shares": third_shares(assessed.settled, parameters),
            "cut_points": {axis.name: parameters.cut_points[axis.name] for axis in parameters.method.axes},
        },
    )
