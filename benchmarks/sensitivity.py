"""How fast the sensitivity is, as ratios to what people use instead, measured in one run on one machine.

    make bench        or: python benchmarks/sensitivity.py [--write] [--draws 1e8]

Needs nothing beyond the product; with pysensmcda in the environment (or in the one that the variable
PYSENSMCDA names by its python) its SMAA is timed as well. ``--write`` keeps the table in
benchmarks/sensitivity.md. Every process uses one thread. Exit code 1 when a limit is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy as np  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ogp_analysis import sensitivity  # noqa: E402
from ogp_analysis.sensitivity.acceptability import central_weights  # noqa: E402

CUTS = np.array([2.5, 3.5])
Row = tuple[str, str, str, str, bool]


def seconds(action: Callable[[], object], *, times: int) -> float:
    """Give the shortest wall time of a few tries."""
    tries = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        tries.append(time.perf_counter() - started)
    return min(tries)


def alone(code: str, *, python: str = sys.executable) -> dict[str, float]:
    """Run code in a fresh process that sets ``found``; add its peak memory in MB."""
    # Not ru_maxrss: on Linux it starts from the memory of the process that started this one.
    tail = (
        "\nimport json, pathlib"
        "\nlines = pathlib.Path('/proc/self/status').read_text().splitlines()"
        "\nfound['peak'] = next(int(line.split()[1]) for line in lines if line.startswith('VmHWM')) / 1024"
        "\nprint(json.dumps(found))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [python, "-c", code + tail], check=True, capture_output=True, text=True, env=environment
    )
    return json.loads(done.stdout.splitlines()[-1])


def monte_carlo(scores: list[np.ndarray], *, draws: int = 1_000_000, chunk: int = 20_000) -> list[np.ndarray]:
    """The strong amateur: chunked numpy draws, the same probabilities as `exact`."""
    rng = np.random.default_rng(1)
    shares = []
    for x in scores:
        hits = np.zeros((len(x), len(CUTS)))
        for _ in range(draws // chunk):
            weights = rng.standard_exponential((chunk, x.shape[1]))
            weights /= weights.sum(axis=1, keepdims=True)
            values = weights @ x.T
            for k, cut in enumerate(CUTS):
                hits[:, k] += np.count_nonzero(values >= cut, axis=0)
        shares.append(hits / draws)
    return shares


def exact(scores: list[np.ndarray]) -> list[np.ndarray]:
    return [sensitivity.threshold_probability(x, CUTS) for x in scores]


def against_monte_carlo(rng: np.random.Generator) -> list[Row]:
    scores = [rng.integers(1, 6, size=(43, n)).astype(float) for n in (4, 3)]
    fast = min(seconds(lambda: exact(scores), times=300) for _ in range(3))
    slow = seconds(lambda: monte_carlo(scores), times=3)
    error = max(np.abs(a - b).max() for a, b in zip(exact(scores), monte_carlo(scores), strict=True))
    ratio = slow / fast
    central = seconds(lambda: [central_weights(x, CUTS) for x in scores], times=50)
    return [
        (
            "exact shares of 43 proposals, 2 criteria, 2 cuts, against chunked numpy draws (1e6)",
            f"{1e3 * fast:.3f} ms against {slow:.2f} s (error of the draws {error:.1e})",
            f"{ratio:,.0f} times faster",
            "at least 1,000 times",
            ratio >= 1000,
        ),
        (
            "central weights of 43 x 7 in every band, one pass",
            f"{1e3 * central:.2f} ms",
            f"{central / fast:.1f} times the shares alone",
            "one vectorised pass",
            central < 20 * fast,
        ),
    ]


def by_patterns(rng: np.random.Generator) -> list[Row]:
    ratings = rng.integers(1, 6, size=(1_000_000, 4)).astype(float)
    scale = [1, 2, 3, 4, 5]
    table = seconds(lambda: sensitivity.pattern_probability(ratings, CUTS, scale=scale), times=3)
    rows = seconds(lambda: sensitivity.threshold_probability(ratings, CUTS), times=1)
    return [
        (
            "a million integer-rated proposals through the table of 5^4 patterns",
            f"{table:.3f} s against {rows:.2f} s row by row",
            f"{rows / table:.0f} times faster",
            "well under a second",
            table < 0.8,
        )
    ]


def at_scale() -> list[Row]:
    code = """
