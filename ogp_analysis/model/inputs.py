"""What a run reads, checked: ratings and the tables beside them as one record that every room takes."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ogp_analysis.errors import Problem
from ogp_analysis.model.records import EVALUATOR, INDICATOR, PANEL, PROPOSAL, ROLE

# Who sits here has a stake by design; other methods name their own seats (Method.seats).
SEATS = ("lead", "counterpart")


@dataclass(frozen=True)
class Inputs:
    """Everything a run reads, checked.

    Parameters
    ----------
    ratings : DataFrame
        Columns ``proposal, indicator, panel, evaluator, role, rating``, one row a rating, sorted, so that the
        order of the file says nothing; empty ratings are left out.
    proposals : DataFrame
        Columns ``proposal, title, lead, counterparts, sector, route, if_not_confirmed, reiterations``; where
        no table was given, the codes that occur in the ratings.
    decisions : DataFrame
        Columns ``proposal, stage, category, reason, decided_by, date``; may be empty.
    evaluators : DataFrame
        Columns ``evaluator, organisation, sector``; may be empty.
    synthetic : bool
        Whether the data says of itself that it was invented.
    said : tuple of str
        How it was read, what was translated, assumed, dropped or is doubtful, in the run's language.
    warnings : tuple of Problem
        What is doubtful, for programs.
    doubts : tuple of str
        What to look at before believing the rest: codes that rated but are not in the table of evaluators,
        and the reverse. The last lines of ``said`` are these, each with a call to look at it in front.
    left_out : tuple of str
        Proposals that ``missing: drop`` leaves out because ratings of theirs are lacking.
    set_aside : DataFrame or None
        Their ratings, with the columns of ``ratings``; None where nothing is left out.
    seats : tuple of str
        Panels of the method whose rater has a stake by design.

    Examples
    --------
    >>> rated = pd.DataFrame({"panel": ["core_group", "lead"], "evaluator": ["CG1", "L1"]})
    >>> who = pd.DataFrame({"evaluator": ["CG1", "L1"], "organisation": ["FUNDAPI", "MINTEL"]})
    >>> Inputs(rated, evaluators=who).organisations.to_dict()
    {'CG1': 'FUNDAPI'}
    """

    ratings: pd.DataFrame
    proposals: pd.DataFrame = field(default_factory=pd.DataFrame)
    decisions: pd.DataFrame = field(default_factory=pd.DataFrame)
    evaluators: pd.DataFrame = field(default_factory=pd.DataFrame)
    synthetic: bool = False
    said: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    doubts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    set_aside: pd.DataFrame | None = None
    seats: tuple[str, ...] = SEATS

    @property
    def organisations(self) -> pd.Series:
        """Organisation by code of the evaluators whose conflicts of interest can be computed.

        They rated outside the seats, and their organisation was given. Where there is none, nothing in a run
        rests on who the evaluators are.
        """
        blind = self.ratings.loc[~self.ratings[PANEL].isin(self.seats), EVALUATOR]
        known = known_organisations(self.evaluators)
        return known[known.index.isin(blind)]

    @property
    def given(self) -> pd.DataFrame:
        """Every rating that was read, those of proposals that are left out too."""
        if self.set_aside is None:
            return self.ratings
        return in_order(pd.concat([self.ratings, self.set_aside]))


def known_organisations(evaluators: pd.DataFrame) -> pd.Series:
    """Give the organisation of each evaluator whose organisation was given: the one meaning of "known".

    Parameters
    ----------
    evaluators : DataFrame
        As read; may be empty. A cell that is empty or blank, as a template comes, gives none.

    Returns
    -------
    Series of str
        Organisation by code of the evaluator; of a code given twice, the first row counts.

    Examples
    --------
    >>> table = pd.DataFrame({"evaluator": ["CG1", "CG2", "CG3"], "organisation": ["MINTEL", " ", None]})
    >>> known_organisations(table).to_dict()
    {'CG1': 'MINTEL'}
    """
    if evaluators.empty or "organisation" not in evaluators:
        return pd.Series(dtype="str")
    given = evaluators.drop_duplicates(EVALUATOR).set_index(EVALUATOR)["organisation"]
    named = given.fillna("").astype(str).str.strip()
    return named[named != ""]


def in_order(ratings: pd.DataFrame) -> pd.DataFrame:
    """Sort ratings, so that the order of a file says nothing."""
    order = [PROPOSAL, INDICATOR, PANEL, ROLE, EVALUATOR]
    return ratings.sort_values(order, kind="stable", ignore_index=True)
