"""Nobody who may see figures can tell, before a period is released, whether somebody came or booked."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask import Response, make_response
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import Client, TestResponse

from counsellors.views import files
from helpline.callbacks.tables import Booking
from helpline.staff.permissions import Permission
from helpline.usage.codebook_rules import CAPS
from helpline.usage.counting import Counters
from helpline.usage.export import FileKind, file_of
from helpline.usage.release import Release, run
from helpline.usage.released import ReleasedPeriod
from helpline.web.office_guard import needs
from selfhelp.counting import PebbleTrail
from selfhelp.site import create_app
from tests.attacks.worlds import Visitor
from tests.support.keys import FORM_KEY
from tests.support.office import Office, Person, opened_office
from tests.support.pages import Opened
from tests.support.stores import Stores
from tests.support.visitors import visitors_settings
from tests.usage.counted import AMSTERDAM, MONDAY, in_memory

DAY, WEEK = timedelta(days=1), timedelta(days=7)
NEW_YEAR = datetime(2027, 1, 4, 3, 0, tzinfo=AMSTERDAM)
"""The Monday on which the last quarter of 2026 is released."""

TUESDAY_NOON = datetime(2027, 3, 2, 11, 0, tzinfo=UTC)
"""A week, a month and a quarter are open."""

TOKEN = "csrf_token"
MANY_ANSWERS = 80
KINDS = {"/week/", "/year/", "/period/", "/compare/"}
MOVED = {"arrival", "page", "path", "lead"}
"""The tables that the visit moves. A booking moves `callback` when it ends."""

ONCE = re.compile(rb'(name="?csrf_token"?[^>]*value=")[^"]*')
"""What is drawn anew for every page."""

ALL = tuple(CAPS)
"""Every table that there can be."""

DOORS = ("/healthz", "/robots.txt", "/.well-known/security.txt", "/.well-known/traffic-advice")
ARRIVAL = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none", "Sec-Fetch-User": "?1"}
Said = Mapping[str, bytes]
"""Every answer by who asked for what."""


@dataclass(frozen=True)
class Question:
    """A page that is asked for, or a form that is sent, without its token."""

    path: str
    method: str = "GET"
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Service:
    """Both sites over one set of stores, in the middle of a week, and the release that flushes them."""

    office: Office
    visitors: Client
    counters: Counters
    release: Release
    staff: Person


@pytest.fixture
def service(stores_in_files: Stores, tmp_path: Path) -> Iterator[Service]:
    """Give a service with a quarter and two weeks released, on a Tuesday; nothing was counted since."""
    with opened_office(stores_in_files, tmp_path, at=TUESDAY_NOON) as office:
        codebook = office.services.texts.codebook
        counters = Counters.open(tmp_path / "run", codebook)
        release = Release(
            sessions=office.stores.counts, run_dir=tmp_path / "run", codebook=codebook, host="one", zone=AMSTERDAM
        )
        for now in (NEW_YEAR - WEEK, NEW_YEAR, NEW_YEAR + WEEK, MONDAY + DAY):
            run(release, now=now)
        yield Service(
            office, visitors_of(office, counters), counters, release, office.person(office.cast.programme_staff)
        )
        counters.close()


def visitors_of(office: Office, counters: Counters) -> Client:
    """Return a browser at the visitors' site over the same stores."""
    settings = visitors_settings(office.services.programme, data_dir=office.stores.data_dir)
    settings = replace(settings, roster_verify_keys=office.services.settings.roster_verify_keys)
    trail = PebbleTrail(counters, key=FORM_KEY)
    return Client(create_app(settings, clock=office.clock, count=counters.count, trail=trail))


def questions(service: Service, *, about: Collection[str]) -> list[Question]:
    """Return all that programme staff can ask: every link they are shown, every form as it stands, not of every table.

    *about*: those tables whose own pages are asked for.
    """
    tables = {table.id for table in service.release.codebook.tables}
    asked, token = [Question("/counts")], service.staff.token()
    for question in asked:
        page = answered(service.staff, question, token=token)
        if page.response.mimetype != "text/html":
            continue
        links = [str(it.get("href")).partition("#")[0] for it in page.all("a")]
        links.append(page.response.location or "")
        forms = [question_of(form, page.fields(at)) for at, form in enumerate(page.root.iter("form"))]
        for found in (*map(Question, links), *forms):
            is_about = not (tables - set(about)).intersection(found.path.split("/"))
            if found.path.startswith("/counts") and is_about and found not in asked:
                asked.append(found)
    return asked


def question_of(form: Element, fields: Mapping[str, str]) -> Question:
    """Return what is asked by a form as it stands; its token is drawn anew."""
    data = tuple(pair for pair in fields.items() if pair[0] != TOKEN)
    return Question(str(form.get("action")), "POST", data)


