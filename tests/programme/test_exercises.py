"""Exercises: answers are checked, carried and said back. Nothing here can store them."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.programme.exercises import Answers, Fault, Faulty, carried, in_words, read_answers, rows_of
from helpline.programme.fields import MOST_ROWS
from helpline.programme.words import Words
from tests.support.exercises import DIARY, FIELDS, FORM, LENGTH, NOTE, PLAN, answered

NAMES = [name for field in FIELDS for name in field.names]


def test_answers_are_read_by_the_fields_that_were_declared() -> None:
    answers = answered(FORM)

    assert list(answers.values) == ["note", "sure", "worry", "steps", "plan", "diary"]
    assert answers.values["steps"] == ("one", "", "three")
    assert answers.values["plan"] == ("it rains", "I stay in")
    assert answers.values["diary"] == ("Monday", "", "", "", "", "walked", *[""] * 8)


def test_nothing_is_compulsory() -> None:
    assert answered({}).is_empty
    assert not answered({"steps-3": "x"}).is_empty
    assert not answered({"diary-7-did": "x"}).is_empty
    assert not answered(FORM).is_empty


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("note", "x" * (LENGTH + 1), Fault.TOO_LONG),
        ("steps-2", "x" * (LENGTH + 1), Fault.TOO_LONG),
        ("plan-then", "x" * (LENGTH + 1), Fault.TOO_LONG),
        ("diary-7-did", "x" * (LENGTH + 1), Fault.TOO_LONG),
        ("sure", "11", Fault.NOT_ON_THE_SCALE),
        ("sure", "-1", Fault.NOT_ON_THE_SCALE),
        ("sure", "05", Fault.NOT_ON_THE_SCALE),
        ("sure", "five", Fault.NOT_ON_THE_SCALE),
        ("worry", "c", Fault.NOT_OFFERED),
    ],
)
def test_what_cannot_stay_is_named_and_all_that_was_typed_is_kept(name: str, value: str, fault: Fault) -> None:
    answers = read_answers(FIELDS, form={**FORM, name: value})

    assert isinstance(answers, Faulty)
    assert dict(answers.faults) == {name.partition("-")[0]: fault}
    assert (name, value) in carried(FIELDS, answers=answers)


def test_as_long_as_allowed_is_not_too_long() -> None:
    assert answered({"note": "x" * LENGTH}).values["note"] == "x" * LENGTH


def test_text_is_tidied() -> None:
    answers = answered({"note": "  cafe\u0301\r\nnext\rlast "})

    assert answers.values["note"] == "café\nnext\nlast"


def test_carried_answers_are_read_back_as_they_were() -> None:
    answers = answered(FORM)

    assert answered(dict(carried(FIELDS, answers=answers))) == answers


def test_what_was_left_empty_is_not_carried() -> None:
    assert carried(FIELDS, answers=answered({"plan-then": "rest"})) == [("plan-then", "rest")]


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30)))
def test_whatever_is_sent_survives_the_way_there_and_back(form: dict[str, str]) -> None:
    answers = read_answers(FIELDS, form=form)

    assert read_answers(FIELDS, form=dict(carried(FIELDS, answers=answers))) == answers


def test_answers_are_shown_in_words(words: Mapping[str, Words]) -> None:
    answers = answered(FORM)

    shown = {field.id: in_words(field, answer=answers.values[field.id], words=words["en"]) for field in FIELDS}
    assert shown == {
        "note": ("rest",),
        "sure": ("10",),
        "worry": ("The second",),
        "steps": ("one", "three"),
        "plan": ("If it rains", "then I I stay in"),
        "diary": ("Day: Monday", "What I did: walked"),
    }


def test_half_a_plan_is_said_as_half_a_plan(words: Mapping[str, Words]) -> None:
    answer = answered({"plan-then": "rest"}).values["plan"]

    assert in_words(PLAN, answer=answer, words=words["nl"]) == ("dan rest",)


def test_an_empty_answer_says_nothing(words: Mapping[str, Words]) -> None:
    empty = answered({}).values

    assert [in_words(field, answer=empty[field.id], words=words["en"]) for field in FIELDS] == [()] * len(FIELDS)


@pytest.mark.parametrize(
    ("form", "more", "rows"),
    [
        ({}, False, 2),
        ({}, True, 3),
        ({"diary-4-day": "x"}, False, 4),
        ({"diary-4-day": "x"}, True, 5),
        ({"diary-7-day": "x"}, False, MOST_ROWS),
        ({"diary-7-day": "x"}, True, MOST_ROWS),
    ],
)
def test_a_table_shows_the_rows_that_are_filled_in_and_one_more_when_asked(
    form: dict[str, str], *, more: bool, rows: int
) -> None:
    shown = rows_of(DIARY, answer=answered(form).values["diary"], more=more)

    assert len(shown) == rows
    assert [label for _, label, _ in shown[0]] == ["Day", "What I did"]
    assert shown[-1][0][0] == f"diary-{rows}-day"


def test_answers_of_one_field_are_read_alone() -> None:
    assert read_answers([NOTE], form=FORM) == Answers({"note": "rest"})


def test_nothing_in_the_room_can_reach_a_store() -> None:
    room = Path(__file__).parents[2] / "helpline" / "programme"

    imports = "".join(
        re.findall(r"^(?:from|import) .*$", "".join(map(Path.read_text, room.glob("*.py"))), re.MULTILINE)
    )
    assert "helpline.programme" in imports
    assert not re.search(r"sqlalchemy|sqlite3|helpline\.store|flask", imports)
