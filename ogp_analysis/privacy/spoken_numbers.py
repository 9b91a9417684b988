"""Telephones in words, digit by digit, in tens or in hundreds, in the languages of the exports.

Identity numbers half in words and half in digits too, behind a word for one.
"""

from __future__ import annotations

import re
from itertools import pairwise

from ogp_analysis.privacy.leads import words_read

# Without accents; a word that is written alike in several languages stands once.
_WORDS = {
    0: "cero zero",
    1: "uno un um one",
    2: "dos dois two deux",
    3: "tres three trois",
    4: "cuatro quatro quatre four",
    5: "cinco cinc five cinq",
    6: "seis sis six",
    7: "siete sete set seven sept",
    8: "ocho oito vuit eight huit",
    9: "nueve nove nou nine neuf",
    10: "diez dez deu ten dix",
    11: "once onze eleven",
    12: "doce doze dotze twelve douze",
    13: "trece treze tretze thirteen treize",
    14: "catorce catorze fourteen quatorze",
    15: "quince quinze fifteen",
    16: "dieciseis dezasseis dezesseis setze sixteen seize",
    17: "diecisiete dezassete dezessete disset seventeen",
    18: "dieciocho dezoito divuit eighteen",
    19: "diecinueve dezanove dezenove dinou nineteen",
    20: "veinte vinte vint twenty vingt",
    21: "veintiuno veintiun",
    22: "veintidos",
    23: "veintitres",
    24: "veinticuatro",
    25: "veinticinco",
    26: "veintiseis",
    27: "veintisiete",
    28: "veintiocho",
    29: "veintinueve",
    30: "treinta trinta trenta thirty trente",
    40: "cuarenta quarenta quaranta forty quarante",
    50: "cincuenta cinquenta cinquanta fifty cinquante",
    60: "sesenta sessenta seixanta sixty soixante",
    70: "setenta setanta seventy septante",
    80: "ochenta oitenta vuitanta eighty",
    90: "noventa noranta ninety nonante",
    100: "cien ciento cento",
    200: "doscientos duzentos",
    300: "trescientos trezentos",
    400: "cuatrocientos quatrocentos",
    500: "quinientos quinhentos",
    600: "seiscientos seiscentos",
    700: "setecientos setecentos",
    800: "ochocientos oitocentos",
    900: "novecientos novecentos",
}
VALUES = {word: value for value, words in _WORDS.items() for word in words.split()}
_PLAIN = str.maketrans("áéíóúàèòâêôãõïü", "aeiouaeoaeoaoiu")


def _one_of(first: int, last: int) -> str:
    words = sorted((word for word, value in VALUES.items() if first <= value <= last), key=len, reverse=True)
    return f"(?:{'|'.join(words)})"


# "noventa y nueve", "vint-i-u", "ninety-nine": one number; "noventa nueve" too, as sloppy writers have it.
_UNIT = rf"(?:{_one_of(0, 9)}|u)"
_BELOW_100 = rf"(?:{_one_of(20, 90)}(?:(?:\s(?:y|e|i|et)\s|-(?:i-|et-)?|\s){_UNIT}(?!\w))?|{_one_of(0, 19)})"
NUMBER = re.compile(rf"(?:{_one_of(100, 900)}(?:\s(?:e\s)?{_BELOW_100}(?!\w))?|{_BELOW_100})(?!\w)")
SPOKEN = re.compile(rf"(?<!\w){NUMBER.pattern}(?:[\s,./–-]{{1,3}}{NUMBER.pattern}){{2,15}}")
# Words and digits in one number, behind a word for an identity number: mi cédula uno siete uno - 5512345.
_EITHER = rf"(?:{NUMBER.pattern}|\d{{1,9}}(?!\w))"
HALF_SPOKEN = re.compile(
    r"\b(?:(?P<telephone>tel|telf|telefono|cel|celu|celular|movil|fono|whatsapp|wasap|fijo|mi numero)|cedula"
    r"|c\.?i\.?|c\.?c\.?|dni|cpf|ruc|rut|nie|rg|curp|pasaporte|passaporte|documento|identidad|identidade"
    r"|identificacion|carnet?)(?!\w)[^\w\n]{0,3}"
    r"(?:(?:es|e|numero|no|nro|n|termina en|la|el|de identidad|de ciudadania)(?!\w)[^\w\n]{1,3}){0,3}"
    rf"(?P<number>{_EITHER}(?:[\s,./–-]{{1,3}}{_EITHER}){{1,15}})"
)
COUNTED = re.compile(
    r"\s?(?:mil|millones|milh|milions?|thousand|million|mille|por ciento|por cento|per cent|%)"
)
# As the shortest telephone of digits.
FEWEST_DIGITS, FEWEST_NUMBERS, FEWEST_DIFFERENT = 7, 3, 2
# Our choice: a tax number of Ecuador has thirteen, and who speaks may repeat one. As many digits as an
# identity number or a mobile telephone has are whole.
MOST_DIGITS, WHOLE = 15, 10
LETTERS = re.compile("[a-z]+")


