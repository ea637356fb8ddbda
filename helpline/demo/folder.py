"""The demo's folder: its own random keys, sign-ins and codes, written once, readable by its owner only."""

import base64
import json
import os
import secrets
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from helpline.settings.environment import DEMO_MARKER, KEY_BYTES, OFFICE_ONLY, VISITORS_ONLY, written_key

KEY_NAMES = ("CODE_KEY", *VISITORS_ONLY, *OFFICE_ONLY)


class NotADemoError(Exception):
    """The folder holds something else than a demo; we do not touch it."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How an invented member of the staff signs in."""

    name: str
    shown_name: str
    role: str
    passphrase: str = field(repr=False)
    factor: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InventedTalk:
    """An invented visitor's talk: what it is, and the code of it."""

    about: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """What the demo knows of itself."""

    keys: Mapping[str, str] = field(repr=False)
    verify_key: str = ""
    sign_ins: tuple[SignIn, ...] = ()
    talks: tuple[InventedTalk, ...] = ()
    filled_at: int = 0

    def key(self, name: str) -> bytes:
        """Return the secret *name*, 32 bytes."""
        return base64.b64decode(self.keys[name])

    def environment(self, *, without: tuple[str, ...], data_dir: Path, run_dir: Path) -> dict[str, str]:
        """Return the variables of one process: its own secrets only, the other's are *without*."""
        keys = {name: key for name, key in self.keys.items() if name not in without}
        return keys | {
            "MODE": "demo",
            "DATA_DIR": str(data_dir),
            "RUN_DIR": str(run_dir),
            "ROSTER_VERIFY_KEYS": self.verify_key,
        }


def new_folder() -> DemoFolder:
    """Return a demo with fresh random keys and nobody in it."""
    return DemoFolder(keys={name: written_key(secrets.token_bytes(KEY_BYTES)) for name in KEY_NAMES})


def read_folder(data_dir: Path) -> DemoFolder | None:
    """Return the demo in *data_dir*, or None when the folder is empty or not there.

    Raises:
        NotADemoError: something else lies there.
    """
    path = data_dir / DEMO_MARKER
    if path.exists():
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
        return DemoFolder(
            keys=plain["keys"],
            verify_key=plain["verify_key"],
            sign_ins=tuple(SignIn(**row) for row in plain.get("sign_ins", [])),
            talks=tuple(InventedTalk(**row) for row in plain.get("talks", [])),
            filled_at=plain["filled_at"],
        )
    if data_dir.exists() and any(data_dir.iterdir()):
        raise NotADemoError(str(data_dir))
    return None


def write_folder(folder: DemoFolder, *, data_dir: Path) -> None:
    """Write *folder* to *data_dir*, whole or not at all, readable by its owner only."""
    data_dir.mkdir(parents=True, exist_ok=True)
    lines = [f"verify_key = {_quoted(folder.verify_key)}", f"filled_at = {folder.filled_at}", "", "[keys]"]
    lines += [f"{name} = {_quoted(key)}" for name, key in folder.keys.items()]
    for sign_in in folder.sign_ins:
        lines += ["", "[[sign_ins]]", *_pairs(asdict(sign_in))]
    for talk in folder.talks:
        lines += ["", "[[talks]]", *_pairs(asdict(talk))]
    fresh = data_dir / f"{DEMO_MARKER}.new"
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    fresh.replace(data_dir / DEMO_MARKER)


def remove_folder(data_dir: Path) -> bool:
    """Remove the demo in *data_dir* with everything in it, and return whether there was one.

    Raises:
        NotADemoError: something else lies there.
    """
    if read_folder(data_dir) is None:
        return False
    shutil.rmtree(data_dir)
    return True


def _pairs(row: Mapping[str, str]) -> list[str]:
    return [f"{name} = {_quoted(value)}" for name, value in row.items()]


def _quoted(text: str) -> str:
    """Return *text* as a TOML basic string, which JSON's strings in ASCII are too."""
    return json.dumps(text)
