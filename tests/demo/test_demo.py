"""What somebody who tries the demo can rely on."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from sqlalchemy import func, select

from helpline.callbacks.draw import read_draw
from helpline.callbacks.due import talks_between
from helpline.callbacks.exceptions import close_days, replace_day
from helpline.callbacks.queue import Files as QueueFiles
from helpline.callbacks.queue import Opener, open_envelope
from helpline.callbacks.rota_keeping import active_counsellors
from helpline.callbacks.tables import Booking, CounsellorId, TalkState
from helpline.codes import read_code
from helpline.crypto.passwords import Cost
from helpline.day_keys import DayKeys
from helpline.demo.cast import INVENTED_NUMBERS, STAFF, VISITORS
from helpline.demo.chores import announcement
from helpline.demo.folder import NotADemoError, read_folder, remove_folder
from helpline.demo.opening import STALE_AFTER
from helpline.demo.serving import sites
from helpline.outside.missed import missed_by_cause
from helpline.outside.tables import Cause
from helpline.outside.yearly import register_of, series_years
from helpline.settings.environment import OFFICE_ONLY, VISITORS_ONLY, office_settings, visitors_settings
from helpline.staff.accounts import unlock
from helpline.staff.keys import Door, StaffKeys
from helpline.staff.tables import Member
from tests.support.demo import OpenedDemo, open_cheaply
from tests.support.stores import Stores, opened_stores
from tests.support.world import NOW

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def demo_stores(demo: OpenedDemo) -> Iterator[Stores]:
    """Give the stores of the copy."""
    with opened_stores(demo.data_dir, database_url=None) as stores:
        yield stores


def test_each_talk_of_the_cast_is_booked_and_its_code_can_be_read(demo: OpenedDemo, demo_stores: Stores) -> None:
    assert [talk.about for talk in demo.folder.talks] == [visitor.about for visitor in VISITORS]
    assert all(read_code(talk.code) for talk in demo.folder.talks)
    with demo_stores.helpline.read() as session:
        states = list(session.scalars(select(Booking.state)))
    assert sorted(states) == sorted([TalkState.BOOKED] * 4 + [TalkState.CANCELLED_BY_US, TalkState.MISSED])


@pytest.mark.parametrize(("hour", "minute"), [(3, 41), (13, 10), (13, 38), (23, 41)])
def test_at_any_hour_the_first_counsellor_can_open_a_talk_that_comes_soon(
    demo: OpenedDemo, demo_stores: Stores, hour: int, minute: int
) -> None:
    later = (demo.now + timedelta(days=1)).astimezone(AMSTERDAM).replace(hour=hour, minute=minute)
    open_cheaply(demo.data_dir, run_dir=demo.run_dir, now=later)

    settings = office_settings(demo.office_environment)
    keys = StaffKeys.of(pepper=settings.office_pepper, session_key=settings.session_key)
    door = Door.of(keys, cost=Cost(), zone=settings.programme.zone)
    with demo_stores.office.read() as session:
        anna = session.scalars(select(Member).where(Member.name == "anna")).one()
    private = unlock(anna, demo.folder.sign_ins[0].passphrase, door=door)
    with demo_stores.helpline.read() as session:
        due = talks_between(session, CounsellorId(anna.id), first=later, last=later + timedelta(hours=3), now=later)
    files = QueueFiles(
        demo_stores.helpline, demo_stores.office, DayKeys(demo.data_dir / "daykeys"), settings.programme.zone
    )
    assert due[0].starts_at - later <= timedelta(minutes=30) or hour >= 21
    assert private.opening is not None
    opened = open_envelope(
        files,
        due[0].booking_id,
        opener=Opener(anna.id, private.opening),
        programme=settings.programme,
        now=due[0].starts_at,
    )
    assert opened.wish.number in INVENTED_NUMBERS


def test_opening_it_again_the_same_day_changes_nothing(demo: OpenedDemo) -> None:
    again = open_cheaply(demo.data_dir, run_dir=demo.run_dir, now=demo.now + STALE_AFTER - timedelta(minutes=1))
    assert again == demo.folder


def test_a_demo_of_yesterday_gets_new_talks_and_keeps_its_sign_ins(demo: OpenedDemo, demo_stores: Stores) -> None:
    later = demo.now + timedelta(days=9)
    again = open_cheaply(demo.data_dir, run_dir=demo.run_dir, now=later)
    assert again.sign_ins == demo.folder.sign_ins
    assert {talk.code for talk in again.talks}.isdisjoint(talk.code for talk in demo.folder.talks)
    with demo_stores.helpline.read() as session:
        assert read_draw(session, language="nl", now=later)
        ahead = select(func.count()).select_from(Booking).where(Booking.starts_at > later)
        assert session.scalar(ahead) == 5


def test_a_demo_whose_days_were_closed_by_somebody_trying_it_gets_its_talks(
    demo: OpenedDemo, demo_stores: Stores
) -> None:
    later = demo.now + timedelta(days=1)
    with demo_stores.helpline.begin() as session:
        close_days(session, first=demo.now.date(), last=later.date() + timedelta(days=1), label="Tried")
        for counsellor in active_counsellors(session):
            replace_day(session, counsellor.id, day=later.date(), spans=())
    again = open_cheaply(demo.data_dir, run_dir=demo.run_dir, now=later)
    assert len(again.talks) == len(demo.folder.talks)


def test_each_process_gets_its_own_secrets_only(demo: OpenedDemo) -> None:
    assert set(VISITORS_ONLY).isdisjoint(demo.office_environment)
    assert set(OFFICE_ONLY).isdisjoint(demo.visitors_environment)
    assert office_settings(demo.office_environment).is_demo
    assert visitors_settings(demo.visitors_environment).allowed_hosts == ("localhost", "127.0.0.1")


def test_its_secrets_are_readable_by_their_owner_only(demo: OpenedDemo) -> None:
    assert (demo.data_dir / "demo.toml").stat().st_mode & 0o777 == 0o600


def test_two_demos_share_no_secret(demo: OpenedDemo, tmp_path: Path) -> None:
    other = open_cheaply(tmp_path / "other", run_dir=tmp_path / "otherrun", now=demo.now)
    assert set(other.keys.values()).isdisjoint(demo.folder.keys.values())
    pairs = zip(other.sign_ins, demo.folder.sign_ins, strict=True)
    assert all(one.passphrase != two.passphrase and one.factor != two.factor for one, two in pairs)


def test_a_demo_that_was_cut_off_half_made_is_made_again(tmp_path: Path) -> None:
    data_dir = tmp_path / "var"
    data_dir.mkdir()
    (data_dir / "demo.toml").write_text('verify_key = ""\nfilled_at = 0\n\n[keys]\n', encoding="utf-8")
    (data_dir / "rubble").write_text("half", encoding="utf-8")
    made = open_cheaply(data_dir, run_dir=tmp_path / "run", now=NOW)
    assert len(made.sign_ins) == len(STAFF)
    assert not (data_dir / "rubble").exists()


def test_a_folder_that_is_no_demo_is_never_touched(tmp_path: Path) -> None:
    precious = tmp_path / "programme.toml"
    precious.write_text('name = "A real one"\n', encoding="utf-8")
    with pytest.raises(NotADemoError):
        open_cheaply(tmp_path, run_dir=tmp_path / "run", now=NOW)
    with pytest.raises(NotADemoError):
        remove_folder(tmp_path)
    assert precious.read_text(encoding="utf-8") == 'name = "A real one"\n'


def test_a_demo_can_be_thrown_away(demo: OpenedDemo) -> None:
    assert remove_folder(demo.data_dir)
    assert not demo.data_dir.exists()
    assert not remove_folder(demo.data_dir)
    assert read_folder(demo.data_dir) is None


def test_no_number_in_it_can_be_rung() -> None:
    reserved_for_films = "+4917139200"
    assert all(number.startswith(reserved_for_films) for number in INVENTED_NUMBERS)
    programme = tomllib.loads(
        (Path(__file__).parents[2] / "helpline" / "demo" / "programme.toml").read_text(encoding="utf-8")
    )
    for name in ("number", "booked_number"):
        national = phonenumbers.national_significant_number(phonenumbers.parse(programme[name], "NL"))
        assert national[2] == "0", "a Dutch subscriber number does not begin with 0"


def test_the_terminal_says_addresses_sign_ins_and_codes(demo: OpenedDemo) -> None:
    said = announcement(demo.folder, sites(site_port=8000, office_port=8001))
    assert "http://127.0.0.1:8000" in said
    assert "http://localhost:8001" in said
    assert all(it.passphrase in said and it.factor not in said for it in demo.folder.sign_ins)
    assert all(talk.code in said for talk in demo.folder.talks)


def test_a_demo_has_totals_from_outside_and_they_do_not_add_up(demo: OpenedDemo, demo_stores: Stores) -> None:
    last_year = demo.now.year - 1
    with demo_stores.office.read() as session:
        before = missed_by_cause(session, first=date(last_year, 1, 1), last=date(last_year, 12, 31))
        assert register_of(session, year=last_year)
        assert {"invented" in row.source for row in series_years(session)} == {True}
    open_cheaply(demo.data_dir, run_dir=demo.run_dir, now=demo.now + STALE_AFTER + timedelta(hours=1))

    with demo_stores.office.read() as session:
        assert missed_by_cause(session, first=date(last_year, 1, 1), last=date(last_year, 12, 31)) == before
        assert set(before) == {Cause.CLOSED, Cause.ENGAGED, Cause.GAVE_UP}
