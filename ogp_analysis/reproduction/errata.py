"""The inconsistencies of the plan: listed by a reader, and found again by code where code can find them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ogp_analysis.plan import Tables
from ogp_analysis.reproduction import errata_dates, errata_numbers, errata_words
from ogp_analysis.reproduction.wording import bilingual

Finder = Callable[[Tables], list[str]]

# I16, I18, I19 and I24 have no finder: they are matters of reading (which zone a city is in, what
# "exclusively" means), not of data.
FINDERS: dict[str, Finder] = {
    "I01": errata_numbers.percentages_without_count,
    "I02": errata_numbers.counts_of_the_wrong_parity,
    "I03": errata_dates.brackets_of_another_year,
    "I04": errata_words.marks_without_text,
    "I05": errata_numbers.phases_without_results,
    "I06": errata_words.leads_without_signatory,
    "I07": errata_dates.acts_of_two_years,
    "I08": errata_words.names_of_the_irm,
    "I09": errata_dates.broken_year_ranges,
    "I10": errata_dates.undated,
    "I11": errata_dates.without_start,
    "I12": errata_dates.printed_twice,
    "I13": errata_dates.commitment_dates_twice,
    "I14": errata_dates.disclosed_before_made,
    "I15": errata_dates.out_of_order,
    "I17": errata_words.names_of_one_base,
    "I20": errata_words.invited_but_not_counted,
    "I21": errata_words.posts_for_persons,
    "I22": errata_numbers.targets_without_baseline,
    "I23": errata_words.titles_that_differ,
    "I25": errata_words.leads_among_others,
    "I26": errata_words.criteria_worded_twice,
    "I27": errata_words.members_without_collaborator,
    "I28": errata_words.figures_without_caption,
    "I29": errata_words.labels_without_pillar,
    "I30": errata_words.biannual_twice,
    "I31": errata_words.titles_in_another_order,
}
CODE, READING, NOT_FOUND = "code", "reading", "not found"


def errata(tables: Tables) -> pd.DataFrame:
    """List the inconsistencies of the plan and find each again in the tables where code can.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the plan.

    Returns
    -------
    DataFrame
        ``id`` (I01 to I31), ``line``, ``lines``, ``finding_en``, ``finding_es``, ``found_by``: code (found
        again just now), reading (only a human can) or not found; ``evidence``: what code found, in the
        plan's words and lines.

    Examples
    --------
    >>> from ogp_analysis import plan
    >>> errata(plan.read_all()).set_index("id").loc["I11", "evidence"]
    'C9 M1 (L1148)'
    """
    listed = tables["errata"]
    evidence = [FINDERS[key](tables) if key in FINDERS else [] for key in listed["id"]]
    frame = listed[["id", "line", "lines"]].assign(
        found_by=[_found_by(key, found) for key, found in zip(listed["id"], evidence, strict=True)],
        evidence=["; ".join(found) for found in evidence],
    )
    frame = pd.concat([frame, bilingual("finding", "plan.errata." + listed["id"])], axis=1)
    return frame[["id", "line", "lines", "finding_en", "finding_es", "found_by", "evidence"]]


def _found_by(key: str, found: list[str]) -> str:
    if key not in FINDERS:
        return READING
    # "Not found" is a warning to us: the plan's tables were changed, or the finder is wrong.
    return CODE if found else NOT_FOUND
