"""Steps of a reader of the page, by the keyboard alone, and files to walk with."""

from __future__ import annotations

from pathlib import Path

OWN_METHOD = """
name: two-judges
criteria:
  - name: merit
    title: {en: merit, es: mérito}
    panels: [jury]
    raters: 2
    levels: [no, yes]
    cut_points: [2]
    indicators:
      - {name: merit, minimum: 1, maximum: 3}
      - {name: reach, minimum: 1, maximum: 3}
decision_table: [2, 1]
"""


def own_method(folder: Path) -> tuple[Path, Path]:
    """Write a method of one's own and twelve ratings under it."""
    method, data = folder / "two-judges.yaml", folder / "votos.csv"
    method.write_text(OWN_METHOD, encoding="utf-8")
    rated = [(p, i, e) for p in ("A1", "A2", "A3") for i in ("merit", "reach") for e in ("J1", "J2")]
    lines = [f"{p},{i},jury,{e},{1 + (int(p[1]) + (i == 'reach')) % 3}" for p, i, e in rated]
    data.write_text("\n".join(["proposal,indicator,panel,evaluator,rating", *lines]), encoding="utf-8")
    return method, data


def tab_to(page, name: str, *, key: str = "Tab") -> None:
    """Press Tab until the element of this id has the focus."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(name)


def press(page, name: str, *, key: str = "Tab") -> None:
    """Go to a button and press it."""
    tab_to(page, name, key=key)
    page.keyboard.press("Enter")
