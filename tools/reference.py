"""Compare our numbers with the examples of other packages, as their manuals, tests and papers print them.

python tools/reference.py            # every example: theirs, ours, agreed or not, why
python tools/reference.py --write    # the page docs/dev/reference.md
python tools/reference.py --check    # 1 where a number or the page is not as expected

The tables are in tests/reference, one folder a package; its README says what each column holds.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import combinations, groupby
from typing import Any

import numpy as np
import pages

from ogp_analysis import agreement, sensitivity
from ogp_analysis.agreement import category_codes, weights
from ogp_analysis.errors import StatisticsError
from ogp_analysis.model.records import Estimate
from ogp_analysis.sensitivity import ranking

FOLDER = pages.ROOT / "tests" / "reference"
PAGE = pages.DOCS / "dev" / "reference.md"
REFUSED = "refused"


@dataclass(frozen=True)
class Number:
    """One number that somebody printed, and the call of ours that must give it."""

    package: str
    example: str
    call: str
    function: str
    options: str
    quantity: str
    theirs: str
    within: str
    source: str
    why: str


@dataclass(frozen=True)
class Compared:
    """A number beside ours; ``ours`` is text where it was refused."""

    number: Number
    ours: Any
    agreed: bool

    @property
    def expected(self) -> bool:
        """Agreed without a reason, or not agreed with one: a reason that is not needed is an error too."""
        return self.agreed == (not self.number.why)


def read(*names: str) -> list[dict[str, str]]:
    """Read one table; none where it does not exist."""
    path = FOLDER.joinpath(*names)
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def packages() -> list[str]:
    """List the folders of packages."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


@cache
def datasets() -> dict[str, dict[str, str]]:
    """Give every data set by its name, with the package whose folder holds it."""
    rows = [{**row, "package": package} for package in packages() for row in read(package, "datasets.csv")]
    return {row["dataset"]: row for row in rows}


@cache
def _rows(package: str) -> dict[str, list[dict[str, str]]]:
    table = read(package, "data.csv")
    return {name: list(rows) for name, rows in groupby(table, key=lambda row: row["dataset"])}


@cache
def data(name: str) -> np.ndarray:
    """Read one data set, every item a row; numbers as floats, text as objects."""
    about = datasets()[name]
    text, width = about["text"] == "1", int(about["columns"])
    table = []
    for row in _rows(about["package"])[name]:
        table += [[_cell(row[f"c{k + 1}"], text=text) for k in range(width)]] * int(row["items"])
    return np.array(table, dtype=object if text else float)


def _cell(cell: str, *, text: bool) -> Any:
    if cell == "":
        return None if text else math.nan
    return cell if text else float(cell)


def numbers(package: str) -> list[Number]:
    """Read the numbers of one package."""
    return [Number(package, **row) for row in read(package, "numbers.csv")]


def parsed(options: str) -> dict[str, Any]:
    """Read options: ``name=value``, separated by semicolons; what JSON reads is no text."""
    found = {}
    for option in filter(None, options.split("; ")):
        name, _, value = option.partition("=")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = {"True": True}.get(value, value)
    return found


def given(example: str, options: dict[str, Any]) -> tuple[Any, ...]:
    """Take the ratings of an example out of its data set or its options; none where it has none."""
    if "counts" in options:
        return (agreement.from_counts(options.pop("counts")),)
    if "table" in options:
        return (agreement.from_table(options.pop("table")),)
    if example not in datasets():
        return ()
    table = data(example)
    table = np.delete(table, options.pop("drop", []), axis=0)
    table = table[:, options.pop("columns", slice(None))]
    if options.pop("pairs", False):
        table = table[~np.isnan(table).any(axis=1)]
    return (table,)


@cache
def result(function: str, example: str, options: str) -> Any:
    """Call ours; quantities of one call share its result."""
    known = parsed(options)
    call = OWN.get(function) or getattr(agreement, function)
    try:
        return call(*given(example, known), **known)
    except StatisticsError:
        return REFUSED


