"""Jurisdiction packs: read from their folders, checked whole."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from helpline.languages import LANGUAGES
from helpline.programme.agreed import read_answers_of, read_reporting, read_schemes, read_signatures
from helpline.programme.hours import Hours
from helpline.programme.placeholders import INLINE, KINDS, placeholder_faults
from helpline.programme.public_holidays import Calendar
from helpline.programme.reading import (
    all_faults,
    by_language,
    lines_by_language,
    only,
    optional,
    optional_date,
    optional_tables,
    optional_texts,
    optionally_by_language,
    read_toml,
)
from helpline.programme.signposts import HidingNumber, Pack, Signpost, Way
from helpline.settings.faults import Faults, TableReader
from helpline.settings.programme import MINUTES_OF_A_DAY, WEEKDAYS, OpenHours, minute_of_day

FILE = "pack.toml"
WHOLE_WEEK = OpenHours(weekdays=tuple(range(len(WEEKDAYS))), starts=0, ends=MINUTES_OF_A_DAY)
CONFIDENTIALITY_LINES = 5

KEYS = (
    "code", "names", "zone", "country", "subdivision", "unknown", "signed", "confidentiality", "telephone",
    "hiding_number", "answer", "scheme", "reporting", "signpost",
)  # fmt: skip


def load_packs(root: Path, *, languages: Sequence[str] = LANGUAGES) -> dict[str, Pack]:
    """Return the packs in *root*, one folder each, by code; each speaks all of *languages*, and may speak others.

    Raises:
        ContentError: with everything that is missing or wrong, in all of them.
    """
    with all_faults() as faults:
        folders = sorted(path.parent for path in root.glob(f"*/{FILE}"))
        if not folders:
            faults.add("there is no jurisdiction pack")
        packs = {folder.name: _pack(folder, languages=languages, faults=faults) for folder in folders}
    return packs


def lines_of(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield every sentence of *pack* that holds a placeholder or may hold one, with its language."""
    for by_tongue in (pack.confidentiality, pack.telephone, pack.reporting.lines):
        yield from ((tongue, line) for tongue, lines in by_tongue.items() for line in lines)
    for texts in (*(answer.said for answer in pack.answers), *(scheme.about for scheme in pack.schemes)):
        yield from texts.items()


def _pack(folder: Path, *, languages: Sequence[str], faults: Faults) -> Pack:
    name = f"{folder.name}/{FILE}"
    reader = read_toml(folder / FILE, name=name, faults=faults)
    only(reader, known=KEYS)
    zone = _zone(reader)
    pack = Pack(
        code=reader.text("code"),
        names=by_language(reader, "names", languages=languages),
        zone=zone,
        calendar=Calendar(country=reader.text("country"), subdivision=optional(reader, "subdivision")),
        unknown=optional_texts(reader, "unknown"),
        signed=read_signatures(reader),
        confidentiality=lines_by_language(reader, "confidentiality", languages=languages),
        telephone=lines_by_language(reader, "telephone", languages=languages),
        hiding_number=_hiding_number(reader, languages=languages),
        answers=read_answers_of(reader, languages=languages),
        schemes=read_schemes(reader, languages=languages),
        reporting=read_reporting(reader, languages=languages),
        signposts=tuple(_signpost(row, zone=zone, languages=languages) for row in reader.tables("signpost")),
    )
    reader.check("code", holds=pack.code == folder.name, wanted="the name of its folder")
    reader.check("country", holds=pack.calendar.is_known, wanted="a country whose holidays are known, as NL")
    _check_kinds(reader, pack=pack)
    for language, lines in pack.confidentiality.items():
        whole = len(lines) == CONFIDENTIALITY_LINES
        reader.check("confidentiality", holds=whole, wanted=f"{CONFIDENTIALITY_LINES} lines in {language}")
    for _, line in lines_of(pack):
        for fault in placeholder_faults(line, allowed=INLINE):
            faults.add(f"{name}: {fault}")
    return pack


def _check_kinds(reader: TableReader, *, pack: Pack) -> None:
    """Add a fault for a kind that is neither there nor said to be unknown: it was forgotten."""
    ids = [signpost.id for signpost in pack.signposts]
    missing = [kind for kind in KINDS if kind not in ids and kind not in pack.unknown]
    reader.check("signpost", holds=len(set(ids)) == len(ids), wanted="without an id twice")
    reader.check("signpost", holds=not missing, wanted=f"with each of {', '.join(KINDS)}, or they stand in unknown")
    only_kinds = set(pack.unknown) <= set(KINDS) - set(ids)
    reader.check("unknown", holds=only_kinds, wanted="a list of kinds for which there is no signpost")


def _zone(reader: TableReader) -> ZoneInfo:
    name = reader.text("zone")
    known = name in available_timezones()
    reader.check("zone", holds=known, wanted="a zone of the IANA list, as Europe/Amsterdam")
    return ZoneInfo(name if known else "UTC")


def _hiding_number(reader: TableReader, *, languages: Sequence[str]) -> HidingNumber | None:
    if "hiding_number" not in reader.names():
        return None
    table = reader.table("hiding_number")
    only(table, known=("lines", "confirmed", "source"))
    return HidingNumber(
        lines=lines_by_language(table, "lines", languages=languages),
        confirmed=optional_date(table, "confirmed"),
        source=table.text("source"),
    )


def _signpost(reader: TableReader, *, zone: ZoneInfo, languages: Sequence[str]) -> Signpost:
    only(reader, known=(*Signpost.__dataclass_fields__, "day_and_night", "closed_on_holidays"))
    text = partial(by_language, reader, languages=languages)
    maybe = partial(optionally_by_language, reader, languages=languages)
    signpost = Signpost(
        id=reader.text("id"),
        names=text("names"),
        said=maybe("said") or text("names"),
        about=text("about"),
        numbers=optional_texts(reader, "numbers"),
        site=optional(reader, "site"),
        ways=tuple(Way(way) for way in reader.texts("ways", allowed=tuple(Way)) if way in set(Way)),
        hours=_hours(reader, zone=zone),
        cost=maybe("cost"),
        asks=maybe("asks"),
        keeps=maybe("keeps"),
        on_bill=maybe("on_bill"),
        ages=maybe("ages"),
        confirmed=optional_date(reader, "confirmed"),
        source=reader.text("source"),
    )
    reader.check("numbers", holds=bool(signpost.numbers or signpost.site), wanted="there, or a site")
    return signpost


def _hours(reader: TableReader, *, zone: ZoneInfo) -> Hours | None:
    """Return the hours; None when the pack gives none, because nobody confirmed any."""
    weekly = tuple(_stretch(row) for row in optional_tables(reader, "hours"))
    if reader.switch("day_and_night", default=False):
        reader.check("hours", holds=not weekly, wanted="left out of what answers day and night")
        weekly = (WHOLE_WEEK,)
    closed = reader.switch("closed_on_holidays", default=False)
    return Hours(weekly=weekly, zone=zone, closed_on_holidays=closed) if weekly else None


def _stretch(reader: TableReader) -> OpenHours:
    only(reader, known=("days", "from", "until"))
    days = reader.texts("days", allowed=WEEKDAYS)
    starts, ends = minute_of_day(reader.text("from")), minute_of_day(reader.text("until"))
    in_order = starts is not None and ends is not None and starts < ends
    reader.check("from", holds=in_order, wanted="a time before until, both as 09:00")
    weekdays = tuple(WEEKDAYS.index(day) for day in days if day in WEEKDAYS)
    return OpenHours(weekdays=weekdays, starts=starts or 0, ends=ends or 0)
