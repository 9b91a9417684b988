"""Text in figures: measured the same in any locale, and names set beside points without covering.

matplotlib 3.11 shapes text by the language that it was told, else by LC_CTYPE. It lays a figure out by widths
for which it tells none, so that under ``es_EC.UTF-8`` ff, fi and fl were narrower or wider than elsewhere and
whatever stands beside them moved.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.textpath import TextToPath

# Of the Latin languages this one shapes DejaVu Sans as the locale "C" does.
LANGUAGE = "en"
SETTING = "text.language"
MEASURE = "get_text_width_height_descent"
# Figures are drawn by the first and, where a legend asks for its room before that, measured by the second.
MEASURING = (TextToPath, RendererAgg)


class _Font:
    """A font that tells the language of whatever it measures."""

    def __init__(self, font: Any) -> None:
        self._font = font

    def __getattr__(self, name: str) -> Any:
        return getattr(self._font, name)

    def set_text(self, *arguments: Any, **options: Any) -> Any:
        return self._font.set_text(*arguments, **{"language": LANGUAGE, **options})


class _Measuring:
    """Stands for a renderer whose fonts tell their language."""

    def __init__(self, renderer: Any) -> None:
        self._renderer = renderer

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._renderer, name)
        if name in ("_get_font", "_prepare_font"):
            return lambda *arguments: _Font(attribute(*arguments))
        return attribute


def _in_one_language(measure: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(measure)
    def measured(self: Any, s: str, prop: Any, ismath: Any) -> Any:
        # Formulas are set sign by sign, and not shaped.
        return measure(self if ismath else _Measuring(self), s, prop, ismath)

    return measured


ORIGINAL = {kind: getattr(kind, MEASURE) for kind in MEASURING}
REPLACED = {kind: _in_one_language(measure) for kind, measure in ORIGINAL.items()}


@contextmanager
def in_one_language() -> Iterator[None]:
    """Measure and draw text in one language; nothing changes with a matplotlib that does not shape by it.

    >>> with in_one_language():
    ...     print(getattr(TextToPath, MEASURE) is ORIGINAL[TextToPath])
    False
    >>> getattr(TextToPath, MEASURE) is ORIGINAL[TextToPath]
    True
    """
    if SETTING not in mpl.rcParams:
        yield
        return
    before = {kind: getattr(kind, MEASURE) for kind in MEASURING}
    # A setting of a later matplotlib than its types know.
    settings: dict[Any, Any] = {SETTING: LANGUAGE}
    with mpl.rc_context(settings):
        for kind, measure in REPLACED.items():
            setattr(kind, MEASURE, measure)
        try:
            yield
        finally:
            for kind, measure in before.items():
                setattr(kind, MEASURE, measure)


FONT_SIZE = 8.0
# As in `style`, which uses this module.
PLAIN, NOTED = "#1A1A1A", "#A3260F"
# Points of a page: width of a letter and height of a line of that font, half the width of a marker.
LETTER, LINE, MARKER = 5.2, 8.4, 4.0
BESIDE_A_RING = 1.8  # times farther off
# Right and above first, where a reader looks for it.
SIDES = (
    (4, 3, "left", "baseline"),
    (4, -3, "left", "top"),
    (-4, 3, "right", "baseline"),
    (-4, -3, "right", "top"),
    (0, 6, "center", "baseline"),
    (0, -6, "center", "top"),
)
SHIFTS = {"left": 0.0, "center": -0.5, "right": -1.0, "baseline": 0.0, "top": -1.0}

Boxes = npt.NDArray[np.float64]
NO_BOXES: Boxes = np.zeros((0, 4))


def write_names(
    axes: Axes,
    points: pd.DataFrame,
    *,
    names: Mapping[object, str],
    noted: Collection[object],
    size: tuple[float, float],
    ringed: Collection[object] = (),
    avoided: Boxes = NO_BOXES,
) -> None:
    """Write names beside points, none over another or over a point; those noted in the colour of decisions.

    ``size`` is that of the axes, about, in inches; ``avoided`` are boxes in units of the axes (left, bottom,
    right, top) that bear other words.
    """
    low, high = np.transpose([axes.get_xlim(), axes.get_ylim()])
    page = np.array(size) * 72
    places = (points.to_numpy(dtype=float) - low) / (high - low) * page
    words = (avoided - np.tile(low, 2)) / np.tile(high - low, 2) * np.tile(page, 2)
    shown = [names.get(code, "") for code in points.index]
    # Who is noted bears a ring, as do others.
    reach = [BESIDE_A_RING if code in noted or code in ringed else 1.0 for code in points.index]
    sides = chosen_sides(places, [len(name) for name in shown], reach, avoided=words, page=page)
    rows = zip(points.iterrows(), shown, sides, reach, strict=True)
    for (code, place), name, side, far in rows:
        x, y, horizontal, vertical = SIDES[side]
        if name:
            axes.annotate(
                name,
                tuple(place),
                xytext=(far * x, far * y),
                textcoords="offset points",
                fontsize=FONT_SIZE,
                ha=horizontal,
                va=vertical,
                color=NOTED if code in noted else PLAIN,
            )


def chosen_sides(
    places: Boxes,
    letters: Sequence[int],
    reach: Sequence[float] = (),
    *,
    avoided: Boxes = NO_BOXES,
    page: Boxes | None = None,
) -> list[int]:
    """Choose a side for each name, one after the other: the first on which it covers least.

    ``reach`` says how many times farther off than usual a name stands; ``avoided`` are boxes of other words,
    and beyond the ``page`` (width and height) nothing should stand.

    >>> chosen_sides(np.array([[0.0, 0.0], [12.0, 0.0], [100.0, 0.0]]), [3, 3, 3])
    [2, 0, 0]
    """
    taken = np.vstack([np.column_stack([places - MARKER, places + MARKER]), avoided])
    sides = []
    for at, count in enumerate(letters):
        if not count:
            sides.append(0)
            continue
        far = reach[at] if reach else 1.0
        boxes = np.array([_box(places[at], count, side, far) for side in range(len(SIDES))])
        others = np.delete(taken, at, axis=0)
        # Rounded: last bits must not choose.
        covered = np.round(_covered(boxes, others) + _beyond(boxes, page), 3)
        sides.append(int(covered.argmin()))
        taken = np.vstack([taken, boxes[sides[-1]]])
    return sides


def _box(place: Boxes, count: int, side: int, far: float) -> Boxes:
    x, y, horizontal, vertical = SIDES[side]
    size = np.array([count * LETTER, LINE])
    corner = place + (far * x, far * y) + size * (SHIFTS[horizontal], SHIFTS[vertical])
    return np.concatenate([corner, corner + size])


def _beyond(boxes: Boxes, page: Boxes | None) -> Boxes:
    """Give the area of each box that lies outside the page, which weighs more than a covered name."""
    if page is None:
        return np.zeros(len(boxes))
    inside = np.clip(np.minimum(boxes[:, 2:], page) - np.maximum(boxes[:, :2], 0), 0, None).prod(axis=1)
    return 3 * ((boxes[:, 2:] - boxes[:, :2]).prod(axis=1) - inside)


def _covered(boxes: Boxes, others: Boxes) -> Boxes:
    """Give the area of others that each box covers."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.clip(high - low, 0, None).prod(axis=2).sum(axis=1)