def answered(person: Person, question: Question, *, token: str) -> Opened:
    """Return what *person* is told, whose forms carry *token*."""
    if question.method == "POST":
        return person.post(question.path, dict(question.data) | {TOKEN: token})
    return Opened(person.answer(question.path), question.path, "GET")


def everything(service: Service, asked: Sequence[Question]) -> Said:
    """Return what staff are told, and what anybody is: of figures, files, charts and health."""
    stranger, token = service.office.stranger(), service.staff.token()
    said = {f"staff {it}": written(answered(service.staff, it, token=token).response) for it in asked}
    said |= {f"stranger {it.path}": written(stranger.answer(it.path)) for it in asked if it.method == "GET"}
    said |= {f"office {path}": written(stranger.answer(path)) for path in DOORS}
    return said | {f"site {path}": written(service.visitors.get(path)) for path in DOORS}


def written(answer: TestResponse) -> bytes:
    """Return everything of an answer but what is drawn anew for each."""
    head = "".join(f"{name}: {value}\n" for name, value in answer.headers if name != "Set-Cookie")
    return f"{answer.status}\n{head}\n".encode() + ONCE.sub(rb"\1", answer.get_data())


def visit(service: Service, *, which: int = 0) -> None:
    """Come by a channel, walk a path, look for a time, and book one: *which* of the list."""
    visitor = Visitor(service.visitors)
    visitor.get("/k7", ARRIVAL)
    visitor.get("/en/read/1/1", {})
    visitor.press(visitor.answer, {})
    visitor.press(visitor.answer, {"do": "show"})
    form = visitor.get("/en/talk/", {})
    service.office.clock.wait(seconds=4)
    time = str(form.all("input", name="time")[which].get("value"))
    visitor.press(form, {"time": time, "way": "you_ring", "about": "about_me"})
    service.office.clock.wait(seconds=-4)
    assert visitor.answer.heading == "Your talk is booked"


@pytest.mark.parametrize("about", [("arrival", "lead"), pytest.param(ALL, marks=pytest.mark.long)], ids=len)
def test_a_visit_and_a_booking_change_no_byte_for_who_may_see_figures(service: Service, about: Sequence[str]) -> None:
    """Neither while they are in memory, nor when they are in the store, in a period that is open."""
    asked = questions(service, about=about)
    before = everything(service, asked)
    assert len(before) > MANY_ANSWERS
    assert {kind for kind in KINDS for it in asked if kind in it.path} >= KINDS
    visit(service)
    assert {table for table, _ in in_memory(service.release.run_dir, service.release.codebook)} == MOVED

    assert differing(before, everything(service, asked)) == []
    assert run(service.release, now=MONDAY + 2 * DAY).flushed
    assert differing(before, everything(service, asked)) == []


def differing(one: Said, other: Said) -> list[str]:
    """Return what was asked for and is not the same."""
    assert one.keys() == other.keys()
    return sorted(asked for asked in one if one[asked] != other[asked])


def on_the_page(office: Office, patch: pytest.MonkeyPatch) -> None:
    """Say on the first page of the counts how many talks are booked."""
    views = office.site.flask.view_functions
    see = views["counts.see"]

    @needs(Permission.EXPORT_COUNTS)
    def with_bookings() -> Response:
        page = make_response(see())
        page.set_data(page.get_data(as_text=True).replace("</main>", f"<p>{booked(office)}</p></main>"))
        return page

    patch.setitem(views, "counts.see", with_bookings)


def in_the_file(office: Office, patch: pytest.MonkeyPatch) -> None:
    """Write below each file how many talks are booked."""

    def with_bookings(session: Session, *, periods: Sequence[ReleasedPeriod], language: str, kind: FileKind) -> bytes:
        written = file_of(session, periods=periods, language=language, kind=kind)
        return written + f"booked,{booked(office)}\r\n".encode()

    patch.setattr(files, "file_of", with_bookings)


def for_a_monitor(office: Office, patch: pytest.MonkeyPatch) -> None:
    """Let the health route say how busy it is."""

    @needs(Permission.ANYBODY)
    def health() -> Response:
        return Response(f"ok, {booked(office)} booked\n")

    patch.setitem(office.site.flask.view_functions, "plain.health", health)


def test_a_build_that_says_how_many_are_booked_is_found_out(service: Service) -> None:
    asked = [Question("/counts"), Question("/counts/arrival", "POST")]
    for which, build in enumerate((on_the_page, in_the_file, for_a_monitor)):
        with pytest.MonkeyPatch.context() as patch:
            build(service.office, patch)
            before = everything(service, asked)
            visit(service, which=-4 * which)

            assert not any(answer.startswith(b"5") for answer in before.values())
            assert len(differing(before, everything(service, asked))) == 1


def booked(office: Office) -> int:
    """Return how many talks are booked."""
    with office.stores.helpline.read() as session:
        return session.scalars(select(func.count()).select_from(Booking)).one()
