"""Which columns of an export hold which field of the record, and which are dropped as personal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import median

from ogp_analysis.proposals import codes, place_headers
from ogp_analysis.proposals.platforms import (
    COUNTERS,
    NAMING,
    PERSONAL,
    PLACES,
    SUMMARIES,
    SURE_TITLES,
    TELLING,
    TITLES,
    Keyed,
    Layout,
    asks_for_a_title,
)
from ogp_analysis.ratings.evaluator_codes import is_called_a_body
from ogp_analysis.tabular import Note, Table, key_of

PLAIN, PARAGRAPH = "plain", "\n\n"
# A longer one is a text, and no code.
SHORT = 40
# Our choice: from so many characters on a usual cell is a text, and so many times that of what was taken.
LONG, TIMES = 100, 2


class Columns:
    """Where each field of a layout stands in a table, by position."""

    def __init__(self, keyed: Keyed, layout: Layout, code: str = "") -> None:
        self.keyed, self.layout = keyed, layout
        self.persons_codes: set[int] = set()
        self.places = {name: self._find(headers) for name, headers in layout.fields.items()}
        known = [k for header in PLACES for k in keyed.find(header)]
        named = place_headers.positions(
            keyed.keys, {k for part in self.places.get("province", []) for k in part}
        )
        self.places["place"] = [[k] for k in (*known, *(k for k in named["place"] if k not in known))]
        if layout.name == PLAIN and not self.places["province"]:
            self.places["province"] = [[k] for k in named["province"][:1]]
        self.by_words = self._find_asked_title() if layout.name == PLAIN else {}
        title = {k for part in self.places["title"] for k in part}
        if layout.name == PLAIN and not self.by_words:
            self.by_words = self._the_one_question(title)
        for name in ("topic", "solution"):  # a column called "tema" or "idea" serves once
            if title & {k for part in self.places.get(name, []) for k in part}:
                self.places[name] = []
        if code:
            self.places["code"] = [keyed.find(code)]
        else:
            self._find_code(title)
        self.by_words |= self._find_telling() if layout.name == PLAIN else {}
        self.used = self._used()

    def _find(self, headers: tuple[str, ...]) -> list[list[int]]:
        """Give the parts of the first header with cells below: ``a + b`` has two, each in its languages."""
        every = [[self.keyed.find(part) for part in re.split(r" ?\+ ?", header)] for header in headers]
        there = [parts for parts in every if all(parts)]
        filled = (
            parts for parts in there if any(row[k] for p in parts for k in p for row in self.table.rows)
        )
        return next(filled, there[0] if there else [])

    def _find_asked_title(self) -> dict[str, str]:
        """Take the title that a sentence asks for, not a column called "propuesta": that may be the text."""
        asked = [k for k, key in enumerate(self.keyed.keys) if asks_for_a_title(key)]
        sure = any(self.keyed.keys[k] in SURE_TITLES for part in self.places["title"] for k in part)
        if not asked or sure:
            return {}
        self.places["title"] = [[asked[0]]]
        return {"title": self.table.header[asked[0]]}

    def _the_one_question(self, title: set[int]) -> dict[str, str]:
        """Give the header of a title that was called one because it is all that a form asks."""
        headers = [self.table.header[k] for k in title]
        asked = next((header for header in headers if not key_of(header).startswith(TITLES)), "")
        return {"title": asked} if asked else {}

    def _find_telling(self) -> dict[str, str]:
        """Take what a header says in a sentence where none is known; give the header by field."""
        by_words = {}
        for name, words in TELLING.items():
            used = {k for parts in self.places.values() for part in parts for k in part}
            free = (
                k
                for k, key in enumerate(self.keyed.keys)
                if k not in used and words.search(key) and not PERSONAL.search(key)
            )
            at = next(free, None) if not self.places[name] or self._is_a_summary(name) else None
            if at is not None:
                self.places[name] = [[at]]
                by_words[name] = self.table.header[at]
        return by_words

    def _is_a_summary(self, name: str) -> bool:
        """Say whether a field has only a summary, where a sentence may ask for the whole text."""
        parts = self.places[name]
        return len(parts) == 1 and all(self.keyed.keys[k] in SUMMARIES for k in parts[0])

    def _find_code(self, title: set[int]) -> None:
        """Take a column whose header is known for codes, else one that sounds so, else one that counts."""
        if "code" in self.places:
            headers = self.layout.fields["code"]
            self.places["code"] = self._code([name for name in headers if name not in COUNTERS], title)
        if not self.places.get("code") and not self.places.get("id"):
            own = codes.own_number(self.keyed, title)
            known = self.layout.fields.get("code", ())
            counter = self._code([name for name in COUNTERS if name in known], title)
            self.places["code"] = counter if own is None else [[own]]

    def _code(self, headers: Sequence[str], title: set[int]) -> list[list[int]]:
        """Find the code: "propuesta" may be the title or the text too, and a code is short and unique."""
        places = [at for header in headers if (at := self.keyed.find(header)) and not title & set(at)]
        texts = [at for at in places if self.keyed.keys[at[0]] in TITLES and not self._is_code(at[0])]
        if texts and not self.places["solution"]:
            self.places["solution"] = [texts[0]]
        served = (at for at in places if at not in texts)
        known = [at for at in served if codes.tells_apart(self.table.column(at[0]), codes.KNOWN_MOST)]
        self.persons_codes |= {at[0] for at in known if codes.are_personal(self.table.column(at[0]))}
        return next(([at] for at in known if at[0] not in self.persons_codes), [])

    def _is_code(self, column: int) -> bool:
        cells = self.table.column(column)
        return len(set(cells)) == len(cells) and max(map(len, cells), default=0) <= SHORT

    def _used(self) -> set[int]:
        # The author's column is read to mask the name in the texts, and yet counts as dropped.
        read = {k for name, parts in self.places.items() if name != "name" for part in parts for k in part}
        return read | {k for h in (*self.layout.meetings, *self.layout.truths) for k in self.keyed.find(h)}

    @property
    def table(self) -> Table:
        """The table as typed."""
        return self.keyed.table

    def cells(self, name: str) -> list[str]:
        """Cells of a field: the first language that is not empty; the parts of a joined text, each once."""
        parts = self.places.get(name, [])
        if not parts:
            return [""] * len(self.table.rows)
        if len(parts) == 1 and len(parts[0]) == 1:
            return self.table.column(parts[0][0])
        between = ", " if name == "place" else PARAGRAPH
        return [
            between.join(
                dict.fromkeys(text for part in parts if (text := next((row[k] for k in part if row[k]), "")))
            )
            for row in self.table.rows
        ]

    def names(self, persons: Mapping[str, list[bool]]) -> list[str]:
        """Names of whoever handed the proposals in, from every column that holds one, parted by semicolons.

        A given and a family name in two columns are one name too.
        """
        places = [k for part in self.places.get("name", []) for k in part]
        places += [
            k
            for k, key in enumerate(self.keyed.keys)
            if k not in (*places, *self.used) and PERSONAL.search(key) and NAMING.match(key)
        ]
        # A body may sign too: its name is no person's, and its words are those of the text.
        rows = [
            [row[k] for k in places if row[k] and not is_called_a_body(row[k])] for row in self.table.rows
        ]
        slipped = [
            [cell if is_person else "" for cell, is_person in zip(self.cells(name), own, strict=True)]
            for name, own in persons.items()
        ]
        return [
            "; ".join([*row, *([" ".join(row)] if len(row) > 1 else []), *filter(None, more)])
            for row, *more in zip(rows, *slipped, strict=True)
        ]

    def _longer_texts(self, unused: Sequence[int]) -> list[str]:
        """Give the headers of unused columns whose texts are far longer than those that were taken."""
        if not self.table.rows:
            return []
        taken = median(
            len("".join(each)) for each in zip(self.cells("problem"), self.cells("solution"), strict=True)
        )
        usual = {k: median(map(len, self.table.column(k))) for k in unused}
        return [self.table.header[k] for k, length in usual.items() if length > max(TIMES * taken, LONG)]

    def header(self, name: str) -> str:
        """Header of a field as typed; our own name where the table has none."""
        parts = self.places.get(name) or (self.places.get("id") if name == "code" else None)
        return self.table.header[parts[0][0]] if parts else name

    def notes(self) -> tuple[list[Note], tuple[str, ...]]:
        """Say which column served as code, and which were left out."""
        left = [
            (k, key) for k, key in enumerate(self.keyed.keys) if k not in self.used and self.table.header[k]
        ]
        names = set(self.layout.fields.get("name", ()))
        personal = [self.table.header[k] for k, key in left if PERSONAL.search(key) or key in names]
        unused = [self.table.header[k] for k, _ in left if self.table.header[k] not in personal]
        served = self.header("code") if self.places.get("code") or self.places.get("id") else ""
        by_words = ", ".join(f"{header} → {name}" for name, header in self.by_words.items())
        notes_of = (
            ("people.code_column", "column", served),
            ("people.told_columns", "columns", by_words),
            ("people.dropped_personal", "columns", ", ".join(personal)),
            ("people.dropped_unused", "columns", ", ".join(unused)),
        )
        notes = [Note(key, ((name, value),)) for key, name, value in notes_of if value]
        if self.persons_codes and not self.places.get("code"):
            headers = ", ".join(self.table.header[k] for k in sorted(self.persons_codes))
            notes.append(Note("people.persons_codes", (("columns", headers),)))
        if not any(self.places.get(name) for name in ("problem", "solution")):
            notes.append(Note("people.titles_alone"))
        elif longer := self._longer_texts([k for k, _ in left if self.table.header[k] in unused]):
            notes.append(Note("people.longer_texts", (("columns", ", ".join(longer)),)))
        return notes, tuple(personal)
