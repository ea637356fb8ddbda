"""Whether visitors are told that who is signed in is free to talk now, and whether they could be."""

from dataclasses import dataclass
from datetime import datetime

from counsellors.services import now, services
from helpline.callbacks.free_now import could_say, said_until
from helpline.callbacks.tables import CounsellorId
from helpline.staff.permissions import Permission, may
from helpline.web.office_guard import present


@dataclass(frozen=True, slots=True)
class FreeNow:
    """Until when visitors read that she is free, and until when she could let them read it; None: not."""

    said: datetime | None
    possible: datetime | None


def free_now() -> FreeNow:
    """Return how it stands with who is signed in."""
    if not may(present().role, Permission.TAKE_TALKS):
        return FreeNow(None, None)
    who, found = me(), services()
    with found.helpline.read() as reading:
        said = said_until(reading, who, now=now())
        return FreeNow(said, None if said else could_say(reading, who, programme=found.programme, now=now()))


def me() -> CounsellorId:
    """Return who is signed in, as the rota knows her."""
    return CounsellorId(present().staff_id)
