"""What is believed about the weights, as data: words become a distribution and the algorithm that fits.

A statement is ``uniform``, ``dirichlet 20`` (around the baseline with concentration 20) or constraints joined
by ``;``, such as ``between 0.1 and 0.4; potential impact at least alignment; time at most 0.3; resources at
least 2 times complexity``. A constraint without a name holds for every indicator, one with names for its
criterion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import ParameterError, Problem, StatisticsError, keyed_error
from ogp_analysis.model.arguments import argument_refusal, refuse_unordered
from ogp_analysis.model.labelled import labels_of, numbered, places_of
from ogp_analysis.model.params import Parameters
from ogp_analysis.sensitivity import arguments, hit_and_run, simplices
from ogp_analysis.sensitivity.axes import axes_of
from ogp_analysis.sensitivity.constrained import (
    CANCELLATION,
    bound_vectors,
    interval_probability,
    mixture_probability,
    polytope_probability,
)
from ogp_analysis.sensitivity.simplices import Mixture
from ogp_analysis.sensitivity.threshold import threshold_probability
from ogp_analysis.sensitivity.ties import exact, slack

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
    scores = arguments.score_matrix(named_as(scores, belief))
    belief = fitting(belief, scores.shape[1])
    if belief is None or belief.route in ("uniform", "dirichlet"):
        return threshold_probability(scores, cuts, alpha=None if belief is None else belief.alpha)
    if belief.route == "interval":
        return interval_probability(scores, cuts, low=belief.low, high=belief.high)
    if belief.sample is not None:
        return _share_of(scores, arguments.cut_vector(cuts), belief.sample.reshape(-1, scores.shape[1]))
    belief.refuse_large()
    if belief.route == "polytope":
        normals, bounds = belief.constraints()
        return polytope_probability(scores, cuts, normals=normals, bounds=bounds)
    return mixture_probability(scores, cuts, belief.mixture())


def spread_error(walks: np.ndarray) -> np.ndarray:
    """Give the standard error of a mean over independent walks (first axis); never 0, as in `sampling`.

    >>> spread_error(np.array([0.0, 1.0, 0.0, 1.0])).round(4).tolist()
    0.2887
    """
    count = len(walks)
    # Walks that all agree say little of rare events: as if half of one of them had gone the other way.
    return np.maximum(walks.std(axis=0, ddof=1), 0.5 / count) / np.sqrt(count)


def _share_of(scores: np.ndarray, cuts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    limits, shares = cuts - slack(cuts), np.empty((len(scores), len(cuts)))
    for place, row in enumerate(scores):  # row by row: rows by draws may not fit into memory
        shares[place] = ((weights @ row)[:, None] >= limits).mean(axis=0)
    return shares


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
        raise keyed_error(key="sensitivity.statement_text", value=text)
    names = _names(indicators, "indicators", least=1)
    _refuse_one_name(indicators, names)
    clauses = [clause for clause in map(_in_one_spelling, text.split(";")) if clause]
    if not clauses:
        raise keyed_error(key="params.belief_empty", value=text, example=_Reader(names, ()).example())
    for clause in clauses:
        _refuse_other_numbers(clause)
    whole = [clause for clause in clauses if clause == "uniform" or DIRICHLET.fullmatch(clause)]
    if whole and len(clauses) > 1:
        raise keyed_error(key="params.belief_alone", value=text)
    if whole:
        return _whole(clauses[0], tuple(indicators), baseline)
    reader = _Reader(names, _names(others, "others"))
    for clause in clauses:
        reader.read(clause)
    return _checked(
        WeightBelief(tuple(indicators), None, tuple(reader.low), tuple(reader.high), tuple(reader.pairs)),
        text,
    )


def _refuse_other_numbers(clause: str) -> None:
    """Refuse fractions, percentages and decimal commas, saying how the number is written here."""
    match = OTHER_NUMBER.search(clause)
    if match is None:
        return
    number = match[0]
    value = Fraction(number.rstrip("%").replace(" ", "").replace(",", "."))
    decimal = f"{float(value / 100 if number.endswith('%') else value):.6g}"
    raise keyed_error(key="params.belief_number", clause=clause, name=number, written=decimal)


def _names(names: Sequence[str], what: str, *, least: int = 0) -> tuple[str, ...]:
    """Read names of indicators as statements write them."""
    refuse_unordered(names, what)
    listed = isinstance(names, Iterable) and not isinstance(names, str)
    listed_names = tuple(names) if listed else ()
    if not listed or len(listed_names) < least or not all(isinstance(name, str) for name in listed_names):
        raise argument_refusal(names, what, "sensitivity.names")
    return tuple(map(_in_one_spelling, listed_names))


def _refuse_one_name(indicators: Sequence[str], spelt: tuple[str, ...]) -> None:
    """Refuse two indicators that are one name in a statement."""
    twice = next((k for k, name in enumerate(spelt) if name in spelt[:k]), None)
    if twice is not None:
        pair = {"one": list(indicators)[spelt.index(spelt[twice])], "other": list(indicators)[twice]}
        raise argument_refusal(indicators, "indicators", "sensitivity.names_twice", **pair)


def _in_one_spelling(text: str) -> str:
    return " ".join(text.replace("_", " ").lower().split())


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
        raise keyed_error(key="sensitivity.mappings", criteria=criteria, baselines=baselines)
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
        raise keyed_error(key="params.belief_concentration", clause=clause, concentration=concentration)
    n = len(indicators)
    if baseline is None:
        baseline = np.full(n, 1 / n)
    weights = arguments.weight_vector(arguments.in_order_of(baseline, indicators, "baseline"), n)
    return WeightBelief(indicators, tuple((concentration * weights).tolist()))


class _Reader:
    """Collects the constraints of one criterion clause by clause."""

    def __init__(self, names: tuple[str, ...], others: tuple[str, ...]) -> None:
        self.names, self.others = names, others
        self.allowed = ", ".join(names + others)
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
            raise keyed_error(
                key="params.belief_clause", clause=clause, allowed=self.allowed, example=self.example()
            )

    def example(self) -> str:
        """Write a statement about the names that there are."""
        first, last = self.names[0], self.names[-1]
        ratio = f"; {last} at least 2 times {first}" if len(self.names) > 1 else ""
        return f"{first} at most 0.4{ratio}"

    def bound(self, name: str | None, low: float, high: float, clause: str) -> None:
        if low > high or high > 1:
            raise keyed_error(key="params.belief_bounds", clause=clause, low=low, high=high)
        # Clauses join: each bound may only narrow what earlier ones left.
        for i in range(len(self.names)) if name is None else self.places(name, clause):
            self.low[i], self.high[i] = max(self.low[i], low), min(self.high[i], high)

    def relate(self, larger: str, smaller: str, ratio: float, clause: str) -> None:
        first, second = self.places(larger, clause), self.places(smaller, clause)
        if len(first) != len(second):
            raise keyed_error(key="params.belief_two_criteria", clause=clause)
        # Both lists are empty where the clause is about another criterion, which reads it itself.
        if ratio <= 0 or first == second != []:
            raise keyed_error(key="params.belief_two_indicators", clause=clause)
        self.pairs += [(i, j, ratio) for i, j in zip(first, second, strict=True)]

    def places(self, name: str, clause: str) -> list[int]:
        if name in self.names:
            return [self.names.index(name)]
        if name in self.others:
            return []
        raise keyed_error(key="params.belief_name", clause=clause, name=name, allowed=self.allowed)


def _checked(belief: WeightBelief, text: str) -> WeightBelief:
    """Refuse constraints that leave no weights, or only weights that a contradictory order makes equal."""
    bound_vectors(belief.low, belief.high, len(belief.indicators))
    times = longest_paths(belief)[0]
    cycle = [belief.indicators[i] for i in range(len(belief.indicators)) if times.get((i, i), 0) > 1]
    if cycle:
        raise keyed_error(key="params.belief_cycle", value=text, cycle=", ".join(cycle))
    if belief.route == "polytope" and belief.searchable:
        simplices.polytope_corners(*belief.constraints())
    elif belief.route == "polytope":
        hit_and_run.walked(
            *belief.constraints(), draws=1, rng=np.random.default_rng(0)
        )  # refuses a contradiction
    return belief


def beliefs_of(parameters: Parameters) -> dict[str, WeightBelief | None]:
    """Read what the parameters say about the weights, axis by axis: of each criterion, or of the composite.

    >>> from ogp_analysis.model import params
    >>> beliefs = beliefs_of(params.from_values(params.baseline() | {"weight_belief": "time at most 0.3"}))
    >>> beliefs["feasibility"].route, beliefs["relevance"].route
    ('interval', 'uniform')
    """
    axes = axes_of(parameters)
    names = {axis.name: axis.indicators for axis in axes}
    baselines = {axis.name: axis.weights for axis in axes}
    beliefs = read_statement(parameters.weight_belief, names, baselines=baselines)
    return {
        name: belief
        if belief.searchable
        else belief.sampled(draws=SAMPLE, rng=np.random.default_rng([parameters.seed, place]))
        for place, (name, belief) in enumerate(beliefs.items())
    }


@dataclass(frozen=True)
class WeightBelief:
    """A distribution over the weights of one criterion.

    Parameters
    ----------
    indicators : tuple of str
        Names, in the order of the weights.
    alpha : tuple of float or None
        Dirichlet parameters; None means uniform on the set that the constraints leave.
    low, high : tuple of float
        Bounds of each weight.
    pairs : tuple of (int, int, float)
        ``(i, j, r)``: weight i is at least r times weight j.
    sample : numpy.ndarray, shape (walks, points, n), or None
        Drawn weights (`sampled`): where there are too many constraints for an exact answer, these stand for
        the set, and every share has a standard error (`spread_error`).

    Examples
    --------
    >>> WeightBelief(("time", "complexity"), pairs=((0, 1, 2.0),)).route
    'polytope'
    """

    indicators: tuple[str, ...]
    alpha: tuple[float, ...] | None = None
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    pairs: tuple[tuple[int, int, float], ...] = ()
    sample: np.ndarray | None = field(default=None, compare=False, repr=False)

    @property
    def bounded(self) -> bool:
        """Whether a bound restricts the weights beyond 0 to 1."""
        return any(value > 0 for value in self.low) or any(value < 1 for value in self.high)

    @property
    def route(self) -> str:
        """Name of the algorithm: sample, or an exact one: uniform, dirichlet, interval, orders, polytope."""
        if self.sample is not None:
            return "sample"
        if self.alpha is not None:
            return "dirichlet"
        if not self.pairs:
            return "interval" if self.bounded else "uniform"
        # Up to 6 indicators at most 720 total orders are averaged; beyond, corners are searched instead.
        plain = all(ratio == 1 for _, _, ratio in self.pairs) and not longest_paths(self)[1]
        return "orders" if plain and not self.bounded and len(self.indicators) <= 6 else "polytope"

    def mixture(self) -> Mixture:
        """Return the allowed weights as a mixture of simplices (not for a Dirichlet belief).

        Raises
        ------
        StatisticsError
            No weights obey the constraints, or there are too many to search.

        Examples
        --------
        >>> WeightBelief(("a", "b"), pairs=((1, 0, 1.0),)).mixture()[1].tolist()
        [[[0.0, 1.0], [0.5, 0.5]]]
        """
        self.refuse_large()
        n = len(self.indicators)
        if self.route == "interval":
            # Narrow bounds: signed shares would cancel, pieces of the polytope have shares of one sign.
            bounds = np.array(self.low, dtype=float), np.array(self.high, dtype=float)
            mixture, digits = simplices.interval_simplices(*bounds)
            return mixture if digits >= CANCELLATION else simplices.polytope_simplices(*self.constraints())
        if self.route == "orders":
            return simplices.order_simplices([(i, j) for i, j, _ in self.pairs], n)
        return simplices.polytope_simplices(*self.constraints())

    @property
    def searchable(self) -> bool:
        """Whether an exact answer exists: other beliefs have to be `sampled`."""
        n = len(self.indicators)
        return self.route != "polytope" or simplices.searchable(n + len(self.constraints()[0]), n)

    def refuse_large(self) -> None:
        """Refuse a belief without an exact answer, with the way to a sampled one."""
        if not self.searchable:
            constraints, n = len(self.constraints()[0]), len(self.indicators)
            raise keyed_error(key="sensitivity.belief_large", constraints=constraints, n=n)

    def sampled(self, *, draws: int, rng: np.random.Generator) -> WeightBelief:
        """Return the belief with drawn weights in place of an exact set (hit-and-run; not for Dirichlet).

        Examples
        --------
        >>> belief = WeightBelief(("a", "b", "c"), pairs=((0, 1, 2.0),))
        >>> belief.sampled(draws=1000, rng=np.random.default_rng(1)).route
        'sample'
        """
        if self.alpha is not None:
            raise keyed_error(key="sensitivity.dirichlet_sample")
        draws = arguments.whole_number(draws, "draws", least=1)
        sample = hit_and_run.walked(*self.constraints(), draws=draws, rng=arguments.generator(rng))
        return replace(self, sample=sample)

    def with_sample(self, sample: np.ndarray) -> WeightBelief:
        """Return the belief with these drawn weights, (walks, points, n)."""
        return replace(self, sample=sample)

    def constraints(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the constraints as normals (c, n) and bounds (c,): normals w <= bounds.

        Examples
        --------
        A first weight of at least twice the second: 2 w_2 - w_1 <= 0.

        >>> WeightBelief(("a", "b"), pairs=((0, 1, 2.0),)).constraints()[0].tolist()
        [[-1.0, 2.0]]
        """
        n = len(self.indicators)
        eye = np.eye(n)
        rows: list[tuple[np.ndarray, float]] = []
        for i in range(n):
            # A bound of 0 or 1 says nothing new, and the search for corners grows fast with constraints.
            if self.low and self.low[i] > 0:
                rows.append((-eye[i], -self.low[i]))
            if self.high and self.high[i] < 1:
                rows.append((eye[i], self.high[i]))
        rows += [(ratio * eye[j] - eye[i], 0.0) for i, j, ratio in self.pairs]
        normals = np.array([normal for normal, _ in rows]).reshape(-1, n)
        return normals, np.array([limit for _, limit in rows], dtype=float)


