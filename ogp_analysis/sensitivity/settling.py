"""How many more evaluations would settle on which side of a cut point a proposal lies; whom to ask first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from ogp_analysis.errors import keyed_error
from ogp_analysis.language import labels, texts
from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.sensitivity import arguments
from ogp_analysis.sensitivity.another_round import shares_of_groups
from ogp_analysis.sensitivity.study import Study
from ogp_analysis.sensitivity.ties import sides

# Our choices: the plan says nothing of how sure one has to be, nor how many could be asked.
SETTLED = 0.95
ADDED = (2, 4, 8)
MOST = 64
EVEN = 0.5
QUOTED = 3  # scores that the sentence names
# Whether the method has seats for further evaluations; last where each seat is one of its kind.
LEFT, FULL, ALONE = SEATS = ("left", "full", "alone")


def settling_chance(
    gap: ArrayLike,
    variance: ArrayLike,
    *,
    rating_variance: ArrayLike,
    added: ArrayLike,
    level: float = SETTLED,
) -> np.ndarray:
    """Compute the chance that further evaluations settle on which side of a cut point a true score lies.

    Settled means: given all evaluations then, the probability of one side is at least ``level``. The true
    score is what ever more evaluators like these would give on average.

    Parameters
    ----------
    gap : array_like
        Expected true score less the cut point, in points.
    variance : array_like
        Variance of the true score given the evaluations at hand, in squared points, from 0.
    rating_variance : array_like
        Variance of the error of one evaluator's score, in squared points, above 0.
    added : array_like of int
        Further evaluations, from 0. All these broadcast against each other; columns that name what they are
        of are put into the order of ``gap``.
    level : float
        Above 0.5 and below 1.

    Returns
    -------
    numpy.ndarray
        Chances in [0, 1], of the shape that the arguments broadcast to.

    Raises
    ------
    StatisticsError
        An argument is not finite, a variance or ``added`` is negative, ``added`` is no whole number,
        or ``level`` is out of its range.

    Notes
    -----
    With v the variance, s^2 that of a rating and v_n = 1 / (1 / v + n / s^2), the mean after n evaluations is
    normal about the mean now with variance v - v_n (preposterior analysis; Raiffa and Schlaifer 1961,
    Applied Statistical Decision Theory, Harvard University). It is settled where that mean lies z sqrt(v_n)
    or more from the cut point. (z s / gap)^2, the usual rule of thumb, is the number after which the
    distance of today equals z standard errors: by then about half are settled, for the next ratings may
    bring the score nearer to the cut point.

    Examples
    --------
    >>> settling_chance(0.3, 0.1, rating_variance=0.5, added=[0, 2, 8, 32]).round(2).tolist()
    [0.0, 0.2, 0.47, 0.69]
    """
    given = {"gap": gap, "variance": variance, "rating_variance": rating_variance, "added": added}
    arrays = {
        name: arguments.numbers(arguments.rows_in_order(values, gap, name), name)
        for name, values in given.items()
    }
    shape: tuple[int, ...] = ()
    for name, values in arrays.items():
        arguments.refuse_non_finite(values, name)
        if name in ("variance", "added") and values.min(initial=0) < 0:
            raise keyed_error(key="sensitivity.from_zero", name=name, value=float(values.min()))
        shape = _joint_shape(values, name, shape)
    parts = arrays["added"][arrays["added"] % 1 != 0]
    if parts.size:
        raise keyed_error(key="statistics.whole", name="added", value=float(parts[0]), least=0)
    least = float(arrays["rating_variance"].min(initial=np.inf))
    if least <= 0:
        raise keyed_error(key="statistics.above", name="rating_variance", value=least, low=0)
    level = arguments.one_number(level, "level")
    if not EVEN < level < 1:
        raise keyed_error(key="statistics.between", name="level", value=level, low=EVEN, high=1)
    z = float(ndtri(level))
    return _chance(arrays["gap"], arrays["variance"], arrays["rating_variance"], arrays["added"], z)


def _joint_shape(values: np.ndarray, name: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Broadcast to the shape of the arguments before; what does not fit them is refused."""
    try:
        return np.broadcast_shapes(values.shape, shape)
    except ValueError:
        wanted = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
        raise keyed_error(key="statistics.shape", name=name, shape=values.shape, wanted=wanted) from None


