"""What the lawyer and the clinician of a place sign: its agreed answers, its schemes, its duties to report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpline.programme.pages import SIGNING, Signature
from helpline.programme.reading import (
    by_language,
    only,
    optional_date,
    optional_tables,
    optionally_lines,
    partly_by_language,
)
from helpline.programme.words import QUESTIONS, Words
from helpline.settings.faults import TableReader

STANDING = ("lawyer", "clinician")
"""Both stand for what a place says about its law: one for what is true, one for what it does to who reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The one answer to a question that everybody asks, word for word, in the languages that have it."""

    id: str
    said: Mapping[str, str]
    signed: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """Something of a country's authorities that visitors hear of. It is named, and nothing is promised of it."""

    names: Mapping[str, str]
    about: Mapping[str, str]
    source: str
    signed: tuple[Signature, ...]

    @property
    def is_signed(self) -> bool:
        """Whether both stand for it."""
        return is_signed(self.signed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """What a professional must or may report there."""

    lines: Mapping[str, tuple[str, ...]]
    signed: tuple[Signature, ...]

    def signed_lines(self, language: str) -> tuple[str, ...]:
        """Return the lines that both stand for; none where nobody signed them, in a demo neither."""
        return self.lines.get(language, ()) if is_signed(self.signed) else ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that everybody asks, and its answer; None: it has none that both stand for."""

    question: str
    answer: str | None


def is_signed(signatures: Sequence[Signature]) -> bool:
    """Return whether both the lawyer and the clinician are among *signatures*."""
    return {signature.role for signature in signatures} >= set(STANDING)


def asked(answers: Sequence[Answer], *, words: Words) -> tuple[Asked, ...]:
    """Return the six questions in their order, in the language of *words*: in a demo too, only with signed answers."""
    known = {it.id: it.said.get(words.language) for it in answers if is_signed(it.signed)}
    return tuple(Asked(words.asked[name], known.get(name)) for name in QUESTIONS)


def read_answers_of(reader: TableReader, *, languages: Sequence[str]) -> tuple[Answer, ...]:
    """Return the answers below "answer": each to a question that we know, none twice."""
    answers = tuple(_answer(row, languages=languages) for row in optional_tables(reader, "answer"))
    ids = [answer.id for answer in answers]
    reader.check("answer", holds=len(set(ids)) == len(ids), wanted="without an id twice")
    return answers


def read_schemes(reader: TableReader, *, languages: Sequence[str]) -> tuple[Scheme, ...]:
    """Return the schemes below "scheme"."""
    return tuple(_scheme(row, languages=languages) for row in optional_tables(reader, "scheme"))


def read_reporting(reader: TableReader, *, languages: Sequence[str]) -> Reporting:
    """Return what stands below "reporting"; an absent table reads as one without lines."""
    table = reader.table("reporting")
    only(table, known=("signed", "lines"))
    reporting = Reporting(lines=optionally_lines(table, "lines", languages=languages), signed=read_signatures(table))
    _check_signed(table, has_words=bool(reporting.lines), signed=reporting.signed)
    return reporting


def read_signatures(reader: TableReader) -> tuple[Signature, ...]:
    """Return the signatures below "signed"."""
    return tuple(_signature(row) for row in optional_tables(reader, "signed"))


def _answer(reader: TableReader, *, languages: Sequence[str]) -> Answer:
    only(reader, known=("id", "answer", "signed"))
    answer = Answer(
        id=reader.text("id"),
        said=partly_by_language(reader, "answer", languages=languages),
        signed=read_signatures(reader),
    )
    reader.check("id", holds=answer.id in QUESTIONS, wanted="one of " + ", ".join(QUESTIONS))
    _check_signed(reader, has_words=bool(answer.said), signed=answer.signed)
    return answer


def _scheme(reader: TableReader, *, languages: Sequence[str]) -> Scheme:
    only(reader, known=("names", "about", "source", "signed"))
    return Scheme(
        names=by_language(reader, "names", languages=languages),
        about=by_language(reader, "about", languages=languages),
        source=reader.text("source"),
        signed=read_signatures(reader),
    )


def _signature(reader: TableReader) -> Signature:
    only(reader, known=("role", "name", "date", "version"))
    role = reader.text("role")
    reader.check("role", holds=role in SIGNING, wanted="one of " + ", ".join(SIGNING))
    optional_date(reader, "date")
    return Signature(role, reader.text("name"), signed_on=reader.text("date"), version=reader.text("version"))


def _check_signed(reader: TableReader, *, has_words: bool, signed: Sequence[Signature]) -> None:
    """Add a fault where somebody stands for words that are not there: they would be written in under the signature."""
    reader.check("signed", holds=has_words or not signed, wanted="empty while there are no words to stand for")
