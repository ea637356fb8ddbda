"""Pytest's plumbing: how hard properties are tried, and the real database and browser they are given."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from tests.support.browser import Visit, running_chromium, visiting
from tests.support.demo import OpenedDemo, opened_demo
from tests.support.long_table import pytest_terminal_summary
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.running import filled_demo
from tests.support.stores import KINDS, Engines, Stores, copy_files, empty, opened_stores, upgrade_all
from tests.support.world import NOW, World, make_world

__all__ = ["pytest_terminal_summary"]

# The same examples in every run, so that a failure is the change's and not the day's. No deadline: a slow
# machine is not a fault. `make long` says --hypothesis-profile=long.
settings.register_profile("test", max_examples=200, derandomize=True, deadline=None)
settings.register_profile("long", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("test")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Start one PostgreSQL for all tests; `fresh_database` gives a database to a module or a session."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """Give the address of an empty database, for this test alone."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make the three schemas once; each test gets a copy."""
    with postgres.fresh_database() as url:
        with opened_stores(tmp_path_factory.mktemp("template"), database_url=url) as stores:
            upgrade_all(stores)
        yield url


@pytest.fixture(scope="session")
def postgres_home(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    """Give one database with the three schemas for every test that wants `stores`: each finds it empty."""
    with postgres.fresh_database(template=postgres_template) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the files of the three stores once; each test gets a copy."""
    folder = tmp_path_factory.mktemp("files")
    with opened_stores(folder, database_url=None) as stores:
        upgrade_all(stores)
    return folder


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """Keep engines from test to test."""
    return Engines(tmp_path_factory.mktemp("engines"))


@pytest.fixture
def stores_in_files(sqlite_template: Path, engines: Engines, tmp_path: Path) -> Iterator[Stores]:
    """Give the three stores as files, of this test alone, where nothing depends on which database it is."""
    copy_files(sqlite_template, to=tmp_path)
    with engines.over(tmp_path, database_url=None) as stores:
        yield stores


@pytest.fixture(params=KINDS)
def stores(request: pytest.FixtureRequest, engines: Engines, tmp_path: Path) -> Iterator[Stores]:
    """Give the three stores, empty and of this test alone: once as files, once in PostgreSQL."""
    if request.param == "postgresql":
        with engines.over(tmp_path, database_url=request.getfixturevalue("postgres_home")) as opened:
            empty(opened)
            yield opened
    else:
        yield request.getfixturevalue("stores_in_files")


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> OpenedDemo:
    """Make one demo for all tests, at NOW."""
    return opened_demo(tmp_path_factory.mktemp("demo"), now=NOW)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> OpenedDemo:
    """Give a demo that was filled now, for the real processes; whoever serves it takes a copy."""
    return filled_demo(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def demo(made_demo: OpenedDemo, tmp_path: Path) -> OpenedDemo:
    """Give a copy of the demo, of this test alone."""
    return made_demo.copied(to=tmp_path)


@pytest.fixture
def world(stores: Stores, tmp_path: Path) -> World:
    """Give a helpline that is ready to book, in the stores of this test."""
    return make_world(stores.helpline, tmp_path)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one Chromium for all tests; `visiting` opens it at a size, with or without script."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Give an empty page in a browser that remembers nothing and runs no script."""
    with visiting(chromium) as visit:
        yield visit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure coverage over one database, and in no browser: it costs a third of the time, for the same lines."""
    for item in items:
        if "postgresql" in item.name.partition("[")[2] or "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("no_cover")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what would be skipped: a promise that was not tried was not kept."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped ({call.excinfo}): nothing is skipped here"
    return report
