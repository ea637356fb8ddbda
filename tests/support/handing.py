"""Hand talks over in the tests: as one person does, as eight processes do at once, and what must hold afterwards."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from helpline.callbacks.handing_over import CannotTakeError, Errand, Terms, hand_over
from helpline.callbacks.queue import ChangedMeanwhileError, Files, TalkGoneError
from helpline.callbacks.rota_keeping import add_absence, end_hours, weekly_hours
from helpline.callbacks.tables import Booking, BookingId, BusyAtom, Counsellor, CounsellorId, Envelope
from helpline.store.engine import Sessions, StoreName, open_store
from tests.support.counsellor import opener
from tests.support.racing import COMMITTING, DONE, PATIENCE_SECONDS, TAKEN, processes
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, TEN
from tests.support.world import NOW, World, make_world, sign_roster

Result = TypeVar("Result")

ATOMS_OF_A_TALK = 9
"""Half an hour and its buffer, of a counsellor; and as many of a line."""

AUDITED = "audited"


def terms(world: World) -> Terms:
    """Return by what the hand-overs of *world* are decided."""
    assert world.desk.roster is not None
    return Terms(world.programme, world.desk.roster)


def errand(world: World, talk: BookingId, *, by: str = "anna", to: str | None = None, version: int = 1) -> Errand:
    """Return the errand of *by* to hand *talk* over."""
    return Errand(talk, version, opener(world, by), CounsellorId(to) if to else None)


def files_of(data_dir: Path, *, database_url: str | None, world: World) -> Files:
    """Return the files of a process of its own."""
    helpline, office = (
        open_store(name, data_dir=data_dir, database_url=database_url)
        for name in (StoreName.HELPLINE, StoreName.OFFICE)
    )
    return Files(helpline, office, world.day_keys, AMSTERDAM)


def world_of_three(stores: Stores) -> World:
    """Return a helpline of anna, bram and carla, of whom carla alone stands in for others."""
    made = make_world(stores.helpline, stores.data_dir, names=("anna", "bram", "carla"))
    with stores.helpline.begin() as session:
        roster = sign_roster(session, made.colleagues, day_keys=made.day_keys, now=NOW, stand_ins=["carla"])
    return replace(made, desk=replace(made.desk, roster=roster))


def give(files: Files, world: World, talk: Booking, *, to: str | None = None) -> CounsellorId:
    """Let anna hand *talk* over, and return who has it now."""
    return hand_over(files, errand(world, talk.id, to=to), terms=terms(world), now=NOW)


def change(stores: Stores, counsellor: str, **values: object) -> None:
    """Change what the rota says of a counsellor."""
    with stores.helpline.begin() as session:
        session.execute(update(Counsellor).where(Counsellor.id == counsellor).values(values))


def occupy(stores: Stores, counsellor: str) -> None:
    """Let a counsellor be busy at TEN."""
    with stores.helpline.begin() as session:
        add_absence(session, CounsellorId(counsellor), starts_at=TEN, ends_at=TEN + timedelta(hours=1))


def end_all_hours(stores: Stores, counsellor: str) -> None:
    """Let a counsellor have no hours any more."""
    whose, yesterday = CounsellorId(counsellor), NOW.date() - timedelta(days=1)
    with stores.helpline.begin() as session:
        for row in weekly_hours(session, whose, today=NOW.date()):
            end_hours(session, row.id, counsellor_id=whose, last_day=yesterday)


def assert_whole(stores: Stores) -> None:
    """Check that every talk has its counsellor's atoms and a line's, that nothing else is held, and who can open it."""
    with stores.helpline.read() as session:
        talks = session.scalars(select(Booking)).all()
        of_talks = select(BusyAtom.booking_id, BusyAtom.resource).where(BusyAtom.booking_id.is_not(None))
        held = Counter((booking_id, resource) for booking_id, resource in session.execute(of_talks))
        sealed = {(it.booking_id, it.counsellor_id) for it in session.scalars(select(Envelope))}
    assert set(held.values()) <= {ATOMS_OF_A_TALK}
    assert len(held) == 2 * len(talks)
    for talk in talks:
        resources = {resource for booking_id, resource in held if booking_id == talk.id}
        assert talk.counsellor_id in resources
        assert sum(resource.startswith("line:") for resource in resources) == 1
        assert (talk.id, talk.counsellor_id) in sealed
    assert {booking_id for booking_id, _ in sealed} == {talk.id for talk in talks}


class HandOver:
    """Hand a talk over in a process of its own; the answer is DONE, or TAKEN when somebody else was earlier."""

    def __init__(self, stores: Stores, talk: BookingId, *, by: str = "anna", version: int = 1) -> None:
        """Keep where the stores are, which talk, by whom and in which version."""
        self.data_dir, self.database_url = stores.data_dir, stores.database_url
        self.talk, self.by, self.version = talk, by, version

    def errand(self, world: World) -> Errand:
        """Return what is handed over."""
        return errand(world, self.talk, by=self.by, version=self.version)

    def __call__(self, helpline: Sessions, world: World) -> str:
        """Hand it over once."""
        del helpline
        files = files_of(self.data_dir, database_url=self.database_url, world=world)
        try:
            hand_over(files, self.errand(world), terms=terms(world), now=NOW)
        except (TalkGoneError, ChangedMeanwhileError, CannotTakeError):
            return TAKEN
        finally:
            files.helpline.close()
            files.office.close()
        return DONE


class Killed(Sessions):
    """A store at which a process stands still after its audit, and says so."""

    there: Connection

    def transact(self, work: Callable[[Session], Result]) -> Result:
        """Say that the audit is written, and wait to be killed."""
        del work
        self.there.send(AUDITED)
        signal.pause()
        raise AssertionError


def killed_while_handing_over(stores: Stores, world: World, talk: Booking, *, at: str) -> None:
    """Kill a process that hands *talk* over: AUDITED, before it changes anything, or COMMITTING, as it commits."""
    here, there = processes.Pipe(duplex=False)
    arguments = (HandOver(stores, talk.id, by=talk.counsellor_id, version=talk.version), world, at, there)
    runner = processes.Process(target=_hand_over, args=arguments)
    runner.start()
    there.close()
    with closing(here):
        assert here.poll(PATIENCE_SECONDS)
        assert here.recv() == at
        os.kill(runner.pid or 0, signal.SIGKILL)
        runner.join(PATIENCE_SECONDS)
    assert runner.exitcode == -signal.SIGKILL


def _hand_over(job: HandOver, world: World, at: str, there: Connection) -> None:
    files = files_of(job.data_dir, database_url=job.database_url, world=world)
    helpline = files.helpline
    if at == AUDITED:
        helpline = Killed(files.helpline.engine)
        helpline.there = there
    else:
        # A reading transaction commits as well; the one that writes is the first after the audit.
        event.listen(files.office.engine, "commit", lambda _: _listen(files.helpline, there))
    standing_still = Files(helpline, files.office, files.day_keys, files.zone)
    hand_over(standing_still, job.errand(world), terms=terms(world), now=NOW)
    signal.pause()


def _listen(helpline: Sessions, there: Connection) -> None:
    begun = []

    def say(_: object) -> None:
        begun.append(1)
        if len(begun) == 2:  # the first reads the envelope
            there.send(COMMITTING)

    event.listen(helpline.engine, "commit", say)
