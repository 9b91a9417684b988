"""The page of functions: examples run, every function is named, synonyms give the same numbers."""

from __future__ import annotations

import doctest
import re

import numpy as np
import pandas as pd
import pytest
from project_files import text

from ogp_analysis import agreement, assessment, ratings, sensitivity
from ogp_analysis.agreement import synonyms

PAGE = text("docs/api.md")
PYTHON = ("krippendorff", "pingouin", "statsmodels", "scikit-learn")
RATINGS = np.array([[1, 2, 1], [2, 2, 3], [3, 3, 3], [4, 4, 3], [1, 1, 2], [2, 3, 2], [4, 3, 4], [3, 3, 4.0]])
LIKE = {"ICC(A,1)": "ICC(A,1)", "ICC(k)": "ICC(1,k)"}  # ours and pingouin's
WORDS = np.array([["low", "low"], ["medium", "high"], ["high", "high"], ["low", "medium"]])


def block(name):
    """Rows of the tables between the marks of a block: the heading above each, then its cells."""
    body = PAGE.split(f"<!-- begin: {name} -->")[1].split(f"<!-- end: {name} -->")[0]
    rows, heading = [], ""
    for line in body.split("\n"):
        heading = line.removeprefix("### ") if line.startswith("### ") else heading
        if line.startswith("| `"):
            rows.append([heading, *(cell.strip() for cell in line.split("|")[1:-1])])
    return rows


def code(cell):
    return re.match(r"`(.+?)`", cell)[1]


SYNONYMS = block("synonyms")


@pytest.fixture(scope="module")
def names():
    """What the page says of the names in its tables; imported here, since each worker imports this module."""
    import krippendorff
    import pingouin
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats import inter_rater
    from statsmodels.stats.contingency_tables import SquareTable

    frame = pd.DataFrame(RATINGS, columns=["a", "b", "c"]).reset_index(names="item")
    normal = dict.fromkeys(("a", "b"), lambda size, rng: rng.standard_normal(size))
    return {
        "agreement": agreement,
        "sensitivity": sensitivity,
        "krippendorff": krippendorff,
        "pingouin": pingouin,
        "inter_rater": inter_rater,
        "SquareTable": SquareTable,
        "cohen_kappa_score": cohen_kappa_score,
        "ratings": RATINGS,
        "pair": RATINGS[:, :2],
        "gaps": np.where(np.eye(8, 3) > 0, np.nan, RATINGS),
        "words": WORDS,
        "counts": inter_rater.aggregate_raters(RATINGS)[0],
        "square": np.array([[14, 7, 9], [5, 26, 19], [1, 7, 12]]),
        "long": frame.melt("item", var_name="rater"),
        "scores": np.array([[5, 3, 2], [4, 4, 4], [2, 5, 3]]),
        "samplers": normal,
        "model": lambda x: x["a"] + 2 * x["b"],
    }


@pytest.mark.filterwarnings("error")
def test_the_examples_run():
    body = "\n".join(re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    answers = []
    runner.run(doctest.DocTestParser().get_doctest(body, {}, "api.md", "docs/api.md", 0), out=answers.append)
    assert runner.failures == 0, "".join(answers)
    assert runner.tries > 25


@pytest.mark.parametrize(
    "room", [agreement, sensitivity, assessment, ratings], ids=lambda room: room.__name__
)
def test_the_page_names_every_function_of_a_room(room):
    first = PAGE.split("<!-- begin: synonyms -->")[0]
    prefix = "" if room in (agreement, sensitivity) else f"{room.__name__.rpartition('.')[2]}."
    functions = [name for name in room.__all__ if callable(getattr(room, name)) and name.islower()]
    assert [name for name in functions if f"`{prefix}{name}`" not in first] == []


def test_the_page_names_no_function_that_is_not_there():
    tables = [line for line in PAGE.split("## For those who come")[0].split("\n") if line.startswith("| ")]
    named = set(re.findall(r"`([a-z_.]+)`", "\n".join(tables)))
    known = {*agreement.__all__, *sensitivity.__all__}
    known |= {
        f"{room}.{name}"
        for room, of in (("ratings", ratings), ("assessment", assessment))
        for name in of.__all__
    }
    assert named <= known


# pingouin calls pandas in a way that pandas will drop, and runs an ANOVA without replications.
@pytest.mark.filterwarnings("ignore:.*inplace.*", "ignore:divide by zero", "ignore:invalid value")
@pytest.mark.parametrize("row", SYNONYMS, ids=lambda row: f"{row[0]}-{code(row[1])[:40]}")
def test_a_synonym_runs_and_gives_the_number_of_the_other_package(row, names):
    package, theirs, ours, _remark = row
    value = eval(code(ours), dict(names))
    assert value is not None
    if package in PYTHON and code(ours).endswith((".value", ".f_value", ".statistic")):
        assert value == pytest.approx(eval(code(theirs), dict(names)), abs=1e-9)
    if "intraclass_corr" in theirs:
        table = eval(code(theirs), dict(names)).set_index("Type")
        assert [value.value, value.f_value] == pytest.approx(
            table.loc[LIKE[value.method], ["ICC", "F"]].tolist()
        )


def test_enough_synonyms_are_held_to_the_number_of_the_other_package():
    assert {row[0] for row in SYNONYMS} >= {*PYTHON, "irrCAC (R)", "irr", "irrNA", "psych", "SALib", "smaa"}
    assert sum(row[0] in PYTHON for row in SYNONYMS) >= 12


@pytest.mark.parametrize(
    "row",
    [row for row in SYNONYMS if row[0] in ("irrCAC (R)", "irr", "irrNA", "psych", "DescTools")],
    ids=lambda row: code(row[1]),
)
def test_a_name_of_another_package_that_is_typed_here_answers_with_ours(row):
    name = code(row[1]).split("(")[0]
    ours = re.search(r"agreement\.(\w+)", re.sub(r"agreement\.from_\w+", "", code(row[2])))[1]
    assert ours in synonyms.hint(name, agreement.__all__)


def test_the_short_form_is_taken_from_the_long_one():
    short = block("synonyms for README")
    assert len(short) == 6
    assert {(code(one), code(other)) for _, one, other in short} <= {
        (code(row[1]), code(row[2])) for row in SYNONYMS
    }


@pytest.mark.parametrize("page", ["README.md", "README.es.md"])
def test_the_readmes_have_the_short_form(page):
    short = [[*cells] for _, *cells in block("synonyms for README")]
    rows = [line.strip("| ").split(" | ") for line in text(page).splitlines() if line.startswith("| `")]
    assert [row for row in rows if row in short] == short
