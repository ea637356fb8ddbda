"""What tests of chores share, which run a command line inside the process of the tests."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Give the process back the mask of new files that it had: a chore sets its own."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)
