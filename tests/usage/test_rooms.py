"""Who loads the sampler: the release, and nobody that a request can reach."""

import subprocess
import sys

import pytest

ROOMS = ("codebook", "codebook_reading", "counting", "pebble", "arrival", "lead_time", "export", "ledger", "invented")


def loads_opendp(room: str) -> bool:
    """Return whether a fresh process has OpenDP in it after it imported *room*."""
    program = f"import sys, helpline.usage.{room}; sys.exit('opendp' in sys.modules)"
    return subprocess.run([sys.executable, "-c", program], check=False).returncode == 1


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_that_requests_reach_does_not_load_the_sampler(room: str) -> None:
    assert not loads_opendp(room)


def test_the_release_loads_it() -> None:
    assert loads_opendp("release")
