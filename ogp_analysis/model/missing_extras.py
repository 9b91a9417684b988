"""What is not installed with the core: which extra brings it, said in one sentence."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import NoReturn

from ogp_analysis.errors import OgpError
from ogp_analysis.language import texts

# Packages of the core are left out: pip never installs the project without them.
EXTRA_OF = {
    "IPython": "run",
    "distributed": "cluster",
    "ipykernel": "run",
    "ipywidgets": "lab",
    "jinja2": "run",
    "jupyter_client": "run",
    "markupsafe": "run",
    "matplotlib": "run",
    "nbclient": "run",
    "nbformat": "run",
    "papermill": "run",
    "pikepdf": "run",
    "psutil": "run",
    "sklearn": "run",
    "tornado": "run",
    "typst": "run",
}

# The catalogues are read with a package of the core, so that this stands here, in both languages.
NOT_INSTALLED = (
    '{package} is not installed: pip install ".[run]" in the folder of the project, or use its .venv'
    ' / {package} no está instalado: pip install ".[run]" en la carpeta del proyecto, o use su .venv'
)
# As of a run that failed: the exit codes of `cli/main`, which cannot be imported then.
FAILED = 3


class MissingExtraError(OgpError, ImportError):
    """A part of the package was asked for whose dependencies are not installed.

    Parameters
    ----------
    package : str
        Name under which the missing package is imported, a key of ``EXTRA_OF``.

    Examples
    --------
    >>> MissingExtraError("matplotlib").values["extra"]
    'run'
    >>> print(MissingExtraError("matplotlib"))
    matplotlib is not installed; it comes with the extra "run": pip install "ogp-analysis[run]"
    """

    def __init__(self, package: str) -> None:
        values = {"package": package, "extra": EXTRA_OF[package]}
        super().__init__(texts.say("extra.missing", "en", **values), key="extra.missing", **values)


def need(*packages: str) -> None:
    """Refuse in words where one of these packages is not installed.

    Parameters
    ----------
    *packages : str
        Names under which they are imported, keys of ``EXTRA_OF``.

    Raises
    ------
    MissingExtraError
        The first one that is not there, with the extra that brings it.

    Examples
    --------
    >>> need("matplotlib", "typst")
    """
    for package in packages:
        if find_spec(package) is None:
            raise MissingExtraError(package)


def end_without(error: ImportError) -> NoReturn:
    """End a program in one sentence where a package is not installed, of the core or of an extra.

    Parameters
    ----------
    error : ImportError
        What an import raised.

    Raises
    ------
    SystemExit
        With code 3, once the sentence is written.
    ImportError
        The one given, where a module of the project itself lacks: that is a defect.
    """
    package = str(getattr(error, "values", {}).get("package") or error.name or "").partition(".")[0]
    if package in ("", "ogp_analysis"):
        raise error
    sys.stderr.write(NOT_INSTALLED.format(package=package) + "\n")
    sys.exit(FAILED)
