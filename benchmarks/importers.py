"""How import and validation grow: seconds and peak memory for a Decidim export, against reading alone.

Run ``python benchmarks/importers.py [rows | --write]``; each size runs in a process of its own.
Exit code 1 when the bound is broken.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

COLUMNS = (
    "id;author/id;author/name;author/url;taxonomies/id;taxonomies/name;participatory_space/id;"
    "participatory_space/url;component/id;title/es;title/en;body/es;body/en;address;latitude;longitude;"
    "state;state_published_at;reference;answer/es;answer/en;answered_at;votes;likes/total_count;"
    "likes/user_endorsements;comments;attachments;follows_count;published_at;url;meeting_urls;"
    "related_proposals;is_amend;original_proposal/title;original_proposal/url;withdrawn;withdrawn_at;"
    "created_at;updated_at;created_in_meeting;coauthorships_count;cost;cost_report;execution_period"
)
# Of the processor, and at the peak, for as many rows as the last size; our choice.
SECONDS, MEGABYTES = 120, 1_000
HEADER = tuple(COLUMNS.split(";"))
BODY = (
    "<p>Proponemos publicar los datos de <b>contratación</b> &amp; compras n.º {n} en formatos abiertos.</p>"
    * 4
)


def export(rows: int) -> bytes:
    """Write a Decidim export of so many proposals."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    for n in range(rows):
        row = dict.fromkeys(HEADER, "")
        row |= {
            "id": str(n),
            "author/name": f"Persona Inventada {n}",
            "participatory_space/id": "1",
            "component/id": "2",
            "taxonomies/name": "Transparencia",
            "title/es": f"Propuesta inventada número {n}",
            "body/es": BODY.format(n=n),
            "reference": f"EC-PROP-2018-11-{n}",
            "state": "accepted",
            "answer/es": "<p>Gracias por su propuesta.</p>",
            "likes/user_endorsements": "Otra Persona, Una Más",
            "published_at": "2018-11-30 10:00:00 UTC",
            "url": f"https://ejemplo.ec/processes/plan/f/2/proposals/{n}",
            "created_in_meeting": "false",
        }
        writer.writerow(row.values())
    return text.getvalue().encode("utf-8")


def measure(rows: int) -> dict[str, float]:
    """Import so many proposals; processor seconds of all and of reading alone, peak memory."""
    from ogp_analysis import tabular
    from ogp_analysis.proposals import importing

    content = export(rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    done = importing.parse(content, file="export.csv")
    whole = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    tabular.parse(content, file="export.csv")
    reading = time.process_time() - start
    assert len(done.proposals) == rows
    return {
        "rows": rows,
        "file_megabytes": round(len(content) / 1e6, 1),
        "processor_seconds": round(whole, 2),
        "processor_seconds_reading_alone": round(reading, 2),
        "ratio_to_reading": round(whole / reading, 2),
        "peak_megabytes": round(peak / 1024),
        "peak_before_megabytes": round(before / 1024),
    }


def main() -> int:
    """Measure one size here, or several in processes of their own; ``--write`` keeps the last in a table."""
    if sys.argv[1:] not in ([], ["--write"]):
        print(json.dumps(measure(int(sys.argv[1]))))
        return 0
    lines = []
    for rows in (1_000, 10_000, 100_000):
        done = subprocess.run(
            [sys.executable, __file__, str(rows)], check=True, capture_output=True, text=True
        )
        measured = json.loads(done.stdout)
        print(done.stdout, end="")
        lines.append("| " + " | ".join(f"{value:,}" for value in measured.values()) + " |")
    met = measured["processor_seconds"] <= SECONDS and measured["peak_megabytes"] <= MEGABYTES
    if sys.argv[1:] == ["--write"]:
        head = "| " + " | ".join(name.replace("_", " ") for name in measured) + " |"
        rule = "|" + " ---: |" * len(measured)
        title = "# Import and validation of a Decidim export (43 columns)"
        made = "Made by `python benchmarks/importers.py --write`; bound at 100,000:"
        made += f" {SECONDS} processor seconds and {MEGABYTES:,} MB, {'met' if met else '**not met**'}."
        made += " Every text is looked through for telephones and names."
        more = "What comes after import: [suggested groups](grouping.md), [the public page](public_page.md)."
        page = "\n".join([title, "", made, "", head, rule, *lines, "", more]) + "\n"
        Path(__file__).with_suffix(".md").write_text(page, encoding="utf-8")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
