"""Houses in texts: a street with the number of a house, whoever lives there; a street alone stays.

Ours, in the languages of the exports. A number that only houses have (N34-120, 12-34, n.º 5) tells wherever
it stands behind a street; a plain one where the address ends behind it, and not a year. The house of a public
body or place stays, as a point on a map does (`map_points`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogp_analysis.privacy.leads import words_read
from ogp_analysis.privacy.map_points import is_of_a_public_place

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
    r"(?-i:Street|St\b|Avenue|Ave\b|Road|Rd\b|Lane|Ln\b|Drive|Dr\b|Close|Court|Terrace|Way|Place|Boulevard|Blvd"
    r"|Gardens|Grove|Crescent|Mews|Hill)\.?"
)
_FRENCH = (
    rf"\d{{1,4}}(?:\s?(?:bis|ter))?,?\s{_WAY}\s"
    rf"(?:(?:de|des|du|de\sla|d['’]|de\sl['’])\s?)?{_CAPITAL}(?:\s\d+)?"
)
_UNIT_NUMBER = (
    rf"{_UNIT}\s?(?:n[º°o.]{{1,2}}\s?|#\s?)?[a-z]?-?\d{{1,4}}[a-z]?(?:-\d{{1,4}})?(?!\w){_NO_HOUSE}"
)
_WITHIN = rf"{_QUARTER}\s(?:(?!{_ELSE})[^\W_][\w'’.]*,?\s){{1,5}}?{_UNIT_NUMBER}"
HOUSE = rf"\b(?:{_STREET}|{_ENGLISH}|{_FRENCH}|{_WITHIN}|{_UNIT_NUMBER})"
MORE = (
    rf"(?:(?:,?\s|,\s?|\sy\s)(?:{HOUSE}|\b{_UNIT}\s?(?:\d{{1,4}}[a-z]?|(?-i:[A-Z]))(?!\w)|\d{{1,2}}[.º°ª]\w{{0,2}}(?:\s(?:[a-z]|Esq\.?|Dto\.?|Dcha\.?|Izq\.?)(?!\w))?|\d{{1,2}}n\s\d\w"
    rf"|(?:\d{{5}}|\d{{4}}-\d{{3}})(?!\w){_NO_HOUSE}))*"
)
# In a cell that only says where, no home leads in; one number of a block may be the quarter's own.
IN_A_PLACE = re.compile(
    rf"\b(?:{_STREET}|{_ENGLISH}|{_FRENCH}|{_WITHIN}|{_UNIT_NUMBER}(?:,?\s{_UNIT_NUMBER})+"
    rf"|(?:casa|dpto|departamento|apto|apartamento|apartment|apt|flat)\.?\s?{_NUMBER}){MORE}",
    re.IGNORECASE,
)
# What only houses have: N34-120, Oe2-37, 12-34, # 12, n.º 5.
_CODE = r"(?:(?:[NSEWO]|Oe)\s?)?\d{1,4}[a-z]?[-–]\d{1,4}[a-z]?(?![\w-])"
_SIGNED = r"(?:(?-i:No|Nro|Núm)\.?\s?|n\.?\s?[º°]\.?\s?|num[ée]ro\s|número\s|#\s?)\d{1,5}[a-z]?(?!\w)"
_PLAIN = r"(?!(?:19|20)\d\d(?!\d))\d{1,5}(?:\s?(?:bis|ter)|[a-z])?(?!\w)"
_ENDS = r"(?=\s{0,2}(?:[,.;:)\]\n]|$|[-–—]\s)|\s(?:y|e|i|and|esq)\b)(?![.,]\d)"
_ANY_WORDS = r"(?:\d{1,2}\sde\s)?(?:(?!ELSE)[^\W\d_][\w'’.]*,?\s){1,5}?".replace("ELSE", _ELSE)
_CAPITALS = (
    rf"(?:\d{{1,2}}\s)?(?:(?:d[eo]s?|del|la|las|los|das?|des|du|d['’])\s){{0,2}}"
    rf"(?:{_CAPITAL},?\s(?:d[eo]s?\s(?:la\s|los\s)?)?){{1,4}}"
)
_ITALIAN = r"(?-i:Via|Viale|Corso|Piazza|Vicolo|V\.le|C\.so|P\.za)"
_CROSSING = (
    rf"(?:,?\s(?:y|e|i|and|&|esq(?:uina)?\.?(?:\scon)?)\s(?:{_WAY}\s)?(?:\d{{1,2}}\sde\s)?"
    rf"{_CAPITAL}(?:\s(?:de\s(?:la\s|los\s)?)?{_CAPITAL}){{0,2}}(?:\s{_CODE})?)?"
)
_BLOCK = (
    r"(?:mz\.?|mza\.?|manzana)\s?[a-z]?-?\d{1,4}[a-z]?,?\s(?:y\s)?(?:[a-z]-?\d{1,3},?\s)?"
    r"(?:v(?:illa|\.)|solar|lote|casa|l\.)\s?(?:n[º°o.]{1,2}\s?|#\s?)?\d{1,4}[a-z]?(?!\w)"
)
# casa 14 del pasaje B, villa 3 en el bloque Los Pinos.
_OF_BLOCK = (
    r"(?:casa|villa|lote|solar|dep(?:artamento|to|\.)?|dpto\.?|apto?\.?|apartamento|piso|local)\s(?:n[º°o.]{1,2}\s?|#\s?)?\d{1,4}[a-z]?"
    r"(?:,\s?|\s)(?:(?:del?|de\sla|en\sel|en\sla|do|da|no|na)\s)?"
    r"(?:pasaje|psje\.?|calle|manzana|mz\.?|mza\.?|bloque|torre|conjunto|edificio|urbanizaci[óo]n|urb\.?|ciudadela|cdla\.?|cooperativa|rua|r[úu]a|travessa|quadra|bloco)"
    r"\s(?:(?:de|del|la|los|las|el|das?|dos?)\s){0,2}(?-i:[A-ZÁÉÍÓÚÑ\d][\w-]{0,20})(?:\s(?:d(?:el?|[oa])\s(?:la\s|los\s)?)?(?-i:[A-ZÁÉÍÓÚÑ][\w-]{1,20})){0,2}(?!\w)"
)
STREETS = re.compile(
    rf"(?<![\w/])(?:(?:{_WAY}|R\.)\s{_ANY_WORDS}(?:{_CODE}|{_SIGNED}){_CROSSING}"
    rf"|(?:{_WAY}|{_ITALIAN}|(?-i:R\.))\s{_CAPITALS}{_PLAIN}{_ENDS}{_CROSSING}"
    rf"|{_ENGLISH}|{_FRENCH}|{_BLOCK}|{_OF_BLOCK}"
    rf"|(?:{_CAPITAL}\s){{1,3}}(?-i:N|S|E|W|O|Oe|OE)\d{{1,3}}-\d{{1,4}}(?!\w){_CROSSING}){MORE}",
    re.IGNORECASE,
)
# A street without a word for it, with the number of a house, where a home is named right before.
BEHIND_A_HOME = rf"{_CAPITALS}(?!(?:19|20)\d\d[-–])(?:{_CODE}|{_SIGNED}){_CROSSING}"
# A quick look: without one of these no street is named.
WORDS = frozenset(
    (
        *(
            "calle",
            "c",
            "av",
            "ave",
            "avda",
            "avenida",
            "avenue",
            "carrera",
            "cra",
            "pasaje",
            "psje",
            "jr",
            "jiron",
        ),
        *("transversal", "camino", "rua", "r", "travessa", "avinguda", "carrer", "placa", "plaza", "praca"),
        *("passatge", "rue", "boulevard", "blvd", "bd", "impasse", "allee", "chemin", "quai", "place", "via"),
        *("viale", "corso", "piazza", "vicolo", "mz", "mza", "manzana", "street", "st", "road", "rd", "lane"),
        *("ln", "drive", "dr", "close", "court", "terrace", "way"),
        *(
            "bloque",
            "torre",
            "conjunto",
            "edificio",
            "urbanizacion",
            "urb",
            "ciudadela",
            "cdla",
            "cooperativa",
        ),
        *("quadra", "bloco", "gardens", "grove", "crescent", "mews", "hill"),
    )
)
# In Britain a dozen houses have one, in Brazil a street.
POSTCODE = re.compile(
    r"(?<![\w-])[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}(?![\w-])|(?<=CEP[ :])\s?\d{5}-?\d{3}(?!\w)"
)
OF_QUITO = re.compile(r"\b(?:N|S|E|W|O|Oe|OE)\d{1,3}-\d")
DIGIT, NUMBERS = re.compile(r"\d"), re.compile(r"\d+")
# Our choice: so far from its number a street begins or ends, at most.
AROUND = 70


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Find houses by their street and number, without the town.

    >>> text = "Calle Larga 12-34 y Benigno Malo, Cuenca; la calle Bolívar y la Av. 10 de Agosto"
    >>> [text[start:end] for start, end in spans(text)]
    ['Calle Larga 12-34 y Benigno Malo']
    """
    if not DIGIT.search(text):
        return
    yield from (match.span() for match in POSTCODE.finditer(text))
    if WORDS.isdisjoint(words_read(text)) and not OF_QUITO.search(text):
        return
    for start, end in _near_numbers(text):
        for match in STREETS.finditer(text, start, end):
            if not is_of_a_public_place(text, *match.span()):
                yield match.span()


def _near_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Give the parts of a text around its numbers in which a street is named: a house stands there."""
    parts: list[tuple[int, int]] = []
    for number in NUMBERS.finditer(text):
        start, end = max(number.start() - AROUND, 0), number.end() + AROUND
        if parts and start <= parts[-1][1]:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    for start, end in parts:
        part = text[start:end]
        if not WORDS.isdisjoint(words_read(part)) or OF_QUITO.search(part):
            yield start, end


def houses(cell: str) -> Iterator[tuple[int, int, str]]:
    """Find houses in a cell that says where somebody is: the quarter and the street alone are no home.

    >>> cells = ("La Paz, Mz 4 villa 12", "Comité del Pueblo 2", "Calle Sucre")
    >>> [cell[start:end] for cell in cells for start, end, _ in houses(cell)]
    ['Mz 4 villa 12']
    """
    if DIGIT.search(cell):
        yield from ((*match.span(), "location") for match in IN_A_PLACE.finditer(cell))
