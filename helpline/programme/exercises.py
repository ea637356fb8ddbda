"""Exercises: answers are checked, carried on and said back. No answer is ever stored by us."""

import enum
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpline.programme.fields import MOST_ROWS, PLAN, SCALE, SINGLE, Field, Kind
from helpline.programme.words import Words

Answer = str | tuple[str, ...]
"""One text; or those of a list, a plan, a table (row by row), in the order of ``Field.names``."""


class Fault(enum.StrEnum):
    """What can be wrong with an answer; words.toml says it kindly."""

    TOO_LONG = "too_long"
    NOT_OFFERED = "not_offered"
    NOT_ON_THE_SCALE = "not_on_the_scale"


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answered, by field id, in the order of the fields; nothing is compulsory, so any may be empty."""

    values: Mapping[str, Answer]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not any(text for answer in self.values.values() for text in texts_of(answer))


@dataclass(frozen=True, slots=True)
class Faulty(Answers):
    """Answers that cannot stay as they are: what was typed, whole, and what is wrong by field id."""

    faults: Mapping[str, Fault]


def read_answers(fields: Sequence[Field], *, form: Mapping[str, str]) -> Answers | Faulty:
    """Return the answers in *form*, tidied; or, when one cannot stay, all that was typed with what is wrong.

    Names that no field declares are passed over.
    """
    values = {field.id: _value(field, form=form) for field in fields}
    faults = {field.id: fault for field in fields if (fault := _fault(field, values[field.id]))}
    return Faulty(values, faults) if faults else Answers(values)


def carried(fields: Sequence[Field], *, answers: Answers) -> list[tuple[str, str]]:
    """Return the names and values of the hidden inputs that carry *answers* to the next page."""
    return [
        (name, text)
        for field in fields
        for name, text in zip(field.names, texts_of(answers.values[field.id]), strict=True)
        if text
    ]


def rows_of(field: Field, *, answer: Answer, more: bool = False) -> list[list[tuple[str, str, str]]]:
    """Return the rows that a table shows: name, label and text of each input.

    They are as many as were declared, or filled in, and one *more* if there may be one.
    """
    width = len(field.columns)
    inputs = list(zip(field.names, [it.label for it in field.columns] * MOST_ROWS, texts_of(answer), strict=True))
    rows = [inputs[start : start + width] for start in range(0, len(inputs), width)]
    filled = max((number for number, row in enumerate(rows, start=1) if any(text for _, _, text in row)), default=0)
    return rows[: min(max(field.rows, filled) + more, MOST_ROWS)]


def in_words(field: Field, *, answer: Answer, words: Words) -> tuple[str, ...]:
    """Return *answer* as a person reads it, line by line: a choice by its label; nothing when it was left empty."""
    if field.kind is Kind.PLAN:
        halves = (words.exercise[half].removesuffix("…").strip() for half in PLAN)
        return tuple(f"{half} {text}" for half, text in zip(halves, texts_of(answer), strict=True) if text)
    if field.kind is Kind.ROWS:
        return tuple(_rows_in_words(field, answer=answer))
    labels = {option.id: option.label for option in field.options}
    return tuple(labels.get(text, text) for text in texts_of(answer) if text)


def texts_of(answer: Answer) -> tuple[str, ...]:
    """Return the texts of *answer*, one or many."""
    return (answer,) if isinstance(answer, str) else answer


def _rows_in_words(field: Field, *, answer: Answer) -> Iterator[str]:
    for row in rows_of(field, answer=answer):
        said = [f"{label}: {text}" for _, label, text in row if text]
        if said:
            yield " – ".join(said)


def _value(field: Field, *, form: Mapping[str, str]) -> Answer:
    texts = tuple(_tidy(form.get(name, ""), most=field.max_length) for name in field.names)
    return texts[0] if field.kind in SINGLE else texts


def _tidy(text: str, *, most: int) -> str:
    """Return *text* with plain line ends and, if it is not longer than it may be, in one spelling (NFC).

    A text of accents alone takes seconds to spell: the time grows with the square of its length.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return unicodedata.normalize("NFC", plain).strip() if len(plain) <= most else plain


def _fault(field: Field, answer: Answer) -> Fault | None:
    texts = [text for text in texts_of(answer) if text]
    if field.kind is Kind.CHOICE and not set(texts) <= {option.id for option in field.options}:
        return Fault.NOT_OFFERED
    if field.kind is Kind.SCALE and not set(texts) <= set(map(str, SCALE)):
        return Fault.NOT_ON_THE_SCALE
    return Fault.TOO_LONG if any(len(text) > field.max_length for text in texts) else None
