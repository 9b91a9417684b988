"""How far categories depend on weights, cut points, rules and evaluators.

Exact where that is possible; sampled, with a standard error, elsewhere.
"""

from ogp_analysis.sensitivity.acceptability import (
    band_probability,
    category_acceptability,
    category_central_weights,
    category_probability,
    central_weights,
    expected_rank,
    pairwise_winning,
)
from ogp_analysis.sensitivity.constrained import (
    interval_probability,
    mixture_probability,
    ordered_probability,
    ordered_scores,
    partial_order_probability,
    polytope_probability,
    ratio_chain_probability,
    simplex_scores,
)
from ogp_analysis.sensitivity.statement import WeightBelief, belief_probability, read_belief, read_statement
from ogp_analysis.sensitivity.threshold import threshold_probability
from ogp_analysis.sensitivity.ties import exact_mean, reaches, sides

__all__ = [
    "WeightBelief",
    "band_probability",
    "belief_probability",
    "category_acceptability",
    "category_central_weights",
    "category_probability",
    "central_weights",
    "exact_mean",
    "expected_rank",
    "interval_probability",
    "mixture_probability",
    "ordered_probability",
    "ordered_scores",
    "pairwise_winning",
    "partial_order_probability",
    "polytope_probability",
    "ratio_chain_probability",
    "reaches",
    "read_belief",
    "read_statement",
    "sides",
    "simplex_scores",
    "threshold_probability",
]
