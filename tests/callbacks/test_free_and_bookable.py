"""Free is bookable and nothing else is, whatever the hours, exceptions, closures and changes of the clock."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from helpline.callbacks.booking import SlotTakenError, book
from helpline.callbacks.desk import Desk, DeskKeys
from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.draw import draw_times, read_draw, read_today
from helpline.callbacks.exceptions import close_days, replace_day
from helpline.callbacks.rota import days_between, instant, local_day, quarter_of
from helpline.callbacks.tables import Counsellor, WeeklyHours
from helpline.callbacks.times import free_times
from helpline.crypto.digest import Digest
from helpline.roster import Reader, Roster
from helpline.settings.programme import Programme
from helpline.store.engine import Sessions
from tests.support.keys import CODE_KEY
from tests.support.plans import PEOPLE, Plan, plans
from tests.support.postgres import PostgresServer
from tests.support.stores import copy_files, opened_stores
from tests.support.world import programme as programme_in

ASKED = Asked("nl")
TODAY = Asked("nl", door=Door.TODAY)
STAFF = Asked("nl", door=Door.STAFF)
HORIZON = 2


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return programme_in(tmp_path_factory.mktemp("programme"))


@pytest.fixture(scope="module")
def in_files(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sessions]:
    folder = tmp_path_factory.mktemp("hours")
    copy_files(sqlite_template, to=folder)
    with opened_stores(folder, database_url=None) as stores:
        yield stores.helpline


@pytest.fixture(scope="module")
def in_postgresql(
    postgres: PostgresServer, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sessions]:
    with (
        postgres.fresh_database(template=postgres_template) as url,
        opened_stores(tmp_path_factory.mktemp("hours"), database_url=url) as stores,
    ):
        yield stores.helpline


class UndoneError(Exception):
    """Ends an example, so that nothing of it stays."""


@dataclass(frozen=True)
class Tried:
    """A plan in a store, for as long as one transaction lasts."""

    session: Session
    plan: Plan
    desk: Desk
    roster: Roster

    def free(
        self, asked: Asked = STAFF, *, now: datetime | None = None, only: datetime | None = None
    ) -> list[datetime]:
        found = free_times(
            self.session,
            asked,
            programme=self.desk.programme,
            roster=self.roster,
            now=now or self.plan.now,
            only=only,
        )
        return [time.starts_at for time in found]

    def free_to_visitors(self, *, now: datetime) -> set[datetime]:
        """Return what a visitor can book by the ordinary door or by that of today."""
        return {*self.free(ASKED, now=now), *self.free(TODAY, now=now)}

    def books(self, time: datetime, asked: Asked = STAFF, *, now: datetime | None = None) -> bool:
        """Return whether *time* could be booked; the booking is made."""
        digest = Digest(secrets.token_bytes(32))
        try:
            book(self.session, time, asked=asked, digest=digest, desk=self.desk, now=now or self.plan.now)
        except SlotTakenError:
            return False
        return True


@contextmanager
def tried(helpline: Sessions, plan: Plan, *, invented: Programme) -> Iterator[Tried]:
    days = days_between(plan.now.date() - timedelta(days=2), plan.now.date() + timedelta(days=5))
    rules = replace(invented.slots, horizon_days=HORIZON, staff_horizon_days=HORIZON, cap_per_day=plan.cap)
    rules = replace(rules, far_ahead_percent=plan.far_percent, follow_up_reserve=plan.reserve)
    found = replace(invented, zone=plan.zone, slots=rules, booked_lines=plan.lines, languages=("nl",))
    found = replace(found, today_slots=plan.kept)
    roster = Roster(
        serial=1,
        valid_until=plan.now + timedelta(days=8),
        readers=tuple(Reader(name, b"", stands_in=True, first_day=days[0], last_day=None) for name in PEOPLE),
        day_keys=dict.fromkeys(days, b""),
    )
    desk = Desk(programme=found, keys=DeskKeys.of(CODE_KEY), words={}, roster=roster)
    with suppress(UndoneError), helpline.begin() as session:
        for name in PEOPLE:
            session.add(Counsellor(id=name, alias=name, languages="nl", youth=False, active=True))
        session.flush()
        for whose, weekday, starts, ends, first, last in plan.weekly:
            hours = WeeklyHours(counsellor_id=whose, weekday=weekday, starts=starts, ends=ends)
            hours.valid_from, hours.valid_until = first, last
            session.add(hours)
        for (whose, day), spans in plan.replaced.items():
            replace_day(session, whose, day=day, spans=spans)
        for first, last in plan.closed:
            close_days(session, first=first, last=last, label="closed")
        yield Tried(session, plan, desk, roster)
        raise UndoneError


def by_the_rules(plan: Plan, *, rules: Programme) -> set[datetime]:
    """Return the starts of talks while nothing is booked: found day by day, without the code that is tried."""
    first, last = plan.now, plan.now + timedelta(days=HORIZON)
    length, grid = timedelta(minutes=rules.slots.length), timedelta(minutes=rules.slots.grid)
    found = set()
    for counsellor in PEOPLE:
        for day in days_between(first.date() - timedelta(days=2), last.date() + timedelta(days=2)):
            for starts, ends in plan.spans(counsellor, day):
                begin, end = instant(day, starts, zone=plan.zone), instant(day, ends, zone=plan.zone)
                while begin + length <= end:
                    found.add(begin)
                    begin += grid
    return {time for time in found if first <= time <= last}


def free_is_what_the_rules_say_and_what_books(
    helpline: Sessions, plan: Plan, *, invented: Programme, data: st.DataObject
) -> None:
    with tried(helpline, plan, invented=invented) as found:
        expected = by_the_rules(plan, rules=found.desk.programme)
        assert set(found.free()) == expected
        beside = [time + timedelta(minutes=5) for time in expected]
        beside += [
            instant(day, 600, zone=plan.zone) for first, last in plan.closed for day in days_between(first, last)
        ]
        wanted = (
            data.draw(st.lists(st.sampled_from(sorted({*expected, *beside})), max_size=3)) if expected or beside else []
        )
        for time in wanted:
            is_free = time in found.free()
            assert found.free(only=time) == [time] * is_free
            assert found.books(time) is is_free


@given(plan=plans(), data=st.data())
def test_free_is_what_the_rules_say_and_what_books(
    in_files: Sessions, invented: Programme, plan: Plan, data: st.DataObject
) -> None:
    free_is_what_the_rules_say_and_what_books(in_files, plan, invented=invented, data=data)


@pytest.mark.long
@given(plan=plans(), data=st.data())
def test_free_is_what_the_rules_say_and_what_books_in_postgresql(
    in_postgresql: Sessions, invented: Programme, plan: Plan, data: st.DataObject
) -> None:
    free_is_what_the_rules_say_and_what_books(in_postgresql, plan, invented=invented, data=data)


def a_draw_keeps_its_three_promises(
    helpline: Sessions, plan: Plan, *, invented: Programme, data: st.DataObject
) -> None:
    """Drawn was bookable then; drawn and still free books; inside its quarter nothing moves the lists."""
    quarter = quarter_of(plan.now)

    def listed(now: datetime) -> tuple[datetime, ...]:
        times = read_draw(found.session, language="nl", now=now)
        assert times is not None
        return *times, *read_today(found.session, language="nl", now=now)

    with tried(helpline, plan, invented=invented) as found:
        draw_times(found.session, programme=found.desk.programme, roster=found.roster, now=plan.now)
        before = listed(plan.now)
        assert set(before) <= found.free_to_visitors(now=plan.now)
        assert len(set(before)) == len(before)
        shut = _somebody_changes_something(found, before, data=data)
        later = quarter + data.draw(st.integers(30, 15 * 60 - 1)) * timedelta(seconds=1)
        assert draw_times(found.session, programme=found.desk.programme, roster=found.roster, now=later) == 0
        assert listed(later) == tuple(time for time in before if time > later)
        late = later + data.draw(st.sampled_from([timedelta(), timedelta(minutes=14)]))
        for time in (*listed(late)[:2], *listed(late)[-1:]):
            is_free = time in found.free_to_visitors(now=quarter)
            assert not is_free or local_day(time, zone=plan.zone) not in shut
            assert found.books(time, ASKED, now=late) is is_free


def _somebody_changes_something(found: Tried, before: Sequence[datetime], *, data: st.DataObject) -> set[date]:
    """Book a time of the list, or close its day, or do nothing, and return the days that were closed."""
    # How many times a list holds is chance: what is drawn here must not hang on it, or no example comes twice.
    deed, number = data.draw(st.sampled_from(["nothing", "book", "close", "replace"])), data.draw(st.integers(0, 999))
    if deed == "nothing" or not before:
        return set()
    time = before[number % len(before)]
    day = local_day(time, zone=found.plan.zone)
    if deed == "book":
        assert found.books(time, ASKED)
    elif deed == "close":
        close_days(found.session, first=day, last=day, label="closed")
        return {day}
    else:
        replace_day(found.session, PEOPLE[0], day=day, spans=())
    return set()


@given(plan=plans(), data=st.data())
def test_a_draw_keeps_its_three_promises(
    in_files: Sessions, invented: Programme, plan: Plan, data: st.DataObject
) -> None:
    a_draw_keeps_its_three_promises(in_files, plan, invented=invented, data=data)


@pytest.mark.long
@given(plan=plans(), data=st.data())
def test_a_draw_keeps_its_three_promises_in_postgresql(
    in_postgresql: Sessions, invented: Programme, plan: Plan, data: st.DataObject
) -> None:
    a_draw_keeps_its_three_promises(in_postgresql, plan, invented=invented, data=data)
