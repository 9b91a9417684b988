"""Set up the environment and run a task, on any system, with or without make.

    python3 make.py report          Windows: py make.py report

Uses nothing but Python itself. The environment lives in .venv (another folder: set OGP_VENV), is made from
the lock files, and is made again when a lock file changes, when its folder moved, or when it is broken.
"""

from __future__ import annotations

import hashlib
import json
import locale
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VERSIONS = ((3, 11), (3, 12), (3, 13))
LOCKS = {
    "run": "requirements.lock",
    "test": "requirements-test.lock",
    "lab": "requirements-lab.lock",
    "docs": "docs/requirements.lock",
    "audit": "tools/requirements.lock",
    "lowest": "tools/lowest.lock",
}
# Laid apart from .venv: JupyterLab slows every kernel down; the others are no concern of a run.
APART = ("lab", "docs", "audit", "lowest")
# What the lowest versions must pass: no figures, pages or notebooks, whose bytes are those of the locks.
OF_THE_CORE = ("agreement", "assessment", "model", "plan", "ratings", "sensitivity")
BENCHMARKS = (
    "agreement",
    "sensitivity",
    "importers",
    "grouping",
    "road",
    "public_page",
    "readers",
    "report",
    "run",
)
# The start page; and settings of ours, so that no question about news of JupyterLab lies over it.
LAB_WORDS = ("--notebook-dir", ".", "--LabApp.default_url=/lab/tree/lab/start.ipynb")
LAB_WORDS += ("--LabApp.app_settings_dir=lab/settings",)
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# Each worker takes a part, so that few modules are set up twice; then of what the others have left.
# More workers than processors: many tests wait for kernels, browsers and commands.
PARALLEL = ("-n", "4", "--dist", "worksteal", "--assert=plain", "-p", "no:nbval")
ANSWER = "import sys, json; v = list(sys.version_info[:3]); import venv, ensurepip; print(json.dumps(v))"
VERSION_ONLY = "import sys, json; print(json.dumps(list(sys.version_info[:3])))"


class SetupError(Exception):
    """The environment could not be made; the message says what to do."""


