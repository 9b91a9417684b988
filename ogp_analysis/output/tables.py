"""A tidy frame as its reader sees it: title, column names, words and numbers in the reader's language."""

from __future__ import annotations

import html
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.language import labels, texts
from ogp_analysis.language.escaping import everywhere


@dataclass(frozen=True)
class Shown:
    """A table ready to be looked at; Jupyter shows its HTML, a terminal its text.

    Parameters
    ----------
    title : str
        Stands above the table.
    mark : str
        Says that the numbers rest on synthetic ratings; empty where they do not.
    cells : DataFrame
        Texts under the headers of the reader's language.

    Examples
    --------
    >>> print(Shown("Counts", "", pd.DataFrame({"n": ["43"]})))
    Counts
     n
    43
    """

    title: str
    mark: str
    cells: pd.DataFrame

    def __repr__(self) -> str:
        head = [self.title, *([self.mark] if self.mark else [])]
        return "\n".join([*head, self.cells.to_string(index=False)])

    def _repr_html_(self) -> str:
        caption = f"<b>{html.escape(self.title)}</b>" + (f"<br>{html.escape(self.mark)}" if self.mark else "")
        # pandas writes a caption through its Styler only, and the Styler's ids are drawn at random.
        table = self.cells.to_html(index=False, border=0, escape=True, justify="left")
        return f"{table.replace('<thead>', f'<caption>{caption}</caption><thead>', 1)}"


def show(
    frame: pd.DataFrame, name: str, *, language: str = "en", synthetic: bool = False, rows: int = 0
) -> Shown:
    """Show a frame under its title, in the reader's language.

    Parameters
    ----------
    frame : DataFrame
        Tidy frame; an index that has a name becomes the first column.
    name : str
        Id of the table; its title and column names come from the catalogues.
    language : str
        ``"en"`` or ``"es"``: the latter has a decimal comma.
    synthetic : bool
        Whether it rests on synthetic ratings; the mark stands under the title.
    rows : int
        Show only the first so many rows; 0 shows all.

    Returns
    -------
    Shown
        A table that Jupyter renders.

    Examples
    --------
    >>> print(show(pd.DataFrame({"score": [2.5]}), "scores_of_a_test"))
    scores of a test
    score
      2.5
    """
    # An index without a name is row numbers, which no reader asked for.
    flat = frame.reset_index() if frame.index.name or frame.index.nlevels > 1 else frame
    flat = labels.localised(flat.head(rows) if rows else flat, language)
    cells = labels.displayed(flat, language, name).map(everywhere)
    cells.columns = [labels.column_label(str(column), language) for column in flat.columns]
    mark = texts.say("synthetic.mark", language) if synthetic else ""
    return Shown(labels.table_title(name, language), mark, cells.reset_index(drop=True))
