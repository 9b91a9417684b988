"""Addresses of e-mail, pages of a person and names on networks in texts; what is a public body's stays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ogp_analysis.privacy import map_points
from ogp_analysis.privacy.listed_words import listed
from ogp_analysis.privacy.mask_sign import patterns_masked, spans_masked
from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_shapes import GIVEN, is_made_of_names
from ogp_analysis.privacy.public_contacts import is_of_a_body

# Characters that are there and not seen part an address for a program and for nobody else.
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
EMAIL = re.compile(
    rf"[\w.+%'{_UNSEEN}-]{{1,64}}[@＠](?:[\w{_UNSEEN}-]{{1,63}}\.){{1,8}}[^\W\d_][^\W\d_{_UNSEEN}]{{1,23}}"
)
# ana [at] ejemplo.ec, ana (arroba) ejemplo (punto) ec, ana arroba ejemplo punto ec.
_DOT = (
    r"(?:\.|\s?[\[({<]\s?(?:dot|punto|punt|ponto|point|\.)\s?[\])}>]\s?|\s(?:dot|punto|punt|ponto|point)\s)"
)
_ENDING = r"(?:com|org|net|edu|gob|gov|info|ec|cl|mx|pe|ar|uy|bo|py|br|cat|eu|fr|pt)(?!\w)"
WRITTEN_EMAIL = re.compile(
    r"(?<![\w.+-])(?!(?:ig|insta|instagram|twitter|tiktok|facebook|fb|x|threads)\s@)(?:[\w.+-]{1,64}\s(?:punto|dot|punt|ponto|gui[óo]n(?:\sbajo)?)\s(?=[\w.+-]{1,64}\s?(?:arroba|arobase|[\[(]at)))?[\w.+-]{1,64}\s?"
    rf"(?:[\[({{<]\s?(?:at|arroba|arrova|arobase|chez|@)\s?[\])}}>]\s?[\w-]{{2,63}}(?:{_DOT}[\w-]{{2,63}}){{0,4}}"
    rf"|\s(?:arroba|arrova|arobase)\s[\w-]{{2,63}}(?:{_DOT}[\w-]{{2,63}}){{1,4}}"
    rf"|\s?[@＠]\s?[\w-]{{2,63}}(?:(?:\.|\s\.\s|\s\.(?={_ENDING}))[\w-]{{2,63}}){{1,4}})",
    re.IGNORECASE,
)
# "at", "en" and "(a)" are words too: with the dot as a word, or an ending that is none, they are an address.
# "es", "de" and others are left out, because "en este punto es" is a sentence.
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
# A name of a service that everybody knows needs no ending: ana@gmailcom, ana arroba gmail, ana%40gmail.com.
SERVICE_NAMES = ("gmail", "hotmail", "yahoo", "outlook", "icloud", "protonmail")
_SERVICE = rf"(?:{'|'.join(SERVICE_NAMES)})"
SERVICE_NAMED = re.compile(rf"[\s\w]{_SERVICE}\.")
SERVICE_EMAIL = re.compile(
    rf"(?<![\w.+-])(?:[\w.+-]{{1,40}}\s(?:dot|punto|ponto|punt)\s){{0,2}}[\w.+-]{{1,64}}(?:(?:@|＠){{1,2}}|%40|\s(?:arroba|arrova|arobase|at)\s|\s?[\[({{<](?:em|en)[\])}}>]\s?|&#64;)"
    rf"(?:{_SERVICE}(?:\.?[\w-]{{2,12}}){{0,2}}|(?:[\w-]{{1,63}}\.){{1,4}}{_ENDING})(?:{_DOT}\w{{2,12}}){{0,2}}",
    re.IGNORECASE,
)
# The sign left out: the service behind a user name with a digit or a sign in it, or behind what leads one in.
SIGNLESS_EMAIL = re.compile(
    r"(?:(?P<kept>\b(?:correo(?:\selectr[óo]nico)?|e-?mail|mail)\s?(?::|es|is|é|és)\s?)[\w.+-]{3,64}"
    rf"|(?<![\w.+-])(?=[a-z][\w.+-]*[\d_.])[\w.+-]{{4,64}})\s{{1,2}}{_SERVICE}\.(?:com|es)(?:\.\w\w)?(?!\w)",
    re.IGNORECASE,
)
# The sign forgotten between a name and its service: ana99gmail.com.
GLUED_EMAIL = re.compile(
    rf"(?<![\w@/.:-])(?!www\.)[a-z][\w+-]*(?:\.[\w+-]+)*(?<=\w\w\w){_SERVICE}\.(?:com|es)(?:\.\w\w)?(?![\w/])",
    re.IGNORECASE,
)
# A user name of a person that nothing leads in: kevin_sinche_ec; its own network said: meu insta é wesnog.
USER_NAME = re.compile(r"(?<![\w./@=?&#:+-])[a-z][a-z0-9]{1,20}(?:_[a-z0-9]{1,20}){1,3}(?![\w./@=(-])")
OWN_NAMED = re.compile(
    r"(?P<kept>\b(?:mi|my|mon|meu|el\smeu)\s(?:ig|insta(?:gram)?|twitter|tik\s?tok|telegram|x|threads)\s(?:es|is|est|é|és)\s)"
    r"(?!usuari|gratis|de\b|la\b|el\b|un|para|public|priv)@?[a-z][\w.]{3,29}\w",
    re.IGNORECASE,
)
OWN_PASSWORD = re.compile(
    r"(?P<kept>\b(?:mi|my|minha)\s(?:clave|contrase[ñn]a|password|senha|pin)(?:\s\w{1,12})?\s(?:es|is|é|era)\s)"
    r"(?=\S{0,40}\d)[^\s,;]{4,40}",
    re.IGNORECASE,
)
OWN_ACCOUNT = re.compile(
    r"(?P<kept>\b(?:mi|my|mon|meu|el\smeu)\s(?:usuario|user(?:name)?|nick|pseudo|usuari|login|gmail|hotmail|discord|canal\sde\syoutube)"
    r"\s?(?::\s?|(?:es|is|est|é|és)\s))[\w.#-]{1,38}\w(?=\s*(?:[.,;)\]\n]|$))"
    r"|(?P<kept_too>\b(?:usuario|username|user|login|discord)\s?(?::\s?|\s))(?=[\w.#-]*\d)[A-Za-z][\w.#-]{2,39}",
    re.IGNORECASE,
)
SPOKEN_DOT = re.compile(r"\s(?:dot|punto|punt|ponto)\s", re.IGNORECASE)
PROFILE = re.compile(
    r"(?:https?://)?(?:[\w-]{1,20}\.)?(?:facebook|fb|instagram|twitter|x|tiktok|linkedin|t|wa|whatsapp|threads)"
    r"\.(?:com|me|net)/[^\s<>\"'()]{1,200}[^\s<>\"'().,;:!?]|(?:https?://)?(?:linktr\.ee|orcid\.org|m\.me|ig\.me|wa\.link|signal\.me/#\w{1,3}|snapchat\.com/add|(?:www\.)?twitch\.tv|(?:[\w-]{1,40}\.)?academia\.edu)/[\w.-]{0,60}\w",
    re.IGNORECASE,
)
# The same with blanks around its signs, as some write it so that no form takes it away.
SPACED_PROFILE = re.compile(
    r"\b(?:facebook|fb|instagram|twitter|tiktok|linkedin|threads)\s?\.\s?(?:com|net)\s?/\s?@?\s?[\w.-]{2,39}\w",
    re.IGNORECASE,
)
# A page of a person on any site, such as youtube.com/@ana; and the names that Bluesky gives.
PAGE_OF = re.compile(
    r"(?:https?://)?(?:[\w-]{1,40}\.){1,4}[a-z]{2,24}/@[\w.-]{0,60}\w"
    r"|(?:https?://)?youtube\.com/(?:c|user|channel)/[\w.-]{1,60}|(?:https?://)?bsky\.app/profile/[\w.-]{1,60}",
    re.IGNORECASE,
)
# What stands before the name of such a service is whoever writes there.
BLOG = re.compile(
    r"(?:https?://)?(?!www\.)(?<![\w.-])[\w-]{2,63}\.(?:blogspot|wordpress|wixsite|weebly|tumblr|substack|jimdofree|livejournal)"
    r"\.(?:com|es|mx|ec|cl|pe)(?:\.\w{2})?(?!\w)(?:/[^\s<>\"'()]{0,200}[^\s<>\"'().,;:!?])?/?"
    r"|(?:https?://)?(?:sites\.google\.com/(?:view|site)|about\.me|patreon\.com|flickr\.com/(?:people|photos))/[\w.@-]{1,60}",
    re.IGNORECASE,
)
# The page of a person on a platform of proposals, and an address that carries who opens it.
# What of an address names who opens it, or opens a door: accounts, passwords, keys, signatures, invitations.
PERSONAL_PARAMETER = (
    r"(?:(?:user|usuari[oa]|author|autor|e?mail|correo|name|nombre|phone|telefono|entry)(?:name|id)?(?:[_.-]\w{0,12}|\d{0,6})|o?uid|login"
    r"|(?:[\w.-]{1,20}[_.-])?(?:(?:auth|access|api|refresh|csrf)?token|signature|credential|secret|password|passwd|pwd|session(?:id)?)"
    r"|pass(?:code|phrase)?|contrase(?:%c3%b1|ñ|n)a|clave|senha|mot_?de_?passe|mdp|pin|otp|tk|jwt|sig|hmac|auth(?:key)?"
    r"|(?:(?:api|access|resource|secret|private|auth|edit|share)[_-]?)?key|sid|phpsessid|jsessionid|sso|ticket|invit(?:e|ation|acion)"
    r"|convite|edit2|respondent(?:_?id)?|recipient(?:_?id)?)="
)
PERSONAL_PAGE = re.compile(
    r"(?:https?://[^\s<>\"'()?#]{1,120}/(?:profiles?|users?|usuari[oa]s?|usuaris|perfil|perfiles|perfils|u)/"
    rf"|(?:https?://|(?<![\w@.])(?:[\w-]{{1,40}}\.){{1,4}}[a-z]{{2,10}}/)[^\s<>\"'()?#;]{{0,200}}[?#;][^\s<>\"'()]{{0,300}}?(?<=[?&;#/]){PERSONAL_PARAMETER}"
    # A name and a password in front of the site.
    r"|https?://[^\s<>\"'()/@:]{1,60}:[^\s<>\"'()/@]{1,60}@)"
    r"[^\s<>\"'()]{0,200}[^\s<>\"'().,;:!?]",
    re.IGNORECASE,
)
# A room where somebody meets, and what opens it.
MEETING = re.compile(
    r"(?:https?://)?(?:[\w-]{1,40}\.){0,3}(?:zoom\.us/(?:j|my|s|w|wc|meeting)/|zoomgov\.com/j/|meet\.google\.com/(?=\w{3}-\w{4}-\w{3})"
    r"|teams\.(?:microsoft|live)\.com/(?:l/meetup-join|meet|dl)/|webex\.com/(?:meet|join|\w+/j\.php)|meet\.jit\.si/|whereby\.com/"
    r"|gotomeet(?:ing)?\.(?:com|me)/|join\.skype\.com/|discord\.(?:gg|com/invite)/|signal\.group/)[^\s<>\"'()]{0,300}[^\s<>\"'().,;:!?]",
    re.IGNORECASE,
)
MEETING_CODE = re.compile(
    r"(?P<kept>\b(?:(?:id|c[óo]digo|clave|contrase[ñn]a|password|passcode|pwd|pin|senha|mot\sde\spasse|contrasenya)"
    r"(?:\s(?:de\s(?:la\s)?|d['’]|da\s|del?\s)?(?:reuni[óo]n|sesi[óo]n|zoom|acceso|acc[èe]s|acesso|meeting|r[ée]union|sala|reuni[ãa]o))?"
    r"|(?:meeting|zoom)\s(?:id|password|passcode|pin))\s?[:=]\s?)"
    r"(?=\S*\d|(?-i:\S*[a-z][A-Z]))(?:\d{3}[\s-]\d{3,4}[\s-]\d{3,4}|[^\s,;<>]{4,40}[^\s,;.<>])",
    re.IGNORECASE,
)
BLUESKY = re.compile(r"@?(?<![\w.-])[\w-]{2,63}\.bsky\.social(?!\w)", re.IGNORECASE)
# Behind the name of a network a word with a line or a digit is a handle; any other may be plain prose.
BEHIND_NETWORK = re.compile(
    r"(?P<kept>\b(?:IG|insta(?:gram)?|twitter|tik\s?tok|facebook|fb|telegram|snapchat|threads|bluesky"
    r"|linkedin|youtube|face|skype|messenger|viber|twitch)(?:\s?:\s?|\s(?:es\s|is\s|é\s|és\s)?))(?=[a-z][\w.]*(?:[_\d]|(?-i:\.[a-z])))[a-z][\w.]{1,28}\w",
    re.IGNORECASE,
)
# A letter X is a network only where one is on it.
_ON_X = r"(?<!\w)(?:(?:en|on|a|no|em|sur|mi|my|meu)\sX|X\s?\((?:antes|ex|formerly|ex-?)\s?twitter\))"
_NETWORK = (
    r"(?:IG|insta(?:gram)?|twitter|tik\s?tok|facebook|fb|telegram|snapchat|threads|bluesky|linkedin|youtube"
    r"|messenger|skype|twitch)"
)
# "mi cuenta ana_37 en Instagram", "mi usuario de Telegram yzqx", "mi canal de YouTube Quishpe Vlogs".
ACCOUNT_ON = re.compile(
    rf"(?P<kept>\b(?:cuenta|usuari[oa]|perfil|account|conta)\s)@?(?=[\w.]*[\d_])[a-z][\w.]{{2,28}}\w(?=\s(?:en|de|on|no|em)\s{_NETWORK}\b)"
    rf"|(?P<kept_too>\b(?:mi|meu|my)\s(?:cuenta|usuari[oa]|perfil|nick|conta)\s(?:de|en|do|no|on)\s{_NETWORK}\s)@?[a-z][\w.]{{3,28}}\w(?=\s*(?:[.,;)\]\n]|$))"
    r"|(?P<kept_canal>\b(?:mi|meu|my)\s(?:canal|channel)\s(?:de|en|do|no|on)\s(?:youtube|twitch|telegram|kick)\s)(?-i:[A-ZÁÉÍÓÚÑ][\w]{2,24}(?:\s[A-ZÁÉÍÓÚÑ]\w{1,24}){0,3})",
    re.IGNORECASE,
)
# Two to five words as a person is called: Marlene de Tandazo Oficial.
_SEVERAL = (
    r"(?-i:[A-ZÁÉÍÓÚÑ][^\W\d_]{1,24}(?:\s(?:del?\s(?:la\s|los\s)?)?[A-ZÁÉÍÓÚÑ][^\W\d_]{1,24}){1,4}(?!\w))"
)
# Words of what an administration deals with, of bodies and of places: an account called so is nobody's.
OF_NOBODY = listed("common", "group", "account", "place") - {"oficial", "official"}
# Behind a colon, or said to be one's own, any word that ends its sentence is a handle.
OWN_ON_NETWORK = re.compile(
    rf"(?P<kept>(?:\b{_NETWORK}|{_ON_X})(?:(?P<colon>\s?:\s?)|,?\s(?:soy|estoy como|me llamo|i am|i'm"
    rf"|sóc|sou)\s))"
    rf"(?!https?:|www\.)(?P<typed>{_SEVERAL}|[\w.-]{{2,29}}\w)"
    r"(?=\s*(?:[.,;)\]\n]|$)|\s+(?-i:[A-ZÁÉÍÓÚÑ¡¿])|\s+[yoe]\s)"
    rf"|(?P<kept_too>\b(?:soy|i am|i'm|sóc|sou)\s)(?!usuari|parte|activ|nuev|miembr|un[ao]?\b)"
    rf"[\w.]{{2,29}}\w(?=\s(?:en|on|a|no)\s(?:{_NETWORK}\b|X(?!\w)))",
    re.IGNORECASE,
)
# "Mejoras en X: veredas", "difusión por Facebook: fotos": what is done there, unless one speaks of oneself.
ON_SOMETHING = re.compile(
    r"(?P<what>[^\W\d_]+)\s(?:en|por|v[íi]a|mediante|on|via|em|no|a|sur|per)\s(?:(?:el|la|su|sus)\s)?$",
    re.IGNORECASE,
)
OF_ONESELF = re.compile(
    r"(?:estoy|est[áa]|soy|somos|mi|me|nos|tengo|cuentas?|perfil|usuari[oa]s?|nombre|contact\w*|b[úu]s[cq]\w*|encu[ée]ntr\w*"
    r"|escr[íi]b\w*|s[ií]g[au]\w*|seguir(?:me|nos)?|ver(?:me)?|hallar(?:me)?|ubicar(?:me)?|hablar|tambi[ée]n|redes|ando|y|o|u|e|i"
    r"|am|my|account|follow|find|and|or|publico|comparto|opino|twitter|instagram|facebook|tel|correo)",
    re.IGNORECASE,
)
# Whoever asks to be followed says under which name, of one word or as a person is called.
_FOLLOW = (
    r"(?:s[ií]g[au](?:n|e)?me|s[ií]gueme|b[úu]s(?:quen|ca|que)me|encu[ée]ntr(?:en|a|e)me|escr[íi]b(?:an|e|a)me"
    r"|cont[áa]ct(?:en|a|e)me|agr[ée]g(?:uen|a)me|estoy"
    r"|me\s(?:pueden?\s)?(?:encuentra[ns]?|busca[nr]|encontrar|seguir|sigue[ns]?|ubica[nr]|halla[nr])|(?:buscar|encontrar|seguir|ubicar|hallar)me|follow\sme|find\sme|segueix-me|siga-me|sigam-me|suivez-moi)"
)
FOLLOW_ME = re.compile(
    rf"(?P<kept_first>\b(?:b[úu]s(?:quen|ca|que)me|encu[ée]ntr(?:en|a|e)me|agr[ée]g(?:uen|a)me|s[ií]g[au](?:n|e)?me)\scomo\s)"
    r"(?:(?-i:[A-ZÁÉÍÓÚÑ][^\W\d_]+(?:\s[A-ZÁÉÍÓÚÑ][^\W\d_]+){0,3})|[\w.-]{4,29}\w)"
    rf"|(?P<kept>\b{_FOLLOW}(?:\s[^\n.;:!?]{{0,20}}?)?\s(?:en|on|a|no|em|sur)\s(?:mi\s|el\s)?(?:{_NETWORK}|X)"
    r"(?:\s?\([^()\n]{1,20}\))?(?:\s?:\s?|\s(?:como|as|com|comme|com\sa)\s))(?!https?:|www\.|siempre|antes|tod[ao]s?\b|un[ao]?\b)"
    r"(?-i:[A-ZÁÉÍÓÚÑ][^\W\d_]+(?:\s(?:de(?:l|\sla)?\s)?[A-ZÁÉÍÓÚÑ][^\W\d_]+){0,3}|[\w.-]{2,29}\w)",
    re.IGNORECASE,
)
# A blank behind the sign, where a network stands in front of it.
PARTED_HANDLE = re.compile(
    rf"(?P<kept>\b(?:{_NETWORK}|X)(?:\s?:)?\s)[@＠]\s[A-Za-z0-9_][\w.]{{1,28}}\w(?!\w)", re.IGNORECASE
)
HANDLE = re.compile(r"(?<![\w@./=])[@＠][A-Za-z0-9_](?:[\w.]{0,28}\w)(?![\w(/])")
# Quick looks, in small letters: without one of these none of the slower patterns can fit.
NETWORKS = (
    *(
        "ig",
        "insta",
        "twitter",
        "tok",
        "facebook",
        "fb",
        "telegram",
        "snapchat",
        "threads",
        "bluesky",
        "bsky",
    ),
    *("linkedin", "youtube", "skype", "messenger", "viber", "twitch", "face", " x", "x (", "x(", "me como "),
)
OPENING = ("contras", "clave", "pass", "pwd", "pin", "senha", "reuni", "meeting", "zoom", "sesi", "acce")
ACCOUNT = ("usuari", "user", "nick", "pseudo", "login", "gmail", "hotmail", "discord", "canal")
SERVICES = (
    *("blogspot", "wordpress", "wixsite", "weebly", "tumblr", "substack", "jimdofree", "livejournal"),
    *("sites.google", "about.me", "patreon", "flickr"),
)


def masked(text: str, counts: Counter[str]) -> str:
    """Mask what reaches a person over the net, and count it by its kind.

    >>> counts = Counter()
    >>> masked("Mejoras en X: veredas; estoy en X: yzqx; info@quito.gob.ec; ana@ejemplo.ec", counts)
    'Mejoras en X: veredas; estoy en X: […]; info@quito.gob.ec; […]'
    >>> dict(counts)
    {'email': 1, 'handle': 1}
    """
    small = text.casefold()
    at = "@" in text or "＠" in text
    if "/" in text:
        text = spans_masked(text, [(*span, "location") for span in map_points.links(text)], counts)
        text = _masked(
            text,
            *((one, "profile") for one in (PROFILE, SPACED_PROFILE, MEETING, PERSONAL_PAGE)),
            counts=counts,
        )
    if at or _may_hold_an_address(text, small):
        kinds = [(one, "email") for one in (EMAIL, COMMA_EMAIL, WRITTEN_EMAIL, SPOKEN_EMAIL, SERVICE_EMAIL)]
        text = _masked(text, (PAGE_OF, "profile"), *kinds, counts=counts)
    if any(f"{service}." in small for service in SERVICE_NAMES) and SERVICE_NAMED.search(small):
        text = _masked(text, (SIGNLESS_EMAIL, "email"), (GLUED_EMAIL, "email"), counts=counts)
    names = [(*match.span(), "handle") for match in _user_names(text) if _is_of_a_person(match[0])]
    text = spans_masked(text, names, counts)
    if any(word in small for word in ACCOUNT):
        text = _masked(text, (OWN_ACCOUNT, "handle"), counts=counts)
    if any(word in small for word in OPENING):
        text = _masked(text, (MEETING_CODE, "profile"), (OWN_PASSWORD, "profile"), counts=counts)
    if any(network in small for network in NETWORKS):
        own = [
            (one, "handle")
            for one in (BLUESKY, OWN_NAMED, ACCOUNT_ON, BEHIND_NETWORK, FOLLOW_ME, OWN_ON_NETWORK)
        ]
        text = _masked(text, *own, counts=counts)
    if any(service in small for service in SERVICES):
        text = _masked(text, (BLOG, "profile"), counts=counts)
    return _masked(text, (PARTED_HANDLE, "handle"), (HANDLE, "handle"), counts=counts) if at else text


def _may_hold_an_address(text: str, small: str) -> bool:
    """Say whether a sign or a word stands in a text that people write for the sign of an e-mail address."""
    if any(sign in text for sign in "[({<"):
        return True
    if any(word in small for word in ("arroba", "arrova", "arobase", "%40", "&#64;", " at ")):
        return True
    return any(dot in small for dot in ("dot", "punt", "ponto")) and SPOKEN_DOT.search(text) is not None


def _user_names(text: str) -> Iterator[re.Match[str]]:
    return USER_NAME.finditer(text) if "_" in text else iter(())


def _is_of_a_person(user_name: str) -> bool:
    """Say whether a user name has a given name in it, and no word for a body or a place."""
    parts = {part.strip("0123456789") for part in user_name.split("_")}
    return not GIVEN.isdisjoint(parts) and OF_NOBODY.isdisjoint(parts)


def _masked(text: str, *patterns: tuple[re.Pattern[str], str], counts: Counter[str]) -> str:
    return patterns_masked(text, *patterns, spares=_is_public, counts=counts)


def _is_public(match: re.Match[str], typed: str) -> bool:
    return is_of_a_body(typed) or _is_prose(match)


def _is_prose(match: re.Match[str]) -> bool:
    """Say whether a word behind a network and a colon tells what is done there, and is nobody's name."""
    named = match.groupdict()
    typed, kept = named.get("typed"), (named.get("kept") or "").casefold()
    words = {folded(word) for word in (typed or "").split()}
    if len(words) > 1 and not OF_NOBODY.isdisjoint(words) and GIVEN.isdisjoint(words):
        return True
    if not typed or not named.get("colon") or re.search(r"[\d_.]|[a-z][A-Z]", typed):
        return False
    before = match.string[max(match.start() - 40, 0) : match.start()]
    on_x = re.match(r"(?:en|on|a|no|em|sur)\sx", kept)
    lead = ON_SOMETHING.search(f"{before}en " if on_x else before)
    return lead is not None and not OF_ONESELF.fullmatch(lead["what"]) and not is_made_of_names(typed)
