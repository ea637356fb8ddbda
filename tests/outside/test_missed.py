"""Missed calls: nothing adds up twice, sums are sums, and a file says what is wrong with it and not what it holds."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from helpline.outside.missed import (
    Totals,
    days_with_totals,
    missed_by_cause,
    missed_by_month,
    missed_of,
    replace_causes,
    replace_days,
    years_with_totals,
)
from helpline.outside.missed_file import BadFileError, Fault, read_file
from helpline.outside.tables import Cause, MissedCalls
from tests.support.stores import Stores

TODAY = date(2026, 11, 26)
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
LAST_YEAR = (date(2025, 1, 1), date(2025, 12, 31))
HEAD = "day,cause,calls\n"


def read_or_refused(content: bytes) -> Mapping[date, Totals] | BadFileError:
    """Return what stands in a file, or why it is refused."""
    try:
        return read_file(content, today=TODAY)
    except BadFileError as error:
        return error


def faults(content: bytes) -> list[tuple[int, Fault]]:
    """Return what is wrong with a file, which must be something."""
    with pytest.raises(BadFileError) as bad:
        read_file(content, today=TODAY)
    return [(line.number, line.fault) for line in bad.value.lines]


def test_a_day_that_comes_again_replaces_what_was_known(stores: Stores) -> None:
    for totals in ({Cause.CLOSED: 3, Cause.ENGAGED: 4}, {Cause.CLOSED: 5}, {Cause.CLOSED: 5}):
        with stores.office.begin() as session:
            replace_days(session, {MONDAY: totals, TUESDAY: {Cause.UNKNOWN: 1}})

    with stores.office.read() as session:
        assert missed_of(session, MONDAY) == {Cause.CLOSED: 5}
        assert missed_by_cause(session, first=MONDAY, last=TUESDAY) == {Cause.CLOSED: (5, 1), Cause.UNKNOWN: (1, 1)}
        assert missed_by_cause(session, first=TUESDAY, last=TUESDAY) == {Cause.UNKNOWN: (1, 1)}
        assert days_with_totals(session, first=MONDAY, last=TUESDAY) == 2


def test_a_day_without_totals_is_taken_out_and_zero_is_a_total(stores: Stores) -> None:
    with stores.office.begin() as session:
        replace_days(session, {MONDAY: {Cause.CLOSED: 0}, TUESDAY: {Cause.CLOSED: 2}})
    with stores.office.begin() as session:
        replace_days(session, {TUESDAY: {}})

    with stores.office.read() as session:
        assert missed_by_cause(session, first=MONDAY, last=TUESDAY) == {Cause.CLOSED: (0, 1)}
        assert missed_of(session, TUESDAY) == {}


def test_a_file_by_cause_leaves_the_other_causes_of_its_days(stores: Stores) -> None:
    with stores.office.begin() as session:
        replace_days(session, {MONDAY: {Cause.CLOSED: 3, Cause.ENGAGED: 4}, TUESDAY: {Cause.UNKNOWN: 1}})
    for _ in range(2):
        with stores.office.begin() as session:
            replace_causes(session, {MONDAY: {Cause.ENGAGED: 0}, TUESDAY: {Cause.ENGAGED: 9}})

    with stores.office.read() as session:
        assert missed_of(session, MONDAY) == {Cause.CLOSED: 3, Cause.ENGAGED: 0}
        assert missed_of(session, TUESDAY) == {Cause.UNKNOWN: 1, Cause.ENGAGED: 9}


def test_months_and_years_are_those_that_have_some(stores: Stores) -> None:
    with stores.office.begin() as session:
        replace_days(
            session,
            {
                date(2025, 1, 1): {Cause.CLOSED: 1},
                date(2025, 1, 31): {Cause.CLOSED: 2},
                date(2025, 12, 31): {Cause.ENGAGED: 4},
                date(2026, 1, 1): {Cause.CLOSED: 8},
            },
        )

    with stores.office.read() as session:
        assert missed_by_month(session, year=2025) == {
            date(2025, 1, 1): {Cause.CLOSED: 3},
            date(2025, 12, 1): {Cause.ENGAGED: 4},
        }
        assert missed_by_cause(session, first=LAST_YEAR[0], last=LAST_YEAR[1]) == {
            Cause.CLOSED: (3, 2),
            Cause.ENGAGED: (4, 1),
        }
        assert years_with_totals(session) == [2026, 2025]


def test_ten_years_fit_into_one_file(stores: Stores) -> None:
    days = [date.fromordinal(TODAY.toordinal() - number) for number in range(3650)]
    with stores.office.begin() as session:
        replace_days(session, {day: dict.fromkeys(Cause, 1) for day in days})

    with stores.office.read() as session:
        assert days_with_totals(session, first=days[-1], last=days[0]) == len(days)


def test_the_store_takes_no_number_below_zero(stores: Stores) -> None:
    with pytest.raises(IntegrityError), stores.office.begin() as session:
        session.add(MissedCalls(day=MONDAY, cause=Cause.CLOSED, calls=-1))


@pytest.mark.parametrize(
    "text",
    [
        "day,cause,calls\n2026-11-23,closed,14\n2026-11-23,engaged,3\n2026-11-24,gave up,1\n",
        "dag;oorzaak;oproepen\r\n23-11-2026;gesloten;14\r\n23-11-2026;in gesprek;3\r\n24-11-2026;opgehangen;1\r\n",
        "CALLS\tDay\tCause\n14\t23/11/2026\tClosed\n3\t23/11/2026\tBUSY\n\n1\t24/11/2026\tgave_up\n",
        'day,cause,calls\n"2026-11-23","closed","14"\n2026-11-23 , engaged , 3\n2026-11-24,gave up,1\n,,\n',
        "sep=;\r\nday;cause;calls;;\r\n2026-11-23;closed;14;;\r\n2026-11-23;engaged;3\r\n2026-11-24;gave up;1;\r\n",
        'day,cause,calls\n="2026-11-23",closed,="14"\n"=""2026-11-23""",engaged,=3\n2026-11-24,"=""gave up""",1\n',
    ],
    ids=["english", "dutch", "tabs", "quoted", "padded", "formulas"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_is_read_as_spreadsheets_write_it(text: str, encoding: str) -> None:
    assert read_file(text.encode(encoding), today=TODAY) == {
        MONDAY: {Cause.CLOSED: 14, Cause.ENGAGED: 3},
        TUESDAY: {Cause.GAVE_UP: 1},
    }


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2026-11-23,closed", Fault.CELLS),
        ("2026-11-23,closed,1,0612345678", Fault.CELLS),
        ("yesterday,closed,1", Fault.DAY),
        ("2026-02-30,closed,1", Fault.DAY),
        ("1999-12-31,closed,1", Fault.DAY),
        ("23-11-26,closed,1", Fault.DAY),
        ("2026-11-27,closed,1", Fault.AHEAD),
        ("2026-11-23,lunch,1", Fault.CAUSE),
        ("2026-11-23,closed,many", Fault.CALLS),
        ("2026-11-23,closed,-1", Fault.CALLS),
        ("2026-11-23,closed,1.5", Fault.CALLS),
        ("2026-11-23,closed,100001", Fault.CALLS),
        ("2026-11-23,closed,²", Fault.CALLS),
        ("2026-11-24,closed,1", Fault.TWICE),
    ],
)
def test_a_line_that_is_wrong_is_named_by_its_number(row: str, fault: Fault) -> None:
    assert faults(f"{HEAD}2026-11-24,closed,2\n\n{row}\n".encode()) == [(4, fault)]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    content = f'sep=,\n{HEAD}\n2026-11-24,"lun\nch",2\n2026-11-23,lunch,1\n'

    assert faults(content.encode()) == [(5, Fault.CAUSE), (6, Fault.CAUSE)]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.NO_HEAD),
        (b"PK\x03\x04\x00\x00", Fault.NO_TEXT),
        (b"day,cause\n2026-11-23,closed\n", Fault.NO_HEAD),
        (b"2026-11-23,closed,1\n", Fault.NO_HEAD),
        (HEAD.encode(), Fault.NO_ROWS),
        (b"sep=;\n", Fault.NO_HEAD),
        (b"\xff\xfeday", Fault.NO_HEAD),
        ("day,cause,calls,=0612345678\n2026-11-23,closed,1\n".encode("utf-16"), Fault.MORE_COLUMNS),
        (b"day,cause,calls,number\n2026-11-23,closed,1,0612345678\n", Fault.MORE_COLUMNS),
        (b"day,cause,calls,day\n2026-11-23,closed,1,2026-11-23\n", Fault.MORE_COLUMNS),
        (b'day,cause,calls\n"' + b"x" * 140_000 + b'",closed,1\n', Fault.NO_TEXT),
    ],
    ids=[
        "empty",
        "workbook",
        "two",
        "no head",
        "head alone",
        "mark alone",
        "half a sign",
        "utf-16",
        "callers",
        "doubled",
        "huge cell",
    ],
)
def test_a_file_that_is_none_is_refused_whole(content: bytes, fault: Fault) -> None:
    assert [found for _, found in faults(content)] == [fault]


@given(content=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: (HEAD + text).encode()))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    found = read_or_refused(content)

    if isinstance(found, BadFileError):
        assert found.lines
    else:
        assert found
        assert all(day <= TODAY and calls for day, calls in found.items())