def _chance(
    gap: np.ndarray, variance: np.ndarray, rating_variance: np.ndarray, added: np.ndarray, z: float
) -> np.ndarray:
    left = variance * rating_variance / (rating_variance + added * variance)
    moved, needed = np.sqrt(np.maximum(variance - left, 0)), z * np.sqrt(left)
    still = moved == 0
    spread = np.where(still, 1.0, moved)
    chance = ndtr((gap - needed) / spread) + ndtr((-gap - needed) / spread)
    # Where nothing more is learnt it is settled already, or not.
    return np.where(still, np.abs(gap) >= needed, chance)


@dataclass(frozen=True, eq=False)
class Doubtful:
    """Scores whose side of a cut point matters and is not settled; one row a proposal and axis.

    Parameters
    ----------
    proposal, axis : ndarray of int, shape (d,)
        Places.
    cut : ndarray, shape (d,)
        The cut point whose side is the least sure.
    gap : ndarray, shape (d,)
        Expected true score less the cut point, in points.
    variance : ndarray, shape (d,)
        Of the true score.
    rating_variance : ndarray, shape (d,)
        Of one further evaluation.
    other : ndarray of int, shape (d,)
        Category on the other side of the cut point, other criteria as they are.
    """

    proposal: np.ndarray
    axis: np.ndarray
    cut: np.ndarray
    gap: np.ndarray
    variance: np.ndarray
    rating_variance: np.ndarray
    other: np.ndarray


KINDS = (int, int, float, float, float, float, int)  # of the columns of `Doubtful`


def rating_variances(study: Study) -> np.ndarray:
    """Compute the variance of the error of one further evaluation of each axis, squared points; shape (k,).

    Further evaluations are spread evenly over the groups that rate an axis.
    """
    portfolio = study.portfolio
    groups, sheets = portfolio.rounds.groups, portfolio.rounds.sheets
    rules = [scoring.given[scoring.baseline] for scoring in portfolio.scorings]
    shares = shares_of_groups(groups, study.axes, rules, sheets)
    own = np.stack(
        [
            np.einsum("an,nl,al->a", share, group.covariance, share)
            for group, share in zip(groups, shares, strict=True)
        ]
    )
    has_a_say = np.stack([(share != 0).any(axis=1) for share in shares])
    return own.sum(axis=0) * has_a_say.sum(axis=0)


def doubtful(study: Study) -> Doubtful:
    """Find the scores whose side of a cut point is not settled, where the other side is another category.

    None where scores are no weighted means or a veto is in force: errors of ratings do not add up there.
    """
    if not study.portfolio.linear:
        return Doubtful(*(np.array([], dtype=kind) for kind in KINDS))
    prediction = study.prediction
    variance = prediction.doubt * np.square(prediction.error)
    rating_variance = rating_variances(study)
    z = ndtri(SETTLED)
    rows = []
    for k, (cuts, others) in enumerate(_other_sides(study)):
        gaps = prediction.mean[:, k, None] - cuts
        spread = z * np.sqrt(variance[:, k, None])
        with np.errstate(divide="ignore", invalid="ignore"):
            sure = np.where(others > 0, np.abs(gaps) / spread, np.inf)
        least = np.where(np.isnan(sure), np.inf, sure).argmin(axis=1)
        at = np.arange(len(least))
        for m in np.flatnonzero((sure[at, least] < 1) & (rating_variance[k] > 0)):
            cut = least[m]
            rows.append((m, k, cuts[cut], gaps[m, cut], variance[m, k], rating_variance[k], others[m, cut]))
    columns = np.array(rows, dtype=float).reshape(-1, 7).T
    return Doubtful(*(column.astype(kind) for column, kind in zip(columns, KINDS, strict=True)))


