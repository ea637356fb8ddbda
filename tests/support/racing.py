"""Real processes that meet at one moment: what each of them does, and what came of it.

They are forked from a server that has loaded the house once and opened nothing, so that eight of them are there at
once and each connects by itself.
"""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import event, text

from helpline.callbacks.booking import AlreadyBookedError, SlotTakenError
from helpline.callbacks.envelope import Wish
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import CounsellorId
from helpline.callbacks.talk import TalkNotFoundError, cancel_by_visitor
from helpline.codes import AccessCode
from helpline.store.engine import Sessions, StoreName, open_store
from tests.support.stores import Stores
from tests.support.talks import follow, move, request
from tests.support.watching import until
from tests.support.world import NOW, World

Job = Callable[[Sessions, World], str]
"""What one process does, and in a word what came of it."""

TAKEN = "taken"
GONE = "gone"
DONE = "done"
COMMITTING = "committing"
PATIENCE_SECONDS = 180

processes = get_context("forkserver")
processes.set_forkserver_preload([__name__])


class Book:
    """Book *wanted* with the form *form*; the answer is the code, or TAKEN."""

    def __init__(self, wanted: Wish, *, form: str) -> None:
        """Keep what to ask for."""
        self.wanted, self.form = wanted, form

    def __call__(self, helpline: Sessions, world: World) -> str:
        """Ask once."""
        try:
            return request(helpline, world, self.wanted, form=self.form).code
        except SlotTakenError:
            return TAKEN


class Cancel:
    """Cancel the talk of a code; the answer is DONE, or TAKEN when it is gone."""

    def __init__(self, code: AccessCode) -> None:
        """Keep the code."""
        self.code = code

    def __call__(self, helpline: Sessions, world: World) -> str:
        """Cancel once."""
        try:
            helpline.transact(lambda session: cancel_by_visitor(session, self.code, desk=world.desk, now=NOW))
        except TalkNotFoundError:
            return TAKEN
        return DONE


class Move:
    """Move the talk of a code to *wanted* with the form *form*; the answer is the new time, or TAKEN, or GONE."""

    def __init__(self, code: AccessCode, wanted: Wish, *, form: str) -> None:
        """Keep what to ask for."""
        self.code, self.wanted, self.form = code, wanted, form

    def __call__(self, helpline: Sessions, world: World) -> str:
        """Ask once."""
        try:
            return move(helpline, world, self.code, self.wanted, form=self.form).starts_at.isoformat()
        except SlotTakenError:
            return TAKEN
        except TalkNotFoundError:
            return GONE


class Follow:
    """Book the next talk with a code that gives one; the answer is its time, TAKEN, or GONE when the code is used."""

    def __init__(self, code: AccessCode, wanted: Wish, *, form: str) -> None:
        """Keep what to ask for."""
        self.code, self.wanted, self.form = code, wanted, form

    def __call__(self, helpline: Sessions, world: World) -> str:
        """Ask once."""
        try:
            return follow(helpline, world, self.code, self.wanted, form=self.form).starts_at.isoformat()
        except SlotTakenError:
            return TAKEN
        except AlreadyBookedError:
            return GONE


class BeAway:
    """Make an absence; the answer names the talks it met."""

    def __init__(self, who: str, *, starts_at: datetime, ends_at: datetime) -> None:
        """Keep who is away, and when."""
        self.who, self.starts_at, self.ends_at = CounsellorId(who), starts_at, ends_at

    def __call__(self, helpline: Sessions, world: World) -> str:
        """Make it once."""
        del world
        met = helpline.transact(
            lambda session: [
                talk.id for talk in add_absence(session, self.who, starts_at=self.starts_at, ends_at=self.ends_at)
            ]
        )
        return " ".join(met)


class KeyDays:
    """Ask for the public key of each of some days; the answer is all of them."""

    def __init__(self, days: Sequence[date]) -> None:
        """Keep the days."""
        self.days = days

    def __call__(self, helpline: Sessions, world: World) -> str:
        """Ask once for each."""
        del helpline
        return " ".join(world.day_keys.public(day).hex() for day in self.days)


def race(stores: Stores, world: World, jobs: Sequence[Job]) -> list[str]:
    """Let as many processes as there are *jobs* begin at one moment, and return what came of each, in their order."""
    barrier = processes.Barrier(len(jobs))
    ends: list[Connection] = []
    runners = []
    for job in jobs:
        here, there = processes.Pipe(duplex=False)
        arguments = (stores.data_dir, stores.database_url, world, job, barrier.wait, there)
        runners.append(processes.Process(target=_run, args=arguments))
        ends.append(here)
        runners[-1].start()
        there.close()
    answers = [_answer(end) for end in ends]
    for runner in runners:
        runner.join(PATIENCE_SECONDS)
        assert runner.exitcode == 0
    return answers


def _answer(end: Connection) -> str:
    with closing(end):
        assert end.poll(PATIENCE_SECONDS)
        return str(end.recv())


def _run(
    data_dir: Path, database_url: str | None, world: World, job: Job, wait: Callable[[], int], there: Connection
) -> None:
    helpline = open_store(StoreName.HELPLINE, data_dir=data_dir, database_url=database_url)
    with helpline.read() as session:  # connected before the start
        session.connection()
    wait()
    there.send(job(helpline, world))
    helpline.engine.dispose()


def killed_while_booking(stores: Stores, world: World, wishes: Sequence[Wish], *, label: str) -> list[str]:
    """Kill a process that books *wishes* one by one, at its last commit, and return the codes it had confirmed."""
    here, there = processes.Pipe(duplex=False)
    arguments = (stores.data_dir, stores.database_url, world, wishes, label, there)
    runner = processes.Process(target=_book_all, args=arguments)
    runner.start()
    there.close()
    confirmed: list[str] = []
    commits = 0
    with closing(here):
        while commits < len(wishes):
            said = _next(here)
            commits += said == COMMITTING
            confirmed += [] if said == COMMITTING else [said]
        os.kill(runner.pid or 0, signal.SIGKILL)
        runner.join(PATIENCE_SECONDS)
        # What it had said before it died is still in the pipe.
        while (word := _last(here)) is not None:
            confirmed.append(word)
    assert runner.exitcode == -signal.SIGKILL
    return confirmed


def wait_for_the_server(stores: Stores) -> None:
    """Wait until PostgreSQL is done with who was killed: a commit that it was told of is kept, and takes a moment."""
    if stores.database_url is None:
        return
    for sessions in stores.sessions.values():
        sessions.close()

    def is_alone() -> bool:
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with stores.helpline.read() as session:
            return bool(session.scalar(text(others)) == 0)

    until(is_alone)


def _next(here: Connection) -> str:
    assert here.poll(PATIENCE_SECONDS)
    return str(here.recv())


def _last(here: Connection) -> str | None:
    try:
        return str(here.recv()) if here.poll() else None
    except EOFError:
        return None


def _book_all(
    data_dir: Path, database_url: str | None, world: World, wishes: Sequence[Wish], label: str, there: Connection
) -> None:
    helpline = open_store(StoreName.HELPLINE, data_dir=data_dir, database_url=database_url)
    event.listen(helpline.engine, "commit", lambda _: there.send(COMMITTING))
    for number, wanted in enumerate(wishes):
        there.send(request(helpline, world, wanted, form=f"{label} {number}").code)
    signal.pause()
