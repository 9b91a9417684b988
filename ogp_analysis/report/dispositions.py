"""The disposition ledger: one row per proposal, how it was treated and why (phase 6 of the plan)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from ogp_analysis.assessment.adjudication import COMBINED, SINGLE, STATUSES, THIRD_USED, UNRESOLVED
from ogp_analysis.assessment.categories import decided_otherwise, decision_counts, recorded_route
from ogp_analysis.language import invented, labels, texts
from ogp_analysis.model.inputs import Inputs
from ogp_analysis.model.records import (
    CATEGORIES,
    CATEGORY,
    CATEGORY_IN_PLAN,
    CONFIRMATION,
    PROPOSAL,
    ROUTE_DECIDES,
    SELECTION,
    STAGE,
    VETOED,
    Method,
    TableRow,
)
from ogp_analysis.sensitivity.adding_study import weight_error
from ogp_analysis.sensitivity.headline import flip_words
from ogp_analysis.sensitivity.moved_weight import points_columns, points_moved
from ogp_analysis.sensitivity.study import ALWAYS, Study, nearest, weight_acceptability, with_error

# What a private register may say of a proposal; never of the synthetic example, whose rows are codes only.
DESCRIBED = ("title", "lead", "counterparts", "sector")
DIGITS = 2


def build(
    assigned: pd.DataFrame,
    settled: pd.DataFrame,
    inputs: Inputs,
    *,
    study: Study | None = None,
    languages: Sequence[str] = texts.LANGUAGES,
    stages: Sequence[str] = (SELECTION, CONFIRMATION),
    by_route: Sequence[bool] | None = None,
    veto: Fraction | float | None = None,
) -> pd.DataFrame:
    """Join everything that is known of each proposal.

    Parameters
    ----------
    assigned : DataFrame
        From :func:`ogp_analysis.assessment.categories.assign`, index proposal.
    settled : DataFrame
        From `adjudication.resolve`.
    inputs : Inputs
        Its ``proposals``, ``decisions`` and ``synthetic``.
    study : sensitivity.study.Study, optional
        With it, the columns of :func:`flips` are joined.
    languages : sequence of str, optional
        The languages of words, such as those that know the titles of the method.
    stages : sequence of str, optional
        Names of the method's stages of decisions, in their order; those of the plan by default.
    by_route : sequence of bool, optional
        Whether the table leaves its levels to the route (`left_to_the_route`); the account says so.
    veto : Fraction or float, optional
        Its limit in points, where the run has one; the account says whom it moved.

    Returns
    -------
    DataFrame
        One row a proposal, sorted by code. ``blind_pairs``, ``third_evaluations`` and ``unresolved`` are
        counts of pairs, ``agreement`` the share of blind pairs that match, in [0, 1]; ``account_en`` and
        ``account_es`` tell the whole treatment in words.

    Examples
    --------
    See notebook ``06_irm_review``.
    """
    frame = _described(assigned, inputs).join(pair_counts(settled))
    frame["route"] = recorded_route(frame.index, inputs.proposals)
    frame = frame.join(decided_by(inputs.decisions, stages))
    for language in languages:
        rows = zip(frame.itertuples(), by_route or [False] * len(frame), strict=True)
        frame[f"account_{language}"] = [
            _account(row, language, by_route=left, veto=veto) for row, left in rows
        ]
    frame = frame.rename_axis(PROPOSAL).reset_index().sort_values(PROPOSAL, ignore_index=True)
    return (
        frame
        if study is None or study.parameters.method.unweighted
        else frame.merge(flips(study, languages), on=PROPOSAL, how="left", validate="1:1")
    )


def flips(study: Study, languages: Sequence[str]) -> pd.DataFrame:
    """Give each proposal's shares of weightings and the least change of weights that moves it.

    Proposals without a category by the rule get no numbers, and the words say why.
    """
    shares, flip = weight_acceptability(study), nearest(study)
    moves = np.isfinite(flip.distance)
    points = points_columns(points_moved(flip, study.axes), study.axes)
    frame = pd.DataFrame({PROPOSAL: study.proposals})
    errors = weight_error(study)
    for position, category in enumerate(study.numbers):
        frame[f"share_{category}"] = shares[:, position]
        for name, error in with_error(f"share_{category}", errors[:, position]).items():
            frame[name] = error
    frame = frame.assign(**points)
    frame["flips_to"] = pd.Series(flip.category).where(moves).astype("Int64")
    kept = shares[np.arange(len(frame)), flip.current - 1]
    for language in languages:
        words = (flip_words(study, flip, row, language, kept=share) for row, share in enumerate(kept))
        frame[f"flip_{language}"] = list(words)
    if not len(study.undetermined):
        return frame
    unknown = {f"flip_{code}": texts.say("sensitivity.flip.undetermined", code) for code in texts.LANGUAGES}
    return pd.concat(
        [frame, pd.DataFrame({PROPOSAL: study.undetermined.index, **unknown})], ignore_index=True
    )


def _described(assigned: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    known = inputs.proposals
    if inputs.synthetic or known.empty:
        return assigned.copy()
    names = [name for name in DESCRIBED if name in known]
    return known.set_index(PROPOSAL)[names].reindex(assigned.index).join(assigned)


def pair_counts(settled: pd.DataFrame) -> pd.DataFrame:
    """Count the blind pairs of each proposal, those that match, used a third evaluation or lack one.

    >>> status = ["matched", "third", "combined"]
    >>> pair_counts(pd.DataFrame({"proposal": "S01", "status": status})).to_dict("records")
    [{'blind_pairs': 2, 'third_evaluations': 1, 'unresolved': 0, 'agreement': 0.5}]
    """
    blind = settled[~settled["status"].isin([STATUSES[COMBINED], STATUSES[SINGLE]])]
    pairs = blind.groupby(PROPOSAL).size()
    thirds = (blind["status"] == STATUSES[THIRD_USED]).groupby(blind[PROPOSAL]).sum()
    unresolved = (blind["status"] == STATUSES[UNRESOLVED]).groupby(blind[PROPOSAL]).sum()
    # A proposal whose pairs are all combined has no blind pair, and must still have its row.
    everyone = pd.Index(sorted(settled[PROPOSAL].unique()), name=PROPOSAL)
    counts = pd.DataFrame({"blind_pairs": pairs, "third_evaluations": thirds, "unresolved": unresolved})
    counts = counts.reindex(everyone).fillna(0).astype(int)
    matched = counts["blind_pairs"] - counts["third_evaluations"] - counts["unresolved"]
    return counts.assign(agreement=(matched / counts["blind_pairs"]).where(counts["blind_pairs"] > 0))


def decided_by(decisions: pd.DataFrame, stages: Sequence[str]) -> pd.DataFrame:
    """Say who decided on each proposal and when, stage by stage; columns are missing where nobody did.

    >>> row = {"proposal": "S06", "stage": "appeal", "decided_by": "the board", "date": "2019-10-01"}
    >>> decided_by(pd.DataFrame([row]), ["jury", "appeal"]).loc["S06"].to_dict()
    {'appeal_decided_by': 'the board', 'appeal_date': '2019-10-01'}
    """
    frame = pd.DataFrame(index=pd.Index([], name=PROPOSAL))
    for stage in stages:
        of_stage = decisions[decisions[STAGE] == stage] if STAGE in decisions else decisions
        names = [name for name in ("decided_by", "date") if name in of_stage]
        if len(of_stage) and names:
            frame = frame.join(of_stage.set_index(PROPOSAL)[names].add_prefix(f"{stage}_"), how="outer")
    return frame


def left_to_the_route(assigned: pd.DataFrame, method: Method) -> list[bool]:
    """Say whose levels the table leaves to a recorded route; nobody's where the composite decides.

    >>> from ogp_analysis.model import params
    >>> method = params.from_values(params.baseline()).method
    >>> levels = {"feasibility_level": ["low", "high", None], "relevance_level": ["low", "high", "low"]}
    >>> left_to_the_route(pd.DataFrame(levels), method)
    [True, False, False]
    """
    if method.by_composite:
        return [False] * len(assigned)
    codes = [
        assigned[f"{axis.name}_level"]
        .map({level: at for at, level in enumerate(axis.levels)})
        .to_numpy(float)
        for axis in method.axes
    ]
    known = ~np.isnan(codes).any(axis=0)
    cells = tuple(np.where(known, of_axis, 0).astype(int) for of_axis in codes)
    return (known & (np.array(method.category_table)[cells] == ROUTE_DECIDES)).tolist()


def _account(
    row: TableRow, language: str, *, by_route: bool = False, veto: Fraction | float | None = None
) -> str:
    """Tell in a few sentences how one proposal was treated and why."""

    def say(key: str, **values: object) -> str:
        return texts.say(f"ledger.{key}", language, **values)

    parts = [_by_rule(row, say, language)]
    if veto is not None and row.vetoed:
        barring = labels.value_label(VETOED, row.vetoed, language)
        limit = texts.points(float(veto), language)
        parts.append(
            say(VETOED, indicators=barring, limit=limit, category=_shown(CATEGORY_IN_PLAN, language))
        )
    if by_route:
        parts.append(say("route_recorded" if row.route else "route_not_recorded"))
    if row.third_evaluations or row.unresolved:
        parts.append(say("thirds", used=row.third_evaluations, lacking=row.unresolved, pairs=row.blind_pairs))
    chosen, final = (_shown(each, language) for each in (row.category_selection, row.category_final))
    reason = invented.worded(row.decision_reason, language)
    if row.decided or reason:
        # A decision that keeps the category has a reason too.
        parts.append(say("decided" if row.decided else "kept", category=chosen, reason=reason or "–"))
    moved = _differ(row.category_final, row.category_selection)
    if moved or row.confirmation_reason:
        key = "moved" if moved else "stayed"
        parts.append(say(key, category=final, reason=row.confirmation_reason or "–"))
    parts.append(say("final", category=_shown(row.category_final, language)))
    return " ".join(parts)


def _by_rule(row: TableRow, say: Callable[..., str], language: str) -> str:
    if pd.isna(row.category_by_rule):
        return say("undetermined", possible=", ".join(row.possible.split()))
    scored = [
        say(
            "criterion",
            criterion=labels.name_label("criterion", name, language),
            score=texts.number(getattr(row, name), language, DIGITS),
            level=labels.name_label("level", getattr(row, f"{name}_level"), language),
        )
        for name in (field.removesuffix("_level") for field in row._fields if field.endswith("_level"))
        if not pd.isna(getattr(row, f"{name}_level"))
    ]
    return say("by_rule", category=_shown(row.category_by_rule, language), scores="; ".join(scored))


def _differ(first: object, second: object) -> bool:
    return not pd.isna(first) and not pd.isna(second) and first != second


def _shown(category: float | None, language: str) -> str:
    """Name a category: by its number, or by the words of a method without a plan."""
    if category is None or pd.isna(category):
        return "–"
    titled = isinstance(language, texts.Language) and f"category.{int(category)}" in language.titles
    return texts.say(f"category.{int(category)}", language) if titled else str(int(category))


def without_reason(ledger: pd.DataFrame) -> pd.Series:
    """Say which proposals were decided otherwise than by the rule by a decision without a reason.

    >>> rows = {"category_by_rule": [3, 5], "category_selection": [1, 5], "category_final": [1, 4]}
    >>> rows |= {"decided": [True, False], "final_step": ["decision", "confirmation"]}
    >>> rows |= {"decision_reason": ["urgent", ""], "confirmation_reason": ["", ""]}
    >>> without_reason(pd.DataFrame(rows)).tolist()
    [False, True]
    """
    later = (ledger["final_step"] == "confirmation") & (
        ledger["category_final"] != ledger[f"{CATEGORY}_{SELECTION}"]
    ).fillna(True)
    bare = ledger["decided"] & (ledger["decision_reason"].fillna("") == "")
    bare |= later & (ledger["confirmation_reason"].fillna("") == "")
    return (decided_otherwise(ledger) & bare).astype(bool)


def fates(ledger: pd.DataFrame) -> pd.DataFrame:
    """Count proposals by the category of the rule, after the selection and at the end.

    Parameters
    ----------
    ledger : DataFrame
        From `build`.

    Returns
    -------
    DataFrame
        Columns ``category_by_rule, category_selection, category_final, proposals``; the counts sum to the
        number of proposals.

    Examples
    --------
    >>> rows = {"category_by_rule": [1, 1, 2], "category_selection": [1, 3, 2], "category_final": [1, 3, 4]}
    >>> fates(pd.DataFrame(rows)).values.tolist()
    [[1, 1, 1, 1], [1, 3, 3, 1], [2, 2, 4, 1]]
    """
    steps = ["category_by_rule", f"{CATEGORY}_{SELECTION}", "category_final"]
    return ledger.groupby(steps, dropna=False).size().rename("proposals").reset_index()


def summary(ledger: pd.DataFrame, *, categories: Sequence[int] = CATEGORIES) -> dict[str, int]:
    """Count what the ledger shows, for headlines.

    Parameters
    ----------
    ledger : DataFrame
        From `build`.
    categories : sequence of int, optional
        Numbers of the categories; those of the plan by default.

    Returns
    -------
    dict
        Counts of proposals: ``proposals``, ``rule_1`` to ``rule_4``, ``final_1`` to ``final_4``, ``decided``
        (a decision at the selection gave or changed the category), ``moved`` (between selection and end),
        those of :func:`categories.decision_counts`, ``undetermined_rule`` and ``undetermined`` at the end;
        counts of pairs: ``third_evaluations``, ``lacking``; with shares of weightings in the ledger also
        ``fixed_1``: proposals finally in category 1 which the rule puts there under every weighting.

    Examples
    --------
    >>> rows = {"category_by_rule": [1, 2], "category_selection": [1, 2], "category_final": [1, 4]}
    >>> rest = {"decided": False, "final_step": "phase 5", "third_evaluations": 1, "unresolved": 0}
    >>> counts = summary(pd.DataFrame(rows | rest))
    >>> counts["final_1"], counts["moved"], counts["marked"], counts["third_evaluations"]
    (1, 1, 1, 2)
    """
    final, chosen = ledger["category_final"], ledger[f"{CATEGORY}_{SELECTION}"]
    counts = {"proposals": len(ledger)}
    for category in categories:
        counts[f"rule_{category}"] = int((ledger["category_by_rule"] == category).sum())
        counts[f"final_{category}"] = int((final == category).sum())
    counts |= {
        "decided": int(ledger["decided"].sum()),
        "moved": int((final.notna() & chosen.notna() & (final != chosen)).sum()),
        **decision_counts(ledger),
        "undetermined_rule": int(ledger["category_by_rule"].isna().sum()),
        "undetermined": int(final.isna().sum()),
        "third_evaluations": int(ledger["third_evaluations"].sum()),
        "lacking": int(ledger["unresolved"].sum()),
    }
    if "share_1" in ledger:
        in_plan = ledger[final == CATEGORY_IN_PLAN]
        counts["fixed_1"] = int((in_plan["share_1"] > 1 - ALWAYS).sum())
    return counts
