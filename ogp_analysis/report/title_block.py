"""What identifies the report: software, data, licence, citation, the plan's reference, who to write to."""

from __future__ import annotations

from ogp_analysis import __version__
from ogp_analysis.language import texts
from ogp_analysis.report.run_files import Pack


def title_block(pack: Pack, language: str) -> list[list[str]]:
    """List what identifies the document: heads and texts."""
    rows = [
        ("version", pack.say("report.block.version_text", language, version=__version__)),
        ("data", pack.say("report.block.data_text", language)),
        ("commit", pack.say("report.block.commit_text", language)),
        ("licence", pack.say("report.block.licence_text", language)),
        ("citation", pack.say("report.block.citation_text", language, version=__version__)),
        ("contact", pack.say("report.block.contact_text", language)),
    ]
    if pack.planned:
        rows.insert(4, ("reference", texts.say("plan.reference", language)))
    return [[texts.say(f"report.block.{name}", language), text] for name, text in rows]
