"""What is believed about the weights, as data: a statement in words becomes a distribution of weights.

A statement is ``uniform``, ``dirichlet 20`` (around the baseline with concentration 20) or constraints joined
by ``;``, such as ``between 0.1 and 0.4; potential impact at least alignment; time at most 0.3; resources at
least 2 times complexity``. A constraint without a name holds for every indicator, one with names for its
criterion.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import StatisticsError
from ogp_analysis.params import Parameters
from ogp_analysis.sensitivity import checks, simplices, walk
from ogp_analysis.sensitivity.belief import WeightBelief, fitting, longest_paths, named_as
from ogp_analysis.sensitivity.constrained import (
    bound_vectors,
    interval_probability,
    mixture_probability,
    polytope_probability,
)
from ogp_analysis.sensitivity.threshold import threshold_probability
from ogp_analysis.sensitivity.ties import slack

SAMPLE = 20_000  # weightings that stand for a belief without an exact answer
NUMBER = r"((?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)"
# What people write for a number elsewhere: 1/3, 30 %, 0,3.
OTHER_NUMBER = re.compile(r"(?<![\d.,/])\d+(?:(?:[.,]\d+)? ?%| ?/ ?0*[1-9]\d*|,\d+)(?![\d.,/])")
DIRICHLET = re.compile(rf"dirichlet(?: around the baseline with concentration)? {NUMBER}")
BETWEEN = re.compile(rf"(?:(.+) )?between {NUMBER} and {NUMBER}")
BOUND = re.compile(rf"(?:(.+) )?at (least|most) {NUMBER}")
RATIO = re.compile(rf"(.+) at least (?:{NUMBER} times )?(.+)")


def belief_probability(scores: ArrayLike, cuts: ArrayLike, belief: WeightBelief | None = None) -> np.ndarray:
    """Compute P(w.x >= cut) under a belief by its exact route; None means uniform; (m, n), (r,) -> (m, r).

    Parameters
    ----------
    scores, cuts : array_like, shapes (m, n) and (r,)
        As in `threshold_probability`.
    belief : WeightBelief, optional
        About n indicators (`read_belief`).

    Returns
    -------
    numpy.ndarray, shape (m, r)

    Raises
    ------
    StatisticsError
        Scores or cuts are not finite, the belief is about another number of indicators, or has too many
        constraints to search.

    Examples
    --------
    A second weight of at least 3 times the first is 0.75 to 1, so the mean of 1 and 5 is 4 to 5:

    >>> belief = read_belief("b at least 3 times a", ("a", "b"))
    >>> belief_probability([[1, 5]], [4.5], belief).round(4).tolist()
    [[0.5]]
    """
    scores = checks.score_matrix(named_as(scores, belief))
    belief = fitting(belief, scores.shape[1])
    if belief is None or belief.route in ("uniform", "dirichlet"):
        return threshold_probability(scores, cuts, alpha=None if belief is None else belief.alpha)
    if belief.route == "interval":
        return interval_probability(scores, cuts, low=belief.low, high=belief.high)
    if belief.route == "sample":
        return _share_of(scores, checks.cut_vector(cuts), belief.sample.reshape(-1, scores.shape[1]))
    if belief.route == "polytope":
        normals, bounds = belief.constraints()
        return polytope_probability(scores, cuts, normals=normals, bounds=bounds)
    return mixture_probability(scores, cuts, belief.mixture())


def belief_error(scores: ArrayLike, cuts: ArrayLike, belief: WeightBelief | None = None) -> np.ndarray:
    """Compute the standard error of `belief_probability`: 0 where it is exact; (m, n), (r,) -> (m, r).

    Parameters
    ----------
    scores, cuts, belief
        As in `belief_probability`.

    Returns
    -------
    numpy.ndarray, shape (m, r)
        From the spread of independent walks, so that points of one walk may resemble each other.

    Examples
    --------
    >>> belief = read_belief("b at least 3 times a", ("a", "b"))
    >>> belief_error([[1, 5]], [4.5], belief).tolist()
    [[0.0]]
    >>> drawn = belief.sampled(draws=2000, rng=np.random.default_rng(1))
    >>> bool(0.001 < belief_error([[1, 5]], [4.5], drawn).item() < 0.05)
    True
    """
    scores, cuts = checks.score_matrix(scores), checks.cut_vector(cuts)
    belief = fitting(belief, scores.shape[1])
    if belief is None or belief.route != "sample":
        return np.zeros((len(scores), len(cuts)))
    walks = np.stack([_share_of(scores, cuts, weights) for weights in belief.sample])
    return spread_error(walks)


def spread_error(walks: np.ndarray) -> np.ndarray:
    """Give the standard error of a mean over independent walks (first axis); never 0, as in `sampling`.

    Examples
    --------
    >>> spread_error(np.array([0.0, 1.0, 0.0, 1.0])).round(4).tolist()
    0.2887
    """
    count = len(walks)
    # Walks that all agree say little of rare events: as if half of one of them had gone the other way.
    return np.maximum(walks.std(axis=0, ddof=1), 0.5 / count) / np.sqrt(count)


def _share_of(scores: np.ndarray, cuts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    limits, found = cuts - slack(cuts), np.empty((len(scores), len(cuts)))
    for place, row in enumerate(scores):  # row by row: rows by draws may not fit into memory
        found[place] = ((weights @ row)[:, None] >= limits).mean(axis=0)
    return found


def read_belief(
    text: str, indicators: Sequence[str], *, baseline: ArrayLike | None = None, others: Sequence[str] = ()
) -> WeightBelief:
    """Read a statement about the weights of one criterion.

    Parameters
    ----------
    text : str
        The statement (grammar above).
    indicators : sequence of str
        Names of the criterion's indicators, ``_`` or space between words.
    baseline : array_like, shape (n,), optional
        Weights around which ``dirichlet`` centres; equal by default.
    others : sequence of str
        Indicators of other criteria: clauses that name only these are passed over.

    Returns
    -------
    WeightBelief

    Raises
    ------
    StatisticsError
        A clause is not understood, names an unknown indicator or indicators of two criteria, contradicts
        another one, asks for a concentration of 0, or joins ``dirichlet`` or ``uniform`` with another clause.

    Examples
    --------
    >>> read_belief("between 0.1 and 0.4", ("time", "complexity", "resources", "willingness")).route
    'interval'

    A concentration is shared out as the baseline says:

    >>> read_belief("dirichlet 4", ("time", "resources"), baseline=[0.75, 0.25]).alpha
    (3.0, 1.0)
    """
    if not isinstance(text, str):
        message = f"weight statement {reprlib.repr(text)} must be text, such as 'uniform'"
        raise StatisticsError(message, statement=text)
    names = tuple(name.replace("_", " ") for name in _names(indicators, "indicators", least=1))
    clauses = [" ".join(clause.replace("_", " ").lower().split()) for clause in text.split(";")]
    clauses = [clause for clause in clauses if clause]
    for clause in clauses:
        _refuse_other_numbers(clause)
    whole = [clause for clause in clauses if clause == "uniform" or DIRICHLET.fullmatch(clause)]
    if not clauses or (whole and len(clauses) > 1):
        message = f"weight statement {text!r}: 'uniform' or 'dirichlet K' stands alone"
        raise StatisticsError(message, statement=text, key="params.belief_alone")
    if whole:
        return _whole(clauses[0], tuple(indicators), baseline)
    reader = _Reader(names, tuple(name.replace("_", " ") for name in _names(others, "others")))
    for clause in clauses:
        reader.read(clause)
    return _checked(
        WeightBelief(tuple(indicators), None, tuple(reader.low), tuple(reader.high), tuple(reader.pairs))
    )


def _refuse_other_numbers(clause: str) -> None:
    """Refuse fractions, percentages and decimal commas, saying how the number is written here."""
    match = OTHER_NUMBER.search(clause)
    if match is None:
        return
    number = match[0]
    value = Fraction(number.rstrip("%").replace(" ", "").replace(",", "."))
    written = f"{float(value / 100 if number.endswith('%') else value):.6g}"
    message = (
        f"weight statement {clause!r}: {number!r} is no number as it stands; write it with a point, "
        f"such as {written}"
    )
    told = {"clause": clause, "name": number, "written": written}
    raise StatisticsError(message, key="params.belief_number", **told)


def _names(names: Sequence[str], what: str, *, least: int = 0) -> tuple[str, ...]:
    listed = isinstance(names, Iterable) and not isinstance(names, str)
    found = tuple(names) if listed else ()
    if not listed or len(found) < least or not all(isinstance(name, str) for name in found):
        message = f"{what} is {reprlib.repr(names)}; it must be a sequence of names"
        raise StatisticsError(message, names=names)
    return found


def read_statement(
    text: str, criteria: Mapping[str, Sequence[str]], *, baselines: Mapping[str, ArrayLike] | None = None
) -> dict[str, WeightBelief]:
    """Read one statement for all criteria; returns a `WeightBelief` for each criterion.

    Parameters
    ----------
    text : str
        The statement (grammar above).
    criteria : mapping of str to sequence of str
        Names of each criterion's indicators.
    baselines : mapping of str to array_like, optional
        Weights around which ``dirichlet`` centres, by criterion; equal by default.

    Returns
    -------
    dict of str to WeightBelief
        In the order of the criteria; one that no clause names is uniform.

    Raises
    ------
    StatisticsError
        As in `read_belief`; criteria or baselines are not given by name.

    Examples
    --------
    >>> beliefs = read_statement("b at least a", {"first": ("a", "b"), "second": ("c", "d")})
    >>> beliefs["first"].pairs, beliefs["second"].route
    (((1, 0, 1.0),), 'uniform')
    """
    named = isinstance(criteria, Mapping) and (
        baselines is None or (isinstance(baselines, Mapping) and set(criteria) <= set(baselines))
    )
    if not named:
        message = (
            f"criteria {reprlib.repr(criteria)} and baselines {reprlib.repr(baselines)} must be mappings "
            "with the same names"
        )
        raise StatisticsError(message, criteria=criteria, baselines=baselines)
    return {
        criterion: read_belief(
            text,
            indicators,
            baseline=None if baselines is None else baselines[criterion],
            others=[name for other, names in criteria.items() if other != criterion for name in names],
        )
        for criterion, indicators in criteria.items()
    }


def _whole(clause: str, indicators: tuple[str, ...], baseline: ArrayLike | None) -> WeightBelief:
    match = DIRICHLET.fullmatch(clause)
    if match is None:
        return WeightBelief(indicators)
    concentration = float(match[1])
    if not 0 < concentration < np.inf:
        message = (
            f"weight statement {clause!r}: concentration {concentration:g} must be a finite number above 0"
        )
        raise StatisticsError(
            message, key="params.belief_concentration", clause=clause, concentration=concentration
        )
    n = len(indicators)
    weights = np.full(n, 1 / n) if baseline is None else checks.weight_vector(baseline, n)
    return WeightBelief(indicators, tuple((concentration * weights).tolist()))


class _Reader:
    """Collects the constraints of one criterion clause by clause."""

    def __init__(self, names: tuple[str, ...], others: tuple[str, ...]) -> None:
        self.names, self.others = names, others
        self.low, self.high = [0.0] * len(names), [1.0] * len(names)
        self.pairs: list[tuple[int, int, float]] = []

    def read(self, clause: str) -> None:
        if match := BETWEEN.fullmatch(clause):
            self.bound(match[1], float(match[2]), float(match[3]), clause)
        # Bounds before ratios: to the looser pattern of a ratio, "at least 0.3" names an indicator "0.3".
        elif match := BOUND.fullmatch(clause):
            value = float(match[3])
            low, high = (value, 1.0) if match[2] == "least" else (0.0, value)
            self.bound(match[1], low, high, clause)
        elif match := RATIO.fullmatch(clause):
            self.relate(match[1], match[3], float(match[2] or 1), clause)
        else:
            message = f"weight statement {clause!r} is not understood; allowed: {self.grammar()}"
            raise StatisticsError(message, clause=clause, key="params.belief_clause")

    def grammar(self) -> str:
        """Word what a statement may be, with an example of the names that there are."""
        first, last = self.names[0], self.names[-1]
        ratio = f"; {last} at least 2 times {first}" if len(self.names) > 1 else ""
        return (
            "'uniform', 'dirichlet K', or clauses joined by ';': '[NAME] at least X', '[NAME] at most X', "
            "'[NAME] between X and Y', 'NAME at least [K times] NAME' (no NAME: every indicator), such as "
            f"'{first} at most 0.4{ratio}'; a NAME is one of {', '.join(self.names + self.others)}"
        )

    def bound(self, name: str | None, low: float, high: float, clause: str) -> None:
        if low > high or high > 1:
            message = (
                f"weight statement {clause!r}: bounds {low:g} and {high:g} need 0 <= lower <= upper <= 1"
            )
            raise StatisticsError(message, clause=clause, key="params.belief_bounds")
        # Clauses join: each bound may only narrow what earlier ones left.
        for i in range(len(self.names)) if name is None else self.places(name, clause):
            self.low[i], self.high[i] = max(self.low[i], low), min(self.high[i], high)

    def relate(self, larger: str, smaller: str, ratio: float, clause: str) -> None:
        first, second = self.places(larger, clause), self.places(smaller, clause)
        if len(first) != len(second):
            message = (
                f"weight statement {clause!r} compares indicators of two criteria; weights sum to 1 in each"
            )
            raise StatisticsError(message, clause=clause, key="params.belief_two_criteria")
        # Both lists are empty where the clause is about another criterion, which reads it itself.
        if ratio <= 0 or first == second != []:
            message = f"weight statement {clause!r} needs two different indicators and a ratio above 0"
            raise StatisticsError(message, clause=clause, key="params.belief_two_indicators")
        self.pairs += [(i, j, ratio) for i, j in zip(first, second, strict=True)]

    def places(self, name: str, clause: str) -> list[int]:
        if name in self.names:
            return [self.names.index(name)]
        if name in self.others:
            return []
        message = f"weight statement {clause!r}: {name!r} is not one of {', '.join(self.names + self.others)}"
        raise StatisticsError(message, clause=clause, name=name, key="params.belief_name")


def _checked(belief: WeightBelief) -> WeightBelief:
    """Refuse constraints that leave no weights, or only weights that a contradictory order makes equal."""
    bound_vectors(belief.low, belief.high, len(belief.indicators))
    times = longest_paths(belief)[0]
    cycle = [belief.indicators[i] for i in range(len(belief.indicators)) if times.get((i, i), 0) > 1]
    if cycle:
        message = f"the order of the weights is cyclic: {', '.join(cycle)} would each be more than itself"
        raise StatisticsError(message, cycle=cycle, key="params.belief_cycle")
    if belief.route == "polytope" and belief.searchable:
        simplices.polytope_corners(*belief.constraints())
    elif belief.route == "polytope":
        walk.walked(*belief.constraints(), draws=1, rng=np.random.default_rng(0))  # refuses a contradiction
    return belief


def beliefs_of(parameters: Parameters) -> dict[str, WeightBelief | None]:
    """Read what the parameters say about the weights, criterion by criterion.

    Raises
    ------
    StatisticsError
        ``weight_belief`` cannot be read, names an unknown indicator or contradicts itself.

    Examples
    --------
    >>> from ogp_analysis import params
    >>> beliefs = beliefs_of(params.from_values(params.baseline() | {"weight_belief": "time at most 0.3"}))
    >>> beliefs["feasibility"].route, beliefs["relevance"].route
    ('interval', 'uniform')
    """
    names = {c.name: tuple(i.name for i in c.indicators) for c in parameters.method.criteria}
    baselines = {name: np.array(parameters.weights_of(name)) for name in names}
    beliefs = read_statement(parameters.weight_belief, names, baselines=baselines)
    return {
        name: belief
        if belief.searchable
        else belief.sampled(draws=SAMPLE, rng=np.random.default_rng([parameters.seed, place]))
        for place, (name, belief) in enumerate(beliefs.items())
    }
