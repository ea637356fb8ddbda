"""Signposts: never a number that nobody confirmed, never a closed door in a crisis."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from helpline.programme.signposts import (
    Pack,
    Way,
    crisis_block,
    inline_values,
    number_html,
    shown,
    unconfirmed,
)
from helpline.programme.words import Words

CRISIS_NUMBERS = ("emergency", "suicide", "child_protection", "children")


def ids(signposts: tuple[object, ...]) -> list[str]:
    return [str(getattr(signpost, "id", "")) for signpost in signposts]


def confirmed_on(pack: Pack, *, day: date | None) -> Pack:
    return replace(pack, signposts=tuple(replace(signpost, confirmed=day) for signpost in pack.signposts))


def test_the_dutch_pack_ships_with_nothing_confirmed(packs: Mapping[str, Pack], now: datetime) -> None:
    nl = packs["nl"]

    assert [signpost.id for signpost in nl.signposts if signpost.confirmed] == []
    assert shown(nl, now=now, demo=False) == ()
    assert crisis_block(nl, now=now, demo=False) == ()
    assert unconfirmed(nl, now=now) == CRISIS_NUMBERS


def test_a_demo_shows_what_nobody_confirmed(packs: Mapping[str, Pack], now: datetime) -> None:
    assert shown(packs["nl"], now=now, demo=True) == packs["nl"].signposts


@pytest.mark.parametrize(("days", "is_shown"), [(0, True), (180, True), (181, False), (-1, False)])
def test_a_number_is_shown_for_180_days_after_somebody_rang_it(
    packs: Mapping[str, Pack], now: datetime, days: int, *, is_shown: bool
) -> None:
    pack = confirmed_on(packs["nl"], day=now.date() - timedelta(days=days))

    assert bool(shown(pack, now=now, demo=False)) is is_shown
    assert bool(unconfirmed(pack, now=now)) is not is_shown


@pytest.mark.parametrize("code", ["nl", "xx"])
def test_the_crisis_block_holds_only_what_answers_day_and_night(
    packs: Mapping[str, Pack], now: datetime, code: str
) -> None:
    block = crisis_block(packs[code], now=now, demo=True)

    assert ids(block) == ["emergency", "suicide", "child_protection"]
    assert all(signpost.hours and signpost.hours.is_day_and_night for signpost in block)


def test_a_crisis_number_without_hours_is_not_in_the_block(packs: Mapping[str, Pack], now: datetime) -> None:
    xx = packs["xx"]
    pack = replace(xx, signposts=tuple(replace(signpost, hours=None) for signpost in xx.signposts))

    assert crisis_block(pack, now=now, demo=True) == ()


def test_a_confirmed_pack_lets_production_start(packs: Mapping[str, Pack], now: datetime) -> None:
    assert unconfirmed(packs["xx"], now=now) == ()
    assert "lawyer" in ids(shown(packs["xx"], now=now, demo=False))


def values(pack: Pack, *, words: Words, now: datetime, demo: bool) -> dict[str, str]:
    return inline_values(pack, words=words, now=now, demo=demo, programme="Help & more", helpline="555-0199")


def test_a_sentence_names_a_service_with_its_number(
    packs: Mapping[str, Pack], words: Mapping[str, Words], now: datetime
) -> None:
    inline = values(packs["xx"], words=words["en"], now=now, demo=False)

    assert inline["emergency"] == 'the Alarm line (<a href="tel:5550100">555-0100</a>)'
    assert inline["suicide"].endswith('555-0101</a> or <a href="tel:5550102">555-0102</a>)')
    assert inline["lawyer"] == "a lawyer (lawyers.example)"
    assert inline["programme"] == "Help &amp; more"
    assert inline["helpline"] == '<a href="tel:5550199">555-0199</a>'


def test_a_number_that_is_its_own_name_is_said_once(
    packs: Mapping[str, Pack], words: Mapping[str, Words], now: datetime
) -> None:
    inline = values(packs["nl"], words=words["nl"], now=now, demo=True)

    assert inline["emergency"] == "112"
    assert inline["suicide"] == "113 Zelfmoordpreventie (113 of 0800-0113)"


def test_a_number_in_a_demo_rings_nobody(packs: Mapping[str, Pack], words: Mapping[str, Words], now: datetime) -> None:
    inline = values(packs["nl"], words=words["nl"], now=now, demo=True)

    assert "tel:" not in "".join(inline.values())


def test_what_is_not_confirmed_is_called_by_its_kind(
    packs: Mapping[str, Pack], words: Mapping[str, Words], now: datetime
) -> None:
    inline = values(packs["nl"], words=words["nl"], now=now, demo=False)

    assert inline["lawyer"] == "een advocaat"
    assert inline["emergency"] == "het alarmnummer"


def test_a_link_dials_nothing_but_digits() -> None:
    assert number_html("+31(0)20<1>", linked=True) == '<a href="tel:+310201">+31(0)20&lt;1&gt;</a>'


def test_a_number_stays_on_one_line() -> None:
    assert number_html("020 123 45", linked=False) == "020\xa0123\xa045"
    assert ">020\xa0123\xa045<" in number_html("020 123 45", linked=True)


def test_a_signpost_says_what_a_person_must_know_before(packs: Mapping[str, Pack]) -> None:
    children = packs["xx"].signpost("children")

    assert children is not None
    assert children.ways == (Way.PHONE, Way.CHAT)
    assert children.ages["en"] == "From 8 to 18 years"
    assert children.on_bill["nl"] == "Het staat op je telefoonrekening"
    assert children.hours is not None
    assert packs["xx"].signpost("nobody") is None
