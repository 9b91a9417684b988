"""A new user walks from a platform's export to the public page, by the commands of docs/importing.md."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shutil
from pathlib import Path

import canary
import openpyxl
import pytest

from ogp_analysis import ratings
from ogp_analysis.cli import main
from ogp_analysis.model import params
from ogp_analysis.report import results as review

RECEIVED = 120
SUBJECTS = (
    *("datos abiertos", "compras públicas", "agua potable", "transporte urbano", "obras municipales"),
    *("salud comunitaria", "educación rural", "trámites en línea", "bosques y páramos", "ética pública"),
)
WAYS = ("Publicar un portal sobre", "Formar a servidores en", "Crear una mesa ciudadana de")
PEOPLE = ("Zoraida Quishpe Canariño", "Wellington Yánez-Canarí", "Anacleto Canarival Mora")
CONTACTS = (
    *("02-245-6789", "(02) 245-6788", "022456787", "02 2456786", "099 123 4567", "+34 912 345 678"),
    *("900.226.226", "171234567-8", "1799999996", "canario@correo-inventado.ec", "canario [at] inventado.ec"),
    *("@wyanez_canario", "https://www.facebook.com/canario.inventado"),
)
PLANTED = (*PEOPLE, *CONTACTS, "Calle de los Canarios 17", "wyanez_canario")
CRITERIA = ("precisión y claridad", "colaboración activa", "pilares del gobierno abierto", "política pública")
GROUP_TITLE = "Propuesta integrada"


def texts_of(n: int, rng: random.Random) -> tuple[str, str, str]:
    """Title, body and author of a proposal that signs with its contacts, as real ones do."""
    subject, way = SUBJECTS[n % len(SUBJECTS)], WAYS[n // len(SUBJECTS) % len(WAYS)]
    author = PEOPLE[n % len(PEOPLE)]
    contact = CONTACTS[n % len(CONTACTS)]
    body = (
        f"<p>Proponemos {way.lower()} {subject} &amp; servicios.</p><p>Soy {author}; escriba a {contact}.</p>"
    )
    return f"{way} {subject} {rng.choice(('en el cantón', 'para la ciudadanía', 'cada año'))}", body, author


def decidim(rng: random.Random) -> bytes:
    """Dates with the day first, doubled personal columns, two rows titled with a script, one of cp1252."""
    rows = []
    for n in range(1, RECEIVED + 3):
        title, body, author = texts_of(n, rng)
        rows.append(
            {
                "id": str(n),
                "author/id": str(n),
                "author__id": str(n),
                "author/name": author,
                "taxonomies/name": SUBJECTS[n % len(SUBJECTS)],
                "participatory_space/id": "1",
                "component/id": "2",
                "title/es": "<script>alert(1)</script>" if n > RECEIVED else title,
                "body/es": body,
                "address": "Calle de los Canarios 17",
                "scope/name": rng.choice(("Pichincha", "Guayas", "Loja")),
                "reference": f"EC-PROP-{n:04d}",
                "state": ("accepted", "not_selected", "fase_2")[n % 3],
                "votes": "3",
                "likes/user_endorsements": PEOPLE[(n + 1) % 3],
                "published_at": f"{n % 28 + 1:02d}/11/2018 10:0{n % 10}",
                "url": f"https://ejemplo.ec/processes/plan/f/2/proposals/{n}",
                "created_at": "pronto" if n == 7 else f"{n % 28 + 1:02d}/11/2018",
                "created_in_meeting": "true" if n % 9 == 0 else "false",
            }
        )
    return written(rows, ";", odd_line=12)


def consul(rng: random.Random) -> bytes:
    """The year first with T:, the platform's number under a name of its own, a title given twice."""
    rows = []
    for n in range(1, RECEIVED + 3):
        title, body, author = texts_of(n, rng)
        rows.append(
            {
                "id_proposal": str(5000 + (n if n != RECEIVED + 1 else 3)),
                "title": "" if n > RECEIVED + 1 else title,
                "description": body,
                "cached_votes_up": "3",
                "author_id": str(n),
                "author__id": str(n),
                "public_author": author,
                "district": rng.choice(("Centro", "Norte")),
                "public_created_at": f"2018/11/{n % 28 + 1:02d}T:13:06:40",
                "tags": "obras, datos",
                "url": f"https://ejemplo.ec/proposals/{n}",
            }
        )
    return written(rows, ",", odd_line=30)


