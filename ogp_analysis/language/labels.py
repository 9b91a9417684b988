"""How a tidy frame reads: titles, column names, coded values and numbers in the reader's language."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Callable
from functools import cache
from typing import TypeGuard

import pandas as pd

from ogp_analysis.language import formulas, invented, texts
from ogp_analysis.language.percentages import are_shares, percent

MOST_DIGITS = 4
USUAL_DIGITS = 3
# The plan prints percentages with two decimals at most.
FEWER_DIGITS = {"percentage": 2}
# Points of weight, of 100: more digits than one are read as thousands where the decimal sign is a comma.
POINTS_OF_WEIGHT = "points_"
LEAST_POINTS = 0.05
MIXED_FROM = 100
FRACTION = re.compile(r"-?\d+/\d+")
# Panels that are set against each other, by their codes.
PANELS = re.compile(r"[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)+")
# A coded value is looked up under its column first, then under these families of words.
FAMILIES = ("value", "level", "criterion", "indicator", "panel")
LONGEST_CODE = 40
LONGEST_NUMBER = 12
# A key that a reader types into a file is never translated; beside it, the code of a value is kept.
KEY = "parameter"
ITEM = "item"
CODED = ("value", ITEM)
# Ids and free texts: one that happens to be a word of the catalogues, such as the id "laws", stays as it is.
IDS = {"id", "key", "code", "proposal", "evaluator", "commitment", "milestone", "number", "regenerated_as"}
# Where to look a fact up: the names of a file and of its rows, which in other tables are words.
IDS_BY_TABLE = {"answers": ("evidence", "where"), "answers_facts": ("table", "row", "where")}
FREE = {"title", "decision_reason", "confirmation_reason", "decided_by", "institution", "organisation"}
FREE |= {"typed"}
# Holds the codes of indicators, one or several, with spaces between.
OF_INDICATORS = "vetoed"
# What the plan prints is no code either, but its numbers get the decimal sign of the reader.
PRINTED = {"printed", "published", "note_printed", "institution_printed", "reason_printed"}
NUMBERS = re.compile(r"-?\d+(\.\d+)?((; | – )-?\d+(\.\d+)?)*")


def is_truth(value: object) -> bool:
    """Say whether a cell holds a truth value, of Python or of numpy.

    Parameters
    ----------
    value : object
        A cell of any frame.

    Returns
    -------
    bool
        False for the numbers 0 and 1.

    Examples
    --------
    >>> is_truth(pd.Series([True])[0]), is_truth(1)
    (True, False)
    """
    # By name, because numpy's is called bool_ or bool, as the version goes, and is no bool of Python's.
    return type(value).__name__ in ("bool", "bool_")


def is_missing(value: object) -> bool:
    """Say whether a cell is missing: None, NaN, NaT or pandas' NA.

    Parameters
    ----------
    value : object
        A cell of any frame; a list is never missing.

    Returns
    -------
    bool
        False for an empty text.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing(pd.NA), is_missing("")
    (True, True, True, False)
    """
    # isna of a list would give a list.
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def table_title(table: str, language: str) -> str:
    """Give the title of a table; its id in plain words where the catalogues have none.

    Parameters
    ----------
    table : str
        Id of the table, which is its file name too.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        The title, in the reader's language where the catalogues have it.

    Examples
    --------
    >>> table_title("errata", "es"), table_title("my_own_table", "es")
    ('Lo que no cuadra: inconsistencias del propio plan', 'my own table')
    """
    key = f"table.{table}.title"
    return texts.say(key, language) if texts.has(key, language) else plain_words(table)


def table_note(table: str, language: str) -> str:
    """Give the note below a table, empty where it has none.

    Parameters
    ----------
    table : str
        Id of the table.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        One or more sentences, or ``""``.

    Examples
    --------
    >>> table_note("my_own_table", "en")
    ''
    """
    key = f"table.{table}.note"
    return texts.say(key, language) if texts.has(key, language) else ""


def column_label(name: str, language: str) -> str:
    """Name a column in the reader's language; its plain name where the catalogues have none.

    Parameters
    ----------
    name : str
        Column of a frame; ``<criterion>_level``, ``points_<criterion>`` and ``<panel> + <panel>`` are put
        together from their parts.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        What stands in the header.

    Examples
    --------
    >>> column_label("some_new_column", "en")
    'some new column'

    >>> column_label("relevance_level", "es"), column_label("share_6", "en")
    ('nivel de pertinencia', 'share in category 6')

    >>> column_label("lead + counterpart", "es")
    'institución responsable + contraparte'

    >>> column_label("points_relevance", "en")
    'points of weight that move it (of 100 in relevance)'
    """
    for key in (f"column.{name}", f"indicator.{name}", f"criterion.{name}"):
        if texts.has(key, language):
            return texts.say(key, language)
    panels = [f"panel.{part}" for part in name.split(" + ")]
    if all(texts.has(key, language) for key in panels):
        return " + ".join(texts.say(key, language) for key in panels)
    if name.endswith("_level"):
        stem = name.removesuffix("_level")
        known = texts.has(f"criterion.{stem}", language)
        words = texts.say(f"criterion.{stem}", language) if known else column_label(stem, language)
        return texts.say("column.level_of", language, name=words)
    if name.startswith("points_"):
        criterion = name_label("criterion", name.removeprefix("points_"), language)
        return texts.say("column.points_in", language, criterion=criterion)
    numbered = re.fullmatch(r"(share|category)_(\d+)(_error)?", name)
    if numbered:
        key = f"column.any_{numbered[1]}{numbered[3] or ''}"
        return texts.say(key, language, category=numbered[2])
    return plain_words(name)


def plain_words(name: str) -> str:
    """Write an id with spaces.

    Parameters
    ----------
    name : str
        An id such as ``"my_own_table"``.

    Returns
    -------
    str
        The same with a space for each ``_``.

    Examples
    --------
    >>> plain_words("my_own_table")
    'my own table'
    """
    return str(name).replace("_", " ")


# What speaks of a stage before the last one, and of third evaluations.
OF_TWO_STAGES = frozenset({"after_selection", "category_selection", "confirmation_reason"})
OF_THIRDS = frozenset(
    {"third_rate", "third_lower", "third_upper", "third_foreseen"}
    | {"third", "thirds", "third_evaluations", "unresolved", "blind_pairs"}
)
# Shares of weightings, of category 1 over them, and of the smallest change of weights.
OF_WEIGHTINGS = re.compile(
    r"(share_\d+|keeps_weights|keeps_near|expected_category_1|expected_by_rule|expected_decided|expected_with_decisions)"
    r"(_error)?|points_\w+|flips_to|flip_\w+"
)
# Shares of a rank on which the plan alone has a note (line 752).
OF_A_PLAN = frozenset({"top_15", "top_15_error"})
# What the reader of a method does not see, by the variant of the language.
HIDDEN = {texts.ONE_STAGE: OF_TWO_STAGES, texts.JURY: OF_THIRDS, texts.WITHOUT_PLAN: OF_A_PLAN}


def is_hidden(column: str, language: str) -> bool:
    """Say whether a column speaks of what the method of a reader does not have.

    >>> is_hidden("share_1", texts.Language("en", variant=texts.UNWEIGHTED)), is_hidden("share_1", "en")
    (True, False)
    """
    variants = getattr(language, "variant", "").split()
    of_weights = texts.UNWEIGHTED in variants and OF_WEIGHTINGS.fullmatch(column)
    return bool(of_weights) or any(column in HIDDEN.get(variant, ()) for variant in variants)


def localised(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Keep of every pair of columns ``<name>_en``, ``<name>_es`` the reader's one, under ``<name>``.

    A column ``<name>`` beside its pair holds the codes that the pair puts into words, and goes. So do the
    columns of what stood before the last stage of decisions, for the reader of a method that has one stage,
    and those of third evaluations, weightings or a plan, where the method has none.

    Parameters
    ----------
    frame : DataFrame
        Any tidy frame.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    DataFrame
        A new frame; empty cells of the reader's language fall back to the other.

    Examples
    --------
    >>> frame = pd.DataFrame({"id": ["I11"], "finding_en": ["no start"], "finding_es": ["sin inicio"]})
    >>> localised(frame, "es").to_dict("records")
    [{'id': 'I11', 'finding': 'sin inicio'}]
    """
    names = set(frame.columns)
    kept: dict[str, pd.Series] = {}
    for name in [name for name in frame.columns if not is_hidden(str(name), language)]:
        stem, _, ending = str(name).rpartition("_")
        paired = ending in texts.LANGUAGES and all(f"{stem}_{code}" in names for code in texts.LANGUAGES)
        if not paired and not all(f"{name}_{code}" in names for code in texts.LANGUAGES):
            kept[name] = frame[name]
        elif paired and stem not in kept:
            other = next(code for code in texts.LANGUAGES if code != language)
            kept[stem] = frame[f"{stem}_{language}"].fillna(frame[f"{stem}_{other}"])
    return pd.DataFrame(kept, index=frame.index)


