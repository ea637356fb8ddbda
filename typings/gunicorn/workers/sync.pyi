import socket

from _typeshed.wsgi import WSGIApplication
from gunicorn.glogging import Logger
from gunicorn.http.message import Request

class WorkerTmp:
    def close(self) -> None: ...

class SyncWorker:
    tmp: WorkerTmp
    def __init__(
        self,
        age: int,
        ppid: int,
        sockets: list[socket.socket],
        app: object,
        timeout: int,
        cfg: object,
        log: Logger,
    ) -> None: ...
    cfg: object
    log: Logger
    wsgi: WSGIApplication
    alive: bool
    nr: int
    max_requests: int
    def handle(self, listener: socket.socket, client: socket.socket, addr: object) -> None: ...
    def handle_request(self, listener: socket.socket, req: Request, client: socket.socket, addr: object) -> None: ...
    def handle_error(self, req: Request | None, client: socket.socket, addr: object, exc: BaseException) -> None: ...
