"""The environment: one frozen class of settings per process, all faults at once."""

import base64
import binascii
import enum
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpline.settings.faults import Faults
from helpline.settings.programme import Programme, read_programme

Environment = Mapping[str, str]

KEY_BYTES = 32
DEMO_MARKER = "demo.toml"
"""Lies in a demo's data folder; its presence is what makes a folder a demo's."""

VISITORS_ONLY = ("FORM_KEY",)
OFFICE_ONLY = ("SESSION_KEY", "OFFICE_PEPPER")
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")
LOOPBACK = ("localhost", "127.0.0.1")


class Mode(enum.StrEnum):
    """What kind of installation this is. Production is what nothing else was said to be."""

    PRODUCTION = "production"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What both processes know."""

    mode: Mode
    data_dir: Path
    run_dir: Path
    database_url: str | None = field(repr=False)
    code_key: bytes = field(repr=False)
    roster_verify_keys: tuple[bytes, ...]
    trusted_proxy: bool
    allowed_hosts: tuple[str, ...]
    programme: Programme

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo: invented people, loopback only."""
        return self.mode is Mode.DEMO


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorsSettings(Settings):
    """What the visitors' process knows. It holds no secret of the back office."""

    form_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSettings(Settings):
    """What the back office's process, its clock and its chores know."""

    session_key: bytes = field(repr=False)
    office_pepper: bytes = field(repr=False)


def visitors_settings(environment: Environment | None = None) -> VisitorsSettings:
    """Return the visitors' settings from *environment* (the process's own by default).

    Raises:
        SettingsError: with every fault, also when a secret of the back office is in reach.
    """
    reader = _Reader(os.environ if environment is None else environment)
    reader.refuse(OFFICE_ONLY)
    fields = reader.common() | {"form_key": reader.key("FORM_KEY")}
    reader.faults.finish()
    return VisitorsSettings(**fields)


def office_settings(environment: Environment | None = None, *, signers: bool = True) -> OfficeSettings:
    """Return the back office's settings from *environment* (the process's own by default).

    Before there is a coordinator nobody can sign: the chore that makes the first one asks for no *signers*.

    Raises:
        SettingsError: with every fault, also when a secret of the visitors' site is in reach.
    """
    reader = _Reader(os.environ if environment is None else environment)
    reader.refuse(VISITORS_ONLY)
    fields = reader.common(signers=signers)
    fields |= {"session_key": reader.key("SESSION_KEY"), "office_pepper": reader.key("OFFICE_PEPPER")}
    reader.faults.finish()
    return OfficeSettings(**fields)


def folders(environment: Environment | None = None) -> tuple[Path, Path]:
    """Return the data folder and the folder of what must not outlive a reboot."""
    environment = os.environ if environment is None else environment
    data_dir = Path(environment.get("DATA_DIR", "var")).absolute()
    return data_dir, Path(environment.get("RUN_DIR", "/dev/shm/kentering")).absolute()  # noqa: S108 - a tmpfs by design


def written_key(key: bytes) -> str:
    """Return *key* as the environment holds it, in base 64."""
    return base64.b64encode(key).decode()


def inherited() -> dict[str, str]:
    """Return the variables that every process of ours may have: where programs are, in which language they speak."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def port(name: str, *, default: int, environment: Environment | None = None) -> int:
    """Return the port that *name* (SITE_PORT, OFFICE_PORT) sets, for `make run`.

    Raises:
        SettingsError: it is no port.
    """
    text = (os.environ if environment is None else environment).get(name, str(default))
    faults = Faults()
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        faults.add(f"{name} must be a port, not {text!r}")
    faults.finish()
    return int(text)


class _Reader:
    """Reads variables one by one and collects what is wrong."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.faults = Faults()

    def refuse(self, names: tuple[str, ...]) -> None:
        """Add a fault for each of *names* that is set: a secret in the wrong process is a hole in a wall."""
        for name in names:
            if name in self._environment:
                self.faults.add(f"{name} belongs to the other process and must not be in this one's environment")

    def key(self, name: str) -> bytes:
        """Return a secret of 32 bytes."""
        return self._key_from(self._environment.get(name, ""), name=name)

    def common(self, *, signers: bool = True) -> dict[str, Any]:
        """Return what both processes know, by field."""
        data_dir, run_dir = folders(self._environment)
        mode = self._mode(data_dir)
        keys = self._environment.get("ROSTER_VERIFY_KEYS", "").split()
        if signers and not keys:
            self.faults.add("ROSTER_VERIFY_KEYS is missing: nobody could say who may open")
        return {
            "mode": mode,
            "data_dir": data_dir,
            "run_dir": run_dir,
            "database_url": self._environment.get("DATABASE_URL") or None,
            "code_key": self.key("CODE_KEY"),
            "roster_verify_keys": tuple(self._key_from(key, name="ROSTER_VERIFY_KEYS") for key in keys),
            "trusted_proxy": self._environment.get("TRUSTED_PROXY", "") == "1",
            "allowed_hosts": self._hosts(mode),
            "programme": read_programme(data_dir / "programme.toml", faults=self.faults),
        }

    def _mode(self, data_dir: Path) -> Mode:
        """Return the mode, which the folder and the variable must agree on: neither kind becomes the other."""
        said = self._environment.get("MODE", Mode.PRODUCTION)
        is_marked = (data_dir / DEMO_MARKER).exists()
        if said not in set(Mode):
            self.faults.add("MODE must be production or demo")
        elif (said == Mode.DEMO) != is_marked:
            self.faults.add(f"MODE is {said}, but {data_dir} is {'' if is_marked else 'not '}the folder of a demo")
        return Mode.DEMO if is_marked else Mode.PRODUCTION

    def _hosts(self, mode: Mode) -> tuple[str, ...]:
        """Return the host names we answer to; a demo answers to loopback only, whatever is set."""
        if mode is Mode.DEMO:
            return LOOPBACK
        hosts = tuple(self._environment.get("ALLOWED_HOSTS", "").split())
        if not hosts:
            self.faults.add("ALLOWED_HOSTS is missing")
        return hosts

    def _key_from(self, text: str, *, name: str) -> bytes:
        try:
            key = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            self.faults.add(f"{name} must be 32 bytes in base64")
        return key
