"""Column types that mean the same on SQLite and PostgreSQL."""

import enum
import secrets
from datetime import UTC, datetime

from sqlalchemy import BigInteger, Dialect, Enum
from sqlalchemy.types import TypeDecorator

RANDOM_ID_BYTES = 12
"""96 bits: two rows of a visitor's table never meet, and an id tells nothing of the order of rows."""


def random_id() -> str:
    """Return a new random identifier, 24 hexadecimal digits."""
    return secrets.token_hex(RANDOM_ID_BYTES)


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored as whole seconds since 1970 UTC: compared as a number on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the stored second; a naive time is a programming error.

        Raises:
            ValueError: *value* carries no zone.
        """
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a stored moment needs a zone"
            raise ValueError(message)
        return int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        del dialect
        return None if value is None else datetime.fromtimestamp(value, tz=UTC)


def closed_list(choices: type[enum.StrEnum]) -> Enum:
    """Return a column type that holds one of *choices* by value, with a CHECK in both databases."""
    return Enum(
        choices,
        native_enum=False,
        create_constraint=True,
        name=choices.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
