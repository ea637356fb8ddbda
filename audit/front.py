"""A small front before the visitors' site, so that it is met over TLS as it is behind deploy/nginx.conf.

One port answers both ways of speaking, for a scanner that takes one address: TLS is passed on, plain HTTP is sent
to TLS. What it says to the site, and what it keeps from it, is what that configuration says.
"""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from typing_extensions import override

from audit.node import ToolError

NAME = "localhost"
TLS_HANDSHAKE = b"\x16"
"""The first byte of a line that begins with TLS (RFC 8446, 5.1)."""
PATIENCE_SECONDS = 30
KEPT_FROM_THE_SITE = {"user-agent", "referer", "cookie", "connection"}
BETWEEN_TWO_ONLY = {"connection", "date"}


@dataclass(frozen=True, slots=True)
class Front:
    """Where the front answers, and who vouches for it."""

    port: int
    certificate: Path


@contextmanager
def tls_front(site_port: int, folder: Path) -> Iterator[Front]:
    """Stand before the site at *site_port* until the end of the block; key and certificate lie in *folder*."""
    key, certificate = _made_by_openssl(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Handler(_Handler):
        tls = context
        behind = site_port

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Front(server.server_port, certificate)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _made_by_openssl(folder: Path) -> tuple[Path, Path]:
    """Return a new key and a certificate that it signs itself, for a day."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise ToolError("openssl is not there (Debian: apt-get install openssl)")
    key, certificate = folder / "front.key", folder / "front.pem"
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
    named = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    written = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([openssl, "req", *kind, *named, *written], check=True, capture_output=True)
    return key, certificate


class _Handler(BaseHTTPRequestHandler):
    tls: ssl.SSLContext
    behind: int
    is_secure = False

    @override
    def setup(self) -> None:
        line: socket.socket = self.request
        line.settimeout(PATIENCE_SECONDS)
        if line.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:
            self.request, self.is_secure = self.tls.wrap_socket(line, server_side=True), True
        super().setup()

    def do_GET(self) -> None:
        """Pass the request on, or send whoever speaks without TLS to TLS."""
        if self.is_secure:
            self._pass_on()
            return
        self.send_response_only(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", f"https://{self.headers['Host']}{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self) -> None:
        """Do the same for the head of a page."""
        self.do_GET()

    def do_OPTIONS(self) -> None:
        """Do the same for the question which ways of asking there are."""
        self.do_GET()

    def _pass_on(self) -> None:
        said = {name: value for name, value in self.headers.items() if name.lower() not in KEPT_FROM_THE_SITE}
        connection = HTTPConnection("127.0.0.1", self.behind, timeout=PATIENCE_SECONDS)
        connection.request(self.command, self.path, headers=said | {"X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in BETWEEN_TWO_ONLY:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.read())
        connection.close()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
