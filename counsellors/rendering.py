"""How a view becomes an answer: templates, messages after a redirection, the words of a time."""

from datetime import date, datetime
from math import ceil

from babel import Locale
from flask import Response, flash, g, make_response, redirect, render_template, request
from flask_babel import format_date, gettext, ngettext
from werkzeug.wrappers import Response as PlainResponse

from counsellors.services import now, services, today
from helpline.callbacks.rota import MINUTES_OF_A_DAY, local_day
from helpline.staff.permissions import Permission, may
from helpline.staff.sessions import Present

FIELDS_TO_FILL = 203
"""A browser keeps no page in memory that came with this status, so Back cannot bring it back (front-end.md)."""

MINUTES_NAMED = 90
"""As far ahead as people count in minutes."""


def show(template: str, *, status: int = 200, **context: object) -> Response:
    """Return *template* filled in."""
    return make_response(render_template(template, **context), status)


def see_other(path: str, *, say: str = "") -> PlainResponse:
    """Return a redirection after something was done, with a message for the page it leads to."""
    if say:
        flash(say)
    return redirect(path, code=303)


def somebody() -> Present | None:
    """Return who is signed in, or None, on any page; error pages may come before the guard."""
    found = g.get("present")
    return found if isinstance(found, Present) else None


def language() -> str:
    """Return the language of this page: of the account, else of the browser."""
    languages = services().programme.languages
    found = somebody()
    if found is not None and found.language in languages:
        return found.language
    return request.accept_languages.best_match(languages, default=languages[0]) or languages[0]


def locale() -> str:
    """Return the locale of this page."""
    return locale_of(language())


def locale_of(code: str) -> str:
    """Return the locale of the language *code*; of the programme's first one where it has that one no more."""
    words = services().texts.words
    return (words.get(code) or words[services().programme.languages[0]]).locale


def tongues() -> list[tuple[str, str]]:
    """Return the languages of the programme, each under its own name."""
    return [(code, words.name) for code, words in services().texts.words.items()]


def tongue_words(code: str) -> str:
    """Return what the language of this page calls the language *code*."""
    return str(Locale.parse(locale()).languages.get(code, code))


def allowed(permission: str) -> bool:
    """Return whether who is signed in may do what *permission* names; templates ask before they show a link."""
    found = somebody()
    return found is not None and may(found.role, Permission(permission))


def day_words(day: date) -> str:
    """Return *day* as people say it: "Monday 1 March"."""
    return format_date(day, "EEEE d MMMM", rebase=False)


def date_words(day: date) -> str:
    """Return *day* in short, with its year: "1 Mar 2027"."""
    return format_date(day, "d MMM y", rebase=False)


def month_words(month: date) -> str:
    """Return a month with its year: "April 2027"."""
    return format_date(month, "MMMM y", rebase=False)


def clock_words(moment: datetime) -> str:
    """Return the time of *moment* in the programme's zone, with its offset where the clock shows that time twice."""
    local = moment.astimezone(services().programme.zone)
    is_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{local:%H:%M} (UTC{local:%z})" if is_twice else f"{local:%H:%M}"


def day_of_words(moment: datetime) -> str:
    """Return the day of *moment* in the programme's zone."""
    return day_words(local_day(moment, zone=services().programme.zone))


def moment_words(moment: datetime) -> str:
    """Return day and time of *moment*."""
    return f"{day_of_words(moment)}, {clock_words(moment)}"


def wait_words(moment: datetime) -> str:
    """Return how long it is until *moment* if that is soon, else nothing: then the time says enough."""
    minutes = ceil((moment - now()).total_seconds() / 60)
    if minutes <= 0:
        return gettext("It has begun.")
    return ngettext("In one minute.", "In %(num)d minutes.", minutes) if minutes <= MINUTES_NAMED else ""


def minute_words(minute: int) -> str:
    """Return a minute of the day as a clock shows it; the end of the day is 24:00."""
    return "24:00" if minute == MINUTES_OF_A_DAY else f"{minute // 60:02}:{minute % 60:02}"


def short_minute_words(minute: int) -> str:
    """Return a minute of the day as short as a table needs it: "9", "12:30"."""
    return f"{minute // 60}:{minute % 60:02}" if minute % 60 else f"{minute // 60}"


def weekday_words(weekday: int) -> str:
    """Return the name of a weekday, 0 for Monday."""
    # 1 January 2024 was a Monday.
    return format_date(date(2024, 1, 1 + weekday), "EEEE", rebase=False)


FILTERS = {
    "tongue": tongue_words,
    "day": day_words,
    "date": date_words,
    "month": month_words,
    "day_of": day_of_words,
    "clock": clock_words,
    "moment": moment_words,
    "wait": wait_words,
    "minute": minute_words,
    "short": short_minute_words,
    "weekday": weekday_words,
}


def known_to_templates() -> dict[str, object]:
    """Return what every template knows."""
    found = services()
    return {
        "present": somebody(),
        "allowed": allowed,
        "programme": found.programme,
        "is_demo": found.settings.is_demo,
        "language": language(),
        "locale": locale().replace("_", "-"),
        "now": now(),
        "today": today(),
        "crisis": found.texts.crisis(language(), now=now()),
    }