def _other_sides(study: Study) -> list[tuple[np.ndarray, np.ndarray]]:
    """Give for each axis its cut points, and the category beyond each of them; 0 where it is the same."""
    portfolio = study.portfolio
    axes = list(zip(study.scores, portfolio.weights, portfolio.cuts, strict=True))
    levels = [(sides(x, w, cuts) >= 0).sum(axis=1) for x, w, cuts in axes]
    table, rows, beyond_cuts = portfolio.written_out, np.arange(portfolio.size), []
    for k, (_, _, cuts) in enumerate(axes):
        others = np.empty((portfolio.size, len(cuts)), dtype=int)
        for r in range(len(cuts)):
            below, above = (
                table[rows, *(levels[:k]), np.full(len(rows), r + up), *(levels[k + 1 :])] for up in (0, 1)
            )
            beyond = np.where(levels[k] > r, below, above)
            others[:, r] = np.where(below != above, beyond, 0)
        beyond_cuts.append((np.asarray(cuts), others))
    return beyond_cuts


@dataclass(frozen=True, eq=False)
class Seats:
    """Who would give further evaluations of the scores of each axis.

    Parameters
    ----------
    panels : tuple of tuple of str
        For each axis the panels that have a say in it.
    alone : ndarray of bool, shape (k,)
        Whether every seat is one of its kind, as that of the institution that leads: nobody else has it.
    left : ndarray of int, shape (m, k)
        Evaluations that the method still has seats for.
    """

    panels: tuple[tuple[str, ...], ...]
    alone: np.ndarray
    left: np.ndarray


def seats_of(study: Study) -> Seats:
    """Find who would give further evaluations, and how many the method has seats for."""
    rounds, axes = study.portfolio.rounds, study.axes
    criteria = [sheet.criterion for sheet in rounds.sheets]
    alone, left = np.ones(len(axes), dtype=bool), np.zeros((study.portfolio.size, len(axes)), dtype=int)
    for group in rounds.groups:
        for k, axis in enumerate(axes):
            places = [place for place in group.places if place.criterion in axis.parts]
            if places:
                alone[k] &= group.fixed
                most = max(criteria[p.criterion].raters_per_panel * len(p.panels) for p in places)
                left[:, k] += np.maximum(most - group.count, 0)
    panels = tuple(tuple(dict.fromkeys(p for c in axis.parts for p in criteria[c].panels)) for axis in axes)
    return Seats(panels, alone, left)


def settling_frame(study: Study) -> pd.DataFrame:
    """List what further evaluations would settle, and how likely.

    First where the method has seats left, last where every seat is one of its kind; among these by what is
    settled per evaluation, which puts first what is nearly settled.
    """
    doubts, seats = doubtful(study), seats_of(study)
    counts = np.arange(1, MOST + 1)
    z = float(ndtri(SETTLED))
    chances = _chance(
        doubts.gap[:, None], doubts.variance[:, None], doubts.rating_variance[:, None], counts, z
    )
    gains = chances / counts
    best = gains.argmax(axis=1)
    score = study.means[doubts.proposal, doubts.axis]
    names = np.array([axis.name for axis in study.axes], dtype=object)
    base = study.portfolio.baseline()[doubts.proposal]
    frame = pd.DataFrame(
        {
            PROPOSAL: study.proposals[doubts.proposal],
            "criterion": names[doubts.axis],
            "score": score,
            "cut": doubts.cut,
            "category_by_rule": base,
            "category_beyond": doubts.other,
            **_asked(study, doubts, seats),
            "side_sure": _sure(doubts, score),
            **{f"settled_{n}": chances[:, n - 1] for n in ADDED},
            "evaluations": [_needed(row) for row in chances],
            "thumb": _rule_of_thumb(doubts, score, study.prediction.error[doubts.proposal, doubts.axis], z),
            "gain": gains[np.arange(len(best)), best],
            "batch": counts[best],
        }
    ).astype({PROPOSAL: "str", "criterion": "str", "evaluations": "str", "thumb": "str"})
    frame["seats"] = np.where(frame["seats_left"] > 0, LEFT, np.where(seats.alone[doubts.axis], ALONE, FULL))
    order = frame["seats"].map({name: place for place, name in enumerate(SEATS)})
    ordered = frame.assign(order=order).sort_values(
        ["order", "gain", PROPOSAL], ascending=[True, False, True], kind="stable", ignore_index=True
    )
    return ordered.drop(columns="order").astype({"seats": "str"})


