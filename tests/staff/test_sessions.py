"""How long a session lasts, and what it forgets meanwhile."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from helpline.retention import purge_expired
from helpline.staff.sessions import (
    KeysDroppedError,
    Present,
    SessionOverError,
    Token,
    begin_call,
    close_others,
    close_session,
    end_call,
    expire_sessions,
    find_session,
    is_touch_due,
    private_keys,
    read_token,
    touch,
    written_token,
)
from helpline.staff.sign_in import SignedIn
from helpline.staff.tables import Member, StaffSession
from tests.support.cast import KEYS, Cast
from tests.support.stores import Stores
from tests.support.world import NOW

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
START = NOW.replace(minute=0, second=0)


@pytest.fixture
def entered(stores: Stores, cast: Cast) -> SignedIn:
    """Give a counsellor's session that began on the full hour."""
    return cast.enter(stores.office, cast.counsellor, now=START)


def find(stores: Stores, token: Token, *, now: datetime) -> Present:
    with stores.office.read() as session:
        return find_session(session, token, keys=KEYS, now=now)


def is_there(stores: Stores, token: Token, *, now: datetime) -> bool:
    return find(stores, token, now=now).staff_id != ""


def use(stores: Stores, token: Token, *, now: datetime) -> None:
    present = find(stores, token, now=now)
    with stores.office.begin() as session:
        touch(session, present, now=now)


def test_keys_are_dropped_after_a_quarter_of_an_hour_without_use(stores: Stores, entered: SignedIn) -> None:
    assert find(stores, entered.token, now=START + 14 * MINUTE).has_keys
    assert find(stores, entered.token, now=START + 15 * MINUTE).needs_passphrase

    with stores.office.read() as session, pytest.raises(KeysDroppedError):
        private_keys(session, entered.token, keys=KEYS, now=START + 15 * MINUTE)


def test_keys_that_were_dropped_do_not_come_back_by_using_the_session(stores: Stores, entered: SignedIn) -> None:
    use(stores, entered.token, now=START + 20 * MINUTE)

    assert find(stores, entered.token, now=START + 21 * MINUTE).needs_passphrase
    with stores.office.read() as session:
        assert session.scalars(select(StaffSession.wrapped_keys)).all() == [None]


def test_keys_in_hand_are_the_ones_that_the_passphrase_unwrapped(stores: Stores, entered: SignedIn) -> None:
    with stores.office.read() as session:
        assert private_keys(session, entered.token, keys=KEYS, now=START) == entered.private


def test_a_session_ends_after_an_hour_without_use(stores: Stores, entered: SignedIn) -> None:
    assert is_there(stores, entered.token, now=START + 59 * MINUTE)
    with pytest.raises(SessionOverError):
        find(stores, entered.token, now=START + 60 * MINUTE)


def test_a_session_that_is_used_lasts_ten_hours(stores: Stores, entered: SignedIn) -> None:
    for count in range(1, 15):
        use(stores, entered.token, now=START + count * 40 * MINUTE)

    assert is_there(stores, entered.token, now=START + 10 * HOUR - MINUTE)
    with pytest.raises(SessionOverError):
        find(stores, entered.token, now=START + 10 * HOUR)


def test_idle_does_not_count_while_a_call_is_open(stores: Stores, entered: SignedIn) -> None:
    with stores.office.begin() as session:
        begin_call(session, find(stores, entered.token, now=START), talk="a talk", now=START)

    late = START + 2 * HOUR - MINUTE
    present = find(stores, entered.token, now=late)
    assert present.has_keys
    assert present.open_call == "a talk"
    with pytest.raises(SessionOverError):
        find(stores, entered.token, now=START + 2 * HOUR)


