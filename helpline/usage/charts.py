"""Charts of released numbers: SVG made here, whiskers for the margin, no script and no style of its own.

Places along a line are percentages and sizes of text are pixels, so a chart is as wide as its page and its text never
shrinks. Colours are attributes that a style sheet overrules by class (``bar``, ``part``, ``whisker``, ``zero``,
``rule``): a chart can be read without one, in the dark, in print and by people who see no colours, for bars are
outlined and whiskers are lines. The same figures belong in a table below it.
"""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

TEXT = 13
"""Size of all text in pixels, however wide the chart is."""

LINE = 17
BAR = 16
GAP = 12
HALF_CAP = 4

LETTERS = 38
"""Letters of a label on one line: they fit a page of 320 pixels."""

BARS_UNTIL = 62
"""Bars end at this percentage; what a row says of itself stands beyond it."""

PLOT_FROM, PLOT_UNTIL = 17, 100
PLOT_TOP, PLOT_HEIGHT = 10, 190
FILLED = 64
"""Of the room that a period has, its bar takes so many percent."""

MOST_LABELS = 4
"""So many periods are all named below the line; of more, the first, the middle one and the last."""

MOST_RULES = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A number to draw: what it is called, how far it may be off, and how it is said in words ("40 ± 9")."""

    label: str
    value: int
    margin: int
    words: str
    is_whole: bool = True

    @property
    def low(self) -> int:
        """Where its whisker begins."""
        return self.value - self.margin

    @property
    def high(self) -> int:
        """Where its whisker ends."""
        return self.value + self.margin


def bars(name: str, *, title: str, description: str, rows: Sequence[Bar]) -> Markup:
    """Return a chart of the cells of one table: a bar for each, below its label, negative ones left of zero.

    *name* makes the ids of title and description unique on a page. The same arguments give the same bytes.
    """
    lowest, highest = _ends(rows)

    def across(value: int) -> str:
        return _percent(BARS_UNTIL * (value - lowest) / (highest - lowest))

    drawn, top = [], 0
    for row in rows:
        lines = textwrap.wrap(row.label, LETTERS) or [""]
        for line in lines:
            top += LINE
            drawn.append(_text(line, x="0", y=top - 6))
        drawn.append(_level(row, across=across, zero_to=lowest, highest=highest, top=top))
        top += BAR + GAP
    return _chart(name, title=title, description=description, height=top, inside=drawn)


def series(
    name: str, *, title: str, description: str, points: Sequence[Bar], say: Callable[[int], str] = str
) -> Markup:
    """Return a chart of one number over periods, the oldest first; a period that is not whole has a broken outline.

    *say* writes the numbers beside the rules as the reader's language does. The same arguments give the same bytes.
    """
    lowest, highest = _ends(points)

    def down(value: int) -> str:
        return f"{PLOT_TOP + PLOT_HEIGHT * (highest - value) / (highest - lowest):.1f}"

    room = (PLOT_UNTIL - PLOT_FROM) / max(1, len(points))
    drawn = [_rule(value, at=down(value), words=say(value)) for value in _rules(lowest, highest)]
    for place, point in enumerate(points):
        drawn.append(_column(point, down=down, start=PLOT_FROM + place * room, room=room))
    drawn.extend(_names(points, room=room))
    height = PLOT_TOP + PLOT_HEIGHT + 2 * LINE
    return _chart(name, title=title, description=description, height=height, inside=drawn)


def _chart(name: str, *, title: str, description: str, height: int, inside: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{0}-title {0}-desc" width="100%" height="{1}"'
        ' font-family="system-ui, sans-serif" font-size="{2}" fill="currentColor">'
        '<title id="{0}-title">{3}</title><desc id="{0}-desc">{4}</desc>{5}</svg>'
    ).format(name, height, TEXT, title, description, Markup("").join(inside))


def _level(row: Bar, *, across: Callable[[int], str], zero_to: int, highest: int, top: int) -> Markup:
    """Return a bar from zero to the value, its whisker, and its words at the end of the row."""
    left, right = sorted((0, row.value))
    width = _percent(BARS_UNTIL * (right - left) / (highest - zero_to))
    box = _box(row, x=across(left), y=str(top), width=width, height=str(BAR))
    middle = top + BAR // 2
    zero = Markup('<line class="zero" x1="{0}" x2="{0}" y1="{1}" y2="{2}" stroke="currentColor"/>').format(
        across(0), top - HALF_CAP, top + BAR + HALF_CAP
    )
    whisker = Markup(
        '<g class="whisker" stroke="currentColor" stroke-width="1.5">'
        '<line x1="{0}" x2="{1}" y1="{2}" y2="{2}"/><line x1="{0}" x2="{0}" y1="{3}" y2="{4}"/>'
        '<line x1="{1}" x2="{1}" y1="{3}" y2="{4}"/></g>'
    ).format(across(row.low), across(row.high), middle, middle - HALF_CAP, middle + HALF_CAP)
    return box + zero + whisker + _text(row.words, x="100%", y=middle + 5, anchor="end")


def _column(point: Bar, *, down: Callable[[int], str], start: float, room: float) -> Markup:
    """Return the bar of one period with its whisker; a mouse that rests on it is told its words."""
    upper, lower = max(0, point.value), min(0, point.value)
    height = float(down(lower)) - float(down(upper))
    left, width = start + room * (100 - FILLED) / 200, room * FILLED / 100
    box = _box(point, x=_percent(left), y=down(upper), width=_percent(width), height=f"{height:.1f}")
    middle, cap = start + room / 2, min(1.0, room * FILLED / 300)
    return Markup(
        '<g><title>{0}: {1}</title>{2}<g class="whisker" stroke="currentColor" stroke-width="1.5">'
        '<line x1="{3}" x2="{3}" y1="{4}" y2="{5}"/><line x1="{6}" x2="{7}" y1="{4}" y2="{4}"/>'
        '<line x1="{6}" x2="{7}" y1="{5}" y2="{5}"/></g></g>'
    ).format(
        point.label,
        point.words,
        box,
        _percent(middle),
        down(point.high),
        down(point.low),
        _percent(middle - cap),
        _percent(middle + cap),
    )


def _box(bar: Bar, *, x: str, y: str, width: str, height: str) -> Markup:
    kind, broken = ("bar", "") if bar.is_whole else ("bar part", Markup(' stroke-dasharray="3 2"'))
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="#e4efec" stroke="#1f5f57"{}/>').format(
        kind, x, y, width, height, broken
    )


def _rule(value: int, *, at: str, words: str) -> Markup:
    kind = "rule" if value else "zero"
    line = Markup(
        '<line class="{}" x1="{}" x2="100%" y1="{}" y2="{}" stroke="currentColor" stroke-opacity="{}"/>'
    ).format(kind, _percent(PLOT_FROM), at, at, "0.25" if value else "1")
    return line + _text(words, x=_percent(PLOT_FROM - 1.5), y=round(float(at)) + 4, anchor="end")


def _names(points: Sequence[Bar], *, room: float) -> list[Markup]:
    last, baseline = len(points) - 1, PLOT_TOP + PLOT_HEIGHT + LINE
    if len(points) <= MOST_LABELS:
        return [
            _text(point.label, x=_percent(PLOT_FROM + (place + 0.5) * room), y=baseline, anchor="middle")
            for place, point in enumerate(points)
        ]
    return [
        _text(points[0].label, x=_percent(PLOT_FROM), y=baseline),
        _text(points[last // 2].label, x=_percent(PLOT_FROM + (last // 2 + 0.5) * room), y=baseline, anchor="middle"),
        _text(points[last].label, x="100%", y=baseline, anchor="end"),
    ]


def _text(words: str, *, x: str, y: int, anchor: str = "start") -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(x, y, anchor, words)


def _ends(drawn: Sequence[Bar]) -> tuple[int, int]:
    """Return the ends of the scale: zero is always on it, and every whisker."""
    return min([0, *(bar.low for bar in drawn)]), max([1, *(bar.high for bar in drawn)])


def _rules(lowest: int, highest: int) -> list[int]:
    """Return round numbers from *lowest* to *highest*, zero among them."""
    step, times = 1, (2, 5, 10)
    place = 0
    while (highest - lowest) // step >= MOST_RULES:
        step = times[place % 3] * 10 ** (place // 3)
        place += 1
    return [value * step for value in range(-(-lowest // step), highest // step + 1)]


def _percent(value: float) -> str:
    return f"{value:.2f}%"
