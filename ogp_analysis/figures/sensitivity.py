"""Figures of the sensitivity: robustness of proposals, assumptions, cuts, other ways, one person."""

from __future__ import annotations

from functools import partial

from ogp_analysis.figures import left_out, style
from ogp_analysis.figures.assumptions import assumptions
from ogp_analysis.figures.cut_steps import cut_steps
from ogp_analysis.figures.other_ways import other_ways
from ogp_analysis.figures.robustness import robustness
from ogp_analysis.model.results import Results


def all_of(results: Results) -> dict[str, style.Drawing]:
    """Give every figure of notebook 4 as a function of the language, by figure id.

    Parameters
    ----------
    results : Results
        From ``sensitivity.results.compute``.

    Returns
    -------
    dict of Drawing
        By figure id, which is the name of the file.
    """
    drawn = {
        "sensitivity_acceptability": partial(robustness, results.tables["sensitivity_verdicts"]),
        "sensitivity_assumptions": partial(assumptions, results.tables["sensitivity_influence"]),
        "sensitivity_cuts": partial(cut_steps, results.tables["sensitivity_cut_steps"]),
        "sensitivity_adding": partial(
            other_ways, results.tables["sensitivity_adding"], results.tables["sensitivity_rules"]
        ),
    }
    figures = {
        name: style.Drawing(partial(draw, synthetic=results.synthetic), name=name, narrow=True)
        for name, draw in drawn.items()
    }
    return figures | {"sensitivity_left_out": left_out.drawing_of(results)}
