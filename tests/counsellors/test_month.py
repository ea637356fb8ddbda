"""The month as the coordinator makes it: tick, see the cover, preview, publish."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from helpline.callbacks.exceptions import close_days, replace_day, replaced_days
from helpline.callbacks.rota_keeping import add_absence, end_hours, retire_counsellor, weekly_hours
from helpline.callbacks.rota_tables import WishKind
from helpline.callbacks.shifts import wish
from helpline.callbacks.spans import Half, Spans
from helpline.callbacks.tables import CounsellorId
from tests.support.month_pages import APRIL, FIFTH, begin, box, line, ticks
from tests.support.office import Office, Person, opened_office
from tests.support.part_timers import employ_part_timers
from tests.support.stores import Stores
from tests.support.talks import at


@pytest.fixture
def office(stores_in_files: Stores, tmp_path: Path) -> Iterator[Office]:
    """Give a back office with five part-timers, closed for most of April."""
    with opened_office(stores_in_files, tmp_path) as office:
        employ(office)
        yield office


@pytest.fixture
def any_office(stores: Stores, tmp_path: Path) -> Iterator[Office]:
    """Give it over both databases in turn."""
    with opened_office(stores, tmp_path) as office:
        employ(office)
        yield office


def employ(office: Office) -> None:
    names = ("anna", "carla", "dina", "emil", "gijs")
    with office.stores.helpline.begin() as session:
        retire_counsellor(session, CounsellorId(office.cast.other.id), today=office.clock.now.date())
        known = {"anna": str(office.cast.counsellor.id)}
        employ_part_timers(session, known=known, since=date(2027, 2, 1), names=names)
        # A short page is read in a fifth of the time; the browser's test has a whole month.
        close_days(session, first=date(2027, 4, 8), last=date(2027, 4, 26), label="Closed")


@pytest.fixture
def coordinator(office: Office) -> Person:
    return office.person(office.cast.coordinator)


def exceptions(office: Office, whose: str) -> dict[date, Spans]:
    with office.stores.helpline.read() as session:
        found = replaced_days(session, CounsellorId(whose), first=date(2027, 3, 1), last=date.max)
    return {it.day: it.spans for it in found}


def test_a_month_without_a_draft_shows_the_hours_in_force_and_its_cover(office: Office, coordinator: Person) -> None:
    page = coordinator.get("/month")

    assert page.heading == "Rota of April 2027"
    assert line(page, "Monday 5 April morning").endswith("2 there Dutch 2, English 2, under 18 0")
    assert "alone 18–21" in line(page, "Monday 5 April from noon")
    assert not page.all("input", type="checkbox")
    assert coordinator.get("/month/2027-05").heading == "Rota of May 2027"


def test_what_is_ticked_is_saved_previewed_and_published(any_office: Office) -> None:
    coordinator = any_office.person(any_office.cast.coordinator)
    page = begin(coordinator)
    sent = ticks(page, but=(box("carla"),), plus=(box("emil"), box("dina", half="afternoon"))) | {"then": "preview"}

    preview = coordinator.follow(coordinator.post(f"{APRIL}/save", sent))
    assert preview.heading == "What changes in April 2027, and for whom"
    assert "Carla: one day changes" in preview.text
    assert line(preview, "Monday 5 April 13:00–17:00") == "Monday 5 April 13:00–17:00 09:00–12:30, 13:00–17:00 –"
    done = coordinator.follow(coordinator.send(preview, action=f"{APRIL}/publish"))
    assert "The month is published: 3 days changed." in done.text
    assert "These hours are in force." in done.text
    assert exceptions(any_office, "carla") == {FIFTH: ()}
    assert exceptions(any_office, "emil") == {FIFTH: ((540, 750), (780, 1020))}
    assert exceptions(any_office, "dina") == {FIFTH: ((780, 1020),)}
    assert exceptions(any_office, "gijs") == {}


def test_last_month_is_copied_with_what_differed_in_it(office: Office, coordinator: Person) -> None:
    with office.stores.helpline.begin() as session:
        replace_day(session, CounsellorId("dina"), day=date(2027, 3, 8), spans=((540, 720),))

    page = begin(coordinator, start="last_month")
    assert "Dina , Monday 5 April morning, 9–12 " in line(page, "Monday 5 April: exact hours morning")
    assert page.one("input", name=box("dina")).get("checked") is not None


def test_absences_wishes_and_closures_stand_beside_the_draft(office: Office, coordinator: Person) -> None:
    with office.stores.helpline.begin() as session:
        add_absence(
            session,
            CounsellorId("carla"),
            starts_at=at(FIFTH, "00:00"),
            ends_at=at(FIFTH, "23:55"),
        )
        add_absence(session, CounsellorId("emil"), starts_at=at(FIFTH, "16:00"), ends_at=at(FIFTH, "18:00"))
        wish(session, CounsellorId("gijs"), day=FIFTH, halves=[Half.AFTERNOON], kind=WishKind.RATHER_NOT)
        wish(session, CounsellorId("dina"), day=FIFTH, halves=[Half.MORNING], kind=WishKind.GLADLY)
        close_days(session, first=date(2027, 4, 27), last=date(2027, 4, 27), label="King's Day")
    page = begin(coordinator)

    morning = line(page, "Monday 5 April: exact hours morning")
    assert "Carla away" in morning
    assert "gladly" in morning
    assert morning.endswith("alone 9–12:30 Dutch 1, English 1, under 18 0")
    assert page.one("input", name=box("carla")).get("type") == "hidden"  # her plan stays as it is
    afternoon = line(page, "Monday 5 April from noon")
    assert "away 16–17" in afternoon
    assert "rather not" in afternoon
    assert "alone 16–17, 18–21" in afternoon
    assert line(page, "Tuesday 27 April morning") == "Tuesday 27 April morning closed: King's Day –"
    assert coordinator.post(f"{APRIL}/save", ticks(page)).status == 303
    assert "Nothing changes" in coordinator.get(f"{APRIL}/preview").text


def test_the_slower_of_two_coordinators_keeps_what_she_ticked_and_sees_where_they_differ(
    office: Office, coordinator: Person
) -> None:
    page = begin(coordinator)
    assert (
        "go on with it"
        in coordinator.follow(
            coordinator.post(f"{APRIL}/begin", {"csrf_token": coordinator.token(), "start": "weekly"})
        ).text
    )
    coordinator.post(f"{APRIL}/save", ticks(page, plus=(box("emil"),)))

    late = coordinator.post(f"{APRIL}/save", ticks(page, plus=(box("dina"),)))
    assert late.status == 409
    assert "What you filled in is still here" in late.text
    assert late.title.startswith("To fix:")
    assert late.one("input", name=box("dina")).get("checked") is not None
    assert late.one("input", name=box("emil")).get("checked") is None
    said = line(late, "Monday 5 April: exact hours morning")
    assert said.count("saved: there") == said.count("saved: not there") == 1
    both = coordinator.follow(coordinator.post(f"{APRIL}/save", ticks(late, plus=(box("emil"),))))
    assert all(both.one("input", name=box(name)).get("checked") is not None for name in ("emil", "dina"))


def test_who_joined_or_was_closed_since_the_page_was_shown_loses_no_hours(office: Office, coordinator: Person) -> None:
    page = begin(coordinator)
    sent = ticks(page)
    sent["who"] = sent["who"].replace("dina", "")
    sent["days"] = sent["days"].replace("2027-04-05", "")
    without = {name: value for name, value in sent.items() if "dina" not in name and not name.startswith("5")}

    coordinator.post(f"{APRIL}/save", without)
    assert "Nothing changes" in coordinator.get(f"{APRIL}/preview").text


def test_exact_hours_of_a_day_are_kept_when_ticks_are_saved_around_them(office: Office, coordinator: Person) -> None:
    begin(coordinator)
    path = f"{APRIL}/day/2027-04-05"
    page = coordinator.get(path)
    assert page.one("input", name="times_carla").get("value") == "09:00-12:30"

    month = coordinator.follow(coordinator.send(page, {"times_carla": "10-11:30", "times_dina": "22-24"}, action=path))
    assert "Carla , Monday 5 April morning, 10–11:30" in month.text
    coordinator.post(f"{APRIL}/save", ticks(month, plus=(box("emil"),)))
    assert coordinator.get(path).one("input", name="times_carla").get("value") == "10:00-11:30"
    assert coordinator.get(path).one("input", name="times_dina").get("value") == "22:00-24:00"


def test_hours_of_a_day_that_cannot_be_or_come_too_late_are_kept_in_the_form(
    office: Office, coordinator: Person
) -> None:
    begin(coordinator)
    path = f"{APRIL}/day/2027-04-05"
    page = coordinator.get(path)

    wrong = coordinator.send(page, {"times_carla": "nine", "times_emil": "9-10"}, action=path)
    assert wrong.status == 422
    assert "Write times like this" in wrong.text
    assert [wrong.one("input", name=f"times_{name}").get("value") for name in ("carla", "emil")] == ["nine", "9-10"]
    coordinator.send(page, {"times_dina": "9-10"}, action=path)
    late = coordinator.send(page, {"times_emil": "9-10"}, action=path)
    assert late.status == 409
    assert "Saved: 09:00-10:00" in late.text
    assert late.one("input", name="times_emil").get("value") == "9-10"
    assert coordinator.send(late, action=path).status == 303


def test_talks_that_stand_outside_the_new_hours_are_listed_before_publishing(office: Office) -> None:
    """Anna's talk on Monday next week stays hers."""
    office.book(after=timedelta(days=7, hours=1))
    coordinator = office.person(office.cast.coordinator)
    anna, march = str(office.cast.counsellor.id), "/month/2027-03"
    begin(coordinator, path=march)
    coordinator.send(
        coordinator.get(f"{march}/day/2027-03-08"), {f"times_{anna}": "13-17"}, action=f"{march}/day/2027-03-08"
    )

    preview = coordinator.get(f"{march}/preview")
    assert line(preview, "Monday 8 March").endswith("13:00–17:00 10:00")
    coordinator.send(preview, action=f"{march}/publish")
    assert "2027-03-08" not in coordinator.get("/hours").text
    assert "Monday 8 March, 10:00" not in preview.text