def test_idle_counts_again_when_the_call_is_over(stores: Stores, entered: SignedIn) -> None:
    with stores.office.begin() as session:
        begin_call(session, find(stores, entered.token, now=START), talk="a talk", now=START)
    over = START + HOUR
    with stores.office.begin() as session:
        end_call(session, find(stores, entered.token, now=over), now=over)

    assert find(stores, entered.token, now=over + 14 * MINUTE).has_keys
    present = find(stores, entered.token, now=over + 15 * MINUTE)
    assert present.needs_passphrase
    assert present.open_call is None


def test_ten_hours_wait_for_the_open_call(stores: Stores, entered: SignedIn) -> None:
    for count in range(1, 15):
        use(stores, entered.token, now=START + count * 40 * MINUTE)
    late = START + 9 * HOUR + 55 * MINUTE
    with stores.office.begin() as session:
        begin_call(session, find(stores, entered.token, now=late), talk="a talk", now=late)

    assert is_there(stores, entered.token, now=START + 11 * HOUR)


def test_the_trace_of_a_call_goes_with_the_time_it_counts(stores: Stores, entered: SignedIn) -> None:
    with stores.office.begin() as session:
        begin_call(session, find(stores, entered.token, now=START), talk="a talk", now=START)
        purge_expired(session, Member.metadata, now=START + 2 * HOUR)
        row = session.scalars(select(StaffSession)).one()
        session.refresh(row)
        assert (row.open_call, row.call_until) == (None, None)


def test_the_store_knows_the_last_use_to_five_minutes_only(stores: Stores, entered: SignedIn) -> None:
    now = START + timedelta(minutes=8, seconds=13)
    present = find(stores, entered.token, now=now)
    assert is_touch_due(present, now=now)
    assert not is_touch_due(present, now=START + 4 * MINUTE)

    use(stores, entered.token, now=now)
    assert find(stores, entered.token, now=now).last_used == START + 5 * MINUTE


def test_the_clock_destroys_idle_keys_and_ends_old_sessions(stores: Stores, cast: Cast, entered: SignedIn) -> None:
    def kept_after(duration: timedelta) -> list[bool]:
        with stores.office.begin() as session:
            expire_sessions(session, now=START + duration)
            return [keys is not None for keys in session.scalars(select(StaffSession.wrapped_keys))]

    assert kept_after(14 * MINUTE) == [True]
    assert kept_after(15 * MINUTE) == [False]
    assert kept_after(60 * MINUTE) == []


def test_the_clock_leaves_an_open_call_alone(stores: Stores, entered: SignedIn) -> None:
    with stores.office.begin() as session:
        begin_call(session, find(stores, entered.token, now=START), talk="a talk", now=START)
        expire_sessions(session, now=START + 2 * HOUR - MINUTE)

    assert find(stores, entered.token, now=START + 2 * HOUR - MINUTE).has_keys


def test_whoever_signs_out_is_out(stores: Stores, entered: SignedIn) -> None:
    with stores.office.begin() as session:
        close_session(session, find(stores, entered.token, now=START))

    with pytest.raises(SessionOverError):
        find(stores, entered.token, now=START)


def test_other_sessions_of_the_same_person_can_be_ended(stores: Stores, cast: Cast, entered: SignedIn) -> None:
    elsewhere = cast.enter(stores.office, cast.counsellor, now=START + MINUTE)
    colleague = cast.enter(stores.office, cast.other, now=START)
    with stores.office.begin() as session:
        close_others(session, find(stores, entered.token, now=START + MINUTE))

    assert is_there(stores, entered.token, now=START + MINUTE)
    assert is_there(stores, colleague.token, now=START + MINUTE)
    with pytest.raises(SessionOverError):
        find(stores, elsewhere.token, now=START + MINUTE)


def test_a_token_survives_its_cookie(entered: SignedIn) -> None:
    assert read_token(written_token(entered.token)) == entered.token


@pytest.mark.parametrize("text", ["", "short", "é", "A" * 44, "=" * 44, "AAAA"])
def test_what_is_no_token_is_no_session(stores: Stores, entered: SignedIn, text: str) -> None:
    with pytest.raises(SessionOverError):
        find(stores, read_token(text), now=START)
