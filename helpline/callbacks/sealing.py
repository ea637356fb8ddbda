"""Seal what a visitor chose and typed, once per reader, after the counsellor is known."""

from datetime import date

from sqlalchemy.orm import Session

from helpline.callbacks.desk import place_of
from helpline.callbacks.envelope import Contents, write_contents
from helpline.callbacks.rota import local_day
from helpline.callbacks.tables import Booking, CounsellorId, Envelope
from helpline.crypto.seal import ReaderKeys, seal
from helpline.roster import Reader, Roster
from helpline.settings.programme import Programme

STAND_INS = 2
"""An envelope goes to the assigned counsellor and at most this many others (contacts.md)."""


def seal_envelopes(
    session: Session, booking: Booking, *, contents: Contents, programme: Programme, roster: Roster
) -> int:
    """Seal *contents* to the booking's counsellor and to up to two stand-ins of that day; return how many can read."""
    day = local_day(booking.starts_at, zone=programme.zone)
    readers = _readers(booking.counsellor_id, roster=roster, day=day)
    for reader in readers:
        place = place_of(booking, counsellor_id=reader.counsellor_id, programme=programme)
        keys = ReaderKeys(reader=reader.public_key, day=roster.day_keys[day])
        sealed = seal(write_contents(contents, place=place), keys=keys)
        session.add(
            Envelope(
                booking_id=booking.id,
                counsellor_id=CounsellorId(reader.counsellor_id),
                sealed=sealed,
                destroy_at=booking.destroy_at,
            )
        )
    return len(readers)


def _readers(counsellor_id: str, *, roster: Roster, day: date) -> list[Reader]:
    own = roster.reader(counsellor_id, day=day)
    others = {reader.counsellor_id: reader for reader in roster.stand_ins(day=day)}
    others.pop(counsellor_id, None)
    return ([own] if own else []) + list(others.values())[:STAND_INS]