def test_what_changed_since_the_preview_is_shown_before_it_is_published(office: Office, coordinator: Person) -> None:
    coordinator.post(f"{APRIL}/save", ticks(begin(coordinator), but=(box("carla"),)))
    preview = coordinator.get(f"{APRIL}/preview")
    with office.stores.helpline.begin() as session:
        replace_day(session, CounsellorId("carla"), day=FIFTH, spans=((600, 660),))

    again = coordinator.send(preview, action=f"{APRIL}/publish")
    assert again.status == 409
    assert "look again, then publish" in again.text
    assert "10:00–11:00" in again.text
    assert coordinator.send(again, action=f"{APRIL}/publish").status == 303
    assert coordinator.send(again, action=f"{APRIL}/publish").status == 404


def test_a_draft_is_thrown_away_unless_a_colleague_changed_it(office: Office, coordinator: Person) -> None:
    page = begin(coordinator)
    coordinator.post(f"{APRIL}/save", ticks(page))

    assert coordinator.send(page, action=f"{APRIL}/drop").status == 409
    gone = coordinator.follow(coordinator.send(coordinator.get(APRIL), action=f"{APRIL}/drop"))
    assert "thrown away" in gone.text
    for path in (f"{APRIL}/preview", f"{APRIL}/day/2027-04-05"):
        assert coordinator.get(path).status == 404


