"""The day, the week and the call screen."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from helpline.callbacks.tables import Envelope, TalkState
from helpline.settings.programme import Way
from helpline.staff.tables import Act, AuditEntry
from tests.support.calls import envelopes, opened, state, talk_path
from tests.support.office import Office, Person

HOUR = timedelta(hours=1)


def test_the_counsellor_opens_the_envelope_and_sees_what_the_call_needs(any_office: Office) -> None:
    receipt = any_office.book()
    person = any_office.person(any_office.cast.counsellor)

    page = opened(any_office, person)
    assert page.status == 200
    for needed in (*receipt.words, "+31 6 12345678", "about themselves", "Dutch", "Ring 112", "We ring them"):
        assert needed in page.text, needed
    assert "Nobody rang us" not in page.text
    assert "when you record how it ended. At the latest: Tuesday 2 March, 10:30." in page.text
    with any_office.stores.office.read() as session:
        assert Act.ENVELOPE_OPENED in session.scalars(select(AuditEntry.act)).all()


def test_a_visitor_who_rings_us_leaves_no_number(office: Office, counsellor: Person) -> None:
    receipt = office.book(way=Way.YOU_RING, language="en")

    page = opened(office, counsellor)
    assert "They ring us" in page.text
    assert receipt.words[0] in page.text
    assert office.services.programme.booked_number in page.text
    assert "We rang, nobody answered" not in page.text


def test_what_was_opened_is_hidden_again(office: Office, counsellor: Person) -> None:
    receipt = office.book()
    page = opened(office, counsellor)

    path = talk_path(office)
    closed = counsellor.follow(counsellor.send(page, action=f"{path}/hide"))
    assert receipt.words[0] not in closed.text
    assert closed.status == 203


def test_the_outcome_destroys_the_envelope_and_is_counted_once(any_office: Office) -> None:
    any_office.book()
    person = any_office.person(any_office.cast.counsellor)
    page, path = opened(any_office, person), talk_path(any_office)
    assert envelopes(any_office) > 1

    first = person.send(page, {"outcome": "held"}, action=f"{path}/outcome")
    again = person.send(page, {"outcome": "held"}, action=f"{path}/outcome")
    assert first.status == again.status == 303
    assert "destroyed" in person.follow(first).text
    assert state(any_office) is TalkState.HELD
    assert envelopes(any_office) == 0
    assert any_office.tally.cells == [("callback", "we_ring.held")]
    with any_office.stores.office.read() as session:
        assert list(session.scalars(select(AuditEntry.act))).count(Act.OUTCOME_SENT) == 1


def test_a_talk_that_we_cancel_is_counted_without_its_way(office: Office, counsellor: Person) -> None:
    office.book()
    path = talk_path(office)

    page = counsellor.send(counsellor.get(path), {"outcome": "cancelled_by_us"}, action=f"{path}/outcome")
    assert "the envelope stays until its time is over" in counsellor.follow(page).text
    assert office.tally.cells == [("callback", "cancelled_by_us")]
    assert "May still ring" in counsellor.get("/").text


@pytest.mark.parametrize("outcome", ["", "splendid"])
def test_an_outcome_that_is_not_on_the_list_is_not_recorded(office: Office, counsellor: Person, outcome: str) -> None:
    office.book()
    path = talk_path(office)

    page = counsellor.send(counsellor.get(path), {"outcome": outcome}, action=f"{path}/outcome")
    assert page.status == 422
    assert "Choose how it ended" in page.text
    assert state(office) is TalkState.BOOKED


def test_without_an_audit_nothing_is_opened(
    office: Office, counsellor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = office.book()

    def unwritable(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("attempt to write a readonly database"))

    monkeypatch.setattr("helpline.callbacks.queue.append", unwritable)
    page = opened(office, counsellor)
    assert page.status == 503
    assert not any(word in page.text for word in receipt.words)


def test_a_stand_in_opens_a_colleagues_talk_from_half_an_hour_before(office: Office) -> None:
    receipt = office.book(after=HOUR)
    stand_in = office.person(office.cast.other)
    path = talk_path(office)
    assert stand_in.get(path).status == 404

    office.clock.wait(minutes=30)
    stand_in.sign_in(office.cast.other)
    assert receipt.words[1] in opened(office, stand_in).text


def test_a_talk_that_does_not_exist_is_not_here(counsellor: Person) -> None:
    assert counsellor.get("/talk/nothing").status == 404
    data = {"csrf_token": counsellor.token(), "outcome": "held"}
    for action in ("open", "outcome", "attempt", "emergency", "hide"):
        assert counsellor.post(f"/talk/nothing/{action}", data).status == 404


def test_after_a_quarter_of_an_hour_opening_asks_for_the_passphrase(office: Office, counsellor: Person) -> None:
    receipt = office.book()
    office.clock.wait(minutes=16)
    path = talk_path(office)
    page = counsellor.get(path)
    assert len(page.all("input", type="password")) == 1

    for wrong in ("", "not it"):
        refused = counsellor.send(page, {"passphrase": wrong}, action=f"{path}/open")
        assert refused.status == 422
        assert receipt.words[0] not in refused.text
    right = counsellor.send(page, {"passphrase": office.cast.counsellor.issued.passphrase}, action=f"{path}/open")
    assert receipt.words[0] in right.text
    assert receipt.words[0] in opened(office, counsellor).text


def test_guessing_the_passphrase_of_an_open_session_is_slowed(office: Office, counsellor: Person) -> None:
    office.book()
    office.clock.wait(minutes=16)
    path = talk_path(office)
    page = counsellor.get(path)
    for _ in range(3):
        counsellor.send(page, {"passphrase": "not it"}, action=f"{path}/open")

    slowed = counsellor.send(page, {"passphrase": "not it"}, action=f"{path}/open")
    assert slowed.status == 429
    assert "Wait" in slowed.text


def test_during_a_call_nobody_is_signed_out(office: Office, counsellor: Person) -> None:
    office.book()
    page, path = opened(office, counsellor), talk_path(office)
    office.clock.wait(minutes=100)

    assert counsellor.send(page, {"outcome": "held"}, action=f"{path}/outcome").status == 303


def test_an_outcome_that_is_sent_after_the_session_is_kept(office: Office, counsellor: Person) -> None:
    office.book()
    page, path = opened(office, counsellor), talk_path(office)
    office.clock.wait(minutes=121)

    kept = counsellor.send(page, {"outcome": "held"}, action=f"{path}/outcome")
    assert kept.status == 403
    shown = counsellor.sign_in(office.cast.counsellor, kept=kept.one("input", name="kept").get("value") or "")
    assert counsellor.send(shown).status == 303
    assert state(office) is TalkState.HELD
    assert office.tally.cells == [("callback", "we_ring.held")]


def test_when_the_days_key_is_gone_the_page_says_so(office: Office, counsellor: Person) -> None:
    office.book()
    for day in office.services.day_keys.days():
        office.services.day_keys.destroy(day)

    page = opened(office, counsellor)
    assert page.status == 422
    assert "cannot be opened" in page.text


def test_an_envelope_that_is_gone_is_not_here(office: Office, counsellor: Person) -> None:
    office.book()
    path = talk_path(office)
    page = counsellor.get(path)
    with office.stores.helpline.begin() as session:
        session.execute(delete(Envelope).where(Envelope.counsellor_id == office.cast.counsellor.id))

    assert counsellor.send(page, action=f"{path}/open").status == 404
    assert "nothing here that you could open" in counsellor.get(path).text
    with office.stores.helpline.begin() as session:
        session.execute(delete(Envelope))
    assert "Nobody can open it" in counsellor.get(path).text


def test_a_talk_that_is_over_shows_how_it_ended(office: Office, counsellor: Person) -> None:
    office.book()
    path = talk_path(office)
    counsellor.send(counsellor.get(path), {"outcome": "missed"}, action=f"{path}/outcome")

    assert "nobody rang" in counsellor.get("/").text
    assert "nobody rang" in counsellor.get(path).text


def test_a_module_that_the_visitor_read_is_named(office: Office, counsellor: Person) -> None:
    office.book(language="en")

    heading = office.services.texts.pages["en", "0/1"].heading
    assert heading in opened(office, counsellor).text


def test_a_talk_of_another_day_cannot_be_closed_by_a_slip_of_the_hand(office: Office, counsellor: Person) -> None:
    office.book(after=timedelta(days=3))
    path = talk_path(office)

    page = counsellor.send(counsellor.get(path), {"outcome": "held"}, action=f"{path}/outcome")
    assert page.status == 422
    assert "can only be cancelled" in page.text
    assert state(office) is TalkState.BOOKED
    assert office.tally.cells == []
