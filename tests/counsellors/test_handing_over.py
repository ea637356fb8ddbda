"""Hand over one talk or a list: what cannot be done says why, and keeps what was chosen."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from helpline.callbacks.handing_over import Errand, Terms, hand_over
from helpline.callbacks.queue import Files
from helpline.callbacks.tables import Booking, Counsellor, CounsellorId, Envelope, TalkState
from helpline.callbacks.talk import cancel_by_visitor
from helpline.roster import SignedRosterRow
from helpline.staff.tables import Act, AuditEntry, StaffSession
from tests.support.calls import opened, talk_path
from tests.support.handing import assert_whole
from tests.support.ill_today import (
    HOUR,
    away_path,
    go_away,
    holders,
    let_the_other_work,
    occupy_the_other,
    press,
    talks,
)
from tests.support.office import Office, Person


def test_what_cannot_be_handed_over_stays_with_its_reason_and_what_can_be_done(
    office: Office, coordinator: Person
) -> None:
    for hour in (1, 2, 3):
        office.book(after=hour * HOUR)
    let_the_other_work(office)
    page = go_away(office, coordinator)
    occupy_the_other(office, talks(office)[1])

    page = press(office, coordinator, page)

    assert page.status == 200
    assert "Monday 1 March, 10:00: now with Bram Monday 1 March, 12:00: now with Bram" in page.text
    assert "Monday 1 March, 11:00: Nobody who works then is free." in page.text
    assert holders(office) == ["bram", "anna", "bram"]
    (left,) = page.all("select")
    assert [it.get("value") for it in left.iter("option")] == ["leave", "cancel"]

    page = coordinator.follow(press(office, coordinator, page, "cancel"))
    assert "1 talk is cancelled: its code says so." in page.text
    failed = talks(office)[1]
    assert failed.state is TalkState.CANCELLED_BY_US
    assert failed.destroy_at - failed.ends_at > timedelta(days=7)
    assert office.tally.cells == [("callback", "cancelled_by_us")]


def test_a_talk_in_a_language_that_nobody_speaks_says_so_and_a_wrong_choice_is_kept(
    office: Office, coordinator: Person
) -> None:
    office.book(language="en")
    let_the_other_work(office)
    with office.stores.helpline.begin() as session:
        session.execute(update(Counsellor).where(Counsellor.id == office.cast.other.id).values(languages="nl"))
    page = go_away(office, coordinator)

    page = press(office, coordinator, page)
    assert page.status == 200
    assert "Nobody who is free then speaks the language of this talk." in page.text
    page = press(office, coordinator, page, office.cast.other.id)
    assert page.status == 422
    assert "Whom you chose does not speak the language of this talk." in page.text
    chosen = [it.get("value") for it in page.all("option") if it.get("selected") is not None]
    assert chosen == [office.cast.other.id]
    assert holders(office) == ["anna"]


def test_whoever_has_no_hours_can_be_chosen_by_name(office: Office, counsellor: Person) -> None:
    office.book()
    page = go_away(office, counsellor)
    (choice,) = page.all("select")
    assert [it.get("value") for it in choice.iter("option")] == [office.cast.other.id, "leave", "cancel"]
    assert [it.get("label") for it in page.all("optgroup")] == [
        "Free, but not at work then, or with a full day: ask first"
    ]

    assert "Nothing was changed." in counsellor.follow(press(office, counsellor, page)).text
    assert "Now with Bram" in counsellor.follow(press(office, counsellor, page, office.cast.other.id)).text
    assert_whole(office.stores)


def test_a_list_that_has_aged_says_how_it_stands_now_and_keeps_what_was_chosen(
    any_office: Office,
) -> None:
    """One talk was cancelled by its visitor, one is with somebody else, for one the colleague is busy."""
    office = any_office
    receipts = [office.book(after=hour * HOUR) for hour in (1, 2, 3, 4)]
    let_the_other_work(office)
    coordinator = office.person(office.cast.coordinator)
    page, other = go_away(office, coordinator), office.cast.other.id
    with office.stores.helpline.begin() as session:
        cancel_by_visitor(session, receipts[0].code, desk=office.desk, now=office.clock.now)
    with office.stores.helpline.begin() as session:
        changed = talks(office)[0].id
        session.execute(update(Booking).where(Booking.id == changed).values(version=5))
    occupy_the_other(office, talks(office)[1])

    answer = press(office, coordinator, page, "anybody", other, other, other)

    assert answer.status == 409
    assert "1 talk is no longer here: cancelled by the visitor, or with somebody else." in answer.text
    assert "Monday 1 March, 11:00: Somebody else has changed this talk meanwhile." in answer.text
    assert "Monday 1 March, 12:00: Whom you chose is no longer free then." in answer.text
    assert "Monday 1 March, 13:00: now with Bram" in answer.text
    chosen = [it.get("value") for it in answer.all("option") if it.get("selected") is not None]
    assert chosen[0] == other
    assert holders(office) == ["anna", "anna", "bram"]
    assert "Now with Bram" in coordinator.follow(press(office, coordinator, answer, other, "leave")).text


def test_a_list_pressed_twice_hands_over_once(office: Office, coordinator: Person) -> None:
    office.book()
    let_the_other_work(office)
    page = go_away(office, coordinator)

    assert press(office, coordinator, page).status == 303
    answer = press(office, coordinator, page)

    assert answer.status == 409
    assert "1 talk is no longer here" in answer.text
    assert [talk.version for talk in talks(office)] == [2]


def test_a_cancellation_of_a_talk_that_changed_is_not_done(office: Office, coordinator: Person) -> None:
    office.book()
    page = go_away(office, coordinator)
    with office.stores.helpline.begin() as session:
        session.execute(update(Booking).values(version=2))

    assert press(office, coordinator, page, "cancel").status == 409
    assert talks(office)[0].state is TalkState.BOOKED


def test_whoever_was_away_for_a_while_is_asked_for_her_passphrase_and_nothing_is_lost(
    office: Office, coordinator: Person
) -> None:
    office.book(after=2 * HOUR)
    let_the_other_work(office)
    page = go_away(office, coordinator)
    office.clock.wait(minutes=16)

    asked = press(office, coordinator, page, office.cast.other.id)
    assert asked.status == 422
    assert "Fill in your passphrase." in asked.text
    assert [it.get("value") for it in asked.all("option") if it.get("selected") is not None] == [office.cast.other.id]
    wrong = press(office, coordinator, asked, passphrase="not mine")
    assert wrong.status == 422
    done = press(office, coordinator, wrong, passphrase=office.cast.coordinator.issued.passphrase)
    assert "Now with Bram" in coordinator.follow(done).text


def forget_envelopes(office: Office, *, but: str) -> None:
    with office.stores.helpline.begin() as session:
        session.execute(delete(Envelope).where(Envelope.counsellor_id != but))


def test_whoever_cannot_open_a_talk_is_told_who_can(office: Office, coordinator: Person) -> None:
    office.book()
    page = go_away(office, coordinator)
    forget_envelopes(office, but=office.cast.other.id)

    answer = press(office, coordinator, page, office.cast.other.id)
    assert answer.status == 422
    assert "You cannot open this talk, so you cannot hand it over." in answer.text
    assert "You cannot open it. Who can: Bram." in answer.text
    assert "anybody" not in [it.get("value") for it in answer.all("option")]
    forget_envelopes(office, but="nobody")
    assert "Nobody here can open it." in coordinator.get(away_path(office)).text


def test_an_envelope_that_does_not_open_leaves_the_last_resort(office: Office, coordinator: Person) -> None:
    office.book()
    let_the_other_work(office)
    page = go_away(office, coordinator)
    with office.stores.helpline.begin() as session:
        session.execute(update(Envelope).values(sealed=b"nonsense"))

    answer = press(office, coordinator, page)
    assert answer.status == 422
    assert "This envelope cannot be opened. The talk can only be cancelled." in answer.text


def test_without_a_roster_nothing_is_handed_over_and_cancelling_is_left(office: Office, coordinator: Person) -> None:
    office.book()
    page = go_away(office, coordinator)
    with office.stores.helpline.begin() as session:
        session.execute(delete(SignedRosterRow))

    answer = press(office, coordinator, page, "anybody")
    assert answer.status == 422
    assert "No roster is in force, so nothing can be sealed." in answer.text
    assert press(office, coordinator, answer, "cancel").status == 303


def test_a_stand_in_takes_a_talk_that_is_adrift_and_no_other(any_office: Office) -> None:
    office = any_office
    receipt = office.book(after=5 * HOUR)
    stand_in, path = office.person(office.cast.other), f"{talk_path(office)}/hand-over"
    assert stand_in.get(path).status == 404
    go_away(office, office.person(office.cast.counsellor))

    today = stand_in.get("/")
    assert "Monday 1 March, 14:00, Anna: is away; nobody has taken it yet. Take it" in today.text
    page = stand_in.get(path)
    assert page.heading == "Take the talk at 14:00"
    assert [it.get("value") for it in page.all("option")] == [office.cast.other.id, "leave"]
    refused = stand_in.send(page, {str(page.all("select")[0].get("name")): "cancel"}, action=path)
    assert refused.status == 422
    assert "Choose from the list." in refused.text
    assert talks(office)[0].state is TalkState.BOOKED
    done = stand_in.follow(stand_in.send(page, action=path))

    assert "Now with Bram" in done.text
    assert "is away" not in done.text
    assert receipt.words[0] in opened(office, stand_in).text


def test_one_talk_is_handed_over_from_the_call_screen_and_from_the_week(office: Office, counsellor: Person) -> None:
    office.book(after=5 * HOUR)
    let_the_other_work(office)
    path = f"{talk_path(office)}/hand-over"
    for page in (counsellor.get("/week"), counsellor.get(talk_path(office)), opened(office, counsellor)):
        assert path in {it.get("href") for it in page.all("a")}

    done = counsellor.send(counsellor.get(path), action=path)

    assert "Now with Bram: Monday 1 March, 14:00." in counsellor.follow(done).text
    assert counsellor.get(path).status == 404
    with office.stores.office.read() as session:
        acts = list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)))
    assert acts.count(Act.HAND_OVER_SENT) == 1


def test_a_talk_that_somebody_else_took_while_its_page_was_read_says_so(office: Office, counsellor: Person) -> None:
    office.book(after=5 * HOUR)
    let_the_other_work(office)
    path = f"{talk_path(office)}/hand-over"
    page = counsellor.get(path)
    coordinator = office.person(office.cast.coordinator)
    coordinator.send(coordinator.get(path), action=path)

    answer = counsellor.send(page, action=path)

    assert answer.status == 409
    assert "1 talk is no longer here: cancelled by the visitor, or with somebody else." in answer.text
    assert [talk.version for talk in talks(office)] == [2]


def test_a_talk_that_goes_while_it_is_handed_over_is_no_longer_here(
    office: Office, coordinator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = office.book()
    let_the_other_work(office)
    page = go_away(office, coordinator)

    def cancelled_first(files: Files, errand: Errand, *, terms: Terms, now: datetime) -> CounsellorId:
        with office.stores.helpline.begin() as session:
            cancel_by_visitor(session, receipt.code, desk=office.desk, now=now)
        return hand_over(files, errand, terms=terms, now=now)

    monkeypatch.setattr("counsellors.handing.hand_over", cancelled_first)
    answer = press(office, coordinator, page)

    assert answer.status == 409
    assert "1 talk is no longer here" in answer.text
    assert "Back to today" in answer.text


def test_whoever_hands_over_the_talk_she_has_open_is_in_no_call_any_more(office: Office, counsellor: Person) -> None:
    office.book(after=5 * HOUR)
    let_the_other_work(office)
    path = f"{talk_path(office)}/hand-over"
    opened(office, counsellor)

    counsellor.send(counsellor.get(path), action=path)

    with office.stores.office.read() as session:
        assert set(session.scalars(select(StaffSession.open_call))) == {None}
