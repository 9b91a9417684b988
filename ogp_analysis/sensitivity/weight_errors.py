"""Standard errors of shares of weightings: 0 unless a belief is sampled."""

from __future__ import annotations

import numpy as np

from ogp_analysis.sensitivity.adding_study import acceptability
from ogp_analysis.sensitivity.beliefs import spread_error


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
        shares[walk] = acceptability(study, parts)
    return shares
