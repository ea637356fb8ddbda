"""Rules over everything want the real sites."""

from collections.abc import Iterator

import pytest

from tests.selfhelp.conftest import library_site, reader
from tests.support.demo import OpenedDemo
from tests.support.stores import KINDS

__all__ = ["library_site", "reader"]


@pytest.fixture(scope="module", params=KINDS)
def demo_to_serve(request: pytest.FixtureRequest, filled: OpenedDemo) -> Iterator[OpenedDemo]:
    """Give a demo for the real processes: once with its rows in files, once in a PostgreSQL database of its own."""
    if request.param == "sqlite":
        yield filled
        return
    template = request.getfixturevalue("postgres_template")
    with request.getfixturevalue("postgres").fresh_database(template=template) as url:
        yield filled.moved(url)
