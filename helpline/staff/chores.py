"""Accounts from the command line: the first coordinator of a new helpline, and a way back in."""

import sys
from contextlib import closing
from datetime import UTC, datetime

import click

from helpline.codes import words_of
from helpline.crypto.passwords import Cost
from helpline.languages import LANGUAGES
from helpline.settings.environment import OfficeSettings, office_settings, written_key
from helpline.staff.accounts import Issued, NameTakenError, NewMember, add_member, fingerprint, issue, members
from helpline.staff.keys import Door, StaffKeys
from helpline.staff.permissions import Role
from helpline.store.engine import Sessions, StoreName, open_store


@click.group()
def staff() -> None:
    """Look after accounts."""


@staff.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.COORDINATOR.value)
@click.option("--shown-name", required=True, help="The name that colleagues see.")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0])
@click.option("--stands-in", is_flag=True, help="May open the talks of colleagues.")
def add(*, name: str, role: str, shown_name: str, language: str, stands_in: bool) -> None:
    """Make an account that signs in as NAME, and print what it is given, once."""
    settings = office_settings(signers=False)
    door = _door(settings)
    new = NewMember(name, shown_name, Role(role), language, stands_in=stands_in)
    issued = issue(new, door=door, words=words_of(language), today=datetime.now(settings.programme.zone).date())
    try:
        with closing(_office(settings)) as office, office.begin() as session:
            add_member(session, issued, door=door)
    except NameTakenError:
        click.echo(f"Somebody signs in as {name!r} already, or did once. Take another name.", err=True)
        sys.exit(1)
    click.echo(_shown_once(issued))


@staff.command("list")
def list_members() -> None:
    """Print who has an account, and who had one."""
    with closing(_office(office_settings(signers=False))) as office, office.read() as session:
        for member in members(session):
            state = "" if member.active else "  (left)"
            click.echo(f"{member.name:<16} {member.role:<16} {member.shown_name}{state}")


def _shown_once(issued: Issued) -> str:
    """Return what a new member of the staff writes down; nobody can see it again."""
    member = issued.member
    lines = [
        f"passphrase       {issued.passphrase}",
        f"one-time codes   {issued.factor}  (type it into an authenticator)",
        "recovery codes   " + "\n                 ".join(issued.recovery_codes),
    ]
    if member.public_key:
        lines.append(f"fingerprint      {fingerprint(member.public_key)}  (read it aloud to who signs the roster)")
    if member.verify_key:
        lines.append(f"verifying key    {written_key(member.verify_key)}  (add it to ROSTER_VERIFY_KEYS of both sites)")
    return "\n".join([*lines, "", f"Made on {datetime.now(UTC).date()}. This is shown once."])


def _office(settings: OfficeSettings) -> Sessions:
    return open_store(StoreName.OFFICE, data_dir=settings.data_dir, database_url=settings.database_url)


def _door(settings: OfficeSettings) -> Door:
    keys = StaffKeys.of(pepper=settings.office_pepper, session_key=settings.session_key)
    return Door.of(keys, cost=Cost(), zone=settings.programme.zone)
