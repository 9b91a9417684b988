"""Suggestions for grouping: proposals that say alike, for a human to confirm; nothing is decided here."""

from __future__ import annotations

from ogp_analysis.model.missing_extras import need

need("sklearn")

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array, csr_array, hstack
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
from sklearn.neighbors import NearestNeighbors

from ogp_analysis.errors import keyed_error

# Bounds we chose: memory for all pairs, neighbours looked at within a topic, rows compared at a time, and
# digits that are the same on every machine.
WHOLE_UP_TO = 5_000
NEIGHBOURS = 10
SLICE = 250
DIGITS = 6
SUGGESTED = ("suggested_group", "size", "proposal", "title", "nearest", "similarity")
# Without accents, as the vectoriser folds them before it looks words up.
SPANISH_STOP_WORDS = (
    "a al algo ante aquel aquella asi aun bajo cada como con contra cual cuales cuando de del desde "
    "donde dos durante e el ella ellas ellos en entre era es esa esas ese eso esos esta estan estas "
    "este esto estos etc fue ha han hasta hay la las le les lo los mas me mediante mi mismo muy ni no "
    "nos nosotros o otra otras otro otros para pero poder por porque pues que quien quienes se sea sean "
    "segun ser si sin sobre son su sus tal tambien tan tanto te tener tiene tienen toda todas todo "
    "todos tu u un una unas uno unos y ya yo"
)
METHOD_WHOLE, METHOD_TOPIC = "average linkage", "nearest neighbours within a topic"


