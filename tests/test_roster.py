"""Who may open is a signed list: whoever can write to the store, but cannot sign, opens nothing and reads nothing.

This is the core of what full write access to the `helpline` store is worth: it closes booking, and no more.
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError

from helpline.crypto.opening import opening_pair, sign, signing_pair
from helpline.roster import (
    LIFE,
    NoValidRosterError,
    Reader,
    Roster,
    SerialFile,
    SignedRosterRow,
    next_serial,
    publish_roster,
    read_roster,
)
from tests.support.keys import ROSTER_SIGNING_KEY, fixed
from tests.support.stores import Stores, copy_files, opened_stores
from tests.support.world import NOW, VERIFY_KEY

LARGEST = 2**63 - 1
"""As SQLite counts."""

LARGEST_ANYWHERE = 2**31 - 1
SECOND = timedelta(seconds=1)
DAY = date(2027, 3, 2)
ANNA = Reader("anna", fixed("anna"), stands_in=True, first_day=DAY, last_day=None)
BRAM = Reader("bram", fixed("bram"), stands_in=False, first_day=DAY, last_day=DAY + timedelta(days=3))
ROSTER = Roster(
    serial=1, valid_until=NOW.replace(microsecond=0) + LIFE, readers=(ANNA, BRAM), day_keys={DAY: fixed("day")}
)


def publish(stores: Stores, roster: Roster = ROSTER, *, signature: bytes | None = None) -> None:
    signed = sign(roster.body(), private=ROSTER_SIGNING_KEY) if signature is None else signature
    with stores.helpline.begin() as session:
        publish_roster(session, roster, signature=signed, verify_keys=[VERIFY_KEY], now=NOW)


def read(
    stores: Stores,
    *,
    seen: SerialFile | None = None,
    keys: tuple[bytes, ...] = (VERIFY_KEY,),
    later: timedelta = timedelta(),
) -> Roster | None:
    """Return the roster that is believed, or None."""
    with stores.helpline.read() as session:
        try:
            return read_roster(session, verify_keys=keys, now=NOW + later, seen=seen)
        except NoValidRosterError:
            return None


def tamper(stores: Stores, **values: object) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(SignedRosterRow).values(**values))


def test_a_signed_roster_is_read_as_it_was_written(stores: Stores) -> None:
    publish(stores)

    assert read(stores) == ROSTER


def test_a_roster_by_any_of_the_signers_is_believed(stores: Stores) -> None:
    publish(stores)

    assert read(stores, keys=(fixed("another signer"), VERIFY_KEY)) == ROSTER


def test_without_a_roster_nobody_may_open(stores: Stores) -> None:
    assert read(stores) is None


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        bytes(64),
        sign(b"another body", private=ROSTER_SIGNING_KEY),
        sign(ROSTER.body(), private=signing_pair().private),
    ],
    ids=["none", "zeros", "of another body", "of a stranger"],
)
def test_a_roster_without_the_signature_of_a_signer_is_refused(stores: Stores, signature: bytes) -> None:
    publish(stores, signature=signature)

    assert read(stores) is None


def test_a_roster_is_refused_when_there_is_nobody_to_believe(stores: Stores) -> None:
    publish(stores)

    assert read(stores, keys=()) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (fixed("anna").hex(), opening_pair().public.hex()),
        (fixed("day").hex(), opening_pair().public.hex()),
        ('"stands_in": false', '"stands_in": true'),
        ('"bram"', '"carl"'),
        ('"until": null', '"until": "2027-12-31"'),
        (str(int(ROSTER.valid_until.timestamp())), str(int(ROSTER.valid_until.timestamp()) - 1)),
    ],
    ids=["reader's key", "day's key", "stand-in", "name", "dates", "life"],
)
def test_a_roster_changed_by_one_value_is_refused(stores: Stores, old: str, new: str) -> None:
    publish(stores)
    body = ROSTER.body().decode()
    assert old in body
    tamper(stores, body=body.replace(old, new, 1).encode())

    assert read(stores) is None


def test_a_roster_under_another_serial_is_refused(stores: Stores) -> None:
    """The row's serial only says where to look; what counts is the signed one."""
    publish(stores)
    tamper(stores, serial=2)

    assert read(stores) is None


def test_a_foreign_row_on_top_closes_booking_and_no_more(stores: Stores) -> None:
    publish(stores)
    mine = opening_pair()
    forged = replace(ROSTER, serial=9, readers=(replace(ANNA, public_key=mine.public),))
    publish(stores, forged, signature=sign(forged.body(), private=signing_pair().private))

    assert read(stores) is None


@pytest.mark.parametrize("change", ["body = 'text'", "signature = 'text'", "body = ''", "signed_at = 'soon'"])
def test_a_row_of_wrong_kinds_breaks_no_reader(tmp_path: Path, sqlite_template: Path, change: str) -> None:
    """SQLite takes any kind into any column; an error here would stop the clock and the visitors' snapshot."""
    copy_files(sqlite_template, to=tmp_path)
    with opened_stores(tmp_path, database_url=None) as stores:
        publish(stores)
        with stores.helpline.begin() as session:
            session.execute(text(f"UPDATE signed_roster SET {change}"))  # noqa: S608 - our own words

        assert read(stores) == (ROSTER if change.startswith("signed_at") else None)


