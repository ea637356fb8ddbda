"""A page asks the stores as often for fifty counsellors and a thousand talks as for three and ten."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, insert

from helpline.callbacks.tables import Absence, Booking, Counsellor, TalkState, WeeklyHours
from helpline.store.types import random_id
from tests.support.office import Office, Person

PAGES = ("/", "/today/by-itself", "/day", "/week")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give what is asked of any store meanwhile."""
    asked = list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def fill(office: Office, *, counsellors: int, talks: int) -> None:
    """Put so many counsellors with hours and an absence each, and so many talks with them, into this week."""
    ids = [random_id() for _ in range(counsellors)]
    monday = office.clock.now.replace(hour=7, minute=0, second=0)
    begins = [monday + timedelta(days=n % 7, minutes=30 * (n // 7 % 16)) for n in range(talks)]
    with office.stores.helpline.begin() as session:
        session.execute(
            insert(Counsellor),
            [{"id": it, "alias": it.title(), "languages": "nl", "youth": False, "active": True} for it in ids],
        )
        session.execute(
            insert(WeeklyHours),
            [
                {"id": random_id(), "counsellor_id": it, "weekday": day, "starts": 480, "ends": 1020}
                | {"valid_from": office.clock.now.date() - timedelta(days=9)}
                for it in ids
                for day in range(7)
            ],
        )
        session.execute(
            insert(Absence),
            [
                {"id": random_id(), "counsellor_id": it, "starts_at": monday, "ends_at": monday + timedelta(hours=1)}
                for it in ids
            ],
        )
        session.execute(
            insert(Booking),
            [
                {"id": random_id(), "code_digest": random_id().encode(), "counsellor_id": ids[n % counsellors]}
                | {"starts_at": begin, "ends_at": begin + timedelta(minutes=30), "state": TalkState.BOOKED}
                | {"version": 1, "destroy_at": begin + timedelta(days=2)}
                for n, begin in enumerate(begins)
            ],
        )


def questions(office: Office, person: Person) -> dict[str, int]:
    found = {}
    for path in PAGES:
        with counted() as asked:
            assert person.get(path).status in {200, 203}
        found[path] = len(asked)
    return found


@pytest.mark.parametrize("who", ["counsellor", "coordinator"])
def test_a_page_asks_no_more_for_many_than_for_few(office: Office, who: str) -> None:
    person = office.person(getattr(office.cast, who))
    fill(office, counsellors=3, talks=10)
    few = questions(office, person)
    fill(office, counsellors=47, talks=990)

    assert questions(office, person) == few
