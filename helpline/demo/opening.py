"""Open the demo: make its folder and accounts the first time, sign the roster, fill what has passed."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from helpline.callbacks.desk import Desk, DeskKeys
from helpline.callbacks.queue import Files
from helpline.clock.metadatas import METADATA
from helpline.codes import words_of
from helpline.crypto.passwords import Cost
from helpline.day_keys import DayKeys
from helpline.demo.cast import COORDINATOR, STAFF
from helpline.demo.elsewhere import fill_elsewhere
from helpline.demo.filling import Filler, draw_now, fill_rota, fill_talks
from helpline.demo.folder import DemoFolder, SignIn, new_folder, read_folder, write_folder
from helpline.roster import NoValidRosterError, Roster, next_serial, publish_roster, read_roster
from helpline.settings.environment import VISITORS_ONLY, OfficeSettings, office_settings, written_key
from helpline.staff.accounts import add_member, issue, unlock
from helpline.staff.keys import Door, StaffKeys
from helpline.staff.signing import draw_up, is_renewal_due, signed
from helpline.staff.tables import Member, StaffId
from helpline.store.engine import Sessions, StoreName, open_store
from helpline.store.schema import upgrade
from helpline.usage.invented import fill_counts
from helpline.usage.periods import year_of

STALE_AFTER = timedelta(hours=12)
"""Older talks of a demo have passed; it gets new ones."""

ROSTER_BACKDATED = timedelta(days=1)
"""The roster reaches back a day, for the invented talk that is over."""

Stores = Mapping[StoreName, Sessions]


def open_demo(data_dir: Path, *, run_dir: Path, now: datetime) -> DemoFolder:
    """Return the demo in *data_dir*, ready to be served at *now*; made if there is none.

    Raises:
        NotADemoError: something else lies there.
    """
    folder = read_folder(data_dir)
    if folder is None or not folder.sign_ins:
        folder = _make(data_dir, now=now)
    settings = office_settings(folder.environment(without=VISITORS_ONLY, data_dir=data_dir, run_dir=run_dir))
    stores = _open_stores(data_dir)
    roster = _roster_in_force(stores, folder=folder, settings=settings, now=now)
    if now - datetime.fromtimestamp(folder.filled_at, tz=UTC) > STALE_AFTER:
        folder = _fill(stores, folder=folder, settings=settings, roster=roster, now=now)
        write_folder(folder, data_dir=data_dir)
    _close_stores(stores)
    return folder


def _make(data_dir: Path, *, now: datetime) -> DemoFolder:
    """Make folder, stores and accounts; the marker comes first, so that a half-made demo is known as one."""
    folder = new_folder()
    if data_dir.exists():
        shutil.rmtree(data_dir)
    write_folder(folder, data_dir=data_dir)
    text = files("helpline.demo").joinpath("programme.toml").read_text(encoding="utf-8")
    (data_dir / "programme.toml").write_text(text, encoding="utf-8")
    stores = _open_stores(data_dir)
    folder = _employ(stores, folder=folder, now=now)
    write_folder(folder, data_dir=data_dir)
    _close_stores(stores)
    return folder


def _open_stores(data_dir: Path) -> Stores:
    """Open them as this release has them: a demo outlives an update."""
    stores = {name: open_store(name, data_dir=data_dir) for name in METADATA}
    for name, sessions in stores.items():
        upgrade(sessions, name=name)
    return stores


def _close_stores(stores: Stores) -> None:
    for sessions in stores.values():
        sessions.engine.dispose()


def _employ(stores: Stores, *, folder: DemoFolder, now: datetime) -> DemoFolder:
    door = _door(folder)
    sign_ins, verify_key = [], b""
    for new in STAFF:
        issued = issue(new, door=door, words=words_of(new.language), today=(now - timedelta(days=7)).date())
        with stores[StoreName.OFFICE].begin() as session:
            add_member(session, issued, door=door)
        verify_key = issued.member.verify_key or verify_key
        sign_ins.append(SignIn(new.name, new.shown_name, new.role, issued.passphrase, issued.factor))
    return replace(folder, sign_ins=tuple(sign_ins), verify_key=written_key(verify_key))


def _door(folder: DemoFolder) -> Door:
    keys = StaffKeys.of(pepper=folder.key("OFFICE_PEPPER"), session_key=folder.key("SESSION_KEY"))
    return Door.of(keys, cost=Cost(), zone=ZoneInfo("UTC"))


def _roster_in_force(stores: Stores, *, folder: DemoFolder, settings: OfficeSettings, now: datetime) -> Roster:
    """Return the roster, signed anew when it is due, as a sign-in of the coordinator would."""
    helpline, keys = stores[StoreName.HELPLINE], settings.roster_verify_keys
    try:
        with helpline.read() as session:
            roster = read_roster(session, verify_keys=keys, now=now, seen=None)
    except NoValidRosterError:
        pass
    else:
        if not is_renewal_due(roster, now=now):
            return roster
    with helpline.read() as session:
        serial = next_serial(session, verify_keys=keys)
    sign_in = next(it for it in folder.sign_ins if it.name == COORDINATOR)
    with stores[StoreName.OFFICE].read() as session:
        member = session.scalars(select(Member).where(Member.name == COORDINATOR)).one()
        day_keys = DayKeys(settings.data_dir / "daykeys")
        zone = settings.programme.zone
        fresh = draw_up(session, serial=serial, day_keys=day_keys, zone=zone, now=now - ROSTER_BACKDATED)
    private = unlock(member, sign_in.passphrase, door=_door(folder))
    sealed = signed(fresh, private, verify_keys=keys)
    with helpline.begin() as session:
        publish_roster(session, sealed.roster, signature=sealed.signature, verify_keys=keys, now=now)
    return sealed.roster


def _fill(stores: Stores, *, folder: DemoFolder, settings: OfficeSettings, roster: Roster, now: datetime) -> DemoFolder:
    programme = settings.programme
    with stores[StoreName.OFFICE].read() as session:
        ids = {name: StaffId(staff_id) for name, staff_id in session.execute(select(Member.name, Member.id))}
    desk = Desk(
        programme=programme,
        keys=DeskKeys.of(settings.code_key),
        words={language: words_of(language) for language in programme.languages},
        roster=roster,
    )
    files_of_queue = Files(
        helpline=stores[StoreName.HELPLINE],
        office=stores[StoreName.OFFICE],
        day_keys=DayKeys(settings.data_dir / "daykeys"),
        zone=programme.zone,
    )
    filler = Filler(desk=desk, roster=roster, files=files_of_queue, closer=ids[COORDINATOR])
    with stores[StoreName.HELPLINE].begin() as session:
        fill_rota(session, ids=ids, zone=programme.zone, now=now)
    talks = fill_talks(filler, now=now)
    with stores[StoreName.HELPLINE].begin() as session:
        draw_now(session, filler=filler, now=now)
    last_year = year_of(year_of(now.date()).starts - timedelta(days=1))
    with stores[StoreName.COUNTS].begin() as session:
        fill_counts(session, programme=programme, now=now, since=last_year.starts)
    with stores[StoreName.OFFICE].begin() as session:
        fill_elsewhere(session, since=last_year.starts, today=now.date())
    return replace(folder, talks=tuple(talks), filled_at=int(now.timestamp()))
