"""Whoever guesses is slowed, and nobody is locked out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from helpline.staff.keys import NoSeatError, Seats
from helpline.staff.sign_in import Credentials, SignInRefusedError, sign_in
from helpline.staff.tables import KnownDevice, Tries
from helpline.staff.tries import DRAWERS, SlowedError, forget_old_tries
from helpline.store.engine import Sessions
from helpline.store.writing import insert_free
from tests.support.cast import Cast
from tests.support.stores import Stores
from tests.support.world import NOW

STEP = timedelta(seconds=30)


def try_in_vain(office: Sessions, cast: Cast, typed: Credentials, *, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefusedError):
            sign_in(office, typed, door=cast.door, now=NOW)


def test_after_three_tries_in_vain_the_next_one_waits(stores: Stores, cast: Cast) -> None:
    try_in_vain(stores.office, cast, replace(cast.counsellor.credentials(), passphrase="wrong"), times=3)

    with pytest.raises(SlowedError) as slowed:
        cast.enter(stores.office, cast.counsellor)
    assert slowed.value.wait == timedelta(seconds=2, microseconds=0)
    assert cast.enter(stores.office, cast.counsellor, now=NOW + timedelta(seconds=2)).private.opening


def test_nobody_waits_longer_than_half_a_minute(stores: Stores, cast: Cast) -> None:
    now, longest = NOW, timedelta()
    typed = replace(cast.counsellor.credentials(), passphrase="wrong")
    for _ in range(20):
        try:
            sign_in(stores.office, typed, door=cast.door, now=now)
        except SlowedError as slowed:
            longest = max(longest, slowed.wait)
            now += slowed.wait
        except SignInRefusedError:
            pass
    assert longest == timedelta(seconds=30)


def test_a_name_that_nobody_has_is_slowed_like_any_other(stores: Stores, cast: Cast) -> None:
    stranger = Credentials(name="nobody", passphrase="wrong", code="123456")
    try_in_vain(stores.office, cast, stranger, times=3)

    with pytest.raises(SlowedError):
        sign_in(stores.office, stranger, door=cast.door, now=NOW)


def test_a_right_sign_in_forgets_the_tries_before_it(stores: Stores, cast: Cast) -> None:
    wrong = replace(cast.counsellor.credentials(), passphrase="wrong")
    try_in_vain(stores.office, cast, wrong, times=2)
    cast.enter(stores.office, cast.counsellor)

    try_in_vain(stores.office, cast, wrong, times=3)


def test_a_right_sign_in_that_clears_the_counter_in_the_same_moment_disturbs_nobody(
    stores: Stores, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleared: list[int] = []

    def insert_and_lose_it_once(session: Session, table: type[Tries], *, rows: list[dict[str, object]]) -> int:
        made = insert_free(session, table, rows=rows)
        if not cleared:
            cleared.append(session.connection().execute(delete(Tries)).rowcount)
        return made

    monkeypatch.setattr("helpline.staff.tries.insert_free", insert_and_lose_it_once)

    assert cast.enter(stores.office, cast.counsellor).private.opening
    assert cleared == [1]


def test_tries_are_forgotten_after_an_hour(stores: Stores, cast: Cast) -> None:
    wrong = replace(cast.counsellor.credentials(), passphrase="wrong")
    try_in_vain(stores.office, cast, wrong, times=3)
    later = NOW + timedelta(hours=1)

    with pytest.raises(SignInRefusedError):
        sign_in(stores.office, wrong, door=cast.door, now=later)
    with stores.office.begin() as session:
        assert session.scalars(select(Tries.count)).all() == [1]
        forget_old_tries(session, now=later + timedelta(hours=1))
        assert session.scalars(select(Tries)).all() == []


def test_a_stranger_cannot_slow_a_device_that_is_known(stores: Stores, cast: Cast) -> None:
    device = cast.enter(stores.office, cast.counsellor).device
    later = NOW + STEP
    try_in_vain(stores.office, cast, replace(cast.counsellor.credentials(), passphrase="wrong"), times=3)
    hers = cast.counsellor.credentials(later)

    with pytest.raises(SlowedError):
        sign_in(stores.office, hers, door=cast.door, now=NOW)
    assert sign_in(stores.office, replace(hers, device=device), door=cast.door, now=NOW).device == device


def test_the_cookie_of_a_device_serves_its_own_person_only(stores: Stores, cast: Cast) -> None:
    device = cast.enter(stores.office, cast.other).device
    try_in_vain(stores.office, cast, replace(cast.counsellor.credentials(), passphrase="wrong"), times=3)

    with pytest.raises(SlowedError):
        sign_in(stores.office, replace(cast.counsellor.credentials(), device=device), door=cast.door, now=NOW)


def test_a_device_that_was_not_used_for_three_months_is_a_stranger(stores: Stores, cast: Cast) -> None:
    device = cast.enter(stores.office, cast.counsellor).device
    later = NOW + timedelta(days=91)

    entered = sign_in(
        stores.office, replace(cast.counsellor.credentials(later), device=device), door=cast.door, now=later
    )
    assert entered.device != device


def test_five_devices_are_known_and_the_one_used_longest_ago_goes(stores: Stores, cast: Cast) -> None:
    devices = [
        cast.enter(stores.office, cast.counsellor, now=NOW + count * timedelta(minutes=10)).device for count in range(6)
    ]

    with stores.office.read() as session:
        assert session.scalar(select(func.count()).select_from(KnownDevice)) == 5
    later = NOW + timedelta(hours=2)
    first = replace(cast.counsellor.credentials(later), device=devices[0])
    assert sign_in(stores.office, first, door=cast.door, now=later).device != devices[0]


def test_the_counters_of_names_do_not_grow_without_bound(stores: Stores, cast: Cast) -> None:
    for number in range(50):
        stranger = Credentials(name=f"stranger {number}", passphrase="wrong", code="1")
        with pytest.raises(SignInRefusedError):
            sign_in(stores.office, stranger, door=cast.door, now=NOW)

    with stores.office.read() as session:
        drawers = [int(subject.removeprefix("name:")) for subject in session.scalars(select(Tries.subject))]
    assert max(drawers) < DRAWERS


def test_strangers_who_take_every_seat_leave_known_devices_theirs(stores: Stores, cast: Cast) -> None:
    device = cast.enter(stores.office, cast.counsellor).device
    seats = Seats(1, wait=0)
    door = replace(cast.door, seats=seats)
    later = NOW + STEP

    with seats.taken(is_known=False):
        with pytest.raises(NoSeatError):
            sign_in(stores.office, cast.other.credentials(later), door=door, now=later)
        assert sign_in(
            stores.office, replace(cast.counsellor.credentials(later), device=device), door=door, now=later
        ).private.opening


def test_a_seat_is_free_again_after_a_try_in_vain(stores: Stores, cast: Cast) -> None:
    door = replace(cast.door, seats=Seats(1, wait=0))

    with pytest.raises(SignInRefusedError):
        sign_in(stores.office, replace(cast.other.credentials(), passphrase="wrong"), door=door, now=NOW)
    assert sign_in(stores.office, cast.other.credentials(), door=door, now=NOW).private.opening
