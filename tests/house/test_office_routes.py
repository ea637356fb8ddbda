"""Every route of the back office, for everybody: what the table of permissions says, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from counsellors.site import BLUEPRINTS, bare_app
from helpline.staff.permissions import WITHOUT_SIGN_IN, Role, may
from helpline.web.office_guard import Guard, UndeclaredRouteError, declared
from tests.support.cast import Player
from tests.support.office import Office, Person, opened_office
from tests.support.stores import copy_files, opened_stores

SIGN_OUT = "sign_in.leave"


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """Give a back office for one sweep."""
    copy_files(sqlite_template, to=tmp_path)
    with opened_stores(tmp_path, database_url=None) as stores, opened_office(stores, tmp_path) as office:
        yield office


def routes(office: Office) -> list[tuple[Rule, str]]:
    """Return every rule with each method of it; signing out last."""
    rules = [
        (rule, method)
        for rule in office.site.flask.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]
    return sorted(rules, key=lambda item: item[0].endpoint == SIGN_OUT)


def ask(person: Person, rule: Rule, *, method: str, token: str) -> int:
    """Return the status of that route with made-up values."""
    path = str(rule.rule)
    for argument in rule.arguments:
        path = path.replace(f"<{argument}>", "made-up")
    if method == "GET":
        return person.get(path).status
    return person.post(path, {"csrf_token": token}).status


def player(office: Office, role: Role) -> Player:
    cast = office.cast
    return {
        Role.COUNSELLOR: cast.counsellor,
        Role.COORDINATOR: cast.coordinator,
        Role.PROGRAMME_STAFF: cast.programme_staff,
    }[role]


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_the_table_says_and_nothing_else(office: Office, role: Role) -> None:
    person = office.person(player(office, role))
    token = person.token()
    for rule, method in routes(office):
        permission = declared(office.site.flask, rule.endpoint).permission
        status = ask(person, rule, method=method, token=token)
        assert (status != 403) is may(role, permission), f"{method} {rule.rule} as {role}: {status}"
        assert status < 500, f"{method} {rule.rule} as {role}: {status}"


def test_a_stranger_finds_the_door_everywhere(office: Office) -> None:
    stranger = office.stranger()
    for rule, method in routes(office):
        permission = declared(office.site.flask, rule.endpoint).permission
        status = ask(stranger, rule, method=method, token="none")
        if permission in WITHOUT_SIGN_IN:
            assert status in {200, 203, 404, 422}, f"{method} {rule.rule}: {status}"
        elif rule.endpoint == SIGN_OUT:
            assert status == 303
        else:
            assert status == 403, f"{method} {rule.rule}: {status}"


def test_without_the_token_of_its_page_no_form_does_anything(office: Office) -> None:
    person = office.person(office.cast.coordinator)
    for rule, method in routes(office):
        permission = declared(office.site.flask, rule.endpoint).permission
        if method == "POST" and may(Role.COORDINATOR, permission):
            assert ask(person, rule, method=method, token="forged") == 422, rule.rule


def test_what_changes_something_is_sent_by_post(office: Office) -> None:
    reading = {rule.endpoint for rule, method in routes(office) if method == "GET"}
    writing = {rule.endpoint for rule, method in routes(office) if method == "POST"}

    assert not reading & writing
    assert len(writing) > 10


def test_a_route_that_declares_nothing_stops_the_start(office: Office) -> None:
    app = bare_app(office.services)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.add_url_rule("/forgotten", endpoint="forgotten", view_func=lambda: "anything")
    guard = Guard(
        office=office.services.office,
        keys=office.services.door.keys,
        clock=office.clock,
        sign_in_first=lambda: "",
        ask_again=lambda: "",
    )

    with pytest.raises(UndeclaredRouteError, match="forgotten"):
        guard.post(app)
