"""What reaches or names a person is masked, and what only looks so stays: both sides of each rule.

The phrases were written after the rules, by hand; telephones are compared with Google's library itself.
"""

from __future__ import annotations

import random

import pytest
from braced_texts import with_braces
from phonenumbers import Leniency, PhoneNumberMatcher

from ogp_analysis.privacy import leads, led_names, map_points, telephone_shapes
from ogp_analysis.privacy.mask_sign import MASK
from ogp_analysis.privacy.masking import mask
from ogp_analysis.privacy.public_contacts import has_a_check_digit

PUBLIC = {
    "service lines": (
        "Denuncie al 1800 DELITO o marque 1800 335 486",
        "Marque gratis el 1-800-266-822; Línea gratuita 1800 123 456",
        "El municipio atiende en el 1800 456 789, opción 2",
        "Central telefónica: (02) 398-7600. PBX: 04-259-4800",
        "Emergencias: 911, bomberos 102, Cruz Roja 131",
    ),
    "relatives and nicknames": (
        "mi hijo Autista; nuestra Madre Tierra; los padres y madres de familia del Colegio Benalcázar",
        "la niña Latinoamericana y los niños Shuar; mi madre Patria; meu filho Autista",
        "mes enfants Bretons; ma fille est en Seconde et mon fils en Terminale",
        "la Unidad Educativa Hermano Miguel",
        "alias Gobierno Abierto; me dicen No cuando pido datos; Otro: Transporte Urbano",
        "Muchas gracias. Datos Abiertos para todos. Llamar 2019-2020; a text 2020-2021 plan",
    ),
    "networks": (
        "Mejoras en X: veredas. Reducción de tiempos en X: buses",
        "Capacitación por Facebook: transparencia",
        "Charlas en Instagram: educación y salud; el Eje en X: participación",
    ),
    "documents": (
        "resolución E-1234567; Oficio Nro. MINEDUC-2019-00123456",
        "Resolución No. 0012345678 del Consejo; Acuerdo Ministerial 20190012345",
        "Ordenanza Metropolitana Nro. 0912345678; expediente 0604512347",
        "El proceso SIE-GADMI-2019-1234567; ticket 20190012345; trámite 4567890123",
        "El RUC del municipio es 1760003410001 y el de otro, RUC 1768153530001",
    ),
    "amounts, dates and streets": (
        "presupuesto referencial de USD 1 234 567,89; partida 7.3.02.04.001 por 12 345 678",
        "Entre el 1 y el 15 de marzo de 2019, de 08:00 a 17:30; 2019-2020-2021",
        "La Escuela Sucre, Calle 10 de Agosto N34-451; km 14,5 vía Quito, lote 23; la E-25",
        "temperaturas de 12.345 y 18.765 grados; 0.812, 0.766 y 0.911; de 12.500 a 13.750 toneladas",
        "IC 95 % (-0.18, 0.46); escala 1:50 000; versión 10.15.7; 1 200 300 habitantes; 2022+23",
    ),
    "signs that nobody sees, and services": (
        "1\ufe0f\u20e3 Agua 2\ufe0f\u20e3 Luz",
        "la parti\u00adcipación de agri\u00adcultores 👩\u200d🌾; 300\u00a0familias",
        "Correos institucionales y no gmail.com; usar gmail.com o hotmail.com; por correo en gmail.com",
        "We face: corruption. Charlas por Skype: agua. Difusión en facebook . com y twitter.com",
        "Edades: 09\n10\n11\n12\n13; de cero nueve 12; Pas. Norte 1234567; lote OO12; O2 y CO2 1234567",
        "me encuentran en Instagram como siempre; buscar en Facebook como ejemplo",
    ),
    "places that open a sentence, and years at home": (
        "Hospital Luis Pérez sin agua. En Juan Pérez no hay luz. Escuela Rosa Quishpe",
        "A Simón Bolívar le deben una plaza",
        "Vivo en Quito 2019-2020. Domicilio: Loja. Vivo en La Paz y leo la Ley 12-34",
        "Residencia: Quito 2018-2019",
        "Con Pedro Moncayo y Antonio Ante hay convenio. Para Eloy Alfaro piden riego",
    ),
    "points of public places": (
        "El puente peatonal en -0.32145, -78.44231; Hospital Enrique Garcés, -0.2745, -78.5489",
    ),
    "what is said of oneself": (
        "Me llamo la atención que no hay luz. Mi nombre es importante para mí",
        "Atentamente, Junta Parroquial de Calderón. Mi nombre es Fundación Agua Viva",
        "Soy Docente de la Unidad Educativa Rosa Zárate. Soy Ecuatoriano",
        "Vivo en la calle 10 de Agosto y pido luz. Vivo en la Av. 24 de Mayo",
        "Vivo en una casa de 3 pisos. Vivo en la calle Rocafuerte desde 1998",
        "Vivimos en el sector 5 con 300 familias. Mi casa no tiene agua desde 2019",
        "Vivo en Loja y propongo que la Av. Amazonas 340 sea peatonal",
        "Vivo en el barrio Comité del Pueblo 2 y vivimos en la cooperativa Santa Rosa 3, sin agua",
        "Vivo en la calle Sucre y mi casa es de 2 pisos; nuestra casa de 4 familias",
        "We live near 3 schools. J'habite ici depuis 12 ans. Moro no bairro 25 de Abril",
        "La obra nació en 2019; el plan, nacido el año 2020, llegó el 14/02/2021",
        "à ce point de vue, la carte 12345678 du projet",
    ),
    "bodies": (
        "participacion.ciudadana@gobiernoelectronico.gob.ec, transparencia@ambiente.gob.ec",
        "@AlcaldiaLoja y @Gobierno_Azuay, https://www.facebook.com/MunicipioIbarra",
        "gobiernoabiertoecuador.wordpress.com, prefecturapichincha.blogspot.com",
    ),
}
PUBLIC |= {
    "what is near a lead or a number and names nobody": (
        "Responsable del proceso: Ministerio de Salud; aprobado por Loja Quito; aprobado por Eloy Alfaro",
        "la niña A. pide agua; el Sr.",
        "El mapa pone 95.123, 185.456; el parque lat: -0.18065; resolución +99912345678",
        "uno, dos; uno İ dos tres; resolución GOMC850101HDFRRL09",
        "la calle Larga pide" + " agua y luz" * 12 + " para 12 personas",
    ),
    "what leads a body, a law, an office or a people in": (
        "aprobado por la Asamblea Nacional según la Ley Orgánica; Aprobado por Concejo Cantonal",
        "Responsable: Ministerio de Ambiente. Elaborado por: Dirección de Planificación",
        "Approved by Parliament. Reviewed by the City Council and Human Resources. Dear Citizen,",
        "Approuvé par le Conseil Municipal. Aprovado pela Câmara Municipal de Lisboa",
        "Aprovat pel Ple de l'Ajuntament. Aprobado polo Concello de Vigo. Approvato dalla Giunta Comunale",
        "Señor Presidente Constitucional, Señor de los Milagros, Estimados Vecinos, Estimado Ciudadano:",
        "soy ecuatoriano, Soy Quiteño. I'm from Quito, I'm South African. Je suis Français. Eu sou de Lisboa",
        "Best Practices Award. el presidente Noboa. Contacto: Ventanilla Única. Autor: Colectivo Ciudadano",
        "La Plaza Simón Bolívar, dirigido por Alcaldía de Quito; Secretario General de Gobierno",
    ),
    "streets without a house": (
        "la Av. Amazonas 340 sea peatonal; la calle Bolívar 12 está a oscuras; Av. 24 de Mayo, 2019",
        "La escuela está en la calle Sucre 12-34. El Ministerio atiende en Av. Amazonas N24-56",
        "Calle 12, barrio 3; Calle 10 de Agosto, 15 de marzo; la Av. Simón Bolívar, 3 carriles",
        "12 new streets in Main Street; via Internet 24 horas",
    ),
    "addresses of pages": (
        "https://www.gob.ec/buscar?q=name&x=2 https://x.ec/p?page=2&keyword=agua https://x.ec/p?id=5#key",
        "https://www.youtube.com/watch?v=abc&list=PL1; La clave: participar más. El código: 1234 de la ley",
    ),
}
PUBLIC |= {
    "elected offices and heads of state": (
        "El presidente Lenín Moreno y la alcaldesa Cynthia Viteri; el ministro Richard Martínez firmó",
        "Jorge Yunda, alcalde de Quito",
        "La ministra de Educación, Monserrat Creamer, respondió. Jorge Yunda, alcalde de Quito, no",
        "o prefeito Eduardo Paes, a vereadora Marielle Franco; the mayor Sadiq Khan; Sr. Alcalde Pedro Zhu",
    ),
    "places, laws and works called after somebody": (
        "O bairro Dona Marta e o morro Dona Marta; el barrio Don Bosco; el Hospital Dr. Enrique Garcés",
        "la escuela Juan Montalvo, la calle Luis Cordero y Benigno Malo, el premio Eugenio Espejo",
        "entre las calles Juan León Mera y Luis Pérez; el Coliseo Jefferson Pérez; la Hostería Luis Pérez",
        "the Rosa Parks library, Robert Burns Street and John Lennon Park; a rua Carlos Gomes",
        "Como decía Simón Bolívar, y Paulo Freire también; (Eloy Alfaro, Manabí)",
    ),
    "words that only look like names": (
        "gracias a Dios; historia clínica 2019 digital; the chart 2019; snake_case y datos_abiertos",
        "Los Ing. Forestales; el niño Jesús de Praga; reopen Alexandra Palace; estação Ana Rosa",
        "el proyecto se llama Agua Segura; hablar con Recursos Humanos; familia unida; Segundo Piso",
        "Charles Dickens Primary School; la clave es participar en 2019; Instagram: contenido educativo",
        "X. ZUTANEJO WEPTIMO QUERTY XYLOFON BLORPO; Ana",
        "según Paulo Freire; CONSTRUCCION DE LA CANCHA DEL BARRIO SANTA CLARA DE SAN MILLAN",
    ),
    "what is learnt, and characters": (
        "Como dice Dr. House; hace falta un Arq. Paisajista, un Psic. Educativo y un Ing. Ambiental",
        "un Lic. en Enfermería y un Ing. Civil por parroquia; P A R Q U E  N U E V O; L O J A",
    ),
    "numbers of bodies": (
        "CNPJ 00.394.445/0001-01 do Ministério da Saúde; a Prefeitura de Olinda (CNPJ 10.404.184/0001-09)",
        "Expediente 12345678-9; el código 12345678-1 del bien",
    ),
}
PERSONAL = {
    "names dressed up": (
        *(
            "f.) {Wilmer C.}",
            "pide {Delfina Moposita}, MSc.",
            "firma {Tsunki Wampash}, Ph.D.",
            "{Ana Tipán}, Ing.",
        ),
        *("Psic. Clín. {Yolotzin Zhu} habló", "Ing. Civ. {Marco Zhu}, Loja", "Lic. en Enf. {Carmen Zhu}"),
        *(
            "Ing. Comercial {Nahuel Zhu} dijo",
            "Lic. en Danza {Carmen Zhu}",
            "la menor de edad {Nayeli Toapanta}",
        ),
        *(
            'con {José "Pepe" Toapanta} hoy',
            "{Luis (alias el Gato) Quishpe} no vino",
            "el dirigente {Luis «Lucho» Zhu Mora}",
        ),
        *("Firma: {M A R Í A  P É R E Z}", "Soy {J U A N T I P A N} aquí"),
    ),
    "names that nothing leads in": (
        *(
            "{Yolotl Zhunda}, MSc.",
            "{Delfina Sigüenza} pide",
            "Deuna, {Jenny T.}",
            "con {Moira McZhu-Boydx} aquí",
        ),
        *(
            "la niña {Arelix} de 6 años",
            "habla {Zoilita Pachax}",
            "lo dice {juan pérez} aquí",
            "pide {E. Guamán}",
        ),
        *(
            "frente a la casa de {Gustavo Imbacuán} hay",
            "Soy {Leonardo}, tengo 15",
            "fam. {Pilco}",
            "hablar con {Lupe} aquí",
            "hijo de {Marcos}.",
            "familia {Guamán} aquí",
            "ask for {Siobhan}",
        ),
        *("{MARIA APARECIDA DOS SANTOS SILVA} SOLICITA PODA DE ÁRVORE", "by {kevin_sinche_ec}"),
        *(
            "luz. ({Byron Guamán}, Latacunga)",
            "lo pidió {Delfina Moposita} ayer",
            "vimos a {Rosa Elena Caiza} ahí",
        ),
        *("{Guamán Byron} pide", "La casa la cuida {Luz Toapanta}.", "falei com {Raimunda Oliveira} hoje"),
        *(
            "ask {Siobhan Gallagher} about it",
            "el presidente {Wilmer Quishpe} no convoca",
            "{BYRON GUAMAN}, de aquí",
        ),
    ),
    "behind a label of several words, and a letter": (
        *("Responsable del proceso: {Ana Ruiz}", "Firma del solicitante: {Lucila Tacuri}"),
        *("La carta de {M. Dupont} pide agua", "mi hijo y {Wayra Tacuri}, su madre"),
    ),
    "one coordinate alone": (
        *("latitud {0.1806} del terreno", "el parque queda lejos. Longitud: {-78.46783}"),
    ),
    "accounts called as a person": (
        *(
            "Facebook: {Yolkuin Wampazh Oficial}",
            "FB: {Marlene Tandazo}",
            "messenger: {Marlene Zhuz}.",
            "Instagram: {Yolotzin Zhu}.",
        ),
    ),
    "identity numbers of neighbours": (
        *("sou a {123.456.789-09}", "soy {12345678-5} de Arica", "({20-12345678-6})", "{GOMC850101HDFRRL09}"),
        *(
            "carné de identidad {4567891-1B}",
            "CI {4567891 LP}",
            "{V12345678} venezolana",
            "documento de identidad {1.032.456.789}",
        ),
        *("mi documento {1.032.456.789}", "Identidad {1-1234-1234}", "CNPJ {00.394.445/0001-01}"),
    ),
    "what a person has": (
        *("placa {ABC1D23}", "car reg {LK19 XZB} here", "IP {190.152.44.10}", "historia clínica No {88213}"),
        *(
            "mi clave temporal es {Luna2019*}",
            "Meu insta é {wesnog} com",
            "búsquenme como {Jhoa Guamán}, ahí",
        ),
        *("llame al {(85) 99912-3456}", "text Jo on {07911 123456}", "Código dactilar {V4443V4442}"),
        *(
            "nací en Loja el {3 de mayo del 71}",
            "cumple 10 años el {14/02/2020}",
            "Date of birth: {3rd Nov 1979}",
        ),
    ),
    "postcodes": ("near {SE15 4QX} now", "{22b Acacia Gardens} here", "CEP {04567-000}"),
    "houses of a passage": (
        *("Vivo en la {casa 14 del pasaje B}", "vengan a la {villa 3 en el bloque Los Pinos}, al fondo"),
    ),
    "points": (
        *("Estamos en {-0.1932, -78.4899}, tercer piso", "Mi ubicación: {0°11'35.5\"S 78°29'23.6\"W}"),
        *(
            "({-0.180, -78.467})",
            "({−0.195; −78.480})",
            "Lat: {-0.18 Long: -78.46}",
            "Casa: {0º11´35´´S 78º29´23´´O}",
        ),
        *("Vivimos en {0.35, -78.12}, al fondo", "Posición GPS {0.35,-78.12}", "17 M {0780123 9978456}"),
        *(
            "Coordenadas UTM: {780123, 9978456}",
            "{Este: 780123 Norte: 9978456}",
            "El poste: {-0.193245, -78.489912}",
        ),
        *(
            "Desde {S 00°11.592' W 078°29.393'}",
            "junto al parque, en mi casa: {-0.19324, -78.48991}",
            "{67C4RG4C+7V}",
        ),
    ),
    "words on a map": ("Estamos en {///mesa.lápiz.verde}",),
    "telephones": (
        *("Mon portable: {06 12 11 15}", "telemóvel {912 345 67}", "my cell: {415 555 20}"),
        *(
            "llame a Juana al {0987654321}",
            "Whatsapp {+593 98 765 4321}",
            "Línea gratuita de Juana: {0987654321}",
        ),
        *("mi número es {02-2345-678}", "casa: {07 412 3456}", "oficio {0987654321}"),
    ),
    "identity": (
        *("CI {0102030400}", "cédula: {010203040-5}", "trámite {1710034065}", "{E-12345678} es mi cédula"),
        *("n° de passeport {18AB36210}", "carte d'identité {880692302811}", "driver's license {D12776567}"),
        *("Numéro de sécurité sociale {2 85 05 78 114 218}", "NI number {QQ 20 83 71 C}"),
        *("courriel : {ma.dup236 arobase orange point fr}", "licencia de conducir: {A1234567}"),
        *("DNI {12345678}", "RUC {1710034065001}", "el {1700123456}"),
    ),
    "relatives and nicknames": (
        *("mi hija {Dayana} no tiene bus", "mi hijo ({Kleversito}) camina", "su madre {Rosaura} firmó"),
        *(
            "ma fille {Maëlys} va",
            "son mari {Goulven Prigent}",
            "minha filha {Yasmin} precisa",
            "els fills. La meva àvia {Remei}",
        ),
        *(
            "my late husband {Ken Okonkwo}",
            "my son {Finlay} is 7",
            "la niña {Dayana M.} de 8 años",
            "o meu fillo {Brais}",
        ),
        *(
            "me dicen {Pocho} aquí",
            "they call me {Taz}",
            "alias El {Chuki}",
            "Otro (especifique): {Segundo Moposita}",
        ),
        *(
            "Gracias por su atención. {Wilmer Chuquimarca}",
            "Una abraçada, {Laia}",
            "Dios les pague. {Byron Guamán}",
        ),
    ),
    "numbers and addresses of more kinds": (
        *(
            "tarjeta {4111 1111 1111 1111}",
            "cuenta de ahorros No. {4501234567}",
            "CNH {04512345678}",
            "NIR {280057512345678}",
        ),
        *(
            "text {07700 900123}",
            "au {514-555-0199} à Montréal",
            "{(415) 555-0132} is my cell",
            "fone {11 3456-7890}",
        ),
        *(
            "{bguaman arroba gmail}",
            "correo {ztandazo%40gmail.com}",
            "a {ztandazo@gmailcom}",
            "correu {laia arrova gmail punt com}",
        ),
        *("mi usuario es {byrong88}", "Mi gmail es {ztandazo77}."),
    ),
    "names of oneself": (
        *("Me llamo {Zoilamar Pukuncho} y pido agua", "MI NOMBRE ES {ZOILAMAR PUKUNCHO} Y VIVO AQUÍ"),
        *("me llamo {ana ruiz} y pido agua", "My name is {Thaddeus Wigglesworth}, hello"),
        *("Em dic {Meritxell Puigdomènec30} i demano", "Chámome {Sabela Outeiriño} e pido"),
        *(
            "Je m'appelle {Théodule Bourgeot} et",
            "O meu nome é {Inês de Sá Mourato}.",
            "Soy {María Zhunio}, de",
        ),
        *("Mi Facebook es {Sisa Lindaura Zh10q}", "Atentamente,\n{Ana Lucía Pérez Mora}"),
    ),
    "names behind a word that opens a sentence": (
        *(
            "Con {Gladys Toapanta} hicimos la minga",
            "Eso. A {Segundo Yánez} le robaron",
            "Para {Diego Tuzpacela} no hay",
        ),
        *("¿Y {Juan Guamán}?", "Pero {Marlene Chicaiza} se opuso"),
    ),
    "homes without a word for a street": (
        *(
            "Domicilio: {Guamequiza 15-33}",
            "Vivo en la {Urdaneta N14-12}",
            "mi residencia es en {Luis Cordero 12-34 y Tarqui}",
        ),
    ),
    "signs that nobody sees": (
        *(
            "cédula {18070\u200b43482}",
            "CI {103\u00a02154757}",
            "{zor\u2060ka@gma\u200bil.com}",
            "{@zor\u200bka12}",
        ),
        *("{09\u2060979\ufeff88744}", "{09\u200b5\u200b3043170}", "tel {09530\u00ad43170}"),
        "{" + "".join(f"{digit}\ufe0f\u20e3" for digit in "0951647677") + "}",
    ),
    "telephones dressed up": (
        *(
            "cel: {O973562992}",
            "{0g}".replace("0g", "O9 5577 34o5"),
            "Cel\n{09561\n30324}",
            "cel. {cero nueve 72476551}",
        ),
        *("tel{0959835934}", "tel{0959835934}ana", "{0991234567}gracias"),
    ),
    "addresses and accounts without their signs": (
        *("mi correo es {wilmuka gmail.com}", "escriba a {wil.muka hotmail.com}", "{nusno15 gmail.com}"),
        *(
            "{instagram . com / nusnoke}",
            "{m.me/nusnoke}",
            "{signal.me/#eu/nusnoke}",
            "{https://m.me/nusnoke}",
        ),
        *("Face: {kevnala50}", "mi skype: {jatribi60}", "síganme en instagram {@ jatbupo}"),
        *("me encuentran en Instagram como {jatluco}", "me pueden buscar en Facebook como {Jat Luco}"),
    ),
    "passports": ("Pas. N.º {E7915113}", "Pas. {AB123456}"),
    "homes": (
        *(
            "Vivo en la {calle Los Cedros N364-136 y Av. Quito}",
            "Mi domicilio: {Cdla. Las Acacias Mz. 37 villa 40}.",
        ),
        *("j'habite {121 rue des Lilas, bât. C, 69003} Lyon", "domicilié au {14 impasse Mozart 90}"),
        *(
            "Moro na {Rua das Flores nº 328, 3º Esq., 4000-252} Porto",
            "I live at {121 Maple Street, Apt 21}, Springfield",
        ),
        *(
            "i visc al {carrer Gran 301, 2n 1a}.",
            "e vivo na {rúa do Vilar 36, 3º B}.",
            "vivo en la {manzana 4 solar 12}",
        ),
        *("Mi dirección es {Av. 10 de Agosto N12-34 y Colón}", "Resido en {Calle Bolívar y Sucre, casa 12}"),
    ),
    "birthdays": (
        "Nací el {14/02/1986}, vivo",
        "I was born on {3 May 1970}",
        "née le {3.5.1970}",
        "nascut el {3 de maig de 1970}",
    ),
    "accounts": (
        *(
            "{@juana_m_87}",
            "{juana.mora@quito.gob.ec}",
            "{alcaldia.juana@gmail.com}",
            "{juanamora87.blogspot.com}",
            "{@gadQuishpe}",
            "{@municipioquishpe}",
        ),
        *("{https://www.facebook.com/juana.mora.87}", "Escríbanme en X: {juanita}", "en X: {juana}"),
        *("Contacto en X: {yzqx}", "usuario en Instagram: {yzqinsta}", "Estoy en X: {yzqy}"),
    ),
}


