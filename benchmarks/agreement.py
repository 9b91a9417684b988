"""How fast the agreement coefficients are, as ratios to other packages measured in one run on the same data.

    make bench        or: python benchmarks/agreement.py [--write] [--irrcac PYTHON]

PYTHON is an interpreter of another environment that has irrCAC, which pins old versions of scipy and pandas
(also read from the variable IRRCAC); without it that row is left out. ``--write`` keeps the table in
benchmarks/agreement.md. Every process uses one thread. Exit code 1 when a limit is broken.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import time
import tracemalloc
from functools import partial
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import krippendorff  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pingouin  # noqa: E402
from scipy import stats  # noqa: E402
from sklearn.metrics import cohen_kappa_score  # noqa: E402
from statsmodels.stats import inter_rater  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ogp_analysis import agreement  # noqa: E402

SEED, RESAMPLES = 20191001, 10_000
IRRCAC = """
import io, sys, time, warnings, numpy, pandas
from irrCAC.raw import CAC
warnings.simplefilter("ignore")
frame = pandas.DataFrame(numpy.load(io.BytesIO(sys.stdin.buffer.read())))
times = []
for _ in range(3):
    start = time.perf_counter()
    CAC(frame, weights="quadratic").gwet()
    times.append(time.perf_counter() - start)
print(sorted(times)[1])
"""


def ratings(items, raters, missing=0.05):
    """Ratings 1..5 that agree more than chance, some missing."""
    rng = np.random.default_rng(SEED)
    table = np.clip(rng.integers(1, 6, (items, 1)) + rng.integers(-1, 2, (items, raters)), 1, 5).astype(float)
    table[rng.random(table.shape) < missing] = np.nan
    return table


def seconds(call, repeats=5):
    """Shortest time of a call out of a few tries."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def krippendorff_loop(table):
    """10,000 resamples of items, each a call."""
    rng = np.random.default_rng(SEED)
    data = table.T
    for _ in range(RESAMPLES):
        drawn = rng.integers(0, data.shape[1], data.shape[1])
        krippendorff.alpha(data[:, drawn], level_of_measurement="ordinal", value_domain=[1, 2, 3, 4, 5])


def scipy_bca(table):
    """scipy's BCa bootstrap round krippendorff."""
    places = np.arange(len(table))
    stats.bootstrap(
        (places,),
        lambda index: krippendorff.alpha(
            table[index.astype(int)].T, level_of_measurement="ordinal", value_domain=[1, 2, 3, 4, 5]
        ),
        n_resamples=RESAMPLES,
        vectorized=False,
        rng=np.random.default_rng(SEED),
    )


ordinal = partial(krippendorff.alpha, level_of_measurement="ordinal")


def alpha_rows():
    # Of a small table the checks take half the time; the peer has none.
    for items, limit in ((1_000, 0.7), (100_000, None), (1_000_000, 3)):
        table = ratings(items, 3)
        peer = seconds(partial(ordinal, table.T))
        value = seconds(partial(agreement.krippendorff_alpha, table, interval=None))
        error = seconds(partial(agreement.krippendorff_alpha, table))
        name = f"alpha ordinal, {items:,} x 3, 5% missing"
        yield f"{name}, value only", "krippendorff", peer, value, limit
        yield f"{name}, with standard error (the peer has none)", "krippendorff", peer, error, None


def bootstrap_rows():
    for items, raters in ((43, 2), (1_000, 3)):
        table = ratings(items, raters, 0.0 if raters == 2 else 0.05)
        name = f"{RESAMPLES:,} resamples of alpha ordinal, {items:,} x {raters}"
        call = partial(agreement.krippendorff_alpha, table, n_resamples=RESAMPLES)
        loop = seconds(partial(krippendorff_loop, table), 1)
        yield name, "loop over krippendorff", loop, seconds(partial(call, interval="bootstrap")), 50
        if raters == 2:
            peer = seconds(partial(scipy_bca, table), 1)
            ours = seconds(partial(call, interval="bca"))
            yield f"{name}, BCa", "scipy.stats.bootstrap round krippendorff", peer, ours, None


def icc_rows():
    table = ratings(100_000, 3, 0.0)
    long = pd.DataFrame(table).reset_index().melt("index", var_name="rater", value_name="value")
    call = partial(pingouin.intraclass_corr, long, targets="index", raters="rater", ratings="value")
    peer = seconds(call, 3)
    for form in ("ICC(1)", "ICC(A,1)"):
        ours = seconds(partial(agreement.icc, table, form=form))
        yield f"{form} with F test and interval, 100,000 x 3", "pingouin (six forms)", peer, ours, 25


