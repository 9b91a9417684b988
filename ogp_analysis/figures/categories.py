"""Every figure of the categories by its name: map, paths, third evaluations."""

from __future__ import annotations

from functools import partial

from ogp_analysis.figures import style
from ogp_analysis.figures.category_map import category_map
from ogp_analysis.figures.category_paths import category_paths
from ogp_analysis.figures.category_strips import category_strips
from ogp_analysis.figures.third_evaluations import third_evaluations
from ogp_analysis.model.results import Results


def all_of(results: Results) -> dict[str, style.Drawing]:
    """Name every figure of notebook 3; each is a function of the language alone.

    Parameters
    ----------
    results : Results
        From ``assessment.results.compute``.

    Returns
    -------
    dict
        Drawing by name of the figure.
    """
    tables, synthetic = results.tables, results.synthetic
    method, cut_points = results.further["method"], results.further["cut_points"]
    drawings = {
        "categories_map": partial(
            category_map if len(cut_points) == 2 else category_strips,
            tables["categories"],
            cut_points=cut_points,
            method=method,
            synthetic=synthetic,
        ),
        "category_counts": partial(
            category_paths,
            tables["categories"],
            stages=len(method.stages),
            synthetic=synthetic,
        ),
        "third_evaluations": partial(third_evaluations, results.further["third_shares"], synthetic=synthetic),
    }
    empty = {
        # No third evaluation is foreseen; nobody decides anything after the rule.
        "third_evaluations": not results.further["third_shares"]["foreseen"].any(),
        "category_counts": not method.stages,
    }
    return {
        name: style.Drawing(draw, empty=empty.get(name, False), name=name, narrow=True)
        for name, draw in drawings.items()
    }
