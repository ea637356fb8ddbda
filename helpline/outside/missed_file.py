"""Read the totals of missed calls out of a file, whatever a spreadsheet made of it."""

import csv
import enum
import io
import re
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
HEADS: Mapping[str, Sequence[str]] = {"nl": ("dag", "oorzaak", "oproepen"), "en": ("day", "cause", "calls")}
NAMES: Mapping[str, Mapping[Cause, str]] = {
    "nl": dict(zip(Cause, ("gesloten", "in gesprek", "opgehangen", "onbekend"), strict=True)),
    "en": dict(zip(Cause, ("closed", "engaged", "gave up", "unknown"), strict=True)),
}
"""What a file of ours is written with; read are all of the above."""

WRITTEN_DELIMITERS: Mapping[str, str] = {"nl": ";", "en": ","}
"""What a spreadsheet of that language takes for the end of a cell."""

WANTED = {"day", "cause", "calls"}
MOST_CALLS = 100_000
"""On one day; what is more was a slip, or no number of calls."""

FIRST_YEAR = 2000
DATE_PARTS = 3

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How the file begins that a spreadsheet calls "Unicode text"."""

DELIMITERS = ",;\t"
SEPARATOR_LINE = re.compile(rf'"?sep=([{DELIMITERS}])"?', re.IGNORECASE)
"""A line before the head, by which a spreadsheet is told what separates cells."""

FORMULA = re.compile(r'="?([^"]*)"?')
"""A cell as a spreadsheet writes it so that it stays text: ="2026-11-25"."""


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

    UTF-8 with or without its mark, UTF-16 with it, or what Windows writes; commas, semicolons or tabs; 2026-11-25 or
    25-11-2026; ="text". Empty cells at the end of a line do not matter.

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


def written(totals: Mapping[date, Totals], *, language: str) -> bytes:
    """Return *totals* as a file that ``read_file`` reads back as they are, in ASCII."""
    spoken = language if language in HEADS else "en"
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=WRITTEN_DELIMITERS[spoken], lineterminator="\r\n")
    writer.writerow(HEADS[spoken])
    for day, of_day in sorted(totals.items()):
        writer.writerows((day.isoformat(), NAMES[spoken][cause], of_day[cause]) for cause in Cause if cause in of_day)
    return text.getvalue().encode("ascii")


class _LineError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-16" if content.startswith(UTF_16_MARKS) else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:  # a workbook, a picture
        raise BadFileError([Line(1, Fault.NO_TEXT)])
    return text


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines that are not empty, each with its number: that of its last line, where a cell holds several."""
    lines = text.splitlines()
    said = SEPARATOR_LINE.fullmatch(lines[0].strip()) if lines else None
    head = 1 if said else 0
    delimiter = said[1] if said else max(DELIMITERS, key="".join(lines[:1]).count)
    reader = csv.reader(lines[head:], delimiter=delimiter)
    try:
        found = [(head + reader.line_num, cells) for row in reader if (cells := _plain(row))]
    except csv.Error:
        raise BadFileError([Line(head + reader.line_num, Fault.NO_TEXT)]) from None
    if not found:
        raise BadFileError([Line(1, Fault.NO_HEAD)])
    return found


def _plain(row: Sequence[str]) -> list[str]:
    """Return the cells of *row* up to the last one that is not empty, without what a spreadsheet put around them."""
    cells = [FORMULA.fullmatch(cell.strip()) or cell.strip() for cell in row]
    texts = [cell if isinstance(cell, str) else cell[1].strip() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


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
