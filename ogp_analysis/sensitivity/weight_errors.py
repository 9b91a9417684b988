"""Standard errors of shares of weightings: 0 unless a belief is sampled."""

from __future__ import annotations

import numpy as np

from ogp_analysis.sensitivity.adding_study import acceptability
from ogp_analysis.sensitivity.beliefs import spread_error
from ogp_analysis.sensitivity.study_record import Study


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
