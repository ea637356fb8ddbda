"""The record of a talk: closed lists only. Questions, answers and their order are the codebook's own."""

from collections.abc import Iterator

from flask_babel import gettext
from wtforms import StringField

from counsellors.forms.once import OnceForm
from counsellors.rendering import language
from counsellors.services import services
from helpline.usage.codebook import CountedCell, Table

TABLES = "contact_"
"""How the names of the tables begin in which a record counts one cell each."""

CHANNEL = "contact_channel"
BOOKED, FREE_NOW = "booked", "free_now"
"""The channels of which we know ourselves that a talk came by them."""

NOT_SAID = "not_said"
"""Chosen beforehand where a list has it: a talk is no questionnaire."""


class ContactForm(OnceForm):
    """What kind of talk it was: a field for each table, made by ``contact_form``."""

    def fields(self, *, known: str | None = None) -> Iterator[tuple[StringField, list[tuple[str, str]]]]:
        """Yield each field with its answers; not that of the channel where it is *known*."""
        for table in contact_tables():
            field = self[table.id]
            if isinstance(field, StringField) and not (known and table.id == CHANNEL):
                yield field, answers(table)

    def cells(self, *, known: str | None = None) -> list[CountedCell] | None:
        """Return the cells that the record counts in, or None with a fault at each field that has no answer."""
        wrong = [field for field, found in self.fields(known=known) if field.data not in dict(found)]
        for field in wrong:
            field.errors = [gettext("Choose one: %(title)s.", title=field.label.text)]
        said = [(field.name, field.data or "") for field, _ in self.fields(known=known)]
        return None if wrong else [*([(CHANNEL, known)] if known else ()), *said]


def contact_form(*, channel: str | None = None, is_sent: bool) -> ContactForm:
    """Return the form as it was sent (*is_sent*), or a new one, with *channel* chosen if it is on the list."""
    form: type[ContactForm] = type(
        "Form", (ContactForm,), {table.id: StringField(table.title(language())) for table in contact_tables()}
    )
    if is_sent:
        return form()
    chosen = {table.id: NOT_SAID for table in contact_tables()} | {CHANNEL: channel}
    return form(formdata=None, data=chosen)


def contact_tables() -> list[Table]:
    """Return the tables that a record counts in, in the order of the codebook."""
    return [table for table in services().texts.codebook.tables if table.id.startswith(TABLES)]


def answers(table: Table) -> list[tuple[str, str]]:
    """Return the cells of *table*, and what each is called in the language of this page."""
    tongue = table.language(language())
    return [(cell.id, cell.labels[tongue]) for cell in table.cells]


def words_of_channel(channel: str) -> tuple[str, str] | None:
    """Return what the codebook calls the channels, and *channel* among them; None where it knows none of it."""
    found = (
        (table.title(language()), dict(answers(table)).get(channel))
        for table in contact_tables()
        if table.id == CHANNEL
    )
    return next(((title, words) for title, words in found if words), None)
