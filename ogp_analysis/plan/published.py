"""The published facts of the plan as typed tables, each row with the line of the plan it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from ogp_analysis.errors import PlanError
from ogp_analysis.language import texts
from ogp_analysis.packaged import DATA

FOLDER = DATA / "plan"

# What `read_all` gives, and every function of `ogp_analysis.plan` takes.
Tables = Mapping[str, pd.DataFrame]
STATED, DERIVED, INFERRED = STATUSES = ("stated", "derived", "inferred")
# Years and months stay text (2020-01), so that a missing date is missing and nothing invents a day.
_TYPES = {"integer": "Int64", "number": "float64", "boolean": "boolean"}
_REQUIRED_TYPES = {"Int64": "int64", "boolean": "bool"}


def names() -> tuple[str, ...]:
    """List the tables of the plan, in the order of the data package.

    >>> names()[:3]
    ('statements', 'commitments', 'milestones')
    """
    return tuple(resource["name"] for resource in package()["resources"])


def read(name: str) -> pd.DataFrame:
    """Read one table of the plan.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    pandas.DataFrame
        Whole numbers as ``int64`` (``Int64`` where some are missing), numbers as ``float64``, truths as
        ``bool``, text, dates and months (``2020-01``) as text; what the plan does not print is missing.

    Raises
    ------
    PlanError
        There is no such table.
    PlanError
        The columns or a cell are not what the data package describes.

    Examples
    --------
    >>> read("core_group").loc[0, "institution"]
    'Fundación Ciudadanía y Desarrollo'
    """
    # A copy, because the table is read once a process and callers may change what they are given.
    return _read(name).copy()


def read_all() -> dict[str, pd.DataFrame]:
    """Read every table of the plan, by name.

    Returns
    -------
    dict of str to pandas.DataFrame
        What `ogp_analysis.plan` checks.

    Examples
    --------
    >>> len(read_all()["milestones"])
    59
    """
    return {name: read(name) for name in names()}


def describe(name: str) -> pd.DataFrame:
    """Describe the columns of one table, as the data package does.

    >>> describe("milestones").loc[3, "description"]
    'First month (year-month); empty where not printed'
    """
    return pd.DataFrame(_resource(name)["schema"]["fields"])[["name", "type", "description"]]


def package() -> dict[str, Any]:
    """Read the description of all tables: a Data Package, version 2.

    >>> [resource["path"] for resource in package()["resources"]][:2]
    ['statements.csv', 'commitments.csv']
    """
    return json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))


@cache
def _read(name: str) -> pd.DataFrame:
    resource = _resource(name)
    with (FOLDER / resource["path"]).open(encoding="utf-8", newline="") as file:
        # pandas would else take "NA", "None" or "null" for missing: words that a table of texts may hold.
        table = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""])
    return typed(table, resource)


def typed(table: pd.DataFrame, resource: dict[str, Any]) -> pd.DataFrame:
    """Give the columns of a table the types that its resource describes.

    >>> resource = {"name": "t", "schema": {"fields": [{"name": "n", "type": "integer"}]}}
    >>> typed(pd.DataFrame({"n": ["7", None]}), resource)["n"].dtype
    Int64Dtype()
    >>> typed(pd.DataFrame({"n": ["7", "7.5"]}), resource)
    Traceback (most recent call last):
        ...
    ogp_analysis.errors.PlanError: table 't', column 'n': '7.5' in row 3; allowed is integer
    """
    described = [field["name"] for field in resource["schema"]["fields"]]
    if list(table.columns) != described:
        message = f"table {resource['name']!r} has columns {list(table.columns)}; described are {described}"
        raise PlanError(message, table=resource["name"], columns=list(table.columns))
    columns = {
        field["name"]: _column(table, field, resource["name"]) for field in resource["schema"]["fields"]
    }
    return pd.DataFrame(columns)


def _column(table: pd.DataFrame, field: dict[str, Any], name: str) -> pd.Series:
    cells = table[field["name"]]
    kind = _TYPES.get(field["type"])
    if kind is None:
        return cells.astype("str")
    if kind == "boolean":
        values = cells.map({"true": True, "false": False}).astype("boolean")
    else:
        # First as float, so that 1.5 in a column of whole numbers is found below and not cut to 1.
        values = pd.to_numeric(cells, errors="coerce").astype("float64")
    # A column that is always filled gets a plain type: comparisons then give True or False, never missing.
    required = field.get("constraints", {}).get("required", False)
    broken = values.isna() & (cells.notna() | required)
    if kind == "Int64":
        broken |= (values % 1 > 0).fillna(False)
    if broken.any():
        raise PlanError(_wrong_cells(cells[broken], field, name), table=name, values=list(cells[broken]))
    return values.astype(_REQUIRED_TYPES.get(kind, kind) if required else kind)


def _wrong_cells(cells: pd.Series, field: dict[str, Any], name: str) -> str:
    # The header is line 1 of the file, so the first row is line 2.
    places = ", ".join(f"{value!r} in row {row + 2}" for row, value in cells.items())
    return f"table {name!r}, column {field['name']!r}: {places}; allowed is {field['type']}"


def _resource(name: str) -> dict[str, Any]:
    resource = _resources().get(name)
    if resource is None:
        values = {"table": name, "names": ", ".join(names())}
        raise PlanError(texts.say("plan.no_table", "en", **values), key="plan.no_table", **values)
    return resource


@cache
def _resources() -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in package()["resources"]}
