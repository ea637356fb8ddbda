"""gunicorn.conf.py: the clock beside the back office, and nothing beside the visitors' site."""

import runpy
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

CONFIGURATION = Path(__file__).parents[2] / "gunicorn.conf.py"


@pytest.fixture
def configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Mapping[str, Any]:
    """Load the file as gunicorn does, with a Python that ends when its stdin closes in place of the clock."""
    monkeypatch.setenv("RUN_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("TRUSTED_PROXY", "1")
    return runpy.run_path(str(CONFIGURATION))


def server(name: str) -> SimpleNamespace:
    return SimpleNamespace(app=SimpleNamespace(app_uri=f"app:{name}()"), LISTENERS=[])


def test_no_clock_runs_beside_the_visitors_site(configuration: Mapping[str, Any]) -> None:
    configuration["when_ready"](server("visitors"))
    configuration["on_exit"](server("visitors"))

    assert not configuration["guards"]


def test_the_clock_beside_the_back_office_ends_with_it(
    configuration: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("#!/bin/sh\nexec cat\n", encoding="utf-8")
    clock.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(clock))

    configuration["when_ready"](server("back_office"))
    (guard,) = configuration["guards"]
    assert guard.args[-2:] == ["clock", "--guard"]
    configuration["post_fork"](server("back_office"), object())
    configuration["on_exit"](server("back_office"))

    assert guard.returncode is not None


def test_what_must_be_off_is_off(configuration: Mapping[str, Any]) -> None:
    assert configuration["accesslog"] is None
    assert configuration["control_socket_disable"] is True
    assert configuration["preload_app"] is False
    assert configuration["forwarded_allow_ips"] == "*"
    assert configuration["max_requests_jitter"] > 0