def test_what_was_filled_in_outlives_a_draft_that_a_colleague_ended(office: Office, coordinator: Person) -> None:
    page = begin(coordinator)
    day = coordinator.get(f"{APRIL}/day/2027-04-05")
    coordinator.send(page, action=f"{APRIL}/drop")

    late = coordinator.post(f"{APRIL}/save", ticks(page, plus=(box("emil"),)))
    assert late.status == 409
    assert late.one("input", name=box("emil")).get("checked") is not None
    typed = coordinator.send(day, {"times_dina": "9-10"}, action=day.path)
    assert typed.status == 409
    assert typed.one("input", name="times_dina").get("value") == "9-10"
    assert coordinator.post(f"{APRIL}/save", ticks(late)).status == 303
    assert "Emil: one day changes" in coordinator.get(f"{APRIL}/preview").text
    assert coordinator.post(f"{APRIL}/save", ticks(late)).status == 409  # sent twice, it begins one draft


def test_a_month_that_is_saved_after_the_session_ended_is_kept(office: Office, coordinator: Person) -> None:
    sent = ticks(begin(coordinator), plus=(box("emil"),))
    office.clock.wait(minutes=61)

    late = coordinator.post(f"{APRIL}/save", sent)
    kept = late.one("input", name="kept").get("value") or ""
    shown = coordinator.sign_in(office.cast.coordinator, kept=kept)
    assert "Save the draft of a month" in shown.text
    month = coordinator.follow(coordinator.send(shown))
    assert month.one("input", name=box("emil")).get("checked") is not None


def test_a_month_that_is_none_or_far_away_is_not_here(coordinator: Person) -> None:
    for month in ("2027-13", "april", "2040-01", "2027-4", "2027-04-01", "0000-00"):
        assert coordinator.get(f"/month/{month}").status == 404


def test_a_day_that_the_draft_cannot_change_is_not_here(office: Office, coordinator: Person) -> None:
    begin(coordinator)
    for day in ("2027-05-01", "soon", "2027-02-28"):
        assert coordinator.get(f"{APRIL}/day/{day}").status == 404
    assert coordinator.post(f"{APRIL}/begin", {"csrf_token": coordinator.token(), "start": "dice"}).status == 404
    past = coordinator.get("/month/2027-02")
    assert not past.all("form", action="/month/2027-02/begin")


def test_a_rota_that_ends_is_said_on_the_first_page_and_beside_the_month(office: Office, coordinator: Person) -> None:
    last = date(2027, 3, 15)
    with office.stores.helpline.begin() as session:
        for name in (str(office.cast.counsellor.id), "carla", "emil", "gijs"):
            whose = CounsellorId(name)
            for hours in weekly_hours(session, whose, today=date(2027, 3, 1)):
                end_hours(session, hours.id, counsellor_id=whose, last_day=last)

    for path in ("/", "/month"):
        page = coordinator.get(path)
        assert "The rota ends on Monday 15 March for English: nobody has hours after it." in page.text
        assert "for Dutch" not in page.text
    office.clock.wait(days=20)
    coordinator.sign_in(office.cast.coordinator)
    assert "Nobody who speaks English has hours any more." in coordinator.get("/month").text


def test_only_a_coordinator_makes_the_month(office: Office) -> None:
    counsellor = office.person(office.cast.counsellor)

    for path in ("/month", APRIL, f"{APRIL}/preview"):
        assert counsellor.get(path).status == 403
    assert counsellor.post(f"{APRIL}/begin", {"csrf_token": counsellor.token(), "start": "weekly"}).status == 403
