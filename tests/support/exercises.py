"""Fields of every kind, made up for tests, and answers to all of them."""

from collections.abc import Mapping

from helpline.programme.exercises import Answers, Faulty, read_answers
from helpline.programme.fields import Field, Kind, Option

LENGTH = 20


def field(
    name: str, *, kind: Kind, options: tuple[Option, ...] = (), columns: tuple[Option, ...] = (), rows: int = 3
) -> Field:
    """Return a field that nothing was declared of but this."""
    ends = ("not at all", "wholly") if kind is Kind.SCALE else ("", "")
    return Field(
        id=name,
        kind=kind,
        label=f"Label {name}",
        hint="",
        max_length=LENGTH,
        options=options,
        columns=columns,
        low=ends[0],
        high=ends[1],
        rows=rows,
    )


NOTE = field("note", kind=Kind.TEXT)
SURE = field("sure", kind=Kind.SCALE)
WORRY = field("worry", kind=Kind.CHOICE, options=(Option("a", "The first"), Option("b", "The second")))
STEPS = field("steps", kind=Kind.LIST)
PLAN = field("plan", kind=Kind.PLAN)
DIARY = field("diary", kind=Kind.ROWS, columns=(Option("day", "Day"), Option("did", "What I did")), rows=2)
FIELDS = (NOTE, SURE, WORRY, STEPS, PLAN, DIARY)

FORM: Mapping[str, str] = {
    "note": "rest",
    "sure": "10",
    "worry": "b",
    "steps-1": "one",
    "steps-3": "three",
    "plan-if": "it rains",
    "plan-then": "I stay in",
    "diary-1-day": "Monday",
    "diary-3-did": "walked",
    "other": "x",
}


def answered(form: Mapping[str, str]) -> Answers:
    """Return the answers in *form*, which are all as they may be."""
    answers = read_answers(FIELDS, form=form)
    assert not isinstance(answers, Faulty)
    return answers
