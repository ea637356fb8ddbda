"""Each end of a talk from its closed list, a second attempt, and the break after a heavy talk."""

from datetime import timedelta

import pytest

from helpline.callbacks.queue import Outcome
from helpline.callbacks.tables import TalkState
from helpline.settings.programme import Way
from helpline.usage.codebook_reading import read_codebook
from tests.support.calls import envelopes, opened, state, talk_path
from tests.support.office import Office, Person
from tests.support.pages import words

HOUR = timedelta(hours=1)
AGAIN = "Nobody answered: again in ten minutes"


def end(office: Office, person: Person, outcome: str) -> str:
    """Let *person* record *outcome* for the one talk, and return what she reads then."""
    page = opened(office, person)
    return person.follow(person.send(page, {"outcome": outcome}, action=f"{talk_path(office)}/outcome")).text


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_end_has_one_cell_of_the_codebook(office: Office, counsellor: Person, way: Way, outcome: Outcome) -> None:
    office.book(way=way)

    end(office, counsellor, outcome)

    (counted,) = office.tally.cells
    table = next(it for it in read_codebook(office.services.programme).tables if it.id == "callback")
    assert counted[1] in {cell.id for cell in table.cells}
    assert state(office) is outcome.state


@pytest.mark.parametrize(
    ("outcome", "cell", "said"),
    [
        ("heavy", "we_ring.held", "talk held"),
        ("misuse", "we_ring.missed", "misuse"),
        ("not_there", "cancelled_by_us", "we were not there; may still ring"),
    ],
)
def test_an_end_without_a_cell_of_its_own_is_counted_as_what_it_was_for_the_visitor(
    office: Office, counsellor: Person, outcome: str, cell: str, said: str
) -> None:
    office.book()

    assert said in end(office, counsellor, outcome)
    assert office.tally.cells == [("callback", cell)]


def test_when_we_were_not_there_the_page_says_what_becomes_of_the_code(office: Office, counsellor: Person) -> None:
    office.book()
    path = talk_path(office)
    office.clock.wait(minutes=95)
    counsellor.sign_in(office.cast.counsellor)

    page = counsellor.send(counsellor.get(path), {"outcome": "not_there"}, action=f"{path}/outcome")

    assert "Their code says for a week that it was our fault" in counsellor.follow(page).text
    assert envelopes(office) == 0


def test_where_the_visitor_allows_it_we_ring_once_more_and_never_again(office: Office, counsellor: Person) -> None:
    receipt = office.book(try_again=True)
    path = talk_path(office)
    page = opened(office, counsellor)
    assert AGAIN in page.text

    first, same = (counsellor.send(page, action=f"{path}/attempt") for _ in range(2))
    day = counsellor.follow(first).text
    assert "Noted. Ring once more at 09:11; open the talk again then." in day
    assert "rang in vain; ring again at 09:11" in day
    assert same.status == 303
    assert (state(office), office.tally.cells) == (TalkState.BOOKED, [])

    again = opened(office, counsellor)
    assert receipt.words[0] in again.text
    assert "the second and last time is at 09:11" in again.text
    assert AGAIN not in again.text
    counsellor.send(again, {"outcome": "not_reached"}, action=f"{path}/outcome")
    assert (state(office), office.tally.cells) == (TalkState.NOT_REACHED, [("callback", "we_ring.not_reached")])


def test_colleagues_see_nothing_of_an_attempt(office: Office, counsellor: Person) -> None:
    office.book(try_again=True)
    counsellor.send(opened(office, counsellor), action=f"{talk_path(office)}/attempt")

    day = office.person(office.cast.other).get("/").text
    assert "Anna taken" in day
    assert "vain" not in day


@pytest.mark.parametrize(("way", "try_again"), [(Way.WE_RING, False), (Way.YOU_RING, False)])
def test_where_the_visitor_does_not_allow_it_no_second_attempt_is_offered(
    office: Office, counsellor: Person, way: Way, *, try_again: bool
) -> None:
    office.book(way=way, try_again=try_again)

    assert AGAIN not in opened(office, counsellor).text


def test_an_attempt_from_an_old_page_or_on_another_day_is_not_noted(office: Office, counsellor: Person) -> None:
    office.book(after=25 * HOUR, try_again=True)
    path, page = talk_path(office), opened(office, counsellor)

    early = counsellor.send(page, action=f"{path}/attempt")
    assert (early.status, "We ring twice at most" in early.text) == (422, True)
    office.clock.wait(minutes=25 * 60)
    counsellor.sign_in(office.cast.counsellor)
    page = opened(office, counsellor)
    old = counsellor.send(page, {"version": "9", "form_id": "other"}, action=f"{path}/attempt")
    assert (old.status, "Somebody else has changed this talk" in old.text) == (409, True)
    counsellor.send(page, action=f"{path}/attempt")
    third = counsellor.send(page, {"version": "2", "form_id": "third"}, action=f"{path}/attempt")
    assert (third.status, "Record how it ended" in third.text) == (422, True)


def test_after_a_heavy_talk_the_coordinator_sees_who_needs_a_break_and_nothing_of_the_talk(
    office: Office, counsellor: Person
) -> None:
    office.book()
    path = talk_path(office)
    office.book(after=2 * HOUR)
    office.clock.wait(minutes=100)
    counsellor.sign_in(office.cast.counsellor)

    done = counsellor.send(counsellor.get(path), {"outcome": "heavy"}, action=f"{path}/outcome")
    said = counsellor.follow(done).text

    assert "Nobody can book you until 11:15." in said
    assert "One talk of yours still stands in it" in said
    assert "You have a break until 11:15." in said
    assert "Anna needs a break" not in said
    coordinator = office.person(office.cast.coordinator)
    seen = coordinator.get("/").text
    assert "Anna needs a break until 11:15." in seen
    assert "heavy" not in seen
    office.clock.wait(minutes=36)
    coordinator.sign_in(office.cast.coordinator)
    assert "needs a break" not in coordinator.get("/").text


def test_whoever_has_a_break_is_led_to_the_hand_over(office: Office, counsellor: Person) -> None:
    office.book()
    assert "Hand over the rest of my shift" not in counsellor.get("/").text

    end(office, counsellor, "heavy")
    assert "Hand over the rest of my shift" in [words(link) for link in counsellor.get("/").all("a", href="/away")]


def test_a_coordinator_who_stood_in_has_no_hours_to_rest_from(office: Office) -> None:
    office.book()
    office.clock.wait(minutes=31)
    coordinator = office.person(office.cast.coordinator)

    said = end(office, coordinator, "heavy")

    assert "What the visitor told us for this talk is destroyed." in said
    assert "Nobody can book you" not in said
