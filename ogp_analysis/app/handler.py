"""What all answers of the page have in common: who may ask, in which language, how an error is said."""

from __future__ import annotations

from ogp_analysis.model.missing_extras import need

need("jinja2", "tornado")

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tornado import ioloop, web

from ogp_analysis.app import pages
from ogp_analysis.app.workspace import Workspace
from ogp_analysis.cli.main import exit_code, wording
from ogp_analysis.language import texts

# Scripts and styles of the page itself and nothing else; it talks to nobody but this server.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A report has its script inside; as a stranger to this page it can ask the server for nothing.
POLICY_OF_RUNS = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "sandbox allow-scripts allow-modals allow-downloads allow-popups"
)
LOCAL = ("127.0.0.1", "localhost", "::1", "[::1]")
# A page of another site cannot send it: the browser would ask this server first, which says no.
HEADER = "X-Ogp"


@dataclass
class Settings:
    """What every answer needs.

    Parameters
    ----------
    workspace : Workspace
        Where it works.
    language : str
        Where the reader has chosen none.
    token : str
        Who has it may use the page.
    hosts : tuple of str
        Names under which the page may be asked for; empty for any, where it is meant for other machines.
    cases : dict
        Cases of the explorer that were read already, by scenario and what they were read from.
    """

    workspace: Workspace
    language: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    hosts: tuple[str, ...] = LOCAL
    cases: dict[Any, Any] = field(default_factory=dict)


class Handler(web.RequestHandler):
    """What all answers have in common: who may ask, in which language, how an error is said."""

    policy = POLICY

    def initialize(self, settings: Settings) -> None:
        """Take what every answer needs."""
        self.ours = settings
        self.workspace = settings.workspace

    def set_default_headers(self) -> None:
        """Send what keeps a browser from doing more than it must."""
        self.set_header("Content-Security-Policy", self.policy)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.clear_header("Server")

    @property
    def language(self) -> str:
        """The reader's language: as chosen, else the system's."""
        chosen = self.get_cookie("ogp-language") or ""
        return chosen if chosen in texts.LANGUAGES else self.ours.language

    @property
    def cookie(self) -> str:
        """Name of the cookie that holds the token: another server of this machine has another port."""
        return f"ogp-{self.request.host.rpartition(':')[2]}"

    def prepare(self) -> None:
        """Refuse whoever has no token, another name for this machine, or comes from another page."""
        if self.ours.hosts and self.request.host_name not in self.ours.hosts:
            raise web.HTTPError(403)
        given = self.get_query_argument("token", "")
        if self.request.method == "GET" and given and self._is_token(given):
            self.set_cookie(self.cookie, given, httponly=True, samesite="Lax", path="/")
            rest = {name: self.get_query_arguments(name) for name in self.request.query_arguments}
            rest.pop("token")
            self.redirect(f"{self.request.path}?{urlencode(rest, doseq=True)}".rstrip("?"))
            return
        if not self._is_token(self.get_cookie(self.cookie) or ""):
            raise web.HTTPError(403)
        if self.request.method not in ("GET", "HEAD") and self.request.headers.get(HEADER) != "1":
            raise web.HTTPError(403)

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self.ours.token.encode())

    def write_error(self, status_code: int, **given: Any) -> None:
        """Say in words what is wrong."""
        error = given.get("exc_info", (None, None, None))[1]
        if isinstance(error, web.HTTPError) or error is None:
            key = "no_token" if status_code == 403 else "no_page"
            message = texts.say(f"app.{key}", self.language)
        else:
            self.set_status(400 if exit_code(error) in (1, 2) else 500)
            message = wording(error, self.language)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(pages.part("refusal", self.language, message=message))

    def log_exception(self, *error: Any) -> None:
        """Log nothing: an error is said on the page, and a message may quote a cell."""

    async def away(self, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Do what takes time on a thread, so that the page goes on answering."""
        return await ioloop.IOLoop.current().run_in_executor(None, lambda: work(*given, **named))

    def part(self, name: str, language: str = "", /, **values: Any) -> None:
        """Answer with a part of the page."""
        self.finish(pages.part(name, language or self.language, **values))

    def file(self, name: str, content: bytes, kind: str) -> None:
        """Answer with a file to keep."""
        self.set_header("Content-Type", kind)
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(content)

    def answers(self) -> dict[str, list[str]]:
        """Give what a form sent."""
        return {name: self.get_body_arguments(name, strip=False) for name in self.request.body_arguments}


class Asset(Handler):
    """Style and script of the page."""

    def get(self, name: str) -> None:
        """Send one."""
        kinds = {"app.css": "text/css", "app.js": "text/javascript"}
        self.set_header("Content-Type", f"{kinds[name]}; charset=UTF-8")
        self.finish(pages.asset(name))


class Nothing(Handler):
    """Whatever else is asked for."""

    def get(self, *_: str) -> None:
        """Say that there is no such page."""
        raise web.HTTPError(404)