@pytest.mark.parametrize("kind", PUBLIC)
def test_what_only_looks_personal_stays(kind):
    assert [mask(text) for text in PUBLIC[kind]] == list(PUBLIC[kind])


@pytest.mark.parametrize("kind", PERSONAL)
def test_what_is_personal_is_masked_and_nothing_around_it(kind):
    for text in PERSONAL[kind]:
        typed, masked = with_braces(text)
        assert mask(typed) == masked


@pytest.mark.parametrize(
    ("text", "masks"),
    [("mi hijo Mateo y Wayra", 2), ("mi hijo Mateo, Wayra y Nina", 3), ("mi hijo Mateo, Bienestar pide", 1)],
)
def test_a_word_behind_a_childs_name_is_another_where_a_joining_word_leads_it_in(text, masks):
    assert mask(text).count(MASK) == masks


def test_a_text_of_leads_alone_is_read_in_time_that_grows_with_it(monkeypatch):
    read = []
    monkeypatch.setattr(led_names, "lead_at", lambda *given: read.append(1) or leads.lead_at(*given))
    assert list(led_names.spans("f) " * 300)) == []
    assert len(read) <= 300 * (led_names.MOST_LEADS + 3)


def test_a_point_of_a_street_in_front_of_a_home_is_masked_and_a_kilometre_is_not():
    assert list(map_points.spans("la calle Loja (-0.18065, -78.46783)")) == [(15, 34)]
    assert list(map_points.spans("el barrio, por -0.18, -78.46")) == []


