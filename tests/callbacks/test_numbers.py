"""We ring mobile and fixed lines of the programme's countries, as they are usually written, and nothing else.

The numbers are reserved for invented people (Germany, France and the United Kingdom set such ranges aside), the
helpline's own, or of kinds that nobody can be behind.
"""

import pytest

from helpline.callbacks.numbers import NumberFault, RefusedNumberError, read_number, readable_number

COUNTRIES = ("DE", "FR")
OWN = ("030 23125 000", "+49 30 23125001")

MOBILE = "+491729925904"
FIXED = "+493023125417"


def fault(typed: str, *, countries: tuple[str, ...] = COUNTRIES, own: tuple[str, ...] = OWN) -> NumberFault:
    with pytest.raises(RefusedNumberError) as refused:
        read_number(typed, countries=countries, own=own)
    return refused.value.fault


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0172 9925904", MOBILE),
        ("0172/9925904", MOBILE),
        ("(0172) 99 25 904", MOBILE),
        ("+49 172 9925904", MOBILE),
        ("0049 172 9925904", MOBILE),
        ("  0172-9925904 ", MOBILE),
        ("030 23125 417", FIXED),
        ("+49 (0)30 23125417", FIXED),
        ("+33 1 99 00 12 34", "+33199001234"),
        ("0033199001234", "+33199001234"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: str) -> None:
    assert read_number(typed, countries=COUNTRIES, own=OWN) == number


def test_a_number_without_a_country_is_of_the_first_country() -> None:
    assert read_number("01 99 00 12 34", countries=("FR", "DE"), own=()) == "+33199001234"


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "+", "0", "0172", "0172 9925904 0172 9925904", "0172 99259O4", "O172 9925904"),
        *("030 23125 417 ext. 5", "030 23125417x5", "030 23125417#5", "tel:030-23125-417;ext=5"),
        *("030 2312NUR", "112", "110", "+49 112", "1" * 41, "0172 9925904" + " " * 40, "\0" * 12),
        *("+33 6 39 98 12 34", "+44 7700 900123"),  # reserved in ranges that the numbering plan leaves empty
    ],
)
def test_what_is_no_whole_number_is_unreadable(typed: str) -> None:
    assert fault(typed) is NumberFault.UNREADABLE


@pytest.mark.parametrize("typed", ["+44 20 7946 0123", "+1 202 555 0123", "+881 6 1234 5678", "+882 16 12345678"])
def test_a_number_of_another_country_or_of_a_satellite_is_refused(typed: str) -> None:
    assert fault(typed) is NumberFault.OTHER_COUNTRY


@pytest.mark.parametrize("typed", ["0900 1234567", "0137 1234567", "0700 12345678", "+33 899 12 34 56"])
def test_a_number_that_costs_or_follows_somebody_is_not_rung(typed: str) -> None:
    assert fault(typed) is NumberFault.NOT_RINGABLE


@pytest.mark.parametrize("typed", ["030 23125000", "+49 30 23125 000", "030/23125001"])
def test_our_own_numbers_are_not_rung(typed: str) -> None:
    assert fault(typed) is NumberFault.OURS


def test_an_own_number_that_cannot_be_read_refuses_nobody() -> None:
    assert read_number("0172 9925904", countries=COUNTRIES, own=("see the poster",)) == MOBILE


@pytest.mark.parametrize("typed", ["0172 99259O4", "0900 1234567", "+44 20 7946 0123"])
def test_a_refusal_never_repeats_what_was_typed(typed: str) -> None:
    with pytest.raises(RefusedNumberError) as refused:
        read_number(typed, countries=COUNTRIES, own=OWN)

    assert typed not in repr(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_number_is_shown_in_groups_with_its_country() -> None:
    assert readable_number(FIXED) == "+49 30 23125417"
    assert readable_number("+33199001234") == "+33 1 99 00 12 34"
