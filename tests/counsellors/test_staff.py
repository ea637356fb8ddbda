"""Staff and roster, as the coordinator keeps them."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from counsellors.site import assemble
from helpline.callbacks.tables import Counsellor, Envelope
from helpline.crypto.opening import sign
from helpline.roster import SignedRosterRow, publish_roster, read_roster
from helpline.staff.audit import verify_chain
from helpline.staff.tables import Act, AuditEntry, Member
from tests.support.keys import ROSTER_SIGNING_KEY
from tests.support.office import Office, Person
from tests.support.pages import Opened, words
from tests.support.world import VERIFY_KEY

FENNA = {
    "shown_name": "Fenna Kok",
    "name": "Fenna",
    "role": "counsellor",
    "language": "en",
    "alias": "Fien",
    "spoken": "nl",
    "stands_in": "y",
}


def add(person: Person, **changes: str) -> Opened:
    return person.send(person.get("/staff/new"), FENNA | changes, action="/staff")


def roster_serial(office: Office) -> int:
    with office.stores.helpline.read() as session:
        return session.scalar(select(func.max(SignedRosterRow.serial))) or 0


def test_an_account_is_made_and_what_it_is_given_is_shown_once(any_office: Office) -> None:
    coordinator = any_office.person(any_office.cast.coordinator)

    page = add(coordinator)
    assert page.status == 200
    secrets = [words(it) for it in page.all("p", class_="secret")] + [words(page.one("dd", class_="secret"))]
    assert len(page.all("li")) >= 8
    assert page.one("img").get("src", "").startswith("data:image/png;base64,")
    listed = coordinator.get("/staff")
    assert "Fenna Kok" in listed.text
    assert not any(secret in listed.body for secret in secrets[:1])
    with any_office.stores.helpline.read() as session:
        assert session.scalar(select(Counsellor.alias).where(Counsellor.alias == "Fien")) == "Fien"


def test_somebody_new_signs_in_with_what_the_page_showed(office: Office, coordinator: Person) -> None:
    page = add(coordinator)
    passphrase = words(page.one("dd", class_="secret"))
    recovery = words(next(page.one("ul", class_="secrets").iter("li")))
    fenna = office.stranger()

    filled = {"name": "fenna", "passphrase": passphrase, "code": recovery}
    assert fenna.send(fenna.get("/sign-in"), filled).status == 303
    assert "Fenna Kok" in fenna.get("/").text


def test_a_new_coordinator_is_told_what_the_administrator_must_add(coordinator: Person) -> None:
    page = add(coordinator, role="coordinator")

    assert "ROSTER_VERIFY_KEYS" in page.text


def test_programme_staff_get_no_key_and_no_place_on_the_rota(office: Office, coordinator: Person) -> None:
    page = add(coordinator, role="programme_staff")

    assert "sign the roster" not in page.text
    with office.stores.helpline.read() as session:
        assert session.scalar(select(Counsellor.id).where(Counsellor.alias == "Fien")) is None


def test_what_is_not_on_the_lists_becomes_the_least(office: Office, coordinator: Person) -> None:
    assert add(coordinator, role="director", language="xx", alias="", spoken="xx").status == 200

    with office.stores.office.read() as session:
        member = session.scalars(select(Member).where(Member.name == "fenna")).one()
        assert (member.role, member.language) == ("counsellor", "nl")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "anna"}, "Somebody signs in with this name"),
        ({"name": "a b"}, "Letters, digits, dots and hyphens"),
        ({"name": ""}, "Fill in a name to sign in with."),
        ({"shown_name": ""}, "Fill in a name."),
        ({"shown_name": "x" * 81}, "At most 80 letters."),
        ({"alias": "Anna"}, "Visitors hear this name for somebody else"),
        ({"alias": "x" * 41}, "At most 40 letters."),
    ],
)
def test_an_account_that_cannot_be_is_said_and_kept_in_the_form(
    coordinator: Person, change: dict[str, str], said: str
) -> None:
    page = add(coordinator, **change)

    assert page.status == 422
    assert said in page.text
    assert page.one("input", name="shown_name").get("value") == (FENNA | change)["shown_name"]


def test_whoever_leaves_is_off_the_roster_and_can_open_nothing_in_the_same_step(any_office: Office) -> None:
    any_office.book()
    coordinator = any_office.person(any_office.cast.coordinator)
    gone = any_office.person(any_office.cast.counsellor)
    path = f"/staff/{any_office.cast.counsellor.id}/leave"

    answer = coordinator.send(coordinator.get(path), action=path)
    assert "Anna can no longer sign in or open a talk" in coordinator.follow(answer).text
    assert gone.get("/").status == 403
    keys = any_office.services.settings.roster_verify_keys
    with any_office.stores.helpline.read() as session:
        hers = select(func.count()).select_from(Envelope).where(Envelope.counsellor_id == any_office.cast.counsellor.id)
        assert session.scalar(hers) == 0
        roster = read_roster(session, verify_keys=keys, now=any_office.clock.now, seen=None)
    assert any_office.cast.counsellor.id not in {reader.counsellor_id for reader in roster.readers}
    assert "Anna may no longer open talks" in coordinator.get("/").text
    with any_office.stores.office.read() as session:
        assert verify_chain(session) > 1
        assert Act.MEMBER_DEACTIVATED in session.scalars(select(AuditEntry.act)).all()


def test_after_a_while_ending_an_account_asks_for_the_passphrase(office: Office, coordinator: Person) -> None:
    path = f"/staff/{office.cast.counsellor.id}/leave"
    office.clock.wait(minutes=20)

    page = coordinator.get(path)
    assert coordinator.send(page, {"passphrase": ""}, action=path).status == 422
    passphrase = office.cast.coordinator.issued.passphrase
    assert coordinator.send(page, {"passphrase": passphrase}, action=path).status == 303


def test_nobody_ends_her_own_account_or_one_that_is_not_there(office: Office, coordinator: Person) -> None:
    token = coordinator.token()

    for staff_id in (office.cast.coordinator.id, "nobody"):
        assert coordinator.get(f"/staff/{staff_id}/leave").status == 404
        assert coordinator.post(f"/staff/{staff_id}/leave", {"csrf_token": token}).status == 404


def test_the_list_shows_who_has_left(office: Office, coordinator: Person) -> None:
    path = f"/staff/{office.cast.other.id}/leave"
    coordinator.send(coordinator.get(path), action=path)

    assert "Bram counsellor, signs in as bram – ended –" in coordinator.get("/staff").text


def test_a_change_waits_for_the_button_and_then_everybody_sees_it(office: Office, coordinator: Person) -> None:
    add(coordinator)
    assert "The staff has changed since the roster was signed" in coordinator.get("/").text
    page = coordinator.get("/roster")
    assert "Fenna Kok may open talks from now on" in page.text

    done = coordinator.follow(coordinator.send(page, action="/roster"))
    assert "The roster is signed until" in done.text
    assert roster_serial(office) == 2
    assert "Fenna Kok may open talks from now on" in office.person(office.cast.counsellor).get("/").text


def test_a_sign_in_of_the_coordinator_renews_an_unchanged_roster_in_silence(office: Office) -> None:
    office.clock.wait(days=2)
    office.person(office.cast.coordinator)
    assert roster_serial(office) == 1
    office.clock.wait(days=2)
    office.person(office.cast.counsellor)
    assert roster_serial(office) == 1

    office.person(office.cast.coordinator)
    assert roster_serial(office) == 2


def test_a_changed_roster_is_never_renewed_in_silence(office: Office, coordinator: Person) -> None:
    add(coordinator)
    office.clock.wait(days=4)

    office.person(office.cast.coordinator)
    assert roster_serial(office) == 1


def test_a_roster_that_has_run_out_closes_booking_and_says_so(office: Office) -> None:
    office.clock.wait(days=9)

    day = office.person(office.cast.counsellor).get("/")
    assert "No roster is in force" in day.text
    assert "No times are drawn" in day.text


def test_a_roster_that_is_missing_is_signed_with_everybody_new(office: Office, coordinator: Person) -> None:
    with office.stores.helpline.begin() as session:
        session.query(SignedRosterRow).delete()

    page = coordinator.get("/roster")
    assert "No roster is in force" in page.text
    assert page.text.count("may open talks from now on") == 3


def test_a_foreign_row_hides_the_roster_until_the_next_signing(office: Office, coordinator: Person) -> None:
    with office.stores.helpline.begin() as session:
        session.add(SignedRosterRow(serial=2**31 - 1, body=b"", signature=bytes(64), signed_at=office.clock.now))

    page = coordinator.get("/roster")
    assert "No roster is in force" in page.text
    assert "may open talks from now on" not in page.text
    assert coordinator.send(page, action="/roster").status == 303
    assert roster_serial(office) == 2
    assert "No roster is in force" not in coordinator.get("/roster").text


def test_after_a_while_signing_asks_for_the_passphrase(office: Office, coordinator: Person) -> None:
    office.clock.wait(minutes=20)
    page = coordinator.get("/roster")

    assert coordinator.send(page, {"passphrase": "wrong"}, action="/roster").status == 422
    passphrase = office.cast.coordinator.issued.passphrase
    assert coordinator.send(page, {"passphrase": passphrase}, action="/roster").status == 303


def test_a_key_that_the_visitors_site_does_not_know_signs_nothing(office: Office) -> None:
    settings = replace(office.services.settings, roster_verify_keys=(bytes(32),))
    office.site = assemble(replace(office.services, settings=settings))
    office.clock.wait(days=4)
    coordinator = office.person(office.cast.coordinator)

    page = coordinator.get("/roster")
    assert "ROSTER_VERIFY_KEYS" in page.text
    refused = coordinator.post("/roster", {"csrf_token": coordinator.token()})
    assert refused.status == 422
    path = f"/staff/{office.cast.counsellor.id}/leave"
    done = coordinator.follow(coordinator.send(coordinator.get(path), action=path))
    assert "Somebody else must sign the roster now" in done.text
    assert roster_serial(office) == 1


def test_a_coordinator_whose_key_is_not_known_signs_in_all_the_same(office: Office) -> None:
    settings = replace(office.services.settings, roster_verify_keys=(VERIFY_KEY,))
    office.site = assemble(replace(office.services, settings=settings))
    roster = replace(office.roster, serial=2)
    with office.stores.helpline.begin() as session:
        signature = sign(roster.body(), private=ROSTER_SIGNING_KEY)
        publish_roster(session, roster, signature=signature, verify_keys=[VERIFY_KEY], now=office.clock.now)
    office.clock.wait(days=4)

    assert office.person(office.cast.coordinator).get("/").status == 200
    assert roster_serial(office) == 2


def test_a_key_swapped_in_the_store_is_shown_before_it_is_signed(office: Office, coordinator: Person) -> None:
    with office.stores.office.begin() as session:
        session.execute(update(Member).where(Member.name == "anna").values(public_key=bytes(31) + b"\1"))

    assert "Anna has a new key" in coordinator.get("/roster").text
