"""From checked ratings to the frames of the sensitivity notebook: the robust and the fragile proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogp_analysis.assessment import categories, whole_assessment
from ogp_analysis.assessment.adding import adding_of
from ogp_analysis.assessment.adjudication import STATUSES, UNRESOLVED
from ogp_analysis.assessment.rating_arrays import sheets_of
from ogp_analysis.errors import keyed_error
from ogp_analysis.language import texts
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.sensitivity.adding_study import (
    acceptability,
    acceptability_near,
    drawn_chances,
    nearest_move,
    weight_error,
)
from ogp_analysis.sensitivity.another_round import category_chances
from ogp_analysis.sensitivity.axes import Axis, axes_of
from ogp_analysis.sensitivity.beliefs import beliefs_of
from ogp_analysis.sensitivity.flips import CategoryFlip
from ogp_analysis.sensitivity.moved_weight import (
    Move,
    changing_rounds,
    moves_of,
    points_columns,
    points_moved,
    weight_words,
)
from ogp_analysis.sensitivity.portfolio import Portfolio
from ogp_analysis.sensitivity.rescoring import Scoring, parameters_without_refusal, scoring_of
from ogp_analysis.sensitivity.rounds import Rounds
from ogp_analysis.sensitivity.sampling import Counts
from ogp_analysis.sensitivity.score_errors import noise_of
from ogp_analysis.sensitivity.study_record import Study

# Our choice: the plan says nothing about doubt.
ROBUST_SHARE = 0.95
NEAR = 50.0  # concentration about the baseline: with four equal weights of 25% each varies by 6 points
# A share this close to 1 is all of it: exact shares may miss 1 by rounding.
ALWAYS = 1e-12
# Columns that stay whole or true and false where an undetermined proposal leaves them blank.
KINDS = {"category_by_rule": "Int64", "category_final": "Int64", "decided": "boolean"}
ROBUST, REVIEW, FRAGILE, UNDETERMINED = VERDICTS = ("robust", "review", "fragile", "undetermined")


def prepare(inputs: Inputs, parameters: Parameters, *, half_width: float | None = None) -> Study:
    """Compute what the sensitivity needs from checked ratings.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings, proposals, decisions and evaluators.
    parameters : params.Parameters
        The baseline; ``weight_belief`` is read here.
    half_width : float
        How far the sampled cut points move, in points; our choice: a sixteenth of the scale, less where two
        cut points lie so close that they would change places.

    Returns
    -------
    Study

    Raises
    ------
    StatisticsError
        No proposal has all its scores, ``weight_belief`` contradicts itself, or third evaluations are lacking
        and ``missing_third`` is ``"refuse"``.
    """
    given = whole_assessment.assess(inputs, parameters)
    whole = whole_assessment.assess(inputs, parameters_without_refusal(parameters))
    complete = whole.scores.notna().all(axis=1)
    if not complete.any():
        raise keyed_error(key="sensitivity.no_scores", proposals=len(whole.scores))
    # Scored with the pair's mean where a third evaluation is lacking, but judged only where the rule decides.
    judged = complete & given.assigned["category_by_rule"].notna()
    proposals = whole.scores.index[judged]
    axes = axes_of(parameters)
    used = whole_assessment.used_sheets(inputs, parameters).rows(proposals).criteria
    # All ratings tell of errors, those of undetermined proposals above all.
    everyone = sheets_of(inputs.ratings, parameters.method, proposals=inputs.proposals)
    wide = everyone.rows(whole.scores.index[complete]).criteria
    scorings = tuple(scoring_of(sheet, parameters) for sheet in used)
    noise = noise_of(used, wide, parameters, axes, _means(scorings, axes))
    route = categories.recorded_route(proposals, inputs.proposals)
    portfolio = _portfolio(scorings, noise.rounds, parameters, axes, route)
    if half_width is not None:
        portfolio = replace(portfolio, half_width=(half_width,) * len(axes))
    unresolved = given.settled[given.settled["status"] == STATUSES[UNRESOLVED]]
    return Study(
        parameters=parameters,
        assigned=whole.assigned[judged],
        portfolio=portfolio,
        axes=axes,
        prediction=noise.prediction,
        left_out=tuple(whole.scores.index[~complete]),
        undetermined=given.assigned[complete & ~judged],
        third_lacking=len(unresolved),
        third_filled=int(unresolved[PROPOSAL].isin(proposals).sum()),
    )


def _means(scorings: Sequence[Scoring], axes: Sequence[Axis]) -> np.ndarray:
    parts = [np.concatenate([scorings[k].own for k in axis.parts], axis=1) for axis in axes]
    return np.stack([x @ axis.weights for x, axis in zip(parts, axes, strict=True)], axis=1)


def _portfolio(
    scorings: tuple[Scoring, ...],
    rounds: Rounds,
    parameters: Parameters,
    axes: tuple[Axis, ...],
    route: np.ndarray,
) -> Portfolio:
    method = parameters.method
    # The composite is an axis of its own: nothing else is weighed with it.
    shares = [1.0] if method.by_composite else [parameters.criterion_weights[axis.name] for axis in axes]
    return Portfolio(
        scorings=scorings,
        rounds=rounds,
        weights=tuple(axis.weights for axis in axes),
        beliefs=tuple(beliefs_of(parameters).values()),
        criterion_weights=np.array(shares),
        cuts=tuple(axis.cuts for axis in axes),
        half_width=tuple(axis.half_width for axis in axes),
        table=np.array(method.category_table),
        route=route,
        parts=tuple(axis.parts for axis in axes),
        categories=len(method.categories),
        by_route=method.route,
        adding=adding_of(parameters),
        veto=parameters.veto_limit,
    )


def weight_acceptability(study: Study) -> np.ndarray:
    """Compute the exact share of weightings for each category.

    Parameters
    ----------
    study : Study
        From `prepare`.

    Returns
    -------
    numpy.ndarray, shape (m, categories)
        Shares in [0, 1] of the weightings that ``weight_belief`` allows; rows sum to 1.
    """
    return acceptability(study, study.portfolio.beliefs)


def chances_of_another_round(study: Study) -> tuple[np.ndarray, np.ndarray]:
    """Predict the category that another round of ratings gives at the baseline weights.

    Parameters
    ----------
    study : Study
        From `prepare`.

    Returns
    -------
    chances, errors : numpy.ndarray, shape (m, categories)
        Probabilities, and their standard errors (0 where nothing is drawn); NaN where nothing is known of
        errors, because nobody rated beside another.
    """
    chances = (
        category_chances(study.prediction, study.portfolio.cuts, study.table, seed=study.parameters.seed)
        if study.portfolio.linear
        else drawn_chances(study)
    )
    unknown = np.isnan(study.prediction.error).any(axis=1)[:, None]
    return np.where(unknown, np.nan, np.clip(chances[0], 0, 1)), np.where(unknown, 0.0, chances[1])


def near_acceptability(study: Study) -> np.ndarray:
    """Compute the share of weightings near the baseline (Dirichlet, concentration 50) by category."""
    return acceptability_near(study, concentration=NEAR)


def falls_short(shares: npt.ArrayLike) -> np.ndarray:
    """Say of each share whether it is below the bound, and not only by what rounding took from it.

    >>> falls_short([0.95 - 2e-16, 0.949]).tolist()
    [False, True]
    """
    return np.less(shares, ROBUST_SHARE - ALWAYS)


def verdict_frame(study: Study, counts: Counts) -> pd.DataFrame:
    """Judge every proposal: robust, review needed, fragile or undetermined."""
    base = study.portfolio.baseline()
    rows = np.arange(len(base))
    shares = weight_acceptability(study)
    drawn = weight_error(study)
    kept = shares[rows, base - 1]  # categories count from 1
    again, again_error = (part[rows, base - 1] for part in chances_of_another_round(study))
    points = points_moved(nearest(study), study.axes)
    verdict = np.where(falls_short(kept), FRAGILE, np.where(falls_short(again), REVIEW, ROBUST))
    frame = pd.DataFrame(
        {
            "category_by_rule": base,
            "category_final": study.assigned["category_final"].to_numpy(),
            "decided": categories.decided_otherwise(study.assigned).to_numpy(),
            "verdict": verdict.astype(str),
            **verdict_columns(study, kept, again),
            **share_columns(shares, drawn, study.numbers),
            "keeps_weights": kept,
            **with_error("keeps_weights", drawn[rows, base - 1]),
            "keeps_near": near_acceptability(study)[rows, base - 1],
            **points_columns(points, study.axes),
            "another_round": again,
            **with_error("another_round", again_error),
            "keeps_all": counts.share("kept"),
            "keeps_all_error": counts.standard_error("kept"),
        },
        index=study.proposals,
    )
    return with_undetermined(study, frame.rename_axis(PROPOSAL)).sort_index()


def verdict_columns(study: Study, kept: np.ndarray, again: np.ndarray) -> dict[str, np.ndarray]:
    """Say in each language what would move each proposal."""
    flip = nearest(study)
    moves = [moves_of(flip, study.axes, row) for row in range(len(kept))]
    rows = list(zip(kept.tolist(), again.tolist(), moves, strict=True))
    return {
        # Of no proposals a column of texts too.
        f"verdict_{code}": np.array([moving_words(*row, language=code) for row in rows], dtype=str)
        for code in languages_of(study.parameters.method)
    }


def moving_words(kept: float, again: float, moves: Sequence[Move], *, language: str) -> str:
    """Say what would move one proposal: weights, another round, both or neither.

    >>> moving_words(0.8, 0.7, [Move("", 3.9, False)], language="en")[:82]
    'moving 4 points of weight changes the category; in about 30 of 100 repeated rounds'
    >>> moving_words(1.0, 0.99, [Move("", 20.0, False)], language="en")
    'the category holds under other weights and in another round'
    """
    words = [weight_words(moves, language)] if falls_short(kept) else []
    if np.isnan(again):
        first = words or [texts.say("sensitivity.moves.holds_weights", language)]
        return "; ".join([*first, texts.say("sensitivity.moves.round_unknown", language)])
    if falls_short(again):
        words.append(texts.say("sensitivity.moves.round", language, count=changing_rounds(again)))
    return "; ".join(words) or texts.say("sensitivity.moves.holds", language)


def share_columns(shares: np.ndarray, drawn: np.ndarray, numbers: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Give the share of each category, and its standard error where weightings are sampled."""
    columns: dict[str, np.ndarray] = {}
    for category, share, error in zip(numbers, shares.T, drawn.T, strict=True):
        columns |= {f"share_{category}": share, **with_error(f"share_{category}", error)}
    return columns


