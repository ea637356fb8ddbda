"""Sites in front of a real browser: the visitors' site and the back office, whose time a test moves."""

from collections.abc import Iterator

import pytest

from tests.counsellors.conftest import office
from tests.selfhelp.conftest import library_site, moving_site, served
from tests.support.loopback import answering
from tests.support.visitors import Served

__all__ = ["library_site", "moving_site", "office", "served"]


@pytest.fixture(scope="session")
def address(library_site: Served) -> Iterator[str]:
    """Give the address at which the visitors' site answers; its time stands still until a test moves it."""
    with answering(library_site.site) as address:
        yield address
