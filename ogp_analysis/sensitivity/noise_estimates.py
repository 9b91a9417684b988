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
    bands = [_bands(study, k, model, fixed) for k in range(len(study.axes))]  # each (draws or 1, m, levels)
    draws = max(len(each) for each in bands)
    places = study.table | {"route": np.tile(study.portfolio.route, draws)}
    together = [np.broadcast_to(each, (draws, *each.shape[1:])).reshape(-1, each.shape[2]) for each in bands]
    probability = category_probability(*together, **places).reshape(draws, -1, len(study.numbers))
    if draws == 1:
        return probability[0], np.zeros_like(probability[0])
    # Criteria are drawn apart, so that draw k of one may meet draw k of the other.
    return probability.mean(axis=0), spread_error(probability)


def _bands(study: object, k: int, model: str, fixed: bool) -> np.ndarray:
    values, pmf = _joined([_possible(study, part, model) for part in study.axes[k].parts])
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


def _possible(study: object, part: int, model: str) -> tuple[np.ndarray, np.ndarray]:
    criterion, error = study.parameters.method.criteria[part], study.errors[part]
    if model == "own":
        return own_ratings(error.ratings)
    scale = tuple([getattr(i, end) for i in criterion.indicators] for end in ("minimum", "maximum"))
    return noisy_scores(study.portfolio.banks[part].own, error.sizes, error.probability, scale=scale)


def _joined(parts: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Put criteria side by side, (m, n, L); of a shorter list the last score is repeated, with no chance."""
    longest = max(values.shape[2] for values, _ in parts)
    room = [((0, 0), (0, 0), (0, longest - values.shape[2])) for values, _ in parts]
    scores = [np.pad(values, pad, mode="edge") for (values, _), pad in zip(parts, room, strict=True)]
    chances = [np.pad(pmf, pad) for (_, pmf), pad in zip(parts, room, strict=True)]
    return np.concatenate(scores, axis=1), np.concatenate(chances, axis=1)


def weight_error(study: object) -> np.ndarray:
    """Give the standard errors of the shares of weightings, (m, categories): 0 unless a belief is sampled."""
    walks = shares_of_walks(study)
    return spread_error(walks) if len(walks) else np.zeros(walks.shape[1:])


def shares_of_walks(study: object) -> np.ndarray:
    """Compute the shares of weightings of each walk, (walks, m, categories): none where all is exact."""
    beliefs = study.portfolio.beliefs
    sampled = [belief is not None and belief.route == "sample" for belief in beliefs]
    walks = max((len(b.sample) for b, drawn in zip(beliefs, sampled, strict=True) if drawn), default=0)
    shares = np.empty((walks, len(study.portfolio.route), len(study.numbers)))
    for walk in range(walks):
        parts = [
            b.with_sample(b.sample[walk : walk + 1]) if drawn else b
            for b, drawn in zip(beliefs, sampled, strict=True)
        ]
        shares[walk] = category_acceptability(study.scores, beliefs=parts, **study.places)
    return shares
