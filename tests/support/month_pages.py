"""The pages of a month as a coordinator fills them in."""

from datetime import date

from tests.support.office import Person
from tests.support.pages import Opened, words

APRIL = "/month/2027-04"
FIFTH = date(2027, 4, 5)
"""A Monday: anna and carla in the morning, anna, emil and gijs from noon."""


def begin(person: Person, *, start: str = "weekly", path: str = APRIL) -> Opened:
    """Begin a draft and return its page."""
    answer = person.post(f"{path}/begin", {"start": start, "csrf_token": person.token()})
    return person.follow(answer)


def ticks(page: Opened, *, but: tuple[str, ...] = (), plus: tuple[str, ...] = ()) -> dict[str, str]:
    """Return what the form of *page* sends when boxes were unticked or ticked."""
    index = page.all("form").index(page.all("form", action=f"{APRIL}/save")[0])
    fields = {name: value for name, value in page.fields(index).items() if name not in but}
    return fields | dict.fromkeys(plus, "y")


def box(whose: str, *, half: str = "morning", day: date = FIFTH) -> str:
    """Return the name of somebody's box."""
    return f"{day.day}{half[0]}.{whose}"


def line(page: Opened, start: str) -> str:
    """Return the words of the line that begins with *start*."""
    return next(words(row) for row in page.all("tr") if words(row).startswith(start))
