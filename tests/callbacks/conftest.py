"""What the promises of the talks are tried on."""

import pytest

from helpline.callbacks.booking import Receipt
from helpline.callbacks.queue import (
    Files,
)
from helpline.callbacks.tables import Booking
from tests.support.counsellor import member
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, bookings, request
from tests.support.world import World


@pytest.fixture
def files(stores: Stores, world: World) -> Files:
    """Give both stores and the keys, with an account for each colleague and for a stranger."""
    with stores.office.begin() as session:
        session.add_all(map(member, ("anna", "bram", "carla")))
    return Files(stores.helpline, stores.office, world.day_keys, AMSTERDAM)


@pytest.fixture
def receipt(stores: Stores, world: World) -> Receipt:
    """Give the receipt of a talk with anna."""
    return request(stores.helpline, world)


@pytest.fixture
def booking(stores: Stores, receipt: Receipt) -> Booking:
    """Give a talk with anna, which bram may stand in for."""
    (found,) = bookings(stores.helpline)
    assert found.counsellor_id == "anna"
    return found