def value_label(column: str, value: str, language: str, table: str = "") -> str:
    """Word a coded value such as ``replace`` or ``medium``; any other text stays as it is.

    A text that is only numbers, as parameters are written, gets the decimal sign of the language.

    Parameters
    ----------
    column : str
        Column the value stands in; the same code may have other words in another column.
    value : str
        A code or any text.
    language : str
        ``"en"`` or ``"es"``.
    table : str, optional
        Id of the table, which says what is an id in it and a word in others.

    Returns
    -------
    str
        The words, or the value itself.

    Examples
    --------
    >>> value_label("value", "2.5; 3.5", "es"), value_label("title", "Ley 2.5", "es")
    ('2,5; 3,5', 'Ley 2.5')
    >>> value_label("category", "1", "es")[:12]
    'Categoría 1:'
    >>> value_label("decided_by", "invented panel (synthetic)", "es")
    'panel inventado (sintético)'
    >>> value_label("pair", "head_office-auditors", "en")
    'head office – auditors'
    """
    if column in FREE:
        return invented.worded(value, language)
    if column in formulas.COLUMNS or column == OF_INDICATORS:
        return (_indicators_named if column == OF_INDICATORS else formulas.worded)(value, language)
    # No code is that long; a sentence that happens to be a key of the catalogues must stay as it is.
    if len(value) > LONGEST_CODE or column == KEY or column in IDS or column in IDS_BY_TABLE.get(table, ()):
        return value
    # The number of a category has words too: they come before the decimal sign.
    if NUMBERS.fullmatch(value) and not texts.has(f"{column}.{value}", language):
        return value.replace(".", ",") if language == "es" else value
    if column in PRINTED:
        return value
    # What the method itself names so comes before what the tool means by the same code.
    own = tuple(family for family in FAMILIES if texts.titled(f"{family}.{value}", language))
    for family in (column, *own, *FAMILIES):
        if texts.has(f"{family}.{value}", language):
            return texts.say(f"{family}.{value}", language)
    return _panels_named(value, language) if column == "pair" else value


