"""The page without a browser: who may ask, what is refused in words, and what is written and computed."""

from __future__ import annotations

import gc
import html
import io
import json
import re
import shutil
import signal
import socket
import warnings
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import sample_app
import sample_ratings
import yaml
from depth import deep_after
from project_files import ROOT
from tiny_notebooks import write_params

from ogp_analysis import ratings
from ogp_analysis.app import __main__ as app_main
from ogp_analysis.app import (
    beside_jupyter,
    checking,
    controls,
    finished_run,
    forms,
    pages,
    requests,
    runs_of_the_page,
    what_if,
)
from ogp_analysis.app.__main__ import main, parser
from ogp_analysis.app.workspace import Workspace, keep, write_scenario
from ogp_analysis.assessment import whole_assessment
from ogp_analysis.cli.params import key_lines
from ogp_analysis.errors import DataError, ParameterError
from ogp_analysis.language import texts
from ogp_analysis.model import params
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.model.parameter_rules import unused
from ogp_analysis.report.run_files import Pack
from ogp_analysis.runs.recorded_inputs import language_of
from ogp_analysis.sensitivity import study

SHIPPED = sorted((ROOT / "params").glob("*.yaml"))
METHODS = ("ecuador-2019", "fund-with-weights", "jury-of-labels")
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with sample_app.served(tmp_path_factory.mktemp("page")) as page:
        yield page


@pytest.fixture
def work(tmp_path) -> Workspace:
    return Workspace(tmp_path / "work", tmp_path / "notebooks")


def answers_of(values, method) -> dict[str, list[str]]:
    """Give what the form sends when nobody touches it."""
    sent: dict[str, list[str]] = {}
    for field in forms.fields(values, method, "en"):
        if field.ticked is not None:
            sent[field.name] = list(field.ticked)
        else:
            sent |= {control.name: [control.value] for control in field.controls}
    return sent


# Who may ask.


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Cookie": ""}),
        ("GET", {"Cookie": "ogp-{port}=guessed"}),
        ("GET", {"Host": "rebound.example"}),
        ("POST", {"X_Ogp": ""}),
    ],
    ids=["no token", "another token", "another name", "another page"],
)
def test_whoever_lacks_the_token_or_comes_from_elsewhere_gets_nothing(served, method, headers):
    given = {name: value.format(port=served.port) for name, value in headers.items()}
    code, sent, body = served.ask(method, "/run?name=x", **given)
    assert code == 403
    assert texts.say("app.no_token", "en") in body.decode()
    assert "Set-Cookie" not in sent


