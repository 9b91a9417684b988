"""How suggestions for grouping grow: seconds and peak memory, all pairs up to 5,000 and by topic above.

Run ``python benchmarks/grouping.py [proposals]``; each size runs in a process of its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

WORDS = 4_000
TOPICS = 40


def invented(count: int) -> pd.DataFrame:
    """Make so many proposals of 40 words each, drawn by Zipf's law from made-up words, in 40 topics."""
    rng = np.random.default_rng(1)
    words = np.array([f"{a}{b}{c}" for a in "bcdfglmnprst" for b in "aeiou" for c in _endings()])[:WORDS]
    drawn = np.minimum(rng.zipf(1.3, size=(count, 40)), WORDS) - 1
    texts = [" ".join(row) for row in words[drawn]]
    return pd.DataFrame(
        {
            "proposal": [f"P{n:07d}" for n in range(count)],
            "title": [text[:60] for text in texts],
            "problem": "",
            "solution": texts,
            "topic": [f"T{n % TOPICS}" for n in range(count)],
        }
    )


def _endings() -> list[str]:
    return [f"{a}{b}" for a in ("ra", "to", "ción", "dad", "mento", "les", "gua", "pis") for b in "aeiousnrl"]


def measure(count: int) -> dict[str, float | str]:
    """Suggest groups for so many proposals."""
    from ogp_analysis.proposals import similar_texts

    proposals = invented(count)
    start = time.perf_counter()
    suggested = similar_texts.suggest(proposals)
    return {
        "proposals": count,
        "method": str(suggested["method"].iloc[0]),
        "seconds": round(time.perf_counter() - start, 2),
        "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    """Measure one size here, or several in processes of their own."""
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
        return
    for count in (335, 2_000, 5_000, 20_000):
        subprocess.run([sys.executable, __file__, str(count)], check=True)


if __name__ == "__main__":
    main()
