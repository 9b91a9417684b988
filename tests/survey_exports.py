"""One invented content written in the layouts of survey tools and peer-review systems."""

from __future__ import annotations

import csv
import io

PANELS = {"E01": "Institución responsable", "E02": "Contraparte"} | {
    code: "Grupo de Trabajo" if code < "E05" else "Grupo Núcleo" for code in ("E03", "E04", "E05", "E06")
}
KEYS = {
    "Institución responsable": "lead",
    "Contraparte": "counterpart",
    "Grupo de Trabajo": "working_group",
    "Grupo Núcleo": "core_group",
}
FEASIBILITY = {
    "Tiempo": "time",
    "Complejidad": "complexity",
    "Recursos": "resources",
    "Voluntad": "willingness",
}
RELEVANCE = {
    "Reiteraciones": "reiterations",
    "Impacto potencial": "potential_impact",
    "Alineación": "alignment",
}
INDICATORS = FEASIBILITY | RELEVANCE
CRITERION = dict.fromkeys(FEASIBILITY, "Factibilidad") | dict.fromkeys(RELEVANCE, "Pertinencia")
PROPOSALS = ("P01", "P02", "P03", "P04")


def rating(evaluator: str, proposal: str, word: str) -> str:
    """Give an invented rating, empty where the panel does not rate the indicator."""
    if (word in FEASIBILITY) != (evaluator in ("E01", "E02")):
        return ""
    number = int(evaluator[1:]) * 7 + int(proposal[1:]) * 11 + list(INDICATORS).index(word) * 5
    return str(number * number % 5 + 1)


def content() -> set[tuple[str, str, str, str, float]]:
    """Give every rating: proposal, indicator, panel, evaluator, rating."""
    return {
        (proposal, key, KEYS[panel], evaluator, float(given))
        for evaluator, panel in PANELS.items()
        for proposal in PROPOSALS
        for word, key in INDICATORS.items()
        if (given := rating(evaluator, proposal, word))
    }


def rows(before: tuple[str, ...] = ()) -> list[list[str]]:
    """Give a row for each evaluator and proposal: what a tool adds, who, where, what, seven ratings."""
    return [
        [*before, evaluator, panel, proposal, *(rating(evaluator, proposal, word) for word in INDICATORS)]
        for evaluator, panel in PANELS.items()
        for proposal in PROPOSALS
    ]


def text(lines: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue()


def each(pattern: str) -> list[str]:
    """Word a header for each indicator."""
    return [pattern.format(word=word, criterion=CRITERION[word], key=key) for word, key in INDICATORS.items()]


TIME, ADDRESS = "2026-05-04 10:11:12", "192.0.2.7"
QUALTRICS = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "ResponseId"]
QUALTRICS_TEXTS = ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Response ID"]
ADDED = (TIME, TIME, "IP Address", ADDRESS, "100", "R_1")
IDS = [f'{{"ImportId":"QID{k}"}}' for k in range(16)]


def qualtrics(*, ids: bool, named: bool) -> str:
    who = ["evaluador", "panel", "propuesta"] if named else ["Q1", "Q2", "Q3"]
    first = [*QUALTRICS, *who, *(each("{key}") if named else [f"Q4_{k}" for k in range(1, 8)])]
    who = ["¿Cuál es su código de evaluador?", "¿A qué grupo pertenece?", "¿Qué propuesta evalúa?"]
    second = [*QUALTRICS_TEXTS, *who, *each("{criterion}: califique cada aspecto - {word}")]
    return text([first, second, *([IDS] if ids else []), *rows(ADDED)])


def surveymonkey() -> str:
    added = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address"]
    who = ["Código de evaluador", "Panel", "¿Qué propuesta evalúa?"]
    first = [*added, *who, "Factibilidad", "", "", "", "Pertinencia", "", ""]
    second = [""] * 6 + ["Open-Ended Response", "Response", "Response", *each("{word}")]
    return text([first, second, *rows(("118", "4", TIME, TIME, ADDRESS, ""))])


