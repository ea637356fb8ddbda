"""Records of talks, as tests make them: the last answer of each list, and what of it was counted."""

from sqlalchemy import MetaData, select

from helpline.store.engine import Sessions
from helpline.usage.codebook import Table
from tests.support.calls import opened, talk_path
from tests.support.office import Office, Person
from tests.support.pages import Opened

CONTACT = "/contact"


def contact_tables(office: Office) -> list[Table]:
    """Return the tables of the codebook that a talk is counted in."""
    return [table for table in office.services.texts.codebook.tables if table.id.startswith("contact_")]


def filled_in(office: Office, *, answer: int = 0) -> dict[str, str]:
    """Return the form with that answer of each list; lists that are shorter begin anew."""
    return {table.id: table.cells[answer % len(table.cells)].id for table in contact_tables(office)}


def held(office: Office, person: Person, *, outcome: str = "held") -> Opened:
    """Let *person* record that the one talk was held, and return the page that comes."""
    page = opened(office, person)
    return person.follow(person.send(page, {"outcome": outcome}, action=f"{talk_path(office)}/outcome"))


def record_path(office: Office) -> str:
    """Return where the record of the one talk is made."""
    return f"{talk_path(office)}/contact"


def counted(office: Office) -> list[tuple[str, str]]:
    """Return what was counted of talks."""
    return [(table, cell) for table, cell in office.tally.cells if table.startswith("contact_")]


def everything(sessions: Sessions, metadata: MetaData) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of a store, by table."""
    with sessions.read() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }
