"""The texts of the site: a Markdown file becomes a page, once, at the start."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from helpline.languages import CONTENT
from helpline.programme.fields import MOST_FIELDS, Field, read_field
from helpline.programme.markdown import markdown_html
from helpline.programme.placeholders import BLOCKS, INLINE, SLIP, placeholder_faults, placeholders_in
from helpline.programme.reading import (
    all_faults,
    only,
    optional,
    optional_date,
    optional_tables,
    optional_texts,
    read_text,
)
from helpline.settings.faults import Faults, TableReader

SITE = "site"
ADDRESSES = {"home": "", "talk": "talk/", "young": "talk/40"}
"""Pages whose address is not their place: it stays in a browser's history, so it says nothing of who reads."""
FOLDER = re.compile(r"([0-9]{2})-[a-z0-9-]+")
FILE = re.compile(r"([0-9])-[a-z0-9-]+")
LEVELS = ("A2", "B1")
SIGNING = ("clinician", "survivors", "lawyer", "experience")
"""The four signatures that make a page whole (content.md)."""

KEYS = (
    "title", "heading", "level", "signed", "review_due", "sources", "next", "after", "door", "field",
    "signposts", "shows_today", "snippets", "minutes", "quiet",
)  # fmt: skip
LONGEST_MODULE = 15
"""Minutes (content.md)."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a reader can go on: *to* is a place ("0/2", "talk"), *address* the path that leads there."""

    to: str
    address: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a claim comes from, and about whom it was found."""

    claim: str
    source: str
    population: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who stands for a page: a name or a function, as they chose."""

    role: str
    name: str
    signed_on: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page in one language. *html* still holds its placeholders: ``placeholders.fill`` puts the numbers in.

    *minutes* stands on the first page of a module and says how long that takes; *is_quiet*: somebody may be suicidal
    here, so the harm is not named.
    """

    language: str
    place: str
    title: str
    heading: str
    level: str
    html: str
    markdown: str
    next: Link | None
    after: tuple[Link, ...]
    doors: tuple[Link, ...]
    fields: tuple[Field, ...]
    snippets: Mapping[str, tuple[str, ...]]
    signposts: tuple[str, ...]
    shows_today: bool
    is_quiet: bool
    minutes: int | None
    sources: tuple[Source, ...]
    signed: tuple[Signature, ...]
    review_due: date | None

    @property
    def is_signed(self) -> bool:
        """Whether everybody who must have signed has; in production another page is not served."""
        return {signature.role for signature in self.signed} >= set(SIGNING)

    @property
    def address(self) -> str:
        """The path of this page."""
        return address(self.place, language=self.language)

    @property
    def number(self) -> int:
        """Its number on its path.

        Raises:
            ValueError: it belongs to no path.
        """
        return int(self.place.partition("/")[2])

    @property
    def links(self) -> tuple[Link, ...]:
        """Every link that stands outside the text."""
        return (*self.doors, *((self.next,) if self.next else ()), *self.after)


Pages = Mapping[tuple[str, str], Page]
"""Pages by language and place."""


def address(place: str, *, language: str) -> str:
    """Return the path of *place* ("0/2", "home", "talk", "now") in *language*: neutral, short, no query."""
    if place in ADDRESSES:
        return f"/{language}/{ADDRESSES[place]}"
    return f"/{language}/read/{place}" if "/" in place else f"/{language}/{place}"


def load_pages(root: Path = CONTENT, *, languages: tuple[str, ...]) -> Pages:
    """Return every page below *root*; each exists in each of *languages*, and every link leads somewhere.

    Raises:
        ContentError: with everything that is missing or wrong, in all of them.
    """
    with all_faults() as faults:
        pages = read_pages(root, languages=languages, faults=faults)
    return pages


def read_pages(root: Path, *, languages: tuple[str, ...], faults: Faults) -> Pages:
    """Return every page below *root* as far as it can be read, and add to *faults* what is missing or wrong."""
    places = {language: _places(root / language, faults=faults) for language in languages}
    pages = {
        (language, place): _page(path, language=language, place=place, places=places[language], faults=faults)
        for language in languages
        for place, path in places[language].items()
    }
    faults.found.extend(_faults_between(pages, languages=languages))
    return pages


def _places(folder: Path, *, faults: Faults) -> dict[str, Path]:
    """Return the files below *folder* by place; a name of another shape, or a number used twice, is a fault."""
    places: dict[str, Path] = {}
    for path in sorted(folder.glob("*/*.md")):
        place = _place(path)
        if place is None or place in places:
            faults.add(f"{_name(path)} has a name that gives no place of its own")
        else:
            places[place] = path
    return places


def _place(path: Path) -> str | None:
    if path.parent.name == SITE:
        return path.stem
    folder, file = FOLDER.fullmatch(path.parent.name), FILE.fullmatch(path.stem)
    return f"{int(folder[1])}/{file[1]}" if folder and file else None


def _name(path: Path) -> str:
    return "/".join(path.parts[-3:])


def _page(path: Path, *, language: str, place: str, places: Mapping[str, Path], faults: Faults) -> Page:
    reader, markdown = read_text(path, name=_name(path), faults=faults)
    only(reader, known=KEYS)
    known = {known: address(known, language=language) for known in places}
    markup, markup_faults = markdown_html(markdown, addresses=known)
    page = Page(
        language=language,
        place=place,
        title=reader.text("title"),
        heading=reader.text("heading"),
        level=reader.text("level"),
        html=markup,
        markdown=markdown,
        next=_link(reader.table("next"), known=known) if "next" in reader.names() else None,
        after=tuple(_link(row, known=known) for row in optional_tables(reader, "after")),
        doors=tuple(_link(row, known=known) for row in optional_tables(reader, "door")),
        fields=tuple(read_field(row) for row in optional_tables(reader, "field")),
        snippets=_snippets(reader.table("snippets")),
        signposts=optional_texts(reader, "signposts"),
        shows_today=reader.switch("shows_today", default=False),
        is_quiet=reader.switch("quiet", default=False),
        minutes=reader.number("minutes", least=1, most=LONGEST_MODULE) if "minutes" in reader.names() else None,
        sources=tuple(_source(row) for row in optional_tables(reader, "sources")),
        signed=tuple(_signature(row) for row in optional_tables(reader, "signed")),
        review_due=optional_date(reader, "review_due"),
    )
    reader.check("level", holds=page.level in LEVELS, wanted=" or ".join(LEVELS))
    ids = [field.id for field in page.fields]
    reader.check("field", holds=len(set(ids)) == len(ids), wanted="without an id twice")
    reader.check("field", holds=len(page.fields) <= MOST_FIELDS, wanted=f"at most {MOST_FIELDS} times there")
    for fault in (*markup_faults, *_placeholder_faults(page)):
        faults.add(f"{_name(path)}: {fault}")
    return page


def _placeholder_faults(page: Page) -> Iterator[str]:
    yield from placeholder_faults(page.markdown, allowed=(*INLINE, *BLOCKS))
    for lines in page.snippets.values():
        for line in lines:
            yield from placeholder_faults(line, allowed=(*INLINE, *SLIP))
    for text in (page.title, page.heading, *(link.label + link.hint for link in page.links)):
        yield from placeholder_faults(text, allowed=())


def _link(reader: TableReader, *, known: Mapping[str, str]) -> Link:
    only(reader, known=("to", "label", "hint"))
    to = reader.text("to")
    reader.check("to", holds=to in known, wanted=f"a page that exists, not {to!r}")
    return Link(to=to, address=known.get(to, ""), label=reader.text("label"), hint=optional(reader, "hint"))


def _snippets(reader: TableReader) -> dict[str, tuple[str, ...]]:
    return {key: reader.texts(key) for key in reader.names()}


def _source(reader: TableReader) -> Source:
    only(reader, known=("claim", "source", "population"))
    return Source(claim=reader.text("claim"), source=reader.text("source"), population=reader.text("population"))


def _signature(reader: TableReader) -> Signature:
    only(reader, known=("role", "name", "date", "version"))
    role = reader.text("role")
    reader.check("role", holds=role in SIGNING, wanted="one of " + ", ".join(SIGNING))
    return Signature(role, reader.text("name"), signed_on=reader.text("date"), version=reader.text("version"))


def _faults_between(pages: Pages, *, languages: tuple[str, ...]) -> Iterator[str]:
    """Yield what differs between the languages, and titles that a history could not tell apart."""
    for place in sorted({place for _, place in pages}):
        versions = [pages[language, place] for language in languages if (language, place) in pages]
        if len(versions) < len(languages):
            yield f"{place} does not exist in every language"
        if len({_shape(page) for page in versions}) > 1:
            yield f"{place} differs between the languages in fields, links, placeholders, snippets or signposts"
    for (language, title), count in Counter((page.language, page.title) for page in pages.values()).items():
        if count > 1:
            yield f"{count} pages in {language} have the title {title!r}"


def _shape(page: Page) -> tuple[object, ...]:
    """Return what must be the same in every language."""
    return (
        page.level,
        tuple(placeholders_in(page.markdown)),
        tuple(link.to for link in page.links),
        tuple(field.shape for field in page.fields),
        tuple((key, len(lines), *placeholders_in(" ".join(lines))) for key, lines in sorted(page.snippets.items())),
        page.signposts,
        page.shows_today,
        page.is_quiet,
        page.minutes,
        len(page.sources),
    )
