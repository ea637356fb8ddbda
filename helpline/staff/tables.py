"""The back office's people, their sessions and their acts, in a store that the visitors' site cannot open."""

import enum
from datetime import date, datetime
from typing import NewType

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from helpline.staff.permissions import Role
from helpline.store.kept import kept, ours
from helpline.store.schema import OfficeBase
from helpline.store.types import Instant, closed_list, random_id

StaffId = NewType("StaffId", str)

MADE_BY_A_VISIT = "so that we can prove what was done, and nothing is done twice"


class Act(enum.StrEnum):
    """What the audit remembers that somebody did."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    MEMBER_ADDED = "member_added"
    MEMBER_DEACTIVATED = "member_deactivated"
    LOGIN_RENEWED = "login_renewed"
    ROSTER_SIGNED = "roster_signed"
    HOURS_CHANGED = "hours_changed"
    LIFTED_BY_ACCORD = "lifted_by_accord"
    LIFTED_BY_MISTAKE = "lifted_by_mistake"
    LIFTED_IN_NEED = "lifted_in_need"
    FEED_SWITCHED_ON = "feed_switched_on"
    FEED_SWITCHED_OFF = "feed_switched_off"
    COUNTS_EXPORTED = "counts_exported"
    ENVELOPE_OPENED = "envelope_opened"
    HAND_OVER_SENT = "hand_over_sent"
    ATTEMPT_MADE = "attempt_made"
    OUTCOME_SENT = "outcome_sent"
    EMERGENCY_HELD = "emergency_held"
    EMERGENCY_ENDED = "emergency_ended"
    BOOKING_PAUSED = "booking_paused"
    BOOKING_RESUMED = "booking_resumed"
    DOOR_WORD_SET = "door_word_set"
    DOOR_WORD_DROPPED = "door_word_dropped"
    FAR_DOOR_SHUT = "far_door_shut"
    FAR_DOOR_OPENED = "far_door_opened"
    TALKS_RELEASED = "talks_released"
    TALK_BOOKED = "talk_booked"
    OUTSIDE_CHANGED = "outside_changed"


class Change(enum.StrEnum):
    """What changed about somebody's right to open envelopes."""

    JOINED = "joined"
    LEFT = "left"
    KEY_CHANGED = "key_changed"
    DATES_CHANGED = "dates_changed"
    STANDING_IN_CHANGED = "standing_in_changed"


class Member(OfficeBase):
    """Somebody who signs in here. Who left keeps her name, so that the audit can be read, and nothing else."""

    __tablename__ = "staff"

    id: Mapped[StaffId] = mapped_column(
        String, primary_key=True, default=random_id, info=ours("an id; a counsellor has the same one in the rota")
    )
    name: Mapped[str] = mapped_column(unique=True, info=ours("the name to sign in with"))
    shown_name: Mapped[str] = mapped_column(info=ours("the name that colleagues see"))
    role: Mapped[Role] = mapped_column(closed_list(Role), info=ours("what she is for the helpline"))
    language: Mapped[str] = mapped_column(info=ours("the language she reads"))
    stands_in: Mapped[bool] = mapped_column(info=ours("whether she may open the talks of colleagues"))
    joined_on: Mapped[date] = mapped_column(info=ours("the day the account was made"))
    active: Mapped[bool] = mapped_column(default=True, info=ours("whether she can sign in"))
    login_hash: Mapped[str | None] = mapped_column(info=ours("Argon2id of the passphrase"))
    wrapping_salt: Mapped[bytes | None] = mapped_column(info=ours("for the key that wraps her private keys"))
    public_key: Mapped[bytes | None] = mapped_column(info=ours("what envelopes are sealed to"))
    wrapped_key: Mapped[bytes | None] = mapped_column(info=ours("what opens them, under her passphrase"))
    verify_key: Mapped[bytes | None] = mapped_column(info=ours("what her signature is checked with"))
    wrapped_signing_key: Mapped[bytes | None] = mapped_column(info=ours("what she signs with, under her passphrase"))
    wrapped_factor: Mapped[bytes | None] = mapped_column(info=ours("the secret of her one-time codes, under our key"))
    last_step: Mapped[int | None] = mapped_column(info=ours("the last one-time code that was used, as a step of 30 s"))


class RecoveryCode(OfficeBase):
    """A code that stands in for a lost telephone, once."""

    __tablename__ = "recovery_code"

    digest: Mapped[bytes] = mapped_column(primary_key=True, info=ours("a keyed digest of the code"))
    staff_id: Mapped[StaffId] = mapped_column(
        String, ForeignKey("staff.id", ondelete="CASCADE"), index=True, info=ours("whose code")
    )


