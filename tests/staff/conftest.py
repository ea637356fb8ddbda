"""What the staff's tests are given."""

import pytest

from tests.support.cast import Cast, make_cast
from tests.support.stores import Stores


@pytest.fixture
def cast(stores: Stores) -> Cast:
    """Give the cast, whose accounts lie in the stores of this test."""
    return make_cast(stores.office)
