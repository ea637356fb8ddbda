"""The file that a person may take along: it stands alone, says nothing of us, and comes back as it was."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Literal

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.languages import CONTENT
from helpline.programme.exercises import Faulty, read_answers
from helpline.programme.fields import LONGEST, Field
from helpline.programme.pages import Pages
from helpline.programme.paths import paths_of
from helpline.programme.saved import BEGINS, ENDS, LONGEST_FILE, FileFault, UnreadableFileError, read_file, saved_file
from helpline.programme.words import Words, load_words
from tests.support.exercises import DIARY, FIELDS, FORM, LENGTH, NOTE, SURE, answered

ENGLISH = load_words(CONTENT, languages=("en",))["en"]
NAMES = [name for field in FIELDS for name in field.names]
NO_SIGNS: tuple[Literal["Cc", "Cs", "Cn", "Co"], ...] = ("Cc", "Cs", "Cn", "Co")
"""Categories of what no keyboard types."""


def saved(form: Mapping[str, str], *, fields: Sequence[Field] = FIELDS, words: Words = ENGLISH) -> str:
    answers = read_answers(fields, form=form)
    assert not isinstance(answers, Faulty)
    return saved_file(fields, answers=answers, words=words)


def file_of(answers: object) -> bytes:
    return f"{BEGINS}{json.dumps({'answers': answers})}{ENDS}".encode()


def fault_of(data: bytes, *, fields: Sequence[Field] = FIELDS) -> FileFault:
    with pytest.raises(UnreadableFileError) as refused:
        read_file(data, fields=fields)
    return refused.value.fault


def json_of(page: str) -> object:
    (block,) = re.findall(r'<script type="application/json">(.*?)</script>', page)
    return json.loads(block)


def test_a_saved_file_stands_alone_and_loads_nothing() -> None:
    page = saved(FORM)

    html5lib.HTMLParser(strict=True).parse(page)
    assert '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">' in page
    assert "://" not in page
    assert not re.search(r"src=|href=|<form|<link|<style", page)


def test_a_saved_file_holds_the_answers_once_as_json() -> None:
    held = json_of(saved({"note": "rest", "plan-if": "it rains", "steps-3": "three"}, fields=FIELDS[:5]))

    assert held == {
        "answers": {"note": "rest", "sure": "", "worry": "", "steps": ["", "", "three"], "plan": ["it rains", ""]}
    }


@given(st.text(max_size=LENGTH))
def test_a_saved_file_shows_what_was_typed_as_text(typed: str) -> None:
    page = saved({"note": typed}, fields=[NOTE])

    assert page.count("<script") == page.count("</script") == 1
    assert json_of(page) == {"answers": {"note": answered({"note": typed}).values["note"]}}


def test_typed_markup_is_no_markup_in_a_saved_file() -> None:
    page = saved({"note": "</script><b>&x"})

    assert "<b>" not in page
    assert page.count("</script>") == 1


def test_what_was_left_empty_is_a_dash() -> None:
    assert saved({}).count("<dd>-</dd>") == len(FIELDS)


def test_a_line_break_stays_one() -> None:
    assert "<dd>one<br>two</dd>" in saved({"note": "one\ntwo"})


def test_a_saved_exercise_names_no_service_module_path_or_date(pages: Pages, words: Mapping[str, Words]) -> None:
    for (language, _), path in paths_of(pages).items():
        page = saved({}, fields=path.fields, words=words[language])

        said = {words for it in path.pages.values() for words in (it.title, it.heading)}
        labels = " ".join(field.label for field in path.fields)
        for telltale in {"Kentering", "kentering", "module", "/read", *(it for it in said if it not in labels)}:
            assert telltale not in page
        assert not re.search(r"20\d\d", page)


@given(st.dictionaries(st.sampled_from(NAMES), st.text(st.characters(exclude_categories=NO_SIGNS), max_size=LENGTH)))
def test_what_was_saved_comes_back_as_it_was_typed(typed: dict[str, str]) -> None:
    form = {name: text for name, text in typed.items() if not name.startswith(("sure", "worry"))}
    answers = read_answers(FIELDS, form=form)
    assert read_file(saved_file(FIELDS, answers=answers, words=ENGLISH).encode(), fields=FIELDS) == answers


def test_every_kind_of_answer_comes_back() -> None:
    assert read_file(saved(FORM).encode(), fields=FIELDS) == answered(FORM)


def test_no_file_is_said_as_no_file() -> None:
    assert fault_of(b"") is FileFault.NONE


@pytest.mark.parametrize(
    "data",
    [
        b"x",
        b"\xff\xfe\x00",
        BEGINS.encode(),
        f"{BEGINS}{{}}".encode(),
        f"{ENDS}{BEGINS}".encode(),
        file_of({"note": "x"}) + b" " * LONGEST_FILE,
        file_of({"note": "x"}).decode().encode("utf-16"),
    ],
)
def test_what_has_no_block_of_ours_is_no_file_of_ours(data: bytes) -> None:
    assert fault_of(data) is FileFault.NOT_OURS


@pytest.mark.parametrize(
    "block", ["", "{", "[]", "null", "7", "{}", '{"answers": []}', '{"answers": "x"}', "[" * 50_000]
)
def test_a_block_that_holds_no_answers_is_damaged(block: str) -> None:
    assert fault_of(f"{BEGINS}{block}{ENDS}".encode()) is FileFault.DAMAGED


@pytest.mark.parametrize(
    "answers",
    [
        {"note": None},
        {"note": 7},
        {"note": True},
        {"note": {"note": "x"}},
        {"note": ["x", "y"]},
        {"note": [["x"]]},
        {"note": "x" * (LENGTH + 1)},
        {"note": "x" * (LONGEST + 1)},
        {"sure": "11"},
        {"worry": "c"},
        {"steps": ["x"] * 4},
        {"plan": ["x", 7]},
        {"diary": ["x"] * (len(DIARY.names) + 1)},
    ],
)
def test_an_answer_that_no_form_would_take_makes_a_file_damaged(answers: dict[str, object]) -> None:
    assert fault_of(file_of({"note": "rest"} | answers)) is FileFault.DAMAGED


@pytest.mark.parametrize("answers", [{}, {"__proto__": {"note": "x"}}, {"elsewhere": "x", "note-1": "y"}])
def test_a_file_with_none_of_these_fields_belongs_to_another_page(answers: dict[str, object]) -> None:
    assert fault_of(file_of(answers)) is FileFault.OF_ANOTHER_PAGE


def test_fields_that_are_not_of_this_page_are_passed_over() -> None:
    answers = read_file(file_of({"note": "rest", "elsewhere": {"deep": []}}), fields=FIELDS)

    assert answers == answered({"note": "rest"})


def test_fewer_rows_than_there_can_be_are_taken() -> None:
    assert read_file(file_of({"steps": ["one"]}), fields=FIELDS) == answered({"steps-1": "one"})


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x9f", "\ud800", "\ufdd0", "\uffff", "\U0001fffe", "\U0010ffff"])
def test_what_no_keyboard_types_is_left_out(sign: str) -> None:
    assert read_file(file_of({"note": f"re{sign}st"}), fields=FIELDS) == answered({"note": "rest"})


def test_a_refused_file_is_not_in_the_error() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read_file(f"{BEGINS}kanarie{ENDS}".encode(), fields=FIELDS)

    assert "kanarie" not in repr(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_a_file_is_read_for_the_fields_it_is_asked_for() -> None:
    assert dict(read_file(saved(FORM).encode(), fields=[SURE]).values) == {"sure": "10"}