class StaffSession(OfficeBase):
    """Somebody signed in. The token that finds it and opens its keys is in her browser only."""

    __tablename__ = "session"

    digest: Mapped[bytes] = mapped_column(primary_key=True, info=ours("a keyed digest of the token"))
    staff_id: Mapped[StaffId] = mapped_column(
        String, ForeignKey("staff.id", ondelete="CASCADE"), index=True, info=ours("who signed in")
    )
    wrapped_keys: Mapped[bytes | None] = mapped_column(info=ours("her private keys, under the token"))
    opened_at: Mapped[datetime] = mapped_column(Instant, info=ours("when it began, rounded"))
    last_used: Mapped[datetime] = mapped_column(Instant, info=ours("when it was last used, rounded"))
    ends_at: Mapped[datetime] = mapped_column(Instant, info=ours("when it is over at the latest"))
    open_call: Mapped[str | None] = mapped_column(
        info=kept(
            "which talk is open",
            why="so that the counsellor is not signed out during a call",
            until="call_until",
            nulled=True,
        )
    )
    call_until: Mapped[datetime | None] = mapped_column(
        Instant,
        info=kept(
            "until when the call may last",
            why="so that the counsellor is not signed out during a call",
            until="call_until",
            nulled=True,
        ),
    )


class KnownDevice(OfficeBase):
    """A browser that somebody signed in on: strangers cannot slow it."""

    __tablename__ = "known_device"

    digest: Mapped[bytes] = mapped_column(primary_key=True, info=ours("a keyed digest of the device's cookie"))
    staff_id: Mapped[StaffId] = mapped_column(
        String, ForeignKey("staff.id", ondelete="CASCADE"), index=True, info=ours("whose device")
    )
    used_at: Mapped[datetime] = mapped_column(Instant, info=ours("when she last signed in on it, rounded"))


class Feed(OfficeBase):
    """The address at which somebody's own calendar asks when she is busy. Whoever has it needs no sign-in."""

    __tablename__ = "feed"

    staff_id: Mapped[StaffId] = mapped_column(
        String, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True, info=ours("whose calendar")
    )
    digest: Mapped[bytes] = mapped_column(unique=True, info=ours("a keyed digest of the token in the address"))
    since: Mapped[datetime] = mapped_column(Instant, info=ours("when she switched it on"))


class Tries(OfficeBase):
    """How often a sign-in was tried in vain, per known device and per drawer of names.

    Names fall into a fixed number of drawers, so a stranger cannot fill the table.
    """

    __tablename__ = "tries"

    subject: Mapped[str] = mapped_column(primary_key=True, info=ours("a known device, or a drawer of names"))
    count: Mapped[int] = mapped_column(info=ours("tries since the last right one"))
    next_at: Mapped[datetime] = mapped_column(Instant, info=ours("no try before this"))
    forget_at: Mapped[datetime] = mapped_column(Instant, info=ours("when they no longer count"))


class AuditEntry(OfficeBase):
    """An act of a member of the staff. The chain runs over what stays; details go at their own hour."""

    __tablename__ = "audit"
    __table_args__ = (CheckConstraint("number > 0", name="from_one"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=ours("counts the acts"))
    staff_id: Mapped[StaffId] = mapped_column(String, ForeignKey("staff.id"), index=True, info=ours("who did it"))
    act: Mapped[Act] = mapped_column(closed_list(Act), info=ours("what was done"))
    day: Mapped[date] = mapped_column(index=True, info=ours("on which day"))
    about: Mapped[str | None] = mapped_column(info=ours("which member of the staff it was about"))
    detail_digest: Mapped[bytes] = mapped_column(info=ours("a hash of salt, minute and detail"))
    link: Mapped[bytes] = mapped_column(info=ours("a hash of this act and of the one before it"))
    detail: Mapped[str | None] = mapped_column(
        info=kept("which talk it was about", why=MADE_BY_A_VISIT, until="detail_until", nulled=True)
    )
    minute: Mapped[datetime | None] = mapped_column(
        Instant, info=kept("the minute in which it was done", why=MADE_BY_A_VISIT, until="detail_until", nulled=True)
    )
    salt: Mapped[bytes | None] = mapped_column(
        info=kept("random characters", why="so that nobody guesses the rest", until="detail_until", nulled=True)
    )
    form_id: Mapped[str | None] = mapped_column(
        unique=True,
        info=kept("which form was sent", why="so that it counts once", until="detail_until", nulled=True),
    )
    detail_until: Mapped[datetime | None] = mapped_column(
        Instant,
        index=True,
        info=kept(
            "when we forget these four",
            why="so that nothing stays longer than it should",
            until="detail_until",
            nulled=True,
        ),
    )


class RosterChange(OfficeBase):
    """A change of who may open envelopes, which everybody sees for two weeks."""

    __tablename__ = "roster_change"
    __table_args__ = (UniqueConstraint("serial", "staff_id", "change"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=random_id, info=ours("an id"))
    serial: Mapped[int] = mapped_column(info=ours("in which roster"))
    staff_id: Mapped[StaffId] = mapped_column(String, ForeignKey("staff.id"), info=ours("about whom"))
    change: Mapped[Change] = mapped_column(closed_list(Change), info=ours("what changed"))
    signed_on: Mapped[date] = mapped_column(index=True, info=ours("on which day it was signed"))
