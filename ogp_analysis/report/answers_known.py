"""What the page of answers rests on: tables of the plan, the register of proposals, counts of the ratings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Known:
    """What the answers rest on.

    Parameters
    ----------
    plan : mapping of str to DataFrame
        Tables of the plan (`ogp_analysis.plan.results.compute`); empty where the method has no plan.
    ledger : DataFrame
        From `dispositions.build`; ``another_round`` and ``evaluators_cross`` beside it where computed.
    not_computable : DataFrame
        From `parameters_and_gaps.not_computable`.
    counts : mapping of str to number
        ``ratings, evaluators, lacking_ratings, broken`` and the ``tolerance`` in points; where the
        sensitivity was computed, those of `other_ways.ways_counts`.
    synthetic : bool
        Whether the ratings are invented.
    """

    plan: Mapping[str, pd.DataFrame]
    ledger: pd.DataFrame
    not_computable: pd.DataFrame
    counts: Mapping[str, float]
    synthetic: bool
