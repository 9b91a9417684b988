"""The XML parts of a workbook, read element by element, with limits counted on the way."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from ogp_analysis.tabular.table import refuse
from ogp_analysis.tabular.zip_package import Package, damaged, resolved

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
    """Read what a workbook says of itself."""
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
    part = _only(links, "officeDocument", package, "")
    if not part.endswith(".xml"):
        refuse("tabular.not_a_workbook", file=package.file)
    return part


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
    chosen = [link for link in links.values() if link.kind == kind]
    if len(chosen) > 1:
        refuse("tabular.part_twice", file=package.file, value=kind)
    if not chosen and kind == "officeDocument":
        refuse("tabular.not_a_workbook", file=package.file)
    return _part_of(chosen[0], package, base) if chosen else ""


@dataclass
class _Sheets:
    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    from_1904: bool = False


def _sheets_of(package: Package, place: str) -> _Sheets:
    sheets = _Sheets()

    def start(name: str, parent: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            title, state = attributes.get("name", ""), attributes.get("state", "visible")
            if parent != "sheets" or not title:
                elements.fail("<sheet>")
            sheets.sheets.append((title, state, linked(attributes, "id")))
        elif name == "workbookPr":
            sheets.from_1904 = attributes.get("date1904") in TRUE

    elements = Elements(package, place)
    elements.read("workbook", start)
    return sheets


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


# The two spellings of the same format: as Office writes it, and "strict".
MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
PACKAGED = ("http://schemas.openxmlformats.org/package/2006/relationships",)
LINKED = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
# Our choice: a sheet needs 8 levels, and no tag that a program writes has a million characters.
DEEPEST = 100
LONGEST_TOKEN = 1_000_000
ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")
# Kinds of elements that have a limit of their own, and which.
LIMITED = {
    "si": "strings",
    "c": "cells",
    "mergeCell": "merged_areas",
    "xf": "formats",
    "definedName": "names",
}
# Counted by their parents.
UNLIMITED = {"row", "v", "f", "t", "r", "is", "rPr", "rPh"}

Start = Callable[[str, str, dict[str, str]], None]
End = Callable[[str, str], None]


class Elements:
    """Reads one part once and hands on its elements; what belongs to no workbook is refused.

    Parameters
    ----------
    package : Package
        The workbook.
    part : str
        Name of the part.
    sheet : str
        Title of the sheet it holds, for messages.

    Examples
    --------
    >>> import io, zipfile
    >>> from ogp_analysis.tabular.limits import Limits
    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as archive:
    ...     archive.writestr("a.xml", f'<x:sst xmlns:x="{MAIN[0]}"><x:si/><!-- <si/> --></x:sst>')
    >>> found = []
    >>> elements = Elements(Package(packed.getvalue(), "n.xlsx", Limits()), "a.xml")
    >>> elements.read("sst", lambda name, parent, attributes: found.append((name, parent)))
    >>> found
    [('sst', ''), ('si', 'sst')]
    """

    def __init__(self, package: Package, part: str, sheet: str = "") -> None:
        self.package, self.part, self.sheet = package, part, sheet
        self.counts = dict.fromkeys((*LIMITED.values(), "empty_cells", "elements"), 0)
        self.limits = {kind: getattr(package.limits, kind) for kind in self.counts}
        self.path = [""]
        self.kept: list[str] | None = None
        self.kept_length = 0

    def read(
        self, root: str, start: Start, end: End | None = None, *, spaces: tuple[str, ...] = MAIN
    ) -> None:
        """Read the part to its end."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._encoding
        parser.StartDoctypeDeclHandler = self._no_document_type
        parser.StartElementHandler = self._starter(root, start, spaces)
        parser.EndElementHandler = self._ender(end)
        parser.CharacterDataHandler = self._text
        fed = 0
        try:
            for piece in self.package.pieces(self.part):
                parser.Parse(piece, False)
                fed += len(piece)
                # The parser begins an unfinished tag or comment anew with every piece: quadratic work.
                if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TOKEN:
                    self.fail("token")
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            self.fail(f"XML: {expat.ErrorString(error.code)}")

    def keep(self) -> None:
        """Keep the text that follows."""
        self.kept, self.kept_length = [], 0

    def text(self) -> str:
        """Give the text since `keep`."""
        kept, self.kept = self.kept, None
        return "".join(kept or ())

    def fail(self, reason: str) -> None:
        """Refuse the part as damaged."""
        name = self.part.rpartition("/")[2]
        damaged(f"{name}: {reason}", self.package.file, sheet=self.sheet)

    def count(self, kind: str, number: int = 1) -> None:
        """Count elements of a kind and stop at the first that is too many."""
        self.counts[kind] += number
        if self.counts[kind] > self.limits[kind]:
            self.exceeded(kind)

    def exceeded(self, kind: str) -> None:
        """Refuse the workbook: more of a kind than its limit."""
        limit = self.limits[kind]
        refuse(f"tabular.{kind}", file=self.package.file, sheet=self.sheet, count=f"> {limit}", limit=limit)

    def _encoding(self, _: str, encoding: str | None, __: int) -> None:
        # For any other the parser asks Python's codecs, which raise errors of their own.
        if encoding and encoding.casefold() not in ENCODINGS:
            self.fail(f"XML: encoding {encoding[:40]}")

    def _no_document_type(self, *_: object) -> None:
        # Entities are declared there, and no workbook has one.
        self.fail("XML: DOCTYPE")

    def _starter(self, root: str, start: Start, spaces: tuple[str, ...]) -> Callable:
        path, counts, limits = self.path, self.counts, self.limits
        known: dict[str, tuple[str, str]] = {}

        def started(full: str, attributes: dict[str, str]) -> None:
            known_name = known.get(full)
            if known_name is None:
                known_name = self._named(full, spaces)
                if len(known) < DEEPEST:
                    known[full] = known_name
            name, kind = known_name
            parent = path[-1]
            if not parent and name != root:
                self.fail(f"<{full.rpartition(' ')[2][:40]}>")
            path.append(name)
            if len(path) > DEEPEST:
                self.fail("XML: depth")
            if kind:
                counts[kind] += 1
                if counts[kind] > limits[kind]:
                    self.exceeded(kind)
            start(name, parent, attributes)

        return started

    def _named(self, full: str, spaces: tuple[str, ...]) -> tuple[str, str]:
        space, _, name = full.rpartition(" ")
        if not space:
            self.fail(f"XML: <{name[:40]}>")
        if space not in spaces:
            return "?", "elements"
        return name, LIMITED.get(name, "" if name in UNLIMITED else "elements")

    def _ender(self, end: End | None) -> Callable:
        path = self.path

        def ended(_: str) -> None:
            name = path.pop()
            if end is not None:
                end(name, path[-1])

        return ended

    def _text(self, text: str) -> None:
        if self.kept is None:
            return
        self.kept_length += len(text)
        if self.kept_length > self.package.limits.cell_characters:
            limit = self.package.limits.cell_characters
            place = {"file": self.package.file, "sheet": self.sheet}
            refuse("tabular.long_cell", **place, count=f"> {limit}", limit=limit)
        self.kept.append(text)


def linked(attributes: dict[str, str], name: str) -> str:
    """Give an attribute of the namespace of relationships, such as ``r:id``; empty where there is none."""
    return next((attributes[full] for space in LINKED if (full := f"{space} {name}") in attributes), "")
