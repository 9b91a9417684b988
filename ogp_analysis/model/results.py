"""What a room found for a notebook: its tables, the numbers that texts quote, the bottom line in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# The column of every table of ratings or of results, in what is read and in what is written.
SYNTHETIC, YES, NO = "synthetic", "yes", "no"
# Ids of the tables that say nothing where no weight can vary.
TABLES_OF_WEIGHTINGS = frozenset(
    {"sensitivity_fragile", "sensitivity_central", "sensitivity_stability", "sensitivity_curve"}
)


@dataclass(frozen=True)
class Results:
    """Everything that one room found: what a notebook shows, and what a run saves of it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tidy frames by the id under which they are shown and saved.
    summary : mapping of str to object
        Numbers and words that texts quote, by name.
    bottom_line : mapping of str to str
        The sentence of the bottom line by language (``"en"``, ``"es"``).
    synthetic : bool
        Whether it rests on synthetic ratings.
    further : mapping of str to object
        What figures or cells of a notebook need besides, by name; it is not written.
    unrated : frozenset of str
        Ids of the tables that rest on no rating, such as facts of the plan: neither synthetic nor one's own.

    Examples
    --------
    >>> lines = {"en": "All 43 hold.", "es": "Las 43 se mantienen."}
    >>> results = Results(tables={}, summary={"held": 43}, bottom_line=lines, synthetic=False)
    >>> results.quoted("es")["headline"]
    'Las 43 se mantienen.'
    """

    tables: Mapping[str, pd.DataFrame]
    summary: Mapping[str, Any]
    bottom_line: Mapping[str, str]
    synthetic: bool
    further: Mapping[str, Any] = field(default_factory=dict)
    unrated: frozenset[str] = frozenset()

    def marked_tables(self) -> dict[str, pd.DataFrame]:
        """Give the tables as a file should hold them: whoever opens one alone reads whether it is synthetic.

        Returns
        -------
        dict of str to DataFrame
            The same tables; those that rest on ratings have a last column ``synthetic`` that says "yes" or
            "no" in every row.

        Examples
        --------
        >>> import pandas as pd
        >>> results = Results({"counts": pd.DataFrame({"n": [43]})}, {}, {}, synthetic=True)
        >>> results.marked_tables()["counts"].to_dict("records")
        [{'n': 43, 'synthetic': 'yes'}]
        """
        mark = YES if self.synthetic else NO
        return {
            name: frame if name in self.unrated or SYNTHETIC in frame else frame.assign(**{SYNTHETIC: mark})
            for name, frame in self.tables.items()
        }

    def quoted(self, language: str) -> dict[str, object]:
        """Give what texts quote: the summary, the bottom line and the mark of synthetic ratings.

        Parameters
        ----------
        language : str
            ``"en"`` or ``"es"``: the language of ``headline``.

        Returns
        -------
        dict
            The names of ``summary``, then ``headline`` (one sentence), ``bottom_line`` (by language) and
            ``synthetic``: what ``results/<notebook>.json`` of a run holds.

        Raises
        ------
        LookupError
            There is no bottom line in that language.

        Examples
        --------
        >>> results = Results({}, {"n": 1}, {"en": "One.", "es": "Una."}, synthetic=True)
        >>> list(results.quoted("en")), results.quoted("en")["synthetic"]
        (['n', 'headline', 'bottom_line', 'synthetic'], True)
        """
        return {
            **self.summary,
            "headline": self.bottom_line[language],
            "bottom_line": dict(self.bottom_line),
            "synthetic": self.synthetic,
        }
