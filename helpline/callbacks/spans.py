"""The hours of one day as spans of local minutes: joined, cut, taken away. Rules only, no table."""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from helpline.callbacks.rota import MINUTES_OF_A_DAY, instant, local_day

Span = tuple[int, int]
"""From one minute of the local day to another; 1440 is midnight, and nothing crosses it."""

Spans = tuple[Span, ...]
"""The hours of a day, in order, with a gap between any two; none of them: not there that day."""

WHOLE_DAY: Span = (0, MINUTES_OF_A_DAY)


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


def without(spans: Iterable[Span], part: Span) -> Spans:
    """Return what of *spans* lies outside *part* of the day."""
    first, last = part
    held = tuple(spans)
    return joined((*within(held, (0, first)), *within(held, (last, MINUTES_OF_A_DAY))))


def do_overlap(spans: Iterable[Span]) -> bool:
    """Return whether two of *spans* share a minute."""
    return any(later[0] < earlier[1] for earlier, later in pairwise(sorted(spans)))


def hold(spans: Iterable[Span], talk: tuple[datetime, datetime], *, zone: ZoneInfo) -> bool:
    """Return whether *talk*, from its first moment to its last, lies in one of *spans* of the day it begins on."""
    begins, ends = talk
    day = local_day(begins, zone=zone)
    return any(
        instant(day, first, zone=zone) <= begins and ends <= instant(day, last, zone=zone) for first, last in spans
    )
