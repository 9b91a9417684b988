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

# S1 is S01: spreadsheets drop the zeros of a number, and people those of a code.
ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
BRACKET = re.compile(r"^(?P<before>.*?)\s*\[(?P<inside>[^\[\]]+)\]\s*$", re.DOTALL)
PARTS = re.compile(r"\s*(?:/|::|:|>|\s[-–—]\s|\n)\s*")


@cache
def packaged() -> dict[str, dict[str, str]]:
    """Read the alias table: for each kind of word, our key by folded word.

    Returns
    -------
    dict of str to dict
        Kinds are ``"column"``, ``"table"``, ``"indicator"``, ``"panel"``, ``"role"`` and the like.

    Examples
    --------
    >>> packaged()["column"]["calificacion"]
    'rating'
    """
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

    Examples
    --------
    >>> from ogp_analysis import params
    >>> Vocabulary(params.from_values(params.baseline()).method).allowed["panel"]
    ('lead', 'counterpart', 'working_group', 'core_group')
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

        Parameters
        ----------
        kind : str
            ``"indicator"``, ``"panel"``, ``"criterion"``, ``"role"`` or ``"stage"``.
        word : str
            As typed; accents, case and spacing do not matter.

        Returns
        -------
        str
            The key or ``""``.

        Examples
        --------
        >>> from ogp_analysis import params
        >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
        >>> vocabulary.resolve("panel", "Grupo Núcleo"), vocabulary.resolve("indicator", "beauty")
        ('core_group', '')
        """
        return self._keys[kind].get(key_of(word), "")

    def nearest(self, kind: str, word: str) -> str:
        """Give the allowed key that looks most like a word, empty where none does.

        Parameters
        ----------
        kind, word : str
            As for `resolve`.

        Returns
        -------
        str
            The key or ``""``.

        Examples
        --------
        >>> from ogp_analysis import params
        >>> Vocabulary(params.from_values(params.baseline()).method).nearest("panel", "grupo nucleoo")
        'core_group'
        """
        close = difflib.get_close_matches(key_of(word), list(self._keys[kind]), n=1, cutoff=0.6)
        return self._keys[kind][close[0]] if close else ""

    def question(self, header: str) -> tuple[str, str]:
        """Read the header of a form's column as proposal (or empty) and indicator (or empty).

        ``Tiempo``, ``Factibilidad [Tiempo]``, ``relevance/alignment`` name an indicator; ``S01 [Tiempo]``
        names the proposal too.

        Parameters
        ----------
        header : str
            Header of a column.

        Returns
        -------
        proposal, indicator : str
            Both empty where the column holds no ratings of one indicator.

        Examples
        --------
        >>> from ogp_analysis import params
        >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
        >>> [vocabulary.question(header) for header in ("Factibilidad [Tiempo]", "S01 [Tiempo]", "Nombre")]
        [('', 'time'), ('S01', 'time'), ('', '')]
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
    """Give our name of a column, empty where the header is none we know.

    Parameters
    ----------
    header : str
        As typed.

    Returns
    -------
    str
        Our name or ``""``.

    Examples
    --------
    >>> column_of("Calificación"), column_of("Teléfono")
    ('rating', '')
    """
    return packaged()["column"].get(key_of(header), "")


def both_words(column: str) -> str:
    """Name a column as a file may call it in either language.

    Parameters
    ----------
    column : str
        Our name of it.

    Returns
    -------
    str
        Our name, then the Spanish one where it differs.

    Examples
    --------
    >>> both_words("rating"), both_words("panel")
    ('rating / calificación', 'panel')
    """
    key = f"column.{column}"
    return " / ".join(dict.fromkeys([column, texts.say(key, "es") if texts.has(key, "es") else column]))


def with_keys(kind: str, names: Iterable[str], language: str) -> str:
    """Name panels or roles by the reader's word for each, with the key that a file may also hold.

    Parameters
    ----------
    kind : str
        ``"panel"`` or ``"role"``.
    names : iterable of str
        Our keys.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        The key alone where there is no other word for it.

    Examples
    --------
    >>> with_keys("panel", ["working_group", "jury"], "es"), with_keys("role", ["third"], "es")
    ('Grupo de Trabajo (working_group), jury', 'tercera (third)')
    """
    # Roles have a word of the reader in the template, where they are chosen from a list.
    prefix = "template.role" if kind == "role" else kind
    texts_of = {name: f"{prefix}.{name}" for name in names}
    words = {
        name: texts.say(key, language) if texts.has(key, language) else name for name, key in texts_of.items()
    }
    return ", ".join(name if word == name else f"{word} ({name})" for name, word in words.items())


def table_of(name: str) -> str:
    """Give the kind of table that a file or sheet is named after, empty where there is none.

    Parameters
    ----------
    name : str
        Name of a sheet, or of a file without its ending.

    Returns
    -------
    str
        The kind or ``""``.

    Examples
    --------
    >>> table_of("Propuestas"), table_of("Hoja1")
    ('proposals', '')
    """
    return packaged()["table"].get(key_of(name), "")


def means_yes(cell: str) -> bool:
    """Say whether a cell means yes.

    Parameters
    ----------
    cell : str
        As typed.

    Returns
    -------
    bool
        False for what is not known, too.

    Examples
    --------
    >>> means_yes("Sí"), means_yes("no"), means_yes("")
    (True, False, False)
    """
    return key_of(cell) in packaged()["yes"]


def closest(word: str, known: Iterable[str]) -> str:
    """Give the known code most like a word, empty where none is like it.

    Parameters
    ----------
    word : str
        An unknown code.
    known : iterable of str
        The codes there are.

    Returns
    -------
    str
        A code that differs in leading zeros only comes first.

    Examples
    --------
    >>> closest("S1", ["S01", "S11"]), closest("007", ["7", "70"]), closest("xyz", ["S01"])
    ('S01', '7', '')
    """
    folded = {key_of(code): code for code in known}
    same = [code for key, code in folded.items() if ZEROS.sub("", key) == ZEROS.sub("", key_of(word))]
    close = difflib.get_close_matches(key_of(word), list(folded), n=1, cutoff=0.5)
    return same[0] if same else folded[close[0]] if close else ""
