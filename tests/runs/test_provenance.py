"""The record of a run: valid, private, and broken by any byte that changes."""

from __future__ import annotations

import getpass
import importlib.resources
import io
import json
import shutil
import socket
from pathlib import Path

import pytest
from tiny_notebooks import bytes_of, ogp_here, write_notebook, write_params

from ogp_analysis.cli import main
from ogp_analysis.errors import RunError
from ogp_analysis.runs import provenance, run, verify

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


@pytest.fixture(scope="module")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    write_notebook(folder / "notebooks", "01_tiny", "2 + 2")
    run.run_scenarios(
        [write_params(folder / "params", tolerance=1.5)],
        run.Places(folder / "notebooks", folder / "outputs"),
    )
    return folder / "outputs" / "base"


@pytest.fixture
def copy(good_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(good_run, tmp_path / "base"))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that answers the validator's one request, for the JSON-LD context, without a network."""
    requests_cache = pytest.importorskip("requests_cache")
    adapters = pytest.importorskip("requests.adapters")
    from urllib3.response import HTTPResponse

    body = (importlib.resources.files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()

    class Shelf(adapters.BaseAdapter):
        def send(self, request, **_):
            kind = {"Content-Type": "application/ld+json"}
            answer = HTTPResponse(body=io.BytesIO(body), status=200, headers=kind, preload_content=False)
            return adapters.HTTPAdapter().build_response(request, answer)

        def close(self) -> None:
            pass

    path = tmp_path_factory.mktemp("cache") / "context"
    with requests_cache.CachedSession(str(path), expire_after=-1, backend="sqlite") as session:
        session.mount("https://w3id.org/", Shelf())
        for headers in ({"Accept": "application/ld+json, application/json, */*;q=0.1"}, {}):
            session.get(CONTEXT, headers=headers)
    return path


def issues(folder: Path, cache: Path) -> list[str]:
    """Validate a crate with roc-validator at the recommended level, offline."""
    services = pytest.importorskip("rocrate_validator.services")
    from rocrate_validator.models import Severity, ValidationSettings

    settings = ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="process-run-crate-0.5",
        requirement_severity=Severity.RECOMMENDED,
        offline=True,
        cache_path=str(cache),
    )
    return [str(issue.message) for issue in services.validate(settings).get_issues()]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.deep
def test_the_record_passes_every_required_and_recommended_check(copy: Path, cache: Path) -> None:
    assert issues(copy, cache) == []
    text = (copy / "ro-crate-metadata.json").read_text(encoding="utf-8")
    broken = text.replace('"instrument"', '"instruments"')
    (copy / "ro-crate-metadata.json").write_text(broken, encoding="utf-8")
    assert issues(copy, cache), "the validator notices a record without its instrument"


def test_a_whole_run_has_no_finding_and_derives_again(good_run: Path) -> None:
    assert provenance.check(good_run) == []
    assert verify.derive_again(good_run, jobs=1) == []


def test_the_record_says_what_the_run_was_made_from(good_run: Path) -> None:
    entities = provenance.read(good_run)
    assert provenance.parameters(entities)["tolerance"] == 1.5
    assert entities["#parameter/seed"]["value"] == "20191001"
    contents = provenance.contents(entities)
    assert {"code", "parameters", "notebook 01_tiny.ipynb", "library numpy", "library python"} <= set(
        contents
    )
    made = {entity["@id"] for entity in entities["#run"]["result"]}
    assert made == set(bytes_of(good_run)) - {"ro-crate-metadata.json", "inputs/params.yaml"}


def test_one_changed_byte_anywhere_is_named(copy: Path) -> None:
    for name in bytes_of(copy):
        path = copy / name
        content = path.read_bytes()
        path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        try:
            named = [finding.file for finding in provenance.check(copy)]
        except RunError as error:
            named = ["ro-crate-metadata.json"] if "cannot be read" in str(error) else []
        assert named == [name]
        path.write_bytes(content)
    assert provenance.check(copy) == []


def test_white_space_in_the_record_is_a_change(copy: Path) -> None:
    path = copy / "ro-crate-metadata.json"
    path.write_text(path.read_text(encoding="utf-8").replace(": ", ":  ", 1), encoding="utf-8")
    assert [finding.rule for finding in provenance.check(copy)] == ["run.record"]


