"""Nothing that a visitor types or that tells of her lies anywhere in what the two sites, as shipped, have written."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from helpline.clock.lease import LIFE, read_state
from helpline.clock.ticking import Clock
from helpline.settings.environment import office_settings
from helpline.staff.factors import current_code
from helpline.staff.tables import Member, StaffId
from helpline.store.engine import StoreName
from tests.support.caller import Caller
from tests.support.canaries import Ground, Trace
from tests.support.canary_visit import CODE, Talk, visit, words_of_visitors
from tests.support.demo import OpenedDemo
from tests.support.running import House, running_sites
from tests.support.search import Hit
from tests.support.stores import Stores

PATIENCE_SECONDS: Final = 180
LOOK_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Found:
    """What lay in the folders at one moment: words of visitors, and the ids and digests of talks."""

    words: list[Hit]
    kept: set[str]


@dataclass(frozen=True)
class Story:
    """Two visits from the first page until nothing is left, and what was found at each moment."""

    cancelled: Talk
    held: Talk
    logs: tuple[str, str]
    counsellor_saw: str
    while_both_stand: Found
    after_cancelling: Found
    in_the_end: Found


@pytest.fixture(scope="module")
def story(request: pytest.FixtureRequest, demo_to_serve: OpenedDemo, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Let two visitors do all that can be done, and let their talks go."""
    folder = tmp_path_factory.mktemp("house")
    old = [] if demo_to_serve.database_url is None else [request.getfixturevalue("postgres").folder]
    return story_of(demo_to_serve, folder, ground=Ground(folder, old=old))


def story_of(filled: OpenedDemo, folder: Path, *, ground: Ground) -> Story:
    """Tell the story of two visits to sites that are served below *folder*, searched for on *ground*."""
    with running_sites(filled, folder) as house:
        cancelled, held = visit(house)
        saw = open_envelope(house, held)
        talks = {"cancelled": cancelled, "held": held}
        standing = found(ground, talks)
        cancel(house, cancelled)
        with clock_over(house.demo) as (clock, stores):
            later = datetime.now(UTC) + LIFE + timedelta(minutes=1)
            tick_until_swept(clock, stores, now=later)
            after_cancelling = found_when_gone(ground, talks, tick=lambda: clock.tick(later))
        logs = tuple(log.read_text(encoding="utf-8") for log in house.logs)
    with clock_over(house.demo) as (clock, stores):
        tick_until_swept(clock, stores, now=held.gone_at)
    in_the_end = found(ground, talks)
    return Story(cancelled, held, (logs[0], logs[1]), saw, standing, after_cancelling, in_the_end)


def found_when_gone(ground: Ground, talks: Mapping[str, Talk], *, tick: Callable[[], object]) -> Found:
    """Return what is found once the cancelled talk is gone, or at the end of our patience.

    PostgreSQL's statistics say some seconds late what a visitor deleted; the clock comes by each minute.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    lying = found(ground, talks)
    while "digest of cancelled" in lying.kept and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
        tick()
        lying = found(ground, talks)
    return lying


def open_envelope(house: House, talk: Talk) -> str:
    """Let the counsellor of *talk* sign in and open it; return the words of the page."""
    with house.demo.opened() as stores, stores.office.read() as session:
        name = session.get_one(Member, StaffId(talk.counsellor_id)).name
    sign_in = next(it for it in house.demo.folder.sign_ins if it.name == name)
    caller = Caller(house.office)
    code = current_code(sign_in.factor, now=datetime.now(UTC))
    typed = {"name": name, "passphrase": sign_in.passphrase, "code": code}
    entered = caller.send(caller.get("/sign-in"), typed)
    assert entered.status == 303, entered.text
    path = f"/talk/{talk.id}"
    return caller.send(caller.get(path), {}, action=f"{path}/open").text


def cancel(house: House, talk: Talk) -> None:
    """Cancel *talk* by its code."""
    caller = Caller(house.visitors)
    assert caller.send(caller.get(CODE), {"code": talk.code, "do": "cancel"}).status == 303
    assert "No talk found" in caller.send(caller.get(CODE), {"code": talk.code}).text


@contextmanager
def clock_over(demo: OpenedDemo) -> Iterator[tuple[Clock, Stores]]:
    """Open a clock of our own over the stores of *demo*."""
    settings = office_settings(demo.office_environment)
    with demo.opened() as stores:
        sessions = {name: stores.sessions[name] for name in StoreName}
        yield Clock(settings, sessions, "a later clock", release=lambda: True, count=lambda *_: None), stores


def tick_until_swept(clock: Clock, stores: Stores, *, now: datetime) -> None:
    """Tick at *now*, again if somebody was reading just then: that is what the next minute is for."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    swept_at = None
    while swept_at != now.replace(microsecond=0):
        assert time.monotonic() < deadline, "the files were not wiped"
        assert clock.tick(now)
        with stores.helpline.read() as session:
            swept_at = read_state(session).swept_at


def found(ground: Ground, talks: Mapping[str, Talk]) -> Found:
    """Search every byte: stores, counters, home, temporary files and logs, and all that PostgreSQL keeps."""
    traces = {name: Trace(talk.id, talk.digest) for name, talk in talks.items()}
    wanted = {f"id of {name}": [trace.id.encode(), bytes.fromhex(trace.id)] for name, trace in traces.items()}
    wanted |= {f"digest of {name}": list(trace.digest_forms()) for name, trace in traces.items()}
    return Found(ground.hits(words_of_visitors(talks)), ground.lying(wanted))


def test_no_word_of_a_visitor_lies_anywhere_while_her_talk_stands(story: Story) -> None:
    assert story.while_both_stand.words == []


def test_no_word_of_a_visitor_lies_anywhere_later(story: Story) -> None:
    assert story.after_cancelling.words == []
    assert story.in_the_end.words == []


def test_a_cancelled_talk_leaves_neither_its_id_nor_the_digest_of_its_code(story: Story) -> None:
    assert story.after_cancelling.kept == {"id of held", "digest of held"}


def test_a_talk_that_has_passed_leaves_neither_its_id_nor_the_digest_of_its_code(story: Story) -> None:
    assert story.in_the_end.kept == set()


def test_what_is_kept_of_a_talk_is_found_while_it_stands(story: Story) -> None:
    both = {"id of held", "digest of held", "id of cancelled", "digest of cancelled"}

    assert story.while_both_stand.kept == both


def test_the_counsellor_was_told_what_was_typed(story: Story) -> None:
    assert story.held.number.replace(" ", "") in story.counsellor_saw.replace(" ", "")
    assert all(half in story.counsellor_saw for half in story.held.call_words.split(" – "))


def test_the_logs_had_something_to_say(story: Story) -> None:
    visitors, _ = story.logs

    for log in story.logs:
        assert "gunicorn.http.errors.InvalidRequestMethod" in log
    assert "sqlalchemy.exc." in visitors


def test_every_word_would_be_found_if_it_lay_there(story: Story, tmp_path: Path) -> None:
    talks = {"cancelled": story.cancelled, "held": story.held}
    wanted = words_of_visitors(talks)
    for at, word in enumerate(word for spelt in wanted.values() for word in spelt):
        (tmp_path / str(at)).write_text(word, encoding="utf-8")
    (tmp_path / "kept").write_bytes(b"".join(talk.id.encode() + talk.digest for talk in talks.values()))

    lying = found(Ground(tmp_path), talks)

    assert {hit.word for hit in lying.words} == set(wanted)
    assert lying.kept == story.while_both_stand.kept
