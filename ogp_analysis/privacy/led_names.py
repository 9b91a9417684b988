"""Names of persons that something leads in: "Ing. María Quishpe", "aprobado por …", "I'm …", "Firma: …".

Ours, in the languages of the exports. What leads in says how much is asked of the words behind it: behind a
title any word with a capital is a name, behind "approved by" two that nobody knows or one that many bear.
Words for bodies, laws, offices, places and what an administration deals with are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ogp_analysis.privacy.leads import (
    ARTICLES,
    COLONS,
    TOKEN,
    gap,
    lead_at,
    phrases,
    read_word,
    stands_behind,
    words_read,
)
from ogp_analysis.privacy.listed_words import listed

NAMES = listed("given", "family")
# These end a name, or are none.
OTHER = listed("office", "common", "group", "nobody", "goes_on", "people") | {"ing", "mr", "mrs"}
BODIES = listed("group", "nobody")
PLACES, OFFICES = listed("place"), listed("office")
# A place called by whom it is named after.
NAMED_AFTER = PLACES | {"educativa", "escuela", "colegio", "instituto", "hospital", "biblioteca"}
ORDINARY = listed("ordinary")
SURNAMES = listed("family", "ordinary")
PARTICLES = frozenset(("de", "del", "la", "las", "los", "da", "das", "do", "dos", "di", "van", "von", "der"))
JOINING = frozenset(("y", "e", "i", "and", "et"))
# Nouns that are no names, and seldom end one that is in no list.
NOUN = re.compile(
    r"(?:ci[oó]n|siones|ciones|miento|mientos|dades?|tades?|tud|ismo|log[ií]a|nom[ií]a|tions?|ments?|ness|ship|ities"
    r"|ity|[cç][aã]o|[cç][oõ]es|gem|mento|zioni?|ibles?|ivos?|ivas?|encias?|ancias?|ing)$"
)
IN_NAME = re.compile(r"[ \t\xa0]{1,3}|-|['’]")
BEHIND_INITIAL = re.compile(r"\.?[ \t\xa0]{0,2}|\.-")
COMMA, LISTED = re.compile(r",\s{1,2}"), re.compile(r"\s?[,;/&]\s{0,2}|[ \t\xa0]")
OFFICE_FOLLOWS = re.compile(r",\s(?:\w{2,3}\s)?|[ \t,.]{0,2}\n\s?|\s[-–—(]\s?")
ENDS = re.compile(r"\s*(?:$|[\n.;,:)\]]|[-–—]\s)")
ENDS_A_LINE = re.compile(r"[\s.]*(?:$|\n|[;)\]])")
# Our choices: so many unknown words in a row are a heading; so short a word in capitals is an acronym.
MOST_UNKNOWN, ACRONYM, LONGEST_OFFICE = 6, 5, 8
# So many leads in a row lead one name in: a text of leads alone would take its square in time otherwise.
MOST_LEADS = 8
# What two words that nobody knows are enough behind.
TWO_TELL = (
    *("act", "label", "closing", "first", "salutation", "office"),
    *("title", "called", "kin", "minor"),
)
ONE_TELLS = ("title", "called")
# Whose child, neighbour or patient somebody is: what is asked depends on how that word is written.
RELATED = ("kin", "minor")
KNOWN_TELLS = ("act", "label", "closing", "salutation", "office")
STRENGTH = {kind: k for k, kind in enumerate(("weak", "named", "verb", "office", *KNOWN_TELLS[3:], "first"))}


@dataclass
class _Text:
    """A text and its words, as typed and without accents and case."""

    text: str
    tokens: list[re.Match[str]] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = list(TOKEN.finditer(self.text))
        self.read = [read_word(token[0]) for token in self.tokens]

    def gap(self, at: int) -> str:
        return gap(self.text, self.tokens, at)

    def has_a_capital(self, at: int) -> bool:
        word = self.tokens[at][0]
        return word[0].isupper() or (word[1:2] in ("'", "’") and word[2].isupper())


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Find names that something leads in.

    >>> text = "Estimado Sr. Pedro Tacuri: aprobado por la Asamblea. Revisado por Lucila Tacuri y Ana Mora"
    >>> [text[start:end] for start, end in spans(text)]
    ['Pedro Tacuri', 'Lucila Tacuri', 'Ana Mora']
    """
    known = phrases()
    heads = known.heads | known.heads_with_a_colon if any(sign in text for sign in COLONS) else known.heads
    if heads.isdisjoint(words_read(text)):
        return
    own, behind = _Text(text), 0
    for at, word in enumerate(own.read):
        if word not in heads or at < behind or not lead_at(text, own.tokens, own.read, at)[1]:
            continue
        if word in OFFICES and at > behind:
            span = _before_an_office(own, at)
            if span:
                yield span
        following, kind = _led(own, at)
        if kind == "office" and at > 0 and own.read[at - 1] in NAMED_AFTER and own.gap(at).isspace():
            continue  # Escuela Hermano Miguel
        for first, last in _names_behind(own, following, kind) if kind else ():
            yield own.tokens[first].start(), _end(own, last - 1)
            behind = last


