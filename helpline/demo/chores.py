"""The demo's chores: serve, reset, and a second factor without a telephone."""

import hashlib
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import pyotp

from helpline.demo.folder import DemoFolder, NotADemoError, read_folder, remove_folder
from helpline.demo.opening import open_demo
from helpline.demo.serving import NotServingError, Site, serve, sites
from helpline.settings.environment import folders, port

RUN_FOLDER_DIGITS = 8


@click.group()
def demo() -> None:
    """Look around in an invented helpline."""


@demo.command("serve")
def serve_demo() -> None:
    """Fill a demo programme, serve both sites on this machine, print the sign-ins."""
    data_dir = _data_dir()
    run_dir = _run_dir(data_dir)
    served = sites(site_port=port("SITE_PORT", default=8000), office_port=port("OFFICE_PORT", default=8001))
    try:
        folder = open_demo(data_dir, run_dir=run_dir, now=datetime.now(UTC))
        serve(folder, served, data_dir=data_dir, run_dir=run_dir, announcement=announcement(folder, served))
    except NotADemoError:
        _refuse(data_dir)
    except NotServingError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@demo.command("prepare")
def prepare_demo() -> None:
    """Fill a demo programme without serving it."""
    data_dir = _data_dir()
    try:
        folder = open_demo(data_dir, run_dir=_run_dir(data_dir), now=datetime.now(UTC))
    except NotADemoError:
        _refuse(data_dir)
    else:
        click.echo(f"{len(folder.sign_ins)} sign-ins and {len(folder.talks)} talks are in {data_dir}")


@demo.command("reset")
def reset_demo() -> None:
    """Throw the demo programme away."""
    data_dir = _data_dir()
    try:
        was_there = remove_folder(data_dir)
    except NotADemoError:
        _refuse(data_dir)
    else:
        shutil.rmtree(_run_dir(data_dir), ignore_errors=True)
        click.echo("The demo is gone." if was_there else "There was no demo.")


@demo.command("totp")
@click.argument("name")
def print_factor(name: str) -> None:
    """Print the current one-time code of the demo account NAME."""
    folder = read_folder(_data_dir())
    factors = {sign_in.name: sign_in.factor for sign_in in folder.sign_ins} if folder else {}
    if name not in factors:
        click.echo(f"There is no demo account {name!r}. There are: {', '.join(factors) or 'none'}.", err=True)
        sys.exit(1)
    click.echo(pyotp.TOTP(factors[name]).now())


def announcement(folder: DemoFolder, served: tuple[Site, Site]) -> str:
    """Return what the terminal says once both sites answer: addresses, sign-ins, codes of invented talks."""
    site, office = served
    width = max(len(sign_in.passphrase) for sign_in in folder.sign_ins)
    lines = [
        "",
        f"  For visitors     {site.url}",
        f"  Back office      {office.url}",
        "",
        "  Sign-ins of this demo (one-time code: on the sign-in page, or `make totp NAME=...`)",
        *(f"    {it.name:<6} {it.passphrase:<{width}}  {it.shown_name}, {it.role}" for it in folder.sign_ins),
        "",
        '  Codes of invented talks (for the page "I have a code")',
        *(f"    {talk.code}  {talk.about}" for talk in folder.talks),
        "",
        "  Everybody in it is invented; only the crisis numbers are real. Ctrl+C ends it.",
        "",
    ]
    return "\n".join(lines) + "\n"


def _data_dir() -> Path:
    data_dir, _ = folders()
    return data_dir


def _run_dir(data_dir: Path) -> Path:
    """Return a folder of this demo's own: two demos must not see each other's rosters."""
    _, run_dir = folders()
    digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:RUN_FOLDER_DIGITS]
    return run_dir.with_name(f"{run_dir.name}-demo-{digest}")


def _refuse(data_dir: Path) -> None:
    click.echo(f"{data_dir} holds something that is not a demo. Nothing was touched. DATA_DIR can be set.", err=True)
    sys.exit(1)
