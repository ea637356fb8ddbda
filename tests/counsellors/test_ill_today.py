"""Ill today: an absence that waits for nothing, and six talks that are with a colleague a few presses later."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from helpline.callbacks.tables import Absence, Counsellor
from tests.support.calls import talk_path
from tests.support.handing import assert_whole
from tests.support.ill_today import HOUR, away_path, go_away, holders, let_the_other_work
from tests.support.office import Office, Person
from tests.support.pages import Opened, words


class Counted:
    """A person whose presses are counted: every link followed and every button pressed."""

    def __init__(self, person: Person) -> None:
        self.person, self.presses = person, 0

    def click(self, page: Opened, link: str) -> Opened:
        self.presses += 1
        found = next(it for it in page.all("a") if words(it) == link)
        answer = self.person.get(str(found.get("href")))
        return self.person.follow(answer) if answer.status == 303 else answer

    def press(self, page: Opened, action: str) -> Opened:
        self.presses += 1
        answer = self.person.send(page, action=action)
        return self.person.follow(answer) if answer.status == 303 else answer


def test_six_talks_are_with_a_colleague_after_three_presses(any_office: Office) -> None:
    office, path = any_office, away_path(any_office)
    for hour in range(1, 7):
        office.book(after=hour * HOUR)
    let_the_other_work(office)
    coordinator = Counted(office.person(office.cast.coordinator))
    today = coordinator.person.get("/")

    page = coordinator.click(today, "Ill, or unable to go on: hand over")
    assert "6 talks still stand today." in page.text
    page = coordinator.press(page, path)
    assert "Away until Tuesday 2 March, 00:00." in page.text
    assert len(page.all("select")) == 6
    page = coordinator.press(page, f"{path}/hand-over")

    assert coordinator.presses == 3
    assert "Now with Bram: Monday 1 March, 10:00; Monday 1 March, 11:00;" in page.text
    assert "No talk is waiting here." in page.text
    assert holders(office) == ["bram"] * 6
    assert_whole(office.stores)
    assert "You take over from a colleague: Monday 1 March, 10:00;" in office.person(office.cast.other).get("/").text


def test_an_absence_waits_for_no_talk_and_no_new_one_is_booked_in_it(any_office: Office) -> None:
    """Nobody else has hours, so nothing can be handed over by itself."""
    office = any_office
    office.book()
    counsellor = office.person(office.cast.counsellor)

    page = go_away(office, counsellor)

    assert "1 talk to hand over" in page.text
    with office.stores.helpline.read() as session:
        assert session.scalars(select(Absence)).one().starts_at == office.clock.now
    with pytest.raises(Exception, match="taken"):
        office.book(after=3 * HOUR)
    again = go_away(office, counsellor)
    assert again.text.count("Away until Tuesday 2 March, 00:00.") == 1
    with office.stores.helpline.read() as session:
        assert len(session.scalars(select(Absence)).all()) == 1


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ({"until": "shift"}, "Monday 1 March, 17:00"),
        ({"until": "day"}, "Tuesday 2 March, 00:00"),
        ({"until": "date", "last_day": "2027-03-03"}, "Thursday 4 March, 00:00"),
    ],
    ids=["shift", "day", "date"],
)
def test_somebody_is_away_for_her_shift_the_day_or_longer(
    office: Office, counsellor: Person, typed: dict[str, str], until: str
) -> None:
    for after in (HOUR, 25 * HOUR):
        office.book(after=after)

    page = go_away(office, counsellor, **typed)

    assert f"Away until {until}." in page.text
    assert len(page.all("select")) == (2 if typed["until"] == "date" else 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"until": "date", "last_day": ""}, "Write a date like this"),
        ({"until": "date", "last_day": "2027-02-28"}, "Write today or a day of the coming year."),
        ({"until": "date", "last_day": "2029-02-28"}, "Write today or a day of the coming year."),
        ({"until": "for ever"}, "Choose until when."),
    ],
    ids=["no date", "past", "too far", "no choice"],
)
def test_an_absence_that_cannot_be_is_said_and_kept_in_the_form(
    office: Office, counsellor: Person, typed: dict[str, str], said: str
) -> None:
    path = away_path(office)

    page = counsellor.send(counsellor.get(path), typed, action=path)

    assert page.status == 422
    assert said in page.text
    assert page.title.startswith("To fix:")
    assert page.one("input", name="last_day").get("value") == typed.get("last_day", "")
    with office.stores.helpline.read() as session:
        assert session.scalars(select(Absence)).all() == []


def test_after_her_shift_nobody_hands_over_the_rest_of_it(office: Office, counsellor: Person) -> None:
    path, page = away_path(office), counsellor.get(away_path(office))
    assert [it.get("value") for it in page.all("input", name="until")] == ["day", "shift", "date"]
    office.clock.wait(minutes=8 * 60)
    counsellor = office.person(office.cast.counsellor)

    page = counsellor.get(path)

    assert [it.get("value") for it in page.all("input", name="until")] == ["day", "date"]
    assert counsellor.send(page, {"until": "shift"}, action=path).status == 422


REFUSED: dict[str, Callable[[Office], str]] = {
    "a colleague's": lambda office: f"/away/{office.cast.counsellor.id}",
    "nobody's": lambda _: "/away/nobody",
    "who is not on the rota": lambda office: f"/away/{office.cast.coordinator.id}",
    "a colleague's talk": lambda office: f"{talk_path(office)}/hand-over",
    "no talk": lambda _: "/talk/nothing/hand-over",
}


@pytest.mark.parametrize("what", REFUSED)
def test_nobody_hands_over_what_is_not_hers(office: Office, what: str) -> None:
    office.book()
    stand_in, path = office.person(office.cast.other), REFUSED[what](office)

    assert stand_in.get(path).status == 404
    assert stand_in.post(path, {"csrf_token": stand_in.token(), "until": "day"}).status in {404, 409}


def test_a_coordinator_who_takes_no_talks_sees_the_first_who_does(office: Office, coordinator: Person) -> None:
    page = coordinator.follow(coordinator.get("/away"))

    assert page.heading == "Ill today: Anna"
    assert "Bram" in [words(it) for it in page.all("a")]
    assert coordinator.get("/hand-over/nobody").status == 404
    with office.stores.helpline.begin() as session:
        session.execute(update(Counsellor).values(active=False))
    assert coordinator.get("/away").status == 404
