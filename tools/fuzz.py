"""Feed the readers of files what no program writes: they read it or refuse it in words, and nothing else.

python tools/fuzz.py                                 # every reader for a minute of the processor, seed 1
python tools/fuzz.py sheet yaml --seconds 300        # these, five minutes each
python tools/fuzz.py --rounds 10 --write             # ten minutes a reader, their table into docs/dev

Each reader runs in a process of its own. A round has the next seed; the table is written after each of them,
so that a run that is stopped keeps what it counted. Same seed, same cases in the same order (how many of
them fit into the time differs). An escape is any exception but the project's refusals, a message that cannot
be worded, or a case that takes longer than CASE_SECONDS; its bytes are kept under --keep. Exit code 1 where
there is one.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "dev" / "fuzzing.md"
CASE_SECONDS = 10
LARGEST = 1_000_000
WORDED = 100
HEADER = ("reader", "seconds", "cases", "read", "refused in words", "escapes", "slowest case", "peak memory")
# Where readers of numbers, addresses and texts may slip.
WORDS = tuple(
    word.encode("utf-8", "surrogatepass")
    for word in (
        *(
            "",
            "0",
            "-1",
            "1",
            "1e400",
            "1e-400",
            "e4",
            "+e1",
            "NaN",
            "inf",
            "2.9999999999999999999",
            "9" * 400,
        ),
        *(
            "2147483648",
            "4294967296",
            "1048577",
            "16385",
            "A1",
            "B2",
            "XFD1048576",
            "XFE1",
            "A0",
            "$A$1",
            "A1:B2",
        ),
        *(
            "\u0664",
            "0_4",
            "\uff14",
            "S\u200d01",
            "\u0405",
            "\u00a0",
            "\x00",
            "\x1b[31m",
            "\x85",
            "\ud800",
            "\ufffe",
        ),
        *("_xD800_", "_x000A_", "true", "null", "~", "é", "Ã©", '"', "'", ";", ",", "\t", "\r", "\n", "\r\n"),
        *(
            "<",
            ">",
            "&",
            "&#0;",
            "&#65;",
            "&amp;",
            "]]>",
            "<!--",
            "-->",
            "<![CDATA[",
            "<!DOCTYPE a>",
            "<?a?>",
        ),
        *(
            "- ",
            ": ",
            "? ",
            "&a ",
            "*a",
            "!!python/name:os.system ",
            "[",
            "{",
            "|",
            ">",
            "%",
            "@",
            "`",
            "---\n",
        ),
        *(
            "../",
            "/etc/passwd",
            "http://ejemplo.ec/",
            "sep=;",
            "#",
            "=1+1",
            "<<: ",
            "0o7",
            ".inf",
            "2020-01-01",
        ),
    )
)
TAG = re.compile(rb"<[^<>]*>")
VALUE = re.compile(rb"(?<==)\"[^\"]*\"|(?<=>)[^<>]+(?=<)")


class TooSlowError(BaseException):
    """A case took longer than CASE_SECONDS; no reader may catch it."""


# Changes of bytes


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Change one bit or byte."""
    place = chance.randrange(len(data))
    changed = data[place] ^ (1 << chance.randrange(8)) if chance.random() < 0.5 else chance.randrange(256)
    return data[:place] + bytes([changed]) + data[place + 1 :]


def spliced(data: bytes, chance: random.Random) -> bytes:
    """Put a word in, or in place of some bytes."""
    start = chance.randrange(len(data) + 1)
    end = start + chance.choice((0, 0, 1, 3, 10))
    return data[:start] + chance.choice(WORDS) + data[end:]


def repeated(data: bytes, chance: random.Random) -> bytes:
    """Repeat some bytes, a few times or many."""
    start = chance.randrange(len(data))
    end = min(start + chance.choice((1, 3, 20, 200)), len(data))
    times = chance.choice((2, 2, 3, 50, 3000))
    return data[:start] + data[start:end] * times + data[end:]


def cut(data: bytes, chance: random.Random) -> bytes:
    """Leave out some bytes, or all from one on."""
    start = chance.randrange(len(data))
    return data[:start] + (b"" if chance.random() < 0.2 else data[start + chance.choice((1, 3, 20, 200)) :])


