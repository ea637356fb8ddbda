"""How both sites are served: quietly. gunicorn loads this file by its name, whichever site it is asked for."""

import os
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from helpline.settings.environment import folders

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter

OFFICE = "back_office"

_, run_dir = folders()
run_dir.mkdir(parents=True, exist_ok=True)

worker_class = "helpline.web.worker.QuietWorker"
logger_class = "helpline.web.worker.QuietLogger"
accesslog = None
# No socket by which another program could steer the master or read what it does.
control_socket_disable = True
# Who may say that a visitor came by HTTPS: the proxy in front, if there is one.
forwarded_allow_ips = "*" if os.environ.get("TRUSTED_PROXY") == "1" else ""
# The sign of life of a worker must not wait for a disk.
worker_tmp_dir = str(run_dir)
# Snapshots and counters are each worker's own: nothing is made before the fork.
preload_app = False
# A start takes seconds of CPU without a sign of life: eight on a busy machine were ended and begun again, for ever.
timeout = 120
# A worker ends now and then, and its memory with it.
max_requests = 5_000
max_requests_jitter = 1_000
umask = 0o007
limit_request_line = 2_000
limit_request_fields = 60

SILENT_SECONDS = 30
"""Browsers open lines ahead of need. A worker serves one line at a time, so it gets a line once something was said."""

guards: "list[subprocess.Popen[bytes]]" = []


def on_starting(server: "Arbiter") -> None:
    """Load the code of the site, and nothing that it makes, before the workers part: a third of a worker's start."""
    import_module("counsellors.site" if OFFICE in server.app.app_uri else "selfhelp.site")


def when_ready(server: "Arbiter") -> None:
    """Leave silent lines to the kernel. Start the clock beside the back office.

    The clock reads a pipe of ours, so it ends when we do, however we end.
    """
    for listener in server.LISTENERS:
        if listener.sock.family != socket.AF_UNIX:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENT_SECONDS)
    if OFFICE in server.app.app_uri:
        door = str(Path(__file__).with_name("app.py"))
        # A session of its own: Ctrl-C in the terminal is meant for us, and the clock ends when the pipe closes.
        command = [sys.executable, door, "clock", "--guard"]
        guards.append(subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True))


def post_fork(server: "Arbiter", worker: object) -> None:
    """Let go of the pipe in a worker: it must close when the master is gone, though workers outlive it a while."""
    del server, worker
    _close_pipes()


def on_exit(server: "Arbiter") -> None:
    """Let the clock end with us, and wait for it."""
    del server
    _close_pipes()
    for guard in guards:
        guard.wait()


def _close_pipes() -> None:
    for guard in guards:
        if guard.stdin is not None:
            guard.stdin.close()
