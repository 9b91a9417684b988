"""Pages, PDFs and figures by their hashes; as a process of its own, under the locale of its environment."""

from __future__ import annotations

import hashlib
import json
import locale
import sys
from pathlib import Path

import sample_run

from ogp_analysis import plan, report
from ogp_analysis.figures import plan as plan_figures
from ogp_analysis.figures import style


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@style.styled
def letters(language: str = "en"):
    """Draw every ligature of DejaVu Sans, before what stands at their end: a legend, an axis, a title."""
    figure = style.new()
    axes = figure.subplots()
    axes.barh(["oficina difícil fi fl ffi ffl", "Iı İi flow offices suffice"], [1, 2], label="affluent fi")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    axes.set_xlabel("$fi$ eficacia")
    style.legend_below(axes)
    return figure


def pages(folder: Path) -> dict[str, str]:
    """Give the hash of every page, PDF and workbook of a small run, and of the letters."""
    made = report.build(sample_run.make(folder))
    found = {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in made}
    return found | {"letters": digest(style.svg(letters()).encode())}


def figures(language: str) -> dict[str, str]:
    """Give the hash of every figure of the plan in one language."""
    drawings = plan_figures.all_of(plan.results.compute()).items()
    return {f"{name}.{language}.svg": digest(drawing.svg(language).encode()) for name, drawing in drawings}


def main(folder: str, language: str) -> None:
    """Print the name of the locale and all hashes; null where the machine has no such locale."""
    try:
        named = locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        print("null")
        return
    print(json.dumps([named, pages(Path(folder)), figures(language)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