def quantity(found: Any, name: str) -> Any:
    """Take one quantity from a result."""
    if isinstance(found, str | np.ndarray):
        return found
    # Tables divide by n, the infinitesimal jackknife by n - 1.
    by_n = math.sqrt((found.n_items - 1) / found.n_items)
    if name == "table_error":
        return found.standard_error * by_n
    if name in ("table_lower", "table_upper"):
        limit = found.interval[name == "table_upper"]
        return found.value + (limit - found.value) * by_n
    if name == "percent":
        return 100 * found.value
    if name in ("lower", "upper"):
        return found.interval[name == "upper"]
    return getattr(found, name)


def half_a_digit(printed: str) -> float:
    """Half a unit in the last printed digit, with a little room for the printed value's own rounding."""
    exponent = Decimal(printed).as_tuple().exponent
    return 0.5000001 * 10.0 ** int(exponent)


def agrees(ours: Any, theirs: str, within: str) -> bool:
    """Say whether ours rounds to theirs, or lies as near as their source asks for."""
    if isinstance(ours, str) or theirs == REFUSED:
        return bool(ours == theirs)
    printed = [one.strip() for one in theirs.strip("[]").split(",")]
    mine = np.atleast_1d(ours)
    return len(mine) == len(printed) and all(
        abs(value - float(one)) <= (float(within) if within else half_a_digit(one))
        for value, one in zip(mine.tolist(), printed, strict=True)
    )


def compared(package: str) -> Iterator[Compared]:
    """Put ours beside each number of a package."""
    for number in numbers(package):
        ours = quantity(result(number.function, number.example, number.options), number.quantity)
        yield Compared(number, ours, agrees(ours, number.theirs, number.within))


# Calls that are no single function of ours.


def alpha_with_weights(table: np.ndarray, *, weights: str) -> Estimate:
    """Give alpha by the distances 1 - w of a weighting, which is what irrCAC calls alpha with weights."""
    w = _weights(table, weights)
    return agreement.krippendorff_alpha(table, measurement=1 - w)


def _weights(table: np.ndarray, name: str) -> np.ndarray:
    coded = category_codes.code(agreement.as_ratings(table), None)
    return weights.agreement_weights(coded, name)


def mean_of_pairs(table: np.ndarray) -> Estimate:
    """Give the mean of Cohen's kappas of all pairs of raters, each of the items that both rated (Light)."""
    pairs = [table[:, list(pair)] for pair in combinations(range(table.shape[1]), 2)]
    each = [agreement.cohen_kappa(pair[~np.isnan(pair).any(axis=1)]).value for pair in pairs]
    return Estimate(float(np.mean(each)), math.nan, n_items=len(table))


def all_alike(table: np.ndarray, *, tolerance: float = 0) -> Estimate:
    """Give the share of items whose ratings, or the places of whose labels, all lie within the tolerance."""
    codes = np.unique(table, return_inverse=True)[1].reshape(table.shape) if table.dtype == object else table
    near = codes.max(axis=1) - codes.min(axis=1) <= tolerance
    return Estimate(float(near.mean()), math.nan, n_items=len(table))


def category_kappa(table: np.ndarray, *, category: float) -> Estimate:
    """Give Fleiss' kappa of one category against the others."""
    return next(one.kappa for one in agreement.per_category_agreement(table) if one.category == category)


def specific_agreement(table: np.ndarray, *, category: float) -> Estimate:
    """Give the specific agreement of one category."""
    return next(one.specific for one in agreement.per_category_agreement(table) if one.category == category)


def benchmark_cumulative(*, estimate: float, standard_error: float, n_items: int, scale: str) -> np.ndarray:
    """Give the cumulative probabilities of a benchmark, best class first."""
    about = Estimate(estimate, standard_error, n_items=n_items)
    return agreement.benchmark(about, scale=scale)[1]["cumulative"].to_numpy()


