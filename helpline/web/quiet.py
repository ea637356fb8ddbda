"""Logs that say what broke and where, and cannot say for whom: no address, no path, nothing that was typed."""

import logging
import traceback

MOST_CAUSES = 5
MOST_PLACES = 12
"""Enough to find a mistake; an endless recursion must not fill a disk."""

log = logging.getLogger(__name__)


def quiet_trace(error: BaseException) -> str:
    """Return the kinds of *error* and its causes and the places they came by, without any words of theirs.

    An exception's words may hold a visitor's words: the value that could not be read, the request that was odd.
    """
    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(lines) < MOST_CAUSES:
        frames = reversed(traceback.extract_tb(cause.__traceback__)[-MOST_PLACES:])
        places = " < ".join(f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__} at {places or 'an unknown place'}")
        cause = cause.__cause__ or cause.__context__
    return "; because of ".join(lines)


def _place(path: str) -> str:
    """Return the last folder and the name of a file: where it is installed is nobody's business."""
    return "/".join(path.rsplit("/", 2)[-2:])


def log_error(error: BaseException) -> None:
    """Log what broke and where, without a word of what was being said."""
    log.error("%s", quiet_trace(error))


class QuietFormatter(logging.Formatter):
    """A formatter for libraries: which logger, how bad, what kind of error; their words are left out.

    What log_error says is written in full: it has no word in it but kinds and places.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        error = record.exc_info[1] if record.exc_info else None
        what = quiet_trace(error) if error else f"{record.module}:{record.lineno}"
        if record.name == log.name:
            what = record.getMessage()
        return f"[{record.process}] [{record.levelname}] {record.name}: {what}"


def quieten_libraries() -> None:
    """Let every logger that nobody configured write through QuietFormatter, from warnings upwards."""
    handler = logging.StreamHandler()
    handler.setFormatter(QuietFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