def _led(own: _Text, at: int) -> tuple[int, str]:
    """Pass over all that leads in, as in "Estimado Sr. Alcalde"; give the strongest kind."""
    kinds, behind = list[str](), at
    while behind < len(own.read) and len(kinds) < MOST_LEADS:
        if kinds and not stands_behind(own.gap(behind), kinds[-1]):
            return behind, ""
        is_article = own.read[behind] in ARTICLES and behind + 1 < len(own.read)
        skipped = behind + (bool(kinds) and kinds[-1] not in ("title", *RELATED) and is_article)
        following, kind = lead_at(own.text, own.tokens, own.read, skipped)
        if not kind:
            # Articles lead on to a title only: "aprobado por la Asamblea"; "soy la María".
            behind = skipped if kinds and skipped > behind and own.has_a_capital(skipped) else behind
            break
        kinds.append(kind)
        behind = following
    if not kinds or behind >= len(own.read):
        return at + 1, ""
    strong = [kind for kind in kinds if kind in ONE_TELLS] or [kind for kind in kinds if kind != "office"]
    return behind, strong[-1] if strong else "office"


def _names_behind(own: _Text, at: int, kind: str) -> Iterator[tuple[int, int]]:
    """Give the name behind a lead, and those that are listed behind it, by their first and last words."""
    last = _end_of_name(own, at)
    if last == at and kind == "office":
        at, last, kind = _behind_the_body(own, at)
    last = _with_the_given_name(own, at, last, kind)
    while last > at and _is_a_name(own, (at, last), kind):
        yield at, last
        at = _next_in_list(own, last)
        _, title = lead_at(own.text, own.tokens, own.read, at) if at < len(own.read) else (at, "")
        further = "further" if kind in (*RELATED, "further") else "listed"
        kind, at = ("title", at + 1) if title == "title" else (further, at)
        last = _end_of_name(own, at) if at < len(own.read) else at


def _before_an_office(own: _Text, at: int) -> tuple[int, int] | None:
    """Give where a name stands that its office follows: "Ana Ruiz, Directora", or on the line above."""
    between, first = own.gap(at), at
    if not OFFICE_FOLLOWS.fullmatch(between):
        return None
    while first > 0 and own.has_a_capital(first - 1) and (first == at or _is_joined(own, first)):
        if own.read[first - 1] not in NAMES and _ends_a_name(own, first - 1, first - 1):
            break
        first -= 1
    start = own.tokens[first].start()
    is_a_line = "\n" in between and own.text[:start].rstrip(" \t")[-1:] in ("", "\n")
    known = not NAMES.isdisjoint(own.read[first:at])
    if not 1 < at - first <= MOST_UNKNOWN or not (known or is_a_line) or own.read[first] in PLACES:
        return None
    return start, own.tokens[at - 1].end()


