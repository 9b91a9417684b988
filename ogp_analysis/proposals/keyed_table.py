"""A table as typed, and what each of its columns is called without accents, case and punctuation."""

from __future__ import annotations

from dataclasses import dataclass

from ogp_analysis.proposals.platforms import LANGUAGES
from ogp_analysis.tabular import Table


@dataclass(frozen=True)
class Keyed:
    r"""A table and the folded names of its columns.

    Parameters
    ----------
    table : Table
        As typed.
    keys : list of str
        For each column its header without accents, case and punctuation, or the name its layout gives it.

    Examples
    --------
    >>> from ogp_analysis import tabular
    >>> table = tabular.parse("title/en,title/es\nOpen data,Datos abiertos\n".encode(), file="p.csv")[0]
    >>> Keyed(table, [tabular.key_of(name) for name in table.header]).find("title")
    [1, 0]
    """

    table: Table
    keys: list[str]

    def find(self, header: str) -> list[int]:
        """Positions of the columns a header is read from: itself, else its languages, Spanish first."""
        if header in self.keys:
            return [self.keys.index(header)]
        wanted = [f"{header}_{language}" for language in LANGUAGES]
        return [self.keys.index(key) for key in wanted if key in self.keys]
