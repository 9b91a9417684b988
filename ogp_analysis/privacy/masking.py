"""What reaches or names a person is masked in texts that people wrote, and counted by its kind.

Telephone numbers are told by Google's libphonenumber (package phonenumbers), not by patterns of our own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

import pandas as pd

from ogp_analysis.privacy import name_parts, spoken_numbers
from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_parts import PARTICLES

MASK = "[…]"
KINDS = ("email", "profile", "handle", "identity", "telephone", "location", "author")
# The method's country, and those whose forms without a prefix are in the exports that we have seen.
COUNTRY, ABROAD = "EC", ("ES", "FR")
AUTHORS = re.compile(r"[,;]")
# Characters that are there and not seen part an address for a program and for nobody else.
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
EMAIL = re.compile(
    rf"[\w.+%'{_UNSEEN}-]{{1,64}}[@＠](?:[\w{_UNSEEN}-]{{1,63}}\.){{1,8}}[^\W\d_][^\W\d_{_UNSEEN}]{{1,23}}"
)
# ana [at] ejemplo.ec, ana (arroba) ejemplo (punto) ec, ana arroba ejemplo punto ec.
_DOT = (
    r"(?:\.|\s?[\[({<]\s?(?:dot|punto|punt|ponto|point|\.)\s?[\])}>]\s?|\s(?:dot|punto|punt|ponto|point)\s)"
)
WRITTEN_EMAIL = re.compile(
    r"(?<![\w.+-])(?:[\w.+-]{1,64}\s(?:punto|dot|punt|ponto|gui[óo]n(?:\sbajo)?)\s(?=[\w.+-]{1,64}\s?(?:arroba|[\[(]at)))?[\w.+-]{1,64}\s?"
    rf"(?:[\[({{<]\s?(?:at|arroba|arrova|chez|@)\s?[\])}}>]\s?[\w-]{{2,63}}(?:{_DOT}[\w-]{{2,63}}){{0,4}}"
    rf"|\sarroba\s[\w-]{{2,63}}(?:{_DOT}[\w-]{{2,63}}){{1,4}}"
    rf"|\s?[@＠]\s?[\w-]{{2,63}}(?:(?:\.|\s\.\s)[\w-]{{2,63}}){{1,4}})",
    re.IGNORECASE,
)
# "at", "en" and "(a)" are words too: with the dot as a word, or an ending that is none, they are an address.
# "es", "de" and others are left out, because "en este punto es" is a sentence.
_ENDING = r"(?:com|org|net|edu|gob|gov|info|ec|cl|mx|pe|ar|uy|bo|py|br|cat|eu|fr|pt)(?!\w)"
SPOKEN_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?"
    r"(?:\sat\s[\w-]{2,63}(?:\s(?:dot|punto|punt|ponto)\s[\w-]{2,63}){1,4}"
    rf"|\se[nm]\s(?:[\w-]{{2,63}}\s(?:dot|punto|ponto)\s){{1,4}}{_ENDING}"
    rf"|[\[({{<]\s?a\s?[\])}}>]\s?(?:[\w-]{{2,63}}\.){{1,4}}{_ENDING}|[\[({{<]a[\])}}>](?:[\w-]{{2,63}}\.){{1,4}}es(?!\w)"
    rf"|arroba(?:[\w-]{{2,63}}\.){{1,4}}(?:{_ENDING}|es(?!\w)))",
    re.IGNORECASE,
)
# A comma typed for the dot.
COMMA_EMAIL = re.compile(rf"[\w.+%'-]{{1,64}}[@＠](?:[\w-]{{1,63}}[.,]){{1,4}}{_ENDING}", re.IGNORECASE)
SPOKEN_DOT = re.compile(r"\s(?:dot|punto|punt|ponto)\s", re.IGNORECASE)
PROFILE = re.compile(
    r"(?:https?://)?(?:[\w-]{1,20}\.)?(?:facebook|fb|instagram|twitter|x|tiktok|linkedin|t|wa|whatsapp|threads)"
    r"\.(?:com|me|net)/[^\s<>\"'()]{1,200}[^\s<>\"'().,;:!?]|(?:https?://)?linktr\.ee/[\w.-]{0,60}\w",
    re.IGNORECASE,
)
# A page of a person on any site, such as youtube.com/@ana; and the names that Bluesky gives.
PAGE_OF = re.compile(
    r"(?:https?://)?(?:[\w-]{1,40}\.){1,4}[a-z]{2,24}/@[\w.-]{0,60}\w"
    r"|(?:https?://)?youtube\.com/(?:c|user|channel)/[\w.-]{1,60}|(?:https?://)?bsky\.app/profile/[\w.-]{1,60}",
    re.IGNORECASE,
)
# What stands before the name of such a service is whoever writes there.
SERVICE = re.compile(
    r"blogspot|wordpress|wixsite|weebly|tumblr|substack|jimdofree|livejournal"
    r"|sites\.google|about\.me|patreon|flickr",
    re.IGNORECASE,
)
BLOG = re.compile(
    r"(?:https?://)?(?!www\.)(?<![\w.-])[\w-]{2,63}\.(?:blogspot|wordpress|wixsite|weebly|tumblr|substack|jimdofree|livejournal)"
    r"\.(?:com|es|mx|ec|cl|pe)(?:\.\w{2})?(?!\w)(?:/[^\s<>\"'()]{0,200}[^\s<>\"'().,;:!?])?/?"
    r"|(?:https?://)?(?:sites\.google\.com/(?:view|site)|about\.me|patreon\.com|flickr\.com/(?:people|photos))/[\w.@-]{1,60}",
    re.IGNORECASE,
)
# A pin on a map is where somebody lives as often as where something is wished for.
PIN = re.compile(
    r"(?:https?://)?(?:goo\.gl/maps|maps\.app\.goo\.gl|maps\.google\.[a-z.]{2,6}|(?:www\.)?google\.[a-z.]{2,6}/maps"
    r"|(?:www\.)?waze\.com/(?:\w{2}/)?(?:ul|live-map)|(?:www\.)?openstreetmap\.org/(?:\?|#map|node|way)|osm\.org/go"
    r"|maps\.apple\.com|what3words\.com|w3w\.co|plus\.codes)[/?#=]?[^\s<>\"']{0,400}[^\s<>\"'().,;:!?]"
    r"|\bgeo:-?\d{1,2}\.\d+,-?\d{1,3}\.\d+",
    re.IGNORECASE,
)
# Latitude and longitude, in degrees and minutes or in decimals: four tell houses apart (0.0001 is 11 metres).
# But for the Gulf of Guinea one of the two has two digits before the point; of decimals one has a sign, a
# direction of the sky or a fifth decimal. Shares, prices and streets have not.
_MINUTES = r"\d{1,2}(?:[.,]\d+)?\s?['’′](?:\s?\d{1,2}(?:[.,]\d+)?\s?(?:[\"”″]|['’′]{2}))?"
_DEGREES = rf"\d{{1,3}}\s?[°º]\s?{_MINUTES}\s?(?:[NSEWOnsewo](?!\w))?"
_SKY = r"\s?°?\s?[NSEWO](?!\w)"
_DECIMALS = rf"[-−]?\d{{1,3}}[.,](?:\d{{3,15}}{_SKY}|\d{{4,15}}°?)"
_SEPARATOR = r"(?:\s{0,2}[,;/|]\s{0,2}|\s{1,2}|(?=\s?-))(?:lon(?:g(?:itude?)?)?\.?\s?[:=]?\s?)?"
COORDINATES = re.compile(
    rf"(?<![\w.,°-])(?=[-−]?\d)(?:{_DEGREES}{_SEPARATOR}{_DEGREES}"
    rf"|(?=[-−\d.,;/|\s°NSEWOlongitude:=]{{0,24}}?\d\d[.,]\d{{3}})(?=[^\n]{{0,24}}?(?:[-−]\d{{1,3}}[.,]\d{{3}}|\d[.,]\d{{5}}|\d[.,]\d{{3,15}}{_SKY}))"
    rf"{_DECIMALS}{_SEPARATOR}{_DECIMALS})(?![\w°])"
)
# The page of a person on a platform of proposals, and an address that carries who opens it.
PERSONAL_PAGE = re.compile(
    r"(?:https?://[^\s<>\"'()?#]{1,120}/(?:profiles?|users?|usuari[oa]s?|usuaris|perfil|perfiles|perfils|u)/"
    r"|https?://[^\s<>\"'()?#]{1,200}\?[^\s<>\"'()]{0,200}?(?<=[?&;])"
    r"(?:user|uid|usuari[oa]|author|autor|e?mail|correo|token|name|nombre|phone|telefono|entry\.\d+)[\w.]{0,10}=)"
    r"[^\s<>\"'()]{0,200}[^\s<>\"'().,;:!?]",
    re.IGNORECASE,
)
BLUESKY = re.compile(r"@?(?<![\w.-])[\w-]{2,63}\.bsky\.social(?!\w)", re.IGNORECASE)
# Behind the name of a network a word with a line or a digit is a handle; any other may be plain prose.
BEHIND_NETWORK = re.compile(
    r"(?P<kept>\b(?:IG|insta(?:gram)?|twitter|tik\s?tok|facebook|fb|telegram|snapchat|threads|bluesky"
    r"|linkedin|youtube)(?:\s?:\s?|\s(?:es\s|is\s|é\s|és\s)?))(?=[a-z][\w.]*[_\d])[a-z][\w.]{1,28}\w",
    re.IGNORECASE,
)
# A letter X is a network only where one is on it.
_ON_X = r"(?<!\w)(?:(?:en|on|a|no|em|sur|mi|my|meu)\sX|X\s?\((?:antes|ex|formerly|ex-?)\s?twitter\))"
# Behind a colon, or said to be one's own, any word that ends its sentence is a handle.
_NETWORK = (
    r"(?:IG|insta(?:gram)?|twitter|tik\s?tok|facebook|fb|telegram|snapchat|threads|bluesky|linkedin|youtube)"
)
OWN_ON_NETWORK = re.compile(
    rf"(?P<kept>(?:\b{_NETWORK}|{_ON_X})(?:\s?:\s?|,?\s(?:soy|estoy como|me llamo|i am|i'm|sóc|sou)\s))"
    r"(?!https?:|www\.)[\w.-]{2,29}\w(?=\s*(?:[.,;)\]\n]|$)|\s+(?-i:[A-ZÁÉÍÓÚÑ¡¿])|\s+[yoe]\s)"
    rf"|(?P<kept_too>\b(?:soy|i am|i'm|sóc|sou)\s)(?!usuari|parte|activ|nuev|miembr|un[ao]?\b)"
    rf"[\w.]{{2,29}}\w(?=\s(?:en|on|a|no)\s(?:{_NETWORK}\b|X(?!\w)))",
    re.IGNORECASE,
)
# Whoever asks to be followed says under which name, of one word or as a person is called.
_FOLLOW = (
    r"(?:s[ií]g[au](?:n|e)?me|s[ií]gueme|b[úu]s(?:quen|ca|que)me|encu[ée]ntr(?:en|a|e)me|escr[íi]b(?:an|e|a)me"
    r"|cont[áa]ct(?:en|a|e)me|agr[ée]g(?:uen|a)me|estoy|follow\sme|find\sme|segueix-me|siga-me|sigam-me|suivez-moi)"
)
FOLLOW_ME = re.compile(
    rf"(?P<kept>\b{_FOLLOW}(?:\s[^\n.;:!?]{{0,20}}?)?\s(?:en|on|a|no|em|sur)\s(?:mi\s|el\s)?(?:{_NETWORK}|X)"
    r"(?:\s?\([^()\n]{1,20}\))?(?:\s?:\s?|\s(?:como|as|com|comme|com\sa)\s))(?!https?:|www\.)"
    r"(?-i:[A-ZÁÉÍÓÚÑ][^\W\d_]+(?:\s(?:de(?:l|\sla)?\s)?[A-ZÁÉÍÓÚÑ][^\W\d_]+){0,3}|[\w.-]{2,29}\w)",
    re.IGNORECASE,
)
HANDLE = re.compile(r"(?<![\w@./=])[@＠][A-Za-z0-9_](?:[\w.]{0,28}\w)(?![\w(/])")
# Ecuador: ten digits that begin with a province, whole or with separators; thirteen are a person's tax number
# when the third is below six and the last three are 001. Spain: with its letter. Chile: with its check digit.
IDENTITY = re.compile(
    r"(?<![\w.,/-])(?:"
    r"(?:0\d|1\d|2[0-4]|30)(?:[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d[ -]?\d(?:[ -]?001(?!\d))?|[0-5]\d{7}001)"
    r"|(?:\d{2}\.?\d{3}\.?\d{3}|[XYZ]-?\d{7})[ -]?[A-HJ-NP-TV-Z]"
    r"|\d{1,2}\.\d{3}\.\d{3}-[\dkK]"
    # Venezuela: of citizens and of foreigners; seven digits at least, since E-35 is a road.
    r"|[VE](?:[-–]\s?|\s)?\d{1,2}\.\d{3}\.\d{3}|[VE][-–]\s?\d{7,8}(?:-\d)?)(?![\w/])"
)
# Behind one of these words any six digits or more are an identity number, of whatever country; "cc" in small
# letters is a measure. Two years are none.
NAMED_NUMBER = re.compile(
    r"\b(?:CPF|CNPJ?|NIF|NIE|DNI|CURP|RFC|SSN|NSS|CUIT|CUIL|RUT|RUN|RUC|(?-i:CC|CI)|(?<!\d\s)(?<!\d)C\.[CI]|c[ée]dula(?:\sde\s(?:ciudadan[íi]a|identidad|extranjer[íi]a))?|IBAN"
    r"|pasaporte|passaporte|passport|carn[ée]t?\sde\sextranjer[íi]a|PTP|PPT)\b[^\w\n]{0,4}(?:(?:es|is|é|és)\b[^\w\n]{1,3}(?:el\s|la\s|the\s)?)?(?:(?:n[úu]mero|n[úu]m|nro|no|n|number)(?:\b|(?=[º°]))\.?[º°]?[^\w\n]{0,3})?"
    r"(?![^\w\n]*(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d(?!\d))"
    r"([A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?(?!\w)"
    r"|(?=(?:[A-Z]{0,6}\d){6})[A-Z0-9]{6,34}(?:-?[A-Z0-9])?(?!\w)"
    r"|(?:[A-Z]{1,3}[ -]?)?\d(?:[ ./–-]{0,2}\d){5,30}(?:-?[A-Z])?(?!\w))",
    re.IGNORECASE,
)
# A plate leads to the owner of the vehicle: three letters and three or four digits (Ecuador; two, three and a
# letter for motorcycles) behind a word for it. Other threes of letters with a year are no plates.
PLATE = re.compile(
    r"(?P<kept>(?i:\b(?:placas?|matr[íi]culas?|plates?)\b[^\n;!?]{0,14}?))"
    r"(?<!\w)(?:[A-Z]{3}[ -]?\d{3,4}|[a-z]{3}-?\d{3,4}|[A-Z]{2}[ -]?\d{3}[A-Z])(?!\w)"
    r"|(?P<kept_too>(?i:\b(?:veh[íi]culo|carro|auto|autom[óo]vil|camioneta|moto|motocicleta|taxi|furgoneta)s?\s))"
    r"(?:[A-Z]{3}[ -]?\d{3,4}|[A-Z]{2}[ -]?\d{3}[A-Z])(?!\w)"
)
ARTICLE_BEFORE = re.compile(r"\bart(?:s|[íi]culos?)?\.?\s?(?:n[º°o]?\.?\s?)?$", re.IGNORECASE)
DIGITS = re.compile(r"\d(?:(?:[^\w\n]|_){0,3}\d){5,}")
# Behind one of these words any six digits or more are a telephone, of whatever country.
CALLED = re.compile(
    r"\b(?:t(?:el|lf|elf|el[ée]f|el[ée]fonos?|fno|fn)|celus?|cel(?:ular(?:es)?)?|m[óo]vil|fono|phone|mobile|whats?app|wasap|telefone|llam(?:ar|e|en)"
    r"|ll[áa]mame|contacto)\b[^\w\n]{0,4}(?:al?|es(?:\sel)?|el|n[úu]mero|no?\.)?[^\w\n+(]{0,3}"
    r"(\+?\(?\d(?:[^\w\n,;]{0,3}\d){5,14}(?:,?\s?(?:ext|extensi[óo]n|int)\.?\s?\d{1,5})?)(?!\w)",
    re.IGNORECASE,
)
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
    others: Collection[tuple[str, str]] = (),
    two_parts: bool = False,
    counts: Counter[str] | None = None,
) -> str:
    """Mask e-mail addresses, profiles, @handles, telephone and identity numbers, and the author's own name.

    Names are parted by semicolons; of ``places`` see `name_parts.spans`, of ``others`` `name_parts.signed`
    and `name_parts.whole`: three parts, or two where ``two_parts`` says that others handed the text in too or
    that it is all there is in a cell.

    >>> mask("Soy Ana Ruiz, ana@ejemplo.ec, 0991234567, 171234567-8", "ana ruiz")
    'Soy […], […], […], […]'
    >>> counts = Counter()
    >>> mask("ana [at] ejemplo.ec o @ana_ruiz; (02) 245-6789", counts=counts), sorted(counts)
    ('[…] o […]; […]', ['email', 'handle', 'telephone'])
    """
    counts = Counter() if counts is None else counts
    if not text:  # most cells of some exports
        return text
    text = _without_accounts(text, counts)
    if "°" in text or DIGITS.search(text):
        text = _masked(text, (COORDINATES, "location"), counts=counts)
        text = _without_numbers(text, country, counts)
    text = _without_spans(text, [(*span, "telephone") for span in spoken_numbers.spans(text)], counts)
    text = _masked(text, (PLATE, "identity"), counts=counts)
    for author in AUTHORS.split(name):
        text = _without_name(text, author, counts)
    spans = name_parts.spans(text, name, places) if name else []
    signatures = name_parts.signed(text, others), name_parts.whole(text, others, least=2 if two_parts else 3)
    return _without_parts(text, sorted({*spans, *signatures[0], *signatures[1]}), counts)


def _without_accounts(text: str, counts: Counter[str]) -> str:
    """Mask addresses of e-mail, pages of a person and names on networks."""
    at = "@" in text or "＠" in text
    if at or any(sign in text for sign in "[({<") or "arroba" in text.casefold() or SPOKEN_DOT.search(text):
        kinds = [(one, "email") for one in (EMAIL, COMMA_EMAIL, WRITTEN_EMAIL, SPOKEN_EMAIL)]
        text = _masked(text, (PAGE_OF, "profile"), *kinds, counts=counts)
    if "/" in text:
        pages = [(one, "profile") for one in (PROFILE, PERSONAL_PAGE)]
        text = _masked(text, (PIN, "location"), *pages, counts=counts)
    if "bsky" in text.casefold():
        text = _masked(text, (BLUESKY, "handle"), counts=counts)
    own = [(one, "handle") for one in (BEHIND_NETWORK, FOLLOW_ME, OWN_ON_NETWORK)]
    text = _masked(text, *own, counts=counts)
    if SERVICE.search(text):
        text = _masked(text, (BLOG, "profile"), counts=counts)
    if at:
        text = _masked(text, (HANDLE, "handle"), counts=counts)
    return text


def mask_columns(frame: pd.DataFrame, columns: Iterable[str]) -> tuple[pd.DataFrame, list[tuple[int, str]]]:
    """Mask typed texts in columns of a table; also say which cells changed, by position of row and by column.

    >>> frame = pd.DataFrame({"proposal": ["P1", "P2"], "reason": ["A complaint", "Call 0991234567"]})
    >>> masked, changed = mask_columns(frame, ["reason", "title"])
    >>> masked["reason"].tolist(), changed
    (['A complaint', 'Call […]'], [(1, 'reason')])
    """
    changed = []
    for name in [name for name in columns if name in frame]:
        cells = [mask(cell) if isinstance(cell, str) else cell for cell in frame[name]]
        rows = [
            row
            for row, (old, new) in enumerate(zip(frame[name], cells, strict=True))
            if old is not new and old != new
        ]
        if rows:
            frame = frame.assign(**{name: pd.Series(cells, index=frame.index, dtype=frame[name].dtype)})
            changed += [(row, name) for row in rows]
    return frame, changed


def _masked(text: str, *patterns: tuple[re.Pattern[str], str], counts: Counter[str]) -> str:
    for pattern, kind in patterns:
        text, count = pattern.subn(_behind_what_is_kept, text)
        if count:
            counts[kind] += count
    return text


def _behind_what_is_kept(match: re.Match[str]) -> str:
    kept = match.groupdict()
    return (kept.get("kept") or kept.get("kept_too") or "") + MASK


def _without_numbers(text: str, country: str, counts: Counter[str]) -> str:
    spans = [(*match.span(), "identity") for match in IDENTITY.finditer(text) if _is_identity(match[0])]
    spans += [(start, end, "telephone") for start, end in _telephones(text, country)]
    spans = [span for span in spans if not ARTICLE_BEFORE.search(text[max(span[0] - 16, 0) : span[0]])]
    spans = [
        *((*match.span(1), "identity") for match in NAMED_NUMBER.finditer(text)),
        *((*match.span(1), "telephone") for match in CALLED.finditer(text)),
        *spans,
    ]
    return _without_spans(text, spans, counts)


def _without_spans(text: str, spans: list[tuple[int, int, str]], counts: Counter[str]) -> str:
    kept, place = [], 0
    # By where they begin, the longer of two first; what overlaps one that is masked is masked with it.
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= place:
            kept += [text[place:start], MASK]
            counts[kind] += 1
        place = max(place, end)
    return "".join([*kept, text[place:]])


def _is_identity(typed: str) -> bool:
    letter = typed[-1].upper()
    if letter.isdigit() or letter == "K":
        return True
    # Spain's letter follows from the number: 23 letters in this order (Real Decreto 1553/2005, art. 11).
    number = re.sub(r"\D", "", typed[:-1].upper().translate(str.maketrans("XYZ", "012")))
    return letter == "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]


def _telephones(text: str, country: str) -> Iterator[tuple[int, int]]:
    from phonenumbers import Leniency, PhoneNumberMatcher

    yield from (match.span() for match in PREFIXED.finditer(text) if _has_a_prefix(match, country))
    text = text.replace("_", " ")  # a separator too, which the library does not know
    for region in dict.fromkeys((country, *ABROAD)):
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
    return text if pattern is None else _masked(text, (pattern, "author"), counts=counts)


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
