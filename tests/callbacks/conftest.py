"""What the promises of the talks are tried on."""

import pytest

from helpline.callbacks.booking import Receipt
from helpline.callbacks.queue import Files, Outcome, close_talk
from helpline.callbacks.tables import Booking
from helpline.codes import AccessCode
from tests.support.counsellor import closing, member
from tests.support.following import ENDS, draw_again, give
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


@pytest.fixture
def held(stores: Stores, files: Files, booking: Booking) -> Booking:
    """Give a talk with anna that was held, at the time of its end."""
    assert close_talk(files, booking.id, closing=closing(Outcome.HELD), now=ENDS)
    return booking


@pytest.fixture
def code(stores: Stores, world: World, held: Booking) -> AccessCode:
    """Give the code that anna handed over; the clock has drawn."""
    draw_again(stores.helpline, world, now=ENDS)
    return give(stores.helpline, world, held)
