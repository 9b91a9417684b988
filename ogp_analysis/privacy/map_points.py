"""Points on a map in texts: links to maps, coordinates, plus codes; which may be somebody's home, which stay.

Our choice, by precision and by what stands around them. From a hundred metres on (three decimals, seconds or
decimals of minutes, metres of UTM) a point may be a house and is masked. From about a kilometre on (two
decimals) it is masked where it is called a position or a home. A point that a public place leads in, where
nobody lives (a park, a bridge, a school), stays, unless the sentence speaks of a home; a point of a street
does not, since it lies in front of a house. A link is masked always: it can carry more than a point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogp_analysis.privacy.leads import words_read
from ogp_analysis.privacy.listed_words import listed

PIN = re.compile(
    r"(?:https?://)?(?:goo\.gl/maps|maps\.app\.goo\.gl|maps\.google\.[a-z.]{2,6}|(?:www\.)?google\.[a-z.]{2,6}/maps"
    r"|(?:www\.)?waze\.com/(?:\w{2}/)?(?:ul|live-map)|(?:www\.)?openstreetmap\.org/(?:\?|#map|node|way)|osm\.org/go"
    r"|maps\.apple\.com|what3words\.com|w3w\.co|plus\.codes)[/?#=]?[^\s<>\"']{0,400}[^\s<>\"'().,;:!?]"
    r"|(?<![\w:/])///[^\W\d_]{2,30}\.[^\W\d_]{2,30}\.[^\W\d_]{2,30}(?!\w)|\bgeo:-?\d{1,2}\.\d+,-?\d{1,3}\.\d+",
    re.IGNORECASE,
)
_LON = r"(?:(?i:lon(?:g(?:itude?)?)?|lng)\.?\s?[:=]?\s?)?"
_BETWEEN = rf"(?:\s{{0,2}}[,;/|&]\s{{0,2}}|\s{{0,2}}[-–]\s{{1,2}}|\s{{1,2}}|\s(?:y|and|e|i)\s|(?=\s?-)){_LON}"
_MINUTE, _SECOND = "['’′´`]", "(?:[\"”“″]|['’′´`]{2})"
_SKY = r"\s?°?\s?[NSEWO](?!\w)"
_DEGREES = (
    rf"(?:[NSEWO]\s?)?\d{{1,3}}\s?[°º]\s?\d{{1,2}}(?:[.,]\d+)?\s?{_MINUTE}"
    rf"(?:\s?\d{{1,2}}(?:[.,]\d+)?\s?{_SECOND})?(?:\s?[NSEWOnsewo](?!\w))?"
)
_DECIMAL = rf"[-−]?\d{{1,3}}[.,]\d{{2,15}}(?:{_SKY}|°)?"
_EAST, _NORTH = r"0?\d{3}[. ]?\d{3}(?:[.,]\d{1,3})?", r"\d{1,2}[. ]?\d{3}[. ]?\d{3}(?:[.,]\d{1,3})?"
_AXIS = r"(?:(?:[XYEN]|[Ee]ste|[Nn]orte)\s?[:=]?\s?)"
# Degrees and minutes; degrees with the directions of the sky alone; decimals; metres of UTM; plus codes.
FORMS = (
    re.compile(rf"(?<![\w.,°-]){_DEGREES}{_BETWEEN}{_DEGREES}(?![\w°])"),
    re.compile(
        r"(?<![\w.,-])(?:\d{1,2}\s\d{1,2}\s\d{1,2}(?:[.,]\d+)?\s?[NS][\s,;/-]{1,3}\d{1,3}\s\d{1,2}\s\d{1,2}(?:[.,]\d+)?\s?[EWO]"
        r"|[NS]\s?\d{1,2}[\s°]\s?\d{1,2}[.,]\d{2,}['’′]?[\s,;/-]{1,3}[EWO]\s?\d{1,3}[\s°]\s?\d{1,2}[.,]\d{2,}['’′]?)(?!\w)"
    ),
    re.compile(
        rf"(?<![\w.,°-])(?=[-−]?\d)(?P<first>{_DECIMAL}){_BETWEEN}(?P<second>{_DECIMAL})(?![\w°]|[.,]\d)"
    ),
    re.compile(
        rf"(?<![\w.,-])(?P<axis>{_AXIS})?(?:{_EAST}\s?(?:m\s?)?E?[\s,;/|y-]{{1,4}}(?P<other>{_AXIS})?{_NORTH}"
        rf"|{_NORTH}\s?(?:m\s?)?N?[\s,;/|y-]{{1,4}}(?P<another>{_AXIS})?{_EAST})(?:\s?m?[NE])?(?![\w]|[.,]\d)"
    ),
    re.compile(
        r"(?<![\w+])(?=[\dA-Z]*[A-Z])(?=[\dA-Z]*\d)[2-9CFGHJMPQRVWX]{4,8}\+[2-9CFGHJMPQRVWX]{2,3}(?!\w)"
    ),
)
# A quick look: each form has one of these signs.
SIGNS = ("'’′´`", "NS", ".,", "0123456789", "+")
ONE_ALONE = re.compile(
    rf"\b(?:lat(?:itude?)?\.?\s?[:=]?\s?(?P<lat>[-−]?\d{{1,2}}[.,]\d{{3,15}}(?:{_SKY}|°)?)"
    rf"|lon(?:g(?:itude?)?)?\.?\s?[:=]?\s?(?P<lon>[-−]\d{{1,3}}[.,]\d{{3,15}}(?:{_SKY}|°)?))(?!\w)",
    re.IGNORECASE,
)
CALLED_A_POSITION = re.compile(
    r"(?:\b(?:lat(?:itude?)?|coord(?:enadas?|inates?)?|gps|ubicaci[óo]n|ubicad[oa]|geo(?:locali[sz]aci[óo]n|rreferencia)?"
    r"|posici[óo]n|position|location)\b)\.?[^\n.;!?\d]{0,30}[-−(]*$",
    re.IGNORECASE,
)
OF_UTM = re.compile(
    r"(?:\bUTM\b|\b(?:zona|huso|zone)\s\d{1,2}|\b\d{1,2}\s?[A-HJ-NP-Z]\b|WGS|SIRGAS|coord|gps|ubicaci)[^\n;!?]{0,24}$",
    re.IGNORECASE,
)
HOME = re.compile(
    r"\b(?:vivo|vivimos|vive|viven|resido|residimos|residencia|domicilio|hogar|(?:mi|nuestra|su|la)\s(?:casa|vivienda|puerta|finca)"
    r"|mi\s(?:direcci[óo]n|terreno|familia|barrio|calle)|i\slive|we\slive|my\s(?:home|house|address)|our\shouse|visc|moro|j'habite)\b",
    re.IGNORECASE,
)
# Where nobody lives. A street, a quarter, a slope and the like are full of homes.
PUBLIC_PLACE = re.compile(
    r"\b(?:parques?|plazas?|plazoleta|puentes?|mercados?|hospital(?:es)?|centro de salud|escuelas?"
    r"|colegios?|unidad educativa"
    r"|universidad|estadio|canchas?|coliseo|terminal|aeropuerto|cementerio|biblioteca|museo|laguna|r[íi]o|quebrada|cascada"
    r"|mirador|volc[áa]n|p[áa]ramo|bosque|playa|represa|embalse|relleno sanitario|botadero"
    r"|planta de tratamiento|redondel"
    r"|intercambiador|t[úu]nel|muelle|park|bridge|market|school|stadium|cemetery|library|museum|lake|river|beach|pont|mercat"
    r"|ponte|escola|praia)\b[^\n.;!?]{0,40}$",
    re.IGNORECASE,
)
MONEY = re.compile(r"(?:USD|US\$|\$|€|EUR)\s?$", re.IGNORECASE)
COUNTED = re.compile(
    r"\s?(?:USD|US\$|\$|€|EUR|%|d[óo]lares|euros|pesos|soles|millones|personas|habitantes|hect|ha\b|km|m2|m²|kg)",
    re.IGNORECASE,
)
# In decimals: about a kilometre, a hundred metres, ten metres.
NEAR, NEARER, NEAREST = 2, 3, 4
AROUND = 60


def links(text: str) -> Iterator[tuple[int, int]]:
    """Find links to maps.

    >>> text = "Es https://maps.app.goo.gl/aB3."
    >>> [text[start:end] for start, end in links(text)]
    ['https://maps.app.goo.gl/aB3']
    """
    yield from (match.span() for match in PIN.finditer(text))


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Find points given by numbers that may be somebody's home.

    >>> text = "Vivo en (-0.180, -78.467). El parque en -0.18065, -78.46783; de 0,18 a 0,46"
    >>> [text[start:end] for start, end in spans(text)]
    ['-0.180, -78.467']
    """
    present = set(text)
    for form, signs in zip(FORMS, SIGNS, strict=True):
        if present.isdisjoint(signs):
            continue
        for match in form.finditer(text):
            if _is_a_point(match) and not is_of_a_public_place(text, *match.span()):
                yield match.span()
    for match in ONE_ALONE.finditer(text):
        span = match.span("lat" if match["lat"] else "lon")
        if not is_of_a_public_place(text, *span):
            yield span


