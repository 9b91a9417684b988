"""What leads a name in: a title, a greeting, a closing, "I am", "approved by", "signature:", an office.

The phrases are a list of ours in the packaged data, in the languages of the exports.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ogp_analysis.privacy.listed_words import listed, rows
from ogp_analysis.privacy.name_forms import folded

# A word with what may be glued to it: an apostrophe and another word, digits, accents of their own.
WORD = re.compile(r"[^\W\d_]+(?:['’´][^\W\d_]+)*")
TOKEN = re.compile(r"[^\W\d_](?:[^\W_]+|[\u0300-\u036f]+)*(?:['’´][^\W\d_](?:[^\W_]+|[\u0300-\u036f]+)*)*")
# How participles go on before "por", "by", "par" and the like.
ENDINGS = {
    "done_o": ("o", "a", "os", "as", "i", "e"),
    "done_t": ("t", "da", "ts", "des"),
    "done_e": ("", "e", "ee", "es", "ees"),
    "done": ("",),
}
# A lead of these needs a colon or a new line behind it.
WITH_A_COLON = ("label", "named", "weak")
COLON = re.compile(r"^\.?\)\s|[:=\n→]|->|^/$|\s[–—-]\s|_{3}")
COLONS = (")", ":", "→", "->", "/", "=", "\n", " -", "–", "—", "___")
# Two endings of one word: Estimado/a, Sr.(a), Dott.ssa.
OTHER_ENDING = frozenset(("a", "o", "as", "os", "ssa", "ra", "e", "es", "ta"))
ENDED = re.compile(r"\.?[/(.]|-")
IN_PHRASE = re.compile(r"[\s.]{1,3}|\)?\s|-|/")
ARTICLES = frozenset(
    ("el", "la", "los", "las", "o", "a", "os", "as", "the", "il", "lo", "le", "en", "na", "l")
)
# Of a title, of "signature:", of all others.
BEHIND_A_TITLE = re.compile(r"(?:\.?\)?|ª|º)\.?\s{0,3}")
BEHIND = re.compile(r"[\s.,:;()/\"'“”‘’«»*_=–—-]{1,60}")
BEHIND_AN_OFFICE = re.compile(r",?[ \t\xa0]{1,2}|\s?[:–—-]\s{1,2}|\s?\(")
BEHIND_KIN = re.compile(r",?[ \t\xa0]{1,2}[\"'“‘«(]?|\s?[:–—-]\s{1,2}|\s?\(")
BEHIND_SOME = {
    "title": BEHIND_A_TITLE,
    "office": BEHIND_AN_OFFICE,
    "kin": BEHIND_KIN,
    "minor": BEHIND_KIN,
    "known": re.compile(r"\.?[ \t\xa0]{1,2}[\"'“‘«(]?"),
}
# Words of the longest phrase, and between a label and its colon.
LONGEST, MOST_MORE, MOST_ENDINGS = 5, 4, 3


@dataclass(frozen=True)
class Phrases:
    """Phrases that lead a name in, by their first word; participles and what stands behind them."""

    by_head: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    done: frozenset[str]
    by: frozenset[str]
    titles: frozenset[str]
    degrees: frozenset[str]
    whose: frozenset[str]
    dear: frozenset[str]
    heads: frozenset[str]
    heads_with_a_colon: frozenset[str]


@cache
def phrases() -> Phrases:
    """Read what leads a name in.

    >>> phrases().by_head["atte"], "aprobadas" in phrases().done
    (((('atte',), 'closing'),), True)
    """
    by_head: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    done, degrees = set[str](), set[str]()
    small: dict[str, set[str]] = {"by": set(), "whose": set(), "dear": set()}
    for row in rows("leads.csv"):
        words = tuple(folded(row["phrase"]).split())
        if row["kind"] in small:
            small[row["kind"]].add(words[0])
        elif row["kind"] == "degree":
            # It stands before a name as a title does, or behind one: "Ana Ruiz, MSc."
            degrees.add(words[0])
            by_head[words[0]].append((words, "title"))
        elif row["kind"] in ENDINGS and len(words) == 1:
            done.update(words[0] + ending for ending in ENDINGS[row["kind"]])
        else:
            by_head[words[0]].append((words, row["kind"]))
    for word in listed("office"):
        by_head[word].append(((word,), "office"))
    plain = {head for head, own in by_head.items() if any(kind not in WITH_A_COLON for _, kind in own)}
    # The longest first; of one length relatives ("my son" is no "son", I am), then in the order of the list.
    ordered = {
        head: tuple(sorted(own, key=lambda each: (-len(each[0]), each[1] != "kin")))
        for head, own in by_head.items()
    }
    titles = frozenset(words[0] for own in by_head.values() for words, kind in own if kind == "title")
    return Phrases(
        ordered,
        frozenset(done),
        **{kind: frozenset(words) for kind, words in small.items()},
        titles=titles,
        degrees=frozenset(degrees),
        heads=frozenset(plain | done),
        heads_with_a_colon=frozenset(ordered) | frozenset(done),
    )


# Texts have few different words.
@lru_cache(maxsize=32_768)
def read_word(word: str) -> str:
    """Read a word without accents and case.

    >>> read_word("D’Aragó")
    "d'arago"
    """
    return folded(word).replace("’", "'").replace("´", "'")


# One text is looked at several times.
@lru_cache(maxsize=8)
def words_read(text: str) -> frozenset[str]:
    """Give the different words of a text: a quick look at what can stand in it.

    >>> sorted(words_read("Aprobado por Ana, ANA"))
    ['ana', 'aprobado', 'por']
    """
    return frozenset(map(read_word, WORD.findall(text)))


def lead_at(
    text: str,
    tokens: Sequence[re.Match[str]],
    read: Sequence[str],
    at: int,
    *,
    with_a_colon: Collection[str] = WITH_A_COLON,
) -> tuple[int, str]:
    """Give the word behind a lead that begins at a word, and its kind; an empty kind where none does.

    >>> text = "aprobado por Ana"
    >>> tokens = list(TOKEN.finditer(text))
    >>> lead_at(text, tokens, [token[0] for token in tokens], 0)
    (2, 'act')
    """
    known = phrases()
    if read[at] in known.done and (behind := _behind_an_act(text, tokens, read, at)):
        return behind, "act"
    for words, listed_kind in known.by_head.get(read[at], ()):
        last = at + len(words)
        if tuple(read[at:last]) != words or not all(_near(text, tokens, k) for k in range(at + 1, last)):
            continue
        last = _other_ending(text, tokens, read, last)
        is_letter = listed_kind == "title" and len(words[0]) == 1
        kind = _kind_of_a_letter(text, tokens, at) if is_letter else listed_kind
        if kind == "kin" and not _is_somebodys(text, tokens, read, at):
            continue
        if kind and (kind not in with_a_colon or _has_a_colon(text, tokens, last)):
            return last, kind
        if kind == "label" and (far := _behind_more(text, tokens, last)) > last:
            return far, kind
    return at, ""


def _is_somebodys(text: str, tokens: Sequence[re.Match[str]], read: Sequence[str], at: int) -> bool:
    """Say whether "hija" is somebody's, as in "mi querida hija": else it speaks of daughters."""
    known, first = phrases(), at - 1
    while first > max(at - 3, 0) and read[first] in known.dear and _near(text, tokens, first + 1):
        first -= 1
    return first >= 0 and read[first] in known.whose and _near(text, tokens, first + 1)


