"""A keyed digest tells nothing without its key, and no key serves two purposes."""

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from helpline.crypto.digest import DIGEST_BYTES, is_same, keyed_digest, subkey
from tests.support.keys import CODE_KEY, FORM_KEY

LABELS = ("code", "digest", "words", "form token")


def test_a_digest_is_hmac_sha_256() -> None:
    key = subkey(CODE_KEY, label="digest")

    assert keyed_digest(b"a code", key=key) == hmac.new(key, b"a code", hashlib.sha256).digest()
    assert len(keyed_digest(b"a code", key=key)) == DIGEST_BYTES


def test_one_key_gives_each_purpose_its_own() -> None:
    assert len({subkey(CODE_KEY, label=label) for label in LABELS}) == len(LABELS)


def test_two_keys_share_no_subkey() -> None:
    assert not {subkey(CODE_KEY, label=label) for label in LABELS} & {subkey(FORM_KEY, label=label) for label in LABELS}


def test_a_subkey_is_never_the_key_itself() -> None:
    assert all(subkey(CODE_KEY, label=label) != CODE_KEY for label in (*LABELS, ""))


@given(st.binary(), st.binary())
def test_secrets_are_the_same_only_when_every_byte_is(one: bytes, other: bytes) -> None:
    assert is_same(one, one)
    assert is_same(one, other) == (one == other)
