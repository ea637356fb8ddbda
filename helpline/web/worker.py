"""gunicorn's worker and logger, so that neither log nor refusal can tell of a visitor."""

import logging
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from gunicorn.glogging import Logger
from gunicorn.http import wsgi
from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.workers.sync import SyncWorker
from typing_extensions import override

from helpline.web.quiet import quiet_trace, quieten_libraries

if TYPE_CHECKING:
    import socket
    from datetime import timedelta

    from gunicorn.http.message import Request

    from helpline.web.frozen import FrozenPage

BARE_REFUSAL = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class QuietLogger(Logger):
    """gunicorn's own log. It keeps no access log and prints no word that came with a request.

    What gunicorn says of its processes (informative, errors, critical) comes from its master and holds none.
    """

    @override
    def setup(self, cfg: object) -> None:
        """Configure as gunicorn does, then let all other libraries be quiet as well."""
        super().setup(cfg)
        quieten_libraries()

    @override
    def warning(self, msg: str, *args: object, **kwargs: object) -> None:
        """Log that something was odd: gunicorn's warnings hold the address of who sent it."""
        del msg, args, kwargs
        self.error_log.warning("a request was refused, or a worker was disturbed")

    @override
    def exception(self, msg: str, *args: object, **kwargs: object) -> None:
        """Log what broke and where, not what was asked for when it did."""
        del msg, args, kwargs
        self.error_log.error("%s", quiet_trace(sys.exception() or RuntimeError()))

    @override
    def debug(self, msg: str, *args: object, **kwargs: object) -> None:
        """Log nothing: debug lines hold requests."""

    @override
    def access(self, resp: wsgi.Response, req: "Request", environ: object, request_time: "timedelta") -> None:
        """Log nothing: who read what is nobody's business."""


SILENCE_SECONDS = 5.0
"""A sync worker serves one line at a time; a telephone that sends nothing for so long has lost its connection."""


class QuietResponse(wsgi.Response):
    """gunicorn's writer of answers, without its name and version."""

    @override
    def default_headers(self) -> list[str]:
        """Return gunicorn's own headers but for Server, which no setting switches off."""
        return [line for line in super().default_headers() if not line.startswith("Server:")]


class QuietWorker(SyncWorker):
    """A sync worker whose refusals are pages of the site and whose log cannot name who asked."""

    @override
    def handle(self, listener: "socket.socket", client: "socket.socket", addr: object) -> None:
        """Answer *client*, and let go of one that begins a request and falls silent: it would hold the whole worker."""
        client.settimeout(SILENCE_SECONDS)
        super().handle(listener, client, addr)

    @override
    def handle_request(self, listener: "socket.socket", req: "Request", client: "socket.socket", addr: object) -> None:
        """Answer *req*. An error that reaches this far leaves the visitor with the site's own page."""
        response, environ = wsgi.create(
            req, client, addr, listener.getsockname(), self.cfg, response_class=QuietResponse
        )
        response.force_close()
        self.nr += 1
        self.alive = self.alive and self.nr < self.max_requests
        answer = self.wsgi(environ, response.start_response)
        try:
            for part in answer:
                response.write(part)
            response.close()
        finally:
            if hasattr(answer, "close"):
                answer.close()

    @override
    def handle_error(self, req: object, client: "socket.socket", addr: object, exc: BaseException) -> None:
        """Answer what could not be read, with no detail, and log no more than what kind of fault it was.

        Who sent it may have hung up. That error must not leave this method: gunicorn would end the worker for it.
        """
        del req, addr
        level = logging.INFO if isinstance(exc, ParseException) else logging.ERROR
        self.log.log(level, "%s", quiet_trace(exc))
        if not isinstance(exc, NoMoreData):
            with suppress(OSError):
                client.sendall(self._refusal())

    def _refusal(self) -> bytes:
        """Return the site's page for an unreadable request, headers and all; a site may have none."""
        page_for = getattr(self.wsgi, "unreadable_request", None)
        return BARE_REFUSAL if page_for is None else _as_sent(page_for())


def _as_sent(page: "FrozenPage") -> bytes:
    head = [f"HTTP/1.1 {page.status}", *(f"{name}: {value}" for name, value in page.headers), "Connection: close"]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + page.body(str)
