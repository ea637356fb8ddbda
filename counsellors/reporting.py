"""A year in sentences: what funders and parliaments ask, each answer with its margin and what it cannot say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import format_decimal, gettext, lazy_gettext
from markupsafe import Markup

from counsellors.counted import Line, all_cells, cell_chart, cell_lines, read_span
from counsellors.forms.outside import CAUSE_WORDS
from counsellors.rendering import language
from counsellors.services import services, today
from helpline.callbacks.capacity import Capacity, capacity
from helpline.outside.missed import CallsUntil, CauseTotal, calls_between, days_with_totals, missed_by_cause
from helpline.usage.codebook import Table, Unit
from helpline.usage.figures import Figure, Group, figure_of
from helpline.usage.periods import Span
from helpline.usage.released import Counted

A_DAY = timedelta(days=1)
MOST_LINES = 20
"""A table with more parts shows only those that can be told from zero, without a chart."""

UNITS = (Unit.TALK, Unit.REQUEST, Unit.VISIT, Unit.READ)
"""In this order a report tells what was counted: people first, pages last."""

Wanted = Callable[[str], bool]
"""Which cells of a table an answer is about."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one table is asked for: a sentence about the sum of the cells *wanted*, and what it cannot say."""

    table: str
    what: str
    wanted: Wanted = lambda _: True


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; the sentences that answer it; whether the table of the first of them is shown."""

    id: str
    words: str
    said: Sequence[Said]
    cannot: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its sentences, and the lines of its table; without any, nothing is released of that year."""

    question: Question
    sentences: Sequence[str]
    table: "TableOfYear | None"

    @property
    def part(self) -> tuple[date, date] | None:
        """The first and the last day that it is about, where that is not the whole year."""
        if self.table is None or self.table.group.is_whole:
            return None
        periods = [part.period for part in self.table.group.parts]
        return periods[0].starts, periods[-1].ends - A_DAY


@dataclass(frozen=True, slots=True)
class TableOfYear:
    """What a table says of a year."""

    table: Table
    group: Group
    lines: Sequence[Line]
    left_out: int
    total: Figure
    chart: Markup | None


@dataclass(frozen=True, slots=True)
class Marks:
    """Whether a demo's numbers are in a year, and whether every table has all of its weeks."""

    is_invented: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """What the telephone platform says of a year: calls by cause, and of how many of its days something is known.

    *of_calendar* is how many there were from 1 January on, and until when; None: nothing is known of these days.
    """

    by_cause: Sequence[tuple[str, CauseTotal]] = field(default_factory=tuple)
    days: int = 0
    of_days: int = 0
    of_calendar: CallsUntil | None = None

    @property
    def calls(self) -> int:
        """All of them."""
        return sum(total.calls for _, total in self.by_cause)


BY_TELEPHONE = {"booked", "rung", "free_now"}
SELF = {"own_thoughts", "own_images", "own_acts"}
NEAR = {"adult_near", "young_near"}
UNDER_26 = {"under_18", "18_25"}
BY_POLICE = {"leaflet", "police"}
REFERRED = {"treatment", "other_help", "emergency"}

QUESTIONS = (
    Question(
        "channels",
        lazy_gettext("How many contacts were there, and by which channel?"),
        [
            Said("contact_channel", lazy_gettext("talks, chats and mails that a counsellor recorded")),
            Said("contact_channel", lazy_gettext("talks by telephone, booked or not"), BY_TELEPHONE.__contains__),
            Said("contact_channel", lazy_gettext("chats"), "chat".__eq__),
            Said("contact_channel", lazy_gettext("mails"), "mail".__eq__),
            Said("contact_channel", lazy_gettext("contacts by another channel"), "other".__eq__),
        ],
        lazy_gettext("Not how many people there were: who comes several times counts several times."),
    ),
    Question(
        "groups",
        lazy_gettext("About whom were they?"),
        [
            Said(
                "contact_group",
                lazy_gettext("contacts with people worried about themselves"),
                SELF.__contains__,
            ),
            Said("contact_group", lazy_gettext("contacts with people worried about somebody near"), NEAR.__contains__),
        ],
        lazy_gettext("What somebody told, as the counsellor understood it. Nobody checked it."),
    ),
    Question(
        "under-26",
        lazy_gettext("How many contacts were with people under 26?"),
        [
            Said(
                "contact_age",
                lazy_gettext("contacts with people who said that they are under 26"),
                UNDER_26.__contains__,
            )
        ],
        lazy_gettext("Only ages that somebody offered. Nobody was asked, so there may have been more."),
    ),
    Question(
        "sources",
        lazy_gettext("How did they find us: a leaflet of the police, a search, somebody they know?"),
        [
            Said("contact_source", lazy_gettext("contacts by way of a leaflet of the police"), "leaflet".__eq__),
            Said(
                "contact_source", lazy_gettext("contacts by way of the police, leaflet or not"), BY_POLICE.__contains__
            ),
            Said("contact_source", lazy_gettext("contacts by way of a warning on another site"), "warning".__eq__),
        ],
        lazy_gettext(
            "What somebody told in a talk. Some do not say, and nobody is asked twice. How often the address on a "
            "leaflet was opened is another question: that counts visits, not people."
        ),
    ),
    Question(
        "referred",
        lazy_gettext("How many were referred on?"),
        [
            Said(
                "contact_next",
                lazy_gettext("contacts that ended with treatment, other help or emergency services"),
                REFERRED.__contains__,
            )
        ],
        lazy_gettext("Not whether they arrived there: nobody is followed."),
    ),
    Question(
        "requests",
        lazy_gettext("How many talks were asked for, and what became of them?"),
        [
            Said("callback", lazy_gettext("requests for a talk")),
            Said("callback", lazy_gettext("times that somebody found no time that suits"), "unmet".__eq__),
        ],
        lazy_gettext("A request that was moved counts once. Who gave up without a word is not in it."),
    ),
    Question(
        "site",
        lazy_gettext("How were the site and the self-help programme used?"),
        [
            Said("arrival", lazy_gettext("visits to the site from outside")),
            Said("path", lazy_gettext("visits to a path of the programme that went on past its first page")),
            Said("path", lazy_gettext("of these visits that went to the end"), lambda cell: cell.endswith(".finished")),
            Said("page", lazy_gettext("pages read")),
        ],
        lazy_gettext("Visits, not people. Safari does not say where a visit comes from, so its arrivals are missing."),
    ),
)
"""Questions that our own counts answer, with noise."""


