"""Names of persons that something leads in: "Ing. María Quishpe", "aprobado por …", "I'm …", "Firma: …".

Ours, in the languages of the exports. What leads in says how much is asked of the words behind it: behind a
title any word with a capital is a name, behind "approved by" two that nobody knows or one that many bear.
Words for bodies, laws, offices, places and what an administration deals with are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogp_analysis.privacy.leads import ARTICLES, COLONS, lead_at, phrases, stands_behind, words_read
from ogp_analysis.privacy.listed_words import given_names, listed, public_persons
from ogp_analysis.privacy.name_extent import (
    JOINING,
    NAMES,
    NOUN,
    OTHER,
    PARTICLES,
    Text,
    bare,
    end_of_name,
    ends_a_name,
    is_joined,
    words_of,
)
from ogp_analysis.privacy.unheard_words import MAY_BE_GIVEN, SHORTEST, end_of_small, is_unheard

BODIES = listed("group", "nobody")
PLACES, OFFICES = listed("place"), listed("office")
# A place called by whom it is named after.
NAMED_AFTER = PLACES | {"educativa", "escuela", "colegio", "instituto", "hospital", "biblioteca"}
# Whatever is called so is a building, a street or a square: Hospital Dr. Enrique Garcés.
SITES = listed("site")
# A quarter that is called after somebody with one of these: bairro Dona Marta.
QUARTERS = listed("quarter")
OF_QUARTERS = frozenset(("don", "dona", "dom", "fray", "padre", "monsenor", "sor", "dr", "doctor"))
ORDINARY, GIVEN = listed("ordinary"), given_names()
# Behind one of these a surname alone tells who lives there.
HOUSEHOLDS = frozenset(("familia", "family", "famille", "hermanos", "hermanas", "irmaos", "fam"))
# Whoever holds one of these is spoken of by name; of a president only one of a state is.
ELECTED, PRESIDENTS = (
    listed("elected"),
    frozenset(f"{before}president{end}" for before in ("", "ex", "vice", "exvice") for end in ("e", "a", "")),
)
PUBLIC = public_persons("historic", "head_of_state")
HEADS_OF_STATE = public_persons("head_of_state", "vice_president")
# Of a text in English: a "mayor" in Spanish is an officer of the police, or of age.
OF_THE_CITY = frozenset(("the", "our", "is", "and"))
SPECIALITIES = listed("speciality")
# Behind one of these, small, a word with a capital that is none of ours is how the child is called.
CHILDREN = frozenset(
    ("niño", "niña", "niñito", "niñita", "bebé", "menina", "menino", "girl", "boy", "toddler", "nena")
)
NO_CHILD = OTHER | SPECIALITIES | listed("place", "ordinary", "site", "quarter")
COMMA, LISTED = re.compile(r",\s{1,2}"), re.compile(r"\s?[,;/&]\s{0,2}|[ \t\xa0]")
# A degree or a title behind a name: "Ana Ruiz, MSc.", "Ana Ruiz, Ing."
DEGREE_FOLLOWS = re.compile(r",?[ \t\xa0]{1,2}(?:\()?")
OFFICE_FOLLOWS = re.compile(r",\s(?:\w{2,3}\s)?|[ \t,.]{0,2}\n\s?|\s[-–—(]\s?")
ENDS = re.compile(r"\s*(?:$|[\n.;,:)\]]|[-–—]\s)")
ENDS_A_LINE = re.compile(r"[\s.]*(?:$|\n|[;)\]])")
# Our choices: so many unknown words in a row are a heading; so many words an office or a study has.
MOST_UNKNOWN, LONGEST_OFFICE, LONGEST_STUDY = 6, 8, 4
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


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Find names that something leads in, but those of whoever is spoken of by an elected office.

    >>> text = "Estimado Sr. Pedro Tacuri: aprobado por la Asamblea. Revisado por Lucila Tacuri y Ana Mora"
    >>> [text[start:end] for start, end in spans(text)]
    ['Pedro Tacuri', 'Lucila Tacuri', 'Ana Mora']
    """
    yield from parted(text)[0]