def moved(data: bytes, chance: random.Random) -> bytes:
    """Put some bytes elsewhere."""
    start, to = chance.randrange(len(data)), chance.randrange(len(data))
    piece = data[start : start + chance.choice((1, 5, 40))]
    rest = data[:start] + data[start + len(piece) :]
    return rest[:to] + piece + rest[to:]


BYTES = (flipped, spliced, spliced, repeated, cut, moved)


def of_pieces(pattern: re.Pattern[bytes]) -> Callable[[bytes, random.Random], bytes]:
    """Make a change of one piece that a pattern finds: left out, twice, a word or another piece instead."""

    def change(data: bytes, chance: random.Random) -> bytes:
        pieces = list(pattern.finditer(data))
        if not pieces:
            return spliced(data, chance)
        one, other = chance.choice(pieces), chance.choice(pieces)
        quoted = b'"%s"' if one[0].startswith(b'"') else b"%s"
        new = chance.choice((b"", one[0] * 2, other[0], quoted % chance.choice(WORDS), other[0] + one[0]))
        return data[: one.start()] + new + data[one.end() :]

    return change


tags, values, cells, lines = map(of_pieces, (TAG, VALUE, re.compile(rb"[^;\n]+"), re.compile(rb"[^\n]+\n?")))


# Readers


def packed(parts: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack parts into a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, packing)
    return out.getvalue()


def unpacked(book: bytes) -> dict[str, bytes]:
    """Give the parts of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook(*, faulty: bool) -> bytes:
    """Make a small workbook with every kind of cell, or also with those that are refused."""
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ["propuesta", "tiempo", "fecha", "sí"],
        ["S01", 4, datetime.date(2019, 10, 1), True],
        ["007", 4.5, datetime.time(9, 30), "=1+1" if faulty else "x"],
        ["Núcleo", None, datetime.timedelta(hours=30), "#N/A" if faulty else False],
    ):
        book.active.append(row)
    book.active["B3"].number_format = "000"
    book.active.column_dimensions["C"].hidden = True
    book.create_sheet("Ev 2").append(["id"])
    if faulty:
        book["Ev 2"].merge_cells("A2:B3")
    out = io.BytesIO()
    book.save(out)
    return shared(out.getvalue())


def shared(book: bytes) -> bytes:
    """Give the workbook texts that cells share; openpyxl may write them into the cells."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = unpacked(book)
    rels = "xl/_rels/workbook.xml.rels"
    if "xl/sharedStrings.xml" not in parts:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        link = f'<Relationship Id="rId77" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
        parts[rels] = parts[rels].replace(b"</Relationships>", link.encode())
    texts = "<si><t>uno</t></si><si><r><t>d</t></r><r><t>os</t></r><rPh><t>x</t></rPh></si>"
    made = f"<sst {space}>{texts}</sst>".encode()
    parts["xl/sharedStrings.xml"] = parts.get("xl/sharedStrings.xml") or made
    end = b'<row r="9"><c r="A9" t="s"><v>1</v></c><c r="B9" t="inlineStr"><is><t>x</t></is></c></row>'
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", end + b"</sheetData>")
    return packed(parts)


def of_table(data: bytes) -> bool:
    """Read a table; say whether it was read without a refusal."""
    from ogp_analysis import tabular

    tables = tabular.parse(data, file="notas")
    for table in tables:
        assert all(len(row) == len(table.header) for row in table.rows)
        for column in range(len(table.header)):
            decimal = tabular.decimal_of(table.column(column))
            for cell in table.column(column):
                tabular.number(cell, decimal)
        table.say("es").encode()
        assert len(table.unread) >= 0
    return not worded(problem for table in tables for problem in table.problems)


def of_export(data: bytes) -> bool:
    """Import an export."""
    from ogp_analysis.proposals import importing

    importing.parse(data, file="export").proposals.to_csv().encode()
    return True


