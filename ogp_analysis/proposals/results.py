"""What notebook 0 shows of reception, classification and grouping: from records, else the plan's numbers."""

from __future__ import annotations

from ogp_analysis.model.method_words import languages_of
from ogp_analysis.model.missing_extras import need

need("sklearn")

import pandas as pd

from ogp_analysis.language.bottom_line import in_each_language
from ogp_analysis.model.early_tables import ANSWERS, CLASSIFIED, PARTICIPANTS, RECEIVED
from ogp_analysis.model.params import Parameters
from ogp_analysis.model.records import INDEPENDENT, ROLE, Method
from ogp_analysis.model.results import Results
from ogp_analysis.plan import published
from ogp_analysis.plan.flow import flow as plan_flow
from ogp_analysis.proposals import folder, participation, register
from ogp_analysis.proposals.classification import CLASSIFIER, SETTLED_BY
from ogp_analysis.proposals.folder import GROUPS, Early


def compute(parameters: Parameters) -> Results:
    """Find everything that notebook 0 shows.

    Parameters
    ----------
    parameters : params.Parameters
        Its ``data``, ``small_cell`` and ``confidence_level``.

    Returns
    -------
    Results
        Where the data have a table of proposals received: ``proposals_flow``, ``proposals_flow_totals``,
        ``proposals_participation``, ``proposals_register`` (what the public page is made of) and, as far as
        there are records, ``classifier_agreement``, ``classification`` (how many were settled by whom) and
        ``proposals_groups``. Where they have none: ``proposals_participation`` as the plan published it, the
        summary says ``skipped`` and the bottom line is the sentence that says so. Nothing is synthetic.

    Raises
    ------
    DataError
        A table is faulty, or totals do not close.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> results = compute(params.from_values(params.baseline()))
    >>> results.summary["skipped"], sorted(results.tables)
    (True, ['proposals_participation'])
    """
    early = folder.load(parameters.data)
    if early.get(RECEIVED) is None:
        return _skipped(parameters.method)
    listed = register.register(early)
    steps = register.flow(listed, planned=bool(parameters.method.plan), set_aside=early.set_aside)
    tables = {
        "proposals_flow": steps,
        "proposals_flow_totals": register.flow_totals(steps),
        "proposals_participation": participation.tables(
            early.get(RECEIVED), early.get(PARTICIPANTS), small_cell=parameters.small_cell
        ),
        "proposals_register": listed,
        **_classification(early, parameters.confidence_level),
    }
    groups = early.get(GROUPS)
    if groups is not None:
        tables["proposals_groups"] = groups.assign(reiterations=pd.to_numeric(groups["reiterations"]))
    counts = _summary(listed, tables)
    return Results(
        tables=tables,
        summary=counts,
        bottom_line=in_each_language(
            "headline.proposals_set_aside" if counts["set_aside"] else "headline.proposals",
            lambda _: counts,
            synthetic=False,
            languages=languages_of(parameters.method),
        ),
        synthetic=False,
    )


def _skipped(method: Method) -> Results:
    """Say that there are no records; beside that, what the plan published, where the method has one."""
    return Results(
        tables={"proposals_participation": participation.tables()} if method.plan else {},
        summary={"skipped": True},
        bottom_line=in_each_language(
            "headline.proposals_skipped", lambda _: {}, synthetic=False, languages=languages_of(method)
        ),
        synthetic=False,
        further={"flow": plan_flow(published.read_all())} if method.plan else {},
    )


def _classification(early: Early, confidence_level: float) -> dict[str, pd.DataFrame]:
    tables = {}
    answers, classified = early.get(ANSWERS), early.get(CLASSIFIED)
    if answers is not None:
        own = answers[answers[ROLE] == INDEPENDENT] if ROLE in answers else answers
        if len(set(own[CLASSIFIER])) > 1:
            # Imported here: most data have no records of phase 2, and scikit-learn takes a second.
            from ogp_analysis.proposals.grouping_agreement import classifier_agreement

            tables["classifier_agreement"] = classifier_agreement(own, confidence_level=confidence_level)
    if classified is not None and SETTLED_BY in classified:
        counts = classified.groupby(["related", SETTLED_BY]).size().rename("proposals").reset_index()
        tables["classification"] = counts
    return tables


def _summary(listed: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> dict[str, bool | int]:
    nodes = tables["proposals_flow"].set_index("node")["proposals"]
    names = ("received", "related", "not_related", "undecided", "unclassified", "integrated", "set_aside")
    return {
        "skipped": False,
        **{name: int(nodes.get(name, 0)) for name in names},
        "totals_close": bool(tables["proposals_flow_totals"]["closes"].all()),
        "same_title": int(listed["title"].duplicated().sum()),
    }
