"""Names as they also stand in texts: turned round, without accents, by initials, as user names and addresses.

What is certain is replaced; a given or family name alone may be a word (Rosa, Luz, Cruz) and is only listed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

# Accents of their own, too: an accented letter is one character or two, depending on where it was typed.
# Soft hyphens, joiners and other signs of format that show nothing.
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff]")
WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
# Between the parts of one name: a blank, a comma and a blank, or what user names have.
GAP = re.compile(r"[\s.,_'’\-]{1,3}")
# After an initial; a mere blank would take the word "a" of "le dije a Pérez".
AFTER_INITIAL = re.compile(r"\.\s?|[_\-]|,\s")
DOMAIN = re.compile(r"@[\w.-]+\.\w{2,}")
PARTICLES = frozenset(
    ("de", "del", "la", "las", "los", "da", "do", "dos", "di", "van", "von", "der", "y", "e")
)
SEVERAL = "***"
SHORTEST_PART = 3
# Our choice: a user name of fewer letters is too often a word.
SHORTEST_USER_NAME = 5
SHORTEST_NUMBER = 7
# Our choice: fewer letters stand inside of many a word (Ana in "semana", Cruz in "cruzar").
SHORTEST_INSIDE = 5
MOST_PARTS = 6


@dataclass
class Forms:
    """The forms of listed names, each with the names it can stand for.

    Parameters
    ----------
    groups : dict
        Names by the sorted parts of a form that are words of their own.
    initials : dict
        Names by initial and family name.
    joined : dict
        Names by user names that are one word.
    addressed : dict
        Names by user names that could be a word, and count before or after an @ only.
    parts : dict
        Names by a given or family name alone.
    inside : dict
        Forms to be looked for inside of longer words, by their length.
    """

    groups: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    initials: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    joined: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    addressed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    parts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    inside: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


@lru_cache(maxsize=1024)  # one text is looked through for each part of each name
class _PlainLetters(dict):
    """For each letter what stands for it without marks; made when it is first met."""

    def __missing__(self, letter: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(letter))
        self[letter] = "".join(each for each in plain if not unicodedata.combining(each)).casefold()
        return self[letter]


_PLAIN = _PlainLetters()


def folded(text: str) -> str:
    """Fold a word: no accents, no case.

    Parameters
    ----------
    text : str
        A word.

    Returns
    -------
    str
        Small letters without marks.

    Examples
    --------
    >>> folded("PÉREZ") == folded("pe\u0301rez") == "perez"
    True
    """
    small = text.casefold()
    return small if text.isascii() else small.translate(_PLAIN)


def forms_of(names: Collection[str], *, common: Collection[str] = ()) -> Forms:
    """List the forms in which names may stand in a text.

    Parameters
    ----------
    names : collection of str
        As listed: names, user names or e-mail addresses.
    common : collection of str
        Words that name nobody, such as "evaluator", by their folded form.

    Returns
    -------
    Forms
        A name of one word has no form but itself as a part, which is listed and not replaced.

    Examples
    --------
    >>> forms = forms_of(["Ana Pérez"])
    >>> sorted(forms.joined), sorted(forms.parts)
    (['anaperez', 'aperez', 'perezana'], ['ana', 'perez'])
    """
    forms = Forms()
    for name in names:
        words = [folded(word) for word in WORD.findall(_given_first(name))]
        own = [word for word in words if word not in common]
        if own:
            _add(forms, name, words, [word for word in own if word not in PARTICLES])
    for form in (*forms.parts, *forms.joined):
        if len(form) >= SHORTEST_INSIDE:
            forms.inside[len(form)].add(form)
    return forms


def _given_first(name: str) -> str:
    """Turn "Pérez, Ana" round, and take the domain off an address."""
    name = name.split("@")[0] if DOMAIN.search(name) else name
    family, _, given = name.partition(",")
    return f"{given} {family}"


def _add(forms: Forms, name: str, words: list[str], parts: list[str]) -> None:
    if len(words) == 1 and not words[0].isalpha() and len(words[0]) >= SHORTEST_NUMBER:
        forms.joined[words[0]].add(name)
    for part in parts:
        if part.isalpha() and len(part) >= SHORTEST_PART:
            forms.parts[part].add(name)
    if 2 <= len(parts) <= MOST_PARTS:
        for group in (words, parts, *_pairs(parts)):
            forms.groups[tuple(sorted(group))].add(name)
        _add_short(forms, name, words, parts)


def _add_short(forms: Forms, name: str, words: list[str], parts: list[str]) -> None:
    """Add initials and user names of one word."""
    for given, family in _pairs(parts):
        forms.initials[given[0], family].add(name)
        for user in (given + family, family + given, given[0] + family):
            if len(user) >= SHORTEST_USER_NAME:
                forms.joined[user].add(name)
        # "pereza" and "rosal" are words.
        for user in (family + given[0], given + family[0]):
            forms.addressed[user].add(name)
    whole = (
        "".join(words),
        "".join(parts),
        words[0][0] + "".join(words[1:]),
        parts[0][0] + "".join(parts[1:]),
    )
    two_given = (parts[0][0] + parts[1][0] + "".join(parts[2:]),) if len(parts) > 2 else ()
    for user in (*whole, *two_given):
        forms.joined[user].add(name)


def _pairs(parts: list[str]) -> list[tuple[str, str]]:
    """Pair given names with family names; of three parts the second may be either."""
    count = len(parts)
    given = range(2 if count > 2 else 1)
    family = range(2 if count > 3 else 1, count)
    return [(parts[i], parts[j]) for i in given for j in family if i < j]


def replaced(text: str, forms: Forms, pseudonyms: Mapping[str, str], *, also: Collection[str] = ()) -> str:
    """Replace every form of a name by its pseudonym, and one that can stand for several persons by ``***``.

    Parameters
    ----------
    text : str
        Any text.
    forms : Forms
        From `forms_of`.
    pseudonyms : mapping of str to str
        By name as listed.
    also : collection of str
        Folded names alone that are replaced too.

    Returns
    -------
    str
        The text; the domain of an address goes with the name.

    Examples
    --------
    >>> forms = forms_of(["Ana Pérez"])
    >>> replaced("PEREZ, ANA (aperez@x.ec): la pereza de Ana", forms, {"Ana Pérez": "p-1"})
    'p-1 (p-1): la pereza de Ana'
    """
    # What cannot be seen must not part a name.
    text = INVISIBLE.sub("", text)
    done, at = [], 0
    for start, end, names in _forms_in(text, forms, also):
        if names:
            done += [text[at:start], _standing_for(names, pseudonyms)]
            at = end
    return "".join([*done, text[at:]])


def _standing_for(names: set[str], pseudonyms: Mapping[str, str]) -> str:
    alike = {tuple(sorted(folded(word) for word in WORD.findall(name))) for name in names}
    return pseudonyms[min(names)] if len(alike) == 1 else SEVERAL


def others_meant(name: str, forms: Forms) -> set[str]:
    """Give the other listed names that a listed name can stand for, as another spelling of it.

    Parameters
    ----------
    name : str
        As listed.
    forms : Forms
        From `forms_of`.

    Returns
    -------
    set of str
        Often empty.

    Examples
    --------
    >>> others_meant("PEREZ ANA", forms_of(["Ana Pérez", "PEREZ ANA", "Luz Mora"]))
    {'Ana Pérez'}
    """
    return {other for _, _, names in _forms_in(name, forms, ()) for other in names} - {name}


def _forms_in(text: str, forms: Forms, also: Collection[str]) -> Iterator[tuple[int, int, set[str]]]:
    """Find forms from left to right, of those at one place the longest."""
    words = list(WORD.finditer(text))
    read = [folded(word[0]) for word in words]
    longest = max(map(len, forms.groups), default=0)
    position = 0
    while position < len(words):
        length, names = _at(text, words, read, position, forms, also, longest)
        if not length:
            position += 1
            continue
        start, end = words[position].start(), words[position + length - 1].end()
        # The point of an initial goes with it.
        end += len(words[position + length - 1][0]) == 1 and text[end : end + 1] == "."
        domain = DOMAIN.match(text, end)
        end = domain.end() if domain else end
        yield start - (start > 0 and text[start - 1] == "@"), end, names
        while position < len(words) and words[position].start() < end:
            position += 1


def _at(
    text: str, words: list, read: list[str], at: int, forms: Forms, also: Collection[str], longest: int
) -> tuple[int, set[str]]:
    """Give how many words from a place make a form, and the names it can stand for; 0 where none does."""
    joined = 1
    while joined < longest and at + joined < len(words) and _gap(text, words, at + joined, GAP):
        joined += 1
    for length in range(joined, 1, -1):
        names = forms.groups.get(tuple(sorted(map(_bare, read[at : at + length]))))
        if names:
            return length, names
    if at + 1 < len(words):
        names = _by_initial(text, words, read, at, forms)
        if names:
            return 2, names
    word = read[at]
    addressed = text[words[at].start() - 1 : words[at].start()] == "@" or DOMAIN.match(text, words[at].end())
    for form in (word, _bare(word)):
        names = forms.joined.get(form) or (
            forms.addressed.get(form) or forms.parts.get(form) if addressed else None
        )
        if names or form in also:
            return 1, names or forms.parts.get(form) or set().union(*_inside(form, forms))
    return 0, set()


def _by_initial(text: str, words: list, read: list[str], at: int, forms: Forms) -> set[str]:
    one, two = read[at], _bare(read[at + 1])
    if len(one) == 1 and _gap(text, words, at + 1, AFTER_INITIAL):
        return forms.initials.get((one, two), set())
    # "Pérez, A." and "perez.a"
    if len(two) == 1 and _gap(text, words, at + 1, AFTER_INITIAL):
        return forms.initials.get((two, one), set())
    return set()


def _gap(text: str, words: list, at: int, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.fullmatch(text[words[at - 1].end() : words[at].start()]))


def _bare(word: str) -> str:
    """Take the number off the end of a user name."""
    return word.rstrip("0123456789") or word


def left_in(text: str, forms: Forms) -> list[str]:
    """List the words of a text that are a given or family name of a listed name, alone or glued to more.

    Parameters
    ----------
    text : str
        After `replaced`.
    forms : Forms
        From `forms_of`.

    Returns
    -------
    list of str
        As typed, each once.

    Examples
    --------
    >>> left_in("Rosa dijo: la Cruz Roja, rosales", forms_of(["Rosa de la Cruz"]))
    ['Rosa', 'Cruz']
    >>> left_in("JuanPerez2024x, Guachaminxs, la pera", forms_of(["Juan Pérez Guachamín"]))
    ['JuanPerez2024x', 'Guachaminxs']
    """
    # As addresses and pages write accents, too: "P%C3%A9rez", "P&eacute;rez".
    readings = dict.fromkeys((text, unquote(text), unescape(text)))
    words = (word[0] for reading in readings for word in WORD.finditer(reading))
    return list(dict.fromkeys(word for word in words if _may_name(folded(word), forms)))


def _may_name(word: str, forms: Forms) -> bool:
    alone = any(form in known for form in (word, _bare(word)) for known in (forms.parts, forms.addressed))
    return alone or any(_inside(word, forms))


def _inside(word: str, forms: Forms) -> Iterator[set[str]]:
    """Give the names for which the forms can stand that a longer word holds."""
    for length, known in forms.inside.items():
        for at in range(len(word) - length + 1):
            form = word[at : at + length]
            if form in known:
                yield forms.joined.get(form) or forms.parts[form]
