"""Does "another round keeps it" come true as often as it is predicted? A simulation.

Usage: python benchmarks/another_round.py [PROPOSALS [SPREAD]]   (default 40,000 a row and true levels with a
standard deviation of 0.8; prints a Markdown table)

A proposal has a true level on four indicators, alike in part; an evaluator is off by one error that goes
through all four (halo) and by one on each. Ratings are given on the scale 1 to 5. From one round of them the
level of the criterion (cut points 2.5 and 3.5, equal weights) is predicted for another; then that round is
drawn from the truth.
"""

from __future__ import annotations

import itertools
import sys

import numpy as np

from ogp_analysis.assessment.rating_arrays import Sheet
from ogp_analysis.model import params
from ogp_analysis.model.records import Criterion, Indicator
from ogp_analysis.sensitivity.another_round import level_chances
from ogp_analysis.sensitivity.axes import Axis
from ogp_analysis.sensitivity.score_errors import noise_of

SEED, PROPOSALS = 20191001, 40_000
INDICATORS, BINS = 4, 10
CUTS, WEIGHTS = np.array([2.5, 3.5]), np.full(INDICATORS, 1 / INDICATORS)
TRUE_SPREAD, ALIKE = 0.8, 0.5
ERRORS = (0.4, 1.1)  # of one rating, in points: data sets differ
FEW = 0.05  # bins that hold fewer proposals are shown, and not judged
NAMES = ("time", "complexity", "resources", "willingness")


def sheet_of(ratings: np.ndarray, raters: int) -> Sheet:
    """Put ratings (m, n, raters) of one panel where the assessment has them."""
    m, n, _ = ratings.shape
    indicators = tuple(Indicator(name, "feasibility", 1, 5) for name in NAMES)
    criterion = Criterion("feasibility", indicators, ("jury",), raters)
    return Sheet(criterion, ratings[:, :, None, :], np.full((m, n, 1), np.nan), np.full((m, n), np.nan))


def rate(truth: np.ndarray, raters: int, error: float, halo: float, rng: np.random.Generator) -> np.ndarray:
    """Ratings (m, n, raters) of proposals whose true levels are known."""
    m, n = truth.shape
    common = np.sqrt(halo) * rng.normal(size=(m, 1, raters))
    off = error * (common + np.sqrt(1 - halo) * rng.normal(size=(m, n, raters)))
    return np.clip(np.rint(truth[:, :, None] + off), 1, 5)


def level(ratings: np.ndarray) -> np.ndarray:
    """Level of the mean of all ratings."""
    return (ratings.mean(axis=2) @ WEIGHTS >= CUTS[:, None] - 1e-9).sum(axis=0)


def one_set(
    m: int, raters: int, halo: float, rng: np.random.Generator, *, spread: float = TRUE_SPREAD
) -> tuple[np.ndarray, np.ndarray]:
    """Predicted chance that each proposal keeps its level, and whether it does."""
    common = np.sqrt(ALIKE) * rng.normal(size=(m, 1))
    truth = 3 + spread * (common + np.sqrt(1 - ALIKE) * rng.normal(size=(m, INDICATORS)))
    error = rng.uniform(*ERRORS)
    ratings = rate(truth, raters, error, halo, rng)
    sheet, parameters = sheet_of(ratings, raters), params.from_values(params.baseline())
    axis = Axis(sheet.criterion, (0,), WEIGHTS, CUTS, 4.0)
    means = (ratings.mean(axis=2) @ WEIGHTS)[:, None]
    prediction = noise_of([sheet], [sheet], parameters, [axis], means).prediction
    now = level(ratings)
    chance = level_chances(prediction, [CUTS])[0][np.arange(m), now]
    return chance, level(rate(truth, raters, error, halo, rng)) == now


def binned(chance: np.ndarray, kept: np.ndarray) -> list[tuple[float, int]]:
    """Predicted less realised share of each bin, in points, and its proposals; empty bins are left out."""
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    rows = [(chance[bins == k], kept[bins == k]) for k in range(BINS)]
    return [(100 * (p.mean() - q.mean()), len(p)) for p, q in rows if len(p)]


def main() -> None:
    """Print a row for each design."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else PROPOSALS
    spread = float(sys.argv[2]) if len(sys.argv) > 2 else TRUE_SPREAD
    rng = np.random.default_rng(SEED)
    print("| proposals | evaluators | halo | predicted | kept | largest | bins: points (proposals) |")
    print("|---|---|---|---|---|---|---|")
    for m, raters, halo in itertools.product((43, 300), (2, 3), (0.0, 0.3, 0.6)):
        sets = [one_set(m, raters, halo, rng, spread=spread) for _ in range(-(-total // m))]
        chance, kept = (np.concatenate(part) for part in zip(*sets, strict=True))
        rows = binned(chance, kept)
        largest = max(abs(gap) for gap, count in rows if count >= FEW * len(chance))
        means = f"{chance.mean():.3f} | {kept.mean():.3f}"
        detail = ", ".join(f"{gap:+.1f} ({count})" for gap, count in rows)
        print(f"| {m} | {raters} | {halo} | {means} | {largest:.1f} | {detail} |")


if __name__ == "__main__":
    main()
