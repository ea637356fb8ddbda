"""What only a lawyer and a clinician may answer: never a word before both have signed it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from helpline.languages import LANGUAGES
from helpline.programme.agreed import Answer, asked, is_signed
from helpline.programme.pages import Signature
from helpline.programme.placeholders import INLINE, placeholders_in
from helpline.programme.signposts import Pack
from helpline.programme.words import QUESTIONS, Words
from tests.programme.test_packs import broken

REAL = ("nl", "gb-eng", "be-vlg", "be-fr", "de")


def signatures(*roles: str) -> tuple[Signature, ...]:
    return tuple(Signature(role, "a name", signed_on="2026-11-01", version="1") for role in roles)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_six_questions_are_asked_in_every_language(words: Mapping[str, Words], language: str) -> None:
    found = asked((), words=words[language])

    assert len({it.question for it in found}) == len(QUESTIONS) == 6
    assert all(it.question.endswith("?") and it.answer is None for it in found)


@pytest.mark.parametrize("roles", [(), ("lawyer",), ("clinician",), ("lawyer", "survivors", "experience")])
def test_an_answer_that_one_of_the_two_has_not_signed_is_not_given(
    words: Mapping[str, Words], roles: tuple[str, ...]
) -> None:
    answer = Answer(id="police", said={"en": "So it is."}, signed=signatures(*roles))

    assert not is_signed(answer.signed)
    assert not any(it.answer for it in asked((answer,), words=words["en"]))


def test_a_signed_answer_is_given_word_for_word_in_the_languages_that_have_it(words: Mapping[str, Words]) -> None:
    answer = Answer(id="police", said={"en": "So it is."}, signed=signatures("lawyer", "clinician"))

    english, dutch = (asked((answer,), words=words[language]) for language in ("en", "nl"))
    assert [(it.question, it.answer) for it in english if it.answer] == [("Will the police come?", "So it is.")]
    assert not any(it.answer for it in dutch)


@pytest.mark.parametrize("code", REAL)
def test_packs_ship_without_an_answer_and_without_a_signature(packs: Mapping[str, Pack], code: str) -> None:
    pack = packs[code]

    assert [answer.id for answer in pack.answers] == list(QUESTIONS)
    assert not any(answer.said or answer.signed for answer in pack.answers)
    assert not pack.is_signed
    assert not any(scheme.is_signed for scheme in pack.schemes)
    assert not pack.reporting.lines


def test_a_scheme_is_named_in_the_dutch_pack_only(packs: Mapping[str, Pack]) -> None:
    schemes = {code: [scheme.names["nl"] for scheme in packs[code].schemes] for code in REAL}

    assert schemes.pop("nl") == ["INDIGO"]
    assert not any(schemes.values())


def test_duties_to_report_are_said_only_when_both_have_signed(packs: Mapping[str, Pack]) -> None:
    reporting = packs["xx"].reporting

    assert reporting.signed_lines("en") == ("In Inventia you may report to {child_protection}.",)
    assert reporting.signed_lines("fr") == ()
    assert replace(reporting, signed=reporting.signed[:1]).signed_lines("en") == ()
    assert packs["nl"].reporting.signed_lines("nl") == ()


def test_the_words_for_what_is_not_signed_name_no_number(words: Mapping[str, Words]) -> None:
    for known in words.values():
        assert not [name for text in (*known.asked.values(), *known.unsaid.values()) for name in placeholders_in(text)]
    assert words["en"].unsaid["answer"] == (
        "We cannot answer that here. A lawyer can, in confidence; a counsellor can talk about how it weighs on you."
    )


def test_what_is_wrong_with_signed_words_is_told_at_once(tmp_path: Path) -> None:
    faults = broken(
        tmp_path,
        ('id = "police"\nanswer', 'id = "therapist"\nanswer'),
        ("Vraag het aan {lawyer}.", "Vraag het aan {somebody}."),
        ('{ role = "clinician", name', '{ role = "friend", name'),
        ('date = "2026-11-01"', 'date = "soon"'),
        ("[[scheme]]\n", '[[scheme]]\nprice = "x"\n'),
        ('lines = { nl = ["In Verzonland mag', 'sentences = { nl = ["In Verzonland mag'),
    )

    for fault in (
        "xx/pack.toml.answer must be without an id twice",
        "xx/pack.toml: {somebody} is not a placeholder here",
        "xx/pack.toml.answer[0].signed[1].role must be one of clinician, survivors, lawyer, experience",
        'xx/pack.toml.answer[0].signed[0].date must be a date as "2026-01-31"',
        "xx/pack.toml.scheme[0].price must be left out: nothing reads it",
        "xx/pack.toml.reporting.sentences must be left out: nothing reads it",
        "xx/pack.toml.reporting.signed must be empty while there are no words to stand for",
    ):
        assert fault in faults


def test_an_answer_to_a_question_that_nobody_agreed_on_is_a_fault(tmp_path: Path) -> None:
    assert broken(tmp_path, ('id = "therapist"', 'id = "weather"')) == (
        f"xx/pack.toml.answer[1].id must be one of {', '.join(QUESTIONS)}",
    )


def test_nobody_signs_an_answer_that_is_not_there(tmp_path: Path) -> None:
    text = '{ nl = "Hier staat alleen één van de twee voor in.", en = "One of the two alone stands for this." }'

    assert broken(tmp_path, (text, '{ nl = "", en = "" }')) == (
        "xx/pack.toml.answer[1].signed must be empty while there are no words to stand for",
    )


def test_answers_may_name_the_services_of_their_pack(packs: Mapping[str, Pack]) -> None:
    (police, _) = packs["xx"].answers

    assert placeholders_in(police.said["en"]) == ["lawyer"]
    assert "lawyer" in INLINE
