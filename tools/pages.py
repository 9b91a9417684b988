"""Write the parts of the documentation that follow from the tree: data dictionary and module table.

python tools/pages.py            # write them
python tools/pages.py --check    # 1 where a page is not what the tree says
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ogp_analysis"
DOCS = ROOT / "docs"
BLOCK = "<!-- {edge}: {name}, written by tools/{tool}.py -->"
TOOLS = {
    **dict.fromkeys(("levels", "modules", "answer", "S06", "findings", "plan"), "pages"),
    "measures": "measures",
    **dict.fromkeys(("totals", "reasons", "not read", "addresses", "examples"), "reference"),
}
BASELINE = ROOT / "outputs" / "baseline"
FOLLOWED = (
    "S06"  # one whose category the rule, a third evaluation, a decision and single evaluators all touch
)
STATES = {
    "en": {"regenerated": "regenerated", "in part": "in part", "lost": "missing (image)"},
    "es": {"regenerated": "regenerada", "in part": "en parte", "lost": "falta (imagen)"},
}
PLAN_HEADER = {
    "en": ("plan", "caption or subject", "line of our transcription", "state", "table (notebook 05)"),
    "es": ("plan", "título o asunto", "línea de nuestra transcripción", "estado", "tabla (cuaderno 05)"),
}
ANSWER_HEADER = {
    "en": ("question", "answer in the synthetic example"),
    "es": ("pregunta", "respuesta en el ejemplo sintético"),
}
RULES = {"required": "required", "unique": "unique"}


def version() -> str:
    """Read the version without importing the package."""
    return re.search(r'__version__ = "(.+?)"', (PACKAGE / "__init__.py").read_text(encoding="utf-8"))[1]


def cell(value: object) -> str:
    """Write a value so that a Markdown table stays a table."""
    return str(value).replace("|", "\\|").replace("\n", " ")


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines)


def filled(text: str, blocks: Mapping[str, str]) -> str:
    """Replace the named blocks of a page.

    Raises
    ------
    ValueError
        The page has no such block.
    """
    for name, body in blocks.items():
        edges = [BLOCK.format(edge=edge, name=name, tool=TOOLS[name]) for edge in ("begin", "end")]
        if text.count(edges[0]) != 1 or text.count(edges[1]) != 1:
            message = f"there is no block {name!r} in the page"
            raise ValueError(message)
        before, after = text.split(edges[0])[0], text.split(edges[1])[1]
        text = f"{before}{edges[0]}\n\n{body}\n\n{edges[1]}{after}"
    return text


def fill(path: Path, blocks: Mapping[str, str]) -> None:
    """Replace the named blocks of a page on disk."""
    text = filled(path.read_text(encoding="utf-8"), blocks)
    path.write_text(text, encoding="utf-8", newline="\n")


def first_sentence(path: Path) -> str:
    """Read what a module says it is for: the first paragraph of its docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.partition("\n\n")[0].split())


def modules() -> list[Path]:
    """List the modules, a folder's own before its parts."""
    paths = [path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts]
    return sorted(paths, key=lambda path: (path.parent.parts, path.stem != "__init__", path.stem))


def module_label(path: Path) -> str:
    """Name a module as one would say it: ``run/place``; a folder's own module as ``run/``."""
    inside = path.relative_to(PACKAGE)
    if path.stem == "__init__":
        return f"`{inside.parent.as_posix()}/`" if inside.parent.parts else "`ogp_analysis`"
    return f"`{inside.with_suffix('').as_posix()}`"


def module_table() -> str:
    """Write one table for the flat modules and one for each folder."""
    parts = []
    for folder, paths in groupby(modules(), key=lambda path: path.parent):
        rows = [(module_label(path), re.sub(r"`{2}", "`", first_sentence(path))) for path in paths]
        title = folder.relative_to(ROOT).as_posix()
        parts.append(f"**{title}/**\n\n" + markdown_table(("module", "what it is for"), rows))
    return "\n\n".join(parts)


