"""The command line: `python app.py <chore>`. Plain click; no chore loads Flask, each loads what it needs."""

import logging
import os
import sys
from contextlib import closing
from importlib import import_module
from pathlib import Path

import click

from helpline.settings.environment import office_settings
from helpline.settings.faults import SettingsError

ROOMS = {"content": "helpline.programme.chores", "demo": "helpline.demo.chores", "staff": "helpline.staff.chores"}
"""Groups of chores by name, in modules that are imported on demand."""

DOCUMENT = Path("docs/data-inventory.md")


class Chores(click.Group):
    """The chores; a room's own are loaded when they are asked for, so that production never loads the demo."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all chores."""
        return sorted([*super().list_commands(ctx), *ROOMS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the chore, or the room's group of chores, of that name."""
        if cmd_name in ROOMS:
            group = getattr(import_module(ROOMS[cmd_name]), cmd_name)
            return group if isinstance(group, click.Command) else None
        return super().get_command(ctx, cmd_name)


@click.group(cls=Chores)
def chores() -> None:
    """Look after a helpline."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    # alembic says at each step which plugin it loads; a step that fails raises.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    os.umask(0o007)


@chores.group()
def db() -> None:
    """Look after the three stores."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the three stores to the newest revision."""
    from helpline.store.engine import StoreName, open_store
    from helpline.store.schema import upgrade

    # The tables come before the first coordinator, and so before anybody who could sign.
    settings = office_settings(signers=False)
    for name in StoreName:
        with closing(open_store(name, data_dir=settings.data_dir, database_url=settings.database_url)) as store:
            upgrade(store, name=name)
        click.echo(f"{name}: at the newest revision")


@chores.command()
@click.option("--guard", is_flag=True, help="Keep a clock running until stdin closes.")
def clock(*, guard: bool) -> None:
    """Run the one timer: it purges, draws, and has the counts released."""
    from helpline.clock import process

    if guard:
        process.guard(process.chore("clock"))
    else:
        process.run(process.make_clock(office_settings()))


@chores.command()
def purge() -> None:
    """Do once what the clock does each minute."""
    from datetime import UTC, datetime

    from helpline.clock.process import end, make_clock

    clock = make_clock(office_settings())
    ticked = clock.tick(datetime.now(UTC))
    end(clock)
    click.echo("done" if ticked else "another clock is running and does it")


@chores.command()
def inventory() -> None:
    """Write the data inventory from the tables, for the page "What we keep" and for the documents."""
    from helpline.clock.metadatas import METADATA
    from helpline.store.inventory import INVENTORY_FILE, as_json, as_markdown
    from helpline.store.inventory import inventory as entries_of

    INVENTORY_FILE.write_text(as_json(entries_of(METADATA)), encoding="utf-8")
    DOCUMENT.write_text(as_markdown(METADATA), encoding="utf-8")
    click.echo(f"{INVENTORY_FILE.name} and {DOCUMENT} are written")


@chores.command("release-counts")
@click.option("--now", "early", is_flag=True, help="Also flush what waits for the end of its week: before a reboot.")
def release_counts(*, early: bool) -> None:
    """Flush what was counted, with noise, and close the periods that are over."""
    from datetime import UTC, datetime

    from helpline.usage.release import run_release

    run_release(office_settings(), now=datetime.now(UTC), early=early)


def main() -> None:
    """Run the chore that the command line names; settings that are not complete are said, all at once."""
    try:
        chores()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