def named_as(scores: ArrayLike, belief: WeightBelief | None) -> ArrayLike:
    """Put the columns of a frame into the order of the belief's indicators; other names are refused.

    >>> import pandas as pd
    >>> named_as(pd.DataFrame([[1, 5]], columns=["b", "a"]), WeightBelief(("a", "b"))).values.tolist()
    [[5, 1]]
    """
    places = belief_places(scores, belief)
    return scores if places is None else scores.iloc[:, places]  # type: ignore[union-attr]


def belief_places(scores: ArrayLike, belief: WeightBelief | None) -> list[int] | None:
    """Find the column of each of the belief's indicators; None where columns or belief have no names.

    >>> import pandas as pd
    >>> belief_places(pd.DataFrame([[1, 5]], columns=["b", "a"]), WeightBelief(("a", "b")))
    [1, 0]
    """
    columns = labels_of(scores, "columns")
    if columns is None or not isinstance(belief, WeightBelief) or len(columns) != len(belief.indicators):
        return None
    places = places_of(columns, belief.indicators)
    if places is None and not numbered(columns):
        names = list(belief.indicators)
        raise keyed_error(key="sensitivity.belief_names", names=names, columns=columns)
    return places


def fitting(belief: WeightBelief | None, n: int) -> WeightBelief | None:
    """Take a belief about n weights, or None; refuse anything else.

    >>> fitting(WeightBelief(("a", "b")), 3)
    Traceback (most recent call last):
    ogp_analysis.errors.StatisticsError: belief is about 2 indicators, but the scores have 3
    """
    if belief is not None and not isinstance(belief, WeightBelief):
        raise argument_refusal(belief, "belief", "sensitivity.belief_kind")
    if belief is not None and len(belief.indicators) != n:
        raise keyed_error(key="sensitivity.belief_size", count=len(belief.indicators), n=n)
    return belief


