"""What seems to reach a person and is public: service lines, numbers of documents, addresses of bodies.

Ours, and careful: a mobile telephone, a number with the check digit of an identity card and a name that many
bear are masked whatever stands around them.
"""

from __future__ import annotations

import re

from ogp_analysis.privacy.leads import words_read
from ogp_analysis.privacy.listed_words import listed
from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_parts import ORDINARY, WELL_KNOWN_PLACES
from ogp_analysis.privacy.name_shapes import FAMILY, GIVEN

# A line that a body answers: then a fixed telephone is its own.
SERVICE_LINE = re.compile(
    r"\b(?:(?:l[íi]neas?|n[úu]meros?|tel[ée]fonos?)\s(?:telef[óo]nicas?\s)?(?:gratuit[oa]s?|sin costo"
    r"|[úu]nic[oa]"
    r"|de\s(?:emergencias?|auxilio|atenci[óo]n|denuncias?|informaci[óo]n|ayuda|servicio|la\sinstituci[óo]n))"
    r"|(?:conmutador|call\s?center|pbx|central\stelef[óo]nica|toll[- ]free|hotline"
    r"|helpline)(?!\w))[^\n.;!?]{0,30}$",
    re.IGNORECASE,
)
# Ten digits that begin as a service line does are an identity card as often, unless somebody is to call them.
TO_CALL = re.compile(
    r"\b(?:l[íi]nea|llam\w+|tel(?:f|[ée]f\w*)?|call|gratis|gratuit\w+|marc\w+|fono|denunci\w+|atenci[óo]n|pbx|n[úu]mero\s[úu]nico)"
    r"\b[^\n.;!?]{0,30}$",
    re.IGNORECASE,
)
GROUPED_LINE = re.compile(r"\(?(?:0[ .-]?800|1[ .-]?[789]00)\)?[ .-]\d")
PLAIN_LINE = re.compile(r"\(?(?:0[ .-]?800|1[ .-]?[789]00)\)?[ .-]?\d(?:[ .-]?\d){4,7}")
# What a body numbers. Not what leads to a household (a plot, a meter) or to somebody's money (an account).
_DOCUMENT = (
    r"resoluci(?:[óo]n|ones)|ley(?:es)?|decretos?|acuerdos?|ordenanzas?|oficios?|memorandos?|memor[áa]ndum|circular|registro\soficial"
    r"|r\.\s?o\.|sentencias?|normas?|expedientes?|tr[áa]mites?|convenios?|contratos?|actas?|partidas?|procesos?|concursos?"
    r"|licitaci(?:[óo]n|ones)|c[óo]digos?|cup|proyectos?|informes?|[óo]rden(?:es)?\sde\s(?:compra|pago|servicio|trabajo)|tickets?"
    r"|radicados?|directivas?|reglamentos?|bolet[íi]n|dictamen|propuestas?|isbn|issn|doi|file|law|decree|resolution|contract|case"
)
_KIND = (
    r"ministerial|administrativ[oa]|ejecutiv[oa]|municipal|provincial|t[ée]cnic[oa]|org[áa]nic[oa]|metropolitan[oa]|p[úu]blic[oa]"
    r"|presupuestari[oa]|oficial|interinstitucional|legislativ[oa]|de\s\w{3,15}"
)
DOCUMENT = re.compile(
    rf"\b(?:{_DOCUMENT})(?:\s(?:{_KIND})){{0,2}}\s?(?:[:#,]\s?)?(?:n(?:[úu]m(?:ero)?|ro|o|r)?\.?\s?[º°]?\.?\s?|[:#]\s?)?"
    r"(?:[A-Z]{1,8}[-\s/])*$",
    re.IGNORECASE,
)
# Ecuador's tax numbers of public bodies and of companies: a six or a nine in the third place, 001 at the end.
TAX_NUMBER_OF_A_BODY = re.compile(r"(?:0\d|1\d|2[0-4]|30)[69]\d{7}001")
# Our choice: so far from its tax number a body is named.
AROUND = 60
PROVINCES, LAST_THIRD_DIGIT = range(1, 25), 5

