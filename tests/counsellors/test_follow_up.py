"""A counsellor hands over the code of the next talk, to be read aloud."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from helpline.callbacks.keeping import MOST_TALKS
from helpline.callbacks.rights import FollowUp
from helpline.callbacks.tables import Booking
from helpline.codes import code_digest, read_code
from tests.support.calls import opened, talk_path
from tests.support.office import Office, Person
from tests.support.pages import Opened, words

LEFT = MOST_TALKS - 1


def close_as(office: Office, person: Person, outcome: str) -> Opened:
    """Record how the one talk ended, and return the page that follows."""
    page, path = opened(office, person), talk_path(office)
    return person.follow(person.send(page, {"outcome": outcome}, action=f"{path}/outcome"))


@pytest.fixture
def offer(office: Office, counsellor: Person) -> Opened:
    """Give the page that the record of a held talk leads to."""
    office.book()
    record = close_as(office, counsellor, "held")
    return counsellor.get(str(record.all("a", href=f"{talk_path(office)}/next")[0].get("href")))


def press(offer: Opened, *, which: int = 0) -> dict[str, str]:
    return {"code": str(offer.all("button", name="code")[which].get("value"))}


def rights(office: Office) -> list[FollowUp]:
    with office.stores.helpline.read() as session:
        return list(session.scalars(select(FollowUp)))


def test_after_a_talk_she_shows_a_code_that_gives_the_next_one(
    office: Office, counsellor: Person, offer: Opened
) -> None:
    assert f"{LEFT} more talks are possible" in offer.text
    assert rights(office) == []

    page = counsellor.send(offer, press(offer), action=f"{talk_path(office)}/next")

    (right,) = rights(office)
    code = read_code(words(page.one("p", class_="secret")))
    assert right.code_digest == code_digest(code, key=office.desk.keys.digest)
    assert (str(right.counsellor_id), right.talks_left) == (str(office.cast.counsellor.id), LEFT)
    assert "Read this code aloud" in page.text


def test_each_language_of_the_programme_has_its_code(office: Office, offer: Opened) -> None:
    assert [press(offer, which=which)["code"][0] for which in range(2)] == ["N", "E"]


def test_the_same_form_again_shows_the_same_code_and_another_one_none(
    office: Office, counsellor: Person, offer: Opened
) -> None:
    action = f"{talk_path(office)}/next"
    first = counsellor.send(offer, press(offer), action=action)
    again = counsellor.send(offer, press(offer), action=action)
    other = counsellor.send(offer, press(offer, which=1), action=action)

    assert words(again.one("p", class_="secret")) == words(first.one("p", class_="secret"))
    assert other.status == 409
    assert "a code was shown before" in other.text
    assert len(rights(office)) == 1


@pytest.mark.parametrize("code", ["", "NONSENSE", "N" * 5_000])
def test_what_is_no_code_hands_nothing_over(office: Office, counsellor: Person, offer: Opened, code: str) -> None:
    page = counsellor.send(offer, {"code": code}, action=f"{talk_path(office)}/next")

    assert page.status == 422
    assert page.all("button", name="code")
    assert rights(office) == []


def test_a_talk_that_was_not_held_leads_back_to_the_day(office: Office, counsellor: Person) -> None:
    office.book()

    page = close_as(office, counsellor, "not_reached")

    assert page.path == "/"
    assert "No other talk can follow" in counsellor.get(f"{talk_path(office)}/next").text


def test_the_last_talk_leads_to_no_code(office: Office, counsellor: Person) -> None:
    office.book()
    with office.stores.helpline.begin() as session:
        session.execute(update(Booking).values(talks_left=0))

    assert not close_as(office, counsellor, "held").all("a", href=f"{talk_path(office)}/next")


def test_a_held_talk_leads_to_the_code_until_it_is_destroyed(office: Office, counsellor: Person, offer: Opened) -> None:
    path = talk_path(office)
    assert f"{path}/next" in counsellor.get("/").body

    office.clock.wait(days=2)

    person = office.person(office.cast.counsellor)
    assert person.get(f"{path}/next").status == 404


def test_a_colleague_and_the_coordinator_hand_nothing_over(office: Office, offer: Opened) -> None:
    path = talk_path(office)
    for player in (office.cast.other, office.cast.coordinator):
        person = office.person(player)
        assert person.get(f"{path}/next").status == 404
        assert person.post(f"{path}/next", {"csrf_token": person.token()} | press(offer)).status == 404
    assert rights(office) == []


def test_the_right_outlives_the_talk(office: Office, counsellor: Person, offer: Opened) -> None:
    counsellor.send(offer, press(offer), action=f"{talk_path(office)}/next")

    (right,) = rights(office)
    assert right.destroy_at > office.clock.now + timedelta(days=42)
