"""A session that has dropped its keys asks for the passphrase again."""

from datetime import timedelta

import pytest

from helpline.staff import sign_in as sign_in_module
from helpline.staff.accounts import PrivateKeys, deactivate, unlock
from helpline.staff.keys import Door
from helpline.staff.sessions import Present, Token, find_session
from helpline.staff.sign_in import SignInRefusedError, regain_keys
from helpline.staff.tables import Member
from helpline.staff.tries import SlowedError
from tests.support.cast import KEYS, Cast
from tests.support.stores import Stores
from tests.support.world import NOW


def right_passphrase(stores: Stores, cast: Cast, present: Present, *, token: Token) -> PrivateKeys:
    passphrase = cast.counsellor.issued.passphrase
    return regain_keys(stores.office, present, passphrase=passphrase, token=token, door=cast.door, now=NOW)


def test_a_session_without_keys_gets_them_back_by_the_passphrase(stores: Stores, cast: Cast) -> None:
    entered = cast.enter(stores.office, cast.counsellor)
    later = NOW + timedelta(minutes=20)
    with stores.office.read() as session:
        present = find_session(session, entered.token, keys=KEYS, now=later)
    assert present.needs_passphrase

    for passphrase in ("wrong", cast.other.issued.passphrase):
        with pytest.raises(SignInRefusedError):
            regain_keys(stores.office, present, passphrase=passphrase, token=entered.token, door=cast.door, now=later)
    private = regain_keys(
        stores.office,
        present,
        passphrase=cast.counsellor.issued.passphrase,
        token=entered.token,
        door=cast.door,
        now=later,
    )
    assert private == entered.private
    with stores.office.read() as session:
        assert find_session(session, entered.token, keys=KEYS, now=later).has_keys


def test_asking_for_keys_again_is_slowed_too(stores: Stores, cast: Cast) -> None:
    entered = cast.enter(stores.office, cast.counsellor)
    with stores.office.read() as session:
        present = find_session(session, entered.token, keys=KEYS, now=NOW)

    def guess() -> None:
        regain_keys(stores.office, present, passphrase="wrong", token=entered.token, door=cast.door, now=NOW)

    for _ in range(3):
        with pytest.raises(SignInRefusedError):
            guess()
    with pytest.raises(SlowedError):
        guess()


def test_programme_staff_may_be_asked_for_a_passphrase_as_well(stores: Stores, cast: Cast) -> None:
    entered = cast.enter(stores.office, cast.programme_staff)
    with stores.office.read() as session:
        present = find_session(session, entered.token, keys=KEYS, now=NOW)

    with pytest.raises(SignInRefusedError):
        regain_keys(stores.office, present, passphrase="wrong", token=entered.token, door=cast.door, now=NOW)


def test_whoever_was_deactivated_a_moment_ago_is_refused(stores: Stores, cast: Cast) -> None:
    entered = cast.enter(stores.office, cast.counsellor)
    with stores.office.begin() as session:
        present = find_session(session, entered.token, keys=KEYS, now=NOW)
        deactivate(session, cast.counsellor.id, by=cast.coordinator.id)

    with pytest.raises(SignInRefusedError):
        right_passphrase(stores, cast, present, token=entered.token)


def test_whoever_is_deactivated_while_her_passphrase_is_tried_is_refused(
    stores: Stores, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered = cast.enter(stores.office, cast.counsellor)
    with stores.office.read() as session:
        present = find_session(session, entered.token, keys=KEYS, now=NOW)

    def unlock_and_leave(member: Member, passphrase: str, *, door: Door) -> PrivateKeys:
        private = unlock(member, passphrase, door=door)
        with stores.office.begin() as session:
            deactivate(session, cast.counsellor.id, by=cast.coordinator.id)
        return private

    monkeypatch.setattr(sign_in_module, "unlock", unlock_and_leave)
    with pytest.raises(SignInRefusedError):
        right_passphrase(stores, cast, present, token=entered.token)
