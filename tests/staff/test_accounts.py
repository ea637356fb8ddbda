"""Accounts: what is given once, what is kept, what goes."""

import pytest
from sqlalchemy import func, select

from helpline.codes import words_of
from helpline.crypto.opening import CannotOpenError
from helpline.staff.accounts import (
    NameTakenError,
    NewMember,
    OwnAccountError,
    UnknownMemberError,
    add_member,
    deactivate,
    draw_passphrase,
    find_member,
    fingerprint,
    issue,
    members,
    unlock,
)
from helpline.staff.factors import secret_of
from helpline.staff.permissions import ALLOWED, WITHOUT_SIGN_IN, Permission, Role, may
from helpline.staff.sessions import SessionOverError, find_session
from helpline.staff.tables import KnownDevice, Member, RecoveryCode, StaffId
from tests.support.cast import KEYS, Cast
from tests.support.stores import Stores
from tests.support.world import NOW


def test_a_passphrase_is_long_enough_and_never_the_same(cast: Cast) -> None:
    passphrases = {
        player.issued.passphrase for player in (cast.counsellor, cast.other, cast.coordinator, cast.programme_staff)
    }

    assert len(passphrases) == 4
    assert all(len(words_of("nl")) ** (text.count("-") + 1) >= 2**77 for text in passphrases)


def test_two_accounts_never_share_a_name_however_it_is_typed(stores: Stores, cast: Cast) -> None:
    again = NewMember(name="ANNA ", shown_name="Another Anna", role=Role.COUNSELLOR, language="nl")
    issued = issue(again, door=cast.door, words=words_of("nl"), today=NOW.date())

    with stores.office.begin() as session, pytest.raises(NameTakenError):
        add_member(session, issued, door=cast.door)


def test_a_name_that_somebody_had_is_not_given_to_another(stores: Stores, cast: Cast) -> None:
    with stores.office.begin() as session:
        deactivate(session, cast.counsellor.id, by=cast.coordinator.id)
    again = NewMember(name="anna", shown_name="Another Anna", role=Role.COUNSELLOR, language="nl")
    issued = issue(again, door=cast.door, words=words_of("nl"), today=NOW.date())

    with stores.office.begin() as session, pytest.raises(NameTakenError):
        add_member(session, issued, door=cast.door)


def test_programme_staff_never_stand_in(cast: Cast) -> None:
    new = NewMember(name="x", shown_name="X", role=Role.PROGRAMME_STAFF, language="nl", stands_in=True)

    assert issue(new, door=cast.door, words=words_of("nl"), today=NOW.date()).member.stands_in is False


def test_only_the_right_passphrase_unlocks_the_keys(cast: Cast) -> None:
    member = cast.coordinator.issued.member

    private = unlock(member, cast.coordinator.issued.passphrase, door=cast.door)
    assert private.opening
    assert private.signing
    with pytest.raises(CannotOpenError):
        unlock(member, "wrong", door=cast.door)


def test_keys_are_not_shown_by_accident(cast: Cast) -> None:
    private = unlock(cast.coordinator.issued.member, cast.coordinator.issued.passphrase, door=cast.door)

    assert "b'" not in repr(private)
    assert cast.coordinator.issued.passphrase not in repr(cast.coordinator.issued)


def test_a_passphrase_drawn_again_opens_the_same_keys_and_the_old_one_nothing(cast: Cast) -> None:
    member, old = cast.coordinator.issued.member, cast.coordinator.issued.passphrase
    private = unlock(member, old, door=cast.door)

    fresh = draw_passphrase(member, private, door=cast.door, words=words_of("nl"))
    assert unlock(member, fresh, door=cast.door) == private
    with pytest.raises(CannotOpenError):
        unlock(member, old, door=cast.door)


def test_a_passphrase_can_be_drawn_again_without_any_keys(cast: Cast) -> None:
    member = cast.programme_staff.issued.member
    private = unlock(member, cast.programme_staff.issued.passphrase, door=cast.door)

    assert draw_passphrase(member, private, door=cast.door, words=words_of("nl"))
    assert member.wrapped_key is None


def test_whoever_leaves_loses_keys_factors_sessions_and_devices_at_once(stores: Stores, cast: Cast) -> None:
    entered = cast.enter(stores.office, cast.counsellor)
    with stores.office.begin() as session:
        deactivate(session, cast.counsellor.id, by=cast.coordinator.id)

    with stores.office.read() as session:
        row = session.get_one(Member, cast.counsellor.id)
        gone = (row.login_hash, row.wrapping_salt, row.public_key, row.wrapped_key, row.wrapped_factor, row.last_step)
        assert gone == (None,) * 6
        assert secret_of(row, keys=KEYS) == ""
        for table in (RecoveryCode, KnownDevice):
            hers = select(func.count()).select_from(table).where(table.staff_id == cast.counsellor.id)
            assert session.scalar(hers) == 0
        with pytest.raises(SessionOverError):
            find_session(session, entered.token, keys=KEYS, now=NOW)
        with pytest.raises(UnknownMemberError):
            find_member(session, cast.counsellor.id)


def test_nobody_ends_her_own_account_or_one_that_is_not_there(stores: Stores, cast: Cast) -> None:
    with stores.office.begin() as session:
        with pytest.raises(OwnAccountError):
            deactivate(session, cast.coordinator.id, by=cast.coordinator.id)
        with pytest.raises(UnknownMemberError):
            deactivate(session, StaffId("nobody"), by=cast.coordinator.id)


def test_those_who_can_sign_in_are_listed_first(stores: Stores, cast: Cast) -> None:
    with stores.office.begin() as session:
        deactivate(session, cast.counsellor.id, by=cast.coordinator.id)
        assert [member.name for member in members(session)] == ["bram", "cora", "pim", "anna"]


def test_a_fingerprint_can_be_read_aloud() -> None:
    assert fingerprint(bytes(32)) == "6668 7aad f862 bd77 6c8f c18b 8e9f 8e20"
    assert fingerprint(bytes(31) + b"\1") != fingerprint(bytes(32))


def test_what_no_line_of_the_table_allows_is_refused() -> None:
    for permission in Permission:
        for role in Role:
            allowed = permission in WITHOUT_SIGN_IN or role in ALLOWED[permission]
            assert may(role, permission) is allowed
        assert may(None, permission) is (permission in WITHOUT_SIGN_IN)


def test_programme_staff_see_no_booking_and_talkers_export_nothing() -> None:
    assert {it for it in Permission if may(Role.PROGRAMME_STAFF, it)} == {
        *WITHOUT_SIGN_IN,
        Permission.OWN_ACCOUNT,
        Permission.EXPORT_COUNTS,
        Permission.ENTER_OUTSIDE_FIGURES,
    }
    assert not may(Role.COUNSELLOR, Permission.EXPORT_COUNTS)
    assert not may(Role.COORDINATOR, Permission.EXPORT_COUNTS)
    assert not may(Role.COUNSELLOR, Permission.KEEP_STAFF)
