"""A helpline of eight part-timers, as a coordinator has them before her when she makes a month."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpline.callbacks.rota_keeping import NewHours, add_counsellor, add_hours
from helpline.callbacks.tables import CounsellorId, WeeklyHours

MORNING, AFTERNOON, EVENING = (540, 750), (780, 1020), (1080, 1260)
WEEKS: dict[str, dict[int, tuple[tuple[int, int], ...]]] = {
    "anna": {0: (MORNING, AFTERNOON), 2: (MORNING,)},
    "bram": {1: (MORNING, AFTERNOON), 3: (AFTERNOON,)},
    "carla": {0: (MORNING,), 4: (MORNING, AFTERNOON)},
    "dina": {2: (MORNING, AFTERNOON), 4: (MORNING,)},
    "emil": {0: (AFTERNOON,), 3: (MORNING, AFTERNOON)},
    "fenna": {1: (MORNING, AFTERNOON), 4: (AFTERNOON,)},
    "gijs": {0: (EVENING,), 2: (AFTERNOON, EVENING)},
    "hanna": {1: (EVENING,), 3: (MORNING, EVENING)},
}
"""Who works when, by weekday: most half days two, some evenings one alone."""


def employ_part_timers(
    session: Session, *, known: dict[str, str], since: date, names: Collection[str] = tuple(WEEKS)
) -> dict[str, CounsellorId]:
    """Give those of the eight who are in *names* their weekly hours, in place of all others, and return their ids.

    *known* are on the rota already.
    """
    session.execute(delete(WeeklyHours))
    ids = {}
    for name, week in ((name, WEEKS[name]) for name in names):
        ids[name] = CounsellorId(known.get(name, name))
        if name not in known:
            spoken = ("nl", "en") if name in {"carla", "emil", "gijs"} else ("nl",)
            add_counsellor(session, ids[name], alias=name.title(), languages=spoken, youth=name in {"dina", "hanna"})
        for weekday, spans in week.items():
            for starts, ends in spans:
                add_hours(session, ids[name], hours=NewHours(weekday, starts, ends, valid_from=since))
    return ids
