"""Sites in front of a real browser: a demo as it is shipped, and the visitors' site whose time a test moves."""

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from tests.selfhelp.conftest import library_site
from tests.support.demo import OpenedDemo
from tests.support.running import filled_demo
from tests.support.visitors import Served

__all__ = ["library_site"]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> OpenedDemo:
    """Give a demo that was filled now; whoever serves it takes a copy."""
    return filled_demo(tmp_path_factory.mktemp("filled"))


class Silent(WSGIRequestHandler):
    """A handler that does not print who asked for what."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing."""


@pytest.fixture(scope="session")
def address(library_site: Served) -> Iterator[str]:
    """Give the address at which the visitors' site answers; its time stands still until a test moves it."""
    server = make_server("localhost", 0, library_site.site, handler_class=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
