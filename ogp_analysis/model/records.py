"""The records and column names that every other module shares; nothing here computes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from numbers import Integral
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# One long table of ratings.
PROPOSAL, INDICATOR, PANEL, EVALUATOR, ROLE, RATING = (
    "proposal",
    "indicator",
    "panel",
    "evaluator",
    "role",
    "rating",
)
RATING_COLUMNS = (PROPOSAL, INDICATOR, PANEL, EVALUATOR, ROLE, RATING)
INDEPENDENT, THIRD = "independent", "third"
ROLES = (INDEPENDENT, THIRD)

CRITERION, SCORE, COMPOSITE, LEVEL, CATEGORY = "criterion", "score", "composite", "level", "category"
LEVELS = ("low", "medium", "high")
# The plan's four categories, lines 526 to 540.
CATEGORIES = (1, 2, 3, 4)
CATEGORY_IN_PLAN, CATEGORY_RESERVE, CATEGORY_OUTSIDE, CATEGORY_NEXT = CATEGORIES

STAGE, REASON = "stage", "reason"
SELECTION, CONFIRMATION = "selection", "confirmation"


@dataclass(frozen=True)
class Indicator:
    """One indicator of a criterion.

    Parameters
    ----------
    name : str
        Key of the indicator, such as ``"potential_impact"``.
    criterion : str
        Key of the criterion it belongs to.
    minimum, maximum, step : float
        The rating scale: allowed ratings are minimum, minimum + step, ... maximum.
    direction : str
        ``"higher is better"`` or ``"lower is better"``; ratings of the second kind are mirrored on the scale.
    coding : str
        How a rating becomes a score: ``"rated"`` (as given), or for a count of merged proposals
        ``"binned"``, ``"rank"``, ``"share"``; for time ``"graded"`` or ``"pass_fail"``.

    Examples
    --------
    >>> Indicator("time", "feasibility", 1, 2, step=0.5).scale
    (1.0, 1.5, 2.0)
    """

    name: str
    criterion: str
    minimum: float
    maximum: float
    step: float = 1.0
    direction: str = "higher is better"
    coding: str = "rated"

    @property
    def scale(self) -> tuple[float, ...]:
        """Every rating that is allowed, from lowest to highest."""
        # 0.3 / 0.1 is 2.99...; each rating is made from its number, so that errors do not add up either.
        count = round((self.maximum - self.minimum) / self.step)
        return tuple(round(self.minimum + k * self.step, 10) for k in range(count + 1))


@dataclass(frozen=True)
class Criterion:
    """One criterion: its indicators and the panels that rate it.

    Parameters
    ----------
    name : str
        Key of the criterion, such as ``"feasibility"``.
    indicators : tuple of Indicator
        In the order of the plan.
    panels : tuple of str
        Who rates it, such as ``("lead", "counterpart")``.
    raters_per_panel : int
        How many independent evaluators each panel has by design: 1 for feasibility, 2 for relevance.

    Examples
    --------
    >>> time = Indicator("time", "feasibility", 1, 5)
    >>> Criterion("feasibility", (time,), ("lead", "counterpart"), 1).panels
    ('lead', 'counterpart')
    """

    name: str
    indicators: tuple[Indicator, ...]
    panels: tuple[str, ...]
    raters_per_panel: int


@dataclass(frozen=True)
class Method:
    """What is assessed and how categories follow from levels: the nested part of a scenario.

    Parameters
    ----------
    name : str
        Name of the method, such as ``"ecuador-2019"``.
    criteria : tuple of Criterion
        Two criteria; the first is the row of ``category_table``, the second its column.
    category_table : tuple of tuple of int
        ``category_table[row level][column level]``, levels low, medium, high; 0 means "3 where an
        institutional route is recorded, else 4".
    origin : dict
        For each setting, ``"plan, line N"`` or ``"ours"``.

    Examples
    --------
    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> method, problems = read_method("ecuador-2019", Path())
    >>> method.panels, method.seats
    (('lead', 'counterpart', 'working_group', 'core_group'), ('lead', 'counterpart'))
    """

    name: str
    criteria: tuple[Criterion, ...]
    category_table: tuple[tuple[int, ...], ...]
    origin: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, criterion by criterion."""
        return tuple(indicator for criterion in self.criteria for indicator in criterion.indicators)

    @property
    def panels(self) -> tuple[str, ...]:
        """All panels, criterion by criterion."""
        return tuple(panel for criterion in self.criteria for panel in criterion.panels)

    @property
    def seats(self) -> tuple[str, ...]:
        """Panels of one rater each: who sits there has a stake by design (lead and counterpart)."""
        return tuple(
            p for criterion in self.criteria if criterion.raters_per_panel == 1 for p in criterion.panels
        )

    def criterion(self, name: str) -> Criterion:
        """Look a criterion up by name; KeyError where there is none."""
        return {criterion.name: criterion for criterion in self.criteria}[name]


@dataclass(frozen=True)
class Estimate:
    """A statistic with its uncertainty.

    Parameters
    ----------
    value : float
        The statistic; NaN where it is undefined, and then ``note`` names why.
    standard_error : float
        Standard error in the unit of the value; NaN where it cannot be given.
    interval : tuple of float
        Lower and upper limit; NaN where they cannot be given.
    confidence_level : float
        Nominal coverage of the interval, in (0, 1).
    method : str
        Name of the statistic and of the way its interval was made.
    n_items, n_raters, n_ratings : int
        Size of the data that were used.
    note : str
        Key of the named reason or warning, empty where there is none.
    influence : numpy.ndarray or None
        Influence value of each item, summing to zero; None where the statistic has none.

    Examples
    --------
    >>> Estimate(math.nan, note="no_variance").interval
    (nan, nan)
    """

    value: float
    standard_error: float = math.nan
    interval: tuple[float, float] = (math.nan, math.nan)
    confidence_level: float = 0.95
    method: str = ""
    n_items: int = 0
    n_raters: int = 0
    n_ratings: int = 0
    note: str = ""
    influence: Any = field(default=None, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The estimate as JSON takes it.

        Returns
        -------
        dict
            ``value``, ``standard_error``, ``lower`` and ``upper``, every other number and word by its name.
            What is NaN or infinite is None, and ``note`` has the key of the reason where there is one.

        Examples
        --------
        >>> found = Estimate(math.nan, note="no_variation", method="Scott's pi").to_dict()
        >>> found["value"], found["upper"], found["note"]
        (None, None, 'no_variation')
        """
        return {name: _or_null(value) for name, value in self._cells().items()}

    def frame(self) -> pd.DataFrame:
        """The estimate as a table of one row; NaN and infinity stay.

        Returns
        -------
        pandas.DataFrame
            Columns as the keys of `to_dict`.

        Examples
        --------
        >>> Estimate(0.5, 0.1, (0.3, 0.7)).frame()[["value", "lower", "upper"]].values.tolist()
        [[0.5, 0.3, 0.7]]
        """
        import pandas as pd  # not at the top: records are read by commands that make no table

        return pd.DataFrame([self._cells()])

    def _cells(self) -> dict[str, Any]:
        cells: dict[str, Any] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name == "interval":
                cells |= {"lower": value[0], "upper": value[1]}
            # What is not compared (influence values, clusters, labels) is the items', not the estimate's.
            elif one.compare:
                cells[one.name] = value
        return cells


def _or_null(value: Any) -> Any:
    if isinstance(value, bool | str) or value is None:
        return value
    if not math.isfinite(value):
        return None
    return int(value) if isinstance(value, Integral) else float(value)
