"""The highest serial of a roster that was seen: it never falls, and other keys count for themselves."""

import threading
from pathlib import Path

import pytest

from helpline.roster import SerialFile
from tests.support.keys import fixed
from tests.support.world import VERIFY_KEY


def test_where_the_believed_keys_change_counting_begins_anew(tmp_path: Path) -> None:
    """The rosters of a coordinator who left are believed no longer: hers must not keep booking closed."""
    old, both = SerialFile.of(tmp_path, verify_keys=[VERIFY_KEY]), [VERIFY_KEY, fixed("another signer")]
    old.remember(7)

    assert SerialFile.of(tmp_path, verify_keys=both[1:]).highest() == 0
    SerialFile.of(tmp_path, verify_keys=both).remember(8)
    assert SerialFile.of(tmp_path, verify_keys=both[::-1]).highest() == 8


def test_a_serial_file_keeps_the_highest(tmp_path: Path) -> None:
    seen = SerialFile(tmp_path / "run" / "serial")
    assert seen.highest() == 0

    for serial in (3, 5, 4):
        seen.remember(serial)

    assert SerialFile(tmp_path / "run" / "serial").highest() == 5
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["serial"]


def test_a_lower_serial_is_never_written_over_a_higher_one(tmp_path: Path) -> None:
    """Three workers look at the store, each in its own half minute."""
    path = tmp_path / "serial"
    other = threading.Thread(target=SerialFile(path).remember, args=(7,))

    class Slow(SerialFile):
        def highest(self) -> int:
            found = super().highest()
            other.start()
            other.join(timeout=0.5)
            return found

    Slow(path).remember(6)
    other.join()

    assert SerialFile(path).highest() == 7


@pytest.mark.parametrize("content", ["", "x", "1 2"])
def test_a_damaged_serial_file_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "serial").write_text(content)

    assert SerialFile(tmp_path / "serial").highest() == 0
