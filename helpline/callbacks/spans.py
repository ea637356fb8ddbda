"""The hours of one day as spans of local minutes: joined, cut, taken away. Rules only, no table."""

import enum
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from helpline.callbacks.rota import MINUTES_OF_A_DAY, instant, local_day

Span = tuple[int, int]
"""From one minute of the local day to another; 1440 is midnight, and nothing crosses it."""

Spans = tuple[Span, ...]
"""The hours of a day, in order, with a gap between any two; none of them: not there that day."""

NOON = 12 * 60


OVERHANG = 60
"""Hours that reach so many minutes beyond noon, or less, belong to their own half day: 09:00-12:30 is a morning."""


class Half(enum.StrEnum):
    """A half day: what is planned, wished, offered and taken as one. The afternoon lasts until midnight."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


def joined(spans: Iterable[Span]) -> Spans:
    """Return *spans* in order, with those that touch or overlap made one."""
    found: list[Span] = []
    for starts, ends in sorted(spans):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((starts, ends))
    return tuple(found)


def within(spans: Iterable[Span], part: Span) -> Spans:
    """Return what of *spans* lies in *part* of the day."""
    first, last = part
    return tuple((max(first, starts), min(last, ends)) for starts, ends in spans if starts < last and ends > first)


def without(spans: Spans, parts: Spans) -> Spans:
    """Return what of *spans* lies outside all *parts* of the day."""
    for first, last in parts:
        spans = joined((*within(spans, (0, first)), *within(spans, (last, MINUTES_OF_A_DAY))))
    return spans


def do_overlap(spans: Iterable[Span]) -> bool:
    """Return whether two of *spans* share a minute."""
    return any(later[0] < earlier[1] for earlier, later in pairwise(sorted(spans)))


def half_of(spans: Iterable[Span], half: Half) -> Spans:
    """Return what of *spans* belongs to *half* of the day; the two halves together are the whole."""
    found: dict[Half, list[Span]] = {Half.MORNING: [], Half.AFTERNOON: []}
    for starts, ends in spans:
        if starts < NOON and ends <= NOON + OVERHANG:
            found[Half.MORNING].append((starts, ends))
        elif starts >= NOON - OVERHANG:
            found[Half.AFTERNOON].append((starts, ends))
        else:
            found[Half.MORNING].append((starts, NOON))
            found[Half.AFTERNOON].append((NOON, ends))
    return tuple(found[half])


def without_half(spans: Iterable[Span], half: Half) -> Spans:
    """Return *spans* of a day without what belongs to *half* of it."""
    return half_of(spans, Half.AFTERNOON if half is Half.MORNING else Half.MORNING)


def alone(held: Iterable[Spans]) -> Spans:
    """Return when exactly one of those whose hours are *held* is there: the rule "never alone" marks it."""
    spans = [span for spans in held for span in spans]
    edges = sorted([*((starts, 1) for starts, _ in spans), *((ends, -1) for _, ends in spans)])
    found, there = list[Span](), 0
    for (minute, step), (following, _) in pairwise([*edges, (MINUTES_OF_A_DAY, 0)]):
        there += step
        if there == 1 and minute < following:
            found.append((minute, following))
    return joined(found)


def written(spans: Spans) -> str:
    """Return *spans* as a store keeps them: "540-720 780-1020"."""
    return " ".join(f"{starts}-{ends}" for starts, ends in spans)


def read(text: str) -> Spans:
    """Return the hours that `written` wrote."""
    return tuple((int(starts), int(ends)) for starts, _, ends in (part.partition("-") for part in text.split()))


def hold(spans: Iterable[Span], talk: tuple[datetime, datetime], *, zone: ZoneInfo) -> bool:
    """Return whether *talk*, from its first moment to its last, lies in one of *spans* of the day it begins on."""
    begins, ends = talk
    day = local_day(begins, zone=zone)
    return any(
        instant(day, first, zone=zone) <= begins and ends <= instant(day, last, zone=zone) for first, last in spans
    )
