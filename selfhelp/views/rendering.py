"""How a view becomes an answer: texts with their numbers filled in, the right headers, the words of a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from flask import Response, make_response, render_template, request
from markupsafe import escape

from helpline.callbacks.keeping import RING_AGAIN_FOR, RING_WITHIN
from helpline.programme.pages import Page
from helpline.programme.placeholders import fill
from helpline.programme.signposts import unbroken
from helpline.settings.programme import Way
from helpline.web.shared import RETRY_SECONDS
from selfhelp.services import language, services
from selfhelp.views.blocks import blocks_in

READING = 200
FIELDS_TO_FILL = 203
"""A browser keeps no page in memory that came with this status, so Back cannot bring back typed words.

Answers to a form come with it too: the script makes them pages like any other, which Chromium would else keep.
"""

PAUSED = 503


@dataclass(frozen=True)
class Text:
    """A page of the programme in the language of this request, with everything filled in: safe HTML, for ``|safe``."""

    page: Page

    @cached_property
    def body(self) -> str:
        """The text itself."""
        inline = _inline()
        return fill(self.page.html, values=inline | blocks_in(self.page.html, inline=inline))

    def lines(self, key: str, **values: object) -> tuple[str, ...]:
        """Return the short texts below *key*; *values* fill what the moment knows (a time, a call word)."""
        moment = {name: str(escape(value)) for name, value in values.items()}
        known = _inline() | {name: f"<strong>{value}</strong>" for name, value in moment.items()}
        return tuple(fill(str(escape(line)), values=known) for line in self.page.snippets[key])

    def line(self, key: str) -> str:
        """Return the one short text below *key*."""
        return self.lines(key)[0]

    @property
    def may_be_shown(self) -> bool:
        """Whether visitors may read it here: signed, or in a place that says it shows what is not."""
        settings = services().settings
        return self.page.is_signed or settings.is_demo or settings.programme.show_unsigned

    @property
    def has_to_be_marked(self) -> bool:
        """Whether the page must say that nobody has signed it."""
        return not self.page.is_signed


def text_of(place: str) -> Text:
    """Return the text at *place* ("0/1", "now").

    Raises:
        KeyError: there is none.
    """
    return Text(services().library.page(language(), place=place))


def telephone_rules(
    text: Text, *, way: Way, starts_at: datetime, late_until: datetime | None = None
) -> tuple[str, ...]:
    """Return what to do at the telephone at *starts_at*: who rings whom, until when, and what if the line drops.

    When we are running late, *late_until* is until when one may ring.
    """
    return text.lines(
        f"slip_{way}",
        starts=clock_words(starts_at),
        ring_by=clock_words(starts_at + RING_WITHIN),
        again_until=clock_words(late_until or starts_at + RING_AGAIN_FOR),
        number=unbroken(services().settings.programme.booked_number),
    )


def free_now() -> str:
    """Return that somebody is free to talk now, and until when, as safe HTML; or nothing when nobody is."""
    until = services().snapshot.offer.free_until.get(language())
    return text_of("now").lines("free_now", until=clock_words(until))[0] if until else ""


def show(template: str, *, status: int = READING, **context: object) -> Response:
    """Return *template* filled in. Pages to read may be found by search engines, pages to fill in may not."""
    is_for_reading = status == READING and request.method == "GET"
    is_answer = status == READING and not is_for_reading
    response = make_response(render_template(template, **context), FIELDS_TO_FILL if is_answer else status)
    if status == PAUSED:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["X-Robots-Tag"] = "noarchive" if is_for_reading else "noindex"
    return response


def see_other(url: str) -> Response:
    """Return a redirection after something was done: what was sent does not stay in the browser's history."""
    response = show("moved.html", status=303, to=url)
    response.headers["Location"] = url
    return response


def day_words(day: date) -> str:
    """Return *day* as people say it: "Monday 1 March"."""
    words = services().library.words[language()]
    return f"{words.days[day.weekday()]} {day.day} {words.months[day.month - 1]}"


def clock_words(moment: datetime) -> str:
    """Return the time of *moment* in the programme's zone, with its offset where the clock shows that time twice."""
    local = moment.astimezone(services().settings.programme.zone)
    is_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{local:%H:%M} (UTC{local:%z})" if is_twice else f"{local:%H:%M}"


def moment_words(moment: datetime) -> str:
    """Return day and time of *moment*."""
    return f"{day_words(local_date(moment))}, {clock_words(moment)}"


def local_date(moment: datetime) -> date:
    """Return the date of *moment* in the programme's zone."""
    return moment.astimezone(services().settings.programme.zone).date()


def by_day(times: Iterable[datetime]) -> list[tuple[date, list[datetime]]]:
    """Return *times*, which are in order, under their days."""
    return [(day, list(of_day)) for day, of_day in groupby(times, key=local_date)]


def _inline() -> dict[str, str]:
    return dict(services().snapshot.values[language()])
