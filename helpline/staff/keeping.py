"""How long sign-ins, devices and traces of the staff last. Rules only."""

from datetime import datetime, timedelta

ROUNDED_TO = timedelta(minutes=5)
"""Moments of a session are rounded down to this: a database must not tell who read what at which minute."""

KEY_DROPPED_AFTER = timedelta(minutes=15)
"""Idle this long, the session forgets its private keys; opening asks for the passphrase again."""

ENDED_AFTER = timedelta(minutes=60)
"""Idle this long, the session is over."""

CALL_COVERED_FOR = timedelta(hours=2)
"""While a call is open idle does not count, for at most this long."""

LONGEST_SESSION = timedelta(hours=10)
"""No session lasts longer, but for a call that is open."""

DEVICE_KNOWN_FOR = timedelta(days=90)
"""A device that nobody signed in on for this long is a stranger again."""

DEVICES_EACH = 5
"""How many devices of one person are known at once; the one used longest ago goes."""

TRIES_FORGOTTEN_AFTER = timedelta(hours=1)
"""After this long without a try, nobody is slowed any more."""

TRIES_AT_ONCE = 3
"""The first tries need no wait: everybody mistypes."""

LONGEST_WAIT = timedelta(seconds=30)
"""More would let a stranger lock a counsellor out (contacts.md)."""

DETAIL_KEPT = timedelta(hours=24)
"""How long the minute and the detail of an act outlive its talk, or the act itself where there is no talk."""

CHANGES_SHOWN = timedelta(days=14)
"""A change of who may open stands on everybody's first page for this long."""


def rounded(moment: datetime) -> datetime:
    """Return *moment*, rounded down to ROUNDED_TO."""
    return moment - timedelta(seconds=moment.timestamp() % ROUNDED_TO.total_seconds())


def wait_after(tries: int) -> timedelta:
    """Return how long the next try has to wait after *tries* in vain: 2, 4, 8, 16, at most 30 seconds."""
    extra = tries - TRIES_AT_ONCE
    if extra < 0:
        return timedelta()
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(extra + 1, 10)))


def is_keyless(last_used: datetime, *, now: datetime) -> bool:
    """Return whether a session *last_used* then has forgotten its keys by *now*."""
    return now - last_used >= KEY_DROPPED_AFTER


def is_idle(last_used: datetime, *, now: datetime) -> bool:
    """Return whether a session *last_used* then is over by *now*."""
    return now - last_used >= ENDED_AFTER


def detail_until(now: datetime, *, slot_end: datetime | None) -> datetime:
    """Return when the detail of an act goes: with the talk it was about, or on the next full hour a day later."""
    if slot_end is not None:
        return slot_end + DETAIL_KEPT
    return (now + DETAIL_KEPT).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
