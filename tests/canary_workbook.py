"""A usable workbook with an invented name in every place of it that can hold one."""

from __future__ import annotations

from pathlib import Path

import canary
import openpyxl
import pandas as pd
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

ZORAIDA, WELLINGTON = canary.NAMES[:2]
TITLE, REASON = canary.PUBLISHED
PROPERTIES = ("creator", "lastModifiedBy", "title", "subject", "description", "keywords", "category")


def write(path: Path, frames: dict[str, pd.DataFrame]) -> Path:
    """Write the tables of the example with names in headers, cells, notes, sheets and properties."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, frame in spoiled(frames).items():
        sheet = book.create_sheet(name)
        # Lines above the header, as people write them.
        sheet.append([f"# {WELLINGTON}"])
        sheet.append([f"Evaluación de {ZORAIDA}"])
        sheet.append(list(frame.columns))
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None):
            sheet.append(row)
        sheet["A1"].comment = Comment(f"escribió {ZORAIDA}", WELLINGTON)
        sheet.oddHeader.center.text = ZORAIDA
    for number, name in enumerate((ZORAIDA, WELLINGTON[:31])):
        notes = book.create_sheet(name)
        notes.append([f"apuntes de {ZORAIDA}", WELLINGTON])
        notes.append([canary.NAMES[2], number])
        notes.sheet_state = ("hidden", "veryHidden")[number]
    for name in PROPERTIES:
        setattr(book.properties, name, ZORAIDA)
    book.custom_doc_props.append(StringProperty(name=ZORAIDA, value=WELLINGTON))
    book.defined_names["Zoraida_Quishpe_Canariño"] = DefinedName(
        "Zoraida_Quishpe_Canariño", attr_text="ratings!$A$1"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def spoiled(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Put names into columns that a run does not read, and into organisations, titles and reasons."""
    more = {f"nota {ZORAIDA}": WELLINGTON, "comment": f"dijo {WELLINGTON}", "email": canary.NAMES[2]}
    made = {name: frame.assign(**more, nombre=ZORAIDA) for name, frame in frames.items()}
    # A header that is read, with a name beside the word that it is read by.
    made["ratings"] = made["ratings"].rename(columns={"panel": f"Panel (según {ZORAIDA})"})
    organisations = list(made["evaluators"]["organisation"])
    made["evaluators"]["organisation"] = [f"Fundación {ZORAIDA}", *organisations[1:]]
    made["proposals"]["title"] = f"Ley que propuso {TITLE}"
    made["decisions"]["reason"] = f"lo pidió {REASON}"
    return made
