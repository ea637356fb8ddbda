"""When the rota ends, said in time: on the first page and beside the month."""

from datetime import date, timedelta

from counsellors.services import services, today
from helpline.callbacks.month_reading import rota_ends


def rota_ends_soon() -> list[tuple[str, date]]:
    """Return the languages whose rota ends soon, each with its last day; one before today means that it has ended."""
    programme = services().programme
    ahead = timedelta(days=programme.slots.horizon_days)
    with services().helpline.read() as reading:
        found = rota_ends(reading, languages=programme.languages, today=today(), ahead=ahead)
    return sorted(found.items())
