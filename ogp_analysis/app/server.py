"""The server of the page: this machine only unless told otherwise, a token, nothing from elsewhere."""

from __future__ import annotations

from ogp_analysis.model.missing_extras import need

need("tornado")

from tornado import httpserver, netutil, web

from ogp_analysis.app import requests
from ogp_analysis.app.handler import LOCAL, Asset, Nothing, Settings

# Of one upload; the readers have limits of their own, which say more.
LARGEST_UPLOAD = 200 * 2**20


def application(settings: Settings) -> web.Application:
    """Put the answers together, each at its address."""
    given = {"settings": settings}
    routes = [(path, handler, given) for path, handler in requests.ROUTES]
    assets = [(r"/(app\.css|app\.js)", Asset, given)]
    return web.Application([*assets, *routes, (r"(.*)", Nothing, given)], log_function=lambda _: None)


def listen(settings: Settings, address: str = LOCAL[0], port: int = 0) -> tuple[httpserver.HTTPServer, int]:
    """Listen; port 0 takes one that is free.

    Parameters
    ----------
    settings : Settings
        What every answer needs.
    address : str
        This machine alone, unless another one is given.
    port : int
        Where.

    Returns
    -------
    HTTPServer, int
        And the port.

    Raises
    ------
    OSError
        The port is taken.
    """
    sockets = netutil.bind_sockets(port, address)
    server = httpserver.HTTPServer(application(settings), max_buffer_size=LARGEST_UPLOAD)
    server.add_sockets(sockets)
    return server, sockets[0].getsockname()[1]
