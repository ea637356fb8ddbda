"""A form's token is ours, of one length, good for one sitting, and says nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.callbacks.form_token import (
    TOKEN_LENGTH,
    ForgedTokenError,
    FormTokenError,
    TokenTooOldError,
    TokenTooYoungError,
    issue_token,
    read_token,
)
from helpline.callbacks.keeping import TOKEN_LEAST_AGE, TOKEN_LIFE
from tests.support.keys import CODE_KEY, FORM_KEY
from tests.support.world import NOW

SECOND = timedelta(seconds=1)
SHOWN = NOW
SENT = SHOWN + timedelta(minutes=5)


def token() -> str:
    return issue_token(key=FORM_KEY, now=SHOWN)


def test_a_token_is_read_and_its_bits_are_its_own() -> None:
    one, other = token(), token()

    bits = read_token(one, key=FORM_KEY, now=SENT).bits

    assert bits == read_token(one, key=FORM_KEY, now=SENT).bits
    assert bits != read_token(other, key=FORM_KEY, now=SENT).bits
    assert len(bits) * 8 == 128


def test_every_token_has_one_length() -> None:
    tokens = [issue_token(key=FORM_KEY, now=SHOWN + timedelta(days=days)) for days in range(0, 20_000, 100)]

    assert {len(each) for each in tokens} == {TOKEN_LENGTH}
    assert all(set(each) <= set(ascii_letters + digits + "-_") for each in tokens)


@given(position=st.integers(0, TOKEN_LENGTH - 1), symbol=st.characters())
def test_a_changed_token_is_forged(position: int, symbol: str) -> None:
    whole = token()
    changed = whole[:position] + symbol + whole[position + 1 :]

    if changed.replace("+", "-").replace("/", "_") == whole:
        return
    with pytest.raises(ForgedTokenError):
        read_token(changed, key=FORM_KEY, now=SENT)


@given(st.text(max_size=2 * TOKEN_LENGTH))
def test_what_is_no_token_is_forged_and_never_breaks(text: str) -> None:
    with pytest.raises(ForgedTokenError):
        read_token(text, key=FORM_KEY, now=SENT)


@pytest.mark.parametrize("length", [0, 1, TOKEN_LENGTH - 4, TOKEN_LENGTH - 1])
def test_a_cut_token_is_forged(length: int) -> None:
    with pytest.raises(ForgedTokenError):
        read_token(token()[:length], key=FORM_KEY, now=SENT)


def test_a_token_of_another_key_is_forged() -> None:
    with pytest.raises(ForgedTokenError):
        read_token(token(), key=CODE_KEY, now=SENT)


def test_a_token_cannot_be_made_younger_by_hand() -> None:
    raw = bytearray(urlsafe_b64decode(token()))
    raw[16:20] = (int.from_bytes(raw[16:20], "big") + 3600).to_bytes(4, "big")

    with pytest.raises(ForgedTokenError):
        read_token(urlsafe_b64encode(raw).decode(), key=FORM_KEY, now=SENT)


@pytest.mark.parametrize(
    ("age", "refused"),
    [
        (timedelta(0), TokenTooYoungError),
        (-timedelta(hours=1), TokenTooYoungError),
        (TOKEN_LEAST_AGE - SECOND, TokenTooYoungError),
        (TOKEN_LIFE + 2 * SECOND, TokenTooOldError),
        (timedelta(days=400), TokenTooOldError),
    ],
    ids=["at once", "from the future", "too young", "too old", "a year old"],
)
def test_a_token_out_of_its_time_is_told_apart_from_a_forged_one(age: timedelta, refused: type[FormTokenError]) -> None:
    with pytest.raises(refused):
        read_token(token(), key=FORM_KEY, now=SHOWN + age)


@pytest.mark.parametrize("age", [TOKEN_LEAST_AGE + SECOND, TOKEN_LIFE - SECOND])
def test_a_token_is_good_for_all_of_its_life(age: timedelta) -> None:
    assert read_token(token(), key=FORM_KEY, now=SHOWN + age).bits


def test_whoever_is_known_may_be_quick() -> None:
    assert read_token(token(), key=FORM_KEY, now=SHOWN, least_age=timedelta()).bits
