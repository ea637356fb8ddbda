"""An envelope opens with its reader's key and its day's key together, and with nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox

from helpline.crypto.opening import (
    CannotOpenError,
    KeyPair,
    new_key,
    open_sealed,
    opening_pair,
    public_half,
    sign,
    signing_pair,
    unwrap,
    wrap,
)
from helpline.crypto.seal import PADDED_BYTES, SEALED_BYTES, ReaderKeys, TooLongToSealError, is_signed, seal

READER = opening_pair()
DAY = opening_pair()
STRANGER = opening_pair()
SIGNER = signing_pair()


def sealed(plaintext: bytes, *, reader: KeyPair = READER, day: KeyPair = DAY) -> bytes:
    return seal(plaintext, keys=ReaderKeys(reader=reader.public, day=day.public))


@given(st.binary(max_size=PADDED_BYTES - 1))
def test_what_was_sealed_comes_back_whole(plaintext: bytes) -> None:
    assert open_sealed(sealed(plaintext), reader=READER.private, day=DAY.private) == plaintext


@given(st.binary(max_size=PADDED_BYTES - 1))
def test_every_envelope_has_the_same_length(plaintext: bytes) -> None:
    assert len(sealed(plaintext)) == SEALED_BYTES


def test_sealing_the_same_twice_gives_two_envelopes_that_share_nothing() -> None:
    one, other = sealed(b"the same"), sealed(b"the same")

    assert not {one[start : start + 8] for start in range(SEALED_BYTES - 8)} & {
        other[start : start + 8] for start in range(SEALED_BYTES - 8)
    }


def test_what_is_longer_than_every_envelope_is_not_sealed() -> None:
    with pytest.raises(TooLongToSealError):
        sealed(bytes(PADDED_BYTES))


@pytest.mark.parametrize(
    ("reader", "day"),
    [(STRANGER, DAY), (READER, STRANGER), (DAY, READER), (READER, READER), (DAY, DAY)],
    ids=["wrong reader", "wrong day", "both swapped", "reader twice", "day twice"],
)
def test_one_right_key_opens_nothing(reader: KeyPair, day: KeyPair) -> None:
    with pytest.raises(CannotOpenError):
        open_sealed(sealed(b"a number"), reader=reader.private, day=day.private)


@given(position=st.integers(0, SEALED_BYTES - 1), change=st.integers(1, 255))
def test_one_changed_byte_opens_nothing(position: int, change: int) -> None:
    damaged = bytearray(sealed(b"a number"))
    damaged[position] ^= change

    with pytest.raises(CannotOpenError):
        open_sealed(bytes(damaged), reader=READER.private, day=DAY.private)


@pytest.mark.parametrize("length", [0, 1, 47, SEALED_BYTES - 1])
def test_a_cut_envelope_opens_nothing(length: int) -> None:
    with pytest.raises(CannotOpenError):
        open_sealed(sealed(b"a number")[:length], reader=READER.private, day=DAY.private)


@pytest.mark.parametrize(
    "padded",
    [
        bytes(PADDED_BYTES),
        b"",
        b"text\x80",
        b"text\x80" + bytes(PADDED_BYTES),
        b"text\x80more".ljust(PADDED_BYTES, b"\0"),
    ],
    ids=["no mark", "empty", "too short", "too long", "text behind the mark"],
)
def test_an_envelope_of_another_make_opens_nothing(padded: bytes) -> None:
    inner = SealedBox(PublicKey(READER.public)).encrypt(padded)
    by_hand = SealedBox(PublicKey(DAY.public)).encrypt(inner)

    with pytest.raises(CannotOpenError):
        open_sealed(by_hand, reader=READER.private, day=DAY.private)


def test_a_private_key_shows_in_no_repr() -> None:
    assert repr(READER.private) not in repr(READER)
    assert READER.private.hex() not in repr(READER)


def test_the_public_half_belongs_to_the_private_one() -> None:
    assert public_half(READER.private) == READER.public


@given(st.binary(max_size=200))
def test_what_was_wrapped_comes_back_with_its_key_only(secret: bytes) -> None:
    key = new_key()
    wrapped = wrap(secret, key=key)

    assert unwrap(wrapped, key=key) == secret
    with pytest.raises(CannotOpenError):
        unwrap(wrapped, key=new_key())


def test_a_changed_wrapping_is_refused() -> None:
    key = new_key()
    wrapped = wrap(b"a private key", key=key)

    for position in range(len(wrapped)):
        damaged = wrapped[:position] + bytes([wrapped[position] ^ 1]) + wrapped[position + 1 :]
        with pytest.raises(CannotOpenError):
            unwrap(damaged, key=key)


def test_new_keys_differ() -> None:
    assert len({new_key() for _ in range(100)}) == 100


def test_a_signature_holds_for_its_message_and_its_signer_only() -> None:
    signature = sign(b"a roster", private=SIGNER.private)

    assert is_signed(b"a roster", signature=signature, key=SIGNER.public)
    assert not is_signed(b"another roster", signature=signature, key=SIGNER.public)
    assert not is_signed(b"a roster", signature=signature, key=signing_pair().public)
    assert not is_signed(b"a roster", signature=sign(b"x", private=SIGNER.private), key=SIGNER.public)


@pytest.mark.parametrize("signature", [b"", b"short", bytes(63), bytes(64), bytes(65)])
def test_what_is_no_signature_is_not_believed(signature: bytes) -> None:
    assert not is_signed(b"a roster", signature=signature, key=SIGNER.public)


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33)])
def test_what_is_no_key_verifies_nothing(key: bytes) -> None:
    assert not is_signed(b"a roster", signature=sign(b"a roster", private=SIGNER.private), key=key)
