"""No process that answers requests holds the sampler: its time would tell of the noise."""

import json
from pathlib import Path
from typing import Final

from tests.support.caller import Caller
from tests.support.demo import OpenedDemo
from tests.support.running import running_sites
from tests.support.watching import until

TELLER: Final = """
import json, os, pathlib, sys, threading, time

FOLDER = pathlib.Path(__file__).parent

def tell():
    while not (FOLDER / "ask").exists():
        time.sleep(0.05)
    path = FOLDER / f"{os.getpid()}.json"
    path.with_suffix(".part").write_text(json.dumps(sorted(sys.modules)))
    path.with_suffix(".part").rename(path)

os.register_at_fork(after_in_child=lambda: threading.Thread(target=tell, daemon=True).start())
"""
"""Loaded by Python as it starts: each forked worker then says what it has loaded, once it is asked to."""


def test_no_worker_of_either_site_has_loaded_opendp(filled: OpenedDemo, tmp_path: Path) -> None:
    teller = tmp_path / "teller"
    teller.mkdir()
    (teller / "sitecustomize.py").write_text(TELLER, encoding="utf-8")
    environment = {"PYTHONPATH": str(teller)}
    with running_sites(filled, tmp_path, visitors=environment, office=environment) as house:
        for site, paths in ((house.visitors, ("/en/", "/en/talk/", "/en/read/0/1")), (house.office, ("/counts", "/"))):
            caller = Caller(site)
            for path in paths:
                assert caller.get(path).status < 500
        (teller / "ask").touch()
        until(lambda: len(loaded(teller)) >= 2)
        told = loaded(teller)

    for front in ("selfhelp.site", "counsellors.site"):
        assert any(front in modules for modules in told)
    assert all("helpline.usage.counting" in modules for modules in told)
    assert not [name for modules in told for name in modules if name.startswith("opendp")]


def loaded(teller: Path) -> list[set[str]]:
    """Return the modules of each worker that has said which it has loaded."""
    return [set(json.loads(path.read_text(encoding="utf-8"))) for path in teller.glob("*.json")]
