"""The public page with whatever goes beside it: one file, or for very many proposals an index in pieces."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterator
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from ogp_analysis.language import texts
from ogp_analysis.report import public_page
from ogp_analysis.report.page import asset, script_json
from ogp_analysis.report.search_index import SIGNS, WordIndex, numbers_as_text

# Our choices: most proposals that stand on the page itself (some megabytes), texts of one piece, and pieces
# on one page for readers without a script.
ON_THE_PAGE, EACH, PIECES = 2_000, 100, 5
CHOICES = "choices"


def files(
    listed: pd.DataFrame,
    language: str,
    *,
    name: str,
    on_the_page: int = ON_THE_PAGE,
    ledger: pd.DataFrame | None = None,
    other_page: str,
    report_page: str = "",
    synthetic: bool = False,
    set_aside: int = 0,
) -> Iterator[tuple[str, str]]:
    """Write the page and what it loads, file by file.

    Parameters
    ----------
    listed : pandas.DataFrame
        From `proposals.register.register`.
    language : str
        ``"en"`` or ``"es"``.
    name : str
        File name of the page; what it loads is in a folder of the same name without its ending.
    on_the_page : int
        Most proposals that stand on the page itself.
    ledger, other_page, report_page, synthetic, set_aside
        As for `public_page.render`.

    Yields
    ------
    tuple of (str, str)
        File name, with ``/``, and content. The page comes last: it opens when all that it loads is there.
    """
    context: dict[str, Any] = {
        "other_page": other_page,
        "report_page": report_page,
        "synthetic": synthetic,
        "set_aside": set_aside,
    }
    if len(listed) <= on_the_page:
        yield name, public_page.render(listed, language, ledger=ledger, **context)
        return
    shown, decided = public_page.prepared(listed, ledger)
    folder = PurePosixPath(name).stem
    index, chosen, labels = WordIndex(), _Chosen(), dict[str, int]()
    rows = shown.to_dict("records")
    plain, waiting = _plain_pages(rows, folder), list[dict[str, Any]]()
    for piece, start in enumerate(range(0, len(rows), EACH)):
        entries = []
        for number, row in enumerate(rows[start : start + EACH], start=start):
            entry = public_page.entry(row, decided, language)
            index.add(number, entry["search"], public_page.token(entry["code"]))
            chosen.add(number, entry["choices"])
            entries.append(_compact(entry, labels))
            waiting.append(entry)
        yield f"{folder}/texts-{piece}.js", _script(f"texts-{piece}", entries)
        if len(waiting) == EACH * PIECES or start + EACH >= len(rows):
            number, own = piece // PIECES, {"language": language, "home": name, "synthetic": synthetic}
            yield plain[number]["file"], public_page.filled_plain(waiting, own, plain, number=number)
            waiting = []
    first_words = []
    for piece, (first, words) in enumerate(index.pieces()):
        first_words.append(first)
        yield f"{folder}/words-{piece}.js", _script(f"words-{piece}", words)
    yield f"{folder}/{CHOICES}.js", _script(CHOICES, chosen.as_texts())
    given = _words(language) | {"folder": folder, "count": len(shown), "pieces": first_words}
    given["labels"] = list(labels)
    yield name, _searching_page(shown, decided, context | {"language": language}, words=given, plain=plain)


def _searching_page(
    shown: pd.DataFrame,
    decided: public_page.Decided,
    context: dict[str, Any],
    *,
    words: dict[str, Any],
    plain: list[dict[str, str]],
) -> str:
    """Fill the page that holds no proposal itself and loads what is searched for."""
    script = asset("proposals_search.js")
    return public_page.filled(
        shown, decided, context, script=script, words=words, proposals=[], many=True, plain_pages=plain
    )


def _plain_pages(rows: list[dict[Hashable, Any]], folder: str) -> list[dict[str, str]]:
    """Name the pages that need no script, each with the first and the last code on it."""
    size = EACH * PIECES
    parts = [rows[start : start + size] for start in range(0, len(rows), size)]
    return [
        {
            "name": f"plain-{number}.html",
            "file": f"{folder}/plain-{number}.html",
            "first": part[0]["proposal"],
            "last": part[-1]["proposal"],
        }
        for number, part in enumerate(parts)
    ]


def _compact(entry: dict[str, Any], labels: dict[str, int]) -> list[object]:
    rows = [(labels.setdefault(label, len(labels)), text) for label, text in entry["rows"] if text]
    return [entry["anchor"], entry["code"], entry["title"], rows, entry["url"]]


def _words(language: str) -> dict[str, Any]:
    words = {
        "fit": texts.say("public.fit", language),
        "missing": texts.say("public.missing", language),
        "platform": texts.say("public.platform", language),
        "link": texts.say("public.link", language),
    }
    return words | {"signs": SIGNS, "each": EACH}


def _script(name: str, content: object) -> str:
    return f"ogpPiece({json.dumps(name)},{script_json(content)});\n"


class _Chosen:
    """Which proposals have a value of each choice."""

    def __init__(self) -> None:
        self.numbers: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))

    def add(self, number: int, choices: dict[str, str]) -> None:
        """Add the values of a proposal; a cell may hold several."""
        for name, cell in choices.items():
            for value in dict.fromkeys(cell.split()):
                self.numbers[name][value].append(number)

    def as_texts(self) -> dict[str, dict[str, str]]:
        """Write the numbers of every value as text."""
        return {
            name: {value: numbers_as_text(numbers) for value, numbers in values.items()}
            for name, values in self.numbers.items()
        }
