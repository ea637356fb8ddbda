"""A code is read in any hand, every slip of the pen is noticed, and its words follow from it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.codes import (
    ALPHABET,
    LANGUAGES,
    LENGTH,
    SECRET_SYMBOLS,
    AccessCode,
    UnreadableCodeError,
    call_words,
    code_digest,
    derive_code,
    draw_code,
    grouped,
    language_of,
    read_code,
    words_of,
)
from helpline.crypto.digest import subkey
from tests.support.keys import CODE_KEY, FORM_KEY

KEY = subkey(CODE_KEY, label="code")
WORDS_KEY = subkey(CODE_KEY, label="words")
LOOKS_LIKE = {"0": "0Oo", "1": "1IiLl", "V": "VvUu"}

languages = st.sampled_from(sorted(LANGUAGES.values()))
codes = st.builds(lambda secret, language: derive_code(secret, language=language, key=KEY), st.binary(), languages)


@st.composite
def hands(draw: st.DrawFn) -> tuple[AccessCode, str]:
    """Draw a code, and the same code as somebody may write it."""
    code = draw(codes)
    written = ""
    for symbol in code:
        written += draw(st.text(" -._/\t\n", max_size=2))
        written += draw(st.sampled_from(LOOKS_LIKE.get(symbol, symbol + symbol.lower())))
    return code, written


@given(hands())
def test_a_code_is_read_in_any_grouping_case_and_look_alike(hand: tuple[AccessCode, str]) -> None:
    code, written = hand

    assert read_code(written) == code


@given(codes)
def test_a_code_is_read_as_it_is_shown(code: AccessCode) -> None:
    assert read_code(grouped(code)) == code
    assert [len(group) for group in grouped(code).split(" ")] == [3] * 6


@given(code=codes, position=st.integers(0, LENGTH - 1), symbol=st.sampled_from(ALPHABET))
def test_every_single_wrong_symbol_is_noticed(code: AccessCode, position: int, symbol: str) -> None:
    wrong = code[:position] + symbol + code[position + 1 :]

    if wrong == code:
        assert read_code(wrong) == code
    else:
        with pytest.raises(UnreadableCodeError):
            read_code(wrong)


@given(code=codes, position=st.integers(0, LENGTH - 2))
def test_every_swap_of_two_neighbours_is_noticed(code: AccessCode, position: int) -> None:
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]

    if swapped == code:
        assert read_code(swapped) == code
    else:
        with pytest.raises(UnreadableCodeError):
            read_code(swapped)


@given(st.text(max_size=40))
def test_what_is_no_code_is_refused_and_never_breaks(typed: str) -> None:
    with pytest.raises(UnreadableCodeError):
        read_code(typed)


@given(code=codes, more=st.sampled_from(ALPHABET))
def test_a_code_that_is_cut_or_grown_is_refused(code: AccessCode, more: str) -> None:
    for typed in ("", code[:-1], code[1:], code + more, more + code):
        with pytest.raises(UnreadableCodeError):
            read_code(typed)


def test_a_code_of_no_language_of_ours_is_refused() -> None:
    # All zeros have a right check symbol; only the first symbol is wrong.
    with pytest.raises(UnreadableCodeError):
        read_code("0" * LENGTH)


@given(secret=st.binary(), language=languages)
def test_the_same_secret_gives_the_same_code_under_the_same_key_only(secret: bytes, language: str) -> None:
    code = derive_code(secret, language=language, key=KEY)

    assert code == derive_code(secret, language=language, key=KEY)
    assert code != derive_code(secret + b"!", language=language, key=KEY)
    assert code != derive_code(secret, language=language, key=subkey(FORM_KEY, label="code"))


@given(secret=st.binary(), language=languages)
def test_a_code_names_the_language_of_its_words(secret: bytes, language: str) -> None:
    assert language_of(derive_code(secret, language=language, key=KEY)) == language


def test_a_code_holds_eighty_bits() -> None:
    """Each of the secret symbols takes all 32 values, and none more often than chance gives."""
    drawn = [draw_code(language="nl") for _ in range(3200)]

    assert SECRET_SYMBOLS * 5 >= 80
    for position in range(1, 1 + SECRET_SYMBOLS):
        seen = Counter(code[position] for code in drawn)
        assert set(seen) == set(ALPHABET)
        assert max(seen.values()) < 180  # 100 are expected; 180 are eight deviations away


def test_drawn_codes_are_read_and_never_the_same() -> None:
    drawn = {draw_code(language="en") for _ in range(500)}

    assert len(drawn) == 500
    assert all(read_code(code) == code for code in drawn)


def test_the_digest_of_a_code_depends_on_its_key() -> None:
    code = draw_code(language="nl")

    assert code_digest(code, key=KEY) == code_digest(code, key=KEY)
    assert code_digest(code, key=KEY) != code_digest(code, key=WORDS_KEY)
    assert code_digest(code, key=KEY) != code_digest(draw_code(language="nl"), key=KEY)


@given(code=codes, count=st.integers(2, 50))
def test_the_two_halves_of_a_call_word_differ(code: AccessCode, count: int) -> None:
    words = [f"word{number}" for number in range(count)]

    first, second = call_words(code, words=words, key=WORDS_KEY)

    assert first != second
    assert {first, second} <= set(words)
    assert (first, second) == call_words(code, words=words, key=WORDS_KEY)


def test_the_call_words_do_not_follow_from_the_code_without_the_key() -> None:
    drawn = [draw_code(language="nl") for _ in range(50)]
    words = words_of("nl")
    one = [call_words(code, words=words, key=WORDS_KEY) for code in drawn]
    other = [call_words(code, words=words, key=KEY) for code in drawn]

    assert sum(mine == theirs for mine, theirs in zip(one, other, strict=True)) == 0
    assert len({first for first, _ in one}) > 40
    assert len({second for _, second in one}) > 40


@pytest.mark.parametrize("language", sorted(LANGUAGES.values()))
def test_a_list_of_words_is_long_plain_and_without_doubles(language: str) -> None:
    words = words_of(language)

    assert len(words) >= 1024
    assert len(set(words)) == len(words)
    assert all(word.isascii() and word.islower() and word.isalpha() for word in words)
