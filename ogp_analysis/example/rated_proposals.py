"""The synthetic example: invented ratings of 43 invented proposals, and everything that made them.

The plan's text holds no rating, no scale and no weight. So that the method can be run at all, this module
invents ratings of as many proposals as the plan had: 43, put together from 181 (lines 678 and 688), some of
them with a top-15 composite in category 3, as line 752 says. Nothing else is meant to resemble the plan. The
sizes of the categories are ours: after the selection 9, 7, 9 and 18, each other than the plan's 10, 6, 8 and
19, so that nobody takes a count of the example for one of Ecuador's. That the rule alone puts ten proposals
in category 1 is planned below too, and no finding. The codes S01 to S43 are shuffled, no code stands for a
proposal of the plan, and the decisions are signed by a body and on a day that are invented.

How the ratings are made, in this order, from one seed:

1. Each code gets a planned category by the rule; a few get a recorded decision that changes it.
2. Each proposal draws a latent quality for each indicator around a level that fits its planned category.
3. Each evaluator has a severity (standard deviation 0.25 points); each rating is quality + severity + noise
   (standard deviation 0.65 points for an independent, 0.4 for a third evaluation), rounded, kept on 1 to 5.
4. A third evaluation is drawn where the two blind ratings of a panel differ by more than one point.
5. A proposal is drawn again until the rule gives the category planned in step 1. This pulls the example
   slightly towards agreement, one more reason why its figures say nothing about Ecuador.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.assessment import whole_assessment
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.params import Parameters, baseline, from_values

# The 43 integrated proposals (line 688) and 181 related ones (line 678) are the plan's; the rest is assumed.
# A body that does not exist, on a day before there was an Open Government Partnership.
INVENTED_BODY, INVENTED_DAY = "invented panel (synthetic)", "2001-01-01"
SEED = 43_2019
PROPOSALS = 43
MARK = "synthetic"
REITERATIONS = 181
SEVERITY, NOISE, THIRD_NOISE = 0.25, 0.65, 0.4
ATTEMPTS = 2000
WORKING_GROUP, CORE_GROUP, SECTORS = 14, 9, ("civil society", "public", "academia")


@dataclass(frozen=True)
class Plan:
    """What a proposal of the example is planned to become: by the rule, by decision, and after phase 5.

    Parameters
    ----------
    rule, decided : int
        Category by the rule, and after the selection.
    route : bool
        Whether an institutional route outside the plan is recorded.
    mark : str
        Category it moves to when it is not confirmed, the plan's asterisks (lines 737 and 739): ``"3"``,
        ``"4"`` or empty.
    reason : str
        Why the decision departs from the rule; empty where it does not.
    """

    rule: int
    decided: int
    route: bool
    mark: str
    reason: str = ""


def _plans() -> list[Plan]:
    """List the 43 fates: 9, 7, 9 and 18 after the selection, six of them by a recorded decision."""
    return (
        [Plan(1, 1, False, "")] * 8
        + [Plan(2, 1, False, "", "feasible in the present context in the invented panel's judgement")]
        + [Plan(2, 2, False, "4")]
        + [Plan(2, 2, True, "3")] * 3
        + [Plan(2, 2, False, "4")] * 3
        + [Plan(3, 3, True, "")] * 5
        + [Plan(1, 3, True, "", "important, promoted by an institution outside the plan")] * 2
        + [Plan(2, 3, True, "", "belongs to an institutional project outside the plan")]
        + [Plan(4, 4, False, "")] * 17
        + [Plan(4, 3, False, "", "important, to be promoted by an institution outside the plan")]
        + [Plan(2, 4, False, "", "no counterpart could be found")]
    )


def make(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Make the synthetic example.

    Parameters
    ----------
    seed : int
        Seed of every random number.

    Returns
    -------
    dict
        Frames ``ratings, proposals, decisions, evaluators`` with the columns of the data model and a column
        ``synthetic`` that says "yes" in every row.

    Notes
    -----
    Takes about a second, because every proposal is drawn until it fits; ``data/example`` in the package
    holds what the usual seed gives.
    """
    rng = np.random.default_rng(seed)
    plans = [_plans()[position] for position in rng.permutation(PROPOSALS)]
    codes = [f"S{number:02d}" for number in range(1, PROPOSALS + 1)]
    parameters = from_values(baseline())
    severity = _evaluators(rng, codes)
    ratings = pd.concat(
        [_ratings_of(code, plan, severity, parameters, rng) for code, plan in zip(codes, plans, strict=True)],
        ignore_index=True,
    )
    frames = {
        "ratings": ratings.sort_values(
            ["proposal", "indicator", "panel", "role", "evaluator"], ignore_index=True
        ),
        "proposals": _proposals(codes, plans, rng),
        "decisions": _decisions(codes, plans),
        "evaluators": _evaluator_table(severity),
    }
    return {name: frame.assign(**{MARK: "yes"}) for name, frame in frames.items()}


def _evaluators(rng: np.random.Generator, codes: list[str]) -> dict[str, float]:
    names = [f"WG{number:02d}" for number in range(1, WORKING_GROUP + 1)]
    names += [f"CG{number:02d}" for number in range(1, CORE_GROUP + 1)]
    # Lead and counterpart are other institutions for each proposal, so each has evaluators of its own.
    names += [f"{seat}{code[1:]}" for code in codes for seat in ("L", "C")]
    return dict(zip(names, rng.normal(0, SEVERITY, len(names)), strict=True))


