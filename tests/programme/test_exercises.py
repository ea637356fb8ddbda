"""Exercises: answers are checked, carried, shown and taken along. Nothing here can store them."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.programme.exercises import (
    Answers,
    Fault,
    Faulty,
    Field,
    Kind,
    Option,
    carried,
    in_words,
    read_answers,
    read_field,
    saved_file,
)
from helpline.programme.pages import Pages
from helpline.programme.reading import table_of
from helpline.settings.faults import Faults


def field(name: str, *, kind: Kind, options: tuple[Option, ...] = (), max_length: int = 20) -> Field:
    return Field(
        id=name,
        kind=kind,
        label=f"Label {name}",
        hint="",
        max_length=max_length,
        options=options,
        low="",
        high="",
        rows=3,
    )


FIELDS = (
    field("note", kind=Kind.TEXT),
    field("sure", kind=Kind.SCALE),
    field("worry", kind=Kind.CHOICE, options=(Option("a", "The first"), Option("b", "The second"))),
    field("steps", kind=Kind.LIST),
)
FORM = {"note": "rest", "sure": "10", "worry": "b", "steps-1": "one", "steps-3": "three", "other": "x"}


def answered(form: Mapping[str, str]) -> Answers:
    answers = read_answers(FIELDS, form=form)
    assert isinstance(answers, Answers)
    return answers


def json_of(page: str) -> object:
    (block,) = re.findall(r'<script type="application/json">(.*?)</script>', page)
    return json.loads(block)


def test_answers_are_read_by_the_fields_that_were_declared() -> None:
    answers = answered(FORM)

    assert answers.values == {"note": "rest", "sure": "10", "worry": "b", "steps": ("one", "", "three")}


def test_nothing_is_compulsory() -> None:
    assert answered({}).is_empty
    assert not answered({"steps-3": "x"}).is_empty
    assert not answered(FORM).is_empty


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("note", "x" * 21, Fault.TOO_LONG),
        ("steps-2", "x" * 21, Fault.TOO_LONG),
        ("sure", "11", Fault.NOT_ON_THE_SCALE),
        ("sure", "-1", Fault.NOT_ON_THE_SCALE),
        ("sure", "five", Fault.NOT_ON_THE_SCALE),
        ("worry", "c", Fault.NOT_OFFERED),
    ],
)
def test_what_cannot_stay_is_named_and_all_that_was_typed_is_kept(name: str, value: str, fault: Fault) -> None:
    answers = read_answers(FIELDS, form={**FORM, name: value})

    assert isinstance(answers, Faulty)
    assert dict(answers.faults) == {name.partition("-")[0]: fault}
    assert (name, value) in carried(FIELDS, answers=answers)


def test_text_is_tidied() -> None:
    answers = answered({"note": "  cafe\u0301\r\nnext "})

    assert answers.values["note"] == "café\nnext"


def test_carried_answers_are_read_back_as_they_were() -> None:
    answers = answered(FORM)

    assert answered(dict(carried(FIELDS, answers=answers))) == answers


@given(
    st.dictionaries(st.sampled_from(["note", "sure", "worry", "steps-1", "steps-2", "steps-3"]), st.text(max_size=30))
)
def test_whatever_is_sent_survives_the_way_there_and_back(form: dict[str, str]) -> None:
    answers = read_answers(FIELDS, form=form)

    assert read_answers(FIELDS, form=dict(carried(FIELDS, answers=answers))) == answers


def test_answers_are_shown_in_words() -> None:
    answers = answered(FORM)

    shown = {field.id: in_words(field, answer=answers.values[field.id]) for field in FIELDS}
    assert shown == {"note": ("rest",), "sure": ("10",), "worry": ("The second",), "steps": ("one", "three")}


def test_a_saved_file_stands_alone_and_loads_nothing() -> None:
    page = saved_file(FIELDS, answers=answered(FORM), title="Note", language="en")

    html5lib.HTMLParser(strict=True).parse(page)
    assert '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">' in page
    assert "://" not in page
    assert not re.search(r"src=|href=|<form|<link|<style", page)
    assert json_of(page) == {"answers": {"note": "rest", "sure": "10", "worry": "b", "steps": ["one", "", "three"]}}


@given(st.text(max_size=20))
def test_a_saved_file_shows_what_was_typed_as_text(typed: str) -> None:
    answers = read_answers(FIELDS[:1], form={"note": typed})
    assert isinstance(answers, Answers)

    page = saved_file(FIELDS[:1], answers=answers, title="Note", language="en")

    assert page.count("<script") == page.count("</script") == 1
    assert json_of(page) == {"answers": {"note": answers.values["note"]}}


def test_typed_markup_is_no_markup_in_a_saved_file() -> None:
    page = saved_file(FIELDS, answers=answered({"note": "</script><b>&x"}), title="<Note>", language="en")

    assert "<b>" not in page
    assert "<title>&lt;Note&gt;</title>" in page
    assert page.count("</script>") == 1
    assert "<dd>-</dd>" in page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_saved_exercise_names_no_service_module_path_or_date(pages: Pages, language: str) -> None:
    exercise = pages[language, "0/3"]
    answers = read_answers(exercise.fields, form={"moment": "x"})
    assert isinstance(answers, Answers)

    (title,) = exercise.snippets["file_title"]
    page = saved_file(exercise.fields, answers=answers, title=title, language=language)

    for word in ("Kentering", "kentering", "module", "/read", exercise.title, pages[language, "0/1"].heading):
        assert word not in page
    assert not re.search(r"20\d\d", page)


def declared(front: str) -> tuple[Field, list[str]]:
    faults = Faults()
    reader = table_of(front, name="field", faults=faults)
    return read_field(reader), faults.found


def test_a_declared_field_is_read() -> None:
    read, faults = declared('id = "a"\nkind = "list"\nlabel = "A"\nhint = "H"\nrows = 2\nmax_length = 50\n')

    assert faults == []
    assert read.names == ("a-1", "a-2")
    assert (read.kind, read.hint, read.max_length) == (Kind.LIST, "H", 50)


@pytest.mark.parametrize(
    ("front", "fault"),
    [
        ('id = "a"\nkind = "secret"\nlabel = "A"\n', "field.kind must be one of text, scale, choice, list"),
        ('id = "a b"\nkind = "text"\nlabel = "A"\n', "field.id must be a short ASCII name"),
        ('id = "a"\nkind = "choice"\nlabel = "A"\n', "field.options must be there for a choice only"),
        ('id = "a"\nkind = "scale"\nlabel = "A"\nlow = "x"\n', "field.low must be there for a scale only, with high"),
        ('id = "a"\nkind = "text"\nlabel = "A"\ncolour = "x"\n', "field.colour must be left out: nothing reads it"),
        ('id = "a"\nkind = "text"\nlabel = "A"\nmax_length = 5000\n', "field.max_length must be a whole number"),
    ],
)
def test_a_field_that_is_wrong_is_a_fault(front: str, fault: str) -> None:
    _, faults = declared(front)

    assert [found for found in faults if found.startswith(fault)]


def test_nothing_in_the_room_can_reach_a_store() -> None:
    room = Path(__file__).parents[2] / "helpline" / "programme"

    imports = "".join(
        re.findall(r"^(?:from|import) .*$", "".join(map(Path.read_text, room.glob("*.py"))), re.MULTILINE)
    )
    assert "helpline.programme" in imports
    assert not re.search(r"sqlalchemy|sqlite3|helpline\.store|flask", imports)
