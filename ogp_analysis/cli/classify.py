"""``ogp classify``: read filled sheets of classification, say how far classifiers agree and what is open."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.cli.replacing import check_replaceable
from ogp_analysis.language import texts
from ogp_analysis.language.escaping import as_typed

if TYPE_CHECKING:
    import pandas as pd

    from ogp_analysis.proposals.classification_sheets import Classification

ANSWERS = "answers.csv"

HELP = "read who found which proposals related"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--proposals", type=Path, default=Path("proposals.csv"))
    parser.add_argument("--out", type=Path, default=Path("classified.csv"))


def run(arguments: argparse.Namespace) -> int:
    """Read the answers, write them and what follows, and say how far the classifiers agree."""
    from ogp_analysis.errors import DataError, ParameterError, Problem
    from ogp_analysis.model.records import INDEPENDENT, PROPOSAL, ROLE
    from ogp_analysis.output import canonical
    from ogp_analysis.proposals import classification, classification_sheets, folder

    language = getattr(arguments, "lang", "en")
    answers_file = arguments.out.with_name(ANSWERS)
    if {arguments.out.resolve(), answers_file.resolve()} & {file.resolve() for file in arguments.files}:
        raise ParameterError([Problem("people.same_file", file=str(arguments.out))])
    for file, column in ((arguments.out, b"related"), (answers_file, b"classifier")):
        check_replaceable(file, column)
    received = folder.received(arguments.proposals)
    filled = classification_sheets.read(arguments.files, list(received[PROPOSAL]))
    if len(filled.answers) and not (filled.answers[ROLE] == INDEPENDENT).any():
        raise DataError([Problem("people.only_thirds", file=arguments.files[0].name)])
    decided = classification.classify(filled.answers, decisions=filled.decisions)
    silent = received.loc[~received[PROPOSAL].isin(decided[PROPOSAL]), [PROPOSAL]]
    # Nobody has answered for these: they are as open as the others.
    decided = decided.merge(
        silent.assign(related=classification.UNDECIDED), on=[PROPOSAL, "related"], how="outer"
    )
    decided = decided.sort_values(PROPOSAL, ignore_index=True)
    canonical.write(answers_file, canonical.csv_text(filled.answers))
    canonical.write(arguments.out, canonical.csv_text(decided))
    _tell(arguments, filled, decided, language)
    return 0


def _tell(
    arguments: argparse.Namespace, filled: Classification, decided: pd.DataFrame, language: str
) -> None:
    from ogp_analysis.proposals import classification
    from ogp_analysis.proposals.grouping_agreement import classifier_agreement

    answers, masked = filled.answers, [note.say(language) for note in filled.masked]
    overruled = classification.overruled(answers, decided)
    alone = classification.answered_by_one(answers)
    nobody = classification.related_by_nobody(answers, decided)
    counts = {word: int((decided["related"] == word).sum()) for word in ("yes", "no", "undecided")}
    by = {word: int((decided["settled_by"] == word).sum()) for word in ("third", "decision")}
    independent = answers[answers["role"] == "independent"]
    several = len(set(independent["classifier"])) > 1
    agreement = classifier_agreement(independent) if several else None
    if getattr(arguments, "json", False):
        table = [] if agreement is None else json.loads(agreement.to_json(orient="records"))
        answer = {"ok": True} | counts | {"settled_by": by, "agreement": table, "masked": masked}
        answer |= {"overruled": overruled, "answered_by_one": alone, "passed_over": list(filled.passed_over)}
        answer |= {"related_by_nobody": nobody}
        print(json.dumps(answer, ensure_ascii=False))
        return
    proposals, classifiers = answers["proposal"].nunique(), answers["classifier"].nunique()
    path = arguments.out.with_name(ANSWERS)
    lines = [texts.say("people.answers", language, path=path, classifiers=classifiers, proposals=proposals)]
    lines += [] if agreement is None else _agreement_lines(agreement, language)
    lines += masked
    if filled.passed_over:
        lines.append(texts.say("people.sheets_passed_over", language, sheets=", ".join(filled.passed_over)))
    lines.append(texts.say("people.classified", language, path=arguments.out, **counts, **by))
    if overruled:
        lines.append(_of_codes("people.overruled", overruled, language))
    if alone:
        lines.append(_of_codes("people.answered_by_one", alone, language))
    if nobody:
        lines.append(_of_codes("people.related_by_nobody", nobody, language))
    if counts["undecided"]:
        words = {"count": counts["undecided"], "proposals": as_typed(arguments.proposals)}
        words |= {"path": as_typed(arguments.out)}
        key = "people.write_a_decision" if (answers["role"] == "third").any() else "people.ask_a_third"
        lines.append(texts.say(key, language, **words))
    print("\n".join(lines))


def _of_codes(key: str, codes: list[str], language: str) -> str:
    from ogp_analysis.proposals.codes import first_of

    return texts.say(key, language, count=len(codes), codes=first_of(codes))


def _agreement_lines(agreement: pd.DataFrame, language: str) -> list[str]:
    lines = []
    for criterion, rows in agreement.groupby("criterion", sort=False):
        values = rows.set_index("statistic")["value"]
        words = {
            "criterion": texts.say(f"value.{criterion}", language),
            "percent": texts.number(100 * values["percent_agreement"], language, 1) + " %",
            "alpha": texts.number(values["krippendorff_alpha"], language, 2),
            "ac": texts.number(values["gwet_ac"], language, 2),
        }
        lines.append(texts.say("people.classifier_agreement", language, **words))
    return lines