def text_features(texts: list[str]) -> csr_array:
    """Describe texts in Spanish or English by their words and by pieces of words.

    Parameters
    ----------
    texts : list of str, length n
        Texts of proposals.

    Returns
    -------
    sparse array, shape (n, n_features)
        Rows of length 1 (0 for a text without words), half of it from words and pairs of words, half from
        three to five letters inside words (which forgive inflection and typing errors), each tf-idf
        weighted; accents are folded. The product of two rows is their similarity, in [0, 1].

    Examples
    --------
    >>> rows = text_features(["portal de datos abiertos", "Portales de datos abiertos", "agua potable"])
    >>> (rows @ rows.T).toarray().round(1).tolist()
    [[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    stop_words = sorted({*SPANISH_STOP_WORDS.split(), *ENGLISH_STOP_WORDS})
    options = {"strip_accents": "unicode", "lowercase": True, "sublinear_tf": True, "dtype": np.float64}
    makers = (
        TfidfVectorizer(ngram_range=(1, 2), stop_words=stop_words, **options),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), **options),
    )
    parts = []
    for maker in makers:
        try:
            parts.append(csr_array(maker.fit_transform(texts)))
        except ValueError:  # "empty vocabulary": no text has a word, or only stop words
            parts.append(csr_array((len(texts), 1)))
    return csr_array(hstack(parts) * np.sqrt(0.5))


def suggest(
    proposals: pd.DataFrame, *, threshold: float = 0.5, whole_up_to: int = WHOLE_UP_TO
) -> pd.DataFrame:
    """Suggest groups of proposals that say alike.

    Up to ``whole_up_to`` proposals, all pairs are compared and merged by average linkage; above, each is
    compared with its nearest neighbours among those of the same topic (column ``topic``), and chains of
    neighbours form a group. Both are suggestions: column ``confirmed`` is empty for a human to fill.

    Parameters
    ----------
    proposals : pandas.DataFrame
        Columns ``proposal, title, problem, solution, topic`` of the canonical record.
    threshold : float
        Similarity from which proposals are put together, in (0, 1]; 0.5 is our choice.
    whole_up_to : int
        Largest number of proposals compared all with all; memory grows with its square (600 MB at 5,000).

    Returns
    -------
    pandas.DataFrame
        One row a proposal: ``suggested_group`` (code of its first member), ``size``, ``proposal``, ``title``,
        ``nearest`` (code of the most similar one, empty where none is alike), ``similarity`` with it,
        ``method`` and ``confirmed``; largest groups first.

    Raises
    ------
    StatisticsError
        The threshold is not in (0, 1].

    Examples
    --------
    >>> texts = pd.DataFrame({"proposal": ["P1", "P2", "P3"], "problem": "", "solution": "", "topic": ""})
    >>> texts["title"] = ["portal de datos abiertos", "portales de datos abiertos", "agua potable"]
    >>> suggest(texts)[["suggested_group", "size", "proposal"]].values.tolist()
    [['P1', 2, 'P1'], ['P1', 2, 'P2'], ['P3', 1, 'P3']]
    """
    if not 0 < threshold <= 1:
        raise keyed_error(key="statistics.share", threshold=threshold)
    # By code, so that a suggestion does not depend on the order of the file.
    frame = proposals.fillna("").sort_values("proposal", ignore_index=True).astype("str")
    texts = (frame["title"] + "\n" + frame["problem"] + "\n" + frame["solution"]).tolist()
    if not texts:
        return pd.DataFrame(columns=[*SUGGESTED, "method", "confirmed"])
    features = text_features(texts)
    if len(texts) <= whole_up_to:
        labels, nearest, similarity = _all_pairs(features, threshold)
        method = METHOD_WHOLE
    else:
        labels, nearest, similarity = _by_topic(features, frame["topic"].to_numpy(), threshold)
        method = METHOD_TOPIC
    return _suggestions(frame, labels, nearest, similarity).assign(method=method, confirmed="")


def _all_pairs(features: csr_array, threshold: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = features.shape[0]
    if n == 1:
        return np.zeros(1, dtype=int), np.array([-1]), np.zeros(1)
    alike = _similarities(features)
    nearest = alike.argmax(axis=1)
    similarity = alike[np.arange(n), nearest]
    # In place: at 5,000 proposals one such table takes 200 MB.
    np.subtract(1.0, alike, out=alike)
    np.fill_diagonal(alike, 0.0)
    tree = linkage(squareform(alike, checks=False), method="average")
    # A hair above, so that texts exactly at the threshold go together whatever the last bit says.
    labels = fcluster(tree, 1.0 - threshold + 1e-9, criterion="distance")
    return labels, np.where(similarity > 0, nearest, -1), similarity


def _similarities(features: csr_array) -> np.ndarray:
    """Compare all rows with all, the diagonal left at 0; in slices, because nearly every product is dense."""
    n, turned = features.shape[0], csr_array(features.T)
    alike = np.empty((n, n))
    for start in range(0, n, SLICE):
        part = (features[start : start + SLICE] @ turned).toarray()
        alike[start : start + SLICE] = np.clip(part, 0.0, 1.0)
    np.fill_diagonal(alike, 0.0)
    return alike


def _by_topic(
    features: csr_array, topics: np.ndarray, threshold: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = features.shape[0]
    nearest, similarity = np.full(n, -1), np.zeros(n)
    starts, ends = [], []
    for topic in sorted(set(topics)):
        rows = np.flatnonzero(topics == topic)
        if len(rows) < 2:
            continue
        search = NearestNeighbors(
            n_neighbors=min(NEIGHBOURS + 1, len(rows)), metric="cosine", algorithm="brute"
        )
        distances, places = search.fit(features[rows]).kneighbors(features[rows])
        # Each row finds itself first, and that says nothing.
        alike = np.where(places == np.arange(len(rows))[:, None], 0.0, np.clip(1.0 - distances, 0.0, 1.0))
        best = alike.argmax(axis=1)
        similarity[rows] = alike[np.arange(len(rows)), best]
        nearest[rows] = np.where(similarity[rows] > 0, rows[places[np.arange(len(rows)), best]], -1)
        first, which = np.nonzero(alike >= threshold - 1e-9)
        starts.append(rows[first])
        ends.append(rows[places[first, which]])
    start = np.concatenate(starts) if starts else np.zeros(0, dtype=int)
    end = np.concatenate(ends) if ends else np.zeros(0, dtype=int)
    links = coo_array((np.ones(len(start)), (start, end)), shape=(n, n))
    return connected_components(links, directed=False)[1], nearest, similarity


def _suggestions(
    frame: pd.DataFrame, labels: np.ndarray, nearest: np.ndarray, similarity: np.ndarray
) -> pd.DataFrame:
    codes = frame["proposal"].to_numpy(dtype=object)
    result = pd.DataFrame({"label": labels, "proposal": codes, "title": frame["title"].to_numpy()})
    by_label = result.groupby("label")["proposal"]
    result["suggested_group"], result["size"] = by_label.transform("min"), by_label.transform("size")
    result["nearest"] = [codes[k] if k >= 0 else "" for k in nearest]
    # Sums of products differ in the last bits between machines.
    result["similarity"] = np.round(similarity, DIGITS)
    ranked = result.sort_values(["size", "suggested_group", "proposal"], ascending=[False, True, True])
    return ranked[list(SUGGESTED)].reset_index(drop=True)