def of_yaml(data: bytes) -> bool:
    """Read parameters, from their file, as the commands do."""
    from ogp_analysis.model import params
    from ogp_analysis.model.strict_yaml import read_text

    content, problems = read_text(data.decode("utf-8", "replace"), "propio.yaml")
    if not worded(problems) and content is not None and len(data) < 20_000:
        file = Path(tempfile.gettempdir()) / f"ogp-fuzz-{os.getpid()}.yaml"
        file.write_bytes(data)
        try:
            params.read(file)
        finally:
            file.unlink()
    return not problems


def worded(problems) -> int:
    """Word problems in both languages; give how many there are.

    The first of each kind: the commands put alike ones into one line.
    """
    counts: Counter[str] = Counter()
    for problem in problems:
        counts[problem.rule] += 1
        for language in ("es", "en") if counts[problem.rule] <= WORDED else ():
            problem.say(language).encode()
    return counts.total()


def corpus(reader: str) -> list[bytes]:
    """Give the files that a reader begins with."""
    if reader == "yaml":
        return [path.read_bytes() for path in sorted((ROOT / "params").glob("*.yaml"))]
    if reader in ("sheet", "parts", "zip"):
        whole = [workbook(faulty=False), workbook(faulty=False), workbook(faulty=True)]
        # Unpacked in its ZIP, so that a changed byte meets the parser and not only the unpacking.
        return [*whole, packed(unpacked(whole[0]), zipfile.ZIP_STORED)] if reader == "zip" else whole
    rows = ("propuesta;título;tiempo", "S01;Gestión pública;4,5", 'S02;"Uno; dos', '¿tres?";3', "# x;;", "")
    table = "\r\n".join(rows)
    export = "id;title/es;body/es;reference;state;published_at\n"
    export += '1;Datos;"<p>Abrirlos &amp; más</p>";EC-1;accepted;2018-11-30\n'
    if reader == "import":
        return [export.encode(), packed({"a-proposals.csv": export.encode(), "readme.md": b"x"})]
    return [
        table.encode(code) for code in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "mac_roman")
    ]


READERS = ("csv", "sheet", "parts", "zip", "yaml", "import")
CALLS = {"yaml": of_yaml, "import": of_export}
CHANGES = {
    "csv": (*BYTES, cells, cells, lines),
    "sheet": (*BYTES, tags, tags, values, values, values),
    "parts": (*BYTES, tags, tags, values, values, values),
    "yaml": (*BYTES, lines, lines, of_pieces(re.compile(rb"(?<=: )[^\n]+"))),
}


def case(reader: str, seeds: list[bytes], chance: random.Random) -> bytes:
    """Make one case: a file of the corpus with one to six changes."""
    data = chance.choice(seeds)
    wanted = {"sheet": "xl/worksheets/", "parts": ""}.get(reader)
    changes = CHANGES.get(reader, BYTES)
    parts = unpacked(data) if wanted is not None else {}
    names = (
        [name for name in parts if name.startswith(wanted) and not name.startswith("docProps")]
        if parts
        else []
    )
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        if parts:
            name = chance.choice(names)
            parts[name] = chance.choice(changes)(parts[name] or b" ", chance)
        else:
            data = chance.choice(changes)(data or b" ", chance)
            data = data[:LARGEST]
    return packed(parts) if parts else data


# Running


def too_slow(*_: object) -> None:
    """End a case that takes too long, of the processor: others may use it meanwhile."""
    raise TooSlowError


def is_read(call: Callable[[bytes], object], data: bytes) -> bool:
    """Say whether a case is read; one that is refused has to be worded, which takes its time too."""
    from ogp_analysis.errors import CheckError

    try:
        return bool(call(data))
    except CheckError as error:
        worded(error.problems)
        return False


