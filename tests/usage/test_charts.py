"""Charts: every number and its margin drawn where it lies, readable without a style sheet, the same bytes each time."""

from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest

from helpline.usage.charts import BARS_UNTIL, LETTERS, TEXT, Bar, bars, series

ROWS = (
    Bar("Dutch: without a path of its own", value=100, margin=20, words="100 ± 20"),
    Bar("<b>&amp; a label that goes on much longer than one line of a telephone does</b>", 0, 20, "fewer than 21"),
    Bar("English", value=-30, margin=20, words="fewer than 21"),
)


def drawn(svg: str) -> Element:
    """Return the chart as a tree. Read as XML, and not as forgiving HTML: it must be well formed."""
    return fromstring(svg)  # noqa: S314 - no stranger's XML: the program under test has just made it


def at(element: Element, name: str) -> float:
    """Return the number in an attribute."""
    return float(element.attrib[name].removesuffix("%"))


def boxes(chart: Element) -> list[Element]:
    """Return the bars."""
    return list(chart.iter("rect"))


def whiskers(chart: Element) -> list[Element]:
    """Return the long line of each whisker."""
    return [next(iter(group)) for group in chart.iter("g") if group.get("class") == "whisker"]


def test_bars_lie_on_one_scale_with_zero_and_every_whisker_on_it() -> None:
    chart = drawn(bars("c", title="Arrivals", description="One week", rows=ROWS))
    scale = BARS_UNTIL / (120 - -50)
    zero = 50 * scale

    assert [at(box, "x") for box in boxes(chart)] == pytest.approx([zero, zero, zero - 30 * scale], abs=0.01)
    assert [at(box, "width") for box in boxes(chart)] == pytest.approx([100 * scale, 0, 30 * scale], abs=0.01)
    ends = [(at(line, "x1"), at(line, "x2")) for line in whiskers(chart)]
    for found, (low, high) in zip(ends, [(80, 120), (-20, 20), (-50, -10)], strict=True):
        assert found == pytest.approx((zero + low * scale, zero + high * scale), abs=0.01)
    lines = [at(line, "x1") for line in chart.iter("line") if line.get("class") == "zero"]
    assert lines == pytest.approx([zero] * len(ROWS), abs=0.01)


def test_a_series_draws_negative_values_below_zero() -> None:
    chart = drawn(series("c", title="Arrivals", description="A year", points=ROWS))
    up, _, below = boxes(chart)
    (zero,) = (it for it in chart.iter("line") if it.get("class") == "zero")

    assert at(up, "y") + at(up, "height") == pytest.approx(at(zero, "y1"), abs=0.2)
    assert at(below, "y") == pytest.approx(at(zero, "y1"), abs=0.2)
    assert at(below, "height") > 0


@pytest.mark.parametrize("count", [0, 1, 4, 12, 52])
def test_periods_stand_side_by_side_within_the_chart(count: int) -> None:
    points = [Bar(f"2026-W{week:02}", value=week * 9, margin=5, words=str(week)) for week in range(count)]
    chart = drawn(series("c", title="Arrivals", description="A year", points=points))
    found = boxes(chart)

    assert len(found) == len(whiskers(chart)) == count
    assert all(at(one, "x") + at(one, "width") < at(other, "x") for one, other in pairwise(found))
    assert all(at(box, "x") + at(box, "width") <= 100 for box in found)
    named = [text.text for text in chart.iter("text") if (text.text or "").startswith("2026")]
    assert len(named) == (count if count <= 4 else 3)
    assert named[-1:] == [point.label for point in points[-1:]]


def test_a_period_that_is_not_whole_has_a_broken_outline() -> None:
    part = Bar("2026", value=4, margin=9, words="4", is_whole=False)
    whole, broken = boxes(drawn(series("c", title="t", description="d", points=[ROWS[0], part])))

    assert "stroke-dasharray" not in whole.attrib
    assert broken.attrib["stroke-dasharray"]


@pytest.mark.parametrize("kind", ["bars", "series"])
def test_a_chart_says_what_it_shows_and_brings_neither_script_nor_style(kind: str) -> None:
    title, description = "Arrivals <i>", "One week & another"
    made = [
        bars("c", title=title, description=description, rows=ROWS)
        if kind == "bars"
        else series("c", title=title, description=description, points=ROWS)
        for _ in range(2)
    ]
    chart = drawn(made[0])

    assert made[0] == made[1]
    assert chart.attrib["role"] == "img"
    assert chart.attrib["aria-labelledby"] == "c-title c-desc"
    assert {it.get("id"): it.text for it in chart if it.get("id")} == {
        "c-title": "Arrivals <i>",
        "c-desc": "One week & another",
    }
    assert "<script" not in made[0]
    assert "style" not in made[0]
    assert "<b>" not in made[0]


def test_text_keeps_its_size_and_long_labels_are_broken() -> None:
    chart = drawn(bars("c", title="t", description="d", rows=ROWS))

    assert TEXT >= 12
    assert "viewBox" not in chart.attrib
    assert all(len(text.text or "") <= LETTERS for text in chart.iter("text"))


@pytest.mark.parametrize(
    ("value", "rules"), [(0, ["0", "1"]), (7, ["0", "2", "4", "6"]), (940, ["0", "200", "400", "600", "800"])]
)
def test_rules_are_round_numbers(value: int, rules: list[str]) -> None:
    chart = drawn(series("c", title="t", description="d", points=[Bar("a", value=value, margin=0, words="")]))

    assert [text.text for text in chart.iter("text")][: len(rules)] == rules
