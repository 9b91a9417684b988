"""What the columns of each platform's export mean; headers are compared without accents, case, punctuation.

Sources: Decidim, ``proposal_serializer.rb``; CONSUL Democracy, ``api.yml``, ``investment/exporter.rb`` and
the ``admin.budget_investments.index.list`` texts of its locales; Decide Madrid, its research copy; the rest
is ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ogp_analysis.tabular import Table, key_of

COLUMNS = (
    "proposal",
    "channel",
    "title",
    "problem",
    "solution",
    "institution",
    "sdg",
    "province",
    "place",
    "sector",
    "submitted",
    "state",
    "answer",
    "topic",
    "url",
    "text_hash",
)
LANGUAGES = ("es", "en", "ca", "de", "eu", "fr", "gl", "it", "pt", "pt_br", "qu")
# What names, reaches or locates a person, or tells whom somebody supports; in the languages of the exports.
# Only columns of the record are kept whatever they are called: here it is that such a column becomes no
# code of a proposal, and is listed as dropped and not merely as unused.
_YOUR_NAME = (
    r"((^|_)(your|tu|su|seu|teu|votre|seva|teva)_(full_)?(names?|nombres?|nomes?|noms?)"
    r"(_(complet(o|s|os)?|y_apellidos?|i_cognoms?|e_sobrenomes?|e_apelidos?))?$|^como_(se|te)_llamas?(_usted)?$"
    r"|^(com_(et_)?dius|com_es_diu|como_se_chama|comment_vous_appelez_vous)(_(voste|voce))?$)"
)
PERSONAL = re.compile(
    r"(co)?author|autor|auteur|user|usuari|usager|utilisateur|utilizador|e_?mail|correo|correio|correu|courriel|phone"
    r"|tel[eé]?f|telemov|portable|celular|movil|whatsapp|cedula|identificacion|(^|_)(dni|nif|nie|ruc|rut|curp|cpf|cip|ip)(_|$)"
    r"|^(n_|no_|nro_|num_|numero_)?(de_)?(c_?i|c_?c)$|^documento$|documento_(de_)?(ident|extranj)|identity"
    r"|passport|pasaporte|likes?($|_)|endorse|support|apoyo|suport|vot(e|o)|follow|latitud|longitud|address|direccion"
    r"|adreca|adresse|endereco|morada|domicil|coorden|administra|valuator|evaluador|^nom(bre)?s?$|^names?$|^nomes?$"
    r"|full_name|last_name|first_name|nombres?_(completos?|y_apellid)|nombres_y|nom_(complet|i_cognom)|nome_completo|prenom"
    r"|surname|apellido|apelido|cognom|sobrenome|birth|nacimiento|naixement|nascimento|naissance"
    r"|^(edad|edat|idade|age)$|etnia|ethnic|gender|genero|genere|^sex[eo]?$|firma(nte)?s?$|signa(tory|taire|tari)s?$"
    r"|participante|proponente|remitente|contacto|contacte|^contact(_name)?$|contato|^admin$|solicitante|sol_licitant"
    r"|requerente|demandeur|applicant|submitter|submitted_by|enviad[oa]_por|presentad[oa]_por|propuest[oa]_por"
    r"|^(ciudadan|ciutada|cidadao?|citizen|citoyen|persona|person|pessoa|personne|vecin[oa]|titular|promotora?|promotor"
    r"|lider|dirigente|portavoz|vocero|vocera|respons[ai]bles?|responsavel|owner|sender)(_|[oa]s?(_|$)|s?$)"
    r"|^(your|tu|su|seu|votre)_(name|nombre|nome|nom)|^nom_de_famille$"
    # Whoever supports, signs or hands in; not who is to do something.
    r"|^(quien(es)?|who|qui|quem|chi|cal)_(\w+_)?(apoya\w*|respalda\w*|firma\w*|propone\w*|envia\w*|presenta\w*|suscribe\w*|adhiere\w*|acompan\w*|support\w*|sign\w*|propos\w*|back\w*"
    r"|submit\w*|soutien\w*|dona_suport|apoia\w*|assina\w*|sostiene|sostengono|es_usted|eres|are_you|etes_vous)(_|$)"
    r"|adherente|adhesion|avala(nte|dor)|respaldo|sostenitor|soutien|suscriptor|suscrit[oa]_por|acompanante|invitad[oa]s?$|asistente|attendee|participants?(_|$)"
    rf"|{_YOUR_NAME}|(^|_)(alias|nick(name)?|apodo|alcunha|malnom|surnom|seudonimo|pseudonim\w*)(_|$)"
    r"|^(nombres?|noms?|nomes?|names?)_(de_|del_|do_|da_|du_|d_|of_)(la_|el_|l_|the_)?"
    r"(quien|qui_|quem|who|person|pessoa|ciudadan|cidada|ciutada|citoyen|lider|dirigente|delegad|vocer|estudiante|vecin)"
    r"|respons(able|avel|ible)_(name|nombre|nome|nom|legal)|(^|_)representa(nte?|tive)(_|s?$)"
)
# Of these, the ones that hold a name or a user name: it is read to be masked in the texts, and dropped.
_OF_PERSONS = (
    rf"{_YOUR_NAME}|"
    r"author|autor|auteur|user|usuari|usager|utilisateur|utilizador|apellido|apelido|cognom|sobrenome|surname"
    r"|prenom|proponente|remitente|participante|firma|signa(tor|tai|tar)|contact|contato|solicitante|sol_licitant"
    r"|requerente|demandeur|applicant|submitter|_por$|submitted_by|ciudadan|ciutada|cidada|citizen|citoyen|persona?(_|$)"
    r"|^(quien(es)?|who|qui|quem|chi)_|apoyo|apoya|support|adherente|respaldo|sostenitor|soutien|endorse|asistente|attendee"
    r"|pessoa(_|$)|vecin|titular|promotor|lider|dirigente|portavoz|vocer|respons(able|avel|ible)|representa|owner|sender"
    r"|valuator|evaluador|^admin(_|$)|administra|alias|nick|apodo|alcunha|malnom|surnom|p?seudonim"
)
NAMING = re.compile(
    r"(?!.*(^|_)(ids?|url|link|count|total|e_?mail|correo|phone|tel\w*|fecha|date|at|group|grupo"
    r"|tipo|type|perfil|rol|cargo|numero|cantidad|sector|pais|barrio|ciudad|provincia|canton|edad|sexo)(_|$))"
    rf"(.*({_OF_PERSONS})|noms?(_(complet|i_cognoms?))?$|nombres?(_(completos?|y_apellidos?))?$|names?$"
    r"|(nombres?|noms?|nomes?|names?)_(de|del|do|da|du|d|of)_|(your|tu|su|seu|votre)_(name|nombre|nome|nom)|nomes?(_completo)?$|(full|last|first|responsible|contact)_name$)"
)


@dataclass(frozen=True)
class Layout:
    """How one kind of export is recognised and read.

    Parameters
    ----------
    name : str
        ``"decidim"``, ``"decidim-older"``, ``"consul-proposals"``, ``"consul-investments"``,
        ``"decide-madrid"`` or ``"plain"``.
    fields : dict
        For each column of the record the headers it is read from, the first there is; ``a + b`` joins texts.
    signs : tuple of str
        Headers that all must be there for the export to be recognised; of ``a|b`` either.
    truths : dict
        State that a proposal has when the column of that name holds a truth or a date.
    meetings : tuple of str
        Columns that say that a proposal comes from a meeting.
    channel : str
        Channel of the others; empty where only a column can tell.
    positions : tuple of tuple of str
        Names of the columns by position, for exports whose headers are translated.

    Examples
    --------
    >>> [layout.name for layout in PLATFORMS["decidim"]]
    ['decidim', 'decidim-older']
    >>> CONSUL_PROPOSALS.fields["solution"]
    ('summary + description', 'description', 'summary')
    """

    name: str
    fields: dict[str, tuple[str, ...]]
    signs: tuple[str, ...] = ()
    truths: dict[str, str] = field(default_factory=dict)
    meetings: tuple[str, ...] = ()
    channel: str = "online"
    positions: tuple[tuple[str, ...], ...] = ()


DECIDIM = Layout(
    "decidim",
    {
        "id": ("id",),
        "code": ("reference",),
        "title": ("title",),
        "solution": ("body",),
        "province": ("scope_name",),
        "submitted": ("published_at", "created_at"),
        "state": ("state",),
        "answer": ("answer",),
        "topic": ("taxonomies_name", "taxonomies", "category_name"),
        "url": ("url",),
        "amendment": ("is_amend",),
        # The author's name is no column of the record: it is read to be masked in the texts.
        "name": ("author_name",),
    },
    signs=("participatory_space_id", "component_id", "taxonomies_id|author_id|votes|withdrawn|created_at"),
    truths={"withdrawn": "withdrawn", "withdrawn_at": "withdrawn"},
    meetings=("created_in_meeting", "meeting_urls"),
)
# The same fields: each of them names the headers of both versions, and a file holds those of one.
DECIDIM_OLDER = Layout(
    "decidim-older",
    DECIDIM.fields,
    signs=("participatory_space_id", "component_id"),
    meetings=("meeting_urls",),
)
CONSUL_PROPOSALS = Layout(
    "consul-proposals",
    {
        "id": ("id",),
        "code": ("code",),
        "title": ("title",),
        "solution": ("summary + description", "description", "summary"),
        "province": ("geozone", "geozone_name"),
        "submitted": ("public_created_at", "created_at"),
        "topic": ("tags",),
        "url": ("url",),
        "name": ("public_author", "author"),
    },
    signs=("title", "cached_votes_up|hot_score|public_author|geozone_id|retired_at"),
    truths={"retired_at": "retired"},
)
# In the order in which CONSUL's exporter writes them.
INVESTMENT_COLUMNS = (
    "id",
    "title",
    "description",
    "admin",
    "valuator",
    "valuation_group",
    "heading",
    "feasibility",
    "valuation_finished",
    "unfeasibility_explanation",
    "selected",
    "visible_to_valuators",
    "author",
)
CONSUL_INVESTMENTS = Layout(
    "consul-investments",
    {
        "id": ("id",),
        "title": ("title",),
        "solution": ("description",),
        "province": ("heading",),
        "state": ("feasibility",),
        "answer": ("unfeasibility_explanation",),
        "name": ("author",),
    },
    signs=("title", "heading", "feasibility", "valuation_finished"),
    positions=(
        INVESTMENT_COLUMNS,
        tuple(name for name in INVESTMENT_COLUMNS if name != "unfeasibility_explanation"),
    ),
)
DECIDE_MADRID = Layout(
    "decide-madrid",
    {
        "id": ("id",),
        "code": ("code",),
        "title": ("title",),
        "solution": ("summary + text", "text", "summary"),
        "submitted": ("date",),
        "state": ("status",),
        "url": ("url",),
    },
    signs=("code", "title", "userid", "numsupports"),
)


def _headers(*lines: str) -> tuple[str, ...]:
    """Split headers that stand in lines, parted by blanks."""
    return tuple(" ".join(lines).split())


# Columns that may merely count the rows: they serve where no other column is a code.
# (a header of signs alone, such as "#", is read as a number).
COUNTERS = ("numero", "num", "nro", "no", "n", "#")
# Headers of plain tables in Spanish, English, Catalan, Portuguese, Galician and French; the first serves.
SURE_TITLES = _headers(
    "title titulo titol titre nombre_de_la_propuesta titulo_de_la_propuesta proposal_title",
    "titol_de_la_proposta nom_de_la_proposta titulo_da_proposta nome_da_proposta",
    "titre_de_la_proposition titre_de_l_idee",
)
# Such a column may hold the text, or a code.
TITLES = SURE_TITLES + _headers(
    "proposal propuesta proposta proposition idea idee asunto assumpte assunto sujet tema intitule",
    "proyecto projeto projecte projet project nombre_del_proyecto nom_du_projet nome_do_projeto",
    "project_name",
)
# They serve where there is no whole text.
SUMMARIES = _headers("summary resumen resum resumo resume")
PLAIN = Layout(
    "plain",
    {
        "code": _headers(
            "code codigo codi reference referencia ref proposal propuesta proposta proposal_id id_proposal",
            "id_propuesta id_proposta proposal_code codigo_de_la_propuesta folio expediente",
            "numero_de_propuesta numero_de_la_propuesta id identificador response_id submission_id",
            "respondent_id id_de_respuesta id_da_resposta id_de_la_reponse",
            *COUNTERS,
        ),
        "channel": _headers(
            "channel canal via origen origin modalidad modalitat modalidade modalite modality"
        ),
        "title": TITLES,
        "problem": _headers(
            "problem problema problematica probleme problematique por_que_es_importante porque_es_importante",
            "por_que_es_importante_su_propuesta por_que_es_necesaria por_que_es_necesario",
            "why_is_it_important por_que_e_importante pourquoi_est_ce_important",
        ),
        "solution": _headers(
            "solution solucion solucio solucao propuesta_de_solucion description descripcion descripcio",
            "descricao descricion summary+text resumen+texto body text texto texte texto_de_la_propuesta",
            "texto_da_proposta text_de_la_proposta texte_de_la_proposition proposal_text content",
            "post_content contenido contingut conteudo contenu cuerpo corps detalle detalles detall details",
            "idea idee ideia mensaje message mensagem missatge details",
            "justificacion justificacao justificacio",
            "su_propuesta tu_propuesta votre_proposition sua_proposta a_sua_proposta",
            "la_teva_proposta your_proposal",
            *SUMMARIES,
        ),
        "institution": _headers(
            "institution institucion institucio instituicao institucion_responsable entidad",
            "entidad_responsable organismo responsible_institution",
        ),
        "sdg": _headers(
            "sdg sdgs ods odd objetivo_de_desarrollo_sostenible objetivos_de_desarrollo_sostenible",
            "objectius_de_desenvolupament_sostenible objectifs_de_developpement_durable",
        ),
        "province": _headers("province provincia departamento departament departement region regio regiao"),
        "sector": _headers("sector setor secteur"),
        "submitted": _headers(
            "submitted date fecha data fecha_de_envio fecha_de_creacion fecha_creacion data_de_creacio",
            "data_creacio data_de_criacao data_criacao date_de_creation created_at published_at",
            "fecha_de_publicacion data_de_publicacio created timestamp marca_temporal creation_date",
            "submitdate",
        ),
        "state": _headers("state estado estat etat status statut situacao situacion"),
        "answer": _headers("answer respuesta resposta reponse"),
        "topic": _headers(
            "topic group grupo category categoria categorie tags etiquetas etiquetes tematica thematique eje",
            "ambito ambit tema temes theme eje_tematico eixo_tematico area_tematica linea_tematica",
        ),
        "url": _headers("url enlace link enllac lien ligacao ligazon"),
        "name": _headers(
            "name nombre author autor autora nombres_y_apellidos nombre_completo nom nom_i_cognoms nome",
            "nome_completo auteur full_name proponente author_name",
        ),
    },
    signs=("|".join(TITLES),),
    channel="",
)
# Forms ask in whole sentences: where no header of a plain table is one of those above, words in it tell.
# What they may not hold is in `PERSONAL`.
_BODY = (
    r"(institucion|institucio|instituicao|institution|istituzione|entidad|entidade|entitat|organismo|organisme|ente|autoridad|autoridade|autorite|authority"
    r"|administracion|administracao|administracio|administration|dependencia|organo|orgao|organ|body|ministerio|ministry|ministere|agency|servicio_publico)(es|s)?"
)
PROPOSAL_WORD = (
    r"(propuesta|proposta|proposicion|proposition|proposal|idea|idee|iniciativa|initiative|aporte|compromiso"
    r"|proyecto|project|projet|projeto|proxecto|projecte|sugerencia|suggestion|suggeriment|sugestao"
    r"|peticion(?!ari)|peticio(?!n)|solicitud|requerimiento|pedido)"
)
# What is asked between "what" and "propose": nothing of its own, as "which institution" would be.
_ASKED = (
    r"(usted_|ud_|tu_|voce_|vos_|se_|lo_|nos_|le_|te_|you_|we_|do_|would_|should_|haria_|deberia_|quiere_|quisiera_"
    r"|podemos_|podria\w*_)"
)
_SENT = (
    r"(recep|depos|complet|recib|receiv|envi|sent|registr|rexistr|ingres|presenta|crea|cria|submi|soumi"
    r"|depot|entrega)"
)
TELLING = {
    "title": re.compile(
        rf"(^|_)(titulo|titol|titre|title)_(?!.*(autor|author|quien|quem|profes))(\w+_)?{PROPOSAL_WORD}"
        rf"|(^|_)(nombre|nom|nome|name)_(de|da|do|d|para|of|for|pour|per)_(?!.*(autor|author|person|quien|quem))(\w+_)?{PROPOSAL_WORD}"
        rf"|(^|_)(se_llama\w*|es_diu|se_chama\w*|s_appelle|titula\w*)_(\w+_)?{PROPOSAL_WORD}"
        rf"|^(?!.*(manager|lead|autor|author|owner|contact|coordin|person|respons)).*{PROPOSAL_WORD}(_\w+)?_(called|title|name|titulo|titol|titre)$"
    ),
    "problem": re.compile(r"(^|_)(problem|problematica|problematique)"),
    "solution": re.compile(
        r"(^|_)(soluci|solution|soluca)|^(descri|detal|detail|expli|explain|desarroll|desenvolv|develop|decri|descre|resum|summary"
        r"|tell_us|tell_me|cuent|conte|conta_nos|explain|parlez|racont|present(ez|e_)|expon|expos|escrib|escrev|redact|write|text"
        r"|cual_es|en_que|que_propon|qual_e|quelle_est|what_is).*"
        + PROPOSAL_WORD
        + r"|^(que|o_que|como|what|how)_"
        + _ASKED
        + r"{0,3}"
        r"(propon|propos|propoe|plantea|sugier|suggest|resolver|solucion|arregl|mejorar)(?!\w*_(institu|entidad|autoridad))"
    ),
    "institution": re.compile(
        rf"^{_BODY}_(competente|responsable|encargada|a_cargo|compet|respons|ejecutora|publica|\w*dirig|\w*destin|\w*correspond|\w*concern)"
        rf"|^(\w{{1,4}}_)?(que|cual|cuales|quelles?|what|which|quina|quines|quale|quali|qual|quais|quins?|quin|quels?)_(es_la_|es_el_|sao_as_|e_a_|est_l_)?"
        rf"(public_|tipo_de_)?{_BODY}(_|$)"
    ),
    "sdg": re.compile(
        r"(^|_)(ods|sdgs?)(_|$)|desarrollo_sostenible|desenvolupament_sostenible|developpement_durable"
    ),
    "submitted": re.compile(
        rf"^(fecha|data|date|dia)_(y_hora_|et_heure_|e_hora_)?(de_|da_|do_|d_|of_)?(la_)?{_SENT}"
        rf"|^{_SENT}\w*_(on|at|el|em|en|le)$|^{_SENT}\w*_(date|time)(_utc)?$"
        r"|^(time_?stamp|marca_temporal|marca_de_temps|carimbo_de_data|selo_temporal|horodat|hora_de_(inicio|finalizacion)|depose[es]*_le$)"
    ),
}


# A longer text is an answer.
LONGEST_HEADER = 120


def asks_for_a_title(key: str) -> bool:
    """Say whether a header asks for the title of a proposal in a sentence, and for nobody's name.

    >>> [asks_for_a_title(key) for key in ("como_se_llama_su_propuesta", "como_se_llama_usted")]
    [True, False]
    """
    return len(key) <= LONGEST_HEADER and bool(TELLING["title"].search(key)) and not PERSONAL.search(key)


# What forms write in front of a question: its number, or the code by which a survey knows it.
NUMBERED = re.compile(
    r"\s*(?:\[\w{1,20}\]\s+|(?:pregunta|question|pergunta|qüestió)?\s?[A-Z]{0,2}\d{1,3}(?:[A-Z]\d{1,3}|\.\d{1,2})?"
    r"(?:\[\w{1,12}\])?\s?(?:[.):]\s?-?|\s[-–])\s?(?=\D)"
    r"|(?:id|token|submitdate|startdate|datestamp|ipaddr|refurl|lastpage|startlanguage|seed)\.\s+)(?=\S)",
    re.IGNORECASE,
)


def keys_of(headers: Sequence[str]) -> list[str]:
    """Fold headers without the number of a question; a mere number sign stays.

    >>> keys_of(["#", "N° de la proposition", "G01Q02. Titre", "3) Barrio"])
    ['#', 'n_de_la_proposition', 'titre', 'barrio']
    """
    bare = [NUMBERED.sub("", header, count=1) if NUMBERED.match(header) else header for header in headers]
    return ["#" if header.strip() == "#" else key_of(header) for header in bare]


# Places inside a province or a city, the larger first; a proposal's place is all of them that there are.
PLACES = _headers(
    "place lugar lloc lieu localidad canton city ciudad municipality municipio municipi concelho commune",
    "comuna district distrito districte",
    "concello comarca arrondissement zone zona parish parroquia freguesia neighbourhood neighborhood barrio",
    "barri bairro quartier",
)
# The order matters: the first whose signs are all there is taken, so the newer and the stricter stand
# first.
LAYOUTS = (DECIDIM, DECIDIM_OLDER, CONSUL_INVESTMENTS, CONSUL_PROPOSALS, DECIDE_MADRID, PLAIN)
PLATFORMS = {
    "decidim": (DECIDIM, DECIDIM_OLDER),
    "consul": (CONSUL_INVESTMENTS, CONSUL_PROPOSALS, DECIDE_MADRID),
    "plain": (PLAIN,),
    "auto": LAYOUTS,
}
# Headers of CONSUL's investments in its English and Spanish locales.
TRANSLATED = {
    "identifier": "id",
    "titulo": "title",
    "descripcion": "description",
    "administrator": "admin",
    "administrador": "admin",
    "evaluador": "valuator",
    "evaluadores": "valuator",
    "valuators": "valuator",
    "grupos_evaluadores": "valuation_group",
    "valuation_groups": "valuation_group",
    "scope_of_operation": "heading",
    "ambito_de_actuacion": "heading",
    "partida": "heading",
    "viabilidad": "feasibility",
    "ev_fin": "valuation_finished",
    "val_fin": "valuation_finished",
    "evaluacion_finalizada": "valuation_finished",
    "informe_de_inviabilidad": "unfeasibility_explanation",
    "seleccionado": "selected",
    "mostrar_a_evaluadores": "visible_to_valuators",
    "show_to_valuators": "visible_to_valuators",
    "usuario_autor": "author",
    "author_username": "author",
}
CHANNELS = dict.fromkeys(
    _headers("online en_linea en_linia em_linha en_ligne portal web formulario formulari internet digital"),
    "online",
) | dict.fromkeys(
    _headers("workshop taller tallers mesa mesa_de_cocreacion presencial atelier encuentro reunion"),
    "workshop",
)
# What platforms call the state of a proposal; in words it is `public.state.NAME`.
STATES = {
    word: state
    for state, words in {
        "accepted": "accepted approved aceptada aceptado aprobada acceptada aceita acceptee",
        "rejected": "rejected refused rechazada rechazado rebutjada rejeitada rejetee refusee",
        "evaluating": "evaluating in_evaluation under_evaluation en_evaluacion en_avaluacio em_avaliacao",
        "not_answered": "not_answered unanswered sin_respuesta no_respondida sense_resposta sem_resposta",
        "validating": "validating pending pendiente pendent pendente en_attente",
        "withdrawn": "withdrawn retired retracted retirada retirado retiree",
        "archived": "archived archivada arxivada arquivada archivee",
        "feasible": "feasible viable viavel",
        "unfeasible": "unfeasible not_feasible infeasible inviable no_viable inviavel",
        "undecided": "undecided sin_decidir sense_decidir",
        "selected": "selected seleccionada seleccionado selecionada selectionnee",
        "not_selected": "not_selected unselected no_seleccionada no_seleccionado nao_selecionada",
        "winner": "winner ganadora guanyadora vencedora",
        "published": "published publicada publicado publiee",
        "in_progress": "in_progress in_execution en_ejecucion en_curso em_execucao en_cours",
        "done": "done completed executed finished ejecutada finalizada concluida",
    }.items()
    for word in words.split()
}
TRUTHS = {"true", "t", "1", "yes", "si", "x", "verdadero"}


@dataclass(frozen=True)
class Keyed:
    r"""A table and the folded names of its columns.

    Parameters
    ----------
    table : Table
        As typed.
    keys : list of str
        For each column its header without accents, case and punctuation, or the name its layout gives it.

    Examples
    --------
    >>> from ogp_analysis import tabular
    >>> table = tabular.parse("title/en,title/es\nOpen data,Datos abiertos\n".encode(), file="p.csv")[0]
    >>> Keyed(table, [tabular.key_of(name) for name in table.header]).find("title")
    [1, 0]
    """

    table: Table
    keys: list[str]

    def find(self, header: str) -> list[int]:
        """Positions of the columns a header is read from: itself, else its languages, Spanish first."""
        if header in self.keys:
            return [self.keys.index(header)]
        wanted = [f"{header}_{language}" for language in LANGUAGES]
        return [self.keys.index(key) for key in wanted if key in self.keys]
