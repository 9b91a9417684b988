"""What reaches or names a person is masked in texts that people wrote, and counted by its kind.

Telephone numbers are told by Google's libphonenumber (package phonenumbers), not by patterns of our own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache, partial
from itertools import pairwise

import pandas as pd

from ogp_analysis.privacy import (
    accounts,
    disguised,
    map_points,
    name_parts,
    other_names,
    own_words,
    spoken_numbers,
    telephone_shapes,
)
from ogp_analysis.privacy.leads import words_read
from ogp_analysis.privacy.mask_sign import MASK, patterns_masked, spans_masked
from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_parts import PARTICLES
from ogp_analysis.privacy.other_names import OtherNames
from ogp_analysis.privacy.public_contacts import (
    is_a_document,
    is_a_number_of_a_body,
    is_a_public_line,
)

# Columns in which people write sentences: there names that nothing leads in are looked for too. Elsewhere
# bodies, topics and places stand, which are called after persons.
PROSE = ("title", "problem", "solution", "answer", "reason")
KINDS = ("email", "profile", "handle", "identity", "telephone", "location", "author")
# The method's country, and those whose forms without a prefix are in the exports that we have seen.
COUNTRY, ABROAD = "EC", ("ES", "FR")
# A text that is no longer may stand in many rows.
REPEATED = 120
AUTHORS = re.compile(r"[,;]")
# Ecuador: ten digits that begin with a province, whole or with separators; thirteen are a person's tax number
# when the third is below six and the last three are 001. Spain: with its letter. Chile: with its check digit.
IDENTITY = re.compile(
    r"(?<![\w.,/-])(?:2[0347]-\d{8}-\d|"
    r"(?:0\d|1\d|2[0-4]|30)(?:[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d[ -]?\d(?:[ -]?001(?!\d))?|[0-5]\d{7}001)"
    r"|(?:\d{2}\.?\d{3}\.?\d{3}|[XYZ]-?\d{7})[ -]?[A-HJ-NP-TV-Z]"
    r"|\d{1,2}\.\d{3}\.\d{3}-[\dkK]|\d{7,8}-[\dkK]"
    # Brazil's and Argentina's of a person; Mexico's two, of 18 and of 13 signs, with a birthday in them.
    r"|\d{3}\.\d{3}\.\d{3}-\d{2}"
    r"|[A-Z]{4}\d{2}(?:0\d|1[0-2])[0-3]\d[HM][A-Z]{5}[A-Z0-9]\d|[A-ZÑ]{4}\d{2}(?:0\d|1[0-2])[0-3]\d[A-Z0-9]{3}"
    # Venezuela: of citizens and of foreigners; seven digits at least, since E-35 is a road.
    r"|[VE](?:[-–]\s?|\s)?\d{1,2}\.\d{3}\.\d{3}|[VE][-–]\s?\d{7,8}(?:-\d)?|V\d{8}|V\s\d{8})(?![\w/])"
)
OF_CHILE, OF_MEXICO = re.compile(r"\d{7,8}-[\dkK]"), re.compile(r"[A-ZÑ]{4}\d{6}")
# Behind one of these words any six digits or more are an identity number, of whatever country; "cc" in small
# letters is a measure. Two years are none.
NAMED_NUMBER = re.compile(
    r"\b(?:CPF|CNPJ?|NIF|NIE|DNI|CURP|RFC|SSN|NSS|CUIT|CUIL|RUT|RUN|RUC|(?-i:CC|CI)|(?<!\d\s)(?<!\d)C\.[CI]|c[ée]dula(?:\sde\s(?:ciudadan[íi]a|identidad|extranjer[íi]a))?|IBAN"
    r"|(?:documento|n[úu]mero|carn[ée]t?|doc\.?|tarjeta|carteira)\s(?:nacional\s)?de\sident(?:idad(?:e)?|ificaci[óo]n)|documento\snacional|(?:mi|su|con|el)\s(?:n[úu]mero\sde\s)?(?:documento|identificaci[óo]n)|carn[ée]t?|identidad|NUIP|NUI|DUI|CUI|DPI|NUIT|TI(?=\s\d)"
    r"|documento(?=\s\d{1,2}\.\d{3}\.\d{3}(?!\d))"
    # "cc" of an engine has a number before it, and none so long behind.
    r"|(?<!\d\s)(?<!\d)c[ci](?=\s?:?\s?\d[\d .-]{8})"
    r"|num[ée]ro\sde\ss[ée]curit[ée]\ssociale|n[úu]mero\sde\s(?:la\s)?seguridad\ssocial|(?:national\sinsurance|NI)\s(?:number|no)|social\ssecurity"
    r"|carte\s(?:nationale\s)?d['’]identit[ée]|cart[ãa]o\sd[eo]\scidad[ãa]o|licencia\sde\sconduc(?:ir|ci[óo]n)|permis\sde\sconduire|driv(?:er['’]?s|ing)\slicen[cs]e"
    r"|NIR|CNH|NIS|CNS|RG|IMEI|(?:n[°º]\s?(?:de\s)?)?s[ée]curit[ée]\ssociale|t[íi]tulo\sde\seleitor|cart[ãa]o\s(?:do\s)?SUS|NHS\s(?:number|no)"
    r"|(?:tarjeta|targeta)\ssanit[àa]ria|carte\svitale|historia\scl[íi]nica|hist[óo]ria\scl[íi]nica|carn[ée]\s(?:del\s)?CONADIS|num[ée]ro\sd['’]allocataire(?:\sCAF)?"
    r"|(?:cuenta|cta)\.?\s(?:bancaria|corriente|(?:de\s)?ahorros?)|compte\sbancaire|conta\s(?:banc[áa]ria|corrente|poupan[çc]a)|bank\saccount|(?:n[úu]mero\sde\s)?suministro|medidor(?:\sde\s(?:luz|agua))?"
    r"|c[óo]digo\s(?:(?:[úu]nico\s)?de\sestudiante|dactilar)|chave\spix|account(?:\snumber|\sno)?|PEP|pension\snumber|(?:cuenta|cta)\.?\s(?-i:[A-Z])\w{3,14}|ci\.(?=\d)"
    r"|(?-i:Pas|PAS|Psp)\.(?=\s?[Nn#]|\s?[A-Z]{1,2}\d)|pasaporte|passaporte|passeport|passaport|passport|carn[ée]t?\sde\sextranjer[íi]a|PTP|PPT)(?!\w)(?:\s(?:venezol|colomb|peru|cub|hait|chil|argent|boliv|ecuat|espa)\w{1,7}(?!\w))?[^\w\n]{0,4}(?:(?:es|is|é|és)\b[^\w\n]{1,3}(?:el\s|la\s|the\s)?)?(?:(?:n[úu]mero|n[úu]m|nro|no|n|number)(?:\b|(?=[º°]))\.?[º°]?[^\w\n]{0,3})?"
    r"(?![^\w\n]*(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d(?!\d))"
    r"([A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?(?!\w)"
    r"|(?=(?:[A-Z]{0,6}\d){6})[A-Z0-9]{6,34}(?:-?\d?[A-Z0-9])?(?:\s(?-i:LP|SC|CB|CBBA|OR|PT|TJ|CH|BE|PD))?(?!\w)"
    r"|(?:[A-Z]{1,3}[ -]?)?\d(?:[ ./–-]{0,2}\d){5,30}(?:-?\d?[A-Z]|\s(?-i:[A-Z]))?(?!\w))",
    re.IGNORECASE,
)
# A plate leads to the owner of the vehicle: three letters and three or four digits (Ecuador; two, three and a
# letter for motorcycles) behind a word for it. Other threes of letters with a year are no plates.
PLATE = re.compile(
    r"(?P<kept>(?i:\b(?:placas?|matr[íi]culas?|plates?)\b[^\n;!?]{0,14}?))"
    r"(?<!\w)(?:[A-Z]{3}[ -]?\d{3,4}|[a-z]{3}-?\d{3,4}|[A-Z]{2}[ -]?\d{3}[A-Z])(?!\w)"
    r"|(?P<kept_of_others>(?i:\b(?:placas?|plates?|reg(?:istration)?|matr[íi]cula|moto)\b[^\n;!?\d]{0,14}?))"
    r"(?<!\w)(?:[A-Z]{3}\d[A-Z]\d{2}|[A-Z]{2}\d{2}\s?[A-Z]{3}|[A-Z]{2}\s\d{3}\s?[A-Z])(?!\w)"
    r"|(?P<kept_too>(?i:\b(?:veh[íi]culo|carro|auto|autom[óo]vil|camioneta|moto|motocicleta|taxi|furgoneta)s?\s))"
    r"(?:[A-Z]{3}[ -]?\d{3,4}|[A-Z]{2}[ -]?\d{3}[A-Z])(?!\w)"
)
ARTICLE_BEFORE = re.compile(r"\bart(?:s|[íi]culos?)?\.?\s?(?:n[º°o]?\.?\s?)?$", re.IGNORECASE)
DIGIT, DIGITS = re.compile(r"\d"), re.compile(r"\d(?:(?:[^\w\n]|_){0,3}[A-Z]{0,2}\d){5,}")
# Quick looks: without one of these none of the slower patterns can fit.
POINT = re.compile(r"\d[.,]\d\d|[°º]\s?\d|\d\s\d{1,2}\s\d|\d\d[. ]?\d{3}|\+[2-9CFGHJMPQRVWX]{2}")
NUMBERED = ("histo", "histó", "hc", "prontu", "chart", "sort", "ip")
VEHICLES = ("placa", "reg", "matr", "plate", "veh", "carro", "auto", "camioneta", "moto", "taxi", "furgoneta")
# Behind one of these words any six digits or more are a telephone, of whatever country.
CALLED = re.compile(
    r"\b(?:t(?:el|lf|elf|el[ée]f|el[ée]fonos?|fno|fn)|celus?|cel(?:ular(?:es)?)?|m[óo]vil|fono|fone|zap|gsm|phone|cell(?:phone)?|call(?:\sme)?(?:\son)?|ring(?:\sme)?(?:\son)?|text(?:\sme)?(?:\son)?|truqueu(?:-me)?|marque|t[ée]l[ée]phone|telem[óo]vel|m[òo]bil|(?:mon|no|n°)\sportable|portable(?=\s?:)|appelez(?:-moi)?|mobile|whats?app|wasap|telefone|llam(?:ar|e|en)|directo|fijo|(?:me\s)?escrib(?:en|an|ir(?:me)?|a|eme)|me\sligue(?:m|s)?(?:\sno|\spara)?|ligue(?:m)?(?:-me)?(?:\sno|\spara)?|deuna|yape|nequi"
    r"|ll[áa]mame|contacto|(?:mi|su|nuestro|o\smeu)\sn[úu]mero)\b[^\w\n]{0,4}(?:al?|es(?:\sel)?|el|n[úu]mero|no?\.)?[^\w\n+(]{0,3}"
    r"(?!(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d(?!\d))"
    r"(\+?\(?\d(?:[^\w\n,;]{0,3}\d){5,14}(?:,?\s?(?:ext|extensi[óo]n|int)\.?\s?\d{1,5})?)(?!\w)",
    re.IGNORECASE,
)
# Short numbers behind what leads to one person only: files of patients, codes of banks, machines on the net.
SHORT_NUMBER = re.compile(
    r"(?P<kept>\b(?:(?:historia\scl[íi]nica|hist[óo]ria\scl[íi]nica|HCU?|prontu[áa]rio|chart)\s(?:n[º°o.]{1,2}\s?|n[úu]mero\s|#\s?|:\s?)?"
    r"(?=\d{4})(?!(?:19|20)\d\d(?!\d))|sort\scode\s(?=\d\d-\d\d-\d\d)|IP\s?:?\s?(?=(?:\d{1,3}\.){3}\d)))[\d.-]{3,15}\d(?!\w)",
    re.IGNORECASE,
)
# As North America writes its telephones; a bank card has four times four digits.
AMERICAN = re.compile(
    r"(?<![\w.,/+-])(?:(?:\([2-9]\d\d\)\s?|[2-9]\d\d[-.])[2-9]\d\d[-.]\d{4}"
    # Brazil's with its area, Britain's mobile ones.
    r"|\([1-9]\d\)\s?(?:9\s?)?\d{4}[- ]\d{4}|07\d{3}\s?\d{3}\s?\d{3})(?![\w-])"
)
CARD = re.compile(r"(?<![\w.,/-])[3-6]\d{3}(?:[ -]?\d{4}){3}(?![\w-])")
MONEY_BEFORE = re.compile(r"(?:USD|US\$|\$|€|EUR|art\.|n[úu]m\.)\s?$", re.IGNORECASE)
AMOUNT_AFTER = re.compile(
    r"\s?(?:USD|US\$|\$|€|EUR|%|d[óo]lares|euros|pesos|soles|mill|personas|habitantes|hect|ha\b|km|m2|m²)",
    re.IGNORECASE,
)
# A prefix of a country with two zeros or without its sign: the library finds neither in a text, nor numbers
# newer than its tables.
PREFIXED = re.compile(r"(?<![\w.,/+-])(?P<zeros>(?:00|\+)[ .-]?)?[1-9](?:[ ._()/-]{0,2}\d){9,13}(?!\w)")
ROUND = re.compile(r"0{5}$")


def countries() -> frozenset[str]:
    """Give the countries whose telephones can be told, by the two letters of ISO 3166-1.

    >>> {"EC", "CL"} <= countries(), "XX" in countries()
    (True, False)
    """
    import phonenumbers

    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def mask(
    text: str,
    name: str = "",
    *,
    country: str = COUNTRY,
    places: Collection[str] = (),
    others: OtherNames | None = None,
    two_parts: bool = False,
    prose: bool = True,
    counts: Counter[str] | None = None,
) -> str:
    """Mask e-mail addresses, profiles, @handles, telephone and identity numbers, and the author's own name.

    Names are parted by semicolons; of ``places`` see `name_parts.spans`, of ``others`` and ``two_parts``
    `other_names.spans`. Names that nothing leads in stay where the text is no ``prose``.

    >>> mask("Soy Ana Ruiz, ana@ejemplo.ec, 0991234567, 171234567-8", "ana ruiz")
    'Soy […], […], […], […]'
    >>> counts = Counter()
    >>> mask("ana [at] ejemplo.ec o @ana_ruiz; (02) 245-6789", counts=counts), sorted(counts)
    ('[…] o […]; […]', ['email', 'handle', 'telephone'])
    """
    counts = Counter() if counts is None else counts
    if not text:  # most cells of some exports
        return text
    seen = disguised.as_seen(text)
    masked = _masked(seen, name, country, places, others, two_parts, prose, counts)
    # What hides nothing keeps its signs as they were typed.
    return text if masked == seen else masked


def _masked(
    text: str,
    name: str,
    country: str,
    places: Collection[str],
    others: OtherNames | None,
    two_parts: bool,
    prose: bool,
    counts: Counter[str],
) -> str:
    if len(text) > REPEATED:
        text = _without_contacts(text, country, prose, counts)
    else:
        text, kinds = _short_without_contacts(text, country, prose)
        counts.update(kinds)
    spans: list[tuple[int, int]] = []
    if name and _may_name(text, name):
        for author in AUTHORS.split(name):
            text = _without_name(text, author, counts)
        spans = name_parts.spans(text, name, places)
    if others:
        spans = [*spans, *other_names.spans(text, others, two_parts=two_parts)]
    return _without_parts(text, sorted(set(spans)), counts) if spans else text


# Of a column of states or topics every cell is one of a few.
@lru_cache(maxsize=4096)
def _short_without_contacts(text: str, country: str, prose: bool) -> tuple[str, dict[str, int]]:
    counts: Counter[str] = Counter()
    return _without_contacts(text, country, prose, counts), dict(counts)


def _without_contacts(text: str, country: str, prose: bool, counts: Counter[str]) -> str:
    """Mask what reaches a person, whoever that is."""
    # Before any sign of a mask stands in the middle of an address.
    text = spans_masked(text, own_words.spans(text, prose=prose), counts)
    text = accounts.masked(text, counts)
    if DIGIT.search(text):
        half = spoken_numbers.half_spoken(text)
        text = spans_masked(text, half, counts)
        points = [(*span, "location") for span in map_points.spans(text)] if POINT.search(text) else []
        text = spans_masked(text, points, counts)
        if DIGITS.search(text) or disguised.may_hold(text):
            text = _without_numbers(text, country, counts)
        small = text.casefold()
        if any(word in small for word in NUMBERED):
            text = patterns_masked(text, (SHORT_NUMBER, "identity"), counts=counts)
        if any(word in small for word in VEHICLES):
            text = patterns_masked(text, (PLATE, "identity"), counts=counts)
    return spans_masked(text, [(*span, "telephone") for span in spoken_numbers.spans(text)], counts)


def _may_name(text: str, name: str) -> bool:
    """Say whether any part of a name stands in a text: a quick look, since most texts name nobody."""
    parts = name_parts.parts_of(name)
    return not parts or not words_read(text).isdisjoint(parts)


def mask_columns(frame: pd.DataFrame, columns: Iterable[str]) -> tuple[pd.DataFrame, list[tuple[int, str]]]:
    """Mask typed texts in columns of a table; also say which cells changed, by position of row and by column.

    >>> frame = pd.DataFrame({"proposal": ["P1", "P2"], "reason": ["A complaint", "Call 0991234567"]})
    >>> masked, changed = mask_columns(frame, ["reason", "title"])
    >>> masked["reason"].tolist(), changed
    (['A complaint', 'Call […]'], [(1, 'reason')])
    """
    changed = []
    for name in [name for name in columns if name in frame]:
        prose = name in PROSE
        cells = [mask(cell, prose=prose) if isinstance(cell, str) else cell for cell in frame[name]]
        rows = [
            row
            for row, (old, new) in enumerate(zip(frame[name], cells, strict=True))
            if old is not new and old != new
        ]
        if rows:
            frame = frame.assign(**{name: pd.Series(cells, index=frame.index, dtype=frame[name].dtype)})
            changed += [(row, name) for row in rows]
    return frame, changed


def _without_numbers(text: str, country: str, counts: Counter[str]) -> str:
    spans = [(*match.span(), "identity") for match in IDENTITY.finditer(text) if _is_identity(match[0])]
    spans += [(start, end, "telephone") for start, end in _telephones(text, country)]
    spans += [(*match.span(), "telephone") for match in AMERICAN.finditer(text)]
    spans += [(*match.span(), "identity") for match in CARD.finditer(text) if _is_a_card(match[0])]
    spans = [span for span in spans if not _is_of_a_text(text, span[0], span[1], country)]
    named = [match.span(1) for match in NAMED_NUMBER.finditer(text)]
    spans += [(*span, "identity") for span in named if not is_a_number_of_a_body(text, *span)]
    spans += [(*match.span(1), "telephone") for match in CALLED.finditer(text)]
    spans += [(*span, "telephone") for span in disguised.telephones(text)]
    public = partial(is_a_public_line, text, country=country, abroad=ABROAD)
    return spans_masked(text, [span for span in spans if not public(span[0], span[1])], counts)


def _is_of_a_text(text: str, start: int, end: int, country: str) -> bool:
    """Say whether a number is that of an article, of a document or of a body's taxes."""
    if ARTICLE_BEFORE.search(text[max(start - 16, 0) : start]):
        return True
    return is_a_number_of_a_body(text, start, end) or is_a_document(text, start, end, country=country)