def spans(text: str) -> list[tuple[int, int]]:
    """Find where so many numbers in words stand behind one another that they are a telephone.

    >>> text = "Al noventa y nueve, ochenta y siete, sesenta y cinco, cuarenta. De veinte, treinta y sesenta"
    >>> [text[start:end] for start, end in spans(text)]
    ['noventa y nueve, ochenta y siete, sesenta y cinco, cuarenta']
    """
    # Few texts have numbers in words at all, and no telephone has but one.
    if len(words_read(text) & VALUES.keys()) < FEWEST_DIFFERENT:
        return []
    small = text.lower().translate(_PLAIN)
    # A sign may have a small form of two.
    if len(small) != len(text) or sum(word in VALUES for word in LETTERS.findall(small)) < FEWEST_NUMBERS:
        return []
    return [
        match.span()
        for match in SPOKEN.finditer(small)
        if _is_telephone(NUMBER.findall(match[0])) and not COUNTED.match(small, match.end())
    ]


def half_spoken(text: str) -> list[tuple[int, int, str]]:
    """Find identity numbers and telephones half in words, behind a word for one, each with its kind.

    >>> text = "Mi cédula es diecisiete doce - 345678; la cédula tiene dos caras y 10 dígitos"
    >>> [(text[start:end], kind) for start, end, kind in half_spoken(text)]
    [('diecisiete doce - 345678', 'identity')]
    """
    # Few texts have numbers in words at all.
    if words_read(text).isdisjoint(VALUES):
        return []
    small = text.lower().translate(_PLAIN)
    if len(small) != len(text) or not any(sign.isdigit() for sign in text):
        return []
    return [
        (*match.span("number"), "telephone" if match["telephone"] else "identity")
        for match in HALF_SPOKEN.finditer(small)
        if _is_whole(match["number"])
    ]


def _is_whole(typed: str) -> bool:
    """Say whether words and digits together are as many as an identity number has."""
    digits = sum(sign.isdigit() for sign in typed)
    spoken = sum(len(str(VALUES.get(word, ""))) for word in LETTERS.findall(typed))
    # A whole number of digits alone takes no word along: "cédula 171234567-8 un registro".
    return 0 < digits < WHOLE and spoken > 0 and FEWEST_DIGITS <= digits + spoken <= MOST_DIGITS


def _is_telephone(numbers: list[str]) -> bool:
    """Say whether numbers are a telephone: not what rises by equal steps, as ages do, or in fives."""
    values = [sum(VALUES.get(word, 1) for word in re.findall(r"[^\W\d_]{2,}|u", one)) for one in numbers]
    steps = {second - first for first, second in pairwise(values)}
    counted = (len(steps) == 1 and steps != {0}) or not any(value % 5 for value in values)
    return sum(len(str(value)) for value in values) >= FEWEST_DIGITS and not counted
