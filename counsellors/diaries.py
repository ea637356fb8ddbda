"""The days of all counsellors, and the form to block time in them, as the pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from counsellors.forms.block import LENGTHS, BlockForm
from counsellors.rendering import day_words
from counsellors.services import now, services, today
from counsellors.talks import talks_of
from helpline.callbacks.diary import Away, Days, Diary, read_diary
from helpline.callbacks.rota import next_mark
from helpline.callbacks.tables import CounsellorId
from helpline.staff.permissions import Permission, may
from helpline.web.office_guard import present


@dataclass(frozen=True, slots=True)
class Blocking:
    """The form that blocks time on one of *days*, None for whoever is not in the rota."""

    form: BlockForm
    days: Sequence[tuple[str, str]]
    lengths: Sequence[tuple[str, str]] = LENGTHS


def diary_between(first: date, last: date) -> Diary:
    """Return the days from *first* to *last*, both included, as who is signed in may see them."""
    talks = talks_of(first, last=last)
    with services().helpline.read() as reading:
        return read_diary(reading, talks, days=Days(first, last, services().programme, now()))


def blocking_in(diary: Diary, days: Sequence[date], *, form: BlockForm | None = None) -> Blocking | None:
    """Return the form to block time on those of *days* that are not over, or None where there is nothing to block."""
    coming = [(day.isoformat(), day_words(day)) for day in days if day >= today()]
    me = CounsellorId(present().staff_id)
    if not coming or me not in dict(diary.counsellors):
        return None
    next_at = next_mark(now()).astimezone(services().programme.zone)
    filled = {"day": coming[0][0], "from_time": f"{next_at:%H:%M}"}
    return Blocking(form or BlockForm(formdata=None, data=filled), coming)


def away_in(diary: Diary) -> list[tuple[Away, str]]:
    """Return the absences that who is signed in may open again, each with whose it is: her own, or everybody's."""
    names = dict(diary.counsellors)
    keeps_all = may(present().role, Permission.KEEP_ALL_HOURS)
    return [
        (it, names[it.counsellor_id])
        for it in diary.away
        if it.counsellor_id in names and (keeps_all or it.counsellor_id == CounsellorId(present().staff_id))
    ]
