"""How long before a talk it was requested, in five classes."""

from datetime import timedelta

CLASSES = (
    (timedelta(hours=4), "under_4_hours"),
    (timedelta(days=1), "under_1_day"),
    (timedelta(days=3), "under_3_days"),
    (timedelta(days=7), "under_7_days"),
)
LONGEST = "over_7_days"


def lead_cell(lead: timedelta) -> str:
    """Return the cell of the table "lead" for a talk that begins *lead* after it was requested."""
    return next((cell for limit, cell in CLASSES if lead < limit), LONGEST)