def sentence(figure: Figure, what: object) -> str:
    """Return a figure as a sentence; below zero or within its noise it is only said what it is less than."""
    if figure.is_within_noise:
        return gettext(
            "Fewer than %(number)s %(what)s: too few to say more.",
            number=format_decimal(figure.margin95 + 1),
            what=what,
        )
    low, high = figure.value - figure.margin95, figure.value + figure.margin95
    return gettext(
        "About %(value)s %(what)s; the true number is very likely between %(low)s and %(high)s.",
        value=format_decimal(figure.value),
        what=what,
        low=format_decimal(low),
        high=format_decimal(high),
    )


@dataclass(frozen=True, slots=True)
class Year:
    """A year as it can be told; each table is read once, whatever is asked of it."""

    span: Span
    _read: dict[str, tuple[Counted, ...]] = field(default_factory=dict)

    def answers(self) -> list[Answer]:
        """Return what is known of every question."""
        return [self._answer(question) for question in QUESTIONS]

    def tables(self) -> list[TableOfYear]:
        """Return every table that has something released: talks, requests, visits, pages."""
        ordered = sorted(services().texts.codebook.tables, key=lambda table: UNITS.index(table.unit))
        return [found for table in ordered if (found := self._table(table.id))]

    def marks(self) -> Marks:
        """Return what a reader must know before any figure."""
        found = [table.group for table in self.tables()]
        return Marks(any(group.is_invented for group in found), all(group.is_whole for group in found))

    def missed(self) -> Missed:
        """Return the missed calls, which others counted."""
        first, last, number = self.span.starts, self.span.last, int(self.span.name)
        with services().office.read() as reading:
            found = missed_by_cause(reading, first=first, last=last)
            days = days_with_totals(reading, first=first, last=last)
            of_calendar = calls_between(reading, first=date(number, 1, 1), last=date(number, 12, 31))
        until_yesterday = (min(self.span.ends, today()) - first).days
        # Today's totals may be typed as well, and are then one day more.
        of_days = max(days, until_yesterday)
        return Missed([(CAUSE_WORDS[cause], total) for cause, total in found.items()], days, of_days, of_calendar)

    def capacity(self) -> Capacity:
        """Return what the rota offered, until yesterday."""
        last = min(self.span.ends, today()) - A_DAY
        with services().helpline.read() as reading:
            return capacity(reading, first=self.span.starts, last=last, programme=services().programme)

    def _counted(self, table_id: str) -> tuple[Counted, ...]:
        if table_id not in self._read:
            table = services().texts.codebook.table(table_id)
            self._read[table_id] = read_span(table, self.span) if table else ()
        return self._read[table_id]

    def _answer(self, question: Question) -> Answer:
        sentences = [
            sentence(figure_of(counted, [cell for cell in all_cells(counted) if said.wanted(cell)]), said.what)
            for said in question.said
            if (counted := self._counted(said.table))
        ]
        return Answer(question, sentences, self._table(question.said[0].table))

    def _table(self, table_id: str) -> TableOfYear | None:
        counted = self._counted(table_id)
        if not counted:
            return None
        table, lines = counted[-1].table, cell_lines(counted)
        is_short = len(lines) <= MOST_LINES
        shown = lines if is_short else [line for line in lines if not line.figure.is_within_noise]
        return TableOfYear(
            table,
            Group(self.span, counted),
            shown,
            left_out=len(lines) - len(shown),
            total=figure_of(counted, all_cells(counted)),
            chart=cell_chart(table.title(language()), lines, name=f"chart-{table.id}") if is_short else None,
        )
