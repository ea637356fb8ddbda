"""Every page of both sites as it is served: read, filled in wrongly, and refused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import product
from pathlib import Path

from helpline.settings.environment import visitors_settings
from helpline.staff.factors import current_code
from helpline.staff.permissions import Role
from helpline.web.visitors import FROZEN_STATUSES, VisitorsSite
from selfhelp.services import NAME
from selfhelp.site import addresses, create_app
from tests.support.caller import Caller
from tests.support.pages import Opened
from tests.support.running import House

ROOT = Path(__file__).parents[1]
AWAY = ROOT / "deploy" / "away.html"
SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
HTML = "text/html"
LANGUAGES = ("nl", "en")
ROLES = (Role.COUNSELLOR, Role.PROGRAMME_STAFF, Role.COORDINATOR)
"""The coordinator last: an empty form of hers ends an account."""

VISITORS, OFFICE = "visitors' site", "back office"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a site, under a name that says how to come there."""

    site: str
    name: str
    body: str


def every_page(house: House) -> list[Page]:
    """Return the pages of both sites, each once, and the page of the proxy in front of them."""
    found = {page.name: page for pages in (_visitors(house), _office(house)) for page in pages}
    return [*found.values(), Page(VISITORS, "the proxy's page", AWAY.read_text(encoding="utf-8"))]


def visitors_site(house: House) -> VisitorsSite:
    """Return the visitors' site of *house*, made in this process to be asked what it has."""
    return create_app(visitors_settings(house.demo.visitors_environment))


def paths_of_visitors(site: VisitorsSite) -> list[str]:
    """Return every address that the site itself lists."""
    return sorted({it.path for it in addresses(site.flask, services=site.flask.extensions[NAME])})


def _visitors(house: House) -> Iterator[Page]:
    site, caller = visitors_site(house), Caller(house.visitors)
    opened = [caller.get(path) for path in paths_of_visitors(site)]
    yield from _pages(VISITORS, opened)
    for page in opened:
        yield from _pages(VISITORS, _sent(caller, page), who="nothing filled in")
    for language, talk in product(LANGUAGES, house.demo.folder.talks):
        form = caller.get(f"/{language}/talk/code")
        yield from _pages(VISITORS, [caller.send(form, {"code": talk.code})], who=f"code of the talk {talk.about}")
    for language, status in product(LANGUAGES, FROZEN_STATUSES):
        fault = site.fault(status, environ={"PATH_INFO": f"/{language}/"})
        yield Page(VISITORS, f"fault {status} in {language}", fault.body(lambda: "").decode())


def _office(house: House) -> Iterator[Page]:
    stranger = Caller(house.office)
    door = stranger.get(SIGN_IN)
    refused = stranger.send(door, {"name": "nobody", "passphrase": "nothing", "code": "000000"})
    yield from _pages(OFFICE, [door, stranger.get("/nothing")], who="stranger")
    yield from _pages(OFFICE, _sent(stranger, door), who="stranger, nothing filled in")
    yield from _pages(OFFICE, [refused], who="stranger, refused")
    people = {role: _signed_in(house, role) for role in ROLES}
    read = {role: list(_crawled(caller)) for role, caller in people.items()}
    for role, opened in read.items():
        yield from _pages(OFFICE, opened, who=role)
    for role, opened in read.items():
        for page in opened:
            yield from _pages(OFFICE, _sent(people[role], page), who=f"{role}, nothing filled in")


def _signed_in(house: House, role: Role) -> Caller:
    person, caller = next(it for it in house.demo.folder.sign_ins if it.role == role), Caller(house.office)
    code = current_code(person.factor, now=datetime.now(UTC))
    typed = {"name": person.name, "passphrase": person.passphrase, "code": code}
    entered = caller.send(caller.get(SIGN_IN), typed)
    if entered.status != HTTPStatus.SEE_OTHER:
        raise RuntimeError(entered.text)
    return caller


def _crawled(caller: Caller) -> Iterator[Opened]:
    """Yield what can be reached from the first page, each address once."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        page = caller.get(waiting.pop(0))
        yield page
        fresh = [address for address in _leading_on(page) if address not in seen]
        seen |= set(fresh)
        waiting += fresh


def _leading_on(page: Opened) -> list[str]:
    """Return the addresses of the site itself that *page* leads to."""
    if not _is_page(page):
        return [page.response.headers["Location"]] if "Location" in page.response.headers else []
    found = {str(it.get("href")).partition("#")[0] for it in page.all("a")}
    return sorted(address for address in found if address.startswith("/") and not address.startswith("//"))


def _sent(caller: Caller, page: Opened) -> Iterator[Opened]:
    """Yield what comes back when each form of *page* is sent with nothing filled in."""
    if not _is_page(page):
        return
    actions = {str(form.get("action")) for form in page.all("form")}
    for action in sorted(actions - {SIGN_OUT}):
        yield caller.send(page, {}, action=action)


def _pages(site: str, opened: Iterable[Opened], *, who: str = "") -> Iterator[Page]:
    for page in opened:
        if _is_page(page):
            name = f"{page.method} {page.path} ({page.status})"
            yield Page(site, f"{who}: {name}" if who else name, page.body)


def _is_page(page: Opened) -> bool:
    return page.response.mimetype == HTML and page.status != HTTPStatus.SEE_OTHER