def _end_of_name(own: _Text, at: int) -> int:
    """Give the word behind a name that begins at a word: with capitals, or of names that many bear."""
    if at >= len(own.read):
        return at
    if not own.has_a_capital(at) and not _is_of_a_surname(own, at):
        return _end_of_small(own, at)
    last = _behind_particles(own, at)
    while last < len(own.read) and (last == at or _is_joined(own, last)) and own.has_a_capital(last):
        if _ends_a_name(own, at, last):
            return last if last > at and own.read[last - 1] not in PARTICLES else at
        last += 1
        behind = _behind_particles(own, last)
        if behind < len(own.read) and own.has_a_capital(behind) and not _ends_a_name(own, at, behind):
            last = behind
    return last


def _behind_particles(own: _Text, at: int) -> int:
    first = at
    while at < len(own.read) and own.read[at] in PARTICLES and (at == first or _is_joined(own, at)):
        at += 1
    return at if at < len(own.read) and (at == first or _is_joined(own, at)) else first


def _is_of_a_surname(own: _Text, at: int) -> bool:
    """Say whether a surname begins with particles behind a short title: "Dra. de la Torre"."""
    behind = _behind_particles(own, at)
    is_short = at > 0 and own.gap(at).startswith(".") and own.read[at - 1] in phrases().titles
    is_named = behind < len(own.read) and own.read[behind] in SURNAMES and own.has_a_capital(behind)
    return is_short and at < behind and is_named


def _end_of_small(own: _Text, at: int) -> int:
    last = at
    while last < len(own.read) and (last == at or _is_joined(own, last)):
        if own.read[last] not in NAMES and not (own.read[last] in PARTICLES and last > at):
            break
        last += 1
    while last > at and own.read[last - 1] in PARTICLES:
        last -= 1
    return last


def _is_joined(own: _Text, at: int) -> bool:
    short = len(own.read[at - 1]) < 3
    return bool((BEHIND_INITIAL if short else IN_NAME).fullmatch(own.gap(at)))


def _ends_a_name(own: _Text, first: int, at: int) -> bool:
    """Say whether a word with a capital is no part of a name."""
    word, small = own.tokens[at][0], _bare(own.read[at])
    if small in PARTICLES and at > first:
        return False
    if at > first and own.read[at - 1] in PARTICLES and len(small) < 4:
        return False  # Sá
    if len(small) == 1:
        return not (
            word.isupper() and (own.gap(at + 1).startswith(".") or (at > first and small not in JOINING))
        )
    if small in OTHER or small in phrases().titles:
        # Norma and Coronel are words and names.
        return small not in NAMES or (at == first and small in OTHER and len(small) < 4)
    if small in NAMES:
        return False
    alone = at + 1 == len(own.read) or not own.tokens[at + 1][0].isupper()
    is_acronym = word.isupper() and len(word) <= ACRONYM and alone and not own.tokens[first][0].isupper()
    return is_acronym or bool(NOUN.search(small)) or sum(map(str.isalpha, word)) < 2


def _behind_the_body(own: _Text, at: int) -> tuple[int, int, str]:
    """Find the name behind an office and its body: "la Directora de Obras Públicas, Ana Ruiz"."""
    for behind in range(at, min(at + LONGEST_OFFICE, len(own.read))):
        if behind > at and not re.fullmatch(r",?\s", own.gap(behind)):
            break
        if own.read[behind] in NAMES and own.has_a_capital(behind):
            return behind, _end_of_name(own, behind), "verb"
        if own.read[behind] not in OTHER | PARTICLES | ARTICLES | PLACES | JOINING | {"of", "for"}:
            break
    return at, at, "verb"


def _with_the_given_name(own: _Text, at: int, last: int, kind: str) -> int:
    """Take the given name in that stands behind a comma: "Firma: Tacuri, Lucila"."""
    if kind not in ("label", "act", "named", "called") or not 0 < last - at < 3 or last >= len(own.read):
        return last
    behind = _end_of_name(own, last) if own.has_a_capital(last) and COMMA.fullmatch(own.gap(last)) else last
    given = own.read[last:behind]
    ends = behind > last and ENDS.match(own.text, own.tokens[behind - 1].end())
    return behind if ends and len(given) < 3 and any(word in listed("given") for word in given) else last


