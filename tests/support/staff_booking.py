"""Booking by the staff, as tests do it: the form, what it shows, what it leaves."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from helpline.callbacks.rota_keeping import NewHours, add_hours
from helpline.callbacks.tables import Booking, Counsellor, CounsellorId
from helpline.staff.tables import Act, AuditEntry
from tests.support.office import FIVE, NINE, Office, Person
from tests.support.pages import Opened, words

NUMBER = "06 12345678"
RINGS = {"way": "we_ring", "number": NUMBER}


def offered(page: Opened) -> list[str]:
    """Return the times that the form offers, as it writes them."""
    return [str(it.get("value")) for it in page.all("input", name="time")]


def book(person: Person, page: Opened, **typed: str) -> Opened:
    """Send the form with its first time and what is *typed*."""
    return person.send(page, {"time": offered(page)[0]} | typed, action="/book")


def bookings(office: Office) -> list[Booking]:
    """Return every booking, in order of time."""
    with office.stores.helpline.read() as session:
        return list(session.scalars(select(Booking).order_by(Booking.starts_at)))


def booked_acts(office: Office) -> list[AuditEntry]:
    """Return what the audit says of bookings by the staff."""
    with office.stores.office.read() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.act == Act.TALK_BOOKED)))


def secrets_on(page: Opened) -> list[str]:
    """Return the code and the words that a page shows."""
    return [words(it) for it in page.all("p", class_="secret")]


def value_of(moment: datetime) -> str:
    """Return how the form writes *moment*."""
    return str(int(moment.timestamp()) // 300)


def let_the_other_work(office: Office, **changes: object) -> None:
    """Give the other counsellor the hours of the first, and *changes* of what she is."""
    other = CounsellorId(office.cast.other.id)
    since = office.clock.now.date() - timedelta(days=7)
    with office.stores.helpline.begin() as session:
        for weekday in range(7):
            hours = NewHours(weekday=weekday, starts=NINE, ends=FIVE, valid_from=since)
            add_hours(session, other, hours=hours)
        if changes:
            session.execute(update(Counsellor).where(Counsellor.id == other).values(**changes))
