"""A helpline under a flood, over the real code with simulated time: who books in vain, who is served."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from helpline.callbacks.booking import BookingPausedError, SlotTakenError, request_callback
from helpline.callbacks.day_rooms import rooms_of_days
from helpline.callbacks.desk import Desk
from helpline.callbacks.draw import draw_times
from helpline.callbacks.envelope import Group, Wish
from helpline.callbacks.flood import weigh_far_door
from helpline.callbacks.follow_up import asked_by, find_right, times_to_choose
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.moving import Sent, book_next
from helpline.callbacks.public_door import WrongDoorWordError
from helpline.callbacks.room import DayRoom
from helpline.callbacks.rota import Interval, days_between, local_day, starts_of_day
from helpline.callbacks.rota_keeping import weekly_hours
from helpline.callbacks.tables import Booking, CounsellorId, TalkState
from helpline.callbacks.talk import change_state, destroy_envelopes
from helpline.codes import AccessCode, code_digest
from helpline.retention import purge_expired
from helpline.roster import RENEWED_BELOW
from helpline.settings.programme import Way
from helpline.store.engine import Sessions, StoreName
from helpline.store.schema import METADATA
from helpline.store.writing import wait_for_turn
from tests.support.talks import listed
from tests.support.world import NOW, World, make_world, sign_roster

EVENING = NOW + timedelta(hours=10)
"""Seven in the evening in Amsterdam, half a minute past a draw."""

HOUR = timedelta(hours=1)
LATER = timedelta(minutes=7)
"""As long after a draw as an honest visitor comes: a program is always earlier."""

RULES = "grid = 30\nbuffer = 15\nnotice = 120\nhorizon_days = 14\nstaff_horizon_days = 42\ncap_per_day = 6"
PATIENCE = 6
"""So many times an honest visitor chooses anew when her time has just gone."""


@dataclass
class Flooded:
    """A helpline with one counsellor, the time there, and who booked in vain."""

    helpline: Sessions
    world: World
    now: datetime
    word: str = ""
    false: set[bytes] = field(default_factory=set)
    codes: list[AccessCode] = field(default_factory=list)

    @classmethod
    def with_slots(cls, helpline: Sessions, folder: Path, *, a_day: int, percent: int = 70) -> "Flooded":
        """Return a helpline with so many slots *a_day*, of an hour each from nine on, every day."""
        rules = RULES.replace("grid = 30", "grid = 60").replace("cap_per_day = 6", "cap_per_day = 20")
        change = (RULES, f"{rules}\nfar_ahead_percent = {percent}")
        world = make_world(helpline, folder, names=["anna"], change=change, hours=(9, 9 + a_day))
        dutch = replace(world.programme, languages=("nl",))
        world = replace(world, programme=dutch, desk=replace(world.desk, programme=dutch))
        return cls(helpline, world, NOW)

    @property
    def desk(self) -> Desk:
        """Return what booking needs."""
        return self.world.desk

    def wait_until(self, now: datetime) -> None:
        """Let the time be *now*, and the clock tick: weigh, purge, draw; talks that are over have their outcome."""
        self.now = now
        assert self.desk.roster is not None
        with self.helpline.begin() as session:
            if self.desk.roster.valid_until - now < RENEWED_BELOW:
                roster = sign_roster(session, self.world.colleagues, day_keys=self.world.day_keys, now=now)
                self.world = replace(self.world, desk=replace(self.desk, roster=roster))
            wait_for_turn(session)
            for booking in session.scalars(select(Booking).where(Booking.ends_at <= now)):
                if booking.state is TalkState.BOOKED:
                    came = booking.code_digest not in self.false
                    change_state(session, booking, to=TalkState.HELD if came else TalkState.MISSED)
                    destroy_envelopes(session, booking)
            weigh_far_door(session, now=now)
            purge_expired(session, METADATA[StoreName.HELPLINE], now=now)
            draw_times(session, programme=self.world.programme, roster=self.desk.roster, now=now)

    def every_start(self) -> list[datetime]:
        """Return every time at which a talk could begin, from now to the horizon: on no list, but easily guessed."""
        rules, zone = self.world.programme.slots, self.world.programme.zone
        with self.helpline.read() as session:
            rows = weekly_hours(session, CounsellorId("anna"), today=local_day(self.now, zone=zone))
        hours = [Interval(it.weekday, it.starts, it.ends, it.valid_from, it.valid_until) for it in rows]
        days = days_between(local_day(self.now, zone=zone), local_day(self.now, zone=zone) + timedelta(days=14))
        starts = [
            start
            for day in days
            for start in starts_of_day(day, hours, zone=zone, length=rules.length, grid=rules.grid)
        ]
        return [start for start in starts if start > self.now]

    def book_falsely(self, starts_at: datetime) -> bool:
        """Return whether a program got that time; it has heard no word."""
        try:
            code = self._book(starts_at, said="a guess")
        except (SlotTakenError, WrongDoorWordError, BookingPausedError):
            return False
        self.codes.append(code)
        self.false.add(code_digest(code, key=self.desk.keys.digest))
        return True

    def use_codes(self) -> int:
        """Let the program use every code that it was given for what the code offers; return how many got a talk."""
        return sum(self._use_code(code) for code in self.codes)

    def _use_code(self, code: AccessCode) -> bool:
        with self.helpline.read() as session:
            right = find_right(session, code, desk=self.desk, now=self.now)
            if right is None:
                return False
            times = times_to_choose(session, asked_by(right, language="nl"), desk=self.desk, now=self.now)
        if not times:
            return False
        wish = Wish(starts_at=times[-1], way=Way.YOU_RING, group=Group.ABOUT_ME, language="nl")
        sent = Sent(wish, code, FormToken(bits=secrets.token_bytes(16), said="a guess"))
        try:
            self.helpline.transact(lambda session: book_next(session, sent, desk=self.desk, now=self.now))
        except WrongDoorWordError:
            return False
        return True

    def visit(self) -> bool:
        """Return whether an honest visitor, who looks at the list and has heard the word, got a talk."""
        times = listed(self.helpline, now=self.now)
        for _ in range(PATIENCE):
            if not times:
                break
            try:
                self._book(secrets.choice(times), said=self.word)
            except SlotTakenError as taken:
                times = taken.nearest
            else:
                return True
        return False

    def drip(self, *, hours: int, posts_a_day: int, furthest_first: bool = False) -> Iterator[int]:
        """Let a program book right after each draw; yield each hour, when honest people may come."""
        posts = 0.0
        for hour in range(hours):
            self.wait_until(EVENING + hour * HOUR)
            posts += posts_a_day / 24
            for starts_at in sorted(listed(self.helpline, now=self.now), reverse=furthest_first):
                if posts < 1:
                    break
                posts -= 1
                self.book_falsely(starts_at)
            self.now += LATER
            yield hour

    def rooms(self) -> dict[date, DayRoom]:
        """Return the days beyond tomorrow, as far as the public may book."""
        today = local_day(self.now, zone=self.world.programme.zone)
        days = days_between(today + timedelta(days=2), today + timedelta(days=13))
        assert self.desk.roster is not None
        with self.helpline.read() as session:
            return rooms_of_days(session, days, programme=self.world.programme, roster=self.desk.roster)

    def held(self) -> float:
        """Return which part of the days beyond tomorrow false bookings hold."""
        days = self.rooms()
        with self.helpline.read() as session:
            rows = session.execute(select(Booking.starts_at, Booking.code_digest, Booking.state)).all()
        false = [
            digest in self.false
            for starts_at, digest, state in rows
            if state is TalkState.BOOKED and local_day(starts_at, zone=self.world.programme.zone) in days
        ]
        return sum(false) / sum(room.room for room in days.values())

    def _book(self, starts_at: datetime, *, said: str) -> AccessCode:
        wish = Wish(starts_at=starts_at, way=Way.YOU_RING, group=Group.ABOUT_ME, language="nl")
        token = FormToken(bits=secrets.token_bytes(16), said=said)
        receipt = self.helpline.transact(
            lambda session: request_callback(session, wish, token=token, desk=self.desk, now=self.now)
        )
        return receipt.code
