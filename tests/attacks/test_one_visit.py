"""Sensitivity without statistics: whatever one visit does, with it and without it the counts differ by one."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from helpline.usage import counter_file
from tests.attacks.worlds import Cells, Played, PlayedSite, Visitor, distance, farthest
from tests.support.pages import words

CHANNEL, FIRST_PAGE, OTHER_PAGE, TALK = "/k7", "/en/read/1/1", "/en/read/2/1", "/en/talk/"
TYPED = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none", "Sec-Fetch-User": "?1"}
RELOADED = TYPED | {"Cache-Control": "max-age=0"}
FOLLOWED = TYPED | {"Sec-Fetch-Site": "same-origin"}
BACK = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"}
"""What Chromium sends when somebody goes back to a page that a link from outside led to."""

DO = ("show", "nothing", "print", "save", "more")
BUTTONS: tuple[dict[str, str], ...] = ({}, *({"do": it} for it in DO), {"lang": "nl"})
Step = tuple[str, int, int]

PASSES: dict[str, Callable[[Played], None]] = {
    "night": Played.night,
    "week": lambda world: world.night(weeks=True),
    "restart": Played.restart,
    "elsewhere": Played.elsewhere,
}
"""What happens to everybody."""

ANY = st.integers(0, 30)
VISITS = st.one_of(
    st.tuples(st.just("press"), ANY, st.sampled_from([0, 0, 0, *range(len(BUTTONS))])),
    st.tuples(st.sampled_from(["again", "back", "reload", "unmet"]), ANY, st.just(0)),
)
NIGHTS = st.tuples(st.sampled_from(["night", "week", "restart"]), st.just(0), st.just(0))
ONE_HOST = st.lists(st.one_of(VISITS, VISITS, NIGHTS), min_size=3, max_size=14)
ANY_HOST = st.lists(st.one_of(VISITS, VISITS, NIGHTS, st.just(("elsewhere", 0, 0))), min_size=3, max_size=14)


def played(site: PlayedSite, steps: Sequence[Step], *, comes: bool, hosts: int) -> tuple[Cells, Played]:
    """Return what is stored after *steps* of everybody, and of one visitor more if she *comes*."""
    with site.play(hosts=hosts) as world:
        world.night()
        other = arrives(site, path=OTHER_PAGE)
        visitor = arrives(site, path=FIRST_PAGE) if comes else None
        other.press(other.shown[-2], {})
        for kind, which, button in steps:
            if kind in PASSES:
                PASSES[kind](world)
                other.press(other.shown[which % len(other.shown)], {})
            elif visitor:
                acts(visitor, kind, which=which, button=button)
        world.night()
        world.night(weeks=True)
        return world.stored(), world


def arrives(site: PlayedSite, *, path: str) -> Visitor:
    """Return somebody who came by a channel, and opened a page of a path and the times to talk."""
    visitor = Visitor(Client(site.site))
    visitor.get(CHANNEL, TYPED)
    for opened in (path, TALK):
        assert visitor.get(opened, FOLLOWED).has_form
    return visitor


def acts(visitor: Visitor, kind: str, *, which: int, button: int) -> None:
    """Let the visitor do one thing. She opens the first page of her path once: who opens it anew is a new visit."""
    page = visitor.shown[which % len(visitor.shown)]
    if kind == "press":
        visitor.press(page, BUTTONS[button])
    elif kind == "again":
        visitor.again(which)
    elif kind == "unmet":
        visitor.press(next(it for it in visitor.shown if it.path == TALK), {"none": "1"})
    elif kind == "back":
        visitor.get(CHANNEL, BACK)
    else:
        visitor.get(CHANNEL, RELOADED)


def differ(site: PlayedSite, steps: Sequence[Step], *, hosts: int = 1) -> tuple[dict[str, int], int]:
    """Return by table how far the worlds with and without the visit are apart in the end, and at most in one flush."""
    stored, world = played(site, steps, comes=True, hosts=hosts)
    stored_without, world_without = played(site, steps, comes=False, hosts=hosts)
    pairs = zip(world.hosts, world_without.hosts, strict=True)
    return distance(stored, stored_without), max(farthest(it.increments, that.increments) for it, that in pairs)


def differs_by_one(site: PlayedSite, steps: Sequence[Step]) -> None:
    """Fail if a visit moves a table by more than one, in the end or in anything that a flush writes."""
    apart, in_a_flush = differ(site, steps)
    assert apart["arrival"] == in_a_flush == 1
    assert max(apart.values()) == 1, apart


def differs_by_one_in_each_flush(site: PlayedSite, steps: Sequence[Step]) -> None:
    """Fail if a visit on two hosts moves anything that a flush writes by more than one."""
    _, in_a_flush = differ(site, steps, hosts=2)
    assert in_a_flush == 1


FEW = settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
MANY = settings(max_examples=1_000, phases=[Phase.explicit, Phase.generate])
"""Without shrinking, which takes minutes where every try is two worlds."""

OLD_FORM: list[Step] = [("press", 0, 0), ("night", 0, 0), ("night", 0, 0), ("again", 0, 0), ("press", 2, 0)]
"""A tab that was left open for two nights: its first form was a second visit, when only its mark was looked at."""

TABS: list[Step] = [
    ("press", 0, 0),
    ("press", 0, 0),
    ("press", 2, 0),
    ("unmet", 0, 0),
    ("unmet", 0, 0),
    ("again", 0, 0),
]


LANGUAGES: list[Step] = [("press", 0, 6), ("press", 0, 0), ("press", 2, 3)]
"""Another language within three seconds, when a page came back with a token of its own: two tabs were two visits."""

OLD_LANGUAGE: list[Step] = [("press", 0, 0), ("night", 0, 0), ("press", 0, 6), ("press", 3, 0)]
"""The same on a page that was opened the day before."""


@given(steps=ONE_HOST)
@example(steps=OLD_FORM)
@example(steps=TABS)
@example(steps=LANGUAGES)
@example(steps=OLD_LANGUAGE)
@FEW
def test_whatever_a_visit_does_each_table_differs_by_one(site_to_play: PlayedSite, steps: list[Step]) -> None:
    """Back, reload, any old form sent again, a second tab, midnight, the end of a week, a restart."""
    differs_by_one(site_to_play, steps)


@pytest.mark.long
@given(steps=ONE_HOST)
@MANY
def test_whatever_a_thousand_visits_do_each_table_differs_by_one(site_to_play: PlayedSite, steps: list[Step]) -> None:
    differs_by_one(site_to_play, steps)


@given(steps=ANY_HOST)
@example(steps=[("press", 0, 0), ("elsewhere", 0, 0), ("again", 0, 0), ("press", 0, 0), ("unmet", 0, 0)])
@FEW
def test_on_two_hosts_each_flush_differs_by_one(site_to_play: PlayedSite, steps: list[Step]) -> None:
    """A form that is sent again to another host counts there once more (decision 0020): never twice in one flush."""
    differs_by_one_in_each_flush(site_to_play, steps)


@pytest.mark.long
@given(steps=ANY_HOST)
@MANY
def test_on_two_hosts_a_thousand_visits_differ_by_one_in_each_flush(
    site_to_play: PlayedSite, steps: list[Step]
) -> None:
    differs_by_one_in_each_flush(site_to_play, steps)


def test_a_visit_that_finds_every_place_taken_changes_no_path(
    site_to_play: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter_file, "PEBBLES", 1)
    with_her, _ = played(site_to_play, [("press", 0, 0)], comes=True, hosts=1)
    without_her, _ = played(site_to_play, [("press", 0, 0)], comes=False, hosts=1)

    apart = distance(with_her, without_her)
    assert apart["path"] == 0
    assert apart["arrival"] == 1


def test_a_visit_that_takes_the_last_place_leaves_none_for_another(
    site_to_play: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What docs/threat-model.md says of a flood: then, and only then, one visit can move two cells."""
    monkeypatch.setattr(counter_file, "PEBBLES", 1)
    apart = []
    for comes in (True, False):
        with site_to_play.play() as world:
            for path in (FIRST_PAGE, OTHER_PAGE)[not comes :]:
                visitor = arrives(site_to_play, path=path)
                visitor.press(visitor.shown[-2], {})
            world.night()
            apart.append(world.stored())

    assert distance(*apart)["path"] == 2