def written(rows: list[dict[str, str]], separator: str, *, odd_line: int) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    lines = text.getvalue().split("\n")
    return b"\n".join(line.encode("cp1252" if n == odd_line else "utf-8") for n, line in enumerate(lines))


def ogp(*words: str, code: int = 0) -> None:
    assert main.main([*words, "--lang", "es"]) == code, words


def cells_of(sheet) -> list[dict[str, object]]:
    header = [cell.value for cell in sheet[1]]
    return [dict(zip(header, row, strict=True)) for row in sheet.iter_rows(min_row=2)]


def classify(path: str, rng: random.Random, *, slips: float, leave: int = 0) -> None:
    """Fill every sheet: a proposal on roads is no open government, and people slip."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if sheet.cell(1, 1).value != "propuesta" or sheet.title == "decisiones":
            continue
        for number, row in enumerate(cells_of(sheet)):
            unrelated = re.search("transporte|agua|bosques", str(row["título"].value))
            for criterion in CRITERIA:
                met = not (unrelated and criterion == "pilares del gobierno abierto")
                answer = met != (rng.random() < slips)
                row[criterion].value = None if number < leave else "sí" if answer else "no"
    book.save(path)


def decide(path: str, codes: list[str]) -> None:
    book = openpyxl.load_workbook(path)
    for code in codes:
        book["decisiones"].append(
            [code, "no", "Es una queja y no una propuesta.", "Grupo Núcleo", "2019-02-01"]
        )
    book.save(path)


def confirm(path: str) -> int:
    book = openpyxl.load_workbook(path)
    rows = cells_of(book["grupos"])
    for number, row in enumerate(rows, start=1):
        row["título"].value, row["confirmado"].value = f"{GROUP_TITLE} {number}", "sí"
    first, second, *_ = cells_of(book["integrantes"])
    # The human moves one, which is told afterwards.
    other = cells_of(book["integrantes"])[-1]
    assert first["grupo"].value != other["grupo"].value
    second["grupo"].value = other["grupo"].value
    book.save(path)
    return len(rows)


def rate(path: str, rng: random.Random) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        header = [cell.value for cell in sheet[1]]
        if "panel" not in header:
            continue
        for row in sheet.iter_rows(min_row=2, min_col=header.index("rol") + 2):
            for cell in row:
                # Two blind ratings that differ by no more than one point need no third.
                cell.value = (
                    3 + rng.randint(0, 1) if sheet.title.startswith(("WG", "CG")) else rng.randint(2, 5)
                )
    book.save(path)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answered(capsys: pytest.CaptureFixture, *words: str) -> dict:
    """Run a command that answers a machine, and give its answer alone."""
    capsys.readouterr()
    ogp(*words, "--json")
    return json.loads(capsys.readouterr().out)


def undecided_codes() -> list[str]:
    return [row["proposal"] for row in table(Path("classified.csv")) if row["related"] == "undecided"]


def imported(content: bytes, capsys: pytest.CaptureFixture) -> list[dict[str, str]]:
    """Step 1: every row is a proposal or set aside with its reason."""
    Path("export.csv").write_bytes(content)
    counts = answered(capsys, "import", "export.csv")
    assert (counts["rows"], counts["rejected"]) == (RECEIVED, 2)
    proposals = table(Path("proposals.csv"))
    assert all(row["submitted"].startswith("2018-11-") for row in proposals)
    assert len(table(Path("rejected.csv"))) == 2
    return proposals


def classified(rng: random.Random, capsys: pytest.CaptureFixture) -> tuple[int, int]:
    """Step 2: two people, a third where they differ, a decision where that is open; related, decided."""
    ogp("template", "classification.xlsx", "--for", "classification", "--proposals", "proposals.csv")
    classify("classification.xlsx", rng, slips=0.04)
    ogp("classify", "classification.xlsx")
    undecided = undecided_codes()
    assert undecided, "people slip"
    ogp("group", "proposals.csv", code=1)
    third = ["--evaluators", "C3:third", "--undecided", "classified.csv"]
    ogp("template", "third.xlsx", "--for", "classification", "--proposals", "proposals.csv", *third)
    classify("third.xlsx", rng, slips=0, leave=2)
    ogp("classify", "classification.xlsx", "third.xlsx")
    left = undecided_codes()
    assert 1 <= len(left) <= 2
    decide("third.xlsx", left)
    counts = answered(capsys, "classify", "classification.xlsx", "third.xlsx")
    assert (counts["yes"] + counts["no"], counts["undecided"]) == (RECEIVED, 0)
    assert counts["settled_by"] == {"third": len(undecided) - len(left), "decision": len(left)}
    assert {row["criterion"] for row in counts["agreement"]} >= {"pillars", "all four"}
    return counts["yes"], len(left)


def grouped(related: int, capsys: pytest.CaptureFixture) -> None:
    """Step 3: groups are suggested and confirmed, and the totals close."""
    ogp("group", "proposals.csv")
    groups = confirm("groups.xlsx")
    totals = answered(capsys, "group", "proposals.csv", "--confirmed", "groups.xlsx")
    assert totals["received"] == totals["related"] + totals["not_related"] == RECEIVED
    assert totals["related"] == related == totals["memberships"]
    assert totals["integrated"] <= groups
    assert sum(int(row["reiterations"]) for row in table(Path("groups.csv"))) == related


def page_of_all(folder: Path, rng: random.Random) -> str:
    """Step 4: ratings of the groups, all tables in one folder, the public page."""
    ogp("template", "ratings.xlsx", "--proposals", "groups.csv")
    rate("ratings.xlsx", rng)
    data = folder / "data"
    data.mkdir()
    for name in ("proposals", "rejected", "answers", "classified", "membership", "groups"):
        shutil.copy(f"{name}.csv", data)
    for name in ("ratings", "classification", "third", "groups"):
        shutil.copy(f"{name}.xlsx", data)
    ogp("check", "data")
    ogp("page", "data", "--out", "page")
    return (folder / "page" / "proposals.es.html").read_text(encoding="utf-8")


def whole_flow(folder: Path) -> list[tuple[str, int]]:
    """Step 5: what notebook 6 makes of the folder; every total closes."""
    parameters = params.from_values(params.baseline() | {"data": str(folder / "data"), "n_draws": 100})
    tables = review.compute(ratings.load(parameters), parameters).tables
    assert tables["whole_flow_totals"]["closes"].all()
    return list(tables["whole_flow"][["node", "proposals"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("platform", ["decidim", "consul"])
def test_from_an_export_to_the_public_page(platform, tmp_path, monkeypatch, capsys):
    rng = random.Random(332)
    monkeypatch.chdir(tmp_path)
    content = decidim(rng) if platform == "decidim" else consul(rng)
    assert len(canary.found_in(content, PLANTED)) >= 14, "everybody is planted"
    proposals = imported(content, capsys)
    related, decided = classified(rng, capsys)
    grouped(related, capsys)
    html = page_of_all(tmp_path, rng)
    if platform == "decidim":  # from here on no platform differs
        steps = dict(whole_flow(tmp_path))
        assert (steps["received"], steps["related"]) == (RECEIVED, related)
        assert (steps["rows"], steps["set_aside"]) == (RECEIVED + 2, 2)
        assert sum(steps[name] for name in steps if "category" in name) == steps["integrated"]
    assert html.count('<article id="p-') == RECEIVED
    assert "el total no cierra" not in html
    assert html.count("el total cierra") == 4, "of the export, by channel, by relation, by category"
    if platform == "decidim":
        states = ("aceptada", "no seleccionada", "«fase_2» (palabra de la plataforma)")
        assert all(html.count(f"<dd>{state}</dd>") > RECEIVED // 4 for state in states)
    assert html.count(f"{GROUP_TITLE} ") >= related
    assert html.count("Es una queja y no una propuesta.") >= decided
    assert f'href="{proposals[0]["url"]}"' in html
    Path("export.csv").unlink()
    assert canary.search(tmp_path, PLANTED) == []
    printed = capsys.readouterr()
    assert canary.found_in((printed.out + printed.err).encode(), PLANTED) == []


@pytest.mark.parametrize("page", ["importing.md", "importing.es.md"])
def test_the_steps_of_the_walk_are_those_of_the_documentation(page):
    text = (Path(__file__).resolve().parents[2] / "docs" / page).read_text(encoding="utf-8")
    steps = re.findall(r"^\| [^|]+ \| `ogp ([^`]+)` \|", text, re.MULTILINE)
    assert [step.split()[0] for step in steps] == [
        *("import", "template", "classify", "template", "classify", "group", "group", "template", "page"),
    ]
    for step in steps:
        main.parse(step.split(), "en")
