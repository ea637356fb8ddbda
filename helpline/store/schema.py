"""The three metadatas, and the migrations that bring a database to them."""

from pathlib import Path
from typing import ClassVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData
from sqlalchemy.orm import DeclarativeBase

from helpline.store.engine import Sessions, StoreName

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

MIGRATIONS = Path(__file__).parent / "migrations"


class HelplineBase(DeclarativeBase):
    """Tables that the visitors' site reads and books in."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


class OfficeBase(DeclarativeBase):
    """Tables that the visitors' site cannot open."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


class CountsBase(DeclarativeBase):
    """Noised counts and released periods."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


METADATA = {
    StoreName.HELPLINE: HelplineBase.metadata,
    StoreName.OFFICE: OfficeBase.metadata,
    StoreName.COUNTS: CountsBase.metadata,
}
"""Filled as the subjects' ``tables`` modules are imported."""


def upgrade(sessions: Sessions, *, name: StoreName, revision: str = "head") -> None:
    """Bring store *name* to the newest revision, or to *revision*; nothing happens when it is there already."""
    with sessions.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {name}")
        command.upgrade(config(connection, name=name), revision)
        connection.commit()


def check(sessions: Sessions, *, name: StoreName) -> None:
    """Compare store *name* with its metadata.

    Raises:
        alembic.util.CommandError: the migrations do not lead to the tables that the code declares.
    """
    with sessions.engine.connect() as connection:
        command.check(config(connection, name=name))


def config(connection: Connection, *, name: StoreName) -> Config:
    """Return alembic's configuration for store *name* over *connection*."""
    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    found.set_main_option("version_locations", str(MIGRATIONS / name / "versions"))
    found.set_main_option("path_separator", "os")
    found.attributes["connection"] = connection
    found.attributes["metadata"] = METADATA[name]
    return found
