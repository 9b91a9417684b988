"""What a run publishes of the names of files, folders and columns: none that may be a person's.

Titles of sheets are masked where they are read (``sources.masked``); the names here are told to the user,
who has the files, on the terminal, and masked in everything that a run writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import PurePath

from ogp_analysis.model.records import Method
from ogp_analysis.ratings.evaluator_codes import LETTER, is_code_part, names_nobody
from ogp_analysis.ratings.known_words import packaged
from ogp_analysis.ratings.reading_notes import Translated
from ogp_analysis.tabular import Note, Table, key_of
from ogp_analysis.tabular.table import NoteValue

# An ending says of what kind a file is; another ending may be a name.
ENDINGS = (
    *(".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".yaml", ".yml", ".json", ".md", ".pdf"),
    *(".docx", ".zip", ".html", ".htm"),
)
YAML = (".yaml", ".yml")
# Beside the packaged words: what people call files, and nobody is called.
OF_FILES = frozenset(
    (
        *(
            "archivo",
            "borrador",
            "copia",
            "copy",
            "draft",
            "ecuador",
            "ejemplo",
            "entrega",
            "example",
            "file",
        ),
        *("final", "libro", "method", "metodo", "mi", "mine", "nuevo", "ogp", "own", "params", "plan"),
        *("plantilla", "propio", "prueba", "tabla", "template", "test", "ultima", "ultimo", "v", "version"),
        *("workbook", "y"),
    )
)
OF_HEADERS = ("ratings.unused_columns", "ratings.translated_columns", "ratings.empty_columns")
# What a folder is called where a path has no name, as ".", and a file whose name may be a person's.
NAMELESS = {"data": "data", "method": "method"}
DIGITS_OF_HASH = 8


@cache
def common_words() -> frozenset[str]:
    """Give every word of the packaged vocabulary, folded, by parts.

    Returns
    -------
    frozenset of str
        Such as ``"evaluador"``; none is a person's name.

    Examples
    --------
    >>> "evaluador" in common_words(), "ana" in common_words()
    (True, False)
    """
    words = (word for kind in packaged().values() for word in kind)
    return OF_FILES | {part for word in words for part in word.split("_")}


def words_of_method(method: Method | None) -> frozenset[str]:
    """Give the words of the names under which a run publishes its method: in a file's name they tell no more.

    Parameters
    ----------
    method : Method or None
        Of the run; None where it is not known.

    Returns
    -------
    frozenset of str
        Of its name, its titles and those of its case, folded, by parts.

    Examples
    --------
    >>> sorted(words_of_method(Method("seed-fund", (), (), titles={"es": "Fondo Semilla"})))
    ['fondo', 'fund', 'seed', 'semilla']
    """
    if method is None:
        return frozenset()
    named = (method.name, *method.titles.values(), *method.case.titles.values())
    return frozenset(part for text in named for part in key_of(text).split("_") if part)


def is_plain(text: str, published: frozenset[str] = frozenset()) -> bool:
    """Say whether a text consists of words that this project reads, or that are published, numbers and codes.

    >>> [is_plain(text) for text in ("Correo electrónico", "ratings-2019", "nota Ana Pérez", "Анна")]
    [True, True, False, False]
    >>> is_plain("barrio-ratings"), is_plain("barrio-ratings", frozenset({"barrio"}))
    (False, True)
    """
    parts, known = key_of(text).split("_"), common_words() | published
    plain = all(
        part in known or part.rstrip("0123456789") in {"", *known} or is_code_part(part) for part in parts
    )
    return names_nobody(text) or (plain and not LETTER.search(text))


def file_name(given: str, kind: str = "data", method: Method | None = None) -> str:
    """Give the name by which a run shows a file or folder of its user; it names no other folder, and nobody.

    Parameters
    ----------
    given : str
        Path as given.
    kind : str
        ``"data"`` or ``"method"``: the word that stands for a name that may be a person's.
    method : Method, optional
        Of the run, whose name and titles are published anyway.

    Returns
    -------
    str
        The last part of the path where it consists of common words and those of the method; of such a name,
        the same again.

    Examples
    --------
    >>> [file_name(given) for given in ("../ratings.csv", "example", "/home/ana/Ana Pérez.xlsx", "..", "Ana")]
    ['ratings.csv', 'example', 'data.xlsx', 'data', 'data']
    >>> file_name("../barrio.yaml", "method", Method("barrio", (), ()))
    'barrio.yaml'
    """
    if kind == "method" and not given.endswith(YAML):
        # The name of a packaged method.
        return given
    name = PurePath(given.replace("\\", "/")).name
    stem, ending = _parted(name)
    plain = stem and name != ".." and is_plain(stem, words_of_method(method)) and name.isprintable()
    return name if plain else NAMELESS[kind] + ending


def file_names(
    given: Iterable[str], kind: str = "data", methods: Mapping[str, Method] | None = None
) -> dict[str, str]:
    """Give the names by which a table of several scenarios shows their files: as alone, numbered where alike.

    Parameters
    ----------
    given : iterable of str
        Paths as given.
    kind : str
        As for `file_name`.
    methods : mapping of str to Method, optional
        By path, the method of the scenario.

    Returns
    -------
    dict of str to str
        Name by path.

    Examples
    --------
    >>> file_names(["Ana.xlsx", "Eva.xlsx", "example"])
    {'Ana.xlsx': 'data#1.xlsx', 'Eva.xlsx': 'data#2.xlsx', 'example': 'example'}
    """
    alone = {path: file_name(path, kind, (methods or {}).get(path)) for path in given}
    shared = {name: [path for path in alone if alone[path] == name] for name in alone.values()}
    return {
        path: _numbered(name, shared[name].index(path), len(shared[name])) for path, name in alone.items()
    }


def _numbered(name: str, place: int, count: int) -> str:
    stem, ending = _parted(name)
    return name if count == 1 else f"{stem}#{place + 1}{ending}"


def _parted(name: str) -> tuple[str, str]:
    ending = PurePath(name).suffix.lower()
    return (name[: -len(ending)], ending) if ending in ENDINGS else (name, "")


def input_names(hashes: Mapping[str, str], kind: str = "data") -> dict[str, str]:
    """Give the names by which the record of a run lists its input files, which it knows by their hash.

    Parameters
    ----------
    hashes : mapping of str to str
        SHA-256 in hexadecimal by path below the user's folder, or by the name of the one file.
    kind : str
        ``"data"`` or ``"method"``.

    Returns
    -------
    dict of str to str
        Name by the same keys: of a file alone as `file_name` gives it; of one among several the first digits
        of its hash and its ending, where its name may be a person's.

    Examples
    --------
    >>> input_names({"Ana Pérez.csv": "1f" * 32})
    {'Ana Pérez.csv': 'data.csv'}
    >>> input_names({"ratings.csv": "00" * 32, "Ana/Pérez.csv": "1f" * 32})
    {'ratings.csv': 'ratings.csv', 'Ana/Pérez.csv': '1f1f1f1f.csv'}
    """
    if len(hashes) == 1:
        return {name: file_name(name, kind) for name in hashes}
    return {name: _among(name, digest) for name, digest in hashes.items()}


def shown_contents(contents: Mapping[str, str]) -> dict[str, str]:
    """Give what the record of a run says of its contents with the names of its files masked.

    Parameters
    ----------
    contents : mapping of str to str
        Hash or version by name, such as ``"input data ratings.csv"``; an earlier version kept the
        name that a file had.

    Returns
    -------
    dict of str to str
        The same by masked names, in the same order.

    Examples
    --------
    >>> shown_contents({"code": "e3b0", "input data Ana Pérez.csv": "1f" * 32})["input data data.csv"][:4]
    '1f1f'
    """
    shown: dict[str, str] = {}
    for kind in NAMELESS:
        start = f"input {kind} "
        hashes = {
            name.removeprefix(start): value for name, value in contents.items() if name.startswith(start)
        }
        shown |= {start + name: start + mask for name, mask in input_names(hashes, kind).items()}
    return {shown.get(name, name): value for name, value in contents.items()}


def _among(name: str, digest: str) -> str:
    parts = name.split("/")
    plain = all(is_plain(_parted(part)[0]) for part in parts) and name.isprintable()
    return name if plain else digest[:DIGITS_OF_HASH] + _parted(parts[-1])[1]


def shown_files(tables: list[Table], method: Method | None = None) -> dict[str, str]:
    """Give the name by which what a run of a method says of its tables names their files.

    >>> shown_files([Table("", name, [], [], []) for name in ("ratings.csv", "Ana Pérez.csv")])
    {'ratings.csv': 'ratings.csv', 'Ana Pérez.csv': '#2.csv'}
    """
    files = list(dict.fromkeys(table.file for table in tables))
    parted = {file: _parted(file) for file in files}
    words = words_of_method(method)
    return {
        file: file if is_plain(parted[file][0], words) else f"#{number}{parted[file][1]}"
        for number, file in enumerate(files, start=1)
    }


def shown(table: Table, notes: tuple[Note, ...], files: Mapping[str, str]) -> tuple[Table, tuple[Note, ...]]:
    """Give a table and what was noted of it as a run publishes them: files and headers masked.

    >>> table = Table("", "n.csv", ["comment", "nota Ana"], [], [])
    >>> notes = (Note("ratings.unused_columns", (("names", "comment, nota Ana"),)),)
    >>> [note.say() for note in shown(table, notes, {"n.csv": "n.csv"})[1]]
    ['columns not used: comment, #2', '#2: number of a column whose header may be a name']
    """
    if not files:
        return table, notes
    # The longest first: one header may be the start of another.
    masks = {h: f"#{n}" for n, h in enumerate(table.header, start=1) if h and not is_plain(h)}
    masks = dict(sorted(masks.items(), key=lambda pair: -len(pair[0])))
    masked_notes = [_masked(note, masks) if note.key in OF_HEADERS else note for note in notes]
    used = [mask for mask in masks.values() if any(mask in _numbers(note) for note in masked_notes)]
    if used:
        numbers = ", ".join(sorted(used, key=lambda mask: int(mask[1:])))
        masked_notes.append(Note("ratings.numbered_columns", (("names", numbers),)))
    return replace(table, file=files.get(table.file, table.file)), tuple(masked_notes)


def placed(note: Note, files: Mapping[str, str], own: frozenset[str] = frozenset()) -> Note:
    """Give a note whose value ``place`` is a file, or a file and a sheet, as a run publishes it.

    ``own`` are the words of the method, by which a sheet may be called.

    >>> note = Note("ratings.total_columns", (("place", "Ana.xlsx · Ana Pérez"), ("names", "Total")))
    >>> placed(note, {"Ana.xlsx": "#1.xlsx"}).values[0]
    ('place', '#1.xlsx')
    """
    values = dict(note.values)
    place = values.get("place")
    if not files or not isinstance(place, str):
        return note
    file, _, sheet = place.partition(" · ")
    parts = [files.get(file, file), sheet if sheet and names_nobody(sheet, own) else ""]
    return Note(note.key, tuple((values | {"place": " · ".join(part for part in parts if part)}).items()))


def _numbers(note: Note) -> list[str]:
    return [number for pair in note.values for number in re.findall(r"#[0-9]+", str(pair))]


def _masked(note: Note, masks: Mapping[str, str]) -> Note:
    def without(text: str) -> str:
        for header, mask in masks.items():
            text = text.replace(header, mask)
        return text

    def masked(value: NoteValue) -> NoteValue:
        if isinstance(value, tuple):
            return tuple(map(without, value))
        return without(value) if isinstance(value, str) else value

    # Headers as typed stand in front of what they were read as; elsewhere a name of the method stands there.
    pairs = [(without(name) if isinstance(note, Translated) else name, value) for name, value in note.values]
    return replace(note, values=tuple((name, masked(value)) for name, value in pairs))
