"""Exercises: declared fields, checked answers, and the file a person may take along. No answer is ever stored by us."""

import enum
import html
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpline.programme.reading import only, optional, optional_tables
from helpline.settings.faults import TableReader

MOST_FIELDS = 5
SCALE = range(11)
"""0 to 10, as people know it from a doctor."""

LONGEST = 1_000
USUAL_LENGTH = 300
ROWS = 3

Answer = str | tuple[str, ...]


class Kind(enum.StrEnum):
    """How a field is answered."""

    TEXT = "text"
    SCALE = "scale"
    CHOICE = "choice"
    LIST = "list"


class Fault(enum.StrEnum):
    """What can be wrong with an answer; words.toml says it kindly."""

    TOO_LONG = "too_long"
    NOT_OFFERED = "not_offered"
    NOT_ON_THE_SCALE = "not_on_the_scale"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its id is the same in every language."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of an exercise; *low* and *high* name the ends of a scale, *rows* counts the lines of a list."""

    id: str
    kind: Kind
    label: str
    hint: str
    max_length: int
    options: tuple[Option, ...]
    low: str
    high: str
    rows: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its inputs in a form."""
        return tuple(f"{self.id}-{row}" for row in range(1, self.rows + 1)) if self.kind is Kind.LIST else (self.id,)

    @property
    def shape(self) -> tuple[object, ...]:
        """What must be the same in every language, so that an answer survives a change of language."""
        return self.id, self.kind, self.max_length, tuple(option.id for option in self.options), self.rows


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answered, by field id, in the order of the fields; nothing is compulsory, so any may be empty."""

    values: Mapping[str, Answer]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not any(row for answer in self.values.values() for row in _rows(answer))


@dataclass(frozen=True, slots=True)
class Faulty:
    """Answers that cannot stay as they are: what was typed, whole, and what is wrong by field id."""

    values: Mapping[str, Answer]
    faults: Mapping[str, Fault]


def read_field(reader: TableReader) -> Field:
    """Return the field that a ``[[field]]`` of front matter declares."""
    only(reader, known=tuple(Field.__dataclass_fields__))
    kind = reader.text("kind")
    reader.check("kind", holds=kind in set(Kind), wanted="one of " + ", ".join(Kind))
    field = Field(
        id=reader.text("id"),
        kind=Kind(kind) if kind in set(Kind) else Kind.TEXT,
        label=reader.text("label"),
        hint=optional(reader, "hint"),
        max_length=reader.number("max_length", default=USUAL_LENGTH, least=1, most=LONGEST),
        options=tuple(_option(row) for row in optional_tables(reader, "options")),
        low=optional(reader, "low"),
        high=optional(reader, "high"),
        rows=reader.number("rows", default=ROWS, least=1, most=MOST_FIELDS),
    )
    reader.check("id", holds=field.id.isidentifier() and field.id.isascii(), wanted="a short ASCII name")
    reader.check("options", holds=bool(field.options) == (field.kind is Kind.CHOICE), wanted="there for a choice only")
    reader.check(
        "low",
        holds=bool(field.low and field.high) == (field.kind is Kind.SCALE),
        wanted="there for a scale only, with high",
    )
    return field


def read_answers(fields: Sequence[Field], *, form: Mapping[str, str]) -> Answers | Faulty:
    """Return the answers in *form*, tidied; or, when one cannot stay, all that was typed with what is wrong.

    Names that no field declares are passed over.
    """
    values = {field.id: _value(field, form=form) for field in fields}
    faults = {field.id: fault for field in fields if (fault := _fault(field, values[field.id]))}
    return Faulty(values, faults) if faults else Answers(values)


def carried(fields: Sequence[Field], *, answers: Answers | Faulty) -> list[tuple[str, str]]:
    """Return the names and values of the hidden inputs that carry *answers* to the next page."""
    return [
        (name, value)
        for field in fields
        for name, value in zip(field.names, _rows(answers.values[field.id]), strict=False)
        if value
    ]


def in_words(field: Field, *, answer: Answer) -> tuple[str, ...]:
    """Return *answer* as a person reads it, line by line: a choice by its label; nothing when it was left empty."""
    labels = {option.id: option.label for option in field.options}
    return tuple(labels.get(row, row) for row in _rows(answer) if row)


def saved_file(fields: Sequence[Field], *, answers: Answers, title: str, language: str) -> str:
    """Return a page of HTML that stands alone, with *answers* in words and once as JSON.

    It names no service, module, path or date: whoever finds it learns what was typed and the questions, no more.
    *title* must be as neutral.
    """
    shown = "\n".join(_shown(field, answer=answers.values[field.id]) for field in fields)
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{html.escape(title)}</title>\n</head>\n<body>\n<h1>{html.escape(title)}</h1>\n<dl>\n{shown}\n</dl>\n"
        f'<script type="application/json">{_json(answers)}</script>\n</body>\n</html>\n'
    )


def _option(reader: TableReader) -> Option:
    only(reader, known=("id", "label"))
    return Option(id=reader.text("id"), label=reader.text("label"))


def _value(field: Field, *, form: Mapping[str, str]) -> Answer:
    rows = tuple(_tidy(form.get(name, "")) for name in field.names)
    return rows if field.kind is Kind.LIST else rows[0]


def _rows(answer: Answer) -> tuple[str, ...]:
    return (answer,) if isinstance(answer, str) else answer


def _tidy(text: str) -> str:
    """Return *text* in one spelling (NFC) and with plain line ends."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def _fault(field: Field, answer: Answer) -> Fault | None:
    rows = [row for row in _rows(answer) if row]
    if field.kind is Kind.CHOICE and not set(rows) <= {option.id for option in field.options}:
        return Fault.NOT_OFFERED
    if field.kind is Kind.SCALE and not set(rows) <= set(map(str, SCALE)):
        return Fault.NOT_ON_THE_SCALE
    return Fault.TOO_LONG if any(len(row) > field.max_length for row in rows) else None


def _shown(field: Field, *, answer: Answer) -> str:
    lines = in_words(field, answer=answer) or ("-",)
    said = "".join(f"<dd>{html.escape(line).replace(chr(10), '<br>')}</dd>" for line in lines)
    return f"<dt>{html.escape(field.label)}</dt>{said}"


def _json(answers: Answers) -> str:
    """Return *answers* as JSON that cannot end the element it stands in."""
    text = json.dumps({"answers": dict(answers.values)}, ensure_ascii=True, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
