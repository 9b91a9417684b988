"""Do nominal 95 per cent intervals of the agreement coefficients cover 95 per cent? A simulation.

Usage: python benchmarks/interval_coverage.py [RUNS]   (default 1500 runs; prints a Markdown table)
"""

from __future__ import annotations

import itertools
import sys
from functools import partial

import numpy as np

from ogp_analysis import agreement

SEED, RESAMPLES, LARGE = 20191001, 999, 400_000
RUNS = 1500
SCALE = [1, 2, 3, 4, 5]
CUTS = np.array([-0.8, 0.1, 0.8, 1.5])
KINDS = ("analytic", "fisher", "jackknife", "bootstrap", "bca", "studentized")
DESIGNS = {"43 x 2, complete": (43, 2, 0.0), "30 x 3, 35% missing": (30, 3, 0.35)}

COEFFICIENTS = {
    "percent agreement": agreement.percent_agreement,
    "AC1": partial(agreement.gwet_ac, categories=SCALE),
    "AC2, quadratic": partial(agreement.gwet_ac, weights="quadratic", categories=SCALE),
    "Brennan-Prediger": partial(agreement.brennan_prediger, categories=SCALE),
    "Fleiss": agreement.fleiss_kappa,
    "Fleiss, quadratic": partial(agreement.fleiss_kappa, weights="quadratic", categories=SCALE),
    "Conger (two raters: Cohen)": agreement.conger_kappa,
    "Conger, quadratic": partial(agreement.conger_kappa, weights="quadratic", categories=SCALE),
    "alpha, nominal": partial(agreement.krippendorff_alpha, measurement="nominal"),
    "alpha, ordinal": agreement.krippendorff_alpha,
    "alpha, interval": partial(agreement.krippendorff_alpha, measurement="interval"),
    "ICC(1)": agreement.icc,
}
COMPLETE = {
    "ICC(A,1)": partial(agreement.icc, form="ICC(A,1)"),
    "ICC(C,1)": partial(agreement.icc, form="ICC(C,1)"),
    "Lin": agreement.lin_ccc,
    "share within 1 (Wilson)": agreement.share_within,
}


def draw(rng, items, raters, missing, *, quality=1.0):
    """Ratings 1..5: a latent quality, a fixed severity of each rater, noise, cut into skewed categories."""
    severity = np.array([-0.15, 0.15, 0.0])[:raters]
    latent = quality * rng.normal(size=(items, 1)) + severity + 0.7 * rng.normal(size=(items, raters))
    ratings = 1.0 + (latent[:, :, None] > CUTS).sum(axis=2)
    ratings[rng.random(ratings.shape) < missing] = np.nan
    return ratings


def draw_normal(rng, items, raters):
    """Normal ratings by raters drawn anew each time: variances 1 (item), 0.1 (rater), 0.49 (residual)."""
    return (
        rng.normal(size=(items, 1))
        + np.sqrt(0.1) * rng.normal(size=(1, raters))
        + 0.7 * rng.normal(size=(items, raters))
    )


# Items, raters, ratings an item by raters drawn from all.
INCOMPLETE = {"43 x 3 of 8": (43, 8, 3), "43 x 3 of 20": (43, 20, 3), "100 x 2 of 5": (100, 5, 2)}


def draw_incomplete(rng, items, raters, each):
    """As `draw_normal`, each item by some of the raters; the others leave it out."""
    values = draw_normal(rng, items, raters)
    order = rng.random(values.shape).argsort(axis=1)
    values[order >= each] = np.nan
    return values


def incomplete_rows(runs):
    """Two-way forms of incomplete ratings, by REML; only the analytic interval is offered."""
    truths = {"ICC(A,1)": 1 / 1.59, "ICC(C,1)": 1 / 1.49}
    for label, (items, raters, each) in INCOMPLETE.items():
        rng = np.random.default_rng(SEED)
        held = {form: [] for form in truths}
        for _ in range(runs):
            ratings = draw_incomplete(rng, items, raters, each)
            for form, truth in truths.items():
                function = partial(agreement.icc, form=form)
                held[form].append(covers(function, ratings, truth, "analytic", 0))
        for form, truth in truths.items():
            coverage = np.full(len(KINDS), np.nan)
            coverage[KINDS.index("analytic")] = np.nanmean(held[form])
            yield f"{label}, normal, incomplete, by REML", form, truth, coverage


def covers(function, ratings, truth, kind, seed):
    name = {"analytic": "wilson"}.get(kind, kind) if function is agreement.share_within else kind
    estimate = function(ratings, interval=name, n_resamples=RESAMPLES, rng=seed)
    lower, upper = estimate.interval
    return np.nan if np.isnan(lower) else float(lower <= truth <= upper)


def rows(runs):
    for label, (items, raters, missing) in DESIGNS.items():
        rng = np.random.default_rng(SEED)
        large = draw(rng, LARGE, raters, missing)
        functions = COEFFICIENTS | ({} if missing else COMPLETE)
        truths = {name: function(large, interval=None).value for name, function in functions.items()}
        held = {name: [] for name in functions}
        for run in range(runs):
            ratings = draw(rng, items, raters, missing)
            for name, function in functions.items():
                held[name].append([covers(function, ratings, truths[name], kind, run) for kind in KINDS])
        for name in functions:
            yield label, name, truths[name], np.nanmean(held[name], axis=0)
    rng, truths = (
        np.random.default_rng(SEED),
        {"ICC(1)": 1 / 1.59, "ICC(A,1)": 1 / 1.59, "ICC(C,1)": 1 / 1.49},
    )
    held = {name: [] for name in truths}
    for run in range(runs):
        ratings = draw_normal(rng, 43, 3)
        for form, truth in truths.items():
            function = partial(agreement.icc, form=form)
            held[form].append([covers(function, ratings, truth, kind, run) for kind in KINDS])
    for form, truth in truths.items():
        yield "43 x 3, normal, raters drawn anew", form, truth, np.nanmean(held[form], axis=0)


def shown(share):
    """A share of intervals in per cent, marked where it is far from 95; a dash where none is offered."""
    return "–" if np.isnan(share) else f"{100 * share:.1f}{'' if 0.93 <= share <= 0.97 else ' !'}"


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    print(
        f"Share of {runs} simulated data sets whose nominal 95% interval holds the true value "
        f"(Monte Carlo standard error {100 * np.sqrt(0.05 * 0.95 / runs):.1f} points).\n"
    )
    print(f"| design | coefficient | true value | {' | '.join(KINDS)} |")
    print("|---|---|---" + "|---" * len(KINDS) + "|")
    for design, name, truth, coverage in itertools.chain(rows(runs), incomplete_rows(runs)):
        cells = " | ".join(map(shown, coverage))
        print(f"| {design} | {name} | {truth:.3f} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
