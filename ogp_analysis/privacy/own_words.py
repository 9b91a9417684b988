"""What people say of themselves in a text: their name, where they live, when they were born.

Ours, in the languages of the exports. Only the first person and a signature lead in; a street without the
number of a house, and the address of an office, stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogp_analysis.privacy import led_names

_CAPITAL = r"(?-i:[A-ZÁÀÂÃÉÈÊËÍÏÓÔÕÖÚÜÑÇ][^\W_]*(?:['’-][^\W_]+)*\.?)"
# Names of streets by a day, and what is counted.
_NO_HOUSE = (
    r"(?!\s(?:de|d['’])\s?[^\W\d_]"
    r"|\s?(?:%|km|m2|metros|pisos|plantas|personas|familias|habitaciones|a[ñn]os))"
)
_NUMBER = (
    r"(?:n[º°o.]{0,2}\s?|#\s?)?(?:[a-z]{1,2}-?)?"
    rf"\d{{1,5}}(?:\s?(?:bis|ter)|[a-z])?(?:[-–/]\d{{1,4}}[a-z]?)?(?!\w){_NO_HOUSE}"
)
_WAY = (
    r"(?:calle|c/|av(?:da|enida)?\.?|avenue|carrera|cra\.?|pasaje|psje\.?|jr\.?|jir[óo]n|transversal|camino|rua|r[úu]a"
    r"|travessa|avinguda|carrer|pla[çz]a|praça|passatge|rue|boulevard|bd\.?|impasse|all[ée]e|chemin|quai|place)"
)
# Many quarters end in a number, as "Comité del Pueblo 2": only that of a block or a house within one tells.
_QUARTER = (
    r"(?:cdla\.?|ciudadela|urb(?:anizaci[óo]n|\.)?|conjunto|edificio|cooperativa|coop\.?|sector|barrio"
    r"|lotizaci[óo]n)"
)
_UNIT = (
    r"(?:mz\.?|mza\.?|manzana|villa|solar|lote|casa|dep(?:artamento|to|\.)?|dpto\.?|apto?\.?|apartamento|apartment|apt\.?|flat"
    r"|piso|bloque|torre|b[âa]t(?:iment)?\.?|pta\.?|puerta|andar|suite)"
)
# What is no part of a street's name: the number behind it counts something else.
_ELSE = r"(?:desde|hace|con|sin|que|donde|hay|tiene[ns]?|son|para|since|with|depuis|avec|há|com|fa|amb)\b"
_STREET = rf"{_WAY}\s(?:\d{{1,2}}\sde\s)?(?:(?!{_ELSE})[^\W\d_][\w'’.]*,?\s){{1,5}}?{_NUMBER}"
_ENGLISH = (
    rf"\d{{1,5}}[a-z]?\s(?:{_CAPITAL}\s){{1,3}}"
    r"(?-i:Street|St\b|Avenue|Ave\b|Road|Rd\b|Lane|Ln\b|Drive|Dr\b|Close|Court|Terrace|Way|Place|Boulevard|Blvd)\.?"
)
_FRENCH = (
    rf"\d{{1,4}}(?:\s?(?:bis|ter))?,?\s{_WAY}\s"
    rf"(?:(?:de|des|du|de\sla|d['’]|de\sl['’])\s?)?{_CAPITAL}(?:\s\d+)?"
)
_HOUSE_OF = rf"{_UNIT}\s?(?:n[º°o.]{{1,2}}\s?|#\s?)?[a-z]?-?\d{{1,4}}[a-z]?(?!\w){_NO_HOUSE}"
_WITHIN = rf"{_QUARTER}\s(?:(?!{_ELSE})[^\W_][\w'’.]*,?\s){{1,5}}?{_HOUSE_OF}"
_HOUSE = rf"\b(?:{_STREET}|{_ENGLISH}|{_FRENCH}|{_WITHIN}|{_HOUSE_OF})"
_MORE = (
    rf"(?:(?:,?\s|,\s?|\sy\s)(?:{_HOUSE}|\b{_UNIT}\s?(?:\d{{1,4}}[a-z]?|(?-i:[A-Z]))(?!\w)|\d{{1,2}}[.º°ª]\w{{0,2}}(?:\s(?:[a-z]|Esq\.?|Dto\.?|Dcha\.?|Izq\.?)(?!\w))?|\d{{1,2}}n\s\d\w"
    rf"|(?:\d{{5}}|\d{{4}}-\d{{3}})(?!\w){_NO_HOUSE}))*"
)
AT_HOME = re.compile(
    r"\b(?:vivo|vivimos|resido|residimos|domiciliad[oa]|(?:mi|nuestro)\s(?:domicilio|hogar)|(?:mi|nuestra)\s(?:direcci[óo]n|casa"
    r"|vivienda)|i\slive|we\slive|my\s(?:home|house|address)|our\shouse|j['’]habite|nous\shabitons|domicili[ée]e?|mon\s(?:adresse"
    r"|domicile)|moro|moramos|(?:a\s)?minha\s(?:casa|morada)|visc|vivim|el\smeu\sdomicili|a\smi[ñn]a\scasa|casa\sm[ií]a)\b"
    # Nearby, and no other sentence or wish begins between.
    r"(?:(?!\b(?:que|pido|pedimos|propon|quiero|queremos|para|and|et)\b)[^.;!?\n]|(?<=cdla)\.|(?<=av)\.){0,45}?"
    rf"(?P<house>{_HOUSE}{_MORE})",
    re.IGNORECASE,
)
# In a cell that only says where, no home leads in; one number of a block may be the quarter's own.
IN_A_PLACE = re.compile(
    rf"\b(?:{_STREET}|{_ENGLISH}|{_FRENCH}|{_WITHIN}|{_HOUSE_OF}(?:,?\s{_HOUSE_OF})+"
    rf"|(?:casa|dpto|departamento|apto|apartamento|apartment|apt|flat)\.?\s?{_NUMBER}){_MORE}",
    re.IGNORECASE,
)
BORN = re.compile(
    r"\b(?:nac[íi]|naci[óo]\sel|fecha\sde\snacimiento|nacid[oa]|i\swas\sborn|born|date\sof\sbirth|dob|n[ée]e?\sle|date\sde\snaissance"
    r"|nasci|data\sde\snascimento|nascut|vaig\sn[ée]ixer|data\sde\snaixement)\b[^\d.;!?\n]{0,12}"
    r"(?P<day>\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}\s(?:de\s|d['’])?[^\W\d_]{3,10}\s(?:de(?:l)?\s)?(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
# Quick looks, in small letters: without one of these none of the slower patterns can fit.
HOME_LOOKS: tuple[str, ...] = (
    *("viv", "resid", "domicil", "hogar", "direcci", "casa", "live", "my h", "my a", "our h", "habit"),
    *("adresse", "mor", "visc"),
)
BORN_LOOKS: tuple[str, ...] = (
    "nac",
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


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Find names, homes and birthdays that a text gives in the first person, each with its kind.

    >>> text = "Me llamo Zoila Pukuncho y vivo en la calle Sucre 340. La calle Bolívar 12 está a oscuras."
    >>> [(text[start:end], kind) for start, end, kind in spans(text)]
    [('Zoila Pukuncho', 'author'), ('calle Sucre 340', 'location')]
    """
    yield from ((*span, "author") for span in led_names.spans(text))
    small = text.casefold()
    for pattern, group, kind, looks in (
        (AT_HOME, "house", "location", HOME_LOOKS),
        (BORN, "day", "identity", BORN_LOOKS),
    ):
        if DIGIT.search(text) and any(look in small for look in looks):
            yield from ((*match.span(group), kind) for match in pattern.finditer(text))


def houses(cell: str) -> Iterator[tuple[int, int, str]]:
    """Find houses in a cell that says where somebody is: the quarter and the street alone are no home.

    >>> cells = ("La Paz, Mz 4 villa 12", "Comité del Pueblo 2", "Calle Sucre")
    >>> [cell[start:end] for cell in cells for start, end, _ in houses(cell)]
    ['Mz 4 villa 12']
    """
    if DIGIT.search(cell):
        yield from ((*match.span(), "location") for match in IN_A_PLACE.finditer(cell))
