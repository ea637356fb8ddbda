"""What the views of one process share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import current_app

from counsellors.texts import Texts
from helpline.callbacks.queue import Files
from helpline.callbacks.rota import local_day
from helpline.day_keys import DayKeys
from helpline.settings.environment import OfficeSettings
from helpline.settings.programme import Programme
from helpline.staff.keys import Door
from helpline.staff.roster_keeping import Registry
from helpline.store.engine import Sessions
from helpline.usage.counting import Counter

NAME = "counsellors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Settings, stores, keys of days, the door, the texts, the clock."""

    settings: OfficeSettings
    helpline: Sessions
    office: Sessions
    counts: Sessions
    day_keys: DayKeys
    door: Door
    texts: Texts
    clock: Callable[[], datetime]
    count: Counter

    @property
    def programme(self) -> Programme:
        """The programme that this back office belongs to."""
        return self.settings.programme

    @property
    def registry(self) -> Registry:
        """Where rosters come from and go to."""
        return Registry(
            office=self.office,
            helpline=self.helpline,
            day_keys=self.day_keys,
            verify_keys=self.settings.roster_verify_keys,
            zone=self.programme.zone,
        )

    @property
    def files(self) -> Files:
        """Where the counsellor's side of a talk reads and writes."""
        return Files(helpline=self.helpline, office=self.office, day_keys=self.day_keys, zone=self.programme.zone)


def services() -> Services:
    """Return the services of the running back office."""
    return cast("Services", current_app.extensions[NAME])


def now() -> datetime:
    """Return the time of this request."""
    return services().clock()


def today() -> date:
    """Return the day on the helpline's calendar."""
    return local_day(now(), zone=services().programme.zone)
