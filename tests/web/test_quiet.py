"""Logs that cannot say for whom."""

import logging
import threading

import pytest

from helpline.web.quiet import MOST_CAUSES, MOST_PLACES, QuietFormatter, log_error, quiet_trace
from helpline.web.visitors import attempt, keep_doing

SECRET = "0612345678"


def broken() -> None:
    try:
        int(SECRET + "x")
    except ValueError as error:
        raise RuntimeError(SECRET) from error


def endless(depth: int) -> None:
    endless(depth + 1)


def caught(work: object) -> BaseException:
    assert callable(work)
    with pytest.raises(Exception) as error:  # noqa: PT011 - any error at all
        work()
    return error.value


def test_a_trace_names_kinds_and_places_and_no_words() -> None:
    trace = quiet_trace(caught(broken))

    assert "builtins.RuntimeError at web/test_quiet.py" in trace
    assert "because of builtins.ValueError" in trace
    assert SECRET not in trace


def test_a_trace_of_an_endless_recursion_is_short() -> None:
    trace = quiet_trace(caught(lambda: endless(0)))

    assert trace.count(" < ") < MOST_PLACES


def test_a_trace_of_many_causes_is_short() -> None:
    error: BaseException = ValueError(SECRET)
    for _ in range(20):
        following = ValueError(SECRET)
        following.__cause__ = error
        error = following

    assert quiet_trace(error).count("ValueError") == MOST_CAUSES


def test_an_error_without_a_place_is_said_too() -> None:
    assert "an unknown place" in quiet_trace(ValueError(SECRET))


def said_by_a_library(error: BaseException | None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("a.library", logging.ERROR, __file__, 1, "for %s", (SECRET,), info)
    return QuietFormatter().format(record)


def test_libraries_lose_their_words() -> None:
    said = said_by_a_library(None)

    assert "a.library: test_quiet:1" in said
    assert SECRET not in said


def test_libraries_lose_the_words_of_their_errors() -> None:
    said = said_by_a_library(caught(broken))

    assert "RuntimeError" in said
    assert SECRET not in said


def test_what_we_say_of_an_error_is_written_in_full(caplog: pytest.LogCaptureFixture) -> None:
    log_error(caught(broken))

    said = QuietFormatter().format(caplog.records[-1])
    assert "RuntimeError at" in said
    assert "test_quiet.py" in said
    assert SECRET not in said


def test_an_attempt_that_fails_gives_nothing_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert attempt(lambda: int("1")) == 1
    assert attempt(broken) is None
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_a_thread_goes_on_after_its_work_failed() -> None:
    done: list[int] = []
    again = threading.Event()

    def work() -> None:
        done.append(1)
        if len(done) == 1:
            raise RuntimeError
        again.set()

    end = keep_doing(work, every=0.001)

    assert again.wait(timeout=10)
    end.set()