def with_error(name: str, error: np.ndarray) -> dict[str, np.ndarray]:
    """Give a column of standard errors where there are any: what is exact has none."""
    return {f"{name}_error": error} if error.any() else {}


def with_undetermined(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the undetermined proposals to a frame by proposal: what the records say of them, else blanks."""
    added = study.undetermined.index
    if not len(added):
        return frame
    known = [name for name in ("category_final", "decided") if name in frame]
    frame = frame.reindex(frame.index.append(added)).rename_axis(PROPOSAL)
    # Blanks would turn whole numbers into floats and truths into objects: their kinds are set at the end.
    frame[known] = frame[known].astype("object")
    decided = categories.decided_otherwise(study.undetermined)
    frame.loc[added, known] = study.undetermined.assign(decided=decided)[known].astype("object")
    if "verdict" in frame:
        frame.loc[added, "verdict"] = UNDETERMINED
        for code in texts.LANGUAGES:
            frame.loc[added, f"verdict_{code}"] = texts.say("sensitivity.moves.unjudged", code)
    return frame.astype({name: kind for name, kind in KINDS.items() if name in frame})


def nearest(study: Study, *, norm: str = "L1") -> CategoryFlip:
    """Find the nearest weighting that would move each proposal to another category.

    Parameters
    ----------
    study : Study
        From `prepare`.
    norm : str
        ``"L1"``, ``"L2"`` or ``"Linf"`` (`smallest_flip`).

    Returns
    -------
    CategoryFlip
    """
    return nearest_move(study, norm=norm)