def test_a_request_changes_each_table_by_one_however_often_it_is_sent(site_to_play: PlayedSite) -> None:
    """Booked, booked again by the same form, cancelled, cancelled again."""
    stored = []
    for comes in (True, False):
        with site_to_play.play() as world:
            if comes:
                books_and_cancels(site_to_play)
            world.night()
            stored.append(world.stored())

    assert distance(*stored) == {"callback": 1, "lead": 1, "arrival": 1, "path": 0}


def books_and_cancels(site: PlayedSite) -> None:
    """Let somebody do all that, each form twice."""
    visitor = arrives(site, path=FIRST_PAGE)
    form = visitor.shown[-1]
    site.clock.wait(minutes=1)
    time = str(form.all("input", name="time")[-1].get("value"))
    for _ in range(2):
        visitor.press(form, {"time": time, "way": "you_ring", "about": "about_me"})
        assert visitor.answer.heading == "Your talk is booked", visitor.answer.text
    code = words(visitor.answer.all("p", class_="code")[0])
    visitor.press(visitor.get(TALK + "code", FOLLOWED), {"code": code})
    asked = visitor.answer
    for status in (303, 422):
        visitor.press(asked, {"code": code, "do": "cancel"})
        assert visitor.answer.status == status, visitor.answer.text
