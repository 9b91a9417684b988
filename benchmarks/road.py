"""How long the road from a platform's export to the public page takes, with 20,000 invented proposals.

    python benchmarks/road.py [--write] [COUNT]

The steps are the commands of docs/importing.md; tests/proposals/test_road.py, which walks them too, fills the
sheets. Each step is a process of its own. Exit code 1 when a limit is broken.
"""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
for place in (ROOT, ROOT / "tests", ROOT / "tests" / "proposals"):
    sys.path.insert(0, str(place))
COUNT = 20_000
# Our choice: five minutes, and what a small computer has.
LIMITS = {"processor seconds": 300.0, "peak megabytes": 2_000.0}
HEADER = ("step", "seconds", "processor seconds", "peak megabytes")
Row = tuple[str, float, float, float]


def export(count: int) -> bytes:
    """Write a Decidim export of proposals that ask for few things in many words, each with an author."""
    from benchmarks import labelled_set

    made = labelled_set.make(groups=max(count // 8, 30), proposals=count)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(
        (
            "id",
            "author/name",
            "participatory_space/id",
            "title/es",
            "body/es",
            "reference",
            "published_at",
            "url",
        )
    )
    for n, row in enumerate(made.itertuples(index=False), start=1):
        signed = f"Soy Persona Inventada {n}, escriba al 099 123 4567."
        body = f"<p>{row.problem}</p><p>{row.solution}</p><p>{signed}</p>"
        address = f"https://ejemplo.ec/processes/plan/f/2/proposals/{n}"
        writer.writerow(
            (
                n,
                f"Persona Inventada {n}",
                1,
                row.title,
                body,
                f"EC-PROP-{n}",
                f"{n % 28 + 1:02d}/11/2018",
                address,
            )
        )
    return text.getvalue().encode()


def step(folder: Path, *words: str) -> Row:
    """Run a command; its seconds, those of the processor, and the memory of its largest process."""
    line = [sys.executable, "-m", "ogp_analysis", *words, "--lang", "es"]
    started = time.perf_counter()
    with (folder / "printed.txt").open("ab") as printed:
        running = subprocess.Popen(
            line, cwd=folder, stdout=printed, stderr=printed, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        sys.exit((folder / "printed.txt").read_text(encoding="utf-8")[-3000:])
    seconds = time.perf_counter() - started
    name = " ".join(
        words[:1] + tuple(word for word in words[1:] if word in ("classification", "--confirmed"))
    )
    return name, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def walk(folder: Path, count: int) -> list[Row]:
    """Walk the whole road; nobody's time of filling sheets is counted."""
    import test_road

    rng = random.Random(332)
    (folder / "export.csv").write_bytes(export(count))
    rows = [step(folder, "import", "export.csv")]
    sheets = ("--for", "classification", "--proposals", "proposals.csv")
    rows.append(step(folder, "template", "classification.xlsx", *sheets))
    test_road.classify(str(folder / "classification.xlsx"), rng, slips=0)
    rows.append(step(folder, "classify", "classification.xlsx"))
    rows.append(step(folder, "group", "proposals.csv"))
    test_road.confirm(str(folder / "groups.xlsx"))
    rows.append(step(folder, "group", "proposals.csv", "--confirmed", "groups.xlsx"))
    rows.append(step(folder, "template", "ratings.xlsx", "--proposals", "groups.csv"))
    test_road.rate(str(folder / "ratings.xlsx"), rng)
    data = folder / "data"
    data.mkdir()
    for name in ("proposals.csv", "classified.csv", "membership.csv", "groups.csv", "ratings.xlsx"):
        shutil.copy(folder / name, data)
    rows.append(step(folder, "check", "data"))
    rows.append(step(folder, "page", "data", "--out", "page"))
    return rows


def main() -> int:
    """Walk, print a table and keep it where asked to."""
    counts = [int(word) for word in sys.argv[1:] if word.isdigit()]
    count = counts[0] if counts else COUNT
    with tempfile.TemporaryDirectory() as folder:
        rows = walk(Path(folder), count)
    whole = ("all", sum(row[1] for row in rows), sum(row[2] for row in rows), max(row[3] for row in rows))
    lines = ["| " + " | ".join(HEADER) + " |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {a:,.1f} | {b:,.1f} | {c:,.0f} |" for name, a, b, c in (*rows, whole)]
    print("\n".join(lines))
    if "--write" in sys.argv:
        limits = f"{LIMITS['processor seconds']:.0f} processor seconds and {LIMITS['peak megabytes']:,.0f} MB"
        head = (
            f"# From an export of {count:,} proposals to the public page\n\n"
            "Made by `python benchmarks/road.py --write`; the proposals are synthetic "
            f"(`benchmarks/labelled_set.py`).\nLimits of the whole, our choice: {limits}.\n\n"
        )
        Path(__file__).with_suffix(".md").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return int(whole[2] > LIMITS["processor seconds"] or whole[3] > LIMITS["peak megabytes"])


if __name__ == "__main__":
    sys.exit(main())
