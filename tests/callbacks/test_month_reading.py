"""Beside the draft of a month: who is away and when, who wishes what, and when the rota ends."""

from datetime import date, timedelta

import pytest

from helpline.callbacks.exceptions import replace_day
from helpline.callbacks.month_reading import WARNED_AHEAD, away, rota_ends, wishes
from helpline.callbacks.rota_keeping import (
    NewHours,
    UnknownRotaRowError,
    add_absence,
    add_counsellor,
    add_hours,
    retire_counsellor,
)
from helpline.callbacks.rota_tables import WishKind
from helpline.callbacks.shifts import take_wish_back, wish
from helpline.callbacks.spans import Half
from helpline.callbacks.tables import CounsellorId
from helpline.store.engine import Sessions
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, at

ANNA, BRAM = CounsellorId("anna"), CounsellorId("bram")
MARCH = date(2027, 3, 1)
TODAY = date(2027, 3, 1)
SPRING = date(2027, 3, 28)


@pytest.fixture
def helpline(stores: Stores) -> Sessions:
    with stores.helpline.begin() as session:
        add_counsellor(session, ANNA, alias="Anna", languages=["nl", "en"], youth=False)
        add_counsellor(session, BRAM, alias="Bram", languages=["nl"], youth=False)
    return stores.helpline


def test_an_absence_is_cut_into_the_days_of_the_month(helpline: Sessions) -> None:
    with helpline.begin() as session:
        add_absence(session, ANNA, starts_at=at(date(2027, 2, 27), "09:00"), ends_at=at(date(2027, 3, 2), "12:00"))
        add_absence(session, ANNA, starts_at=at(SPRING, "01:00"), ends_at=at(SPRING, "04:00"))
        add_absence(session, BRAM, starts_at=at(date(2027, 3, 31), "15:00"), ends_at=at(date(2027, 4, 2), "00:00"))
        add_absence(session, BRAM, starts_at=at(date(2027, 3, 4), "00:00"), ends_at=at(date(2027, 3, 5), "00:00"))

    with helpline.read() as session:
        assert away(session, MARCH, zone=AMSTERDAM) == {
            (ANNA, date(2027, 3, 1)): ((0, 1440),),
            (ANNA, date(2027, 3, 2)): ((0, 720),),
            (ANNA, SPRING): ((60, 240),),
            (BRAM, date(2027, 3, 4)): ((0, 1440),),
            (BRAM, date(2027, 3, 31)): ((900, 1440),),
        }


def test_a_wish_replaces_the_one_before_it_and_is_taken_back(helpline: Sessions) -> None:
    with helpline.begin() as session:
        wish(session, ANNA, day=MARCH, halves=list(Half), kind=WishKind.RATHER_NOT)
        wish(session, ANNA, day=MARCH, halves=[Half.MORNING], kind=WishKind.GLADLY)
    with helpline.begin() as session:
        assert wishes(session, first=MARCH, last=MARCH) == {
            (ANNA, MARCH, Half.MORNING): WishKind.GLADLY,
            (ANNA, MARCH, Half.AFTERNOON): WishKind.RATHER_NOT,
        }
        assert wishes(session, first=MARCH + timedelta(days=1), last=date.max) == {}
        take_wish_back(session, ANNA, day=MARCH, half=Half.MORNING)
    with pytest.raises(UnknownRotaRowError), helpline.begin() as session:
        take_wish_back(session, ANNA, day=MARCH, half=Half.MORNING)


def ends(helpline: Sessions, *, today: date = TODAY, ahead: timedelta = timedelta(days=14)) -> dict[str, date]:
    with helpline.read() as session:
        return rota_ends(session, languages=["nl", "en"], today=today, ahead=ahead)


def work(helpline: Sessions, whose: CounsellorId, *, until: date | None, since: date = date(2027, 2, 1)) -> None:
    with helpline.begin() as session:
        add_hours(session, whose, hours=NewHours(0, 540, 600, valid_from=since, valid_until=until))


def test_hours_without_a_last_day_never_end_and_no_hours_ended_yesterday(helpline: Sessions) -> None:
    work(helpline, BRAM, until=None)

    assert ends(helpline) == {"en": date(2027, 2, 28)}


def test_a_rota_warns_three_weeks_before_the_last_day_on_which_anybody_has_hours(helpline: Sessions) -> None:
    last = date(2027, 4, 5)  # a Monday; the rule itself holds until Sunday
    work(helpline, ANNA, until=last + timedelta(days=6))
    work(helpline, BRAM, until=None)

    assert ends(helpline, today=last - WARNED_AHEAD) == {}
    assert ends(helpline, today=last - WARNED_AHEAD + timedelta(days=1)) == {"en": last}
    assert ends(helpline, today=last - timedelta(days=27), ahead=timedelta(days=28)) == {"en": last}


def test_a_day_that_differs_makes_a_rota_longer_and_who_left_does_not(helpline: Sessions) -> None:
    work(helpline, ANNA, until=date(2027, 3, 8))
    work(helpline, BRAM, until=None)
    with helpline.begin() as session:
        replace_day(session, ANNA, day=date(2027, 3, 12), spans=((540, 600),))
        replace_day(session, ANNA, day=date(2027, 3, 15), spans=())
    assert ends(helpline) == {"en": date(2027, 3, 12)}

    with helpline.begin() as session:
        retire_counsellor(session, BRAM, today=date(2027, 3, 1))
    assert ends(helpline) == {"nl": date(2027, 3, 12), "en": date(2027, 3, 12)}


def test_hours_that_hold_on_no_day_are_no_hours(helpline: Sessions) -> None:
    work(helpline, ANNA, since=date(2027, 3, 9), until=date(2027, 3, 14))  # no Monday in between

    assert ends(helpline) == {"nl": date(2027, 2, 28), "en": date(2027, 2, 28)}
