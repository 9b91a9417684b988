"""The nearest weighting that would move a proposal, in words of either language."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis import labels, texts
from ogp_analysis.model import PROPOSAL
from ogp_analysis.sensitivity.flips import CategoryFlip
from ogp_analysis.sensitivity.study import ALWAYS, FRAGILE, Study, nearest

SHOWN_CHANGE = 0.0005  # of a weight: a smaller change is not put in words, whose percentages have one decimal


def fragile_frame(study: Study, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Say for each fragile proposal which nearest weighting would move it, in words.

    Parameters
    ----------
    study : Study
        From `study.prepare`.
    verdicts : DataFrame
        From `study.verdict_frame`.

    Returns
    -------
    DataFrame
        One row a fragile proposal, nearest first: ``category_by_rule``, ``nearest_category``, ``moved``
        (share of weight moved, half the L1 distance), ``words_en``, ``words_es``.
    """
    flip = nearest(study)
    judged = verdicts["verdict"].reindex(study.proposals)
    kept = verdicts["keeps_weights"].reindex(study.proposals).to_numpy(dtype=float)
    rows = [k for k, verdict in enumerate(judged) if verdict == FRAGILE]
    frame = pd.DataFrame(
        {
            "category_by_rule": flip.current[rows],
            "nearest_category": flip.category[rows],
            "moved": flip.distance[rows] / 2,
            **{
                f"words_{lang}": [flip_words(study, flip, k, lang, kept=kept[k]) for k in rows]
                for lang in texts.LANGUAGES
            },
        },
        index=study.proposals[rows].rename(PROPOSAL),
    )
    return frame.sort_values("moved", kind="stable")


def flip_words(study: Study, flip: CategoryFlip, row: int, language: str, *, kept: float) -> str:
    """Word one flip: which weights become what, and what that does to the score and the category.

    Parameters
    ----------
    study : Study
        From `study.prepare`.
    flip : CategoryFlip
        From `study.nearest`.
    row : int
        Place of the proposal, from 0.
    language : str
        ``"en"`` or ``"es"``.
    kept : float
        Share of all weightings that keep the category, in [0, 1].

    Returns
    -------
    str
        A sentence for each criterion whose level changes, or one that no weighting moves the proposal; one
        more where all weightings but a share of zero keep the category, so that no reader sees both numbers
        and takes one for a mistake.
    """
    if not np.isfinite(flip.distance[row]):
        return texts.say("sensitivity.flip.never", language)
    sentences = []
    for k, criterion in enumerate(study.parameters.method.criteria):
        before, after = flip.levels[row, k], flip.target[row, k]
        if before == after:
            continue
        cut = study.portfolio.cuts[k, max(before, after) - 1]
        names = [indicator.name for indicator in criterion.indicators]
        key = "sensitivity.flip.up" if after > before else "sensitivity.flip.down"
        if np.abs(flip.weights[k][row] - study.portfolio.weights[k]).max() < SHOWN_CHANGE:
            key = "sensitivity.flip.on_the_cut"
        sentences.append(
            texts.say(
                key,
                language,
                criterion=labels.name_label("criterion", criterion.name, language),
                changes=_changes(names, study.portfolio.weights[k], flip.weights[k][row], language),
                cut=texts.number(cut, language, 2),
            )
        )
    if kept > 1 - ALWAYS:
        sentences.append(texts.say("sensitivity.flip.edge", language))
    return " ".join(sentences)


def _changes(names: list[str], before: np.ndarray, after: np.ndarray, language: str) -> str:
    parts = []
    for name, old, new in zip(names, before, after, strict=True):
        if abs(new - old) >= SHOWN_CHANGE:
            label = labels.name_label("indicator", name, language)
            old_text, new_text = (texts.number(100 * value, language, 1) for value in (old, new))
            parts.append(
                texts.say("sensitivity.flip.change", language, name=label, old=old_text, new=new_text)
            )
    return ", ".join(parts)
