"""The three metadatas with every table in them: whoever walks all tables takes them from here."""

from helpline import roster
from helpline.callbacks import busy_tables, public_door, rights
from helpline.callbacks import rota_tables as rota
from helpline.callbacks import tables as callbacks
from helpline.callbacks import today_tables as today
from helpline.clock import tables as clock
from helpline.outside import tables as outside
from helpline.staff import tables as staff
from helpline.store.schema import METADATA
from helpline.usage import tables as usage

__all__ = ["METADATA", "ROOMS"]

ROOMS = (busy_tables, callbacks, clock, public_door, rights, rota, roster, outside, staff, today, usage)
"""The modules that fill the metadatas as they are imported."""