def grid(pattern: str) -> str:
    """One row a submission, a column for each proposal and indicator."""
    header = ["Marca temporal", "Código de evaluador", "Panel"]
    header += [pattern.format(word=word, proposal=proposal) for word in INDICATORS for proposal in PROPOSALS]
    lines = [
        [TIME, evaluator, panel, *(rating(evaluator, p, word) for word in INDICATORS for p in PROPOSALS)]
        for evaluator, panel in PANELS.items()
    ]
    return text([header, *lines])


def wide(added: str, who: str, pattern: str) -> str:
    """One row a proposal, with the columns that a tool adds in front."""
    names = added.split("|") if added else []
    return text([[*names, *who.split("|"), *each(pattern)], *rows(("x",) * len(names))])


def long(added: str, cells: tuple[str, ...], who: str) -> str:
    """One row a rating, with the columns that a tool adds in front."""
    lines = [
        [*cells, *row[:3], word, given]
        for row in rows()
        for word, given in zip(INDICATORS, row[3:], strict=True)
        if given
    ]
    return text([[*added.split("|"), *who.split("|")], *lines])


READ = {
    "jotform": wide("Submission Date|Submission ID|IP", "Código de evaluador|Panel|Propuesta", "{word}"),
    "jotform in spanish": wide(
        "Fecha de envío|ID del envío|Dirección IP", "Código de evaluador|Panel|Propuesta", "{word}"
    ),
    "jotform, a row a rating": long(
        "Submission ID|Last Update Date", ("118", TIME), "Evaluator code|Panel|Proposal|Indicator|Rating"
    ),
    "google forms, a quiz, a row a rating": long(
        "Marca temporal|Puntuación", (TIME, "0 / 0"), "Evaluador|Panel|Propuesta|Indicador|Calificación"
    ),
    "openreview, signatures beside who reviews": wide(
        "number|signatures|submission number", "reviewer|panel|paper", "{word}"
    ),
    "easychair, when it was sent": long(
        "#|time", ("1", "10:11"), "member|Evaluator|Panel|Proposal|Indicator|Rating"
    ).replace("1,10:11,", "1,10:11,7,"),
    "the hour beside the indicator time": text(
        [
            ["Time", "Evaluador", "Panel", "Propuesta", *INDICATORS],
            *rows((f"{TIME[:10]} 10:11 a. m.",)),
        ]
    ),
    "rows that are numbered": wide("Ítem", "Evaluador|Panel|Propuesta", "{word}"),
    "limesurvey by code": wide(
        "id|submitdate|lastpage|startlanguage|seed|startdate|datestamp|ipaddr",
        "evaluador|panel|propuesta",
        "calif[{key}]",
    ),
    "limesurvey by group code": wide("id|submitdate", "evaluador|panel|propuesta", "G01Q02[{key}]"),
    "limesurvey by text": wide(
        "ID de respuesta|Fecha de envío|Última página|Lenguaje inicial|Semilla",
        "Código de evaluador|Panel|Código de la propuesta",
        "Califique cada aspecto de 1 a 5 [{word}]",
    ),
    "limesurvey with timings": wide(
        "id|Question time: tiempo|Tiempo total", "evaluador|panel|propuesta", "{criterion} [{word}]"
    ),
    "google forms": wide(
        "Marca temporal|Dirección de correo electrónico|Puntuación",
        "¿Cuál es su código de evaluador?|¿A qué grupo pertenece?|¿Qué propuesta evalúa?",
        "{criterion}: califique de 1 (muy bajo) a 5 (muy alto) cada aspecto [{word}]",
    ),
    "google forms, grid an indicator": grid("{word} [{proposal}]"),
    "google forms, grid a proposal": grid("{proposal}. Compras abiertas [{word}]"),
    "microsoft forms": wide(
        "ID|Start time|Completion time|Email|Name",
        "Código de evaluador|Panel|Código de la propuesta",
        "{word}",
    ),
    "numbered": wide("", "1. Código de evaluador|2. Panel|3. Propuesta", "4. {word}"),
    "scale in the header": wide("", "Evaluador|Panel|Propuesta", "{word} (1 = muy bajo, 5 = muy alto)"),
    "dotted": wide("", "Evaluador|Panel|Propuesta", "{criterion}.{word}"),
    "kobotoolbox groups": wide(
        "start|end|today|username|deviceid",
        "quien/evaluador|quien/panel|propuesta",
        "{criterion}/{word}",
    ),
    "redcap raw": wide(
        "record_id|redcap_event_name|redcap_repeat_instrument|redcap_repeat_instance",
        "evaluador|panel|propuesta",
        "{key}",
    ),
    "redcap labels": wide("Record ID|Event Name", "Código de evaluador|Panel|Propuesta", "{word}"),
    "qualtrics, three rows": qualtrics(ids=True, named=False),
    "qualtrics, three rows, named": qualtrics(ids=True, named=True),
    "qualtrics, two rows": qualtrics(ids=False, named=False),
    "qualtrics, two rows, named": qualtrics(ids=False, named=True),
    "surveymonkey": surveymonkey(),
    "openreview": wide("tcdate|tmdate|invitation", "signatures|panel|submission", "{word}"),
    "easychair": wide("", "PC member|panel|submission #", "{word}"),
    "hotcrp": wide("title", "reviewer|panel|paper", "{word}"),
    "typeform": wide(
        "#", "¿Cuál es su código de evaluador?|¿A qué panel pertenece?|¿Qué propuesta evalúa?", "{word}"
    ),
    "a note below": wide("", "Evaluador|Panel|Propuesta", "{word}") + "\nNota: escala de 1 a 5\n",
    "two notes below": wide("", "Evaluador|Panel|Propuesta", "{word}")
    + "Ana Zorrilla recogió las hojas\nFuente: actas"
    + "," * 9
    + "\n",
    "put together from pages": wide("", "Evaluador|Panel|Propuesta", "{word}").replace(
        "E03", f"Evaluador,Panel,Propuesta,{','.join(INDICATORS)}\nE03", 1
    ),
    "cmt": wide("Paper Title", "Reviewer Number|Panel|Paper ID", "Q1 ({word})"),
}


