"""Ask for talks as visitors do, and look at what is kept of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from helpline.callbacks.booking import Receipt, request_callback
from helpline.callbacks.desk import Desk, own_numbers, place_of
from helpline.callbacks.doors import Door
from helpline.callbacks.draw import read_draw
from helpline.callbacks.envelope import Contents, Group, Wish, read_contents
from helpline.callbacks.moving import Sent, book_next, move_talk
from helpline.callbacks.rights import FollowUp
from helpline.callbacks.rota import local_day
from helpline.callbacks.tables import Booking, BusyAtom, Envelope, SpentToken
from helpline.codes import AccessCode, code_digest
from helpline.crypto.opening import open_sealed
from helpline.settings.programme import Way
from helpline.store.engine import Sessions
from tests.support.world import NOW, World, token

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
INVENTED_NUMBER = "+493023125417"
"""Berlin keeps this range for numbers in films."""

MONDAY, TUESDAY, WEDNESDAY = date(2027, 3, 1), date(2027, 3, 2), date(2027, 3, 3)
"""NOW is on this Monday."""


def at(day: date, clock: str) -> datetime:
    """Return the moment at which the *clock* of Amsterdam shows a time of *day*."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=AMSTERDAM).astimezone(UTC)


TEN = at(TUESDAY, "10:00")
WISH = Wish(starts_at=TEN, way=Way.WE_RING, group=Group.ABOUT_ME, language="nl", number=INVENTED_NUMBER)


def request(
    helpline: Sessions,
    world: World,
    wanted: Wish = WISH,
    *,
    form: str = "a form",
    now: datetime = NOW,
    desk: Desk | None = None,
) -> Receipt:
    """Ask for *wanted* with the form *form*, in a transaction as the site's."""
    return helpline.transact(
        lambda session: request_callback(session, wanted, token=token(form), desk=desk or world.desk, now=now)
    )


def move(
    helpline: Sessions,
    world: World,
    code: AccessCode,
    wanted: Wish,
    *,
    form: str = "a move",
    now: datetime = NOW,
) -> Receipt:
    """Move the talk of *code* to what is *wanted* with the form *form*, in a transaction as the site's."""
    sent = Sent(wanted, code, token(form))
    return helpline.transact(lambda session: move_talk(session, sent, desk=world.desk, now=now))


def follow(
    helpline: Sessions,
    world: World,
    code: AccessCode,
    wanted: Wish,
    *,
    form: str = "a next talk",
    now: datetime = NOW,
) -> Receipt:
    """Book what is *wanted* with a *code* that gives a talk and the form *form*, in a transaction as the site's."""
    sent = Sent(wanted, code, token(form))
    return helpline.transact(lambda session: book_next(session, sent, desk=world.desk, now=now))


def request_by_staff(helpline: Sessions, world: World, wanted: Wish, *, form: str = "a form") -> Receipt:
    """Ask for *wanted* by the door of the staff."""
    with helpline.begin() as session:
        return request_callback(session, wanted, token=token(form), desk=world.desk, now=NOW, door=Door.STAFF)


def listed(helpline: Sessions, *, now: datetime = NOW, language: str = "nl") -> tuple[datetime, ...]:
    """Return the public list, which must be there."""
    with helpline.read() as session:
        times = read_draw(session, language=language, now=now)
    assert times is not None
    return times


def bookings(helpline: Sessions) -> Sequence[Booking]:
    """Return every booking, by time and counsellor."""
    with helpline.read() as session:
        return session.scalars(select(Booking).order_by(Booking.starts_at, Booking.counsellor_id)).all()


def booking_of(helpline: Sessions, world: World, receipt: Receipt) -> Booking:
    """Return the booking that *receipt* is for."""
    digest = code_digest(receipt.code, key=world.desk.keys.digest)
    with helpline.read() as session:
        return session.scalars(select(Booking).where(Booking.code_digest == digest)).one()


def envelopes(helpline: Sessions) -> Sequence[Envelope]:
    """Return every envelope, by booking and reader."""
    with helpline.read() as session:
        return session.scalars(select(Envelope).order_by(Envelope.booking_id, Envelope.counsellor_id)).all()


def count(helpline: Sessions, table: type[Booking | BusyAtom | Envelope | FollowUp | SpentToken]) -> int:
    """Return how many rows *table* holds."""
    with helpline.read() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def everything(helpline: Sessions) -> Sequence[object]:
    """Return all that is kept of talks and of the forms that were sent, as values that can be compared."""
    with helpline.read() as session:
        rows = [
            row for table in (Booking, BusyAtom, Envelope, FollowUp, SpentToken) for row in session.execute(_all(table))
        ]
    return sorted(map(tuple, rows), key=repr)


def _all(table: type[Booking | BusyAtom | Envelope | FollowUp | SpentToken]) -> Select[tuple[object, ...]]:
    return select(*table.__table__.columns)


def atoms_of(helpline: Sessions, resource: str) -> set[int]:
    """Return the atoms of *resource* that are taken."""
    with helpline.read() as session:
        return set(session.scalars(select(BusyAtom.atom).where(BusyAtom.resource == resource)))


def is_empty_of_talks(helpline: Sessions) -> bool:
    """Return whether nothing is left of any talk: no booking, no atom, no envelope."""
    return all(count(helpline, table) == 0 for table in (Booking, BusyAtom, Envelope))


def opened(world: World, booking: Booking, envelope: Envelope) -> Contents:
    """Return what is in *envelope*, opened with its reader's key and its day's."""
    day = world.day_keys.private(local_day(booking.starts_at, zone=world.programme.zone))
    reader = world.colleague(envelope.counsellor_id).keys.private
    return read_contents(
        open_sealed(envelope.sealed, reader=reader, day=day),
        place=place_of(booking, counsellor_id=envelope.counsellor_id, programme=world.programme),
        countries=world.programme.countries,
        own=own_numbers(world.programme),
    )
