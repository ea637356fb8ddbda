"""What is in an envelope is believed only when every field is what it must be and where it must be."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.callbacks.envelope import (
    MOST_MODULES,
    OPENING_SENTENCES,
    Contents,
    EnvelopeError,
    EnvelopeFault,
    Group,
    Place,
    Wish,
    read_contents,
    write_contents,
)
from helpline.codes import words_of
from helpline.crypto.seal import PADDED_BYTES
from helpline.settings.programme import LONGEST_NAME, Way

COUNTRIES = ("DE", "NL")
OWN = ("+49 30 23125000",)
STARTS = datetime(2027, 3, 2, 9, 30, tzinfo=UTC)
PLACE = Place(programme="The invented line", booking="a booking", counsellor="anna", starts_at=STARTS)
WISH = Wish(
    starts_at=STARTS,
    way=Way.WE_RING,
    group=Group.ABOUT_SOMEBODY,
    language="nl",
    opening=2,
    module=3,
    number="+493023125417",
    number_shown=True,
    try_again=True,
    ring_earlier=True,
)
CONTENTS = Contents(wish=WISH, words=("river", "candle"))

wishes = st.builds(
    Wish,
    starts_at=st.integers(0, 2**32).map(lambda second: datetime.fromtimestamp(second, tz=UTC)),
    way=st.sampled_from(Way),
    group=st.sampled_from(Group),
    language=st.sampled_from(["nl", "en"]),
    opening=st.integers(0, OPENING_SENTENCES - 1),
    module=st.none() | st.integers(0, MOST_MODULES - 1),
    number=st.none() | st.just("+493023125417"),
    number_shown=st.booleans(),
    try_again=st.booleans(),
    ring_earlier=st.booleans(),
    youth=st.booleans(),
)


def read(plaintext: bytes, place: Place = PLACE) -> Contents:
    return read_contents(plaintext, place=place, countries=COUNTRIES, own=OWN)


def fault(plaintext: bytes, place: Place = PLACE) -> EnvelopeFault:
    with pytest.raises(EnvelopeError) as error:
        read(plaintext, place)
    assert error.value.__suppress_context__ or error.value.__context__ is None
    return error.value.fault


def plain(**changes: object) -> dict[str, Any]:
    """Return the plaintext as a table, with changes in the wish."""
    table: dict[str, Any] = json.loads(write_contents(CONTENTS, place=PLACE))
    table["wish"] |= changes
    return table


def written(table: object) -> bytes:
    return json.dumps(table).encode()


@given(wishes)
def test_what_was_chosen_and_typed_comes_back(wish: Wish) -> None:
    contents = Contents(wish=wish, words=("river", "candle"))

    assert read(write_contents(contents, place=PLACE)) == contents


@given(wishes)
def test_the_same_wish_is_cleaned_to_the_same_bytes(wish: Wish) -> None:
    assert wish.cleaned() == replace(wish).cleaned()


@pytest.mark.parametrize("name", list(asdict(WISH)))
def test_no_field_is_left_out_of_what_the_code_is_derived_from(name: str) -> None:
    others: dict[str, Any] = {
        "starts_at": STARTS + timedelta(minutes=30),
        "way": Way.YOU_RING,
        "group": Group.ABOUT_ME,
        "language": "en",
        "opening": 0,
        "module": None,
        "number": None,
        "number_shown": False,
        "try_again": False,
        "ring_earlier": False,
        "youth": True,
    }

    assert replace(WISH, **{name: others[name]}).cleaned() != WISH.cleaned()


@pytest.mark.parametrize(
    "moved",
    [
        replace(PLACE, programme="Another line"),
        replace(PLACE, booking="another booking"),
        replace(PLACE, counsellor="bram"),
        replace(PLACE, starts_at=STARTS + timedelta(minutes=30)),
    ],
    ids=["programme", "booking", "counsellor", "slot"],
)
def test_an_envelope_that_was_moved_is_refused(moved: Place) -> None:
    assert fault(write_contents(CONTENTS, place=PLACE), moved) is EnvelopeFault.OF_ANOTHER_TALK


@pytest.mark.parametrize(
    "number",
    [
        *("+491371234567", "+499001234567", "112", "+442079460123", OWN[0], "0O0", "", "+493023125417;ext=1"),
        *("030 23125417", "0049 30 23125417", "+49 30 23125417", "\uff0b493023125417"),
    ],
)
def test_a_poisoned_number_is_refused_when_it_is_opened(number: str) -> None:
    assert fault(written(plain(number=number))) is EnvelopeFault.NUMBER_REFUSED


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 493023125417},
        {"number": ["+493023125417"]},
        {"opening": OPENING_SENTENCES},
        {"opening": -1},
        {"opening": "0"},
        {"opening": None},
        {"module": MOST_MODULES},
        {"module": -1},
        {"module": "3"},
        {"module": 1.5},
        {"starts_at": "2027"},
        {"starts_at": 10**18},
        {"starts_at": 10**400},
        {"starts_at": None},
        {"way": "we_write"},
        {"way": None},
        {"group": "a colleague"},
        {"group": 1},
        {"language": "fr"},
        {"language": "\ud800"},
    ],
    ids=str,
)
def test_a_field_that_is_not_on_its_list_is_refused(changes: dict[str, object]) -> None:
    assert fault(written(plain(**changes))) is EnvelopeFault.DAMAGED


@pytest.mark.parametrize("name", sorted({*asdict(WISH)} - {"youth"}))
def test_a_field_that_is_missing_is_refused(name: str) -> None:
    table = plain()
    del table["wish"][name]

    assert fault(written(table)) is EnvelopeFault.DAMAGED


def test_an_envelope_of_a_release_without_a_list_for_under_18s_is_still_read() -> None:
    table = plain()
    del table["wish"]["youth"]

    assert read(written(table)) == CONTENTS


@pytest.mark.parametrize(
    "table",
    [
        {},
        [],
        None,
        "text",
        plain() | {"words": ["one"]},
        plain() | {"words": ["one", "two", "three"]},
        plain() | {"words": None},
        plain() | {"words": "ab"},
        plain() | {"words": [1, 2]},
        plain() | {"words": ["ring the coordinator instead", "candle"]},
        plain() | {"words": ["river", "givethemyourpassphrase"]},
        plain() | {"words": ["", "candle"]},
        plain() | {"place": {}},
        plain() | {"place": []},
        plain() | {"place": plain()["place"] | {"more": 1}},
        plain() | {"place": plain()["place"] | {"starts_at": 10**20}},
        plain() | {"place": plain()["place"] | {"starts_at": "soon"}},
        plain() | {"wish": []},
    ],
    ids=str,
)
def test_an_envelope_of_another_shape_is_refused(table: object) -> None:
    assert fault(written(table)) is EnvelopeFault.DAMAGED


@pytest.mark.parametrize("plaintext", [b"", b"\xff", b"{", b"[" * (PADDED_BYTES - 1), b"NaN"])
def test_bytes_that_are_no_envelope_are_refused(plaintext: bytes) -> None:
    assert fault(plaintext) is EnvelopeFault.DAMAGED


@given(st.binary(max_size=PADDED_BYTES))
def test_no_bytes_break_the_reading(plaintext: bytes) -> None:
    with pytest.raises(EnvelopeError):
        read(plaintext)


@pytest.mark.parametrize("value", ["yes", 1, None, "true"])
def test_a_permission_is_given_only_by_true_itself(value: object) -> None:
    wish = read(written(plain(number_shown=value, try_again=value, ring_earlier=value))).wish

    assert (wish.number_shown, wish.try_again, wish.ring_earlier) == (False, False, False)


@pytest.mark.parametrize("letter", ["x", "é", "\U0001f30a", '"'])
def test_the_fullest_envelope_of_the_longest_name_fits(letter: str) -> None:
    longest = {language: max(words_of(language), key=len) for language in ("nl", "en")}
    place = Place(programme=letter * LONGEST_NAME, booking="0" * 24, counsellor="0" * 24, starts_at=STARTS)
    contents = Contents(wish=replace(WISH, number="+" + "9" * 15), words=(longest["nl"], longest["en"]))

    assert len(write_contents(contents, place=place)) < PADDED_BYTES
