"""Tables for papers: LaTeX with booktabs rules, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ogp_analysis.language import labels, texts

SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\textquotedbl{}",
        "\n": " ",
        "\r": " ",
        "\t": " ",
    }
)
MOST_COLUMNS = 9


def escaped(text: str) -> str:
    r"""Write text so that LaTeX prints it and runs none of it.

    >>> print(escaped(r"50 % of \input{x} & y_1"))
    50 \% of \textbackslash{}input\{x\} \& y\_1
    """
    # Character by character: one replacement after another would escape the braces that an earlier one
    # wrote.
    return text.translate(SPECIAL)


def table(
    frame: pd.DataFrame,
    *,
    name: str,
    language: str,
    synthetic: bool = False,
    columns: Sequence[str] = (),
) -> str:
    r"""Write a frame as a LaTeX table that may break over pages.

    Parameters
    ----------
    frame : DataFrame
        Tidy frame.
    name : str
        Id of the table; gives its caption (from the catalogues) and its label ``tab:<id>``.
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool, optional
        The caption says that the numbers rest on synthetic ratings.
    columns : sequence of str, optional
        Those to show, in this order; all by default. What does not fit a page is left to the CSV.

    Returns
    -------
    str
        A ``longtable``; it needs the packages array, booktabs and longtable, and textcomp for quotation
        marks.

    Examples
    --------
    >>> text = table(pd.DataFrame({"category": [1], "n": [10]}), name="category_counts", language="en")
    >>> text.splitlines()[5]
    'category & n \\\\'
    """
    everything = labels.localised(frame, language)
    wanted = [column for column in columns if column in everything] or list(everything.columns)
    plain = everything[wanted[:MOST_COLUMNS]]
    shown = labels.displayed(plain, language, name)
    header = _row([labels.column_label(column, language) for column in plain.columns])
    rows = [_row(row) for row in shown.itertuples(index=False, name=None)]
    caption = escaped(labels.table_title(name, language))
    if synthetic:
        caption = f"{caption}. \\textbf{{{escaped(texts.say('synthetic.mark', language))}}}"
    lines = [
        f"% {texts.say('report.latex_needs', language)}",
        r"\begingroup\footnotesize",
        rf"\begin{{longtable}}{{{_alignment(plain)}}}",
        rf"\caption{{{caption}}}\label{{tab:{name}}}\\",
        r"\toprule",
        header,
        r"\midrule",
        r"\endhead",
        *rows,
        r"\bottomrule",
        r"\end{longtable}",
        r"\endgroup",
    ]
    return "\n".join(lines) + "\n"


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return " & ".join(escaped(cell) for cell in cells) + r" \\"


def _alignment(frame: pd.DataFrame) -> str:
    # All columns wrap, or a long header would push the table over the margin; 12 pt between two of them.
    count = max(len(frame.columns), 1)
    width = f"\\dimexpr {1 / count:.4f}\\linewidth-12pt\\relax"
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns]
    ragged = (r"\raggedleft" if number else r"\raggedright" for number in numeric)
    return "".join(f">{{{side}\\arraybackslash}}p{{{width}}}" for side in ragged)
