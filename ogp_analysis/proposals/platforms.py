"""What the columns of each platform's export mean; headers are compared without accents, case, punctuation.

Sources: Decidim, ``proposal_serializer.rb``; CONSUL Democracy, ``api.yml``, ``investment/exporter.rb`` and
the ``admin.budget_investments.index.list`` texts of its locales; Decide Madrid, its research copy; the rest
is ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

COLUMNS = (
    "code",
    "channel",
    "title",
    "problem",
    "solution",
    "sdg",
    "province",
    "sector",
    "submitted",
    "state",
    "answer",
    "group",
    "url",
    "text_hash",
)
LANGUAGES = ("es", "en", "ca", "de", "eu", "fr", "gl", "it", "pt", "pt_br", "qu")
# What names, reaches or locates a person, or tells whom somebody supports.
PERSONAL = re.compile(
    r"(co)?author|autor|user|usuari|e_?mail|correo|phone|telefono|celular|cedula|identificacion"
    r"|likes?($|_)|endorse|support|apoyo|vot(e|o)|follow|latitud|longitud|address|direccion|coorden"
    r"|administra|valuator|evaluador|^nombres?$|^names?$|apellido|birth|nacimiento|^edad|^age$|etnia|ethnic|gender|genero"
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
        "group": ("taxonomies_name", "taxonomies", "category_name"),
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
        "group": ("tags",),
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
PLAIN = Layout(
    "plain",
    {
        "code": ("code", "codigo", "reference", "referencia", "id", "numero", "no", "n"),
        "channel": ("channel", "canal", "via"),
        "title": ("title", "titulo", "nombre_de_la_propuesta", "proposal", "propuesta", "tema"),
        "problem": ("problem", "problema", "problematica"),
        "solution": (
            "solution",
            "solucion",
            "propuesta_de_solucion",
            "description",
            "descripcion",
            "summary",
            "resumen",
            "body",
            "text",
            "texto",
        ),
        "sdg": ("sdg", "sdgs", "ods", "objetivo_de_desarrollo_sostenible"),
        "province": ("province", "provincia"),
        "sector": ("sector",),
        "submitted": ("submitted", "date", "fecha", "fecha_de_envio", "created_at"),
        "state": ("state", "estado", "status"),
        "answer": ("answer", "respuesta"),
        "group": ("group", "grupo", "topic", "category", "categoria"),
        "url": ("url", "enlace", "link"),
        "name": ("name", "nombre", "author", "autor", "autora", "nombres_y_apellidos", "nombre_completo"),
    },
    signs=("title|titulo|nombre_de_la_propuesta|proposal|propuesta|tema",),
    channel="",
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
CHANNELS = {
    "online": "online",
    "en_linea": "online",
    "portal": "online",
    "web": "online",
    "formulario": "online",
    "workshop": "workshop",
    "taller": "workshop",
    "mesa": "workshop",
    "mesa_de_cocreacion": "workshop",
    "presencial": "workshop",
}
TRUTHS = {"true", "t", "1", "yes", "si", "x", "verdadero"}
