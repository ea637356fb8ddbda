"""The roster: who may open, signed by who may sign."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from helpline.crypto.opening import opening_pair
from helpline.day_keys import DAYS_AHEAD, DayKeys
from helpline.roster import LIFE, NoValidRosterError, Roster, publish_roster, read_roster
from helpline.staff.accounts import PrivateKeys, deactivate
from helpline.staff.signing import (
    CannotSignError,
    Difference,
    differences,
    draw_up,
    is_renewal_due,
    note_signing,
    readers,
    recent_changes,
    signed,
)
from helpline.staff.tables import AuditEntry, Change, StaffId
from tests.support.cast import ZONE, Cast
from tests.support.stores import Stores
from tests.support.world import NOW

TODAY = NOW.date()


@pytest.fixture
def day_keys(tmp_path: Path) -> DayKeys:
    """Give an empty folder of day keys."""
    return DayKeys(tmp_path / "daykeys")


@pytest.fixture
def roster(stores: Stores, cast: Cast, day_keys: DayKeys) -> Roster:
    """Give the roster of the whole cast, not signed yet."""
    with stores.office.read() as session:
        return draw_up(session, serial=1, day_keys=day_keys, zone=ZONE, now=NOW)


def verify_keys(cast: Cast) -> list[bytes]:
    key = cast.coordinator.issued.member.verify_key
    assert key is not None
    return [key]


def private_keys(stores: Stores, cast: Cast) -> PrivateKeys:
    return cast.enter(stores.office, cast.coordinator).private


def test_everybody_with_a_key_is_on_the_roster_and_nobody_else(roster: Roster, cast: Cast) -> None:
    on_it = {reader.counsellor_id: reader for reader in roster.readers}

    assert on_it.keys() == {cast.counsellor.id, cast.other.id, cast.coordinator.id}
    assert not on_it[cast.counsellor.id].stands_in
    assert on_it[cast.other.id].stands_in
    assert on_it[cast.counsellor.id].public_key == cast.counsellor.issued.member.public_key
    assert on_it[cast.counsellor.id].first_day == TODAY


def test_each_of_the_next_days_has_a_key_whose_private_half_is_on_disk(roster: Roster, day_keys: DayKeys) -> None:
    assert sorted(roster.day_keys) == day_keys.days()
    assert sorted(roster.day_keys) == [TODAY + timedelta(days=count) for count in range(DAYS_AHEAD)]


def test_a_day_keeps_its_key_when_the_roster_is_drawn_up_again(
    stores: Stores, cast: Cast, roster: Roster, day_keys: DayKeys
) -> None:
    with stores.office.read() as session:
        again = draw_up(session, serial=2, day_keys=day_keys, zone=ZONE, now=NOW + timedelta(days=1))

    tomorrow = TODAY + timedelta(days=1)
    assert again.day_keys[tomorrow] == roster.day_keys[tomorrow]
    assert TODAY not in again.day_keys


def test_what_the_coordinator_signs_is_believed(stores: Stores, cast: Cast, roster: Roster) -> None:
    done = signed(roster, private_keys(stores, cast), verify_keys=verify_keys(cast))
    with stores.helpline.begin() as session:
        publish_roster(session, done.roster, signature=done.signature, verify_keys=verify_keys(cast), now=NOW)

    with stores.helpline.read() as session:
        assert read_roster(session, verify_keys=verify_keys(cast), now=NOW, seen=None) == roster
        with pytest.raises(NoValidRosterError):
            read_roster(session, verify_keys=verify_keys(cast), now=NOW + LIFE, seen=None)


def test_a_counsellor_cannot_sign(stores: Stores, cast: Cast, roster: Roster) -> None:
    private = cast.enter(stores.office, cast.counsellor).private

    with pytest.raises(CannotSignError):
        signed(roster, private, verify_keys=verify_keys(cast))


def test_a_signature_that_the_visitors_site_would_not_believe_is_not_made(
    stores: Stores, cast: Cast, roster: Roster
) -> None:
    with pytest.raises(CannotSignError):
        signed(roster, private_keys(stores, cast), verify_keys=[bytes(32)])


def test_an_unchanged_roster_has_no_differences(stores: Stores, roster: Roster) -> None:
    with stores.office.read() as session:
        assert differences(roster.readers, readers(session)) == []


def test_each_difference_is_named(roster: Roster) -> None:
    first, second, third = roster.readers
    new = replace(third, counsellor_id="somebody new")
    changed = replace(
        first, public_key=opening_pair().public, stands_in=not first.stands_in, last_day=date(2027, 12, 31)
    )

    assert differences(roster.readers, [changed, second, new]) == [
        Difference(StaffId(third.counsellor_id), Change.LEFT),
        Difference(StaffId("somebody new"), Change.JOINED),
        Difference(StaffId(first.counsellor_id), Change.KEY_CHANGED),
        Difference(StaffId(first.counsellor_id), Change.DATES_CHANGED),
        Difference(StaffId(first.counsellor_id), Change.STANDING_IN_CHANGED),
    ]


def test_a_roster_is_renewed_when_fewer_than_five_days_are_left(roster: Roster) -> None:
    assert not is_renewal_due(roster, now=NOW + timedelta(days=3) - timedelta(seconds=1))
    assert is_renewal_due(roster, now=NOW + timedelta(days=3, seconds=1))


def test_a_change_is_shown_for_two_weeks(stores: Stores, cast: Cast, roster: Roster) -> None:
    with stores.office.begin() as session:
        deactivate(session, cast.counsellor.id, by=cast.coordinator.id)
        changes = differences(roster.readers, readers(session))
        note_signing(session, roster, changes=changes, by=cast.coordinator.id, zone=ZONE, now=NOW)

    with stores.office.read() as session:
        [(member, change)] = recent_changes(session, today=TODAY + timedelta(days=13))
        assert (member.id, change.change) == (cast.counsellor.id, Change.LEFT)
        assert recent_changes(session, today=TODAY + timedelta(days=14)) == []
        assert session.scalars(select(AuditEntry.act)).all() == ["roster_signed"]


def test_a_signing_that_was_cut_short_and_done_again_is_noted_once(stores: Stores, cast: Cast, roster: Roster) -> None:
    changes = differences([], roster.readers)
    for _ in range(2):
        with stores.office.begin() as session:
            note_signing(session, roster, changes=changes, by=cast.coordinator.id, zone=ZONE, now=NOW)

    with stores.office.read() as session:
        assert len(recent_changes(session, today=TODAY)) == 3
