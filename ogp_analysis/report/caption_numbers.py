"""The numbers that captions of part B name, counted in the run's tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ogp_analysis.language import labels, texts

# "From ... to ..." wants two rows.
FEWEST_OF_A_RANGE = 2
# 4.6 - 4.3 is a little more than 0.3: what matches must not be counted as apart.
NEGLIGIBLE = 1e-9
Tables = Mapping[str, pd.DataFrame]


def of(tables: Tables, language: str, *, synthetic: bool) -> dict[str, str]:
    """Give what the captions fill in; what the run lacks is left out, and with it the caption's sentence.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Of the run.
    language : str
        The reader's language.
    synthetic : bool
        Whether the ratings are.

    Returns
    -------
    dict of str to str
        Texts by name.

    Examples
    --------
    >>> third = {"indicator": ["time", "cost"], "pair": ["a-b", "a-b"], "matched": [42, 36]}
    >>> third |= {"third": [1, 7], "pairs": [43, 43]}
    >>> said = of({"third_evaluations": pd.DataFrame(third)}, "en", synthetic=True)
    >>> said["third_needed"], said["third_pairs"], said["third_most"], said["third_most_of"]
    ('8', '86', '7 of 43', 'cost, a – b')
    """
    origin = texts.say("figure.origin.synthetic" if synthetic else "figure.origin.own", language)
    facts = {"figure_origin": origin}
    for name, (columns, count) in COUNTED.items():
        frame = tables.get(name)
        if frame is not None and set(columns) <= set(frame) and len(rows := frame.dropna(subset=columns)):
            facts |= count(rows, language)
    return facts | _beyond_the_tolerance(tables, language)


def _row_words(row: pd.Series, language: str) -> str:
    pair = " – ".join(labels.name_label("panel", part, language) for part in str(row["pair"]).split("-"))
    return f"{labels.name_label('indicator', row['indicator'], language)}, {pair}"


def _number(value: float, language: str, digits: int = 2) -> str:
    return texts.number(float(value), language, digits)


def _agreement(frame: pd.DataFrame, language: str) -> dict[str, str]:
    single = frame[frame["indicator"] != "all"]
    if len(single) < FEWEST_OF_A_RANGE:
        return {}
    low, high = (single.loc[at] for at in (single["ac"].idxmin(), single["ac"].idxmax()))
    return {
        "ac_low": _number(low["ac"], language),
        "ac_low_of": _row_words(low, language),
        "ac_high": _number(high["ac"], language),
        "ac_high_of": _row_words(high, language),
        "alpha_low": _number(single["alpha"].min(), language),
        "alpha_high": _number(single["alpha"].max(), language),
    }


def _compared(frame: pd.DataFrame, _language: str) -> dict[str, str]:
    """Count the pairs of ratings of single indicators, and those for which a third evaluation is foreseen."""
    single = frame[(frame["grain"] == "indicator") & (frame["indicator"] != "all")]
    # A method that foresees none has no such column.
    foreseen = single.loc[single.get("third_foreseen", single["n_cases"] < 0).astype(bool), "n_cases"]
    return {
        "pairs_compared": str(int(single["n_cases"].sum())),
        "pairs_foreseen": str(int(foreseen.sum())),
    }


def _thirds(every: pd.DataFrame, language: str) -> dict[str, str]:
    frame = every[every["pairs"] > 0]
    if len(frame) < FEWEST_OF_A_RANGE:
        return {}
    # A pair that needs a third evaluation got one or lacks it; a column that no row needs is not there.
    used, missing = (frame.get(name, pd.Series(0, frame.index)).fillna(0) for name in ("third", "unresolved"))
    needed = used + missing
    least, most = (frame.loc[at] for at in (needed.idxmin(), needed.idxmax()))
    short = int(missing.sum())
    return {
        "third_needed": str(int(needed.sum())),
        "third_without": texts.counted("figure.thirds_without", short, language) if short else "",
        "third_pairs": str(int(frame["pairs"].sum())),
        "third_least": _some(needed[least.name], least["pairs"], language),
        "third_least_of": _row_words(least, language),
        "third_most": _some(needed[most.name], most["pairs"], language),
        "third_most_of": _row_words(most, language),
    }


def _some(some: float, everything: float, language: str) -> str:
    return texts.say("figure.some_of", language, some=int(some), all=int(everything))


def _differences(frame: pd.DataFrame, _language: str) -> dict[str, str]:
    counts = frame["difference"].value_counts()
    return {
        "cells_compared": str(len(frame)),
        "cells_equal": str(int(counts.get(0, 0))),
    }


def _beyond_the_tolerance(tables: Tables, language: str) -> dict[str, str]:
    """Count the blind ratings that do not match; on a scale of 0 to 100 one point is nothing."""
    if not {"disagreements", "parameters"} <= set(tables):
        return {}
    values = tables["parameters"].set_index("parameter")["value"]
    tolerance = float(values["tolerance"])
    number = texts.number(tolerance, language, labels.digits_needed([tolerance]))
    name = {0.0: ".none", 1.0: ".one"}.get(tolerance, "")
    apart = texts.say(f"figure.points_apart{name}", language, count=number)
    differences = tables["disagreements"]["difference"]
    return {"cells_apart": apart, "cells_far": str(int((differences > tolerance + NEGLIGIBLE).sum()))}


def _panels(frame: pd.DataFrame, language: str) -> dict[str, str]:
    bias = frame[frame["statistic"] == "bias"]
    shown = [
        texts.say(
            "figure.panels_apart.one",
            language,
            criterion=labels.name_label("criterion", row["criterion"], language),
            pair=" – ".join(labels.name_label("panel", part, language) for part in row["pair"].split("-")),
            value=_number(row["value"], language),
        )
        for _, row in bias.iterrows()
    ]
    return {"panels_bias": "; ".join(shown)} if shown else {}


def _spread(frame: pd.DataFrame, language: str) -> dict[str, str]:
    # The rows of an indicator list its whole scale: of several scales no rating is the commonest of all.
    if "indicator" in frame and frame.groupby("indicator")["rating"].agg(["min", "max"]).nunique().max() > 1:
        return {}
    by_rating = frame.groupby("rating")["count"].sum()
    total = int(by_rating.sum())
    rating = by_rating.idxmax()
    return {
        "commonest_rating": labels.value_label("rating", f"{rating}", language),
        "commonest_count": _some(by_rating.max(), total, language),
    }


def _fates(frame: pd.DataFrame, _language: str) -> dict[str, str]:
    moved = frame["category_by_rule"] != frame["category_final"]
    into = moved & (frame["category_final"] == 1)
    out = moved & (frame["category_by_rule"] == 1)
    sums = {"moved": moved, "into_1": into, "out_of_1": out}
    return {f"fates_{name}": str(int(frame.loc[rows, "proposals"].sum())) for name, rows in sums.items()}


COUNTED = {
    "agreement": (["indicator", "pair", "ac", "alpha"], _agreement),
    "note_20": (["grain", "indicator", "n_cases"], _compared),
    "third_evaluations": (["indicator", "pair", "matched", "pairs"], _thirds),
    "disagreements": (["difference"], _differences),
    "panels": (["criterion", "pair", "statistic", "value"], _panels),
    "ratings_spread": (["rating", "count"], _spread),
    "fates": (["category_by_rule", "category_final", "proposals"], _fates),
}
