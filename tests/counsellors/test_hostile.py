"""Whatever somebody sends, the answer is a whole page, and it is not we who break."""

from urllib.parse import quote

import pytest
from sqlalchemy import select

from helpline.callbacks.tables import Booking
from tests.support.office import Office, Person

TYPED = ("'; DROP TABLE staff; --", "<b>{{ 7 * 7 }}", "%00%n", "\u202eabc", "٦٦٦٦٦٦", "9" * 5000, "x" * 9_000)
DAYS = ("0001-01-01", "9999-12-31", "2027-W09-1", "-1")
FORMS = {
    "/sign-in": {"name": "anna", "passphrase": "words", "code": "123456", "kept": ""},
    "/account/language": {"language": "nl"},
    "/hours/{id}/weekly": {
        "weekday": "5",
        "starts": "20:00",
        "ends": "22:00",
        "valid_from": "2027-03-01",
        "valid_until": "",
    },
    "/hours/{id}/absences": {"first_day": "2027-03-01", "from_time": "", "last_day": "2027-03-01", "until_time": ""},
    "/door/word": {"word": "lantaarn"},
    "/door/hour": {"hour": "493000"},
    "/door/hour/release": {"hour": "493000", "talks": "1"},
    "/away/{id}": {"until": "date", "last_day": "2027-03-01"},
    "/away/{id}/hand-over": {"to-{talk}": "anybody", "version-{talk}": "1", "form_id": "a", "passphrase": ""},
    "/talk/{talk}/hand-over": {"to-{talk}": "cancel", "version-{talk}": "7", "form_id": "a", "to-nothing": "anybody"},
    "/block": {"day": "2027-03-02", "from_time": "10:00", "length": "hour"},
    "/block/nothing/open": {"day": "2027-03-02", "reason": "lifted_in_need"},
    "/hours/{id}/days": {"day": "2027-03-02", "times": "9-12, 13:00-24:00"},
    "/closures": {"from_day": "2027-03-02", "to_day": "", "label": "A day out"},
    "/closures/holidays": {"holidays": "2027-03-26"},
    "/month/2027-04/begin": {"start": "weekly"},
    "/month/2027-04/save": {"version": "1", "who": "{id}", "days": "2027-04-05", "5m.{id}": "y", "then": "stay"},
    "/month/2027-04/day/2027-04-05": {"version": "2", "times_{id}": "9-12"},
    "/month/2027-04/publish": {"version": "3", "shown": "nothing"},
    "/shifts/offers": {"half_day": "2027-03-02.morning"},
    "/shifts/wishes": {"wish_day": "2027-03-02", "half": "day", "kind": "gladly"},
    "/staff": {"shown_name": "Fenna", "name": "", "role": "counsellor", "language": "nl", "alias": "", "spoken": "nl"},
    "/book": {
        "once": "0" * 32,
        "language": "nl",
        "counsellor": "",
        "part": "0",
        "time": "6013000",
        "way": "we_ring",
        "number": "0612345678",
        "caller": "hidden",
        "opening": "0",
        "about": "about_me",
        "turn": "1",
    },
    "/free-now": {"do": ""},
    "/talk/{talk}/open": {"passphrase": ""},
    "/talk/{talk}/outcome": {"outcome": "", "version": "1", "form_id": "a", "way": "we_ring"},
    "/talk/{talk}/attempt": {"version": "0", "form_id": "b"},
    "/talk/{talk}/emergency": {"version": "0"},
    "/talk/{talk}/late": {"version": "1"},
    "/talk/{talk}/on-time": {"version": "0"},
}


def test_whatever_is_typed_we_do_not_break(office: Office) -> None:
    office.book()
    with office.stores.helpline.read() as session:
        talk = session.scalars(select(Booking.id)).one()
    people = {name: office.person(getattr(office.cast, name)) for name in ("counsellor", "coordinator")}
    tokens = {name: person.token() for name, person in people.items()}
    for form, good in FORMS.items():
        who = "coordinator" if form.startswith(("/staff", "/door", "/closures", "/month")) else "counsellor"
        values = {"id": str(office.cast.counsellor.id), "talk": talk}
        path, sent = (
            form.format(**values),
            {name.format(**values): value.format(**values) for name, value in good.items()},
        )
        for field in sent:
            for value in (*TYPED, *DAYS):
                status = people[who].post(path, sent | {field: value, "csrf_token": tokens[who]}).status
                assert status < 500, f"{form} {field}={value[:20]!r}: {status}"


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x7f", "\x85", "\uffff"])
def test_signs_that_no_keyboard_sends_are_refused_with_a_page(any_office: Office, sign: str) -> None:
    coordinator = any_office.person(any_office.cast.coordinator)
    token = coordinator.token()

    for field in ("shown_name", "name", sign):
        assert coordinator.post("/staff", {"csrf_token": token, field: f"a{sign}b"}).status == 400
    for path in (
        f"/staff/{sign}/leave",
        f"/hours/{sign}",
        f"/talk/{sign}",
        f"/week/{sign}",
        f"/day/{sign}",
        f"/feed/{sign}",
    ):
        assert coordinator.get(quote(path)).status == 404


def test_a_name_of_spaces_is_no_name(coordinator: Person) -> None:
    typed = {"shown_name": "   ", "name": "fenna", "role": "counsellor", "language": "nl"}
    page = coordinator.send(coordinator.get("/staff/new"), typed, action="/staff")

    assert page.status == 422
    assert "Fill in a name." in page.text
