"""Does one person decide? Categories without each evaluator, each indicator and each panel in turn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ogp_analysis.assessment import categories, whole_assessment
from ogp_analysis.assessment.batch import score
from ogp_analysis.assessment.criterion_rule import criterion_rule
from ogp_analysis.assessment.rating_arrays import Seating, Sheet, seatings_of
from ogp_analysis.errors import keyed_error
from ogp_analysis.language import labels
from ogp_analysis.model import arguments
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import CATEGORY_IN_PLAN, EVALUATOR, INDICATOR, PANEL, PROPOSAL
from ogp_analysis.sensitivity.study import Study, prepare

KINDS = (EVALUATOR, INDICATOR, PANEL)
STAYS, COULD_CHANGE, CHANGES, NO_CATEGORY = range(4)
# Numbers in the sheets of a chunk; what is left out is far more rows than there are proposals.
CELLS = 1 << 20
Places = tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Gaps:
    """What is left out: one row for each proposal that it touches.

    Parameters
    ----------
    kinds, names : list of str
        What is left out in turn, q of them, and its code.
    ratings : ndarray of int, shape (q,)
        Ratings that go with it, third ones among them.
    which : ndarray of int, shape (R,)
        For each row the place of what is left out, rising.
    proposal : ndarray of int, shape (R,)
        For each row the place of the proposal.
    independent, third : tuple of tuple of ndarray of int
        For each criterion the places of the ratings to blank: row, indicator, panel (and seat).
    counted : tuple of tuple of ndarray of int
        For each criterion the places of the counts to blank: row and indicator.
    """

    kinds: list[str]
    names: list[str]
    ratings: np.ndarray
    which: np.ndarray
    proposal: np.ndarray
    independent: tuple[Places, ...]
    third: tuple[Places, ...]
    counted: tuple[Places, ...]


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Categories of the judged proposals that a gap touches; all others stay as they are.

    Parameters
    ----------
    gaps : Gaps
        What is left out, and the proposals that it touches.
    base : ndarray of int, shape (R,)
        Category with nothing left out.
    ruled : ndarray of int, shape (R,)
        Category without it; -1 where it is open.
    possible : ndarray of bool, shape (R, categories)
        Those that third evaluations which nobody gave could make of it.
    unrated : ndarray of bool, shape (R,)
        Too little is left to give any category.
    """

    gaps: Gaps
    base: np.ndarray
    ruled: np.ndarray
    possible: np.ndarray
    unrated: np.ndarray

    @property
    def outcome(self) -> np.ndarray:
        """0 stays, 1 could change, 2 changes whatever thirds would say, 3 has no category; (R,)."""
        rows = np.arange(len(self.base))
        keeps = self.possible[rows, self.base - 1]
        open_ones = self.possible.sum(axis=1) > 1
        outcome = np.where(keeps, np.where(open_ones, COULD_CHANGE, STAYS), CHANGES)
        return np.where(self.unrated, NO_CATEGORY, outcome)

    @property
    def decides(self) -> np.ndarray:
        """Of which it alone decides the category: another without it, or none at all, (R,)."""
        return np.isin(self.outcome, (CHANGES, NO_CATEGORY))

    @property
    def enters(self) -> np.ndarray:
        """Which come into category 1 without it, (R,)."""
        return (self.base != CATEGORY_IN_PLAN) & (self.ruled == CATEGORY_IN_PLAN)

    @property
    def leaves(self) -> np.ndarray:
        """Which are in category 1 no more without it, (R,)."""
        return self.decides & (self.base == CATEGORY_IN_PLAN)


