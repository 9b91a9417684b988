"""Measure the text of figures in one language, whatever the locale of the reader's machine.

matplotlib 3.11 shapes text by the language that it was told, else by LC_CTYPE. It lays a figure out by widths
for which it tells none, so that under ``es_EC.UTF-8`` ff, fi and fl were narrower or wider than elsewhere and
whatever stands beside them moved.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
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
        found = getattr(self._renderer, name)
        if name in ("_get_font", "_prepare_font"):
            return lambda *arguments: _Font(found(*arguments))
        return found


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

    Yields
    ------
    None
        matplotlib measures as before afterwards.

    Examples
    --------
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
    with mpl.rc_context({SETTING: LANGUAGE}):
        for kind, measure in REPLACED.items():
            setattr(kind, MEASURE, measure)
        try:
            yield
        finally:
            for kind, measure in before.items():
                setattr(kind, MEASURE, measure)
