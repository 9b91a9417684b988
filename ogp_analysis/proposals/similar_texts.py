"""Suggestions for grouping: proposals that say alike, for a human to confirm; nothing is decided here."""

from __future__ import annotations

from ogp_analysis.model.missing_extras import need

need("sklearn")

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ogp_analysis.errors import keyed_error
from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.proposals import copied_texts, near_texts, neighbour_linkage
from ogp_analysis.proposals.merges import Merges, curve
from ogp_analysis.proposals.text_features import (
    of_groups,
    text_features,
    tying,
    weighted,
    word_counts,
    words_in,
)
from ogp_analysis.proposals.word_runs import without_shared

# Our choices: most texts of which all pairs are compared, and digits that are the same on every machine.
WHOLE_UP_TO = 5_000
DIGITS = 6
# Where nobody says how many: 181 related proposals became 43 in Ecuador's plan (line 692), about 4 a group.
PER_GROUP = 4.0
# Our choice of what is called alike, where nobody says how many: in made-up sets whose groups are known the
# agreement with them rises down to here and falls below (benchmarks/labelled_set.py, seed 2018).
FLOOR = 0.05
MEMBERS = (
    "suggested_group",
    "size",
    PROPOSAL,
    "title",
    "copy",
    "nearest",
    "similarity",
    "words",
    "confirmed",
)
GROUPS = ("suggested_group", "size", "words", "similarity")


@dataclass(frozen=True)
class Suggestion:
    """Suggested groups.

    Parameters
    ----------
    members : pandas.DataFrame
        One row a proposal, largest groups first: ``suggested_group`` (code of its first member), ``size``,
        ``proposal``, ``title``, ``copy`` (``exact``, ``near`` or empty: whether it was handed in
        twice), ``nearest`` (code of the most similar one, empty where none is alike), ``similarity`` with it
        in [0, 1] (of a copy: the share of runs of three words that both have), ``words`` (that tie the two,
        the rarest first) and ``confirmed``, empty for a human to fill.
    groups : pandas.DataFrame
        One row a group in the same order: ``suggested_group``, ``size``, the ``words`` that tie its
        members (common within, rare outside), and ``similarity`` of the last two parts that made it, on
        average over their members (1 for one text, and for copies of it).
    curve : pandas.DataFrame
        What other numbers of groups would give, see `merges.curve`.
    """

    members: pd.DataFrame
    groups: pd.DataFrame
    curve: pd.DataFrame

    @property
    def similarity(self) -> float:
        """How alike the last two groups that were put together are; 1 where none were."""
        return float(self.curve.loc[self.curve["chosen"] == "yes", "similarity"].iloc[0])


def suggest(
    proposals: pd.DataFrame,
    *,
    groups: int | None = None,
    size: float | None = None,
    threshold: float | None = None,
    whole_up_to: int = WHOLE_UP_TO,
    pool: Executor | None = None,
) -> Suggestion:
    """Suggest groups of proposals that say alike.

    Copies come first, over all topics: the same words, or four fifths of their runs of three words and half
    the words of the title. Passages that more than ten different proposals share are then left out, and texts
    are put together by average linkage until there are as many groups as asked for, where only the 15 most
    similar texts of each count as alike. Up to ``whole_up_to`` texts these are found by comparing all with
    all; above, among those that share a text's weightiest words.

    Parameters
    ----------
    proposals : pandas.DataFrame
        Columns ``proposal, title, problem, solution`` of the canonical record.
    groups : int, optional
        How many groups are wanted, from 1 to the number of proposals.
    size : float, optional
        About how many proposals a group, from 1. Where nothing is asked for 4, but no groups are put together
        whose similarity is below 0.05.
    threshold : float, optional
        Mean similarity from which groups are put together, in (0, 1]. One of the three can be given.
    whole_up_to : int
        Most texts that are compared all with all; time grows with its square.
    pool : Executor, optional
        Processes that share the comparison of more texts; the result is the same.

    Returns
    -------
    Suggestion
        Groups, and the numbers to choose others. There are never more groups than different texts, nor fewer
        than what words tie together.

    Raises
    ------
    StatisticsError
        More than one of the three was given, or one is out of its range.

    Examples
    --------
    >>> texts = pd.DataFrame({"proposal": ["P1", "P2", "P3"], "problem": "", "solution": ""})
    >>> texts["title"] = ["portal de datos abiertos", "portales de datos abiertos", "agua potable"]
    >>> suggest(texts, groups=2).members[["suggested_group", "proposal", "words"]].values.tolist()
    [['P1', 'P1', 'abiertos datos'], ['P1', 'P2', 'abiertos datos'], ['P3', 'P3', '']]
    """
    _check(len(proposals), groups=groups, size=size, threshold=threshold)
    # By code, so that a suggestion does not depend on the order of the file.
    frame = proposals.fillna("").sort_values(PROPOSAL, ignore_index=True).astype("str")
    bodies = (frame["problem"] + "\n" + frame["solution"]).tolist()
    titles = frame["title"].tolist()
    copies = copied_texts.families(titles, [f"{a}\n{b}" for a, b in zip(titles, bodies, strict=True)])
    kept = np.flatnonzero(copies["family"] == np.arange(len(copies)))
    own = [titles[k] for k in kept]
    cleaned = without_shared([bodies[k] for k in kept])
    merges, nearest = _tree(own, cleaned, whole_up_to, pool)
    steps = _steps(merges, len(frame), groups=groups, size=size, threshold=threshold)
    weights = np.bincount(np.searchsorted(kept, copies["family"]), minlength=len(kept))
    members = _members(frame, copies, kept, nearest, kept[merges.labels(steps)] if len(kept) else kept)
    words = words_in([f"{a} {b}" for a, b in zip(own, cleaned, strict=True)])
    of = dict(zip(frame[PROPOSAL], np.searchsorted(kept, copies["family"]), strict=True))
    members["words"] = tying(words, of, members)
    listed = of_groups(words, of, members)
    alike = dict(
        zip(frame[PROPOSAL], merges.joined_at(steps)[np.searchsorted(kept, copies["family"])], strict=True)
    )
    listed["similarity"] = np.round([alike[code] for code in listed["suggested_group"]], DIGITS)
    return Suggestion(members[list(MEMBERS)], listed[list(GROUPS)], curve(merges, weights, steps))


