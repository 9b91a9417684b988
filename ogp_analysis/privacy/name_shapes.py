"""Whether a cell looks like the name of a person, by its shape and by names that many bear.

The lists are ours: given names and surnames in use in Ecuador, its neighbours and Spain, some of Catalonia,
Portugal, Brazil, France and the English-speaking countries, without accents. They need not be complete: of a
column of names some are always common. Words that are no names too are not in them (`name_parts.ORDINARY`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from ogp_analysis.privacy.name_forms import folded
from ogp_analysis.privacy.name_parts import NOBODY, ORDINARY, PARTICLES, WORD, words_of

GIVEN = words_of(
    "aaron abel abigail abraham ada adela adelina adolfo adrian adriana agustin agustina aida aitana",
    "alan alberto aldo alejandra alejandro alex alexander alexandra alexis alfonso alfredo alice alicia",
    "alonso alvaro amalia amanda amelia ana anabel anacleto anahi andrea andres andreu andrew angela",
    "angeles angelica angelina angelo anita anna anne anselmo antonella antoni antonia antonio ariana",
    "ariel armando arnau arturo asuncion ayelen beatriz belen benito benjamin bernarda bernardo bertha",
    "betty bianca blanca blas boris brenda bruno bryan byron camila camilo carla carles carlos carlota",
    "carmelo carmen carolina catalina cecilia celia cesar charles christian christopher cinthya claudia",
    "claudio cristian cristina cristobal damian daniel daniela danilo darwin david debora delia denis",
    "denisse diana diego dina dolors domenica domingo doris edgar edison eduardo edwin elena eliana",
    "elias elisa elizabeth elsa elvira emilia emiliano emilio emma enrique erica erick erika ernesto",
    "esteban estefania esteve esther eufrasia eugenia eugenio eulalia eva evelyn fabian fabiola",
    "fabricio fatima fausto federico felipe felix fermin fernanda fernando ferran fidel flavio francesc",
    "francesca francisca francisco franklin freddy gabriel gabriela galo genesis geovanny gerard german",
    "gilberto gina gisela gladys gonzalo graciela gregorio guadalupe guillem guillermo gustavo hector",
    "helena henry heriberto hernan hilda homero horacio hugo humberto ignacio illari imelda ines inti",
    "irene iris irma isaac isabel isabella ismael israel ivan ivonne jacinto jacqueline jaime jairo",
    "james janeth javier jefferson jennifer jenny jessica jesus jhon jimena jimmy joan joana joao",
    "joaquin joel johanna john jonathan jordi jorge jose josefa josefina joselyn josep joshua josue",
    "juan juana judith julia julian juliana julieta julio justina karen karina karla katherine kelly",
    "kevin laia laura leandro leonardo leonel leonor leticia lidia liliana lluis lola lorena lorenzo",
    "louis lourdes lucas lucia luciana lucrecia luis luisa lupe macarena magdalena maira manuel manuela",
    "marc marcela marcelo marco marcos margarita maria mariana mariano marie mario marisol marlene",
    "marta martha marti martin martina mary mateo matias matilde mauricio maximo maya mayra melanie",
    "melissa merce meritxell mia micaela michael michelle miguel mireia miriam moises monica montserrat",
    "nadia nancy narcisa natalia nataly nelly nelson neus nicolas nicole nilda noelia noemi nora norma",
    "nuria octavio ofelia olga oliver olivia omar oriol oscar otilia pablo paola patricia patricio paul",
    "paula paulina pedro pere pierre priscila rafael rafaela ramiro ramon raquel raul rebeca regina",
    "renata rene ricardo robert roberto rocio rodolfo rodrigo rogelio roger rolando roman romina roque",
    "rosalia rosaura roxana ruben ruth salome salvador samanta samuel sandra santiago sara saul sayri",
    "sebastian segundo sergi sergio silvia simon sisa sofia sonia stalin stefany susana tamara tatiana",
    "telmo teodoro teresa thomas tomas ursula valentina valentino valeria vanessa veronica vicent",
    "vicente victor vilma virginia viviana walter wayra wellington wendy wilfrido william wilmer wilson",
    "xavier ximena yadira yajaira yesenia yolanda zoila zoraida",
)
FAMILY = words_of(
    "aguilar aguirre alarcon almeida alvarado alvarez andrango anrango aragon araujo arias armijos",
    "arteaga astudillo avila ayala balseca barrera barreto benavides benitez bermeo borja briones",
    "burgos bustamante bustos cabezas cabrera caicedo caiza calderon calva cando cardenas carrion",
    "carvajal castro cedeno cevallos chacon chango chavez chicaiza chiriboga cifuentes cisneros",
    "collaguazo contreras cordova coronel cortes davila diaz dominguez duran echeverria encalada",
    "enriquez erazo escobar escudero espin espinoza estevez fernandez ferrer figueroa freire gaibor",
    "galarza galindo gallegos garces garcia garcon garzon gomez gonzales gonzalez guachamin guaman",
    "guamani guevara guillen gutierrez guzman haro hernandez hurtado iniguez intriago iza jacome",
    "jaramillo jimenez jones juarez lara lasso lema llerena loor loza lucero macias maldonado marquez",
    "martinez martins medina mejia melo mena mendez mendoza meneses merino miranda moncayo montenegro",
    "montero morales moran moreira moreta mosquera moya munoz naranjo narvaez navarrete navarro nieto",
    "noboa nunez obando ocampo ochoa ojeda oliveira ordonez orellana orozco ortega ortiz osorio otero",
    "pacheco padilla paez pazmino pereira perez pesantez pilataxi pineda ponce puig pujol quezada",
    "quinones quinonez quintero quishpe quispe ramirez recalde reinoso rendon revelo ribadeneira",
    "riofrio rivadeneira rivas robalino rodrigues rodriguez roldan roman rosero ruano ruiz saavedra",
    "sabando saez salazar saltos samaniego sanchez sandoval santana santillan sarmiento serra serrano",
    "silva smith solano solis sosa suarez tapia tenorio teran tipan tituana toapanta toaquiza torrent",
    "ulloa urbina vaca valarezo valdivieso valencia valverde vargas vasconez vasquez vazquez velasco",
    "velasquez velez verdezoto vidal villacis villacres villafuerte villalba villamar villarreal viteri",
    "williams yanez yumbo yupanqui zambrano zamora zapata zavala zuniga zurita",
)
LONGEST, MOST_WORDS = 60, 6
TITLES = re.compile(
    r"^(?:(?:ing|dr|dra|lic|lcd[oa]|abg|ab|arq|econ|eco|sr|sra|srta|msc|mgs|phd|prof|mr|mrs|ms|don|doña)\b\.?\s*)+",
    re.IGNORECASE,
)
# A cell that begins with one of these is a place or a saint's.
NO_NAME = words_of(
    "san santa santo sao sant calle avenida av barrio parroquia canton provincia ciudad sector"
)
# One word in small letters, with three of them together, and a digit, a dot or a line in it.
USER_NAME = re.compile(
    r"@(?=.*[a-z]{3})[\w.]{4,30}|(?=.*[a-z]{3})(?=.*[\d_.])[a-z][a-z0-9]*(?:[._][a-z0-9]+)*"
)
NAME = re.compile(r"[^\W\d_]+(?:[.,'’\s-]+[^\W\d_]+)*\.?")


def has_the_shape(cell: str) -> bool:
    """Say whether a cell has the shape of a name: up to six words, each with a capital, and nothing else.

    >>> [has_the_shape(cell) for cell in ("Zoraida de la Cruz", "QUISHPE, ANA", "Datos abiertos")]
    [True, True, False]
    """
    words = words_of_a_name(cell)
    return 2 <= len(words) <= MOST_WORDS and all(word[0].isupper() for word in words)


def looks_like_a_name(cell: str) -> bool:
    """Say whether a cell looks like the name of a person: its shape, and a word that many are called.

    Without capitals every word must be such a name.

    >>> [looks_like_a_name(cell) for cell in ("Ing. Zoraida Quishpe", "PEREZ, ANA", "ana ruiz", "Sofía")]
    [True, True, True, True]
    >>> [looks_like_a_name(cell) for cell in ("Datos Abiertos", "San Francisco", "Rosa", "Santa Ana", "Paz")]
    [False, False, False, False, False]
    """
    words = [folded(word) for word in words_of_a_name(cell)]
    known = [word in GIVEN or word in FAMILY for word in words]
    if not any(known) or words[0] in NO_NAME:
        return False
    return words[0] in GIVEN if len(words) == 1 else all(known) or has_the_shape(cell)


def consists_of_names(cell: str) -> bool:
    """Say whether every word of a cell is a name that many bear, as in a column of surnames.

    >>> consists_of_names("Quishpe Ruiz"), consists_of_names("Quishpe agua"), consists_of_names("")
    (True, False, False)
    """
    words = words_of_a_name(cell)
    return bool(words) and all(folded(word) in GIVEN or folded(word) in FAMILY for word in words)


def is_made_of_names(word: str) -> bool:
    """Say whether a word is a name that many bear, or two glued, or an initial and a surname.

    >>> [is_made_of_names(word) for word in ("Ana", "anaruiz", "aperez", "veredas", "obras")]
    [True, True, True, False, False]
    """
    small = folded(word)
    families = FAMILY | ORDINARY
    return small in GIVEN | FAMILY or any(
        (small[:k] in GIVEN and small[k:] in families | GIVEN)
        or (small[:k] in FAMILY and small[k:] in GIVEN)
        or (k == 1 and small[k:] in FAMILY)
        for k in range(1, len(small))
    )


def user_name_of(cell: str) -> str:
    """Give the letters of a user name such as ``ana_ruiz87``; empty where a cell is none.

    >>> user_name_of("@ana_ruiz87"), user_name_of("Ana"), user_name_of("PA-7")
    ('anaruiz', '', '')
    """
    return re.sub(r"[^a-z]", "", cell) if USER_NAME.fullmatch(cell) else ""


def words_of_a_name(cell: str) -> list[str]:
    """Give the words of a cell that may be a name, without titles and particles; none where it may not.

    >>> words_of_a_name("Ing. Ana de Ruiz"), words_of_a_name("Ana pide 3 parques")
    (['Ana', 'Ruiz'], [])
    """
    return [] if len(cell) > LONGEST else list(_words_of_short(cell))


# Cells are looked at several times, and many are alike.
@lru_cache(maxsize=4096)
def _words_of_short(cell: str) -> tuple[str, ...]:
    if not NAME.fullmatch(cell := TITLES.sub("", cell.strip())):
        return ()
    words = [word for word in WORD.findall(cell) if folded(word) not in PARTICLES]
    return tuple(words) if len(words) <= MOST_WORDS and not NOBODY & set(map(folded, words)) else ()
