"""A talk as the call screen's tests reach it."""

from sqlalchemy import func, select

from helpline.callbacks.tables import Booking, Envelope, TalkState
from tests.support.office import Office, Person
from tests.support.pages import Opened


def talk_path(office: Office) -> str:
    """Return where the one talk is."""
    with office.stores.helpline.read() as session:
        return f"/talk/{session.scalars(select(Booking.id)).one()}"


def state(office: Office) -> TalkState:
    """Return where the one talk stands."""
    with office.stores.helpline.read() as session:
        return session.scalars(select(Booking.state)).one()


def envelopes(office: Office) -> int:
    """Return how many envelopes there are."""
    with office.stores.helpline.read() as session:
        return session.scalar(select(func.count()).select_from(Envelope)) or 0


def opened(office: Office, person: Person) -> Opened:
    """Return the call screen of the one talk, opened by *person*."""
    path = talk_path(office)
    return person.send(person.get(path), action=f"{path}/open")
