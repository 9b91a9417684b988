"""``ogp group``: suggest groups of related proposals, and make the ledger of what a person confirmed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.language import texts

if TYPE_CHECKING:
    import pandas as pd

MEMBERSHIP, GROUPS = "membership.csv", "groups.csv"

HELP = "suggest groups of proposals to confirm"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("file", type=Path, metavar="proposals.csv")
    parser.add_argument("--classified", type=Path, default=Path("classified.csv"))
    parser.add_argument("--confirmed", type=Path, metavar="groups.xlsx")
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--force", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Write the workbook of suggestions, or read it back and write the ledger and the groups."""
    from ogp_analysis.errors import DataError, Problem
    from ogp_analysis.proposals import classification, folder

    language = getattr(arguments, "lang", "en")
    received = folder.received(arguments.file)
    decided = folder.table(arguments.classified, folder.CLASSIFIED)
    undecided = decided.loc[decided["related"] == classification.UNDECIDED, "proposal"]
    if len(undecided):
        raise DataError([Problem("people.undecided_left", value=code) for code in undecided], language)
    if arguments.confirmed is None:
        answer = _suggest(arguments, received, decided, language)
    else:
        answer = _confirm(arguments, received, decided, language)
    print(json.dumps({"ok": True} | answer) if getattr(arguments, "json", False) else answer.pop("words"))
    return 0


def _suggest(
    arguments: argparse.Namespace, received: pd.DataFrame, decided: pd.DataFrame, language: str
) -> dict[str, str | int]:
    from ogp_analysis.errors import DataError, Problem
    from ogp_analysis.output import canonical
    from ogp_analysis.proposals import grouping_sheets

    out = arguments.out or Path("groups.xlsx")
    if out.exists() and not arguments.force:
        # A workbook of this name is most likely one that somebody has begun to fill.
        raise DataError([Problem("template.exists", file=out.name)], language)
    suggested, related = suggestions(received, decided, arguments.threshold)
    canonical.write(out, grouping_sheets.form(suggested, related, language=language))
    counts = {"proposals": len(suggested), "groups": int(suggested["suggested_group"].nunique())}
    return counts | {"words": texts.say("people.suggested", language, path=out, **counts)}


def suggestions(
    received: pd.DataFrame, decided: pd.DataFrame, threshold: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Suggest groups of the related proposals, with the words that tie each to the nearest."""
    from ogp_analysis.proposals import similar_texts
    from ogp_analysis.proposals.shared_words import tying

    yes = decided.loc[decided["related"] == "yes", "proposal"]
    related = received[received["proposal"].isin(yes)].reset_index(drop=True)
    suggested = similar_texts.suggest(related, threshold=threshold)
    stop_words = frozenset(similar_texts.SPANISH_STOP_WORDS.split())
    words = tying(related, suggested.set_index("proposal")["nearest"], stop_words=stop_words)
    return suggested.assign(words=suggested["proposal"].map(words)), related


def _confirm(
    arguments: argparse.Namespace, received: pd.DataFrame, decided: pd.DataFrame, language: str
) -> dict[str, str | int]:
    from ogp_analysis.output import canonical
    from ogp_analysis.proposals import grouping, grouping_sheets

    of, titles = grouping_sheets.read(arguments.confirmed)
    decisions = decided.assign(group=decided["proposal"].map(of).fillna(""))
    ledger = grouping.membership(decisions, received=received["proposal"])
    folder = arguments.out or arguments.file.parent
    canonical.write(folder / MEMBERSHIP, canonical.csv_text(ledger))
    canonical.write(folder / GROUPS, canonical.csv_text(grouping.groups(ledger, titles)))
    counts = dict(grouping.totals(ledger).itertuples(index=False))
    counts = {name: int(count) for name, count in counts.items()}
    words = [texts.say("people.grouped", language, path=folder / GROUPS, **counts)]
    suggested = grouping_sheets.suggestion(arguments.confirmed)
    words += _agreement(ledger, suggested, language)
    return counts | {"words": "\n".join(words)}


def _agreement(ledger: pd.DataFrame, suggested: pd.Series, language: str) -> list[str]:
    """Say how far what was confirmed is what was suggested."""
    from ogp_analysis.proposals import grouping_agreement

    before = ledger.assign(group=ledger["proposal"].map(suggested).fillna(""))
    before = before[before["group"] != ""]
    if before.empty:
        return []
    rand = float(grouping_agreement.grouping_agreement(before, ledger)["adjusted_rand"])
    count = int((grouping_agreement.moved(before, ledger)["change"] == "moved").sum())
    said_rand = texts.number(rand, language, 2)
    return [texts.say("people.moved_from_suggestion", language, count=count, rand=said_rand)]
