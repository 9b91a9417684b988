"""The page beside JupyterLab: started by a kernel, ended with it, opened by a link."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ogp_analysis.language import texts


@dataclass(frozen=True)
class Link:
    """A link to the page; Jupyter shows it.

    Parameters
    ----------
    address : str
        With the token: whoever has it may use the page.
    process : subprocess.Popen
        The page; it ends with this one.
    """

    address: str
    process: subprocess.Popen[str] = field(repr=False)

    def _repr_html_(self) -> str:
        words = " · ".join(texts.say("app.open_here", language) for language in texts.LANGUAGES)
        href = html.escape(self.address, quote=True)
        return f'<p><a href="{href}" target="_blank" rel="noopener">{words}</a></p>'


def start(project: Path | str) -> Link:
    """Start the page for a project and give the link to it.

    Parameters
    ----------
    project : Path or str
        Folder that holds ``notebooks/``; what the page writes goes into ``work/`` there.

    Returns
    -------
    Link
        To the page, on this machine alone.

    Raises
    ------
    OSError
        The page did not start; its own words are the message.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "ogp_analysis.app", "--no-browser", "--with-parent"],
        cwd=project,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    first = process.stdout.readline() if process.stdout else ""
    address = re.search(r"https?://\S+", first)
    if address is None:
        raise OSError(first + process.communicate()[0])
    return Link(address[0], process)