def test_the_token_is_changed_for_a_cookie_and_leaves_the_address(served):
    code, sent, _ = served.ask("GET", f"/?token={served.settings.token}&language=es", Cookie="")
    assert (code, sent["Location"]) == (302, "/?language=es")
    assert "HttpOnly" in sent["Set-Cookie"]
    _, sent, body = served.ask("GET", "/?language=es")
    assert '<html lang="es">' in body.decode()
    policy = sent["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    # Nothing from elsewhere, not even by a name.
    assert not re.search(r"(src|href)=\"(https?:)?//", body.decode())


def test_a_page_that_is_opened_to_others_is_asked_by_any_name(served, monkeypatch):
    monkeypatch.setattr(served.settings, "hosts", ())
    assert served.ask("GET", "/", Host=f"ours.example:{served.port}")[0] == 200
    assert served.ask("GET", "/", Host=f"ours.example:{served.port}", Cookie="")[0] == 403


@pytest.mark.parametrize(
    "path", ["/nothing", "/runs/base/results.json", "/runs/base/..%2Fresults.json", "/app.css.map"]
)
def test_what_is_no_page_of_ours_is_not_there(served, path):
    assert served.ask("GET", path)[0] == 404


def test_it_listens_on_this_machine_alone_unless_told_otherwise():
    assert parser("en").parse_args([]).address == "127.0.0.1"


# What is refused, and what a name may do.


@pytest.mark.parametrize(
    "path",
    [
        "/check?data=..%2F..%2Fetc%2Fpasswd&method=ecuador-2019",
        "/check?data=example&method=..%2Fown.yaml",
        "/results?name=..%2F..%2F..",
        "/zip?name=..",
        "/runs/..%2F../report.html",
        "/explore?name=..%2Fbaseline",
        "/run?name=..%2Fbaseline",
        "/form?method=ecuador-2019&start=..%2Fbaseline",
    ],
)
def test_a_name_cannot_lead_out_of_the_folder(served, path):
    (served.workspace.folder.parent / "baseline.yaml").write_text("tolerance: 1", encoding="utf-8")
    code, _, body = served.ask("GET", path)
    assert code in (400, 404)
    assert b"root:" not in body


@pytest.mark.parametrize(
    "name", ["../x.csv", "a/b.csv", "a\\b.csv", ".hidden.csv", "x.exe", "x", "\n.csv", ""]
)
def test_a_file_of_another_kind_or_name_is_not_kept(work, name):
    with pytest.raises(DataError) as caught:
        keep(work, name, b"")
    assert [(p.rule, p.value) for p in caught.value.problems] == [("app.bad_file", name)]
    assert not work.folder.exists()


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_a_params_file_is_not_taken_for_a_method(work, file):
    with pytest.raises(DataError) as caught:
        keep(work, file.name, file.read_bytes())
    assert [(p.rule, p.value) for p in caught.value.problems] == [("app.params_file", file.name)]
    assert not work.folder.exists()


def test_a_damaged_workbook_is_kept_to_be_named_and_not_said_to_name_people(work):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as letter:
        letter.writestr("word/document.xml", "<letter/>")
    for name, body in (("letter.xlsx", content.getvalue()), ("cut.xlsx", content.getvalue()[:40])):
        assert keep(work, name, body) == ("data", name)
        found = checking.checked(str(work.folder / "data" / name), "ecuador-2019", "en")
        assert len(found.problems) == 1
        assert ("workbook" if name == "cut.xlsx" else "Word") in found.problems.iloc[0]["what_to_do"]
    with zipfile.ZipFile(content, "w") as export:
        export.writestr("proposals.csv", "id;title;author/name")
    with pytest.raises(DataError) as caught:
        keep(work, "export.xlsx", content.getvalue())
    assert caught.value.problems[0].rule == "app.raw_export"


def test_tables_dropped_together_are_not_read_with_those_of_an_earlier_drop(work):
    first, second = ["votes.csv", "decisions.csv"], ["votes.csv", "evaluators.csv"]
    for names, folder in ((first, "votes"), (second, "votes-2"), (first, "votes")):
        group = "votes"
        for place, name in enumerate(names):
            _, group = keep(work, name, b"x", group=group, beside=() if place else names)
        assert group == folder
        assert sorted(path.name for path in (work.folder / "data" / group).iterdir()) == sorted(names)


def test_a_hostile_name_is_shown_as_text(served):
    code, _, body = served.ask("GET", f"/run?name={HOSTILE.replace(' ', '%20')}")
    assert code == 400
    assert HOSTILE not in body.decode()
    assert "&lt;img" in body.decode()


def test_ratings_of_another_method_can_be_drafted_into_one(served):
    """The sheet of a jury under the plan's method: the answer offers a draft, under which it is usable."""
    sheet = b"Proyecto,Juez 1,Juez 2\nA,7,8\nB,5,6.5\nC,9,9\n"
    assert served.ask("POST", "/upload?name=jurado.csv", sheet)[0] == 200
    code, _, body = served.ask("GET", "/check?data=jurado.csv&method=ecuador-2019")
    assert (code, b"/method.yaml?data=jurado.csv" in body) == (200, True)
    code, headers, draft = served.ask("GET", "/method.yaml?data=jurado.csv&method=ecuador-2019")
    assert (code, "jurado.yaml" in headers["Content-Disposition"]) == (200, True)
    assert served.ask("POST", "/upload?name=jurado.yaml", draft)[0] == 200
    _, _, body = served.ask("GET", "/check?data=jurado.csv&method=jurado.yaml")
    assert b'class="good"' in body


# The form.


@pytest.mark.parametrize("name", METHODS)
def test_an_untouched_form_is_the_defaults_of_the_method_to_the_last_digit(work, name):
    method = forms.method_of(work, name, "en")
    values = forms.starting_values(work, name, "", "en")
    sources = forms.Sources(work, "example", name)
    asked = {field.name for field in forms.fields(values, method, "en")}
    # How two that differ are settled is not asked of a jury.
    assert ("third_rule" in asked) == (name != "jury-of-labels")
    read = forms.values_of(answers_of(values, method), sources, "en")
    assert params.from_values(read).as_given == params.from_values(values | sources.keys).as_given
    assert forms.problems_of(read, "mine", work, "en") == {}


def test_a_method_of_ones_own_is_checked_and_saved_before_anything_else_was_written(work):
    shipped = ROOT / "ogp_analysis" / "data" / "methods" / "fund-with-weights.yaml"
    _, name = keep(work, "own.yaml", shipped.read_bytes())
    values = forms.starting_values(work, name, "", "en")
    sources = forms.Sources(work, "example", name)
    read = forms.values_of(answers_of(values, forms.method_of(work, name, "en")), sources, "en")
    assert forms.problems_of(read, "mine", work, "en") == {}
    saved = write_scenario(work, "mine", forms.text_of(read, sources, "en"), replace=False)
    assert params.read(saved).method.name == "fund-with-weights"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_method_without_a_plan_quotes_none_in_form_and_params(work, language):
    name = "fund-with-weights"
    method = forms.method_of(work, name, language)
    values = forms.starting_values(work, name, "", language)
    words = [f"{one.title} {one.origin}" for one in forms.fields(values, method, language)]
    words += [forms.text_of(values, forms.Sources(work, "example", name), language)]
    words += key_lines(method, language)
    for of_the_plan in ("contraparte", "counterpart", "note 20", "nota 20", "lines", "líneas", "plan,"):
        assert of_the_plan not in "\n".join(words)


def test_the_results_of_a_run_are_in_the_words_of_its_method(tmp_path):
    inputs = tmp_path / "run" / "inputs"
    inputs.mkdir(parents=True)
    (inputs / "params.yaml").write_text("method: jury-of-labels\ndata: example\n", encoding="utf-8")
    language = language_of(tmp_path / "run", "es")
    counts = pd.DataFrame({"category": [1], "final": [2]})
    shown = finished_run.Outcome("run", (), (), synthetic=True, counts=counts)
    words = pages.part("results", language, found=shown, files=[], others=[])
    assert '<th scope="col">final</th>' in words
    assert "nadie calificó nada" in words
    assert "tras la fase 5" in pages.part("results", "es", found=shown, files=[], others=[])


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_a_params_file_goes_through_the_form_unchanged(work, file):
    work.params.mkdir(parents=True)
    shutil.copy(file, work.params)
    given = params.read(file)
    values = forms.starting_values(work, "ecuador-2019", file.stem, "en")
    sent = answers_of(values, given.method)
    sources = forms.Sources(work, *forms.scenario_sources(work, file.stem, "en"))
    again = yaml.safe_load(forms.text_of(forms.values_of(sent, sources, "en"), sources, "en"))
    assert params.from_values(again).as_given == given.as_given


def test_the_form_says_what_a_params_file_with_the_same_values_is_refused_for(served, work):
    values = forms.starting_values(work, "ecuador-2019", "", "en")
    sent = answers_of(values, forms.method_of(work, "ecuador-2019", "en"))
    sent |= {"tolerance": ["much"], "confidence_level": ["95"], "weight_belief": ["time at most 7"]}
    sent |= {"cut_points.relevance.0": ["4,5"], "indicator_weights.time": ["1/2"], "n_draws": ["2.5"]}
    body = "&".join(f"{name}={each}" for name, given in sent.items() for each in given)
    body += "&data=example&method=ecuador-2019&name=a%2Fb"
    code, _, answer = served.ask("POST", "/form/check", body)
    assert code == 200
    found = json.loads(answer)["problems"]

    file = write_params(work.params, "same", **forms.read(sent, forms.method_of(work, "ecuador-2019", "en")))
    with pytest.raises(ParameterError) as caught:
        params.read(file)
    refused = {}
    for problem in caught.value.problems:
        refused.setdefault(problem.parameter, []).append(problem.words("en"))
    assert {name: said for name, said in found.items() if name != "name"} == refused
    assert set(refused) == {"tolerance", "confidence_level", "cut_points", "indicator_weights", "n_draws"}
    assert "a/b" in found["name"][0]


def test_a_form_with_a_fault_is_not_saved_and_the_fault_is_told_by_its_parameter(served, work):
    values = forms.starting_values(work, "ecuador-2019", "", "en")
    sent = answers_of(values, forms.method_of(work, "ecuador-2019", "en")) | {"n_draws": ["2.5"]}
    body = "&".join(f"{name}={each}" for name, given in sent.items() for each in given)
    body += "&data=example&method=ecuador-2019&name=faulty"
    answer = json.loads(served.ask("POST", "/form/save", body)[2])
    assert list(answer) == ["problems"]
    assert list(answer["problems"]) == ["n_draws"]
    assert not (served.workspace.params / "faulty.yaml").exists()


def test_a_method_file_with_a_fault_is_refused_by_its_key(work):
    (work.folder / "methods").mkdir(parents=True)
    (work.folder / "methods" / "own.yaml").write_text("name: own\ncriteria: none\n", encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        forms.method_of(work, "own.yaml", "en")
    assert {Path(problem.file).name for problem in caught.value.problems} == {"own.yaml"}


def test_other_parameters_of_the_same_name_are_replaced_only_when_told_so(served, work):
    values = forms.starting_values(work, "ecuador-2019", "", "en")
    sent = answers_of(values, forms.method_of(work, "ecuador-2019", "en"))
    body = "&".join(f"{name}={each}" for name, given in sent.items() for each in given)
    body += "&data=example&method=ecuador-2019&name=twice"
    file = served.workspace.params / "twice.yaml"
    for more, tolerance, exists in (
        ("", "1.0", False),
        ("", "1.0", False),
        ("&tolerance=2", "1.0", True),
        ("&tolerance=2&replace=yes", "2", False),
    ):
        answer = json.loads(served.ask("POST", "/form/save", body + more)[2])
        assert answer.get("exists", False) is exists
        assert f"\ntolerance: {tolerance}\n" in file.read_text(encoding="utf-8")


# Runs.


def test_ctrl_c_of_the_page_is_not_meant_for_its_runs(monkeypatch):
    assert runs_of_the_page._apart() == {"start_new_session": True}
    # The number that Windows gives to CREATE_NEW_PROCESS_GROUP.
    monkeypatch.setattr(runs_of_the_page.subprocess, "CREATE_NEW_PROCESS_GROUP", 0x200, raising=False)
    monkeypatch.setattr(runs_of_the_page, "os", SimpleNamespace(name="nt"))
    assert runs_of_the_page._apart() == {"creationflags": 0x200}


def test_a_process_that_is_gone_without_a_word_is_said_to_be_lost(work):
    work.progress.mkdir(parents=True)
    events = work.progress / "base.jsonl"
    events.write_text('{"kind": "start", "elapsed": 1.0, "notebooks": 7}\n{"kind": "note', encoding="utf-8")
    # A number of a process that lives, but began at another time: it was given away again.
    events.with_suffix(".pid").write_text('{"pid": 1, "started": 1.0}', encoding="utf-8")
    found = runs_of_the_page.state(work, "base")
    assert (found.kind, found.total, found.finished) == ("lost", 7, ())
    with pytest.raises(DataError) as caught:
        runs_of_the_page.stop(work, "base")
    assert caught.value.problems[0].rule == "app.not_running"


def test_a_run_that_is_stopped_before_it_can_say_a_word_is_stopped_and_not_lost(work):
    write_scenario(work, "base", "{}", replace=False)
    assert runs_of_the_page.start(work, "base").kind == "running"
    # One that is at work goes on, and no second one begins.
    assert runs_of_the_page.start(work, "base").kind == "running"
    assert len([each for each in runs_of_the_page._started if each.poll() is None]) == 1
    runs_of_the_page.stop(work, "base")
    for process in list(runs_of_the_page._started):
        process.wait(30)
    events = work.progress / "base.jsonl"
    # It was at its imports; one that got further writes "stopped" itself.
    assert {json.loads(line)["kind"] for line in events.read_text(encoding="utf-8").splitlines()} <= {
        "stopped"
    }
    assert runs_of_the_page.state(work, "base").kind == "stopped"


def test_every_page_and_workbook_of_a_run_can_be_opened():
    for first, language in (("es", "es"), ("es", "en"), ("en", "es")):
        named = Pack({}, {}, {}, first, synthetic=False).files(language)
        assert set(named.values()) <= set(finished_run.SHOWN)
        assert all(finished_run.file_label(file, "es") for file in named.values())


def test_the_time_left_is_estimated_from_what_is_done():
    done = (("01.ipynb", 10.0, False), ("02.ipynb", 12.0, False))
    found = runs_of_the_page.State("base", "running", elapsed=30.0, total=6, finished=done)
    assert found.left == 60.0
    assert runs_of_the_page.State("base", "running", elapsed=3.0, total=6).left is None


@pytest.mark.parametrize("language", ["en", "es"])
def test_once_the_notebooks_are_done_the_report_is_being_written_and_no_time_is_left_to_say(language):
    done = (("01.ipynb", 10.0, False), ("02.ipynb", 12.0, False))
    state = runs_of_the_page.State("base", "running", elapsed=22.0, total=2, finished=done)
    assert state.is_writing
    assert state.left is None
    words = pages.part("run", language, state=state, has_results=False, said=requests._aloud(state, language))
    assert {"en": "report", "es": "informe"}[language] in words


def test_results_and_zip_of_a_run_and_what_changed(served, good_run):
    for name in ("base", "other"):
        shutil.copytree(good_run / "outputs" / "base", served.workspace.outputs / name, dirs_exist_ok=True)
    code, _, body = served.ask("GET", "/results?name=base")
    assert code == 200
    assert "In the synthetic example, the tolerance is 1.0." in body.decode()
    first, second = (served.ask("GET", "/zip?name=base")[2] for _ in range(2))
    assert first == second
    names = zipfile.ZipFile(io.BytesIO(first)).namelist()
    assert {"base/results.json", "base/ro-crate-metadata.json", "base/report.html"} <= set(names)
    code, sent, body = served.ask("GET", "/compare?first=base&second=other")
    assert code == 200
    assert "base" in body.decode()
    # A page of a run has scripts of its own: they may ask this server for nothing.
    for file, kind in (("report.pdf", "application/pdf"), ("tables.xlsx", requests.XLSX)):
        code, of_file, content = served.ask("GET", f"/runs/base/{file}")
        assert (code, of_file["Content-Type"]) == (200, kind)
        assert content == (good_run / "outputs" / "base" / file).read_bytes()
        # What shows a PDF is part of the browser, and a sandbox would stop it.
        assert ("sandbox" in of_file["Content-Security-Policy"]) == (file != "report.pdf")
    assert "sandbox" in sent["Content-Security-Policy"]
    assert "allow-same-origin" not in sent["Content-Security-Policy"]


# The explorer.


@pytest.mark.parametrize("file", deep_after(3, SHIPPED), ids=lambda path: path.stem)
def test_at_rest_the_explorer_is_the_run_itself(file):
    case = controls.case_of_file(file, "en")
    answer = controls.answer(case, {})
    assert len(answer.moved) == 0
    assert answer.parameters.as_given["cut_points"] == case.parameters.as_given["cut_points"]
    assert answer.weights == case.parameters.exact("indicator_weights")
    expected = case.base.assigned["category_by_rule"].astype("Int64")
    pd.testing.assert_series_equal(answer.rows[controls.NOW], expected, check_names=False)


def test_a_finished_run_is_explored_from_its_own_record(served, good_run):
    """Not from the params file of its name, which may have been changed since."""
    shutil.copytree(good_run / "outputs" / "base", served.workspace.outputs / "kept", dirs_exist_ok=True)
    case = controls.case(served.workspace, "kept", "es")
    assert (case.parameters.language, case.parameters.tolerance) == ("es", 1.0)
    assert len(case.base.assigned) == 43
    assert served.ask("GET", "/explore?name=kept")[0] == 200
    # A run of which nothing was recorded is explored from the params file of its name.
    (served.workspace.outputs / "bare").mkdir()
    (served.workspace.outputs / "bare" / "results.json").write_text("{}", encoding="utf-8")
    write_params(served.workspace.params, "bare", tolerance=1.5)
    assert controls.case(served.workspace, "bare", "en").parameters.tolerance == 1.5


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_where_no_proposal_has_a_category_there_are_no_shares_and_it_is_said(served, language):
    """Everybody is 4 points apart and nobody rated a third time, so that every level stays open."""
    rows = sample_ratings.complete()
    for number, row in enumerate(rows):
        row["rating"] = "15"[row["evaluator"] in sample_ratings.SEATS[row["panel"]][1:]]
        row["rating"] = row["rating"] if len(sample_ratings.SEATS[row["panel"]]) > 1 else "15"[number % 2]
    keep(served.workspace, "apart.csv", sample_ratings.text_of(rows).encode())
    write_params(served.workspace.params, "apart", data="../data/apart.csv")
    case = controls.case(served.workspace, "apart", language)
    assert case.base.assigned["category_by_rule"].isna().all()
    assert controls.weighting_shares(case.inputs, case.base, case.parameters) is None
    cookie = f"ogp-{served.port}={served.settings.token}; ogp-language={language}"
    code, _, body = served.ask("GET", "/explore?name=apart", Cookie=cookie)
    assert code == 200
    assert texts.say("app.explore.none_judged", language) in html.unescape(body.decode())


@pytest.mark.parametrize("name", METHODS)
def test_any_method_can_be_explored(tmp_path, name):
    file = tmp_path / "own.yaml"
    file.write_text(f"method: {name}\ndata: example\n", encoding="utf-8")
    case = controls.case_of_file(file, "es")
    assert len(controls.answer(case, {}).moved) == 0
    for slider in controls.cut_sliders(case.parameters):
        # All but the first cut point at the top would be out of order.
        if slider.name.endswith(".0"):
            kind, axis, _ = slider.name.split(".")
            cuts = case.parameters.cut_points[axis]
            moved = {f"{kind}.{axis}.{at}": [str(slider.low + (at + 1) * 1e-3)] for at in range(len(cuts))}
            answer = controls.answer(case, moved)
            expected = whole_assessment.assess(case.inputs, answer.parameters).assigned["category_by_rule"]
            assert (answer.rows[controls.NOW].dropna() == expected.dropna()).all()
            assert answer.parameters.cut_points[axis][0] == pytest.approx(slider.low + 1e-3)
    shares = answer.rows.filter(like="share_").dropna()
    assert answer.has_shares is not case.parameters.method.by_composite
    assert not answer.has_shares or ((shares.sum(axis=1) - 1).abs() < 1e-9).all()


@pytest.mark.parametrize(
    "changes", [{"veto": 2}, {"aggregation": "minimum"}, {"aggregation": "geometric"}, {}], ids=str
)
def test_shares_of_weightings_are_those_of_the_run_however_it_adds_up(changes):
    """Those of the sensitivity of the same parameters, which other tests hold against draws."""
    parameters = params.from_values(params.baseline() | changes)
    case = controls.case_of(ratings.load(parameters), parameters)
    shown = controls.answer(case, {}).rows.filter(like="share_").dropna()
    studied = study.prepare(case.inputs, parameters)
    assert list(shown.index) == list(studied.proposals)
    assert shown.to_numpy() == pytest.approx(study.weight_acceptability(studied), abs=1e-9)


@pytest.mark.parametrize("name", METHODS)
def test_every_choice_of_the_explorer_means_something_under_its_method(name):
    method, _ = read_method(name, Path())
    parameters = params.from_values(defaults_of(method) | {"method": name})
    offered = {rule: [code for code, _ in choices] for rule, *_, choices in controls.rule_lists(parameters)}
    assert ("aggregation" in offered) is not method.unweighted
    assert not set(offered) & set(unused(method))
    for rule, codes in offered.items():
        assert len(codes) > 1
        for code in codes:
            choice = controls.choice_of({rule: [code]}, parameters)
            chosen = params.with_values(parameters, **what_if.changes(choice, parameters))
            assert getattr(chosen, rule) == code


@pytest.mark.parametrize("name", METHODS)
def test_every_choice_of_the_form_is_accepted(work, name):
    values = forms.starting_values(work, name, "", "en")
    method, sources = forms.method_of(work, name, "en"), forms.Sources(work, "example", name)
    lists = {field.name: field.controls for field in forms.fields(values, method, "en")}
    offered = [(field, code) for field, (first, *_) in lists.items() for code, _ in first.options]
    assert {"missing", "conflict"} <= {field for field, _ in offered}
    for field, code in offered:
        read = forms.values_of(answers_of(values | {field: code}, method), sources, "en")
        assert forms.problems_of(read, "mine", work, "en") == {}, (field, code)


@pytest.mark.parametrize("name", METHODS)
def test_a_third_is_offered_for_the_empty_workbook_where_there_are_pairs(served, name):
    method, _ = read_method(name, Path())
    _, _, body = served.ask("GET", f"/template?method={name}")
    assert ('value="third"' in body.decode()) is not method.juried


def test_what_is_not_allowed_is_refused_by_its_key(tmp_path):
    case = controls.case_of_file(SHIPPED[0], "en")
    with pytest.raises(ParameterError) as caught:
        controls.answer(case, {"cut.relevance.0": ["4.9"]})
    assert [(p.rule, p.parameter) for p in caught.value.problems] == [("params.cuts_order", "cut_points")]


def test_whoever_is_left_out_is_not_used():
    case = controls.case_of_file(ROOT / "params" / "baseline.yaml", "en")
    gone = controls.evaluators(case.inputs)[0]
    choice = controls.choice_of({"left_out": [gone]}, case.parameters)
    assert choice.left_out == (gone,)
    assert controls.answer(case, {"left_out": [gone]}).parameters.missing == "available"


def test_the_words_of_the_command_line_are_those_of_both_languages(capsys):
    for language in texts.LANGUAGES:
        with pytest.raises(SystemExit):
            parser(language).parse_args(["--help"])
        assert texts.say("app.cli.folder", language)[:20] in capsys.readouterr().out.replace("\n", " ")


def test_an_export_that_names_people_is_not_kept(work):
    export = "Folio;Título;Autor/a\nA1;Datos;Zoraida Quishpe\n".encode()
    with pytest.raises(DataError) as caught:
        keep(work, "export.csv", export)
    assert [(p.rule, p.value) for p in caught.value.problems] == [("app.raw_export", "export.csv")]
    assert not work.folder.exists()
    listed = "código;título;institución\nA1;Datos;Ministerio\n".encode()
    assert keep(work, "propuestas.csv", listed) == ("data", "propuestas.csv")
    rated = "propuesta;título;evaluador;tiempo\nA1;Datos;E1;4\n".encode()
    assert keep(work, "notas.csv", rated) == ("data", "notas.csv")


@pytest.fixture
def words(tmp_path) -> list[str]:
    """What the page is started with: a folder with a notebook, and any port."""
    (tmp_path / "one.ipynb").touch()
    return ["--notebooks", str(tmp_path), "--folder", str(tmp_path / "work"), "--port", "0", "--lang", "es"]


def test_the_page_opens_in_the_browser_and_ends_by_ctrl_c(words, monkeypatch, capsys):
    opened = []

    def browser(address: str) -> None:
        opened.append(address)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(app_main, "open_new_tab", browser)
    assert main(words) == 0
    (address,) = opened
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]+", address)
    assert texts.say("app.cli.open", "es", address=address) in capsys.readouterr().out


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_is_taken_is_said_in_one_sentence(words, address, capsys):
    with socket.socket() as taken, warnings.catch_warnings():
        taken.bind((address, 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        # tornado leaves the socket that it could not bind to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        assert main([*words, "--no-browser", "--address", address, "--port", port]) == 3
        gc.collect()
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_page_that_does_not_start_beside_jupyterlab_says_why(tmp_path):
    (tmp_path / "notebooks").mkdir()
    with pytest.raises(OSError, match="notebooks"):
        beside_jupyter.start(tmp_path)


def test_a_start_without_notebooks_is_refused_at_once(tmp_path, capsys):
    assert main(["--notebooks", str(tmp_path), "--lang", "es", "--no-browser"]) == 2
    assert "no hay ningún cuaderno" in capsys.readouterr().err