def longest_paths(belief: WeightBelief) -> tuple[dict[tuple[int, int], Fraction], bool]:
    """Give how many times each weight is at least each other one by the pairs, and whether some are equal.

    A cycle of ratios contradicts itself only where its product is above 1; exactly 1 makes its weights equal
    up to the ratios, and below 1 they bound each other from both sides.

    >>> longest_paths(WeightBelief(("a", "b"), pairs=((0, 1, 2.0), (1, 0, 0.5))))[1]
    True
    """
    times: dict[tuple[int, int], Fraction] = {}
    for i, j, ratio in belief.pairs:
        times[i, j] = max(times.get((i, j), Fraction(0)), exact(ratio))
    places = range(len(belief.indicators))
    for k, i, j in product(places, repeat=3):  # i above k above j means i above j
        if (i, k) in times and (k, j) in times:
            times[i, j] = max(times.get((i, j), Fraction(0)), times[i, k] * times[k, j])
    return times, any(times.get((i, i)) == 1 for i in places)


PARAMETER = "weight_belief"
LARGE = (
    "sensitivity.constraints_many",
    "sensitivity.order_large",
    "sensitivity.belief_large",
)  # keys of what is too much to search


def check_belief(parameters: Parameters, *, file: str = "", language: str | None = None) -> None:
    """Refuse a statement about the weights that cannot be read or contradicts itself.

    Parameters
    ----------
    parameters : params.Parameters
        Any.
    file : str
        Name of the params file, for the message.
    language : str, optional
        Language of the message; that of the parameters where it is not given.

    Raises
    ------
    ParameterError
        ``weight_belief`` is not understood, names what is no indicator, or contradicts itself.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> check_belief(params.from_values(params.baseline()))
    >>> wrong = params.baseline() | {"weight_belief": "time at least bananas", "language": "es"}
    >>> check_belief(params.from_values(wrong), file="mio.yaml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ogp_analysis.errors.ParameterError: Problemas encontrados: 1
      - mio.yaml, parámetro weight_belief: «time at least bananas»: «bananas» no es un indicador del método...
    """
    try:
        beliefs_of(parameters)
    except StatisticsError as error:
        problem = _problem(error, parameters, file)
        raise ParameterError([problem], language or parameters.language) from error


def _problem(error: StatisticsError, parameters: Parameters, file: str) -> Problem:
    key = str(error.values["key"])
    # What else the kernels refuse is said of the whole statement: too much to search, or no weights are left.
    kernel = "params.belief_large" if key in LARGE else "params.belief_contradiction"
    own = key.startswith("params.") or key == "sensitivity.narrow"
    details = {name: str(value) for name, value in error.values.items() if name not in ("key", "value")}
    details |= {"allowed": ", ".join(indicator.name for indicator in parameters.method.indicators)}
    return Problem(
        key if own else kernel,
        file=file,
        parameter=PARAMETER,
        value=parameters.weight_belief,
        detail=tuple(details.items()),
    )
