"""Who may do what: one table. What it does not allow is refused."""

import enum
from collections.abc import Mapping


class Role(enum.StrEnum):
    """What somebody is for the helpline."""

    COUNSELLOR = "counsellor"
    COORDINATOR = "coordinator"
    PROGRAMME_STAFF = "programme_staff"


class Permission(enum.StrEnum):
    """One thing that can be done in the back office, as a route declares it."""

    ANYBODY = "anybody"
    BY_ADDRESS = "by_address"
    OWN_ACCOUNT = "own_account"
    SEE_DAY = "see_day"
    TAKE_TALKS = "take_talks"
    KEEP_OWN_HOURS = "keep_own_hours"
    KEEP_ALL_HOURS = "keep_all_hours"
    KEEP_STAFF = "keep_staff"
    KEEP_DOOR = "keep_door"
    SIGN_ROSTER = "sign_roster"
    EXPORT_COUNTS = "export_counts"
    ENTER_OUTSIDE_FIGURES = "enter_outside_figures"


TALKING = frozenset({Role.COUNSELLOR, Role.COORDINATOR})
COORDINATING = frozenset({Role.COORDINATOR})

WITHOUT_SIGN_IN = frozenset({Permission.ANYBODY, Permission.BY_ADDRESS})
"""What nobody signs in for: the door itself, and an address that one person knows, which the route checks."""

ALLOWED: Mapping[Permission, frozenset[Role]] = {
    Permission.OWN_ACCOUNT: frozenset(Role),
    Permission.SEE_DAY: TALKING,
    Permission.TAKE_TALKS: TALKING,
    Permission.KEEP_OWN_HOURS: TALKING,
    Permission.KEEP_ALL_HOURS: COORDINATING,
    Permission.KEEP_STAFF: COORDINATING,
    Permission.KEEP_DOOR: COORDINATING,
    Permission.SIGN_ROSTER: COORDINATING,
    # Programme staff export counts and see no booking, ever; who sees bookings exports nothing.
    Permission.EXPORT_COUNTS: frozenset({Role.PROGRAMME_STAFF}),
    # Totals that others counted: whoever has the telephone platform's list types it.
    Permission.ENTER_OUTSIDE_FIGURES: frozenset({Role.COORDINATOR, Role.PROGRAMME_STAFF}),
}


def may(role: Role | None, permission: Permission) -> bool:
    """Return whether somebody with *role* (None: nobody has signed in) may do what *permission* names."""
    return permission in WITHOUT_SIGN_IN or role in ALLOWED.get(permission, frozenset())


def opens_envelopes(role: Role) -> bool:
    """Return whether *role* is given a key to open envelopes with."""
    return may(role, Permission.TAKE_TALKS)


def signs_rosters(role: Role) -> bool:
    """Return whether *role* is given a key to sign the roster with."""
    return may(role, Permission.SIGN_ROSTER)
