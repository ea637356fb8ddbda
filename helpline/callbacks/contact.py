"""That a talk is counted at most once. What was said of it is in no store: the caller counts it, in memory."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from helpline.callbacks.desk import DeskKeys
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.spending import spend
from helpline.callbacks.tables import Booking, BookingId, TalkState
from helpline.crypto.digest import keyed_digest


def mark_recorded(session: Session, booking_id: BookingId, *, now: datetime) -> bool:
    """Note that a talk that was held is counted, and return whether this call did it: only then may it be counted.

    Of two that come at once, one gets True. A crash after it loses the record; nothing doubles it.
    """
    uncounted = update(Booking).where(
        Booking.id == booking_id,
        Booking.state == TalkState.HELD,
        Booking.recorded.is_(False),
        Booking.destroy_at > now,
    )
    return session.connection().execute(uncounted.values(recorded=True)).rowcount == 1


def spend_form(session: Session, token: FormToken, *, keys: DeskKeys, now: datetime) -> bool:
    """Spend a form of the staff that belongs to no booking, and return whether it was not spent: only then it counts.

    A spent form is remembered longer than its token can be read.
    """
    return spend(session, keyed_digest(b"staff" + token.bits, key=keys.digest), now=now)
