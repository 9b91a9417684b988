"""Validators that expect a network, made to work without one: crate context, conda specifications, pages."""

from __future__ import annotations

import importlib.resources
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
SERIOUS = ("serious", "critical")
# A desk and a telephone.
WIDTHS = ({"width": 1280, "height": 900}, {"width": 390, "height": 844})
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def crate_cache(folder: Path) -> Path:
    """Make a cache that answers the validator's one request, for the JSON-LD context."""
    import requests_cache
    from requests.adapters import BaseAdapter, HTTPAdapter
    from urllib3.response import HTTPResponse

    body = (importlib.resources.files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()

    class Shelf(BaseAdapter):
        def send(self, request, **options):
            headers = {"Content-Type": "application/ld+json"}
            answer = HTTPResponse(body=io.BytesIO(body), status=200, headers=headers, preload_content=False)
            return HTTPAdapter().build_response(request, answer)

        def close(self) -> None:
            """Nothing is open."""

    path = folder / "context"
    with requests_cache.CachedSession(str(path), expire_after=-1, backend="sqlite") as session:
        session.mount("https://w3id.org/", Shelf())
        for headers in ({"Accept": "application/ld+json, application/json, */*;q=0.1"}, {}):
            session.get(CONTEXT, headers=headers)
    return path


def crate_issues(folder: Path, cache: Path) -> list[str]:
    """Validate a crate at the recommended level."""
    from rocrate_validator import services
    from rocrate_validator.models import Severity, ValidationSettings

    settings = ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="process-run-crate-0.5",
        requirement_severity=Severity.RECOMMENDED,
        offline=True,
        cache_path=str(cache),
    )
    return [str(issue.message) for issue in services.validate(settings).get_issues()]


def conda_problems(entries: Sequence[str], locked: Mapping[str, str]) -> Iterator[str]:
    """Name entries that conda cannot read, or that exclude the locked version."""
    import rattler

    versions = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in locked.items()}
    for entry in entries:
        try:
            # "name=1.2.*" and "name 1.2.*" mean the same; the strict parser takes the second.
            wanted = rattler.MatchSpec(re.sub(r"^([\w.-]+)=(?=\d)", r"\1 ", entry), strict=True)
        except Exception as error:
            yield f"{entry}: {error}"
            continue
        have = versions.get(wanted.name.normalized)
        limit = re.fullmatch(r"[^=<>]+=([\d.]+)\.\*", entry)
        if have and limit and not f"{have}.".startswith(f"{limit[1]}."):
            yield f"{entry} excludes the locked {have}"


def page_findings(paths: Sequence[Path], chromium: str) -> Iterator[str]:
    """Open pages without a network and look for accessibility findings, requests and errors."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for path, viewport in product(paths, WIDTHS):
            page = browser.new_context(offline=True, bypass_csp=True, viewport=viewport).new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("pageerror", lambda error, asked=asked: asked.append(f"error: {error}"))
            page.goto(path.as_uri())
            page.wait_for_load_state("load")
            yield from (
                f"{path.name}: {address}"
                for address in asked
                if not address.startswith(("file:", "data:", "blob:"))
            )
            for finding in Axe().run(page).response["violations"]:
                if finding["impact"] in SERIOUS:
                    yield f"{path.name}: {finding['id']} on {len(finding['nodes'])} elements"
        browser.close()
