"""Names with a surname that no list knows: the surname first, and lines that are a name alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ogp_analysis.privacy.leads import ARTICLES
from ogp_analysis.privacy.listed_words import given_names, listed, public_persons
from ogp_analysis.privacy.name_extent import NAMES, PARTICLES, Text, bare, words_of
from ogp_analysis.privacy.name_parts import OF_A_PLACE
from ogp_analysis.privacy.unheard_words import (
    BESIDE,
    FAMILY,
    MAY_BE_GIVEN,
    MOST_SURNAMES,
    SMALL_GAP,
    is_unheard,
)

GIVEN = given_names()
# No words, and no surnames as often.
SURE = GIVEN - listed("doubtful_given", "small_word", "ordinary", "given_word", "family")
PUBLIC = public_persons("historic", "head_of_state")
LISTED_BEHIND = re.compile(r"\s*(?:$|[\n.;:,(])")
TURNED_GAP = re.compile(r"[ \t\xa0]|,[ \t\xa0]")
# A line by itself that nothing but a name fills, behind a dash or a rule or not.
LINE = re.compile(
    r"(?m)^(?P<mark>[ \t]*(?:-{1,3}|[—–~•*]|_{3,}|\d{1,2}[.)]|\()?[ \t]*)"
    r"(?P<name>[^\W\d_]+\.?(?:[ \t][^\W\d_]+\.?){1,4})[ \t]*[.)*_~]*[ \t]*$"
)
# Our choice: so many signs may stand behind the name that ends a text.
LONGEST_MARK = 4
NO_PERSON_BEHIND = ARTICLES | {"un", "una", "al", "del", "de"}
# A bracket that holds a name and nothing else.
IN_BRACKETS = re.compile(r"\((?P<name>[^\W\d_]+(?: [^\W\d_]+){1,3})\)")
SIGNS = re.compile(r"-{2}|[—–~]|_{3}|\(")


def spans(text: str, public: Collection[tuple[int, int]] = ()) -> Iterator[tuple[int, int]]:
    r"""Find unheard surnames before a given name, and lines that are a name, but ``public`` ones.

    >>> text = "Panpavinda Luis trajo la lista de Loja.\n-- Segundo Meltimpo"
    >>> [text[start:end] for start, end in spans(text)]
    ['Panpavinda Luis', 'Segundo Meltimpo']
    """
    own = words_of(text)
    if MAY_BE_GIVEN.isdisjoint(own.read) and "\n" not in text and "(" not in text:
        return
    kept = {at for span in public for at in range(*span)}
    yield from (span for span in (*_turned(own), *_lines(text)) if kept.isdisjoint(range(*span)))


def _turned(own: Text) -> Iterator[tuple[int, int]]:
    """Find "Panpavinda Luis", "Toaza Pérez Luis": with capitals, and no surname behind."""
    for at, word in enumerate(own.read):
        # Behind a surname that many bear a word is a given name too: Toaza Pérez Rosa.
        is_given = word in SURE or (word in MAY_BE_GIVEN and at > 0 and own.read[at - 1] in FAMILY)
        if not (is_given and own.has_a_capital(at)) or (at and own.read[at - 1] in MAY_BE_GIVEN):
            continue
        first = at
        while first > max(at - MOST_SURNAMES, 0) and _is_before(own, first, at):
            first -= 1
        last = at + 1
        while last < len(own.read) and own.read[last] in GIVEN and SMALL_GAP.fullmatch(own.gap(last)):
            last += 1
        if first < at and _stands_alone(own, first, last):
            yield own.tokens[first].start(), own.tokens[last - 1].end()


def _is_before(own: Text, first: int, given: int) -> bool:
    """Say whether the word before is a surname with a capital; a comma only where a line lists names."""
    word, between = own.read[first - 1], own.gap(first)
    if not TURNED_GAP.fullmatch(between) or not own.has_a_capital(first - 1):
        return False
    if "," in between and (first < given or not LISTED_BEHIND.match(own.text, own.tokens[given].end())):
        return False
    return is_unheard(bare(word)) and not own.text[: own.tokens[first - 1].start()].endswith(("@", "/", "#"))


def _stands_alone(own: Text, first: int, last: int) -> bool:
    """Say whether no longer name, place or thing is called so."""
    if last < len(own.read) and own.has_a_capital(last) and SMALL_GAP.fullmatch(own.gap(last)):
        return False
    if not any(bare(word) not in FAMILY for word in own.read[first : last - 1]):
        return False
    parts = [word for word in own.read[first:last] if word not in PARTICLES]
    if " ".join(parts) in PUBLIC:
        return False
    before = own.text[max(own.tokens[first].start() - 40, 0) : own.tokens[first].start()]
    if OF_A_PLACE.search(before):
        return False
    if first == 0 or not SMALL_GAP.fullmatch(own.gap(first)):
        return True
    # In the middle of a sentence, and behind no article: "la Toaza Carmen" is a shop as often.
    before_it = own.read[first - 1]
    return before_it not in NO_PERSON_BEHIND and (before_it in BESIDE or not own.has_a_capital(first - 1))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Find lines that are a name: behind a dash or a rule, or the last of a text of several."""
    ends = len(text.rstrip()) - LONGEST_MARK
    for match in LINE.finditer(text):
        is_last = match.start() > 0 and match.end("name") >= ends
        if (is_last or SIGNS.search(match["mark"])) and _is_a_name(match["name"], is_last=is_last):
            yield match.span("name")
    for match in IN_BRACKETS.finditer(text):
        if _is_a_name(match["name"], is_last=True):
            yield match.span("name")


def _is_a_name(line: str, *, is_last: bool) -> bool:
    """Say whether a line is a given name and surnames, either way round, or at the end an initial and one."""
    own = words_of(line)
    parts = [bare(word) for word in own.read if word not in PARTICLES]
    if len(parts) < 2 or " ".join(parts) in PUBLIC:
        return False
    capitals = all(own.has_a_capital(k) or word in PARTICLES for k, word in enumerate(own.read))
    small = not any(own.has_a_capital(k) for k in range(len(own.read)))
    if not capitals and not (is_last and small):
        return False
    if len(parts[0]) == 1:
        return is_last and capitals and len(parts) == 2 and is_unheard(parts[1])
    given = [part in MAY_BE_GIVEN for part in parts]
    if not (given[0] or (given[-1] and capitals)):
        return False
    others = [part for part, is_given in zip(parts, given, strict=True) if not is_given]
    return any(map(is_unheard, others)) and all(is_unheard(part) or part in NAMES for part in others)
