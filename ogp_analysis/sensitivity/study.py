"""From checked ratings to the frames of the sensitivity notebook: the robust and the fragile proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import gcd, lcm

import numpy as np
import pandas as pd

from ogp_analysis.assessment import assessment, categories
from ogp_analysis.assessment.adjudication import STATUSES, UNRESOLVED
from ogp_analysis.assessment.sheets import Sheet, sheets_of
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import CATEGORIES, PROPOSAL
from ogp_analysis.sensitivity.acceptability import category_acceptability
from ogp_analysis.sensitivity.beliefs import beliefs_of
from ogp_analysis.sensitivity.flips import CategoryFlip, nearest_category
from ogp_analysis.sensitivity.noise import rating_error
from ogp_analysis.sensitivity.noise_estimates import noise_estimate, weight_error
from ogp_analysis.sensitivity.portfolio import Portfolio
from ogp_analysis.sensitivity.rescoring import parameters_without_refusal, score_bank
from ogp_analysis.sensitivity.sampling import Counts
from ogp_analysis.sensitivity.ties import exact

# Our choice: the plan says nothing about doubt.
ROBUST_SHARE = 0.95
# A share this close to 1 is all of it: exact shares may miss 1 by rounding.
ALWAYS = 1e-12
CUT_HALF_WIDTH = 0.25  # points
# Columns that stay whole or true and false where an undetermined proposal leaves them blank.
KINDS = {"category_by_rule": "Int64", "category_final": "Int64", "decided": "boolean", "in_band": "boolean"}
ROBUST, REVIEW, FRAGILE, UNDETERMINED = VERDICTS = ("robust", "review", "fragile", "undetermined")


@dataclass(frozen=True)
class Errors:
    """What blind pairs say about the error of one rating of a criterion.

    Parameters
    ----------
    sizes, probability : numpy.ndarray, shape (L,)
        Fitted error distribution of one rating, in points.
    standard_deviation : float
        Its standard deviation, in points.
    ratings_per_score : float
        Mean number of independent ratings behind a score.
    ratings : numpy.ndarray, shape (m, n, L)
        The ratings behind each score, third ones included; NaN where there are fewer.
    """

    sizes: np.ndarray
    probability: np.ndarray
    standard_deviation: float
    ratings_per_score: float
    ratings: np.ndarray


@dataclass(frozen=True)
class Study:
    """Everything the frames are made from.

    Parameters
    ----------
    parameters : params.Parameters
        Baseline.
    assigned : DataFrame
        From ``categories.assign``, in order, the proposals whose category the rule decides.
    portfolio : Portfolio
        Scores under every rule and evaluator, baseline weights and cuts.
    errors : pair of Errors
        Error of one rating, by criterion.
    left_out : tuple of str
        Proposals without a score on some indicator: no weighting can be judged for them.
    undetermined : DataFrame
        From ``categories.assign``, the proposals that the rule leaves without a category because third
        evaluations are lacking: nothing is judged for them.
    third_lacking : int
        Third evaluations that the baseline calls for and the data lack, those of all proposals.
    """

    parameters: Parameters
    assigned: pd.DataFrame
    portfolio: Portfolio
    errors: tuple[Errors, Errors]
    left_out: tuple[str, ...]
    undetermined: pd.DataFrame
    third_lacking: int

    @property
    def proposals(self) -> pd.Index:
        """Codes of the proposals that are judged, in order."""
        return self.assigned.index

    @property
    def scores(self) -> tuple[np.ndarray, ...]:
        """Baseline indicator scores of the two criteria."""
        return tuple(bank.own for bank in self.portfolio.banks)

    @property
    def criteria(self) -> tuple[str, ...]:
        """Names of the two criteria."""
        return tuple(criterion.name for criterion in self.parameters.method.criteria)

    @property
    def third_filled(self) -> int:
        """Lacking third evaluations of proposals that are judged: the mean of the pair stands in."""
        return sum(int(bank.unresolved[bank.baseline]) for bank in self.portfolio.banks)

    @property
    def places(self) -> dict[str, object]:
        """Cut points, category table and routes as the functions of this package take them."""
        return {"cuts": self.portfolio.cuts, "table": self.portfolio.table, "route": self.portfolio.route}


def prepare(inputs: Inputs, parameters: Parameters, *, half_width: float | None = None) -> Study:
    """Compute what the sensitivity needs from checked ratings.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings, proposals, decisions and evaluators.
    parameters : params.Parameters
        The baseline; ``weight_belief`` is read here.
    half_width : float
        How far the sampled cut points move, in points; our choice: a quarter of a point, less where
        two cut points lie so close that they would change places.

    Returns
    -------
    Study

    Raises
    ------
    StatisticsError
        The method has not two criteria, no proposal has all its scores, ``weight_belief`` contradicts
        itself, or third evaluations are lacking and ``missing_third`` is ``"refuse"``.
    """
    method = parameters.method
    if len(method.criteria) != 2:
        message = f"method {method.name!r} has {len(method.criteria)} criteria; the sensitivity needs 2"
        raise StatisticsError(message, criteria=len(method.criteria))
    given = assessment.assess(inputs, parameters)
    whole = assessment.assess(inputs, parameters_without_refusal(parameters))
    complete = whole.scores.notna().all(axis=1)
    if not complete.any():
        message = f"none of {len(whole.scores)} proposals has a score on every indicator"
        raise StatisticsError(message, proposals=len(whole.scores))
    # Scored with the pair's mean where a third evaluation is lacking, but judged only where the rule decides.
    judged = complete & given.assigned["category_by_rule"].notna()
    proposals = whole.scores.index[judged]
    weights = {
        criterion.name: np.array(parameters.weights_of(criterion.name)) for criterion in method.criteria
    }
    beliefs = beliefs_of(parameters)
    used = assessment.used_sheets(inputs, parameters)
    portfolio = Portfolio(
        banks=tuple(score_bank(sheet, parameters) for sheet in used.rows(proposals).criteria),
        weights=tuple(weights.values()),
        beliefs=tuple(beliefs.values()),
        criterion_weights=np.array([parameters.criterion_weights[name] for name in weights]),
        cuts=np.array([parameters.cut_points[name] for name in weights], dtype=float),
        half_width=_half_width(parameters) if half_width is None else half_width,
        table=np.array(method.category_table),
        route=categories.recorded_route(proposals, inputs.proposals),
    )
    # All blind pairs tell of errors, those of undetermined proposals above all.
    everything = sheets_of(inputs.ratings, method).rows(whole.scores.index[complete])
    errors = [_errors(sheet) for sheet in everything.criteria]
    return Study(
        parameters=parameters,
        assigned=whole.assigned[judged],
        portfolio=portfolio,
        errors=tuple(replace(e, ratings=e.ratings[judged[complete].to_numpy()]) for e in errors),
        left_out=tuple(whole.scores.index[~complete]),
        undetermined=given.assigned[complete & ~judged],
        third_lacking=int((given.settled["status"] == STATUSES[UNRESOLVED]).sum()),
    )


def _errors(sheet: Sheet) -> Errors:
    criterion = sheet.criterion
    m, n = sheet.ratings.shape[:2]
    sides = sheet.ratings
    if criterion.raters_per_panel == 1:  # lead and counterpart are the pair
        sides = np.swapaxes(sides, 2, 3)
    differences = _differences(sides)
    if np.isnan(differences).all():  # one rating a panel: the panels form the pair
        differences = _differences(sides.reshape(m, n, 1, -1))
    # One distribution for the whole criterion, on the finest scale of its indicators.
    step = common_step([indicator.step for indicator in criterion.indicators])
    # Without any pair nothing is known about errors: none is assumed.
    sizes, probability = rating_error(differences if np.isfinite(differences).any() else [0.0], step=step)
    spread = float(np.sqrt(np.sum(probability * sizes**2)))
    behind = np.concatenate([sheet.ratings.reshape(m, n, -1), sheet.thirds], axis=2)
    count = np.isfinite(sheet.ratings).sum(axis=(2, 3)).mean()
    return Errors(sizes, probability, spread, float(count), behind)


def common_step(steps: Sequence[float]) -> float:
    """Find the largest step of which all steps are multiples: errors on several scales are counted in it.

    >>> common_step([1, 0.5]), common_step([0.5, 0.3])
    (0.5, 0.1)
    """
    exact_steps = [exact(step) for step in steps]
    below = lcm(*(step.denominator for step in exact_steps))
    return gcd(*(int(step * below) for step in exact_steps)) / below


def _differences(sides: np.ndarray) -> np.ndarray:
    first, second = np.triu_indices(sides.shape[-1], 1)
    return (sides[..., first] - sides[..., second]).ravel()


def _half_width(parameters: Parameters) -> float:
    # Cut points closer than twice the width would change places in a draw.
    gaps = [high - low for low, high in parameters.cut_points.values()]
    return min(CUT_HALF_WIDTH, *(gap / 2 for gap in gaps))


def weight_acceptability(study: Study) -> np.ndarray:
    """Compute the exact share of weightings for each category.

    Parameters
    ----------
    study : Study
        From `prepare`.

    Returns
    -------
    numpy.ndarray, shape (m, 4)
        Shares in [0, 1] of the weightings that ``weight_belief`` allows; rows sum to 1.
    """
    return category_acceptability(
        study.scores, study.portfolio.cuts, **_table(study), beliefs=study.portfolio.beliefs
    )


def _table(study: Study) -> dict[str, np.ndarray]:
    return {"table": study.portfolio.table, "route": study.portfolio.route}


def review_band(study: Study) -> np.ndarray:
    """Say which proposals need a review: one standard error would change the category."""
    portfolio = study.portfolio
    means = np.stack([x @ w for x, w in zip(study.scores, portfolio.weights, strict=True)], axis=1)
    error = score_errors(study)
    base = portfolio.baseline()
    # All nine: with both scores moved, a category can change that neither of them changes alone.
    moves = np.array([(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)])
    shifted = means + moves[:, None, :] * error
    cuts = np.broadcast_to(portfolio.cuts, (len(moves), 2, 2))
    return (portfolio.categories(shifted, cuts) != base).any(axis=0)


def score_errors(study: Study) -> np.ndarray:
    """Compute the standard error of a criterion score from the error of one rating, in points; shape (2,)."""
    return np.array(
        [
            error.standard_deviation * np.linalg.norm(w) / np.sqrt(error.ratings_per_score)
            for error, w in zip(study.errors, study.portfolio.weights, strict=True)
        ]
    )


def verdict_frame(study: Study, counts: Counts) -> pd.DataFrame:
    """Judge every proposal: robust, review needed, fragile or undetermined."""
    base = study.portfolio.baseline()
    rows = np.arange(len(base))
    shares = weight_acceptability(study)
    drawn = weight_error(study)
    kept = shares[rows, base - 1]  # categories count from 1
    band = review_band(study)
    distance = nearest(study).distance
    doubtful = band | (counts.share("kept") < ROBUST_SHARE)
    verdict = np.where(kept < ROBUST_SHARE, FRAGILE, np.where(doubtful, REVIEW, ROBUST))
    frame = pd.DataFrame(
        {
            "category_by_rule": base,
            "category_final": study.assigned["category_final"].to_numpy(),
            "decided": study.assigned["decided"].to_numpy(),
            "verdict": verdict.astype(str),
            **share_columns(shares, drawn),
            "keeps_weights": kept,
            **with_error("keeps_weights", drawn[rows, base - 1]),
            **kept_under_errors(study, base),
            "keeps_all": counts.share("kept"),
            "keeps_all_error": counts.standard_error("kept"),
            "distance": np.where(np.isfinite(distance), distance, np.nan),
            "in_band": band,
        },
        index=study.proposals,
    )
    return with_undetermined(study, frame.rename_axis(PROPOSAL)).sort_index()


def kept_under_errors(study: Study, base: np.ndarray) -> dict[str, np.ndarray]:
    """Give the columns of both error models: the probability of category ``base``, and its error if drawn."""
    columns, rows = {}, np.arange(len(base))
    for name, model in (("keeps_errors", "error"), ("keeps_own", "own")):
        probability, error = noise_estimate(study, model=model, fixed=False)
        columns |= {name: probability[rows, base - 1], **with_error(name, error[rows, base - 1])}
    return columns


def share_columns(shares: np.ndarray, drawn: np.ndarray) -> dict[str, np.ndarray]:
    """Give the share of each category, and its standard error where weightings are sampled."""
    columns: dict[str, np.ndarray] = {}
    for category, share, error in zip(CATEGORIES, shares.T, drawn.T, strict=True):
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
    frame.loc[added, known] = study.undetermined[known].astype("object")
    if "verdict" in frame:
        frame.loc[added, "verdict"] = UNDETERMINED
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
    return nearest_category(study.scores, study.portfolio.weights, **study.places, norm=norm)
