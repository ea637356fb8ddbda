"""How long each thing of a talk is kept (contacts.md, "Forgetting"). Rules only."""

from datetime import datetime, timedelta

KEPT_AFTER_SLOT = timedelta(hours=24)
"""A kept talk, its envelope, code digest and hour of booking, counted from the end of the slot."""

KEPT_AFTER_OUR_FAULT = timedelta(days=7)
"""Digest and state of a talk that failed on our side, so that the code can say so and offer another time."""

MOST_TALKS = 5
"""As many talks with the same counsellor, as the Dutch treatment bridge offers (scheduling.md)."""

FOLLOW_UP_KEPT = timedelta(days=42)
"""The right to a further talk, from when its code was handed over; as far ahead as it can book."""

REPLAY_WINDOW = timedelta(minutes=2)
"""As long as this the same form, sent again, shows the same confirmation."""

TOKEN_LIFE = timedelta(hours=12)
"""A form older than this comes back filled in with a fresh token."""

TOKEN_LEAST_AGE = timedelta(seconds=3)
"""Nobody fills in the form faster."""

HOUR_OF_BOOKING_KEPT = timedelta(hours=48)
"""Long enough to release "everything booked between 02:00 and 03:00"."""

DRAW_LIFE = timedelta(minutes=30)
"""No draw younger than this: the clock stands still, so nothing would be purged, so nothing may be booked."""


RING_WITHIN = timedelta(minutes=10)
RING_AGAIN_FOR = timedelta(minutes=15)
"""From the time of a talk: when who rings us begins, and until when she tries again (scheduling.md)."""

RING_AGAIN_AFTER = timedelta(minutes=10)
"""Who does not answer may be in the next room; two attempts are enough."""

FROZEN_AT_HOUR = 5
"""A counsellor's own calendar stands still from this local hour until the next morning."""

BREAK_LASTS = timedelta(minutes=30)
"""How long whoever held a heavy talk takes no other."""


def hour_of(moment: datetime) -> datetime:
    """Return the full hour at or before *moment*."""
    return moment.replace(minute=0, second=0, microsecond=0)


def next_full_hour(moment: datetime) -> datetime:
    """Return the first full hour at or after *moment*: an hour of destruction must not tell the minute of a visit."""
    whole = hour_of(moment)
    return whole if whole == moment else whole + timedelta(hours=1)


def destroy_talk_at(ends_at: datetime) -> datetime:
    """Return when a talk whose slot ends at *ends_at* is gone; it follows from the slot alone."""
    return ends_at + KEPT_AFTER_SLOT


def destroy_failed_talk_at(now: datetime) -> datetime:
    """Return when the rest of a talk that failed on our side is gone."""
    return next_full_hour(now + KEPT_AFTER_OUR_FAULT)


def destroy_follow_up_at(now: datetime) -> datetime:
    """Return when the right to a further talk that was handed over at *now* is gone, unless it is used before."""
    return next_full_hour(now + FOLLOW_UP_KEPT)


def destroy_token_at(now: datetime) -> datetime:
    """Return when a token that was spent at *now* is gone: past its life it is refused for its age."""
    return next_full_hour(now + TOKEN_LIFE)


def destroy_hour_at(booked_hour: datetime) -> datetime:
    """Return when the hour of a booking is forgotten, which serves to release a flood only."""
    return booked_hour + HOUR_OF_BOOKING_KEPT


def ring_again_after(now: datetime) -> datetime:
    """Return when we ring a second time, after we rang in vain at *now*: a full minute."""
    return (now + RING_AGAIN_AFTER).replace(second=0, microsecond=0)
