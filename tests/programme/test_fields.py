"""The fields of an exercise, as front matter declares them."""

import pytest

from helpline.programme.fields import MOST_ROWS, Field, Kind, read_field
from helpline.programme.reading import table_of
from helpline.settings.faults import Faults
from tests.support.exercises import DIARY, FIELDS, NOTE, PLAN, STEPS

COLUMNS = 'columns = [{ id = "x", label = "X" }, { id = "y", label = "Y" }]\n'
OPTIONS = 'options = [{ id = "x", label = "X" }]\n'


def declared(front: str) -> tuple[Field, list[str]]:
    faults = Faults()
    reader = table_of(front, name="field", faults=faults)
    return read_field(reader), faults.found


def test_a_declared_field_is_read() -> None:
    read, faults = declared('id = "a"\nkind = "list"\nlabel = "A"\nhint = "H"\nrows = 2\nmax_length = 50\n')

    assert faults == []
    assert read.names == ("a-1", "a-2")
    assert (read.kind, read.hint, read.max_length) == (Kind.LIST, "H", 50)


def test_a_table_has_an_input_for_each_column_of_each_row_that_there_can_be() -> None:
    read, faults = declared(f'id = "a"\nkind = "rows"\nlabel = "A"\nrows = 2\n{COLUMNS}')

    assert faults == []
    assert read.names == tuple(f"a-{row}-{column}" for row in range(1, MOST_ROWS + 1) for column in "xy")


def test_a_plan_has_two_halves() -> None:
    assert PLAN.names == ("plan-if", "plan-then")


def test_a_fault_leads_to_the_first_input() -> None:
    assert [field.first_name for field in (NOTE, STEPS, PLAN, DIARY)] == [
        "note",
        "steps-1",
        "plan-if",
        "diary-1-day",
    ]


def test_people_write_in_every_field_but_those_they_pick_from() -> None:
    assert [field.id for field in FIELDS if not field.is_typed] == ["sure", "worry"]


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ('label = "B"', True),
        ('hint = "B"', True),
        ("max_length = 9", False),
        ("rows = 4", False),
        ('columns = [{ id = "z", label = "X" }]', False),
    ],
)
def test_only_words_may_differ_between_languages(change: str, *, is_same: bool) -> None:
    key = change.partition(" ")[0]
    lines = ['id = "a"', 'kind = "rows"', 'label = "A"', COLUMNS]
    changed = [line for line in lines if not line.startswith(key)]

    one, _ = declared("\n".join(lines))
    other, _ = declared("\n".join([*changed, change]))

    assert (one.shape == other.shape) is is_same


@pytest.mark.parametrize(
    ("front", "fault"),
    [
        ('id = "a"\nkind = "secret"\nlabel = "A"\n', "field.kind must be one of text, scale, choice, list, rows, plan"),
        ('id = "a b"\nkind = "text"\nlabel = "A"\n', "field.id must be a short ASCII name"),
        ('id = "ä"\nkind = "text"\nlabel = "A"\n', "field.id must be a short ASCII name"),
        ('id = "lang"\nkind = "text"\nlabel = "A"\n', "field.id must be a short ASCII name that the form does not use"),
        ('id = "at"\nkind = "text"\nlabel = "A"\n', "field.id must be a short ASCII name that the form does not use"),
        ('id = "a"\nkind = "choice"\nlabel = "A"\n', "field.options must be there for choice only"),
        (f'id = "a"\nkind = "text"\nlabel = "A"\n{OPTIONS}', "field.options must be there for choice only"),
        ('id = "a"\nkind = "rows"\nlabel = "A"\n', "field.columns must be there for rows only"),
        (f'id = "a"\nkind = "list"\nlabel = "A"\n{COLUMNS}', "field.columns must be there for rows only"),
        ('id = "a"\nkind = "scale"\nlabel = "A"\nlow = "x"\n', "field.low must be there for a scale only, with high"),
        ('id = "a"\nkind = "text"\nlabel = "A"\ncolour = "x"\n', "field.colour must be left out: nothing reads it"),
        ('id = "a"\nkind = "text"\nlabel = "A"\nmax_length = 5000\n', "field.max_length must be a whole number"),
        ('id = "a"\nkind = "list"\nlabel = "A"\nrows = 6\n', "field.rows must be a whole number"),
    ],
)
def test_a_field_that_is_wrong_is_a_fault(front: str, fault: str) -> None:
    _, faults = declared(front)

    assert [found for found in faults if found.startswith(fault)]
