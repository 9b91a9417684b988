"""Hostile exports: what they carry stays text, what points outside is refused, only known errors escape."""

from __future__ import annotations

import csv
import io
import random
import shutil
import stat
import subprocess
import sys
import zipfile

import canary
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogp_analysis.cli import main
from ogp_analysis.errors import DataError
from ogp_analysis.language.escaping import in_line
from ogp_analysis.proposals import archive, importing
from ogp_analysis.proposals.raw_exports import is_raw_export
from ogp_analysis.tabular import Limits
from tests.proposals.test_importing import CONSUL, DECIDIM, INVESTMENT, INVESTMENTS_ES, MADRID, OLDER, export

FUZZ = settings(deadline=None, derandomize=True, max_examples=100)
CORPUS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '+HYPERLINK("https://ejemplo.ec","x")',
    "-2+3",
    "@SUM(1,2)",
    "＝1+1",
    "<script>document.title='PWN'</script>fin",
    "<img src=x onerror=document.title='PWN'>fin",
    "</script><svg onload=alert(1)>fin",
    "[x](javascript:alert(1))",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '#read("/etc/passwd")',
    '#import "@preview/x:0.1.0": *',
    '$ #eval("1") $',
    "\\input{/etc/passwd}",
    "\\write18{ls}",
    "!!python/object/apply:os.system ['ls']",
    "{{ 7*7 }}{% raw %}",
    "../../../etc/passwd",
    "C:\\Windows\\System32\\CON",
    "%s%n{0.__class__}",
    "' OR 1=1 --",
)
TEXT_FIELDS = ("title/es", "body/es", "answer/es", "taxonomies/name", "state")
SEEN_AS = {"title/es": "title", "body/es": "solution", "answer/es": "answer", "taxonomies/name": "topic"}
RISKY = tuple("=+-@\t\r＝＋－＠")


def read(content: bytes, file: str = "export.csv", **options) -> importing.Imported:
    return importing.parse(content, file=file, **options)


# --- injection ---


@pytest.mark.parametrize("payload", CORPUS)
@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_payloads_stay_text_in_their_own_field(payload, field):
    record = read(export(DECIDIM | {field: payload})).proposals.iloc[0]
    cell = record[SEEN_AS.get(field, field)] if field != "title/es" else record["title"]
    assert "<script>document" not in cell
    assert "onerror" not in cell
    if "<" not in payload and "&" not in payload:
        assert cell == payload
    harmless = read(export(DECIDIM | {field: "texto"})).proposals.iloc[0]
    others = [name for name in record.index if name not in (SEEN_AS.get(field, field), "text_hash")]
    assert record[others].equals(harmless[others])


@pytest.fixture
def imported_csv(tmp_path):
    rows = [
        DECIDIM
        | dict.fromkeys(TEXT_FIELDS, payload)
        | {"reference": f"R{n:02d}", "title/es": f"{payload} {n}"}
        for n, payload in enumerate(CORPUS)
    ]
    rows = [row for row in rows if row["title/es"].strip()]
    (tmp_path / "in.csv").write_bytes(export(*rows))
    assert main.main(["import", str(tmp_path / "in.csv"), "--out", str(tmp_path / "o" / "out.csv")]) == 0
    return tmp_path / "o" / "out.csv"


def test_no_cell_of_the_written_table_starts_a_formula(imported_csv):
    with imported_csv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(CORPUS) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(RISKY)]


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_a_spreadsheet_finds_no_formula_in_the_written_table(imported_csv, tmp_path):
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(imported_csv)], check=True, capture_output=True)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert len(cells) > len(CORPUS)
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil", "x y"]
)
def test_addresses_that_are_not_of_pages_are_left_empty(url):
    done = read(export(DECIDIM | {"url": url}))
    assert done.proposals["url"].tolist() == [""]
    assert [(problem.rule, problem.value) for problem in done.problems] == [("people.url", url)]


# --- ZIP ---


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as file:
        for name, content in members:
            file.writestr(name, content)
    return stream.getvalue()


GOOD = ("x-open-data-proposals.csv", export(DECIDIM))


@pytest.mark.parametrize(
    "name",
    ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "C:/evil.csv", "..\\evil.csv", "\\\\host\\evil.csv"],
)
def test_members_that_point_outside_refuse_the_whole_zip(name):
    with pytest.raises(DataError, match="points outside the ZIP"):
        read(zipped(GOOD, (name, b"title\nx\n")), "x.zip")


