"""One talk moves each table by one at most: a double press, Back, two tabs, two people, a crash, a late form."""

from collections import Counter
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from counsellors.services import NAME
from helpline.callbacks.form_token import TOKEN_LENGTH
from helpline.callbacks.tables import Booking
from helpline.usage.codebook import CountedCell
from tests.support.calls import talk_path
from tests.support.contact import CONTACT, contact_tables, counted, filled_in, held, record_path
from tests.support.office import Office, Person
from tests.support.pages import Opened

TABS = 3
STEPS = st.lists(
    st.tuples(st.integers(0, TABS - 1), st.sampled_from(["open", "send", "send wrong"]), st.integers(0, 3)), max_size=9
)
"""Which tab, what is done in it, and which answer is chosen."""


@dataclass
class Tabs:
    """The tabs of two people; each keeps the page that it was opened with, as Back does."""

    office: Office
    people: tuple[Person, Person]
    path: str
    pages: dict[int, Opened] = field(default_factory=dict)
    good: set[str] = field(default_factory=set)

    def step(self, tab: int, do: str, answer: int) -> None:
        """Open the form in *tab*, or send what it shows; who sits there follows from the tab."""
        person = self.people[tab % 2]
        if do == "open" or tab not in self.pages:
            page = person.get(self.path)
            if page.all("form", action=self.path):
                self.pages[tab] = page
        if do != "open" and tab in self.pages:
            typed = filled_in(self.office, answer=answer) if do == "send" else {"contact_topic": "nonsense"}
            assert person.send(self.pages[tab], typed, action=self.path).status in {303, 422}
            if do == "send":
                self.good.add(self.pages[tab].fields(form_of(self.pages[tab], self.path))["once"])


def form_of(page: Opened, action: str) -> int:
    """Return which form of *page* goes to *action*."""
    return [form.get("action") for form in page.all("form")].index(action)


def moved(office: Office) -> Counter[str]:
    """Return by how much each table moved, and forget it."""
    found = Counter(table for table, _ in counted(office))
    office.tally.cells.clear()
    return found


@pytest.fixture
def people(any_office: Office) -> tuple[Person, Person]:
    """Give the counsellor, who held a talk, and a colleague who held it with her."""
    any_office.book()
    cast = any_office.cast
    people = any_office.person(cast.counsellor), any_office.person(cast.other)
    held(any_office, people[0])
    return people


@given(steps=STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_often_it_is_sent_a_booked_talk_moves_each_table_once(
    any_office: Office, people: tuple[Person, Person], steps: list[tuple[int, str, int]]
) -> None:
    with any_office.stores.helpline.begin() as session:
        session.execute(update(Booking).values(recorded=False))
    any_office.tally.cells.clear()
    tabs = Tabs(any_office, people, record_path(any_office))

    for step in steps:
        tabs.step(*step)

    times = 1 if tabs.good else 0
    assert moved(any_office) == Counter({table.id: times for table in contact_tables(any_office) if times})


@given(steps=STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_often_it_is_sent_a_form_moves_each_table_once(
    any_office: Office, people: tuple[Person, Person], steps: list[tuple[int, str, int]]
) -> None:
    any_office.tally.cells.clear()
    tabs = Tabs(any_office, people, CONTACT)

    for step in steps:
        tabs.step(*step)

    times = len(tabs.good)
    assert moved(any_office) == Counter({table.id: times for table in contact_tables(any_office) if times})


@pytest.mark.parametrize("is_booked", [True, False])
def test_a_crash_before_it_is_counted_loses_the_record_and_never_doubles_it(
    office: Office, counsellor: Person, monkeypatch: pytest.MonkeyPatch, *, is_booked: bool
) -> None:
    def crash(*cells: CountedCell) -> None:
        raise RuntimeError(cells)

    office.book()
    page = held(office, counsellor) if is_booked else counsellor.get(CONTACT)
    action = record_path(office) if is_booked else CONTACT
    office.tally.cells.clear()
    with monkeypatch.context() as broken:
        broken.setitem(office.site.flask.extensions, NAME, replace(office.services, count=crash))
        assert counsellor.send(page, filled_in(office), action=action).status == 500

    assert "counted before" in counsellor.follow(counsellor.send(page, filled_in(office), action=action)).text
    assert office.tally.cells == []


def test_a_form_that_is_sent_after_the_session_is_kept_and_counts_once(office: Office, counsellor: Person) -> None:
    page = counsellor.get(CONTACT)
    office.clock.wait(minutes=61)

    kept = counsellor.send(page, filled_in(office), action=CONTACT)
    assert kept.status == 403
    shown = counsellor.sign_in(office.cast.counsellor, kept=kept.one("input", name="kept").get("value") or "")
    first, again = counsellor.send(shown), counsellor.send(shown)
    assert (first.status, again.status) == (303, 303)
    assert set(moved(office).values()) == {1}


@pytest.mark.parametrize("once", ["old", "", "A" * TOKEN_LENGTH])
def test_a_form_of_yesterday_or_of_nobody_is_pressed_once_more(office: Office, counsellor: Person, once: str) -> None:
    page = counsellor.get(CONTACT)
    sent = once if once != "old" else page.fields(form_of(page, CONTACT))["once"]
    office.clock.wait(minutes=13 * 60)
    counsellor.sign_in(office.cast.counsellor)

    page = counsellor.send(counsellor.get(CONTACT), filled_in(office) | {"once": sent}, action=CONTACT)
    assert (page.status, "press once more" in page.text) == (422, True)
    assert counted(office) == []
    assert counsellor.send(page, action=CONTACT).status == 303
    assert set(moved(office).values()) == {1}


def test_a_caller_whom_no_time_suits_is_counted_once_and_the_record_comes_next(
    office: Office, counsellor: Person
) -> None:
    page = counsellor.get("/book")
    first, again = (counsellor.send(page, action="/book/none") for _ in range(2))

    assert office.tally.cells == [("callback", "unmet")]
    for answer in (first, again):
        assert counsellor.follow(answer).path == CONTACT
    assert counsellor.send(page, {"once": "none of ours"}, action="/book/none").status == 422
    assert counsellor.send(counsellor.get("/book"), action="/book/none").status == 303
    assert office.tally.cells == 2 * [("callback", "unmet")]


def test_the_address_of_a_talk_that_is_none_leads_nowhere(office: Office, counsellor: Person) -> None:
    office.book()
    sent = {"csrf_token": counsellor.token()} | filled_in(office)

    for path in ("/talk/nothing", talk_path(office)):
        assert counsellor.get(f"{path}/contact").status == counsellor.post(f"{path}/contact", sent).status == 404
    assert counted(office) == []
