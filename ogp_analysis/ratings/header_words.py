"""The text of a header in its parts: number in front, question around the word, brackets, remarks, totals.

Survey tools write whole questions as headers: ``4. Tiempo``, ``¿Qué propuesta evalúa?``, ``Tiempo (1 = muy
bajo, 5 = muy alto)``, ``Factibilidad.Tiempo``. Nothing is guessed here from a word inside a sentence: a part
means something only where nothing but the words around a question is beside it.
"""

from __future__ import annotations

import re
from functools import cache

from ogp_analysis.ratings.word_list import packaged
from ogp_analysis.tabular import key_of

# "4. Tiempo", "4.1) Tiempo", "(4) Tiempo", "4.- Tiempo"; a hyphen alone may stand in a code.
ENUMERATED = re.compile(r"^\s*\(?[0-9]{1,3}(?:\.[0-9]{1,3})*\s*(?:[.)]-?|-\s)\s*(?=\D)")
PARTS = re.compile(r"\s*(?:[\[\](){}|/>»›→:;?¿!¡\n*]|\s[-–—]+\s|(?<![0-9])\.|\.(?![0-9]))\s*")
# A code of a proposal: S01, P-7, PR_07, 12; a year is none.
CODE = re.compile(r"(?!(?:19|20)[0-9]{2}$)[a-z]{0,4}[-_]?[0-9]{1,4}[a-z]?", re.IGNORECASE)
NUMBERED = re.compile(r"(?P<word>[^\W\d_]+)\s+(?:n[.ºo°]*\s*|#\s*)?(?P<code>[a-z]{0,4}[-_]?[0-9]{1,4})", re.I)
# Of KoboToolbox and ODK: "_submission__id" is no proposal, though "Submission ID" is one elsewhere.
SYSTEM = re.compile(
    r"\s*_(?:_version__|id|uuid|index|parent_index|parent_table_name|submission_.*|validation_status|notes"
    r"|status|submitted_by|tags)\s*"
)
INTERROGATIVES = frozenset({"cual", "que", "quien", "what", "which", "who", "whose", "cuales"})
COPULAS = frozenset({"es", "is", "are", "son", "do", "does", "did"})
SIGMAS = frozenset("ΣσςΣ∑∑")


def parts_of(header: str) -> list[str]:
    """Split a header into its parts, the number of the question in front left out.

    Parameters
    ----------
    header : str
        As typed.

    Returns
    -------
    list of str
        Parts with content.

    Examples
    --------
    >>> parts_of("4. Tiempo (1 = muy bajo, 5 = muy alto)"), parts_of("Factibilidad.Tiempo")
    (['Tiempo', '1 = muy bajo, 5 = muy alto'], ['Factibilidad', 'Tiempo'])
    >>> parts_of("P01. Título [Tiempo]")
    ['P01', 'Título', 'Tiempo']
    """
    return [part for part in PARTS.split(ENUMERATED.sub("", header)) if key_of(part)]


@cache
def core(text: str) -> str:
    """Fold a part and take away the words of a question around it; empty for a yes-or-no question.

    Parameters
    ----------
    text : str
        A part of a header.

    Returns
    -------
    str
        What is left, words joined by ``_``.

    Examples
    --------
    >>> core("¿Cuál es su código de evaluador?"), core("¿A qué grupo pertenece?"), core("Is it your panel?")
    ('evaluador', 'grupo', '')
    """
    words = key_of(text).split("_")
    if COPULAS & set(words) and not INTERROGATIVES & set(words):
        return ""
    return "_".join(word for word in words if word not in packaged()["filler"])


def is_remark(part: str) -> bool:
    """Say whether a part names words beside a rating: a comment, a reason, the field Other.

    Parameters
    ----------
    part : str
        Of a header.

    Returns
    -------
    bool
        True where one of its words says so.

    Examples
    --------
    >>> is_remark("Justifique su respuesta"), is_remark("Tiempo")
    (True, False)
    """
    return any(word in packaged()["remark"] for word in key_of(part).split("_"))


def is_total(text: str) -> bool:
    """Say whether a cell or header names a sum, a mean or the like, with nothing else beside it.

    Parameters
    ----------
    text : str
        As typed, in Spanish or English.

    Returns
    -------
    bool
        A name in which such a word stands beside others, such as "Total Transparency", is none.

    Examples
    --------
    >>> [is_total(text) for text in ("TOTAL", "Promedio general:", "Suma P01", "Média", "Total Transparency")]
    [True, True, True, True, False]
    """
    if SIGMAS & set(text):
        return len(text.strip()) <= 2
    words = [word for word in key_of(text).split("_") if word]
    totals = [word in packaged()["total"] for word in words]
    if not words or not (totals[0] or totals[-1]):
        return False
    beside = packaged()["total_beside"]
    return all(
        total or word in beside or CODE.fullmatch(word) for word, total in zip(words, totals, strict=True)
    )


def is_added_by_a_tool(header: str) -> bool:
    """Say whether a survey tool adds a column of this name by itself: response ids, addresses, times, status.

    Parameters
    ----------
    header : str
        As typed.

    Returns
    -------
    bool
        True for the columns of the tools that the word list knows.

    Examples
    --------
    >>> [is_added_by_a_tool(header) for header in ("IPAddress", "_submission_time", "Question time: tiempo")]
    [True, True, True]
    >>> is_added_by_a_tool("Tiempo")
    False
    """
    key = key_of(header)
    return (
        bool(SYSTEM.fullmatch(header))
        or key in packaged()["tool"]
        or any(key.startswith(f"{word}_") for word in packaged()["tool_prefix"])
    )


def code_in(part: str, proposal_words: frozenset[str]) -> str:
    """Give the code of a proposal that a part may be, empty where it cannot be one.

    Parameters
    ----------
    part : str
        Of a header.
    proposal_words : frozenset of str
        Folded words that may stand in front of the code of a proposal.

    Returns
    -------
    str
        As typed.

    Examples
    --------
    >>> [code_in(part, frozenset({"propuesta"})) for part in ("P07", "Propuesta 3", "P07 Compras", "calif")]
    ['P07', '3', 'P07', '']
    """
    text = part.strip(" .:-–_")
    if CODE.fullmatch(text):
        return text
    numbered = NUMBERED.fullmatch(text)
    if numbered and key_of(numbered["word"]) in proposal_words:
        return numbered["code"]
    first = text.split()[0] if text.split() else ""
    # "2 años" begins with a number that is no code; "P07 Compras" with one that is.
    return first if first[:1].isalpha() and CODE.fullmatch(first) else ""