def test_symbolic_links_are_refused():
    link = zipfile.ZipInfo("link-proposals.csv")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DataError, match="is a symbolic link"):
        read(zipped(GOOD, (link, b"/etc/passwd")), "x.zip")


def test_every_hostile_member_is_listed_and_nothing_is_written(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(DataError) as caught:
        read(zipped(GOOD, ("../a.csv", b"x"), ("../b.csv", b"x")), "x.zip")
    assert [problem.value for problem in caught.value.problems] == ["../a.csv", "../b.csv"]
    assert list(tmp_path.rglob("*")) == [tmp_path / "here"]


def test_bombs_are_refused_before_they_are_unpacked():
    with pytest.raises(DataError, match="more than a thousand times its size"):
        read(zipped(("p-proposals.csv", b"\0" * 20_000_000)), "x.zip")
    with pytest.raises(DataError, match="unpacks to more than 1000 bytes"):
        read(
            zipped(("p-proposals.csv", b"title\n" + b"x" * 5_000)),
            "x.zip",
            limits=Limits(uncompressed_bytes=1000),
        )


def test_sizes_that_lie_are_found_out():
    """The directory of the ZIP says 10 bytes; the member holds far more."""
    content = bytearray(zipped(("p-proposals.csv", b"title\n" + b"ab" * 50_000)))
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(DataError):
        read(bytes(content), "x.zip", limits=Limits(uncompressed_bytes=1000))


def test_encrypted_crowded_and_ambiguous_zips_are_refused():
    locked = bytearray(zipped(GOOD))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.index(mark) + offset] |= 1
    with pytest.raises(DataError, match="is encrypted"):
        read(bytes(locked), "x.zip")
    with pytest.raises(DataError, match=r"several tables: a\.csv, b\.csv"):
        read(zipped(("a.csv", b"title\nx\n"), ("b.csv", b"title\nx\n")), "x.zip")
    with pytest.raises(DataError, match=r"holds no table .*: notes.md"):
        read(zipped(("notes.md", b"x")), "x.zip")
    with pytest.raises(DataError, match="at most 10000"):
        read(zipped(*((f"{n}.md", b"") for n in range(archive.MEMBERS + 1))), "x.zip")
    with pytest.raises(DataError, match="the ZIP is damaged"):
        read(zipped(GOOD)[:-30], "x.zip")


@pytest.mark.parametrize(
    ("content", "raw"),
    [
        (b"PK\x03\x04" + b"PK\x01\x02" * (archive.MEMBERS + 1), True),
        (b"\xd0\xcf\x11\xe0", False),
        (b"x\0y", False),
    ],
)
def test_a_zip_of_too_many_files_may_hold_persons_and_what_cannot_be_read_is_named_by_its_readers(
    content, raw
):
    assert is_raw_export(content, "n.zip") is raw


def test_a_zip_inside_a_zip_is_not_opened():
    with pytest.raises(DataError, match="holds no table"):
        read(zipped(("inner.zip", zipped(GOOD))), "x.zip")


# --- canaries ---


def planted() -> dict[str, dict[str, str]]:
    """Put every canary into every column that can name, reach or locate somebody, and into the texts."""
    name, other, mail, user, phone, card = canary.NAMES
    text = f"<p>Soy {name}, escriba a {mail} o al {phone}, cédula {card}.</p>"
    return {
        "decidim": DECIDIM
        | {"author/name": name, "author/url": f"https://e.ec/{user}", "likes/user_endorsements": other}
        | {
            "address": other,
            "body/es": text,
            "answer/es": f"Escriba a {mail}",
            "meeting_urls": f"https://e.ec/{user}",
        },
        "older": OLDER
        | {"endorsements/user_endorsements": f"{name}, {other}", "body": f"llame al {phone} o {mail}"},
        "consul": CONSUL | {"public_author": name, "description": text, "tags": mail},
    }


@pytest.mark.parametrize("kind", ["decidim", "older", "consul"])
@pytest.mark.parametrize("packed", [False, True])
def test_no_canary_reaches_any_byte_of_what_is_written_or_said(kind, packed, tmp_path, capsys):
    content = export(planted()[kind])
    assert len(canary.found_in(content, canary.NAMES)) >= 3, "nothing was planted"
    source = tmp_path / ("in.zip" if packed else "in.csv")
    source.write_bytes(zipped(("e-proposals.csv", content)) if packed else content)
    assert main.main(["import", str(source), "--out", str(tmp_path / "out" / "proposals.csv")]) == 0
    assert canary.search(tmp_path / "out", canary.NAMES) == []
    printed = capsys.readouterr()
    assert canary.found_in((printed.out + printed.err).encode(), canary.NAMES) == []