_BODIES = listed("account")
# Glued to what follows, only the long ones: "gad" begins a given name.
_LONG = tuple(sorted((word for word in _BODIES if len(word) > 5), key=len, reverse=True))
_SHORT = re.compile(
    rf"(?:gad[mp]?r?|ecu)(?=municip|parroq|provin|canton|911|{'|'.join(sorted(WELL_KNOWN_PLACES))})"
)
_FUNCTION = (
    r"(?:info(?:rmacion(?:es)?)?|contact(?:o|enos|us)?|atencion|ciudadan[oa]s?|ciudadania|usuari[oa]s?|clientes?|transparencia"
    r"|participacion|denuncias?|quejas|sugerencias|comunicacion(?:es)?|prensa|ventanilla|unica|secretaria|general|gobierno|abierto"
    r"|datos|abiertos|webmaster|soporte|ayuda|tramites|servicios?|oficina|virtual|archivo|consultas?|correo|mesa|de|partes|ogp|plan"
    r"|accion|office|press|support|help|open|government|gad|municipio|alcaldia|presidencia|planificacion|al|la|el|del|y)"
)
FUNCTIONS = re.compile(rf"{_FUNCTION}(?:[._-]?{_FUNCTION})*\d{{0,4}}")
PUBLIC_DOMAIN = re.compile(
    r"(?:^|\.)(?:(?:gob|gov|gub|gouv|govern|go|mil|fin)\.[a-z]{2}|gov|gencat\.cat|europa\.eu)$"
)
ADDRESS = re.compile(r"([\w.+-]+)[@＠]([\w.-]+)")
ON_A_PAGE = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:facebook|fb|instagram|twitter|x|tiktok|linkedin|threads|youtube|t)\.(?:com|me|net)"
    r"/(?:@|c/|user/|company/)?([\w.-]+)/?"
    r"|@?([\w.]+)\.bsky\.social|(?:https?://)?([\w-]+)\.(?:blogspot|wordpress|wixsite|weebly|tumblr)\.\w[\w.]*(?:/[^?=]*)?"
    r"|(?:https?://)?sites\.google\.com/(?:view|site)/([\w-]+)|@?([\w.]+)",
    re.IGNORECASE,
)
TOKENS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
SAINT = re.compile(r"(?:san|santa|santo)$")


def is_of_a_body(typed: str) -> bool:
    """Say whether an address of e-mail, a page or a name on a network is that of a public body.

    >>> [is_of_a_body(typed) for typed in ("info@quito.gob.ec", "@MunicipioQuito", "gadloja.blogspot.com")]
    [True, True, True]
    >>> [is_of_a_body(typed) for typed in ("ana.ruiz@quito.gob.ec", "@alcaldia_ana", "agua.blogspot.com")]
    [False, False, False]
    """
    address = ADDRESS.fullmatch(typed)
    if address:
        public = PUBLIC_DOMAIN.search(address[2].lower()) and FUNCTIONS.fullmatch(folded(address[1]))
        return bool(public) or _names_a_body(address[1])
    page = ON_A_PAGE.fullmatch(typed)
    return page is not None and _names_a_body(next(filter(None, page.groups()), ""))


def _names_a_body(name: str) -> bool:
    """Say whether a name begins with a word for a public body, with nothing in it that a person is called."""
    tokens = [folded(token) for token in TOKENS.findall(_unaccented(name))]
    whole = re.sub(r"[^a-z0-9]", "", folded(name))
    body = next((word for word in _LONG if whole.startswith(word)), "")
    if not body and tokens and tokens[0] in _BODIES:
        body = tokens[0]
    body = body or (short[0] if (short := _SHORT.match(whole)) else "")
    if not body:
        return False
    alone = {token for token in tokens if token not in _BODIES}
    if alone & (GIVEN | FAMILY | (ORDINARY - WELL_KNOWN_PLACES)):
        return False
    rest = whole[len(body) :]
    return rest in WELL_KNOWN_PLACES or not _holds_a_name(rest)


