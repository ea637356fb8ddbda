"""Public holidays of a country, for those who are closed then. The only door to the library that knows them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import holidays

from helpline.programme.hours import DAYS_AHEAD

BEFORE, AFTER = timedelta(days=1), timedelta(days=DAYS_AHEAD + 1)
"""As far as the words for opening hours look, and a day more: the day of `now` is not the same in every zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Whose holidays count: a country, and a part of it where that has days of its own."""

    country: str
    subdivision: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the library knows this country and this part of it."""
        try:
            holidays.country_holidays(self.country, subdiv=self.subdivision or None)
        except NotImplementedError:  # the library's own word for a country or a part that it does not know
            return False
        return True

    def days_off(self, *, near: datetime) -> frozenset[date]:
        """Return the holidays of the year of *near*, and of the next or the last one where that is two weeks away."""
        years = {(near - BEFORE).year, near.year, (near + AFTER).year}
        return frozenset[date]().union(*(_days_off(self, year=year) for year in sorted(years)))

    def named(self, *, first: date, last: date, language: str) -> list[tuple[date, str]]:
        """Return the holidays from *first* to *last*, in order, each under its name in *language* if that is known."""
        years = range(first.year, last.year + 1)
        found = [item for year in years for item in sorted(_named(self, year=year, language=language).items())]
        return [(day, name) for day, name in found if first <= day <= last]


@cache
def _days_off(calendar: Calendar, *, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(calendar.country, subdiv=calendar.subdivision or None, years=year))


@cache
def _named(calendar: Calendar, *, year: int, language: str) -> dict[date, str]:
    """Return the holidays of *year* under their names in *language*, or in the country's own where it is unknown."""
    country = holidays.country_holidays(calendar.country, subdiv=calendar.subdivision or None)
    spoken = [known for known in country.supported_languages if known.partition("_")[0] == language]
    return dict(
        holidays.country_holidays(
            calendar.country,
            subdiv=calendar.subdivision or None,
            years=year,
            language=spoken[0] if spoken else country.default_language,
        )
    )
