"""Names with a surname that no list knows, and what was left of other kinds: what goes and what stays.

The surnames are invented; the texts are as people write them on a telephone or sign them.
"""

from __future__ import annotations

import pytest
from braced_texts import with_braces

from ogp_analysis.privacy.masking import mask

PERSONAL = {
    "small behind what leads in": (
        "atentamente {lucía melranango}",
        "saludos cordiales {rosa elvira minchalo}",
        "soy {marcela tocagun} del recinto",
        "les saluda {hugo pomaquiru}",
        "mi cuñado {edgar llumitasigo} no consigue turno",
        "avisen a {gloria tacoamanu} cuando vengan",
        "la señora {digna pujotu} vive sola",
        "don {quisaguanu} cierra el paso",
        "me llamo {jenny cauñi} y vivo lejos",
    ),
    "names that few lists have": (
        "favor llamar a {Anthony Cerda}",
        "2. {Emperatriz Morocho}",
    ),
    "those who sign": (
        "Firmaron los vecinos; firmaron {Chugchilo Patricia} también",
        "Suscriben {Luis Mora Toaza} por el barrio",
    ),
    "a word that is a given name": (
        "Le pedimos a {Rosa Yuntinango} que firme",
        "{Milagros Inlagu} necesita silla de ruedas",
        "Ayer {Esperanza Yaguachu} se desmayó",
    ),
    "the surname first": (
        "{Panpavinda Luis} trajo la lista",
        "La reunión la dirigió {Tenelemo Franklin}",
        "Presente {Moraquepungo Pérez Luis}.",
    ),
    "lines": (
        "Ahora más luz.\n-- {Segundo Meltimpo}",
        "Ahora más luz.\n{luis cayambilo}",
        "Ahora más luz.\n~ {Ermel Bastidango}",
        "Un puente nuevo ({olga chiriapo})",
    ),
    "households": ("familia {Remotilema} sin agua",),
    "numbers": (
        "mi cédula {uno siete uno dos - 837409}",
        "cédula {diecisiete cero tres 456789}",
        "celu {nueve ocho siete 654321}",
        "Mi numero {989936798}",
        "cc {101 725 2436}",
        "telf: {097.563.3353} Un registro",
        "cédula {171003406-5} un registro",
        "documento {45.678.912} de Argentina",
    ),
    "birthdays": (
        "F. Nac. {14-10-80}",
        "nací en 1950, el {16 de diciembre}",
        "cumplo años el {13 de diciembre}",
        "mi hijo cumple años el {3 de julio}",
        "nací el {1ro de junio de 1954}",
    ),
    "homes": (
        "mi casa es la {646B del pasaje B}",
        "mi domicilio está en la {10 de Agosto 4117}",
        "vivo en la {Loja 345} y Cuenca",
    ),
    "accounts": (
        "tiktok {pillmayugsi.ec}",
        "cuenta {pantirengo_37} en instagram",
        "mi usuario de telegram {anrambulombo}",
        "mi canal de youtube {Dromdaguano Vlogs}",
        "correo: {zhunguidela99gmail.com}",
        "mi mail {pepeltoro2 @ hotmail .com}",
    ),
}
STAYS = {
    "small words behind what leads in": (
        "atentamente la directiva barrial; atentamente los moradores",
        "saludos jorge necesitamos agua",
        "gracias san vicente unido; soy comerciante minorista",
        "Firman Moradores del Barrio Central; suscriben Juntas Parroquiales; firmaron el Convenio Marco",
        "mi vecina jubilada; mi compañera de aula; mi vecino del frente",
        "don bosco es una obra; don nadie",
    ),
    "a word that is a given name": (
        "los buses Mercedes Benz; Mercedes Sprinter",
        "Luz pública en las canchas; Consuelo espiritual",
        "Segundo Encuentro Nacional; Ángel Guardián; Domingo Familiar",
    ),
    "capitals before a given name": (
        "La Isla Isabela y la Isla Santa María",
        "Radio Carolina; parque La Carolina; el Trolebús Carolina",
        "Entonces Luis vino",
    ),
    "lines": (
        "Agua potable ya.\n-- Fin del documento",
        "Agua potable ya.\n- Agua Potable",
        "Agua potable ya.\nBarrio Rosa Mística",
        "Agua (Santa Rosa); (Dolores fuertes)",
    ),
    "bodies that are asked": (
        "Le pedimos a Obras Públicas que venga; Pedimos a Educación y Salud; Avisen a Bomberos",
        "Denuncio a Interagua; junto con Emapag",
        "familia numerosa; familia Salesiana; familia ecuatoriana",
    ),
    "authorities and avenues": (
        "Según el ministro Wilman Terán; aprobado por el alcalde Pedro Guamán",
        "De mi consideración: Recordemos la Av. Simón Bolívar",
        "Monseñor Leonidas Proaño; el contralor Mauricio Torres; el cantante Julio Jaramillo",
        "El vicepresidente Alfredo Borrero; la vicepresidenta María José Pinto",
        "El parterre de la Rodrigo de Chávez; en la Segundo Cueva Celi",
        "IES Rosa Chacel; UPC Pablo Arturo Suárez",
    ),
    "numbers": (
        "un motor de 1600 cc 120 caballos",
        "cédula gratis a los 18 años; carnet de 3 a 5 dólares; documento 3 de 12 páginas",
        "mi número de trámite 1234567",
        "Cuenca cumple años el 3 de noviembre; nació en 1950",
        "mi casa es la última; mi casa es la de 2 pisos; vivo en la Sierra 2019",
    ),
    "accounts": (
        "tiktok oficial.Gracias; usuario de telegram habitual; mi canal de youtube favorito",
        "www.gmail.com no carga",
    ),
}


@pytest.mark.parametrize("kind", PERSONAL)
def test_what_is_personal_is_masked_and_nothing_around_it(kind):
    for text in PERSONAL[kind]:
        typed, masked = with_braces(text)
        assert mask(typed) == masked


@pytest.mark.parametrize("kind", STAYS)
def test_what_only_looks_so_stays(kind):
    assert [mask(text) for text in STAYS[kind]] == list(STAYS[kind])