def _is_a_card(typed: str) -> bool:
    """Say whether the check digit of a bank card is right (Luhn's)."""
    digits = [int(digit) for digit in re.sub(r"\D", "", typed)][::-1]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def _is_identity(typed: str) -> bool:
    if OF_CHILE.fullmatch(typed):
        return _is_of_chile(typed)
    if OF_MEXICO.match(typed):
        return True
    letter = typed[-1].upper()
    if letter.isdigit() or letter == "K":
        return True
    # Spain's letter follows from the number: 23 letters in this order (Real Decreto 1553/2005, art. 11).
    number = re.sub(r"\D", "", typed[:-1].upper().translate(str.maketrans("XYZ", "012")))
    return letter == "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]


def _is_of_chile(typed: str) -> bool:
    """Say whether the check digit of a Chilean number without points is right (modulo 11, weights 2 to 7)."""
    digits = [int(digit) for digit in typed[:-2]][::-1]
    rest = sum(digit * (2 + at % 6) for at, digit in enumerate(digits)) % 11
    return typed[-1].upper() == "0K987654321"[rest]


def _telephones(text: str, country: str) -> Iterator[tuple[int, int]]:
    from phonenumbers import Leniency, PhoneNumberMatcher

    yield from (match.span() for match in PREFIXED.finditer(text) if _has_a_prefix(match, country))
    text = text.replace("_", " ")  # a separator too, which the library does not know
    for region in telephone_shapes.regions(text, (country, *ABROAD)):
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
            start, end = _trimmed(text, match.start, match.start + len(match.raw_string))
            prefixed = text[start:end].lstrip("(").startswith(("+", "0"))
            if prefixed or not _is_amount(text, start, end):
                yield start, end


