"""Monte Carlo where exactness ends: chunks of bounded memory, integer counts, same bytes for any workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.arguments import argument_refusal
from ogp_analysis.sensitivity import arguments, ranking
from ogp_analysis.sensitivity.beliefs import SAMPLE, WeightBelief, fitting, named_as
from ogp_analysis.sensitivity.draws import FEWEST, draw_weights

TASKS_AT_ONCE = 64  # chunks in flight on an executor, whose map takes in all of its input at once
# Numbers in the largest array of a chunk. Each chunk has its own seed, so another size means other draws; it
# must not depend on the machine or the number of workers.
CELLS = 1 << 19


class Task(Protocol):
    """What `simulate` repeats: it must be picklable for executors with processes."""

    def chunk_size(self) -> int:
        """Return the number of draws of a full chunk."""

    def count(self, size: int, seed: np.random.SeedSequence) -> dict[str, np.ndarray]:
        """Draw ``size`` times and return integer counts."""


@dataclass(frozen=True)
class Counts:
    """Integer counts of a number of draws; counts of different chunks or machines are added by `merge`.

    Parameters
    ----------
    draws : int
        Number of draws.
    tables : mapping of str to numpy.ndarray of int
        Named counts.

    Examples
    --------
    >>> counts = Counts(200, {"kept": np.array([150, 200])})
    >>> counts.share("kept").tolist(), counts.standard_error("kept").round(4).tolist()
    ([0.75, 1.0], [0.0306, 0.0035])
    """

    draws: int
    tables: Mapping[str, np.ndarray]

    def share(self, name: str) -> np.ndarray:
        """Return the counts under ``name`` as shares of the draws."""
        return self.tables[name] / self.draws

    def standard_error(self, name: str) -> np.ndarray:
        """Return the standard error of each share."""
        return standard_error(self.tables[name], self.draws)


def standard_error(counts: ArrayLike, draws: int) -> np.ndarray:
    """Compute the Monte Carlo standard error of a share: sqrt(p (1 - p) / draws).

    A share of exactly 0 or 1 has an estimated error of 0, which says little: p is then moved by half a draw.

    Parameters
    ----------
    counts : array_like of int
        Number of draws with the event.
    draws : int
        Number of draws, at least 1.

    Returns
    -------
    numpy.ndarray
        Same shape as the counts.

    Raises
    ------
    StatisticsError
        There are no draws, or a count is not between 0 and the draws.

    Examples
    --------
    >>> standard_error([50, 0], 100).round(4).tolist()
    [0.05, 0.0071]
    """
    draws, counts = arguments.whole_number(draws, "draws", least=1), arguments.numbers(counts, "counts")
    arguments.refuse_non_finite(counts, "counts")
    if np.any((counts < 0) | (counts > draws)):
        raise keyed_error(
            key="sensitivity.counts_range", low=float(counts.min()), high=float(counts.max()), draws=draws
        )
    p = np.clip(counts / draws, 0.5 / draws, 1 - 0.5 / draws)
    return np.sqrt(p * (1 - p) / draws)


def merge(parts: Iterator[Counts] | list[Counts]) -> Counts:
    """Add counts of several chunks or runs.

    Parameters
    ----------
    parts : iterable of Counts
        With the same tables, of the same shapes; read once, so a generator keeps the memory small.

    Returns
    -------
    Counts

    Raises
    ------
    StatisticsError
        There is nothing to merge, or the parts do not count the same tables.

    Examples
    --------
    One of two draws and three of three make four of five:

    >>> merge([Counts(2, {"a": np.array([1])}), Counts(3, {"a": np.array([3])})]).share("a").tolist()
    [0.8]
    """
    if not isinstance(parts, Iterable):
        raise argument_refusal(parts, "parts", "sensitivity.parts")
    total: Counts | None = None
    for part in parts:
        _refuse_other_tables(total, part)
        if total is None:
            total = part
        else:
            tables = {name: total.tables[name] + part.tables[name] for name in total.tables}
            total = Counts(total.draws + part.draws, tables)
    if total is None:
        raise keyed_error(key="sensitivity.no_counts")
    return total


def _refuse_other_tables(total: Counts | None, part: Counts) -> None:
    if not isinstance(part, Counts):
        raise keyed_error(key="sensitivity.part", part=part)
    known = _shapes(total if total is not None else part)
    if _shapes(part) != known:
        raise keyed_error(key="sensitivity.other_tables", tables=_shapes(part), known=known)


def _shapes(counts: Counts) -> dict[str, tuple[int, ...]]:
    return {name: np.shape(counts.tables[name]) for name in sorted(counts.tables)}


def simulate(task: Task, *, draws: int, seed: int, executor: Executor | None = None) -> Counts:
    """Repeat a task and add its counts.

    Parameters
    ----------
    task : Task
        What to draw and count.
    draws : int
        Number of draws, at least 1.
    seed : int
        Chunk k draws from ``SeedSequence(seed, spawn_key=(k,))``, so the result does not depend on who
        computes which chunk.
    executor : concurrent.futures.Executor, optional
        Where to compute the chunks; in this process by default.

    Returns
    -------
    Counts
        The same bytes for any executor and any number of workers.

    Raises
    ------
    StatisticsError
        ``draws`` is no whole number of at least 1, ``seed`` none of at least 0, or ``task`` cannot count.

    Examples
    --------
    Ratings 1 and 5 beat a constant 2 in three quarters of all weightings; 10,000 draws say so to 0.02:

    >>> found = simulate(RankTask(np.array([[1.0, 5.0], [2.0, 2.0]])), draws=10_000, seed=1)
    >>> bool(abs(found.share("ranks")[0, 0] - 0.75) < 0.02)
    True
    """
    if not all(callable(getattr(task, name, None)) for name in ("chunk_size", "count")):
        raise argument_refusal(task, "task", "sensitivity.task")
    draws, seed = arguments.whole_number(draws, "draws", least=1), arguments.whole_number(seed, "seed")
    return merge(_chunks(task, draws, seed, executor))


def _chunks(task: Task, draws: int, seed: int, executor: Executor | None) -> Iterator[Counts]:
    size = task.chunk_size()
    jobs = ((task, min(size, draws - start), seed, k) for k, start in enumerate(range(0, draws, size)))
    if executor is None:
        yield from (count_chunk(*job) for job in jobs)
        return
    while batch := list(islice(jobs, TASKS_AT_ONCE)):
        yield from executor.map(count_chunk, *zip(*batch, strict=True))


def count_chunk(task: Task, size: int, seed: int, k: int) -> Counts:
    """Count one chunk; a function of the module so that other processes can find it.

    A chunk depends on its number alone, not on who computes it or when:

    >>> task = RankTask(np.array([[1.0, 5.0], [2.0, 2.0]]))
    >>> first, again = (count_chunk(task, 50, 1, 7).tables["ranks"] for _ in range(2))
    >>> bool(np.all(first == again))
    True
    """
    return Counts(size, task.count(size, np.random.SeedSequence(seed, spawn_key=(k,))))


@dataclass(frozen=True)
class RankTask:
    """Rank acceptability of a weighted mean under random weights.

    Parameters
    ----------
    scores : numpy.ndarray, shape (m, n)
        Indicator scores.
    belief : WeightBelief or None
        Uniform by default.
    pairs : bool
        Whether to count pairwise wins as well.
    """

    scores: np.ndarray
    belief: WeightBelief | None = None
    pairs: bool = True

    def chunk_size(self) -> int:
        """Return the draws of a full chunk: fewer for more proposals."""
        return max(1, CELLS // max(1, len(self.scores)))

    def count(self, size: int, seed: np.random.SeedSequence) -> dict[str, np.ndarray]:
        """Count ranks and twice the wins of one chunk."""
        # A named bit generator: numpy may change the one behind default_rng.
        rng = np.random.Generator(np.random.PCG64(seed))
        weights = draw_weights(self.scores.shape[1], size=size, rng=rng, belief=self.belief)
        values = weights @ self.scores.T
        counts = {"ranks": ranking.rank_counts(*ranking.sorted_places(values))}
        return counts | ({"wins": ranking.win_counts(ranking.draw_ranks(values))} if self.pairs else {})


def rank_acceptability(
    scores: ArrayLike,
    *,
    draws: int,
    seed: int,
    belief: WeightBelief | None = None,
    pairs: bool = True,
    executor: Executor | None = None,
) -> Counts:
    """Count how often each proposal takes each rank under random weights.

    Parameters
    ----------
    scores : array_like, shape (m, n)
        Indicator scores; higher is better.
    draws, seed, executor
        As in `simulate`.
    belief : WeightBelief, optional
        Uniform by default. One with too many constraints for an exact answer is walked through first.
    pairs : bool
        Whether to count pairwise wins as well.

    Returns
    -------
    Counts
        ``share("ranks")`` (m, m): share of draws in which proposal i has rank k + 1, tied proposals sharing
        the better rank. ``tables["wins"] / 2 / draws``: share in which i beats k, ties one half.

    Raises
    ------
    StatisticsError
        Scores are not finite, the belief is about other indicators, or as in `simulate`.

    References
    ----------
    Lahdelma, R. and Salminen, P. (2001). SMAA-2: stochastic multicriteria acceptability analysis for group
    decision making. Operations Research 49(3), 444-454. https://doi.org/10.1287/opre.49.3.444.11220

    Examples
    --------
    A proposal that is better on every indicator is first whatever the weights:

    >>> rank_acceptability([[5, 5], [1, 1]], draws=10, seed=1).share("ranks").tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    scores = arguments.score_matrix(named_as(scores, belief))
    belief = fitting(belief, scores.shape[1])
    if belief is not None and not belief.searchable:  # walked once, and walked on from there in every chunk
        start = np.random.default_rng(arguments.whole_number(seed, "seed"))
        points = max(FEWEST, arguments.whole_number(draws, "draws", least=1))
        belief = belief.sampled(draws=min(points, SAMPLE), rng=start)
    task = RankTask(scores, belief, arguments.flag(pairs, "pairs"))
    return simulate(task, draws=draws, seed=seed, executor=executor)