def parted(text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Part the names that something leads in from those that an elected office makes public.

    >>> parted("según Ana Mora, alcaldesa; según Ana Mora")
    ([(33, 41)], [(6, 14)])
    """
    every = list(named(text))
    public = [(start, end) for start, end, is_public in every if is_public]
    taken = {at for span in public for at in range(*span)}
    held = [(start, end) for start, end, is_public in every if not (is_public or {start, end - 1} & taken)]
    return held, public


def named(text: str) -> Iterator[tuple[int, int, bool]]:
    """Find names that something leads in, and say of each whether an office makes it public.

    >>> text = "El alcalde Pedro Tacuri y la Ing. Lucila Tacuri"
    >>> [(text[start:end], is_public) for start, end, is_public in named(text)]
    [('Pedro Tacuri', True), ('Lucila Tacuri', False)]
    """
    known = phrases()
    heads = known.heads_with_a_colon if any(sign in text for sign in COLONS) else known.heads
    if heads.isdisjoint(words_read(text)):
        return
    own, behind = words_of(text), 0
    for at in [at for at, word in enumerate(own.read) if word in heads]:
        if at < behind or not lead_at(text, own.tokens, own.read, at)[1]:
            continue
        word = own.read[at]
        if at and at >= behind and (word in OFFICES or _is_behind_a_name(own, at)):
            before = _before_an_office(own, at)
            if before is not None:
                yield own.tokens[before].start(), own.tokens[at - 1].end(), _is_public(own, at, (before, at))
        following, kind = _led(own, at)
        if not kind or _is_called_after(own, at, kind):
            continue
        of_office = kind == "office" or own.read[following - 1] in OFFICES
        for first, last in _names_behind(own, following, kind):
            is_public = of_office and behind <= at and _is_public(own, following - 1, (first, last))
            yield own.tokens[first].start(), own.end(last - 1), is_public
            behind = last


def _is_public(own: Text, at: int, name: tuple[int, int]) -> bool:
    """Say whether an office is one that is spoken of by name: "el alcalde Pedro Guamán"."""
    office = own.read[at]
    if office in PRESIDENTS:
        parts = [bare(word) for word in own.read[slice(*name)] if word not in PARTICLES]
        return " ".join(parts) in HEADS_OF_STATE
    return office in ELECTED or (office == "mayor" and not OF_THE_CITY.isdisjoint(own.read))


def _is_called_after(own: Text, at: int, kind: str) -> bool:
    """Say whether a place is called so: "Escuela Hermano Miguel", "bairro Dona Marta"."""
    if kind not in ("office", "title") or at == 0 or not own.gap(at).isspace():
        return False
    back = at - 1
    while back > 0 and own.read[back] in PARTICLES and own.gap(back).isspace():
        back -= 1
    place = own.read[back]
    if kind == "office":
        return own.read[at - 1] in NAMED_AFTER
    led = OFFICES.intersection(own.read[max(back - LONGEST_STUDY, 0) : back])
    return place in SITES or (place in QUARTERS and own.read[at] in OF_QUARTERS and not led)


def _led(own: Text, at: int) -> tuple[int, str]:
    """Pass over all that leads in, as in "Estimado Sr. Alcalde"; give the strongest kind."""
    kinds, behind = list[str](), at
    while behind < len(own.read) and len(kinds) < MOST_LEADS:
        if kinds and not (stands_behind(own.gap(behind), kinds[-1]) or _is_signed(own, behind, kinds[-1])):
            return behind, ""
        is_article = own.read[behind] in ARTICLES and behind + 1 < len(own.read)
        skipped = behind + (bool(kinds) and kinds[-1] not in ("title", *RELATED) and is_article)
        following, kind = lead_at(own.text, own.tokens, own.read, skipped)
        if not kind:
            # Articles lead on to a title only: "aprobado por la Asamblea"; "soy la María".
            behind = skipped if kinds and skipped > behind and own.has_a_capital(skipped) else behind
            break
        kinds.append(kind)
        behind = _behind_what_was_learnt(own, following) if kind == "title" else following
    if not kinds or behind >= len(own.read):
        return at + 1, ""
    strong = [kind for kind in kinds if kind in ONE_TELLS] or [kind for kind in kinds if kind != "office"]
    return behind, strong[-1] if strong else "office"


def _is_signed(own: Text, at: int, kind: str) -> bool:
    """Say whether a closing without a sign has a name behind it: "atentamente lucía melranango"."""
    last = _end_of_led(own, at)
    is_known = own.read[at] in MAY_BE_GIVEN and last > at + 1
    return kind == "closing" and own.gap(at).isspace() and is_known


def _end_of_led(own: Text, at: int, kind: str = "") -> int:
    """Give the word behind a name; in small letters also behind a surname that no list knows."""
    if own.has_a_capital(at):
        return end_of_name(own, at)
    # Behind "me llamo" shorter ones too.
    shortest = SHORTEST - (kind in ONE_TELLS)
    return max(end_of_name(own, at), end_of_small(own, at, shortest=shortest))


def _behind_what_was_learnt(own: Text, at: int) -> int:
    """Pass over what goes on with a title: "Psic. Clín.", "Ing. Civil Ana", "Lic. en Danza Ana"."""
    while at < len(own.read) and own.read[at] in SPECIALITIES and own.gap(at).strip(" \xa0") in ("", "."):
        is_short = own.gap(at + 1).startswith(".")
        if not is_short and not (
            at + 1 < len(own.read) and own.gap(at + 1).isspace() and own.has_a_capital(at + 1)
        ):
            break
        at += 1
    if at < len(own.read) and own.read[at] in ("en", "em", "in"):
        for behind in range(at + 1, min(at + LONGEST_STUDY + 1, len(own.read))):
            if own.read[behind] in NAMES and own.has_a_capital(behind):
                return behind
            if not re.fullmatch(r"\.?\s{1,2}", own.gap(behind)):
                break
    return at


def _names_behind(own: Text, at: int, kind: str) -> Iterator[tuple[int, int]]:
    """Give the name behind a lead, and those that are listed behind it, by their first and last words."""
    last = _end_of_led(own, at, kind)
    if last == at and kind == "title" and _is_called_don(own, at):
        last = at + 1
    if last == at and kind == "office":
        at, last, kind = _behind_the_body(own, at)
    last = _with_the_given_name(own, at, last, kind)
    while last > at and _is_a_name(own, (at, last), kind):
        yield at, last
        at = _next_in_list(own, last)
        _, title = lead_at(own.text, own.tokens, own.read, at) if at < len(own.read) else (at, "")
        further = "further" if kind in (*RELATED, "known", "further") else "listed"
        kind, at = ("title", at + 1) if title == "title" else (further, at)
        last = _end_of_led(own, at) if at < len(own.read) else at


def _is_called_don(own: Text, at: int) -> bool:
    """Say whether a surname that no list knows stands small behind a courtesy: don tixbachano."""
    courtesy = own.tokens[at - 1][0].casefold()
    return courtesy in ("don", "doña") and not own.has_a_capital(at) and is_unheard(own.read[at])


def _is_behind_a_name(own: Text, at: int) -> bool:
    """Say whether a degree or a title ends what stands there: "Ana Ruiz, MSc."; not "Loja, Ing. Ana Ruiz"."""
    if own.read[at] in phrases().degrees:
        return True
    behind = at + 1
    is_title = own.read[at] in phrases().titles and len(own.read[at]) > 1 and own.gap(at).startswith(",")
    return is_title and (behind == len(own.read) or not re.fullmatch(r"\.?\s{1,2}", own.gap(behind)))


def _before_an_office(own: Text, at: int) -> int | None:
    """Give where a name begins that its office or degree follows: "Ana Ruiz, Directora", or above it."""
    between, first, is_office = own.gap(at), at, own.read[at] in OFFICES
    if not (OFFICE_FOLLOWS if is_office else DEGREE_FOLLOWS).fullmatch(between):
        return None
    while first > 0 and own.has_a_capital(first - 1) and (first == at or is_joined(own, first)):
        word = own.read[first - 1]
        if word not in NAMES and (word in phrases().heads or ends_a_name(own, first - 1, first - 1)):
            break
        first -= 1
    start = own.tokens[first].start()
    is_a_line = "\n" in between and own.text[:start].rstrip(" \t")[-1:] in ("", "\n")
    known = not NAMES.isdisjoint(own.read[first:at]) or (not is_office and "," in between)
    if not 1 < at - first <= MOST_UNKNOWN or not (known or is_a_line) or own.read[first] in PLACES:
        return None
    return first


def _behind_the_body(own: Text, at: int) -> tuple[int, int, str]:
    """Find the name behind an office and its body: "la Directora de Obras Públicas, Ana Ruiz"."""
    for behind in range(at, min(at + LONGEST_OFFICE, len(own.read))):
        if behind > at and not re.fullmatch(r",?\s", own.gap(behind)):
            break
        if own.read[behind] in NAMES and own.has_a_capital(behind):
            return behind, end_of_name(own, behind), "verb"
        if own.read[behind] not in OTHER | PARTICLES | ARTICLES | PLACES | JOINING | {"of", "for"}:
            break
    return at, at, "verb"


def _with_the_given_name(own: Text, at: int, last: int, kind: str) -> int:
    """Take the given name in that stands behind a comma: "Firma: Tacuri, Lucila"."""
    if kind not in ("label", "act", "named", "called") or not 0 < last - at < 3 or last >= len(own.read):
        return last
    behind = end_of_name(own, last) if own.has_a_capital(last) and COMMA.fullmatch(own.gap(last)) else last
    given = own.read[last:behind]
    ends = behind > last and ENDS.match(own.text, own.tokens[behind - 1].end())
    return behind if ends and len(given) < 3 and any(word in listed("given") for word in given) else last


def _is_a_name(own: Text, words: tuple[int, int], kind: str) -> bool:
    """Say whether words behind what leads in are a name."""
    parts = [
        bare(own.read[k])
        for k in range(*words)
        if own.read[k] not in PARTICLES and (own.read[k] not in JOINING or own.tokens[k][0].isupper())
    ]
    names = [part for part in parts if part in NAMES]
    # Rosa Yuntinango: the first is a word too.
    names += parts[:1] if len(parts) == 2 and parts[0] in MAY_BE_GIVEN and is_unheard(parts[1]) else []
    long = [part for part in parts if len(part) > 1]
    if not long or (parts[0] in PLACES and parts[0] not in NAMES):
        return False
    if kind in RELATED and not _may_be_related(own, words, parts, kind):
        return False
    if _is_of_the_public(own, words[0], parts, kind):
        return False
    if not own.has_a_capital(words[0]):
        of_title = parts[0] in listed("family") or own.has_a_capital(words[1] - 1)
        of_oneself = kind in ("called", "kin") and parts[0] in listed("given")
        of_title = of_title or (len(parts) == 1 and _is_called_don(own, words[0]))
        return len(long) > 1 or of_oneself or (kind == "title" and of_title)
    if len(parts) == 1:
        return _one_tells(own, words, parts[0], kind)
    if all(part in PLACES for part in parts) or (len(long) > MOST_UNKNOWN and not names):
        return False
    if not names and parts[-1] in PLACES and kind != "title":
        return False
    return bool(names) or kind in TWO_TELL or kind == "listed"


def _may_be_related(own: Text, words: tuple[int, int], parts: list[str], kind: str) -> bool:
    """Say whether words behind "mi hija" or "la niña" may name her: known, or behind small letters."""
    noun = own.tokens[words[0] - 1][0]
    known = not NAMES.isdisjoint(parts)
    if kind == "minor" and parts[0] == "jesus" and noun.casefold().startswith("ni"):
        return False
    if kind == "minor":
        has_an_initial = len(parts) > 1 and len(parts[-1]) == 1
        if noun[0].isupper():
            return False
        is_a_child = noun.casefold() in CHILDREN and parts[0] not in NO_CHILD and not NOUN.search(parts[0])
        return ((known or has_an_initial) and (len(parts) > 1 or parts[0] in GIVEN)) or is_a_child
    two = own.read[words[1] : words[1] + 1]
    is_a_list = bool(two) and two[0] in JOINING and own.has_a_capital(min(words[1] + 1, len(own.read) - 1))
    is_of_many = noun.endswith("s") and not noun.endswith("fils") and not is_a_list
    return known or (noun.islower() and not is_of_many)


def _is_of_the_public(own: Text, first: int, parts: list[str], kind: str) -> bool:
    """Say whether a listed person is spoken of, with a title or without: Monseñor Leonidas Proaño."""
    titled = " ".join([own.read[first - 1], *parts]) if first else ""
    return titled in PUBLIC or (kind in ("known", "verb") and " ".join(parts) in PUBLIC)


def _one_tells(own: Text, words: tuple[int, int], part: str, kind: str) -> bool:
    behind = own.tokens[words[1] - 1].end()
    if part in PLACES or ("\n" in own.gap(words[0]) and part not in NAMES and kind != "closing"):
        return False
    if kind in RELATED:
        is_apart = "," in own.gap(words[0])
        return part in NAMES or not is_apart or bool(ENDS.match(own.text, behind))
    if kind == "further":
        return part in NAMES or ("," not in own.gap(words[0]) and own.read[words[0] - 1] in JOINING)
    if kind in ONE_TELLS:
        return len(part) > 1 and (kind != "title" or part in NAMES or not _is_learnt(part))
    if kind == "office":
        return part in NAMES and own.read[words[0] - 1] not in listed("high_office")
    # A surname in small letters may follow, which the author's own name knows as a whole.
    goes_on = words[1] < len(own.read) and own.read[words[1]] in NAMES and own.gap(words[1]).isspace()
    if (
        (kind in KNOWN_TELLS and part in NAMES)
        or (kind == "first" and part in GIVEN and not goes_on)
        or (kind == "known" and part in (NAMES if own.read[words[0] - 1] in HOUSEHOLDS else GIVEN))
        or (kind == "known" and own.read[words[0] - 1] in HOUSEHOLDS and _is_of_a_household(part))
    ):
        return True
    if kind == "closing":
        return bool(ENDS_A_LINE.match(own.text, behind)) and part not in ORDINARY
    return kind == "salutation" and bool(ENDS.match(own.text, behind)) and part not in ORDINARY


def _is_of_a_household(part: str) -> bool:
    """Say whether a family is called so: familia Toaza; not familia Salesiana."""
    return is_unheard(part) and not part.endswith(("ana", "anas", "ina", "ica"))


def _is_learnt(part: str) -> bool:
    """Say whether a word is what somebody learnt, one or many of them: Forestal, Forestales."""
    return part.endswith("ista") or any(
        part.removesuffix(end) in SPECIALITIES for end in ("", "s", "es") if part.endswith(end)
    )


def _next_in_list(own: Text, at: int) -> int:
    """Give the word behind a comma or "and", where another name may begin."""
    if at >= len(own.read) or not LISTED.fullmatch(own.gap(at)):
        return len(own.read)
    return at + 1 if own.read[at] in JOINING else at
