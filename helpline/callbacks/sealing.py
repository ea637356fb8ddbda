"""Seal what a visitor chose and typed, once per reader, after the counsellor is known."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from helpline.callbacks.desk import Desk, place_of
from helpline.callbacks.envelope import Contents, write_contents
from helpline.callbacks.rota import local_day
from helpline.callbacks.tables import Booking, CounsellorId, Envelope
from helpline.crypto.seal import ReaderKeys, seal
from helpline.roster import Reader, Roster

STAND_INS = 2
"""An envelope goes to the assigned counsellor and at most this many others (contacts.md)."""


def seal_envelopes(session: Session, booking: Booking, *, contents: Contents, desk: Desk, roster: Roster) -> None:
    """Seal *contents* to the booking's counsellor and to up to two stand-ins of that day."""
    day = local_day(booking.starts_at, zone=desk.programme.zone)
    for reader in _readers(booking.counsellor_id, roster=roster, stand_ins=roster.stand_ins(day=day)):
        place = place_of(booking, counsellor_id=reader.counsellor_id, programme=desk.programme)
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


def _readers(counsellor_id: str, *, roster: Roster, stand_ins: Iterable[Reader]) -> list[Reader]:
    own = [reader for reader in roster.readers if reader.counsellor_id == counsellor_id]
    others = [reader for reader in stand_ins if reader.counsellor_id != counsellor_id]
    return own + others[:STAND_INS]