import time
import numpy as np
from ogp_analysis import sensitivity
x = np.random.default_rng(1).uniform(1, 5, ({m}, 7))
start = time.perf_counter()
sensitivity.threshold_probability(x, [2.5, 3.5])
found = {{"seconds": time.perf_counter() - start}}
"""
    small, large = (alone(code.format(m=m)) for m in (250_000, 1_000_000))
    growth = large["seconds"] / small["seconds"] / 4
    return [
        (
            "1,000,000 proposals x 7 indicators x 2 cuts, exact",
            f"{large['seconds']:.2f} s, peak {large['peak']:.0f} MB",
            f"{growth:.2f} of linear growth from 250,000",
            "below 1 GB, linear",
            large["peak"] < 1024 and growth < 1.5,
        )
    ]


RANKS = """
import time
import numpy as np
from ogp_analysis import sensitivity
x = np.random.default_rng(2).integers(1, 6, size=(43, 7)).astype(float)
start = time.perf_counter()
sensitivity.rank_acceptability(x, draws={draws}, seed=1, pairs=False)
found = {{"seconds": time.perf_counter() - start}}
"""
PEER = """
import time, warnings
warnings.simplefilter("ignore")
import numpy as np
from pymcdm.methods import WSM
from pysensmcda.smaa import smaa2
x = np.random.default_rng(2).integers(1, 6, size=(43, 7)).astype(float)
start = time.perf_counter()
smaa2(WSM(), x, np.ones(7), num_samples=100_000, seed=1)
found = {"seconds": time.perf_counter() - start}
"""


def against_pysensmcda() -> list[Row]:
    ours = min((alone(RANKS.format(draws=100_000)) for _ in range(3)), key=lambda run: run["seconds"])
    own = f"{ours['seconds']:.2f} s, peak {ours['peak']:.0f} MB"
    limit = "at least 20 times faster than pysensmcda, below 200 MB"
    what = "rank acceptability of 43 x 7, 1e5 draws"
    try:
        theirs = alone(PEER, python=os.environ.get("PYSENSMCDA", sys.executable))
    except subprocess.CalledProcessError:
        return [(what, own, "pysensmcda is not installed here", limit, ours["peak"] < 200)]
    ratio = theirs["seconds"] / ours["seconds"]
    sentence = f"{own} against {theirs['seconds']:.1f} s, peak {theirs['peak']:.0f} MB"
    return [(what, sentence, f"{ratio:.0f} times faster", limit, ratio >= 20 and ours["peak"] < 200)]


def memory_of_draws(most: int) -> list[Row]:
    few, many = alone(RANKS.format(draws=1_000_000)), alone(RANKS.format(draws=most))
    growth = many["peak"] - few["peak"]
    return [
        (
            f"memory of {most:.0e} draws against 1e6 (43 x 7)",
            f"peak {many['peak']:.0f} MB against {few['peak']:.0f} MB; {many['seconds']:.0f} s",
            f"{growth:+.0f} MB",
            "the same memory",
            growth < 20,
        )
    ]


def flips(rng: np.random.Generator) -> list[Row]:
    from scipy.optimize import linprog

    scores, weights = rng.integers(1, 6, size=(43, 4)).astype(float), np.full(4, 0.25)
    ours = seconds(lambda: sensitivity.smallest_flip(scores, weights, 3.1), times=50)

    def by_solver() -> None:
        for x in scores:
            linprog(
                np.r_[np.zeros(4), np.ones(4)],
                A_ub=np.vstack([np.hstack([np.eye(4), -np.eye(4)]), np.hstack([-np.eye(4), -np.eye(4)])]),
                b_ub=np.r_[weights, -weights],
                A_eq=np.vstack([np.r_[np.ones(4), np.zeros(4)], np.r_[x, np.zeros(4)]]),
                b_eq=[1, 3.1],
            )

    theirs = seconds(by_solver, times=1)
    return [
        (
            "smallest flip (L1) of 43 proposals against linprog",
            f"{1e3 * ours:.2f} ms against {1e3 * theirs:.0f} ms",
            f"{theirs / ours:.0f} times faster",
            "faster",
            theirs > ours,
        )
    ]


def main() -> int:
    """Measure, print a markdown table and say whether every limit holds."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--write", action="store_true", help="keep the table in benchmarks/sensitivity.md")
    reader.add_argument(
        "--draws", type=float, default=1e7, help="draws of the memory check; 1e8 takes minutes"
    )
    options = reader.parse_args()
    rng = np.random.default_rng(43)
    rows = against_monte_carlo(rng) + by_patterns(rng) + flips(rng) + at_scale() + against_pysensmcda()
    rows += memory_of_draws(int(options.draws))
    lines = ["| what | measured | ratio | limit | holds |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {a} | {b} | {c} | {d} | {'yes' if e else 'NO'} |" for a, b, c, d, e in rows]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.write:
        head = (
            "# Speed and memory of the sensitivity\n\nMade by `python benchmarks/sensitivity.py --write`.\n\n"
        )
        (ROOT / "benchmarks" / "sensitivity.md").write_text(head + text, encoding="utf-8", newline="\n")
    return 0 if all(row[4] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
