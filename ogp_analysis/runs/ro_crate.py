"""Describe a run as RO-Crate 1.1 with the profile Process Run Crate 0.5: plain records in, JSON-LD out.

Sources: RO-Crate 1.1 (https://w3id.org/ro/crate/1.1, DOI 10.5281/zenodo.5146227) and Process Run Crate 0.5
(https://w3id.org/ro/wfrun/process/0.5, DOI 10.1371/journal.pone.0309210).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# Tables whose copies are the record of a run's data; of phases 1 and 2 all but the participants, who are one
# row a person.
KINDS_RECORDED = ("ratings", "proposals", "decisions")
EARLY_RECORDED = ("received", "answers", "classified", "membership", "groups", "set_aside")
DESCRIPTOR = "ro-crate-metadata.json"
CONTENT_PREFIX = "#content/"
PARAMETER_PREFIX = "#parameter/"
DATA_RECORDED = "#data-recorded"
SEAL = "#seal"
# The nil UUID: an address that is asked for and that nobody has.
NOBODY = "urn:uuid:00000000-0000-0000-0000-000000000000"
# RO-Crate asks for an address of each software; a library without one is an error, so none goes unnamed.
HOMES = {
    "ipykernel": "https://ipython.org/",
    "jinja2": "https://jinja.palletsprojects.com/",
    "matplotlib": "https://matplotlib.org/",
    "nbclient": "https://nbclient.readthedocs.io/",
    "numpy": "https://numpy.org/",
    "openpyxl": "https://openpyxl.readthedocs.io/",
    "pandas": "https://pandas.pydata.org/",
    "papermill": "https://papermill.readthedocs.io/",
    "pikepdf": "https://pikepdf.readthedocs.io/",
    "python": "https://www.python.org/",
    "pyyaml": "https://pyyaml.org/",
    "scikit-learn": "https://scikit-learn.org/",
    "scipy": "https://scipy.org/",
    "typst": "https://typst.app/",
    "xlsxwriter": "https://xlsxwriter.readthedocs.io/",
}
FORMATS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".tex": "text/x-tex",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class Facts:
    """What a record says about a run besides its files.

    Parameters
    ----------
    name : str
        Name of the scenario.
    parameters, origins : dict
        Value and origin (``"plan, line N"`` or ``"ours"``) by parameter name.
    contents : dict of str to str
        What the results depend on: hash or version by name.
    started, ended : str
        Times in UTC, ISO 8601.
    commit : str
        Commit of the code, empty where it is not known.
    clean : bool
        The code had no change since that commit.
    data_recorded : bool
        The checked ratings are in the record, or the data are the packaged example.
    planned : bool
        The method belongs to Ecuador's plan.
    case : str
        What was decided, where it is another case.
    """

    name: str
    parameters: Mapping[str, Any] = field(repr=False)
    origins: Mapping[str, str] = field(repr=False)
    contents: Mapping[str, str] = field(repr=False)
    started: str
    ended: str
    commit: str = ""
    clean: bool = False
    data_recorded: bool = True
    planned: bool = True
    case: str = ""


def graph(facts: Facts, files: Mapping[str, tuple[int, str]]) -> list[dict[str, Any]]:
    """Make the entities of a crate.

    >>> facts = Facts("baseline", {"seed": 1}, {}, {"code": "e3b0"}, "2019-12-01T09:00Z", "2019-12-01T09:01Z")
    >>> entities = graph(facts, {"tables/flow.csv": (10, "ab" * 32)})
    >>> [entity["@id"] for entity in entities][:4]
    ['ro-crate-metadata.json', './', '#run', 'https://ogp-analysis.invalid/sha256/e3b0']
    """
    inputs = [name for name in files if name.startswith("inputs/")]
    outputs = [name for name in files if not name.startswith("inputs/")]
    described = [_descriptor(), _root(facts, files), _action(facts, inputs, outputs), *_software(facts)]
    described += [_file(name, *files[name]) for name in files]
    described += _parameters(facts) + _contents(facts)
    return described + _context_entities()


def _reference(*names: str) -> list[dict[str, str]] | dict[str, str]:
    # RO-Crate 1.1 recommends a single value over a list of one.
    references = [{"@id": name} for name in names]
    return references[0] if len(references) == 1 else references


def _descriptor() -> dict[str, Any]:
    return {
        "@id": DESCRIPTOR,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }


def _root(facts: Facts, files: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": _name(facts),
        "description": (
            f"Tables, figures, executed notebooks and reports of the scenario {facts.name}, with what they "
            "were made from and the SHA-256 of every file."
        ),
        # RO-Crate demands a date; the end of the run is the only one there is.
        "datePublished": facts.ended,
        "license": {"@id": LICENCE},
        "author": {"@id": "#operator"},
        "publisher": {"@id": "#operator"},
        "conformsTo": {"@id": PROFILE},
        "hasPart": _reference(*files),
        "mentions": _reference("#run"),
    }


def _name(facts: Facts) -> str:
    if facts.planned:
        return f"Run {facts.name} of the audit of Ecuador's First Open Government Action Plan"
    return f"Run {facts.name}: {facts.case}" if facts.case else f"Run {facts.name}"


def _action(facts: Facts, inputs: list[str], outputs: list[str]) -> dict[str, Any]:
    # An identifier of JSON-LD holds no blank, hence the slash in "library numpy".
    settings = [f"{PARAMETER_PREFIX}{name}" for name in facts.parameters]
    settings += [f"{CONTENT_PREFIX}{name.replace(' ', '/')}" for name in facts.contents]
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"ogp run {facts.name}",
        "description": "Every notebook executed in a fresh kernel with the parameters of the scenario.",
        "startTime": facts.started,
        "endTime": facts.ended,
        # The record is written last, so only a run that finished has one.
        "actionStatus": "http://schema.org/CompletedActionStatus",
        "agent": {"@id": "#operator"},
        "instrument": {"@id": _code_address(facts)},
        "object": _reference(*inputs, *settings),
        "result": _reference(*outputs),
    }


def _code_address(facts: Facts) -> str:
    # ".invalid" is reserved for addresses that do not exist (RFC 2606); the hash identifies the code.
    return f"https://ogp-analysis.invalid/sha256/{facts.contents['code']}"


def _software(facts: Facts) -> list[dict[str, Any]]:
    version = facts.contents.get("library ogp-analysis", "unknown")
    state = "no change" if facts.clean else "changes"
    code: dict[str, Any] = {
        "@id": _code_address(facts),
        "@type": "SoftwareApplication",
        "name": "ogp-analysis",
        "version": version,
        "description": (
            f"Commit {facts.commit}, with {state} since."
            if facts.commit
            else "Installed without its history."
        ),
        "url": _code_address(facts),
        "softwareRequirements": [],
    }
    libraries = []
    for name, value in facts.contents.items():
        kind, _, library = name.partition(" ")
        if kind == "library" and library != "ogp-analysis":
            libraries.append(_library(library, value))
    code["softwareRequirements"] = _reference(*(library["@id"] for library in libraries))
    return [code, *libraries]


def _library(name: str, version: str) -> dict[str, Any]:
    return {
        "@id": HOMES[name],
        "@type": "SoftwareApplication",
        "name": name,
        "version": version,
        "url": HOMES[name],
    }


def _file(name: str, size: int, digest: str) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "File",
        "name": PurePosixPath(name).name,
        "description": f"{'Input' if name.startswith('inputs/') else 'Output'} of the run, {name}",
        "encodingFormat": FORMATS.get(PurePosixPath(name).suffix, "application/octet-stream"),
        "contentSize": str(size),
        "sha256": digest,
    }


def _property(identifier: str, name: str, value: Any, description: str) -> dict[str, Any]:
    return {
        "@id": identifier,
        "@type": "PropertyValue",
        "name": name,
        "value": value,
        "description": description,
    }


def _parameters(facts: Facts) -> list[dict[str, Any]]:
    return [
        _property(
            f"{PARAMETER_PREFIX}{name}", name, _text(value), f"origin: {facts.origins.get(name, 'ours')}"
        )
        for name, value in facts.parameters.items()
    ]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _contents(facts: Facts) -> list[dict[str, Any]]:
    described = [
        _property(f"{CONTENT_PREFIX}{name.replace(' ', '/')}", name, value, "SHA-256 or version")
        for name, value in facts.contents.items()
    ]
    # `run.derive` asks for this one: without the data a run cannot be made again.
    data_recorded = _property(
        DATA_RECORDED, "data recorded", facts.data_recorded, "the ratings are in inputs/"
    )
    return [*described, data_recorded]


def _context_entities() -> list[dict[str, Any]]:
    return [
        {
            "@id": LICENCE,
            "@type": "CreativeWork",
            "name": "Creative Commons Attribution 4.0 International",
            "description": "Share and adapt with attribution.",
        },
        {
            "@id": "#operator",
            "@type": "Organization",
            "name": "Whoever ran the scenario; not recorded",
            "url": NOBODY,
        },
        {
            "@id": PROFILE,
            "@type": "CreativeWork",
            "name": "Process Run Crate",
            "version": "0.5",
        },
    ]
