"""``ogp group``: suggest groups of related proposals, and make the ledger of what a person confirmed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ogp_analysis.cli.jobs import add_workers
from ogp_analysis.language import texts
from ogp_analysis.language.escaping import as_typed

if TYPE_CHECKING:
    import pandas as pd

    from ogp_analysis.errors import Problem
    from ogp_analysis.proposals.similar_texts import Suggestion

MEMBERSHIP, GROUPS = "membership.csv", "groups.csv"

HELP = "suggest groups of proposals to confirm"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("file", type=Path, metavar="proposals.csv")
    parser.add_argument("--classified", type=Path, default=Path("classified.csv"))
    parser.add_argument("--confirmed", type=Path, metavar="groups.xlsx")
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--groups", type=int, default=None, metavar="N")
    parser.add_argument("--size", type=float, default=None, metavar="N")
    parser.add_argument("--threshold", type=float, default=None)
    add_workers(parser)
    parser.add_argument("--force", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Write the workbook of suggestions, or read it back and write the ledger and the groups."""
    from ogp_analysis.errors import DataError
    from ogp_analysis.proposals import classification, folder

    language = getattr(arguments, "lang", "en")
    received = folder.received(arguments.file)
    decided = folder.table(arguments.classified, folder.CLASSIFIED)
    undecided = decided.loc[decided["related"] == classification.UNDECIDED, "proposal"]
    if len(undecided):
        raise DataError([_undecided(list(undecided), arguments.file, arguments.classified)], language)
    if arguments.confirmed is None:
        answer = _suggest(arguments, received, decided, language)
    else:
        answer = _confirm(arguments, received, decided, language)
    print(json.dumps({"ok": True} | answer) if getattr(arguments, "json", False) else answer.pop("words"))
    return 0


def _undecided(codes: list[str], received: Path, classified: Path) -> Problem:
    """Say once how many are open and by which command they are asked for."""
    from ogp_analysis.errors import Problem
    from ogp_analysis.proposals.codes import first_of

    words = {"proposals": as_typed(received), "path": as_typed(classified)}
    detail = {"count": str(len(codes)), "codes": first_of(codes)} | words
    return Problem("people.undecided_left", file=classified.name, detail=tuple(detail.items()))


def _suggest(
    arguments: argparse.Namespace, received: pd.DataFrame, decided: pd.DataFrame, language: str
) -> dict[str, Any]:
    from ogp_analysis.errors import DataError, Problem
    from ogp_analysis.output import canonical
    from ogp_analysis.proposals import grouping_sheets

    out = arguments.out or Path("groups.xlsx")
    if out.exists() and not arguments.force:
        # A workbook of this name is most likely one that somebody has begun to fill.
        raise DataError([Problem("people.groups_exist", file=out.name)], language)
    yes = decided.loc[decided["related"] == "yes", "proposal"]
    if yes.empty:
        raise DataError([Problem("people.none_related", file=arguments.classified.name)], language)
    related = received[received["proposal"].isin(yes)].reset_index(drop=True)
    suggestion = suggested(arguments, related, language)
    canonical.write(out, grouping_sheets.form(suggestion, related, language=language))
    counts = {
        "proposals": len(related),
        "groups": len(suggestion.groups),
        "copies": int((suggestion.members["copy"] != "").sum()),
        "alone": int((suggestion.groups["size"] == 1).sum()),
    }
    words = [texts.say("people.suggested", language, path=out, **counts)]
    words += unmet(arguments, suggestion, language)
    words += [texts.say("people.copies", language, count=counts["copies"])]
    words += curve_lines(suggestion.curve, language)
    curve = suggestion.curve.assign(chosen=suggestion.curve["chosen"] == "yes").to_dict("records")
    return counts | {"curve": curve, "words": "\n".join(words)}


def suggested(arguments: argparse.Namespace, related: pd.DataFrame, language: str) -> Suggestion:
    """Suggest groups of the related proposals; many of them on several processes."""
    from ogp_analysis.proposals import similar_texts
    from ogp_analysis.runs import executors

    target = {"groups": arguments.groups, "size": arguments.size, "threshold": arguments.threshold}
    if len(related) <= similar_texts.WHOLE_UP_TO:
        return similar_texts.suggest(related, **target)
    with executors.executor(arguments.scheduler, jobs=arguments.jobs, language=language) as pool:
        return similar_texts.suggest(related, **target, pool=pool)


def unmet(arguments: argparse.Namespace, suggestion: Suggestion, language: str) -> list[str]:
    """Say when there are other numbers of groups than asked for, and why."""
    groups = len(suggestion.groups)
    if arguments.groups is None or arguments.groups == groups:
        return _hardly_alike(arguments, suggestion, language)
    key = "people.fewer_groups" if groups < arguments.groups else "people.more_groups"
    words = [texts.say(key, language, groups=groups, asked=arguments.groups)]
    return words + _hardly_alike(arguments, suggestion, language)


def _hardly_alike(arguments: argparse.Namespace, suggestion: Suggestion, language: str) -> list[str]:
    """Say where groups hold together by hardly anything, or where that kept their number from falling."""
    from ogp_analysis.proposals.similar_texts import FLOOR, PER_GROUP

    asked = any(value is not None for value in (arguments.groups, arguments.size, arguments.threshold))
    words = {"floor": texts.number(FLOOR, language, 2), "groups": len(suggestion.groups)}
    if suggestion.similarity < FLOOR:
        loose = int((suggestion.groups["similarity"] < FLOOR).sum())
        similarity = texts.number(suggestion.similarity, language, 2)
        return [texts.say("people.hardly_alike", language, **words, similarity=similarity, loose=loose)]
    if not asked and len(suggestion.groups) > max(round(len(suggestion.members) / PER_GROUP), 1):
        return [texts.say("people.stopped_at_floor", language, **words)]
    return []


def curve_lines(curve: pd.DataFrame, language: str) -> list[str]:
    """Lay the curve out as lines of a terminal: what --groups would give."""
    from ogp_analysis.proposals.grouping_sheets import CURVE_COLUMNS, curve_words

    head = [texts.say(f"sheets.column.{name}", language) for name in CURVE_COLUMNS]
    rows = [head, *curve_words(curve, language)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(head))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [texts.say("people.curve", language), *(line.rstrip() for line in lines)]


def _confirm(
    arguments: argparse.Namespace, received: pd.DataFrame, decided: pd.DataFrame, language: str
) -> dict[str, str | int]:
    from ogp_analysis.output import canonical
    from ogp_analysis.proposals import group_ledger, grouping_sheets

    of, titles = grouping_sheets.read(
        arguments.confirmed, received["proposal"], decided.loc[decided["related"] == "yes", "proposal"]
    )
    decisions = decided.assign(group=decided["proposal"].map(of).fillna(""))
    ledger = group_ledger.membership(decisions, received=received["proposal"])
    folder = arguments.out or arguments.file.parent
    canonical.write(folder / MEMBERSHIP, canonical.csv_text(ledger))
    canonical.write(folder / GROUPS, canonical.csv_text(group_ledger.groups(ledger, titles)))
    counts = dict(group_ledger.totals(ledger).itertuples(index=False))
    counts = {name: int(count) for name, count in counts.items()}
    words = [texts.say("people.grouped", language, path=folder / GROUPS, **counts)]
    words += [note.say(language) for note in grouping_sheets.masked(arguments.confirmed)]
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
