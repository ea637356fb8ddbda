"""Fill the demo's rota and store of talks, relative to now."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.booking import Receipt, request_callback
from helpline.callbacks.desk import Desk
from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.draw import draw_times
from helpline.callbacks.envelope import Wish
from helpline.callbacks.exceptions import closures, reopen_days, replaced_days, restore_day
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.queue import Closing, Files, close_talk
from helpline.callbacks.rota import MINUTES_OF_A_DAY, instant, local_day
from helpline.callbacks.rota_keeping import NewHours, add_counsellor, add_hours, end_hours, weekly_hours
from helpline.callbacks.tables import Booking, Counsellor, CounsellorId
from helpline.callbacks.times import FreeTime, free_times
from helpline.codes import code_digest, grouped
from helpline.demo.cast import FIRST_COUNSELLOR, SHIFTS, SOON, VISITORS, InventedVisitor, Shift
from helpline.demo.folder import InventedTalk
from helpline.roster import Roster
from helpline.staff.tables import StaffId
from helpline.store.types import random_id

FIVE_MINUTES = 5
HALF_HOUR = 30
LOOKED_BACK = timedelta(hours=16)
"""How far before a talk of the past its invented visitor booked it."""

SOON_SHIFT_MINUTES = 180


class NothingFreeError(Exception):
    """The invented rota leaves no time for an invented visitor."""


@dataclass(frozen=True, slots=True)
class Filler:
    """What filling needs besides the people."""

    desk: Desk
    roster: Roster
    files: Files
    closer: StaffId

    @property
    def zone(self) -> ZoneInfo:
        """Return the programme's zone."""
        return self.desk.programme.zone


def fill_rota(session: Session, *, ids: dict[str, StaffId], zone: ZoneInfo, now: datetime) -> None:
    """Give each invented counsellor her hours; the first one's begin SOON, so that she has a talk to watch coming.

    Closures and days that differ around today go: the invented visitors need free times.
    """
    today = local_day(now, zone=zone)
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    # Whoever tried the pages has perhaps closed the very days on which the invented visitors talk.
    for closure in closures(session, today=yesterday):
        if closure.first_day <= tomorrow:
            reopen_days(session, closure.id)
    for shift in SHIFTS:
        counsellor_id = CounsellorId(ids[shift.name])
        since = today - timedelta(days=7)
        if session.get(Counsellor, counsellor_id) is None:
            since = date(today.year - 1, 1, 1)  # the invented counts begin then
            add_counsellor(session, counsellor_id, alias=shift.alias, languages=("nl", "en"), youth=shift.youth)
        for replaced in replaced_days(session, counsellor_id, first=yesterday, last=tomorrow):
            restore_day(session, counsellor_id, day=replaced.day)
        for hours in weekly_hours(session, counsellor_id, today=today - timedelta(days=7)):
            end_hours(session, hours.id, counsellor_id=counsellor_id, last_day=today - timedelta(days=8))
        session.flush()
        soon = _soon(now, zone=zone) if shift.name == FIRST_COUNSELLOR else None
        _add_shift(session, counsellor_id, shift=shift, soon=soon, since=since)


def fill_talks(filler: Filler, *, now: datetime) -> list[InventedTalk]:
    """Book the talks of the invented visitors and return what each is, with its code."""
    return [InventedTalk(visitor.about, grouped(_book(filler, visitor, now=now).code)) for visitor in VISITORS]


def _soon(now: datetime, *, zone: ZoneInfo) -> tuple[date, int]:
    """Return the local day and minute of the talk that comes soon, on the grid of five minutes, within one day."""
    local = (now + SOON).astimezone(zone)
    minute = -(-(local.hour * 60 + local.minute) // FIVE_MINUTES) * FIVE_MINUTES
    if minute % HALF_HOUR == 0:
        minute += FIVE_MINUTES  # her colleagues begin on the half hour: nobody else may get this talk
    if minute + SOON_SHIFT_MINUTES > MINUTES_OF_A_DAY:
        return local.date() + timedelta(days=1), 0
    return local.date(), minute


def _add_shift(
    session: Session, counsellor_id: CounsellorId, *, shift: Shift, soon: tuple[date, int] | None, since: date
) -> None:
    for weekday in shift.weekdays:
        is_soon = soon is not None and soon[0].weekday() == weekday
        first = soon[0] + timedelta(days=1) if soon and is_soon else since
        hours = NewHours(weekday=weekday, starts=shift.starts * 60, ends=shift.ends * 60, valid_from=first)
        add_hours(session, counsellor_id, hours=hours)
    if soon is not None:
        day, minute = soon
        ends = minute + SOON_SHIFT_MINUTES
        hours = NewHours(weekday=day.weekday(), starts=minute, ends=ends, valid_from=day, valid_until=day)
        add_hours(session, counsellor_id, hours=hours)


def _book(filler: Filler, visitor: InventedVisitor, *, now: datetime) -> Receipt:
    booked_at = now if visitor.after > timedelta() else now + visitor.after - LOOKED_BACK
    day, minute = _soon(now, zone=filler.zone)
    wanted = instant(day, minute, zone=filler.zone) if visitor.after == SOON else now + visitor.after
    wish = Wish(
        starts_at=_nearest(filler, wanted, visitor=visitor, now=now, booked_at=booked_at).starts_at,
        way=visitor.way,
        group=visitor.group,
        language=visitor.language,
        number=visitor.number,
    )
    token = FormToken(bits=secrets.token_bytes(16))
    with filler.files.helpline.begin() as session:
        receipt = request_callback(session, wish, token=token, desk=filler.desk, now=booked_at, door=Door.STAFF)
    if visitor.outcome is not None:
        _close(filler, receipt, visitor=visitor, now=now)
    return receipt


def _nearest(
    filler: Filler, wanted: datetime, *, visitor: InventedVisitor, now: datetime, booked_at: datetime
) -> FreeTime:
    """Return the free time nearest to *wanted*, on the same side of now."""
    asked = Asked(language=visitor.language, door=Door.STAFF)
    with filler.files.helpline.read() as session:
        free = free_times(session, asked, programme=filler.desk.programme, roster=filler.roster, now=booked_at)
    is_past = visitor.after < timedelta()
    fitting = [time for time in free if (time.ends_at < now if is_past else time.starts_at > now)]
    if not fitting:
        raise NothingFreeError(visitor.about)
    return min(fitting, key=lambda time: abs(time.starts_at - wanted))


def _close(filler: Filler, receipt: Receipt, *, visitor: InventedVisitor, now: datetime) -> None:
    digest = code_digest(receipt.code, key=filler.desk.keys.digest)
    with filler.files.helpline.read() as session:
        booking = session.scalars(select(Booking).where(Booking.code_digest == digest)).one()
    if visitor.outcome is not None:
        closing = Closing(filler.closer, visitor.outcome, booking.version, random_id())
        close_talk(filler.files, booking.id, closing=closing, now=now)


def draw_now(session: Session, *, filler: Filler, now: datetime) -> None:
    """Draw the public list, so that a visitor finds times before the clock has come by."""
    draw_times(session, programme=filler.desk.programme, roster=filler.roster, now=now)
