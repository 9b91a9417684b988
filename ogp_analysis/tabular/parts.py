"""What a workbook says of itself: its sheets, the texts they share and the formats of their cells."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field

from ogp_analysis.tabular.elements import PACKAGED, Elements, linked
from ogp_analysis.tabular.package import Package, damaged, resolved
from ogp_analysis.tabular.table import refuse

TYPES = "[Content_Types].xml"
USUAL_PART = "xl/workbook.xml"
# Kinds of sheets without cells: they hold a drawing or a form.
CELLESS = ("chartsheet", "dialogsheet")
# How Excel writes a character that XML does not allow, and "_x" itself where it would be taken for one.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
TRUE = ("1", "true")
INDEX = re.compile("[0-9]{1,9}")


@dataclass(frozen=True)
class Link:
    """A relationship: what kind of part it points to, and which."""

    kind: str
    target: str
    external: bool


@dataclass
class Book:
    """A workbook as it describes itself.

    Parameters
    ----------
    sheets : list of tuple
        Title, state (``visible``, ``hidden``, ``veryHidden``) and part of each sheet with cells.
    titles : list of str
        Titles of all sheets.
    strings : list of str
        The texts that cells share.
    formats : list of str
        Code of the number format of each cell format.
    from_1904 : bool
        Whether its dates count from 1904.
    """

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    from_1904: bool = False


def describe(package: Package) -> Book:
    """Read what a workbook says of itself.

    Parameters
    ----------
    package : Package
        The workbook.

    Returns
    -------
    Book
        Its sheets and what their cells refer to.

    Raises
    ------
    DataError
        It is no workbook, is damaged, contradicts itself, takes content from outside or passes a limit.
    """
    if not package.has(TYPES):
        refuse("tabular.not_a_workbook", file=package.file)
    package.judge()
    place = _workbook_part(package)
    links = _links(package, place)
    if any(link.kind == "externalLink" for link in links.values()):
        refuse("tabular.external_link", file=package.file)
    book, rows = Book(), _sheets_of(package, place)
    if len(rows.sheets) > package.limits.sheets:
        count, limit = len(rows.sheets), package.limits.sheets
        refuse("tabular.sheets", file=package.file, count=count, limit=limit)
    book.from_1904 = rows.from_1904
    _place_sheets(book, rows.sheets, links, package, place)
    book.strings = _strings(package, _only(links, "sharedStrings", package, place))
    book.formats = _formats(package, _only(links, "styles", package, place))
    return book


def _workbook_part(package: Package) -> str:
    if not package.has("_rels/.rels"):
        return USUAL_PART
    links = _links(package, "")
    found = _only(links, "officeDocument", package, "")
    if not found.endswith(".xml"):
        refuse("tabular.not_a_workbook", file=package.file)
    return found


def _links(package: Package, part: str) -> dict[str, Link]:
    folder, _, name = part.rpartition("/")
    place = posixpath.join(folder, "_rels", f"{name}.rels")
    links: dict[str, Link] = {}

    def start(name: str, _: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        key = attributes.get("Id", "")
        if key in links:
            elements.fail(f"Id {key[:40]}")
        kind = attributes.get("Type", "").rpartition("/")[2]
        external = attributes.get("TargetMode", "").casefold() == "external"
        links[key] = Link(kind, attributes.get("Target", ""), external)

    elements = Elements(package, place)
    elements.read("Relationships", start, spaces=PACKAGED)
    return links


def _part_of(link: Link, package: Package, base: str) -> str:
    if link.external:
        refuse("tabular.leads_out", file=package.file, value=link.target[:12])
    part = resolved(link.target, base, package.file)
    if not package.has(part):
        # Nothing else says that a part is missing: its ratings would be lost in silence.
        damaged("KeyError", package.file)
    return part


def _only(links: dict[str, Link], kind: str, package: Package, base: str) -> str:
    found = [link for link in links.values() if link.kind == kind]
    if len(found) > 1:
        refuse("tabular.part_twice", file=package.file, value=kind)
    if not found and kind == "officeDocument":
        refuse("tabular.not_a_workbook", file=package.file)
    return _part_of(found[0], package, base) if found else ""


@dataclass
class _Sheets:
    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    from_1904: bool = False


def _sheets_of(package: Package, place: str) -> _Sheets:
    found = _Sheets()

    def start(name: str, parent: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            title, state = attributes.get("name", ""), attributes.get("state", "visible")
            if parent != "sheets" or not title:
                elements.fail("<sheet>")
            found.sheets.append((title, state, linked(attributes, "id")))
        elif name == "workbookPr":
            found.from_1904 = attributes.get("date1904") in TRUE

    elements = Elements(package, place)
    elements.read("workbook", start)
    return found


def _place_sheets(
    book: Book, sheets: list[tuple[str, str, str]], links: dict[str, Link], package: Package, place: str
) -> None:
    for title, state, key in sheets:
        if key not in links:
            damaged("KeyError", package.file, sheet=title)
        if links[key].kind not in ("worksheet", *CELLESS):
            refuse("tabular.sheet_kind", file=package.file, sheet=title, value=links[key].kind[:40])
        part = _part_of(links[key], package, place)
        book.titles.append(title)
        if links[key].kind == "worksheet":
            book.sheets.append((title, state, part))
    for names, rule in ((book.titles, "sheet_twice"), ([part for *_, part in book.sheets], "part_twice")):
        twice = [name for name, count in Counter(map(str.casefold, names)).items() if count > 1]
        if twice:
            refuse(f"tabular.{rule}", file=package.file, value=twice[0])


def _strings(package: Package, part: str) -> list[str]:
    strings: list[str] = []
    if not part:
        return strings
    texts: list[str] = []

    def start(name: str, parent: str, _: dict[str, str]) -> None:
        if name == "t" and parent in ("si", "r"):
            elements.keep()
        elif name == "si" and parent != "sst":
            elements.fail("<si>")

    def end(name: str, parent: str) -> None:
        if name == "t" and parent in ("si", "r"):
            _take(texts, elements.text(), package)
        elif name == "si":
            strings.append(unescaped("".join(texts)))
            texts.clear()

    elements = Elements(package, part)
    elements.read("sst", start, end)
    return strings


def _take(runs: list[str], text: str, package: Package) -> None:
    """Take one more run of a text, if it has not more runs already than a cell may have characters."""
    limit = package.limits.cell_characters
    if len(runs) >= limit:
        refuse("tabular.long_cell", file=package.file, count=f"> {limit}", limit=limit)
    runs.append(text)


def unescaped(text: str) -> str:
    """Give the text that a workbook means by ``_x000A_``: the character of that number.

    Parameters
    ----------
    text : str
        As stored.

    Returns
    -------
    str
        As shown. Halves of a pair of surrogates stay as they are: alone they are no character.

    Examples
    --------
    >>> unescaped("a_x0062_c"), unescaped("_x005F_x0062_"), unescaped("_xD800_")
    ('abc', '_x0062_', '_xD800_')
    """
    return ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def _formats(package: Package, part: str) -> list[str]:
    if not part:
        return []
    codes: dict[str, str] = {}
    used: list[str] = []

    def start(name: str, parent: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and parent == "numFmts":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and parent == "cellXfs":
            used.append(attributes.get("numFmtId", "0"))

    Elements(package, part).read("styleSheet", start)
    return [codes[key] if key in codes else _builtin(key) for key in used]


def _builtin(key: str) -> str:
    # Imported here: openpyxl costs more than a command line's --help may take.
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    return BUILTIN_FORMATS.get(int(key), "General") if INDEX.fullmatch(key) else "General"
