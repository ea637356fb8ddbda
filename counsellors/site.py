"""The back office, put together."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from flask_babel import Babel

from counsellors.counted import FIGURE_FILTERS
from counsellors.rendering import FILTERS, known_to_templates, locale
from counsellors.services import NAME, Services
from counsellors.texts import Texts, read_texts
from counsellors.views import (
    account,
    book,
    closures,
    contact,
    counts,
    day,
    diary,
    door,
    explained,
    feed,
    figures,
    files,
    follow_up,
    free_now,
    handing,
    hours,
    late,
    month,
    month_day,
    outside,
    plain,
    publishing,
    report,
    roster,
    shifts,
    sign_in,
    staff,
    talk,
    week,
)
from counsellors.views.faults import answer_faults
from helpline.crypto.passwords import Cost
from helpline.day_keys import DayKeys
from helpline.settings.environment import OfficeSettings
from helpline.staff.keys import Door, StaffKeys
from helpline.store.engine import StoreName, open_store
from helpline.usage.counting import Counter, count_nothing
from helpline.web.flask_app import flask_app
from helpline.web.office import OfficeSite, configure
from helpline.web.office_guard import Guard

BLUEPRINTS = (
    plain.blueprint,
    sign_in.blueprint,
    day.blueprint,
    free_now.blueprint,
    week.blueprint,
    diary.blueprint,
    talk.blueprint,
    follow_up.blueprint,
    contact.blueprint,
    late.blueprint,
    book.blueprint,
    handing.blueprint,
    hours.blueprint,
    door.blueprint,
    closures.blueprint,
    month.blueprint,
    month_day.blueprint,
    outside.blueprint,
    publishing.blueprint,
    report.blueprint,
    shifts.blueprint,
    staff.blueprint,
    roster.blueprint,
    counts.blueprint,
    figures.blueprint,
    files.blueprint,
    explained.blueprint,
    account.blueprint,
    feed.blueprint,
)

DAY_KEYS = "daykeys"


def now_in_utc() -> datetime:
    """Return the time: the one place of this site where it enters."""
    return datetime.now(UTC)


def create_app(
    settings: OfficeSettings,
    *,
    clock: Callable[[], datetime] = now_in_utc,
    count: Counter = count_nothing,
    cost: Cost | None = None,
) -> OfficeSite:
    """Return the back office over the stores of *settings*. *cost* is what a try of a passphrase costs.

    Raises:
        UndeclaredRouteError: a route does not say who may use it.
        ContentError: a text of the programme is not complete.
    """
    texts = read_texts(settings.programme)
    return assemble(make_services(settings, texts=texts, clock=clock, count=count, cost=cost or Cost()))


def make_services(
    settings: OfficeSettings, *, texts: Texts, clock: Callable[[], datetime], count: Counter, cost: Cost
) -> Services:
    """Return what the views share, with the stores opened."""
    stores = {
        name: open_store(name, data_dir=settings.data_dir, database_url=settings.database_url) for name in StoreName
    }
    keys = StaffKeys.of(pepper=settings.office_pepper, session_key=settings.session_key)
    return Services(
        settings=settings,
        helpline=stores[StoreName.HELPLINE],
        office=stores[StoreName.OFFICE],
        counts=stores[StoreName.COUNTS],
        day_keys=DayKeys(settings.data_dir / DAY_KEYS),
        door=Door.of(keys, cost=cost, zone=settings.programme.zone),
        texts=texts,
        clock=clock,
        count=count,
    )


def assemble(services: Services) -> OfficeSite:
    """Return the back office over *services*, with a guard at every route.

    Raises:
        UndeclaredRouteError: a route does not say who may use it.
    """
    app = bare_app(services)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    guard = Guard(
        office=services.office,
        keys=services.door.keys,
        clock=services.clock,
        sign_in_first=sign_in.sign_in_first,
        ask_again=sign_in.ask_again,
    )
    site = OfficeSite(app, hosts=services.settings.allowed_hosts, crisis=crisis_words(services))
    guard.post(app)
    return site


def crisis_words(services: Services) -> str:
    """Return who helps somebody in danger, in one line, for when no page can be made."""
    lines = services.texts.crisis(services.programme.languages[0], now=services.clock())
    return " · ".join(f"{line.about}: {' / '.join(line.numbers)}" for line in lines)


def bare_app(services: Services) -> Flask:
    """Return the Flask application without its pages."""
    app = flask_app(NAME)
    app.extensions[NAME] = services
    configure(app, session_key=services.settings.session_key)
    Babel().init_app(app, default_domain=NAME, default_timezone=services.programme.zone.key, locale_selector=locale)
    app.jinja_env.filters.update(FILTERS | FIGURE_FILTERS)
    app.context_processor(known_to_templates)
    answer_faults(app)
    return app
