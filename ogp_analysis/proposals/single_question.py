"""A form without a title: its one question, or the one that asks for the proposal, stands for it."""

from __future__ import annotations

import re
from dataclasses import replace
from statistics import median

from ogp_analysis.proposals.platforms import PERSONAL, PLACES, PLAIN, PROPOSAL_WORD, TELLING, Keyed

# Our choice: shorter answers choose from a list.
USUAL = 12
# Fields that hold what people answer; every other field is known by its header.
ASKED = ("title", "problem", "solution")
KNOWN = frozenset(
    header for name, headers in PLAIN.fields.items() if name not in ASKED for header in headers
) | frozenset(PLACES)
# What tools for forms write beside the answers.
OF_THE_TOOL = re.compile(
    r"^(start|completion|complete|end|submit|submitted|submission|last|stage|response|create|creation|entry|date)_?(time|date|page|id|type|at|ed|utc"
    r"|modified|status|action_time|stamp|ip|number|no)?(_|$)|^(seed|semilla|startlanguage|start_language|refurl|referer|referrer|tags?|stage|ending|browser|os|device"
    r"|platform|progress|finished|duration|score|puntuacion|pontuacao|language|idioma|lenguaje|llengua|ultima_pagina|lastpage|network|collector|respondent|uuid|version"
    r"|token|ip|ipaddr|quiz|total|hora|id|key|form|formulario|source|utm)(_|$)|tiempo|duracion|language$"
)


def read(keyed: Keyed) -> Keyed | None:
    r"""Call the one column of answers a title, or of several the one that asks for the proposal; else None.

    >>> from ogp_analysis import tabular
    >>> text = "Marca temporal;¿Qué haría usted?\nx;Que haya agua limpia\n"
    >>> table = tabular.parse(text.encode(), file="p.csv")[0]
    >>> read(Keyed(table, [tabular.key_of(name) for name in table.header])).keys
    ['marca_temporal', 'title']
    >>> text = "Fecha;¿Cuál es su propuesta?;Describa el problema\nx;Que haya agua limpia\n"
    >>> table = tabular.parse(text.encode(), file="p.csv")[0]
    >>> read(Keyed(table, [tabular.key_of(name) for name in table.header])).keys
    ['fecha', 'title', 'describa_el_problema']
    """
    asked = [k for k, key in enumerate(keyed.keys) if key and not _is_known(key)]
    if len(asked) > 1:
        asked = [k for k in asked if _asks_for_a_proposal(keyed.keys[k])]
    if len(asked) != 1 or len([key for key in keyed.keys if key]) < 2:
        return None
    cells = [cell for cell in keyed.table.column(asked[0]) if cell]
    if not cells or median(map(len, cells)) < USUAL or len(set(cells)) * 2 <= len(cells):
        return None
    return replace(keyed, keys=[*keyed.keys[: asked[0]], "title", *keyed.keys[asked[0] + 1 :]])


def _asks_for_a_proposal(key: str) -> bool:
    named = key in PLAIN.fields["solution"] and re.search(PROPOSAL_WORD, key)
    return bool(named or TELLING["solution"].search(key))


def _is_known(key: str) -> bool:
    by_words = any(TELLING[name].search(key) for name in ("sdg", "institution", "submitted"))
    return by_words or key in KNOWN or bool(PERSONAL.search(key) or OF_THE_TOOL.search(key))