def levels() -> list[str]:
    """Read the floors of rooms, from the bottom up, out of the contract that import-linter enforces."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["id"]: each for each in project["tool"]["importlinter"]["contracts"]}
    return contracts["floors"]["layers"][::-1]


def level_table() -> str:
    """Write the floors as a table."""
    rows = [
        (number, ", ".join(f"`{name.strip()}`" for name in line.split("|")))
        for number, line in enumerate(levels())
    ]
    return markdown_table(("floor", "rooms"), rows)


def allowed(constraints: Mapping[str, Any]) -> str:
    """Write what a field allows."""
    parts = [word for key, word in RULES.items() if constraints.get(key)]
    if "enum" in constraints:
        parts.append("one of: " + ", ".join(map(str, constraints["enum"])))
    limits = [constraints.get("minimum"), constraints.get("maximum")]
    if any(limit is not None for limit in limits):
        parts.append(" to ".join("" if limit is None else str(limit) for limit in limits).strip())
    if "pattern" in constraints:
        parts.append(f"pattern `{constraints['pattern']}`")
    return "; ".join(parts)


def field_table(resource: Mapping[str, Any]) -> str:
    """Write the fields of one table."""
    rows = [
        (
            f"`{field['name']}`",
            field["type"],
            field.get("description", ""),
            allowed(field.get("constraints", {})),
        )
        for field in resource["schema"]["fields"]
    ]
    return markdown_table(("field", "type", "meaning", "allowed"), rows)


def aliases() -> str:
    """Write the headers that are read as one of our columns."""
    rows = [row for row in rows_of(PACKAGE / "data" / "words" / "ratings.csv") if row["kind"] == "column"]
    words: dict[str, list[str]] = {}
    for row in rows:
        if row["word"] != row["key"]:
            words.setdefault(row["key"], []).append(row["word"])
    return markdown_table(
        ("column", "also read from the header"), [(f"`{key}`", ", ".join(w)) for key, w in words.items()]
    )


def package_part(folder: str) -> list[str]:
    """Write the tables of one data package."""
    package = json.loads((PACKAGE / "data" / folder / "datapackage.json").read_text(encoding="utf-8"))
    parts = [package["description"]]
    for resource in package["resources"]:
        key = ", ".join(f"`{name}`" for name in resource["schema"].get("primaryKey", ()))
        parts += [
            f"### {resource['name']}",
            f"{resource['title']}.{f' Key: {key}.' if key else ''}",
            field_table(resource),
        ]
    return parts


def data_dictionary() -> str:
    """Write the data dictionary from the two data packages and the table of words."""
    parts = [
        "# Data dictionary",
        "<!-- written by tools/pages.py from the data packages; do not edit -->",
        "Missing is empty, never 0. Codes are text. Files are UTF-8 with comma and point; readers also take "
        "semicolon, decimal comma, the encodings of Spanish Excel, and say which they found.",
        "## Ratings and the tables beside them",
        "The fields of your own data; the shipped files hold the synthetic example "
        "(`ogp_analysis/data/example/datapackage.json`). Allowed indicators, panels and ratings are those of "
        "the packaged method; another method file brings its own.",
        *package_part("example"),
        "### Headers in Spanish and other spellings",
        "Upper case, accents and spaces do not matter.",
        aliases(),
        "## The tables of a run",
        "Every table of a run that rests on ratings ends with the column `synthetic`: yes for the packaged "
        "example, no for ratings of your own. Tables without it hold facts of the plan or of the run itself.",
        "## The plan",
        *package_part("plan"),
    ]
    return "\n\n".join(parts) + "\n"


def results_of_baseline() -> dict[str, Any]:
    """Read what the notebooks of the baseline computed, by notebook."""
    return json.loads((BASELINE / "results.json").read_text(encoding="utf-8"))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a table of strings."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def baseline_rows(table: str) -> list[dict[str, str]]:
    """Read one table of the baseline."""
    return rows_of(BASELINE / "tables" / f"{table}.csv")


def answer_values() -> dict[str, Any]:
    """Collect the numbers of the one-page answer."""
    results = results_of_baseline()
    numbers = [
        results[name] for name in ("02_agreement", "03_categories", "04_sensitivity", "05_plan_tables")
    ]
    values = {key: value for each in numbers for key, value in each.items()}
    pairs = [row for row in baseline_rows("settled") if row["criterion"] == "relevance"]
    stay = [row for row in baseline_rows("ledger") if row["category_by_rule"] == row["category_final"] == "1"]
    return values | {
        "pairs": len(pairs),
        "near": sum(float(row["difference"]) <= values["tolerance"] for row in pairs),
        "both": len(stay),
        "ten_stay_points": 100 * values["ten_stay_error"],
    }


def answer(language: str) -> str:
    """Write the one-page answer as a table; words from ``answers.csv``, numbers from the baseline."""
    values = answer_values()
    columns = [f"{column}_{language}" for column in ("question", "answer")]
    rows = [
        [in_language(row[column].format(**values), language) for column in columns]
        for row in rows_of(ROOT / "tools" / "answers.csv")
    ]
    return markdown_table(ANSWER_HEADER[language], rows)


def in_language(words: str, language: str) -> str:
    """Write the numbers of a sentence as the language does."""
    if language == "en":
        return words
    return re.sub(r"(?<=\d)%", " %", re.sub(r"(?<=\d)\.(?=\d)", ",", words))


def one_row(table: str, **wanted: str) -> dict[str, str]:
    """Read the row of a table of the baseline that has these values."""
    return next(row for row in baseline_rows(table) if wanted.items() <= row.items())


def followed_values(words: Mapping[str, str]) -> dict[str, Any]:
    """Collect the numbers of one proposal on its way, levels in words."""
    by_name = {
        **one_row("sensitivity_on_one", proposal=FOLLOWED),
        **one_row("indicator_scores", proposal=FOLLOWED),
        **one_row("ledger", proposal=FOLLOWED),
        **one_row("sensitivity_verdicts", proposal=FOLLOWED),
    }
    rows = [row for row in baseline_rows("settled") if row["proposal"] == FOLLOWED]
    pairs = [row for row in rows if row["criterion"] == "relevance"]
    sides = one_row("categories_by_side", proposal=FOLLOWED)
    medium, high = one_row("parameters", parameter="cut_points", item="relevance")["value"].split("; ")
    numbers = ("feasibility", "relevance", "keeps_weights", "another_round")
    return (
        by_name
        | {key: float(by_name[key]) for key in numbers}
        | {key: words[by_name[key]] for key in ("feasibility_level", "relevance_level")}
        | {f"{panel}_side": sides[f"lead + {panel}"] for panel in ("working_group", "core_group")}
        | {"thirds": sum(bool(row["third"]) for row in pairs), "pairs": len(pairs)}
        | {"cut_medium": medium, "cut_high": high}
        | {"tolerance": float(one_row("parameters", parameter="tolerance")["value"])}
    )


def followed(language: str) -> str:
    """Follow one proposal from its ratings to its place; the words stand in ``followed.csv``."""
    words = {row["key"]: row[language] for row in rows_of(ROOT / "tools" / "followed.csv")}
    rows = [
        (
            *(words[row["indicator"]], words[row["pair"]], f"{row['first']} · {row['second']}"),
            *(row[column] for column in ("difference", "third", "score")),
        )
        for row in baseline_rows("settled")
        if row["proposal"] == FOLLOWED
    ]
    table = markdown_table(words["header"].split("|"), rows)
    values = followed_values(words)
    steps = [f"1. {text.format(**values)}" for key, text in words.items() if key.startswith("step_")]
    return in_language("\n\n".join((table, "\n".join(steps))), language)


def findings(language: str) -> str:
    """List the bottom lines of the baseline, as its notebooks computed them."""
    results = results_of_baseline()
    return "\n".join(f"- {results[name]['bottom_line'][language]}" for name in sorted(results))


def plan_table(language: str) -> str:
    """List every table and figure of the plan: regenerated, in part or lost, and the file that holds it."""
    rows = baseline_rows("plan_inventory")
    files = {path.stem for path in (BASELINE / "tables").glob("*.csv")}
    made = {row["id"]: row["regenerated_as"] for row in rows}
    return markdown_table(
        PLAN_HEADER[language],
        (
            (
                row["id"],
                row["caption"] or "–",
                row["line"],
                STATES[language][row["state"]],
                f"`{made[row['id']]}.csv`"
                if made[row["id"]] in files
                else f"`{made[row['id']]}`"
                if made[row["id"]]
                else "–",
            )
            for row in rows
        ),
    )


def with_results() -> dict[Path, str]:
    """Fill the pages that show what the baseline found, in both languages."""
    parts = {
        ROOT / "README": {"answer": answer},
        DOCS / "methods": {"S06": followed},
        DOCS / "what-it-answers": {"findings": findings},
        DOCS / "plan-numbers": {"plan": plan_table},
    }
    return {
        path: filled(path.read_text(encoding="utf-8"), {name: body(language) for name, body in made.items()})
        for page, made in parts.items()
        for language, path in (("en", page.with_suffix(".md")), ("es", page.with_suffix(".es.md")))
        if path.exists()
    }


def pages_due() -> dict[Path, str]:
    """Give every page that follows from the tree, as it must be."""
    architecture = DOCS / "dev" / "architecture.md"
    page = filled(
        architecture.read_text(encoding="utf-8"), {"levels": level_table(), "modules": module_table()}
    )
    return {DOCS / "data-dictionary.md": data_dictionary(), architecture: page} | with_results()


def main(arguments: list[str]) -> int:
    """Write the pages, or say which are not what the tree says."""
    stale = [
        path
        for path, text in pages_due().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in arguments:
        print(
            "\n".join(f"{path.relative_to(ROOT)} is not what the tree says" for path in stale)
            or "pages: as the tree"
        )
        return int(bool(stale))
    for path in stale:
        path.write_text(pages_due()[path], encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