def test_investments_and_the_research_copy_leak_nobody():
    madrid = MADRID.replace("9884", canary.NAMES[4])
    for content in (f"{INVESTMENTS_ES}\n{INVESTMENT}\n", madrid):
        assert canary.found_in(content.encode(), canary.NAMES)
        written = read(content.encode()).proposals.to_csv().encode()
        assert canary.found_in(written, canary.NAMES) == []


def test_errors_about_a_row_do_not_show_its_author():
    with pytest.raises(DataError) as caught:
        read(export(planted()["decidim"] | {"title/es": "", "title/en": "", "published_at": canary.NAMES[2]}))
    assert len(caught.value.problems) == 2
    assert canary.found_in(caught.value.say("es").encode(), canary.NAMES) == []


def test_the_search_finds_a_canary_wherever_it_hides(tmp_path):
    name = canary.NAMES[0]
    book = openpyxl.Workbook()
    book.properties.creator = name
    stream = io.BytesIO()
    book.save(stream)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "deep.bin").write_bytes(zipped(("inner.xlsx", stream.getvalue())))
    (tmp_path / "b.json").write_text('{"n": "Zoraida Quishpe Canari\\u00f1o"}', encoding="ascii")
    (tmp_path / "c.txt").write_bytes(name.upper().encode("utf-16"))
    (tmp_path / f"{name}.txt").write_bytes(b"")
    (tmp_path / "clean.txt").write_bytes(b"nothing here")
    places = canary.search(tmp_path, [name])
    for part in ("deep.bin!inner.xlsx!docProps/core.xml", "b.json", "c.txt", "name of Zoraida"):
        assert any(part in place for place in places), part
    assert not any("clean" in place for place in places)
    with pytest.raises(AssertionError, match="nothing was produced"):
        canary.search(tmp_path / "a" / "none", [name])


# --- fuzzing: only DataError may escape ---


def survives(content: bytes, **options) -> None:
    try:
        done = read(content, "fuzz.csv", limits=Limits(rows=2_000, uncompressed_bytes=1_000_000), **options)
    except DataError as refused:
        done = refused
    assert done.say("es") != done.say("en")
    if isinstance(done, DataError):
        assert done.problems
        return
    assert list(done.proposals.columns) == list(importing.COLUMNS)
    assert done.proposals["proposal"].is_unique
    assert (done.proposals["title"] != "").all()


SEEDS = (
    export(DECIDIM, DECIDIM | {"reference": "B"}),
    export(OLDER),
    export(CONSUL),
    MADRID.encode(),
    zipped(GOOD),
)


@FUZZ
@given(st.binary(max_size=400), st.sampled_from(["auto", "decidim", "consul", "plain"]))
def test_any_bytes(content, platform):
    survives(content, platform=platform)


@FUZZ
@given(st.text(max_size=200), st.sampled_from(["title", "code;title", "id,title,date,ods,canal,url"]))
@pytest.mark.deep
def test_any_text_below_a_header(body, header):
    survives(f"{header}\n{body}".encode("utf-8", "surrogatepass"))


@FUZZ
@given(st.sampled_from(SEEDS), st.integers(0, 2**32), st.integers(1, 12))
def test_exports_with_broken_bytes(seed, state, changes):
    randomly, content = random.Random(state), bytearray(seed)
    for _ in range(changes):
        place = randomly.randrange(len(content))
        if randomly.random() < 0.3:
            del content[place : place + randomly.randrange(1, 20)]
        elif randomly.random() < 0.5:
            content[place] = randomly.randrange(256)
        else:
            content[place:place] = bytes(randomly.randrange(256) for _ in range(randomly.randrange(1, 6)))
    survives(bytes(content))


cells = st.one_of(
    st.text(max_size=12), st.sampled_from([*CORPUS, *canary.NAMES, "", "16", "2018-11-30", "\x00", "\r\n"])
)


@FUZZ
@given(st.dictionaries(st.sampled_from(sorted(DECIDIM)), cells, max_size=8))
def test_any_cells_of_a_decidim_export(changes):
    survives(export(DECIDIM | changes))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows reserves these names itself")
@pytest.mark.parametrize("name", ["nul\n", "%s", "{file}", "a b ñ.csv"])
def test_odd_file_names_are_only_shown(tmp_path, name):
    (tmp_path / name).write_text("uno\nx\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        importing.read(tmp_path / name)
    assert in_line(name) in str(caught.value), "a line end in a name begins no line"
