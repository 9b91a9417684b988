"""The page served in this process, for tests: a workspace with tiny notebooks, and who asks it."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tiny_notebooks import write_notebook

from ogp_analysis.app.handler import Settings
from ogp_analysis.app.server import listen
from ogp_analysis.app.workspace import Workspace

# A notebook that stays at work until it is stopped, where the scenario asks for it by its seed.
WAITING = "if seed == 7:\n    import time\n    time.sleep(600)"
SEED_THAT_WAITS = 7


@dataclass(frozen=True)
class Served:
    """A page that is served."""

    settings: Settings
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def way_in(self) -> str:
        return f"{self.address}?token={self.settings.token}"

    @property
    def workspace(self) -> Workspace:
        return self.settings.workspace

    def ask(
        self, method: str, path: str, body: str | bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask as whoever has the token does, unless other headers are given."""
        own = {"Cookie": f"ogp-{self.port}={self.settings.token}", "X-Ogp": "1"}
        if isinstance(body, str):
            own["Content-Type"] = "application/x-www-form-urlencoded"
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, path, body or None, {k: v for k, v in own.items() if v})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()


@contextlib.contextmanager
def served(folder: Path, language: str = "en") -> Iterator[Served]:
    """Serve the page on a thread for a while."""
    notebooks = folder / "notebooks"
    write_notebook(notebooks, "01_tiny", WAITING)
    settings = Settings(Workspace(folder / "work", notebooks), language)
    loop, ready, found = asyncio.new_event_loop(), threading.Event(), []

    async def serve() -> None:
        found.append(listen(settings))
        ready.set()

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert ready.wait(30)
    server, port = found[0]
    try:
        yield Served(settings, port)
    finally:
        loop.call_soon_threadsafe(server.stop)
        asyncio.run_coroutine_threadsafe(server.close_all_connections(), loop).result(30)
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()
