"""All that is read from disk once, at the start: texts, the jurisdiction's pack, what is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from helpline.codes import words_of
from helpline.programme.agreed import Asked, asked
from helpline.programme.hours import opening_words
from helpline.programme.pages import Pages
from helpline.programme.placeholders import fill
from helpline.programme.shelf import load_shelf
from helpline.programme.signposts import CRISIS, Pack, inline_values, plain_values
from helpline.programme.words import Words
from helpline.settings.programme import Programme
from helpline.usage.codebook import Codebook
from helpline.usage.codebook_reading import read_codebook

EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """Who helps somebody in danger, and when they answer.

    A number that nobody has rung of late is not shown to visitors; the staff see it, and that it is not confirmed.
    """

    name: str
    about: str
    numbers: tuple[str, ...]
    opening: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Texts:
    """The visitors' pages, whose sentences a call follows; the numbers of the jurisdiction; the codebook."""

    pages: Pages
    words: Mapping[str, Words]
    pack: Pack
    codebook: Codebook
    programme: Programme
    call_words: Mapping[str, tuple[str, ...]]

    @property
    def emergency_number(self) -> str | None:
        """The number that is rung when life is at risk."""
        signpost = self.pack.signpost(EMERGENCY)
        return signpost.numbers[0] if signpost else None

    def crisis(self, language: str, *, now: datetime) -> tuple[CrisisLine, ...]:
        """Return who helps somebody in danger, in the order of their weight."""
        found = [signpost for signpost in map(self.pack.signpost, CRISIS) if signpost is not None]
        words, zone = self.words[language], self.programme.zone
        holidays = self.pack.calendar.days_off(near=now)
        return tuple(
            CrisisLine(
                name=signpost.names[language],
                about=signpost.about[language],
                numbers=signpost.numbers,
                opening=opening_words(signpost.hours, now=now, words=words, zone=zone, holidays=holidays),
                is_confirmed=signpost.is_confirmed(now=now),
            )
            for signpost in found
        )

    def crisis_is_due(self, *, now: datetime) -> bool:
        """Return whether a number of these must be rung and written down again, before visitors lose sight of it."""
        found = map(self.pack.signpost, CRISIS)
        return any(signpost is not None and signpost.must_be_rung(now=now) for signpost in found)

    def asked(self, language: str, *, now: datetime) -> tuple[Asked, ...]:
        """Return what everybody asks, and what is said to it word for word; none in a language that we do not speak."""
        if language not in self.words:
            return ()
        words, values = self.words[language], self._values(language, now=now)
        found = asked(self.pack.answers, words=words)
        return tuple(replace(it, answer=fill(it.answer or words.unsaid["answer"], values=values)) for it in found)

    def promises(self, language: str, *, now: datetime) -> tuple[str, ...]:
        """Return the lines on confidentiality that a call begins with; none in a language that we do not speak."""
        if language not in self.words:
            return ()
        values = self._values(language, now=now)
        return tuple(fill(line, values=values) for line in self.pack.confidentiality[language])

    def openings(self, language: str) -> tuple[str, ...]:
        """Return the everyday sentences that a counsellor may begin with; none in a language that we do not speak."""
        page = self.pages.get((language, "talk"))
        return page.snippets["openings"] if page else ()

    def slip(self, key: str, *, language: str, moment: Mapping[str, str]) -> tuple[str, ...]:
        """Return what a visitor's slip says below *key*, as plain text; *moment* fills in times, words and a number."""
        return tuple(fill(line, values=moment) for line in self.pages[language, "talk"].snippets[key])

    def heading(self, module: int | None, *, language: str) -> str | None:
        """Return what a self-help module is called, or None if there is no such module."""
        page = self.pages.get((language, f"{module}/1"))
        return page.heading if page else None

    def _values(self, language: str, *, now: datetime) -> dict[str, str]:
        """Return the placeholders of a sentence as visitors see them, as plain text: here nothing dials."""
        found = inline_values(
            self.pack,
            words=self.words[language],
            now=now,
            demo=False,
            programme=self.programme.name,
            helpline=self.programme.number,
        )
        return plain_values(found)


def read_texts(programme: Programme) -> Texts:
    """Return the texts of *programme*.

    Raises:
        ContentError: a text or a jurisdiction's pack is not complete.
    """
    shelf = load_shelf(programme, sites=("counsellors",))
    return Texts(
        pages=shelf.pages,
        words=shelf.words,
        pack=shelf.packs[programme.jurisdiction],
        codebook=read_codebook(programme),
        programme=programme,
        call_words={language: words_of(language) for language in programme.languages},
    )
