"""Book a talk for somebody who is on the line: the staff's own door to the one function that books."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpline.callbacks.booking import AlreadyBookedError, Receipt, book_and_seal, receipt_of, replayed
from helpline.callbacks.desk import Desk
from helpline.callbacks.doors import Asked
from helpline.callbacks.envelope import Wish
from helpline.callbacks.form_token import RANDOM_BYTES, FormToken
from helpline.callbacks.spending import spend, token_mark
from helpline.callbacks.tables import Booking
from helpline.codes import code_digest, derive_code
from helpline.store.writing import wait_for_turn

HEX = frozenset("0123456789abcdef")


def draw_form() -> str:
    """Return what makes one form of the staff single-use: as many random bits as a visitor's, in hexadecimal.

    Nobody signs it: who sends it is signed in, and is shown the code that is derived from it anyway.
    """
    return secrets.token_hex(RANDOM_BYTES)


def read_form(text: str) -> FormToken | None:
    """Return the bits of a form, or None where *text* is none of ours."""
    is_whole = len(text) == 2 * RANDOM_BYTES and HEX.issuperset(text)
    return FormToken(bits=bytes.fromhex(text)) if is_whole else None


def known_by(token: FormToken) -> str:
    """Return by what the audit knows a form again. The code is made from the form itself, so that is not kept."""
    return hashlib.sha256(token.bits).hexdigest()


def book_for_caller(
    session: Session, wish: Wish, *, asked: Asked, token: FormToken, desk: Desk, now: datetime
) -> Receipt:
    """Book what *wish* asks for of a time that fits what is *asked*; the same form again returns the same receipt.

    Raises:
        SlotTakenError: somebody was earlier, or the time is not free.
        AlreadyBookedError: the form was sent before, with other fields or more than two minutes ago.
        BookingPausedError: no roster is in force, so there is nobody to seal to.
        TooFewReadersError: "we ring you" at a time when one person only could read the number.
    """
    wait_for_turn(session)
    secret = token.bits + wish.cleaned() + (asked.counsellor or "").encode()
    code = derive_code(secret, language=wish.language, key=desk.keys.code)
    if not spend(session, token_mark(token, desk=desk), now=now):
        booking = replayed(session, token, code=code, desk=desk, now=now)
        return receipt_of(booking, code, way=wish.way, desk=desk, is_repeat=True)
    # Spent forms are forgotten after half a day; a form of the staff has no time in it and may be sent after that.
    if session.scalar(select(exists().where(Booking.code_digest == code_digest(code, key=desk.keys.digest)))):
        raise AlreadyBookedError
    booking = book_and_seal(session, wish, code=code, asked=asked, desk=desk, now=now)
    return receipt_of(booking, code, way=wish.way, desk=desk)