def left_out(study: Study, inputs: Inputs) -> LeftOut:
    """Assess the judged proposals without each evaluator, indicator and panel; rows of gaps are one axis.

    Only the proposals that a gap touches are assessed again, in chunks of bounded memory.
    """
    sheets = [scoring.sheet for scoring in study.portfolio.scorings]
    rated = whole_assessment.ratings_used(inputs, study.parameters)
    seatings = seatings_of(rated, study.parameters.method, study.proposals)
    gaps = gaps_of(sheets, seatings)
    widest = sum(math.prod(sheet.ratings.shape[1:]) for sheet in sheets)
    step = max(1, CELLS // widest)
    starts = range(0, max(len(gaps.which), 1), step)
    parts = [_assessed(study, sheets, gaps, start, start + step) for start in starts]
    ruled, possible, unrated = (np.concatenate(part) for part in zip(*parts, strict=True))
    return LeftOut(gaps, study.portfolio.baseline()[gaps.proposal], ruled, possible, unrated)


def _assessed(
    study: Study, sheets: Sequence[Sheet], gaps: Gaps, start: int, end: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Categories, possible ones and lack of any of the rows of gaps from ``start`` to ``end``."""
    # What is left decides; a third evaluation that a pair now calls for leaves open what it could say, unless
    # the method lets the mean of the pair stand in for it.
    third = "mean" if study.parameters.missing_third == "mean" else "bounds"
    other = replace(study.parameters, missing="available", missing_third=third)
    rows = gaps.proposal[start:end]
    blanked = [_blanked(sheet, gaps, c, start, end) for c, sheet in enumerate(sheets)]
    scored = [score(sheet, [criterion_rule(sheet.criterion, other)]) for sheet in blanked]
    axes, alone = whole_assessment.axes_of(scored, other), np.zeros(1, dtype=int)
    how = categories.category_rule(other.method)
    ruling = categories.categorise(axes, [alone] * len(axes), how, study.portfolio.route[rows])
    ruled = ruling.ruled[0]
    possible = ruled[:, None] == np.array(how.numbers)
    possible[ruling.open_cases[1]] = ruling.possible
    waits = np.any([axis.unresolved[0] for axis in axes], axis=0)
    return ruled, possible, (ruled == categories.UNDETERMINED) & ~waits


def _blanked(sheet: Sheet, gaps: Gaps, criterion: int, start: int, end: int) -> Sheet:
    made = sheet.rows(gaps.proposal[start:end])
    arrays = [made.ratings.copy(), made.thirds.copy(), made.points.copy()]
    for array, places in zip(
        arrays, (gaps.independent[criterion], gaps.third[criterion], gaps.counted[criterion]), strict=True
    ):
        here = (places[0] >= start) & (places[0] < end)
        array[places[0][here] - start, *(place[here] for place in places[1:])] = np.nan
    return replace(made, ratings=arrays[0], thirds=arrays[1], points=arrays[2])


def gaps_of(sheets: Sequence[Sheet], seatings: Sequence[Seating]) -> Gaps:
    """List what can be left out in turn: every evaluator, and what leaves another of its kind to judge by."""
    parts = [_gaps_of_evaluators(sheets, seatings)]
    m = len(sheets[0].points)
    for kind, name, blanks in _others(sheets):
        ratings = sum(_rated(sheets[c], n, p) for c, n, p in blanks)
        parts.append(_gap_of_all(sheets, kind, name, blanks, m=m, ratings=ratings))
    return _joined(parts, len(sheets))


Blank = tuple[int, int | None, int | None]  # criterion, and an indicator or a panel of it


def _others(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str, list[Blank]]]:
    for c, sheet in enumerate(sheets):
        names = [indicator.name for indicator in sheet.criterion.indicators]
        for n, name in enumerate(names):
            if len(names) > 1:
                yield INDICATOR, name, [(c, n, None)]
    panels = dict.fromkeys(panel for sheet in sheets for panel in sheet.criterion.panels)
    for panel in panels:
        served = [c for c, sheet in enumerate(sheets) if panel in sheet.criterion.panels]
        if all(len(sheets[c].criterion.panels) > 1 for c in served):
            yield PANEL, panel, [(c, None, sheets[c].criterion.panels.index(panel)) for c in served]


def _rated(sheet: Sheet, indicator: int | None, panel: int | None) -> int:
    n = slice(None) if indicator is None else indicator
    p = slice(None) if panel is None else panel
    return int(
        np.isfinite(sheet.ratings[:, n][..., p, :]).sum() + np.isfinite(sheet.thirds[:, n][..., p]).sum()
    )


def _gap_of_all(
    sheets: Sequence[Sheet], kind: str, name: str, blanks: Sequence[Blank], *, m: int, ratings: int
) -> Gaps:
    """Leave an indicator or a panel out of every proposal."""
    rows = np.arange(m)
    independent, third, counted = ([_no_places(k) for _ in sheets] for k in (4, 3, 2))
    for c, n, p in blanks:
        shape = sheets[c].ratings.shape
        axes = [rows, *(np.arange(size) for size in shape[1:])]
        if n is not None:
            axes[1] = np.array([n])
            counted[c] = (rows, np.full(m, n))
        if p is not None:
            axes[2] = np.array([p])
        independent[c] = tuple(axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
        third[c] = tuple(axis.ravel() for axis in np.meshgrid(*axes[:3], indexing="ij"))
    which = np.zeros(m, dtype=int)
    places = (tuple(independent), tuple(third), tuple(counted))
    return Gaps([kind], [name], np.array([ratings]), which, rows, *places)


def _no_places(count: int) -> Places:
    return tuple(np.zeros(0, dtype=int) for _ in range(count))


def _gaps_of_evaluators(sheets: Sequence[Sheet], seatings: Sequence[Seating]) -> Gaps:
    """Leave every evaluator out of the proposals that he or she rated; who has no code, out of none."""
    everyone = np.concatenate([by for one in seatings for by in (one.independent_by, one.third_by)])
    who, names = pd.factorize(everyone, sort=True)
    lengths = [len(by) for one in seatings for by in (one.independent_by, one.third_by)]
    by_part = np.split(who, np.cumsum(lengths)[:-1])
    places = [place for one in seatings for place in (one.independent, one.third)]
    m = max(len(sheets[0].points), 1)
    keys = [by * m + place[0] for by, place in zip(by_part, places, strict=True)]
    known = np.unique(np.concatenate([key[by >= 0] for key, by in zip(keys, by_part, strict=True)]))
    blanks = [
        (np.searchsorted(known, key[by >= 0]), *(axis[by >= 0] for axis in place[1:]))
        for key, by, place in zip(keys, by_part, places, strict=True)
    ]
    counts = np.bincount(who[who >= 0], minlength=len(names))
    counted = tuple(_no_places(2) for _ in sheets)
    kinds = [EVALUATOR] * len(names)
    which, proposal = np.divmod(known, m)
    rows = (tuple(blanks[::2]), tuple(blanks[1::2]), counted)
    return Gaps(kinds, [str(name) for name in names], counts, which, proposal, *rows)


def _joined(parts: Sequence[Gaps], criteria: int) -> Gaps:
    """Put gaps one behind the other: places of rows move on by those in front."""
    first = np.cumsum([0, *(len(part.which) for part in parts)])
    before = np.cumsum([0, *(len(part.kinds) for part in parts)])

    def together(name: str) -> tuple[Places, ...]:
        columns = []
        for c in range(criteria):
            moved = [
                (getattr(part, name)[c][0] + first[k], *getattr(part, name)[c][1:])
                for k, part in enumerate(parts)
            ]
            columns.append(tuple(np.concatenate(axis) for axis in zip(*moved, strict=True)))
        return tuple(columns)

    return Gaps(
        [kind for part in parts for kind in part.kinds],
        [name for part in parts for name in part.names],
        np.concatenate([part.ratings for part in parts]),
        np.concatenate([part.which + before[k] for k, part in enumerate(parts)]),
        np.concatenate([part.proposal for part in parts]),
        *(together(name) for name in ("independent", "third", "counted")),
    )


def leave_each_out(inputs: Inputs, parameters: Parameters, *, reveal: bool = False) -> pd.DataFrame:
    """Does one person decide? Assess again without each evaluator, each indicator and each panel in turn.

    What is left out was never given: the other ratings of the proposal decide, as the method has it where a
    rating is absent and what is there counts (``missing: available``): the rating that is left of a pair
    alone, of a jury the others, of lead and counterpart the other one; the weight of an indicator passes to
    the others of its criterion in proportion. Where a pair calls for a third evaluation that nobody else
    gave, whatever it could say stays open. This is our choice: the plan does not say what replaces a rating.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings, proposals, decisions and evaluators.
    parameters : params.Parameters
        Every choice of the method. Decisions are off: categories are those of the rule.
    reveal : bool
        Whether to name evaluators, and the proposals that they move; by default they are only numbered, from
        the one who moves most, and counts are given.

    Returns
    -------
    DataFrame
        One row for each evaluator, each indicator whose criterion has others, and each panel where all its
        criteria have others: ``kind`` (evaluator, indicator, panel), ``name``, ``ratings`` (that go with it),
        ``changed, could_change, no_category`` (proposals that are in another category whatever lacking third
        evaluations say, that could be, and of which too little is left), ``crossing`` (those that enter or
        leave category 1), ``proposals, could_be, entered, left`` (their codes; empty for evaluators unless
        revealed). Only proposals are judged that have a category with everything in.

    Raises
    ------
    StatisticsError
        As in `study.prepare`, or an argument is not of its type.

    See Also
    --------
    study.prepare : What is judged.

    References
    ----------
    Leaving out one at a time is the jackknife: Quenouille, M. H. (1956). Notes on bias in estimation.
    Biometrika 43, 353-360, doi:10.1093/biomet/43.3-4.353. Nothing is estimated from it here.

    Examples
    --------
    >>> from ogp_analysis import ratings
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> frame = leave_each_out(ratings.load(parameters), parameters)
    >>> people = frame[frame["kind"] == "evaluator"]
    >>> len(people), int((people["changed"] == 0).sum()), people["name"].iloc[0]
    (109, 95, '1')
    """
    arguments.flag(reveal, "reveal")
    _refuse_other_records(inputs=(inputs, Inputs), parameters=(parameters, Parameters))
    study = prepare(inputs, parameters)
    frame = each_frame(study, left_out(study, inputs))
    return frame if reveal else _unnamed(frame)


def _refuse_other_records(**records: tuple[object, type]) -> None:
    for name, (value, kind) in records.items():
        if not isinstance(value, kind):
            about = {"kind": type(value).__name__, "wanted": kind.__name__}
            raise keyed_error(key="sensitivity.record", name=name, **about)


def each_frame(study: Study, without: LeftOut) -> pd.DataFrame:
    """Give a row for everything that is left out, evaluators named."""
    outcome, gaps = without.outcome, without.gaps
    size = len(gaps.kinds)
    chosen = {
        "changed": outcome == CHANGES,
        "could_change": outcome == COULD_CHANGE,
        "no_category": outcome == NO_CATEGORY,
        "crossing": without.enters | without.leaves,
    }
    codes = {
        "proposals": chosen["changed"],
        "could_be": chosen["could_change"],
        "entered": without.enters,
        "left": without.leaves,
    }
    return pd.DataFrame(
        {
            "kind": gaps.kinds,
            "name": gaps.names,
            "ratings": gaps.ratings,
            **{name: np.bincount(gaps.which[rows], minlength=size) for name, rows in chosen.items()},
            **{name: _codes(study, gaps, rows) for name, rows in codes.items()},
        }
    ).astype(dict.fromkeys(("kind", "name", *codes), "str"))


def _codes(study: Study, gaps: Gaps, rows: np.ndarray) -> list[str]:
    codes: list[list[str]] = [[] for _ in gaps.kinds]
    for which, proposal in zip(gaps.which[rows], gaps.proposal[rows], strict=True):
        codes[which].append(str(study.proposals[proposal]))
    return [" ".join(each) for each in codes]


CODES = ["proposals", "could_be", "entered", "left"]


def _unnamed(frame: pd.DataFrame) -> pd.DataFrame:
    """Number the evaluators from the one who moves most, and leave out which proposals they move."""
    people = frame["kind"] == EVALUATOR
    order = ["crossing", "changed", "could_change", "ratings"]
    listed = frame[people].sort_values(order, ascending=False, kind="stable", ignore_index=True)
    # Numbered after sorting: a number in the order of the codes would give the evaluator away.
    listed = listed.assign(name=[str(k + 1) for k in range(len(listed))], **dict.fromkeys(CODES, ""))
    return pd.concat([listed, frame[~people]], ignore_index=True)


def left_out_frame(study: Study, without: LeftOut) -> pd.DataFrame:
    """Count evaluators by how much changes without them; indicators and panels have a row each."""
    each = each_frame(study, without)
    people = each["kind"] == EVALUATOR
    counts = ["changed", "crossing", "could_change", "no_category"]
    grouped = each[people].groupby(counts, as_index=False).size().rename(columns={"size": "times"})
    grouped = grouped.assign(kind=EVALUATOR, name="", **dict.fromkeys(CODES, ""))
    named = each[~people].assign(times=1)
    frame = pd.concat([grouped, named], ignore_index=True)
    return frame[["kind", "name", "times", *counts, *CODES]].astype(dict.fromkeys(("times", *counts), int))


def on_one_frame(study: Study, without: LeftOut) -> pd.DataFrame:
    """Say for each proposal how many of its evaluators, and which indicators or panels, decide it alone."""
    gaps, outcome = without.gaps, without.outcome
    people = (np.array(gaps.kinds, dtype=object) == EVALUATOR)[gaps.which]
    size = len(study.proposals)
    rows = {
        "rated_by": people,
        "evaluators_change": people & without.decides,
        "evaluators_could": people & (outcome == COULD_CHANGE),
        "evaluators_cross": people & (without.enters | without.leaves),
    }
    others = _named_others(gaps, without.decides & ~people, size)
    words = {
        f"others_{language}": [
            "; ".join(labels.name_label(kind, name, language) for kind, name in each) for each in others
        ]
        for language in languages_of(study.parameters.method)
    }
    texts_of = {"others": [" ".join(name for _, name in each) for each in others], **words}
    return pd.DataFrame(
        {
            "category_by_rule": study.portfolio.baseline(),
            **{name: np.bincount(gaps.proposal[chosen], minlength=size) for name, chosen in rows.items()},
            **texts_of,
        },
        index=study.proposals.rename(PROPOSAL),
    ).astype(dict.fromkeys(texts_of, "str"))


def _named_others(gaps: Gaps, rows: np.ndarray, size: int) -> list[list[tuple[str, str]]]:
    names: list[list[tuple[str, str]]] = [[] for _ in range(size)]
    for which, proposal in zip(gaps.which[rows], gaps.proposal[rows], strict=True):
        names[proposal].append((gaps.kinds[which], gaps.names[which]))
    return names


def person_counts(study: Study, without: LeftOut) -> dict[str, int]:
    """Count what the bottom line says of single evaluators."""
    each, alone = each_frame(study, without), on_one_frame(study, without)
    people = each[each["kind"] == EVALUATOR]
    decided = people["changed"] + people["no_category"]
    return {
        "evaluators": len(people),
        "evaluators_changing": int((decided > 0).sum()),
        "evaluators_only": int((people["no_category"] > 0).sum()),
        "evaluators_could": int(((decided == 0) & (people["could_change"] > 0)).sum()),
        "evaluators_crossing": int((people["crossing"] > 0).sum()),
        "on_one_evaluator": int((alone["evaluators_change"] > 0).sum()),
    }
