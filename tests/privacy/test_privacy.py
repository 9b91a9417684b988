"""Pseudonyms that only the key gives back, and tables of persons that cannot be solved."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import unicodedata

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from ogp_analysis.cli import main
from ogp_analysis.errors import DataError, ParameterError, StatisticsError
from ogp_analysis.privacy import pseudonyms, small_cells

KEY = bytes.fromhex("8f3a1c5e7b9d2046f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566aabb")
QUICK = settings(deadline=None, derandomize=True, max_examples=60)


# --- pseudonyms ---


def test_pseudonym_is_truncated_hmac_sha256_of_the_normalised_name():
    """The definition of RFC 2104 written out with SHA-256 alone, block size 64."""
    padded = KEY.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in padded) + "josé pérez".encode()).digest()
    outer = hashlib.sha256(bytes(b ^ 0x5C for b in padded) + inner).digest()
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    number = int.from_bytes(outer[:10], "big")
    expected = "".join(alphabet[(number >> shift) & 31] for shift in range(75, -1, -5))
    assert pseudonyms.pseudonym(" José  PÉREZ", key=KEY) == "p-" + expected


@pytest.mark.parametrize(
    "other", [unicodedata.normalize("NFD", "José Ñáñez"), "JOSÉ ÑÁÑEZ", "  José\u00a0Ñáñez\t", "josé ñáñez"]
)
def test_spellings_of_one_name_share_a_pseudonym(other):
    assert pseudonyms.pseudonym(other, key=KEY) == pseudonyms.pseudonym("José Ñáñez", key=KEY)


@QUICK
@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(name):
    once = pseudonyms.normalise(name)
    assert pseudonyms.normalise(once) == once


def test_different_names_and_different_keys_give_different_pseudonyms():
    other = bytes(reversed(KEY))
    assert pseudonyms.pseudonym("Ana", key=KEY) != pseudonyms.pseudonym("Eva", key=KEY)
    assert pseudonyms.pseudonym("Ana", key=KEY) != pseudonyms.pseudonym("Ana", key=other)
    assert pseudonyms.pseudonym("   ", key=KEY) == ""


def test_unkeyed_hashes_of_the_roster_match_no_pseudonym():
    """Hashing every name of the list, in its usual spellings and with any common hash, must find nobody."""
    roster = ["María López", "José Pérez", "Ana Ruiz", "ana@iaen.edu.ec"]
    frame = pd.DataFrame({"evaluator": roster, "rating": ["1", "2", "3", "4"]})
    published = pseudonyms.pseudonymise(frame, ["evaluator"], key=KEY).to_csv()
    for name, algorithm in itertools.product(roster, ["md5", "sha1", "sha256", "sha512", "blake2b"]):
        for form in {name, name.lower(), name.upper(), unicodedata.normalize("NFD", name)}:
            digest = hashlib.new(algorithm, form.encode()).hexdigest()
            assert digest[:10] not in published
            assert pseudonyms._pseudonym(form, b"") not in published


def test_rows_come_out_in_an_order_that_does_not_depend_on_the_input():
    frame = pd.DataFrame({"evaluator": list("edcba") * 2, "rating": list("1234512345")})
    shuffled = frame.sample(frac=1, random_state=1)
    first = pseudonyms.pseudonymise(frame, ["evaluator"], key=KEY)
    pd.testing.assert_frame_equal(first, pseudonyms.pseudonymise(shuffled, ["evaluator"], key=KEY))
    assert frame["evaluator"].tolist() == list("edcba") * 2


def test_missing_names_stay_missing():
    frame = pd.DataFrame({"evaluator": ["Ana", None, " "], "rating": ["1", "2", "3"]})
    assert sorted(pseudonyms.pseudonymise(frame, ["evaluator"], key=KEY)["evaluator"])[:2] == ["", ""]


def test_names_in_other_columns_are_refused_row_by_row_without_being_repeated():
    frame = pd.DataFrame(
        {
            "evaluator": ["María López", "Ana Ruiz", "Li"],
            "comment": ["fine", "MARIA no; maría  lópez agreed", "Li and life"],
            "date": ["2019-10-01"] * 3,
        }
    )
    with pytest.raises(DataError, match="row 3, column comment: a name from the columns") as caught:
        pseudonyms.pseudonymise(frame, ["evaluator"], key=KEY)
    assert len(caught.value.problems) == 1
    assert "lópez" not in str(caught.value).casefold()


def test_seats_called_as_their_panel_and_numbers_name_nobody():
    frame = pd.DataFrame(
        {
            "evaluator": ["lead", "2019"],
            "panel": ["lead", "lead"],
            "date": ["2019-10-01"] * 2,
            "rating": ["3", "4"],
        }
    )
    assert pseudonyms.still_named(frame, ["evaluator"]) == []


def test_many_names_are_searched_at_once():
    """Ten thousand names in ten thousand comments: one pass over the words, not one per name."""
    names = [f"Persona Número{n}" for n in range(10_000)]
    frame = pd.DataFrame(
        {"evaluator": names, "comment": ["ni una palabra de nadie"] * 9_999 + ["fue PERSONA NÚMERO77."]}
    )
    assert [problem.row for problem in pseudonyms.still_named(frame, ["evaluator"])] == [10_001]


def test_a_pseudonym_is_not_hashed_again():
    frame = pd.DataFrame({"evaluator": [pseudonyms.pseudonym("Ana", key=KEY)]})
    with pytest.raises(DataError, match="this is a pseudonym already"):
        pseudonyms.pseudonymise(frame, ["evaluator"], key=KEY)


def test_a_missing_column_is_refused_with_those_there_are():
    with pytest.raises(DataError, match=r"column rater: .*the columns are: evaluator, rating"):
        pseudonyms.pseudonymise(pd.DataFrame({"evaluator": ["a"], "rating": ["1"]}), ["rater"], key=KEY)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("00" * 8, "the key has 64 bits"),
        ("", "the key has 0 bits"),
        ("ab" * 32, "plainly not random"),
        ("contraseña", "hexadecimal digits only"),
    ],
)
def test_weak_keys_are_refused(text, message):
    with pytest.raises(ParameterError, match=message):
        pseudonyms.parse_key(text)


def test_the_message_about_a_weak_key_does_not_show_it():
    with pytest.raises(ParameterError) as caught:
        pseudonyms.parse_key("deadbeef")
    assert "deadbeef" not in str(caught.value)
    assert "deadbeef" not in str(caught.value.values)


@pytest.mark.parametrize("mark", pseudonyms.PROJECT_MARKS)
def test_a_key_inside_a_project_or_a_run_is_refused(tmp_path, mark):
    (tmp_path / "project" / "deep").mkdir(parents=True)
    (tmp_path / "project" / mark).write_text("")
    with pytest.raises(ParameterError, match="kept apart from the data"):
        pseudonyms.check_key_place(tmp_path / "project" / "deep" / "ogp.key")


@pytest.mark.parametrize("folder", ["outputs", "outputs/deep", "results"])
def test_a_key_in_a_folder_of_runs_is_refused_before_it_is_made(tmp_path, folder, capsys):
    (tmp_path / folder).mkdir(parents=True)
    key = tmp_path / folder / "ogp.key"
    if folder == "results":
        assert main.main(["pseudonymise", "--new-key", str(tmp_path / folder / "other.key")]) == 0
        (tmp_path / folder / "base").mkdir()
        (tmp_path / folder / "base" / "ro-crate-metadata.json").write_text("{}")
    assert main.main(["pseudonymise", "--new-key", str(key), "--lang", "en"]) == 1
    assert f"inside {tmp_path}" in capsys.readouterr().err
    assert not key.exists()


def test_a_key_beside_the_data_or_reached_by_a_link_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "safe").symlink_to(tmp_path / "data", target_is_directory=True)
    with pytest.raises(ParameterError, match="kept apart from the data"):
        pseudonyms.check_key_place(tmp_path / "safe" / "ogp.key", apart_from=[tmp_path / "data"])
    assert pseudonyms.check_key_place(tmp_path / "ogp.key", apart_from=[tmp_path / "data"]) is None


def test_the_name_of_a_key_is_an_hmac_and_not_a_part_of_it():
    assert pseudonyms.key_name(KEY) == hmac.new(KEY, b"ogp-analysis key name", "sha256").hexdigest()[:8]
    assert pseudonyms.key_name(KEY) not in KEY.hex()


# --- small cells ---


def solve_back(published: pd.DataFrame) -> dict[tuple[int, int], tuple[float, float]]:
    """Play the reader with whole numbers: the range of each hidden cell that fits the totals."""
    cells = published.to_numpy(dtype=float, na_value=np.nan)
    rows, columns = cells.shape[0] - 1, cells.shape[1] - 1
    conditions, sums = [], []
    for known, pick in [(cells[:rows, columns], 0), (cells[rows, :columns], 1)]:
        for n, total in enumerate(known):
            if np.isfinite(total):
                conditions.append([float(place[pick] == n) for place in np.ndindex(rows, columns)])
                sums.append(total)
    if np.isfinite(cells[rows, columns]):
        conditions.append([1.0] * (rows * columns))
        sums.append(cells[rows, columns])
    inner = cells[:rows, :columns].ravel()
    limits = Bounds(np.where(np.isfinite(inner), inner, 0), np.where(np.isfinite(inner), inner, 1000))
    rules = [LinearConstraint(np.array(conditions), sums, sums)] if conditions else []

    def extreme(k, sign):
        objective = sign * (np.arange(rows * columns) == k).astype(float)
        return (
            sign * milp(objective, integrality=np.ones(rows * columns), bounds=limits, constraints=rules).fun
        )

    hidden = np.flatnonzero(~np.isfinite(inner))
    return {divmod(int(k), columns): (extreme(k, 1), extreme(k, -1)) for k in hidden}


small_tables = st.lists(st.lists(st.integers(0, 14), min_size=3, max_size=3), min_size=2, max_size=2)


@QUICK
@given(small_tables)
@pytest.mark.deep
def test_no_reader_can_solve_a_published_table_back(counts):
    """Whatever fits the totals, a hidden cell has several values, a small one up to the threshold."""
    threshold = 5
    frame = pd.DataFrame(counts, index=["a", "b"], columns=["x", "y", "z"])
    published = small_cells.protect(frame, threshold=threshold)
    for (i, j), (least, most) in solve_back(published).items():
        assert least <= counts[i][j] <= most
        assert most - least >= 1
        if counts[i][j] < threshold:
            assert most >= threshold


def test_the_reader_of_these_tests_can_solve_an_unprotected_table():
    """Without this the test above could not fail: one hidden cell in a line is given back by the total."""
    table = small_cells.with_totals(np.array([[3, 40, 50], [30, 20, 60]]))
    naive = pd.DataFrame(table).astype("Int64").mask(table < 10)
    assert solve_back(naive) == {(0, 0): (3.0, 3.0)}


tables = st.integers(2, 5).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 60), min_size=columns, max_size=columns), min_size=2, max_size=6
    )
)


@QUICK
@given(tables, st.sampled_from([5, 10]))
def test_published_tables_keep_the_rule(counts, threshold):
    """No published count under the threshold, two hidden in a line that hides any, what is shown is true."""
    frame = pd.DataFrame(counts)
    published = small_cells.protect(frame, threshold=threshold)
    truth = small_cells.with_totals(frame.to_numpy())
    shown = published.notna().to_numpy()
    assert (truth[shown] >= threshold).all()
    assert (published.to_numpy(dtype=float, na_value=-1)[shown] == truth[shown]).all()
    for line in [*~shown, *(~shown).T]:
        assert line.sum() != 1


@QUICK
@given(tables)
@example([[0, 10, 12], [0, 20, 9]])  # a total is hidden too, with one cell of its line
@pytest.mark.deep
def test_linear_programme_bounds_leave_room_around_the_truth(counts):
    cells = small_cells.with_totals(np.array(counts))
    hidden = small_cells.hide(cells, threshold=10)
    low, high = small_cells.bounds(np.where(hidden, -1, cells))
    # Whole numbers from a floating-point solver: its tolerance is 1e-7.
    assert (low <= cells + 1e-6).all()
    assert (high >= cells - 1e-6).all()
    assert (high - low)[hidden].min(initial=np.inf) > 0.5


def test_hiding_only_the_small_cells_would_be_solved_back():
    """The audit itself must see an unprotected table: one hidden cell in a row is the total less the rest."""
    cells = small_cells.with_totals(np.array([[3, 40, 50], [30, 20, 60]]))
    low, high = small_cells.bounds(np.where(cells < 10, -1, cells))
    assert low[0, 0] == pytest.approx(3, abs=1e-6)
    assert high[0, 0] == pytest.approx(3, abs=1e-6)


def test_the_square_that_fools_a_count_of_two_per_line_is_hidden_further():
    """Two hidden in each line and still too sure: the totals of four small cells add up to too little."""
    cells = small_cells.with_totals(np.array([[1, 2, 40], [3, 2, 50], [60, 70, 80]]))
    naive = cells < 10
    _low, high = small_cells.bounds(np.where(naive, -1, cells))
    assert high[0, 0] < 10
    hidden = small_cells.hide(cells, threshold=10)
    assert hidden.sum() > naive.sum()
    assert small_cells.bounds(np.where(hidden, -1, cells))[1][0, 0] >= 10 - 1e-6


def test_one_column_hides_two_and_their_sum_reaches_the_threshold():
    persons = pd.Series([118, 60, 21, 4, 2, 3], index=list("abcdef"))
    published = small_cells.protect(persons, threshold=10)
    column = published.iloc[:, 0]
    assert column.isna().tolist() == [False, False, True, True, True, True, False]
    assert column["total"] == 208


def test_one_column_with_nothing_small_is_published_whole():
    published = small_cells.protect(pd.Series([223, 196], index=["men", "women"]))
    assert published.iloc[:, 0].tolist() == [223, 196, 419]


def test_a_table_of_too_few_persons_is_hidden_whole():
    assert small_cells.protect(pd.Series([2, 3, 1])).isna().all(axis=None)
    assert small_cells.protect(pd.DataFrame([[1, 0], [2, 1]])).isna().all(axis=None)


def test_zero_is_hidden_too():
    assert small_cells.protect(pd.Series([50, 40, 0])).iloc[:, 0].isna().sum() == 2


@pytest.mark.parametrize("counts", [[1.5, 20], [-1, 20], [np.nan, 20], []])
def test_counts_that_are_no_counts_are_refused(counts):
    with pytest.raises(StatisticsError, match="whole numbers from 0"):
        small_cells.protect(pd.Series(counts, dtype=float))


def test_a_threshold_that_protects_nobody_is_refused():
    with pytest.raises(StatisticsError, match="threshold 2 protects nobody"):
        small_cells.protect(pd.Series([20, 30]), threshold=2)


# --- ogp pseudonymise ---


def call(*words: object) -> int:
    return main.main(["pseudonymise", *map(str, words), "--lang", "en"])


@pytest.fixture
def places(tmp_path):
    for name in ("secret", "data"):
        (tmp_path / name).mkdir()
    source = tmp_path / "data" / "raw.csv"
    source.write_bytes("evaluator;proposal;rating\nMaría López;S02;4\nJosé Pérez;S01;3\n".encode("cp1252"))
    return tmp_path / "secret" / "ogp.key", source, tmp_path / "data" / "clean.csv"


def test_the_command_makes_a_key_and_replaces_the_names(places, capsys):
    key, source, target = places
    assert call("--new-key", key) == 0
    assert key.stat().st_mode & 0o077 == 0
    assert call(source, target, "--key-file", key) == 0
    table = pd.read_csv(target, dtype=str)
    assert table["evaluator"].str.fullmatch(pseudonyms.PSEUDONYM.pattern).all()
    assert sorted(table["rating"]) == ["3", "4"]
    printed = capsys.readouterr().out
    assert key.read_text().strip() not in printed
    assert "read as cp1252" in printed
    assert "names in evaluator replaced with key" in printed
    first = target.read_bytes()
    assert call(source, target, "--key-file", key) == 0
    assert target.read_bytes() == first


def test_a_key_is_never_overwritten(places, capsys):
    key = places[0]
    assert call("--new-key", key) == 0
    before = key.read_bytes()
    assert call("--new-key", key) == 1
    assert "never overwritten" in capsys.readouterr().err
    assert key.read_bytes() == before


def test_a_key_beside_the_output_writes_nothing(places, capsys):
    _, source, target = places
    beside = target.parent / "ogp.key"
    beside.write_text(KEY.hex())
    assert call(source, target, "--key-file", beside) == 1
    assert "kept apart from the data" in capsys.readouterr().err
    assert not target.exists()


def test_a_key_that_others_can_read_is_said(places, capsys):
    key, source, target = places
    key.write_text(KEY.hex())
    key.chmod(0o644)
    assert call(source, target, "--key-file", key) == 0
    assert "Anyone on this computer can read the key file" in capsys.readouterr().out


def test_a_missing_key_and_a_missing_argument_are_told(places, capsys):
    key, source, target = places
    assert call(source, target, "--key-file", key) == 1
    assert "cannot be read (No such file or directory)" in capsys.readouterr().err
    assert call(source, target) == 2
    assert "Usage: ogp pseudonymise" in capsys.readouterr().err


PERSONS = "proposal,panel,Ana Pérez,Luis Cedeño,indicator\nP1,lead,3,4,time\n"


@pytest.mark.parametrize(
    ("content", "key", "more", "kinds"),
    [
        (None, b"caf\xc3\xa9", [], ["people.key_not_hex"]),
        (None, b"\xff\xfe0\x000\x00", [], ["people.key_not_hex"]),
        (None, b"\x00" * 64, [], ["people.key_not_hex"]),
        (None, None, ["--method", "none.yaml"], ["yaml.no_file"]),
        ("evaluator,rating\nAna Pérez,3,4,5\n", None, [], ["tabular.long_row"]),
        ("evaluator,rating,rating\nAna Pérez,3,4\n", None, [], ["tabular.duplicate_header"]),
        (PERSONS, None, [], ["ratings.personal_headers"]),
    ],
)
def test_what_cannot_be_pseudonymised_is_told_by_its_key_and_names_nobody(
    places, capsys, content, key, more, kinds
):
    file, source, target = places
    file.write_bytes(key or KEY.hex().encode())
    if content:
        source.write_text(content, encoding="utf-8")
    assert call(source, target, "--key-file", file, "--json", *more) == 1
    printed = capsys.readouterr().out
    assert [problem["kind"] for problem in json.loads(printed)["problems"]] == kinds
    assert "Pérez" not in printed
    assert not target.exists()


def test_a_workbook_with_one_sheet_per_evaluator_becomes_one_table(places, capsys):
    key, _, target = places
    key.write_text(KEY.hex())
    book = openpyxl.Workbook()
    book.active.title = "Instrucciones"
    book.active.append(["Cómo llenar"])
    for name in ("María López", "José Pérez"):
        sheet = book.create_sheet(name)
        sheet.append(["propuesta", "panel", "tiempo", "complejidad"])
        sheet.append(["S01", "lead", 3, 4])
    source = target.parent / "libro.xlsx"
    book.save(source)
    assert call(source, target, "--key-file", key) == 0
    table = pd.read_csv(target, dtype=str)
    assert set(table["evaluator"]) == {
        pseudonyms.pseudonym(n, key=KEY) for n in ("María López", "José Pérez")
    }
    printed = capsys.readouterr().out
    assert "sheets put into one table: 2, left out: 1" in printed
    assert "López" not in printed


def test_invented_ratings_stay_marked_and_comment_lines_are_not_copied(places):
    key, source, target = places
    key.write_text(KEY.hex())
    source.write_text("# SYNTHETIC, made by Ana Ruiz\nevaluator,rating\nAna Ruiz,4\n", encoding="utf-8")
    assert call(source, target, "--key-file", key) == 0
    assert pd.read_csv(target)["synthetic"].tolist() == ["yes"]
    assert "Ruiz" not in target.read_text(encoding="utf-8")


def test_the_file_with_the_names_is_never_overwritten(places, capsys):
    key, source, _ = places
    key.write_text(KEY.hex())
    before = source.read_bytes()
    assert call(source, source, "--key-file", key) == 1
    assert "would replace the file it is made from" in capsys.readouterr().err
    assert source.read_bytes() == before


def test_a_workbook_without_ratings_asks_for_a_sheet(places, capsys):
    key, _, target = places
    key.write_text(KEY.hex())
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.create_sheet("dos").append(["b"])
    source = target.parent / "libro.xlsx"
    book.save(source)
    assert call(source, target, "--key-file", key) == 1
    assert "name one with --sheet" in capsys.readouterr().err


def test_a_comment_that_names_someone_is_replaced_or_dropped(places, capsys):
    key, source, target = places
    key.write_text(KEY.hex())
    source.write_text("evaluator,comment\nAna Ruiz,as ana ruiz said\n", encoding="utf-8")
    assert call(source, target, "--key-file", key) == 0
    table = pd.read_csv(target, dtype=str)
    assert table["comment"].tolist() == [f"as {table['evaluator'][0]} said"]
    assert call(source, target, "--key-file", key, "--drop", "comment") == 0
    assert "ruiz" not in target.read_text(encoding="utf-8").casefold()
    assert "Columns dropped: comment" in capsys.readouterr().out


def test_a_name_of_one_word_in_a_comment_is_refused_until_dropped(places, capsys):
    key, source, target = places
    key.write_text(KEY.hex())
    source.write_text("evaluator,comment\nRosa,una rosa\n", encoding="utf-8")
    assert call(source, target, "--key-file", key) == 1
    assert not target.exists()
    assert call(source, target, "--key-file", key, "--drop", "comment") == 0
