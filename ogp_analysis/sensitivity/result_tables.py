"""Further frames of the sensitivity notebook: decisions, dials, sweeps, rules, ranks and shares."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial

import numpy as np
import pandas as pd

from ogp_analysis.assessment.categories import decided_categories
from ogp_analysis.model.records import CATEGORY_IN_PLAN, PROPOSAL
from ogp_analysis.sensitivity.adding_study import (
    acceptability_near,
    central_weights_of,
    shares_of_walks,
    weight_error,
    weight_intervals,
)
from ogp_analysis.sensitivity.beliefs import spread_error
from ogp_analysis.sensitivity.concentration import CONCENTRATIONS
from ogp_analysis.sensitivity.cut_steps import moved_cuts
from ogp_analysis.sensitivity.portfolio import GROUPS, TOP, Drawn, Portfolio, outcomes_of_mixtures
from ogp_analysis.sensitivity.rescoring import rule_choices
from ogp_analysis.sensitivity.rule_changes import under_rule
from ogp_analysis.sensitivity.sampling import Counts, simulate
from ogp_analysis.sensitivity.shapley import Shares, shares
from ogp_analysis.sensitivity.stability import counts_of_settings
from ogp_analysis.sensitivity.study import (
    UNDETERMINED,
    Study,
    weight_acceptability,
    with_error,
    with_undetermined,
)

UNIFORM = "uniform"
FEWEST_MIXED = 1000  # draws of the variance shares, however few the others are (our choice)
LARGEST_MODEL = 1_000_000  # draws x proposals in the variance shares: more proposals, fewer draws
FEWEST_DIFFERENT = 30  # draws of the rarer outcome below which chance alone could name a cause (our choice)
SHIFTS = np.arange(-10, 11) / 80  # shares of the scale; whole numbers first: the middle is exactly 0
RULE_COLUMNS = (
    "rule",
    "choice",
    "baseline",
    "stays",
    "could_change",
    "changed",
    "proposals",
    "could_be",
    "moves",
    "category_1",
    "unresolved",
)


def sample(study: Study, *, executor: Executor | None = None) -> Counts:
    """Draw weights, cut points, rules and evaluators together, ``n_draws`` times from ``seed``."""
    parameters = study.parameters
    return simulate(study.portfolio, draws=parameters.n_draws, seed=parameters.seed, executor=executor)


def decision_frame(study: Study) -> pd.DataFrame:
    """Compare categories by the rule alone and with recorded decisions held fixed."""
    share, numbers = weight_acceptability(study), study.numbers
    # 0 for "no decision" equals no category, and is read only where a decision is fixed.
    placed, where = decided_categories(study.assigned)
    fixed, chosen = placed.to_numpy(dtype=bool), where.fillna(0).astype(int).to_numpy()
    decided = chosen[:, None] == np.array(numbers)
    held = np.where(fixed[:, None], decided, share)
    walks = shares_of_walks(study)
    base = study.portfolio.baseline()
    _, settled = decided_categories(study.undetermined)
    also = np.array([int((settled == k).sum()) for k in numbers])
    frame = pd.DataFrame(
        {
            "category": numbers,
            "by_rule": [int((base == k).sum()) for k in numbers],
            "expected_by_rule": share.sum(axis=0),
            **with_error("expected_by_rule", _error_of_counts(walks)),
            "with_decisions": [int((np.where(fixed, chosen, base) == k).sum()) for k in numbers] + also,
            "expected_with_decisions": held.sum(axis=0) + also,
            # A decision holds whatever the weights: only the other proposals vary.
            **with_error("expected_with_decisions", _error_of_counts(walks[:, ~fixed])),
        }
    )
    if not len(settled):
        return frame
    counts = {"by_rule": len(settled), "with_decisions": int(settled.isna().sum())}
    last = pd.DataFrame([{"category": UNDETERMINED, **counts}])
    return pd.concat([frame.astype({"category": "object"}), last], ignore_index=True)


def _error_of_counts(walks: np.ndarray) -> np.ndarray:
    """Give the standard errors of mean counts, (walks, m, categories) -> (categories,); 0 without variation.

    From the sums of each walk: one walk judges all proposals by the same weightings, so that their errors do
    not add up as independent ones would.
    """
    if not walks.shape[0] or not walks.shape[1]:
        return np.zeros(walks.shape[2])
    return spread_error(walks.sum(axis=1))


def curve_frame(study: Study) -> pd.DataFrame:
    """Follow each proposal from trusted weights to unknown ones."""
    curve = np.stack([acceptability_near(study, concentration=k) for k in (*CONCENTRATIONS, None)])
    base = study.portfolio.baseline()
    kept = curve[:, np.arange(len(base)), base - 1]
    beliefs = ["baseline" if np.isinf(k) else "dirichlet" for k in CONCENTRATIONS] + [UNIFORM]
    parts = [
        pd.DataFrame({PROPOSAL: study.proposals, "belief": belief, "concentration": k, "keeps": row})
        for belief, k, row in zip(beliefs, [*CONCENTRATIONS, np.nan], kept, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def sweep_frame(study: Study, *, shifts: np.ndarray = SHIFTS) -> pd.DataFrame:
    """Count the categories while one cut point, or all of them, moves; the shift is in points."""
    parts = [
        _swept(study, moves, shifts).assign(cut=cut, level=level) for cut, level, moves in moved_cuts(study)
    ]
    frame = pd.concat(parts, ignore_index=True)
    first = ["cut", "level"]
    return frame[first + [name for name in frame if name not in first]]


def _swept(study: Study, moves: list[np.ndarray], shifts: np.ndarray) -> pd.DataFrame:
    settings = [
        [axis.cuts + shift * move for axis, move in zip(study.axes, moves, strict=True)] for shift in shifts
    ]
    # A shift at which cut points would change places is left out of the line.
    kept = [all((np.diff(cuts) > 0).all() for cuts in setting) for setting in settings]
    settings = [setting for setting, keep in zip(settings, kept, strict=True) if keep]
    counts = counts_of_settings(
        study.means, settings, study.portfolio.written_out, categories=study.portfolio.categories
    )
    columns = {f"category_{k}": counts[:, place] for place, k in enumerate(study.numbers)}
    points = shifts[kept] * max(move.max() for move in moves)
    return pd.DataFrame({"shift": points, **columns})


def stability_frame(study: Study) -> pd.DataFrame:
    """Give for each weight the interval in which each proposal keeps its level, the others in proportion."""
    parts = []
    for axis, scores in zip(study.axes, study.scores, strict=True):
        weights = axis.weights
        interval = weight_intervals(scores, axis, study.portfolio.adding)
        columns = {
            PROPOSAL: np.repeat(study.proposals, len(weights)),
            "criterion": axis.name,
            "indicator": list(axis.indicators) * len(study.proposals),
            "weight": np.tile(weights, len(study.proposals)),
            "lowest": interval[:, :, 0].ravel(),
            "highest": interval[:, :, 1].ravel(),
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def rule_frame(study: Study) -> pd.DataFrame:
    """Change one rule at a time and see whose category changes; weights, cuts and decisions aside.

    Where the other rule calls for third evaluations that nobody gave, a proposal changes only if every rating
    that they could give moves it; if some do, it could change.
    """
    base = study.portfolio.baseline()
    records = []
    for rule, choices in rule_choices(study.parameters, study.parameters.method.criteria).items():
        used = [scoring for scoring in study.portfolio.scorings if rule in scoring.rules[0]]
        for choice in choices if used else ():
            changed_to = under_rule(study, rule, choice)
            changed, could = (
                study.proposals[changed_to.changes(base)],
                study.proposals[changed_to.could(base)],
            )
            records.append(
                {
                    "rule": rule,
                    "choice": str(choice),
                    "baseline": getattr(study.parameters, rule) == choice,
                    "stays": len(base) - len(changed) - len(could),
                    "could_change": len(could),
                    "changed": len(changed),
                    "proposals": " ".join(changed),
                    "could_be": " ".join(could),
                    "moves": changed_to.moves(base, study.proposals),
                    "category_1": int((changed_to.ruled == CATEGORY_IN_PLAN).sum()),
                    "unresolved": changed_to.unresolved,
                }
            )
    return pd.DataFrame(records, columns=list(RULE_COLUMNS))


def rank_frame(study: Study, counts: Counts) -> pd.DataFrame:
    """Rank by the composite, which serves only the plan's note on the top 15 (line 752)."""
    ranks = counts.share("ranks")
    # Of 15 or fewer all are always in the top 15: a share of 1 without error would say nothing.
    some = len(ranks) > TOP
    frame = pd.DataFrame(
        {
            "composite": study.assigned["composite"],
            "rank": ranked(study.assigned["composite"]),
            "mean_rank": ranks @ np.arange(1, len(ranks) + 1),
            "top_15": counts.share("top") if some else np.nan,
            "top_15_error": counts.standard_error("top") if some else np.nan,
            "category_final": study.assigned["category_final"],
        },
        index=study.proposals.rename(PROPOSAL),
    )
    return with_undetermined(study, frame.sort_values("rank", kind="stable"))


