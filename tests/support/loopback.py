"""A site of a test at an address of this machine, for a real browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Silent(WSGIRequestHandler):
    """A handler that does not print who asked for what."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing."""


@contextmanager
def answering(site: "WSGIApplication") -> Iterator[str]:
    """Give the address at which *site* answers until the end of the block."""
    with running(make_server("localhost", 0, site, handler_class=Silent)) as port:
        yield f"http://localhost:{port}"


@contextmanager
def running(server: HTTPServer) -> Iterator[int]:
    """Let *server* answer in a thread until the end of the block, and give its port."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