def _behind_an_act(text: str, tokens: Sequence[re.Match[str]], read: Sequence[str], at: int) -> int:
    """Give the word behind "aprobado por" or "Aprobado:"; 0 where neither stands there."""
    behind = _other_ending(text, tokens, read, at + 1)
    if behind < len(read) and read[behind] in phrases().by and _near(text, tokens, behind):
        return behind + 1
    return behind if _has_a_colon(text, tokens, behind) else 0


def _kind_of_a_letter(text: str, tokens: Sequence[re.Match[str]], at: int) -> str:
    """Say what a letter leads in: "M. Dupont" a name; where a line begins it may count what follows."""
    if not tokens[at][0].isupper() or not gap(text, tokens, at + 1).startswith("."):
        return ""
    return "title" if text[: tokens[at].start()].rstrip(" \t")[-1:] not in ("", "\n", ".") else "act"


def _behind_more(text: str, tokens: Sequence[re.Match[str]], at: int) -> int:
    """Pass over small words before a colon, as in "Responsable del proceso:"."""
    for last in range(at, min(at + MOST_MORE, len(tokens) - 1)):
        if not (tokens[last][0].islower() and _near(text, tokens, last)):
            return at
        if _has_a_colon(text, tokens, last + 1):
            return last + 1
    return at


