"""Ill today, as the tests of its pages reach it."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from helpline.callbacks.rota_keeping import NewHours, add_absence, add_hours
from helpline.callbacks.tables import Booking, CounsellorId
from helpline.staff.tables import StaffId
from tests.support.office import FIVE, NINE, Office, Person
from tests.support.pages import Opened

HOUR = timedelta(hours=1)


def let_the_other_work(office: Office) -> None:
    """Give the other counsellor the hours that the first one has."""
    with office.stores.helpline.begin() as session:
        for weekday in range(7):
            hours = NewHours(weekday=weekday, starts=NINE, ends=FIVE, valid_from=office.clock.now.date())
            add_hours(session, CounsellorId(office.cast.other.id), hours=hours)


def talks(office: Office) -> Sequence[Booking]:
    """Return every talk, by time."""
    with office.stores.helpline.read() as session:
        return session.scalars(select(Booking).order_by(Booking.starts_at)).all()


def holders(office: Office) -> list[str]:
    """Return who has each talk, by time."""
    names = {player.id: player.name for player in (office.cast.counsellor, office.cast.other)}
    return [names[StaffId(talk.counsellor_id)] for talk in talks(office)]


def away_path(office: Office) -> str:
    """Return where the counsellor's screen is."""
    return f"/away/{office.cast.counsellor.id}"


def go_away(office: Office, person: Person, **typed: str) -> Opened:
    """Let the counsellor be away, and return what *person* sees then."""
    path = away_path(office)
    return person.follow(person.send(person.get(path), typed, action=path))


def press(office: Office, person: Person, page: Opened, *choices: str, **typed: str) -> Opened:
    """Press "hand over" below the list of *page*, after choosing for its first talks."""
    chosen = {str(it.get("name")): choice for it, choice in zip(page.all("select"), choices, strict=False)}
    return person.send(page, chosen | typed, action=f"{away_path(office)}/hand-over")


def occupy_the_other(office: Office, talk: Booking) -> None:
    """Let the other counsellor be busy at the time of *talk*."""
    with office.stores.helpline.begin() as session:
        add_absence(session, CounsellorId(office.cast.other.id), starts_at=talk.starts_at, ends_at=talk.ends_at)
