"""The blind pairs of the plan as tables of items by raters: by indicator, criterion score and level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.agreement.ratings_table import Ratings, from_long
from ogp_analysis.assessment import scoring, whole_assessment
from ogp_analysis.assessment.adding import adding_of
from ogp_analysis.assessment.rating_arrays import turned_ratings
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import (
    EVALUATOR,
    INDEPENDENT,
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    ROLE,
)
from ogp_analysis.model.records import Criterion as CriterionRecord

BY_INDICATOR, BY_CRITERION, BY_LEVEL = GRAINS = ("indicator", "criterion", "level")
SCORE, CODE = "score", "code"


@dataclass(frozen=True, eq=False)
class Comparison:
    """Ratings of the same thing by evaluators who did not see each other's.

    Parameters
    ----------
    grain : str
        ``"indicator"``, ``"criterion"`` (criterion scores) or ``"level"`` (0 low, 1 medium, 2 high).
    criterion, indicator, pair : str
        What is rated (``indicator`` empty above that grain) and by whom: a panel, or two joined by a dash.
    seats : bool
        Whether the two columns are seats (lead and counterpart; the two panels) and not people.
    table : Ratings
        Every proposal in a row, in sorted order, so that tables of different comparisons line up.
    people : tuple of frozenset of str
        Who sat in each seat, column by column; empty where the columns are people.

    Examples
    --------
    >>> table = Ratings(np.array([[1.0, 2.0]]), ["S01"], ["lead", "counterpart"])
    >>> Comparison(BY_INDICATOR, "feasibility", "time", "lead-counterpart", True, table).table.n_ratings
    2
    """

    grain: str
    criterion: str
    indicator: str
    pair: str
    seats: bool
    table: Ratings
    people: tuple[frozenset[str], ...] = ()


def independent(inputs: Inputs, parameters: Parameters) -> pd.DataFrame:
    """The blind ratings: no third evaluations, and none of a conflict that is excluded.

    >>> from ogp_analysis.model import params
    >>> table = pd.DataFrame({"evaluator": ["a", "b", "c"], "role": ["independent", "independent", "third"]})
    >>> found = independent(Inputs(table), params.from_values(params.baseline()))
    >>> found["evaluator"].tolist()
    ['a', 'b']
    """
    rated = whole_assessment.ratings_used(inputs, parameters)
    return rated[rated[ROLE] == INDEPENDENT]


def comparisons(inputs: Inputs, parameters: Parameters) -> list[Comparison]:
    """List every comparison of the blind pair, in the order of the method.

    The baseline compares two panels on feasibility, and two evaluators inside each panel on relevance.

    >>> from ogp_analysis.model import params
    >>> from ogp_analysis import ratings
    >>> parameters = params.from_values(params.baseline())
    >>> found = comparisons(ratings.load(parameters), parameters)
    >>> [(one.criterion, one.pair) for one in found if one.grain == BY_LEVEL]
    [('feasibility', 'lead-counterpart'), ('relevance', 'working_group'), ('relevance', 'core_group')]
    """
    rated = independent(inputs, parameters)
    proposals = sorted(rated[PROPOSAL].unique())
    listed = [
        comparison
        for criterion in parameters.method.criteria
        for comparison in _of_criterion(rated, criterion, parameters, proposals)
    ]
    # Sorting is stable: within a grain the order of the method's criteria and indicators stays.
    return sorted(listed, key=lambda one: GRAINS.index(one.grain))


def between_panels(criterion: CriterionRecord, parameters: Parameters) -> bool:
    """Whether the two panels are the two sides of a pair, rather than two evaluators inside each.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> [(one.name, between_panels(one, parameters)) for one in parameters.method.criteria]
    [('feasibility', True), ('relevance', False)]
    """
    return criterion.paired_between(parameters.blind_pair)


def _of_criterion(
    rated: pd.DataFrame, criterion: CriterionRecord, parameters: Parameters, proposals: list[str]
) -> Iterator[Comparison]:
    judged = [one for one in criterion.indicators if not one.counted]
    ratings = rated[rated[INDICATOR].isin([one.name for one in criterion.indicators])]
    ratings = ratings[ratings[PANEL].isin(criterion.panels)]
    seats = between_panels(criterion, parameters)
    for indicator in judged:
        part = ratings[ratings[INDICATOR] == indicator.name]
        for pair, table in _tables(part, criterion, seats=seats, proposals=proposals, value=RATING):
            scaled = _with_scale(table, indicator.scale, seats)
            people = _people(part, criterion) if seats else ()
            yield Comparison(BY_INDICATOR, criterion.name, indicator.name, pair, seats, scaled, people)
    scores = scores_of(ratings, criterion, parameters, by=[PANEL] if seats else [PANEL, EVALUATOR])
    people = _people(ratings, criterion) if seats else ()
    # Where the composite is cut, a criterion has no levels to agree on.
    cut = criterion.name in parameters.cut_points
    for grain, value in ((BY_CRITERION, SCORE), (BY_LEVEL, CODE))[: 1 + cut]:
        for pair, table in _tables(scores, criterion, seats=seats, proposals=proposals, value=value):
            scale = tuple(float(code) for code in range(len(criterion.levels))) if grain == BY_LEVEL else None
            scaled = table if scale is None else _with_scale(table, scale, False)
            yield Comparison(grain, criterion.name, "", pair, seats, scaled, people)


def _people(rated: pd.DataFrame, criterion: CriterionRecord) -> tuple[frozenset[str], ...]:
    given = rated[rated[RATING].notna()]
    return tuple(frozenset(given.loc[given[PANEL] == panel, EVALUATOR]) for panel in criterion.panels)


def scores_of(
    rated: pd.DataFrame, criterion: CriterionRecord, parameters: Parameters, *, by: list[str]
) -> pd.DataFrame:
    """Criterion score and level of each proposal as one side alone sees them.

    Four ratings of 4 give a score of 4, a high level; with one of them missing there is neither.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> criterion = parameters.method.criteria[0]
    >>> names = [one.name for one in criterion.indicators]
    >>> rated = pd.DataFrame({PROPOSAL: "S01", PANEL: "lead", INDICATOR: names, RATING: 4.0})
    >>> scores_of(rated, criterion, parameters, by=[PANEL])[[SCORE, CODE]].values.tolist()
    [[4.0, 2.0]]
    >>> scores_of(rated[1:], criterion, parameters, by=[PANEL])[[SCORE, CODE]].values.tolist()
    [[nan, nan]]
    """
    names = [indicator.name for indicator in criterion.indicators if not indicator.counted]
    coded = rated.assign(**{RATING: turned_ratings(rated, criterion)})
    wide = coded.groupby([PROPOSAL, *by, INDICATOR])[RATING].mean().unstack(INDICATOR).reindex(columns=names)
    exact = parameters.exact("indicator_weights")
    # In fractions: a score on a cut point must not fall below it by rounding of the weights.
    means, codes = scoring.exact_level_codes(
        wide.to_numpy(dtype=float),
        # Weights of the judged indicators alone, made to add up to 1 again.
        [exact[name] / sum(exact[other] for other in names) for name in names],
        parameters.exact_cuts(criterion.name) if criterion.name in parameters.cut_points else (),
        adding=adding_of(parameters),
    )
    whole = wide.notna().all(axis=1).to_numpy()
    made = wide.index.to_frame(index=False)
    return made.assign(**{SCORE: np.where(whole, means, np.nan), CODE: np.where(whole, codes, np.nan)})


def _tables(
    part: pd.DataFrame, criterion: CriterionRecord, *, seats: bool, proposals: list[str], value: str
) -> Iterator[tuple[str, Ratings]]:
    if seats:
        wide = part.groupby([PROPOSAL, PANEL])[value].mean().unstack(PANEL)
        wide = wide.reindex(index=proposals, columns=criterion.panels)
        yield "-".join(criterion.panels), Ratings(wide.to_numpy(dtype=float), proposals, list(wide.columns))
        return
    for panel in criterion.panels:
        made = from_long(part[part[PANEL] == panel], item=PROPOSAL, rater=EVALUATOR, value=value)
        wide = pd.DataFrame(made.values, index=pd.Index(made.items, dtype=object)).reindex(proposals)
        # Where a panel is a single person, an empty place keeps a table of pairs, none of them filled.
        short = int(made.identified and wide.shape[1] == 1)
        values = np.pad(wide.to_numpy(dtype=float), ((0, 0), (0, short)), constant_values=np.nan)
        yield (
            panel,
            Ratings(
                values,
                proposals,
                [*made.raters, *("",) * short],
                identified=made.identified,
                n_raters_known=made.n_raters_known,
            ),
        )


def _with_scale(table: Ratings, scale: tuple[float, ...], averaged: bool) -> Ratings:
    values = table.values[~table.missing]
    if averaged and not set(values) <= set(scale):
        # Means of several evaluators fall between the steps of the scale: the values seen are the scale then.
        scale = tuple(sorted(set(scale) | set(values.tolist())))
    return Ratings(table.values, table.items, table.raters, scale, table.identified, table.n_raters_known)
