"""Keep a valid roster: say how it stands, sign it, renew it in silence. Two stores, never both open."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from helpline.day_keys import DayKeys
from helpline.roster import NoValidRosterError, Roster, newest_signed, next_serial, publish_roster, read_roster
from helpline.staff.accounts import PrivateKeys
from helpline.staff.signing import Difference, differences, draw_up, is_renewal_due, note_signing, readers, signed
from helpline.staff.tables import StaffId
from helpline.store.engine import Sessions


@dataclass(frozen=True, slots=True)
class Registry:
    """Where rosters come from and go to, and whose signature the visitors' site believes."""

    office: Sessions
    helpline: Sessions
    day_keys: DayKeys
    verify_keys: tuple[bytes, ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Standing:
    """How the roster stands: the one in force, if there is one, and what signing now would change."""

    in_force: Roster | None
    pending: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs, with her private keys for as long as the request lasts."""

    staff_id: StaffId
    private: PrivateKeys


def standing(registry: Registry, *, now: datetime) -> Standing:
    """Return how the roster stands at *now*, compared with the staff as they are."""
    keys = registry.verify_keys
    with registry.helpline.read() as session:
        newest = newest_signed(session, verify_keys=keys)
        try:
            in_force = read_roster(session, verify_keys=keys, now=now, seen=None)
        except NoValidRosterError:
            in_force = None
    with registry.office.read() as session:
        pending = differences(newest.readers if newest else (), readers(session))
    return Standing(in_force=in_force, pending=tuple(pending))


def sign_roster(registry: Registry, *, signer: Signer, now: datetime) -> Roster:
    """Return a new roster of the staff as they are, signed and published; its changes stand on every first page.

    Raises:
        CannotSignError: this person has no key to sign with, or the visitors' site does not know it.
    """
    changes = standing(registry, now=now).pending
    with registry.helpline.read() as session:
        serial = next_serial(session, verify_keys=registry.verify_keys)
    with registry.office.read() as session:
        roster = draw_up(session, serial=serial, day_keys=registry.day_keys, zone=registry.zone, now=now)
    done = signed(roster, signer.private, verify_keys=registry.verify_keys)
    with registry.office.begin() as session:
        note_signing(session, roster, changes=changes, by=signer.staff_id, zone=registry.zone, now=now)
    with registry.helpline.begin() as session:
        publish_roster(session, roster, signature=done.signature, verify_keys=registry.verify_keys, now=now)
    return roster


def renew_if_due(registry: Registry, *, signer: Signer, now: datetime) -> Roster | None:
    """Return a renewed roster when none is in force or it runs out soon, and nothing in it would change.

    A change needs somebody who has read it and presses the button.

    Raises:
        CannotSignError: this person has no key to sign with, or the visitors' site does not know it.
    """
    found = standing(registry, now=now)
    is_due = found.in_force is None or is_renewal_due(found.in_force, now=now)
    return sign_roster(registry, signer=signer, now=now) if is_due and not found.pending else None