def shapley_of_ishigami() -> np.ndarray:
    """Give the Shapley effects of Ishigami's function from the variances that its inputs explain."""
    a, b = 7.0, 0.1
    first, second = (1 + b * np.pi**4 / 5) ** 2 / 2, a**2 / 8
    both = first + b**2 * np.pi**8 * 8 / 225
    return sensitivity.shapley_shares([0, first, second, first + second, 0, both, second, both + second])


def sampled_ishigami(*, groups: Sequence[Sequence[int]], as_shares: bool = False) -> np.ndarray:
    """Estimate the Shapley effects of groups of inputs of Ishigami's function by our own draws."""

    def model(drawn: Mapping[str, np.ndarray]) -> np.ndarray:
        x = {index: drawn[str(g)][:, k] for g, group in enumerate(groups) for k, index in enumerate(group)}
        return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])

    def sampler(d: int) -> sensitivity.shapley.Sampler:
        return lambda size, rng: rng.uniform(-np.pi, np.pi, (size, d))

    samplers = {str(g): sampler(len(group)) for g, group in enumerate(groups)}
    found = sensitivity.shares(model, samplers, draws=40_000, seed=1)
    return found.share[:, 0] * (1 if as_shares else found.variance[0])


def rank_counts_of(scores: np.ndarray, *, alternative: int) -> np.ndarray:
    """Count how often one alternative takes each rank under the recorded weightings."""
    values = data("smaa_weights") / 1000 @ scores.T
    return ranking.rank_counts(*ranking.sorted_places(values))[alternative]


def best_shares(matrix: np.ndarray) -> np.ndarray:
    """Give the exact share of weightings under which each alternative is best, criteria scaled to 0..1."""
    low, high = matrix.min(axis=0), matrix.max(axis=0)
    scaled = (matrix - low) / (high - low)
    ahead = [np.delete(row - scaled, k, axis=0) for k, row in enumerate(scaled)]
    return np.array([sensitivity.joint_probability(rows, 0.0) for rows in ahead])


def wins_in_rankings(*, rankings: Sequence[Sequence[int]]) -> np.ndarray:
    """Give the share of rankings in which one is ahead of another, row by row without the diagonal."""
    ranks = ranking.draw_ranks(-np.array(rankings, dtype=float))
    shares = ranking.win_counts(ranks) / (2 * len(rankings))
    return shares[~np.eye(len(shares), dtype=bool)]


OWN: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        alpha_with_weights,
        mean_of_pairs,
        all_alike,
        category_kappa,
        specific_agreement,
        benchmark_cumulative,
        shapley_of_ishigami,
        sampled_ishigami,
        rank_counts_of,
        best_shares,
        wins_in_rankings,
    )
}


# What is printed, and written to the page.


def shown(value: Any, printed: str) -> str:
    """Write ours with one digit more than theirs has."""
    if isinstance(value, str):
        return value
    one = printed.strip("[]").split(",")[0].strip()
    digits = max(0, -int(Decimal(one).as_tuple().exponent)) + 1 if one != REFUSED else 1
    each = [
        f"{float(x):.{min(digits, 12)}f}" if math.isfinite(x) else "undefined" for x in np.atleast_1d(value)
    ]
    return each[0] if np.ndim(value) == 0 else f"[{', '.join(each)}]"


def lines(outcomes: Iterable[Compared]) -> list[tuple[str, ...]]:
    """Write one line for the quantities of a call that came out alike; recorded runs are counted."""
    kept: dict[tuple[str, ...], list[Compared]] = {}
    for one in outcomes:
        number, recorded = one.number, one.number.within == "1e-9"
        example = "recorded runs" if recorded else number.example
        mine = number.function if recorded else _called(number)
        theirs = f"`{number.call}`" if number.call else "printed"
        word = "agreed" if one.agreed else "not agreed"
        key = (number.package, example, theirs, mine, word, number.why, number.quantity * recorded)
        kept.setdefault(key, []).append(one)
    return [_line(key, together) for key, together in kept.items()]