def _indicators_named(names: str, language: str) -> str:
    return ", ".join(name_label("indicator", name, language) for name in names.split())


def _panels_named(pair: str, language: str) -> str:
    """Name the panels of a pair by their titles; what is no pair of codes stays."""
    if not PANELS.fullmatch(pair):
        return pair
    return " – ".join(name_label("panel", panel, language) for panel in pair.split("-"))


def name_label(family: str, name: str, language: str) -> str:
    """Name a criterion, an indicator or a panel; one of a method of one's own is written with spaces.

    Parameters
    ----------
    family : str
        ``"criterion"``, ``"indicator"`` or ``"panel"``.
    name : str
        Key in the method.
    language : str
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        The words of the catalogues, or the key in plain words.

    Examples
    --------
    >>> name_label("criterion", "relevance", "es"), name_label("criterion", "valor_publico", "es")
    ('pertinencia', 'valor publico')
    """
    key = f"{family}.{name}"
    return texts.say(key, language) if texts.has(key, language) else plain_words(name)


def coded_label(value: str, language: str) -> str:
    """Word a coded value and keep the code, as it is written in a file of parameters.

    >>> coded_label("median", "es"), coded_label("2.5; 3.6666666666666665", "es")
    ('mediana (median)', '2,5; 3,66667')
    >>> coded_label("10/3; 6.5", "es")
    '10/3; 6,5'
    """
    words = "; ".join(value_label("setting", part, language) for part in value.split("; "))
    if all(NUMBERS.fullmatch(part) or FRACTION.fullmatch(part) for part in value.split("; ")):
        return "; ".join(value_label("setting", _shortened(part), language) for part in value.split("; "))
    return value if words == value else f"{words} ({value})"


