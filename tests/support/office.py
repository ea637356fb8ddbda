"""The back office of a test: the cast behind its counters, talks to hold, and people who look at every page."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO

from werkzeug.test import Client, TestResponse

from counsellors.services import Services
from counsellors.site import assemble, make_services
from counsellors.texts import Texts, read_texts
from helpline.callbacks.booking import Receipt, request_callback
from helpline.callbacks.desk import Desk, DeskKeys
from helpline.callbacks.doors import Door
from helpline.callbacks.draw import draw_times
from helpline.callbacks.envelope import Group, Wish
from helpline.callbacks.rota_keeping import NewHours, add_counsellor, add_hours
from helpline.callbacks.tables import CounsellorId
from helpline.codes import words_of
from helpline.roster import Roster
from helpline.settings.environment import Mode, OfficeSettings
from helpline.settings.programme import Programme, Way
from helpline.staff.accounts import unlock
from helpline.staff.roster_keeping import Signer, sign_roster
from helpline.web.office import OfficeSite
from tests.support.cast import CHEAP, Cast, Player, make_cast
from tests.support.compiled import COMPILED
from tests.support.keys import CODE_KEY, OFFICE_PEPPER, SESSION_KEY
from tests.support.office_pages import looked_at
from tests.support.pages import Opened
from tests.support.stores import Stores
from tests.support.visitors import HOST, Clock, Tally
from tests.support.world import NOW, VERIFY_KEY, lay_day_keys, programme, token

HALF_A_MINUTE = 30
NINE, FIVE = 9 * 60, 17 * 60

TEXTS: list[Texts] = []


@dataclass(repr=False)
class Office:
    """A back office with its stores, its cast, and a clock that the test moves."""

    site: OfficeSite
    services: Services
    stores: Stores
    cast: Cast
    clock: Clock
    tally: Tally
    roster: Roster
    _forms: Iterator[int] = field(default_factory=lambda: iter(range(1000)))

    def book(
        self,
        *,
        way: Way = Way.WE_RING,
        after: timedelta = timedelta(hours=1),
        language: str = "nl",
        try_again: bool = False,
    ) -> Receipt:
        """Return the receipt of a talk that begins on the hour at or after *after* from now."""
        starts_at = (self.clock.now + after).replace(minute=0, second=0, microsecond=0)
        number = "+31612345678" if way is Way.WE_RING else None
        wish = Wish(
            starts_at=starts_at,
            way=way,
            group=Group.ABOUT_ME,
            language=language,
            number=number,
            module=0,
            try_again=try_again,
        )
        form = token(f"form {next(self._forms)}")
        return self.stores.helpline.transact(
            lambda session: request_callback(
                session, wish, token=form, desk=self.desk, now=self.clock.now, door=Door.STAFF
            )
        )

    @property
    def desk(self) -> Desk:
        """Return what booking needs."""
        found = self.services.programme
        return Desk(
            programme=found,
            keys=DeskKeys.of(CODE_KEY),
            words={language: words_of(language) for language in found.languages},
            roster=self.roster,
        )

    def stranger(self) -> "Person":
        """Return somebody who has no account."""
        return Person(self)

    def person(self, player: Player) -> "Person":
        """Return *player*, signed in."""
        person = Person(self)
        answer = person.sign_in(player)
        assert answer.status == 303, answer.text
        return person


@contextmanager
def opened_office(
    stores: Stores, folder: Path, *, mode: Mode = Mode.PRODUCTION, at: datetime = NOW
) -> Iterator[Office]:
    """Give a back office over *stores*, with everybody of the cast and a roster that the coordinator signed."""
    found, clock, tally = programme(folder), Clock(at), Tally()
    cast = make_cast(stores.office, now=at)
    verify_key = cast.coordinator.issued.member.verify_key or b""
    settings = office_settings(found, stores=stores, verify_keys=(VERIFY_KEY, verify_key), mode=mode)
    services = services_over(stores, settings, clock=clock, tally=tally)
    lay_day_keys(folder / "daykeys", now=at)
    employ(stores, cast, since=at.date())
    private = unlock(cast.coordinator.issued.member, cast.coordinator.issued.passphrase, door=cast.door)
    roster = sign_roster(services.registry, signer=Signer(cast.coordinator.id, private), now=at)
    with stores.helpline.begin() as session:
        draw_times(session, programme=found, roster=roster, now=at)
    site = assemble(services)
    site.flask.jinja_env.bytecode_cache = COMPILED
    try:
        yield Office(site, services, stores, cast, clock, tally, roster)
    finally:
        for sessions in (services.helpline, services.office, services.counts):
            sessions.engine.dispose()


def services_over(stores: Stores, settings: OfficeSettings, *, clock: Clock, tally: Tally) -> Services:
    """Return what the views share, over the connections of *stores*."""
    made = make_services(settings, texts=texts_of(settings.programme), clock=clock, count=tally.count, cost=CHEAP)
    for opened in (made.helpline, made.office, made.counts):
        opened.close()
    return replace(made, helpline=stores.helpline, office=stores.office, counts=stores.counts)


def texts_of(found: Programme) -> Texts:
    """Return the texts, read from disk once for all tests: they are the same for every invented programme."""
    if not TEXTS:
        TEXTS.append(read_texts(found))
    return TEXTS[0]


def office_settings(
    found: Programme, *, stores: Stores, verify_keys: tuple[bytes, ...], mode: Mode = Mode.PRODUCTION
) -> OfficeSettings:
    """Return the settings of the back office of a test."""
    return OfficeSettings(
        mode=mode,
        data_dir=stores.data_dir,
        run_dir=stores.data_dir / "run",
        database_url=stores.database_url,
        code_key=CODE_KEY,
        roster_verify_keys=verify_keys,
        trusted_proxy=False,
        allowed_hosts=(HOST,),
        programme=found,
        session_key=SESSION_KEY,
        office_pepper=OFFICE_PEPPER,
    )


def employ(stores: Stores, cast: Cast, *, since: date) -> None:
    """Let the counsellor work every day from nine to five; the other one is on the rota without hours."""
    with stores.helpline.begin() as session:
        for player in (cast.counsellor, cast.other):
            add_counsellor(
                session, CounsellorId(player.id), alias=player.name.title(), languages=("nl", "en"), youth=False
            )
        for weekday in range(7):
            hours = NewHours(weekday=weekday, starts=NINE, ends=FIVE, valid_from=since - timedelta(days=7))
            add_hours(session, CounsellorId(cast.counsellor.id), hours=hours)


class Person:
    """Somebody at the back office, with a browser of her own that runs no script."""

    def __init__(self, office: Office, *, host: str = HOST) -> None:
        """Stand before the door."""
        self.office = office
        self._client = Client(office.site)
        self._base = f"http://{host}"

    def sign_in(self, player: Player, **changes: str) -> Opened:
        """Fill in the form as *player* does, with *changes*; her telephone's next code is waited for first."""
        self.office.clock.wait(seconds=HALF_A_MINUTE)
        page = self.get("/sign-in")
        return self.send(page, self.typed(player) | changes)

    def typed(self, player: Player) -> dict[str, str]:
        """Return what *player* types to sign in now."""
        credentials = player.credentials(self.office.clock.now)
        return {"name": credentials.name, "passphrase": credentials.passphrase, "code": credentials.code}

    def get(self, path: str, **headers: str) -> Opened:
        """Ask for *path*."""
        return looked_at(Opened(self.answer(path, **headers), path, "GET"))

    def answer(self, path: str, **headers: str) -> TestResponse:
        """Ask for *path* and do not look at what comes, as a measurement does."""
        return self._client.get(path, base_url=self._base, headers={"Accept-Language": "en"} | _named(headers))

    def post(self, path: str, data: Mapping[str, str | tuple[IO[bytes], str]], **headers: str) -> Opened:
        """Send *data* to *path* as a form of the site itself does."""
        said = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"} | _named(headers)
        response = self._client.post(path, base_url=self._base, data=dict(data), headers=said)
        return looked_at(Opened(response, path, "POST"))

    def send(self, page: Opened, filled: Mapping[str, str] | None = None, *, action: str | None = None) -> Opened:
        """Fill in the form of *page* that goes to *action* (the first one by default) and return what comes back."""
        forms = page.all("form") if action is None else page.all("form", action=action)
        assert forms, f"no form to {action} at {page.path}: {page.text}"
        index = page.all("form").index(forms[0])
        return self.post(str(forms[0].get("action")), page.fields(index) | dict(filled or {}))

    def follow(self, answer: Opened) -> Opened:
        """Go where *answer* leads."""
        assert answer.status == 303, answer.text
        return self.get(answer.response.headers["Location"])

    def token(self) -> str:
        """Return a token that a form of this person may be sent with."""
        return self.get("/account").fields()["csrf_token"]

    def forget_cookies(self) -> None:
        """Use another browser."""
        self._client = Client(self.office.site)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
