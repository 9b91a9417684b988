"""Arguments that carry names are read by their names, never by their place: one rule for all rooms."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

RefuseNames = Callable[[list[Hashable], list[Hashable]], Exception]


def labels_of(values: Any, axis: str = "index") -> list[Hashable] | None:
    """Give the names that a mapping, a column or an axis of a table carries; None where there are none.

    >>> import pandas as pd
    >>> labels_of({"b": 0.8, "a": 0.2}), labels_of(pd.Series([0.8, 0.2], index=["b", "a"])), labels_of([1, 2])
    (['b', 'a'], ['b', 'a'], None)
    """
    if isinstance(values, Mapping):
        return list(values)
    labels = getattr(values, axis, None)
    # A list has a method `index`.
    return None if labels is None or callable(labels) else list(labels)


def numbered(labels: Sequence[Hashable]) -> bool:
    """Whether labels are only the places that pandas counts where nobody gave names."""
    return list(labels) == list(range(len(labels)))


def places_of(own: Sequence[Hashable], labels: Sequence[Hashable]) -> list[int] | None:
    """Find where each label stands among names of one's own; None where these are not the same names.

    Two spellings of a name match that differ in nothing but ``_`` for a space, or 1 for "1".

    >>> places_of(["b", "a"], ["a", "b"]), places_of(["b_c", 1], ["1", "b c"]), places_of(["a"], ["b"])
    ([1, 0], [1, 0], None)
    """
    for spelt in (lambda name: name, _plain):
        place = {spelt(name): k for k, name in enumerate(own)}
        wanted = [spelt(label) for label in labels]
        if len(place) == len(own) == len(wanted) == len(set(wanted)) and set(wanted) == set(place):
            return [place[label] for label in wanted]
    return None


def _plain(name: Hashable) -> str:
    return str(name).replace("_", " ")


def by_labels(values: Any, labels: Sequence[Hashable] | None, refuse: RefuseNames) -> Any:
    """Put values that carry names into the order of the names of what they belong to.

    Values without names stand in order already, and so do those whose labels are the numbers that pandas
    gave. Names that are not the same are refused, and so are names where there are none to read them by in a
    mapping, which has no order to go by.

    >>> by_labels({"b": 0.8, "a": 0.2}, ["a", "b"], ValueError)
    [0.2, 0.8]
    >>> by_labels([0.8, 0.2], ["a", "b"], ValueError)
    [0.8, 0.2]
    >>> by_labels({"b": 0.8}, ["a"], ValueError)
    Traceback (most recent call last):
    ValueError: (['b'], ['a'])
    """
    own = labels_of(values)
    if own is None:
        return values
    mapped = isinstance(values, Mapping)
    entries: Any = list(values.values()) if mapped else values
    places = None if labels is None else places_of(own, labels)
    if places is not None:
        return [entries[place] for place in places] if mapped else values.iloc[places]
    if own != labels and not numbered(own) and (mapped or labels is not None):
        raise refuse(own, list(range(len(own)) if labels is None else labels))
    return entries
