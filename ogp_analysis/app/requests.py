"""What the page asks for and what it gets: each answer calls the function that the command line calls."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from tornado import web

from ogp_analysis.app import checking, controls, finished_run, forms, pages, runs_of_the_page
from ogp_analysis.app.handler import POLICY_OF_RUNS, Handler
from ogp_analysis.app.workspace import EXAMPLE, keep, write_scenario
from ogp_analysis.cli.method import draft_of, method_text
from ogp_analysis.errors import OgpError
from ogp_analysis.language import labels, texts
from ogp_analysis.language.escaping import as_typed
from ogp_analysis.model import params
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.ratings import template
from ogp_analysis.runs.recorded_inputs import language_of
from ogp_analysis.runs.scenario import plain_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {".html": "text/html; charset=UTF-8", ".pdf": "application/pdf", ".xlsx": XLSX}
# Nobody explores more runs at once.
MOST_CASES = 4
DEFAULT_METHOD = params.baseline()["method"]


class Home(Handler):
    """The page."""

    def get(self) -> None:
        """Send it as it was left: ratings, method and run are named in its address."""
        chosen = self.get_query_argument("language", "")
        if chosen in texts.LANGUAGES:
            self.set_cookie("ogp-language", chosen, samesite="Lax", path="/")
        language = chosen if chosen in texts.LANGUAGES else self.language
        work = self.workspace
        data, method = self.get_query_argument("data", ""), self.get_query_argument("method", "")
        name = self.get_query_argument("run", "")
        started = sorted({*work.scenarios(), *work.runs()})
        self.part(
            "page",
            language,
            sources=work.data(),
            data=data if data in work.data() else EXAMPLE,
            methods=work.methods(),
            method=method if method in work.methods() else DEFAULT_METHOD,
            scenarios=work.scenarios(),
            runs=started,
            run=name if name in started else "",
            other=next(code for code in texts.LANGUAGES if code != language),
            words=pages.script_words(language),
            folder=work.folder.name,
        )


class Upload(Handler):
    """A file that was chosen or dropped."""

    async def post(self) -> None:
        """Keep it and say what to choose it by."""
        name, group = self.get_query_argument("name"), self.get_query_argument("group", "")
        beside = self.get_query_arguments("beside")
        kind, chosen = await self.away(
            keep, self.workspace, name, self.request.body, group=group, beside=beside
        )
        self.finish({"kind": kind, "name": chosen})


class Template(Handler):
    """The empty workbook: its form, and the workbook."""

    def get(self) -> None:
        """Send the form, with the seats that the method wants."""
        method = forms.method_of(self.workspace, self.get_query_argument("method"), self.language)
        language = reader_language(self.language, method)
        self.part(
            "template",
            language,
            seats=template.seats_of(method),
            panels=[(panel, labels.name_label("panel", panel, language)) for panel in method.panels],
            roles=[
                (role, texts.say(f"template.role.{role}", language)) for role in template.roles_of(method)
            ],
            sources=[name for name in self.workspace.data() if name != EXAMPLE],
        )

    async def post(self) -> None:
        """Send the workbook."""
        method = forms.method_of(self.workspace, self.get_body_argument("method"), self.language)
        listed = self.get_body_argument("list", "")
        proposals = self.workspace.data_path(listed) if listed else self.get_body_argument("proposals")
        columns = [self.get_body_arguments(name) for name in ("code", "panel", "role")]
        seats = forms.chosen_seats(*columns)
        content = await self.away(forms.empty_workbook, method, proposals, seats, self.language)
        self.file(texts.say("app.template.file", self.language), content, XLSX)


class Check(Handler):
    """What ``ogp check`` says."""

    async def get(self) -> None:
        """Send it as a part of the page."""
        checked = await self._checked()
        rows = checked.problems.head(checking.MOST_ROWS).to_dict("records")
        self.part("check", found=checked, rows=rows, columns=checking.COLUMNS, query=self.request.query)

    async def _checked(self) -> checking.Checked:
        data = self.workspace.data_path(self.get_query_argument("data"))
        method = self.workspace.method_path(self.get_query_argument("method"))
        return await self.away(checking.checked, data, method, self.language)


class CheckSheet(Check):
    """The same as a workbook."""

    async def get(self) -> None:
        """Send it as a file."""
        content = checking.sheet(await self._checked(), self.language)
        self.file(texts.say("app.check.file", self.language), content, XLSX)


class MethodDraft(Handler):
    """A method file drafted from ratings, as ``ogp method new --ratings`` writes it."""

    async def get(self) -> None:
        """Send it as a file."""
        data = Path(self.workspace.data_path(self.get_query_argument("data")))
        name = forms.first_name(data.name)
        draft = await self.away(draft_of, data, self.language)
        text = method_text(name, self.language, draft)
        self.file(f"{name}.yaml", text.encode(), "application/yaml; charset=UTF-8")


class Form(Handler):
    """Method and parameters."""

    async def get(self) -> None:
        """Send the form."""
        start, language = self.get_query_argument("start", ""), self.language
        data, name = self.get_query_argument("data", EXAMPLE), self.get_query_argument("method")
        if start:
            data, name = forms.scenario_sources(self.workspace, start, language)
        values = await self.away(forms.starting_values, self.workspace, name, start, language)
        method = forms.method_of(self.workspace, name, language)
        self.part(
            "form",
            reader_language(language, method),
            fields=forms.fields(values, method, language),
            doubts=forms.doubts_of(self.workspace, start, reader_language(language, method)),
            name=start or forms.first_name(data),
            method=name,
            data=data,
        )

    def _sources(self) -> forms.Sources:
        data, method = self.get_body_argument("data"), self.get_body_argument("method")
        return forms.Sources(self.workspace, data, method)


class FormCheck(Form):
    """What is wrong with what stands in the form, while it is typed."""

    async def post(self) -> None:
        """Say it by parameter."""
        name = self.get_body_argument("name", "")
        values = forms.values_of(self.answers(), self._sources(), self.language)
        problems = await self.away(forms.problems_of, values, name, self.workspace, self.language)
        self.finish({"problems": problems})


class FormSave(Form):
    """The form as a params file."""

    async def post(self) -> None:
        """Write it, unless something is wrong with it."""
        name, sources = self.get_body_argument("name", ""), self._sources()
        values = forms.values_of(self.answers(), sources, self.language)
        problems = forms.problems_of(values, name, self.workspace, self.language)
        if problems:
            self.finish({"problems": problems})
            return
        replace = self.get_body_argument("replace", "") == "yes"
        text = forms.text_of(values, sources, self.language)
        try:
            path = write_scenario(self.workspace, name, text, replace=replace)
        except OgpError as error:
            self.finish({"problems": {"name": [forms.refusal_words(error, self.language)]}, "exists": True})
            return
        file = self.workspace.as_typed(path)
        message = texts.say("app.form.saved", self.language, file=file, command=as_typed("ogp", "run", file))
        self.finish({"problems": {}, "name": path.stem, "message": message})


class Run(Handler):
    """One run: where it stands, and its start."""

    def get(self) -> None:
        """Say where it stands."""
        self._tell(runs_of_the_page.state(self.workspace, plain_name(self.get_query_argument("name"))))

    def post(self) -> None:
        """Start it."""
        name = self.get_query_argument("name")
        self._tell(runs_of_the_page.start(self.workspace, name))

    def _tell(self, state: runs_of_the_page.State) -> None:
        finished = state.name in self.workspace.runs()
        self.part("run", state=state, has_results=finished, said=_aloud(state, self.language))


def _aloud(state: runs_of_the_page.State, language: str) -> str:
    """Say where a run stands in one sentence that changes only when something happened."""
    if state.kind == "running":
        counts = {"done": len(state.finished), "total": state.total}
        if state.is_writing:
            return texts.say("app.run.writing", language, total=state.total)
        key = "app.run.notebooks" if state.total else "app.run.checking"
        return texts.say(key, language, **counts)
    if state.kind == "none":
        return ""
    key = f"app.run.{state.kind if state.ran else 'up_to_date'}"
    return texts.say(key, language, name=state.name, seconds=round(state.elapsed))


class Stop(Run):
    """The end of a run before it is finished."""

    def post(self) -> None:
        """Ask it to end."""
        self._tell(runs_of_the_page.stop(self.workspace, self.get_query_argument("name")))


class Results(Handler):
    """What a run found."""

    async def get(self) -> None:
        """Send it as a part of the page."""
        name = self.get_query_argument("name")
        folder = self.workspace.run_folder(name)
        shown = await self.away(finished_run.outcome, folder, self.language)
        files = [
            (f"/runs/{quote(name)}/{file}", finished_run.file_label(file, self.language))
            for file in shown.files
        ]
        others = [other for other in self.workspace.runs() if other != name]
        self.part("results", language_of(folder, self.language), found=shown, files=files, others=others)


class Zip(Handler):
    """A run as one file."""

    async def get(self) -> None:
        """Send it."""
        folder = self.workspace.run_folder(self.get_query_argument("name"))
        self.file(f"{folder.name}.zip", await self.away(finished_run.zipped, folder), "application/zip")


class RunFile(Handler):
    """A page or workbook of a run."""

    policy = POLICY_OF_RUNS

    async def get(self, name: str, file: str) -> None:
        """Send it; nothing but what is listed."""
        if file not in finished_run.SHOWN:
            raise web.HTTPError(404)
        path = self.workspace.run_folder(name) / file
        content = await self.away(finished_run.content, path)
        if path.suffix == ".xlsx":
            self.file(path.name, content, KINDS[path.suffix])
            return
        if path.suffix == ".pdf":
            # What shows a PDF is part of the browser, and a sandbox would stop it.
            self.set_header("Content-Security-Policy", "frame-ancestors 'none'")
        self.set_header("Content-Type", KINDS[path.suffix])
        self.finish(content)


class Compare(Handler):
    """What changed from one run to another."""

    policy = POLICY_OF_RUNS

    async def get(self) -> None:
        """Send the page of the comparison."""
        names = [self.get_query_argument(name) for name in ("first", "second")]
        folders = [self.workspace.run_folder(name) for name in names]
        self.finish(await self.away(finished_run.changes, *folders, self.language))


class Explore(Handler):
    """The explorer: its controls, and what follows from them."""

    async def get(self) -> None:
        """Send the controls, and what follows while nothing is moved."""
        name = self.get_query_argument("name")
        case = await self._case(name)
        answer = await self.away(controls.answer, case, {})
        self.part(
            "explore",
            case.parameters.language,
            name=name,
            weights=controls.weight_sliders(case.parameters),
            cuts=controls.cut_sliders(case.parameters),
            rules=controls.rule_lists(case.parameters),
            evaluators=controls.evaluators(case.inputs),
            answer=self._answer(case, answer),
        )

    async def post(self) -> None:
        """Send what follows from the controls that were moved."""
        case = await self._case(self.get_query_argument("name"))
        self.finish(self._answer(case, await self.away(controls.answer, case, self.answers())))

    def _answer(self, case: controls.Case, answer: controls.Answer) -> str:
        numbers = case.parameters.method.category_numbers
        return pages.part(
            "answer",
            case.parameters.language,
            answer=answer,
            moved=texts.say(
                "lab.moved", case.parameters.language, moved=len(answer.moved), all=len(answer.rows)
            ),
            rows=[dict(row, proposal=code) for code, row in answer.rows.to_dict("index").items()],
            numbers=numbers,
            before=controls.BEFORE,
            now=controls.NOW,
            has_shares=answer.has_shares,
            about_shares=_about_shares(case, answer),
            synthetic=case.inputs.synthetic,
            weights=[
                (labels.name_label("indicator", name, case.parameters.language), str(share))
                for name, share in answer.weights.items()
            ],
        )

    async def _case(self, name: str) -> controls.Case:
        # A run that is made again, or a params file that is written again, is another case.
        key = (name, self.language, controls.stamp(self.workspace, name))
        cases = self.ours.cases
        if key not in cases:
            made = await self.away(controls.case, self.workspace, name, self.language)
            for old in list(cases)[: len(cases) + 1 - MOST_CASES]:
                del cases[old]
            cases[key] = made
        return cases[key]


def _about_shares(case: controls.Case, answer: controls.Answer) -> str:
    if answer.has_shares:
        return "shares"
    return "no_shares" if case.parameters.method.by_composite else "none_judged"


ROUTES = (
    (r"/", Home),
    (r"/upload", Upload),
    (r"/template", Template),
    (r"/check", Check),
    (r"/check\.xlsx", CheckSheet),
    (r"/method\.yaml", MethodDraft),
    (r"/form", Form),
    (r"/form/check", FormCheck),
    (r"/form/save", FormSave),
    (r"/run", Run),
    (r"/stop", Stop),
    (r"/results", Results),
    (r"/zip", Zip),
    (r"/runs/([^/]+)/([^/]+)", RunFile),
    (r"/compare", Compare),
    (r"/explore", Explore),
)