def ranked(composite: pd.Series) -> pd.Series:
    """Rank scores, 1 is best; those that differ only by rounding share the better rank.

    >>> ranked(pd.Series([2.4999999999999996, 2.5, 3.0])).tolist()
    [2, 2, 1]
    """
    # Far finer than any two scores differ, far coarser than what sums of floats are off.
    return composite.round(9).rank(ascending=False, method="min").astype("Int64")


def assumption_shares(study: Study) -> Shares:
    """Estimate which group of assumptions moves each proposal's category, and the fate of the ten."""
    portfolio, parameters = study.portfolio, study.parameters
    samplers = {group: partial(_draw, portfolio, group) for group in GROUPS}
    # A draw takes two sets of inputs and runs the model on all of their 2**4 mixtures.
    draws = max(FEWEST_MIXED, min(parameters.n_draws // 2, LARGEST_MODEL // max(1, portfolio.size)))
    return shares(outcomes_of_mixtures(portfolio), samplers, draws=draws, seed=parameters.seed)


def _draw(portfolio: Portfolio, group: str, size: int, rng: np.random.Generator) -> Drawn:
    return portfolio.draw(group, size=size, rng=rng)


def too_alike(counts: Counts) -> bool:
    """Say whether too few draws differ on the fate of category 1 to name a cause.

    >>> [too_alike(Counts(20_000, {"ten": np.array([stay])})) for stay in (1, 29, 30, 19_971)]
    [True, True, False, True]
    """
    stay = int(counts.tables["ten"][0])
    return min(stay, counts.draws - stay) < FEWEST_DIFFERENT


def share_frame(
    computed: Shares, *, counts: Counts | None = None, doubtful: Sequence[str] = GROUPS
) -> pd.DataFrame:
    """Tabulate the Shapley shares of the assumptions that are in doubt: what cannot vary explains nothing."""
    # A jackknife over a handful of draws finds next to no error: such shares look exact and are chance.
    ten, ten_error = computed.share[:, -1], computed.standard_error[:, -1]
    if counts is not None and too_alike(counts):
        ten = ten_error = np.full(len(computed.groups), np.nan)
    each = computed.share[:, :-1]
    varies = ~np.isnan(each).any(axis=0)
    mean, error = np.full(len(each), np.nan), np.full(len(each), np.nan)
    if varies.any():
        mean = each[:, varies].mean(axis=1)
        # An upper bound: the errors of the proposals are taken as fully dependent (they share their draws).
        error = computed.standard_error[:, :-1][:, varies].mean(axis=1)
    frame = pd.DataFrame(
        {
            "assumption": list(computed.groups),
            "ten": ten,
            "ten_error": ten_error,
            "proposal_mean": mean,
            "proposal_mean_error": error,
        }
    )
    return frame[frame["assumption"].isin(list(doubtful))].reset_index(drop=True)


def central_frame(study: Study, *, category: int = CATEGORY_IN_PLAN) -> pd.DataFrame:
    """Give the mean weighting that would put each proposal in a category."""
    central = central_weights_of(study)
    weights = np.concatenate([part[:, category - 1] for part in central], axis=1)
    names = [indicator.name for indicator in study.parameters.method.indicators]
    frame = pd.DataFrame(weights, index=study.proposals, columns=names).rename_axis(PROPOSAL)
    share = {"share": weight_acceptability(study)[:, category - 1]}
    share |= with_error("share", weight_error(study)[:, category - 1])
    for place, (name, values) in enumerate(share.items()):
        frame.insert(place, name, values)
    return frame[frame["share"] > 0].sort_values("share", ascending=False, kind="stable")
