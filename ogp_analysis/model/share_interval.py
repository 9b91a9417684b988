"""The interval of a share of independent pairs."""

from __future__ import annotations

import math


def wilson_interval(share: float, n: float, confidence_level: float) -> tuple[float, float]:
    """Interval of Wilson (1927, doi 10.2307/2276774) for a share of n independent pairs.

    Five of ten; and ten of ten, where value -+ z * standard error would have no width at all.

    >>> [round(limit, 4) for limit in wilson_interval(0.5, 10, 0.95)]
    [0.2366, 0.7634]
    >>> [round(limit, 4) for limit in wilson_interval(1.0, 10, 0.95)]
    [0.7225, 1.0]
    """
    from scipy.special import ndtri

    z = float(ndtri((1 + confidence_level) / 2))
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)
