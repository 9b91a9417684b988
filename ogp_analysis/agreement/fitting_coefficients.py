"""Which design the ratings have, which coefficients fit it and why, and what to be careful about."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from ogp_analysis.agreement import arguments
from ogp_analysis.agreement.kappas import AnyRatings, prepared
from ogp_analysis.agreement.ratings_table import Ratings, rated_columns

CROSSED, CHANGING, SEATS = "crossed", "changing", "seats"
ADVICE = {
    CROSSED: ("gwet_ac", "krippendorff_alpha", "conger_kappa", "ICC(A,1)"),
    CHANGING: ("gwet_ac", "krippendorff_alpha", "fleiss_kappa", "ICC(1)"),
    SEATS: ("gwet_ac", "krippendorff_alpha", "cohen_kappa", "ICC(A,1)"),
}
FEW_ITEMS = 20


@dataclass(frozen=True)
class Design:
    """Who rated what.

    Parameters
    ----------
    kind : str
        ``"crossed"`` (the same raters rated every item), ``"changing"`` (raters vary from item to item) or
        ``"seats"`` (columns are seats, such as lead and counterpart, whoever sits in them).
    n_items, n_raters : int
        Items with a rating, and different raters; of seats nobody is named for, the seats.
    fewest, most : int
        Ratings an item has.
    advice : tuple of str
        Coefficients that fit.
    cautions : tuple of str
        Keys of what to be careful about: ``few_items``, ``one_rater_pair``, ``no_variation``,
        ``single_ratings``, ``no_pair``, ``more_raters_than_items`` (are raters in rows?).

    Examples
    --------
    >>> found = design([[1, 2], [2, 2]])
    >>> found.kind, found.n_items, found.fewest, found.most
    ('crossed', 2, 2, 2)
    """

    kind: str
    n_items: int
    n_raters: int
    fewest: int
    most: int
    advice: tuple[str, ...]
    cautions: tuple[str, ...]


def design(
    ratings: AnyRatings, *, seats: bool = False, people: Sequence[Collection[Hashable]] = ()
) -> Design:
    """Read the design from the data.

    Parameters
    ----------
    ratings : Ratings, DataFrame or array_like, with shape (N, M)
        Items in rows, raters in columns.
    seats : bool
        Whether columns are seats and not people.
    people : sequence of collections, optional
        Who sat in each seat, column by column. Seats that one person each holds throughout are those people:
        the design is crossed.

    Returns
    -------
    Design
        Kind, sizes, coefficients that fit, and cautions.

    Raises
    ------
    StatisticsError
        As in `percent_agreement`.

    Examples
    --------
    >>> found = design([[1, 2, None], [None, 2, 2], [3, None, 3]])
    >>> found.kind, found.advice[-1], found.cautions
    ('changing', 'ICC(1)', ('few_items',))

    The same table, were its columns seats that anyone may sit in:

    >>> design([[1, 2, None], [None, 2, 2], [3, None, 3]], seats=True).advice[2]
    'conger_kappa'

    Two seats, one held by two people in turn, the other by one throughout:

    >>> found = design([[1, 2], [2, 2]], seats=True, people=[{"ana", "eva"}, {"luz"}])
    >>> found.kind, found.n_raters
    ('seats', 3)
    """
    arguments.flag(seats, "seats")
    table = rated_columns(prepared(ratings))
    counts = table.per_item[table.per_item > 0].astype(int)
    # Read from the counts, not declared: one missing rating and the raters are not the same throughout.
    crossed = table.identified and bool((counts == table.n_raters).all())
    held = not seats or (bool(people) and all(len(set(holders)) == 1 for holders in people))
    kind = SEATS if seats and not (held and crossed) else CROSSED if crossed else CHANGING
    advice: tuple[str, ...] = ADVICE[kind]
    if table.values.shape[1] > 2:  # Cohen's kappa is of two
        advice = tuple("conger_kappa" if name == "cohen_kappa" else name for name in advice)
    everyone = {person for holders in people for person in holders}
    n_raters = len(everyone) or table.n_raters
    return Design(
        kind,
        len(counts),
        n_raters,
        int(counts.min()) if len(counts) else 0,
        int(counts.max(initial=0)),
        advice,
        _cautions(table, counts, one_pair=n_raters == 2 and (kind == CROSSED or bool(everyone))),
    )


def _cautions(table: Ratings, counts: np.ndarray, *, one_pair: bool) -> tuple[str, ...]:
    paired = int((counts >= 2).sum())
    cautions = {
        "no_pair": paired == 0,
        "few_items": 0 < paired < FEW_ITEMS,
        # Two people who rated everything say nothing of other evaluators, however many items there are.
        "one_rater_pair": one_pair,
        "more_raters_than_items": len(counts) > 1 and bool((counts > len(counts)).all()),
        "no_variation": table.n_ratings > 0 and len(set(table.values[~table.missing])) == 1,
        "single_ratings": bool((counts == 1).any()),
    }
    return tuple(key for key, holds in cautions.items() if holds)