def test_the_quick_look_at_telephones_misses_none_that_the_library_finds():
    rng, hits = random.Random(7), 0
    signs = ("", "", "", "-", " ", ".", "/", " - ", "(", ") ", ":", "'")
    for _ in range(1_500):
        parts = ("".join(rng.choice("0123456789059") for _ in range(rng.randint(1, 9))) for _ in range(4))
        text = rng.choice(("", "00593", "593", "09", "02", "+34 ", "1800")) + "".join(
            rng.choice(signs) + part for part in parts
        )
        for region in ("EC", "ES", "FR", "CO", "AR"):
            if any(PhoneNumberMatcher(text, region, leniency=Leniency.VALID)):
                hits += 1
                assert telephone_shapes.regions(text, (region,)) == [region], text
    assert hits > 50


@pytest.mark.parametrize("number", ["1710034065", "0926687815", "0102030400"])
def test_the_check_digit_of_ecuador_is_that_of_the_civil_registry(number):
    # By hand: 2+7+2+0+0+3+8+0+3 = 25, so 5; 0+9+4+6+3+8+5+8+2 = 45, so 5; 0+1+0+2+0+3+0+4+0 = 10, so 0.
    every = [has_a_check_digit(number[:-1] + digit) for digit in "0123456789"]
    assert [digit for digit, right in enumerate(every) if right] == [int(number[-1])]
