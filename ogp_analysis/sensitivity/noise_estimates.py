"""Category probabilities over evaluators' errors and weights, exact or drawn, and their standard errors."""

from __future__ import annotations

import numpy as np

from ogp_analysis.errors import StatisticsError
from ogp_analysis.sensitivity.acceptability import (
    band_probability,
    category_acceptability,
    category_probability,
)
from ogp_analysis.sensitivity.beliefs import spread_error
from ogp_analysis.sensitivity.noise import noise_probability, noisy_scores, own_ratings, sampled_noise

DRAWN = 100_000  # patterns of all proposals together, where they are drawn
FEWEST = 200  # of one proposal
STREAM = 4  # of the seed: apart from all other draws


def noise_estimate(study: object, *, model: str, fixed: bool) -> tuple[np.ndarray, np.ndarray]:
    """Compute category probabilities over errors and weights, and their standard errors."""
    bands = [_bands(study, k, model, fixed) for k in range(2)]  # each (draws or 1, m, 3)
    draws = max(len(each) for each in bands)
    places = {"table": study.portfolio.table}
    route = np.broadcast_to(study.portfolio.route, (draws, len(study.portfolio.route)))
    both = [np.broadcast_to(each, (draws, *each.shape[1:])).reshape(-1, each.shape[2]) for each in bands]
    probability = category_probability(*both, **places, route=route.ravel()).reshape(draws, -1, 4)
    if draws == 1:
        return probability[0], np.zeros_like(probability[0])
    # Criteria are drawn apart, so that draw k of one may meet draw k of the other.
    return probability.mean(axis=0), spread_error(probability)


def _bands(study: object, k: int, model: str, fixed: bool) -> np.ndarray:
    criterion, error = study.parameters.method.criteria[k], study.errors[k]
    if model == "own":
        values, pmf = own_ratings(error.ratings)
    else:
        scale = tuple([getattr(i, end) for i in criterion.indicators] for end in ("minimum", "maximum"))
        values, pmf = noisy_scores(study.scores[k], error.sizes, error.probability, scale=scale)
    cuts = study.portfolio.cuts[k]
    known = {
        "weights": study.portfolio.weights[k] if fixed else None,
        "belief": study.portfolio.beliefs[k],
    }
    try:
        return band_probability(noise_probability(values, pmf, cuts, **known))[None]
    except StatisticsError:
        rng = np.random.default_rng([study.parameters.seed, STREAM, k, int(model == "own")])
        draws = int(np.clip(DRAWN // len(values), FEWEST, max(FEWEST, study.parameters.n_draws)))
        reached = sampled_noise(values, pmf, cuts, draws=draws, rng=rng, **known)
        return np.stack([band_probability(each) for each in reached])


def weight_error(study: object) -> np.ndarray:
    """Give the standard errors of the shares of weightings, (m, 4): 0 unless a belief is sampled."""
    walks = shares_of_walks(study)
    return spread_error(walks) if len(walks) else np.zeros(walks.shape[1:])


def shares_of_walks(study: object) -> np.ndarray:
    """Compute the shares of weightings of each independent walk, (walks, m, 4): none where all is exact."""
    beliefs = study.portfolio.beliefs
    sampled = [belief is not None and belief.route == "sample" for belief in beliefs]
    walks = max((len(b.sample) for b, drawn in zip(beliefs, sampled, strict=True) if drawn), default=0)
    shares = np.empty((walks, len(study.portfolio.route), 4))
    for walk in range(walks):
        parts = [
            b.with_sample(b.sample[walk : walk + 1]) if drawn else b
            for b, drawn in zip(beliefs, sampled, strict=True)
        ]
        shares[walk] = category_acceptability(
            study.scores,
            study.portfolio.cuts,
            table=study.portfolio.table,
            route=study.portfolio.route,
            beliefs=parts,
        )
    return shares
