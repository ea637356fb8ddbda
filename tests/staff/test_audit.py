"""What the audit proves, and what it forgets."""

from datetime import date, timedelta
from threading import Thread

import pytest
from sqlalchemy import delete, select, update

from helpline.retention import purge_expired
from helpline.staff.audit import BrokenChainError, Deed, append, verify_chain
from helpline.staff.tables import Act, AuditEntry, Member
from tests.support.cast import ZONE, Cast
from tests.support.stores import Stores
from tests.support.world import NOW

SLOT_END = NOW + timedelta(hours=3)


def open_envelope(stores: Stores, cast: Cast, *, form_id: str | None = None, talk: str = "a talk") -> bool:
    deed = Deed(cast.counsellor.id, Act.ENVELOPE_OPENED, detail=talk, form_id=form_id, slot_end=SLOT_END)
    with stores.office.begin() as session:
        return append(session, deed, now=NOW, zone=ZONE)


def check(stores: Stores) -> int:
    with stores.office.read() as session:
        return verify_chain(session)


def test_an_empty_audit_is_whole(stores: Stores) -> None:
    assert check(stores) == 0


def test_acts_are_written_down_in_order_and_checked(stores: Stores, cast: Cast) -> None:
    for _ in range(3):
        open_envelope(stores, cast)

    assert check(stores) == 3


def test_the_day_is_the_day_on_the_helplines_calendar(stores: Stores, cast: Cast) -> None:
    late = NOW.replace(hour=23, minute=30)
    with stores.office.begin() as session:
        append(session, Deed(cast.counsellor.id, Act.SIGNED_OUT), now=late, zone=ZONE)
        assert session.scalars(select(AuditEntry.day)).one() == date(2027, 3, 2)


def test_a_form_that_is_sent_twice_is_written_down_once(stores: Stores, cast: Cast) -> None:
    assert open_envelope(stores, cast, form_id="a form")
    assert not open_envelope(stores, cast, form_id="a form")
    assert open_envelope(stores, cast, form_id="another form")
    assert check(stores) == 2


def test_details_go_a_day_after_the_slot_and_the_chain_still_holds(stores: Stores, cast: Cast) -> None:
    open_envelope(stores, cast, form_id="a form")
    open_envelope(stores, cast)
    with stores.office.begin() as session:
        purge_expired(session, Member.metadata, now=SLOT_END + timedelta(hours=24) - timedelta(seconds=1))
    with stores.office.read() as session:
        assert session.scalars(select(AuditEntry.detail)).all() == ["a talk", "a talk"]
    with stores.office.begin() as session:
        purge_expired(session, Member.metadata, now=SLOT_END + timedelta(hours=24))

    with stores.office.read() as session:
        for entry in session.scalars(select(AuditEntry)):
            left = (entry.detail, entry.minute, entry.salt, entry.form_id, entry.detail_until)
            assert left == (None,) * 5
            assert entry.staff_id == cast.counsellor.id
    assert check(stores) == 2


def test_an_act_without_a_talk_forgets_its_minute_on_a_full_hour(stores: Stores, cast: Cast) -> None:
    with stores.office.begin() as session:
        append(session, Deed(cast.coordinator.id, Act.ROSTER_SIGNED), now=NOW, zone=ZONE)
        until = session.scalars(select(AuditEntry.detail_until)).one()
    assert until == NOW.replace(minute=0, second=0) + timedelta(hours=25)


@pytest.mark.parametrize(
    "change",
    [{"day": date(2027, 1, 1)}, {"act": Act.SIGNED_OUT}, {"detail": "another talk"}, {"about": "somebody"}],
)
def test_a_changed_entry_is_found(stores: Stores, cast: Cast, change: dict[str, object]) -> None:
    for _ in range(3):
        open_envelope(stores, cast)
    with stores.office.begin() as session:
        session.execute(update(AuditEntry).where(AuditEntry.number == 2).values(change))

    with pytest.raises(BrokenChainError) as broken:
        check(stores)
    assert broken.value.number == 2


def test_an_entry_taken_out_is_found(stores: Stores, cast: Cast) -> None:
    for _ in range(3):
        open_envelope(stores, cast)
    with stores.office.begin() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.number == 2))

    with pytest.raises(BrokenChainError):
        check(stores)


def test_acts_at_the_same_moment_stand_behind_each_other(stores: Stores, cast: Cast) -> None:
    threads = [Thread(target=open_envelope, args=(stores, cast)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert check(stores) == 6
