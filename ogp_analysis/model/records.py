"""The records and column names that every other module shares; nothing here computes."""

from __future__ import annotations

import math
from collections.abc import Mapping
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

# Codings of an indicator that is counted, as reiterations are (plan, line 508), not judged by an evaluator.
COUNTED = ("binned", "rank", "share")

STAGE, REASON = "stage", "reason"
# Which indicators, below the limit of a veto, barred a proposal from the best category.
VETOED = "vetoed"
SELECTION, CONFIRMATION = "selection", "confirmation"

# A row of a table by itertuples: its fields are the table's columns, which pandas does not type.
TableRow = Any
# Words in one or more languages, by the language's code ("en", "es").
Titles = Mapping[str, str]
# A number as it was written, so that 1/3 and 0.1 stay exact.
WrittenNumber = float | int | str
# The reading of the blind pair that sets two panels against each other.
BETWEEN_PANELS = "between_panels"


@dataclass(frozen=True)
class Label:
    """One answer of a scale of words, such as ``"3: Accept"``, and the points that it is worth.

    Parameters
    ----------
    points : float
        What the answer counts.
    titles : mapping of str to str
        Its words by language.

    Examples
    --------
    >>> Label(2, {"en": "medium", "es": "medio"}).titles["es"]
    'medio'
    """

    points: float
    titles: Titles = field(compare=False)


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
    labels : tuple of Label
        Answers in words with their points, rising; empty where ratings are numbers.
    weight : float, str or None
        Default share in the criterion, as the method file writes it; None where it gives none.
    titles : mapping of str to str
        Its name for readers, by language; empty where the catalogues have it.

    Examples
    --------
    >>> Indicator("time", "feasibility", 1, 2, step=0.5).scale
    (1.0, 1.5, 2.0)
    >>> answers = (Label(0, {"en": "no"}), Label(3, {"en": "yes"}))
    >>> Indicator("legal", "feasibility", 0, 3, labels=answers).scale
    (0.0, 3.0)
    """

    name: str
    criterion: str
    minimum: float
    maximum: float
    step: float = 1.0
    direction: str = "higher is better"
    coding: str = "rated"
    labels: tuple[Label, ...] = ()
    weight: WrittenNumber | None = None
    titles: Titles = field(default_factory=dict, compare=False)

    @property
    def counted(self) -> bool:
        """Whether its scores are computed from counts: there is no judgement to adjudicate."""
        return self.coding in COUNTED

    @property
    def scale(self) -> tuple[float, ...]:
        """Every rating that is allowed, from lowest to highest."""
        if self.labels:
            return tuple(float(label.points) for label in self.labels)
        # 0.3 / 0.1 is 2.99...; each rating is made from its number, so that errors do not add up either.
        count = round((self.maximum - self.minimum) / self.step)
        return tuple(round(self.minimum + k * self.step, 10) for k in range(count + 1))


@dataclass(frozen=True)
class Criterion:
    """One criterion: its indicators, the panels that rate it and the levels it is cut into.

    Parameters
    ----------
    name : str
        Key of the criterion, such as ``"feasibility"``.
    indicators : tuple of Indicator
        In the order of the plan.
    panels : tuple of str
        Who rates it, such as ``("lead", "counterpart")``.
    raters_per_panel : int
        The most independent evaluators that a panel may have: 1 for feasibility, 2 for relevance.
    fewest_raters : int or None
        The fewest that it must have; None where every panel has ``raters_per_panel``.
    levels : tuple of str
        Names of the levels from lowest to highest; one more than there are cut points.
    cut_points : tuple of float or str, or None
        Default cut points, as the method file writes them; None where it gives none.
    weight : float, str or None
        Default share in the composite, as the method file writes it.
    titles : mapping of str to str
        Its name for readers, by language.

    Examples
    --------
    >>> time = Indicator("time", "feasibility", 1, 5)
    >>> Criterion("feasibility", (time,), ("lead", "counterpart"), 1).seated
    True
    >>> Criterion("merit", (time,), ("jury",), 7, fewest_raters=2).fewest
    2
    """

    name: str
    indicators: tuple[Indicator, ...]
    panels: tuple[str, ...]
    raters_per_panel: int
    fewest_raters: int | None = None
    levels: tuple[str, ...] = LEVELS
    cut_points: tuple[WrittenNumber, ...] | None = None
    weight: WrittenNumber | None = None
    titles: Titles = field(default_factory=dict, compare=False)

    @property
    def fewest(self) -> int:
        """Independent evaluators that each panel must have."""
        return self.raters_per_panel if self.fewest_raters is None else self.fewest_raters

    @property
    def seated(self) -> bool:
        """Whether two panels of one evaluator each form the pair, as lead and counterpart do."""
        return self.raters_per_panel == 1 and len(self.panels) == 2

    def paired_between(self, blind_pair: str) -> bool:
        """Whether its panels are the sides of the pair: seats always, others where that is the reading.

        A criterion of one panel has none to set against it: its pair is within, whatever the reading.
        """
        return self.seated or (blind_pair == BETWEEN_PANELS and len(self.panels) > 1)

    @property
    def juried(self) -> bool:
        """Whether a panel may have three evaluators or more: their mean counts, and no third is called."""
        return self.raters_per_panel > 2


@dataclass(frozen=True)
class Category:
    """One of the classes that a method puts proposals into.

    Parameters
    ----------
    number : int
        1 for the best, then 2, 3 ...
    titles : mapping of str to str
        What it means, by language; empty where the catalogues have it.
    name : str
        A code under which the method file may name it; empty where it has none.

    Examples
    --------
    >>> Category(1, {"en": "Accept", "es": "Aceptar"}, "accept").number
    1
    """

    number: int
    titles: Titles = field(default_factory=dict, compare=False)
    name: str = ""


@dataclass(frozen=True)
class Stage:
    """One step at which recorded decisions may change categories, such as the selection.

    Parameters
    ----------
    name : str
        Code of the stage.
    titles : mapping of str to str
        Its name for readers, by language.

    Examples
    --------
    >>> Stage("board", {"es": "directorio"}).name
    'board'
    """

    name: str
    titles: Titles = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Case:
    """What is decided, by whom and when: the words of headings.

    Parameters
    ----------
    titles : mapping of str to str
        The question or occasion, by language.
    body : mapping of str to str
        Who decides, by language; may be empty.
    period : str
        Year or period as it is to be shown; may be empty.
    language_of_titles : str
        Language in which the titles of proposals are written.

    Examples
    --------
    >>> Case({"en": "Seed fund 2026"}, period="2026").language_of_titles
    'en'
    """

    titles: Titles = field(default_factory=dict)
    body: Titles = field(default_factory=dict)
    period: str = ""
    language_of_titles: str = "en"


COMPOSITE_AXIS = "composite"
# Cell of a category table: the route decides between two categories.
ROUTE_DECIDES = 0


def _leads_out(table: tuple | int) -> bool:
    return any(map(_leads_out, table)) if isinstance(table, tuple) else table == ROUTE_DECIDES


@dataclass(frozen=True)
class Method:
    """What is assessed and how categories follow from levels: the nested part of a scenario.

    Parameters
    ----------
    name : str
        Name of the method, such as ``"ecuador-2019"``.
    criteria : tuple of Criterion
        One or more.
    category_table : nested tuple of int
        Category by level, one axis for each of :attr:`axes`, levels from lowest to highest; 0 where a
        recorded route decides (see ``route``).
    origin : dict
        For each setting, ``"plan, line N"`` or ``"our choice"``.
    categories : tuple of Category
        From best to last.
    route : tuple of int
        In a cell of 0: the category where a route outside is recorded, and the one where none is.
    by_composite : bool
        Whether the category follows from the composite of all criteria instead of a table of their levels.
    composite_levels : tuple of str
        Where it does, the levels of the composite from lowest to highest.
    composite_cuts : tuple of float or str, or None
        Where it does, its default cut points as the method file writes them.
    third_for : tuple of str or None
        Criteria in which a third evaluation is foreseen; None where the method file does not say.
    tolerance : float or None
        Default of the points that two matching ratings may be apart; None where the file gives none.
    stages : tuple of Stage
        Steps of recorded decisions, in their order.
    plan : str
        Name of the published plan that the method belongs to; empty where there is none.
    case : Case
        What is decided, by whom and when.
    titles : mapping of str to str
        Name of the method for readers.
    panel_titles, level_titles : mapping
        Titles of panels and levels, by their codes.
    called_for : tuple of str or None
        Criteria for which the parameters of a run foresee a third evaluation; None where there is no run.

    Examples
    --------
    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> method, problems = read_method("ecuador-2019", Path())
    >>> method.panels, method.seats
    (('lead', 'counterpart', 'working_group', 'core_group'), ('lead', 'counterpart'))
    >>> [axis.name for axis in method.axes], method.category_numbers
    (['feasibility', 'relevance'], (1, 2, 3, 4))
    """

    name: str
    criteria: tuple[Criterion, ...]
    category_table: tuple
    origin: dict[str, str] = field(default_factory=dict, compare=False)
    categories: tuple[Category, ...] = tuple(Category(number) for number in CATEGORIES)
    route: tuple[int, int] = (CATEGORY_OUTSIDE, CATEGORY_NEXT)
    by_composite: bool = False
    composite_levels: tuple[str, ...] = ()
    composite_cuts: tuple[WrittenNumber, ...] | None = None
    third_for: tuple[str, ...] | None = None
    tolerance: float | None = None
    stages: tuple[Stage, ...] = (Stage(SELECTION), Stage(CONFIRMATION))
    plan: str = ""
    case: Case = field(default_factory=Case, compare=False)
    titles: Titles = field(default_factory=dict, compare=False)
    panel_titles: Mapping[str, Titles] = field(default_factory=dict, compare=False)
    level_titles: Mapping[str, Titles] = field(default_factory=dict, compare=False)
    called_for: tuple[str, ...] | None = field(default=None, compare=False)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, criterion by criterion."""
        return tuple(indicator for criterion in self.criteria for indicator in criterion.indicators)

    @property
    def panels(self) -> tuple[str, ...]:
        """All panels, criterion by criterion; one that serves several criteria stands once."""
        return tuple(dict.fromkeys(panel for criterion in self.criteria for panel in criterion.panels))

    @property
    def seats(self) -> tuple[str, ...]:
        """Panels whose evaluators have a stake by design: a published plan's lead and counterpart.

        Of another method nothing says that two panels of one evaluator each rate proposals of their own.
        """
        if not self.plan:
            return ()
        seated = (p for criterion in self.criteria if criterion.seated for p in criterion.panels)
        return tuple(dict.fromkeys(seated))

    @property
    def category_numbers(self) -> tuple[int, ...]:
        """Numbers of the categories, from best to last."""
        return tuple(category.number for category in self.categories)

    @property
    def juried(self) -> bool:
        """Whether juries rate everything, so that nobody forms a pair and no third evaluation is called."""
        return all(criterion.juried for criterion in self.criteria)

    @property
    def of_twos(self) -> bool:
        """Whether in no panel more than two rate a proposal, third evaluations apart."""
        return not any(criterion.juried for criterion in self.criteria)

    @property
    def without_thirds(self) -> bool:
        """Whether no third evaluation is ever called, as of juries; that of a published plan is foreseen."""
        given = self.third_for if self.called_for is None else self.called_for
        pairs = [criterion for criterion in self.criteria if not criterion.juried]
        called = [c for c in pairs if (c.raters_per_panel == 2 if given is None else c.name in given)]
        return not (self.plan or called)

    @property
    def routed(self) -> bool:
        """Whether the table leaves any levels to a recorded route."""
        return _leads_out(self.category_table)

    @property
    def unweighted(self) -> bool:
        """Whether what is cut rests on one indicator each, so that there are no weights to vary."""
        return all(len(axis.indicators) == 1 for axis in self.axes)

    @property
    def axes(self) -> tuple[Criterion, ...]:
        """What is cut into levels that give the category: every criterion, or the composite alone."""
        if not self.by_composite:
            return self.criteria
        most = max(criterion.raters_per_panel for criterion in self.criteria)
        return (
            Criterion(
                COMPOSITE_AXIS,
                self.indicators,
                self.panels,
                most,
                levels=self.composite_levels,
                cut_points=self.composite_cuts,
            ),
        )

    def criterion(self, name: str) -> Criterion:
        """Look a criterion up by name; KeyError where there is none."""
        return {criterion.name: criterion for criterion in self.criteria}[name]

    def rated_by(self, panel: str) -> tuple[Indicator, ...]:
        """Give the indicators that a panel rates, of every criterion that it serves."""
        return tuple(i for c in self.criteria if panel in c.panels for i in c.indicators)


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
