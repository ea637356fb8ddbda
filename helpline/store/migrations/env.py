"""What alembic runs: one environment for the three stores."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from helpline.store.types import Instant


def render_item(kind: str, item: object, autogen_context: AutogenContext) -> str | Literal[False]:
    """Return our own types as the plain ones they are stored as, so that a migration imports nothing of ours."""
    del autogen_context
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=attributes["metadata"],
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