def test_an_old_roster_put_back_is_refused_by_whoever_saw_the_newer_one(stores: Stores, tmp_path: Path) -> None:
    seen = SerialFile(tmp_path / "serial")
    publish(stores)
    newer = replace(ROSTER, serial=2, readers=(ANNA,))
    publish(stores, newer)
    assert read(stores, seen=seen) == newer
    with stores.helpline.begin() as session:
        session.execute(delete(SignedRosterRow).where(SignedRosterRow.serial == 2))

    assert read(stores, seen=seen) is None
    assert read(stores, seen=SerialFile(tmp_path / "serial")) is None
    assert read(stores, seen=SerialFile(tmp_path / "after a reboot")) == ROSTER


def test_a_roster_that_is_refused_is_not_remembered(stores: Stores, tmp_path: Path) -> None:
    seen = SerialFile(tmp_path / "serial")
    publish(stores, replace(ROSTER, serial=7), signature=bytes(64))

    assert read(stores, seen=seen) is None
    assert seen.highest() == 0


def test_a_roster_is_in_force_until_the_second_it_is_over(stores: Stores) -> None:
    publish(stores)

    assert read(stores, later=LIFE - SECOND)
    assert read(stores, later=LIFE) is None


def test_a_roster_that_claims_a_longer_life_is_refused(stores: Stores) -> None:
    publish(stores, replace(ROSTER, valid_until=NOW + LIFE + SECOND))

    assert read(stores) is None
    assert read(stores, later=SECOND)


def test_the_newest_roster_counts(stores: Stores) -> None:
    for serial in (1, 2, 3):
        with stores.helpline.begin() as session:
            assert next_serial(session, verify_keys=[VERIFY_KEY]) == serial
        publish(stores, replace(ROSTER, serial=serial))

    assert read(stores) == replace(ROSTER, serial=3)


@pytest.mark.parametrize("change", ["signature = zeroblob(64)", "body = 'text'", "signed_at = 'soon'"])
def test_a_foreign_row_with_the_largest_serial_is_removed_by_the_next_signing(
    tmp_path: Path, sqlite_template: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever can write to the store could otherwise keep booking closed until somebody deletes that row by hand."""
    copy_files(sqlite_template, to=tmp_path)
    with opened_stores(tmp_path, database_url=None) as stores:
        publish(stores)
        publish(stores, replace(ROSTER, serial=LARGEST), signature=sign(ROSTER.body(), private=ROSTER_SIGNING_KEY))
        with stores.helpline.begin() as session:
            session.execute(text(f"UPDATE signed_roster SET {change} WHERE serial > 1"))  # noqa: S608 - our own words
            assert next_serial(session, verify_keys=[VERIFY_KEY]) == 2
        assert read(stores) is None

        publish(stores, replace(ROSTER, serial=2))
        assert read(stores) == replace(ROSTER, serial=2)
    assert "1 rosters" in caplog.text


def test_our_own_older_roster_under_the_largest_serial_is_foreign_too(stores: Stores) -> None:
    """Its signature is right, but for another place."""
    publish(stores)
    with stores.helpline.begin() as session:
        signed = session.get_one(SignedRosterRow, 1)
        session.add(
            SignedRosterRow(serial=LARGEST_ANYWHERE, body=signed.body, signature=signed.signature, signed_at=NOW)
        )

    with stores.helpline.read() as session:
        assert next_serial(session, verify_keys=[VERIFY_KEY]) == 2
    publish(stores, replace(ROSTER, serial=2))
    assert read(stores) == replace(ROSTER, serial=2)


def test_a_roster_of_ours_is_never_replaced(stores: Stores) -> None:
    publish(stores)

    with pytest.raises(IntegrityError):
        publish(stores, replace(ROSTER, readers=(ANNA,)))
    assert read(stores) == ROSTER


def test_a_reader_may_open_from_her_first_to_her_last_day() -> None:
    assert not BRAM.may_open_on(DAY - timedelta(days=1))
    assert BRAM.may_open_on(DAY)
    assert BRAM.may_open_on(DAY + timedelta(days=3))
    assert not BRAM.may_open_on(DAY + timedelta(days=4))
    assert ANNA.may_open_on(DAY + timedelta(days=4000))


def test_a_reader_is_found_by_name_and_day() -> None:
    assert ROSTER.reader("bram", day=DAY) == BRAM
    assert ROSTER.reader("bram", day=DAY + timedelta(days=4)) is None
    assert ROSTER.reader("carla", day=DAY) is None


def test_stand_ins_are_those_who_stand_in_that_day() -> None:
    standing = replace(BRAM, stands_in=True)
    roster = replace(ROSTER, readers=(ANNA, standing, replace(BRAM, counsellor_id="carla")))

    assert roster.stand_ins(day=DAY) == (ANNA, standing)
    assert roster.stand_ins(day=DAY + timedelta(days=4)) == (ANNA,)


def test_the_signed_bytes_hold_every_field_and_do_not_depend_on_an_order() -> None:
    days = {DAY: fixed("day"), DAY + timedelta(days=1): fixed("next")}
    backwards = dict(reversed(days.items()))

    assert replace(ROSTER, day_keys=days).body() == replace(ROSTER, day_keys=backwards).body()
    assert set(json.loads(ROSTER.body())) == {"format", "serial", "valid_until", "readers", "day_keys"}


def test_a_roster_whose_serial_cannot_be_remembered_is_not_believed(
    stores: Stores, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a file").write_text("")
    publish(stores)

    assert read(stores, seen=SerialFile(tmp_path / "a file" / "serial")) is None
    assert "cannot be kept" in caplog.text
