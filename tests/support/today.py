"""Times that are kept for today: a helpline that keeps some, its lists, and visitors who take what they can."""

import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from helpline.callbacks.booking import SlotTakenError, book
from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.draw import draw_times, read_today
from helpline.callbacks.times import free_times
from helpline.crypto.digest import Digest
from helpline.settings.programme import Way
from tests.support.stores import Stores
from tests.support.talks import WEDNESDAY, WISH, at, listed, request
from tests.support.world import NOW, World, make_world

RING_US = replace(WISH, way=Way.YOU_RING, number=None)
EIGHT, NOON = at(WEDNESDAY, "08:00"), at(WEDNESDAY, "12:00")
QUARTER = timedelta(minutes=15)


class Lists(NamedTuple):
    """What visitors see in one quarter."""

    ordinary: tuple[datetime, ...]
    today: tuple[datetime, ...]


def keeping(stores: Stores, many: int, *, lines: int = 2, names: tuple[str, ...] = ("anna", "bram")) -> World:
    """Return a helpline that keeps *many* times for today; without lines nobody can ring it for a talk."""
    change = ("booked_lines = 2\ntoday_slots = 0", f"booked_lines = {max(lines, 1)}\ntoday_slots = {many}")
    world = make_world(stores.helpline, stores.data_dir, names=names, change=change)
    found = replace(world.programme, booked_lines=lines)
    return replace(world, programme=found, desk=replace(world.desk, programme=found))


def draw(stores: Stores, world: World, now: datetime, *, language: str = "nl") -> Lists:
    """Let the clock draw at *now*, and return both lists."""
    assert world.desk.roster is not None
    with stores.helpline.begin() as session:
        draw_times(session, programme=world.programme, roster=world.desk.roster, now=now)
    with stores.helpline.read() as session:
        return Lists(
            listed(stores.helpline, now=now, language=language), read_today(session, language=language, now=now)
        )


def free(
    stores: Stores,
    world: World,
    now: datetime,
    *,
    door: Door = Door.TODAY,
    only_kept: bool = False,
    language: str = "nl",
) -> set[datetime]:
    """Return what is free by *door*."""
    assert world.desk.roster is not None
    with stores.helpline.read() as session:
        asked = Asked(language, door=door)
        found = free_times(session, asked, programme=world.programme, roster=world.desk.roster, now=now)
    return {it.starts_at for it in found if it.is_kept or not only_kept}


def books(stores: Stores, world: World, starts_at: datetime, now: datetime, *, language: str = "nl") -> bool:
    """Return whether a visitor can book that time on the lists of that quarter; the booking is made."""
    draw(stores, world, now)
    wish = replace(RING_US, starts_at=starts_at, language=language)
    try:
        request(stores.helpline, world, wish, form=secrets.token_hex(), now=now)
    except SlotTakenError:
        return False
    return True


def take(session: Session, world: World, starts_at: datetime, *, language: str = "nl") -> bool:
    """Let a visitor take that time days before, if the ordinary door opens it, and return whether it did."""
    assert world.desk.roster is not None
    asked = Asked(language)
    found = free_times(session, asked, programme=world.programme, roster=world.desk.roster, now=NOW, only=starts_at)
    if found:
        book(session, starts_at, asked=asked, digest=Digest(secrets.token_bytes(32)), desk=world.desk, now=NOW)
    return bool(found)


def fill(stores: Stores, world: World, *, day: date = WEDNESDAY) -> int:
    """Let visitors take all of *day* that they can, on the Monday before, and return how many did."""
    booked = 0
    with stores.helpline.begin() as session:
        for minute in range(9 * 60, 17 * 60, 30):
            while take(session, world, at(day, "00:00") + timedelta(minutes=minute)):
                booked += 1
    return booked