def test_a_recomputed_hash_in_the_record_is_a_change(copy: Path) -> None:
    table = copy / "tables" / "01_tiny.csv"
    old = provenance.hashes(copy)["tables/01_tiny.csv"][1]
    table.write_text("tolerance,share\n9,9\n", encoding="utf-8")
    record = copy / "ro-crate-metadata.json"
    new = provenance.hashes(copy)["tables/01_tiny.csv"][1]
    record.write_text(record.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    # The size that the record has of the table tells of it too.
    files = [finding.file for finding in provenance.check(copy)]
    assert files == ["ro-crate-metadata.json", "tables/01_tiny.csv"]


def test_a_lost_and_an_added_file_are_named(copy: Path) -> None:
    (copy / "results.json").unlink()
    (copy / "tables" / "more.csv").write_text("a\n", encoding="utf-8")
    found = {(finding.file, finding.rule) for finding in provenance.check(copy)}
    assert found == {("results.json", "run.lost"), ("tables/more.csv", "run.added")}


def test_verify_derives_again_what_has_its_bytes(
    good_run: Path, copy: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main.main(["verify", str(good_run), "--jobs", "1", "--execute", "--lang", "en"]) == 0
    assert "come out the same when derived again" in capsys.readouterr().out
    (copy / "tables" / "01_tiny.csv").write_text("tolerance,share\n9,9\n", encoding="utf-8")
    (copy / "ro-crate-metadata.json").unlink()
    facts = provenance.Facts("base", {}, {}, {"code": "e3b0"}, "2019-12-01T09:00Z", "2019-12-01T09:01Z")
    provenance.write(copy, facts)
    assert main.main(["verify", str(copy), "--jobs", "1", "--execute", "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "1 file comes out differently when derived again" in said
    assert "tables/01_tiny.csv: comes out differently" in said


def test_a_table_that_was_edited_and_recorded_anew_does_not_derive(copy: Path) -> None:
    (copy / "tables" / "01_tiny.csv").write_text("tolerance,share\n9,9\n", encoding="utf-8")
    found = [(finding.file, finding.rule) for finding in verify.derive_again(copy, jobs=1)]
    assert found == [("tables/01_tiny.csv", "run.derived_differently")]


def test_the_record_names_no_person_and_no_place(good_run: Path) -> None:
    text = (good_run / "ro-crate-metadata.json").read_text(encoding="utf-8")
    for private in {str(good_run), str(Path.home()), socket.gethostname(), f'"{getpass.getuser()}"'}:
        assert private not in text


def test_a_folder_without_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds no record of a run"):
        provenance.check(tmp_path)
    (tmp_path / "ro-crate-metadata.json").write_text("{]", encoding="utf-8")
    with pytest.raises(RunError, match="cannot be read"):
        provenance.check(tmp_path)
    # A page of the run in place of its folder.
    (tmp_path / "report.html").write_text("", encoding="utf-8")
    with pytest.raises(RunError, match=r"report\.html is a file and not a folder"):
        provenance.check(tmp_path / "report.html")


def test_verify_names_the_file_and_exits_with_one(copy: Path, tmp_path: Path) -> None:
    code, out, _ = ogp_here(tmp_path, "verify", "base", "--hashes-only", "--lang", "en")
    assert (code, "byte for byte" in out) == (0, True)
    (copy / "tables" / "01_tiny.csv").write_bytes(b"tolerance,share\n1,1\n")
    code, out, _ = ogp_here(tmp_path, "verify", "base", "--lang", "es")
    assert code == 1
    assert "tables/01_tiny.csv: no son los bytes que escribió la corrida" in out
    code, out, _ = ogp_here(tmp_path, "verify", "base", "--json")
    assert (code, json.loads(out)["runs"][0]["findings"]) == (
        1,
        [{"file": "tables/01_tiny.csv", "rule": "altered"}],
    )


def test_a_file_of_another_size_than_recorded_is_changed_and_not_read(copy: Path) -> None:
    table = copy / "tables" / "01_tiny.csv"
    with table.open("r+b") as file:
        file.truncate(5 * 2**40)  # sparse: to read it would take hours
    assert [(f.rule, f.file) for f in provenance.check(copy)] == [("run.altered", "tables/01_tiny.csv")]
