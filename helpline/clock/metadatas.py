"""The three metadatas with every table in them: whoever walks all tables takes them from here."""

import helpline.callbacks.tables
import helpline.clock.tables
import helpline.roster
import helpline.staff.tables
import helpline.usage.tables
from helpline.store.schema import METADATA

__all__ = ["METADATA"]