def _is_a_name(own: _Text, words: tuple[int, int], kind: str) -> bool:
    """Say whether words behind what leads in are a name."""
    parts = [
        _bare(own.read[k])
        for k in range(*words)
        if own.read[k] not in PARTICLES and (own.read[k] not in JOINING or own.tokens[k][0].isupper())
    ]
    names = [part for part in parts if part in NAMES]
    long = [part for part in parts if len(part) > 1]
    if not long or (parts[0] in PLACES and parts[0] not in NAMES):
        return False
    if kind in RELATED and not _may_be_related(own, words, parts, kind):
        return False
    if not own.has_a_capital(words[0]):
        of_title = parts[0] in listed("family") or own.has_a_capital(words[1] - 1)
        of_oneself = kind in ("called", "kin") and parts[0] in listed("given")
        return len(long) > 1 or of_oneself or (kind == "title" and of_title)
    if len(parts) == 1:
        return _one_tells(own, words, parts[0], kind)
    if all(part in PLACES for part in parts) or (len(long) > MOST_UNKNOWN and not names):
        return False
    if not names and parts[-1] in PLACES and kind != "title":
        return False
    return bool(names) or kind in TWO_TELL or kind == "listed"


def _may_be_related(own: _Text, words: tuple[int, int], parts: list[str], kind: str) -> bool:
    """Say whether words behind "mi hija" or "la niña" may name her: known, or behind small letters."""
    noun = own.tokens[words[0] - 1][0]
    known = not NAMES.isdisjoint(parts)
    if kind == "minor":
        has_an_initial = len(parts) > 1 and len(parts[-1]) == 1
        return (
            (known or has_an_initial)
            and (len(parts) > 1 or parts[0] in listed("given"))
            and not noun[0].isupper()
        )
    two = own.read[words[1] : words[1] + 1]
    is_a_list = bool(two) and two[0] in JOINING and own.has_a_capital(min(words[1] + 1, len(own.read) - 1))
    is_of_many = noun.endswith("s") and not noun.endswith("fils") and not is_a_list
    return known or (noun.islower() and not is_of_many)


def _bare(word: str) -> str:
    """Take off what is glued to a word by an apostrophe: d'Aragó, Smith's."""
    return word.removesuffix("'s").split("'")[-1]


def _one_tells(own: _Text, words: tuple[int, int], part: str, kind: str) -> bool:
    behind = own.tokens[words[1] - 1].end()
    if part in PLACES or ("\n" in own.gap(words[0]) and part not in NAMES and kind != "closing"):
        return False
    if kind in RELATED:
        is_apart = "," in own.gap(words[0])
        return part in NAMES or not is_apart or bool(ENDS.match(own.text, behind))
    if kind == "further":
        return part in NAMES or ("," not in own.gap(words[0]) and own.read[words[0] - 1] in JOINING)
    if kind in ONE_TELLS:
        return len(part) > 1
    if kind == "office":
        return part in NAMES and own.read[words[0] - 1] not in listed("high_office")
    if kind in KNOWN_TELLS and part in NAMES:
        return True
    if kind == "closing":
        return bool(ENDS_A_LINE.match(own.text, behind)) and part not in ORDINARY
    return kind == "salutation" and bool(ENDS.match(own.text, behind)) and part not in ORDINARY


def _next_in_list(own: _Text, at: int) -> int:
    """Give the word behind a comma or "and", where another name may begin."""
    if at >= len(own.read) or not LISTED.fullmatch(own.gap(at)):
        return len(own.read)
    return at + 1 if own.read[at] in JOINING else at


def _end(own: _Text, last: int) -> int:
    """Give where the last word of a name ends; the point of an initial goes with it."""
    end = own.tokens[last].end()
    return end + (len(own.read[last]) == 1 and own.text[end : end + 1] == ".")
