"""What a counsellor's own calendar may know: blocks of time, as they stood at five in the morning."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline.callbacks.busy_tables import BusyDays
from helpline.callbacks.due import STANDING
from helpline.callbacks.keeping import FROZEN_AT_HOUR
from helpline.callbacks.rota import instant, local_day
from helpline.callbacks.tables import Booking, Counsellor, CounsellorId
from helpline.settings.programme import Programme
from helpline.store.writing import wait_for_turn

Block = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Frozen:
    """The blocks of one counsellor in order, and the five o'clock at which they stood so."""

    frozen_at: datetime
    blocks: tuple[Block, ...]


def frozen_at(now: datetime, *, zone: ZoneInfo) -> datetime:
    """Return the last five o'clock in the morning of *zone* at or before *now*."""
    today = local_day(now, zone=zone)
    five = _five_of(today, zone=zone)
    return five if five <= now else _five_of(today - timedelta(days=1), zone=zone)


def merged(talks: Iterable[Block], *, programme: Programme) -> list[Block]:
    """Return *talks* as blocks: between two of one block no other talk would fit, so nothing tells where one ends."""
    rules = programme.slots
    room = timedelta(minutes=rules.buffer + rules.length + rules.buffer)
    blocks = list[Block]()
    for starts_at, ends_at in sorted(talks):
        if blocks and starts_at < blocks[-1][1] + room:
            blocks[-1] = (blocks[-1][0], max(ends_at, blocks[-1][1]))
        else:
            blocks.append((starts_at, ends_at))
    return blocks


def freeze(session: Session, counsellors: Collection[CounsellorId], *, programme: Programme, now: datetime) -> None:
    """Write down when each of *counsellors* is busy, if nobody has done it since five o'clock.

    It is done once: whatever is booked or cancelled after that is not seen before the next morning.
    """
    wait_for_turn(session)
    zone = programme.zone
    since = frozen_at(now, zone=zone)
    done = session.scalars(select(BusyDays.counsellor_id).where(BusyDays.frozen_at == since))
    known = session.scalars(select(Counsellor.id).where(Counsellor.id.in_(counsellors)))
    wanted = set(known) - set(done)
    if not wanted:
        return
    talks = session.execute(
        select(Booking.counsellor_id, Booking.starts_at, Booking.ends_at).where(
            Booking.counsellor_id.in_(wanted), Booking.state.in_(STANDING), Booking.ends_at > since
        )
    ).all()
    session.execute(delete(BusyDays).where(BusyDays.counsellor_id.in_(wanted)))
    gone_at = _five_of(local_day(since, zone=zone) + timedelta(days=1), zone=zone)
    for counsellor in sorted(wanted):
        blocks = merged(((begin, end) for whose, begin, end in talks if whose == counsellor), programme=programme)
        written = json.dumps([[int(moment.timestamp()) for moment in block] for block in blocks])
        session.add(BusyDays(counsellor_id=counsellor, frozen_at=since, blocks=written, destroy_at=gone_at))


def busy_blocks(session: Session, counsellor_id: CounsellorId, *, now: datetime) -> Frozen | None:
    """Return what was written down of *counsellor_id* this morning, or None where nothing was."""
    row = session.scalar(select(BusyDays).where(BusyDays.counsellor_id == counsellor_id, BusyDays.destroy_at > now))
    if row is None:
        return None
    blocks = tuple(
        (datetime.fromtimestamp(begin, tz=UTC), datetime.fromtimestamp(end, tz=UTC))
        for begin, end in json.loads(row.blocks)
    )
    return Frozen(row.frozen_at, blocks)


def forget_busy_blocks(session: Session, counsellor_id: CounsellorId) -> None:
    """Forget what was written down of *counsellor_id*."""
    session.execute(delete(BusyDays).where(BusyDays.counsellor_id == counsellor_id))


def _five_of(day: date, *, zone: ZoneInfo) -> datetime:
    return instant(day, FROZEN_AT_HOUR * 60, zone=zone)