def given(change, pattern: str = "{word}") -> str:
    """One row a proposal and evaluator; ``change`` gives the cell or cells of each rating."""
    lines = [[*row[:3], *(cell for rating in row[3:] for cell in change(rating))] for row in rows()]
    headers = [pattern.format(word=word, k=k) for word in INDICATORS for k in range(1, len(change("1")) + 1)]
    return text([["Evaluador", "Panel", "Propuesta", *headers], *lines])


def _ticked(rating: str) -> list[str]:
    return ["1" if rating == str(k) else "0" for k in range(1, 6)]


WHOLE = READ["numbered"].replace("4. ", "")
# What is refused, by which rule, in how many columns or rows it is named.
REFUSED = {
    "limesurvey, answer codes": (given(lambda rating: [rating and f"A{rating}"]), "ratings.answer_codes", 7),
    "redcap, check boxes": (given(_ticked, "{word}___{k}"), "ratings.check_boxes", 1),
    "redcap, check boxes by label": (given(_ticked, "{word} (choice={k})"), "ratings.check_boxes", 1),
    "dashes": (given(lambda rating: [rating or "-"]), "ratings.no_rating_mark", 7),
    "NA": (given(lambda rating: [rating or "NA"]), "ratings.no_rating_mark", 7),
    "one question under several codes": (
        text([["Panel", "Propuesta", "Tiempo Q1", "Tiempo Q2"], ["Contraparte", "P01", "3", "4"]]),
        "ratings.coded_headers",
        1,
    ),
    "easychair": (
        text(
            [
                ["#", "submission #", "member #", "scores", "total score"],
                ["1", "7", "3", "Overall evaluation: 2\nReviewer's confidence: 4", "2"],
            ]
        ),
        "ratings.packed",
        1,
    ),
    "hotcrp, fields of its own": (
        text(
            [
                ["paper", "title", "review", "reviewername", "OveMer"],
                *(["1", "Compras", f"1{k}", k, "3"] for k in "AB"),
            ]
        ),
        "ratings.no_ratings",
        1,
    ),
    "proposals across": (
        text([["Indicador", "Panel", "Evaluador", *PROPOSALS], ["Tiempo", "Contraparte", "E02", *"1234"]]),
        "ratings.codes_across",
        1,
    ),
    "another table below": (WHOLE + "\nindicador,media,n\nTiempo,3,20\n", "ratings.below", 1),
    "sums without a name below": (WHOLE + "," * 3 + "9,8,7,6,5,4,3\n", "ratings.below", 1),
}
