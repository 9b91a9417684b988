"""Make and check the record of a run: what it was made from, what it made, and the SHA-256 of every byte."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ogp_analysis.errors import RunError
from ogp_analysis.language import texts
from ogp_analysis.runs.ro_crate import (
    CONTENT_PREFIX,
    CONTEXT,
    DESCRIPTOR,
    PARAMETER_PREFIX,
    SEAL,
    Facts,
    graph,
)

# A run makes them before it knows whether they get a file.
FOLDERS = ("notebooks", "tables", "figures")
# Systems put these into folders that somebody looks at, office programs beside a file that is open.
TRACE = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\._.+|~\$.+|\.~lock\..+#")


@dataclass(frozen=True)
class Finding:
    """One thing in a run folder that is not as recorded.

    Parameters
    ----------
    rule : str
        Key of the text that words it: ``"run.altered"``, ``"run.lost"``, ``"run.linked"``,
        ``"run.added"``, ``"run.record"``.
    file : str
        Path relative to the run folder.
    detail : str
        What the text names besides.

    Examples
    --------
    >>> Finding("run.altered", "tables/flow.csv").say()
    'tables/flow.csv: not the bytes that the run wrote'
    """

    rule: str
    file: str
    detail: str = ""

    def say(self, language: str = "en") -> str:
        """Word the finding in one line."""
        return texts.say(self.rule, language, file=self.file, detail=self.detail)


def write(folder: Path, facts: Facts) -> None:
    """Write the record of a run into its folder, as the last of its files.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write(folder, Facts("cuts", {}, {}, {"code": "e3b0"}, "2019-12-01T09:00Z", "2019-12-01T09:01Z"))
    >>> read(folder)["#run"]["name"], check(folder)
    ('ogp run cuts', [])
    """
    text = sealed({"@context": CONTEXT, "@graph": graph(facts, hashes(folder))})
    # Beside its place first: a run killed here has no record rather than half a one.
    beside = folder / f".{DESCRIPTOR}.part"
    beside.write_text(text, encoding="utf-8", newline="")
    beside.replace(folder / DESCRIPTOR)


def sealed(crate: dict[str, Any]) -> str:
    """Write a crate as text that holds the SHA-256 of the rest of itself: no byte changes unseen.

    >>> text = sealed({"@context": "", "@graph": [{"@id": "./"}]})
    >>> is_sealed(text), is_sealed(text.replace("./", ".."))
    (True, False)
    """
    unsealed = [entity for entity in crate["@graph"] if entity["@id"] != SEAL]
    digest = hashlib.sha256(_text({**crate, "@graph": unsealed}).encode()).hexdigest()
    seal = {
        "@id": SEAL,
        "@type": "PropertyValue",
        "name": "SHA-256 of this record without this entry",
        "value": digest,
    }
    return _text({**crate, "@graph": [*unsealed, seal]})


def _text(crate: dict[str, Any]) -> str:
    return json.dumps(crate, indent=1, ensure_ascii=False) + "\n"


def hashes(folder: Path, sizes: Mapping[str, int] | None = None) -> dict[str, tuple[int, str]]:
    r"""Hash every file of a run but its record and traces; links are none, wherever they lead.

    Parameters
    ----------
    folder : Path
        The run.
    sizes : mapping of str to int, optional
        What each file must have: one of another size is not read, however large, and its hash is empty.

    Returns
    -------
    dict
        Size and SHA-256 (hex) by path relative to the folder, sorted.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_bytes(b"n\n1\n")
    >>> {name: (size, digest[:8]) for name, (size, digest) in hashes(folder).items()}
    {'a.csv': (4, '6ff2d849')}
    """
    hashed = {}
    paths = [
        Path(below, name) for below, _, files in os.walk(folder, onerror=_refuse_denied) for name in files
    ]
    # With forward slashes on every system, so that order and names in the record are the same.
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in paths):
        if name != DESCRIPTOR and is_plain(path) and not is_trace(path.name):
            size = path.stat().st_size
            if sizes is not None and sizes.get(name, size) != size:
                hashed[name] = (size, "")
                continue
            content = path.read_bytes()
            hashed[name] = (len(content), hashlib.sha256(content).hexdigest())
    return hashed


def _refuse_denied(error: OSError) -> None:
    """Pass over what is not there, as `os.walk` does; what may not be read is not lost, and is named."""
    if isinstance(error, PermissionError):
        raise error


def is_plain(path: Path) -> bool:
    """Say whether this is a file in its own right: no link, which can lead anywhere, no pipe and no folder.

    >>> is_plain(Path(__file__)), is_plain(Path(__file__).parent)
    (True, False)
    """
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def is_trace(name: str) -> bool:
    """Say whether a file of this name is left by whoever looks at a folder: no part of a run, and no fault.

    >>> [is_trace(name) for name in (".DS_Store", "~$tables.xlsx", ".~lock.tables.xlsx#", "tables.xlsx")]
    [True, True, True, False]
    """
    return TRACE.fullmatch(name) is not None


def traces(folder: Path) -> list[str]:
    """List the files that others left in a run by looking at it.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "Thumbs.db").write_bytes(b"")
    >>> traces(folder)
    ['Thumbs.db']
    """
    paths = [
        Path(below, name)
        for below, _, files in os.walk(folder, onerror=_refuse_denied)
        for name in files
        if is_trace(name)
    ]
    return sorted(path.relative_to(folder).as_posix() for path in paths if is_plain(path))


def strangers(folder: Path) -> list[str]:
    """List what no run makes: links wherever they lead, pipes, empty folders.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("figures", "tables/more"):
    ...     (folder / name).mkdir(parents=True)
    >>> strangers(folder)
    ['tables/more/']
    """
    strange = []
    for below, folders, files in os.walk(folder, onerror=_refuse_denied):
        here = Path(below).relative_to(folder)
        strange += [here / name for name in files if not is_plain(Path(below, name))]
        strange += [here / name for name in folders if Path(below, name).is_symlink()]
        if not (folders or files) and here.as_posix() not in {".", *FOLDERS}:
            strange.append(here)
    return sorted(path.as_posix() + ("/" if (folder / path).is_dir() else "") for path in strange)


def read(folder: Path) -> dict[str, Any]:
    """Read the record of a run.

    Parameters
    ----------
    folder : Path
        The run.

    Returns
    -------
    dict
        Entity by ``@id``.

    Raises
    ------
    RunError
        The folder holds no record, or one that is no RO-Crate.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / DESCRIPTOR).write_text('{"@graph": [{"@id": "./", "name": "Run baseline"}]}')
    >>> read(folder)["./"]["name"]
    'Run baseline'
    """
    path = folder / DESCRIPTOR
    try:
        if path.is_symlink() or (path.exists() and not is_plain(path)):
            # Its content stands elsewhere, or comes when somebody writes into the pipe.
            raise ValueError(path.name)
        crate = json.loads(path.read_bytes().decode())
        entities = {entity["@id"]: entity for entity in crate["@graph"]}
        # Here and not where they are asked for: a record that lacks its values is broken to every reader.
        contents(entities)
        parameters(entities)
        return entities
    except PermissionError:
        key = "run.record_denied"
    except (FileNotFoundError, NotADirectoryError):
        missing = "run.not_a_folder" if folder.exists() else "run.no_such_folder"
        key = "run.no_record" if folder.is_dir() else missing
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        key = "run.broken_record"
    message = texts.say(key, "en", folder=folder.name)
    raise RunError(message, key=key, folder=folder.name)


def contents(entities: dict[str, Any]) -> dict[str, str]:
    """Give what the results depend on, SHA-256 (hex) or version by name (``"library numpy"``), from a record.

    >>> contents({"#content/code": {"name": "code", "value": "e3b0c442"}, "./": {"name": "Run"}})
    {'code': 'e3b0c442'}
    """
    return {e["name"]: e["value"] for key, e in entities.items() if key.startswith(CONTENT_PREFIX)}


def parameters(entities: dict[str, Any]) -> dict[str, Any]:
    """Give the parameters of the run from a record: value by name, as `params.as_dict` wrote it.

    >>> parameters({"#parameter/seed": {"name": "seed", "value": "2019"}})
    {'seed': 2019}
    """
    return {
        e["name"]: json.loads(e["value"]) for key, e in entities.items() if key.startswith(PARAMETER_PREFIX)
    }


def listed(entities: dict[str, Any]) -> dict[str, str]:
    """Give the files that a record lists, whether they are there or not: SHA-256 (hex) by path.

    >>> listed({"a.csv": {"@type": "File", "sha256": "e3b0"}, "./": {"@type": "Dataset"}})
    {'a.csv': 'e3b0'}
    """
    return {key: e["sha256"] for key, e in entities.items() if e.get("@type") == "File" and "sha256" in e}


def check(folder: Path) -> list[Finding]:
    """Compare a run folder with its record, byte for byte.

    Parameters
    ----------
    folder : Path
        The run.

    Returns
    -------
    list of Finding
        Every file that was altered, lost or added, and the record itself when it was touched.

    Raises
    ------
    RunError
        The folder holds no record, or one that is no RO-Crate.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> seal = sealed({"@context": "", "@graph": [{"@id": "a.csv", "@type": "File", "sha256": "e3b0c442"}]})
    >>> _ = (folder / DESCRIPTOR).write_text(seal, encoding="utf-8", newline="")
    >>> [(finding.rule, finding.file) for finding in check(folder)]
    [('run.lost', 'a.csv')]
    """
    entities = read(folder)
    digests = listed(entities)
    sizes = {key: int(entities[key]["contentSize"]) for key in digests if _is_size(entities[key])}
    present = {name: digest for name, (_, digest) in hashes(folder, sizes).items()}
    strange = [name for name in strangers(folder) if name != DESCRIPTOR]
    emptied = [name for name in strange if (folder / name).is_dir() and not (folder / name).is_symlink()]
    # Nobody added a folder whose files are lost.
    strange = [name for name in strange if not (name in emptied and _stands_for(name, digests))]
    linked = [name for name in strange if name not in emptied and _stands_for(name, digests)]
    # What is said of a link in the place of a folder holds of all that the run wrote below it.
    below = tuple(name.rstrip("/") + "/" for name in linked)
    gone = [name for name in digests if name not in (*present, *strange) and not name.startswith(below)]
    findings = [Finding("run.lost", name) for name in gone]
    findings += [Finding("run.linked", name) for name in linked]
    findings += [
        Finding("run.altered", name)
        for name, digest in present.items()
        if name in digests and digest != digests[name]
    ]
    findings += [
        Finding("run.added", name) for name in (*present, *strange) if name not in {*digests, *linked}
    ]
    # Whoever changes a file can change its hash here too; the seal tells a change of the record, not who
    # made it.
    if not is_sealed((folder / DESCRIPTOR).read_bytes().decode()):
        findings.append(Finding("run.record", DESCRIPTOR))
    return sorted(findings, key=lambda finding: finding.file)


def _stands_for(stranger: str, digests: Mapping[str, str]) -> bool:
    """Say whether a link or a pipe stands where the run wrote a file or made a folder."""
    name = stranger.rstrip("/")
    return name in (*FOLDERS, *digests) or any(file.startswith(f"{name}/") for file in digests)


def _is_size(entity: Mapping[str, Any]) -> bool:
    return re.fullmatch("[0-9]{1,18}", str(entity.get("contentSize", ""))) is not None


def is_sealed(text: str) -> bool:
    """Say whether a record is byte for byte what was written."""
    try:
        return sealed(json.loads(text)).encode() == text.encode()
    except UnicodeEncodeError:
        # JSON can name halves of characters, which no file of a run holds.
        return False