def _is_a_point(match: re.Match[str]) -> bool:
    groups = match.re.groupindex
    before = match.string[max(match.start() - AROUND, 0) : match.start()]
    if "axis" in groups:
        labelled = sum(bool(match[name]) for name in ("axis", "other", "another"))
        return labelled > 1 or bool(OF_UTM.search(before)) or bool(CALLED_A_POSITION.search(before))
    return "first" not in groups or _are_degrees(match, before)


def _are_degrees(match: re.Match[str], before: str) -> bool:
    """Say whether two decimal numbers are a latitude and a longitude, not shares, prices or thousands."""
    first, second = match["first"], match["second"]
    numbers = [float(re.sub(r"[^\d.]", "", each.replace(",", "."))) for each in (first, second)]
    if min(numbers) > 90 or max(numbers) > 180:
        return False
    precision = min(len(re.sub(r"\D", "", re.split("[.,]", each)[1])) for each in (first, second))
    if CALLED_A_POSITION.search(before) or HOME.search(_in_its_sentence(before)):
        return True
    if MONEY.search(before) or COUNTED.match(match.string, match.end()) or precision <= NEAR:
        return False
    signs = sum(each[0] in "-−" for each in (first, second))
    sky = sum(bool(re.search("[NSEWO]$", each)) for each in (first, second))
    # But for the Gulf of Guinea one of the two has two digits before the point.
    if max(numbers) < 10:
        return False
    if precision >= NEAREST:
        return signs + sky > 0 or precision > NEAREST or len(re.sub(r"\D", "", second)) > 6
    # Three decimals are thousands too: not what begins with a zero, nor what has a sign in brackets.
    in_brackets = before.endswith(("(", "[")) and match.string[match.end() :][:1] in (")", "]")
    both = signs == 2 and not any(each.endswith("00") for each in (first, second))
    return sky == 2 or (signs > 0 and (min(numbers) < 1 or in_brackets)) or both


def is_of_a_public_place(text: str, start: int, end: int) -> bool:
    """Say whether a public place or body leads a point or a house in, in a sentence that speaks of no home.

    >>> text = "El mercado, calle Sucre 12-34"
    >>> is_of_a_public_place(text, 12, len(text))
    True
    """
    before = _in_its_sentence(text[max(start - AROUND, 0) : start])
    if not PUBLIC_PLACE.search(before) and listed("account").isdisjoint(words_read(before)):
        return False
    after = re.split(r"[.;!?\n]", text[end : end + AROUND])[0]
    return not HOME.search(before) and not HOME.search(after)


def _in_its_sentence(before: str) -> str:
    return re.split(r"[.;!?]\s|\n", before)[-1]
