"""The three metadatas with every table in them: whoever walks all tables takes them from here."""

from helpline import roster
from helpline.callbacks import tables as callbacks
from helpline.callbacks import today_tables as today
from helpline.clock import tables as clock
from helpline.staff import tables as staff
from helpline.store.schema import METADATA
from helpline.usage import tables as usage

__all__ = ["METADATA", "ROOMS"]

ROOMS = (callbacks, clock, roster, staff, today, usage)
"""The modules that fill the metadatas as they are imported."""
