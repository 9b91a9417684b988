"""Which assumption matters most: each in doubt alone, and each held while the rest is in doubt."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
import pandas as pd

from ogp_analysis.sensitivity.sampling import Counts, simulate
from ogp_analysis.sensitivity.study import Study

ALONE, HELD = "alone", "held"
FEWEST, LARGEST_MODEL = 100, 1_000_000  # draws, and draws x proposals
NAMES = tuple(f"{outcome}_{way}" for outcome in ("ten", "mean") for way in (ALONE, HELD))
COLUMNS = ("assumption", *(f"{name}{end}" for name in NAMES for end in ("", "_error")))


def assumption_counts(study: Study, *, executor: Executor | None = None) -> dict[str, dict[str, Counts]]:
    """Draw with each assumption in doubt alone, and with each held at the baseline; by assumption.

    The seed of each assumption's draws is its own, so that what is in doubt is drawn alike in all of them.
    """
    portfolio, parameters = study.portfolio, study.parameters
    # Eight simulations: each with a quarter of the draws, and fewer of many proposals.
    draws = max(FEWEST, min(parameters.n_draws // 4, LARGEST_MODEL // max(1, portfolio.size)))
    by_group = {}
    for group in portfolio.doubtful:
        others = tuple(each for each in portfolio.vary if each != group)
        ways = {ALONE: (group,), HELD: others}
        by_group[group] = {
            way: simulate(replace(portfolio, vary=vary), draws=draws, seed=parameters.seed, executor=executor)
            for way, vary in ways.items()
        }
    return by_group


def assumption_frame(drawn: dict[str, dict[str, Counts]], *, some: bool = True) -> pd.DataFrame:
    """Tabulate how often all of category 1 stay, and how often a proposal keeps its category on average.

    Of an empty category 1 (``some`` is false) none can stay: NaN.

    >>> counts = Counts(100, {"ten": np.array([50]), "kept": np.array([100, 60])})
    >>> frame = assumption_frame({"cuts": {"alone": counts, "held": counts}})
    >>> frame[["assumption", "ten_alone", "ten_alone_error", "mean_held"]].values.tolist()
    [['cuts', 0.5, 0.05, 0.8]]
    """
    records = []
    for group, ways in drawn.items():
        record: dict[str, object] = {"assumption": group}
        for way, counts in ways.items():
            record |= {
                f"ten_{way}": float(counts.share("ten")[0]) if some else float("nan"),
                f"ten_{way}_error": float(counts.standard_error("ten")[0]) if some else float("nan"),
                f"mean_{way}": _mean(counts.share("kept")),
                # A bound: the proposals share their draws, so that their errors may add up.
                f"mean_{way}_error": _mean(counts.standard_error("kept")),
            }
        records.append(record)
    return pd.DataFrame(records, columns=list(COLUMNS))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def largest_of(frame: pd.DataFrame, everything: float) -> dict[str, float]:
    """Name the assumption that, held, lets category 1 stay most often, and those not told from it.

    Nothing is named where none raises it by more than two standard errors over ``everything`` in doubt.

    >>> rows = {"assumption": ["rule", "weights"], "ten_held": [0.16, 0.28], "ten_held_error": [0.003, 0.003]}
    >>> largest_of(pd.DataFrame(rows), 0.1)
    {'weights': 0.28}
    >>> largest_of(pd.DataFrame(rows), 0.275)
    {}
    """
    known = frame.dropna(subset="ten_held").sort_values("ten_held", ascending=False, kind="stable")
    if known.empty or known["ten_held"].iloc[0] <= everything + 2 * known["ten_held_error"].iloc[0]:
        return {}
    apart = np.hypot(known["ten_held_error"], known["ten_held_error"].iloc[0])
    near = known["ten_held"] >= known["ten_held"].iloc[0] - 2 * apart
    return {str(name): float(share) for name, share in known.loc[near, ["assumption", "ten_held"]].to_numpy()}
