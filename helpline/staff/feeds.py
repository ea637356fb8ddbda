"""The address of somebody's own calendar: off by default, one for each, shown once, taken back at once."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline.crypto.digest import is_same, keyed_digest
from helpline.staff.keys import StaffKeys
from helpline.staff.permissions import opens_envelopes
from helpline.staff.sessions import SessionOverError, new_token, read_token, written_token
from helpline.staff.tables import Feed, Member, StaffId


class UnknownFeedError(Exception):
    """No calendar is asked for at this address: never, no longer, or its person has left. They look the same."""


def switch_feed_on(session: Session, staff_id: StaffId, *, keys: StaffKeys, now: datetime) -> str:
    """Return the token of a new address, as the address holds it; the one before it leads nowhere from now on."""
    token = new_token()
    switch_feed_off(session, staff_id)
    session.add(Feed(staff_id=staff_id, digest=keyed_digest(token, key=keys.feed), since=now))
    session.flush()
    return written_token(token)


def switch_feed_off(session: Session, staff_id: StaffId) -> None:
    """Take back the address, if there is one."""
    session.execute(delete(Feed).where(Feed.staff_id == staff_id))


def has_feed(session: Session, staff_id: StaffId) -> bool:
    """Return whether somebody has an address."""
    return session.get(Feed, staff_id) is not None


def whose_feed(session: Session, text: str, *, keys: StaffKeys) -> Member:
    """Return who asks for her calendar with the token that *text* writes. Writes nothing.

    Looked up by its keyed digest and compared in a time that tells nothing.

    Raises:
        UnknownFeedError: nobody does.
    """
    try:
        digest = keyed_digest(read_token(text), key=keys.feed)
    except SessionOverError:
        raise UnknownFeedError from None
    found = session.execute(select(Feed, Member).join(Member, Feed.staff_id == Member.id).where(Feed.digest == digest))
    feed, member = found.one_or_none() or (None, None)
    is_hers = feed is not None and is_same(feed.digest, digest)
    if member is None or not (is_hers and member.active and opens_envelopes(member.role)):
        raise UnknownFeedError
    return member


def feeds_since_before(session: Session, moment: datetime) -> list[StaffId]:
    """Return whose calendars were switched on at *moment* or earlier."""
    return list(session.scalars(select(Feed.staff_id).where(Feed.since <= moment).order_by(Feed.staff_id)))
