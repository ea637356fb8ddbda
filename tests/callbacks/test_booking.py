"""What holds of every booking."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpline.callbacks.booking import AlreadyBookedError, Receipt, SlotTakenError, request_callback
from helpline.callbacks.draw import read_draw
from helpline.callbacks.envelope import Group, Wish, read_contents
from helpline.callbacks.booking import own_numbers, place_of
from helpline.callbacks.rota import local_day
from helpline.callbacks.tables import Booking, BusyAtom, Envelope
from helpline.crypto.opening import open_sealed
from helpline.settings.programme import Way
from tests.support.stores import Stores
from tests.support.world import NOW, World, token


def first_time(stores: Stores):
    with stores.helpline.read() as session:
        times = read_draw(session, language="nl", now=NOW)
    assert times
    return times[0]


def wish(stores: Stores, **changes) -> Wish:
    fields = {
        "starts_at": first_time(stores), "way": Way.WE_RING, "group": Group.ABOUT_ME, "language": "nl",
        "number": "+31612345678",
    }
    return Wish(**(fields | changes))


def request(stores: Stores, world: World, wanted: Wish, *, label: str = "a form", now=NOW) -> Receipt:
    return stores.helpline.transact(
        lambda session: request_callback(session, wanted, token=token(label), desk=world.desk, now=now)
    )


def test_try(stores: Stores, world: World) -> None:
    wanted = wish(stores)
    receipt = request(stores, world, wanted)
    again = request(stores, world, wanted)
    assert again.code == receipt.code and again.is_repeat
    with pytest.raises(AlreadyBookedError):
        request(stores, world, wanted, now=NOW + timedelta(minutes=3))
    request(stores, world, wanted, label="2")
    with pytest.raises(SlotTakenError) as taken:
        request(stores, world, wanted, label="3")
    assert len(taken.value.nearest) == 3
    with stores.helpline.read() as session:
        assert session.scalar(select(func.count()).select_from(Booking)) == 2
        assert session.scalar(select(func.count()).select_from(BusyAtom)) == 2*2*9
        for env in session.scalars(select(Envelope)):
            b = session.get(Booking, env.booking_id)
            day = world.day_keys.private(local_day(b.starts_at, zone=world.programme.zone))
            plain = open_sealed(env.sealed, reader=world.colleague(env.counsellor_id).keys.private, day=day)
            c = read_contents(plain, place=place_of(b, counsellor_id=env.counsellor_id, programme=world.programme), countries=world.programme.countries, own=own_numbers(world.programme))
            assert c.wish == wanted
