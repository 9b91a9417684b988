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
from ogp_analysis.sensitivity.adding_up import aggregated_probability
from ogp_analysis.sensitivity.beliefs import WeightBelief, belief_probability, read_belief, read_statement
from ogp_analysis.sensitivity.concentration import acceptability_curve, concentrated_probability
from ogp_analysis.sensitivity.constrained import (
    interval_probability,
    joint_probability,
    mixture_probability,
    ordered_probability,
    ordered_scores,
    partial_order_probability,
    polytope_probability,
    ratio_chain_probability,
    simplex_scores,
)
from ogp_analysis.sensitivity.core_set import SetStability, set_stability
from ogp_analysis.sensitivity.draws import draw_cuts, draw_weights
from ogp_analysis.sensitivity.flips import CategoryFlip, Flip, nearest_category, smallest_flip
from ogp_analysis.sensitivity.hints import answer_calls
from ogp_analysis.sensitivity.leave_one_out import leave_each_out
from ogp_analysis.sensitivity.noise import (
    noise_probability,
    noisy_scores,
    own_ratings,
    pattern_probability,
    rating_error,
)
from ogp_analysis.sensitivity.portfolio import Portfolio
from ogp_analysis.sensitivity.sampling import Counts, merge, rank_acceptability, simulate, standard_error
from ogp_analysis.sensitivity.settling import settling_chance
from ogp_analysis.sensitivity.shapley import Shares, shapley_shares, shares
from ogp_analysis.sensitivity.stability import cut_margin, cut_sweep, stability_interval
from ogp_analysis.sensitivity.threshold import threshold_probability
from ogp_analysis.sensitivity.ties import exact_mean, reaches, sides

__all__ = [
    "CategoryFlip",
    "Counts",
    "Flip",
    "Portfolio",
    "SetStability",
    "Shares",
    "WeightBelief",
    "acceptability_curve",
    "aggregated_probability",
    "band_probability",
    "belief_probability",
    "category_acceptability",
    "category_central_weights",
    "category_probability",
    "central_weights",
    "concentrated_probability",
    "cut_margin",
    "cut_sweep",
    "draw_cuts",
    "draw_weights",
    "exact_mean",
    "expected_rank",
    "interval_probability",
    "joint_probability",
    "leave_each_out",
    "merge",
    "mixture_probability",
    "nearest_category",
    "noise_probability",
    "noisy_scores",
    "ordered_probability",
    "ordered_scores",
    "own_ratings",
    "pairwise_winning",
    "partial_order_probability",
    "pattern_probability",
    "polytope_probability",
    "rank_acceptability",
    "rating_error",
    "ratio_chain_probability",
    "reaches",
    "read_belief",
    "read_statement",
    "set_stability",
    "settling_chance",
    "shapley_shares",
    "shares",
    "sides",
    "simplex_scores",
    "simulate",
    "smallest_flip",
    "stability_interval",
    "standard_error",
    "threshold_probability",
]

# What one types first is a topic's name: `sensitivity.acceptability(...)` says which functions there are.
answer_calls(__name__, [name for name in tuple(globals()) if not name.startswith("_")])