def run(reader: str, seconds: float, seed: int, keep: Path) -> dict:
    """Feed one reader for so many seconds of the processor: those who share the machine change nothing."""
    chance, seeds, call = random.Random(f"{reader} {seed}"), corpus(reader), CALLS.get(reader, of_table)
    signal.signal(signal.SIGVTALRM, too_slow)
    counts = {"read": 0, "refused": 0}
    escapes: dict[str, int] = {}
    slowest, end = 0.0, time.process_time() + seconds
    while time.process_time() < end:
        data = case(reader, seeds, chance)
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, CASE_SECONDS)
        try:
            counts["read" if is_read(call, data) else "refused"] += 1
        except (Exception, TooSlowError) as error:
            name = escape_of(error)
            if name not in escapes:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{reader}-{seed}-{len(escapes)}").write_bytes(data)
            escapes[name] = escapes.get(name, 0) + 1
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        slowest = max(slowest, time.process_time() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cases = sum(counts.values()) + sum(escapes.values())
    return {"reader": reader, "seconds": seconds, "cases": cases, **counts} | {
        "escapes": escapes,
        "slowest": slowest,
        "peak": peak,
    }


def escape_of(error: BaseException) -> str:
    """Name an escape by its kind and the line that raised it."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(ROOT / "ogp_analysis"):
            place = f"{file.relative_to(ROOT)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}: {str(error)[:100]}"


def together(one: dict | None, other: dict) -> dict:
    """Add up two rounds of one reader."""
    if one is None:
        return other
    escapes = {
        name: one["escapes"].get(name, 0) + other["escapes"].get(name, 0)
        for name in {**one["escapes"], **other["escapes"]}
    }
    sums = {name: one[name] + other[name] for name in ("seconds", "cases", "read", "refused")}
    largest = {name: max(one[name], other[name]) for name in ("slowest", "peak")}
    return {"reader": one["reader"], "escapes": escapes, **sums, **largest}


def row(measured: dict) -> tuple[str, ...]:
    """Give the cells of the table for one reader."""
    counts = (f"{measured[name]:,}" for name in ("cases", "read", "refused"))
    escapes = sum(measured["escapes"].values())
    return (
        *(measured["reader"], f"{measured['seconds']:g}", *counts, f"{escapes:,}"),
        *(f"{measured['slowest']:.2f} s", f"{measured['peak']:.0f} MB"),
    )


PAGE_TEXT = """# Fuzzing of the readers

Made by `python tools/fuzz.py {options} --write`. Every case is a valid file with one to six changes:
of bits and bytes, of cells and lines, of tags and values, of the ZIP around them. It is read, or refused in
words in both languages; anything else is an escape. The cases depend on the seed alone; how many fit into
the time, the time of the slowest and the memory depend on the machine; all times are of the processor. `csv`
is delimited text in six encodings, `sheet` the XML of the sheets of a workbook, `parts` any XML of it, `zip`
its bytes, `yaml` files of parameters, `import` exports of platforms, also in a ZIP.

{table}
"""


def table_of(measured: list[dict]) -> str:
    """Give the table in Markdown."""
    head = f"| {' | '.join(HEADER)} |\n| --- |{' ---: |' * (len(HEADER) - 1)}\n"
    return head + "\n".join(f"| {' | '.join(row(one))} |" for one in measured)


def main() -> int:
    """Run the readers that are named, each in a process of its own, one after another."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("readers", nargs="*", choices=(*READERS, []))
    parser.add_argument("--seconds", type=float, default=60, help="of the processor, a reader and round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1, help="each with the next seed")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "ogp-fuzz")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(run(given.readers[0], given.seconds, given.seed, given.keep)))
        return 0
    measured: dict[str, dict] = {}
    for done in range(given.rounds):
        for reader in given.readers or READERS:
            one = apart(reader, given.seconds, given.seed + done, given.keep)
            measured[reader] = together(measured.get(reader), one)
            print(" | ".join(row(measured[reader])), flush=True)
            for escape, count in one["escapes"].items():
                print(f"    {count} times {escape}", flush=True)
        if given.write:
            write(given, done + 1, list(measured.values()))
    return 1 if any(one["escapes"] for one in measured.values()) else 0


def apart(reader: str, seconds: float, seed: int, keep: Path) -> dict:
    """Run one reader in a process of its own."""
    options = ["--seconds", str(seconds), "--seed", str(seed), "--keep", str(keep)]
    command = [sys.executable, __file__, reader, "--one", *options]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def write(given: argparse.Namespace, rounds: int, measured: list[dict]) -> None:
    """Write the page of the rounds that are done."""
    options = f"--seconds {given.seconds:g} --seed {given.seed} --rounds {rounds}"
    PAGE.write_text(PAGE_TEXT.format(options=options, table=table_of(measured)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
