"""How far evaluators agree, in one clause and without intervals: for pages that only answer and point on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from ogp_analysis.agreement import blind_pairs
from ogp_analysis.agreement.blind_pairs import BY_INDICATOR, Comparison
from ogp_analysis.agreement.comparisons import designs, fitting, guarded
from ogp_analysis.agreement.headline import words
from ogp_analysis.agreement.results import note_20, summary
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.params import Parameters

# The values need no resamples; the fewest that a parameter may be are drawn, and not looked at.
FEWEST_RESAMPLES = 100


def sentences(inputs: Inputs, parameters: Parameters, languages: Iterable[str]) -> dict[str, str]:
    """Word how far the blind ratings agree, by language.

    Parameters
    ----------
    inputs : Inputs
        Checked ratings.
    parameters : params.Parameters
        Of the run.
    languages : iterable of str
        The languages of the words.

    Returns
    -------
    dict of str to str
        The clause by language; empty where no two evaluators rated the same.

    Examples
    --------
    >>> from ogp_analysis import ratings
    >>> baseline = params.from_values(params.baseline())
    >>> sentences(ratings.load(baseline), baseline, ["en"])["en"][:30]
    '88.8% of the 258 blind pairs f'
    """
    few = params.with_values(parameters, n_resamples=FEWEST_RESAMPLES)
    compared = [one for one in blind_pairs.comparisons(inputs, few) if one.grain == BY_INDICATOR]
    described = designs(compared)
    if not (described["most"] > 1).any():
        return {}
    frames = {"designs": described, "note_20": note_20(compared, few), "agreement": _values(compared, few)}
    numbers = summary(frames, few)
    return {
        str(language): _clause(words(numbers, replace(few, language=language)), language)
        for language in languages
    }


def _values(compared: list[Comparison], parameters: Parameters) -> pd.DataFrame:
    rows = []
    for one in compared:
        row: dict[str, object] = {"indicator": one.indicator}
        for name, weights, call in fitting(one, parameters):
            if name == "krippendorff_alpha":
                row |= {"alpha": guarded(call, one.table).value, "metric": weights}
            elif (name, weights) == ("gwet_ac", parameters.disagreement_weights):
                row["ac"] = guarded(call, one.table).value
        rows.append(row)
    return pd.DataFrame(rows)


def _clause(worded: Mapping[str, object], language: str) -> str:
    # Who reads only this needs the ends of what a coefficient can say.
    read = texts.say("headline.chance_read", language) if worded["chance"] else ""
    return f"{worded['matching']}{worded['chance']}{read}"
