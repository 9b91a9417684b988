"""Where a point of review is answered: what a section shows, what only the search finds, what is a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ogp_analysis.language import labels, texts
from ogp_analysis.report.run_files import Pack
from ogp_analysis.report.sections import SECTIONS

# The page shows the rows of these two in its search alone.
SEARCHED = ("proposals_published", "ledger")
SEARCH = "search"


@dataclass(frozen=True)
class Destination:
    """Where to look: ``title`` and ``href`` on the page; the section's id where it is one.

    ``named``: ids of the point's tables and figures that the page shows there.
    """

    title: str
    href: str
    section: str = ""
    named: tuple[str, ...] = ()


def places(point: Mapping[str, str], pack: Pack, language: str) -> list[Destination]:
    """List where a point is answered, only places that hold what it names.

    Parameters
    ----------
    point : mapping of str to str
        A row of `sections.review_points`: ``sections``, ``tables``, ``figures``.
    pack : Pack
        The run.
    language : str
        The reader's language.

    Returns
    -------
    list of Destination
        Sections that show some of it, or are text alone; then the search and files of tables.

    Examples
    --------
    >>> point = {"sections": "categories", "tables": "settled categories", "figures": ""}
    >>> run = Pack({"settled": None, "categories": None}, {}, {}, "en", synthetic=True)
    >>> [place.href for place in places(point, run, "en")]
    ['#categories', 'tables/settled.csv']
    """
    known = {section.id: section for section in SECTIONS}
    tables, figures = point["tables"].split(), point["figures"].split()
    destinations: list[Destination] = []
    shown: set[str] = set()
    for key in point["sections"].split():
        section = known[key]
        if section.optional and not pack.tables_of(section):
            continue
        named = [name for name in tables if section.takes_table(name)]
        named += [name for name in figures if section.takes_figure(name)]
        # What a section only holds stands elsewhere: in the search, or in a file.
        if named or not any(section.holds(name) for name in tables):
            destinations.append(_section(key, tuple(named), language))
        shown.update(named)
    return destinations + _elsewhere([name for name in tables if name not in shown], pack, language)


def _section(key: str, named: tuple[str, ...], language: str) -> Destination:
    return Destination(texts.say(f"section.{key}.title", language), f"#{key}", key, named)


def _elsewhere(names: list[str], pack: Pack, language: str) -> list[Destination]:
    """Give the places of tables that no section shows."""
    destinations = []
    if any(name in SEARCHED for name in names):
        destinations.append(Destination(texts.say("report.search", language), f"#{SEARCH}"))
    files = [name for name in names if name not in SEARCHED and name in pack.tables]
    return destinations + [
        Destination(labels.table_title(name, language), f"tables/{name}.csv") for name in files
    ]