def _asked(study: Study, doubts: Doubtful, seats: Seats) -> dict[str, object]:
    """Say who would be asked, in each language, and for how many evaluations the method has seats."""
    languages = languages_of(study.parameters.method)
    words = {str(code): [_panels(seats, k, code) for k in range(len(seats.panels))] for code in languages}
    columns = {
        f"asked_of_{code}": np.array([each[k] for k in doubts.axis], str) for code, each in words.items()
    }
    return {**columns, "seats_left": seats.left[doubts.proposal, doubts.axis]}


def _panels(seats: Seats, axis: int, language: str) -> str:
    names = "; ".join(labels.name_label("panel", name, language) for name in seats.panels[axis])
    return texts.say("sensitivity.settling.alone", language, names=names) if seats.alone[axis] else names


def _sure(doubts: Doubtful, score: np.ndarray) -> np.ndarray:
    """Give the probability that the true score lies on the side of the cut point where the score is."""
    above = ndtr(doubts.gap / np.sqrt(doubts.variance))
    return np.where(score >= doubts.cut, above, 1 - above)


def _needed(chances: np.ndarray) -> str:
    """Give the fewest evaluations after which it is as likely settled as not.

    >>> _needed(np.array([0.1, 0.5, 0.7])), _needed(np.zeros(64))
    ('2', '>64')
    """
    enough = np.flatnonzero(chances >= EVEN)
    return str(enough[0] + 1) if len(enough) else f">{len(chances)}"


def _rule_of_thumb(doubts: Doubtful, score: np.ndarray, error: np.ndarray, z: float) -> list[str]:
    """Give (z s / margin)^2 less what is there already; as many as can be shown, and none on the cut."""
    margin = np.abs(score - doubts.cut)
    there = doubts.rating_variance / np.square(error)
    with np.errstate(divide="ignore"):
        total = np.square(z) * doubts.rating_variance / np.square(margin)
    more = np.maximum(np.ceil(total - there - 1e-9), 0)
    return [f"{each:.0f}" if each <= MOST else f">{MOST}" for each in more]


def errors_known(study: Study) -> bool:
    """Say whether every score has an error: somebody rated beside another."""
    return not bool(np.isnan(study.prediction.error).any())


def settling_known(counts: Mapping[str, object]) -> bool:
    """Say whether anything is known of what further evaluations would settle; else no row means nothing.

    >>> settling_known({"settling_answered": True, "errors_known": False, "unsettled": 0})
    False
    """
    return bool(counts["settling_answered"] and (counts["errors_known"] or counts["unsettled"]))


def settling_counts(study: Study, frame: pd.DataFrame) -> dict[str, object]:
    """Count what the texts say of a frame of `settling_frame`."""
    first = frame[frame["seats"] == frame["seats"].iloc[0]] if len(frame) else frame
    return {
        "unsettled": len(frame),
        "settled_by_4": float(frame["settled_4"].sum()),
        "unsettled_long": int(frame["evaluations"].str.startswith(">").sum()),
        "unsettled_seats": {name: int((frame["seats"] == name).sum()) for name in SEATS},
        "first_to_rate": _listed(first),
        "least_sure": _listed(frame.iloc[(frame["side_sure"] - EVEN).abs().argsort(kind="stable")]),
        "settling_answered": study.portfolio.linear,
        "errors_known": errors_known(study),
    }


def _listed(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Give the first rows as the texts quote them: proposal, criterion, how sure its side is."""
    return frame[[PROPOSAL, "criterion", "side_sure"]].head(QUOTED).to_dict("records")
