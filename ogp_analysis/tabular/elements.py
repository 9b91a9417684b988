"""XML of a workbook, element by element: no entities, no endless tokens, all counted."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from ogp_analysis.tabular.package import Package, damaged
from ogp_analysis.tabular.table import refuse

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
# Ours: a sheet needs 8 levels, and no tag that a program writes has a million characters.
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
    >>> from ogp_analysis.tabular.table import Limits
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
        """Read the part to its end.

        Parameters
        ----------
        root : str
            Name of its outermost element, which must be of one of `spaces`.
        start, end : callable
            Called with the name of each element and of its parent, and at the start with its attributes; an
            element of another namespace has the name ``"?"``.
        spaces : tuple of str
            Namespaces of the elements that are meant.

        Raises
        ------
        DataError
            The XML is broken or passes a limit.
        """
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
            found = known.get(full)
            if found is None:
                found = self._named(full, spaces)
                if len(known) < DEEPEST:
                    known[full] = found
            name, kind = found
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