def kappa_rows():
    table = ratings(100_000, 3, 0.0)
    peer = seconds(lambda: inter_rater.fleiss_kappa(inter_rater.aggregate_raters(table)[0]))
    ours = seconds(partial(agreement.fleiss_kappa, table))
    yield "Fleiss' kappa, 100,000 x 3 (ours with standard error)", "statsmodels", peer, ours, None
    first, second = table[:, 0].astype(int), table[:, 1].astype(int)
    peer = seconds(partial(cohen_kappa_score, first, second, weights="quadratic"))
    ours = seconds(partial(agreement.cohen_kappa, table[:, :2], weights="quadratic"))
    name = "Cohen's kappa, quadratic, 100,000 x 2 (ours with standard error)"
    yield name, "scikit-learn", peer, ours, None


def reml_row():
    """1,000 items with three of 3,000 evaluators each, as a conference has them."""
    rng = np.random.default_rng(SEED)
    item, rater = np.repeat(np.arange(1_000), 3), rng.integers(0, 3_000, 3_000)
    value = rng.normal(size=1_000)[item] + rng.normal(size=3_000)[rater] + rng.normal(size=3_000)
    long = pd.DataFrame({"item": item, "rater": rater, "value": value}).drop_duplicates(["item", "rater"])
    table = long.pivot(index="item", columns="rater", values="value")
    took = seconds(partial(agreement.variance_components, table), 3)
    name = f"variance components by REML, 1,000 items, three each of {table.shape[1]:,} evaluators"
    return name, f"{took:.2f} s", "", "below 10 s", took < 10


def irrcac_rows(python):
    table = ratings(100_000, 3)
    content = io.BytesIO()
    np.save(content, table)
    run = subprocess.run([python, "-c", IRRCAC], input=content.getvalue(), capture_output=True, check=True)
    ours = seconds(partial(agreement.gwet_ac, table, weights="quadratic"))
    name = "AC2 quadratic with standard error, 100,000 x 3, 5% missing"
    yield name, "irrCAC", float(run.stdout), ours, 1


def peak_memory(call, table):
    """Peak of newly allocated memory, in sizes of the input."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / table.nbytes


def memory_rows():
    table = ratings(1_000_000, 3)
    theirs = peak_memory(partial(ordinal, table.T), table)
    calls = {
        "alpha ordinal": partial(agreement.krippendorff_alpha, table),
        "AC2 quadratic": partial(agreement.gwet_ac, table, weights="quadratic"),
        "ICC(1)": partial(agreement.icc, table),
    }
    for name, call in calls.items():
        ours = peak_memory(call, table)
        beside = f" (krippendorff, value only: {theirs:.1f})" if name == "alpha ordinal" else ""
        text = f"peak memory of {name} with standard error, 1,000,000 x 3"
        yield text, f"{ours:.1f} times the input{beside}", "", "below 8", ours < 8


def measured(task, peer, theirs, ours, limit):
    ratio = theirs / ours
    text = "" if limit is None else f"at least {limit:g} times"
    holds = limit is None or ratio >= limit
    return (
        f"{task}, against {peer}",
        f"{1000 * ours:.3g} ms against {1000 * theirs:.3g} ms",
        (f"{ratio:.1f} times faster"),
        text,
        holds,
    )


def main() -> int:
    """Measure, print a markdown table and say whether every limit holds."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--write", action="store_true", help="keep the table in benchmarks/agreement.md")
    reader.add_argument("--irrcac", default=os.environ.get("IRRCAC", ""), help="python that has irrCAC")
    options = reader.parse_args()
    timed = [*alpha_rows(), *bootstrap_rows(), *icc_rows(), *kappa_rows()]
    timed += irrcac_rows(options.irrcac) if options.irrcac else []
    rows = [*(measured(*row) for row in timed), reml_row(), *memory_rows()]
    lines = ["| what | measured | ratio | limit | holds |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {a} | {b} | {c} | {d} | {'yes' if e else 'NO'} |" for a, b, c, d, e in rows]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.write:
        head = "# Speed and memory of agreement\n\nMade by `python benchmarks/agreement.py --write`.\n\n"
        (ROOT / "benchmarks" / "agreement.md").write_text(head + text, encoding="utf-8", newline="\n")
    return 0 if all(row[4] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