def _called(number: Number) -> str:
    """Write our call; what it was given as data stands in the example, and of a matrix its name is enough."""
    given_as_data = ("table", "counts", "rankings")
    named = [option.partition("=") for option in filter(None, number.options.split("; "))]
    kept = [(name, value) for name, _, value in named if name not in given_as_data]
    words = ", ".join(f"{name}={'a matrix' if value.startswith('[[') else value}" for name, value in kept)
    return f"{number.function}({words})"


def _line(key: tuple[str, ...], together: Sequence[Compared]) -> tuple[str, ...]:
    package, example, call, mine, word, why, recorded = key
    start = package, example, call, f"`{mine}`"
    if recorded:
        return *start, f"{recorded}, {len(together)} numbers", "", "", word, why
    names = ", ".join(one.number.quantity for one in together)
    theirs = ", ".join(one.number.theirs for one in together)
    ours = ", ".join(shown(one.ours, one.number.theirs) for one in together)
    return *start, names, theirs, ours, word, why


HEADER = ("package", "example", "their call", "our call", "what", "theirs", "ours", "", "why")


def totals(outcomes: Sequence[Compared]) -> str:
    """Count the numbers of each package."""
    rows: list[tuple[Any, ...]] = []
    for package, group in groupby(outcomes, key=lambda one: one.number.package):
        of_package = list(group)
        agreed = sum(one.agreed for one in of_package)
        explained = sum(not one.agreed and bool(one.number.why) for one in of_package)
        rows.append((package, len(of_package), agreed, explained, len(of_package) - agreed - explained))
    rows.append(("together", *(sum(row[k] for row in rows) for k in range(1, 5))))
    return pages.markdown_table(
        ("package", "numbers", "agreed", "not agreed, explained", "not agreed, unexplained"), rows
    )


def reasons() -> str:
    """List why numbers differ, and where that can be read."""
    return "\n".join(f"- **{row['why']}**: {row['text']}. *{row['source']}*" for row in read("reasons.csv"))


def addresses() -> str:
    """List where every number was read."""
    rows = [
        (package, row["version"], row["address"])
        for package in packages()
        for row in read(package, "sources.csv")
    ]
    return pages.markdown_table(("package", "version", "address"), rows)


def unread() -> str:
    """List what was not read, or read and not compared."""
    rows = [(row["package"], row["what"], row["why"]) for row in read("not_read.csv")]
    return pages.markdown_table(("package", "what", "why"), rows)


def blocks(outcomes: Sequence[Compared]) -> dict[str, str]:
    """Give the parts of the page."""
    return {
        "totals": totals(outcomes),
        "reasons": reasons(),
        "examples": pages.markdown_table(HEADER, lines(outcomes)),
        "addresses": addresses(),
        "not read": unread(),
    }


def page(outcomes: Sequence[Compared]) -> str:
    """Give the page as it must be."""
    return pages.filled(PAGE.read_text(encoding="utf-8"), blocks(outcomes))


def report(outcomes: Sequence[Compared]) -> str:
    """Write everything for a terminal."""
    texts = {row["why"]: row["text"] for row in read("reasons.csv")}
    rows = [(*line[:-1], texts.get(line[-1], line[-1])) for line in lines(outcomes)]
    return "\n\n".join((pages.markdown_table(HEADER, rows), totals(outcomes)))


def main(arguments: list[str]) -> int:
    """Print the table, write the page or check both."""
    outcomes = [one for package in packages() for one in compared(package)]
    wrong = [one for one in outcomes if not one.expected]
    for one in wrong:
        print(f"not as expected: {one.number}: ours {one.ours}", file=sys.stderr)
    if "--write" in arguments:
        PAGE.write_text(page(outcomes), encoding="utf-8", newline="\n")
    elif "--check" in arguments:
        stale = page(outcomes) != PAGE.read_text(encoding="utf-8")
        print("docs/dev/reference.md is not what the tables say" if stale else "reference: as the tables")
        return int(stale or bool(wrong))
    else:
        print(report(outcomes))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
