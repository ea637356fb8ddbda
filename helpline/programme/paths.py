"""A path: its pages in order, and the answers that are carried through them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from helpline.programme.exercises import Answers, Faulty
from helpline.programme.fields import Field
from helpline.programme.pages import Page, Pages

YOUNG = range(40, 50)
"""The paths of people under 18 (decision 0013)."""

FOR_YOUNG = "40/1"
"""Where each page for adults shows them their own way."""


@dataclass(frozen=True)
class Path:
    """The pages of one path in one language, by the number in their address."""

    number: int
    pages: Mapping[int, Page]

    @cached_property
    def numbers(self) -> Sequence[int]:
        """The numbers of its pages, in order."""
        return sorted(self.pages)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields of all its pages, in order."""
        return tuple(field for number in self.numbers for field in self.pages[number].fields)

    @property
    def asks(self) -> bool:
        """Whether anything can be answered on this path, so that its pages are walked by a form."""
        return bool(self.fields)

    @property
    def is_module(self) -> bool:
        """Whether this is a self-help module: with an aim, a plan and an end."""
        return self.pages[self.numbers[0]].minutes is not None

    @property
    def is_for_adults(self) -> bool:
        """Whether this is a module, and for adults: young people have their own pages."""
        return self.is_module and not self.is_for_young

    @property
    def is_for_young(self) -> bool:
        """Whether this is a path of people under 18, who talk with counsellors trained for them."""
        return self.number in YOUNG

    @property
    def is_quiet(self) -> bool:
        """Whether this is a safety plan: on each of its pages somebody may be suicidal."""
        return all(page.is_quiet for page in self.pages.values())

    @property
    def heading(self) -> str:
        """What the path is called: the heading of its first page."""
        return self.pages[self.numbers[0]].heading

    @cached_property
    def last_asking(self) -> int:
        """The number of the last page with fields: after it, all answers are shown. 0 where nothing is asked."""
        return max((number for number in self.numbers if self.pages[number].fields), default=0)

    @cached_property
    def first_asking(self) -> int:
        """The number of the first page with fields: before it stands what we promise. 0 where nothing is asked."""
        return next((number for number in self.numbers if self.pages[number].fields), 0)

    def beyond(self, number: int) -> int | None:
        """Return the number of the page after *number*, or None after the last."""
        return next((later for later in self.numbers if later > number), None)

    def before(self, number: int) -> int | None:
        """Return the number of the page before *number*, or None before the first."""
        return next((earlier for earlier in reversed(self.numbers) if earlier < number), None)

    def faulty_page(self, answers: Answers, *, until: int) -> int | None:
        """Return the first page up to *until* with an answer that cannot stay as it is."""
        if not isinstance(answers, Faulty):
            return None
        pages = (number for number in self.numbers if number <= until)
        return next((it for it in pages if any(field.id in answers.faults for field in self.pages[it].fields)), None)


Paths = Mapping[tuple[str, int], Path]
"""Paths by language and number."""


def paths_of(pages: Pages) -> Paths:
    """Return the paths that *pages* form; the pages without a number belong to none."""
    found: dict[tuple[str, int], dict[int, Page]] = defaultdict(dict)
    for (language, place), page in pages.items():
        path, slash, number = place.partition("/")
        if slash:
            found[language, int(path)][int(number)] = page
    return {(language, path): Path(path, by_number) for (language, path), by_number in found.items()}
