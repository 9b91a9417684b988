"""What people say of themselves in a text: their name, where they live, when they were born.

Ours, in the languages of the exports. Names that something leads in are found by `led_names`, others by
`plain_names` and `spaced_letters`, houses that no word of living leads in by `house_numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from ogp_analysis.privacy import house_numbers, led_names, plain_names, spaced_letters, unheard_names
from ogp_analysis.privacy.house_numbers import BEHIND_A_HOME, HOUSE, MORE

AT_HOME = re.compile(
    r"\b(?:vivo|vivimos|resido|residimos|domiciliad[oa]|(?:mi|nuestro)\s(?:domicilio|hogar)|(?:mi|nuestra)\s(?:direcci[óo]n|casa"
    r"|vivienda)|i\slive|we\slive|my\s(?:home|house|address)|our\shouse|j['’]habite|nous\shabitons|domicili[ée]e?|mon\s(?:adresse"
    r"|domicile)|moro|moramos|(?:a\s)?minha\s(?:casa|morada)|visc|vivim|el\smeu\sdomicili|a\smi[ñn]a\scasa|casa\sm[ií]a)\b"
    # Nearby, and no other sentence or wish begins between.
    r"(?:(?!\b(?:que|pido|pedimos|propon|quiero|queremos|para|and|et)\b)[^.;!?\n]|(?<=cdla)\.|(?<=av)\.){0,45}?"
    rf"(?P<house>{HOUSE}{MORE})",
    re.IGNORECASE,
)
HOME_ON_A_STREET = re.compile(
    r"\b(?:(?:vivo|vivimos|resido|residimos|domiciliad[oa])\sen\s(?:la\s)?"
    r"|(?:domicilio|direcci[óo]n\sdomiciliaria|residencia)\s?(?::\s?|(?:es|queda|est[áa])?\s?en\s(?:la\s)?|es\s))"
    rf"(?P<house>{BEHIND_A_HOME})"
    # An avenue without a word for it: vivo en la Loja 345 y Cuenca; not a year.
    r"|\b(?:vivo|vivimos|resido|residimos)\sen\sla\s(?P<avenue>(?-i:[A-ZÁÉÍÓÚÑ])[^\W\d_]{2,20}"
    r"(?:\s(?-i:[A-ZÁÉÍÓÚÑ])[^\W\d_]{2,20}){0,2}\s(?!(?:19|20)\d\d(?!\d))\d{2,5}(?!\w))"
    # The house itself: mi casa es la 12 B; then a street that no word names: mi domicilio es Loja 345.
    r"|\b(?:mi|nuestra)\scasa\ses\s(?:la\s)(?P<own>(?:n[º°o.]{1,2}\s?|#\s?|n[úu]mero\s)?\d{1,4}\s?[a-z]?(?!\w)(?!\s(?:de\s(?!la|las|los)|m[áa]s|que|en))(?:\sdel?\s(?:la\s)?(?:pasaje|bloque|calle|manzana)\s[\w-]{1,20})?)"
    r"|\bmi\s(?:domicilio|direcci[óo]n)\s(?:es|est[áa]|queda)\s(?:en\s)?(?:la\s)?(?P<street>(?:\d{1,2}\sde\s)?(?-i:[A-ZÁÉÍÓÚÑ])[^\W\d_]{2,20}(?:\s(?-i:[A-ZÁÉÍÓÚÑ])[^\W\d_]{2,20}){0,2}\s\d{2,5}(?!\w))",
    re.IGNORECASE,
)
BORN = re.compile(
    r"\b(?:nac[íi]|naci[óo]\sel|f(?:echa|\.|\.?\s)\s?(?:de\s)?nac(?:imiento)?\.?|cumpl\w{1,4}\s\d{1,2}\sa[ñn]os\sel|nacid[oa]|i\swas\sborn|born|date\sof\sbirth|dob|n[ée]e?\sle|date\sde\snaissance"
    r"|nascid[oa]|nasci|data\sde\snascimento|nascut|vaig\sn[ée]ixer|data\sde\snaixement)(?!\w)[^\d;!?\n]{0,24}?"
    r"(?P<day>\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}(?:st|nd|rd|th|º|e?ro|er)?[\s-](?:de\s|d['’]|of\s)?[^\W\d_]{3,10},?[\s-](?:de(?:l)?\s)?(?:19|20)\d\d"
    r"|\d{1,2}\s(?:de\s)?[^\W\d_]{3,10}\sdel\s\d\d)(?!\d)",
    re.IGNORECASE,
)
# Of a year that is said apart, or not at all: "nací en 1950, el 3 de mayo", "cumplo años el 3 de mayo".
BIRTHDAY = re.compile(
    r"\b(?:nac[íi]\s(?:en|el\sa[ñn]o)\s(?:19|20)\d\d,?\s(?:un|el)|(?:mi|su)\s(?:cumplea[ñn]os|santo)\s(?:es|cae)(?:\sel)?"
    r"|(?:mi|nuestr[oa])\s[^\W\d_]{3,12}\s(?:[^\W\d_]{3,20}\s)?cumple\sa[ñn]os\sel|cumpl(?:o|imos)\s(?:mis\s|sus\s)?a[ñn]os\s(?:el|cada)|nasci\sem\s(?:19|20)\d\d,?\s(?:a|no\sdia)|fa[çz]o\sanos\s(?:a|em|no\sdia)|my\sbirthday\sis(?:\son)?(?:\sthe)?)\s"
    r"(?P<day>\d{1,2}(?:st|nd|rd|th|º|e?ro|er)?\s(?:de\s|of\s)?[^\W\d_]{3,10}(?:\s(?:de|del)\s(?:19|20)\d\d)?)(?!\w)",
    re.IGNORECASE,
)
# Quick looks, in small letters: without one of these none of the slower patterns can fit.
HOME_LOOKS: tuple[str, ...] = (
    *("viv", "resid", "domicil", "hogar", "direcci", "casa", "live", "my h", "my a", "our h", "habit"),
    *("adresse", "mor", "visc"),
)
BORN_LOOKS: tuple[str, ...] = (
    "nac",
    "cumpl",
    "faço anos",
    "fazo anos",
    "born",
    "birth",
    "dob",
    "né",
    "nee le",
    "naissance",
    "nasc",
    "néixer",
    "naix",
)
DIGIT = re.compile(r"\d")


def spans(text: str, *, prose: bool = True) -> Iterator[tuple[int, int, str]]:
    """Find names, homes and birthdays that a text gives, each with its kind.

    Where the text is no ``prose`` but a cell of bodies, topics or places, only names that something leads in.

    >>> text = "Me llamo Zoila Pukuncho y vivo en la casa 12. La calle Bolívar 12 está a oscuras."
    >>> [(text[start:end], kind) for start, end, kind in spans(text)]
    [('Zoila Pukuncho', 'author'), ('casa 12', 'location')]
    """
    led, public = led_names.parted(text)
    yield from ((*span, "author") for span in led)
    if prose:
        yield from ((*span, "author") for span in plain_names.spans(text, (*led, *public)))
        yield from ((*span, "author") for span in unheard_names.spans(text, public))
        yield from ((*span, "author") for span in spaced_letters.spans(text))
    yield from ((*span, "location") for span in house_numbers.spans(text))
    if not DIGIT.search(text):
        return
    small = text.casefold()
    for patterns, group, kind, looks in (
        ((AT_HOME, HOME_ON_A_STREET), "house", "location", HOME_LOOKS),
        ((BORN, BIRTHDAY), "day", "identity", BORN_LOOKS),
    ):
        if any(look in small for look in looks):
            matches = chain.from_iterable(pattern.finditer(text) for pattern in patterns)
            yield from ((*match.span(match.lastgroup or group), kind) for match in matches)