def _has_a_prefix(match: re.Match[str], country: str) -> bool:
    """Say whether digits are as long as a number with its prefix; without a sign of one, of this country.

    Ranges grow faster than the library's tables: its stricter test leaves numbers that are in use.
    """
    import phonenumbers

    digits = re.sub(r"\D", "", match[0][len(match["zeros"] or "") :])
    if not match["zeros"] and not digits.startswith(str(phonenumbers.country_code_for_region(country))):
        return False
    if _is_amount(match.string, *match.span()):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave a bracket in the text that closes behind the number, or opened before it."""
    while start < end and text[start] == "(" and ")" not in text[start:end]:
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _is_amount(text: str, start: int, end: int) -> bool:
    """Say whether a number without a prefix is counted in something, or is round."""
    around = MONEY_BEFORE.search(text[max(start - 8, 0) : start]) or AMOUNT_AFTER.match(text, end)
    return bool(around or ROUND.search(re.sub(r"\D", "", text[start:end])))


def _without_name(text: str, author: str, counts: Counter[str]) -> str:
    words = author.split()
    # A pattern for each author costs more than all the rest: only where enough of the name stands together.
    if not words or not _stands_together(folded(text), [folded(word) for word in words]):
        return text
    pattern = _name_pattern(tuple(words))
    return text if pattern is None else patterns_masked(text, (pattern, "author"), counts=counts)


def _stands_together(text: str, words: list[str]) -> bool:
    """Say whether two parts of a name of several stand behind one another, or a name of one word at all."""
    if sum(word in text for word in words) < min(len(words), 2):
        return False
    parts = {part for word in words for part in re.findall(r"\w+", word)} - PARTICLES
    near = [part in parts for part in re.findall(r"\w+", text) if part not in PARTICLES]
    return len(words) == 1 or any(one and other for one, other in pairwise(near))


@lru_cache(maxsize=4096)
def _name_pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Two or more parts of a name behind one another, in any order; of a user name of one word, the word."""
    telling = [word for word in words if folded(word) not in PARTICLES]
    if len(words) == 1:
        # Ana is a word; ana_ruiz87 is none.
        plain = words[0].lstrip("@").isalpha() or len(words[0]) < 5
        return None if plain else re.compile(rf"(?<!\w)@?{_loose(words[0].lstrip('@'))}(?!\w)", re.IGNORECASE)
    if len(telling) < 2:
        return None
    one = "|".join(_loose(word) for word in sorted(set(telling), key=len, reverse=True))
    between = rf"(?:[\s,.]{{1,3}}(?:(?:{'|'.join(sorted(PARTICLES))})\s{{1,3}}){{0,2}})"
    return re.compile(rf"(?<!\w)(?:{one})(?:{between}(?:{one}))+(?!\w)", re.IGNORECASE)


def _without_parts(text: str, spans: list[tuple[int, int]], counts: Counter[str]) -> str:
    kept: list[str] = []
    place = 0
    for start, end in spans:
        # Parts behind one another are one name.
        if start >= place and (not kept or text[place:start].strip(" ,.")):
            kept += [text[place:start], MASK]
            counts["author"] += 1
        place = max(place, end)
    return "".join([*kept, text[place:]])


def _loose(word: str) -> str:
    """Write a pattern for a word with or without its accents."""
    kinds = {"a": "aáàâãä", "e": "eéèêë", "i": "iíìîï", "o": "oóòôõö", "u": "uúùûü", "n": "nñ", "c": "cç"}
    return "".join(f"[{kinds[each]}]" if each in kinds else re.escape(each) for each in folded(word))
