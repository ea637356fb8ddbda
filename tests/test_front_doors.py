"""Each front door, opened in a process of its own: what it loads, and what it refuses."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from helpline.settings.environment import inherited
from tests.support.demo import OpenedDemo

ROOT = Path(__file__).parents[1]
LOADED = "import json, sys, app; app.{door}(); print(json.dumps(sorted(sys.modules)))"
OPENS = ("helpline.crypto.opening", "helpline.crypto.passwords", "helpline.day_keys", "helpline.callbacks.queue")


def _opened(door: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    program = LOADED.format(door=door)
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=inherited() | dict(environment),
        check=False,
        capture_output=True,
        text=True,
    )


def _modules(door: str, environment: Mapping[str, str]) -> set[str]:
    done = _opened(door, environment)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_visitors_process_never_loads_what_opens_or_signs(demo: OpenedDemo) -> None:
    loaded = _modules("visitors", demo.visitors_environment)
    assert "selfhelp.site" in loaded
    assert not {name for name in loaded if name.startswith(("counsellors", "helpline.staff", "opendp"))}
    assert loaded.isdisjoint(
        {*OPENS, "helpline.usage.release", "helpline.usage.export", "helpline.usage.released", "helpline.demo"}
    )


def test_the_back_office_never_loads_the_visitors_site_nor_the_noise(demo: OpenedDemo) -> None:
    loaded = _modules("back_office", demo.office_environment)
    assert "counsellors.site" in loaded
    assert not {name for name in loaded if name.startswith(("selfhelp", "opendp", "helpline.demo"))}


@pytest.mark.parametrize(
    ("door", "foreign"), [("visitors", "OFFICE_PEPPER"), ("visitors", "SESSION_KEY"), ("back_office", "FORM_KEY")]
)
def test_a_process_refuses_to_start_with_the_others_secret(demo: OpenedDemo, door: str, foreign: str) -> None:
    environment = demo.visitors_environment if door == "visitors" else demo.office_environment
    done = _opened(door, environment | {foreign: demo.folder.keys[foreign]})
    assert done.returncode != 0
    assert f"{foreign} belongs to the other process" in done.stderr
    assert demo.folder.keys[foreign] not in done.stderr
    assert demo.folder.keys["CODE_KEY"] not in done.stderr