def _near(text: str, tokens: Sequence[re.Match[str]], at: int) -> bool:
    return bool(IN_PHRASE.fullmatch(text[tokens[at - 1].end() : tokens[at].start()]))


def _other_ending(text: str, tokens: Sequence[re.Match[str]], read: Sequence[str], at: int) -> int:
    """Pass over the other ending of a word, as in "Estimado/a"; a long row of them is none."""
    for last in range(at, min(at + MOST_ENDINGS, len(read))):
        if read[last] not in OTHER_ENDING:
            return last
        if not ENDED.fullmatch(text[tokens[last - 1].end() : tokens[last].start()]):
            return last
    return min(at + MOST_ENDINGS, len(read))


def gap(text: str, tokens: Sequence[re.Match[str]], at: int) -> str:
    """Give what stands between a word and the one before."""
    return text[tokens[at - 1].end() : tokens[at].start()] if at < len(tokens) else ""


def stands_behind(between: str, kind: str) -> bool:
    """Say whether what stands between a lead and a word lets the lead reach it.

    >>> stands_behind("; ", "closing"), stands_behind("; ", "office"), stands_behind(", ", "closing")
    (True, False, True)
    """
    if kind in BEHIND_SOME:
        return bool(BEHIND_SOME[kind].fullmatch(between))
    # A closing ends its line or has a sign behind it: "Best, Ana", not "Best Practices".
    return bool(BEHIND.fullmatch(between)) and (kind != "closing" or not between.isspace() or "\n" in between)


def _has_a_colon(text: str, tokens: Sequence[re.Match[str]], at: int) -> bool:
    return bool(COLON.search(gap(text, tokens, at)))


def is_led_in(before: str) -> bool:
    """Say whether a text ends with what leads a part of a known name in, an article behind it or not.

    >>> [is_led_in(before) for before in ("Gracias. Atte. ", "Soy la ", "la idea de ", "De: ", "f. ")]
    [True, True, False, True, True]
    >>> is_led_in("el presidente ")
    False
    """
    tail = f"{before[-60:]}x"
    tokens = list(TOKEN.finditer(tail))
    read = [read_word(token[0]) for token in tokens]
    last = len(read) - 1
    if read[-1] != "x":
        return False
    ends = (last, last - 1) if last > 1 and read[last - 1] in ARTICLES | {"de"} else (last,)
    return any(
        _leads_in(tail, tokens, read, (at, end)) for end in ends for at in range(max(end - LONGEST, 0), end)
    )


def _leads_in(text: str, tokens: Sequence[re.Match[str]], read: Sequence[str], own: tuple[int, int]) -> bool:
    behind, kind = lead_at(text, tokens, read, own[0], with_a_colon=("weak",))
    between = gap(text, tokens, own[1])
    is_marked = len(read[own[0]]) > 1 or bool(re.search("[.:]", between))
    # What leads known names in only, as in "idea de Ana", says nothing of a surname that is a word.
    reaches = (
        kind not in ("", "known") and behind == own[1] and (between.isspace() or stands_behind(between, kind))
    )
    return reaches and is_marked and read[own[0]] not in listed("high_office")