def clean_environment() -> dict[str, str]:
    """Return the environment for child processes: no foreign packages, byte code kept."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def call(*command: str | Path, quiet: bool = False, **variables: str) -> int:
    """Run a command in the project folder, with more variables in its environment; return its exit code."""
    output = subprocess.DEVNULL if quiet else None
    words = [str(word) for word in command]
    return subprocess.call(words, cwd=ROOT, env=clean_environment() | variables, stdout=output)


def ask(command: list[str], code: str) -> tuple[int, ...]:
    """Ask an interpreter for its version; empty when it is not there or the code fails."""
    try:
        done = subprocess.run(
            [*command, "-c", code], capture_output=True, encoding="utf-8", timeout=60, env=clean_environment()
        )
        return tuple(json.loads(done.stdout)) if done.returncode == 0 else ()
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ()


def candidates() -> list[list[str]]:
    """List the interpreters to try, the one that runs this file first."""
    names = ["python3.13", "python3.12", "python3.11", "python3", "python"]
    found = [[sys.executable]] + [[path] for path in map(shutil.which, names) if path]
    if os.name == "nt":
        found += [["py", f"-{major}.{minor}"] for major, minor in reversed(VERSIONS)]
    return found


def find_python() -> list[str]:
    """Return the first interpreter that can make the environment."""
    seen, without_venv = [], ""
    for command in candidates():
        version = ask(command, VERSION_ONLY)
        if version[:2] not in VERSIONS:
            seen += [".".join(map(str, version))] if version else []
        elif ask(command, ANSWER):
            return command
        else:
            without_venv = without_venv or ".".join(map(str, version[:2]))
    if without_venv:
        raise SetupError(venv_missing(without_venv))
    message = (
        "Python 3.11, 3.12 or 3.13 is needed; found: "
        + (", ".join(dict.fromkeys(seen)) or "none")
        + ".\nSe necesita Python 3.11, 3.12 o 3.13: instálelo desde su sistema o desde python.org."
        + "\nDebian, Ubuntu: sudo apt-get install python3 python3-venv"
        + "\nWindows: winget install Python.Python.3.12"
    )
    raise SetupError(message)


def venv_missing(version: str) -> str:
    """Say which system package brings venv and ensurepip."""
    return (
        f"Python {version} is here but its modules venv and ensurepip are not."
        f"\nInstall them / instálelos: sudo apt-get install python{version}-venv   (Debian, Ubuntu)"
        f"\n                           sudo dnf install python{version}   (Fedora)"
    )


def folder(level: str) -> Path:
    """Return the folder of the environment."""
    base = Path(os.environ.get("OGP_VENV") or ROOT / ".venv")
    return base.with_name(f"{base.name}.{level}") if level in APART else base


def interpreter(level: str = "run") -> Path:
    """Return the interpreter inside the environment."""
    place = folder(level)
    return place / "Scripts" / "python.exe" if os.name == "nt" else place / "bin" / "python"


def installed(level: str) -> list[str]:
    """List what is installed, by the folders that pip leaves."""
    place = "Lib/site-packages" if os.name == "nt" else "lib/python3.*/site-packages"
    return sorted(path.name for path in folder(level).glob(f"{place}/*.dist-info"))


def wanted(level: str) -> dict[str, str]:
    """Return what the environment must have been made from."""
    content = (ROOT / LOCKS[level]).read_text(encoding="utf-8") + how_it_installs()
    return {"sha256": hashlib.sha256(content.encode()).hexdigest(), "root": str(ROOT)}


def how_it_installs() -> str:
    """Return the parts of pyproject.toml that pip reads; settings of tools need no new environment."""
    parts = re.split(r"^(?=\[)", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return "".join(
        part for part in parts if part.startswith(("[build-system", "[project", "[tool.setuptools"))
    )


def is_ready(level: str) -> bool:
    """Say whether the environment is whole, was made from these lock files, and still starts."""
    try:
        made = json.loads((folder(level) / f"ogp-{level}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    present = set(installed(level))
    whole = made.get("from") == wanted(level) and present.issuperset(made.get("installed", ["?"]))
    return whole and bool(ask([str(interpreter(level))], VERSION_ONLY))


def stamp(level: str) -> None:
    """Record that the environment is whole; written last."""
    content = json.dumps({"from": wanted(level), "installed": installed(level)}, indent=1)
    (folder(level) / f"ogp-{level}.json").write_text(content, encoding="utf-8")


def see_that_it_may_go(place: Path) -> None:
    """Refuse to delete a folder that is no environment, or one that another copy of the project uses."""
    if not place.exists() or not any(place.iterdir()):
        return
    if not (place / "pyvenv.cfg").is_file():
        message = (
            f"{place} is no environment of Python, so it stays as it is."
            "\nDelete it yourself, or name another folder in OGP_VENV."
        )
        raise SetupError(message)
    for made in place.glob("ogp-*.json"):
        try:
            root = json.loads(made.read_text(encoding="utf-8"))["from"]["root"]
        except (OSError, ValueError, LookupError, TypeError):
            continue
        if root != str(ROOT) and Path(root, "make.py").is_file():
            message = (
                f"{place} is the environment of {root}, so it stays as it is."
                "\nName another folder in OGP_VENV, or leave it out: each copy of the project has its own."
            )
            raise SetupError(message)


def create(level: str) -> None:
    """Make an empty environment in place of an old one or of nothing."""
    see_that_it_may_go(folder(level))
    command = find_python()
    version = ".".join(map(str, ask(command, VERSION_ONLY)))
    print(MAKING[language()].format(folder=folder(level).name, version=version), flush=True)
    if folder(level).exists():
        shutil.rmtree(folder(level))
    if call(*command, "-m", "venv", folder(level)):
        raise SetupError(venv_missing(".".join(version.split(".")[:2])))


def install(level: str) -> None:
    """Install what the lock file lists, by hash and nothing else, then the project; then see that all fits.

    A lock lists every package, so pip need not resolve anything: with dependencies it would ask the registry
    for the newest release of each extra, and refuse it, because the lock has no hash for that release.
    """
    pip = [interpreter(level), "-m", "pip"]
    quiet = ["install", "-qq", "--progress-bar", "off", "--no-deps"]
    print(INSTALLING[language()].format(lock=LOCKS[level]), flush=True)
    steps = {
        f"{LOCKS[level]} could not be installed": [*quiet, "--require-hashes", "-r", LOCKS[level]],
        "The project itself could not be installed": [*quiet, "--no-build-isolation", "-e", "."],
        f"{LOCKS[level]} lacks a package, or holds two that do not fit": ["check"],
    }
    if level == "lowest":
        # The packages that we are compared with ask for a newer numpy than we do; the tests ask for neither.
        del steps[f"{LOCKS[level]} lacks a package, or holds two that do not fit"]
    for failure, words in steps.items():
        if call(*pip, *words):
            message = f"{failure}; pip says above what went wrong."
            raise SetupError(message)


def set_up(level: str) -> Path:
    """Make the environment when it is missing, old or broken, and return its interpreter."""
    if not is_ready(level):
        # The test environment is the run environment and more, so it may be laid over it.
        if level != "test" or not is_ready("run"):
            create(level)
        install(level)
        for made in ("run", "test") if level == "test" else (level,):
            stamp(made)
    return interpreter(level)


def report(*words: str) -> int:
    """Run the baseline into outputs/baseline and say what it found and where the files are."""
    return ogp("run", "params/baseline.yaml", *words)


def ogp(*words: str) -> int:
    """Call the ogp command, such as: make.py ogp check my-ratings.xlsx."""
    return call(set_up("run"), "-m", "ogp_analysis", *words)


def test(*words: str) -> int:
    """Check formatting and lint, run the tests, and execute the notebooks against their saved outputs."""
    python = set_up("test")
    # Kernels forked from one process: a fresh one for each notebook imports the same for seconds.
    nbval = "-p forked_kernels --nbval --nbval-current-env --nbval-sanitize-with tests/nbval.cfg"
    nbval += " -n 2 --dist loadscope"
    # The largest first and in this order: two workers then end at about the same time.
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"), key=lambda path: -path.stat().st_size)
    steps = [
        ["ruff", "format", "--check", "."],
        ["ruff", "check", "."],
        # Plain asserts: to rewrite them costs every worker seven seconds; what failed is run again with them.
        # `bench` runs what is deep.
        ["pytest", *PARALLEL, "-m", "not deep", *words],
        ["pytest", *nbval.split(), "--no-loadscope-reorder", *map(str, notebooks)],
    ]
    for step in steps:
        print("+ " + " ".join(step), flush=True)
        # The workers have the processors: threads of a worker would only wait for each other.
        plugins = {"PYTHONPATH": str(ROOT / "tests")} if "--nbval" in step else {}
        code = call(python, "-m", *step, **ONE_THREAD, **plugins)
        if code == 1 and "--assert=plain" in step:
            call(
                python,
                "-m",
                "pytest",
                "--last-failed",
                "--continue-on-collection-errors",
                *words,
                **ONE_THREAD,
            )
        if code:
            return code
    return 0


def lab(*words: str) -> int:
    """Open the notebooks in JupyterLab, on a start page, in an environment of its own."""
    return call(set_up("lab"), "-m", "jupyterlab", *LAB_WORDS, *words)


def lab_test(*words: str) -> int:
    """Walk through JupyterLab as make lab starts it, in a real browser (a few minutes; needs chromium)."""
    test = "tests/app/test_jupyterlab_browser.py"
    return call(set_up("test"), "-m", "pytest", test, *words, OGP_LAB=str(set_up("lab")))


def app(*words: str) -> int:
    """Open the page on which ratings are checked, run and read without a command line (this machine only)."""
    return call(set_up("run"), "-m", "ogp_analysis.app", *words)


def bench(*words: str) -> int:
    """Run the deep tests; then measure the product against its floors and print the ratios."""
    python = set_up("test")
    code = call(python, "-m", "pytest", *PARALLEL, "-m", "deep", **ONE_THREAD)
    codes = [call(python, f"benchmarks/{name}.py", *words) for name in BENCHMARKS]
    return max(code, *codes)


def coverage(*words: str) -> int:
    """Run the tests once more and write which branches of the library none of them executes, and why."""
    return call(set_up("test"), "tools/coverage_page.py", *words)


def mutation(*words: str) -> int:
    """Put slips into the core, one at a time, and see that a test notices each (an hour; not on Windows)."""
    return call(set_up("test"), "tools/mutation.py", *words)


def lowest(*words: str) -> int:
    """Run the tests of the core with the lowest versions that pyproject.toml allows."""
    python = set_up("lowest")
    tests = [str(ROOT / "tests" / room) for room in OF_THE_CORE]
    return call(python, "-m", "pytest", "-n", "2", *tests, *words)


def audit(*words: str) -> int:
    """Check the finished baseline and the repository with outside validators, as an auditor would."""
    return report() or ogp("verify", "outputs/baseline") or call(set_up("audit"), "tools/audit.py", *words)


def docs(*words: str) -> int:
    """Build the documentation as a site into the folder site."""
    sphinx = "-m sphinx -q -W --keep-going -b html docs site"
    code = call(set_up("docs"), *sphinx.split(), *words)
    if not code:
        print("site/index.html")
    return code


def lowest_versions(folder: str) -> Path:
    """Write the lower bounds of the core's dependencies as exact versions into a file of the folder."""
    import tomllib  # not in the Pythons that are too old, to which this file must still say so

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    path = Path(folder, "lowest.txt")
    path.write_text("\n".join(project["dependencies"]).replace(">=", "==") + "\n", encoding="utf-8")
    return path


