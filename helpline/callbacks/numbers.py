"""Which telephone numbers we ring."""

import enum
from collections.abc import Sequence

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

RINGABLE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
MOST_SYMBOLS = 40
"""Longer than any number with all its spaces; what is longer is not looked at."""


class NumberFault(enum.StrEnum):
    """Why a number is refused, for the words on the page."""

    UNREADABLE = "unreadable"
    OTHER_COUNTRY = "other_country"
    NOT_RINGABLE = "not_ringable"
    OURS = "ours"


class RefusedNumberError(Exception):
    """We cannot ring this number; ``fault`` says why, and the number itself is not in here."""

    def __init__(self, fault: NumberFault) -> None:
        """Keep the *fault* only."""
        super().__init__(fault.value)
        self.fault = fault


def read_number(typed: str, *, countries: Sequence[str], own: Sequence[str]) -> str:
    """Return the number in *typed* in E.164 form, read as people of the first of *countries* write it.

    Mobile and fixed lines of *countries* only; premium, shared-cost, satellite and emergency numbers are none of these.

    Raises:
        RefusedNumberError: with the reason.
    """
    number = _parsed(typed, region=countries[0])
    if phonenumbers.region_code_for_number(number) not in countries:
        raise RefusedNumberError(NumberFault.OTHER_COUNTRY)
    if phonenumbers.number_type(number) not in RINGABLE:
        raise RefusedNumberError(NumberFault.NOT_RINGABLE)
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if written in {_own(line, region=countries[0]) for line in own}:
        raise RefusedNumberError(NumberFault.OURS)
    return written


def readable_number(number: str) -> str:
    """Return an E.164 *number* grouped as it is read aloud, with its country code."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


def _parsed(typed: str, *, region: str) -> PhoneNumber:
    # The library would read letters as a telephone's keys (O as 6), and a stranger's telephone would ring.
    if len(typed) > MOST_SYMBOLS or any(symbol.isalpha() for symbol in typed):
        raise RefusedNumberError(NumberFault.UNREADABLE)
    try:
        number = phonenumbers.parse(typed, region)
    except NumberParseException:
        # The cause would carry what was typed into a traceback.
        raise RefusedNumberError(NumberFault.UNREADABLE) from None
    # An extension is lost in E.164: the switchboard of somebody's work would answer.
    if number.extension or not phonenumbers.is_valid_number(number):
        raise RefusedNumberError(NumberFault.UNREADABLE)
    return number


def _own(line: str, *, region: str) -> str:
    try:
        return phonenumbers.format_number(phonenumbers.parse(line, region), PhoneNumberFormat.E164)
    except NumberParseException:
        return ""
