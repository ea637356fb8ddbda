"""A passphrase is long enough, worth nothing without the pepper, and kind to the hand that types it."""

import math

import pytest
from argon2 import extract_parameters

from helpline.codes import words_of
from helpline.crypto.digest import subkey
from helpline.crypto.passwords import (
    PASSPHRASE_BITS,
    WRAPPING_KEY_BYTES,
    Cost,
    hash_passphrase,
    is_passphrase,
    new_passphrase,
    new_salt,
    wrapping_key,
)
from tests.support.keys import OFFICE_PEPPER

CHEAP = Cost(memory=8, passes=1)
PEPPER = subkey(OFFICE_PEPPER, label="passphrases")
OTHER_PEPPER = subkey(OFFICE_PEPPER, label="something else")
PASSPHRASE = "river-candle-window-apple"
SALT = bytes(range(16))
HASHED = hash_passphrase(PASSPHRASE, pepper=PEPPER, cost=CHEAP)


@pytest.mark.parametrize("length", [2, 1024, 2048, 7776])
def test_a_passphrase_holds_the_bits_it_must_whatever_the_list(length: int) -> None:
    words = [f"word{number}" for number in range(length)]

    drawn = new_passphrase(words).split("-")

    assert len(drawn) * math.log2(length) >= PASSPHRASE_BITS
    assert (len(drawn) - 1) * math.log2(length) < PASSPHRASE_BITS
    assert set(drawn) <= set(words)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_our_own_lists_make_different_passphrases(language: str) -> None:
    assert len({new_passphrase(words_of(language)) for _ in range(200)}) == 200


@pytest.mark.parametrize(
    "typed",
    [
        PASSPHRASE,
        PASSPHRASE.upper(),
        "river candle window apple",
        "  River  Candle-Window\tapple\n",
        "river--candle window apple",
    ],
)
def test_a_passphrase_is_known_in_any_case_and_spacing(typed: str) -> None:
    assert is_passphrase(typed, hashed=HASHED, pepper=PEPPER)
    assert wrapping_key(typed, salt=SALT, pepper=PEPPER, cost=CHEAP) == wrapping_key(
        PASSPHRASE, salt=SALT, pepper=PEPPER, cost=CHEAP
    )


@pytest.mark.parametrize(
    "typed", ["", "river", "rivercandlewindowapple", PASSPHRASE + "s", "apple-window-candle-river"]
)
def test_another_passphrase_is_refused(typed: str) -> None:
    assert not is_passphrase(typed, hashed=HASHED, pepper=PEPPER)
    assert wrapping_key(typed, salt=SALT, pepper=PEPPER, cost=CHEAP) != wrapping_key(
        PASSPHRASE, salt=SALT, pepper=PEPPER, cost=CHEAP
    )


def test_a_stolen_hash_is_worth_nothing_without_the_pepper() -> None:
    assert not is_passphrase(PASSPHRASE, hashed=HASHED, pepper=OTHER_PEPPER)
    assert wrapping_key(PASSPHRASE, salt=SALT, pepper=OTHER_PEPPER, cost=CHEAP) != wrapping_key(
        PASSPHRASE, salt=SALT, pepper=PEPPER, cost=CHEAP
    )


@pytest.mark.parametrize(
    "hashed", ["", "plain", "$argon2id$v=19$broken", HASHED[:-1]], ids=["nothing", "plain", "broken", "cut short"]
)
def test_a_damaged_hash_lets_nobody_in(hashed: str) -> None:
    assert not is_passphrase(PASSPHRASE, hashed=hashed, pepper=PEPPER)


def test_the_same_passphrase_is_hashed_with_another_salt_each_time() -> None:
    assert hash_passphrase(PASSPHRASE, pepper=PEPPER, cost=CHEAP) != HASHED
    assert len({new_salt() for _ in range(100)}) == 100


def test_the_salt_of_the_wrapping_key_matters() -> None:
    keys = {wrapping_key(PASSPHRASE, salt=new_salt(), pepper=PEPPER, cost=CHEAP) for _ in range(10)}

    assert len(keys) == 10
    assert {len(key) for key in keys} == {WRAPPING_KEY_BYTES}


def test_the_default_cost_is_what_the_threat_model_promises() -> None:
    parameters = extract_parameters(hash_passphrase(PASSPHRASE, pepper=PEPPER, cost=Cost()))

    assert parameters.type.name == "ID"
    assert parameters.memory_cost >= 64 * 1024
    assert parameters.time_cost >= 3


def test_a_hash_names_the_cost_it_was_made_at() -> None:
    other = Cost(memory=16, passes=2, lanes=2)

    assert Cost.of(hash_passphrase(PASSPHRASE, pepper=PEPPER, cost=other), otherwise=CHEAP) == other
    for damaged in ("", "plain", "$argon2id$v=19$broken"):
        assert Cost.of(damaged, otherwise=CHEAP) == CHEAP
