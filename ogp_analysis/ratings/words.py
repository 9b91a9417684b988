"""The words of a ratings file in Spanish and English, and which of ours each stands for."""

from __future__ import annotations

import csv
import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib import resources

from ogp_analysis import texts
from ogp_analysis.model import ROLES, Method
from ogp_analysis.tabular import key_of

BRACKET = re.compile(r"^(?P<before>.*?)\s*\[(?P<inside>[^\[\]]+)\]\s*$", re.DOTALL)
PARTS = re.compile(r"\s*(?:/|::|:|>|\s[-–—]\s|\n)\s*")


@cache
def packaged() -> dict[str, dict[str, str]]:
    """Read the alias table: for each kind of word, our key by folded word."""
    file = resources.files("ogp_analysis") / "data" / "words" / "ratings.csv"
    table: dict[str, dict[str, str]] = defaultdict(dict)
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        table[row["kind"]][key_of(row["word"])] = row["key"]
    return dict(table)


class Vocabulary:
    """Every word that a method's ratings may use.

    Parameters
    ----------
    method : Method
        Its indicators, panels and criteria are the words allowed; the alias table and the text catalogues add
        the names people use for them.
    """

    def __init__(self, method: Method) -> None:
        self.allowed: dict[str, tuple[str, ...]] = {
            "indicator": tuple(indicator.name for indicator in method.indicators),
            "panel": tuple(dict.fromkeys(method.panels)),
            "criterion": tuple(criterion.name for criterion in method.criteria),
            "role": ROLES,
            "stage": ("selection", "confirmation"),
        }
        alone = {criterion: criterion.panels for criterion in method.criteria if len(criterion.panels) == 1}
        # Where every criterion has one panel, the indicator tells the panel.
        self.sole_panels: dict[str, str] = {
            indicator.name: panels[0]
            for criterion, panels in alone.items()
            for indicator in criterion.indicators
        }
        self._keys = {kind: _keys(kind, names) for kind, names in self.allowed.items()}

    def resolve(self, kind: str, word: str) -> str:
        """Give our key for a word, empty where there is none.

        Examples
        --------
        >>> from ogp_analysis import params
        >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
        >>> vocabulary.resolve("panel", "Grupo Núcleo"), vocabulary.resolve("indicator", "beauty")
        ('core_group', '')
        """
        return self._keys[kind].get(key_of(word), "")

    def nearest(self, kind: str, word: str) -> str:
        """Give the allowed key that looks most like a word, empty where none does."""
        close = difflib.get_close_matches(key_of(word), list(self._keys[kind]), n=1, cutoff=0.6)
        return self._keys[kind][close[0]] if close else ""

    def question(self, header: str) -> tuple[str, str]:
        """Read the header of a form's column as proposal (or empty) and indicator (or empty).

        ``Tiempo``, ``Factibilidad [Tiempo]``, ``relevance/alignment`` name an indicator; ``S01 [Tiempo]``
        names the proposal too.
        """
        whole = self.resolve("indicator", header)
        if whole:
            return "", whole
        bracket = BRACKET.match(header)
        parts = [bracket["before"], bracket["inside"]] if bracket else PARTS.split(header)
        indicator = self.resolve("indicator", parts[-1]) if len(parts) > 1 else ""
        if not indicator:
            return "", ""
        before = [part for part in parts[:-1] if part and not self.resolve("criterion", part)]
        code = before[-1].strip(" .:-–") if before else ""
        return (code if len(code.split()) == 1 else ""), indicator


def _keys(kind: str, names: Iterable[str]) -> dict[str, str]:
    names = tuple(names)
    found = {word: key for word, key in packaged().get(kind, {}).items() if key in names}
    for name in names:
        for language in texts.LANGUAGES:
            if texts.has(f"{kind}.{name}", language):
                found[key_of(texts.say(f"{kind}.{name}", language))] = name
    return found | {key_of(name): name for name in names}


def column_of(header: str) -> str:
    """Give our name of a column, empty where the header is none we know."""
    return packaged()["column"].get(key_of(header), "")


def both_words(column: str) -> str:
    """Name a column as a file may call it in either language.

    Examples
    --------
    >>> both_words("rating"), both_words("panel")
    ('rating / calificación', 'panel')
    """
    key = f"column.{column}"
    return " / ".join(dict.fromkeys([column, texts.say(key, "es") if texts.has(key, "es") else column]))


def table_of(name: str) -> str:
    """Give the kind of table that a file or sheet is named after, empty where there is none."""
    return packaged()["table"].get(key_of(name), "")


def means_yes(cell: str) -> bool:
    """Say whether a cell means yes."""
    return key_of(cell) in packaged()["yes"]


def closest(word: str, known: Iterable[str]) -> str:
    """Give the known code most like a word, empty where none is like it."""
    folded = {key_of(code): code for code in known}
    same = [code for key, code in folded.items() if key.lstrip("0") == key_of(word).lstrip("0")]
    close = difflib.get_close_matches(key_of(word), list(folded), n=1, cutoff=0.5)
    return same[0] if same else folded[close[0]] if close else ""
