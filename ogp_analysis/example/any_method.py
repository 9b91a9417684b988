"""Invented ratings for any method, to try it with before there are real ones; marked as synthetic."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import INDEPENDENT, RATING_COLUMNS, THIRD, Indicator

MARK = "synthetic"
SEED = 20260101
PROPOSALS = 24
# Our choice, in shares of a scale: how far proposals, indicators, evaluators and single ratings lie apart.
QUALITY, OF_INDICATOR, SEVERITY, NOISE = 0.22, 0.08, 0.06, 0.12
# Evaluators of a panel of pairs for each seat: they change from proposal to proposal. A jury is whole.
POOL = 3


def invented(
    parameters: Parameters, *, proposals: int = PROPOSALS, seed: int = SEED
) -> dict[str, pd.DataFrame]:
    """Invent ratings that fit a method's design.

    Parameters
    ----------
    parameters : params.Parameters
        The method, its tolerance and the criteria in which a third evaluation is foreseen.
    proposals : int
        How many, 1 or more.
    seed : int
        Seed of every random number.

    Returns
    -------
    dict of DataFrame
        ``ratings, proposals, decisions, evaluators`` with the columns of the data model and a column
        ``synthetic`` that says "yes" in every row; answers in words stand as their points.

    Notes
    -----
    A rating is the middle of the scale, plus the proposal's quality, the indicator's, the severity of the
    evaluator and noise, rounded to the scale and kept on it. Nothing in it comes from real evaluators.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> made = invented(params.from_values(params.baseline()), proposals=2)
    >>> len(made["ratings"].query("role == 'independent'")), sorted(made)
    (40, ['decisions', 'evaluators', 'proposals', 'ratings'])
    """
    rng = np.random.default_rng(seed)
    width = max(2, len(str(proposals)))
    codes = [f"P{number:0{width}d}" for number in range(1, proposals + 1)]
    severity = {name: rng.normal(0, SEVERITY) for pool in _pools(parameters).values() for name in pool}
    rows = [row for code in codes for row in _of_proposal(code, parameters, severity, rng)]
    ratings = pd.DataFrame(rows, columns=list(RATING_COLUMNS))
    frames = {
        "ratings": ratings,
        "proposals": pd.DataFrame({"proposal": codes, "title": [f"{MARK} {code}" for code in codes]}),
        "decisions": pd.DataFrame(columns=["proposal", "stage", "category", "reason", "decided_by", "date"]),
        "evaluators": pd.DataFrame({"evaluator": sorted(ratings["evaluator"].unique()), "organisation": ""}),
    }
    counted = any(indicator.counted for indicator in parameters.method.indicators)
    if counted:
        frames["proposals"]["reiterations"] = 1 + rng.poisson(3, proposals)
    return {name: frame.assign(**{MARK: "yes"}) for name, frame in frames.items()}


def _pools(parameters: Parameters) -> dict[str, list[str]]:
    """Name the evaluators of each panel; one that serves several criteria has one pool.

    >>> from ogp_analysis.model import params
    >>> {panel: len(pool) for panel, pool in _pools(params.from_values(params.baseline())).items()}
    {'lead': 4, 'counterpart': 4, 'working_group': 7, 'core_group': 7}
    """
    method = parameters.method
    sizes = dict.fromkeys(method.panels, 0)
    for criterion in method.criteria:
        alone = criterion.juried and criterion.name not in parameters.third_for
        size = criterion.raters_per_panel if alone else POOL * criterion.raters_per_panel + 1
        sizes |= {panel: max(sizes[panel], size) for panel in criterion.panels}
    letters = {panel: f"{chr(ord('A') + place % 26)}{place // 26 or ''}" for place, panel in enumerate(sizes)}
    return {
        panel: [f"{letters[panel]}{number:02d}" for number in range(1, size + 1)]
        for panel, size in sizes.items()
    }


def _of_proposal(
    code: str, parameters: Parameters, severity: dict[str, float], rng: np.random.Generator
) -> Iterator[tuple]:
    quality, pools = rng.normal(0, QUALITY), _pools(parameters)
    drawn = {panel: [pool[k] for k in rng.permutation(len(pool))] for panel, pool in pools.items()}
    for criterion in parameters.method.criteria:
        # As many evaluators as the design wants, or by chance more where it allows more.
        size = int(rng.integers(max(criterion.fewest, 1), criterion.raters_per_panel + 1))
        tolerance = parameters.tolerance if criterion.name in parameters.third_for else math.inf
        for indicator in criterion.indicators:
            if indicator.counted:
                continue
            level = quality + rng.normal(0, OF_INDICATOR)
            given: list[tuple[str, str, str, float]] = []
            for panel in criterion.panels:
                levels = {name: level + severity[name] for name in drawn[panel]}
                inside = math.inf if criterion.seated else tolerance
                given += ((panel, *cell) for cell in _of_cell(levels, indicator, size, inside, rng))
            if criterion.seated and abs(given[0][-1] - given[1][-1]) > tolerance:
                # Of two panels of one evaluator each, one third decides between both.
                name = list(levels)[size]
                given.append((panel, name, THIRD, _rating(levels[name], indicator, rng)))
            for cell in given:
                yield code, indicator.name, *cell


def _of_cell(
    levels: dict[str, float], indicator: Indicator, size: int, tolerance: float, rng: np.random.Generator
) -> Iterator[tuple[str, str, float]]:
    """Rate one cell: the first evaluators independently, the next one as a third where these differ."""
    names = list(levels)
    ratings = [_rating(levels[name], indicator, rng) for name in names[:size]]
    for name, rating in zip(names, ratings, strict=False):
        yield name, INDEPENDENT, rating
    if max(ratings) - min(ratings) > tolerance:
        yield names[size], THIRD, _rating(levels[names[size]], indicator, rng)


def _rating(level: float, indicator: Indicator, rng: np.random.Generator) -> float:
    sign = 1 if indicator.direction.startswith("higher") else -1
    share = 0.5 + sign * (level + rng.normal(0, NOISE))
    wanted = indicator.minimum + share * (indicator.maximum - indicator.minimum)
    scale = np.array(indicator.scale)
    return float(scale[np.argmin(np.abs(scale - wanted))])