def lock(*words: str) -> int:
    """Resolve the lock files again from pyproject.toml; needs uv and the network."""
    if not shutil.which("uv"):
        message = "uv is needed to resolve the lock files: pip install uv"
        raise SetupError(message)
    base = "uv pip compile pyproject.toml - --universal --python-version 3.11 --fork-strategy fewest"
    base += " --generate-hashes --no-header --quiet"
    with tempfile.TemporaryDirectory() as made:
        # The test lock comes first and holds the others to its versions.
        orders = [
            ["--extra", "test", "-o", LOCKS["test"]],
            ["--extra", "run", "-c", LOCKS["test"], "-o", LOCKS["run"]],
            ["--extra", "lab", "-c", LOCKS["test"], "-o", LOCKS["lab"]],
            ["docs/requirements.in", "--extra", "run", "-c", LOCKS["test"], "-o", LOCKS["docs"]],
            ["tools/requirements.in", "--extra", "test", "-c", LOCKS["test"], "-o", LOCKS["audit"]],
            [
                "--extra",
                "test",
                "--no-annotate",
                "--override",
                str(lowest_versions(made)),
                "-o",
                LOCKS["lowest"],
            ],
        ]
        for order in orders:
            command = [*base.split(), *order, *words]
            done = subprocess.run(command, cwd=ROOT, input="setuptools>=77\n", encoding="utf-8")
            if done.returncode:
                return done.returncode
    return 0