def _shortened(number: str) -> str:
    """Write a decimal with six digits where a program gives sixteen: 1.6666666666666667 is a third of 5."""
    long = len(number) > LONGEST_NUMBER and "." in number and " " not in number
    return f"{float(number):.6g}" if long else number


def displayed(frame: pd.DataFrame, language: str, table: str = "") -> pd.DataFrame:
    r"""Turn every cell of a frame into the text that a reader sees; shares stand in per cent.

    Parameters
    ----------
    frame : DataFrame
        Tidy frame, already `localised`.
    language : str
        ``"en"`` or ``"es"``: the latter has a decimal comma.
    table : str, optional
        Id of the table, which says what bounds with common names are bounds of.

    Returns
    -------
    DataFrame
        Of strings, same shape; a missing cell is an en dash.

    Examples
    --------
    >>> displayed(pd.DataFrame({"share_1": [0.907, None]}), "es")["share_1"].tolist()
    ['90,7\xa0%', '–']
    >>> displayed(pd.DataFrame({"points_merit": [30.0, 200 / 21, 0.02, None]}), "es")["points_merit"].tolist()
    ['30,0', '9,5', '< 0,1', '–']
    >>> displayed(pd.DataFrame({"x": [0.5, None], "ok": [True, False]}), "es").values.tolist()
    [['0,5', 'sí'], ['–', 'no']]
    >>> displayed(pd.DataFrame({"x": [0.5, float("inf")]}), "es")["x"].tolist()
    ['0,5', '∞']
    >>> fact = pd.DataFrame({"table": ["milestones"], "row": ["received"]})
    >>> [displayed(fact, "es", table).iloc[0].tolist() for table in ("answers_facts", "plan_cells")]
    [['milestones', 'received'], ['hitos', 'Propuestas recibidas']]
    """
    frame = frame.astype(object)  # looked at cell by cell, which takes pandas' own text columns long
    columns = {name: _displayed_column(str(name), frame[name], language, table) for name in frame.columns}
    if KEY in frame:
        columns |= {name: _coded_column(frame[name], language) for name in CODED if name in frame}
        if ITEM in frame:
            pairs = zip(frame[KEY], frame[ITEM], strict=True)
            columns[ITEM] = [_item_label(str(key), item, language) for key, item in pairs]
    return pd.DataFrame(columns, index=frame.index, dtype=object)


def _coded_column(column: pd.Series, language: str) -> list[str]:
    return ["–" if pd.isna(value) else coded_label(str(value), language) for value in column]


