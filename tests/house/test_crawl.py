"""A crawler follows every link of both sites while the clock stands: looking changes nothing in any store."""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest

from helpline.clock.metadatas import METADATA
from helpline.staff.permissions import Role
from tests.counsellors.conftest import any_office
from tests.selfhelp.conftest import moving_site, pages, served
from tests.support.cast import Player
from tests.support.office import Office
from tests.support.pages import Opened, Pages
from tests.support.stores import Stores

__all__ = ["any_office", "moving_site", "pages", "served"]

SESSIONS = "session"
"""When she was last here is the one thing that a look of hers moves."""

Dump = dict[str, list[str]]


def dump(stores: Stores) -> Dump:
    """Return every row of the three stores but sessions, by table, in an order of its own."""
    found: Dump = {}
    for name, sessions in stores.sessions.items():
        with sessions.read() as reading:
            for table in METADATA[name].sorted_tables:
                if table.name != SESSIONS:
                    found[f"{name}.{table.name}"] = sorted(str(tuple(row)) for row in reading.execute(table.select()))
    return found


def crawl(get: Callable[[str], Opened], *, start: str) -> dict[str, int]:
    """Return the status of every page that links lead to from *start*, each asked for once."""
    seen: dict[str, int] = {}
    ahead = [start]
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        page = get(path)
        seen[path] = page.status
        if "html" in str(page.response.mimetype):
            ahead += [address for link in page.all("a") if (address := inside(link.get("href", ""), base=path))]
        ahead += [address] if (address := inside(page.response.headers.get("Location", ""), base=path)) else []
    return seen


def inside(href: str, *, base: str) -> str | None:
    """Return where *href* leads on this site, as a page that is asked for; None leads out of it."""
    target = urlsplit(urljoin(f"http://site.test{base}", href))
    if not href or target.hostname not in {"site.test", "localhost"} or target.scheme != "http":
        return None
    return target.path + (f"?{target.query}" if target.query else "")


def player(office: Office, role: Role) -> Player:
    """Return who has that role."""
    cast = office.cast
    players = (cast.counsellor, cast.coordinator, cast.programme_staff)
    return dict(zip((Role.COUNSELLOR, Role.COORDINATOR, Role.PROGRAMME_STAFF), players, strict=True))[role]


@pytest.mark.parametrize("role", list(Role))
def test_whoever_looks_at_every_page_of_the_back_office_changes_nothing(any_office: Office, role: Role) -> None:
    any_office.book()
    person = any_office.person(player(any_office, role))
    before = dump(any_office.stores)

    seen = crawl(person.get, start="/")

    assert {path for path, status in seen.items() if status >= 400} == set()
    assert len(seen) >= {Role.COUNSELLOR: 15, Role.COORDINATOR: 20, Role.PROGRAMME_STAFF: 3}[role]
    assert dump(any_office.stores) == before


def test_whoever_looks_at_every_page_of_the_visitors_site_changes_nothing(pages: Pages, stores: Stores) -> None:
    before = dump(stores)

    seen = crawl(pages.get, start="/en/") | crawl(pages.get, start="/nl/")

    assert {path for path, status in seen.items() if status >= 400} == set()
    assert len(seen) >= 150
    assert dump(stores) == before


def test_the_dump_sees_one_talk_more(any_office: Office) -> None:
    before = dump(any_office.stores)

    any_office.book()

    changed = {table for table, rows in dump(any_office.stores).items() if rows != before[table]}
    assert changed == {f"helpline.{it}" for it in ("booking", "busy_atom", "envelope", "spent_token")}