TASKS = {
    task.__name__.replace("_", "-"): task
    for task in (report, test, app, lab, lab_test, bench, coverage, mutation, lowest, audit, docs, lock, ogp)
}


# What the docstrings of the tasks say, for whoever reads Spanish.
IN_SPANISH = {
    "report": "Ejecutar el escenario base en outputs/baseline y decir qué halló y dónde están los archivos.",
    "test": (
        "Revisar el formato y el código, pasar las pruebas y ejecutar los cuadernos contra sus "
        "salidas guardadas."
    ),
    "app": (
        "Abrir la página en la que se comprueban, ejecutan y leen calificaciones sin línea de "
        "comandos (solo en este equipo)."
    ),
    "lab": "Abrir los cuadernos en JupyterLab, en una página de inicio, en un entorno propio.",
    "lab-test": (
        "Recorrer JupyterLab como lo inicia make lab, en un navegador real (unos minutos; necesita chromium)."
    ),
    "bench": "Correr las pruebas más hondas; luego medir el producto contra sus mínimos.",
    "coverage": (
        "Pasar las pruebas otra vez y escribir qué ramas de la biblioteca no ejecuta ninguna, y por qué."
    ),
    "mutation": (
        "Poner errores en el núcleo, uno por vez, y ver que una prueba advierte cada uno (una "
        "hora; no en Windows)."
    ),
    "lowest": "Pasar las pruebas del núcleo con las versiones más bajas que admite pyproject.toml.",
    "audit": (
        "Revisar el escenario base terminado y el repositorio con validadores externos, como lo "
        "haría quien audita."
    ),
    "docs": "Construir la documentación como sitio en la carpeta site.",
    "lock": "Resolver de nuevo los archivos de versiones fijadas desde pyproject.toml; necesita uv y la red.",
    "ogp": "Llamar a la orden ogp, por ejemplo: make.py ogp check mis-calificaciones.xlsx.",
}
USAGE = {
    "en": "Usage: python3 make.py TASK   (Windows: py make.py TASK)   or: make TASK\n",
    "es": "Uso: python3 make.py TAREA   (Windows: py make.py TAREA)   o bien: make TAREA\n",
}
MAKING = {
    "en": "Making {folder} with Python {version} ...",
    "es": "Creando {folder} con Python {version} ...",
}
INSTALLING = {
    "en": "Installing {lock} (a minute or two; more on a busy machine) ...",
    "es": "Instalando {lock} (uno o dos minutos; más en un equipo ocupado) ...",
}
HELP = ("help", "-h", "--help")
UNKNOWN = {
    "en": "no task {task!r}; the tasks are {tasks}",
    "es": "no hay tarea {task!r}; las tareas son {tasks}",
}


def language() -> str:
    """Choose the language as ogp does: that of the system, else English."""
    named = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    system = next((name for name in named if name), "") or (locale.getlocale()[0] or "")
    return "es" if system.lower().startswith(("es", "spanish")) else "en"


def usage() -> int:
    """List the tasks."""
    about = IN_SPANISH if language() == "es" else {name: task.__doc__ for name, task in TASKS.items()}
    print("\n".join([USAGE[language()], *(f"  {name:10}{about[name]}" for name in TASKS)]))
    return 0


def main(words: list[str]) -> int:
    """Do one task and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal of few characters shows a sign in place of an accent, rather than ending the task.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if words and words[0] not in (*TASKS, *HELP):
        print(UNKNOWN[language()].format(task=words[0], tasks=", ".join(TASKS)), file=sys.stderr)
        return 2
    try:
        return usage() if not words or words[0] in HELP else TASKS[words[0]](*words[1:])
    except SetupError as failure:
        print(failure, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever reads, such as head, has seen enough; what is left would only fail again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