def _holds_a_name(glued: str) -> bool:
    """Say whether letters begin or end with a given or family name that is not a saint's."""
    for size in range(3, len(glued) + 1):
        for part, before in ((glued[:size], ""), (glued[-size:], glued[:-size])):
            if (part in GIVEN or part in FAMILY) and not SAINT.search(before):
                return True
    return False


def _unaccented(name: str) -> str:
    return "".join(folded(letter).upper() if letter.isupper() else folded(letter) for letter in name)


def is_a_public_line(text: str, start: int, end: int, *, country: str, abroad: tuple[str, ...]) -> bool:
    """Say whether a telephone is a line that bodies pay for, or a fixed one said to be a body's.

    >>> text = "Línea gratuita 1800 123 456"
    >>> is_a_public_line(text, 15, 27, country="EC", abroad=())
    True
    """
    from phonenumbers import PhoneNumberType as Kind

    typed, before = text[start:end], text[max(start - 60, 0) : start]
    if PLAIN_LINE.fullmatch(typed):
        return bool(GROUPED_LINE.match(typed) or TO_CALL.search(before))
    if not SERVICE_LINE.search(before):
        return False
    kinds = {kind for region in (country, *abroad) if (kind := _kind_of(typed, region)) is not None}
    paid = {Kind.TOLL_FREE, Kind.SHARED_COST, Kind.PREMIUM_RATE, Kind.UAN, Kind.FIXED_LINE}
    return bool(kinds & paid) and Kind.MOBILE not in kinds


def _kind_of(typed: str, region: str) -> int | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.number_type(number) if phonenumbers.is_valid_number(number) else None


def is_a_document(text: str, start: int, end: int, *, country: str) -> bool:
    """Say whether digits behind a word such as *resolución* are its number, and not a person's.

    >>> texts = ("resolución E-12345678", "resolución 0991234567")
    >>> [is_a_document(text, 11, 21, country="EC") for text in texts]
    [True, False]
    """
    if not DOCUMENT.search(text[max(start - 80, 0) : start]):
        return False
    from phonenumbers import PhoneNumberType as Kind

    typed = text[start:end]
    return not has_a_check_digit(typed) and _kind_of(typed, country) != Kind.MOBILE


def is_a_tax_number_of_a_body(typed: str) -> bool:
    """Say whether digits are Ecuador's tax number of a public body or a company.

    >>> is_a_tax_number_of_a_body("1760003410001"), is_a_tax_number_of_a_body("1712345678001")
    (True, False)
    """
    return bool(TAX_NUMBER_OF_A_BODY.fullmatch(re.sub(r"\D", "", typed)))


def is_a_number_of_a_body(text: str, start: int, end: int) -> bool:
    """Say whether a number is that of a body's taxes: Ecuador's, or a CNPJ in a sentence that names a body.

    >>> text = "CNPJ 00.394.445/0001-01 do Ministério da Saúde"
    >>> is_a_number_of_a_body(text, 5, 23), is_a_number_of_a_body(text[:23], 5, 23)
    (True, False)
    """
    if is_a_tax_number_of_a_body(text[start:end]):
        return True
    before, behind = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
    if not re.search(r"(?:CNPJ|NIT)\W", before[-12:], re.IGNORECASE):
        return False
    around = (re.split(r"[.;!?]\s|\n", before)[-1], re.split(r"[.;!?]\s|\n", behind)[0])
    return any(not listed("group", "account").isdisjoint(words_read(part)) for part in around)


def has_a_check_digit(typed: str) -> bool:
    """Say whether the first ten digits are an identity number of Ecuador with its check digit.

    Each digit but the last by two and one in turn, of what is ten or more nine less; with the last a multiple
    of ten. The third digit is five at most (Registro Civil).

    >>> has_a_check_digit("1710034065"), has_a_check_digit("1710034066")
    (True, False)
    """
    digits = [int(digit) for digit in re.sub(r"\D", "", typed)[:10]]
    if len(digits) < 10 or digits[0] * 10 + digits[1] not in PROVINCES or digits[2] > LAST_THIRD_DIGIT:
        return False
    doubled = [digit * (2 - at % 2) for at, digit in enumerate(digits[:9])]
    return (sum(value - 9 * (value > 9) for value in doubled) + digits[9]) % 10 == 0
