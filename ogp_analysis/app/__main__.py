"""Open the page: ``python -m ogp_analysis.app``, or ``make app``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import threading
from pathlib import Path
from typing import Any
from webbrowser import open_new_tab

try:
    from ogp_analysis.app.handler import LOCAL, Settings
    from ogp_analysis.app.server import listen
    from ogp_analysis.app.workspace import Workspace
    from ogp_analysis.cli import streams
    from ogp_analysis.cli.main import Parser, chosen_language, exit_code, wording
    from ogp_analysis.language import texts
    from ogp_analysis.runs.notebook_file import found_folder
except ImportError as error:
    from ogp_analysis.model.missing_extras import end_without

    end_without(error)


def parser(language: str) -> argparse.ArgumentParser:
    """Make the parser of the few words that the page understands."""
    made = Parser(language=language, prog="ogp app", description=texts.say("app.cli.description", language))
    options: dict[str, dict[str, Any]] = {
        "--address": {"default": LOCAL[0], "metavar": "ADDRESS"},
        "--port": {"type": int, "default": 0, "metavar": "PORT"},
        "--folder": {"type": Path, "default": Path("work"), "metavar": "FOLDER"},
        "--notebooks": {"type": Path, "default": found_folder(), "metavar": "FOLDER"},
        "--no-browser": {"action": "store_true"},
        "--with-parent": {"action": "store_true"},
        "--lang": {"choices": texts.LANGUAGES, "default": language},
    }
    for option, settings in options.items():
        key = f"app.cli.{option.removeprefix('--').replace('-', '_')}"
        made.add_argument(option, help=texts.say(key, language), **settings)
    return made


def main(words: list[str]) -> int:
    """Serve the page until Ctrl-C."""
    streams.prepare()
    given = parser(chosen_language(words)).parse_args(words)
    settings = Settings(Workspace(given.folder.resolve(), given.notebooks.resolve()), given.lang)
    if not any(given.notebooks.glob("*.ipynb")):
        # Else only a run would find out, long after a form was filled.
        message = texts.say("run.no_notebooks", given.lang, folder=given.notebooks)
        sys.stderr.write(texts.say("cli.error", given.lang, message=message) + "\n")
        return 2
    if given.address not in LOCAL:
        # Whoever opens the page to others knows it by a name of their own.
        settings.hosts = ()
    try:
        asyncio.run(_serve(settings, given))
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        sys.stderr.write(texts.say("cli.error", given.lang, message=wording(error, given.lang)) + "\n")
        return exit_code(error)
    return 0


async def _serve(settings: Settings, given: argparse.Namespace) -> None:
    server, port = listen(settings, given.address, given.port)
    shown = f"[{given.address}]" if ":" in given.address else given.address
    address = f"http://{shown}:{port}/?token={settings.token}"
    sys.stdout.write(texts.say("app.cli.open", given.lang, address=address) + "\n")
    sys.stdout.flush()
    if not given.no_browser:
        open_new_tab(address)
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    if given.with_parent:
        threading.Thread(target=_wait_for_parent, args=(loop, ended), daemon=True).start()
    try:
        await ended.wait()
    finally:
        server.stop()


def _wait_for_parent(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    """Wait until whoever started the page is gone, however it went: its end of the pipe closes then."""
    sys.stdin.read()
    loop.call_soon_threadsafe(ended.set)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
