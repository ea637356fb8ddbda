"""Half days that change hands, and what counsellors wish of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import DayHours, read_hours
from helpline.callbacks.exceptions import let_hold
from helpline.callbacks.month import month_of
from helpline.callbacks.month_reading import away
from helpline.callbacks.rota import days_between
from helpline.callbacks.rota_keeping import UnknownRotaRowError, active_counsellors
from helpline.callbacks.rota_tables import ShiftOffer, ShiftWish, WishKind
from helpline.callbacks.spans import Half, Spans, half_of, joined, within, without_half
from helpline.callbacks.tables import CounsellorId
from helpline.store.types import random_id
from helpline.store.writing import insert_free, wait_for_turn


class NothingToOfferError(Exception):
    """She is not there in that half day."""


class OfferGoneError(Exception):
    """Somebody else took the half day, it was withdrawn, or nobody is there then any more."""


class AwayThenError(Exception):
    """Who wants to take the half day is away herself."""


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A half day of somebody, with her hours in it."""

    counsellor_id: CounsellorId
    day: date
    half: Half
    spans: Spans


@dataclass(frozen=True, slots=True)
class Offer:
    """A half day that is offered, or that a colleague took; *left* is what its giver has of that day in all."""

    offer_id: str
    half_day: HalfDay
    left: Spans
    taken_by: CounsellorId | None


def half_days(session: Session, counsellor_id: CounsellorId, *, first: date, last: date) -> list[HalfDay]:
    """Return the half days from *first* to *last* in which a counsellor is there, in order."""
    hours = read_hours(session, [counsellor_id], first=first, last=last)
    found = (_half_day(hours, counsellor_id, day=day, half=half) for day in days_between(first, last) for half in Half)
    return [it for it in found if it.spans]


def offer(session: Session, counsellor_id: CounsellorId, *, day: date, half: Half, today: date) -> None:
    """Offer a half day to the colleagues; offered twice, it stands there once. Offers of days that are over go.

    Raises:
        NothingToOfferError: she is not there then.
    """
    wait_for_turn(session)
    there = {it.half for it in half_days(session, counsellor_id, first=day, last=day)}
    if half not in there or day < today:
        raise NothingToOfferError
    key = {"counsellor_id": counsellor_id, "day": day, "half": half}
    session.execute(delete(ShiftOffer).where(ShiftOffer.day < today))
    session.execute(delete(ShiftOffer).filter_by(**key).where(ShiftOffer.taken_by.is_not(None)))
    insert_free(session, ShiftOffer, rows=[key | {"id": random_id(), "taken_by": None}])


def withdraw(session: Session, offer_id: str, *, counsellor_id: CounsellorId) -> None:
    """Take an offer back that nobody took.

    Raises:
        OfferGoneError: there is none of hers, or a colleague was faster.
    """
    gone = delete(ShiftOffer).where(
        ShiftOffer.id == offer_id, ShiftOffer.counsellor_id == counsellor_id, ShiftOffer.taken_by.is_(None)
    )
    if session.connection().execute(gone).rowcount != 1:
        raise OfferGoneError


def take(session: Session, offer_id: str, *, taker: CounsellorId, today: date, zone: ZoneInfo) -> HalfDay:
    """Let the half day that a colleague offers be *taker*'s, at once, and return it; talks that stand, stay.

    Raises:
        OfferGoneError: it is her own, or a colleague was faster, or nobody is there then any more.
        AwayThenError: *taker* is away then.
        UnknownRotaRowError: *taker* takes no talks.
    """
    wait_for_turn(session)
    if taker not in {counsellor.id for counsellor in active_counsellors(session)}:
        raise UnknownRotaRowError
    mine = update(ShiftOffer).where(
        ShiftOffer.id == offer_id,
        ShiftOffer.taken_by.is_(None),
        ShiftOffer.counsellor_id != taker,
        ShiftOffer.day >= today,
    )
    if session.connection().execute(mine.values(taken_by=taker)).rowcount != 1:
        raise OfferGoneError
    giver, day, half = session.execute(
        select(ShiftOffer.counsellor_id, ShiftOffer.day, ShiftOffer.half).where(ShiftOffer.id == offer_id)
    ).one()
    hours = read_hours(session, [giver, taker], first=day, last=day)
    given = _half_day(hours, giver, day=day, half=half)
    if not given.spans:
        raise OfferGoneError
    gone = away(session, month_of(day), zone=zone).get((taker, day), ())
    if any(within(gone, span) for span in given.spans):
        raise AwayThenError
    let_hold(session, giver, day=day, spans=without_half(hours.planned(giver, day), half))
    let_hold(session, taker, day=day, spans=joined((*hours.planned(taker, day), *given.spans)))
    return given


def offers(session: Session, *, today: date) -> list[Offer]:
    """Return the half days that are offered or were taken, of today and later, in order; hours are those in force."""
    coming = select(ShiftOffer).where(ShiftOffer.day >= today).order_by(ShiftOffer.day, ShiftOffer.half.desc())
    rows = list(session.scalars(coming))
    last = max((row.day for row in rows), default=today)
    hours = read_hours(session, [row.counsellor_id for row in rows], first=today, last=last)
    return [
        Offer(
            offer_id=row.id,
            half_day=_half_day(hours, row.counsellor_id, day=row.day, half=row.half),
            left=hours.planned(row.counsellor_id, row.day),
            taken_by=row.taken_by,
        )
        for row in rows
    ]


def wish(session: Session, counsellor_id: CounsellorId, *, day: date, halves: Iterable[Half], kind: WishKind) -> None:
    """Note what a counsellor wishes of *halves* of a day, in place of what she wished before."""
    for half in halves:
        _forget_wish(session, counsellor_id, day=day, half=half)
        row = {"counsellor_id": counsellor_id, "day": day, "half": half, "kind": kind}
        insert_free(session, ShiftWish, rows=[row])


def take_wish_back(session: Session, counsellor_id: CounsellorId, *, day: date, half: Half) -> None:
    """Forget a wish.

    Raises:
        UnknownRotaRowError: she has no such wish.
    """
    if _forget_wish(session, counsellor_id, day=day, half=half) != 1:
        raise UnknownRotaRowError


def _forget_wish(session: Session, counsellor_id: CounsellorId, *, day: date, half: Half) -> int:
    gone = delete(ShiftWish).where(
        ShiftWish.counsellor_id == counsellor_id, ShiftWish.day == day, ShiftWish.half == half
    )
    return session.connection().execute(gone).rowcount


def _half_day(hours: DayHours, whose: CounsellorId, *, day: date, half: Half) -> HalfDay:
    """Return a half day of hers; on a day that is closed she has no hours."""
    spans = () if day in hours.closed else half_of(hours.planned(whose, day), half)
    return HalfDay(whose, day, half, spans)
