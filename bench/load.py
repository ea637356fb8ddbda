"""Ask a server for pages over plain sockets, and read what it cost off the kernel's own account."""

import os
import re
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
CHUNK = 65536
# Behind the closing parenthesis of the name, /proc/<pid>/stat goes on with field 3; user and system time are 14, 15,
# those of children that have ended 16, 17.
OWN = (14 - 3, 15 - 3)
OF_ENDED_CHILDREN = (16 - 3, 17 - 3)
CLIENTS = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of an answer and all of its bytes."""

    status: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Cost:
    """What a number of requests cost: CPU of the workers in microseconds each, requests a second."""

    cpu: float
    rate: float


def ask(port: int, request: bytes) -> Answer:
    """Return the answer to *request* from this machine's *port*."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        data = b"".join(iter(lambda: connection.recv(CHUNK), b""))
    return Answer(int(data[9:12]), data)


def getting(path: str) -> bytes:
    """Return a GET of *path* as a browser that keeps nothing open sends it."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept-Language: nl\r\n\r\n".encode()


def posting(path: str, body: bytes, *, kind: str = "application/x-www-form-urlencoded") -> bytes:
    """Return a POST of *body*, which is of that *kind*, to *path*."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def token_in(page: str) -> str:
    """Return the form token in *page*.

    Raises:
        ValueError: there is none: what would be measured then is a refusal.
    """
    found = re.search(r'name="?token"? value="?([\w-]+)', page)
    if found is None:
        raise ValueError
    return found.group(1)


def measure(port: int, requests: Sequence[bytes], *, master: int) -> Cost:
    """Return what *requests* cost the workers of *master*, sent by CLIENTS clients at once."""
    before, began = workers_cpu(master), time.perf_counter()
    clients = [threading.Thread(target=_ask_all, args=(port, requests[number::CLIENTS])) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    seconds = time.perf_counter() - began
    cpu = workers_cpu(master) - before
    return Cost(cpu=cpu / len(requests) * 1e6, rate=len(requests) / seconds)


def workers_cpu(master: int) -> float:
    """Return the seconds of CPU that the workers of the gunicorn *master* have used, those that have ended included."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    return _cpu(master, OF_ENDED_CHILDREN) + sum(_cpu(int(child), OWN) for child in children)


def _ask_all(port: int, requests: Sequence[bytes]) -> None:
    for request in requests:
        ask(port, request)


def _cpu(process: int, which: tuple[int, int]) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(int(fields[number]) for number in which) / TICKS_PER_SECOND
