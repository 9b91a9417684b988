"""What one criterion obeys on the way from its ratings to levels: the choices of one scenario."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from ogp_analysis.assessment.adding import PLAIN, Adding, adding_of
from ogp_analysis.model.exact_numbers import exact
from ogp_analysis.model.params import Parameters, as_fraction
from ogp_analysis.model.records import Criterion

# Different weightings of one criterion that are kept at hand, so that equal ones are one object.
KEPT = 65_536


@dataclass(frozen=True, eq=False)
class Weighing:
    """Weights and cut points of one criterion as the fractions that were written.

    Parameters
    ----------
    weights : tuple of Fraction
        One an indicator; they sum to 1.
    cuts : tuple of Fraction
        Any number, rising, in points.
    adding : Adding
        How scores are added up.
    """

    weights: tuple[Fraction, ...]
    cuts: tuple[Fraction, ...]
    adding: Adding = PLAIN


@dataclass(frozen=True)
class CriterionRule:
    """How the ratings of one criterion become levels. What has no effect is set aside: equal is the same.

    Parameters
    ----------
    seated : bool
        One evaluator a side: lead and counterpart.
    between : bool
        The panels are the sides of one pair; else each panel is a pair of its own.
    foreseen : bool
        A third evaluation decides pairs that differ.
    feasibility_rule, matching_rule : str or None
        As the parameters of these names.
    third_rule : str
        Likewise; ``"replace"`` where no third evaluation is foreseen.
    tolerance : float or None
        Points by which two matching ratings may differ.
    mean_stands_in : bool
        The mean of a pair is its score where a third evaluation is lacking.
    panel_rule : str or int
        ``"mean"`` or ``"minimum"`` over the pairs, or the place of the panel that decides alone.
    skip_missing : bool
        What nobody rated is passed over; else it leaves no score.
    weighing : Weighing
        Weights, cut points and how scores are added up.
    veto : Fraction or None
        An indicator below it bars a proposal from the best category.
    """

    seated: bool
    between: bool
    foreseen: bool
    feasibility_rule: str | None
    third_rule: str
    matching_rule: str | None
    tolerance: float | None
    mean_stands_in: bool
    panel_rule: str | int
    skip_missing: bool
    weighing: Weighing
    veto: Fraction | None = None


def criterion_rule(criterion: Criterion, parameters: Parameters) -> CriterionRule:
    """Take from the parameters what one criterion obeys.

    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> rules = [criterion_rule(criterion, parameters) for criterion in parameters.method.criteria]
    >>> [(rule.between, rule.foreseen, rule.tolerance) for rule in rules]
    [(True, False, None), (False, True, 1.0)]
    """
    seated = criterion.seated
    between = criterion.paired_between(parameters.blind_pair)
    foreseen = criterion.name in parameters.third_for
    combined = seated and not foreseen
    weights = parameters.as_given["indicator_weights"]
    # Where the composite is cut, a criterion is not.
    cuts = parameters.as_given["cut_points"].get(criterion.name, ())
    return CriterionRule(
        seated=seated,
        between=between,
        foreseen=foreseen,
        feasibility_rule=parameters.feasibility_rule if combined else None,
        third_rule=parameters.third_rule if foreseen else "replace",
        matching_rule=None if combined else parameters.matching_rule,
        tolerance=parameters.tolerance if foreseen else None,
        mean_stands_in=foreseen and parameters.missing_third == "mean",
        panel_rule=_panel_rule(parameters.panel_rule, criterion, between),
        skip_missing=parameters.missing == "available",
        weighing=_weighing(
            tuple(weights[one.name] for one in criterion.indicators), tuple(cuts), adding_of(parameters)
        ),
        veto=parameters.veto_limit,
    )


def _panel_rule(panel_rule: str, criterion: Criterion, between: bool) -> str | int:
    if between or len(criterion.panels) == 1:
        return "mean"  # of the only pair
    if panel_rule in criterion.panels:
        return criterion.panels.index(panel_rule)
    return panel_rule if panel_rule == "minimum" else "mean"


@lru_cache(KEPT)
def _weighing(weights: tuple[float | str, ...], cuts: tuple[float, ...], adding: Adding) -> Weighing:
    return Weighing(tuple(map(as_fraction, weights)), tuple(map(exact, cuts)), adding)
