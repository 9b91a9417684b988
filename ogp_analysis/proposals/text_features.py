"""Texts as rows of numbers whose product is their similarity, and the words that tie groups together."""

from __future__ import annotations

from ogp_analysis.model.missing_extras import need

need("sklearn")

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, HashingVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize

from ogp_analysis.model.records import PROPOSAL
from ogp_analysis.proposals.word_runs import words_of

# Without accents, as the vectoriser folds them before it looks words up.
SPANISH_STOP_WORDS = (
    "a al algo ante aquel aquella asi aun bajo cada como con contra cual cuales cuando de del desde "
    "donde dos durante e el ella ellas ellos en entre era es esa esas ese eso esos esta estan estas "
    "este esto estos etc fue ha han hasta hay la las le les lo los mas me mediante mi mismo muy ni no "
    "nos nosotros o otra otras otro otros para pero poder por porque pues que quien quienes se sea sean "
    "segun ser si sin sobre son su sus tal tambien tan tanto te tener tiene tienen toda todas todo "
    "todos tu u un una unas uno unos y ya yo"
)
STOP_WORDS = frozenset({*SPANISH_STOP_WORDS.split(), *ENGLISH_STOP_WORDS})
# Our choices: how much the title counts beside the whole, and the length of the pieces of words.
TITLE, PIECE = 0.3, 4
# Columns of each part: memory does not grow with the number of different words.
COLUMNS = 2**18


def text_features(titles: list[str], texts: list[str]) -> csr_array:
    """Describe proposals in Spanish or English by their words and by pieces of words, titles apart.

    Parameters
    ----------
    titles, texts : list of str, length n
        Titles, and whole texts with their titles.

    Returns
    -------
    sparse array, shape (n, n_features)
        Rows of length 1 (0 for a text without words). Of their square, 0.7 comes from the whole text and 0.3
        from the title, of each half from words and pairs of words, half from four letters inside words (which
        forgive inflection and typing errors), tf-idf weighted (Salton and Buckley 1988,
        doi:10.1016/0306-4573(88)90021-0); accents are folded. The product of two rows is their similarity, in
        [0, 1].

    Examples
    --------
    >>> titles = ["portal de datos abiertos", "Portales de datos abiertos", "agua potable"]
    >>> rows = text_features(titles, titles)
    >>> (rows @ rows.T).toarray().round(1).tolist()
    [[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    parts = [
        weighted(values) * np.sqrt(share / 2)
        for values_of, share in ((texts, 1 - TITLE), (titles, TITLE))
        for values in (word_counts(values_of), piece_counts(values_of))
    ]
    return csr_array(normalize(hstack(parts, format="csr")))


def word_counts(texts: list[str]) -> csr_array:
    """Count words and pairs of words, but for those that say nothing."""
    return _counts(texts, ngram_range=(1, 2), stop_words=sorted(STOP_WORDS))


def piece_counts(texts: list[str]) -> csr_array:
    """Count pieces of words."""
    return _counts(texts, analyzer="char_wb", ngram_range=(PIECE, PIECE))


def _counts(texts: list[str], **options: object) -> csr_array:
    fixed = {"strip_accents": "unicode", "norm": None, "alternate_sign": False, "n_features": COLUMNS}
    return csr_array(HashingVectorizer(**fixed, **options).transform(texts))


def weighted(counts: csr_array) -> csr_array:
    """Weigh counts by tf-idf, each row to length 1."""
    return csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(counts))


# Our choice: as many as a person reads at a glance; shorter words tie nothing.
SHOWN = 6
SHORTEST = 4


def words_in(texts: Sequence[str]) -> list[frozenset[str]]:
    """Give the words of each text that can tie it to another.

    >>> [sorted(words) for words in words_in(["Los datos abiertos", "Ley"])]
    [['abiertos', 'datos'], []]
    """
    return [
        frozenset(word for word in words_of(text) if len(word) >= SHORTEST and word not in STOP_WORDS)
        for text in texts
    ]


def tying(words: Sequence[frozenset[str]], of: Mapping[str, int], members: pd.DataFrame) -> list[str]:
    """Name for each proposal the words it shares with its nearest, the rarest first.

    >>> members = pd.DataFrame({"proposal": ["P1", "P2"], "nearest": ["P2", ""]})
    >>> tying(words_in(["Portal de datos", "Datos para todos"]), {"P1": 0, "P2": 1}, members)
    ['datos', '']
    """
    counts = Counter(word for each in words for word in each)
    pairs = zip(members[PROPOSAL], members["nearest"], strict=True)
    return [_rarest(words[of[code]] & words[of[other]], counts) if other else "" for code, other in pairs]


def of_groups(words: Sequence[frozenset[str]], of: Mapping[str, int], members: pd.DataFrame) -> pd.DataFrame:
    """List groups with the words that tie their members: common within, rare outside.

    >>> members = pd.DataFrame({"proposal": ["P1", "P2"], "suggested_group": "P1", "size": 2})
    >>> of_groups(words_in(["Portal de datos", "Datos para todos"]), {"P1": 0, "P2": 1}, members)
      suggested_group  size  words
    0              P1     2  datos
    """
    counts = Counter(word for each in words for word in each)
    rows = []
    for group, own in members.groupby("suggested_group", sort=False):
        texts = {of[code] for code in own[PROPOSAL]}
        within = Counter(word for text in texts for word in words[text])
        # Copies are one text here: the words of a group of copies are those of that text.
        shared = {word: number for word, number in within.items() if number > 1 or len(own) > len(texts) == 1}
        ranked = sorted(shared, key=lambda word: (-(shared[word] ** 2) / counts[word], word))
        rows.append((group, len(own), " ".join(ranked[:SHOWN])))
    return pd.DataFrame(rows, columns=["suggested_group", "size", "words"])


def _rarest(words: frozenset[str], counts: Counter[str]) -> str:
    return " ".join(sorted(words, key=lambda word: (counts[word], word))[:SHOWN])