def _steps(
    merges: Merges, proposals: int, *, groups: int | None, size: float | None, threshold: float | None
) -> int:
    """Count the steps up to what was asked for; unasked, about four a group, nothing hardly alike."""
    if threshold is not None:
        return merges.steps_from(threshold)
    steps = merges.steps_to(groups or round(proposals / (size or PER_GROUP)) or 1)
    return steps if groups or size else min(steps, merges.steps_from(FLOOR))


def _check(count: int, *, groups: int | None, size: float | None, threshold: float | None) -> None:
    asked = {"groups": groups, "size": size, "threshold": threshold}
    given = {name: value for name, value in asked.items() if value is not None}
    if len(given) > 1:
        raise keyed_error(key="statistics.one_target", given=", ".join(f"{k} {v}" for k, v in given.items()))
    if groups is not None and not 1 <= groups <= max(count, 1):
        raise keyed_error(key="statistics.target_groups", groups=groups, proposals=count)
    if size is not None and not 1 <= size <= max(count, 1):
        raise keyed_error(key="statistics.target_size", size=size, proposals=count)
    if threshold is not None and not 0 < threshold <= 1:
        raise keyed_error(key="statistics.share", threshold=threshold)


def _tree(
    titles: list[str], bodies: list[str], whole_up_to: int, pool: Executor | None
) -> tuple[Merges, tuple[np.ndarray, np.ndarray]]:
    """Compare texts: the tree of groups, and the most similar text of each with its similarity (or -1, 0)."""
    texts = [f"{title} {body}" for title, body in zip(titles, bodies, strict=True)]
    if len(texts) < 2:
        alone = np.full(len(texts), -1), np.zeros(len(texts))
        return Merges.of(len(texts), []), alone
    features = text_features(titles, texts)
    if len(texts) <= whole_up_to:
        pairs = near_texts.exact(features)
    else:
        pairs = near_texts.neighbours(weighted(word_counts(texts)), features, pool)
    merges = neighbour_linkage.link(len(texts), *pairs)
    nearest, similarity = np.full(len(texts), -1), np.zeros(len(texts))
    first = np.searchsorted(pairs.text, pairs.text) == np.arange(len(pairs.text))
    nearest[pairs.text[first]], similarity[pairs.text[first]] = pairs.other[first], pairs.similarity[first]
    return merges, (nearest, similarity)


def _members(
    frame: pd.DataFrame,
    copies: pd.DataFrame,
    kept: np.ndarray,
    nearest: tuple[np.ndarray, np.ndarray],
    labels: np.ndarray,
) -> pd.DataFrame:
    """Lay groups of texts out on all proposals: a copy is nearest to its like, all else to another text."""
    family = np.searchsorted(kept, copies["family"])
    other, similarity = nearest[0][family], nearest[1][family]
    is_copy = copies["nearest"].to_numpy() >= 0
    other = np.where(is_copy, copies["nearest"], np.where(other >= 0, kept[other], -1))
    similarity = np.where(is_copy, copies["alike"], similarity)
    codes = frame[PROPOSAL].to_numpy(dtype=object)
    result = pd.DataFrame({"label": labels[family], PROPOSAL: codes, "title": frame["title"].to_numpy()})
    by_label = result.groupby("label")[PROPOSAL]
    result["suggested_group"], result["size"] = by_label.transform("min"), by_label.transform("size")
    result["copy"] = copies["copy"].to_numpy()
    result["nearest"] = [codes[k] if k >= 0 else "" for k in other]
    # Sums of products differ in the last bits between machines.
    result["similarity"] = np.round(similarity, DIGITS)
    ranked = result.sort_values(["size", "suggested_group", PROPOSAL], ascending=[False, True, True])
    return ranked.drop(columns="label").assign(confirmed="").reset_index(drop=True)