def _item_label(key: str, item: object, language: str) -> str:
    """Name what a weight or a cut point belongs to: never a setting that happens to be called so."""
    family = "indicator" if key == "indicator_weights" else "criterion"
    if is_missing(item) or not texts.has(f"{family}.{item}", language):
        return "–" if is_missing(item) else coded_label(str(item), language)
    words = texts.say(f"{family}.{item}", language)
    return words if words == item else f"{words} ({item})"


def _displayed_column(name: str, column: pd.Series, language: str, table: str) -> list[str]:
    numbers_in = [float(value) for value in column if is_number(value) and not is_truth(value)]
    if numbers_in and are_shares(name, numbers_in, table):
        return ["–" if is_missing(value) else percent(float(value), language) for value in column]
    if name.startswith(POINTS_OF_WEIGHT) and len(numbers_in) == column.notna().sum():
        return ["–" if is_missing(value) else _points_of_weight(float(value), language) for value in column]
    most = FEWER_DIGITS.get(name, MOST_DIGITS)
    digits = min(digits_needed(numbers_in), most)
    # Years and counts beside percentages: no common number of decimals reads well.
    mixed = max(map(abs, numbers_in), default=0) >= MIXED_FROM
    words = column_words(name, language, table)
    return [
        _displayed_cell(
            value,
            min(digits_needed([value]), most) if mixed and is_number(value) else digits,
            language,
            words,
        )
        for value in column
    ]


def column_words(column: str, language: str, table: str) -> Callable[[str], str]:
    """Give `value_label` for the texts of one column, which say the same few things again and again.

    Parameters
    ----------
    column, language, table : str
        As for `value_label`.

    Returns
    -------
    callable
        From the text of a cell to its words; each text is looked up once.

    Examples
    --------
    >>> words = column_words("level", "es", "scores")
    >>> words("medium"), words("none of ours")
    ('medio', 'none of ours')
    """
    return cache(lambda value: value_label(column, value, language, table))


def _points_of_weight(value: float, language: str) -> str:
    """Write points of weight with one decimal; few as they may be, they are not shown as none."""
    some = 0 < value < LEAST_POINTS
    return f"< {texts.number(0.1, language, 1)}" if some else texts.number(value, language, 1)


def _displayed_cell(value: object, digits: int, language: str, words: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return words(value)
    # Truth before number: in Python True is a number too.
    if is_missing(value):
        return "–"
    if is_truth(value):
        return texts.say("report.yes" if value else "report.no", language)
    if isinstance(value, numbers.Integral):
        return str(int(value))
    # What has no end is no number of `is_number`, and is shown all the same.
    if isinstance(value, numbers.Real):
        return texts.number(float(value), language, digits)
    return words(str(value))


def is_number(value: object) -> TypeGuard[float]:
    """Say whether a cell holds a finite number; truth values are none.

    Parameters
    ----------
    value : object
        A cell of any frame.

    Returns
    -------
    bool
        False for NaN, infinities, truth values and numbers written as text.

    Examples
    --------
    >>> is_number(2.5), is_number(float("nan")), is_number(True), is_number("2.5")
    (True, False, False, False)
    """
    # Most cells are text, and asking an abstract class costs as much as wording the cell.
    if isinstance(value, str):
        return False
    if type(value) is float:
        return math.isfinite(value)
    return isinstance(value, numbers.Real) and not is_truth(value) and math.isfinite(value)


def digits_needed(values: list[float]) -> int:
    """Count the decimals that write all values exactly, at most four; else three.

    Parameters
    ----------
    values : list of float
        Numbers that stand in one column.

    Returns
    -------
    int
        0 to 4; three where even four do not write them exactly.

    Examples
    --------
    >>> digits_needed([2.5, 3.25]), digits_needed([1 / 3]), digits_needed([4.0])
    (2, 3, 0)
    """
    for digits in range(MOST_DIGITS + 1):
        # A tolerance, because a mean such as 2.3 is no exact binary number.
        if all(math.isclose(value, round(value, digits), abs_tol=1e-9, rel_tol=0) for value in values):
            return digits
    return USUAL_DIGITS
