"""What a visitor chose lies in envelopes of one length, for those who need it, and nowhere else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from helpline.callbacks.desk import place_of
from helpline.callbacks.envelope import Contents, EnvelopeError, EnvelopeFault, Group, Wish, write_contents
from helpline.callbacks.sealing import STAND_INS
from helpline.callbacks.tables import Envelope
from helpline.callbacks.talk import cancel_by_visitor
from helpline.crypto.opening import CannotOpenError
from helpline.crypto.seal import SEALED_BYTES, ReaderKeys, seal
from helpline.settings.programme import Way
from helpline.store.engine import StoreName
from helpline.store.schema import METADATA
from tests.support.stores import Stores
from tests.support.talks import (
    INVENTED_NUMBER,
    TEN,
    TUESDAY,
    WISH,
    booking_of,
    envelopes,
    opened,
    request,
)
from tests.support.world import NOW, World, make_world, sign_roster

FOUR = ("anna", "bram", "carla", "dora")
OPPOSITE = Wish(
    starts_at=TEN,
    way=Way.YOU_RING,
    group=Group.RATHER_NOT_SAY,
    language="nl",
    opening=2,
    module=7,
    number=None,
    number_shown=True,
    try_again=True,
    ring_earlier=True,
)


@pytest.mark.parametrize("wanted", [WISH, OPPOSITE, replace(OPPOSITE, language="en")], ids=["rung", "ring", "english"])
def test_every_booking_has_an_envelope_with_all_that_was_chosen(stores: Stores, world: World, wanted: Wish) -> None:
    receipt = request(stores.helpline, world, wanted)

    booking = booking_of(stores.helpline, world, receipt)
    for envelope in envelopes(stores.helpline):
        contents = opened(world, booking, envelope)
        assert contents.wish == wanted
        assert contents.words == receipt.words


def test_an_envelope_goes_to_the_assigned_and_to_at_most_two_stand_ins(stores: Stores) -> None:
    world = make_world(stores.helpline, stores.data_dir, names=FOUR)
    receipts = [request(stores.helpline, world, form=form) for form in ("one", "other")]

    for receipt in receipts:
        booking = booking_of(stores.helpline, world, receipt)
        readers = [it.counsellor_id for it in envelopes(stores.helpline) if it.booking_id == booking.id]
        assert booking.counsellor_id in readers
        assert len(readers) == 1 + STAND_INS == 3
        assert set(readers) <= set(FOUR)


def test_only_who_stands_in_gets_a_colleagues_envelope(stores: Stores) -> None:
    world = make_world(stores.helpline, stores.data_dir, names=FOUR)
    with stores.helpline.begin() as session:
        roster = sign_roster(session, world.colleagues, day_keys=world.day_keys, now=NOW, stand_ins=["dora"])

    request(stores.helpline, world, desk=replace(world.desk, roster=roster))

    assert [it.counsellor_id for it in envelopes(stores.helpline)] == ["anna", "dora"]


def test_nobody_gets_an_envelope_of_a_day_on_which_she_may_not_open(stores: Stores) -> None:
    world = make_world(stores.helpline, stores.data_dir, names=FOUR)
    assert world.desk.roster is not None
    anna, bram, carla, dora = world.desk.roster.readers
    readers = (
        anna,
        replace(bram, first_day=TUESDAY + timedelta(days=1)),
        replace(carla, last_day=TUESDAY - timedelta(days=1)),
        dora,
    )

    request(stores.helpline, world, desk=replace(world.desk, roster=replace(world.desk.roster, readers=readers)))

    assert {it.counsellor_id for it in envelopes(stores.helpline)} == {"anna", "dora"}


def test_somebody_with_a_new_key_gets_one_envelope_sealed_to_the_key_of_the_day(stores: Stores, world: World) -> None:
    assert world.desk.roster is not None
    anna, bram = world.desk.roster.readers
    old = replace(anna, public_key=bram.public_key, last_day=TUESDAY - timedelta(days=1))
    new = replace(anna, first_day=TUESDAY)
    roster = replace(world.desk.roster, readers=(old, new, bram))

    receipt = request(stores.helpline, world, desk=replace(world.desk, roster=roster))

    booking = booking_of(stores.helpline, world, receipt)
    found = envelopes(stores.helpline)
    assert [it.counsellor_id for it in found] == ["anna", "bram"]
    assert all(opened(world, booking, envelope).wish == WISH for envelope in found)


def test_every_envelope_has_one_length_and_goes_with_its_booking(stores: Stores, world: World) -> None:
    for number, wanted in enumerate((WISH, OPPOSITE)):
        request(stores.helpline, world, wanted, form=f"form {number}")

    found = envelopes(stores.helpline)
    assert {len(it.sealed) for it in found} == {SEALED_BYTES}
    assert {it.destroy_at for it in found} == {TEN + timedelta(minutes=30, hours=24)}


def test_no_choice_of_the_visitors_stands_in_any_column(stores: Stores, world: World) -> None:
    """Two visitors who chose the opposite in everything but the time leave rows that differ in random bytes only."""
    kept = []
    for number, wanted in enumerate((WISH, OPPOSITE)):
        receipt = request(stores.helpline, world, wanted, form=f"form {number}")
        kept.append(rows_without_chance(stores))
        with stores.helpline.begin() as session:
            cancel_by_visitor(session, receipt.code, desk=world.desk, now=NOW)

    # The first form's token is still spent when the second visitor comes.
    assert kept[0] == {name: rows[: len(kept[0][name])] for name, rows in kept[1].items()}
    assert len(kept[0]["booking"]) == 1


def rows_without_chance(stores: Stores) -> dict[str, list[dict[str, Any]]]:
    """Return every row of the store, with what is random or keyed replaced by its length."""
    chance = {"id", "booking_id", "code_digest", "digest", "sealed", "body", "signature"}
    with stores.helpline.read() as session:
        return {
            name: sorted(
                (
                    {key: len(value) if key in chance and value is not None else value for key, value in row.items()}
                    for row in session.execute(select(table)).mappings()
                ),
                key=repr,
            )
            for name, table in METADATA[StoreName.HELPLINE].tables.items()
        }


def test_a_number_stands_in_no_row(stores: Stores, world: World) -> None:
    request(stores.helpline, world)

    with stores.helpline.read() as session:
        for table in METADATA[StoreName.HELPLINE].tables.values():
            for row in session.execute(select(table)):
                assert INVENTED_NUMBER[1:] not in repr(tuple(row))


def test_an_envelope_moved_to_another_talk_is_refused(stores: Stores, world: World) -> None:
    one, other = (
        booking_of(stores.helpline, world, request(stores.helpline, world, form=form)) for form in ("one", "other")
    )
    foreign = next(it for it in envelopes(stores.helpline) if (it.booking_id, it.counsellor_id) == (other.id, "anna"))

    with pytest.raises(EnvelopeError) as refused:
        opened(world, one, foreign)
    assert refused.value.fault is EnvelopeFault.OF_ANOTHER_TALK


def test_an_envelope_of_a_colleague_cannot_be_put_in_ones_own_place(stores: Stores, world: World) -> None:
    booking = booking_of(stores.helpline, world, request(stores.helpline, world))
    annas, brams = envelopes(stores.helpline)

    with pytest.raises(CannotOpenError):
        opened(world, booking, Envelope(counsellor_id=annas.counsellor_id, sealed=brams.sealed))


@pytest.mark.parametrize("number", ["+499001234567", "+31207940000", "112"], ids=["premium", "our own", "emergency"])
def test_a_poisoned_number_is_refused_at_opening(stores: Stores, world: World, number: str) -> None:
    """Whoever can write to the store can seal, so what comes out is checked as what went in."""
    booking = booking_of(stores.helpline, world, request(stores.helpline, world))
    assert world.desk.roster is not None
    place = place_of(booking, counsellor_id="anna", programme=world.programme)
    poisoned = write_contents(Contents(replace(WISH, number=number), ("one", "other")), place=place)
    keys = ReaderKeys(world.colleague("anna").keys.public, world.desk.roster.day_keys[TUESDAY])

    with pytest.raises(EnvelopeError) as refused:
        opened(world, booking, Envelope(counsellor_id="anna", sealed=seal(poisoned, keys=keys)))
    assert refused.value.fault is EnvelopeFault.NUMBER_REFUSED
