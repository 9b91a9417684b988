"""The public page: every proposal received and what became of it, in one file that opens offline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from ogp_analysis import __version__
from ogp_analysis.language import labels, texts
from ogp_analysis.language.escaping import everywhere
from ogp_analysis.proposals import register
from ogp_analysis.proposals.classification import CRITERIA, NO, RELATED
from ogp_analysis.proposals.group_ledger import GROUP
from ogp_analysis.proposals.platforms import STATES
from ogp_analysis.ratings.evaluator_codes import is_called_a_body
from ogp_analysis.report.page import asset, environment, plain, script_json, source_hash
from ogp_analysis.tabular import key_of

PAGE = "proposals"
# What was decided on the integrated proposals, by their codes.
Decided = dict[Any, dict[Any, Any]]
# Only these lead to a web page; anything else is not linked.
ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FIELDS = ("problem", "solution", "institution", "sdg", "where", "channel", "submitted", "topic", "state")
CHOICES = (RELATED, "sdg", "province", "category")


def render(
    listed: pd.DataFrame,
    language: str,
    *,
    ledger: pd.DataFrame | None = None,
    other_page: str,
    report_page: str = "",
    synthetic: bool = False,
    set_aside: int = 0,
) -> str:
    """Write the page.

    Parameters
    ----------
    listed : pandas.DataFrame
        From `proposals.register.register`.
    language : str
        ``"en"`` or ``"es"``.
    ledger : pandas.DataFrame, optional
        From `dispositions.build`: categories and reasons of the integrated proposals, by their codes.
    other_page, report_page : str
        File names of the page in the other language and of the report; an empty one is not linked.
    synthetic : bool
        Whether the ratings are: the page says so, as categories and decisions rest on them.
    set_aside : int
        How many rows of the export could not be used.

    Returns
    -------
    str
        The HTML of a file that asks nobody for anything.
    """
    shown, decided = prepared(listed, ledger)
    context = {"language": language, "other_page": other_page, "report_page": report_page}
    return filled(
        shown,
        decided,
        context | {"synthetic": synthetic, "set_aside": set_aside},
        script=asset("proposals.js"),
        words={"count": texts.say("public.shown", language)},
        proposals=[entry(row, decided, language) for row in shown.to_dict("records")],
    )


def prepared(listed: pd.DataFrame, ledger: pd.DataFrame | None) -> tuple[pd.DataFrame, Decided]:
    """Escape every cell, and give what was decided on each integrated proposal by its code."""
    shown = listed.map(_as_text).map(everywhere)
    if ledger is None:
        return shown, {}
    return shown, ledger.set_index(ledger["proposal"].map(_as_text)).to_dict("index")


def filled(
    shown: pd.DataFrame,
    decided: Decided,
    context: dict[str, Any],
    *,
    script: str,
    words: dict[str, Any],
    proposals: list[dict[str, Any]],
    many: bool = False,
    plain_pages: Sequence[Mapping[str, str]] = (),
) -> str:
    """Fill the template; with many proposals none is on the page, and its script may load others."""
    language, style = context["language"], asset("page.css")
    # A page that was opened from a disk has no origin: what this very script loads is allowed, and no more.
    loads = " 'strict-dynamic'" if many else ""
    final = pd.Series({code: row.get("category_final") for code, row in decided.items()}, dtype="Int64")
    steps = register.flow(shown, final if decided else None, set_aside=context["set_aside"])
    names = steps.set_index("node")[f"step_{language}"]
    html = (
        environment()
        .get_template("proposals.html.j2")
        .render(
            language=language,
            other_page=context["other_page"],
            report_page=context["report_page"],
            mark_text=texts.say("synthetic.mark", language) if context["synthetic"] else "",
            say=lambda key, **values: texts.say(f"public.{key}", language, **values),
            policy=f"default-src 'none'; script-src {source_hash(script)}{loads}; "
            f"style-src {source_hash(style)}; base-uri 'none'; form-action 'none'",
            style=Markup(style),
            script=Markup(script),
            words=script_json(words),
            many=many,
            plain=plain_pages,
            version=__version__,
            flow=[
                {"words": names[row.node], "parent": names.get(row.parent, ""), "count": str(row.proposals)}
                for row in steps.itertuples()
            ],
            totals=_totals(steps, names, language),
            choices=_choices(shown, decided, language),
            proposals=proposals,
        )
    )
    return "\n".join(line.rstrip() for line in html.strip().splitlines()) + "\n"


def filled_plain(
    entries: list[dict[str, Any]], context: dict[str, Any], pages: Sequence[Mapping[str, str]], *, number: int
) -> str:
    """Fill the page of some of very many proposals that needs no script, with the way to the others."""
    language, style = context["language"], asset("page.css")
    html = (
        environment()
        .get_template("proposals_plain.html.j2")
        .render(
            language=language,
            mark_text=texts.say("synthetic.mark", language) if context["synthetic"] else "",
            say=lambda key, **values: texts.say(f"public.{key}", language, **values),
            policy=f"default-src 'none'; style-src {source_hash(style)}; base-uri 'none'; form-action 'none'",
            style=Markup(style),
            home=context["home"],
            own=pages[number],
            before=pages[number - 1]["name"] if number else "",
            after=pages[number + 1]["name"] if number + 1 < len(pages) else "",
            version=__version__,
            proposals=entries,
        )
    )
    return "\n".join(line.rstrip() for line in html.strip().splitlines()) + "\n"


def _as_text(value: object) -> str:
    """Write a cell as it was typed: a table that is read back takes 16 for a number, or for 16.0.

    >>> _as_text(16.0), _as_text("007"), _as_text(float("nan"))
    ('16', '007', '')
    """
    if labels.is_missing(value):
        return ""
    return str(int(value)) if labels.is_number(value) else str(value)


def _totals(steps: pd.DataFrame, names: pd.Series, language: str) -> list[str]:
    return [
        texts.say(
            "public.closes" if row.closes else "public.open",
            language,
            whole=names[row.parent],
            sum=row.arithmetic,
        )
        for row in register.flow_totals(steps).itertuples()
    ]


def _choices(shown: pd.DataFrame, decided: dict, language: str) -> list[dict[str, object]]:
    related = [(word, texts.say(f"value.{word}", language)) for word in ("yes", "no", "undecided")]
    goals = sorted({goal for cell in shown["sdg"] for goal in cell.split()}, key=int)
    provinces = sorted({cell for cell in shown["province"] if cell}, key=plain)
    categories = sorted({_category(row) for row in decided.values()} - {""})
    options = {
        RELATED: [(value, words) for value, words in related if value in set(shown[RELATED])],
        "sdg": [(goal, goal) for goal in goals],
        "province": [(token(province), province) for province in provinces],
        "category": [(number, number) for number in categories],
    }
    return [
        {"id": name, "label": texts.say(f"public.{name}", language), "options": options[name]}
        for name in CHOICES
        if options[name]
    ]


def token(text: str) -> str:
    """Write a text as one word.

    >>> token("EC-1/Ñ")
    'ec_1_n'
    """
    return re.sub(r"\W+", "_", plain(text))


def anchor(code: str) -> str:
    """Write a code as the id of its proposal: no two codes have one.

    >>> [anchor(code) for code in ("A 1", "A-1", "A_1", "a-1")]
    ['p-A_20_1', 'p-A-1', 'p-A_5f_1', 'p-a-1']
    """
    signs = (sign if sign.isalnum() or sign in "-." else f"_{ord(sign):x}_" for sign in code)
    return "p-" + "".join(signs)


def _category(row: dict) -> str:
    value = row.get("category_final")
    return str(int(value)) if labels.is_number(value) else ""


def entry(row: dict[str, str], decided: Decided, language: str) -> dict[str, Any]:
    """Put one proposal into words: what it says, how it was treated and why."""
    outcome = decided.get(row[GROUP], {}) if row[GROUP] else {}
    where = ", ".join(part for part in (row["province"], row["place"]) if part)
    institution = row["institution"] or _text(outcome.get("lead"))
    channel = texts.say(f"value.{row['channel']}", language) if row["channel"] else ""
    day = _day(row["submitted"], language)
    cells = row | {"submitted": day, "where": where, "institution": institution, "channel": channel}
    cells["state"] = state_words(row["state"], language)
    rows = [(texts.say(f"public.{name}", language), cells[name]) for name in FIELDS]
    rows += [
        (texts.say(f"public.{name}", language), text) for name, text in _treatment(row, outcome, language)
    ]
    # Found by the day as it is written here and as it was imported.
    words = " ".join(
        [row["proposal"], row["title"], row["submitted"], *(text for _, text in rows), row["group_title"]]
    )
    goals = " ".join(f"ods {goal} sdg {goal} ods{goal} sdg{goal}" for goal in row["sdg"].split())
    return {
        "anchor": anchor(row["proposal"]),
        "code": row["proposal"],
        "title": row["title"],
        "rows": rows,
        "url": row["url"] if ADDRESS.fullmatch(row["url"]) else "",
        "search": plain(f"{words} {goals}"),
        "choices": {
            RELATED: row[RELATED],
            "sdg": row["sdg"],
            "province": token(row["province"]),
            "category": _category(outcome),
        },
    }


def _day(day: str, language: str) -> str:
    """Write a day as its readers do.

    >>> _day("2016-01-22", "es"), _day("2016-01-22", "en"), _day("", "es")
    ('22/01/2016', '2016-01-22', '')
    """
    return "/".join(reversed(day.split("-"))) if language == "es" and DAY.fullmatch(day) else day


def state_words(state: str, language: str) -> str:
    """Word the state of a proposal on its platform; a word that is not known is marked as the platform's.

    >>> state_words("not_selected", "es"), state_words("Inviable", "en"), state_words("phase_2", "es")
    ('no seleccionada', 'not feasible', '«phase_2» (palabra de la plataforma)')
    """
    if not state:
        return ""
    known = STATES.get(key_of(state))
    return texts.say(f"public.state.{known}" if known else "public.state_own", language, word=state)


def _treatment(row: dict[str, str], outcome: dict, language: str) -> list[tuple[str, str]]:
    related = (
        texts.say(f"value.{row[RELATED]}", language)
        if row[RELATED]
        else texts.say("public.not_yet", language)
    )
    body = row.get("decided_by", "")
    key = f"public.settled.{row['settled_by']}" + (".by" if body else "")
    settled = texts.say(key, language, body=body) if row["settled_by"] else ""
    group = ""
    if row[GROUP]:
        count = int(row["reiterations"])
        group = texts.say(
            "public.member", language, group=row[GROUP], title=row["group_title"] or "–", count=count
        )
    return [
        (RELATED, f"{related} ({settled})" if settled else related),
        ("why", reason_words(row["reason"], language, row[RELATED])),
        ("remarks", row.get(register.REMARKS, "")),
        ("group", group),
        ("category", _category_words(outcome, language)),
        ("decision", _text(outcome.get(f"account_{language}"))),
        ("decided_by", _bodies(outcome)),
        ("answer", row["answer"]),
    ]


def _category_words(outcome: dict, language: str) -> str:
    number = _category(outcome)
    return texts.say(f"category.{number}", language) if number else ""


def _bodies(outcome: dict) -> str:
    """Name the bodies of the recorded decisions; the code of one may be a person's."""
    named = [_text(value) for name, value in outcome.items() if str(name).endswith("_decided_by")]
    return "; ".join(dict.fromkeys(body for body in named if is_called_a_body(body)))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def reason_words(reason: str, language: str, related: str = NO) -> str:
    """Word the criteria that a proposal does not meet, or that are open; a reason in words stays as it is.

    >>> reason_words("precision pillars", "en")
    'not met: Precision and clarity; Relation with the pillars of the Open Government Partnership'
    >>> reason_words("It is a complaint.", "en")
    'It is a complaint.'
    """
    names = reason.split()
    if names and all(name in CRITERIA for name in names):
        criteria = "; ".join(texts.say(f"people.criterion.{name}", language) for name in names)
        return texts.say("public.unmet" if related == NO else "public.unsettled", language, criteria=criteria)
    return reason
