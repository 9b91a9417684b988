"""Which evaluator codes are pseudonyms; what could be a person is refused, with what to type instead.

A code consists of parts joined by ``-``, ``_`` or ``.``; each part is one or two letters, up to three letters
and digits (``E01``, ``WG7``), up to six digits, letters and digits in turn (``A2XJ9F5``), a word for a seat
or an evaluator (``rater``, ``panel``), or a keyed pseudonym: hexadecimal or base 32, as ``ogp pseudonymise``
writes them. A word for a seat and its number may have spaces between them (``Judge No. 5``); a number alone
has up to eight digits. ``Ana``, ``jperez2``, ``ana@example.org`` and the ten digits of an identity card are
no codes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ogp_analysis.errors import ParameterError, Problem
from ogp_analysis.language.escaping import as_typed
from ogp_analysis.privacy import pseudonyms
from ogp_analysis.ratings.known_words import packaged
from ogp_analysis.tabular import key_of

LONGEST = 80
# A code is judged where it is read, where it is counted and in every message; as many as a large table has.
CODES_KEPT = 100_000
SHORT = re.compile(r"[a-z]{1,2}|[a-z]{0,3}[0-9]{1,6}|[0-9]{1,4}[a-z]{1,2}")
SEAT_NUMBER = re.compile(r"([a-z]+?)[0-9]{1,6}")
# Digits alone are up to 6 or at least 14: identity cards of Ecuador have 10 (9 where a spreadsheet drops the
# leading zero), tax numbers 13.
HEXADECIMAL = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{6,64}|[a-f]{8,64}|[0-9]{14,64}")
BASE32 = re.compile(r"(?=.*[2-7])[a-z2-7]{16,52}")
# A letter of another alphabet than the Latin one, which folding a name leaves out.
LETTER = re.compile(r"(?![A-Za-zªº\u00c0-\u024f\u0300-\u036f\uff21-\uff5a])[^\W\d_]")
# Letters and digits in turn, as worker and participant numbers are: no run of letters that could be read as a
# name, unless it is as long as such numbers and has three groups of digits.
MIXED = re.compile(r"(?=.*[0-9][a-z]+[0-9])(?!.*[a-z]{3})[a-z0-9]{4,32}")
LONG_MIXED = re.compile(r"(?=(?:[a-z]*[0-9]+[a-z]+){3,}[0-9]*$)[a-z0-9]{10,32}")
UUID = re.compile(r"(?:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# OpenReview: the venue and paper in front, the signature behind; `Reviewer_` and four characters at random.
VENUE = re.compile(
    r"[\w.-]+/[0-9]{4}/(?:[\w.-]+/)*?(?:paper|submission)[0-9]+/(?P<signature>[^/]+)", re.IGNORECASE
)
RANDOM_FOUR = re.compile(r"[A-Za-z]+_(?=[A-Za-z0-9]{4}$)(?:(?=\S*[0-9])\S{4}|[A-Za-z][a-z]*[A-Z]\S*)")
# "Judge No. 5", "rater 3", "Docente D-01", "Juez 2 (externo)": a word for a seat, its number, letter
# or short code, and who it is in words for seats.
SPOKEN = re.compile(
    r"(?P<words>[^\W\d_]+(?: [^\W\d_]+)*?)(?: n(?:o|ro|[uú]m(?:ero)?|.?[oº°])?\.?)? ?#? ?"
    r"(?P<number>[0-9]{1,6}|[a-z]|(?<= )[a-z]{1,3}[-_.]?[0-9]{1,6})"
    r"(?: ?\((?P<beside>[^\W\d_]+(?: [^\W\d_]+)*)\))?"
)
# "1er evaluador", "2.ª jueza"; in words they are listed.
ORDINAL = re.compile(r"1er[oa]?|2d[oa]|1st|2nd|3rd|[4-9]th|[1-9]\.?[ºª°]")
# "Ev. 1"; with a letter it would be a name, as Eva is.
SHORT_SEAT = re.compile(r"(?P<word>[a-z]+)\.? ?[0-9]{1,3}")
NUMBER_ALONE = re.compile(r"[0-9]{7,8}")
# What `ogp pseudonymise` writes; one in thirty has no digit.
OURS = re.compile(r"p-[a-z2-7]{16}")


@lru_cache(maxsize=CODES_KEPT)
def is_code(text: str) -> bool:
    """Say whether an evaluator is given by a code, not by something that may identify a person.

    Parameters
    ----------
    text : str
        What a file gives for an evaluator.

    Returns
    -------
    bool
        False for whatever could be a name, an address or an identity number.

    Examples
    --------
    >>> [is_code(code) for code in ("E01", "ev-3", "R1", "9f86d081884c7d65", "WG-12", "rater_A")]
    [True, True, True, True, True, True]
    >>> [is_code(code) for code in ("AnonReviewer1", "Judge No. 5", "rater 3", "12345678", "A2XJ9F5")]
    [True, True, True, True, True]
    >>> [is_code(code) for code in ("Docente D-01", "Nurse 2", "Médica", "Juez 2 (externo)", "Doctor Li")]
    [True, True, True, True, False]
    >>> [is_code(name) for name in ("~Given_Family1", "Judge Li", "Li Yu", "juana1982")]
    [False, False, False, False]
    >>> [is_code(name) for name in ("Ana", "María Pérez", "jperez2", "a@b.ec", "1712345678")]
    [False, False, False, False, False]
    """
    venue = VENUE.fullmatch(text)
    text = venue["signature"] if venue else text
    folded = text.casefold()
    if (
        _is_seat(key_of(text))
        or is_a_numbered_seat(folded)
        or UUID.fullmatch(folded)
        or NUMBER_ALONE.fullmatch(folded)
    ):
        return True
    if RANDOM_FOUR.fullmatch(text) and folded.partition("_")[0] in packaged()["seat"]:
        return True
    if not folded.isascii() or len(folded) > LONGEST or not re.fullmatch(r"[a-z0-9._-]+", folded):
        return False
    if OURS.fullmatch(folded):
        return True
    parts = [part for part in re.split(r"[-_.]+", folded) if part]
    return bool(parts) and all(_is_part(part) for part in parts)


def is_a_numbered_seat(text: str) -> bool:
    """Say whether these are words for a seat and its number or code, written with spaces.

    >>> [is_a_numbered_seat(text) for text in ("Docente D-01", "Par ciego 2", "Doctor", "Lote 2")]
    [True, True, False, False]
    >>> [is_a_numbered_seat(text) for text in ("Segunda jueza", "Ev. 1", "Eva", "Segundo Toaza", "Segundo")]
    [True, True, False, False, False]
    """
    folded = " ".join(text.casefold().split()) if len(text) <= LONGEST else ""
    short = SHORT_SEAT.fullmatch(folded)
    if short and short["word"] in packaged()["seat_short"]:
        return True
    spoken = SPOKEN.fullmatch(folded)
    words = _beside_an_ordinal(folded)
    if not words and spoken:
        words = f"{spoken['words']} {spoken['beside'] or ''}".split()
    return bool(words) and all(_is_seat(key_of(word)) for word in words)


def _beside_an_ordinal(folded: str) -> list[str]:
    """Give the words beside the one ordinal of a text; none where it has none or several."""
    words = folded.split()
    others = [word for word in words if not (word in packaged()["ordinal"] or ORDINAL.fullmatch(word))]
    return others if len(others) + 1 == len(words) else []


def _is_seat(word: str) -> bool:
    """Say whether a folded word names a seat, or what somebody who may sit there is."""
    return word in packaged()["seat"] or word in packaged()["profession"]


def may_be_an_identity_number(text: str) -> bool:
    """Say whether a code is a number as long as some countries' identity numbers: read, but said.

    >>> may_be_an_identity_number("12345678"), may_be_an_identity_number("1234")
    (True, False)
    """
    return NUMBER_ALONE.fullmatch(text) is not None


def _is_part(part: str) -> bool:
    numbered = SEAT_NUMBER.fullmatch(part)
    return (
        _is_seat(part)
        or bool(numbered and _is_seat(numbered[1]))
        or any(pattern.fullmatch(part) for pattern in (SHORT, HEXADECIMAL, BASE32, MIXED, LONG_MIXED))
    )


def names_nobody(title: str, also: frozenset[str] = frozenset()) -> bool:
    """Say whether the title of a sheet consists of common words, numbers and codes only.

    >>> names_nobody("Respuestas de formulario 1"), names_nobody("WG-01"), names_nobody("Juan Pérez")
    (True, True, False)
    """
    common = {*packaged()["sheet"], *also}
    parts = [part for part in key_of(title).split("_") if part]
    # Folding leaves nothing of a name in other letters.
    return is_code(title) or (not LETTER.search(title) and _all_common(parts, common))


def _all_common(parts: list[str], common: Collection[str]) -> bool:
    return all(
        part in common or part.rstrip("0123456789") in {"", *common} or is_code_part(part) for part in parts
    )


def is_code_part(part: str) -> bool:
    """Say whether one word among others is a code; two letters beside other words may be a name (Li, Sá).

    >>> [is_code_part(part) for part in ("e01", "a", "wg", "li")]
    [True, True, True, False]
    """
    known = any(part in words for words in packaged().values())
    return is_code(part) and (known or len(part) != 2 or not part.isalpha())


def names_a_body(text: str, own: Collection[str] = ()) -> bool:
    """Say whether a text names a body that decides, or is a code.

    A word such as group or ministry tells; so does what a method calls its own bodies (``own``, folded and
    without the article). Words that are surnames too (mesa, jurado) tell only at the beginning, and alone or
    before words such as "de" or "nacional".

    >>> names_a_body("Grupo Núcleo"), names_a_body("CG"), names_a_body("María Pérez")
    (True, True, False)
    >>> [names_a_body(text) for text in ("el jurado", "La mesa", "Mesa de diálogo", "Rita Mesa", "Mesa Rita")]
    [True, True, True, False, False]
    >>> names_a_body("Los Padrinos", own={"padrinos"})
    True
    """
    return is_code(text) or is_called_a_body(text, own)


def is_called_a_body(text: str, own: Collection[str] = ()) -> bool:
    """Say whether the words of a text name a body; a code names nobody, and may be a person's.

    >>> [is_called_a_body(text) for text in ("Grupo Núcleo", "C3", "María Pérez")]
    [True, False, False]
    """
    folded = without_article(text)
    first, _, rest = folded.partition("_")
    heads = first in packaged()["body_first"] and (
        not rest or rest.split("_")[0] in packaged()["body_beside"]
    )
    return heads or folded in own or any(part in packaged()["body"] for part in folded.split("_"))


def without_article(text: str) -> str:
    """Fold a text and leave out the article in front.

    >>> without_article("El Comité"), without_article("la")
    ('comite', 'la')
    """
    first, _, rest = key_of(text).partition("_")
    return rest if rest and first in packaged()["article"] else key_of(text)


def shown(text: str) -> str:
    """Give a code for a message, and nothing for what may be a name.

    >>> shown("WG1"), shown("Ana Pérez")
    ('WG1', '')
    """
    return text if is_code(text) else ""


NAMED = ("ratings.personal", "ratings.personal_title")
# What `ogp pseudonymise` takes without --method.
PACKAGED = "ecuador-2019"
KEY, KEY_ELSEWHERE = "ogp-key.txt", "FILE"


def with_commands(problems: Iterable[Problem], data: str, method: str = "") -> list[Problem]:
    """Add to every refusal of names the command that replaces them.

    >>> problem = with_commands([Problem(NAMED[0], file="n.csv")], "data/n.csv")[0]
    >>> dict(problem.detail)["command"].split(" --new-key ")[0]
    'ogp pseudonymise data/n.csv data/n-pseudonyms.csv'
    """
    listed = list(problems)
    without_command = [problem.rule in NAMED and not problem.detail for problem in listed]
    # Where the key may lie is asked of the disk, so once a file.
    files = {problem.file for problem, lacks in zip(listed, without_command, strict=True) if lacks}
    commands = {file: (("command", command(data, file, method)),) for file in files}
    return [
        replace(problem, detail=commands[problem.file]) if lacks else problem
        for problem, lacks in zip(listed, without_command, strict=True)
    ]


def command(data: str, file: str, method: str = "") -> str:
    """Give the command that writes a file without names; the key goes to the reader's own folder.

    >>> command("n.csv", "n.csv", "jury.yaml").partition(" --method ")[2]
    'jury.yaml'
    """
    source = Path(data) / file if Path(data).name != file and Path(data).is_dir() else Path(data)
    target = source.with_name(f"{source.stem}-pseudonyms.csv")
    own = ("--method", method) if method not in ("", PACKAGED) else ()
    return as_typed("ogp", "pseudonymise", source, target, *_key(target.resolve().parent), *own)


def _key(folder: Path) -> tuple[str, str]:
    """Name a key file where the command accepts one: not beside the output, not in a project."""
    for base, prefix in ((Path.home(), "~/"), (folder.parent, f"{folder.parent}/")):
        file = base / KEY
        try:
            pseudonyms.check_key_place(file, apart_from=[folder])
        except ParameterError:
            continue
        option = "--key-file" if file.exists() else "--new-key"
        return option, f"{prefix}{KEY}"
    return "--new-key", KEY_ELSEWHERE
