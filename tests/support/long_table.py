"""The table at the end of `make long`: what was repeated, how it went, what it took."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print one table after `make long`: what was repeated, how it went, what it took."""
    if "long" not in str(config.option.markexpr).removeprefix("not long"):
        return
    terminalreporter.section("what was repeated")
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.getreports(outcome):
            said = ", ".join(f"{name} {value}" for name, value in getattr(report, "user_properties", ()))
            terminalreporter.write_line(f"{outcome:<7} {report.duration:>8.1f} s  {report.nodeid}  {said}".rstrip())