def _ratings_of(
    code: str, plan: Plan, severity: dict[str, float], parameters: Parameters, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the ratings of one proposal until the rule gives its planned category."""
    proposals = pd.DataFrame({"proposal": [code], "route": ["yes" if plan.route else ""]})
    for _ in range(ATTEMPTS):
        drawn = _draw(code, plan, severity, parameters, rng)
        # No decision and no mark is given: the final category is that of the rule.
        if whole_assessment.final_categories(Inputs(drawn, proposals), parameters).tolist() == [plan.rule]:
            return drawn
    message = f"no ratings for {code} gave category {plan.rule} in {ATTEMPTS} attempts"
    raise RuntimeError(message)


def _centres(rule: int, rng: np.random.Generator) -> dict[str, float]:
    """Draw where the two criteria of a proposal lie, in points."""
    # Around the baseline's cut points 2.5 and 3.5: the level is likely, and noise may still cross a cut.
    high, medium, low = rng.uniform(3.6, 4.6), rng.uniform(2.6, 3.5), rng.uniform(1.4, 2.5)
    pairs = {1: [(high, high)], 2: [(medium, medium), (high, medium), (medium, high)]}
    pairs[3] = pairs[4] = [(low, medium), (medium, low), (low, low), (low, high)]
    chosen = pairs[rule][rng.integers(len(pairs[rule]))]
    return dict(zip(("feasibility", "relevance"), chosen, strict=True))


def _draw(
    code: str, plan: Plan, severity: dict[str, float], parameters: Parameters, rng: np.random.Generator
) -> pd.DataFrame:
    centres = _centres(plan.rule, rng)
    seats = {"lead": [f"L{code[1:]}"], "counterpart": [f"C{code[1:]}"]}
    for panel, prefix, size in (("working_group", "WG", WORKING_GROUP), ("core_group", "CG", CORE_GROUP)):
        # Two independent evaluators, and a third in case they differ (note 20 of the plan, line 516).
        seats[panel] = [f"{prefix}{number + 1:02d}" for number in rng.permutation(size)[:3]]
    rows = []
    for criterion in parameters.method.criteria:
        for indicator in criterion.indicators:
            quality = centres[criterion.name] + rng.normal(0, 0.5)
            for panel in criterion.panels:
                cell = (code, indicator.name, panel)
                rows += _panel_rows(cell, seats[panel], quality, severity=severity, rng=rng)
    return pd.DataFrame(rows, columns=["proposal", "indicator", "panel", "evaluator", "role", "rating"])


def _panel_rows(
    cell: tuple[str, str, str],
    seats: list[str],
    quality: float,
    *,
    severity: dict[str, float],
    rng: np.random.Generator,
) -> list[tuple]:
    independent = [_rating(quality + severity[name], NOISE, rng) for name in seats[:2]]
    rows = [(*cell, name, "independent", rating) for name, rating in zip(seats[:2], independent, strict=True)]
    if len(seats) == 3 and abs(independent[0] - independent[1]) > 1:
        third = _rating(quality + severity[seats[2]], THIRD_NOISE, rng)
        rows.append((*cell, seats[2], "third", third))
    return rows


def _rating(quality: float, noise: float, rng: np.random.Generator) -> int:
    return int(np.clip(np.rint(quality + rng.normal(0, noise)), 1, 5))


def _proposals(codes: list[str], plans: list[Plan], rng: np.random.Generator) -> pd.DataFrame:
    # Each of the 43 groups has at least one of the 181 proposals that were related to open government.
    counts = 1 + rng.multinomial(REITERATIONS - PROPOSALS, rng.dirichlet(np.full(PROPOSALS, 1.5)))
    organisations = rng.integers(1, 31, size=(PROPOSALS, 2))
    return pd.DataFrame(
        {
            "proposal": codes,
            "title": "",
            "lead": [f"O{number:02d}" for number in organisations[:, 0]],
            "counterparts": [f"O{number:02d}" for number in organisations[:, 1]],
            "sector": "",
            "route": ["route outside the plan (synthetic)" if plan.route else "" for plan in plans],
            "if_not_confirmed": [plan.mark for plan in plans],
            "reiterations": counts,
        }
    )


def _decisions(codes: list[str], plans: list[Plan]) -> pd.DataFrame:
    rows = [
        (code, "selection", plan.decided, f"{plan.reason} (synthetic)", INVENTED_BODY, INVENTED_DAY)
        for code, plan in zip(codes, plans, strict=True)
        if plan.decided != plan.rule
    ]
    return pd.DataFrame(rows, columns=["proposal", "stage", "category", "reason", "decided_by", "date"])


def _evaluator_table(severity: dict[str, float]) -> pd.DataFrame:
    panel = [name for name in severity if name.startswith(("WG", "CG"))]
    return pd.DataFrame(
        {
            "evaluator": panel,
            "organisation": [f"O{number:02d}" for number in range(1, len(panel) + 1)],
            "sector": [SECTORS[position % len(SECTORS)] for position in range(len(panel))],
        }
    )
