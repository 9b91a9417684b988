"""Shares with their errors, nearest weightings, intervals of a study, however it adds up, with a veto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ogp_analysis.assessment.adding import Adding
from ogp_analysis.sensitivity.acceptability import moments_of_questions, weights_of_categories
from ogp_analysis.sensitivity.adding_up import (
    near_probability,
    questions,
    reach_probability,
    reached,
    shares_of_categories,
)
from ogp_analysis.sensitivity.axes import Axis
from ogp_analysis.sensitivity.beliefs import WeightBelief, fitting, spread_error
from ogp_analysis.sensitivity.flips import CategoryFlip, level_moves, nearest_of_moves, smallest_flip
from ogp_analysis.sensitivity.sampling import simulate
from ogp_analysis.sensitivity.stability import stability_interval
from ogp_analysis.sensitivity.study_record import Study


def acceptability(study: Study, beliefs: Sequence[WeightBelief | None]) -> np.ndarray:
    """Compute the share of the weightings of some beliefs that puts each proposal in each category."""
    portfolio = study.portfolio
    axes = zip(study.scores, portfolio.cuts, beliefs, strict=True)
    reach = [reach_probability(x, cuts, belief, portfolio.adding) for x, cuts, belief in axes]
    return shares_of_categories(reach, study.table, portfolio.barred(study.scores))


def acceptability_near(study: Study, *, concentration: float | None) -> np.ndarray:
    """Compute the same for weightings scattered around the baseline; None: nothing is known of them."""
    portfolio = study.portfolio
    if concentration is None:
        return acceptability(study, [None] * len(portfolio.cuts))
    axes = zip(study.scores, portfolio.weights, portfolio.cuts, strict=True)
    reach = [near_probability(*axis, portfolio.adding, concentration=concentration) for axis in axes]
    return shares_of_categories(reach, study.table, portfolio.barred(study.scores))


def drawn_chances(study: Study) -> tuple[np.ndarray, np.ndarray]:
    """Draw other rounds at the baseline weights: chances of categories (m, categories), standard errors.

    Only a weighted mean has the errors of its ratings added up; for all else whole rounds are drawn.
    """
    only = replace(study.portfolio, vary=("evaluators",))
    counts = simulate(only, draws=study.parameters.n_draws, seed=study.parameters.seed)
    return counts.share("categories"), counts.standard_error("categories")


def nearest_move(study: Study, *, norm: str) -> CategoryFlip:
    """Find the nearest weighting that would move each proposal to another category."""
    adding, parts = study.portfolio.adding, []
    for x, weights, cuts in zip(study.scores, study.portfolio.weights, study.portfolio.cuts, strict=True):
        flips = [
            smallest_flip(matrix, weights, limit, norm=norm)
            for matrix, limits in questions(x, cuts, adding)
            for limit in limits
        ]
        level = reached(x, weights, cuts, adding).sum(axis=1)
        parts.append(level_moves(flips, np.asarray(weights, dtype=float), level))
    return nearest_of_moves(parts, study.portfolio.written_out, norm=norm)


def weight_intervals(scores: np.ndarray, axis: Axis, adding: Adding) -> np.ndarray:
    """Find for each weight the interval in which each proposal keeps its level, (m, n, 2)."""
    parts = [
        stability_interval(x, axis.weights, limits) for x, limits in questions(scores, axis.cuts, adding)
    ]
    lowest, highest = (np.stack([part[..., end] for part in parts]) for end in range(2))
    return np.stack([lowest.max(axis=0), highest.min(axis=0)], axis=-1)


def central_weights_of(study: Study) -> tuple[np.ndarray, ...]:
    """Compute the mean weighting that would put each proposal in each category, axis by axis."""
    portfolio = study.portfolio
    axes = zip(study.scores, portfolio.cuts, portfolio.beliefs, strict=True)
    moments = [
        moments_of_questions(questions(x, cuts, portfolio.adding), fitting(belief, x.shape[1]))
        for x, cuts, belief in axes
    ]
    return weights_of_categories(moments, portfolio.written_out, portfolio.categories)


def weight_error(study: Study) -> np.ndarray:
    """Give the standard errors of the shares of weightings, (m, categories): 0 unless a belief is sampled."""
    walks = shares_of_walks(study)
    return spread_error(walks) if len(walks) else np.zeros(walks.shape[1:])


def shares_of_walks(study: Study) -> np.ndarray:
    """Compute the shares of weightings of each walk, (walks, m, categories): none where all is exact."""
    beliefs = study.portfolio.beliefs
    samples = [None if belief is None else belief.sample for belief in beliefs]
    walks = max((len(sample) for sample in samples if sample is not None), default=0)
    shares = np.empty((walks, len(study.portfolio.route), len(study.numbers)))
    for walk in range(walks):
        parts = [
            belief
            if belief is None or belief.sample is None
            else belief.with_sample(belief.sample[walk : walk + 1])
            for belief in beliefs
        ]
        shares[walk] = acceptability(study, parts)
    return shares
