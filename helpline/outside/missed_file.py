"""Read the totals of missed calls out of a file, whatever a spreadsheet made of it."""

import csv
import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from helpline.outside.missed import Totals
from helpline.outside.tables import Cause

COLUMNS: Mapping[str, str] = {
    "day": "day", "dag": "day", "date": "day", "datum": "day",
    "cause": "cause", "oorzaak": "cause", "reden": "cause",
    "calls": "calls", "gesprekken": "calls", "oproepen": "calls", "aantal": "calls",
}  # fmt: skip
CAUSES: Mapping[str, Cause] = {
    "closed": Cause.CLOSED, "gesloten": Cause.CLOSED,
    "engaged": Cause.ENGAGED, "busy": Cause.ENGAGED, "in gesprek": Cause.ENGAGED, "bezet": Cause.ENGAGED,
    "gave up": Cause.GAVE_UP, "gave_up": Cause.GAVE_UP, "opgehangen": Cause.GAVE_UP,
    "unknown": Cause.UNKNOWN, "onbekend": Cause.UNKNOWN,
}  # fmt: skip
WANTED = {"day", "cause", "calls"}
MOST_CALLS = 100_000
"""On one day; what is more was a slip, or no number of calls."""

FIRST_YEAR = 2000
DATE_PARTS = 3


class Fault(enum.StrEnum):
    """What is wrong with a line. No fault repeats what stands there: it may be a caller's number."""

    NO_TEXT = "no_text"
    NO_HEAD = "no_head"
    MORE_COLUMNS = "more_columns"
    NO_ROWS = "no_rows"
    CELLS = "cells"
    DAY = "day"
    AHEAD = "ahead"
    CAUSE = "cause"
    CALLS = "calls"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, counted from 1, and what is wrong with it."""

    number: int
    fault: Fault


class BadFileError(Exception):
    """A file of which nothing is kept; ``lines`` say why, in order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        """Keep the *lines*."""
        super().__init__("the file cannot be read")
        self.lines = lines


def read_file(content: bytes, *, today: date) -> Mapping[date, Totals]:
    """Return the totals of each day in *content*: three columns, in any order, under Dutch or English names.

    UTF-8 with or without its mark, or what Windows writes; commas, semicolons or tabs; 2026-11-25 or 25-11-2026.

    Raises:
        BadFileError: with each line that is wrong. A file with more columns is refused whole: it may name callers.
    """
    rows = _rows(_text(content))
    columns = _columns(rows)
    faults, totals = list[Line](), dict[date, dict[Cause, int]]()
    for number, row in rows[1:]:
        try:
            day, cause, calls = _cells(row, columns, today=today)
        except _LineError as error:
            faults.append(Line(number, error.fault))
            continue
        if cause in totals.setdefault(day, {}):
            faults.append(Line(number, Fault.TWICE))
        totals[day][cause] = calls
    if faults or not totals:
        raise BadFileError(faults or [Line(rows[0][0], Fault.NO_ROWS)])
    return totals


class _LineError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def _text(content: bytes) -> str:
    if b"\x00" in content:  # a workbook, a picture, UTF-16
        raise BadFileError([Line(1, Fault.NO_TEXT)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines that are not empty, each with its number."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    try:
        found = [(number, [cell.strip() for cell in row]) for number, row in enumerate(reader, start=1) if any(row)]
    except csv.Error:
        raise BadFileError([Line(reader.line_num, Fault.NO_TEXT)]) from None
    if not found:
        raise BadFileError([Line(1, Fault.NO_HEAD)])
    return found


def _columns(rows: Sequence[tuple[int, Sequence[str]]]) -> dict[str, int]:
    """Return where each of WANTED stands."""
    number, head = rows[0]
    names = [COLUMNS.get(name.lower(), "") for name in head]
    if not set(names) >= WANTED:
        raise BadFileError([Line(number, Fault.NO_HEAD)])
    if len(names) > len(WANTED):
        raise BadFileError([Line(number, Fault.MORE_COLUMNS)])
    return {name: names.index(name) for name in WANTED}


def _cells(row: Sequence[str], columns: Mapping[str, int], *, today: date) -> tuple[date, Cause, int]:
    if len(row) != len(columns):
        raise _LineError(Fault.CELLS)
    day, cause, calls = (row[columns[name]] for name in ("day", "cause", "calls"))
    return _day(day, today=today), _cause(cause), _calls(calls)


def _day(text: str, *, today: date) -> date:
    parts = list(_numbers(text.replace("/", "-").replace(".", "-").split("-")))
    if len(parts) != DATE_PARTS:
        raise _LineError(Fault.DAY)
    year, month, day = parts if parts[0] >= FIRST_YEAR else reversed(parts)
    try:
        found = date(year, month, day)
    except (ValueError, OverflowError):
        raise _LineError(Fault.DAY) from None
    if found.year < FIRST_YEAR:
        raise _LineError(Fault.DAY)
    if found > today:
        raise _LineError(Fault.AHEAD)
    return found


def _numbers(parts: Sequence[str]) -> Iterator[int]:
    return (int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) <= len(str(FIRST_YEAR)))


def _cause(text: str) -> Cause:
    found = CAUSES.get(text.lower())
    if found is None:
        raise _LineError(Fault.CAUSE)
    return found


def _calls(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_CALLS)) and int(text) <= MOST_CALLS):
        raise _LineError(Fault.CALLS)
    return int(text)
