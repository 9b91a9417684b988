"""Proposals handed in twice, word for word or nearly, under whatever topic: families of copies."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from ogp_analysis.proposals.word_runs import incidence, numbered, runs, words_of

EXACT, NEAR = "exact", "near"
# Our choices: of all runs of three words, how many two texts share at least; and of the words of their
# titles. Where a long text is a form that many hand in, the titles say whether it is the same proposal.
LENGTH, ALIKE, TITLES_ALIKE = 3, 0.8, 0.5
# Texts that share four fifths of their runs share one of the eight smallest, but for 3 in a million.
SKETCH = 8
SLICE = 50_000


def families(titles: list[str], texts: list[str]) -> pd.DataFrame:
    """Find copies among texts.

    Parameters
    ----------
    titles, texts : list of str, length n
        Titles, and whole texts with their titles.

    Returns
    -------
    pandas.DataFrame, n rows
        ``family`` (index of its first member), ``copy`` (``exact``: the same words as another; ``near``;
        or empty), ``nearest`` (index of the member it was compared with, -1 for none) and ``alike`` (share of
        the runs of three words that the two have in common, in [0, 1]; 1 for the same words).

    Examples
    --------
    >>> families(["Agua", "AGUA", "Ley"], ["Agua limpia", "AGUA, limpia", "Ley nueva"]).values.tolist()
    [[0, 'exact', 1, 1.0], [0, 'exact', 0, 1.0], [2, '', -1, 0.0]]
    """
    words = [words_of(text) for text in texts]
    whole = pd.Series([" ".join(each) for each in words])
    first = _first_of(whole)
    kept = np.flatnonzero(first == np.arange(len(first)))
    pairs, alike = _near([words[k] for k in kept], [words_of(titles[k]) for k in kept])
    # A family hangs together by the same words and by near copies.
    start = np.concatenate([np.arange(len(first)), kept[pairs[:, 0]]])
    end = np.concatenate([first, kept[pairs[:, 1]]])
    links = coo_array((np.ones(len(start)), (start, end)), shape=(len(first), len(first)))
    label = connected_components(links, directed=False)[1]
    frame = pd.DataFrame({"family": _first_of(pd.Series(label)), "copy": "", "nearest": -1, "alike": 0.0})
    _near_into(frame, kept[pairs], alike)
    _exact_into(frame, first)
    return frame


def _first_of(values: pd.Series) -> np.ndarray:
    """Give for each value the index where it stands first; an empty text is like no other."""
    own = np.arange(len(values))
    first = pd.Series(own).groupby(values.to_numpy()).transform("min").to_numpy() if len(values) else own
    return np.where(values.astype("str").to_numpy(dtype=object) == "", own, first)


def _exact_into(frame: pd.DataFrame, first: np.ndarray) -> None:
    own = np.arange(len(first))
    second = pd.Series(np.where(first == own, len(own), own)).groupby(first).transform("min").to_numpy()
    same = np.where(first == own, second, first)
    exact = same < len(own)
    frame.loc[exact, ["copy", "alike"]] = [EXACT, 1.0]
    frame.loc[exact, "nearest"] = same[exact]


def _near_into(frame: pd.DataFrame, pairs: np.ndarray, alike: np.ndarray) -> None:
    both = pd.DataFrame(np.vstack([pairs, pairs[:, ::-1]]), columns=["own", "other"])
    both = both.assign(alike=np.concatenate([alike, alike]))
    best = both.sort_values(["own", "alike", "other"], ascending=[True, False, True]).drop_duplicates("own")
    frame.loc[best["own"], "copy"] = NEAR
    frame.loc[best["own"], "nearest"] = best["other"].to_numpy()
    frame.loc[best["own"], "alike"] = best["alike"].to_numpy()


def _near(words: list[list[str]], titles: list[list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Find pairs of near copies: candidates share one of their smallest runs, then all runs are compared."""
    hashes, lists = runs(*numbered(words), length=LENGTH)
    pairs = _candidates(hashes, lists)
    alike = _jaccard(incidence(hashes, lists, len(words)), pairs)
    pairs, alike = pairs[alike >= ALIKE], alike[alike >= ALIKE]
    single, where = runs(*numbered(titles), length=1)
    same_title = _jaccard(incidence(single, where, len(words)), pairs) >= TITLES_ALIKE
    return pairs[same_title], alike[same_title]


def _candidates(hashes: np.ndarray, lists: np.ndarray) -> np.ndarray:
    frame = pd.DataFrame({"hash": hashes, "list": lists}).drop_duplicates()
    smallest = frame.sort_values(["list", "hash"]).groupby("list", sort=False).head(SKETCH)
    smallest = smallest.sort_values(["hash", "list"], ignore_index=True)
    by_hash = smallest.groupby("hash", sort=False)["list"]
    # With the first of those that share it and with the one before: not all with all, where thousands do.
    ends = [by_hash.transform("min"), by_hash.shift(1).fillna(-1).astype(int)]
    pairs = np.concatenate([np.column_stack([end, smallest["list"]]) for end in ends])
    return np.unique(pairs[(pairs[:, 0] >= 0) & (pairs[:, 0] < pairs[:, 1])], axis=0)


def _jaccard(table: csr_array, pairs: np.ndarray) -> np.ndarray:
    """Compare rows by the share of their columns that both have; two empty rows share nothing."""
    sizes, result = np.asarray(table.sum(axis=1)).ravel(), np.zeros(len(pairs))
    for start in range(0, len(pairs), SLICE):
        left, right = pairs[start : start + SLICE].T
        both = np.asarray(table[left].multiply(table[right]).sum(axis=1)).ravel()
        result[start : start + SLICE] = both / np.maximum(sizes[left] + sizes[right] - both, 1)
    return result
