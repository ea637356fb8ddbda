"""The key of a day is on disk before anybody seals to it, there is one only, and it goes without a trace."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from helpline.crypto.opening import public_half
from helpline.day_keys import DayKeyGoneError, DayKeys
from tests.support.racing import KeyDays, race
from tests.support.stores import Stores
from tests.support.world import World

DAY = date(2027, 3, 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the place of a folder that is not there yet."""
    return tmp_path / "data" / "daykeys"


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_day_has_one_key_and_its_public_half_belongs_to_it(folder: Path) -> None:
    keys = DayKeys(folder)

    public = keys.public(DAY)

    assert public == public_half(keys.private(DAY)) == keys.public(DAY) == DayKeys(folder).public(DAY)
    assert len(keys.private(DAY)) == 32
    assert public != keys.public(DAY + timedelta(days=1))


def test_only_the_back_offices_user_can_read_a_key(folder: Path) -> None:
    old = os.umask(0)
    try:
        DayKeys(folder).public(DAY)
    finally:
        os.umask(old)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "2027-03-02.key").stat().st_mode & 0o777 == 0o600
    assert files(folder) == ["2027-03-02.key"]


def test_a_key_is_on_the_disk_before_its_public_half_is_known(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr("helpline.day_keys.os.fsync", fsync)

    DayKeys(folder).public(DAY)

    assert synced == [(folder / "2027-03-02.key").stat().st_ino, folder.stat().st_ino]


def test_the_days_that_have_a_key_are_listed_in_order(folder: Path) -> None:
    keys = DayKeys(folder)
    assert keys.days() == []
    for days in (3, 1, 2):
        keys.public(DAY + timedelta(days=days))

    assert keys.days() == [DAY + timedelta(days=days) for days in (1, 2, 3)]


def test_a_destroyed_key_is_overwritten_before_it_is_removed(folder: Path, tmp_path: Path) -> None:
    keys = DayKeys(folder)
    keys.public(DAY)
    trace = tmp_path / "another name of the same bytes"
    trace.hardlink_to(folder / "2027-03-02.key")

    keys.destroy(DAY)

    assert trace.read_bytes() == bytes(32)
    assert files(folder) == []
    assert keys.days() == []
    with pytest.raises(DayKeyGoneError, match="2027-03-02"):
        keys.private(DAY)


def test_the_overwriting_is_on_the_disk_before_the_key_is_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = DayKeys(folder)
    keys.public(DAY)
    path = folder / "2027-03-02.key"
    synced: list[tuple[bool, bytes]] = []
    monkeypatch.setattr(
        "helpline.day_keys.os.fsync",
        lambda _: synced.append((path.exists(), path.read_bytes() if path.exists() else b"")),
    )

    keys.destroy(DAY)

    assert synced == [(True, bytes(32)), (False, b"")]


def test_a_destroyed_key_never_comes_back(folder: Path) -> None:
    keys = DayKeys(folder)
    old = keys.public(DAY)
    keys.destroy(DAY)

    assert keys.public(DAY) != old


def test_a_key_that_another_clock_destroyed_is_gone_and_no_error(folder: Path) -> None:
    keys = DayKeys(folder)
    keys.public(DAY)

    keys.destroy(DAY)
    keys.destroy(DAY)

    assert keys.days() == []


def test_eight_that_sign_at_once_publish_the_same_keys(stores: Stores, world: World) -> None:
    """The private half of a key that was published must be the one on the disk, or that day's envelopes are lost."""
    days = [date(2030, 1, 1) + timedelta(days=count) for count in range(12)]

    answers = race(stores, world, [KeyDays(days) for _ in range(8)])

    assert set(answers) == {" ".join(public_half(world.day_keys.private(day)).hex() for day in days)}
    assert not [name for name in files(stores.data_dir / "daykeys") if not name.endswith(".key")]
