"""Every command of the documentation works, every link leads somewhere, generated pages are as the tree."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from documentation import Step, commands, edit, prepare, steps
from project_files import ROOT, script, text, tool
from tiny_notebooks import ogp_here

from ogp_analysis.cli import main
from ogp_analysis.ratings.evaluator_codes import is_code, may_be_an_identity_number

make = script("make.py")
pages = tool("pages")
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (".", "docs", "docs/dev", "params", "lab", "notebooks", "ogp_analysis/data/example")
    for path in (ROOT / folder).glob("*.md")
)
TUTORIALS = ("docs/tutorial.md", "docs/tutorial.es.md")
# What ogp may answer: usable or equal (0), or the data or the comparison says no (1).
ANSWERS = {"compare": (0, 1)}
# Files that a tutorial makes.
MADE = (
    "params/mine.yaml",
    "params/mio.yaml",
    "params/stricter.yaml",
    "params/estricto.yaml",
    "params/jury.yaml",
)
OTHERS = ("cp", "echo", "conda", "pip", "git", "papermill", "pytest", "jupyter", "sudo", "source", "cd", "uv")


def make_task(words: list[str]) -> bool:
    return all(word in make.TASKS for word in words[:1])


def is_known(words: list[str]) -> bool:
    """Say whether a command exists, with these words."""
    head, *rest = words
    if head == "make":
        return make_task(rest)
    if head in ("py", "python", "python3", ".venv/bin/python") and rest:
        return make_task(rest[1:]) if rest[0] == "make.py" else (ROOT / rest[0]).exists() or rest[0] == "-m"
    if head == "ogp":
        return main.parse(rest, "en").verb in main.VERBS
    return head.removeprefix(".venv/bin/") in (*OTHERS, "pre-commit")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_exists(page):
    for step in steps(text(page)):
        if step.action in ("run", "known"):
            for words in commands(step.body):
                assert is_known(words), f"{page}: {' '.join(words)}"


@pytest.mark.parametrize(
    "words", ["make nonsense", "py make.py nonsense", "frobnicate", "python3 tools/none.py"]
)
def test_a_command_that_does_not_exist_is_found(words):
    assert not is_known(words.split())


def test_a_verb_with_a_wrong_option_is_found():
    with pytest.raises(SystemExit):
        is_known(["ogp", "check", "--no-such-option", "file.xlsx"])


def test_steps_are_read_in_their_order():
    page = (
        "<!-- test: fill a.xlsx -->\n<!-- test: run -->\n"
        "```console\n$ ogp check a.xlsx  # look\nUsable\n```\n"
        "```console\nmake\n```\n"
    )
    assert list(steps(page)) == [
        Step("fill", ("a.xlsx",)),
        Step("run", (), "$ ogp check a.xlsx  # look\nUsable\n"),
        Step("known", (), "make\n"),
    ]
    assert commands("$ ogp check a.xlsx  # look\nUsable\n") == [["ogp", "check", "a.xlsx"]]


def lay_out(folder: Path) -> Path:
    """Lay out what a reader has before them, with one notebook and as few draws as are allowed.

    The other notebooks are executed by tests of their own; here the commands are tested. A run of the six of
    this project must be of all six, so that the one has another name.
    """
    (folder / "notebooks").mkdir(parents=True)
    shutil.copyfile(ROOT / "notebooks" / "03_categories.ipynb", folder / "notebooks" / "categories.ipynb")
    shutil.copytree(ROOT / "params", folder / "params")
    edit(folder / "params" / "baseline.yaml", "n_resamples: 100\nn_draws: 100\n")
    return folder


# Names in the Spanish tutorial, and what they are called in the English one.
CALLED = {
    "mis-calificaciones": "my-ratings",
    "otros-puestos": "other-seats",
    "patron": "pattern",
    "mio": "mine",
    "estricto": "stricter",
    "otra-vez": "again",
    "jurado": "jury",
}
# Minutes if done in both languages, and the same but for names: done once, the results copied.
SHARED = (
    "run params/stricter.yaml",
    "run params/mine.yaml --outputs outputs/again",
    "run params/jury.yaml",
    "example pattern",
    # Its answer in Spanish is tested with --hashes-only, and by the tests of the verb.
    "verify outputs/mine",
)


def in_english(words: list[str]) -> str:
    """Give a command of the Spanish page with the names of the English one and without its language."""
    plain = " ".join(words).replace(" --lang es", "").replace(" --lang en", "")
    for spanish, english in CALLED.items():
        plain = re.sub(rf"\b{spanish}\b", english, plain)
    return plain


def ogp(words: list[str], project: Path) -> None:
    # That the command of a shell answers as this function does is tested in tests/cli and tests/runs.
    code, out, err = ogp_here(project, *words)
    assert code in ANSWERS.get(words[0], (0,)), " ".join(words) + out + err


def walk(page: str, project: Path, done_before: Path | None = None) -> list[str]:
    """Do every step of a page; what another page did the same way is taken over from its project."""
    ran = []
    for step in steps(text(page)):
        prepare(step, project)
        for words in commands(step.body) if step.action == "run" else ():
            ran.append(in_english(words))
            if words[0] == "cp":
                shutil.copyfile(*(project / word for word in words[1:]))
            elif done_before and ran[-1].removeprefix("ogp ") in SHARED:
                take_over(words, project, done_before)
            else:
                ogp(words[1:], project)
    return ran


def take_over(words: list[str], project: Path, before: Path) -> None:
    """Copy what the English page made with the same parameters, but for the language."""
    if words[1] == "example":
        shutil.copytree(before / in_english(words[2:3]), project / words[2])
    if words[1] != "run":
        return
    name = Path(words[2]).stem
    english = before / in_english([words[2]])
    ours, theirs = (
        yaml.safe_load(file.read_text(encoding="utf-8")) for file in (project / words[2], english)
    )
    changed = {key for key in theirs if in_english([str(ours[key])]) != str(theirs[key])}
    assert changed <= {"language"}
    outputs = next((word for word in words if word.startswith("outputs/")), "outputs")
    place = Path(outputs) / name
    shutil.copytree(before / in_english([place.as_posix()]), project / place)


@pytest.mark.slow
def test_the_tutorial_works_as_written_in_both_languages(tmp_path):
    english = lay_out(tmp_path / "en")
    ran = walk(TUTORIALS[0], english)
    assert (english / "outputs" / "mine" / "tables" / "unresolved.csv").exists()
    assert {line.split()[1] for line in ran if line.startswith("ogp ")} >= {
        *("template", "check", "example", "params", "run", "compare", "verify"),
    }
    assert "ogp verify outputs/mine" in ran
    spanish = lay_out(tmp_path / "es")
    assert walk(TUTORIALS[1], spanish, english) == ran
    said = (spanish / "outputs" / "mio" / "report.html").read_text(encoding="utf-8")
    assert 'lang="es"' in said


@pytest.mark.parametrize("page", TUTORIALS)
def test_a_tutorial_writes_over_no_scenario_that_comes_with_the_project(page):
    made = [step.words[-1] for step in steps(text(page)) if step.action in ("copy", "write")]
    scenarios = re.findall(r"^\| `([\w-]+\.yaml)`", text("params/README.md"), re.MULTILINE)
    assert made
    assert {f"params/{name}" for name in scenarios} & set(made) == set()


@pytest.mark.parametrize(
    "page", [f"{name}{end}" for name in ("README", "docs/own-method") for end in (".md", ".es.md")]
)
def test_the_first_run_of_a_method_is_on_invented_ratings(page):
    """Whoever pastes the block has no ratings yet: an empty workbook would be refused."""
    typed = [words for step in steps(text(page)) for words in commands(step.body)]
    made = {words[2] for words in typed if words[:2] == ["ogp", "example"]}
    taken = {words[words.index("--data") + 1] for words in typed if words[:2] == ["ogp", "params"]}
    assert taken
    assert taken <= made


def test_both_tutorials_have_the_same_steps():
    told = []
    for page in TUTORIALS:
        found = list(steps(text(page)))
        words = [
            [in_english(each) for each in commands(step.body)] for step in found if step.action != "edit"
        ]
        told.append(([step.action for step in found], [len(each) for each in words]))
        # Each command is executed, but for those that make the environment or open a browser.
        known = {
            each for step in found if step.action == "known" for each in map(" ".join, commands(step.body))
        }
        assert known == {"make report", "make lab"}
    assert told[0] == told[1]
    headings = [len(re.findall(r"^## ", text(page), re.MULTILINE)) for page in TUTORIALS]
    assert headings[0] == headings[1]


@pytest.mark.parametrize("page", ["README.es.md", "docs/tutorial.es.md"])
def test_commands_of_spanish_pages_answer_in_spanish(page):
    verbs = "template|check|run|compare|verify"
    written = re.findall(rf"(?m)(?:^|`)(ogp (?:{verbs}) (?:params|outputs|mine|mis)[^\n`#]*)", text(page))
    assert len(written) > 4
    assert [line for line in written if "--lang es" not in line] == []


def test_workbooks_of_ones_own_are_no_change_of_the_project():
    assert "/*.xlsx" in text(".gitignore").splitlines()


def links(page: str) -> list[str]:
    """List the relative links of a page, without code and anchors."""
    plain = re.sub(r"```.*?```|`[^`\n]*`", "", text(page), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", plain)
    return [link for link in found if not link.startswith(("http:", "https:", "mailto:"))]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    folder = (ROOT / page).parent
    assert not [link for link in links(page) if not (folder / link).exists()]


def test_no_page_of_the_site_links_to_a_page_that_is_not_in_it():
    """The site is of docs/ alone: it cannot be built with a link to a page beside that folder."""
    for path in (ROOT / "docs").rglob("*.md"):
        pages = [link for link in links(path.relative_to(ROOT).as_posix()) if link.endswith(".md")]
        assert [
            link for link in pages if not (path.parent / link).resolve().is_relative_to(ROOT / "docs")
        ] == []


@pytest.mark.parametrize("page", PAGES)
def test_files_that_a_page_names_exist(page):
    folders = "ogp_analysis|params|tests|tools|docs|lab|notebooks|benchmarks|outputs/baseline"
    named = re.findall(rf"`((?:{folders})/[\w./-]*)`", text(page))
    assert not [name for name in named if name not in MADE and not (ROOT / name).exists()]


def test_generated_pages_are_as_the_tree():
    stale = [path.name for path, due in pages.pages_due().items() if path.read_text(encoding="utf-8") != due]
    assert stale == [], "run: python tools/pages.py"


def test_a_missing_block_of_a_page_is_refused():
    with pytest.raises(ValueError, match="no block 'modules'"):
        pages.filled("# A page without blocks\n", {"modules": "| a |"})


def test_every_field_of_the_data_has_a_meaning():
    lines = [line for line in text("docs/data-dictionary.md").splitlines() if line.startswith("| `")]
    # Each row: name, type, meaning, allowed; the table of headers has two columns.
    assert not [line for line in lines if line.count(" | ") == 3 and not line.split(" | ")[2].strip()]


def test_every_page_is_in_the_index():
    trees = re.findall(r"```\{toctree\}(.*?)```", text("docs/index.md"), re.DOTALL)
    listed = {line.strip() for block in trees for line in block.splitlines()}
    docs = ROOT / "docs"
    there = {path.relative_to(docs).with_suffix("").as_posix() for path in docs.rglob("*.md")}
    assert there - {"index"} - listed == set()


def test_the_index_says_which_pages_are_not_in_spanish():
    rows = [line for line in text("docs/index.md").splitlines() if re.match(r"\| [1-8]\. ", line)]
    assert len(rows) == 8
    for row in rows:
        page = re.search(r"\]\(([\w-]+)\.md\)", row)[1]
        there = (ROOT / "docs" / f"{page}.es.md").exists()
        assert (f"({page}.es.md)" in row, "not yet · todavía no" in row) == (there, not there), row


IN_BOTH = sorted(
    path.relative_to(ROOT).as_posix().replace(".es.md", ".md")
    for path in (ROOT / "README.es.md", *(ROOT / "docs").glob("*.es.md"))
    if path.name != "importing.es.md"  # in short, and says so
)


@pytest.mark.parametrize("page", IN_BOTH)
def test_a_page_has_the_same_parts_in_both_languages(page):
    kinds = (r"^#+ ", r"^\|", r"^(?:[-*]|\d\.) ", r"^```")
    shape, spanish = (
        [len(re.findall(kind, text(name), re.MULTILINE)) for kind in kinds]
        for name in (page, page.replace(".md", ".es.md"))
    )
    assert shape == spanish


@pytest.mark.parametrize("page", ["params/README.md", "params/README.es.md"])
def test_both_pages_of_parameters_list_every_scenario_and_explain_the_same_keys(page):
    assert set(re.findall(r"^\| `([\w-]+\.yaml)`", text(page), re.MULTILINE)) == {
        path.name
        for path in (ROOT / "params").glob("*.yaml")
        if path.name not in {Path(m).name for m in MADE}
    }
    assert re.findall(r"\*\*`(\w+)`\*\*", text(page)) == ["aggregation", "weight_belief", "method"]


# Our copy lacks images and the PDF was not consulted: nothing is known of what the plan did not publish.
CLAIMS = (
    "published no rating",
    "never published",
    "lost (image)",
    "perdida (imagen)",
    "lost chart",
    "charts are lost",
)


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_our_copy_lacks_is_not_called_lost_or_unpublished(claim):
    said = [*PAGES, "CITATION.cff", "codemeta.json"]
    said += [path.relative_to(ROOT).as_posix() for path in ROOT.glob("notebooks/*.ipynb")]
    said += [path.relative_to(ROOT).as_posix() for path in ROOT.glob("lab/*.ipynb")]
    # The changelog names the words that are gone.
    assert [name for name in said if name != "CHANGELOG.md" and claim in text(name)] == []


def test_both_glossaries_have_the_same_terms():
    english, spanish = (
        [frozenset(line.split("|")[1:3]) for line in text(f"docs/{name}.md").splitlines() if "|" in line]
        for name in ("glossary", "glossary.es")
    )
    assert english == spanish


def test_numbers_of_the_reading_pages_are_those_of_the_baseline():
    shares = pages.one_row("coefficients", indicator="time", coefficient="percent_agreement")
    ac = {
        weights: pages.one_row("coefficients", indicator="time", coefficient="gwet_ac", weights=weights)[
            "value"
        ]
        for weights in ("quadratic", "identity")
    }
    page = " ".join(text("docs/reading-agreement.md").split())
    assert f"{float(shares['value']):.0%} of pairs are equal" in page
    assert (
        f"is {float(ac['quadratic']):.2f} with quadratic weights and {float(ac['identity']):.2f} without"
        in page
    )
    spanish = " ".join(text("docs/reading-agreement.es.md").split())
    assert f"son iguales el {float(shares['value']):.0%}".replace("%", " %") in spanish
    decimals = [f"{float(ac[weights]):.2f}".replace(".", ",") for weights in ("quadratic", "identity")]
    assert f"es {decimals[0]} con ponderación cuadrática y {decimals[1]} sin ponderar" in spanish


def test_examples_of_the_pages_on_sensitivity_are_those_of_the_baseline():
    page = " ".join(text("docs/reading-sensitivity.md").split())
    first = pages.one_row("sensitivity_verdicts", proposal="S01")
    assert f"{float(first['keeps_weights']):.0%} of weightings keep S01 in category 1" in page
    points = f"{float(first['points_feasibility']):.0f}"
    assert f"{points} points of its feasibility must move (complexity from 25% to 50%" in page
    spanish = " ".join(text("docs/reading-sensitivity.es.md").split())
    assert (
        f"el {float(first['keeps_weights']):.0%}".replace("%", " %") + " de las ponderaciones conserva S01"
        in spanish
    )
    assert f"deben moverse {points} puntos de su factibilidad (complejidad del 25 %" in spanish
    flip = pages.one_row("ledger", proposal="S01")["flip_en"]
    assert (
        "complexity from 25.0% to 50.0% and willingness from 25.0% to 0.0%, and a little beyond, its" in flip
    )
    assert float(pages.one_row("ledger", proposal="S13")["points_relevance"]) == 0


def test_the_measures_find_a_room_of_this_tree():
    """One room: that the whole tree has no loops and no long functions is what test_architecture holds."""
    measures = tool("measures")
    sources = [measures.read(path) for path in sorted((ROOT / measures.PACKAGE / "runs").rglob("*.py"))]
    row = measures.row(sources, [measures.read(Path(__file__))])
    assert row[-1] == "none", "no import loops"
    assert row[3].endswith("(0)"), "no function over 50 code lines"


def test_the_codes_that_the_documentation_calls_accepted_and_refused_are():
    page = text("docs/ratings-format.md")
    section = re.search(r"## Evaluators are codes\n(.*?)\n## ", page, re.DOTALL)[1]
    accepted, remarked, refused = (
        re.findall(r"`([^`]+)`", item) for item in re.findall(r"^- (.*?)(?=^- |\n\n)", section, re.M | re.S)
    )
    assert len(accepted) > 9
    assert len(refused) > 6
    assert all(map(is_code, accepted))
    assert not any(map(may_be_an_identity_number, accepted))
    assert all(map(is_code, remarked))
    assert all(map(may_be_an_identity_number, remarked))
    assert not any(map(is_code, refused))
