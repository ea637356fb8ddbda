"""The visitors' site, put together."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Flask, g, request
from flask_babel import Babel
from werkzeug.routing import AnyConverter, BaseConverter, Map, Rule

from helpline.callbacks.desk import DeskKeys
from helpline.settings.environment import VisitorsSettings
from helpline.store.engine import StoreName, open_store
from helpline.usage.counting import Counter, count_nothing
from helpline.web.flask_app import flask_app
from helpline.web.typed import VisitorsRequest
from helpline.web.visitors import Address, Plumbing, VisitorsSite, attempt, language_of
from selfhelp.counting import Arrivals, NoTrail, Trail, page_cell
from selfhelp.filling import fill_templates
from selfhelp.layout import read_layout
from selfhelp.library import read_library
from selfhelp.readiness import check_ready
from selfhelp.services import NAME, Services, language, locale
from selfhelp.snapshot import Offer, read_offer, take_snapshot
from selfhelp.views import about, code, doors, home, reading, talk
from selfhelp.views.faults import answer_faults

BLUEPRINTS = (home.blueprint, reading.blueprint, about.blueprint, talk.blueprint, code.blueprint, doors.blueprint)


def now_in_utc() -> datetime:
    """Return the time: the one place of this site where it enters."""
    return datetime.now(UTC)


def create_app(
    settings: VisitorsSettings,
    *,
    clock: Callable[[], datetime] = now_in_utc,
    count: Counter = count_nothing,
    trail: Trail | None = None,
) -> VisitorsSite:
    """Return the site with every page made. It reads the store again when ``refresh`` is called.

    Raises:
        ContentError: a text or a jurisdiction's pack is not complete.
        SettingsError: it is not ready for real visitors, and this is no demo.
    """
    found = _services(settings, clock=clock, count=count, trail=trail or NoTrail(count))
    app = _flask(found)
    plumbing = Plumbing(
        hosts=frozenset(settings.allowed_hosts),
        languages=settings.programme.languages,
        content_policy=found.layout.content_policy,
        token=found.new_token,
        count=count,
        arrival_cells=Arrivals(settings.programme, clock=found.clock),
        renew=lambda: renew(found),
        addresses=lambda: addresses(app, services=found),
    )
    site = VisitorsSite(app, plumbing=plumbing)
    site.freeze()
    return site


def renew(services: Services) -> bool:
    """Take a new snapshot and return whether anything on a page moved.

    While the store is gone, or anything in it breaks the reader, the last offer ages: it must not stand for ever.
    """
    now = services.clock()
    fresh = attempt(lambda: read_offer(services.sessions, settings=services.settings, now=now))
    offer = fresh or services.snapshot.offer.aged(now)
    before = services.snapshot
    services.snapshot = take_snapshot(offer, settings=services.settings, library=services.library, now=now)
    return services.snapshot != before


def addresses(app: Flask, *, services: Services) -> Iterator[Address]:
    """Yield every page that can be asked for, out of the routes themselves."""
    languages = services.settings.programme.languages
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        is_for_machines = rule.endpoint.startswith("doors.")
        for values in _values(rule, services=services):
            built = rule.build(values)
            path = built[1] if built else rule.rule
            cell = page_cell(rule.endpoint, path=values.get("path"))
            for tongue in (None,) if "lang" in values or is_for_machines else languages:
                yield Address(path, tongue, cell)


def _values(rule: Rule, *, services: Services) -> list[dict[str, Any]]:
    """Return every set of values that the address *rule* can be filled with."""
    if not rule.arguments:
        return [{}]
    if rule.arguments == {"lang"}:
        return [{"lang": tongue} for tongue in services.settings.programme.languages]
    if rule.arguments == {"lang", "part"}:
        last = talk.MOST_YOUNG_PARTS if rule.endpoint == "talk.young" else talk.MOST_PARTS
        parts, tongues = range(2, last + 1), services.settings.programme.languages
        return [{"lang": tongue, "part": part} for tongue in tongues for part in parts]
    places = [(tongue, *place.split("/")) for tongue, place in services.library.pages if "/" in place]
    return [{"lang": tongue, "path": int(path), "number": int(number)} for tongue, path, number in places]


def _services(settings: VisitorsSettings, *, clock: Callable[[], datetime], count: Counter, trail: Trail) -> Services:
    library = read_library(settings.programme)
    check_ready(settings, library=library, now=clock())
    services = Services(
        settings=settings,
        library=library,
        layout=read_layout(accent=settings.programme.accent),
        sessions=open_store(StoreName.HELPLINE, data_dir=settings.data_dir, database_url=settings.database_url),
        clock=clock,
        count=count,
        trail=trail,
        snapshot=take_snapshot(Offer(), settings=settings, library=library, now=clock()),
        keys=DeskKeys.of(settings.code_key),
    )
    renew(services)
    return services


def _flask(services: Services) -> Flask:
    app = flask_app("selfhelp")
    app.request_class = VisitorsRequest
    # Without this Flask answers OPTIONS with an empty page of its own.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.strict_slashes = False
    app.url_map.converters["lang"] = _one_of(services.settings.programme.languages)
    app.extensions[NAME] = services
    Babel(app, default_locale="en_GB", locale_selector=locale)
    _speak(app, languages=services.settings.programme.languages)
    answer_faults(app)
    fill_templates(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for channel in services.settings.programme.channels:
        app.add_url_rule(f"/{channel}", endpoint=f"home.{channel}", view_func=home.home, methods=["GET"])
    return app


def _one_of(items: tuple[str, ...]) -> type[BaseConverter]:
    """Return a converter of addresses that takes *items* and nothing else."""

    class OneOf(AnyConverter):
        def __init__(self, url_map: Map) -> None:
            super().__init__(url_map, *items)

    return OneOf


def _speak(app: Flask, *, languages: tuple[str, ...]) -> None:
    """Let the path name the language, and a form that was sent with a language's button change it."""

    @app.url_value_preprocessor
    def choose(endpoint: str | None, values: dict[str, Any] | None) -> None:
        del endpoint
        g.language = language_of(request.environ, languages=languages)
        (values or {}).pop("lang", None)
        wanted = request.form.get("lang")
        g.language = wanted if wanted in languages else g.language

    @app.url_defaults
    def keep(endpoint: str, values: dict[str, Any]) -> None:
        if app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values.setdefault("lang", language())
